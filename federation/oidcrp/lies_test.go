package oidcrp_test

import (
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/keys"
)

// set and drop make the lies about claims short.
func set(name string, v any) func(map[string]any) { return func(c map[string]any) { c[name] = v } }

func drop(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }

// at gives a claim a time, from the token's own.
func at(name string, d time.Duration) func(map[string]any) {
	return func(c map[string]any) { c[name] = time.Unix(int64(c["iat"].(float64)), 0).Add(d).Unix() }
}

// lies are those about what is said, after the lies about how (everywhere).
func lies() []lie {
	var all []lie
	for _, group := range [][]lie{lieBack(), lieDiscovery(), lieKeys(), lieSignature(), lieHeader(), lieClaims(), lieToken(), lieEncryption(), lieUserInfo()} {
		all = append(all, group...)
	}
	return all
}

// In the answer that the browser brings.
func lieBack() []lie {
	return []lie{
		{name: "back-no-iss-although-announced", back: func(p map[string]string) { delete(p, "iss") }, kind: hub.Refused, cause: federation.IssuerMissing},
		{name: "back-iss-of-another", back: func(p map[string]string) { p["iss"] = "https://other-bank.example" }, kind: hub.Refused, cause: federation.IssuerMismatch},
		{name: "back-iss-with-slash", back: func(p map[string]string) { p["iss"] += "/" }, kind: hub.Refused, cause: federation.IssuerMismatch},
		{name: "back-other-state", back: func(p map[string]string) { p["state"] = "x" }, kind: hub.Refused, cause: federation.StateMismatch},
		{name: "back-no-state", back: func(p map[string]string) { delete(p, "state") }, kind: hub.Refused, cause: federation.StateMismatch},
		{name: "back-no-code", back: func(p map[string]string) { delete(p, "code") }, kind: hub.Refused, cause: federation.AnswerMalformed},
		{name: "back-code-with-line-break", back: func(p map[string]string) { p["code"] += "\r\nX: y" }, kind: hub.Refused, cause: federation.AnswerMalformed},
		{name: "back-code-of-another-login", back: func(p map[string]string) { p["code"] = "abc" }, kind: hub.Refused, cause: federation.CodeRejected},
		{name: "back-code-and-error", back: func(p map[string]string) { p["error"] = "login_required" }, kind: hub.Refused, cause: federation.RequestRejected},
		{name: "back-level-refused", back: func(p map[string]string) { p["error"] = "unmet_authentication_requirements" }, kind: hub.LevelUnmet, cause: federation.LevelRejected},
	}
}

func lieDiscovery() []lie {
	change := func(name string, v any) func(*liar, map[string]any) {
		return func(_ *liar, m map[string]any) { m[name] = v }
	}
	x := func(name string, f func(*liar, map[string]any), cause federation.Cause) lie {
		return lie{name: "discovery-" + name, at: discoveryPath, change: f, kind: hub.Refused, cause: cause}
	}
	internal := x("token-endpoint-inside", change("token_endpoint", "http://127.0.0.2:9200/_search"), federation.AddressRefused)
	internal.kind = hub.Unavailable
	cloud := x("jwks-at-the-cloud", change("jwks_uri", "https://169.254.169.254/latest/meta-data"), federation.AddressRefused)
	cloud.kind = hub.Unavailable
	return []lie{
		internal, cloud,
		x("issuer-of-another", change("issuer", "https://other-bank.example"), federation.DiscoveryIssuer),
		x("issuer-missing", change("issuer", nil), federation.DiscoveryIssuer),
		x("issuer-a-list", change("issuer", []string{"https://other-bank.example"}), federation.ResponseMalformed),
		x("issuer-in-other-letters", func(_ *liar, m map[string]any) { m["ISSUER"] = m["issuer"]; m["issuer"] = "https://other-bank.example" }, federation.DiscoveryIssuer),
		x("no-token-endpoint", change("token_endpoint", nil), federation.EndpointMissing),
		x("no-keys", change("jwks_uri", nil), federation.EndpointMissing),
		x("userinfo-a-file", change("userinfo_endpoint", "file:///etc/passwd"), federation.EndpointUnsafe),
		x("authorize-a-script", change("authorization_endpoint", "javascript:alert(1)"), federation.EndpointUnsafe),
		x("token-endpoint-with-user", change("token_endpoint", "https://user:pass@bank.example/token"), federation.EndpointUnsafe),
		x("token-endpoint-plain-http", change("token_endpoint", "http://bank.example/token"), federation.EndpointUnsafe),
		x("must-push-without-an-address", change("require_pushed_authorization_requests", true), federation.EndpointMissing),
	}
}

