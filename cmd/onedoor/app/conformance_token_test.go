package app

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// tokenForm makes a token request for a code, without client authentication.
func tokenForm(p *party, code string) url.Values {
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.redirect}}
	if !p.plain {
		form.Set("code_verifier", verifier)
	}
	return form
}

// assertion signs a client assertion (RFC 7523 section 2.2). Change may spoil its claims, and says what signs it where not ES256.
func (x *caller) assertion(p *party, change func(claims map[string]any)) string {
	x.t.Helper()
	now := x.clock.Now()
	claims := map[string]any{
		"iss": p.id, "sub": p.id, "aud": x.issuer, "jti": random(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
	if change != nil {
		change(claims)
	}
	return x.signAs(p.key, cmp.Or(p.kid, "a"), claims, "JWT")
}

// sign makes a JWT with a client's key.
func (x *caller) sign(key *ecdsa.PrivateKey, claims map[string]any, typ string) string {
	x.t.Helper()
	return x.signAs(key, "a", claims, typ)
}

func (x *caller) signAs(key *ecdsa.PrivateKey, kid string, claims map[string]any, typ string) string {
	x.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: kid}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		x.t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		x.t.Fatal(err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		x.t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		x.t.Fatal(err)
	}
	return text
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// authenticate adds the client authentication that is registered to a form, or gives the header that carries it.
func (x *caller) authenticate(p *party, form url.Values) http.Header {
	x.t.Helper()
	switch p.method {
	case "client_secret_basic":
		both := url.QueryEscape(p.id) + ":" + url.QueryEscape(p.secret)
		return http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(both))}}
	case "client_secret_post":
		form.Set("client_id", p.id)
		form.Set("client_secret", p.secret)
	case "private_key_jwt":
		if !form.Has("client_assertion") {
			form.Set("client_id", p.id)
			form.Set("client_assertion_type", assertionType)
			form.Set("client_assertion", x.assertion(p, nil))
		}
	}
	return nil
}

// post sends an authenticated form to an endpoint of the discovery document.
func (x *caller) post(p *party, endpoint string, form url.Values) (int, map[string]any) {
	x.t.Helper()
	own := form.Has("client_assertion") // of the test's making
	header := x.authenticate(p, form)
	send := func(proof http.Header) (int, http.Header, map[string]any) {
		all := http.Header{}
		maps.Copy(all, header)
		maps.Copy(all, proof)
		return x.call(x.t, http.MethodPost, x.endpoint(x.t, endpoint), all, form)
	}
	var status int
	var h http.Header
	var body map[string]any
	if endpoint == "token_endpoint" && p.proves != nil {
		status, h, body = x.proven(p.proves, http.MethodPost, x.endpoint(x.t, endpoint), "", func(proof http.Header) (int, http.Header, map[string]any) {
			if !own && form.Has("client_assertion") { // each counts once
				form.Del("client_assertion")
				x.authenticate(p, form)
			}
			return send(proof)
		})
	} else {
		status, h, body = send(nil)
	}
	if endpoint == "token_endpoint" && (h.Get("Cache-Control") != "no-store" || status == http.StatusOK && h.Get("Pragma") != "no-cache") {
		x.t.Errorf("RFC 6749 section 5.1: a token response may be kept: %v", h)
	}
	return status, body
}

// tokenSet is a good token response.
type tokenSet struct {
	access, refresh, scope string
	id                     map[string]any
	rawID                  string
}

// redeem exchanges a code and checks the answer as every module does.
func (x *caller) redeem(p *party, v url.Values, code string) tokenSet {
	x.t.Helper()
	form := tokenForm(p, code)
	form.Set("redirect_uri", v.Get("redirect_uri"))
	if v.Has("code_challenge") {
		form.Set("code_verifier", verifier)
	}
	status, body := x.post(p, "token_endpoint", form)
	if status != http.StatusOK {
		x.t.Fatalf("token endpoint: %d %v", status, body)
	}
	return x.tokens(p, v, body)
}

func (x *caller) tokens(p *party, v url.Values, body map[string]any) tokenSet {
	x.t.Helper()
	var out tokenSet
	out.access, _ = body["access_token"].(string)
	out.refresh, _ = body["refresh_token"].(string)
	out.scope, _ = body["scope"].(string)
	out.rawID, _ = body["id_token"].(string)
	kind, _ := body["token_type"].(string)
	life, _ := body["expires_in"].(float64)
	want := "Bearer"
	if p.proves != nil {
		want = "DPoP"
		x.bound[out.access] = p.proves
	}
	if out.access == "" || !strings.EqualFold(kind, want) || life < 30 {
		x.t.Errorf("the token response is %v", body)
	}
	if out.rawID != "" {
		out.id = x.idToken(p, v, out)
	}
	return out
}

