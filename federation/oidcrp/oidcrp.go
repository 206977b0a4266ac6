// Package oidcrp is the relying party towards OpenID providers: one connector for all of them, ThaID among them, whose
// differences are data (federation.Quirks).
//
// It owns the authorization request (RFC 6749 section 4.1, OpenID Connect Core section 3.1.2), PKCE S256 (RFC 7636), the
// check of the answer against mix-up (RFC 9207, RFC 9700 section 4.4), the code exchange, the ID token's validation (Core
// section 3.1.3.7), UserInfo (Core section 5.3), discovery and key sets with their limits. Of go-oidc it uses the ID token
// verifier; what that leaves to its caller is done here: state, nonce, azp, iat, at_hash, auth_time, subject of UserInfo,
// bounded bodies, bounded and periodic key fetches, discovery that is refreshed, pushed requests (RFC 9126), the hub's own key as
// credential (RFC 7523), encrypted answers (RFC 7516). It owns both directions of logout with such providers: their logout tokens and frames
// (OpenID Connect Back-Channel Logout 1.0, Front-Channel Logout 1.0), and what tells them (RP-Initiated Logout 1.0, RFC 7009).
//
// It does not own the trust record, the meaning of levels and claims (federation) or who keeps state between Start and
// Finish (hub/login). It keeps no claim, and a token only
// where the record asks for it, sealed: for the end of the session (see Way).
//
// A provider that is asked without openid and does not bear PKCE (ThaID's flat mode) protects the code by state alone: ask
// for openid wherever the provider can.
package oidcrp

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// Options of a Connector.
type Options struct {
	// HTTP makes the back-channel calls. Its transport decides about proxies, TLS roots and forbidden addresses; its
	// redirect policy and cookie jar are not used: a back channel follows nobody and remembers nothing.
	HTTP   *http.Client
	Clock  hub.Clock
	Random io.Reader
	// Open opens a sealed secret of ours.
	Open func(sealed []byte) ([]byte, error)
	// Seal closes a secret under the master key, for Open.
	Seal func(plain []byte) ([]byte, error)
	// Index makes keyed hashes: of the names by which providers speak of sessions.
	Index func(purpose string, parts ...string) []byte
	// Sign gives claims as a JWT signed with the hub's own key for the algorithm (private_key_jwt); the key is in the hub's JWKS.
	Sign func(alg string, claims any) (string, error)
	// Decrypt opens a JWE that was encrypted for the hub's key of the algorithm, and refuses every other one. Invalid where it is
	// not of the agreed form, NotFound where no key opens it.
	Decrypt func(alg, raw string) ([]byte, error)
	// Callback gives the redirect URI for a provider. Each provider's must be its own (RFC 9700 section 4.4.2).
	Callback func(hub.ProviderID) string
	Log      *slog.Logger
	// CallTimeout bounds each back-channel call; default 5 s.
	CallTimeout time.Duration
	// Patience is the longest time from Start to Finish; default 15 min.
	Patience time.Duration
}

// The times that are not options.
const (
	defaultCallTimeout = 5 * time.Second
	defaultPatience    = 15 * time.Minute
	skew               = time.Minute    // by how much a provider's clock may differ
	oldestLogin        = 12 * time.Hour // greatest age of a login there that is taken without a wish (SES-08)
	revokeTimeout      = 2 * time.Second
)

// Connector speaks OpenID Connect to any provider. It is a federation.Upstream, safe for concurrent use.
type Connector struct {
	http        *http.Client
	clock       hub.Clock
	random      io.Reader
	open        func([]byte) ([]byte, error)
	seal        func([]byte) ([]byte, error)
	index       func(string, ...string) []byte
	sign        func(string, any) (string, error)
	decrypt     func(string, string) ([]byte, error)
	callback    func(hub.ProviderID) string
	log         *slog.Logger
	callTimeout time.Duration
	patience    time.Duration

	mu      sync.Mutex
	remotes map[hub.ProviderID]*remote
}

var _ federation.Upstream = (*Connector)(nil)

// New gives a connector. It calls nobody until it is used.
func New(o Options) (*Connector, error) {
	const op = "oidcrp.New"
	for name, missing := range map[string]bool{
		"no HTTP client": o.HTTP == nil, "no clock": o.Clock == nil, "no randomness": o.Random == nil,
		"no way to open secrets": o.Open == nil, "no way to seal secrets": o.Seal == nil, "no index": o.Index == nil, "no signer": o.Sign == nil, "no decryption": o.Decrypt == nil, "no callback": o.Callback == nil, "no log": o.Log == nil,
		"negative time": o.CallTimeout < 0 || o.Patience < 0,
	} {
		if missing {
			return nil, hub.Errorf(op, hub.Internal, name)
		}
	}
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	return &Connector{
		http: &client, clock: o.Clock, random: o.Random, open: o.Open, seal: o.Seal, index: o.Index, sign: o.Sign, decrypt: o.Decrypt, callback: o.Callback, log: o.Log,
		callTimeout: cmp.Or(o.CallTimeout, defaultCallTimeout),
		patience:    cmp.Or(o.Patience, defaultPatience),
		remotes:     make(map[hub.ProviderID]*remote),
	}, nil
}

