package configs_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants"
)

// plainSealer seals so that a test can see through, and never the same way twice.
type plainSealer struct{ n *byte }

func (s plainSealer) Seal(plain []byte) ([]byte, error) {
	var n byte
	if s.n != nil {
		*s.n++
		n = *s.n
	}
	return append([]byte{'S', n}, plain...), nil
}

func (plainSealer) Open(sealed []byte) ([]byte, error) {
	if sealed[0] != 'S' {
		return nil, hub.Errorf("test", hub.Invalid, "does not open")
	}
	return sealed[2:], nil
}

var exampleEnv = map[string]string{
	"EXAMPLE_BANK_CLIENT_SECRET": "the bank's secret",
	"REVENUE_EFILING_SECRET":     strings.Repeat("s", 43),
}

// examples copies the examples beside a secret file, so that they resolve.
func examples(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("examples")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "secrets", "thaid-client-secret"), "ThaID's secret\n")
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func resolve(t *testing.T, dir string, env map[string]string, s configs.Sealer, current configs.Register) configs.Register {
	t.Helper()
	objects, err := configs.ReadObjects(dir)
	if err != nil {
		t.Fatal(err)
	}
	declared, err := objects.Resolve(environment(env), s, current)
	if err != nil {
		t.Fatal(err)
	}
	return declared
}

func TestResolveSealsHashesAndKeepsWhatHasNotChanged(t *testing.T) {
	t.Parallel()
	dir := examples(t)
	sealer := plainSealer{new(byte)}
	first := resolve(t, dir, exampleEnv, sealer, configs.Register{})
	if len(first.Providers) != 2 || len(first.Departments) != 1 || len(first.Systems) != 4 {
		t.Fatalf("%d providers, %d departments, %d systems", len(first.Providers), len(first.Departments), len(first.Systems))
	}
	for id, want := range map[hub.ProviderID]string{"thaid": "ThaID's secret", "example-bank": "the bank's secret"} {
		for _, p := range first.Providers {
			if p.ID != id {
				continue
			}
			if got, err := sealer.Open(p.OIDC.ClientSecret); err != nil || string(got) != want {
				t.Errorf("%s: %q, %v", id, got, err)
			}
		}
	}
	hashed, err := tenants.HashClientSecret(exampleEnv["REVENUE_EFILING_SECRET"])
	if err != nil || first.Systems[0].OIDC.Secrets[1].SHA256 != hashed.SHA256 {
		t.Error("the system's secret is not hashed as it is checked", err)
	}

	again := resolve(t, dir, exampleEnv, sealer, first)
	for _, d := range configs.Diff(first, again) {
		if d.New || len(d.Changes) > 0 {
			t.Errorf("the second time changes %s %s: %v", d.Kind, d.ID, d.Changes)
		}
	}

	other := map[string]string{"EXAMPLE_BANK_CLIENT_SECRET": "new", "REVENUE_EFILING_SECRET": strings.Repeat("t", 43)}
	changed := resolve(t, dir, other, sealer, first)
	var got []string
	for _, d := range configs.Diff(first, changed) {
		for _, c := range d.Changes {
			got = append(got, d.Kind+" "+d.ID+" "+c.String())
		}
	}
	text := strings.Join(got, "\n")
	if len(got) != 2 || !strings.Contains(text, "IdentityProvider example-bank oidc.clientSecret: [a secret] -> [another secret]") ||
		!strings.Contains(text, "System revenue-efiling oidc.secrets[1].sha256: sha256:") {
		t.Errorf("got\n%s", text)
	}
	for _, secret := range []string{"the bank's secret", "new", "tttt", "ssss"} {
		if strings.Contains(strings.ReplaceAll(text, "another secret", ""), secret) {
			t.Errorf("a secret shows in the difference:\n%s", text)
		}
	}
}

