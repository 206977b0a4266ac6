package session_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login/logintest"
	"onedoor/hub/session"
)

type world struct {
	*session.Service
	mem   *logintest.Memory
	clock *logintest.Clock
	ctx   context.Context
}

func newWorld(t *testing.T) world {
	t.Helper()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	s, err := session.New(session.Options{
		Store: mem.Sessions(), Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader, Index: logintest.Index{}, Ended: mem,
	})
	if err != nil {
		t.Fatal(err)
	}
	return world{s, mem, clock, hub.WithInteraction(context.Background(), "interactiononeaaaaaaaaaaaa")}
}

const secretName = "สมชาย ใจดี"

func (w world) authentication(level hub.Level) session.Authentication {
	return session.Authentication{
		Account: "accountoneaaaaaaaaaaaaaaaa", Channel: "web", Device: "Chrome on Android",
		Identity: hub.Identity{
			Provider: "thaid", Subject: "s-1", Level: level, AuthTime: w.clock.Now(), Methods: []string{"pwd", "<b>", "otp"}, Session: "upstream-1",
			Attributes: hub.Attributes{hub.Name: {Value: secretName, Source: "thaid", At: w.clock.Now()}},
		},
	}
}

var (
	aal1 = hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}
	aal2 = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	aal3 = hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}
)

func kind(t *testing.T, what string, err error, want hub.Kind) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (w world) start(t *testing.T, level hub.Level) (session.Session, hub.Secret, hub.Secret) {
	t.Helper()
	s, secret, key, err := w.Start(w.ctx, w.authentication(level))
	if err != nil {
		t.Fatal(err)
	}
	return s, secret, key
}

func TestNew_EveryOptionIsRequired(t *testing.T) {
	t.Parallel()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	for i := range 7 {
		o := session.Options{Store: mem.Sessions(), Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader, Index: logintest.Index{}, Ended: mem}
		switch i {
		case 0:
			o.Store = nil
		case 1:
			o.Audit = nil
		case 2:
			o.Tx = nil
		case 3:
			o.Clock = nil
		case 4:
			o.Random = nil
		case 5:
			o.Index = nil
		case 6:
			o.Ended = nil
		}
		if _, err := session.New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("option %d missing: %v", i, err)
		}
	}
}

func TestStart_KeepsTheFactsAndOpensWithItsSecretOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, secret, key := w.start(t, aal2)
	got, gotKey, err := w.Resume(w.ctx, secret)
	if err != nil || got.ID != s.ID || gotKey != key {
		t.Fatalf("resume: %v", err)
	}
	if got.Level != aal2 || got.Account != "accountoneaaaaaaaaaaaaaaaa" || got.Provider != "thaid" || got.Interaction != "interactiononeaaaaaaaaaaaa" ||
		got.Device != "Chrome on Android" || fmt.Sprint(got.Methods) != "[pwd otp]" {
		t.Errorf("facts: %+v", got)
	}
	if got.UpstreamSID != w.UpstreamSID("thaid", "upstream-1") || got.UpstreamSID == "" || w.UpstreamSID("bank", "upstream-1") == got.UpstreamSID ||
		w.UpstreamSID("thaid", "") != "" {
		t.Error("the provider's session id is not kept as a keyed hash")
	}
	attributes, err := w.Attributes(w.ctx, s.ID, key)
	if err != nil || attributes[hub.Name].Value != secretName {
		t.Errorf("vault: %v", err)
	}
	_, err = w.Attributes(w.ctx, s.ID, hub.NewSecret(rand.Reader))
	kind(t, "vault with another key", err, hub.Invalid)
	_, err = w.Attributes(w.ctx, "nobody", key)
	kind(t, "vault of nobody", err, hub.NotFound)
	_, _, err = w.Resume(w.ctx, hub.NewSecret(rand.Reader))
	kind(t, "other secret", err, hub.NotFound)
	_, _, err = w.Resume(w.ctx, hub.Secret{})
	kind(t, "no secret", err, hub.NotFound)
}

