package samlidp_test

import (
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/login"
	"onedoor/hub/samlidp"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// pair is an RSA key with its certificate.
type pair struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

var pairs = sync.OnceValue(func() map[string]pair {
	out := map[string]pair{}
	for i, name := range []string{"hub", "hub-next", "hub-open", "land", "land-next", "tax", "open", "stranger"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		template := &x509.Certificate{
			SerialNumber: big.NewInt(int64(i + 1)), Subject: pkix.Name{CommonName: name}, NotBefore: noon.AddDate(-1, 0, 0), NotAfter: noon.AddDate(1, 0, 0),
		}
		der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
		if err != nil {
			panic(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		out[name] = pair{key, cert}
	}
	return out
})

func signer(name string) *samlmsg.Signer {
	p := pairs()[name]
	s, err := samlmsg.NewSigner(samlmsg.SignerOptions{Key: p.key, Certificate: p.cert, Random: rand.Reader})
	if err != nil {
		panic(err)
	}
	return s
}

const (
	landID  = "https://land.example/saml/metadata"
	landACS = "https://land.example/saml/acs"
	taxID   = "https://tax.example/sp"
	taxACS  = "https://tax.example/acs"
)

// world is everything around the provider: it plays the rooms that it needs, and the login.
type world struct {
	t      testing.TB
	idp    *samlidp.Provider
	server *httptest.Server

	mu       sync.Mutex
	now      time.Time
	sps      map[string]samlidp.ServiceProvider // by entity id
	renewed  func(*samlidp.ServiceProvider)     // what Renew finds
	renewals int
	sessions map[hub.SessionID]session.Session
	vault    hub.Attributes
	parts    []session.Participant
	used     map[string]bool
	names    map[hub.PeerName]hub.SessionID
	events   []audit.Event
	begun    []login.Request
	finish   func(login.Request) login.Result
	signing  []string
	down     bool // the database does not answer
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, now: noon, sessions: map[hub.SessionID]session.Session{}, used: map[string]bool{}, names: map[hub.PeerName]hub.SessionID{}, signing: []string{"hub"}}
	w.sps = map[string]samlidp.ServiceProvider{
		landID: {
			ID: "land", EntityID: landID, Live: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
			Attributes: []hub.AttributeName{hub.CitizenID, hub.Name},
			Role: samlmsg.SPSSODescriptor{
				Role: samlmsg.Role{Keys: []samlmsg.KeyDescriptor{
					{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{pairs()["land"].cert}},
					{Use: samlmsg.UseEncryption, Certificates: []*x509.Certificate{pairs()["open"].cert}},
				}},
				AuthnRequestsSigned: true,
				AssertionConsumers: []samlmsg.IndexedEndpoint{
					{Binding: samlmsg.BindingPOST, Location: landACS, Index: 0, IsDefault: true},
					{Binding: samlmsg.BindingPOST, Location: landACS + "/other", Index: 1},
				},
			},
		},
		taxID: {
			ID: "tax", EntityID: taxID, Live: true, Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, Attributes: []hub.AttributeName{hub.Name},
			AttributeNames: map[hub.AttributeName]string{hub.Name: "urn:oid:2.16.840.1.113730.3.1.241"},
			Role:           samlmsg.SPSSODescriptor{AssertionConsumers: []samlmsg.IndexedEndpoint{{Binding: samlmsg.BindingPOST, Location: taxACS}}},
		},
	}
	w.vault = hub.Attributes{
		hub.CitizenID: {Value: "3100500000011", Source: "thaid", At: noon}, hub.Name: {Value: "มะลิ <&> ตัวอย่าง", Source: "thaid", At: noon},
		hub.Address: {Value: "never released", Source: "thaid", At: noon},
	}
	w.finish = w.resume
	mux := http.NewServeMux()
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	var err error
	w.idp, err = samlidp.New(samlidp.Options{
		Issuer: w.server.URL, ServiceProviders: w, Journey: w, Sessions: w, Keys: w, Index: w, Once: once{w}, Names: w, Audit: w, Tx: w, Items: openItems{},
		Levels:   func(context.Context) ([]hub.Level, error) { return []hub.Level{{IAL: hub.IAL23, AAL: hub.AAL21}}, nil },
		Language: func(*http.Request) string { return "en" }, Clock: w.clock, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc(samlidp.MetadataPath, w.idp.Metadata)
	mux.HandleFunc(samlidp.SystemMetadataPath, w.idp.Metadata)
	mux.HandleFunc(samlidp.SSOPath, w.idp.SSO)
	mux.HandleFunc(samlidp.ContinuePath, w.idp.Continue)
	mux.HandleFunc(samlidp.StartPath, w.idp.Start)
	mux.HandleFunc(samlidp.ScriptPath, w.idp.Script)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) forward(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// change changes a service provider.
func (w *world) change(id string, fn func(*samlidp.ServiceProvider)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sp := w.sps[id]
	sp.Role.Keys = append([]samlmsg.KeyDescriptor(nil), sp.Role.Keys...)
	fn(&sp)
	w.sps[id] = sp
}

func (w *world) ByEntity(_ context.Context, id string) (samlidp.ServiceProvider, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	sp, ok := w.sps[id]
	if !ok {
		return sp, hub.Errorf("test", hub.NotFound, "none")
	}
	return sp, nil
}

func (w *world) ByID(_ context.Context, id hub.SystemID) (samlidp.ServiceProvider, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for sp := range maps.Values(w.sps) {
		if sp.ID == id {
			return sp, nil
		}
	}
	return samlidp.ServiceProvider{}, hub.Errorf("test", hub.NotFound, "none")
}

func (w *world) ForLogout(ctx context.Context, id hub.SystemID) (samlidp.ServiceProvider, error) {
	return w.ByID(ctx, id)
}

func (w *world) Known(id hub.SystemID) (samlidp.ServiceProvider, bool) {
	sp, err := w.ByID(context.Background(), id)
	return sp, err == nil
}

func (w *world) Note(_ context.Context, n hub.PeerName, id hub.SessionID, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.names[n] = id
	return nil
}

func (w *world) Find(_ context.Context, peer string, name [32]byte) (found []samlmsg.NamedSession, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for n, id := range w.names {
		if n.Peer == peer && n.Name == name {
			found = append(found, samlmsg.NamedSession{Session: id, Index: n.Index, Live: w.sessions[id].EndedAt.IsZero()})
		}
	}
	return found, nil
}

func (w *world) DecryptionKeys(context.Context) ([]samlidp.DecryptionKey, error) {
	return []samlidp.DecryptionKey{{Key: pairs()["hub-open"].key, Certificate: pairs()["hub-open"].cert}}, nil
}

func (w *world) Renew(_ context.Context, id hub.SystemID) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.renewals++
	if w.renewed == nil {
		return false, nil
	}
	for name, sp := range w.sps {
		if sp.ID == id {
			w.renewed(&sp)
			w.sps[name] = sp
		}
	}
	return true, nil
}

// browserCookie is the session of the browser that plays along.
const browserCookie = "browser"

// Begin plays the login: the browser's cookie decides who is signed in.
func (w *world) Begin(rw http.ResponseWriter, r *http.Request, req login.Request) {
	w.mu.Lock()
	w.begun = append(w.begun, req)
	finish := w.finish
	w.mu.Unlock()
	res := finish(req)
	res.Request, res.Interaction = req, hub.InteractionFrom(r.Context())
	if c, err := r.Cookie(browserCookie); res.Failure == "" && res.Session.ID == "" {
		if err != nil {
			res.Failure = hub.Unauthenticated
		} else if res.Session, err = w.Get(r.Context(), hub.SessionID(c.Value)); err != nil {
			res.Failure = hub.Unauthenticated
		}
	}
	w.idp.FinishLogin(rw, r, res)
}

// resume gives everything that was asked for to whoever is signed in.
func (w *world) resume(req login.Request) login.Result { return login.Result{Release: req.Attributes} }

func failing(k hub.Kind) func(login.Request) login.Result {
	return func(login.Request) login.Result { return login.Result{Failure: k} }
}

func (w *world) Refuse(rw http.ResponseWriter, _ *http.Request, err error) {
	rw.Header().Set("X-Refused", string(hub.KindOf(err)))
	rw.WriteHeader(http.StatusTeapot)
}

func (w *world) Get(_ context.Context, id hub.SessionID) (session.Session, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.sessions[id]
	if !ok {
		return s, hub.Errorf("test", hub.NotFound, "none")
	}
	return s, nil
}

func (w *world) Join(_ context.Context, p session.Participant) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts = append(w.parts, p)
	return nil
}

func (w *world) Attributes(ctx context.Context, id hub.SessionID, _ hub.Secret) (hub.Attributes, error) {
	s, err := w.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !s.EndedAt.IsZero() {
		return nil, hub.Errorf("test", hub.Expired, "ended")
	}
	return w.vault, nil
}

func (w *world) SigningKeys(context.Context) ([]samlidp.SigningKey, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []samlidp.SigningKey
	for _, name := range w.signing {
		out = append(out, samlidp.SigningKey{Key: pairs()[name].key, Certificate: pairs()[name].cert})
	}
	return out, nil
}

var sealing = sync.OnceValue(func() cipher.AEAD {
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
})

const sealID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

func (*world) SealingKey() (string, cipher.AEAD, error) { return sealID, sealing(), nil }

func (*world) OpeningKey(id string) (cipher.AEAD, error) {
	if id != sealID {
		return nil, hub.Errorf("test", hub.NotFound, "none")
	}
	return sealing(), nil
}

func (*world) Index(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte("index"))
	for _, p := range append([]string{purpose}, parts...) {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return m.Sum(nil)
}

// once is the world as grant.Once.
type once struct{ w *world }

func (o once) Use(_ context.Context, kind, key string, expires time.Time) error {
	o.w.mu.Lock()
	defer o.w.mu.Unlock()
	if !expires.After(o.w.now.Add(15 * time.Minute)) {
		return errors.New("forgotten before a login can end")
	}
	if o.w.used[kind+key] {
		return hub.Errorf("test", hub.Consumed, "used")
	}
	o.w.used[kind+key] = true
	return nil
}

func (w *world) Record(_ context.Context, events ...audit.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
	return nil
}

func (w *world) InTx(ctx context.Context, fn func(context.Context) error) error {
	w.mu.Lock()
	down := w.down
	w.mu.Unlock()
	if down {
		return hub.Errorf("test", hub.Unavailable, "down")
	}
	return fn(ctx)
}

// lastEvent gives the newest audit event.
func (w *world) lastEvent() audit.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.events) == 0 {
		return audit.Event{}
	}
	return w.events[len(w.events)-1]
}

func (w *world) reached() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.begun)
}

