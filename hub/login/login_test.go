package login_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
	"onedoor/hub/session"
)

func TestNew_EveryOptionIsRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, drop := range []func(*login.Options){
		func(o *login.Options) { o.Directory = nil }, func(o *login.Options) { o.Upstreams = nil }, func(o *login.Options) { o.Sessions = nil },
		func(o *login.Options) { o.Accounts = nil }, func(o *login.Options) { o.Consents = nil }, func(o *login.Options) { o.Store = nil },
		func(o *login.Options) { o.Audit = nil }, func(o *login.Options) { o.Tx = nil }, func(o *login.Options) { o.Clock = nil },
		func(o *login.Options) { o.Random = nil }, func(o *login.Options) { o.Log = nil },
		func(o *login.Options) { o.Lifetime = -1 }, func(o *login.Options) { o.MaxAttempts = -1 },
	} {
		o := w.options()
		drop(&o)
		if _, err := login.New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("option %d: %v", i, err)
		}
	}
}

// SSO-02, AUD-05: once at one system, and the next lets the person in without a prompt; every event of a login has its
// interaction.
func TestSSO02_AUD05_OnceAtOneSystemAndInAtTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName, hub.Birthdate, hub.CitizenID}, Continue: []byte("code flow")})
	if n.Show == nil || n.Show.Step != login.StepChoose || n.Show.Interaction != "interactiononeaaaaaaaaaaaa" || n.Show.System.ID != tax || n.Session != nil {
		t.Fatalf("chooser: %+v", n)
	}
	n = b.choose(n, thaid)
	if !strings.HasPrefix(n.Redirect, "https://thaid.test/?state="+string(n.Transaction)+".") || n.Session != nil {
		t.Fatalf("redirect: %+v", n)
	}
	// The way back and the rest are other HTTP requests with their own ids: what counts is the login's.
	w.ctx = hub.WithInteraction(context.Background(), "anotherrequestaaaaaaaaaaaa")
	n = b.answered(n, w.somchai(thaid))
	if n.Show == nil || n.Show.Consent == nil || n.Session == nil || n.SessionAAL != hub.AAL21 || n.Show.Consent.Higher {
		t.Fatalf("consent: %+v", n)
	}
	var asked []string
	for _, r := range n.Show.Consent.Rules {
		asked = append(asked, r.Key()+" "+string(r.Basis))
	}
	if fmt.Sprint(asked) != "[family_name/return consent birthdate/return consent citizen_id/return legal_duty]" {
		t.Errorf("asked %v", asked)
	}
	n = b.consent(n, "family_name/return")
	if n.Done == nil || names(n) != "[citizen_id family_name]" || !n.Done.SignedIn || string(n.Done.Request.Continue) != "code flow" ||
		n.Done.Interaction != "interactiononeaaaaaaaaaaaa" {
		t.Fatalf("done: %+v", n.Done)
	}
	attributes, err := w.sessions.Attributes(w.ctx, n.Done.Session.ID, n.Done.Key)
	if err != nil || attributes[hub.FamilyName].Value != family {
		t.Errorf("the key does not open the vault: %v", err)
	}
	for _, e := range w.mem.Events() {
		if e.Interaction != "interactiononeaaaaaaaaaaaa" {
			t.Errorf("%s has interaction %q", e.Kind, e.Interaction)
		}
		if strings.HasPrefix(e.Kind, "login.") && (e.System != tax || e.Channel != "web" || e.At.IsZero()) {
			t.Errorf("event %+v", e)
		}
	}
	kinds := "[login.started login.provider_chosen account.created session.started consent.given consent.declined consent.told login.succeeded]"
	if got := fmt.Sprint(w.mem.Kinds()); got != kinds {
		t.Errorf("events %v", got)
	}

	w.ctx = hub.WithInteraction(context.Background(), "interactiontwoaaaaaaaaaaaa")
	rows, first := len(w.mem.Logins()), n.Done
	n = b.begin(login.Request{System: health})
	if n.Done == nil || n.Done.SignedIn || n.Done.Session.ID != first.Session.ID || n.Done.Key != first.Key || n.Session != nil {
		t.Fatalf("second system: %+v", n.Done)
	}
	n = b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName, hub.Birthdate, hub.CitizenID}, Passive: true})
	if n.Done == nil || names(n) != "[citizen_id family_name]" {
		t.Fatalf("the same again, without a page: %+v", n.Done)
	}
	if len(w.mem.Logins()) != rows {
		t.Error("the fast path wrote a transaction")
	}
	if e := w.last(); e.Kind != "login.resumed" || e.Interaction != "interactiontwoaaaaaaaaaaaa" || e.Account != first.Session.Account || e.Session != first.Session.ID {
		t.Errorf("event %+v", e)
	}
	ps, _ := w.mem.Sessions().Participants(w.ctx, first.Session.ID)
	if len(ps) != 2 || ps[0].System != tax || ps[1].System != health || ps[0].Protocol != "oidc" {
		t.Errorf("participants %+v", ps)
	}
}

