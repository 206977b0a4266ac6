package entity

import (
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/hub"
)

// Look gives an entity to staff of the platform. NotFound for everybody else. The look is recorded (OPS-03).
func (s *Service) Look(ctx context.Context, by hub.AccountID, id hub.EntityID) (Overview, error) {
	const op = "entity.Look"
	if err := s.entitled(ctx, op, by, Reads); err != nil {
		return Overview{}, err
	}
	if !hub.ValidID(string(id)) {
		return Overview{}, missing(op)
	}
	o, err := s.overview(ctx, id)
	if err != nil {
		return Overview{}, err
	}
	if o.Wish, err = s.wish(ctx, id); err != nil {
		return Overview{}, err
	}
	return o, s.record(ctx, "entity.shown", by, "", id, nil)
}

// List lists entities after an id, by id, at most limit, to staff of the platform. NotFound for everybody else.
func (s *Service) List(ctx context.Context, by hub.AccountID, after hub.EntityID, limit int) ([]Entity, error) {
	if err := s.entitled(ctx, "entity.List", by, Reads); err != nil {
		return nil, err
	}
	return s.o.Store.List(ctx, after, min(max(limit, 1), MaxSeats))
}

// Find finds an entity by its registered number, for staff of the platform. NotFound also for everybody else; Invalid. The look that follows is
// recorded (Look).
func (s *Service) Find(ctx context.Context, by hub.AccountID, kind, number string) (Entity, error) {
	n, err := ParseNumber(kind, number)
	if err != nil {
		return Entity{}, err
	}
	if err := s.entitled(ctx, "entity.Find", by, Reads); err != nil {
		return Entity{}, err
	}
	return s.o.Store.ByNumber(ctx, n)
}

// entitled refuses who does not have the duty: to them nothing is there. The command line may: who holds the machine holds the database.
func (s *Service) entitled(ctx context.Context, op string, by hub.AccountID, duty Duty) error {
	if by == Nobody {
		return nil
	}
	switch ok, err := s.o.Rights.Entitled(ctx, by, duty); {
	case err != nil:
		return err
	case !ok:
		return missing(op)
	}
	return nil
}

// Suspend stops everybody who acts for an entity, at once, until it is resumed: mandates stay. NotFound; Consumed where it is not active;
// Invalid for a reason that is none.
func (s *Service) Suspend(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error {
	return s.setStatus(ctx, "entity.Suspend", "entity.suspended", by, id, []Status{Active}, Suspended, reason)
}

// Resume lets them act again. NotFound; Consumed where it is not suspended.
func (s *Service) Resume(ctx context.Context, by hub.AccountID, id hub.EntityID) error {
	return s.setStatus(ctx, "entity.Resume", "entity.resumed", by, id, []Status{Suspended}, Active, "")
}

// Close ends an entity for good. NotFound; Consumed where it is closed; Invalid for a reason that is none.
func (s *Service) Close(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error {
	return s.setStatus(ctx, "entity.Close", "entity.closed", by, id, []Status{Active, Suspended}, Closed, reason)
}

func (s *Service) setStatus(ctx context.Context, op, kind string, by hub.AccountID, id hub.EntityID, from []Status, to Status, reason string) error {
	if (to == Active) != (reason == "") || reason != "" && !slices.Contains(StatusReasons(), reason) {
		return hub.Errorf(op, hub.Invalid, "not a reason")
	}
	if !hub.ValidID(string(id)) {
		return missing(op)
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, Stops); err != nil {
			return err
		}
		now := s.now()
		if err := s.o.Store.SetStatus(ctx, id, from, to, reason, now); err != nil {
			return err
		}
		detail := map[string]string{}
		if reason != "" {
			detail["why"] = reason
		}
		if err := s.record(ctx, kind, by, "", id, detail); err != nil || to == Active {
			return err
		}
		s.settles(ctx)
		return s.stop(ctx, id, now)
	})
}

// stop ends everything in use for an entity.
func (s *Service) stop(ctx context.Context, id hub.EntityID, now time.Time) error {
	uses, err := s.o.Store.Uses(ctx, id, "")
	if err != nil {
		return err
	}
	return s.o.Ends.EndActing(ctx, id, "", uses, now)
}

// master gives the master administrator's seat of an entity; zero where there is none.
func (s *Service) master(ctx context.Context, id hub.EntityID) (Seat, error) {
	all, err := s.o.Store.SeatsOf(ctx, id, MaxSeats)
	if err != nil {
		return Seat{}, err
	}
	for _, x := range all {
		if x.Role == Master && x.Live() {
			return x, nil
		}
	}
	return Seat{}, nil
}

// Head gives the account of an entity's master administrator, "" where it has none: who is told what becomes of what is the entity's.
func (s *Service) Head(ctx context.Context, id hub.EntityID) (hub.AccountID, error) {
	seat, err := s.master(ctx, id)
	return seat.Account, err
}

// Wish is what a member of staff wants to become of an entity's master administrator, waiting for a second one who wants the same.
type Wish struct {
	Entity    hub.EntityID
	Master    string // the seat that is in the place; "" where it is empty
	Successor string // the seat of the operator who shall take it; "" for nobody
	Reason    string
	By        hub.AccountID
	At        time.Time
}

