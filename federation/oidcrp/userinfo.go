package oidcrp

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

// userInfo asks for the claims about the subject (Core section 5.3). Its subject must be the ID token's (section 5.3.2), or the
// answer is about somebody else.
func (c *Connector) userInfo(ctx context.Context, p federation.Provider, known *metadata, access, subject string) (map[string]any, error) {
	const op = "oidcrp.userInfo"
	got, err := c.get(ctx, op, p, known.userInfo, maxUserInfo, access)
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusOK {
		return nil, statusFailure(op, got.status)
	}
	claims, err := c.userClaims(ctx, p, known, got)
	if err != nil {
		return nil, err
	}
	if subject == "" || subtle.ConstantTimeCompare([]byte(text(claims, "sub")), []byte(subject)) != 1 {
		return nil, hub.E(op, hub.Refused, federation.UserInfoSubject)
	}
	federation.Scrub(claims)
	return claims, nil
}

// userClaims reads the answer: plain, signed, encrypted or both (Core section 5.3.2), never with less than the record says.
func (c *Connector) userClaims(ctx context.Context, p federation.Provider, known *metadata, got reply) (map[string]any, error) {
	const op = "oidcrp.userInfo"
	o := p.OIDC
	if got.media != "application/jwt" {
		if o.SignedUserInfo || o.Encryption.UserInfo != "" {
			return nil, hub.E(op, hub.Refused, federation.UserInfoPlain)
		}
		return c.object(op, p, got)
	}
	raw := strings.TrimSpace(string(got.body))
	if alg := o.Encryption.UserInfo; alg != "" {
		inner, err := c.decrypt(alg, raw)
		switch {
		case errors.Is(err, hub.NotFound):
			return nil, hub.E(op, hub.Refused, federation.UserInfoKey)
		case err != nil:
			return nil, hub.E(op, hub.Refused, federation.UserInfoPlain)
		}
		if raw = string(inner); strings.HasPrefix(raw, "{") && !o.SignedUserInfo {
			claims, ok := decodeObject(inner)
			if !ok {
				return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
			}
			return claims, nil
		}
	}
	return c.signedUserInfo(ctx, p, known, raw)
}

// signedUserInfo verifies a UserInfo answer that came as a JWT: it must be from the provider, for us and of now.
func (c *Connector) signedUserInfo(ctx context.Context, p federation.Provider, known *metadata, raw string) (map[string]any, error) {
	const op = "oidcrp.userInfo"
	keys := &verifier{c: c, p: p, set: known.keys, algs: algorithms(*p.OIDC)}
	payload, err := keys.verify(ctx, raw)
	if errors.Is(err, hub.Refused) {
		return nil, hub.E(op, hub.Refused, federation.UserInfoToken)
	}
	if err != nil {
		return nil, err
	}
	claims, ok := decodeObject(payload)
	if !ok || confusedType(raw) || text(claims, "iss") != p.OIDC.Issuer || !slices.Contains(texts(claims["aud"]), p.OIDC.ClientID) ||
		!current(claims, c.clock()) {
		return nil, hub.E(op, hub.Refused, federation.UserInfoToken)
	}
	return claims, nil
}

// current holds the times of a JWT that need not have any.
func current(claims map[string]any, now time.Time) bool {
	within := func(name string, good func(time.Time) bool) bool {
		v, present := claims[name]
		at, ok := numericDate(v)
		return !present || ok && good(at)
	}
	return within("exp", func(t time.Time) bool { return t.Add(skew).After(now) }) &&
		within("nbf", func(t time.Time) bool { return !t.After(now.Add(skew)) }) &&
		within("iat", func(t time.Time) bool { return !t.After(now.Add(skew)) })
}
