package oidcrp_test

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/federation/oidcrp"
	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/outbound"
)

// The places where a provider can lie.
const (
	tokenPath    = "/token"
	userInfoPath = "/userinfo"
	authorize    = "the answer that the browser brings"
)

// lie is one way of misbehaviour. What is nil is done by the book.
type lie struct {
	name string
	// at and answer: one endpoint's whole answer.
	at     string
	answer func(l *liar, w http.ResponseWriter, r *http.Request)
	// change: one endpoint's honest answer, spoilt.
	change func(l *liar, m map[string]any)
	// claims: the ID token's, before they are signed.
	claims func(c map[string]any)
	// seal: the ID token, made of its claims in another way than by the liar's own published key.
	seal func(l *liar, c map[string]any) string
	// keys: the published set.
	keys func(l *liar) any
	// back: the parameters of the answer in the browser.
	back func(params map[string]string)
	// record: how the hub has registered the provider.
	record func(o *federation.OIDC)

	kind  hub.Kind
	cause federation.Cause
}

// liar is a provider that speaks like the bank in front of which it stands, but for one lie. It is the issuer, signs with a key of its
// own and publishes it.
type liar struct {
	t     *testing.T
	rig   *rig
	truth http.Handler
	lie   lie
	key   jose.JSONWebKey // ES256
	rogue jose.JSONWebKey // not published, under the same id
}

func newKey(t *testing.T, kid string) jose.JSONWebKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKey{Key: key, KeyID: kid, Algorithm: "ES256", Use: "sig"}
}

func public(key jose.JSONWebKey) jose.JSONWebKey { return key.Public() }

// newLiar puts a liar in front of a rig's bank, behind the client that the hub has in production.
func newLiar(t *testing.T, x lie) *liar {
	t.Helper()
	client, err := outbound.New(outbound.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	r := newBankRig(t, func(o *oidcrp.Options) { o.HTTP, o.CallTimeout = client, patient(x) })
	l := &liar{t: t, rig: r, truth: r.bank, lie: x, key: newKey(t, "k1"), rogue: newKey(t, "k1")}
	if x.record != nil {
		r.settings(x.record)
	}
	r.server.handle(l)
	return l
}

// patient gives the connector little time where the lie is to take all of it.
func patient(x lie) time.Duration {
	if x.cause == federation.TimedOut {
		return 400 * time.Millisecond
	}
	return 10 * time.Second
}

func (l *liar) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := l.lie
	switch {
	case x.answer != nil && r.URL.Path == x.at:
		x.answer(l, w, r)
	case r.URL.Path == jwksPath:
		l.write(w, l.published())
	case r.URL.Path == tokenPath:
		l.token(w, r)
	case x.change != nil && r.URL.Path == x.at:
		m := l.honest(w, r)
		x.change(l, m)
		l.write(w, m)
	default:
		l.truth.ServeHTTP(w, r)
	}
}

// honest gives what the bank answers.
func (l *liar) honest(_ http.ResponseWriter, r *http.Request) map[string]any {
	rec := httptest.NewRecorder()
	l.truth.ServeHTTP(rec, r)
	var m map[string]any
	d := json.NewDecoder(rec.Body)
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		l.t.Errorf("the bank said %d: %v", rec.Code, err)
	}
	return m
}

// token answers as the bank does, with an ID token of the liar's own.
func (l *liar) token(w http.ResponseWriter, r *http.Request) {
	m := l.honest(w, r)
	if _, no := m["error"]; no {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(m)
		return
	}
	if raw, _ := m["id_token"].(string); raw != "" {
		c := payload(l.t, raw)
		if l.lie.claims != nil {
			l.lie.claims(c)
		}
		if l.lie.seal != nil {
			m["id_token"] = l.lie.seal(l, c)
		} else {
			m["id_token"] = l.sign(l.key, nil, c)
		}
	}
	if l.lie.at == tokenPath && l.lie.change != nil {
		l.lie.change(l, m)
	}
	l.write(w, m)
}

func (l *liar) published() any {
	if l.lie.keys != nil {
		return l.lie.keys(l)
	}
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.key.Public()}}
}

