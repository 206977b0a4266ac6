package login_test

import (
	"context"
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
)

// A protocol that settles writes that a session was resumed in its own transaction: nothing of it stands before, everything after.
func TestSettle_AResumedSessionIsWrittenByTheProtocol(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(library, w.somchai(thaid))
	before := len(w.mem.Events())
	n := b.begin(login.Request{System: library, Settles: true})
	if n.Done == nil || n.Done.Failure != "" || n.Done.Settle == nil || n.Done.SignedIn || n.Done.Key.IsZero() {
		t.Fatalf("%+v", n.Done)
	}
	if got := len(w.mem.Events()) - before; got != 0 {
		t.Errorf("%d events before it is settled", got)
	}
	undone := hub.Errorf("test", hub.Unavailable, "undone")
	if err := w.mem.InTx(w.ctx, func(ctx context.Context) error {
		if _, err := n.Done.Settle(ctx); err != nil {
			return err
		}
		return undone
	}); err != undone {
		t.Fatal(err)
	}
	if got := w.count("login.resumed", ""); got != 0 {
		t.Errorf("%d events of what was undone", got)
	}
	if err := w.mem.InTx(w.ctx, func(ctx context.Context) error {
		events, err := n.Done.Settle(ctx)
		if err != nil || len(events) != 1 || events[0].Kind != "login.resumed" || events[0].Session != n.Done.Session.ID || events[0].System != library {
			t.Errorf("%+v, %v", events, err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Everything else is written by the login, whatever the protocol says.
func TestSettle_OnlyWhereThereIsNothingElseToWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.answered(b.choose(b.begin(login.Request{System: library, Settles: true}), thaid), w.somchai(thaid))
	if n.Show != nil && n.Show.Consent != nil {
		n = b.consent(n, consent.HigherKey)
	}
	if n.Done == nil || n.Done.Settle != nil {
		t.Fatalf("a login that wrote its session: %+v", n.Done)
	}
	if n := b.begin(login.Request{System: library}); n.Done == nil || n.Done.Settle != nil || w.count("login.resumed", "") != 1 {
		t.Errorf("a protocol that does not settle: %+v", n.Done)
	}
	if n := b.begin(login.Request{System: library, Settles: true, Passive: true, Force: true}); n.Done == nil || n.Done.Failure == "" || n.Done.Settle != nil {
		t.Errorf("a failure: %+v", n.Done)
	}
}

// The person is asked for access beyond the visit, and the answer reaches the protocol.
func TestOfflineAccessIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(library, w.somchai(thaid))
	n := b.begin(login.Request{System: library, Offline: true})
	if n.Show == nil && n.Redirect == "" || n.Done != nil {
		t.Fatalf("%+v", n)
	}
	n = b.show(n)
	if n.Show == nil || n.Show.Consent == nil || !n.Show.Consent.Offline {
		t.Fatalf("%+v", n.Show)
	}
	if n = b.consent(n, consent.OfflineKey); n.Done == nil || !n.Done.Offline {
		t.Fatalf("%+v", n.Done)
	}
	if n = b.begin(login.Request{System: library, Offline: true}); n.Done == nil || !n.Done.Offline {
		t.Errorf("it is not remembered: %+v", n)
	}
	if n = b.begin(login.Request{System: library}); n.Done == nil || n.Done.Offline {
		t.Errorf("given without a wish: %+v", n)
	}
}
