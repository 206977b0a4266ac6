package login_test

import (
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

func everythingOfTax() login.Request {
	return login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName, hub.Birthdate, hub.CitizenID}}
}

// atConsent brings somebody to the consent page of the tax system.
func atConsent(t *testing.T, w *world) (tab, login.Next) {
	t.Helper()
	b := w.browser()
	n := b.answered(b.choose(b.begin(everythingOfTax()), thaid), w.somchai(thaid))
	if n.Show == nil || n.Show.Consent == nil {
		t.Fatalf("no consent page: %+v", n)
	}
	return b, n
}

// asked gives what the page asks, without what it only tells.
func asked(n login.Next) (out []consent.Rule) {
	for _, r := range n.Show.Consent.Rules {
		if r.Basis == consent.ByConsent {
			out = append(out, r)
		}
	}
	return out
}

// CON-02, CON-05, PRV-07: an optional attribute that was declined is not released, and the login goes on without it.
func TestCON02_PRV07_OptionalMayBeDeclined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, n := atConsent(t, w)
	if n = b.consent(n, "family_name/return"); names(n) != "[citizen_id family_name]" {
		t.Errorf("released %s", names(n))
	}
	if n = b.begin(everythingOfTax()); n.Done == nil || names(n) != "[citizen_id family_name]" {
		t.Errorf("asked again: %+v", n)
	}
	req := everythingOfTax()
	req.AskConsent = true
	if n = b.begin(req); n.Show == nil || len(n.Show.Consent.Rules) != 3 {
		t.Fatalf("forced: %+v", n)
	}
	if n = b.consent(n, "family_name/return", "birthdate/return"); n.Done == nil || names(n) != "[citizen_id family_name birthdate]" {
		t.Errorf("changed mind: %+v", n)
	}
	req = everythingOfTax()
	req.Attributes = []hub.AttributeName{hub.Birthdate}
	if n = b.begin(req); n.Done == nil || names(n) != "[birthdate]" {
		t.Errorf("PRV-06, less wanted: %+v", n.Done)
	}
}

// CON-05: whoever refuses what the service can't do without ends the login there, and only there.
func TestCON05_RequiredRefusedIsDeniedThereOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, n := atConsent(t, w)
	wantFailure(t, "required left out", b.consent(n, "birthdate/return"), hub.Denied)
	if e := w.last(); e.Kind != "login.refused" || e.Reason != "consent_refused" {
		t.Errorf("event %+v", e)
	}
	if n = b.begin(login.Request{System: health}); n.Done == nil || n.Done.Failure != "" {
		t.Error("shut out of another system")
	}
	n = b.begin(everythingOfTax())
	if n.Show == nil || len(asked(n)) != 1 {
		t.Fatalf("not asked again for the required one alone: %+v", n.Show)
	}
	n = b.took(w.Consent(w.ctx, n.Transaction, login.ConsentAnswer{Accept: false, Given: []string{"family_name/return"}}, *b.b))
	wantFailure(t, "no to the whole", n, hub.Denied)
}

// CON-01: the register changes while the page is shown. The answer was to another question: the new one is asked.
func TestCON01_AnswerToAnOldTextIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, n := atConsent(t, w)
	sys := taxSystem()
	sys.Rules[0].Text = hub.Text{"th": "เพื่ออย่างอื่น", "en": "for something else"}
	w.dir.Put(sys)
	n = b.consent(n, "family_name/return")
	if n.Show == nil || n.Show.Consent == nil || w.count("consent.given", "") != 0 {
		t.Fatalf("the old answer counted: %+v", n.Done)
	}
	if n = b.consent(n, "family_name/return"); n.Done == nil || names(n) != "[citizen_id family_name]" {
		t.Fatalf("the new one did not: %+v", n)
	}
	sys.Rules[0].Required = false
	w.dir.Put(sys)
	if n = b.begin(everythingOfTax()); n.Show == nil || len(asked(n)) != 1 {
		t.Error("a changed rule was not asked again")
	}
	n = b.took(w.Consent(w.ctx, n.Transaction, login.ConsentAnswer{}, *b.b))
	wantFailure(t, "no", n, hub.Denied)
}

// A no is a no, even where the page has changed or another tab has said yes meanwhile.
func TestConsent_ANoCountsWhateverHappenedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, left := atConsent(t, w)
	right := b.begin(everythingOfTax())
	if n := b.consent(left, "family_name/return"); n.Done == nil {
		t.Fatal("left")
	}
	n := b.took(w.Consent(w.ctx, right.Transaction, login.ConsentAnswer{}, *b.b))
	wantFailure(t, "right", n, hub.Denied)
}

