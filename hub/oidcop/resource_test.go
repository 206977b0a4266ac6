package oidcop_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/oidcop"
)

func TestPRV05_UserInfoNamesTheMinimumDataSet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.userinfo(w.access("scope", "openid profile citizen_id address"))
	m := r.json(t)
	for name, want := range map[string]any{
		"citizen_id": person, "name": "สมหญิง ใจดี", "name#th": "สมหญิง ใจดี", "name#en": "Somying Jaidee",
		"given_name": "สมหญิง", "given_name#en": "Somying", "family_name#en": "Jaidee", "birthdate": "1990-01-31", "gender": "female",
		"title": "Miss", "title#en": "Miss",
	} {
		if m[name] != want {
			t.Errorf("%s is %v, want %v", name, m[name], want)
		}
	}
	if a, _ := m["address"].(map[string]any); a["formatted"] != "99/1 หมู่ 4 เชียงใหม่" || len(a) != 1 {
		t.Errorf("address %v", m["address"])
	}
	if _, there := m["title#th"]; there {
		t.Error("a Thai title from nowhere")
	}
	sources, _ := m["claim_sources"].(map[string]any)
	if s, _ := sources["citizen_id"].(map[string]any); s["provider"] != "thaid" || s["at"] != float64(w.session.AuthTime.Unix()) {
		t.Errorf("PRV-09: source %v", s)
	}
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("personal data may be cached")
	}
	w.wantEvent("userinfo.released")
	if m = w.userinfo(w.access("scope", "openid")).json(t); len(m) != 1 || m["sub"] == "" {
		t.Errorf("openid alone gives sub alone: %v", m)
	}
}

func TestRFC6750_WaysToSendAToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	asForm := url.Values{"access_token": {access}}.Encode()
	for name, tc := range map[string]struct {
		req    *http.Request
		status int
		code   string
	}{
		"GET header":       {w.request("GET", "/oauth2/userinfo", "", "Authorization", "Bearer "+access), 200, ""},
		"scheme in lower":  {w.request("GET", "/oauth2/userinfo", "", "Authorization", "bearer "+access), 200, ""},
		"POST header":      {w.request("POST", "/oauth2/userinfo", "", "Authorization", "Bearer "+access), 200, ""},
		"POST form":        {w.request("POST", "/oauth2/userinfo", asForm), 200, ""},
		"query":            {w.request("GET", "/oauth2/userinfo?"+asForm, ""), 400, "invalid_request"},
		"header and query": {w.request("GET", "/oauth2/userinfo?"+asForm, "", "Authorization", "Bearer "+access), 400, "invalid_request"},
		"header and form":  {w.request("POST", "/oauth2/userinfo", asForm, "Authorization", "Bearer "+access), 400, "invalid_request"},
		"twice in a form":  {w.request("POST", "/oauth2/userinfo", asForm+"&"+asForm), 400, "invalid_request"},
		"two headers":      {w.request("GET", "/oauth2/userinfo", "", "Authorization", "Bearer "+access, "Authorization", "Bearer x"), 400, "invalid_request"},
		"none":             {w.request("GET", "/oauth2/userinfo", ""), 401, "-"},
		"basic":            {w.request("GET", "/oauth2/userinfo", "", "Authorization", "Basic YTpi"), 401, "-"},
		"empty":            {w.request("GET", "/oauth2/userinfo", "", "Authorization", "Bearer "), 401, "-"},
		"no token of ours": {w.request("GET", "/oauth2/userinfo", "", "Authorization", "Bearer abc"), 401, "invalid_token"},
		"bent":             {w.request("GET", "/oauth2/userinfo", "", "Authorization", "Bearer "+access[:len(access)-2]+"AA"), 401, "invalid_token"},
		"DELETE":           {w.request("DELETE", "/oauth2/userinfo", "", "Authorization", "Bearer "+access), 405, "-"},
	} {
		r := w.do(tc.req)
		if r.StatusCode != tc.status {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
			continue
		}
		challenge := r.Header.Get("WWW-Authenticate")
		switch {
		case tc.status == 401 && tc.code == "-" && challenge != `Bearer realm="onedoor"`:
			t.Errorf("%s: %q tells more than that a token is needed (RFC 6750 3.1)", name, challenge)
		case tc.code != "" && tc.code != "-" && !strings.Contains(challenge, `error="`+tc.code+`"`):
			t.Errorf("%s: %q", name, challenge)
		}
	}
}

