package oidcop_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
)

// listener is a department's back-channel logout endpoint.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	forms  []url.Values
	header http.Header
	answer http.HandlerFunc
}

func listen(t *testing.T, answer http.HandlerFunc) *listener {
	t.Helper()
	l := &listener{answer: answer}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.ParseForm() != nil {
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		l.mu.Lock()
		l.forms, l.header = append(l.forms, r.PostForm), r.Header
		l.mu.Unlock()
		l.answer(w, r)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) last(t *testing.T) url.Values {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.forms) == 0 {
		t.Fatal("nobody called")
	}
	return l.forms[len(l.forms)-1]
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func (w *world) way() *oidcop.Way {
	w.t.Helper()
	way, err := w.op.Way(&http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second})
	must(err)
	return way
}

func (w *world) notice(system hub.SystemID) logout.Notice {
	return logout.Notice{
		ID: hub.NewID(rand.Reader), Session: w.session.ID, Account: w.session.Account, System: system, Protocol: oidcop.Protocol,
		Cause: session.Cause{Reason: session.EndedByPerson}, At: w.clock.now(), Until: w.clock.now().Add(time.Hour),
	}
}

// OpenID Connect Back-Channel Logout 1.0 section 2.4: exactly these claims, and the same names for person and session as in the ID token.
func TestSSO05_LogoutToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := listen(t, status(http.StatusOK))
	w.rooms.change("revenue", func(c *oidcop.Client) { c.BackchannelLogoutURI = l.URL + "/out?x=1" })
	_, id := payload(t, w.tokens()["id_token"].(string))
	n := w.notice("revenue")
	way := w.way()
	if err := way.Tell(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	form := l.last(t)
	if len(form) != 1 || len(form["logout_token"]) != 1 {
		t.Errorf("form %v", form)
	}
	if got := l.header.Get("Content-Type"); got != "application/x-www-form-urlencoded" {
		t.Errorf("Content-Type %q", got)
	}
	head, claims := payload(t, form.Get("logout_token"))
	if head["alg"] != "ES256" || head["typ"] != "logout+jwt" || head["kid"] != "kES256" {
		t.Errorf("header %v", head)
	}
	now := float64(w.clock.now().Unix())
	for name, want := range map[string]any{
		"iss": w.issuer(), "aud": "revenue", "sub": id["sub"], "sid": id["sid"], "jti": n.ID, "iat": now, "exp": now + 120,
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	events, _ := json.Marshal(claims["events"])
	if string(events) != `{"http://schemas.openid.net/event/backchannel-logout":{}}` || len(claims) != 8 {
		t.Errorf("claims %v", claims)
	}
	if _, there := claims["nonce"]; there {
		t.Error("a logout token must have no nonce")
	}
	w.clock.forward(time.Hour)
	must(way.Tell(t.Context(), n))
	_, again := payload(t, l.last(t).Get("logout_token"))
	if again["jti"] != n.ID || again["iat"] == claims["iat"] {
		t.Errorf("a second try: %v", again)
	}
}

// It is protected as the client's ID tokens are.
func TestSSO05_LogoutTokenIsProtectedAsIDTokensAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := listen(t, status(http.StatusNoContent))
	key := theRing().private["RS256"]
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "enc", Use: "enc", Algorithm: "RSA-OAEP-256"}}})
	must(err)
	w.rooms.change("land", func(c *oidcop.Client) { c.BackchannelLogoutURI = l.URL }) // RS256
	must(w.way().Tell(t.Context(), w.notice("land")))
	if head, _ := payload(t, l.last(t).Get("logout_token")); head["alg"] != "RS256" {
		t.Errorf("header %v", head)
	}
	w.rooms.change("labour", func(c *oidcop.Client) {
		c.BackchannelLogoutURI, c.JWKS, c.Encryption = l.URL, string(set), oidcop.Encryption{Alg: "RSA-OAEP-256", Enc: "A256GCM"}
	})
	must(w.way().Tell(t.Context(), w.notice("labour")))
	jwe, err := jose.ParseEncryptedCompact(l.last(t).Get("logout_token"), []jose.KeyAlgorithm{jose.RSA_OAEP_256}, []jose.ContentEncryption{jose.A256GCM})
	must(err)
	inner, err := jwe.Decrypt(key)
	must(err)
	if head, claims := payload(t, string(inner)); head["alg"] != "PS256" || head["typ"] != "logout+jwt" || claims["aud"] != "labour" {
		t.Errorf("inside: %v %v", head, claims)
	}
	w.rooms.change("labour", func(c *oidcop.Client) { c.JWKS = "" })
	if err := w.way().Tell(t.Context(), w.notice("labour")); !errors.Is(err, hub.Unavailable) || errors.Is(err, hub.NotFound) {
		t.Errorf("without the client's key: %v; it must be tried again, and never go out in the clear", err)
	}
}

