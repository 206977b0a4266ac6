package oidcop_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/oidcop"
)

// files is what departments know people by: the number of each, and how often it was asked.
type files struct {
	asked []string
	fail  error
}

func (f *files) Records(_ context.Context, p oidcop.Party, d hub.DepartmentID, level hub.Level) ([]oidcop.Record, error) {
	f.asked = append(f.asked, fmt.Sprint(d, " ", level.IAL))
	if f.fail != nil || d == "land" || p.Account == "" {
		return nil, f.fail
	}
	return []oidcop.Record{{Kind: "file", Number: "NUMBER-" + string(d), Way: "match", IAL: "2.3", BoundAt: 7, ConfirmedAt: 8}}, nil
}

func newFiles(t *testing.T, departments map[hub.SystemID]hub.DepartmentID) (*world, *files) {
	t.Helper()
	f := &files{}
	w := newWorldWith(t, nil, func(o *oidcop.Options) { o.Records = f })
	for id, d := range departments {
		w.rooms.change(id, func(c *oidcop.Client) { c.Department = d })
	}
	return w, f
}

func number(m map[string]any) string {
	list, _ := m["records"].([]any)
	if len(list) == 0 {
		return ""
	}
	return list[0].(map[string]any)["number"].(string)
}

// BND-03, BND-06: the department's systems are told the record in the ID token, in UserInfo and by introspection, without a question then; a refresh
// reads it anew; and nothing of it rests in the database.
func TestBND06_TheRecordReachesItsDepartment(t *testing.T) {
	t.Parallel()
	w, f := newFiles(t, map[hub.SystemID]hub.DepartmentID{"revenue": "revenue"})
	tokens := w.tokens("scope", "openid offline_access")
	_, id := payload(t, tokens["id_token"].(string))
	access := tokens["access_token"].(string)
	for where, m := range map[string]map[string]any{
		"ID token": id, "UserInfo": w.userinfo(access).json(t), "introspection": w.active("revenue", access),
	} {
		if got := number(m); got != "NUMBER-revenue" {
			t.Errorf("%s: %q in %v", where, got, m)
		}
	}
	if len(f.asked) != 1 || f.asked[0] != "revenue 2.3" {
		t.Errorf("asked %q", f.asked)
	}
	if strings.Contains(fmt.Sprintf("%+v", w.db), "NUMBER") || strings.Contains(w.logs.String(), "NUMBER") {
		t.Error("it rests somewhere")
	}
	again := w.refresh(tokens["refresh_token"].(string)).json(t)
	if got := number(w.active("revenue", again["access_token"].(string))); got != "NUMBER-revenue" || len(f.asked) != 2 {
		t.Errorf("after a refresh: %q, asked %q", got, f.asked)
	}
	f.fail = hub.Errorf("test", hub.Unavailable, "away")
	if r := w.redeem(w.code()); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("though it can't be known: %d %s", r.StatusCode, r.body)
	}
}

// Only that department: an API of another one is told its own, and who keeps none, nothing.
func TestBND06_NoOtherDepartmentIsTold(t *testing.T) {
	t.Parallel()
	w, _ := newFiles(t, map[hub.SystemID]hub.DepartmentID{"revenue": "revenue", "social": "social-security", "land": "land", "labour": "revenue"})
	w.rooms.change("revenue", func(c *oidcop.Client) {
		for _, id := range []hub.SystemID{"social", "land", "labour"} {
			c.Audience = append(c.Audience, oidcop.Resource{System: id, URI: "https://" + string(id) + ".example/api"})
		}
	})
	for api, want := range map[hub.SystemID]string{"social": "NUMBER-social-security", "land": "", "labour": "NUMBER-revenue"} {
		access := w.access("resource", "https://"+string(api)+".example/api")
		if got := number(w.active(api, access)); got != want {
			t.Errorf("%s is told %q, want %q", api, got, want)
		}
		if got := number(w.active("revenue", access)); got != "NUMBER-revenue" {
			t.Errorf("revenue is told %q", got)
		}
	}
	none, f := newFiles(t, nil) // systems of no department
	if got := number(none.active("revenue", none.access())); got != "" || len(f.asked) != 0 {
		t.Errorf("%q, asked %q", got, f.asked)
	}
}
