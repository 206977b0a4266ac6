package tenantsql_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"onedoor/authz/casbinrules"
	"onedoor/authz/permit"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
)

// office is the staff of the revenue department, with the areas north, chiang-mai in it, and south.
type office struct {
	*hubtest.World
	t      *testing.T
	store  *tenantsql.Staff
	staff  *staff.Service
	mu     sync.Mutex
	events []audit.Event
	fail   error
}

func (o *office) Record(_ context.Context, events ...audit.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, events...)
	return o.fail
}

func (o *office) Within(department hub.DepartmentID, area, of tenants.AreaID) bool {
	known := map[tenants.AreaID]tenants.AreaID{"north": "", "chiang-mai": "north", "south": ""}
	for department == "revenue" {
		parent, ok := known[area]
		switch {
		case !ok:
			return false
		case area == of:
			return true
		}
		area = parent
	}
	return false
}

func (o *office) Department(_ context.Context, id hub.DepartmentID) (tenants.Department, error) {
	if id != "revenue" && id != "social" {
		return tenants.Department{}, hub.Errorf("office", hub.NotFound, "no such department")
	}
	return tenants.Department{ID: id}, nil
}

func newOffice(t *testing.T, db *sqldb.DB, fourEyes bool) *office {
	t.Helper()
	all, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	store, err := tenantsql.NewStaff(db)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, store: store}
	o.World = hubtest.NewWorld(t, hubtest.Stores{Accounts: all.Accounts, Sessions: all.Sessions, Consents: all.Consents, Grants: all.Grants})
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: o})
	if err != nil {
		t.Fatal(err)
	}
	rights, err := permit.New(rules, o)
	if err != nil {
		t.Fatal(err)
	}
	o.staff, err = staff.New(staff.Options{Store: store, Areas: o, Rights: rights, Audit: o, Tx: db, Clock: o.Clock.Now, Random: o.Random, FourEyes: fourEyes})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) person() hub.AccountID { return o.Account(o.t).ID }

// appoint invites somebody and lets them join.
func (o *office) appoint(by hub.AccountID, role staff.Role, place staff.Place) (hub.AccountID, staff.Post) {
	o.t.Helper()
	_, secret, err := o.staff.Invite(o.t.Context(), by, role, place)
	if err != nil {
		o.t.Fatal(err)
	}
	who := o.person()
	p, err := o.staff.Join(o.t.Context(), secret, who, staff.Least())
	if err != nil {
		o.t.Fatal(err)
	}
	return who, p
}

func (o *office) want(what string, err error, kind hub.Kind) {
	o.t.Helper()
	if !errors.Is(err, kind) {
		o.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

// BND-05: an invitation is used once, in time, by somebody who has proven enough; and never by who has invited.
func TestBND05_InvitationsWorkOnce(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db, false), t.Context()
		chief, _ := o.appoint(staff.Operator, staff.PlatformAdministrator, staff.Place{})
		i, secret, err := o.staff.Invite(ctx, chief, staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
		if err != nil {
			t.Fatal(err)
		}
		if shown, err := o.staff.Offer(ctx, secret); err != nil || shown != i {
			t.Errorf("%v %v", shown, err)
		}
		who := o.person()
		_, err = o.staff.Join(ctx, secret, who, hub.Level{IAL: hub.IAL23, AAL: hub.AAL21})
		o.want("too low", err, hub.LevelUnmet)
		_, err = o.staff.Join(ctx, secret, chief, staff.Least())
		o.want("oneself", err, hub.Denied)
		p, err := o.staff.Join(ctx, secret, who, staff.Least())
		if err != nil || p.Account != who || p.State != staff.Active || p.InvitedBy != chief {
			t.Fatalf("%+v %v", p, err)
		}
		_, err = o.staff.Join(ctx, secret, o.person(), staff.Least())
		o.want("twice", err, hub.Consumed)
		_, err = o.staff.Offer(ctx, secret)
		o.want("shown after", err, hub.Consumed)
		_, err = o.staff.Offer(ctx, hub.NewSecret(o.Random))
		o.want("unknown", err, hub.NotFound)

		_, late, err := o.staff.Invite(ctx, who, staff.Reviewer, staff.Place{Department: "revenue", Area: "north"})
		if err != nil {
			t.Fatal(err)
		}
		j, back, err := o.staff.Invite(ctx, who, staff.Reviewer, staff.Place{Department: "revenue", Area: "south"})
		if err != nil {
			t.Fatal(err)
		}
		if open, err := o.store.Invitations(ctx, o.Clock.Now()); err != nil || len(open) != 2 {
			t.Errorf("%v %v", open, err)
		}
		o.want("by somebody else", o.staff.TakeBack(ctx, o.person(), j.ID), hub.Denied)
		if err := o.staff.TakeBack(ctx, who, j.ID); err != nil {
			t.Error(err)
		}
		o.want("again", o.staff.TakeBack(ctx, who, j.ID), hub.NotFound)
		_, err = o.staff.Join(ctx, back, o.person(), staff.Least())
		o.want("taken back", err, hub.Consumed)
		o.Clock.Advance(staff.InvitationLife)
		_, err = o.staff.Join(ctx, late, o.person(), staff.Least())
		o.want("late", err, hub.Expired)
	})
}

