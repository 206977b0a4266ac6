package console

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/catalogue"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

func anItem(id authz.ItemID, department hub.DepartmentID) authz.Item {
	return authz.Item{
		ID: id, Department: department, Names: text("Tax refund"), Category: "refunds", Group: tenants.Transaction, Sensitivity: authz.Sensitive, Status: authz.Offered,
		Actions: []authz.Action{"query"}, Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Person: authz.Lockable},
	}
}

// keep puts an item that staff keep.
func (w *world) keep(t *testing.T, id authz.ItemID, department hub.DepartmentID) {
	t.Helper()
	if _, err := w.items.ReplaceItem(t.Context(), catalogue.Entry{Origin: catalogue.ByAPI, Item: anItem(id, department)}, catalogue.Authors{Account: somebody}, visittest.Now); err != nil {
		t.Fatal(err)
	}
}

// entry gives an item as it is kept.
func (w *world) entry(t *testing.T, id authz.ItemID) catalogue.Entry {
	t.Helper()
	e, err := w.items.Entry(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// decide keeps a decision on an item.
func (w *world) decide(t *testing.T, id string, item authz.ItemID) {
	t.Helper()
	err := w.items.Keep(t.Context(), []authz.Record{{
		ID: id, At: visittest.Now.Add(-time.Hour), Interaction: anEvent, Party: authz.Party{Account: somebody}, Session: hub.SessionID(socialPost), System: "efiling",
		Item: item, Version: 1, Action: "query", Permit: true, Seen: authz.Seen{Authentications: []authz.Authentication{{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, At: visittest.Now.Add(-2 * time.Hour)}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// filled gives the fields of the form of a page, as a browser would send them.
func filled(t *testing.T, body string) url.Values {
	t.Helper()
	_, body, ok := strings.Cut(body, `aria-labelledby="item"`)
	if !ok {
		t.Fatalf("there is no form:\n%s", body)
	}
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="(?:text|hidden)" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if m[1] != "csrf" {
			v.Set(m[1], html.UnescapeString(m[2]))
		}
	}
	for _, m := range regexp.MustCompile(`<input type="checkbox" name="([^"]+)" value="yes" checked>`).FindAllStringSubmatch(body, -1) {
		v.Set(m[1], "yes")
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea name="([^"]+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(body, -1) {
		v.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)<select name="([^"]+)".*?</select>`).FindAllStringSubmatch(body, -1) {
		v.Set(m[1], "")
		if on := regexp.MustCompile(`<option value="([^"]*)" selected>`).FindStringSubmatch(m[0]); on != nil {
			v.Set(m[1], html.UnescapeString(on[1]))
		}
	}
	return v
}

func (w *world) send(path string, v url.Values) *httptest.ResponseRecorder {
	return visittest.Do(w.edge, visittest.SignedIn(visittest.Post(path, aboutConsole, v)))
}

// RAZ-01: a clerk adds an item and changes it. What was typed comes back with every fault marked, a full item comes out of its form as it went
// in, and nobody overwrites what they have not seen.
func TestRAZ01_AClerkKeepsItems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, strong, post(staff.DepartmentAdministrator, "revenue"))
	v := filled(t, w.get("/console/new-item/revenue").Body.String())
	if v.Get("demands.person") != "opt_in" || v.Get("status") != "suspended" || v.Get("version") != "0" {
		t.Errorf("%v", v)
	}
	for name, value := range map[string]string{
		"id": "pay", "names.th": "ก", "names.en": "Pay <now>", "names.zh": "甲", "category": "Fees!", "actions": "query, file", "demands.maxAge": "soon", "system.efiling": "yes",
		"demands.places.networks": "192.0.2.0/24\r\nnowhere", "demands.hours": "mon,tue 08:00-17:00\r\nsat", "demands.hours.zone": "Asia/Bangkok", "demands.exclusive": "yes", "status": "offered",
	} {
		v.Set(name, value)
	}
	rec := w.send("/console/new-item/revenue/_/save", v)
	body := rec.Body.String()
	again := filled(t, body)
	for _, name := range []string{"id", "names.en", "category", "demands.maxAge", "demands.hours.zone", "demands.exclusive", "system.efiling", "actions"} {
		if again.Get(name) != v.Get(name) {
			t.Errorf("%s was %q, is %q", name, v.Get(name), again.Get(name))
		}
	}
	if rec.Code != http.StatusUnprocessableEntity || strings.Count(body, "data-wrong") != 6 || strings.Contains(body, "Pay <now>") { // vi, category, age, networks, hours, exclusive
		t.Errorf("%d, %d fields are marked:\n%s", rec.Code, strings.Count(body, "data-wrong"), body)
	}
	for name, value := range map[string]string{
		"names.vi": "á", "category": "fees", "demands.maxAge": "10m", "demands.places.networks": "192.0.2.0/24\r\n2001:db8::/32", "demands.hours": "mon,tue 08:00-17:00\r\nsat 08:00-24:00",
		"demands.entity": "delegation", "demands.binding": "*", "demands.binding.ial": "2.1", "demands.places.device": "yes",
	} {
		v.Set(name, value)
	}
	if rec := w.send("/console/new-item/revenue/_/save", v); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/console/items/revenue/pay?done=1" || w.settled != 1 {
		t.Fatalf("%d %s settled %d\n%s", rec.Code, rec.Header().Get("Location"), w.settled, rec.Body)
	}
	e := w.entry(t, "pay")
	want := authz.Demands{
		Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, MaxAge: 10 * time.Minute, Person: authz.OptIn, Entity: authz.ByDelegation, Exclusive: true,
		Places:  authz.Places{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8::/32")}, Device: true},
		Hours:   authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: 0b110, From: 480, To: 1020}, {Days: 1 << 6, From: 480, To: 1440}}},
		Binding: authz.Binding{Demanded: true, IAL: hub.IAL21},
	}
	if d := authz.Differences(authz.Item{Demands: want}, authz.Item{Demands: e.Demands}); len(d) > 0 || e.Origin != catalogue.ByAPI || len(e.Systems) != 1 {
		t.Errorf("%+v %+v", d, e)
	}
	// Opened and saved as it is, nothing changes; and the id is taken.
	edit := filled(t, w.get("/console/edit-item/revenue/pay").Body.String())
	if rec := w.send("/console/edit-item/revenue/pay/_/save", edit); rec.Code != http.StatusSeeOther || w.entry(t, "pay").Version != 1 || w.settled != 1 {
		t.Errorf("%d version %d\n%s", rec.Code, w.entry(t, "pay").Version, rec.Body)
	}
	if rec := w.send("/console/new-item/revenue/_/save", v); rec.Code != http.StatusConflict || filled(t, rec.Body.String()).Get("names.vi") != "á" {
		t.Errorf("the id is taken: %d", rec.Code)
	}
	// Two clerks: the second is told what is other now, and only then may change it.
	edit.Set("category", "mine")
	theirs := e
	theirs.Category = "theirs"
	if _, err := w.items.ReplaceItem(t.Context(), theirs, catalogue.Authors{Account: somebody}, visittest.Now); err != nil {
		t.Fatal(err)
	}
	rec = w.send("/console/edit-item/revenue/pay/_/save", edit)
	second := filled(t, rec.Body.String())
	if rec.Code != http.StatusConflict || second.Get("category") != "mine" || second.Get("version") != "2" || !strings.Contains(rec.Body.String(), ">theirs<") || w.entry(t, "pay").Category != "theirs" {
		t.Errorf("%d %v\n%s", rec.Code, second, rec.Body)
	}
	if rec := w.send("/console/edit-item/revenue/pay/_/save", second); rec.Code != http.StatusSeeOther || w.entry(t, "pay").Category != "mine" {
		t.Errorf("%d", rec.Code)
	}
	page := w.get("/console/items/revenue/pay").Body.String()
	if !strings.Contains(page, "theirs → mine") || !strings.Contains(page, "alias-revenue-dddd") || strings.Contains(page, string(somebody)) {
		t.Errorf("the versions:\n%s", page)
	}
	// Suspended at once; retired only by who types what.
	if rec := w.send("/console/items/revenue/pay/_/move", url.Values{"version": {"3"}, "to": {"suspended"}, "reason": {"incident"}}); rec.Code != http.StatusSeeOther || w.entry(t, "pay").Status != authz.Withheld {
		t.Errorf("%d", rec.Code)
	}
	for _, bad := range []url.Values{{"version": {"4"}, "sure": {"refund"}}, {"version": {"3"}, "sure": {"pay"}}, {"sure": {"pay"}}} {
		if rec := w.send("/console/items/revenue/pay/_/retire", bad); !strings.HasPrefix(rec.Header().Get("Location"), "/console/items/revenue/pay?wrong=") {
			t.Errorf("%v: %d", bad, rec.Code)
		}
	}
	w.send("/console/items/revenue/pay/_/retire", url.Values{"version": {"4"}, "sure": {"pay"}})
	if rec := w.get("/console/items/revenue/pay"); rec.Code != http.StatusNotFound || w.entry(t, "pay").Retired.IsZero() {
		t.Errorf("%d", rec.Code)
	}
	// What is another department's is not there, under whatever path.
	for _, path := range []string{"/console/items/revenue/pension", "/console/edit-item/revenue/pension", "/console/decisions/revenue/pension"} {
		if rec := w.get(path); rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	w.send("/console/items/revenue/pension/_/move", url.Values{"version": {"1"}, "to": {"suspended"}, "reason": {"incident"}})
	w.send("/console/edit-item/revenue/pension/_/save", edit)
	if e := w.entry(t, "pension"); e.Version != 1 {
		t.Errorf("%+v", e)
	}
}

