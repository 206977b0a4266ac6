package oidcop_test

import (
	"context"
	"crypto/ecdsa"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
)

func TestOIDC55_TheClaimsParameter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid", "claims", `{"userinfo":{"name":{"essential":true},"address":null,"email":null},"id_token":{"birthdate":{"essential":true},"name#en":null,"auth_time":{"essential":true},"laser_id":null}}`)
	if req := w.lastRequest(); !slices.Equal(req.Attributes, []hub.AttributeName{hub.Name, hub.NameEN, hub.Birthdate, hub.Address}) {
		t.Errorf("asked for %v", req.Attributes)
	}
	_, id := payload(t, m["id_token"].(string))
	if id["birthdate"] != "1990-01-31" || id["name#en"] != "Somying Jaidee" || id["name"] != nil || id["address"] != nil || id["email"] != nil || id["auth_time"] == nil {
		t.Errorf("the ID token: %v", id)
	}
	if e := w.db.last(); e.Kind != "token.issued" || e.Detail["attributes"] != "2" {
		t.Errorf("AUD-02: %+v", e)
	}
	info := w.userinfo(m["access_token"].(string)).json(t)
	if info["name"] == nil || info["address"] == nil || info["birthdate"] != nil || info["name#en"] != nil || info["sub"] != id["sub"] {
		t.Errorf("userinfo: %v", info)
	}
}

func TestPRV06_TheClaimsParameterReachesAsFarAsTheRegister(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Attributes = []hub.AttributeName{hub.NameEN} })
	m := w.tokens("scope", "openid", "claims", `{"userinfo":{"name":null,"citizen_id":{"essential":true}},"id_token":{"citizen_id":null}}`)
	if req := w.lastRequest(); !slices.Equal(req.Attributes, []hub.AttributeName{hub.NameEN}) {
		t.Errorf("asked for %v", req.Attributes)
	}
	if info := w.userinfo(m["access_token"].(string)).json(t); info["name"] != "Somying Jaidee" || info["citizen_id"] != nil {
		t.Errorf("%v", info)
	}
	// consented to nothing: nothing goes out, essential or not
	w.login = func(r login.Request) login.Result { res := w.resume(r); res.Release = nil; return res }
	m = w.tokens("scope", "openid", "claims", `{"id_token":{"name":{"essential":true}}}`)
	if _, id := payload(t, m["id_token"].(string)); id["name"] != nil {
		t.Errorf("PRV-07: %v", id)
	}
}

func TestOIDC551_ValuesDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for text, want := range map[string]bool{
		`{"value":"` + person + `"}`:            true,
		`{"values":["1","` + person + `"]}`:     true,
		`{"value":"1101700230705"}`:             false,
		`{"values":["1","2"]}`:                  false,
		`{"value":1345951597671}`:               false,
		`{"essential":false}`:                   true,
		`{"unknown_member":"x","value":"nope"}`: false,
	} {
		m := w.tokens("scope", "openid", "claims", `{"userinfo":{"citizen_id":`+text+`},"id_token":{"citizen_id":`+text+`}}`)
		_, id := payload(t, m["id_token"].(string))
		info := w.userinfo(m["access_token"].(string)).json(t)
		if (id["citizen_id"] == person) != want || (info["citizen_id"] == person) != want {
			t.Errorf("%s: ID token %v, userinfo %v, want %v", text, id["citizen_id"], info["citizen_id"], want)
		}
		if kept := string(w.lastRequest().Continue); strings.Contains(kept, person) || strings.Contains(kept, "1101700230705") {
			t.Error("D3: a value that may be personal rests in the database")
		}
	}
	for _, text := range []string{"[", "[]", `"x"`, `{"userinfo":[]}`, `{"userinfo":{"name":"x"}}`, `{"userinfo":{"name":{"values":"x"}}}`, `{"userinfo":{"name":null,"name":null}}`, `{"id_token":{"sub":{"values":["a","b"]}}}`} {
		if q := w.authorize(form("claims", text)).location(t); q.Get("error") != "invalid_request" {
			t.Errorf("%s: %v", text, q)
		}
	}
}

