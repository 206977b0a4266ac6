package server

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/web/view"
)

// book collects log records.
type book struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *book) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func (b *book) last(t *testing.T) map[string]any {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(b.text()), "\n")
	var m map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// meter is an Observer.
type meter struct {
	mu   sync.Mutex
	seen []string
}

func (m *meter) ObserveRequest(method, route string, status int, _ time.Duration, _ int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, method+" "+route+" "+http.StatusText(status))
}

// ticker is a clock that tests move.
type ticker struct {
	mu  sync.Mutex
	now time.Time
}

func (c *ticker) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *ticker) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type world struct {
	*Server
	log   *book
	meter *meter
	clock *ticker
}

func screen(t testing.TB) *Screen {
	t.Helper()
	all := func(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }
	v, err := view.New(view.Options{
		Platform: all("One Door"), Operator: all("Office"), Address: "https://login.example", Help: view.Help{URL: "https://help.example"},
		Zone: time.UTC,
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewScreen(v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func options(t testing.TB, mounts ...Mount) (Options, world) {
	t.Helper()
	w := world{log: &book{}, meter: &meter{}, clock: &ticker{now: time.Unix(1_700_000_000, 0)}}
	return Options{
		Issuer: "https://login.example", Screen: screen(t), Mounts: mounts, Log: slog.New(slog.NewJSONHandler(w.log, nil)),
		Observer: w.meter, Clock: w.clock.time, Random: rand.Reader,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
	}, w
}

func newWorld(t testing.TB, mounts ...Mount) world {
	t.Helper()
	o, w := options(t, mounts...)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = s
	return w
}

// get asks over a trusted proxy for a browser at 203.0.113.9.
func request(method, target string, body string) *http.Request {
	r := httptest.NewRequest(method, "https://login.example"+target, strings.NewReader(body))
	r.TLS = nil
	r.RemoteAddr = "10.1.2.3:4444"
	r.Header.Set("X-Forwarded-For", "198.51.100.1, 203.0.113.9")
	r.Header.Set("X-Forwarded-Proto", "https")
	r.Header.Set("Accept-Language", "en")
	return r
}

func (w world) do(r *http.Request) *http.Response {
	rec := httptest.NewRecorder()
	w.Handler().ServeHTTP(rec, r)
	return rec.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r.Body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func say(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) })
}
