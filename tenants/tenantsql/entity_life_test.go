package tenantsql_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/identifier"
	"onedoor/hub/sqldb"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

func TestENT06_FirstAdministratorIsVerifiedByTheRegistry(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		low := applicant(o.person(), "director")
		low.Level = hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}
		_, err := o.service.Register(ctx, low, company(milling))
		o.want("too low", err, hub.LevelUnmet)
		_, err = o.service.Register(ctx, applicant(o.person(), "director"), company("0105536000314"))
		o.want("ENT-05 check digit", err, hub.Invalid)
		_, err = o.service.Register(ctx, applicant(o.person(), "director"), entity.Application{Kind: identifier.ThaiCitizen, Number: "1234567890121"})
		o.want("ENT-05 a person's number", err, hub.Invalid)
		_, err = o.service.Register(ctx, applicant(o.person(), "director"), company(other))
		o.want("unknown to the registry", err, hub.NotFound)
		stranger := o.person()
		_, err = o.service.Register(ctx, applicant(stranger, "stranger"), company(milling))
		o.want("no director", err, hub.Denied)
		o.dead = true
		_, err = o.service.Register(ctx, applicant(o.person(), "director"), company(milling))
		o.want("dissolved", err, hub.Refused)
		o.dead = false

		who, id := o.registered()
		e, err := o.service.Entity(ctx, id)
		if err != nil || e.Names["en"] != "Siam Rice Milling" || e.Number.Value != milling || e.Number.Text() != "0-10-5-536-00031-3" || e.Evidence != entity.ByRegistry {
			t.Errorf("ENT-01: %+v %v", e, err)
		}
		if mine, err := o.service.Mine(ctx, who); err != nil || len(mine) != 1 || mine[0].Seat.Role != entity.Master || len(mine[0].Mandates) != 1 {
			t.Errorf("ENT-01: %+v %v", mine, err)
		}
		// Another director does not take the place of the first, and learns no more than a stranger.
		_, err = o.service.Register(ctx, applicant(o.person(), "second"), company(milling))
		o.want("taken", err, hub.Denied)
		out, err := o.service.Register(ctx, applicant(stranger, "stranger"), entity.Application{
			Kind: identifier.ThaiJuristic, Number: "0-10-5-536-00031-3", Names: hub.Text{"th": "ของฉัน"}, Review: true,
		})
		if err != nil || out.Claim == "" || out.Entity != "" {
			t.Fatalf("for staff: %+v %v", out, err)
		}
		_, err = o.service.Register(ctx, applicant(stranger, "stranger"), entity.Application{Kind: identifier.ThaiJuristic, Number: milling, Names: hub.Text{"th": "ของฉัน"}, Review: true})
		o.want("twice", err, hub.Conflict)

		o.registry = hub.Errorf("town.Ask", hub.Unavailable, "away")
		_, err = o.service.Register(ctx, applicant(o.person(), "director"), company(milling))
		o.want("away", err, hub.Unavailable)

		// Asking about companies is counted: each answer tells something.
		o.registry = nil
		curious := o.person()
		for range 10 {
			_, err = o.service.Register(ctx, applicant(curious, "stranger"), company(milling))
			o.want("curious", err, hub.Denied)
		}
		_, err = o.service.Register(ctx, applicant(curious, "director"), company(milling))
		o.want("too curious", err, hub.TooMany)
	})
}

