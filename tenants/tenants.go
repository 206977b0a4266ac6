// Package tenants owns the departments and their systems: names, status, what each service demands (group, IAL, AAL,
// LOA-07..09), which attributes it may ask for what purpose, and how it is connected; and which kinds of records a department keeps.
//
// It does not own logins, tokens or records of persons. Staff and legal entities join it later.
package tenants

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/mtls"
)

// Department is an authority.
type Department struct {
	ID    hub.DepartmentID
	Names hub.Text
	// Complaint is where the person can complain or ask for correction (PRV-14), shown on the consent page.
	Complaint string
	// Contacts are where the platform reaches the department. They are offices, never a person's own address.
	Contacts []Contact
	// Status is DepartmentActive where it is "". What is live of a department that is suspended is not, in the directory.
	Status DepartmentStatus
	// Areas are what the department's work is divided into (BND-05): counties, districts, offices.
	Areas []Area
	// Records are the kinds of records that it keeps, under numbers of its own (BND-06). The first one for persons, and for entities, is
	// the kind of the record that their first login makes (BND-01).
	Records []RecordKind
	// FourEyes has a change of a service item of the department's count only when a second member of its staff has confirmed it.
	FourEyes bool
}

// DepartmentStatus says whether a department takes part.
type DepartmentStatus string

// The states of a department.
const (
	DepartmentActive    DepartmentStatus = "active"
	DepartmentSuspended DepartmentStatus = "suspended"
)

// Active reports whether the department takes part.
func (d Department) Active() bool { return d.Status != DepartmentSuspended }

// Contact is one way to a department.
type Contact struct {
	For string // what it is for: one of ContactKinds
	URI string // mailto, tel or https
}

// ContactKinds lists what a contact can be for.
func ContactKinds() []string { return []string{"technical", "security", "privacy", "support"} }

// AreaID names an area within its department, chosen by the administrator.
type AreaID string

// Area is a part of a department's work.
type Area struct {
	ID     AreaID
	Parent AreaID // the area that it is a part of; "" for the department itself
	Names  hub.Text
}

// SystemStatus is the life cycle of a system (EXC-06, EXC-07). Tokens are for live ones only.
type SystemStatus string

// The states.
const (
	Draft     SystemStatus = "draft"
	Testing   SystemStatus = "testing"
	Live      SystemStatus = "live"
	Suspended SystemStatus = "suspended"
)

// Group is the service group of DGS 1-2:2564 2.9.
type Group int

// The groups. Basic information needs no login and so no system here.
const (
	Interactive Group = 2 // IAL1, AAL1
	Transaction Group = 3 // IAL2, AAL2
	CrossAgency Group = 4 // IAL3, AAL2
)

// System is a department's system that relies on the hub.
type System struct {
	ID         hub.SystemID
	Department hub.DepartmentID
	// Area is the one whose staff see to the system; "" for the department's as a whole.
	Area     AreaID
	Names    hub.Text
	Status   SystemStatus
	Group    Group
	Least    hub.Level
	Risk     string    // risk note (LOA-09)
	ReviewBy time.Time // levels reviewed until (LOA-10)
	// SessionLife is how long after its last use of a sign-in the system may keep a session of its own: so long it is told again and again
	// that the sign-in has ended. Zero: as long as the limits of Least.AAL allow (SES-07 to SES-09).
	SessionLife time.Duration
	// StatesPlace lets it say where a person is whom it asks about (RAZ-04): it knows that better than the hub, and is believed.
	StatesPlace bool
	// NamesPersons lets it ask the decision point about a person by the number of their record, without a credential of theirs, while they are
	// signed in at it.
	NamesPersons bool
	// TellsItems has it told, beside who a person is, which items of its department are open to them.
	TellsItems bool
	// For says whose business the system does: persons' own, legal entities', or both (ENT-03). EntityNumber has it told the registered number
	// and the names of the entity that a person acts for: else it knows it by a pairwise id only (invariant 3).
	For          login.Serves
	EntityNumber bool
	Attributes   []consent.Rule
	OIDC         *OIDC // one of the three at least
	SAML         *SAML
	Forward      *Forward
}

