package oidcop_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"onedoor/hub"
	"onedoor/hub/oidcop"
)

// relyingParty is a real one: go-oidc and x/oauth2, which knows nothing of this package.
func relyingParty(t *testing.T, w *world, id hub.SystemID, scopes ...string) (*oidc.Provider, *oauth2.Config, context.Context) {
	t.Helper()
	ctx := oidc.ClientContext(context.Background(), w.http)
	provider, err := oidc.NewProvider(ctx, w.issuer())
	if err != nil {
		t.Fatal(err)
	}
	c := w.rooms.clients[id]
	cfg := &oauth2.Config{
		ClientID: string(id), ClientSecret: testSecret(string(id)), Endpoint: provider.Endpoint(), RedirectURL: c.RedirectURIs[0],
		Scopes: append([]string{oidc.ScopeOpenID}, scopes...),
	}
	switch c.AuthMethod {
	case "client_secret_basic":
		cfg.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	default:
		cfg.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	if c.AuthMethod == "none" {
		cfg.ClientSecret = ""
	}
	return provider, cfg, ctx
}

func TestSSO02_ARealRelyingPartyLogsIn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		client hub.SystemID
		alg    string
	}{{"revenue", "ES256"}, {"social", "ES256"}, {"app", "ES256"}, {"land", "RS256"}, {"labour", "PS256"}} {
		t.Run(string(tc.client)+" "+tc.alg, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.clock.t = time.Now() // go-oidc looks at the real clock
			w.signIn("person-one")
			provider, cfg, ctx := relyingParty(t, w, tc.client, "profile", "citizen_id", "offline_access")

			v := oauth2.GenerateVerifier()
			to, err := url.Parse(cfg.AuthCodeURL("the-state", oauth2.S256ChallengeOption(v), oidc.Nonce("the-nonce")))
			if err != nil {
				t.Fatal(err)
			}
			back := w.authorize(to.Query()).location(t)
			if back.Get("state") != "the-state" || back.Get("iss") != w.issuer() {
				t.Fatalf("state or iss wrong: %v", back)
			}
			tok, err := cfg.Exchange(ctx, back.Get("code"), oauth2.VerifierOption(v))
			if err != nil {
				t.Fatal(err)
			}
			raw, _ := tok.Extra("id_token").(string)
			id, err := provider.Verifier(&oidc.Config{ClientID: string(tc.client), SupportedSigningAlgs: []string{tc.alg}}).Verify(ctx, raw)
			if err != nil {
				t.Fatal(err)
			}
			if err := id.VerifyAccessToken(tok.AccessToken); err != nil || id.AccessTokenHash == "" {
				t.Errorf("at_hash: %v", err)
			}
			if id.Nonce != "the-nonce" {
				t.Error("nonce is not that of the request")
			}
			info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tok))
			if err != nil {
				t.Fatal(err)
			}
			if info.Subject != id.Subject {
				t.Error("userinfo and ID token name different subjects")
			}
			var claims struct {
				Citizen string `json:"citizen_id"`
				NameTH  string `json:"name#th"`
				NameEN  string `json:"name#en"`
			}
			if err := info.Claims(&claims); err != nil || claims.Citizen != person || claims.NameTH != "สมหญิง ใจดี" || claims.NameEN != "Somying Jaidee" {
				t.Errorf("claims %+v, %v", claims, err)
			}
			old := tok.RefreshToken
			again, err := cfg.TokenSource(ctx, &oauth2.Token{RefreshToken: old, Expiry: time.Now().Add(-time.Hour)}).Token()
			if err != nil {
				t.Fatal(err)
			}
			if again.RefreshToken == "" || again.RefreshToken == old {
				t.Error("the refresh token was not rotated")
			}
			if _, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(again)); err != nil {
				t.Errorf("the vault key did not survive the refresh: %v", err)
			}
		})
	}
}

func TestIDTokenHasExactlyTheClaimsItShould(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	head, claims := payload(t, w.tokens()["id_token"].(string))
	if head["alg"] != "ES256" || head["typ"] != "JWT" || head["kid"] != "kES256" {
		t.Errorf("header %v", head)
	}
	var names []string
	for n := range claims {
		names = append(names, n)
	}
	slices.Sort(names)
	want := []string{"aal", "acr", "amr", "at_hash", "aud", "auth_time", "exp", "ial", "iat", "iss", "nonce", "sid", "sub"}
	if !slices.Equal(names, want) {
		t.Errorf("claims %v, want %v: no rat, no attribute", names, want)
	}
	now := float64(w.clock.now().Unix())
	for name, value := range map[string]any{
		"iss": w.issuer(), "aud": "revenue", "acr": "urn:onedoor:ial:2.3:aal:2.1", "ial": "2.3", "aal": "2.1",
		"nonce": "n-0S6_WzA2Mj", "iat": now, "exp": now + 300, "auth_time": now - 60,
	} {
		if claims[name] != value {
			t.Errorf("%s is %v, want %v", name, claims[name], value)
		}
	}
}

func TestInvariant3_TwoSectorsGetDifferentSubjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, revenue := payload(t, w.tokens()["id_token"].(string))
	code := w.code("client_id", "land", "redirect_uri", "https://land.example/cb")
	r := w.post("/oauth2/token", "land", redemption(code, "redirect_uri", "https://land.example/cb"))
	_, land := payload(t, r.json(t)["id_token"].(string))
	if revenue["sub"] == land["sub"] {
		t.Error("two departments see the same subject")
	}
	if len(revenue["sub"].(string)) != 43 {
		t.Error("sub is not a keyed hash")
	}
	w.rooms.change("land", func(c *oidcop.Client) { c.Sector = "revenue.example" })
	code = w.code("client_id", "land", "redirect_uri", "https://land.example/cb")
	r = w.post("/oauth2/token", "land", redemption(code, "redirect_uri", "https://land.example/cb"))
	if _, land = payload(t, r.json(t)["id_token"].(string)); revenue["sub"] != land["sub"] {
		t.Error("one sector, two subjects")
	}
}

func TestStatementBudget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before, looked := w.db.written(), w.rooms.lookups
	code := w.code()
	if n := w.db.written() - before; n != 2 { // grant with code, event; the participant is the third
		t.Errorf("authorize in a session wrote %d times, want 2", n)
	}
	if n := w.rooms.lookups - looked; n > 2 { // once at the request, once when the login has ended
		t.Errorf("authorize looked the client up %d times", n)
	}
	before, looked = w.db.written(), w.rooms.lookups
	if r := w.redeem(code); r.StatusCode != http.StatusOK {
		t.Fatal(r.body)
	}
	if n := w.db.written() - before; n != 2 { // code used, event
		t.Errorf("token wrote %d times, want 2", n)
	}
	if n := w.rooms.lookups - looked; n != 1 {
		t.Errorf("token looked the client up %d times", n)
	}
}

func TestAUD05_OneInteractionIDThroughEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tok := w.tokens("scope", "openid profile offline_access")
	w.userinfo(tok["access_token"].(string))
	w.refresh(tok["refresh_token"].(string))
	w.refresh(tok["refresh_token"].(string)) // reuse
	var grantID hub.InteractionID
	for _, g := range w.db.grants {
		grantID = g.Interaction
	}
	for _, e := range w.db.events {
		if e.Interaction != grantID {
			t.Errorf("%s has the interaction %q, want %q", e.Kind, e.Interaction, grantID)
		}
	}
	if grantID == "" {
		t.Error("the grant has no interaction id")
	}
}