func TestUserInfoRefusesWhatIsNotAnAccessToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid offline_access")
	for _, name := range []string{"id_token", "refresh_token"} {
		r := w.userinfo(m[name].(string))
		w.wantError(r, http.StatusUnauthorized, "invalid_token")
	}
	refreshed := w.refresh(m["refresh_token"].(string), "scope", "offline_access").json(t)
	if refreshed["id_token"] != nil {
		t.Error("an ID token without openid")
	}
	w.wantError(w.userinfo(refreshed["access_token"].(string)), http.StatusForbidden, "insufficient_scope")
}

func TestPRV02_NothingIsReleasedAfterTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	w.rooms.mu.Lock()
	delete(w.rooms.vaults, w.session.ID) // the vault is shredded before the revocation is seen
	w.rooms.mu.Unlock()
	w.wantError(w.userinfo(access), http.StatusUnauthorized, "invalid_token")
	w.wantEvent("userinfo.refused session_ended")
	w.rooms.end(w.session.ID, w.clock.now())
	w.wantError(w.userinfo(access), http.StatusUnauthorized, "invalid_token")
}

func TestAUD02_NoReleaseWithoutItsRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	w.db.fail(hub.Errorf("db", hub.Unavailable, "down"))
	if r := w.userinfo(access); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(r.body, person) {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
}

func TestRFC7662_Introspection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Audience = []oidcop.Resource{{System: "land", URI: landAPI}} })
	tok := w.tokens("resource", landAPI)
	access := tok["access_token"].(string)
	_, id := payload(t, tok["id_token"].(string))
	m := w.introspect("revenue", access).json(t)
	now := float64(w.clock.now().Unix())
	for name, want := range map[string]any{
		"active": true, "scope": "openid profile citizen_id", "client_id": "revenue", "token_type": "Bearer", "exp": now + 300, "iat": now,
		"sub": id["sub"], "iss": w.issuer(), "acr": "urn:onedoor:ial:2.3:aal:2.1", "ial": "2.3", "aal": "2.1", "auth_time": now - 60,
		"sid": id["sid"],
	} {
		if m[name] != want {
			t.Errorf("%s is %v, want %v", name, m[name], want)
		}
	}
	if m["jti"] == "" || len(m) != 30 || m["citizen_id"] != person || m["name#en"] != "Somying Jaidee" || m["address"] != nil {
		t.Errorf("%d members: %v", len(m), m)
	}
	other := w.introspect("land", access).json(t)
	if len(other) != 15 {
		t.Errorf("the person has agreed to what revenue learns, not to what land learns: %v", other)
	}
	if other["active"] != true || other["sub"] == m["sub"] || other["client_id"] != "revenue" {
		t.Errorf("the audience gets its own subject: %v", other)
	}
	if r := w.introspect("social", access); r.body != `{"active":false}` {
		t.Errorf("trap 12: a system that the token is not for: %s", r.body)
	}
}

func TestRFC7662_InactiveIsExactlyThat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid offline_access")
	for name, raw := range map[string]string{"nonsense": "x", "ID token": m["id_token"].(string), "refresh token": m["refresh_token"].(string)} {
		if r := w.introspect("revenue", raw); r.StatusCode != http.StatusOK || r.body != `{"active":false}` {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
	access := m["access_token"].(string)
	w.clock.forward(5 * time.Minute)
	if r := w.introspect("revenue", access); r.body != `{"active":false}` {
		t.Errorf("expired: %s", r.body)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Audience = []oidcop.Resource{{System: "land", URI: landAPI}} })
	access = w.access("resource", landAPI)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Live = false })
	if r := w.introspect("land", access); r.body != `{"active":false}` {
		t.Errorf("token of a suspended system: %s", r.body)
	}
}

