package portal

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants/entity"
	"onedoor/web/visit/visittest"
)

// fakeDelegating is an entity with two operators, its services, places and machines.
type fakeDelegating struct {
	held      []authz.Delegation
	orders    []authz.Order
	withdrawn []string
	places    []authz.Place
	err       error
}

func (f *fakeDelegating) Of(context.Context, hub.AccountID, hub.EntityID, bool, int) ([]authz.Delegation, error) {
	return f.held, nil
}

func (f *fakeDelegating) Hand(_ context.Context, by hub.AccountID, id hub.EntityID, orders ...authz.Order) ([]authz.Delegation, error) {
	if by != visittest.Account || id != theirs {
		return nil, hub.Errorf("x", hub.Denied, "who?")
	}
	if f.err == nil {
		f.orders = append(f.orders, orders...)
	}
	return make([]authz.Delegation, len(orders)), f.err
}

func (f *fakeDelegating) Withdraw(_ context.Context, _ hub.AccountID, id string) (authz.Delegation, error) {
	f.withdrawn = append(f.withdrawn, id)
	return authz.Delegation{}, f.err
}

func (f *fakeDelegating) AddPlace(_ context.Context, _ hub.AccountID, id hub.EntityID, name string, networks []netip.Prefix) (authz.Place, error) {
	if f.err != nil || len(networks) == 0 {
		return authz.Place{}, hub.Errorf("x", hub.Invalid, "no")
	}
	p := authz.Place{ID: "new", Entity: id, Label: name, Networks: networks}
	f.places = append(f.places, p)
	return p, nil
}

func (f *fakeDelegating) Places(context.Context, hub.AccountID, hub.EntityID) ([]authz.Place, error) {
	return f.places, nil
}

func (f *fakeDelegating) EndPlace(_ context.Context, _ hub.AccountID, _ hub.EntityID, id string) error {
	f.withdrawn = append(f.withdrawn, id)
	return nil
}

func (*fakeDelegating) Devices(context.Context, hub.AccountID, authz.Party) ([]authz.Device, error) {
	return []authz.Device{{ID: "counter", Label: "Counter 3"}}, nil
}

func (*fakeDelegating) overview(_ context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error) {
	switch {
	case id == operated:
		return entity.Overview{}, hub.Errorf("x", hub.Denied, "an operator")
	case id != theirs || by != visittest.Account:
		return entity.Overview{}, hub.Errorf("x", hub.NotFound, "nothing")
	}
	seat := func(id string, account hub.AccountID, role entity.Role, label string) entity.Member {
		return entity.Member{Seat: entity.Seat{ID: id, Entity: theirs, Account: account, Role: role, Label: label}}
	}
	return entity.Overview{
		Entity:  entity.Entity{ID: theirs, Names: hub.Text{"en": "Example Company"}},
		Members: []entity.Member{seat("seat-head", visittest.Account, entity.Master, ""), seat("seat-payroll", "payroll-account", entity.Operator, "Payroll")},
	}, nil
}

func catalogueOfTwo() []authz.Item {
	return []authz.Item{
		{ID: "retirement", Department: "social-security", Names: hub.Text{"en": "Retirement filing"}, Status: authz.Offered, Demands: authz.Demands{Entity: authz.ByDelegation, Exclusive: true, Approval: true}},
		{ID: "wages", Department: "social-security", Names: hub.Text{"en": "Wage report"}, Status: authz.Offered, Demands: authz.Demands{Entity: authz.ByDelegation}},
		{ID: "bills", Department: "social-security", Names: hub.Text{"en": "Own bills"}, Status: authz.Offered, Demands: authz.Demands{Person: authz.Lockable}},
		{ID: "closed", Department: "social-security", Names: hub.Text{"en": "Closed service"}, Status: authz.Withheld, Demands: authz.Demands{Entity: authz.ByDelegation}},
	}
}