// signIn gives a session and the browser that has it.
func (w *world) signIn(account string, level hub.Level) *browser {
	id := hub.SessionID(hub.NewID(rand.Reader))
	w.mu.Lock()
	w.sessions[id] = session.Session{
		ID: id, Account: hub.AccountID(account), Provider: "thaid", Level: level, AuthTime: w.now, StartedAt: w.now, LastActivity: w.now,
	}
	w.mu.Unlock()
	return &browser{w: w, session: string(id)}
}

var usual = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}

// browser brings its cookie where a real one would: not with a form that another site posts.
type browser struct {
	w       *world
	session string
}

// answer is what a page carries to a service provider.
type answer struct {
	status  int
	refused string // the page's kind
	header  http.Header
	body    string
	action  string
	relay   string
	raw     []byte
}

var (
	actionOf   = regexp.MustCompile(`action="([^"]*)"`)
	responseOf = regexp.MustCompile(`name="SAMLResponse" value="([^"]*)"`)
	relayOf    = regexp.MustCompile(`name="RelayState" value="([^"]*)"`)
)

func (b *browser) do(method, target, contentType, body string) answer {
	b.w.t.Helper()
	client := oneshot.Staying()
	for range 3 {
		r, err := http.NewRequestWithContext(b.w.t.Context(), method, target, strings.NewReader(body))
		if err != nil {
			b.w.t.Fatal(err)
		}
		if contentType != "" {
			r.Header.Set("Content-Type", contentType)
		}
		if b.session != "" && method == http.MethodGet {
			r.AddCookie(&http.Cookie{Name: browserCookie, Value: b.session})
		}
		resp, err := client.Do(r)
		if err != nil {
			b.w.t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			b.w.t.Fatal(err)
		}
		if resp.StatusCode == http.StatusSeeOther {
			to, err := resp.Location()
			if err != nil || !strings.HasPrefix(to.String(), b.w.server.URL+samlidp.ContinuePath) {
				b.w.t.Fatalf("led to %v, %v", to, err)
			}
			method, target, body, contentType = http.MethodGet, to.String(), "", ""
			continue
		}
		a := answer{status: resp.StatusCode, refused: resp.Header.Get("X-Refused"), header: resp.Header, body: string(text)}
		a.action = field(actionOf, a.body)
		a.relay = field(relayOf, a.body)
		if a.raw, err = base64.StdEncoding.DecodeString(field(responseOf, a.body)); err != nil {
			b.w.t.Fatal(err)
		}
		return a
	}
	b.w.t.Fatal("led in a circle")
	return answer{}
}

