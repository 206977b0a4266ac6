package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub/keys"
	"onedoor/tenants/registration"
)

// TestOIDCC_ConfigOP goes through oidcc-config-certification-test-plan.
func TestOIDCC_ConfigOP(t *testing.T) {
	t.Parallel()
	newSuite(t).plan(t, "", []module{{"oidcc-discovery-endpoint-verification", discovery}})
}

// discovery checks the document (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2) and everything that it points to.
func discovery(x *caller) {
	m := x.metadata
	if m["issuer"] != x.issuer {
		x.t.Errorf("issuer is %v", m["issuer"])
	}
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "registration_endpoint", "pushed_authorization_request_endpoint"} {
		u, err := url.Parse(x.endpoint(x.t, name))
		if err != nil || u.Fragment != "" || u.Scheme+"://"+u.Host != x.issuer {
			x.t.Errorf("%s is %v", name, m[name])
		}
	}
	for list, value := range map[string]string{
		"response_types_supported": "code", "subject_types_supported": "pairwise", "id_token_signing_alg_values_supported": "RS256", "scopes_supported": "openid",
		"grant_types_supported": "authorization_code", "claim_types_supported": "normal", "claims_supported": "sub", "response_modes_supported": "query",
		"token_endpoint_auth_methods_supported": "client_secret_basic", "code_challenge_methods_supported": "S256",
	} {
		if !x.offers(list, value) {
			x.t.Errorf("%s is not in %s: %v", value, list, m[list])
		}
	}
	for name, v := range m { // a list without entries says what leaving it out would say differently
		if list, ok := v.([]any); ok && len(list) == 0 {
			x.t.Errorf("%s is empty", name)
		}
	}
	_, _, oauth := x.call(x.t, http.MethodGet, x.issuer+"/.well-known/oauth-authorization-server", nil, nil)
	if a, b := must(json.Marshal(m)), must(json.Marshal(oauth)); !bytes.Equal(a, b) {
		x.t.Errorf("RFC 8414 says otherwise:\n%s\n%s", a, b)
	}
	_, _, body := x.call(x.t, http.MethodGet, x.endpoint(x.t, "jwks_uri"), nil, nil)
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(must(json.Marshal(body)), &set); err != nil || len(set.Keys) == 0 {
		x.t.Fatalf("%v, %v", err, body)
	}
	seen := map[string]bool{}
	for _, k := range set.Keys {
		if !k.IsPublic() || !k.Valid() || k.KeyID == "" || k.Algorithm == "" || k.Use != "sig" && k.Use != "enc" || seen[k.KeyID] {
			x.t.Errorf("the key %q is not a public one with a name of its own, an algorithm and a use", k.KeyID)
		}
		seen[k.KeyID] = true
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err) // what was read as JSON is JSON
	}
	return b
}

// TestOIDCC_ThirdPartyInitiatedLoginOP goes through oidcc-3rdparty-init-login-certification-test-plan.
func TestOIDCC_ThirdPartyInitiatedLoginOP(t *testing.T) {
	t.Parallel()
	newSuite(t).plan(t, "", []module{
		{"oidcc-3rd_party-init-login", func(x *caller) {
			// The hub's start page leads to the service, which then asks for a login.
			p := x.parties["basic"]
			start, err := x.b.Open(x.t.Context(), x.issuer+"/")
			if err != nil {
				x.t.Fatal(err)
			}
			page, err := start.Follow(x.t.Context(), away+"/go")
			if err != nil {
				x.t.Fatal(err)
			}
			if !page.Away() || page.URL.Path != "/go" || page.Params.Get("iss") != x.issuer {
				x.t.Fatalf("the service got %s", page.URL)
			}
			v := x.request(p)
			x.redeem(p, v, x.code(v))
		}},
		{"oidcc-3rd_party-init-login-nohttps", func(x *caller) {
			status, body := x.registerClient(x.initialToken(), map[string]any{
				"redirect_uris": []string{away + "/cb"}, "initiate_login_uri": "http://rp.conformance.example/go",
			})
			if status != http.StatusBadRequest || body["error"] != "invalid_client_metadata" {
				x.t.Errorf("%d %v", status, body)
			}
		}},
	})
}

