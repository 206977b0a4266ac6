// Package authz owns the second question, the one after the login: may this person, acting for this party, do this with this item
// now (RAZ-01 to RAZ-08)? It owns the catalogue of service items and what each demands, the facts that a decision rests on (the
// person's own locks, delegations of entities, registered devices and places), and the decision itself, always with its reason and
// with what would turn a no into a yes.
//
// Facts are rows, rules are policy (architecture D4): what items demand is few and is compiled into [Rules]; what people have decided
// is looked up by key, and so a decision costs the same with a thousand people as with a hundred million. Everything is closed that is
// not open for a reason: a missing fact, an unknown word, a component that does not answer is a no (invariant 8).
//
// It does not own who administers or operates an entity (tenants/entity), which record is bound to an account (binding), the language
// of the rules (authz/casbinrules), or how departments ask (authz/authzen).
package authz

import (
	"net/netip"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// ItemID names a service item, chosen by the department; no two departments have the same.
type ItemID string

// Action is what is done with an item: "query", "file", "sign".
type Action string

// Sensitivity says how much harm an item does in the wrong hands.
type Sensitivity string

// The sensitivities. A sensitive item of a person is one that the person can lock (RAZ-02).
const (
	Ordinary  Sensitivity = "ordinary"
	Sensitive Sensitivity = "sensitive"
)

// Status is whether an item is offered.
type Status string

// The states of an item. One that is suspended is closed for everybody.
const (
	Offered  Status = "offered"
	Withheld Status = "suspended"
)

// Item is an entry of a department's catalogue.
type Item struct {
	ID          ItemID
	Department  hub.DepartmentID
	Names       hub.Text
	Category    string // a word of the department's: "benefits"
	Group       tenants.Group
	Sensitivity Sensitivity
	Status      Status
	// Systems are those of the department that may ask about the item and be given it; none: all of them.
	Systems []hub.SystemID
	Actions []Action
	Demands Demands
	// Version counts the changes of the entry; the store sets it.
	Version int64
}

// Demands are what an item asks for. Each that is stated must be met.
type Demands struct {
	Least  hub.Level
	MaxAge time.Duration // of the authentication that reaches Least; zero: whatever the session's own limits allow
	Person Own           // for who acts for themselves
	Entity Office        // for who acts for an entity
	// Exclusive has the item of an entity in the hands of one operator at a time (RAZ-03, invariant 5).
	Exclusive bool
	Places    Places
	Hours     Hours
	// Approval has a member of the department's staff say yes: to a person's opening, or to an entity's delegation (RAZ-06).
	Approval bool
	Binding  Binding
}

// Own is what the persons themselves have to say about an item of theirs.
type Own string

// The ways of an item with the person whom it concerns.
const (
	NotOwn   Own = ""         // nobody may for themselves: an item of entities
	Always   Own = "always"   // open, and there is no lock
	Lockable Own = "lockable" // open until the person locks it
	OptIn    Own = "opt_in"   // closed until the person opens it
)

// Office is what an entity has to say about an item of its own.
type Office string

// The ways of an item with those who act for an entity. Each asks for a mandate for the item's department too (ENT-02).
const (
	NotOffice    Office = ""           // an item of persons
	ByMandate    Office = "mandate"    // the mandate is enough
	ByDelegation Office = "delegation" // the item itself must be delegated
)

// Places are where a request must come from. Both that are stated must be met (RAZ-04).
type Places struct {
	Networks []netip.Prefix
	Device   bool // a registered device: the person's own, or the entity's
}

// Binding is the tie to a record of the department that an item asks for.
type Binding struct {
	Demanded bool
	Kind     string  // of record; "": any
	IAL      hub.IAL // at which the tie was made; IALNone: any
}

// Has reports whether the item knows an action.
func (i Item) Has(a Action) bool {
	for _, known := range i.Actions {
		if known == a {
			return a != ""
		}
	}
	return false
}
