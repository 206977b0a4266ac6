package oidcop_test

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/oidcop"
	"onedoor/hub/sqldb"
)

// prove signs the claims of a DPoP proof.
func prove(t testing.TB, by string, c claims) string {
	t.Helper()
	k := clientKeys()[by]
	alg := jose.ES256
	if by == "rsa" {
		alg = jose.PS256
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: k.key},
		&jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: k.key.Public()}}})
	must(err)
	body, err := json.Marshal(c)
	must(err)
	jws, err := s.Sign(body)
	must(err)
	text, err := jws.CompactSerialize()
	must(err)
	return text
}

// about are the claims of a good proof.
func (w *world) about(method, path string) claims {
	return claims{"jti": freshID(), "htm": method, "htu": w.issuer() + path, "iat": w.clock.now().Unix(), "nonce": w.serverNonce()}
}

// serverNonce is the nonce that the hub hands out now.
func (w *world) serverNonce() string {
	w.t.Helper()
	c := claims{"jti": freshID(), "htm": "POST", "htu": w.issuer() + "/oauth2/token", "iat": w.clock.now().Unix()}
	r := w.post("/oauth2/token", "land", url.Values{"grant_type": {"authorization_code"}, "code": {"x"}}, "DPoP", prove(w.t, "ec2", c))
	nonce := r.Header.Get("DPoP-Nonce")
	if r.StatusCode != http.StatusBadRequest || r.json(w.t)["error"] != "use_dpop_nonce" || nonce == "" {
		w.t.Fatalf("no nonce: %d %s", r.StatusCode, r.body)
	}
	return nonce
}

// atToken is a good proof for the token endpoint.
func (w *world) atToken(by string) string {
	w.t.Helper()
	return prove(w.t, by, w.about("POST", "/oauth2/token"))
}

// atUserInfo is a good proof for the userinfo endpoint.
func (w *world) atUserInfo(by, access string) string {
	w.t.Helper()
	return prove(w.t, by, w.about("GET", "/oauth2/userinfo").with("ath", ath(access)))
}

func ath(access string) string {
	sum := sha256.Sum256([]byte(access))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func jkt(by string) string {
	sum, err := (&jose.JSONWebKey{Key: clientKeys()[by].key.Public()}).Thumbprint(crypto.SHA256)
	must(err)
	return base64.RawURLEncoding.EncodeToString(sum)
}

func (w *world) userinfoWith(scheme, access, proof string) reply {
	w.t.Helper()
	h := []string{"Authorization", scheme + " " + access}
	if proof != "" {
		h = append(h, "DPoP", proof)
	}
	return w.do(w.request(http.MethodGet, "/oauth2/userinfo", "", h...))
}

func TestRFC9449_ACodeFlowWithProofs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, by := range []string{"ec", "rsa"} {
		r := w.post("/oauth2/token", "revenue", redemption(w.code("scope", "openid citizen_id offline_access")), "DPoP", w.atToken(by))
		m := r.json(t)
		access, _ := m["access_token"].(string)
		if m["token_type"] != "DPoP" || access == "" || r.Header.Get("DPoP-Nonce") == "" {
			t.Fatalf("%v", m)
		}
		got := w.introspect("revenue", access).json(t)
		if cnf, _ := got["cnf"].(map[string]any); got["token_type"] != "DPoP" || len(cnf) != 1 || cnf["jkt"] != jkt(by) {
			t.Errorf("introspection: %v", got)
		}
		for _, scheme := range []string{"DPoP", "dpop", "DPOP"} {
			info := w.userinfoWith(scheme, access, w.atUserInfo(by, access))
			if info.StatusCode != http.StatusOK || info.json(t)["citizen_id"] != person || info.Header.Get("DPoP-Nonce") == "" {
				t.Errorf("%d %s", info.StatusCode, info.body)
			}
		}
		next := w.post("/oauth2/token", "revenue", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {m["refresh_token"].(string)}}, "DPoP", w.atToken(by))
		if next.StatusCode != http.StatusOK || next.json(t)["token_type"] != "DPoP" {
			t.Errorf("refresh: %s", next.body)
		}
	}
	w.wantSomeEvent("token.issued")
}

