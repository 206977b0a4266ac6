package configs_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
)

const issuersExample = "examples-issuers/14-issuers.yaml"

// SSO-03: the issuers of foreign tokens are declared, with every setting that there is.
func TestTheIssuersExampleReachesTheDomain(t *testing.T) {
	t.Parallel()
	first := resolve(t, issuersExample, nil, plainSealer{}, configs.Register{})
	if len(first.Providers) != 2 {
		t.Fatalf("%d records", len(first.Providers))
	}
	lanna, harbour := first.Providers[0].Tokens, first.Providers[1].Tokens
	if !lanna.Onedoor || !lanna.Signed || lanna.KeepFor != time.Second || lanna.Peer != "lanna-hub" || lanna.ClientID != "chaophraya-hub" {
		t.Errorf("got %+v", lanna)
	}
	if c := lanna.Complete(); c.Introspection != "https://hub.lanna.example/oauth2/introspect" || c.JWKS != "https://hub.lanna.example/oauth2/jwks" {
		t.Errorf("got %+v", c)
	}
	if s, ok := harbour.For("revenue-efiling"); !ok || !reflect.DeepEqual(s.Scopes, []string{"port.read"}) || harbour.MaxLife != 15*time.Minute {
		t.Errorf("got %+v", harbour)
	}
	if first.Providers[0].Protocol() != "" || first.Providers[0].Ceiling != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}) {
		t.Errorf("got %+v", first.Providers[0])
	}
	again := resolve(t, issuersExample, nil, plainSealer{}, first)
	for _, d := range configs.Diff(first, again) {
		if len(d.Changes) != 0 {
			t.Errorf("the second time changes %+v", d)
		}
	}
}

func TestFaultsOfIssuersHaveTheirLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(issuersExample)
	if err != nil {
		t.Fatal(err)
	}
	for old, c := range map[string]struct{ now, want string }{
		"issuer: https://hub.lanna.example\n": {"issuer: https://hub.lanna.example/\n", "tokens.issuer: must not end in a slash"},
		"clientID: chaophraya-hub":            {"clientID: \"\"", "tokens.clientID: is missing"},
		"keepFor: 1s":                         {"keepFor: 6s", "tokens.keepFor: must lie between 0 and 5s"},
		"timeout: 2s":                         {"timeout: 6s", "tokens.timeout: must lie between 0 and 5s"},
		"maxLife: 15m":                        {"maxLife: 25h", "tokens.maxLife: must lie between 0 and 24h0m0s"},
		"prefixes: [hbr_]":                    {"prefixes: [od1_x]", "tokens.prefixes[0]: is how tokens of a hub as this one"},
		"algs: [ES256, PS256]":                {"algs: [none]", "tokens.algs[0]: must be one of ES256, PS256, RS256"},
		"types: [at+jwt]":                     {"types: [id_token]", "tokens.types[0]: must be a media type"},
		"  peer: lanna-hub":                   {"  peer: revenue-efiling", "tokens.systems[0].system: is the other hub itself"},
		"  jwks: https://auth":                {"  jwks: http://auth", "tokens.jwks: must be an https URL"},
		"- system: revenue-efiling":           {"- system: \"*\"", "tokens.systems[0].system: must be the id of a system"},
	} {
		if !strings.Contains(string(text), old) {
			t.Fatalf("the example has no %q", old)
		}
		file := filepath.Join(t.TempDir(), "x.yaml")
		write(t, file, strings.Replace(string(text), old, c.now, 1))
		_, err := configs.ReadObjects(file)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q, got %v", c.now, c.want, err)
		}
	}
}

// Only one of two records for an issuer would count: none is taken.
func TestTwoRecordsForOneIssuerAreAFault(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(issuersExample)
	if err != nil {
		t.Fatal(err)
	}
	registered := resolve(t, issuersExample, nil, plainSealer{}, configs.Register{})
	file := filepath.Join(t.TempDir(), "x.yaml")
	first, _, _ := strings.Cut(string(text), "---")
	write(t, file, strings.Replace(first, "id: lanna-hub", "id: lanna-twin", 1))
	objects, err := configs.ReadObjects(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = objects.Resolve(noEnv, plainSealer{}, registered)
	for _, want := range []string{`tokens.issuer: is that of "lanna-hub" too`, `tokens.peer: is that of "lanna-hub" too`, file} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	if _, err := objects.Resolve(noEnv, plainSealer{}, configs.Register{}); err != nil {
		t.Errorf("alone: %v", err)
	}
}
