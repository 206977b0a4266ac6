package oidcop_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/hub/token"
)

const (
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeAccess    = "urn:ietf:params:oauth:token-type:access_token"
	typeJWT       = "urn:ietf:params:oauth:token-type:jwt"
	socialAPI     = "https://social.example/api"
	landAPI       = "https://land.example/api"
	labourAPI     = "https://labour.example/api"
)

// newExchange is a world in which revenue and land may come to social for a person, social to labour; land and labour take JWTs, and
// revenue's own tokens are accepted at land.
func newExchange(t testing.TB) *world {
	t.Helper()
	w := newWorld(t)
	social := oidcop.Resource{System: "social", URI: socialAPI}
	land, labour := oidcop.Resource{System: "land", URI: landAPI, JWT: "ES256"}, oidcop.Resource{System: "labour", URI: labourAPI, JWT: "PS256"}
	rule := func(from hub.SystemID, scopes ...string) token.ExchangeRule {
		return token.ExchangeRule{From: from, Scopes: scopes, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}}
	}
	grants := []string{"authorization_code", "refresh_token", "client_credentials", grantExchange}
	w.rooms.change("revenue", func(c *oidcop.Client) {
		c.GrantTypes, c.Audience = grants, []oidcop.Resource{land, {System: "draft"}}
		c.Targets = []oidcop.Target{{Resource: social, Rule: rule("revenue", "citizen_id", "name")}, {Resource: labour, Rule: rule("revenue", "name")}}
	})
	w.rooms.change("land", func(c *oidcop.Client) {
		c.GrantTypes, c.Targets = grants, []oidcop.Target{{Resource: social, Rule: rule("land", "citizen_id")}}
	})
	w.rooms.change("social", func(c *oidcop.Client) {
		c.GrantTypes, c.Targets = grants, []oidcop.Target{{Resource: labour, Rule: rule("social", "citizen_id", "name")}}
	})
	return w
}

// swap asks for another token; changes as in form.
func (w *world) swap(client hub.SystemID, subject string, changes ...string) reply {
	w.t.Helper()
	v := url.Values{"grant_type": {grantExchange}, "subject_token": {subject}, "subject_token_type": {typeAccess}, "resource": {socialAPI}}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			v.Del(changes[i])
		} else {
			v.Set(changes[i], changes[i+1])
		}
	}
	return w.post("/oauth2/token", client, v)
}

func (w *world) swapped(client hub.SystemID, subject string, changes ...string) string {
	w.t.Helper()
	r := w.swap(client, subject, changes...)
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("status %d: %s", r.StatusCode, r.body)
	}
	return r.json(w.t)["access_token"].(string)
}

func (w *world) active(client hub.SystemID, raw string) map[string]any {
	w.t.Helper()
	r := w.introspect(client, raw)
	m := r.json(w.t)
	if r.StatusCode != http.StatusOK || m["active"] != true {
		w.t.Fatalf("status %d at %s: %s", r.StatusCode, client, r.body)
	}
	return m
}

func TestRFC8693_ATokenForAnotherDepartment(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	w.rooms.refused = map[hub.SystemID][]hub.AttributeName{"social": {hub.Name}}
	parent := w.access("scope", "openid name citizen_id address")
	w.clock.forward(time.Minute)
	r := w.swap("revenue", parent)
	m := r.json(t)
	if r.StatusCode != http.StatusOK || m["issued_token_type"] != typeAccess || m["token_type"] != "Bearer" || m["scope"] != "name citizen_id" ||
		m["expires_in"] != 240.0 || m["refresh_token"] != nil || m["id_token"] != nil || r.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", r.StatusCode, m)
	}
	w.wantEvent("token.exchanged")
	e := w.db.last()
	if e.System != "revenue" || e.Session != w.session.ID || e.Detail["target"] != "social" || e.Detail["attributes"] != "1" || e.Detail["parent"] == "" {
		t.Errorf("event %+v", e)
	}
	child := m["access_token"].(string)
	at, before := w.active("social", child), w.active("revenue", parent)
	if act := at["act"]; !maps.Equal(act.(map[string]any), map[string]any{"sub": "revenue"}) {
		t.Errorf("act %v", act)
	}
	for _, name := range []string{"acr", "ial", "aal", "auth_time", "exp"} {
		if at[name] != before[name] {
			t.Errorf("%s is %v, was %v", name, at[name], before[name])
		}
	}
	if at["sub"] == before["sub"] || at["sid"] == before["sid"] || at["sub"] == "" || at["client_id"] != "revenue" || !slices.Equal(at["aud"].([]any), []any{"social"}) {
		t.Errorf("the answer for social: %v", at)
	}
	if at["citizen_id"] != person || at["name"] != nil || at["address"] != nil {
		t.Errorf("PRV-06: released to social: %v", at)
	}
	if own := w.active("revenue", child); own["citizen_id"] != nil || own["sub"] != before["sub"] {
		t.Errorf("the answer for who acts: %v", own)
	}
	for _, other := range []hub.SystemID{"land", "labour"} {
		if got := w.introspect(other, child).body; got != `{"active":false}` {
			t.Errorf("%s: %s", other, got)
		}
	}
	w.wantError(w.userinfo(child), http.StatusUnauthorized, "invalid_token")
	w.wantEvent("userinfo.refused not_for_userinfo")

	// CON-03: what the person takes back from social is not released any more, although no grant of social's ended.
	w.rooms.mu.Lock()
	w.rooms.refused["social"] = hub.AttributeNames()
	w.rooms.mu.Unlock()
	if at := w.active("social", child); at["citizen_id"] != nil || at["claim_sources"] != nil {
		t.Errorf("released after it was taken back: %v", at)
	}
	w.rooms.mu.Lock()
	w.rooms.unheard = hub.Errorf("rooms", hub.Unavailable, "")
	w.rooms.mu.Unlock()
	if r := w.introspect("social", child); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(r.body, "active") {
		t.Errorf("nobody knows what the person agreed to: %d %s", r.StatusCode, r.body)
	}
	if r := w.swap("revenue", parent); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("exchanged all the same: %d %s", r.StatusCode, r.body)
	}
}

