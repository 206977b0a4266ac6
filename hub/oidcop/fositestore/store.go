// Package fositestore is what fosite stores, kept by hub/grant. It translates between fosite's storage interfaces (v0.49.0,
// handler/oauth2, handler/pkce) and grants with their credentials:
//
//   - a code or refresh token is consumed by one compare-and-set statement, never by read and delete;
//   - the PKCE challenge and the rest of the request stay with the code, so that one row is read once per request and then carried in
//     the request's own [Session];
//   - a credential of another client does not exist: its grant is neither told nor revoked (fosite revokes before it compares);
//   - access tokens are sealed and not stored at all.
//
// It owns no table, no lifetime and no wire format.
package fositestore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
	"github.com/ory/fosite/handler/pkce"

	"onedoor/hub"
	"onedoor/hub/grant"
)

// Store is fosite's storage over grants. It has no state of its own.
type Store struct{ grants *grant.Grants }

// New makes the storage.
func New(g *grant.Grants) (*Store, error) {
	if g == nil {
		return nil, hub.Errorf("fositestore.New", hub.Internal, "no Grants")
	}
	return &Store{grants: g}, nil
}

var (
	_ oauth2.CoreStorage            = (*Store)(nil)
	_ oauth2.TokenRevocationStorage = (*Store)(nil)
	_ pkce.PKCERequestStorage       = (*Store)(nil)
)

// failure says to fosite what it wants to hear and to us what it was.
type failure struct{ fosite, cause error }

func (f *failure) Error() string   { return f.cause.Error() }
func (f *failure) Unwrap() []error { return []error{f.fosite, f.cause} }

// Signature is the form in which fosite hands around the hash of a code or refresh token.
func Signature(hash [32]byte) string { return base64.RawURLEncoding.EncodeToString(hash[:]) }

func parseSignature(s string) (hash [32]byte, ok bool) {
	if base64.RawURLEncoding.DecodedLen(len(s)) != len(hash) {
		return hash, false
	}
	n, err := base64.RawURLEncoding.Strict().Decode(hash[:], []byte(s))
	return hash, err == nil && n == len(hash)
}

func sessionOf(s fosite.Session) (*Session, error) {
	sess, ok := s.(*Session)
	if !ok || sess == nil || sess.Client == nil {
		return nil, hub.Errorf("fositestore.sessionOf", hub.Internal, "not a session of ours")
	}
	return sess, nil
}

// CreateAuthorizeCodeSession starts the grant with its code, the challenge with it.
func (s *Store) CreateAuthorizeCodeSession(ctx context.Context, signature string, request fosite.Requester) error {
	const op = "fositestore.CreateAuthorizeCodeSession"
	sess, err := sessionOf(request.GetSession())
	if err != nil {
		return err
	}
	if sess.Code == nil || Signature(sess.Code.Hash) != signature {
		return hub.Errorf(op, hub.Internal, "no code was minted")
	}
	if sess.State.Challenge == "" != sess.NoChallenge || sess.State.RedirectURI == "" {
		return hub.Errorf(op, hub.Internal, "a code without challenge or redirect URI")
	}
	code := *sess.Code
	if code.State, err = sess.State.Encode(); err != nil {
		return err
	}
	return s.grants.Start(ctx, sess.Grant, code, sess.State.Level, sess.Also...)
}

// GetAuthorizeCodeSession reads the code once per request; after that the session carries it.
func (s *Store) GetAuthorizeCodeSession(ctx context.Context, signature string, session fosite.Session) (fosite.Requester, error) {
	return s.present(ctx, signature, session)
}

// present fills the session from the code that the client presents.
func (s *Store) present(ctx context.Context, signature string, session fosite.Session) (fosite.Requester, error) {
	const op = "fositestore.present"
	sess, err := sessionOf(session)
	if err != nil {
		return nil, err
	}
	hash, ok := parseSignature(signature)
	if !ok {
		return nil, &failure{fosite.ErrNotFound, hub.Errorf(op, hub.NotFound, "not a signature")}
	}
	if sess.Presented.Hash == hash && sess.Grant.ID != "" {
		return request(sess), nil
	}
	cred, gr, err := s.grants.Code(ctx, hash)
	kind := hub.KindOf(err)
	switch {
	case err != nil && kind != hub.Consumed && kind != hub.Expired:
		if kind == hub.NotFound {
			return nil, &failure{fosite.ErrNotFound, err}
		}
		return nil, err
	case string(gr.System) != sess.Client.GetID():
		return nil, &failure{fosite.ErrNotFound, hub.Errorf(op, hub.Denied, "issued to another client")}
	case err != nil && (cred.UsedAt.IsZero() || !gr.RevokedAt.IsZero()):
		// expired, or revoked already: nothing is left to revoke
		sess.Grant = gr
		return nil, &failure{fosite.ErrNotFound, err}
	case foreign(cred.State):
		// Used or not, it ends nothing here: whoever has seen such a code somewhere gets no way to sign people out with it.
		return nil, &failure{fosite.ErrNotFound, hub.Errorf(op, hub.Denied, "issued by another protocol")}
	}
	state, stateErr := DecodeState(cred.State)
	if stateErr != nil {
		return nil, stateErr
	}
	sess.Grant, sess.State, sess.Presented = gr, state, cred
	if err != nil {
		return request(sess), &failure{fosite.ErrInvalidatedAuthorizeCode, err}
	}
	return request(sess), nil
}

