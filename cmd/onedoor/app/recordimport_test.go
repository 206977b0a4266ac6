package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/tenantsql"
)

// An operator imports records: the second file has faults, which go into a report, and replaces nothing.
func TestBND06_OperatorImportsRecords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = "http://hub.localhost", dir
	var out, problem bytes.Buffer
	p := Process{Env: func(string) (string, bool) { return "", false }, Out: &out, Err: &problem, Clock: time.Now, Random: hub.Randomness()}
	if _, err := MasterKeys(cfg, p); err != nil { // as the first start does
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), cfg, p); err != nil {
		t.Fatal(err)
	}
	o, err := openOffice(t.Context(), cfg, p)
	if err != nil {
		t.Fatal(err)
	}
	register, err := tenantsql.New(o.db)
	if err != nil {
		t.Fatal(err)
	}
	_, err = register.PutDepartment(t.Context(), tenants.Department{ID: "social-security", Records: []tenants.RecordKind{{ID: "insured", For: tenants.Person, Length: 10, Digits: true}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	order := RecordImport{Department: "social-security", Kind: "insured"}
	good := file("records.csv", "record,number\n0000000001,1234567890121\n")
	if err := ImportRecords(t.Context(), cfg, p, order, good); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1 records are found from now on, 0 faulty") || !strings.Contains(problem.String(), "100 %") {
		t.Errorf("%s%s", &out, &problem)
	}
	bad := file("records.ndjson", `{"record":"0000000001","number":"1234567890121"}`+"\n"+`{"record":"0000000002","number":"1234567890122"}`)
	if err := ImportRecords(t.Context(), cfg, p, order, bad); err == nil || !strings.Contains(err.Error(), "nothing was replaced") {
		t.Errorf("%v", err)
	}
	report, err := os.ReadFile(bad + ".faults.csv")
	if err != nil || string(report) != "line,field,why\n2,number,not_valid\n" {
		t.Errorf("%s %v", report, err)
	}
	// Stopped by the operator, it goes on later.
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := ImportRecords(ctx, cfg, p, order, good); err == nil {
		t.Error("went on after it was stopped")
	}
	if err := ImportRecords(t.Context(), cfg, p, order, good); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := ListImports(t.Context(), cfg, p, "social-security"); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "active") || !strings.Contains(lines[1], "dropped") || !strings.Contains(lines[2], "replaced") {
		t.Fatalf("%s", &out)
	}
	if err := DropImport(t.Context(), cfg, p, strings.Fields(lines[0])[0]); err != nil {
		t.Error(err)
	}
	out.Reset()
	if err := KeysRewrap(t.Context(), cfg, p); err != nil {
		t.Error(err)
	}
	for _, what := range []string{"keys of imports", "secrets", "addresses", "open cases", "records", "legal entities"} { // whatever rests under the master key
		if !strings.Contains(out.String(), what) {
			t.Errorf("nothing of %q:\n%s", what, &out)
		}
	}
}
