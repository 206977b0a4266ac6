package hubtest

import (
	"context"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// Revocations is the conformance suite of token.Revocations and token.Feed.
func Revocations(t *testing.T, open Open) {
	t.Run("Invariant1_EndedCoversAllThatATokenStandsOn", func(t *testing.T) { t.Parallel(); revocationEnded(t, NewWorld(t, open(t))) })
	t.Run("Invariant8_WhatIsMissingIsEnded", func(t *testing.T) { t.Parallel(); revocationMissing(t, NewWorld(t, open(t))) })
	t.Run("Invariant1_AnExchangedTokenEndsWithItsChain", func(t *testing.T) { t.Parallel(); revocationChain(t, NewWorld(t, open(t))) })
	t.Run("Invariant1_AMachinesTokenEndsWithItsSystem", func(t *testing.T) { t.Parallel(); revocationMachine(t, NewWorld(t, open(t))) })
	t.Run("Invariant1_ATokenEndsWithAProviderItRestsOn", func(t *testing.T) { t.Parallel(); revocationProvider(t, NewWorld(t, open(t))) })
	t.Run("FeedGivesWhatIsNew", func(t *testing.T) { t.Parallel(); revocationFeed(t, NewWorld(t, open(t))) })
	t.Run("UndoneIsNotInTheFeed", func(t *testing.T) { t.Parallel(); revocationUndone(t, NewWorld(t, open(t))) })
}

func zeroCursor() token.Cursor { return token.Cursor{} }

func find(rows []token.Revocation, kind, ref string) *token.Revocation {
	for i, r := range rows {
		if r.Kind == kind && r.Ref == ref {
			return &rows[i]
		}
	}
	return nil
}

func (w *World) wantEnded(t *testing.T, what string, a token.Access, want bool) {
	t.Helper()
	ended, err := w.Revocations.Ended(t.Context(), a)
	must(t, err)
	if ended != want {
		t.Errorf("%s: ended = %v, want %v", what, ended, want)
	}
}

func revocationEnded(t *testing.T, w *World) {
	ctx := t.Context()
	for _, c := range []struct {
		name string
		end  func(a token.Access) error
		both bool // ends the other token of the same grant as well
	}{
		{"token", func(a token.Access) error { return w.Revocations.RevokeToken(ctx, a, w.Clock.Now()) }, false},
		{"grant", func(a token.Access) error {
			_, err := w.Grants.Revoke(ctx, a.Grant, "test", w.Clock.Now())
			return err
		}, true},
		{"grants of the session", func(a token.Access) error {
			return w.Grants.RevokeSession(ctx, a.Session, "test", w.Clock.Now())
		}, true},
		{"session", func(a token.Access) error {
			_, err := w.Sessions.End(ctx, a.Session, session.EndedByPerson, w.Clock.Now())
			return err
		}, true},
	} {
		s, _ := w.Session(t)
		g, _ := w.Grant(t, s, "tax")
		a, b := w.Access(g), w.Access(g)
		w.wantEnded(t, c.name+" before", a, false)
		must(t, c.end(a))
		w.wantEnded(t, c.name+" after", a, true)
		w.wantEnded(t, c.name+" after, the other token", b, c.both)
	}
	for _, status := range []account.Status{account.Suspended, account.Terminated} {
		s, _ := w.Session(t)
		g, _ := w.Grant(t, s, "tax")
		must(t, w.Lives.Change(ctx, w.NewChange(s.Account, account.Active, status)))
		w.wantEnded(t, string(status)+" account", w.Access(g), true)
	}
}

func revocationMissing(t *testing.T, w *World) {
	s, _ := w.Session(t)
	g, _ := w.Grant(t, s, "tax")
	other, _ := w.Session(t)
	good := w.Access(g)
	w.wantEnded(t, "whole", good, false)
	for name, change := range map[string]func(a *token.Access){
		"no grant":               func(a *token.Access) { a.Grant = "" },
		"unknown grant":          func(a *token.Access) { a.Grant = hub.GrantID(w.ID()) },
		"unknown session":        func(a *token.Access) { a.Session = hub.SessionID(w.ID()) },
		"session of another":     func(a *token.Access) { a.Session = other.ID },
		"account of another":     func(a *token.Access) { a.Account = other.Account },
		"system of another":      func(a *token.Access) { a.System = "health" },
		"nothing but the number": func(a *token.Access) { *a = token.Access{ID: a.ID} },
	} {
		a := good
		change(&a)
		w.wantEnded(t, name, a, true)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ended, err := w.Revocations.Ended(ctx, good)
	wantKind(t, "no answer", err, hub.Unavailable)
	if !ended {
		t.Error("without an answer it must not look alive")
	}
}

func revocationFeed(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	g, _ := w.Grant(t, s, "tax")
	rows, cursor, err := w.Feed.Read(ctx, zeroCursor())
	must(t, err)
	if len(rows) != 0 {
		t.Errorf("an empty feed: %v", rows)
	}
	for range 5 {
		a := w.Access(g)
		must(t, w.Revocations.RevokeToken(ctx, a, w.Clock.Now()))
		must(t, w.Revocations.RevokeToken(ctx, a, w.Clock.Advance(time.Second))) // twice changes nothing
		rows, cursor, err = w.Feed.Read(ctx, cursor)
		must(t, err)
		r := find(rows, "token", a.ID)
		if r == nil {
			t.Fatalf("the revocation is not in the feed: %v", rows)
		}
		if !r.ExpiresAt.Equal(a.ExpiresAt) {
			t.Errorf("until %v, want %v", r.ExpiresAt, a.ExpiresAt)
		}
	}
	rows, _, err = w.Feed.Read(ctx, zeroCursor())
	must(t, err)
	if len(rows) != 5 {
		t.Errorf("%d rows from the beginning, want 5", len(rows))
	}
}

func revocationUndone(t *testing.T, w *World) {
	s, _ := w.Session(t)
	g, _ := w.Grant(t, s, "tax")
	a := w.Access(g)
	_ = w.InTx(t.Context(), func(ctx context.Context) error {
		if err := w.Revocations.RevokeToken(ctx, a, w.Clock.Now()); err != nil {
			t.Error(err)
		}
		return hub.Errorf("test", hub.Internal, "undo")
	})
	rows, _, err := w.Feed.Read(t.Context(), zeroCursor())
	must(t, err)
	if len(rows) != 0 {
		t.Errorf("got %v", rows)
	}
	w.wantEnded(t, "undone", a, false)
}

// providerRevoker is what the stores have beside the contract.
type providerRevoker interface {
	RevokeProvider(ctx context.Context, id hub.ProviderID, through, until time.Time) error
}

// LIF-06: what rests on a provider that was cut off ends, up to then, whatever else it rests on; and nothing else does.
func revocationProvider(t *testing.T, w *World) {
	s, _ := w.Session(t)
	g, _ := w.Grant(t, s, "tax")
	r, ok := w.Revocations.(providerRevoker)
	if !ok {
		t.Fatal("the store can't revoke a provider")
	}
	must(t, r.RevokeProvider(t.Context(), "bank-a", w.Clock.Now(), w.Clock.Now().Add(time.Hour)))
	for name, c := range map[string]struct {
		rests []string
		after time.Duration
		want  bool
	}{
		"rests on it": {[]string{"bank-a"}, 0, true}, "beside another": {[]string{"thaid", "bank-a"}, -time.Hour, true}, "issued later": {[]string{"bank-a"}, time.Microsecond, false},
		"another": {[]string{"thaid"}, 0, false}, "a longer name": {[]string{"bank-ab", "a-bank-a"}, 0, false}, "a shorter name": {[]string{"bank", "a"}, 0, false}, "none": {nil, 0, false},
	} {
		a := w.Access(g)
		a.Rests, a.IssuedAt = c.rests, a.IssuedAt.Add(c.after)
		w.wantEnded(t, name, a, c.want)
	}
	rows, _, err := w.Feed.Read(t.Context(), zeroCursor())
	must(t, err)
	if x := find(rows, "provider", "bank-a"); x == nil || !x.At.Equal(w.Clock.Now()) {
		t.Errorf("not in the feed: %v", rows)
	}
}

// systemRevoker is what the stores have beside the contract.
type systemRevoker interface {
	RevokeSystem(ctx context.Context, id hub.SystemID, now, until time.Time) error
}

func (w *World) revokeSystem(t *testing.T, id hub.SystemID) {
	t.Helper()
	r, ok := w.Revocations.(systemRevoker)
	if !ok {
		t.Fatal("the store can't revoke a system")
	}
	must(t, r.RevokeSystem(t.Context(), id, w.Clock.Now(), w.Clock.Now().Add(time.Hour)))
}

func revocationChain(t *testing.T, w *World) {
	ctx := t.Context()
	for name, end := range map[string]func(parent, child token.Access){
		"the parent":         func(p, _ token.Access) { must(t, w.Revocations.RevokeToken(ctx, p, w.Clock.Now())) },
		"the child":          func(_, c token.Access) { must(t, w.Revocations.RevokeToken(ctx, c, w.Clock.Now())) },
		"who acts":           func(token.Access, token.Access) { w.revokeSystem(t, "labour") },
		"the grant's client": func(token.Access, token.Access) { w.revokeSystem(t, "tax") },
		"the parent's grant": func(p, _ token.Access) { _, err := w.Grants.Revoke(ctx, p.Grant, "test", w.Clock.Now()); must(t, err) },
		"the session": func(p, _ token.Access) {
			_, err := w.Sessions.End(ctx, p.Session, session.EndedByPerson, w.Clock.Now())
			must(t, err)
		},
	} {
		w.Clock.Advance(time.Hour) // past what an earlier case ended
		s, _ := w.Session(t)
		g, _ := w.Grant(t, s, "tax")
		parent, child := w.Access(g), w.Access(g)
		child.Actors, child.Parents = []hub.SystemID{"labour", "land"}, []string{parent.ID, w.ID()}
		w.wantEnded(t, name+" before", child, false)
		end(parent, child)
		w.wantEnded(t, name+" after", child, true)
	}
}

func revocationMachine(t *testing.T, w *World) {
	now := w.Clock.Now()
	fresh := func() token.Access {
		return token.Access{ID: w.ID(), System: "tax", Machine: true, IssuedAt: w.Clock.Now(), ExpiresAt: now.Add(5 * time.Minute)}
	}
	a, b := fresh(), fresh()
	w.wantEnded(t, "fresh", a, false)
	must(t, w.Revocations.RevokeToken(t.Context(), a, now))
	w.wantEnded(t, "revoked", a, true)
	w.wantEnded(t, "another", b, false)
	for name, change := range map[string]func(*token.Access){
		"with a session": func(a *token.Access) { a.Session = hub.SessionID(w.ID()) },
		"with a grant":   func(a *token.Access) { a.Grant = hub.GrantID(w.ID()) },
		"of nobody":      func(a *token.Access) { a.System = "" },
		"no machine":     func(a *token.Access) { a.Machine = false },
	} {
		c := fresh()
		change(&c)
		w.wantEnded(t, name, c, true)
	}
	w.revokeSystem(t, "tax")
	w.wantEnded(t, "of a system that was suspended", b, true)
	w.Clock.Advance(time.Minute)
	w.wantEnded(t, "of the system when it is back", fresh(), false)
}
