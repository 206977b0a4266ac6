package portal

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/web/locale"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

// SES-20: the person sees their sessions and ends one or all; nobody ends somebody else's.
func TestSES20_OwnSessionsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.entries = []logout.Entry{{Campaign: logout.Campaign{ID: "c", Cause: byPerson, At: visittest.Now}, Notices: []logout.Notice{{ID: "a", System: "revenue", State: logout.Confirmed, Protocol: "oidc"}}}}
	body := w.show(sessionsPath)
	for _, want := range []string{"Chrome on Android", "Firefox on Linux", locale.For(locale.English).EndPerson(), otherSession} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing:\n%s", want, body)
		}
	}
	end := func(id string) (int, string, bool) {
		rec := w.send(sessionsPath, aboutSessions, url.Values{"session": {id}})
		return rec.Code, rec.Header().Get("Location"), visittest.Cookies(rec)[visit.SessionCookie] != nil
	}
	if code, to, forgot := end(otherSession); code != 303 || to != sessionsPath+"?done=1" || forgot {
		t.Errorf("another one: %d %s %v", code, to, forgot)
	}
	if len(w.told) != 1 || len(w.told[0]) != 1 || w.told[0][0].ID != "campaign-of-"+otherSession {
		t.Errorf("waited for %v", w.told)
	}
	for _, id := range []string{foreignSession, "nobodyaaaaaaaaaaaaaaaaaaaa", "not an id"} {
		if code, _, _ := end(id); code != 404 {
			t.Errorf("%s: %d", id, code)
		}
	}
	if code, to, forgot := end(""); code != 303 || !strings.HasPrefix(to, "/signed-out/") || !forgot {
		t.Errorf("all: %d %s %v", code, to, forgot)
	}
	if !slices.Equal(w.ended, []hub.SessionID{otherSession, otherSession, "the-session"}) {
		t.Errorf("ended %v", w.ended)
	}
	if rec := w.send(sessionsPath, aboutConsents, nil); rec.Code != 403 {
		t.Errorf("the token of another form: %d", rec.Code)
	}
	if rec := w.do(visittest.Post(sessionsPath, aboutSessions, nil)); rec.Code == 303 {
		t.Errorf("without a session: %d", rec.Code)
	}
}
