package department

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// decisions stands for the hub's decision point: it says what it is told to say, and keeps what it was asked.
type decisions struct {
	mu     sync.Mutex
	say    string
	status int
	asked  []map[string]any
}

func (p *decisions) answer(says string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.say, p.status = says, http.StatusOK
}

func (p *decisions) last() map[string]any {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[len(p.asked)-1]
}

func (p *decisions) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var q map[string]any
	id, secret, _ := r.BasicAuth()
	if id != "revenue" || secret != clientSecret || json.NewDecoder(r.Body).Decode(&q) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.asked = append(p.asked, q)
	w.WriteHeader(p.status)
	_, _ = w.Write([]byte(p.say))
}

// serviceWorld is a world whose department has one service, with somebody signed in.
func serviceWorld(t *testing.T, point func(issuer string) string) (*world, *decisions) {
	t.Helper()
	w, p := newWorld(t), &decisions{}
	hubSide := w.provider.Config.Handler
	w.provider.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/authzen-configuration":
			simulator.WriteJSON(rw, http.StatusOK, map[string]any{"policy_decision_point": w.issuer, "access_evaluation_endpoint": point(w.issuer)})
		case "/access":
			p.serve(rw, r)
		default:
			hubSide.ServeHTTP(rw, r)
		}
	})
	o := w.options()
	text := func(s string) hub.Text { return hub.Text{"th": s + "-th", "en": s} }
	o.StatesPlace, o.Behind = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	o.Services = []Service{{Item: "bills", Action: "query", Names: text("Bills"), Lines: []Line{{text("Sum"), text("forty")}}}}
	d, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.department.Config.Handler = d
	if got := w.get(w.base + ServicePath + "bills"); got.status != http.StatusSeeOther || got.location != "/login?to=bills" {
		t.Fatalf("nobody is signed in: %d %s", got.status, got.location)
	}
	if landed := w.get(w.answer(approve())); landed.location != "/" {
		t.Fatalf("%d %s", landed.status, landed.location)
	}
	return w, p
}

func honest(issuer string) string { return issuer + "/access" }

// RAZ-01, RAZ-05, RAZ-08: nothing is shown before the hub has said yes, each time; a no is told in the person's language, with what begins what is missing.
func TestRAZ05_TheHubIsAskedEachTime(t *testing.T) {
	t.Parallel()
	w, p := serviceWorld(t, honest)
	page := w.base + ServicePath + "bills"
	no := func(reasons, remedies, link string) string {
		return `{"decision":false,"context":{"reasons":[` + reasons + `],"reason_user":{"en":"Why <not>\nAnd more","th":"เหตุ"},"remedies":[` + remedies + `],"link":"` + link + `"}}`
	}
	for _, c := range []struct {
		name, say string
		status    int
		has       []string
	}{
		{"open", `{"decision":true}`, http.StatusOK, []string{`id="open"`, "forty"}},
		{
			"locked", no(`"level","locked"`, `{"kind":"step_up","acr_values":"urn:onedoor:ial:2.1:aal:2.2","max_age":60},{"kind":"open"}`, w.issuer+"/me/services/bills"), http.StatusForbidden,
			[]string{`id="refused"`, "<p>Why &lt;not&gt;</p><p>And more</p>", `id="next" href="` + w.issuer + `/me/services/bills"`, "Open it in your account"},
		},
		{"somebody else's link", no(`"locked"`, `{"kind":"open"}`, "https://evil.example/"), http.StatusForbidden, []string{`id="refused"`}},
		{"hours", no(`"hours"`, `{"kind":"hours","from":"2026-01-01T01:00:00Z"}`, ""), http.StatusForbidden, []string{"1 January 2026 08:00"}},
		{"place", no(`"place"`, `{"kind":"place"}`, ""), http.StatusForbidden, []string{"Why &lt;not&gt;"}},
		{"for companies", no(`"not_for_persons"`, ``, ""), http.StatusForbidden, []string{`href="/login?for=choose&amp;to=bills"`}},
		{"open again", `{"decision":true}`, http.StatusOK, []string{"forty"}},
	} {
		p.answer(c.say)
		got := w.get(page)
		if got.status != c.status || (c.status != http.StatusOK) == strings.Contains(got.body, "forty") || strings.Contains(got.body, "evil") {
			t.Errorf("%s: %d\n%s", c.name, got.status, got.body)
		}
		for _, s := range c.has {
			if !strings.Contains(got.body, s) {
				t.Errorf("%s: no %q in\n%s", c.name, s, got.body)
			}
		}
	}
	q := p.last()
	if subject, _ := q["subject"].(map[string]any); subject["type"] != "access_token" || subject["id"] == "" {
		t.Errorf("%v", q)
	}
	if at, _ := q["context"].(map[string]any); at["ip_address"] != "127.0.0.1" {
		t.Errorf("RAZ-04: %v", q)
	}
	if got := w.get(w.base + ServicePath + "gold"); got.status != http.StatusSeeOther || got.location != "/" {
		t.Errorf("what there is not: %d", got.status)
	}
	// Who can't be asked has not said yes (invariant 8).
	for _, say := range []string{`{`, ``, `[]`} {
		p.answer(say)
		if got := w.get(page); got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "forty") {
			t.Errorf("%q: %d", say, got.status)
		}
	}
}

