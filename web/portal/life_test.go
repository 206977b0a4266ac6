package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

// LIF-01, LIF-07: a loss is reported with nothing but the session; to suspend or close, the person signs in freshly at the account's own
// height. Only forms of ours count, and only for the account of the session.
func TestLIF01_OrdersAreVerified(t *testing.T) {
	t.Parallel()
	high, low := hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	for name, c := range map[string]struct {
		age    time.Duration
		level  hub.Level
		about  string
		in     bool
		orders []account.Reason // lost, suspended, closed
	}{
		"fresh":             {time.Minute, high, aboutLife, true, []account.Reason{account.Lost, account.Suspicious, account.Requested}},
		"long ago":          {time.Hour, high, aboutLife, true, []account.Reason{account.Lost}},
		"too low":           {time.Minute, low, aboutLife, true, []account.Reason{account.Lost}},
		"nobody":            {time.Minute, high, aboutLife, false, nil},
		"somebody's form":   {time.Minute, high, aboutConsents, true, nil},
		"another's session": {time.Hour, high, aboutLife, true, []account.Reason{account.Lost}},
	} {
		w := newWorld(t)
		w.here.Age, w.here.Level = c.age, c.level
		if name == "another's session" {
			w.here.Other = "another-account"
		}
		for path, form := range map[string]url.Values{"/lost": {}, "/suspend": {"reason": {"suspicious"}}, "/close": {"understood": {"yes"}}} {
			r := visittest.Post(lifePath+path, c.about, form)
			if c.in {
				r = mine(r)
			}
			w.do(r)
		}
		got := map[account.Reason]bool{}
		for _, o := range w.orders {
			got[o.Reason] = true
			want := visittest.Account
			if w.here.Other != "" {
				want = w.here.Other
			}
			if o.Account != want || o.By.Kind != account.ByPerson || o.By.ID != string(o.Account) || o.Channel != visit.Channel {
				t.Errorf("%s: %+v", name, o)
			}
		}
		if len(w.orders) != len(c.orders) || len(got) != len(c.orders) {
			t.Errorf("%s: ordered %+v", name, w.orders)
		}
	}
}

// LIF-02, LIF-03: the receipt says what became of the account and why, when nothing is valid any more, and the browser forgets the session.
func TestLIF02_TheReceiptComesWhenNothingIsValidAnyMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.entries = []logout.Entry{
		{Campaign: logout.Campaign{ID: "before", At: visittest.Now.Add(-time.Hour), Cause: session.Cause{Reason: session.EndedByAccount}}},
		{Campaign: logout.Campaign{ID: "another", At: visittest.Now, Cause: byPerson}},
	}
	rec := w.send(lifePath+"/lost", aboutLife, nil)
	body := rec.Body.String()
	for _, want := range []string{"Your account was suspended.", "lost or stolen", `href="/signed-out/told"`, "1 June 2025 12:00", "The help desk opens it"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing:\n%s", want, body)
		}
	}
	if c := visittest.Cookies(rec)[visit.SessionCookie]; rec.Code != 200 || c == nil || c.MaxAge >= 0 {
		t.Errorf("%d, %v", rec.Code, c)
	}
	if len(w.told) != 1 || len(w.told[0]) != 1 || w.told[0][0].ID != "its-campaign" {
		t.Errorf("waited for %v", w.told)
	}
}

// Closing for good needs the tick, which is never set beforehand; what fails keeps the session and says so.
func TestLife_CloseNeedsTheTick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.here.Age, w.here.Level = time.Minute, visittest.Height
	rec := w.send(lifePath+"/close", aboutLife, nil)
	if body := rec.Body.String(); rec.Code != http.StatusUnprocessableEntity || len(w.orders) != 0 || !strings.Contains(body, "Tick the box first") || strings.Contains(body, `" checked`) {
		t.Errorf("%d", rec.Code)
	}
	w.lifeErr = hub.Errorf("x", hub.Unavailable, "down")
	if rec := w.send(lifePath+"/close", aboutLife, url.Values{"understood": {"yes"}}); rec.Code != 503 || visittest.Cookies(rec)[visit.SessionCookie] != nil {
		t.Errorf("%d", rec.Code)
	}
	w.lifeErr = hub.Errorf("x", hub.Conflict, "suspended already")
	if rec := w.send(lifePath+"/close", aboutLife, url.Values{"understood": {"yes"}}); rec.Code != 303 || rec.Header().Get("Location") != lifePath {
		t.Errorf("%d", rec.Code)
	}
	w.here.Age = time.Hour
	if body := w.show(lifePath); strings.Contains(body, `action="/me/account/close"`) || !strings.Contains(body, `action="/me/account/lost"`) || !strings.Contains(body, "settled") {
		t.Errorf("without a fresh sign-in:\n%s", body)
	}
	w.send(lifePath+"/sign-in", aboutLife, nil)
	if len(w.journey.Requests) != 1 || string(w.journey.Requests[0].Continue) != lifePath {
		t.Errorf("%+v", w.journey.Requests)
	}
}
