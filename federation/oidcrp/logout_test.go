package oidcrp_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/federation/simulator"
	"onedoor/hub"
)

// issuer is a provider of which only metadata and keys are asked.
type issuer struct {
	*rig
	key, rogue jose.JSONWebKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{rig: newRig(t), key: newKey(t, "k1"), rogue: newKey(t, "k1")}
	base := i.server.url
	i.server.handle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/.well-known/openid-configuration":
			simulator.WriteJSON(w, http.StatusOK, map[string]any{
				"issuer": base, "authorization_endpoint": base + "/a", "token_endpoint": base + "/t", "jwks_uri": base + "/jwks",
				"end_session_endpoint": base + "/end?x=1", "revocation_endpoint": base + "/revoke",
			})
		case "/jwks":
			simulator.WriteJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.Public()}})
		default:
			http.NotFound(w, r)
		}
	}))
	from, until := i.dates()
	i.provider = federation.Provider{ID: "bank", Names: hub.Text{"en": "Bank"}, Status: federation.Active, ValidFrom: from, ValidUntil: until, OIDC: &federation.OIDC{
		Issuer: base, ClientID: "hub-at-bank", ClientSecret: seal(secret), Scopes: []string{"openid"},
	}}
	return i
}

// claims of a good logout token.
func (i *issuer) claims() map[string]any {
	now := i.clock.now()
	return map[string]any{
		"iss": i.server.url, "aud": "hub-at-bank", "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": hub.NewID(rand.Reader),
		"sub": "person-1", "sid": "sid-1", "events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
}

func signed(t *testing.T, key jose.JSONWebKey, alg jose.SignatureAlgorithm, typ string, claims any) string {
	t.Helper()
	o := &jose.SignerOptions{}
	if typ != "" {
		o = o.WithType(jose.ContentType(typ))
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, o)
	if err != nil {
		t.Fatal(err)
	}
	payload, ok := claims.([]byte)
	if !ok {
		if payload, err = json.Marshal(claims); err != nil {
			t.Fatal(err)
		}
	}
	jws, err := s.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func (i *issuer) token(change func(map[string]any)) string {
	c := i.claims()
	if change != nil {
		change(c)
	}
	return signed(i.t, i.key, jose.ES256, "logout+jwt", c)
}

// OpenID Connect Back-Channel Logout 1.0 section 2.6; SSO-05, invariant 6.
func TestSSO05_LogoutTokensOfProviders(t *testing.T) {
	t.Parallel()
	set := func(name string, v any) func(*issuer) string {
		return func(i *issuer) string {
			return i.token(func(c map[string]any) {
				if v == nil {
					delete(c, name)
				} else {
					c[name] = v
				}
			})
		}
	}
	at := func(name string, d time.Duration) func(*issuer) string {
		return func(i *issuer) string {
			return i.token(func(c map[string]any) { c[name] = i.clock.now().Add(d).Unix() })
		}
	}
	event := func(v any) func(*issuer) string { return set("events", v) }
	typ := func(typ string) func(*issuer) string {
		return func(i *issuer) string { return signed(i.t, i.key, jose.ES256, typ, i.claims()) }
	}
	cases := map[string]struct {
		make  func(i *issuer) string
		cause federation.Cause // "" is good
	}{
		"by the book":            {func(i *issuer) string { return i.token(nil) }, ""},
		"subject alone":          {set("sid", nil), ""},
		"sid alone":              {set("sub", nil), ""},
		"no typ":                 {typ(""), ""},
		"typ JWT":                {typ("JWT"), ""},
		"typ with application/":  {typ("application/logout+jwt"), ""},
		"audience as list":       {set("aud", []string{"hub-at-bank"}), ""},
		"a slow clock":           {at("iat", 50*time.Second), ""},
		"nothing":                {func(*issuer) string { return "" }, federation.LogoutTokenMissing},
		"no token":               {func(*issuer) string { return "x" }, federation.LogoutTokenMalformed},
		"another issuer":         {set("iss", "https://evil.example"), federation.LogoutTokenIssuer},
		"no issuer":              {set("iss", nil), federation.LogoutTokenIssuer},
		"another audience":       {set("aud", "another"), federation.LogoutTokenAudience},
		"an audience beside us":  {set("aud", []string{"hub-at-bank", "another"}), federation.LogoutTokenAudience},
		"audience of numbers":    {set("aud", []any{"hub-at-bank", 1}), federation.LogoutTokenAudience},
		"no audience":            {set("aud", nil), federation.LogoutTokenAudience},
		"expired":                {at("exp", -time.Second), federation.LogoutTokenTime},
		"no exp":                 {set("exp", nil), federation.LogoutTokenTime},
		"old":                    {at("iat", -11*time.Minute), federation.LogoutTokenTime},
		"from the future":        {at("iat", 2*time.Minute), federation.LogoutTokenTime},
		"no iat":                 {set("iat", nil), federation.LogoutTokenTime},
		"iat as text":            {set("iat", "now"), federation.LogoutTokenTime},
		"not yet":                {at("nbf", 5*time.Minute), federation.LogoutTokenTime},
		"nonce":                  {set("nonce", "n"), federation.LogoutTokenNonce},
		"empty nonce":            {set("nonce", ""), federation.LogoutTokenNonce},
		"no events":              {event(nil), federation.LogoutTokenEvents},
		"events as text":         {event("http://schemas.openid.net/event/backchannel-logout"), federation.LogoutTokenEvents},
		"another event":          {event(map[string]any{"http://schemas.openid.net/event/other": map[string]any{}}), federation.LogoutTokenEvents},
		"an event that is none":  {event(map[string]any{"http://schemas.openid.net/event/backchannel-logout": true}), federation.LogoutTokenEvents},
		"no jti":                 {set("jti", nil), federation.LogoutTokenID},
		"jti a number":           {set("jti", 7), federation.LogoutTokenID},
		"jti without end":        {set("jti", strings.Repeat("x", 256)), federation.LogoutTokenID},
		"nobody":                 {func(i *issuer) string { return i.token(func(c map[string]any) { delete(c, "sub"); delete(c, "sid") }) }, federation.LogoutTokenWhom},
		"sid a list":             {set("sid", []string{"sid-1"}), federation.LogoutTokenWhom},
		"sub empty":              {set("sub", ""), federation.LogoutTokenWhom},
		"typ of an access token": {typ("at+jwt"), federation.LogoutTokenType},
		"typ of another event":   {typ("secevent+jwt"), federation.LogoutTokenType},
		"alg none":               {func(i *issuer) string { raw, _ := simulator.Unsigned(i.claims()); return raw }, federation.LogoutTokenAlg},
		"HMAC with the secret":   {func(i *issuer) string { raw, _ := simulator.SignedWithSecret(secret, i.claims()); return raw }, federation.LogoutTokenAlg},
		"HMAC with the public key": {func(i *issuer) string {
			public, _ := i.key.Public().MarshalJSON()
			return signed(i.t, jose.JSONWebKey{Key: public, KeyID: "k1"}, jose.HS256, "logout+jwt", i.claims())
		}, federation.LogoutTokenAlg},
		"another key":    {func(i *issuer) string { return signed(i.t, i.rogue, jose.ES256, "logout+jwt", i.claims()) }, federation.IDTokenSignature},
		"a member twice": {func(i *issuer) string { return signed(i.t, i.key, jose.ES256, "logout+jwt", twice(i.claims())) }, federation.LogoutTokenMalformed},
		"an ID token":    {func(i *issuer) string { return signed(i.t, i.key, jose.ES256, "JWT", idClaims(i)) }, federation.LogoutTokenNonce},
		"encrypted":      {func(i *issuer) string { return "a.b.c.d.e" }, federation.LogoutTokenEncrypted},
		"EVENTS in capitals": {func(i *issuer) string {
			return i.token(func(c map[string]any) { c["EVENTS"] = c["events"]; delete(c, "events") })
		}, federation.LogoutTokenEvents},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			got, err := i.connector.LogoutToken(t.Context(), i.provider, tc.make(i))
			if tc.cause == "" {
				if err != nil || got.ID == "" || !got.Until.After(i.clock.now()) {
					t.Errorf("%+v %v", got, err)
				}
				return
			}
			refused(t, name, err, hub.Refused, tc.cause)
		})
	}
}

