package view

import (
	"onedoor/hub"
	"onedoor/hub/login"
)

// PartyPage asks for whom the person acts: themselves, or an entity that they hold a mandate of.
type PartyPage struct {
	System  login.System
	Action  string // path of the login
	Token   string
	Party   login.PartyView
	Problem hub.Kind // what they chose is none any more; "" at first
}

func (PartyPage) file() string { return "party" }
func (p PartyPage) title(d *data) string {
	if p.None() {
		return d.T.PartyNone()
	}
	return d.T.PartyTitle()
}

func (p PartyPage) service() login.System { return p.System }

// None reports whether there is nobody for whom the person could act.
func (p PartyPage) None() bool { return !p.Party.Self && len(p.Party.Parties) == 0 }

// Self is the value of the person themselves in the form.
func (PartyPage) Self() string { return login.PartySelf }

// LastSelf reports whether they acted for themselves last.
func (p PartyPage) LastSelf() bool { return p.Party.Last == login.PartySelf }

// Last reports whether they acted for an entity last.
func (p PartyPage) Last(x login.Party) bool { return p.Party.Last == string(x.Entity) }
