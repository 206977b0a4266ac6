package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/web/api"
)

// The description is kept in docs, is what the API gives out, and knows every operation.
func TestDescription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, api.Path+"/openapi.json", nil))
	const file = "../../docs/admin-api.json"
	if *update {
		if err := os.WriteFile(file, rec.Body.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil || rec.Body.String() != string(want) {
		t.Errorf("%v: docs/admin-api.json is another description: go test ./web/api -update", err)
	}
	ids := map[string]bool{}
	for _, o := range w.api.Operations() {
		if ids[o.ID] || !strings.Contains(rec.Body.String(), `"operationId": "`+o.ID+`"`) || asks[o.ID] == nil {
			t.Errorf("%s is not described, not tried, or there twice", o.ID)
		}
		ids[o.ID] = true
	}
	mounts := 0
	for _, m := range w.api.Mounts() {
		mounts += len(m.Methods)
		if !m.Machine || m.Rate.Name == "" {
			t.Errorf("%s is open to floods", m.Path)
		}
	}
	if mounts != len(ids)+1 {
		t.Errorf("%d mounts for %d operations and their description", mounts, len(ids))
	}
}

// One request under one key is done once, whoever repeats it and whenever, with the same answer, also a secret; it rests unreadable.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db)
		w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
		w.hire("other", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
		w.keep("filing", tenants.Testing)
		rotate := func(key, body string) ask {
			return ask{as: "chief", method: "POST", path: "/systems/filing/secrets", body: body, headers: map[string]string{"Idempotency-Key": key}}
		}
		const key, body = "0123456789abcdef", `{"connection":"oidc","overlap":"24h"}`
		secrets := func() int {
			x, err := w.store.System(t.Context(), "filing")
			if err != nil {
				t.Fatal(err)
			}
			return len(x.OIDC.Secrets)
		}
		first := w.good(http.StatusCreated, rotate(key, body))
		again := w.good(http.StatusCreated, rotate(key, body))
		if first.text("secret") == "" || again.body != first.body || again.etag != first.etag || secrets() != 2 {
			t.Errorf("%s\n%s", first.body, again.body)
		}
		w.good(http.StatusUnprocessableEntity, rotate(key, `{"connection":"oidc"}`))
		w.good(http.StatusUnprocessableEntity, ask{as: "chief", method: "POST", path: "/systems/filing/moves", body: body2, headers: map[string]string{"Idempotency-Key": key}})
		theirs := rotate(key, body)
		theirs.as = "other"
		if g := w.good(http.StatusCreated, theirs); g.text("secret") == first.text("secret") {
			t.Error("somebody else's answer was given")
		}
		for _, bad := range []string{"", "short", strings.Repeat("x", 101), "0123456789abcde ", "0123456789abcdeé"} {
			if g := w.good(http.StatusBadRequest, rotate(bad, body)); !strings.HasSuffix(g.text("type"), ":needs_key") {
				t.Errorf("%q: %s", bad, g.body)
			}
		}
		// A failure is not kept: what was missing can be put right under the same key.
		propose := ask{as: "chief", method: "POST", path: "/systems/filing/proposal", body: `{"tested":"report-1"}`, headers: map[string]string{"Idempotency-Key": "0123456789abcdeg", "If-Match": `"999"`}}
		w.good(http.StatusPreconditionFailed, propose)
		propose.headers["If-Match"] = first.etag
		w.do(propose)
		// Twins at once.
		var all sync.WaitGroup
		answers := make([]got, 8)
		before := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/systems/filing"}).etag
		for i := range answers {
			all.Go(func() { answers[i] = w.do(rotate("twins-twins-twins", body)) })
		}
		all.Wait()
		for _, g := range answers {
			if g.status != http.StatusCreated || g.body != answers[0].body {
				t.Errorf("%d %s", g.status, g.body)
			}
		}
		var was, is int
		_, _ = fmt.Sscanf(before, `"%d"`, &was)
		_, _ = fmt.Sscanf(w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/systems/filing"}).etag, `"%d"`, &is)
		if is != was+1 {
			t.Errorf("twins made %d changes", is-was)
		}
		// Nothing that opens anything rests readable.
		rows, err := db.SQL().QueryContext(t.Context(), "SELECT answer FROM api_answers")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close() //nolint:errcheck // read to its end
		n := 0
		for rows.Next() {
			var kept []byte
			if err := rows.Scan(&kept); err != nil {
				t.Fatal(err)
			}
			n++
			if len(kept) == 0 || strings.Contains(string(kept), first.text("secret")) || strings.Contains(string(kept), "secret") {
				t.Error("an answer rests readable")
			}
		}
		if n != 3 || rows.Err() != nil {
			t.Errorf("%d answers are kept, %v", n, rows.Err())
		}
		// A day later the key is free again.
		w.clock.Advance(25 * time.Hour)
		w.token("chief", token.Access{Account: w.tokens["chief"].Account, Session: "s", System: "console", Level: staff.Least(), AuthTime: w.clock.Now()})
		if g := w.good(http.StatusCreated, rotate(key, body)); g.body == first.body {
			t.Error("an answer of yesterday")
		}
	})
}

