// Package samlsp is the service provider towards SAML 2.0 identity providers: one connector for all of them.
//
// It owns the AuthnRequest (SAML Profiles section 4.1.4.1), what an answer must prove (section 4.1.4.3), the assertion consumer
// service that providers post to, and the metadata that the hub publishes to each of them. The messages themselves (XML,
// signatures, encryption, their checks as pure functions) are hub/samlmsg's; keys and endpoints of providers come from
// federation/metadata.
//
// It does not own the trust record, the meaning of levels and attributes (federation) or who keeps state between Start and Finish
// (hub/login). It never keeps an assertion.
//
// # How the answer stays bound to the browser
//
// A provider's answer is a POST from a foreign site, which comes without the hub's SameSite=Lax cookies, so the assertion consumer
// service can't know whose it is, and does not try. It verifies the signature, seals the message under a fresh random handle, keeps
// the sealed thing for a minute ([Answers]; the table alone opens nothing), and sends the browser on with 303 to the login's callback
// with that handle as its code. That is a top-level GET, which brings the cookies; hub/login then holds it against the
// transaction of this very browser, and Finish takes the answer (once), verifies it again and compares InResponseTo with the id of the
// request that was made for this transaction, which rests sealed under the browser's own secret. An answer that was caught or
// planted elsewhere matches no transaction of the browser that brings it.
//
// What the service refuses before that goes the same way, as a word without content, so that the refusal is told and recorded where
// the login began.
//
// Sources: SAML Core, Bindings and Profiles 2.0 with errata; NIST SP 800-63C-4 sections 3.9 and 4 for injection and replay.
package samlsp

import (
	"cmp"
	"context"
	"crypto/x509"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"onedoor/federation"
	"onedoor/federation/metadata"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/samlmsg"
)

// Metadata is what peers publish; metadata.Cache has it, and its comments name the errors.
type Metadata interface {
	Entity(ctx context.Context, s metadata.Source, id string) (samlmsg.EntityDescriptor, error)
	Renew(ctx context.Context, s metadata.Source) (bool, error)
	Have(s metadata.Source, id string) (samlmsg.EntityDescriptor, bool)
	// Age tells when what is known of a source was read, and until when it counts, from memory.
	Age(s metadata.Source) (read, until time.Time, known bool)
}

// KeyPair is an RSA key of ours with its certificate.
type KeyPair struct {
	ID          string
	Key         PrivateKey
	Certificate *x509.Certificate
	Retired     bool // it signs nothing any more
}

// Keys are the hub's own: made where there are none, the one in use first.
type Keys interface {
	// Signing gives the keys that sign now, that will, and that did. Unavailable.
	Signing(ctx context.Context) ([]KeyPair, error)
	// Decrypting gives the keys for which providers encrypt, and did. Unavailable.
	Decrypting(ctx context.Context) ([]KeyPair, error)
}

// Answers keeps what was posted until the same browser fetches it; federationsql.Answers has it.
type Answers interface {
	// Put keeps a sealed answer under the hash of its handle until it expires. One of the same content takes the other's place.
	Put(ctx context.Context, content, handle [32]byte, sealed []byte, expires time.Time) error
	// Take gives it and forgets it: of several callers one gets it. NotFound, Expired.
	Take(ctx context.Context, handle [32]byte, now time.Time) ([]byte, error)
}

// Once remembers single-use things; grant.Once is the contract. Consumed where it was noted before.
type Once interface {
	Use(ctx context.Context, kind, key string, expires time.Time) error
}

// Providers finds the trust record of a provider in service; federation.Registry has it. NotFound, Suspended, Unavailable.
type Providers interface {
	Find(ctx context.Context, id hub.ProviderID) (federation.Provider, error)
}

// Options of a Connector. All but Names and Patience are required.
type Options struct {
	Issuer   string   // the hub's origin, without a slash at the end: every address of ours begins with it
	Names    hub.Text // of the platform, for the metadata; optional
	Metadata Metadata
	Keys     Keys
	Answers  Answers
	Once     Once
	Index    samlmsg.Indexer // names sessions for a logout, and seals what the provider must be told of them
	Audit    audit.Recorder
	Clock    hub.Clock
	Random   io.Reader
	Log      *slog.Logger
	// Patience is the longest time from Start to Finish; default 15 min.
	Patience time.Duration
}

