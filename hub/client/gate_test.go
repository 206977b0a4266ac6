package client_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/client"
	"onedoor/hub/dpop"
)

// hands is the clock of a gate.
type hands struct {
	mu sync.Mutex
	t  time.Time
}

func (h *hands) now() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.t }

func (h *hands) forward(d time.Duration) { h.mu.Lock(); defer h.mu.Unlock(); h.t = h.t.Add(d) }

const api = "https://api.land.example"

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(s[:])
}

// proof signs one for the API.
func proof(t *testing.T, key *ecdsa.PrivateKey, at time.Time, method, path, token string) string {
	t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key},
		&jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: key.Public()}}})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"jti": rand.Text(), "htm": method, "htu": api + path, "iat": at.Unix(), "ath": sum([]byte(token))})
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestGateHoldsCallersToWhatTheirTokensAreBoundTo(t *testing.T) {
	t.Parallel()
	clock := &hands{t: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	var keys [2]*ecdsa.PrivateKey
	for i := range keys {
		var err error
		if keys[i], err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	thumb, err := (&jose.JSONWebKey{Key: keys[0].Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	jkt := base64.RawURLEncoding.EncodeToString(thumb)
	own, stranger := &x509.Certificate{Raw: []byte("own")}, &x509.Certificate{Raw: []byte("stranger")}
	answers := map[string]string{
		"bearer": `{"active":true,"sub":"s"}`,
		"key":    `{"active":true,"sub":"s","cnf":{"jkt":"` + jkt + `"}}`,
		"cert":   `{"active":true,"sub":"s","cnf":{"x5t#S256":"` + sum(own.Raw) + `"}}`,
		"both":   `{"active":true,"sub":"s","cnf":{"jkt":"` + jkt + `","x5t#S256":"` + sum(own.Raw) + `"}}`,
		"new":    `{"active":true,"sub":"s","cnf":{"jkt":"` + jkt + `","kid":"x"}}`,
		"empty":  `{"active":true,"sub":"s","cnf":{}}`,
		"null":   `{"active":true,"sub":"s","cnf":null}`,
		"over":   `{"active":false}`,
		"cloudy": `{"error":"temporarily_unavailable"}`,
	}
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		var all []string
		for _, raw := range r.PostForm["token"] {
			all = append(all, answers[raw])
		}
		fmt.Fprintf(w, `{"results":[%s]}`, strings.Join(all, ","))
	})
	gate, err := client.NewGate(client.GateOptions{Client: c, Address: api, Clock: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	protected := gate.Protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := client.Admitted(r.Context())
		fmt.Fprint(w, ok, a.Subject)
	}))
	ask := func(header http.Header, shown *x509.Certificate) *http.Response {
		r := httptest.NewRequest(http.MethodGet, "http://inside.example/parcels/7?x=y", nil)
		r.Header = header
		if shown != nil {
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{shown}}
		}
		w := httptest.NewRecorder()
		protected.ServeHTTP(w, r)
		return w.Result()
	}
	with := func(scheme, token string, proofs ...string) http.Header {
		h := http.Header{"Authorization": {scheme + " " + token}}
		if len(proofs) > 0 {
			h["Dpop"] = proofs
		}
		return h
	}
	good := func(token string) string { return proof(t, keys[0], clock.now(), "GET", "/parcels/7", token) }
	twice := good("key")
	for name, tc := range map[string]struct {
		header http.Header
		shown  *x509.Certificate
		status int
		fault  string
	}{
		"bearer":                {with("Bearer", "bearer"), nil, 200, ""},
		"bearer, any case":      {with("bEARER", "bearer"), stranger, 200, ""},
		"key":                   {with("DPoP", "key", good("key")), nil, 200, ""},
		"certificate":           {with("Bearer", "cert"), own, 200, ""},
		"both":                  {with("DPoP", "both", good("both")), own, 200, ""},
		"nothing":               {http.Header{}, nil, 401, ""},
		"another scheme":        {with("Basic", "eDp5"), nil, 401, ""},
		"two tokens":            {http.Header{"Authorization": {"Bearer bearer", "Bearer bearer"}}, nil, 401, ""},
		"over":                  {with("Bearer", "over"), nil, 401, "invalid_token"},
		"key as bearer":         {with("Bearer", "key"), nil, 401, "invalid_token"},
		"key as bearer, proven": {with("Bearer", "key", good("key")), nil, 401, "invalid_token"},
		"bearer as DPoP":        {with("DPoP", "bearer", good("bearer")), nil, 401, "invalid_token"},
		"no proof":              {with("DPoP", "key"), nil, 401, "invalid_dpop_proof"},
		"two proofs":            {with("DPoP", "key", good("key"), good("key")), nil, 401, "invalid_dpop_proof"},
		"another key":           {with("DPoP", "key", proof(t, keys[1], clock.now(), "GET", "/parcels/7", "key")), nil, 401, "invalid_token"},
		"another token":         {with("DPoP", "key", good("bearer")), nil, 401, "invalid_dpop_proof"},
		"another method":        {with("DPoP", "key", proof(t, keys[0], clock.now(), "POST", "/parcels/7", "key")), nil, 401, "invalid_dpop_proof"},
		"another address":       {with("DPoP", "key", proof(t, keys[0], clock.now(), "GET", "/parcels/8", "key")), nil, 401, "invalid_dpop_proof"},
		"old":                   {with("DPoP", "key", proof(t, keys[0], clock.now().Add(-time.Hour), "GET", "/parcels/7", "key")), nil, 401, "invalid_dpop_proof"},
		"no certificate":        {with("Bearer", "cert"), nil, 401, "invalid_token"},
		"another certificate":   {with("Bearer", "cert"), stranger, 401, "invalid_token"},
		"key, not certificate":  {with("DPoP", "both", good("both")), stranger, 401, "invalid_token"},
		"certificate, not key":  {with("Bearer", "both"), own, 401, "invalid_token"},
		"an unknown binding":    {with("DPoP", "new", good("new")), nil, 503, ""},
		"an empty binding":      {with("Bearer", "empty"), nil, 503, ""},
		"a binding of null":     {with("Bearer", "null"), nil, 503, ""},
		"not known now":         {with("Bearer", "cloudy"), nil, 503, ""},
	} {
		resp := ask(tc.header, tc.shown)
		if resp.StatusCode != tc.status {
			t.Errorf("%s: %d, want %d", name, resp.StatusCode, tc.status)
		}
		challenge := strings.Join(resp.Header.Values("WWW-Authenticate"), "\n")
		if tc.status == 401 && (!strings.Contains(challenge, "Bearer realm") || !strings.Contains(challenge, `algs="ES256 PS256"`)) {
			t.Errorf("%s: %s", name, challenge)
		}
		if got := strings.Contains(challenge, "error="); got != (tc.fault != "") || !strings.Contains(challenge, tc.fault) {
			t.Errorf("%s: %s", name, challenge)
		}
	}
	if first, second := ask(with("DPoP", "key", twice), nil), ask(with("DPoP", "key", twice), nil); first.StatusCode != 200 || second.StatusCode != 401 {
		t.Errorf("the same proof: %d, %d", first.StatusCode, second.StatusCode)
	}
	early := proof(t, keys[0], clock.now().Add(4*time.Minute), "GET", "/parcels/7", "key")
	if r := ask(with("DPoP", "key", early), nil); r.StatusCode != 200 {
		t.Errorf("a clock that is fast: %d", r.StatusCode)
	}
	for range 5 { // it is good until nine minutes from now, and counts once all the time
		clock.forward(105 * time.Second)
		if r := ask(with("DPoP", "key", early), nil); r.StatusCode != 401 {
			t.Errorf("replayed at %v: %d", clock.now(), r.StatusCode)
		}
		ask(with("DPoP", "key", good("key")), nil)
	}
}

