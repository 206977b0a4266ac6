package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onedoor/configs"
	"onedoor/hub"
)

func TestTheSAMLSystemsReachTheDomain(t *testing.T) {
	t.Parallel()
	first := resolve(t, "examples-samlsp", nil, plainSealer{}, configs.Register{})
	if len(first.Systems) != 3 {
		t.Fatalf("%d systems", len(first.Systems))
	}
	deeds, archive, places := first.Systems[0].SAML, first.Systems[1].SAML, first.Systems[2].SAML
	if deeds.EntityID != "https://deeds.land.example/saml" || len(deeds.MetadataKeys) != 1 || !deeds.SignedRequests || deeds.Encryption != "required" ||
		deeds.AttributeNames[hub.CitizenID] != "urn:land.example:attribute:citizen-number" {
		t.Errorf("%+v", deeds)
	}
	if len(archive.ACS) != 2 || !archive.ACS[0].Default || archive.ACS[1].Index != 1 || len(archive.Certificates) != 1 || len(archive.EncryptionCertificate) == 0 ||
		!archive.IDPInitiated || archive.RelayState != "search" || len(archive.EncryptionMethods) != 1 {
		t.Errorf("%+v", archive)
	}
	if !strings.Contains(places.Metadata, "map.land.example/saml/acs") {
		t.Errorf("the file was not read: %q", places.Metadata)
	}
	again := resolve(t, "examples-samlsp", nil, plainSealer{}, first)
	for _, d := range configs.Diff(first, again) {
		if len(d.Changes) != 0 {
			t.Errorf("the second time changes %+v", d)
		}
	}
	for _, d := range configs.Diff(configs.Register{}, first) {
		for _, c := range d.Changes {
			if len(c.New) > 300 || strings.Contains(c.New, "BEGIN") {
				t.Errorf("%s is told as %q", c.Path, c.New)
			}
		}
	}
}

func TestFaultsOfSAMLSystemsHaveTheirLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("examples-samlsp/30-land.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err := os.ReadFile("examples-samlsp/map-metadata.xml")
	if err != nil {
		t.Fatal(err)
	}
	for old, c := range map[string]struct{ now, want string }{
		"entityID: https://deeds.land.example/saml\n": {"entityID: deeds\n", "saml.entityID: must be an absolute URI"},
		"https://deeds.land.example/saml/metadata":    {"http://deeds.land.example/saml/metadata", "saml.metadataURL: must be https"},
		"    - |\n":                               {"    - |\n      no certificate\n", "saml.metadataKeys[0]: must be one certificate as PEM"},
		"encryption: required":                    {"encryption: perhaps", "saml.encryption: must be required or none"},
		"nameIDFormat: persistent":                {"nameIDFormat: email", "saml.nameIDFormat: must be persistent or transient"},
		"metadataFile: map-metadata.xml":          {"metadataFile: nowhere.xml", "saml.metadataFile: can't be read"},
		"entityID: https://map.land.example/saml": {"entityID: https://map.land.example/other", "saml.metadata: does not describe the entity"},
		"idpInitiated: true":                      {"idpInitiated: false", "saml.relayState: is for logins that begin at the hub"},
		"aes128-gcm":                              {"aes128-cbc", "saml.encryptionMethods[0]: must be one of"},
		"{index: 1, url":                          {"{index: 0, url", "saml.acs[1].index: must be a number of its own"},
		"citizen_id: urn":                         {"laser_code: urn", "saml.attributeNames.laser_code: is not in the dictionary"},
	} {
		t.Run(old, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(string(text), old) {
				t.Fatalf("the example has no %q", old)
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "x.yaml"), strings.Replace(string(text), old, c.now, 1))
			write(t, filepath.Join(dir, "map-metadata.xml"), string(document))
			_, err := configs.ReadObjects(dir)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "x.yaml:") {
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}
