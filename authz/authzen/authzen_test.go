package authzen

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// rooms stand for those below: whoever shows "t-NAME" is NAME; an item that begins with "open" is open.
type rooms struct{ asked []authz.Question }

func (*rooms) Asker(w http.ResponseWriter, r *http.Request) (hub.SystemID, bool) {
	user, _, ok := r.BasicAuth()
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
	}
	return hub.SystemID(user), ok
}

func (*rooms) Person(_ context.Context, _ hub.SystemID, raw string) (token.Access, string, error) {
	name, ok := strings.CutPrefix(raw, "t-")
	switch {
	case name == "unknown":
		return token.Access{}, "", hub.Errorf("rooms", hub.Unavailable, "gone")
	case !ok:
		return token.Access{}, "", hub.Errorf("rooms", hub.Invalid, "not active")
	}
	a := token.Access{Account: hub.AccountID(name), Session: "session", Level: hub.Level{IAL: hub.IAL21, AAL: hub.AAL1}}
	if name == "operator" {
		a.Entity = "mill"
	}
	return a, "sub-" + name, nil
}

func (*rooms) SessionOf(_ hub.SystemID, sid string) hub.SessionID {
	return hub.SessionID(strings.TrimPrefix(sid, "sid-"))
}

func (*rooms) Active(_ context.Context, id hub.SessionID) (session.Session, error) {
	if id == "ended" {
		return session.Session{}, hub.Errorf("rooms", hub.Expired, "ended")
	}
	return session.Session{ID: id, Account: "who"}, nil
}

func (*rooms) Participants(_ context.Context, id hub.SessionID) ([]session.Participant, error) {
	if id == "elsewhere" {
		return []session.Participant{{System: "another"}}, nil
	}
	return []session.Participant{{System: "desk"}, {System: "trusted"}}, nil
}

func (*rooms) Asking(_ context.Context, id hub.SystemID) (System, error) {
	return System{Department: "social", StatesPlace: id == "trusted"}, nil
}

func (x *rooms) Decide(_ context.Context, q authz.Question) authz.Decision {
	x.asked = append(x.asked, q)
	item := authz.Item{ID: q.Item, Department: "social"}
	if strings.HasPrefix(string(q.Item), "foreign") {
		item.Department = "revenue"
	}
	if strings.HasPrefix(string(q.Item), "open") {
		return authz.Decision{Permit: true, Item: item}
	}
	return authz.Decision{Item: item, Reasons: []authz.Reason{
		{Code: authz.TooOld, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, MaxAge: 5 * time.Minute}, {Code: authz.OutOfHours, From: time.Unix(0, 0)},
	}}
}

func (x *rooms) Allows(_ context.Context, q authz.Question) (bool, []authz.Reason) {
	return strings.HasPrefix(string(q.Item), "open") && q.Action == "query", nil
}

func (x *rooms) Item(_ context.Context, id authz.ItemID) (authz.Item, error) {
	for _, i := range x.Of("social") {
		if i.ID == id {
			return i, nil
		}
	}
	return authz.Item{}, hub.Errorf("rooms", hub.NotFound, "no such item")
}

func (*rooms) Of(hub.DepartmentID) (out []authz.Item) {
	for _, id := range []authz.ItemID{"closed", "open-a", "open-b", "open-c"} {
		out = append(out, authz.Item{ID: id, Department: "social", Status: authz.Offered, Actions: []authz.Action{"query", "file"}})
	}
	return out
}

func (*rooms) DelegationsOf(_ context.Context, entity hub.EntityID, _ bool, _ int) ([]authz.Delegation, error) {
	return []authz.Delegation{
		{Entity: entity, Item: "open-a", Operator: "one", State: authz.Active},
		{Entity: entity, Item: "open-a", Operator: "two", State: authz.Proposed},
		{Entity: entity, Item: "open-b", Operator: "three", State: authz.Active},
	}, nil
}

