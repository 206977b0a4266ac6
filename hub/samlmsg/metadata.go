package samlmsg

import (
	"crypto/x509"
	"time"
)

// MetadataContentType is the media type of metadata (SAML Metadata section A).
const MetadataContentType = "application/samlmetadata+xml"

// EntityDescriptor describes one entity (SAML Metadata section 2.3.2), as far as the web browser and logout profiles need it.
type EntityDescriptor struct {
	EntityID      string
	ID            string        // of the XML element; needed for signing
	ValidUntil    time.Time     // the earliest that applies, aggregates around it included; zero for none
	CacheDuration time.Duration // the shortest that applies; zero for none
	IDP           *IDPSSODescriptor
	SP            *SPSSODescriptor
	Organization  Organization
	Contacts      []Contact
	// Attributes are the EntityAttributes by name, for instance AssuranceCertification (SAML V2.0 Identity Assurance Profiles).
	Attributes map[string][]string
}

// AssuranceCertification is the entity attribute that names assurance profiles.
const AssuranceCertification = "urn:oasis:names:tc:SAML:attribute:assurance-certification"

// IDPSSODescriptor is the role of an identity provider (SAML Metadata section 2.4.3).
type IDPSSODescriptor struct {
	Role
	WantAuthnRequestsSigned bool
	SingleSignOn            []Endpoint
	Attributes              []Attribute // that it can give
}

// SPSSODescriptor is the role of a service provider (SAML Metadata section 2.4.4).
type SPSSODescriptor struct {
	Role
	AuthnRequestsSigned  bool
	WantAssertionsSigned bool
	AssertionConsumers   []IndexedEndpoint
	AttributeConsuming   []AttributeConsumingService
}

// Role is what both have.
type Role struct {
	Keys          []KeyDescriptor
	SingleLogout  []Endpoint
	NameIDFormats []string
	DisplayNames  map[string]string // mdui, by BCP 47 tag
	Descriptions  map[string]string // mdui, by BCP 47 tag
	ErrorURL      string
}

// KeyUse says what a key is for.
type KeyUse string

// The uses. Any stands for both.
const (
	UseAny        KeyUse = ""
	UseSigning    KeyUse = "signing"
	UseEncryption KeyUse = "encryption"
)

// KeyDescriptor is a key with its use (SAML Metadata section 2.4.1.1). Keys that come as anything else than a certificate are
// not shown.
type KeyDescriptor struct {
	Use          KeyUse
	Certificates []*x509.Certificate
	Methods      []EncryptionMethod
}

// SigningCertificates gives the certificates to verify with, in the order of the metadata: all of them, as during a rollover
// there are two.
func (r Role) SigningCertificates() []*x509.Certificate {
	var out []*x509.Certificate
	for _, k := range r.Keys {
		if k.Use != UseEncryption {
			out = append(out, k.Certificates...)
		}
	}
	return out
}

// EncryptionKey gives the first key to encrypt for: one with that very use, else one for any. false where there is none.
func (r Role) EncryptionKey() (KeyDescriptor, bool) {
	for _, use := range []KeyUse{UseEncryption, UseAny} {
		for _, k := range r.Keys {
			if k.Use == use && len(k.Certificates) > 0 {
				return k, true
			}
		}
	}
	return KeyDescriptor{}, false
}

// Endpoint is where messages go (SAML Metadata section 2.2.2). Locations that were read are absolute http or https addresses.
type Endpoint struct {
	Binding          string
	Location         string
	ResponseLocation string // "" for Location
}

// Find gives the first endpoint of a binding.
func Find(endpoints []Endpoint, binding string) (Endpoint, bool) {
	for _, e := range endpoints {
		if e.Binding == binding {
			return e, true
		}
	}
	return Endpoint{}, false
}

// IndexedEndpoint is an endpoint with a number (SAML Metadata section 2.2.3).
type IndexedEndpoint struct {
	Binding   string
	Location  string
	Index     int
	IsDefault bool
}

// AttributeConsumingService is a set of attributes that a service wants (SAML Metadata section 2.4.4.1).
type AttributeConsumingService struct {
	Index     int
	IsDefault bool
	Names     map[string]string // by BCP 47 tag
	Requested []RequestedAttribute
}

// RequestedAttribute is one wanted attribute.
type RequestedAttribute struct {
	Name         string
	NameFormat   string
	FriendlyName string
	Required     bool
}

// Organization is who runs the entity (SAML Metadata section 2.3.2.1). All three are by BCP 47 tag.
type Organization struct {
	Names        map[string]string
	DisplayNames map[string]string
	URLs         map[string]string
}

// Contact is whom to ask (SAML Metadata section 2.3.2.2).
type Contact struct {
	Type    string // technical, support, administrative, billing, other
	Company string
	Emails  []string // with or without "mailto:"
}