func TestRFC8693_ChainOfThree(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	// revenue's token, accepted at land; land comes to social with it; social to labour, whose tokens are JWTs.
	at := w.access("scope", "openid citizen_id name", "resource", landAPI)
	second := w.swapped("land", at, "scope", "citizen_id")
	third := w.swapped("social", second, "resource", "", "audience", "labour", "requested_token_type", typeJWT)
	_, claims := payload(t, third)
	act, _ := claims["act"].(map[string]any)
	if before, _ := act["act"].(map[string]any); act["sub"] != "social" || !maps.Equal(before, map[string]any{"sub": "land"}) {
		t.Errorf("act %v", claims["act"])
	}
	m := w.active("labour", third)
	if got := w.introspect("labour", third).body; !strings.Contains(got, `"act":{"sub":"social","act":{"sub":"land"}}`) {
		t.Errorf("introspection: %s", got)
	}
	if m["sub"] != claims["sub"] || m["sid"] != claims["sid"] || m["jti"] != claims["jti"] || m["scope"] != "citizen_id" || m["citizen_id"] != person {
		t.Errorf("introspection says %v, the token %v", m, claims)
	}
	if w.introspect("revenue", third).body != `{"active":false}` || w.introspect("land", third).body != `{"active":false}` {
		t.Error("those who acted before may ask")
	}
	// EXC-07: everybody in the chain must be live.
	for _, id := range []hub.SystemID{"revenue", "land", "social"} {
		w.rooms.change(id, func(c *oidcop.Client) { c.Live = false })
		if got := w.introspect("labour", third).body; got != `{"active":false}` {
			t.Errorf("%s is suspended: %s", id, got)
		}
		w.rooms.change(id, func(c *oidcop.Client) { c.Live = true })
	}
	w.active("labour", third)
	// The parent ends, and with it all that came of it; what is beside lives on.
	if r := w.post("/oauth2/revoke", "land", url.Values{"token": {second}}); r.StatusCode != http.StatusOK {
		t.Fatal(r.body)
	}
	if w.introspect("labour", third).body != `{"active":false}` || !w.isActive(at) {
		t.Error("revoking the second token ends the third and not the first")
	}
	w.wantError(w.swap("social", second, "resource", labourAPI), http.StatusBadRequest, "invalid_request")
}

func TestInvariant1_TheSessionEndsWhatWasExchanged(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, m map[string]any){
		"session": func(w *world, _ map[string]any) { w.rooms.end(w.session.ID, w.clock.now()) },
		"grant": func(w *world, m map[string]any) {
			w.post("/oauth2/revoke", "revenue", url.Values{"token": {m["refresh_token"].(string)}})
		},
		"parent": func(w *world, m map[string]any) {
			w.post("/oauth2/revoke", "revenue", url.Values{"token": {m["access_token"].(string)}})
		},
	} {
		w := newExchange(t)
		m := w.tokens("scope", "openid name offline_access")
		sealed, jwt := w.swapped("revenue", m["access_token"].(string)), w.swapped("revenue", m["access_token"].(string), "resource", labourAPI)
		w.active("social", sealed)
		w.active("labour", jwt)
		if !w.listed(jwt) {
			t.Errorf("%s: the list says no before", name)
		}
		end(w, m)
		if w.introspect("social", sealed).body != `{"active":false}` || w.introspect("labour", jwt).body != `{"active":false}` || w.listed(jwt) {
			t.Errorf("%s has ended, and what was exchanged lives", name)
		}
	}
}