func TestENT06_StaffDecideWhereNoRegistryDoes(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, false), t.Context()
		who := o.person()
		out, err := o.service.Register(ctx, applicant(who, "director"), company(milling))
		if err != nil || out.Claim == "" {
			t.Fatalf("%+v %v", out, err)
		}
		_, err = o.service.Claims(ctx, who)
		o.want("not theirs to see", err, hub.NotFound)
		open, err := o.service.Claims(ctx, o.watcher)
		if err != nil || len(open) != 1 || open[0].Number.Value != milling || open[0].Names["en"] != "What I Say It Is" || open[0].Why != entity.NoRegistry {
			t.Fatalf("%+v %v", open, err)
		}
		_, err = o.service.Approve(ctx, o.watcher, out.Claim)
		o.want("an auditor changes nothing", err, hub.NotFound)
		_, err = o.service.Approve(ctx, who, out.Claim)
		o.want("the person", err, hub.NotFound)
		o.want("a reason that is none", o.service.Reject(ctx, o.chief, out.Claim, "whatever"), hub.Invalid)
		id, err := o.service.Approve(ctx, o.chief, out.Claim)
		o.must(err)
		_, err = o.service.Approve(ctx, o.chief, out.Claim)
		o.want("twice", err, hub.Consumed)
		if mine, err := o.service.Mine(ctx, who); err != nil || len(mine) != 1 || mine[0].Entity.ID != id || mine[0].Entity.Evidence != entity.ByStaff {
			t.Errorf("%+v %v", mine, err)
		}
		if mine, err := o.service.Waiting(ctx, who); err != nil || mine[0].Number.Value != "" || mine[0].Names != nil || mine[0].DecidedBy != o.chief {
			t.Errorf("what was decided is not shredded: %+v %v", mine, err)
		}
		// Somebody else claims the same company, and staff find that they are right: an entity has one master administrator.
		next := o.person()
		out, err = o.service.Register(ctx, applicant(next, "second"), company(milling))
		o.must(err)
		use, err := o.acting(who, "revenue", "tax-filing")
		o.must(err)
		if _, err = o.service.Approve(ctx, staff.Operator, out.Claim); err != nil {
			t.Fatal(err)
		}
		if mine, err := o.service.Mine(ctx, who); err != nil || len(mine) != 0 || !slices.Equal(o.ended, []entity.Use{use}) || o.settled == 0 {
			t.Errorf("replaced: %+v %v %v", mine, err, o.ended)
		}
		// Their own claim nobody decides.
		out, err = o.service.Register(ctx, applicant(o.chief, "x"), company(other))
		o.must(err)
		_, err = o.service.Approve(ctx, o.chief, out.Claim)
		o.want("one's own", err, hub.Denied)
		o.want("one's own", o.service.Reject(ctx, o.chief, out.Claim, "no_evidence"), hub.Denied)
		o.must(o.service.Reject(ctx, staff.Operator, out.Claim, "no_evidence"))
	})
}