func lieKeys() []lie {
	x := func(name string, f func(*liar) any, cause federation.Cause) lie {
		return lie{name: "keys-" + name, keys: f, kind: hub.Refused, cause: cause}
	}
	none := x("none", func(*liar) any { return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}} }, federation.IDTokenSignature)
	weak := x("weak-rsa", func(l *liar) any {
		return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &weakRSA().PublicKey, KeyID: "k1", Use: "sig", Algorithm: "RS256"}}}
	}, federation.KeysUnfit)
	weak.record = func(o *federation.OIDC) { o.Quirks.SigningAlgs = []string{"RS256"} }
	weak.seal = func(l *liar, c map[string]any) string {
		return l.sign(jose.JSONWebKey{Key: weakRSA(), KeyID: "k1", Algorithm: "RS256"}, nil, c)
	}
	return []lie{
		none, weak,
		x("private", func(l *liar) any { return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.key}} }, federation.KeysUnfit),
		x("symmetric", func(*liar) any {
			return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: []byte(strings.Repeat("k", 32)), KeyID: "k1"}}}
		}, federation.KeysUnfit),
		x("for-encryption", func(l *liar) any {
			k := l.key.Public()
			k.Use = "enc"
			return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k}}
		}, federation.IDTokenSignature),
		x("for-another-algorithm", func(l *liar) any {
			k := l.key.Public()
			k.Algorithm = "ES384"
			return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{k}}
		}, federation.IDTokenSignature),
		x("of-somebody-else-under-the-same-id", func(l *liar) any {
			return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.rogue.Public()}}
		}, federation.IDTokenSignature),
		x("two-under-one-id-neither-the-signer", func(l *liar) any {
			return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.rogue.Public(), public(newKey(l.t, "k1"))}}
		}, federation.IDTokenSignature),
		x("a-list", func(l *liar) any { return []jose.JSONWebKey{l.key.Public()} }, federation.ResponseMalformed),
		x("too-many", func(l *liar) any {
			k := make([]jose.JSONWebKey, 101)
			for i := range k {
				k[i] = l.key.Public()
			}
			return jose.JSONWebKeySet{Keys: k}
		}, federation.ResponseMalformed),
	}
}

// weakRSA gives a key of 1024 bits, which Go no longer makes.
func weakRSA() *rsa.PrivateKey {
	block, _ := pem.Decode([]byte(weakPEM))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	must(err)
	return key
}

