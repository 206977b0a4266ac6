package oidcop_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
)

// I10: a system reads its own rows, whoever it says it is, and only where it proves it.
func TestI10_LogoutNoticesAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.signIn("person-one")
	var asked []hub.SystemID
	var limits []int
	handler := w.op.LogoutNotices(func(_ context.Context, system hub.SystemID, _ time.Time, limit int) ([]logout.Notice, error) {
		asked, limits = append(asked, system), append(limits, limit)
		return []logout.Notice{{
			ID: "n1", Account: w.session.Account, Session: w.session.ID, System: system, State: logout.Confirmed, Tries: 1, At: w.clock.now(), DoneAt: w.clock.now(),
			Until: w.clock.now().Add(time.Hour),
		}}, nil
	})
	call := func(method, query, id, secret string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "https://hub.example/logout/notices"+query, strings.NewReader(""))
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if id != "" {
			r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		}
		rec := httptest.NewRecorder()
		handler(rec, r)
		return rec
	}
	rec := call(http.MethodGet, "?limit=5", "revenue", testSecret("revenue"))
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), `"state":"confirmed"`) || strings.Contains(rec.Body.String(), string(w.session.Account)) ||
		strings.Contains(rec.Body.String(), string(w.session.ID)) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if rec := call(http.MethodPost, "", "revenue", testSecret("revenue")); rec.Code != 200 {
		t.Errorf("POST: %d %s", rec.Code, rec.Body)
	}
	if len(asked) != 2 || asked[0] != "revenue" || limits[0] != 5 || limits[1] != 200 {
		t.Errorf("asked %v %v", asked, limits)
	}
	for name, c := range map[string][4]string{
		"nobody":              {http.MethodGet, "", "", ""},
		"wrong secret":        {http.MethodGet, "", "revenue", "wrong"},
		"secret in the query": {http.MethodGet, "?client_id=tax&client_secret=" + testSecret("revenue"), "", ""},
		"too many":            {http.MethodGet, "?limit=201", "revenue", testSecret("revenue")},
		"no time":             {http.MethodGet, "?before=x", "revenue", testSecret("revenue")},
		"twice":               {http.MethodGet, "?limit=1&limit=2", "revenue", testSecret("revenue")},
		"another method":      {http.MethodPut, "", "revenue", testSecret("revenue")},
	} {
		if rec := call(c[0], c[1], c[2], c[3]); rec.Code < 400 || rec.Code > 405 {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
	if len(asked) != 2 {
		t.Errorf("asked %v", asked)
	}
}
