package oidcop_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/hub/token"
)

func (x *rooms) EndedAll(ctx context.Context, all []token.Verdict) { token.EachEnded(ctx, x, all) }

// The same question gets the same answer however it is written: what is read in place and what the general parser reads are one.
func TestIntrospectionUnderstandsEverySpellingOfAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:"+testSecret("revenue")))
	escaped := "Basic " + base64.StdEncoding.EncodeToString([]byte("%72evenue:"+strings.ReplaceAll(testSecret("revenue"), "-", "%2d")))
	const form = "application/x-www-form-urlencoded"
	want := w.introspect("revenue", access).body
	for name, c := range map[string]struct{ body, auth, kind string }{
		"plain":            {"token=" + access, basic, form},
		"with a hint":      {"token_type_hint=access_token&token=" + access, basic, form},
		"escaped name":     {"%74oken=" + access, basic, form},
		"escaped value":    {"token=" + strings.Replace(access, "od1_", "od1%5F", 1), basic, form},
		"escaped secret":   {"token=" + access, escaped, form},
		"scheme in small":  {"token=" + access, "bAsIc" + basic[5:], form},
		"charset":          {"token=" + access, basic, form + "; charset=UTF-8"},
		"same id twice":    {"client_id=revenue&token=" + access, basic, form},
		"unknown ones":     {"a=1&b=2&token=" + access + "&c=%20", basic, form},
		"many unknown":     {strings.Repeat("x", 1) + "=1&" + many(20) + "token=" + access, basic, form},
		"an empty one":     {"token_type_hint=&token=" + access, basic, form},
		"an ampersand end": {"token=" + access + "&", basic, form},
	} {
		r := w.request("POST", "/oauth2/introspect", c.body, "Authorization", c.auth, "Content-Type", c.kind)
		if got := w.do(r); got.StatusCode != http.StatusOK || got.body != want {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	for name, c := range map[string]struct {
		body, auth, kind string
		status           int
	}{
		"token twice":      {"token=" + access + "&token=" + access, basic, form, 400},
		"unknown twice":    {"a=1&a=1&token=" + access, basic, form, 400},
		"json":             {`{"token":"` + access + `"}`, basic, "application/json", 400},
		"half an escape":   {"token=%4", basic, form, 400},
		"a semicolon":      {"token=a;b", basic, form, 400},
		"too large":        {"token=" + strings.Repeat("a", 40<<10), basic, form, 400},
		"another id":       {"client_id=land&token=" + access, basic, form, 400},
		"two ways":         {"client_secret=x&token=" + access, basic, form, 400},
		"wrong secret":     {"token=" + access, basic[:len(basic)-4] + "AAA=", form, 401},
		"no secret":        {"token=" + access, "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:")), form, 401},
		"wrong method":     {"client_id=revenue&client_secret=" + testSecret("revenue") + "&token=" + access, "", form, 401},
		"draft":            {"token=" + access, "Basic " + base64.StdEncoding.EncodeToString([]byte("draft:"+testSecret("draft"))), form, 401},
		"assertion beside": {"client_assertion=x&token=" + access, basic, form, 401},
	} {
		h := []string{"Content-Type", c.kind}
		if c.auth != "" {
			h = append(h, "Authorization", c.auth)
		}
		got := w.do(w.request("POST", "/oauth2/introspect", c.body, h...))
		if got.StatusCode != c.status && (name != "assertion beside" || got.StatusCode/100 != 4) || strings.Contains(got.body, "active") {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	post := "client_id=social&client_secret=" + testSecret("social") + "&token=" + access
	if got := w.do(w.request("POST", "/oauth2/introspect", post)); got.body != `{"active":false}` {
		t.Errorf("client_secret_post: %d %s", got.StatusCode, got.body)
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("p" + string(rune('a'+i)) + "=1&")
	}
	return b.String()
}

func TestIntrospectionAsksTheVaultAgainAfterANewAuthentication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.access()
	if got := w.introspect("revenue", old).json(t)["gender"]; got != "female" {
		t.Fatalf("gender %v", got)
	}
	w.clock.forward(time.Minute)
	w.rooms.mu.Lock()
	s := w.rooms.sessions[w.session.ID]
	s.AuthTime = w.clock.now()
	w.rooms.sessions[s.ID] = s
	w.rooms.vaults[s.ID].attributes[hub.Gender] = hub.Attribute{Value: "male", Source: "thaid", At: s.AuthTime}
	w.rooms.mu.Unlock()
	w.mu.Lock()
	w.session = s
	w.mu.Unlock()
	if got := w.introspect("revenue", w.access()).json(t)["gender"]; got != "male" {
		t.Errorf("after the second authentication: %v", got)
	}
}

