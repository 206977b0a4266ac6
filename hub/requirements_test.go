package hub_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// catalogue is how many requirements each group of the catalogue has: 152.
var catalogue = map[string]int{
	"LOA": 16, "SES": 22, "PRV": 19, "CON": 7, "AUD": 11, "LIF": 15, "EXC": 9, "SSO": 12, "BND": 8, "RAZ": 8, "ENT": 6, "STA": 4, "SIG": 7, "OPS": 8,
}

var (
	requirement = regexp.MustCompile(`^\| ([A-Z]{3}-[0-9]{2}) \| ([^|]+) \| ([^|]+) \|$`)
	shownBy     = regexp.MustCompile("^`([a-z0-9/]+) (Test[A-Za-z0-9_]+)`$")
)

// docs/requirements.md names each requirement once, and what it says shows one is there.
func TestRequirementsPageIsTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/requirements.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		m := requirement.FindStringSubmatch(line)
		if m == nil {
			if strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "| id |") && !strings.HasPrefix(line, "|---") {
				t.Errorf("not a line of the table: %s", line)
			}
			continue
		}
		if seen[m[1]] {
			t.Errorf("%s stands there twice", m[1])
		}
		seen[m[1]] = true
		if why, not := strings.CutPrefix(m[3], "not there, because "); not {
			if len(why) < 10 {
				t.Errorf("%s: %q is no reason", m[1], why)
			}
			continue
		}
		for _, cell := range strings.Split(m[3], ", ") {
			s := shownBy.FindStringSubmatch(cell)
			if s == nil {
				t.Errorf("%s: %q names no test", m[1], cell)
			} else if !exists(t, s[1], s[2]) {
				t.Errorf("%s: there is no %s in %s", m[1], s[2], s[1])
			}
		}
	}
	for group, n := range catalogue {
		for i := range n {
			if id := fmt.Sprintf("%s-%02d", group, i+1); !seen[id] {
				t.Errorf("%s is missing", id)
			}
		}
	}
	if len(seen) != 152 {
		t.Errorf("%d requirements, not 152", len(seen))
	}
}

// exists reports whether a package has a test.
func exists(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(folder), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
