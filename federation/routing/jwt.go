package routing

import (
	"context"
	"slices"
	"strings"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/jwks"
	"onedoor/hub/strictjson"
)

// words are what can be wrong with a signature, for a token or an answer.
type words struct{ alg, typ, signature, malformed federation.Cause }

var (
	ofToken  = words{federation.AccessAlg, federation.AccessType, federation.AccessSignature, federation.AccessMalformed}
	ofAnswer = words{federation.AnswerAlg, federation.AnswerType, federation.AnswerSignature, federation.ResponseMalformed}
)

// verify checks a JWT in JWS compact form against the issuer's published keys and reads its claims. The algorithm must be one of the
// record's, so never none and never an HMAC; a key in the header (jwk, jku, x5c, x5u) counts for nothing; the typ must be one of those
// given, so that an ID token is no access token.
func (r *Router) verify(ctx context.Context, t federation.Tokens, raw string, types []string, w words) (map[string]any, error) {
	const op = "routing.verify"
	refuse := func(why federation.Cause) error { return hub.E(op, hub.Refused, why) }
	allowed := make([]jose.SignatureAlgorithm, len(t.Algs))
	for i, a := range t.Algs {
		allowed[i] = jose.SignatureAlgorithm(a)
	}
	jws, err := jose.ParseSignedCompact(raw, allowed)
	if err != nil || len(jws.Signatures) != 1 {
		return nil, refuse(w.alg)
	}
	head := jws.Signatures[0].Protected
	typ, _ := head.ExtraHeaders[jose.HeaderType].(string)
	if typ = strings.TrimPrefix(strings.ToLower(typ), "application/"); !slices.ContainsFunc(types, func(s string) bool { return strings.EqualFold(s, typ) }) {
		return nil, refuse(w.typ)
	}
	if t.JWKS == "" {
		return nil, refuse(w.signature)
	}
	set, fresh, err := r.keys.Get(ctx, t.JWKS, false)
	if err != nil {
		return nil, hub.E(op, hub.Unavailable, federation.KeysUnavailable)
	}
	payload, ok := verified(jws, set)
	if !ok && !fresh { // perhaps it has changed its keys
		if set, _, err = r.keys.Get(ctx, t.JWKS, true); err != nil {
			return nil, hub.E(op, hub.Unavailable, federation.KeysUnavailable)
		}
		payload, ok = verified(jws, set)
	}
	if !ok {
		return nil, refuse(w.signature)
	}
	members, err := strictjson.Object(payload)
	if err != nil {
		return nil, refuse(w.malformed)
	}
	return members, nil
}

func verified(jws *jose.JSONWebSignature, set *jose.JSONWebKeySet) ([]byte, bool) {
	head := jws.Signatures[0].Protected
	for _, key := range jwks.For(set, head.Algorithm, head.KeyID) {
		if payload, err := jws.Verify(key); err == nil {
			return payload, true
		}
	}
	return nil, false
}

// claims gives what the issuer says of the token: a JWT is believed by its signature, and where the issuer has an endpoint only if that
// agrees; about another token the endpoint alone is believed.
func (r *Router) claims(ctx context.Context, asker Asker, t target) (claims, error) {
	const op = "routing.claims"
	if !t.jwt {
		return r.remote(ctx, asker, t)
	}
	members, err := r.verify(ctx, t.settings, t.raw, t.settings.Types, ofToken)
	if err != nil {
		return claims{}, err
	}
	own, ok := readClaims(members)
	if !ok {
		return claims{}, hub.E(op, hub.Refused, federation.AccessMalformed)
	}
	if err := own.life(t.settings.MaxLife); err != nil {
		return claims{}, err
	}
	if t.settings.Introspection == "" {
		return own, nil
	}
	// What is wrong with the token itself is not worth a question.
	if !r.o.Clock().Before(own.expires) {
		return claims{}, hub.E(op, hub.Refused, federation.AccessExpired)
	}
	live, err := r.remote(ctx, asker, t)
	if err != nil {
		return claims{}, err
	}
	return merge(own, live, t.settings)
}

// merge holds the answer about a JWT against the JWT: an issuer that mixes up its answers must not make one person another.
func merge(own, live claims, t federation.Tokens) (claims, error) {
	const op = "routing.merge"
	switch {
	case live.issuer != "" && live.issuer != own.issuer:
		return claims{}, hub.E(op, hub.Refused, federation.AccessIssuer)
	case own.id != "" && live.id != "" && live.id != own.id, !live.expires.IsZero() && live.expires.After(own.expires),
		live.client != "" && own.client != "" && live.client != own.client:
		return claims{}, hub.E(op, hub.Refused, federation.AccessDiffers)
	case !t.Onedoor && live.subject != "" && live.subject != own.subject:
		return claims{}, hub.E(op, hub.Refused, federation.AccessSubject)
	case t.Onedoor && (own.id == "" || live.id == ""):
		// Another hub as this one tells everybody another subject: the token's own name must show that the answer is about it.
		return claims{}, hub.E(op, hub.Refused, federation.AccessDiffers)
	}
	if t.Onedoor && live.subject != "" {
		own.subject = live.subject // that for us, the same whoever the token was issued to
	}
	if !live.expires.IsZero() {
		own.expires = live.expires // not later: see above
	}
	for _, restriction := range []string{"cnf", "act"} {
		if own.values[restriction] == nil && live.values[restriction] != nil {
			own.values[restriction] = live.values[restriction]
		}
	}
	return own, nil
}
