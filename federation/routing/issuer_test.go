package routing_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/federation/routing"
	"onedoor/hub"
)

type object map[string]any

// with gives a copy with members changed; nil takes one away.
func (o object) with(pairs ...any) object {
	out := object{}
	for k, v := range o {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		if name := pairs[i].(string); pairs[i+1] == nil {
			delete(out, name)
		} else {
			out[name] = pairs[i+1]
		}
	}
	return out
}

// issuer is the stand-in for another issuer. It behaves as it is told, also badly, and is a transport: what it takes of time is the
// test's own.
type issuer struct {
	t       testing.TB
	name    string
	key     *ecdsa.PrivateKey
	clock   hub.Clock
	mu      sync.Mutex
	asked   []url.Values
	fetched int

	keys   func() (status int, body string)                                   // nil: as it should be
	answer func(ctx context.Context, form url.Values) (*http.Response, error) // nil: as it should be
	claims func(token string) object                                          // of a token that is active; nil for one that is not
	signed bool
}

const (
	foreignIssuer = "https://auth.harbour.example"
	ourIssuer     = "https://hub.example"
)

func newIssuer(t testing.TB) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &issuer{t: t, name: foreignIssuer, key: key, clock: time.Now}
	s.claims = func(string) object { return s.good() }
	return s
}

// good are the claims of a sound token.
func (s *issuer) good() object {
	now := s.clock().Unix()
	return object{
		"iss": s.name, "sub": "somchai-1", "client_id": "ferry", "aud": []string{"onedoor"}, "exp": now + 300, "iat": now - 10, "scope": "port.read port.write",
		"acr": "loa2", "auth_time": now - 60, "sid": "their-session", "jti": "their-token", "name": "สมชาย ใจดี", "laser_code": "JT0123456789",
	}
}

func (s *issuer) sign(alg jose.SignatureAlgorithm, key any, typ string, claims object) string {
	s.t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		s.t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, (&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		s.t.Fatal(err)
	}
	jws, err := signer.Sign(payload)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// jwt is a token of this issuer.
func (s *issuer) jwt(claims object) string { return s.sign(jose.ES256, s.key, "at+jwt", claims) }

func response(status int, kind, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body))}
}

func (s *issuer) published() string {
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: "k1", Use: "sig", Algorithm: "ES256"}}})
	if err != nil {
		s.t.Fatal(err)
	}
	return string(text)
}

// RoundTrip implements http.RoundTripper.
func (s *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/jwks" {
		s.mu.Lock()
		s.fetched++
		s.mu.Unlock()
		if s.keys != nil {
			status, body := s.keys()
			return response(status, "application/json", body), nil
		}
		return response(200, "application/jwk-set+json", s.published()), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Method != http.MethodPost || r.URL.String() != foreignIssuer+"/introspect" {
		s.t.Errorf("asked %s %s: %v", r.Method, r.URL, err)
	}
	s.mu.Lock()
	s.asked = append(s.asked, form)
	s.mu.Unlock()
	if s.answer != nil {
		return s.answer(r.Context(), form)
	}
	claims, active := s.claims(form.Get("token")), object{"active": false}
	if claims != nil {
		active = claims.with("active", true)
	}
	return s.says(active), nil
}

// says gives an answer in the form that the issuer is set to.
func (s *issuer) says(members object) *http.Response {
	if s.signed {
		return response(200, "application/token-introspection+jwt", s.sign(jose.ES256, s.key, "token-introspection+jwt", object{
			"iss": s.name, "aud": "onedoor", "iat": s.clock().Unix(), "token_introspection": members,
		}))
	}
	text, err := json.Marshal(members)
	if err != nil {
		s.t.Fatal(err)
	}
	return response(200, "application/json", string(text))
}

func (s *issuer) questions() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// register is a list of trust records.
type register struct {
	mu      sync.Mutex
	records []federation.Provider
	version int64
}

