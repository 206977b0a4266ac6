package review

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/binding"
	"onedoor/binding/spelling"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
)

// Options are what a Desk is made of. All are required but the last.
type Options struct {
	Bindings    *binding.Service
	Evidence    *Evidence
	Queue       Queue
	Sittings    Sittings
	Permits     Permits
	Departments Departments
	Sessions    Sessions
	Counters    binding.Counters
	Index       binding.Index
	Sign        binding.Signer
	HTTP        *http.Client // hub/outbound
	Issuer      string
	Audit       audit.Recorder
	Tx          Transactor
	Clock       hub.Clock
	Random      io.Reader
	Told        Told

	Entities Entities // nil where nobody acts for any
}

// Desk is where clerks look. It tells apart nothing that a clerk may not see: what is not theirs is not there.
type Desk struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Desk, error) {
	if o.Bindings == nil || o.Evidence == nil || o.Queue == nil || o.Sittings == nil || o.Permits == nil || o.Departments == nil || o.Sessions == nil ||
		o.Counters == nil || o.Index == nil || o.Sign == nil || o.HTTP == nil || o.Issuer == "" || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Told == nil {
		return nil, hub.Errorf("review.New", hub.Invalid, "an option is missing")
	}
	return &Desk{o}, nil
}

// Waiting is a binding in the queue: ids and states, nothing of a person.
type Waiting struct {
	binding.Binding
	Kind       hub.Text
	Department hub.Text
	Area       hub.Text
	Mine       bool // this clerk has it
	Other      bool // another clerk has it
	Own        bool // it is about the clerk's own record, or one of an entity that they act for
}

// Queue lists what waits where the clerk may review, the longest waiting first, at most limit; next is where to go on, zero at the end. Places tells
// whether there is any place where they may.
func (d *Desk) Queue(ctx context.Context, c binding.Clerk, behind Cursor, limit int) (list []Waiting, next Cursor, places bool, err error) {
	return d.list(ctx, c, binding.ActReview, d.o.Queue.Waiting, behind, limit)
}

// finding lists bindings of a department, or of areas of it.
type finding func(ctx context.Context, department hub.DepartmentID, areas []tenants.AreaID, behind Cursor, limit int) ([]binding.Binding, error)

func (d *Desk) list(ctx context.Context, c binding.Clerk, act binding.Act, find finding, behind Cursor, limit int) (list []Waiting, next Cursor, places bool, err error) {
	where, err := d.o.Permits.Where(ctx, c, act)
	if err != nil || len(where) == 0 {
		return nil, Cursor{}, false, err
	}
	now := d.o.Clock()
	for _, p := range where {
		dept, err := d.o.Departments.Department(ctx, p.Department)
		if errors.Is(err, hub.NotFound) {
			continue
		}
		if err != nil {
			return nil, Cursor{}, false, err
		}
		var areas []tenants.AreaID
		if p.Area != "" {
			for _, a := range dept.Areas {
				if d.o.Departments.Within(dept.ID, a.ID, p.Area) {
					areas = append(areas, a.ID)
				}
			}
			if len(areas) == 0 {
				continue
			}
		}
		found, err := find(ctx, p.Department, areas, behind, limit+1)
		if err != nil {
			return nil, Cursor{}, false, err
		}
		for _, b := range found {
			if !slices.ContainsFunc(list, func(w Waiting) bool { return w.ID == b.ID }) {
				w, err := d.waiting(ctx, c, dept, b, now)
				if err != nil {
					return nil, Cursor{}, false, err
				}
				list = append(list, w)
			}
		}
	}
	slices.SortFunc(list, func(a, b Waiting) int { return cmp.Or(a.UpdatedAt.Compare(b.UpdatedAt), strings.Compare(a.ID, b.ID)) })
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = Cursor{last.UpdatedAt, last.ID}
	}
	return list, next, true, nil
}

func (d *Desk) waiting(ctx context.Context, c binding.Clerk, dept tenants.Department, b binding.Binding, now time.Time) (w Waiting, err error) {
	w = Waiting{Binding: b, Department: dept.Names}
	if w.Own, err = d.o.Bindings.Own(ctx, c, b.Owner); err != nil {
		return Waiting{}, err
	}
	if k, ok := dept.Record(b.Place.Kind); ok {
		w.Kind = k.Names
	}
	for _, a := range dept.Areas {
		if a.ID == b.Area {
			w.Area = a.Names
		}
	}
	held := b.Held(now)
	w.Mine, w.Other = held && b.Reviewer == c.Account, held && b.Reviewer != c.Account
	return w, nil
}

