package fositestore

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/token"
)

// Session is what one request to the authorization or token endpoint carries through fosite: the client, the grant, the state kept
// with the credential, and the vault key while its holder presents the credential. It is made for one request and never shared
// between goroutines. It holds no map and nothing is written on read.
type Session struct {
	Client fosite.Client // authenticated, or checked by the authorization endpoint
	Grant  grant.Grant
	State  State
	Vault  hub.Secret // vault key; zero where no attributes are released

	// Presented is the code or refresh token that the request brought, as the store knows it.
	Presented grant.Credential
	// Also are events that are recorded with that of the grant's start.
	Also []audit.Event
	// Code and Refresh are minted by the strategy for the store to keep; nil until then.
	Code    *grant.Credential
	Refresh *grant.Credential
	// NoChallenge says that the request may have none: else a code without one is not made.
	NoChallenge bool
	// Scopes narrows what a refresh gives (RFC 6749 section 6); empty for all that was granted.
	Scopes []string
	// Resources narrows what the access token is for (RFC 8707 section 2.2); nil for all that was granted.
	Resources []hub.SystemID
	// Reach are the systems that the access token may be for where the person acts for an entity.
	Reach []hub.SystemID
	// Details are those of this access token, a JSON list; "" for none.
	Details string
	// Items are those that the client is told of in the ID token, a JSON list; nil where it is told of none.
	Items []byte
	// Records are what departments know the person by, as the access token carries them. They rest nowhere else.
	Records []token.Records
	// Bound is what the tokens are bound to.
	Bound token.Confirmation
	// AccessID and AccessExpires tell of the access token that the strategy sealed.
	AccessID      string
	AccessExpires time.Time

	expires [3]time.Time // access token, refresh token, code: fosite's own notes, which decide nothing here
}

// State is what must be known again when a code or refresh token comes back. It holds no secret and no personal data.
type State struct {
	RedirectURI string
	Challenge   string // PKCE, S256
	Nonce       string
	Required    hub.Level // asked by the request; may be none
	Level       hub.Level // of the session then
	Methods     []string  // amr
	AuthTime    time.Time
	ACR         string              // that the ID token states; that of Level where empty
	UserInfo    []hub.AttributeName // that the claims parameter asked for beside the scopes
	IDToken     []string            // claims that it asked for in the ID token
	Resources   []hub.SystemID      // that the access tokens are for; nil for none but the client
	Details     string              // authorization details that were granted (RFC 9396), a JSON list; "" for none
	Bound       token.Confirmation  // of a code: the key that must redeem it; of a refresh token: what its tokens were bound to
}

// Renewable gives the state as it goes on with refresh tokens: without what is of the code and of the first ID token only (a refreshed
// one has no nonce, OpenID Connect Core section 12.2).
func (s State) Renewable() State {
	s.RedirectURI, s.Challenge, s.Nonce, s.IDToken = "", "", "", nil
	return s
}

// NewSession makes the session of a request by this client.
func NewSession(c fosite.Client) *Session { return &Session{Client: c} }

var _ fosite.Session = (*Session)(nil)

// Clone gives a deep copy. The client is immutable and shared.
func (s *Session) Clone() fosite.Session {
	if s == nil {
		return nil
	}
	c := *s
	c.Grant.Scopes = slices.Clone(s.Grant.Scopes)
	c.Grant.Release = slices.Clone(s.Grant.Release)
	c.State.Methods = slices.Clone(s.State.Methods)
	c.State.UserInfo = slices.Clone(s.State.UserInfo)
	c.State.IDToken = slices.Clone(s.State.IDToken)
	c.State.Resources = slices.Clone(s.State.Resources)
	c.Resources = slices.Clone(s.Resources)
	c.Reach = slices.Clone(s.Reach)
	c.Also = slices.Clone(s.Also)
	c.Presented = clone(s.Presented)
	c.Scopes = slices.Clone(s.Scopes)
	if s.Code != nil {
		code := clone(*s.Code)
		c.Code = &code
	}
	if s.Refresh != nil {
		refresh := clone(*s.Refresh)
		c.Refresh = &refresh
	}
	return &c
}

