package app

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/forward"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/hubtest/freeport"
	"onedoor/hub/token"
	"onedoor/tenants"
)

// archive is a department's old system behind nginx, with the configuration of configs/deploy.
type archive struct {
	t      *testing.T
	d      *Demo
	hubs   []*Hub
	system tenants.System
	secret string
	url    string // origin
}

const archiveHost = "archive"

func newArchive(t *testing.T, d *Demo, hubs []*Hub) *archive {
	t.Helper()
	listen := freeport.Address(t)
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		t.Fatal(err)
	}
	a := &archive{t: t, d: d, hubs: hubs, secret: tenants.NewClientSecret(hub.Randomness()), url: fmt.Sprintf("http://%s.localhost:%s", archiveHost, port)}
	hashed, err := tenants.HashClientSecret(a.secret)
	if err != nil {
		t.Fatal(err)
	}
	every := func(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }
	a.system = tenants.System{
		ID: "revenue-archive", Department: "revenue", Names: every("Archive"), Status: tenants.Live, Group: tenants.Transaction,
		Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Risk: "A test.", ReviewBy: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		Attributes: []consent.Rule{{Attribute: hub.Name, Purpose: "greeting", Text: every("To greet you"), Effect: every("No greeting"), Basis: consent.ByConsent}},
		Forward: &tenants.Forward{
			Origins: []string{a.url}, Secrets: []tenants.Secret{hashed}, Headers: map[string]hub.AttributeName{"X-Remote-Name": hub.Name},
		},
	}
	a.put(func(*tenants.System) {})

	// The system itself says what it was told.
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told := map[string]string{"uri": r.RequestURI, "method": r.Method}
		for name, values := range r.Header {
			if strings.HasPrefix(name, "X-Onedoor-") || name == "X-Remote-Name" {
				told[name] = strings.Join(values, " AND ")
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(told)
	}))
	t.Cleanup(backend.Close)
	runNginx(t, a.conf(listen, backend.Listener.Addr().String()), listen)
	return a
}

// put changes the system in the register, for every node.
func (a *archive) put(change func(*tenants.System)) {
	a.t.Helper()
	change(&a.system)
	if faults := a.system.Validate(); len(faults) > 0 {
		a.t.Fatal(faults)
	}
	if _, err := a.hubs[0].tenants.PutSystem(a.t.Context(), a.system); err != nil {
		a.t.Fatal(err)
	}
	for _, h := range a.hubs {
		if err := h.directory.Refresh(a.t.Context()); err != nil {
			a.t.Fatal(err)
		}
	}
}

// conf is the example of configs/deploy with the addresses of this test and without TLS.
func (a *archive) conf(listen, backend string) string {
	a.t.Helper()
	dir := a.t.TempDir()
	text, err := os.ReadFile("../../../configs/deploy/forward-auth-nginx.conf")
	if err != nil {
		a.t.Fatal(err)
	}
	auth := base64.StdEncoding.EncodeToString([]byte(string(a.system.ID) + ":" + a.secret))
	secret := filepath.Join(dir, "secret.conf")
	if err := os.WriteFile(secret, []byte(`proxy_set_header Authorization "Basic `+auth+`";`), 0o600); err != nil {
		a.t.Fatal(err)
	}
	hubAddress := strings.TrimPrefix(a.d.URL(hubHost), "http://")
	var lines []string
	for line := range strings.Lines(string(text)) {
		if s := strings.TrimSpace(line); strings.HasPrefix(s, "ssl_") || strings.HasPrefix(s, "proxy_ssl_") {
			continue
		}
		lines = append(lines, line)
	}
	conf := strings.NewReplacer(
		"pid /run/nginx.pid;", "pid "+dir+"/pid;\ndaemon off;\nmaster_process off;",
		"worker_processes auto;", "worker_processes 1;",
		"access_log /dev/stdout short;", fmt.Sprintf(`access_log off;
    client_body_temp_path %[1]s/1; proxy_temp_path %[1]s/2; fastcgi_temp_path %[1]s/3; uwsgi_temp_path %[1]s/4; scgi_temp_path %[1]s/5;`, dir),
		"server login.example.go.th:443;", fmt.Sprintf("server 127.0.0.1:%d;", a.d.Port),
		"listen 443 ssl;", "listen "+listen+";",
		"server_name archive.revenue.example;", "server_name "+archiveHost+".localhost;",
		"X-Forwarded-Proto https;", "X-Forwarded-Proto http;",
		"https://hub/", "http://hub/",
		"Host login.example.go.th;", "Host "+hubAddress+";",
		"http://127.0.0.1:8080;", "http://"+backend+";",
		"/etc/nginx/forward-auth-secret.conf", secret,
	).Replace(strings.Join(lines, ""))
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		a.t.Fatal(err)
	}
	return file
}

