package review

import (
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
)

// mostSearches is how often one member of staff, or one program, may look for a record by its number at a department in an hour: enough for a counter, and
// too few to go through the numbers.
const mostSearches = 300

// Shelf is a department in which a clerk may end bindings, or in some area of which they may, with its kinds of records.
type Shelf struct {
	Department hub.DepartmentID
	Names      hub.Text
	Kinds      []tenants.RecordKind
}

// Tie is a binding as somebody sees it who may suspend it, bring it back or end it.
type Tie struct {
	Waiting
	Records tenants.RecordKind
	Number  string  // the department's; "" of one that does not count, and of the clerk's own
	Entity  Company // whose record it is; zero for a person's
	History []binding.Change
}

// Unsettled lists bindings that are out of service, and those of which staff want something that a second person must agree to, where the clerk may end
// them: the longest waiting first, as Queue.
func (d *Desk) Unsettled(ctx context.Context, c binding.Clerk, behind Cursor, limit int) (list []Waiting, next Cursor, places bool, err error) {
	return d.list(ctx, c, binding.ActEnd, d.o.Queue.Unsettled, behind, limit)
}

// Shelves lists where the clerk may end bindings: there they may look for one.
func (d *Desk) Shelves(ctx context.Context, c binding.Clerk) (all []Shelf, err error) {
	departments, err := d.departments(ctx, c, binding.ActEnd)
	for _, x := range departments {
		if len(x.Records) > 0 {
			all = append(all, Shelf{x.ID, x.Names, x.Records})
		}
	}
	return all, err
}

// Seek counts that somebody (who: an account or a system) looks for a record by its number, and records it with the note of who it is and where, whether
// they find anything or not: who goes through numbers is seen. TooMany. Who finds in a transaction of their own calls this before it.
func (d *Desk) Seek(ctx context.Context, who string, p binding.Place, note map[string]string) error {
	now := d.o.Clock()
	n, err := d.o.Counters.Count(ctx, "binding.search", d.o.Index.Index("binding/searches", who, string(p.Department)), time.Hour, now)
	if err != nil {
		return err
	}
	note["department"] = string(p.Department)
	if hub.ValidName(string(p.Kind)) { // else whatever was sent
		note["kind"] = string(p.Kind)
	}
	e := audit.Event{At: now, Kind: "binding.searched", Outcome: audit.Success, Detail: note}
	if n > mostSearches {
		e.Outcome, e.Reason = audit.Refusal, "too_many"
		return errors.Join(d.o.Audit.Record(ctx, e), hub.Errorf("review.Seek", hub.TooMany, "too many numbers were looked for"))
	}
	return d.o.Audit.Record(ctx, e)
}

// Find finds the binding that holds a record, by its number, for a clerk who may end it. NotFound for every other: one that nobody holds, one of an area
// that is not theirs, and what is no number at all are alike. TooMany as Seek.
func (d *Desk) Find(ctx context.Context, c binding.Clerk, p binding.Place, number string) (binding.Binding, error) {
	const op = "review.Find"
	none := hub.Errorf(op, hub.NotFound, "no such binding")
	shelves, err := d.Shelves(ctx, c)
	if err != nil {
		return binding.Binding{}, err
	}
	if !slices.ContainsFunc(shelves, func(s Shelf) bool { return s.Department == p.Department }) {
		return binding.Binding{}, none
	}
	if err := d.Seek(ctx, string(c.Account), p, map[string]string{"by": string(c.Account)}); err != nil {
		return binding.Binding{}, err
	}
	b, err := d.o.Bindings.Named(ctx, p, number)
	if err == nil {
		_, _, _, err = d.visible(ctx, c, binding.ActEnd, b.ID)
	}
	if errors.Is(err, hub.NotFound) {
		err = none
	}
	if err != nil {
		return binding.Binding{}, err
	}
	return b, nil // the look that follows is recorded with whose it is
}

// Inspect gives a binding to a clerk who may end it. The look is recorded. NotFound where they may not; of their own record they see that it is theirs.
func (d *Desk) Inspect(ctx context.Context, c binding.Clerk, id string) (Tie, error) {
	b, dept, k, err := d.visible(ctx, c, binding.ActEnd, id)
	if err != nil {
		return Tie{}, err
	}
	out := Tie{Records: k}
	if out.Waiting, err = d.waiting(ctx, c, dept, b, d.o.Clock()); err != nil {
		return Tie{}, err
	}
	if out.History, err = d.o.Bindings.Changes(ctx, id); err != nil || out.Own {
		return out, err
	}
	if out.Binding, out.Number, err = d.o.Bindings.Inspect(ctx, c, id); err != nil {
		return Tie{}, err
	}
	if b.Owner.Entity != "" && d.o.Entities != nil {
		out.Entity, err = d.o.Entities.Facts(ctx, b.Owner.Entity)
		if errors.Is(err, hub.NotFound) {
			err = nil
		}
	}
	return out, err
}

// end does a clerk's act on a binding that they may end.
func (d *Desk) end(ctx context.Context, c binding.Clerk, id string, do func() (binding.Binding, error)) (binding.Binding, error) {
	if _, _, _, err := d.visible(ctx, c, binding.ActEnd, id); err != nil {
		return binding.Binding{}, err
	}
	return do()
}

// Suspend takes a binding out of service. This and what follows do as binding.Service does, for those who may end it: NotFound for all others.
func (d *Desk) Suspend(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return d.end(ctx, c, id, func() (binding.Binding, error) { return d.o.Bindings.Suspend(ctx, c, id, why) })
}

// Resume brings it back, or is the first of two who want it.
func (d *Desk) Resume(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.end(ctx, c, id, func() (binding.Binding, error) { return d.o.Bindings.Resume(ctx, c, id) })
}

// Unbind ends it, or is the first of two who want it.
func (d *Desk) Unbind(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return d.end(ctx, c, id, func() (binding.Binding, error) { return d.o.Bindings.Unbind(ctx, c, id, why) })
}

// Decline drops what is wanted of it.
func (d *Desk) Decline(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.end(ctx, c, id, func() (binding.Binding, error) { return d.o.Bindings.Decline(ctx, c, id) })
}