// LOA-01: only providers that reach both levels are offered, and no other can be had by posting its name.
func TestLOA01_OnlyWhoReachesTheLevelIsOfferedOrTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		system hub.SystemID
		want   hub.Level
		offers string
	}{
		{library, hub.Level{}, "[thaid bank app]"},
		{library, hub.Level{IAL: hub.IAL21}, "[thaid bank]"},
		{library, hub.Level{AAL: hub.AAL22}, "[thaid]"},
		{health, hub.Level{}, "[thaid bank]"},
		{health, hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, "[thaid bank]"}, // a request lowers nothing
		{health, hub.Level{IAL: hub.IAL22}, "[thaid]"},
		{tax, hub.Level{}, "[thaid]"},
	} {
		w := newWorld(t)
		b := w.browser()
		n := b.begin(login.Request{System: c.system, Want: c.want})
		var ids []hub.ProviderID
		for _, p := range n.Show.Choices {
			ids = append(ids, p.ID)
		}
		if fmt.Sprint(ids) != c.offers {
			t.Errorf("%s %v: offered %v", c.system, c.want, ids)
		}
		for _, p := range []hub.ProviderID{thaid, bank, app, "nobody", ""} {
			if slices.Contains(ids, p) {
				continue
			}
			wantChooser(t, "posted by hand", b.choose(n, p), hub.LevelUnmet, "")
			if e := w.last(); e.Kind != "login.refused" || e.Reason != "not_offered" || e.Provider != "" {
				t.Errorf("event %+v", e)
			}
		}
		if len(w.fed.Asks()) != 0 {
			t.Error("a provider was asked")
		}
	}
	w := newWorld(t)
	wantFailure(t, "nobody can", w.browser().begin(login.Request{System: defence}), hub.LevelUnmet)
	if len(w.mem.Logins()) != 0 {
		t.Error("a transaction for nothing")
	}
}

// LOA-05, invariant 7: an answer below the asked level opens nothing, in either component.
func TestLOA05_AnswerBelowOpensNothing(t *testing.T) {
	t.Parallel()
	for _, level := range []hub.Level{
		{IAL: hub.IAL13, AAL: hub.AAL21}, {IAL: hub.IAL22, AAL: hub.AAL22}, {IAL: hub.IAL23, AAL: hub.AAL1}, {IAL: hub.IAL3, AAL: hub.AAL1}, {},
	} {
		w := newWorld(t)
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: tax}), thaid)
		n = b.answered(n, w.person(thaid, somchai, level))
		wantChooser(t, level.String(), n, hub.LevelUnmet, thaid)
		accounts, _ := w.mem.Accounts()
		if n.Session != nil || len(w.mem.LiveSessions()) != 0 || accounts != 0 {
			t.Errorf("%v: a session, cookie or account", level)
		}
		if e := w.last(); e.Kind != "login.refused" || e.Reason != "level_below" || e.Provider != thaid || e.Detail["attempts"] != "1" {
			t.Errorf("event %+v", e)
		}
	}
}

