package app

import (
	"context"

	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/hub"
	"onedoor/hub/notice"
	"onedoor/hub/pairwise"
	"onedoor/hub/ssf"
	"onedoor/tenants"
	"onedoor/tenants/entity"
)

// recordSignals tells the systems of a department that have subscribed what became of a binding to one of its records.
type recordSignals struct {
	outbox  func() recordOutbox // which is laid later
	systems func() []tenants.System
}

type recordOutbox interface {
	Binding(ctx context.Context, m ssf.Binding) error
}

// Moved implements binding.Signals.
func (r recordSignals) Moved(ctx context.Context, b binding.Binding, by binding.Actor) error {
	m := ssf.Binding{
		ID: b.ID, Account: b.Owner.Account, Entity: b.Owner.Entity, Kind: string(b.Place.Kind), State: string(b.State), Reason: string(b.Reason),
		Way: string(b.Way), IAL: b.Level.IAL.String(), Sequence: b.Version, By: initiators[by.Kind], At: b.UpdatedAt, Interaction: hub.InteractionFrom(ctx),
	}
	for _, s := range r.systems() {
		if s.Department == b.Place.Department && s.Status == tenants.Live {
			m.Systems = append(m.Systems, s.ID)
		}
	}
	return r.outbox().Binding(ctx, m)
}

// initiators are CAEP's words for who has moved a binding (CAEP section 2).
var initiators = map[binding.ActorKind]string{
	binding.ByPerson: "user", binding.ByStaff: "admin", binding.ByRule: "policy", binding.ByDepartment: "system",
}

// recordNumbers gives security events the number that they do not rest with.
type recordNumbers struct {
	store   *bindingsql.Store
	numbers *binding.Numbers
}

// Number implements ssf.Numbers.
func (r recordNumbers) Number(ctx context.Context, id string) (string, error) {
	b, err := r.store.ByID(ctx, id)
	if err != nil {
		return "", err
	}
	return r.numbers.Open(b.Place, b.Record)
}

// entityNames gives how a system knows a legal entity: as its tokens name it.
type entityNames struct {
	names   *pairwise.Entities
	systems interface {
		System(ctx context.Context, id hub.SystemID) (tenants.System, error)
	}
}

// Entity implements ssf.Entities.
func (n entityNames) Entity(ctx context.Context, system hub.SystemID, id hub.EntityID) (string, error) {
	s, err := n.systems.System(ctx, system)
	if err != nil {
		return "", err
	}
	sector, _ := s.Sector()
	if sector == "" {
		return "", hub.Errorf("app.entityNames", hub.NotFound, "the system has no names for entities outside of SAML")
	}
	return n.names.Of(sector, id), nil
}

// recordPeople tells people what became of their records (AUD-09), and of those of an entity its master administrator.
type recordPeople struct {
	notices  *notice.Service
	entities *entity.Service
}

// Tell implements binding.People.
func (p recordPeople) Tell(ctx context.Context, o binding.Owner, was, is binding.State, by binding.Actor) error {
	account := o.Account
	if o.Entity != "" {
		var err error
		if account, err = p.entities.Head(ctx, o.Entity); err != nil || account == "" {
			return err
		}
	}
	kind := map[binding.State]notice.Kind{
		binding.Bound: notice.RecordBound, binding.Suspended: notice.RecordSuspended, binding.Unbound: notice.RecordUnbound,
	}[is]
	if is == binding.Bound && was == binding.Suspended {
		kind = notice.RecordResumed
	}
	channel := "desk"
	if by.Kind == binding.ByPerson {
		channel = "web"
	}
	return p.notices.Changed(ctx, account, kind, "", channel)
}