// idToken verifies an ID token with the published keys and checks its claims (OpenID Connect Core section 3.1.3.7).
func (x *caller) idToken(p *party, v url.Values, got tokenSet) map[string]any {
	x.t.Helper()
	payload, alg := x.verify(got.rawID)
	if want := map[string]string{"conformance-rs256": "RS256"}[p.id]; want != "" && alg != want {
		x.t.Errorf("the ID token is signed with %s, want %s", alg, want)
	}
	var c map[string]any
	if err := json.Unmarshal(payload, &c); err != nil {
		x.t.Fatal(err)
	}
	now := float64(x.clock.Now().Unix())
	sub, _ := c["sub"].(string)
	exp, _ := c["exp"].(float64)
	iat, _ := c["iat"].(float64)
	sum := sha256.Sum256([]byte(got.access))
	switch {
	case c["iss"] != x.issuer, c["aud"] != p.id:
		x.t.Errorf("iss %v, aud %v", c["iss"], c["aud"])
	case sub == "" || len(sub) > 255:
		x.t.Errorf("sub is %q", sub)
	case exp <= now || iat > now+1 || iat < now-5:
		x.t.Errorf("exp %v, iat %v at %v", exp, iat, now)
	case c["at_hash"] != base64.RawURLEncoding.EncodeToString(sum[:16]):
		x.t.Errorf("at_hash is %v", c["at_hash"])
	case v.Get("nonce") != "" && c["nonce"] != v.Get("nonce"), v.Get("nonce") == "" && c["nonce"] != nil:
		x.t.Errorf("nonce is %v, want %q", c["nonce"], v.Get("nonce"))
	}
	return c
}

// verify checks a JWS with the key that its kid names.
func (x *caller) verify(raw string) (payload []byte, alg string) {
	x.t.Helper()
	_, _, body := x.call(x.t, http.MethodGet, x.endpoint(x.t, "jwks_uri"), nil, nil)
	text, err := json.Marshal(body)
	if err != nil {
		x.t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(text, &set); err != nil {
		x.t.Fatal(err)
	}
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.RS256, jose.PS256})
	if err != nil {
		x.t.Fatal(err)
	}
	head := jws.Signatures[0].Protected
	keys := set.Key(head.KeyID)
	if head.KeyID == "" || len(keys) != 1 || !keys[0].IsPublic() {
		x.t.Fatalf("kid %q names %d keys", head.KeyID, len(keys))
	}
	payload, err = jws.Verify(keys[0])
	if err != nil {
		x.t.Fatal(err)
	}
	return payload, head.Algorithm
}

// login goes the whole way: a login, and its code against tokens.
func (x *caller) login(p *party, more ...string) (tokenSet, url.Values) {
	x.t.Helper()
	v := x.request(p, more...)
	got := x.redeem(p, v, x.code(v))
	if got.id == nil {
		x.t.Fatal("no ID token")
	}
	return got, v
}

// userInfo asks for the claims with the token in the header.
func (x *caller) userInfo(access string) (int, map[string]any) {
	x.t.Helper()
	address := x.endpoint(x.t, "userinfo_endpoint")
	if key := x.bound[access]; key != nil {
		status, _, body := x.proven(key, http.MethodGet, address, access, func(h http.Header) (int, http.Header, map[string]any) {
			h.Set("Authorization", "DPoP "+access)
			return x.call(x.t, http.MethodGet, address, h, nil)
		})
		return status, body
	}
	status, _, body := x.call(x.t, http.MethodGet, address, bearerHeader(access), nil)
	return status, body
}

func bearerHeader(access string) http.Header {
	return http.Header{"Authorization": {"Bearer " + access}}
}

// claims asks for the claims and wants them to be about the person of the ID token.
func (x *caller) claims(got tokenSet) map[string]any {
	x.t.Helper()
	status, body := x.userInfo(got.access)
	if status != http.StatusOK || body["sub"] != got.id["sub"] {
		x.t.Errorf("userinfo: %d %v", status, body)
	}
	return body
}

// noToken wants an error of the token endpoint.
func (x *caller) noToken(p *party, form url.Values, wantStatus int, codes ...string) {
	x.t.Helper()
	status, body := x.post(p, "token_endpoint", form)
	for _, c := range codes {
		if status == wantStatus && body["error"] == c {
			return
		}
	}
	x.t.Errorf("token endpoint: %d %v, want %d %v", status, body, wantStatus, codes)
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

// payloadOf gives the middle of a JWS.
func payloadOf(raw string) string {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return ""
	}
	text, _ := base64.RawURLEncoding.DecodeString(parts[1])
	return string(text)
}