// runNginx runs nginx in the foreground and waits until it answers.
func runNginx(t *testing.T, conf, listen string) {
	t.Helper()
	said := &strings.Builder{}
	program := "/opt/onedoor-deps/nginx/usr/sbin/nginx" // where .ci/deps unpacks it
	if _, err := os.Stat(program); err != nil {
		program = "/usr/sbin/nginx"
	}
	// #nosec G204 -- a test's own file
	cmd := exec.Command(program, "-c", conf, "-p", filepath.Dir(conf), "-e", "stderr")
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatalf("nginx does not start: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("nginx said:\n%s", said)
		}
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := net.Dial("tcp", listen)
		if err == nil {
			_ = c.Close()
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("nginx ended: %v\n%s", err, said)
		case <-t.Context().Done():
			t.Fatal("nginx did not answer")
		case <-tick.C:
		}
	}
}

func told(t *testing.T, p *formbrowser.Page) map[string]string {
	t.Helper()
	var out map[string]string
	if err := json.Unmarshal([]byte(p.Body), &out); err != nil {
		t.Fatal(p.Errorf("not the system's own page: %v", err))
	}
	return out
}

// ask sends one request, following nothing.
func (a *archive) ask(method, address string, header map[string]string) *http.Response {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, address, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
		r.Header.Del("Host")
	}
	resp, err := formbrowser.LocalNames().RoundTrip(r)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = resp.Body.Close() })
	return resp
}

// check asks the hub as the proxy does.
func (a *archive) check(path, cookie string, more map[string]string) *http.Response {
	a.t.Helper()
	at, err := url.Parse(a.url)
	if err != nil {
		a.t.Fatal(err)
	}
	h := map[string]string{
		"Authorization":    "Basic " + base64.StdEncoding.EncodeToString([]byte(string(a.system.ID)+":"+a.secret)),
		"X-Forwarded-Host": at.Host, "X-Forwarded-Proto": "http", "X-Forwarded-Uri": "/x?y=1",
	}
	if cookie != "" {
		h["Cookie"] = "__Host-onedoor-session=" + cookie
	}
	method := http.MethodGet
	for k, v := range more {
		if k == "method" {
			method = v
			continue
		}
		h[k] = v
		if v == "" {
			delete(h, k)
		}
	}
	return a.ask(method, a.d.URL(hubHost)+strings.Replace(path, "{system}", string(a.system.ID), 1), h)
}