func TestOIDC5511_EssentialACR(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acr := func(values string) string { return `{"id_token":{"acr":{"essential":true,"values":[` + values + `]}}}` }
	low, high := `"urn:onedoor:ial:2.1:aal:2.1"`, `"urn:onedoor:ial:3:aal:3"`
	m := w.tokens("claims", acr(low+`,"urn:onedoor:ial:1.1:aal:1"`))
	if _, id := payload(t, m["id_token"].(string)); id["acr"] != strings.Trim(low, `"`) || id["ial"] != "2.3" {
		t.Errorf("the acr must be one of those that were asked for, the strongest that holds: %v", id)
	}
	w.tokens("claims", acr(high+","+low)) // the lower will do
	for _, values := range []string{`"silver"`, `""`, high} {
		if q := w.authorize(form("claims", acr(values))).location(t); q.Get("error") != "unmet_authentication_requirements" {
			t.Errorf("%s: %v", values, q)
		}
	}
	m = w.tokens("claims", `{"id_token":{"acr":{"values":["silver",`+high+`]}}}`)
	if _, id := payload(t, m["id_token"].(string)); id["acr"] != "urn:onedoor:ial:2.3:aal:2.1" {
		t.Errorf("a voluntary one binds nobody: %v", id["acr"])
	}
	w.tokens("claims", `{"id_token":{"acr":{"essential":true}}}`)
}

func TestOIDC3121_TheSubjectThatWasNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid")
	_, id := payload(t, m["id_token"].(string))
	sub := id["sub"].(string)
	w.tokens("claims", `{"id_token":{"sub":{"value":"`+sub+`"}}}`)
	if q := w.authorize(form("claims", `{"id_token":{"sub":{"value":"another"}}}`)).location(t); q.Get("error") != "login_required" {
		t.Errorf("%v", q)
	}
	w.clock.forward(3 * time.Hour) // oidcc-id-token-hint: an expired hint is as good
	w.signIn("person-one")
	w.tokens("id_token_hint", m["id_token"].(string))
	if got := w.lastRequest().Account; got != w.session.Account {
		t.Errorf("the login does not know the account that the hint means: %q", got)
	}
	if q := w.authorize(form("id_token_hint", m["id_token"].(string), "claims", `{"id_token":{"sub":{"value":"another"}}}`)).location(t); q.Get("error") != "invalid_request" {
		t.Errorf("%v", q)
	}
	w.signIn("person-two")
	if q := w.authorize(form("id_token_hint", m["id_token"].(string), "prompt", "none")).location(t); q.Get("error") != "login_required" {
		t.Errorf("%v", q)
	}
}

func TestDefaultMaxAgeOfTheClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.MaxAge = 10 * time.Minute })
	w.code()
	if a := w.lastRequest().MaxAge; a == nil || *a != 10*time.Minute {
		t.Errorf("%v", a)
	}
	w.code("max_age", "20")
	if a := w.lastRequest().MaxAge; a == nil || *a != 20*time.Second {
		t.Errorf("the request's own counts: %v", a)
	}
	w.code("display", "touch", "claims_locales", "en", "login_hint", person, "ui_locales", "en th")
}

func TestOfflineAccessIsForThePersonToGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.tokens("scope", "openid offline_access")
	if !w.lastRequest().Offline || m["refresh_token"] == nil || m["scope"] != "openid offline_access" {
		t.Errorf("%v", m)
	}
	w.login = func(r login.Request) login.Result { res := w.resume(r); res.Offline = false; return res }
	m = w.tokens("scope", "openid offline_access")
	if m["refresh_token"] != nil || m["scope"] != "openid" {
		t.Errorf("refused, and given: %v", m)
	}
	w.tokens("scope", "openid")
	if w.lastRequest().Offline {
		t.Error("asked without a wish")
	}
	w.login = w.resume
	w.rooms.change("revenue", func(c *oidcop.Client) { c.GrantTypes = []string{"authorization_code"} })
	m = w.tokens("scope", "openid offline_access")
	if w.lastRequest().Offline || m["refresh_token"] != nil {
		t.Errorf("a client that may not refresh: %v", m)
	}
}

