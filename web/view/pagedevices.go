package view

import (
	"time"

	"onedoor/hub"
)

// DevicesState is who looks at the page of devices.
type DevicesState string

// The states.
const (
	DevicesSignedOut DevicesState = "signed-out"
	DevicesStale     DevicesState = "stale" // signed in, but not freshly enough to change the register
	DevicesFresh     DevicesState = "fresh"
)

// DevicesPage shows the machines that a person or an entity has registered (RAZ-04).
type DevicesPage struct {
	State   DevicesState
	Base    string   // path of the page: the forms go below it
	Entity  hub.Text // whose machines they are; nil for the person's own
	Token   string
	Entries []DevicesEntry
	Manages bool // whoever looks may register and remove
	Done    string
	Problem hub.Kind
	Typed   string // with Problem: the name that was typed
}

// DevicesEntry is a registered machine.
type DevicesEntry struct {
	ID, Label string
	At        time.Time
	Until     time.Time // it was recognised in this session and counts until then; zero where it was not
}

// The ceremonies of a CeremonyPage.
const (
	CeremonyMake = "make"
	CeremonyShow = "show"
)

// CeremonyPage has the machine make or show its key. Its script, a file of ours, asks the browser for it when the button is pressed.
type CeremonyPage struct {
	Base    string // path of the page of devices
	Token   string
	Kind    string // CeremonyMake or CeremonyShow
	Label   string // of the machine, for CeremonyMake
	Options string // JSON, see hub/passkey
	Carried string
}

// CeremonyPolicy is the content security policy of a [CeremonyPage].
const CeremonyPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (DevicesPage) file() string         { return "devices" }
func (DevicesPage) title(d *data) string { return d.T.DevicesTitle() }
func (CeremonyPage) file() string        { return "ceremony" }
func (p CeremonyPage) title(d *data) string {
	if p.Kind == CeremonyMake {
		return d.T.DevicesAddTitle()
	}
	return d.T.DevicesShowTitle()
}

// Changes reports whether the register can be changed now by whoever looks.
func (p DevicesPage) Changes() bool { return p.State == DevicesFresh && p.Manages }

// DevicesLead says whose machines they are.
func (d *data) DevicesLead(p DevicesPage) string {
	if p.Entity == nil {
		return d.T.DevicesLead()
	}
	return d.T.DevicesLeadEntity(d.Plain(p.Entity))
}

// DeviceKnown says until when a machine is recognised.
func (d *data) DeviceKnown(e DevicesEntry) string {
	return d.T.DevicesKnown(e.Until.In(d.Site.Zone).Format("15:04"))
}

// DevicesDone says what was just done, "" where nothing was.
func (d *data) DevicesDone(word string) string {
	switch word {
	case "added":
		return d.T.DevicesAdded()
	case "shown":
		return d.T.DevicesShown()
	case "removed":
		return d.T.DevicesRemoved()
	}
	return ""
}

// DevicesProblem says what is wrong, "" where nothing is.
func (d *data) DevicesProblem(p DevicesPage) string {
	switch p.Problem {
	case "":
		return ""
	case hub.NotFound:
		return d.T.DevicesUnknown()
	case hub.Conflict:
		return d.T.DevicesConflict()
	case hub.TooMany:
		return d.T.DevicesTooMany()
	case hub.Refused:
		return d.T.DevicesRefused()
	case hub.Expired, hub.Consumed:
		return d.T.DevicesExpired()
	default:
		return d.T.DevicesInvalid()
	}
}
