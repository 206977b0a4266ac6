package api_test

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants/staff"
)

// kinds lists what was recorded on an item, in order.
func (w *world) kinds(item string) (all []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events {
		if e.Detail["item"] == item && strings.HasPrefix(e.Kind, "item.") {
			all = append(all, e.Kind)
		}
	}
	return all
}

func putting(as, item, body, match string) ask {
	a := ask{as: as, method: "PUT", path: "/items/" + item, body: body, headers: map[string]string{"If-Match": match}}
	if match == "" {
		a.headers = map[string]string{"If-None-Match": "*"}
	}
	return a
}

// RAZ-01: an item is added, changed, suspended and retired; each version stays, a dry run changes nothing, and nobody overwrites what they have
// not seen.
func TestRAZ01_ItemsChangeByAPI(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
		w.good(http.StatusPreconditionRequired, ask{as: "chief", method: "PUT", path: "/items/refund", body: putItem})
		dry := putting("chief", "refund", putItem, "")
		dry.path += "?dry=yes"
		if g := w.good(http.StatusOK, dry); g.etag != "" || g.text("item", "id") != "refund" || g.values["dry"] != true || w.settled != 0 {
			t.Errorf("dry: %s", g.body)
		}
		w.good(http.StatusNotFound, ask{as: "chief", method: "GET", path: "/items/refund"})
		first := w.good(http.StatusOK, putting("chief", "refund", putItem, ""))
		if first.etag != `"1"` || w.settled != 1 || len(first.values["changes"].([]any)) < 10 {
			t.Errorf("%s settled %d", first.body, w.settled)
		}
		// What went in comes out.
		got := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/items/refund"})
		for _, part := range []string{`"networks":["192.0.2.0/24"],"device":true`, `"maxAge":"10m0s"`, `"days":["mon","tue"],"from":"08:00","to":"24:00"`, `"binding":{"kind":"taxpayer","ial":"2.1"}`, `"origin":"api"`} {
			if !strings.Contains(got.body, part) {
				t.Errorf("%s is not in %s", part, got.body)
			}
		}
		// The same again is no change; two clerks who saw the same version: the second is told.
		same := w.good(http.StatusOK, putting("chief", "refund", putItem, `"1"`))
		if len(same.values["changes"].([]any)) != 0 || same.etag != `"1"` {
			t.Errorf("the same again: %s", same.body)
		}
		w.good(http.StatusPreconditionFailed, putting("chief", "refund", putItem, `"2"`))
		next := strings.Replace(putItem, `"10m"`, `"5m"`, 1)
		w.good(http.StatusOK, putting("chief", "refund", next, `"1"`))
		w.good(http.StatusPreconditionFailed, putting("chief", "refund", putItem, `"1"`))
		w.good(http.StatusConflict, putting("chief", "refund", putItem, "")) // it is there
		// Every fault at once, with its path.
		bad := strings.NewReplacer(`"192.0.2.0/24"`, `"192.0.2.1/24","x"`, `"08:00"`, `"8:00"`, `"opt_in"`, `"always"`, `"group":3`, `"group":9`, `"systems":[]`, ``).Replace(putItem)
		g := w.good(http.StatusUnprocessableEntity, putting("chief", "refund", bad, `"2"`))
		for _, path := range []string{"demands.places.networks[1]", "demands.hours.windows[0]", "group", "demands.person"} {
			if !strings.Contains(g.body, `"path":"`+path+`"`) {
				t.Errorf("no fault at %s: %s", path, g.body)
			}
		}
		foreign := strings.Replace(putItem, `"actions"`, `"systems":["elsewhere"],"actions"`, 1)
		if g := w.good(http.StatusUnprocessableEntity, putting("chief", "refund", foreign, `"2"`)); !strings.Contains(g.body, `"path":"systems[0]"`) {
			t.Error(g.body)
		}
		w.good(http.StatusOK, ask{as: "chief", method: "POST", path: "/items/refund/moves", body: `{"to":"suspended","reason":"incident"}`, headers: map[string]string{"If-Match": `"2"`}})
		versions := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/items/refund/versions"})
		if versions.text("versions", "1", "changes", "0", "was") != "10m0s" || versions.text("versions", "1", "changes", "0", "is") != "5m0s" || versions.text("versions", "0", "by", "account") != alias("revenue", w.tokens["chief"].Account) {
			t.Error(versions.body)
		}
		w.good(http.StatusPreconditionRequired, ask{as: "chief", method: "DELETE", path: "/items/refund"})
		w.good(http.StatusPreconditionFailed, ask{as: "chief", method: "DELETE", path: "/items/refund", headers: map[string]string{"If-Match": `"2"`}})
		w.good(http.StatusOK, ask{as: "chief", method: "DELETE", path: "/items/refund", headers: map[string]string{"If-Match": `"3"`}})
		w.good(http.StatusNotFound, ask{as: "chief", method: "GET", path: "/items/refund"})
		w.good(http.StatusConflict, putting("chief", "refund", putItem, "")) // its id is never given again
		if all, err := w.items.Items(t.Context()); err != nil || len(all) != 0 {
			t.Error(all, err)
		}
		if g := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/items/refund/versions?limit=1"}); g.text("next") == "" || g.text("versions", "0", "item", "status") != "suspended" {
			t.Error(g.body)
		}
		if got, want := strings.Join(w.kinds("refund"), " "), "item.changed item.changed item.changed item.moved item.retired"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// Where the department wants four eyes, a change counts when somebody else has confirmed exactly that change; suspending waits for nobody.
