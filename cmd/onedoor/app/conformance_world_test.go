package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/tenants"
)

// The tests whose files begin with conformance go through the modules of the OpenID Foundation's conformance suite: one subtest a
// module, under the module's own name, against the whole hub over real HTTP, with stand-ins for the identity providers and a browser
// that fills in forms. What a module checks is written here anew from the specifications; the suite itself is not run. A module of the
// suite that ends in a person's look at a screenshot ends here in what the screenshot would show.

// suite is a hub with relying parties of the conformance plans, whose clock is moved by hand.
type suite struct {
	clock     *hubtest.Clock
	hub       *Hub
	demo      *Demo
	issuer    string
	transport *http.Transport
	client    *http.Client
	metadata  map[string]any
	keys      atomic.Pointer[[]byte] // the JWK Set at rpHost
	parties   map[string]*party
}

// party is a relying party as a test plays it.
type party struct {
	plain          bool // sends no PKCE, as the Basic plan does not
	id             string
	method         string
	secret         string
	redirect       string
	key            *ecdsa.PrivateKey
	proves         *ecdsa.PrivateKey // of its DPoP proofs; nil where its tokens are of the bearer
	kid            string            // "a" where empty
	manage, access string            // of a sandbox: where and with what it is managed
}

// rpHost is the host below .localhost where a relying party publishes its keys.
const rpHost = "rp"

// away is where the relying parties live: the browser stops there.
const away = "https://rp.conformance.example"

func newSuite(t *testing.T) *suite {
	t.Helper()
	return newSuiteWith(t, func(*configs.Config) {})
}

func newSuiteWith(t *testing.T, change func(*configs.Config)) *suite {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	s := &suite{clock: hubtest.NewClock(), transport: formbrowser.LocalNames(), parties: map[string]*party{}}
	s.clock.Set(time.Now().UTC().Truncate(time.Second)) // the guard of outbound calls and TLS know no other time
	s.client = &http.Client{
		Transport: s.transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &Demo{
		Scheme: "http", Data: t.TempDir(), Port: listener.Addr().(*net.TCPAddr).Port, secrets: map[string]string{}, hosts: map[string]http.Handler{},
		options: DemoOptions{LogLevel: slog.LevelError, Process: Process{
			Env: func(string) (string, bool) { return "", false }, Out: discard{}, Err: &record{}, Clock: s.clock.Now, Random: hub.Randomness(),
		}},
	}
	if err := d.prepare(ctx, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	d.config.Rates.Login = configs.Rate{PerMinute: 1_000_000, Burst: 1_000_000} // the clock stands still
	d.config.Registration = &configs.Registration{Departments: []configs.Sandbox{{ID: "conformance", Attributes: []string{"given_name"}, Hosts: []string{"rp.conformance.example"}}}}
	change(&d.config)
	h, err := d.build(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s.hub, s.demo, s.issuer = h, d, d.config.Issuer
	d.hosts[rpHost] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if set := s.keys.Load(); set != nil {
			_, _ = w.Write(*set)
		}
	})
	s.register(t)
	var beside sync.WaitGroup
	beside.Go(func() { h.attend(ctx) })
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _, _ := strings.Cut(r.Host, ".")
		handler, ok := d.hosts[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		handler.ServeHTTP(w, r)
	})}
	beside.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		s.transport.CloseIdleConnections()
		_ = server.Close()
		stop()
		beside.Wait()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	status, _, body := s.call(t, http.MethodGet, s.issuer+"/.well-known/openid-configuration", nil, nil)
	if status != http.StatusOK {
		t.Fatalf("discovery: %d", status)
	}
	s.metadata = body
	return s
}

// register declares the department and the relying parties of the plans.
func (s *suite) register(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if _, err := s.hub.tenants.PutDepartment(ctx, tenants.Department{ID: "conformance", Names: suiteName, Complaint: "mailto:a@conformance.example"}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		name   string
		method string
		change func(o *tenants.OIDC)
	}{
		{"basic", "client_secret_basic", func(o *tenants.OIDC) { o.InitiateLoginURI, o.PKCEOptional = away+"/go", true }},
		{"post", "client_secret_post", func(o *tenants.OIDC) { o.PKCEOptional = true }},
		{"second", "client_secret_basic", func(o *tenants.OIDC) { o.PKCEOptional = true }},
		{"rs256", "client_secret_basic", func(o *tenants.OIDC) { o.IDTokenAlg, o.PKCEOptional = "RS256", true }},
		{"signer", "private_key_jwt", nil},
		{"fapi", "private_key_jwt", func(o *tenants.OIDC) { o.Profile, o.DPoPBound = tenants.ProfileFAPI2, true }},
		{"fapi-second", "private_key_jwt", func(o *tenants.OIDC) { o.Profile, o.DPoPBound = tenants.ProfileFAPI2, true }},
	} {
		s.add(t, p.name, p.method, p.change)
	}
	if err := s.hub.refresh(ctx); err != nil {
		t.Fatal(err)
	}
}

