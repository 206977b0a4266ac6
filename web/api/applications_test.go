package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/tenants/staff"
)

// opened and handed play what waits at the revenue department: one of each. Each refuses who is no person, as the real ones do.
type (
	opened struct{ w *world }
	handed struct{ w *world }
)

func (o opened) Waiting(_ context.Context, by hub.AccountID, _ hub.DepartmentID, _ int) ([]authz.Opening, error) {
	return []authz.Opening{{ID: caseID, Item: "refund", Account: personID, At: hubtest.Noon()}}, personal(by)
}

func (o opened) decide(by hub.AccountID, id string, to authz.OpeningState) (authz.Opening, error) {
	if id != caseID {
		return authz.Opening{}, hub.Errorf("opened", hub.NotFound, "no application")
	}
	return authz.Opening{ID: id, State: to}, personal(by)
}

func (o opened) Approve(_ context.Context, by hub.AccountID, id string) (authz.Opening, error) {
	return o.decide(by, id, authz.Open)
}

func (o opened) Refuse(_ context.Context, by hub.AccountID, id string) (authz.Opening, error) {
	return o.decide(by, id, authz.Refused)
}

func (handed) Waiting(_ context.Context, by hub.AccountID, _ hub.DepartmentID, _ int) ([]authz.Delegation, error) {
	return []authz.Delegation{{
		ID: caseID, Item: "refund", Entity: "mill", Operator: personID, Exclusive: true, From: hubtest.Noon(), Until: hubtest.Noon().AddDate(0, 1, 0),
		Places: []string{"p"}, ProposedAt: hubtest.Noon(), Hours: authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: authz.EveryDay, From: 480, To: 1020}}},
	}}, personal(by)
}

func (handed) decide(by hub.AccountID, id string, to authz.DelegationState) (authz.Delegation, error) {
	if id != caseID {
		return authz.Delegation{}, hub.Errorf("handed", hub.NotFound, "no application")
	}
	return authz.Delegation{ID: id, State: to}, personal(by)
}

func (h handed) Approve(_ context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
	return h.decide(by, id, authz.Active)
}

func (h handed) Refuse(_ context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
	return h.decide(by, id, authz.Declined)
}

func (h handed) Revoke(_ context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
	return h.decide(by, id, authz.Withdrawn)
}

// RAZ-06: what is agreed to is shown as a whole, without the account of anybody; no program decides, and whoever only reads does not.
func TestRAZ06_ApplicationsByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqltest.SQLite(t))
	w.hire("clerk", staff.Reviewer, staff.Place{Department: "revenue"})
	w.hire("chief", staff.DepartmentAdministrator, staff.Place{Department: "revenue"})
	g := w.good(http.StatusOK, ask{as: "clerk", method: "GET", path: "/departments/revenue/applications"})
	for _, part := range []string{`"entity":{"en":"Mill"`, `"places":["Office"]`, `"exclusive":true`, `"from":"08:00","to":"17:00"`, `"until":"2026-04-02T12:00:00Z"`, `"person":"revenue-aaaa"`} {
		if !strings.Contains(g.body, part) {
			t.Errorf("%s is not in %s", part, g.body)
		}
	}
	if strings.Contains(g.body, personID) {
		t.Error("an account is shown")
	}
	decide := func(as, what string) ask {
		return ask{as: as, method: "POST", path: "/departments/revenue/" + what}
	}
	for what, state := range map[string]string{
		"applications/openings/" + caseID + "/approve": "open", "applications/openings/" + caseID + "/refuse": "refused",
		"applications/delegations/" + caseID + "/approve": "active", "applications/delegations/" + caseID + "/refuse": "refused",
		"delegations/" + caseID + "/revoke": "withdrawn",
	} {
		if g := w.good(http.StatusOK, decide("clerk", what)); g.text("state") != state {
			t.Errorf("%s: %s", what, g.body)
		}
		w.good(http.StatusNotFound, decide("clerk", strings.Replace(what, caseID, personID, 1)))
		if state == "withdrawn" {
			w.good(http.StatusOK, decide("chief", what))
		} else {
			w.good(http.StatusForbidden, decide("chief", what))
		}
	}
}
