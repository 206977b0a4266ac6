package login_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
	"onedoor/hub/sqldb"
)

const ndid = hub.ProviderID("ndid") // up to 2.3 / 2.2, without pages of its own

func (w *world) withNDID() {
	w.fed.Prompts = map[hub.ProviderID]bool{ndid: true}
	offered, _ := w.fed.Offer(w.ctx, hub.Level{})
	w.fed.Offers(append(offered, login.Choice{ID: ndid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}})...)
}

func (w *world) byNDID(number string) hub.Identity {
	return w.person(ndid, number, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22})
}

func typed(number string) map[string]string { return map[string]string{"number": number, "idp": "a"} }

func (b tab) submit(n login.Next, number string) login.Next {
	b.w.t.Helper()
	return b.took(b.w.Submit(b.w.ctx, n.Transaction, typed(number), *b.b))
}

// waiting goes as far as the waiting page.
func (b tab) waiting(system hub.SystemID, number string) login.Next {
	b.w.t.Helper()
	n := b.submit(b.choose(b.begin(login.Request{System: system}), ndid), number)
	wantStep(b.w.t, "submitted", n, login.StepWait)
	return n
}

func wantStep(t *testing.T, what string, n login.Next, step login.Step) {
	t.Helper()
	if n.Show == nil || n.Show.Step != step {
		t.Fatalf("%s: not at %s: %+v, %+v", what, step, n.Show, n.Done)
	}
	if (step == login.StepInput) != (n.Show.Prompt != nil) || (step == login.StepWait) != (n.Show.Wait != nil) {
		t.Errorf("%s: shows %+v", what, n.Show)
	}
}

func ndidWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.withNDID()
	return w
}

func TestAPersonTypesWaitsAndIsIn(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), ndid)
	wantStep(t, "chosen", n, login.StepInput)
	if n.Show.Provider == nil || n.Show.Provider.ID != ndid || len(n.Show.Prompt.Fields) != 2 {
		t.Errorf("the page: %+v", n.Show)
	}
	again := b.show(n)
	if !reflect.DeepEqual(again.Show.Prompt, n.Show.Prompt) {
		t.Error("a reload shows another page")
	}
	n = b.submit(n, "wrong")
	wantStep(t, "a wrong number", n, login.StepInput)
	if n.Show.Prompt.Fields[0].Problem != hub.Invalid || b.show(n).Show.Prompt.Fields[0].Problem != hub.Invalid {
		t.Error("nobody says that the number is wrong")
	}
	n = b.submit(n, "x-1")
	for range 3 {
		wantStep(t, "waiting", n, login.StepWait)
		if n.Show.Wait.Code != logintest.Code || n.Show.Wait.Names["en"] != "a" || n.Show.Problem != "" || n.Show.Wait.Until.IsZero() {
			t.Errorf("the waiting page: %+v", n.Show.Wait)
		}
		n = b.show(n)
	}
	ask := w.fed.Asks()[0]
	if ask.Until.IsZero() || ask.Transaction != n.Transaction {
		t.Errorf("asked %+v", ask)
	}
	w.fed.Says("x-1", w.byNDID(somchai), nil)
	n = b.show(n)
	if n.Show != nil && n.Show.Consent != nil {
		t.Fatal("health asks nothing")
	}
	if n.Done == nil || n.Done.Failure != "" || !n.Done.SignedIn || n.Done.Session.Provider != ndid || n.Session == nil {
		t.Fatalf("%+v", n.Done)
	}
	if len(w.fed.Abandoned()) != 0 || w.count("login.provider_asked", "") != 1 || w.count("login.succeeded", "") != 1 {
		t.Errorf("abandoned %v; %d asked", w.fed.Abandoned(), w.count("login.provider_asked", ""))
	}
	_, err := w.Show(w.ctx, n.Transaction, *b.b)
	wantKind(t, "afterwards", err, hub.Consumed)
}