// LOA-06: an IAL2 identity at an IAL1 service only after the person's word, once.
func TestLOA06_HigherIdentityAtALowerServiceIsAskedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.answered(b.choose(b.begin(login.Request{System: library}), thaid), w.somchai(thaid))
	if n.Show == nil || n.Show.Consent == nil || !n.Show.Consent.Higher || n.Show.Consent.Have.IAL != hub.IAL23 {
		t.Fatalf("not asked: %+v", n)
	}
	wantFailure(t, "without the word", b.consent(n), hub.Denied)
	n = b.begin(login.Request{System: library})
	if n.Show == nil || !n.Show.Consent.Higher {
		t.Fatal("not asked again after a no")
	}
	if n = b.consent(n, "/higher-identity"); n.Done == nil || n.Done.Failure != "" {
		t.Fatalf("after a yes: %+v", n.Done)
	}
	history, _ := w.consents.History(w.ctx, n.Done.Session.Account, 10)
	if len(history) != 2 || history[0].Purpose != "higher-identity" || history[0].Decision != "given" || history[1].Decision != "declined" {
		t.Errorf("record %+v", history)
	}
	if n = b.begin(login.Request{System: library}); n.Done == nil {
		t.Error("asked twice")
	}
	b = w.browser()
	if n = b.answered(b.choose(b.begin(login.Request{System: library}), app), w.malee(app)); n.Done == nil {
		t.Error("asked about an IAL1 identity")
	}
}

// SES-01, session fixation: what the browser held before the login is worth nothing after it.
func TestSES01_NoSecretFromBeforeTheLoginLivesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	planted := logintest.NewBrowser().Binding
	b.b.Session = planted
	first := b.signIn(health, w.somchai(bank))
	if b.b.Session == planted || b.b.Session == b.b.Binding {
		t.Fatal("a planted secret was taken")
	}
	_, _, err := w.sessions.Resume(w.ctx, planted)
	wantKind(t, "planted secret", err, hub.NotFound)

	before := b.b.Session
	n := b.answered(b.choose(b.begin(login.Request{System: tax}), thaid), w.somchai(thaid))
	if n.Done == nil || n.Done.Session.ID != first.Session.ID || n.Done.Key != first.Key || !n.Done.SignedIn || b.b.Session == before {
		t.Fatalf("raise: %+v", n.Done)
	}
	if n.SessionAAL != n.Done.Session.Level.AAL {
		t.Error("the cookie's life is not told")
	}
	_, _, err = w.sessions.Resume(w.ctx, before)
	wantKind(t, "secret from before the raise", err, hub.NotFound)
	if w.count("session.raised", "") != 1 || len(w.mem.LiveSessions()) != 1 {
		t.Error("not one session, raised")
	}
}

// SES-07..09 at the login: one tick before the limit of what the service requires the session is enough, at the limit it is not.
func TestSES08_SES13_LapsedSessionsAreNotResumed(t *testing.T) {
	t.Parallel()
	tick := time.Microsecond
	for _, c := range []struct {
		system hub.SystemID
		wait   time.Duration
		in     bool
	}{
		{health, 30*time.Minute - tick, true},
		{health, 30 * time.Minute, false},
		{library, 30 * time.Minute, true},
		{library, 30*24*time.Hour - tick, true},
		{library, 30 * 24 * time.Hour, false},
	} {
		w := newWorld(t)
		b := w.browser()
		b.signIn(library, w.somchai(bank))
		w.clock.Add(c.wait)
		n := b.begin(login.Request{System: c.system, Passive: true})
		if (n.Done.Failure == "") != c.in || (!c.in && n.Done.Failure != hub.Unauthenticated) {
			t.Errorf("%s after %v: %q", c.system, c.wait, n.Done.Failure)
		}
	}
	w := newWorld(t) // absolute, with activity all the time
	b := w.browser()
	b.signIn(health, w.somchai(bank))
	for range 12 * 3 {
		if n := b.begin(login.Request{System: health, Passive: true}); n.Done.Failure != "" {
			t.Fatal("an active session was refused")
		}
		w.clock.Add(20 * time.Minute)
	}
	wantFailure(t, "after 12 hours", b.begin(login.Request{System: health, Passive: true}), hub.Unauthenticated)
}

// SES-11: after a time-out a further authentication makes a new session; the old one and its vault are gone.
func TestSES11_AfterATimeoutTheSessionIsANewOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	first := b.signIn(health, w.somchai(bank))
	w.clock.Add(31 * time.Minute)
	second := b.signIn(health, w.somchai(bank))
	if first.Session.ID == second.Session.ID || first.Key == second.Key || first.Session.Account != second.Session.Account {
		t.Fatal("not a new session of the same account")
	}
	old, err := w.sessions.Get(w.ctx, first.Session.ID)
	if err != nil || old.EndReason != session.EndedByIdle || old.Vault != nil {
		t.Errorf("old: %q, %v", old.EndReason, err)
	}
}

