package oidcop_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub/oidcop"
	"onedoor/hub/statuslist"
)

// list fetches the status list of a JWT and gives the answer with the claims.
func (w *world) list(raw string) (reply, statuslist.Claims, statuslist.Bits, int) {
	w.t.Helper()
	_, claims := payload(w.t, raw)
	text, err := json.Marshal(claims["status"])
	must(err)
	var ref statuslist.Reference
	must(json.Unmarshal(text, &ref))
	path := strings.TrimPrefix(ref.List.URI, w.issuer())
	w.clock.forward(time.Nanosecond) // past what a node may give out again
	r := w.do(w.request(http.MethodGet, path, ""))
	if r.StatusCode != http.StatusOK {
		return r, statuslist.Claims{}, nil, ref.List.Index
	}
	body, err := theRing().VerifyJWT("statuslist+jwt", r.body)
	must(err)
	c, bits, err := statuslist.Read(body)
	must(err)
	if c.Subject != ref.List.URI {
		w.t.Errorf("the list at %s says that it is %s", ref.List.URI, c.Subject)
	}
	return r, c, bits, ref.List.Index
}

// listed tells whether the status list of a JWT says that it is valid.
func (w *world) listed(raw string) bool {
	w.t.Helper()
	r, _, bits, i := w.list(raw)
	if bits == nil {
		w.t.Fatalf("no list: %d %s", r.StatusCode, r.body)
	}
	return bits.Valid(i)
}

// jwtAt gives revenue's access token for land alone.
func (w *world) jwtAt(changes ...string) string {
	w.t.Helper()
	r := w.redeem(w.code(append([]string{"resource", landAPI}, changes...)...))
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("status %d: %s", r.StatusCode, r.body)
	}
	return r.json(w.t)["access_token"].(string)
}

func TestRFC9068_AJWTForAnAPIThatValidatesOffline(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.AccessLife = 15 * time.Minute })
	raw := w.jwtAt("scope", "openid citizen_id name")
	head, claims := payload(t, raw)
	if head["typ"] != "at+jwt" || head["alg"] != "ES256" || head["kid"] != "kES256" || len(head) != 3 {
		t.Errorf("head %v", head)
	}
	now := float64(w.clock.now().Unix())
	for name, want := range map[string]any{
		"iss": w.issuer(), "aud": landAPI, "client_id": "revenue", "scope": "openid citizen_id name", "iat": now, "exp": now + 300,
		"auth_time": float64(w.session.AuthTime.Unix()), "acr": w.session.Level.ACR(),
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if !slices.Equal(claims["amr"].([]any), []any{"pin", "hwk"}) {
		t.Errorf("amr %v", claims["amr"])
	}
	at := w.active("land", raw)
	if at["sub"] != claims["sub"] || at["sid"] != claims["sid"] || at["jti"] != claims["jti"] || at["name"] != nil {
		t.Errorf("introspection says %v, the token %v", at, claims)
	}
	own := w.active("revenue", raw)
	if own["sub"] == claims["sub"] || own["name"] == nil {
		t.Errorf("the client is told %v", own)
	}
	known := []string{
		"iss", "exp", "iat", "jti", "aud", "sub", "client_id", "scope", "auth_time", "acr", "amr", "sid", "status", "sealed",
	}
	for name := range claims {
		if !slices.Contains(known, name) {
			t.Errorf("PRV-06: %s", name)
		}
	}
	for _, secret := range []string{string(w.session.ID), string(w.session.Account), person, "Somying"} {
		if b, _ := json.Marshal(claims); strings.Contains(string(b), secret) {
			t.Errorf("invariant 3: %s in the token", secret)
		}
	}
	// Without its name nobody asked for a JWT, and no userinfo endpoint takes one.
	if plain := w.access(); !strings.HasPrefix(plain, "od1_") {
		t.Error("a JWT for who did not ask for it")
	}
	w.wantError(w.userinfo(raw), http.StatusUnauthorized, "invalid_token")
	if r := w.post("/oauth2/revoke", "land", url.Values{"token": {raw}}); r.StatusCode != 200 || !w.listed(raw) {
		t.Error("another than the client revokes")
	}
	if r := w.post("/oauth2/revoke", "revenue", url.Values{"token": {raw}}); r.StatusCode != 200 || w.listed(raw) {
		t.Error("the client can't revoke by jti")
	}
	if w.introspect("land", raw).body != `{"active":false}` {
		t.Error("active after it was revoked")
	}
}