// Invariant 2: what was typed is nowhere but in the sealed part of the transaction, and gone with it.
func TestInvariant2_WhatIsTypedIsSealed(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b := w.browser()
	n := b.waiting(health, somchai)
	check := func(what string) {
		t.Helper()
		if text := fmt.Sprintf("%#v %+v", w.mem.Logins()[n.Transaction], w.mem.Events()) + string(w.mem.Logins()[n.Transaction].Private) + w.log.String(); strings.Contains(text, somchai) {
			t.Errorf("%s: the number is in the clear", what)
		}
	}
	check("waiting")
	w.fed.Says(somchai, hub.Identity{}, hub.E("x", hub.Denied, nil))
	wantChooser(t, "said no", b.show(n), hub.Denied, ndid)
	check("said no")
	if len(w.mem.Logins()[n.Transaction].Private) != 0 {
		t.Error("something is kept")
	}
}

func TestSES22_OtherBrowsersNeitherTypeNorWait(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b, thief := w.browser(), w.browser()
	n := b.choose(b.begin(login.Request{System: health}), ndid)
	_, err := w.Submit(w.ctx, n.Transaction, typed("x"), *thief.b)
	wantKind(t, "typing in another's", err, hub.NotFound)
	n = b.submit(n, "x")
	w.fed.Says("x", w.byNDID(somchai), nil)
	for name, call := range map[string]func() (login.Next, error){
		"show": func() (login.Next, error) { return w.Show(w.ctx, n.Transaction, *thief.b) },
		"back": func() (login.Next, error) { return w.Back(w.ctx, n.Transaction, *thief.b) },
		"answer": func() (login.Next, error) {
			return w.Answer(w.ctx, ndid, map[string]string{"state": w.mem.Logins()[n.Transaction].State}, *thief.b)
		},
	} {
		next, err := call()
		if !errors.Is(err, hub.NotFound) || next.Session != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The callback of providers with pages ends no wait, whoever knows the state.
	w.fed.Polling = func() error { return hub.E("x", hub.Unavailable, nil) }
	got := b.took(w.Answer(w.ctx, ndid, map[string]string{"state": w.mem.Logins()[n.Transaction].State, "code": "x"}, *b.b))
	wantStep(t, "a forged callback", got, login.StepWait)
	w.fed.Polling = nil
	if n = b.show(n); n.Done == nil {
		t.Error("the right one is not in")
	}
}

func TestFieldsThatNoPageHadAreRefused(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), ndid)
	for name, fields := range map[string]map[string]string{
		"none": {}, "one missing": {"number": "x"}, "one more": {"number": "x", "idp": "a", "z": ""},
		"another choice": {"number": "x", "idp": "c"}, "too long": {"number": strings.Repeat("1", 257), "idp": "a"},
	} {
		next, err := w.Submit(w.ctx, n.Transaction, fields, *b.b)
		if !errors.Is(err, hub.Invalid) || next.Show != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	wantStep(t, "afterwards", b.show(n), login.StepInput)
}

func TestOPS06_WaysAwayFromWaiting(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(w *world, b tab, n login.Next) login.Next{
		"back":   func(w *world, b tab, n login.Next) login.Next { return b.took(w.Back(w.ctx, n.Transaction, *b.b)) },
		"other":  func(_ *world, b tab, n login.Next) login.Next { return b.choose(n, bank) },
		"cancel": func(w *world, b tab, n login.Next) login.Next { return b.took(w.Cancel(w.ctx, n.Transaction, *b.b)) },
		"again":  func(_ *world, b tab, n login.Next) login.Next { return b.choose(n, ndid) },
		"system out of service": func(w *world, b tab, n login.Next) login.Next {
			w.dir.Put(login.System{ID: health})
			return b.show(n)
		},
		"provider out of service": func(w *world, b tab, n login.Next) login.Next {
			w.fed.Offers(login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}})
			n = b.show(n)
			wantChooser(w.t, "gone", n, hub.Suspended, ndid)
			return n
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ndidWorld(t)
			b := w.browser()
			n := leave(w, b, b.waiting(health, "x"))
			if got := w.fed.Abandoned(); len(got) != 1 || got[0] != "x" {
				t.Errorf("abandoned %v", got)
			}
			w.fed.Says("x", w.byNDID(somchai), nil) // approved too late
			if w.mem.Logins()[n.Transaction].Step == login.StepDone {
				return
			}
			if n = b.show(n); n.Session != nil || n.Done != nil {
				t.Errorf("in by an approval that nobody waited for: %+v", n)
			}
		})
	}
}