// SES-01, SES-02: every authentication has its own secret, key and id.
func TestSES01_SES02_NothingRepeats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := map[string]bool{}
	for range 200 {
		s, secret, key := w.start(t, aal1)
		for _, v := range []string{string(s.ID), secret.Reveal(), key.Reveal(), string(s.Vault), string(s.WrappedKey)} {
			if seen[v] {
				t.Fatal("repeated")
			}
			seen[v] = true
		}
	}
}

// SES-12, PRV-03: what rests opens nothing and says nothing.
func TestSES12_PRV03_WhatRestsHoldsNoSecretAndNoName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret, key := w.start(t, aal2)
	for _, s := range w.mem.LiveSessions() {
		dump := fmt.Appendf(nil, "%#v", s)
		for _, b := range [][]byte{s.Vault, s.WrappedKey, dump} {
			for _, hidden := range []string{secretName, "upstream-1", string(secret.Bytes()), string(key.Bytes()), secret.Reveal(), key.Reveal()} {
				if bytes.Contains(b, []byte(hidden)) {
					t.Errorf("found something that must not rest")
				}
			}
		}
	}
	for _, e := range w.mem.Events() {
		if bytes.Contains(fmt.Appendf(nil, "%#v", e), []byte(secretName)) {
			t.Error("a name in an event")
		}
	}
}

func TestStart_RefusesWhatIsNoAuthentication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		change func(*session.Authentication)
		want   hub.Kind
	}{
		"no account":  {func(a *session.Authentication) { a.Account = "" }, hub.Invalid},
		"no provider": {func(a *session.Authentication) { a.Identity.Provider = "" }, hub.Invalid},
		"no IAL":      {func(a *session.Authentication) { a.Identity.Level.IAL = hub.IALNone }, hub.LevelUnmet},
		"no AAL":      {func(a *session.Authentication) { a.Identity.Level.AAL = hub.AALNone }, hub.LevelUnmet},
		"30 days ago": {func(a *session.Authentication) { a.Identity.AuthTime = w.clock.Now().Add(-session.Longest) }, hub.Expired},
	} {
		a := w.authentication(aal2)
		c.change(&a)
		_, secret, key, err := w.Start(w.ctx, a)
		kind(t, name, err, c.want)
		if !secret.IsZero() || !key.IsZero() {
			t.Errorf("%s: secrets with an error", name)
		}
	}
	if n := len(w.mem.LiveSessions()); n != 0 {
		t.Errorf("%d sessions", n)
	}
}

// SES-08: a provider's own long session counts from when the person authenticated there; a clock that is ahead gives nothing.
func TestSES08_AgeCountsFromTheAuthenticationAtTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct{ told, want time.Duration }{
		"before": {-11 * time.Hour, -11 * time.Hour}, "ahead": {time.Hour, 0}, "now": {0, 0},
	} {
		a := w.authentication(aal2)
		a.Identity.AuthTime = w.clock.Now().Add(c.told)
		s, _, _, err := w.Start(w.ctx, a)
		if err != nil || !s.AuthTime.Equal(w.clock.Now().Add(c.want)) {
			t.Errorf("%s: %v, %v", name, s.AuthTime, err)
		}
	}
	a := w.authentication(aal2)
	a.Identity.AuthTime = time.Time{}
	if s, _, _, err := w.Start(w.ctx, a); err != nil || !s.AuthTime.Equal(w.clock.Now()) {
		t.Errorf("not told: %v, %v", s.AuthTime, err)
	}
}

func TestResume_NotesActivityAtMostOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, secret, _ := w.start(t, aal2)
	began := s.LastActivity
	for _, c := range []struct{ add, noted time.Duration }{
		{59 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {10 * time.Minute, 11*time.Minute + 59*time.Second},
	} {
		w.clock.Add(c.add)
		s, _, err := w.Resume(w.ctx, secret)
		if err != nil || s.LastActivity.Sub(began) != c.noted {
			t.Errorf("after %v: %v, %v", c.add, s.LastActivity.Sub(began), err)
		}
		if kept := must[session.Session](t)(w.Get(w.ctx, s.ID)); !kept.LastActivity.Equal(s.LastActivity) {
			t.Error("told, not kept")
		}
	}
}

