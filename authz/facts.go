package authz

import (
	"net/netip"
	"slices"
	"time"

	"onedoor/hub"
)

// Opening is what a person has said about an item of theirs (RAZ-02).
type Opening struct {
	ID         string // under which the department's staff finds what waits for them
	Account    hub.AccountID
	Item       ItemID
	Department hub.DepartmentID
	State      OpeningState
	At         time.Time // of the person's last word
	DecidedBy  hub.AccountID
	DecidedAt  time.Time
	// Session is the one in which an opening counts, until it is over or that time is; "" for all, until the person locks it.
	Session hub.SessionID
	Until   time.Time
}

// Counts reports whether an opening is one for a session at an instant.
func (o *Opening) Counts(session hub.SessionID, at time.Time) bool {
	return o.State == Open && (o.Session == "" || o.Session == session && at.Before(o.Until))
}

// OpeningState is where an opening stands.
type OpeningState string

// The states. Where there is no row, a lockable item is open and one of opt-in is closed.
const (
	Asked   OpeningState = "asked" // waits for the department's staff (RAZ-06)
	Open    OpeningState = "open"
	Locked  OpeningState = "locked"
	Refused OpeningState = "refused" // by the staff
)

// Delegation is what an entity has put into the hands of one operator (RAZ-03, ENT-04). No operator passes it on.
type Delegation struct {
	ID         string
	Entity     hub.EntityID
	Item       ItemID
	Department hub.DepartmentID
	Operator   hub.AccountID
	Exclusive  bool // nobody else of the entity has the item while it lasts
	From       time.Time
	Until      time.Time // zero: until it is withdrawn
	Places     []string  // registered places of the entity; none: anywhere
	Devices    []string  // registered devices; none: any
	Hours      Hours
	State      DelegationState
	ProposedBy hub.AccountID // an administrator of the entity
	ProposedAt time.Time
	DecidedBy  hub.AccountID // of the department's staff; "" where none had to
	DecidedAt  time.Time
	EndedBy    hub.AccountID
	EndedAt    time.Time
	EndReason  EndReason

	table *Timetable // of Hours, where it was made ready
}

// DelegationState is where a delegation stands.
type DelegationState string

// The states of a delegation.
const (
	Proposed  DelegationState = "proposed" // waits for the department's staff
	Active    DelegationState = "active"
	Declined  DelegationState = "refused" // by the staff
	Withdrawn DelegationState = "withdrawn"
)

// EndReason tells why a delegation is over.
type EndReason string

// The reasons.
const (
	ByAdministrator EndReason = "administrator" // the entity took it back
	ByStaff         EndReason = "staff"
	HandedOver      EndReason = "handed_over" // somebody else has the exclusive item
	Lapsed          EndReason = "lapsed"      // its time was over when somebody else got the item
	Renewed         EndReason = "renewed"     // another delegation to the same operator took its place
)

// In reports whether a delegation counts at an instant.
func (d Delegation) In(at time.Time) bool {
	return d.State == Active && !at.Before(d.From) && (d.Until.IsZero() || at.Before(d.Until))
}

// Open reports whether the delegation's own hours are open at an instant, and if not, when they open next (see Hours.Open).
func (d *Delegation) Open(at time.Time) (bool, time.Time) {
	if d.table != nil {
		return d.table.Open(at)
	}
	return d.Hours.Open(at)
}

// ready makes the hours of delegations ready. Those of a zone that is unknown stay as they are, and are never open.
func (f *Facts) ready() {
	for i := range f.Delegations {
		if table, err := f.Delegations[i].Hours.Compile(); err == nil {
			f.Delegations[i].table = &table
		}
	}
}

// Device is a machine that a person or an entity has registered by a passkey that rests on it (WebAuthn).
type Device struct {
	ID         string
	Account    hub.AccountID // whose it is: exactly one of both
	Entity     hub.EntityID
	Label      string // names a machine and never a person
	Credential Credential
	AddedBy    hub.AccountID
	At         time.Time
	EndedBy    hub.AccountID
	EndedAt    time.Time // zero while it is registered
}

// Credential is the public part of a passkey (Web Authentication Level 3 section 6.4).
type Credential struct {
	ID        []byte
	PublicKey []byte // COSE_Key
	SignCount uint32
}

// Place is where an entity works: networks as they are seen from the hub.
type Place struct {
	ID       string
	Entity   hub.EntityID
	Label    string // names a place and never a person
	Networks []netip.Prefix
	AddedBy  hub.AccountID
	At       time.Time
	EndedBy  hub.AccountID
	EndedAt  time.Time // zero while it is registered
}

// Has reports whether an address lies in the place.
func (p Place) Has(a netip.Addr) bool { return within(p.Networks, a) }

// within reports whether an address is known and lies in one of the networks. An IPv4 address in IPv6 form counts as what it is.
func within(networks []netip.Prefix, a netip.Addr) bool {
	if a = a.Unmap().WithZone(""); !a.IsValid() {
		return false
	}
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// Proof says that a registered device was shown in a session: its passkey has signed.
type Proof struct {
	Session hub.SessionID
	Device  string
	At      time.Time
	Until   time.Time
}

// Bound is a tie between the party and a record of a department.
type Bound struct {
	Department hub.DepartmentID
	Kind       string
	IAL        hub.IAL // at which it was made
}

// Mandate is what an entity lets an operator do at a department (ENT-02).
type Mandate struct {
	Department  hub.DepartmentID // "": everywhere, the master administrator's
	Systems     []hub.SystemID   // none: all of the department
	From, Until time.Time        // zero Until: no end
}

// Covers reports whether a mandate counts for a system of a department at an instant.
func (m Mandate) Covers(department hub.DepartmentID, system hub.SystemID, at time.Time) bool {
	if m.Department != "" && (m.Department != department || len(m.Systems) > 0 && !slices.Contains(m.Systems, system)) {
		return false
	}
	return department != "" && !at.Before(m.From) && (m.Until.IsZero() || at.Before(m.Until))
}

// Party is for whom somebody acts.
type Party struct {
	Account hub.AccountID // who is signed in
	Entity  hub.EntityID  // for which they act; "": for themselves
}

// Facts are what tables know of a party. They are shared: read only.
type Facts struct {
	Openings    []Opening    // of the person; of no meaning for who acts for an entity
	Delegations []Delegation // active ones of the entity to this operator
	Waiting     []Delegation // those that wait for the staff: they open nothing, and are told of
	Places      []Place      // registered by the entity
	Devices     []string     // registered by the person, or by the entity
	Mandates    []Mandate
	Bound       []Bound // of the person, or of the entity
}

// Opening finds what the person has said about an item; nil for nothing.
func (f *Facts) Opening(item ItemID) *Opening {
	for i := range f.Openings {
		if f.Openings[i].Item == item {
			return &f.Openings[i]
		}
	}
	return nil
}

// Delegation finds the operator's delegation of an item; nil for none.
func (f *Facts) Delegation(item ItemID) *Delegation {
	for i := range f.Delegations {
		if f.Delegations[i].Item == item {
			return &f.Delegations[i]
		}
	}
	return nil
}

// Awaits reports whether a delegation of an item to the operator of a party waits for the department's staff.
func (f *Facts) Awaits(p Party, item ItemID) bool {
	return p.Entity != "" && slices.ContainsFunc(f.Waiting, func(d Delegation) bool {
		return d.Item == item && d.Entity == p.Entity && d.Operator == p.Account && d.State == Proposed
	})
}
