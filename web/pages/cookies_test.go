package pages

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// every makes the edge set every cookie that it has, and gives them as they are written.
func every(t *testing.T) []string {
	t.Helper()
	w := newWorld(t)
	fresh := secret(9)
	var lines []string
	for _, aal := range []hub.AAL{hub.AAL1, hub.AAL21, hub.AAL3} {
		next := choosing()
		next.Session, next.SessionAAL = &fresh, aal
		w.login.next["begin"] = next
		r := get("/oauth2/authorize")
		r.Header.Del("Cookie")
		lines = append(lines, w.do(r).Header()["Set-Cookie"]...)
	}
	lines = append(lines, w.do(get("/?lang=vi")).Header()["Set-Cookie"]...)
	lines = append(lines, w.do(signedIn(post("/logout", aboutSignOut, nil))).Header()["Set-Cookie"]...)
	return lines
}

func TestSES14_SES15_SES16_EveryCookieIsNarrow(t *testing.T) {
	t.Parallel()
	lines := every(t)
	if len(lines) != 9 {
		t.Fatalf("%d cookies: %q", len(lines), lines)
	}
	for _, line := range lines {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s", line)
		}
	}
}

func TestSES12_SES17_TheSessionCookieOutlivesTheBrowserAtAAL1Only(t *testing.T) {
	t.Parallel()
	limit := int(session.LimitFor(hub.AAL1).Age / time.Second)
	for aal, want := range map[hub.AAL]int{hub.AAL1: limit, hub.AAL21: 0, hub.AAL22: 0, hub.AAL3: 0, hub.AALNone: 0} {
		w := newWorld(t)
		fresh := secret(9)
		next := choosing()
		next.Session, next.SessionAAL = &fresh, aal
		w.login.next["show "+tx] = next
		c := cookies(w.do(get("/login/" + tx)))[visit.SessionCookie]
		if c == nil || c.MaxAge != want || !c.Expires.IsZero() || c.Value != fresh.Reveal() {
			t.Errorf("AAL %s: %v, want %d s", aal, c, want)
		}
	}
	if limit != 30*24*3600 {
		t.Errorf("the limit is %d s", limit)
	}
}

func TestSES03_ASignOutEndsTheSessionAndErasesTheCookies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.do(signedIn(get("/logout")))
	form := fields(t, page.Body.String(), "/logout", false)
	rec := w.do(signedIn(post("/logout", "ignored", form)))
	if rec.Code != 303 || rec.Header().Get("Location") != "/signed-out/"+secret(77).Reveal() || len(w.sessions.ended) != 1 || w.sessions.ended[0] != "the-session" {
		t.Errorf("%d %v %v", rec.Code, rec.Header(), w.sessions.ended)
	}
	set := cookies(rec)
	for _, name := range []string{visit.SessionCookie, visit.BindingCookie} {
		c := set[name]
		if c == nil || c.Value != "" || c.MaxAge >= 0 || c.Expires.IsZero() || c.Expires.After(time.Unix(10, 0)) {
			t.Errorf("%s: %v", name, c)
		}
	}
	if _, kept := set[locale.CookieName]; kept {
		t.Error("the language is forgotten")
	}
	if rec := w.do(get("/signed-out")); rec.Code != 200 || !strings.Contains(rec.Body.String(), locale.For(locale.English).SignedOutTitle()) {
		t.Errorf("signed out: %d", rec.Code)
	}
}

func TestASignOutThatFailsSaysSoAndKeepsTheCookies(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*fakeSessions){
		"look-up": func(s *fakeSessions) { s.resumeErr = hub.Errorf("x", hub.Unavailable, "down") },
		"end":     func(s *fakeSessions) { s.endErr = hub.Errorf("x", hub.Unavailable, "down") },
	} {
		w := newWorld(t)
		spoil(w.sessions)
		rec := w.do(signedIn(post("/logout", aboutSignOut, nil)))
		if rec.Code != 503 || len(rec.Result().Cookies()) > 0 || !strings.Contains(rec.Body.String(), locale.For(locale.English).ErrNotSignedOut().Title) {
			t.Errorf("%s: %d %v", name, rec.Code, rec.Header())
		}
	}
	for name, spoil := range map[string]func(*fakeSessions){
		"gone already":        func(s *fakeSessions) { s.resumeErr = hub.Errorf("x", hub.NotFound, "none") },
		"over already":        func(s *fakeSessions) { s.resumeErr = hub.Errorf("x", hub.Expired, "old") },
		"gone in between":     func(s *fakeSessions) { s.endErr = hub.Errorf("x", hub.NotFound, "none") },
		"of somebody unknown": func(s *fakeSessions) { s.secret = secret(1) },
	} {
		w := newWorld(t)
		spoil(w.sessions)
		if rec := w.do(signedIn(post("/logout", aboutSignOut, nil))); rec.Code != 303 || cookies(rec)[visit.SessionCookie] == nil {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
}

func TestNobodyIsSignedOutByALinkOrAForeignForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	foreign := signedIn(post("/logout", aboutSignOut, nil))
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	wrong := signedIn(post("/logout", tx, nil))
	for _, r := range []*http.Request{foreign, wrong} {
		if rec := w.do(r); rec.Code != 403 || len(rec.Result().Cookies()) > 0 {
			t.Errorf("%d %v", rec.Code, rec.Header())
		}
	}
	if rec := w.do(signedIn(get("/logout"))); rec.Code != 200 {
		t.Errorf("asking: %d", rec.Code)
	}
	if len(w.sessions.ended) > 0 {
		t.Error("the session has ended")
	}
}

