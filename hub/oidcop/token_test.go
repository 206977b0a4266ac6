package oidcop_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop"
)

func TestTokenResponse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.redeem(w.code("scope", "openid profile offline_access"))
	m := r.json(t)
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	if want := []string{"access_token", "expires_in", "id_token", "refresh_token", "scope", "token_type"}; !slices.Equal(names, want) {
		t.Errorf("members %v, want %v", names, want)
	}
	if m["token_type"] != "Bearer" || m["expires_in"] != float64(300) || m["scope"] != "openid profile offline_access" {
		t.Errorf("%v %v %v", m["token_type"], m["expires_in"], m["scope"])
	}
	if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Pragma") != "no-cache" || r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", r.Header)
	}
	w.wantEvent("token.issued")
	if e := w.db.last(); e.System != "revenue" || e.Session != w.session.ID || e.Account == "" || e.Detail["grant"] == "" {
		t.Errorf("%+v", e)
	}
	if m = w.tokens("scope", "openid"); m["refresh_token"] != nil {
		t.Error("a refresh token without offline_access")
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.GrantTypes = []string{"authorization_code"} })
	if m = w.tokens("scope", "openid offline_access"); m["refresh_token"] != nil || m["scope"] != "openid" {
		t.Errorf("a refresh token for a client that may not use it: %v", m["scope"])
	}
}

func TestRFC6749_BadTokenRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	never := hub.NewSecret(strings.NewReader(strings.Repeat("x", 32))).Reveal()
	for name, tc := range map[string]struct {
		v    url.Values
		code string
	}{
		"no grant type":                   {redemption(never, "grant_type", ""), "invalid_request"},
		"password grant":                  {redemption(never, "grant_type", "password"), "unsupported_grant_type"},
		"client credentials":              {redemption(never, "grant_type", "client_credentials"), "unauthorized_client"},
		"two grant types":                 {redemption(never, "grant_type", "authorization_code refresh_token"), "unsupported_grant_type"},
		"no code":                         {redemption(""), "invalid_request"},
		"unknown code":                    {redemption(never), "invalid_grant"},
		"code of another form":            {redemption("abc"), "invalid_grant"},
		"no refresh token":                {url.Values{"grant_type": {"refresh_token"}}, "invalid_request"},
		"unknown refresh token":           {url.Values{"grant_type": {"refresh_token"}, "refresh_token": {never}}, "invalid_grant"},
		"code twice":                      {func() url.Values { v := redemption(never); v.Add("code", "x"); return v }(), "invalid_request"},
		"RFC 7636: no verifier":           {redemption(w.code(), "code_verifier", ""), "invalid_grant"},
		"RFC 7636: wrong verifier":        {redemption(w.code(), "code_verifier", strings.Repeat("v", 43)), "invalid_grant"},
		"RFC 7636: challenge as verifier": {redemption(w.code(), "code_verifier", challenge(verifier)), "invalid_grant"},
		"RFC 7636: short verifier":        {redemption(w.code(), "code_verifier", verifier[:42]), "invalid_grant"},
		"RFC 7636: long verifier":         {redemption(w.code(), "code_verifier", strings.Repeat("v", 129)), "invalid_grant"},
		"RFC 7636: bad characters":        {redemption(w.code(), "code_verifier", strings.Repeat("v", 42)+"+"), "invalid_grant"},
		"no redirect URI":                 {redemption(w.code(), "redirect_uri", ""), "invalid_grant"},
		"another redirect URI":            {redemption(w.code(), "redirect_uri", "https://revenue.example/other"), "invalid_grant"},
	} {
		r := w.post("/oauth2/token", "revenue", tc.v)
		w.wantError(r, http.StatusBadRequest, tc.code)
		if t.Failed() {
			t.Fatal(name)
		}
		if !strings.HasPrefix(w.db.kinds()[len(w.db.kinds())-1], "token.refused ") {
			t.Errorf("%s: not recorded: %v", name, tail(w.db.kinds(), 2))
		}
	}
}

