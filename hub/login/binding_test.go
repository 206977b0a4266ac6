package login_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
)

// Login CSRF: nothing of a transaction works in another browser, with the same words as for one that does not exist.
func TestCSRF_NothingWorksInAnotherBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attacker, victim := w.browser(), w.browser()
	n := attacker.choose(attacker.begin(login.Request{System: health}), bank)
	if _, err := victim.answer(n, bank, w.malee(bank), nil); !errors.Is(err, hub.NotFound) {
		t.Errorf("the attacker's answer in the victim's browser: %v", err)
	}
	if len(w.mem.LiveSessions()) != 0 {
		t.Fatal("signed in")
	}
	for name, call := range map[string]func(id hub.TransactionID, b login.Browser) error{
		"show":   func(id hub.TransactionID, b login.Browser) error { _, err := w.Show(w.ctx, id, b); return err },
		"choose": func(id hub.TransactionID, b login.Browser) error { _, err := w.Choose(w.ctx, id, bank, b); return err },
		"cancel": func(id hub.TransactionID, b login.Browser) error { _, err := w.Cancel(w.ctx, id, b); return err },
		"consent": func(id hub.TransactionID, b login.Browser) error {
			_, err := w.Consent(w.ctx, id, login.ConsentAnswer{}, b)
			return err
		},
		"answer": func(id hub.TransactionID, b login.Browser) error {
			_, err := w.Answer(w.ctx, bank, map[string]string{"state": string(id) + ".x"}, b)
			return err
		},
	} {
		wantKind(t, name+" in another browser", call(n.Transaction, *victim.b), hub.NotFound)
		wantKind(t, name+" without binding", call(n.Transaction, login.Browser{}), hub.NotFound)
		wantKind(t, name+" of nothing", call(hub.TransactionID(hub.NewID(rand.Reader)), *attacker.b), hub.NotFound)
		wantKind(t, name+" of no id", call("../../etc", *attacker.b), hub.NotFound)
	}
	if n = attacker.answered(n, w.malee(bank)); n.Done == nil {
		t.Error("the right browser no longer gets through")
	}
}

// EXC-01: two logins under way, answers swapped between them, between providers, or to an earlier question.
func TestEXC01_SwappedAnswersOpenNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	one := b.choose(b.begin(login.Request{System: health}), bank)
	two := b.choose(b.begin(login.Request{System: health}), thaid)
	swap := func(state, with string) string {
		id, _, _ := strings.Cut(state, ".")
		_, random, _ := strings.Cut(with, ".")
		return id + "." + random
	}
	s1, s2 := logintest.StateOf(one.Redirect), logintest.StateOf(two.Redirect)
	w.fed.Says("code", w.somchai(bank), nil)
	for name, c := range map[string]struct {
		provider hub.ProviderID
		state    string
	}{
		"other provider":     {thaid, s1},
		"unknown provider":   {"nobody", s1},
		"state of the other": {bank, swap(s1, s2)},
		"half a state":       {bank, s1[:len(s1)-1]},
		"state made longer":  {bank, s1 + "A"},
		"empty second half":  {bank, swap(s1, ".")},
	} {
		n := b.took(w.Answer(w.ctx, c.provider, map[string]string{"state": c.state, "code": "code"}, *b.b))
		wantChooser(t, name, n, hub.Refused, "")
		if e := w.last(); e.Kind != "login.refused" || e.Reason != "state_mismatch" || e.Provider != "" {
			t.Errorf("%s: event %+v", name, e)
		}
	}
	for _, params := range []map[string]string{nil, {"code": "code"}, {"state": ""}, {"state": "abc", "code": "code"}} {
		_, err := w.Answer(w.ctx, bank, params, *b.b)
		wantKind(t, "no state", err, hub.Invalid)
	}
	if len(w.mem.LiveSessions()) != 0 {
		t.Fatal("signed in")
	}
	// Both are still welcome, each in its place.
	if n := b.answered(two, w.somchai(thaid)); n.Done == nil || n.Transaction != two.Transaction {
		t.Errorf("second: %+v", n)
	}
	if n := b.answered(one, w.somchai(bank)); n.Done == nil || n.Transaction != one.Transaction {
		t.Errorf("first: %+v", n)
	}
	if len(w.mem.LiveSessions()) != 1 {
		t.Error("one browser, two sessions")
	}
}

