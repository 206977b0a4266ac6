package oidcop

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
)

func TestMatchRedirectURI(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		registered string
		native     bool
		requested  string
		want       bool
	}{
		{"https://a.example/cb", false, "https://a.example/cb", true},
		{"https://a.example/cb", false, "https://a.example/cb?", false},
		{"https://a.example/cb", false, "https://a.example/cb/", false},
		{"https://a.example/cb", false, "https://a.example:443/cb", false},
		{"https://a.example/%63b", false, "https://a.example/cb", false},
		{"https://a.example/cb?x=1&y=2", false, "https://a.example/cb?x=1&y=2", true},
		{"https://a.example/cb?x=1&y=2", false, "https://a.example/cb?y=2&x=1", false},
		{"http://demo.localhost:8080/cb", false, "http://demo.localhost:8080/cb", true},
		{"http://demo.localhost:8080/cb", true, "http://demo.localhost:8081/cb", false},
		{"http://a.example/cb", false, "http://a.example/cb", false}, // registered by mistake: still no plain http
		{"javascript:alert(1)", false, "javascript:alert(1)", false},
		{"data:text/html,x", true, "data:text/html,x", false},
		{"https://a.example\\@evil.example/", false, "https://a.example\\@evil.example/", false},
		{"https://u@a.example/cb", false, "https://u@a.example/cb", false},
		{"https://a.example/cb#f", false, "https://a.example/cb#f", false},
		{"", false, "", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1:51004/cb", true},
		{"http://127.0.0.1:80/cb", true, "http://127.0.0.1:51004/cb", true},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1/cb", true},
		{"http://[::1]/cb", true, "http://[::1]:8/cb", true},
		{"http://127.0.0.1/cb?a=b", true, "http://127.0.0.1:8/cb?a=b", true},
		{"http://127.0.0.1/cb?a=b", true, "http://127.0.0.1:8/cb?a=c", false},
		{"http://127.0.0.1/cb", true, "http://[::1]:8/cb", false},
		{"http://127.0.0.1/cb", true, "http://localhost:8/cb", false},
		{"http://127.0.0.1/cb", true, "https://127.0.0.1:8/cb", false},
		{"https://127.0.0.1/cb", true, "http://127.0.0.1:8/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1:/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1:0/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1:65536/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1:80@evil.example/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1.evil.example/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1@evil.example/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.2:8/cb", false},
		{"http://127.0.0.1/cb", true, "http://127.0.0.1:8/cb/../x", false},
		{"http://127.0.0.1/cb", false, "http://127.0.0.1:51004/cb", false},
	} {
		if got := MatchRedirectURI([]string{tc.registered}, tc.native, tc.requested); got != tc.want {
			t.Errorf("registered %q, native %v, requested %q: %v", tc.registered, tc.native, tc.requested, got)
		}
	}
}

// The fault of the library, and that it does not reach through.
func TestTrap17_FositesLoopbackMatchIsLax(t *testing.T) {
	t.Parallel()
	const registered, requested = "https://127.0.0.1:443/cb", "http://127.0.0.1:8/cb"
	lax := &fosite.DefaultClient{RedirectURIs: []string{registered}}
	if _, err := fosite.MatchRedirectURIWithClientRedirectURIs(requested, lax); err != nil {
		t.Log("fosite is stricter than it was: see libraries.md, section 2, trap 17")
	}
	if MatchRedirectURI([]string{registered}, true, requested) {
		t.Error("the fault reaches through")
	}
	ours := &fositeClient{client: Client{RedirectURIs: []string{registered}}, redirect: registered}
	if got := ours.GetRedirectURIs(); !slices.Equal(got, []string{registered}) {
		t.Errorf("fosite sees %v: it must see the one that was matched", got)
	}
}

func TestTrap8And18_EveryFieldThatFositeFillsLazilyIsSet(t *testing.T) {
	t.Parallel()
	c := (&Provider{}).newConfig(nil)
	if c.ScopeStrategy == nil || c.AudienceMatchingStrategy == nil || c.ClientSecretsHasher == nil || c.JWKSFetcherStrategy == nil ||
		c.RedirectSecureChecker == nil || len(c.RefreshTokenScopes) == 0 {
		t.Error("a getter would write while serving")
	}
	if c.ScopeStrategy([]string{"profile.*"}, "profile.x") {
		t.Error("wildcard scopes")
	}
	if c.AuthorizeCodeLifespan != time.Minute || !c.EnforcePKCE || c.EnablePKCEPlainChallengeMethod || c.SendDebugMessagesToClients {
		t.Error("a lax default")
	}
	if len(c.AuthorizeEndpointHandlers) != 2 || len(c.TokenEndpointHandlers) != 2 || len(c.TokenIntrospectionHandlers) != 0 {
		t.Error("a handler too many: no implicit, no password grant, no introspection")
	}
}