func TestGateSharesItsMemoryWhereAsked(t *testing.T) {
	t.Parallel()
	c := newClient(t, respond)
	clock := func() time.Time { return time.Unix(1_777_000_000, 0) }
	for _, o := range []client.GateOptions{
		{Client: c, Clock: clock},
		{Client: c, Address: api + "/x", Clock: clock},
		{Client: c, Address: "api", Clock: clock},
		{Address: api, Clock: clock},
		{Client: c, Address: api},
	} {
		if _, err := client.NewGate(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%+v: %v", o.Address, err)
		}
	}
	var asked []string
	down := errors.New("down")
	gate, err := client.NewGate(client.GateOptions{
		Client: newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"results":[{"active":true,"cnf":{"jkt":"%s"}}]}`, asked0)
		}), Address: "https://resource.example.org", Clock: func() time.Time { return time.Unix(1562262618, 0) },
		Once: func(_ context.Context, key string, p dpop.Proof) (bool, error) {
			asked = append(asked, key)
			if len(asked) > 2 {
				return false, down
			}
			return len(asked) == 1, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// The request of RFC 9449 figure 12.
	r := httptest.NewRequest(http.MethodGet, "/protectedresource", nil)
	r.Header.Set("Authorization", "DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU")
	r.Header.Set("DPoP", rfcProof)
	for i, want := range []hub.Kind{"", hub.Invalid, hub.Unavailable} {
		if _, err := gate.Admit(r); hub.KindOf(err) != want && (want != "" || err != nil) {
			t.Errorf("%d: %v", i, err)
		}
	}
	if len(asked) != 3 || asked[0] != asked0+" e1j3V_bKic8-LAEB" {
		t.Errorf("%v", asked)
	}
}

const (
	asked0   = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
	rfcProof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19." +
		"eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9." +
		"2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
)

// A client that proves itself by its certificate names itself and shows no secret.
func TestClientWithACertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Header.Get("Authorization") != "" || r.PostForm.Get("client_id") != "land" {
			t.Errorf("%v %v", r.Header, r.PostForm)
		}
		respond(w, r)
	}))
	t.Cleanup(server.Close)
	c, err := client.New(client.Options{Issuer: "https://login.example.go.th", Certified: server.URL, ID: "land", HTTP: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	if a, err := c.Check(t.Context(), "good"); err != nil || a.Subject != "good" {
		t.Errorf("%+v %v", a, err)
	}
	for _, o := range []client.Options{
		{Issuer: "https://login.example.go.th", Certified: server.URL, Secret: "x", ID: "land", HTTP: server.Client()},
		{Issuer: "https://login.example.go.th", Certified: "http://mtls.example", ID: "land", HTTP: server.Client()},
	} {
		if _, err := client.New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%v", err)
		}
	}
}
