package configs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/federation"
	"onedoor/hub"
)

const savingsExample = "examples-saml/13-savings.yaml"

func TestTheSAMLProviderExampleReachesTheDomain(t *testing.T) {
	t.Parallel()
	first := resolve(t, savingsExample, nil, plainSealer{}, configs.Register{})
	p := first.Providers[0]
	s := p.SAML
	if p.Protocol() != federation.SAML2 || s.Skew() != time.Minute || !s.Encrypted || s.NameID != federation.SAMLPersistent ||
		p.Assurance.ACR["urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"] != (hub.Level{IAL: hub.IAL22, AAL: hub.AAL21}) {
		t.Errorf("got %+v, %+v", p, s)
	}
	if pins, err := s.Metadata.Certificates(); err != nil || len(pins) != 1 || pins[0].Subject.CommonName != "metadata of the example savings bank" {
		t.Errorf("%v, %v", pins, err)
	}
	again := resolve(t, savingsExample, nil, plainSealer{}, first)
	if d := configs.Diff(first, again); len(d) != 1 || len(d[0].Changes) != 0 {
		t.Errorf("the second time changes %+v", d)
	}
}

func TestFaultsOfSAMLSettingsHaveTheirLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(savingsExample)
	if err != nil {
		t.Fatal(err)
	}
	for old, c := range map[string]struct{ now, want string }{
		"  entityID: https://idp.savings.example/metadata": {"  entityID: savings", "saml.entityID: must be a URI"},
		"    url: https://":        {"    url: http://", "saml.metadata.url: must be an https URL"},
		"    pins:\n":              {"    file: metadata.xml\n    pins:\n", "saml.metadata: must have exactly one of url, file and inline"},
		"-----BEGIN":               {"-----BEGAN", "saml.metadata.pins[0]: must be one PEM certificate"},
		"requestBinding: redirect": {"requestBinding: artifact", "saml.requestBinding: must be one of redirect, post"},
		"comparison: exact":        {"comparison: better", "saml.comparison: must be one of exact, minimum"},
		"nameID: persistent":       {"nameID: transient", "saml.subject: is missing"},
		"  # allowCBC: true":       {"  allowCBC: true", "saml.allowCBC: needs signedResponse"},
		"clockSkew: 1m":            {"clockSkew: 10m", "saml.clockSkew: must lie between 0 and 5m0s"},
		"  # unsolicited: true":    {"  unsolicited: true", "saml.landing: is missing"},
		"  # landing: https":       {"  landing: https", "saml.landing: has no effect without unsolicited"},
		"  # subject: \"urn:savings.example:customer\"": {"  subject: laser_code", "saml.subject: names an evidence number"},
		"  request:\n": {"  amr: {pwd: 1}\n  request:\n", "assurance.amr: must not be there"},
	} {
		if !strings.Contains(string(text), old) {
			t.Fatalf("the example has no %q", old)
		}
		file := filepath.Join(t.TempDir(), "x.yaml")
		write(t, file, strings.Replace(string(text), old, c.now, 1))
		if _, err := configs.ReadObjects(file); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.now, err, c.want)
		}
	}
}
