package oidcop_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub/oidcop"
)

// signer is a client's key of its own.
type signer struct {
	kid string
	key crypto.Signer
}

var clientKeys = sync.OnceValue(func() map[string]signer {
	one, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	two, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	return map[string]signer{"ec": {"ec-1", one}, "ec2": {"ec-2", two}, "rsa": {"rsa-1", rs}}
})

// jwks is the client's published set.
func jwks(names ...string) string {
	var set jose.JSONWebKeySet
	for _, n := range names {
		name, use, _ := strings.Cut(n, ":")
		k := clientKeys()[name]
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.key.Public(), KeyID: k.kid, Use: use})
	}
	b, err := json.Marshal(set)
	must(err)
	return string(b)
}

type claims map[string]any

func (c claims) with(changes ...any) claims {
	out := maps.Clone(c)
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == nil {
			delete(out, changes[i].(string))
		} else {
			out[changes[i].(string)] = changes[i+1]
		}
	}
	return out
}

// sign makes a JWT as a client would.
func sign(t testing.TB, by, alg, typ string, payload any) string {
	t.Helper()
	k := clientKeys()[by]
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: k.key, KeyID: k.kid}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	must(err)
	body, ok := payload.([]byte)
	if !ok {
		body, err = json.Marshal(payload)
		must(err)
	}
	jws, err := s.Sign(body)
	must(err)
	text, err := jws.CompactSerialize()
	must(err)
	return text
}

// plain makes a JWT that nobody signed.
func plain(head string, c claims) string {
	b, err := json.Marshal(c)
	must(err)
	return base64.RawURLEncoding.EncodeToString([]byte(head)) + "." + base64.RawURLEncoding.EncodeToString(b) + "."
}

// signing makes "revenue" a client that signs.
func (w *world) signing(change func(*oidcop.Client)) {
	w.rooms.change("revenue", func(c *oidcop.Client) {
		c.AuthMethod, c.Secrets, c.JWKS = "private_key_jwt", nil, jwks("ec:sig", "rsa:sig")
		if change != nil {
			change(c)
		}
	})
}

var unique struct {
	sync.Mutex
	n int
}

func freshID() string {
	unique.Lock()
	defer unique.Unlock()
	unique.n++
	return fmt.Sprintf("id-%d", unique.n)
}

