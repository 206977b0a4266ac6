package oidcrp

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// readTokens goes the way of a token response from its bytes.
func readTokens(body []byte, q federation.Quirks) (tokens, error) {
	m, err := new(Connector).object("test", federation.Provider{OIDC: &federation.OIDC{}}, reply{media: "application/json", body: body})
	if err != nil {
		return tokens{}, err
	}
	return parseTokens(m, q, noon)
}

func TestParseTokens(t *testing.T) {
	t.Parallel()
	quirk := federation.Quirks{ExpireIn: true}
	cases := []struct {
		name, body string
		quirks     federation.Quirks
		cause      federation.Cause
	}{
		{"by the book", `{"access_token":"a","token_type":"Bearer","expires_in":900}`, federation.Quirks{}, ""},
		{"lower case type", `{"access_token":"a","token_type":"bearer"}`, federation.Quirks{}, ""},
		{"life as text", `{"access_token":"a","token_type":"Bearer","expires_in":"900"}`, federation.Quirks{}, ""},
		{"life null", `{"access_token":"a","token_type":"Bearer","expires_in":null}`, federation.Quirks{}, ""},
		{"absolute life", `{"access_token":"a","token_type":"Bearer","expire_in":1795262400}`, quirk, ""},
		{"absolute life under the right name", `{"access_token":"a","token_type":"Bearer","expires_in":1795262400}`, quirk, ""},
		{"absolute life in the past", `{"access_token":"a","token_type":"Bearer","expire_in":1763726400}`, quirk, federation.TokenExpired},
		{"absolute life without the quirk is a long one", `{"access_token":"a","token_type":"Bearer","expires_in":1763726400}`, federation.Quirks{}, ""},
		{"misspelt life without the quirk is a claim", `{"access_token":"a","token_type":"Bearer","expire_in":{}}`, federation.Quirks{}, ""},
		{"life 0 within the skew", `{"access_token":"a","token_type":"Bearer","expires_in":0}`, federation.Quirks{}, ""},
		{"negative life", `{"access_token":"a","token_type":"Bearer","expires_in":-1}`, federation.Quirks{}, federation.ResponseMalformed},
		{"life no number", `{"access_token":"a","token_type":"Bearer","expires_in":"soon"}`, federation.Quirks{}, federation.ResponseMalformed},
		{"life NaN", `{"access_token":"a","token_type":"Bearer","expires_in":"NaN"}`, federation.Quirks{}, federation.ResponseMalformed},
		{"life an object", `{"access_token":"a","token_type":"Bearer","expires_in":{}}`, federation.Quirks{}, federation.ResponseMalformed},
		{"no token", `{"token_type":"Bearer"}`, federation.Quirks{}, federation.TokenMissing},
		{"name in capitals", `{"ACCESS_TOKEN":"a","token_type":"Bearer"}`, federation.Quirks{}, federation.TokenMissing},
		{"token a number", `{"access_token":7,"token_type":"Bearer"}`, federation.Quirks{}, federation.TokenMissing},
		{"token with a line break", `{"access_token":"a\r\nX: y","token_type":"Bearer"}`, federation.Quirks{}, federation.TokenMissing},
		{"token with a space", `{"access_token":"a b","token_type":"Bearer"}`, federation.Quirks{}, federation.TokenMissing},
		{"no type", `{"access_token":"a"}`, federation.Quirks{}, federation.TokenType},
		{"DPoP", `{"access_token":"a","token_type":"DPoP"}`, federation.Quirks{}, federation.TokenType},
		{"list", `[]`, federation.Quirks{}, federation.ResponseMalformed},
		{"null", `null`, federation.Quirks{}, federation.ResponseMalformed},
		{"doubled member", `{"access_token":"a","token_type":"Bearer","access_token":"b"}`, federation.Quirks{}, federation.ResponseMalformed},
		{"two objects", `{"access_token":"a","token_type":"Bearer"}{}`, federation.Quirks{}, federation.ResponseMalformed},
		{"page", `<html>`, federation.Quirks{}, federation.ResponseMalformed},
		{"nothing", ``, federation.Quirks{}, federation.ResponseMalformed},
	}
	for _, c := range cases {
		got, err := readTokens([]byte(c.body), c.quirks)
		if c.cause == "" {
			if err != nil || got.access != "a" {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if !errors.Is(err, hub.Refused) || federation.Reason(err) != string(c.cause) {
			t.Errorf("%s: %v, want %s", c.name, err, c.cause)
		}
	}
}

func TestParseTokensKeepsClaimsOnly(t *testing.T) {
	t.Parallel()
	got, err := readTokens([]byte(`{"access_token":"a","token_type":"Bearer","refresh_token":"r","id_token":"i","scope":"pid","expire_in":1795262400,"pid":"1","ial":2.3,"laser_id":"x","card":{"chip":"y","n":1}}`), federation.Quirks{ExpireIn: true})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(got.members)
	if string(b) != `{"card":{"n":1},"ial":2.3,"pid":"1"}` || got.id != "i" {
		t.Errorf("%s", b)
	}
	if strings.Contains(got.String()+got.GoString(), "pid") {
		t.Error("tokens print")
	}
}

func FuzzParseTokens(f *testing.F) {
	for _, s := range []string{
		`{"access_token":"a","token_type":"Bearer","expires_in":900,"id_token":"x.y.z"}`,
		`{"access_token":"a","token_type":"Bearer","expire_in":"1795262400","pid":"3100500000011","laser_id":"JT9","address":{"formatted":"x"}}`,
		`{"access_token":"a","token_type":"Bearer","expire_in":1e300}`, `[]`, ``, `{"access_token":{}}`, "\xff",
	} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, body []byte, quirk bool) {
		got, err := readTokens(body, federation.Quirks{ExpireIn: quirk, FlatClaims: true})
		if err != nil {
			if !errors.Is(err, hub.Refused) || federation.Reason(err) == string(hub.Refused) {
				t.Fatalf("%v", err)
			}
			return
		}
		if got.access == "" || strings.ContainsAny(got.access, " \r\n") {
			t.Fatal("an access token that can't be sent")
		}
		for name := range got.members {
			if federation.Forbidden(name) {
				t.Fatalf("member %q", name)
			}
			for _, n := range tokenMembers {
				if name == n {
					t.Fatalf("member %q is no claim", name)
				}
			}
		}
	})
}