const body2 = `{"to":"draft","reason":"planned"}`

// Nobody overwrites what they have not seen.
func TestVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	change := func(headers map[string]string) ask {
		return ask{as: "chief", method: "PUT", path: "/systems/filing", body: put, headers: headers}
	}
	w.good(http.StatusPreconditionRequired, change(nil))
	w.good(http.StatusPreconditionRequired, change(map[string]string{"If-None-Match": `"1"`}))
	w.good(http.StatusNotFound, change(map[string]string{"If-Match": `"1"`}))
	made := w.good(http.StatusOK, change(map[string]string{"If-None-Match": "*"}))
	if made.etag != `"1"` || made.text("status") != "draft" || made.text("origin") != "api" {
		t.Errorf("%s %s", made.etag, made.body)
	}
	w.good(http.StatusConflict, change(map[string]string{"If-None-Match": "*"}))
	w.good(http.StatusPreconditionRequired, change(map[string]string{"If-None-Match": "*", "If-Match": made.etag}))
	if g := w.good(http.StatusOK, change(map[string]string{"If-Match": made.etag})); g.etag != `"2"` {
		t.Error(g.etag)
	}
	for _, bad := range []string{made.etag, `W/"2"`, `2`, `"02"`, `"two"`, "*", `"-1"`, `"1", "2"`} {
		w.good(http.StatusPreconditionFailed, change(map[string]string{"If-Match": bad}))
	}
	w.good(http.StatusPreconditionFailed, ask{as: "chief", method: "POST", path: "/systems/filing/moves", body: `{"to":"testing","reason":"planned"}`, headers: map[string]string{"If-Match": `"1"`}})
}

// The life of a system through the API, by those who may: from a draft to live, with four eyes, and suspended.
func TestEXC06_FromDraftToLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.hire("platform", staff.PlatformAdministrator, staff.Place{})
	const complete = `{"department":"revenue","area":"north","names":{"th":"ก","en":"F","zh":"甲","vi":"á"},"group":3,"least":{"ial":"2.1","aal":"2.1"},"risk":"moderate","reviewBy":"2027-01-01T00:00:00Z","oidc":{"redirectURIs":["https://filing.example/cb"],"scopes":["openid"]}}`
	w.good(http.StatusOK, ask{as: "chief", method: "PUT", path: "/systems/filing", body: put, headers: map[string]string{"If-None-Match": "*"}})
	move := func(as, to string) ask {
		return ask{as: as, method: "POST", path: "/systems/filing/moves", body: `{"to":"` + to + `","reason":"planned"}`}
	}
	if g := w.good(http.StatusUnprocessableEntity, move("chief", "testing")); g.text("faults", "0", "path") != "oidc.secrets" {
		t.Error(g.body)
	}
	w.good(http.StatusCreated, ask{as: "chief", method: "POST", path: "/systems/filing/secrets", body: `{"connection":"oidc"}`})
	x := w.good(http.StatusOK, move("chief", "testing"))
	propose := func(etag string) ask {
		return ask{as: "chief", method: "POST", path: "/systems/filing/proposal", body: `{"tested":"report-1"}`, headers: map[string]string{"If-Match": etag}}
	}
	if g := w.good(http.StatusUnprocessableEntity, propose(x.etag)); !strings.Contains(g.body, "LOA-09") {
		t.Error(g.body)
	}
	x = w.good(http.StatusOK, ask{as: "chief", method: "PUT", path: "/systems/filing", body: complete, headers: map[string]string{"If-Match": x.etag}})
	w.good(http.StatusForbidden, move("chief", "live"))
	w.good(http.StatusConflict, move("platform", "live"))
	w.good(http.StatusCreated, propose(x.etag))
	if g := w.good(http.StatusOK, ask{as: "platform", method: "GET", path: "/systems/filing/proposal"}); g.text("tested") != "report-1" {
		t.Error(g.body)
	}
	live := w.good(http.StatusOK, move("platform", "live"))
	if live.text("status") != "live" {
		t.Error(live.body)
	}
	w.good(http.StatusForbidden, ask{as: "chief", method: "PUT", path: "/systems/filing", body: complete, headers: map[string]string{"If-Match": live.etag}})
	if w.good(http.StatusOK, move("chief", "suspended")); w.settled != 1 || len(w.closed) != 1 {
		t.Errorf("answered without having ended: %d %v", w.settled, w.closed)
	}
	g := w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/systems/filing/moves?limit=2"})
	if g.text("moves", "0", "became") != "suspended" || g.text("next") == "" {
		t.Error(g.body)
	}
	g = w.good(http.StatusOK, ask{as: "chief", method: "GET", path: "/systems/filing/moves?limit=2&cursor=" + g.text("next")})
	if g.text("moves", "0", "became") != "testing" || g.text("next") != "" {
		t.Error(g.body)
	}
}

