// Package entity owns legal entities, and who may act for them: the master administrator, the operators, their mandates at departments,
// and the invitations by which people come to a seat.
//
// There is no account of an entity and no password of one: a natural person signs in with their own identity and then acts for it (ENT-03).
//
// # What it holds to
//
//   - An entity is registered by its number once ([identifier.EntityKinds], ENT-05). Its first administrator is verified by evidence: a company
//     registry says that the person may represent it, or staff of the platform decide (ENT-06).
//   - It has exactly one master administrator, held by a unique index. They can't leave without a successor; only staff can end their seat.
//   - An operator acts where they hold a mandate: at one department, for a period, all of its systems or some (ENT-02, ENT-04). The master
//     administrator's mandate is for everywhere, and as long as their seat.
//   - What ends, ends at once: in the transaction that ends a mandate everything that was issued under it ends, and each department where it
//     was in use is told.
//   - What an entity's people see and may is checked in one place (rules.go), and somebody else's entity looks like one that is not
//     there (invariant 10).
//
// # Numbers and names
//
// The number and the name of a company are public in law. They are kept sealed under the master key all the same, found again by a keyed hash:
// beside the accounts of those who act, a stolen database would tell which companies a person works for, and a name can be a person's
// (architecture, D3). Unlike a person's attributes they can be opened without anybody being present, because a department that is registered
// to be told them must be told.
//
// It does not own accounts (hub/account), sessions (hub/session), how a department is told (hub/logout), what the binding to a department's
// record is (binding) or what an item of a service demands (authz).
package entity

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Status of an entity.
type Status string

// The states. Only for an active entity somebody acts.
const (
	Active    Status = "active"
	Suspended Status = "suspended"
	Closed    Status = "closed" // for good: struck off, dissolved
)

// Evidence is what the first administrator was verified by.
type Evidence string

// The kinds of evidence.
const (
	ByRegistry Evidence = "registry"
	ByStaff    Evidence = "staff"
)

// Number is an entity's registered number, normalised and checked.
type Number struct {
	Kind  string // one of identifier.EntityKinds
	Value string
}

// ParseNumber checks a number as it was typed. Invalid.
func ParseNumber(kind, text string) (Number, error) {
	const op = "entity.ParseNumber"
	for _, k := range identifier.EntityKinds() {
		if k == kind {
			n, err := identifier.Parse(kind, text)
			if err != nil {
				return Number{}, hub.E(op, hub.Invalid, err)
			}
			return Number{n.Kind, n.Value}, nil
		}
	}
	return Number{}, hub.Errorf(op, hub.Invalid, "not a kind of number of legal entities")
}

// Text gives the number as people write it.
func (n Number) Text() string {
	if n.Kind == identifier.ThaiJuristic {
		return identifier.FormatJuristic(n.Value)
	}
	return n.Value
}

// Entity is a legal entity.
type Entity struct {
	ID        hub.EntityID
	Number    Number
	Names     hub.Text
	Status    Status
	Evidence  Evidence // of who was its first administrator
	At        time.Time
	ChangedAt time.Time
	Reason    string // of a status other than active: a word of Reasons
}

// Role is what a seat is for.
type Role string

// The roles.
const (
	Master   Role = "master"   // the master administrator: invites, gives mandates, acts everywhere
	Operator Role = "operator" // acts where they hold a mandate
)

// Seat is one person's place at an entity. Rows stay when it has ended.
type Seat struct {
	ID        string
	Entity    hub.EntityID
	Account   hub.AccountID
	Role      Role
	Label     string        // what the administrator calls it: "payroll, second desk"
	InvitedBy hub.AccountID // "" for who came by evidence
	At        time.Time
	EndedAt   time.Time     // zero while it counts
	EndedBy   hub.AccountID // "" for the command line
	EndReason string        // a word of Reasons
}

// Live reports whether the seat counts.
func (s Seat) Live() bool { return s.ID != "" && s.EndedAt.IsZero() }

