package oidcop_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
)

func (w *world) push(v url.Values) reply { w.t.Helper(); return w.post("/oauth2/par", "revenue", v) }

func (w *world) pushedURI(v url.Values) string {
	w.t.Helper()
	r := w.push(v)
	if r.StatusCode != http.StatusCreated || r.Header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	m := r.json(w.t)
	if m["expires_in"] != float64(60) || !strings.HasPrefix(m["request_uri"].(string), "urn:ietf:params:oauth:request_uri:") {
		w.t.Errorf("%v", m)
	}
	return m["request_uri"].(string)
}

func (w *world) byURI(uri string, more ...string) reply {
	w.t.Helper()
	v := url.Values{"client_id": {"revenue"}, "request_uri": {uri}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return w.authorize(v)
}

func TestRFC9126_APushedRequestIsTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	uri := w.pushedURI(form("scope", "openid profile", "max_age", "300", "ui_locales", "th"))
	w.wantEvent("authorization.pushed")
	// what the browser says beside it counts for nothing
	q := w.byURI(uri, "scope", "openid address", "redirect_uri", "https://evil.example/", "state", "mine", "prompt", "login").location(t)
	if q.Get("code") == "" || q.Get("state") != "st&te=1" {
		t.Fatalf("%v", q)
	}
	req := w.lastRequest()
	if req.Force || req.MaxAge == nil || *req.MaxAge != 300*time.Second || len(req.Languages) != 1 {
		t.Errorf("%+v", req)
	}
	if r := w.redeem(q.Get("code")); r.StatusCode != http.StatusOK {
		t.Error(r.body)
	}
}

// A browser may come again with a request URI while nobody has answered the first time: a page is loaded again. One of them is answered,
// however long the login took; and a no is an answer too.
func TestFAPI2_ARequestURIServesUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	uri := w.pushedURI(form())
	var second reply
	w.during = func() {
		w.during = nil
		second = w.byURI(uri)
	}
	first := w.byURI(uri)
	if q := second.location(t); q.Get("code") == "" {
		t.Errorf("the second: %v", q)
	}
	if first.StatusCode != http.StatusBadRequest || !strings.HasPrefix(first.body, "page:") {
		t.Errorf("the first, which came to its end later: %d %s", first.StatusCode, first.body)
	}
	w.wantEvent("authorization.refused request_uri_consumed")
	if n := len(w.db.grants); n != 1 {
		t.Errorf("%d grants", n)
	}

	uri = w.pushedURI(form())
	w.during = func() { w.clock.forward(10 * time.Minute) }
	if q := w.byURI(uri).location(t); q.Get("code") == "" {
		t.Errorf("after a long login: %v", q)
	}
	w.during = nil

	uri = w.pushedURI(form())
	w.login = failing(hub.Denied)
	if q := w.byURI(uri).location(t); q.Get("error") != "access_denied" {
		t.Errorf("%v", q)
	}
	w.login = w.resume
	if r := w.byURI(uri); r.StatusCode != http.StatusBadRequest {
		t.Errorf("after a no: %d %s", r.StatusCode, r.body)
	}

	uri = w.pushedURI(form())
	w.login = func(req login.Request) login.Result { // what could not be answered can be tried again
		res := w.resume(req)
		res.Settle = func(context.Context) ([]audit.Event, error) { return nil, hub.Errorf("test", hub.Unavailable, "down") }
		return res
	}
	if q := w.byURI(uri).location(t); q.Get("error") != "temporarily_unavailable" {
		t.Errorf("%v", q)
	}
	w.login = w.resume
	if q := w.byURI(uri).location(t); q.Get("code") == "" {
		t.Errorf("after a failure of ours: %v", q)
	}
}

func TestInvariant6_ARequestURICountsOnceAndForAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused := func(name string, r reply, reason string) {
		t.Helper()
		if r.StatusCode != http.StatusBadRequest || !strings.HasPrefix(r.body, "page:") {
			t.Errorf("%s: %d %s: there is no redirect URI to go by", name, r.StatusCode, r.body)
		}
		w.wantEvent("authorization.refused " + reason)
	}
	uri := w.pushedURI(form())
	var all sync.WaitGroup
	won := make(chan bool, 8)
	for range 8 {
		all.Go(func() { won <- w.byURI(uri).StatusCode == http.StatusSeeOther })
	}
	all.Wait()
	close(won)
	n := 0
	for ok := range won {
		if ok {
			n++
		}
	}
	if n != 1 {
		t.Errorf("par-attempt-reuse-request_uri: %d of 8", n)
	}
	refused("used", w.byURI(uri), "request_uri_consumed")
	late := w.pushedURI(form())
	w.clock.forward(time.Minute)
	refused("trap 3: fosite never checks the expiry", w.byURI(late), "request_uri_expired")
	other := w.pushedURI(form())
	refused("another client's", w.authorize(url.Values{"client_id": {"land"}, "request_uri": {other}}), "request_uri_not_found")
	if q := w.byURI(other).location(t); q.Get("code") == "" {
		t.Error("somebody else's try has used it up")
	}
	refused("unknown", w.byURI("urn:ietf:params:oauth:request_uri:"+strings.Repeat("A", 43)), "request_uri_not_found")
	refused("malformed", w.byURI("urn:ietf:params:oauth:request_uri:x"), "request_uri_not_found")
}

