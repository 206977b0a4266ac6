package oidcop_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/oidcop"
)

func exchangeOf(subject, resource string) url.Values {
	return url.Values{"grant_type": {grantExchange}, "subject_token": {subject}, "subject_token_type": {typeAccess}, "resource": {resource}}
}

func TestRFC9449_ABoundTokenIsExchangedByItsKeyOnly(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	r := w.post("/oauth2/token", "revenue", redemption(w.code("scope", "openid name citizen_id")), "DPoP", w.atToken("ec"))
	bound := r.json(t)["access_token"].(string)
	for name, proof := range map[string][]string{"no proof": nil, "another key": {"DPoP", w.atToken("ec2")}} {
		w.wantError(w.post("/oauth2/token", "revenue", exchangeOf(bound, socialAPI), proof...), http.StatusBadRequest, "invalid_request")
		if w.wantEvent("token.refused not_proven"); t.Failed() {
			t.Fatal(name)
		}
	}
	proof := w.atToken("ec")
	r = w.post("/oauth2/token", "revenue", exchangeOf(bound, labourAPI), "DPoP", proof)
	m := r.json(t)
	if r.StatusCode != http.StatusOK || m["token_type"] != "DPoP" {
		t.Fatalf("%d %v", r.StatusCode, m)
	}
	jwt := m["access_token"].(string)
	_, claims := payload(t, jwt)
	if cnf, _ := claims["cnf"].(map[string]any); len(cnf) != 1 || cnf["jkt"] != jkt("ec") {
		t.Errorf("cnf %v", claims["cnf"])
	}
	if cnf, _ := w.active("labour", jwt)["cnf"].(map[string]any); cnf["jkt"] != jkt("ec") {
		t.Errorf("introspection says cnf %v", cnf)
	}
	// Invariant 6: a proof counts once, and what was refused because of it leaves no token.
	w.wantError(w.post("/oauth2/token", "revenue", exchangeOf(bound, labourAPI), "DPoP", proof), http.StatusBadRequest, "invalid_dpop_proof")

	// A bearer's token, exchanged with a proof, gives one that is bound; who holds that one needs the key to go on.
	second := w.post("/oauth2/token", "revenue", exchangeOf(w.access("scope", "openid citizen_id name"), socialAPI), "DPoP", w.atToken("ec")).json(t)["access_token"].(string)
	if cnf, _ := w.active("social", second)["cnf"].(map[string]any); cnf["jkt"] != jkt("ec") {
		t.Errorf("cnf %v", cnf)
	}
	w.wantError(w.post("/oauth2/token", "social", exchangeOf(second, labourAPI)), http.StatusBadRequest, "invalid_request")
	w.wantEvent("token.refused not_proven")

	machine := w.post("/oauth2/token", "revenue", url.Values{"grant_type": {"client_credentials"}}, "DPoP", w.atToken("ec")).json(t)
	own := machine["access_token"].(string)
	at := w.active("revenue", own)
	if cnf, _ := at["cnf"].(map[string]any); machine["token_type"] != "DPoP" || at["token_type"] != "DPoP" || cnf["jkt"] != jkt("ec") {
		t.Errorf("a system's own token: %v, introspection %v", machine, at)
	}
	v := exchangeOf(w.access("scope", "openid citizen_id"), socialAPI)
	v.Set("actor_token", own)
	v.Set("actor_token_type", typeAccess)
	w.wantError(w.post("/oauth2/token", "revenue", v), http.StatusBadRequest, "invalid_request")
	w.wantEvent("token.refused actor_token")
	if r := w.post("/oauth2/token", "revenue", v, "DPoP", w.atToken("ec")); r.StatusCode != http.StatusOK {
		t.Errorf("with its own key: %s", r.body)
	}
}

// SES-08: what is exchanged ends with the limit of the level that the target demands, and is inactive when the target demands more by now.
func TestSES08_WhatIsExchangedEndsWithTheTargetsLimit(t *testing.T) {
	t.Parallel()
	w := newExchange(t)
	w.session.AuthTime = w.clock.now().Add(-12*time.Hour + 2*time.Minute)
	w.session.LastActivity = w.clock.now()
	w.rooms.mu.Lock()
	w.rooms.sessions[w.session.ID] = w.session
	w.rooms.mu.Unlock()
	subject := w.access("scope", "openid citizen_id") // at revenue, which demands nothing
	r := w.swap("revenue", subject)
	if m := r.json(t); r.StatusCode != http.StatusOK || m["expires_in"] != 120.0 {
		t.Fatalf("%d %v", r.StatusCode, m)
	}
	child := r.json(t)["access_token"].(string)
	w.active("social", child)
	w.rooms.change("social", func(c *oidcop.Client) { c.Least = hub.Level{IAL: hub.IAL3, AAL: hub.AAL3} })
	if got := w.introspect("social", child).body; got != `{"active":false}` {
		t.Errorf("the register was raised: %s", got)
	}
	if got := w.active("revenue", child); got["act"] == nil {
		t.Errorf("who acts may ask all the same: %v", got)
	}
}