func TestRAZ01_ItemsAreChangedByTwo(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		revenue := staff.Place{Department: "revenue"}
		w.hire("root", staff.PlatformAdministrator, staff.Place{})
		w.hire("one", staff.DepartmentAdministrator, revenue)
		w.hire("two", staff.DepartmentAdministrator, revenue)
		w.employ("robot", staff.DepartmentAdministrator, revenue)
		put := func(as, body string, status int) {
			w.good(status, ask{as: as, method: "PUT", path: "/departments/revenue", body: body, headers: map[string]string{"If-Match": w.good(http.StatusOK, ask{as: as, method: "GET", path: "/departments/revenue"}).etag}})
		}
		strict := strings.Replace(department, `{"names"`, `{"fourEyes":true,"names"`, 1)
		put("one", strict, http.StatusOK)
		put("one", department, http.StatusForbidden) // it is not ended by those whom it holds back
		e := w.item("refund")

		confirm := func(as, id, what string) ask {
			return ask{as: as, method: "POST", path: "/items/refund/draft/" + id + "/" + what}
		}
		waits := w.good(http.StatusOK, putting("one", "refund", putItem, `"1"`))
		id := waits.text("draft", "id")
		if id == "" || waits.text("item", "demands", "person") != string(e.Demands.Person) || w.settled != 0 {
			t.Fatalf("%s", waits.body)
		}
		if now := w.item("refund"); now.Version != 1 {
			t.Error("it counts already")
		}
		w.good(http.StatusConflict, putting("two", "refund", putItem, `"1"`)) // somebody else's waits
		w.good(http.StatusForbidden, confirm("one", id, "confirm"))           // nobody confirms their own
		w.good(http.StatusForbidden, confirm("robot", id, "confirm"))         // no program says yes
		w.good(http.StatusForbidden, confirm("robot", id, "decline"))         // nor no
		again := w.good(http.StatusOK, putting("one", "refund", strings.Replace(putItem, `"10m"`, `"5m"`, 1), `"1"`)).text("draft", "id")
		w.good(http.StatusConflict, confirm("two", id, "confirm")) // another change waits by now
		got := w.good(http.StatusOK, confirm("two", again, "confirm"))
		if got.text("item", "demands", "maxAge") != "5m0s" || got.etag != `"2"` || w.settled != 1 {
			t.Errorf("%s", got.body)
		}
		w.good(http.StatusNotFound, confirm("two", again, "confirm")) // once
		versions := w.good(http.StatusOK, ask{as: "one", method: "GET", path: "/items/refund/versions"})
		if versions.text("versions", "0", "by", "account") != alias("revenue", w.tokens["one"].Account) || versions.text("versions", "0", "by", "second") != alias("revenue", w.tokens["two"].Account) {
			t.Error(versions.body)
		}
		// Suspending is at once, and makes what waits a change of another version.
		stale := w.good(http.StatusOK, putting("robot", "refund", putItem, `"2"`)).text("draft", "id")
		if g := w.good(http.StatusOK, ask{as: "one", method: "POST", path: "/items/refund/moves", body: `{"to":"suspended","reason":"incident"}`}); g.text("item", "status") != "suspended" {
			t.Error(g.body)
		}
		w.good(http.StatusConflict, confirm("one", stale, "confirm"))
		w.good(http.StatusOK, confirm("robot", stale, "decline")) // its own
		if g := w.good(http.StatusOK, ask{as: "one", method: "POST", path: "/items/refund/moves", body: `{"to":"offered","reason":"settled"}`}); g.text("draft", "id") == "" || w.item("refund").Status != authz.Withheld {
			t.Error("one alone has offered it again:", g.body)
		}
		// A new item waits too.
		if g := w.good(http.StatusOK, putting("two", "fresh", putItem, "")); g.text("draft", "item") != "fresh" || g.values["item"] != nil {
			t.Error(g.body)
		}
		if g := w.good(http.StatusOK, ask{as: "two", method: "GET", path: "/departments/revenue/drafts"}); g.text("drafts", "0", "item") != "fresh" {
			t.Error(g.body)
		}
		put("root", department, http.StatusOK)
		var confirmed audit.Event
		for _, e := range w.events {
			if e.Kind == "item.changed" && e.Detail["draft"] != "" {
				confirmed = e
			}
		}
		if confirmed.Detail["by"] != string(w.tokens["two"].Account) || confirmed.Detail["proposed_by"] != string(w.tokens["one"].Account) || !strings.Contains(confirmed.Detail["changes"], "maxAge") {
			t.Errorf("%+v", confirmed)
		}
	})
}

