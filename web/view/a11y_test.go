package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"onedoor/web/locale"
)

// node helpers.

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func value(n *html.Node, name string) string {
	v, _ := attr(n, name)
	return v
}

func find(root *html.Node, keep func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && keep(n) {
			out = append(out, n)
		}
	}
	return out
}

func tags(root *html.Node, names ...string) []*html.Node {
	return find(root, func(n *html.Node) bool {
		for _, name := range names {
			if n.Data == name {
				return true
			}
		}
		return false
	})
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func within(n *html.Node, tag string) *html.Node {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return p
		}
	}
	return nil
}

// faults gives what a person with an assistive technology would stumble over, as far as the markup tells (WCAG 2.2 A and AA).
func faults(doc *html.Node, wantLang string) []string {
	var out []string
	fault := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }

	if roots := tags(doc, "html"); len(roots) != 1 || value(roots[0], "lang") != wantLang { // 3.1.1
		fault("html has no lang %q", wantLang)
	}
	titles := slices.DeleteFunc(tags(doc, "title"), func(n *html.Node) bool { return within(n, "svg") != nil }) // 2.4.2
	if len(titles) != 1 || !strings.Contains(text(titles[0]), " – ") {
		fault("no title of page and platform")
	}
	if h1 := tags(doc, "h1"); len(h1) != 1 || text(h1[0]) == "" {
		fault("%d headings of the first level", len(h1))
	}
	level := 0
	for _, h := range tags(doc, "h1", "h2", "h3", "h4", "h5", "h6") { // 1.3.1
		l := int(h.Data[1] - '0')
		if l > level+1 {
			fault("%s %q skips a level", h.Data, text(h))
		}
		level = l
	}
	for _, name := range []string{"header", "main", "footer"} { // landmarks
		if n := len(tags(doc, name)); n != 1 {
			fault("%d elements %s", n, name)
		}
	}
	names := map[string]bool{}
	for _, nav := range tags(doc, "nav") {
		label := value(nav, "aria-label")
		if label == "" || names[label] {
			fault("a nav without a name of its own")
		}
		names[label] = true
	}
	ids := map[string]bool{}
	for _, n := range find(doc, func(n *html.Node) bool { _, ok := attr(n, "id"); return ok }) {
		id := value(n, "id")
		if id == "" || ids[id] {
			fault("id %q twice or empty", id)
		}
		ids[id] = true
	}
	for _, ref := range []string{"aria-labelledby", "aria-describedby", "for"} {
		for _, n := range find(doc, func(n *html.Node) bool { _, ok := attr(n, ref); return ok }) {
			for _, to := range strings.Fields(value(n, ref)) {
				if !ids[to] {
					fault("%s points to nothing: %q", ref, to)
				}
			}
			if value(n, ref) == "" {
				fault("%s points to nothing", ref)
			}
		}
	}
	if skip := find(doc, func(n *html.Node) bool { return value(n, "class") == "skip" }); len(skip) != 1 || !ids[strings.TrimPrefix(value(skip[0], "href"), "#")] { // 2.4.1
		fault("no skip link")
	}
	for _, in := range tags(doc, "input", "select", "textarea") { // 3.3.2, 4.1.2
		if value(in, "type") != "hidden" {
			if label := within(in, "label"); label == nil || text(label) == "" {
				fault("input %q has no label", value(in, "name"))
			}
			// What somebody has ticked in a form that comes back to be mended stays so.
			back := slices.Contains([]string{"item", "exclusive", "place", "device", "day", "kind"}, value(in, "name")) && mended(doc)
			// The form of an entry shows the entry as it is: nobody consents to anything by it.
			back = back || strings.HasPrefix(value(in, "name"), "demands.") || strings.HasPrefix(value(in, "name"), "system.")
			if _, ticked := attr(in, "checked"); ticked && !back {
				fault("a choice is ticked beforehand") // CON-02
			}
		}
	}
	for _, b := range tags(doc, "button", "a", "summary") { // 2.4.4, 4.1.2
		if text(b) == "" {
			fault("%s has no name", b.Data)
		}
	}
	for _, b := range tags(doc, "button") {
		if value(b, "type") != "submit" || within(b, "form") == nil {
			fault("button %q does nothing", text(b))
		}
	}
	for _, img := range tags(doc, "img") { // 1.1.1
		if _, ok := attr(img, "alt"); !ok {
			fault("an image has no alt")
		}
	}
	for _, dl := range tags(doc, "dl") {
		dts, dds := 0, 0
		for c := range dl.ChildNodes() {
			switch {
			case c.Data == "dt":
				dts++
			case c.Data == "dd":
				dds++
				if text(c) == "" {
					fault("an empty dd")
				}
			case c.Type == html.ElementNode:
				fault("%s in a dl", c.Data)
			}
		}
		if dts != dds || dts == 0 {
			fault("a dl with %d dt and %d dd", dts, dds)
		}
	}
	for _, ul := range tags(doc, "ul", "ol") {
		items := 0
		for c := range ul.ChildNodes() {
			if c.Type == html.ElementNode {
				items++
				if c.Data != "li" {
					fault("%s in a list", c.Data)
				}
			}
		}
		if items == 0 {
			fault("an empty list")
		}
	}
	return out
}

