package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/tenants"
)

type rejection struct {
	Reason string `json:"reason" max:"39"`
}

type question struct {
	Attribute string `json:"attribute" max:"39" doc:"one of the kind's further attributes"`
}

type naming struct {
	Number string `json:"number" max:"100" doc:"of the department's record"`
}

type counterCode struct {
	Sitting string `json:"sitting" max:"20" doc:"its number"`
	Code    string `json:"code" max:"20" doc:"as it stands on the person's phone"`
}

type shownSitting struct {
	Number string    `json:"number" doc:"which the person opens, at /me/counter/{number}"`
	Until  time.Time `json:"until"`
}

type reassignment struct {
	Area string `json:"area" max:"39" doc:"of the department; empty for all of it"`
}

// bindingChange is one line of a binding's history.
type bindingChange struct {
	At     time.Time `json:"at"`
	Was    string    `json:"was,omitempty"`
	Became string    `json:"became"`
	Reason string    `json:"reason"`
	Way    string    `json:"way,omitempty"`
	Level  wireLevel `json:"level"`
	Actor  string    `json:"actor" enum:"person|staff|rule|department"`
	By     string    `json:"by,omitempty" doc:"the member of staff, under the name that the department's record has"`
}

func (a *API) showChanges(department hub.DepartmentID, all []binding.Change) []bindingChange {
	out := []bindingChange{}
	for _, x := range all {
		c := bindingChange{x.At, string(x.Was), string(x.Became), string(x.Reason), string(x.Way), levelOf(x.Level), string(x.By.Kind), ""}
		if x.By.Kind == binding.ByStaff { // a person is not named to a department: they have another name there
			c.By = a.o.Alias(department, x.By.Account)
		}
		out = append(out, c)
	}
	return out
}

// shownCase is a case with what a clerk can do about it.
type shownCase struct {
	shownReview
	Until      time.Time       `json:"until,omitzero" doc:"you have it open until then"`
	Other      bool            `json:"other" doc:"another clerk has it open"`
	Own        bool            `json:"own" doc:"it is about your own record: nobody decides about that"`
	Conflict   string          `json:"conflict,omitempty" doc:"the binding that has the record"`
	Evidence   bool            `json:"evidence" doc:"what the person has shown is on the desk's page"`
	FourEyes   bool            `json:"fourEyes"`
	Attributes []string        `json:"attributes" doc:"further ones that can be asked for"`
	Reasons    []string        `json:"reasons" doc:"for which it can be sent back"`
	Areas      []string        `json:"areas" doc:"that it can be given to"`
	History    []bindingChange `json:"history" doc:"the latest first"`
}

func (a *API) caseRoutes() []route {
	review := []permit.Act{permit.BindingReview}
	one := func(id, path, summary string, in any, acts []permit.Act, do func(ctx context.Context, c *call) (binding.Binding, error)) route {
		return route{
			id: id, method: http.MethodPost, path: "/reviews" + path, summary: summary, acts: acts, in: in, out: shownReview{}, status: http.StatusOK,
			do: func(ctx context.Context, c *call) (reply, error) {
				b, err := do(ctx, c)
				if err == nil && id != "reassignReview" { // which is elsewhere now
					c.rests(homeOf(b), acts...) // the desk has asked for one of them
				}
				return reply{body: c.showReview(b)}, err
			},
		}
	}
	counter := one("counterReview", "/counter", "Take up the case of somebody who stands at the counter, in a sitting of yours, by the code on their phone", counterCode{}, []permit.Act{permit.BindingCounter}, func(ctx context.Context, c *call) (binding.Binding, error) {
		in := c.in.(*counterCode)
		return a.o.Counter.Serve(ctx, c.clerk(), in.Sitting, in.Code)
	})
	counter.ahead = func(ctx context.Context, c *call) error {
		return a.o.Counter.Try(ctx, c.clerk(), c.in.(*counterCode).Sitting)
	}
	return []route{
		counter,
		{id: "openSitting", method: http.MethodPost, path: "/departments/{department}/sittings", summary: "Begin to serve somebody at a counter of the department; it ends your sitting before", acts: []permit.Act{permit.BindingCounter}, out: shownSitting{}, status: http.StatusOK, do: a.openSitting},
		{id: "getReview", method: http.MethodGet, path: "/reviews/{binding}", summary: "A case: states, what became of it, what can be done", acts: review, out: shownCase{}, status: http.StatusOK, do: a.getReview},
		one("takeReview", "/{binding}/take", "Take a case up, so that nobody else does", nil, review, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Reviews.Take(ctx, c.clerk(), c.path("binding"))
		}),
		one("releaseReview", "/{binding}/release", "Give a case back", nil, review, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Reviews.Release(ctx, c.clerk(), c.path("binding"))
		}),
		one("reassignReview", "/{binding}/area", "Give a case to another part of the department; it is decided there from the beginning", reassignment{}, review, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Reviews.Reassign(ctx, c.clerk(), c.path("binding"), tenants.AreaID(c.in.(*reassignment).Area))
		}),
		one("nameReview", "/{binding}/name", "Say which record it is, of a case that you have", naming{}, []permit.Act{permit.BindingReview, permit.BindingCounter}, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Decisions.Name(ctx, c.clerk(), c.path("binding"), c.in.(*naming).Number)
		}),
		one("askReview", "/{binding}/ask", "Send a case back with the question for one further attribute", question{}, review, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Decisions.AskFor(ctx, c.clerk(), c.path("binding"), c.in.(*question).Attribute)
		}),
		one("approveReview", "/{binding}/approve", "Bind, or be the first of two pairs of eyes", nil, []permit.Act{permit.BindingReview, permit.BindingApprove}, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Decisions.Approve(ctx, c.clerk(), c.path("binding"))
		}),
		one("rejectReview", "/{binding}/reject", "Send a case back, for a reason", rejection{}, review, func(ctx context.Context, c *call) (binding.Binding, error) {
			return a.o.Decisions.Reject(ctx, c.clerk(), c.path("binding"), binding.Reason(c.in.(*rejection).Reason))
		}),
	}
}

func (a *API) openSitting(ctx context.Context, c *call) (reply, error) {
	number, until, err := a.o.Counter.Sit(ctx, c.clerk(), hub.DepartmentID(c.path("department")))
	return reply{body: shownSitting{number, until}}, err
}

func (a *API) getReview(ctx context.Context, c *call) (reply, error) {
	x, err := a.o.Reviews.Describe(ctx, c.clerk(), c.path("binding"))
	if err != nil {
		return reply{}, err
	}
	out := shownCase{
		shownReview: c.showReview(x.Binding), Other: x.Other, Own: x.Own, Conflict: x.Conflict, Evidence: x.Evidence, FourEyes: x.Records.FourEyes,
		Attributes: []string{}, Reasons: texts(binding.Reasons(binding.Pending)), Areas: []string{}, History: a.showChanges(x.Place.Department, x.History),
	}
	if x.Mine {
		out.Until = x.ReviewedUntil
	}
	for _, e := range x.Records.Extra {
		out.Attributes = append(out.Attributes, e.ID)
	}
	for _, area := range x.Areas {
		out.Areas = append(out.Areas, string(area.ID))
	}
	return reply{body: out}, nil
}
