package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz"
	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/staff"
)

// Openings are what persons ask a department's staff to open for them: authz.Openings, whose comments name the errors.
type Openings interface {
	Waiting(ctx context.Context, by hub.AccountID, department hub.DepartmentID, limit int) ([]authz.Opening, error)
	Approve(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error)
	Refuse(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error)
}

// Delegations are what entities ask for their operators: authz.Delegations, whose comments name the errors.
type Delegations interface {
	Waiting(ctx context.Context, by hub.AccountID, department hub.DepartmentID, limit int) ([]authz.Delegation, error)
	Approve(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
	Refuse(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
	Revoke(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
}

// applicationList is what waits for a department's staff (RAZ-06). Who asks has, as in the department's record, a name that no other knows.
type applicationList struct {
	Openings    []waitingOpening    `json:"openings"`
	Delegations []waitingDelegation `json:"delegations"`
}

type waitingOpening struct {
	ID     string    `json:"id"`
	Item   string    `json:"item"`
	Person string    `json:"person"`
	At     time.Time `json:"at"`
}

// waitingDelegation is the whole application: what is agreed to is what is shown.
type waitingDelegation struct {
	ID        string     `json:"id"`
	Item      string     `json:"item"`
	Entity    wireText   `json:"entity" doc:"its registered names"`
	Operator  string     `json:"operator"`
	Exclusive bool       `json:"exclusive"`
	From      time.Time  `json:"from"`
	Until     string     `json:"until,omitempty" doc:"a time; left out: until it is withdrawn"`
	Places    []string   `json:"places" doc:"what the entity calls them; none: anywhere"`
	Devices   []string   `json:"devices"`
	Hours     *wireHours `json:"hours,omitempty"`
	At        time.Time  `json:"at"`
}

// decidedApplication is where an application stands now.
type decidedApplication struct {
	ID    string `json:"id"`
	State string `json:"state" enum:"open|refused|active|withdrawn"`
}

func (a *API) applicationRoutes() []route {
	approve := []permit.Act{permit.GrantApprove}
	const at = "/departments/{department}"
	opening, delegation := at+"/applications/openings/{opening}", at+"/applications/delegations/{delegation}"
	return []route{
		{id: "listApplications", method: http.MethodGet, path: at + "/applications", summary: "What persons and entities ask the department's staff to approve, the oldest first", acts: []permit.Act{permit.GrantRead, permit.GrantApprove}, out: applicationList{}, status: http.StatusOK, do: a.listApplications},
		{id: "approveOpening", method: http.MethodPost, path: opening + "/approve", summary: "Open an item to the person who asked; never one's own", acts: approve, out: decidedApplication{}, status: http.StatusOK, do: a.onOpening(func(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error) {
			return a.o.Openings.Approve(ctx, by, id)
		})},
		{id: "refuseOpening", method: http.MethodPost, path: opening + "/refuse", summary: "Say no to a person who asked", acts: approve, out: decidedApplication{}, status: http.StatusOK, do: a.onOpening(func(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error) {
			return a.o.Openings.Refuse(ctx, by, id)
		})},
		{id: "approveDelegation", method: http.MethodPost, path: delegation + "/approve", summary: "Agree to a delegation: whoever had an exclusive item has it no more", acts: approve, out: decidedApplication{}, status: http.StatusOK, do: a.onDelegation(permit.GrantApprove, func(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
			return a.o.Delegations.Approve(ctx, by, id)
		})},
		{id: "refuseDelegation", method: http.MethodPost, path: delegation + "/refuse", summary: "Say no to a delegation", acts: approve, out: decidedApplication{}, status: http.StatusOK, do: a.onDelegation(permit.GrantApprove, func(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
			return a.o.Delegations.Refuse(ctx, by, id)
		})},
		{id: "revokeDelegation", method: http.MethodPost, path: at + "/delegations/{delegation}/revoke", summary: "End a delegation of an item of the department, at once and on open sessions", acts: []permit.Act{permit.GrantRevoke}, out: decidedApplication{}, status: http.StatusOK, do: a.onDelegation(permit.GrantRevoke, func(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error) {
			return a.o.Delegations.Revoke(ctx, by, id)
		})},
	}
}

// grants refuses whoever may not see what is granted at the department of the path, or may not do the act there.
func (a *API) grants(ctx context.Context, c *call, act permit.Act) (hub.DepartmentID, error) {
	id := hub.DepartmentID(c.path("department"))
	return id, a.may(ctx, c, permit.GrantRead, act, staff.Place{Department: id})
}

func (a *API) listApplications(ctx context.Context, c *call) (reply, error) {
	department, err := a.grants(ctx, c, permit.GrantApprove)
	if err != nil {
		return reply{}, err
	}
	out := applicationList{Openings: []waitingOpening{}, Delegations: []waitingDelegation{}}
	asked, err := a.o.Openings.Waiting(ctx, c.person(), department, mostLimit)
	if err != nil {
		return reply{}, err
	}
	for _, o := range asked {
		out.Openings = append(out.Openings, waitingOpening{o.ID, string(o.Item), a.o.Alias(department, o.Account), o.At})
	}
	proposed, err := a.o.Delegations.Waiting(ctx, c.person(), department, mostLimit)
	if err != nil {
		return reply{}, err
	}
	for _, d := range proposed {
		names, labels, err := a.o.Party(ctx, d.Entity)
		if err != nil {
			return reply{}, err
		}
		x := waitingDelegation{
			ID: d.ID, Item: string(d.Item), Entity: names, Operator: a.o.Alias(department, d.Operator), Exclusive: d.Exclusive, From: d.From,
			Places: []string{}, Devices: []string{}, Hours: showHours(d.Hours), At: d.ProposedAt,
		}
		if names == nil {
			x.Entity = wireText{}
		}
		if !d.Until.IsZero() {
			x.Until = d.Until.UTC().Format(time.RFC3339)
		}
		for _, id := range d.Places {
			x.Places = append(x.Places, labels[id])
		}
		for _, id := range d.Devices {
			x.Devices = append(x.Devices, labels[id])
		}
		out.Delegations = append(out.Delegations, x)
	}
	return reply{body: out}, nil
}

// onOpening decides on what a person asks for. The room itself sees to whose it is, and answers when no node decides by what was before.
func (a *API) onOpening(do func(ctx context.Context, by hub.AccountID, id string) (authz.Opening, error)) func(context.Context, *call) (reply, error) {
	return func(ctx context.Context, c *call) (reply, error) {
		if _, err := a.grants(ctx, c, permit.GrantApprove); err != nil {
			return reply{}, err
		}
		o, err := do(ctx, c.person(), c.path("opening"))
		return reply{body: decidedApplication{o.ID, string(o.State)}}, err
	}
}

// onDelegation is the same for what an entity asks for, or has.
func (a *API) onDelegation(act permit.Act, do func(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)) func(context.Context, *call) (reply, error) {
	return func(ctx context.Context, c *call) (reply, error) {
		if _, err := a.grants(ctx, c, act); err != nil {
			return reply{}, err
		}
		d, err := do(ctx, c.person(), c.path("delegation"))
		return reply{body: decidedApplication{d.ID, string(d.State)}}, err
	}
}
