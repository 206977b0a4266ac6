package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/cmd/onedoor/app"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

const configuration = `
issuer: http://hub.localhost:8080
listen: 127.0.0.1:8080
operator:
  names: {th: ก, en: a, zh: 甲, vi: á}
  contact: mailto:a@example
`

// desk is an operator's folder with a configuration, objects and secrets.
type desk struct {
	t   *testing.T
	dir string
	env map[string]string
}

func newDesk(t *testing.T, more string) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), env: map[string]string{
		"EXAMPLE_BANK_CLIENT_SECRET": "the secret at the bank",
		"REVENUE_EFILING_SECRET":     strings.Repeat("revenue-", 8),
	}}
	if err := os.CopyFS(d.path("objects"), os.DirFS("../../configs/examples")); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"data", "objects/secrets"} {
		if err := os.Mkdir(d.path(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d.write("objects/secrets/thaid-client-secret", "the secret at ThaID")
	d.write("onedoor.yaml", configuration+more)
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) write(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) replace(name, old, new string) {
	d.t.Helper()
	text, err := os.ReadFile(d.path(name))
	if err != nil || !strings.Contains(string(text), old) {
		d.t.Fatal(name, err)
	}
	d.write(name, strings.Replace(string(text), old, new, 1))
}

// run runs a command; "@x" in an argument is a path of the desk.
func (d *desk) run(args ...string) (code int, out, problem string) {
	d.t.Helper()
	for i, a := range args {
		if name, ok := strings.CutPrefix(a, "@"); ok {
			args[i] = d.path(name)
		}
	}
	var stdout, stderr bytes.Buffer
	code = run(d.t.Context(), args, app.Process{
		Env: func(name string) (string, bool) { v, ok := d.env[name]; return v, ok },
		Out: &stdout, Err: &stderr, Clock: time.Now, Random: hub.Randomness(),
	})
	return code, stdout.String(), stderr.String()
}

// good runs a command that has to succeed.
func (d *desk) good(args ...string) string {
	d.t.Helper()
	code, out, problem := d.run(args...)
	if code != exitOK {
		d.t.Fatalf("%v: code %d\n%s%s", args, code, out, problem)
	}
	return out
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.write("faulty.yaml", "issuer: 5\nsecret: x\n")
	cases := []struct {
		args string
		code int
		want string // on stderr
	}{
		{"", exitOK, ""},
		{"--help", exitOK, ""},
		{"apply --help", exitOK, ""},
		{"version", exitOK, ""},
		{"bogus", exitUsage, "unknown command \"bogus\""},
		{"--bogus", exitUsage, "unknown flag: --bogus"},
		{"migrate", exitUsage, "required flag(s) \"config\" not set"},
		{"migrate extra --config @onedoor.yaml", exitUsage, "unknown command \"extra\""},
		{"apply --config @onedoor.yaml", exitUsage, "required flag(s) \"file\" not set"},
		{"check-config", exitUsage, "accepts 1 arg(s)"},
		{"keys", exitUsage, "onedoor keys needs one of its commands"},
		{"keys init", exitUsage, "at least one of the flags"},
		{"keys init --print --out @x", exitUsage, "none of the others can be"},
		{"check-config @onedoor.yaml", exitOK, ""},
		{"check-config @faulty.yaml", exitUsage, "faulty.yaml:2: secret: is unknown here"},
		{"check-config @missing.yaml", exitUsage, "missing.yaml: can't be read: no such file or directory"},
		{"apply --config @faulty.yaml -f @objects", exitUsage, "faulty.yaml:1: issuer: must be text"},
		{"apply --config @onedoor.yaml -f @faulty.yaml", exitUsage, "faulty.yaml:1: kind: is missing"},
		{"keys rotate --config @onedoor.yaml --use index", exitFailure, "run onedoor migrate"},
		{"health --config @onedoor.yaml", exitFailure, "unavailable"},
	}
	for _, c := range cases {
		code, _, problem := d.run(strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(problem, c.want) {
			t.Errorf("onedoor %s: code %d, want %d\n%swant %s", c.args, code, c.code, problem, c.want)
		}
		if strings.Contains(problem, "goroutine") || code == exitOK && problem != "" {
			t.Errorf("onedoor %s: on stderr\n%s", c.args, problem)
		}
	}
}

func TestASignalStopsACommand(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.good("migrate", "--config", "@onedoor.yaml")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var problem bytes.Buffer
	code := run(ctx, []string{"keys", "list", "--config", d.path("onedoor.yaml")}, app.Process{
		Env: os.LookupEnv, Out: &problem, Err: &problem, Clock: time.Now, Random: hub.Randomness(),
	})
	if code != exitSignal {
		t.Errorf("code %d\n%s", code, &problem)
	}
}

func TestApplyIsIdempotentOnBothDatabases(t *testing.T) {
	t.Parallel()
	databases := map[string]func(t *testing.T) *desk{
		"sqlite": func(t *testing.T) *desk { return newDesk(t, "") },
		"postgres": func(t *testing.T) *desk {
			d := newDesk(t, "database: {driver: postgres, dsnEnv: TEST_DSN}\nmasterKey: {file: master.key}\n")
			d.env["TEST_DSN"] = sqltest.EmptyPostgresDSN(t)
			d.good("keys", "init", "--config", "@onedoor.yaml")
			return d
		},
	}
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := open(t)
			if out := d.good("migrate", "--config", "@onedoor.yaml"); !strings.Contains(out, "went from version 0 to ") {
				t.Error(out)
			}
			if out := d.good("migrate", "--config", "@onedoor.yaml"); !strings.Contains(out, "up to date") {
				t.Error(out)
			}
			apply := []string{"apply", "--config", "@onedoor.yaml", "-f", "@objects"}
			dry := append(apply[:5:5], "--dry-run")

			expectLast(t, d.good(dry...), "9 new, 0 changed, 0 as they were (dry run: nothing was written)")
			expectLast(t, d.good(dry...), "9 new, 0 changed, 0 as they were (dry run: nothing was written)")
			expectLast(t, d.good(apply...), "9 new, 0 changed, 0 as they were")
			expectLast(t, d.good(apply...), "0 new, 0 changed, 9 as they were")

			d.replace("objects/20-revenue.yaml", "status: live", "status: suspended")
			d.env["EXAMPLE_BANK_CLIENT_SECRET"] = "another secret at the bank"
			out := d.good(dry...)
			for _, want := range []string{
				"~ System revenue-efiling\n    status: \"live\" -> \"suspended\"\n",
				"~ IdentityProvider example-bank\n    oidc.clientSecret: [a secret] -> [another secret]\n",
				"= IdentityProvider thaid\n", "0 new, 2 changed, 7 as they were (dry run",
			} {
				if !strings.Contains(out, want) {
					t.Errorf("got\n%swant\n%s", out, want)
				}
			}
			if strings.Contains(out, "at the bank") || strings.Contains(out, "revenue-revenue-") {
				t.Error("a secret shows in the difference")
			}
			expectLast(t, d.good(apply...), "0 new, 2 changed, 7 as they were")
			expectLast(t, d.good(apply...), "0 new, 0 changed, 9 as they were")
		})
	}
}