// Lists give what is the caller's, each entry once, and a cursor is good for the list and the caller that it was made for.
func TestCursors(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("northern", staff.Reviewer, north)
	w.hire("southern", staff.Reviewer, staff.Place{Department: "revenue", Area: "south"})
	w.hire("platform", staff.PlatformAuditor, staff.Place{})
	for i := range 7 {
		w.keep(hub.SystemID("filing-"+letters(i)), tenants.Draft)
	}
	list := func(as, query string) got {
		return w.good(http.StatusOK, ask{as: as, method: "GET", path: "/systems" + query})
	}
	var ids []string
	g := list("northern", "?limit=3")
	first := g.text("next")
	for {
		for i := range 3 {
			if id := g.text("systems", fmt.Sprint(i), "id"); id != "" {
				ids = append(ids, id)
			}
		}
		if g.text("next") == "" {
			break
		}
		g = list("northern", "?limit=3&cursor="+g.text("next"))
	}
	if strings.Join(ids, " ") != "filing-a filing-b filing-c filing-d filing-e filing-f filing-g" {
		t.Error(ids)
	}
	if g := list("southern", ""); strings.Contains(g.body, "filing") {
		t.Error(g.body)
	}
	for name, a := range map[string]ask{
		"somebody else's":     {as: "platform", path: "/systems?cursor=" + first},
		"of another question": {as: "northern", path: "/systems?department=revenue&cursor=" + first},
		"of another list":     {as: "northern", path: "/departments?cursor=" + first},
		"changed":             {as: "northern", path: "/systems?cursor=" + first[:len(first)-1] + "A"},
		"none":                {as: "northern", path: "/systems?cursor=AAAA"},
		"a limit of 0":        {as: "northern", path: "/systems?limit=0"},
		"too large a limit":   {as: "northern", path: "/systems?limit=201"},
		"a limit in words":    {as: "northern", path: "/systems?limit=1e2"},
		"twice":               {as: "northern", path: "/systems?limit=1&limit=2"},
		"unknown":             {as: "northern", path: "/systems?offset=1"},
		"not a name":          {as: "northern", path: "/systems?department=%27%3B--"},
	} {
		a.method = "GET"
		if g := w.do(a); g.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, g.status, g.body)
		}
	}
}

