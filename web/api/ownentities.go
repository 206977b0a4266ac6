package api

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants/entity"
)

// Seats are who stands for an entity, as its master administrator keeps them: entity.Service, whose comments name the errors.
type Seats interface {
	Mine(ctx context.Context, account hub.AccountID) ([]entity.Membership, error)
	// Show gives an entity to its master administrator. NotFound for everybody else; Denied for an operator.
	Show(ctx context.Context, by hub.AccountID, id hub.EntityID) (entity.Overview, error)
	Invite(ctx context.Context, by hub.AccountID, id hub.EntityID, o entity.Order) (entity.Invitation, hub.Secret, error)
	TakeBack(ctx context.Context, by hub.AccountID, id hub.EntityID, invitation string) error
	Remove(ctx context.Context, by hub.AccountID, seat, reason string) error
}

// Mandates are where operators may act: entity.Service.
type Mandates interface {
	Give(ctx context.Context, by hub.AccountID, seat string, t entity.Term) error
	Withdraw(ctx context.Context, by hub.AccountID, mandate, reason string) error
}

// Hands are the items that an entity puts into its operators' hands: authz.Delegations.
type Hands interface {
	Of(ctx context.Context, by hub.AccountID, entity hub.EntityID, live bool, limit int) ([]authz.Delegation, error)
	Hand(ctx context.Context, by hub.AccountID, entity hub.EntityID, orders ...authz.Order) ([]authz.Delegation, error)
	Withdraw(ctx context.Context, by hub.AccountID, id string) (authz.Delegation, error)
}

// Grounds are the places and devices of an entity: authz.Registers.
type Grounds interface {
	AddPlace(ctx context.Context, by hub.AccountID, entity hub.EntityID, name string, networks []netip.Prefix) (authz.Place, error)
	Places(ctx context.Context, by hub.AccountID, entity hub.EntityID) ([]authz.Place, error)
	EndPlace(ctx context.Context, by hub.AccountID, entity hub.EntityID, id string) error
	Devices(ctx context.Context, by hub.AccountID, p authz.Party) ([]authz.Device, error)
	EndDevice(ctx context.Context, by hub.AccountID, p authz.Party, id string) error
}

// OwnEntities is what an entity's administrator does here as on the pages. All are required.
type OwnEntities struct {
	Seats    Seats
	Mandates Mandates
	Hands    Hands
	Grounds  Grounds
	// Items lists the catalogue.
	Items func() []authz.Item
	// Key gives the keyed hash of a person's number as people write it. Invalid.
	Key func(number string) (entity.PersonKey, error)
}

func (o OwnEntities) complete() bool {
	return o.Seats != nil && o.Mandates != nil && o.Hands != nil && o.Grounds != nil && o.Items != nil && o.Key != nil
}

type ownEntity struct {
	ID     string   `json:"id"`
	Names  wireText `json:"names"`
	Kind   string   `json:"kind" doc:"of its number"`
	Number string   `json:"number"`
	Status string   `json:"status" enum:"active|suspended|closed"`
}

type ownEntityList struct {
	Entities []ownEntity `json:"entities"`
}

type shownMandate struct {
	ID         string    `json:"id"`
	Department string    `json:"department,omitempty" doc:"left out: everywhere, the master administrator's own"`
	Systems    []string  `json:"systems,omitempty" doc:"none: all of the department"`
	From       time.Time `json:"from"`
	Until      time.Time `json:"until,omitzero"`
}

type shownSeat struct {
	ID       string         `json:"id"`
	Role     string         `json:"role" enum:"master|operator"`
	Label    string         `json:"label"`
	You      bool           `json:"you,omitempty"`
	Since    time.Time      `json:"since"`
	Mandates []shownMandate `json:"mandates"`
}