func TestRFC8693_Refusals(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	good := w.access("scope", "openid citizen_id address")
	machine := w.post("/oauth2/token", "revenue", url.Values{"grant_type": {"client_credentials"}}).json(t)["access_token"].(string)
	foreign := w.post("/oauth2/token", "land", url.Values{"grant_type": {"client_credentials"}}).json(t)["access_token"].(string)
	id := w.tokens()["id_token"].(string)
	if r := w.swap("revenue", good, "actor_token", machine, "actor_token_type", typeAccess); r.StatusCode != http.StatusOK {
		t.Fatalf("with its own actor token: %s", r.body)
	}
	for name, c := range map[string]struct {
		client  hub.SystemID
		subject string
		changes []string
		code    string
		event   string
	}{
		"grant not registered":  {"labour", good, nil, "unauthorized_client", "unauthorized_client"},
		"public client":         {"app", good, nil, "unauthorized_client", "unauthorized_client"},
		"no subject":            {"revenue", "", []string{"subject_token", ""}, "invalid_request", "invalid_request"},
		"no subject type":       {"revenue", good, []string{"subject_token_type", ""}, "invalid_request", "invalid_request"},
		"ID token type":         {"revenue", id, []string{"subject_token_type", "urn:ietf:params:oauth:token-type:id_token"}, "invalid_request", "invalid_request"},
		"an ID token":           {"revenue", id, nil, "invalid_request", "subject_token"},
		"no token":              {"revenue", "abc", nil, "invalid_request", "subject_token"},
		"bent":                  {"revenue", good[:len(good)-2] + "AA", nil, "invalid_request", "subject_token"},
		"a machine's":           {"revenue", machine, nil, "invalid_request", "no_person"},
		"not for the client":    {"social", good, []string{"resource", labourAPI}, "invalid_request", "not_held"},
		"no target":             {"revenue", good, []string{"resource", ""}, "invalid_request", "invalid_request"},
		"unknown target":        {"revenue", good, []string{"resource", "https://nowhere.example/"}, "invalid_target", "no_rule"},
		"closed target":         {"land", good, []string{"resource", labourAPI}, "invalid_target", "no_rule"},
		"itself":                {"revenue", good, []string{"resource", "", "audience", "revenue"}, "invalid_target", "no_rule"},
		"two targets":           {"revenue", good, []string{"audience", "labour"}, "invalid_target", "no_rule"},
		"wider":                 {"revenue", good, []string{"scope", "name"}, "invalid_scope", "scope"},
		"beside the rule":       {"revenue", good, []string{"scope", "citizen_id address"}, "invalid_scope", "scope"},
		"openid":                {"revenue", good, []string{"scope", "openid"}, "invalid_scope", "scope"},
		"refresh token wanted":  {"revenue", good, []string{"requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token"}, "invalid_request", "invalid_request"},
		"a JWT of who has none": {"revenue", good, []string{"requested_token_type", typeJWT}, "invalid_request", "invalid_request"},
		"actor without type":    {"revenue", good, []string{"actor_token", machine}, "invalid_request", "invalid_request"},
		"type without actor":    {"revenue", good, []string{"actor_token_type", typeAccess}, "invalid_request", "invalid_request"},
		"actor of another":      {"revenue", good, []string{"actor_token", foreign, "actor_token_type", typeAccess}, "invalid_request", "actor_token"},
		"actor is a person":     {"revenue", good, []string{"actor_token", good, "actor_token_type", typeAccess}, "invalid_request", "actor_token"},
		"actor is nothing":      {"revenue", good, []string{"actor_token", "abc", "actor_token_type", typeAccess}, "invalid_request", "actor_token"},
	} {
		before := len(w.db.kinds())
		r := w.swap(c.client, c.subject, c.changes...)
		if r.StatusCode != http.StatusBadRequest || r.json(t)["error"] != c.code {
			t.Errorf("%s: %d %s", name, r.StatusCode, r.body)
		}
		want := "token.refused"
		if c.event != c.code || c.event == "unauthorized_client" || c.event == "invalid_request" {
			want += " " + c.event
		}
		if all := w.db.kinds()[before:]; len(all) != 1 || all[0] != want {
			t.Errorf("%s: recorded %q, want one %q", name, all, want)
		}
	}
	twice := url.Values{"grant_type": {grantExchange}, "subject_token": {good}, "subject_token_type": {typeAccess}, "resource": {socialAPI, labourAPI}}
	w.wantError(w.post("/oauth2/token", "revenue", twice), http.StatusBadRequest, "invalid_target")
}