// AUD-08, SES-22: failures are counted, and enough of them end the transaction.
func TestAUD08_SES22_TooManyFailuresEndTheTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.begin(login.Request{System: health})
	for i := 1; i < 5; i++ {
		n = b.took(b.answer(b.choose(n, bank), bank, hub.Identity{}, hub.E("test", hub.Refused, nil)))
		wantChooser(t, "failed", n, hub.Refused, bank)
		if got := w.last().Detail["attempts"]; got != fmt.Sprint(i) {
			t.Errorf("counted %s, not %d", got, i)
		}
	}
	id := n.Transaction
	n = b.took(b.answer(b.choose(n, bank), bank, hub.Identity{}, hub.E("test", hub.Refused, nil)))
	wantFailure(t, "one too many", n, hub.TooMany)
	_, err := w.Choose(w.ctx, id, bank, *b.b)
	wantKind(t, "afterwards", err, hub.Consumed)
	// A provider that does not answer is nobody's failed attempt.
	other := b.begin(login.Request{System: health})
	for range 10 {
		other = b.took(b.answer(b.choose(other, bank), bank, hub.Identity{}, hub.E("test", hub.Unavailable, nil)))
		wantChooser(t, "no answer", other, hub.Unavailable, bank)
	}
	asks := w.fed.Asks()[:10]
	if asks[0].Fresh || !asks[len(asks)-1].Fresh {
		t.Error("after a failure a fresh authentication is to be asked for")
	}
}

// OPS-06: whatever goes wrong at a provider, the person can go on with another.
func TestOPS06_EveryFailureLeavesAWayOn(t *testing.T) {
	t.Parallel()
	for kind, problem := range map[hub.Kind]hub.Kind{
		hub.Denied: hub.Denied, hub.Refused: hub.Refused, hub.LevelUnmet: hub.LevelUnmet, hub.Unavailable: hub.Unavailable,
		hub.Expired: hub.Expired, hub.Suspended: hub.Suspended, hub.Invalid: hub.Refused, hub.NotFound: hub.Suspended,
		hub.Consumed: hub.Expired, hub.Internal: hub.Internal,
	} {
		w := newWorld(t)
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: health}), bank)
		n = b.took(b.answer(n, bank, hub.Identity{}, hub.E("test", kind, errors.New("why"))))
		wantChooser(t, string(kind), n, problem, bank)
		if len(n.Show.Choices) != 2 || !strings.Contains(w.log.String(), "why") {
			t.Errorf("%s: no choice, or the cause is nowhere", kind)
		}
		n = b.answered(b.choose(n, thaid), w.somchai(thaid))
		if n.Done == nil || n.Done.Failure != "" {
			t.Errorf("%s: no way on: %+v", kind, n.Done)
		}
	}

	w := newWorld(t) // not even the way there
	b := w.browser()
	w.fed.Down = func(p hub.ProviderID) error {
		if p == bank {
			return hub.E("test", hub.Unavailable, nil)
		}
		return nil
	}
	n := b.choose(b.begin(login.Request{System: health}), bank)
	wantChooser(t, "down", n, hub.Unavailable, bank)
	if e := w.last(); e.Outcome != "failure" || e.Provider != bank {
		t.Errorf("event %+v", e)
	}
	n = b.begin(login.Request{System: health, ProviderHint: bank})
	wantChooser(t, "hinted and down", n, hub.Unavailable, bank)
	if n = b.answered(b.choose(n, thaid), w.somchai(thaid)); n.Done == nil {
		t.Error("no way on")
	}
}

