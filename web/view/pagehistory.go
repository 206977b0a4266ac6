package view

import (
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
	"onedoor/web/locale"
)

// HistoryArea is what a person wants to read about in their history.
type HistoryArea string

// The areas.
const (
	HistoryAll     HistoryArea = ""
	HistorySignIns HistoryArea = "sign-ins"
	HistoryData    HistoryArea = "data"
	HistoryAccount HistoryArea = "account"
	HistoryRecords HistoryArea = "records"
)

// HistoryBack is how far back they want to read.
type HistoryBack string

// The spans. Half a year is what everybody can read at least (AUD-01).
const (
	HistoryHalf  HistoryBack = ""
	HistoryMonth HistoryBack = "month"
	HistoryEver  HistoryBack = "ever"
)

// HistoryPage shows a person what happened with their account: services, times, actions, levels and channels; no personal data (AUD-04).
type HistoryPage struct {
	Area    HistoryArea
	Back    HistoryBack
	Before  string // id of the event that this page begins behind; "" for the latest
	Older   string // id to read on behind; "" where there is no more
	Entries []HistoryEntry
}

// HistoryEntry is one event in the person's words.
type HistoryEntry struct {
	At          time.Time
	Kind        string // of audit.Event
	Outcome     audit.Outcome
	Reason      string
	System      hub.Text
	Owner       hub.Text // the department
	Provider    hub.Text
	Level       hub.Level
	Interaction hub.InteractionID
	Channel     string
}

// events gives each kind its words. A kind that is not among them is shown as another entry, with its own name.
func events(t locale.Catalogue) map[string]func() string {
	return map[string]func() string{
		"session.started": t.EventSignedIn, "session.raised": t.EventRaised, "session.ended": t.EventEnded,
		"login.succeeded": t.EventUsed, "login.resumed": t.EventUsed, "login.refused": t.EventRefused,
		"account.created": t.EventCreated, "account.linked": t.EventLinked, "account.unlinked": t.EventUnlinked, "account.relinked": t.EventRelinked,
		"account.level_raised": t.EventLevel, "account.refused": t.EventRefused, "account.suspended": t.NoticeSuspended,
		"account.reported_lost": t.EventLost, "account.resumed": t.NoticeResumed, "account.terminated": t.NoticeTerminated,
		"account.shown": t.EventLooked, "account.found": t.EventLooked,
		"consent.given": t.EventGiven, "consent.declined": t.EventDeclined, "consent.withdrawn": t.EventWithdrawn, "consent.told": t.EventTold,
		"grant.started": t.EventGrant, "grant.revoked": t.EventGrantEnded, "forward.opened": t.EventUsed, "forward.released": t.EventReleased,
		"userinfo.released": t.EventReleased, "introspection.released": t.EventReleased, "assertion.issued": t.EventReleased,
		"token.exchanged": t.EventExchanged, "item.locked": t.NoticeItemLocked, "item.opened": t.NoticeItemOpened,
		"contact.added": t.EventContactAdded, "contact.verified": t.EventContactVerified, "contact.removed": t.EventContactRemoved,
		"complaint.filed": t.EventComplaintFiled, "complaint.opened": t.EventComplaintOpened, "complaint.answered": t.EventComplaintAnswered,
		"complaint.withdrawn":  t.EventComplaintWithdrawn,
		"contact.code_refused": t.EventContactCode, "notice.failed": t.EventNoticeFailed,
		"staff.joined": t.EventStaffJoined, "staff.confirmed": t.EventStaffConfirmed, "staff.removed": t.EventStaffEnded,
	}
}

// areas gives the kinds of an area words where they have none of their own.
func areas(t locale.Catalogue) map[string]func() string {
	return map[string]func() string{
		"binding": t.EventBinding, "review": t.EventBinding, "item": t.EventItem, "entity": t.EventEntity, "mandate": t.EventEntity, "device": t.EventDevice,
	}
}

// Says tells what happened, in the words of a language.
func (e HistoryEntry) Says(t locale.Catalogue) string {
	if f, ok := events(t)[e.Kind]; ok {
		return f()
	}
	area, _, _ := strings.Cut(e.Kind, ".")
	if f, ok := areas(t)[area]; ok {
		return f()
	}
	return t.EventOther()
}

// Other reports whether the kind has no words of its own.
func (e HistoryEntry) Other(t locale.Catalogue) bool { return events(t)[e.Kind] == nil }

// Why tells more of an event where its reason has words; "" where not.
func (d *data) EventWhy(e HistoryEntry) string {
	if e.Kind == "session.ended" {
		return d.Ended(session.EndReason(e.Reason))
	}
	return d.Why(e.Reason)
}

// historyDay is the events of a day.
type historyDay struct {
	Day     time.Time
	Entries []HistoryEntry
}

// Days groups a history by the days of the pages' zone.
func (d *data) Days(all []HistoryEntry) []historyDay {
	var days []historyDay
	for _, e := range all {
		if n := len(days); n > 0 && d.Day(days[n-1].Day) == d.Day(e.At) {
			days[n-1].Entries = append(days[n-1].Entries, e)
			continue
		}
		days = append(days, historyDay{e.At, []HistoryEntry{e}})
	}
	return days
}

// Hour writes the time of day.
func (d *data) Hour(t time.Time) string { return t.In(d.Site.Zone).Format("15:04") }

// option is one choice of a list.
type option struct {
	Value, Name string
	Chosen      bool
}

// HistoryAreas gives the choices of what to read about.
func (d *data) HistoryAreas(p HistoryPage) []option {
	return []option{
		{string(HistoryAll), d.T.HistoryAll(), p.Area == HistoryAll},
		{string(HistorySignIns), d.T.HistorySignIns(), p.Area == HistorySignIns},
		{string(HistoryData), d.T.HistoryData(), p.Area == HistoryData},
		{string(HistoryRecords), d.T.HistoryRecords(), p.Area == HistoryRecords},
		{string(HistoryAccount), d.T.HistoryAccount(), p.Area == HistoryAccount},
	}
}

// HistorySpans gives the choices of how far back.
func (d *data) HistorySpans(p HistoryPage) []option {
	return []option{
		{string(HistoryMonth), d.T.HistoryMonth(), p.Back == HistoryMonth},
		{string(HistoryHalf), d.T.HistoryHalf(), p.Back == HistoryHalf},
		{string(HistoryEver), d.T.HistoryEver(), p.Back == HistoryEver},
	}
}

// HistoryHref gives a path with the choices of the page, and one thing more.
func (d *data) HistoryHref(p HistoryPage, path, key, value string) string {
	q := url.Values{}
	for k, v := range map[string]string{"area": string(p.Area), "back": string(p.Back), key: value} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func (HistoryPage) file() string         { return "history" }
func (HistoryPage) title(d *data) string { return d.T.HistoryTitle() }
func (HistoryPage) section() Section     { return SectionHistory }
