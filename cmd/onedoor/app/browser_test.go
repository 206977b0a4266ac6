package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// browser is a profile without a past in a real Chromium, and a tab of it. It remembers every address it asked for.
type browser struct {
	t      *testing.T
	ctx    context.Context
	within *chromium

	mu   sync.Mutex
	urls []string
}

// newBrowser gives a profile without a past. It waits while as many tests walk as the machine bears.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	theSeats.take(t)
	c := theChromium.get(t)
	return listening(t, c, c.ctx, chromedp.WithNewBrowserContext())
}

// another gives a profile without a past to the same test.
func (b *browser) another() *browser {
	b.t.Helper()
	return newBrowser(b.t)
}

// tab gives another tab of the same profile.
func (b *browser) tab() *browser {
	b.t.Helper()
	return listening(b.t, b.within, b.ctx)
}

// listening opens a tab within a Chromium or a profile. It is a phone's, and in front, as if there were no other.
func listening(t *testing.T, within *chromium, parent context.Context, options ...chromedp.ContextOption) *browser {
	t.Helper()
	parent, die := context.WithCancelCause(parent)
	t.Cleanup(func() { die(nil) })
	ctx, cancel := chromedp.NewContext(parent, options...)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, within: within}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			b.mu.Lock()
			b.urls = append(b.urls, e.Request.URL)
			b.mu.Unlock()
		case *inspector.EventTargetCrashed:
			die(errPageDied)
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	}
	if err != nil {
		t.Fatalf("no new tab: %v\n%s", err, within.died(b))
	}
	return b
}

// patience bounds every wait for something that must come: it is there to tell what did not, never how long something may take, and so is long enough for
// a slow machine that does many other things.
const patience = 2 * time.Minute

// run runs one action and gives its value; a failure ends the test with what the page shows.
func run[T any](b *browser, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		if died := b.within.died(b); died != "" {
			b.t.Fatalf("%s: %v\n%s", what, err, died)
		}
		last, stop := context.WithTimeout(b.ctx, 10*time.Second)
		defer stop()
		url, _ := chromedp.Run(last, chromedp.Location())
		text, _ := chromedp.Run(last, chromedp.Evaluate[string]("document.body.innerText"))
		b.t.Fatalf("%s: %v\nat %s:\n%s", what, err, url, text)
	}
	return value
}

// once asks the page a script again and again until it gives something else than null. Between two pages, where nobody answers, it goes on. It names
// no node of the document: such a name is lost when the browser reads the document again, which it does at its own time.
func once[T any](script string) chromedp.Action[T] {
	ask := chromedp.Evaluate[*T](script)
	return func(ctx context.Context, target *chromedp.Target) (none T, err error) {
		again := time.NewTicker(20 * time.Millisecond)
		defer again.Stop()
		for {
			value, err := ask(ctx, target)
			var wrong *chromedp.ExceptionError
			switch {
			case err == nil && value != nil:
				return *value, nil
			case errors.As(err, &wrong):
				return none, err
			}
			select {
			case <-ctx.Done():
				return none, errors.Join(ctx.Err(), err)
			case <-again.C:
			}
		}
	}
}

// onPage is a script that does something with the first element e of a selector, once the whole page and its style sheets are there; null until then.
func onPage(selector, does string) string {
	return fmt.Sprintf(`(() => {
	if (document.readyState === "loading" || ![...document.querySelectorAll("link[rel=stylesheet]")].every(l => l.sheet)) return null;
	const e = document.querySelector(%q);
	if (!e) return null;
	%s
})()`, selector, does)
}

// waitFor waits until a page is there and has what the selector names.
func waitFor(selector string) chromedp.Action[bool] {
	return once[bool](onPage(selector, "return true;"))
}

// open goes to an address and waits until the page is there.
func (b *browser) open(url string) {
	b.t.Helper()
	run(b, "open "+url, chromedp.Navigate(url))
	run(b, "see the page of "+url, waitFor("main"))
}

