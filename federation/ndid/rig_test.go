package ndid_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/ndid"
	"onedoor/federation/simulator"
	simndid "onedoor/federation/simulator/ndid"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// index makes keyed hashes under a fixed key.
type index struct{}

func (index) Index(purpose string, parts ...string) []byte {
	h := hmac.New(sha256.New, []byte("the key of the tests"))
	for _, p := range append([]string{purpose}, parts...) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// site is an HTTP site whose handler can be changed, and which counts the calls of each path pattern.
type site struct {
	*httptest.Server
	mu      sync.Mutex
	handler http.Handler
	calls   []string // method and path, numbers and ids replaced
	bodies  []string
}

var long = regexp.MustCompile(`[0-9a-f]{64}|[0-9]{13}|[a-z2-7]{26}`)

func serve(t *testing.T) *site {
	t.Helper()
	s := &site{handler: http.NotFoundHandler()}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+long.ReplaceAllString(r.URL.Path, "*"))
		s.bodies = append(s.bodies, string(body))
		h := s.handler
		s.mu.Unlock()
		h.ServeHTTP(w, r)
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // broken connections are on purpose
	t.Cleanup(s.Close)
	return s
}

func (s *site) handle(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler = h
}

func (s *site) count(call string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.calls {
		if c == call {
			n++
		}
	}
	return n
}

// rig is the platform, the hub's connector and its callback endpoint, over real HTTP.
type rig struct {
	t         *testing.T
	clock     *clock
	platform  *simndid.Node
	node      *site
	hub       *site // takes the callbacks
	connector *ndid.Connector
	provider  federation.Provider
	log       *lockedBuffer
	mu        sync.Mutex
	signals   []ndid.Signal
}

const apiKey = "the node's key"

func openSealed(sealed []byte) ([]byte, error) {
	plain, ok := bytes.CutPrefix(sealed, []byte("sealed:"))
	if !ok {
		return nil, errors.New("does not open")
	}
	return plain, nil
}

func newRig(t *testing.T, changes ...any) *rig {
	t.Helper()
	r := &rig{t: t, clock: &clock{at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}, node: serve(t), hub: serve(t), log: &lockedBuffer{}}
	so := simndid.Options{Clock: r.clock.now, Random: rand.Reader, HTTP: oneshot.Client(), APIKey: apiKey, SlowFor: time.Minute}
	co := ndid.Options{
		HTTP: oneshot.Client(), Clock: r.clock.now, Random: rand.Reader, Open: openSealed, Index: index{}, Log: slog.New(slog.NewTextHandler(r.log, nil)),
		Observe: func(_ hub.ProviderID, s ndid.Signal) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.signals = append(r.signals, s)
		},
	}
	for _, change := range changes {
		switch f := change.(type) {
		case func(*simndid.Options):
			f(&so)
		case func(*ndid.Options):
			f(&co)
		}
	}
	var err error
	if r.platform, err = simndid.New(so); err != nil {
		t.Fatal(err)
	}
	if r.connector, err = ndid.New(co); err != nil {
		t.Fatal(err)
	}
	r.node.handle(r.platform)
	mux := http.NewServeMux()
	mux.Handle(ndid.CallbackPath, r.connector.Callback())
	r.hub.handle(mux)
	r.provider = simndid.Trust(r.node.URL, r.hub.URL, federation.SealedSecret("sealed:"+apiKey), r.clock.now().Add(-time.Hour), r.clock.now().AddDate(1, 0, 0))
	for _, change := range changes {
		if f, ok := change.(func(*federation.Provider)); ok {
			f(&r.provider)
		}
	}
	if faults := r.provider.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	t.Cleanup(r.silent)
	return r
}

// silent checks invariant 2: neither the log nor an address that could get into one of ours has a citizen number in it.
func (r *rig) silent() {
	for _, p := range simulator.People() {
		if strings.Contains(r.log.String(), p.CitizenID) {
			r.t.Errorf("the log has a citizen number: %s", r.log.String())
		}
	}
	for _, secret := range []string{apiKey, r.node.URL, "http"} {
		if strings.Contains(r.log.String(), secret) {
			r.t.Errorf("the log has %q", secret)
		}
	}
}

