package samlsp_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"html"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/metadata"
	"onedoor/federation/samlsp"
	"onedoor/federation/simulator/samlbank"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) advance(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

func pair(name string) func() samlsp.KeyPair {
	return sync.OnceValue(func() samlsp.KeyPair {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, NotBefore: noon.AddDate(-6, 0, 0), NotAfter: noon.AddDate(60, 0, 0)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			panic(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		return samlsp.KeyPair{ID: name, Key: key, Certificate: cert}
	})
}

var signOne, signTwo, openOne, openTwo = pair("sign 1"), pair("sign 2"), pair("open 1"), pair("open 2")

// keys are the hub's, which tests rotate.
type keys struct {
	mu               sync.Mutex
	signing, opening []samlsp.KeyPair
	err              error
}

func (k *keys) Signing(context.Context) ([]samlsp.KeyPair, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.signing, k.err
}

func (k *keys) Decrypting(context.Context) ([]samlsp.KeyPair, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.opening, k.err
}

// indexer makes keyed hashes.
type indexer struct{}

func (indexer) Index(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte(purpose))
	for _, p := range parts {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return m.Sum(nil)
}

// memory stands for the tables.
type memory struct {
	mu       sync.Mutex
	byHandle map[[32]byte]row
	handles  map[[32]byte][32]byte // by content
	used     map[string]bool
	events   []audit.Event
	provider federation.Provider
	version  int64
}

// size is how many bytes of answers are kept.
func (m *memory) size() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.byHandle {
		n += len(r.sealed)
	}
	return n
}

type row struct {
	sealed  []byte
	expires time.Time
}

func (m *memory) Put(_ context.Context, content, handle [32]byte, sealed []byte, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byHandle, m.handles[content])
	m.handles[content], m.byHandle[handle] = handle, row{sealed, expires}
	return nil
}

func (m *memory) Take(_ context.Context, handle [32]byte, now time.Time) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.byHandle[handle]
	delete(m.byHandle, handle)
	switch {
	case !ok:
		return nil, hub.Errorf("memory.Take", hub.NotFound, "none")
	case !now.Before(r.expires):
		return nil, hub.Errorf("memory.Take", hub.Expired, "late")
	}
	return r.sealed, nil
}

func (m *memory) Use(_ context.Context, kind, key string, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used[kind+key] {
		return hub.Errorf("memory.Use", hub.Consumed, "used")
	}
	m.used[kind+key] = true
	return nil
}

func (m *memory) Record(_ context.Context, events ...audit.Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events = append(m.events, events...)
	return nil
}

func (m *memory) last() audit.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.events) == 0 {
		return audit.Event{}
	}
	return m.events[len(m.events)-1]
}

func (m *memory) Providers(context.Context) ([]federation.Provider, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return []federation.Provider{m.provider}, nil
}

func (m *memory) Version(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.version, nil
}

func (m *memory) PutProvider(p federation.Provider) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.provider = p
	m.version++
}

// store is the memory as a federation.Store.
type store struct{ *memory }

func (s store) Put(context.Context, federation.Provider) (bool, error) {
	return false, errors.New("not here")
}

// rig is a hub's connector and a bank, each behind real HTTP.
type rig struct {
	tb        testing.TB
	clock     *clock
	keys      *keys
	memory    *memory
	connector *samlsp.Connector
	registry  *federation.Registry
	bank      *samlbank.Bank
	hubURL    string
	bankURL   string
	client    *http.Client
	mux       http.Handler // the hub's side
	said      struct {     // by the error page
		sync.Mutex
		err error
	}
}

const providerID hub.ProviderID = "samlbank"