// SES-08, SES-13: a visit at a lower level does not bring back what had lapsed.
func TestSES13_AVisitAtALowerLevelRevivesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		own           hub.Level
		idle          time.Duration
		serves, never hub.AAL
	}{
		{aal2, 31 * time.Minute, hub.AAL1, hub.AAL21},
		{aal3, 16 * time.Minute, hub.AAL22, hub.AAL3},
	} {
		w := newWorld(t)
		_, secret, _ := w.start(t, c.own)
		w.clock.Add(c.idle)
		for range 3 { // busy at the lower level
			s, _, err := w.Resume(w.ctx, secret)
			if err != nil {
				t.Fatal(err)
			}
			if !s.Serves(hub.Level{AAL: c.serves}, w.clock.Now()) {
				t.Errorf("%v: does not serve %v", c.own, c.serves)
			}
			if s.Serves(hub.Level{AAL: c.never}, w.clock.Now()) {
				t.Errorf("%v: serves %v again", c.own, c.never)
			}
			w.clock.Add(2 * time.Minute)
		}
	}
}

// SES-07, SES-11, SES-13: 30 days after its start it is over, whatever happened in between.
func TestSES07_ResumeEndsWhatOutlivedEveryLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, secret, key := w.start(t, aal1)
	w.clock.Add(session.Longest - time.Microsecond)
	if _, _, err := w.Resume(w.ctx, secret); err != nil {
		t.Fatalf("just before: %v", err)
	}
	w.clock.Add(time.Microsecond)
	_, err := w.Attributes(w.ctx, s.ID, key)
	kind(t, "vault before anybody ended it", err, hub.Expired)
	_, _, err = w.Resume(w.ctx, secret)
	kind(t, "at the limit", err, hub.Expired)
	_, _, err = w.Resume(w.ctx, secret)
	kind(t, "again", err, hub.NotFound)
	got := must[session.Session](t)(w.Get(w.ctx, s.ID))
	if got.EndReason != session.EndedByAge || got.Vault != nil || got.WrappedKey != nil {
		t.Errorf("not shredded: %v", got.EndReason)
	}
	_, _, _, err = w.Raise(w.ctx, secret, w.authentication(aal1))
	kind(t, "raise", err, hub.Consumed)
}

// SES-01: the old secret is worth nothing after a further authentication; the tokens' vault key stays.
func TestSES01_RaiseChangesTheSecretAndNotTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, old, key := w.start(t, aal1)
	w.clock.Add(time.Hour)
	a := w.authentication(aal2)
	a.Identity.Provider, a.Identity.Attributes = "bank", hub.Attributes{hub.GivenName: {Value: "new"}}
	raised, secret, sameKey, err := w.Raise(w.ctx, old, a)
	if err != nil {
		t.Fatal(err)
	}
	if raised.ID != s.ID || secret == old || sameKey != key || raised.Level != aal2 || raised.Provider != "bank" ||
		!raised.AuthTime.Equal(w.clock.Now()) || !raised.StartedAt.Equal(s.StartedAt) {
		t.Errorf("raised: %+v", raised)
	}
	_, _, err = w.Resume(w.ctx, old)
	kind(t, "old secret", err, hub.NotFound)
	_, _, _, err = w.Raise(w.ctx, old, a)
	kind(t, "raise with the old secret", err, hub.Consumed)
	if got, k, err := w.Resume(w.ctx, secret); err != nil || got.ID != s.ID || k != key {
		t.Errorf("new secret: %v", err)
	}
	attributes := must[hub.Attributes](t)(w.Attributes(w.ctx, s.ID, key))
	if !maps.Equal(attributes, a.Identity.Attributes) {
		t.Error("the vault is not the new one")
	}
}

func TestRaise_RefusesAnotherAccountAndALaterRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, secret, _ := w.start(t, aal1)
	a := w.authentication(aal2)
	a.Account = "accounttwoaaaaaaaaaaaaaaaa"
	_, _, _, err := w.Raise(w.ctx, secret, a)
	kind(t, "another account", err, hub.Conflict)
	_, _, _, err = w.Raise(w.ctx, hub.Secret{}, w.authentication(aal2))
	kind(t, "no secret", err, hub.Consumed)
	if got := must[session.Session](t)(w.Get(w.ctx, s.ID)); got.Level != aal1 || got.Account != "accountoneaaaaaaaaaaaaaaaa" {
		t.Errorf("changed: %+v", got)
	}

	var won, lost int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, _, _, err := w.Raise(w.ctx, secret, w.authentication(aal2))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.Is(err, hub.Consumed):
				lost++
			}
		})
	}
	wg.Wait()
	if won != 1 || lost != 7 {
		t.Errorf("%d won, %d lost", won, lost)
	}
}