func TestSignedOutIsSaidOnlyWhereItIsTrue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if rec := w.do(signedIn(get("/signed-out"))); rec.Code != 303 || rec.Header().Get("Location") != "/logout" {
		t.Errorf("with a session: %d %v", rec.Code, rec.Header())
	}
	if rec := w.do(get("/logout")); rec.Code != 303 || rec.Header().Get("Location") != "/signed-out" {
		t.Errorf("without one: %d %v", rec.Code, rec.Header())
	}
	r := get("/logout")
	r.Header.Set("Cookie", visit.SessionCookie+"="+secret(7).Reveal())
	if rec := w.do(r); rec.Code != 200 || cookies(rec)[visit.BindingCookie] == nil {
		t.Errorf("without a binding: %d", rec.Code)
	}
}

func TestPublicPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	en := locale.For(locale.English)
	for path, want := range map[string]string{
		"/": en.StartTitle(), "/privacy": en.PolicyTitle(), "/providers": en.RegisterTitle(), "/signed-out": en.SignedOutTitle(),
	} {
		rec := w.do(get(path))
		if rec.Code != 200 || !strings.Contains(rec.Body.String(), "<h1>"+want+"</h1>") || strings.Contains(rec.Body.String(), `href="/logout"`) {
			t.Errorf("%s: %d", path, rec.Code)
		}
		head := get(path)
		head.Method = http.MethodHead
		if rec := w.do(head); rec.Code != 200 {
			t.Errorf("HEAD %s: %d", path, rec.Code)
		}
		if rec := w.do(post(path, "", nil)); rec.Code != 405 {
			t.Errorf("POST %s: %d", path, rec.Code)
		}
	}
	if rec := w.do(signedIn(get("/"))); !strings.Contains(rec.Body.String(), `href="/logout"`) {
		t.Error("no way out is offered")
	}
	w.register.err = hub.Errorf("x", hub.Unavailable, "down")
	if rec := w.do(get("/providers")); rec.Code != 503 || !strings.Contains(rec.Body.String(), `href="/providers"`) {
		t.Errorf("no register: %d", rec.Code)
	}
	for _, path := range []string{"/login/" + tx, "/login/callback/thaid", "/logout"} {
		head := get(path)
		head.Method = http.MethodHead
		if rec := w.do(head); rec.Code != 405 || len(w.login.calls) > 0 {
			t.Errorf("HEAD %s: %d", path, rec.Code)
		}
	}
}

func TestLOA02_LOA03_TheRegisterTellsStatusAndReachableLevels(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	list := []federation.Provider{
		{ID: "old", Order: 1, Status: federation.Active, ValidUntil: now, Ceiling: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}},
		{ID: "off", Order: 4, Status: federation.Suspended, ValidUntil: now.Add(day), Ceiling: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}},
		{ID: "new", Order: 3, Status: federation.Active, ValidFrom: now.Add(time.Second), Ceiling: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}},
		{ID: "b", Order: 2, Status: federation.Active, ValidFrom: now, ValidUntil: now.Add(time.Second), Ceiling: hub.Level{IAL: hub.IAL12, AAL: hub.AAL21}},
		{ID: "a", Order: 2, Status: federation.Active, Ceiling: hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}, Restricted: true},
	}
	p := register(list, now)
	want := []view.RegisterStatus{view.Expired, view.InService, view.InService, view.NotYet, view.Suspended}
	for i, e := range p.Entries {
		if e.Status != want[i] {
			t.Errorf("entry %d: %s, want %s", i, e.Status, want[i])
		}
	}
	if len(p.IALs) != 3 || p.IALs[2] != hub.IAL13 || len(p.AALs) != 2 || p.AALs[1] != hub.AAL21 || !p.Entries[1].Restricted {
		t.Errorf("levels %v %v", p.IALs, p.AALs)
	}
	if empty := register(nil, now); len(empty.Entries)+len(empty.IALs)+len(empty.AALs) > 0 {
		t.Errorf("out of nothing %+v", empty)
	}
}

func TestSES22_EveryStepIsPaced(t *testing.T) {
	t.Parallel()
	for _, m := range newWorld(t).Mounts() {
		secretive := strings.HasPrefix(m.Path, "/login") || m.Path == "/logout" ||
			strings.HasPrefix(m.Path, "/signed-out/")
		if secretive == (m.Rate == server.Rate{}) {
			t.Errorf("%s: rate %+v", m.Path, m.Rate)
		}
		if m.Body <= 0 || m.Machine {
			t.Errorf("%s: body %d", m.Path, m.Body)
		}
	}
}