func TestDiffSpeaksTheWordsOfTheFiles(t *testing.T) {
	t.Parallel()
	old := resolve(t, examples(t), exampleEnv, plainSealer{}, configs.Register{})
	changed := resolve(t, examples(t), exampleEnv, plainSealer{}, old)
	system := &changed.Systems[0]
	system.Status, system.Least = tenants.Suspended, hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}
	system.Names = hub.Text{"th": "ก", "en": "New", "zh": "甲", "vi": "á"}
	system.OIDC.RedirectURIs = append(system.OIDC.RedirectURIs, "https://efiling.revenue.example/other")
	system.Attributes = system.Attributes[:1]
	changed.Departments[0].ID = "customs"
	provider := &changed.Providers[0]
	provider.Ceiling.IAL = hub.IAL22
	provider.OIDC.Quirks.NoPKCE = false
	var b strings.Builder
	for _, d := range configs.Diff(old, changed) {
		b.WriteString(d.Kind + " " + d.ID)
		if d.New {
			b.WriteString(" (new)")
		}
		b.WriteByte('\n')
		for _, c := range d.Changes {
			b.WriteString("  " + c.String() + "\n")
		}
	}
	golden(t, "testdata/changes.diff", b.String())
}

func TestResolveFaults(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spoil func(t *testing.T, dir string, env map[string]string, current *configs.Register)
		want  string
	}{
		"no variable": {
			func(_ *testing.T, _ string, env map[string]string, _ *configs.Register) {
				delete(env, "EXAMPLE_BANK_CLIENT_SECRET")
			},
			"/11-bank.yaml:37: oidc.clientSecret: environment variable EXAMPLE_BANK_CLIENT_SECRET is not set",
		},
		"no file": {
			func(t *testing.T, dir string, _ map[string]string, _ *configs.Register) {
				if err := os.Remove(dir + "/secrets/thaid-client-secret"); err != nil {
					t.Fatal(err)
				}
			},
			"/secrets/thaid-client-secret does not exist",
		},
		"open to others": {
			func(t *testing.T, dir string, _ map[string]string, _ *configs.Register) {
				if err := os.Chmod(dir+"/secrets/thaid-client-secret", 0o644); err != nil {
					t.Fatal(err)
				}
			},
			"is open to others (mode -rw-r--r--): chmod 0600, or 0640",
		},
		"empty file": {
			func(t *testing.T, dir string, _ map[string]string, _ *configs.Register) {
				write(t, dir+"/secrets/thaid-client-secret", " \n")
			},
			"/secrets/thaid-client-secret is empty",
		},
		"a chosen password": {
			func(_ *testing.T, _ string, env map[string]string, _ *configs.Register) {
				env["REVENUE_EFILING_SECRET"] = "hunter2hunter2"
			},
			"oidc.secrets[1]: the secret in environment variable REVENUE_EFILING_SECRET must be 43 to 512 visible ASCII characters",
		},
		"department gone": {
			func(t *testing.T, dir string, _ map[string]string, _ *configs.Register) {
				text, err := os.ReadFile(dir + "/20-revenue.yaml")
				if err != nil {
					t.Fatal(err)
				}
				write(t, dir+"/20-revenue.yaml", strings.Replace(string(text), "department: revenue", "department: customs", 1))
			},
			`/20-revenue.yaml:64: department: there is no department "customs"`,
		},
		"sector of another department": {
			func(_ *testing.T, _ string, _ map[string]string, current *configs.Register) {
				current.Systems = append(current.Systems, tenants.System{
					ID: "other", Department: "other", OIDC: &tenants.OIDC{SectorIdentifier: "efiling.revenue.example"},
				})
				current.Departments = append(current.Departments, tenants.Department{ID: "other"})
			},
			`oidc.sectorIdentifier: sector "efiling.revenue.example" is in use by department "other"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := examples(t)
			env := map[string]string{}
			for k, v := range exampleEnv {
				env[k] = v
			}
			var current configs.Register
			c.spoil(t, dir, env, &current)
			objects, err := configs.ReadObjects(dir)
			if err != nil {
				t.Fatal(err)
			}
			_, err = objects.Resolve(environment(env), plainSealer{}, current)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v\nwant %s", err, c.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the secret is in the message")
			}
		})
	}
}

func TestADeclaredDepartmentMayBeRegisteredAlready(t *testing.T) {
	t.Parallel()
	dir := examples(t)
	text, err := os.ReadFile(dir + "/20-revenue.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, system, _ := strings.Cut(string(text), "\n---\n")
	write(t, dir+"/20-revenue.yaml", system)
	current := configs.Register{Departments: []tenants.Department{{ID: "revenue", Areas: []tenants.Area{{ID: "north"}}}}}
	if got := resolve(t, dir, exampleEnv, plainSealer{}, current); len(got.Systems) != 4 {
		t.Error(got)
	}
}

func TestASecretThatDoesNotOpenIsSealedAnew(t *testing.T) {
	t.Parallel()
	dir := examples(t)
	first := resolve(t, dir, exampleEnv, plainSealer{}, configs.Register{})
	for _, p := range first.Providers {
		p.OIDC.ClientSecret[0] = 'X' // of another master key
	}
	again := resolve(t, dir, exampleEnv, plainSealer{}, first)
	for _, p := range again.Providers {
		if _, err := (plainSealer{}).Open(p.OIDC.ClientSecret); err != nil {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
}

func TestFoldersAreReadInOrderWithoutHiddenFiles(t *testing.T) {
	t.Parallel()
	dir := examples(t)
	for _, file := range []string{".hidden.yaml", "notes.txt"} {
		write(t, filepath.Join(dir, file), "not: an object\n")
	}
	if err := os.Mkdir(filepath.Join(dir, "more"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "more", "b.yml"), "kind: Department\nid: revenue\nnames: {th: ก, en: a, zh: 甲, vi: á}\ncomplaint: tel:1161\n")
	_, err := configs.ReadObjects(dir)
	want := `more/b.yml:2: id: Department "revenue" is declared twice, first in ` + filepath.Join(dir, "20-revenue.yaml") + ":3"
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v\nwant ... %s", err, want)
	}
	empty := t.TempDir()
	if _, err := configs.ReadObjects(empty); err == nil || !strings.Contains(err.Error(), "holds no object") {
		t.Error(err)
	}
	if _, err := configs.ReadObjects(filepath.Join(empty, "nowhere")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}

func TestSizeAndEncoding(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.yaml")
	for text, want := range map[string]string{
		"kind: \xff\n":                     "is not UTF-8",
		"# " + strings.Repeat("x", 1<<20):  "is larger than 1048576 bytes",
		"kind: System\nid: a\nid: b\n":     "id: is there twice, first in line 2",
		strings.Repeat("[", 20000) + "\n":  "is not YAML",
		"kind: [System]\n":                 "kind: is missing",
		"a: &a [x,x]\nb: &b [*a,*a]\n":     "kind: is missing",
		"kind: System\nkind: Department\n": "is there twice",
	} {
		write(t, file, text)
		if _, err := configs.ReadObjects(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestExamplesReachTheDomain(t *testing.T) {
	t.Parallel()
	declared := resolve(t, examples(t), exampleEnv, plainSealer{}, configs.Register{})
	for _, d := range configs.Diff(configs.Register{}, declared) {
		if !d.New || len(d.Changes) == 0 {
			t.Errorf("%s %s: %+v", d.Kind, d.ID, d)
		}
	}
	for _, p := range declared.Providers {
		if p.ID == "thaid" && (p.Assurance.IAL["2.3"] != hub.IAL23 || p.Assurance.Fixed.AAL != hub.AAL21 ||
			!p.OIDC.Quirks.ExpireIn || p.Person.Claim != "pid" || !slices.Equal(p.Attributes[hub.CitizenID], []string{"pid"})) {
			t.Errorf("got %+v", p)
		}
		if p.ID == "example-bank" && len(p.Assurance.Request[hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}]) != 1 {
			t.Errorf("got %+v", p)
		}
	}
}
