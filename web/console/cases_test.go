package console

import (
	"context"
	"fmt"
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

// fakeCases has one case, and notes what is done to it and by whom.
type fakeCases struct {
	acts  []string
	who   binding.Clerk
	err   error
	tired error
	next  review.Cursor
	at    review.Cursor
}

const theCase = "caseaaaaaaaaaaaaaaaaaaaaaa"

func (f *fakeCases) did(act string, c binding.Clerk, id string) (binding.Binding, error) {
	if id != theCase {
		return binding.Binding{}, hub.Errorf("x", hub.NotFound, "none")
	}
	f.acts, f.who = append(f.acts, act), c
	return binding.Binding{ID: theCase, State: binding.Bound}, f.err
}

func (f *fakeCases) Queue(_ context.Context, c binding.Clerk, at review.Cursor, _ int) ([]review.Waiting, review.Cursor, bool, error) {
	f.who, f.at = c, at
	return []review.Waiting{{Binding: binding.Binding{ID: theCase}, Kind: hub.Text{"en": "Insurance record"}}}, f.next, true, nil
}

func (f *fakeCases) Open(_ context.Context, c binding.Clerk, id string) (review.Case, error) {
	if id != theCase {
		return review.Case{}, hub.Errorf("x", hub.NotFound, "none")
	}
	f.who = c
	return review.Case{
		Waiting: review.Waiting{Binding: binding.Binding{ID: theCase, State: binding.Review}, Mine: true}, Number: "SSO1", Evidence: true,
		Records: tenants.RecordKind{}, Lines: review.Compare(tenants.RecordKind{}, review.Fields{"given_name": "a"}, review.Fields{"given_name": "b<i>"}),
	}, nil
}

func (f *fakeCases) Try(_ context.Context, c binding.Clerk, number string) error {
	f.acts = append(f.acts, "try "+number)
	return f.tired
}

func (f *fakeCases) Counters(context.Context, binding.Clerk) ([]tenants.Department, error) {
	return []tenants.Department{{ID: "revenue", Names: hub.Text{"en": "Revenue"}}}, nil
}

func (f *fakeCases) Sit(_ context.Context, c binding.Clerk, department hub.DepartmentID) (string, time.Time, error) {
	f.acts, f.who = append(f.acts, "sit "+string(department)), c
	return "abcdefgh", visittest.Now, f.err
}

func (f *fakeCases) Reassign(_ context.Context, c binding.Clerk, id string, to tenants.AreaID) (binding.Binding, error) {
	return f.did("area "+string(to), c, id)
}

func (f *fakeCases) Serve(_ context.Context, c binding.Clerk, number, code string) (binding.Binding, error) {
	return f.did("serve "+number+" "+code, c, theCase)
}

func (f *fakeCases) Take(_ context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return f.did("take", c, id)
}

func (f *fakeCases) Release(_ context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return f.did("release", c, id)
}

func (f *fakeCases) Approve(_ context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return f.did("approve", c, id)
}

func (f *fakeCases) Reject(_ context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return f.did("reject "+string(why), c, id)
}

func (f *fakeCases) AskFor(_ context.Context, c binding.Clerk, id, extra string) (binding.Binding, error) {
	return f.did("ask "+extra, c, id)
}

func (f *fakeCases) Name(_ context.Context, c binding.Clerk, id, number string) (binding.Binding, error) {
	return f.did("name "+number, c, id)
}

func newConsole(t *testing.T, f *fakeCases, age time.Duration, level hub.Level) http.Handler {
	t.Helper()
	desk := newDesk(t, f, age, level)
	return visittest.Edge(t, desk.v, desk.Mounts())
}

func newDesk(t *testing.T, f *fakeCases, age time.Duration, level hub.Level) *Console {
	t.Helper()
	v := visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{Secret: visittest.Mine(), Age: age, Level: level}))
	desk, err := New(Options{
		Visit: v, Staff: &fakeStaff{}, Places: func(context.Context, staff.Place) (hub.Text, hub.Text) { return nil, nil }, Cases: f, Decisions: f, Ties: &fakeTies{}, Ends: &fakeTies{}, Alias: aliased, Counter: f, Clock: visittest.Clock, Phone: "https://login.example/me/counter",
	})
	if err != nil {
		t.Fatal(err)
	}
	return desk
}