// A person who went back and picked another provider: the earlier answer is stale, the later one counts.
func TestEXC01_AnAnswerToAnEarlierQuestionIsStale(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.begin(login.Request{System: health})
	earlier := b.choose(n, bank)
	again := b.show(n)
	wantChooser(t, "back at the chooser", again, "", "")
	later := b.choose(n, bank)
	stale := b.answered(earlier, w.somchai(bank))
	wantChooser(t, "stale", stale, hub.Refused, "")
	if n = b.answered(later, w.somchai(bank)); n.Done == nil {
		t.Errorf("%+v", n)
	}
}

// The identity must be of the provider that was asked: a registry that mixes up two of them opens nothing.
func TestInvariant7_IdentityOfAnotherProviderOpensNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), bank)
	n = b.took(b.answer(n, bank, w.somchai(thaid), nil))
	wantChooser(t, "mixed up", n, hub.Refused, bank)
	if len(w.mem.LiveSessions()) != 0 {
		t.Error("signed in")
	}
}

// Invariant 6: an answer counts once. Whoever is second while the first is at it waits; afterwards it is over.
func TestInvariant6_AnAnswerCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), bank)
	w.fed.Says("code", w.somchai(bank), nil)
	params := map[string]string{"state": logintest.StateOf(n.Redirect), "code": "code"}
	const many = 8
	inside, goOn := make(chan struct{}, many), make(chan struct{})
	w.fed.Finishing = func() { inside <- struct{}{}; <-goOn }
	firstDone := make(chan login.Next)
	go func() {
		next, err := w.Answer(w.ctx, bank, params, *b.b)
		if err != nil {
			t.Error(err)
		}
		firstDone <- next
	}()
	<-inside
	var wg sync.WaitGroup
	for range many {
		wg.Go(func() {
			next, err := w.Answer(w.ctx, bank, params, *b.b)
			if err != nil || next.Show == nil || next.Show.Step != login.StepFinishing || next.Show.Provider.ID != bank || next.Session != nil {
				t.Errorf("second: %+v, %v", next, err)
			}
		})
	}
	wg.Wait()
	waiting, err := w.Show(w.ctx, n.Transaction, *b.b)
	if err != nil || waiting.Show == nil || waiting.Show.Step != login.StepFinishing {
		t.Errorf("reload: %+v, %v", waiting, err)
	}
	close(goOn)
	if first := b.took(<-firstDone, nil); first.Done == nil || first.Done.Failure != "" {
		t.Fatalf("first: %+v", first)
	}
	_, err = w.Answer(w.ctx, bank, params, *b.b)
	wantKind(t, "afterwards", err, hub.Consumed)
	_, err = w.Show(w.ctx, n.Transaction, *b.b)
	wantKind(t, "reload afterwards", err, hub.Consumed)
	if w.count("login.succeeded", "") != 1 || w.count("session.started", "") != 1 {
		t.Error("not once")
	}
}

// Invariant 6: of many consents posted at once one is Done.
func TestInvariant6_ATransactionIsDoneOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.answered(b.choose(b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName}}), thaid), w.somchai(thaid))
	var mu sync.Mutex
	done := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			next, err := w.Consent(w.ctx, n.Transaction, login.ConsentAnswer{Accept: true, Given: []string{"family_name/return"}}, *b.b)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && next.Done != nil && next.Done.Failure == "":
				done++
			case !errors.Is(err, hub.Consumed):
				t.Errorf("%+v, %v", next, err)
			}
		})
	}
	wg.Wait()
	if done != 1 || w.count("consent.given", "") != 1 || w.count("login.succeeded", "") != 1 {
		t.Errorf("done %d times", done)
	}
}

