package pages

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/web/locale"
	"onedoor/web/visit"
)

func ledgerOf(w *world, notices ...logout.Notice) string {
	w.sessions.entries = []logout.Entry{{Campaign: logout.Campaign{ID: "c"}, Notices: notices}}
	return signedOutPath + "/" + secret(77).Reveal()
}

func toldOf(id string, system hub.SystemID, state logout.State) logout.Notice {
	return logout.Notice{ID: id, System: system, State: state, Protocol: "oidc"}
}

// The page never says that everything is signed out while one of them has not confirmed, and asks again only while that can change.
func TestSSO05_TheLedgerTellsTheTruth(t *testing.T) {
	t.Parallel()
	en := locale.For(locale.English)
	for _, c := range []struct {
		name    string
		states  []logout.State
		says    string
		refresh bool
	}{
		{"nobody", nil, en.LedgerNone(), false},
		{"all confirmed", []logout.State{logout.Confirmed, logout.Initiator}, en.LedgerDone(), false},
		{"one open", []logout.State{logout.Confirmed, logout.Open}, en.LedgerOpen(), true},
		{"one retrying", []logout.State{logout.Retrying, logout.Failed}, en.LedgerOpen(), true},
		{"one failed", []logout.State{logout.Confirmed, logout.Failed}, en.LedgerSome(), false},
		{"one unreachable", []logout.State{logout.Confirmed, logout.Unreachable}, en.LedgerSome(), false},
		{"one visited", []logout.State{logout.Visited}, en.LedgerSome(), false},
	} {
		w := newWorld(t)
		var all []logout.Notice
		for i, s := range c.states {
			all = append(all, toldOf(string(rune('a'+i)), hub.SystemID("system-"+string(rune('a'+i))), s))
		}
		rec := w.do(get(ledgerOf(w, all...)))
		body := rec.Body.String()
		if rec.Code != 200 || !strings.Contains(body, c.says) || strings.Contains(body, `http-equiv="refresh"`) != c.refresh {
			t.Errorf("%s: %d\n%s", c.name, rec.Code, body)
		}
		for _, other := range []string{en.LedgerNone(), en.LedgerDone(), en.LedgerOpen(), en.LedgerSome()} {
			if other != c.says && strings.Contains(body, other) {
				t.Errorf("%s: it also says %q", c.name, other)
			}
		}
		if got := rec.Header().Get("Referrer-Policy"); got != "no-referrer" {
			t.Errorf("%s: the address goes along: %s", c.name, got)
		}
	}
}

func TestLedger_AsksAgainUpToABoundOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := ledgerOf(w, toldOf("a", "tax", logout.Retrying))
	for n, want := range map[string]bool{"": true, "?n=39": true, "?n=40": false, "?n=99999999999999999999": true, "?n=-5": true} {
		body := w.do(get(path + n)).Body.String()
		if strings.Contains(body, `http-equiv="refresh"`) != want || !strings.Contains(body, locale.For(locale.English).LedgerAgain()) {
			t.Errorf("%q: %s", n, body)
		}
	}
	if rec := w.do(get(signedOutPath + "/" + secret(78).Reveal())); rec.Code != 303 || rec.Header().Get("Location") != signedOutPath {
		t.Errorf("another secret: %d %v", rec.Code, rec.Header())
	}
	if rec := w.do(get(signedOutPath + "/x")); rec.Code != 303 {
		t.Errorf("no secret: %d", rec.Code)
	}
}

