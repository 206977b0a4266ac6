package staff

import (
	"context"
	"io"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Right is what a program may do by itself: a role at a place, as a person's post, held by a system of the register.
type Right struct {
	ID      string
	System  hub.SystemID
	Role    Role
	Place   Place
	GivenBy hub.AccountID // "" for the command line
	At      time.Time
	EndedBy hub.AccountID // "" for the command line
	EndedAt time.Time     // zero while it counts
}

// MachineStore keeps rights of programs.
type MachineStore interface {
	// Give adds a right. Conflict where the system holds it already, or is not there.
	Give(ctx context.Context, r Right) error
	// Right finds one, ended or not. NotFound.
	Right(ctx context.Context, id string) (Right, error)
	// EndRight ends one. Consumed where it has ended.
	EndRight(ctx context.Context, id string, by hub.AccountID, at time.Time) error
	// RightsOf lists what a system holds now, by id.
	RightsOf(ctx context.Context, system hub.SystemID) ([]Right, error)
	// Rights lists all that have not ended, by id, after one, at most limit.
	Rights(ctx context.Context, after string, limit int) ([]Right, error)
}

// Systems knows which systems there are.
type Systems interface {
	// Administrates reports whether the system is there and registered for the administrators' API. NotFound.
	Administrates(ctx context.Context, id hub.SystemID) (bool, error)
}

// MachineOptions are what Machines is made of. All are required.
type MachineOptions struct {
	Store   MachineStore
	Systems Systems
	Areas   Areas
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
}

// Machines gives rights to programs and takes them.
type Machines struct{ o MachineOptions }

// NewMachines checks the options. Invalid where one is missing.
func NewMachines(o MachineOptions) (*Machines, error) {
	if o.Store == nil || o.Systems == nil || o.Areas == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("staff.NewMachines", hub.Invalid, "an option is missing")
	}
	return &Machines{o}, nil
}

const grantRight = "machine.grant"

// Give lets a system act by itself. Denied; Invalid for a role and a place that don't go together, a place that is not there, or a system that
// is not registered for the administrators' API; NotFound for an unknown one; Conflict where it holds the right.
func (m *Machines) Give(ctx context.Context, by Actor, system hub.SystemID, role Role, place Place) (Right, error) {
	const op = "staff.Machines.Give"
	if err := by.Require(ctx, grantRight, Place{}); err != nil {
		return Right{}, err
	}
	if !role.Known() || role.Platform() != (place == Place{}) || place.Area != "" && !m.o.Areas.Within(place.Department, place.Area, place.Area) {
		return Right{}, hub.Errorf(op, hub.Invalid, "the role is not one of that place")
	}
	switch ok, err := m.o.Systems.Administrates(ctx, system); {
	case err != nil:
		return Right{}, err
	case !ok:
		return Right{}, hub.Errorf(op, hub.Invalid, "the system is not registered for the administrators' API")
	}
	r := Right{ID: hub.NewID(m.o.Random), System: system, Role: role, Place: place, GivenBy: by.Account, At: m.o.Clock().UTC().Truncate(time.Microsecond)}
	return r, m.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := m.o.Store.Give(ctx, r); err != nil {
			return err
		}
		return m.record(ctx, "machine.granted", by, r)
	})
}

// End takes a right, at once. Denied, NotFound, Consumed.
func (m *Machines) End(ctx context.Context, by Actor, id string) error {
	if err := by.Require(ctx, grantRight, Place{}); err != nil {
		return err
	}
	return m.o.Tx.InTx(ctx, func(ctx context.Context) error {
		r, err := m.o.Store.Right(ctx, id)
		if err != nil {
			return err
		}
		if err := m.o.Store.EndRight(ctx, id, by.Account, m.o.Clock().UTC().Truncate(time.Microsecond)); err != nil {
			return err
		}
		return m.record(ctx, "machine.ended", by, r)
	})
}

// Of lists what a system holds now.
func (m *Machines) Of(ctx context.Context, system hub.SystemID) ([]Right, error) {
	return m.o.Store.RightsOf(ctx, system)
}

// All lists the rights of all programs by id, after one, at most limit.
func (m *Machines) All(ctx context.Context, after string, limit int) ([]Right, error) {
	return m.o.Store.Rights(ctx, after, limit)
}

func (m *Machines) record(ctx context.Context, kind string, by Actor, r Right) error {
	detail := by.Note(map[string]string{"right": r.ID, "role": string(r.Role)})
	if r.Place.Department != "" {
		detail["department"] = string(r.Place.Department)
	}
	if r.Place.Area != "" {
		detail["area"] = string(r.Place.Area)
	}
	return m.o.Audit.Record(ctx, audit.Event{Kind: kind, Outcome: audit.Success, System: r.System, Detail: detail})
}
