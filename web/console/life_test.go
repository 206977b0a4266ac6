package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding/review"
	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/web/server"
	"onedoor/web/visit/visittest"
)

func (*world) Refresh(context.Context) error { return nil }

// brake and lives note what is asked of them; lives asks for the right that a step takes, as the register does.
type brake struct{ *world }

func (b brake) Suspend(_ context.Context, h federation.Halt) error {
	return b.note(strings.TrimSpace("suspend " + string(h.By) + " " + string(h.Provider) + " " + h.Reason + " " + string(h.Sessions)))
}

func (b brake) Progress(context.Context, hub.ProviderID) (int, time.Time, error) {
	if b.cut.IsZero() {
		return 0, time.Time{}, hub.Errorf("brake", hub.NotFound, "never cut off")
	}
	return 1234, b.cut, nil
}

func (b brake) Resume(_ context.Context, by hub.AccountID, id hub.ProviderID, reason string) error {
	return b.note("resume " + string(by) + " " + string(id) + " " + reason)
}

type lives struct{ *world }

func (l lives) System(ctx context.Context, id hub.SystemID) (register.System, error) {
	s, err := l.world.System(ctx, id)
	out := register.System{System: s, Version: 7, Origin: register.ByAPI}
	if s.SAML != nil {
		out.Origin = register.ByFile
	}
	return out, err
}

func (l lives) did(ctx context.Context, by staff.Actor, act permit.Act, id hub.SystemID, what ...any) (register.System, error) {
	x, err := l.System(ctx, id)
	if err == nil {
		err = by.Require(ctx, string(act), staff.Place{Department: x.Department, Area: x.Area})
	}
	if err != nil {
		return register.System{}, err
	}
	return x, l.note(strings.TrimSuffix(fmt.Sprintln(append([]any{act, by.Account, id}, what...)...), "\n"))
}

func (l lives) Move(ctx context.Context, by staff.Actor, id hub.SystemID, to tenants.SystemStatus, reason string, version int64) (register.System, error) {
	act := permit.SystemTest
	switch to {
	case tenants.Live:
		act = permit.SystemLaunch
	case tenants.Suspended:
		act = permit.SystemSuspend
	case tenants.Draft:
		return register.System{}, &register.Faulty{Faults: []tenants.Fault{{Path: "risk", Rule: "LOA-09", Text: "is <missing>"}}}
	}
	return l.did(ctx, by, act, id, to, reason, version)
}

func (l lives) Moves(context.Context, hub.SystemID, int64, int) ([]register.Move, error) {
	return []register.Move{{Seq: 1, Was: tenants.Testing, Became: tenants.Live, Reason: register.Tested, Account: somebody, At: visittest.Now}}, nil
}

func (l lives) Propose(ctx context.Context, by staff.Actor, id hub.SystemID, version int64, tested string) (register.Proposal, error) {
	_, err := l.did(ctx, by, permit.SystemPropose, id, version, tested)
	return register.Proposal{}, err
}

func (l lives) Proposal(_ context.Context, id hub.SystemID) (register.Proposal, error) {
	if id == "benefits" {
		return register.Proposal{Version: 7, Tested: "report-1", Account: visittest.Account, At: visittest.Now}, nil
	}
	return register.Proposal{}, hub.Errorf("world", hub.NotFound, "none")
}

func (l lives) Rotate(ctx context.Context, by staff.Actor, id hub.SystemID, c register.Connection, overlap time.Duration) (register.System, string, error) {
	x, err := l.did(ctx, by, permit.SystemRotate, id, c, overlap)
	return x, "the-new-secret", err
}

