package authz

import (
	"context"
	"time"

	"onedoor/hub"
)

// ItemStore keeps the catalogue, with every version that an item has had.
type ItemStore interface {
	// Items lists all that are not retired, by id, each with its version.
	Items(ctx context.Context) ([]Item, error)
	// ItemsVersion tells the version of the whole list: it changes whenever an item does.
	ItemsVersion(ctx context.Context) (int64, error)
	// ItemsSince lists those that have changed since a version of the list, and those that are gone since.
	ItemsSince(ctx context.Context, version int64) (changed []Item, gone []ItemID, err error)
	// PutItem adds or replaces one that files keep, and reports whether anything changed. Conflict for an item of another department, and for
	// one that is retired.
	PutItem(ctx context.Context, i Item, at time.Time) (bool, error)
	// ItemAt gives an item as it was in a version. NotFound.
	ItemAt(ctx context.Context, id ItemID, version int64) (Item, error)
}

// OpeningStore keeps what persons say about their items.
type OpeningStore interface {
	// Say keeps the person's word: state, time and number of the application, and the one session that it is for. It changes nothing, and
	// gives what is there, where that says the same already, or is open for all sessions where the word asks for it or is for one. Of two at once the second sees the first.
	Say(ctx context.Context, o Opening) (now Opening, changed bool, err error)
	// Decide is the word of the staff on what waits for it: Open or Refused. Consumed where it does not wait any more.
	Decide(ctx context.Context, id string, to OpeningState, by hub.AccountID, at time.Time) (Opening, error)
	// Opening finds one by the number of its application. NotFound.
	Opening(ctx context.Context, id string) (Opening, error)
	// OpeningsOf lists what an account has said, by item.
	OpeningsOf(ctx context.Context, account hub.AccountID) ([]Opening, error)
	// OpeningsAsked lists what waits for a department's staff, the oldest first, at most limit.
	OpeningsAsked(ctx context.Context, department hub.DepartmentID, limit int) ([]Opening, error)
}

// Moment is when hands change.
type Moment struct {
	// Clock is read once the entity's item is held, so that of two changes the one that comes second has the later time.
	Clock hub.Clock
	// Lag is how long from then on a node may decide by what was before.
	Lag time.Duration
}

// DelegationStore keeps what entities delegate. An exclusive item has one active operator at most, by a unique index (invariant 5). Changes of an
// entity's item come one after the other.
type DelegationStore interface {
	// Delegate adds a delegation that is proposed or active. With an active one, those that it takes the place of end in the same
	// transaction: all of the item where it is exclusive, else the operator's own and those whose time is over. They are given back as they
	// were. Where another operator could still be let in by a node that has not heard of it, the new one begins only after the lag. Conflict: another
	// operator has the item exclusively, or a proposal for the operator waits already. Expired: it would be over before it begins.
	Delegate(ctx context.Context, d Delegation, m Moment) (now Delegation, ended []Delegation, err error)
	// Approve makes a proposed one active, as Delegate would. Consumed where it is not proposed any more. Conflict, Expired as above.
	Approve(ctx context.Context, id string, by hub.AccountID, m Moment) (d Delegation, ended []Delegation, err error)
	// Finish ends a delegation that is proposed or active: to Declined (from proposed only) or Withdrawn. Consumed where it has ended.
	Finish(ctx context.Context, id string, to DelegationState, why EndReason, by hub.AccountID, m Moment) (Delegation, error)
	// Delegation finds one. NotFound.
	Delegation(ctx context.Context, id string) (Delegation, error)
	// DelegationsOf lists those of an entity that are proposed or active, or all, the latest first, at most limit.
	DelegationsOf(ctx context.Context, entity hub.EntityID, live bool, limit int) ([]Delegation, error)
	// DelegationsProposed lists what waits for a department's staff, the oldest first, at most limit.
	DelegationsProposed(ctx context.Context, department hub.DepartmentID, limit int) ([]Delegation, error)
}

// RegisterStore keeps devices and places.
type RegisterStore interface {
	// AddDevice registers one. Conflict where its credential is registered already.
	AddDevice(ctx context.Context, d Device) error
	// AddPlace registers one. Conflict where its id exists.
	AddPlace(ctx context.Context, p Place) error
	// EndDevice and EndPlace take one out of the register. NotFound where it is not in it.
	EndDevice(ctx context.Context, id string, by hub.AccountID, at time.Time) error
	EndPlace(ctx context.Context, id string, by hub.AccountID, at time.Time) error
	// Devices and Places list what a party has registered, the oldest first.
	Devices(ctx context.Context, p Party) ([]Device, error)
	Places(ctx context.Context, entity hub.EntityID) ([]Place, error)
}

// ProofStore keeps which devices were shown in which session.
type ProofStore interface {
	// Prove notes a proof and moves the counter of the credential forward. Refused where the counter would not grow although it counts
	// (Web Authentication Level 3 section 7.2: a copy may be about); NotFound where the device is not registered.
	Prove(ctx context.Context, p Proof, count uint32) error
	// Proofs lists those of a session that count at the time.
	Proofs(ctx context.Context, session hub.SessionID, at time.Time) ([]Proof, error)
}

// FactStore answers for what decisions rest on, by key.
type FactStore interface {
	// Facts gives what the tables of this room know of a party: everything of Facts but Mandates and Bound.
	Facts(ctx context.Context, p Party) (Facts, error)
	// News gives every change whose transaction committed before the call began and that no read up to the cursor gave, and may give some
	// again; and the version of the catalogue as it was then. It reads from the primary.
	News(ctx context.Context, after Cursor) (News, error)
}

// Cursor is a place in the news; only the store understands it. The zero value is the beginning.
type Cursor struct{ A int64 }

// News is what has changed.
type News struct {
	Refs    []string // of accounts, entities and sessions whose facts are others now
	Version int64    // of the catalogue
	Next    Cursor
}

// DecisionStore keeps what was decided.
type DecisionStore interface {
	// Keep adds records. One that is there already is left as it is.
	Keep(ctx context.Context, all []Record) error
	// Decisions lists those of an interaction, the oldest first.
	Decisions(ctx context.Context, id hub.InteractionID) ([]Record, error)
	// Since gives records from a time on, the oldest first, at most limit, after the one with the id ("" for the first).
	Since(ctx context.Context, at time.Time, after string, limit int) ([]Record, error)
	// PurgeDecisions removes at most limit records that are older and tells how many.
	PurgeDecisions(ctx context.Context, before time.Time, limit int) (int, error)
}

// NewsKept is how long the news of a change are kept: far longer than any node remembers facts.
const NewsKept = 15 * time.Minute