// TestOIDCC_DynamicOP goes through the modules of oidcc-dynamic-certification-test-plan that a sandbox allows.
func TestOIDCC_DynamicOP(t *testing.T) {
	t.Parallel()
	refusal := func(code string, metadata map[string]any) func(x *caller) {
		return func(x *caller) {
			if status, body := x.registerClient(x.initialToken(), metadata); status != http.StatusBadRequest || body["error"] != code {
				x.t.Errorf("%d %v", status, body)
			}
		}
	}
	redirects := func(uris ...string) map[string]any { return map[string]any{"redirect_uris": uris} }
	newSuite(t).plan(t, "", []module{
		{"oidcc-discovery-endpoint-verification", discovery},
		{"oidcc-server", func(x *caller) {
			p := x.sandbox(map[string]any{"scope": "openid given_name", "client_name": "Conformance"})
			v := x.request(p, "scope", "openid given_name")
			page, err := x.b.Open(x.t.Context(), x.endpoint(x.t, "authorization_endpoint")+"?"+v.Encode())
			if err != nil {
				x.t.Fatal(err)
			}
			if !strings.Contains(page.Text(), "Test system: Conformance") {
				x.t.Error(page.Errorf("the person is not told that it is a test"))
			}
			got := x.redeem(p, v, x.answered(x.walk(page), v).Get("code"))
			if claims := x.claims(got); claims["given_name"] != nil {
				x.t.Errorf("PRV-07: a choice that was not ticked was released: %v", claims)
			}
			live, _ := x.login(x.parties["basic"])
			if live.id["sub"] == got.id["sub"] {
				x.t.Error("invariant 3: the sandbox knows the person by the name that a service knows")
			}
		}},
		{"oidcc-idtoken-rs256", func(x *caller) {
			p := x.sandbox(map[string]any{"id_token_signed_response_alg": "RS256"})
			got, _ := x.login(p)
			if _, alg := x.verify(got.rawID); alg != "RS256" {
				x.t.Errorf("signed with %s", alg)
			}
		}},
		{"oidcc-idtoken-unsigned", refusal("invalid_client_metadata", map[string]any{"redirect_uris": []string{away + "/cb"}, "id_token_signed_response_alg": "none"})},
		{"oidcc-userinfo-rs256", func(x *caller) {
			p := x.sandbox(map[string]any{"userinfo_signed_response_alg": "RS256"})
			got, _ := x.login(p)
			kind, text := x.raw(x.endpoint(x.t, "userinfo_endpoint"), got.access)
			payload, alg := x.verify(text)
			var claims map[string]any
			if err := json.Unmarshal(payload, &claims); err != nil || alg != "RS256" || !strings.HasPrefix(kind, "application/jwt") {
				x.t.Fatalf("%v, %s, %s", err, alg, kind)
			}
			if claims["iss"] != x.issuer || claims["aud"] != p.id || claims["sub"] != got.id["sub"] {
				x.t.Errorf("%v", claims)
			}
		}},
		{"oidcc-redirect-uri-query-OK", func(x *caller) {
			p := x.sandbox(redirects(away + "/cb?foo=bar"))
			p.redirect = away + "/cb?foo=bar"
			v := x.request(p)
			page := x.open(v)
			if x.answered(page, v); page.Params.Get("foo") != "bar" {
				x.t.Errorf("came to %s", page.URL)
			}
		}},
		{"oidcc-redirect-uri-query-mismatch", func(x *caller) {
			x.errorPage(x.request(x.sandbox(redirects(away+"/cb?foo=bar")), "redirect_uri", away+"/cb?foo=baz"))
		}},
		{"oidcc-redirect-uri-query-added", func(x *caller) {
			x.errorPage(x.request(x.sandbox(nil), "redirect_uri", away+"/cb?foo=bar"))
		}},
		{"oidcc-redirect-uri-regfrag", refusal("invalid_redirect_uri", redirects(away+"/cb#foobar"))},
		{"oidcc-ensure-redirect-uri-in-authorization-request", func(x *caller) { x.errorPage(x.request(x.sandbox(nil), "redirect_uri", "")) }},
		{"oidcc-registration-logo-uri", ignored("logo_uri")},
		{"oidcc-registration-policy-uri", ignored("policy_uri")},
		{"oidcc-registration-tos-uri", ignored("tos_uri")},
		{"oidcc-registration-sector-uri", refusal("invalid_client_metadata", map[string]any{"redirect_uris": []string{away + "/cb"}, "sector_identifier_uri": away + "/sector"})},
		{"oidcc-registration-sector-bad", refusal("invalid_client_metadata", map[string]any{"redirect_uris": []string{away + "/cb"}, "sector_identifier_uri": away + "/other"})},
		{"oidcc-refresh-token", func(x *caller) {
			p := x.sandbox(map[string]any{"scope": "openid offline_access", "grant_types": []string{"authorization_code", "refresh_token"}})
			got, _ := x.login(p, "scope", "openid offline_access", "prompt", "consent")
			status, body := x.post(p, "token_endpoint", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}})
			if status != http.StatusOK {
				x.t.Fatalf("%d %v", status, body)
			}
			x.refreshed(p, got, body)
		}},
		{"oidcc-ensure-client-assertion-with-iss-aud-succeeds", func(x *caller) { x.login(x.parties["signer"]) }},
		{"oidcc-registration-jwks-uri", func(x *caller) {
			p := x.publisher("a")
			got, _ := x.login(p)
			x.claims(got)
		}},
		{"oidcc-refresh-token-rp-key-rotation", func(x *caller) {
			p := x.publisher("a")
			got, _ := x.login(p, "scope", "openid offline_access", "prompt", "consent")
			x.clock.Advance(61 * time.Second) // the hub asks for a client's keys no more than once a minute
			key, set := clientKey(x.t, "b")
			p.key, p.kid = key, "b"
			x.publish(set)
			status, body := x.post(p, "token_endpoint", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}})
			if status != http.StatusOK {
				x.t.Fatalf("%d %v", status, body)
			}
			x.refreshed(p, got, body)
		}},
		{"oidcc-server-rotate-keys", rotateKeys},
		{"rfc7592-deleted", func(x *caller) { // not of the suite's plan: what was given ends with the sandbox
			p := x.sandbox(nil)
			got, _ := x.login(p)
			x.claims(got)
			status := x.manage(http.MethodDelete, p)
			if status != http.StatusNoContent {
				x.t.Fatalf("deleted: %d", status)
			}
			if status, body := x.userInfo(got.access); status != http.StatusUnauthorized {
				x.t.Errorf("its token is still good: %d %v", status, body)
			}
			x.errorPage(x.request(p))
			x.noToken(p, tokenForm(p, "x"), http.StatusUnauthorized, "invalid_client")
		}},
		{"rfc7591-expired", func(x *caller) { // as above
			p := x.sandbox(nil)
			x.login(p)
			x.clock.Advance(31 * 24 * time.Hour)
			x.errorPage(x.request(p))
		}},
	})
}