// EXC-06, EXC-07, LIF-06: what takes a system or a provider a step on is done in the name of who may, with its reason and the version that they have
// seen; everybody else is told what a page that is not there tells, or that it is not theirs.
func TestEXC06_TheLifeOfSystemsAndProviders(t *testing.T) {
	t.Parallel()
	me := string(visittest.Account)
	platform, revenue, social := post(staff.PlatformAdministrator, ""), post(staff.DepartmentAdministrator, "revenue"), post(staff.DepartmentAdministrator, "social")
	const system, bank = "/console/systems/efiling", "/console/providers/thaid"
	for name, c := range map[string]struct {
		who    staff.Post
		path   string
		fields url.Values
		status int
		to     string
		done   string
	}{
		"suspend":                  {revenue, system + "/_/move", url.Values{"to": {"suspended"}, "reason": {"incident"}, "version": {"7"}}, 303, system + "?done=1", "system.suspend " + me + " efiling suspended incident 0"},
		"suspend for others":       {social, system + "/_/move", url.Values{"to": {"suspended"}, "reason": {"incident"}}, 404, "", ""},
		"suspend by who reads":     {post(staff.HelpDesk, "revenue"), system + "/_/move", url.Values{"to": {"suspended"}, "reason": {"incident"}}, 303, system + "?wrong=denied", ""},
		"launch by a department":   {revenue, system + "/_/move", url.Values{"to": {"live"}, "reason": {"tested"}, "version": {"7"}}, 303, system + "?wrong=denied", ""},
		"launch":                   {platform, system + "/_/move", url.Values{"to": {"live"}, "reason": {"tested"}, "version": {"7"}}, 303, system + "?done=1", "system.launch " + me + " efiling live tested 7"},
		"launch what was not seen": {platform, system + "/_/move", url.Values{"to": {"live"}, "reason": {"tested"}}, 303, system + "?wrong=invalid", ""},
		"faults":                   {platform, system + "/_/move", url.Values{"to": {"draft"}, "reason": {"tested"}, "version": {"7"}}, 409, "", ""},
		"propose":                  {revenue, system + "/_/propose", url.Values{"version": {"7"}, "tested": {"report-1"}}, 303, system + "?done=1", "system.propose " + me + " efiling 7 report-1"},
		"rotate":                   {revenue, system + "/_/rotate", url.Values{"connection": {"oidc"}, "overlap": {"day"}}, 200, "", "system.rotate " + me + " efiling oidc 24h0m0s"},
		"rotate, no overlap":       {revenue, system + "/_/rotate", url.Values{"connection": {"oidc"}}, 303, system + "?wrong=invalid", ""},
		"rotate for others":        {social, system + "/_/rotate", url.Values{"connection": {"oidc"}, "overlap": {"day"}}, 404, "", ""},
		"no such system":           {platform, "/console/systems/moon/_/move", url.Values{"to": {"live"}}, 404, "", ""},
		"suspend a provider":       {platform, bank + "/_/suspend", url.Values{"reason": {"misuse"}}, 303, bank + "?done=1", "suspend " + me + " thaid misuse"},
		"and end its sessions":     {platform, bank + "/_/suspend", url.Values{"reason": {"planned"}, "sessions": {"end"}}, 303, bank + "?done=1", "suspend " + me + " thaid planned end"},
		"resume a provider":        {platform, bank + "/_/resume", url.Values{"reason": {"settled"}}, 303, bank + "?done=1", "resume " + me + " thaid settled"},
		"a provider by a dept":     {revenue, bank + "/_/suspend", url.Values{"reason": {"misuse"}}, 404, "", ""},
		"a provider by an auditor": {post(staff.PlatformAuditor, ""), bank + "/_/suspend", url.Values{"reason": {"misuse"}}, 404, "", ""},
	} {
		w := newWorld(t, 0, strong, c.who)
		rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(c.path, aboutConsole, c.fields)))
		if rec.Code != c.status || rec.Header().Get("Location") != c.to || strings.Join(w.done, ";") != c.done {
			t.Errorf("%s: %d to %q, done %q", name, rec.Code, rec.Header().Get("Location"), w.done)
		}
		if ends := name == "suspend a provider" || name == "and end its sessions"; (w.settled > 0) != ends { // D2: misuse ends them by itself
			t.Errorf("%s: answered after %d waits", name, w.settled)
		}
		switch body := rec.Body.String(); name {
		case "rotate":
			if !strings.Contains(body, "the-new-secret") || rec.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("the secret is shown once, in this answer: %v", rec.Header())
			}
		case "faults":
			if !strings.Contains(body, "LOA-09") || !strings.Contains(body, "is &lt;missing&gt;") {
				t.Errorf("the faults are not shown:\n%s", body)
			}
		}
	}
	// What is not theirs to do is not offered, nor what four eyes forbid.
	for path, c := range map[string]struct {
		who       staff.Post
		has, lack []string
	}{
		system:                      {revenue, []string{`value="suspended"`, "_/rotate", "alias-revenue-dddd"}, []string{`value="live"`, string(somebody)}},
		system + "?x":               {post(staff.HelpDesk, "revenue"), nil, []string{"/_/move", "/_/rotate", "/_/propose"}},
		"/console/systems/benefits": {platform, []string{"report-1", "onedoor apply"}, []string{`value="live"`, "/_/propose", "/_/rotate"}},
		bank:                        {platform, []string{"/_/suspend", "https://thaid.example"}, []string{"/_/resume"}},
		bank + "?x":                 {post(staff.PlatformAuditor, ""), []string{"https://thaid.example"}, []string{"/_/suspend"}},
	} {
		body := newWorld(t, 0, strong, c.who).get(path).Body.String()
		for _, x := range c.has {
			if !strings.Contains(body, x) {
				t.Errorf("%s as %s lacks %s", path, c.who.Role, x)
			}
		}
		for _, x := range c.lack {
			if strings.Contains(body, x) {
				t.Errorf("%s as %s has %s", path, c.who.Role, x)
			}
		}
	}
	w := newWorld(t, 0, strong, platform)
	w.held = federation.Hold{Provider: "thaid", Reason: federation.HeldIncident, By: visittest.Account, At: visittest.Now}
	w.cut = visittest.Now.Add(time.Minute)
	if body := w.get(bank).Body.String(); strings.Contains(body, "/_/resume") || !strings.Contains(body, "1,234") || strings.Contains(body, "/_/suspend") || !strings.Contains(body, "An incident") {
		t.Errorf("four eyes: who suspended it is offered to resume it:\n%s", body)
	}
	// What has begun through it can be ended later too, once; and the page tells how far that is.
	w.cut = time.Time{}
	if body := w.get(bank).Body.String(); !strings.Contains(body, `name="sessions" value="end"`) {
		t.Errorf("what has begun can't be ended:\n%s", body)
	}
	w.held.By = somebody
	if body := w.get(bank).Body.String(); !strings.Contains(body, "/_/resume") {
		t.Error("another one can't resume it")
	}
}

