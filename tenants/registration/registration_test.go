package registration_test

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/tenants"
	"onedoor/tenants/registration"
)

func TestRFC7591_ARegistrationGivesASandbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register(good(object{
		"scope": "openid profile birthdate citizen_id address offline_access", "grant_types": []string{"authorization_code", "refresh_token"},
		"client_name#th": "ยื่นแบบ 2", "logo_uri": "https://logo.example/x.png", "contacts": []string{"somebody@revenue.example"}, "x-unknown": object{},
	}))
	id, secret := hub.SystemID(a.text("client_id")), a.text("client_secret")
	if !registration.IsSandbox(id) || len(secret) != 64 || len(a.text("registration_access_token")) != 43 {
		t.Errorf("client_id %q, %d characters of secret, %d of registration_access_token", id, len(secret), len(a.text("registration_access_token")))
	}
	now := w.clock.Now()
	for name, want := range map[string]any{
		"client_id_issued_at": float64(now.Unix()), "client_secret_expires_at": float64(now.Add(30 * 24 * time.Hour).Unix()),
		"scope": "openid profile birthdate offline_access", "token_endpoint_auth_method": "client_secret_basic", "subject_type": "pairwise",
		"id_token_signed_response_alg": "ES256", "application_type": "web", "client_name": "E-filing 2", "client_name#th": "ยื่นแบบ 2",
		"registration_client_uri": issuer + registration.Path + "/" + string(id),
		"logo_uri":                nil, "contacts": nil, "x-unknown": nil,
	} {
		if got := a.body[name]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	s, err := w.System(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != tenants.Testing || s.Department != "revenue" || s.Names["en"] != "Test system: E-filing 2" || len(s.Validate()) > 0 {
		t.Errorf("%+v\n%v", s, s.Validate())
	}
	var names []hub.AttributeName
	for _, r := range s.Attributes {
		names = append(names, r.Attribute)
		if r.Basis != consent.ByConsent || r.Required || len(r.Text.Missing()) > 0 {
			t.Errorf("CON-01: nobody is asked for %s", r.Attribute)
		}
	}
	if !slices.Equal(names, []hub.AttributeName{hub.GivenName, hub.Birthdate}) {
		t.Errorf("PRV-06: it may ask for %v", names)
	}
	if s.Least != (hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}) {
		t.Errorf("LOA-08: personal data at %s", s.Least)
	}
	if s.OIDC.Sector() != string(id)+".invalid" {
		t.Errorf("invariant 3: the sector is %s", s.OIDC.Sector())
	}
	if e := w.ledger.last(); e.Kind != "registration.created" || e.System != id || e.Detail["department"] != "revenue" {
		t.Errorf("recorded %+v", e)
	}
	if hash, err := tenants.HashClientSecret(secret); err != nil || s.OIDC.Secrets[0].SHA256 != hash.SHA256 {
		t.Error("the secret that was told is not the one that is kept")
	}
}