// publish puts a JWK Set where the relying party publishes it.
func (x *caller) publish(set string) {
	text := []byte(set)
	x.suite.keys.Store(&text)
}

// publisher registers a relying party that signs with a key that it publishes.
func (x *caller) publisher(kid string) *party {
	x.t.Helper()
	key, set := clientKey(x.t, kid)
	x.publish(set)
	p := x.sandbox(map[string]any{
		"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": x.demo.URL(rpHost) + "/jwks/" + random(),
		"scope": "openid offline_access", "grant_types": []string{"authorization_code", "refresh_token"},
	})
	p.key, p.kid = key, kid
	return p
}

// rotateKeys is oidcc-server-rotate-keys: the next key is published before it signs, and what the old one signed can still be verified.
func rotateKeys(x *caller) {
	before, _ := x.login(x.parties["basic"])
	info, err := x.hub.keys.Rotate(x.t.Context(), keys.Sign, keys.ES256)
	if err != nil {
		x.t.Fatal(err)
	}
	during, _ := x.login(x.parties["basic"])
	if kidOf(during.rawID) != kidOf(before.rawID) {
		x.t.Error("a key signs that relying parties may not know yet")
	}
	x.clock.Set(info.ActiveFrom.Add(time.Minute))
	if err := x.hub.keys.Refresh(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
	if err := x.hub.keys.Maintain(x.t.Context()); err != nil {
		x.t.Fatal(err)
	}
	y := x.newVisit(x.t, "") // the session has ended in the meantime
	after, _ := y.login(x.parties["basic"])
	if kidOf(after.rawID) != info.ID {
		x.t.Errorf("signed by %s, want %s", kidOf(after.rawID), info.ID)
	}
	x.verify(before.rawID)
}

// kidOf gives the kid of a JWS.
func kidOf(raw string) string {
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return ""
	}
	return jws.Signatures[0].Protected.KeyID
}