// press presses what the selector names and waits for what the next page must show. The page that is left is marked, so that what it had too is not
// taken for the next page's.
func (b *browser) press(selector, then string) {
	b.t.Helper()
	run(b, "leave the page by "+selector, chromedp.Evaluate[bool](`document.documentElement.toggleAttribute("data-left", true)`))
	b.pick(selector)
	run(b, "press "+selector+" and see "+then, waitFor("html:not([data-left]) :is("+then+")"))
}

// pick presses what the selector names, in its middle, on a page that stays.
func (b *browser) pick(selector string) {
	b.t.Helper()
	at := run(b, "find "+selector, once[struct{ X, Y float64 }](onPage(selector, `if (!e.checkVisibility({visibilityProperty: true})) return null;
	e.scrollIntoView({block: "center", behavior: "instant"});
	const r = e.getClientRects()[0];
	return r && r.width && r.height ? {X: r.x + r.width / 2, Y: r.y + r.height / 2} : null;`)))
	run(b, "press "+selector, chromedp.MouseClickXY(at.X, at.Y))
}

// fill types into a field.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	run(b, "go to "+selector, once[bool](onPage(selector, "e.focus(); return document.activeElement === e || null;")))
	run(b, "fill "+selector, chromedp.KeyEvent(text))
}

// set chooses in a field that is not typed into.
func (b *browser) set(selector, value string) {
	b.t.Helper()
	run(b, "set "+selector, once[bool](onPage(selector, fmt.Sprintf("e.value = %q; return true;", value))))
}

// read gives the words of what the selector names.
func (b *browser) read(selector string) string {
	b.t.Helper()
	return strings.TrimSpace(run(b, "read "+selector, once[string](onPage(selector, "return e.innerText;"))))
}

// at fails unless the page is on this origin.
func (b *browser) at(origin string) {
	b.t.Helper()
	if url := run(b, "tell where it is", chromedp.Location()); !strings.HasPrefix(url, origin+"/") {
		b.t.Fatalf("the browser is at %s, not at %s", url, origin)
	}
}

// arrive waits until the browser is at this origin: a page that leads on to another site stands in between.
func (b *browser) arrive(origin string) {
	b.t.Helper()
	for begun := time.Now(); !strings.HasPrefix(run(b, "tell where it is", chromedp.Location()), origin+"/"); {
		if time.Since(begun) > patience {
			b.at(origin)
		}
	}
}

// text gives the words of the page.
func (b *browser) text() string {
	b.t.Helper()
	return run(b, "read the page", chromedp.Evaluate[string]("document.body.innerText"))
}

// cookies gives every cookie of the profile.
func (b *browser) cookies() []*network.Cookie {
	b.t.Helper()
	all, err := chromedp.CallBrowser(b.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: chromedp.FromContext(b.ctx).BrowserContextID})
	if err != nil {
		b.t.Fatalf("read the cookies: %v", err)
	}
	return all.Cookies
}

// visited gives every address that was asked for.
func (b *browser) visited() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.urls...)
}

// dress sets what the person prefers: dark colours or light ones, and whether the page is to be printed.
func (b *browser) dress(dark, printed bool) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: map[bool]string{false: "light", true: "dark"}[dark]}}}
	if printed {
		p.Media = "print"
	}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, p); err != nil {
		b.t.Fatalf("dress the page: %v", err)
	}
}

// shoot keeps a picture of the page in the folder that ONEDOOR_SCREENSHOTS names; without it, nothing.
func (b *browser) shoot(name string) {
	b.t.Helper()
	folder := os.Getenv("ONEDOOR_SCREENSHOTS")
	if folder == "" {
		return
	}
	png := run(b, "take a picture", chromedp.FullScreenshot(100))
	if err := os.WriteFile(folder+"/"+name+".png", png, 0o600); err != nil {
		b.t.Error(err)
	}
}
