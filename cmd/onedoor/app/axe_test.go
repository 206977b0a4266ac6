package app

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/web/locale"
	"onedoor/web/view"
)

// axeRun asks axe-core for what it can tell of WCAG 2.2 at A and AA, in short.
const axeRun = `axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}, resultTypes: ['violations']})
	.then(r => JSON.stringify(r.violations.map(v => v.id + ': ' + v.help + ' at ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(' | '))))`

// axeCore gives axe-core's source. It fails, and says what is missing, where npm is not there.
func axeCore(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatal("npm is not installed: run .ci/deps")
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("thirdparty/axe")); err != nil {
		t.Fatal(err)
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v (it needs a package registry)\n%s", err, out)
	}
	source, err := os.ReadFile(filepath.Join(folder, "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// WCAG 2.2 A and AA, as axe-core sees it in a real browser: every page that there is, from the golden files, with its real style sheet. The
// fullest state of each page is looked at, languages and widths (phone, desktop) by turns; with ONEDOOR_AXE=all every state in all of them.
func TestWCAG_AxeFindsNothing(t *testing.T) {
	t.Parallel()
	golden, err := filepath.Glob("../../../web/view/testdata/golden/*.html")
	if err != nil || len(golden) < 200 {
		t.Fatalf("%d pages, %v", len(golden), err)
	}
	style, err := os.ReadFile("../../../web/view/static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	axe := axeCore(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/axe.js" {
			w.Header().Set("Content-Type", "text/javascript")
			w.Header().Set("Cache-Control", "max-age=3600")
			_, _ = io.WriteString(w, axe)
			return
		}
		if r.URL.Path == "/faulty" {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `<html><head><script src="/axe.js"></script></head><body><main><img src="/x"><input></main></body></html>`)
			return
		}
		if strings.HasPrefix(r.URL.Path, view.StaticPath) {
			w.Header().Set("Content-Type", "text/css")
			_, _ = w.Write(style)
			return
		}
		page, err := os.ReadFile(filepath.Join("../../../web/view/testdata/golden", filepath.Base(r.URL.Path)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		for _, still := range []string{`http-equiv="refresh"`, "<iframe "} { // the page must stay, and lead nowhere
			page = []byte(strings.ReplaceAll(string(page), still, strings.Replace(still, "e", "x", 1)))
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, strings.Replace(string(page), "</head>", `<script src="/axe.js"></script></head>`, 1))
	}))
	t.Cleanup(site.Close)
	b := newBrowser(t, &Demo{})
	look := func(name string) (violations []string) {
		b.open(site.URL + "/" + name)
		found := run(b, "look at "+name, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
		if err := json.Unmarshal([]byte(found), &violations); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return violations
	}
	if n := len(look("faulty")); n < 4 {
		t.Errorf("axe-core sees only %d faults where there are at least four", n)
	}
	every := os.Getenv("ONEDOOR_AXE") == "all"
	if !every {
		golden = fullest(t, golden)
	}
	for turn, width := range []int64{412, 1280} {
		run(b, "set the width", chromedp.EmulateViewport(width, 915))
		for i, file := range golden {
			if i%2 != turn && !every {
				continue
			}
			for _, v := range look(filepath.Base(file)) {
				t.Errorf("%s at %d: %s", filepath.Base(file), width, v)
			}
		}
	}
}

// fullest gives of each page the state with the most on it, in the four languages by turns.
func fullest(t *testing.T, golden []string) (out []string) {
	t.Helper()
	most := map[string]int64{} // by the page's first word
	name := map[string]string{}
	for _, file := range golden {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		state, _, _ := strings.Cut(filepath.Base(file), ".")
		if word, _, _ := strings.Cut(state, "-"); info.Size() > most[word] {
			most[word], name[word] = info.Size(), state
		}
	}
	for i, word := range slices.Sorted(maps.Keys(name)) {
		lang := locale.All()[i%len(locale.All())]
		out = append(out, filepath.Join(filepath.Dir(golden[0]), name[word]+"."+string(lang)+".html"))
	}
	return out
}