// Of many who have the link one gets the post.
func TestBND05_OneOfManyJoins(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o := newOffice(t, db, false)
		_, secret, err := o.staff.Invite(t.Context(), staff.Operator, staff.PlatformAdministrator, staff.Place{})
		if err != nil {
			t.Fatal(err)
		}
		people := make([]hub.AccountID, 8)
		for i := range people {
			people[i] = o.person()
		}
		var all sync.WaitGroup
		errs := make([]error, len(people))
		for i, who := range people {
			all.Go(func() { _, errs[i] = o.staff.Join(t.Context(), secret, who, staff.Least()) })
		}
		all.Wait()
		joined := 0
		for _, err := range errs {
			if err == nil {
				joined++
			} else {
				o.want("the others", err, hub.Consumed)
			}
		}
		if posts, err := o.store.At(t.Context(), ""); joined != 1 || err != nil || len(posts) != 1 {
			t.Errorf("%d joined, %v %v", joined, posts, err)
		}
	})
}

// Invariant 10: who may appoint whom, where.
func TestInvariant10_NobodyAppointsAboveTheirPlace(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db, false), t.Context()
		revenue, north, chiangMai, south, social := staff.Place{Department: "revenue"}, staff.Place{Department: "revenue", Area: "north"},
			staff.Place{Department: "revenue", Area: "chiang-mai"}, staff.Place{Department: "revenue", Area: "south"}, staff.Place{Department: "social"}
		chief, _ := o.appoint(staff.Operator, staff.PlatformAdministrator, staff.Place{})
		watch, _ := o.appoint(chief, staff.PlatformAuditor, staff.Place{})
		head, _ := o.appoint(chief, staff.DepartmentAdministrator, revenue)
		local, _ := o.appoint(head, staff.DepartmentAdministrator, north)
		clerk, _ := o.appoint(local, staff.Reviewer, chiangMai)
		for _, c := range []struct {
			by    hub.AccountID
			role  staff.Role
			place staff.Place
			kind  hub.Kind // "" for allowed
		}{
			{chief, staff.DepartmentAdministrator, social, ""},
			{chief, staff.Reviewer, revenue, hub.Denied}, // the platform appoints heads, heads appoint clerks
			{watch, staff.PlatformAuditor, staff.Place{}, hub.Denied},
			{head, staff.Reviewer, north, ""},
			{head, staff.HelpDesk, revenue, ""},
			{head, staff.Reviewer, social, hub.Denied},
			{head, staff.PlatformAdministrator, staff.Place{}, hub.Denied},
			{local, staff.Auditor, chiangMai, ""},
			{local, staff.Reviewer, north, ""},
			{local, staff.Reviewer, south, hub.Denied},
			{local, staff.Reviewer, revenue, hub.Denied}, // all of it is more than the north
			{clerk, staff.Reviewer, chiangMai, hub.Denied},
			{o.person(), staff.Reviewer, chiangMai, hub.Denied},
			{head, staff.Reviewer, staff.Place{Department: "revenue", Area: "moon"}, hub.Invalid},
			{head, staff.PlatformAdministrator, revenue, hub.Invalid},
			{head, "king", revenue, hub.Invalid},
			{head, staff.Reviewer, staff.Place{}, hub.Invalid},
		} {
			_, _, err := o.staff.Invite(ctx, c.by, c.role, c.place)
			if c.kind == "" && err != nil || c.kind != "" && !errors.Is(err, c.kind) {
				t.Errorf("%s at %v: %v, want %q", c.role, c.place, err, c.kind)
			}
		}
		// Who loses the right to appoint takes their open invitations with them.
		_, secret, err := o.staff.Invite(ctx, local, staff.Reviewer, north)
		if err != nil {
			t.Fatal(err)
		}
		posts, err := o.staff.Of(ctx, local)
		if err != nil || len(posts) != 1 {
			t.Fatal(posts, err)
		}
		o.want("by the clerk", o.staff.Remove(ctx, clerk, posts[0].ID, staff.Misuse), hub.Denied)
		o.want("no reason", o.staff.Remove(ctx, head, posts[0].ID, "bored"), hub.Invalid)
		if err := o.staff.Remove(ctx, head, posts[0].ID, staff.Changed); err != nil {
			t.Fatal(err)
		}
		o.want("again", o.staff.Remove(ctx, head, posts[0].ID, staff.Changed), hub.Consumed)
		_, err = o.staff.Join(ctx, secret, o.person(), staff.Least())
		o.want("an invitation of somebody who is gone", err, hub.Denied)
		_, _, err = o.staff.Invite(ctx, local, staff.Reviewer, north)
		o.want("after the removal", err, hub.Denied)
		// Who audits a department does nothing else there.
		_, secret, err = o.staff.Invite(ctx, head, staff.Auditor, revenue)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.staff.Join(ctx, secret, clerk, staff.Least())
		o.want("a clerk as auditor", err, hub.Denied)
	})
}