// Every form of the console that does anything asks for a sign-in of the last minutes: no route is left out, whoever it is that asks. And every form of the
// staff's pages, but for those that are named here with why.
func TestReauthentication_EveryForm(t *testing.T) {
	t.Parallel()
	everything := []staff.Post{post(staff.PlatformAdministrator, ""), post(staff.DepartmentAdministrator, "revenue"), post(staff.Reviewer, "revenue")}
	fill := strings.NewReplacer("{department}", "revenue", "{system}", "efiling", "{provider}", "thaid", "{campaign}", theCampaign, "{case}", theCase, "{entity}", aCompany, "{claim}", aClaim)
	fields := url.Values{
		"role": {"reviewer"}, "post": {socialPost}, "reason": {"incident"}, "invitation": {revenuePost}, "notice": {revenueSaid}, "campaign": {revenueSaid}, "use": {"sign"}, "alg": {"ES256"},
		"to": {"suspended"}, "version": {"7"}, "tested": {"x"}, "connection": {"oidc"}, "overlap": {"none"},
	}
	forms, w := 0, newWorld(t, time.Hour, strong, everything...)
	for _, m := range w.office.Mounts() {
		if m.Methods[0] != http.MethodPost || m.Path == "/console/_/sign-in" || strings.HasSuffix(m.Path, "/_/answer") || strings.HasSuffix(m.Path, "-item/{department}/_/save") || strings.HasSuffix(m.Path, "{item}/_/save") {
			continue // the sign-in itself; what takes long to write, an answer to a letter or an item, asks for it beside what was written (their own tests)
		}
		forms++
		path := fill.Replace(m.Path)
		page, _, _ := strings.Cut(path, doing)
		w.done = nil
		rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(path, aboutConsole, fields)))
		if rec.Code != 303 || rec.Header().Get("Location") != page+"?stale=1" || len(w.done) != 0 {
			t.Errorf("%s long after a sign-in: %d to %q, did %q", path, rec.Code, rec.Header().Get("Location"), w.done)
		}
	}
	if forms < 15 {
		t.Errorf("only %d forms were tried", forms)
	}
	calm := map[string]string{
		"/staff/sign-in":                    "the sign-in itself",
		"/staff/cases/sign-in":              "the sign-in itself",
		"/staff/cases/{case}/sign-in":       "the sign-in itself",
		"/staff/bindings/sign-in":           "the sign-in itself",
		"/staff/bindings/{binding}/sign-in": "the sign-in itself",
		"/staff/decline":                    "this browser forgets an invitation",
		"/staff/cases/sit":                  "shows a number to scan",
		"/staff/cases/counter":              "opens a case for reading",
		"/staff/cases/{case}/take":          "a case is somebody's work",
		"/staff/cases/{case}/release":       "and is so no longer",
		"/staff/cases/{case}/area":          "and goes to colleagues",
	}
	f := &fakeCases{}
	desk := newDesk(t, f, time.Hour, strong)
	for _, m := range desk.Mounts() {
		if m.Methods[0] != http.MethodPost || calm[m.Path] != "" {
			continue
		}
		f.acts = nil
		about := aboutCases
		if m.Path == "/staff/join" {
			about = aboutStaff
		}
		rec := visittest.Do(visittest.Edge(t, desk.v, []server.Mount{m}), visittest.SignedIn(visittest.Post(fill.Replace(m.Path), about, url.Values{})))
		if rec.Code != 303 || len(f.acts) != 0 {
			t.Errorf("%s long after a sign-in: %d, did %q", m.Path, rec.Code, f.acts)
		}
	}
}

