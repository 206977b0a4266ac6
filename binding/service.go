package binding

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
	"onedoor/tenants"
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. AfterCommit keeps
// fn for when the transaction in ctx has committed.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	AfterCommit(ctx context.Context, fn func())
}

// Departments finds departments; tenants.Directory has it, in memory. NotFound.
type Departments interface {
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
}

// Sessions opens vaults while their person is present; session.Service has it.
type Sessions interface {
	Attributes(ctx context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error)
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
}

// Grants ends what systems hold.
type Grants interface {
	// EndAt ends what the systems of a department were given for the owner, in the transaction of ctx.
	EndAt(ctx context.Context, o Owner, department hub.DepartmentID, at time.Time) error
}

// Counters counts what happens in a period, on all nodes together; hubsql.Counters has it. Unavailable.
type Counters interface {
	Count(ctx context.Context, name string, subject []byte, period time.Duration, now time.Time) (int, error)
}

// Permits decides what staff may do.
type Permits interface {
	// May is nil where the clerk may do the act at the department, or the area of it, now. Denied; Unavailable.
	May(ctx context.Context, c Clerk, act Act, department hub.DepartmentID, area tenants.AreaID) error
}

// Entities tells who may bind records of a legal entity.
type Entities interface {
	// MayBind is nil where the account manages the entity now. Denied; Unavailable.
	MayBind(ctx context.Context, account hub.AccountID, entity hub.EntityID) error
	// Stands reports whether the account acts for the entity, or heads it. Unavailable.
	Stands(ctx context.Context, account hub.AccountID, entity hub.EntityID) (bool, error)
	// Facts gives what the register has of an entity, which is public in law. NotFound; Unavailable.
	Facts(ctx context.Context, entity hub.EntityID) (Facts, error)
}

// Facts are what a legal entity is registered under.
type Facts struct {
	NumberType string            `json:"number_type"` // one of identifier.EntityKinds
	Number     string            `json:"number"`
	Names      map[string]string `json:"names,omitempty"` // by language
}

// People are told of what became of their records through another channel (AUD-09).
type People interface {
	// Tell keeps the notice that the owner's binding came from one state into another, in the transaction of ctx.
	Tell(ctx context.Context, o Owner, was, is State, by Actor) error
}

// Signals are the streams of security events that a department's systems have subscribed to.
type Signals interface {
	// Moved keeps the event of a move for those that want it, in the transaction of ctx.
	Moved(ctx context.Context, b Binding, by Actor) error
}

// Imported finds records among the keys that a department has imported.
type Imported interface {
	// Find gives what fits the attributes. NotFound where the department has imported nothing of that kind.
	Find(ctx context.Context, p Place, attributes hub.Attributes) (Answer, error)
}

// Cases is told of every move, in its transaction: what waits for a reviewer goes when the case ends.
type Cases interface {
	Moved(ctx context.Context, was, is Binding) error
}

// Options are what a Service is made of. All are required but those of the last group.
type Options struct {
	Store       Store
	History     History
	Work        WorkStore
	Departments Departments
	Sessions    Sessions
	Grants      Grants
	Counters    Counters
	Permits     Permits
	Numbers     *Numbers
	Masters     Masters
	Index       Index
	Audit       audit.Recorder
	Tx          Transactor
	Clock       hub.Clock
	Random      io.Reader
	Log         *slog.Logger
	Wake        func() // has the work looked for now; may be called at any time

	Entities Entities // nil: there are none
	Imported Imported // nil: nothing was imported
	Cases    Cases    // nil: nothing rests on cases
	People   People   // nil: nobody is told
	Signals  Signals  // nil: nobody has subscribed
}