// PRV-06: what the register no longer allows goes out no more, whatever is kept in memory.
func TestPRV06_IntrospectionReleasesWhatTheRegisterAllowsNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	w.introspect("revenue", access)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Attributes = []hub.AttributeName{hub.Gender} })
	if m := w.introspect("revenue", access).json(t); m["gender"] != "female" || m["citizen_id"] != nil || m["name"] != nil {
		t.Errorf("%v", m)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Attributes = nil })
	if m := w.introspect("revenue", access).json(t); m["gender"] != nil || m["active"] != true {
		t.Errorf("%v", m)
	}
}

// What a token stands on ends: its session, its grant, the account or the system. Then nothing of the person is left in memory.
func TestIntrospectionForgetsWhatHasEnded(t *testing.T) {
	t.Parallel()
	for kind, other := range map[string]bool{"session": false, "grant": false, "account": false, "system": false, "token": true, "session of another": true, "grant of another": true, "account of another": true, "system of another": true} {
		w := newWorld(t)
		access := w.access()
		w.introspect("revenue", access)
		grantID := ""
		w.db.mu.Lock()
		for id := range w.db.grants {
			grantID = string(id)
		}
		w.db.mu.Unlock()
		kind, another := strings.CutSuffix(kind, " of another")
		ref := map[string]string{"session": string(w.session.ID), "grant": grantID, "account": string(w.session.Account), "system": "revenue"}[kind]
		if another {
			ref = "another"
		}
		w.op.Forget(token.Revocation{Kind: kind, Ref: ref})
		w.rooms.mu.Lock()
		delete(w.rooms.vaults, w.session.ID) // shredded, but the token's own end has not come through yet
		w.rooms.mu.Unlock()
		if r := w.introspect("revenue", access); (r.body != `{"active":false}`) != other {
			t.Errorf("%s, another's %v: %d %s", kind, another, r.StatusCode, r.body)
		}
	}
}

func TestRFC9701_SignedAnswerForTheOneWhoAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Audience = []oidcop.Resource{{System: "land", URI: landAPI}} })
	access := w.access("resource", landAPI)
	for _, c := range []struct {
		caller hub.SystemID
		alg    jose.SignatureAlgorithm
		token  string
		active bool
	}{{"revenue", jose.ES256, access, true}, {"land", jose.RS256, access, true}, {"revenue", jose.ES256, "x", false}} {
		body := url.Values{"token": {c.token}}.Encode()
		basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(string(c.caller)+":"+testSecret(string(c.caller))))
		r := w.do(w.request("POST", "/oauth2/introspect", body, "Authorization", basic, "Accept", "application/json;q=0.5, application/token-introspection+jwt"))
		if got := r.Header.Get("Content-Type"); r.StatusCode != http.StatusOK || got != "application/token-introspection+jwt" {
			t.Fatalf("%d %s", r.StatusCode, got)
		}
		sig, err := jose.ParseSignedCompact(r.body, []jose.SignatureAlgorithm{c.alg})
		if err != nil {
			t.Fatal(err)
		}
		var set jose.JSONWebKeySet
		if err := json.Unmarshal(theRing().jwks, &set); err != nil {
			t.Fatal(err)
		}
		raw, err := sig.Verify(set.Key(sig.Signatures[0].Header.KeyID)[0])
		if err != nil {
			t.Fatal(err)
		}
		head, _ := payload(t, r.body)
		var claims map[string]any
		if err := json.Unmarshal(raw, &claims); err != nil {
			t.Fatal(err)
		}
		inner, _ := claims["token_introspection"].(map[string]any)
		if head["typ"] != "token-introspection+jwt" || claims["iss"] != w.issuer() || claims["aud"] != string(c.caller) || len(claims) != 4 ||
			inner["active"] != c.active || !c.active && len(inner) != 1 {
			t.Errorf("%s: head %v, claims %v", c.caller, head, claims)
		}
	}
	body := url.Values{"token": {access}}.Encode()
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:"+testSecret("revenue")))
	for _, accept := range []string{"", "application/json", "*/*", "application/token-introspection+jwt;q=0", "text/html"} {
		r := w.do(w.request("POST", "/oauth2/introspect", body, "Authorization", basic, "Accept", accept))
		if r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("Accept %q: %s", accept, r.Header.Get("Content-Type"))
		}
	}
}

