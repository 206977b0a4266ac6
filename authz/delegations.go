package authz

import (
	"context"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Offices knows who speaks for an entity.
type Offices interface {
	// Administers refuses whoever does not administer the entity. Denied, Suspended, Unavailable.
	Administers(ctx context.Context, by hub.AccountID, entity hub.EntityID) error
	// Mandates lists what an operator may do for an entity.
	Mandates(ctx context.Context, p Party) ([]Mandate, error)
}

// DelegationOptions are what Delegations is made of. All are required.
type DelegationOptions struct {
	Store     DelegationStore
	Registers RegisterStore
	Catalogue *Catalogue
	Offices   Offices
	Desk      Desk
	Audit     audit.Recorder
	Tx        Transactor
	Clock     hub.Clock
	Random    io.Reader
	// Lease is how long after a commit a node may still decide by what was before (Memory.AnswerDelay).
	Lease time.Duration
	// Settle returns when that has passed since the commit of the change, and the time beside.
	Settle func(ctx context.Context, beside time.Duration)
}

// commitTime is what a hand-over allows for its own commit, and for clocks of nodes that run apart: an exclusive item that is taken from one operator
// is the next one's when the lease has run out since the latest time at which the commit can have been, and the answer waits for that too. So nobody
// ever sees it in two hands, at whichever nodes they ask, nor in none once the hand-over has been confirmed (invariant 5).
const commitTime = 250 * time.Millisecond

// Delegations puts items of an entity into the hands of its operators (RAZ-03, RAZ-04, ENT-04).
type Delegations struct{ o DelegationOptions }

// NewDelegations checks the options. Invalid where one is missing.
func NewDelegations(o DelegationOptions) (*Delegations, error) {
	if o.Store == nil || o.Registers == nil || o.Catalogue == nil || o.Offices == nil || o.Desk == nil || o.Audit == nil || o.Tx == nil ||
		o.Clock == nil || o.Random == nil || o.Settle == nil || o.Lease <= 0 {
		return nil, hub.Errorf("authz.NewDelegations", hub.Invalid, "an option is missing")
	}
	return &Delegations{o}, nil
}

func (s *Delegations) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

func (s *Delegations) moment() Moment { return Moment{Clock: s.o.Clock, Lag: s.o.Lease + commitTime} }

// Order is what an administrator wants an operator to have.
type Order struct {
	Item      ItemID
	Operator  hub.AccountID
	Exclusive bool
	From      time.Time // zero: now
	Until     time.Time // zero: until it is withdrawn
	Places    []string
	Devices   []string
	Hours     Hours
}

// longestDelegation bounds how far from now one may begin and end.
const longestDelegation = 10 * 366 * 24 * time.Hour

// Delegate gives an item to an operator. Where the item is exclusive, or the order says so, whoever had it loses it in the same moment. Where
// the item wants the staff's approval it is proposed, and whoever has the item keeps it until then. Denied for whoever does not
// administer the entity; Invalid for an order that can't be meant; NotFound; Refused where the operator has no mandate for the department;
// Conflict where another operator has the item exclusively and the order is for sharing it.
func (s *Delegations) Delegate(ctx context.Context, by hub.AccountID, entity hub.EntityID, o Order) (Delegation, error) {
	all, err := s.Hand(ctx, by, entity, o)
	if err != nil {
		return Delegation{}, err
	}
	return all[0], nil
}

// Hand is Delegate for a set of items under the same terms: all of them or none, in the order in which they were asked for.
func (s *Delegations) Hand(ctx context.Context, by hub.AccountID, entity hub.EntityID, orders ...Order) (out []Delegation, err error) {
	const op = "authz.Delegate"
	if len(orders) == 0 {
		return nil, hub.Errorf(op, hub.Invalid, "nothing to delegate")
	}
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.o.Offices.Administers(ctx, by, entity); err != nil {
			return err
		}
		for _, o := range orders {
			d, err := s.one(ctx, op, by, entity, o)
			if err != nil {
				return err
			}
			out = append(out, d)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.o.Settle(ctx, commitTime)
	return out, nil
}

func (s *Delegations) one(ctx context.Context, op string, by hub.AccountID, entity hub.EntityID, o Order) (Delegation, error) {
	none := func(err error) (Delegation, error) { return Delegation{}, err }
	item, err := s.o.Catalogue.Item(ctx, o.Item)
	if err != nil {
		return none(err)
	}
	now := s.now()
	d := Delegation{
		ID: hub.NewID(s.o.Random), Entity: entity, Item: o.Item, Department: item.Department, Operator: o.Operator,
		Exclusive: o.Exclusive || item.Demands.Exclusive, From: o.From.UTC().Truncate(time.Microsecond), Until: o.Until.UTC().Truncate(time.Microsecond),
		Places: o.Places, Devices: o.Devices, Hours: o.Hours, State: Active, ProposedBy: by, ProposedAt: now,
	}
	if o.Until.IsZero() {
		d.Until = time.Time{}
	}
	if d.From.Before(now) {
		d.From = now
	}
	if item.Demands.Approval {
		d.State = Proposed
	}
	var bad faults
	bad.hours("hours", d.Hours)
	switch {
	case item.Demands.Entity != ByDelegation:
		return none(hub.Errorf(op, hub.Invalid, "the item is not one that is delegated"))
	case len(bad) > 0:
		return none(hub.Errorf(op, hub.Invalid, "the hours can't be meant"))
	case !d.Until.IsZero() && !d.Until.After(d.From) || d.From.After(now.Add(longestDelegation)) || d.Until.After(now.Add(longestDelegation)):
		return none(hub.Errorf(op, hub.Invalid, "the time can't be meant"))
	case d.Exclusive && d.From.After(now): // whoever has it now would lose it before anybody else has it
		return none(hub.Errorf(op, hub.Invalid, "an exclusive item is handed over at once"))
	}
	if err := s.registered(ctx, op, d); err != nil {
		return none(err)
	}
	if err := s.mandated(ctx, op, d, d.From); err != nil {
		return none(err)
	}
	d, ended, err := s.o.Store.Delegate(ctx, d, s.moment())
	if hub.KindOf(err) == hub.Expired {
		err = hub.E(op, hub.Invalid, err)
	}
	if err != nil {
		return none(err)
	}
	kind := "delegation.given"
	if d.State == Proposed {
		kind = "delegation.proposed"
	}
	return d, s.record(ctx, kind, d, by, ended)
}

// mandated refuses a delegation to an operator whose mandate for the department does not last until then. Refused.
func (s *Delegations) mandated(ctx context.Context, op string, d Delegation, at time.Time) error {
	mandates, err := s.o.Offices.Mandates(ctx, Party{Account: d.Operator, Entity: d.Entity})
	if err == nil && !slices.ContainsFunc(mandates, func(m Mandate) bool {
		return (m.Department == "" || m.Department == d.Department) && (m.Until.IsZero() || m.Until.After(at))
	}) {
		err = hub.Errorf(op, hub.Refused, "the operator has no mandate for the department")
	}
	return err
}

// usable refuses a proposal whose operator could not use the item any more. Expired, Refused.
func (s *Delegations) usable(ctx context.Context, op string, d Delegation) error {
	now := s.now()
	if d.State != Proposed {
		return hub.Errorf(op, hub.Consumed, "it is not proposed any more")
	}
	if !d.Until.IsZero() && !now.Before(d.Until) {
		return hub.Errorf(op, hub.Expired, "the time of the delegation is over")
	}
	return s.mandated(ctx, op, d, now)
}

// registered refuses places and devices that the entity has not registered.
func (s *Delegations) registered(ctx context.Context, op string, d Delegation) error {
	const most = 32
	if len(d.Places) > most || len(d.Devices) > most {
		return hub.Errorf(op, hub.Invalid, "too many places or devices")
	}
	if len(d.Places) > 0 {
		all, err := s.o.Registers.Places(ctx, d.Entity)
		if err != nil {
			return err
		}
		for _, id := range d.Places {
			if !slices.ContainsFunc(all, func(p Place) bool { return p.ID == id }) {
				return hub.Errorf(op, hub.Invalid, "a place that is not registered")
			}
		}
	}
	if len(d.Devices) > 0 {
		all, err := s.o.Registers.Devices(ctx, Party{Entity: d.Entity})
		if err != nil {
			return err
		}
		for _, id := range d.Devices {
			if !slices.ContainsFunc(all, func(x Device) bool { return x.ID == id }) {
				return hub.Errorf(op, hub.Invalid, "a device that is not registered")
			}
		}
	}
	return nil
}

// record writes what became of a delegation, and of those that it took the place of, each for the operator whom it concerns.
func (s *Delegations) record(ctx context.Context, kind string, d Delegation, by hub.AccountID, ended []Delegation) error {
	event := func(kind string, d Delegation) audit.Event {
		return audit.Event{Kind: kind, Outcome: audit.Success, At: s.now(), Account: d.Operator, Detail: map[string]string{
			"delegation": d.ID, "entity": string(d.Entity), "item": string(d.Item), "department": string(d.Department), "by": string(by),
		}}
	}
	main := event(kind, d)
	if d.Exclusive {
		main.Detail["exclusive"] = "yes"
	}
	events := []audit.Event{main}
	for _, x := range ended {
		e := event("delegation.replaced", x)
		e.Detail["next"] = d.ID
		events = append(events, e)
	}
	return s.o.Audit.Record(ctx, events...)
}

// Withdraw takes an item back from an operator, at once (RAZ-08). Denied for whoever does not administer the entity; NotFound; Consumed.
func (s *Delegations) Withdraw(ctx context.Context, by hub.AccountID, id string) (Delegation, error) {
	return s.finish(ctx, by, id, Withdrawn, ByAdministrator, "delegation.withdrawn", func(ctx context.Context, d Delegation) error {
		return s.o.Offices.Administers(ctx, by, d.Entity)
	})
}

// Revoke is the same by the department's staff: see Approve.
func (s *Delegations) Revoke(ctx context.Context, by hub.AccountID, id string) (Delegation, error) {
	return s.finish(ctx, by, id, Withdrawn, ByStaff, "delegation.revoked", s.desk(by, s.o.Desk.Revokes))
}

// Refuse is the staff's no to a proposal: see Approve.
func (s *Delegations) Refuse(ctx context.Context, by hub.AccountID, id string) (Delegation, error) {
	return s.finish(ctx, by, id, Declined, ByStaff, "delegation.refused", s.desk(by, s.o.Desk.Approves))
}

// desk lets whoever may do so at the department, and neither the operator nor the administrator who proposed it.
func (s *Delegations) desk(by hub.AccountID, may func(context.Context, hub.AccountID, hub.DepartmentID) error) func(ctx context.Context, d Delegation) error {
	return func(ctx context.Context, d Delegation) error {
		if by == d.Operator || by == d.ProposedBy {
			return hub.Errorf("authz.Delegations", hub.Denied, "nobody decides about what is theirs")
		}
		return elsewhere("authz.Delegations", may(ctx, by, d.Department))
	}
}

func (s *Delegations) finish(ctx context.Context, by hub.AccountID, id string, to DelegationState, why EndReason, kind string, may func(context.Context, Delegation) error) (Delegation, error) {
	var d Delegation
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if d, err = s.o.Store.Delegation(ctx, id); err != nil {
			return err
		}
		if err := may(ctx, d); err != nil {
			return err
		}
		if d, err = s.o.Store.Finish(ctx, id, to, why, by, s.moment()); err != nil {
			return err
		}
		return s.record(ctx, kind, d, by, nil)
	})
	if err != nil {
		return Delegation{}, err
	}
	s.o.Settle(ctx, 0)
	return d, nil
}

