package oidcop_test

import (
	"cmp"
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// rooms stand for the neighbours: sessions, revocations, clients, keys, index.
type rooms struct {
	mu       sync.Mutex
	sessions map[hub.SessionID]session.Session
	vaults   map[hub.SessionID]vault
	joined   []session.Participant
	revoked  map[string]bool // token ids
	ended    error           // what Ended fails with
	clients  map[hub.SystemID]oidcop.Client
	lookups  int
	broken   error // what Client fails with
	db       *memory
	refused  map[hub.SystemID][]hub.AttributeName // what the person does not want a system to get
	unheard  error                                // what agreed fails with
}

type vault struct {
	key        hub.Secret
	attributes hub.Attributes
}

func (x *rooms) Get(_ context.Context, id hub.SessionID) (session.Session, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s, ok := x.sessions[id]
	if !ok {
		return s, hub.Errorf("rooms", hub.NotFound, "no session")
	}
	return s, nil
}

// nobody is told of ends.
type nobody struct{}

func (nobody) Ended(context.Context, session.Session, session.Cause, time.Time) error { return nil }

func (x *rooms) Join(_ context.Context, p session.Participant) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.joined = append(x.joined, p)
	return nil
}

func (x *rooms) Attributes(_ context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	v, ok := x.vaults[id]
	if !ok {
		return nil, hub.Errorf("rooms", hub.Expired, "ended")
	}
	if v.key != key {
		return nil, hub.Errorf("rooms", hub.Invalid, "wrong key")
	}
	return maps.Clone(v.attributes), nil
}

func (x *rooms) end(id hub.SessionID, at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.sessions[id]
	s.EndedAt = at
	x.sessions[id] = s
	delete(x.vaults, id)
}

func (x *rooms) Ended(_ context.Context, a token.Access) (bool, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.db.mu.Lock()
	defer x.db.mu.Unlock()
	if x.ended != nil {
		return false, x.ended
	}
	for _, id := range a.Parents {
		if x.revoked[id] {
			return true, nil
		}
	}
	return x.revoked[a.ID] || !x.sessions[a.Session].EndedAt.IsZero() || !x.db.grants[a.Grant].RevokedAt.IsZero(), nil
}

func (x *rooms) RevokeToken(_ context.Context, a token.Access, _ time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended != nil {
		return x.ended
	}
	x.revoked[a.ID] = true
	return nil
}

func (x *rooms) Client(_ context.Context, id hub.SystemID) (oidcop.Client, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.lookups++
	if x.broken != nil {
		return oidcop.Client{}, x.broken
	}
	c, ok := x.clients[id]
	if !ok {
		return c, hub.Errorf("rooms", hub.NotFound, "no client")
	}
	return c, nil
}

func (x *rooms) change(id hub.SystemID, fn func(*oidcop.Client)) {
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.clients[id]
	fn(&c)
	x.clients[id] = c
}

func (x *rooms) AppendPair(to []byte, purpose, first, second string) []byte {
	return append(to, x.Index(purpose, first, second)...)
}

