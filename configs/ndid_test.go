package configs_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/federation"
	"onedoor/hub"
)

const ndidExample = "examples-ndid/12-ndid.yaml"

func TestTheNDIDExampleReachesTheDomain(t *testing.T) {
	t.Parallel()
	env := map[string]string{"NDID_API_KEY": "the node's key"}
	first := resolve(t, ndidExample, env, plainSealer{}, configs.Register{})
	p := first.Providers[0]
	n := p.NDID
	if p.Protocol() != federation.NationalDigitalID || n.RequestTimeout != 5*time.Minute || n.Least != (hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}) ||
		p.Assurance.AAL["2.2"] != hub.AAL22 || len(n.Message.Missing()) != 0 || !slices.Equal(n.PersonDenied, []int{10016}) || n.Modes != federation.OnboardedFirst {
		t.Errorf("got %+v, %+v", p, n)
	}
	if key, err := (plainSealer{}).Open(n.APIKey); err != nil || string(key) != "the node's key" {
		t.Errorf("%q, %v", key, err)
	}
	again := resolve(t, ndidExample, env, plainSealer{}, first)
	if d := configs.Diff(first, again); len(d) != 1 || len(d[0].Changes) != 0 {
		t.Errorf("the second time changes %+v", d)
	}
	env["NDID_API_KEY"] = "another key"
	changed := resolve(t, ndidExample, env, plainSealer{}, first)
	d := configs.Diff(first, changed)
	if len(d) != 1 || len(d[0].Changes) != 1 || d[0].Changes[0].String() != "ndid.apiKey: [a secret] -> [another secret]" {
		t.Errorf("another key: %+v", d)
	}
}

func TestFaultsOfNDIDSettingsHaveTheirLines(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(ndidExample)
	if err != nil {
		t.Fatal(err)
	}
	for old, c := range map[string]struct{ now, want string }{
		"https://ndid-node.internal.example:8443": {"http://ndid-node.internal.example:8080", "ndid.node: must be an https URL"},
		"{ial: 2.1, aal: 2.1}":                    {"{ial: 1.3, aal: 2.1}", "ndid.least: must state an ial of 2.1 or more"},
		"requestTimeout: 5m":                      {"requestTimeout: 3h", "ndid.requestTimeout: must be whole seconds"},
		"Code {code}.":                            {"Code.", "ndid.message.en: must have {code} once"},
		"onboarded-first\n":                       {"any\n", "ndid.modes: must be one of"},
		"apiKeyEnv: NDID_API_KEY":                 {"apiKeyEnv: not a name", "ndid.apiKeyEnv: must be the name of an environment variable"},
		"[10016]":                                 {"[none]", "ndid.personDenied[0]: must be a whole number"},
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