func field(in *regexp.Regexp, page string) string {
	m := in.FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return strings.NewReplacer("&#43;", "+", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'").Replace(m[1])
}

// request is a request of the land office as it should be.
func (w *world) request(change ...func(*samlmsg.AuthnRequest)) samlmsg.AuthnRequest {
	q := samlmsg.AuthnRequest{
		ID: "_" + hub.NewID(rand.Reader), IssueInstant: w.clock(), Issuer: landID, Destination: w.server.URL + samlidp.SSOPath,
	}
	for _, c := range change {
		c(&q)
	}
	return q
}

// from makes a request one of another service provider.
func from(entity string) func(*samlmsg.AuthnRequest) {
	return func(q *samlmsg.AuthnRequest) { q.Issuer = entity }
}

// redirect gives the address that carries a request.
func (w *world) redirect(q samlmsg.AuthnRequest, relay string, s *samlmsg.Signer) string {
	w.t.Helper()
	raw, err := q.XML(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	u, err := samlmsg.RedirectURL(w.server.URL+samlidp.SSOPath, samlmsg.KindAuthnRequest, raw, relay, s)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

const formType = "application/x-www-form-urlencoded"

func (b *browser) get(q samlmsg.AuthnRequest, relay string, s *samlmsg.Signer) answer {
	b.w.t.Helper()
	return b.do(http.MethodGet, b.w.redirect(q, relay, s), "", "")
}

func (b *browser) post(q samlmsg.AuthnRequest, relay string, s *samlmsg.Signer) answer {
	b.w.t.Helper()
	raw, err := q.XML(s)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return b.postRaw(raw, relay)
}

func (b *browser) postRaw(raw []byte, relay string) answer {
	b.w.t.Helper()
	form := url.Values{"SAMLRequest": {base64.StdEncoding.EncodeToString(raw)}}
	if relay != "" {
		form.Set("RelayState", relay)
	}
	return b.do(http.MethodPost, b.w.server.URL+samlidp.SSOPath, formType, form.Encode())
}

// read verifies an answer with everything that a strict service provider demands.
func (w *world) read(a answer, encrypted bool) samlmsg.Response {
	w.t.Helper()
	if a.status != http.StatusOK || a.raw == nil || len(a.raw) == 0 {
		w.t.Fatalf("no answer: %d %s", a.status, a.refused)
	}
	m, err := samlmsg.FromPOST(url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(a.raw)}}, samlmsg.Limits{})
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: []*x509.Certificate{pairs()["hub"].cert}})
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := samlmsg.NewDecrypter(samlmsg.DecrypterOptions{Keys: []crypto.Decrypter{pairs()["open"].key}, Random: rand.Reader})
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := m.Response(samlmsg.ResponseOptions{Verifier: v, Decrypter: d, SignedResponse: true, SignedAssertion: true, Encrypted: encrypted})
	if err != nil {
		w.t.Fatalf("%v\n%s", err, a.raw)
	}
	return r
}

// accept verifies and judges an answer to a request.
func (w *world) accept(a answer, q samlmsg.AuthnRequest, acs string, encrypted bool) samlmsg.Accepted {
	w.t.Helper()
	ok, err := samlmsg.CheckResponse(w.read(a, encrypted), samlmsg.ResponseExpectation{
		Now: w.clock(), Issuer: w.idp.EntityID(), Audience: q.Issuer, Recipient: acs, InResponseTo: q.ID,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if a.action != acs {
		w.t.Errorf("the form goes to %q", a.action)
	}
	return ok
}
