package app

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOIDCC_BasicOP goes through oidcc-basic-certification-test-plan.
func TestOIDCC_BasicOP(t *testing.T) {
	t.Parallel()
	newSuite(t).plan(t, "", basicModules())
}

// TestOIDCC_FormPostOP goes through oidcc-formpost-basic-certification-test-plan: the same modules, answered by a form.
func TestOIDCC_FormPostOP(t *testing.T) {
	t.Parallel()
	s := newSuite(t)
	if !s.offers("response_modes_supported", "form_post") {
		t.Fatal("form_post is not offered")
	}
	s.plan(t, "form_post", basicModules())
}

func basicModules() []module {
	return []module{
		{"oidcc-server", func(x *caller) {
			got, _ := x.login(x.parties["basic"])
			x.claims(got)
		}},
		{"oidcc-response-type-missing", func(x *caller) {
			x.refused(x.request(x.parties["basic"], "response_type", ""), "invalid_request", "unsupported_response_type")
		}},
		{"oidcc-idtoken-signature", func(x *caller) { x.login(x.parties["rs256"]) }},
		{"oidcc-idtoken-unsigned", func(x *caller) {
			if x.offers("id_token_signing_alg_values_supported", "none") {
				x.t.Error("unsigned ID tokens are offered")
			}
		}},
		{"oidcc-userinfo-get", func(x *caller) {
			got, _ := x.login(x.parties["basic"])
			x.claims(got)
		}},
		{"oidcc-userinfo-post-header", func(x *caller) {
			got, _ := x.login(x.parties["basic"])
			status, _, body := x.call(x.t, http.MethodPost, x.endpoint(x.t, "userinfo_endpoint"), bearerHeader(got.access), nil)
			if status != http.StatusOK || body["sub"] != got.id["sub"] {
				x.t.Errorf("%d %v", status, body)
			}
		}},
		{"oidcc-userinfo-post-body", func(x *caller) {
			got, _ := x.login(x.parties["basic"])
			status, _, body := x.call(x.t, http.MethodPost, x.endpoint(x.t, "userinfo_endpoint"), nil, url.Values{"access_token": {got.access}})
			if status != http.StatusOK || body["sub"] != got.id["sub"] {
				x.t.Errorf("%d %v", status, body)
			}
		}},
		{"oidcc-ensure-request-without-nonce-succeeds-for-code-flow", func(x *caller) { x.login(x.parties["basic"], "nonce", "") }},
		{"oidcc-scope-profile", func(x *caller) {
			got, _ := x.login(x.parties["basic"], "scope", "openid profile")
			x.has(x.claims(got), "name", "given_name", "family_name", "birthdate", "gender")
		}},
		{"oidcc-scope-address", func(x *caller) {
			got, _ := x.login(x.parties["basic"], "scope", "openid address")
			address, _ := x.claims(got)["address"].(map[string]any)
			x.has(address, "formatted")
		}},
		{"oidcc-scope-email", func(x *caller) { x.notOffered("scopes_supported", "email") }},
		{"oidcc-scope-phone", func(x *caller) { x.notOffered("scopes_supported", "phone") }},
		{"oidcc-scope-all", func(x *caller) { // of those that the hub has
			got, _ := x.login(x.parties["basic"], "scope", "openid profile address")
			x.has(x.claims(got), "name", "address")
		}},
		{"oidcc-ensure-other-scope-order-succeeds", func(x *caller) {
			got, _ := x.login(x.parties["basic"], "scope", "profile openid")
			x.has(x.claims(got), "name")
		}},
		{"oidcc-alternate-happy-flow", func(x *caller) { // a redirect URI with a query, other parameters in another order
			p := x.parties["basic"]
			v := x.request(p, "redirect_uri", p.redirect+"?dummy1=lorem&dummy2=ipsum")
			page := x.open(v)
			params := x.answered(page, v)
			if q := page.URL.Query(); q.Get("dummy1") != "lorem" || q.Get("dummy2") != "ipsum" {
				x.t.Errorf("the redirect URI's own query is lost: %s", page.URL)
			}
			x.redeem(p, v, params.Get("code"))
		}},
		{"oidcc-display-page", func(x *caller) { x.login(x.parties["basic"], "display", "page") }},
		{"oidcc-display-popup", func(x *caller) { x.login(x.parties["basic"], "display", "popup") }},
		{"oidcc-prompt-login", promptLogin},
		{"oidcc-prompt-none-not-logged-in", func(x *caller) {
			x.refused(x.request(x.parties["basic"], "prompt", "none"), "login_required", "interaction_required", "consent_required", "account_selection_required")
		}},
		{"oidcc-prompt-none-logged-in", func(x *caller) {
			first, _ := x.login(x.parties["basic"])
			x.clock.Advance(time.Second)
			before := len(x.b.Visited())
			second, _ := x.login(x.parties["basic"], "prompt", "none")
			if first.id["sub"] != second.id["sub"] || first.id["auth_time"] != second.id["auth_time"] {
				x.t.Errorf("first %v, then %v", first.id, second.id)
			}
			if n := x.atProvider(before); n > 0 {
				x.t.Errorf("the person was sent to the provider %d times", n)
			}
		}},
		{"oidcc-max-age-1", func(x *caller) {
			first, _ := x.login(x.parties["basic"])
			x.clock.Advance(2 * time.Second)
			before := len(x.b.Visited())
			second, _ := x.login(x.parties["basic"], "max_age", "1")
			x.newer(first, second)
			if x.atProvider(before) == 0 {
				x.t.Error("nobody had to log in again")
			}
		}},
		{"oidcc-max-age-10000", func(x *caller) {
			first, _ := x.login(x.parties["basic"])
			x.clock.Advance(2 * time.Second)
			second, _ := x.login(x.parties["basic"], "max_age", "10000")
			if first.id["auth_time"] != second.id["auth_time"] || second.id["auth_time"] == nil || first.id["sub"] != second.id["sub"] {
				x.t.Errorf("first %v, then %v", first.id, second.id)
			}
		}},
		{"oidcc-ensure-request-with-unknown-parameter-succeeds", func(x *caller) { x.login(x.parties["basic"], "extra", "foobar") }},
		{"oidcc-id-token-hint", func(x *caller) {
			first, _ := x.login(x.parties["basic"])
			second, _ := x.login(x.parties["basic"], "prompt", "none", "id_token_hint", first.rawID)
			if first.id["sub"] != second.id["sub"] {
				x.t.Errorf("first %v, then %v", first.id, second.id)
			}
			x.clock.Advance(10 * time.Minute) // the hint has expired: it is a hint all the same
			x.login(x.parties["basic"], "prompt", "none", "id_token_hint", first.rawID)
			head, _, _ := strings.Cut(first.rawID, ".")
			x.refused(x.request(x.parties["basic"], "prompt", "none", "id_token_hint", head+".e30.AAAA"), "invalid_request", "login_required")
		}},
		{"oidcc-login-hint", func(x *caller) { x.login(x.parties["basic"], "login_hint", "somebody@conformance.example") }},
		{"oidcc-ui-locales", func(x *caller) { x.login(x.parties["basic"], "ui_locales", "se") }},
		{"oidcc-claims-locales", func(x *caller) { x.login(x.parties["basic"], "claims_locales", "se") }},
		{"oidcc-ensure-request-with-acr-values-succeeds", func(x *caller) {
			values, _ := x.metadata["acr_values_supported"].([]any)
			var reachable []string
			for _, v := range values {
				if s, _ := v.(string); s != "" {
					reachable = append(reachable, s)
				}
			}
			if len(reachable) == 0 {
				x.t.Fatal("no levels are offered")
			}
			got, _ := x.login(x.parties["basic"], "acr_values", "urn:onedoor:ial:2.1:aal:2.1 urn:onedoor:ial:2.3:aal:2.1")
			acr, _ := got.id["acr"].(string)
			if !slices.Contains(reachable, acr) {
				x.t.Errorf("acr is %q", acr)
			}
		}},
		{"oidcc-codereuse", func(x *caller) {
			p := x.parties["basic"]
			v := x.request(p)
			code := x.code(v)
			x.redeem(p, v, code)
			x.noToken(p, tokenForm(p, code), http.StatusBadRequest, "invalid_grant")
		}},
		{"oidcc-codereuse-30seconds", func(x *caller) {
			p := x.parties["basic"]
			v := x.request(p, "scope", "openid offline_access", "prompt", "consent")
			code := x.code(v)
			got := x.redeem(p, v, code)
			x.clock.Advance(30 * time.Second)
			x.noToken(p, tokenForm(p, code), http.StatusBadRequest, "invalid_grant")
			x.told()
			if status, body := x.userInfo(got.access); status != http.StatusUnauthorized {
				x.t.Errorf("RFC 6749 section 4.1.2: what the code gave is still good: %d %v", status, body)
			}
			x.noToken(p, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}}, http.StatusBadRequest, "invalid_grant")
		}},
		{"oidcc-ensure-registered-redirect-uri", func(x *caller) {
			for _, bad := range []string{away + "/basic/other", away + "/basic?x=1", "https://evil.example/", away + "/second", ""} {
				page := x.errorPage(x.request(x.parties["basic"], "redirect_uri", bad))
				if strings.Contains(page.Body, "evil.example") {
					x.t.Error("the page shows what was sent")
				}
			}
		}},
		{"oidcc-ensure-redirect-uri-in-authorization-request", func(x *caller) {
			x.errorPage(x.request(x.parties["basic"], "redirect_uri", ""))
		}},
		{"oidcc-ensure-post-request-succeeds", func(x *caller) {
			p := x.parties["basic"]
			v := x.request(p)
			page, err := x.b.Post(x.t.Context(), x.endpoint(x.t, "authorization_endpoint"), v)
			if err != nil {
				x.t.Fatal(err)
			}
			x.redeem(p, v, x.answered(x.walk(page), v).Get("code"))
		}},
		{"oidcc-server-client-secret-post", func(x *caller) {
			got, _ := x.login(x.parties["post"])
			x.claims(got)
		}},
		{"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", func(x *caller) {
			x.refused(x.request(x.parties["basic"], "request_uri", away+"/request.jwt"), "request_uri_not_supported", "invalid_request_uri", "invalid_request")
		}},
		{"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", func(x *caller) {
			// {"alg":"none"} . {"client_id":...}: refused, and nothing of it counts.
			x.notOffered("request_object_signing_alg_values_supported", "none")
			object := "eyJhbGciOiJub25lIn0." + b64(`{"client_id":"conformance-basic","redirect_uri":"`+away+`/basic","state":"inside"}`) + "."
			x.refused(x.request(x.parties["basic"], "request", object), "request_not_supported", "invalid_request_object", "invalid_request")
		}},
		{"oidcc-ensure-request-object-with-redirect-uri", func(x *caller) {
			// The suite sends it unsigned and skips where that is not offered; here it is signed.
			p := x.parties["signer"]
			v := x.request(p)
			claims := map[string]any{"iss": p.id, "aud": x.issuer, "exp": x.clock.Now().Add(time.Minute).Unix()}
			for name := range v {
				claims[name] = v.Get(name)
			}
			outside := url.Values{
				"client_id": {p.id}, "request": {x.sign(p.key, claims, "oauth-authz-req+jwt")}, "redirect_uri": {"https://evil.example/"},
				"response_type": {"code"}, "scope": {"openid"},
			}
			x.redeem(p, v, x.answered(x.open(outside), v).Get("code"))
		}},
		{"oidcc-claims-essential", func(x *caller) {
			got, _ := x.login(x.parties["basic"], "claims", `{"userinfo":{"name":{"essential":true}}}`)
			x.has(x.claims(got), "name")
		}},
		{"oidcc-refresh-token", refreshToken},
		{"oidcc-ensure-request-with-valid-pkce-succeeds", func(x *caller) {
			x.login(x.parties["basic"], "code_challenge", challenge(), "code_challenge_method", "S256")
		}},
		{"pkce-where-it-is-optional", pkceOptional}, // not of the plan
	}
}

