package login_test

import (
	"fmt"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// key is a provider with the strongest authenticator and a lower proofing than ThaID's.
const key = hub.ProviderID("key")

func (w *world) withKey() {
	w.fed.Offers(
		login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}}, login.Choice{ID: bank, Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		login.Choice{ID: key, Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}}, login.Choice{ID: app, Ceiling: hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}},
	)
}

// wantStepUp expects the chooser of a login that raises a session.
func wantStepUp(t *testing.T, what string, n login.Next, why login.StepUp, offers string) {
	t.Helper()
	if n.Show == nil || n.Show.Step != login.StepChoose || n.Show.StepUp != why {
		t.Fatalf("%s: not the chooser of a step-up for %q: %+v", what, why, n.Show)
	}
	var ids []hub.ProviderID
	for _, c := range n.Show.Choices {
		ids = append(ids, c.ID)
	}
	if fmt.Sprint(ids) != offers {
		t.Errorf("%s: offered %v, want %s", what, ids, offers)
	}
}

// Step-up: only what is missing, at a provider that can reach it; the session stays with its id, its key and its other participants;
// each system is answered with the level, and the time, at which it was reached.
func TestStepUp_TheSessionStaysAndKnowsBothLevels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withKey()
	b := w.browser()
	n := b.answered(b.choose(b.begin(login.Request{System: tax}), thaid), w.somchai(thaid))
	first, before := *n.Done, b.b.Session
	w.clock.Add(10 * time.Minute)

	strong := hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}
	n = b.begin(login.Request{System: health, Want: strong})
	wantStepUp(t, "item page", n, login.StepUpLevel, "[key]")
	if e := w.last(); e.Kind != "login.started" || e.Reason != "step_up" || e.Account != first.Session.Account || e.Session != first.Session.ID {
		t.Errorf("event %+v", e)
	}
	n = b.answered(b.choose(n, key), w.person(key, somchai, strong))
	if n.Done == nil || n.Done.Session.ID != first.Session.ID || n.Done.Key != first.Key || !n.Done.SignedIn || b.b.Session == before {
		t.Fatalf("raised: %+v", n.Done)
	}
	if s := n.Done.Session; s.Level != strong || s.Provider != key || !s.AuthTime.Equal(w.clock.Now()) || n.SessionAAL != hub.AAL22 {
		t.Errorf("answered with %v of %s", s.Level, s.Provider)
	}
	ps, _ := w.mem.Sessions().Participants(w.ctx, first.Session.ID)
	if len(ps) != 2 || ps[0].System != tax || ps[1].System != health {
		t.Errorf("participants %+v", ps)
	}

	w.clock.Add(time.Minute) // both levels answer from now on, each with its own time
	n = b.begin(login.Request{System: tax, Passive: true})
	if n.Done.Failure != "" || n.Done.Session.Level != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}) || n.Done.Session.Provider != thaid ||
		!n.Done.Session.AuthTime.Equal(first.Session.AuthTime) {
		t.Errorf("the first system: %+v", n.Done)
	}
	if e := w.last(); e.Kind != "login.resumed" || e.Level != n.Done.Session.Level || e.Provider != thaid {
		t.Errorf("event %+v", e)
	}
	n = b.begin(login.Request{System: health, Want: strong, Passive: true})
	if n.Done.Failure != "" || n.Done.Session.Level != strong || n.Done.Session.Provider != key {
		t.Errorf("the item page again: %+v", n.Done)
	}
	// Nothing is added up: 2.3 of the one and 2.2 of the other do not make 2.3 with 2.2.
	wantFailure(t, "added up", b.begin(login.Request{System: tax, Want: strong}), hub.LevelUnmet)
	// A greatest age counts for the authentication that answers.
	wantFailure(t, "older than asked", b.begin(login.Request{System: tax, MaxAge: minutes(10), Passive: true}), hub.Unauthenticated)
	if n = b.begin(login.Request{System: health, MaxAge: minutes(10), Passive: true}); n.Done.Failure != "" || n.Done.Session.Provider != key {
		t.Errorf("young enough: %+v", n.Done)
	}
}