// A system may stand behind the forward-auth gate and be a client too. The gate's codes rest among ours and travel through browsers: at the token
// endpoint such a code is unknown, not a fault, and neither a first nor a later use of it ends what the gate gave.
func TestRFC6749_ACodeOfAnotherProtocolIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := w.code()
	secret, err := hub.ParseSecret(raw)
	must(err)
	kept, err := json.Marshal(map[string]any{ // as hub/forward keeps it
		"state": map[string]string{"system": "revenue", "origin": "https://revenue.example"}, "level": hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, "auth_time": 1,
	})
	must(err)
	hash := secret.Hash()
	change := func(do func(*grant.Credential)) hub.GrantID {
		w.db.mu.Lock()
		defer w.db.mu.Unlock()
		c := w.db.codes[hash]
		do(&c)
		w.db.codes[hash] = c
		return c.Grant
	}
	id := change(func(c *grant.Credential) { c.State = kept })
	for _, used := range []time.Time{{}, w.clock.now()} {
		change(func(c *grant.Credential) { c.UsedAt = used })
		w.wantError(w.redeem(raw), http.StatusBadRequest, "invalid_grant")
		w.wantEvent("token.refused denied")
		c, gr, _ := w.db.find(w.db.codes, hash)
		if gr.ID != id || !gr.RevokedAt.IsZero() || !c.UsedAt.Equal(used) {
			t.Errorf("used at %v: the gate's grant is %+v, the code used at %v", used, gr, c.UsedAt)
		}
	}
	change(func(c *grant.Credential) { c.State, c.UsedAt = []byte("{"), time.Time{} })
	w.wantError(w.redeem(raw), http.StatusInternalServerError, "server_error") // what is broken is still a fault
}

func TestTokenEndpointWantsAFormInTheBody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := redemption(w.code()).Encode()
	auth := "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue:"+testSecret("revenue")))
	for name, req := range map[string]*http.Request{
		"query":     w.request(http.MethodPost, "/oauth2/token?"+body, "", "Authorization", auth),
		"no form":   w.request(http.MethodPost, "/oauth2/token", "", "Authorization", auth),
		"too large": w.request(http.MethodPost, "/oauth2/token", body+"&x="+strings.Repeat("a", 40<<10), "Authorization", auth),
		"malformed": w.request(http.MethodPost, "/oauth2/token", body+"&%zz", "Authorization", auth),
		"JSON": func() *http.Request {
			r := w.request(http.MethodPost, "/oauth2/token", `{"grant_type":"authorization_code"}`, "Authorization", auth)
			r.Header.Set("Content-Type", "application/json")
			return r
		}(),
	} {
		t.Run(name, func(*testing.T) { w.wantError(w.do(req), http.StatusBadRequest, "invalid_request") })
	}
	if r := w.do(w.request(http.MethodGet, "/oauth2/token", "")); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", r.StatusCode)
	}
}

func TestClientAuthentication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	basic := func(id, secret string) []string {
		return []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))}
	}
	type request struct {
		extra  url.Values
		header []string
		status int
		code   string
	}
	for name, tc := range map[string]request{
		"nothing":              {nil, nil, 401, "invalid_client"},
		"unknown client":       {nil, basic("nobody", "x"), 401, "invalid_client"},
		"wrong secret":         {nil, basic("revenue", "wrong"), 401, "invalid_client"},
		"empty secret":         {nil, basic("revenue", ""), 401, "invalid_client"},
		"hash as secret":       {nil, basic("revenue", base64.StdEncoding.EncodeToString(w.rooms.clients["revenue"].Secrets[0].SHA256[:])), 401, "invalid_client"},
		"other client":         {nil, basic("land", testSecret("revenue")), 401, "invalid_client"},
		"not live":             {nil, basic("draft", testSecret("draft")), 401, "invalid_client"},
		"not base64":           {nil, []string{"Authorization", "Basic ???"}, 401, "invalid_client"},
		"no colon":             {nil, []string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("revenue"))}, 401, "invalid_client"},
		"bearer":               {nil, []string{"Authorization", "Bearer abc"}, 401, "invalid_client"},
		"two headers":          {nil, append(basic("revenue", "x"), basic("land", "y")...), 400, "invalid_request"},
		"post of a basic one":  {url.Values{"client_id": {"revenue"}, "client_secret": {testSecret("revenue")}}, nil, 401, "invalid_client"},
		"basic of a post one":  {nil, basic("social", testSecret("social")), 401, "invalid_client"},
		"none of a basic one":  {url.Values{"client_id": {"revenue"}}, nil, 401, "invalid_client"},
		"secret of a none one": {url.Values{"client_id": {"app"}, "client_secret": {"x"}}, nil, 401, "invalid_client"},
		"two ways":             {url.Values{"client_id": {"revenue"}, "client_secret": {testSecret("revenue")}}, basic("revenue", testSecret("revenue")), 400, "invalid_request"},
		"two names":            {url.Values{"client_id": {"land"}}, basic("revenue", testSecret("revenue")), 400, "invalid_request"},
		"client assertion":     {url.Values{"client_assertion": {"x"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}, nil, 401, "invalid_client"},
	} {
		t.Run(name, func(t *testing.T) {
			v := redemption(w.code())
			for k, s := range tc.extra {
				v[k] = s
			}
			n := len(w.db.kinds())
			w.wantError(w.do(w.request(http.MethodPost, "/oauth2/token", v.Encode(), tc.header...)), tc.status, tc.code)
			if got := len(w.db.kinds()) - n; got != 1 {
				t.Errorf("%d events", got)
			}
		})
	}
	if strings.Contains(w.logs.String(), "secret-of") {
		t.Error("a secret in the log")
	}
}

func TestLibraries11_BasicPartsAreFormURLEncoded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const odd = "a+b%c:d e/=0123456789012345678901234567890123"
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Secrets = []oidcop.Secret{hashOf(odd)} })
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "-", "%2D") }
	req := w.request(http.MethodPost, "/oauth2/token", redemption(w.code()).Encode())
	req.SetBasicAuth(escape("revenue"), escape(odd))
	if r := w.do(req); r.StatusCode != http.StatusOK {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}

func TestTwoSecretsDuringAChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	end := w.clock.now().Add(time.Hour)
	w.rooms.change("revenue", func(c *oidcop.Client) {
		old := hashOf(testSecret("revenue"))
		old.ExpiresAt = end
		c.Secrets = []oidcop.Secret{hashOf("the new one"), old}
	})
	if r := w.redeem(w.code()); r.StatusCode != http.StatusOK {
		t.Errorf("the old secret: %s", r.body)
	}
	w.clock.forward(time.Hour)
	w.signIn("person-one")
	w.wantError(w.redeem(w.code()), http.StatusUnauthorized, "invalid_client")
}

