package oidcop_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// Run with -race: fosite's configuration and sessions write on read (libraries.md, section 2, traps 8 and 9).
func TestTraps8And9_ManyLoginsAtOnceShareNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 4 {
				m := w.redeem(w.authorize(form("scope", "openid citizen_id offline_access")).location(t).Get("code")).json(t)
				if info := w.userinfo(m["access_token"].(string)).json(t); info["citizen_id"] != person {
					t.Errorf("%v", info)
				}
				if r := w.refresh(m["refresh_token"].(string)); r.StatusCode != http.StatusOK {
					t.Errorf("%s", r.body)
				}
			}
		})
	}
	all.Wait()
}

func TestTraps1To3_NoRequestObjectIsReadWhereverItComesFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// alg none, with a redirect URI, scope and max_age of its own
	const object = "eyJhbGciOiJub25lIn0.eyJtYXhfYWdlIjozMDAsInNjb3BlIjoib3BlbmlkIGFkZHJlc3MifQ."
	if q := w.authorize(form("request", object)).location(t); q.Get("error") != "invalid_request_object" {
		t.Errorf("%v", q)
	}
	for _, uri := range []string{"https://revenue.example/object", "urn:example:abc", "http://169.254.169.254/latest"} {
		if q := w.authorize(form("request_uri", uri)).location(t); q.Get("error") != "request_uri_not_supported" {
			t.Errorf("%s: %v", uri, q)
		}
	}
	if w.reached() > 0 {
		t.Error("a login was begun")
	}
}

func TestTrap3_NothingOfTheClientsCredentialsIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.code("client_secret", testSecret("revenue"), "client_assertion", "an-assertion", "login_hint", person)
	kept := string(w.lastRequest().Continue)
	for _, c := range w.db.codes {
		kept += string(c.State)
	}
	for _, s := range []string{testSecret("revenue"), "an-assertion", person} {
		if strings.Contains(kept, s) {
			t.Errorf("kept: %s", s)
		}
	}
}

func BenchmarkFinishLoginAndToken(b *testing.B) {
	for _, client := range []string{"revenue", "land"} { // ES256, RS256
		b.Run(theAlg(client), func(b *testing.B) {
			w := newWorld(b)
			at := "https://" + client + ".example/cb"
			query := form("client_id", client, "redirect_uri", at).Encode()
			routes := w.op.Routes()
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				routes["/oauth2/authorize"].ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/oauth2/authorize?"+query, nil))
				u, err := url.Parse(rec.Header().Get("Location"))
				if err != nil || u.Query().Get("code") == "" {
					b.Fatal(rec.Code, rec.Body)
				}
				body := redemption(u.Query().Get("code"), "redirect_uri", at).Encode()
				req := httptest.NewRequest(http.MethodPost, "/oauth2/token", strings.NewReader(body))
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				req.SetBasicAuth(client, testSecret(client))
				rec = httptest.NewRecorder()
				routes["/oauth2/token"].ServeHTTP(rec, req)
				if rec.Code != http.StatusOK {
					b.Fatal(rec.Code, rec.Body)
				}
			}
		})
	}
}

func theAlg(client string) string {
	if client == "land" {
		return "RS256"
	}
	return "ES256"
}

func BenchmarkIntrospect(b *testing.B) {
	w := newWorld(b)
	body := url.Values{"token": {w.access()}}.Encode()
	h := w.op.Routes()["/oauth2/introspect"]
	b.ReportAllocs()
	for b.Loop() {
		req := httptest.NewRequest(http.MethodPost, "/oauth2/introspect", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth("revenue", testSecret("revenue"))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `"active":true`) {
			b.Fatal(rec.Code, rec.Body)
		}
	}
}