func expectLast(t *testing.T, out, want string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if got := lines[len(lines)-1]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestApplyIsAllOrNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.good("migrate", "--config", "@onedoor.yaml")
	d.replace("objects/20-revenue.yaml", "department: revenue", "department: customs")
	code, _, problem := d.run("apply", "--config", "@onedoor.yaml", "-f", "@objects")
	if code != exitUsage || !regexp.MustCompile(`20-revenue\.yaml:[0-9]+: department: there is no department "customs"\n`).MatchString(problem) {
		t.Errorf("code %d\n%s", code, problem)
	}
	d.replace("objects/20-revenue.yaml", "department: customs", "department: revenue")
	delete(d.env, "REVENUE_EFILING_SECRET")
	code, _, problem = d.run("apply", "--config", "@onedoor.yaml", "-f", "@objects")
	if code != exitUsage || !strings.Contains(problem, "environment variable REVENUE_EFILING_SECRET is not set\nonedoor: 1 fault\n") {
		t.Errorf("code %d\n%s", code, problem)
	}
	d.env["REVENUE_EFILING_SECRET"] = strings.Repeat("x", 64)
	expectLast(t, d.good("apply", "--config", "@onedoor.yaml", "-f", "@objects", "--dry-run"), "9 new, 0 changed, 0 as they were (dry run: nothing was written)")
}