const theCampaign = "ffffffffffffffffffffffffff"

func (w *world) Ledger(ctx context.Context, ids ...string) ([]logout.Entry, error) {
	if len(ids) != 1 || ids[0] != theCampaign {
		return nil, nil
	}
	notices, err := w.Failed(ctx, logout.Cursor{}, 9)
	if w.live {
		notices = append(notices, logout.Notice{ID: anEvent, System: "benefits", State: logout.Retrying, NextAt: visittest.Now})
	}
	return []logout.Entry{{Campaign: logout.Campaign{ID: theCampaign, Account: somebody, At: visittest.Now, Cause: session.Cause{Reason: session.EndedByAdmin}}, Notices: notices}}, err
}

func (w *world) Underway(ctx context.Context, _ int) ([]logout.Entry, error) {
	if !w.live {
		return nil, nil
	}
	return w.Ledger(ctx, theCampaign)
}

// SES-20: a sign-out is followed as it is told, without a script, and no longer than that; what failed is tried again one by one or as a whole, and only
// what is of this sign-out.
func TestSES20_CampaignsAreFollowedLive(t *testing.T) {
	t.Parallel()
	const page = "/console/campaigns/" + theCampaign
	platform := post(staff.PlatformAdministrator, "")
	for path, refreshes := range map[string]bool{page: true, "/console/notices": true, "/console/notices/revenue": false} {
		for _, live := range []bool{true, false} {
			w := newWorld(t, 0, strong, platform)
			w.live = live
			body := w.get(path).Body.String()
			if got := strings.Contains(body, `http-equiv="refresh" content="3"`); got != (live && refreshes) {
				t.Errorf("%s, under way %v: refreshes %v", path, live, got)
			}
			if path == "/console/notices" && strings.Contains(body, page) != live {
				t.Errorf("under way %v: the way to the campaign:\n%s", live, body)
			}
		}
	}
	for _, path := range []string{"/console/notices", "/console/notices/revenue"} {
		w := newWorld(t, 0, strong, platform)
		w.live, w.lost = true, atOnce+1
		more := path + "?after=" + strconv.FormatInt(visittest.Now.UnixMicro(), 10) + "&id=" + revenueSaid
		if body := w.get(path).Body.String(); !strings.Contains(body, strings.ReplaceAll(more, "&", "&amp;")) || strings.Count(body, `name="notice"`) != atOnce {
			t.Errorf("%s: no way to the rest:\n%s", path, body)
		}
		body := w.get(more).Body.String()
		if !w.behind.At.Equal(visittest.Now) || w.behind.ID != revenueSaid || strings.Contains(body, "?after=") || strings.Contains(body, `http-equiv="refresh"`) {
			t.Errorf("%s goes on at %+v:\n%s", more, w.behind, body)
		}
		if w.get(path + "?after=-1&id='"); w.behind != (logout.Cursor{}) {
			t.Errorf("%s: a place that is none: %+v", path, w.behind)
		}
	}
	me := string(visittest.Account)
	for name, c := range map[string]struct {
		who    staff.Post
		path   string
		notice string
		status int
		to     string
		done   string
	}{
		"one":                {platform, page, revenueSaid, 303, page + "?done=1", "retry " + revenueSaid + " " + me},
		"all":                {platform, page, "", 303, page + "?done=1", "retry " + theCampaign + " " + me},
		"another campaign's": {platform, page, revenuePost, 303, page + "?wrong=not_found", ""},
		"no campaign":        {platform, "/console/campaigns/" + anEvent, "", 303, "/console/campaigns/" + anEvent + "?wrong=not_found", ""},
		"a department":       {post(staff.DepartmentAdministrator, "revenue"), page, revenueSaid, 404, "", ""},
		"who audits":         {post(staff.PlatformAuditor, ""), page, revenueSaid, 404, "", ""},
	} {
		w := newWorld(t, 0, strong, c.who)
		rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(c.path+"/_/retry", aboutConsole, url.Values{"notice": {c.notice}})))
		if rec.Code != c.status || rec.Header().Get("Location") != c.to || strings.Join(w.done, ";") != c.done {
			t.Errorf("%s: %d to %q, done %q", name, rec.Code, rec.Header().Get("Location"), w.done)
		}
	}
	for _, id := range []string{anEvent, "x", "%2e%2e"} {
		if rec := newWorld(t, 0, strong, platform).get("/console/campaigns/" + id); rec.Code != 404 {
			t.Errorf("%s: %d", id, rec.Code)
		}
	}
}

