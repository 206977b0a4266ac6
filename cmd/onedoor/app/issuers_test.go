package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/federation"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/outbound"
	"onedoor/tenants"
)

// realm is a whole hub of its own, with its own database, its own bank and its own systems: one of several that trust each other.
type realm struct {
	*Hub
	t      *testing.T
	name   string
	issuer string
	asked  atomic.Int64 // introspection requests that came
}

const (
	realmSecret = "0123456789abcdef0123456789abcdef0123456789a"
	portalAway  = "http://portal.localhost/cb"
)

// serveLocal serves a handler on this machine under a name below .localhost.
func serveLocal(t *testing.T, name string, h func() http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h().ServeHTTP(w, r)
	})}}
	s.Start()
	t.Cleanup(s.Close)
	return fmt.Sprintf("http://%s.localhost:%d", name, l.Addr().(*net.TCPAddr).Port)
}

var inFour = hub.Text{"th": "ทดสอบ", "en": "Test", "zh": "测试", "vi": "Thử"}

// newRealm starts a hub with a portal, which people sign in to, and a revenue department, which asks about tokens.
func newRealm(t *testing.T, name string) *realm {
	t.Helper()
	r := &realm{t: t, name: name}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var handler, stand atomic.Pointer[http.Handler]
	r.issuer = serveLocal(t, name, func() http.Handler { return *handler.Load() })
	bankURL := serveLocal(t, name+"-bank", func() http.Handler { return *stand.Load() })
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = r.issuer, t.TempDir()
	cfg.Operator = configs.Operator{Names: inFour, Contact: "mailto:x@onedoor.example"}
	cfg.Rates.Login = configs.Rate{PerMinute: 1_000_000, Burst: 1_000_000}
	p := Process{Env: func(string) (string, bool) { return "", false }, Out: io.Discard, Err: io.Discard, Clock: time.Now, Random: hub.Randomness()}
	masters, err := MasterKeys(cfg, p)
	must(err)
	client, err := outbound.New(outbound.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 10 * time.Second, LocalNames: true})
	must(err)
	ctx := t.Context()
	r.Hub, err = Build(ctx, Options{
		Config: cfg, Process: p, DSN: "sqlite:" + cfg.DatabaseFile(), Masters: masters, HTTP: client, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	must(err)
	public := r.public.Handler()
	counted := http.Handler(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if strings.HasPrefix(q.URL.Path, "/oauth2/introspect") {
			r.asked.Add(1)
		}
		public.ServeHTTP(w, q)
	}))
	handler.Store(&counted)

	secret := hub.NewSecret(p.Random).Reveal()
	sealed, err := masters.SealSecret(p.Random, secretContext, []byte(secret))
	must(err)
	clients := simulator.Clients{{ID: "onedoor", Secret: secret, RedirectURIs: []string{r.issuer + "/login/callback/bank"}, Scopes: bank.Scopes()}}
	b, err := bank.New(bank.Options{BaseURL: bankURL, Clients: clients, Clock: time.Now, Random: p.Random})
	must(err)
	site := http.Handler(b)
	stand.Store(&site)
	now := time.Now()
	_, err = r.trust.Put(ctx, bank.Trust(bankURL, "onedoor", sealed, now.Add(-time.Hour), now.Add(time.Hour)))
	must(err)
	_, err = r.tenants.PutDepartment(ctx, tenants.Department{ID: "office", Names: inFour})
	must(err)
	for _, id := range []hub.SystemID{"portal", "revenue"} {
		r.system(tenants.System{ID: id, OIDC: &tenants.OIDC{
			RedirectURIs: []string{strings.Replace(portalAway, "portal", string(id), 1)}, Scopes: []string{"openid", "profile"},
			Secrets: []tenants.Secret{{SHA256: sha256.Sum256([]byte(realmSecret))}},
		}})
	}
	must(r.refreshAll(ctx))
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() { defer close(done); r.attend(beside) }()
	t.Cleanup(func() {
		stop()
		<-done
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// system registers one, with what all have in common.
func (r *realm) system(s tenants.System) {
	r.t.Helper()
	s.Department, s.Names, s.Status, s.Group, s.Least = "office", inFour, tenants.Live, tenants.Transaction, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	s.Risk, s.ReviewBy = "assessed for the test", time.Now().AddDate(1, 0, 0)
	s.Attributes = []consent.Rule{{Attribute: hub.Name, Purpose: "service", Text: inFour, Basis: consent.ByConsent, Effect: inFour}}
	if f := s.Validate(); len(f) > 0 {
		r.t.Fatal(f)
	}
	if _, err := r.tenants.PutSystem(r.t.Context(), s); err != nil {
		r.t.Fatal(err)
	}
	if err := r.refresh(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// trusts makes r trust the other hub, for its tokens and, where logins are wanted, for its logins; and registers the other one as a system
// here, so that it may ask about our tokens.
func (r *realm) trusts(other *realm, change func(*federation.Provider)) {
	r.t.Helper()
	now := time.Now()
	p := federation.Provider{
		ID: hub.ProviderID("hub-" + other.name), Names: inFour, Status: federation.Active, ValidFrom: now.Add(-time.Hour), ValidUntil: now.Add(time.Hour),
		Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Order: 90,
		Assurance: federation.Assurance{
			IALName: "ial", IAL: map[string]hub.IAL{"1.1": hub.IAL11, "2.1": hub.IAL21, "2.2": hub.IAL22, "2.3": hub.IAL23, "3": hub.IAL3},
			AALName: "aal", AAL: map[string]hub.AAL{"1": hub.AAL1, "2.1": hub.AAL21, "2.2": hub.AAL22, "3": hub.AAL3},
		},
		Attributes: map[hub.AttributeName][]string{hub.Name: {"name"}},
		Tokens: &federation.Tokens{
			Issuer: other.issuer, Onedoor: true, Signed: true, ClientID: "hub-" + r.name, Peer: hub.SystemID("hub-" + other.name),
			Systems: []federation.TokenSystem{{System: "revenue", Scopes: []string{"profile"}}},
		},
	}
	if change != nil {
		change(&p)
	}
	if f := p.Validate(); len(f) > 0 {
		r.t.Fatal(f)
	}
	if _, err := r.trust.Put(r.t.Context(), p); err != nil {
		r.t.Fatal(err)
	}
	r.system(tenants.System{ID: hub.SystemID("hub-" + other.name), OIDC: &tenants.OIDC{
		RedirectURIs: []string{other.issuer + "/login/callback/hub-" + r.name}, Scopes: []string{"openid", "profile"}, AuthMethod: "private_key_jwt",
		JWKSURI: other.issuer + "/oauth2/jwks", Resource: other.issuer, AudienceOf: []hub.SystemID{"portal"},
	}})
}

// visitor is a person with a browser.
type visitor struct {
	t *testing.T
	b *formbrowser.Browser
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	b, err := formbrowser.New(formbrowser.Options{Transport: formbrowser.LocalNames(), Away: func(u *url.URL) bool { return u.Host == "portal.localhost" }})
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, b: b}
}

// signIn goes to the portal of a hub through the providers named and gives the access token.
func (v *visitor) signIn(r *realm, resource string, via ...string) string {
	v.t.Helper()
	q := url.Values{
		"response_type": {"code"}, "client_id": {"portal"}, "redirect_uri": {portalAway}, "scope": {"openid profile"}, "state": {"a-state-of-the-client"},
		"nonce": {"n-0S6_WzA2Mj"}, "code_challenge": {flowChallenge}, "code_challenge_method": {"S256"},
	}
	if resource != "" {
		q.Set("resource", resource)
	}
	page, err := v.b.Open(v.t.Context(), r.issuer+"/oauth2/authorize?"+q.Encode())
	for range 12 {
		if err != nil {
			v.t.Fatal(err)
		}
		if page.Away() {
			break
		}
		switch {
		case page.FormWith("provider") != nil:
			if len(via) == 0 {
				v.t.Fatal(page.Errorf("one chooser more than expected"))
			}
			page, err = page.FormWith("provider").Press(v.t.Context(), "provider", via[0])
			via = via[1:]
		case page.FormWith("person") != nil:
			f := page.FormWith("person")
			if err := f.Pick("person", "mali"); err != nil {
				v.t.Fatal(err)
			}
			for _, b := range f.Buttons {
				if b.Value != "deny" {
					page, err = f.Press(v.t.Context(), b.Name, b.Value)
					break
				}
			}
		case page.FormWith("decision") != nil:
			page, err = page.FormWith("decision").Press(v.t.Context(), "decision", "allow")
		default:
			v.t.Fatal(page.Errorf("a page with nothing to do"))
		}
	}
	if page == nil || page.Params.Get("code") == "" || len(via) > 0 {
		v.t.Fatalf("no code, still to choose %v: %v", via, page)
	}
	status, answer := r.post("portal", "/oauth2/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {page.Params.Get("code")}, "redirect_uri": {portalAway}, "code_verifier": {flowVerifier},
	})
	token, _ := answer["access_token"].(string)
	if status != http.StatusOK || token == "" {
		v.t.Fatalf("%d %v", status, answer)
	}
	return token
}

// signOut ends the session at a hub. When it comes back, the hub has answered.
func (v *visitor) signOut(r *realm) {
	v.t.Helper()
	page, err := v.b.Open(v.t.Context(), r.issuer+"/logout")
	if err != nil {
		v.t.Fatal(err)
	}
	f := page.FormWith("csrf")
	if f == nil {
		v.t.Fatal(page.Errorf("no sign-out"))
	}
	if page, err = f.Press(v.t.Context(), "", ""); err != nil || page.Status != http.StatusOK {
		v.t.Fatal(page.Errorf("%v", err))
	}
}

// post is a call of a system of this hub.
func (r *realm) post(system, path string, form url.Values) (int, map[string]any) {
	r.t.Helper()
	q, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.SetBasicAuth(system, realmSecret)
	resp, err := (&http.Client{Transport: formbrowser.LocalNames()}).Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, out
}

// ask asks this hub as its revenue department.
func (r *realm) ask(form url.Values) map[string]any {
	r.t.Helper()
	status, out := r.post("revenue", "/oauth2/introspect", form)
	if status != http.StatusOK {
		r.t.Fatalf("%d %v", status, out)
	}
	return out
}

// reasons lists why questions to other issuers were refused here.
func (r *realm) reasons() (all []string) {
	r.t.Helper()
	rows, err := r.db.Read(r.t.Context()).Raw("SELECT reason FROM audit_events WHERE kind = 'introspection.routed' AND outcome <> 'success' ORDER BY seq").Rows()
	if err != nil {
		r.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var reason string
		if err := rows.Scan(&reason); err != nil {
			r.t.Fatal(err)
		}
		all = append(all, reason)
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(err)
	}
	return all
}

// SSO-03, SSO-08: two hubs, each with its own database, answer for each other's tokens, in both directions; a logout at one is seen at the
// other at once; levels are never raised, names never shared.
func TestSSO08_TwoHubsAnswerForEachOthersTokens(t *testing.T) {
	t.Parallel()
	north, south := newRealm(t, "north"), newRealm(t, "south")
	north.trusts(south, nil)
	south.trusts(north, nil)
	for _, way := range []struct{ issues, asks *realm }{{north, south}, {south, north}} {
		v := newVisitor(t)
		token := v.signIn(way.issues, way.asks.issuer, "bank")
		own := way.asks.ask(url.Values{"token": {"od1_nothing"}})
		if fmt.Sprint(own) != "map[active:false]" {
			t.Errorf("%v", own)
		}
		got := way.asks.ask(url.Values{"token": {token}})
		if got["active"] != true || got["iss"] != way.issues.issuer || got["client_id"] != "hub-"+way.issues.name+":portal" || got["scope"] != "profile" {
			t.Fatalf("SSO-03: %v", got)
		}
		if got["ial"] != "2.1" || got["aal"] != "2.1" { // the bank vouches for 2.2 and 2.2
			t.Errorf("LOA-01: the ceiling of the trust record does not hold: %v", got)
		}
		_, there := way.issues.post("portal", "/oauth2/introspect", url.Values{"token": {token}})
		for _, name := range []string{"sub", "sid", "jti"} {
			if there[name] == nil || there[name] == got[name] {
				t.Errorf("invariant 3: %s is %v at both", name, got[name])
			}
		}
		if _, batch := way.asks.post("revenue", "/oauth2/introspect/batch", url.Values{"token": {token, "od1_x", token}}); fmt.Sprint(batch["results"]) != fmt.Sprint([]any{got, map[string]any{"active": false}, got}) {
			t.Errorf("the batch says otherwise: %v", batch)
		}
		if _, stranger := way.asks.post("portal", "/oauth2/introspect", url.Values{"token": {token}}); fmt.Sprint(stranger) != "map[active:false]" {
			t.Errorf("a system that is not listed learns something: %v", stranger)
		}
		v.signOut(way.issues)
		if after := way.asks.ask(url.Values{"token": {token}}); fmt.Sprint(after) != "map[active:false]" {
			t.Errorf("invariant 1: after the logout at %s has answered, %s says %v", way.issues.name, way.asks.name, after)
		}
		if got := way.asks.reasons(); fmt.Sprint(got) != "[route_not_entitled]" {
			t.Errorf("recorded: %v", got)
		}
	}
}

// SSO-08: a question that would go round between hubs is cut, and every hub on the way answers.
func TestSSO08_LoopsOfTwoAndThreeHubsAreCut(t *testing.T) {
	t.Parallel()
	for _, n := range []int{2, 3} {
		var realms []*realm
		for _, name := range []string{"north", "south", "west"}[:n] {
			realms = append(realms, newRealm(t, name))
		}
		for i, r := range realms {
			next := realms[(i+1)%n]
			before := realms[(i+n-1)%n]
			// By mistake each takes the next one for the place where tokens of an issuer that nobody has are asked about.
			r.trusts(next, func(p *federation.Provider) {
				p.ID = "ghost"
				p.Tokens.Issuer, p.Tokens.Onedoor, p.Tokens.Signed, p.Tokens.Prefixes, p.Tokens.Peer = "https://ghost.example", false, false, []string{"ghost_"}, ""
				p.Tokens.Introspection, p.Tokens.Assertion.Audience = next.issuer+"/oauth2/introspect", federation.AudienceToken
				p.Tokens.Systems = append(p.Tokens.Systems, federation.TokenSystem{System: hub.SystemID("hub-" + before.name)})
			})
			if n > 2 {
				r.system(tenants.System{ID: hub.SystemID("hub-" + before.name), OIDC: &tenants.OIDC{
					RedirectURIs: []string{before.issuer + "/cb"}, Scopes: []string{"openid"}, AuthMethod: "private_key_jwt", JWKSURI: before.issuer + "/oauth2/jwks",
				}})
			}
		}
		if got := realms[0].ask(url.Values{"token": {"ghost_1"}}); fmt.Sprint(got) != "map[active:false]" {
			t.Errorf("%d hubs: %v", n, got)
		}
		for i, r := range realms {
			if asked := r.asked.Load(); asked != 1 {
				t.Errorf("%d hubs: %s was asked %d times", n, r.name, asked)
			}
			want := "[]"
			if i == n-1 {
				want = "[" + string(federation.RouteBack) + "]"
			}
			if got := r.reasons(); fmt.Sprint(got) != want {
				t.Errorf("%d hubs: %s recorded %v, want %s", n, r.name, got, want)
			}
		}
	}
}

// SSO-03: where the other hub is down, the token is not active, and the record says why.
func TestSSO03_AHubThatIsDownIsNotActive(t *testing.T) {
	t.Parallel()
	north, south := newRealm(t, "north"), newRealm(t, "south")
	north.trusts(south, func(p *federation.Provider) { p.Tokens.Introspection = "http://127.0.0.1:1/oauth2/introspect" })
	south.trusts(north, nil)
	token := newVisitor(t).signIn(south, north.issuer, "bank")
	if got := north.ask(url.Values{"token": {token}}); fmt.Sprint(got) != "map[active:false]" {
		t.Errorf("%v", got)
	}
	if got := north.reasons(); fmt.Sprint(got) != "["+string(federation.Unreachable)+"]" {
		t.Errorf("recorded %v", got)
	}
}

// SSO-08: hubs federate logins too: each is an OpenID provider of the other, by its own keys, and what it vouches for stays within the
// ceiling.
func TestSSO08_EachHubIsAnIdentityProviderOfTheOther(t *testing.T) {
	t.Parallel()
	north, south := newRealm(t, "north"), newRealm(t, "south")
	for _, way := range [][2]*realm{{north, south}, {south, north}} {
		way[0].trusts(way[1], func(p *federation.Provider) {
			p.OIDC = &federation.OIDC{
				Issuer: way[1].issuer, ClientID: "hub-" + way[0].name, AuthMethod: federation.PrivateKeyJWT, Scopes: []string{"openid", "profile"},
			}
		})
	}
	for _, way := range [][2]*realm{{north, south}, {south, north}} {
		v := newVisitor(t)
		token := v.signIn(way[0], "", "hub-"+way[1].name, "bank")
		_, got := way[0].post("portal", "/oauth2/introspect", url.Values{"token": {token}})
		if got["active"] != true || got["iss"] != way[0].issuer || got["ial"] != "2.1" || got["aal"] != "2.1" {
			t.Errorf("signed in at %s through %s: %v", way[0].name, way[1].name, got)
		}
		v.signOut(way[0])
		if _, got := way[0].post("portal", "/oauth2/introspect", url.Values{"token": {token}}); fmt.Sprint(got) != "map[active:false]" {
			t.Errorf("after the logout: %v", got)
		}
	}
}
