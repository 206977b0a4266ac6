// Package federation owns the upstream identity providers and the issuers of foreign access tokens: the trust record of each (what it may
// vouch for, since and until when), the choice of those that can reach an asked level (LOA-01, LOA-02), the mapping of their levels and attributes into
// the hub's own, and the one contract that every connector fulfils.
//
// It does not own a protocol (federation/oidcrp, ...) or the login (hub/login), whose Upstreams it implements.
package federation

import (
	"cmp"
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// Status of a provider.
type Status string

// The states.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
)

// Provider is a trust record: a provider and what it may vouch for.
type Provider struct {
	ID         hub.ProviderID
	Names      hub.Text
	Status     Status
	ValidFrom  time.Time
	ValidUntil time.Time
	Ceiling    hub.Level // the highest it may vouch for
	Order      int       // in the chooser, lowest first
	Restricted bool      // LOA-15
	Assurance  Assurance
	// Attributes tells which of the provider's claims becomes which attribute: the first that is present wins.
	Attributes map[hub.AttributeName][]string
	// Person names the claim with a person number and its kind; empty where the provider vouches for none.
	Person PersonClaim
	OIDC   *OIDC // protocol settings; exactly one protocol is set, or none where Tokens is
	NDID   *NDID
	SAML   *SAML
	Tokens *Tokens // where its access tokens may be asked about
}

// Assurance maps what the provider says of levels to the hub's own. What is not listed gives no level.
type Assurance struct {
	ACR     map[string]hub.Level // value of acr
	IAL     map[string]hub.IAL   // value of the claim IALName, as text; a JSON number by its own digits
	IALName string               // name of that claim, for instance "ial"
	AAL     map[string]hub.AAL   // value of the claim AALName, as IAL
	AALName string               // name of that claim, for instance "aal" (NDID)
	AMR     map[string]hub.AAL   // value of amr; the highest known counts; an unknown one never raises (LOA-13)
	Fixed   hub.Level            // where the wire says nothing: by agreement (ThaID's AAL)
	// Request lists, for each level that can be asked, the provider's words for it (acr_values).
	Request map[hub.Level][]string
}

// PersonClaim tells where the person number is.
type PersonClaim struct {
	Kind  string // "th.citizen"
	Claim string // "pid"
}

// OIDC are the settings of an OpenID provider. Quirks are data, not code.
type OIDC struct {
	Issuer        string
	DiscoveryURL  string // default: Issuer + "/.well-known/openid-configuration"
	Authorization string // the four override discovery where set
	Token         string
	UserInfo      string
	JWKS          string
	Revocation    string
	ClientID      string
	ClientSecret  SealedSecret
	AuthMethod    string // client_secret_basic (default), client_secret_post, private_key_jwt; the last needs no secret
	Assertion     Assertion
	Scopes        []string
	Push          PushPolicy // of the authorization request (RFC 9126)
	PushEndpoint  string     // overrides discovery where set
	// EssentialACR asks for the level as an essential acr (Core section 5.5.1.1): an answer outside what was asked is refused.
	EssentialACR bool
	Encryption   Encryption
	// SignedUserInfo: UserInfo is registered to come as a signed JWT (Core section 5.3.2); a plain one is refused.
	SignedUserInfo bool
	// Audiences are parties beside us that an ID token may also be for (Core section 3.1.3.7, 3). Others are refused.
	Audiences []string
	Logout    OIDCLogout
	Quirks    Quirks
}

// OIDCLogout tells how the hub and the provider tell each other of an end. A logout token of the provider (OpenID Connect Back-Channel
// Logout 1.0) needs no word here: it is signed.
type OIDCLogout struct {
	EndSession string // end_session_endpoint; overrides discovery where set
	// Browser: who signs out here is taken through the provider's end_session_endpoint (OpenID Connect RP-Initiated Logout 1.0).
	Browser bool
	// Hint: the ID token of the login is kept, sealed under the master key, until the session has ended, as id_token_hint. Only for a
	// provider whose ID tokens hold no personal data.
	Hint bool
	// Revoke: the access token of the login is kept in the same way and revoked when the session has ended (RFC 7009); for a provider that
	// has no end_session_endpoint.
	Revoke bool
	// FrontChannel: the person's browser may tell that the provider's session has ended (OpenID Connect Front-Channel Logout 1.0). Nobody
	// signs that: only for a provider whose session ids nobody can guess.
	FrontChannel bool
}

