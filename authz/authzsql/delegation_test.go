package authzsql_test

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func (w *world) delegation(entity hub.EntityID, operator hub.AccountID, exclusive bool) authz.Delegation {
	return authz.Delegation{
		ID: w.id(), Entity: entity, Item: "retirement", Department: "social", Operator: operator, Exclusive: exclusive, From: w.now(),
		State: authz.Active, ProposedBy: operator, ProposedAt: w.now(),
	}
}

// RAZ-03: an exclusive item goes from hand to hand, a shared one does not come beside it, and terms come back as they went in.
func TestRAZ03_HandsOfAnItem(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		e, a, b, c := hub.EntityID(w.id()), w.person(), w.person(), w.person()
		shared := w.delegation(e, a, false)
		shared.Until, shared.Places, shared.Devices = w.now().Add(time.Hour), []string{"p"}, []string{"d"}
		shared.Hours = authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: 2, From: 1, To: 2}}}
		if ended, err := w.Delegate(ctx, shared, w.now()); err != nil || len(ended) != 0 {
			t.Fatal(ended, err)
		}
		if got, err := w.Delegation(ctx, shared.ID); err != nil || !reflect.DeepEqual(got, shared) {
			t.Errorf("%+v %v", got, err)
		}
		_, err := w.Delegate(ctx, w.delegation(e, b, false), w.now())
		w.must(err)
		own := w.delegation(e, c, true)
		ended, err := w.Delegate(ctx, own, w.now())
		if err != nil || len(ended) != 2 {
			t.Fatal(ended, err)
		}
		_, err = w.Delegate(ctx, w.delegation(e, a, false), w.now())
		w.want("shared beside exclusive", err, hub.Conflict)
		_, err = w.Delegate(ctx, w.delegation(hub.EntityID(w.id()), a, true), w.now())
		w.must(err) // another entity's

		proposed := w.delegation(e, a, true)
		proposed.State = authz.Proposed
		_, err = w.Delegate(ctx, proposed, w.now())
		w.must(err)
		again := proposed
		again.ID = w.id()
		_, err = w.Delegate(ctx, again, w.now())
		w.want("proposed twice", err, hub.Conflict)
		if f, err := w.Facts(ctx, authz.Party{Account: c, Entity: e}); err != nil || f.Delegation("retirement") == nil {
			t.Error("lost it to a proposal", err)
		}
		if f, err := w.Facts(ctx, authz.Party{Account: a, Entity: e}); err != nil || f.Delegation("retirement") != nil || len(f.Waiting) != 1 || !f.Awaits(authz.Party{Account: a, Entity: e}, "retirement") {
			t.Errorf("the proposal is not told of: %+v %v", f, err)
		}
		if waiting, err := w.DelegationsProposed(ctx, "social", 10); err != nil || len(waiting) != 1 || waiting[0].ID != proposed.ID {
			t.Error(waiting, err)
		}
		d, ended, err := w.Approve(ctx, proposed.ID, b, w.moment())
		if err != nil || d.State != authz.Active || d.DecidedBy != b || len(ended) != 1 || ended[0].ID != own.ID {
			t.Fatalf("%+v %v %v", d, ended, err)
		}
		_, _, err = w.Approve(ctx, proposed.ID, b, w.moment())
		w.want("approved twice", err, hub.Consumed)
		if f, err := w.Facts(ctx, authz.Party{Account: c, Entity: e}); err != nil || f.Delegation("retirement") != nil {
			t.Error("two hands", err)
		}
		if got, err := w.Delegation(ctx, own.ID); err != nil || got.State != authz.Withdrawn || got.EndReason != authz.HandedOver || got.EndedBy != b {
			t.Errorf("%+v %v", got, err)
		}
		if f, err := w.Facts(ctx, authz.Party{Account: a, Entity: e}); err != nil || f.Delegation("retirement") == nil || f.Delegation("other") != nil || len(f.Waiting) > 0 {
			t.Error("not handed over", err)
		}
		_, err = w.Finish(ctx, d.ID, authz.Declined, authz.ByStaff, b, w.moment())
		w.want("refuse what is active", err, hub.Consumed)
		if d, err = w.Finish(ctx, d.ID, authz.Withdrawn, authz.ByAdministrator, b, w.moment()); err != nil || d.EndedAt != w.now() {
			t.Errorf("%+v %v", d, err)
		}
		_, err = w.Finish(ctx, d.ID, authz.Withdrawn, authz.ByAdministrator, b, w.moment())
		w.want("twice", err, hub.Consumed)
		if live, err := w.DelegationsOf(ctx, e, true, 10); err != nil || len(live) != 0 {
			t.Error(live, err)
		}
		if all, err := w.DelegationsOf(ctx, e, false, 10); err != nil || len(all) != 4 {
			t.Error(all, err)
		}
		// One whose time is over gives way to any.
		short := w.delegation(e, a, true)
		short.Until = w.now().Add(time.Minute)
		_, err = w.Delegate(ctx, short, w.now())
		w.must(err)
		w.Clock.Advance(time.Minute)
		if ended, err := w.Delegate(ctx, w.delegation(e, b, false), w.now()); err != nil || len(ended) != 1 || ended[0].ID != short.ID {
			t.Error(ended, err)
		}
	})
}