// A system of twenty years behind a real nginx: sign in, who it is in headers that nobody else can set, one sign-out that counts at once
// on every node, on SQLite with one node and on PostgreSQL with two that take turns.
func TestForwardAuthentication(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, d *Demo, hubs []*Hub, log *record) {
		a, mali, w := newArchive(t, d, hubs), person(t, "mali"), newWalker(t, d)

		// Somebody signs in and gets to where they wanted.
		p := w.login(revenueHost, "thaid", "mali")
		p = w.press(p, "decision", "allow")
		atRevenue := subject(p)
		p = w.must(w.b.Open(t.Context(), a.url+"/files?year=2540&x=%2F"))
		f := p.FormWith("given")
		if err := f.Tick("given", "name/greeting"); err != nil {
			t.Fatal(err)
		}
		before := told(t, w.must(f.Press(t.Context(), "decision", "allow")))
		if before["uri"] != "/files?year=2540&x=%2F" || before[forward.HeaderIAL] != "2.3" || before[forward.HeaderACR] != "urn:onedoor:ial:2.3:aal:2.1" {
			t.Errorf("the system was told %v", before)
		}
		if got, err := url.PathUnescape(before["X-Remote-Name"]); err != nil || !strings.Contains(got, mali.GivenName) {
			t.Errorf("the name is %q", got)
		}
		if sub := before[forward.HeaderSubject]; sub == "" || sub == atRevenue {
			t.Errorf("sub %q, at the revenue department's other sector %q", sub, atRevenue)
		}
		a.signed(before)

		// What a browser says of itself does not get through.
		cookie, ok := w.b.Cookie(a.url+"/", "__Host-onedoor-session")
		if !ok {
			t.Fatal("no session cookie at the system")
		}
		r := a.ask(http.MethodGet, a.url+"/files", map[string]string{
			"Cookie": "__Host-onedoor-session=" + cookie, "X-Onedoor-Subject": "somebody", "X-Onedoor-Identity": "x", "X-Remote-Name": "Somebody",
			"Authorization": "Basic x",
		})
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != http.StatusOK || strings.Contains(strings.ToLower(string(body)), "somebody") {
			t.Errorf("%d %s", r.StatusCode, body)
		}
		if r := a.ask(http.MethodGet, a.url+"/files", map[string]string{"X-Onedoor-Subject": "somebody"}); r.StatusCode != http.StatusSeeOther ||
			r.Header.Get("Location") != a.url+"/.onedoor/start?to=%2Ffiles" {
			t.Errorf("nobody signed in: %d %s", r.StatusCode, r.Header.Get("Location"))
		}
		if r := a.ask(http.MethodPost, a.url+"/files", nil); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != a.url+"/.onedoor/start?to=%2F" {
			t.Errorf("a form from nobody: %d %s", r.StatusCode, r.Header.Get("Location"))
		}

		a.proxies(cookie)
		a.renews(cookie)

		// One sign-out at the hub, and from its answer on nobody is let in anywhere.
		p = w.must(w.b.Open(t.Context(), a.url+"/.onedoor/signout"))
		w.send(p, "csrf")
		for range 2 * len(hubs) {
			if r := a.check(forward.CheckPath, cookie, nil); r.StatusCode != http.StatusUnauthorized {
				t.Errorf("invariant 1: after the sign-out %d", r.StatusCode)
			}
			if r := a.check(forward.CheckPath, a.aged(cookie), nil); r.StatusCode != http.StatusUnauthorized {
				t.Errorf("an old cookie is renewed after the sign-out: %d", r.StatusCode)
			}
		}
		for _, text := range append(personal(mali), cookie) {
			if strings.Contains(log.String(), text) {
				t.Errorf("invariant 2: the log holds %q", text)
			}
		}
	})
}

// signed verifies the signed form as a system would: with the hub's published keys.
func (a *archive) signed(told map[string]string) {
	a.t.Helper()
	r := a.ask(http.MethodGet, a.d.URL(hubHost)+"/oauth2/jwks", nil)
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(r.Body).Decode(&set); err != nil {
		a.t.Fatal(err)
	}
	sig, err := jose.ParseSignedCompact(told[forward.HeaderIdentity], []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		a.t.Fatal(err)
	}
	head := sig.Signatures[0].Header
	raw, err := sig.Verify(set.Key(head.KeyID)[0])
	if err != nil {
		a.t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		a.t.Fatal(err)
	}
	lives, _ := claims["exp"].(float64)
	if head.ExtraHeaders["typ"] != "onedoor-identity+jwt" || claims["aud"] != "revenue-archive" || claims["iss"] != a.d.URL(hubHost) ||
		claims["sub"] != told[forward.HeaderSubject] || claims["sid"] != told[forward.HeaderSession] || time.Until(time.Unix(int64(lives), 0)) > time.Minute {
		a.t.Errorf("%v %v", head, claims)
	}
}