func TestWhatTheLoginLeavesToWriteIsWrittenWithTheGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	called := 0
	w.login = func(r login.Request) login.Result {
		res := w.resume(r)
		res.Settle = func(ctx context.Context) ([]audit.Event, error) {
			called++
			if ctx.Value(txKey{}) == nil {
				t.Error("outside of the transaction")
			}
			return nil, hub.Errorf("login", hub.Unavailable, "")
		}
		return res
	}
	if q := w.authorize(form()).location(t); q.Get("error") != "temporarily_unavailable" || called != 1 || len(w.db.grants) > 0 {
		t.Errorf("%v, called %d times, %d grants", q, called, len(w.db.grants))
	}
	if !w.lastRequest().Settles {
		t.Error("the login is not told")
	}
}

func TestRefreshAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.tokens("scope", "openid citizen_id offline_access")["refresh_token"].(string)
	lost := w.refresh(first).json(t)["refresh_token"].(string)
	w.clock.forward(grant.RetryWithin)
	again := w.refresh(first)
	if again.StatusCode != http.StatusOK {
		t.Fatal(again.body)
	}
	w.wantEvent("token.issued answer_lost")
	m := again.json(t)
	if info := w.userinfo(m["access_token"].(string)).json(t); info["citizen_id"] != person {
		t.Errorf("%v", info)
	}
	// Whoever holds the answer that was given up ends the family: thief or owner, one of both shows up.
	w.wantError(w.refresh(lost), http.StatusBadRequest, "invalid_grant")
	w.wantSomeEvent("grant.revoked refresh_reused")
	w.wantError(w.refresh(m["refresh_token"].(string)), http.StatusBadRequest, "invalid_grant")
	if w.isActive(m["access_token"].(string)) {
		t.Error("the family lives on")
	}
}

func TestRefreshThatIsNoRetry(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(w *world) (second reply){
		"a third time": func(w *world) reply {
			first := w.tokens("scope", "openid offline_access")["refresh_token"].(string)
			w.refresh(first)
			w.refresh(first)
			return w.refresh(first)
		},
		"too late": func(w *world) reply {
			first := w.tokens("scope", "openid offline_access")["refresh_token"].(string)
			w.refresh(first)
			w.clock.forward(grant.RetryWithin + time.Microsecond)
			return w.refresh(first)
		},
		"the successor was used": func(w *world) reply {
			first := w.tokens("scope", "openid offline_access")["refresh_token"].(string)
			w.refresh(w.refresh(first).json(w.t)["refresh_token"].(string))
			return w.refresh(first)
		},
		"a public client, who proves nothing": func(w *world) reply {
			code := w.code("client_id", "app", "redirect_uri", "https://app.example/cb", "scope", "openid offline_access")
			m := w.post("/oauth2/token", "app", redemption(code, "redirect_uri", "https://app.example/cb")).json(w.t)
			v := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {m["refresh_token"].(string)}}
			w.post("/oauth2/token", "app", v)
			return w.post("/oauth2/token", "app", v)
		},
	} {
		w := newWorld(t)
		w.wantError(act(w), http.StatusBadRequest, "invalid_grant")
		if !slices.Contains(w.db.kinds(), "grant.revoked refresh_reused") {
			t.Errorf("%s: the family lives on", name)
		}
	}
	w := newWorld(t)
	first := w.tokens("scope", "openid offline_access")["refresh_token"].(string)
	w.refresh(first)
	v := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first}}
	w.wantError(w.post("/oauth2/token", "land", v), http.StatusBadRequest, "invalid_grant")
	if slices.Contains(w.db.kinds(), "grant.revoked refresh_reused") {
		t.Error("trap 15: another client ends the family")
	}
}

func TestUserInfoAsASignedJWT(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, alg := range []string{"ES256", "RS256", "PS256"} {
		w.rooms.change("revenue", func(c *oidcop.Client) { c.UserInfoAlg = alg })
		m := w.tokens()
		for _, r := range []reply{
			w.userinfo(m["access_token"].(string)),
			w.do(w.request(http.MethodPost, "/oauth2/userinfo", url.Values{"access_token": {m["access_token"].(string)}}.Encode())),
		} {
			if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "application/jwt" || r.Header.Get("Cache-Control") != "no-store" {
				t.Fatalf("%d %v %s", r.StatusCode, r.Header, r.body)
			}
			head, c := payload(t, r.body)
			if head["alg"] != alg || c["iss"] != w.issuer() || c["aud"] != "revenue" || c["citizen_id"] != person || c["sub"] == nil {
				t.Errorf("%v %v", head, c)
			}
		}
	}
	r := w.userinfo("x")
	w.wantError(r, http.StatusUnauthorized, "invalid_token")
}