func TestENT04_InvitationsWorkOnceAndInTime(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		key := entity.PersonKey{Kind: "th.citizen", Hash: keyed{}.Index("person", "th.citizen", "1234567890121")}
		i, secret, err := o.service.Invite(ctx, master, id, entity.Order{Role: entity.Operator, Label: "  บัญชี 2 ", Person: key, Terms: []entity.Term{o.year("revenue")}})
		o.must(err)
		shown, e, err := o.service.Offer(ctx, secret)
		if err != nil || shown.ID != i.ID || shown.Label != "บัญชี 2" || len(shown.Terms) != 1 || e.ID != id {
			t.Errorf("%+v %+v %v", shown, e, err)
		}
		who, thief := o.person(), o.person()
		_, err = o.service.Join(ctx, secret, who, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22})
		o.want("too low", err, hub.LevelUnmet)
		_, err = o.service.Join(ctx, secret, master, entity.Least())
		o.want("oneself", err, hub.Denied)
		_, err = o.service.Join(ctx, secret, thief, entity.Least())
		o.want("nobody has the number yet", err, hub.Denied)
		o.persons[key.Kind+string(key.Hash)] = who
		_, err = o.service.Join(ctx, secret, thief, entity.Least())
		o.want("who found the letter", err, hub.Denied)
		seat, err := o.service.Join(ctx, secret, who, entity.Least())
		if err != nil || seat.Role != entity.Operator || seat.Label != "บัญชี 2" || seat.InvitedBy != master {
			t.Fatalf("%+v %v", seat, err)
		}
		_, err = o.service.Join(ctx, secret, o.person(), entity.Least())
		o.want("twice", err, hub.Consumed)

		_, late, err := o.service.Invite(ctx, master, id, entity.Order{Role: entity.Operator})
		o.must(err)
		j, back, err := o.service.Invite(ctx, master, id, entity.Order{Role: entity.Operator})
		o.must(err)
		o.want("not an operator's", o.service.TakeBack(ctx, who, id, j.ID), hub.Denied)
		o.want("not a stranger's", o.service.TakeBack(ctx, thief, id, j.ID), hub.NotFound)
		o.must(o.service.TakeBack(ctx, master, id, j.ID))
		_, _, err = o.service.Offer(ctx, back)
		o.want("taken back", err, hub.Consumed)
		o.Clock.Advance(entity.InvitationLife)
		_, err = o.service.Join(ctx, late, o.person(), entity.Least())
		o.want("late", err, hub.Expired)

		now := o.Clock.Now()
		for name, order := range map[string]entity.Order{
			"no role":            {},
			"no end":             {Role: entity.Operator, Terms: []entity.Term{{Department: "revenue", From: now}}},
			"everywhere":         {Role: entity.Operator, Terms: []entity.Term{{From: now, Until: now.Add(time.Hour)}}},
			"no such department": {Role: entity.Operator, Terms: []entity.Term{o.year("navy")}},
			"another's system":   {Role: entity.Operator, Terms: []entity.Term{o.year("revenue", "benefits")}},
			"too long":           {Role: entity.Operator, Terms: []entity.Term{{Department: "revenue", From: now, Until: now.Add(4 * 366 * 24 * time.Hour)}}},
			"two for one":        {Role: entity.Operator, Terms: []entity.Term{o.year("revenue"), o.year("revenue", "tax-filing")}},
			"a turned label":     {Role: entity.Operator, Label: "a\u202eb"},
			"a master's mandate": {Role: entity.Master, Terms: []entity.Term{o.year("revenue")}},
		} {
			_, _, err := o.service.Invite(ctx, master, id, order)
			o.want(name, err, hub.Invalid)
		}
	})
}