func TestRFC9701_EncryptedForACallerWhoseIDTokensAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	w.rooms.change("revenue", func(c *oidcop.Client) {
		c.JWKS, c.Encryption = jwks("ec:sig", "ec2:enc"), oidcop.Encryption{Alg: "ECDH-ES", Enc: "A256GCM"}
	})
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:"+testSecret("revenue")))
	r := w.do(w.request("POST", "/oauth2/introspect", "token="+access, "Authorization", basic, "Accept", "application/token-introspection+jwt"))
	jwe, err := jose.ParseEncryptedCompact(r.body, []jose.KeyAlgorithm{jose.ECDH_ES}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		t.Fatalf("%d %v", r.StatusCode, err)
	}
	inner, err := jwe.Decrypt(clientKeys()["ec2"].key)
	if err != nil {
		t.Fatal(err)
	}
	head, claims := payload(t, string(inner))
	if answer, _ := claims["token_introspection"].(map[string]any); head["typ"] != "token-introspection+jwt" || answer["active"] != true {
		t.Errorf("%v %v", head, claims)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.JWKS = jwks("ec:sig") })
	r = w.do(w.request("POST", "/oauth2/introspect", "token="+access, "Authorization", basic, "Accept", "application/token-introspection+jwt"))
	if r.StatusCode != http.StatusServiceUnavailable || strings.Contains(r.body, person) {
		t.Errorf("no key to encrypt for: %d %s", r.StatusCode, r.body)
	}
}

func TestBatchAnswersEachTokenAsIfItWereAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("land", func(c *oidcop.Client) { c.Audience = []oidcop.Resource{{System: "social"}} })
	first, second := w.access(), w.access()
	asked := []string{first, "nonsense", second, "a%2Bb", first, "od1_" + strings.Repeat("A", 300)}
	var want []string
	for _, raw := range asked {
		raw, err := url.QueryUnescape(raw)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, w.introspect("revenue", raw).body)
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:"+testSecret("revenue")))
	for _, tokens := range [][]string{asked, slices.Concat(asked[:3], asked[4:])} { // with an escape and without: both parsers
		expect := want
		if len(tokens) < len(asked) {
			expect = slices.Concat(want[:3], want[4:])
		}
		r := w.do(w.request("POST", oidcop.BatchPath, "token="+strings.Join(tokens, "&token="), "Authorization", basic))
		if r.StatusCode != http.StatusOK || r.body != `{"results":[`+strings.Join(expect, ",")+`]}` || !json.Valid([]byte(r.body)) {
			t.Errorf("%d %s", r.StatusCode, r.body)
		}
	}
	full := "token=" + strings.Repeat("x&token=", 499) + "x"
	if r := w.do(w.request("POST", oidcop.BatchPath, full, "Authorization", basic)); strings.Count(r.body, `{"active":false}`) != 500 {
		t.Errorf("500 tokens: %d", r.StatusCode)
	}
	for name, body := range map[string]string{"501": full + "&token=x", "none": "token_type_hint=x", "an empty one": "token="} {
		r := w.do(w.request("POST", oidcop.BatchPath, body, "Authorization", basic))
		if name == "an empty one" {
			if r.body != `{"results":[{"active":false}]}` {
				t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
			}
			continue
		}
		w.wantError(r, http.StatusBadRequest, "invalid_request")
	}
	w.wantError(w.do(w.request("POST", oidcop.BatchPath, "token=x&token=y")), http.StatusUnauthorized, "invalid_client")
	w.rooms.ended = hub.Errorf("lease", hub.Unavailable, "over")
	r := w.do(w.request("POST", oidcop.BatchPath, "token="+first+"&token=x&token="+second, "Authorization", basic))
	const unknown = `{"error":"temporarily_unavailable"}`
	if r.StatusCode != http.StatusOK || r.body != `{"results":[`+unknown+`,{"active":false},`+unknown+`]}` {
		t.Errorf("invariant 8: %d %s", r.StatusCode, r.body)
	}
}

func TestBatchOfManyLivingTokensKeepsItsOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var tokens []string
	for range 60 {
		w.signIn(hub.AccountID(hub.NewID(rand.Reader)))
		tokens = append(tokens, w.access())
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:"+testSecret("revenue")))
	r := w.do(w.request("POST", oidcop.BatchPath, "token="+strings.Join(tokens, "&token="), "Authorization", basic))
	var got struct {
		Results []json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal([]byte(r.body), &got); err != nil || len(got.Results) != len(tokens) {
		t.Fatalf("%v, %d results", err, len(got.Results))
	}
	for i, raw := range tokens {
		if alone := w.introspect("revenue", raw).body; alone != string(got.Results[i]) {
			t.Fatalf("token %d: %s, alone %s", i, got.Results[i], alone)
		}
	}
}
