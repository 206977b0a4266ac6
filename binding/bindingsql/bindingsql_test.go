package bindingsql_test

import (
	"context"
	"errors"
	"io"
	"os"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// world is a store with what makes rows for it.
type world struct {
	t      *testing.T
	db     *sqldb.DB
	store  *bindingsql.Store
	clock  *hubtest.Clock
	random io.Reader
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		store, err := bindingsql.New(db)
		if err != nil {
			t.Fatal(err)
		}
		test(t, &world{t, db, store, hubtest.NewClock(), hubtest.Random(t.Name())})
	})
}

// lite gives a world on SQLite, for what proves nothing new on the other.
func lite(t *testing.T) *world {
	t.Helper()
	db := sqltest.SQLite(t)
	store, err := bindingsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, db, store, hubtest.NewClock(), hubtest.Random(t.Name())}
}

var numbers = binding.Place{Department: "social-security", Kind: "insured"}

func (w *world) id() string { return hub.NewID(w.random) }

func (w *world) person() binding.Owner { return binding.Owner{Account: hub.AccountID(w.id())} }

func (w *world) record() binding.Record {
	return binding.Record{Hash: hub.NewSecret(w.random).Bytes(), Sealed: hub.NewSecret(w.random).Bytes()}
}

func (w *world) pending(o binding.Owner) binding.Binding {
	now := w.clock.Now()
	return binding.Binding{
		ID: w.id(), Place: numbers, Owner: o, State: binding.Pending, Reason: binding.FirstLogin, Seed: true, CreatedAt: now, UpdatedAt: now,
		Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
	}
}

// bound gives a binding of a record, in no store yet.
func (w *world) bound(o binding.Owner, r binding.Record) binding.Binding {
	b := w.pending(o)
	b.State, b.Record, b.Way, b.Reason, b.Seed = binding.Bound, r, binding.ByMatch, binding.Found, false
	b.BoundAt, b.ConfirmedAt = b.CreatedAt, b.CreatedAt
	return b
}

func (w *world) change(b binding.Binding, was binding.State) binding.Change {
	return binding.Change{
		ID: w.id(), Binding: b.ID, Was: was, Became: b.State, Reason: b.Reason, Way: b.Way, Level: b.Level,
		By: binding.Actor{Kind: binding.ByRule}, Interaction: "interaction", At: b.UpdatedAt,
	}
}

func (w *world) add(b binding.Binding) error {
	return w.store.Add(w.t.Context(), b, w.change(b, ""))
}

func (w *world) want(what string, err error, kind hub.Kind) {
	w.t.Helper()
	if !errors.Is(err, kind) {
		w.t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

// BND-01: of many first log-ins at once exactly one makes the record, and no later one makes another, whatever became of the first.
func TestBND01_TheFirstLoginHappensOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, o := t.Context(), w.person()
		var made atomic.Int32
		var all sync.WaitGroup
		for range 12 {
			b := w.pending(o)
			c := w.change(b, "")
			all.Go(func() {
				ok, err := w.store.First(ctx, b, c)
				if err != nil {
					t.Error(err)
				}
				if ok {
					made.Add(1)
				}
			})
		}
		all.Wait()
		got, err := w.store.Of(ctx, o, numbers.Department)
		if err != nil || len(got) != 1 || made.Load() != 1 || !got[0].Seed {
			t.Fatalf("%d made, %+v, %v", made.Load(), got, err)
		}
		b := got[0]
		b.State, b.Reason = binding.Unbound, binding.Withdrawn
		if err := w.store.Move(ctx, b, w.change(b, binding.Pending)); err != nil {
			t.Fatal(err)
		}
		again := w.pending(o)
		if ok, err := w.store.First(ctx, again, w.change(again, "")); ok || err != nil {
			t.Errorf("made again after it was withdrawn: %v", err)
		}
		other := w.bound(w.person(), w.record()) // bound at the counter before the person ever logged in
		if err := w.add(other); err != nil {
			t.Fatal(err)
		}
		late := w.pending(other.Owner)
		if ok, err := w.store.First(ctx, late, w.change(late, "")); ok || err != nil {
			t.Errorf("made beside a binding: %v", err)
		}
	})
}

// What was written is read, for each kind of owner; and a move changes what it may, keeps the rest, and tells who was late.
func TestMove_IsACompareAndSetWithHistory(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		b := w.pending(binding.Owner{Entity: hub.EntityID(w.id())})
		b.Seed = false
		if err := w.add(b); err != nil {
			t.Fatal(err)
		}
		if got, err := w.store.ByID(ctx, b.ID); err != nil || !reflect.DeepEqual(got, b) {
			t.Fatalf("%+v, %v, want %+v", got, err, b)
		}
		_, err := w.store.ByID(ctx, w.id())
		w.want("nothing", err, hub.NotFound)
		now := w.clock.Advance(time.Minute)
		next := b
		next.State, next.Record, next.Way, next.Reason, next.Area = binding.Review, w.record(), binding.ByClaim, binding.Claimed, "north"
		next.Reviewer, next.ReviewedUntil, next.First, next.Conflict, next.Asked = "reviewer", now.Add(time.Hour), "first", w.id(), "year"
		next.UpdatedAt = now
		if err := w.store.Move(ctx, next, w.change(next, binding.Pending)); err != nil {
			t.Fatal(err)
		}
		w.want("from what was", w.store.Move(ctx, next, w.change(next, binding.Pending)), hub.Consumed)
		next.Version = 1
		if got, err := w.store.ByID(ctx, b.ID); err != nil || !reflect.DeepEqual(got, next) {
			t.Fatalf("%+v, %v, want %+v", got, err, next)
		}
		changes, err := w.store.Changes(ctx, b.ID, 10)
		if err != nil || len(changes) != 2 || changes[0].Became != binding.Review || changes[0].Was != binding.Pending || changes[1].Became != binding.Pending {
			t.Errorf("%+v, %v", changes, err)
		}
		if some, err := w.store.Changes(ctx, b.ID, 1); err != nil || len(some) != 1 || !reflect.DeepEqual(some[0], changes[0]) {
			t.Errorf("%+v, %v", some, err)
		}
		if err := w.db.InTx(ctx, func(ctx context.Context) error {
			return w.db.Write(ctx).Exec("UPDATE binding_changes SET reason = 'x'").Error
		}); err == nil {
			t.Error("history was changed")
		}
	})
}