func TestENT02_AnOperatorActsWhereTheirMandateIs(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		who, seat := o.operator(master, id, o.year("revenue", "tax-filing"))
		if all := o.parties(who, "revenue", "tax-filing"); len(all) != 1 || all[0].Entity != id || all[0].Role != entity.Operator || all[0].Until.IsZero() {
			t.Errorf("%+v", all)
		}
		for system, department := range map[hub.SystemID]hub.DepartmentID{"tax-refund": "revenue", "benefits": "social-security"} {
			if all := o.parties(who, department, system); len(all) != 0 {
				t.Errorf("operator of tax filing at %s: %+v", system, all)
			}
			if all := o.parties(master, department, system); len(all) != 1 || all[0].Role != entity.Master || !all[0].Until.IsZero() {
				t.Errorf("the master at %s: %+v", system, all)
			}
		}
		mandate := o.parties(who, "revenue", "tax-filing")[0].Mandate
		reach, err := o.service.Reach(ctx, mandate, []hub.SystemID{"benefits", "tax-filing", "tax-refund", "nowhere"})
		if err != nil || !slices.Equal(reach, []hub.SystemID{"tax-filing"}) {
			t.Errorf("%v %v", reach, err)
		}
		s := o.NewSession(who)
		o.must(o.Sessions.Create(ctx, s, hub.NewSecret(o.Random).Hash()))
		wrong := entity.Use{Session: s.ID, System: "benefits", Entity: id, Mandate: mandate}
		o.want("at another department", o.service.Act(ctx, who, wrong, "social-security"), hub.Consumed)
		wrong.System = "tax-filing"
		o.want("somebody else's mandate", o.service.Act(ctx, master, wrong, "revenue"), hub.Consumed)
		o.want("no mandate", o.service.Act(ctx, who, entity.Use{Session: s.ID, System: "tax-filing", Entity: id, Mandate: o.ID()}, "revenue"), hub.Consumed)
		o.must(o.service.Act(ctx, who, wrong, "revenue"))
		if _, last, noted, err := o.service.Parties(ctx, who, s.ID, "revenue", "tax-filing"); err != nil || last != id || !noted {
			t.Errorf("remembered: %q %v %v", last, noted, err)
		}
		o.must(o.service.Act(ctx, who, entity.Use{Session: s.ID, System: "tax-filing"}, "revenue"))
		if _, last, noted, err := o.service.Parties(ctx, who, s.ID, "revenue", "tax-filing"); err != nil || last != "" || !noted {
			t.Errorf("changed to oneself: %q %v %v", last, noted, err)
		}

		o.want("an operator gives nothing", o.service.Give(ctx, who, seat.ID, o.year("social-security")), hub.Denied)
		o.want("not to the master", o.service.Give(ctx, master, o.masterSeat(id), o.year("social-security")), hub.Denied)
		o.must(o.service.Give(ctx, master, seat.ID, o.year("social-security")))
		o.want("two for one department", o.service.Give(ctx, master, seat.ID, o.year("social-security", "benefits")), hub.Conflict)
		later := o.year("revenue")
		later.From = o.Clock.Now().Add(time.Hour)
		o.must(o.service.Withdraw(ctx, master, mandate, entity.Changed))
		o.must(o.service.Give(ctx, master, seat.ID, later))
		if all := o.parties(who, "revenue", "tax-refund"); len(all) != 0 {
			t.Errorf("ENT-04: before it begins: %+v", all)
		}
		o.Clock.Advance(time.Hour)
		if all := o.parties(who, "revenue", "tax-refund"); len(all) != 1 {
			t.Errorf("ENT-04: when it begins: %+v", all)
		}
	})
}

func (o *town) masterSeat(id hub.EntityID) string {
	o.t.Helper()
	all, err := o.service.Look(o.t.Context(), o.watcher, id)
	o.must(err)
	return all.Members[0].Seat.ID
}

