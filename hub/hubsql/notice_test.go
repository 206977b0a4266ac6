package hubsql_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/notice"
	"onedoor/hub/sqldb"
)

// noticeWorld is a store of notices with the accounts that they are about.
func noticeWorld(t *testing.T, db *sqldb.DB) (*hubtest.World, *hubsql.Notices) {
	t.Helper()
	n, err := hubsql.NewNotices(db)
	if err != nil {
		t.Fatal(err)
	}
	return hubtest.NewWorld(t, stores(t, db)), n
}

func raised(w *hubtest.World, account hub.AccountID, level hub.Level) notice.Notice {
	return notice.Notice{
		ID: w.ID(), Account: account, Kind: notice.LevelRaised, Level: level, Provider: "bank", Channel: "web",
		Interaction: hub.InteractionID(w.ID()), At: w.Clock.Now(),
	}
}

// AUD-09, D6: a notice is kept once a level, given to one caller at a time, put off, and delivered once.
func TestAUD09_NoticesAreKeptUntilDelivered(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, store := noticeWorld(t, db)
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		id := w.Account(t).ID
		one := raised(w, id, hub.Level{IAL: hub.IAL23, AAL: hub.AAL21})
		w.Clock.Advance(time.Minute)
		two := raised(w, id, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22})
		for _, n := range []notice.Notice{one, two} {
			if added, err := store.Add(ctx, n); err != nil || !added {
				t.Fatalf("%v, %v", added, err)
			}
		}
		if added, err := store.Add(ctx, raised(w, id, one.Level)); err != nil || added {
			t.Errorf("the same level twice: %v, %v", added, err)
		}
		all, err := store.Of(ctx, id, 10)
		if err != nil || !slices.Equal(all, []notice.Notice{two, one}) {
			t.Errorf("%+v, %v", all, err)
		}
		if all, err = store.Of(ctx, w.Account(t).ID, 10); err != nil || len(all) != 0 {
			t.Errorf("another's: %+v, %v", all, err)
		}

		now := w.Clock.Now()
		due, err := store.Claim(ctx, now.Add(-time.Second), now.Add(time.Hour), 10)
		if err != nil || len(due) != 1 || due[0].ID != one.ID || due[0].Tries != 1 {
			t.Fatalf("due: %+v, %v", due, err)
		}
		must(store.Later(ctx, one.ID, now.Add(2*time.Hour), now.Add(24*time.Hour)))
		due, err = store.Claim(ctx, now.Add(90*time.Minute), now.Add(3*time.Hour), 10)
		if err != nil || len(due) != 1 || due[0].ID != two.ID {
			t.Fatalf("due later: %+v, %v", due, err)
		}
		must(store.Delivered(ctx, two.ID, "email", now))
		if err := store.Delivered(ctx, two.ID, "post", now); !errors.Is(err, hub.Consumed) {
			t.Errorf("twice: %v", err)
		}
		must(store.Later(ctx, two.ID, now, now))
		due, err = store.Claim(ctx, now.Add(5*time.Hour), now.Add(6*time.Hour), 10)
		if err != nil || len(due) != 1 || due[0].ID != one.ID || due[0].Tries != 2 {
			t.Errorf("delivered ones are not due: %+v, %v", due, err)
		}
		if all, err = store.Of(ctx, id, 1); err != nil || len(all) != 1 || all[0].DeliveredBy != "email" || !all[0].DeliveredAt.Equal(now) {
			t.Errorf("%+v, %v", all, err)
		}
		// Undone with what caused it.
		_ = w.InTx(ctx, func(ctx context.Context) error {
			_, err := store.Add(ctx, raised(w, id, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}))
			must(err)
			return hub.Errorf("test", hub.Internal, "undo")
		})
		if all, _ = store.Of(ctx, id, 10); len(all) != 2 {
			t.Error("the notice of what did not happen stayed")
		}
	})
}

// AUD-09: every kind that there is is kept, and as often as it happens: two answers are two things to tell. What is no kind is not.
func TestAUD09_EveryKindOfNoticeIsKept(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, store := noticeWorld(t, db)
		id := w.Account(t).ID
		of := func(kind notice.Kind) notice.Notice {
			w.Clock.Advance(time.Second)
			return notice.Notice{ID: w.ID(), Account: id, Kind: kind, Channel: "desk", Interaction: hub.InteractionID(w.ID()), At: w.Clock.Now()}
		}
		var want []notice.Notice
		for _, kind := range []notice.Kind{
			notice.LevelRaised, notice.ContactAdded, notice.ContactRemoved, notice.AccountSuspended, notice.AccountResumed, notice.AccountTerminated,
			notice.ProviderRemoved, notice.ProviderAllowed, notice.ItemLocked, notice.ItemOpened, notice.RecordBound, notice.RecordSuspended,
			notice.RecordResumed, notice.RecordUnbound, notice.ComplaintAnswered, notice.ComplaintAnswered, notice.CounterConfirmed, notice.CounterConfirmed,
		} {
			n := of(kind)
			if added, err := store.Add(t.Context(), n); err != nil || !added {
				t.Errorf("%s: %v, %v", kind, added, err)
			}
			want = slices.Insert(want, 0, n)
		}
		if all, err := store.Of(t.Context(), id, 100); err != nil || !slices.Equal(all, want) {
			t.Errorf("%+v, %v", all, err)
		}
		if added, err := store.Add(t.Context(), of("whatever")); err == nil {
			t.Errorf("no kind: %v", added)
		}
	})
}

func TestAUD09_EachNoticeGoesToOneOfManyNodes(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, store := noticeWorld(t, db)
		const many = 20
		for range many {
			if _, err := store.Add(t.Context(), raised(w, w.Account(t).ID, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21})); err != nil {
				t.Fatal(err)
			}
		}
		now := w.Clock.Now()
		var mu sync.Mutex
		taken := map[string]int{}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for range many {
					due, err := store.Claim(t.Context(), now, now.Add(time.Hour), 3)
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for _, n := range due {
						taken[n.ID]++
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if len(taken) != many {
			t.Errorf("%d of %d were taken", len(taken), many)
		}
		for id, times := range taken {
			if times != 1 {
				t.Errorf("%s was taken %d times", id, times)
			}
		}
	})
	if _, err := hubsql.NewNotices(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("no database: %v", err)
	}
}
