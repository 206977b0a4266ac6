package view

import (
	"cmp"
	"time"

	"onedoor/hub"
	"onedoor/hub/notice"
)

// NoticesPage shows what the person must be told of their account (AUD-09). To be shown here is not to be told through another channel.
type NoticesPage struct {
	Entries []NoticesEntry
	Invite  bool // the person has no contact yet, and can add one
}

// NoticesEntry is one notice.
type NoticesEntry struct {
	Kind     notice.Kind
	Reason   string // of a change of the account: an account.Reason
	Level    hub.Level
	Provider hub.Text // nil for one that is not in the register any more
	At       time.Time
	Told     bool // at the person's contacts
	Failed   bool // nobody could be told
	Awaited  bool // it will be tried (again)
}

// Notice says what a notice is about.
func (d *data) Notice(e NoticesEntry) string {
	switch e.Kind {
	case notice.ContactAdded:
		return d.T.NoticeContactAdded()
	case notice.ContactRemoved:
		return d.T.NoticeContactRemoved()
	case notice.AccountSuspended:
		return d.T.NoticeSuspended()
	case notice.AccountResumed:
		return d.T.NoticeResumed()
	case notice.AccountTerminated:
		return d.T.NoticeTerminated()
	case notice.ProviderRemoved:
		return d.T.EventUnlinked()
	case notice.ProviderAllowed:
		return d.T.EventRelinked()
	case notice.ItemLocked:
		return d.T.NoticeItemLocked()
	case notice.ItemOpened:
		return d.T.NoticeItemOpened()
	case notice.RecordBound:
		return d.T.NoticeRecordBound()
	case notice.RecordSuspended:
		return d.T.NoticeRecordSuspended()
	case notice.RecordResumed:
		return d.T.NoticeRecordResumed()
	case notice.RecordUnbound:
		return d.T.NoticeRecordUnbound()
	case notice.ComplaintAnswered:
		return d.T.NoticeComplaintAnswered()
	case notice.CounterConfirmed:
		return d.T.NoticeCounterConfirmed()
	default:
		return d.T.NoticeRaised(cmp.Or(d.Plain(e.Provider), d.T.ProviderGone()))
	}
}

func (NoticesPage) file() string         { return "notices" }
func (NoticesPage) title(d *data) string { return d.T.NoticesTitle() }
