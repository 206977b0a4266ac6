package oidcop_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
)

func TestNeverARedirectOnABadClientOrRedirectURI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, v := range map[string]url.Values{
		"no client":                      form("client_id", ""),
		"unknown client":                 form("client_id", "nobody"),
		"client that is no name":         form("client_id", "../etc/passwd"),
		"client that is not live":        form("client_id", "draft", "redirect_uri", "https://draft.example/cb"),
		"no redirect URI":                form("redirect_uri", ""),
		"another host":                   form("redirect_uri", "https://evil.example/cb"),
		"of another client":              form("redirect_uri", "https://social.example/cb?fixed=1"),
		"longer path":                    form("redirect_uri", "https://revenue.example/cb/more"),
		"path traversal":                 form("redirect_uri", "https://revenue.example/cb/../open"),
		"added query":                    form("redirect_uri", "https://revenue.example/cb?x=1"),
		"fragment":                       form("redirect_uri", "https://revenue.example/cb#x"),
		"user info":                      form("redirect_uri", "https://revenue.example@evil.example/cb"),
		"other case":                     form("redirect_uri", "https://REVENUE.example/cb"),
		"http":                           form("redirect_uri", "http://revenue.example/cb"),
		"loopback port, but not native":  form("redirect_uri", "http://127.0.0.1:80/cb"),
		"loopback name, not address":     form("client_id", "app", "redirect_uri", "http://localhost:5000/cb"),
		"native, another path":           form("client_id", "app", "redirect_uri", "http://127.0.0.1:5000/other"),
		"native, port on a fixed URI":    form("client_id", "app", "redirect_uri", "https://app.example:444/cb"),
		"native, host that begins alike": form("client_id", "app", "redirect_uri", "http://127.0.0.1.evil.example/cb"),
		"client twice":                   func() url.Values { v := form(); v.Add("client_id", "social"); return v }(),
		"redirect URI twice":             func() url.Values { v := form(); v.Add("redirect_uri", "https://evil.example"); return v }(),
		"control characters":             form("state", "a\r\nb"),
	} {
		before := len(w.db.kinds())
		r := w.authorize(v)
		if r.StatusCode != http.StatusBadRequest || !strings.HasPrefix(r.body, "page: ") || r.Header.Get("Location") != "" {
			t.Errorf("%s: status %d, %q, Location %q", name, r.StatusCode, r.body, r.Header.Get("Location"))
		}
		all := w.db.kinds()
		if len(all) != before+1 || !strings.HasPrefix(all[len(all)-1], "authorization.refused ") {
			t.Errorf("%s: %d events, the last %v", name, len(all)-before, tail(all, 1))
		}
	}
	if w.reached() > 0 {
		t.Error("a login was begun")
	}
}

