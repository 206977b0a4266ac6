package oidcop_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
)

// leaving is a world in which the person is signed in at "revenue", whose ID token it gives.
func leaving(t testing.TB) (*world, string) {
	t.Helper()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) {
		c.PostLogoutRedirectURIs = []string{"https://revenue.example/bye", "https://revenue.example/bye?fixed=1"}
	})
	w.rooms.change("land", func(c *oidcop.Client) { c.PostLogoutRedirectURIs = []string{"https://land.example/bye"} })
	w.rooms.change("draft", func(c *oidcop.Client) { c.PostLogoutRedirectURIs = []string{"https://draft.example/bye"} })
	w.browser = w.session.ID
	return w, w.tokens()["id_token"].(string)
}

func (w *world) endSession(pairs ...string) reply {
	w.t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return w.do(w.request(http.MethodGet, oidcop.EndSessionPath+"?"+v.Encode(), ""))
}

func (w *world) signedIn() bool {
	s, err := w.rooms.Get(w.t.Context(), w.browser)
	return err == nil && s.EndedAt.IsZero()
}

// OpenID Connect RP-Initiated Logout 1.0 sections 2 and 3; SSO-05.
func TestSSO05_EndSession(t *testing.T) {
	t.Parallel()
	const bye = "https://revenue.example/bye"
	cases := []struct {
		name string
		send func(w *world, hint string) []string
		want string // the page
		ends bool
	}{
		{"hint, address and state", func(_ *world, h string) []string {
			return []string{"id_token_hint", h, "post_logout_redirect_uri", bye, "state", "a&b=c"}
		}, "ledger 1 " + bye + "?state=a%26b%3Dc", true},
		{"an address with a query of its own", func(_ *world, h string) []string {
			return []string{"id_token_hint", h, "post_logout_redirect_uri", bye + "?fixed=1", "state", "s", "client_id", "revenue"}
		}, "ledger 1 " + bye + "?fixed=1&state=s", true},
		{"hint without an address", func(_ *world, h string) []string { return []string{"id_token_hint", h, "state", "s"} }, "ledger 1 ", true},
		{"an expired hint", func(w *world, h string) []string {
			w.clock.forward(48 * time.Hour)
			return []string{"id_token_hint", h}
		}, "ledger 1 ", true},
		{"a repeated state", func(_ *world, h string) []string {
			return []string{"id_token_hint", h, "post_logout_redirect_uri", bye, "state", "a", "state", "b"}
		}, "page: invalid", false},
		{"client_id alone", func(*world, string) []string {
			return []string{"client_id", "revenue", "post_logout_redirect_uri", bye, "state", "s"}
		}, "ask revenue " + bye + "?state=s", false},
		{"nothing", func(*world, string) []string { return nil }, "ask  ", false},
		{"state alone", func(*world, string) []string { return []string{"state", "s"} }, "ask  ", false},
		{"no client for the address", func(*world, string) []string { return []string{"post_logout_redirect_uri", bye} }, "page: invalid", false},
		{"an address of another client", func(_ *world, h string) []string {
			return []string{"id_token_hint", h, "post_logout_redirect_uri", "https://land.example/bye"}
		}, "page: invalid", false},
		{"an address with more behind it", func(_ *world, h string) []string {
			return []string{"id_token_hint", h, "post_logout_redirect_uri", bye + "?x=1"}
		}, "page: invalid", false},
		{"a hint of another client", func(_ *world, h string) []string { return []string{"id_token_hint", h, "client_id", "land"} }, "page: invalid", false},
		{"an unknown client", func(*world, string) []string { return []string{"client_id", "nobody"} }, "page: invalid", false},
		{"a client that is not live", func(*world, string) []string {
			return []string{"client_id", "draft", "post_logout_redirect_uri", "https://draft.example/bye"}
		}, "page: suspended", false},
		{"a forged hint", func(_ *world, h string) []string { return []string{"id_token_hint", forged(h)} }, "ask  ", false},
		{"a forged hint with an address", func(_ *world, h string) []string {
			return []string{"id_token_hint", forged(h), "post_logout_redirect_uri", bye}
		}, "page: invalid", false},
		{"a forged hint beside a client", func(_ *world, h string) []string {
			return []string{"id_token_hint", forged(h), "client_id", "revenue", "post_logout_redirect_uri", bye}
		}, "ask revenue " + bye, false},
		{"a hint that is no token", func(*world, string) []string { return []string{"id_token_hint", "x"} }, "ask  ", false},
		{"an access token as hint", func(w *world, _ string) []string { return []string{"id_token_hint", w.access()} }, "ask  ", false},
		{"a logout token as hint", func(w *world, h string) []string {
			_, claims := payload(w.t, h)
			raw, err := theRing().SignJWT("ES256", "logout+jwt", claims)
			must(err)
			return []string{"id_token_hint", raw}
		}, "ask  ", false},
		{"somebody else's session", func(w *world, h string) []string {
			w.signIn("person-two")
			w.browser = w.session.ID
			return []string{"id_token_hint", h, "post_logout_redirect_uri", bye, "state", "s"}
		}, "ledger 0 " + bye + "?state=s", false},
		{"an earlier session of the same person", func(w *world, h string) []string {
			w.signIn("person-one")
			w.browser = w.session.ID
			return []string{"id_token_hint", h, "post_logout_redirect_uri", bye}
		}, "ask revenue " + bye, false},
		{"an earlier session that nobody remembers", func(w *world, h string) []string {
			delete(w.rooms.sessions, w.session.ID)
			w.signIn("person-one")
			w.browser = w.session.ID
			return []string{"id_token_hint", h}
		}, "ledger 0 ", false},
		{"a hint whose subject and session are of different people", func(w *world, h string) []string {
			_, claims := payload(w.t, h)
			claims["sub"] = "another"
			raw, err := theRing().SignJWT("ES256", "JWT", claims)
			must(err)
			return []string{"id_token_hint", raw}
		}, "page: invalid", false},
		{"a hint encrypted for us", func(_ *world, h string) []string { return []string{"id_token_hint", encrypted(h, jose.RSA_OAEP_256)} }, "ledger 1 ", true},
		{"a hint encrypted for somebody else", func(_ *world, h string) []string { return []string{"id_token_hint", encrypted(h, jose.ECDH_ES)} }, "ask  ", false},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, hint := leaving(t)
			if got := w.endSession(tc.send(w, hint)...); got.body != tc.want {
				t.Errorf("%d %q, want %q", got.StatusCode, got.body, tc.want)
			}
			if w.signedIn() == tc.ends {
				t.Errorf("signed in: %v", w.signedIn())
			}
			switch {
			case tc.ends && (len(w.ends) != 1 || w.ends[0].Reason != session.EndedBySystem || w.ends[0].System != "revenue" || w.dropped != 1 || len(w.waits) != 1):
				t.Errorf("ended by %v, cookie dropped %d times, waited for %v", w.ends, w.dropped, w.waits)
			case !tc.ends && (len(w.ends) > 0 || w.dropped > 0):
				t.Errorf("something was done: %v, %d", w.ends, w.dropped)
			}
		})
	}
}