func TestInvariant8_WhatIsNotKnownIsNotActive(t *testing.T) {
	t.Parallel()
	for _, err := range []error{
		hub.Errorf("lease", hub.Unavailable, "over"), hub.Errorf("lease", hub.Internal, "bug"), http.ErrAbortHandler,
	} {
		w := newWorld(t)
		access := w.access()
		w.rooms.ended = err
		r := w.introspect("revenue", access)
		if r.StatusCode < 500 || strings.Contains(r.body, "active") {
			t.Errorf("%v: %d %s", err, r.StatusCode, r.body)
		}
		if r = w.userinfo(access); r.StatusCode < 500 {
			t.Errorf("%v: userinfo %d", err, r.StatusCode)
		}
		if r = w.post("/oauth2/revoke", "revenue", url.Values{"token": {access}}); r.StatusCode < 500 {
			t.Errorf("%v: revoke %d", err, r.StatusCode)
		}
	}
}

func TestIntrospectionCallerMustProveItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code("client_id", "app", "redirect_uri", "https://app.example/cb")
	m := w.post("/oauth2/token", "app", redemption(code, "redirect_uri", "https://app.example/cb")).json(t)
	w.wantError(w.introspect("app", m["access_token"].(string)), http.StatusUnauthorized, "invalid_client")
	w.wantEvent("introspection.refused public_client")
	access := w.access()
	w.wantError(w.do(w.request("POST", "/oauth2/introspect", url.Values{"token": {access}}.Encode())), http.StatusUnauthorized, "invalid_client")
	w.wantError(w.do(w.request("POST", "/oauth2/introspect", url.Values{"token": {access}, "access_token": {access}}.Encode(), "Authorization", "Bearer "+access)),
		http.StatusUnauthorized, "invalid_client")
	w.wantError(w.post("/oauth2/introspect", "revenue", url.Values{}), http.StatusBadRequest, "invalid_request")
	if r := w.do(w.request("GET", "/oauth2/introspect?token="+access, "")); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", r.StatusCode)
	}
}

func TestHotPath_IntrospectionWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	if !w.isActive(access) {
		t.Fatal("not active")
	}
	w.wantEvent("introspection.released") // AUD-02: the first release has its record
	before := w.db.written()
	w.db.fail(hub.Errorf("db", hub.Unavailable, "down"))
	for range 3 {
		if m := w.introspect("revenue", access).json(t); m["active"] != true || m["citizen_id"] != person {
			t.Fatalf("from memory: %v", m)
		}
	}
	if w.db.written() != before {
		t.Error("introspection wrote")
	}
}

// AUD-02: what is given under another grant is another release, with a record of its own, however often either is asked about.
func TestAUD02_EachGrantsReleaseIsRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.access(), w.access()
	for range 3 {
		for _, access := range []string{one, two} {
			if m := w.introspect("revenue", access).json(t); m["citizen_id"] != person {
				t.Fatalf("%v", m)
			}
		}
	}
	n := 0
	for _, kind := range w.db.kinds() {
		if strings.HasPrefix(kind, "introspection.released") {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d records of two releases", n)
	}
}

// counted counts what is read of a body.
type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

