package oidcrp

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// LogoutProtocol is the name of this side's way of logout, in session participants.
const LogoutProtocol = "oidc-upstream"

// kept is what of a login the provider must be shown when its session ends. It rests sealed, and only what the record asks to be kept.
type kept struct {
	Hint  string `json:"hint,omitempty"`  // the ID token
	Token string `json:"token,omitempty"` // the access token
}

// upstream gives the provider's own session, as far as a logout needs it.
func (c *Connector) upstream(p federation.Provider, known *metadata, t tokens, claims federation.Claims) (hub.Upstream, error) {
	const op = "oidcrp.upstream"
	out := hub.Upstream{Names: c.names(p.ID, claims.Subject, claims.Session)}
	var keep kept
	switch l := p.OIDC.Logout; {
	case l.Browser && known.endSession != "":
		if l.Hint {
			keep.Hint = t.id
		}
	case l.Revoke && known.revocation != "":
		keep.Token = t.access
	default:
		return out, nil
	}
	out.Protocol = LogoutProtocol
	if keep == (kept{}) {
		return out, nil
	}
	plain, err := json.Marshal(keep)
	if err != nil {
		return hub.Upstream{}, hub.E(op, hub.Internal, err)
	}
	sealed, err := c.seal(plain)
	if err != nil {
		return hub.Upstream{}, hub.E(op, hub.Internal, err)
	}
	out.Ref = base64.RawURLEncoding.EncodeToString(sealed)
	return out, nil
}

// unseal opens a handle. What does not open, because the master key was lost, holds nothing any more.
func (c *Connector) unseal(ref string) (k kept) {
	sealed, err := base64.RawURLEncoding.DecodeString(ref)
	if err != nil || len(sealed) == 0 {
		return kept{}
	}
	plain, err := c.open(sealed)
	if err != nil || json.Unmarshal(plain, &k) != nil {
		return kept{}
	}
	return k
}

// Records gives trust records; federation.Registry has it.
type Records interface {
	// Record gives a provider, in service or not: whoever is not trusted any more may still hold a session. NotFound, Unavailable.
	Record(id hub.ProviderID) (federation.Provider, error)
}

// Way tells OpenID providers that a session which they have begun has ended: through the person's browser (OpenID Connect RP-Initiated
// Logout 1.0), or by giving back the access token (RFC 7009) where that is all they have.
type Way struct {
	c       *Connector
	records Records
	back    func(hub.ProviderID) string
}

var _ logout.Way = (*Way)(nil)

// Way gives the way to tell providers. back gives the address registered at a provider as post_logout_redirect_uri; see Endpoints.Done.
// Internal where something is missing.
func (c *Connector) Way(records Records, back func(hub.ProviderID) string) (*Way, error) {
	if records == nil || back == nil {
		return nil, hub.Errorf("oidcrp.Way", hub.Internal, "no records, or no address to come back to")
	}
	return &Way{c, records, back}, nil
}

// Protocol implements logout.Way.
func (*Way) Protocol() string { return LogoutProtocol }

// Means implements logout.Way.
func (w *Way) Means(x session.Participant) logout.Means {
	p, err := w.records.Record(x.Provider)
	switch {
	case err != nil || p.OIDC == nil:
		return logout.Nothing
	case p.OIDC.Logout.Browser:
		return logout.Browser
	case p.OIDC.Logout.Revoke && x.Ref != "":
		return logout.Direct
	}
	return logout.Nothing
}

// Host implements logout.Way.
func (w *Way) Host(n logout.Notice) string {
	p, err := w.records.Record(n.Provider)
	if err != nil || p.OIDC == nil {
		return ""
	}
	address := p.OIDC.Issuer
	if known := w.c.remote(p).now.Load(); known != nil {
		address = known.revocation
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Tell implements logout.Way: it gives the access token back. A provider that does not know the token any more has confirmed as well
// (RFC 7009 section 2.2); one that says that the request is wrong will say so again.
func (w *Way) Tell(ctx context.Context, n logout.Notice) error {
	const op = "oidcrp.Tell"
	p, known, err := w.provider(ctx, n)
	if err != nil {
		return err
	}
	token := w.c.unseal(n.Ref).Token
	if token == "" || known.revocation == "" || !p.OIDC.Logout.Revoke {
		return hub.Errorf(op, hub.NotFound, "nothing to give back")
	}
	form := url.Values{"token": {presented(p.OIDC.Quirks, token)}, "token_type_hint": {"access_token"}}
	got, err := w.c.post(ctx, op, p, known, known.revocation, form, maxSmall)
	switch {
	case err != nil:
		return hub.E(op, hub.Unavailable, federation.Cause(federation.Reason(err)))
	case got.status == http.StatusOK || got.status == http.StatusNoContent:
		return nil
	case got.status == http.StatusBadRequest:
		return hub.E(op, hub.Refused, federation.StatusUnexpected)
	}
	return hub.E(op, hub.Unavailable, federation.StatusUnexpected)
}

// away is what the state of a visit holds, sealed: which notice it is, and where the browser set out from.
type away struct {
	Notice string `json:"notice"`
	Back   string `json:"back"`
}

func (c *Connector) sealAway(a away) (string, error) {
	plain, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	sealed, err := c.seal(plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// readAway opens a state. False for one that is none of ours.
func (c *Connector) readAway(state string, a *away) bool {
	const longest = 4 << 10
	sealed, err := base64.RawURLEncoding.DecodeString(state)
	if err != nil || len(sealed) == 0 || len(state) > longest {
		return false
	}
	plain, err := c.open(sealed)
	return err == nil && json.Unmarshal(plain, a) == nil && hub.ValidID(a.Notice) && a.Back != ""
}

// Visit implements logout.Way (OpenID Connect RP-Initiated Logout 1.0 section 2). By the state the browser is known again when it comes back.
func (w *Way) Visit(ctx context.Context, n logout.Notice, back string) (logout.Visit, error) {
	const op = "oidcrp.Visit"
	p, known, err := w.provider(ctx, n)
	if err != nil {
		return logout.Visit{}, err
	}
	if !p.OIDC.Logout.Browser || known.endSession == "" {
		return logout.Visit{}, hub.Errorf(op, hub.NotFound, "the provider has no such endpoint")
	}
	target, err := url.Parse(known.endSession)
	if err != nil {
		return logout.Visit{}, hub.E(op, hub.NotFound, federation.EndpointUnsafe)
	}
	q := target.Query()
	q.Set("client_id", p.OIDC.ClientID)
	q.Set("post_logout_redirect_uri", w.back(p.ID))
	state, err := w.c.sealAway(away{n.ID, back})
	if err != nil {
		return logout.Visit{}, hub.E(op, hub.Unavailable, err)
	}
	q.Set("state", state)
	if hint := w.c.unseal(n.Ref).Hint; hint != "" && p.OIDC.Logout.Hint {
		q.Set("id_token_hint", hint)
	}
	target.RawQuery = q.Encode()
	return logout.Visit{URL: target.String()}, nil
}

func (w *Way) provider(ctx context.Context, n logout.Notice) (federation.Provider, *metadata, error) {
	p, err := w.records.Record(n.Provider)
	if err != nil {
		return p, nil, err
	}
	if p.OIDC == nil {
		return p, nil, hub.Errorf("oidcrp.provider", hub.NotFound, "a provider of another protocol")
	}
	known, err := w.c.metadata(ctx, p)
	if err != nil {
		return p, nil, hub.E("oidcrp.provider", hub.Unavailable, federation.Cause(federation.Reason(err)))
	}
	return p, known, nil
}