func newPoint(t testing.TB) (*Point, *rooms) {
	t.Helper()
	x := &rooms{}
	p, err := New(Options{
		Issuer: "https://hub.example", Callers: x, Sessions: x, Systems: x, Decider: x, Catalogue: x, Holders: x, Clock: time.Now,
		Client: func(context.Context) netip.Addr { return netip.MustParseAddr("198.51.100.1") },
		Words:  func(c authz.Code, lang string) string { return string(c) + " in " + lang },
		Link:   func(d authz.Decision) string { return "https://hub.example/i/" + string(d.Item.ID) },
		Name: func(_ context.Context, _ hub.SystemID, a hub.AccountID) (string, error) {
			return "sub-" + string(a), nil
		},
		Named: func(_ context.Context, caller hub.SystemID, kind, number string) (session.Session, error) {
			switch {
			case caller != "trusted":
				return session.Session{}, hub.Errorf("rooms", hub.Denied, "may not name persons")
			case kind != "member":
				return session.Session{}, hub.Errorf("rooms", hub.Unavailable, "gone")
			case number != "17":
				return session.Session{}, hub.Errorf("rooms", hub.NotFound, "nobody")
			}
			return session.Session{ID: "of-17", Account: "seventeen"}, nil
		},
		Acting: func(context.Context, hub.SessionID, hub.SystemID) (hub.EntityID, error) { return "", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p, x
}

func post(h http.HandlerFunc, as, body string) (int, string) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if as != "" {
		r.SetBasicAuth(as, "secret")
	}
	w := httptest.NewRecorder()
	h(w, r)
	return w.Code, w.Body.String()
}

const (
	somebody = `"subject":{"type":"access_token","id":"t-who"}`
	open     = `"resource":{"type":"service_item","id":"open"}`
	closed   = `"resource":{"type":"service_item","id":"closed"}`
	query    = `"action":{"name":"query"}`
)

// AuthZEN section 6: one question, one answer; a no has its reasons in machine words and in four languages, and what would help.
func TestAuthZEN6_Evaluation(t *testing.T) {
	t.Parallel()
	p, x := newPoint(t)
	if status, body := post(p.Evaluation, "desk", `{`+somebody+`,`+open+`,`+query+`,"whatever":[1]}`); status != http.StatusOK || body != `{"decision":true}` {
		t.Errorf("%d %s", status, body)
	}
	_, body := post(p.Evaluation, "desk", `{`+somebody+`,`+closed+`,`+query+`}`)
	var got struct {
		Decision bool
		Context  wireContext
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.Decision || len(got.Context.Reasons) != 2 || got.Context.ReasonUser["vi"] != "freshness in vi\nhours in vi" ||
		got.Context.ACRValues != "urn:onedoor:ial:2.3:aal:2.1" || *got.Context.MaxAge != 300 || len(got.Context.Remedies) != 2 ||
		got.Context.Remedies[1].From != "1970-01-01T00:00:00Z" || got.Context.Link != "https://hub.example/i/closed" {
		t.Errorf("%s %v", body, err)
	}
	if q := x.asked[0]; q.Party.Account != "who" || q.System != "desk" || q.Department != "social" || q.Address.String() != "198.51.100.1" || len(q.Authentications) != 1 {
		t.Errorf("%+v", q)
	}
	for name, want := range map[string]string{
		`{"subject":{"type":"access_token","id":"x"},` + open + `,` + query + `}`:                                               "no_person",
		`{"subject":{"type":"access_token","id":"t-unknown"},` + open + `,` + query + `}`:                                       "facts_unavailable",
		`{"subject":{"type":"user","id":"sub-who"},` + open + `,` + query + `}`:                                                 "no_person",
		`{"subject":{"type":"user","id":"sub-other","properties":{"access_token":"t-who"}},` + open + `,` + query + `}`:         "no_person",
		`{"subject":{"type":"user","id":"sub-operator","properties":{"access_token":"t-operator"}},` + open + `,` + query + `}`: "no_person",
		`{"subject":{"type":"operator","id":"sub-who","properties":{"access_token":"t-who"}},` + open + `,` + query + `}`:       "no_person",
		`{"subject":{"type":"session","id":"sid-elsewhere"},` + open + `,` + query + `}`:                                        "no_person",
		`{"subject":{"type":"session","id":"sid-ended"},` + open + `,` + query + `}`:                                            "no_person",
		`{` + somebody + `,"resource":{"type":"door","id":"open"},` + query + `}`:                                               "unknown_item",
		`{` + somebody + `,"resource":{"type":"service_item","id":"foreign"},` + query + `}`:                                    "unknown_item",
	} {
		if status, body := post(p.Evaluation, "desk", name); status != http.StatusOK || !strings.Contains(body, `"decision":false`) || !strings.Contains(body, `"reasons":["`+want+`"]`) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	for _, good := range []string{
		`"subject":{"type":"user","id":"sub-who","properties":{"access_token":"t-who"}}`, `"subject":{"type":"operator","id":"sub-operator","properties":{"access_token":"t-operator"}}`,
		`"subject":{"type":"session","id":"sid-here"}`,
	} {
		if status, body := post(p.Evaluation, "desk", `{`+good+`,`+open+`,`+query+`}`); status != http.StatusOK || body != `{"decision":true}` {
			t.Errorf("%s: %d %s", good, status, body)
		}
	}
}

// RAZ-05: only who is trusted for it names a person by the number of their record, and only one who is signed in there.
func TestRAZ05_WhoNamesPersons(t *testing.T) {
	t.Parallel()
	named := func(kind, number string) string {
		return `{"subject":{"type":"record","id":"` + number + `","properties":{"kind":"` + kind + `"}},` + open + `,` + query + `}`
	}
	for _, c := range []struct{ as, kind, number, want string }{
		{"trusted", "member", "17", `{"decision":true}`}, {"trusted", "member", "18", "no_person"}, {"trusted", "other", "17", "facts_unavailable"}, {"desk", "member", "17", "no_person"},
	} {
		p, x := newPoint(t)
		if status, body := post(p.Evaluation, c.as, named(c.kind, c.number)); status != http.StatusOK || !strings.Contains(body, c.want) {
			t.Errorf("%+v: %d %s", c, status, body)
		}
		if c.want == `{"decision":true}` && (len(x.asked) != 1 || x.asked[0].Party.Account != "seventeen" || x.asked[0].Session != "of-17") {
			t.Errorf("%+v", x.asked)
		}
	}
	p, _ := newPoint(t)
	if status, _ := post(p.Evaluation, "trusted", `{"subject":{"type":"record","id":"17"},`+open+`,`+query+`}`); status != http.StatusBadRequest {
		t.Errorf("a number of no kind: %d", status)
	}
	p.o.Acting = func(context.Context, hub.SessionID, hub.SystemID) (hub.EntityID, error) { return "mill", nil }
	if _, body := post(p.Evaluation, "trusted", named("member", "17")); !strings.Contains(body, "no_person") {
		t.Errorf("there for somebody else: %s", body)
	}
}

// RAZ-04: only who is trusted for it says where a person is; from them silence means that nobody knows.
func TestRAZ04_WhoStatesThePlace(t *testing.T) {
	t.Parallel()
	for as, want := range map[string]string{"desk": "198.51.100.1 198.51.100.1", "trusted": "192.0.2.7 invalid IP"} {
		p, x := newPoint(t)
		post(p.Evaluation, as, `{`+somebody+`,`+open+`,`+query+`,"context":{"ip_address":"::ffff:192.0.2.7"}}`)
		post(p.Evaluation, as, `{`+somebody+`,`+open+`,`+query+`}`)
		if got := x.asked[0].Address.String() + " " + x.asked[1].Address.String(); got != want {
			t.Errorf("%s: %s", as, got)
		}
	}
}

// AuthZEN section 7: defaults, overriding, the order of answers, and the three ways to stop.
func TestAuthZEN7_Evaluations(t *testing.T) {
	t.Parallel()
	batch := `{` + somebody + `,` + query + `,"evaluations":[{` + open + `},{` + closed + `},{"resource":{"type":"service_item","id":"open-2"},"action":{"name":"file"}},{` + closed + `}]`
	for options, want := range map[string]string{
		"": "+-+-", `,"options":{"evaluations_semantic":"execute_all"}`: "+-+-", `,"options":{"evaluations_semantic":"deny_on_first_deny"}`: "+-",
		`,"options":{"evaluations_semantic":"permit_on_first_permit","x":1}`: "+",
	} {
		p, x := newPoint(t)
		status, body := post(p.Evaluations, "desk", batch+options+`}`)
		var got struct {
			Evaluations []struct{ Decision bool }
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		signs := ""
		for _, e := range got.Evaluations {
			signs += map[bool]string{true: "+", false: "-"}[e.Decision]
		}
		if signs != want || len(x.asked) != len(want) {
			t.Errorf("%s: %s of %d", options, signs, len(x.asked))
		}
		if len(want) == 4 && (x.asked[2].Action != "file" || x.asked[3].Action != "query") {
			t.Errorf("%+v", x.asked)
		}
	}
	p, _ := newPoint(t)
	for _, single := range []string{`{` + somebody + `,` + open + `,` + query + `}`, `{` + somebody + `,` + open + `,` + query + `,"evaluations":[]}`} {
		if status, body := post(p.Evaluations, "desk", single); status != http.StatusOK || body != `{"decision":true}` {
			t.Errorf("%d %s", status, body)
		}
	}
}

// AuthZEN sections 8 and 9: searches and the metadata.
func TestAuthZEN8_Searches(t *testing.T) {
	t.Parallel()
	p, _ := newPoint(t)
	for _, c := range []struct {
		h          http.HandlerFunc
		body, want string
	}{
		{p.SearchAction, `{` + somebody + `,"resource":{"type":"service_item","id":"open-a"}}`, `{"page":{"count":1,"next_token":""},"results":[{"name":"query"}]}`},
		{p.SearchAction, `{` + somebody + `,"resource":{"type":"service_item","id":"gold"}}`, `{"page":{"count":0,"next_token":""},"results":[]}`},
		{p.SearchResource, `{` + somebody + `,` + query + `,"resource":{"type":"service_item"},"page":{"limit":2}}`, `{"page":{"count":2,"next_token":"open-b"},"results":[{"id":"open-a","type":"service_item"},{"id":"open-b","type":"service_item"}]}`},
		{p.SearchResource, `{` + somebody + `,` + query + `,"resource":{"type":"service_item"},"page":{"token":"open-b"}}`, `{"page":{"count":1,"next_token":""},"results":[{"id":"open-c","type":"service_item"}]}`},
		{p.SearchSubject, `{"subject":{"type":"operator","properties":{"access_token":"t-operator"}},` + query + `,"resource":{"type":"service_item","id":"open-a"}}`, `{"page":{"count":1,"next_token":""},"results":[{"id":"sub-one","type":"operator"}]}`},
		{p.SearchSubject, `{"subject":{"type":"operator","properties":{"access_token":"t-who"}},` + query + `,"resource":{"type":"service_item","id":"open-a"}}`, `{"page":{"count":0,"next_token":""},"results":[]}`},
	} {
		if status, body := post(c.h, "desk", c.body); status != http.StatusOK || body != c.want {
			t.Errorf("%s: %d %s", c.body, status, body)
		}
	}
	w := httptest.NewRecorder()
	p.Metadata(w, httptest.NewRequest(http.MethodGet, MetadataPath, nil))
	var m map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil || m["policy_decision_point"] != "https://hub.example" || m["access_evaluation_endpoint"] != "https://hub.example/access/v1/evaluation" || len(m) != 6 {
		t.Errorf("%v %v", m, err)
	}
}

// Requests that can't be decided, and what they are answered.
func TestAuthZEN10_Errors(t *testing.T) {
	t.Parallel()
	p, x := newPoint(t)
	for body, want := range map[string]int{
		`{`: 400, `[]`: 400, `{}`: 400, `{` + somebody + `,` + open + `}`: 400, `{` + somebody + `,` + somebody + `,` + open + `,` + query + `}`: 400,
		`{"subject":"me",` + open + `,` + query + `}`: 400, `{` + somebody + `,` + open + `,"action":{"name":7}}`: 400, `{` + somebody + `,` + open + `,` + query + `,"context":{"ip_address":"here"}}`: 400,
		`{` + somebody + `,` + open + `,` + query + `,"evaluations":7}`: 400, `{` + somebody + `,` + open + `,` + query + `,"options":{"evaluations_semantic":"maybe"}}`: 400,
		`{` + somebody + `,` + open + `,` + query + `,"page":{"limit":0}}`: 400, `{"subject":{"type":"user","id":""},` + open + `,` + query + `}`: 400,
		`{` + somebody + `,` + open + `,` + query + `,"x":"` + strings.Repeat("a", largestBody) + `"}`: 400,
	} {
		if status, answer := post(p.Evaluation, "desk", body); status != want || !strings.Contains(answer, "error") {
			t.Errorf("%.60s: %d %s", body, status, answer)
		}
	}
	if status, _ := post(p.Evaluation, "", `{}`); status != http.StatusUnauthorized {
		t.Errorf("nobody: %d", status)
	}
	for _, c := range []struct{ method, kind, id string }{{http.MethodGet, "application/json", "a b"}, {http.MethodPost, "text/plain", strings.Repeat("a", 129)}} {
		r := httptest.NewRequest(c.method, "/", strings.NewReader(`{}`))
		r.Header.Set("Content-Type", c.kind)
		r.Header.Set("X-Request-ID", c.id)
		r.SetBasicAuth("desk", "x")
		w := httptest.NewRecorder()
		p.Evaluation(w, r)
		if w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusUnsupportedMediaType || w.Header().Get("X-Request-ID") != "" {
			t.Errorf("%+v: %d %v", c, w.Code, w.Header())
		}
	}
	if len(x.asked) != 0 {
		t.Errorf("%d were decided", len(x.asked))
	}
}

// Whatever is sent, what was read is complete and bounded, or refused.
func FuzzParse(f *testing.F) {
	f.Add(`{` + somebody + `,` + open + `,` + query + `}`)
	f.Add(`{` + somebody + `,` + query + `,"evaluations":[{` + open + `},{"context":{"ip_address":"::1"}}],"options":{"evaluations_semantic":"deny_on_first_deny"}}`)
	f.Add(`{"subject":{"type":"operator","properties":{"access_token":"x"}},"page":{"token":"a","limit":3}}`)
	f.Add(`{"page":{"limit":1e99}}`)
	f.Fuzz(func(t *testing.T, body string) {
		r, err := parse([]byte(body))
		if err != nil {
			if hub.KindOf(err) != hub.Invalid {
				t.Fatal(err)
			}
			return
		}
		if len(r.all) > mostEvaluations || r.page.limit < 1 || r.page.limit > mostResults || r.batch != (len(r.all) > 0) {
			t.Fatalf("%+v", r)
		}
		for _, e := range append(r.all, r.evaluation) {
			if len(e.subject.id) > longestID || len(e.action) > longestName || e.has.action && e.action == "" || e.has.subject && e.subject.kind == "" {
				t.Fatalf("%+v", e)
			}
		}
	})
}