func newRig(tb testing.TB, change func(*federation.Provider)) *rig {
	tb.Helper()
	r := &rig{
		tb: tb, clock: &clock{at: noon}, keys: &keys{signing: []samlsp.KeyPair{signOne()}, opening: []samlsp.KeyPair{openOne()}},
		memory: &memory{byHandle: map[[32]byte]row{}, handles: map[[32]byte][32]byte{}, used: map[string]bool{}},
	}
	hubMux, bankRoot := http.NewServeMux(), &swap{}
	hubServer, bankServer := httptest.NewServer(hubMux), httptest.NewServer(bankRoot)
	tb.Cleanup(hubServer.Close)
	tb.Cleanup(bankServer.Close)
	r.mux = hubMux
	r.hubURL, r.bankURL = hubServer.URL, bankServer.URL
	r.client = oneshot.Staying()
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	var err error
	r.bank, err = samlbank.New(samlbank.Options{
		BaseURL: r.bankURL, HTTP: oneshot.Client(), Clock: r.clock.now, Random: rand.Reader,
		Metadata: func(ctx context.Context, id string) ([]byte, error) {
			_, body := r.do(http.MethodGet, id, nil)
			return []byte(body), ctx.Err()
		},
	})
	must(err)
	bankRoot.set(r.bank)
	cache, err := metadata.New(metadata.Options{HTTP: oneshot.Client(), Clock: r.clock.now, Log: slog.New(slog.DiscardHandler)})
	must(err)
	r.connector, err = samlsp.New(samlsp.Options{
		Issuer: r.hubURL, Names: hub.Text{"en": "onedoor", "th": "ประตูเดียว"}, Metadata: cache, Keys: r.keys, Answers: r.memory, Once: r.memory, Index: indexer{},
		Audit: r.memory, Clock: r.clock.now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
	})
	must(err)
	r.registry, err = federation.New(federation.Options{
		Store: store{r.memory}, Connectors: map[string]federation.Upstream{federation.SAML2: r.connector}, Clock: r.clock.now,
	})
	must(err)
	p := r.bank.Trust(noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0))
	if change != nil {
		change(&p)
	}
	if faults := p.Validate(); len(faults) > 0 {
		tb.Fatalf("the trust record has faults: %v", faults)
	}
	r.memory.PutProvider(p)
	must(r.registry.Refresh(tb.Context()))
	ends, err := samlsp.NewEndpoints(samlsp.EndpointOptions{
		Connector: r.connector, Providers: r.registry, Language: func(*http.Request) string { return "en" },
		Fail: func(w http.ResponseWriter, _ *http.Request, err error) {
			r.said.Lock()
			r.said.err = err
			r.said.Unlock()
			w.WriteHeader(http.StatusBadRequest)
		},
	})
	must(err)
	hubMux.HandleFunc("/login/saml/{provider}/acs", ends.Consume)
	hubMux.HandleFunc("GET /login/saml/{provider}/metadata", ends.Metadata)
	hubMux.HandleFunc("GET /login/saml/{provider}/request", ends.Request)
	return r
}

// swap is a handler that comes after its server.
type swap struct {
	mu sync.Mutex
	h  http.Handler
}

func (s *swap) set(h http.Handler) { s.mu.Lock(); defer s.mu.Unlock(); s.h = h }

func (s *swap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	h := s.h
	s.mu.Unlock()
	h.ServeHTTP(w, r)
}

func (r *rig) do(method, address string, form url.Values) (*http.Response, string) {
	r.tb.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	q, err := http.NewRequestWithContext(r.tb.Context(), method, address, body)
	if err != nil {
		r.tb.Fatal(err)
	}
	if form != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := r.client.Do(q)
	if err != nil {
		r.tb.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.tb.Fatal(err)
	}
	return resp, string(text)
}

var (
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
	action = regexp.MustCompile(`action="([^"]+)"`)
)

// fields reads the form of a page.
func fields(tb testing.TB, page string) (to string, form url.Values) {
	tb.Helper()
	found := action.FindStringSubmatch(page)
	if found == nil {
		tb.Fatalf("no form on the page:\n%s", page)
	}
	form = url.Values{}
	for _, f := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(f[1], html.UnescapeString(f[2]))
	}
	return html.UnescapeString(found[1]), form
}

// attempt is one login under way.
type attempt struct {
	ask     login.Ask
	private []byte
	acs     string
	form    url.Values // what the bank's last page posts
}

