package binding

import (
	"context"

	"onedoor/hub"
)

// Store keeps bindings with their history. Each method is one transaction, or joins that of ctx.
type Store interface {
	// First adds a pending binding with Seed, unless the owner has one at the department, or ever had one made so. It reports whether it did:
	// of many at once exactly one does.
	First(ctx context.Context, b Binding, c Change) (bool, error)
	// Add adds one. Conflict where the owner has one of that place that is not unbound, or somebody else has the record; the transaction in
	// ctx stays good.
	Add(ctx context.Context, b Binding, c Change) error
	// ByID finds one. NotFound.
	ByID(ctx context.Context, id string) (Binding, error)
	// Of lists an owner's bindings that are not unbound, oldest first: at the department, or everywhere where it is "".
	Of(ctx context.Context, o Owner, department hub.DepartmentID) ([]Binding, error)
	// HeldBy finds the binding that counts of a record. NotFound.
	HeldBy(ctx context.Context, hash []byte) (Binding, error)
	// Move replaces what can change of a binding and makes its Version one more, if it is b.Version still. Consumed where it is not: somebody
	// was faster. Conflict where somebody else has the record; the transaction in ctx stays good.
	Move(ctx context.Context, b Binding, c Change) error
}

// History reads what became of bindings.
type History interface {
	// Changes lists a binding's moves, newest first, at most limit.
	Changes(ctx context.Context, binding string, limit int) ([]Change, error)
	// Open reports whether the department is being asked about the binding.
	Open(ctx context.Context, binding string) (bool, error)
}

// Seals walks over sealed numbers, for a change of the master key.
type Seals interface {
	// After lists bindings with a record by id, behind the given one, at most limit.
	After(ctx context.Context, id string, limit int) ([]Binding, error)
	// Reseal replaces the sealed number, if it is still the old one.
	Reseal(ctx context.Context, id string, old, sealed []byte) error
}
