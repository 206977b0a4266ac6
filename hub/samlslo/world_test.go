package samlslo_test

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
	"errors"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/logout"
	"onedoor/hub/samlmsg"
	"onedoor/hub/samlslo"
	"onedoor/hub/session"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

type pair struct {
	key  *rsa.PrivateKey
	cert *x509.Certificate
}

var pairs = sync.OnceValue(func() map[string]pair {
	out := map[string]pair{}
	for i, name := range []string{"hub", "hub-open", "land", "land-next", "land-open", "tax", "bank", "stranger"} {
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
	s, err := samlmsg.NewSigner(samlmsg.SignerOptions{Key: pairs()[name].key, Certificate: pairs()[name].cert, Random: rand.Reader})
	if err != nil {
		panic(err)
	}
	return s
}

func recipient(name string) *samlmsg.Recipient {
	r, err := samlmsg.NewRecipient(samlmsg.RecipientOptions{Certificate: pairs()[name].cert, Random: rand.Reader})
	if err != nil {
		panic(err)
	}
	return r
}

const (
	landID, taxID, bankID = "https://land.example/saml", "https://tax.example/saml", "https://bank.example/idp"
	hubID                 = "https://hub.example/saml2/metadata"
)

func id(n byte) string { return strings.Repeat(string('a'+rune(n)), 26) }

var mine, others, second = hub.SessionID(id(0)), hub.SessionID(id(1)), hub.SessionID(id(2))

// world is everything around one side: it plays the rooms that it needs.
type world struct {
	t      testing.TB
	slo    *samlslo.Service
	server *httptest.Server
	up     bool // the side towards identity providers

	mu      sync.Mutex
	now     time.Time
	peers   map[string]samlslo.Peer // by entity id
	renewed func(*samlslo.Peer)
	asked   int // for newer metadata
	found   map[hub.PeerName]hub.SessionID
	over    map[hub.SessionID]bool
	used    map[string]bool
	events  []audit.Event
	ended   []hub.SessionID
	causes  []session.Cause
	waited  []string
	notices map[string][]logout.Notice // by campaign
	visited map[string]error
	cookie  bool // dropped
	refused error
	broken  error // of the database
	lost    error // of an end
	suspend bool
	visit   string // cookie of the one browser that visits
}

func newWorld(t testing.TB, up bool) *world {
	t.Helper()
	w := &world{
		t: t, up: up, now: noon, found: map[hub.PeerName]hub.SessionID{}, over: map[hub.SessionID]bool{}, used: map[string]bool{},
		notices: map[string][]logout.Notice{}, visited: map[string]error{},
	}
	mux := http.NewServeMux()
	w.server = httptest.NewServer(mux)
	t.Cleanup(w.server.Close)
	base, protocol := "/saml2/slo", "saml"
	if up {
		base, protocol = "/login/saml/{provider}/slo", "saml-upstream"
	}
	peer := func(p samlslo.Peer, key string) samlslo.Peer {
		path := strings.ReplaceAll(base, "{provider}", string(p.Provider))
		p.Self, p.SLO, p.SOAP, p.Skew = hubID, w.server.URL+path, w.server.URL+path+"/soap", time.Minute
		host := strings.TrimSuffix(strings.TrimSuffix(p.EntityID, "/saml"), "/idp")
		p.Role = samlmsg.Role{
			Keys: []samlmsg.KeyDescriptor{{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{pairs()[key].cert}}},
			SingleLogout: []samlmsg.Endpoint{
				{Binding: samlmsg.BindingRedirect, Location: host + "/slo?tenant=1", ResponseLocation: host + "/slo/done"},
				{Binding: samlmsg.BindingPOST, Location: host + "/slo"},
			},
		}
		return p
	}
	if up {
		w.peers = map[string]samlslo.Peer{bankID: peer(samlslo.Peer{Provider: "bank", EntityID: bankID}, "bank")}
	} else {
		w.peers = map[string]samlslo.Peer{
			landID: peer(samlslo.Peer{System: "land", EntityID: landID}, "land"), taxID: peer(samlslo.Peer{System: "tax", EntityID: taxID}, "tax"),
		}
	}
	var err error
	w.slo, err = samlslo.New(samlslo.Options{
		Protocol: protocol, Peers: w, Own: w, Pages: w, Names: w, Index: w, Once: w, Tx: w, Keys: w, Audit: w, HTTP: oneshot.Client(), Clock: w.clock,
		Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Path: w.server.URL + base, Script: "/post.js",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.slo.Bind(w); err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc(base, w.slo.Browser)
	mux.HandleFunc(base+"/continue", w.slo.Continue)
	mux.HandleFunc(base+"/answer", w.slo.Answer)
	mux.HandleFunc(base+"/soap", w.slo.SOAP)
	mux.HandleFunc(base+"/visit", w.slo.SetOut)
	mux.HandleFunc(base+"/back", w.slo.Back)
	w.note(w.main(), "mali", "i1", mine)
	w.note(w.main(), "somchai", "i2", others)
	return w
}

// main is the peer that most tests are about.
func (w *world) main() samlslo.Peer {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.up {
		return w.peers[bankID]
	}
	return w.peers[landID]
}

func (w *world) mainKey() string {
	if w.up {
		return "bank"
	}
	return "land"
}

// name is a name as it was issued to a peer.
func (w *world) name(p samlslo.Peer, who string) samlmsg.NameID {
	n := samlmsg.NameID{Value: who, Format: samlmsg.FormatPersistent, NameQualifier: hubID, SPNameQualifier: p.EntityID}
	if w.up {
		n.NameQualifier, n.SPNameQualifier = p.EntityID, hubID
	}
	return n
}

func (w *world) note(p samlslo.Peer, who, index string, id hub.SessionID) {
	key := samlslo.SystemKey(p.System)
	if p.Provider != "" {
		key = samlslo.ProviderKey(p.Provider)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found[samlmsg.Named(w, key, w.name(p, who), index)] = id
}

func (w *world) change(entity string, fn func(*samlslo.Peer)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.peers[entity]
	p.Role.SingleLogout = slices.Clone(p.Role.SingleLogout)
	fn(&p)
	w.peers[entity] = p
}

func (w *world) clock() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now }

func (w *world) Sender(_ context.Context, at hub.ProviderID, issuer string) (samlslo.Peer, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.suspend {
		return samlslo.Peer{System: "land"}, hub.Errorf("test", hub.Suspended, "not live")
	}
	for entity, p := range w.peers {
		if w.up && p.Provider == at || !w.up && at == "" && entity == issuer {
			return p, nil
		}
	}
	return samlslo.Peer{}, hub.Errorf("test", hub.NotFound, "none")
}

func (w *world) Of(_ context.Context, system hub.SystemID, provider hub.ProviderID) (samlslo.Peer, error) {
	if p, ok := w.Known(system, provider); ok {
		return p, nil
	}
	return samlslo.Peer{}, hub.Errorf("test", hub.NotFound, "none")
}

func (w *world) Known(system hub.SystemID, provider hub.ProviderID) (samlslo.Peer, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.peers {
		if p.System == system && p.Provider == provider {
			return p, true
		}
	}
	return samlslo.Peer{}, false
}

func (w *world) Renew(_ context.Context, p samlslo.Peer) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	if w.renewed == nil {
		return false, nil
	}
	now := w.peers[p.EntityID]
	w.renewed(&now)
	w.peers[p.EntityID] = now
	return true, nil
}

func (w *world) Signer(context.Context) (*samlmsg.Signer, error) { return signer("hub"), nil }

func (w *world) Decrypter(context.Context, samlslo.Peer) (*samlmsg.Decrypter, error) {
	return samlmsg.NewDecrypter(samlmsg.DecrypterOptions{Keys: []crypto.Decrypter{pairs()["hub-open"].key}, Random: rand.Reader, AllowCBC: true})
}

func (w *world) Name(_ context.Context, p samlslo.Peer, n logout.Notice) (samlmsg.NameID, string, error) {
	if n.Ref == "" {
		return samlmsg.NameID{}, "", hub.Errorf("test", hub.NotFound, "gone")
	}
	return w.name(p, "mali"), n.Ref, nil
}

// Session is what a browser has: its cookie says.
func (w *world) Session(r *http.Request) (hub.SessionID, error) {
	c, err := r.Cookie("session")
	if err != nil {
		return "", hub.Errorf("test", hub.NotFound, "none")
	}
	return hub.SessionID(c.Value), nil
}

func (w *world) Forget(http.ResponseWriter) { w.mu.Lock(); defer w.mu.Unlock(); w.cookie = true }

func (w *world) Onward(rw http.ResponseWriter, _ *http.Request, campaigns []string, onward string) {
	rw.Header().Set("X-Onward", onward)
	rw.Header().Set("X-Campaigns", strings.Join(campaigns, " "))
}

func (w *world) Refuse(rw http.ResponseWriter, _ *http.Request, err error) {
	w.mu.Lock()
	w.refused = err
	w.mu.Unlock()
	rw.WriteHeader(http.StatusTeapot)
}

func (w *world) Language(*http.Request) string { return "en" }

func (w *world) Note(context.Context, hub.PeerName, hub.SessionID, time.Time) error {
	return errors.New("not here")
}

func (w *world) Find(_ context.Context, peer string, name [32]byte) (out []samlmsg.NamedSession, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for n, id := range w.found {
		if n.Peer == peer && n.Name == name {
			out = append(out, samlmsg.NamedSession{Session: id, Index: n.Index, Live: !w.over[id]})
		}
	}
	return out, w.broken
}

func (w *world) Index(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte(purpose))
	for _, p := range parts {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return m.Sum(nil)
}

func (w *world) Use(_ context.Context, kind, key string, expires time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !expires.After(w.now.Add(12 * time.Minute)) {
		return errors.New("forgotten while it still counts")
	}
	if w.used[kind+key] {
		return hub.Errorf("test", hub.Consumed, "used")
	}
	w.used[kind+key] = true
	return nil
}

// InTx undoes what a function that fails has used and ended.
func (w *world) InTx(ctx context.Context, fn func(context.Context) error) error {
	w.mu.Lock()
	used, over, ended, causes := maps.Clone(w.used), maps.Clone(w.over), slices.Clone(w.ended), slices.Clone(w.causes)
	w.mu.Unlock()
	err := fn(ctx)
	if err != nil {
		w.mu.Lock()
		w.used, w.over, w.ended, w.causes = used, over, ended, causes
		w.mu.Unlock()
	}
	return err
}

const sealID = "aaaaaaaaaaaaaaaaaaaaaaaaaa"

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

func (*world) SealingKey() (string, cipher.AEAD, error) { return sealID, sealing(), nil }

func (*world) OpeningKey(id string) (cipher.AEAD, error) {
	if id != sealID {
		return nil, hub.Errorf("test", hub.NotFound, "none")
	}
	return sealing(), nil
}

func (w *world) Record(_ context.Context, events ...audit.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
	return nil
}

// End opens a campaign of the session's own name.
func (w *world) End(_ context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lost != nil {
		return logout.Campaign{}, w.lost
	}
	if id == second && w.over[second] {
		return logout.Campaign{}, hub.Errorf("test", hub.Unavailable, "down")
	}
	w.ended, w.causes, w.over[id] = append(w.ended, id), append(w.causes, cause), true
	return logout.Campaign{ID: "campaign-" + string(id), Session: id, Cause: cause}, nil
}

func (w *world) Wait(_ context.Context, most time.Duration, campaigns ...string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if most <= 0 || most > 20*time.Second {
		return false, errors.New("no bounded wait")
	}
	w.waited = append(w.waited, campaigns...)
	return true, nil
}

func (w *world) Ledger(_ context.Context, campaigns ...string) (out []logout.Entry, _ error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range campaigns {
		out = append(out, logout.Entry{Campaign: logout.Campaign{ID: c}, Notices: w.notices[c]})
	}
	return out, nil
}

func (w *world) Notice(_ context.Context, id string) (logout.Notice, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, all := range w.notices {
		for _, n := range all {
			if n.ID == id {
				return n, nil
			}
		}
	}
	return logout.Notice{}, hub.Errorf("test", hub.NotFound, "none")
}

func (w *world) Visited(_ context.Context, id string, answer error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visited[id] = answer
	return nil
}

func (w *world) lastReason() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.events) == 0 {
		return ""
	}
	e := w.events[len(w.events)-1]
	if e.Kind != "logout.refused" {
		w.t.Errorf("event %s", e.Kind)
	}
	return e.Reason
}