func TestNoSecretIsInTheDatabaseInTheClear(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.good("migrate", "--config", "@onedoor.yaml")
	d.good("apply", "--config", "@onedoor.yaml", "-f", "@objects")
	master, err := os.ReadFile(d.path("data/master.key"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(d.path("data/onedoor.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{
			"the secret at ThaID", d.env["EXAMPLE_BANK_CLIENT_SECRET"], d.env["REVENUE_EFILING_SECRET"], strings.TrimSpace(string(master)),
		} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds a secret", filepath.Base(file))
			}
		}
	}
}

func TestD5ChangesAreInTheAuditRecord(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.good("migrate", "--config", "@onedoor.yaml")
	d.good("apply", "--config", "@onedoor.yaml", "-f", "@objects")
	d.good("keys", "rotate", "--config", "@onedoor.yaml")
	data, err := os.ReadFile(d.path("data/onedoor.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"provider.changed", "department.changed", "system.changed", "key.rotated"} {
		if !bytes.Contains(data, []byte(kind)) {
			t.Errorf("%s is not recorded", kind)
		}
	}
	if out := d.good("audit", "verify", "--config", "@onedoor.yaml"); !strings.Contains(out, "0 faults") {
		t.Error(out)
	}
}

func TestMasterKeyIsMadeAtTheVeryFirstStartOnly(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	_, _, problem := d.run("migrate", "--config", "@onedoor.yaml")
	if !strings.Contains(problem, "made a master key in "+d.path("data/master.key")) {
		t.Error(problem)
	}
	info, err := os.Stat(d.path("data/master.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatal(info, err)
	}
	if err := os.Rename(d.path("data/master.key"), d.path("master.key")); err != nil {
		t.Fatal(err)
	}
	code, _, problem := d.run("keys", "list", "--config", "@onedoor.yaml")
	if code != exitFailure || !strings.Contains(problem, "master.key does not exist") {
		t.Errorf("code %d\n%s", code, problem)
	}
	if _, err := os.Stat(d.path("data/master.key")); err == nil {
		t.Error("a new master key was made beside a database that it can't open")
	}
	d.write("data/master.key", strings.Repeat("AB", 31)+"A=")
	if code, _, problem := d.run("keys", "list", "--config", "@onedoor.yaml"); code != exitFailure || strings.Contains(problem, "ABAB") {
		t.Errorf("with a wrong key: code %d\n%s", code, problem)
	}

	named := newDesk(t, "masterKey: {file: named.key}\n")
	code, _, problem = named.run("migrate", "--config", "@onedoor.yaml")
	if code != exitFailure || !strings.Contains(problem, "named.key does not exist") {
		t.Errorf("a place that is named: code %d\n%s", code, problem)
	}
}

func TestKeysInit(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "masterKey: {env: MASTER}\n")
	d.good("keys", "init", "--out", "@new.key")
	first, err := os.ReadFile(d.path("new.key"))
	if err != nil {
		t.Fatal(err)
	}
	code, _, problem := d.run("keys", "init", "--out", "@new.key")
	if again, _ := os.ReadFile(d.path("new.key")); code != exitFailure || !bytes.Equal(first, again) || !strings.Contains(problem, "never overwritten") {
		t.Errorf("code %d\n%s", code, problem)
	}
	if code, _, problem := d.run("keys", "init", "--config", "@onedoor.yaml"); code != exitFailure || !strings.Contains(problem, "environment variable MASTER") {
		t.Errorf("code %d\n%s", code, problem)
	}
	d.env["MASTER"] = d.good("keys", "init", "--print")
	d.good("migrate", "--config", "@onedoor.yaml")
}

func TestKeysListRotateRetireRewrap(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "masterKey: {env: MASTER}\n")
	old := d.good("keys", "init", "--print")
	d.env["MASTER"] = old
	d.good("migrate", "--config", "@onedoor.yaml")
	d.good("apply", "--config", "@onedoor.yaml", "-f", "@objects")

	list := d.good("keys", "list", "--config", "@onedoor.yaml")
	var sign, index string
	for line := range strings.Lines(list) {
		switch f := strings.Fields(line); f[1] {
		case "sign":
			sign = f[0]
		case "index":
			index = f[0]
		}
	}
	if sign == "" || index == "" {
		t.Fatal(list)
	}
	if out := d.good("keys", "rotate", "--config", "@onedoor.yaml", "--use", "seal"); !strings.Contains(out, "the next A256GCM key") {
		t.Error(out)
	}
	d.good("keys", "retire", "--config", "@onedoor.yaml", sign)
	d.good("keys", "retire", "--config", "@onedoor.yaml", "--leaked", sign)
	for _, id := range []string{index, "nobody"} {
		if code, _, problem := d.run("keys", "retire", "--config", "@onedoor.yaml", id); code != exitFailure {
			t.Errorf("%s was retired: %s", id, problem)
		}
	}

	d.env["MASTER"] = d.good("keys", "init", "--print") + old
	if out := d.good("keys", "rewrap", "--config", "@onedoor.yaml"); !strings.Contains(out, "2 secrets at identity providers") {
		t.Error(out)
	}
	d.env["MASTER"] = strings.TrimSuffix(d.env["MASTER"], old) // the old one is taken away
	d.good("keys", "list", "--config", "@onedoor.yaml")
	expectLast(t, d.good("apply", "--config", "@onedoor.yaml", "-f", "@objects"), "0 new, 0 changed, 9 as they were")
}

