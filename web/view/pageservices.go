package view

import (
	"onedoor/authz"
	"onedoor/hub"
)

// ServicesPage is the person's own switch for each of their sensitive services (RAZ-02).
type ServicesPage struct {
	Token   string
	Entries []ServicesEntry
	Done    string // "open", "locked", "asked": what was just done
	Problem hub.Kind
	// One is the page of one service, to which a department has sent the person who wanted to use it.
	One bool
}

// ServicesEntry is a service with what the person has said about it.
type ServicesEntry struct {
	ID           authz.ItemID
	Names, Owner hub.Text
	Open         bool
	Once         bool               // in one sign-in alone
	State        authz.OpeningState // "" where nothing was ever said
}

func (ServicesPage) file() string         { return "services" }
func (ServicesPage) title(d *data) string { return d.T.NavSwitches() }
func (ServicesPage) section() Section     { return SectionServices }

// ServiceState says how a service stands.
func (d *data) ServiceState(e ServicesEntry) string {
	switch {
	case e.State == authz.Asked:
		return d.T.SwitchAsked()
	case e.State == authz.Refused:
		return d.T.SwitchRefused()
	case e.Open && e.Once:
		return d.T.SwitchOnce()
	case e.Open:
		return d.T.SwitchOpen()
	default:
		return d.T.SwitchLocked()
	}
}

// ServicesDone says what was just done, "" where nothing was.
func (d *data) ServicesDone(word string) string {
	switch word {
	case "open":
		return d.T.SwitchDoneOpen()
	case "locked":
		return d.T.SwitchDoneLocked()
	case "asked":
		return d.T.SwitchDoneAsked()
	}
	return ""
}
