package binding

import (
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// Clerk is a member of staff who is present: what the session has reached now counts.
type Clerk struct {
	Account hub.AccountID
	Level   hub.Level
}

// Act is what a clerk does, in the words of authz/permit.
type Act string

// The acts.
const (
	ActRead    Act = "binding.read"
	ActReview  Act = "binding.review"
	ActApprove Act = "binding.approve" // the second pair of eyes
	ActEnd     Act = "binding.end"     // suspend, resume, unbind
	ActCounter Act = "binding.counter" // name the record of somebody who stands there
)

// ReviewTime is how long a binding stays with the reviewer who took it up; then others may.
const ReviewTime = 30 * time.Minute

// Held reports whether a reviewer has it open at the time.
func (b Binding) Held(at time.Time) bool { return b.Reviewer != "" && at.Before(b.ReviewedUntil) }

// by does a clerk's act on a binding: it looks at it, asks whether the clerk may, and changes it. NotFound; Denied, also for their own record;
// what change gives.
func (s *Service) by(ctx context.Context, c Clerk, act Act, id string, change func(ctx context.Context, was Binding, k tenants.RecordKind) (Binding, error)) (out Binding, err error) {
	const op = "binding.by"
	if !hub.ValidID(id) {
		return Binding{}, hub.Errorf(op, hub.NotFound, "no such binding")
	}
	err = s.settled(ctx, func(ctx context.Context) error {
		was, err := s.o.Store.ByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.o.Permits.May(ctx, c, act, was.Place.Department, was.Area); err != nil {
			return err
		}
		if err := s.others(ctx, c, was.Owner); err != nil {
			return err
		}
		k, err := s.kind(ctx, was.Place)
		if err != nil {
			return err
		}
		next, err := change(ctx, was, k)
		if err != nil {
			return err
		}
		var detail map[string]string
		if next.Area != was.Area {
			detail = map[string]string{"from_area": string(was.Area), "to_area": string(next.Area)}
		}
		out, err = s.move(ctx, was, next, Actor{ByStaff, c.Account}, detail)
		if next.State == Bound && errors.Is(err, hub.Conflict) { // approved, and somebody else has the record by now: it goes back, with the reason
			next.State, next.Reason, next.First, next.BoundAt = Proposed, Taken, "", was.BoundAt
			if next.Conflict, err = s.holder(ctx, next); err != nil {
				return err
			}
			out, err = s.move(ctx, was, next, Actor{ByStaff, c.Account}, map[string]string{"conflict": next.Conflict})
		}
		return faster(err)
	})
	return out, err
}

// Own reports whether a record is the clerk's own, or one of an entity that they act for: about such nobody decides. Unavailable.
func (s *Service) Own(ctx context.Context, c Clerk, o Owner) (bool, error) {
	if o.Entity == "" || s.o.Entities == nil {
		return o.Account == c.Account, nil
	}
	return s.o.Entities.Stands(ctx, c.Account, o.Entity)
}

// others refuses a clerk's own record. Denied.
func (s *Service) others(ctx context.Context, c Clerk, o Owner) error {
	own, err := s.Own(ctx, c, o)
	if err == nil && own {
		err = hub.Errorf("binding.others", hub.Denied, "nobody decides about their own record")
	}
	return err
}

// holds refuses a clerk who has not taken the binding up, or too long ago. Consumed.
func (s *Service) holds(c Clerk, b Binding) error {
	if b.State != Review || b.Reviewer != c.Account || !b.Held(s.now()) {
		return hub.Errorf("binding.holds", hub.Consumed, "not taken up by them, or too long ago")
	}
	return nil
}

// Take takes a binding up for review, so that no two clerks decide at once; taken again, it is kept longer. Conflict while another has it. Denied
// to who approved it first, where a second pair of eyes is due.
func (s *Service) Take(ctx context.Context, c Clerk, id string) (Binding, error) {
	const op = "binding.Take"
	return s.by(ctx, c, ActReview, id, func(_ context.Context, b Binding, _ tenants.RecordKind) (Binding, error) {
		now := s.now()
		switch {
		case b.Reviewer != c.Account && b.Held(now):
			return b, hub.Errorf(op, hub.Conflict, "another clerk has it")
		case b.First == c.Account:
			return b, hub.Errorf(op, hub.Denied, "a second person must look")
		case b.State.Counts() || b.State == Unbound:
			return b, hub.Errorf(op, hub.Consumed, "decided")
		}
		if b.State != Review {
			b.Reason = Claimed
		}
		b.State, b.Reviewer, b.ReviewedUntil = Review, c.Account, now.Add(ReviewTime)
		return b, nil
	})
}

// Release gives it back for others.
func (s *Service) Release(ctx context.Context, c Clerk, id string) (Binding, error) {
	return s.by(ctx, c, ActReview, id, func(_ context.Context, b Binding, _ tenants.RecordKind) (Binding, error) {
		if b.State != Review || b.Reviewer != c.Account {
			return b, hub.Errorf("binding.Release", hub.Consumed, "not with them")
		}
		b.State, b.Reason = Proposed, Released
		return b, nil
	})
}

// Reassign gives a case to another part of the department, "" for all of it: its staff find it in their queue, and those here only if it lies below
// what is theirs. It is decided there from the beginning: what one person of a four-eyes case has said here does not count. Conflict while another
// clerk has it, or where it is there already; Consumed where it waits for no reviewer; Invalid for an area that the department has not.
func (s *Service) Reassign(ctx context.Context, c Clerk, id string, to tenants.AreaID) (Binding, error) {
	const op = "binding.Reassign"
	return s.by(ctx, c, ActReview, id, func(ctx context.Context, b Binding, _ tenants.RecordKind) (Binding, error) {
		d, err := s.o.Departments.Department(ctx, b.Place.Department)
		switch {
		case err != nil:
			return b, err
		case to != "" && !slices.ContainsFunc(d.Areas, func(a tenants.Area) bool { return a.ID == to }):
			return b, hub.Errorf(op, hub.Invalid, "not an area of the department")
		case b.State != Proposed && b.State != Review:
			return b, hub.Errorf(op, hub.Consumed, "it waits for no reviewer")
		case b.Area == to || b.Reviewer != c.Account && b.Held(s.now()):
			return b, hub.Errorf(op, hub.Conflict, "it is there, or another clerk has it")
		}
		b.State, b.Reason, b.Area, b.First = Proposed, Moved, to, ""
		return b, nil
	})
}

// Named finds the binding that holds a record of the department, by its number: for staff who may read it, which is for whoever calls to have made
// sure of. NotFound, also for what is no number of the kind.
func (s *Service) Named(ctx context.Context, p Place, number string) (Binding, error) {
	k, err := s.kind(ctx, p)
	if err != nil {
		return Binding{}, err
	}
	n, err := k.Normalise(number)
	if err != nil {
		return Binding{}, hub.Errorf("binding.Named", hub.NotFound, "not a number of the kind")
	}
	return s.o.Store.HeldBy(ctx, s.o.Numbers.Hash(p, n))
}

// Name says which record is the person's, by a clerk who has seen them and their papers: the level is what that proved. LevelUnmet where it is
// below the kind's; Invalid for what is no number of the kind.
func (s *Service) Name(ctx context.Context, c Clerk, id, number string, seen hub.Level) (Binding, error) {
	return s.by(ctx, c, ActCounter, id, func(ctx context.Context, b Binding, k tenants.RecordKind) (Binding, error) {
		if err := s.holds(c, b); err != nil {
			return b, err
		}
		if !seen.Satisfies(k.Least) {
			return b, hub.Errorf("binding.Name", hub.LevelUnmet, "too little was seen")
		}
		var err error
		if b.Record, err = s.o.Numbers.Seal(b.Place.Department, k, number); err != nil {
			return b, err
		}
		b.Way, b.Level, b.Reason, b.First = ByCounter, seen, Named, ""
		b.Conflict, err = s.holder(ctx, b)
		return b, err
	})
}

// Approve binds, or is the first of two approvals where the kind asks for four eyes. Consumed where the clerk does not hold it, or there is no
// record; LevelUnmet where the person had proven too little. Where somebody else has the record by now, it is proposed again, with the conflict.
func (s *Service) Approve(ctx context.Context, c Clerk, id string) (Binding, error) {
	const op = "binding.Approve"
	return s.by(ctx, c, ActReview, id, func(ctx context.Context, b Binding, k tenants.RecordKind) (Binding, error) {
		if err := s.holds(c, b); err != nil {
			return b, err
		}
		switch {
		case b.Record.IsZero():
			return b, hub.Errorf(op, hub.Consumed, "no record is named")
		case !b.Level.Satisfies(k.Least):
			return b, hub.Errorf(op, hub.LevelUnmet, "the person had proven too little")
		case k.FourEyes && b.First == "":
			b.State, b.Reason, b.First = Proposed, ApprovedOnce, c.Account
			return b, nil
		}
		if b.First != "" {
			if err := s.o.Permits.May(ctx, c, ActApprove, b.Place.Department, b.Area); err != nil {
				return b, err
			}
			if b.First == c.Account {
				return b, hub.Errorf(op, hub.Denied, "a second person must look")
			}
		}
		b.State, b.Reason = Bound, Approved
		return b, nil
	})
}

// Reject sends it back to the person, for a reason of Reasons(Pending). What was proposed is forgotten.
func (s *Service) Reject(ctx context.Context, c Clerk, id string, why Reason) (Binding, error) {
	return s.by(ctx, c, ActReview, id, func(_ context.Context, b Binding, _ tenants.RecordKind) (Binding, error) {
		if err := s.because(Pending, why); err != nil {
			return b, err
		}
		if err := s.holds(c, b); err != nil {
			return b, err
		}
		return forgotten(b, why), nil
	})
}

// AskFor sends it back to the person with the question for one further attribute of the kind.
func (s *Service) AskFor(ctx context.Context, c Clerk, id, extra string) (Binding, error) {
	return s.by(ctx, c, ActReview, id, func(_ context.Context, b Binding, k tenants.RecordKind) (Binding, error) {
		if _, ok := k.ExtraOf(extra); !ok {
			return b, hub.Errorf("binding.AskFor", hub.Invalid, "not an attribute of the kind")
		}
		if err := s.holds(c, b); err != nil {
			return b, err
		}
		b = forgotten(b, AskMore)
		b.Asked = extra
		return b, nil
	})
}

func forgotten(b Binding, why Reason) Binding {
	b.State, b.Reason, b.Record, b.Way, b.Conflict, b.First, b.Asked = Pending, why, Record{}, NoWay, "", "", ""
	return b
}

// Look gives a binding with the department's number for the clerk who has it under review; the number is "" where none is named. The look is
// recorded. Consumed where they do not hold it.
func (s *Service) Look(ctx context.Context, c Clerk, id string) (b Binding, number string, err error) {
	if b, err = s.ByID(ctx, id); err != nil {
		return Binding{}, "", err
	}
	if err = s.o.Permits.May(ctx, c, ActReview, b.Place.Department, b.Area); err != nil {
		return Binding{}, "", err
	}
	if err = s.others(ctx, c, b.Owner); err != nil {
		return Binding{}, "", err
	}
	if err = s.holds(c, b); err != nil || b.Record.IsZero() {
		return b, "", err
	}
	if number, err = s.o.Numbers.Open(b.Place, b.Record); err != nil {
		return Binding{}, "", err
	}
	return b, number, s.record(ctx, "binding.looked_at", b, Actor{ByStaff, c.Account}, nil)
}
