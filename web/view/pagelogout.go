package view

import (
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// SignOutPage asks before a sign-out.
type SignOutPage struct {
	Token   string
	Systems []login.System // that could be left alone
	System  hub.SystemID   // that asks for it; "" where the person does
	Onward  string         // where they go on to afterwards; "" for nowhere
}

// LedgerPage tells who has been told of a sign-out, and what each has said. It says that everything is signed out only where everybody has
// confirmed.
type LedgerPage struct {
	Path    string // of the page itself
	Left    *login.System
	Told    []LedgerRow
	Open    bool     // somebody is still being told
	Seconds int      // until it asks again by itself; 0: no more
	Again   string   // path to ask again
	Frames  []string // loaded unseen; each checked by [LeaveURL]
	Next    string   // path that leads to the next service that only the browser can tell; "" for none
	Onward  string   // where to go on to, checked by [LeaveURL]; "" for nowhere
	System  hub.Text // whose address that is
}

// LedgerRow is one participant.
type LedgerRow struct {
	ID       string // of the system or provider
	Names    hub.Text
	Owner    hub.Text
	Provider bool // an identity provider, not a service
	State    logout.State
}

// Everything tells whether everybody has confirmed.
func (p LedgerPage) Everything() bool {
	for _, r := range p.Told {
		if r.State != logout.Confirmed && r.State != logout.Initiator {
			return false
		}
	}
	return true
}

// LeadsOn tells whether the page leads on by itself: where there is nothing left to read that the person must know.
func (p LedgerPage) LeadsOn() bool {
	return p.Onward != "" && !p.Open && p.Left == nil && p.Everything()
}

// Providers tells whether an identity provider is among those who are told.
func (p LedgerPage) Providers() bool {
	for _, r := range p.Told {
		if r.Provider {
			return true
		}
	}
	return false
}

// SessionsPage shows the person where they are signed in, and what was told when they signed out (SES-20).
type SessionsPage struct {
	Just     *SessionsPast // what was just ended; nil for none
	Seconds  int           // until it asks again by itself; 0: no more
	Again    string
	Token    string
	Sessions []SessionsEntry
	Past     []SessionsPast
}

// SessionsEntry is one live session.
type SessionsEntry struct {
	ID       hub.SessionID
	This     bool // of the browser that asks
	Device   string
	Provider hub.Text
	Level    hub.Level
	Since    time.Time
	Last     time.Time
	Systems  []login.System
}

// SessionsPast is one end.
type SessionsPast struct {
	At     time.Time
	Reason session.EndReason
	Told   []LedgerRow
}

// Open tells whether somebody is still being told.
func (p SessionsPast) Open() bool {
	return slices.ContainsFunc(p.Told, func(r LedgerRow) bool { return !r.State.Final() })
}

func (SignOutPage) file() string  { return "signout" }
func (LedgerPage) file() string   { return "ledger" }
func (SessionsPage) file() string { return "sessions" }

func (SignOutPage) title(d *data) string { return d.T.SignOutTitle() }

func (p LedgerPage) title(d *data) string {
	if p.Left != nil {
		return d.T.LedgerLeft(d.Plain(p.Left.Names))
	}
	return d.T.SignedOutTitle()
}

func (SessionsPage) title(d *data) string { return d.T.SessionsTitle() }

// Heard says what is known of a participant.
func (d *data) Heard(s logout.State) string {
	texts := map[logout.State]func() string{
		logout.Confirmed: d.T.StateConfirmed, logout.Initiator: d.T.StateInitiator, logout.Open: d.T.StateOpen, logout.Retrying: d.T.StateRetrying,
		logout.Visiting: d.T.StateVisiting, logout.Visited: d.T.StateVisited, logout.Failed: d.T.StateFailed, logout.Unreachable: d.T.StateUnreachable,
	}
	if f, ok := texts[s]; ok {
		return f()
	}
	return ""
}

// Device names a browser in the language of the page. It comes as web/visit has it, out of a closed list: "Firefox on Windows".
func (d *data) Device(device string) string {
	browser, system, ok := strings.Cut(device, " on ")
	switch {
	case device == "" || device == "Browser":
		return d.T.SessionsDevice()
	case !ok:
		return device
	case browser == "Browser":
		browser = d.T.SessionsDevice()
	}
	return d.T.SessionsDeviceOn(browser, system)
}

// Ended says why a session ended.
func (d *data) Ended(r session.EndReason) string {
	texts := map[session.EndReason]func() string{
		session.EndedByPerson: d.T.EndPerson, session.EndedByIdle: d.T.EndIdle, session.EndedByAge: d.T.EndAge, session.EndedByAccount: d.T.EndAccount,
		session.EndedBySystem: d.T.EndSystem, session.EndedByAdmin: d.T.EndAdmin, session.EndedByIDP: d.T.EndProvider, session.EndedByOther: d.T.EndReplaced,
		session.EndedByMandate: d.T.EndMandate, session.EndedBySuspension: d.T.EndSuspension,
	}
	if f, ok := texts[r]; ok {
		return f()
	}
	return ""
}

// Moment writes a day and a time of day; Stamp gives it for machines.
func (d *data) Moment(t time.Time) string {
	return d.Date(t) + " " + t.In(d.Site.Zone).Format("15:04")
}

// Stamp gives a moment as RFC 3339.
func (d *data) Stamp(t time.Time) string { return t.In(d.Site.Zone).Format(time.RFC3339) }

// toldRows is what the list of participants is made from: the page has the words.
type toldRows struct {
	Page *data
	Rows []LedgerRow
}

// Rows gives a list of participants to its template.
func (d *data) Rows(rows []LedgerRow) toldRows { return toldRows{d, rows} }