func TestENT04_WhatEndsEndsAtOnce(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		who, seat := o.operator(master, id, o.year("revenue"), o.year("social-security"))
		tax, err := o.acting(who, "revenue", "tax-filing")
		o.must(err)
		care, err := o.acting(who, "social-security", "benefits")
		o.must(err)
		stranger := o.person()
		o.want("a stranger", o.service.Withdraw(ctx, stranger, tax.Mandate, entity.Removed), hub.NotFound)
		o.want("no reason", o.service.Withdraw(ctx, master, tax.Mandate, "because"), hub.Invalid)
		o.must(o.service.Withdraw(ctx, master, tax.Mandate, entity.Removed))
		if !slices.Equal(o.ended, []entity.Use{tax}) || o.settled != 1 {
			t.Fatalf("%+v, settled %d", o.ended, o.settled)
		}
		o.want("twice", o.service.Withdraw(ctx, master, tax.Mandate, entity.Removed), hub.Consumed)
		o.want("a mandate that has ended", o.service.Hold(ctx, tax.Mandate), hub.Consumed)
		_, err = o.service.Reach(ctx, tax.Mandate, []hub.SystemID{"tax-filing"})
		o.want("it reaches nowhere", err, hub.Consumed)

		// Suspending the company stops everybody, and resuming lets them go on with the mandates that they have.
		o.want("not the master's to do", o.service.Suspend(ctx, master, id, entity.Dispute), hub.NotFound)
		o.must(o.service.Suspend(ctx, o.chief, id, entity.Dispute))
		if !slices.Contains(o.ended, care) {
			t.Errorf("suspended: %+v", o.ended)
		}
		o.want("suspended", o.service.Hold(ctx, care.Mandate), hub.Consumed)
		if all := o.parties(who, "social-security", "benefits"); len(all) != 0 {
			t.Errorf("suspended: %+v", all)
		}
		_, _, err = o.service.Invite(ctx, master, id, entity.Order{Role: entity.Operator})
		o.want("suspended", err, hub.Suspended)
		o.must(o.service.Resume(ctx, o.chief, id))
		o.want("twice", o.service.Resume(ctx, o.chief, id), hub.Consumed)

		// Time ends a mandate by itself; the duty records it.
		care, err = o.acting(who, "social-security", "benefits")
		o.must(err)
		o.Clock.Advance(365 * 24 * time.Hour)
		o.want("its time is over", o.service.Hold(ctx, care.Mandate), hub.Consumed)
		o.ended = nil
		if n, err := o.service.Expire(ctx); err != nil || n != 1 || !slices.Equal(o.ended, []entity.Use{care}) {
			t.Errorf("%d %v %+v", n, err, o.ended)
		}
		if n, err := o.service.Expire(ctx); err != nil || n != 0 {
			t.Errorf("%d %v", n, err)
		}

		// A seat ends with its mandates.
		o.must(o.service.Give(ctx, master, seat.ID, o.year("revenue")))
		tax, err = o.acting(who, "revenue", "tax-filing")
		o.must(err)
		o.ended = nil
		o.must(o.service.Remove(ctx, master, seat.ID, entity.Removed))
		if !slices.Equal(o.ended, []entity.Use{tax}) {
			t.Errorf("%+v", o.ended)
		}
		o.want("twice", o.service.Remove(ctx, master, seat.ID, entity.Removed), hub.Consumed)
		o.want("to a seat that has ended", o.service.Give(ctx, master, seat.ID, o.year("revenue")), hub.Denied)
		o.Clock.Advance(time.Minute)
		_, seat = o.operator(master, id)
		o.must(o.service.Remove(ctx, seat.Account, seat.ID, "")) // they leave by themselves
		show, err := o.service.Show(ctx, master, id)
		if err != nil || len(show.Members) != 1 || len(show.History) < 8 || show.History[0].Reason != entity.Left {
			t.Errorf("history: %d lines, the first %s, %v", len(show.History), show.History[0].Reason, err)
		}
		for _, e := range o.events { // AUD-11: nothing of them is foreign text
			if e.Detail["entity"] == "" && e.Kind != "entity.claimed" {
				t.Errorf("%s without its entity", e.Kind)
			}
		}
	})
}