func (r *register) TokenIssuers() ([]federation.Provider, int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.records, r.version
}

func (r *register) set(records ...federation.Provider) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.records, r.version = records, r.version+1
}

// record is the trust in the stand-in.
func record(change ...func(*federation.Provider)) federation.Provider {
	p := federation.Provider{
		ID: "harbour", Names: hub.Text{"th": "x", "en": "x", "zh": "x", "vi": "x"}, Status: federation.Active,
		ValidFrom: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), ValidUntil: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC),
		Ceiling: hub.Level{IAL: hub.IAL21, AAL: hub.AAL1},
		Assurance: federation.Assurance{ACR: map[string]hub.Level{
			"loa1": {IAL: hub.IAL11, AAL: hub.AAL1}, "loa2": {IAL: hub.IAL21, AAL: hub.AAL1}, "loa9": {IAL: hub.IAL3, AAL: hub.AAL3},
		}},
		Attributes: map[hub.AttributeName][]string{hub.Name: {"name"}, hub.Gender: {"gender"}},
		Tokens: &federation.Tokens{
			Issuer: foreignIssuer, JWKS: foreignIssuer + "/jwks", Introspection: foreignIssuer + "/introspect", ClientID: "onedoor", Prefixes: []string{"hbr_"},
			Systems: []federation.TokenSystem{{System: "revenue", Scopes: []string{"port.read", "unknown"}}, {System: "land"}},
		},
	}
	for _, f := range change {
		f(&p)
	}
	return p
}

func offline(p *federation.Provider) {
	p.Tokens.Introspection, p.Tokens.ClientID, p.Tokens.Prefixes, p.Tokens.Audiences = "", "", nil, []string{"onedoor"}
}

func signedAnswers(p *federation.Provider) { p.Tokens.Signed = true }

type world struct {
	*routing.Router
	register *register
	issuer   *issuer
	proofs   []map[string]any
	mu       sync.Mutex
}

func newWorld(t testing.TB, s *issuer, records ...federation.Provider) *world {
	t.Helper()
	w := &world{issuer: s, register: &register{}}
	w.register.set(records...)
	var err error
	w.Router, err = routing.New(routing.Options{
		Issuer: ourIssuer, Register: w.register, Clock: s.clock, NewID: func() string { return hub.NewID(rand.Reader) },
		HTTP: &http.Client{Transport: s, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		Sign: func(alg, typ string, claims any) (string, error) {
			text, err := json.Marshal(claims)
			if err != nil {
				return "", err
			}
			var members map[string]any
			if err := json.Unmarshal(text, &members); err != nil {
				return "", err
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			w.proofs = append(w.proofs, members)
			return alg + "." + typ + ".signed", nil
		},
		Pairwise: func(purpose, issuer, value, sector string) string {
			h := sha256.Sum256([]byte(strings.Join([]string{purpose, issuer, value, sector}, "\x00")))
			return base64.RawURLEncoding.EncodeToString(h[:])
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func revenue() routing.Asker {
	return routing.Asker{System: "revenue", Sector: "revenue.example", Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, Attributes: []hub.AttributeName{hub.Name}}
}

// one asks about one token.
func (w *world) one(ctx context.Context, raw string) routing.Answer {
	return w.Ask(ctx, revenue(), [][]byte{[]byte(raw)})[0]
}

// refused checks that a token is not active, for this very reason.
func refused(t *testing.T, what string, a routing.Answer, want federation.Cause) {
	t.Helper()
	if a.Err == nil {
		t.Errorf("%s: active: %+v", what, a)
		return
	}
	if !errors.Is(a.Err, want) {
		t.Errorf("%s: want %s, got %v", what, want, a.Err)
	}
	if a.Provider != "harbour" || a.Subject != "" || a.Attributes != nil || a.Level != (hub.Level{}) {
		t.Errorf("%s: the answer tells something: %+v", what, a)
	}
}
