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
	if n.Done == nil || n.Done.Settle == nil {
		t.Fatalf("%+v", n.Done)
	}
	before := len(w.mem.Events())
	if events, err := n.Done.Settle(w.ctx); err != nil || len(events) != 0 || len(w.mem.Events()) != before {
		t.Errorf("a login that wrote its session: %+v, %v", events, err)
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

// Whoever takes consent back before the protocol has answered is not answered over: neither where a session was resumed nor where the
// person has just been on the page.
func TestCON03_ConsentTakenBackBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	req := everythingOfTax()
	req.Settles = true
	fresh := b.consent(b.answered(b.choose(b.begin(req), thaid), w.somchai(thaid)), "family_name/return", "birthdate/return")
	results := map[string]login.Next{"fresh": fresh, "resumed": b.begin(req)}
	for name, n := range results {
		if n.Done == nil || n.Done.Failure != "" || len(n.Done.Release) == 0 || n.Done.Settle == nil {
			t.Fatalf("%s: %+v", name, n)
		}
		if _, err := n.Done.Settle(w.ctx); err != nil {
			t.Errorf("%s: nothing has changed: %v", name, err)
		}
	}
	if k, err := w.consents.Withdraw(w.ctx, fresh.Done.Session.Account, tax); err != nil || k == 0 {
		t.Fatal(k, err)
	}
	for name, n := range results {
		if _, err := n.Done.Settle(w.ctx); hub.KindOf(err) != hub.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := b.begin(req); n.Show == nil || n.Show.Consent == nil {
		t.Errorf("the next one is asked: %+v", n)
	}
}

// interrupted lets something happen before a transaction begins, once.
type interrupted struct {
	login.Transactor
	before func()
}

func (i *interrupted) InTx(ctx context.Context, fn func(context.Context) error) error {
	if before := i.before; before != nil {
		i.before = nil
		before()
	}
	return i.Transactor.InTx(ctx, fn)
}

// Consent that is taken back in another tab after the login has looked and before it writes: it looks again, and asks.
func TestCON03_ConsentTakenBackWhileTheLoginIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	done := b.consent(b.answered(b.choose(b.begin(everythingOfTax()), thaid), w.somchai(thaid)), "family_name/return", "birthdate/return").Done
	o := w.options()
	o.Tx = &interrupted{w.mem, func() {
		if k, err := w.consents.Withdraw(w.ctx, done.Session.Account, tax); err != nil || k != 2 {
			t.Error(k, err)
		}
	}}
	var err error
	if w.Service, err = login.New(o); err != nil {
		t.Fatal(err)
	}
	if n := b.begin(everythingOfTax()); n.Show == nil || len(asked(n)) != 2 {
		t.Errorf("%+v", n)
	}
}