// Decisions need a sign-in of the last minutes, taking up and giving back one within the limits of its level; who is not signed in as staff must be does
// nothing at all.
func TestBND02_DecisionsNeedAFreshStrongSignIn(t *testing.T) {
	t.Parallel()
	strong, weak := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}
	for name, c := range map[string]struct {
		act   string
		form  url.Values
		want  string
		to    string
		stale bool // does it without a fresh sign-in?
	}{
		"take":    {"take", nil, "take", "/staff/cases/" + theCase, true},
		"release": {"release", nil, "release", "/staff/cases?done=released", true},
		"area":    {"area", url.Values{"area": {"south"}}, "area south", "/staff/cases?done=moved", true},
		"up":      {"area", url.Values{"area": {"-"}}, "area ", "/staff/cases?done=moved", true},
		"approve": {"approve", nil, "approve", "/staff/cases?done=bound", false},
		"name":    {"name", url.Values{"number": {"SSO 1"}}, "name SSO 1", "/staff/cases/" + theCase, false},
		"reject":  {"reject", url.Values{"why": {"mismatch"}}, "reject mismatch", "/staff/cases?done=back", false},
		"ask":     {"ask", url.Values{"extra": {"first-year"}}, "ask first-year", "/staff/cases?done=asked", false},
	} {
		post := func(age time.Duration, level hub.Level, about, id string, err error) (*fakeCases, int, string) {
			f := &fakeCases{err: err}
			form := url.Values{}
			for k, v := range c.form {
				form[k] = v
			}
			rec := visittest.Do(newConsole(t, f, age, level), visittest.SignedIn(visittest.Post("/staff/cases/"+id+"/"+c.act, about, form)))
			return f, rec.Code, rec.Header().Get("Location")
		}
		f, code, to := post(time.Minute, strong, aboutCases, theCase, nil)
		if code != 303 || to != c.to || len(f.acts) != 1 || f.acts[0] != c.want || f.who.Account != visittest.Account || f.who.Level != strong {
			t.Errorf("%s: %d %s %v", name, code, to, f.acts)
		}
		if f, code, to := post(10*time.Minute, strong, aboutCases, theCase, nil); (len(f.acts) == 1) != c.stale || code != 303 || !c.stale && to != "/staff/cases/"+theCase {
			t.Errorf("%s, not fresh: %d %s %v", name, code, to, f.acts)
		}
		if f, code, to := post(time.Minute, weak, aboutCases, theCase, nil); len(f.acts) != 0 || code != 303 || to != "/staff/cases" {
			t.Errorf("%s, one factor: %d %s %v", name, code, to, f.acts)
		}
		if f, code, _ := post(time.Minute, strong, "staff", theCase, nil); len(f.acts) != 0 || code != 403 {
			t.Errorf("%s, another form: %d %v", name, code, f.acts)
		}
		if _, code, _ := post(time.Minute, strong, aboutCases, strings.Repeat("x", 26), nil); code != 404 {
			t.Errorf("%s, another's case: %d", name, code)
		}
		if _, code, _ := post(time.Minute, strong, aboutCases, theCase, hub.Errorf("x", hub.Consumed, "late")); code != 409 {
			t.Errorf("%s, too late: %d", name, code)
		}
	}
}

// A number that does not fit stands in its field again, as text, to be put right; and nowhere else: in no address, and on no page after.
func TestBND02_AWrongNumberIsNotTypedTwice(t *testing.T) {
	t.Parallel()
	const typed, shown = `SSO 2"><b>`, `name="number" value="SSO 2&#34;&gt;&lt;b&gt;"`
	f := &fakeCases{err: hub.Errorf("x", hub.Invalid, "no such number")}
	edge := newConsole(t, f, time.Minute, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22})
	rec := visittest.Do(edge, visittest.SignedIn(visittest.Post("/staff/cases/"+theCase+"/name", aboutCases, url.Values{"number": {typed}})))
	if rec.Code != 409 || !strings.Contains(rec.Body.String(), shown) || strings.Contains(rec.Body.String(), typed) || strings.Contains(fmt.Sprint(rec.Header()), "SSO") {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	if !strings.Contains(rec.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("it may be kept: %v", rec.Header())
	}
	if body := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/cases/"+theCase))).Body.String(); strings.Contains(body, "SSO 2") {
		t.Error(body)
	}
	f.err = nil
	rec = visittest.Do(edge, visittest.SignedIn(visittest.Post("/staff/cases/"+theCase+"/name", aboutCases, url.Values{"number": {typed}})))
	if to := rec.Header().Get("Location"); rec.Code != 303 || to != "/staff/cases/"+theCase {
		t.Errorf("%d %s", rec.Code, to)
	}
}