func TestAuthorizationErrorsGoBackWithStateAndIssuer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	twice := func(name string) url.Values { v := form(); v.Add(name, "again"); return v }
	for name, tc := range map[string]struct {
		v    url.Values
		code string
	}{
		"no response type":              {form("response_type", ""), "invalid_request"},
		"implicit":                      {form("response_type", "token"), "unsupported_response_type"},
		"hybrid":                        {form("response_type", "code id_token"), "unsupported_response_type"},
		"fragment":                      {form("response_mode", "fragment"), "invalid_request"},
		"no scope":                      {form("scope", ""), "invalid_scope"},
		"no openid":                     {form("scope", "profile"), "invalid_scope"},
		"openid in capitals":            {form("scope", "OPENID"), "invalid_scope"},
		"RFC 7636: no challenge":        {form("code_challenge", ""), "invalid_request"},
		"RFC 7636: plain":               {form("code_challenge_method", "plain"), "invalid_request"},
		"RFC 7636: no method is plain":  {form("code_challenge_method", ""), "invalid_request"},
		"RFC 7636: unknown method":      {form("code_challenge_method", "S512"), "invalid_request"},
		"RFC 7636: short challenge":     {form("code_challenge", "abc"), "invalid_request"},
		"RFC 7636: padded challenge":    {form("code_challenge", strings.Repeat("a", 42)+"="), "invalid_request"},
		"request object":                {form("request", "eyJhbGciOiJub25lIn0.e30."), "invalid_request_object"},
		"request URI":                   {form("request_uri", "https://revenue.example/ro"), "request_uri_not_supported"},
		"registration":                  {form("registration", "{}"), "registration_not_supported"},
		"unknown prompt":                {form("prompt", "create"), "invalid_request"},
		"prompt none and login":         {form("prompt", "none login"), "invalid_request"},
		"max_age not a number":          {form("max_age", "soon"), "invalid_request"},
		"max_age negative":              {form("max_age", "-1"), "invalid_request"},
		"max_age with a plus":           {form("max_age", "+1"), "invalid_request"},
		"max_age too large":             {form("max_age", "99999999999999999999"), "invalid_request"},
		"nonce too long":                {form("nonce", strings.Repeat("n", 1025)), "invalid_request"},
		"id_token_hint is no token":     {form("id_token_hint", "x.y.z"), "invalid_request"},
		"RFC 6749 3.1: scope twice":     {twice("scope"), "invalid_request"},
		"RFC 6749 3.1: nonce twice":     {twice("nonce"), "invalid_request"},
		"RFC 6749 3.1: unknown twice":   {func() url.Values { v := twice("x"); v.Add("x", "y"); return v }(), "invalid_request"},
		"RFC 6749 3.1: challenge twice": {twice("code_challenge"), "invalid_request"},
	} {
		r := w.authorize(tc.v)
		q := r.location(t)
		if q.Get("error") != tc.code || q.Get("code") != "" {
			t.Errorf("%s: %v, want %s", name, q, tc.code)
		}
		if q.Get("state") != "st&te=1" || q.Get("iss") != w.issuer() || q.Get("error_description") == "" {
			t.Errorf("%s: state, iss (RFC 9207) or description is missing: %v", name, q)
		}
		if !strings.HasPrefix(r.Header.Get("Location"), "https://revenue.example/cb?") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: headers %v", name, r.Header)
		}
		if tc.code == "invalid_request_object" {
			tc.code = "request_object"
		}
		w.wantEvent("authorization.refused " + tc.code)
	}
	if w.reached() > 0 {
		t.Error("a login was begun")
	}
}

func TestRepeatedStateIsNotEchoed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := form()
	v.Add("state", "other")
	q := w.authorize(v).location(t)
	if q.Get("error") != "invalid_request" || q.Has("state") {
		t.Errorf("%v", q)
	}
}

func TestPRV06_AScopeOutsideTheRegisterIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Scopes = []string{"openid", "profile"} })
	if q := w.authorize(form("scope", "openid citizen_id")).location(t); q.Get("error") != "invalid_scope" {
		t.Errorf("%v", q)
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Attributes = []hub.AttributeName{hub.Name, hub.CitizenID} })
	w.code("scope", "openid profile")
	if got := w.lastRequest().Attributes; !slices.Equal(got, []hub.AttributeName{hub.Name}) {
		t.Errorf("the login was asked for %v; profile reaches as far as the register only", got)
	}
}

func TestRFC6749_GrantTypeMustBeRegistered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.GrantTypes = []string{"refresh_token"} })
	if q := w.authorize(form()).location(t); q.Get("error") != "unauthorized_client" {
		t.Errorf("%v", q)
	}
}

func TestRequestBecomesALoginRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("fresh")
	w.login = func(req login.Request) login.Result {
		res := w.resume(req)
		res.SignedIn = true
		return res
	}
	w.code("prompt", "login consent select_account", "max_age", "300", "ui_locales", "vi en-GB <script> th", "login_hint", person,
		"acr_values", "urn:other urn:onedoor:ial:2.3:aal:2.1 urn:onedoor:ial:2.1:aal:2.1", "scope", "openid citizen_id birthdate",
		"display", "touch", "claims", `{"userinfo":{}}`, "claims_locales", "th")
	r := w.lastRequest()
	switch {
	case r.Protocol != "oidc" || r.System != "revenue":
		t.Errorf("protocol %q, system %q", r.Protocol, r.System)
	case !r.Force || !r.AskConsent || !r.SelectAccount || r.Passive:
		t.Errorf("prompt: %+v", r)
	case r.MaxAge == nil || *r.MaxAge != 5*time.Minute:
		t.Errorf("max_age: %v", r.MaxAge)
	case r.Want != hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}:
		t.Errorf("acr_values: %v", r.Want)
	case !slices.Equal(r.Languages, []string{"vi", "en-GB", "th"}):
		t.Errorf("ui_locales: %v", r.Languages)
	case !slices.Equal(r.Attributes, []hub.AttributeName{hub.CitizenID, hub.Birthdate}):
		t.Errorf("attributes: %v", r.Attributes)
	case strings.Contains(string(r.Continue), person):
		t.Error("the login_hint was kept: it is personal data")
	}
}