func TestENT01_TheLastAdministratorStaysUntilSomebodyFollows(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		seat := o.masterSeat(id)
		o.want("they can't leave", o.service.Remove(ctx, master, seat, entity.Removed), hub.Denied)
		use, err := o.acting(master, "revenue", "tax-filing")
		o.must(err)
		o.want("nor lose their mandate", o.service.Withdraw(ctx, master, use.Mandate, entity.Removed), hub.Denied)
		if heads, err := o.service.Heads(ctx, master); err != nil || !slices.Equal(heads, []hub.EntityID{id}) {
			t.Errorf("%v %v", heads, err)
		}
		// Two successors at once: one of them, and there is exactly one master at every time.
		who, _ := o.operator(master, id, o.year("revenue"))
		const many = 4
		var secrets [many]hub.Secret
		for i := range secrets {
			_, secrets[i], err = o.service.Invite(ctx, master, id, entity.Order{Role: entity.Master})
			o.must(err)
		}
		persons := [many]hub.AccountID{who, o.person(), o.person(), o.person()}
		var all sync.WaitGroup
		var errs [many]error
		for i := range many {
			all.Go(func() { _, errs[i] = o.service.Join(ctx, secrets[i], persons[i], entity.Least()) })
		}
		all.Wait()
		var next hub.AccountID
		for i, err := range errs {
			switch kind := hub.KindOf(err); {
			case err == nil && next == "":
				next = persons[i]
			case err == nil, kind != hub.Denied && kind != hub.Consumed && kind != hub.Conflict:
				t.Errorf("successor %d: %v", i, err)
			}
		}
		look, err := o.service.Look(ctx, o.chief, id)
		o.must(err)
		masters := 0
		for _, m := range look.Members {
			if m.Seat.Role == entity.Master {
				masters++
				if m.Seat.Account != next {
					t.Error("another than who joined")
				}
			}
		}
		if next == "" || masters != 1 || !slices.Contains(o.ended, use) {
			t.Fatalf("%d masters, next %q", masters, next)
		}
		if all := o.parties(master, "revenue", "tax-filing"); len(all) != 0 {
			t.Errorf("who handed over keeps %+v", all)
		}
		// Only staff can take the place away without a successor; then a director comes in again by evidence.
		_, err = o.service.Succeed(ctx, next, id, "", entity.Misuse)
		o.want("not a person's", err, hub.NotFound)
		_, err = o.service.Succeed(ctx, o.watcher, id, "", entity.Misuse)
		o.want("not an auditor's", err, hub.NotFound)
		if done, err := o.service.Succeed(ctx, o.chief, id, "", entity.Misuse); err != nil || !done {
			t.Fatalf("%v %v", done, err)
		}
		_, err = o.service.Succeed(ctx, o.chief, id, "", entity.Misuse)
		o.want("nobody is there", err, hub.NotFound)
		if out, err := o.service.Register(ctx, applicant(master, "second"), company(milling)); err != nil || out.Entity != id {
			t.Errorf("%+v %v", out, err)
		}
	})
}

func TestInvariant10_AnotherEntityIsNotThere(t *testing.T) {
	t.Parallel()
	o, ctx := newTown(t, sqltest.SQLite(t), false), t.Context()
	master, stranger := o.person(), o.person()
	for who, number := range map[hub.AccountID]string{master: milling, stranger: other} {
		out, err := o.service.Register(ctx, applicant(who, "x"), company(number))
		o.must(err)
		_, err = o.service.Approve(ctx, o.chief, out.Claim)
		o.must(err)
	}
	mine, err := o.service.Mine(ctx, master)
	o.must(err)
	id := mine[0].Entity.ID
	_, seat := o.operator(master, id, o.year("revenue"))
	i, _, err := o.service.Invite(ctx, master, id, entity.Order{Role: entity.Operator})
	o.must(err)
	mandate := o.parties(seat.Account, "revenue", "tax-filing")[0].Mandate
	gone, nobody := hub.EntityID(o.ID()), o.ID()
	acts := map[string]func(id hub.EntityID, seat, mandate, invitation string) error{
		"show": func(id hub.EntityID, _, _, _ string) error { _, err := o.service.Show(ctx, stranger, id); return err },
		"invite": func(id hub.EntityID, _, _, _ string) error {
			_, _, err := o.service.Invite(ctx, stranger, id, entity.Order{Role: entity.Operator})
			return err
		},
		"hand over": func(id hub.EntityID, _, _, _ string) error {
			_, _, err := o.service.Invite(ctx, stranger, id, entity.Order{Role: entity.Master})
			return err
		},
		"take back": func(id hub.EntityID, _, _, i string) error { return o.service.TakeBack(ctx, stranger, id, i) },
		"give": func(_ hub.EntityID, seat, _, _ string) error {
			return o.service.Give(ctx, stranger, seat, o.year("revenue"))
		},
		"remove": func(_ hub.EntityID, seat, _, _ string) error {
			return o.service.Remove(ctx, stranger, seat, entity.Removed)
		},
		"withdraw": func(_ hub.EntityID, _, m, _ string) error {
			return o.service.Withdraw(ctx, stranger, m, entity.Removed)
		},
		"suspend": func(id hub.EntityID, _, _, _ string) error {
			return o.service.Suspend(ctx, stranger, id, entity.Dispute)
		},
		"look": func(id hub.EntityID, _, _, _ string) error { _, err := o.service.Look(ctx, stranger, id); return err },
		"list": func(hub.EntityID, string, string, string) error {
			_, err := o.service.List(ctx, stranger, "", 10)
			return err
		},
	}
	for name, act := range acts {
		there, not := act(id, seat.ID, mandate, i.ID), act(gone, nobody, nobody, nobody)
		if hub.KindOf(there) != hub.NotFound || hub.KindOf(not) != hub.NotFound {
			t.Errorf("%s: %v where it is, %v where it is not", name, there, not)
		}
	}
	_, err = o.service.Show(ctx, seat.Account, id)
	o.want("an operator's own entity", err, hub.Denied)
	if all := o.parties(stranger, "revenue", "tax-filing"); len(all) != 1 || all[0].Entity == id {
		t.Errorf("%+v", all)
	}
}