func TestRFC9449_BadProofsAtTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := w.about("POST", "/oauth2/token")
	code := w.code()
	used := prove(t, "ec", good.with("jti", "used"))
	if r := w.post("/oauth2/token", "revenue", redemption(w.code()), "DPoP", used); r.StatusCode != http.StatusOK {
		t.Fatal(r.body)
	}
	for name, c := range map[string]struct {
		proof, code, reason string
		silent              bool
	}{
		"no JWT":           {proof: "x", code: "invalid_dpop_proof", reason: "proof_form"},
		"htm":              {proof: prove(t, "ec", good.with("htm", "GET")), code: "invalid_dpop_proof", reason: "proof_htm"},
		"htu":              {proof: prove(t, "ec", good.with("htu", w.issuer()+"/oauth2/userinfo")), code: "invalid_dpop_proof", reason: "proof_htu"},
		"iat":              {proof: prove(t, "ec", good.with("iat", 1)), code: "invalid_dpop_proof", reason: "proof_time"},
		"jti":              {proof: prove(t, "ec", good.with("jti", nil)), code: "invalid_dpop_proof", reason: "proof_claims"},
		"replayed":         {proof: used, code: "invalid_dpop_proof", reason: "proof_replay"},
		"no nonce":         {proof: prove(t, "ec", good.with("nonce", nil)), code: "use_dpop_nonce", silent: true},
		"nonce of nobody":  {proof: prove(t, "ec", good.with("nonce", "AAAAAAAAAAAAAAAAAAAAAAAA")), code: "use_dpop_nonce", silent: true},
		"client assertion": {proof: sign(t, "ec", "ES256", "JWT", good), code: "invalid_dpop_proof", reason: "proof_form"},
	} {
		before := len(w.db.kinds())
		r := w.post("/oauth2/token", "revenue", redemption(code), "DPoP", c.proof)
		w.wantError(r, http.StatusBadRequest, c.code)
		switch {
		case c.silent && len(w.db.kinds()) != before:
			t.Errorf("%s: recorded", name)
		case !c.silent:
			w.wantEvent("token.refused " + c.reason)
		}
	}
	r := w.request(http.MethodPost, "/oauth2/token", redemption(code).Encode(), "DPoP", w.atToken("ec"), "DPoP", w.atToken("ec"))
	r.SetBasicAuth("revenue", url.QueryEscape(testSecret("revenue")))
	w.wantError(w.do(r), http.StatusBadRequest, "invalid_dpop_proof")
	w.wantEvent("token.refused proof_several")
	if r := w.post("/oauth2/token", "revenue", redemption(code), "DPoP", prove(t, "ec", good)); r.StatusCode != http.StatusOK {
		t.Errorf("the code has suffered: %s", r.body)
	}
}

func TestRFC9449_ANonceLivesForMinutesOnEveryNode(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t) // two nodes: the same index key
	nonce := w.serverNonce()
	if got := other.serverNonce(); got != nonce {
		t.Fatalf("two nodes have %s and %s", nonce, got)
	}
	try := func(w *world) reply {
		return w.post("/oauth2/token", "revenue", redemption(w.code()), "DPoP", prove(t, "ec", w.about("POST", "/oauth2/token").with("nonce", nonce)))
	}
	other.clock.forward(-2 * time.Minute) // its clock is behind
	w.clock.forward(2 * time.Minute)
	for name, w := range map[string]*world{"later": w, "behind": other} {
		if r := try(w); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", name, r.body)
		}
	}
	if next := w.serverNonce(); next == nonce {
		t.Error("the nonce does not change")
	}
	w.clock.forward(2 * time.Minute)
	w.wantError(try(w), http.StatusBadRequest, "use_dpop_nonce")
}

func TestRFC9449_AClientThatMustProve(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.DPoPBound = true })
	code := w.code()
	w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_dpop_proof")
	w.wantEvent("token.refused proof_missing")
	if r := w.post("/oauth2/token", "revenue", redemption(code), "DPoP", w.atToken("ec")); r.StatusCode != http.StatusOK {
		t.Error(r.body)
	}
}