func TestParseBasic(t *testing.T) {
	t.Parallel()
	enc := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, tc := range []struct {
		header, id, secret string
		ok                 bool
	}{
		{"Basic " + enc("a:b"), "a", "b", true},
		{"basic " + enc("a:b"), "a", "b", true},
		{"Basic " + enc("a:b:c"), "a", "b:c", true},
		{"Basic " + enc("a%2Db:c%20d+e"), "a-b", "c d e", true},
		{"Basic " + enc("a%zz:b"), "", "", false},
		{"Basic " + enc("a:%"), "", "", false},
		{"Basic " + enc("a:"), "", "", false},
		{"Basic " + enc(":b"), "", "", false},
		{"Basic " + enc("ab"), "", "", false},
		{"Basic " + enc("a:b\x00"), "", "", false},
		{"Basic " + enc("a:%0Ab"), "", "", false},
		{"Basic " + enc("a:\xff"), "", "", false},
		{"Basic", "", "", false},
		{"Basic  " + enc("a:b"), "", "", false},
		{"Bearer " + enc("a:b"), "", "", false},
		{"Basic " + strings.TrimRight(enc("a:bc"), "="), "", "", false},
		{"Basic " + enc("a:"+strings.Repeat("b", largestValue)), "", "", false},
	} {
		id, secret, ok := parseBasic(tc.header)
		if ok != tc.ok || ok && (id != tc.id || secret != tc.secret) {
			t.Errorf("%q: %q %q %v", tc.header, id, secret, ok)
		}
	}
}

func TestLOA04_AcrValuesBecomeALevel(t *testing.T) {
	t.Parallel()
	acr := func(i hub.IAL, a hub.AAL) string { return hub.Level{IAL: i, AAL: a}.ACR() }
	for _, tc := range []struct {
		values []string
		want   hub.Level
	}{
		{nil, hub.Level{}},
		{[]string{"0", "urn:onedoor:ial:2.10:aal:1", "urn:onedoor:ial:2"}, hub.Level{}},
		{[]string{acr(hub.IAL3, hub.AAL3)}, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}},
		{[]string{acr(hub.IAL3, hub.AAL3), "x", acr(hub.IAL21, hub.AAL21)}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		{[]string{acr(hub.IAL21, hub.AAL21), acr(hub.IAL23, hub.AAL21)}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		{[]string{acr(hub.IAL23, hub.AAL1), acr(hub.IAL11, hub.AAL3)}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}},
		{[]string{acr(hub.IAL11, hub.AAL3), acr(hub.IAL23, hub.AAL1)}, hub.Level{IAL: hub.IAL11, AAL: hub.AAL3}},
	} {
		var a authorization
		p := params{values: map[string]string{"acr_values": strings.Join(tc.values, " ")}}
		if bad := a.readLevel(p); bad != nil || a.want != tc.want {
			t.Errorf("%v: %v, want %v", tc.values, a.want, tc.want)
		}
	}
}

func TestScopesReachAsFarAsTheRegister(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ scopes, allowed, want []string }{
		{[]string{"openid"}, []string{"name"}, nil},
		{[]string{"openid", "profile"}, nil, nil},
		{[]string{"profile"}, []string{"name", "citizen_id", "address", "birthdate"}, []string{"name", "birthdate"}},
		{[]string{"citizen_id", "address"}, []string{"address", "citizen_id"}, []string{"citizen_id", "address"}},
		{[]string{"laser_id", "offline_access"}, []string{"laser_id", "name"}, nil},
	} {
		var allowed []hub.AttributeName
		for _, n := range tc.allowed {
			allowed = append(allowed, hub.AttributeName(n))
		}
		var got []string
		for _, n := range releasable(tc.scopes, allowed) {
			got = append(got, string(n))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%v within %v: %v", tc.scopes, tc.allowed, got)
		}
	}
}