// Who takes long over a form loses nothing: they sign in again beside it, and what they have typed stays.
func TestAFormThatTakesLongIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, time.Hour, strong, post(staff.DepartmentAdministrator, "revenue"))
	page := w.get("/console/edit-item/revenue/refund").Body.String()
	if !strings.Contains(page, `action="/console/_/sign-in">`) {
		t.Error("nobody is told before they type")
	}
	v := filled(t, page)
	v.Set("names.en", "Typed for an hour")
	rec := w.send("/console/edit-item/revenue/refund/_/save", v)
	if rec.Code != http.StatusUnprocessableEntity || filled(t, rec.Body.String()).Get("names.en") != "Typed for an hour" ||
		!strings.Contains(rec.Body.String(), `action="/console/_/sign-in" target="_blank"`) || w.entry(t, "refund").Version != 1 {
		t.Errorf("%d\n%s", rec.Code, rec.Body)
	}
}

// Four eyes: a change waits, its author can't confirm it, somebody else can.
func TestRAZ01_AChangeWaitsForSomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, strong, post(staff.DepartmentAdministrator, "revenue"))
	w.four = true
	v := filled(t, w.get("/console/edit-item/revenue/refund").Body.String())
	v.Set("category", "fees")
	w.send("/console/edit-item/revenue/refund/_/save", v)
	mine, err := w.items.Draft(t.Context(), "refund")
	if err != nil || w.entry(t, "refund").Category != "refunds" || w.settled != 0 {
		t.Fatal(err, w.settled)
	}
	if page := w.get("/console/items/revenue/refund").Body.String(); strings.Contains(page, "/_/confirm") || !strings.Contains(page, "/_/decline") || !strings.Contains(page, ">fees<") {
		t.Errorf("%s", page)
	}
	if page := w.get("/console/items/revenue").Body.String(); !strings.Contains(page, `id="waiting"`) {
		t.Error("what waits is not listed")
	}
	if rec := w.send("/console/items/revenue/refund/_/confirm", url.Values{"draft": {mine.ID}}); rec.Header().Get("Location") != "/console/items/revenue/refund?wrong=denied" {
		t.Errorf("%d", rec.Code)
	}
	w.send("/console/items/revenue/refund/_/decline", url.Values{"draft": {mine.ID}})
	other := catalogue.Draft{ID: anEvent, Item: anItem("fresh", "revenue"), By: catalogue.Authors{Account: somebody}, At: visittest.Now}
	if err := w.items.KeepDraft(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if page := w.get("/console/items/revenue/fresh").Body.String(); !strings.Contains(page, "/_/confirm") {
		t.Errorf("%s", page)
	}
	if rec := w.get("/console/items/social/fresh"); rec.Code != http.StatusNotFound {
		t.Errorf("%d", rec.Code)
	}
	w.send("/console/items/revenue/fresh/_/confirm", url.Values{"draft": {anEvent}})
	if e := w.entry(t, "fresh"); e.Version != 1 || w.settled != 1 {
		t.Errorf("%+v", e)
	}
}