// proof is a good client assertion.
func (w *world) proof() claims {
	now := w.clock.now()
	return claims{
		"iss": "revenue", "sub": "revenue", "aud": w.issuer(), "jti": freshID(), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
}

func (w *world) proven(path string, v url.Values, assertion string, header ...string) reply {
	w.t.Helper()
	v = url.Values(http.Header(v).Clone())
	v.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	v.Set("client_assertion", assertion)
	return w.do(w.request(http.MethodPost, path, v.Encode(), header...))
}

func TestRFC7523_PrivateKeyJWT(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(nil)
	for name, tc := range map[string]struct{ by, alg, typ string }{
		"ES256": {"ec", "ES256", "JWT"}, "PS256": {"rsa", "PS256", "client-authentication+jwt"},
	} {
		if r := w.proven("/oauth2/token", redemption(w.code()), sign(t, tc.by, tc.alg, tc.typ, w.proof())); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
	for _, aud := range []any{w.issuer() + "/oauth2/token", []string{"https://other.example", w.issuer()}, w.issuer() + "/oauth2/par"} {
		if r := w.proven("/oauth2/token", redemption(w.code()), sign(t, "ec", "ES256", "JWT", w.proof().with("aud", aud))); r.StatusCode != http.StatusOK {
			t.Errorf("aud %v: %s", aud, r.body)
		}
	}
	if r := w.proven("/oauth2/introspect", url.Values{"token": {"x"}}, sign(t, "ec", "ES256", "JWT", w.proof())); r.StatusCode != http.StatusOK {
		t.Errorf("introspection: %d %s", r.StatusCode, r.body)
	}
	if r := w.proven("/oauth2/revoke", url.Values{"token": {"x"}}, sign(t, "ec", "ES256", "JWT", w.proof())); r.StatusCode != http.StatusOK {
		t.Errorf("revocation: %d %s", r.StatusCode, r.body)
	}
}

func TestRFC7523_AssertionsThatProveNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(nil)
	now := w.clock.now()
	good := func() claims { return w.proof() }
	es := func(c claims) string { return sign(t, "ec", "ES256", "JWT", c) }
	spent := es(good())
	if r := w.proven("/oauth2/token", redemption(w.code()), spent); r.StatusCode != http.StatusOK {
		t.Fatal(r.body)
	}
	hmacKey, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(jwks("ec:sig", "rsa:sig"))}, nil)
	must(err)
	body, err := json.Marshal(good())
	must(err)
	confused, err := hmacKey.Sign(body)
	must(err)
	hs, err := confused.CompactSerialize()
	must(err)
	signature := es(good())
	swapped := strings.Split(signature, ".")
	swapped[1] = strings.Split(es(good()), ".")[1]
	for name, tc := range map[string]struct{ assertion, reason string }{
		"trap 11: the same again":           {spent, "assertion_replay"},
		"alg none":                          {plain(`{"alg":"none"}`, good()), "assertion"},
		"HS256 with the public key":         {hs, "assertion"},
		"RS256, which is not registered":    {sign(t, "rsa", "RS256", "JWT", good()), "assertion"},
		"a key that is not the client's":    {sign(t, "ec2", "ES256", "JWT", good()), "assertion"},
		"another payload":                   {strings.Join(swapped, "."), "assertion"},
		"another type":                      {sign(t, "ec", "ES256", "at+jwt", good()), "assertion"},
		"a request object's type":           {sign(t, "ec", "ES256", "oauth-authz-req+jwt", good()), "assertion"},
		"another issuer":                    {es(good().with("iss", "land")), "assertion_issuer"},
		"no issuer":                         {es(good().with("iss", nil)), "assertion_issuer"},
		"another audience":                  {es(good().with("aud", "https://other.example")), "assertion_audience"},
		"the userinfo endpoint as audience": {es(good().with("aud", w.issuer()+"/oauth2/userinfo")), "assertion_audience"},
		"no audience":                       {es(good().with("aud", nil)), "assertion_audience"},
		"expired":                           {es(good().with("exp", now.Add(-time.Minute).Unix())), "assertion_time"},
		"no expiry":                         {es(good().with("exp", nil)), "assertion_time"},
		"a life of a day":                   {es(good().with("exp", now.Add(24*time.Hour).Unix())), "assertion_time"},
		"issued tomorrow":                   {es(good().with("iat", now.Add(time.Hour).Unix(), "exp", now.Add(61*time.Minute).Unix())), "assertion_time"},
		"not yet":                           {es(good().with("nbf", now.Add(5*time.Minute).Unix())), "assertion_time"},
		"expiry as text":                    {es(good().with("exp", "soon")), "invalid_client"},
		"no jti":                            {es(good().with("jti", nil)), "assertion_jti"},
		"jti as number":                     {es(good().with("jti", 7)), "invalid_client"},
		"a client that is not there":        {es(good().with("sub", "nobody", "iss", "nobody")), "unknown_client"},
		"a client of another method":        {es(good().with("sub", "land", "iss", "land")), "auth_method"},
		"no subject":                        {es(good().with("sub", nil)), "invalid_client"},
		"no JWT":                            {"x.y.z", "invalid_client"},
		"a member twice":                    {sign(t, "ec", "ES256", "JWT", []byte(`{"iss":"revenue","sub":"land","sub":"revenue","aud":"`+w.issuer()+`","jti":"q","exp":9999999999}`)), "invalid_client"},
	} {
		w.mu.Lock()
		w.network = name // so that the failures of one case do not count for the next
		w.mu.Unlock()
		r := w.proven("/oauth2/token", redemption("x"), tc.assertion)
		w.wantError(r, http.StatusUnauthorized, "invalid_client")
		if all := w.db.kinds(); all[len(all)-1] != "token.refused "+tc.reason {
			t.Errorf("%s: %v, want %s", name, tail(all, 1), tc.reason)
		}
	}
	two := w.request(http.MethodPost, "/oauth2/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {"x"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion": {es(good())},
	}.Encode())
	two.SetBasicAuth("revenue", "x")
	w.wantError(w.do(two), http.StatusBadRequest, "invalid_request")
	w.wantError(w.proven("/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "client_id": {"land"}}, es(good())),
		http.StatusBadRequest, "invalid_request")
	w.signing(func(c *oidcop.Client) { c.Live = false })
	w.wantError(w.proven("/oauth2/token", redemption("x"), es(good())), http.StatusUnauthorized, "invalid_client")
}