func (l *liar) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// sign gives the claims under a key, with further headers.
func (l *liar) sign(key jose.JSONWebKey, headers map[jose.HeaderKey]any, c any) string {
	o := (&jose.SignerOptions{}).WithType("JWT")
	for name, v := range headers {
		o = o.WithHeader(name, v)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, o)
	if err != nil {
		l.t.Error(err)
		return ""
	}
	body, ok := c.([]byte)
	if !ok {
		body, _ = json.Marshal(c)
	}
	jws, err := signer.Sign(body)
	if err != nil {
		l.t.Error(err)
		return ""
	}
	raw, err := jws.CompactSerialize()
	if err != nil {
		l.t.Error(err)
	}
	return raw
}

// raw gives a JWS with a header that no library would write.
func (l *liar) raw(head string, c any, sign func(input []byte) []byte) string {
	body, _ := json.Marshal(c)
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(head)) + "." + encode(body)
	return input + "." + encode(sign([]byte(input)))
}

// es256 signs as a JWS does, with the liar's published key.
func (l *liar) es256(input []byte) []byte {
	h := crypto.SHA256.New()
	h.Write(input)
	r, s, err := ecdsa.Sign(rand.Reader, l.key.Key.(*ecdsa.PrivateKey), h.Sum(nil))
	if err != nil {
		l.t.Error(err)
		return nil
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

// login goes the whole way through a registry, and gives what the person would be told.
func (l *liar) login(registry *federation.Registry) error {
	ask := l.rig.ask()
	redirect, err := registry.Start(l.t.Context(), l.rig.provider.ID, ask)
	if err != nil {
		return err
	}
	params := l.rig.visit(redirect.URL, approve("mali"))
	if l.lie.back != nil {
		l.lie.back(params)
	}
	_, err = registry.Finish(l.t.Context(), l.rig.provider.ID, ask, login.Answer{Params: params, Private: redirect.Private})
	return err
}

// What every endpoint can do wrong.

func page(_ *liar, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!doctype html><title>Welcome</title><p>Log in to the guest network"))
}

// pageAsJSON is a page under a false flag.
func pageAsJSON(_ *liar, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("<!doctype html><p>Log in to the guest network"))
}

func huge(_ *liar, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	block := bytes.Repeat([]byte(" "), 64<<10)
	for range 160 {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func bomb(_ *liar, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(packed())
}

// packed is 8 MB in 8 kB.
var packed = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(make([]byte, 8<<20))
	must(err)
	must(z.Close())
	return b.Bytes()
})

func hang(_ *liar, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// drip sends a byte now and then: the connection lives, the answer never ends.
func drip(_ *liar, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-tick.C:
			if _, err := w.Write([]byte(" ")); err != nil {
				return
			}
			_ = http.NewResponseController(w).Flush()
		}
	}
}

func broken(_ *liar, w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "Traceback (most recent call last): secret", http.StatusInternalServerError)
}

func loop(_ *liar, w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
}

func inside(l *liar, w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, l.rig.server.url+"/internal/metadata", http.StatusFound)
}

func cut(_ *liar, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "5000")
	_, _ = w.Write([]byte(`{"access_token":`))
}

