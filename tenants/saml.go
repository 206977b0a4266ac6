package tenants

import (
	"crypto/rsa"
	"crypto/x509"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// SAML is how a system is connected as SAML 2.0 service provider. Where its answers go, and with which keys it signs and what is
// encrypted for it is said by its metadata; the metadata comes from one of three places: fetched from MetadataURL and checked
// against pinned keys, put into the register as a document, or written down here as endpoints and certificates.
type SAML struct {
	EntityID string

	MetadataURL  string
	MetadataKeys [][]byte // certificates, DER: the fetched document must be signed with one of their keys
	Metadata     string   // the document

	ACS                   []SAMLEndpoint
	Logout                []SAMLLogout
	Certificates          [][]byte // DER, of its signing keys; several during a change of key
	EncryptionCertificate []byte   // DER

	NameIDFormat      string // of the person's name where the request leaves it open: persistent (default), transient
	SignedRequests    bool   // refuse an unsigned request also where the metadata does not say so
	IDPInitiated      bool   // a login may begin at the hub
	RelayState        string // sent along with a login that began at the hub
	Encryption        string // of assertions: "" wherever the system has a key for it, required, none
	EncryptionMethods []string
	AttributeNames    map[hub.AttributeName]string // what the system calls an attribute, where not as the hub does
	EncryptedNames    bool                         // the hub encrypts the person's name in its logout requests
}

// SAMLLogout is a single logout service of a system (SAML Metadata section 2.4.2).
type SAMLLogout struct {
	Binding     string // SAMLRedirect, SAMLPost or SAMLSOAP
	URL         string
	ResponseURL string // for responses; "" for URL
}

// The bindings of single logout.
const (
	SAMLRedirect = "redirect"
	SAMLPost     = "post"
	SAMLSOAP     = "soap"
)

// SAMLEndpoint is an assertion consumer service of the HTTP-POST binding (SAML Metadata section 2.4.4).
type SAMLEndpoint struct {
	Index   int
	URL     string
	Default bool
}

// The NameID formats that a system can ask for, and what it can say of encryption.
const (
	NameIDPersistent   = "persistent"
	NameIDTransient    = "transient"
	EncryptionRequired = "required"
	EncryptionNone     = "none"
)

const (
	maxMetadata   = 256 << 10 // bytes of a document in the register
	maxEntityID   = 1024      // SAML Metadata section 2.2.1
	maxRelayState = 80        // SAML Bindings section 3.4.3
	maxCerts      = 5
)

// encryptionMethods are the algorithms of XML Encryption 1.1 that the hub writes.
var encryptionMethods = []string{
	"http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes192-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm",
	"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", "http://www.w3.org/2009/xmlenc11#rsa-oaep",
}

// saml checks the connection of a SAML service provider.
func (fs *faults) saml(o SAML, s System) {
	const at = "saml"
	if u, err := url.Parse(o.EntityID); o.EntityID == "" || len(o.EntityID) > maxEntityID || !printable(o.EntityID) || err != nil || !u.IsAbs() {
		fs.add(at+".entityID", "SAML Metadata section 2.2.1", "must be an absolute URI of at most %d characters", maxEntityID)
	}
	fs.samlSource(at, o)
	fs.certificates(at+".certificates", o.Certificates)
	if len(o.EncryptionCertificate) > 0 {
		c := fs.certificate(at+".encryptionCertificate", o.EncryptionCertificate)
		if _, ok := publicKey(c).(*rsa.PublicKey); c != nil && !ok {
			fs.add(at+".encryptionCertificate", "", "must hold an RSA key")
		}
	}
	if o.NameIDFormat != "" && o.NameIDFormat != NameIDPersistent && o.NameIDFormat != NameIDTransient {
		fs.add(at+".nameIDFormat", "SAML Core section 8.3", "must be %s or %s", NameIDPersistent, NameIDTransient)
	}
	switch {
	case o.Encryption != "" && o.Encryption != EncryptionRequired && o.Encryption != EncryptionNone:
		fs.add(at+".encryption", "", "must be %s or %s, or left out", EncryptionRequired, EncryptionNone)
	case o.Encryption == EncryptionNone && s.Least.AAL == hub.AAL3:
		fs.add(at+".encryption", "PRV-13", "can't be %s: at AAL 3 personal data is encrypted", EncryptionNone)
	}
	for i, m := range o.EncryptionMethods {
		if !slices.Contains(encryptionMethods, m) {
			fs.add(index(at+".encryptionMethods", i), "XML Encryption 1.1", "must be one of %s", strings.Join(encryptionMethods, ", "))
		}
	}
	if len(o.RelayState) > maxRelayState || !printable(o.RelayState) {
		fs.add(at+".relayState", "SAML Bindings section 3.4.3", "must be at most %d visible ASCII characters", maxRelayState)
	}
	if o.RelayState != "" && !o.IDPInitiated {
		fs.add(at+".relayState", "", "is for logins that begin at the hub: set idpInitiated, or leave it out")
	}
	fs.attributeNames(at+".attributeNames", o.AttributeNames)
}

// samlSource holds that there is one place of metadata, and that it can be trusted.
func (fs *faults) samlSource(at string, o SAML) {
	const rule = "SAML Metadata section 3"
	inline := len(o.ACS) > 0
	switch places := count(o.MetadataURL != "", o.Metadata != "", inline); {
	case places == 0:
		fs.add(at, "", "has no metadata: metadataURL, metadata or metadataFile, or acs")
	case places > 1:
		fs.add(at, "", "has several sources of metadata: one of metadataURL, metadata or metadataFile, and acs")
	}
	if !inline && len(o.Logout) > 0 {
		fs.add(at+".logout", "", "stands beside acs only: otherwise the metadata names it")
	}
	if !inline && (len(o.Certificates) > 0 || len(o.EncryptionCertificate) > 0) {
		fs.add(at+".certificates", "", "stand beside acs only: otherwise the metadata names them")
	}
	if o.MetadataURL != "" {
		fs.uri(at+".metadataURL", o.MetadataURL, false)
		if len(o.MetadataKeys) == 0 {
			fs.add(at+".metadataKeys", rule, "is missing: a fetched document must be signed with a key that is known before")
		}
	}
	if o.MetadataURL == "" && len(o.MetadataKeys) > 0 {
		fs.add(at+".metadataKeys", "", "stands beside metadataURL only")
	}
	fs.certificates(at+".metadataKeys", o.MetadataKeys)
	if o.Metadata != "" {
		fs.metadata(at+".metadata", o)
	}
	fs.consumers(at, o)
}

func (fs *faults) metadata(path string, o SAML) {
	const rule = "SAML Metadata section 2.4.4"
	if len(o.Metadata) > maxMetadata {
		fs.add(path, "", "is longer than %d bytes", maxMetadata)
		return
	}
	m, err := samlmsg.ParseMetadata([]byte(o.Metadata), samlmsg.MetadataOptions{})
	if err != nil {
		fs.add(path, rule, "can't be read: %s", samlmsg.Reason(err))
		return
	}
	switch e, ok := m.Entity(o.EntityID); {
	case !ok:
		fs.add(path, rule, "does not describe the entity %q", clip(o.EntityID))
	case e.SP == nil:
		fs.add(path, rule, "does not describe a service provider of SAML 2.0")
	case !slices.ContainsFunc(e.SP.AssertionConsumers, func(x samlmsg.IndexedEndpoint) bool { return x.Binding == samlmsg.BindingPOST }):
		fs.add(path, rule, "names no assertion consumer service of the HTTP-POST binding")
	default:
		for _, x := range e.SP.AssertionConsumers {
			fs.uri(path, x.Location, false)
		}
		if (o.SignedRequests || e.SP.AuthnRequestsSigned) && len(e.SP.SigningCertificates()) == 0 {
			fs.add(path, rule, "names no certificate to check signed requests with")
		}
	}
}

func (fs *faults) consumers(at string, o SAML) {
	if len(o.ACS) > maxURIs {
		fs.add(at+".acs", "", "has more than %d entries", maxURIs)
		return
	}
	defaults, seen := 0, map[int]bool{}
	for i, e := range o.ACS {
		path := index(at+".acs", i)
		fs.uri(path+".url", e.URL, false)
		if e.Index < 0 || e.Index > 65535 || seen[e.Index] {
			fs.add(path+".index", "SAML Metadata section 2.2.3", "must be a number of its own between 0 and 65535")
		}
		seen[e.Index] = true
		if e.Default {
			defaults++
		}
	}
	if defaults > 1 {
		fs.add(at+".acs", "SAML Metadata section 2.2.3", "has more than one default")
	}
	fs.logouts(at, o)
	if len(o.ACS) > 0 && o.SignedRequests && len(o.Certificates) == 0 {
		fs.add(at+".certificates", "", "is missing: with what are signed requests checked?")
	}
	if len(o.ACS) > 0 && o.Encryption == EncryptionRequired && len(o.EncryptionCertificate) == 0 {
		fs.add(at+".encryptionCertificate", "PRV-10", "is missing: for whom are assertions encrypted?")
	}
}

// logouts holds that each binding is there once, safe, and that there are keys: every logout message is signed.
func (fs *faults) logouts(at string, o SAML) {
	if len(o.Logout) > maxURIs {
		fs.add(at+".logout", "", "has more than %d entries", maxURIs)
		return
	}
	seen := map[string]bool{}
	for i, e := range o.Logout {
		path := index(at+".logout", i)
		if !slices.Contains([]string{SAMLRedirect, SAMLPost, SAMLSOAP}, e.Binding) || seen[e.Binding] {
			fs.add(path+".binding", "SAML Metadata section 2.4.2", "must be %s, %s or %s, each once", SAMLRedirect, SAMLPost, SAMLSOAP)
		}
		seen[e.Binding] = true
		fs.uri(path+".url", e.URL, false)
		if e.ResponseURL != "" {
			fs.uri(path+".responseURL", e.ResponseURL, false)
		}
	}
	if len(o.Logout) > 0 && len(o.Certificates) == 0 {
		fs.add(at+".certificates", "SAML Profiles section 4.4.3", "is missing: with what are logout messages checked?")
	}
	if o.EncryptedNames && len(o.ACS) > 0 && len(o.EncryptionCertificate) == 0 {
		fs.add(at+".encryptedNames", "", "needs encryptionCertificate: for whom are names encrypted?")
	}
}

func (fs *faults) certificates(path string, list [][]byte) {
	if len(list) > maxCerts {
		fs.add(path, "", "has more than %d entries", maxCerts)
		return
	}
	for i, der := range list {
		fs.certificate(index(path, i), der)
	}
}

// certificate reads a certificate whose key is one that the hub trusts: RSA from 2048 bits, or ECDSA on a NIST curve.
func (fs *faults) certificate(path string, der []byte) *x509.Certificate {
	c, err := x509.ParseCertificate(der)
	if err != nil {
		fs.add(path, "", "is not an X.509 certificate")
		return nil
	}
	if _, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{c}}); err != nil {
		fs.add(path, "", "holds a key that is too weak or of another kind: RSA from 2048 bits, or ECDSA on P-256, P-384, P-521")
		return nil
	}
	return c
}

func publicKey(c *x509.Certificate) any {
	if c == nil {
		return nil
	}
	return c.PublicKey
}

func (fs *faults) attributeNames(path string, names map[hub.AttributeName]string) {
	taken := map[string]bool{}
	for _, n := range slices.Sorted(maps.Keys(names)) {
		at, name := path+"."+clip(string(n)), names[n]
		if !n.Known() {
			fs.add(at, "PRV-05", "is not in the dictionary: %s", join(hub.AttributeNames()))
		}
		if name == "" || len(name) > 256 || !utf8.ValidString(name) || !harmless(name) || strings.ContainsAny(name, " \n\t") {
			fs.add(at, "SAML Core section 2.7.3.1", "must be a name without spaces of at most 256 bytes")
		}
		if taken[name] {
			fs.add(at, "", "has the same name as another attribute")
		}
		taken[name] = true
	}
}

func count(all ...bool) int {
	n := 0
	for _, b := range all {
		if b {
			n++
		}
	}
	return n
}
