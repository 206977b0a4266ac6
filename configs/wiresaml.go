package configs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"path/filepath"
	"strings"

	"onedoor/hub"
	"onedoor/tenants"
)

type samlForm struct {
	EntityID              string            `yaml:"entityID"`
	MetadataURL           string            `yaml:"metadataURL"`
	MetadataKeys          []certificateForm `yaml:"metadataKeys"`
	Metadata              documentForm      `yaml:"metadata"`
	MetadataFile          string            `yaml:"metadataFile"` // read when the objects are; relative to the file it stands in
	ACS                   []consumerForm    `yaml:"acs"`
	Logout                []samlLogoutForm  `yaml:"logout"`
	Certificates          []certificateForm `yaml:"certificates"`
	EncryptionCertificate certificateForm   `yaml:"encryptionCertificate"`
	NameIDFormat          string            `yaml:"nameIDFormat"`
	SignedRequests        bool              `yaml:"signedRequests"`
	IDPInitiated          bool              `yaml:"idpInitiated"`
	RelayState            string            `yaml:"relayState"`
	Encryption            string            `yaml:"encryption"`
	EncryptionMethods     []string          `yaml:"encryptionMethods"`
	AttributeNames        map[string]string `yaml:"attributeNames"`
	EncryptedNames        bool              `yaml:"encryptedNames"`
}

type samlLogoutForm struct {
	Binding     string `yaml:"binding"`
	URL         string `yaml:"url"`
	ResponseURL string `yaml:"responseURL"`
}

type consumerForm struct {
	Index   int    `yaml:"index"`
	URL     string `yaml:"url"`
	Default bool   `yaml:"default"`
}

// certificateForm is a certificate, written as PEM.
type certificateForm []byte

func (v *certificateForm) scan(text string) error {
	block, rest := pem.Decode([]byte(text))
	if !strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN CERTIFICATE-----") || block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return errors.New("must be one certificate as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----")
	}
	*v = block.Bytes
	return nil
}

// String shows enough of the certificate's fingerprint to tell two apart.
func (v certificateForm) String() string { return fingerprint(v) }

// documentForm is an XML document as text.
type documentForm string

func (v *documentForm) scan(text string) error {
	*v = documentForm(text)
	return nil
}

// String shows enough of the document's fingerprint to tell two apart.
func (v documentForm) String() string { return fingerprint([]byte(v)) }

func fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:8]) + "..."
}

func (f *samlForm) saml() *tenants.SAML {
	if f == nil {
		return nil
	}
	s := &tenants.SAML{
		EntityID: f.EntityID, MetadataURL: f.MetadataURL, Metadata: string(f.Metadata), EncryptionCertificate: f.EncryptionCertificate,
		NameIDFormat: f.NameIDFormat, SignedRequests: f.SignedRequests, IDPInitiated: f.IDPInitiated, RelayState: f.RelayState,
		Encryption: f.Encryption, EncryptionMethods: f.EncryptionMethods, EncryptedNames: f.EncryptedNames,
	}
	for _, e := range f.Logout {
		s.Logout = append(s.Logout, tenants.SAMLLogout(e))
	}
	for _, c := range f.MetadataKeys {
		s.MetadataKeys = append(s.MetadataKeys, c)
	}
	for _, c := range f.Certificates {
		s.Certificates = append(s.Certificates, c)
	}
	for _, e := range f.ACS {
		s.ACS = append(s.ACS, tenants.SAMLEndpoint(e))
	}
	for name, wire := range f.AttributeNames {
		if s.AttributeNames == nil {
			s.AttributeNames = map[hub.AttributeName]string{}
		}
		s.AttributeNames[hub.AttributeName(name)] = wire
	}
	return s
}

func samlFormOf(s *tenants.SAML) *samlForm {
	if s == nil {
		return nil
	}
	f := &samlForm{
		EntityID: s.EntityID, MetadataURL: s.MetadataURL, Metadata: documentForm(s.Metadata), EncryptionCertificate: s.EncryptionCertificate,
		NameIDFormat: s.NameIDFormat, SignedRequests: s.SignedRequests, IDPInitiated: s.IDPInitiated, RelayState: s.RelayState,
		Encryption: s.Encryption, EncryptionMethods: s.EncryptionMethods, EncryptedNames: s.EncryptedNames,
	}
	for _, e := range s.Logout {
		f.Logout = append(f.Logout, samlLogoutForm(e))
	}
	for _, c := range s.MetadataKeys {
		f.MetadataKeys = append(f.MetadataKeys, c)
	}
	for _, c := range s.Certificates {
		f.Certificates = append(f.Certificates, c)
	}
	for _, e := range s.ACS {
		f.ACS = append(f.ACS, consumerForm(e))
	}
	for name, wire := range s.AttributeNames {
		if f.AttributeNames == nil {
			f.AttributeNames = map[string]string{}
		}
		f.AttributeNames[string(name)] = wire
	}
	return f
}

// metadataFile takes the document of saml.metadataFile into the form.
func (d *document) metadataFile(f *samlForm) {
	if f == nil || f.MetadataFile == "" {
		return
	}
	if f.Metadata != "" {
		d.fault("saml.metadataFile", "", "stands beside metadata: one of the two")
		return
	}
	path := f.MetadataFile
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(d.file), path)
	}
	text, err := readFile(path)
	if err != nil {
		d.fault("saml.metadataFile", "", reason(err))
		return
	}
	f.Metadata = documentForm(text)
}
