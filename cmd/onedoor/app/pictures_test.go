package app

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// picture is one of docs/pages.md: a state of a page in a language, on a phone or at a desk, light or dark.
type picture struct {
	state, lang string
	desk, dark  bool
	says        string
}

func (p picture) file() string {
	name := p.state + "-" + p.lang
	for _, x := range []struct {
		is   bool
		word string
	}{{p.desk, "desk"}, {p.dark, "dark"}} {
		if x.is {
			name += "-" + x.word
		}
	}
	return name + ".webp"
}

// chapters are the pages that docs/pages.md shows, by who sees them.
var chapters = []struct {
	title    string
	pictures []picture
}{
	{"Signing in", []picture{
		{"choose", "th", false, false, "choosing a provider"},
		{"consent", "th", false, true, "what is sent, and what for"},
		{"choose", "en", true, false, "the same choice at a desk"},
		{"ledger", "vi", false, false, "who has been told of a sign-out"},
	}},
	{"What is one's own", []picture{
		{"me", "th", false, false, "the first page"},
		{"me", "en", true, true, "the same at a desk, dark"},
		{"sessions", "th", false, true, "where one is signed in"},
		{"consents", "zh", false, false, "consents, and what a withdrawal ends"},
		{"history", "th", false, false, "the history, with years of the Buddhist era"},
		{"complaints", "vi", false, false, "complaints and corrections"},
		{"records", "th", false, false, "records at departments"},
		{"services", "th", false, true, "services, opened and locked"},
		{"life", "zh", false, true, "suspending and closing"},
	}},
	{"Acting for a company", []picture{
		{"entities", "th", false, false, "the companies of a person"},
		{"entity", "en", true, false, "a company, as its administrator sees it"},
		{"delegations", "th", false, true, "services in the hands of operators"},
	}},
	{"Working for an authority", []picture{
		{"cases", "th", true, false, "what waits for a review"},
		{"case", "en", true, true, "comparing"},
		{"console-facts", "en", true, false, "the console"},
		{"console-figures", "th", true, true, "statistics"},
		{"console-letter", "th", false, false, "answering a letter"},
	}},
}

const (
	picturesFolder = "../../../docs/pages"
	picturesPage   = "../../../docs/pages.md"
	picturesMost   = 2 << 20 // bytes, together
)

// The pictures of docs/pages.md are those of the list, together below 2 MB, and the page shows each. ONEDOOR_PICTURES=1 makes them anew, from the
// golden pages with their real style sheet.
func TestPictures(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	fmt.Fprint(&text, "# What the pages look like\n\nMade by `ONEDOOR_PICTURES=1 go test ./cmd/onedoor/app -run TestPictures` out of the golden pages, with their real style sheet. The people and the\nauthorities are made up.\n")
	var all []picture
	for _, c := range chapters {
		fmt.Fprintf(&text, "\n## %s\n", c.title)
		for _, p := range c.pictures {
			width := 280
			if p.desk {
				width = 640
			}
			fmt.Fprintf(&text, "\n<img src=\"pages/%s\" width=\"%d\" alt=\"%s\">\n", p.file(), width, strings.ToUpper(p.says[:1])+p.says[1:])
			all = append(all, p)
		}
	}
	if os.Getenv("ONEDOOR_PICTURES") != "" {
		draw(t, all)
		if err := os.WriteFile(picturesPage, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(picturesPage); err != nil || string(have) != text.String() {
		t.Errorf("%s is not of this list (%v): make it anew", picturesPage, err)
	}
	files, err := filepath.Glob(picturesFolder + "/*")
	if err != nil || len(files) != len(all) {
		t.Errorf("%d files for %d pictures, %v", len(files), len(all), err)
	}
	var sum int64
	for _, p := range all {
		info, err := os.Stat(filepath.Join(picturesFolder, p.file()))
		if err != nil || info.Size() < 2000 {
			t.Errorf("%s: %v", p.file(), err)
			continue
		}
		sum += info.Size()
	}
	if sum > picturesMost {
		t.Errorf("the pictures have %d bytes together", sum)
	}
}

// draw makes the pictures.
func draw(t *testing.T, all []picture) {
	t.Helper()
	if err := os.RemoveAll(picturesFolder); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(picturesFolder, 0o755); err != nil {
		t.Fatal(err)
	}
	site, b := goldenSite(t, ""), newBrowser(t)
	for _, p := range all {
		width, height, most := int64(390), int64(844), 1500.0
		if p.desk {
			width, height, most = 1280, 800, 1100
		}
		run(b, "set the width", chromedp.EmulateViewport(width, height))
		b.dress(p.dark, false)
		b.open(site.URL + "/" + p.state + "." + p.lang + ".html")
		tall := run(b, "measure", chromedp.Evaluate[float64]("document.documentElement.scrollHeight"))
		quality, beyond := int64(70), true
		shot, err := chromedp.Call(b.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatWebp, Quality: &quality, CaptureBeyondViewport: &beyond,
			Clip: &page.Viewport{Width: float64(width), Height: min(max(tall, float64(height)), most), Scale: 1},
		})
		if err != nil {
			t.Fatalf("%s: %v", p.file(), err)
		}
		if err := os.WriteFile(filepath.Join(picturesFolder, p.file()), shot.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
