package samlidp

import (
	"context"
	"crypto"
	"crypto/cipher"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/pairwise"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
)

// Protocol is this protocol's name in login.Request and in session participants.
const Protocol = "saml"

// Paths of the endpoints below the issuer. The entity id of the hub is the address of its metadata.
const (
	MetadataPath       = "/saml2/metadata"
	SystemMetadataPath = "/saml2/metadata/{system}" // the same, with WantAuthnRequestsSigned as it is for one system
	SSOPath            = "/saml2/sso"
	ContinuePath       = "/saml2/continue"
	StartPath          = "/saml2/start/{system}" // a login that begins at the hub
	ScriptPath         = "/saml2/post.js"
)

// Lifetimes.
const (
	requestAge    = 5 * time.Minute // of a request, from its IssueInstant
	skew          = time.Minute     // of a service provider's clock, before and after
	carryLife     = 5 * time.Minute // of a request on its way through the redirect
	assertionLife = 5 * time.Minute // SAML Profiles section 4.1.4.2: short
	requestKept   = time.Hour       // how long a used request id is remembered: longer than requestAge, carryLife and a login together
	metadataLife  = 7 * 24 * time.Hour
	metadataCache = 6 * time.Hour // a new key is published a day before it signs
)

// ServiceProviders finds the systems that are registered as SAML service providers.
type ServiceProviders interface {
	// ByEntity finds one by its entity id, live or not. NotFound. Unavailable: its metadata can't be had.
	ByEntity(ctx context.Context, entityID string) (ServiceProvider, error)
	// ByID finds one by its name. NotFound, Unavailable.
	ByID(ctx context.Context, id hub.SystemID) (ServiceProvider, error)
	// ForLogout is ByID with the metadata of a system that is not live, too: it may still hold sessions, of whose end it is told. NotFound,
	// Unavailable.
	ForLogout(ctx context.Context, id hub.SystemID) (ServiceProvider, error)
	// Known is ForLogout from memory: it asks nobody. False where that does not do.
	Known(id hub.SystemID) (ServiceProvider, bool)
	// Renew asks for newer metadata, because a signature did not fit: the keys may just have changed. It reports false where there is
	// none newer. It may be called by anybody who sends a bad signature, so the room behind it bounds how often it asks.
	Renew(ctx context.Context, id hub.SystemID) (bool, error)
}

// ServiceProvider is a department's system as the register and its metadata describe it.
type ServiceProvider struct {
	ID         hub.SystemID
	Department hub.DepartmentID
	EntityID   string
	Live       bool // only a live system gets anything (EXC-07)
	Least      hub.Level
	Attributes []hub.AttributeName // what its register allows (PRV-06)
	Role       samlmsg.SPSSODescriptor

	Transient         bool // the NameID where the request leaves it open: transient instead of persistent
	SignedRequests    bool // demanded by the register; the metadata can demand it too
	IDPInitiated      bool
	RelayState        string // sent along where the login began at the hub
	Encrypt           Encryption
	EncryptionMethods []samlmsg.EncryptionMethod // in place of those of the metadata; nil for these
	AttributeNames    map[hub.AttributeName]string
	EncryptNames      bool // in our logout requests

	For         login.Serves
	TellsItems  bool // it is told which items of its department are open to the person
	EntityFacts bool // it is told the names and the number of whom the person acts for
}

// Mandates knows the right by which persons act for entities.
type Mandates interface {
	// Hold keeps a mandate from ending until the transaction of ctx is over. Consumed where it has ended.
	Hold(ctx context.Context, mandate string) error
	// Entity gives what a department may be registered to be told of an entity. NotFound.
	Entity(ctx context.Context, id hub.EntityID) (Entity, error)
}

// Entity is what is told of a legal entity to a department that is registered so.
type Entity struct {
	Names      hub.Text
	NumberType string // a kind of hub/identifier
	Number     string
}

// Encryption says what the register wants of assertions.
type Encryption uint8

// The wishes.
const (
	EncryptIfAble Encryption = iota // wherever the system has a key for it
	EncryptAlways
	EncryptNever
)

// Journey is the person's way through the login, and the pages beside it.
type Journey interface {
	// Begin starts the login. It answers the browser and calls [Provider.FinishLogin] in the end.
	Begin(w http.ResponseWriter, r *http.Request, req login.Request)
	// Refuse shows the error page: for a request that can't be answered at the system.
	Refuse(w http.ResponseWriter, r *http.Request, err error)
}

// Sessions is what the provider must know of sessions.
type Sessions interface {
	// Get finds a session, ended or not. NotFound, Unavailable.
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
	// Join notes that the session is used at a system.
	Join(ctx context.Context, p session.Participant) error
	// Attributes opens the vault. NotFound, Expired: the session has ended. Invalid: the key does not fit. Unavailable.
	Attributes(ctx context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error)
}

