package portal

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/contact"
	"onedoor/hub/notice"
	"onedoor/web/view"
	"onedoor/web/visit/visittest"
)

// ids gives ids of events that are well formed.
func id(n int) string {
	return strings.Repeat("a", 24) + string(rune('a'+n/26)) + string(rune('a'+n%26))
}

// A page of the person's own shows nothing to who is not signed in, and leads there by a sign-in that comes back to it.
func TestGate_StandsBeforeEveryPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, &fakeContacts{})
	w.events = []audit.Event{{ID: id(0), Account: visittest.Account, Kind: "login.resumed", System: "revenue", At: visittest.Now}}
	for _, path := range []string{"/me", "/me/departments", "/me/history", "/sessions", "/consents", "/notices", "/contacts"} {
		body := w.do(visittest.Get(path)).Body.String()
		if !strings.Contains(body, "Please sign in") || strings.Contains(body, "Online tax") || strings.Contains(body, "Chrome on Android") {
			t.Errorf("%s:\n%s", path, body)
		}
		form := visittest.Fields(t, body, "/sign-in", false)
		if rec := w.do(visittest.Post("/sign-in", "ignored", form)); rec.Code != 303 {
			t.Errorf("%s: %d", path, rec.Code)
		}
		if n := len(w.journey.Requests); n == 0 || string(w.journey.Requests[n-1].Continue) != path {
			t.Errorf("%s: the sign-in leads elsewhere: %+v", path, w.journey.Requests)
		}
	}
	asked := len(w.journey.Requests)
	for _, to := range []string{"https://evil.example", "//evil.example", "/logout", "", "/me?x=1"} {
		if rec := w.do(visittest.Post("/sign-in", "sign-in", url.Values{"page": {to}})); rec.Code != http.StatusBadRequest || len(w.journey.Requests) != asked {
			t.Errorf("%q: %d", to, rec.Code)
		}
	}
	if rec := w.do(visittest.Post("/sign-in", aboutSessions, url.Values{"page": {"/me"}})); rec.Code != http.StatusForbidden {
		t.Errorf("another page's token: %d", rec.Code)
	}
	if rec := w.do(visittest.Get("/me/history/export?format=csv")); rec.Code != 303 || rec.Header().Get("Location") != "/me/history" {
		t.Errorf("export: %d", rec.Code)
	}
}

// The first page says what needs attention, the most pressing only once, and nothing where there is nothing.
func TestMe_SaysWhatNeedsAttention(t *testing.T) {
	t.Parallel()
	f := &fakeContacts{}
	w := newWorld(t, f)
	old := visittest.Now.AddDate(0, 0, -31)
	for name, c := range map[string]struct {
		notices  []notice.Notice
		contacts []contact.Shown
		want     []string
		not      []string
	}{
		"no contact": {nil, nil, []string{"We can&#39;t reach you outside", "signed in on 2 devices"}, []string{"Was it you?", "could not reach you"}},
		"news": {
			[]notice.Notice{{Account: visittest.Account, At: visittest.Now}},
			[]contact.Shown{{Contact: contact.Contact{VerifiedAt: old}}},
			[]string{"Was it you?"},
			[]string{"We can&#39;t reach you outside"},
		},
		"nobody told": {
			[]notice.Notice{{Account: visittest.Account, At: visittest.Now, FailedAt: visittest.Now}},
			[]contact.Shown{{Contact: contact.Contact{VerifiedAt: old}}},
			[]string{"We could not reach you about"},
			[]string{"Was it you?"},
		},
		"long ago": {[]notice.Notice{{Account: visittest.Account, At: old}}, []contact.Shown{{Contact: contact.Contact{VerifiedAt: old}}}, nil, []string{"Was it you?"}},
	} {
		w.notices, f.list = c.notices, c.contacts
		body := w.show("/me")
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is missing:\n%s", name, want, body)
			}
		}
		for _, not := range c.not {
			if strings.Contains(body, not) {
				t.Errorf("%s: it says %q", name, not)
			}
		}
	}
	w.err = hub.Errorf("x", hub.Unavailable, "down")
	if rec := w.do(mine(visittest.Get("/me"))); rec.Code != 503 {
		t.Errorf("what can't be known: %d", rec.Code)
	}
}

// PRV-14: every department that the person has dealt with has an entrance for complaints, whether that shows in the history or in a consent.
func TestPRV14_EveryDepartmentHasAnEntrance(t *testing.T) {
	t.Parallel()
	for name, fill := range map[string]func(*world){
		"by use": func(w *world) {
			w.events = []audit.Event{{ID: id(0), Account: visittest.Account, Kind: "login.resumed", System: "revenue", At: visittest.Now}}
		},
		"by consent": func(w *world) {
			w.records = []consent.Record{{System: "revenue", Decision: consent.Given}, {System: "gone"}}
		},
	} {
		w := newWorld(t)
		fill(w)
		body := w.show("/me/departments")
		if strings.Count(body, "Online tax") != 1 || !strings.Contains(body, "Revenue Department") || !strings.Contains(body, `href="https://complain.example/"`) {
			t.Errorf("%s:\n%s", name, body)
		}
		if !strings.Contains(w.show("/me"), "Revenue Department") {
			t.Errorf("%s: not on the first page", name)
		}
	}
	if body := newWorld(t).show("/me/departments"); !strings.Contains(body, "not used the service of any") || !strings.Contains(body, "help.example") {
		t.Errorf("nobody:\n%s", body)
	}
}

