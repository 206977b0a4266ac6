// Package catalogue owns changes of the catalogue of service items while the hub runs: who may change what, versions, four eyes, and what a change
// would have made of the decisions of before. Every change has an actor, is checked against the rights of that actor, against the item's own
// rules and against the register, and writes its event in the same transaction.
//
// # What it holds to
//
//   - An item has one keeper: the files of `onedoor apply` or staff and programs. What the files keep is changed in the files; only suspending
//     works on every item, and files do not offer again what staff have suspended.
//   - A change names the version that it is a change of: nobody overwrites what they have not seen.
//   - Where the department wants four eyes, a change waits until somebody else says yes to exactly that change of exactly that version.
//     Closing an item waits for nobody.
//   - An item that is retired is unknown from then on, and its id is never given again: what people have decided about it does not fall to
//     another one.
//
// It does not own what a valid item is or how it is decided (authz), who may do what (authz/permit), or the files (configs).
package catalogue

import (
	"context"
	"io"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// The acts, as the rights know them (authz/permit).
const (
	readItem     = "item.read"
	putItem      = "item.put"
	approveItem  = "item.approve"
	readDecision = "decision.read"
)

// Origin says who keeps an item.
type Origin string

// The origins.
const (
	ByFile Origin = "file"
	ByAPI  Origin = "api"
)

// Entry is an item with what is known of it.
type Entry struct {
	authz.Item
	Origin  Origin
	Held    bool      // staff have suspended it: files don't offer it again
	Retired time.Time // zero while there is the item
}

// Authors are who made a change: a person or a program, neither for files and the command line; and who confirmed it, where somebody had to.
type Authors struct {
	Account hub.AccountID
	Program hub.SystemID
	Second  hub.AccountID
}

// Version is an item as it was from a time on.
type Version struct {
	Item authz.Item
	At   time.Time
	By   Authors
}

// Draft is a change that waits for somebody else's yes.
type Draft struct {
	ID   string
	Item authz.Item
	Base int64 // version that it is a change of; 0 for a new item
	By   Authors
	At   time.Time
}

// Entries keeps items.
type Entries interface {
	// Alone waits until no other change of the catalogue is under way, and keeps others waiting until the transaction of ctx ends.
	Alone(ctx context.Context) error
	// Entry finds one, retired or not, in the transaction of ctx if there is one. NotFound.
	Entry(ctx context.Context, id authz.ItemID) (Entry, error)
	// EntriesAfter lists those that are not retired by id, of a department or ("") of all, behind an id, at most limit.
	EntriesAfter(ctx context.Context, department hub.DepartmentID, after authz.ItemID, limit int) ([]Entry, error)
	// ReplaceItem replaces the version that is given, or adds where that is 0, keeps it among the versions, and gives the new version. Conflict
	// where it is another one, of another department, or retired, in one statement with the change.
	ReplaceItem(ctx context.Context, e Entry, by Authors, at time.Time) (int64, error)
	// Versions lists an item's, the latest first, below a version (0: from the latest), at most limit.
	Versions(ctx context.Context, id authz.ItemID, below int64, limit int) ([]Version, error)
}

// Drafts keeps changes that wait, one of an item at most.
type Drafts interface {
	// Draft finds the one of an item. NotFound.
	Draft(ctx context.Context, item authz.ItemID) (Draft, error)
	// DraftsOf lists those of a department, the oldest first, at most limit.
	DraftsOf(ctx context.Context, department hub.DepartmentID, limit int) ([]Draft, error)
	// KeepDraft adds one, or replaces one of the same author, or one for a new item where there is the item by now. Conflict where one of somebody
	// else's waits.
	KeepDraft(ctx context.Context, d Draft) error
	// TakeDraft consumes one. Consumed where it does not wait any more.
	TakeDraft(ctx context.Context, id string) error
}

// Register knows departments and systems as they are now.
type Register interface {
	// Department and System find one, in the transaction of ctx if there is one. NotFound.
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
	System(ctx context.Context, id hub.SystemID) (tenants.System, error)
}

// Options are what a Service is made of. All are required.
type Options struct {
	Entries  Entries
	Drafts   Drafts
	Past     Past
	Register Register
	Compiler authz.Compiler
	Audit    audit.Recorder
	Tx       authz.Transactor
	Clock    hub.Clock
	Random   io.Reader
}

// Service changes the catalogue.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Entries == nil || o.Drafts == nil || o.Past == nil || o.Register == nil || o.Compiler == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("catalogue.New", hub.Invalid, "an option is missing")
	}
	return &Service{o}, nil
}

// now is the time as the database keeps it: whole microseconds.
func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Faulty is what is wrong with an item that was to be put. It is Invalid.
type Faulty struct{ Faults []tenants.Fault }

// Error names no content; the faults themselves are for whoever sent the item.
func (f *Faulty) Error() string { return "catalogue: the item breaks rules of the catalogue" }

// Unwrap gives the Kind.
func (f *Faulty) Unwrap() error { return hub.Invalid }

func place(i authz.Item) staff.Place { return staff.Place{Department: i.Department} }

// alone runs a change in a transaction of its own turn.
func (s *Service) alone(ctx context.Context, change func(context.Context) error) error {
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.o.Entries.Alone(ctx); err != nil {
			return err
		}
		return change(ctx)
	})
}

// Entry gives an item as it is kept. Denied; NotFound, also where it is retired.
func (s *Service) Entry(ctx context.Context, by staff.Actor, id authz.ItemID) (Entry, error) {
	e, err := s.o.Entries.Entry(ctx, id)
	if err != nil {
		return Entry{}, err
	}
	if err := by.Require(ctx, readItem, place(e.Item)); err != nil {
		return Entry{}, err
	}
	if !e.Retired.IsZero() {
		return Entry{}, hub.Errorf("catalogue.Entry", hub.NotFound, "the item is retired")
	}
	return e, nil
}

// EntriesAfter lists items by id, of a department or ("") of all, behind an id, at most limit: whoever asks sees to who may read them.
func (s *Service) EntriesAfter(ctx context.Context, department hub.DepartmentID, after authz.ItemID, limit int) ([]Entry, error) {
	return s.o.Entries.EntriesAfter(ctx, department, after, limit)
}

// Versions lists what an item was, the latest first, retired or not. Denied, NotFound.
func (s *Service) Versions(ctx context.Context, by staff.Actor, id authz.ItemID, below int64, limit int) ([]Version, error) {
	e, err := s.o.Entries.Entry(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := by.Require(ctx, readItem, place(e.Item)); err != nil {
		return nil, err
	}
	return s.o.Entries.Versions(ctx, id, below, limit)
}

// Draft gives the change of an item that waits. Denied; NotFound.
func (s *Service) Draft(ctx context.Context, by staff.Actor, item authz.ItemID) (Draft, error) {
	d, err := s.o.Drafts.Draft(ctx, item)
	if err != nil {
		return Draft{}, err
	}
	return d, by.Require(ctx, readItem, place(d.Item))
}

// DraftsOf lists the changes that wait at a department, the oldest first. Denied.
func (s *Service) DraftsOf(ctx context.Context, by staff.Actor, department hub.DepartmentID, limit int) ([]Draft, error) {
	if err := by.Require(ctx, readItem, staff.Place{Department: department}); err != nil {
		return nil, err
	}
	return s.o.Drafts.DraftsOf(ctx, department, limit)
}