// A mandate that is withdrawn while somebody begins to act under it: either they come too late, or what they began has ended too.
func TestRAZ08_NoUseIsForgottenInARace(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		for range 8 {
			who, seat := o.operator(master, id, o.year("revenue"))
			mandate := o.parties(who, "revenue", "tax-filing")[0].Mandate
			const many = 4
			var uses [many]entity.Use
			for i := range uses {
				s := o.NewSession(who)
				o.must(o.Sessions.Create(ctx, s, hub.NewSecret(o.Random).Hash()))
				uses[i] = entity.Use{Session: s.ID, System: "tax-filing", Entity: id, Mandate: mandate}
			}
			var all sync.WaitGroup
			var errs [many]error
			for i, u := range uses {
				all.Go(func() {
					errs[i] = db.InTx(ctx, func(ctx context.Context) error { return o.service.Act(ctx, who, u, "revenue") })
				})
			}
			all.Go(func() { o.must(o.service.Remove(ctx, master, seat.ID, entity.Misuse)) })
			all.Wait()
			for i, err := range errs {
				if began := slices.Contains(o.ended, uses[i]); began != (err == nil) || err != nil && !errors.Is(err, hub.Consumed) {
					t.Fatalf("use %d: %v, and was ended: %v", i, err, began)
				}
			}
		}
	})
}

func TestPRV01_NumbersAndNamesOfEntitiesRestSealed(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newTown(t, db, true), t.Context()
		master, id := o.registered()
		o.operator(master, id, o.year("revenue"))
		_, err := o.service.Register(ctx, applicant(o.person(), "stranger"), entity.Application{Kind: identifier.ThaiJuristic, Number: milling, Names: hub.Text{"en": "Siam"}, Review: true})
		o.must(err)
		for _, table := range []string{"entities", "entity_claims", "entity_seats", "entity_mandates", "entity_invitations"} {
			var rows []map[string]any
			o.must(db.Read(ctx).Raw("SELECT * FROM " + table).Find(&rows).Error)
			if len(rows) == 0 {
				t.Errorf("%s is empty", table)
			}
			for _, r := range rows {
				for column, v := range r {
					text, _ := v.(string)
					if b, ok := v.([]byte); ok {
						text = string(b)
					}
					if strings.Contains(text, milling) || strings.Contains(text, "Siam") || strings.Contains(text, "บัญชี") {
						t.Errorf("%s.%s tells it", table, column)
					}
				}
			}
		}
		again, err := tenantsql.NewEntities(db, &box{2}, keyed{})
		o.must(err)
		if n, err := again.Reseal(ctx); err != nil || n != 5 {
			t.Errorf("sealed anew: %d %v", n, err)
		}
		var sealed []byte
		o.must(db.Read(ctx).Raw("SELECT sealed FROM entities").Row().Scan(&sealed))
		if sealed[0] != 2 {
			t.Error("the entity is sealed as before")
		}
		if e, err := o.service.Entity(ctx, id); err != nil || e.Names["en"] != "Siam Rice Milling" {
			t.Errorf("%+v %v", e, err)
		}
	})
}