// Two tabs: a login in one lets the other go on; each tab ends once, and there is one session.
func TestTwoTabs_OneLoginServesBoth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	left, right := b.begin(login.Request{System: health}), b.begin(login.Request{System: health})
	sent := b.choose(right, bank)
	if n := b.answered(b.choose(left, bank), w.somchai(bank)); n.Done == nil {
		t.Fatalf("left: %+v", n)
	}
	if n := b.show(right); n.Done == nil || n.Done.SignedIn {
		t.Fatalf("right: %+v", n)
	}
	_, err := b.answer(sent, bank, w.somchai(bank), nil)
	wantKind(t, "the right one's late answer", err, hub.Consumed)
	if len(w.mem.LiveSessions()) != 1 {
		t.Error("not one session")
	}
}

// Two tabs: somebody else signs in in one while the other shows the first one's consent page. The answer is nobody's.
func TestTwoTabs_ConsentOfSomebodyWhoIsNoLongerThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	page := b.answered(b.choose(b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName}}), thaid), w.somchai(thaid))
	b.answered(b.choose(b.begin(login.Request{System: health, SelectAccount: true}), thaid), w.malee(thaid))
	n := b.consent(page, "family_name/return")
	wantChooser(t, "consent", n, hub.Expired, "")
	if w.count("consent.given", "") != 0 {
		t.Error("consent was recorded for somebody else")
	}
	if n = b.show(page); n.Show == nil || n.Show.Consent == nil {
		t.Fatalf("going on as the one who is there: %+v", n)
	}
	n = b.consent(n, "family_name/return")
	if n.Done == nil || n.Done.SignedIn {
		t.Errorf("%+v", n.Done)
	}
}

// Two tabs finish at the same moment: the later one's session secret is already worth nothing. It is not signed in over the first.
func TestTwoTabs_FinishingAtTheSameMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	b.signIn(health, w.somchai(bank))
	left := b.choose(b.begin(login.Request{System: health, Force: true}), bank)
	right := b.choose(b.begin(login.Request{System: health, Force: true}), bank)
	old := *b.b
	late := tab{w, &old}
	once := sync.OnceFunc(func() {
		w.fed.Finishing = nil
		b.answered(left, w.somchai(bank))
	})
	w.fed.Finishing = once
	n := late.took(late.answer(right, bank, w.somchai(bank), nil))
	wantChooser(t, "late", n, hub.Expired, bank)
	if len(w.mem.LiveSessions()) != 1 || w.count("session.raised", "") != 1 {
		t.Error("not one session, raised once")
	}
	if n = b.answered(b.choose(right, bank), w.somchai(bank)); n.Done == nil {
		t.Errorf("no way on: %+v", n)
	}
}

// The person cancels, or goes elsewhere, while the provider is slow: then nobody is signed in by the late answer.
func TestFinishing_CancelledMeanwhileSignsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), bank)
	w.fed.Finishing = func() {
		w.fed.Finishing = nil
		b.took(w.Cancel(w.ctx, n.Transaction, *b.b))
	}
	_, err := b.answer(n, bank, w.somchai(bank), nil)
	wantKind(t, "cancelled", err, hub.Consumed)

	n = b.choose(b.begin(login.Request{System: health}), bank)
	w.fed.Finishing = func() {
		w.fed.Finishing = nil
		b.choose(n, thaid)
	}
	next := b.took(b.answer(n, bank, w.somchai(bank), nil))
	wantChooser(t, "went elsewhere", next, "", "")
	if len(w.mem.LiveSessions()) != 0 || w.count("login.succeeded", "") != 0 {
		t.Error("signed in")
	}
}

// The browser goes away in the middle: nobody is signed in, and the transaction is not stuck.
func TestFinishing_BrowserGoneLeavesAWayOn(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		w := newWorld(t)
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: health}), bank)
		ctx, cancel := context.WithCancel(w.ctx)
		if late { // after the provider answered, before anything is written
			w.mem.Fail = func(op string) error {
				if op == "session.create" {
					cancel()
					return hub.E("test", hub.Unavailable, ctx.Err())
				}
				return nil
			}
		} else {
			w.fed.Finishing = cancel
		}
		w.fed.Says("code", w.somchai(bank), nil)
		_, err := w.Answer(ctx, bank, map[string]string{"state": logintest.StateOf(n.Redirect), "code": "code"}, *b.b)
		wantKind(t, "gone", err, hub.Unavailable)
		w.mem.Fail, w.fed.Finishing = nil, nil
		if len(w.mem.LiveSessions()) != 0 {
			t.Error("a session nobody holds")
		}
		wantChooser(t, "back", b.show(n), "", "")
		if n = b.answered(b.choose(n, bank), w.somchai(bank)); n.Done == nil {
			t.Error("no way on")
		}
	}
}

