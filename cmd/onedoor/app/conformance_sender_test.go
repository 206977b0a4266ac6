package app

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

// dpopClaims are those of a good proof.
func (x *caller) dpopClaims(method, address, access string) map[string]any {
	c := map[string]any{"jti": random(), "htm": method, "htu": address, "iat": x.clock.Now().Unix()}
	if x.nonce != "" {
		c["nonce"] = x.nonce
	}
	if access != "" {
		sum := sha256.Sum256([]byte(access))
		c["ath"] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return c
}

// dpopProof signs a proof; head may change its header.
func (x *caller) dpopProof(key *ecdsa.PrivateKey, claims map[string]any, head map[jose.HeaderKey]any) string {
	x.t.Helper()
	all := map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: key.Public()}}
	for name, v := range head {
		if all[name] = v; v == nil {
			delete(all, name)
		}
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, &jose.SignerOptions{ExtraHeaders: all})
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

// proven sends a request with a proof, and once more where the hub answers with a nonce (RFC 9449 section 8).
func (x *caller) proven(key *ecdsa.PrivateKey, method, address, access string, send func(http.Header) (int, http.Header, map[string]any)) (int, http.Header, map[string]any) {
	x.t.Helper()
	for again := false; ; again = true {
		status, h, body := send(http.Header{"Dpop": {x.dpopProof(key, x.dpopClaims(method, address, access), nil)}})
		if nonce := h.Get("DPoP-Nonce"); nonce != "" {
			x.nonce = nonce
		}
		if again || body["error"] != "use_dpop_nonce" {
			return status, h, body
		}
	}
}