func TestRFC8693_WhatTheSessionNoLongerStandsFor(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.MayAct = "land" })
	bound := w.access("scope", "openid citizen_id", "resource", landAPI)
	w.wantError(w.swap("revenue", bound), http.StatusBadRequest, "invalid_request")
	w.wantEvent("token.refused may_act")
	if m := w.active("revenue", bound); m["may_act"].(map[string]any)["sub"] != "land" {
		t.Errorf("may_act %v", m["may_act"])
	}
	if m := w.active("social", w.swapped("land", bound)); m["may_act"] != nil {
		t.Error("may_act goes on")
	}
	w.rooms.change("revenue", func(c *oidcop.Client) { c.MayAct = "" })
	good := w.access("scope", "openid citizen_id")
	w.rooms.change("social", func(c *oidcop.Client) { c.Least = hub.Level{IAL: hub.IAL23, AAL: hub.AAL3} })
	w.wantError(w.swap("revenue", good), http.StatusBadRequest, "invalid_request")
	w.wantEvent("token.refused level_unmet")
	w.rooms.change("social", func(c *oidcop.Client) { c.Least, c.Live = hub.Level{}, false })
	w.wantError(w.swap("revenue", good), http.StatusBadRequest, "invalid_target")
	w.rooms.change("social", func(c *oidcop.Client) { c.Live = true })
	w.rooms.mu.Lock()
	s := w.rooms.sessions[w.session.ID]
	s.AuthTime = s.AuthTime.Add(-48 * time.Hour)
	w.rooms.sessions[w.session.ID] = s
	w.rooms.mu.Unlock()
	w.wantError(w.swap("revenue", good), http.StatusBadRequest, "invalid_request")
	w.wantEvent("token.refused session_ended")
}

func TestRFC6749_ASystemForItself(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	ask := func(changes ...string) reply {
		v := url.Values{"grant_type": {"client_credentials"}}
		for i := 0; i < len(changes); i += 2 {
			v.Set(changes[i], changes[i+1])
		}
		return w.post("/oauth2/token", "revenue", v)
	}
	m := ask().json(t)
	if m["token_type"] != "Bearer" || m["expires_in"] != 300.0 || len(m) != 3 {
		t.Errorf("answer %v", m)
	}
	w.wantEvent("token.issued")
	sealed := m["access_token"].(string)
	jwt := ask("resource", landAPI).json(t)["access_token"].(string)
	for _, raw := range []string{sealed, jwt} {
		for _, asks := range []hub.SystemID{"revenue", "land"} {
			at := w.active(asks, raw)
			if at["sub"] != "revenue" || at["client_id"] != "revenue" {
				t.Errorf("%s is told %v", asks, at)
			}
			for _, name := range []string{"acr", "auth_time", "sid", "ial", "act", "name"} {
				if at[name] != nil {
					t.Errorf("%s of nobody: %v", name, at[name])
				}
			}
		}
		if got := w.introspect("social", raw).body; got != `{"active":false}` {
			t.Errorf("social: %s", got)
		}
		w.wantError(w.userinfo(raw), http.StatusUnauthorized, "invalid_token")
	}
	head, claims := payload(t, jwt)
	if head["typ"] != "at+jwt" || claims["sub"] != "revenue" || claims["aud"] != landAPI || claims["sid"] != nil || claims["auth_time"] != nil {
		t.Errorf("%v %v", head, claims)
	}
	if !w.listed(jwt) {
		t.Error("listed as invalid")
	}
	if r := w.post("/oauth2/revoke", "revenue", url.Values{"token": {jwt}}); r.StatusCode != 200 || w.listed(jwt) {
		t.Error("revoked, and the list does not know")
	}
	w.wantError(ask("resource", socialAPI), http.StatusBadRequest, "invalid_target")
	w.wantError(ask("scope", "name"), http.StatusBadRequest, "invalid_scope")
	w.wantEvent("token.refused invalid_scope")
	w.rooms.change("app", func(c *oidcop.Client) { c.GrantTypes = append(c.GrantTypes, "client_credentials") })
	w.wantError(w.post("/oauth2/token", "app", url.Values{"grant_type": {"client_credentials"}}), http.StatusBadRequest, "unauthorized_client")
	w.wantError(w.post("/oauth2/token", "labour", url.Values{"grant_type": {"client_credentials"}}), http.StatusBadRequest, "unauthorized_client")
}
