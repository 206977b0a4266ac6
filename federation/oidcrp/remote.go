package oidcrp

import (
	"cmp"
	"context"
	"crypto/sha256"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

// How long what a provider publishes is taken for true.
const (
	metadataFresh = time.Hour       // then asked again
	metadataStale = 24 * time.Hour  // the longest without an answer
	retryFresh    = time.Minute     // between attempts while what is known still serves
	retryNothing  = 3 * time.Second // between attempts while nothing is known
)

// metadata is what must be known of a provider: from its record, else from discovery.
type metadata struct {
	authorization string
	token         string
	userInfo      string
	revocation    string
	introspection string
	endSession    string // OpenID Connect RP-Initiated Logout 1.0 section 2.1
	push          string // pushed authorization requests (RFC 9126); empty where they are not used
	announcesIss  bool   // authorization_response_iss_parameter_supported (RFC 9207 section 3)
	keys          *keySet
	at            time.Time // of the fetch
}

// remote remembers one provider's metadata, for one state of its settings.
type remote struct {
	settings [32]byte
	now      atomic.Pointer[metadata]
	turn     chan struct{} // holds one: who fetches

	// Guarded by turn.
	tried   time.Time
	failure error
}

// metadata gives what is known of the provider, fetched at the first need and again when it is old. Several callers wait for
// one fetch; while something usable is known, nobody waits for a provider that is slow to say it again, but the one caller who asks.
func (c *Connector) metadata(ctx context.Context, p federation.Provider) (*metadata, error) {
	const op = "oidcrp.metadata"
	r := c.remote(p)
	now := c.clock()
	known := r.now.Load()
	if known != nil && now.Sub(known.at) < metadataFresh {
		return known, nil
	}
	usable := known != nil && now.Sub(known.at) < metadataStale
	if usable {
		select {
		case r.turn <- struct{}{}:
		default:
			return known, nil
		}
	} else {
		select {
		case r.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, hub.E(op, hub.Unavailable, network(ctx, ctx.Err()))
		}
	}
	defer func() { <-r.turn }()
	if k := r.now.Load(); k != known && k != nil {
		return k, nil // another caller fetched while this one waited
	}
	pause := retryNothing
	if usable {
		pause = retryFresh
	}
	if r.failure != nil && now.Sub(r.tried) < pause {
		if usable {
			return known, nil
		}
		return nil, r.failure
	}
	fetched, err := c.learn(ctx, p, known)
	if err != nil {
		if ctx.Err() == nil { // else it is the caller who had no time, not the provider who failed
			r.tried, r.failure = now, err
		}
		if usable {
			return known, nil
		}
		return nil, err
	}
	r.failure = nil
	r.now.Store(fetched)
	return fetched, nil
}

// remote gives the memory for the provider. A change of its settings begins a new one.
func (c *Connector) remote(p federation.Provider) *remote {
	o := p.OIDC
	settings := sha256.Sum256([]byte(strings.Join([]string{
		o.Issuer, o.DiscoveryURL, o.Authorization, o.Token, o.UserInfo, o.JWKS, o.Revocation, string(o.Push), o.PushEndpoint, o.Logout.EndSession, strconv.FormatBool(o.Logout.Browser), strconv.FormatBool(o.Logout.Revoke),
		o.Quirks.APIKeyHeader, strings.Join(o.Scopes, " "), strconv.FormatBool(o.Quirks.AnyContentType),
	}, "\x00")))
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.remotes[p.ID]
	if r == nil || r.settings != settings {
		r = &remote{settings: settings, turn: make(chan struct{}, 1)}
		c.remotes[p.ID] = r
	}
	return r
}

// Published tells when a provider's metadata was last read, from memory: it asks nobody.
func (c *Connector) Published(p federation.Provider) (out federation.Published) {
	if p.OIDC == nil {
		return out
	}
	if known := c.remote(p).now.Load(); known != nil {
		out.At, out.Until = known.at, known.at.Add(metadataStale)
	}
	return out
}

// document is OpenID Provider Metadata (Discovery section 3, RFC 8414 section 2), as far as it is used.
type document struct {
	issuer        string
	authorization string
	token         string
	userInfo      string
	jwks          string
	revocation    string
	introspection string
	endSession    string
	push          string // RFC 9126 section 5
	mustPush      bool
	announcesIss  bool
}

// readDocument reads the members by their exact names. False where one is of another type than it must be.
func readDocument(m map[string]any) (d document, ok bool) {
	ok = true
	for name, into := range map[string]*string{
		"issuer": &d.issuer, "authorization_endpoint": &d.authorization, "token_endpoint": &d.token,
		"userinfo_endpoint": &d.userInfo, "jwks_uri": &d.jwks, "revocation_endpoint": &d.revocation,
		"introspection_endpoint": &d.introspection, "pushed_authorization_request_endpoint": &d.push, "end_session_endpoint": &d.endSession,
	} {
		if v := m[name]; v != nil {
			var is bool
			*into, is = v.(string)
			ok = ok && is
		}
	}
	for name, into := range map[string]*bool{
		"authorization_response_iss_parameter_supported": &d.announcesIss, "require_pushed_authorization_requests": &d.mustPush,
	} {
		if v := m[name]; v != nil {
			var is bool
			*into, is = v.(bool)
			ok = ok && is
		}
	}
	return d, ok
}

// safe reports whether every address is one that the provider may send us or a browser to. Only one who is on this machine itself
// may name addresses on it without TLS: else anybody's metadata could aim our calls at what listens beside us.
func (d document) safe() bool {
	for _, address := range []string{d.authorization, d.token, d.userInfo, d.jwks, d.revocation, d.introspection, d.push, d.endSession} {
		if address != "" && (!federation.SafeURL(address) || strings.HasPrefix(d.issuer, "https:") && !strings.HasPrefix(address, "https:")) {
			return false
		}
	}
	return true
}

// learn puts together the record's addresses and, where they are not complete, the discovered ones.
func (c *Connector) learn(ctx context.Context, p federation.Provider, before *metadata) (*metadata, error) {
	const op = "oidcrp.learn"
	o := p.OIDC
	var d document
	if o.DiscoveryURL != "" || o.Authorization == "" || o.Logout.Browser && o.Logout.EndSession == "" || o.Logout.Revoke && o.Revocation == "" || o.Token == "" || asksOpenID(*o) && o.JWKS == "" ||
		o.Push == federation.PushRequired && o.PushEndpoint == "" {
		var err error
		if d, err = c.discover(ctx, p); err != nil {
			return nil, err
		}
	}
	m := &metadata{
		authorization: cmp.Or(o.Authorization, d.authorization),
		token:         cmp.Or(o.Token, d.token),
		userInfo:      cmp.Or(o.UserInfo, d.userInfo),
		revocation:    cmp.Or(o.Revocation, d.revocation),
		introspection: d.introspection,
		endSession:    cmp.Or(o.Logout.EndSession, d.endSession),
		announcesIss:  d.announcesIss,
		at:            c.clock(),
	}
	if o.Push != federation.PushNever {
		m.push = cmp.Or(o.PushEndpoint, d.push)
	}
	jwks := cmp.Or(o.JWKS, d.jwks)
	mustPush := o.Push == federation.PushRequired || d.mustPush && o.Push != federation.PushNever
	if m.authorization == "" || m.token == "" || asksOpenID(*o) && jwks == "" || mustPush && m.push == "" {
		return nil, hub.E(op, hub.Refused, federation.EndpointMissing)
	}
	switch {
	case jwks == "":
	case before != nil && before.keys != nil && before.keys.address == jwks:
		m.keys = before.keys
	default:
		m.keys = newKeySet(jwks, c.clock)
	}
	return m, nil
}

// discover fetches the metadata document and holds it against the issuer (Discovery section 4.3).
func (c *Connector) discover(ctx context.Context, p federation.Provider) (document, error) {
	const op = "oidcrp.discover"
	address := cmp.Or(p.OIDC.DiscoveryURL, strings.TrimSuffix(p.OIDC.Issuer, "/")+"/.well-known/openid-configuration")
	got, err := c.get(ctx, op, p, address, maxDiscovery, "")
	if err != nil {
		return document{}, err
	}
	if got.status != http.StatusOK {
		return document{}, statusFailure(op, got.status)
	}
	m, err := c.object(op, p, got)
	if err != nil {
		return document{}, err
	}
	d, ok := readDocument(m)
	switch {
	case !ok:
		return document{}, hub.E(op, hub.Refused, federation.ResponseMalformed)
	case d.issuer != p.OIDC.Issuer:
		return document{}, hub.E(op, hub.Refused, federation.DiscoveryIssuer)
	case !d.safe():
		return document{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	return d, nil
}