// A body is what the description says, and is read as it stands.
func TestStrictBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.keep("filing", tenants.Draft)
	for name, c := range map[string]struct {
		body, kind string
		want       int
	}{
		"good":                {`{"to":"testing","reason":"planned"}`, "", http.StatusOK},
		"with a charset":      {`{"to":"draft","reason":"planned"}`, "application/json; charset=utf-8", 0},
		"an unknown member":   {`{"to":"testing","reason":"planned","by":"me"}`, "", http.StatusBadRequest},
		"another case":        {`{"To":"testing","reason":"planned"}`, "", http.StatusBadRequest},
		"a member twice":      {`{"to":"testing","to":"draft","reason":"planned"}`, "", http.StatusBadRequest},
		"missing":             {`{"to":"testing"}`, "", http.StatusBadRequest},
		"null":                {`{"to":null,"reason":"planned"}`, "", http.StatusBadRequest},
		"a number":            {`{"to":1,"reason":"planned"}`, "", http.StatusBadRequest},
		"no word of the list": {`{"to":"passed","reason":"planned"}`, "", http.StatusBadRequest},
		"a list":              {`[]`, "", http.StatusBadRequest},
		"two objects":         {`{"to":"testing","reason":"planned"}{}`, "", http.StatusBadRequest},
		"half of one":         {`{"to":"testing"`, "", http.StatusBadRequest},
		"not UTF-8":           {"{\"to\":\"\xff\",\"reason\":\"planned\"}", "", http.StatusBadRequest},
		"a form":              {`to=testing`, "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		"text":                {`{"to":"testing","reason":"planned"}`, "text/plain", http.StatusUnsupportedMediaType},
	} {
		a := ask{as: "chief", method: "POST", path: "/systems/filing/moves", body: c.body, headers: map[string]string{}}
		if c.kind != "" {
			a.headers["Content-Type"] = c.kind
		}
		w.keep("filing", tenants.Draft)
		if g := w.do(a); c.want != 0 && g.status != c.want || g.status == http.StatusUnsupportedMediaType && c.want == 0 {
			t.Errorf("%s: %d %s", name, g.status, g.body)
		}
	}
	// What is wrong is told all at once, by its path, and nothing of what was sent is told back but names.
	g := w.good(http.StatusBadRequest, ask{as: "chief", method: "PUT", path: "/systems/other", body: `{"department":5,"names":{"en":7},"group":"3","least":{"ial":"2.0","aal":"2.1"},"oidc":{"redirectURIs":"x"},"secret":"hunter2"}`, headers: map[string]string{"If-None-Match": "*"}})
	for _, want := range []string{`"department"`, `"names.en"`, `"group"`, `"least.ial"`, `"oidc.redirectURIs"`, `"secret"`} {
		if !strings.Contains(g.body, `"path":`+want) {
			t.Errorf("%s is not told: %s", want, g.body)
		}
	}
	if strings.Contains(g.body, "hunter2") {
		t.Error("a value is told back")
	}
	w.good(http.StatusBadRequest, ask{as: "chief", method: "GET", path: "/systems", body: `{}`})
}

// Staff are invited, confirmed and removed by those who may; the address of an invitation is told once.
func TestBND05_StaffThroughTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	chief := w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.hire("second", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.hire("northern", staff.DepartmentAdministrator, north)
	g := w.good(http.StatusCreated, ask{as: "chief", method: "POST", path: "/staff/invitations", body: `{"role":"reviewer","department":"revenue","area":"north"}`})
	secret, err := hub.ParseSecret(strings.TrimPrefix(g.text("link"), "https://hub.example/join/"))
	if err != nil {
		t.Fatal(g.body)
	}
	if l := w.good(http.StatusOK, ask{as: "northern", method: "GET", path: "/staff/invitations?department=revenue"}); l.text("invitations", "0", "id") != g.text("invitation", "id") || strings.Contains(l.body, secret.Reveal()) {
		t.Error(l.body)
	}
	w.good(http.StatusNotFound, ask{as: "northern", method: "POST", path: "/staff/invitations", body: `{"role":"reviewer","department":"revenue","area":"south"}`})
	w.good(http.StatusForbidden, ask{as: "chief", method: "POST", path: "/staff/posts/" + w.proposedBy(chief) + "/confirm"})
	id := w.proposed()
	w.good(http.StatusOK, ask{as: "second", method: "POST", path: "/staff/posts/" + id + "/confirm"})
	w.good(http.StatusConflict, ask{as: "second", method: "POST", path: "/staff/posts/" + id + "/confirm"})
	w.good(http.StatusOK, ask{as: "northern", method: "POST", path: "/staff/posts/" + id + "/end", body: `{"reason":"changed"}`})
	w.good(http.StatusNotFound, ask{as: "chief", method: "POST", path: "/staff/posts/" + personID + "/end", body: `{"reason":"left"}`})
	if p, err := w.posts.Post(t.Context(), id); err != nil || p.State != staff.Ended || p.EndReason != staff.Changed {
		t.Error(p, err)
	}
	if l := w.good(http.StatusOK, ask{as: "northern", method: "GET", path: "/staff/posts?department=revenue"}); strings.Contains(l.body, `"account":"`+alias("revenue", chief)) || strings.Contains(l.body, string(chief)) {
		t.Errorf("who works for the whole department is not the north's to see: %s", l.body)
	}
}

// Sessions end with the cause of an administrator, the answer waits for the lease, and looks leave a line in the person's record.
func TestSES20_SessionsEndedByStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	admin := w.hire("platform", staff.PlatformAdministrator, staff.Place{})
	w.keep("filing", tenants.Live)
	w.good(http.StatusOK, ask{as: "platform", method: "GET", path: "/accounts/" + personID + "/sessions"})
	w.good(http.StatusOK, ask{as: "platform", method: "POST", path: "/accounts/" + personID + "/sessions/end"})
	w.good(http.StatusOK, ask{as: "platform", method: "POST", path: "/sessions/" + sessionID + "/end"})
	w.good(http.StatusNotFound, ask{as: "platform", method: "POST", path: "/sessions/" + campaignID + "/end"})
	w.good(http.StatusOK, ask{as: "platform", method: "POST", path: "/notices/" + noticeID + "/retry"})
	if fmt.Sprint(w.ended) != "["+personID+" admin "+sessionID+" admin]" || w.settled != 2 || w.retried[0] != noticeID+" "+string(admin) {
		t.Error(w.ended, w.settled, w.retried)
	}
	kinds := map[string]int{}
	for _, e := range w.events {
		if e.Account == personID && e.Detail["by"] == string(admin) {
			kinds[e.Kind]++
		}
	}
	if kinds["account.shown"] != 1 || kinds["session.ended_by_staff"] != 2 {
		t.Error(kinds)
	}
}

// A department's auditor reads what happened at its systems, and nothing that leads on to persons.
func TestAUD_ADepartmentsRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("auditor", staff.Auditor, staff.Place{Department: "revenue"})
	w.hire("platform", staff.PlatformAuditor, staff.Place{})
	w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	w.keep("filing", tenants.Live)
	w.good(http.StatusOK, ask{as: "chief", method: "POST", path: "/systems/filing/moves", body: `{"to":"suspended","reason":"incident"}`})
	g := w.good(http.StatusOK, ask{as: "auditor", method: "GET", path: "/audit/events?system=filing"})
	if g.text("events", "0", "kind") != "system.moved" || strings.Contains(g.body, `"account"`) || strings.Contains(g.body, `"detail"`) {
		t.Error(g.body)
	}
	w.good(http.StatusNotFound, ask{as: "auditor", method: "GET", path: "/audit/events"})
	w.good(http.StatusNotFound, ask{as: "auditor", method: "GET", path: "/audit/events?system=filing&account=" + personID})
	if g := w.good(http.StatusOK, ask{as: "platform", method: "GET", path: "/audit/events?system=filing&kind=system.moved"}); g.text("events", "0", "detail", "became") != "suspended" {
		t.Error(g.body)
	}
	if g := w.good(http.StatusOK, ask{as: "platform", method: "GET", path: "/audit/events?kind=system.moved&limit=1"}); g.text("events", "0", "kind") != "system.moved" || g.text("next") == "" {
		t.Error(g.body)
	}
	w.good(http.StatusBadRequest, ask{as: "platform", method: "GET", path: "/audit/events?account=nobody"})
	w.good(http.StatusOK, ask{as: "platform", method: "GET", path: "/audit/events?account=" + personID})
	if e := w.events[len(w.events)-1]; e.Kind != "account.searched" || e.Account != personID {
		t.Errorf("%+v", e)
	}
}

// What the files keep is not changed through the API.
func TestFilesKeepTheirEntries(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("platform", staff.PlatformAdministrator, staff.Place{})
	if _, err := w.store.PutSystem(t.Context(), system("filing", tenants.Live)); err != nil {
		t.Fatal(err)
	}
	w.refresh()
	w.good(http.StatusConflict, ask{as: "platform", method: "PUT", path: "/systems/filing", body: strings.Replace(put, `["openid"]`, `["openid","admin.read"]`, 1), headers: map[string]string{"If-Match": `"1"`}})
	w.good(http.StatusConflict, ask{as: "platform", method: "POST", path: "/systems/filing/secrets", body: `{"connection":"oidc"}`})
	if g := w.good(http.StatusOK, ask{as: "platform", method: "POST", path: "/systems/filing/moves", body: `{"to":"suspended","reason":"incident"}`}); g.values["held"] != true || g.text("origin") != string(register.ByFile) {
		t.Error(g.body)
	}
}

// proposedBy makes a post in the north that somebody has invited to.
func (w *world) proposedBy(by hub.AccountID) string {
	p := staff.Post{ID: hub.NewID(hub.Randomness()), Account: w.account(), Role: staff.Reviewer, Place: north, State: staff.Proposed, InvitedBy: by, At: w.clock.Now().UTC()}
	if err := w.posts.Add(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}
