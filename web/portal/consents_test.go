package portal

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/web/locale"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

// CON-06: the person sees what is in force, by system, with time and purpose; of a choice that was made twice only the latest.
func TestCON06_TheLatestDecisionOfEachChoiceIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records = []consent.Record{ // newest first
		{System: "revenue", Attribute: hub.Name, Purpose: "return", Decision: consent.Given, At: at(2025, 5, 20)},
		{System: "gone", Attribute: hub.Birthdate, Purpose: "old", Decision: consent.Withdrawn, At: at(2025, 5, 10)},
		{System: "revenue", Attribute: hub.Name, Purpose: "return", Decision: consent.Declined, At: at(2025, 5, 2)},
		{System: "revenue", Purpose: consent.HigherIdentity, Decision: consent.Given, At: at(2025, 5, 1)},
	}
	text := w.show("/consents")
	for _, want := range []string{"Online tax", "For the return", "You agreed", "20 May 2025", "gone", "You took your consent back", "10 May 2025"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(text, "You did not agree") || strings.Contains(text, "2 May 2025") {
		t.Error("a decision that is not in force is shown")
	}
	if n := strings.Count(text, "Take back my consent"); n != 1 {
		t.Errorf("%d buttons to take back, where one system was given something", n)
	}
	if w.of != "the-account" {
		t.Errorf("decisions of %q", w.of)
	}
}

// CON-03: one press takes back what the account of this very session gave, and only with a form of ours.
func TestCON03_WithdrawalIsOnePressAndNobodyElseCan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	send := func(system, csrf string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
		form := url.Values{"system": {system}, visit.TokenField: {csrf}}
		r := httptest.NewRequest(http.MethodPost, "https://login.example/consents", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		for _, c := range cookies {
			r.AddCookie(c)
		}
		return w.do(r)
	}
	bound := &http.Cookie{Name: visit.BindingCookie, Value: visittest.Binding().Reveal()}
	mine := &http.Cookie{Name: visit.SessionCookie, Value: visittest.Mine().Reveal()}
	stale := &http.Cookie{Name: visit.SessionCookie, Value: visittest.Secret(99).Reveal()}
	good := visit.Token(visittest.Binding(), aboutConsents)
	for name, rec := range map[string]*httptest.ResponseRecorder{
		"no token":              send("revenue", "", bound, mine),
		"token of another page": send("revenue", visit.Token(visittest.Binding(), aboutSessions), bound, mine),
		"no binding":            send("revenue", good, mine),
		"no session":            send("revenue", good, bound),
		"ended session":         send("revenue", good, bound, stale),
		"no system":             send("../x", good, bound, mine),
	} {
		if rec.Code < 400 || len(w.withdrawn) != 0 {
			t.Errorf("%s: %d, withdrawn at %v", name, rec.Code, w.withdrawn)
		}
	}
	rec := send("revenue", good, bound, mine)
	if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/consents?done=1" || len(w.withdrawn) != 1 ||
		w.withdrawn[0] != "revenue" || w.of != "the-account" {
		t.Errorf("%d to %s, withdrawn at %v of %s", rec.Code, rec.Header().Get("Location"), w.withdrawn, w.of)
	}
	w.err = hub.Errorf("x", hub.Unavailable, "down")
	if rec := send("revenue", good, bound, mine); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("a withdrawal that failed answers %d", rec.Code)
	}
}

func TestConsentsPageWithoutASessionSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records = []consent.Record{{System: "revenue", Attribute: hub.Name, Purpose: "return", Decision: consent.Given}}
	for name, r := range map[string]*http.Request{"no cookie": visittest.Get("/consents?lang=en"), "ended": visittest.Bringing(visittest.Get("/consents?lang=en"), visittest.Secret(99))} {
		rec := w.do(r)
		if text := rec.Body.String(); rec.Code != http.StatusOK || strings.Contains(text, "Online tax") || !strings.Contains(text, "Please sign in") || !strings.Contains(text, `name="page" value="/consents"`) {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
}

// CON-03: the effects of taking a consent back are told before it is done: what is no longer sent, what ends, what goes on.
func TestCON03_TheEffectsAreToldBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.records = []consent.Record{
		{System: "revenue", Attribute: hub.Name, Purpose: "return", Decision: consent.Given, At: at(2025, 5, 20)},
		{System: "revenue", Attribute: hub.Birthdate, Purpose: "return", Decision: consent.Given, At: at(2025, 5, 20)},
		{System: "revenue", Attribute: hub.Birthdate, Purpose: "duty", Decision: consent.Told, At: at(2025, 5, 20)},
		{System: "revenue", Purpose: consent.OfflineAccess, Decision: consent.Given, At: at(2025, 5, 20)},
		{System: "gone", Attribute: hub.Address, Purpose: "old", Decision: consent.Given, At: at(2025, 5, 10)},
	}
	page := html.UnescapeString(w.show("/consents"))
	revenue, gone, ok := strings.Cut(page, `id="system-1"`)
	if !ok {
		t.Fatal(page)
	}
	words := locale.For(locale.English)
	for _, want := range []string{words.ConsentsNoLonger() + "\n<ul class=\"list\">\n<li>" + words.AttrName() + "</li>\n</ul>", words.ConsentsAccess(), words.ConsentsAway(), words.ConsentsNeeded(), "No return without it", words.ConsentsGoesOn(), words.ConsentsBefore()} {
		if !strings.Contains(revenue, want) {
			t.Errorf("%q is not told:\n%s", want, revenue)
		}
	}
	if !strings.Contains(gone, words.ConsentsNoLonger()+"\n<ul class=\"list\">\n<li>"+words.AttrAddress()) {
		t.Errorf("of a system that is not in the register any more:\n%s", gone)
	}
	for _, not := range []string{words.ConsentsAway(), words.ConsentsNeeded(), words.ConsentsGoesOn()} {
		if strings.Contains(gone, not) {
			t.Errorf("%q is told where it is not so", not)
		}
	}
}
