package portal

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onedoor/authz"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/visit/visittest"
)

// fakeSwitches are the services of two departments, with what the person has said about them.
type fakeSwitches struct {
	said        map[authz.ItemID]authz.OpeningState
	departments []hub.DepartmentID // that were asked for
	calls       []string
	state       authz.OpeningState // that an opening comes to
	err         error              // of an opening
}

func (f *fakeSwitches) items() []authz.Item {
	item := func(id authz.ItemID, d hub.DepartmentID, name string) authz.Item {
		return authz.Item{ID: id, Department: d, Names: hub.Text{"en": name}, Demands: authz.Demands{Person: authz.OptIn, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}}}
	}
	return []authz.Item{item("bills", "social", "Inpatient bills"), item("deeds", "land", "Title deeds")}
}

func (f *fakeSwitches) choice(i authz.Item) authz.Choice {
	return authz.Choice{Item: i, Opening: authz.Opening{State: f.said[i.ID]}, Open: f.said[i.ID] == authz.Open}
}

func (f *fakeSwitches) Of(_ context.Context, _ hub.AccountID, departments []hub.DepartmentID) (out []authz.Choice, _ error) {
	f.departments = departments
	for _, i := range f.items() {
		for _, d := range departments {
			if i.Department == d {
				out = append(out, f.choice(i))
			}
		}
	}
	return out, nil
}

func (f *fakeSwitches) Choice(_ context.Context, _ hub.AccountID, id authz.ItemID) (authz.Choice, error) {
	for _, i := range f.items() {
		if i.ID == id {
			return f.choice(i), nil
		}
	}
	return authz.Choice{}, hub.Errorf("x", hub.NotFound, "none")
}

func (f *fakeSwitches) Lock(_ context.Context, account hub.AccountID, id hub.SessionID, item authz.ItemID) error {
	f.calls = append(f.calls, "lock "+string(account)+" "+string(id)+" "+string(item))
	_, err := f.Choice(context.Background(), account, item)
	return err
}

func (f *fakeSwitches) Open(_ context.Context, s session.Session, item authz.ItemID) (authz.Opening, error) {
	f.calls = append(f.calls, "open "+string(s.Account)+" "+string(s.ID)+" "+string(item))
	if _, err := f.Choice(context.Background(), s.Account, item); err != nil {
		return authz.Opening{}, err
	}
	return authz.Opening{State: f.state}, f.err
}

func switchWorld(t *testing.T, f *fakeSwitches, held ...binding.Binding) *world {
	t.Helper()
	w := &world{t: t, here: &visittest.Sessions{Secret: visittest.Mine(), Level: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}}, journey: &visittest.Journey{}}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	records := &fakeRecords{mine: held}
	o := w.options(v)
	o.Switches, o.Records, o.Departments = f, records, records
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, p.Mounts())
	return w
}

func bound(d hub.DepartmentID, s binding.State) binding.Binding {
	return binding.Binding{ID: string(d), State: s, Place: binding.Place{Department: d, Kind: "insured"}}
}

// RAZ-02: the page lists the services of departments that have a record of the person, as they stand, and none of other departments.
func TestRAZ02_ThePageListsWhatIsThePersons(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		held   []binding.Binding
		said   authz.OpeningState
		has    []string
		hasNot []string
	}{
		"never said":      {[]binding.Binding{bound("social", binding.Bound)}, "", []string{"Inpatient bills", "/me/services/open", "Locked"}, []string{"Title deeds", "/me/services/lock"}},
		"open":            {[]binding.Binding{bound("social", binding.Bound)}, authz.Open, []string{"/me/services/lock"}, []string{"Title deeds", "/me/services/open"}},
		"asked":           {[]binding.Binding{bound("social", binding.Pending)}, authz.Asked, []string{"/me/services/lock", "approval"}, []string{"Title deeds"}},
		"refused":         {[]binding.Binding{bound("social", binding.Bound)}, authz.Refused, []string{"refused"}, []string{"Title deeds"}},
		"not any more":    {[]binding.Binding{bound("social", binding.Unbound)}, "", []string{"No department"}, []string{"Inpatient bills", "Title deeds"}},
		"no record":       {nil, "", []string{"No department"}, []string{"Inpatient bills", "Title deeds"}},
		"two departments": {[]binding.Binding{bound("social", binding.Bound), bound("land", binding.Bound)}, "", []string{"Inpatient bills", "Title deeds"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := switchWorld(t, &fakeSwitches{said: map[authz.ItemID]authz.OpeningState{"bills": c.said}}, c.held...).show(ServicesPath)
			for _, s := range c.has {
				if !strings.Contains(page, s) {
					t.Errorf("no %q in\n%s", s, page)
				}
			}
			for _, s := range c.hasNot {
				if strings.Contains(page, s) {
					t.Errorf("%q is there", s)
				}
			}
		})
	}
	w := switchWorld(t, &fakeSwitches{})
	if got := w.do(visittest.Get(ServicesPath)); strings.Contains(got.Body.String(), "/me/services/open") || got.Code != http.StatusOK {
		t.Errorf("signed out: %d", got.Code)
	}
}

