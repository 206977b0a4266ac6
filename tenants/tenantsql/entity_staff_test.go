package tenantsql_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// told lists the kinds of events about claims and successions, in their order.
func (o *town) told(prefix string) (kinds []string) {
	for _, e := range o.events {
		if strings.HasPrefix(e.Kind, prefix) {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

func fourEyes(o *entity.Options) { o.FourEyes = true }

// ENT-06: what a person shows rests sealed, is seen by who decides and by nobody else, each look is recorded, and it goes with the decision.
func TestENT06_WhatAClaimRestsOnIsSeenByWhoDecides(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		who := applicant(o.person(), "stranger")
		who.Shown = hub.Attributes{
			hub.GivenName: {Value: "มาลี"}, hub.FamilyNameEN: {Value: " Suksan "}, hub.Birthdate: {Value: "1990-01-02"}, hub.CitizenID: {Value: "1234567890121"}, hub.Address: {Value: "12 Road"},
		}
		a := company(milling)
		a.Review, a.Statement = true, "Minutes of 3 March,\r\npage 2"
		out, err := o.service.Register(ctx, who, a)
		o.must(err)
		bad := company(other)
		bad.Statement = strings.Repeat("x", entity.MaxStatement+1)
		_, err = o.service.Register(ctx, who, bad)
		o.want("too long a statement", err, hub.Invalid)

		for name, by := range map[string]hub.AccountID{"an auditor": o.watcher, "the person": who.Account} {
			_, err := o.service.Case(ctx, by, out.Claim)
			o.want(name, err, hub.NotFound)
		}
		c, err := o.service.Case(ctx, o.chief, out.Claim)
		o.must(err)
		p := c.Proof
		if !c.Proven || p.Statement != "Minutes of 3 March,\npage 2" || p.Level != entity.Least() || !p.Asked || !p.Live || p.Represents || p.Names["en"] != "Siam Rice Milling" ||
			c.Claim.Why != entity.NotConfirmed || c.Claim.Names["en"] != "What I Say It Is" || c.Entity.ID != "" {
			t.Errorf("%#v", c.Claim)
		}
		if len(p.Shown) != 2 || p.Shown[hub.GivenName] != "มาลี" || p.Shown[hub.FamilyNameEN] != "Suksan" {
			t.Error("not the names and nothing else")
		}
		if text := fmt.Sprintf("%v %+v %#v", p, p, &p); strings.Contains(text, "มาลี") || strings.Contains(text, "Minutes") {
			t.Errorf("it prints: %s", text)
		}
		if kinds := o.told("entity.claim"); !slices.Equal(kinds, []string{"entity.claimed", "entity.claim_shown"}) {
			t.Errorf("recorded: %v", kinds)
		}
		for _, e := range o.events {
			if text := fmt.Sprint(e.Detail); strings.Contains(text, "มาลี") || strings.Contains(text, "Minutes") || strings.Contains(text, milling) {
				t.Errorf("%s tells it", e.Kind)
			}
		}
		var sealed []byte
		o.must(db.Read(ctx).Raw("SELECT proof FROM entity_claims").Row().Scan(&sealed))
		if strings.Contains(string(sealed), "Suksan") {
			t.Error("PRV-01: the proof rests in the clear")
		}
		o.must(o.service.Reject(ctx, o.chief, out.Claim, "no_evidence"))
		_, err = o.store.Proof(ctx, out.Claim)
		o.want("shredded", err, hub.NotFound)
		_, err = o.service.Case(ctx, o.chief, out.Claim)
		o.want("decided", err, hub.Consumed)

		// Without their word nothing of the person waits. Their own claim they can take back; another's is not there.
		o.registry = hub.Errorf("town.Ask", hub.Invalid, "no such numbers")
		out, err = o.service.Register(ctx, who, company(milling))
		o.must(err)
		if p, err := o.store.Proof(ctx, out.Claim); err != nil || len(p.Shown) != 0 || p.Asked {
			t.Errorf("kept without a word: %v", err)
		}
		o.want("another's", o.service.Unclaim(ctx, o.person(), out.Claim), hub.NotFound)
		o.must(o.service.Unclaim(ctx, who.Account, out.Claim))
		o.want("twice", o.service.Unclaim(ctx, who.Account, out.Claim), hub.Consumed)
		_, err = o.store.Proof(ctx, out.Claim)
		o.want("shredded", err, hub.NotFound)

		// What nobody decides in time goes; the claim waits on.
		out, err = o.service.Register(ctx, who, company(milling))
		o.must(err)
		o.Clock.Advance(entity.ProofLife + time.Second)
		if n, err := o.service.Expire(ctx); err != nil || n != 1 {
			t.Errorf("shredded %d %v", n, err)
		}
		if c, err := o.service.Case(ctx, o.chief, out.Claim); err != nil || c.Proven || c.Claim.State != entity.Open {
			t.Errorf("%v %v", c.Claim.State, err)
		}
	})
}

func TestENT06_TwoPairsOfEyesOnAClaim(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, false, fourEyes), t.Context()
		who := o.person()
		out, err := o.service.Register(ctx, applicant(who, "director"), company(milling))
		o.must(err)
		if id, err := o.service.Approve(ctx, o.chief, out.Claim); err != nil || id != "" {
			t.Fatalf("the first is enough: %q %v", id, err)
		}
		if mine, err := o.service.Mine(ctx, who); err != nil || len(mine) != 0 {
			t.Errorf("the first is enough: %+v %v", mine, err)
		}
		if open, err := o.service.Claims(ctx, o.watcher); err != nil || len(open) != 1 || open[0].First != o.chief || open[0].FirstAt.IsZero() {
			t.Errorf("%+v %v", open, err)
		}
		_, err = o.service.Approve(ctx, o.chief, out.Claim)
		o.want("the same person", err, hub.Denied)
		if id, err := o.service.Approve(ctx, o.deputy, out.Claim); err != nil || id == "" {
			t.Fatalf("%q %v", id, err)
		}
		if kinds := o.told("entity."); !slices.Equal(kinds, []string{"entity.claimed", "entity.claim_seconded", "entity.registered", "entity.joined", "entity.approved"}) {
			t.Errorf("%v", kinds)
		}
		// The first word binds nobody: the second may say no. Whoever holds the machine needs no second.
		out, err = o.service.Register(ctx, applicant(o.person(), "x"), company(other))
		o.must(err)
		_, err = o.service.Approve(ctx, o.chief, out.Claim)
		o.must(err)
		o.must(o.service.Reject(ctx, o.deputy, out.Claim, "not_authorised"))
		out, err = o.service.Register(ctx, applicant(o.person(), "x"), company(other))
		o.must(err)
		if id, err := o.service.Approve(ctx, staff.Operator, out.Claim); err != nil || id == "" {
			t.Errorf("%q %v", id, err)
		}
	})
}

