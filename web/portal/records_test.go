package portal

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/web/visit/visittest"
)

// fakeRecords is one binding of the person's, and what was asked of it. It is Departments too.
type fakeRecords struct {
	mine   []binding.Binding
	asking bool
	calls  []string
	key    bool // the vault's key came with the last call
	err    error
}

func (f *fakeRecords) note(v binding.Visitor, call ...string) error {
	f.calls, f.key = append(f.calls, strings.Join(append([]string{string(v.Account)}, call...), " ")), !v.Key.IsZero()
	return f.err
}

func (f *fakeRecords) Mine(context.Context, binding.Visitor) ([]binding.Binding, error) {
	return f.mine, nil
}

func (f *fakeRecords) Ask(_ context.Context, v binding.Visitor, p binding.Place, extra map[string]string) (binding.Binding, error) {
	return binding.Binding{}, f.note(v, "ask", string(p.Department), string(p.Kind), extra["year"])
}

func (f *fakeRecords) Claim(_ context.Context, v binding.Visitor, p binding.Place, number string, proofs map[string]string) (binding.Binding, error) {
	return binding.Binding{}, f.note(v, "claim", string(p.Kind), number, proofs["card"])
}

func (f *fakeRecords) Withdraw(_ context.Context, v binding.Visitor, id string) (binding.Binding, error) {
	return binding.Binding{}, f.note(v, "unbind", id)
}

func (f *fakeRecords) Number(context.Context, binding.Visitor, string) (string, error) {
	return "SSO7", nil
}

func (f *fakeRecords) Asking(context.Context, string) (bool, error) { return f.asking, nil }

func (f *fakeRecords) Department(_ context.Context, id hub.DepartmentID) (tenants.Department, error) {
	if id != "social" {
		return tenants.Department{}, hub.Errorf("x", hub.NotFound, "none")
	}
	names := hub.Text{"th": "ก", "en": "Insured", "zh": "保", "vi": "B"}
	return tenants.Department{ID: id, Names: names, Records: []tenants.RecordKind{{
		ID: "insured", Names: names, For: tenants.Person, Attributes: []hub.AttributeName{hub.CitizenID}, Claim: []string{"card"},
		Extra: []tenants.ExtraAttribute{{ID: "card", Names: names, Length: 9}, {ID: "year", Names: hub.Text{"en": "First year"}, Length: 4}},
		Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
	}}}, nil
}

func recordWorld(t *testing.T, f *fakeRecords) *world {
	t.Helper()
	w := newWorld(t)
	w.here.Level = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	v := visittest.NewReception(t, visittest.Options(t, w.here))
	if err := v.Bind(w.journey); err != nil {
		t.Fatal(err)
	}
	o := w.options(v)
	o.Records, o.Departments = f, f
	p, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, p.Mounts())
	return w
}

// BND-06: what the page shows of each state, and what it lets the person do.
func TestBND06_ThePersonsOwnRecords(t *testing.T) {
	t.Parallel()
	at := binding.Place{Department: "social", Kind: "insured"}
	for name, c := range map[string]struct {
		b      binding.Binding
		asking bool
		has    []string
		hasNot []string
	}{
		"pending":   {binding.Binding{State: binding.Pending, Reason: binding.FirstLogin}, false, []string{"/me/records/ask", "/me/records/claim"}, []string{"SSO7", "/me/records/unbind"}},
		"asked":     {binding.Binding{State: binding.Pending, Reason: binding.AskMore, Asked: "year"}, false, []string{"First year", `value="year"`}, nil},
		"asking":    {binding.Binding{State: binding.Pending}, true, nil, []string{"/me/records/ask"}},
		"bound":     {binding.Binding{State: binding.Bound, Level: hub.Level{IAL: hub.IAL3}}, false, []string{"SSO7", "/me/records/unbind"}, []string{"/me/records/ask"}},
		"bound low": {binding.Binding{State: binding.Bound, Level: hub.Level{IAL: hub.IAL11}}, false, []string{"SSO7", "/me/records/ask"}, []string{"/me/records/claim"}},
		"review":    {binding.Binding{State: binding.Review, Reviewer: "clerk"}, false, nil, []string{"/me/records/ask", "clerk"}},
		"suspended": {binding.Binding{State: binding.Suspended, Reason: binding.Differs}, false, nil, []string{"/me/records/ask", "/me/records/unbind"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.b.ID, c.b.Place = "bindingaaaaaaaaaaaaaaaaaaa", at
			page := recordWorld(t, &fakeRecords{mine: []binding.Binding{c.b}, asking: c.asking}).show(RecordsPath)
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
}

// What the forms do, in whose name, and what comes of a no.
func TestBND06_TheFormsOfRecords(t *testing.T) {
	t.Parallel()
	form := func(fields ...string) url.Values {
		f := url.Values{"department": {"social"}, "kind": {"insured"}}
		for i := 0; i < len(fields); i += 2 {
			f.Set(fields[i], fields[i+1])
		}
		return f
	}
	for name, c := range map[string]struct {
		path   string
		form   url.Values
		err    error
		call   string
		status int
	}{
		"ask":           {"/ask", form(), nil, "ask social insured ", http.StatusSeeOther},
		"answer":        {"/ask", form("question", "year", "answer", " 1999 "), nil, "ask social insured 1999", http.StatusSeeOther},
		"claim":         {"/claim", form("number", "SSO 7", "proof-card", "42"), nil, "claim insured SSO 7 42", http.StatusSeeOther},
		"unbind":        {"/unbind", form("binding", "x"), nil, "unbind x", http.StatusSeeOther},
		"too often":     {"/claim", form("number", "1", "proof-card", "42"), hub.TooMany, "claim insured 1 42", http.StatusUnprocessableEntity},
		"under review":  {"/ask", form(), hub.Conflict, "ask social insured ", http.StatusUnprocessableEntity},
		"no department": {"/ask", form("department", "moon"), nil, "", http.StatusNotFound},
		"no name":       {"/ask", form("kind", "../x"), nil, "", http.StatusUnprocessableEntity},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeRecords{}
			if c.err != nil {
				f.err = hub.E("x", c.err.(hub.Kind), nil)
			}
			w := recordWorld(t, f)
			rec := w.send(RecordsPath+c.path, aboutRecords, maps.Clone(c.form))
			want := []string{string(visittest.Account) + " " + c.call}
			if c.call == "" {
				want = nil
			}
			if rec.Code != c.status || strings.Join(f.calls, "|") != strings.Join(want, "|") || c.call != "" && !f.key {
				t.Errorf("%d, %q with key %v, want %d, %q", rec.Code, f.calls, f.key, c.status, want)
			}
			if rec := w.do(visittest.Post(RecordsPath+c.path, aboutRecords, maps.Clone(c.form))); rec.Code == http.StatusOK || len(f.calls) > len(want) {
				t.Errorf("somebody who is not signed in: %d %q", rec.Code, f.calls)
			}
			if rec := w.send(RecordsPath+c.path, aboutConsents, maps.Clone(c.form)); rec.Code == http.StatusSeeOther || len(f.calls) > len(want) {
				t.Errorf("a form of another page: %d %q", rec.Code, f.calls)
			}
		})
	}
	f := &fakeRecords{err: hub.E("x", hub.LevelUnmet, nil)}
	w := recordWorld(t, f)
	w.send(RecordsPath+"/ask", aboutRecords, form())
	if n := len(w.journey.Requests); n != 1 || w.journey.Requests[0].Want.IAL != hub.IAL23 {
		t.Errorf("%d sign-ins", n)
	}
}
