package client_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/client"
	"onedoor/hub/statuslist"
)

// office is a hub that publishes keys and one status list.
type office struct {
	t       testing.TB
	server  *httptest.Server
	mu      sync.Mutex
	now     time.Time
	keys    map[string]crypto.Signer // by algorithm
	bits    statuslist.Bits
	change  func(claims map[string]any) // of the list
	listTyp string
	down    bool
	fetches atomic.Int64
}

const (
	resource = "https://social.example/api"
	listName = "abcdefghijklmnopqrstuvwxyz"
)

func newOffice(t testing.TB) (*office, *client.Verifier) {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), listTyp: "statuslist+jwt"}
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	o.keys = map[string]crypto.Signer{"ES256": ec, "RS256": rs}
	if o.bits, err = statuslist.New(64); err != nil {
		t.Fatal(err)
	}
	o.server = httptest.NewServer(http.HandlerFunc(o.answer))
	t.Cleanup(o.server.Close)
	v, err := client.NewVerifier(client.VerifierOptions{Issuer: o.server.URL, Resource: resource, HTTP: o.server.Client(), Clock: o.clock})
	if err != nil {
		t.Fatal(err)
	}
	return o, v
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) locked(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f()
}

func (o *office) sign(alg, kid, typ string, claims any) string {
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: o.keys[alg], KeyID: kid}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := json.Marshal(claims)
	if err != nil {
		o.t.Fatal(err)
	}
	jws, err := s.Sign(text)
	if err != nil {
		o.t.Fatal(err)
	}
	raw, err := jws.CompactSerialize()
	if err != nil {
		o.t.Fatal(err)
	}
	return raw
}

func (o *office) answer(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case r.URL.Path == "/oauth2/jwks":
		var set jose.JSONWebKeySet
		for alg, k := range o.keys {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Public(), KeyID: "k" + alg, Algorithm: alg, Use: "sig"})
		}
		_ = json.NewEncoder(w).Encode(set)
	case o.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case r.URL.Path == "/oauth2/statuslist/"+listName:
		o.fetches.Add(1)
		list, _ := statuslist.Pack(o.bits)
		claims := map[string]any{"sub": "http://" + r.Host + r.URL.Path, "iat": o.now.Unix(), "exp": o.now.Unix() + 60, "ttl": 3, "status_list": list}
		if o.change != nil {
			o.change(claims)
		}
		w.Header().Set("Content-Type", "application/statuslist+jwt")
		fmt.Fprint(w, o.sign("ES256", "kES256", o.listTyp, claims))
	default:
		http.NotFound(w, r)
	}
}

// claims are those of a good token with some changed: nil takes one away.
func (o *office) claims(changes ...any) map[string]any {
	now := o.clock().Unix()
	c := map[string]any{
		"iss": o.server.URL, "exp": now + 300, "iat": now, "jti": "t1", "aud": resource, "sub": "pairwise", "client_id": "revenue",
		"scope": "name", "auth_time": now - 60, "acr": "urn:onedoor:ial:2.3:aal:2.1",
		"act":    map[string]any{"sub": "revenue", "act": map[string]any{"sub": "land"}},
		"status": map[string]any{"status_list": map[string]any{"idx": 7, "uri": o.server.URL + "/oauth2/statuslist/" + listName}},
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == nil {
			delete(c, changes[i].(string))
		} else {
			c[changes[i].(string)] = changes[i+1]
		}
	}
	return c
}

func (o *office) token(changes ...any) string {
	return o.sign("ES256", "kES256", "at+jwt", o.claims(changes...))
}

