package console

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

// approver holds posts at two departments; only at the first they approve.
type approver struct{ fakeStaff }

func (*approver) Held(context.Context, hub.AccountID) ([]staff.Post, error) {
	at := func(d hub.DepartmentID, s staff.State) staff.Post {
		return staff.Post{Role: staff.Reviewer, Place: staff.Place{Department: d}, State: s}
	}
	return []staff.Post{at("social", staff.Active), at("social", staff.Active), at("tax", staff.Active), at("land", staff.Ended)}, nil
}

// applied is what waits at the departments, and what was decided.
type applied struct {
	decided []string
	err     error
}

func (f *applied) decide(by hub.AccountID, what, id string) error {
	if by != visittest.Account {
		return hub.Errorf("x", hub.Internal, "who?")
	}
	if f.err == nil {
		f.decided = append(f.decided, what+" "+id)
	}
	return f.err
}

type appliedOpenings struct{ *applied }

func (appliedOpenings) Waiting(_ context.Context, _ hub.AccountID, d hub.DepartmentID, _ int) ([]authz.Opening, error) {
	if d != "social" {
		return nil, hub.Errorf("x", hub.Denied, "not theirs")
	}
	return []authz.Opening{{ID: "opening", Account: "the-citizen", Item: "bills", At: visittest.Now}}, nil
}

func (f appliedOpenings) Approve(_ context.Context, by hub.AccountID, id string) (authz.Opening, error) {
	return authz.Opening{}, f.decide(by, "approve opening", id)
}

func (f appliedOpenings) Refuse(_ context.Context, by hub.AccountID, id string) (authz.Opening, error) {
	return authz.Opening{}, f.decide(by, "refuse opening", id)
}

type appliedDelegations struct{ *applied }

func (appliedDelegations) Waiting(_ context.Context, _ hub.AccountID, d hub.DepartmentID, _ int) ([]authz.Delegation, error) {
	if d != "social" {
		return nil, hub.Errorf("x", hub.Internal, "asked for "+string(d))
	}
	return []authz.Delegation{{ID: "delegation", Entity: "company", Item: "retirement", Operator: "the-operator", Exclusive: true, ProposedAt: visittest.Now, From: visittest.Now, Places: []string{"office"}}}, nil
}

func (f appliedDelegations) Approve(_ context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
	return authz.Delegation{}, f.decide(by, "approve delegation", id)
}

func (f appliedDelegations) Refuse(_ context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
	return authz.Delegation{}, f.decide(by, "refuse delegation", id)
}

func newApplications(t *testing.T, f *applied, age time.Duration, level hub.Level) http.Handler {
	t.Helper()
	v := visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{Secret: visittest.Mine(), Age: age, Level: level}))
	desk, err := New(Options{
		Visit: v, Staff: &approver{}, Places: func(_ context.Context, p staff.Place) (hub.Text, hub.Text) {
			return hub.Text{"en": "Department of " + string(p.Department)}, nil
		},
		Cases: &fakeCases{}, Decisions: &fakeCases{}, Ties: &fakeTies{}, Ends: &fakeTies{}, Alias: aliased, Counter: &fakeCases{}, Clock: visittest.Clock, Phone: "https://login.example/me/counter",
		Applications: &Applications{
			Openings: appliedOpenings{f}, Delegations: appliedDelegations{f},
			Item: func(_ context.Context, id authz.ItemID) (authz.Item, error) {
				return authz.Item{ID: id, Names: hub.Text{"en": "Service " + string(id)}}, nil
			},
			Entity: func(context.Context, hub.EntityID) hub.Text { return hub.Text{"en": "Example Company"} },
			Labels: func(context.Context, hub.EntityID) (map[string]string, error) {
				return map[string]string{"office": "Head office"}, nil
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return visittest.Edge(t, v, desk.Mounts())
}

// RAZ-06: the application is shown with everything that is asked for, without a person's name or id, and decided once.
func TestRAZ06_TheDeskShowsTheApplicationAndDecides(t *testing.T) {
	t.Parallel()
	f := &applied{}
	edge := newApplications(t, f, time.Minute, staff.Least())
	page := visittest.Do(edge, visittest.SignedIn(visittest.Get(applicationsPath))).Body.String()
	for _, want := range []string{"Service bills", "Service retirement", "Department of social", "Example Company", "Only this operator", "Head office"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, hidden := range []string{"the-citizen", "the-operator", "Department of land"} {
		if strings.Contains(page, hidden) {
			t.Errorf("the page has %q", hidden)
		}
	}
	for _, form := range []url.Values{
		{"delegation": {"delegation"}, "decision": {"approve"}},
		{"delegation": {"delegation"}, "decision": {"refuse"}},
		{"opening": {"opening"}, "decision": {"approve"}},
		{"opening": {"opening"}, "decision": {"refuse"}},
	} {
		if r := visittest.Do(edge, visittest.SignedIn(visittest.Post(applicationsPath+"/decide", aboutApplications, form))); r.Code != http.StatusSeeOther {
			t.Errorf("%v: %d", form, r.Code)
		}
	}
	if want := []string{"approve delegation delegation", "refuse delegation delegation", "approve opening opening", "refuse opening opening"}; !slices.Equal(f.decided, want) {
		t.Errorf("decided %q", f.decided)
	}
	for _, form := range []url.Values{{"decision": {"approve"}}, {"delegation": {"a"}, "opening": {"b"}, "decision": {"approve"}}, {"opening": {"opening"}, "decision": {"maybe"}}} {
		if r := visittest.Do(edge, visittest.SignedIn(visittest.Post(applicationsPath+"/decide", aboutApplications, form))); r.Code != http.StatusBadRequest || len(f.decided) != 4 {
			t.Errorf("%v: %d", form, r.Code)
		}
	}
}

func TestApplicationsNeedAFreshStrongSignIn(t *testing.T) {
	t.Parallel()
	yes := url.Values{"opening": {"opening"}, "decision": {"approve"}}
	for name, c := range map[string]struct {
		age    time.Duration
		level  hub.Level
		shown  bool
		status int
	}{
		"in order":     {time.Minute, staff.Least(), true, http.StatusSeeOther},
		"too long ago": {time.Hour, staff.Least(), true, http.StatusSeeOther},
		"one factor":   {time.Minute, hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, false, http.StatusSeeOther},
	} {
		f := &applied{}
		edge := newApplications(t, f, c.age, c.level)
		if page := visittest.Do(edge, visittest.SignedIn(visittest.Get(applicationsPath))).Body.String(); strings.Contains(page, "Service bills") != c.shown {
			t.Errorf("%s: shown is not %v", name, c.shown)
		}
		r := visittest.Do(edge, visittest.SignedIn(visittest.Post(applicationsPath+"/decide", aboutApplications, yes)))
		if decided := len(f.decided) == 1; r.Code != c.status || decided != (name == "in order") {
			t.Errorf("%s: %d, %v", name, r.Code, f.decided)
		}
	}
	for kind, words := range map[hub.Kind]string{hub.Consumed: "does not wait any more", hub.Denied: "Somebody else must decide", hub.Conflict: "exclusively"} {
		f := &applied{err: hub.Errorf("x", kind, "inner")}
		r := visittest.Do(newApplications(t, f, time.Minute, staff.Least()), visittest.SignedIn(visittest.Post(applicationsPath+"/decide", aboutApplications, yes)))
		if body := r.Body.String(); r.Code != http.StatusUnprocessableEntity || !strings.Contains(body, words) || strings.Contains(body, "inner") {
			t.Errorf("%s: %d", kind, r.Code)
		}
	}
}