// SES-22: who has strangers asked again and again runs out of attempts.
func TestSES22_LeavingCountsAsAnAttempt(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b := w.browser()
	n := b.begin(login.Request{System: health})
	asked := 0
	for n.Done == nil {
		if asked++; asked > 20 {
			t.Fatal("without end")
		}
		n = b.submit(b.choose(n, ndid), fmt.Sprint("x", asked))
		n = b.took(w.Back(w.ctx, n.Transaction, *b.b))
	}
	wantFailure(t, "at last", n, hub.TooMany)
	if asked != 5 {
		t.Errorf("after %d", asked)
	}
}

func TestOPS06_AProviderThatDoesNotAnswerIsWaitedForUntilTheEnd(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b := w.browser()
	n := b.waiting(health, "x")
	w.fed.Polling = func() error { return hub.E("x", hub.Unavailable, nil) }
	n = b.show(n)
	wantStep(t, "no answer", n, login.StepWait)
	if n.Show.Problem != hub.Unavailable || w.count("login.refused", "") != 0 {
		t.Errorf("%+v", n.Show)
	}
	w.fed.Polling = func() error { return hub.E("x", hub.Refused, nil) }
	wantChooser(t, "an end", b.show(n), hub.Refused, ndid)
	w.fed.Polling = nil
	n = b.waiting(health, "y")
	w.fed.Says("y", w.person(ndid, somchai, hub.Level{IAL: hub.IAL13, AAL: hub.AAL22}), nil)
	wantChooser(t, "LOA-05", b.show(n), hub.LevelUnmet, ndid)
}

func TestSubmitFailuresLeadBack(t *testing.T) {
	t.Parallel()
	for _, kind := range []hub.Kind{hub.Unavailable, hub.Refused, hub.TooMany, hub.Denied, hub.Expired} {
		w := ndidWorld(t)
		w.fed.Submitting = func(map[string]string) error { return hub.E("x", kind, nil) }
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: health}), ndid)
		wantChooser(t, string(kind), b.submit(n, "x"), kind, ndid)
	}
}

// What was asked of somebody, and could not be written down, is called off; the person has a way on.
func TestWhatCanNotBeWrittenIsCalledOff(t *testing.T) {
	t.Parallel()
	w := ndidWorld(t)
	b := w.browser()
	n := b.choose(b.begin(login.Request{System: health}), ndid)
	advances := 0
	w.mem.Fail = func(op string) error {
		if op == "login.advance" {
			if advances++; advances == 2 { // the first is the claim
				return hub.E("disk", hub.Unavailable, nil)
			}
		}
		return nil
	}
	_, err := w.Submit(w.ctx, n.Transaction, typed("x"), *b.b)
	wantKind(t, "a disk that is full", err, hub.Unavailable)
	w.mem.Fail = nil
	if got := w.fed.Abandoned(); len(got) != 1 || got[0] != "x" {
		t.Errorf("abandoned %v", got)
	}
	wantChooser(t, "afterwards", b.show(n), "", "")
}

// Invariant 6 on both databases: of many who submit or look at once, one asks and one gets in.
func TestRacesOfWaitingOverSQL(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := ndidWorld(t)
		w.overSQL(db)
		b := w.browser()
		n := b.choose(b.begin(login.Request{System: health}), ndid)
		var mu sync.Mutex
		asked, in := 0, 0
		w.fed.Submitting = func(map[string]string) error {
			mu.Lock()
			defer mu.Unlock()
			asked++
			return nil
		}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if _, err := w.Submit(w.ctx, n.Transaction, typed("x"), *b.b); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
		wantStep(t, "after the race", b.show(n), login.StepWait)
		w.clock.Add(time.Second)
		w.fed.Says("x", w.byNDID(somchai), nil)
		for range 6 {
			wg.Go(func() {
				next, err := w.Show(w.ctx, n.Transaction, *b.b)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && next.Done != nil && next.Done.Failure == "":
					in++
				case err == nil && next.Show != nil && next.Show.Step == login.StepFinishing:
				case errors.Is(err, hub.Consumed):
				default:
					t.Errorf("%+v, %v", next.Show, err)
				}
			})
		}
		wg.Wait()
		if in != 1 {
			t.Errorf("%d got in", in)
		}
	})
}
