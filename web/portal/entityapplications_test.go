package portal

import (
	"context"
	"errors"
	"testing"

	"onedoor/authz"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/web/view"
	"onedoor/web/visit/visittest"
)

// recordsOf has the records of an entity for whoever administers it.
type recordsOf struct {
	*fakeRecords
	err error
}

func (r recordsOf) Mine(_ context.Context, v binding.Visitor) ([]binding.Binding, error) {
	if v.Entity != theirs || v.Account != visittest.Account {
		return nil, hub.Errorf("x", hub.Internal, "another owner")
	}
	return r.mine, r.err
}

// An administrator sees what the entity has asked of departments, and how far it is. A delegation that nobody had to approve is none.
func TestEntity_ApplicationsAndTheirState(t *testing.T) {
	t.Parallel()
	now := visittest.Now
	held := &fakeDelegating{held: []authz.Delegation{
		{ID: "a", Item: "pension", Department: "social", State: authz.Proposed, ProposedAt: now},
		{ID: "b", Item: "gone", Department: "social", State: authz.Declined, DecidedBy: "clerk", DecidedAt: now},
		{ID: "c", Item: "pension", Department: "social", State: authz.Withdrawn, DecidedBy: "clerk", DecidedAt: now},
		{ID: "d", Item: "pension", Department: "social", State: authz.Active},
	}}
	records := recordsOf{fakeRecords: &fakeRecords{asking: true, mine: []binding.Binding{
		{ID: "r", Place: binding.Place{Department: "social", Kind: "insured"}, State: binding.Pending}, {ID: "x", Place: binding.Place{Department: "gone", Kind: "x"}},
	}}}
	w := newWorld(t)
	o := w.options(visittest.NewReception(t, visittest.Options(t, w.here)))
	o.Delegating = &Delegating{
		Delegations: held, Items: func() []authz.Item { return []authz.Item{{ID: "pension", Names: hub.Text{"en": "Pension"}}} },
		Owner: func(context.Context, hub.DepartmentID) hub.Text { return hub.Text{"en": "Social"} },
	}
	o.Records, o.Departments = records, records
	p := &Portal{o: o, v: o.Visit}
	s := session.Session{ID: visittest.Session, Account: visittest.Account}
	all, err := p.applications(t.Context(), s, theirs)
	if err != nil || len(all) != 4 {
		t.Fatalf("%d, %v", len(all), err)
	}
	want := []view.ApplicationState{view.ApplicationRecord, view.ApplicationWaits, view.ApplicationRefused, view.ApplicationGranted}
	for i, a := range all {
		if a.State != want[i] || a.Owner.In("en") == "" || (a.Names.In("en") == "") != (i == 2) {
			t.Errorf("%d: %+v", i, a)
		}
	}
	if !all[0].Record.Asking || !all[1].At.Equal(now) || !all[2].DecidedAt.Equal(now) {
		t.Errorf("%+v", all)
	}
	for kind, fails := range map[hub.Kind]bool{hub.Denied: false, hub.Suspended: false, hub.Unavailable: true} {
		records.err = hub.Errorf("x", kind, "no")
		p.o.Records = records
		if _, err := p.applications(t.Context(), s, theirs); errors.Is(err, kind) != fails {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
