package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"onedoor/hub"
)

// One Chromium serves every test that walks in a browser: to start it costs as much as a short walk. Each test has a profile of its own in it, as
// private windows are to each other: cookies, storage, caches, connections and the devices that it pretends to have.
var (
	theChromium chromiums
	theSeats    = seats{free: make(chan struct{}, max(4, runtime.NumCPU())), taken: make(map[testing.TB]bool)}
	// theAuthority is the one that this Chromium trusts: all demos of these tests have their certificates of it.
	theAuthority = sync.OnceValues(func() (*authority, error) { return newAuthority(time.Now(), hub.Randomness(), demoNames()) })
)

// chromium is one process with its children.
type chromium struct {
	ctx  context.Context // of a tab that stays blank; it ends when the process does
	stop context.CancelFunc
	said tail
}

// chromiums starts a Chromium when one is first asked for, and another one only where that has come to its end.
type chromiums struct {
	mu  sync.Mutex
	now *chromium
}

// get gives the Chromium that runs.
func (c *chromiums) get(t *testing.T) *chromium {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil && c.now.ctx.Err() != nil {
		c.now.stop()
		c.now = nil
	}
	if c.now == nil {
		one, err := startChromium()
		if err != nil {
			t.Fatalf("Chromium does not start: %v\nIt said last:\n%s", err, &one.said)
		}
		c.now = one
	}
	return c.now
}

// end ends the Chromium, where one was started.
func (c *chromiums) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil {
		c.now.stop()
		c.now = nil
	}
}

// slowStart bounds the start of Chromium: a machine that has just been made reads it from a slow disk, with other tests beside it.
const slowStart = 3 * time.Minute

// startChromium gives a Chromium that trusts the certificates of theAuthority by their key, and no other.
func startChromium() (*chromium, error) {
	c := &chromium{}
	trusted, err := theAuthority()
	if err != nil {
		return c, err
	}
	key := sha256.Sum256(trusted.server.Certificates[0].Leaf.RawSubjectPublicKeyInfo)
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(412, 915), chromedp.CombinedOutput(&c.said),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"), chromedp.Flag("accept-lang", "en-US,en"), chromedp.Env("LC_ALL=C.UTF-8", "LANGUAGE=en"),
		chromedp.Flag("ignore-certificate-errors-spki-list", base64.StdEncoding.EncodeToString(key[:])),
	)
	if path := program(); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	c.ctx, c.stop = ctx, func() { cancel(); stop() }
	late := time.AfterFunc(slowStart, stop)
	if err := chromedp.Do(ctx); err != nil {
		c.stop()
		return c, err
	}
	if !late.Stop() {
		c.stop()
		return c, fmt.Errorf("no answer in %v", slowStart)
	}
	return c, nil
}

// program names the Chromium to start, "" for whatever chromedp finds. Its headless shell has the same engine and network without the windows, menus and
// extensions of the whole browser, and takes less than half of its time; ONEDOOR_BROWSER names another one.
func program() string {
	if named := os.Getenv("ONEDOOR_BROWSER"); named != "" {
		return named
	}
	for _, name := range []string{"chromium-headless-shell", "chrome-headless-shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// errPageDied: the process of the page has ended, and with it what a step would wait for.
var errPageDied = errors.New("the page has died: Chromium ended its process, as it does when memory runs out")

// died says what became of a browser whose steps fail, "" while it lives.
func (c *chromium) died(b *browser) string {
	switch {
	case c.ctx.Err() != nil:
		return fmt.Sprintf("Chromium has ended in the middle of the tests; every test that walked in it fails. It said last:\n%s", &c.said)
	case errors.Is(context.Cause(b.ctx), errPageDied):
		return fmt.Sprintf("%v. It said last:\n%s", errPageDied, &c.said)
	}
	return ""
}

// seats bounds how many tests walk at once: more than the machine has processors only makes each of them slow.
type seats struct {
	free  chan struct{}
	mu    sync.Mutex
	taken map[testing.TB]bool
}

// take waits for a seat and keeps it until the test ends. A test has one, however many profiles it opens.
func (s *seats) take(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	sits := s.taken[t]
	s.taken[t] = true
	s.mu.Unlock()
	if sits {
		return
	}
	s.free <- struct{}{}
	t.Cleanup(func() {
		<-s.free
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.taken, t)
	})
}

// tail keeps the last lines that are written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailMost = 4 << 10

func (l *tail) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-tailMost):]
	return len(p), nil
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(string(l.text))
}