// Wishes is the part about wishes: at most one of an entity.
type Wishes interface {
	// Wish adds one. Conflict where the entity has one.
	Wish(ctx context.Context, w Wish) error
	// WishFor gives an entity's. NotFound.
	WishFor(ctx context.Context, id hub.EntityID) (Wish, error)
	// Drop takes one away. Consumed where the entity has none of that person any more.
	Drop(ctx context.Context, id hub.EntityID, by hub.AccountID) error
}

// wish gives an entity's wish if it can still come true; zero where there is none.
func (s *Service) wish(ctx context.Context, id hub.EntityID) (Wish, error) {
	w, err := s.o.Store.WishFor(ctx, id)
	if errors.Is(err, hub.NotFound) {
		return Wish{}, nil
	}
	return w, err
}

// Succeed is the staff's act on a master administrator who can't hand over: they have died, or are not the company's any more. Their seat ends; the
// operator whose seat is named takes the place or, where none is named, the next who proves that they may represent the entity, to the registry or to
// staff. Where the platform wants two pairs of eyes, the first to ask so only wishes it, and false is the answer; the second carries it out by asking
// for the same. NotFound where there is nobody in the place and nobody to take it. Denied: it is about who asks, or they are the first of the two;
// Conflict: somebody wishes another end. Invalid: a reason that is none, or no seat of an operator there.
func (s *Service) Succeed(ctx context.Context, by hub.AccountID, id hub.EntityID, successor, reason string) (done bool, err error) {
	const op = "entity.Succeed"
	switch {
	case !slices.Contains(EndReasons(), reason), successor != "" && !hub.ValidID(successor):
		return false, hub.Errorf(op, hub.Invalid, "not a reason, or not a seat")
	case !hub.ValidID(string(id)):
		return false, missing(op)
	}
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		done = false
		if err := s.entitled(ctx, op, by, Stops); err != nil {
			return err
		}
		if _, err := s.o.Store.Entity(ctx, id); err != nil {
			return err
		}
		master, err := s.master(ctx, id)
		if err != nil {
			return err
		}
		var next Seat
		if successor != "" {
			switch next, err = s.o.Store.Seat(ctx, successor); {
			case errors.Is(err, hub.NotFound), err == nil && (next.Entity != id || next.Role != Operator || !next.Live()):
				return hub.Errorf(op, hub.Invalid, "not a seat of an operator there")
			case err != nil:
				return err
			}
		}
		switch {
		case master.ID == "" && next.ID == "":
			return missing(op)
		case by != Nobody && (by == master.Account || by == next.Account):
			return hub.Errorf(op, hub.Denied, "nobody decides about themselves")
		}
		w := Wish{Entity: id, Master: master.ID, Successor: next.ID, Reason: reason, By: by, At: s.now()}
		if waits, err := s.second(ctx, w); err != nil || waits {
			return err
		}
		done = true
		s.settles(ctx)
		if master.ID != "" {
			if err := s.endSeat(ctx, master, by, reason); err != nil {
				return err
			}
		}
		if next.ID == "" {
			return nil
		}
		if err := s.endSeat(ctx, next, by, Changed); err != nil {
			return err
		}
		return s.crown(ctx, Seat{ID: s.id(), Entity: id, Account: next.Account, Role: Master, Label: next.Label, At: w.At}, "entity.successor_named", by)
	})
	return done && err == nil, err
}

// second is the second pair of eyes on a wish: it reports whether the wish has to wait for one. One that can't come true any more, because somebody
// else is in the place, makes room.
func (s *Service) second(ctx context.Context, w Wish) (waits bool, err error) {
	const op = "entity.second"
	before, err := s.wish(ctx, w.Entity)
	if err != nil {
		return false, err
	}
	stale := before.Entity != "" && before.Master != w.Master
	if stale || before.Entity != "" && w.By == Nobody {
		if err := s.o.Store.Drop(ctx, w.Entity, before.By); err != nil {
			return false, err
		}
		before = Wish{}
	}
	switch {
	case !s.o.FourEyes || w.By == Nobody:
		return false, nil
	case before.Entity == "":
		if err := s.o.Store.Wish(ctx, w); err != nil {
			return false, err
		}
		return true, s.record(ctx, "entity.succession_wished", w.By, "", w.Entity, map[string]string{"why": w.Reason, "successor": w.Successor})
	case before.By == w.By:
		return false, hub.Errorf(op, hub.Denied, "a second person must want the same")
	case before.Successor != w.Successor || before.Reason != w.Reason:
		return false, hub.Errorf(op, hub.Conflict, "somebody wishes another end")
	}
	return false, s.o.Store.Drop(ctx, w.Entity, before.By)
}

// Drop takes a wish back, one's own or another's. NotFound; Consumed where it is gone.
func (s *Service) Drop(ctx context.Context, by hub.AccountID, id hub.EntityID) error {
	const op = "entity.Drop"
	if !hub.ValidID(string(id)) {
		return missing(op)
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, Stops); err != nil {
			return err
		}
		w, err := s.o.Store.WishFor(ctx, id)
		if err != nil {
			return err
		}
		if err := s.o.Store.Drop(ctx, id, w.By); err != nil {
			return err
		}
		return s.record(ctx, "entity.succession_dropped", by, "", id, nil)
	})
}
