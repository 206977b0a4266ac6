package app

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/forward"
	"onedoor/tenants"
)

// RAZ-02, RAZ-05, RAZ-08: a path behind nginx asks for an item. The sign-in leads to the opening and back to the page; a lock counts at the next
// request; other paths stay open; and no other spelling of the path gets by.
func TestRAZ05_APathBehindNginxAsksForAnItem(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	d.apply(t, nil, strings.Replace(taxFiling, "person: lockable", "person: opt_in", 1), nil)
	a := newArchive(t, d, hubs)
	a.put(func(s *tenants.System) {
		s.Attributes, s.Forward.Headers = nil, nil
		s.Forward.Items = []tenants.ForwardItem{{Prefix: "/bills", Item: "tax-filing", Action: "query"}}
	})
	w := newWalker(t, d)
	w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
	if at := told(t, w.must(w.b.Open(t.Context(), a.url+"/files"))); at["uri"] != "/files" {
		t.Fatalf("%v", at)
	}
	p := w.must(w.b.Open(t.Context(), a.url+"/bills/7?x=1"))
	if p.FormWith("decision") == nil || !strings.HasPrefix(p.URL.Path, "/login/") {
		t.Fatal(p.Errorf("not at the opening"))
	}
	if q := w.press(p, "decision", "keep"); q.Status != http.StatusForbidden {
		t.Error(q.Errorf("kept closed"))
	}
	at := told(t, w.press(w.must(w.b.Open(t.Context(), a.url+"/bills/7?x=1")), "decision", "once"))
	if at["uri"] != "/bills/7?x=1" || at[forward.HeaderSubject] == "" {
		t.Fatalf("%v", at)
	}
	cookie, _ := w.b.Cookie(a.url+"/", "__Host-onedoor-session")
	asks := func(what, uri, method string, want int, reason, login string) {
		t.Helper()
		r := a.check(forward.CheckPath, cookie, map[string]string{"X-Forwarded-Uri": uri, "X-Forwarded-Method": method})
		if r.StatusCode != want || r.Header.Get(forward.HeaderReason) != reason || r.Header.Get(forward.HeaderLogin) != login {
			t.Errorf("%s: %d %v", what, r.StatusCode, r.Header)
		}
		if want != http.StatusOK && (r.Header.Get(forward.HeaderSubject) != "" || want == http.StatusUnauthorized && !strings.Contains(r.Header.Get("WWW-Authenticate"), `item="tax-filing"`)) {
			t.Errorf("%s: %v", what, r.Header)
		}
	}
	asks("open", "/bills/7", "GET", http.StatusOK, "", "")
	var account hub.AccountID
	var session hub.SessionID
	if err := hubs[0].db.Read(t.Context()).Raw("SELECT id, account FROM sessions WHERE ended_at IS NULL").Row().Scan(&session, &account); err != nil {
		t.Fatal(err)
	}
	if err := hubs[0].authz.openings.Lock(t.Context(), account, session, "tax-filing"); err != nil {
		t.Fatal(err)
	}
	start := a.url + forward.OwnPath + "start?"
	asks("locked", "/bills/7", "GET", http.StatusUnauthorized, "locked", start+"to=%2Fbills%2F7")
	asks("a form", "/bills/7", "POST", http.StatusUnauthorized, "locked", start+"for=%2Fbills%2F7&to=%2F")
	asks("another spelling", "/x/%2e%2e/BILLS", "GET", http.StatusUnauthorized, "locked", start+"to=%2Fx%2F%252e%252e%2FBILLS")
	asks("another path", "/files", "GET", http.StatusOK, "", "")
	if r := a.check(forward.GatePath, cookie, map[string]string{"X-Forwarded-Uri": "/bills/7"}); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != start+"to=%2Fbills%2F7" {
		t.Errorf("a gate: %d %v", r.StatusCode, r.Header)
	}
	envoy := strings.Replace(forward.EnvoyPath, "{path...}", "", 1)
	if r := a.check(envoy+"b%69lls/7", cookie, nil); r.StatusCode != http.StatusSeeOther || r.Header.Get(forward.HeaderReason) != "locked" {
		t.Errorf("envoy: %d %v", r.StatusCode, r.Header)
	}

	sess, err := hubs[0].sessions.Active(t.Context(), session)
	if err == nil {
		_, err = hubs[0].authz.openings.Open(t.Context(), sess, "tax-filing")
	}
	if err != nil {
		t.Fatal(err)
	}

	// RAZ-04: at the right place only, as the proxy says that may say so; a sign-in changes nothing about it.
	d.apply(t, nil, strings.Replace(taxFiling, "person: lockable", "person: lockable, places: {networks: [192.0.2.0/24]}", 1), nil)
	asks("nobody knows where", "/bills/7", "GET", http.StatusForbidden, "place", "")
	a.put(func(s *tenants.System) { s.StatesPlace = true })
	for address, want := range map[string]int{"192.0.2.7": http.StatusOK, "198.51.100.7": http.StatusForbidden} {
		if r := a.check(forward.CheckPath, cookie, map[string]string{"X-Forwarded-Uri": "/bills/7", forward.HeaderClient: address}); r.StatusCode != want {
			t.Errorf("%s: %d %v", address, r.StatusCode, r.Header)
		}
	}
	d.apply(t, nil, strings.Replace(taxFiling, "aal: 2.1}, person: lockable", "aal: 2.2}, maxAge: 10m, person: lockable", 1), nil)
	r := a.check(forward.CheckPath, cookie, map[string]string{"X-Forwarded-Uri": "/bills/7"})
	if got := r.Header.Get("WWW-Authenticate"); !strings.Contains(got, `error="insufficient_user_authentication", acr_values="urn:onedoor:ial:2.1:aal:2.2", max_age="600"`) {
		t.Errorf("RFC 9470: %d %q", r.StatusCode, got)
	}
}