// has wants claims to be there and to say something.
func (x *caller) has(claims map[string]any, names ...string) {
	x.t.Helper()
	for _, n := range names {
		if v, ok := claims[n]; !ok || v == "" || v == nil {
			x.t.Errorf("%s is missing in %v", n, claims)
		}
	}
}

// notOffered is for a module that the suite skips because the hub does not offer what it tests.
func (x *caller) notOffered(list, value string) {
	x.t.Helper()
	if x.offers(list, value) {
		x.t.Errorf("%s is offered in %s: this module has to be written", value, list)
	}
}

// atProvider counts the visits at the stand-in since an earlier one.
func (x *caller) atProvider(since int) (n int) {
	for _, address := range x.b.Visited()[since:] {
		if strings.HasPrefix(address, x.demo.URL(thaidHost)) {
			n++
		}
	}
	return n
}

// newer wants a second authentication of the same person.
func (x *caller) newer(first, second tokenSet) {
	x.t.Helper()
	a, _ := first.id["auth_time"].(float64)
	b, _ := second.id["auth_time"].(float64)
	if a == 0 || b <= a || first.id["sub"] != second.id["sub"] {
		x.t.Errorf("first %v, then %v", first.id, second.id)
	}
}

// pkceOptional: a client that may leave PKCE out is held to it where it began with it, and no other client may.
func pkceOptional(x *caller) {
	p := x.parties["basic"]
	with := []string{"code_challenge", challenge(), "code_challenge_method", "S256"}
	form := tokenForm(p, x.code(x.request(p, with...)))
	x.noToken(p, form, http.StatusBadRequest, "invalid_grant")
	form = tokenForm(p, x.code(x.request(p, with...)))
	form.Set("code_verifier", strings.Repeat("x", 43))
	x.noToken(p, form, http.StatusBadRequest, "invalid_grant")
	form = tokenForm(p, x.code(x.request(p)))
	form.Set("code_verifier", verifier) // somebody took the challenge out on the way (RFC 9700 section 4.8.2)
	x.noToken(p, form, http.StatusBadRequest, "invalid_grant")
	x.refused(x.request(p, "state", ""), "invalid_request")
	x.refused(x.request(p, "code_challenge", verifier, "code_challenge_method", "plain"), "invalid_request")
	x.refused(x.request(p, "code_challenge_method", "S256"), "invalid_request")
	x.refused(x.request(x.parties["signer"], "code_challenge", "", "code_challenge_method", ""), "invalid_request")
}

