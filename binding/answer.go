package binding

import (
	"context"
	"errors"
	"log/slog"

	"onedoor/hub"
	"onedoor/tenants"
)

// Result is what came of looking for a record.
type Result string

// The results.
const (
	Match    Result = "match"    // exactly one record fits
	None     Result = "no-match" //
	Multiple Result = "multiple" // more than one fits
	More     Result = "ask-more" // one more attribute would tell
	Create   Result = "create"   // there was none, and the department has made one
)

// Answer is what a department says, or what its imported keys say. It prints as "[redacted]".
type Answer struct {
	Result Result
	Number string         // of Match and Create
	Area   tenants.AreaID // that keeps the record; "" for none named
	Ask    string         // of More: one of the kind's further attributes
	Unsure bool           // of Match: somebody must look; a department's endpoint never says so
}

// String hides the answer.
func (Answer) String() string { return "[redacted]" }

// LogValue hides the answer.
func (Answer) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// asked is a question whose answer has come.
type asked struct {
	binding string
	way     Way
	level   hub.Level
	claimed []byte // hash of the number that the person named; nil where none
	by      Actor
	unsure  bool
}

// apply puts an answer into a binding, in the transaction of ctx. Refused where the answer says what it can't: nothing is changed then.
func (s *Service) apply(ctx context.Context, q asked, a Answer) (Binding, error) {
	const op = "binding.apply"
	was, err := s.o.Store.ByID(ctx, q.binding)
	if err != nil {
		return Binding{}, err
	}
	if was.State == Unbound {
		return was, nil
	}
	k, err := s.kind(ctx, was.Place)
	if err != nil {
		return Binding{}, err
	}
	q.unsure = a.Unsure
	b := was
	b.Level, b.Asked, b.Conflict, b.First = q.level, "", "", ""
	switch a.Result {
	case Match, Create:
		if b.Record, err = s.o.Numbers.Seal(was.Place.Department, k, a.Number); err != nil {
			return Binding{}, hub.Errorf(op, hub.Refused, "a number that is none of the kind")
		}
		if b.Area, err = s.area(ctx, was, a.Area); err != nil {
			return Binding{}, err
		}
		b.Way, b.Reason = q.way, Found
		if a.Result == Create {
			b.Reason = Created
		}
	case None:
		b.Reason = NoMatch
	case Multiple:
		b.Reason = Several
	case More:
		if _, ok := k.ExtraOf(a.Ask); !ok {
			return Binding{}, hub.Errorf(op, hub.Refused, "asks for what it may not")
		}
		b.Reason, b.Asked = AskMore, a.Ask
	default:
		return Binding{}, hub.Errorf(op, hub.Refused, "no such result")
	}
	found := a.Result == Match || a.Result == Create
	switch {
	case was.State.Counts():
		return s.confirm(ctx, was, b, found, q)
	case q.claimed != nil && (!found || string(b.Record.Hash) != string(q.claimed)): // one answer for every no
		b.Record, b.Way, b.Area, b.State, b.Reason, b.Asked = Record{}, NoWay, was.Area, Pending, Unproven, ""
	case was.State == Review: // a reviewer has it, and goes on with what has come
		b.State, b.First = Review, was.First
		if !was.Record.IsZero() {
			return was, nil
		}
	case found && k.Automatic && !a.Unsure && q.level.Satisfies(k.Least):
		return s.bindOrSurface(ctx, was, b, q.by)
	case found:
		if b.State = Proposed; k.Automatic && !a.Unsure {
			b.Reason = TooLow
		}
		if b.Conflict, err = s.holder(ctx, b); err != nil {
			return Binding{}, err
		}
	case a.Result == Multiple:
		b.Record, b.Way, b.State = Record{}, NoWay, Proposed
	default:
		b.Record, b.Way, b.State = Record{}, NoWay, Pending
	}
	return s.move(ctx, was, b, q.by, nil)
}

// bindOrSurface binds where the record is free. Where somebody else has it, both stay as they are and a person must look: nothing is overwritten.
func (s *Service) bindOrSurface(ctx context.Context, was, b Binding, by Actor) (Binding, error) {
	b.State = Bound
	bound, err := s.move(ctx, was, b, by, nil)
	if !errors.Is(err, hub.Conflict) {
		return bound, err
	}
	b.State, b.Reason = Proposed, Taken
	if b.Conflict, err = s.holder(ctx, b); err != nil {
		return Binding{}, err
	}
	return s.move(ctx, was, b, by, map[string]string{"conflict": b.Conflict})
}

// holder gives the id of the other binding that counts of the record, "" for none.
func (s *Service) holder(ctx context.Context, b Binding) (string, error) {
	held, err := s.o.Store.HeldBy(ctx, b.Record.Hash)
	switch {
	case errors.Is(err, hub.NotFound):
		return "", nil
	case err != nil:
		return "", err
	case held.ID == b.ID:
		return "", nil
	}
	return held.ID, nil
}

// confirm is for a binding that counts and was asked about again. The same record at a level that is enough: it serves that level from now on.
// Another record: it is out of service until somebody has looked, because one of the two was bound to the wrong person.
func (s *Service) confirm(ctx context.Context, was, b Binding, found bool, q asked) (Binding, error) {
	reason, other := b.Reason, found && string(b.Record.Hash) != string(was.Record.Hash)
	if found && q.unsure && !other { // not enough to serve a higher level
		found, reason = false, Several
	}
	next := was
	switch {
	case q.claimed != nil: // a claim changes nothing that is bound
		return was, nil
	case other && was.State == Suspended:
		return was, nil
	case other:
		next.State, next.Reason = Suspended, Differs
	case !found:
		next.Reason, next.Asked = reason, b.Asked
	case was.State == Suspended: // what was suspicious is for staff to settle
		return was, nil
	default:
		next.Reason, next.Asked, next.Level, next.ConfirmedAt = Confirmed, "", was.Level.Join(q.level), s.now()
	}
	return s.move(ctx, was, next, q.by, nil)
}

// area checks the area that an answer names.
func (s *Service) area(ctx context.Context, b Binding, named tenants.AreaID) (tenants.AreaID, error) {
	if named == "" {
		return b.Area, nil
	}
	d, err := s.o.Departments.Department(ctx, b.Place.Department)
	if err != nil {
		return "", err
	}
	for _, a := range d.Areas {
		if a.ID == named {
			return named, nil
		}
	}
	return "", hub.Errorf("binding.area", hub.Refused, "an area that the department has not")
}
