package app

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub/hubtest/formbrowser"
	"onedoor/tenants"
)

// TestOIDCC_RPInitiatedLogoutOP goes through oidcc-rp-initiated-logout-certification-test-plan.
func TestOIDCC_RPInitiatedLogoutOP(t *testing.T) {
	t.Parallel()
	s, _ := newLogoutSuite(t)
	s.plan(t, "", []module{
		{"oidcc-rp-initiated-logout", func(x *caller) {
			hint := x.signedIn("logout")
			x.leftFor(x.leave("id_token_hint", hint, "post_logout_redirect_uri", bye, "state", "s&1"), "s&1", true)
			x.gone()
		}},
		{"oidcc-rp-initiated-logout-no-state", func(x *caller) {
			hint := x.signedIn("logout")
			x.leftFor(x.leave("id_token_hint", hint, "post_logout_redirect_uri", bye), "", true)
			x.gone()
		}},
		{"oidcc-rp-initiated-logout-no-post-logout-redirect-uri", func(x *caller) {
			hint := x.signedIn("logout")
			x.stays(x.leave("id_token_hint", hint, "state", "s"), http.StatusOK)
			x.gone()
		}},
		{"oidcc-rp-initiated-logout-no-params", func(x *caller) {
			x.signedIn("logout")
			x.asked(x.leave(), "")
			x.gone()
		}},
		{"oidcc-rp-initiated-logout-only-state", func(x *caller) {
			x.signedIn("logout")
			x.asked(x.leave("state", "s"), "")
			x.gone()
		}},
		{"oidcc-rp-initiated-logout-no-id-token-hint", func(x *caller) {
			x.signedIn("logout")
			x.stays(x.leave("post_logout_redirect_uri", bye, "state", "s"), http.StatusBadRequest)
			x.asked(x.leave("client_id", x.parties["logout"].id, "post_logout_redirect_uri", bye, "state", "s"), "s")
			x.gone()
		}},
		{"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", func(x *caller) {
			hint := x.signedIn("logout")
			x.stays(x.leave("id_token_hint", hint, "post_logout_redirect_uri", away+"/other", "state", "s"), http.StatusBadRequest)
			x.still()
		}},
		{"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", func(x *caller) {
			hint := x.signedIn("logout")
			x.stays(x.leave("id_token_hint", hint, "post_logout_redirect_uri", bye+"?foo=bar", "state", "s"), http.StatusBadRequest)
			x.still()
		}},
		{"oidcc-rp-initiated-logout-bad-id-token-hint", func(x *caller) {
			x.signedIn("logout")
			key, _ := clientKey(x.t, "x")
			bad := x.sign(key, map[string]any{"iss": x.issuer, "sub": "x", "aud": x.parties["logout"].id, "sid": "x"}, "JWT")
			x.stays(x.leave("id_token_hint", bad, "post_logout_redirect_uri", bye, "state", "s"), http.StatusBadRequest)
			x.still()
		}},
		{"oidcc-rp-initiated-logout-modified-id-token-hint", func(x *caller) {
			hint := x.signedIn("logout")
			head, rest, _ := strings.Cut(hint, ".")
			body, _, _ := strings.Cut(rest, ".")
			x.stays(x.leave("id_token_hint", head+"."+body+"."+strings.Repeat("A", 86), "post_logout_redirect_uri", bye, "state", "s"), http.StatusBadRequest)
			x.still()
		}},
	})
}

// TestOIDCC_BackchannelLogoutOP goes through oidcc-backchannel-rp-initiated-logout-certification-test-plan.
func TestOIDCC_BackchannelLogoutOP(t *testing.T) {
	t.Parallel()
	s, ear := newLogoutSuite(t)
	s.plan(t, "", []module{{"oidcc-backchannel-rp-initiated-logout", func(x *caller) {
		p := x.parties["heard"]
		got, v := x.login(p)
		claims := x.idToken(p, v, got)
		x.leftFor(x.leave("id_token_hint", got.rawID, "post_logout_redirect_uri", bye, "state", "s"), "s", true)
		raw := ear.wait(x.t).Get("logout_token")
		payload, alg := x.verify(raw)
		var told map[string]any
		if err := json.Unmarshal(payload, &told); err != nil {
			x.t.Fatal(err)
		}
		events, _ := told["events"].(map[string]any)
		if _, ours := events["http://schemas.openid.net/event/backchannel-logout"].(map[string]any); !ours || len(events) != 1 {
			x.t.Errorf("events %v", told["events"])
		}
		for _, name := range []string{"iss", "aud", "sub", "sid"} {
			if told[name] == nil || told[name] != claims[name] {
				x.t.Errorf("%s is %v, and was %v in the ID token", name, told[name], claims[name])
			}
		}
		if told["nonce"] != nil || told["jti"] == nil || told["iat"] == nil || told["exp"] == nil || alg != "ES256" {
			x.t.Errorf("%s with %v", alg, told)
		}
	}}})
}

