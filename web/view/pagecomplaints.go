package view

import (
	"time"

	"onedoor/hub"
	"onedoor/tenants/complaint"
)

// ComplaintsPage takes a complaint or a request for correction, and shows how far those are that a person has sent (PRV-14, PRV-19).
type ComplaintsPage struct {
	Token  string
	Filed  string // reference of what was just sent
	Done   bool   // one was just taken back
	Wrong  hub.Kind
	Now    time.Time
	Mine   []ComplaintsEntry
	To     []EntityDepartment // who can be written to, beside the platform
	Sent   complaint.Order    // as it was typed, with Wrong; what a link has chosen already
	Chosen bool               // Sent.Department counts, though it is ""
}

// ComplaintsEntry is one that was sent.
type ComplaintsEntry struct {
	complaint.Full
	Owner hub.Text // nil for the platform, and for a department that is not in the register any more
}

func (ComplaintsPage) file() string         { return "complaints" }
func (ComplaintsPage) title(d *data) string { return d.T.ComplaintsTitle() }
func (ComplaintsPage) section() Section     { return SectionComplaints }

// At reports whether the form is meant by what went wrong.
func (p ComplaintsPage) At() bool { return p.Wrong == hub.Invalid }

// ComplaintsWrong says what has gone wrong; "" for nothing.
func (d *data) ComplaintsWrong(p ComplaintsPage) string {
	switch p.Wrong {
	case "":
		return ""
	case hub.Invalid:
		return d.T.ComplaintWrong()
	case hub.TooMany:
		return d.T.ComplaintTooMany()
	default:
		return d.T.ComplaintGone()
	}
}

// ComplaintKinds gives the choices of what somebody wants.
func (d *data) ComplaintKinds(p ComplaintsPage) []option {
	return []option{
		{string(complaint.Complaint), d.T.ComplaintComplaint(), p.Sent.Kind == complaint.Complaint},
		{string(complaint.Correction), d.T.ComplaintCorrection(), p.Sent.Kind == complaint.Correction},
	}
}

// Wants says what somebody wanted.
func (d *data) Wants(k complaint.Kind) string {
	if k == complaint.Correction {
		return d.T.ComplaintCorrection()
	}
	return d.T.ComplaintComplaint()
}

// HowFar says how far one has come, in sentences.
func (d *data) HowFar(p ComplaintsPage, e ComplaintsEntry) []string {
	switch {
	case e.State == complaint.Withdrawn:
		return []string{d.T.ComplaintTakenBack(d.Date(e.EndedAt))}
	case e.State == complaint.Answered:
		return []string{d.T.ComplaintEnded(d.Date(e.EndedAt)), d.cameTo(e.Outcome)}
	case e.Overdue(p.Now):
		return []string{d.T.ComplaintLate(d.Date(e.DueAt))}
	case !e.SeenAt.IsZero():
		return []string{d.T.ComplaintRead(d.Date(e.DueAt))}
	default:
		return []string{d.T.ComplaintWaits(d.Date(e.DueAt))}
	}
}

func (d *data) cameTo(o complaint.Outcome) string {
	switch o {
	case complaint.Upheld:
		return d.T.ComplaintUpheld()
	case complaint.Partly:
		return d.T.ComplaintPartly()
	case complaint.Elsewhere:
		return d.T.ComplaintElsewhere()
	default:
		return d.T.ComplaintRejected()
	}
}
