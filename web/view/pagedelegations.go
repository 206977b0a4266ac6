package view

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/authz"
	"onedoor/hub"
)

// DelegationsPage is where an entity's administrator puts services into operators' hands (RAZ-03, RAZ-04, ENT-04).
type DelegationsPage struct {
	Base      string // path of the entity: the page is below it
	Entity    hub.Text
	Token     string
	Fresh     bool // things can be changed now
	Entries   []DelegationEntry
	Items     []DelegationItem // that can be delegated
	Operators []Option
	Places    []Option
	Devices   []Option
	Done      string
	Problem   hub.Kind
	Typed     url.Values // with Problem: what was typed
}

// Option is something to choose.
type Option struct{ ID, Label string }

// DelegationItem is a service to choose.
type DelegationItem struct {
	ID                  authz.ItemID
	Names, Owner        hub.Text
	Exclusive, Approval bool
}

// DelegationEntry is a delegation that is proposed or in force.
type DelegationEntry struct {
	ID, Operator    string // Operator: what the administrator calls them
	Head            bool   // it is the administrator
	Names, Owner    hub.Text
	Exclusive       bool
	Proposed        bool
	From, Until     time.Time
	Places, Devices []string
	Hours           authz.Hours
}

// PlacesPage is where an entity registers the networks that it works from.
type PlacesPage struct {
	Base    string
	Entity  hub.Text
	Token   string
	Fresh   bool
	Entries []PlaceEntry
	Here    string // the browser's own address, as the hub sees it; "" where that is unknown
	Done    string
	Problem hub.Kind
	Typed   url.Values
}

// PlaceEntry is a registered place.
type PlaceEntry struct{ ID, Label, Networks string }

// ItemDeskPage is where a department's staff decides about applications for services (RAZ-06).
type ItemDeskPage struct {
	Token   string
	Strong  bool // somebody is signed in as staff must be
	Fresh   bool
	Entries []ItemDeskEntry
	Done    string // "approved", "refused"
	Problem hub.Kind
}

// ItemDeskEntry is an application.
type ItemDeskEntry struct {
	Delegation bool     // of an entity; else the opening of a person
	Entity     hub.Text // whose it is, for a delegation
	At         time.Time
	DelegationEntry
}

func (DelegationsPage) file() string         { return "delegations" }
func (DelegationsPage) section() Section     { return SectionEntities }
func (DelegationsPage) title(d *data) string { return d.T.DelegTitle() }
func (PlacesPage) file() string              { return "places" }
func (PlacesPage) section() Section          { return SectionEntities }
func (PlacesPage) title(d *data) string      { return d.T.PlacesTitle() }
func (ItemDeskPage) file() string            { return "itemdesk" }
func (ItemDeskPage) title(d *data) string    { return d.T.ItemDeskTitle() }

// Was gives what was typed into a field.
func (p DelegationsPage) Was(field string) string { return p.Typed.Get(field) }

// Ticked reports whether a value was chosen.
func (p DelegationsPage) Ticked(field, value string) bool {
	return slices.Contains(p.Typed[field], value)
}

// Was gives what was typed into a field.
func (p PlacesPage) Was(field string) string { return p.Typed.Get(field) }

// Weekdays gives the days of the week to choose, Monday first.
func (d *data) Weekdays() []Option {
	return []Option{
		{"mon", d.T.DayMon()}, {"tue", d.T.DayTue()}, {"wed", d.T.DayWed()}, {"thu", d.T.DayThu()}, {"fri", d.T.DayFri()}, {"sat", d.T.DaySat()}, {"sun", d.T.DaySun()},
	}
}

// OperatorOf says who has a delegation.
func (d *data) OperatorOf(e DelegationEntry) string {
	switch {
	case e.Operator != "":
		return e.Operator
	case e.Head:
		return d.T.DelegMaster()
	default:
		return d.T.DelegGone()
	}
}

// Terms lists what a delegation is limited to, in words.
func (d *data) Terms(e DelegationEntry) []string {
	out := []string{d.T.DelegFrom(d.Date(e.From))}
	if e.Until.IsZero() {
		out = append(out, d.T.DelegOpen())
	} else {
		out = append(out, d.T.DelegUntil(d.Date(e.Until.Add(-time.Second)))) // the last day, not the midnight after it
	}
	if e.Exclusive {
		out = append(out, d.T.DelegExclusive())
	}
	if len(e.Places) > 0 {
		out = append(out, d.T.DelegAtPlaces(strings.Join(e.Places, ", ")))
	}
	if len(e.Devices) > 0 {
		out = append(out, d.T.DelegOnDevices(strings.Join(e.Devices, ", ")))
	}
	for _, w := range e.Hours.Windows {
		out = append(out, d.T.DelegInHours(d.window(w)))
	}
	return out
}

// window says when it is open: "Mon, Tue 09:00–17:00".
func (d *data) window(w authz.Window) string {
	var days []string
	for i, o := range d.Weekdays() {
		if w.Days.Has(time.Weekday((i + 1) % 7)) {
			days = append(days, o.Label)
		}
	}
	return strings.Join(days, ", ") + " " + minutes(w.From) + "–" + minutes(w.To)
}

// minutes writes minutes since midnight as a time of day.
func minutes(m int) string {
	two := func(n int) string { return string([]byte{'0' + byte(n/10%10), '0' + byte(n%10)}) }
	return two(m/60) + ":" + two(m%60)
}

// DelegDone says what was just done, "" where nothing was.
func (d *data) DelegDone(word string) string {
	switch word {
	case "given":
		return d.T.DelegGiven()
	case "withdrawn":
		return d.T.DelegWithdrawn()
	case "placed":
		return d.T.PlacesAdded()
	case "unplaced":
		return d.T.PlacesRemoved()
	case "approved":
		return d.T.ItemDeskApproved()
	case "refused":
		return d.T.ItemDeskRefused()
	}
	return ""
}

// DelegProblem says what is wrong with a delegation, "" where nothing is.
func (d *data) DelegProblem(k hub.Kind) string {
	switch k {
	case "":
		return ""
	case hub.Refused:
		return d.T.DelegRefused()
	case hub.Conflict:
		return d.T.DelegConflict()
	default:
		return d.T.DelegInvalid()
	}
}

// PlacesProblem says what is wrong with a place, "" where nothing is.
func (d *data) PlacesProblem(k hub.Kind) string {
	switch k {
	case "":
		return ""
	case hub.TooMany:
		return d.T.PlacesTooMany()
	default:
		return d.T.PlacesInvalid()
	}
}

// ItemDeskProblem says why a decision did not come about, "" where nothing is wrong.
func (d *data) ItemDeskProblem(k hub.Kind) string {
	switch k {
	case "":
		return ""
	case hub.Denied:
		return d.T.ItemDeskOwn()
	case hub.Expired, hub.Refused:
		return d.T.ItemDeskUnusable()
	case hub.Conflict:
		return d.T.DelegConflict()
	default:
		return d.T.ItemDeskGone()
	}
}