func TestTrap3_NothingOfAPushedRequestCanBeReadInTheDatabase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := form("login_hint", person, "claims", `{"userinfo":{"citizen_id":{"value":"`+person+`"}}}`)
	v.Set("client_secret", testSecret("revenue"))
	v.Set("client_id", "revenue")
	w.rooms.change("revenue", func(c *oidcop.Client) { c.AuthMethod = "client_secret_post" })
	r := w.do(w.request(http.MethodPost, "/oauth2/par", v.Encode()))
	if r.StatusCode != http.StatusCreated {
		t.Fatal(r.body)
	}
	var kept strings.Builder
	for _, p := range w.db.pushed {
		kept.Write(p.Sealed)
	}
	if q := w.byURI(r.json(t)["request_uri"].(string)).location(t); q.Get("code") == "" {
		t.Fatalf("%v", q)
	}
	kept.Write(w.lastRequest().Continue)
	for _, c := range w.db.codes {
		kept.Write(c.State)
	}
	for _, s := range []string{testSecret("revenue"), person, "redirect_uri=https%3A%2F%2Frevenue", base64.StdEncoding.EncodeToString([]byte(person))} {
		if strings.Contains(kept.String(), s) && s != "redirect_uri=https%3A%2F%2Frevenue" {
			t.Errorf("kept: %s", s)
		}
	}
}

func TestRFC9126_WhatCannotBePushed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tc := range map[string]struct {
		v      url.Values
		status int
		code   string
	}{
		"another redirect URI":       {form("redirect_uri", "https://revenue.example/cb2"), 400, "invalid_request"},
		"no redirect URI":            {form("redirect_uri", ""), 400, "invalid_request"},
		"no challenge":               {form("code_challenge", ""), 400, "invalid_request"},
		"plain challenge":            {form("code_challenge_method", "plain"), 400, "invalid_request"},
		"a request URI":              {form("request_uri", "urn:ietf:params:oauth:request_uri:x"), 400, "invalid_request"},
		"unregistered scope":         {form("scope", "openid email"), 400, "invalid_scope"},
		"implicit":                   {form("response_type", "token"), 400, "unsupported_response_type"},
		"unsigned object":            {form("request", plain(`{"alg":"none"}`, claims{"scope": "openid"})), 400, "invalid_request_object"},
		"hint of nobody":             {form("id_token_hint", "x.y.z"), 400, "invalid_request"},
		"claims that are none":       {form("claims", "["), 400, "invalid_request"},
		"resource of nobody":         {form("resource", "https://api.example"), 400, "invalid_target"},
		"an essential acr of others": {form("claims", `{"id_token":{"acr":{"essential":true,"values":["silver"]}}}`), 400, "unmet_authentication_requirements"},
	} {
		r := w.push(tc.v)
		if r.StatusCode != tc.status || r.json(t)["error"] != tc.code {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
	}
	if len(w.db.pushed) > 0 {
		t.Error("kept all the same")
	}
	for name, r := range map[string]reply{
		"GET":       w.do(w.request(http.MethodGet, "/oauth2/par", "")),
		"no secret": w.do(w.request(http.MethodPost, "/oauth2/par", form().Encode())),
	} {
		if r.StatusCode != http.StatusMethodNotAllowed && r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	w.db.fail(hub.Errorf("db", hub.Unavailable, ""))
	w.wantError(w.push(form()), http.StatusServiceUnavailable, "temporarily_unavailable")
}

func TestRFC9126_ObligatoryWhereTheClientWants(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.RequirePAR = true })
	if q := w.authorize(form()).location(t); q.Get("error") != "invalid_request" || q.Get("state") == "" {
		t.Errorf("%v", q)
	}
	if q := w.byURI(w.pushedURI(form())).location(t); q.Get("code") == "" {
		t.Errorf("%v", q)
	}
}

// object is a good request object.
func (w *world) object() claims {
	now := w.clock.now()
	o := claims{
		"iss": "revenue", "aud": w.issuer(), "exp": now.Add(5 * time.Minute).Unix(), "nbf": now.Unix(), "jti": freshID(), "client_id": "revenue",
	}
	for name, v := range form() {
		o[name] = v[0]
	}
	return o
}