func TestRFC7591_EveryFieldIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jwks := object{"keys": []any{object{
		"kty": "EC", "crv": "P-256", "kid": "a",
		"x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
	}}}
	sent := object{
		"redirect_uris": []any{"https://test.revenue.example/cb", "https://a.b.dev.example/cb"}, "post_logout_redirect_uris": []any{"https://test.revenue.example/"},
		"response_types": []any{"code"}, "grant_types": []any{"authorization_code"}, "application_type": "web", "scope": "openid",
		"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "ES256", "subject_type": "pairwise",
		"id_token_signed_response_alg": "PS256", "id_token_encrypted_response_alg": "ECDH-ES", "id_token_encrypted_response_enc": "A256GCM",
		"userinfo_signed_response_alg": "ES256", "initiate_login_uri": "https://test.revenue.example/go",
		"backchannel_logout_uri": "https://test.revenue.example/out", "backchannel_logout_session_required": true, "jwks": jwks,
		"frontchannel_logout_uri": "https://test.revenue.example/frame", "frontchannel_logout_session_required": true,
		"require_pushed_authorization_requests": true, "dpop_bound_access_tokens": true, "require_signed_request_object": true, "request_object_signing_alg": "PS256",
		"default_max_age": float64(600), "require_auth_time": true, "client_name": "A", "client_name#th": "ข",
	}
	a := w.register(sent)
	again := w.call(http.MethodGet, w.at(a), a.text("registration_access_token"), nil)
	for name, want := range sent {
		for when, got := range map[string]any{"registered": a.body[name], "read": again.body[name]} {
			if name == "jwks" {
				if set, ok := got.(map[string]any); ok && len(set["keys"].([]any)) == 1 {
					continue
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %s: %v, want %v", when, name, got, want)
			}
		}
	}
	if _, told := a.body["client_secret"]; told {
		t.Error("a client with keys got a secret")
	}
	b := w.register(good(object{"application_type": "native", "redirect_uris": []string{"http://127.0.0.1/cb"}}))
	if b.text("token_endpoint_auth_method") != "none" || b.body["client_secret"] != nil || b.text("application_type") != "native" {
		t.Errorf("a native app: %v", b.body)
	}
	certified := w.register(good(object{
		"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=efiling,C=TH", "tls_client_certificate_bound_access_tokens": true,
	}))
	if certified.text("tls_client_auth_subject_dn") != "CN=efiling,C=TH" || certified.body["tls_client_certificate_bound_access_tokens"] != true ||
		certified.body["client_secret"] != nil {
		t.Errorf("a client with a certificate: %v", certified.body)
	}
	c := w.register(good(object{"jwks_uri": "https://test.revenue.example/jwks", "token_endpoint_auth_method": "client_secret_post"}))
	if c.text("jwks_uri") == "" || c.text("client_secret") == "" {
		t.Errorf("jwks_uri beside a secret: %v", c.body)
	}
}