// The times that are not options.
const (
	defaultPatience = 15 * time.Minute
	answerLife      = 2 * time.Minute     // between the provider's POST and the browser's GET
	oldestLogin     = 12 * time.Hour      // greatest age of a login there that is taken without a wish (SES-08)
	usedMargin      = 10 * time.Minute    // how much longer than needed a used assertion is remembered: clocks of nodes differ
	metadataLife    = 14 * 24 * time.Hour // validUntil of what we publish
	metadataCache   = 6 * time.Hour       // cacheDuration of what we publish
)

// Connector speaks SAML 2.0 to any provider. It is a federation.Upstream, safe for concurrent use.
type Connector struct {
	o Options

	mu        sync.Mutex
	published map[hub.ProviderID]publication
}

var _ federation.Upstream = (*Connector)(nil)

// New gives a connector. It calls nobody until it is used.
func New(o Options) (*Connector, error) {
	const op = "samlsp.New"
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || strings.HasSuffix(o.Issuer, "/") {
		return nil, hub.Errorf(op, hub.Internal, "no issuer, or with a slash at its end")
	}
	if o.Metadata == nil || o.Keys == nil || o.Answers == nil || o.Once == nil || o.Index == nil || o.Audit == nil || o.Clock == nil || o.Random == nil ||
		o.Log == nil || o.Patience < 0 {
		return nil, hub.Errorf(op, hub.Internal, "an option is missing")
	}
	o.Patience = cmp.Or(o.Patience, defaultPatience)
	return &Connector{o: o, published: make(map[hub.ProviderID]publication)}, nil
}

// The paths below the issuer. Each provider has addresses of its own, so that no answer can be taken for another's.
const (
	pathPrefix   = "/login/saml/"
	pathACS      = "/acs"
	pathMetadata = "/metadata"
	pathRequest  = "/request"
)

// ACSURL is where the provider posts its answers: the one AssertionConsumerService of our metadata for it.
func (c *Connector) ACSURL(id hub.ProviderID) string {
	return c.o.Issuer + pathPrefix + string(id) + pathACS
}

// MetadataURL is where our metadata for the provider is.
func (c *Connector) MetadataURL(id hub.ProviderID) string {
	return c.o.Issuer + pathPrefix + string(id) + pathMetadata
}

func (c *Connector) requestURL(id hub.ProviderID) string {
	return c.o.Issuer + pathPrefix + string(id) + pathRequest
}

func (c *Connector) callback(id hub.ProviderID) string {
	return c.o.Issuer + "/login/callback/" + string(id)
}

// entityID is the hub's own name towards the provider.
func (c *Connector) entityID(p federation.Provider) string {
	return cmp.Or(p.SAML.SPEntityID, c.MetadataURL(p.ID))
}

// source is where the provider describes itself.
func source(s federation.SAML) (metadata.Source, error) {
	pins, err := s.Metadata.Certificates()
	if err != nil {
		return metadata.Source{}, err
	}
	return metadata.Source{URL: s.Metadata.URL, File: s.Metadata.File, Inline: []byte(s.Metadata.Inline), Pins: pins}, nil
}

// Published tells what is known of a provider's metadata, from memory: it asks nobody.
func (c *Connector) Published(p federation.Provider) (out federation.Published) {
	if p.SAML == nil {
		return out
	}
	from, err := source(*p.SAML)
	if err != nil {
		return out
	}
	out.At, out.Until, _ = c.o.Metadata.Age(from)
	if e, ok := c.o.Metadata.Have(from, p.SAML.EntityID); ok && e.IDP != nil {
		for _, x := range e.IDP.SigningCertificates() {
			out.Certificates = append(out.Certificates, federation.Lifetime{From: x.NotBefore, Until: x.NotAfter})
		}
	}
	return out
}

// provider gives the role of the provider by its metadata. Unavailable, and Refused for what can't be trusted.
func (c *Connector) provider(ctx context.Context, p federation.Provider) (*samlmsg.IDPSSODescriptor, error) {
	const op = "samlsp.provider"
	from, err := source(*p.SAML)
	if err != nil {
		return nil, err
	}
	e, err := c.o.Metadata.Entity(ctx, from, p.SAML.EntityID)
	switch {
	case err != nil:
		return nil, err
	case e.IDP == nil:
		return nil, hub.E(op, hub.Refused, federation.EndpointMissing)
	}
	return e.IDP, nil
}

// signer gives the key with which the hub signs now.
func (c *Connector) signer(ctx context.Context) (*samlmsg.Signer, error) {
	all, err := c.o.Keys.Signing(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, hub.Errorf("samlsp.signer", hub.Unavailable, "no key that signs")
	}
	return samlmsg.NewSigner(samlmsg.SignerOptions{Key: all[0].Key, Certificate: all[0].Certificate, Random: c.o.Random})
}