// visible finds a binding for a clerk who may do an act on such ones. NotFound for any other, whether it is there or not.
func (d *Desk) visible(ctx context.Context, c binding.Clerk, act binding.Act, id string) (binding.Binding, tenants.Department, tenants.RecordKind, error) {
	none := func(err error) (binding.Binding, tenants.Department, tenants.RecordKind, error) {
		return binding.Binding{}, tenants.Department{}, tenants.RecordKind{}, err
	}
	b, err := d.o.Bindings.ByID(ctx, id)
	if err != nil {
		return none(err)
	}
	if err := d.o.Permits.May(ctx, c, act, b.Place.Department, b.Area); err != nil {
		if errors.Is(err, hub.Denied) || errors.Is(err, hub.LevelUnmet) { // a program has reached no level: it would hear which cases there are
			err = hub.Errorf("review.visible", hub.NotFound, "no such case")
		}
		return none(err)
	}
	dept, err := d.o.Departments.Department(ctx, b.Place.Department)
	if err != nil {
		return none(err)
	}
	k, ok := dept.Record(b.Place.Kind)
	if !ok {
		return none(hub.Errorf("review.visible", hub.NotFound, "the department keeps no such records"))
	}
	return b, dept, k, nil
}

// Case is what a clerk sees of one binding. Number, Lines and Shown are there only while they have it under review.
type Case struct {
	Waiting
	Records  tenants.RecordKind
	Areas    []tenants.Area // of the department
	Number   string         // the department's; "" where none is named
	Lines    []Line
	Entity   Company  // whose record it is, while the clerk has the case; zero for a person's
	Evidence bool     // the person's word stands, and what they showed is there
	Held     bool     // the department has shown its record
	Trouble  hub.Kind // why it has not: Unavailable, Refused, NotFound; "" where it has, or has no endpoint
	History  []binding.Change
}

// Describe gives a case without anything that a person has shown or a record holds: ids, states and what became of it. NotFound where they may not.
func (d *Desk) Describe(ctx context.Context, c binding.Clerk, id string) (Case, error) {
	b, dept, k, err := d.visible(ctx, c, binding.ActReview, id)
	if err != nil {
		return Case{}, err
	}
	out := Case{Records: k, Areas: dept.Areas}
	if out.Waiting, err = d.waiting(ctx, c, dept, b, d.o.Clock()); err != nil {
		return Case{}, err
	}
	if out.History, err = d.o.Bindings.Changes(ctx, id); err != nil {
		return Case{}, err
	}
	_, out.Evidence, err = d.o.Evidence.there(ctx, b)
	return out, err
}

// Open gives a case. While the clerk has it under review it shows both sides, and every such look is recorded. NotFound where they may not.
func (d *Desk) Open(ctx context.Context, c binding.Clerk, id string) (Case, error) {
	out, err := d.Describe(ctx, c, id)
	if err != nil {
		return Case{}, err
	}
	b, k := out.Binding, out.Records
	if !out.Mine || out.Own {
		return out, nil
	}
	if _, out.Number, err = d.o.Bindings.Look(ctx, c, id); err != nil {
		return Case{}, err
	}
	var shown, held Fields
	if b.Owner.Entity != "" && d.o.Entities != nil {
		if out.Entity, err = d.entity(ctx, c, b); err != nil {
			return Case{}, err
		}
		shown = out.Entity.fields()
	}
	if out.Evidence {
		if shown, err = d.look(ctx, c, b); err != nil {
			return Case{}, err
		}
	}
	if out.Number != "" && k.Show != "" {
		held, err = d.record(ctx, c, b, k, out.Number)
		switch {
		case err == nil:
			out.Held = true
		case ctx.Err() != nil || errors.Is(err, hub.Internal):
			return Case{}, err
		default:
			out.Trouble = hub.KindOf(err)
		}
	}
	out.Lines = Compare(k, shown, held)
	return out, nil
}

// entity gives what the register says of the entity whose record it is, in the place of evidence: nobody has to agree to what is public, but the look
// is recorded.
func (d *Desk) entity(ctx context.Context, c binding.Clerk, b binding.Binding) (Company, error) {
	x, err := d.o.Entities.Facts(ctx, b.Owner.Entity)
	if errors.Is(err, hub.NotFound) {
		return Company{}, nil
	}
	if err != nil {
		return Company{}, err
	}
	return x, d.o.Evidence.record(ctx, "review.opened", b, "", c.Account)
}

