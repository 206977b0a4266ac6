package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// Bindings knows bindings and ends them: binding.Service, whose comments name the errors.
type Bindings interface {
	ByID(ctx context.Context, id string) (binding.Binding, error)
	Named(ctx context.Context, p binding.Place, number string) (binding.Binding, error)
	Changes(ctx context.Context, id string) ([]binding.Change, error)
	Suspend(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error)
	Resume(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
	Unbind(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error)
	Decline(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error)
}

// shownBinding is a binding: ids and states, neither the person nor the number.
type shownBinding struct {
	ID          string    `json:"id"`
	Department  string    `json:"department"`
	Area        string    `json:"area,omitempty"`
	Kind        string    `json:"kind" doc:"of the record"`
	Holder      string    `json:"holder" enum:"person|entity"`
	Entity      string    `json:"entity,omitempty" doc:"whose record it is, as the department's match and notify endpoints know it"`
	State       string    `json:"state" enum:"pending|proposed|review|bound|suspended|unbound"`
	Reason      string    `json:"reason"`
	Wanted      string    `json:"wanted,omitempty" enum:"|bound|unbound" doc:"what a member of staff wants to become of it, waiting for a second one who wants the same"`
	WantedFor   string    `json:"wantedFor,omitempty" doc:"the reason"`
	Way         string    `json:"way,omitempty" enum:"|match|import|claim|counter"`
	Level       wireLevel `json:"level" doc:"that was proven when it was last confirmed"`
	CreatedAt   time.Time `json:"createdAt"`
	UpdatedAt   time.Time `json:"updatedAt"`
	BoundAt     time.Time `json:"boundAt,omitzero"`
	ConfirmedAt time.Time `json:"confirmedAt,omitzero"`
}

// showBinding names an entity as the department's own endpoints know it: by the entity's id two departments could compare whom they serve (invariant 3).
func (a *API) showBinding(b binding.Binding) shownBinding {
	entity := ""
	if b.Owner.Entity != "" {
		entity = a.o.Subject(b.Place.Department, b.Owner)
	}
	return shownBinding{
		b.ID, string(b.Place.Department), string(b.Area), string(b.Place.Kind), string(b.Owner.Holder()), entity, string(b.State), string(b.Reason),
		string(b.Wanted), string(b.WantedWhy), string(b.Way), levelOf(b.Level), b.CreatedAt, b.UpdatedAt, b.BoundAt, b.ConfirmedAt,
	}
}

// wholeBinding is one with what became of it.
type wholeBinding struct {
	shownBinding
	History []bindingChange `json:"history" doc:"the latest first"`
}

type bindingList struct {
	Bindings []shownBinding `json:"bindings"`
	Next     string         `json:"next,omitempty"`
}

type recordNumber struct {
	Kind   string `json:"kind" max:"39" doc:"of the record"`
	Number string `json:"number" max:"100" doc:"of the department's"`
}

// bindingMove suspends a binding, brings it back, or ends it.
type bindingMove struct {
	To     string `json:"to" enum:"suspended|bound|unbound"`
	Reason string `json:"reason" enum:"suspicious|wrong|deceased|merged|cleared|withdrawn|closed"`
}

func (a *API) bindingRoutes() []route {
	read, end := []permit.Act{permit.BindingRead}, []permit.Act{permit.BindingEnd}
	return []route{
		{id: "listUnsettledBindings", method: http.MethodGet, path: "/bindings/unsettled", summary: "Bindings that are out of service, or of which something is wanted that a second person must agree to, where you may end them; the longest first", acts: end, list: true, out: bindingList{}, status: http.StatusOK, do: a.listUnsettled},
		{id: "findBinding", method: http.MethodPost, path: "/departments/{department}/bindings/find", summary: "The binding that holds a record of the department, by its number, which no address carries; every search is counted and recorded", acts: read, in: recordNumber{}, out: shownBinding{}, status: http.StatusOK, do: a.findBinding, ahead: a.seekBinding},
		{id: "getBinding", method: http.MethodGet, path: "/bindings/{binding}", summary: "A binding with what became of it", acts: read, out: wholeBinding{}, status: http.StatusOK, do: a.getBinding},
		{id: "moveBinding", method: http.MethodPost, path: "/bindings/{binding}/moves", summary: "Suspend a binding, bring it back (cleared), or end it; where the kind of records asks for four eyes, the last two count when a second person has sent the same; answered when nothing rests on it any more", acts: end, in: bindingMove{}, out: shownBinding{}, status: http.StatusOK, do: a.moveBinding},
		{id: "declineBinding", method: http.MethodPost, path: "/bindings/{binding}/decline", summary: "Say no to what another member of staff wants to become of a binding, or take back what you want yourself", acts: end, out: shownBinding{}, status: http.StatusOK, do: a.declineBinding},
	}
}

func homeOf(b binding.Binding) staff.Place {
	return staff.Place{Department: b.Place.Department, Area: b.Area}
}

// bindingOf finds a binding where the caller may read.
func (a *API) bindingOf(ctx context.Context, c *call) (binding.Binding, error) {
	b, err := a.o.Bindings.ByID(ctx, c.path("binding"))
	if err != nil {
		return binding.Binding{}, err
	}
	return b, a.see(ctx, c, permit.BindingRead, homeOf(b))
}

func (a *API) listUnsettled(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	behind, err := p.behind()
	if err != nil {
		return reply{}, err
	}
	all, next, places, err := a.o.Queues.Unsettled(ctx, c.clerk(), behind, p.limit)
	switch {
	case err != nil:
		return reply{}, err
	case !places:
		return reply{}, hub.E("api.listUnsettled", hub.NotFound, errUnseen)
	}
	out := bindingList{Bindings: []shownBinding{}, Next: a.next(c, p, next.ID != "", placeIn(next))}
	for _, w := range all {
		out.Bindings = append(out.Bindings, a.showBinding(w.Binding))
	}
	return reply{body: out}, nil
}

// seekBinding lets through who may look for records there, and counts it. Whoever reads nowhere in the department is not told whether a number is one of its.
func (a *API) seekBinding(ctx context.Context, c *call) error {
	in, id := c.in.(*recordNumber), hub.DepartmentID(c.path("department"))
	if err := a.see(ctx, c, permit.BindingRead, staff.Place{Department: id}); err != nil && !a.readsIn(ctx, c, id) {
		return err
	}
	who := string(c.actor.Account)
	if who == "" {
		who = string(c.actor.System)
	}
	return a.o.Reviews.Seek(ctx, who, binding.Place{Department: id, Kind: tenants.RecordKindID(in.Kind)}, c.actor.Note(nil))
}

func (a *API) findBinding(ctx context.Context, c *call) (reply, error) {
	in, id := c.in.(*recordNumber), hub.DepartmentID(c.path("department"))
	b, err := a.o.Bindings.Named(ctx, binding.Place{Department: id, Kind: tenants.RecordKindID(in.Kind)}, in.Number)
	if err != nil {
		return reply{}, err
	}
	if err := a.see(ctx, c, permit.BindingRead, homeOf(b)); err != nil {
		return reply{}, err
	}
	return reply{body: a.showBinding(b)}, a.o.Audit.Record(ctx, audit.Event{
		Kind: "binding.found", Outcome: audit.Success, Account: b.Owner.Account, Channel: "api",
		Detail: c.actor.Note(map[string]string{"binding": b.ID, "department": string(id), "kind": in.Kind}),
	})
}

// readsIn reports whether the caller reads bindings in some area of a department.
func (a *API) readsIn(ctx context.Context, c *call, id hub.DepartmentID) bool {
	for _, p := range a.o.Permits.Where(ctx, c.subject, permit.BindingRead) {
		if p.Department == id {
			return true
		}
	}
	return false
}

func (a *API) getBinding(ctx context.Context, c *call) (reply, error) {
	b, err := a.bindingOf(ctx, c)
	if err != nil {
		return reply{}, err
	}
	all, err := a.o.Bindings.Changes(ctx, b.ID)
	return reply{body: wholeBinding{a.showBinding(b), a.showChanges(b.Place.Department, all)}}, err
}

func (a *API) moveBinding(ctx context.Context, c *call) (reply, error) {
	b, err := a.bindingOf(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if err := a.must(ctx, c, "api.moveBinding", permit.BindingEnd, homeOf(b)); err != nil {
		return reply{}, err
	}
	in := c.in.(*bindingMove)
	switch why := binding.Reason(in.Reason); binding.State(in.To) {
	case binding.Suspended:
		b, err = a.o.Bindings.Suspend(ctx, c.clerk(), b.ID, why)
	case binding.Bound:
		if why != binding.Cleared {
			return reply{}, &faulty{hub.Invalid, []fault{{Path: "reason", Text: "must be cleared"}}}
		}
		b, err = a.o.Bindings.Resume(ctx, c.clerk(), b.ID)
	default:
		b, err = a.o.Bindings.Unbind(ctx, c.clerk(), b.ID, why)
	}
	return reply{body: a.showBinding(b), settles: true}, err
}

func (a *API) declineBinding(ctx context.Context, c *call) (reply, error) {
	b, err := a.bindingOf(ctx, c)
	if err != nil {
		return reply{}, err
	}
	if err := a.o.Permits.May(ctx, c.subject, permit.BindingEnd, homeOf(b)).Err("api.declineBinding"); err != nil {
		return reply{}, err
	}
	b, err = a.o.Bindings.Decline(ctx, c.clerk(), b.ID)
	return reply{body: a.showBinding(b)}, err
}
