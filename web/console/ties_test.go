package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

// fakeTies has one binding, and notes what is done to it.
type fakeTies struct {
	acts   []string
	err    error
	wanted binding.State
	post   bool
}

func aliased(d hub.DepartmentID, a hub.AccountID) string { return "alias-" + string(d) }

func (f *fakeTies) tie() binding.Binding {
	return binding.Binding{
		ID: theCase, Place: binding.Place{Department: "social", Kind: "insured"}, State: binding.Bound, Reason: binding.Found, Way: binding.ByMatch,
		Wanted: f.wanted, WantedWhy: binding.Wrong, First: "somebody",
	}
}

func (f *fakeTies) Shelves(context.Context, binding.Clerk) ([]review.Shelf, error) {
	if !f.post {
		return nil, nil
	}
	return []review.Shelf{{Department: "social", Names: hub.Text{"en": "Social"}, Kinds: []tenants.RecordKind{{ID: "insured", Names: hub.Text{"en": "Insurance record"}}}}}, nil
}

func (f *fakeTies) Unsettled(context.Context, binding.Clerk, review.Cursor, int) ([]review.Waiting, review.Cursor, bool, error) {
	return []review.Waiting{{Binding: f.tie(), Kind: hub.Text{"en": "Insurance record"}}}, review.Cursor{At: visittest.Now, ID: theCase}, true, nil
}

func (f *fakeTies) Find(_ context.Context, _ binding.Clerk, p binding.Place, number string) (binding.Binding, error) {
	f.acts = append(f.acts, "find "+string(p.Department)+" "+string(p.Kind)+" "+number)
	return f.tie(), f.err
}

func (f *fakeTies) Inspect(_ context.Context, c binding.Clerk, id string) (review.Tie, error) {
	if id != theCase {
		return review.Tie{}, hub.Errorf("x", hub.NotFound, "none")
	}
	return review.Tie{Waiting: review.Waiting{Binding: f.tie()}, Number: "SSO1", History: []binding.Change{
		{Became: binding.Bound, Reason: binding.Found, By: binding.Actor{Kind: binding.ByPerson, Account: "the-person"}},
		{Became: binding.Bound, Reason: binding.Wished, By: binding.Actor{Kind: binding.ByStaff, Account: "the-colleague"}},
	}}, nil
}

func (f *fakeTies) did(act, id string) (binding.Binding, error) {
	if id != theCase {
		return binding.Binding{}, hub.Errorf("x", hub.NotFound, "none")
	}
	f.acts = append(f.acts, act)
	return f.tie(), f.err
}

func (f *fakeTies) Suspend(_ context.Context, _ binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return f.did("suspend "+string(why), id)
}

func (f *fakeTies) Resume(_ context.Context, _ binding.Clerk, id string) (binding.Binding, error) {
	return f.did("resume", id)
}

func (f *fakeTies) Unbind(_ context.Context, _ binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return f.did("unbind "+string(why), id)
}

func (f *fakeTies) Decline(_ context.Context, _ binding.Clerk, id string) (binding.Binding, error) {
	return f.did("decline", id)
}

func newTies(t *testing.T, f *fakeTies, age time.Duration, level hub.Level) http.Handler {
	t.Helper()
	v := visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{Secret: visittest.Mine(), Age: age, Level: level}))
	desk, err := New(Options{
		Visit: v, Staff: &fakeStaff{}, Places: func(context.Context, staff.Place) (hub.Text, hub.Text) { return nil, nil }, Cases: &fakeCases{}, Decisions: &fakeCases{},
		Ties: f, Ends: f, Alias: aliased, Clock: visittest.Clock, Counter: &fakeCases{}, Phone: "https://login.example/me/counter",
	})
	if err != nil {
		t.Fatal(err)
	}
	return visittest.Edge(t, v, desk.Mounts())
}

