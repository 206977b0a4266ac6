package oidcop

import (
	"context"
	"time"

	"onedoor/hub"
)

const (
	// logoutTokenLife is how long a logout token is good: the specification recommends at most two minutes. A later try makes another one.
	logoutTokenLife = 2 * time.Minute
	logoutTokenType = "logout+jwt"
	logoutEvent     = "http://schemas.openid.net/event/backchannel-logout"
)

// wireLogoutToken are the claims of a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4). There is no nonce.
type wireLogoutToken struct {
	Issuer   string                         `json:"iss"`
	Subject  string                         `json:"sub"`
	Audience string                         `json:"aud"`
	IssuedAt int64                          `json:"iat"`
	Expires  int64                          `json:"exp"`
	ID       string                         `json:"jti"`
	Session  string                         `json:"sid"`
	Events   map[string]map[string]struct{} `json:"events"`
}

// logoutToken tells a client that a session of one of its people has ended. It is protected as the client's ID tokens are; id is the same
// on every try, so that a client that has heard it once knows it again.
func (p *Provider) logoutToken(ctx context.Context, c Client, id string, sess hub.SessionID, account hub.AccountID) (string, error) {
	now := p.now()
	signed, err := p.keys.SignJWT(c.alg(), logoutTokenType, wireLogoutToken{
		Issuer: p.issuer, Subject: p.subject(c, account), Audience: string(c.ID), IssuedAt: now.Unix(),
		Expires: now.Add(logoutTokenLife).Unix(), ID: id, Session: p.sid(c.ID, sess),
		Events: map[string]map[string]struct{}{logoutEvent: {}},
	})
	if err != nil || c.Encryption == (Encryption{}) {
		return signed, err
	}
	return p.encrypt(ctx, c, signed)
}
