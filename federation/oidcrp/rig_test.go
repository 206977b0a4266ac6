package oidcrp_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/federation/simulator/thaid"
	"onedoor/hub"
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

// server is a stand-in behind real HTTP that notes the calls it gets.
type server struct {
	url     string
	mu      sync.Mutex
	calls   map[string]int
	bodies  []string
	headers []http.Header
	handler http.Handler
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.calls[r.URL.Path]++
	s.bodies = append(s.bodies, string(body))
	s.headers = append(s.headers, r.Header.Clone())
	h := s.handler
	s.mu.Unlock()
	h.ServeHTTP(w, r)
}

func (s *server) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[path]
}

func (s *server) handle(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handler = h
}

func serve(t *testing.T) *server {
	t.Helper()
	s := &server{calls: make(map[string]int), handler: http.NotFoundHandler()}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.url = h.URL
	return s
}

const (
	hubURL = "https://hub.example"
	secret = "s3cret/with:odd+chars %"
)

func callback(id hub.ProviderID) string { return hubURL + "/login/callback/" + string(id) }

func openSealed(sealed []byte) ([]byte, error) {
	plain, ok := bytes.CutPrefix(sealed, []byte("sealed:"))
	if !ok {
		return nil, errors.New("does not open")
	}
	return plain, nil
}

func index(purpose string, parts ...string) []byte {
	sum := sha256.Sum256([]byte(purpose + "\x00" + strings.Join(parts, "\x00")))
	return sum[:]
}

func seal(s string) federation.SealedSecret { return federation.SealedSecret("sealed:" + s) }