// Invariant 10: a clerk finds cases by their queue, and nobody by anything else: no page of theirs searches the record, staff, entities or decisions, a query
// changes nothing of the queue but where it goes on, and their statistics hold nothing that has not ended.
func TestInvariant10_AClerkSearchesNobody(t *testing.T) {
	t.Parallel()
	clerk := post(staff.Reviewer, "revenue")
	w := newWorld(t, 0, strong, clerk)
	for _, path := range []string{
		"/console/record", "/console/record/revenue", "/console/record/revenue?kind=login.", "/console/staff/revenue", "/console/entities", "/console/entities/" + aCompany,
		"/console/why/revenue", "/console/notices/revenue", "/console/complaints/revenue", "/console/statistics/social", "/console/statistics/_/csv", "/console/departments/social",
	} {
		if rec := w.get(path); rec.Code != 404 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post("/console/entities/_/find", aboutConsole, url.Values{"kind": {"th.juristic"}, "number": {"0105536000000"}})))
	if rec.Code != 404 || len(w.done) != 0 || len(w.asked) != 0 {
		t.Errorf("a search: %d, did %q, asked %+v", rec.Code, w.done, w.asked)
	}
	for _, path := range []string{"/console", "/console/departments/revenue", "/console/items/revenue", "/console/statistics/revenue", "/console/systems/efiling"} {
		body := w.get(path).Body.String()
		for _, field := range []string{`name="interaction"`, `name="kind"`, `name="number"`, `name="account"`, `name="q"`, string(somebody)} {
			if strings.Contains(body, field) {
				t.Errorf("%s has %s", path, field)
			}
		}
	}
	if body := w.get("/console/statistics/revenue?period=2025-06").Body.String(); strings.Contains(body, "4,321") {
		t.Error("STA-03: a clerk sees a month that has not ended")
	}
	if body := w.get("/console/statistics/revenue?period=2025-04").Body.String(); !strings.Contains(body, "4,321") || !strings.Contains(body, "?lang=th&amp;period=2025-04") {
		t.Error("a clerk's statistics of their own department, or their period in another language")
	}
	f := &fakeCases{}
	edge := newConsole(t, f, 0, strong)
	csrf := regexp.MustCompile(`value="[A-Za-z0-9_-]{40,}"|<code>[a-z2-7]{26}</code>|href="[^"]*lang=[^"]*"`)
	page := func(path string) string {
		return csrf.ReplaceAllString(visittest.Do(edge, visittest.SignedIn(visittest.Get(path))).Body.String(), "")
	}
	plainly := page("/staff/cases")
	for _, q := range []string{"?q=mali", "?account=" + string(somebody), "?number=1103700000000", "?name=a&department=social", "?kind=x"} {
		if page("/staff/cases"+q) != plainly || f.at != (review.Cursor{}) {
			t.Errorf("%s changes the queue", q)
		}
	}
}