func TestPOSTIsAsGoodAsGET(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.do(w.request(http.MethodPost, "/oauth2/authorize", form().Encode()))
	if r.location(t).Get("code") == "" {
		t.Errorf("OIDC Core 3.1.2.1: %s", r.Header.Get("Location"))
	}
	if r = w.do(w.request(http.MethodPost, "/oauth2/authorize?client_id=social", form().Encode())); !strings.HasPrefix(r.body, "page: ") {
		t.Error("parameters in query and body")
	}
	if r = w.do(w.request(http.MethodPost, "/oauth2/authorize", strings.Repeat("a", 40<<10))); !strings.HasPrefix(r.body, "page: too_many") {
		t.Errorf("a body of 40 kB: %d %s", r.StatusCode, r.body)
	}
	if r = w.do(w.request(http.MethodHead, "/oauth2/authorize?"+form().Encode(), "")); r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d: a code that nobody asked for", r.StatusCode)
	}
	if r = w.do(w.request(http.MethodPut, "/oauth2/authorize", "")); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, POST" {
		t.Errorf("PUT: %d", r.StatusCode)
	}
}

func TestLibraries2Trap4_StateIsOptionalUnderPKCE(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.authorize(form("state", "")).location(t)
	if q.Get("code") == "" || q.Has("state") {
		t.Errorf("%v", q)
	}
	if q = w.authorize(form("state", "x")).location(t); q.Get("code") == "" || q.Get("state") != "x" {
		t.Errorf("a short state: %v", q)
	}
	if q = w.authorize(form("nonce", "n")).location(t); q.Get("code") == "" {
		t.Errorf("a short nonce: %v", q)
	}
}

func TestRedirectKeepsTheRegisteredQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.authorize(form("client_id", "social", "redirect_uri", "https://social.example/cb?fixed=1"))
	if !strings.HasPrefix(r.Header.Get("Location"), "https://social.example/cb?fixed=1&") || r.location(t).Get("code") == "" {
		t.Error(r.Header.Get("Location"))
	}
	if r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("Cache-Control") != "no-store" {
		t.Error("the code may leak by Referer or a cache")
	}
}

func TestRFC8252_NativeClientMayUseAnyLoopbackPort(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const at = "http://127.0.0.1:51004/cb"
	code := w.code("client_id", "app", "redirect_uri", at)
	r := w.post("/oauth2/token", "app", redemption(code, "redirect_uri", at))
	if r.StatusCode != http.StatusOK {
		t.Errorf("%s", r.body)
	}
	code = w.code("client_id", "app", "redirect_uri", at)
	w.wantError(w.post("/oauth2/token", "app", redemption(code, "redirect_uri", "http://127.0.0.1:51005/cb")), http.StatusBadRequest, "invalid_grant")
}

func TestFailuresOfTheLoginByOneTable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for kind, code := range map[hub.Kind]string{
		hub.Unauthenticated:   "login_required",
		hub.Expired:           "login_required",
		login.ConsentNeeded:   "consent_required",
		login.SelectionNeeded: "account_selection_required",
		hub.Denied:            "access_denied",
		hub.Suspended:         "access_denied",
		hub.Refused:           "access_denied",
		hub.LevelUnmet:        "unmet_authentication_requirements",
		hub.Unavailable:       "temporarily_unavailable",
		hub.TooMany:           "temporarily_unavailable",
		hub.Internal:          "server_error",
		hub.Conflict:          "server_error",
		hub.Kind("a new one"): "server_error",
	} {
		w.login = failing(kind)
		q := w.authorize(form()).location(t)
		if q.Get("error") != code || q.Get("iss") != w.issuer() || q.Get("state") == "" || q.Has("code") {
			t.Errorf("%s: %v, want %s", kind, q, code)
		}
		word := string(kind)
		if code == "server_error" {
			word = code
		}
		w.wantEvent("authorization.refused " + word)
	}
}

