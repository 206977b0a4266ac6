package configs_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"onedoor/configs"
	"onedoor/hub"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// environment gives a LookupEnv over a table.
func environment(table map[string]string) configs.LookupEnv {
	return func(name string) (string, bool) {
		v, ok := table[name]
		return v, ok
	}
}

var noEnv = environment(nil)

// golden compares with a file of testdata.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

// TestFaultsAreListedAtOnceWithFileAndLine reads every faulty file of testdata and compares the whole list.
func TestFaultsAreListedAtOnceWithFileAndLine(t *testing.T) {
	t.Parallel()
	read := map[string]func(file string) error{
		"config": func(file string) error { _, err := configs.Load(file, noEnv); return err },
		"object": func(file string) error { _, err := configs.ReadObjects(file); return err },
	}
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		kind, _, _ := strings.Cut(filepath.Base(file), "-")
		err := read[kind](file)
		if err == nil {
			t.Errorf("%s has no fault", file)
			continue
		}
		golden(t, strings.TrimSuffix(file, ".yaml")+".faults", err.Error()+"\n")
	}
}

func TestEveryExampleIsGood(t *testing.T) {
	t.Parallel()
	configurations, _ := filepath.Glob("*.yaml")
	deployed, _ := filepath.Glob("deploy/*.yaml")
	for _, file := range append(configurations, deployed...) {
		if strings.HasPrefix(filepath.Base(file), "compose") {
			continue
		}
		if _, err := configs.Load(file, noEnv); err != nil {
			t.Error(err)
		}
	}
	if len(configurations) == 0 {
		t.Error("no example of a configuration")
	}
	for _, folder := range []string{"examples", "demo"} {
		objects, err := configs.ReadObjects(folder)
		if err != nil {
			t.Error(err)
			continue
		}
		if objects.Len() < 3 {
			t.Errorf("%s holds only %d objects", folder, objects.Len())
		}
	}
}

