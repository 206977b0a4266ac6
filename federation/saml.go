package federation

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"path"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// SAML are the settings of a SAML 2.0 identity provider. Its levels are in Assurance as those of every provider: ACR maps the
// AuthnContextClassRef of an answer, Request lists the classes to ask for, and Attributes and Person name attributes by their Name.
type SAML struct {
	EntityID string // of the provider
	Metadata SAMLMetadata
	// SPEntityID is the hub's own name towards this provider; default: the address of the metadata that the hub publishes for it.
	SPEntityID string
	// RequestBinding is SAMLRedirect (default) or SAMLPost. Requests are signed in any case.
	RequestBinding string
	// Comparison tells how the asked classes are meant: SAMLExact (default) or SAMLMinimum (SAML Core section 3.3.2.2.1).
	Comparison string
	// SignedResponse demands a signature of the whole response; else one of the assertion will do too.
	SignedResponse bool
	// Encrypted demands that assertions are encrypted for the hub.
	Encrypted bool
	// AllowCBC takes AES-CBC, for a provider that knows nothing better. With SignedResponse only: CBC protects nothing by itself.
	AllowCBC bool
	// NameID is the format that is asked for; default SAMLPersistent.
	NameID string
	// Subject names the attribute that names the person, in the place of the NameID. Needed where that is transient.
	Subject   string
	ClockSkew time.Duration // by how much the provider's clock may differ; default DefaultClockSkew
	// Unsolicited takes answers to no request. They open nothing by themselves, for nobody could tell who has sent them to this
	// browser: a good one sends the person on to Landing, the start page of a department's system, whose own request then leads
	// back to the provider where they are signed in already.
	Unsolicited bool
	Landing     string
	// EncryptedNames: the hub encrypts the person's name in its logout requests. The provider's metadata must have a key for it.
	EncryptedNames bool
}

// SAMLMetadata is where the provider describes itself: exactly one of URL, File and Inline.
type SAMLMetadata struct {
	URL    string // its answer must be signed by the key of one of the Pins
	File   string // absolute; on every node
	Inline string // the XML itself
	Pins   []string
}

// The words of SAML's settings.
const (
	SAMLRedirect = "redirect"
	SAMLPost     = "post"

	SAMLExact   = "exact"
	SAMLMinimum = "minimum"

	SAMLPersistent  = "persistent"
	SAMLTransient   = "transient"
	SAMLUnspecified = "unspecified" // by agreement: what it names, and whether for ever, only the provider knows

	// DefaultClockSkew is by how much a SAML provider's clock may differ.
	DefaultClockSkew = time.Minute
	maxClockSkew     = 5 * time.Minute
	maxInline        = 256 << 10
)

// Skew gives ClockSkew or its default.
func (s SAML) Skew() time.Duration {
	if s.ClockSkew == 0 {
		return DefaultClockSkew
	}
	return s.ClockSkew
}

// Certificates gives the pinned certificates. Invalid where one can't be read, or its key is too weak to vouch for anything.
func (m SAMLMetadata) Certificates() ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for _, text := range m.Pins {
		c, ok := certificate(text)
		if !ok {
			return nil, hub.Errorf("federation.Certificates", hub.Invalid, "a pinned certificate can't be read")
		}
		out = append(out, c)
	}
	return out, nil
}

// certificate reads exactly one PEM certificate with a key that is strong enough.
func certificate(text string) (*x509.Certificate, bool) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return nil, false
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, false
	}
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return c, k.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return c, k.Curve.Params().BitSize >= 256
	}
	return nil, false
}