// suiteName is how the department and the relying parties are called.
var suiteName = hub.Text{"th": "ทดสอบ", "en": "Conformance", "zh": "测试", "vi": "Thử"}

// add declares one relying party.
func (s *suite) add(t *testing.T, name, method string, change func(o *tenants.OIDC)) {
	t.Helper()
	x := &party{id: "conformance-" + name, method: method, redirect: away + "/" + name}
	o := &tenants.OIDC{
		RedirectURIs: []string{x.redirect, x.redirect + "?dummy1=lorem&dummy2=ipsum"}, AuthMethod: method,
		Scopes: []string{"openid", "profile", "address", "name", "offline_access"}, GrantTypes: []string{"authorization_code", "refresh_token"},
	}
	switch method {
	case "private_key_jwt":
		x.key, o.JWKS = clientKey(t, "a")
	case "tls_client_auth", "self_signed_tls_client_auth":
	default:
		x.secret = tenants.NewClientSecret(hub.Randomness())
		hashed, err := tenants.HashClientSecret(x.secret)
		if err != nil {
			t.Fatal(err)
		}
		o.Secrets = []tenants.Secret{hashed}
	}
	if change != nil {
		change(o)
	}
	if o.DPoPBound {
		x.proves, _ = clientKey(t, "proofs")
	}
	x.plain = o.PKCEOptional
	y := tenants.System{
		ID: hub.SystemID(x.id), Department: "conformance", Names: suiteName, Status: tenants.Live, Group: tenants.Transaction,
		Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Risk: "none: a test", ReviewBy: s.clock.Now().AddDate(1, 0, 0), OIDC: o,
	}
	for _, n := range []hub.AttributeName{hub.Name, hub.GivenName, hub.FamilyName, hub.NameEN, hub.Birthdate, hub.Gender, hub.Address} {
		y.Attributes = append(y.Attributes, consent.Rule{Attribute: n, Purpose: "conformance", Text: suiteName, Basis: consent.ByPublicTask})
	}
	if faults := y.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := s.hub.tenants.PutSystem(t.Context(), y); err != nil {
		t.Fatal(err)
	}
	s.parties[name] = x
}

// clientKey makes a client's key, and its JWK Set.
func clientKey(t *testing.T, kid string) (*ecdsa.PrivateKey, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: kid, Algorithm: "ES256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	return key, string(set)
}

// call sends a request of a program and gives status, header and the JSON of the answer.
func (s *suite) call(t *testing.T, method, address string, header http.Header, form url.Values) (int, http.Header, map[string]any) {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	if form != nil && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &out); err != nil {
			t.Fatalf("%s: %v\n%s", address, err, text)
		}
	}
	return resp.StatusCode, resp.Header, out
}

// endpoint gives an address of the discovery document.
func (s *suite) endpoint(t *testing.T, name string) string {
	t.Helper()
	address, ok := s.metadata[name].(string)
	if !ok {
		t.Fatalf("the discovery document has no %s", name)
	}
	return address
}

// offers reports whether a list of the discovery document holds the value.
func (s *suite) offers(list, value string) bool {
	all, _ := s.metadata[list].([]any)
	return slices.Contains(all, any(value))
}

// caller is one module under way: a browser with no past.
type caller struct {
	*suite
	t    *testing.T
	mode string // response_mode; "" for the default
	b    *formbrowser.Browser

	bound map[string]*ecdsa.PrivateKey // by access token
	nonce string                       // that the hub gave last
}

// module is one module of a plan.
type module struct {
	name string
	test func(x *caller)
}

// plan runs modules one after the other, each with a browser of its own.
func (s *suite) plan(t *testing.T, mode string, modules []module) {
	t.Helper()
	for _, m := range modules {
		t.Run(m.name, func(t *testing.T) { m.test(s.newVisit(t, mode)) })
	}
}

func (s *suite) newVisit(t *testing.T, mode string) *caller {
	t.Helper()
	b, err := formbrowser.New(formbrowser.Options{
		Transport: s.transport, Away: func(u *url.URL) bool { return u.Scheme+"://"+u.Host == away },
	})
	if err != nil {
		t.Fatal(err)
	}
	return &caller{suite: s, t: t, mode: mode, b: b, bound: map[string]*ecdsa.PrivateKey{}}
}

// verifier is the code_verifier of every request here.
const verifier = "conformance-conformance-conformance-conformance"

func challenge() string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func random() string { return hub.NewID(hub.Randomness()) }