func newDelegating(t *testing.T) (*world, *fakeDelegating) {
	t.Helper()
	f := &fakeDelegating{places: []authz.Place{{ID: "office", Label: "Head office", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}}}
	f.held = []authz.Delegation{{
		ID: "given", Entity: theirs, Item: "retirement", Department: "social-security", Operator: "payroll-account", Exclusive: true, State: authz.Proposed,
		From: at(2026, time.March, 1), Places: []string{"office"}, Devices: []string{"counter"},
	}}
	w := &world{t: t, here: &visittest.Sessions{Secret: visittest.Mine(), Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}}, journey: &visittest.Journey{}}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	o := w.options(v)
	o.Delegating = &Delegating{
		Delegations: f, Places: f, Items: catalogueOfTwo, Overview: f.overview, Zone: "Asia/Bangkok",
		Owner: func(context.Context, hub.DepartmentID) hub.Text { return hub.Text{"en": "Social Security"} },
	}
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, p.Mounts())
	return w, f
}

const company = "/entities/" + theirs

func TestENT04_TheAdministratorDelegatesWithLimits(t *testing.T) {
	t.Parallel()
	w, f := newDelegating(t)
	page := w.show(company + "/items")
	for _, want := range []string{"Example Company", "Retirement filing", "Wage report", "Operator: Payroll", "Only this operator", "Only from: Head office", "Only on: Counter 3", "approval"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, hidden := range []string{"Own bills", "Closed service", "payroll-account"} {
		if strings.Contains(page, hidden) {
			t.Errorf("the page has %q", hidden)
		}
	}
	form := url.Values{
		"item": {"retirement", "wages"}, "operator": {"seat-payroll"}, "exclusive": {"yes"}, "from": {""}, "until": {"2026-03-31"},
		"place": {"office"}, "device": {"counter"}, "day": {"mon", "fri"}, "open": {"09:00"}, "close": {"16:30"},
	}
	if r := w.send(company+"/items/give", aboutDelegations, form); r.Code != http.StatusSeeOther || r.Header().Get("Location") != company+"/items?done=given" {
		t.Fatalf("%d %s", r.Code, r.Body)
	}
	bangkok, _ := time.LoadLocation("Asia/Bangkok")
	want := authz.Order{
		Item: "retirement", Operator: "payroll-account", Exclusive: true, Until: time.Date(2026, time.April, 1, 0, 0, 0, 0, bangkok), Places: []string{"office"}, Devices: []string{"counter"},
		Hours: authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: 1<<time.Monday | 1<<time.Friday, From: 540, To: 990}}},
	}
	if len(f.orders) != 2 || f.orders[1].Item != "wages" {
		t.Fatalf("orders %+v", f.orders)
	}
	got := f.orders[0]
	if !got.Until.Equal(want.Until) {
		t.Errorf("until %v", got.Until)
	}
	if got.Until = want.Until; !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if r := w.send(company+"/items/withdraw", aboutDelegations, url.Values{"delegation": {"given"}}); r.Header().Get("Location") != company+"/items?done=withdrawn" || len(f.withdrawn) != 1 {
		t.Errorf("%d %v", r.Code, f.withdrawn)
	}
	if w.send(company+"/items/withdraw", aboutDelegations, url.Values{"delegation": {"of-another-entity"}}); len(f.withdrawn) != 1 {
		t.Errorf("withdrawn %v", f.withdrawn)
	}
}

func TestDelegatingSaysWhatIsWrongAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	good := url.Values{"item": {"wages"}, "operator": {"seat-payroll"}}
	for name, c := range map[string]struct {
		change url.Values
		err    error
		words  string
	}{
		"no service":         {url.Values{"item": nil}, nil, "meant"},
		"a stranger":         {url.Values{"operator": {"seat-of-another"}}, nil, "meant"},
		"no day":             {url.Values{"until": {"31.3.2026"}}, nil, "meant"},
		"no time":            {url.Values{"open": {"9 o'clock"}}, nil, "meant"},
		"shuts before":       {url.Values{"open": {"17:00"}, "close": {"09:00"}}, nil, "meant"},
		"no day of the week": {url.Values{"day": {"someday"}}, nil, "meant"},
		"no mandate":         {nil, hub.Errorf("x", hub.Refused, "inner"), "mandate"},
		"somebody has it":    {nil, hub.Errorf("x", hub.Conflict, "inner"), "exclusively"},
	} {
		w, f := newDelegating(t)
		f.err = c.err
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		for k, v := range c.change {
			form[k] = v
		}
		r := w.send(company+"/items/give", aboutDelegations, form)
		body := r.Body.String()
		if r.Code != http.StatusUnprocessableEntity || !strings.Contains(body, c.words) || strings.Contains(body, "inner") || len(f.orders) != 0 {
			t.Errorf("%s: %d %v", name, r.Code, f.orders)
		}
		if len(form["item"]) > 0 && !strings.Contains(body, `value="wages" checked`) {
			t.Errorf("%s: what was ticked is gone", name)
		}
	}
}

