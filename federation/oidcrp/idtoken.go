package oidcrp

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/hub"
)

// algorithms gives what may sign an ID token of the provider. The record decides, never the token or discovery (RFC 8725
// section 3.1); "none" and algorithms with a shared secret can't be allowed.
func algorithms(o federation.OIDC) []jose.SignatureAlgorithm {
	names := o.Quirks.SigningAlgs
	if len(names) == 0 {
		names = federation.DefaultSigningAlgs()
	}
	var out []jose.SignatureAlgorithm
	for _, n := range names {
		if n != "none" && !strings.HasPrefix(n, "HS") {
			out = append(out, jose.SignatureAlgorithm(n))
		}
	}
	return out
}

// idToken verifies the ID token (Core section 3.1.3.7) and gives its claims without forbidden evidence numbers.
func (c *Connector) idToken(ctx context.Context, p federation.Provider, known *metadata, asked question, code string, t tokens) (map[string]any, error) {
	const op = "oidcrp.idToken"
	if t.id == "" {
		return nil, hub.E(op, hub.Refused, federation.TokenMissing)
	}
	if known.keys == nil {
		return nil, hub.E(op, hub.Refused, federation.EndpointMissing)
	}
	raw, cause := c.opened(p.OIDC.Encryption.IDToken, t.id)
	if cause != "" {
		return nil, hub.E(op, hub.Refused, cause)
	}
	algs := algorithms(*p.OIDC)
	keys := &verifier{c: c, p: p, set: known.keys, algs: algs}
	config := &oidc.Config{ClientID: p.OIDC.ClientID, Now: c.clock}
	for _, a := range algs {
		config.SupportedSigningAlgs = append(config.SupportedSigningAlgs, string(a))
	}
	token, err := oidc.NewVerifier(p.OIDC.Issuer, keys, config).Verify(ctx, raw)
	if err != nil {
		if keys.err != nil {
			return nil, keys.err
		}
		return nil, hub.E(op, hub.Refused, diagnose(*p.OIDC, raw, err, algs, c.clock()))
	}
	var payload json.RawMessage
	if token.Claims(&payload) != nil {
		return nil, hub.E(op, hub.Refused, federation.IDTokenMalformed)
	}
	claims, ok := decodeObject(payload)
	if !ok {
		return nil, hub.E(op, hub.Refused, federation.IDTokenMalformed)
	}
	if confusedType(raw) {
		return nil, hub.E(op, hub.Refused, federation.IDTokenType)
	}
	if cause := checkClaims(*p.OIDC, asked, claims, c.clock()); cause != "" {
		return nil, hub.E(op, hub.Refused, cause)
	}
	alg := text(header(raw), "alg")
	if hash, present := claims["at_hash"]; present && hash != halfHash(alg, t.access) {
		return nil, hub.E(op, hub.Refused, federation.IDTokenAtHash)
	}
	if hash, present := claims["c_hash"]; present && hash != halfHash(alg, code) {
		return nil, hub.E(op, hub.Refused, federation.IDTokenCHash)
	}
	if len(asked.ACR) > 0 && !slices.Contains(asked.ACR, text(claims, "acr")) {
		return nil, hub.E(op, hub.LevelUnmet, federation.LevelUnasked)
	}
	federation.Scrub(claims)
	return claims, nil
}

// opened gives the signed token, out of its encryption where the record says that there is one (Core section 10.2). What comes
// otherwise than agreed is refused, so that nobody can take the protection off.
func (c *Connector) opened(alg, token string) (string, federation.Cause) {
	const signed, encrypted = 2, 4 // dots of the compact serializations
	dots := strings.Count(token, ".")
	switch {
	case alg == "" && dots == signed:
		return token, ""
	case alg == "" && dots == encrypted:
		return "", federation.IDTokenEncrypted
	case alg != "" && dots == signed:
		return "", federation.IDTokenPlain
	case dots != encrypted:
		return "", federation.IDTokenMalformed
	}
	inner, err := c.decrypt(alg, token)
	switch {
	case errors.Is(err, hub.NotFound):
		return "", federation.IDTokenKey
	case err != nil:
		return "", federation.IDTokenEncrypted
	case strings.Count(string(inner), ".") != signed:
		return "", federation.IDTokenMalformed
	}
	return string(inner), ""
}