// Front-channel visits: frames under a policy for exactly their hosts, once; whole pages one after another, once each.
func TestLedger_FramesAndVisitsSetOutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := ledgerOf(w, toldOf("frame", "tax", logout.Visiting), toldOf("page", "health", logout.Visiting), toldOf("form", "land", logout.Visiting), toldOf("gone", "gone", logout.Visiting))
	w.sessions.visits = map[string]logout.Visit{
		"frame": {Frame: true, URL: "https://rp.example/out?iss=x&sid=y"}, "page": {URL: "https://sp.example/slo?SAMLRequest=z"},
		"form": {URL: "https://form.example/slo", Fields: map[string]string{"SAMLRequest": "z"}},
	}
	rec := w.do(get(path))
	body := rec.Body.String()
	if policy := rec.Header().Get("Content-Security-Policy"); !strings.HasSuffix(policy, "; frame-src https://rp.example") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("policy %s", policy)
	}
	if !strings.Contains(body, `src="https://rp.example/out?iss=x&amp;sid=y"`) || !strings.Contains(body, `sandbox="allow-scripts allow-same-origin"`) {
		t.Errorf("no frame: %s", body)
	}
	if slices.ContainsFunc(w.sessions.backs, func(b string) bool { return b != "https://onedoor.example"+path }) {
		t.Errorf("back to %v", w.sessions.backs)
	}
	rec = w.do(get(path + "?n=1"))
	body = rec.Body.String()
	if strings.Contains(body, "iframe") || strings.Contains(rec.Header().Get("Content-Security-Policy"), "frame-src") {
		t.Error("a frame set out twice")
	}
	if !strings.Contains(body, `url=`+path+`/visit/page"`) {
		t.Errorf("it does not lead on: %s", body)
	}
	if rec := w.do(get(path + "/visit/page")); rec.Code != 303 || rec.Header().Get("Location") != "https://sp.example/slo?SAMLRequest=z" || rec.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if rec := w.do(get(path + "/visit/page")); rec.Code != 303 || rec.Header().Get("Location") != path {
		t.Errorf("again: %d %v", rec.Code, rec.Header())
	}
	if body := w.do(get(path)).Body.String(); !strings.Contains(body, path+`/visit/form"`) {
		t.Errorf("a service that does not come back breaks the rest: %s", body)
	}
	if rec := w.do(get(path + "/visit/form")); rec.Code != 200 || !strings.Contains(rec.Body.String(), `action="https://form.example/slo"`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	for _, other := range []string{path + "/visit/frame", path + "/visit/nobody", signedOutPath + "/" + secret(78).Reveal() + "/visit/page"} {
		if rec := w.do(get(other)); rec.Code != 303 || strings.Contains(rec.Header().Get("Location"), "example/") {
			t.Errorf("%s: %d %v", other, rec.Code, rec.Header())
		}
	}
}

// A sign-out of one department keeps the sign-in; one of all devices ends all, and the cookies go.
func TestSignOut_Choices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := w.do(signedIn(post("/logout", aboutSignOut, url.Values{"what": {"revenue.only"}})))
	if rec.Code != 303 || len(cookies(rec)) > 0 || !slices.Equal(w.sessions.left, []hub.SystemID{"revenue"}) || len(w.sessions.ended) > 0 {
		t.Errorf("one only: %d %v, left %v, ended %v", rec.Code, rec.Header(), w.sessions.left, w.sessions.ended)
	}
	rec = w.do(signedIn(post("/logout", aboutSignOut, url.Values{"what": {"everywhere"}})))
	if rec.Code != 303 || cookies(rec)[visit.SessionCookie] == nil || len(w.sessions.ended) != 2 || len(w.sessions.views[1]) != 2 {
		t.Errorf("everywhere: %d %v, ended %v", rec.Code, rec.Header(), w.sessions.ended)
	}
	for _, what := range []string{"nothing", ".only", "x y.only"} {
		if rec := w.do(signedIn(post("/logout", aboutSignOut, url.Values{"what": {what}}))); rec.Code != 400 {
			t.Errorf("%q: %d", what, rec.Code)
		}
	}
	if len(w.sessions.ended) != 2 || len(w.sessions.waited) != 2 {
		t.Errorf("ended %v, waited %v", w.sessions.ended, w.sessions.waited)
	}
	// With the secret that the session had until a step-up in another tab: it is told apart from one that counts, but all devices are all devices.
	w = newWorld(t)
	w.sessions.resumeErr = hub.Errorf("x", hub.Expired, "not the secret any more")
	rec = w.do(signedIn(post("/logout", aboutSignOut, url.Values{"what": {"everywhere"}})))
	if rec.Code != 303 || !slices.Contains(w.sessions.ended, otherSession) {
		t.Errorf("everywhere, after a step-up: %d, ended %v", rec.Code, w.sessions.ended)
	}
}
