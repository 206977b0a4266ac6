package tenantsql_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants/complaint"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// desk is a world with the entrance for complaints, and staff.
type desk struct {
	*hubtest.World
	t       *testing.T
	store   *tenantsql.Complaints
	vault   *box
	service *complaint.Service

	mu     sync.Mutex
	events []audit.Event
	fail   error // of the record
	told   []hub.AccountID
	mute   error // of telling
}

func (d *desk) Record(_ context.Context, events ...audit.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, events...)
	return d.fail
}

func newDesk(t *testing.T, db *sqldb.DB) *desk {
	t.Helper()
	all, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	counters, err := hubsql.NewCounters(db)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, vault: &box{1}}
	if d.store, err = tenantsql.NewComplaints(db, d.vault); err != nil {
		t.Fatal(err)
	}
	d.World = hubtest.NewWorld(t, hubtest.Stores{Accounts: all.Accounts, Sessions: all.Sessions, Consents: all.Consents, Grants: all.Grants})
	d.service, err = complaint.New(complaint.Options{
		Store: d.store, Keeping: d.store, Counter: counters, Index: keyed{}, Audit: d, Tx: db, Clock: d.Clock.Now, Random: d.Random,
		Department: func(_ context.Context, id hub.DepartmentID) bool { return id == "revenue" || id == "social" },
		Told: func(_ context.Context, account hub.AccountID) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.mute == nil {
				d.told = append(d.told, account)
			}
			return d.mute
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// answers are the rights of who answers for a department: what permit's table gives its help desk, or the platform's administrator for "".
type answers struct{ department hub.DepartmentID }

func (a answers) Require(_ context.Context, act string, place staff.Place) error {
	own := act == complaint.ActAnswer && a.department != "" && place.Department == a.department
	reads := act == complaint.ActRead && (a.department == "" || place.Department == a.department)
	if own || reads || act == complaint.ActPlatform && a.department == "" && place == (staff.Place{}) {
		return nil
	}
	return hub.Errorf("answers", hub.Denied, "not theirs")
}

func (d *desk) clerk(department hub.DepartmentID) staff.Actor {
	return staff.Actor{Account: d.Account(d.t).ID, Rights: answers{department}}
}

func (d *desk) file(by hub.AccountID, department hub.DepartmentID, text string) complaint.Case {
	d.t.Helper()
	d.Clock.Advance(time.Minute)
	c, err := d.service.File(d.t.Context(), by, complaint.Order{Kind: complaint.Correction, Department: department, Text: text, Channel: "web"})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

const grief = "ชื่อของดิฉันในทะเบียนสะกดผิด\nMy name is spelt wrong."

// PRV-14, PRV-19: a request goes to whom it was written, is seen and answered there, and its person sees each step.
func TestPRV14_ARequestIsSeenAndAnswered(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		d := newDesk(t, db)
		ctx, mali := t.Context(), d.Account(t).ID
		c := d.file(mali, "revenue", "  "+strings.ReplaceAll(grief, "\n", "\r\n")+" ")
		second := d.file(mali, "revenue", grief)
		d.file(mali, "", grief)
		if !complaint.ValidReference(c.Reference) || !c.DueAt.Equal(c.At.Add(complaint.Term)) {
			t.Errorf("%+v", c)
		}
		revenue := d.clerk("revenue")
		all, err := d.service.Waiting(ctx, revenue, "revenue", time.Time{}, "", 10)
		if err != nil || len(all) != 2 || all[0].ID != c.ID || all[0].Account != "" {
			t.Fatalf("the queue: %+v, %v", all, err)
		}
		if rest, err := d.service.Waiting(ctx, revenue, "revenue", all[0].At, all[0].ID, 10); err != nil || len(rest) != 1 || rest[0].ID != second.ID {
			t.Errorf("behind the first: %+v, %v", rest, err)
		}
		for range 2 {
			x, err := d.service.Open(ctx, revenue, c.Reference)
			if err != nil || x.Text != grief || x.SeenAt.IsZero() {
				t.Errorf("%+v, %v", x, err)
			}
			d.Clock.Advance(time.Hour)
		}
		mine, err := d.service.Mine(ctx, mali)
		if err != nil || len(mine) != 3 || mine[2].Reference != c.Reference || mine[2].State != complaint.Open || !mine[2].SeenAt.Equal(d.Clock.Now().Add(-2*time.Hour).UTC()) {
			t.Errorf("mine: %+v, %v", mine, err)
		}
		d.mute = hub.Errorf("test", hub.Unavailable, "nothing is kept")
		if err := d.service.Answer(ctx, revenue, c.Reference, complaint.Upheld, "We have put it right."); !errors.Is(err, hub.Unavailable) {
			t.Errorf("answered without telling: %v", err)
		}
		d.mute = nil
		if err := d.service.Answer(ctx, revenue, c.Reference, complaint.Upheld, "We have put it right."); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"again": d.service.Answer(ctx, revenue, c.Reference, complaint.Rejected, "No, we have not."), "withdrawn after": d.service.Withdraw(ctx, mali, c.Reference),
		} {
			if !errors.Is(err, hub.Consumed) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := d.service.Withdraw(ctx, mali, second.Reference); err != nil {
			t.Error(err)
		}
		mine, err = d.service.Mine(ctx, mali)
		if err != nil || mine[2].Answer != "We have put it right." || mine[2].Outcome != complaint.Upheld || mine[2].AnsweredBy != revenue.Account || mine[1].State != complaint.Withdrawn {
			t.Errorf("%+v, %v", mine, err)
		}
		if !slices.Equal(d.told, []hub.AccountID{mali}) { // once: not of what they took back themselves
			t.Errorf("AUD-09: told %v", d.told)
		}
		var kinds []string
		for _, e := range d.events {
			kinds = append(kinds, e.Kind)
			for _, v := range e.Detail {
				if strings.Contains(v, c.Reference) || strings.Contains(v, "name") {
					t.Errorf("the record tells %q", v)
				}
			}
			if e.Account != mali {
				t.Errorf("%s is not in the person's history", e.Kind)
			}
		}
		want := []string{"complaint.filed", "complaint.filed", "complaint.filed", "complaint.opened", "complaint.opened", "complaint.answered", "complaint.withdrawn"}
		if !slices.Equal(kinds, want) {
			t.Errorf("events %v", kinds)
		}
	})
}

// Invariant 10: what was written to an authority is read by no other, nor by the platform, and nobody decides about their own.
func TestPRV14_NobodyElseReads(t *testing.T) {
	t.Parallel()
	d := newDesk(t, sqltest.SQLite(t))
	ctx, mali := t.Context(), d.Account(t).ID
	revenue, platform := d.file(mali, "revenue", grief), d.file(mali, "", grief)
	own := d.clerk("revenue")
	of := d.file(own.Account, "revenue", grief)
	for name, c := range map[string]struct {
		by  staff.Actor
		ref string
	}{
		"another department":        {d.clerk("social"), revenue.Reference},
		"the platform":              {d.clerk(""), revenue.Reference},
		"a department the platform": {d.clerk("revenue"), platform.Reference},
		"their own":                 {own, of.Reference},
		"nobody":                    {staff.Actor{Account: mali}, revenue.Reference},
		"no reference":              {d.clerk("revenue"), "' OR 1=1"},
		"unknown":                   {d.clerk("revenue"), "2222-2222"},
	} {
		if x, err := d.service.Open(ctx, c.by, c.ref); !errors.Is(err, hub.NotFound) || x.Text != "" {
			t.Errorf("%s reads %q, %v", name, x.Text, err)
		}
		if err := d.service.Answer(ctx, c.by, c.ref, complaint.Upheld, "An answer of somebody."); !errors.Is(err, hub.NotFound) {
			t.Errorf("%s answers: %v", name, err)
		}
	}
	if _, err := d.service.Waiting(ctx, d.clerk("social"), "revenue", time.Time{}, "", 10); !errors.Is(err, hub.Denied) {
		t.Errorf("the queue of another: %v", err)
	}
	if _, err := d.service.Figures(ctx, d.clerk("social"), "revenue"); !errors.Is(err, hub.Denied) {
		t.Errorf("the figures of another: %v", err)
	}
	if err := d.service.Withdraw(ctx, own.Account, revenue.Reference); !errors.Is(err, hub.NotFound) {
		t.Errorf("somebody else withdraws: %v", err)
	}
	if mine, err := d.service.Mine(ctx, own.Account); err != nil || len(mine) != 1 {
		t.Errorf("%+v, %v", mine, err)
	}
	if _, err := d.service.Open(ctx, d.clerk(""), platform.Reference); err != nil {
		t.Errorf("the platform's own: %v", err)
	}
}

// What is filed is bounded, and without its event nothing is filed or read (D5).
func TestPRV14_WhatCanBeFiled(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		d := newDesk(t, db)
		ctx, mali := t.Context(), d.Account(t).ID
		good := complaint.Order{Kind: complaint.Complaint, Department: "revenue", Text: strings.Repeat("ก", 4000)}
		for name, change := range map[string]func(*complaint.Order){
			"too short":  func(o *complaint.Order) { o.Text = "  " + strings.Repeat("ก", 9) + "  " },
			"too long":   func(o *complaint.Order) { o.Text += "ก" },
			"control":    func(o *complaint.Order) { o.Text = "something\x00 is wrong" },
			"direction":  func(o *complaint.Order) { o.Text = "something \u202e is wrong" },
			"not UTF-8":  func(o *complaint.Order) { o.Text = "something is wrong \xff" },
			"no kind":    func(o *complaint.Order) { o.Kind = "rage" },
			"no such to": func(o *complaint.Order) { o.Department = "space" },
		} {
			o := good
			change(&o)
			if _, err := d.service.File(ctx, mali, o); !errors.Is(err, hub.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		d.fail = hub.Errorf("test", hub.Unavailable, "no record")
		if _, err := d.service.File(ctx, mali, good); !errors.Is(err, hub.Unavailable) {
			t.Errorf("without its event: %v", err)
		}
		d.fail = nil
		var group sync.WaitGroup
		errs := make(chan error, 8)
		for range 8 {
			group.Go(func() {
				_, err := d.service.File(ctx, mali, good)
				errs <- err
			})
		}
		group.Wait()
		close(errs)
		filed := 0
		for err := range errs {
			switch {
			case err == nil:
				filed++
			case !errors.Is(err, hub.TooMany):
				t.Error(err)
			}
		}
		if mine, err := d.service.Mine(ctx, mali); err != nil || filed != 5 || len(mine) != 5 {
			t.Errorf("%d filed at once, %d kept, %v", filed, len(mine), err)
		}
		d.fail = hub.Errorf("test", hub.Unavailable, "no record")
		mine, _ := d.service.Mine(ctx, mali)
		if x, err := d.service.Open(ctx, d.clerk("revenue"), mine[0].Reference); !errors.Is(err, hub.Unavailable) || x.Text != "" {
			t.Errorf("read without its event: %q, %v", x.Text, err)
		}
	})
}

// S1 4.5: how well it works is measured; what is old is erased; a new master key leaves nothing behind; nothing rests readable.
func TestPRV14_FiguresAndErasure(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		d := newDesk(t, db)
		ctx := t.Context()
		clerk := d.clerk("revenue")
		early, late, open := d.file(d.Account(t).ID, "revenue", grief), d.file(d.Account(t).ID, "revenue", grief), d.file(d.Account(t).ID, "revenue", grief)
		if err := d.service.Answer(ctx, clerk, early.Reference, complaint.Partly, "Some of it is so."); err != nil {
			t.Fatal(err)
		}
		d.Clock.Advance(complaint.Term + time.Hour)
		d.file(d.Account(t).ID, "revenue", grief)
		if err := d.service.Answer(ctx, clerk, late.Reference, complaint.Elsewhere, "Write to the other one."); err != nil {
			t.Fatal(err)
		}
		f, err := d.service.Figures(ctx, clerk, "revenue")
		if want := (complaint.Figures{Department: "revenue", Open: 2, Overdue: 1, Answered: 2, InTime: 1}); err != nil || f != want {
			t.Errorf("%+v, %v", f, err)
		}
		if f, err := d.service.Figures(ctx, d.clerk("social"), "social"); err != nil || f != (complaint.Figures{Department: "social"}) {
			t.Errorf("%+v, %v", f, err)
		}
		var sealed []byte
		if err := db.Read(ctx).Raw("SELECT asked FROM complaints WHERE id = ?", open.ID).Row().Scan(&sealed); err != nil || bytes.Contains(sealed, []byte("spelt")) {
			t.Errorf("it rests readable: %q, %v", sealed, err)
		}
		d.vault.key = 2
		if n, err := d.store.Reseal(ctx); err != nil || n != 6 {
			t.Errorf("%d sealed anew, %v", n, err)
		}
		if err := db.Read(ctx).Raw("SELECT asked FROM complaints WHERE id = ?", open.ID).Row().Scan(&sealed); err != nil || sealed[0] != 2 {
			t.Errorf("not under the new key: %v, %v", sealed[:1], err)
		}
		d.Clock.Advance(complaint.Keep - time.Minute)
		if n, err := d.service.Purge(ctx, d.Clock.Now(), 10); err != nil || n != 1 {
			t.Errorf("%d erased, %v", n, err)
		}
		if x, err := d.store.Full(ctx, early.Reference); err != nil || x.Text != "" || x.Answer != "" || x.State != complaint.Answered {
			t.Errorf("%+v, %v", x, err)
		}
		if x, err := d.store.Full(ctx, late.Reference); err != nil || x.Text != grief {
			t.Errorf("erased too early: %+v, %v", x, err)
		}
	})
}

func FuzzReference(f *testing.F) {
	for _, s := range []string{"2222-2222", "7KQM-2XHD", "7KQM2XHD", "AAAA-2222", "----", "é222-2222"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if complaint.ValidReference(s) && (len(s) != 9 || s[4] != '-' || strings.ToUpper(s) != s || strings.ContainsAny(s, "AEIOU01L'\"%;")) {
			t.Errorf("%q", s)
		}
	})
}