func twice(claims map[string]any) []byte {
	b, _ := json.Marshal(claims)
	return append([]byte(`{"sub":"another",`), b[1:]...)
}

func idClaims(i *issuer) map[string]any {
	c := i.claims()
	delete(c, "events")
	c["nonce"] = "n"
	return c
}

func TestSSO05_LogoutTokenWhileTheProvidersKeysAreAway(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	raw := i.token(nil)
	i.server.handle(http.NotFoundHandler())
	if _, err := i.connector.LogoutToken(t.Context(), i.provider, raw); !errors.Is(err, hub.Unavailable) {
		t.Errorf("%v", err)
	}
}

func FuzzLogoutToken(f *testing.F) {
	f.Add(`{"iss":"https://idp.example","aud":"c","iat":1772352000,"exp":1772352100,"jti":"j","sub":"s","events":{"http://schemas.openid.net/event/backchannel-logout":{}}}`)
	f.Add(`{"aud":["c",1],"events":[],"sid":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		head := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256"}`))
		raw := head + "." + base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + strings.Repeat("A", 86)
		i := newIssuer(t)
		if got, err := i.connector.LogoutToken(t.Context(), i.provider, raw); err == nil {
			t.Errorf("an unsigned token was taken: %+v", got)
		}
	})
}
