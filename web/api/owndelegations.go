package api

import (
	"context"
	"net/netip"
	"time"

	"onedoor/authz"
	"onedoor/hub"
)

// mostDelegated is how many delegations a list shows, as on the page.
const mostDelegated = 200

type delegableItem struct {
	ID         string   `json:"id"`
	Department string   `json:"department"`
	Names      wireText `json:"names"`
	Actions    []string `json:"actions"`
	Exclusive  bool     `json:"exclusive" doc:"one operator at a time: to delegate it takes it from whoever has it"`
	Approval   bool     `json:"approval" doc:"it counts when the department's staff has approved it"`
}

type delegableList struct {
	Items []delegableItem `json:"items"`
}

// delegationOrder is what an administrator wants an operator to have.
type delegationOrder struct {
	Items     []string   `json:"items" max:"39"`
	Seat      string     `json:"seat" max:"39" doc:"of the operator"`
	Exclusive bool       `json:"exclusive,omitempty" doc:"also where the item does not ask for it"`
	From      time.Time  `json:"from,omitzero" doc:"now where it is left out"`
	Until     time.Time  `json:"until,omitzero" doc:"left out: until it is withdrawn"`
	Places    []string   `json:"places,omitempty" max:"39" doc:"ids of registered places; none: anywhere"`
	Devices   []string   `json:"devices,omitempty" max:"39" doc:"ids of registered machines; none: any"`
	Hours     *wireHours `json:"hours,omitempty"`
}

type shownDelegation struct {
	ID         string     `json:"id"`
	Item       string     `json:"item"`
	Department string     `json:"department"`
	Seat       string     `json:"seat,omitempty" doc:"of the operator; left out where it has ended"`
	State      string     `json:"state" enum:"proposed|active" doc:"proposed: the department's staff has yet to approve it"`
	Exclusive  bool       `json:"exclusive"`
	From       time.Time  `json:"from"`
	Until      time.Time  `json:"until,omitzero"`
	Places     []string   `json:"places"`
	Devices    []string   `json:"devices"`
	Hours      *wireHours `json:"hours,omitempty"`
	At         time.Time  `json:"at"`
}

type delegationList struct {
	Delegations []shownDelegation `json:"delegations"`
}

type newPlace struct {
	Label    string   `json:"label" max:"60" doc:"names a place and never a person"`
	Networks []string `json:"networks" max:"64" doc:"as 192.0.2.0/24, as the hub sees them"`
}

type shownPlace struct {
	ID       string    `json:"id"`
	Label    string    `json:"label"`
	Networks []string  `json:"networks"`
	At       time.Time `json:"at"`
}

type placeList struct {
	Places []shownPlace `json:"places"`
}

type shownDevice struct {
	ID    string    `json:"id"`
	Label string    `json:"label"`
	At    time.Time `json:"at"`
}

type deviceList struct {
	Devices []shownDevice `json:"devices"`
}

func (a *API) listDelegable(_ context.Context, _ *call, _ chair) (reply, error) {
	out := delegableList{Items: []delegableItem{}}
	for _, i := range a.o.Own.Items() {
		if i.Demands.Entity == authz.ByDelegation && i.Status == authz.Offered {
			out.Items = append(out.Items, delegableItem{string(i.ID), string(i.Department), i.Names, texts(i.Actions), i.Demands.Exclusive, i.Demands.Approval})
		}
	}
	return reply{body: out}, nil
}

func (h chair) show(all []authz.Delegation) delegationList {
	seats := map[string]string{}
	for _, m := range h.all.Members {
		seats[string(m.Seat.Account)] = m.Seat.ID
	}
	out := delegationList{Delegations: []shownDelegation{}}
	for _, d := range all {
		out.Delegations = append(out.Delegations, shownDelegation{
			d.ID, string(d.Item), string(d.Department), seats[string(d.Operator)], string(d.State), d.Exclusive, d.From, d.Until, texts(d.Places), texts(d.Devices),
			showHours(d.Hours), d.ProposedAt,
		})
	}
	return out
}

