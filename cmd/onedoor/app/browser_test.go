package app

import (
	"context"
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

// patience bounds one step in the browser.
const patience = 20 * time.Second

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
		last, stop := context.WithTimeout(b.ctx, 2*time.Second)
		defer stop()
		url, _ := chromedp.Run(last, chromedp.Location())
		text, _ := chromedp.Run(last, chromedp.Evaluate[string]("document.body.innerText"))
		b.t.Fatalf("%s: %v\nat %s:\n%s", what, err, url, text)
	}
	return value
}

// open goes to an address and waits until the page is there.
func (b *browser) open(url string) {
	b.t.Helper()
	run(b, "open "+url, chromedp.Steps(chromedp.Navigate(url), chromedp.WaitReady(chromedp.CSS("main"))))
}

// press presses what the selector names and waits for what the next page must show. The page that is left is marked, so that what it had too is not
// taken for the next page's.
func (b *browser) press(selector, then string) {
	b.t.Helper()
	run(b, "leave the page by "+selector, chromedp.Evaluate[bool](`document.documentElement.toggleAttribute("data-left", true)`))
	run(b, "press "+selector+" and see "+then, chromedp.Steps(
		chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible),
		chromedp.WaitReady(chromedp.CSS("html:not([data-left]) :is("+then+")")),
	))
}

// pick presses what the selector names, on a page that stays.
func (b *browser) pick(selector string) {
	b.t.Helper()
	run(b, "pick "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// fill types into a field.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	run(b, "fill "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// waitFor waits until a page has what the selector names.
func waitFor(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.WaitReady(chromedp.CSS(selector))
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