func TestAResultThatFallsShortGivesNoCode(t *testing.T) {
	t.Parallel()
	ended := func(r *login.Result, w *world) { r.Session.EndedAt = w.clock.now() }
	old := func(age time.Duration) func(r *login.Result, w *world) {
		return func(r *login.Result, w *world) { r.Session.AuthTime = w.clock.now().Add(-age) }
	}
	for name, tc := range map[string]struct {
		changes []string
		result  func(*login.Result, *world)
		code    string
	}{
		"LOA05 level below acr_values": {[]string{"acr_values", "urn:onedoor:ial:3:aal:3"}, nil, "unmet_authentication_requirements"},
		"session ended meanwhile":      {nil, ended, "login_required"},
		"SES08 past the idle limit":    {[]string{"acr_values", "urn:onedoor:ial:2.1:aal:2.1"}, func(r *login.Result, w *world) { r.Session.LastActivity = w.clock.now().Add(-31 * time.Minute) }, "login_required"},
		"prompt login, but resumed":    {[]string{"prompt", "login"}, nil, "login_required"},
		"max_age 0, but resumed":       {[]string{"max_age", "0"}, nil, "login_required"},
		"max_age 60, but an hour old":  {[]string{"max_age", "60"}, old(time.Hour), "login_required"},
		"prompt none, but a new login": {[]string{"prompt", "none"}, func(r *login.Result, _ *world) { r.SignedIn = true }, "login_required"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.login = func(req login.Request) login.Result {
				res := w.resume(req)
				if tc.result != nil {
					tc.result(&res, w)
				}
				return res
			}
			if q := w.authorize(form(tc.changes...)).location(t); q.Get("error") != tc.code || q.Has("code") {
				t.Errorf("%v, want %s", q, tc.code)
			}
			if len(w.db.codes) > 0 {
				t.Error("a code was made")
			}
		})
	}
}

func TestLevelsOfTheRegisterCountToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Least = hub.Level{IAL: hub.IAL3, AAL: hub.AAL21} })
	if q := w.authorize(form()).location(t); q.Get("error") != "unmet_authentication_requirements" {
		t.Errorf("%v", q)
	}
}

func TestTrap10_MaxAge0AndPromptLoginPassWithANewLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login = func(req login.Request) login.Result {
		res := w.resume(req)
		res.SignedIn = true
		res.Session.AuthTime = w.clock.now().Add(10 * time.Second) // the provider's clock is ahead
		return res
	}
	for _, changes := range [][]string{{"max_age", "0"}, {"prompt", "login consent"}, {"max_age", "60", "prompt", "login"}} {
		w.code(changes...)
	}
}

func TestIDTokenHint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hint := w.tokens()["id_token"].(string)
	w.clock.forward(10 * time.Minute) // expired is fine
	w.code("id_token_hint", hint, "prompt", "none")
	if strings.Contains(string(w.lastRequest().Continue), hint) {
		t.Error("the token itself was kept")
	}
	w.signIn("person-two")
	if q := w.authorize(form("id_token_hint", hint, "prompt", "none")).location(t); q.Get("error") != "login_required" {
		t.Errorf("somebody else is signed in: %v", q)
	}
	if q := w.authorize(form("id_token_hint", hint, "client_id", "land", "redirect_uri", "https://land.example/cb")).location(t); q.Get("error") != "invalid_request" {
		t.Errorf("a hint of another client: %v", q)
	}
	claims := map[string]any{"iss": w.issuer(), "aud": "revenue", "sub": "x"}
	for name, make := range map[string]func() (string, error){
		"logout token": func() (string, error) { return theRing().SignJWT("ES256", "logout+jwt", claims) },
		"other issuer": func() (string, error) {
			return theRing().SignJWT("ES256", "JWT", map[string]any{"iss": "https://elsewhere.example", "aud": "revenue", "sub": "x"})
		},
		"alg none":       func() (string, error) { return "eyJhbGciOiJub25lIn0.e30.", nil },
		"access token":   func() (string, error) { return w.access(), nil },
		"bent signature": func() (string, error) { return hint[:len(hint)-4] + "AAAA", nil },
	} {
		raw, err := make()
		if err != nil {
			t.Fatal(err)
		}
		if q := w.authorize(form("id_token_hint", raw)).location(t); q.Get("error") != "invalid_request" {
			t.Errorf("%s: %v", name, q)
		}
	}
}