// moment is now, without a lag: who looks, looks into the tables.
func (w *world) moment() authz.Moment { return authz.Moment{Clock: w.Clock.Now} }

// Delegate is the store's at this moment.
func (w *world) Delegate(ctx context.Context, d authz.Delegation, at time.Time) ([]authz.Delegation, error) {
	_, ended, err := w.Store.Delegate(ctx, d, authz.Moment{Clock: func() time.Time { return at }})
	return ended, err
}

// Invariant 5: what is taken from one operator is the next one's only when no node lets the first in any more; what nobody else had, at once.
func TestInvariant5_NobodyBeginsBeforeTheOtherHasEnded(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		e, a, b := hub.EntityID(w.id()), w.person(), w.person()
		m := authz.Moment{Clock: w.Clock.Now, Lag: time.Second}
		begins := func(what string, d authz.Delegation, later time.Duration, ended int) authz.Delegation {
			t.Helper()
			now, all, err := w.Store.Delegate(ctx, d, m)
			w.must(err)
			kept, err := w.Delegation(ctx, d.ID)
			w.must(err)
			if now.From != w.now().Add(later) || kept.From != now.From || len(all) != ended {
				t.Errorf("%s: begins in %v, kept %v, %d ended", what, now.From.Sub(w.now()), kept.From.Sub(w.now()), len(all))
			}
			return now
		}
		begins("the first", w.delegation(e, a, true), 0, 0)
		begins("renewed", w.delegation(e, a, true), 0, 1)
		begins("handed over", w.delegation(e, b, true), time.Second, 1)
		w.Clock.Advance(time.Second)
		last := begins("and back", w.delegation(e, a, true), time.Second, 1)
		w.Clock.Advance(time.Second)
		_, err := w.Finish(ctx, last.ID, authz.Withdrawn, authz.ByAdministrator, a, m)
		w.must(err)
		w.Clock.Advance(time.Second / 4)
		shared := begins("shared, just after", w.delegation(e, b, false), time.Second, 0)
		begins("beside it", w.delegation(e, w.person(), false), time.Second, 0)
		w.Clock.Advance(time.Minute)
		begins("beside it later", w.delegation(e, w.person(), false), 0, 0)
		short := w.delegation(e, a, true)
		short.Until = w.now().Add(time.Second)
		_, _, err = w.Store.Delegate(ctx, short, m)
		w.want("over before it begins", err, hub.Expired)
		if d, err := w.Delegation(ctx, shared.ID); err != nil || d.State != authz.Active {
			t.Errorf("and yet it has ended another: %+v %v", d, err)
		}
		asked := w.delegation(e, a, true)
		asked.State = authz.Proposed
		begins("proposed", asked, 0, 0)
		d, all, err := w.Approve(ctx, asked.ID, b, m)
		if err != nil || len(all) != 3 || d.From != w.now().Add(time.Second) {
			t.Errorf("approved: %+v %d %v", d, len(all), err)
		}
	})
}

// Invariant 5: of many hand-overs, shares and withdrawals at once, never two exclusive operators, and never one beside a shared one.
func TestInvariant5_OneExclusiveOperatorUnderConcurrency(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), t.Context()
		e := hub.EntityID(w.id())
		people := make([]hub.AccountID, 8)
		for i := range people {
			people[i] = w.person()
		}
		var mu sync.Mutex
		var random sync.Mutex
		make1 := func(who hub.AccountID, exclusive bool) authz.Delegation {
			random.Lock()
			defer random.Unlock()
			return w.delegation(e, who, exclusive)
		}
		var all sync.WaitGroup
		given, refused := 0, 0
		for round := range 4 {
			for n, who := range people {
				d := make1(who, (n+round)%3 != 0)
				all.Go(func() {
					_, err := w.Delegate(ctx, d, w.now())
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						given++
					case errors.Is(err, hub.Conflict):
						refused++
					default:
						t.Errorf("%v", err)
					}
				})
			}
		}
		all.Wait()
		live, err := w.DelegationsOf(ctx, e, true, 100)
		w.must(err)
		exclusive := 0
		for _, d := range live {
			if d.Exclusive {
				exclusive++
			}
		}
		if exclusive > 1 || exclusive == 1 && len(live) != 1 || given == 0 || given+refused != 32 {
			t.Errorf("%d exclusive of %d live, %d given, %d refused", exclusive, len(live), given, refused)
		}
		// The index holds where the code would not.
		insert := func(who hub.AccountID) error {
			return db.Write(ctx).Exec(`INSERT INTO authz_delegations (id, entity, item, department, operator, exclusive, begins_at, terms, state, proposed_by,
				proposed_at, decided_by, ended_by, end_reason) VALUES ( ?, ?, 'x', 'social', ?, 1, 1, '{}', 'active', '', 1, '', '', '')`, w.id(), string(e), string(who)).Error
		}
		if err := insert(people[0]); err != nil {
			t.Error(err)
		}
		if err := sqldb.Translate("test", insert(people[1])); !errors.Is(err, hub.Conflict) {
			t.Errorf("two by hand: %v", err)
		}
	})
}