// RAZ-07, RFC 9470: a token that is too old or too weak is renewed without asking anybody where that goes, once; else by a sign-in as the hub wants it.
func TestRAZ07_AWeakTokenIsRenewedOrTheSignInRepeated(t *testing.T) {
	t.Parallel()
	w, p := serviceWorld(t, honest)
	page := w.base + ServicePath + "bills"
	p.answer(`{"decision":false,"context":{"reasons":["level"],"reason_user":{"en":"Stronger"},"remedies":[{"kind":"step_up","acr_values":"urn:onedoor:ial:2.1:aal:2.2","max_age":600}]}}`)
	quiet := w.get(page)
	if quiet.status != http.StatusSeeOther || !strings.Contains(quiet.location, "prompt=none") {
		t.Fatalf("%d %s", quiet.status, quiet.location)
	}
	toHub := w.get(w.base + quiet.location)
	asked, err := url.Parse(toHub.location)
	if err != nil || asked.Query().Get("acr_values") != "urn:onedoor:ial:2.1:aal:2.2" || asked.Query().Get("max_age") != "600" || asked.Query().Get("prompt") != "none" {
		t.Fatalf("%s %v", toHub.location, err)
	}
	refused := w.get(w.base + CallbackPath + "?" + url.Values{"error": {"login_required"}, "state": {asked.Query().Get("state")}, "iss": {w.issuer}}.Encode())
	if refused.location != ServicePath+"bills" {
		t.Fatalf("%d %s", refused.status, refused.location)
	}
	shown := w.get(page)
	if shown.status != http.StatusForbidden || !strings.Contains(shown.body, "Stronger") || !strings.Contains(shown.body, `href="/login?acr_values=urn%3Aonedoor%3Aial%3A2.1%3Aaal%3A2.2&amp;max_age=600&amp;to=bills"`) {
		t.Errorf("%d %s", shown.status, shown.body)
	}
	// What a link adds to a sign-in is what one of ours can add.
	toHub = w.get(w.base + "/login?acr_values=evil+x&max_age=-1&to=gold&prompt=none&for=me")
	asked, err = url.Parse(toHub.location)
	if q := asked.Query(); err != nil || strings.Contains(q.Get("acr_values"), "evil") || q.Has("max_age") || q.Has("prompt") || q.Has("act_for") {
		t.Errorf("%s %v", toHub.location, err)
	}
}

// Only the hub's own decision point is asked.
func TestServices_AForeignDecisionPointIsNotAsked(t *testing.T) {
	t.Parallel()
	w, p := serviceWorld(t, func(string) string { return "https://evil.example/access" })
	p.answer(`{"decision":true}`)
	if got := w.get(w.base + ServicePath + "bills"); got.status != http.StatusServiceUnavailable || len(p.asked) > 0 {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// RAZ-04: where somebody is, their own proxies say and nobody else.
func TestRAZ04_TheAddressBehindProxies(t *testing.T) {
	t.Parallel()
	d := &Department{o: Options{Behind: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:5", "", "192.0.2.1"},
		{"192.0.2.1:5", "198.51.100.7", "192.0.2.1"},
		{"10.0.0.1:5", "198.51.100.7", "198.51.100.7"},
		{"10.0.0.1:5", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"},
		{"10.0.0.1:5", "", "10.0.0.1"},
		{"10.0.0.1:5", "here", "invalid IP"},
		{"[::ffff:10.0.0.1]:5", "2001:db8::1", "2001:db8::1"},
		{"nowhere", "", "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := d.address(r).String(); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
