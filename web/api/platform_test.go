package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"onedoor/authz/permit"
	"onedoor/hub/account"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/tenants/staff"
)

// Accounts, providers, keys and entities are led here as at the console, by persons who answer for it, and nobody leads their own.
func TestLIF_ThePlatformsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	chief := w.hire("chief", staff.PlatformAdministrator, staff.Place{})
	post := func(path, body string) ask { return ask{as: "chief", method: "POST", path: path, body: body} }
	settled := w.settled
	for _, m := range []struct{ body, want string }{
		{`{"to":"suspended","reason":"lost"}`, "suspended"}, {`{"to":"active","reason":"cleared"}`, "active"}, {`{"to":"terminated","reason":"deceased"}`, "terminated"},
	} {
		if g := w.good(http.StatusOK, post("/accounts/"+personID+"/moves", m.body)); g.text("status") != m.want || g.text("history", "1", "by") != "desk-3" || strings.Contains(g.text("history", "0", "by"), personID) {
			t.Error(g.body)
		}
	}
	if o := w.orders[0]; o.Account != personID || o.Reason != account.Lost || o.By != (account.Actor{Kind: account.ByStaff, ID: string(chief)}) || o.Channel != "api" {
		t.Errorf("%+v", o)
	}
	if w.settled != settled+2 {
		t.Errorf("%d ends were waited for", w.settled-settled)
	}
	w.good(http.StatusForbidden, post("/accounts/"+string(chief)+"/moves", `{"to":"suspended","reason":"lost"}`))
	if g := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/providers"}); g.text("providers", "0", "held") != "incident" {
		t.Error(g.body)
	}
	w.good(http.StatusOK, post("/providers/bank/moves", `{"to":"active","reason":"settled"}`))
	w.good(http.StatusNotFound, post("/providers/none/moves", `{"to":"active","reason":"settled"}`))
	if g := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/keys"}); g.text("keys", "0", "id") != "new" {
		t.Error(g.body)
	}
	w.good(http.StatusConflict, post("/keys/rotate", `{"use":"index","alg":"HS256"}`))
	if g := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/entities/" + companyID}); g.text("wish", "reason") != "misuse" || g.text("members", "0", "role") != "master" {
		t.Error(g.body)
	}
	list := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/entities?limit=1"})
	if next := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/entities?limit=1&cursor=" + list.text("next")}); next.text("next") != "" {
		t.Error(next.body)
	}
	w.good(http.StatusOK, post("/entities/"+companyID+"/moves", `{"to":"active"}`))
	w.good(http.StatusBadRequest, post("/entities/"+companyID+"/moves", `{"to":"active","reason":"misuse"}`))
	w.good(http.StatusOK, post("/entities/"+companyID+"/moves", `{"to":"closed","reason":"dissolved"}`))
}

// Every act of docs/permissions.md has an operation, or a reason why not.
func TestEveryActHasAnOperation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	without := map[permit.Act]string{
		permit.RecordPut:     "kinds of records are declared with their department: putDepartment",
		permit.StatisticRead: "figures are made to be read by people, with what is withheld; the console exports them as CSV",
		"complaint.answer":   "what people write is read and answered by people, on the console's pages; here are counts",
		"platform.answer":    "as complaint.answer",
	}
	have := w.api.Acts()
	for _, act := range permit.Acts() {
		if why := without[act]; slices.Contains(have, act) == (why != "") {
			t.Errorf("%s: has an operation %v, reason against one %q", act, slices.Contains(have, act), why)
		}
	}
}