// OpenID Connect Back-Channel Logout 1.0 section 2.8, and what is no answer of it.
func TestSSO05_AnswersToALogoutToken(t *testing.T) {
	t.Parallel()
	elsewhere := listen(t, status(http.StatusOK))
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		kind   hub.Kind
	}{
		"200": {status(http.StatusOK), ""},
		"204": {status(http.StatusNoContent), ""},
		"400": {status(http.StatusBadRequest), hub.Refused},
		"404": {status(http.StatusNotFound), hub.Unavailable},
		"500": {status(http.StatusInternalServerError), hub.Unavailable},
		"202": {status(http.StatusAccepted), hub.Unavailable},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, hub.Unavailable},
		"hangs up":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, hub.Unavailable},
		"endless 200": {func(w http.ResponseWriter, r *http.Request) { endless(w, r) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			l := listen(t, tc.answer)
			w.rooms.change("revenue", func(c *oidcop.Client) { c.BackchannelLogoutURI = l.URL })
			err := w.way().Tell(t.Context(), w.notice("revenue"))
			if tc.kind == "" && err != nil || tc.kind != "" && hub.KindOf(err) != tc.kind {
				t.Errorf("%v, want %q", err, tc.kind)
			}
		})
	}
	t.Cleanup(func() {
		if len(elsewhere.forms) > 0 {
			t.Error("a redirect was followed")
		}
	})
}

// endless answers 200 and never stops talking until the caller goes.
func endless(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusOK)
	for r.Context().Err() == nil {
		if _, err := w.Write(make([]byte, 64<<10)); err != nil {
			return
		}
	}
}

func TestSSO05_AHangingClientIsLeftInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := listen(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	w.rooms.change("revenue", func(c *oidcop.Client) { c.BackchannelLogoutURI = l.URL })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := w.way().Tell(ctx, w.notice("revenue")); !errors.Is(err, hub.Unavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

// Which way there is, from best to none; OpenID Connect Front-Channel Logout 1.0 section 2.
func TestSSO05_MeansOfAClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	way := w.way()
	means := func(id hub.SystemID) logout.Means {
		return way.Means(session.Participant{Session: w.session.ID, System: id, Protocol: oidcop.Protocol})
	}
	if means("revenue") != logout.Nothing || means("nobody") != logout.Nothing {
		t.Error("a way to a client that has none")
	}
	if _, err := way.Visit(t.Context(), w.notice("revenue"), "https://back.example/"); !errors.Is(err, hub.NotFound) {
		t.Errorf("%v", err)
	}
	if err := way.Tell(t.Context(), w.notice("revenue")); !errors.Is(err, hub.NotFound) {
		t.Errorf("%v", err)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.FrontchannelLogoutURI = "https://revenue.example/out?x=1" })
	if means("revenue") != logout.Browser {
		t.Error("a frame is a way")
	}
	v, err := way.Visit(t.Context(), w.notice("revenue"), "https://back.example/")
	must(err)
	_, id := payload(t, w.tokens()["id_token"].(string))
	want := "https://revenue.example/out?x=1&" + url.Values{"iss": {w.issuer()}, "sid": {id["sid"].(string)}}.Encode()
	if !v.Frame || v.Fields != nil || v.URL != want {
		t.Errorf("%+v, want %s", v, want)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.BackchannelLogoutURI = "https://api.revenue.example:8443/out" })
	if means("revenue") != logout.Direct || way.Host(w.notice("revenue")) != "api.revenue.example:8443" {
		t.Error("the back channel is the best way")
	}
	w.rooms.broken = hub.Errorf("rooms", hub.Unavailable, "down")
	if means("revenue") != logout.Direct || way.Host(w.notice("revenue")) != "" {
		t.Error("what nobody knows now is tried")
	}
	if err := way.Tell(t.Context(), w.notice("revenue")); hub.KindOf(err) != hub.Unavailable {
		t.Errorf("%v", err)
	}
	if _, err := w.op.Way(nil); err == nil || way.Protocol() != "oidc" || strings.Contains(way.Host(w.notice("nobody")), "x") {
		t.Error("a way without a client")
	}
}