// RAZ-02: to lock asks for nothing; to open asks for what the service asks for, by a sign-in that leads back to where the person was.
func TestRAZ02_LockingAsksForNothingOpeningDoes(t *testing.T) {
	t.Parallel()
	one := url.Values{"one": {"yes"}}
	for name, c := range map[string]struct {
		path   string
		form   url.Values
		item   string
		err    error
		state  authz.OpeningState
		call   string
		status int
		to     string
		signIn bool
	}{
		"lock":            {path: "/lock", item: "bills", call: "lock", status: 303, to: ServicesPath + "?done=locked"},
		"lock one":        {path: "/lock", form: one, item: "bills", call: "lock", status: 303, to: ServicesPath + "/bills?done=locked"},
		"open":            {path: "/open", item: "bills", state: authz.Open, call: "open", status: 303, to: ServicesPath + "?done=open"},
		"open one":        {path: "/open", form: one, item: "bills", state: authz.Open, call: "open", status: 303, to: ServicesPath + "/bills?done=open"},
		"asked":           {path: "/open", item: "bills", state: authz.Asked, call: "open", status: 303, to: ServicesPath + "?done=asked"},
		"too weak":        {path: "/open", item: "bills", err: hub.LevelUnmet, call: "open", status: 303, to: ServicesPath, signIn: true},
		"too weak, one":   {path: "/open", form: one, item: "bills", err: hub.LevelUnmet, call: "open", status: 303, to: ServicesPath + "/bills", signIn: true},
		"not offered":     {path: "/open", item: "bills", err: hub.Suspended, call: "open", status: 422},
		"not offered one": {path: "/open", form: one, item: "bills", err: hub.Suspended, call: "open", status: 422},
		"no such lock":    {path: "/lock", item: "gold", call: "lock", status: 404},
		"no such open":    {path: "/open", item: "gold", call: "open", status: 404},
		"a strange name":  {path: "/open", form: one, item: "//evil.example", call: "open", status: 404},
		"nobody knows":    {path: "/open", item: "bills", err: hub.Unavailable, call: "open", status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeSwitches{state: c.state, err: c.err}
			w := switchWorld(t, f, bound("social", binding.Bound))
			form := url.Values{"item": {c.item}}
			if c.form != nil {
				form.Set("one", c.form.Get("one"))
			}
			got := w.send(ServicesPath+c.path, aboutServices, form)
			if got.Code != c.status || len(f.calls) != 1 || f.calls[0] != c.call+" "+string(visittest.Account)+" "+string(visittest.Session)+" "+c.item {
				t.Fatalf("%d %v\n%s", got.Code, f.calls, got.Body)
			}
			if c.signIn {
				if n := w.journey.Requests; len(n) != 1 || string(n[0].Continue) != c.to || n[0].Want.AAL != hub.AAL22 || n[0].Account != visittest.Account {
					t.Errorf("the sign-in: %+v", n)
				}
				return
			}
			if len(w.journey.Requests) != 0 {
				t.Errorf("a sign-in is asked for: %+v", w.journey.Requests)
			}
			if got.Header().Get("Location") != c.to {
				t.Errorf("to %q", got.Header().Get("Location"))
			}
		})
	}
}

// A form from elsewhere, for another page, or from whoever is not signed in, changes nothing.
func TestRAZ02_OnlyThePersonsOwnFormCounts(t *testing.T) {
	t.Parallel()
	f := &fakeSwitches{state: authz.Open}
	w := switchWorld(t, f, bound("social", binding.Bound))
	form := func() url.Values { return url.Values{"item": {"bills"}} }
	for _, path := range []string{ServicesPath + "/lock", ServicesPath + "/open"} {
		forged := mine(visittest.Post(path, aboutServices, url.Values{"item": {"bills"}, "csrf": {"x"}}))
		elsewhere := mine(visittest.Post(path, aboutServices, form()))
		elsewhere.Header.Set("Sec-Fetch-Site", "cross-site")
		for name, r := range map[string]*http.Request{"forged": forged, "elsewhere": elsewhere, "another page's": mine(visittest.Post(path, aboutRecords, form()))} {
			if got := w.do(r); got.Code < 400 {
				t.Errorf("%s %s: %d", path, name, got.Code)
			}
		}
		if got := w.do(visittest.Post(path, aboutServices, form())); got.Code != http.StatusSeeOther || got.Header().Get("Location") != ServicesPath {
			t.Errorf("signed out: %d", got.Code)
		}
		twice := form()
		twice.Add("item", "deeds")
		if got := w.send(path, aboutServices, twice); got.Code != http.StatusBadRequest {
			t.Errorf("two items at once: %d", got.Code)
		}
		if got := w.do(mine(visittest.Get(path))); got.Code == http.StatusOK && strings.Contains(got.Body.String(), "Inpatient") {
			t.Errorf("by GET: %d", got.Code)
		}
	}
	if len(f.calls) != 0 {
		t.Errorf("%v", f.calls)
	}
}

// The page of one service, to which a department sends the person: also where it has no record of them, and of nothing else.
func TestRAZ02_ThePageOfOneService(t *testing.T) {
	t.Parallel()
	f := &fakeSwitches{said: map[authz.ItemID]authz.OpeningState{"bills": authz.Open}}
	w := switchWorld(t, f)
	page := w.show(ServicesPath + "/bills?done=open")
	for _, s := range []string{"Inpatient bills", "/me/services/lock", `name="one"`, "Go back to the department", `href="/me/services"`} {
		if !strings.Contains(page, s) {
			t.Errorf("no %q in\n%s", s, page)
		}
	}
	if strings.Contains(page, "Title deeds") {
		t.Error("another department's service is on the page")
	}
	for _, name := range []string{"gold", "A%20b", "x%2fy"} {
		if got := w.do(mine(visittest.Get(ServicesPath + "/" + name))); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, got.Code)
		}
	}
	if got := w.do(visittest.Get(ServicesPath + "/bills")); !strings.Contains(got.Body.String(), `value="`+ServicesPath+`/bills"`) || strings.Contains(got.Body.String(), "Inpatient") {
		t.Errorf("signed out: %s", got.Body)
	}
}
