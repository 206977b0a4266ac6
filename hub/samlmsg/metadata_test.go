package samlmsg

import (
	"crypto/x509"
	"reflect"
	"strings"
	"testing"
	"time"
)

func certs(ids ...identity) []*x509.Certificate {
	var out []*x509.Certificate
	for _, i := range ids {
		out = append(out, i.cert)
	}
	return out
}

// sampleEntity is the hub in both roles, in the middle of a rollover: two signing keys.
func sampleEntity() EntityDescriptor {
	keys := []KeyDescriptor{
		{Use: UseSigning, Certificates: certs(theIDP())},
		{Use: UseSigning, Certificates: certs(theNextIDP())},
		{Use: UseEncryption, Certificates: certs(theSP()), Methods: OwnEncryptionMethods()},
	}
	return EntityDescriptor{
		EntityID: idpID, ID: "_metadata-1", ValidUntil: noon.Add(7 * 24 * time.Hour), CacheDuration: 6 * time.Hour,
		IDP: &IDPSSODescriptor{
			Role: Role{
				Keys: keys[:2], SingleLogout: []Endpoint{{Binding: BindingRedirect, Location: sloURL, ResponseLocation: sloURL + "/done"}, {Binding: BindingSOAP, Location: sloURL}},
				NameIDFormats: []string{FormatPersistent, FormatTransient},
				DisplayNames:  map[string]string{"th": "ประตูเดียว", "en": "One door", "zh": "一门", "vi": "Một cửa"},
				Descriptions:  map[string]string{"en": "The hub & its <doors>"}, ErrorURL: "https://idp.example/error",
			},
			WantAuthnRequestsSigned: true,
			SingleSignOn:            []Endpoint{{Binding: BindingRedirect, Location: ssoURL}, {Binding: BindingPOST, Location: ssoURL}},
			Attributes:              []Attribute{{Name: "given_name", NameFormat: AttributeBasic}},
		},
		SP: &SPSSODescriptor{
			Role: Role{Keys: keys}, AuthnRequestsSigned: true, WantAssertionsSigned: true,
			AssertionConsumers: []IndexedEndpoint{{Binding: BindingPOST, Location: acsURL, Index: 0, IsDefault: true}, {Binding: BindingPOST, Location: acsURL + "2", Index: 1}},
			AttributeConsuming: []AttributeConsumingService{{
				Index: 1, IsDefault: true, Names: map[string]string{"en": "Taxes"},
				Requested: []RequestedAttribute{{Name: "given_name", NameFormat: AttributeBasic, FriendlyName: "Given name", Required: true}, {Name: "birthdate"}},
			}},
		},
		Organization: Organization{Names: map[string]string{"en": "DGA"}, DisplayNames: map[string]string{"en": "Agency"}, URLs: map[string]string{"en": "https://a.example"}},
		Contacts:     []Contact{{Type: "technical", Company: "DGA", Emails: []string{"mailto:ops@a.example"}}},
		Attributes:   map[string][]string{AssuranceCertification: {"urn:onedoor:ial:2.3:aal:2.2"}},
	}
}