func TestInvariant6_ACodeCountsOnceAndItsReplayEndsTheGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code("scope", "openid offline_access")
	m := w.redeem(code).json(t)
	access := m["access_token"].(string)
	if !w.isActive(access) {
		t.Fatal("not active before")
	}
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
	w.wantSomeEvent("grant.revoked code_reused")
	w.wantEvent("token.refused code_reused")
	if w.isActive(access) {
		t.Error("RFC 6749 4.1.2: the access token of a replayed code lives on")
	}
	w.wantError(w.refresh(m["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
	n := len(w.db.kinds())
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
	if slices.Contains(w.db.kinds()[n:], "grant.revoked code_reused") {
		t.Error("revoked twice")
	}
}

func TestInvariant6_OfManyAtOnceOneGetsTheTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 8
	atOnce := func(present func() reply) (tokens []string) {
		var gate, done sync.WaitGroup
		var reads atomic.Int32
		gate.Add(n)
		w.db.onRead = func() { // all have read the credential before any may use it
			if reads.Add(1) <= n {
				gate.Done()
				gate.Wait()
			}
		}
		replies := make([]reply, n)
		for i := range n {
			done.Go(func() { replies[i] = present() })
		}
		done.Wait()
		w.db.onRead = nil
		for _, r := range replies {
			if r.StatusCode == http.StatusOK {
				tokens = append(tokens, r.json(t)["access_token"].(string))
			} else {
				w.wantError(r, http.StatusBadRequest, "invalid_grant")
			}
		}
		return tokens
	}
	code := w.code()
	refresh := w.tokens("scope", "openid offline_access")["refresh_token"].(string)
	for reason, present := range map[string]func() reply{
		"code_reused":    func() reply { return w.redeem(code) },
		"refresh_reused": func() reply { return w.refresh(refresh) },
	} {
		won := atOnce(present)
		if len(won) != 1 {
			t.Fatalf("%s: %d winners", reason, len(won))
		}
		if w.isActive(won[0]) {
			t.Errorf("%s: it was presented twice: what it gave must end", reason)
		}
		w.wantSomeEvent("grant.revoked " + reason)
	}
}

func TestTrap15_AnotherClientCanNeitherUseNorEndAGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code("scope", "openid offline_access")
	w.wantError(w.post("/oauth2/token", "land", redemption(code)), http.StatusBadRequest, "invalid_grant")
	m := w.redeem(code).json(t)
	access, refresh := m["access_token"].(string), m["refresh_token"].(string)
	w.wantError(w.post("/oauth2/token", "land", redemption(code)), http.StatusBadRequest, "invalid_grant")
	w.wantError(w.post("/oauth2/token", "land", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}}), http.StatusBadRequest, "invalid_grant")
	w.wantEvent("token.refused denied")
	if !w.isActive(access) {
		t.Error("another client has ended the grant")
	}
	if r := w.refresh(refresh); r.StatusCode != http.StatusOK {
		t.Errorf("%s", r.body)
	}
}

func TestACodeLivesAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code()
	w.clock.forward(59*time.Second + 999*time.Millisecond)
	if r := w.redeem(code); r.StatusCode != http.StatusOK {
		t.Errorf("just before: %s", r.body)
	}
	code = w.code()
	w.clock.forward(time.Minute)
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
	w.wantEvent("token.refused expired")
}

func TestSES18_NoTokensAfterTheSessionHasEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code()
	w.rooms.end(w.session.ID, w.clock.now())
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_grant")
	w.wantEvent("token.refused session_ended")

	w.signIn("person-one")
	m := w.tokens("scope", "openid offline_access")
	w.rooms.end(w.session.ID, w.clock.now())
	w.wantError(w.refresh(m["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
	if w.isActive(m["access_token"].(string)) {
		t.Error("active after the end")
	}
}

func TestSES08_RefreshEndsWithTheIdleLimitOfTheDemandedLevel(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		least hub.Level
		ok    bool
	}{{hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, true}, {hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, false}} {
		w := newWorld(t)
		w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = tc.least })
		m := w.tokens("scope", "openid offline_access")
		w.clock.forward(31 * time.Minute)
		if r := w.refresh(m["refresh_token"].(string)); (r.StatusCode == http.StatusOK) != tc.ok {
			t.Errorf("%v: %d %s", tc.least, r.StatusCode, r.body)
		}
	}
}