type offeredSeat struct {
	ID        string    `json:"id"`
	Role      string    `json:"role" enum:"master|operator"`
	Label     string    `json:"label"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// ownDesk is an entity as its master administrator sees it. Who sits where is told by the labels that the administrator has given.
type ownDesk struct {
	ownEntity
	Seats       []shownSeat   `json:"seats"`
	Invitations []offeredSeat `json:"invitations"`
}

type wireTerm struct {
	Department string    `json:"department" max:"39"`
	Systems    []string  `json:"systems,omitempty" max:"39" doc:"of the department; all where it is left out"`
	From       time.Time `json:"from,omitzero" doc:"now where it is left out"`
	Until      time.Time `json:"until"`
}

type seatOffer struct {
	Role     string     `json:"role" enum:"operator|master" doc:"master hands the role over: who takes it takes your place"`
	Label    string     `json:"label" max:"60" doc:"names a desk and never a person"`
	Person   string     `json:"person,omitempty" max:"30" doc:"citizen number of the only one who may take it; kept as a keyed hash"`
	Mandates []wireTerm `json:"mandates,omitempty"`
}

// newSeat is an invitation with its address, which is shown once.
type newSeat struct {
	Link       string      `json:"link" doc:"of one use: hand it over on a way that nobody else reads"`
	Invitation offeredSeat `json:"invitation"`
}

func (a *API) ownRoutes() []route {
	const at = "/my/entities/{entity}"
	get := func(id, path, summary string, out any, do func(context.Context, *call) (reply, error)) route {
		return route{id: id, method: http.MethodGet, path: path, summary: summary, own: true, out: out, status: http.StatusOK, do: do}
	}
	post := func(id, path, summary string, in, out any, do func(context.Context, *call) (reply, error)) route {
		return route{id: id, method: http.MethodPost, path: path, summary: summary, own: true, in: in, out: out, status: http.StatusOK, do: do}
	}
	add := func(id, path, summary string, in, out any, do func(context.Context, *call) (reply, error)) route {
		r := post(id, path, summary, in, out, do)
		r.status = http.StatusCreated
		return r
	}
	return []route{
		get("listOwnEntities", "/my/entities", "The legal entities that you are the master administrator of", ownEntityList{}, a.listOwnEntities),
		get("getOwnEntity", at, "One of them, with its seats, their mandates and open invitations", ownDesk{}, a.head(a.getOwnEntity)),
		add("inviteToEntity", at+"/invitations", "Offer a seat", seatOffer{}, newSeat{}, a.head(a.inviteToEntity)),
		post("takeBackSeat", at+"/invitations/{invitation}/take-back", "Close an open invitation", nil, done{}, a.head(a.takeBackSeat)),
		post("removeSeat", at+"/seats/{seat}/remove", "End an operator's seat with every mandate, at once and on open sessions", nil, done{}, a.head(a.removeSeat)),
		post("giveMandate", at+"/seats/{seat}/mandates", "Let an operator act at a department", wireTerm{}, done{}, a.head(a.giveMandate)),
		post("withdrawMandate", at+"/mandates/{mandate}/withdraw", "End a mandate, at once and on open sessions", nil, done{}, a.head(a.withdrawMandate)),
		get("listDelegableItems", at+"/items", "The service items that can be delegated", delegableList{}, a.head(a.listDelegable)),
		get("listDelegations", at+"/delegations", "What is delegated, or waits for a department's staff, the latest first", delegationList{}, a.head(a.listDelegations)),
		add("delegate", at+"/delegations", "Delegate items under the same terms, all or none; an exclusive one is handed over in the same moment, or when the department's staff has approved", delegationOrder{}, delegationList{}, a.head(a.delegate)),
		post("withdrawDelegation", at+"/delegations/{delegation}/withdraw", "Take an item back, at once and on open sessions; or a proposal", nil, done{}, a.head(a.withdrawDelegation)),
		get("listPlaces", at+"/places", "The registered places", placeList{}, a.head(a.listPlaces)),
		add("addPlace", at+"/places", "Register a place", newPlace{}, shownPlace{}, a.head(a.addPlace)),
		post("removePlace", at+"/places/{place}/remove", "Take a place out of the register, at once", nil, done{}, a.head(a.removePlace)),
		get("listDevices", at+"/devices", "The registered machines; one is registered on its own page, by itself", deviceList{}, a.head(a.listDevices)),
		post("removeDevice", at+"/devices/{device}/remove", "Take a machine out of the register, at once and in every session", nil, done{}, a.head(a.removeDevice)),
	}
}

// chair is an entity with its administrator, who calls.
type chair struct {
	by  hub.AccountID
	id  hub.EntityID
	all entity.Overview
}

// head makes the handler of an operation on an entity of the caller's. NotFound for everybody but its master administrator (invariant 10: an operator
// and a stranger hear the same as where there is no entity).
func (a *API) head(do func(ctx context.Context, c *call, h chair) (reply, error)) func(context.Context, *call) (reply, error) {
	return func(ctx context.Context, c *call) (reply, error) {
		h := chair{by: c.person(), id: hub.EntityID(c.path("entity"))}
		var err error
		if h.all, err = a.o.Own.Seats.Show(ctx, h.by, h.id); err != nil {
			if k := hub.KindOf(err); k == hub.Denied || k == hub.NotFound {
				err = hub.E("api.head", hub.NotFound, errUnseen)
			}
			return reply{}, err
		}
		return do(ctx, c, h)
	}
}

func missing(what string) error { return hub.Errorf("api.head", hub.NotFound, "no such "+what) }

func showOwn(e entity.Entity) ownEntity {
	names := e.Names
	if names == nil {
		names = wireText{}
	}
	return ownEntity{string(e.ID), names, e.Number.Kind, e.Number.Value, string(e.Status)}
}

func (a *API) listOwnEntities(ctx context.Context, c *call) (reply, error) {
	mine, err := a.o.Own.Seats.Mine(ctx, c.person())
	if err != nil {
		return reply{}, err
	}
	out := ownEntityList{Entities: []ownEntity{}}
	for _, m := range mine {
		if m.Seat.Role == entity.Master {
			out.Entities = append(out.Entities, showOwn(m.Entity))
		}
	}
	return reply{body: out}, nil
}

func showOffer(i entity.Invitation) offeredSeat {
	return offeredSeat{i.ID, string(i.Role), i.Label, i.ExpiresAt}
}

func (a *API) getOwnEntity(_ context.Context, _ *call, h chair) (reply, error) {
	out := ownDesk{ownEntity: showOwn(h.all.Entity), Seats: []shownSeat{}, Invitations: []offeredSeat{}}
	for _, m := range h.all.Members {
		s := shownSeat{m.Seat.ID, string(m.Seat.Role), m.Seat.Label, m.Seat.Account == h.by, m.Seat.At, []shownMandate{}}
		for _, x := range m.Mandates {
			s.Mandates = append(s.Mandates, shownMandate{x.ID, string(x.Department), texts(x.Systems), x.From, x.Until})
		}
		out.Seats = append(out.Seats, s)
	}
	for _, i := range h.all.Invitations {
		out.Invitations = append(out.Invitations, showOffer(i))
	}
	return reply{body: out}, nil
}

// term gives where and when somebody may act.
func (w wireTerm) term(now time.Time) entity.Term {
	t := entity.Term{Department: hub.DepartmentID(w.Department), Systems: namesOf[hub.SystemID](w.Systems), From: w.From.UTC().Truncate(time.Microsecond), Until: w.Until.UTC().Truncate(time.Microsecond)}
	if w.From.IsZero() {
		t.From = now
	}
	return t
}

// now is the time as the database keeps it.
func (a *API) now() time.Time { return a.o.Clock().UTC().Truncate(time.Microsecond) }

func (a *API) inviteToEntity(ctx context.Context, c *call, h chair) (reply, error) {
	in := c.in.(*seatOffer)
	o := entity.Order{Role: entity.Role(in.Role), Label: in.Label}
	for _, t := range in.Mandates {
		o.Terms = append(o.Terms, t.term(a.now()))
	}
	if in.Person != "" {
		var err error
		if o.Person, err = a.o.Own.Key(in.Person); err != nil {
			return reply{}, &faulty{hub.Invalid, []fault{{Path: "person", Text: "must be a citizen number"}}}
		}
	}
	i, secret, err := a.o.Own.Seats.Invite(ctx, h.by, h.id, o)
	if err != nil {
		return reply{}, err
	}
	return reply{body: newSeat{a.o.Issuer + "/act/" + secret.Reveal(), showOffer(i)}}, nil
}

func (a *API) takeBackSeat(ctx context.Context, c *call, h chair) (reply, error) {
	return reply{body: done{true}}, a.o.Own.Seats.TakeBack(ctx, h.by, h.id, c.path("invitation"))
}

// seat gives the seat of the path, where it is one of the entity.
func (h chair) seat(c *call) (entity.Seat, error) {
	for _, m := range h.all.Members {
		if m.Seat.ID == c.path("seat") {
			return m.Seat, nil
		}
	}
	return entity.Seat{}, missing("seat")
}

func (a *API) removeSeat(ctx context.Context, c *call, h chair) (reply, error) {
	s, err := h.seat(c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Own.Seats.Remove(ctx, h.by, s.ID, entity.Removed)
}

func (a *API) giveMandate(ctx context.Context, c *call, h chair) (reply, error) {
	s, err := h.seat(c)
	if err != nil {
		return reply{}, err
	}
	return reply{body: done{true}}, a.o.Own.Mandates.Give(ctx, h.by, s.ID, c.in.(*wireTerm).term(a.now()))
}

func (a *API) withdrawMandate(ctx context.Context, c *call, h chair) (reply, error) {
	for _, m := range h.all.Members {
		for _, x := range m.Mandates {
			if x.ID == c.path("mandate") {
				return reply{body: done{true}}, a.o.Own.Mandates.Withdraw(ctx, h.by, x.ID, entity.Removed)
			}
		}
	}
	return reply{}, missing("mandate")
}