// Why it was decided so, and what a change would have made of it: for those who may know, of nobody by a name that others know.
func TestD3_WhyItWasDecidedSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0, strong, post(staff.DepartmentAdministrator, "revenue"))
	w.decide(t, revenuePost, "refund")
	w.decide(t, socialPost, "pension")
	for _, path := range []string{"/console/why/revenue?interaction=" + anEvent, "/console/decisions/revenue/refund"} {
		page := w.get(path).Body.String()
		if !strings.Contains(page, "alias-revenue-dddd") || strings.Contains(page, string(somebody)) || strings.Contains(page, socialPost) || strings.Count(page, "<td data-label") != 8 {
			t.Errorf("%s:\n%s", path, page)
		}
	}
	if page := w.get("/console/why/revenue?interaction=" + revenuePost).Body.String(); !strings.Contains(page, "no decision that you may see") {
		t.Errorf("%s", page)
	}
	v := filled(t, w.get("/console/edit-item/revenue/refund").Body.String())
	v.Set("demands.maxAge", "30m")
	v.Set("try", "yes")
	rec := w.send("/console/edit-item/revenue/refund/_/save", v)
	page := rec.Body.String()
	if rec.Code != http.StatusOK || !strings.Contains(page, "the sign-in was too old") || strings.Contains(page, string(somebody)) || filled(t, page).Get("demands.maxAge") != "30m" || w.entry(t, "refund").Version != 1 {
		t.Errorf("%d\n%s", rec.Code, page)
	}
	kinds := ""
	for _, e := range w.events {
		kinds += e.Kind + " "
	}
	if kinds != "decision.explained decision.explained item.rehearsed " {
		t.Errorf("recorded: %s", kinds)
	}
	// The platform sees whom it was about; a reviewer sees none of it.
	w = newWorld(t, 0, strong, post(staff.PlatformAuditor, ""))
	w.decide(t, revenuePost, "refund")
	if page := w.get("/console/why?interaction=" + anEvent).Body.String(); !strings.Contains(page, string(somebody)) {
		t.Errorf("%s", page)
	}
}