func lieSignature() []lie {
	x := func(name string, f func(*liar, map[string]any) string, cause federation.Cause) lie {
		return lie{name: "signature-" + name, seal: f, kind: hub.Refused, cause: cause}
	}
	none := func(l *liar, c map[string]any, alg string) string {
		return l.raw(`{"alg":"`+alg+`","typ":"JWT"}`, c, func([]byte) []byte { return nil })
	}
	hs := func(l *liar, c map[string]any, secret []byte) string {
		return l.raw(`{"alg":"HS256","kid":"k1","typ":"JWT"}`, c, func(input []byte) []byte {
			m := hmac.New(sha256.New, secret)
			m.Write(input)
			return m.Sum(nil)
		})
	}
	return []lie{
		x("none", func(l *liar, c map[string]any) string { return none(l, c, "none") }, federation.IDTokenAlg),
		x("None", func(l *liar, c map[string]any) string { return none(l, c, "None") }, federation.IDTokenAlg),
		x("nOnE", func(l *liar, c map[string]any) string { return none(l, c, "nOnE") }, federation.IDTokenAlg),
		x("empty-alg", func(l *liar, c map[string]any) string { return none(l, c, "") }, federation.IDTokenAlg),
		x("no-alg", func(l *liar, c map[string]any) string { return l.raw(`{"kid":"k1"}`, c, l.es256) }, federation.IDTokenAlg),
		x("hs256-with-the-public-key", func(l *liar, c map[string]any) string {
			der, _ := x509.MarshalPKIXPublicKey(l.key.Key.(*ecdsa.PrivateKey).Public())
			return hs(l, c, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		}, federation.IDTokenAlg),
		x("hs256-with-the-key-set", func(l *liar, c map[string]any) string {
			b, _ := l.key.Public().MarshalJSON()
			return hs(l, c, b)
		}, federation.IDTokenAlg),
		x("hs256-with-our-secret", func(l *liar, c map[string]any) string { return hs(l, c, []byte(secret)) }, federation.IDTokenAlg),
		x("of-nobody", func(l *liar, c map[string]any) string { return l.sign(l.rogue, nil, c) }, federation.IDTokenSignature),
		x("missing", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"k1"}`, c, func([]byte) []byte { return nil })
		}, federation.IDTokenSignature),
		x("of-zeros", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"k1"}`, c, func([]byte) []byte { return make([]byte, 64) })
		}, federation.IDTokenSignature),
		x("of-other-claims", func(l *liar, c map[string]any) string {
			honest := strings.Split(l.sign(l.key, nil, c), ".")
			c["sub"] = "somebody-else"
			b, _ := json.Marshal(c)
			honest[1] = base64.RawURLEncoding.EncodeToString(b)
			return strings.Join(honest, ".")
		}, federation.IDTokenSignature),
		x("json-serialization", func(l *liar, c map[string]any) string {
			p := strings.Split(l.sign(l.key, nil, c), ".")
			return `{"payload":"` + p[1] + `","protected":"` + p[0] + `","signature":"` + p[2] + `"}`
		}, federation.IDTokenMalformed),
		x("four-parts", func(l *liar, c map[string]any) string { return l.sign(l.key, nil, c) + ".x" }, federation.IDTokenMalformed),
		x("payload-no-json", func(l *liar, _ map[string]any) string { return l.sign(l.key, nil, []byte("hello")) }, federation.IDTokenMalformed),
		x("payload-a-list", func(l *liar, c map[string]any) string { return l.sign(l.key, nil, []byte("[]")) }, federation.IDTokenMalformed),
		x("payload-doubled-sub", func(l *liar, c map[string]any) string {
			b, _ := json.Marshal(c)
			return l.sign(l.key, nil, []byte(`{"sub":"x",`+string(b[1:])))
		}, federation.IDTokenMalformed),
		x("payload-doubled-deep", func(l *liar, c map[string]any) string {
			b, _ := json.Marshal(c)
			return l.sign(l.key, nil, []byte(`{"address":{"a":1,"a":2},`+string(b[1:])))
		}, federation.IDTokenMalformed),
	}
}

func lieHeader() []lie {
	x := func(name string, f func(*liar, map[string]any) string, cause federation.Cause) lie {
		return lie{name: "header-" + name, seal: f, kind: hub.Refused, cause: cause}
	}
	// with makes a token that names its own key in a header, signed with that key.
	with := func(headers func(*liar) map[jose.HeaderKey]any) func(*liar, map[string]any) string {
		return func(l *liar, c map[string]any) string { return l.sign(l.rogue, headers(l), c) }
	}
	typed := func(typ string) func(*liar, map[string]any) string {
		return func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"k1","typ":"`+typ+`"}`, c, l.es256)
		}
	}
	return []lie{
		x("jwk", with(func(l *liar) map[jose.HeaderKey]any {
			return map[jose.HeaderKey]any{"jwk": l.rogue.Public()}
		}), federation.IDTokenSignature),
		x("jku", with(func(l *liar) map[jose.HeaderKey]any {
			return map[jose.HeaderKey]any{"jku": l.rig.server.url + "/internal/metadata"}
		}), federation.IDTokenSignature),
		x("x5u", with(func(l *liar) map[jose.HeaderKey]any {
			return map[jose.HeaderKey]any{"x5u": l.rig.server.url + "/internal/metadata"}
		}), federation.IDTokenSignature),
		x("kid-a-path", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"../../../../dev/null"}`, c, l.es256)
		}, federation.IDTokenSignature),
		x("kid-an-injection", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"k1' OR '1'='1"}`, c, l.es256)
		}, federation.IDTokenSignature),
		x("kid-missing-key-unknown", func(l *liar, c map[string]any) string {
			k := l.rogue
			k.KeyID = ""
			return l.sign(k, nil, c)
		}, federation.IDTokenSignature),
		x("crit-unknown", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"k1","crit":["exp"],"exp":1}`, c, l.es256)
		}, federation.IDTokenSignature),
		x("alg-twice", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","alg":"none","kid":"k1"}`, c, l.es256)
		}, federation.IDTokenMalformed),
		x("no-json", func(l *liar, c map[string]any) string { return swapHead(l.sign(l.key, nil, c), "alg=ES256") }, federation.IDTokenMalformed),
		x("typ-logout-token", typed("logout+jwt"), federation.IDTokenType),
		x("typ-access-token", typed("at+jwt"), federation.IDTokenType),
		x("typ-access-token-in-full", typed("application/AT+JWT"), federation.IDTokenType),
		x("typ-event", typed("secevent+jwt"), federation.IDTokenType),
	}
}