// SigningKey is an RSA key with its certificate.
type SigningKey struct {
	Key         crypto.Signer
	Certificate *x509.Certificate
}

// DecryptionKey is one for which others encrypt.
type DecryptionKey struct {
	Key         crypto.Decrypter
	Certificate *x509.Certificate
}

// Keys has the hub's keys.
type Keys interface {
	// SigningKeys gives the key in use first, then all others whose signatures may be met or will be. NotFound, Unavailable.
	SigningKeys(ctx context.Context) ([]SigningKey, error)
	// DecryptionKeys gives the key in use first, then all others for which something may have been encrypted. NotFound, Unavailable.
	DecryptionKeys(ctx context.Context) ([]DecryptionKey, error)
	// SealingKey gives the AES-256-GCM key in use and counts one seal with a random nonce. Unavailable.
	SealingKey() (id string, key cipher.AEAD, err error)
	// OpeningKey gives one by its id. NotFound.
	OpeningKey(id string) (cipher.AEAD, error)
}

// Index makes keyed hashes.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Transactor runs a function in one database transaction, or joins the one in ctx.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Provider is made of. All are required except the last three.
type Options struct {
	Issuer           string // of the hub: scheme and host
	ServiceProviders ServiceProviders
	Journey          Journey
	Sessions         Sessions
	Keys             Keys
	Index            Index
	Once             grant.Once
	Names            samlmsg.Names
	Audit            audit.Recorder
	Tx               Transactor
	// Levels tells which levels can be reached through the providers that are connected now (LOA-03): they are published.
	Levels func(ctx context.Context) ([]hub.Level, error)
	// Language chooses the language of a page for a request: th, en, zh or vi.
	Language func(r *http.Request) string
	Clock    hub.Clock
	Random   io.Reader
	Log      *slog.Logger

	Organization samlmsg.Organization
	Contacts     []samlmsg.Contact
	Items        Items    // which items are open; nil where nobody knows about items
	Records      Records  // what departments know persons by; nil where they keep nothing
	Mandates     Mandates // nil where nobody acts for entities
}

// Provider is the identity provider. Its methods are safe for concurrent use.
type Provider struct {
	o        Options
	entityID string
	sso      string
	contexts *samlmsg.Contexts
	entities *pairwise.Entities
	signed   [2]atomic.Pointer[rendered] // metadata that does not want signed requests, and that does
}

// New checks the options. Invalid for the issuer, Internal for a dependency that is missing.
func New(o Options) (*Provider, error) {
	const op = "samlidp.New"
	if !strings.HasPrefix(o.Issuer, "http") || strings.HasSuffix(o.Issuer, "/") {
		return nil, hub.Errorf(op, hub.Invalid, "the issuer is not scheme and host")
	}
	for _, d := range []struct {
		name    string
		missing bool
	}{
		{"ServiceProviders", o.ServiceProviders == nil},
		{"Journey", o.Journey == nil},
		{"Sessions", o.Sessions == nil},
		{"Keys", o.Keys == nil},
		{"Index", o.Index == nil},
		{"Once", o.Once == nil},
		{"Names", o.Names == nil},
		{"Audit", o.Audit == nil},
		{"Tx", o.Tx == nil},
		{"Levels", o.Levels == nil},
		{"Language", o.Language == nil},
		{"Clock", o.Clock == nil},
		{"Random", o.Random == nil},
		{"Log", o.Log == nil},
	} {
		if d.missing {
			return nil, hub.Errorf(op, hub.Internal, "no "+d.name)
		}
	}
	contexts, err := samlmsg.NewContexts(samlmsg.StandardClasses())
	if err != nil {
		return nil, err
	}
	names, err := pairwise.New(o.Index)
	if err != nil {
		return nil, err
	}
	return &Provider{o: o, entityID: o.Issuer + MetadataPath, sso: o.Issuer + SSOPath, contexts: contexts, entities: names}, nil
}

// EntityID gives the hub's name in SAML.
func (p *Provider) EntityID() string { return p.entityID }

// now is the time as the database keeps it: whole microseconds.
func (p *Provider) now() time.Time { return p.o.Clock().UTC().Truncate(time.Microsecond) }

// id gives a fresh identifier of a message: 128 random bits, not beginning with a digit (SAML Core section 1.3.4).
func (p *Provider) id() string { return "_" + hub.NewID(p.o.Random) }

// allow answers 405 unless the method is one of these.
func allow(w http.ResponseWriter, r *http.Request, methods ...string) bool {
	for _, m := range methods {
		if r.Method == m {
			return true
		}
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	return false
}

// interaction sees to it that the request has an interaction id.
func (p *Provider) interaction(r *http.Request) *http.Request {
	if hub.InteractionFrom(r.Context()) != "" {
		return r
	}
	return r.WithContext(hub.WithInteraction(r.Context(), hub.InteractionID(hub.NewID(p.o.Random))))
}
