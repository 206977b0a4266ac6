package app

import (
	"context"
	"encoding/pem"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"onedoor/federation/metadata"
	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
	"onedoor/tenants"
)

// fixedRegister is a tenants.Store that lists one set of systems.
type fixedRegister struct {
	tenants.Store
	systems []tenants.System
}

func (r fixedRegister) Version(context.Context) (int64, error)                    { return 1, nil }
func (r fixedRegister) Departments(context.Context) ([]tenants.Department, error) { return nil, nil }

func (r fixedRegister) Systems(context.Context) ([]tenants.System, error) { return r.systems, nil }

func derOf(t *testing.T, text string) []byte {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatal("no PEM")
	}
	return block.Bytes
}

// What the register says of a system is what the SAML identity provider is told, from each of the places that metadata can come from.
func TestServiceProvidersComeFromTheRegister(t *testing.T) {
	t.Parallel()
	_, sign := pemPair(t)
	_, open := pemPair(t)
	rules := []consent.Rule{{Attribute: hub.Name, Purpose: "a"}, {Attribute: hub.Name, Purpose: "b"}, {Attribute: hub.Address, Purpose: "a"}}
	document := `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:document">
<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:NameIDFormat>` + samlmsg.FormatTransient + `</md:NameIDFormat>
<md:AssertionConsumerService Binding="` + samlmsg.BindingPOST + `" Location="https://document.example/acs" index="3"/></md:SPSSODescriptor></md:EntityDescriptor>`
	systems := []tenants.System{
		{ID: "inline", Status: tenants.Live, Attributes: rules, SAML: &tenants.SAML{
			EntityID: "urn:inline", ACS: []tenants.SAMLEndpoint{{Index: 1, URL: "https://inline.example/acs", Default: true}},
			Certificates: [][]byte{derOf(t, sign)}, EncryptionCertificate: derOf(t, open), SignedRequests: true, IDPInitiated: true, RelayState: "r",
			Encryption: tenants.EncryptionRequired, EncryptionMethods: []string{"http://www.w3.org/2009/xmlenc11#aes128-gcm"},
		}},
		{ID: "document", Status: tenants.Live, SAML: &tenants.SAML{EntityID: "urn:document", Metadata: document, Encryption: tenants.EncryptionNone}},
		{ID: "away", Status: tenants.Live, SAML: &tenants.SAML{EntityID: "urn:away", MetadataURL: "https://away.example/m", MetadataKeys: [][]byte{derOf(t, sign)}}},
		{ID: "draft", Status: tenants.Draft, SAML: &tenants.SAML{EntityID: "urn:draft", MetadataURL: "https://away.example/m", MetadataKeys: [][]byte{derOf(t, sign)}}},
		{ID: "openid", Status: tenants.Live, OIDC: &tenants.OIDC{}},
	}
	directory, err := tenants.NewDirectory(fixedRegister{systems: systems})
	if err != nil {
		t.Fatal(err)
	}
	if err := directory.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	cache, err := metadata.New(metadata.Options{HTTP: &http.Client{Transport: nowhere{}}, Clock: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	all := serviceProviders{directory, cache}

	sp, err := all.ByEntity(t.Context(), "urn:inline")
	if err != nil {
		t.Fatal(err)
	}
	key, encrypts := sp.Role.EncryptionKey()
	if sp.ID != "inline" || !sp.Live || !sp.SignedRequests || !sp.IDPInitiated || sp.RelayState != "r" || sp.Encrypt != samlidp.EncryptAlways ||
		len(sp.EncryptionMethods) != 1 || len(sp.Attributes) != 2 || len(sp.Role.SigningCertificates()) != 1 || !encrypts || len(key.Certificates) != 1 ||
		len(sp.Role.AssertionConsumers) != 1 || sp.Role.AssertionConsumers[0].Location != "https://inline.example/acs" || sp.Transient {
		t.Errorf("%+v", sp)
	}
	if sp, err = all.ByID(t.Context(), "document"); err != nil || sp.Role.AssertionConsumers[0].Index != 3 || !sp.Transient || sp.Encrypt != samlidp.EncryptNever {
		t.Errorf("%+v, %v", sp, err)
	}
	if sp, err = all.ByID(t.Context(), "draft"); err != nil || sp.Live {
		t.Errorf("a draft's metadata was asked for: %v", err)
	}
	for id, kind := range map[hub.SystemID]hub.Kind{"away": hub.Unavailable, "openid": hub.NotFound, "nobody": hub.NotFound} {
		if _, err := all.ByID(t.Context(), id); hub.KindOf(err) != kind {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := all.ByEntity(t.Context(), "urn:nobody"); hub.KindOf(err) != hub.NotFound {
		t.Error(err)
	}
	if newer, err := all.Renew(t.Context(), "inline"); newer || err != nil {
		t.Errorf("what the register says can't be renewed: %v, %v", newer, err)
	}
}

// nowhere is a network without anybody.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }
