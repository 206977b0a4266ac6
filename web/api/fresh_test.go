package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/token"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// SES-10, RAZ-07: a person's change takes a sign-in of the last five minutes, here as on the pages, and the answer says what to ask for (RFC 9470). A
// look does not, and no program is concerned.
func TestSES10_AChangeTakesAFreshSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	chief := w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.employ("program", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.keep("filing", tenants.Live)
	as := func(age time.Duration, level hub.Level) {
		w.token("chief", token.Access{Account: chief, Session: "s", System: "console", Level: level, AuthTime: w.clock.Now().Add(-age)})
	}
	suspend := func(who string) ask {
		return ask{as: who, method: "POST", path: "/systems/filing/moves", body: `{"to":"suspended","reason":"incident"}`, headers: map[string]string{"Idempotency-Key": "the-same-key-for-all"}}
	}
	as(session.FreshFor+time.Second, staff.Least())
	w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/systems/filing"})
	g := w.good(http.StatusUnauthorized, suspend("chief"))
	const challenge = `error="insufficient_user_authentication", error_description="a change takes a recent sign-in", acr_values="urn:onedoor:ial:2.3:aal:2.2", max_age="300"`
	if want := strings.Replace("Bearer "+challenge, "urn:onedoor:ial:2.3:aal:2.2", staff.Least().ACR(), 1); g.header.Get("WWW-Authenticate") != want || !strings.HasSuffix(g.text("type"), ":not_fresh") {
		t.Errorf("%s\n%s\n%s", g.header.Get("WWW-Authenticate"), want, g.body)
	}
	if e := w.events[len(w.events)-1]; e.Kind != "api.refused" || e.Reason != "not_fresh" || e.Detail["by"] != string(chief) {
		t.Errorf("%+v", e)
	}
	as(session.FreshFor, hub.Level{IAL: hub.IAL23, AAL: hub.AAL21})
	if g := w.good(http.StatusUnauthorized, suspend("chief")); strings.Contains(g.header.Get("WWW-Authenticate"), "max_age") || !strings.Contains(g.header.Get("WWW-Authenticate"), staff.Least().ACR()) {
		t.Error(g.header)
	}
	w.good(http.StatusUnauthorized, ask{as: "chief", method: "PUT", path: "/systems/filing", body: put, headers: map[string]string{"If-Match": `"1"`}})
	as(session.FreshFor, staff.Least())
	w.good(http.StatusOK, suspend("chief"))
	w.good(http.StatusCreated, ask{as: "program", method: "POST", path: "/systems/filing/secrets", body: `{"connection":"oidc","overlap":"24h"}`})
}

// OPS-03: who asks again under the same key gets the same answer only while they may still do what it came of; and a key is good for one caller, method,
// path, query, precondition and body.
func TestOPS03_AnAnswerIsGivenAgainToWhoMayStill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	revenue := staff.Place{Department: "revenue"}
	chief := w.hire("chief", staff.DepartmentAdministrator, revenue)
	w.hire("owner", staff.PlatformAdministrator, staff.Place{})
	w.employ("program", staff.DepartmentAdministrator, revenue)
	w.keep("filing", tenants.Testing)
	w.keep("returns", tenants.Testing)
	key := map[string]string{"Idempotency-Key": "0123456789abcdef"}
	rotate := func(who string) ask {
		return ask{as: who, method: "POST", path: "/systems/filing/secrets", body: `{"connection":"oidc","overlap":"24h"}`, headers: key}
	}
	first, second := w.good(http.StatusCreated, rotate("chief")), w.good(http.StatusCreated, rotate("program"))
	if first.text("secret") == second.text("secret") {
		t.Error("two callers share an answer")
	}
	other := rotate("chief")
	other.path = "/systems/returns/secrets"
	w.good(http.StatusUnprocessableEntity, other)
	other = rotate("chief")
	other.headers = map[string]string{"Idempotency-Key": key["Idempotency-Key"], "If-Match": `"1"`}
	w.good(http.StatusUnprocessableEntity, other)

	posts, err := w.posts.Of(t.Context(), chief)
	if err != nil || len(posts) != 1 {
		t.Fatal(posts, err)
	}
	w.good(http.StatusOK, ask{as: "owner", method: "POST", path: "/staff/posts/" + posts[0].ID + "/end", body: `{"reason":"left"}`})
	if g := w.good(http.StatusForbidden, rotate("chief")); strings.Contains(g.body, "secret") {
		t.Error("who has left is shown the secret again: ", g.body)
	}
	// A post elsewhere does not help: the right was one at this place.
	give := func(p staff.Post) {
		t.Helper()
		p.ID, p.State, p.At, p.ConfirmedAt = hub.NewID(hub.Randomness()), staff.Active, w.clock.Now().UTC(), w.clock.Now().UTC()
		if err := w.posts.Add(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	give(staff.Post{Account: chief, Role: staff.DepartmentAdministrator, Place: staff.Place{Department: "social"}})
	w.good(http.StatusForbidden, rotate("chief"))
	give(staff.Post{Account: chief, Role: staff.DepartmentAdministrator, Place: revenue})
	if g := w.good(http.StatusCreated, rotate("chief")); g.body != first.body {
		t.Error("who may again gets another answer")
	}

	// An entity's administrator, whose seat is somebody else's meanwhile.
	w.head, w.hand = w.account(), w.account()
	head := w.head
	w.token("head", token.Access{Account: head, Level: entity.Least(), AuthTime: w.clock.Now(), Scopes: []string{"entity.read", "entity.write"}})
	offer := asks["inviteToEntity"](w, 0)
	offer.as, offer.headers = "head", map[string]string{"Idempotency-Key": "0123456789abcdeh"}
	link := w.good(http.StatusCreated, offer).text("link")
	if w.good(http.StatusCreated, offer).text("link") != link {
		t.Error("another link")
	}
	w.head = w.account()
	if g := w.good(http.StatusNotFound, offer); strings.Contains(g.body, "/act/") {
		t.Error("who has handed over is shown the link again: ", g.body)
	}
}