func TestRFC9068_Verify(t *testing.T) {
	t.Parallel()
	o, v := newOffice(t)
	a, err := v.Verify(t.Context(), o.token(), client.Held{})
	if err != nil || a.ID != "t1" || a.Subject != "pairwise" || a.Client != "revenue" || !slices.Equal(a.Actors, []string{"revenue", "land"}) || a.Scope != "name" {
		t.Fatalf("%+v, %v", a, err)
	}
	if a.Representee != nil || a.Details != nil {
		t.Errorf("for nobody and nothing: %+v", a)
	}
	item := []any{map[string]any{"type": "item", "item": "tax-filing", "actions": []string{"file"}}}
	mill := map[string]any{"sub": "mill", "type": "LEGAL_PERSON", "act": map[string]any{"sub": "pairwise"}}
	a, err = v.Verify(t.Context(), o.token("representee", mill, "authorization_details", item), client.Held{})
	if err != nil || a.Subject != "pairwise" || a.Representee == nil || *a.Representee != (client.Representee{Subject: "mill", Type: "LEGAL_PERSON"}) ||
		string(a.Details) != `[{"actions":["file"],"item":"tax-filing","type":"item"}]` || !strings.Contains(string(a.Raw), `"mill"`) {
		t.Errorf("for an entity, with an item: %+v, %v", a, err)
	}
	status := func(idx any, uri string) map[string]any {
		return map[string]any{"status_list": map[string]any{"idx": idx, "uri": uri}}
	}
	good := o.server.URL + "/oauth2/statuslist/" + listName
	now := o.clock().Unix()
	foreign, _ := newOffice(t)
	for name, c := range map[string]struct {
		raw  string
		held client.Held
		kind hub.Kind
	}{
		"RS256":                {raw: o.sign("RS256", "kRS256", "at+jwt", o.claims())},
		"long type":            {raw: o.sign("ES256", "kES256", "application/at+jwt", o.claims())},
		"several audiences":    {raw: o.token("aud", []string{"x", resource})},
		"a machine":            {raw: o.token("act", nil, "acr", nil, "auth_time", nil, "scope", nil, "sub", "revenue")},
		"within the skew":      {raw: o.token("exp", now-29)},
		"bound and proven":     {raw: o.token("cnf", map[string]any{"jkt": "K"}), held: client.Held{Key: "K"}},
		"bound by certificate": {raw: o.token("cnf", map[string]any{"x5t#S256": "C"}), held: client.Held{Certificate: "C"}},

		"for an entity without name": {raw: o.token("representee", map[string]any{"type": "LEGAL_PERSON"}), kind: hub.Invalid},
		"for an entity, a text":      {raw: o.token("representee", "mill"), kind: hub.Invalid},

		"nothing":             {raw: "", kind: hub.Invalid},
		"no JWT":              {raw: "od1_abc", kind: hub.Invalid},
		"an ID token":         {raw: o.sign("ES256", "kES256", "JWT", o.claims()), kind: hub.Invalid},
		"a status list":       {raw: o.sign("ES256", "kES256", "statuslist+jwt", o.claims()), kind: hub.Invalid},
		"no kid":              {raw: o.sign("ES256", "", "at+jwt", o.claims()), kind: hub.Invalid},
		"another kid":         {raw: o.sign("ES256", "other", "at+jwt", o.claims()), kind: hub.Invalid},
		"kid of another alg":  {raw: o.sign("ES256", "kRS256", "at+jwt", o.claims()), kind: hub.Invalid},
		"another key":         {raw: foreign.sign("ES256", "kES256", "at+jwt", o.claims()), kind: hub.Invalid},
		"bent":                {raw: o.token()[:200] + "A" + o.token()[201:], kind: hub.Invalid},
		"too long":            {raw: o.token("scope", strings.Repeat("a", 4096)), kind: hub.Invalid},
		"another issuer":      {raw: o.token("iss", "https://other.example"), kind: hub.Invalid},
		"another audience":    {raw: o.token("aud", resource+"/x"), kind: hub.Invalid},
		"no audience":         {raw: o.token("aud", nil), kind: hub.Invalid},
		"no jti":              {raw: o.token("jti", nil), kind: hub.Invalid},
		"no sub":              {raw: o.token("sub", nil), kind: hub.Invalid},
		"no client":           {raw: o.token("client_id", nil), kind: hub.Invalid},
		"no exp":              {raw: o.token("exp", nil), kind: hub.Invalid},
		"expired":             {raw: o.token("exp", now-30), kind: hub.Expired},
		"in the future":       {raw: o.token("iat", now+31), kind: hub.Invalid},
		"bound, a bearer":     {raw: o.token("cnf", map[string]any{"jkt": "K"}), kind: hub.Invalid},
		"bound to another":    {raw: o.token("cnf", map[string]any{"jkt": "K"}), held: client.Held{Key: "L", Certificate: "K"}, kind: hub.Invalid},
		"bound in a new way":  {raw: o.token("cnf", map[string]any{"osc": "K"}), held: client.Held{Key: "K"}, kind: hub.Invalid},
		"bound to nothing":    {raw: o.token("cnf", map[string]any{"jkt": ""}), kind: hub.Invalid},
		"no status":           {raw: o.token("status", nil), kind: hub.Invalid},
		"a list elsewhere":    {raw: o.token("status", status(7, foreign.server.URL+"/oauth2/statuslist/"+listName)), kind: hub.Invalid},
		"a list of the path":  {raw: o.token("status", status(7, o.server.URL+"/oauth2/statuslist/../jwks")), kind: hub.Invalid},
		"a list that is none": {raw: o.token("status", status(7, good[:len(good)-1])), kind: hub.Unavailable},
		"index outside":       {raw: o.token("status", status(64, good)), kind: hub.Consumed},
		"index below":         {raw: o.token("status", status(-1, good)), kind: hub.Consumed},
		"act of nobody":       {raw: o.token("act", map[string]any{"iss": "x"}), kind: hub.Invalid},
		"act a text":          {raw: o.token("act", "revenue"), kind: hub.Invalid},
	} {
		_, err := v.Verify(t.Context(), c.raw, c.held)
		if c.kind == "" && err != nil || c.kind != "" && hub.KindOf(err) != c.kind {
			t.Errorf("%s: %v, want %q", name, err, c.kind)
		}
	}
}