func promptLogin(x *caller) {
	first, _ := x.login(x.parties["basic"])
	x.clock.Advance(2 * time.Second)
	before := len(x.b.Visited())
	second, _ := x.login(x.parties["basic"], "prompt", "login")
	x.newer(first, second)
	if x.atProvider(before) == 0 {
		x.t.Error("nobody had to log in again")
	}
}

// refreshToken is oidcc-refresh-token: it works for its client, and for no other.
func refreshToken(x *caller) {
	p := x.parties["basic"]
	got, _ := x.login(p, "scope", "openid offline_access", "prompt", "consent")
	if got.refresh == "" {
		x.t.Fatal("no refresh token")
	}
	other := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}}
	x.noToken(x.parties["second"], other, http.StatusBadRequest, "invalid_grant")
	x.clock.Advance(time.Second)
	status, body := x.post(p, "token_endpoint", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}})
	if status != http.StatusOK {
		x.t.Fatalf("%d %v", status, body)
	}
	next := x.refreshed(p, got, body)
	x.claims(next)
}

// refreshed checks the answer to a refresh (OpenID Connect Core section 12.2).
func (x *caller) refreshed(p *party, before tokenSet, body map[string]any) tokenSet {
	x.t.Helper()
	nonce, _ := before.id["nonce"].(string)
	v := url.Values{}
	if raw, _ := body["id_token"].(string); raw != "" && strings.Contains(payloadOf(raw), `"nonce"`) {
		v.Set("nonce", nonce) // where it is there, it is that of the authentication
	}
	next := x.tokens(p, v, body)
	if next.access == before.access {
		x.t.Error("the access token is the same")
	}
	if next.id == nil {
		next.id = before.id
	}
	for _, c := range []string{"iss", "sub", "aud", "auth_time"} {
		if next.id[c] != before.id[c] {
			x.t.Errorf("%s was %v and is %v", c, before.id[c], next.id[c])
		}
	}
	return next
}
