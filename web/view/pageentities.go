package view

import (
	"fmt"
	"time"

	"onedoor/hub"
	"onedoor/hub/identifier"
	"onedoor/tenants/entity"
)

// EntitiesPage is the page of the legal entities that a person acts for, or wants to.
type EntitiesPage struct {
	Token    string
	SignedIn bool
	Strong   bool // signed in as who acts for an entity must be, just now
	Offer    *EntityOffer
	Mine     []EntityPlace
	Claims   []entity.Claim
	Done     string   // what has just gone right: "registered", "claimed", "done"
	Wrong    hub.Kind // what has gone wrong
	Where    string   // with Wrong: "register", "offer"; "" for what was done to a seat
	Typed    Typed    // with Wrong
}

// Typed are the fields of a form as they were typed, for when it is shown again.
type Typed map[string]string

// Is reports whether a field had a value, of any kind of text.
func (t Typed) Is(field string, value any) bool {
	typed, ok := t[field]
	return ok && typed == fmt.Sprint(value)
}

// EntityOffer is an invitation.
type EntityOffer struct {
	Entity   entity.Entity
	Role     entity.Role
	Mandates []EntityMandate
}

// EntityPlace is a person's own seat at an entity.
type EntityPlace struct {
	Entity   entity.Entity
	Seat     entity.Seat
	Mandates []EntityMandate
}

// EntityMandate is a mandate with the name of its department; none for everywhere.
type EntityMandate struct {
	ID         string
	Department hub.Text
	From       time.Time // zero where it has begun
	Until      time.Time
}

// EntityPage is an entity as its master administrator sees it.
type EntityPage struct {
	Token       string
	Entity      entity.Entity
	Strong      bool
	Members     []EntityMember
	Departments []EntityDepartment
	Ends        []EntityEnd // until when a mandate can be given
	Invitations []EntityWaiting
	History     []EntityLine
	// Applications are what it has asked of departments.
	Applications []EntityApplication
	Link         string    // of the invitation that was just made, shown once
	LinkUntil    time.Time //
	Done         bool
	Wrong        hub.Kind
	Records      bool  // departments' records can be bound to the entity
	Delegates    bool  // services of the entity can be given to operators
	Typed        Typed // with Wrong
}

// EntityApplication is something that an entity has asked of a department: a record to be known by, or a service that its staff must approve.
type EntityApplication struct {
	Owner     hub.Text
	Names     hub.Text // nil where it is not there any more
	State     ApplicationState
	At        time.Time    // when it was asked; zero for a record
	DecidedAt time.Time    // by the staff
	Record    RecordsEntry // with ApplicationRecord: its state and reason
}

// ApplicationState is how far one is.
type ApplicationState string

// The states.
const (
	ApplicationWaits   ApplicationState = "waits"
	ApplicationGranted ApplicationState = "granted"
	ApplicationRefused ApplicationState = "refused"
	ApplicationRecord  ApplicationState = "record" // as the record says
)

// Applied says how far an application is, in sentences.
func (d *data) Applied(a EntityApplication) []string {
	switch a.State {
	case ApplicationWaits:
		return []string{d.T.ApplicationWaits(d.Date(a.At))}
	case ApplicationGranted:
		return []string{d.T.ApplicationGranted(d.Date(a.DecidedAt))}
	case ApplicationRefused:
		return []string{d.T.ApplicationRefused(d.Date(a.DecidedAt))}
	case ApplicationRecord:
	}
	if why := d.RecordReason(a.Record); why != "" {
		return []string{d.RecordState(a.Record), why}
	}
	return []string{d.RecordState(a.Record)}
}

// EntityMember is a seat that counts.
type EntityMember struct {
	Seat     entity.Seat
	Mandates []EntityMandate
	You      bool
}

// Master reports whether it is the administrator's.
func (m EntityMember) Master() bool { return m.Seat.Role == entity.Master }

// EntityDepartment is a department that a mandate can be for.
type EntityDepartment struct {
	ID    hub.DepartmentID
	Names hub.Text
}

// EntityEnd is a choice of when a mandate ends: the days from now, and the day.
type EntityEnd struct {
	Days int
	Date time.Time
}

// EntityWaiting is an open invitation.
type EntityWaiting struct {
	ID        string
	Role      entity.Role
	Label     string
	ExpiresAt time.Time
}

// EntityLine is a line of the history.
type EntityLine struct {
	At     time.Time
	What   string // as entity.Line
	Seat   entity.Seat
	Where  hub.Text
	Reason string
}

func (EntitiesPage) section() Section     { return SectionEntities }
func (EntityPage) section() Section       { return SectionEntities }
func (EntitiesPage) file() string         { return "entities" }
func (EntitiesPage) title(d *data) string { return d.T.EntitiesTitle() }
func (EntityPage) file() string           { return "entity" }
func (p EntityPage) title(d *data) string { return d.Plain(p.Entity.Names) }

// Kinds lists the kinds of numbers for the form.
func (EntitiesPage) Kinds() []string { return entity.Kinds() }