func TestRAZ04_PlacesAreNetworks(t *testing.T) {
	t.Parallel()
	w, f := newDelegating(t)
	if page := w.show(company + "/places"); !strings.Contains(page, "Head office") || !strings.Contains(page, "192.0.2.0/24") {
		t.Errorf("%s", page)
	}
	if r := w.send(company+"/places/add", aboutDelegations, url.Values{"label": {"Branch"}, "networks": {"198.51.100.7, 2001:db8:1::5/48"}}); r.Code != http.StatusSeeOther || len(f.places) != 2 ||
		f.places[1].Networks[0].String() != "198.51.100.7/32" || f.places[1].Networks[1].String() != "2001:db8:1::/48" {
		t.Errorf("%d %v", r.Code, f.places)
	}
	for _, bad := range []string{"", "office", "192.0.2.0/33", "192.0.2.1 x"} {
		if r := w.send(company+"/places/add", aboutDelegations, url.Values{"label": {"Other"}, "networks": {bad}}); r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), `value="Other"`) || len(f.places) != 2 {
			t.Errorf("%q: %d", bad, r.Code)
		}
	}
	if w.send(company+"/places/remove", aboutDelegations, url.Values{"place": {"office"}}); len(f.withdrawn) != 1 {
		t.Errorf("%v", f.withdrawn)
	}
}

// Invariant 10: an operator and a stranger see what is there for who asks for an entity that is not, and change nothing.
func TestInvariant10_DelegationsAreTheAdministrators(t *testing.T) {
	t.Parallel()
	w, f := newDelegating(t)
	for _, id := range []string{operated, strange, "nobodyaaaaaaaaaaaaaaaaaaaa", "x"} {
		for _, page := range []string{"/items", "/places"} {
			if r := w.do(mine(visittest.Get("/entities/" + id + page))); r.Code != http.StatusNotFound || strings.Contains(r.Body.String(), "Head office") {
				t.Errorf("%s%s: %d", id, page, r.Code)
			}
		}
		for _, path := range []string{"/items/give", "/items/withdraw", "/items/sign-in", "/places/add", "/places/remove"} {
			r := w.send("/entities/"+id+path, aboutDelegations, url.Values{"item": {"wages"}, "operator": {"seat-payroll"}, "delegation": {"given"}, "place": {"office"}, "label": {"x"}, "networks": {"192.0.2.1"}})
			if r.Code != http.StatusNotFound {
				t.Errorf("%s%s: %d", id, path, r.Code)
			}
		}
	}
	w.here.Age = time.Hour // signed in, but not freshly
	for _, path := range []string{"/items/give", "/items/withdraw", "/places/add", "/places/remove"} {
		if r := w.send(company+path, aboutDelegations, url.Values{"item": {"wages"}, "operator": {"seat-payroll"}, "delegation": {"given"}, "place": {"office"}, "label": {"x"}, "networks": {"192.0.2.1"}}); r.Code != http.StatusSeeOther {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
	if page := w.show(company + "/items"); strings.Contains(page, "/items/give") || !strings.Contains(page, "/items/sign-in") {
		t.Error("a stale page offers to change things")
	}
	if len(f.orders)+len(f.withdrawn) != 0 || len(f.places) != 1 {
		t.Errorf("something changed: %v %v %v", f.orders, f.withdrawn, f.places)
	}
}