// Term is where and when somebody may act.
type Term struct {
	Department hub.DepartmentID // "" for everywhere: the master administrator's only
	Systems    []hub.SystemID   // of that department; none for all of them
	From       time.Time
	Until      time.Time // zero for as long as the seat: the master administrator's only
}

// Mandate is an operator's right to act for an entity. Rows stay when it has ended.
type Mandate struct {
	ID      string
	Seat    string
	Entity  hub.EntityID
	Account hub.AccountID
	Term
	GivenBy   hub.AccountID
	At        time.Time
	EndedAt   time.Time
	EndedBy   hub.AccountID
	EndReason string
}

// The reasons for which seats and mandates end, and entities change.
const (
	Left       = "left"        // they gave it up themselves
	Removed    = "removed"     // the administrator decided so
	Changed    = "changed"     // another task
	Misuse     = "misuse"      //
	Over       = "expired"     // its time was over
	HandedOver = "handed_over" // to a successor
	Replaced   = "replaced"    // staff gave the entity another master administrator
	SeatEnded  = "seat_ended"  // of a mandate: the seat has
	Dissolved  = "dissolved"   // of an entity: it is not there any more
	Dispute    = "dispute"     // of an entity: who represents it is not clear
	Requested  = "requested"   // of an entity: it asked for it
)

// EndReasons lists those that a person may give for ending a seat or a mandate.
func EndReasons() []string { return []string{Removed, Changed, Misuse} }

// StatusReasons lists those that staff may give for a change of an entity's status.
func StatusReasons() []string { return []string{Dissolved, Dispute, Misuse, Requested} }

// Invitation is an offer of a seat, open for [InvitationLife].
type Invitation struct {
	ID        string
	Entity    hub.EntityID
	Role      Role
	Label     string
	Person    PersonKey // the one person whom it is for; zero for whoever holds the secret
	Terms     []Term    // the mandates that come with it
	InvitedBy hub.AccountID
	At        time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero while open; also when it was taken back
}

// PersonKey is the keyed hash of a person's number, with its kind.
type PersonKey struct {
	Kind string
	Hash []byte
}

// Use is a session that is used at a system for an entity.
type Use struct {
	Session hub.SessionID
	System  hub.SystemID
	Entity  hub.EntityID // "" for the person themselves
	Mandate string
}

// The limits.
const (
	InvitationLife = 7 * 24 * time.Hour
	LongestMandate = 3 * 366 * 24 * time.Hour // after which somebody looks at it again
	MaxTerms       = 20                       // mandates of one invitation, and departments of one seat
	MaxSystems     = 20
	MaxSeats       = 500
	MaxLabel       = 80                   // characters
	MaxNames       = 200                  // characters of a name
	registerTries  = 10                   // a day and person: each tells somebody something about a company
	dayLong        = 24 * time.Hour       //
	openClaims     = 3                    // of one person
	MaxStatement   = 1500                 // characters
	ProofLife      = 30 * 24 * time.Hour  // how long what a claim rests on waits for staff at most
	historyLength  = 200                  // entries
	batch          = 100                  // that the duty ends at once
	beforeNow      = 24 * time.Hour       // how far back a mandate may begin
	longestAhead   = 366 * 24 * time.Hour // how far ahead it may begin
)

// least is what a person must have proven to hold a seat: who commits a company has shown their card to a machine or an officer, and signs in
// with two factors.
var least = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}

// Least gives the level of everything about seats and mandates. To act, the level counts that the department's system demands.
func Least() hub.Level { return least }

// Store keeps entities, seats, mandates, invitations, claims and uses. Its methods are one aggregate. It never sees a secret, only its hash;
// what it keeps sealed it opens with the vault that it was made with. Where a method takes part in a decision it says what it holds.
type Store interface {
	Entities
	Seats
	Mandates
	Invitations
	Claims
	Wishes
}