// nullClaim stands for a claim that is there and null.
var nullClaim = (*int)(nil)

func claims(changes map[string]any) map[string]any {
	number := func(at time.Time) json.Number { b, _ := json.Marshal(at.Unix()); return json.Number(b) }
	m := map[string]any{"iss": "https://idp", "sub": "s", "aud": "hub", "nonce": "n", "iat": number(noon), "exp": number(noon.Add(time.Minute)), "auth_time": number(noon)}
	for k, v := range changes {
		if v == nil {
			delete(m, k)
		} else if at, ok := v.(time.Time); ok {
			m[k] = number(at)
		} else {
			m[k] = v
		}
	}
	return m
}

func TestCheckClaims(t *testing.T) {
	t.Parallel()
	o := federation.OIDC{Issuer: "https://idp", ClientID: "hub", Audiences: []string{"friend"}}
	age := func(seconds int64) *int64 { return &seconds }
	base := question{Nonce: "n", Started: noon.Add(-5 * time.Minute).UnixMicro(), MaxAge: age(3600)}
	with := func(change func(*question)) question { q := base; change(&q); return q }
	cases := []struct {
		name    string
		asked   question
		changes map[string]any
		want    federation.Cause
	}{
		{"good", base, nil, ""},
		{"audience list", base, map[string]any{"aud": []any{"hub"}}, ""},
		{"two audiences with azp", base, map[string]any{"aud": []any{"friend", "hub"}, "azp": "hub"}, ""},
		{"a stranger in the audience", base, map[string]any{"aud": []any{"x", "hub"}, "azp": "hub"}, federation.IDTokenStranger},
		{"an audience that is no text", base, map[string]any{"aud": []any{"hub", json.Number("1")}, "azp": "hub"}, federation.IDTokenClaim},
		{"acr a list", base, map[string]any{"acr": []any{"high"}}, federation.IDTokenClaim},
		{"acr null", base, map[string]any{"acr": nullClaim}, federation.IDTokenClaim},
		{"amr of numbers", base, map[string]any{"amr": []any{json.Number("1")}}, federation.IDTokenClaim},
		{"amr a text", base, map[string]any{"amr": "pwd"}, ""},
		{"no exp", base, map[string]any{"exp": nil}, federation.IDTokenExpiry},
		{"exp text", base, map[string]any{"exp": "never"}, federation.IDTokenExpiry},
		{"exp now", base, map[string]any{"exp": noon}, federation.IDTokenExpired},
		{"exp in other letters", base, map[string]any{"exp": noon, "EXP": noon.Add(time.Hour)}, federation.IDTokenExpired},
		{"nbf at the edge", base, map[string]any{"nbf": noon.Add(time.Minute)}, ""},
		{"nbf ahead", base, map[string]any{"nbf": noon.Add(61 * time.Second)}, federation.IDTokenEarly},
		{"nbf text", base, map[string]any{"nbf": "soon"}, federation.IDTokenClaim},
		{"two audiences without azp", base, map[string]any{"aud": []any{"x", "hub"}}, federation.IDTokenParty},
		{"azp of another", base, map[string]any{"azp": "x"}, federation.IDTokenParty},
		{"azp a number", base, map[string]any{"azp": json.Number("7")}, federation.IDTokenClaim},
		{"audience of another", base, map[string]any{"aud": "x"}, federation.IDTokenAudience},
		{"no audience", base, map[string]any{"aud": nil}, federation.IDTokenAudience},
		{"issuer with a slash", base, map[string]any{"iss": "https://idp/"}, federation.IDTokenIssuer},
		{"no subject", base, map[string]any{"sub": nil}, federation.SubjectMissing},
		{"subject a number", base, map[string]any{"sub": json.Number("1")}, federation.SubjectMissing},
		{"other nonce", base, map[string]any{"nonce": "m"}, federation.IDTokenNonce},
		{"no nonce", base, map[string]any{"nonce": nil}, federation.IDTokenNonce},
		{"nonce not asked", with(func(q *question) { q.Nonce = "" }), map[string]any{"nonce": nil}, ""},
		{"iat at the start's edge", base, map[string]any{"iat": noon.Add(-6 * time.Minute)}, ""},
		{"iat before the start", base, map[string]any{"iat": noon.Add(-6*time.Minute - time.Second)}, federation.IDTokenIssued},
		{"iat at the future's edge", base, map[string]any{"iat": noon.Add(time.Minute)}, ""},
		{"iat in the future", base, map[string]any{"iat": noon.Add(61 * time.Second)}, federation.IDTokenIssued},
		{"no iat", base, map[string]any{"iat": nil}, federation.IDTokenIssued},
		{"iat text", base, map[string]any{"iat": "now"}, federation.IDTokenIssued},
		{"auth_time at the edge", base, map[string]any{"auth_time": noon.Add(-61 * time.Minute)}, ""},
		{"auth_time too old", base, map[string]any{"auth_time": noon.Add(-61*time.Minute - time.Second)}, federation.AuthTimeOld},
		{"auth_time missing", base, map[string]any{"auth_time": nil}, federation.AuthTimeMissing},
		{"auth_time missing, not asked", with(func(q *question) { q.MaxAge = nil }), map[string]any{"auth_time": nil}, ""},
		{"auth_time old, not asked", with(func(q *question) { q.MaxAge = nil }), map[string]any{"auth_time": noon.AddDate(-1, 0, 0)}, ""},
		{"auth_time in the future", with(func(q *question) { q.MaxAge = nil }), map[string]any{"auth_time": noon.Add(2 * time.Minute)}, federation.AuthTimeFuture},
		{"auth_time text", base, map[string]any{"auth_time": "1"}, federation.IDTokenMalformed},
		{"fresh", with(func(q *question) { q.MaxAge = age(0) }), map[string]any{"auth_time": noon.Add(-5 * time.Minute)}, ""},
		{"fresh, but from before", with(func(q *question) { q.MaxAge = age(0) }), map[string]any{"auth_time": noon.Add(-6*time.Minute - time.Second)}, federation.AuthTimeOld},
	}
	for _, c := range cases {
		if got := checkClaims(o, c.asked, claims(c.changes), noon); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzDiagnose(f *testing.F) {
	for _, s := range []string{"", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJFUzI1NiJ9.e30.x", "eyJhbGciOiJFUzI1NiJ9.bnVsbA.x"} {
		f.Add(s)
	}
	o := federation.OIDC{Issuer: "https://idp", ClientID: "hub"}
	f.Fuzz(func(t *testing.T, raw string) {
		if diagnose(o, raw, errors.New("x"), algorithms(o), noon) == "" {
			t.Fatal("no cause")
		}
		confusedType(raw)
	})
}

func FuzzCheckClaims(f *testing.F) {
	for _, s := range []string{
		`{"iss":"https://idp","sub":"s","aud":"hub","nonce":"n","iat":1795262400,"auth_time":1795262400}`,
		`{"aud":[1,{}],"azp":[],"iat":1e99,"auth_time":-1}`, `{}`,
	} {
		f.Add([]byte(s))
	}
	o := federation.OIDC{Issuer: "https://idp", ClientID: "hub"}
	zero := int64(0)
	asked := question{Nonce: "n", Started: noon.UnixMicro(), MaxAge: &zero}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, ok := decodeObject(body)
		if !ok {
			return
		}
		if checkClaims(o, asked, m, noon) == "" && (m["iss"] != o.Issuer || m["nonce"] != "n" || text(m, "sub") == "") {
			t.Fatal("passed")
		}
	})
}