func lieClaims() []lie {
	x := func(name string, f func(map[string]any), cause federation.Cause) lie {
		return lie{name: "claims-" + name, claims: f, kind: hub.Refused, cause: cause}
	}
	below := x("acr-lower", func(c map[string]any) { c["acr"], c["amr"] = bank.ACRPassword, []string{"pwd"} }, federation.LevelBelow)
	unknown := x("acr-unknown", func(c map[string]any) { c["acr"], c["amr"] = "urn:gold", []string{"palm"} }, federation.LevelBelow)
	essential := x("acr-not-the-essential-one", set("acr", bank.ACRPassword), federation.LevelUnasked)
	essential.record = func(o *federation.OIDC) { o.EssentialACR = true }
	for _, l := range []*lie{&below, &unknown, &essential} {
		l.kind = hub.LevelUnmet
	}
	return []lie{
		below, unknown, essential,
		x("iss-of-another", set("iss", "https://other-bank.example"), federation.IDTokenIssuer),
		x("iss-missing", drop("iss"), federation.IDTokenIssuer),
		x("iss-in-other-letters", func(c map[string]any) { c["ISS"] = c["iss"]; delete(c, "iss") }, federation.IDTokenIssuer),
		x("iss-a-list", func(c map[string]any) { c["iss"] = []any{c["iss"]} }, federation.IDTokenIssuer),
		x("sub-missing", drop("sub"), federation.SubjectMissing),
		x("sub-empty", set("sub", ""), federation.SubjectMissing),
		x("sub-a-number", set("sub", 7), federation.IDTokenMalformed),
		x("sub-too-long", set("sub", strings.Repeat("s", 256)), federation.UserInfoSubject),
		x("aud-of-another", set("aud", "another-client"), federation.IDTokenAudience),
		x("aud-missing", drop("aud"), federation.IDTokenAudience),
		x("aud-empty-list", set("aud", []any{}), federation.IDTokenAudience),
		x("aud-with-stranger-no-azp", func(c map[string]any) { c["aud"] = []any{c["aud"], "stranger"} }, federation.IDTokenParty),
		x("aud-with-stranger", func(c map[string]any) { c["azp"], c["aud"] = c["aud"], []any{c["aud"], "stranger"} }, federation.IDTokenStranger),
		x("aud-in-other-case", func(c map[string]any) { c["aud"] = "Hub-At-Bank" }, federation.IDTokenAudience),
		x("azp-of-another", set("azp", "another-client"), federation.IDTokenParty),
		x("azp-a-list", set("azp", []any{"hub-at-bank"}), federation.IDTokenClaim),
		x("nonce-of-another", set("nonce", "another"), federation.IDTokenNonce),
		x("nonce-missing", drop("nonce"), federation.IDTokenNonce),
		x("nonce-a-list", func(c map[string]any) { c["nonce"] = []any{c["nonce"]} }, federation.IDTokenMalformed),
		x("exp-missing", drop("exp"), federation.IDTokenExpiry),
		x("exp-past", at("exp", -time.Minute), federation.IDTokenExpired),
		x("exp-past-and-future", func(c map[string]any) { at("exp", -time.Minute)(c); c["EXP"] = 1 << 40 }, federation.IDTokenExpired),
		x("exp-zero", set("exp", 0), federation.IDTokenExpired),
		x("exp-text", set("exp", "tomorrow"), federation.IDTokenMalformed),
		x("nbf-ahead", at("nbf", time.Hour), federation.IDTokenEarly),
		x("nbf-just-ahead", at("nbf", 2*time.Minute), federation.IDTokenEarly),
		x("iat-missing", drop("iat"), federation.IDTokenIssued),
		x("iat-an-hour-ago", at("iat", -time.Hour), federation.IDTokenIssued),
		x("iat-far-ahead", at("iat", 10*365*24*time.Hour), federation.IDTokenIssued),
		x("iat-text", set("iat", "now"), federation.IDTokenMalformed),
		x("auth-time-missing", drop("auth_time"), federation.AuthTimeMissing),
		x("auth-time-two-days-ago", at("auth_time", -48*time.Hour), federation.AuthTimeOld),
		x("auth-time-ahead", at("auth_time", time.Hour), federation.AuthTimeFuture),
		x("auth-time-text", set("auth_time", "just now"), federation.IDTokenMalformed),
		x("acr-a-list", set("acr", []any{bank.ACRTwoFactor}), federation.IDTokenClaim),
		x("acr-a-number", set("acr", 3), federation.IDTokenClaim),
		x("amr-an-object", set("amr", map[string]any{"mfa": true}), federation.IDTokenClaim),
		x("sid-a-list", set("sid", []any{"s"}), federation.IDTokenClaim),
		x("at-hash-of-another", set("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"), federation.IDTokenAtHash),
		x("at-hash-empty", set("at_hash", ""), federation.IDTokenAtHash),
		x("c-hash-of-another", set("c_hash", "LDktKdoQak3Pk0cnXxCltA"), federation.IDTokenCHash),
		x("c-hash-a-number", set("c_hash", 1), federation.IDTokenCHash),
	}
}