func TestRFC7591_Refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const meta, redirect = "invalid_client_metadata", "invalid_redirect_uri"
	cases := map[string]struct {
		body any
		code string
	}{
		"no JSON":                            {"redirect_uris=x", meta},
		"a list":                             {"[]", meta},
		"two objects":                        {`{"redirect_uris":["http://localhost/cb"]}{}`, meta},
		"unfinished":                         {`{"redirect_uris":["http://localhost/cb"]`, meta},
		"no UTF-8":                           {"{\"client_name\":\"\xff\",\"redirect_uris\":[\"http://localhost/cb\"]}", meta},
		"twice":                              {`{"redirect_uris":["http://localhost/a"],"redirect_uris":["http://localhost/b"]}`, meta},
		"too large":                          {`{"x":"` + strings.Repeat("x", 50<<10) + `"}`, meta},
		"no redirect URI":                    {object{}, redirect},
		"empty redirect URIs":                {good(object{"redirect_uris": []string{}}), redirect},
		"redirect URI no list":               {good(object{"redirect_uris": "http://localhost/cb"}), redirect},
		"redirect URI null":                  {`{"redirect_uris":[null]}`, redirect},
		"fragment":                           {good(object{"redirect_uris": []string{"http://localhost/cb#x"}}), redirect},
		"wildcard":                           {good(object{"redirect_uris": []string{"https://*.dev.example/cb"}}), redirect},
		"plain http":                         {good(object{"redirect_uris": []string{"http://test.revenue.example/cb"}}), redirect},
		"script":                             {good(object{"redirect_uris": []string{"javascript:alert(1)"}}), redirect},
		"relative":                           {good(object{"redirect_uris": []string{"/cb"}}), redirect},
		"foreign host":                       {good(object{"redirect_uris": []string{"https://evil.example/cb"}}), redirect},
		"host that looks right":              {good(object{"redirect_uris": []string{"https://test.revenue.example.evil.example/cb"}}), redirect},
		"suffix without dot":                 {good(object{"redirect_uris": []string{"https://evildev.example/cb"}}), redirect},
		"one good one bad":                   {good(object{"redirect_uris": []string{"http://localhost/cb", "https://evil.example/cb"}}), redirect},
		"address by its number":              {good(object{"redirect_uris": []string{"https://10.0.0.1/cb"}}), redirect},
		"native not loopback":                {good(object{"application_type": "native", "redirect_uris": []string{"http://localhost/cb"}}), redirect},
		"foreign frame":                      {good(object{"frontchannel_logout_uri": "https://evil.example/out"}), meta},
		"foreign logout":                     {good(object{"backchannel_logout_uri": "https://evil.example/out"}), meta},
		"foreign post logout":                {good(object{"post_logout_redirect_uris": []string{"https://evil.example/"}}), meta},
		"foreign initiate":                   {good(object{"initiate_login_uri": "https://evil.example/go"}), meta},
		"oidcc-3rd_party-init-login-nohttps": {good(object{"initiate_login_uri": "http://test.revenue.example/go"}), meta},
		"foreign jwks_uri":                   {good(object{"jwks_uri": "https://evil.example/jwks"}), meta},
		"metadata service":                   {good(object{"jwks_uri": "http://169.254.169.254/latest"}), meta},
		"implicit":                           {good(object{"response_types": []string{"id_token token"}}), meta},
		"implicit beside code":               {good(object{"response_types": []string{"code", "token"}}), meta},
		"no response type":                   {good(object{"response_types": []string{}}), meta},
		"password grant":                     {good(object{"grant_types": []string{"authorization_code", "password"}}), meta},
		"client credentials":                 {good(object{"grant_types": []string{"client_credentials"}}), meta},
		"refresh alone":                      {good(object{"grant_types": []string{"refresh_token"}}), meta},
		"secret as JWT":                      {good(object{"token_endpoint_auth_method": "client_secret_jwt"}), meta},
		"keys without keys":                  {good(object{"token_endpoint_auth_method": "private_key_jwt"}), meta},
		"native with a secret":               {good(object{"application_type": "native", "redirect_uris": []string{"http://127.0.0.1/cb"}, "token_endpoint_auth_method": "client_secret_basic"}), meta},
		"application type":                   {good(object{"application_type": "service"}), meta},
		"public subject":                     {good(object{"subject_type": "public"}), meta},
		"alg none":                           {good(object{"id_token_signed_response_alg": "none"}), meta},
		"alg HS256":                          {good(object{"id_token_signed_response_alg": "HS256"}), meta},
		"userinfo alg none":                  {good(object{"userinfo_signed_response_alg": "none"}), meta},
		"request alg none":                   {good(object{"request_object_signing_alg": "none"}), meta},
		"RSA1_5":                             {good(object{"id_token_encrypted_response_alg": "RSA1_5", "jwks_uri": "https://test.revenue.example/jwks"}), meta},
		"enc without alg":                    {good(object{"id_token_encrypted_response_enc": "A256GCM", "jwks_uri": "https://test.revenue.example/jwks"}), meta},
		"encrypted without keys":             {good(object{"id_token_encrypted_response_alg": "ECDH-ES"}), meta},
		"two ways of keys":                   {good(object{"jwks_uri": "https://test.revenue.example/jwks", "jwks": object{"keys": []any{}}}), meta},
		"jwks as text":                       {good(object{"jwks": "{}"}), meta},
		"private key":                        {good(object{"jwks": object{"keys": []any{object{"kty": "EC", "crv": "P-256", "d": "x"}}}}), meta},
		"sector":                             {good(object{"sector_identifier_uri": "https://test.revenue.example/sector"}), meta},
		"request_uris":                       {good(object{"request_uris": []string{"https://test.revenue.example/r"}}), meta},
		"encrypted userinfo":                 {good(object{"userinfo_encrypted_response_alg": "ECDH-ES"}), meta},
		"encrypted request":                  {good(object{"request_object_encryption_alg": "ECDH-ES"}), meta},
		"bound to certificate, as text":      {good(object{"tls_client_certificate_bound_access_tokens": "true"}), meta},
		"a certificate of nobody":            {good(object{"token_endpoint_auth_method": "tls_client_auth"}), meta},
		"a certificate of two":               {good(object{"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "a.example", "tls_client_auth_san_ip": "192.0.2.1"}), meta},
		"bound to DPoP, as text":             {good(object{"dpop_bound_access_tokens": "true"}), meta},
		"default acr":                        {good(object{"default_acr_values": []string{"x"}}), meta},
		"max age negative":                   {good(object{"default_max_age": -1}), meta},
		"max age as text":                    {good(object{"default_max_age": "600"}), meta},
		"flag as text":                       {good(object{"require_pushed_authorization_requests": "true"}), meta},
		"scope as list":                      {good(object{"scope": []string{"openid"}}), meta},
		"name too long":                      {good(object{"client_name": strings.Repeat("x", 81)}), meta},
		"name turned around":                 {good(object{"client_name": "Re\u202evenue"}), meta},
		"name with control":                  {good(object{"client_name#en": "Re\x07venue"}), meta},
		"software statement":                 {good(object{"software_statement": "eyJhbGciOiJub25lIn0.e30."}), "unapproved_software_statement"},
		"deep":                               {`{"jwks":` + strings.Repeat(`{"a":`, 11000) + "1" + strings.Repeat("}", 11001), meta},
	}
	token := w.token("revenue", 1)
	for name, c := range cases {
		w.refused(name, w.call(http.MethodPost, w.url+registration.Path, token, c.body), http.StatusBadRequest, c.code, c.code)
	}
	if all, err := w.store.Sandboxes(t.Context()); err != nil || len(all) > 0 {
		t.Errorf("%d sandboxes came of refusals: %v", len(all), err)
	}
	// None of them has used the token up. Null, false and [] ask for nothing.
	a := w.call(http.MethodPost, w.url+registration.Path, token, `{"redirect_uris":["http://localhost/cb"],"software_statement":null,"request_uris":[],"dpop_bound_access_tokens":false}`)
	if a.status != http.StatusCreated || a.text("client_name") != a.text("client_id") {
		t.Errorf("%d %v", a.status, a.body)
	}
}

func TestRFC7591_OnlyWithAGoodInitialAccessToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.url + registration.Path
	good2 := w.token("revenue", 2)
	refused := func(what, bearer, reason string) {
		t.Helper()
		w.refused(what, w.call(http.MethodPost, at, bearer, good()), http.StatusUnauthorized, "invalid_token", reason)
	}
	refused("none", "", "no_token")
	refused("no form of a token", "abc", "no_token")
	refused("unknown", hub.NewSecret(w.options.Random).Reveal(), "unknown_token")
	refused("of a department to which nothing is opened", w.token("police", 1), "token_over")
	refused("of a department that is gone", w.token("gone", 1), "no_department")
	for range 2 {
		if a := w.call(http.MethodPost, at, good2, good()); a.status != http.StatusCreated {
			t.Fatalf("%d %v", a.status, a.body)
		}
	}
	refused("used up", good2, "token_over")
	late := w.token("revenue", 1)
	w.clock.Advance(24 * time.Hour)
	refused("expired", late, "token_over")

	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"?access_token="+w.token("revenue", 1), strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	w.refused("in the query", w.send(r), http.StatusUnauthorized, "invalid_token", "no_token")
	again := func() { r.Body = io.NopCloser(strings.NewReader("{}")) } // it may have been read
	again()
	r.Header["Authorization"] = []string{"Bearer " + w.token("revenue", 1), "Bearer x"}
	r.URL.RawQuery = ""
	w.refused("two headers", w.send(r), http.StatusUnauthorized, "invalid_token", "no_token")
	again()
	r.Header["Authorization"] = []string{"Bearer " + w.token("revenue", 1)}
	w.refused("no JSON type", w.send(r), http.StatusBadRequest, "invalid_client_metadata", "invalid_client_metadata")
	if a := w.call(http.MethodGet, at, "", nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", a.status)
	}
}

func TestRFC7592_Management(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, other := w.register(good(object{"scope": "openid birthdate"})), w.register(good())
	at, access := w.at(a), a.text("registration_access_token")
	id := hub.SystemID(a.text("client_id"))

	read := w.call(http.MethodGet, at, access, nil)
	if read.status != http.StatusOK || read.body["client_secret"] != nil || read.text("registration_access_token") != access || read.text("client_name") != "E-filing 2" {
		t.Errorf("%d %v", read.status, read.body)
	}
	unauthorized := func(what string, b answer, reason string) {
		t.Helper()
		w.refused(what, b, http.StatusUnauthorized, "invalid_token", reason)
	}
	unauthorized("no token", w.call(http.MethodGet, at, "", nil), "no_token")
	unauthorized("another's token", w.call(http.MethodGet, at, other.text("registration_access_token"), nil), "wrong_token")
	unauthorized("another's token deletes", w.call(http.MethodDelete, at, other.text("registration_access_token"), nil), "wrong_token")
	unauthorized("initial token", w.call(http.MethodGet, at, w.token("revenue", 1), nil), "wrong_token")
	unauthorized("no such client", w.call(http.MethodGet, w.url+registration.Path+"/sandbox-"+hub.NewID(w.options.Random), access, nil), "unknown_client")
	unauthorized("a declared system", w.call(http.MethodGet, w.url+registration.Path+"/revenue-efiling", access, nil), "no_token")
	if b := w.call(http.MethodPost, at, access, good()); b.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", b.status)
	}

	for what, body := range map[string]object{
		"no client_id":        good(),
		"another's client_id": good(object{"client_id": other.text("client_id")}),
		"wrong secret":        good(object{"client_id": id, "client_secret": other.text("client_secret")}),
		"the access token":    good(object{"client_id": id, "registration_access_token": access}),
		"the issue time":      good(object{"client_id": id, "client_id_issued_at": 1}),
	} {
		if b := w.call(http.MethodPut, at, access, body); b.status != http.StatusBadRequest || b.text("error") != "invalid_request" {
			t.Errorf("PUT with %s: %d %v", what, b.status, b.body)
		}
	}
	bad := w.call(http.MethodPut, at, access, good(object{"client_id": id, "redirect_uris": []string{"https://evil.example/cb"}}))
	w.refused("a foreign host", bad, http.StatusBadRequest, "invalid_redirect_uri", "invalid_redirect_uri")
	if b := w.call(http.MethodGet, at, access, nil); b.status != http.StatusOK || b.text("scope") != "openid birthdate" {
		t.Errorf("a refusal changed something: %d %v", b.status, b.body)
	}

	put := w.call(http.MethodPut, at, access, good(object{"client_id": id, "client_name": "New", "client_secret": a.text("client_secret")}))
	if put.status != http.StatusOK || put.text("client_name") != "New" || put.text("scope") != "openid" || put.body["client_secret"] != nil {
		t.Errorf("RFC 7592 section 2.2: what is left out is gone: %d %v", put.status, put.body)
	}
	if b := w.call(http.MethodDelete, at, put.text("registration_access_token"), nil); b.status != http.StatusNoContent {
		t.Errorf("DELETE: %d %v", b.status, b.body)
	}
	if e := w.ledger.last(); e.Kind != "registration.deleted" || e.System != id {
		t.Errorf("recorded %+v", e)
	}
	unauthorized("deleted", w.call(http.MethodGet, at, put.text("registration_access_token"), nil), "unknown_client")
	if _, err := w.System(t.Context(), id); !errors.Is(err, hub.NotFound) {
		t.Errorf("deleted: %v", err)
	}
	if _, err := w.System(t.Context(), hub.SystemID(other.text("client_id"))); err != nil {
		t.Errorf("the other one: %v", err)
	}
}

