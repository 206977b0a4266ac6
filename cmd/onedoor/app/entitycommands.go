package app

import (
	"context"
	"text/tabwriter"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/logout"
	"onedoor/tenants/entity"
	"onedoor/tenants/tenantsql"
)

// EntityVerb is what can be done about a legal entity at the command line.
type EntityVerb string

// The verbs.
const (
	EntityShow    EntityVerb = "show"
	EntityApprove EntityVerb = "approve"
	EntityRefuse  EntityVerb = "refuse"
	EntitySucceed EntityVerb = "succeed"
	EntitySuspend EntityVerb = "suspend"
	EntityResume  EntityVerb = "resume"
	EntityClose   EntityVerb = "close"
)

// EntityOrder is an order of the operator's.
type EntityOrder struct {
	ID        string // of the entity, or of the claim
	Reason    string
	Successor string // seat; "" for nobody
}

// ListClaims prints the requests to stand for an entity that wait, the oldest first. What people have shown for them is not printed.
func ListClaims(ctx context.Context, cfg configs.Config, p Process) error {
	return atEntities(ctx, cfg, p, func(ctx context.Context, s *entity.Service) error {
		all, err := s.Claims(ctx, entity.Nobody)
		if err != nil {
			return err
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, c := range all {
			state := "open"
			if c.First != "" {
				state = "approved once"
			}
			say(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", c.ID, c.Account, c.Number.Kind, c.Number.Value, c.Names.In("en"), c.Why, state, when(c.At))
		}
		return t.Flush()
	})
}

// ListEntities prints all entities, by id.
func ListEntities(ctx context.Context, cfg configs.Config, p Process) error {
	return atEntities(ctx, cfg, p, func(ctx context.Context, s *entity.Service) error {
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for after := hub.EntityID(""); ; {
			all, err := s.List(ctx, entity.Nobody, after, entity.MaxSeats)
			if err != nil {
				return err
			}
			for _, e := range all {
				say(t, "%s\t%s\t%s\t%s\t%s\tsince %s", e.ID, e.Number.Kind, e.Number.Value, e.Names.In("en"), e.Status, when(e.At))
				after = e.ID
			}
			if len(all) < entity.MaxSeats {
				return t.Flush()
			}
		}
	})
}

// DecideEntity carries out an order about an entity or a claim. It answers once no node takes what it ended for active any more (architecture D2).
func DecideEntity(ctx context.Context, cfg configs.Config, p Process, verb EntityVerb, order EntityOrder) error {
	return atEntities(ctx, cfg, p, func(ctx context.Context, s *entity.Service) (err error) {
		if !hub.ValidID(order.ID) {
			return hub.Errorf("app.DecideEntity", hub.Invalid, "an id has 26 letters and digits: `onedoor entity list` and `claims` tell it")
		}
		id := hub.EntityID(order.ID)
		did := map[EntityVerb]string{
			EntityRefuse: "the request is refused", EntitySucceed: "the place has changed", EntitySuspend: "nobody acts for it now", EntityResume: "its people act for it again",
			EntityClose: "it is closed",
		}[verb]
		switch verb {
		case EntityShow:
			return showEntity(ctx, p, s, id)
		case EntityApprove:
			if id, err = s.Approve(ctx, entity.Nobody, order.ID); err == nil {
				did = "the person is the administrator of " + string(id)
			}
		case EntityRefuse:
			err = s.Reject(ctx, entity.Nobody, order.ID, order.Reason)
		case EntitySucceed:
			_, err = s.Succeed(ctx, entity.Nobody, id, order.Successor, order.Reason)
		case EntitySuspend:
			err = s.Suspend(ctx, entity.Nobody, id, order.Reason)
		case EntityResume:
			err = s.Resume(ctx, entity.Nobody, id)
		case EntityClose:
			err = s.Close(ctx, entity.Nobody, id, order.Reason)
		default:
			err = hub.Errorf("app.DecideEntity", hub.Invalid, "no such order")
		}
		if err != nil {
			return err
		}
		say(p.Out, "%s", did)
		return nil
	})
}

// showEntity prints an entity, who acts for it and what became of it.
func showEntity(ctx context.Context, p Process, s *entity.Service, id hub.EntityID) error {
	all, err := s.Look(ctx, entity.Nobody, id)
	if err != nil {
		return err
	}
	e := all.Entity
	say(p.Out, "%s  %s %s  %s, since %s, by %s", e.Names.In("en"), e.Number.Kind, e.Number.Value, e.Status, when(e.At), e.Evidence)
	t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
	for _, m := range all.Members {
		say(t, "%s\t%s\t%s\t%s\tsince %s", m.Seat.ID, m.Seat.Role, m.Seat.Account, m.Seat.Label, when(m.Seat.At))
		for _, x := range m.Mandates {
			if x.Department != "" {
				say(t, "  %s\t%s\tuntil %s", x.ID, x.Department, when(x.Until))
			}
		}
	}
	if w := all.Wish; w.Entity != "" {
		say(t, "wished by %s at %s: the seat %s ends (%s), followed by %s", w.By, when(w.At), orNothing(w.Master), w.Reason, orNothing(w.Successor))
	}
	for _, l := range all.History {
		say(t, "%s\t%s\t%s\t%s\t%s", when(l.At), l.What, l.Seat.ID, l.Mandate.Department, l.Reason)
	}
	return t.Flush()
}

// machine is who works at the machine: nobody else may there.
type machine struct{}

// Entitled implements entity.Rights.
func (machine) Entitled(context.Context, hub.AccountID, entity.Duty) (bool, error) { return false, nil }

// atEntities opens the office with the legal entities.
func atEntities(ctx context.Context, cfg configs.Config, p Process, work func(context.Context, *entity.Service) error) error {
	return atStores(ctx, cfg, p, func(ctx context.Context, o *office, stores *hubsql.Stores, ledger *logout.Service) error {
		counters, err := hubsql.NewCounters(o.db)
		if err != nil {
			return err
		}
		_, directory, err := o.register(ctx)
		if err != nil {
			return err
		}
		store, err := tenantsql.NewEntities(o.db, contactVault{o.masters, o.Random}, o.ring)
		if err != nil {
			return err
		}
		s, err := entity.New(entity.Options{
			Store: store, Ends: actingEnds{o.db, ledger, stores.Grants}, Rights: machine{}, Counter: counters, Index: o.ring, Person: byPerson(stores.Accounts),
			System: departmentOf(directory), Department: isDepartment(directory), Audit: o.record, Tx: o.db, Clock: o.Clock, Random: o.Random,
			Settle: func(ctx context.Context) { settle(ctx, span(cfg.Revocation.Lease)*11/10) },
		})
		if err != nil {
			return err
		}
		return work(ctx, s)
	})
}