// CON-03: withdrawn, asked again at the next login.
func TestCON03_WithdrawnIsAskedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, n := atConsent(t, w)
	n = b.consent(n, "family_name/return", "birthdate/return")
	if k, err := w.consents.Withdraw(w.ctx, n.Done.Session.Account, tax); err != nil || k != 2 {
		t.Fatalf("%d, %v", k, err)
	}
	req := everythingOfTax()
	req.Passive = true
	wantFailure(t, "passive", b.begin(req), login.ConsentNeeded)
	if n = b.begin(everythingOfTax()); n.Show == nil || len(asked(n)) != 2 {
		t.Errorf("%+v", n)
	}
}

// CON-07: two purposes are two choices, and one is enough.
func TestCON07_TwoPurposesTwoChoices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	sys := taxSystem()
	sys.Rules = append(sys.Rules, rule(hub.Birthdate, "statistics", false, consent.ByConsent))
	w.dir.Put(sys)
	b, n := atConsent(t, w)
	if len(asked(n)) != 3 {
		t.Fatal("not three choices")
	}
	if n = b.consent(n, "family_name/return", "birthdate/statistics"); names(n) != "[citizen_id family_name birthdate]" {
		t.Errorf("released %s", names(n))
	}
}

// PRV-18: what is released on another basis is told once, and again when it changes.
func TestPRV18_OtherBasisIsToldNotAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	req := login.Request{System: tax, Attributes: []hub.AttributeName{hub.CitizenID}}
	n := b.answered(b.choose(b.begin(req), thaid), w.somchai(thaid))
	if n.Show == nil || len(asked(n)) != 0 || len(n.Show.Consent.Rules) != 1 {
		t.Fatalf("not told: %+v", n)
	}
	if n = b.consent(n); n.Done == nil || names(n) != "[citizen_id]" {
		t.Fatalf("%+v", n)
	}
	if n = b.begin(req); n.Done == nil {
		t.Error("told twice")
	}
	sys := taxSystem()
	sys.Rules[2].Basis = consent.ByPublicTask
	w.dir.Put(sys)
	if n = b.begin(req); n.Show == nil {
		t.Error("a changed basis was not told")
	}
}

// The language of the record is one of ours, never foreign text.
func TestConsent_LanguageIsFromTheList(t *testing.T) {
	t.Parallel()
	for said, kept := range map[string]string{"vi": "vi", "xx": "", "<script>": ""} {
		w := newWorld(t)
		b, n := atConsent(t, w)
		n = b.took(w.Consent(w.ctx, n.Transaction, login.ConsentAnswer{Accept: true, Given: []string{"family_name/return"}, Language: said}, *b.b))
		h, err := w.consents.History(w.ctx, n.Done.Session.Account, 1)
		if err != nil || h[0].Language != kept {
			t.Errorf("%q: %q", said, h[0].Language)
		}
	}
}

// SES-08 at the consent page: whoever comes back after the session's end is not signed in any more.
func TestSES08_ConsentAfterTheSessionEndedIsNobodys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, n := atConsent(t, w)
	for _, s := range w.mem.LiveSessions() {
		if _, err := w.sessions.End(w.ctx, s.ID, session.Cause{Reason: session.EndedByPerson}); err != nil {
			t.Fatal(err)
		}
	}
	n = b.consent(n, "family_name/return")
	wantChooser(t, "signed out meanwhile", n, hub.Expired, "")
	if w.count("consent.given", "") != 0 {
		t.Error("recorded")
	}
}

// At the consent page as at every step: what the system demands, who may vouch, and how old an authentication may be counts as
// it is now.
func TestConsent_DemandsCountAsTheyAreNow(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world){
		"the system demands more": func(w *world) {
			sys := taxSystem()
			sys.Least.AAL = hub.AAL22
			w.dir.Put(sys)
		},
		"the provider may vouch for less": func(w *world) {
			w.fed.Offers(
				login.Choice{ID: thaid, Ceiling: hub.Level{IAL: hub.IAL22, AAL: hub.AAL22}},
				login.Choice{ID: bank, Ceiling: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}})
		},
	} {
		for _, resumed := range []bool{false, true} {
			w := newWorld(t)
			b, n := atConsent(t, w)
			if resumed {
				n = b.begin(everythingOfTax())
			}
			change(w)
			n = b.consent(n, "family_name/return")
			if n.Show == nil || n.Show.Step != login.StepChoose || n.Show.Problem != hub.Expired || w.count("consent.given", "") != 0 {
				t.Errorf("%s, resumed %v: %+v", name, resumed, n)
			}
		}
	}
	w := newWorld(t)
	b, _ := atConsent(t, w)
	req := everythingOfTax()
	req.MaxAge = minutes(5)
	n := b.begin(req)
	w.clock.Add(*minutes(6))
	wantChooser(t, "too old by now", b.consent(n, "family_name/return"), hub.Expired, "")
}
