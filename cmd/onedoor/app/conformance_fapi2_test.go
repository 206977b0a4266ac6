package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub/hubtest/formbrowser"
)

// TestFAPI2_SecurityProfile goes through fapi2-security-profile-final-test-plan with private_key_jwt, OpenID Connect and tokens that are bound
// by DPoP.
func TestFAPI2_SecurityProfile(t *testing.T) {
	t.Parallel()
	newSuite(t).plan(t, "", fapiModules())
}

// push deposits a request and gives status and answer.
func (x *caller) push(p *party, v url.Values) (int, map[string]any) {
	x.t.Helper()
	form := url.Values{}
	for name, values := range v {
		form[name] = values
	}
	return x.post(p, "pushed_authorization_request_endpoint", form)
}

// pushed deposits a good request and gives what the browser is then sent with.
func (x *caller) pushed(p *party, v url.Values) url.Values {
	x.t.Helper()
	status, body := x.push(p, v)
	uri, _ := body["request_uri"].(string)
	life, _ := body["expires_in"].(float64)
	if status != http.StatusCreated || !strings.HasPrefix(uri, "urn:ietf:params:oauth:request_uri:") || life <= 0 || life >= 600 {
		x.t.Fatalf("pushed: %d %v", status, body)
	}
	return url.Values{"client_id": {p.id}, "request_uri": {uri}}
}

// pushRefused wants a request to be refused at the endpoint where it is pushed.
func (x *caller) pushRefused(p *party, v url.Values, codes ...string) {
	x.t.Helper()
	status, body := x.push(p, v)
	for _, c := range codes {
		if body["error"] == c && (status == http.StatusBadRequest || c == "invalid_client" && status == http.StatusUnauthorized) {
			return
		}
	}
	x.t.Errorf("pushed: %d %v, want %v", status, body, codes)
}

// pushedCode goes through a login for a pushed request and gives the code.
func (x *caller) pushedCode(p *party, v url.Values) string {
	x.t.Helper()
	params := x.answered(x.open(x.pushed(p, v)), v)
	if params.Get("code") == "" {
		x.t.Fatalf("no code: %v", params)
	}
	return params.Get("code")
}

// happy is the whole flow.
func (x *caller) happy(p *party, more ...string) (tokenSet, url.Values) {
	x.t.Helper()
	v := x.request(p, more...)
	got := x.redeem(p, v, x.pushedCode(p, v))
	if got.id == nil {
		x.t.Fatal("no ID token")
	}
	return got, v
}

// badAssertion pushes a good request with a spoilt client assertion.
func badAssertion(change func(x *caller, claims map[string]any)) func(x *caller) {
	return func(x *caller) {
		p := x.parties["fapi"]
		v := x.request(p)
		v.Set("client_assertion_type", assertionType)
		v.Set("client_assertion", x.assertion(p, func(claims map[string]any) { change(x, claims) }))
		x.pushRefused(p, v, "invalid_client")
	}
}

// badTokenAssertion redeems a good code with a spoilt client assertion.
func badTokenAssertion(change func(x *caller, form url.Values, p *party)) func(x *caller) {
	return func(x *caller) {
		p := x.parties["fapi"]
		v := x.request(p)
		form := tokenForm(p, x.pushedCode(p, v))
		form.Set("client_id", p.id)
		form.Set("client_assertion_type", assertionType)
		change(x, form, p)
		status, _, body := x.call(x.t, http.MethodPost, x.endpoint(x.t, "token_endpoint"), nil, form)
		if status != http.StatusUnauthorized && status != http.StatusBadRequest || body["error"] != "invalid_client" {
			x.t.Errorf("%d %v", status, body)
		}
	}
}