func TestParseKeys(t *testing.T) {
	t.Parallel()
	const ec = `{"kty":"EC","crv":"P-256","kid":"1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}`
	cases := []struct {
		name, body string
		n, unfit   int
		ok         bool
	}{
		{"one", `{"keys":[` + ec + `]}`, 1, 0, true},
		{"unknown kind is passed over", `{"keys":[{"kty":"XYZ"},` + ec + `,{"kty":"EC"}]}`, 1, 0, true},
		{"for encryption", `{"keys":[` + strings.Replace(ec, `"kid"`, `"use":"enc","kid"`, 1) + `]}`, 0, 0, true},
		{"private key", `{"keys":[` + strings.Replace(ec, `"kid"`, `"d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","kid"`, 1) + `]}`, 0, 1, true},
		{"shared secret", `{"keys":[{"kty":"oct","k":"AAAA"}]}`, 0, 1, true},
		{"short RSA", `{"keys":[{"kty":"RSA","n":"u1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLRnrq0_IzW7yWR7QkrmBL7jTKEn5u","e":"AQAB"}]}`, 0, 1, true},
		{"RSA with exponent 2", `{"keys":[{"kty":"RSA","kid":"1","n":"` + strings.Repeat("v", 344) + `","e":"Ag"}]}`, 0, 1, true},
		{"enormous RSA", `{"keys":[{"kty":"RSA","kid":"1","n":"` + strings.Repeat("v", 2000) + `","e":"AQAB"}]}`, 0, 0, true},
		{"none", `{"keys":[]}`, 0, 0, true},
		{"not a set", `[]`, 0, 0, false},
		{"too many", `{"keys":[` + strings.Repeat(ec+",", 100) + ec + `]}`, 0, 0, false},
	}
	for _, c := range cases {
		got, ok := parseKeys([]byte(c.body))
		if ok != c.ok || ok && (len(got.list) != c.n || len(got.unfit) != c.unfit) {
			t.Errorf("%s: %+v, %v", c.name, got, ok)
		}
	}
}

