package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// field gives a line of what a command printed: "token: ..." for "token".
func field(t *testing.T, out, name string) string {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + `: (\S+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no %s in\n%s", name, out)
	}
	return m[1]
}

func TestRegistrationTokens(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "registration: {departments: [{id: revenue, attributes: [birthdate]}, {id: elsewhere}]}\n")
	d.good("migrate", "--config", "@onedoor.yaml")
	d.good("apply", "--config", "@onedoor.yaml", "-f", "@objects")
	refused := func(want string, args ...string) {
		t.Helper()
		code, out, problem := d.run(append([]string{"registration"}, append(args, "--config", "@onedoor.yaml")...)...)
		if code != exitFailure || !strings.Contains(problem, want) || strings.Contains(out, "token:") {
			t.Errorf("%v: code %d\n%s%s", args, code, out, problem)
		}
	}
	refused("opens no sandboxes to this department", "token", "--department", "customs")
	refused("there is no such department", "token", "--department", "elsewhere")
	refused("1 to 10000 times", "token", "--department", "revenue", "--uses", "0")
	refused("a minute to a year", "token", "--department", "revenue", "--valid", "10000h")
	refused("no such token", "end", "aaaaaaaaaaaaaaaaaaaaaaaaaa")
	if code, _, problem := d.run("registration", "token", "--config", "@onedoor.yaml"); code != exitUsage || !strings.Contains(problem, "department") {
		t.Errorf("without a department: %d %s", code, problem)
	}

	out := d.good("registration", "token", "--config", "@onedoor.yaml", "--department", "revenue", "--uses", "5")
	token, id := field(t, out, "token"), field(t, out, "id")
	if field(t, out, "endpoint") != "http://hub.localhost:8080/oauth2/register" || len(token) != 43 {
		t.Errorf("printed\n%s", out)
	}
	list := d.good("registration", "list", "--config", "@onedoor.yaml")
	if !strings.Contains(list, id+"  revenue     0 of 5") || !strings.Contains(list, "good") || strings.Contains(list, token) {
		t.Errorf("listed\n%s", list)
	}
	d.good("registration", "end", "--config", "@onedoor.yaml", id)
	refused("has ended before", "end", id)
	if list = d.good("registration", "list", "--config", "@onedoor.yaml"); !strings.Contains(list, "revoked") {
		t.Errorf("listed\n%s", list)
	}
	files, err := filepath.Glob(d.path("data/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err != nil || strings.Contains(string(content), token) {
			t.Errorf("the token stands in %s in the clear (%v)", file, err)
		}
	}
	record := d.good("audit", "verify", "--config", "@onedoor.yaml")
	if record == "" {
		t.Error("the record was not examined")
	}
}