// BND-02: to suspend, bring back and end needs a sign-in of the last minutes and a reason, by a form of the page; who is not signed in as staff must be does
// nothing at all.
func TestBND02_EndsNeedAFreshStrongSignIn(t *testing.T) {
	t.Parallel()
	strong, weak := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}
	for name, c := range map[string]struct {
		act  string
		form url.Values
		want string
	}{
		"suspend": {"move", url.Values{"to": {"suspended"}, "why": {"suspicious"}}, "suspend suspicious"},
		"resume":  {"move", url.Values{"to": {"bound"}, "why": {"cleared"}}, "resume"},
		"unbind":  {"move", url.Values{"to": {"unbound"}, "why": {"wrong"}}, "unbind wrong"},
		"decline": {"decline", nil, "decline"},
	} {
		post := func(age time.Duration, level hub.Level, about, id string, err error) (*fakeTies, int, string) {
			f := &fakeTies{err: err}
			form := url.Values{}
			for k, v := range c.form {
				form[k] = v
			}
			rec := visittest.Do(newTies(t, f, age, level), visittest.SignedIn(visittest.Post("/staff/bindings/"+id+"/"+c.act, about, form)))
			return f, rec.Code, rec.Header().Get("Location")
		}
		if f, code, to := post(time.Minute, strong, aboutCases, theCase, nil); code != 303 || to != "/staff/bindings/"+theCase+"?done=1" || !slices.Equal(f.acts, []string{c.want}) {
			t.Errorf("%s: %d %s %v", name, code, to, f.acts)
		}
		if f, code, to := post(10*time.Minute, strong, aboutCases, theCase, nil); len(f.acts) != 0 || code != 303 || to != "/staff/bindings/"+theCase {
			t.Errorf("%s, not fresh: %d %s %v", name, code, to, f.acts)
		}
		if f, code, to := post(time.Minute, weak, aboutCases, theCase, nil); len(f.acts) != 0 || code != 303 || to != "/staff/bindings" {
			t.Errorf("%s, one factor: %d %s %v", name, code, to, f.acts)
		}
		if f, code, _ := post(time.Minute, strong, "staff", theCase, nil); len(f.acts) != 0 || code != 403 {
			t.Errorf("%s, another form: %d %v", name, code, f.acts)
		}
		if _, code, _ := post(time.Minute, strong, aboutCases, strings.Repeat("x", 26), nil); code != 404 {
			t.Errorf("%s, another's: %d", name, code)
		}
		for _, kind := range []hub.Kind{hub.Consumed, hub.Conflict, hub.Denied, hub.Invalid} {
			if _, code, _ := post(time.Minute, strong, aboutCases, theCase, hub.Errorf("x", kind, "no")); code != 409 {
				t.Errorf("%s, %s: %d", name, kind, code)
			}
		}
	}
	f := &fakeTies{}
	rec := visittest.Do(newTies(t, f, time.Minute, strong), visittest.SignedIn(visittest.Post("/staff/bindings/"+theCase+"/move", aboutCases, url.Values{"to": {"pending"}})))
	if rec.Code != 409 || len(f.acts) != 0 {
		t.Errorf("a move that is none: %d %v", rec.Code, f.acts)
	}
}

// BND-05: a number is looked for by a form, so that no address carries it; the page names staff by their alias, and the person not at all.
func TestBND05_TiePages(t *testing.T) {
	t.Parallel()
	strong := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	f := &fakeTies{post: true}
	edge := newTies(t, f, 10*time.Minute, strong)
	body := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/bindings"))).Body.String()
	if !strings.Contains(body, `value="social/insured"`) || !strings.Contains(body, "/staff/bindings/"+theCase) || !strings.Contains(body, "/staff/bindings?after=") {
		t.Fatal(body)
	}
	find := func() (int, string, string) {
		rec := visittest.Do(edge, visittest.SignedIn(visittest.Post("/staff/bindings/find", aboutCases, url.Values{"records": {"social/insured"}, "number": {"SSO 1"}})))
		return rec.Code, rec.Header().Get("Location"), rec.Body.String()
	}
	if code, to, _ := find(); code != 303 || to != "/staff/bindings/"+theCase || !slices.Equal(f.acts, []string{"find social insured SSO 1"}) {
		t.Errorf("%d %s %v", code, to, f.acts)
	}
	for kind, want := range map[hub.Kind]int{hub.NotFound: 404, hub.TooMany: 429} {
		f.err = hub.Errorf("x", kind, "no")
		if code, _, body := find(); code != want || strings.Contains(body, "SSO 1") || !strings.Contains(body, "/staff/bindings/find") {
			t.Errorf("%s: %d %s", kind, code, body)
		}
	}
	page := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/bindings/"+theCase)))
	if body := page.Body.String(); page.Code != 200 || !strings.Contains(body, "SSO1") || !strings.Contains(body, "alias-social") || strings.Contains(body, "the-person") ||
		strings.Contains(body, "the-colleague") || strings.Contains(body, "/move") || !strings.Contains(page.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("not fresh: %d %v %s", page.Code, page.Header(), body)
	}
	edge = newTies(t, &fakeTies{post: true, wanted: binding.Unbound}, time.Minute, strong)
	if body := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/bindings/"+theCase))).Body.String(); strings.Count(body, "/move") != 2 || !strings.Contains(body, "/decline") {
		t.Errorf("what a second person is asked: %s", body)
	}
	for path, want := range map[string]int{"/staff/bindings/" + strings.Repeat("x", 26): 404} {
		if rec := visittest.Do(edge, visittest.SignedIn(visittest.Get(path))); rec.Code != want {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	if rec := visittest.Do(edge, visittest.Get("/staff/bindings/"+theCase)); rec.Code != 303 || rec.Header().Get("Location") != "/staff/bindings" {
		t.Errorf("signed out: %d", rec.Code)
	}
	rec := visittest.Do(edge, visittest.Get("/staff/bindings"))
	if body := rec.Body.String(); rec.Code != 200 || strings.Contains(body, theCase) || strings.Contains(body, "social/insured") {
		t.Errorf("signed out: %d %s", rec.Code, body)
	}
}