// A stranger makes the hub read and hold no more than a small form; a client that says who it is in the header or at the beginning is read
// to the end.
func TestABatchIsReadForThoseWhoSayWhoTheyAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.access()
	tokens := "token=" + access + strings.Repeat("&token="+strings.Repeat("x", 800), 400)
	const small = 32 << 10
	revenue, social := testSecret("revenue"), testSecret("social")
	for name, tc := range map[string]struct {
		body         string
		user, secret string
		length       int64
		status, read int
	}{
		"a stranger":                {tokens, "", "", 0, 401, small},
		"a wrong secret":            {tokens, "revenue", revenue + "x", 0, 401, small},
		"length not told":           {tokens, "revenue", revenue + "x", -1, 401, small},
		"by header":                 {tokens, "revenue", revenue, 0, 200, len(tokens)},
		"by header, not told":       {tokens, "revenue", revenue, -1, 200, len(tokens)},
		"at the beginning":          {"client_id=social&client_secret=" + social + "&" + tokens, "", "", 0, 200, 0},
		"at the end":                {tokens + "&client_id=social&client_secret=" + social, "", "", 0, 401, small},
		"another one at the end":    {tokens + "&client_id=social", "revenue", revenue, 0, 400, 0},
		"both ends":                 {"client_id=social&client_secret=" + social + "&" + tokens + "&client_id=social", "", "", 0, 400, 0},
		"more than anybody may ask": {tokens + strings.Repeat("&token="+strings.Repeat("x", 900), 600), "revenue", revenue, 0, 400, 0},
	} {
		body := &counted{Reader: strings.NewReader(tc.body)}
		r := httptest.NewRequest(http.MethodPost, "/oauth2/introspect/batch", body)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if r.ContentLength = int64(len(tc.body)); tc.length != 0 {
			r.ContentLength = tc.length
		}
		if tc.user != "" {
			r.SetBasicAuth(tc.user, tc.secret)
		}
		rec := httptest.NewRecorder()
		w.op.IntrospectBatch(rec, r)
		if rec.Code != tc.status || tc.read > 0 && body.n != tc.read {
			t.Errorf("%s: %d after %d bytes, want %d after %d: %.200s", name, rec.Code, body.n, tc.status, tc.read, rec.Body)
		}
		if tc.status == http.StatusOK && (!strings.HasPrefix(rec.Body.String(), `{"results":[{"active":`) || strings.Count(rec.Body.String(), `"active"`) != 401) {
			t.Errorf("%s: %.200s", name, rec.Body)
		}
	}
}