func (fs *faults) saml(p Provider) {
	s := *p.SAML
	fs.entityID("saml.entityID", s.EntityID)
	if s.SPEntityID != "" {
		fs.entityID("saml.spEntityID", s.SPEntityID)
		if s.SPEntityID == s.EntityID {
			fs.add("saml.spEntityID", "SAML Metadata section 2.3.2", "is the provider's own name")
		}
	}
	fs.samlMetadata(s.Metadata)
	fs.oneOf("saml.requestBinding", "SAML Bindings section 3", s.RequestBinding, []string{SAMLRedirect, SAMLPost})
	fs.oneOf("saml.comparison", "SAML Core section 3.3.2.2.1", s.Comparison, []string{SAMLExact, SAMLMinimum})
	fs.oneOf("saml.nameID", "SAML Core section 8.3", s.NameID, []string{SAMLPersistent, SAMLTransient, SAMLUnspecified})
	if s.AllowCBC && !s.SignedResponse {
		fs.add("saml.allowCBC", "XML Encryption 1.1 section 6.1", "needs signedResponse: what CBC hides can be tampered with")
	}
	switch {
	case s.Subject != "":
		fs.claim("saml.subject", s.Subject)
	case s.NameID == SAMLTransient:
		fs.add("saml.subject", "SAML Core section 8.3.8", "is missing: a transient NameID is another one at each login")
	}
	if s.ClockSkew < 0 || s.ClockSkew > maxClockSkew {
		fs.add("saml.clockSkew", "", "must lie between 0 and %v", maxClockSkew)
	}
	switch {
	case s.Unsolicited:
		fs.url("saml.landing", s.Landing, false, false)
	case s.Landing != "":
		fs.add("saml.landing", "", "has no effect without unsolicited")
	}
	if len(p.Assurance.AMR) > 0 {
		fs.add("assurance.amr", "LOA-13", "must not be there: SAML has no amr, only a context class (assurance.acr)")
	}
}

func (fs *faults) entityID(at, id string) {
	fs.word(at, id)
	if id != "" && !strings.Contains(id, ":") {
		fs.add(at, "SAML Core section 8.3.6", "must be a URI")
	}
}

func (fs *faults) samlMetadata(m SAMLMetadata) {
	const at = "saml.metadata"
	places := 0
	for _, place := range []string{m.URL, m.File, m.Inline} {
		if place != "" {
			places++
		}
	}
	if places != 1 {
		fs.add(at, "", "must have exactly one of url, file and inline")
	}
	fs.url(at+".url", m.URL, true, false)
	if m.URL != "" && len(m.Pins) == 0 {
		fs.add(at+".pins", "SAML Metadata section 4.3.1", "is missing: what comes over the network is believed only with the signature of a known key")
	}
	if m.File != "" && (!path.IsAbs(m.File) || path.Clean(m.File) != m.File || len(m.File) > maxWord || clean(m.File, maxWord) != m.File) {
		fs.add(at+".file", "", "must be the whole path of a file")
	}
	if len(m.Inline) > maxInline {
		fs.add(at+".inline", "", "is longer than %d bytes", maxInline)
	}
	if len(m.Pins) > maxList {
		fs.add(at+".pins", "", "has more than %d entries", maxList)
		return
	}
	for i, text := range m.Pins {
		if _, ok := certificate(text); !ok {
			fs.add(index(at+".pins", i), "", "must be one PEM certificate with an RSA key of 2048 bits or more or an ECDSA key of 256 or more")
		} else if slices.Index(m.Pins, text) < i {
			fs.add(index(at+".pins", i), "", "is there twice")
		}
	}
}

// What can be wrong with a SAML answer beside what hub/samlmsg finds in the message.
const (
	AnswerGone    Cause = "answer_gone"     // fetched before, too old, or never there
	AssertionUsed Cause = "assertion_used"  // invariant 6
	NameIDFormat  Cause = "name_id_format"  // another than the record says
	NameIDForeign Cause = "name_id_foreign" // made by or for another entity
	SubjectDouble Cause = "subject_multiple"
)

var samlCauses = []Cause{AnswerGone, AssertionUsed, NameIDFormat, NameIDForeign, SubjectDouble}

// Record gives a provider, in service or not: to tell it of a logout. NotFound; Unavailable before the first Refresh.
func (r *Registry) Record(id hub.ProviderID) (Provider, error) {
	const op = "federation.Record"
	s := r.now.Load()
	if s == nil {
		return Provider{}, hub.Errorf(op, hub.Unavailable, "no records yet")
	}
	p, ok := s.byID[id]
	if !ok {
		return Provider{}, hub.Errorf(op, hub.NotFound, "no such provider")
	}
	return p, nil
}

// Find gives a provider that is in service, whatever level it can reach. NotFound, Suspended, Unavailable.
func (r *Registry) Find(_ context.Context, id hub.ProviderID) (Provider, error) {
	p, _, err := r.usable("federation.Find", id, hub.Level{})
	return p, err
}