func thumbprint(key *ecdsa.PrivateKey) string {
	sum, err := (&jose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(sum)
}

// spoilt are the proofs of the suite's negative tests: each a good one with one thing wrong.
func (x *caller) spoilt(key *ecdsa.PrivateKey, method, address, access string) map[string]string {
	x.t.Helper()
	good := func(change func(c map[string]any)) map[string]any {
		c := x.dpopClaims(method, address, access)
		if change != nil {
			change(c)
		}
		return c
	}
	signed := func(change func(c map[string]any)) string { return x.dpopProof(key, good(change), nil) }
	body, err := json.Marshal(good(nil))
	if err != nil {
		x.t.Fatal(err)
	}
	private, err := json.Marshal(jose.JSONWebKey{Key: key})
	if err != nil {
		x.t.Fatal(err)
	}
	var exposed map[string]any
	if err := json.Unmarshal(private, &exposed); err != nil {
		x.t.Fatal(err)
	}
	whole := x.dpopProof(key, good(nil), nil)
	out := map[string]string{
		"not a JWT":             "proof",
		"alg none":              b64(`{"typ":"dpop+jwt","alg":"none","jwk":{"kty":"EC"}}`) + "." + b64(string(body)) + ".",
		"alg HS256":             b64(`{"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"oct","k":"c2VjcmV0"}}`) + "." + b64(string(body)) + "." + b64("signature"),
		"typ":                   x.dpopProof(key, good(nil), map[jose.HeaderKey]any{"typ": "JWT"}),
		"no typ":                x.dpopProof(key, good(nil), map[jose.HeaderKey]any{"typ": nil}),
		"no jwk":                x.dpopProof(key, good(nil), map[jose.HeaderKey]any{"jwk": nil}),
		"private key in jwk":    x.dpopProof(key, good(nil), map[jose.HeaderKey]any{"jwk": exposed}),
		"another's jwk":         x.dpopProof(key, good(nil), map[jose.HeaderKey]any{"jwk": jose.JSONWebKey{Key: x.parties["fapi-second"].proves.Public()}}),
		"signature":             whole[:strings.LastIndex(whole, ".")+1] + b64(strings.Repeat("s", 64)),
		"no jti":                signed(func(c map[string]any) { delete(c, "jti") }),
		"no htm":                signed(func(c map[string]any) { delete(c, "htm") }),
		"htm":                   signed(func(c map[string]any) { c["htm"] = "PUT" }),
		"no htu":                signed(func(c map[string]any) { delete(c, "htu") }),
		"htu":                   signed(func(c map[string]any) { c["htu"] = x.issuer + "/elsewhere" }),
		"htu on another host":   signed(func(c map[string]any) { c["htu"] = "https://elsewhere.example/oauth2/token" }),
		"no iat":                signed(func(c map[string]any) { delete(c, "iat") }),
		"iat, an hour ago":      signed(func(c map[string]any) { c["iat"] = x.clock.Now().Add(-time.Hour).Unix() }),
		"iat, in an hour":       signed(func(c map[string]any) { c["iat"] = x.clock.Now().Add(time.Hour).Unix() }),
		"exp, an hour ago":      signed(func(c map[string]any) { c["exp"] = x.clock.Now().Add(-time.Hour).Unix() }),
		"nbf, in an hour":       signed(func(c map[string]any) { c["nbf"] = x.clock.Now().Add(time.Hour).Unix() }),
		"nonce of the client":   signed(func(c map[string]any) { c["nonce"] = "made-by-the-client-itself" }),
		"no nonce of the hub":   signed(func(c map[string]any) { delete(c, "nonce") }),
		"nonce that is no text": signed(func(c map[string]any) { c["nonce"] = 7 }),
	}
	if access != "" {
		out["no ath"] = signed(func(c map[string]any) { delete(c, "ath") })
		out["ath of another token"] = signed(func(c map[string]any) { c["ath"] = b64(strings.Repeat("x", 32)) })
	}
	return out
}

// badProof wants the refusal of a proof.
func (x *caller) badProof(what string, wantStatus, status int, body map[string]any) {
	x.t.Helper()
	want := "invalid_dpop_proof"
	if what == "nonce of the client" || what == "no nonce of the hub" {
		want = "use_dpop_nonce"
	}
	if status != wantStatus || body["error"] != want {
		x.t.Errorf("%s: %d %v, want %d %s", what, status, body, wantStatus, want)
	}
}

// tokenWith redeems a code with a DPoP header of the test's own making; "" for none.
func (x *caller) tokenWith(p *party, code, proof string) (int, map[string]any) {
	x.t.Helper()
	form := tokenForm(p, code)
	header := http.Header{}
	x.authenticate(p, form)
	if proof != "" {
		header["Dpop"] = []string{proof}
	}
	status, h, body := x.call(x.t, http.MethodPost, x.endpoint(x.t, "token_endpoint"), header, form)
	if nonce := h.Get("DPoP-Nonce"); nonce != "" {
		x.nonce = nonce
	}
	return status, body
}

func (x *caller) userInfoWith(scheme, access, proof string) (int, http.Header, map[string]any) {
	x.t.Helper()
	header := http.Header{"Authorization": {scheme + " " + access}}
	if proof != "" {
		header["Dpop"] = []string{proof}
	}
	return x.call(x.t, http.MethodGet, x.endpoint(x.t, "userinfo_endpoint"), header, nil)
}

// dpopModules are those of the plan with sender_constrain=dpop.
func dpopModules() []module {
	return []module{
		{"ensure-holder-of-key-required", func(x *caller) {
			p := x.parties["fapi"]
			code := x.pushedCode(p, x.request(p))
			status, body := x.tokenWith(p, code, "")
			x.badProof("no proof", http.StatusBadRequest, status, body)
			got, _ := x.newVisit(x.t, "").happy(p)
			if status, h, body := x.userInfoWith("Bearer", got.access, ""); status != http.StatusUnauthorized || body["error"] != "invalid_token" ||
				!strings.Contains(strings.Join(h.Values("WWW-Authenticate"), ", "), "DPoP ") {
				x.t.Errorf("as a bearer token: %d %v %v", status, h, body)
			}
			status, _, body = x.userInfoWith("DPoP", got.access, "")
			x.badProof("no proof", http.StatusUnauthorized, status, body)
			other := x.dpopProof(x.parties["fapi-second"].proves, x.dpopClaims(http.MethodGet, x.endpoint(x.t, "userinfo_endpoint"), got.access), nil)
			_, h, _ := x.userInfoWith("DPoP", got.access, other)
			x.nonce = h.Get("DPoP-Nonce")
			other = x.dpopProof(x.parties["fapi-second"].proves, x.dpopClaims(http.MethodGet, x.endpoint(x.t, "userinfo_endpoint"), got.access), nil)
			if status, _, body = x.userInfoWith("DPoP", got.access, other); status != http.StatusUnauthorized || body["error"] != "invalid_token" {
				x.t.Errorf("with another key: %d %v", status, body)
			}
		}},
		{"dpop-negative-tests", func(x *caller) {
			p := x.parties["fapi"]
			token, info := x.endpoint(x.t, "token_endpoint"), x.endpoint(x.t, "userinfo_endpoint")
			v := x.request(p)
			code := x.pushedCode(p, v)
			status, body := x.tokenWith(p, code, x.dpopProof(p.proves, x.dpopClaims(http.MethodPost, token, ""), nil))
			x.badProof("no nonce of the hub", http.StatusBadRequest, status, body)
			if x.nonce == "" {
				x.t.Fatal("no nonce")
			}
			for what, proof := range x.spoilt(p.proves, http.MethodPost, token, "") {
				status, body := x.tokenWith(p, code, proof)
				x.badProof(what, http.StatusBadRequest, status, body)
			}
			once := x.dpopProof(p.proves, x.dpopClaims(http.MethodPost, token, ""), nil)
			status, body = x.tokenWith(p, code, once)
			if status != http.StatusOK {
				x.t.Fatalf("%d %v", status, body)
			}
			got := x.tokens(p, v, body)
			for what, proof := range x.spoilt(p.proves, http.MethodGet, info, got.access) {
				status, _, body := x.userInfoWith("DPoP", got.access, proof)
				x.badProof(what, http.StatusUnauthorized, status, body)
			}
			x.claims(got)
			next := x.newVisit(x.t, "")
			status, body = next.tokenWith(p, next.pushedCode(p, next.request(p)), once) // a jti counts once
			x.badProof("replayed", http.StatusBadRequest, status, body)
		}},
		{"check-dpop-proof-nbf-exp", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			code := x.pushedCode(p, v)
			x.tokenWith(p, code, x.dpopProof(p.proves, x.dpopClaims(http.MethodPost, x.endpoint(x.t, "token_endpoint"), ""), nil)) // for the nonce
			c := x.dpopClaims(http.MethodPost, x.endpoint(x.t, "token_endpoint"), "")
			c["nbf"], c["exp"] = x.clock.Now().Unix(), x.clock.Now().Add(time.Minute).Unix()
			if status, body := x.tokenWith(p, code, x.dpopProof(p.proves, c, nil)); status != http.StatusOK {
				x.t.Errorf("%d %v", status, body)
			}
		}},
		{"ensure-dpop-proof-with-iat-10seconds-before-succeeds", iatModule(-10 * time.Second)},
		{"ensure-dpop-proof-with-iat-10seconds-after-succeeds", iatModule(10 * time.Second)},
		{"ensure-dpop-auth-code-binding-success", func(x *caller) {
			p := x.parties["fapi"]
			x.happy(p, "dpop_jkt", thumbprint(p.proves))
			y := x.newVisit(x.t, "")
			v := y.request(p)
			y.redeem(p, v, y.provenCode(p, p.proves, v, http.StatusCreated))
			both := y.request(p, "dpop_jkt", thumbprint(p.proves))
			y.redeem(p, both, y.provenCode(p, p.proves, both, http.StatusCreated))
			y.provenCode(p, p.proves, y.request(p, "dpop_jkt", thumbprint(x.parties["fapi-second"].proves)), http.StatusBadRequest)
		}},
		{"ensure-token-endpoint-fails-with-mismatched-dpop-jkt", func(x *caller) {
			p := x.parties["fapi"]
			code := x.pushedCode(p, x.request(p, "dpop_jkt", thumbprint(x.parties["fapi-second"].proves)))
			x.noToken(p, tokenForm(p, code), http.StatusBadRequest, "invalid_grant")
		}},
		{"ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt", func(x *caller) {
			p := x.parties["fapi"]
			v := x.request(p)
			x.noToken(p, tokenForm(p, x.provenCode(p, x.parties["fapi-second"].proves, v, http.StatusCreated)), http.StatusBadRequest, "invalid_grant")
		}},
	}
}

