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

// SES-20: while somebody is being told of an end the page looks again by itself, ever more slowly and not for ever, without a script; the
// departments are named beside their services.
func TestSES20_TheLedgerOfAnEndIsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tell := func(s logout.State) {
		w.entries = []logout.Entry{{Campaign: logout.Campaign{ID: "c", Cause: byPerson, At: visittest.Now}, Notices: []logout.Notice{{ID: "a", System: "revenue", State: s, Protocol: "oidc"}}}}
	}
	tell(logout.Open)
	for path, want := range map[string]string{
		"/sessions?done=1":        `content="2; url=/sessions?done=1&amp;n=1"`,
		"/sessions?done=1&n=6":    `content="4; url=/sessions?done=1&amp;n=7"`,
		"/sessions?done=1&n=39":   `content="10; url=/sessions?done=1&amp;n=40"`,
		"/sessions?done=1&n=40":   "",
		"/sessions?done=1&n=-1e9": `content="2; url=/sessions?done=1&amp;n=1"`,
		"/sessions":               "",
	} {
		body := w.show(path)
		if refresh := strings.Contains(body, `http-equiv="refresh"`); refresh != (want != "") || !strings.Contains(body, want) {
			t.Errorf("%s: refreshes %v, want %q", path, refresh, want)
		}
		if told := strings.Contains(body, "are being told"); told != strings.Contains(path, "done") || !strings.Contains(body, "Revenue Department") {
			t.Errorf("%s: says that somebody is told: %v\n%s", path, told, body)
		}
	}
	tell(logout.Confirmed)
	if body := w.show("/sessions?done=1&n=3"); strings.Contains(body, "refresh") || !strings.Contains(body, locale.For(locale.English).SessionsDone()) {
		t.Errorf("everybody has been told:\n%s", body)
	}
}