// AUD-01, AUD-02, AUD-03: the history goes back half a year without being asked, holds what was done and agreed to, and nothing of others.
func TestAUD01_TheHistoryGoesBackHalfAYear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.providers = []federation.Provider{{ID: "bank", Names: hub.Text{"en": "Sabaidee Bank"}}}
	back := func(days int) time.Time { return visittest.Now.AddDate(0, 0, -days) }
	w.events = []audit.Event{
		{ID: id(0), Account: visittest.Account, Kind: "session.ended", Reason: "idle", At: back(1)},
		{ID: id(1), Account: visittest.Account, Kind: "login.started", At: back(1)},
		{ID: id(2), Account: "another-account", Kind: "account.created", At: back(1)},
		{ID: id(3), Account: visittest.Account, Kind: "consent.given", System: "revenue", At: back(60)},
		{ID: id(4), Account: visittest.Account, Kind: "login.refused", Outcome: audit.Refusal, Provider: "bank", At: back(181)},
		{ID: id(5), Account: visittest.Account, Kind: "account.created", At: back(300)},
	}
	w.show("/me/history") // the first that is asked for: see parts below
	for query, c := range map[string]struct{ want, not []string }{
		"":               {[]string{"A sign-in ended.", "You agreed to send", "A sign-in was refused.", "Sabaidee Bank", "Online tax"}, []string{"account was opened", "login.started"}},
		"?back=month":    {[]string{"A sign-in ended."}, []string{"You agreed to send", "account was opened"}},
		"?back=ever":     {[]string{"account was opened", "A sign-in ended."}, nil},
		"?area=data":     {[]string{"You agreed to send"}, []string{"A sign-in ended."}},
		"?area=sign-ins": {[]string{"A sign-in ended.", "A sign-in was refused."}, []string{"You agreed to send"}},
	} {
		body := w.show("/me/history" + query)
		for _, want := range c.want {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %q is missing:\n%s", query, want, body)
			}
		}
		for _, not := range c.not {
			if strings.Contains(body, not) {
				t.Errorf("%s: it says %q", query, not)
			}
		}
	}
	if w.parts[0].Since.After(visittest.Now.AddDate(0, -6, 0)) {
		t.Errorf("only since %v", w.parts[0].Since)
	}
	for _, bad := range []string{"?area=x", "?back=x", "?before=x"} {
		if rec := w.do(mine(visittest.Get("/me/history" + bad))); rec.Code != 400 {
			t.Errorf("%s: %d", bad, rec.Code)
		}
	}
}

// A long history is read page by page, and every entry comes once.
func TestAUD01_TheHistoryIsReadOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 2*historyPage + 1 {
		w.events = append(w.events, audit.Event{ID: id(i), Account: visittest.Account, Kind: "session.started", At: visittest.Now.Add(-time.Duration(i) * time.Hour)})
	}
	n, path := 0, "/me/history?back=ever"
	for pages := 0; path != "" && pages < 5; pages++ {
		body := w.show(path)
		n += strings.Count(body, "You signed in.")
		_, rest, more := strings.Cut(body, `href="/me/history?back=ever&amp;before=`)
		if path = ""; more {
			cursor, _, _ := strings.Cut(rest, `"`)
			path = "/me/history?back=ever&before=" + cursor
		}
	}
	if n != len(w.events) {
		t.Errorf("%d of %d", n, len(w.events))
	}
}

// AUD-04: neither page nor file names or describes a person: no account, session, network, or detail of the record gets out.
func TestAUD04_TheHistoryHasNothingOfAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secretive := []string{string(visittest.Account), "the-secret-session", "203.0.113.0/24", "somebody-elses-post"}
	w.events = []audit.Event{{
		ID: id(0), Account: visittest.Account, Session: "the-secret-session", Kind: "contact.added", Channel: "web", At: visittest.Now, System: "=cmd", Interaction: "iiiiiiiiiiiiiiiiiiiiiiiiii",
		Detail: map[string]string{"network": "203.0.113.0/24", "post": "somebody-elses-post"},
	}}
	csvFile := w.do(mine(visittest.Get("/me/history/export?format=csv")))
	jsonFile := w.do(mine(visittest.Get("/me/history/export?format=json")))
	for name, text := range map[string]string{"page": w.show("/me/history"), "csv": csvFile.Body.String(), "json": jsonFile.Body.String()} {
		for _, s := range secretive {
			if strings.Contains(text, s) {
				t.Errorf("the %s holds %q", name, s)
			}
		}
	}
	if h := csvFile.Header(); h.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(csvFile.Body.String(), byteOrder))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "2025-06-01T12:00:00Z" || rows[1][1] != "A contact was added." || rows[1][5] != "'=cmd" {
		t.Errorf("%v %v", rows, err)
	}
	var list []map[string]string
	if err := json.Unmarshal(jsonFile.Body.Bytes(), &list); err != nil || len(list) != 1 || list[0]["kind"] != "contact.added" || list[0]["channel"] != "web" {
		t.Errorf("%v %v", list, err)
	}
	if rec := w.do(mine(visittest.Get("/me/history/export?format=xml"))); rec.Code != 400 {
		t.Errorf("another form: %d", rec.Code)
	}
	if got := string(w.do(mine(visittest.Get("/me/history/export?format=json&area=" + string(view.HistoryData)))).Body.String()); got != "[]" {
		t.Errorf("a file of nothing: %q", got)
	}
}
