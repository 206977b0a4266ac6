package oidcop_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
)

func dialTo(addr string) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}}
}

// verifier is that of RFC 7636 appendix B.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func challenge(v string) string {
	h := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

// form gives a good authorization request with some parameters changed: "" takes one away.
func form(changes ...string) url.Values {
	v := url.Values{
		"response_type": {"code"}, "client_id": {"revenue"}, "redirect_uri": {"https://revenue.example/cb"},
		"scope": {"openid profile citizen_id"}, "state": {"st&te=1"}, "nonce": {"n-0S6_WzA2Mj"},
		"code_challenge": {challenge(verifier)}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			v.Del(changes[i])
		} else {
			v.Set(changes[i], changes[i+1])
		}
	}
	return v
}

type reply struct {
	*http.Response
	body string
}

func (r reply) json(t testing.TB) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(r.body), &m); err != nil {
		t.Fatalf("status %d, not JSON: %q", r.StatusCode, r.body)
	}
	return m
}

// location gives the parameters of a redirect.
func (r reply) location(t testing.TB) url.Values {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d, want 303: %s", r.StatusCode, r.body)
	}
	u, err := url.Parse(r.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func (w *world) do(req *http.Request) reply {
	w.t.Helper()
	resp, err := w.http.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to the end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{resp, string(body)}
}

func (w *world) request(method, path, body string, header ...string) *http.Request {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, w.issuer()+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	return req
}

func (w *world) authorize(v url.Values) reply {
	w.t.Helper()
	return w.do(w.request(http.MethodGet, "/oauth2/authorize?"+v.Encode(), ""))
}

// code gets a code for a request.
func (w *world) code(changes ...string) string {
	w.t.Helper()
	q := w.authorize(form(changes...)).location(w.t)
	if q.Get("code") == "" {
		w.t.Fatalf("no code: %v", q)
	}
	return q.Get("code")
}

// post sends a form, authenticated as the client by its own method.
func (w *world) post(path string, client hub.SystemID, v url.Values, header ...string) reply {
	w.t.Helper()
	v = url.Values(http.Header(v).Clone())
	c := w.rooms.clients[client]
	req := func() *http.Request { return w.request(http.MethodPost, path, v.Encode(), header...) }
	switch c.AuthMethod {
	case "client_secret_basic":
		r := req()
		r.SetBasicAuth(url.QueryEscape(string(client)), url.QueryEscape(testSecret(string(client))))
		return w.do(r)
	case "client_secret_post":
		v.Set("client_secret", testSecret(string(client)))
	}
	v.Set("client_id", string(client))
	return w.do(req())
}

// redemption gives a good token request with some parameters changed.
func redemption(code string, changes ...string) url.Values {
	v := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"https://revenue.example/cb"}, "code_verifier": {verifier},
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			v.Del(changes[i])
		} else {
			v.Set(changes[i], changes[i+1])
		}
	}
	return v
}

func (w *world) redeem(code string, changes ...string) reply {
	w.t.Helper()
	return w.post("/oauth2/token", "revenue", redemption(code, changes...))
}

// tokens gets tokens for a request of the client "revenue".
func (w *world) tokens(changes ...string) map[string]any {
	w.t.Helper()
	r := w.redeem(w.code(changes...))
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("status %d: %s", r.StatusCode, r.body)
	}
	return r.json(w.t)
}

func (w *world) access(changes ...string) string {
	w.t.Helper()
	return w.tokens(changes...)["access_token"].(string)
}

func (w *world) refresh(token string, changes ...string) reply {
	w.t.Helper()
	v := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	for i := 0; i < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return w.post("/oauth2/token", "revenue", v)
}

func (w *world) userinfo(token string) reply {
	w.t.Helper()
	return w.do(w.request(http.MethodGet, "/oauth2/userinfo", "", "Authorization", "Bearer "+token))
}

func (w *world) introspect(client hub.SystemID, token string) reply {
	w.t.Helper()
	return w.post("/oauth2/introspect", client, url.Values{"token": {token}})
}

func (w *world) isActive(token string) bool {
	w.t.Helper()
	r := w.introspect("revenue", token)
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("status %d: %s", r.StatusCode, r.body)
	}
	return r.json(w.t)["active"] == true
}

// wantError checks an error answer of an endpoint that clients call, and that it was recorded once.
func (w *world) wantError(r reply, status int, code string) {
	w.t.Helper()
	if r.StatusCode != status || r.json(w.t)["error"] != code {
		w.t.Errorf("status %d, body %s; want %d %s", r.StatusCode, r.body, status, code)
	}
	if r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Pragma") != "no-cache" {
		w.t.Error("the answer may be cached")
	}
	if status == http.StatusUnauthorized && r.Header.Get("WWW-Authenticate") == "" {
		w.t.Error("401 without WWW-Authenticate (RFC 9110 section 11.6.1)")
	}
}

// wantEvent checks that the record ends with this kind and reason.
func (w *world) wantEvent(kindReason string) {
	w.t.Helper()
	if all := w.db.kinds(); len(all) == 0 || all[len(all)-1] != kindReason {
		w.t.Errorf("the record ends with %v, want %q", tail(all, 3), kindReason)
	}
}

func (w *world) wantSomeEvent(kindReason string) {
	w.t.Helper()
	if all := w.db.kinds(); !slices.Contains(all, kindReason) {
		w.t.Errorf("no %q in the record: %v", kindReason, tail(all, 6))
	}
}

func tail(s []string, n int) []string { return s[max(0, len(s)-n):] }

// payload decodes the claims of a JWT without verifying it: only for what another test verifies.
func payload(t testing.TB, raw string) (head, claims map[string]any) {
	t.Helper()
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		t.Fatalf("not a JWT: %q", raw)
	}
	for i, to := range []*map[string]any{&head, &claims} {
		b, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err == nil {
			err = json.Unmarshal(b, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return head, claims
}