func TestEncryptedIDTokens(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		key string
		alg jose.KeyAlgorithm
	}{{"rsa", jose.RSA_OAEP_256}, {"ec2", jose.ECDH_ES}, {"ec2", jose.ECDH_ES_A256KW}} {
		for _, enc := range []jose.ContentEncryption{jose.A256GCM, jose.A128GCM, jose.A128CBC_HS256} {
			w := newWorld(t)
			w.rooms.change("revenue", func(c *oidcop.Client) {
				c.JWKS, c.Encryption = jwks("ec:sig", tc.key+":enc"), oidcop.Encryption{Alg: string(tc.alg), Enc: string(enc)}
			})
			m := w.tokens("scope", "openid")
			jwe, err := jose.ParseEncryptedCompact(m["id_token"].(string), []jose.KeyAlgorithm{tc.alg}, []jose.ContentEncryption{enc})
			if err != nil {
				t.Fatalf("%s %s: %v", tc.alg, enc, err)
			}
			k := clientKeys()[tc.key]
			plain, err := jwe.Decrypt(k.key)
			if err != nil || jwe.Header.KeyID != k.kid || jwe.Header.ExtraHeaders[jose.HeaderContentType] != "JWT" {
				t.Fatalf("%s %s: %v %+v", tc.alg, enc, err, jwe.Header)
			}
			jws, err := jose.ParseSignedCompact(string(plain), []jose.SignatureAlgorithm{jose.ES256})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := jws.Verify(theRing().private["ES256"].Public().(*ecdsa.PublicKey)); err != nil {
				t.Errorf("the signature inside: %v", err)
			}
			if q := w.authorize(form("id_token_hint", string(plain))).location(t); q.Get("code") == "" {
				t.Errorf("as a hint: %v", q)
			}
		}
	}
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) {
		c.JWKS, c.Encryption = jwks("ec:sig"), oidcop.Encryption{Alg: "ECDH-ES", Enc: "A256GCM"}
	})
	if r := w.redeem(w.code()); r.StatusCode == http.StatusOK {
		t.Error("no key to encrypt for, and an ID token in the clear")
	}
}

func TestRFC8414_TheSameMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.do(w.request(http.MethodGet, "/.well-known/openid-configuration", ""))
	b := w.do(w.request(http.MethodGet, "/.well-known/oauth-authorization-server", ""))
	if a.body != b.body || a.StatusCode != http.StatusOK {
		t.Errorf("%d %s", b.StatusCode, b.body)
	}
}

func TestEveryRefusalIsOneRecordAndOneEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, act := range map[string]func(){
		"authorization": func() { w.authorize(form("scope", "x")) },
		"page":          func() { w.authorize(form("client_id", "nobody")) },
		"token":         func() { w.redeem("x") },
		"userinfo":      func() { w.userinfo("x") },
		"revocation":    func() { w.do(w.request(http.MethodPost, "/oauth2/revoke", "token=x")) },
		"push":          func() { w.push(form("scope", "x")) },
	} {
		events, lines := len(w.db.kinds()), strings.Count(w.logs.String(), "request refused")
		act()
		if e, l := len(w.db.kinds())-events, strings.Count(w.logs.String(), "request refused")-lines; e != 1 || l != 1 {
			t.Errorf("%s: %d events, %d records", name, e, l)
		}
	}
}

// CON-03: the person takes consent back while the answer is being written: no code, and the client may ask again.
func TestCON03_ConsentTakenBackMeanwhileGivesNoCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login = func(req login.Request) login.Result {
		res := w.resume(req)
		res.Settle = func(context.Context) ([]audit.Event, error) {
			return nil, hub.Errorf("test", hub.Conflict, "decided anew meanwhile")
		}
		return res
	}
	if q := w.authorize(form()).location(t); q.Get("error") != "consent_required" || q.Get("code") != "" {
		t.Errorf("%v", q)
	}
	w.wantEvent("authorization.refused consent_changed")
	if len(w.db.grants) != 0 {
		t.Error("a grant stays")
	}
}