func TestRFC9700_RefreshRotatesAndReuseEndsTheFamily(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.tokens("scope", "openid offline_access")
	second := w.refresh(first["refresh_token"].(string)).json(t)
	third := w.refresh(second["refresh_token"].(string)).json(t)
	_, was := payload(t, first["id_token"].(string))
	_, is := payload(t, third["id_token"].(string))
	for _, n := range []string{"iss", "sub", "aud", "auth_time", "sid", "acr"} {
		if was[n] != is[n] {
			t.Errorf("OIDC Core 12.2: %s changed from %v to %v", n, was[n], is[n])
		}
	}
	if _, there := is["nonce"]; there {
		t.Error("OIDC Core 12.2: a refreshed ID token should have no nonce")
	}
	w.clock.forward(grant.RetryWithin + time.Microsecond)
	w.wantError(w.refresh(second["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
	w.wantSomeEvent("grant.revoked refresh_reused")
	w.wantError(w.refresh(third["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
	if w.isActive(third["access_token"].(string)) {
		t.Error("the family lives on")
	}
}

func TestRefreshMayAskForLessAndNeverForMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid profile citizen_id offline_access")
	w.wantError(w.refresh(m["refresh_token"].(string), "scope", "openid address"), http.StatusBadRequest, "invalid_scope")
	less := w.refresh(m["refresh_token"].(string), "scope", "openid citizen_id").json(t)
	if less["scope"] != "openid citizen_id" {
		t.Errorf("scope %v", less["scope"])
	}
	info := w.userinfo(less["access_token"].(string)).json(t)
	if _, there := info["name"]; there || info["citizen_id"] != person {
		t.Errorf("%v", info)
	}
	if again := w.refresh(less["refresh_token"].(string)).json(t); again["scope"] != "openid profile citizen_id offline_access" {
		t.Errorf("RFC 6749 6: the new refresh token keeps its scope: %v", again["scope"])
	}
}

func TestPRV06_RegisterTakenBackCountsForOldGrants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid profile citizen_id offline_access")
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Attributes = []hub.AttributeName{hub.Name} })
	if info := w.userinfo(m["access_token"].(string)).json(t); info["citizen_id"] != nil || info["name"] == nil {
		t.Errorf("%v", info)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Scopes = []string{"openid", "profile", "offline_access"} })
	w.wantError(w.refresh(m["refresh_token"].(string)), http.StatusBadRequest, "invalid_scope")
}

func TestTokenLifetimeIsTheClientsAndNeverPastTheGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.AccessLife = 90 * time.Second })
	if m := w.tokens(); m["expires_in"] != float64(90) {
		t.Errorf("expires_in %v", m["expires_in"])
	}
	access := w.access()
	w.clock.forward(89 * time.Second)
	if !w.isActive(access) {
		t.Error("dead before its time")
	}
	w.clock.forward(time.Second)
	if w.isActive(access) {
		t.Error("alive after its time")
	}
}

func TestComponentFailureAtTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code()
	w.db.fail(hub.Errorf("db", hub.Unavailable, "connection to 10.0.0.7 lost"))
	r := w.redeem(code)
	w.wantError(r, http.StatusServiceUnavailable, "temporarily_unavailable")
	if strings.Contains(r.body, "10.0.0.7") || r.Header.Get("Retry-After") == "" {
		t.Errorf("%s", r.body)
	}
	if !strings.Contains(w.logs.String(), "token.refused") {
		t.Error("a failed component is not in the log")
	}
	w.db.fail(nil)
	if r := w.redeem(code); r.StatusCode != http.StatusOK {
		t.Errorf("the code was lost: %s", r.body)
	}
	w.rooms.change("land", func(c *oidcop.Client) { c.IDTokenAlg = "ES512" })
	v := redemption(w.code("client_id", "land", "redirect_uri", "https://land.example/cb"), "redirect_uri", "https://land.example/cb")
	w.wantError(w.post("/oauth2/token", "land", v), http.StatusInternalServerError, "server_error")
}

func TestD3_TheDatabaseAloneOpensNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code("scope", "openid profile citizen_id offline_access")
	m := w.redeem(code).json(t)
	secrets := []string{code, m["refresh_token"].(string), m["access_token"].(string), person, w.key.Reveal(), string(w.key.Bytes())}
	for _, set := range []map[[32]byte]grant.Credential{w.db.codes, w.db.refresh} {
		for _, c := range set {
			for _, s := range secrets {
				if strings.Contains(string(c.State)+string(c.WrappedKey)+string(c.Hash[:]), s) {
					t.Error("a credential rests with a secret")
				}
			}
			if len(c.WrappedKey) == 0 {
				t.Error("no vault key")
			}
		}
	}
	for _, e := range w.db.events {
		for _, v := range e.Detail {
			if slices.Contains(secrets, v) {
				t.Errorf("a secret in the record: %s", e.Kind)
			}
		}
	}
	w.code("scope", "openid")
	bare := 0
	for _, c := range w.db.codes {
		if c.WrappedKey == nil {
			bare++
		}
	}
	if bare != 1 {
		t.Error("a code that releases nothing carries the vault key")
	}
}