// LIF-02, LIF-03: a suspended account gets in nowhere, loses the session it has, and hears why.
func TestLIF02_LIF03_SuspendedAccountGetsNowhere(t *testing.T) {
	t.Parallel()
	for _, status := range []account.Status{account.Suspended, account.Terminated} {
		w := newWorld(t)
		b := w.browser()
		r := b.signIn(health, w.somchai(bank))
		w.mem.SetStatus(r.Session.Account, status, "reported-lost")
		wantFailure(t, "passive", b.begin(login.Request{System: health, Passive: true}), hub.Unauthenticated)
		if s, _ := w.sessions.Get(w.ctx, r.Session.ID); s.EndReason != session.EndedByAccount {
			t.Error("the session lives on")
		}
		n := b.begin(login.Request{System: health})
		n = b.answered(b.choose(n, thaid), w.somchai(thaid))
		wantChooser(t, "answer", n, hub.Suspended, thaid)
		if n.Show.Reason != string(status) || n.Session != nil || len(w.mem.LiveSessions()) != 0 {
			t.Errorf("%s: reason %q", status, n.Show.Reason)
		}
		if e := w.last(); e.Kind != "login.refused" || e.Account != r.Session.Account || e.Reason != "not_active" {
			t.Errorf("event %+v", e)
		}
	}
	w := newWorld(t) // with a page to say it on
	b := w.browser()
	r := b.signIn(health, w.somchai(bank))
	w.mem.SetStatus(r.Session.Account, account.Suspended, "")
	n := b.begin(login.Request{System: health})
	wantChooser(t, "resume", n, hub.Suspended, bank)
	if n.Show.Reason != "suspended" {
		t.Errorf("reason %q", n.Show.Reason)
	}
}

// LIF-06: a session whose provider may no longer vouch opens no further system.
func TestLIF06_SessionOfAProviderOutOfServiceIsNotResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(health, w.somchai(bank))
	w.fed.Offers(login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}}, login.Choice{ID: bank, Ceiling: hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}})
	wantFailure(t, "ceiling lowered", b.begin(login.Request{System: health, Passive: true}), hub.Unauthenticated)
	if n := b.begin(login.Request{System: health}); n.Show == nil {
		t.Error("no chooser")
	}
}

// EXC-07, PRV-06: what must not even begin.
func TestEXC07_PRV06_WhatMustNotBegin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	minus := -time.Second
	for name, c := range map[string]struct {
		req  login.Request
		want hub.Kind
	}{
		"not live":           {login.Request{System: "draft"}, hub.Suspended},
		"not registered":     {login.Request{System: tax, Attributes: []hub.AttributeName{hub.Address}}, hub.Invalid},
		"no attribute":       {login.Request{System: tax, Attributes: []hub.AttributeName{"laser_code"}}, hub.Invalid},
		"registered at none": {login.Request{System: library, Attributes: []hub.AttributeName{hub.FamilyName}}, hub.Invalid},
		"negative age":       {login.Request{System: tax, MaxAge: &minus}, hub.Invalid},
	} {
		wantFailure(t, name, b.begin(c.req), c.want)
		if e := w.last(); e.Kind != "login.refused" || e.Reason != string(c.want) || e.System != c.req.System {
			t.Errorf("%s: event %+v", name, e)
		}
	}
	if len(w.mem.Logins()) != 0 {
		t.Error("a transaction")
	}
	_, err := w.Begin(w.ctx, login.Request{Protocol: "oidc", System: "nobody"}, *b.b)
	wantKind(t, "unknown system", err, hub.NotFound)
	_, err = w.Begin(w.ctx, login.Request{System: tax}, *b.b)
	wantKind(t, "no protocol", err, hub.Invalid)
	_, err = w.Begin(w.ctx, login.Request{Protocol: "oidc", System: tax}, login.Browser{})
	wantKind(t, "no binding", err, hub.Invalid)

	n := b.begin(login.Request{System: tax}) // out of service while the person chooses
	sys := taxSystem()
	sys.Live = false
	w.dir.Put(sys)
	wantFailure(t, "suspended meanwhile", b.choose(n, thaid), hub.Suspended)
	_, err = w.Show(w.ctx, n.Transaction, *b.b)
	wantKind(t, "afterwards", err, hub.Consumed)
}

func TestBegin_MakesAnInteractionWhereTheEdgeMadeNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ctx = context.Background()
	n := w.browser().begin(login.Request{System: health})
	if !hub.ValidID(string(n.Show.Interaction)) || w.last().Interaction != n.Show.Interaction {
		t.Errorf("%q, %q", n.Show.Interaction, w.last().Interaction)
	}
}