// proxies holds who may ask, and what each kind of proxy is answered.
func (a *archive) proxies(cookie string) {
	t := a.t
	t.Helper()
	start := a.url + "/.onedoor/start?to=%2Fx%3Fy%3D1"
	for name, c := range map[string]struct {
		path, cookie string
		more         map[string]string
		status       int
		location     string
		login        string
	}{
		"in":                       {forward.CheckPath, cookie, nil, 200, "", ""},
		"in, POST":                 {forward.CheckPath, cookie, map[string]string{"method": "POST"}, 200, "", ""},
		"in, Traefik":              {forward.GatePath, cookie, nil, 200, "", ""},
		"in, Envoy":                {"/forward/{system}/envoy/a/b?c=d", cookie, map[string]string{"method": "DELETE"}, 200, "", ""},
		"out":                      {forward.CheckPath, "", nil, 401, "", start},
		"out, Traefik":             {forward.GatePath, "", nil, 303, start, start},
		"out, Traefik, a form":     {forward.GatePath, "", map[string]string{"X-Forwarded-Method": "POST"}, 401, "", a.url + "/.onedoor/start?to=%2F"},
		"out, Envoy":               {"/forward/{system}/envoy/a/b?c=d", "", nil, 303, a.url + "/.onedoor/start?to=%2Fa%2Fb%3Fc%3Dd", a.url + "/.onedoor/start?to=%2Fa%2Fb%3Fc%3Dd"},
		"out, Envoy, a form":       {"/forward/{system}/envoy/a", "", map[string]string{"method": "POST"}, 401, "", a.url + "/.onedoor/start?to=%2F"},
		"one origin, not named":    {forward.CheckPath, cookie, map[string]string{"X-Forwarded-Host": ""}, 200, "", ""},
		"another origin":           {forward.CheckPath, cookie, map[string]string{"X-Forwarded-Host": "evil.example"}, 403, "", ""},
		"another scheme":           {forward.CheckPath, cookie, map[string]string{"X-Forwarded-Proto": "https"}, 403, "", ""},
		"no secret":                {forward.CheckPath, cookie, map[string]string{"Authorization": ""}, 403, "", ""},
		"wrong secret":             {forward.CheckPath, cookie, map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue-archive:"+strings.Repeat("0", 64)))}, 403, "", ""},
		"another's name":           {forward.CheckPath, cookie, map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue-efiling:"+a.secret))}, 403, "", ""},
		"another system":           {"/forward/revenue-efiling/check", cookie, nil, 403, "", ""},
		"no such system":           {"/forward/nobody/check", cookie, nil, 403, "", ""},
		"garbage":                  {forward.CheckPath, "od1_AAAA", nil, 401, "", start},
		"back to another host":     {forward.CheckPath, "", map[string]string{"X-Forwarded-Uri": "//evil.example"}, 401, "", a.url + "/.onedoor/start?to=%2F"},
		"back to another host, \\": {forward.CheckPath, "", map[string]string{"X-Forwarded-Uri": "/\\evil.example"}, 401, "", a.url + "/.onedoor/start?to=%2F"},
	} {
		r := a.check(c.path, c.cookie, c.more)
		if r.StatusCode != c.status || r.Header.Get("Location") != c.location || r.Header.Get(forward.HeaderLogin) != c.login ||
			(c.status == 200) != (r.Header.Get(forward.HeaderSubject) != "") {
			t.Errorf("%s: %d Location %q login %q", name, r.StatusCode, r.Header.Get("Location"), r.Header.Get(forward.HeaderLogin))
		}
	}
	// A proxy known by its network needs no secret.
	a.put(func(s *tenants.System) { s.Forward.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	if r := a.check(forward.CheckPath, cookie, map[string]string{"Authorization": ""}); r.StatusCode != http.StatusOK {
		t.Errorf("from the proxy's network: %d", r.StatusCode)
	}
	a.put(func(s *tenants.System) { s.Forward.Proxies = nil })
	// An access token of another kind opens no gate, though it is the same system's and live.
	other := a.reseal(cookie, func(x *token.Access) { x.Scopes = []string{"openid"} })
	if r := a.check(forward.CheckPath, other, nil); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("a token of another kind: %d", r.StatusCode)
	}
	// What the register says now counts (EXC-07, LOA-09, PRV-06).
	a.put(func(s *tenants.System) { s.Status = tenants.Suspended })
	if r := a.check(forward.CheckPath, cookie, nil); r.StatusCode != http.StatusForbidden {
		t.Errorf("EXC-07: suspended: %d", r.StatusCode)
	}
	a.put(func(s *tenants.System) { s.Status, s.Least.AAL = tenants.Live, hub.AAL22 })
	if r := a.check(forward.CheckPath, cookie, nil); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("the level was raised: %d", r.StatusCode)
	}
	a.put(func(s *tenants.System) {
		s.Least.AAL, s.Attributes, s.Forward.Headers = hub.AAL21, nil, nil
	})
	if r := a.check(forward.CheckPath, cookie, nil); r.StatusCode != http.StatusOK || r.Header.Get("X-Remote-Name") != "" {
		t.Errorf("PRV-06: the register took the name out: %d %q", r.StatusCode, r.Header.Get("X-Remote-Name"))
	}
}

// renews holds that an old cookie of a live session is followed by the next, and only then.
func (a *archive) renews(cookie string) {
	t := a.t
	t.Helper()
	r := a.check(forward.CheckPath, a.aged(cookie), nil)
	if r.StatusCode != http.StatusOK || len(r.Cookies()) != 1 || r.Cookies()[0].Name != "__Host-onedoor-session" || !r.Cookies()[0].Secure || !r.Cookies()[0].HttpOnly {
		t.Fatalf("%d %v", r.StatusCode, r.Cookies())
	}
	if r := a.check(forward.CheckPath, r.Cookies()[0].Value, nil); r.StatusCode != http.StatusOK || len(r.Cookies()) != 0 {
		t.Errorf("the new cookie: %d %v", r.StatusCode, r.Cookies())
	}
	// SES-08: past twelve hours of age at AAL2 it is over.
	late := a.reseal(cookie, func(x *token.Access) {
		x.AuthTime, x.IssuedAt, x.ExpiresAt = x.AuthTime.Add(-12*time.Hour), x.IssuedAt.Add(-time.Hour), x.ExpiresAt.Add(-time.Hour)
	})
	if r := a.check(forward.CheckPath, late, nil); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("SES-08: %d", r.StatusCode)
	}
}

// aged gives a cookie as it would be had it been issued an hour ago.
func (a *archive) aged(cookie string) string {
	return a.reseal(cookie, func(x *token.Access) {
		x.IssuedAt, x.ExpiresAt = x.IssuedAt.Add(-time.Hour), x.ExpiresAt.Add(-time.Hour)
	})
}

func (a *archive) reseal(cookie string, change func(*token.Access)) string {
	a.t.Helper()
	h := a.hubs[0]
	sealer, err := token.NewSealer(h.options.Config.Issuer, h.keys, h.clock, h.random)
	if err != nil {
		a.t.Fatal(err)
	}
	x, err := sealer.OpenLate(cookie)
	if err != nil {
		a.t.Fatal(err)
	}
	change(&x)
	text, err := sealer.Seal(x)
	if err != nil {
		a.t.Fatal(err)
	}
	return text
}

// A code works once, for the browser that began: nobody can push another browser into their own login, and a code that comes twice ends
// what it gave.
func TestForwardAuthentication_CodesAreForOneBrowserOnce(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	a := newArchive(t, d, hubs)
	a.put(func(s *tenants.System) { s.Attributes, s.Forward.Headers = nil, nil })
	w := newWalker(t, d)
	p := w.login(socialHost, "thaid", "mali")
	_ = p
	p = w.must(w.b.Open(t.Context(), a.url+"/"))
	told(t, p)
	cookie, _ := w.b.Cookie(a.url+"/", "__Host-onedoor-session")
	var callback, start, elsewhere string
	for _, u := range w.b.Visited() {
		if at, err := url.Parse(u); err == nil && at.Host != "" && elsewhere == "" && !strings.Contains(u, forward.OwnPath) && at.Query().Get("iss") != "" {
			elsewhere = at.Query().Get("code") // that a department has used, over OpenID Connect
		}
		if strings.Contains(u, "/.onedoor/callback?") {
			callback = u
		}
		if strings.Contains(u, "/forward/revenue-archive/login?") {
			start = u
		}
	}

	// A victim's browser is led to the attacker's fresh code.
	attacker := newWalker(t, d)
	attacker.login(socialHost, "thaid", "tharn")
	fresh := a.ask(http.MethodGet, a.url+"/.onedoor/start?to=/", nil)
	login := a.ask(http.MethodGet, fresh.Header.Get("Location"), map[string]string{"Cookie": cookiesFor(t, attacker, d.URL(hubHost))})
	stolen := login.Header.Get("Location")
	if !strings.Contains(stolen, "/.onedoor/callback?code=") {
		t.Fatalf("%d %s", login.StatusCode, stolen)
	}
	if r := a.ask(http.MethodGet, stolen, map[string]string{"Cookie": "__Host-onedoor-start=" + strings.Repeat("A", 43)}); r.StatusCode != http.StatusBadRequest || len(r.Cookies()) > 0 {
		t.Errorf("another browser's code: %d %v", r.StatusCode, r.Cookies())
	}
	if r := a.ask(http.MethodGet, stolen, nil); r.StatusCode != http.StatusBadRequest || len(r.Cookies()) > 0 {
		t.Errorf("a code without the browser's cookie: %d %v", r.StatusCode, r.Cookies())
	}
	if r := a.ask(http.MethodGet, strings.Replace(start, "revenue-archive", "revenue-efiling", 1), nil); r.StatusCode/100 != 4 {
		t.Errorf("a state at another system: %d", r.StatusCode)
	}
	if r := a.ask(http.MethodGet, start[:len(start)-3]+"AAA", nil); r.StatusCode != http.StatusBadRequest {
		t.Errorf("a changed state: %d", r.StatusCode)
	}

	if r := a.ask(http.MethodGet, a.url+"/.onedoor/callback?code="+elsewhere, nil); elsewhere == "" || r.StatusCode != http.StatusBadRequest {
		t.Errorf("the code %q of another system and protocol: %d", elsewhere, r.StatusCode)
	}
	var ended int
	if err := hubs[0].db.Read(t.Context()).Raw("SELECT count(*) FROM grants WHERE revoked_at IS NOT NULL").Row().Scan(&ended); err != nil || ended != 0 {
		t.Errorf("a used code of another system, shown by somebody whom nobody knows, has ended its grant: %d %v", ended, err)
	}
	if r := a.check(forward.CheckPath, cookie, nil); r.StatusCode != http.StatusOK {
		t.Fatalf("before: %d", r.StatusCode)
	}
	if r := a.ask(http.MethodGet, callback, nil); r.StatusCode/100 != 4 {
		t.Errorf("a code twice: %d", r.StatusCode)
	}
	if err := hubs[0].lease.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := a.check(forward.CheckPath, cookie, nil); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("RFC 6749 section 4.1.2: what a code gave that came twice: %d", r.StatusCode)
	}
}

// cookiesFor gives the cookies of a browser at an address, as it would send them.
func cookiesFor(t *testing.T, w *walker, address string) string {
	t.Helper()
	var all []string
	for _, name := range []string{"__Host-onedoor", "__Host-onedoor-login"} {
		if v, ok := w.b.Cookie(address+"/", name); ok {
			all = append(all, name+"="+v)
		}
	}
	return strings.Join(all, "; ")
}
