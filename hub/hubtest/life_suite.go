package hubtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
)

// LifeStore is the conformance suite of account.LifeStore, with the session.Store beside it.
func LifeStore(t *testing.T, open Open) {
	t.Run("LIF02_ChangesAreKeptAndOnlyFromTheStateThatIs", func(t *testing.T) { t.Parallel(); lifeChanges(t, NewWorld(t, open(t))) })
	t.Run("LIF02_OneOfManyChanges", func(t *testing.T) { t.Parallel(); lifeRace(t, NewWorld(t, open(t))) })
	t.Run("LIF02_NoSessionBehindASuspension", func(t *testing.T) { t.Parallel(); lifeSessionRace(t, NewWorld(t, open(t))) })
}

// NewChange gives a change that is in no store yet.
func (w *World) NewChange(id hub.AccountID, was, became account.Status) account.Change {
	return account.Change{
		ID: w.ID(), Account: id, Was: was, Became: became, Reason: account.Requested, By: account.Actor{Kind: account.ByStaff, ID: "desk-3"},
		Interaction: hub.InteractionID(w.ID()), At: w.Clock.Now(),
	}
}

func lifeChanges(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.Account(t)
	suspended := w.NewChange(a.ID, account.Active, account.Suspended)
	suspended.Reason = account.Lost
	must(t, w.Lives.Change(ctx, suspended))
	got := must1(w.Lives.ByID(ctx, a.ID))(t)
	a.Status, a.Reason, a.ChangedAt = account.Suspended, string(account.Lost), suspended.At
	wantSame(t, "suspended", got, a)
	if err := w.Lives.Change(ctx, w.NewChange(a.ID, account.Active, account.Terminated)); !errors.Is(err, hub.Conflict) {
		t.Errorf("from another state: %v", err)
	}
	if err := w.Sessions.Create(ctx, w.NewSession(a.ID), hub.NewSecret(w.Random).Hash()); !errors.Is(err, hub.Suspended) {
		t.Errorf("LIF-02: a session of a suspended account: %v", err)
	}
	w.Clock.Advance(time.Hour)
	resumed := w.NewChange(a.ID, account.Suspended, account.Active)
	must(t, w.Lives.Change(ctx, resumed))
	got = must1(w.Lives.ByID(ctx, a.ID))(t)
	a.Status, a.Reason, a.ChangedAt = account.Active, "", resumed.At
	wantSame(t, "resumed", got, a)
	must(t, w.Sessions.Create(ctx, w.NewSession(a.ID), hub.NewSecret(w.Random).Hash()))
	wantSame(t, "newest first", must1(w.Lives.Changes(ctx, a.ID, 10))(t), []account.Change{resumed, suspended})
	wantSame(t, "at most one", must1(w.Lives.Changes(ctx, a.ID, 1))(t), []account.Change{resumed})
	if err := w.Lives.Change(ctx, w.NewChange(hub.AccountID(w.ID()), account.Active, account.Suspended)); !errors.Is(err, hub.NotFound) {
		t.Errorf("nobody: %v", err)
	}
	if err := w.Sessions.Create(ctx, w.NewSession(hub.AccountID(w.ID())), hub.NewSecret(w.Random).Hash()); !errors.Is(err, hub.NotFound) {
		t.Errorf("a session of nobody: %v", err)
	}
}

func lifeRace(t *testing.T, w *World) {
	a := w.Account(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 8 {
		c := w.NewChange(a.ID, account.Active, account.Suspended)
		all.Go(func() {
			err := w.Lives.Change(t.Context(), c)
			if err != nil && !errors.Is(err, hub.Conflict) {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			}
		})
	}
	all.Wait()
	if changes := must1(w.Lives.Changes(t.Context(), a.ID, 10))(t); done != 1 || len(changes) != 1 {
		t.Errorf("%d changes, %d rows", done, len(changes))
	}
}

// lifeSessionRace: whoever comes first, no live session is left that the suspension did not see.
func lifeSessionRace(t *testing.T, w *World) {
	for range 10 {
		a := w.Account(t)
		var all sync.WaitGroup
		var mu sync.Mutex
		made := map[hub.SessionID]bool{}
		for range 4 {
			s, secret := w.NewSession(a.ID), hub.NewSecret(w.Random)
			all.Go(func() {
				err := w.Sessions.Create(t.Context(), s, secret.Hash())
				if err != nil && !errors.Is(err, hub.Suspended) {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				made[s.ID] = err == nil
			})
		}
		var seen []hub.SessionID
		c := w.NewChange(a.ID, account.Active, account.Suspended)
		all.Go(func() {
			err := w.InTx(t.Context(), func(ctx context.Context) error {
				if err := w.Lives.Change(ctx, c); err != nil {
					return err
				}
				var err error
				seen, err = w.Live(ctx, a.ID)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		for id, ok := range made {
			if ok && !slices.Contains(seen, id) {
				t.Fatal("LIF-02: a session that the suspension did not see")
			}
		}
	}
}
