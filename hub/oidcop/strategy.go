package oidcop

import (
	"context"
	"encoding/base64"
	"slices"
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// strategy makes and checks the three credentials for fosite. Codes and refresh tokens are 256 random bits, known to the store by
// SHA-256 ("signature" in fosite's words); access tokens are sealed.
type strategy struct{ p *Provider }

var _ oauth2.CoreStrategy = (*strategy)(nil)

// carried finds our session and client in a fosite request.
func carried(r fosite.Requester) (*fositestore.Session, Client, error) {
	sess, ok := r.GetSession().(*fositestore.Session)
	if !ok || sess == nil {
		return nil, Client{}, hub.Errorf("oidcop.carried", hub.Internal, "not a session of ours")
	}
	fc, ok := sess.Client.(*fositeClient)
	if !ok {
		return nil, Client{}, hub.Errorf("oidcop.carried", hub.Internal, "not a client of ours")
	}
	return sess, fc.client, nil
}

// signature gives the hash of a code or refresh token, "" where it does not look like one: nothing has that hash.
func signature(credential string) string {
	secret, err := hub.ParseSecret(credential)
	if err != nil {
		return ""
	}
	return fositestore.Signature(secret.Hash())
}

// AuthorizeCodeSignature gives the hash of a code.
func (*strategy) AuthorizeCodeSignature(_ context.Context, code string) string {
	return signature(code)
}

// RefreshTokenSignature gives the hash of a refresh token.
func (*strategy) RefreshTokenSignature(_ context.Context, refresh string) string {
	return signature(refresh)
}

// AccessTokenSignature gives nothing: access tokens are not stored.
func (*strategy) AccessTokenSignature(context.Context, string) string { return "" }

// GenerateAuthorizeCode mints a code with the vault key wrapped under it.
func (s *strategy) GenerateAuthorizeCode(_ context.Context, r fosite.Requester) (code, sig string, err error) {
	sess, _, err := carried(r)
	if err != nil {
		return "", "", err
	}
	secret, cred, err := s.p.grants.Mint(grant.AuthorizationCode, sess.Grant.ID, sess.Vault, s.p.now().Add(codeLife))
	if err != nil {
		return "", "", err
	}
	sess.Code = &cred
	return secret.Reveal(), fositestore.Signature(cred.Hash), nil
}

// GenerateRefreshToken does the same for a refresh token.
func (s *strategy) GenerateRefreshToken(_ context.Context, r fosite.Requester) (refresh, sig string, err error) {
	sess, _, err := carried(r)
	if err != nil {
		return "", "", err
	}
	secret, cred, err := s.p.grants.Mint(grant.RefreshToken, sess.Grant.ID, sess.Vault, sess.Grant.ExpiresAt)
	if err != nil {
		return "", "", err
	}
	sess.Refresh = &cred
	return secret.Reveal(), fositestore.Signature(cred.Hash), nil
}

// ValidateAuthorizeCode unwraps the vault key with the code that is presented. The store has checked expiry and use.
func (*strategy) ValidateAuthorizeCode(_ context.Context, r fosite.Requester, code string) error {
	sess, _, err := carried(r)
	if err != nil {
		return err
	}
	return unwrap(grant.AuthorizationCode, sess, code)
}

// ValidateRefreshToken is never asked: the provider refreshes by itself.
func (*strategy) ValidateRefreshToken(context.Context, fosite.Requester, string) error {
	return fosite.ErrInactiveToken
}

func unwrap(form grant.Form, sess *fositestore.Session, credential string) error {
	secret, err := hub.ParseSecret(credential)
	if err != nil {
		return err
	}
	key, err := grant.VaultKey(form, secret, sess.Presented)
	if err != nil {
		return err
	}
	sess.Vault = key
	return nil
}

// GenerateAccessToken seals an access token.
func (s *strategy) GenerateAccessToken(ctx context.Context, r fosite.Requester) (access, sig string, err error) {
	sess, client, err := carried(r)
	if err != nil {
		return "", "", err
	}
	raw, err := s.p.seal(ctx, client, sess)
	return raw, sess.AccessID, err
}

// seal makes the access token of a session, and notes in it what it is called and how long it lives.
func (p *Provider) seal(ctx context.Context, client Client, sess *fositestore.Session) (string, error) {
	now := p.now()
	end := now.Add(client.accessLife())
	// No token outlives its grant, or the limit of the level that was demanded (SES-07 to SES-09): who asks about it later asks no SQL.
	limit := sess.State.AuthTime.Add(session.LimitFor(sess.State.Required.Join(client.Least).AAL).Age)
	for _, t := range []time.Time{sess.Grant.ExpiresAt, limit} {
		if t.Before(end) {
			end = t
		}
	}
	scopes := effectiveScopes(sess)
	a := token.Access{
		ID: hub.NewID(p.random), Grant: sess.Grant.ID, Session: sess.Grant.Session, Account: sess.Grant.Account,
		System: client.ID, Interaction: sess.Grant.Interaction, Scopes: scopes,
		Release: within(sess.Grant.Release, slices.Concat(releasable(scopes, client.Attributes), within(sess.State.UserInfo, client.Attributes))),
		Level:   sess.State.Level, AuthTime: sess.State.AuthTime, IssuedAt: now, ExpiresAt: end, Bound: sess.Bound, Details: sess.Details, MayAct: client.MayAct,
		Records: sess.Records,
		Entity:  sess.Grant.Entity,
		Rests:   token.Rests(sess.Presented.Holder.RestsOn()),
	}
	asked := sess.State.Resources != nil || sess.Resources != nil
	for _, r := range client.Audience {
		if named(sess, r.System) && (a.Entity == "" || slices.Contains(sess.Reach, r.System)) {
			a.Audience = append(a.Audience, string(r.System))
		}
	}
	if len(a.Release) > 0 {
		a.VaultKey = sess.Vault
	}
	raw, err := p.issue(ctx, &a, alone(client.Audience, a.Audience, asked), sess.State.Methods)
	if err != nil {
		return "", err
	}
	sess.AccessID, sess.AccessExpires = a.ID, a.ExpiresAt
	return raw, nil
}

// ValidateAccessToken is never asked: hub/token answers for access tokens.
func (*strategy) ValidateAccessToken(context.Context, fosite.Requester, string) error {
	return fosite.ErrRequestUnauthorized
}

// effectiveScopes are those granted, or fewer where a refresh asked for fewer.
func effectiveScopes(sess *fositestore.Session) []string {
	if len(sess.Scopes) > 0 {
		return sess.Scopes
	}
	return sess.Grant.Scopes
}

func encodeHash(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
