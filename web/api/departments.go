package api

import (
	"context"
	"net/http"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

type departmentList struct {
	Departments []shownDepartment `json:"departments"`
	Next        string            `json:"next,omitempty"`
}

// departmentMove suspends a department, or lets it take part again.
type departmentMove struct {
	Status string `json:"status" enum:"active|suspended"`
	Reason string `json:"reason" enum:"planned|incident|misuse|maintenance|tested|settled"`
}

func (a *API) departmentRoutes() []route {
	read, put := []permit.Act{permit.DepartmentRead}, []permit.Act{permit.DepartmentAdd, permit.DepartmentPut}
	return []route{
		{id: "listDepartments", method: http.MethodGet, path: "/departments", summary: "Departments that you may see, by id", acts: read, list: true, out: departmentList{}, status: http.StatusOK, do: a.listDepartments},
		{id: "getDepartment", method: http.MethodGet, path: "/departments/{department}", summary: "A department", acts: read, out: shownDepartment{}, status: http.StatusOK, matches: true, do: a.getDepartment},
		{id: "putDepartment", method: http.MethodPut, path: "/departments/{department}", summary: "Add or replace a department", acts: put, in: wireDepartment{}, out: shownDepartment{}, status: http.StatusOK, matches: true, wide: true, do: a.putDepartment},
		{id: "moveDepartment", method: http.MethodPost, path: "/departments/{department}/moves", summary: "Suspend a department with all it has, or end that", acts: []permit.Act{permit.DepartmentStop}, in: departmentMove{}, out: shownDepartment{}, status: http.StatusOK, do: a.moveDepartment},
	}
}

// places lists where the caller may do the act; the zero place is everywhere.
func (a *API) covers(ctx context.Context, c *call, act permit.Act) func(staff.Place) bool {
	all := a.o.Permits.Where(ctx, c.subject, act)
	return func(place staff.Place) bool {
		for _, p := range all {
			if p.Covers(place, a.o.Places) {
				return true
			}
		}
		return false
	}
}

func (a *API) listDepartments(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	all, err := a.o.Register.Departments(ctx)
	if err != nil {
		return reply{}, err
	}
	out := departmentList{Departments: []shownDepartment{}}
	covers := a.covers(ctx, c, permit.DepartmentRead)
	for _, d := range all {
		if string(d.ID) <= p.after || !covers(staff.Place{Department: d.ID}) {
			continue
		}
		if len(out.Departments) == p.limit {
			out.Next = a.next(c, p, true, out.Departments[p.limit-1].ID)
			break
		}
		out.Departments = append(out.Departments, showDepartment(d))
	}
	return reply{body: out}, nil
}

func (a *API) getDepartment(ctx context.Context, c *call) (reply, error) {
	id := hub.DepartmentID(c.path("department"))
	if err := a.see(ctx, c, permit.DepartmentRead, staff.Place{Department: id}); err != nil {
		return reply{}, err
	}
	d, err := a.o.Register.Department(ctx, id)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showDepartment(d), etag: etag(d.Version)}, nil
}

func (a *API) putDepartment(ctx context.Context, c *call) (reply, error) {
	id := hub.DepartmentID(c.path("department"))
	version, err := c.version()
	if err != nil {
		return reply{}, err
	}
	if version != 0 {
		if err := a.may(ctx, c, permit.DepartmentRead, permit.DepartmentPut, staff.Place{Department: id}); err != nil {
			return reply{}, err
		}
		d, err := a.o.Register.Department(ctx, id)
		if err != nil {
			return reply{}, err
		}
		if err := matching(version, d.Version); err != nil {
			return reply{}, err
		}
	}
	d, err := a.o.Register.PutDepartment(ctx, c.actor, c.in.(*wireDepartment).department(id), version)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showDepartment(d), etag: etag(d.Version)}, nil
}

func (a *API) moveDepartment(ctx context.Context, c *call) (reply, error) {
	in, id := c.in.(*departmentMove), hub.DepartmentID(c.path("department"))
	if err := a.see(ctx, c, permit.DepartmentRead, staff.Place{Department: id}); err != nil {
		return reply{}, err
	}
	d, err := a.o.Register.StopDepartment(ctx, c.actor, id, tenants.DepartmentStatus(in.Status), in.Reason)
	if err != nil {
		return reply{}, err
	}
	return reply{body: showDepartment(d), settles: !d.Active()}, nil
}