// Another person's answer is refused and recorded, and never replaces the one who is signed in: whether the hub knows them or not, and
// whatever the reason of the step-up.
func TestStepUp_AnotherPersonIsRefusedAndNeverReplaces(t *testing.T) {
	t.Parallel()
	high := hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	for name, c := range map[string]struct {
		req    login.Request
		wait   time.Duration
		known  bool
		who    func(w *world) hub.Identity
		reason string
		why    login.StepUp
	}{
		"level, known":       {login.Request{System: tax}, 0, true, func(w *world) hub.Identity { return w.person(thaid, malee, high) }, "other_person", login.StepUpLevel},
		"level, a stranger":  {login.Request{System: tax}, 0, false, func(w *world) hub.Identity { return w.person(thaid, malee, high) }, "unrecognised", login.StepUpLevel},
		"forced":             {login.Request{System: health, Force: true}, 0, true, func(w *world) hub.Identity { return w.malee(bank) }, "other_person", login.StepUpFresh},
		"too old":            {login.Request{System: health, MaxAge: minutes(5)}, 6 * time.Minute, true, func(w *world) hub.Identity { return w.malee(bank) }, "other_person", login.StepUpFresh},
		"hinted, a stranger": {login.Request{System: tax, ProviderHint: thaid}, 0, false, func(w *world) hub.Identity { return w.person(thaid, malee, high) }, "unrecognised", ""},
		"nobody by name": {login.Request{System: tax}, 0, false, func(w *world) hub.Identity {
			id := w.person(thaid, somchai, high)
			id.Person = hub.PersonNumber{} // nothing shows who it is
			return id
		}, "unrecognised", login.StepUpLevel},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.known {
				w.browser().signIn(health, w.malee(bank))
			}
			b := w.browser()
			first := b.signIn(health, w.somchai(bank))
			before := b.b.Session
			accounts, links := w.mem.Accounts()
			sessions := len(w.mem.LiveSessions())
			w.clock.Add(c.wait)
			n := b.begin(c.req)
			if c.why != "" {
				if n.Show == nil || n.Show.StepUp != c.why {
					t.Fatalf("%+v", n.Show)
				}
				n = b.choose(n, c.who(w).Provider)
			}
			provider := c.who(w).Provider
			for i := 1; ; i++ {
				next := b.answered(n, c.who(w))
				e := w.last()
				if i == 5 {
					wantFailure(t, "again and again", next, hub.TooMany)
					break
				}
				wantChooser(t, "somebody else", next, hub.Conflict, provider)
				if next.Show.StepUp == "" || next.Session != nil {
					t.Fatal("no way on, or a cookie")
				}
				if e.Kind != "login.refused" || e.Outcome != audit.Refusal || e.Reason != c.reason || e.Account != first.Session.Account ||
					e.Session != first.Session.ID || e.Provider != provider {
					t.Errorf("event %+v", e)
				}
				n = b.choose(next, provider)
			}
			if a, l := w.mem.Accounts(); a != accounts || l != links {
				t.Error("an account or a link of it")
			}
			if got, _, err := w.sessions.Resume(w.ctx, before); err != nil || got.ID != first.Session.ID || len(w.mem.LiveSessions()) != sessions {
				t.Errorf("the session of who was signed in: %v", err)
			}
			if w.count("session.raised", "") != 0 {
				t.Error("raised")
			}
		})
	}
}

// Who is somebody else says so: the session that was to be raised ends for everybody, and whoever authenticates then is welcome.
func TestStepUp_AnewSignsOutAndWelcomesAnybody(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(b tab, n login.Next) login.Next{
		"from the chooser":     func(_ tab, n login.Next) login.Next { return n },
		"back from a provider": func(b tab, n login.Next) login.Next { return b.choose(n, thaid) },
		"after a wrong answer": func(b tab, n login.Next) login.Next { return b.answered(b.choose(n, thaid), b.w.malee(thaid)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.browser()
			first := b.signIn(health, w.somchai(bank))
			n := at(b, b.begin(login.Request{System: tax}))
			n = b.took(w.Anew(w.ctx, n.Transaction, *b.b))
			wantChooser(t, "anew", n, "", "")
			if n.Show.StepUp != "" || !n.SignedOut {
				t.Fatalf("still a step-up: %+v", n)
			}
			if s, _ := w.sessions.Get(w.ctx, first.Session.ID); s.EndReason != session.EndedByPerson || s.Vault != nil {
				t.Errorf("the session: %q", s.EndReason)
			}
			if w.count("login.anew", "") != 1 {
				t.Error("not recorded")
			}
			n = b.took(w.Anew(w.ctx, n.Transaction, *b.b)) // once more does nothing
			if n.SignedOut || w.count("login.anew", "") != 1 {
				t.Error("twice")
			}
			n = b.choose(n, thaid)
			if asks := w.fed.Asks(); !asks[len(asks)-1].Fresh {
				t.Error("the provider would send the first one back unasked")
			}
			n = b.answered(n, w.malee(thaid))
			if n.Done == nil || n.Done.Failure != "" || n.Done.Session.Account == first.Session.Account || n.Done.Session.ID == first.Session.ID {
				t.Fatalf("the other one: %+v", n.Done)
			}
			if len(w.mem.LiveSessions()) != 1 {
				t.Error("not one session")
			}
		})
	}
	w := newWorld(t) // it is only for who is asked for: an ordinary login knows no such thing
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), bank)
	b.took(w.Anew(w.ctx, n.Transaction, *b.b))
	if n = b.answered(n, w.somchai(bank)); n.Done == nil {
		t.Error("an answer under way was lost")
	}
}