func TestExampleShowsEveryKeyAndTheDefaults(t *testing.T) {
	t.Parallel()
	const file = "onedoor.example.yaml"
	c, err := configs.Load(file, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	want := configs.Default()
	want.Issuer, want.Operator, want.TLS = c.Issuer, c.Operator, c.TLS
	if !reflect.DeepEqual(c, want) {
		t.Errorf("the example shows other values than the defaults:\n%+v\n%+v", c, want)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keysOf(reflect.TypeFor[configs.Config]()) {
		if !regexp.MustCompile(`(?m)^[ #-]*([a-z]+: \{.*)?` + key + `:`).Match(text) {
			t.Errorf("the example does not show %s", key)
		}
	}
	for _, name := range configs.Overrides() {
		if !strings.Contains(string(text), name) {
			t.Errorf("the example does not name %s", name)
		}
	}
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		if key, ok := t.Field(i).Tag.Lookup("yaml"); ok {
			keys = append(append(keys, key), keysOf(t.Field(i).Type)...)
		}
	}
	return keys
}

const good = `
issuer: https://login.example
operator:
  names: {th: ก, en: a, zh: 甲, vi: á}
  contact: mailto:a@example
tls: {certificateFile: c.pem, keyFile: k.pem}
`

func TestRelativePathsCountFromTheFile(t *testing.T) {
	t.Parallel()
	c, err := configs.Parse("/etc/onedoor/onedoor.yaml", []byte(good+"masterKey: {file: secrets/master}\n"), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	source, explicit := c.MasterKeySource()
	got := []string{c.TLS.CertificateFile, c.TLS.KeyFile, c.DataDirectory, c.DatabaseFile(), source.File}
	want := []string{
		"/etc/onedoor/c.pem", "/etc/onedoor/k.pem", "/etc/onedoor/data", "/etc/onedoor/data/onedoor.db", "/etc/onedoor/secrets/master",
	}
	if !reflect.DeepEqual(got, want) || !explicit {
		t.Errorf("got %v, want %v", got, want)
	}
	c, err = configs.Parse("/etc/onedoor/onedoor.yaml", []byte(good), noEnv)
	if source, explicit := c.MasterKeySource(); err != nil || explicit || source.File != "/etc/onedoor/data/master.key" {
		t.Errorf("got %v, %t, %v", source, explicit, err)
	}
}

func TestEnvironmentGoesBeforeTheFile(t *testing.T) {
	t.Parallel()
	env := environment(map[string]string{
		"ONEDOOR_ISSUER":         "http://hub.localhost:8080",
		"ONEDOOR_LISTEN":         "127.0.0.1:8080",
		"ONEDOOR_ADMIN_LISTEN":   "127.0.0.1:8081",
		"ONEDOOR_DATA_DIRECTORY": "/data",
		"ONEDOOR_LOG_LEVEL":      " debug ",
		"ONEDOOR_LOG_FORMAT":     "text",
		"ONEDOOR_UNKNOWN":        "x",
	})
	text := strings.Replace(good, "tls:", "# tls:", 1) + "dataDirectory: elsewhere\nissuer: 5\n"
	text = strings.Replace(text, "issuer: https://login.example", "", 1)
	c, err := configs.Parse("x.yaml", []byte(text), env)
	if err == nil || !strings.Contains(err.Error(), "issuer: must be text") {
		t.Fatalf("a wrong type is a fault even where the environment goes before: %v", err)
	}
	text = strings.Replace(text, "issuer: 5", "", 1)
	c, err = configs.Parse("x.yaml", []byte(text), env)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Issuer, c.Listen, c.AdminListen, c.DataDirectory, c.Log.Level, c.Log.Format}
	want := []string{"http://hub.localhost:8080", "127.0.0.1:8080", "127.0.0.1:8081", "/data", "debug", "text"}
	if !reflect.DeepEqual(got, want) || c.SecureContext() {
		t.Errorf("got %v, want %v", got, want)
	}
	_, err = configs.Parse("x.yaml", []byte(good), environment(map[string]string{"ONEDOOR_LOG_LEVEL": "loud"}))
	if err == nil || err.Error() != "environment: ONEDOOR_LOG_LEVEL: must be one of debug, info, warn, error" {
		t.Errorf("got %v", err)
	}
}

func TestDSN(t *testing.T) {
	t.Parallel()
	c, err := configs.Parse("x.yaml", []byte(good+"database: {driver: postgres, dsnEnv: DSN}\n"), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if c.DatabaseFile() != "" {
		t.Error("PostgreSQL has no file")
	}
	const dsn = "postgres://hub:secret@db/onedoor"
	if got, err := c.DSN(environment(map[string]string{"DSN": dsn + "\n"})); err != nil || got != dsn {
		t.Error(got, err)
	}
	if _, err := c.DSN(noEnv); err == nil || err.Error() != "environment variable DSN is not set" {
		t.Error(err)
	}
	c, err = configs.Parse("x.yaml", []byte(good), noEnv)
	if got, _ := c.DSN(noEnv); err != nil || got != "sqlite:data/onedoor.db" {
		t.Error(got, err)
	}
}

func TestIssuerSES06(t *testing.T) {
	t.Parallel()
	cases := map[string]bool{
		"https://login.example":            true,
		"https://login.example:8443":       true,
		"http://hub.localhost:8080":        true,
		"http://localhost":                 true,
		"http://127.0.0.1:8080":            false, // browsers refuse __Host- cookies there
		"http://login.example":             false,
		"http://localhost.evil.example":    false,
		"https://login.example/":           false,
		"https://login.example/hub":        false,
		"https://user@login.example":       false,
		"https://login.example?x":          false,
		"https://Login.example":            false,
		"ftp://login.example":              false,
		"login.example":                    false,
		"https://":                         false,
		"https://login.example#":           false,
		"https://login.example\u00a0other": false,
	}
	for issuer, want := range cases {
		c, err := configs.Parse("x.yaml", []byte(good), noEnv)
		if err != nil {
			t.Fatal(err)
		}
		c.Issuer = issuer
		if strings.HasPrefix(issuer, "http:") {
			c.TLS, c.Listen = nil, "127.0.0.1:8080"
		}
		if faults := c.Validate(); (len(faults) == 0) != want {
			t.Errorf("%q: %v", issuer, faults)
		}
	}
}

func TestSES06_PlainHTTPStaysOnTheMachine(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]bool{
		"127.0.0.1:80": true, "[::1]:80": true, "localhost:80": true, "127.9.9.9:80": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "192.0.2.1:80": false,
	} {
		c, err := configs.Parse("x.yaml", []byte(good), noEnv)
		if err != nil {
			t.Fatal(err)
		}
		c.Listen = listen
		if faults := c.Validate(); len(faults) > 0 {
			t.Errorf("%s with TLS: %v", listen, faults)
		}
		c.Issuer, c.TLS = "http://hub.localhost", nil
		if faults := c.Validate(); (len(faults) == 0) != want {
			t.Errorf("%s: %v", listen, faults)
		}
	}
}

func TestDefaultNeedsIssuerOperatorAndTLSOnly(t *testing.T) {
	t.Parallel()
	for _, f := range configs.Default().Validate() {
		if f.Path != "issuer" && f.Path != "tls" && !strings.HasPrefix(f.Path, "operator") {
			t.Error(f)
		}
	}
}

func TestDurations(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"90d": "90d", "1d": "24h", "2d": "2d", "48h": "2d", "15m": "15m", "1h30m": "1h30m", "500ms": "500ms", "0s": "0s", "26h": "26h",
	}
	for text, want := range cases {
		c, err := configs.Parse("x.yaml", []byte(good+"keys: {signFor: "+text+"}\n"), noEnv)
		if err != nil && !strings.Contains(err.Error(), "must lie between") && !strings.Contains(err.Error(), "shorter") {
			t.Error(err)
			continue
		}
		if err == nil && c.Keys.SignFor.String() != want {
			t.Errorf("%s came back as %s, want %s", text, c.Keys.SignFor, want)
		}
	}
	for _, text := range []string{"90", "-1d", "1.5d", "d", "40000d", "1w", "''"} {
		if _, err := configs.Parse("x.yaml", []byte(good+"keys: {signFor: "+text+"}\n"), noEnv); err == nil || !strings.Contains(err.Error(), "span of time") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "testdata/config-*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte("a: &x [*x]\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := configs.Parse("x.yaml", data, noEnv)
		if (err == nil) != (len(c.Validate()) == 0) {
			t.Errorf("error %v, but the configuration says %v", err, c.Validate())
		}
	})
}

func FuzzReadObjects(f *testing.F) {
	for _, pattern := range []string{"examples/*.yaml", "testdata/object-*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "x.yaml")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		objects, err := configs.ReadObjects(file)
		if err != nil {
			return
		}
		declared, err := objects.Resolve(func(string) (string, bool) { return strings.Repeat("x", 64), true }, plainSealer{}, configs.Register{})
		if err != nil {
			return
		}
		for _, s := range declared.Systems {
			if faults := s.Validate(); faults != nil {
				t.Errorf("system %s: %v", s.ID, faults)
			}
			if s.Least.IAL < hub.IAL21 && len(s.Attributes) > 0 {
				t.Error("LOA-08 does not hold")
			}
		}
		if changes := configs.Diff(declared, declared); len(changes) != objects.Len() {
			t.Error("an object is lost")
		}
	})
}