func doubled(l *liar, w http.ResponseWriter, r *http.Request) {
	first, _ := json.Marshal(l.honest(w, r))
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"issuer":"x","sub":"x","token_type":"x","keys":[],` + string(first[1:])))
}

func octets(l *liar, w http.ResponseWriter, r *http.Request) {
	m := l.honest(w, r)
	w.Header().Set("Content-Type", "text/plain")
	_ = json.NewEncoder(w).Encode(m)
}

// everywhere gives the lies that every endpoint can tell.
func everywhere() []lie {
	var all []lie
	for place, path := range map[string]string{"discovery": discoveryPath, "jwks": jwksPath, "token": tokenPath, "userinfo": userInfoPath} {
		for _, x := range []lie{
			{name: "html", answer: page, kind: hub.Refused, cause: federation.ResponseMedia},
			{name: "html-as-json", answer: pageAsJSON, kind: hub.Refused, cause: federation.ResponseMalformed},
			{name: "huge", answer: huge, kind: hub.Refused, cause: federation.BodyTooBig},
			{name: "gzip-bomb", answer: bomb, kind: hub.Refused, cause: federation.BodyTooBig},
			{name: "hangs", answer: hang, kind: hub.Unavailable, cause: federation.TimedOut},
			{name: "drips", answer: drip, kind: hub.Unavailable, cause: federation.TimedOut},
			{name: "500", answer: broken, kind: hub.Unavailable, cause: federation.StatusUnexpected},
			{name: "redirect-loop", answer: loop, kind: hub.Refused, cause: federation.Redirected},
			{name: "redirect-inside", answer: inside, kind: hub.Refused, cause: federation.Redirected},
			{name: "cut-off", answer: cut, kind: hub.Unavailable, cause: federation.Unreachable},
			{name: "doubled-members", answer: doubled, kind: hub.Refused, cause: federation.ResponseMalformed},
			{name: "text-plain", answer: octets, kind: hub.Refused, cause: federation.ResponseMedia},
		} {
			x.name, x.at = place+"-"+x.name, path
			all = append(all, x)
		}
	}
	return all
}

// TestLOA05_OPS06_EveryLieOfAProviderIsRefused tells every lie through the production client and the registry. Each is refused with its own reason, nothing
// of it reaches an address that was not asked, and the next login of an honest provider is none the worse.
func TestLOA05_OPS06_EveryLieOfAProviderIsRefused(t *testing.T) {
	t.Parallel()
	lies := append(everywhere(), lies()...)
	if len(lies) < 40 {
		t.Fatalf("only %d lies", len(lies))
	}
	names := make(map[string]bool)
	for _, x := range lies {
		if names[x.name] {
			t.Fatalf("two lies are called %s", x.name)
		}
		names[x.name] = true
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			l := newLiar(t, x)
			registry := l.rig.registry()
			err := l.login(registry)
			refused(t, x.name, err, x.kind, x.cause)
			if n := l.rig.server.count("/internal/metadata"); n != 0 {
				t.Errorf("the hub was led inside %d times", n)
			}
			if n := registry.Health()[0]; n.UnderWay != 0 {
				t.Errorf("a place among the calls is lost: %+v", n)
			}
		})
	}
	t.Logf("%d lies", len(lies))
}

// The harness itself must be sound: without a lie, everything is accepted.
func TestALiarWithoutALieIsBelieved(t *testing.T) {
	t.Parallel()
	for _, x := range []lie{
		{name: "none"},
		{name: "two keys under one id, ours the second", keys: func(l *liar) any {
			return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{l.rogue.Public(), l.key.Public()}}
		}},
		{name: "a trusted further audience", claims: func(c map[string]any) {
			c["aud"], c["azp"] = []any{c["aud"], "friend"}, c["aud"]
		}, record: func(o *federation.OIDC) { o.Audiences = []string{"friend"} }},
		{name: "text/plain, with the quirk", at: userInfoPath, answer: octets, record: func(o *federation.OIDC) { o.Quirks.AnyContentType = true }},
	} {
		l := newLiar(t, x)
		if err := l.login(l.rig.registry()); err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}

// digits is a number as JSON has it.
func digits(at time.Time) json.Number { return json.Number(strconv.FormatInt(at.Unix(), 10)) }

// encrypted gives a JWE of the text for a key.
func encrypted(t *testing.T, key jose.JSONWebKey, text string) string {
	t.Helper()
	raw, err := simulator.Encrypt(key, "JWT", text)
	if err != nil {
		t.Error(err)
	}
	return raw
}

// hubKey gives the hub's published encryption key.
func hubKey(t *testing.T, alg string) jose.JSONWebKey {
	t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(ownKeys().JWKS(), &set); err != nil {
		t.Fatal(err)
	}
	for _, k := range set.Keys {
		if k.Use == "enc" && k.Algorithm == alg {
			return k
		}
	}
	t.Fatal("no such key")
	return jose.JSONWebKey{}
}

// swap replaces one header of a compact token.
func swapHead(raw, head string) string {
	_, rest, _ := strings.Cut(raw, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + rest
}