func TestRFC9449_ABoundTokenIsNoBearerToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	access := w.post("/oauth2/token", "revenue", redemption(w.code()), "DPoP", w.atToken("ec")).json(t)["access_token"].(string)
	good := w.about("GET", "/oauth2/userinfo").with("ath", ath(access))
	plain := w.access()
	for name, c := range map[string]struct {
		reply           reply
		code, first, of string
	}{
		"as bearer":       {w.userinfo(access), "invalid_token", "Bearer", "bearer"},
		"bearer, proven":  {w.userinfoWith("Bearer", access, prove(t, "ec", good.with("jti", "1"))), "invalid_token", "Bearer", "bearer"},
		"in a form":       {w.do(w.request("POST", "/oauth2/userinfo", "access_token="+access)), "invalid_token", "Bearer", "bearer"},
		"no proof":        {w.userinfoWith("DPoP", access, ""), "invalid_dpop_proof", "DPoP", "proof_missing"},
		"another key":     {w.userinfoWith("DPoP", access, prove(t, "ec2", good.with("jti", "2"))), "invalid_token", "DPoP", "other_key"},
		"no ath":          {w.userinfoWith("DPoP", access, prove(t, "ec", good.with("ath", nil))), "invalid_dpop_proof", "DPoP", "proof_ath"},
		"ath of another":  {w.userinfoWith("DPoP", access, prove(t, "ec", good.with("ath", ath("x")))), "invalid_dpop_proof", "DPoP", "proof_ath"},
		"htm":             {w.userinfoWith("DPoP", access, prove(t, "ec", good.with("htm", "POST"))), "invalid_dpop_proof", "DPoP", "proof_htm"},
		"htu":             {w.userinfoWith("DPoP", access, prove(t, "ec", good.with("htu", w.issuer()+"/oauth2/token"))), "invalid_dpop_proof", "DPoP", "proof_htu"},
		"no nonce":        {w.userinfoWith("DPoP", access, prove(t, "ec", good.with("nonce", nil))), "use_dpop_nonce", "DPoP", ""},
		"unbound as DPoP": {w.userinfoWith("DPoP", plain, w.atUserInfo("ec", plain)), "invalid_token", "DPoP", "not_bound"},
	} {
		if c.reply.StatusCode != http.StatusUnauthorized || c.reply.json(t)["error"] != c.code {
			t.Errorf("%s: %d %s", name, c.reply.StatusCode, c.reply.body)
		}
		all := c.reply.Header.Values("WWW-Authenticate")
		if len(all) != 2 || !strings.HasPrefix(all[0], c.first+` realm="onedoor"`) || !strings.Contains(all[0], `error="`+c.code+`"`) ||
			strings.Contains(all[1], "error") || !strings.Contains(strings.Join(all, ""), `algs="ES256 PS256"`) {
			t.Errorf("%s: %q", name, all)
		}
		if c.of != "" {
			w.wantSomeEvent("userinfo.refused " + c.of)
		}
		if (c.code == "use_dpop_nonce") != (c.reply.Header.Get("DPoP-Nonce") != "") && name != "another key" {
			t.Errorf("%s: nonce %q", name, c.reply.Header.Get("DPoP-Nonce"))
		}
	}
	if r := w.userinfoWith("DPoP", access, prove(t, "ec", good)); r.StatusCode != http.StatusOK {
		t.Fatal(r.body)
	}
	if r := w.userinfoWith("DPoP", access, prove(t, "ec", good)); r.StatusCode != http.StatusUnauthorized || r.json(t)["error"] != "invalid_dpop_proof" {
		t.Errorf("a proof counts twice: %d %s", r.StatusCode, r.body)
	}
	w.wantEvent("userinfo.refused proof_replay")
}

func TestRFC9449_RefreshTokensAreBound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refresh := func(client string, token any, header ...string) reply {
		return w.post("/oauth2/token", hub.SystemID(client), url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.(string)}}, header...)
	}
	flow := func(client, redirect string) map[string]any {
		code := w.code("client_id", client, "redirect_uri", redirect, "scope", "openid offline_access")
		return w.post("/oauth2/token", hub.SystemID(client), redemption(code, "redirect_uri", redirect), "DPoP", w.atToken("ec")).json(t)
	}
	public := flow("app", "https://app.example/cb")
	w.wantError(refresh("app", public["refresh_token"], "DPoP", w.atToken("ec2")), http.StatusBadRequest, "invalid_grant")
	w.wantEvent("token.refused other_key")
	w.wantError(refresh("app", public["refresh_token"]), http.StatusBadRequest, "invalid_dpop_proof")
	again := refresh("app", public["refresh_token"], "DPoP", w.atToken("ec"))
	if again.StatusCode != http.StatusOK {
		t.Fatalf("with its own key, after strangers: %s", again.body)
	}
	if lost := refresh("app", public["refresh_token"], "DPoP", w.atToken("ec")); lost.StatusCode != http.StatusOK { // the answer was lost
		t.Errorf("right after, with the key: %s", lost.body)
	}

	confidential := flow("revenue", "https://revenue.example/cb")
	w.wantError(refresh("revenue", confidential["refresh_token"]), http.StatusBadRequest, "invalid_dpop_proof")
	r := refresh("revenue", confidential["refresh_token"], "DPoP", w.atToken("ec2")) // section 5: it is bound by the client's authentication
	if r.StatusCode != http.StatusOK {
		t.Fatal(r.body)
	}
	if cnf, _ := w.introspect("revenue", r.json(t)["access_token"].(string)).json(t)["cnf"].(map[string]any); cnf["jkt"] != jkt("ec2") {
		t.Errorf("cnf %v", cnf)
	}
	w.wantError(refresh("revenue", r.json(t)["refresh_token"]), http.StatusBadRequest, "invalid_dpop_proof")
}

func TestRFC9449_ACodeIsBoundToTheKeyThatWasNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pushed := func(v url.Values, header ...string) string {
		r := w.post("/oauth2/par", "revenue", v, header...)
		if r.StatusCode != http.StatusCreated {
			t.Fatal(r.body)
		}
		return w.authorize(url.Values{"client_id": {"revenue"}, "request_uri": {r.json(t)["request_uri"].(string)}}).location(t).Get("code")
	}
	atPush := func(by string) string { return prove(t, by, w.about("POST", "/oauth2/par")) }
	for name, code := range map[string]string{
		"authorize":      w.code("dpop_jkt", jkt("ec")),
		"pushed":         pushed(form("dpop_jkt", jkt("ec"))),
		"pushed, proven": pushed(form(), "DPoP", atPush("ec")),
		"pushed, both":   pushed(form("dpop_jkt", jkt("ec")), "DPoP", atPush("ec")),
	} {
		w.wantError(w.post("/oauth2/token", "revenue", redemption(code), "DPoP", w.atToken("ec2")), http.StatusBadRequest, "invalid_grant")
		w.wantEvent("token.refused other_key")
		w.wantError(w.redeem(code), http.StatusBadRequest, "invalid_dpop_proof")
		if r := w.post("/oauth2/token", "revenue", redemption(code), "DPoP", w.atToken("ec")); r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", name, r.body)
		}
	}
	w.wantError(w.post("/oauth2/par", "revenue", form("dpop_jkt", jkt("ec2")), "DPoP", atPush("ec")), http.StatusBadRequest, "invalid_dpop_proof")
	w.wantEvent("authorization.push.refused other_key")
	once := atPush("ec")
	pushed(form(), "DPoP", once)
	w.wantError(w.post("/oauth2/par", "revenue", form(), "DPoP", once), http.StatusBadRequest, "invalid_dpop_proof")
	w.wantEvent("authorization.push.refused proof_replay")
	for _, bad := range []string{"x", jkt("ec")[1:], strings.Repeat("=", 43)} {
		if q := w.authorize(form("dpop_jkt", bad)).location(t); q.Get("error") != "invalid_request" {
			t.Errorf("%q: %v", bad, q)
		}
	}
}