// Four eyes: a post counts when a second person has confirmed it.
func TestFourEyes_ASecondPersonConfirms(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db, true), t.Context()
		revenue := staff.Place{Department: "revenue"}
		chief, _ := o.appoint(staff.Operator, staff.PlatformAdministrator, staff.Place{}) // the first one counts at once
		second, _ := o.appoint(staff.Operator, staff.PlatformAdministrator, staff.Place{})
		head, p := o.appoint(chief, staff.DepartmentAdministrator, revenue)
		if p.State != staff.Proposed {
			t.Fatalf("%+v", p)
		}
		_, _, err := o.staff.Invite(ctx, head, staff.Reviewer, revenue)
		o.want("while proposed", err, hub.Denied)
		o.want("who invited", o.staff.Confirm(ctx, chief, p.ID), hub.Denied)
		o.want("who holds it", o.staff.Confirm(ctx, head, p.ID), hub.Denied)
		o.want("anybody", o.staff.Confirm(ctx, o.person(), p.ID), hub.Denied)
		if err := o.staff.Confirm(ctx, second, p.ID); err != nil {
			t.Fatal(err)
		}
		o.want("again", o.staff.Confirm(ctx, second, p.ID), hub.Consumed)
		if _, _, err := o.staff.Invite(ctx, head, staff.Reviewer, revenue); err != nil {
			t.Error(err)
		}
	})
}

// The last administrator of the platform can't be removed, also when several are removed at once.
func TestTheLastAdministratorStays(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db, false), t.Context()
		var posts []staff.Post
		for range 4 {
			_, p := o.appoint(staff.Operator, staff.PlatformAdministrator, staff.Place{})
			posts = append(posts, p)
		}
		var all sync.WaitGroup
		errs := make([]error, len(posts))
		for i, p := range posts {
			all.Go(func() { errs[i] = o.staff.Remove(ctx, p.Account, p.ID, staff.Left) })
		}
		all.Wait()
		left, err := o.store.At(ctx, "")
		if err != nil || len(left) != 1 {
			t.Fatalf("%v %v", left, err)
		}
		refused := slices.IndexFunc(errs, func(err error) bool { return errors.Is(err, hub.Refused) })
		if refused < 0 || posts[refused].ID != left[0].ID {
			t.Errorf("%v", errs)
		}
		o.want("by the operator", o.staff.Remove(ctx, staff.Operator, left[0].ID, staff.Left), hub.Refused)
		if history, err := o.store.Of(ctx, posts[(refused+1)%4].Account); err != nil || len(history) != 1 || history[0].State != staff.Ended || history[0].EndReason != staff.Left {
			t.Errorf("%v %v", history, err)
		}
	})
}

// D5: what can't be recorded does not happen; and what is recorded names nobody.
func TestD5_WithoutItsEventNoPost(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		o, ctx := newOffice(t, db, false), t.Context()
		_, secret, err := o.staff.Invite(ctx, staff.Operator, staff.PlatformAdministrator, staff.Place{})
		if err != nil {
			t.Fatal(err)
		}
		o.fail = hub.Errorf("test", hub.Unavailable, "away")
		who := o.person()
		if _, err := o.staff.Join(ctx, secret, who, staff.Least()); err == nil {
			t.Error("joined without a record")
		}
		o.fail = nil
		if posts, err := o.staff.Of(ctx, who); err != nil || len(posts) != 0 {
			t.Errorf("%v %v", posts, err)
		}
		if _, err := o.staff.Join(ctx, secret, who, staff.Least()); err != nil {
			t.Errorf("the invitation was used up: %v", err)
		}
		kinds := map[string]bool{}
		for _, e := range o.events {
			kinds[e.Kind] = true
		}
		if !kinds["staff.invited"] || !kinds["staff.joined"] {
			t.Errorf("%v", kinds)
		}
	})
}