// Approve is the staff's yes to a proposal, at the desk with the application shown (RAZ-06): from then on it counts, and whoever had an
// exclusive item has it no more. Denied to the operator and to who proposed it; NotFound, also for whoever may not approve there; Consumed; Conflict
// where another operator has it exclusively; Expired where its time is over by now, and Refused where the operator has lost the mandate: it would
// take the item from one hand and put it into none.
func (s *Delegations) Approve(ctx context.Context, by hub.AccountID, id string) (Delegation, error) {
	const op = "authz.Approve"
	var d Delegation
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if d, err = s.o.Store.Delegation(ctx, id); err != nil {
			return err
		}
		if err := s.desk(by, s.o.Desk.Approves)(ctx, d); err != nil {
			return err
		}
		if err := s.usable(ctx, op, d); err != nil {
			return err
		}
		var ended []Delegation
		if d, ended, err = s.o.Store.Approve(ctx, id, by, s.moment()); err != nil {
			return err
		}
		return s.record(ctx, "delegation.approved", d, by, ended)
	})
	if err != nil {
		return Delegation{}, err
	}
	s.o.Settle(ctx, commitTime)
	return d, nil
}

// Of lists an entity's delegations, live or all, the latest first. Denied for whoever does not administer it.
func (s *Delegations) Of(ctx context.Context, by hub.AccountID, entity hub.EntityID, live bool, limit int) ([]Delegation, error) {
	if err := s.o.Offices.Administers(ctx, by, entity); err != nil {
		return nil, err
	}
	return s.o.Store.DelegationsOf(ctx, entity, live, limit)
}

// Waiting lists what waits for a department's staff, the oldest first. Denied for whoever may not approve it.
func (s *Delegations) Waiting(ctx context.Context, by hub.AccountID, department hub.DepartmentID, limit int) ([]Delegation, error) {
	if err := s.o.Desk.Approves(ctx, by, department); err != nil {
		return nil, err
	}
	return s.o.Store.DelegationsProposed(ctx, department, limit)
}