func newAsk() login.Ask {
	id := hub.NewID(rand.Reader)
	return login.Ask{
		Transaction: hub.TransactionID(id), State: id + "." + hub.NewSecret(rand.Reader).Reveal(), Want: hub.Level{IAL: hub.IAL21, AAL: hub.AAL1},
	}
}

// begin goes to the bank and logs somebody in; what comes back has not been posted yet.
func (r *rig) begin(ask login.Ask, person string, faults ...samlbank.Fault) *attempt {
	r.tb.Helper()
	to, err := r.registry.Start(r.tb.Context(), providerID, ask)
	if err != nil {
		r.tb.Fatalf("Start: %v", err)
	}
	_, page := r.do(http.MethodGet, to.URL, nil)
	if strings.HasPrefix(to.URL, r.hubURL) {
		where, form := fields(r.tb, page)
		_, page = r.do(http.MethodPost, where, form)
	}
	where, form := fields(r.tb, page)
	if where != "/login" {
		r.tb.Fatalf("the bank does not ask who it is:\n%s", page)
	}
	form.Set("person", person)
	form.Set("context", samlbank.ContextTwoFactor)
	form.Set("decision", "approve")
	for _, f := range faults {
		form.Add("fault", string(f))
	}
	_, page = r.do(http.MethodPost, r.bankURL+where, form)
	a := &attempt{ask: ask, private: to.Private}
	a.acs, a.form = fields(r.tb, page)
	return a
}

// post posts the answer and gives what the browser brings to the callback; nil where it was shown an error page.
func (r *rig) post(a *attempt) url.Values {
	r.tb.Helper()
	resp, _ := r.do(http.MethodPost, a.acs, a.form)
	if resp.StatusCode != http.StatusSeeOther {
		return nil
	}
	u, err := resp.Location()
	if err != nil || !strings.HasPrefix(u.String(), r.hubURL+"/login/callback/"+string(providerID)+"?") {
		r.tb.Fatalf("sent on to %v (%v)", u, err)
	}
	return u.Query()
}

// finish brings the browser's query to the login.
func (r *rig) finish(a *attempt, q url.Values) (hub.Identity, error) {
	params := map[string]string{}
	for name := range q {
		params[name] = q.Get(name)
	}
	return r.registry.Finish(r.tb.Context(), providerID, a.ask, login.Answer{Params: params, Private: a.private})
}

// login goes all the way.
func (r *rig) login(person string, faults ...samlbank.Fault) (hub.Identity, error) {
	r.tb.Helper()
	a := r.begin(newAsk(), person, faults...)
	q := r.post(a)
	if q == nil {
		r.said.Lock()
		defer r.said.Unlock()
		return hub.Identity{}, r.said.err
	}
	return r.finish(a, q)
}

func wantReason(tb testing.TB, err error, kind hub.Kind, reason string) {
	tb.Helper()
	if !errors.Is(err, kind) || federation.Reason(err) != reason {
		tb.Errorf("got %v (%s), want %s %s", err, federation.Reason(err), kind, reason)
	}
}

// serviceProvider reads what the hub publishes for the bank, verified.
func (r *rig) serviceProvider() samlmsg.EntityDescriptor {
	r.tb.Helper()
	resp, body := r.do(http.MethodGet, r.connector.MetadataURL(providerID), nil)
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{signOne().Certificate, signTwo().Certificate}})
	if err != nil {
		r.tb.Fatal(err)
	}
	m, err := samlmsg.ParseMetadata([]byte(body), samlmsg.MetadataOptions{Verifier: v, Now: r.clock.now(), RequireValidUntil: true, MaxValidity: 30 * 24 * time.Hour})
	if err != nil || resp.Header.Get("Content-Type") != samlmsg.MetadataContentType {
		r.tb.Fatalf("the hub's metadata: %v, %s", err, resp.Header.Get("Content-Type"))
	}
	e, ok := m.Entity(r.connector.MetadataURL(providerID))
	if !ok {
		r.tb.Fatal("another entity")
	}
	return e
}