// halfHash gives at_hash or c_hash of a value (Core section 3.3.2.11): the left half of its hash by the token's algorithm.
func halfHash(alg, value string) string {
	var sum []byte
	switch {
	case strings.HasSuffix(alg, "384"):
		s := sha512.Sum384([]byte(value))
		sum = s[:]
	case strings.HasSuffix(alg, "512"), alg == "EdDSA":
		s := sha512.Sum512([]byte(value))
		sum = s[:]
	default:
		s := sha256.Sum256([]byte(value))
		sum = s[:]
	}
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// checkClaims does what go-oidc leaves to its caller, and does once more what it compares leniently. It is pure; "" is good.
func checkClaims(o federation.OIDC, asked question, claims map[string]any, now time.Time) federation.Cause {
	if text(claims, "iss") != o.Issuer {
		return federation.IDTokenIssuer
	}
	if s := text(claims, "sub"); s == "" {
		return federation.SubjectMissing
	}
	if !wellTyped(claims) {
		return federation.IDTokenClaim
	}
	audience := texts(claims["aud"])
	if !slices.Contains(audience, o.ClientID) {
		return federation.IDTokenAudience
	}
	// Core section 3.1.3.7, 4 and 5: with several audiences, and whenever it is there, azp is us.
	if azp, present := claims["azp"]; present && azp != o.ClientID || !present && len(audience) > 1 {
		return federation.IDTokenParty
	}
	for _, a := range audience {
		if a != o.ClientID && !slices.Contains(o.Audiences, a) {
			return federation.IDTokenStranger
		}
	}
	if cause := checkSpan(claims, now); cause != "" {
		return cause
	}
	if asked.Nonce != "" && subtle.ConstantTimeCompare([]byte(text(claims, "nonce")), []byte(asked.Nonce)) != 1 {
		return federation.IDTokenNonce
	}
	started := asked.started()
	issued, ok := numericDate(claims["iat"])
	if !ok || issued.Before(started.Add(-skew)) || issued.After(now.Add(skew)) {
		return federation.IDTokenIssued
	}
	return checkAuthTime(asked, claims, started, now)
}

// checkSpan holds exp and nbf by their exact names; the library reads names of any case.
func checkSpan(claims map[string]any, now time.Time) federation.Cause {
	ends, ok := numericDate(claims["exp"])
	if !ok {
		return federation.IDTokenExpiry
	}
	if !ends.After(now) {
		return federation.IDTokenExpired
	}
	if v, present := claims["nbf"]; present {
		begins, ok := numericDate(v)
		if !ok {
			return federation.IDTokenClaim
		}
		if begins.After(now.Add(skew)) {
			return federation.IDTokenEarly
		}
	}
	return ""
}

// wellTyped reports whether the claims of which absence means something have the type they must have (Core section 2): an acr in a
// list is not an acr that was left out.
func wellTyped(claims map[string]any) bool {
	for _, name := range []string{"acr", "sid", "azp", "nonce"} {
		if v, present := claims[name]; present {
			if _, is := v.(string); !is {
				return false
			}
		}
	}
	for _, name := range []string{"amr", "aud"} {
		switch v := claims[name].(type) {
		case nil, string:
		case []any:
			if len(texts(v)) != len(v) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// checkAuthTime holds the age of the login there against what was asked (Core sections 2 and 3.1.2.1).
func checkAuthTime(asked question, claims map[string]any, started, now time.Time) federation.Cause {
	v, present := claims["auth_time"]
	at, ok := numericDate(v)
	switch {
	case present && !ok:
		return federation.IDTokenMalformed
	case !present && asked.MaxAge != nil:
		return federation.AuthTimeMissing
	case !present:
		return ""
	case at.After(now.Add(skew)):
		return federation.AuthTimeFuture
	case asked.MaxAge == nil:
		return ""
	case *asked.MaxAge == 0 && at.Before(started.Add(-skew)):
		return federation.AuthTimeOld
	case *asked.MaxAge > 0 && at.Before(now.Add(-time.Duration(*asked.MaxAge)*time.Second-skew)):
		return federation.AuthTimeOld
	}
	return ""
}

// header reads the protected header without trusting it.
func header(raw string) map[string]any {
	head, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return nil
	}
	m, _ := decodeObject(b)
	return m
}

// confusedType reports whether the token calls itself another kind of JWT, as access and logout tokens do (RFC 8725 section
// 3.11).
func confusedType(raw string) bool {
	typ := strings.ToLower(text(header(raw), "typ"))
	return strings.HasSuffix(typ, "+jwt")
}

// diagnose finds the reason for which a token that is refused already was refused. It decides nothing.
func diagnose(o federation.OIDC, raw string, err error, algs []jose.SignatureAlgorithm, now time.Time) federation.Cause {
	var expired *oidc.TokenExpiredError
	head := header(raw)
	if head == nil {
		return federation.IDTokenMalformed
	}
	if !slices.Contains(algs, jose.SignatureAlgorithm(text(head, "alg"))) {
		return federation.IDTokenAlg
	}
	_, rest, _ := strings.Cut(raw, ".")
	body, _, _ := strings.Cut(rest, ".")
	b, decodeErr := base64.RawURLEncoding.DecodeString(body)
	claims, ok := decodeObject(b)
	notBefore, early := numericDate(claims["nbf"])
	switch {
	case decodeErr != nil || !ok:
		return federation.IDTokenMalformed
	case text(claims, "iss") != o.Issuer:
		return federation.IDTokenIssuer
	case !slices.Contains(texts(claims["aud"]), o.ClientID):
		return federation.IDTokenAudience
	case errors.As(err, &expired) && claims["exp"] == nil:
		return federation.IDTokenExpiry
	case errors.As(err, &expired):
		return federation.IDTokenExpired
	case early && notBefore.After(now):
		return federation.IDTokenEarly
	default:
		return federation.IDTokenMalformed
	}
}