// In the token response beside the ID token.
func lieToken() []lie {
	x := func(name string, f func(*liar, map[string]any), cause federation.Cause) lie {
		return lie{name: "token-" + name, at: tokenPath, change: f, kind: hub.Refused, cause: cause}
	}
	with := func(name string, v any) func(*liar, map[string]any) {
		return func(_ *liar, m map[string]any) { m[name] = v }
	}
	said := func(status int, word string, kind hub.Kind, cause federation.Cause) lie {
		return lie{name: "token-says-" + word, at: tokenPath, kind: kind, cause: cause, answer: func(_ *liar, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"error":"` + word + `","error_description":"<script>alert(1)</script>"}`))
		}}
	}
	return []lie{
		x("type-mac", with("token_type", "mac"), federation.TokenType),
		x("type-dpop", with("token_type", "DPoP"), federation.TokenType),
		x("type-missing", with("token_type", nil), federation.TokenType),
		x("no-access-token", with("access_token", nil), federation.TokenMissing),
		x("access-token-with-header", with("access_token", "a\r\nHost: evil"), federation.TokenMissing),
		x("access-token-of-100-kB", with("access_token", strings.Repeat("a", 100<<10)), federation.TokenMissing),
		x("no-id-token", with("id_token", nil), federation.TokenMissing),
		x("id-token-a-list", with("id_token", []string{"x"}), federation.TokenMissing),
		x("life-negative", with("expires_in", -5), federation.ResponseMalformed),
		said(http.StatusBadRequest, "invalid_grant", hub.Refused, federation.CodeRejected),
		said(http.StatusUnauthorized, "invalid_client", hub.Refused, federation.ClientRejected),
		said(http.StatusBadRequest, "temporarily_unavailable", hub.Unavailable, federation.ProviderFailed),
		said(http.StatusBadRequest, "made_up", hub.Refused, federation.RequestRejected),
	}
}

func lieEncryption() []lie {
	x := func(name string, f func(*liar, map[string]any) string, cause federation.Cause) lie {
		return lie{
			name: "encryption-" + name, seal: f, kind: hub.Refused, cause: cause,
			record: func(o *federation.OIDC) { o.Encryption.IDToken = keys.ECDHES },
		}
	}
	foreign := func(l *liar, kid string) jose.JSONWebKey {
		k := public(newKey(l.t, kid))
		k.Algorithm = keys.ECDHES
		return k
	}
	unasked := x("unasked", func(l *liar, c map[string]any) string {
		return encrypted(l.t, hubKey(l.t, keys.ECDHES), l.sign(l.key, nil, c))
	}, federation.IDTokenEncrypted)
	unasked.record = nil
	return []lie{
		unasked,
		x("taken-off", func(l *liar, c map[string]any) string { return l.sign(l.key, nil, c) }, federation.IDTokenPlain),
		x("to-another-key", func(l *liar, c map[string]any) string {
			return encrypted(l.t, foreign(l, "x"), l.sign(l.key, nil, c))
		}, federation.IDTokenKey),
		x("to-another-key-under-our-id", func(l *liar, c map[string]any) string {
			return encrypted(l.t, foreign(l, hubKey(l.t, keys.ECDHES).KeyID), l.sign(l.key, nil, c))
		}, federation.IDTokenKey),
		x("by-another-algorithm", func(l *liar, c map[string]any) string {
			return encrypted(l.t, hubKey(l.t, keys.RSAOAEP256), l.sign(l.key, nil, c))
		}, federation.IDTokenEncrypted),
		x("compressed", func(l *liar, c map[string]any) string {
			key := hubKey(l.t, keys.ECDHES)
			e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.ECDH_ES, Key: key.Key, KeyID: key.KeyID}, &jose.EncrypterOptions{Compression: jose.DEFLATE})
			must(err)
			message, err := e.Encrypt([]byte(l.sign(l.key, nil, c)))
			must(err)
			raw, err := message.CompactSerialize()
			must(err)
			return raw
		}, federation.IDTokenEncrypted),
		x("claims-without-signature", func(l *liar, c map[string]any) string {
			b, _ := json.Marshal(c)
			return encrypted(l.t, hubKey(l.t, keys.ECDHES), string(b))
		}, federation.IDTokenMalformed),
		x("around-alg-none", func(l *liar, c map[string]any) string {
			return encrypted(l.t, hubKey(l.t, keys.ECDHES), l.raw(`{"alg":"none"}`, c, func([]byte) []byte { return nil }))
		}, federation.IDTokenAlg),
		x("around-a-forged-signature", func(l *liar, c map[string]any) string {
			return encrypted(l.t, hubKey(l.t, keys.ECDHES), l.sign(l.rogue, nil, c))
		}, federation.IDTokenSignature),
		x("around-encryption", func(l *liar, c map[string]any) string {
			key := hubKey(l.t, keys.ECDHES)
			return encrypted(l.t, key, encrypted(l.t, key, l.sign(l.key, nil, c)))
		}, federation.IDTokenMalformed),
		x("of-nothing", func(l *liar, _ map[string]any) string { return encrypted(l.t, hubKey(l.t, keys.ECDHES), "") }, federation.IDTokenMalformed),
		x("cut", func(l *liar, c map[string]any) string {
			raw := encrypted(l.t, hubKey(l.t, keys.ECDHES), l.sign(l.key, nil, c))
			return raw[:len(raw)-8]
		}, federation.IDTokenKey),
	}
}

// lieUserInfo are lies about the person.
func lieUserInfo() []lie {
	x := func(name string, f func(*liar, map[string]any), cause federation.Cause) lie {
		return lie{name: "userinfo-" + name, at: userInfoPath, change: f, kind: hub.Refused, cause: cause}
	}
	// signed answers with a JWT made from honest claims.
	signed := func(name string, seal func(l *liar, c map[string]any) string, cause federation.Cause) lie {
		return lie{
			name: "userinfo-signed-" + name, at: userInfoPath, kind: hub.Refused, cause: cause,
			record: func(o *federation.OIDC) { o.SignedUserInfo = true },
			answer: func(l *liar, w http.ResponseWriter, r *http.Request) {
				c := l.honest(w, r)
				c["iss"], c["aud"] = l.rig.server.url, "hub-at-bank"
				w.Header().Set("Content-Type", "application/jwt")
				_, _ = w.Write([]byte(seal(l, c)))
			},
		}
	}
	claim := func(name string, v any) func(*liar, map[string]any) string {
		return func(l *liar, c map[string]any) string { c[name] = v; return l.sign(l.key, nil, c) }
	}
	plain := x("unsigned-although-registered", func(*liar, map[string]any) {}, federation.UserInfoPlain)
	plain.record = func(o *federation.OIDC) { o.SignedUserInfo = true }
	return []lie{
		plain,
		x("sub-of-another", func(_ *liar, m map[string]any) { m["sub"] = "c-0000" }, federation.UserInfoSubject),
		x("sub-missing", func(_ *liar, m map[string]any) { delete(m, "sub") }, federation.UserInfoSubject),
		x("sub-in-other-letters", func(_ *liar, m map[string]any) { m["SUB"] = m["sub"]; delete(m, "sub") }, federation.UserInfoSubject),
		x("sub-a-list", func(_ *liar, m map[string]any) { m["sub"] = []any{m["sub"]} }, federation.UserInfoSubject),
		x("number-of-nobody", func(_ *liar, m map[string]any) { m["national_id"] = "1111111111111" }, federation.PersonNumber),
		x("number-a-list", func(_ *liar, m map[string]any) { m["national_id"] = []any{m["national_id"]} }, federation.PersonNumber),
		signed("none", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"none"}`, c, func([]byte) []byte { return nil })
		}, federation.UserInfoToken),
		signed("by-nobody", func(l *liar, c map[string]any) string { return l.sign(l.rogue, nil, c) }, federation.UserInfoToken),
		signed("for-another", claim("aud", "another-client"), federation.UserInfoToken),
		signed("by-another-issuer", claim("iss", "https://other-bank.example"), federation.UserInfoToken),
		signed("expired", func(l *liar, c map[string]any) string {
			c["exp"] = digits(l.rig.clock.now().Add(-time.Hour))
			return l.sign(l.key, nil, c)
		}, federation.UserInfoToken),
		signed("of-another-person", claim("sub", "c-0000"), federation.UserInfoSubject),
		signed("as-logout-token", func(l *liar, c map[string]any) string {
			return l.raw(`{"alg":"ES256","kid":"k1","typ":"logout+jwt"}`, c, l.es256)
		}, federation.UserInfoToken),
		signed("no-jwt", func(*liar, map[string]any) string { return "hello" }, federation.UserInfoToken),
	}
}