// ignored registers a member that nothing is done with: it is left out of what is registered, and all else works.
func ignored(name string) func(x *caller) {
	return func(x *caller) {
		status, body := x.registerClient(x.initialToken(), map[string]any{"redirect_uris": []string{away + "/cb"}, name: away + "/page"})
		if status != http.StatusCreated || body[name] != nil {
			x.t.Errorf("%d %v", status, body)
		}
	}
}

// initialToken makes an initial access token, as the operator's command does.
func (x *caller) initialToken() string {
	x.t.Helper()
	now := x.clock.Now()
	token, text := registration.NewToken(x.hub.random, "conformance", 1, now, now.Add(time.Hour))
	if err := x.hub.registrations.PutToken(x.t.Context(), token); err != nil {
		x.t.Fatal(err)
	}
	return text
}

func (x *caller) registerClient(token string, metadata map[string]any) (int, map[string]any) {
	x.t.Helper()
	status, body := x.send(http.MethodPost, x.endpoint(x.t, "registration_endpoint"), token, metadata)
	return status, body
}

// send sends JSON with a bearer token.
func (x *caller) send(method, address, token string, body map[string]any) (int, map[string]any) {
	x.t.Helper()
	r, err := http.NewRequestWithContext(x.t.Context(), method, address, bytes.NewReader(must(json.Marshal(body))))
	if err != nil {
		x.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := x.client.Do(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out map[string]any
	if text, err := io.ReadAll(resp.Body); err != nil || len(text) > 0 && json.Unmarshal(text, &out) != nil {
		x.t.Fatalf("%v: %s", err, text)
	}
	return resp.StatusCode, out
}

// sandbox registers a relying party.
func (x *caller) sandbox(metadata map[string]any) *party {
	x.t.Helper()
	all := map[string]any{"redirect_uris": []string{away + "/cb"}}
	for name, v := range metadata {
		all[name] = v
	}
	status, body := x.registerClient(x.initialToken(), all)
	if status != http.StatusCreated {
		x.t.Fatalf("%d %v", status, body)
	}
	p := &party{redirect: away + "/cb"}
	p.method, _ = body["token_endpoint_auth_method"].(string)
	p.id, _ = body["client_id"].(string)
	p.secret, _ = body["client_secret"].(string)
	p.manage, _ = body["registration_client_uri"].(string)
	p.access, _ = body["registration_access_token"].(string)
	return p
}

// manage calls the client configuration endpoint.
func (x *caller) manage(method string, p *party) int {
	x.t.Helper()
	status, _ := x.send(method, p.manage, p.access, nil)
	return status
}

// raw asks for a resource and gives its type and text.
func (x *caller) raw(address, access string) (kind, text string) {
	x.t.Helper()
	r, err := http.NewRequestWithContext(x.t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		x.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+access)
	resp, err := x.client.Do(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return resp.Header.Get("Content-Type"), string(b)
}