func TestCheckFiles(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "tls: {certificateFile: c.pem, keyFile: k.pem}\nmasterKey: {file: m.key}\n")
	d.replace("onedoor.yaml", "http://hub.localhost:8080", "https://hub.example")
	if err := os.Chmod(d.path("data"), 0o755); err != nil { //nolint:gosec // the fault that is looked for
		t.Fatal(err)
	}
	code, _, problem := d.run("check-config", "--files", "@onedoor.yaml")
	if code != exitFailure {
		t.Errorf("code %d", code)
	}
	for _, want := range []string{"is open to others (mode -rwxr-xr-x): chmod 0700", "tls: certificate and key can't be used", "m.key does not exist"} {
		if !strings.Contains(problem, want) {
			t.Errorf("got\n%swant %s", problem, want)
		}
	}
	d = newDesk(t, "")
	d.good("check-config", "--files", "@onedoor.yaml")
	d.good("migrate", "--config", "@onedoor.yaml")
	d.good("check-config", "--files", "@onedoor.yaml")
}

func TestSecretFitsItsHash(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	var secret, hash string
	for line := range strings.Lines(d.good("secret")) {
		switch k, v, _ := strings.Cut(strings.TrimSpace(line), ": "); k {
		case "secret":
			secret = v
		case "sha256":
			hash = v
		}
	}
	if sum := sha256.Sum256([]byte(secret)); len(secret) != 64 || hex.EncodeToString(sum[:]) != hash {
		t.Errorf("%d characters, hash %s", len(secret), hash)
	}
}

func TestAuditHeadsAreReadStrictly(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "")
	d.good("migrate", "--config", "@onedoor.yaml")
	root, _ := json.Marshal(make([]byte, 32))
	cases := map[string]int{
		"":           exitOK,
		"not JSON":   exitFailure,
		`{"size":1}`: exitFailure,
		`{"size":1,"root":` + string(root) + `,"at":"2026-01-01T00:00:00Z","signature":"x","more":1}`: exitFailure,
		`{"size":1,"root":` + string(root) + `,"at":"2026-01-01T00:00:00Z","signature":"x"}`:          exitBroken, // the record was larger once
	}
	for text, want := range cases {
		d.write("heads", text)
		if code, out, problem := d.run("audit", "verify", "--config", "@onedoor.yaml", "--heads", "@heads"); code != want {
			t.Errorf("%s: code %d, want %d\n%s%s", text, code, want, out, problem)
		}
	}
}