// foreign reports whether a code is of another protocol: codes of all of them rest in one place, and a system may be connected in two ways.
// Every code of ours remembers a redirect URI (see CreateAuthorizeCodeSession). What can't be read at all is none of theirs either.
func foreign(state []byte) bool {
	var w struct {
		RedirectURI string `json:"redirect_uri"`
	}
	return json.Unmarshal(state, &w) == nil && w.RedirectURI == ""
}

// request gives the authorization request again, as far as the token endpoint needs it.
func request(sess *Session) fosite.Requester {
	scopes := fosite.Arguments(append([]string(nil), sess.Grant.Scopes...))
	return &fosite.Request{
		ID:             string(sess.Grant.ID),
		RequestedAt:    sess.Grant.CreatedAt,
		Client:         sess.Client,
		RequestedScope: scopes,
		GrantedScope:   scopes,
		Form: url.Values{
			"redirect_uri":          {sess.State.RedirectURI},
			"code_challenge":        {sess.State.Challenge},
			"code_challenge_method": {"S256"},
		},
		Session: sess,
	}
}

// InvalidateAuthorizeCodeSession consumes the code: of several callers one succeeds.
func (s *Store) InvalidateAuthorizeCodeSession(ctx context.Context, signature string) error {
	hash, ok := parseSignature(signature)
	if !ok {
		return hub.Errorf("fositestore.InvalidateAuthorizeCodeSession", hub.Internal, "not a signature")
	}
	return s.grants.UseCode(ctx, hash)
}

// CreatePKCERequestSession has nothing to do: the challenge was kept with the code. It refuses a request whose challenge was not.
func (*Store) CreatePKCERequestSession(_ context.Context, _ string, request fosite.Requester) error {
	sess, err := sessionOf(request.GetSession())
	if err != nil {
		return err
	}
	if sess.State.Challenge != request.GetRequestForm().Get("code_challenge") {
		return hub.Errorf("fositestore.CreatePKCERequestSession", hub.Internal, "another challenge")
	}
	return nil
}

// GetPKCERequestSession gives the challenge that came with the code, without reading again.
func (*Store) GetPKCERequestSession(_ context.Context, signature string, session fosite.Session) (fosite.Requester, error) {
	const op = "fositestore.GetPKCERequestSession"
	sess, err := sessionOf(session)
	if err != nil {
		return nil, err
	}
	hash, ok := parseSignature(signature)
	if !ok || sess.Presented.Hash != hash {
		return nil, hub.Errorf(op, hub.Internal, "the code was not read before")
	}
	if sess.State.Challenge == "" { // the handler refuses that for all but the clients that may leave it out
		return nil, fosite.ErrNotFound
	}
	return request(sess), nil
}

// DeletePKCERequestSession has nothing to do: the challenge goes with the code.
func (*Store) DeletePKCERequestSession(context.Context, string) error { return nil }

// CreateRefreshTokenSession keeps the refresh token that the strategy minted.
func (s *Store) CreateRefreshTokenSession(ctx context.Context, signature, _ string, request fosite.Requester) error {
	const op = "fositestore.CreateRefreshTokenSession"
	sess, err := sessionOf(request.GetSession())
	if err != nil {
		return err
	}
	if sess.Refresh == nil || Signature(sess.Refresh.Hash) != signature {
		return hub.Errorf(op, hub.Internal, "no refresh token was minted")
	}
	next := *sess.Refresh
	if next.State, err = sess.State.Renewable().Encode(); err != nil {
		return err
	}
	return s.grants.AddRefresh(ctx, next)
}

// GetRefreshTokenSession finds nothing: the provider refreshes by itself.
func (*Store) GetRefreshTokenSession(context.Context, string, fosite.Session) (fosite.Requester, error) {
	return nil, fosite.ErrNotFound
}

// RotateRefreshToken is never asked, for the same reason.
func (*Store) RotateRefreshToken(context.Context, string, string) error { return fosite.ErrNotFound }

// DeleteRefreshTokenSession has nothing to do.
func (*Store) DeleteRefreshTokenSession(context.Context, string) error { return nil }

// RevokeRefreshToken has nothing to do: see RevokeAccessToken.
func (*Store) RevokeRefreshToken(context.Context, string) error { return nil }

// RevokeAccessToken has nothing to do. fosite calls both on reuse of a code and forgets to say why; the provider, which knows the grant from the session, revokes it with the reason.
func (*Store) RevokeAccessToken(context.Context, string) error { return nil }

// CreateAccessTokenSession has nothing to do: access tokens are sealed, not stored (D2).
func (*Store) CreateAccessTokenSession(context.Context, string, fosite.Requester) error { return nil }

// GetAccessTokenSession finds nothing: hub/token answers for access tokens.
func (*Store) GetAccessTokenSession(context.Context, string, fosite.Session) (fosite.Requester, error) {
	return nil, fosite.ErrNotFound
}

// DeleteAccessTokenSession has nothing to do.
func (*Store) DeleteAccessTokenSession(context.Context, string) error { return nil }
