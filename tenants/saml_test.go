package tenants_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// certificates gives certificates by what is special about their keys.
var certificates = sync.OnceValue(func() map[string][]byte {
	certify := func(key, public any) []byte {
		template := &x509.Certificate{
			SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "x"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, public, key)
		if err != nil {
			panic(err)
		}
		return der
	}
	out := map[string][]byte{}
	good, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	small, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		panic(err)
	}
	out["rsa"] = certify(good, good.Public())
	out["ecdsa"] = certify(curve, curve.Public())
	out["weak"] = certify(small, small.Public())
	return out
})

const spDocument = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://land.example/saml">
<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://land.example/acs" index="0"/>
</md:SPSSODescriptor></md:EntityDescriptor>`

func fetched() *tenants.SAML {
	return &tenants.SAML{
		EntityID: "https://land.example/saml", MetadataURL: "https://land.example/saml/metadata", MetadataKeys: [][]byte{certificates()["rsa"]},
	}
}

func inline() *tenants.SAML {
	return &tenants.SAML{
		EntityID: "urn:land", ACS: []tenants.SAMLEndpoint{{Index: 0, URL: "https://land.example/acs", Default: true}},
		Certificates: [][]byte{certificates()["rsa"], certificates()["ecdsa"]}, EncryptionCertificate: certificates()["rsa"],
	}
}

func document() *tenants.SAML {
	return &tenants.SAML{EntityID: "https://land.example/saml", Metadata: spDocument}
}

func TestSAMLConnectionFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from   func() *tenants.SAML
		change func(*tenants.SAML)
		want   []string
	}{
		"fetched":  {fetched, func(*tenants.SAML) {}, nil},
		"inline":   {inline, func(*tenants.SAML) {}, nil},
		"document": {document, func(*tenants.SAML) {}, nil},
		"everything": {inline, func(o *tenants.SAML) {
			o.NameIDFormat, o.SignedRequests, o.IDPInitiated, o.RelayState, o.Encryption = tenants.NameIDTransient, true, true, "start", tenants.EncryptionRequired
			o.AttributeNames = map[hub.AttributeName]string{hub.GivenName: "urn:oid:2.5.4.42"}
		}, nil},

		"no name":              {fetched, func(o *tenants.SAML) { o.EntityID = "" }, []string{"saml.entityID SAML Metadata section 2.2.1"}},
		"no URI":               {fetched, func(o *tenants.SAML) { o.EntityID = "land" }, []string{"saml.entityID SAML Metadata section 2.2.1"}},
		"nowhere":              {fetched, func(o *tenants.SAML) { o.MetadataURL, o.MetadataKeys = "", nil }, []string{"saml"}},
		"two places":           {fetched, func(o *tenants.SAML) { o.Metadata = spDocument }, []string{"saml"}},
		"not pinned":           {fetched, func(o *tenants.SAML) { o.MetadataKeys = nil }, []string{"saml.metadataKeys SAML Metadata section 3"}},
		"fetched by http":      {fetched, func(o *tenants.SAML) { o.MetadataURL = "http://land.example/m" }, []string{"saml.metadataURL RFC 9700 section 2.6"}},
		"pinned to nothing":    {fetched, func(o *tenants.SAML) { o.MetadataKeys = [][]byte{{1}} }, []string{"saml.metadataKeys[0]"}},
		"pinned to a weak key": {fetched, func(o *tenants.SAML) { o.MetadataKeys[0] = certificates()["weak"] }, []string{"saml.metadataKeys[0]"}},
		"pins without address": {document, func(o *tenants.SAML) { o.MetadataKeys = [][]byte{certificates()["rsa"]} }, []string{"saml.metadataKeys"}},
		"another's document":   {document, func(o *tenants.SAML) { o.EntityID = "https://other.example" }, []string{"saml.metadata SAML Metadata section 2.4.4"}},
		"no document":          {document, func(o *tenants.SAML) { o.Metadata = "<x/>" }, []string{"saml.metadata SAML Metadata section 2.4.4"}},
		"entities":             {document, func(o *tenants.SAML) { o.Metadata = "<!DOCTYPE x [<!ENTITY a 'b'>]>" + spDocument }, []string{"saml.metadata SAML Metadata section 2.4.4"}},
		"endless":              {document, func(o *tenants.SAML) { o.Metadata += strings.Repeat(" ", 256<<10) }, []string{"saml.metadata"}},
		"ACS by http": {
			document, func(o *tenants.SAML) {
				o.Metadata = strings.Replace(spDocument, "https://land.example/acs", "http://land.example/acs", 1)
			},
			[]string{"saml.metadata RFC 9700 section 2.6"},
		},
		"no ACS of HTTP-POST": {
			document, func(o *tenants.SAML) { o.Metadata = strings.Replace(spDocument, "HTTP-POST", "HTTP-Artifact", 1) },
			[]string{"saml.metadata SAML Metadata section 2.4.4"},
		},
		"signed, no key in the document": {document, func(o *tenants.SAML) { o.SignedRequests = true }, []string{"saml.metadata SAML Metadata section 2.4.4"}},
		"signed, no key":                 {inline, func(o *tenants.SAML) { o.SignedRequests, o.Certificates = true, nil }, []string{"saml.certificates"}},
		"keys beside an address":         {fetched, func(o *tenants.SAML) { o.Certificates = [][]byte{certificates()["rsa"]} }, []string{"saml.certificates"}},
		"encrypted for nobody":           {inline, func(o *tenants.SAML) { o.Encryption, o.EncryptionCertificate = tenants.EncryptionRequired, nil }, []string{"saml.encryptionCertificate PRV-10"}},
		"encrypted for ECDSA":            {inline, func(o *tenants.SAML) { o.EncryptionCertificate = certificates()["ecdsa"] }, []string{"saml.encryptionCertificate"}},
		"ACS with a fragment":            {inline, func(o *tenants.SAML) { o.ACS[0].URL += "#x" }, []string{"saml.acs[0].url RFC 6749 section 3.1.2"}},
		"index below zero":               {inline, func(o *tenants.SAML) { o.ACS[0].Index = -1 }, []string{"saml.acs[0].index SAML Metadata section 2.2.3"}},
		"logout, all of it": {inline, func(o *tenants.SAML) {
			o.Logout, o.EncryptedNames = []tenants.SAMLLogout{
				{Binding: tenants.SAMLSOAP, URL: "https://land.example/soap"},
				{Binding: tenants.SAMLRedirect, URL: "https://land.example/slo", ResponseURL: "https://land.example/done"},
				{Binding: tenants.SAMLPost, URL: "https://land.example/slo"},
			}, true
		}, nil},
		"logout beside metadata": {document, func(o *tenants.SAML) {
			o.Logout = []tenants.SAMLLogout{{Binding: tenants.SAMLSOAP, URL: "https://land.example/soap"}}
		}, []string{"saml.logout", "saml.certificates SAML Profiles section 4.4.3"}},
		"logout by artifact": {inline, func(o *tenants.SAML) {
			o.Logout = []tenants.SAMLLogout{{Binding: "artifact", URL: "https://land.example/slo"}}
		}, []string{"saml.logout[0].binding SAML Metadata section 2.4.2"}},
		"logout twice": {inline, func(o *tenants.SAML) {
			o.Logout = []tenants.SAMLLogout{{Binding: tenants.SAMLPost, URL: "https://land.example/a"}, {Binding: tenants.SAMLPost, URL: "https://land.example/b"}}
		}, []string{"saml.logout[1].binding SAML Metadata section 2.4.2"}},
		"logout by http": {inline, func(o *tenants.SAML) {
			o.Logout = []tenants.SAMLLogout{{Binding: tenants.SAMLSOAP, URL: "http://land.example/soap", ResponseURL: "http://land.example/x"}}
		}, []string{"saml.logout[0].url RFC 9700 section 2.6", "saml.logout[0].responseURL RFC 9700 section 2.6"}},
		"logout without keys": {inline, func(o *tenants.SAML) {
			o.Logout, o.Certificates = []tenants.SAMLLogout{{Binding: tenants.SAMLSOAP, URL: "https://land.example/soap"}}, nil
		}, []string{"saml.certificates SAML Profiles section 4.4.3"}},
		"names encrypted for nobody": {inline, func(o *tenants.SAML) { o.EncryptedNames, o.EncryptionCertificate = true, nil }, []string{"saml.encryptedNames"}},
		"two defaults": {inline, func(o *tenants.SAML) {
			o.ACS = append(o.ACS, tenants.SAMLEndpoint{Index: 1, URL: "https://land.example/2", Default: true})
		}, []string{"saml.acs SAML Metadata section 2.2.3"}},
		"e-mail as name":        {fetched, func(o *tenants.SAML) { o.NameIDFormat = "emailAddress" }, []string{"saml.nameIDFormat SAML Core section 8.3"}},
		"unknown encryption":    {fetched, func(o *tenants.SAML) { o.Encryption = "maybe" }, []string{"saml.encryption"}},
		"RelayState for nobody": {fetched, func(o *tenants.SAML) { o.RelayState = "x" }, []string{"saml.relayState"}},
		"RelayState without end": {
			fetched, func(o *tenants.SAML) { o.IDPInitiated, o.RelayState = true, strings.Repeat("x", 81) }, []string{"saml.relayState SAML Bindings section 3.4.3"},
		},
		"AES-CBC": {fetched, func(o *tenants.SAML) { o.EncryptionMethods = []string{"http://www.w3.org/2001/04/xmlenc#aes256-cbc"} }, []string{"saml.encryptionMethods[0] XML Encryption 1.1"}},
		"two attributes of one name": {
			fetched, func(o *tenants.SAML) { o.AttributeNames = map[hub.AttributeName]string{hub.Name: "n", hub.NameEN: "n"} }, []string{"saml.attributeNames.name_en"},
		},
		"unknown attribute": {
			fetched, func(o *tenants.SAML) { o.AttributeNames = map[hub.AttributeName]string{"laser": "n"} }, []string{"saml.attributeNames.laser PRV-05"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := goodSystem()
			s.OIDC, s.SAML = nil, c.from()
			s.SAML.MetadataKeys = append([][]byte(nil), s.SAML.MetadataKeys...)
			c.change(s.SAML)
			expect(t, s.Validate(), c.want...)
		})
	}
}

// PRV-13: a system that demands AAL 3 can't refuse to be sent encrypted assertions.
func TestPRV13_AAL3IsEncrypted(t *testing.T) {
	t.Parallel()
	s := goodSystem()
	s.OIDC, s.SAML = nil, fetched()
	s.SAML.Encryption = tenants.EncryptionNone
	expect(t, s.Validate())
	s.Least.AAL = hub.AAL3
	expect(t, s.Validate(), "saml.encryption PRV-13")
}

func TestASystemIsConnectedSomehow(t *testing.T) {
	t.Parallel()
	s := goodSystem()
	s.SAML = fetched()
	expect(t, s.Validate())
	s.OIDC, s.SAML = nil, nil
	expect(t, s.Validate(), "oidc")
}

// Two systems of one entity id could be answered for each other.
func TestEntityIDsAreUnique(t *testing.T) {
	t.Parallel()
	one, two := goodSystem(), goodSystem()
	one.OIDC, one.SAML = nil, fetched()
	two.ID, two.OIDC, two.SAML = "other", nil, fetched()
	faults := tenants.ValidateAll([]tenants.Department{goodDepartment()}, []tenants.System{one, two})
	if len(faults) != 1 || faults[0].ID != "other" || faults[0].Path != "saml.entityID" {
		t.Errorf("%v", faults)
	}
	two.SAML.EntityID += "/other"
	if faults := tenants.ValidateAll([]tenants.Department{goodDepartment()}, []tenants.System{one, two}); len(faults) != 0 {
		t.Errorf("%v", faults)
	}
}

func TestTheDirectoryFindsByEntity(t *testing.T) {
	t.Parallel()
	s := goodSystem()
	s.SAML = fetched()
	store := &memory{version: 1, departments: []tenants.Department{goodDepartment()}, systems: []tenants.System{s}}
	d, err := tenants.NewDirectory(store)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Entity(t.Context(), s.SAML.EntityID); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("before the first refresh: %v", err)
	}
	if err := d.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Entity(t.Context(), s.SAML.EntityID); err != nil || got.ID != s.ID {
		t.Errorf("%v, %v", got.ID, err)
	}
	for _, unknown := range []string{"", "https://land.example", s.SAML.EntityID + "/"} {
		if _, err := d.Entity(t.Context(), unknown); hub.KindOf(err) != hub.NotFound {
			t.Errorf("%q: %v", unknown, err)
		}
	}
}

// No document, however foreign, makes the check fail otherwise than by a fault.
func FuzzSAMLMetadataInTheRegister(f *testing.F) {
	f.Add([]byte(spDocument))
	f.Add([]byte("<"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := goodSystem()
		s.OIDC, s.SAML = nil, &tenants.SAML{EntityID: "https://land.example/saml", Metadata: string(text)}
		if len(s.Validate()) == 0 && !bytes.Contains(text, []byte("https://")) {
			t.Errorf("taken: %q", text)
		}
	})
}