// look opens the evidence for the clerk who has the binding, and records it: the event first, so that nothing is seen without one.
func (d *Desk) look(ctx context.Context, c binding.Clerk, b binding.Binding) (shown Fields, err error) {
	err = d.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := d.o.Evidence.record(ctx, "review.opened", b, "", c.Account); err != nil {
			return err
		}
		shown, err = d.o.Evidence.open(ctx, b)
		return err
	})
	return shown, err
}

// act does a clerk's act on a case that they may see.
func (d *Desk) act(ctx context.Context, c binding.Clerk, id string, do func(context.Context, binding.Clerk, string) (binding.Binding, error)) (binding.Binding, error) {
	if _, _, _, err := d.visible(ctx, c, binding.ActReview, id); err != nil {
		return binding.Binding{}, err
	}
	return do(ctx, c, id)
}

// Take takes a case up. This and what follows do as binding.Service does, for those who may see the case: NotFound for all others.
func (d *Desk) Take(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.act(ctx, c, id, d.o.Bindings.Take)
}

// Release gives a case back for others.
func (d *Desk) Release(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.act(ctx, c, id, d.o.Bindings.Release)
}

// Reassign gives a case to another part of the department.
func (d *Desk) Reassign(ctx context.Context, c binding.Clerk, id string, to tenants.AreaID) (binding.Binding, error) {
	return d.act(ctx, c, id, func(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
		return d.o.Bindings.Reassign(ctx, c, id, to)
	})
}

// Approve binds, or is the first of two pairs of eyes.
func (d *Desk) Approve(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
	return d.act(ctx, c, id, d.o.Bindings.Approve)
}

// Reject sends it back, for a reason of binding.Reasons(binding.Pending).
func (d *Desk) Reject(ctx context.Context, c binding.Clerk, id string, why binding.Reason) (binding.Binding, error) {
	return d.act(ctx, c, id, func(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
		return d.o.Bindings.Reject(ctx, c, id, why)
	})
}

// AskFor sends it back with the question for one further attribute.
func (d *Desk) AskFor(ctx context.Context, c binding.Clerk, id, extra string) (binding.Binding, error) {
	return d.act(ctx, c, id, func(ctx context.Context, c binding.Clerk, id string) (binding.Binding, error) {
		return d.o.Bindings.AskFor(ctx, c, id, extra)
	})
}

// Name says which record it is, by what the clerk has seen: of somebody who stood at the counter (Counter) that is what the kind of records demands
// of everybody; of anybody else it is what their own sign-in had proven.
func (d *Desk) Name(ctx context.Context, c binding.Clerk, id, number string) (binding.Binding, error) {
	b, _, k, err := d.visible(ctx, c, binding.ActReview, id)
	if err != nil {
		return binding.Binding{}, err
	}
	stood, err := d.o.Sittings.Stood(ctx, id, c.Account, d.o.Clock().Add(-binding.ReviewTime))
	if err != nil {
		return binding.Binding{}, err
	}
	seen := b.Level
	if stood {
		seen = seen.Join(k.Least)
	}
	return d.o.Bindings.Name(ctx, c, id, spelling.Digits(number), seen)
}

// Purge removes evidence that waited too long, and old sittings, at most limit of each, and tells how many.
func (d *Desk) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	n, err := d.o.Evidence.o.Store.Sweep(ctx, now, limit)
	if err != nil {
		return n, err
	}
	more, err := d.o.Sittings.SweepSittings(ctx, now.Add(-binding.ReviewTime), limit)
	return n + more, err
}

// departments lists those in which, or in an area of which, the clerk may do something.
func (d *Desk) departments(ctx context.Context, c binding.Clerk, act binding.Act) ([]tenants.Department, error) {
	where, err := d.o.Permits.Where(ctx, c, act)
	if err != nil {
		return nil, err
	}
	var all []tenants.Department
	for _, p := range where {
		if slices.ContainsFunc(all, func(x tenants.Department) bool { return x.ID == p.Department }) {
			continue
		}
		dept, err := d.o.Departments.Department(ctx, p.Department)
		if errors.Is(err, hub.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, dept)
	}
	return all, nil
}