func TestRFC7592_TheAccessTokenChangesAndALostAnswerLocksNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register(good())
	at, first := w.at(a), a.text("registration_access_token")
	body := good(object{"client_id": a.text("client_id")})
	lost := w.call(http.MethodPut, at, first, body).text("registration_access_token")
	second := w.call(http.MethodPut, at, first, body) // the answer got lost: the old one is still good
	if second.status != http.StatusOK {
		t.Fatalf("%d %v", second.status, second.body)
	}
	w.refused("the one that got lost", w.call(http.MethodGet, at, lost, nil), http.StatusUnauthorized, "invalid_token", "wrong_token")
	if b := w.call(http.MethodGet, at, second.text("registration_access_token"), nil); b.status != http.StatusOK {
		t.Fatalf("%d %v", b.status, b.body)
	}
	w.refused("the old one, after the new one was used", w.call(http.MethodGet, at, first, nil), http.StatusUnauthorized, "invalid_token", "wrong_token")
}

func TestRFC7592_SecretsAreReplacedWithAnOverlap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register(good())
	at, access, id := w.at(a), a.text("registration_access_token"), hub.SystemID(a.text("client_id"))
	hash := func(b answer) [32]byte {
		t.Helper()
		s, err := tenants.HashClientSecret(b.text("client_secret"))
		if err != nil {
			t.Fatal(err)
		}
		return s.SHA256
	}
	now := w.clock.Now()
	b := w.call(http.MethodPut, at, access, good(object{"client_id": id}))
	s, err := w.System(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	want := []tenants.Secret{{SHA256: hash(b)}, {SHA256: hash(a), ExpiresAt: now.Add(time.Hour)}}
	if !reflect.DeepEqual(s.OIDC.Secrets, want) || hash(a) == hash(b) {
		t.Errorf("secrets are %v", s.OIDC.Secrets)
	}
	w.clock.Advance(time.Hour)
	old := good(object{"client_id": id, "client_secret": a.text("client_secret")})
	w.refused("a secret whose time is over", w.call(http.MethodPut, at, b.text("registration_access_token"), old), http.StatusBadRequest, "invalid_request", "secret")
	c := w.call(http.MethodPut, at, b.text("registration_access_token"), good(object{"client_id": id, "token_endpoint_auth_method": "none"}))
	if s, err = w.System(t.Context(), id); err != nil || len(s.OIDC.Secrets) > 0 || c.body["client_secret"] != nil {
		t.Errorf("a public client has %d secrets: %v", len(s.OIDC.Secrets), err)
	}
}

func TestSandboxesEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register(good(object{"scope": "openid given_name birthdate"}))
	id := hub.SystemID(a.text("client_id"))

	closed := w.options
	closed.Open = []registration.Department{{ID: "customs"}}
	if r, at := w.serve(closed); true {
		if _, err := r.System(t.Context(), id); !errors.Is(err, hub.NotFound) {
			t.Errorf("the department has no sandboxes any more: %v", err)
		}
		b := w.call(http.MethodGet, at+registration.Path+"/"+string(id), a.text("registration_access_token"), nil)
		w.refused("the department has no sandboxes any more", b, http.StatusUnauthorized, "invalid_token", "sandbox_over")
	}
	less := w.options
	less.Open = []registration.Department{{ID: "revenue", Attributes: []hub.AttributeName{hub.Birthdate}}}
	if r, _ := w.serve(less); true {
		s, err := r.System(t.Context(), id)
		if err != nil || len(s.Attributes) != 1 || !slices.Equal(s.OIDC.Scopes, []string{"openid", "birthdate"}) {
			t.Errorf("what is no longer opened is still there: %v, %+v", err, s)
		}
	}
	moved := w.register(good(object{"redirect_uris": []string{"https://test.revenue.example/cb"}}))
	if r, _ := w.serve(less); true {
		if _, err := r.System(t.Context(), hub.SystemID(moved.text("client_id"))); !errors.Is(err, hub.NotFound) {
			t.Errorf("its host is no longer opened: %v", err)
		}
	}
	w.clock.Advance(30*24*time.Hour - time.Second)
	if _, err := w.System(t.Context(), id); err != nil {
		t.Errorf("before its time: %v", err)
	}
	w.clock.Advance(time.Second)
	if _, err := w.System(t.Context(), id); !errors.Is(err, hub.NotFound) {
		t.Errorf("after its time: %v", err)
	}
	b := w.call(http.MethodGet, w.at(a), a.text("registration_access_token"), nil)
	w.refused("after its time", b, http.StatusUnauthorized, "invalid_token", "sandbox_over")
	if _, err := w.System(t.Context(), "revenue-efiling"); !errors.Is(err, hub.NotFound) {
		t.Errorf("a declared name: %v", err)
	}
}

func TestNewChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for what, spoil := range map[string]func(o *registration.Options){
		"no store":       func(o *registration.Options) { o.Store = nil },
		"no clock":       func(o *registration.Options) { o.Clock = nil },
		"no lifetime":    func(o *registration.Options) { o.Lifetime = 0 },
		"nothing opened": func(o *registration.Options) { o.Open = nil },
		"citizen number": func(o *registration.Options) {
			o.Open = []registration.Department{{ID: "revenue", Attributes: []hub.AttributeName{hub.CitizenID}}}
		},
	} {
		o := w.options
		spoil(&o)
		if _, err := registration.New(o); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}