type rig struct {
	t         *testing.T
	clock     *clock
	connector *oidcrp.Connector
	provider  federation.Provider
	server    *server
	log       *lockedBuffer
	thaid     *thaid.ThaID
	bank      *bank.Bank
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

// transport is not the shared one, whose connections every test server closes that ends.
func transport(t *testing.T) *http.Transport {
	t.Helper()
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	return own
}

func newRig(t *testing.T, options ...func(*oidcrp.Options)) *rig {
	t.Helper()
	r := &rig{t: t, clock: &clock{at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}, server: serve(t), log: &lockedBuffer{}}
	o := oidcrp.Options{
		HTTP: &http.Client{Transport: transport(t)}, Clock: r.clock.now, Random: rand.Reader, Open: openSealed, Callback: callback,
		Seal:  func(plain []byte) ([]byte, error) { return append([]byte("sealed:"), plain...), nil },
		Index: index,
		Sign:  signOwn, Decrypt: ownKeys().DecryptJWE,
		Log: slog.New(slog.NewTextHandler(r.log, nil)), CallTimeout: 5 * time.Second,
	}
	for _, change := range options {
		change(&o)
	}
	var err error
	if r.connector, err = oidcrp.New(o); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) dates() (time.Time, time.Time) {
	return r.clock.now().Add(-time.Hour), r.clock.now().AddDate(1, 0, 0)
}

func newBankRig(t *testing.T, options ...func(*oidcrp.Options)) *rig {
	t.Helper()
	return newSecureRig(t, nil, options...)
}

// newSecureRig makes a bank at which the hub is registered otherwise than plainly.
func newSecureRig(t *testing.T, register func(*bank.Options, *simulator.Client), options ...func(*oidcrp.Options)) *rig {
	t.Helper()
	r := newRig(t, options...)
	client := simulator.Client{
		ID: "hub-at-bank", Secret: secret, RedirectURIs: []string{callback("bank")}, Scopes: bank.Scopes(),
		Keys: func() ([]byte, error) { return ownKeys().JWKS(), nil },
	}
	settings := bank.Options{BaseURL: r.server.url, Clock: r.clock.now, Random: rand.Reader, SlowFor: time.Hour}
	if register != nil {
		register(&settings, &client)
	}
	settings.Clients = simulator.Clients{client}
	b, err := bank.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	r.bank = b
	r.server.handle(b)
	from, until := r.dates()
	r.provider = bank.Trust(r.server.url, "hub-at-bank", seal(secret), from, until)
	r.valid()
	return r
}

func newThaIDRig(t *testing.T, options ...func(*oidcrp.Options)) *rig {
	t.Helper()
	r := newRig(t, options...)
	s, err := thaid.New(thaid.Options{
		BaseURL: r.server.url, Clock: r.clock.now, Random: rand.Reader, SlowFor: time.Hour, APIKey: "key-1",
		Clients: simulator.Clients{{ID: "hub-at-thaid", Secret: secret, RedirectURIs: []string{callback("thaid")}, Scopes: thaid.Scopes()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r.thaid = s
	r.server.handle(s)
	from, until := r.dates()
	r.provider = thaid.Trust(r.server.url, "hub-at-thaid", seal(secret), from, until)
	r.valid()
	return r
}

func (r *rig) valid() {
	r.t.Helper()
	if faults := r.provider.Validate(); len(faults) > 0 {
		r.t.Fatal(faults)
	}
}

var (
	hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)
	action   = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
)

// visit is a person's browser at a provider: it opens the address, fills the form and gives the parameters of the answer.
func (r *rig) visit(address string, form url.Values) map[string]string {
	r.t.Helper()
	client := &http.Client{Transport: transport(r.t), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(address)
	if err != nil {
		r.t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		id, to := hiddenID.FindSubmatch(page), action.FindSubmatch(page)
		if id == nil || to == nil {
			r.t.Fatalf("no form in the page: %s", page)
		}
		form.Set("id", string(id[1]))
		target, err := resp.Request.URL.Parse(string(to[1]))
		if err != nil {
			r.t.Fatal(err)
		}
		if resp, err = client.PostForm(target.String(), form); err != nil {
			r.t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
	if resp.StatusCode != http.StatusSeeOther {
		r.t.Fatalf("the provider answered %d", resp.StatusCode)
	}
	back, err := resp.Location()
	if err != nil {
		r.t.Fatal(err)
	}
	if want := callback(r.provider.ID); !strings.HasPrefix(back.String(), want+"?") {
		r.t.Fatalf("sent back to %s", back)
	}
	params := make(map[string]string)
	for name, values := range back.Query() {
		if len(values) != 1 {
			r.t.Fatalf("%s is there %d times", name, len(values))
		}
		params[name] = values[0]
	}
	return params
}

func approve(person string) url.Values {
	return url.Values{"person": {person}, "decision": {"approve"}, "acr": {bank.ACRTwoFactor}}
}

func (r *rig) ask() login.Ask {
	return login.Ask{Transaction: "t", State: hub.NewSecret(rand.Reader).Reveal(), Want: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Languages: []string{"th", "en"}}
}

// run goes the whole way: Start, the person, Finish.
func (r *rig) run(ask login.Ask, form url.Values) (federation.Claims, error) {
	r.t.Helper()
	redirect, err := r.connector.Start(r.t.Context(), r.provider, ask)
	if err != nil {
		return federation.Claims{}, err
	}
	params := r.visit(redirect.URL, form)
	return r.finish(r.t.Context(), ask, login.Answer{Params: params, Private: redirect.Private})
}

func (r *rig) finish(ctx context.Context, ask login.Ask, answer login.Answer) (federation.Claims, error) {
	return r.connector.Finish(ctx, r.provider, ask, answer)
}

// identify also maps, as the Registry does.
func (r *rig) identify(form url.Values) (hub.Identity, error) {
	r.t.Helper()
	claims, err := r.run(r.ask(), form)
	if err != nil {
		return hub.Identity{}, err
	}
	return federation.Map(r.provider, claims, r.clock.now())
}

// refused checks kind and cause, and that no foreign text is in the error.
func refused(t *testing.T, name string, err error, kind hub.Kind, cause federation.Cause) {
	t.Helper()
	if !errors.Is(err, kind) || federation.Reason(err) != string(cause) {
		t.Errorf("%s: %v, want %s %s", name, err, kind, cause)
	}
	if err == nil {
		return
	}
	for _, foreign := range []string{"http", "127.0.0.1", "oidc:", "expected \"", secret, "another", "json"} {
		if strings.Contains(err.Error(), foreign) {
			t.Errorf("%s: foreign text %q in %v", name, foreign, err)
		}
	}
}