// TestOIDCC_FrontchannelLogoutOP goes through oidcc-frontchannel-rp-initiated-logout-certification-test-plan.
func TestOIDCC_FrontchannelLogoutOP(t *testing.T) {
	t.Parallel()
	s, _ := newLogoutSuite(t)
	s.plan(t, "", []module{{"oidcc-frontchannel-rp-initiated-logout", func(x *caller) {
		p := x.parties["framed"]
		got, v := x.login(p)
		claims := x.idToken(p, v, got)
		page := x.leave("id_token_hint", got.rawID, "post_logout_redirect_uri", bye, "state", "s")
		want := away + "/frame?" + url.Values{"iss": {x.issuer}, "sid": {claims["sid"].(string)}}.Encode()
		if page.Away() || !strings.Contains(page.Body, strings.ReplaceAll(want, "&", "&amp;")) {
			x.t.Errorf("no frame with %s in\n%s", want, page.Body)
		}
		if !strings.Contains(page.Body, `href="`+bye+`?state=s"`) || strings.Contains(page.Body, "url="+bye) {
			x.t.Error("the page must lead on by a link, and not by itself: nobody has confirmed")
		}
	}}})
}

// bye is where relying parties have people go after a logout.
const bye = away + "/bye"

// ear is a back channel of a relying party.
type ear struct {
	mu    sync.Mutex
	heard []url.Values
	news  chan struct{}
}

// ServeHTTP takes what is told.
func (e *ear) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ParseForm() != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	e.mu.Lock()
	e.heard = append(e.heard, r.PostForm)
	e.mu.Unlock()
	select {
	case e.news <- struct{}{}:
	default:
	}
}

// wait gives the first thing that was told.
func (e *ear) wait(t *testing.T) url.Values {
	t.Helper()
	select {
	case <-e.news:
	case <-time.After(patience):
		t.Fatal("nobody told anything")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.heard[0]
}

// newLogoutSuite is a suite with relying parties that want to know of logouts.
func newLogoutSuite(t *testing.T) (*suite, *ear) {
	t.Helper()
	e := &ear{news: make(chan struct{}, 1)}
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	s := newSuite(t)
	ctx, stop := context.WithCancel(context.Background())
	var beside sync.WaitGroup
	beside.Go(func() { s.hub.logout.Run(ctx) })
	t.Cleanup(func() { stop(); beside.Wait() })
	leads := func(o *tenants.OIDC) { o.PostLogoutRedirectURIs, o.PKCEOptional = []string{bye}, true }
	s.add(t, "logout", "client_secret_basic", leads)
	s.add(t, "heard", "client_secret_basic", func(o *tenants.OIDC) { leads(o); o.BackchannelLogoutURI = server.URL + "/backchannel" })
	s.add(t, "framed", "client_secret_basic", func(o *tenants.OIDC) { leads(o); o.FrontchannelLogoutURI = away + "/frame" })
	if err := s.hub.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, e
}

// signedIn logs in and gives the ID token.
func (x *caller) signedIn(name string) string {
	x.t.Helper()
	got, _ := x.login(x.parties[name])
	return got.rawID
}

// leave sends the browser to the end session endpoint.
func (x *caller) leave(pairs ...string) *formbrowser.Page {
	x.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	p, err := x.b.Open(x.t.Context(), x.endpoint(x.t, "end_session_endpoint")+"?"+v.Encode())
	if err != nil {
		x.t.Fatal(err)
	}
	return p
}

// leftFor wants the browser at the relying party's page for after a logout, with the state. By itself it goes on only where nothing is left
// that the person must know.
func (x *caller) leftFor(p *formbrowser.Page, state string, byItself bool) {
	x.t.Helper()
	if !p.Away() { // who confirmed is shown first; then the page leads on by itself
		if strings.Contains(p.Body, `content="5; url=`+bye) != byItself {
			x.t.Errorf("the page leads on by itself: %v\n%s", !byItself, p.Body)
		}
		next, err := p.Follow(x.t.Context(), bye)
		if err != nil {
			x.t.Fatal(err)
		}
		p = next
	}
	if !p.Away() || !strings.HasPrefix(p.URL.String(), bye) || p.Params.Get("state") != state || p.Params.Has("state") != (state != "") {
		x.t.Errorf("at %s with %v", p.URL, p.Params)
	}
}

// stays wants a page of the hub.
func (x *caller) stays(p *formbrowser.Page, status int) {
	x.t.Helper()
	if p.Away() || p.Status != status || p.URL.Host != strings.TrimPrefix(x.issuer, "http://") {
		x.t.Errorf("%d at %s", p.Status, p.URL)
	}
}

// asked wants the question, answers it with yes, and wants to be led on where a state is to come along.
func (x *caller) asked(p *formbrowser.Page, state string) {
	x.t.Helper()
	f := p.FormWith("csrf")
	if f == nil {
		x.t.Fatal(p.Errorf("nothing was asked"))
	}
	x.still()
	next, err := f.Press(x.t.Context(), "what", "all")
	if err != nil {
		x.t.Fatal(err)
	}
	if state != "" {
		x.leftFor(next, state, false)
		return
	}
	x.stays(next, http.StatusOK)
}

// still wants the person signed in.
func (x *caller) still() {
	x.t.Helper()
	x.code(x.request(x.parties["logout"], "prompt", "none"))
}

// gone wants the person signed out.
func (x *caller) gone() {
	x.t.Helper()
	x.refused(x.request(x.parties["logout"], "prompt", "none"), "login_required", "interaction_required")
}