func (r *rig) signaled(s ndid.Signal) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.signals, s)
}

func (r *rig) ask() login.Ask {
	return login.Ask{
		Transaction: "t", State: "s", Want: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Languages: []string{"en-GB", "th"}, Until: r.clock.now().Add(15 * time.Minute),
		System: hub.Text{"th": "ยื่นภาษี", "en": "Tax filing"}, Department: hub.Text{"th": "กรมสรรพากร", "en": "Revenue Department"},
	}
}

func number(key string) string {
	p, _ := simulator.Find(simulator.People(), key)
	return p.CitizenID
}

// submit types a person's number and picks a bank.
func (r *rig) submit(person, bank string) (login.Redirect, error) {
	r.t.Helper()
	return r.submitAs(r.ask(), number(person), bank)
}

func (r *rig) submitAs(ask login.Ask, number, bank string) (login.Redirect, error) {
	r.t.Helper()
	page, err := r.connector.Start(r.t.Context(), r.provider, ask)
	if err != nil {
		return login.Redirect{}, err
	}
	return r.connector.Submit(r.t.Context(), r.provider, ask, login.Answer{Params: map[string]string{"number": number, "idp": bank}, Private: page.Private})
}

// waiting goes as far as a request under way.
func (r *rig) waiting(person, bank string) login.Redirect {
	r.t.Helper()
	w, err := r.submit(person, bank)
	if err != nil || w.Wait == nil {
		r.t.Fatalf("no request: %+v, %v", w.Prompt, err)
	}
	r.platform.Tick(r.t.Context())
	return w
}

// answer is the person's, in the bank's app.
func (r *rig) answer(person, bank string, accept bool, code int) {
	r.t.Helper()
	open := r.platform.Pending(bank, person)
	if len(open) == 0 {
		r.t.Fatalf("%s asks %s nothing", bank, person)
	}
	if no := r.platform.Answer(open[0].ID, bank, accept, "", "", code); no != 0 {
		r.t.Fatalf("the platform says %d", no)
	}
	r.platform.Tick(r.t.Context())
}

func (r *rig) poll(w login.Redirect) (bool, error) {
	return r.connector.Poll(r.t.Context(), r.provider, r.ask(), w.Private)
}

func (r *rig) finish(w login.Redirect) (federation.Claims, error) {
	return r.connector.Finish(r.t.Context(), r.provider, r.ask(), login.Answer{Private: w.Private})
}

// decided polls until there is something to find.
func (r *rig) decided(w login.Redirect) {
	r.t.Helper()
	r.clock.advance(5 * time.Second)
	if ready, err := r.poll(w); err != nil || !ready {
		r.t.Fatalf("not decided: %v, %v", ready, err)
	}
}

// identify finishes and maps, as the Registry does.
func (r *rig) identify(w login.Redirect) (hub.Identity, error) {
	claims, err := r.finish(w)
	if err != nil {
		return hub.Identity{}, err
	}
	return federation.Map(r.provider, claims, r.clock.now())
}

// refused checks kind and cause, and that nothing foreign and nobody's number is in the error.
func (r *rig) refused(name string, err error, kind hub.Kind, cause federation.Cause) {
	r.t.Helper()
	if !errors.Is(err, kind) || federation.Reason(err) != string(cause) {
		r.t.Errorf("%s: %v, want %s %s", name, err, kind, cause)
	}
	if err == nil {
		return
	}
	for _, foreign := range []string{"http", "127.0.0.1", "json", apiKey, number("mali"), number("tharn"), "rp/requests"} {
		if strings.Contains(err.Error(), foreign) {
			r.t.Errorf("%s: foreign text %q in %v", name, foreign, err)
		}
	}
}

const (
	dee    = "idp-dee"    // 2.3 / 2.2, has onboarded mali and lin
	munjai = "idp-munjai" // 2.1 / 2.1
)

var background = context.Background()