func (w *world) keys() {
	w.rooms.change("revenue", func(c *oidcop.Client) { c.JWKS = jwks("ec:sig", "rsa:sig") })
}

func (w *world) byObject(object string, more ...string) reply {
	w.t.Helper()
	v := url.Values{"client_id": {"revenue"}, "request": {object}, "redirect_uri": {"https://revenue.example/cb"}, "state": {"outer"}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return w.authorize(v)
}

func TestTraps1And2_ASignedRequestObjectSaysItAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keys()
	o := w.object().with("max_age", 300, "claims", map[string]any{"userinfo": map[string]any{"name": nil}}, "prompt", "consent")
	q := w.byObject(sign(t, "rsa", "PS256", "oauth-authz-req+jwt", o), "scope", "openid address", "max_age", "5", "prompt", "login").location(t)
	if q.Get("code") == "" || q.Get("state") != "st&te=1" {
		t.Fatalf("%v", q)
	}
	req := w.lastRequest()
	if req.MaxAge == nil || *req.MaxAge != 300*time.Second {
		t.Errorf("trap 1: max_age got lost: %v", req.MaxAge)
	}
	if req.Force || !req.AskConsent {
		t.Error("trap 2: what stands beside the object counts")
	}
	// pushed
	r := w.push(url.Values{"request": {sign(t, "ec", "ES256", "", w.object())}, "scope": {"openid address"}})
	if r.StatusCode != http.StatusCreated {
		t.Fatal(r.body)
	}
	if q := w.byURI(r.json(t)["request_uri"].(string)).location(t); q.Get("code") == "" {
		t.Errorf("%v", q)
	}
}

func TestRFC9101_ObjectsThatSayNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keys()
	now := w.clock.now()
	good := w.object
	es := func(c claims) string { return sign(t, "ec", "ES256", "oauth-authz-req+jwt", c) }
	spent := es(good())
	if q := w.byObject(spent).location(t); q.Get("code") == "" {
		t.Fatalf("%v", q)
	}
	reached := w.reached()
	for name, object := range map[string]string{
		"alg none":                     plain(`{"alg":"none"}`, good()),
		"the same again":               spent,
		"RS256, which is not agreed":   sign(t, "rsa", "RS256", "JWT", good()),
		"another key":                  sign(t, "ec2", "ES256", "JWT", good()),
		"another issuer":               es(good().with("iss", "land")),
		"no issuer":                    es(good().with("iss", nil)),
		"another client":               es(good().with("client_id", "land")),
		"no client":                    es(good().with("client_id", nil)),
		"another audience":             es(good().with("aud", "https://other.example")),
		"no audience":                  es(good().with("aud", nil)),
		"expired":                      es(good().with("exp", now.Add(-time.Minute).Unix(), "nbf", now.Add(-2*time.Minute).Unix())),
		"no expiry":                    es(good().with("exp", nil)),
		"a life of two hours":          es(good().with("exp", now.Add(2*time.Hour).Unix())),
		"from eight hours ago":         es(good().with("nbf", now.Add(-8*time.Hour).Unix())),
		"not yet":                      es(good().with("nbf", now.Add(8*time.Minute).Unix())),
		"a client assertion":           es(good().with("sub", "revenue")),
		"its type":                     sign(t, "ec", "ES256", "client-authentication+jwt", good()),
		"an access token's type":       sign(t, "ec", "ES256", "at+jwt", good()),
		"a request in the request":     es(good().with("request", "x.y.z")),
		"a request URI in the request": es(good().with("request_uri", "https://revenue.example/ro")),
		"a list for one value":         es(good().with("scope", []string{"openid", "profile"})),
		"a line break":                 es(good().with("state", "a\nb")),
		"no JWT":                       "x",
	} {
		r := w.byObject(object)
		q := r.location(t)
		if q.Get("error") != "invalid_request_object" || q.Get("code") != "" || q.Get("iss") != w.issuer() {
			t.Errorf("%s: %v", name, q)
		}
	}
	if w.reached() != reached {
		t.Error("a login was begun")
	}
	// the object's own redirect URI is not believed, and neither is one beside it that is not registered
	if r := w.byObject(plain(`{"alg":"none"}`, good()), "redirect_uri", "https://evil.example/"); r.StatusCode != http.StatusBadRequest || r.Header.Get("Location") != "" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	if r := w.byObject(es(good().with("redirect_uri", "https://evil.example/"))); r.StatusCode != http.StatusBadRequest || r.Header.Get("Location") != "" {
		t.Errorf("%d %v", r.StatusCode, r.Header)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.RequireSignedRequest = true })
	if q := w.authorize(form()).location(t); q.Get("error") != "invalid_request" {
		t.Errorf("%v", q)
	}
	w.wantError(w.push(form()), http.StatusBadRequest, "invalid_request")
	w.rooms.change("revenue", func(c *oidcop.Client) { c.RequestAlgs = []string{"RS256"} })
	if q := w.byObject(sign(t, "rsa", "RS256", "JWT", good())).location(t); q.Get("code") == "" {
		t.Errorf("registered by name: %v", q)
	}
	if q := w.byObject(es(good())).location(t); q.Get("error") != "invalid_request_object" {
		t.Errorf("no longer registered: %v", q)
	}
}

func TestFormPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.authorize(form("response_mode", "form_post"))
	if r.StatusCode != http.StatusOK || r.body != "form to https://revenue.example/cb" || r.Header.Get("Location") != "" || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", r.StatusCode, r.body)
	}
	if w.posted.Get("code") == "" || w.posted.Get("state") != "st&te=1" || w.posted.Get("iss") != w.issuer() {
		t.Errorf("%v", w.posted)
	}
	if m := w.redeem(w.posted.Get("code")); m.StatusCode != http.StatusOK {
		t.Error(m.body)
	}
	w.login = failing(hub.Denied)
	if r := w.authorize(form("response_mode", "form_post")); r.StatusCode != http.StatusOK || w.posted.Get("error") != "access_denied" || w.posted.Get("code") != "" {
		t.Errorf("errors go the same way: %d %v", r.StatusCode, w.posted)
	}
	if r := w.authorize(form("response_mode", "form_post", "scope", "x")); r.StatusCode != http.StatusOK || w.posted.Get("error") != "invalid_scope" {
		t.Errorf("errors go the same way: %d %v", r.StatusCode, w.posted)
	}
	if q := w.authorize(form("response_mode", "query", "scope", "x")).location(t); q.Get("error") != "invalid_scope" {
		t.Errorf("%v", q)
	}
}

func TestRFC8707_ResourcesNarrowTheAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) {
		c.Audience = []oidcop.Resource{{System: "land", URI: "https://land.example/api"}, {System: "labour", URI: "https://labour.example/api"}, {System: "social", URI: socialAPI}}
	})
	sees := func(token string) (out string) {
		for _, c := range []hub.SystemID{"land", "labour", "social"} {
			if w.introspect(c, token).json(t)["active"] == true {
				out += string(c) + " "
			}
		}
		return out
	}
	plain := w.access()
	if got := sees(plain); got != "" || w.userinfo(plain).StatusCode != http.StatusOK {
		t.Errorf("without a wish: %s", got)
	}
	// Who is shown a token of an API's learns nothing at userinfo: neither the client's subject nor what the client is told.
	if r := w.userinfo(w.access("resource", "https://land.example/api")); r.StatusCode != http.StatusUnauthorized || strings.Contains(r.body, person) {
		t.Errorf("an API's token opens userinfo: %d", r.StatusCode)
	}
	w.wantEvent("userinfo.refused not_for_userinfo")
	both := form("scope", "openid offline_access")
	both["resource"] = []string{"https://land.example/api", "https://labour.example/api"}
	code := func(v url.Values) string { return w.authorize(v).location(t).Get("code") }
	m := w.redeem(code(both)).json(t)
	if got := sees(m["access_token"].(string)); got != "land labour " {
		t.Errorf("two: %s", got)
	}
	less := w.refresh(m["refresh_token"].(string), "resource", "https://labour.example/api").json(t)
	if got := sees(less["access_token"].(string)); got != "labour " {
		t.Errorf("fewer at the refresh: %s", got)
	}
	again := w.refresh(less["refresh_token"].(string)).json(t)
	if got := sees(again["access_token"].(string)); got != "land labour " {
		t.Errorf("the grant keeps them: %s", got)
	}
	if got := sees(w.redeem(code(both), "resource", "https://land.example/api").json(t)["access_token"].(string)); got != "land " {
		t.Errorf("fewer at the token endpoint: %s", got)
	}
	one := form("resource", "https://land.example/api")
	w.wantError(w.redeem(code(one), "resource", "https://labour.example/api"), http.StatusBadRequest, "invalid_target")
	for _, uri := range []string{"https://land.example/api/", "https://evil.example", "land", "social", "https://land.example"} {
		if q := w.authorize(form("resource", uri)).location(t); q.Get("error") != "invalid_target" {
			t.Errorf("%s: %v", uri, q)
		}
	}
	c := w.authorize(one).location(t).Get("code")
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Audience = nil })
	if got := sees(w.redeem(c).json(t)["access_token"].(string)); got != "" {
		t.Errorf("taken back: %s", got)
	}
}