// D5: whichever write of a step fails, nothing of the step stands, and the person can try again.
func TestD5_AStepStandsOrFallsAsAWhole(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"session.create", "session.join", "login.advance", "audit"} {
		w := newWorld(t)
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: health}), bank)
		w.fed.Says("code", w.somchai(bank), nil)
		if _, _, err := w.accounts.Resolve(w.ctx, w.somchai(bank), account.Visit{}); err != nil { // so that the account is no part of it
			t.Fatal(err)
		}
		claimed := false
		w.mem.Fail = func(o string) error {
			if o == "login.advance" && !claimed { // the claim of the answer
				claimed = true
				return nil
			}
			if o == op {
				return hub.Errorf("test", hub.Unavailable, "no")
			}
			return nil
		}
		_, err := w.Answer(w.ctx, bank, map[string]string{"state": logintest.StateOf(n.Redirect), "code": "code"}, *b.b)
		wantKind(t, op, err, hub.Unavailable)
		w.mem.Fail = nil
		if len(w.mem.LiveSessions()) != 0 || w.count("session.started", "") != 0 || w.count("login.succeeded", "") != 0 {
			t.Errorf("%s: something stands", op)
		}
		if n = b.answered(b.choose(n, bank), w.somchai(bank)); n.Done == nil {
			t.Errorf("%s: no way on", op)
		}
	}
	for _, op := range []string{"login.create", "audit"} {
		w := newWorld(t)
		w.mem.Fail = func(o string) error {
			if o == op {
				return hub.Errorf("test", hub.Unavailable, "no")
			}
			return nil
		}
		b := w.browser()
		_, err := w.Begin(w.ctx, login.Request{Protocol: "oidc", System: health}, *b.b)
		wantKind(t, "begin", err, hub.Unavailable)
		if len(w.mem.Logins()) != 0 || len(w.mem.Events()) != 0 {
			t.Error("something stands")
		}
	}
}

// A reload of the way back is calm: it shows where the login stands, and counts for nothing.
func TestAnswer_ReloadShowsWhereTheLoginStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName}}), thaid)
	b.took(b.answer(n, thaid, hub.Identity{}, hub.E("test", hub.Denied, nil)))
	seen := len(w.mem.Events())
	wantChooser(t, "reload after a no", b.answered(n, w.somchai(thaid)), "", "")
	n = b.choose(n, thaid)
	b.answered(n, w.somchai(thaid))
	if again := b.answered(n, w.somchai(thaid)); again.Show == nil || again.Show.Consent == nil || again.Session != nil {
		t.Errorf("reload at consent: %+v", again)
	}
	for _, e := range w.mem.Events()[seen:] {
		if e.Kind == "login.refused" {
			t.Errorf("a reload was refused: %+v", e)
		}
	}
	if w.count("session.started", "") != 1 {
		t.Error("not one session")
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add("bank", "", "")
	f.Add("bank", "abc.def", "code")
	f.Add("thaid", strings.Repeat("a", 26)+"."+strings.Repeat("b", 43), "code")
	f.Add("", ".", "")
	f.Fuzz(func(t *testing.T, provider, state, code string) {
		w := newWorld(t)
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: health}), bank)
		w.fed.Says(code, w.somchai(bank), nil)
		for _, s := range []string{state, string(n.Transaction) + "." + state} {
			next, err := w.Answer(w.ctx, hub.ProviderID(provider), map[string]string{"state": s, "code": code}, *b.b)
			if next.Session != nil || next.Done != nil || len(w.mem.LiveSessions()) != 0 {
				t.Fatal("signed in by a made-up state")
			}
			if err == nil && next.Show == nil {
				t.Fatal("neither an error nor a page")
			}
		}
	})
}
