package view

import (
	"onedoor/hub"
	"onedoor/hub/contact"
)

// ContactsState is who looks at the page of contacts.
type ContactsState string

// The states.
const (
	ContactsStale ContactsState = "stale" // signed in, but not freshly enough to change anything
	ContactsFresh ContactsState = "fresh"
)

// ContactsPage shows where the person is told of their account, and changes it (AUD-09).
type ContactsPage struct {
	State   ContactsState
	Token   string
	Entries []contact.Shown
	Kinds   []contact.Kind // that can be added
	Done    string         // "added", "confirmed", "removed": what was just done
	Problem hub.Kind       // why it was not
	Where   string         // with Problem: "email" or "phone" for the form to add one, else the contact's id
	Typed   string         // with Problem at a form to add: what was typed
}

func (ContactsPage) file() string         { return "contacts" }
func (ContactsPage) title(d *data) string { return d.T.ContactsTitle() }

// Fresh reports whether contacts can be changed now.
func (p ContactsPage) Fresh() bool { return p.State == ContactsFresh }

// Kind names a kind of address.
func (d *data) Kind(k contact.Kind) string {
	if k == contact.Phone {
		return d.T.ContactsPhone()
	}
	return d.T.ContactsEmail()
}

// AddKind is the heading of the form to add an address.
func (d *data) AddKind(k contact.Kind) string {
	if k == contact.Phone {
		return d.T.ContactsAddPhone()
	}
	return d.T.ContactsAddEmail()
}

// ContactState says how a contact stands.
func (d *data) ContactState(c contact.Shown) string {
	switch {
	case !c.RemovedAt.IsZero():
		return d.T.ContactsParting()
	case c.VerifiedAt.IsZero():
		return d.T.ContactsPending()
	default:
		return d.T.ContactsVerified()
	}
}

// ContactProblem says what is wrong at a form, "" where nothing is.
func (d *data) ContactProblem(p ContactsPage, where string) string {
	if p.Problem == "" || p.Where != where {
		return ""
	}
	switch p.Problem {
	case hub.Invalid:
		return d.T.ContactsInvalid()
	case hub.Conflict:
		return d.T.ContactsConflict()
	case hub.TooMany:
		return d.T.ContactsTooMany()
	case hub.Refused:
		return d.T.ContactsWrong()
	default:
		return d.T.ContactsExpired()
	}
}

// ContactDone says what was just done, "" where nothing was.
func (d *data) ContactDone(word string) string {
	switch word {
	case "added":
		return d.T.ContactsAdded()
	case "confirmed":
		return d.T.ContactsDone()
	case "removed":
		return d.T.ContactsRemoved()
	}
	return ""
}