// What is no step-up: a session that has lapsed, a wish to choose who to be, a system that asks for somebody else.
func TestStepUp_OnlyOfASessionInForce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		wait time.Duration
		req  login.Request
		end  session.EndReason
	}{
		"lapsed":   {31 * time.Minute, login.Request{System: tax}, session.EndedByOther},
		"selected": {0, login.Request{System: tax, SelectAccount: true}, session.EndedByOther},
	} {
		w := newWorld(t)
		b := w.browser()
		first := b.signIn(health, w.somchai(bank))
		w.clock.Add(c.wait)
		n := b.begin(c.req)
		wantChooser(t, name, n, "", "")
		if n.Show.StepUp != "" {
			t.Errorf("%s: a step-up", name)
		}
		if n = b.answered(b.choose(n, thaid), w.malee(thaid)); n.Done == nil || n.Done.Failure != "" {
			t.Fatalf("%s: %+v", name, n)
		}
		if s, _ := w.sessions.Get(w.ctx, first.Session.ID); s.EndReason != c.end {
			t.Errorf("%s: %q", name, s.EndReason)
		}
	}
	w := newWorld(t)
	other := w.browser().signIn(health, w.malee(bank))
	b := w.browser()
	b.signIn(health, w.somchai(bank))
	n := b.begin(login.Request{System: tax, Account: other.Session.Account})
	if n.Show.StepUp != "" {
		t.Error("asked for somebody else, and a step-up")
	}
	if n = b.answered(b.choose(n, thaid), w.malee(thaid)); n.Done == nil || n.Done.Session.Account != other.Session.Account {
		t.Errorf("%+v", n)
	}
	// Passive: nothing is shown, nothing is touched.
	wantFailure(t, "passive", b.begin(login.Request{System: defence, Passive: true}), hub.Unauthenticated)
}

// Two tabs: the session goes, or gives way, while a step-up is under way. The step-up stays that of its person.
func TestStepUp_TheSessionGoesMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	first := b.signIn(health, w.somchai(bank))
	n := b.begin(login.Request{System: tax})
	if _, err := w.sessions.End(w.ctx, first.Session.ID, session.Cause{Reason: session.EndedByPerson}); err != nil {
		t.Fatal(err)
	}
	wantStepUp(t, "signed out", b.show(n), login.StepUpEnded, "[thaid]")
	wantChooser(t, "somebody else", b.answered(b.choose(n, thaid), w.malee(thaid)), hub.Conflict, thaid)
	done := b.answered(b.choose(n, thaid), w.somchai(thaid))
	if done.Done == nil || done.Done.Session.ID == first.Session.ID || done.Done.Session.Account != first.Session.Account {
		t.Fatalf("the same person: %+v", done.Done)
	}

	n = b.begin(login.Request{System: health, Force: true})
	out := b.answered(b.choose(b.begin(login.Request{System: tax, SelectAccount: true}), thaid), w.malee(thaid))
	if out.Done == nil {
		t.Fatal("the other tab")
	}
	wantStepUp(t, "somebody else is here", b.show(n), login.StepUpEnded, "[thaid bank]")
	m := b.begin(login.Request{System: tax}) // an ordinary login goes on as who is there
	if m.Done == nil || m.Done.Session.ID != out.Done.Session.ID {
		t.Errorf("%+v", m.Done)
	}
	n = b.took(w.Anew(w.ctx, n.Transaction, *b.b))
	if n.SignedOut || len(w.mem.LiveSessions()) != 1 {
		t.Error("the one who is there now was signed out")
	}
}

// A consent page of a step-up counts for its person only, and a further raise in another tab does not harm it.
func TestStepUp_ConsentInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	first := b.signIn(health, w.somchai(bank))
	page := b.answered(b.choose(b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName}}), thaid), w.somchai(thaid))
	if page.Show == nil || page.Show.Consent == nil {
		t.Fatalf("%+v", page)
	}
	b.answered(b.choose(b.begin(login.Request{System: health, Force: true}), bank), w.somchai(bank))
	n := b.consent(page, "family_name/return")
	if n.Done == nil || n.Done.Failure != "" || n.Done.Session.ID != first.Session.ID || n.Done.Session.Provider != thaid ||
		n.Done.Session.Level != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}) {
		t.Fatalf("%+v", n.Done)
	}
}

