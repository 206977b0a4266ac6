package app

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
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
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("thirdparty/axe")); err != nil {
		t.Fatal(err)
	}
	npmCI(t, folder)
	source, err := os.ReadFile(filepath.Join(folder, "node_modules/axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// goldenPages are where the pages lie that the tests of web/view have written: every state of every page in every language.
const goldenPages = "../../../web/view/testdata/golden"

// menuHere finds the place where golden pages leave the menu out.
const menuHere = "<nav>MENU</nav>"

// goldenSite serves the golden pages with their real style sheet, and the menu where they leave it out. They stay and lead nowhere. With axe they
// carry it.
func goldenSite(t *testing.T, axe string) *httptest.Server {
	t.Helper()
	file := func(w http.ResponseWriter, kind, path string) {
		content, err := os.ReadFile(path)
		if err != nil {
			http.Error(w, "no such file", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(content)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/axe.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		w.Header().Set("Cache-Control", "max-age=3600")
		_, _ = io.WriteString(w, axe)
	})
	mux.HandleFunc("/faulty", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<html><head><script src="/axe.js"></script></head><body><main><img src="/x"><input><p style="width: 400px">wide</p></main></body></html>`)
	})
	mux.HandleFunc(view.StaticPath, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".svg") {
			file(w, "image/svg+xml", "../../../web/view/static/mark.svg")
			return
		}
		file(w, "text/css", "../../../web/view/static/app.css")
	})
	menu := regexp.MustCompile(`(?s)<nav class="menu".*?</nav>`)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Base(r.URL.Path)
		page, err := os.ReadFile(filepath.Join(goldenPages, name))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		text := string(page)
		if strings.Contains(text, menuHere) {
			_, lang, _ := strings.Cut(name, ".")
			first, err := os.ReadFile(filepath.Join(goldenPages, "me."+lang))
			if err != nil {
				http.Error(w, "no menu", http.StatusInternalServerError)
				return
			}
			text = strings.Replace(text, menuHere, menu.FindString(string(first)), 1)
		}
		for _, still := range []string{`http-equiv="refresh"`, "<iframe "} {
			text = strings.ReplaceAll(text, still, strings.Replace(still, "e", "x", 1))
		}
		if axe != "" {
			text = strings.Replace(text, "</head>", `<script src="/axe.js"></script></head>`, 1)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, text)
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site
}

// WCAG 2.2 A and AA, as axe-core sees it in a real browser: every page that there is, from the golden files, with its real style sheet; and nothing is
// wider than a narrow phone (1.4.10). The fullest state of each page is looked at, languages, widths and colours by turns; with ONEDOOR_AXE=all
// every state in every language, light on the phone and dark at the desk.
func TestWCAG_AxeFindsNothing(t *testing.T) {
	t.Parallel()
	golden, err := filepath.Glob(goldenPages + "/*.html")
	if err != nil || len(golden) < 500 {
		t.Fatalf("%d pages, %v", len(golden), err)
	}
	site := goldenSite(t, axeCore(t))
	b := newBrowser(t)
	measure := func(name string) (violations []string) {
		b.open(site.URL + "/" + name)
		if over := run(b, "measure "+name, chromedp.Evaluate[string](tooWide)); over != "" {
			violations = append(violations, "1.4.10: wider than the window: "+over)
		}
		return violations
	}
	look := func(name string) (violations []string) {
		wide := measure(name)
		found := run(b, "look at "+name, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
		if err := json.Unmarshal([]byte(found), &violations); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return append(violations, wide...)
	}
	every := os.Getenv("ONEDOOR_AXE") == "all"
	if !every {
		golden = fullest(t, golden)
	}
	for turn, width := range []int64{320, 1280} {
		run(b, "set the width", chromedp.EmulateViewport(width, 915))
		if turn == 0 {
			if n := len(look("faulty")); n < 5 {
				t.Errorf("only %d faults are seen where there are at least five", n)
			}
		}
		for _, dark := range []bool{false, true} {
			b.dress(dark, false)
			for i, file := range golden {
				if turn == 0 && !dark && !every && i%4 != 0 { // every page is measured on the phone
					for _, v := range measure(filepath.Base(file)) {
						t.Errorf("%s at %d: %s", filepath.Base(file), width, v)
					}
				}
				if every && dark != (turn == 1) || !every && i%4 != turn*2+map[bool]int{true: 1}[dark] {
					continue
				}
				for _, v := range look(filepath.Base(file)) {
					t.Errorf("%s at %d, dark %v: %s", filepath.Base(file), width, dark, v)
				}
			}
		}
	}
}

// What people keep on paper has what they need of it, in black on white, and nothing that can only be pressed.
func TestPrint_ReceiptsAreForPaper(t *testing.T) {
	t.Parallel()
	site, b := goldenSite(t, ""), newBrowser(t)
	b.dress(true, true) // dark on the screen
	for name, keeps := range map[string]string{
		"history.th": ".events", "ledger-done.en": ".told", "ledger.zh": ".told", "lifedone.vi": ".receipt", "complaints.th": "article", "records.en": "main .panel", "sessions.th": "main dl",
	} {
		b.open(site.URL + "/" + name + ".html")
		b.shoot("print-" + name)
		if missing := run(b, "look for what is kept", chromedp.Evaluate[bool](`!document.querySelector('`+keeps+`')?.checkVisibility()`)); missing {
			t.Errorf("%s: %s is not printed", name, keeps)
		}
		if pressed := run(b, "look for what can be pressed", chromedp.Evaluate[string](`[...document.querySelectorAll('button, select, textarea, nav a, .skip, .pager a')].filter(e => e.checkVisibility({visibilityProperty: true})).map(e => e.outerHTML.slice(0, 80)).join(' | ')`)); pressed != "" {
			t.Errorf("%s: on paper nobody can press %s", name, pressed)
		}
		if tinted := run(b, "look at the paper", chromedp.Evaluate[string](`[...document.querySelectorAll('main, main *')].filter(e => e.checkVisibility() && e.tagName !== 'INPUT' && !/0, 0, 0, 0|255, 255, 255/.test(getComputedStyle(e).backgroundColor)).map(e => e.className + ' ' + getComputedStyle(e).backgroundColor).join(' | ')`)); tinted != "" {
			t.Errorf("%s: not on white: %s", name, tinted)
		}
		if ink := run(b, "look at the colours", chromedp.Evaluate[string](`getComputedStyle(document.body).color + ' on ' + getComputedStyle(document.body).backgroundColor`)); ink != "rgb(0, 0, 0) on rgb(255, 255, 255)" {
			t.Errorf("%s is printed in %s", name, ink)
		}
	}
}

// tooWide names what is wider than the window, "" where nothing is.
const tooWide = `(() => {
	const w = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= w) return '';
	const all = [...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right > w + 1);
	return all.slice(-2).map(e => e.outerHTML.slice(0, 150)).join(' | ') || 'something';
})()`

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
