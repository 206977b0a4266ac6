// Package thaid is a stand-in for ThaID (D.DOPA), the identity provider of the Department of Provincial Administration, with
// its addresses, its dialect and its bad days: trailing slashes, claims as flat members of the token response or inside an
// ID token, an absolute and misspelt expire_in, "Bearer" inside the revoked token, no PKCE, no acr, its own error words.
//
// A small page stands in for the phone app: one picks one of the invented people and approves or denies. It sends the card's
// evidence numbers under many names, asked or not, so that a relying party can show that it drops them (PRV-04).
package thaid

import (
	"cmp"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// Options of the stand-in.
type Options struct {
	BaseURL string // "https://thaid.example", without a slash at the end; also the issuer
	Clients simulator.Clients
	People  []simulator.Person // default simulator.People()
	Clock   hub.Clock
	Random  io.Reader
	Faults  []Fault
	SlowFor time.Duration // of the fault SlowToken; default 20 s
	// APIKey is the value of the header x-api-key that the fault APIKeyRequired asks for.
	APIKey string
}

// The lives of things.
const (
	qrLife    = 120 * time.Second
	codeLife  = 120 * time.Second
	tokenLife = 15 * time.Minute
	remember  = 10_000 // of each kind
	root      = "/api/v2/oauth2"
)

// scopes are all that ThaID knows; each is a claim.
var scopes = []string{
	"openid", "pid", "name", "name_en", "title", "title_en", "given_name", "middle_name", "family_name", "given_name_en",
	"middle_name_en", "family_name_en", "birthdate", "gender", "address", "house_address", "smartcard_code", "date_of_issuance",
	"date_of_expiry", "ial",
}

// Scopes gives the scopes that a relying party may be approved for.
func Scopes() []string { return append([]string(nil), scopes...) }

// ThaID is the stand-in. It is an http.Handler for the root of its host.
type ThaID struct {
	base    string
	clients simulator.Clients
	people  []simulator.Person
	clock   hub.Clock
	random  io.Reader
	faults  *simulator.Faults[Fault]
	slow    time.Duration
	apiKey  string
	signer  *simulator.Signer

	waiting *simulator.Memory[waiting] // QR pages
	codes   *simulator.Memory[approval]
	tokens  *simulator.Memory[approval]

	qrPage, messagePage *template.Template
}

// waiting is a QR page that is open.
type waiting struct {
	client, redirect, state, nonce string
	scopes                         []string
	reference                      string
	again                          string // address of a new QR
	at                             time.Time
}

// approval is what a person approved: behind a code, then behind a token.
type approval struct {
	waiting
	person simulator.Person
	faults map[Fault]bool
	at     time.Time
}

// New gives a stand-in with a new signing key.
func New(o Options) (*ThaID, error) {
	const op = "thaid.New"
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
	t := &ThaID{
		base: o.BaseURL, clients: o.Clients, people: o.People, clock: o.Clock, random: o.Random,
		faults: simulator.NewFaults(Faults(), o.Faults), slow: cmp.Or(o.SlowFor, 20*time.Second), apiKey: o.APIKey, signer: signer,
		waiting: simulator.NewMemory[waiting](o.Clock, 10*qrLife, remember),
		codes:   simulator.NewMemory[approval](o.Clock, codeLife, remember),
		tokens:  simulator.NewMemory[approval](o.Clock, tokenLife, remember),
	}
	if len(t.people) == 0 {
		t.people = simulator.People()
	}
	if t.qrPage, err = simulator.NewPage(qrContent); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	if t.messagePage, err = simulator.NewPage(messageContent); err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return t, nil
}

// SetFault turns faults on or off for every login from now on.
func (t *ThaID) SetFault(on bool, faults ...Fault) { t.faults.Set(on, faults...) }

// LiveTokens counts the access tokens that are neither revoked nor expired.
func (t *ThaID) LiveTokens() int { return t.tokens.Len() }

// ServeHTTP serves the addresses of ThaID, exactly: without its slash at the end an address is not found.
func (t *ThaID) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /":
		t.message(w, http.StatusOK, "ThaID", "Nothing to do here. A service that lets you log in with ThaID sends you to the right page.", "")
	case "GET /style.css":
		simulator.WriteStyle(w)
	case "GET /.well-known/openid-configuration":
		t.discovery(w)
	case "GET " + root + "/jwks/":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(t.signer.KeySet())
	case "GET " + root + "/auth/":
		t.authorize(w, r)
	case "POST " + root + "/auth/answer/":
		t.answer(w, r)
	case "POST " + root + "/token/":
		t.token(w, r)
	case "POST " + root + "/introspect/":
		t.introspect(w, r)
	case "POST " + root + "/revoke/":
		t.revoke(w, r)
	case "GET " + root + "/userinfo/":
		t.userinfo(w, r)
	default:
		simulator.WriteJSON(w, http.StatusNotFound, map[string]any{"error": "not found"})
	}
}

func (t *ThaID) discovery(w http.ResponseWriter) {
	at := t.base + root
	simulator.WriteJSON(w, http.StatusOK, map[string]any{
		"issuer":                                t.base,
		"authorization_endpoint":                at + "/auth/",
		"token_endpoint":                        at + "/token/",
		"introspection_endpoint":                at + "/introspect/",
		"revocation_endpoint":                   at + "/revoke/",
		"userinfo_endpoint":                     at + "/userinfo/",
		"jwks_uri":                              at + "/jwks/",
		"scopes_supported":                      scopes,
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	})
}

// back sends the person back to the relying party with an answer.
func (t *ThaID) back(w http.ResponseWriter, r *http.Request, q waiting, params url.Values) {
	params.Set("state", q.state)
	simulator.Redirect(w, r, q.redirect, params)
}

// backError sends an error back, as ThaID words it.
func (t *ThaID) backError(w http.ResponseWriter, r *http.Request, q waiting, word, text string) {
	t.back(w, r, q, url.Values{"error": {word}, "error_description": {text}, "error_uri": {t.base + "/"}})
}
