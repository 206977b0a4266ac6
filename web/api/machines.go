package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/staff"
)

type machineRight struct {
	System string `json:"system" max:"39" doc:"registered with the scopes admin.read or admin.write"`
	Role   string `json:"role" enum:"platform_administrator|platform_auditor|department_administrator|reviewer|auditor|help_desk"`
	wirePlace
}

type shownRight struct {
	ID string `json:"id"`
	machineRight
	GivenBy string    `json:"givenBy,omitempty"`
	At      time.Time `json:"at"`
}

type rightList struct {
	Rights []shownRight `json:"rights"`
	Next   string       `json:"next,omitempty"`
}

func (a *API) machineRoutes() []route {
	give := []permit.Act{permit.MachineGrant}
	return []route{
		{id: "listMachineRights", method: http.MethodGet, path: "/machines/rights", summary: "What programs may do by themselves, by id of the right", acts: []permit.Act{permit.MachineRead}, list: true, out: rightList{}, status: http.StatusOK, do: a.listRights},
		{id: "giveMachineRight", method: http.MethodPost, path: "/machines/rights", summary: "Let a system act by itself", acts: give, in: machineRight{}, out: shownRight{}, status: http.StatusCreated, do: a.giveRight},
		{id: "endMachineRight", method: http.MethodPost, path: "/machines/rights/{right}/end", summary: "End a right, at once", acts: give, out: done{}, status: http.StatusOK, do: a.endRight},
	}
}

func showRight(r staff.Right) shownRight {
	return shownRight{r.ID, machineRight{string(r.System), string(r.Role), showPlace(r.Place)}, string(r.GivenBy), r.At}
}

func (a *API) listRights(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	if err := a.see(ctx, c, permit.MachineRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	all, err := a.o.Machines.All(ctx, p.after, p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out := rightList{Rights: []shownRight{}}
	for i, r := range all {
		if i == p.limit {
			out.Next = a.next(c, p, true, all[i-1].ID)
			break
		}
		out.Rights = append(out.Rights, showRight(r))
	}
	return reply{body: out}, nil
}

func (a *API) giveRight(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.MachineRead, permit.MachineGrant, staff.Place{}); err != nil {
		return reply{}, err
	}
	in := c.in.(*machineRight)
	r, err := a.o.Machines.Give(ctx, c.actor, hub.SystemID(in.System), staff.Role(in.Role), in.place())
	return reply{body: showRight(r)}, err
}

func (a *API) endRight(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.MachineRead, permit.MachineGrant, staff.Place{}); err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Machines.End(ctx, c.actor, c.path("right"))
}