func forged(raw string) string {
	head, rest, _ := strings.Cut(raw, ".")
	body, _, _ := strings.Cut(rest, ".")
	return head + "." + body + "." + strings.Repeat("A", 86)
}

func encrypted(raw string, alg jose.KeyAlgorithm) string {
	var key any = theRing().private["RS256"].Public()
	if alg == jose.ECDH_ES {
		other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(err)
		key = other.Public()
	}
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: alg, Key: key}, (&jose.EncrypterOptions{}).WithContentType("JWT"))
	must(err)
	jwe, err := e.Encrypt([]byte(raw))
	must(err)
	text, err := jwe.CompactSerialize()
	must(err)
	return text
}

// A form that comes from another site has no SameSite=Lax cookies: a page of ours sends it once more, and only once.
func TestSSO05_EndSessionByPost(t *testing.T) {
	t.Parallel()
	w, hint := leaving(t)
	form := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"https://revenue.example/bye"}, "state": {"s"}}
	post := func(v url.Values, site string) reply {
		return w.do(w.request(http.MethodPost, oidcop.EndSessionPath, v.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", site))
	}
	if got := post(form, "cross-site"); got.body != "form to "+w.issuer()+oidcop.EndSessionPath || !w.signedIn() {
		t.Fatalf("%d %q", got.StatusCode, got.body)
	}
	if w.posted.Get("id_token_hint") != hint || w.posted.Get("state") != "s" {
		t.Errorf("the form lost something: %v", w.posted)
	}
	if got := post(w.posted, "cross-site"); got.body != "ledger 0 https://revenue.example/bye?state=s" || !w.signedIn() {
		t.Errorf("without a session, a second time: %d %q", got.StatusCode, got.body)
	}
	if got := post(w.posted, "same-origin"); got.body != "ledger 1 https://revenue.example/bye?state=s" || w.signedIn() {
		t.Errorf("%d %q", got.StatusCode, got.body)
	}
	if got := w.do(w.request(http.MethodPost, oidcop.EndSessionPath+"?state=s", "", "Content-Type", "application/x-www-form-urlencoded")); got.body != "page: invalid" {
		t.Errorf("parameters in the query of a POST: %q", got.body)
	}
	if got := w.do(w.request(http.MethodPut, oidcop.EndSessionPath, "")); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", got.StatusCode)
	}
}

