// Package review owns the desk at which staff look at bindings: who waits for whom, what the person showed beside what the department's record says,
// and what lets the two be seen together for a while.
//
// # Evidence: the exception to D3 here
//
// A reviewer looks when the person has gone, so what they showed must rest until then. It does under these conditions, and under no others:
//
//   - The person has agreed to it, for one binding, while they were present: [Evidence.Keep] copies the attributes that the kind of records
//     names, and nothing else, out of the vault of their session.
//   - It rests sealed under a key of its own, and that key rests sealed under the master key, which is not in the database. Whoever holds
//     the database alone reads nothing.
//   - It is opened for the one clerk who has the binding under review at that moment, and each time an event says so.
//   - Key and content are removed in the transaction that ends the case, whatever it ends in, when the person takes their word back, and
//     after [EvidenceLife] in any case.
//
// What this can't do: a hub that runs holds the master key, so somebody who changes its program could open what waits for review, and a backup of the
// database together with the master key opens what waited when it was made. The department's own record is asked for each time a reviewer
// looks, is shown, and is never kept.
//
// It does not own bindings, their states, or who holds one under review (binding.Service does, by compare-and-set), or pages.
package review

import (
	"context"
	"log/slog"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/tenants"
)

// EvidenceLife is how long evidence waits for a reviewer at most.
const EvidenceLife = 30 * 24 * time.Hour

// Kept is evidence as it rests.
type Kept struct {
	Binding string
	Sealed  []byte // under the key
	Key     []byte // sealed under the master key
	At      time.Time
	Until   time.Time
}

// EvidenceStore keeps evidence, at most one of a binding.
type EvidenceStore interface {
	// Put replaces the evidence of a binding that is not decided, and holds its row until the transaction ends: Consumed where it is decided.
	Put(ctx context.Context, k Kept) error
	// Of finds it, unless its time is over. NotFound.
	Of(ctx context.Context, binding string, at time.Time) (Kept, error)
	// Shred removes it. False where there is none.
	Shred(ctx context.Context, binding string) (bool, error)
	// Sweep removes what is too old, at most limit, and tells how many.
	Sweep(ctx context.Context, at time.Time, limit int) (int, error)
	// After lists evidence by the id of its binding, for a change of the master key, and Reseal replaces a sealed key, if it is still the old one.
	After(ctx context.Context, binding string, limit int) ([]Kept, error)
	Reseal(ctx context.Context, binding string, old, sealed []byte) error
}

// Place is where a clerk's post counts: a department, or an area of it with all that lies below.
type Place struct {
	Department hub.DepartmentID
	Area       tenants.AreaID // "" for all of it
}

// Queue lists what waits.
type Queue interface {
	// Waiting lists bindings that are proposed or under review, the longest waiting first: of a department, or of the areas where any are named;
	// behind a time and id, at most limit.
	Waiting(ctx context.Context, department hub.DepartmentID, areas []tenants.AreaID, behind Cursor, limit int) ([]binding.Binding, error)
	// Unsettled lists those out of service, and those of which staff want something that a second person must agree to, in the same way.
	Unsettled(ctx context.Context, department hub.DepartmentID, areas []tenants.AreaID, behind Cursor, limit int) ([]binding.Binding, error)
}

// Cursor is a place in the queue.
type Cursor struct {
	At time.Time
	ID string
}

// Sittings keeps who is served at which counter just now.
type Sittings interface {
	// Sit keeps a sitting under the hash of its number, and takes the clerk's other ones away that were not used. Conflict where the hash exists.
	Sit(ctx context.Context, hash []byte, s Sitting) error
	// Sitting finds one that is neither over nor used. NotFound.
	Sitting(ctx context.Context, hash []byte, at time.Time) (Sitting, error)
	// Confirm ties a binding to a sitting, with the hash of the code that its person is shown; the same binding again gets a new code. Consumed where
	// another one is tied to it, or it is over.
	Confirm(ctx context.Context, hash []byte, binding string, code []byte, at time.Time) error
	// Use consumes the clerk's own sitting by the code, in one statement, and gives its binding. NotFound where one of them does not fit.
	Use(ctx context.Context, hash, code []byte, by hub.AccountID, at time.Time) (string, error)
	// Stood reports whether the clerk has used a sitting of the binding since.
	Stood(ctx context.Context, binding string, by hub.AccountID, since time.Time) (bool, error)
	// SweepSittings removes those whose time was over before, at most limit, and tells how many.
	SweepSittings(ctx context.Context, before time.Time, limit int) (int, error)
}

// Permits decides what staff may do.
type Permits interface {
	binding.Permits
	// Where lists the places at which the clerk may do the act, each once. Unavailable.
	Where(ctx context.Context, c binding.Clerk, act binding.Act) ([]Place, error)
}

// Departments knows departments and how their areas lie in each other; tenants.Directory has it.
type Departments interface {
	// Department finds one. NotFound.
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
	// Within reports whether an area is the other one or lies below it.
	Within(department hub.DepartmentID, area, of tenants.AreaID) bool
}

// Sessions opens vaults while their person is present; session.Service has it.
type Sessions interface {
	Attributes(ctx context.Context, id hub.SessionID, key hub.Secret) (hub.Attributes, error)
}

// Entities knows what the register says of legal entities, which is public in law.
type Entities interface {
	// Facts gives an entity. NotFound.
	Facts(ctx context.Context, id hub.EntityID) (Company, error)
}

// Company is a legal entity as it is registered here.
type Company struct {
	Kind   string // of the number (hub/identifier)
	Number string
	Names  hub.Text
	Status string // "active", "suspended", "closed"
}

// fields are what can be compared with a department's record.
func (c Company) fields() Fields {
	out := Fields{}
	for name, lang := range map[hub.AttributeName]string{hub.Name: "th", hub.NameEN: "en"} {
		if text := c.Names[lang]; text != "" {
			out[string(name)] = text
		}
	}
	return out
}

// Fields are texts by name: attributes of the dictionary, or further attributes of the kind. They print as "[redacted]".
type Fields map[string]string

// String hides them.
func (Fields) String() string { return "[redacted]" }

// GoString hides them.
func (Fields) GoString() string { return "[redacted]" }

// LogValue hides them.
func (Fields) LogValue() slog.Value { return slog.StringValue("[redacted]") }
