// Package binding owns the tie of an account, or of a legal entity, to a department's own record of that person or entity: how it comes
// about, who has looked at it, at which level the person had proven themselves, and how it ends.
//
// # What it holds to
//
//   - A record is bound to at most one owner, and an owner to at most one record of a kind (BND-06, BND-08, invariant 4): by unique indexes over
//     the states that count, not by looking first. What stands in the way surfaces as a [Binding.Conflict] for a reviewer and overwrites nothing.
//   - The first login of a person at a department that keeps records makes exactly one pending binding there, once and for all (BND-01, BND-04).
//   - A binding binds by itself only where the department's kind allows it, exactly one record was found, and the person had reached the level
//     that the kind demands. A binding does not serve a session of a higher identity level than it was made at, until it is confirmed again: at
//     the lower level it could have been made by somebody else (see [Binding.Serves]).
//   - The department's number is never in the clear in the database (D3): a keyed hash finds it, and the number itself rests sealed under the
//     master key. No event, log line or error holds it.
//   - Every move is a compare-and-set with a row of history and an audit event in the same transaction (D5).
//
// It does not own which kinds of records there are (tenants.RecordKind), accounts, entities, who may do what as staff, the import of record
// keys, or pages.
package binding

import (
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// Owner is whose record it is: exactly one of the two.
type Owner struct {
	Account hub.AccountID
	Entity  hub.EntityID
}

// Holder gives which of the two it is.
func (o Owner) Holder() tenants.Holder {
	if o.Entity != "" {
		return tenants.Entity
	}
	return tenants.Person
}

// ID gives the id, whichever it is. Ids are random: those of accounts and entities never meet.
func (o Owner) ID() string {
	if o.Entity != "" {
		return string(o.Entity)
	}
	return string(o.Account)
}

// Valid reports whether there is exactly one owner.
func (o Owner) Valid() bool { return (o.Account == "") != (o.Entity == "") }

// OwnerOf gives the owner of a holder and an id.
func OwnerOf(h tenants.Holder, id string) Owner {
	if h == tenants.Entity {
		return Owner{Entity: hub.EntityID(id)}
	}
	return Owner{Account: hub.AccountID(id)}
}

// Place is a kind of records at a department.
type Place struct {
	Department hub.DepartmentID
	Kind       tenants.RecordKindID
}

// State of a binding.
type State string

// The states.
const (
	Pending   State = "pending"   // the person is known to the department, no record was found or named yet
	Proposed  State = "proposed"  // a record was found or named, somebody must look
	Review    State = "review"    // a reviewer has it
	Bound     State = "bound"     //
	Suspended State = "suspended" // bound, but out of service until somebody has looked
	Unbound   State = "unbound"   // the end; a new binding may begin
)

// States lists all, in their order.
func States() []State { return []State{Pending, Proposed, Review, Bound, Suspended, Unbound} }

// moves is the state machine (docs/binding.md shows it).
var moves = map[State][]State{
	Pending:   {Pending, Proposed, Review, Bound, Unbound},
	Proposed:  {Pending, Proposed, Review, Bound, Unbound},
	Review:    {Pending, Proposed, Review, Bound, Unbound},
	Bound:     {Bound, Suspended, Unbound},
	Suspended: {Suspended, Bound, Unbound},
	Unbound:   {},
}

// CanBecome reports whether a binding may go from the state to the other one. From one to the same: something else of it changes.
func (s State) CanBecome(to State) bool { return slices.Contains(moves[s], to) }

// Counts reports whether the record is taken in this state: nobody else's can be bound to it.
func (s State) Counts() bool { return s == Bound || s == Suspended }

// Way is how a record came to a binding.
type Way string

// The ways.
const (
	NoWay     Way = ""
	ByMatch   Way = "match"   // the department's match endpoint found it
	ByImport  Way = "import"  // it was found among the keys that the department had imported
	ByClaim   Way = "claim"   // the person named it, with a proof
	ByCounter Way = "counter" // staff named it
)

// Ways lists those by which a record can come.
func Ways() []Way { return []Way{ByMatch, ByImport, ByClaim, ByCounter} }

// Record is a department's record as it rests: the keyed hash that finds it, and its number sealed. The zero value is none.
type Record struct {
	Hash   []byte // 32 bytes
	Sealed []byte
}

// IsZero reports whether there is none.
func (r Record) IsZero() bool { return len(r.Hash) == 0 }

// Binding is the tie of an owner to a record.
type Binding struct {
	ID    string
	Place Place
	Owner Owner
	State State
	// Record is what is proposed or bound; none while pending.
	Record Record
	Way    Way
	// Level is what the person had proven when the record was proposed, and from then on when it was last confirmed.
	Level hub.Level
	// Area is the part of the department that looks after it; "" for all of it.
	Area tenants.AreaID
	// Reason is a word of a closed list: why it is where it is.
	Reason Reason
	// Conflict is the id of another binding that holds the record, "" for none: merges are for people to decide.
	Conflict string
	// Asked is the further attribute (tenants.ExtraAttribute) that the person is asked for, "" for none.
	Asked string
	// Reviewer has it open until then; nobody where empty. First is the reviewer who approved it first, where four eyes are asked for.
	Reviewer      hub.AccountID
	ReviewedUntil time.Time
	First         hub.AccountID
	// Wanted is what First wants to become of one that counts, Bound or Unbound, for WantedWhy, and a second person must agree to; "" for nothing.
	Wanted    State
	WantedWhy Reason
	// Seed tells that the first login made it (BND-01).
	Seed bool

	Version     int // counts the moves; see Store.Move
	CreatedAt   time.Time
	UpdatedAt   time.Time
	BoundAt     time.Time // zero before
	ConfirmedAt time.Time // of the last confirmation; zero before it is bound
}

// Serves reports whether the binding speaks for the person in a session of that level: it is bound, it was confirmed at no lower identity level
// than the session's, and the session reaches what the kind demands. Confirmed too long ago it serves no more (tenants.RecordKind.Reconfirm).
func (b Binding) Serves(k tenants.RecordKind, session hub.Level, at time.Time) bool {
	return b.State == Bound && session.Satisfies(k.Least) && b.Level.IAL >= session.IAL && !b.Stale(k, at)
}

// Stale reports whether the binding was confirmed too long ago.
func (b Binding) Stale(k tenants.RecordKind, at time.Time) bool {
	return k.Reconfirm > 0 && !at.Before(b.ConfirmedAt.Add(k.Reconfirm))
}

// ActorKind is the kind of whoever moved a binding.
type ActorKind string

// The kinds.
const (
	ByPerson     ActorKind = "person"     // the owner, or who may act for it
	ByStaff      ActorKind = "staff"      //
	ByRule       ActorKind = "rule"       // the hub, by the department's rules
	ByDepartment ActorKind = "department" // its answer to a matching request
)

// Actor is who moved a binding. Account is empty for ByRule and ByDepartment.
type Actor struct {
	Kind    ActorKind
	Account hub.AccountID
}

// Change is one move of a binding: rows are added, never changed.
type Change struct {
	ID          string
	Binding     string
	Was, Became State // Was is empty for the first
	Reason      Reason
	Way         Way
	Level       hub.Level
	By          Actor
	Interaction hub.InteractionID
	At          time.Time
}
