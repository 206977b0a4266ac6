package api_test

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/hub/hubtest/sqltest"
	"onedoor/tenants/staff"
)

// PRV-14: a program of the department follows what waits there, page by page, and finds nothing of what was written.
func TestPRV14_ComplaintsAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("desk", staff.HelpDesk, staff.Place{Department: "revenue"})
	first := w.good(http.StatusOK, ask{as: "desk", method: "GET", path: "/complaints?department=revenue&limit=2"}).body
	_, cursor, ok := strings.Cut(first, `"next":"`)
	if cursor, _, _ = strings.Cut(cursor, `"`); !ok || !strings.Contains(first, `"reference":"2222-2222"`) || strings.Contains(first, "2222-2224") || strings.Contains(first, "account") {
		t.Fatal(first)
	}
	if rest := w.good(http.StatusOK, ask{as: "desk", method: "GET", path: "/complaints?department=revenue&limit=2&cursor=" + cursor}).body; !strings.Contains(rest, "2222-2224") || strings.Contains(rest, "2222-2223") || strings.Contains(rest, "next") {
		t.Error(rest)
	}
	for _, path := range []string{"/complaints", "/complaints?department=social"} {
		if g := w.do(ask{as: "desk", method: "GET", path: path}); g.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, g.status)
		}
	}
}