// request makes an authorization request; a value of "" takes a parameter out.
func (x *caller) request(p *party, more ...string) url.Values {
	v := url.Values{
		"client_id": {p.id}, "redirect_uri": {p.redirect}, "response_type": {"code"}, "scope": {"openid"}, "state": {random()}, "nonce": {random()},
	}
	if !p.plain {
		v["code_challenge"], v["code_challenge_method"] = []string{challenge()}, []string{"S256"}
	}
	if x.mode != "" {
		v.Set("response_mode", x.mode)
	}
	for i := 0; i+1 < len(more); i += 2 {
		if v.Del(more[i]); more[i+1] != "" {
			v.Set(more[i], more[i+1])
		}
	}
	return v
}

// open sends the browser to the authorization endpoint and through whatever it is asked, up to the relying party or an error page.
func (x *caller) open(v url.Values) *formbrowser.Page {
	x.t.Helper()
	p, err := x.b.Open(x.t.Context(), x.endpoint(x.t, "authorization_endpoint")+"?"+v.Encode())
	if err != nil {
		x.t.Fatal(err)
	}
	return x.walk(p)
}

// walk answers every page: chooses ThaID, approves there, lets the department have what it asks for.
func (x *caller) walk(p *formbrowser.Page) *formbrowser.Page {
	x.t.Helper()
	for range 12 {
		next := x.step(p)
		if next == nil {
			return p
		}
		p = next
	}
	x.t.Fatal(p.Errorf("the login does not end"))
	return nil
}

// step answers one page; nil where there is nothing to answer.
func (x *caller) step(p *formbrowser.Page) *formbrowser.Page {
	x.t.Helper()
	if p.Away() {
		return nil
	}
	press := func(f *formbrowser.Form, name, value string) *formbrowser.Page {
		x.t.Helper()
		next, err := f.Press(x.t.Context(), name, value)
		if err != nil {
			x.t.Fatal(err)
		}
		return next
	}
	if f := p.FormWith("provider"); f != nil {
		return press(f, "provider", "thaid")
	}
	if f := p.FormWith("person"); f != nil {
		if err := f.Pick("person", "mali"); err != nil {
			x.t.Fatal(err)
		}
		return press(f, "decision", "approve")
	}
	if f := p.FormWith("decision"); f != nil {
		if f.Has("given", consent.OfflineKey) {
			if err := f.Tick("given", consent.OfflineKey); err != nil {
				x.t.Fatal(err)
			}
		}
		return press(f, "decision", "allow")
	}
	for _, f := range p.Forms() {
		if strings.HasPrefix(f.Action.String(), away+"/") {
			return press(f, "", "")
		}
	}
	return nil
}

// told lets the hub's node read what has ended, as it does by itself several times a second.
func (x *caller) told() {
	x.t.Helper()
	if err := x.hub.lease.Refresh(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
}

// answered checks an authorization response as every module does: at the relying party, by the way that was asked for, with the state
// that was sent and the issuer (RFC 9207).
func (x *caller) answered(p *formbrowser.Page, v url.Values) url.Values {
	x.t.Helper()
	if !p.Away() {
		x.t.Fatal(p.Errorf("the browser did not come back to the relying party"))
	}
	if got, want := p.Params.Get("state"), v.Get("state"); got != want {
		x.t.Errorf("state is %q, want %q", got, want)
	}
	if got := p.Params.Get("iss"); got != x.issuer {
		x.t.Errorf("iss is %q, want %q", got, x.issuer)
	}
	if p.Posted != (x.mode == "form_post") {
		x.t.Errorf("the answer came by a form: %v", p.Posted)
	}
	if !strings.HasPrefix(p.URL.String(), strings.SplitN(v.Get("redirect_uri"), "?", 2)[0]) {
		x.t.Errorf("the answer went to %s", p.URL)
	}
	return p.Params
}

// code goes through a login and gives the code.
func (x *caller) code(v url.Values) string {
	x.t.Helper()
	params := x.answered(x.open(v), v)
	if params.Get("error") != "" || params.Get("code") == "" {
		x.t.Fatalf("no code: %v", params)
	}
	return params.Get("code")
}

// refused goes to the authorization endpoint and wants one of these errors at the relying party.
func (x *caller) refused(v url.Values, codes ...string) url.Values {
	x.t.Helper()
	params := x.answered(x.open(v), v)
	if !slices.Contains(codes, params.Get("error")) || params.Has("code") {
		x.t.Errorf("answered %v, want %v", params, codes)
	}
	return params
}

// errorPage wants a page of the hub and no redirect.
func (x *caller) errorPage(v url.Values) *formbrowser.Page {
	x.t.Helper()
	p := x.open(v)
	if p.Away() || p.Status < 400 || p.URL.Host != strings.TrimPrefix(x.issuer, "http://") {
		x.t.Errorf("no error page: %d at %s with %v", p.Status, p.URL, p.Params)
	}
	return p
}
