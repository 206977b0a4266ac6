package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/login"
)

// RAZ-02: the page of items is answered by its own form and by nothing else; who has just arrived gets their session, and comes again.
func TestRAZ02_ThePageOfItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := choosing()
	n.Show.Step = login.StepItems
	fresh, key := n, secret(9)
	fresh.Session, fresh.SessionAAL = &key, hub.AAL21
	w.login.next["show "+tx] = fresh
	rec := w.do(get("/login/" + tx))
	if rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/login/"+tx || cookies(rec)["__Host-onedoor"] == nil {
		t.Errorf("who has just arrived: %d %v", rec.Code, rec.Header())
	}
	shown := *n.Show
	shown.Items = &login.ItemsView{Opens: true, Once: true, Closed: []login.Standing{{Names: hub.Text{"en": "Inpatient bills"}, Opens: true, Missing: []string{"locked"}}}}
	w.login.next["show "+tx] = login.Next{Transaction: tx, Show: &shown}
	w.login.next["items"] = done()
	page := w.do(get("/login/" + tx)).Body.String()
	if !strings.Contains(page, "Inpatient bills") || !strings.Contains(page, `value="once"`) {
		t.Fatal(page)
	}
	about := fields(t, page, "/login/"+tx+"/items", false)
	for word, want := range map[string]login.ItemsAnswer{"open": {Open: true}, "once": {Open: true, Once: true}, "keep": {}} {
		about.Set("decision", word)
		w.login.items = login.ItemsAnswer{Once: true, Open: false}
		if rec := w.do(post("/login/"+tx+"/items", "", about)); rec.Code != http.StatusOK && rec.Code != http.StatusSeeOther || w.login.items != want {
			t.Errorf("%s: %d %+v", word, rec.Code, w.login.items)
		}
	}
	calls := len(w.login.calls)
	about.Set("decision", "yes")
	if rec := w.do(post("/login/"+tx+"/items", "", about)); rec.Code != http.StatusBadRequest {
		t.Errorf("no clear answer: %d", rec.Code)
	}
	if rec := w.do(post("/login/"+tx+"/items", "", url.Values{"decision": {"open"}})); rec.Code != http.StatusForbidden {
		t.Errorf("a foreign form: %d", rec.Code)
	}
	if len(w.login.calls) != calls {
		t.Errorf("%v", w.login.calls)
	}
}
