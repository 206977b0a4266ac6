package api

import (
	"context"
	"net/http"
	"time"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// EntityStops are staff's acts on legal entities: entity.Service, whose comments name the errors. What ends something answers when it has ended.
type EntityStops interface {
	Find(ctx context.Context, by hub.AccountID, kind, number string) (entity.Entity, error)
	List(ctx context.Context, by hub.AccountID, after hub.EntityID, limit int) ([]entity.Entity, error)
	Look(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error)
	Suspend(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error
	Resume(ctx context.Context, by hub.AccountID, id hub.EntityID) error
	Close(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error
}

// Successions are staff's acts on who is an entity's master administrator: entity.Service.
type Successions interface {
	Succeed(ctx context.Context, by hub.AccountID, id hub.EntityID, successor, reason string) (bool, error)
	Drop(ctx context.Context, by hub.AccountID, id hub.EntityID) error
}

// shownEntity is a legal entity: what is public in law, and its state here.
type shownEntity struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind" doc:"of its number"`
	Number    string    `json:"number"`
	Names     wireText  `json:"names"`
	Status    string    `json:"status" enum:"active|suspended|closed"`
	Reason    string    `json:"reason,omitempty"`
	At        time.Time `json:"at"`
	ChangedAt time.Time `json:"changedAt"`
}

func showEntity(e entity.Entity) shownEntity {
	names := e.Names
	if names == nil {
		names = wireText{}
	}
	return shownEntity{string(e.ID), e.Number.Kind, e.Number.Value, names, string(e.Status), e.Reason, e.At, e.ChangedAt}
}

type entityList struct {
	Entities []shownEntity `json:"entities"`
	Next     string        `json:"next,omitempty"`
}

type shownMember struct {
	Seat     string    `json:"seat"`
	Account  string    `json:"account"`
	Role     string    `json:"role" enum:"master|operator"`
	Since    time.Time `json:"since"`
	Mandates int       `json:"mandates"`
}

// wholeEntity is one with who stands for it.
type wholeEntity struct {
	shownEntity
	Members     []shownMember `json:"members"`
	Invitations int           `json:"invitations" doc:"open ones"`
	Wish        *shownWish    `json:"wish,omitempty" doc:"the first of two pairs of eyes wants this"`
}

type shownWish struct {
	Successor string    `json:"successor,omitempty" doc:"seat"`
	Reason    string    `json:"reason"`
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

type entityNumber struct {
	Kind   string `json:"kind" max:"39"`
	Number string `json:"number" max:"60"`
}

// entityMove stops everybody who acts for an entity, lets them act again, or ends it for good.
type entityMove struct {
	To     string `json:"to" enum:"suspended|active|closed"`
	Reason string `json:"reason,omitempty" enum:"|dissolved|dispute|misuse|requested" doc:"left out for active"`
}

type succession struct {
	Successor string `json:"successor,omitempty" max:"39" doc:"seat of the operator who takes the place; left out for whoever proves next that they may"`
	Reason    string `json:"reason" enum:"removed|changed|misuse"`
}

type succeeded struct {
	Done bool `json:"done" doc:"false: a second person must want the same"`
}

func (a *API) entityRoutes() []route {
	read, stop := []permit.Act{permit.EntityRead}, []permit.Act{permit.EntityStop}
	return []route{
		{id: "listEntities", method: http.MethodGet, path: "/entities", summary: "Legal entities, by id; for persons", acts: read, list: true, out: entityList{}, status: http.StatusOK, do: a.listEntities},
		{id: "getEntity", method: http.MethodGet, path: "/entities/{entity}", summary: "A legal entity with who stands for it; the look is recorded; for persons", acts: read, out: wholeEntity{}, status: http.StatusOK, do: a.getEntity},
		{id: "moveEntity", method: http.MethodPost, path: "/entities/{entity}/moves", summary: "Stop everybody who acts for an entity, let them act again, or end it for good", acts: stop, in: entityMove{}, out: done{}, status: http.StatusOK, do: a.moveEntity},
		{id: "findEntity", method: http.MethodPost, path: "/entities/find", summary: "The entity of a registered number; for persons", acts: read, in: entityNumber{}, out: shownEntity{}, status: http.StatusOK, do: a.findEntity},
		{id: "succeedMaster", method: http.MethodPost, path: "/entities/{entity}/succession", summary: "End the master administrator's seat, and give it to an operator where one is named; where two pairs of eyes are wanted, the first only wishes it", acts: stop, in: succession{}, out: succeeded{}, status: http.StatusOK, do: a.succeedMaster},
		{id: "dropSuccession", method: http.MethodPost, path: "/entities/{entity}/succession/drop", summary: "Take such a wish back", acts: stop, out: done{}, status: http.StatusOK, do: a.dropSuccession},
	}
}

func (a *API) listEntities(ctx context.Context, c *call) (reply, error) {
	p, err := a.pageOf(c)
	if err != nil {
		return reply{}, err
	}
	if err := a.see(ctx, c, permit.EntityRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	all, err := a.o.EntityStops.List(ctx, c.person(), hub.EntityID(p.after), p.limit+1)
	if err != nil {
		return reply{}, err
	}
	out := entityList{Entities: []shownEntity{}}
	for i, e := range all {
		if i == p.limit {
			out.Next = a.next(c, p, true, string(all[i-1].ID))
			break
		}
		out.Entities = append(out.Entities, showEntity(e))
	}
	return reply{body: out}, nil
}

func (a *API) getEntity(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.EntityRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	o, err := a.o.EntityStops.Look(ctx, c.person(), hub.EntityID(c.path("entity")))
	if err != nil {
		return reply{}, err
	}
	out := wholeEntity{showEntity(o.Entity), []shownMember{}, len(o.Invitations), nil}
	for _, m := range o.Members {
		out.Members = append(out.Members, shownMember{m.Seat.ID, string(m.Seat.Account), string(m.Seat.Role), m.Seat.At, len(m.Mandates)})
	}
	if w := o.Wish; w.Entity != "" {
		out.Wish = &shownWish{w.Successor, w.Reason, string(w.By), w.At}
	}
	return reply{body: out}, nil
}

func (a *API) moveEntity(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.EntityRead, permit.EntityStop, staff.Place{}); err != nil {
		return reply{}, err
	}
	in, id := c.in.(*entityMove), hub.EntityID(c.path("entity"))
	switch entity.Status(in.To) {
	case entity.Suspended:
		return reply{body: done{true}}, a.o.EntityStops.Suspend(ctx, c.person(), id, in.Reason)
	case entity.Closed:
		return reply{body: done{true}}, a.o.EntityStops.Close(ctx, c.person(), id, in.Reason)
	}
	if in.Reason != "" {
		return reply{}, &faulty{hub.Invalid, []fault{{Path: "reason", Text: "must be left out"}}}
	}
	return reply{body: done{true}}, a.o.EntityStops.Resume(ctx, c.person(), id)
}

func (a *API) findEntity(ctx context.Context, c *call) (reply, error) {
	if err := a.see(ctx, c, permit.EntityRead, staff.Place{}); err != nil {
		return reply{}, err
	}
	in := c.in.(*entityNumber)
	e, err := a.o.EntityStops.Find(ctx, c.person(), in.Kind, in.Number)
	return reply{body: showEntity(e)}, err
}

func (a *API) succeedMaster(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.EntityRead, permit.EntityStop, staff.Place{}); err != nil {
		return reply{}, err
	}
	in := c.in.(*succession)
	ok, err := a.o.Successions.Succeed(ctx, c.person(), hub.EntityID(c.path("entity")), in.Successor, in.Reason)
	return reply{body: succeeded{ok}}, err
}

func (a *API) dropSuccession(ctx context.Context, c *call) (reply, error) {
	if err := a.may(ctx, c, permit.EntityRead, permit.EntityStop, staff.Place{}); err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Successions.Drop(ctx, c.person(), hub.EntityID(c.path("entity")))
}