// Service leads bindings through their states.
type Service struct {
	o    Options
	seen *seen
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.History == nil || o.Work == nil || o.Departments == nil || o.Sessions == nil || o.Grants == nil || o.Counters == nil ||
		o.Permits == nil || o.Numbers == nil || o.Masters == nil || o.Index == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil ||
		o.Random == nil || o.Log == nil || o.Wake == nil {
		return nil, hub.Errorf("binding.New", hub.Invalid, "an option is missing")
	}
	return &Service{o: o, seen: newSeen(mostSeen)}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// kind finds what a department says of a place. NotFound.
func (s *Service) kind(ctx context.Context, p Place) (tenants.RecordKind, error) {
	d, err := s.o.Departments.Department(ctx, p.Department)
	if err != nil {
		return tenants.RecordKind{}, err
	}
	k, ok := d.Record(p.Kind)
	if !ok {
		return tenants.RecordKind{}, hub.Errorf("binding.kind", hub.NotFound, "the department keeps no such records")
	}
	return k, nil
}

// ByID finds a binding. NotFound.
func (s *Service) ByID(ctx context.Context, id string) (Binding, error) {
	if !hub.ValidID(id) {
		return Binding{}, hub.Errorf("binding.ByID", hub.NotFound, "no such binding")
	}
	return s.o.Store.ByID(ctx, id)
}

// Changes lists what became of a binding, newest first.
func (s *Service) Changes(ctx context.Context, id string) ([]Change, error) {
	const most = 200
	return s.o.History.Changes(ctx, id, most)
}

// Asking reports whether the department is being asked about a binding.
func (s *Service) Asking(ctx context.Context, id string) (bool, error) {
	return s.o.History.Open(ctx, id)
}

// move writes what became of a binding in the transaction of ctx: the state by compare-and-set, its history, the event, and what follows from it.
// It gives the binding as it rests then. Consumed where somebody was faster, Conflict where somebody else has the record.
func (s *Service) move(ctx context.Context, was, b Binding, by Actor, detail map[string]string) (Binding, error) {
	const op = "binding.move"
	if !was.State.CanBecome(b.State) {
		return Binding{}, hub.Errorf(op, hub.Consumed, "it is not in a state for that any more")
	}
	now := s.now()
	b.UpdatedAt = now
	switch {
	case b.State != was.State: // what was wanted of it was wanted of what it is no more
		b.Wanted, b.WantedWhy = "", ""
	case b.Wanted != was.Wanted:
		return s.wish(ctx, was, b, by)
	}
	if b.State != Review {
		b.Reviewer, b.ReviewedUntil = "", time.Time{}
	}
	if b.State == Bound && !was.State.Counts() {
		b.BoundAt, b.ConfirmedAt, b.Conflict, b.Asked = now, now, "", ""
	}
	if err := s.o.Store.Move(ctx, b, s.change(ctx, b, was.State, by)); err != nil {
		return Binding{}, err
	}
	b.Version++
	if err := s.follow(ctx, was, b, by); err != nil {
		return Binding{}, err
	}
	return b, s.record(ctx, events[b.State], b, by, detail)
}

func (s *Service) change(ctx context.Context, b Binding, was State, by Actor) Change {
	return Change{
		ID: hub.NewID(s.o.Random), Binding: b.ID, Was: was, Became: b.State, Reason: b.Reason, Way: b.Way, Level: b.Level, By: by,
		Interaction: hub.InteractionFrom(ctx), At: b.UpdatedAt,
	}
}

// follow does what rests on a move: what stood on a binding that counts no more ends, and the department and the person are told.
func (s *Service) follow(ctx context.Context, was, b Binding, by Actor) error {
	if s.o.Cases != nil {
		if err := s.o.Cases.Moved(ctx, was, b); err != nil {
			return err
		}
	}
	if was.State == Bound && b.State != Bound {
		if err := s.o.Grants.EndAt(ctx, b.Owner, b.Place.Department, b.UpdatedAt); err != nil {
			return err
		}
	}
	if !was.State.Counts() && !b.State.Counts() {
		return nil
	}
	if err := s.tell(ctx, b); err != nil {
		return err
	}
	if s.o.Signals != nil {
		if err := s.o.Signals.Moved(ctx, b, by); err != nil {
			return err
		}
	}
	return s.tellOwner(ctx, was, b, by)
}

// tellOwner tells the person of what others, or somebody in their place, did to their record. What they have just done by being there, and what ends
// with their account, they are told where it happens.
func (s *Service) tellOwner(ctx context.Context, was, b Binding, by Actor) error {
	began := b.State == Bound && was.State != Suspended
	if s.o.People == nil || b.State == was.State || b.Reason == AccountEnded || began && by.Kind != ByStaff {
		return nil
	}
	return s.o.People.Tell(ctx, b.Owner, was.State, b.State, by)
}

// events are the kinds of the record, by what became of a binding.
var events = map[State]string{
	Pending: "binding.returned", Proposed: "binding.proposed", Review: "binding.reviewed", Bound: "binding.bound", Suspended: "binding.suspended",
	Unbound: "binding.unbound",
}

func (s *Service) record(ctx context.Context, kind string, b Binding, by Actor, more map[string]string) error {
	detail := map[string]string{
		"binding": b.ID, "department": string(b.Place.Department), "kind": string(b.Place.Kind), "actor": string(by.Kind),
	}
	if b.Way != "" {
		detail["way"] = string(b.Way)
	}
	if by.Kind == ByStaff {
		detail["by"] = string(by.Account)
	}
	if b.Owner.Entity != "" {
		detail["entity"] = string(b.Owner.Entity)
	}
	maps.Copy(detail, more)
	e := audit.Event{
		At: s.now(), Kind: kind, Outcome: audit.Success, Reason: string(b.Reason), Account: b.Owner.Account, Level: b.Level, Detail: detail,
	}
	if b.Owner.Entity != "" && by.Kind == ByPerson {
		e.Account = by.Account
	}
	return s.o.Audit.Record(ctx, e)
}

// settled runs fn in a transaction, and again where somebody was faster: fn looks anew each time.
func (s *Service) settled(ctx context.Context, fn func(ctx context.Context) error) error {
	const attempts = 5
	var err error
	for range attempts {
		if err = s.o.Tx.InTx(ctx, fn); !errors.Is(err, errFaster) {
			return err
		}
	}
	return err
}

// errFaster has settled look again.
var errFaster = errors.New("binding: somebody was faster")

// faster makes a lost compare-and-set one to look at again.
func faster(err error) error {
	if errors.Is(err, hub.Consumed) {
		return hub.E("binding.faster", hub.Consumed, errFaster)
	}
	return err
}