// What files keep is changed in the files, but staff suspend it; and files do not offer it again.
func TestRAZ01_ItemsOfFiles(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
		item := w.item("refund").Item
		if changed, err := w.items.PutItem(t.Context(), item, w.clock.Now()); err != nil || !changed { // now files keep it
			t.Fatal(changed, err)
		}
		w.good(http.StatusConflict, putting("chief", "refund", putItem, `"2"`))
		w.good(http.StatusConflict, ask{as: "chief", method: "DELETE", path: "/items/refund", headers: map[string]string{"If-Match": `"2"`}})
		if g := w.good(http.StatusOK, ask{as: "chief", method: "POST", path: "/items/refund/moves", body: `{"to":"suspended","reason":"misuse"}`}); g.values["item"].(map[string]any)["held"] != true {
			t.Error(g.body)
		}
		held, api, _, err := w.items.ItemMarks(t.Context())
		if err != nil || len(held) != 1 || len(api) != 0 {
			t.Error(held, api, err)
		}
		item.Category = "other" // a change of the files leaves the mark
		if _, err := w.items.PutItem(t.Context(), item, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if e, err := w.items.Entry(t.Context(), "refund"); err != nil || !e.Held || e.Origin != catalogue.ByFile {
			t.Error(e, err)
		}
		if g := w.good(http.StatusOK, ask{as: "chief", method: "POST", path: "/items/refund/moves", body: `{"to":"suspended","reason":"misuse"}`}); g.text("item", "status") != "suspended" {
			t.Error(g.body)
		}
		if g := w.good(http.StatusOK, ask{as: "chief", method: "POST", path: "/items/refund/moves", body: `{"to":"offered","reason":"settled"}`}); g.values["item"].(map[string]any)["held"] != nil {
			t.Error(g.body)
		}
	})
}

// D3: a department learns why it was decided so, of nobody by a name that another department could compare; the platform sees the account.
func TestD3_WhyItWasDecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("root", staff.PlatformAuditor, staff.Place{})
	w.hire("help", staff.HelpDesk, staff.Place{Department: "revenue"})
	w.hire("social", staff.DepartmentAdministrator, staff.Place{Department: "social"})
	w.decided()
	for as, whole := range map[string]bool{"root": true, "help": false} {
		for _, path := range []string{"/decisions/" + interactionID, "/items/refund/decisions"} {
			g := w.good(http.StatusOK, ask{as: as, method: "GET", path: path})
			if strings.Contains(g.body, personID) != whole || strings.Contains(g.body, sessionID) != whole || g.text("decisions", "0", "logins", "0", "age") != "1m0s" {
				t.Errorf("%s: %s", as, g.body)
			}
		}
		g := w.good(http.StatusOK, ask{as: as, method: "POST", path: "/items/refund/rehearsals", body: `{"since":"24h","draft":` + putItem + `}`})
		if strings.Contains(g.body, personID) != whole || g.values["closed"] != 1.0 || g.text("examples", "0", "reasons", "0") != "level" {
			t.Errorf("%s: %s", as, g.body)
		}
	}
	w.good(http.StatusNotFound, ask{as: "social", method: "GET", path: "/decisions/" + interactionID})
	w.good(http.StatusNotFound, ask{as: "social", method: "POST", path: "/items/refund/rehearsals", body: `{"since":"24h","draft":` + putItem + `}`})
	theirs := strings.Replace(putItem, `"department":"revenue"`, `"department":"social"`, 1)
	w.hire("both", staff.HelpDesk, staff.Place{Department: "revenue"})
	w.good(http.StatusForbidden, ask{as: "both", method: "POST", path: "/items/refund/rehearsals", body: `{"since":"24h","draft":` + theirs + `}`})
	for _, bad := range []string{"0h", "2161h", "-1h", "soon"} {
		w.good(http.StatusBadRequest, ask{as: "help", method: "POST", path: "/items/refund/rehearsals", body: `{"since":"` + bad + `","draft":` + putItem + `}`})
	}
	if e := w.item("refund"); e.Version != 1 || e.Demands.Person != authz.Lockable {
		t.Error("a rehearsal has changed the item")
	}
	looked := map[string]int{}
	for _, e := range w.events {
		looked[e.Kind]++
		if strings.Contains(strings.Join(strings.Fields(e.Kind), ""), "decision.") && e.Detail["by"] == "" {
			t.Errorf("%+v", e)
		}
	}
	if looked["decision.explained"] != 4 || looked["item.rehearsed"] != 2 {
		t.Errorf("%v", looked)
	}
}