func TestInvariant6_OneAssertionCountsOnceAmongMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(nil)
	assertion := sign(t, "ec", "ES256", "JWT", w.proof())
	var all sync.WaitGroup
	good := make(chan bool, 8)
	for range 8 {
		all.Go(func() {
			good <- w.proven("/oauth2/introspect", url.Values{"token": {"x"}}, assertion).StatusCode == http.StatusOK
		})
	}
	all.Wait()
	close(good)
	n := 0
	for ok := range good {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d of 8 were let in", n)
	}
}

func TestJWKSURI_FetchedWithinLimitsAndKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(func(c *oidcop.Client) { c.JWKS, c.JWKSURI = "", "https://revenue.example/jwks" })
	serve := func(h http.HandlerFunc) { w.mu.Lock(); w.fetch = h; w.mu.Unlock() }
	fetched := func() int { w.mu.Lock(); defer w.mu.Unlock(); return w.fetched }
	knock := func(by string) reply {
		return w.proven("/oauth2/introspect", url.Values{"token": {"x"}}, sign(t, by, "ES256", "JWT", w.proof()))
	}
	w.wantError(knock("ec"), http.StatusServiceUnavailable, "temporarily_unavailable") // nobody is there
	serve(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(jwks("ec"))) })
	w.wantError(knock("ec"), http.StatusServiceUnavailable, "temporarily_unavailable") // and it is not asked again so soon
	if fetched() != 1 {
		t.Errorf("fetched %d times", fetched())
	}
	w.clock.forward(time.Minute)
	for range 3 {
		if r := knock("ec"); r.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
	}
	if fetched() != 2 {
		t.Errorf("a set that is known was fetched again: %d", fetched())
	}
	for range 5 { // forged kids: no more than one fetch a minute
		w.wantError(knock("ec2"), http.StatusUnauthorized, "invalid_client")
	}
	if fetched() != 2 {
		t.Errorf("forged kids made %d fetches", fetched())
	}
	serve(func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(jwks("ec2"))) })
	w.clock.forward(time.Minute)
	if r := knock("ec2"); r.StatusCode != http.StatusOK { // the client has changed its key
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	for name, h := range map[string]http.HandlerFunc{
		"huge":   func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte(strings.Repeat(" ", 1<<20))) },
		"status": func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusInternalServerError) },
		"redirect": func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, "http://169.254.169.254/", http.StatusFound)
		},
		"no JSON": func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("<html>")) },
		"many keys": func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = rw.Write([]byte(`{"keys":[` + strings.Repeat(`{},`, 50) + `{}]}`))
		},
	} {
		serve(h)
		w.clock.forward(11 * time.Minute)
		if r := knock("ec2"); r.StatusCode != http.StatusOK { // what is known serves on
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
	w.clock.forward(25 * time.Hour)
	w.mu.Lock()
	w.network = "later"
	w.mu.Unlock()
	w.wantError(knock("ec2"), http.StatusServiceUnavailable, "temporarily_unavailable") // but not for ever
}

// Whoever sends a signature by an unknown key and hangs up does not use up the one fetch in a minute.
func TestJWKSURI_AFetchOutlivesWhoeverCausedIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(func(c *oidcop.Client) { c.JWKS, c.JWKSURI = "", "https://revenue.example/jwks" })
	gone, hangUp := context.WithCancel(t.Context())
	w.mu.Lock()
	w.fetch = func(rw http.ResponseWriter, r *http.Request) {
		hangUp()
		if r.Context().Err() != nil { // as a transport would
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		_, _ = rw.Write([]byte(jwks("ec")))
	}
	w.mu.Unlock()
	v := url.Values{"token": {"x"}, "client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}
	v.Set("client_assertion", sign(t, "ec2", "ES256", "JWT", w.proof()))
	w.op.Introspect(httptest.NewRecorder(), w.request(http.MethodPost, "/oauth2/introspect", v.Encode()).WithContext(gone))
	v.Set("client_assertion", sign(t, "ec", "ES256", "JWT", w.proof()))
	if r := w.do(w.request(http.MethodPost, "/oauth2/introspect", v.Encode())); r.StatusCode != http.StatusOK {
		t.Errorf("the client is shut out: %d %s", r.StatusCode, r.body)
	}
}

func TestFAPI2_TheProfileHoldsAClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signing(func(c *oidcop.Client) { c.FAPI, c.AuthAlgs = true, []string{"ES256", "PS256", "RS256"} })
	at := func() int { n := 0; w.mu.Lock(); n = len(w.requests); w.mu.Unlock(); return n }
	q := w.authorize(form()).location(t)
	if q.Get("error") != "invalid_request" || at() != 0 {
		t.Errorf("fapi2-security-profile-id2-ensure-unsigned-authorization-request-without-using-par-fails: %v", q)
	}
	w.wantEvent("authorization.refused not_pushed")
	for name, c := range map[string]claims{
		"audience is the endpoint":    w.proof().with("aud", w.issuer()+"/oauth2/token"),
		"audience is a list":          w.proof().with("aud", []string{w.issuer()}),
		"audience is list and issuer": w.proof().with("aud", []string{w.issuer(), w.issuer() + "/oauth2/par"}),
	} {
		r := w.proven("/oauth2/par", form(), sign(t, "ec", "ES256", "JWT", c))
		w.wantError(r, http.StatusUnauthorized, "invalid_client")
		w.wantEvent("authorization.push.refused assertion_audience")
		_ = name
	}
	w.wantError(w.proven("/oauth2/par", form(), sign(t, "rsa", "RS256", "JWT", w.proof())), http.StatusUnauthorized, "invalid_client")

	pushed := w.proven("/oauth2/par", form("scope", "openid offline_access"), sign(t, "rsa", "PS256", "JWT", w.proof()))
	if pushed.StatusCode != http.StatusCreated {
		t.Fatal(pushed.body)
	}
	back := w.authorize(url.Values{"client_id": {"revenue"}, "request_uri": {pushed.json(t)["request_uri"].(string)}}).location(t)
	if back.Get("code") == "" || back.Get("iss") != w.issuer() {
		t.Fatalf("%v", back)
	}
	bearer := w.proven("/oauth2/token", redemption(back.Get("code")), sign(t, "ec", "ES256", "JWT", w.proof()))
	w.wantError(bearer, http.StatusBadRequest, "invalid_request")
	w.wantEvent("token.refused bearer")
	m := w.proven("/oauth2/token", redemption(back.Get("code")), sign(t, "ec", "ES256", "JWT", w.proof()), "DPoP", w.atToken("ec2")).json(t)
	first, _ := m["refresh_token"].(string)
	if first == "" {
		t.Fatalf("%v", m)
	}
	for range 3 { // trap 16: no rotation
		r := w.proven("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first}}, sign(t, "ec", "ES256", "JWT", w.proof()), "DPoP", w.atToken("ec2"))
		if r.StatusCode != http.StatusOK || r.json(t)["refresh_token"] != nil || !w.isActiveProven(r.json(t)["access_token"].(string)) {
			t.Fatalf("%d %s", r.StatusCode, r.body)
		}
	}
}

func (w *world) isActiveProven(token string) bool {
	w.t.Helper()
	return w.proven("/oauth2/introspect", url.Values{"token": {token}}, sign(w.t, "ec", "ES256", "JWT", w.proof())).json(w.t)["active"] == true
}

func TestFailuresOfClientAuthenticationAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(network string) { w.mu.Lock(); w.network = network; w.mu.Unlock() }
	try := func(id, secret string) reply {
		r := w.request(http.MethodPost, "/oauth2/introspect", "token=x")
		r.SetBasicAuth(id, secret)
		return w.do(r)
	}
	at("192.0.2.0/24")
	for range 200 { // success is never counted
		if r := try("land", testSecret("land")); r.StatusCode != http.StatusOK {
			t.Fatal(r.StatusCode)
		}
	}
	for range 8 {
		w.wantError(try("revenue", "wrong"), http.StatusUnauthorized, "invalid_client")
	}
	r := try("revenue", "wrong")
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" || r.json(t)["error"] != "temporarily_unavailable" {
		t.Errorf("%d %v %s", r.StatusCode, r.Header, r.body)
	}
	w.wantEvent("introspection.refused too_many")
	before := len(w.db.kinds())
	for range 20 { // one event when the limit is reached, not one for each that runs into it
		if r := try("revenue", "wrong"); r.StatusCode != http.StatusTooManyRequests {
			t.Errorf("%d", r.StatusCode)
		}
	}
	if n := len(w.db.kinds()) - before; n != 0 {
		t.Errorf("%d events", n)
	}
	if r := try("revenue", testSecret("revenue")); r.StatusCode != http.StatusOK {
		t.Errorf("who is right is shut out: %d", r.StatusCode)
	}
	if r := try("land", "wrong"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("another client of the network is taken for this one: %d", r.StatusCode)
	}
	at("198.51.100.0/24")
	if r := try("revenue", "wrong"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("the limit of one network counts in another: %d", r.StatusCode)
	}
	at("192.0.2.0/24")
	w.clock.forward(2 * time.Second)
	if r := try("revenue", "wrong"); r.StatusCode != http.StatusUnauthorized {
		t.Errorf("it never ends: %d", r.StatusCode)
	}
	at("203.0.113.0/24")
	for i := range 80 { // many clients of one network
		try(fmt.Sprintf("client-%c%c", 'a'+i/26, 'a'+i%26), "wrong")
	}
	if r := try("labour", "wrong"); r.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a network may fail without end: %d", r.StatusCode)
	}
}