func TestTheClientIsCheckedAgainWhenTheLoginEnds(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*oidcop.Client){
		"suspended":        func(c *oidcop.Client) { c.Live = false },
		"redirect removed": func(c *oidcop.Client) { c.RedirectURIs = []string{"https://revenue.example/new"} },
	} {
		w := newWorld(t)
		w.during = func() { w.rooms.change("revenue", change) }
		if r := w.authorize(form()); !strings.HasPrefix(r.body, "page: ") || r.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.Header.Get("Location"))
		}
	}
	w := newWorld(t)
	w.during = func() { w.rooms.change("revenue", func(c *oidcop.Client) { c.Scopes = []string{"openid"} }) }
	if q := w.authorize(form()).location(t); q.Get("error") != "invalid_scope" {
		t.Errorf("a scope taken away meanwhile: %v", q)
	}
}

func TestAResultThatIsNotOursGetsAPage(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(*login.Result){
		"other protocol":         func(r *login.Result) { r.Request.Protocol = "saml" },
		"other system":           func(r *login.Result) { r.Request.System = "social" },
		"no continuation":        func(r *login.Result) { r.Request.Continue = nil },
		"bent continuation":      func(r *login.Result) { r.Request.Continue = []byte(`{"query":"%zz"}`) },
		"failure and session":    func(r *login.Result) { r.Failure = hub.Denied },
		"neither of both":        func(r *login.Result) { r.Session.ID = "" },
		"continuation of nobody": func(r *login.Result) { r.Request.Continue = []byte(`{}`) },
	} {
		w := newWorld(t)
		w.login = func(req login.Request) login.Result {
			res := w.resume(req)
			bend(&res)
			return res
		}
		if r := w.authorize(form()); !strings.HasPrefix(r.body, "page: ") || r.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s %s", name, r.StatusCode, r.body, r.Header.Get("Location"))
		}
	}
}

func TestPRV07_OnlyWhatWasConsentedIsGranted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login = func(req login.Request) login.Result {
		res := w.resume(req)
		res.Release = []hub.AttributeName{hub.Name, hub.Address} // address was not even asked for
		return res
	}
	info := w.userinfo(w.access("scope", "openid profile citizen_id")).json(t)
	for _, g := range w.db.grants {
		if !slices.Equal(g.Release, []hub.AttributeName{hub.Name}) {
			t.Errorf("granted: %v", g.Release)
		}
	}
	for _, n := range []string{"citizen_id", "address", "birthdate"} {
		if _, there := info[n]; there {
			t.Errorf("%s was released", n)
		}
	}
	if info["name"] != "สมหญิง ใจดี" {
		t.Errorf("%v", info)
	}
}

func TestAComponentThatFailsGivesNoCodeAndTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.during = func() { w.db.fail(hub.Errorf("db", hub.Unavailable, "connection to 10.0.0.7 lost")) }
	r := w.authorize(form())
	if q := r.location(t); q.Get("error") != "temporarily_unavailable" || strings.Contains(r.Header.Get("Location"), "10.0.0.7") {
		t.Errorf("%v", q)
	}
	w.during = nil
	w.db.fail(nil)
	w.rooms.broken = hub.Errorf("db", hub.Unavailable, "connection to 10.0.0.7 lost")
	if r := w.authorize(form()); r.body != "page: unavailable" {
		t.Errorf("%q", r.body)
	}
}

func TestTheParticipantIsJoined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.code()
	if len(w.rooms.joined) != 1 {
		t.Fatalf("%d participants", len(w.rooms.joined))
	}
	if p := w.rooms.joined[0]; p.System != "revenue" || p.Session != w.session.ID || p.Protocol != "oidc" || p.FirstAt.IsZero() {
		t.Errorf("%+v", p)
	}
	if e := w.db.last(); e.Kind != "grant.started" || e.System != "revenue" || e.Account != w.session.Account || e.Level != w.session.Level || e.Interaction == "" {
		t.Errorf("%+v", e)
	}
}