// ENT-01: staff put an operator in the place of a master administrator who can't hand over any more.
func TestENT01_StaffNameASuccessor(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true, fourEyes), t.Context()
		master, id := o.registered()
		next, seat := o.operator(master, id, o.year("revenue"))
		_, another := o.operator(master, id)
		use, err := o.acting(master, "revenue", "tax-filing")
		o.must(err)
		succeed := func(by hub.AccountID, successor, reason string) (bool, error) {
			return o.service.Succeed(ctx, by, id, successor, reason)
		}
		for name, c := range map[string]struct {
			by                hub.AccountID
			successor, reason string
			want              hub.Kind
		}{
			"the operator":      {next, seat.ID, entity.Changed, hub.NotFound},
			"an auditor":        {o.watcher, seat.ID, entity.Changed, hub.NotFound},
			"no reason":         {o.chief, seat.ID, "whatever", hub.Invalid},
			"no seat":           {o.chief, "x", entity.Changed, hub.Invalid},
			"the master's seat": {o.chief, o.masterSeat(id), entity.Changed, hub.Invalid},
			"no such seat":      {o.chief, strings.Repeat("a", 26), entity.Changed, hub.Invalid},
		} {
			_, err := succeed(c.by, c.successor, c.reason)
			o.want(name, err, c.want)
		}
		if done, err := succeed(o.chief, seat.ID, entity.Changed); err != nil || done {
			t.Fatalf("the first is enough: %v %v", done, err)
		}
		_, err = succeed(o.chief, seat.ID, entity.Changed)
		o.want("the same person", err, hub.Denied)
		_, err = succeed(o.deputy, another.ID, entity.Changed)
		o.want("another end", err, hub.Conflict)
		if look, err := o.service.Look(ctx, o.watcher, id); err != nil || look.Wish.By != o.chief || look.Wish.Successor != seat.ID || look.Wish.Reason != entity.Changed {
			t.Errorf("%+v %v", look.Wish, err)
		}
		if show, err := o.service.Show(ctx, master, id); err != nil || show.Wish != (entity.Wish{}) {
			t.Errorf("the master sees what staff think of: %+v %v", show.Wish, err)
		}
		o.want("not an auditor's to drop", o.service.Drop(ctx, o.watcher, id), hub.NotFound)
		o.must(o.service.Drop(ctx, o.deputy, id))
		o.want("nothing is there", o.service.Drop(ctx, o.deputy, id), hub.NotFound)
		_, err = succeed(o.deputy, seat.ID, entity.Changed)
		o.must(err)
		if done, err := succeed(o.chief, seat.ID, entity.Changed); err != nil || !done {
			t.Fatalf("%v %v", done, err)
		}
		if heads, err := o.service.Heads(ctx, next); err != nil || !slices.Equal(heads, []hub.EntityID{id}) {
			t.Errorf("%v %v", heads, err)
		}
		if heads, err := o.service.Heads(ctx, master); err != nil || len(heads) != 0 || !slices.Contains(o.ended, use) || o.settled == 0 {
			t.Errorf("%v %v %v", heads, err, o.ended)
		}
		// A wish about a master who has gone meanwhile makes room for the next.
		_, err = succeed(o.deputy, "", entity.Removed)
		o.must(err)
		_, secret, err := o.service.Invite(ctx, next, id, entity.Order{Role: entity.Master})
		o.must(err)
		_, err = o.service.Join(ctx, secret, o.person(), entity.Least())
		o.must(err)
		if done, err := succeed(o.chief, "", entity.Removed); err != nil || done {
			t.Errorf("a wish about another master counts: %v %v", done, err)
		}
		// Nobody decides about themselves, and the place can be filled when it is empty.
		o.must(o.service.Drop(ctx, o.chief, id))
		if done, err := succeed(staff.Operator, "", entity.Removed); err != nil || !done {
			t.Fatalf("%v %v", done, err)
		}
		if done, err := succeed(staff.Operator, another.ID, entity.Changed); err != nil || !done {
			t.Errorf("%v %v", done, err)
		}
		e, err := o.service.Find(ctx, o.watcher, "th.juristic", "0-10-5-536-00031-3")
		if err != nil || e.ID != id {
			t.Errorf("%+v %v", e, err)
		}
		_, err = o.service.Find(ctx, next, "th.juristic", milling)
		o.want("not a person's to find", err, hub.NotFound)
	})
}

// Architecture D2: whoever waits for an end to be everywhere waits after the commit, also where the transaction is the caller's.
func TestRAZ08_TheWaitComesAfterTheCommit(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		_, seat := o.operator(master, id, o.year("revenue"))
		committed := false
		o.waiting = func() {
			x, err := o.store.Seat(ctx, seat.ID) // not in the transaction
			committed = err == nil && !x.Live()
		}
		o.must(db.InTx(ctx, func(ctx context.Context) error {
			err := o.service.Remove(ctx, master, seat.ID, entity.Removed)
			if o.settled > 0 {
				t.Error("it waits with the transaction open")
			}
			return err
		}))
		if o.settled != 1 || !committed {
			t.Errorf("waited %d times, after the commit %v", o.settled, committed)
		}
	})
}
