package oidcop

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/pairwise"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// Protocol is this protocol's name in login.Request and in session participants.
const Protocol = "oidc"

// Paths of the endpoints below the issuer.
const (
	AuthorizePath     = "/oauth2/authorize"
	TokenPath         = "/oauth2/token"
	UserInfoPath      = "/oauth2/userinfo"
	IntrospectionPath = "/oauth2/introspect"
	RevocationPath    = "/oauth2/revoke"
	JWKSPath          = "/oauth2/jwks"
	DiscoveryPath     = "/.well-known/openid-configuration"
	PushedPath        = "/oauth2/par"
	MetadataPath      = "/.well-known/oauth-authorization-server" // RFC 8414 section 3
)

// Lifetimes.
const (
	codeLife        = time.Minute      // RFC 6749 section 4.1.2 allows ten
	idTokenLife     = 5 * time.Minute  // it is read once, at login
	accessTokenLife = 5 * time.Minute  // where the client registers none (SES-18)
	jwksLife        = 10 * time.Minute // how long a client may keep the keys; they are published longer before use
)

// Clients finds the systems that are registered as OpenID relying parties.
type Clients interface {
	// Client finds one, live or not. NotFound, Unavailable.
	Client(ctx context.Context, id hub.SystemID) (Client, error)
}

// Journey is the person's way through the login, and the pages beside it.
type Journey interface {
	// Begin starts the login. It answers the browser and calls [Provider.FinishLogin] in the end.
	Begin(w http.ResponseWriter, r *http.Request, req login.Request)
	// Refuse shows the error page: for a request that can't be answered at the client.
	Refuse(w http.ResponseWriter, r *http.Request, err error)
	// Post shows a page that sends the fields to a system by a form (OAuth 2.0 Form Post Response Mode).
	Post(w http.ResponseWriter, r *http.Request, to string, fields url.Values)
}

// Sessions is what the provider must know of sessions.
type Sessions interface {
	// Get finds a session, ended or not. NotFound, Unavailable.
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
	// Attributes opens the vault. NotFound, Expired: the session has ended. Invalid: the key does not fit. Unavailable.
	Attributes(ctx context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error)
}

// Tokens makes access tokens and answers for them.
type Tokens interface {
	// Seal gives the token's form on the wire.
	Seal(a token.Access) (string, error)
	// Validate opens a token and tells what it says while it is active. Invalid, NotFound, Expired, Consumed, Denied, Suspended: it
	// is not active. Any other error, Unavailable first of all: that can't be known.
	Validate(ctx context.Context, raw string) (token.Access, error)
	// ValidateAll is Validate for many: it appends a verdict on each, in order.
	ValidateAll(ctx context.Context, raw [][]byte, to []token.Verdict) []token.Verdict
	// RevokeToken ends one token.
	RevokeToken(ctx context.Context, a token.Access, at time.Time) error
}

// Keys signs ID tokens and publishes the keys.
type Keys interface {
	// SignJWT signs the claims (marshalled as JSON) with the key in use for the algorithm. NotFound where there is none.
	SignJWT(alg, typ string, claims any) (string, error)
	// JWKS gives the public keys as a JWK Set. The bytes must not be changed.
	JWKS() []byte
	// DecryptJWE opens a JWE that was made for our key of the algorithm. Invalid, NotFound: there is no such key.
	DecryptJWE(alg, raw string) ([]byte, error)
}

// Index makes keyed hashes.
type Index interface {
	Index(purpose string, parts ...string) []byte
	// AppendPair appends Index(purpose, first, second).
	AppendPair(to []byte, purpose, first, second string) []byte
}