// Entities is the part about entities.
type Entities interface {
	// Add adds an entity. Conflict where the number has one.
	Add(ctx context.Context, e Entity) error
	// Entity finds one. NotFound.
	Entity(ctx context.Context, id hub.EntityID) (Entity, error)
	// ByNumber finds one. NotFound.
	ByNumber(ctx context.Context, n Number) (Entity, error)
	// SetStatus changes the status of an entity that is in state from. Consumed where it is in another.
	SetStatus(ctx context.Context, id hub.EntityID, from []Status, to Status, reason string, at time.Time) error
	// List lists entities after an id, by id, at most limit.
	List(ctx context.Context, after hub.EntityID, limit int) ([]Entity, error)
}

// Seats is the part about seats.
type Seats interface {
	// AddSeat adds a seat. Conflict where the person has one there, or the entity has a master administrator.
	AddSeat(ctx context.Context, s Seat) error
	// Seat finds one. NotFound.
	Seat(ctx context.Context, id string) (Seat, error)
	// EndSeat ends one that counts, by compare-and-set. Consumed where it has ended.
	EndSeat(ctx context.Context, id string, by hub.AccountID, reason string, at time.Time) error
	// SeatsOf lists an entity's seats, the ended ones too, the newest first, at most limit.
	SeatsOf(ctx context.Context, id hub.EntityID, limit int) ([]Seat, error)
	// SeatsAt lists the seats of a person that count, the oldest first.
	SeatsAt(ctx context.Context, account hub.AccountID) ([]Seat, error)
}

// Mandates is the part about mandates and their uses.
type Mandates interface {
	// Give adds a mandate to a seat that counts. Consumed where it has ended; Conflict where it has one for the department.
	Give(ctx context.Context, m Mandate) error
	// Mandate finds one. NotFound.
	Mandate(ctx context.Context, id string) (Mandate, error)
	// EndMandate ends one that has not, by compare-and-set, and holds it: no [Mandates.Hold] comes in between. Consumed where it has ended.
	EndMandate(ctx context.Context, id string, by hub.AccountID, reason string, at time.Time) error
	// MandatesOf lists those of an entity, the ended ones too, the newest first, at most limit.
	MandatesOf(ctx context.Context, id hub.EntityID, limit int) ([]Mandate, error)
	// Held lists the mandates of a person that have not ended, at active entities.
	Held(ctx context.Context, account hub.AccountID) ([]Mandate, error)
	// Hold keeps a mandate and its entity from ending until the transaction of ctx is over, and gives it. NotFound; Consumed where either has
	// ended or the entity is not active.
	Hold(ctx context.Context, id string) (Mandate, error)
	// Lapsed lists mandates whose time is over by then and that have not ended, at most limit.
	Lapsed(ctx context.Context, at time.Time, limit int) ([]Mandate, error)
	// Used notes for whom a session is used at a system, in the place of what was noted before.
	Used(ctx context.Context, u Use, at time.Time) error
	// Using gives what was noted last. NotFound.
	Using(ctx context.Context, session hub.SessionID, system hub.SystemID) (Use, error)
	// Uses lists the uses of a mandate, or of an entity where it is "", in sessions that live, and forgets them all.
	Uses(ctx context.Context, id hub.EntityID, mandate string) ([]Use, error)
}

// Invitations is the part about invitations.
type Invitations interface {
	// Invite adds one. Conflict where the hash exists.
	Invite(ctx context.Context, i Invitation, hash [32]byte) error
	// Invitation finds an open one. NotFound; Consumed where it was used or taken back; Expired by then.
	Invitation(ctx context.Context, hash [32]byte, at time.Time) (Invitation, error)
	// UseInvitation consumes one in one statement. As Invitation.
	UseInvitation(ctx context.Context, hash [32]byte, at time.Time) (Invitation, error)
	// TakeBack closes an open one of the entity. NotFound.
	TakeBack(ctx context.Context, entity hub.EntityID, id string, at time.Time) error
	// InvitationsOf lists the open ones of an entity, the newest first.
	InvitationsOf(ctx context.Context, id hub.EntityID, at time.Time) ([]Invitation, error)
}
