package hubtest

import (
	"context"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/session"
)

// rotated makes a grant whose refresh token was rotated once, and gives the old and the new one.
func (w *World) rotated(t *testing.T) (g grant.Grant, old, next grant.Credential) {
	t.Helper()
	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	old, next = credentials[1], w.Credential(g.ID)
	must(t, w.Grants.Rotate(t.Context(), old.Hash, next, w.Clock.Now()))
	return g, old, next
}

// grantRetry holds every condition of grant.Store's Retry at its edge.
func grantRetry(t *testing.T, w *World) {
	ctx := t.Context()
	within := func(hash [32]byte, c grant.Credential) error {
		now := w.Clock.Now()
		return w.Grants.Retry(ctx, hash, c, now, now.Add(-grant.RetryWithin))
	}
	g, old, lost := w.rotated(t)
	w.Clock.Advance(grant.RetryWithin)
	second := w.Credential(g.ID)
	must(t, within(old.Hash, second))
	if _, _, err := w.Grants.Refresh(ctx, second.Hash); err != nil {
		t.Errorf("the second answer's token: %v", err)
	}
	_, _, err := w.Grants.Refresh(ctx, lost.Hash)
	wantKind(t, "the lost answer's token", err, hub.Consumed)
	wantKind(t, "a second retry", within(old.Hash, w.Credential(g.ID)), hub.Consumed)
	wantKind(t, "a retry with the token that was given up", within(lost.Hash, w.Credential(g.ID)), hub.Consumed)

	g, old, _ = w.rotated(t)
	w.Clock.Advance(grant.RetryWithin + time.Microsecond)
	late := w.Credential(g.ID)
	wantKind(t, "too late", within(old.Hash, late), hub.Consumed)
	_, _, err = w.Grants.Refresh(ctx, late.Hash)
	wantKind(t, "nothing is added", err, hub.NotFound)

	g, old, next := w.rotated(t)
	must(t, w.rotate(ctx, next.Hash, w.Clock.Now()))
	wantKind(t, "the successor was used", within(old.Hash, w.Credential(g.ID)), hub.Consumed)
	must(t, within(next.Hash, w.Credential(g.ID))) // the refused retry of its predecessor left no trace

	g, old, _ = w.rotated(t)
	_, err = w.Grants.Revoke(ctx, g.ID, "reuse", w.Clock.Now())
	must(t, err)
	wantKind(t, "a revoked family", within(old.Hash, w.Credential(g.ID)), hub.Consumed)

	g, old, _ = w.rotated(t)
	_, err = w.Sessions.End(ctx, g.Session, session.EndedByPerson, w.Clock.Now())
	must(t, err)
	wantKind(t, "an ended session", within(old.Hash, w.Credential(g.ID)), hub.Consumed)

	s, _ := w.Session(t)
	g, credentials := w.both(t, s)
	wantKind(t, "a token that was never used", within(credentials[1].Hash, w.Credential(g.ID)), hub.Consumed)
	wantKind(t, "an unknown one", within(hub.NewSecret(w.Random).Hash(), w.Credential(g.ID)), hub.Consumed)
	must(t, w.Grants.Rotate(ctx, credentials[1].Hash, w.Credential(g.ID), w.Clock.Now()))
	other, _ := w.both(t, s)
	wantKind(t, "the next token of another grant", within(credentials[1].Hash, w.Credential(other.ID)), hub.Internal)
}

func grantRetryRace(t *testing.T, w *World) {
	g, old, _ := w.rotated(t)
	race(t, hub.Consumed, func(int) error {
		return w.InTx(t.Context(), func(ctx context.Context) error {
			now := w.Clock.Now()
			return w.Grants.Retry(ctx, old.Hash, w.Credential(g.ID), now, now.Add(-grant.RetryWithin))
		})
	})
}

// PushedStore is the conformance suite of grant.PushedStore.
func PushedStore(t *testing.T, open Open) {
	t.Run("Invariant6_TakenOnce", func(t *testing.T) { t.Parallel(); pushedOnce(t, NewWorld(t, open(t))) })
	t.Run("Invariant6_OneOfManyTakes", func(t *testing.T) { t.Parallel(); pushedRace(t, NewWorld(t, open(t))) })
}

func (w *World) pushed(t *testing.T) grant.Pushed {
	t.Helper()
	p := grant.Pushed{Hash: hub.NewSecret(w.Random).Hash(), System: "tax", Sealed: w.Hash(), ExpiresAt: w.Clock.Now().Add(time.Minute)}
	must(t, w.Pushed.Push(t.Context(), p))
	return p
}

func pushedOnce(t *testing.T, w *World) {
	ctx, now := t.Context(), w.Clock.Now()
	p := w.pushed(t)
	wantKind(t, "the same again", w.Pushed.Push(ctx, p), hub.Conflict)
	_, err := w.Pushed.Look(ctx, p.Hash, "health", now)
	wantKind(t, "another system's", err, hub.NotFound)
	wantKind(t, "another system's end", w.Pushed.Finish(ctx, p.Hash, "health", now), hub.NotFound)
	_, err = w.Pushed.Look(ctx, hub.NewSecret(w.Random).Hash(), "tax", now)
	wantKind(t, "an unknown one", err, hub.NotFound)
	wantKind(t, "an unknown one's end", w.Pushed.Finish(ctx, hub.NewSecret(w.Random).Hash(), "tax", now), hub.NotFound)
	_, err = w.Pushed.Look(ctx, p.Hash, "tax", p.ExpiresAt)
	wantKind(t, "at its end", err, hub.Expired)
	for range 2 {
		sealed, err := w.Pushed.Look(ctx, p.Hash, "tax", p.ExpiresAt.Add(-time.Microsecond))
		must(t, err)
		wantSame(t, "parameters", sealed, p.Sealed)
	}
	must(t, w.Pushed.Finish(ctx, p.Hash, "tax", p.ExpiresAt.Add(time.Minute))) // the person took longer than the request may wait
	_, err = w.Pushed.Look(ctx, p.Hash, "tax", now)
	wantKind(t, "afterwards", err, hub.Consumed)
	wantKind(t, "again", w.Pushed.Finish(ctx, p.Hash, "tax", now), hub.Consumed)
}

func pushedRace(t *testing.T, w *World) {
	p := w.pushed(t)
	race(t, hub.Consumed, func(int) error { return w.Pushed.Finish(t.Context(), p.Hash, p.System, w.Clock.Now()) })
}