// Transactor runs a function in one database transaction, or joins the one in ctx.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Together is InTx for a function that does not ask what its changes did: where one could not be made, Together says why, and the
	// function need not have heard of it.
	Together(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Provider is made of. All are required except PolicyURI, Failures, Pushes, MTLS, Items, Records, Elsewhere and Mandates.
type Options struct {
	Issuer    string // https URL without query, fragment and slash at the end; http for localhost only
	PolicyURI string // published identity-disclosure policy (PRV-08)
	// Registration is the address of the registration endpoint (RFC 7591), for the discovery document; "" where there is none.
	Registration string
	Clients      Clients
	Journey      Journey
	Grants       *grant.Grants
	Sessions     Sessions
	Tokens       Tokens
	Keys         Keys
	Index        Index
	Audit        audit.Recorder
	Tx           Transactor
	// Levels tells which levels can be reached through the providers that are connected now (LOA-03).
	Levels func(ctx context.Context) ([]hub.Level, error)
	Clock  hub.Clock
	Random io.Reader
	Log    *slog.Logger
	JWTs   JWTs
	Lists  StatusLists
	Agreed Agreement
	Pushed grant.PushedStore
	Once   grant.Once
	HTTP   *http.Client // for the keys that clients publish
	// Network tells the network that a request comes from, as coarse as it is limited by; "" where that can't be told.
	Network  func(ctx context.Context) string
	Failures FailureRate // of client authentication
	MTLS     *MTLS       // nil where no client can prove itself by a certificate
	// Settle waits until what a transaction ended that has just committed is ended on every node, or until ctx ends (invariant 1).
	Settle func(ctx context.Context)
	// Pushes is how often a public client may push a request from one network (RFC 9126): Burst at once, then one each Every.
	Pushes  FailureRate
	Exit    Exit
	Logouts Logouts
	Items   Items   // gives meaning to authorization details; nil where there are none
	Records Records // what departments know persons by; nil where they keep nothing
	// Elsewhere is asked about tokens that are none of ours; nil where nobody else's are answered for.
	Elsewhere Elsewhere
	Mandates  Mandates // nil where nobody acts for entities
}

// Provider is the OpenID provider. Its methods are safe for concurrent use.
type Provider struct {
	issuer       string
	policyURI    string
	registration string
	clients      Clients
	journey      Journey
	grants       *grant.Grants
	sessions     Sessions
	tokens       Tokens
	keys         Keys
	index        Index
	audit        audit.Recorder
	tx           Transactor
	levels       func(ctx context.Context) ([]hub.Level, error)
	clock        hub.Clock
	random       io.Reader
	log          *slog.Logger
	jwts         JWTs
	lists        StatusLists
	agreed       Agreement
	config       *fosite.Config
	laxConfig    *fosite.Config // for clients that may leave PKCE out

	pushed     grant.PushedStore
	once       grant.Once
	network    func(ctx context.Context) string
	elsewhere  Elsewhere
	settle     func(ctx context.Context)
	failures   *failures
	refusals   *failures // that concern no session
	pushes     *failures // requests pushed by public clients, counted alike
	clientKeys *clientKeys
	mtls       *MTLS
	items      Items
	records    Records
	mandates   Mandates
	entities   *pairwise.Entities

	exit    Exit
	logouts Logouts

	*rendered
	released *releases
}

// New checks the options. Invalid for the issuer, Internal for a dependency that is missing.
func New(o Options) (*Provider, error) {
	const op = "oidcop.New"
	if err := checkIssuer(o.Issuer); err != nil {
		return nil, err
	}
	for _, d := range []struct {
		name    string
		missing bool
	}{
		{"Clients", o.Clients == nil},
		{"Journey", o.Journey == nil},
		{"Grants", o.Grants == nil},
		{"Sessions", o.Sessions == nil},
		{"Tokens", o.Tokens == nil},
		{"Keys", o.Keys == nil},
		{"Index", o.Index == nil},
		{"Audit", o.Audit == nil},
		{"Tx", o.Tx == nil},
		{"Levels", o.Levels == nil},
		{"Clock", o.Clock == nil},
		{"Random", o.Random == nil},
		{"Log", o.Log == nil},
		{"JWTs", o.JWTs == nil},
		{"Lists", o.Lists == nil},
		{"Agreed", o.Agreed == nil},
		{"Pushed", o.Pushed == nil},
		{"Once", o.Once == nil},
		{"HTTP", o.HTTP == nil},
		{"Network", o.Network == nil},
		{"Settle", o.Settle == nil},
		{"Exit", o.Exit == nil},
		{"Logouts", o.Logouts == nil},
	} {
		if d.missing {
			return nil, hub.Errorf(op, hub.Internal, "no "+d.name)
		}
	}
	if err := o.MTLS.check(); err != nil {
		return nil, err
	}
	store, err := fositestore.New(o.Grants)
	if err != nil {
		return nil, err
	}
	p := &Provider{
		issuer: o.Issuer, policyURI: o.PolicyURI, registration: o.Registration, clients: o.Clients, journey: o.Journey, grants: o.Grants, sessions: o.Sessions,
		tokens: o.Tokens, keys: o.Keys, index: o.Index, audit: o.Audit, tx: o.Tx, levels: o.Levels, clock: o.Clock,
		random: o.Random, log: o.Log, jwts: o.JWTs, lists: o.Lists, agreed: o.Agreed, pushed: o.Pushed, once: o.Once, network: o.Network,
		elsewhere: o.Elsewhere, mtls: o.MTLS, items: o.Items, records: o.Records, settle: o.Settle,
		failures: newFailures(o.Failures, o.Clock), refusals: newRefusals(o.Failures, o.Clock), pushes: newFailures(o.Pushes, o.Clock),
		exit: o.Exit, logouts: o.Logouts,
	}
	p.config, p.laxConfig = p.newConfig(store), p.withoutPKCE(store)
	p.released, p.mandates = newReleases(), o.Mandates
	if p.entities, err = pairwise.New(o.Index); err != nil {
		return nil, err
	}
	if p.clientKeys, err = newClientKeys(o.HTTP, o.Clock); err != nil {
		return nil, err
	}
	if p.rendered, err = newRendered(o.Issuer); err != nil {
		return nil, err
	}
	return p, nil
}

func checkIssuer(issuer string) error {
	const op = "oidcop.New"
	u, err := url.Parse(issuer)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return hub.Errorf(op, hub.Invalid, "the issuer is not an absolute URL")
	case !secureRedirect(issuer):
		return hub.Errorf(op, hub.Invalid, "the issuer must be https without fragment and user")
	case strings.ContainsAny(issuer, "?#") || strings.HasSuffix(issuer, "/"):
		return hub.Errorf(op, hub.Invalid, "the issuer must have no query, no fragment and no slash at the end")
	}
	return nil
}

// Routes gives a handler for each path below the issuer. Every handler checks the method itself.
func (p *Provider) Routes() map[string]http.Handler {
	return map[string]http.Handler{
		AuthorizePath:     http.HandlerFunc(p.Authorize),
		TokenPath:         http.HandlerFunc(p.Token),
		UserInfoPath:      http.HandlerFunc(p.UserInfo),
		IntrospectionPath: http.HandlerFunc(p.Introspect),
		BatchPath:         http.HandlerFunc(p.IntrospectBatch),
		RevocationPath:    http.HandlerFunc(p.Revoke),
		JWKSPath:          http.HandlerFunc(p.JWKS),
		DiscoveryPath:     http.HandlerFunc(p.Discovery),
		MetadataPath:      http.HandlerFunc(p.Discovery),
		PushedPath:        http.HandlerFunc(p.Push),
		StatusListPath:    http.HandlerFunc(p.StatusList),
		EndSessionPath:    http.HandlerFunc(p.EndSession),
	}
}

// now is the time as the database keeps it: whole microseconds.
func (p *Provider) now() time.Time { return p.clock().UTC().Truncate(time.Microsecond) }