func TestAlgorithmsNeverWeak(t *testing.T) {
	t.Parallel()
	got := algorithms(federation.OIDC{Quirks: federation.Quirks{SigningAlgs: []string{"none", "HS256", "HS512", "ES256"}}})
	if len(got) != 1 || got[0] != "ES256" {
		t.Errorf("%v", got)
	}
	if n := len(algorithms(federation.OIDC{})); n != 3 {
		t.Errorf("%d by default", n)
	}
}

func FuzzParseKeys(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"","e":""},null,7]}`))
	f.Fuzz(func(_ *testing.T, body []byte) { parseKeys(body) })
}

func TestDecodeObject(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`{}`: true, ` {"a":[{"b":1},{"b":2}],"c":{"a":null}} `: true, `{"a":1,"A":2}`: true,
		`{"a":1,"a":1}`: false, `{"x":{"a":1,"b":2,"a":3}}`: false, `{"x":[{"a":1,"a":3}]}`: false, `{"\u0061":1,"a":2}`: false,
		`{"a":1}x`: false, `{"a":1}{}`: false, `[{}]`: false, `7`: false, `null`: false, ``: false, `{`: false, `{"a":}`: false, `{"a" 1}`: false,
		"{\"a\":\"\xff\"}": false, strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40): false, strings.Repeat("[", 1<<20): false,
	} {
		if _, ok := decodeObject([]byte(body)); ok != want {
			t.Errorf("%.40q: %v", body, ok)
		}
	}
}

func FuzzDecodeObject(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":{"b":[1,"x",null,true]}}`, `{"a":1,"a":2}`, `[]`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, ok := decodeObject(body)
		var plain map[string]any
		if ok && (json.Unmarshal(body, &plain) != nil || len(plain) != len(m)) {
			t.Fatalf("read %v where the library reads %v", m, plain)
		}
	})
}

