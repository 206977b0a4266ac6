package entity

import (
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/hub"
)

// Withdraw ends a mandate at once (RAZ-08): when it has answered, no node takes anything that was issued under it for active. The master
// administrator may, and its operator. NotFound, Denied; Consumed where it has ended; Invalid for a reason that is none.
func (s *Service) Withdraw(ctx context.Context, by hub.AccountID, mandate, reason string) error {
	const op = "entity.Withdraw"
	if !hub.ValidID(mandate) {
		return missing(op)
	}
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		m, err := s.o.Store.Mandate(ctx, mandate)
		if err != nil {
			return err
		}
		target, err := s.o.Store.Seat(ctx, m.Seat)
		if err != nil {
			return err
		}
		why := reason
		if by == m.Account && target.Role == Operator {
			_, err = s.seatOf(ctx, op, by, Leave, m.Entity, nil)
			why = Left
		} else {
			_, err = s.seatOf(ctx, op, by, Give, m.Entity, &target)
		}
		if err != nil {
			return err
		}
		if why != Left && !slices.Contains(EndReasons(), why) {
			return hub.Errorf(op, hub.Invalid, "not a reason")
		}
		return s.endMandate(ctx, m, by, why)
	})
	if err == nil {
		s.o.Settle(ctx)
	}
	return err
}

// endMandate ends a mandate with all that rests on it, in the transaction of ctx.
func (s *Service) endMandate(ctx context.Context, m Mandate, by hub.AccountID, reason string) error {
	now := s.now()
	if err := s.o.Store.EndMandate(ctx, m.ID, by, reason, now); err != nil {
		return err
	}
	uses, err := s.o.Store.Uses(ctx, m.Entity, m.ID)
	if err != nil {
		return err
	}
	if err := s.record(ctx, "mandate.ended", by, m.Account, m.Entity, map[string]string{"mandate": m.ID, "seat": m.Seat, "why": reason}); err != nil {
		return err
	}
	return s.o.Ends.EndActing(ctx, m.Entity, m.ID, uses, now)
}

// Remove ends an operator's seat with every mandate, at once. The master administrator may, and the operator themselves. Denied for the
// master's own: they hand over. NotFound; Consumed where it has ended; Invalid for a reason that is none.
func (s *Service) Remove(ctx context.Context, by hub.AccountID, seat, reason string) error {
	const op = "entity.Remove"
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		target, err := s.target(ctx, op, seat)
		if err != nil {
			return err
		}
		why := reason
		if by == target.Account {
			_, err = s.seatOf(ctx, op, by, Leave, target.Entity, nil)
			why = Left
		} else {
			if !target.Live() {
				if _, err := s.seatOf(ctx, op, by, See, target.Entity, nil); err != nil {
					return err
				}
				return hub.Errorf(op, hub.Consumed, "it has ended")
			}
			_, err = s.seatOf(ctx, op, by, Remove, target.Entity, &target)
		}
		if err != nil {
			return err
		}
		if why != Left && !slices.Contains(EndReasons(), why) {
			return hub.Errorf(op, hub.Invalid, "not a reason")
		}
		return s.endSeat(ctx, target, by, why)
	})
	if err == nil {
		s.o.Settle(ctx)
	}
	return err
}

// endSeat ends a seat with its mandates, in the transaction of ctx.
func (s *Service) endSeat(ctx context.Context, seat Seat, by hub.AccountID, reason string) error {
	if err := s.o.Store.EndSeat(ctx, seat.ID, by, reason, s.now()); err != nil {
		return err
	}
	if err := s.record(ctx, "entity.removed", by, seat.Account, seat.Entity, map[string]string{
		"seat": seat.ID, "role": string(seat.Role), "why": reason,
	}); err != nil {
		return err
	}
	held, err := s.o.Store.Held(ctx, seat.Account)
	if err != nil {
		return err
	}
	for _, m := range held {
		if m.Seat != seat.ID {
			continue
		}
		if err := s.endMandate(ctx, m, by, SeatEnded); err != nil && !errors.Is(err, hub.Consumed) {
			return err
		}
	}
	return nil
}

// Expire ends mandates whose time is over, and tells how many. Nothing waits for it: what was issued under a mandate never outlives it.
func (s *Service) Expire(ctx context.Context) (int, error) {
	count := 0
	for {
		over, err := s.o.Store.Lapsed(ctx, s.now(), batch)
		if err != nil {
			return count, err
		}
		for _, m := range over {
			err := s.o.Tx.InTx(ctx, func(ctx context.Context) error { return s.endMandate(ctx, m, Nobody, Over) })
			switch {
			case errors.Is(err, hub.Consumed): // another node was faster
			case err != nil:
				return count, err
			default:
				count++
			}
		}
		if len(over) < batch {
			return count, nil
		}
	}
}

// entitled refuses who holds no post that decides. The command line may: who holds the machine holds the database.
func (s *Service) entitled(ctx context.Context, op string, by hub.AccountID, reads bool) error {
	if by == Nobody {
		return nil
	}
	switch ok, err := s.o.Rights.Decides(ctx, by, reads); {
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
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, false); err != nil {
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
		return s.stop(ctx, id, now)
	})
	if err == nil && to != Active {
		s.o.Settle(ctx)
	}
	return err
}

// stop ends everything in use for an entity.
func (s *Service) stop(ctx context.Context, id hub.EntityID, now time.Time) error {
	uses, err := s.o.Store.Uses(ctx, id, "")
	if err != nil {
		return err
	}
	return s.o.Ends.EndActing(ctx, id, "", uses, now)
}

// RemoveMaster is the staff's act that ends the master administrator's seat without a successor: they have died, or are not the company's
// any more. The next who proves that they may represent it, to the registry or to staff, takes the place. NotFound where there is none;
// Invalid for a reason that is none.
func (s *Service) RemoveMaster(ctx context.Context, by hub.AccountID, id hub.EntityID, reason string) error {
	const op = "entity.RemoveMaster"
	if !slices.Contains(EndReasons(), reason) {
		return hub.Errorf(op, hub.Invalid, "not a reason")
	}
	if !hub.ValidID(string(id)) {
		return missing(op)
	}
	err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.entitled(ctx, op, by, false); err != nil {
			return err
		}
		master, err := s.master(ctx, id)
		if err != nil {
			return err
		}
		if master.ID == "" {
			return missing(op)
		}
		return s.endSeat(ctx, master, by, reason)
	})
	if err == nil {
		s.o.Settle(ctx)
	}
	return err
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

// Heads lists the entities whose master administrator a person is: such an account can't end before somebody has taken over.
func (s *Service) Heads(ctx context.Context, account hub.AccountID) ([]hub.EntityID, error) {
	held, err := s.o.Store.SeatsAt(ctx, account)
	if err != nil {
		return nil, err
	}
	var all []hub.EntityID
	for _, x := range held {
		if x.Role == Master {
			all = append(all, x.Entity)
		}
	}
	return all, nil
}
