package oidcop_test

import (
	"encoding/base64"
	"testing"

	"onedoor/hub/oidcop"
)

// Invariant 3: what two departments are told of one session has nothing in common, while each knows it again.
func TestInvariant3_TwoClientsGetDifferentSIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rooms.change("revenue", func(c *oidcop.Client) { c.Audience = []oidcop.Resource{{System: "social", URI: socialAPI}} })
	revenue := w.tokens("resource", socialAPI)
	_, first := payload(t, revenue["id_token"].(string))
	_, again := payload(t, w.tokens()["id_token"].(string))
	code := w.code("client_id", "land", "redirect_uri", "https://land.example/cb")
	r := w.post("/oauth2/token", "land", redemption(code, "redirect_uri", "https://land.example/cb"))
	_, land := payload(t, r.json(t)["id_token"].(string))
	access := revenue["access_token"].(string)
	own, other := w.introspect("revenue", access).json(t), w.introspect("social", access).json(t)
	sid := first["sid"].(string)
	if raw, err := base64.RawURLEncoding.DecodeString(sid); err != nil || len(raw) != 16 {
		t.Errorf("sid %q is not 128 bits", sid)
	}
	if again["sid"] != sid || own["sid"] != sid {
		t.Errorf("one client knows the session as %v, %v and %v", sid, again["sid"], own["sid"])
	}
	if land["sid"] == sid || other["sid"] == sid || land["sid"] == other["sid"] {
		t.Errorf("clients can compare: %v, %v, %v", sid, land["sid"], other["sid"])
	}
	for _, c := range []any{sid, land["sid"], other["sid"]} {
		if c == string(w.session.ID) {
			t.Error("the session's own id is told")
		}
	}
	w.signIn("person-one")
	if _, next := payload(t, w.tokens()["id_token"].(string)); next["sid"] == sid {
		t.Error("another session has the same sid")
	}
}
