package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/token"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// ENT-04, RAZ-03: an entity's administrator does by API what the pages do, each once, with the words of the request; nothing of another entity's is
// reached through the path of their own, and a token for one half of the API opens nothing of the other.
func TestENT04_TheAdministratorOfAnEntityByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.head, w.hand = w.account(), w.account()
	w.token("head", token.Access{Account: w.head, Level: entity.Least(), AuthTime: w.clock.Now(), Scopes: []string{"entity.read", "entity.write"}})
	get := func(path string) got {
		t.Helper()
		return w.good(http.StatusOK, ask{as: "head", method: "GET", path: path})
	}
	if g := get("/my/entities"); g.text("entities", "0", "id") != companyID {
		t.Error(g.body)
	}
	desk := get(ownPath)
	if desk.text("seats", "1", "label") != "Accounts" || desk.text("seats", "1", "mandates", "0", "id") != mandateID || desk.text("invitations", "0", "id") != offerID {
		t.Error(desk.body)
	}
	if strings.Contains(desk.body, string(w.hand)) {
		t.Errorf("invariant 3: an account is told: %s", desk.body)
	}
	if g := get(ownPath + "/items"); g.text("items", "0", "id") != "return" || g.text("items", "1", "id") != "" {
		t.Error(g.body)
	}
	if g := get(ownPath + "/delegations"); g.text("delegations", "0", "state") != "proposed" || g.text("delegations", "0", "seat") != handSeat || g.text("delegations", "0", "places", "0") != placeID {
		t.Error(g.body)
	}
	get(ownPath + "/places")
	get(ownPath + "/devices")
	for _, id := range []string{"inviteToEntity", "takeBackSeat", "removeSeat", "giveMandate", "withdrawMandate", "delegate", "withdrawDelegation", "addPlace", "removePlace", "removeDevice"} {
		w.acted = nil
		a := asks[id](w, 0)
		a.as = "head"
		g := w.do(a)
		if g.status > 201 || len(w.acted) == 0 {
			t.Fatalf("%s: %d %s", id, g.status, g.body)
		}
		want := map[string]string{
			"inviteToEntity": "invite operator Payroll hash revenue " + w.clock.Now().UTC().Format(time.TimeOnly), "takeBackSeat": "take back " + offerID, "removeSeat": "remove " + handSeat + " removed",
			"giveMandate": "give " + handSeat + " social 2026-06-01", "withdrawMandate": "withdraw mandate " + mandateID + " removed", "delegate": "delegate return Asia/Bangkok " + placeID,
			"withdrawDelegation": "withdraw " + handedID, "addPlace": "place Office 192.0.2.0/24", "removePlace": "end place " + placeID, "removeDevice": "end device " + deviceID,
		}[id]
		if got := w.acted[len(w.acted)-1]; got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
		if id == "inviteToEntity" && !strings.HasPrefix(g.text("link"), "https://hub.example/act/") {
			t.Errorf("no address: %s", g.body)
		}
	}

	w.acted = nil
	other := strings.Repeat("z", 26)
	for name, a := range map[string]ask{
		"another entity":      {method: "GET", path: "/my/entities/" + other},
		"another's seat":      {method: "POST", path: ownPath + "/seats/" + other + "/remove"},
		"a mandate elsewhere": {method: "POST", path: ownPath + "/seats/" + other + "/mandates", body: `{"department":"social","until":"2026-06-01T00:00:00Z"}`},
		"another's mandate":   {method: "POST", path: ownPath + "/mandates/" + other + "/withdraw"},
		"another's item":      {method: "POST", path: ownPath + "/delegations/" + other + "/withdraw"},
	} {
		a.as = "head"
		if w.good(http.StatusNotFound, a); slices.ContainsFunc(w.acted, func(s string) bool { return s != "delegations" }) {
			t.Errorf("%s: %v", name, w.acted)
		}
	}
	for name, body := range map[string]string{
		"nobody's seat": `{"items":["return"],"seat":"` + other + `"}`, "nothing": `{"items":[],"seat":"` + handSeat + `"}`,
		"no day": `{"items":["return"],"seat":"` + handSeat + `","hours":{"zone":"Asia/Bangkok","windows":[{"days":["mon"],"from":"8","to":"9"}]}}`,
	} {
		if g := w.good(http.StatusBadRequest, ask{as: "head", method: "POST", path: ownPath + "/delegations", body: body}); g.text("faults", "0", "path") == "" {
			t.Errorf("%s: %s", name, g.body)
		}
	}
	w.good(http.StatusBadRequest, ask{as: "head", method: "POST", path: ownPath + "/places", body: `{"label":"x","networks":["everywhere"]}`})
	w.good(http.StatusBadRequest, ask{as: "head", method: "POST", path: ownPath + "/invitations", body: `{"role":"operator","label":"x","person":"1"}`})

	// A token for one half opens nothing of the other, whoever's it is.
	w.good(http.StatusUnauthorized, ask{as: "head", method: "GET", path: "/systems"})
	w.hire("chief", staff.PlatformAdministrator, staff.Place{})
	w.token("both", token.Access{Account: w.head, Level: staff.Least(), AuthTime: w.clock.Now(), Scopes: []string{"admin.read", "admin.write"}})
	w.good(http.StatusUnauthorized, ask{as: "both", method: "GET", path: ownPath})
	w.token("reads", token.Access{Account: w.head, Level: entity.Least(), AuthTime: w.clock.Now(), Scopes: []string{"entity.read"}})
	w.good(http.StatusUnauthorized, ask{as: "reads", method: "POST", path: ownPath + "/seats/" + handSeat + "/remove"})
	// Who has got hold of a weaker way in reads, and changes nothing (as on the pages).
	w.heights = map[hub.AccountID]hub.AAL{w.head: hub.AAL22}
	w.token("weaker", token.Access{Account: w.head, Level: entity.Least(), AuthTime: w.clock.Now()})
	w.good(http.StatusOK, ask{as: "weaker", method: "GET", path: ownPath})
	g := w.good(http.StatusUnauthorized, ask{as: "weaker", method: "POST", path: ownPath + "/seats/" + handSeat + "/remove"})
	if want := (hub.Level{IAL: entity.Least().IAL, AAL: hub.AAL22}).ACR(); !strings.HasSuffix(g.text("type"), ":level_unmet") || !strings.Contains(g.header.Get("WWW-Authenticate"), `acr_values="`+want+`"`) {
		t.Errorf("%s %s", g.header, g.body)
	}
	for name, a := range map[string]token.Access{
		"too weak": {Account: w.head, Level: hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, AuthTime: w.clock.Now()},
		"too old":  {Account: w.head, Level: staff.Least(), AuthTime: w.clock.Now().AddDate(0, 0, -31)},
	} {
		w.token(name, a)
		if g := w.good(http.StatusUnauthorized, ask{as: name, method: "GET", path: ownPath}); !strings.HasSuffix(g.text("type"), ":level_unmet") {
			t.Errorf("%s: %s", name, g.body)
		}
	}
}