// What anybody can send as fast as they like must not fill the audit record, from which nothing is ever removed.
func TestRefusalsOfNobodyAreRecordedOnlySoOften(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(w *world) reply{
		"userinfo without a token":    func(w *world) reply { return w.do(w.request(http.MethodGet, "/oauth2/userinfo", "")) },
		"a token request of nonsense": func(w *world) reply { return w.do(w.request(http.MethodPost, "/oauth2/token", "a=1&a=2")) },
		"two ways to authenticate": func(w *world) reply {
			r := w.request(http.MethodPost, "/oauth2/revoke", "client_id=land&token=x")
			r.SetBasicAuth("revenue", "wrong")
			return w.do(r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			status := send(w).StatusCode
			for range 200 {
				if r := send(w); r.StatusCode != status || status < 400 {
					t.Fatalf("answered in another way: %d and %d", status, r.StatusCode)
				}
			}
			kinds := w.db.kinds()
			if n := len(kinds); n < 10 || n > 40 || !strings.HasSuffix(kinds[n-1], "too_many") {
				t.Errorf("%d events, the last one %q", n, kinds[n-1])
			}
			w.clock.forward(time.Minute)
			send(w)
			if n := len(w.db.kinds()); n != len(kinds)+1 {
				t.Errorf("the silence never ends: %d events", n)
			}
		})
	}
}
