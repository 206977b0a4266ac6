// Package register owns changes of the register while the hub runs: departments, their systems, the life of a system from draft to live and
// suspended, and its secrets. Every change has an actor, is checked against the rights of that actor and against the register as a whole, and writes
// its event in the same transaction.
//
// # What it holds to
//
//   - An entry has one keeper: the files of `onedoor apply` or the administrators' API. What the files keep is changed in the files; only
//     suspending works on every system, and files don't open again what staff have suspended.
//   - A change names the version that it is a change of: nobody overwrites what they have not seen.
//   - draft -> testing -> live -> suspended (EXC-06, EXC-07). To live leads one way, from a proposal that says what shows that the system
//     has been tested, for exactly the version that was proposed, with its record complete (LOA-07 to LOA-09); with four eyes by somebody else.
//   - A system that is open to people is changed only by who may open it.
//   - What is no longer live ends: its tokens and grants in the same transaction, and the sessions there are told.
//
// It does not own what a valid entry is, or who reads it (tenants), who may do what (authz/permit), or the files (configs).
package register

import (
	"context"
	"io"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// Origin says who keeps an entry.
type Origin string

// The origins.
const (
	ByFile Origin = "file"
	ByAPI  Origin = "api"
)

// Department is an entry with what is known of it.
type Department struct {
	tenants.Department
	Version int64
	Origin  Origin
}

// System is an entry with what is known of it.
type System struct {
	tenants.System
	Version int64
	Origin  Origin
	Held    bool // staff have suspended it: files don't open it
}

// place is where the system is.
func place(s tenants.System) staff.Place {
	return staff.Place{Department: s.Department, Area: s.Area}
}

// Move is a step in the life of a system.
type Move struct {
	Seq         int64 // given by the store; later moves have greater ones
	ID          string
	System      hub.SystemID
	Was, Became tenants.SystemStatus
	Reason      string // a word of a closed list: see Reasons
	Account     hub.AccountID
	Program     hub.SystemID
	At          time.Time
}

// The reasons for a move.
const (
	Planned     = "planned"
	Incident    = "incident"
	Misuse      = "misuse"
	Maintenance = "maintenance"
	Tested      = "tested"
	Settled     = "settled" // what it was suspended for is over
)

// Reasons lists them.
func Reasons() []string { return []string{Planned, Incident, Misuse, Maintenance, Tested, Settled} }

// Proposal says that a version of a system is ready to go live.
type Proposal struct {
	ID      string
	System  hub.SystemID
	Version int64
	Tested  string // what shows that it has been tested: the name of a report, see Propose
	Account hub.AccountID
	At      time.Time
}

// Entries keeps departments and systems.
type Entries interface {
	// Department and System find one, in the transaction of ctx if there is one. NotFound.
	Department(ctx context.Context, id hub.DepartmentID) (Department, error)
	System(ctx context.Context, id hub.SystemID) (System, error)
	// AllDepartments and AllSystems list all by id.
	AllDepartments(ctx context.Context) ([]Department, error)
	AllSystems(ctx context.Context) ([]System, error)
	// Alone waits until no other change of the register is under way and keeps others waiting until the transaction of ctx ends: what is
	// checked beside all entries stays true.
	Alone(ctx context.Context) error
	// ReplaceDepartment and ReplaceSystem replace the version that is given, or add where that is 0, and give the new version. Conflict where
	// it is another one, in one statement with the change.
	ReplaceDepartment(ctx context.Context, d Department) (int64, error)
	ReplaceSystem(ctx context.Context, s System) (int64, error)
}

// Lives keeps the moves of systems and proposals.
type Lives interface {
	// Moved adds a step.
	Moved(ctx context.Context, m Move) error
	// Moves lists a system's, the latest first, at most limit, below the number before (0: from the latest).
	Moves(ctx context.Context, system hub.SystemID, before int64, limit int) ([]Move, error)
	// Propose adds a proposal, in the place of one that there is.
	Propose(ctx context.Context, p Proposal) error
	// Proposal finds the open one. NotFound.
	Proposal(ctx context.Context, system hub.SystemID) (Proposal, error)
	// Take consumes a proposal. Consumed where it is not open any more.
	Take(ctx context.Context, id string) error
}

// Ends ends what rests on systems.
type Ends interface {
	// Closed ends tokens and grants of systems that are no longer open, in the transaction of ctx, and has the sessions there told.
	Closed(ctx context.Context, systems []hub.SystemID, at time.Time) error
}

// Options are what a Service is made of. All are required but FourEyes.
type Options struct {
	Entries  Entries
	Lives    Lives
	Ends     Ends
	Audit    audit.Recorder
	Tx       staff.Transactor
	Clock    hub.Clock
	Random   io.Reader
	FourEyes bool // who proposes a system is not who opens it
}

// Service changes the register.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Entries == nil || o.Lives == nil || o.Ends == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("register.New", hub.Invalid, "an option is missing")
	}
	return &Service{o}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Faulty is what is wrong with an entry that was to be put. It is Invalid.
type Faulty struct{ Faults []tenants.Fault }

// Error names how much is wrong; the faults themselves are for whoever sent the entry.
func (f *Faulty) Error() string { return "register: the entry breaks rules of the register" }

// Unwrap gives the Kind.
func (f *Faulty) Unwrap() error { return hub.Invalid }

// alone runs a change in a transaction of its own turn.
func (s *Service) alone(ctx context.Context, change func(context.Context) error) error {
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.o.Entries.Alone(ctx); err != nil {
			return err
		}
		return change(ctx)
	})
}

func (s *Service) record(ctx context.Context, kind string, by staff.Actor, e audit.Event, detail map[string]string) error {
	e.Kind, e.Outcome, e.Detail = kind, audit.Success, by.Note(detail)
	return s.o.Audit.Record(ctx, e)
}
