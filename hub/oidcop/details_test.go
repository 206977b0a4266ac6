package oidcop_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// things gives meaning to one type, as authz will.
type things struct {
	kind   atomic.Value // hub.Kind of the answer of Allow; "" for yes
	locked atomic.Value // what stands in a detail that is open no more; "?": that can't be known
}

// Open implements oidcop.Items.
func (x *things) Open(_ context.Context, client hub.SystemID, a token.Access) ([]byte, error) {
	if word, _ := x.locked.Load().(string); word == "?" || a.Account == "" || a.Session == "" || a.AuthTime.IsZero() {
		return nil, hub.Errorf("things", hub.Unavailable, "nobody knows")
	}
	return []byte(`[{"item":"at-` + string(client) + `"}]`), nil
}

// Still implements oidcop.Items.
func (x *things) Still(_ context.Context, a token.Access, details [][]byte) (out [][]byte, err error) {
	word, _ := x.locked.Load().(string)
	if word == "?" || a.Account == "" || a.Session == "" || a.System != "revenue" || a.AuthTime.IsZero() || a.Level.IAL == 0 {
		return nil, hub.Errorf("things", hub.Unavailable, "nobody knows")
	}
	for _, d := range details {
		if word == "" || !strings.Contains(string(d), word) {
			out = append(out, d)
		}
	}
	return out, nil
}

func (*things) Types() []string { return []string{"item", "other"} }

func (*things) Check(_ context.Context, _ hub.SystemID, detail []byte) error {
	var d struct {
		Item string `json:"item"`
	}
	if json.Unmarshal(detail, &d) != nil || d.Item == "" {
		return hub.Errorf("things", hub.Invalid, "no item")
	}
	return nil
}

func (*things) Wishes(context.Context, hub.SystemID, [][]byte) ([]login.Wish, error) {
	return nil, nil
}

func (*things) Needs(context.Context, hub.SystemID, [][]byte) (hub.Level, time.Duration, error) {
	return hub.Level{}, 0, nil
}

// Lasts: what is for once says so.
func (*things) Lasts(detail []byte) bool { return !strings.Contains(string(detail), "once") }

func (x *things) Allow(_ context.Context, _ hub.SystemID, _ session.Session, _ hub.EntityID, details [][]byte) ([][]byte, error) {
	if k, _ := x.kind.Load().(hub.Kind); k != "" {
		return nil, hub.Errorf("things", k, "no")
	}
	var out [][]byte
	for _, d := range details {
		if !strings.Contains(string(d), "secret") { // the person takes this one out
			out = append(out, d)
		}
	}
	return out, nil
}

func newDetailed(t *testing.T) (*world, *things) {
	t.Helper()
	x := &things{}
	w := newWorldWith(t, nil, func(o *oidcop.Options) { o.Items = x })
	w.rooms.change("revenue", func(c *oidcop.Client) { c.DetailTypes = []string{"item", "payment"} })
	return w, x
}

const (
	twoItems  = ` [ {"type":"item","item":"land","actions":["read"]}, {"item":"tax","type":"item"}, {"type":"item","item":"tax"} ] `
	oneItem   = `{"item":"tax","type":"item"}`
	bothItems = `[{"actions":["read"],"item":"land","type":"item"},` + oneItem + `]`
)

func details(t *testing.T, m map[string]any) string {
	t.Helper()
	if m["authorization_details"] == nil {
		return ""
	}
	raw, err := json.Marshal(m["authorization_details"])
	must(err)
	return string(raw)
}