// The same request at two nodes at once: exactly one is answered with tokens or claims.
func TestRFC9449_OneProofAtTwoNodesOverSQL(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, _ := overSQL(t, db)
		second, err := oidcop.New(w.options)
		must(err)
		w.signing(func(c *oidcop.Client) { c.FAPI = true })
		pushed := w.proven("/oauth2/par", form("scope", "openid offline_access"), sign(t, "ec", "ES256", "JWT", w.proof())).json(t)
		code := w.authorize(url.Values{"client_id": {"revenue"}, "request_uri": {pushed["request_uri"].(string)}}).location(t).Get("code")
		m := w.proven("/oauth2/token", redemption(code), sign(t, "ec", "ES256", "JWT", w.proof()), "DPoP", w.atToken("ec")).json(t)
		access := m["access_token"].(string)
		token, info := w.atToken("ec"), w.atUserInfo("ec", access)
		nodes := []*oidcop.Provider{w.op, second}
		for name, send := range map[string]func(node *oidcop.Provider) reply{
			"refresh without rotation": func(node *oidcop.Provider) reply {
				v := url.Values{
					"grant_type": {"refresh_token"}, "refresh_token": {m["refresh_token"].(string)},
					"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {sign(t, "ec", "ES256", "JWT", w.proof())},
				}
				return at(node.Token, w.request(http.MethodPost, "/oauth2/token", v.Encode(), "DPoP", token))
			},
			"userinfo": func(node *oidcop.Provider) reply {
				return at(node.UserInfo, w.request(http.MethodGet, "/oauth2/userinfo", "", "Authorization", "DPoP "+access, "DPoP", info))
			},
		} {
			const n = 6
			replies := make([]reply, n)
			var done sync.WaitGroup
			for i := range n {
				done.Go(func() { replies[i] = send(nodes[i%2]) })
			}
			done.Wait()
			good := 0
			for _, r := range replies {
				switch {
				case r.StatusCode == http.StatusOK:
					good++
				case !strings.Contains(r.body, "invalid_dpop_proof"):
					t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
				}
			}
			if good != 1 {
				t.Errorf("%s: %d of %d went through", name, good, n)
			}
		}
	})
}

// at sends a request to one node.
func at(h http.HandlerFunc, r *http.Request) reply {
	rec := httptest.NewRecorder()
	h(rec, r)
	return reply{rec.Result(), rec.Body.String()}
}

// The bytes on the wire of an answer about a bound token, and of the refusals that clients' software reads.
func TestRFC9449_WireBytes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Attributes = nil })
	access := w.post("/oauth2/token", "revenue", redemption(w.code("scope", "openid")), "DPoP", w.atToken("ec")).json(t)["access_token"].(string)
	got := w.introspect("revenue", access).body
	i, j := strings.Index(got, `"token_type"`), strings.Index(got, `,"cnf"`)
	if i < 0 || j < 0 || got[i:i+19] != `"token_type":"DPoP"` || got[j:] != `,"cnf":{"jkt":"`+jkt("ec")+`"}}` {
		t.Errorf("%s", got)
	}
	nonce := w.userinfoWith("DPoP", access, prove(t, "ec", w.about("GET", "/oauth2/userinfo").with("ath", ath(access), "nonce", nil)))
	text := nonce.Header.Get("WWW-Authenticate") + "\n" + strings.Join(nonce.Header.Values("WWW-Authenticate")[1:], "\n") + "\n" + nonce.body + "\n"
	const said = "the DPoP proof must hold the nonce of the DPoP-Nonce header"
	if want := `DPoP realm="onedoor", algs="ES256 PS256", error="use_dpop_nonce", error_description="` + said + "\"\n" + `Bearer realm="onedoor"` + "\n" +
		`{"error":"use_dpop_nonce","error_description":"` + said + `"}` + "\n"; text != want {
		t.Errorf("%s", text)
	}
}