func clone(c grant.Credential) grant.Credential {
	c.State = slices.Clone(c.State)
	c.WrappedKey = slices.Clone(c.WrappedKey)
	return c
}

// SetExpiresAt notes an expiry of fosite's reckoning.
func (s *Session) SetExpiresAt(key fosite.TokenType, exp time.Time) {
	if i := slot(key); i >= 0 {
		s.expires[i] = exp
	}
}

// GetExpiresAt gives it back, zero where none was noted.
func (s *Session) GetExpiresAt(key fosite.TokenType) time.Time {
	if i := slot(key); i >= 0 {
		return s.expires[i]
	}
	return time.Time{}
}

func slot(key fosite.TokenType) int {
	switch key {
	case fosite.AccessToken:
		return 0
	case fosite.RefreshToken:
		return 1
	case fosite.AuthorizeCode:
		return 2
	default:
		return -1
	}
}

// GetUsername gives nothing: the hub has no user names.
func (*Session) GetUsername() string { return "" }

// GetSubject gives nothing: the subject is pairwise and made when a token is.
func (*Session) GetSubject() string { return "" }

// wireState is State as it rests in a credential.
type wireState struct {
	RedirectURI string   `json:"redirect_uri,omitempty"`
	Challenge   string   `json:"challenge,omitempty"`
	Nonce       string   `json:"nonce,omitempty"`
	Required    string   `json:"required,omitempty"` // acr
	Level       string   `json:"level"`              // acr
	Methods     []string `json:"amr,omitempty"`
	AuthTime    int64    `json:"auth_time"` // seconds since 1970

	ACR       string              `json:"acr,omitempty"`
	UserInfo  []hub.AttributeName `json:"userinfo,omitempty"`
	IDToken   []string            `json:"id_token,omitempty"`
	Resources []hub.SystemID      `json:"resources,omitempty"`

	Key         string `json:"jkt,omitempty"`
	Certificate string `json:"x5t#S256,omitempty"`
	Details     string `json:"details,omitempty"`
}

// Encode gives the state as it rests in a credential.
func (s State) Encode() ([]byte, error) {
	w := wireState{
		RedirectURI: s.RedirectURI, Challenge: s.Challenge, Nonce: s.Nonce,
		Level: s.Level.ACR(), Methods: s.Methods, AuthTime: s.AuthTime.Unix(),
		ACR: s.ACR, UserInfo: s.UserInfo, IDToken: s.IDToken, Resources: s.Resources,
		Key: s.Bound.Key.String(), Certificate: s.Bound.Certificate.String(), Details: s.Details,
	}
	if s.Required != (hub.Level{}) {
		w.Required = s.Required.ACR()
	}
	b, err := json.Marshal(w)
	if err != nil {
		return nil, hub.E("fositestore.Encode", hub.Internal, err)
	}
	return b, nil
}

// DecodeState reads what Encode gave. Internal.
func DecodeState(b []byte) (State, error) {
	const op = "fositestore.DecodeState"
	var w wireState
	if err := json.Unmarshal(b, &w); err != nil {
		return State{}, hub.E(op, hub.Internal, err)
	}
	level, err := hub.ParseACR(w.Level)
	if err != nil {
		return State{}, hub.E(op, hub.Internal, err)
	}
	var required hub.Level
	if w.Required != "" {
		if required, err = hub.ParseACR(w.Required); err != nil {
			return State{}, hub.E(op, hub.Internal, err)
		}
	}
	var bound token.Confirmation
	if bound.Key, err = token.ParseThumbprint(w.Key); err != nil {
		return State{}, hub.E(op, hub.Internal, err)
	}
	if bound.Certificate, err = token.ParseThumbprint(w.Certificate); err != nil {
		return State{}, hub.E(op, hub.Internal, err)
	}
	return State{
		Bound: bound, Details: w.Details,
		RedirectURI: w.RedirectURI, Challenge: w.Challenge, Nonce: w.Nonce,
		Required: required, Level: level, Methods: w.Methods, AuthTime: time.Unix(w.AuthTime, 0).UTC(),
		ACR: w.ACR, UserInfo: w.UserInfo, IDToken: w.IDToken, Resources: w.Resources,
	}, nil
}
