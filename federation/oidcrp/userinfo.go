package oidcrp

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"

	"onedoor/federation"
	"onedoor/hub"
)

// userInfo asks for the claims about the subject (Core section 5.3), plain or signed. Its subject must be the ID token's
// (section 5.3.2), or the answer is about somebody else.
func (c *Connector) userInfo(ctx context.Context, p federation.Provider, known *metadata, access, subject string) (map[string]any, error) {
	const op = "oidcrp.userInfo"
	got, err := c.get(ctx, op, p, known.userInfo, maxUserInfo, access)
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusOK {
		return nil, statusFailure(op, got.status)
	}
	body := got.body
	if got.media == "application/jwt" {
		if body, err = c.signedUserInfo(ctx, p, known, string(body)); err != nil {
			return nil, err
		}
	}
	claims, ok := decodeObject(body)
	if !ok {
		return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	if got.media == "application/jwt" && (text(claims, "iss") != p.OIDC.Issuer || !slices.Contains(texts(claims["aud"]), p.OIDC.ClientID)) {
		return nil, hub.E(op, hub.Refused, federation.UserInfoToken)
	}
	if subtle.ConstantTimeCompare([]byte(text(claims, "sub")), []byte(subject)) != 1 {
		return nil, hub.E(op, hub.Refused, federation.UserInfoSubject)
	}
	federation.Scrub(claims)
	return claims, nil
}

// signedUserInfo verifies a UserInfo answer that came as a JWT (Core section 5.3.2).
func (c *Connector) signedUserInfo(ctx context.Context, p federation.Provider, known *metadata, raw string) ([]byte, error) {
	const op = "oidcrp.userInfo"
	keys := &verifier{c: c, p: p, set: known.keys, algs: algorithms(*p.OIDC)}
	payload, err := keys.verify(ctx, raw)
	if errors.Is(err, hub.Refused) {
		return nil, hub.E(op, hub.Refused, federation.UserInfoToken)
	}
	return payload, err
}