func TestRFC7009_Revocation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid offline_access")
	access, refresh := m["access_token"].(string), m["refresh_token"].(string)
	for name, raw := range map[string]string{"unknown": "x", "ID token": m["id_token"].(string)} {
		if r := w.post("/oauth2/revoke", "revenue", url.Values{"token": {raw}}); r.StatusCode != http.StatusOK || r.body != "" {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
	n := len(w.db.kinds())
	for _, raw := range []string{access, refresh} {
		if r := w.post("/oauth2/revoke", "land", url.Values{"token": {raw}}); r.StatusCode != http.StatusOK {
			t.Errorf("another client: %d", r.StatusCode)
		}
	}
	if !w.isActive(access) || len(w.db.kinds()) != n {
		t.Error("another client's request did something")
	}
	if r := w.post("/oauth2/revoke", "revenue", url.Values{"token": {access}, "token_type_hint": {"refresh_token"}}); r.StatusCode != http.StatusOK {
		t.Errorf("%d", r.StatusCode)
	}
	w.wantEvent("token.revoked revoked_by_client")
	if w.isActive(access) {
		t.Error("still active")
	}
	next := w.refresh(refresh).json(t)
	if r := w.post("/oauth2/revoke", "revenue", url.Values{"token": {next["refresh_token"].(string)}}); r.StatusCode != http.StatusOK {
		t.Errorf("%d", r.StatusCode)
	}
	w.wantEvent("grant.revoked revoked_by_client")
	if w.isActive(next["access_token"].(string)) {
		t.Error("revoking the refresh token must end its access tokens")
	}
	w.wantError(w.refresh(next["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
	w.wantError(w.post("/oauth2/revoke", "revenue", url.Values{}), http.StatusBadRequest, "invalid_request")
	w.wantError(w.do(w.request("POST", "/oauth2/revoke", url.Values{"token": {"x"}}.Encode())), http.StatusUnauthorized, "invalid_client")
	w.wantEvent("revocation.refused invalid_client")
}

func TestPublicClientMayRevokeItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code("client_id", "app", "redirect_uri", "https://app.example/cb")
	m := w.post("/oauth2/token", "app", redemption(code, "redirect_uri", "https://app.example/cb")).json(t)
	if r := w.post("/oauth2/revoke", "app", url.Values{"token": {m["access_token"].(string)}}); r.StatusCode != http.StatusOK {
		t.Errorf("%d", r.StatusCode)
	}
	w.wantEvent("token.revoked revoked_by_client")
}

func TestLOA03_DiscoverySaysExactlyWhatWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.do(w.request("GET", "/.well-known/openid-configuration", ""))
	m := r.json(t)
	for name, want := range map[string]string{
		"issuer": w.issuer(), "authorization_endpoint": w.issuer() + "/oauth2/authorize", "op_policy_uri": w.issuer() + "/privacy",
		"pushed_authorization_request_endpoint": w.issuer() + "/oauth2/par",
		"jwks_uri":                              w.issuer() + "/oauth2/jwks", "introspection_endpoint": w.issuer() + "/oauth2/introspect",
	} {
		if m[name] != want {
			t.Errorf("%s is %v", name, m[name])
		}
	}
	for name, want := range map[string][]string{
		"acr_values_supported":                          {"urn:onedoor:ial:1.1:aal:1", "urn:onedoor:ial:2.3:aal:2.1"},
		"response_types_supported":                      {"code"},
		"response_modes_supported":                      {"query", "form_post"},
		"code_challenge_methods_supported":              {"S256"},
		"subject_types_supported":                       {"pairwise"},
		"ui_locales_supported":                          {"th", "en", "zh", "vi"},
		"token_endpoint_auth_methods_supported":         {"client_secret_basic", "client_secret_post", "private_key_jwt", "none"},
		"introspection_endpoint_auth_methods_supported": {"client_secret_basic", "client_secret_post", "private_key_jwt"},
		"request_object_signing_alg_values_supported":   {"ES256", "RS256", "PS256"},
		"id_token_encryption_alg_values_supported":      {"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A256KW"},
		"id_token_encryption_enc_values_supported":      {"A256GCM", "A128GCM", "A128CBC-HS256"},
		"display_values_supported":                      {"page"},
		"id_token_signing_alg_values_supported":         {"ES256", "RS256", "PS256"},
	} {
		var got []string
		list, _ := m[name].([]any)
		for _, v := range list {
			got = append(got, v.(string))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if m["authorization_response_iss_parameter_supported"] != true || m["request_uri_parameter_supported"] != false || m["claims_parameter_supported"] != true ||
		m["request_parameter_supported"] != true || m["require_pushed_authorization_requests"] != false {
		t.Error("what does not work must be said: request_uri is supported where the member is missing")
	}
	if r.Header.Get("Cache-Control") == "" || r.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", r.Header)
	}
	for _, s := range m["scopes_supported"].([]any) {
		if q := w.authorize(form("scope", "openid "+s.(string))).location(t); q.Get("code") == "" {
			t.Errorf("scope %v is announced and does not work: %v", s, q)
		}
	}
	claims := m["claims_supported"].([]any)
	for name := range w.userinfo(w.access("scope", "openid profile citizen_id address")).json(t) {
		if !slices.Contains(claims, any(name)) {
			t.Errorf("the claim %s is not announced", name)
		}
	}
}

func TestJWKSHoldsPublicKeysOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.do(w.request("GET", "/oauth2/jwks", ""))
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal([]byte(r.body), &set); err != nil || len(set.Keys) != 3 {
		t.Fatalf("%v %s", err, r.body)
	}
	for _, k := range set.Keys {
		if k["d"] != nil || k["kid"] == nil || k["alg"] == nil || k["use"] != "sig" {
			t.Errorf("%v", k)
		}
	}
	if r.Header.Get("Cache-Control") != "public, max-age=600" {
		t.Errorf("%v", r.Header)
	}
	if r = w.do(w.request("HEAD", "/oauth2/jwks", "")); r.StatusCode != http.StatusOK || r.body != "" {
		t.Errorf("HEAD: %d", r.StatusCode)
	}
	if r = w.do(w.request("POST", "/oauth2/jwks", "")); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", r.StatusCode)
	}
}
