// Package bank is a stand-in for a bank's identity provider: OpenID Connect by the book. Discovery (OpenID Connect Discovery
// 1.0), authorization code with PKCE S256 required (RFC 7636), ES256 ID tokens with nonce, acr, amr and auth_time, UserInfo,
// the issuer in the authorization response (RFC 9207), revocation (RFC 7009); on wish pushed requests (RFC 9126), clients with their
// own key (RFC 7523), encrypted ID tokens and signed or encrypted UserInfo.
//
// Its subjects are its own; it knows the same invented people as the ThaID stand-in and names the citizen number in the claim
// national_id. A page stands in for the bank's login. It can be told to misbehave in every way a relying party must refuse.
package bank

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// The bank's words for how somebody logged in (acr). Both mean an identity proofed at a branch with card and chip.
const (
	ACRPassword  = "urn:sabaidee-bank:acr:password"   // one factor
	ACRTwoFactor = "urn:sabaidee-bank:acr:two-factor" // password and the bank's app
)

// Options of the stand-in.
type Options struct {
	BaseURL string // "https://bank.example", without a slash at the end; also the issuer
	Clients simulator.Clients
	People  []simulator.Person // default simulator.People()
	Clock   hub.Clock
	Random  io.Reader
	Faults  []Fault
	SlowFor time.Duration // of the fault SlowToken; default 20 s
	Push    Push
	HTTP    *http.Client // that sends logout tokens; nil: it sends none
}

// Push tells whether the bank takes pushed authorization requests (RFC 9126).
type Push string

// How it may be.
const (
	PushNone     Push = ""
	PushOffered  Push = "offered"
	PushRequired Push = "required"
)

// The lives of things.
const (
	pageLife  = 10 * time.Minute
	codeLife  = time.Minute
	pushLife  = time.Minute
	tokenLife = 10 * time.Minute

	logoutLife = 2 * time.Minute
	remember   = 10_000 // of each kind
)

var scopes = []string{"openid", "profile", "address", "national_id"}

// Scopes gives the scopes that the bank knows.
func Scopes() []string { return append([]string(nil), scopes...) }

// Bank is the stand-in. It is an http.Handler for the root of its host.
type Bank struct {
	base    string
	clients simulator.Clients
	people  []simulator.Person
	clock   hub.Clock
	random  io.Reader
	faults  *simulator.Faults[Fault]
	slow    time.Duration
	signer  *simulator.Signer
	routes  *http.ServeMux

	push   Push
	pushed *simulator.Memory[url.Values] // by request_uri
	seen   *simulator.Memory[bool]       // jti of assertions
	asked  *simulator.Memory[request]
	codes  *simulator.Memory[login]
	tokens *simulator.Memory[login]

	http   *http.Client
	mu     sync.Mutex
	visits map[string]*visit // by the secret of the browser's cookie

	loginPage, messagePage, homePage *template.Template
}

// request is an authorization request whose login page is open.
type request struct {
	client, redirect, state, nonce, challenge string
	scopes, acr                               []string
}

// login is what a person did: behind a code, then behind an access token.
type login struct {
	request
	person simulator.Person
	acr    string
	faults map[Fault]bool
	at     time.Time
	code   string
	sid    string
}