func fapiModules() []module {
	const prefix = "fapi2-security-profile-final-"
	all := []module{
		{"discovery-end-point-verification", fapiDiscovery},
		{"happy-flow", func(x *caller) {
			got, _ := x.happy(x.parties["fapi"])
			x.claims(got)
			x.newVisit(x.t, "").happy(x.parties["fapi-second"])
		}},
		{"user-rejects-authentication", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			page, err := x.b.Open(x.t.Context(), x.endpoint(x.t, "authorization_endpoint")+"?"+x.pushed(p, v).Encode())
			if err != nil {
				x.t.Fatal(err)
			}
			for _, f := range page.Forms() {
				if strings.HasSuffix(f.Action.Path, "/cancel") {
					if page, err = f.Press(x.t.Context(), "", ""); err != nil {
						x.t.Fatal(err)
					}
				}
			}
			if params := x.answered(page, v); params.Get("error") != "access_denied" {
				x.t.Errorf("answered %v", params)
			}
		}},
		{"ensure-authorization-request-without-state-success", func(x *caller) { x.happy(x.parties["fapi"], "state", "") }},
		{"ensure-authorization-request-without-nonce-success", func(x *caller) { x.happy(x.parties["fapi"], "nonce", "") }},
		{"ensure-authorization-request-with-64-char-nonce-success", func(x *caller) {
			x.happy(x.parties["fapi"], "nonce", strings.Repeat("0123456789abcdef", 4))
		}},
		{"ensure-authorization-request-with-long-nonce", func(x *caller) { x.happy(x.parties["fapi"], "nonce", strings.Repeat("n", 384)) }},
		{"ensure-authorization-request-with-long-state", func(x *caller) { x.happy(x.parties["fapi"], "state", strings.Repeat("s", 384)) }},
		{"ensure-other-scope-order-succeeds", func(x *caller) {
			got, _ := x.happy(x.parties["fapi"], "scope", "profile openid")
			x.has(x.claims(got), "name")
		}},
		{"access-token-type-header-case-sensitivity", func(x *caller) {
			got, _ := x.happy(x.parties["fapi"])
			x.claims(got)
			for _, word := range []string{"dpop", "DPOP", "dPoP"} {
				proof := x.dpopProof(x.bound[got.access], x.dpopClaims(http.MethodGet, x.endpoint(x.t, "userinfo_endpoint"), got.access), nil)
				if status, _, body := x.userInfoWith(word, got.access, proof); status != http.StatusOK {
					x.t.Errorf("%q: %d %v", word, status, body)
				}
			}
		}},
		{"ensure-different-nonce-inside-and-outside-request-object", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			outside := x.pushed(p, v)
			outside.Set("nonce", "outside")
			x.redeem(p, v, x.answered(x.open(outside), v).Get("code")) // the nonce of the ID token is the one that was pushed
		}},
		{"ensure-different-state-inside-and-outside-request-object", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			outside := x.pushed(p, v)
			outside.Set("state", "outside")
			x.redeem(p, v, x.answered(x.open(outside), v).Get("code"))
		}},
		{"state-only-outside-request-object-not-used", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p, "state", "")
			outside := x.pushed(p, v)
			outside.Set("state", "outside")
			if params := x.answered(x.open(outside), v); params.Has("state") {
				x.t.Errorf("answered %v", params)
			}
		}},
		{"ensure-request-object-without-redirect-uri-fails", func(x *caller) {
			x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "redirect_uri", ""), "invalid_request")
		}},
		{"ensure-redirect-uri-in-authorization-request", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p, "redirect_uri", "")
			x.pushRefused(p, v, "invalid_request")
		}},
		{"plain-fapi-ensure-registered-redirect-uri", func(x *caller) {
			for _, bad := range []string{away + "/fapi/other", "https://evil.example/", away + "/basic"} {
				x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "redirect_uri", bad), "invalid_request", "invalid_redirect_uri")
			}
		}},
		{"ensure-response-type-code-idtoken-fails", func(x *caller) {
			x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "response_type", "code id_token"), "unsupported_response_type", "invalid_request")
		}},
		{"ensure-response-type-token-fails", func(x *caller) {
			x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "response_type", "token"), "unsupported_response_type", "invalid_request")
		}},
		{"ensure-unsigned-authorization-request-without-using-par-fails", func(x *caller) {
			v := x.request(x.parties["fapi"])
			page := x.open(v)
			if page.Away() && page.Params.Get("error") != "invalid_request" || !page.Away() && page.Status < 400 {
				x.t.Errorf("came to %s with %v", page.URL, page.Params)
			}
		}},
		{"ensure-client-id-in-token-endpoint", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			code := x.pushedCode(p, v)
			form := tokenForm(p, code)
			form.Set("client_id", x.parties["fapi-second"].id) // contradicts the assertion
			form.Set("client_assertion_type", assertionType)
			form.Set("client_assertion", x.assertion(p, nil))
			x.noToken(p, form, http.StatusBadRequest, "invalid_request", "invalid_client")
		}},
		{"ensure-authorization-code-is-bound-to-client", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			form := tokenForm(p, x.pushedCode(p, v))
			x.noToken(x.parties["fapi-second"], form, http.StatusBadRequest, "invalid_grant")
		}},
		{"attempt-reuse-authorization-code-after-one-second", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			code := x.pushedCode(p, v)
			got := x.redeem(p, v, code)
			x.clock.Advance(time.Second)
			x.noToken(p, tokenForm(p, code), http.StatusBadRequest, "invalid_grant")
			x.told()
			if status, _ := x.userInfo(got.access); status != http.StatusUnauthorized {
				x.t.Errorf("what the code gave is still good: %d", status)
			}
		}},
		{"ensure-token-endpoint-fails-with-expired-auth-code", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			code := x.pushedCode(p, v)
			x.clock.Advance(61 * time.Second) // FAPI 2.0: at most 60 seconds
			x.noToken(p, tokenForm(p, code), http.StatusBadRequest, "invalid_grant")
		}},
		{"ensure-client-assertion-in-token-endpoint", badTokenAssertion(func(_ *caller, form url.Values, _ *party) {
			form.Del("client_assertion")
			form.Del("client_assertion_type")
		})},
		{"ensure-client-assertion-with-exp-is-5-minutes-in-past-fails", badTokenAssertion(func(x *caller, form url.Values, p *party) {
			form.Set("client_assertion", x.assertion(p, func(c map[string]any) { c["exp"] = x.clock.Now().Add(-5 * time.Minute).Unix() }))
		})},
		{"ensure-client-assertion-with-wrong-aud-fails", badTokenAssertion(func(x *caller, form url.Values, p *party) {
			form.Set("client_assertion", x.assertion(p, func(c map[string]any) { c["aud"] = "https://elsewhere.example" }))
		})},
		{"ensure-client-assertion-with-no-sub-fails", badTokenAssertion(func(x *caller, form url.Values, p *party) {
			form.Set("client_assertion", x.assertion(p, func(c map[string]any) { delete(c, "sub") }))
		})},
		{"ensure-invalid-client-assertions-fail", func(x *caller) {
			p, other := x.parties["fapi"], x.parties["fapi-second"]
			good := x.assertion(p, nil)
			parts := strings.Split(good, ".")
			for what, text := range map[string]string{
				"another's key":     x.sign(other.key, map[string]any{"iss": p.id, "sub": p.id, "aud": x.issuer, "jti": random(), "exp": x.clock.Now().Add(time.Minute).Unix()}, "JWT"),
				"no signature":      parts[0] + "." + parts[1] + ".",
				"alg none":          b64(`{"alg":"none"}`) + "." + parts[1] + ".",
				"no jti":            x.assertion(p, func(c map[string]any) { delete(c, "jti") }),
				"no exp":            x.assertion(p, func(c map[string]any) { delete(c, "exp") }),
				"no iss":            x.assertion(p, func(c map[string]any) { delete(c, "iss") }),
				"no aud":            x.assertion(p, func(c map[string]any) { delete(c, "aud") }),
				"another's subject": x.assertion(p, func(c map[string]any) { c["sub"] = other.id }), // contradicts client_id too
				"endless":           x.assertion(p, func(c map[string]any) { c["exp"] = x.clock.Now().Add(24 * time.Hour).Unix() }),
			} {
				v := x.request(p, "client_assertion_type", assertionType, "client_assertion", text)
				status, body := x.push(p, v)
				contradicts := what == "another's subject" && status == http.StatusBadRequest && body["error"] == "invalid_request"
				if !contradicts && (status != http.StatusUnauthorized || body["error"] != "invalid_client") {
					x.t.Errorf("%s: %d %v", what, status, body)
				}
			}
			once := x.request(p, "client_assertion_type", assertionType, "client_assertion", good)
			x.pushed(p, once)
			x.pushRefused(p, once, "invalid_client") // a jti counts once
		}},
		{"refresh-token", func(x *caller) {
			p := x.parties["fapi"]
			got, _ := x.happy(p, "scope", "openid offline_access", "prompt", "consent")
			if got.refresh == "" {
				x.t.Fatal("no refresh token")
			}
			x.noToken(x.parties["fapi-second"], url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}}, http.StatusBadRequest, "invalid_grant")
			x.clock.Advance(time.Second)
			status, body := x.post(p, "token_endpoint", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.refresh}})
			if status != http.StatusOK {
				x.t.Fatalf("%d %v", status, body)
			}
			next := x.refreshed(p, got, body)
			x.claims(next)
		}},
		{"par-attempt-reuse-request_uri", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			q := x.pushed(p, v)
			x.redeem(p, v, x.answered(x.open(q), v).Get("code"))
			if page := x.open(q); page.Away() && page.Params.Has("code") || !page.Away() && page.Status < 400 {
				x.t.Errorf("came to %s with %v", page.URL, page.Params)
			}
		}},
		{"par-ensure-reused-request-uri-prior-to-auth-completion-succeeds", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			q := x.pushed(p, v)
			var pages []*formbrowser.Page
			for range 2 {
				page, err := x.b.Open(x.t.Context(), x.endpoint(x.t, "authorization_endpoint")+"?"+q.Encode())
				if err != nil {
					x.t.Fatal(err)
				}
				if strings.Contains(page.URL.RawQuery, "request_uri") {
					x.t.Errorf("the page has the address %s", page.URL)
				}
				pages = append(pages, page)
			}
			x.redeem(p, v, x.answered(x.walk(pages[1]), v).Get("code"))
			// The one that was begun first comes to no code any more, and neither does the request URI.
			page, err := x.b.Open(x.t.Context(), pages[0].URL.String())
			if err != nil {
				x.t.Fatal(err)
			}
			if page = x.walk(page); page.Away() && page.Params.Has("code") || !page.Away() && page.Status < 400 {
				x.t.Errorf("the first came to %s with %v", page.URL, page.Params)
			}
			if again := x.newVisit(x.t, "").open(q); again.Away() && again.Params.Has("code") || !again.Away() && again.Status < 400 {
				x.t.Errorf("another browser came to %s with %v", again.URL, again.Params)
			}
		}},
		{"par-attempt-to-use-expired-request_uri", func(x *caller) {
			p := x.parties["fapi"]
			q := x.pushed(p, x.request(p))
			x.clock.Advance(10 * time.Minute)
			if page := x.open(q); page.Away() && page.Params.Has("code") || !page.Away() && page.Status < 400 {
				x.t.Errorf("came to %s with %v", page.URL, page.Params)
			}
		}},
		{"par-ensure-jwt-client-assertions-nbf-8-seconds-in-the-future-is-accepted", func(x *caller) {
			p := x.parties["fapi"]
			later := func(c map[string]any) {
				at := x.clock.Now().Add(8 * time.Second)
				c["nbf"], c["iat"], c["exp"] = at.Unix(), at.Unix(), at.Add(time.Minute).Unix()
			}
			x.pushed(p, x.request(p, "client_assertion_type", assertionType, "client_assertion", x.assertion(p, later)))
		}},
		{"par-ensure-jwt-client-assertions-nbf-over-60-seconds-in-the-future-fails", badAssertion(func(x *caller, c map[string]any) {
			at := x.clock.Now().Add(70 * time.Second)
			c["nbf"], c["iat"], c["exp"] = at.Unix(), at.Unix(), at.Add(time.Minute).Unix()
		})},
		{"par-attempt-to-use-request_uri-for-different-client", func(x *caller) {
			q := x.pushed(x.parties["fapi"], x.request(x.parties["fapi"]))
			q.Set("client_id", x.parties["fapi-second"].id)
			if page := x.open(q); page.Away() && page.Params.Has("code") || !page.Away() && page.Status < 400 {
				x.t.Errorf("came to %s with %v", page.URL, page.Params)
			}
		}},
		{"par-authorization-request-containing-request_uri-form-param", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p, "request_uri", x.pushed(p, x.request(p)).Get("request_uri"))
			x.pushRefused(p, v, "invalid_request")
		}},
		{"par-authorization-request-containing-request_uri", func(x *caller) {
			p := x.parties["fapi"]
			claims := map[string]any{
				"iss": p.id, "aud": x.issuer, "exp": x.clock.Now().Add(time.Minute).Unix(), "nbf": x.clock.Now().Unix(),
				"request_uri": x.pushed(p, x.request(p)).Get("request_uri"),
			}
			v := x.request(p)
			for name := range v {
				claims[name] = v.Get(name)
			}
			x.pushRefused(p, url.Values{"client_id": {p.id}, "request": {x.sign(p.key, claims, "oauth-authz-req+jwt")}}, "invalid_request_object", "invalid_request")
		}},
		{"par-attempt-invalid-http-method", func(x *caller) {
			for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
				if status, _, _ := x.call(x.t, method, x.endpoint(x.t, "pushed_authorization_request_endpoint"), nil, nil); status != http.StatusMethodNotAllowed {
					x.t.Errorf("%s: %d", method, status)
				}
			}
		}},
		{"par-ensure-pkce-required", func(x *caller) {
			x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "code_challenge", "", "code_challenge_method", ""), "invalid_request")
		}},
		{"par-plain-pkce-rejected", func(x *caller) {
			x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "code_challenge", verifier, "code_challenge_method", "plain"), "invalid_request")
			x.pushRefused(x.parties["fapi"], x.request(x.parties["fapi"], "code_challenge", verifier, "code_challenge_method", ""), "invalid_request")
		}},
		{"ensure-pkce-code-verifier-required", func(x *caller) {
			p := x.parties["fapi"]
			form := tokenForm(p, x.pushedCode(p, x.request(p)))
			form.Del("code_verifier")
			x.noToken(p, form, http.StatusBadRequest, "invalid_grant", "invalid_request")
		}},
		{"incorrect-pkce-code-verifier-rejected", func(x *caller) {
			p := x.parties["fapi"]
			form := tokenForm(p, x.pushedCode(p, x.request(p)))
			form.Set("code_verifier", strings.Repeat("x", 43))
			x.noToken(p, form, http.StatusBadRequest, "invalid_grant")
		}},
		{"par-without-duplicate-parameters", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			q := x.pushed(p, v)
			if len(q) != 2 {
				x.t.Errorf("the browser is sent with %v", q)
			}
			x.redeem(p, v, x.answered(x.open(q), v).Get("code"))
		}},
		{"par-test-array-as-audience-fails", badAssertion(func(x *caller, c map[string]any) { c["aud"] = []string{x.issuer, "https://elsewhere.example"} })},
		{"par-test-par-endpoint-url-as-audience-fails", badAssertion(func(x *caller, c map[string]any) {
			c["aud"] = x.endpoint(x.t, "pushed_authorization_request_endpoint")
		})},
		{"par-test-token-endpoint-url-as-audience-fails", badAssertion(func(x *caller, c map[string]any) { c["aud"] = x.endpoint(x.t, "token_endpoint") })},
		{"test-claims-parameter-identity-claims", func(x *caller) {
			got, _ := x.happy(x.parties["fapi"], "claims", `{"userinfo":{"name":null,"birthdate":{"essential":true}},"id_token":{"family_name":null}}`)
			x.has(x.claims(got), "name", "birthdate")
		}},
		{"test-essential-acr-sca-claim", func(x *caller) {
			const acr = "urn:onedoor:ial:2.1:aal:2.1"
			got, _ := x.happy(x.parties["fapi"], "claims", `{"id_token":{"acr":{"essential":true,"values":["`+acr+`","urn:onedoor:ial:2.3:aal:2.1"]}}}`)
			x.has(got.id, "acr")
			v := x.request(x.parties["fapi"], "claims", `{"id_token":{"acr":{"essential":true,"values":["urn:onedoor:ial:3:aal:3"]}}}`)
			params := x.answered(x.open(x.pushed(x.parties["fapi"], v)), v)
			if params.Get("error") != "unmet_authentication_requirements" {
				x.t.Errorf("answered %v", params)
			}
		}},
	}
	all = append(all, dpopModules()...)
	for i := range all {
		all[i].name = prefix + all[i].name
	}
	return all
}

// fapiDiscovery checks what the document says about what the profile demands (FAPI 2.0 Security Profile section 5.3.2).
func fapiDiscovery(x *caller) {
	for list, value := range map[string]string{
		"token_endpoint_auth_methods_supported": "private_key_jwt", "code_challenge_methods_supported": "S256", "response_types_supported": "code",
		"token_endpoint_auth_signing_alg_values_supported": "PS256", "id_token_signing_alg_values_supported": "ES256", "grant_types_supported": "authorization_code",
		"dpop_signing_alg_values_supported": "ES256",
	} {
		if !x.offers(list, value) {
			x.t.Errorf("%s is not in %s: %v", value, list, x.metadata[list])
		}
	}
	for list, value := range map[string]string{
		"code_challenge_methods_supported": "plain", "token_endpoint_auth_signing_alg_values_supported": "none",
		"id_token_signing_alg_values_supported": "none", "request_object_signing_alg_values_supported": "none",
	} {
		x.notOffered(list, value)
	}
	if x.metadata["authorization_response_iss_parameter_supported"] != true || x.endpoint(x.t, "pushed_authorization_request_endpoint") == "" {
		x.t.Errorf("%v", x.metadata)
	}
}