// SES-03, SES-04, PRV-02: an ended session is shredded, once.
func TestSES04_PRV02_EndShredsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, secret, key := w.start(t, aal2)
	if ended, err := w.End(w.ctx, s.ID, session.Cause{Reason: session.EndedByPerson}); err != nil || !ended {
		t.Fatalf("%v, %v", ended, err)
	}
	if ended, err := w.End(w.ctx, s.ID, session.Cause{Reason: session.EndedByAdmin}); err != nil || ended {
		t.Fatalf("again: %v, %v", ended, err)
	}
	_, err := w.End(w.ctx, "nobody", session.Cause{Reason: session.EndedByAdmin})
	kind(t, "unknown", err, hub.NotFound)
	_, _, err = w.Resume(w.ctx, secret)
	kind(t, "resume", err, hub.NotFound)
	_, err = w.Attributes(w.ctx, s.ID, key)
	kind(t, "vault", err, hub.Expired)
	if got := fmt.Sprint(w.mem.Kinds()); got != "[session.started session.ended]" {
		t.Errorf("events %v", got)
	}
	for _, e := range w.mem.Events() {
		if e.Session != s.ID || e.Account != "accountoneaaaaaaaaaaaaaaaa" || e.Interaction != "interactiononeaaaaaaaaaaaa" {
			t.Errorf("event %+v", e)
		}
	}
}

// D5: no event, no change.
func TestD5_WithoutItsEventNothingHappens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, secret, _ := w.start(t, aal1)
	w.mem.Fail = func(op string) error {
		if op == "audit" {
			return hub.Errorf("test", hub.Unavailable, "no record")
		}
		return nil
	}
	_, _, _, err := w.Start(w.ctx, w.authentication(aal1))
	kind(t, "start", err, hub.Unavailable)
	_, _, _, err = w.Raise(w.ctx, secret, w.authentication(aal2))
	kind(t, "raise", err, hub.Unavailable)
	ended, err := w.End(w.ctx, s.ID, session.Cause{Reason: session.EndedByPerson})
	kind(t, "end", err, hub.Unavailable)
	w.mem.Fail = nil
	got, _, err := w.Resume(w.ctx, secret)
	if ended || err != nil || got.Level != aal1 || len(w.mem.LiveSessions()) != 1 {
		t.Errorf("something changed: %v %v", err, len(w.mem.LiveSessions()))
	}
}

func TestSweep_EndsAllThatOutlivedAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 250 {
		w.start(t, aal2)
	}
	w.clock.Add(session.Longest)
	young, _, _ := w.start(t, aal2)
	w.clock.Add(time.Microsecond)
	n, err := w.Sweep(w.ctx)
	if err != nil || n != 250 {
		t.Errorf("%d, %v", n, err)
	}
	if left := w.mem.LiveSessions(); len(left) != 1 || left[0].ID != young.ID {
		t.Errorf("%d left", len(left))
	}
}

func TestJoin_NotesEachSystemOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, _, _ := w.start(t, aal2)
	for range 2 {
		if err := w.Join(w.ctx, session.Participant{Session: s.ID, System: "tax", Protocol: "oidc"}); err != nil {
			t.Fatal(err)
		}
		w.clock.Add(time.Minute)
	}
	ps := must[[]session.Participant](t)(w.mem.Sessions().Participants(w.ctx, s.ID))
	if len(ps) != 1 || ps[0].LastAt.Sub(ps[0].FirstAt) != time.Minute {
		t.Errorf("%+v", ps)
	}
	for _, p := range []session.Participant{{System: "a", Protocol: "b"}, {Session: "a", Protocol: "b"}, {Session: "a", System: "b"}} {
		kind(t, "incomplete", w.Join(w.ctx, p), hub.Invalid)
	}
}