func TestVerifyLearnsOfAnEndWithinTheTTLAndFailsClosed(t *testing.T) {
	t.Parallel()
	o, v := newOffice(t)
	raw := o.token()
	check := func(what string, kind hub.Kind) {
		t.Helper()
		_, err := v.Verify(t.Context(), raw, client.Held{})
		if kind == "" && err != nil || kind != "" && hub.KindOf(err) != kind {
			t.Errorf("%s: %v, want %q", what, err, kind)
		}
	}
	check("fresh", "")
	check("again", "")
	if n := o.fetches.Load(); n != 1 {
		t.Errorf("fetched %d times within the ttl", n)
	}
	o.locked(func() { o.bits.Set(7); o.now = o.now.Add(2999 * time.Millisecond) })
	check("within the ttl", "")
	o.locked(func() { o.now = o.now.Add(time.Millisecond) })
	check("after the ttl", hub.Consumed)
	o.locked(func() { o.bits[0] = 0; o.now = o.now.Add(3 * time.Second); o.down = true })
	check("no list", hub.Unavailable)
	o.locked(func() { o.down = false })
	check("back", "")
	for what, change := range map[string]func(map[string]any){
		"another list":     func(c map[string]any) { c["sub"] = "https://x.example/" },
		"an old list":      func(c map[string]any) { c["iat"], c["exp"] = o.now.Unix()-200, o.now.Unix()-30 },
		"from the future":  func(c map[string]any) { c["iat"] = o.now.Unix() + 31 },
		"two bits a token": func(c map[string]any) { c["status_list"] = map[string]any{"bits": 2, "lst": "eNo76fITAAPfAgc"} },
		"no list in it":    func(c map[string]any) { maps.DeleteFunc(c, func(k string, _ any) bool { return k == "status_list" }) },
	} {
		o.locked(func() { o.change = change; o.now = o.now.Add(4 * time.Second) })
		check(what, hub.Unavailable)
	}
	o.locked(func() { o.change = nil; o.listTyp = "at+jwt" })
	check("not a list by its type", hub.Unavailable)
	o.locked(func() { o.listTyp = "statuslist+jwt"; o.change = func(c map[string]any) { delete(c, "ttl") } })
	check("without a ttl", "")
	before := o.fetches.Load()
	check("without a ttl, again", "")
	if o.fetches.Load() != before+1 {
		t.Error("a list without a ttl was kept")
	}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Verify(cut, raw, client.Held{}); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("without time: %v", err)
	}
}

func TestVerifyFetchesOnceForMany(t *testing.T) {
	t.Parallel()
	o, v := newOffice(t)
	var all sync.WaitGroup
	raw := o.token()
	for range 50 {
		all.Go(func() {
			if _, err := v.Verify(t.Context(), raw, client.Held{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := o.fetches.Load(); n != 1 {
		t.Errorf("%d fetches for 50 questions at once", n)
	}
}

func TestVerifierOptionsAreChecked(t *testing.T) {
	t.Parallel()
	good := client.VerifierOptions{Issuer: "https://login.example", Resource: resource, HTTP: http.DefaultClient, Clock: time.Now}
	for name, change := range map[string]func(*client.VerifierOptions){
		"issuer": func(o *client.VerifierOptions) { o.Issuer = "http://login.example" }, "resource": func(o *client.VerifierOptions) { o.Resource = "" },
		"HTTP": func(o *client.VerifierOptions) { o.HTTP = nil }, "clock": func(o *client.VerifierOptions) { o.Clock = nil },
		"skew": func(o *client.VerifierOptions) { o.Skew = -1 }, "timeout": func(o *client.VerifierOptions) { o.Timeout = -1 },
	} {
		o := good
		change(&o)
		if _, err := client.NewVerifier(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	o, v := newOffice(f)
	good := o.token()
	f.Add(good)
	f.Add(good[:100])
	f.Add(o.sign("ES256", "kES256", "JWT", o.claims()))
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, raw string) {
		if a, err := v.Verify(t.Context(), raw, client.Held{}); err == nil && a.ID != "t1" {
			t.Errorf("taken: %+v", a)
		}
	})
}