func TestRFC9396_DetailsTravelWithTheGrant(t *testing.T) {
	t.Parallel()
	w, _ := newDetailed(t)
	pushed := func(v url.Values) string {
		r := w.post("/oauth2/par", "revenue", v)
		if r.StatusCode != http.StatusCreated {
			t.Fatal(r.body)
		}
		return w.authorize(url.Values{"client_id": {"revenue"}, "request_uri": {r.json(t)["request_uri"].(string)}}).location(t).Get("code")
	}
	const scope = "openid offline_access"
	for name, code := range map[string]string{
		"authorize": w.code("scope", scope, "authorization_details", twoItems),
		"pushed":    pushed(form("scope", scope, "authorization_details", twoItems)),
	} {
		m := w.redeem(code).json(t)
		access, _ := m["access_token"].(string)
		if got := details(t, m); got != bothItems || access == "" {
			t.Fatalf("%s: %v", name, m)
		}
		if got := details(t, w.introspect("revenue", access).json(t)); got != bothItems {
			t.Errorf("%s: introspection: %s", name, got)
		}
		less := w.refresh(m["refresh_token"].(string), "authorization_details", "["+oneItem+"]").json(t)
		if got := details(t, less); got != "["+oneItem+"]" {
			t.Errorf("%s: narrowed: %v", name, less)
		}
		if got := details(t, w.introspect("revenue", less["access_token"].(string)).json(t)); got != "["+oneItem+"]" {
			t.Errorf("%s: introspection of the narrowed: %s", name, got)
		}
		all := w.refresh(less["refresh_token"].(string)).json(t)
		if got := details(t, all); got != bothItems {
			t.Errorf("%s: the grant has shrunk: %v", name, all)
		}
		w.wantError(w.refresh(all["refresh_token"].(string), "authorization_details", `[{"type":"item","item":"gold"}]`), http.StatusBadRequest, "invalid_authorization_details")
		w.wantEvent("token.refused details_not_granted")
	}
	m := w.redeem(w.code("authorization_details", `[{"type":"item","item":"secret"},`+oneItem+`]`)).json(t)
	if got := details(t, m); got != "["+oneItem+"]" {
		t.Errorf("the person's answer does not count: %v", m)
	}
	m = w.redeem(w.code("scope", scope, "authorization_details", `[{"type":"item","item":"once"},`+oneItem+`]`)).json(t)
	if got := details(t, m); got != `[{"item":"once","type":"item"},`+oneItem+`]` {
		t.Errorf("the first token: %s", got)
	}
	if got := details(t, w.refresh(m["refresh_token"].(string)).json(t)); got != "["+oneItem+"]" {
		t.Errorf("what is for once was refreshed: %s", got)
	}
	if got := details(t, w.tokens()); got != "" {
		t.Errorf("details out of nothing: %s", got)
	}
	meta := w.do(w.request(http.MethodGet, "/.well-known/openid-configuration", "")).json(t)
	if list, _ := meta["authorization_details_types_supported"].([]any); len(list) != 2 || list[0] != "item" {
		t.Errorf("%v", list)
	}
}

// Invariants 2 and 8, RAZ-08: what is open no more is not told of a token, and is not in the next one; where that can't be known, nothing is.
func TestRAZ08_DetailsThatAreOpenNoMore(t *testing.T) {
	t.Parallel()
	w, x := newDetailed(t)
	code := func() string { return w.code("scope", "openid offline_access", "authorization_details", twoItems) }
	m := w.redeem(code()).json(t)
	access, refresh := m["access_token"].(string), m["refresh_token"].(string)
	late := code()
	x.locked.Store("land")
	if r := w.introspect("revenue", access).json(t); details(t, r) != "["+oneItem+"]" || r["active"] != true {
		t.Errorf("%v", r)
	}
	if got := details(t, w.redeem(late).json(t)); got != "["+oneItem+"]" {
		t.Errorf("locked between code and token: %s", got)
	}
	next := w.refresh(refresh).json(t)
	if got := details(t, next); got != "["+oneItem+"]" {
		t.Errorf("refreshed: %s", got)
	}
	x.locked.Store("item")
	if r := w.introspect("revenue", access).json(t); r["authorization_details"] != nil || r["active"] != true {
		t.Errorf("%v", r)
	}
	late = code()
	x.locked.Store("?")
	if r := w.introspect("revenue", access); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	if r := w.redeem(late); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	x.locked.Store("")
	if got := details(t, w.introspect("revenue", access).json(t)); got != bothItems {
		t.Errorf("open again: %s", got)
	}
}

