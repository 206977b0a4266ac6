package entity

import (
	"context"
	"errors"
	"slices"

	"onedoor/hub"
)

// Withdraw ends a mandate at once (RAZ-08): when it has answered, no node takes anything that was issued under it for active. The master
// administrator may, and its operator. NotFound, Denied; Consumed where it has ended; Invalid for a reason that is none.
func (s *Service) Withdraw(ctx context.Context, by hub.AccountID, mandate, reason string) error {
	const op = "entity.Withdraw"
	if !hub.ValidID(mandate) {
		return missing(op)
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
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
		s.settles(ctx)
		return s.endMandate(ctx, m, by, why)
	})
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
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
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
		s.settles(ctx)
		return s.endSeat(ctx, target, by, why)
	})
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

// Expire ends mandates whose time is over, and shreds what claims rested on that nobody has decided in time; it tells how many. Nothing waits for it:
// what was issued under a mandate never outlives it.
func (s *Service) Expire(ctx context.Context) (int, error) {
	count, err := s.o.Store.ShredProofs(ctx, s.now().Add(-ProofLife))
	if err != nil {
		return count, err
	}
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