// The pages: the queue goes on where it was, a code at the counter leads to its case, and what a department answered is text.
func TestBND03_CasePages(t *testing.T) {
	t.Parallel()
	strong := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	f := &fakeCases{next: review.Cursor{At: visittest.Now, ID: theCase}}
	edge := newConsole(t, f, 10*time.Minute, strong)
	body := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/cases"))).Body.String()
	_, more, ok := strings.Cut(body, `href="/staff/cases?after=`)
	more, _, _ = strings.Cut(more, `"`)
	if !ok || !strings.Contains(body, "/staff/cases/"+theCase) {
		t.Fatal(body)
	}
	visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/cases?after="+strings.ReplaceAll(more, "&amp;", "&"))))
	if !f.at.At.Equal(visittest.Now) || f.at.ID != theCase {
		t.Errorf("it goes on at %+v", f.at)
	}
	page := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/cases/"+theCase)))
	if body := page.Body.String(); page.Code != 200 || !strings.Contains(body, "b&lt;i&gt;") || strings.Contains(body, "/approve") || !strings.Contains(page.Header().Get("Cache-Control"), "no-store") {
		t.Errorf("%d %v %s", page.Code, page.Header(), body)
	}
	if rec := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/cases/"+strings.Repeat("x", 26)))); rec.Code != 404 {
		t.Errorf("another's case: %d", rec.Code)
	}
	if rec := visittest.Do(edge, visittest.Get("/staff/cases/"+theCase)); rec.Code != 303 || rec.Header().Get("Location") != "/staff/cases" {
		t.Errorf("signed out: %d", rec.Code)
	}
}

// BND-02: a sitting at the counter shows its number once, a code leads to its case, and a wrong one leaves the sitting where it was.
func TestBND02_CounterPages(t *testing.T) {
	t.Parallel()
	f := &fakeCases{}
	edge := newConsole(t, f, 10*time.Minute, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22})
	post := func(path string, form url.Values) (int, string, string) {
		rec := visittest.Do(edge, visittest.SignedIn(visittest.Post("/staff/cases/"+path, aboutCases, form)))
		return rec.Code, rec.Body.String(), rec.Header().Get("Location")
	}
	const here = `name="sitting" value="abcdefgh"`
	if body := visittest.Do(edge, visittest.SignedIn(visittest.Get("/staff/cases"))).Body.String(); strings.Contains(body, here) || !strings.Contains(body, `action="/staff/cases/sit"`) {
		t.Error(body)
	}
	if code, body, _ := post("sit", url.Values{"department": {"revenue"}}); code != 200 || !strings.Contains(body, here) || !strings.Contains(body, "https://login.example/me/counter/abcdefgh") {
		t.Errorf("%d %s", code, body)
	}
	form := url.Values{"sitting": {"abcdefgh"}, "code": {"123456"}}
	if code, _, to := post("counter", form); code != 303 || to != "/staff/cases/"+theCase || !slices.Equal(f.acts, []string{"sit revenue", "try abcdefgh", "serve abcdefgh 123456"}) {
		t.Errorf("%d %s %v", code, to, f.acts)
	}
	f.err = hub.Errorf("x", hub.NotFound, "no code")
	if code, body, _ := post("counter", form); code != 409 || !strings.Contains(body, here) || strings.Contains(body, "123456") {
		t.Errorf("a wrong code: %d %s", code, body)
	}
	f.tired, f.acts = hub.Errorf("x", hub.TooMany, "tired"), nil
	if code, body, _ := post("counter", form); code != 409 || strings.Contains(body, here) || len(f.acts) != 1 {
		t.Errorf("too many: %d %v %s", code, f.acts, body)
	}
}