func metadataXML(tb testing.TB, change func(*EntityDescriptor), s *Signer) string {
	tb.Helper()
	d := sampleEntity()
	if change != nil {
		change(&d)
	}
	raw, err := d.XML(s)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

func TestMetadataRoundTripsSignedWithTwoKeys(t *testing.T) {
	t.Parallel()
	raw := metadataXML(t, nil, theIDP().signer(t))
	m, err := ParseMetadata([]byte("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- ours -->\n"+raw), MetadataOptions{
		Verifier: theIDP().verifier(t), Now: noon, RequireValidUntil: true, MaxValidity: 30 * 24 * time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := sampleEntity()
	got, ok := m.Entity(idpID)
	if !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if !m.ValidUntil.Equal(want.ValidUntil) || m.CacheDuration != want.CacheDuration || len(m.Skipped) != 0 {
		t.Errorf("%+v", m)
	}
	if c := got.IDP.SigningCertificates(); len(c) != 2 || !c[1].Equal(theNextIDP().cert) {
		t.Error("not both keys of the rollover")
	}
	if k, ok := got.SP.EncryptionKey(); !ok || k.Use != UseEncryption || len(k.Methods) != 5 {
		t.Error("no encryption key")
	}
	if _, ok := got.IDP.EncryptionKey(); ok {
		t.Error("a signing key for encryption")
	}
	if e, ok := Find(got.IDP.SingleLogout, BindingSOAP); !ok || e.Location != sloURL {
		t.Error("Find")
	}
	if _, ok := Find(got.IDP.SingleSignOn, BindingSOAP); ok {
		t.Error("found what is not there")
	}
	if _, ok := m.Entity("x"); ok {
		t.Error("an entity that is not there")
	}
}

func TestMetadataMustProveItself(t *testing.T) {
	t.Parallel()
	good := metadataXML(t, nil, theIDP().signer(t))
	strict := MetadataOptions{Verifier: theIDP().verifier(t), Now: noon, RequireValidUntil: true, MaxValidity: 30 * 24 * time.Hour}
	unpinned := MetadataOptions{Now: noon}
	without := func(change func(*EntityDescriptor)) string { return metadataXML(t, change, nil) }
	aggregate := func(inside string) string {
		return `<md:EntitiesDescriptor xmlns:md="` + nsMD + `">` + inside + `</md:EntitiesDescriptor>`
	}
	for _, c := range []struct {
		name, xml string
		o         MetadataOptions
		want      Cause
	}{
		{"changed", strings.Replace(good, ssoURL, "https://evil.example/sso", 1), strict, DigestMismatch},
		{"unsigned", without(nil), strict, SignatureMissing},
		{"another key", metadataXML(t, nil, attacker().signer(t)), strict, SignatureMismatch},
		{"signed entity in an unsigned aggregate", aggregate(good), strict, SignatureMissing},
		{"expired", good, MetadataOptions{Verifier: strict.Verifier, Now: noon.Add(7 * 24 * time.Hour)}, MetadataExpired},
		{"endless", metadataXML(t, func(d *EntityDescriptor) { d.ValidUntil = time.Time{} }, theIDP().signer(t)), strict, MetadataEndless},
		{"for years", metadataXML(t, func(d *EntityDescriptor) { d.ValidUntil = noon.AddDate(3, 0, 0) }, theIDP().signer(t)), strict, MetadataTooLong},
		{"javascript", without(func(d *EntityDescriptor) { d.SP.AssertionConsumers[0].Location = "javascript:alert(1)" }), unpinned, EndpointUnsafe},
		{"relative", without(func(d *EntityDescriptor) { d.IDP.SingleSignOn[0].Location = "/sso" }), unpinned, EndpointUnsafe},
		{"response location", without(func(d *EntityDescriptor) { d.IDP.SingleLogout[0].ResponseLocation = "data:x" }), unpinned, EndpointUnsafe},
		{"index twice", without(func(d *EntityDescriptor) { d.SP.AssertionConsumers[1].Index = 0 }), unpinned, MetadataMalformed},
		{"key use", strings.Replace(without(nil), `use="signing"`, `use="both"`, 1), unpinned, MetadataMalformed},
		{"no name", strings.Replace(without(nil), `entityID="`+idpID+`"`, "", 1), unpinned, MetadataMalformed},
		{"two alike", aggregate(strings.Replace(without(nil), "_metadata-1", "_a", 1) + strings.Replace(without(nil), "_metadata-1", "_b", 1)), unpinned, MetadataDuplicate},
		{"ids alike", aggregate(without(nil) + without(nil)), unpinned, XMLDuplicateID},
		{"duration", strings.Replace(without(nil), "PT21600S", "6 hours", 1), unpinned, MetadataMalformed},
		{"date", strings.Replace(without(nil), "2026-11-28T12:00:00.000Z", "tomorrow", 1), unpinned, MetadataMalformed},
		{"too deep", strings.Repeat(`<md:EntitiesDescriptor xmlns:md="`+nsMD+`">`, 10) + strings.Repeat("</md:EntitiesDescriptor>", 10), unpinned, MetadataMalformed},
		{"something else", aggregate("<x/>"), unpinned, MetadataMalformed},
		{"another document", "<x/>", unpinned, MetadataMalformed},
		{"DTD", "<!DOCTYPE x>" + without(nil), unpinned, XMLDoctype},
		{"too big", good, MetadataOptions{Now: noon, Limits: Limits{Bytes: 100}}, XMLTooBig},
		{"too many", good, MetadataOptions{Now: noon, Limits: Limits{Nodes: 10}}, XMLTooManyNodes},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseMetadata([]byte(c.xml), c.o)
			wantCause(t, err, c.want)
		})
	}
}

func TestAnAggregateKeepsWhatIsGood(t *testing.T) {
	t.Parallel()
	entity := func(id string, change func(*EntityDescriptor)) string {
		return metadataXML(t, func(d *EntityDescriptor) {
			d.EntityID, d.ID = id, ""
			if change != nil {
				change(d)
			}
		}, nil)
	}
	xml := `<EntitiesDescriptor xmlns="` + nsMD + `" validUntil="2026-11-30T00:00:00Z" cacheDuration="P1D"><!-- a federation -->` +
		entity("urn:a", func(d *EntityDescriptor) { d.ValidUntil, d.CacheDuration = time.Time{}, 0 }) +
		`<EntitiesDescriptor validUntil="2026-11-25T00:00:00Z" cacheDuration="PT1H">` +
		entity("urn:b", nil) + entity("urn:expired", func(d *EntityDescriptor) { d.ValidUntil = noon.Add(-time.Hour) }) +
		`</EntitiesDescriptor>` +
		entity("urn:unsafe", func(d *EntityDescriptor) { d.SP.AssertionConsumers[0].Location = "javascript:x" }) +
		strings.Replace(entity("urn:old", nil), `protocolSupportEnumeration="`+Protocol, `protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol`, 2) +
		`</EntitiesDescriptor>`
	m, err := ParseMetadata([]byte(xml), MetadataOptions{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := m.Entity("urn:a")
	b, _ := m.Entity("urn:b")
	old, _ := m.Entity("urn:old")
	if len(m.Entities) != 3 || a.IDP == nil || b.SP == nil || old.IDP != nil || old.SP != nil {
		t.Errorf("%+v", m.Entities)
	}
	if a.CacheDuration != 24*time.Hour || b.CacheDuration != time.Hour || a.ValidUntil.Day() != 30 || b.ValidUntil.Day() != 25 {
		t.Errorf("the narrowest life does not count: %v %v %v %v", a.ValidUntil, a.CacheDuration, b.ValidUntil, b.CacheDuration)
	}
	want := []Skipped{{"urn:expired", MetadataExpired}, {"urn:unsafe", EndpointUnsafe}}
	if !reflect.DeepEqual(m.Skipped, want) {
		t.Errorf("%+v", m.Skipped)
	}
}

func TestEndpointsOfOtherBindingsAndUnreadableKeysAreLeftOut(t *testing.T) {
	t.Parallel()
	raw := metadataXML(t, func(d *EntityDescriptor) {
		d.SP.AssertionConsumers = append(d.SP.AssertionConsumers, IndexedEndpoint{Binding: "urn:oasis:names:tc:SAML:2.0:bindings:PAOS", Location: "urn:x", Index: 7})
		d.IDP.SingleSignOn = append(d.IDP.SingleSignOn, Endpoint{Binding: "urn:mace:shibboleth:1.0:profiles:AuthnRequest", Location: "x"})
	}, nil)
	der := encode64(theNextIDP().cert.Raw)
	raw = strings.Replace(raw, der, "AAAA", 1)
	m, err := ParseMetadata([]byte(raw), MetadataOptions{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	if e := m.Entities[0]; len(e.SP.AssertionConsumers) != 2 || len(e.IDP.SingleSignOn) != 2 || len(e.IDP.SigningCertificates()) != 1 {
		t.Errorf("%+v", e)
	}
}

func TestIncompleteMetadataIsNotWritten(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*EntityDescriptor){
		"no name":      func(d *EntityDescriptor) { d.EntityID = "" },
		"no role":      func(d *EntityDescriptor) { d.IDP, d.SP = nil, nil },
		"no id":        func(d *EntityDescriptor) { d.ID = "" },
		"no endpoint":  func(d *EntityDescriptor) { d.IDP.SingleSignOn = nil },
		"no consumer":  func(d *EntityDescriptor) { d.SP.AssertionConsumers = nil },
		"key, no cert": func(d *EntityDescriptor) { d.IDP.Keys[0].Certificates = nil },
	} {
		d := sampleEntity()
		change(&d)
		if _, err := d.XML(theIDP().signer(t)); Reason(err) != string(MessageIncomplete) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDurationsAndTimes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Duration{
		"PT6H": 6 * time.Hour, "P1D": 24 * time.Hour, "P1DT1M1.5S": 24*time.Hour + 61*time.Second, "P1Y2M3D": 428 * 24 * time.Hour, "PT0S": 0, "PT3600S": time.Hour,
	} {
		if got, ok := parseDuration(s); !ok || got != want {
			t.Errorf("%s = %v, %v", s, got, ok)
		}
	}
	for _, bad := range []string{"", "P", "PT", "6H", "-PT1H", "PT1", "PTH", "P1H", "PT1S1M", "PT1.5M", "P1DT", "PT1..5S", "P99999999999Y", "P200Y", "PT1H1H1H", "PT+1H", strings.Repeat("P", 50)} {
		if got, ok := parseDuration(bad); ok {
			t.Errorf("%q = %v", bad, got)
		}
	}
	for s, want := range map[string]time.Time{
		"2026-11-21T12:00:00Z": noon, "2026-11-21T12:00:00.000Z": noon, "2026-11-21T19:00:00+07:00": noon, "2026-11-21T12:00:00.123456789Z": noon.Add(123456789),
	} {
		if got, ok := parseTime(s); !ok || !got.Equal(want) {
			t.Errorf("%s = %v, %v", s, got, ok)
		}
	}
	for _, bad := range []string{"", "2026-11-21", "2026-11-21T12:00:00", "2026-11-21T12:00:00,5Z", "2026-11-21 12:00:00Z", "2026-13-21T12:00:00Z", "0001-01-01T00:00:00Z", "2026-11-21T24:00:01Z"} {
		if got, ok := parseTime(bad); ok {
			t.Errorf("%q = %v", bad, got)
		}
	}
}