// Without a session there is nothing to end, and nothing to ask.
func TestSSO05_EndSessionWithoutASession(t *testing.T) {
	t.Parallel()
	w, hint := leaving(t)
	w.browser = ""
	if got := w.endSession("id_token_hint", hint, "post_logout_redirect_uri", "https://revenue.example/bye"); got.body != "ledger 0 https://revenue.example/bye" {
		t.Errorf("%q", got.body)
	}
	if got := w.endSession("client_id", "revenue"); got.body != "ledger 0 " {
		t.Errorf("%q", got.body)
	}
	if s, _ := w.rooms.Get(t.Context(), w.session.ID); !s.EndedAt.IsZero() {
		t.Error("a hint in another browser ended the session")
	}
}

// Invariant 6 of what is not known: a failure of the database is a failure, not a logout.
func TestSSO05_EndSessionWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	w, hint := leaving(t)
	w.rooms.broken = hub.Errorf("rooms", hub.Unavailable, "down")
	if got := w.endSession("id_token_hint", hint); got.body != "page: unavailable" || !w.signedIn() {
		t.Errorf("%q", got.body)
	}
}

func TestDiscoverySaysHowToLogOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.do(w.request(http.MethodGet, "/.well-known/openid-configuration", "")).json(t)
	if m["end_session_endpoint"] != w.issuer()+oidcop.EndSessionPath {
		t.Errorf("end_session_endpoint %v", m["end_session_endpoint"])
	}
	for _, name := range []string{
		"backchannel_logout_supported", "backchannel_logout_session_supported", "frontchannel_logout_supported", "frontchannel_logout_session_supported",
	} {
		if m[name] != true {
			t.Errorf("%s is %v", name, m[name])
		}
	}
}

func FuzzEndSession(f *testing.F) {
	w, hint := leaving(f)
	f.Add("id_token_hint=" + hint)
	f.Add("id_token_hint=a.b.c.d.e&client_id=revenue&post_logout_redirect_uri=https%3A%2F%2Frevenue.example%2Fbye&state=s")
	f.Add("ui_locales=th+en&logout_hint=x")
	f.Fuzz(func(t *testing.T, query string) {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, oidcop.EndSessionPath, strings.NewReader(query))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		rec := httptest.NewRecorder()
		w.op.EndSession(rec, req)
		got := rec.Body.String()
		onward := strings.TrimPrefix(strings.TrimPrefix(got, "ledger 0 "), "ledger 1 ")
		if strings.HasPrefix(got, "ledger") && onward != "" && !strings.HasPrefix(onward, "https://revenue.example/bye") && !strings.HasPrefix(onward, "https://land.example/bye") {
			t.Errorf("led to %q", onward)
		}
	})
}
