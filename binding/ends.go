package binding

import (
	"context"
	"slices"

	"onedoor/hub"
	"onedoor/tenants"
)

// Suspend takes a bound one out of service, for a reason of Reasons(Suspended): nothing of it is told to the department's systems any more. It waits
// for no second person: while somebody else may be using it, every minute counts.
func (s *Service) Suspend(ctx context.Context, c Clerk, id string, why Reason) (Binding, error) {
	return s.end(ctx, c, id, Suspended, why, Bound)
}

// Resume brings a suspended one back into service, or is the first of two who want it where the kind asks for four eyes.
func (s *Service) Resume(ctx context.Context, c Clerk, id string) (Binding, error) {
	return s.end(ctx, c, id, Bound, Cleared, Suspended)
}

// Unbind ends a binding, for a reason of Reasons(Unbound), or is the first of two who want it. The record is free.
func (s *Service) Unbind(ctx context.Context, c Clerk, id string, why Reason) (Binding, error) {
	return s.end(ctx, c, id, Unbound, why, Bound, Suspended)
}

// Decline drops what a clerk wants to become of it: a second person says no, or the first one has thought again. Consumed where nothing is wanted.
func (s *Service) Decline(ctx context.Context, c Clerk, id string) (Binding, error) {
	return s.by(ctx, c, ActEnd, id, func(_ context.Context, b Binding, _ tenants.RecordKind) (Binding, error) {
		if b.Wanted == "" {
			return b, hub.Errorf("binding.Decline", hub.Consumed, "nothing is wanted")
		}
		b.Wanted, b.WantedWhy = "", ""
		return b, nil
	})
}

// end moves one that counts. Conflict in a state for which that is nothing, and while something else is wanted; Denied to who wanted it first.
func (s *Service) end(ctx context.Context, c Clerk, id string, to State, why Reason, from ...State) (Binding, error) {
	const op = "binding.end"
	return s.by(ctx, c, ActEnd, id, func(_ context.Context, b Binding, k tenants.RecordKind) (Binding, error) {
		if err := s.because(to, why); err != nil {
			return b, err
		}
		switch {
		case !slices.Contains(from, b.State):
			return b, hub.Errorf(op, hub.Conflict, "not in a state for that")
		case !k.FourEyes || to == Suspended:
		case b.Wanted == "":
			b.Wanted, b.WantedWhy, b.First = to, why, c.Account
			return b, nil
		case b.Wanted != to || b.WantedWhy != why:
			return b, hub.Errorf(op, hub.Conflict, "something else is wanted")
		case b.First == c.Account:
			return b, hub.Errorf(op, hub.Denied, "a second person must look")
		}
		b.State, b.Reason = to, why
		return b, nil
	})
}

func (*Service) because(to State, why Reason) error {
	if !slices.Contains(reasons[to], why) {
		return hub.Errorf("binding.because", hub.Invalid, "not a reason")
	}
	return nil
}

// wish writes that a clerk wants something to become of a binding, or that nothing is wanted any more. Nothing else of it changes: it goes on serving,
// or not, and nobody outside is told.
func (s *Service) wish(ctx context.Context, was, b Binding, by Actor) (Binding, error) {
	kind, word, to, why := "binding.end_wanted", Wished, b.Wanted, b.WantedWhy
	if to == "" {
		kind, word, to, why = "binding.end_declined", Declined, was.Wanted, was.WantedWhy
	}
	c := s.change(ctx, b, was.State, by)
	c.Reason = word
	if err := s.o.Store.Move(ctx, b, c); err != nil {
		return Binding{}, err
	}
	b.Version++
	return b, s.record(ctx, kind, b, by, map[string]string{"to": string(to), "why": string(why)})
}

// Inspect gives a binding that counts, with the department's number, to a clerk who may end it: they must be able to find the record in their own
// system. The look is recorded. The number is "" of one that does not count. Denied, also for their own record.
func (s *Service) Inspect(ctx context.Context, c Clerk, id string) (b Binding, number string, err error) {
	if b, err = s.ByID(ctx, id); err != nil {
		return Binding{}, "", err
	}
	if err = s.o.Permits.May(ctx, c, ActEnd, b.Place.Department, b.Area); err != nil {
		return Binding{}, "", err
	}
	if err = s.others(ctx, c, b.Owner); err != nil {
		return Binding{}, "", err
	}
	if !b.State.Counts() {
		return b, "", nil
	}
	if number, err = s.o.Numbers.Open(b.Place, b.Record); err != nil {
		return Binding{}, "", err
	}
	return b, number, s.record(ctx, "binding.looked_at", b, Actor{ByStaff, c.Account}, nil)
}