func (*rooms) Index(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte("test index key/"+purpose))
	for _, p := range parts {
		m.Write([]byte{byte(len(p))})
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

// ring signs and seals with keys made once for all tests.
type ring struct {
	private map[string]crypto.Signer
	jwks    []byte
	aead    cipher.AEAD
}

var theRing = sync.OnceValue(func() *ring {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	r := &ring{private: map[string]crypto.Signer{"ES256": ec, "RS256": rs, "PS256": rs}}
	var set jose.JSONWebKeySet
	for _, alg := range []string{"ES256", "RS256", "PS256"} {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: r.private[alg].Public(), KeyID: "k" + alg, Algorithm: alg, Use: "sig"})
	}
	r.jwks, err = json.Marshal(set)
	must(err)
	block, err := aes.NewCipher(make([]byte, 32))
	must(err)
	r.aead, err = cipher.NewGCM(block)
	must(err)
	return r
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func (r *ring) SignJWT(alg, typ string, claims any) (string, error) {
	key, ok := r.private[alg]
	if !ok {
		return "", hub.Errorf("ring", hub.NotFound, "no key")
	}
	s, err := jose.NewSigner(jose.SigningKey{
		Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: key, KeyID: "k" + alg, Algorithm: alg},
	}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	jws, err := s.Sign(payload)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

func (r *ring) JWKS() []byte { return r.jwks }

const sealID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

func (r *ring) SealingKey() (string, cipher.AEAD, error) { return sealID, r.aead, nil }

func (r *ring) OpeningKey(id string) (cipher.AEAD, error) {
	if id != sealID {
		return nil, hub.Errorf("ring", hub.NotFound, "no key")
	}
	return r.aead, nil
}

// world is a provider on a real listener with its neighbours.
type world struct {
	t       testing.TB
	clock   *clock
	db      *memory
	rooms   *rooms
	op      *oidcop.Provider
	options oidcop.Options // of op, for another node over the same database
	server  *httptest.Server
	http    *http.Client // does not follow redirects
	logs    *strings.Builder

	mu       sync.Mutex
	requests []login.Request                  // that reached the login
	login    func(login.Request) login.Result // how the login ends
	during   func()                           // what happens meanwhile
	session  session.Session                  // of the person in front of the browser
	key      hub.Secret                       // of its vault
	posted   url.Values                       // fields of the last form page
	network  string
	foreign  func(oidcop.Asking, []string) []oidcop.Foreign // other issuers; nil: there are none
	settles  []string                                       // the last event whenever an answer waited
	asking   []oidcop.Asking                                // who asked them
	fetch    http.HandlerFunc                               // what the hub finds outside
	fetched  int

	browser hub.SessionID // the live session of the person in front of the browser
	dropped int           // how often the browser was told to drop its session
	ends    []session.Cause
	waits   []string // campaigns that were waited for
}

const (
	person = "1345951597671" // citizen number of the test person
)

func testSecret(name string) string {
	return "secret-of-" + name + "-0123456789abcdefghijklmnopqrstuvwxyz"
}

func hashOf(s string) oidcop.Secret { return oidcop.Secret{SHA256: sha256.Sum256([]byte(s))} }

func allScopes() []string {
	s := []string{"openid", "profile", "offline_access"}
	for _, n := range hub.AttributeNames() {
		s = append(s, string(n))
	}
	return s
}

// backing is what the provider stands on: memory, or a real database.
type backing struct {
	grants      grant.Store
	rows        audit.Store
	tx          oidcop.Transactor
	sessions    oidcop.Sessions
	revocations token.Revocations
	pushed      grant.PushedStore
	once        grant.Once
	statuses    token.StatusStore
	keys        keyring // of the tests' own where nil
}

func newWorld(t testing.TB) *world { t.Helper(); return newWorldOver(t, nil) }

func newWorldOver(t testing.TB, over func(*world) backing) *world {
	t.Helper()
	return newWorldWith(t, over, func(*oidcop.Options) {})
}

func newWorldWith(t testing.TB, over func(*world) backing, change func(*oidcop.Options)) *world {
	t.Helper()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	w := &world{t: t, clock: &clock{t: now}, logs: &strings.Builder{}}
	w.db = &memory{grants: map[hub.GrantID]grant.Grant{}, codes: map[[32]byte]grant.Credential{}, refresh: map[[32]byte]grant.Credential{}}
	w.db.successors, w.db.retried = map[[32]byte][32]byte{}, map[[32]byte]bool{}
	w.db.pushed, w.db.taken, w.db.once = map[[32]byte]grant.Pushed{}, map[[32]byte]bool{}, map[string]bool{}
	w.rooms = &rooms{
		sessions: map[hub.SessionID]session.Session{}, vaults: map[hub.SessionID]vault{}, revoked: map[string]bool{}, db: w.db,
		clients: map[hub.SystemID]oidcop.Client{},
	}
	w.db.holder = w.rooms.Get
	both := []string{"authorization_code", "refresh_token"}
	for _, c := range []oidcop.Client{
		{ID: "revenue", AuthMethod: "client_secret_basic", RedirectURIs: []string{"https://revenue.example/cb"}},
		{ID: "social", AuthMethod: "client_secret_post", RedirectURIs: []string{"https://social.example/cb?fixed=1"}},
		{ID: "app", AuthMethod: "none", RedirectURIs: []string{"http://127.0.0.1/cb", "https://app.example/cb"}, Native: true},
		{ID: "land", AuthMethod: "client_secret_basic", RedirectURIs: []string{"https://land.example/cb"}, IDTokenAlg: "RS256"},
		{ID: "labour", AuthMethod: "client_secret_basic", RedirectURIs: []string{"https://labour.example/cb"}, IDTokenAlg: "PS256"},
		{ID: "draft", AuthMethod: "client_secret_basic", RedirectURIs: []string{"https://draft.example/cb"}},
	} {
		c.Live = c.ID != "draft"
		c.GrantTypes, c.Scopes, c.Attributes = both, allScopes(), hub.AttributeNames()
		if c.AuthMethod != "none" {
			c.Secrets = []oidcop.Secret{hashOf(testSecret(string(c.ID)))}
		}
		w.rooms.clients[c.ID] = c
	}
	w.login = w.resume
	var b backing
	if over != nil {
		b = over(w)
	} else {
		w.signIn("person-one")
		b = backing{grants: w.db, rows: w.db, tx: w.db, sessions: w.rooms, revocations: w.rooms, pushed: w.db, once: w.db, statuses: &statuses{}}
	}
	record, err := audit.New(audit.Options{
		Store: b.rows, Clock: w.clock.now, Random: rand.Reader,
		Authenticate: func(c []byte) []byte { return w.rooms.Index("audit", string(c)) },
	})
	must(err)
	r := theRing()
	sealer, err := token.NewSealer("http://op.localhost", r, w.clock.now, rand.Reader)
	must(err)
	validator, err := token.NewValidator(sealer, b.revocations, w.clock.now)
	must(err)
	grants, err := grant.New(grant.Options{Store: b.grants, Audit: record, Tx: b.tx, Clock: w.clock.now, Random: rand.Reader})
	must(err)
	var handler http.Handler
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(w.server.Close)
	issuer := "http://op.localhost:" + portOf(w.server.URL)
	lists, jwts := w.jwts(b, cmp.Or[keyring](b.keys, r))
	validator = validator.Accepting(jwts)
	options := oidcop.Options{
		Issuer: issuer, PolicyURI: issuer + "/privacy", Clients: w.rooms, Journey: w, Grants: grants, Sessions: b.sessions,
		Tokens: struct {
			*token.Sealer
			*token.Validator
			token.Revocations
		}{sealer, validator, b.revocations},
		Keys: cmp.Or[keyring](b.keys, r), JWTs: jwts, Lists: lists, Agreed: w.rooms.agreed, Index: w.rooms, Audit: record, Tx: b.tx,
		Levels: func(context.Context) ([]hub.Level, error) {
			return []hub.Level{{IAL: hub.IAL11, AAL: hub.AAL1}, {IAL: hub.IAL23, AAL: hub.AAL21}}, nil
		},
		Pushed: b.pushed, Once: b.once, HTTP: &http.Client{Transport: w.outside()},
		Network: func(context.Context) string { return w.fromNetwork() }, Failures: oidcop.FailureRate{Burst: 8, Every: time.Second}, Pushes: oidcop.FailureRate{Burst: 8, Every: time.Second}, Elsewhere: others{w}, Settle: func(context.Context) { w.settled() },
		Exit: w, Logouts: w,
		Clock: w.clock.now, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(&locked{w: w.logs}, nil)),
	}
	change(&options)
	w.options = options
	w.op, err = oidcop.New(options)
	must(err)
	mux := http.NewServeMux()
	for path, h := range w.op.Routes() {
		mux.Handle(path, h)
	}
	handler = mux
	w.http = &http.Client{
		Transport:     dialTo(strings.TrimPrefix(w.server.URL, "http://")),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

func portOf(raw string) string {
	u, err := url.Parse(raw)
	must(err)
	return u.Port()
}

func (w *world) issuer() string { return "http://op.localhost:" + portOf(w.server.URL) }

// signIn makes the session of a person.
func (w *world) signIn(account hub.AccountID) {
	now := w.clock.now()
	s := session.Session{
		ID: hub.SessionID(hub.NewID(rand.Reader)), Account: accountID(account), Provider: "thaid",
		Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Methods: []string{"pin", "hwk"},
		AuthTime: now.Add(-time.Minute), StartedAt: now.Add(-time.Minute), LastActivity: now, Interaction: hub.InteractionID(hub.NewID(rand.Reader)),
	}
	key := hub.NewSecret(rand.Reader)
	w.rooms.mu.Lock()
	w.rooms.sessions[s.ID] = s
	w.rooms.vaults[s.ID] = vault{key, facts(s.AuthTime)}
	w.rooms.mu.Unlock()
	w.mu.Lock()
	w.session, w.key = s, key
	w.mu.Unlock()
}

// facts are the attributes of the test person.
func facts(when time.Time) hub.Attributes {
	at := func(v string) hub.Attribute { return hub.Attribute{Value: v, Source: "thaid", At: when} }
	return hub.Attributes{
		hub.CitizenID: at(person), hub.Name: at("สมหญิง ใจดี"), hub.NameEN: at("Somying Jaidee"), hub.GivenName: at("สมหญิง"),
		hub.FamilyName: at("ใจดี"), hub.GivenNameEN: at("Somying"), hub.FamilyNameEN: at("Jaidee"), hub.Birthdate: at("1990-01-31"),
		hub.Gender: at("female"), hub.Address: at("99/1 หมู่ 4 เชียงใหม่"), hub.TitleEN: at("Miss"),
	}
}

func accountID(name hub.AccountID) hub.AccountID {
	h := sha256.Sum256([]byte(name))
	return hub.AccountID(hub.NewID(strings.NewReader(string(h[:]))))
}

// resume is a login that finds the person signed in and consenting to all.
func (w *world) resume(req login.Request) login.Result {
	return login.Result{
		Interaction: hub.InteractionID(hub.NewID(rand.Reader)), Request: req, Session: w.session, Key: w.key, Release: req.Attributes,
		Offline: req.Offline,
		Settle: func(ctx context.Context) ([]audit.Event, error) { // as the login does, which leaves it to us
			return nil, w.rooms.Join(ctx, session.Participant{Session: w.session.ID, System: req.System, Protocol: req.Protocol, FirstAt: w.clock.now()})
		},
	}
}

func failing(k hub.Kind) func(login.Request) login.Result {
	return func(req login.Request) login.Result {
		return login.Result{Interaction: hub.InteractionID(hub.NewID(rand.Reader)), Request: req, Failure: k}
	}
}

// Begin is the login journey: it answers at once.
func (w *world) Begin(rw http.ResponseWriter, r *http.Request, req login.Request) {
	w.mu.Lock()
	w.requests = append(w.requests, req)
	end, during := w.login, w.during
	w.mu.Unlock()
	if during != nil {
		during()
	}
	w.op.FinishLogin(rw, r, end(req))
}

// Post is the page with the form that sends itself.
func (w *world) Post(rw http.ResponseWriter, _ *http.Request, to string, fields url.Values) {
	w.mu.Lock()
	w.posted = fields
	w.mu.Unlock()
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(rw, "form to "+to)
}

// fromNetwork is where requests come from.
func (w *world) fromNetwork() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.network
}

// outside is the world beyond the hub: what it fetches comes from here.
func (w *world) outside() http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		w.mu.Lock()
		fetch := w.fetch
		w.fetched++
		w.mu.Unlock()
		if fetch == nil {
			return nil, errors.New("nobody is there")
		}
		rec := httptest.NewRecorder()
		fetch(rec, r)
		return rec.Result(), nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Refuse is the error page.
func (*world) Refuse(rw http.ResponseWriter, _ *http.Request, err error) {
	rw.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(rw, "page: "+string(hub.KindOf(err)))
}

func (w *world) lastRequest() login.Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.requests) == 0 {
		w.t.Fatal("no request reached the login")
	}
	return w.requests[len(w.requests)-1]
}

func (w *world) reached() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.requests)
}
