package oidcop

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/strictjson"
)

const (
	clockSkew      = time.Minute      // between a client's clock and ours
	longestRequest = 60 * time.Minute // life of a request object (FAPI 2.0 Message Signing section 5.3.1)
	longestProof   = 10 * time.Minute // life of a client assertion
)

// clientClaims are what every JWT that a client signs is judged by. Members is the whole payload, numbers as they were written.
type clientClaims struct {
	issuer   string
	subject  string
	audience []string
	alone    bool // aud was one string, not a list
	expires  time.Time
	before   time.Time // nbf; zero where there is none
	issued   time.Time // iat; zero where there is none
	id       string    // jti
	members  map[string]any
}

// clientJWT checks the signature of a JWT in JWS compact form against the client's own keys and reads its claims. The algorithm must be
// one of those registered, so never none and never an HMAC; a key in the header (jwk, jku, x5c, x5u) counts for nothing; what the header
// calls critical is refused by the library. Invalid for a JWT that is no good; Unavailable where the keys can't be had.
func (p *Provider) clientJWT(ctx context.Context, c Client, raw string, algs []string, types ...string) (clientClaims, error) {
	const op = "oidcop.clientJWT"
	allowed := make([]jose.SignatureAlgorithm, len(algs))
	for i, a := range algs {
		allowed[i] = jose.SignatureAlgorithm(a)
	}
	jws, err := jose.ParseSignedCompact(raw, allowed)
	if err != nil || len(jws.Signatures) != 1 {
		return clientClaims{}, hub.Errorf(op, hub.Invalid, "not a JWS with a registered algorithm")
	}
	head := jws.Signatures[0].Protected
	typ, _ := head.ExtraHeaders[jose.HeaderType].(string)
	if typ = strings.TrimPrefix(strings.ToLower(typ), "application/"); typ != "" && !slices.Contains(types, typ) {
		return clientClaims{}, hub.Errorf(op, hub.Invalid, "a JWT of another type")
	}
	keys, err := p.clientKeys.find(ctx, c, head.Algorithm, head.KeyID)
	if k, _ := kindIn(err); k == hub.NotFound {
		return clientClaims{}, hub.Errorf(op, hub.Invalid, "signed by no key of the client")
	}
	if err != nil {
		return clientClaims{}, err
	}
	for _, key := range keys {
		if payload, err := jws.Verify(key); err == nil {
			return readClaims(payload)
		}
	}
	return clientClaims{}, hub.Errorf(op, hub.Invalid, "the signature is wrong")
}

var errNoNumber = errors.New("not a number of seconds")

// readClaims reads a payload. Every member may come once, and numbers keep their form. Invalid.
func readClaims(payload []byte) (clientClaims, error) {
	const op = "oidcop.readClaims"
	bad := func(what string) (clientClaims, error) { return clientClaims{}, hub.Errorf(op, hub.Invalid, what) }
	members, err := strictjson.Object(payload)
	if err != nil {
		return bad("the payload is no JSON object with each member once")
	}
	c := clientClaims{members: members}
	for name, to := range map[string]*string{"iss": &c.issuer, "sub": &c.subject, "jti": &c.id} {
		if v, has := members[name]; has {
			s, ok := v.(string)
			if !ok || s == "" || len(s) > largestValue {
				return bad("iss, sub or jti is not a text")
			}
			*to = s
		}
	}
	for name, to := range map[string]*time.Time{"exp": &c.expires, "nbf": &c.before, "iat": &c.issued} {
		if v, has := members[name]; has {
			if *to, err = numericDate(v); err != nil {
				return bad("exp, nbf or iat is not a number of seconds")
			}
		}
	}
	switch aud := members["aud"].(type) {
	case nil:
	case string:
		c.audience, c.alone = []string{aud}, true
	case []any:
		for _, a := range aud {
			s, ok := a.(string)
			if !ok {
				return bad("aud is not a list of texts")
			}
			c.audience = append(c.audience, s)
		}
	default:
		return bad("aud is neither text nor list")
	}
	return c, nil
}

// numericDate reads a NumericDate (RFC 7519 section 2): seconds, perhaps with a fraction.
func numericDate(v any) (time.Time, error) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, errNoNumber
	}
	f, err := n.Float64()
	if err != nil || f < 1 || f > 1<<40 {
		return time.Time{}, errNoNumber
	}
	whole := int64(f)
	return time.Unix(whole, int64((f-float64(whole))*1e9)), nil
}

// current reports whether the time of a JWT is now, and its life no longer than it may be.
func (c clientClaims) current(now time.Time, longest time.Duration) bool {
	switch {
	case c.expires.IsZero() || !now.Before(c.expires.Add(clockSkew)):
		return false
	case c.expires.After(now.Add(longest + clockSkew)):
		return false
	case !c.before.IsZero() && c.before.After(now.Add(clockSkew)), !c.issued.IsZero() && c.issued.After(now.Add(clockSkew)):
		return false
	case !c.before.IsZero() && c.expires.Sub(c.before) > longest, !c.issued.IsZero() && c.expires.Sub(c.issued) > longest:
		return false
	}
	return true
}