// OIDC is how a system is connected as OpenID relying party. Names as in OpenID Connect Registration 1.0.
type OIDC struct {
	RedirectURIs           []string
	PostLogoutRedirectURIs []string
	Scopes                 []string
	GrantTypes             []string // default authorization_code
	AuthMethod             string   // token_endpoint_auth_method: client_secret_basic (default), client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none
	AuthAlgs               []string // token_endpoint_auth_signing_alg: of private_key_jwt; default ES256, PS256
	Secrets                []Secret // more than one during a change of secret
	SectorIdentifier       string   // host; default: host of the first redirect URI
	IDTokenAlg             string   // id_token_signed_response_alg: ES256 (default), RS256, PS256
	IDTokenEncryption      Encryption
	UserInfoAlg            string // userinfo_signed_response_alg: none where empty, ES256, RS256, PS256
	Native                 bool   // loopback redirect with any port (RFC 8252 7.3)
	InitiateLoginURI       string
	BackchannelLogoutURI   string        // OpenID Connect Back-Channel Logout 1.0 section 2.2
	FrontchannelLogoutURI  string        // OpenID Connect Front-Channel Logout 1.0 section 2; used where there is no back channel
	AccessTokenLifetime    time.Duration // default 5 min
	Profile                string        // "" or [ProfileFAPI2]

	// The client's own public keys, in one of the two ways: for private_key_jwt, request objects and encryption.
	JWKS    string // JWK Set as JSON (RFC 7517 section 5)
	JWKSURI string // https address where the client publishes it

	RequirePAR           bool     // require_pushed_authorization_requests (RFC 9126 section 6)
	RequireSignedRequest bool     // require_signed_request_object (RFC 9101 section 10.5)
	RequestAlgs          []string // request_object_signing_alg; default ES256, PS256
	DefaultMaxAge        time.Duration
	// Certificate is whom the certificate of a client of the method tls_client_auth must name (RFC 8705 section 2.1.2).
	Certificate      CertificateName
	CertificateBound bool     // tls_client_certificate_bound_access_tokens (RFC 8705 section 3.4): no token without a certificate
	DetailTypes      []string // authorization_details_types (RFC 9396 section 10) that it may ask for
	DPoPBound        bool     // dpop_bound_access_tokens (RFC 9449 section 5.2): no token without a proof
	PKCEOptional     bool     // for a confidential client whose software can't do PKCE (RFC 9700 section 2.1.1); it must send a state

	// A system that is an API: its resource indicator (RFC 8707), and the systems whose access tokens it accepts.
	Resource   string
	AudienceOf []hub.SystemID
	// AccessTokenAlg has access tokens for this API alone as JWTs (RFC 9068), signed so: for an API that must validate offline. ES256, PS256,
	// RS256; sealed tokens where empty.
	AccessTokenAlg string
	ExchangeFrom   []Exchange // whom it lets come with a person's token, to ask for one that is addressed to it (RFC 8693)

	// MayAct is the one system that may exchange access tokens of this client (RFC 8693 section 4.4); "" for whom the APIs' rules allow.
	MayAct hub.SystemID
}

// Exchange is what an API says about one system that calls it for a person.
type Exchange struct {
	From   hub.SystemID
	Scopes []string  // that such a token may carry at most
	Least  hub.Level // that the person must have reached; what the API itself demands where it is lower
}

// GrantExchange is the grant type of token exchange (RFC 8693 section 2.1); GrantMachine that of systems for themselves (RFC 6749 section 4.4).
const (
	GrantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	GrantMachine  = "client_credentials"
)

// Encryption is a pair of algorithms (RFC 7518): both empty for none.
type Encryption struct {
	Alg string // of the key: RSA-OAEP-256, ECDH-ES, ECDH-ES+A256KW
	Enc string // of the content: A256GCM, A128GCM, A128CBC-HS256
}

// CertificateName is whom a client certificate must name: exactly one of its members.
type CertificateName = mtls.Name

// ProfileFAPI2 holds a client to the FAPI 2.0 Security Profile.
const ProfileFAPI2 = "fapi2"

// Secret is a client secret as the hub keeps it: SHA-256 of 256 random bits, never the secret.
type Secret struct {
	SHA256    [32]byte
	ExpiresAt time.Time // zero: none
}

// Store keeps departments and systems.
type Store interface {
	// Departments and Systems list all.
	Departments(ctx context.Context) ([]Department, error)
	Systems(ctx context.Context) ([]System, error)
	// Version tells the version of both lists together: it changes whenever an entry does.
	Version(ctx context.Context) (int64, error)
	// PutDepartment and PutSystem add or replace one; they report whether anything changed.
	PutDepartment(ctx context.Context, d Department) (bool, error)
	PutSystem(ctx context.Context, s System) (bool, error)
}