func TestReadDocument(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]struct{ ok, safe bool }{
		`{"issuer":"https://a","token_endpoint":"https://a/t","ISSUER":"https://b"}`:                  {true, true},
		`{"issuer":"https://a","pushed_authorization_request_endpoint":"http://127.0.0.1:9200/_all"}`: {true, false},
		`{"issuer":"http://localhost:1","userinfo_endpoint":"http://127.0.0.1:9200/"}`:                {true, true},
		`{"issuer":"https://a","jwks_uri":"file:///etc/shadow"}`:                                      {true, false},
		`{"issuer":"https://a","introspection_endpoint":"gopher://a/"}`:                               {true, false},
		`{"issuer":["https://a"]}`: {false, true},
		`{"issuer":"https://a","require_pushed_authorization_requests":"true"}`:                         {false, true},
		`{"issuer":"https://a","authorization_response_iss_parameter_supported":null,"jwks_uri":null}`:  {true, true},
		`{"issuer":"https://a","authorization_response_iss_parameter_supported":true,"jwks_uri":"//x"}`: {true, false},
	} {
		m, _ := decodeObject([]byte(body))
		d, ok := readDocument(m)
		if ok != want.ok || d.safe() != want.safe || ok && d.issuer != "https://a" && d.issuer != "http://localhost:1" {
			t.Errorf("%s: %v, safe %v", body, ok, d.safe())
		}
	}
}

func TestHalfHash(t *testing.T) {
	t.Parallel()
	// OpenID Connect Core appendix A.4 for SHA-256: c_hash of the code and at_hash of the token there.
	if got := halfHash("RS256", "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"); got != "LDktKdoQak3Pk0cnXxCltA" {
		t.Errorf("c_hash %s", got)
	}
	if got := halfHash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnvTvxEZzcGz0aN0"); got == halfHash("ES384", "jHkWEdUXMU1BwAsC4vtUsZwnvTvxEZzcGz0aN0") {
		t.Errorf("one hash for two algorithms: %s", got)
	}
	if len(halfHash("PS512", "x")) != 43 || halfHash("EdDSA", "x") != halfHash("ES512", "x") {
		t.Error("SHA-512")
	}
}
