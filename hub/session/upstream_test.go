package session_test

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login/logintest"
	"onedoor/hub/session"
)

// names remembers, or fails.
type names struct {
	noted map[hub.PeerName]hub.SessionID
	until time.Time
	err   error
}

func (n *names) Note(_ context.Context, name hub.PeerName, id hub.SessionID, expires time.Time) error {
	if n.err == nil {
		n.noted[name], n.until = id, expires
	}
	return n.err
}

// SSO-05: the session at the provider is a participant from the sign-in on, and is found by the names that the provider uses.
func TestSSO05_TheProvidersOwnSessionTakesPart(t *testing.T) {
	t.Parallel()
	w, kept := newWorld(t), &names{noted: map[hub.PeerName]hub.SessionID{}}
	var err error
	w.Service, err = session.New(session.Options{
		Store: w.mem.Sessions(), Audit: w.mem, Tx: w.mem, Clock: w.clock.Now, Random: rand.Reader, Index: logintest.Index{}, Ended: w.mem, Names: kept,
	})
	if err != nil {
		t.Fatal(err)
	}
	a := w.authentication(aal1)
	first := hub.PeerName{Peer: "provider:thaid", Name: [32]byte{1}, Index: [32]byte{2}}
	a.Identity.Upstream = hub.Upstream{Protocol: "saml-upstream", Ref: "sealed", Names: []hub.PeerName{first}}
	s, secret, _, err := w.Start(w.ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.Participants(w.ctx, s.ID)
	if err != nil || len(all) != 1 || all[0].Provider != "thaid" || all[0].System != "" || all[0].Protocol != "saml-upstream" || all[0].Ref != "sealed" {
		t.Fatalf("%+v %v", all, err)
	}
	if kept.noted[first] != s.ID || !kept.until.Equal(w.clock.Now().Add(session.Longest)) {
		t.Errorf("%v until %v", kept.noted, kept.until)
	}
	// A step-up at another provider adds that one; where it has nothing to be told, nothing.
	w.clock.Add(time.Minute)
	second := hub.PeerName{Peer: "provider:bank", Name: [32]byte{3}}
	a.Identity.Provider, a.Identity.Upstream = "bank", hub.Upstream{Protocol: "oidc-upstream", Names: []hub.PeerName{second}}
	if _, secret, _, err = w.Raise(w.ctx, secret, a); err != nil {
		t.Fatal(err)
	}
	a.Identity.Provider, a.Identity.Upstream = "card", hub.Upstream{}
	if _, secret, _, err = w.Raise(w.ctx, secret, a); err != nil {
		t.Fatal(err)
	}
	all, err = w.Participants(w.ctx, s.ID)
	if err != nil || len(all) != 2 || all[1].Provider != "bank" || kept.noted[second] != s.ID {
		t.Errorf("%+v %v", all, err)
	}
	// No session without its names.
	kept.err = errors.New("down")
	a.Identity.Upstream = hub.Upstream{Names: []hub.PeerName{{Peer: "x"}}}
	if _, _, _, err := w.Start(w.ctx, a); err == nil {
		t.Error("a session that its provider can't end")
	}
	if _, _, _, err := w.Raise(w.ctx, secret, a); err == nil {
		t.Error("raised, and the provider can't end it")
	}
}