func (a *API) listDelegations(ctx context.Context, _ *call, h chair) (reply, error) {
	all, err := a.o.Own.Hands.Of(ctx, h.by, h.id, true, mostDelegated)
	return reply{body: h.show(all)}, err
}

func (a *API) delegate(ctx context.Context, c *call, h chair) (reply, error) {
	const most = 50
	in := c.in.(*delegationOrder)
	var faults []fault
	o := authz.Order{Exclusive: in.Exclusive, From: in.From, Until: in.Until, Places: in.Places, Devices: in.Devices}
	for _, m := range h.all.Members {
		if m.Seat.ID == in.Seat && m.Seat.Live() {
			o.Operator = m.Seat.Account
		}
	}
	if o.Operator == "" {
		faults = append(faults, fault{Path: "seat", Text: "must be one of the entity's"})
	}
	if len(in.Items) == 0 || len(in.Items) > most {
		faults = append(faults, fault{Path: "items", Text: "must be 1 to 50"})
	}
	if in.Hours != nil {
		hours, wrong := in.Hours.hours("hours")
		o.Hours = hours
		for _, f := range wrong {
			faults = append(faults, fault{f.Path, f.Rule, f.Text})
		}
	}
	if len(faults) > 0 {
		return reply{}, &faulty{kind: hub.Invalid, faults: faults}
	}
	var orders []authz.Order
	for _, id := range in.Items {
		one := o
		one.Item = authz.ItemID(id)
		orders = append(orders, one)
	}
	all, err := a.o.Own.Hands.Hand(ctx, h.by, h.id, orders...)
	return reply{body: h.show(all)}, err
}

func (a *API) withdrawDelegation(ctx context.Context, c *call, h chair) (reply, error) {
	all, err := a.o.Own.Hands.Of(ctx, h.by, h.id, true, mostDelegated)
	if err != nil {
		return reply{}, err
	}
	for _, d := range all {
		if d.ID == c.path("delegation") {
			_, err := a.o.Own.Hands.Withdraw(ctx, h.by, d.ID)
			return reply{body: done{true}}, err
		}
	}
	return reply{}, missing("delegation")
}

func showGround(p authz.Place) shownPlace {
	s := shownPlace{p.ID, p.Label, []string{}, p.At}
	for _, n := range p.Networks {
		s.Networks = append(s.Networks, n.String())
	}
	return s
}

func (a *API) listPlaces(ctx context.Context, _ *call, h chair) (reply, error) {
	all, err := a.o.Own.Grounds.Places(ctx, h.by, h.id)
	out := placeList{Places: []shownPlace{}}
	for _, p := range all {
		out.Places = append(out.Places, showGround(p))
	}
	return reply{body: out}, err
}

func (a *API) addPlace(ctx context.Context, c *call, h chair) (reply, error) {
	in := c.in.(*newPlace)
	var networks []netip.Prefix
	for _, text := range in.Networks {
		n, err := netip.ParsePrefix(text)
		if err != nil {
			return reply{}, &faulty{kind: hub.Invalid, faults: []fault{{Path: "networks", Text: "must be networks as 192.0.2.0/24"}}}
		}
		networks = append(networks, n.Masked())
	}
	p, err := a.o.Own.Grounds.AddPlace(ctx, h.by, h.id, in.Label, networks)
	return reply{body: showGround(p)}, err
}

func (a *API) removePlace(ctx context.Context, c *call, h chair) (reply, error) {
	return reply{body: done{true}}, a.o.Own.Grounds.EndPlace(ctx, h.by, h.id, c.path("place"))
}

func (a *API) listDevices(ctx context.Context, _ *call, h chair) (reply, error) {
	all, err := a.o.Own.Grounds.Devices(ctx, h.by, authz.Party{Entity: h.id})
	out := deviceList{Devices: []shownDevice{}}
	for _, d := range all {
		out.Devices = append(out.Devices, shownDevice{d.ID, d.Label, d.At})
	}
	return reply{body: out}, err
}

func (a *API) removeDevice(ctx context.Context, c *call, h chair) (reply, error) {
	return reply{body: done{true}}, a.o.Own.Grounds.EndDevice(ctx, h.by, authz.Party{Entity: h.id}, c.path("device"))
}