func TestRFC9068_NeverTakenForAnotherToken(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	m := w.tokens("scope", "openid name")
	raw := w.jwtAt()
	_, claims := payload(t, raw)
	parts := strings.Split(raw, ".")
	for name, forged := range map[string]string{
		"an ID token":            m["id_token"].(string),
		"what is sealed in it":   claims["sealed"].(string),
		"another signature":      raw[:len(raw)-4] + "AAAA",
		"another payload":        parts[0] + "." + strings.Split(m["id_token"].(string), ".")[1] + "." + parts[2],
		"line break":             raw[:20] + "\n" + raw[20:],
		"cut":                    raw[:len(raw)-1],
		"four parts":             raw + ".x",
		"as ID token":            forge(t, "JWT", claims),
		"as status list":         forge(t, "statuslist+jwt", claims),
		"as application/at+jwt?": forge(t, "application/at+jwt", claims),
		"of another issuer":      forge(t, "at+jwt", with(claims, "iss", "https://other.example")),
		"with another jti":       forge(t, "at+jwt", with(claims, "jti", "aaaaaaaaaaaaaaaaaaaaaaaaaa")),
		"living longer":          forge(t, "at+jwt", with(claims, "exp", claims["exp"].(float64)+3600)),
		"with a sealed token":    forge(t, "at+jwt", with(claims, "sealed", m["access_token"])),
	} {
		for _, asks := range []string{"revenue", "land"} {
			r := w.post("/oauth2/introspect", "revenue", url.Values{"token": {forged}})
			if name == "line break" && r.StatusCode == 400 {
				continue
			}
			if r.body != `{"active":false}` {
				t.Errorf("%s, asked by %s: %d %s", name, asks, r.StatusCode, r.body)
			}
		}
	}
	w.active("land", forge(t, "at+jwt", claims)) // the forgeries above fail for the reason they name
	// And the other way round: an access token is no hint about a person.
	q := w.authorize(form("id_token_hint", raw)).location(t)
	if q.Get("error") != "invalid_request" {
		t.Errorf("taken for an ID token: %v", q)
	}
	w.clock.forward(5 * time.Minute)
	if w.introspect("land", raw).body != `{"active":false}` {
		t.Error("active after its end")
	}
}

func forge(t *testing.T, typ string, claims map[string]any) string {
	t.Helper()
	raw, err := theRing().SignJWT("ES256", typ, claims)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func with(claims map[string]any, name string, value any) map[string]any {
	out := map[string]any{}
	for k, v := range claims {
		out[k] = v
	}
	out[name] = value
	return out
}

func TestStatusListAtTheWire(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	one, two := w.jwtAt(), w.swapped("revenue", w.access("scope", "openid name"), "resource", labourAPI)
	r, c, bits, _ := w.list(one)
	if r.Header.Get("Content-Type") != "application/statuslist+jwt" || r.Header.Get("Cache-Control") != "public, max-age=3" ||
		r.Header.Get("Access-Control-Allow-Origin") != "*" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", r.Header)
	}
	now := w.clock.now().Unix()
	if c.IssuedAt != now || c.Expires != now+60 || c.Life != 3 || c.List.Bits != 1 || bits.Len() != 1<<16 {
		t.Errorf("claims %+v of %d", c, bits.Len())
	}
	path := strings.TrimPrefix(c.Subject, w.issuer())
	again := w.do(w.request(http.MethodGet, path, "", "If-None-Match", r.Header.Get("ETag")))
	if again.StatusCode != http.StatusNotModified || again.body != "" {
		t.Errorf("unchanged: %d", again.StatusCode)
	}
	if _, other, _, _ := w.list(two); other.Subject == c.Subject {
		t.Error("two departments share a list")
	}
	if head := w.do(w.request(http.MethodHead, path, "")); head.StatusCode != 200 || head.body != "" || head.ContentLength <= 0 {
		t.Errorf("HEAD: %d", head.StatusCode)
	}
	for target, status := range map[string]int{
		path + "?time=1": 501, path + "?x=1": 400, path + "x": 404, "/oauth2/statuslist/": 404,
		"/oauth2/statuslist/aaaaaaaaaaaaaaaaaaaaaaaaaa": 404, "/oauth2/statuslist/%2e%2e": 404,
	} {
		if r := w.do(w.request(http.MethodGet, target, "")); r.StatusCode != status || r.Header.Get("Cache-Control") != "no-store" && r.StatusCode != 404 {
			t.Errorf("%s: %d, want %d", target, r.StatusCode, status)
		}
	}
	if r := w.do(w.request(http.MethodPost, path, "a=1")); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", r.StatusCode)
	}
	w.clock.forward(5 * time.Minute)
	if r, _, _, _ := w.list(one); r.StatusCode != http.StatusNotFound {
		t.Errorf("all its tokens have expired: %d", r.StatusCode)
	}
}