// mended reports whether a page tells that something must be mended.
func mended(doc *html.Node) bool {
	return slices.ContainsFunc(tags(doc, "div"), func(n *html.Node) bool { return value(n, "role") == "alert" })
}

func TestWCAG_PagesAreMarkedUpForEverybody(t *testing.T) {
	t.Parallel()
	v := newView(t)
	for name, page := range fixtures() {
		for _, l := range locale.All() {
			doc, err := html.Parse(strings.NewReader(render(t, v, frame(name, l), page)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range faults(doc, l.Tag()) {
				t.Errorf("%s %s: %s", name, l, f)
			}
		}
	}
}

func TestTheAccessibilityCheckSeesFaults(t *testing.T) {
	t.Parallel()
	doc, err := html.Parse(strings.NewReader(`<html lang=fr><h1>a</h1><h1></h1><h3>c</h3><nav></nav><input name=x checked><button></button>` +
		`<img src=x><dl><dt>a</dt><div></div></dl><ul></ul><p id=a></p><p id=a aria-describedby=b></p>`))
	if err != nil {
		t.Fatal(err)
	}
	if got := faults(doc, "th"); len(got) < 16 {
		t.Errorf("only %d faults: %q", len(got), got)
	}
}

func TestPagesHoldNothingThatThePolicyForbids(t *testing.T) {
	t.Parallel()
	v := newView(t)
	for name, page := range fixtures() {
		doc, err := html.Parse(strings.NewReader(render(t, v, frame(name, locale.Thai), page)))
		if err != nil {
			t.Fatal(err)
		}
		posts := page.file() == "post"        // a script, a file of ours, and a form that leads away: see PostPolicy
		scripted := page.file() == "ceremony" // a script: see CeremonyPolicy
		for _, script := range tags(doc, "script") {
			if (posts || scripted) && script.FirstChild == nil {
				script.Data = "link" // judged below as another file of ours
			}
		}
		ledger := page.file() == "ledger" // its frames lead to services, by a policy of their own: see LedgerPolicy
		for _, frame := range tags(doc, "iframe") {
			if ledger {
				frame.Data = "unseen"
			}
		}
		if page.file() == "console" { // its charts are drawn by the server, without a style or a script in them
			for _, chart := range tags(doc, "svg") {
				if len(tags(chart, "title")) != 1 || len(tags(chart, "desc")) != 1 {
					t.Errorf("%s has a chart that nobody can hear", name)
				}
				chart.Data = "chart"
			}
		}
		if page.file() == "cases" { // the code for a phone, drawn by the server, with its address in text
			for _, code := range tags(doc, "svg") {
				code.Data = "code"
			}
		}
		if bad := tags(doc, "script", "style", "iframe", "object", "embed", "base", "svg", "video", "audio"); len(bad) > 0 {
			t.Errorf("%s has a %s", name, bad[0].Data)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: %s has %s", name, n.Data, a.Key)
				}
				local := strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//")
				if (a.Key == "src" || a.Key == "action" || (n.Data == "link" && a.Key == "href")) && !local && !(posts && a.Key == "action") && n.Data != "unseen" {
					t.Errorf("%s: %s leads to %q", name, n.Data, a.Val)
				}
				if a.Val == "#ZgotmplZ" || strings.Contains(a.Val, "ZgotmplZ") {
					t.Errorf("%s: html/template refused a value of %s", name, a.Key)
				}
			}
		}
	}
}
