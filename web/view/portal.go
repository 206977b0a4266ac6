package view

import (
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// Section is one of the person's own pages, by its path. A page that has a section stands beside the menu of all.
type Section string

// The sections, in the order of the menu. A room that adds one enters it in Sections, with its words.
const (
	SectionMe          Section = "/me"
	SectionSessions    Section = "/sessions"
	SectionDepartments Section = "/me/departments"
	SectionRecords     Section = "/me/records"
	SectionServices    Section = "/me/services"
	SectionConsents    Section = "/consents"
	SectionComplaints  Section = "/me/complaints"
	SectionHistory     Section = "/me/history"
	SectionNotices     Section = "/notices"
	SectionContacts    Section = "/contacts"
	SectionDevices     Section = "/devices"
	SectionEntities    Section = "/entities"
	SectionLinks       Section = "/me/providers"
	SectionLife        Section = "/me/account"
)

// inPortal is a page of a person's own.
type inPortal interface {
	section() Section // "" where this one is not
}

// entry is a line of the menu.
type entry struct {
	Path        Section
	Name, About string
	Current     bool
}

// sections gives the whole menu.
func (d *data) sections() []entry {
	all := []entry{
		{Path: SectionMe, Name: d.T.MeOverview()},
		{Path: SectionSessions, Name: d.T.NavSessions(), About: d.T.AboutSessions()},
		{Path: SectionDepartments, Name: d.T.NavDepartments(), About: d.T.AboutDepartments()},
		{Path: SectionRecords, Name: d.T.NavRecords(), About: d.T.AboutRecords()},
		{Path: SectionServices, Name: d.T.NavSwitches(), About: d.T.AboutSwitches()},
		{Path: SectionConsents, Name: d.T.NavConsents(), About: d.T.AboutConsents()},
		{Path: SectionLinks, Name: d.T.NavLinks(), About: d.T.AboutProviders()},
		{Path: SectionComplaints, Name: d.T.NavComplaints(), About: d.T.AboutComplaints()},
		{Path: SectionHistory, Name: d.T.NavHistory(), About: d.T.AboutHistory()},
		{Path: SectionNotices, Name: d.T.NavNotices(), About: d.T.AboutNotices()},
		{Path: SectionContacts, Name: d.T.NavContacts(), About: d.T.AboutContacts()},
		{Path: SectionDevices, Name: d.T.NavDevices(), About: d.T.AboutDevices()},
		{Path: SectionEntities, Name: d.T.EntitiesTitle(), About: d.T.AboutEntities()},
		{Path: SectionLife, Name: d.T.NavLife(), About: d.T.AboutLife()},
	}
	return slices.DeleteFunc(all, func(e entry) bool {
		return e.Path == SectionContacts && !d.Site.Contacts || e.Path == SectionDevices && !d.Site.Devices || e.Path == SectionComplaints && !d.Site.Complaints || e.Path == SectionEntities && !d.Site.Entities || (e.Path == SectionRecords || e.Path == SectionServices) && !d.Site.Records
	})
}

// at gives the section of a page that belongs to who is signed in, "" for all others.
func (d *data) at() Section {
	if p, ok := d.P.(inPortal); ok && d.SignedIn {
		return p.section()
	}
	return ""
}

// Menu gives the menu of a page of the person's own, nil on all others.
func (d *data) Menu() []entry {
	if p, ok := d.P.(ConsolePage); ok {
		return d.consoleMenu(p)
	}
	here := d.at()
	if here == "" {
		return nil
	}
	all := d.sections()
	for i := range all {
		all[i].Current = all[i].Path == here
	}
	return all
}

// Cards gives what stands on the first page: everything but itself.
func (d *data) Cards() []entry { return d.sections()[1:] }

// Below reports whether a page is one of the person's own below the first.
func (d *data) Below() bool { return d.at() != "" && d.at() != SectionMe }

// GatePage stands in the place of a page that belongs to who is signed in.
type GatePage struct {
	Token string
	Back  string // path of the page; the sign-in leads back to it
}

// MePage is the first of the person's own pages.
type MePage struct {
	Attention []Attention
	Sessions  []SessionsEntry
	Owners    []hub.Text // the departments that the person has used
}

// Attention is something that the person should look at.
type Attention struct {
	What  AttentionKind
	Count int // of devices
}

// AttentionKind is what the person should look at.
type AttentionKind string

// The kinds.
const (
	NoContact    AttentionKind = "no-contact"
	NotReached   AttentionKind = "not-reached" // nobody could be told of a change
	SecurityNews AttentionKind = "news"
	ManyDevices  AttentionKind = "devices"
	OneProvider  AttentionKind = "one-provider"
	WasAnswered  AttentionKind = "answered" // a complaint of theirs
)

// Attend says what the person should look at, and leads there.
func (d *data) Attend(a Attention) entry {
	switch a.What {
	case NoContact:
		return entry{Path: SectionContacts, About: d.T.MeNoContact(), Name: d.T.NavContacts()}
	case NotReached:
		return entry{Path: SectionNotices, About: d.T.MeFailed(), Name: d.T.NavNotices()}
	case WasAnswered:
		return entry{Path: SectionComplaints, About: d.T.MeAnswered(), Name: d.T.NavComplaints()}
	case OneProvider:
		return entry{Path: SectionLinks, About: d.T.MeOneProvider(), Name: d.T.NavLinks()}
	case ManyDevices:
		return entry{Path: SectionSessions, About: d.T.MeDevices(strconv.Itoa(a.Count)), Name: d.T.NavSessions()}
	default:
		return entry{Path: SectionNotices, About: d.T.MeNews(), Name: d.T.NavNotices()}
	}
}

// DepartmentsPage shows whom the person has dealt with, and where to complain or ask for correction (PRV-14, PRV-19).
type DepartmentsPage struct {
	Departments []DepartmentsEntry
}

// DepartmentsEntry is one department.
type DepartmentsEntry struct {
	ID        hub.DepartmentID
	Owner     hub.Text
	Complaint string // see data.Complaint; may be empty
	Systems   []login.System
	Last      time.Time // when the person used it last; zero where that is too long ago to be known
}

func (GatePage) file() string        { return "gate" }
func (MePage) file() string          { return "me" }
func (DepartmentsPage) file() string { return "departments" }

func (GatePage) title(d *data) string        { return d.T.GateTitle() }
func (MePage) title(d *data) string          { return d.T.MeTitle() }
func (DepartmentsPage) title(d *data) string { return d.T.DepartmentsTitle() }

func (MePage) section() Section          { return SectionMe }
func (SessionsPage) section() Section    { return SectionSessions }
func (DepartmentsPage) section() Section { return SectionDepartments }
func (ConsentsPage) section() Section    { return SectionConsents }
func (NoticesPage) section() Section     { return SectionNotices }
func (ContactsPage) section() Section    { return SectionContacts }

// section of machines: an entity's are not the person's own.
func (p DevicesPage) section() Section {
	if p.Entity != nil {
		return ""
	}
	return SectionDevices
}
