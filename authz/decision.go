package authz

import (
	"net/netip"
	"slices"
	"time"

	"onedoor/hub"
)

// Question is "may they, here and now?".
type Question struct {
	Item   ItemID
	Action Action
	// System is who asks, and Department whose it is.
	System     hub.SystemID
	Department hub.DepartmentID
	Party      Party
	// Session is the one in which the person is present.
	Session hub.SessionID
	// Authentications are those of the person that still stand, as the credential says that the system holds.
	Authentications []Authentication
	Address         netip.Addr // of the person; the zero one where nobody knows
}

// Authentication is that a person has proven who they are.
type Authentication struct {
	Level hub.Level
	At    time.Time
}

// Code is a machine word for a reason of a no.
type Code string

// The reasons.
const (
	UnknownItem     Code = "unknown_item"
	UnknownAction   Code = "unknown_action"
	Suspended       Code = "item_suspended"
	WrongSystem     Code = "wrong_system" // the system may not ask about the item
	NoPerson        Code = "no_person"    // the subject is nobody who has signed in
	LevelTooLow     Code = "level"
	TooOld          Code = "freshness" // the authentication
	NotForPersons   Code = "not_for_persons"
	NotForEntities  Code = "not_for_entities"
	NotOpened       Code = "not_opened" // the person has to open the item first
	IsLocked        Code = "locked"     // the person has locked it
	NotApproved     Code = "not_approved"
	NoMandate       Code = "no_mandate" // of the entity for the department
	NotDelegated    Code = "not_delegated"
	AwaitsApproval  Code = "delegation_awaits_approval" // the administrator has delegated it, and the department's staff has yet to approve
	NotYet          Code = "delegation_not_yet"
	Over            Code = "delegation_over"
	NotExclusive    Code = "not_exclusive" // the item wants one operator, the delegation is shared
	WrongPlace      Code = "place"
	NoDevice        Code = "device" // no registered device was shown in this session
	OutOfHours      Code = "hours"
	NotBound        Code = "not_bound" // to a record of the department
	BoundTooLow     Code = "bound_level"
	NoRule          Code = "no_rule" // policy does not know the item: deny by default
	PolicyUnknown   Code = "policy_unavailable"
	FactsUnknown    Code = "facts_unavailable"
	RecordUnwritten Code = "record_unavailable"
)

// Reason is why not, and what would change it.
type Reason struct {
	Code   Code
	Level  hub.Level     // of LevelTooLow and TooOld: what has to be reached
	MaxAge time.Duration // of LevelTooLow and TooOld: how old it may be at most
	From   time.Time     // of OutOfHours and NotYet: when it opens; zero where nobody can tell
}

// Decision is the answer.
type Decision struct {
	Permit  bool
	Reasons []Reason // of a no, in the order in which they are best seen to
	Item    Item     // as it was decided on; the zero one where it is unknown
}

// RemedyKind names a way to a yes.
type RemedyKind string

// The ways.
const (
	StepUp     RemedyKind = "step_up"    // authenticate again: Level, MaxAge
	OpenItem   RemedyKind = "open"       // the person opens the item
	AskApprove RemedyKind = "approval"   // the department's staff approves
	AskMandate RemedyKind = "mandate"    // an administrator of the entity names the operator for the department
	Delegate   RemedyKind = "delegation" // an administrator of the entity delegates the item
	OtherPlace RemedyKind = "place"
	ShowDevice RemedyKind = "device" // show a registered device
	OtherHours RemedyKind = "hours"  // From
	Bind       RemedyKind = "binding"
)

// The parties by whom a way is gone.
const (
	ByThePerson        = "person"        // who is signed in
	ByTheAdministrator = "administrator" // of the entity
	ByTheStaff         = "staff"         // of the department
)

// Actor tells by whom a way is gone; "" for one that only time or place is.
func (k RemedyKind) Actor() string {
	switch k {
	case StepUp, OpenItem, ShowDevice, OtherPlace, Bind:
		return ByThePerson
	case AskMandate, Delegate:
		return ByTheAdministrator
	case AskApprove:
		return ByTheStaff
	case OtherHours:
	}
	return ""
}

// Remedy is what would turn a no into a yes, as far as it goes.
type Remedy struct {
	Kind   RemedyKind
	Level  hub.Level
	MaxAge time.Duration
	From   time.Time
}

var remedyOf = map[Code]RemedyKind{
	LevelTooLow: StepUp, TooOld: StepUp, NotOpened: OpenItem, IsLocked: OpenItem, NotApproved: AskApprove, NoMandate: AskMandate,
	NotDelegated: Delegate, AwaitsApproval: AskApprove, Over: Delegate, NotExclusive: Delegate, NotYet: OtherHours, WrongPlace: OtherPlace, NoDevice: ShowDevice,
	OutOfHours: OtherHours, NotBound: Bind, BoundTooLow: Bind,
}

// Remedies tells what would change the answer; nil for a yes, and where nothing that the party does would: one reason without a remedy
// is enough for that.
func (d Decision) Remedies() []Remedy {
	var out []Remedy
	for _, r := range d.Reasons {
		kind, ok := remedyOf[r.Code]
		if !ok {
			return nil
		}
		if i := slices.IndexFunc(out, func(x Remedy) bool { return x.Kind == kind }); i >= 0 {
			out[i].From = latest(out[i].From, r.From)
			continue
		}
		out = append(out, Remedy{Kind: kind, Level: r.Level, MaxAge: r.MaxAge, From: r.From})
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Codes gives the machine words.
func (d Decision) Codes() []Code {
	out := make([]Code, len(d.Reasons))
	for i, r := range d.Reasons {
		out[i] = r.Code
	}
	return out
}

// Record is a decision as it is kept: ids, words and times only. No address is in it, and nothing about the person.
type Record struct {
	ID          string
	At          time.Time
	Interaction hub.InteractionID
	Party       Party
	Session     hub.SessionID
	System      hub.SystemID
	Item        ItemID
	Version     int64 // of the item
	Action      Action
	Permit      bool
	Reasons     []Code
	Seen        Seen
}

// Seen is what a decision rested on: enough to take it again under another policy.
type Seen struct {
	Authentications []Authentication
	Opening         OpeningState // "" for none
	Decided         bool         // by the staff
	Delegation      *Delegation  // without its operator
	Awaits          bool         // a delegation waited for the staff
	Mandated        bool
	Devices         []string // registered ones that were shown
	Bound           []Bound  // with the item's department
	// Networks marks the list that the address was held against, and InNetworks is what came out; Places are the registered ones that the
	// address lies in.
	Networks   string
	InNetworks bool
	Places     []string
}