func TestBirthdateHasAFormThatOIDCKnows(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"1990-01-31": "1990-01-31", "1990-01": "1990", "1990": "1990"} {
		if got := birthdate(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestSecretMatchesOnlyWhileValid(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	s := Secret{ExpiresAt: now.Add(time.Second)}
	s.SHA256 = [32]byte{
		0x2c, 0xf2, 0x4d, 0xba, 0x5f, 0xb0, 0xa3, 0x0e, 0x26, 0xe8, 0x3b, 0x2a, 0xc5, 0xb9, 0xe2, 0x9e,
		0x1b, 0x16, 0x1e, 0x5c, 0x1f, 0xa7, 0x42, 0x5e, 0x73, 0x04, 0x33, 0x62, 0x93, 0x8b, 0x98, 0x24,
	} // SHA-256 of "hello"
	switch {
	case !secretMatches([]Secret{{}, s}, "hello", now):
		t.Error("the second secret")
	case secretMatches([]Secret{s}, "hello", now.Add(time.Second)):
		t.Error("at its end")
	case secretMatches([]Secret{s}, "Hello", now):
		t.Error("another text")
	case secretMatches(nil, "", now):
		t.Error("no secret at all")
	}
}

func TestNewWantsEverything(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{Issuer: "https://sso.example"}); hub.KindOf(err) != hub.Internal {
		t.Errorf("nothing handed in: %v", err)
	}
	for _, issuer := range []string{"", "sso.example", "http://sso.example", "https://sso.example/", "https://sso.example?x", "https://sso.example#x", "ftp://sso.example", "https://u@sso.example"} {
		if _, err := New(Options{Issuer: issuer}); hub.KindOf(err) != hub.Invalid {
			t.Errorf("issuer %q: %v", issuer, err)
		}
	}
}

func fuzzClient() Client {
	return Client{
		ID: "revenue", Live: true, RedirectURIs: []string{"https://revenue.example/cb"}, GrantTypes: []string{grantCode},
		Scopes: []string{scopeOpenID, scopeProfile, "citizen_id"}, Attributes: []hub.AttributeName{hub.Name, hub.CitizenID},
	}
}

func FuzzAuthorizationRequest(f *testing.F) {
	good := url.Values{
		"response_type": {"code"}, "client_id": {"revenue"}, "redirect_uri": {"https://revenue.example/cb"}, "scope": {"openid profile"},
		"state": {"s"}, "nonce": {"n"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
		"prompt": {"login consent"}, "max_age": {"60"}, "acr_values": {"urn:onedoor:ial:2.3:aal:2.1"}, "ui_locales": {"th en"},
	}.Encode()
	for _, seed := range []string{good, good + "&scope=x", "", "a=%zz", "a;b", strings.Replace(good, "60", "-1", 1), good + "&id_token_hint=a.b.c"} {
		f.Add(seed)
	}
	c := fuzzClient()
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := parseParams(raw)
		if err != nil {
			return
		}
		redirect := p.get("redirect_uri")
		if MatchRedirectURI(c.RedirectURIs, false, redirect) != (redirect == c.RedirectURIs[0]) {
			t.Fatalf("redirect %q", redirect)
		}
		a, bad := fuzzProvider().readAuthorization(c, c.RedirectURIs[0], p)
		if a == nil {
			t.Fatal("nothing to answer at")
		}
		if bad != nil {
			return
		}
		if p.doubled() || len(a.challenge) != 43 || !slices.Contains(a.scopes, scopeOpenID) || a.passive && a.force {
			t.Fatalf("accepted: %q", raw)
		}
		for _, n := range a.attributes {
			if !slices.Contains(c.Attributes, n) {
				t.Fatalf("%s is outside the register", n)
			}
		}
		again, err := parseParams(a.query().Encode())
		if err != nil {
			t.Fatalf("its own query: %v", err)
		}
		b, bad := fuzzProvider().readAuthorization(c, c.RedirectURIs[0], again)
		if bad != nil {
			t.Fatalf("its own query is refused: %s", bad.text)
		}
		if b.query().Encode() != a.query().Encode() || b.want != a.want || b.state != a.state || b.nonce != a.nonce || b.challenge != a.challenge {
			t.Fatalf("changed on the way: %q", raw)
		}
	})
}

func FuzzBasicHeader(f *testing.F) {
	for _, seed := range []string{"Basic YTpi", "Basic", "basic YSUyRGI6Yw==", "Bearer x", "Basic OjpiOg==", "Basic ////"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		id, secret, ok := parseBasic(header)
		if !ok {
			if id != "" || secret != "" {
				t.Fatal("refused, but given")
			}
			return
		}
		if id == "" || secret == "" {
			t.Fatal("empty credentials")
		}
		again := "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id)+":"+url.QueryEscape(secret)))
		if i, s, ok := parseBasic(again); len(again) <= largestValue && (!ok || i != id || s != secret) {
			t.Fatalf("%q: %q %q", header, i, s)
		}
	})
}

func FuzzRedirectURI(f *testing.F) {
	for _, seed := range []string{"http://127.0.0.1:8/cb", "http://[::1]:9/cb", "http://127.0.0.1:8@x/cb", "https://a.example/cb"} {
		f.Add(seed)
	}
	registered := []string{"http://127.0.0.1/cb", "http://[::1]/cb", "https://a.example/cb"}
	f.Fuzz(func(t *testing.T, requested string) {
		if !MatchRedirectURI(registered, true, requested) {
			return
		}
		u, err := url.Parse(requested)
		if err != nil || u.User != nil || u.Fragment != "" || u.Path != "/cb" || u.RawQuery != "" {
			t.Fatalf("%q", requested)
		}
		if h := u.Hostname(); h != "127.0.0.1" && h != "::1" && requested != "https://a.example/cb" {
			t.Fatalf("%q", requested)
		}
	})
}

// plainIndex is no keyed hash: enough where only the form counts.
type plainIndex struct{}

func (x plainIndex) AppendPair(to []byte, purpose, first, second string) []byte {
	return append(to, x.Index(purpose, first, second)...)
}

func (plainIndex) Index(purpose string, parts ...string) []byte {
	return []byte(purpose + strings.Join(parts, "\x00"))
}

func fuzzProvider() *Provider { return &Provider{index: plainIndex{}, issuer: "https://op.example"} }