// RAZ-05: a client that is registered for it is told what is open to the person, and no other; where nobody knows, it is told nothing at all.
func TestRAZ05_OpenItemsAsAClaim(t *testing.T) {
	t.Parallel()
	w, x := newDetailed(t)
	const want = `[{"item":"at-revenue"}]`
	said := func(m map[string]any) string {
		t.Helper()
		if m["items"] == nil {
			return ""
		}
		raw, err := json.Marshal(m["items"])
		must(err)
		return string(raw)
	}
	for _, told := range []bool{false, true} {
		w.rooms.change("revenue", func(c *oidcop.Client) { c.TellsItems = told })
		m := w.tokens()
		access := m["access_token"].(string)
		for name, claims := range map[string]map[string]any{
			"introspection": w.introspect("revenue", access).json(t), "userinfo": w.userinfo(access).json(t), "ID token": claimsIn(t, m["id_token"].(string)),
		} {
			if got := said(claims); told && got != want || !told && got != "" {
				t.Errorf("%v, %s: %s", told, name, got)
			}
		}
		x.locked.Store("?")
		if r := w.introspect("revenue", access); told != (r.StatusCode == http.StatusServiceUnavailable) {
			t.Errorf("%v: %d", told, r.StatusCode)
		}
		x.locked.Store("")
	}
}

func TestRFC9396_DetailsOfARequestObject(t *testing.T) {
	t.Parallel()
	w, _ := newDetailed(t)
	w.signing(nil)
	var list any
	must(json.Unmarshal([]byte(twoItems), &list))
	object := w.object().with("authorization_details", list)
	q := w.authorize(url.Values{"client_id": {"revenue"}, "request": {sign(t, "ec", "ES256", "oauth-authz-req+jwt", object)}}).location(t)
	m := w.proven("/oauth2/token", redemption(q.Get("code")), sign(t, "ec", "ES256", "JWT", w.proof())).json(t)
	if got := details(t, m); got != bothItems {
		t.Errorf("%v, %v", q, m)
	}
}

func TestRFC9396_WhatIsNotKnownIsRefused(t *testing.T) {
	t.Parallel()
	w, x := newDetailed(t)
	for name, text := range map[string]string{
		"an object": oneItem, "no list": `"item"`, "empty": `[]`, "not JSON": `[`, "a member behind": `[` + oneItem + `],"x":1`, "a text": `["item"]`,
		"no type": `[{"item":"tax"}]`, "type no text": `[{"type":1}]`, "twice a member": `[{"type":"item","item":"a","item":"b"}]`,
		"unknown":             `[{"type":"passport","item":"x"}]`,
		"registered, unknown": `[{"type":"payment","item":"x"}]`,
		"known, unregistered": `[{"type":"other","item":"x"}]`,
		"malformed":           `[{"type":"item"}]`,
		"too long":            `[{"type":"item","item":"` + strings.Repeat("x", 800) + `"}]`,
		"too many":            `[` + strings.Repeat(oneItem+",", 16) + oneItem + `]`,
	} {
		q := w.authorize(form("authorization_details", text)).location(t)
		if q.Get("error") != "invalid_authorization_details" || q.Get("code") != "" {
			t.Errorf("%s: %v", name, q)
		}
		w.wantError(w.post("/oauth2/par", "revenue", form("authorization_details", text)), http.StatusBadRequest, "invalid_authorization_details")
	}
	for kind, code := range map[hub.Kind]string{
		hub.Denied: "access_denied", hub.LevelUnmet: "unmet_authentication_requirements", hub.Unavailable: "temporarily_unavailable", hub.Internal: "server_error",
	} {
		x.kind.Store(kind)
		if q := w.authorize(form("authorization_details", twoItems)).location(t); q.Get("error") != code {
			t.Errorf("%s: %v", kind, q)
		}
	}
	none := newWorld(t)
	none.rooms.change("revenue", func(c *oidcop.Client) { c.DetailTypes = []string{"item"} })
	if q := none.authorize(form("authorization_details", twoItems)).location(t); q.Get("error") != "invalid_authorization_details" {
		t.Errorf("where nobody gives meaning: %v", q)
	}
	if r := none.redeem(none.code(), "authorization_details", twoItems); r.StatusCode != http.StatusBadRequest || r.json(t)["error"] != "invalid_authorization_details" {
		t.Errorf("at the token endpoint: %s", r.body)
	}
}

func claimsIn(t *testing.T, raw string) map[string]any {
	t.Helper()
	_, claims := payload(t, raw)
	return claims
}