// LOA-06 in step-up: once a session knows a higher identity, a lower service gets it with the person's word only, whichever
// authentication answers; what was agreed to before holds.
func TestLOA06_StepUpAsksBeforeALowerServiceIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fed.Offers(
		login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}}, login.Choice{ID: bank, Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		login.Choice{ID: app, Ceiling: hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}},
	)
	b := w.browser()
	basic := w.person(thaid, somchai, hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}) // the same provider can say less
	if n := b.answered(b.choose(b.begin(login.Request{System: library}), thaid), basic); n.Done == nil {
		t.Fatal("asked about an IAL1 identity")
	}
	n := b.begin(login.Request{System: tax})
	wantStepUp(t, "tax", n, login.StepUpLevel, "[thaid]")
	full := w.somchai(thaid)
	if n = b.answered(b.choose(n, thaid), full); n.Done == nil || n.Done.Failure != "" {
		t.Fatalf("raised: %+v", n)
	}
	n = b.begin(login.Request{System: library})
	if n.Show == nil || n.Show.Consent == nil || !n.Show.Consent.Higher || n.Show.Consent.Have.IAL != hub.IAL23 {
		t.Fatalf("the lower service: %+v", n)
	}
	if n = b.consent(n, "/higher-identity"); n.Done == nil || n.Done.Failure != "" {
		t.Fatalf("%+v", n.Done)
	}
	if n = b.begin(login.Request{System: library, Passive: true}); n.Done.Failure != "" {
		t.Error("asked twice")
	}
	w.clock.Add(time.Minute)
	n = b.begin(login.Request{System: "draft"})
	wantFailure(t, "draft", n, hub.Suspended)
	// A lower authentication on top hides nothing: a further lower service is asked for as well.
	w.dir.Put(login.System{ID: "museum", Live: true})
	n = b.answered(b.choose(b.begin(login.Request{System: "museum", Force: true}), thaid), w.person(thaid, somchai, basic.Level))
	if n.Show == nil || n.Show.Consent == nil || !n.Show.Consent.Higher {
		t.Errorf("the session knows a higher identity: %+v", n)
	}
}

// AUD-09: a level that the account never had is noted for the person once; what it had before, and its first one, is not.
func TestAUD09_ARaiseIsNotedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withKey()
	b := w.browser()
	first := b.signIn(health, w.somchai(bank))
	if len(w.mem.Raises()) != 0 {
		t.Fatal("the first level is no raise")
	}
	for range 2 {
		b.answered(b.choose(b.begin(login.Request{System: tax, Force: true}), thaid), w.somchai(thaid))
	}
	b.answered(b.choose(b.begin(login.Request{System: health, Want: hub.Level{AAL: hub.AAL22}}), key), w.person(key, somchai, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}))
	got := w.mem.Raises()
	if len(got) != 2 || got[0].Account != first.Session.Account || got[0].Provider != thaid || got[0].Channel != "web" ||
		got[0].Level != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}) || got[1].Level != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}) {
		t.Errorf("notices %+v", got)
	}
	if w.count("account.level_raised", "") != 2 {
		t.Error("not in the record")
	}
}

// LIF-06: an authentication of a provider that may not vouch any more counts for nothing; the others do.
func TestLIF06_OneOfTwoProvidersGoesOutOfService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(health, w.somchai(bank))
	b.answered(b.choose(b.begin(login.Request{System: tax}), thaid), w.somchai(thaid))
	old := w.somchai(bank)
	old.AuthTime = w.clock.Now().Add(time.Second)
	w.clock.Add(2 * time.Second)
	b.answered(b.choose(b.begin(login.Request{System: health, Force: true}), bank), old)
	w.fed.Offers(login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}})
	if n := b.begin(login.Request{System: health, Passive: true}); n.Done.Failure != "" || n.Done.Session.Provider != thaid {
		t.Errorf("the other one does not answer: %+v", n.Done)
	}
	w.fed.Offers(login.Choice{ID: bank, Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}})
	wantFailure(t, "nobody for tax", b.begin(login.Request{System: tax}), hub.LevelUnmet)
	if n := b.begin(login.Request{System: health, Passive: true}); n.Done.Failure != "" || n.Done.Session.Provider != bank {
		t.Errorf("%+v", n.Done)
	}
}

// The account behind a step-up is suspended while the person is at the provider.
func TestLIF02_StepUpOfASuspendedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	first := b.signIn(health, w.somchai(bank))
	n := b.choose(b.begin(login.Request{System: tax}), thaid)
	w.mem.SetStatus(first.Session.Account, account.Suspended, "reported-lost")
	n = b.answered(n, w.somchai(thaid))
	if n.Show == nil || n.Show.Problem != hub.Suspended || n.Session != nil || len(w.mem.LiveSessions()) != 0 {
		t.Errorf("%+v", n)
	}
}
