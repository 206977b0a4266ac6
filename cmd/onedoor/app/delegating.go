package app

import (
	"context"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants/staff"
	"onedoor/web/console"
	"onedoor/web/portal"
)

// officeZone is the one of days and times that people type: Thailand's.
const officeZone = "Asia/Bangkok"

// delegating is what the pages need on which entities put services into operators' hands.
func (h *Hub) delegating() *portal.Delegating {
	return &portal.Delegating{
		Delegations: h.authz.delegations, Places: h.authz.registers, Items: h.authz.catalogue.Items, Overview: h.entities.Show, Zone: officeZone,
		Owner: func(ctx context.Context, id hub.DepartmentID) hub.Text {
			owner, _ := h.places(ctx, staff.Place{Department: id})
			return owner
		},
	}
}

// applications is what the page needs on which a department's staff decides about services.
func (h *Hub) applications() *console.Applications {
	return &console.Applications{
		Openings: h.authz.openings, Delegations: h.authz.delegations, Item: h.authz.catalogue.Item,
		Entity: func(ctx context.Context, id hub.EntityID) hub.Text {
			e, err := h.entities.Entity(ctx, id)
			if err != nil {
				return nil
			}
			return e.Names
		},
		Labels: h.labels,
	}
}

// labels name the places and devices of an entity by their ids.
func (h *Hub) labels(ctx context.Context, id hub.EntityID) (map[string]string, error) {
	out := map[string]string{}
	places, err := h.authz.store.Places(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		out[p.ID] = p.Label
	}
	devices, err := h.authz.store.Devices(ctx, authz.Party{Entity: id})
	for _, d := range devices {
		out[d.ID] = d.Label
	}
	return out, err
}

// party names an entity and what it has registered.
func (h *Hub) party(ctx context.Context, id hub.EntityID) (hub.Text, map[string]string, error) {
	labels, err := h.labels(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	e, err := h.entities.Entity(ctx, id)
	if hub.KindOf(err) == hub.NotFound {
		return nil, labels, nil
	}
	return e.Names, labels, err
}