// iatModule redeems a code with a proof of another time.
func iatModule(off time.Duration) func(x *caller) {
	return func(x *caller) {
		p := x.parties["fapi"]
		v := x.request(p)
		code := x.pushedCode(p, v)
		proof := func() string {
			c := x.dpopClaims(http.MethodPost, x.endpoint(x.t, "token_endpoint"), "")
			c["iat"] = x.clock.Now().Add(off).Unix()
			return x.dpopProof(p.proves, c, nil)
		}
		x.tokenWith(p, code, proof()) // for the nonce
		if status, body := x.tokenWith(p, code, proof()); status != http.StatusOK {
			x.t.Errorf("%d %v", status, body)
		}
	}
}

// provenCode pushes a request with a proof, and gives the code where it is accepted.
func (x *caller) provenCode(p *party, key *ecdsa.PrivateKey, v url.Values, want int) string {
	x.t.Helper()
	address := x.endpoint(x.t, "pushed_authorization_request_endpoint")
	status, _, body := x.proven(key, http.MethodPost, address, "", func(h http.Header) (int, http.Header, map[string]any) {
		form := url.Values(http.Header(v).Clone())
		x.authenticate(p, form)
		return x.call(x.t, http.MethodPost, address, h, form)
	})
	if status != want {
		x.t.Fatalf("pushed: %d %v", status, body)
	}
	uri, _ := body["request_uri"].(string)
	if uri == "" {
		if body["error"] != "invalid_dpop_proof" && body["error"] != "invalid_request" {
			x.t.Errorf("pushed: %v", body)
		}
		return ""
	}
	return x.answered(x.open(url.Values{"client_id": {p.id}, "request_uri": {uri}}), v).Get("code")
}