// Start builds the authorization request. Unavailable where the endpoints can't be learnt; Refused where what the provider
// publishes can't be trusted.
func (c *Connector) Start(ctx context.Context, p federation.Provider, ask login.Ask) (login.Redirect, error) {
	const op = "oidcrp.Start"
	if p.OIDC == nil || ask.State == "" {
		return login.Redirect{}, hub.Errorf(op, hub.Internal, "no settings or no state")
	}
	o := *p.OIDC
	known, err := c.metadata(ctx, p)
	if err != nil {
		return login.Redirect{}, err
	}
	target, err := url.Parse(known.authorization)
	if err != nil {
		return login.Redirect{}, hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	asked := question{
		Provider: p.ID, Issuer: o.Issuer, Callback: c.callback(p.ID), Started: c.clock().UnixMicro(),
	}
	q := url.Values{}
	q.Set("response_type", "code")
	q.Set("client_id", o.ClientID)
	q.Set("redirect_uri", asked.Callback)
	q.Set("scope", strings.Join(o.Scopes, " "))
	q.Set("state", ask.State)
	if usesPKCE(o) {
		asked.Verifier = c.token()
		challenge := sha256.Sum256([]byte(asked.Verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]))
		q.Set("code_challenge_method", "S256")
	}
	if asksOpenID(o) {
		if !o.Quirks.NoNonce {
			asked.Nonce = c.token()
			q.Set("nonce", asked.Nonce)
		}
		asked.wish(q, o, ask)
		if err := asked.level(q, p, ask.Want); err != nil {
			return login.Redirect{}, err
		}
		if locales := locales(ask.Languages); locales != "" {
			q.Set("ui_locales", locales)
		}
	}
	if known.push != "" {
		if q, err = c.push(ctx, p, known, q); err != nil {
			return login.Redirect{}, err
		}
	}
	full := target.Query() // what the address itself has stays
	maps.Copy(full, q)
	target.RawQuery = full.Encode()
	sealed, err := asked.encode()
	if err != nil {
		return login.Redirect{}, err
	}
	return login.Redirect{URL: target.String(), Private: sealed}, nil
}

// token draws 256 bits as 43 characters of base64url: nonce, code verifier (RFC 7636 section 4.1).
func (c *Connector) token() string { return hub.NewSecret(c.random).Reveal() }

func asksOpenID(o federation.OIDC) bool { return slices.Contains(o.Scopes, "openid") }

func usesPKCE(o federation.OIDC) bool { return !o.Quirks.NoPKCE }

// level asks for the level: as a wish (acr_values, Core section 3.1.2.1), or as essential (section 5.5.1.1).
func (p *question) level(q url.Values, at federation.Provider, want hub.Level) error {
	if !at.OIDC.EssentialACR {
		if words := at.Assurance.ACRValues(want); len(words) > 0 {
			q.Set("acr_values", strings.Join(words, " "))
		}
		return nil
	}
	p.ACR = at.Assurance.EssentialACR(want)
	if len(p.ACR) == 0 {
		return hub.E("oidcrp.level", hub.LevelUnmet, federation.CeilingBelow)
	}
	claims, err := json.Marshal(map[string]any{"id_token": map[string]any{"acr": map[string]any{"essential": true, "values": p.ACR}}})
	if err != nil {
		return hub.E("oidcrp.level", hub.Internal, err)
	}
	q.Set("claims", string(claims))
	return nil
}

// wish asks for the age of the login. max_age is always sent, so that auth_time must be told (Core section 3.1.2.1): the
// session's age counts from the person's act, not from the redirect.
func (p *question) wish(q url.Values, o federation.OIDC, ask login.Ask) {
	if o.Quirks.AlwaysFresh {
		return
	}
	limit := oldestLogin
	if ask.MaxAge != nil {
		limit = max(0, min(limit, *ask.MaxAge))
	}
	if ask.Fresh {
		limit = 0
	}
	seconds := int64(limit / time.Second)
	p.MaxAge = &seconds
	q.Set("max_age", strconv.FormatInt(seconds, 10))
	if seconds == 0 {
		q.Set("prompt", "login")
	}
}

// locales gives ui_locales of BCP 47 tags only.
func locales(languages []string) string {
	var out []string
	for _, l := range languages {
		if l != "" && len(l) <= 35 && strings.Trim(l, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" && len(out) < 8 {
			out = append(out, l)
		}
	}
	return strings.Join(out, " ")
}