// Open reports whether a claim waits.
func (EntitiesPage) Open(c entity.Claim) bool { return c.State == entity.Open }

// Longest gives how much a person may write, in characters.
func (EntitiesPage) Longest() int { return entity.MaxStatement }

// AtRegister reports whether what went wrong is about the form of registering.
func (p EntitiesPage) AtRegister() bool { return p.Wrong != "" && p.Where == "register" }

// NumberKind names a kind of number.
func (d *data) NumberKind(kind string) string {
	switch kind {
	case identifier.ThaiJuristic:
		return d.T.KindThaiJuristic()
	case identifier.ChineseCredit:
		return d.T.KindChineseCredit()
	case identifier.VietnameseEnterprise:
		return d.T.KindVietnameseEnterprise()
	}
	return kind
}

// EntityRole names a role.
func (d *data) EntityRole(r entity.Role) string {
	if r == entity.Master {
		return d.T.EntityMaster()
	}
	return d.T.EntityOperator()
}

// EntityState says what is to know of an entity's status; "" for an active one.
func (d *data) EntityState(e entity.Entity) string {
	switch e.Status {
	case entity.Suspended:
		return d.T.EntitySuspended()
	case entity.Closed:
		return d.T.EntityClosed()
	case entity.Active:
	}
	return ""
}

// EntityDone says what has gone right; "" for nothing.
func (d *data) EntityDone(p EntitiesPage) string {
	switch p.Done {
	case "registered":
		return d.T.EntityRegistered()
	case "claimed":
		return d.T.EntityClaimed()
	case "done":
		return d.T.EntityDone()
	}
	return ""
}

// EntitiesWrong says what has gone wrong; "" for nothing.
func (d *data) EntitiesWrong(p EntitiesPage) string {
	if p.Wrong == "" {
		return ""
	}
	switch p.Where {
	case "register":
		switch p.Wrong {
		case hub.NotFound:
			return d.T.EntityUnknown()
		case hub.Refused:
			return d.T.EntityDissolved()
		case hub.Denied:
			return d.T.EntityNotConfirmed()
		case hub.Unavailable:
			return d.T.EntityNoAnswer()
		}
	case "offer":
		switch p.Wrong {
		case hub.NotFound, hub.Consumed, hub.Expired, hub.Suspended:
			return d.T.EntityOfferGone()
		}
	}
	return d.entityWrong(p.Wrong)
}

// EntityWrong says what has gone wrong; "" for nothing.
func (d *data) EntityWrong(p EntityPage) string {
	if p.Wrong == "" {
		return ""
	}
	return d.entityWrong(p.Wrong)
}

func (d *data) entityWrong(kind hub.Kind) string {
	switch kind {
	case hub.Invalid:
		return d.T.EntityInvalid()
	case hub.TooMany:
		return d.T.EntityTooMany()
	case hub.Conflict:
		return d.T.EntityConflict()
	case hub.Denied:
		return d.T.EntityRefused()
	case hub.Suspended:
		return d.T.EntitySuspended()
	}
	return d.T.EntityGone()
}

// ClaimState says where a claim stands.
func (d *data) ClaimState(c entity.Claim) string {
	switch c.State {
	case entity.Approved:
		return d.T.EntityClaimApproved(d.Date(c.DecidedAt))
	case entity.Rejected:
		if c.Reason == entity.Withdrawn {
			return d.T.EntityClaimWithdrawn(d.Date(c.DecidedAt))
		}
		return d.T.EntityClaimRejected(d.Date(c.DecidedAt))
	case entity.Open:
	}
	return d.T.EntityClaimOpen(d.Date(c.At))
}

// Called gives what the administrator calls who has a seat.
func (d *data) Called(s entity.Seat) string {
	if s.Label != "" {
		return s.Label
	}
	return d.EntityRole(s.Role)
}

// Happened says what a line of the history tells.
func (d *data) Happened(l EntityLine) string {
	who := d.Called(l.Seat)
	switch l.What {
	case "joined":
		return d.T.HistoryJoined(who)
	case "removed":
		return d.T.HistoryRemoved(who)
	case "given":
		return d.T.HistoryGiven(who)
	}
	return d.T.HistoryEnded(who)
}

// HappenedWhy says why; "" where there is nothing to say.
func (d *data) HappenedWhy(l EntityLine) string {
	switch l.Reason {
	case entity.Left:
		return d.T.WhyLeft()
	case entity.Removed, entity.Changed, entity.Misuse:
		return d.T.WhyRemoved()
	case entity.Over:
		return d.T.WhyExpired()
	case entity.HandedOver:
		return d.T.WhyHandedOver()
	case entity.Replaced:
		return d.T.WhyStaff()
	}
	return ""
}

// mandateList is what the list of mandates is made from: the page has the words.
type mandateList struct {
	Page     *data
	Mandates []EntityMandate
}

// MandatesOf gives a list of mandates to its template.
func (d *data) MandatesOf(all []EntityMandate) mandateList { return mandateList{d, all} }