// Assertion is how the hub proves itself with its own key (private_key_jwt: RFC 7523 section 2.2, Core section 9).
type Assertion struct {
	Alg      string // ES256 (default), PS256, RS256
	Audience string // AudienceIssuer (default), AudienceToken
}

// Algorithm gives Alg or its default.
func (a Assertion) Algorithm() string { return cmp.Or(a.Alg, "ES256") }

// What an assertion is made out to.
const (
	AudienceIssuer = "issuer"
	AudienceToken  = "token_endpoint" // for providers that know no better
)

// PushPolicy tells whether authorization requests go through the back channel first (RFC 9126).
type PushPolicy string

// The policies.
const (
	PushAnnounced PushPolicy = ""         // where the provider announces it
	PushRequired  PushPolicy = "required" // or no login: whoever can change the metadata can't take it away
	PushNever     PushPolicy = "never"    // where what is announced does not work
)

// Encryption tells how the provider is registered to encrypt for the hub's keys, as JWE key management algorithm (RFC 7518
// section 4): "RSA-OAEP-256", "ECDH-ES", or empty for not at all. What comes otherwise is refused.
type Encryption struct {
	IDToken  string
	UserInfo string
}

// Quirks are the ways in which a real provider differs from the book.
type Quirks struct {
	FlatClaims     bool   // claims arrive as members of the token response when openid is not asked (ThaID)
	NoPKCE         bool   // does not announce or bear PKCE
	NoNonce        bool   // does not echo nonce
	NoUserInfo     bool   // never ask userinfo
	ExpireIn       bool   // misspelt expire_in, an absolute Unix time where above 10^9 (ThaID)
	RevokeAfterUse bool   // revoke the access token when the claims have been read (S2 19.2)
	RevokeBearer   bool   // the revoked token is sent as "Bearer <token>" (ThaID)
	APIKeyHeader   string // name of an extra header, "x-api-key"
	APIKey         SealedSecret
	SigningAlgs    []string // allowed for ID tokens; default ES256, PS256, RS256
	BirthdateCE    bool     // birthdate in the Christian era with 00 for unknown month or day
	AlwaysFresh    bool     // every login there is a new one: no prompt, no max_age is sent
	ErrorIsDenied  []string // error values that mean that the person said no ("user_denied")
	IssuerOptional bool     // iss (RFC 9207) may come without having been announced; it is checked whenever it comes
	AnyContentType bool     // answers JSON under any media type
}

// SealedSecret is a secret of ours at a provider, sealed under the master key. It prints as "[redacted]".
type SealedSecret []byte

// String hides it.
func (SealedSecret) String() string { return "[redacted]" }

// Upstream is the contract of every connector: one login at one provider. The Provider it is given is current.
type Upstream interface {
	// Start prepares the way. Unavailable where the provider's endpoints can't be learnt.
	Start(ctx context.Context, p Provider, ask login.Ask) (login.Redirect, error)
	// Finish checks the answer and gives the claims as the provider named them, without forbidden evidence numbers (Scrub).
	// Denied, Refused, LevelUnmet (the provider itself says that it can't reach the level), Unavailable, Expired. The fine
	// reason of each is a Cause.
	Finish(ctx context.Context, p Provider, ask login.Ask, answer login.Answer) (Claims, error)
}

// Claims are what a connector read, verified, before mapping. They print as "[redacted]".
type Claims struct {
	Subject  string
	AuthTime time.Time // zero where not told
	ACR      string
	AMR      []string
	Session  string         // sid
	Upstream hub.Upstream   // the provider's own session, for a logout
	Values   map[string]any // by the provider's names
}

// String hides the claims.
func (Claims) String() string { return "[redacted]" }

// Store keeps the trust records.
type Store interface {
	// Providers lists all, with the version of the list.
	Providers(ctx context.Context) ([]Provider, error)
	// Version tells the version of the list: it changes whenever a record does.
	Version(ctx context.Context) (int64, error)
	// Put adds or replaces one; it reports whether anything changed.
	Put(ctx context.Context, p Provider) (bool, error)
}