// New gives a stand-in with a new signing key.
func New(o Options) (*Bank, error) {
	const op = "bank.New"
	switch {
	case o.BaseURL == "" || strings.HasSuffix(o.BaseURL, "/"):
		return nil, hub.Errorf(op, hub.Invalid, "base URL must be set and have no slash at the end")
	case o.Clock == nil || o.Random == nil:
		return nil, hub.Errorf(op, hub.Internal, "no clock or no randomness")
	case len(o.Clients) == 0:
		return nil, hub.Errorf(op, hub.Invalid, "no clients")
	}
	signer, err := simulator.NewSigner(o.Random)
	if err != nil {
		return nil, err
	}
	b := &Bank{
		base: o.BaseURL, clients: o.Clients, people: o.People, clock: o.Clock, random: o.Random,
		faults: simulator.NewFaults(Faults(), o.Faults), slow: cmp.Or(o.SlowFor, 20*time.Second), signer: signer,
		push:   o.Push,
		http:   o.HTTP,
		visits: map[string]*visit{},
		pushed: simulator.NewMemory[url.Values](o.Clock, pushLife, remember),
		seen:   simulator.NewMemory[bool](o.Clock, pageLife, remember),
		asked:  simulator.NewMemory[request](o.Clock, pageLife, remember),
		codes:  simulator.NewMemory[login](o.Clock, codeLife, remember),
		tokens: simulator.NewMemory[login](o.Clock, tokenLife, remember),
	}
	if len(b.people) == 0 {
		b.people = simulator.People()
	}
	if b.loginPage, err = simulator.NewPage(loginContent); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	if b.messagePage, err = simulator.NewPage(messageContent); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	if b.homePage, err = simulator.NewPage(homeContent); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	b.routes = http.NewServeMux()
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /{$}":                              b.home,
		"GET /style.css":                        func(w http.ResponseWriter, _ *http.Request) { simulator.WriteStyle(w) },
		"GET /.well-known/openid-configuration": b.discovery,
		"GET /jwks":                             b.jwks,
		"GET /authorize":                        b.authorize,
		"POST /authorize":                       b.authorize, // Core section 3.1.2.1: both must be served
		"POST /login":                           b.login,
		"POST /token":                           b.token,
		"GET /userinfo":                         b.userinfo,
		"POST /userinfo":                        b.userinfo,
		"POST /revoke":                          b.revoke,
		"POST /par":                             b.par,
		"GET /logout":                           b.endSession,
		"POST /logout":                          b.endSession, // RP-Initiated Logout 1.0 section 2: both must be served
		"POST /signout":                         b.signOut,
	} {
		b.routes.HandleFunc(pattern, handler)
	}
	return b, nil
}

// SetFault turns faults on or off for every login from now on.
func (b *Bank) SetFault(on bool, faults ...Fault) { b.faults.Set(on, faults...) }

// LiveTokens counts the access tokens that are neither revoked nor expired.
func (b *Bank) LiveTokens() int { return b.tokens.Len() }

// ServeHTTP serves the bank.
func (b *Bank) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.routes.ServeHTTP(w, r) }

func (b *Bank) discovery(w http.ResponseWriter, _ *http.Request) {
	document := map[string]any{
		"issuer":                                           b.base,
		"authorization_endpoint":                           b.base + "/authorize",
		"token_endpoint":                                   b.base + "/token",
		"userinfo_endpoint":                                b.base + "/userinfo",
		"jwks_uri":                                         b.base + "/jwks",
		"revocation_endpoint":                              b.base + "/revoke",
		"scopes_supported":                                 scopes,
		"response_types_supported":                         []string{"code"},
		"response_modes_supported":                         []string{"query"},
		"grant_types_supported":                            []string{"authorization_code"},
		"acr_values_supported":                             []string{ACRPassword, ACRTwoFactor},
		"subject_types_supported":                          []string{"public"},
		"id_token_signing_alg_values_supported":            []string{"ES256"},
		"token_endpoint_auth_methods_supported":            []string{"client_secret_basic", "client_secret_post", "private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"ES256", "PS256", "RS256"},
		"id_token_encryption_alg_values_supported":         []string{"RSA-OAEP-256", "ECDH-ES"},
		"id_token_encryption_enc_values_supported":         []string{"A128GCM", "A256GCM", "A128CBC-HS256"},
		"userinfo_signing_alg_values_supported":            []string{"ES256"},
		"claims_parameter_supported":                       true,
		"code_challenge_methods_supported":                 []string{"S256"},
		"prompt_values_supported":                          []string{"login"},
		"claims_supported":                                 []string{"sub", "acr", "amr", "auth_time", "national_id", "given_name", "family_name", "birthdate", "address"},
		"authorization_response_iss_parameter_supported":   true,
		"end_session_endpoint":                             b.base + "/logout",
		"backchannel_logout_supported":                     true,
		"backchannel_logout_session_supported":             true,
	}
	if b.push != PushNone {
		document["pushed_authorization_request_endpoint"] = b.base + "/par"
		document["require_pushed_authorization_requests"] = b.push == PushRequired
	}
	simulator.WriteJSON(w, http.StatusOK, document)
}

func (b *Bank) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jwk-set+json")
	_, _ = w.Write(b.signer.KeySet())
}

// subject is the bank's own name for a person: nothing personal in it.
func subject(p simulator.Person) string {
	sum := sha256.Sum256([]byte("bank-customer\x00" + p.Key))
	return "c-" + hex.EncodeToString(sum[:10])
}
