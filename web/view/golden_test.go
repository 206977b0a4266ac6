package view

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"onedoor/web/locale"
)

var update = flag.Bool("update", false, "rewrite the golden pages")

// hashed finds the hash in the name of a static file: a change of the style alone changes no page.
var hashed = regexp.MustCompile(`\.[0-9a-f]{16}\.`)

// menu finds the menu of a person's pages: one page shows it, so that a new entry changes no other. What the console offers is the fixtures' own.
var menu = regexp.MustCompile(`(?s)<nav class="menu".*?</nav>`)

func TestGoldenPages(t *testing.T) {
	t.Parallel()
	v := newView(t)
	want := map[string]bool{}
	for name, page := range fixtures() {
		for _, l := range locale.All() {
			file := filepath.Join("testdata", "golden", name+"."+string(l)+".html")
			want[file] = true
			got := hashed.ReplaceAllString(render(t, v, frame(name, l), page), ".HASH.")
			if name != "me" && !strings.HasPrefix(name, "console-") {
				got = menu.ReplaceAllString(got, "<nav>MENU</nav>")
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			old, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(old) {
				t.Errorf("%s differs; look at it, then rewrite it with -update", file)
			}
		}
	}
	have, err := filepath.Glob(filepath.Join("testdata", "golden", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range have {
		if !want[file] {
			t.Errorf("%s belongs to no page", file)
		}
	}
}

// Every template is a page's, and every page has a golden file: those are what axe-core looks at, at every width and in the dark, and no page can be
// shown that is not among them (html/template has its one home here).
func TestNoPageIsForgotten(t *testing.T) {
	t.Parallel()
	shown := map[string]bool{}
	for _, p := range fixtures() {
		shown[p.file()] = true
	}
	listed := map[string]bool{"layout": true}
	for _, p := range pages() {
		listed[p.file()] = true
		if !shown[p.file()] {
			t.Errorf("%s.html has no fixture", p.file())
		}
	}
	all, err := filepath.Glob("templates/*.html")
	if err != nil || len(all) < 40 {
		t.Fatalf("%d templates, %v", len(all), err)
	}
	for _, file := range all {
		if name := strings.TrimSuffix(filepath.Base(file), ".html"); !listed[name] {
			t.Errorf("%s is no page's", file)
		}
	}
}