// weakPEM is a key of 1024 bits made for this test and used for nothing else.
const weakPEM = `-----BEGIN RSA PRIVATE KEY-----
MIICXAIBAAKBgQDGEywD815TpzeNY1vKnUnT0gXDLynEpjl3fDtn/GVrP+oSnhcn
d/4WTzCWklr4gw+kyJZOalMadlucqDKayzfXkui+S0kIiOwnfwLLnldEd0rnZ8PO
R97YZczJlo5GCA1pNCglGTpTpB2uqKR8BMMW8+cGlJGxMZrAiX1AMFa1dQIDAQAB
AoGAJaMc+P80jEa46pfXqE9s6N/+klES6bgAMXEcxKyUBOYXL0R09934HPsdK29R
8+jLfy9SSEIx2lRlIgZf30QALxOFYwSCEctE+fm7B7nTN1aut0QgKP4A/m23cc2e
nrezttNE6kDt5C//wsneD7ngiBteauIEcMyhq0ocwQhn8iECQQDxaSmy0VI9C9vH
6UHWfViNYDKhVbxgZDGLgX6XgOqgd2bXrNmLqvfKqcG6SjQerlgsBh6jsiAfFuck
4T++IHg9AkEA0guQhwM/scNIzVe28rGgOU7Xf+jgdeZ8h/w9TcclnsC8rCA8clGP
p/OxhzMBFIPBRS9eN/lueRDVLumvTZ7NmQJAXu/Zay4wZjt8oiCUOLKwmWCEaLgb
zdh5N4CkdRZIrvRl6FlccDW7HuMlgYpe9tXfbOi3Me8B/Nf37KP8eluwjQJACVBN
9k6kkmNQZRqQmC5cJm5ii99tpIy11OnQZhSAjIuLUi6Tv5XyQsZBhvcyAxDcjw7M
pLrAtUmTymK+TTjPcQJBAJOr2mjNc1pIznmzwNeftfymG2+4hQ/4UyJ/tOFcJwkz
JAnZL+EYMKlF+wtV15M3xIKmbvV2qV3IKdYrqyGWwIw=
-----END RSA PRIVATE KEY-----`