// Invariant 4: a record has one owner, an owner one record of a kind; under concurrency, and whichever way it comes.
func TestINV4_OneRecordOneOwner(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx, r := t.Context(), w.record()
		var held atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			b := w.bound(w.person(), r)
			waiting := w.pending(b.Owner)
			waiting.Seed = false
			c, d := w.change(b, ""), w.change(waiting, "")
			moved := waiting
			moved.State, moved.Record, moved.Way, moved.BoundAt, moved.ConfirmedAt = binding.Bound, r, binding.ByMatch, b.BoundAt, b.BoundAt
			e := w.change(moved, binding.Pending)
			all.Go(func() {
				var err error
				if i%2 == 0 {
					err = w.store.Add(ctx, b, c)
				} else if err = w.store.Add(ctx, waiting, d); err == nil {
					err = w.store.Move(ctx, moved, e)
				}
				switch {
				case err == nil:
					held.Add(1)
				case !errors.Is(err, hub.Conflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if held.Load() != 1 {
			t.Fatalf("%d hold one record", held.Load())
		}
		b, err := w.store.HeldBy(ctx, r.Hash)
		if err != nil {
			t.Fatal(err)
		}
		w.want("a second record of the kind", w.add(w.bound(b.Owner, w.record())), hub.Conflict)

		b.State, b.Reason = binding.Suspended, binding.Suspicious
		if err := w.store.Move(ctx, b, w.change(b, binding.Bound)); err != nil {
			t.Fatal(err)
		}
		w.want("suspended still counts", w.add(w.bound(w.person(), r)), hub.Conflict)
		b.Version++
		b.State, b.Reason = binding.Unbound, binding.Wrong
		if err := w.store.Move(ctx, b, w.change(b, binding.Suspended)); err != nil {
			t.Fatal(err)
		}
		_, err = w.store.HeldBy(ctx, r.Hash)
		w.want("unbound", err, hub.NotFound)
		if err := w.add(w.bound(w.person(), r)); err != nil {
			t.Errorf("after it was given up: %v", err)
		}
		if err := w.add(w.bound(b.Owner, w.record())); err != nil {
			t.Errorf("a new one of who gave up: %v", err)
		}
	})
}

// A conflict leaves the transaction around it good: what stood in the way can be written down in the same one.
func TestConflict_LeavesTheTransactionGood(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		r := w.record()
		holder, other := w.bound(w.person(), r), w.pending(w.person())
		if err := errors.Join(w.add(holder), w.add(other)); err != nil {
			t.Fatal(err)
		}
		err := w.db.InTx(t.Context(), func(ctx context.Context) error {
			b := other
			b.State, b.Record, b.Way, b.BoundAt, b.ConfirmedAt = binding.Bound, r, binding.ByMatch, b.CreatedAt, b.CreatedAt
			w.want("taken", w.store.Move(ctx, b, w.change(b, binding.Pending)), hub.Conflict)
			b.State, b.Conflict, b.BoundAt, b.ConfirmedAt = binding.Proposed, holder.ID, time.Time{}, time.Time{}
			return w.store.Move(ctx, b, w.change(b, binding.Pending))
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.store.ByID(t.Context(), other.ID); err != nil || got.State != binding.Proposed || got.Conflict != holder.ID {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// The database itself refuses what no program may write.
func TestSchema_RefusesStatesThatCannotBe(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for name, spoil := range map[string]func(*binding.Binding){
			"bound without a record":     func(b *binding.Binding) { b.Record = binding.Record{} },
			"bound without a time":       func(b *binding.Binding) { b.BoundAt = time.Time{} },
			"bound by no way":            func(b *binding.Binding) { b.Way = "" },
			"a record in the clear only": func(b *binding.Binding) { b.Record.Sealed = nil },
			"a state of no list":         func(b *binding.Binding) { b.State = "merged" },
			"a reviewer of none":         func(b *binding.Binding) { b.Reviewer = "r" },
			"under review by nobody":     func(b *binding.Binding) { b.State = binding.Review },
		} {
			b := w.bound(w.person(), w.record())
			spoil(&b)
			if err := w.add(b); !errors.Is(err, hub.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// What rests sealed can be sealed anew, if nobody was faster.
func TestSeals_WalkAndReplace(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for range 5 {
			if err := errors.Join(w.add(w.bound(w.person(), w.record())), w.add(w.pending(w.person()))); err != nil {
				t.Fatal(err)
			}
		}
		seen, last := 0, ""
		for {
			some, err := w.store.After(ctx, last, 2)
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			for _, b := range some {
				seen++
				last = b.ID
				if err := errors.Join(w.store.Reseal(ctx, b.ID, b.Record.Sealed, []byte("new")), w.store.Reseal(ctx, b.ID, b.Record.Sealed, []byte("newer"))); err != nil {
					t.Fatal(err)
				}
				if got, err := w.store.ByID(ctx, b.ID); err != nil || string(got.Record.Sealed) != "new" {
					t.Errorf("%q %v", got.Record.Sealed, err)
				}
			}
		}
		if seen != 5 {
			t.Errorf("%d of 5", seen)
		}
	})
}
