package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/tenants/staff"
)

// What a clerk does at the desk is done here too; no answer names a person to a department, and a code that fails is counted although nothing is done.
func TestBND02_TheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	clerk := w.hire("clerk", staff.Reviewer, north)
	w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.most = 4
	at := "/reviews/" + caseID
	post := func(as, path, body string) ask { return ask{as: as, method: "POST", path: path, body: body} }
	g := w.good(http.StatusOK, ask{as: "clerk", method: "GET", path: at})
	if g.text("attributes", "0") != "card" || g.text("areas", "1") != "south" || g.text("history", "1", "by") != "revenue-"+string(clerk)[:4] || strings.Contains(g.body, personID) || len(g.values["reasons"].([]any)) != 2 {
		t.Error(g.body)
	}
	if g := w.good(http.StatusOK, post("clerk", at+"/area", `{"area":"south"}`)); g.text("area") != "south" {
		t.Error(g.body)
	}
	w.good(http.StatusBadRequest, post("clerk", at+"/area", `{}`))
	w.good(http.StatusOK, post("clerk", at+"/name", `{"number":"1"}`))
	w.good(http.StatusOK, post("clerk", at+"/ask", `{"attribute":"card"}`))
	if g := w.good(http.StatusOK, post("clerk", "/departments/revenue/sittings", "")); g.text("number") != "abcdefgh" {
		t.Error(g.body)
	}
	w.good(http.StatusNotFound, post("clerk", "/departments/social/sittings", ""))
	w.good(http.StatusNotFound, post("clerk", "/reviews/counter", `{"sitting":"abcdefgh","code":"654321"}`))
	w.good(http.StatusNotFound, post("clerk", "/reviews/counter", `{"sitting":"bbbbbbbb","code":"123456"}`))
	w.good(http.StatusOK, post("clerk", "/reviews/counter", `{"sitting":"abcdefgh","code":"123456"}`))
	w.good(http.StatusTooManyRequests, post("clerk", "/reviews/counter", `{"sitting":"abcdefgh","code":"123456"}`))
	// Bindings.
	if g := w.good(http.StatusOK, ask{as: "clerk", method: "GET", path: "/bindings/" + caseID}); strings.Contains(g.body, personID) || g.text("history", "0", "actor") != "person" {
		t.Error(g.body)
	}
	if g := w.good(http.StatusOK, post("clerk", "/departments/revenue/bindings/find", `{"kind":"taxpayer","number":"0000000001"}`)); g.text("id") != caseID || strings.Contains(g.body, "0000000001") {
		t.Error(g.body)
	}
	w.good(http.StatusNotFound, post("clerk", "/departments/revenue/bindings/find", `{"kind":"taxpayer","number":"0000000002"}`))
	w.good(http.StatusNotFound, post("clerk", "/departments/social/bindings/find", `{"kind":"taxpayer","number":"0000000001"}`))
	if searches := slices.DeleteFunc(slices.Clone(w.events), func(e audit.Event) bool { return e.Kind != "binding.searched" }); len(searches) != 2 || searches[1].Detail["by"] != string(clerk) {
		t.Errorf("searches of a department that they read: %+v", searches)
	}
	if g := w.good(http.StatusOK, post("chief", "/bindings/"+caseID+"/decline", "")); g.text("state") != "bound" {
		t.Error(g.body)
	}
	settled := w.settled
	for body, want := range map[string]string{
		`{"to":"suspended","reason":"suspicious"}`: "suspended", `{"to":"bound","reason":"cleared"}`: "bound", `{"to":"unbound","reason":"merged"}`: "unbound",
	} {
		if g := w.good(http.StatusOK, post("chief", "/bindings/"+caseID+"/moves", body)); g.text("state") != want {
			t.Error(g.body)
		}
	}
	if w.settled != settled+3 {
		t.Errorf("answered before the end was known: %d", w.settled-settled)
	}
	w.good(http.StatusBadRequest, post("chief", "/bindings/"+caseID+"/moves", `{"to":"bound","reason":"wrong"}`))
	w.good(http.StatusBadRequest, post("chief", "/bindings/"+caseID+"/moves", `{"to":"pending","reason":"wrong"}`))
	for _, e := range w.events {
		if e.Kind == "binding.found" && (e.Detail["by"] != string(clerk) || e.Detail["binding"] != caseID || e.Account != personID) {
			t.Errorf("%+v", e)
		}
		if strings.Contains(e.Detail["number"], "0000") {
			t.Errorf("%+v", e)
		}
	}
}
