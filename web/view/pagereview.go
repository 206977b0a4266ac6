package view

import (
	"slices"
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/binding/spelling"
	"onedoor/hub"
	"onedoor/tenants"
)

// CasesPage is the queue of a clerk.
type CasesPage struct {
	Token    string
	Strong   bool // signed in as staff must be, just now
	Post     bool // they may review somewhere
	Cases    []review.Waiting
	More     string               // address of the rest, "" at the end
	Done     string               // what has just gone right: "bound", "once", "back", "asked", "released", "moved"
	Wrong    hub.Kind             // why a code at the counter can't be used
	Counters []tenants.Department // at whose counters they serve
	Sitting  *Sitting             // that has just begun
}

// Sitting is what ties the clerk's browser and the phone of whoever stands at the counter.
type Sitting struct {
	Number  string
	Address string // that the phone opens; "" where it has
}

// CasePage is one case.
type CasePage struct {
	Token  string
	Strong bool
	Case   review.Case
	Wrong  hub.Kind // why what was just tried did not work
	Number string   // of a record, as it was typed, with Wrong
}

func (CasesPage) file() string         { return "cases" }
func (CasePage) file() string          { return "case" }
func (CasesPage) title(d *data) string { return d.T.ReviewTitle() }
func (CasePage) title(d *data) string  { return d.T.CaseTitle() }

// Mine reports whether the clerk has the case, and may decide about it.
func (p CasePage) Mine() bool { return p.Case.Mine && !p.Case.Own }

// Free reports whether the clerk may take the case up.
func (p CasePage) Free() bool {
	return !p.Case.Mine && !p.Case.Other && !p.Case.Own && !p.Case.State.Counts() && p.Case.State != binding.Unbound
}

// Differs reports whether both sides say different things somewhere.
func (p CasePage) Differs() bool { return review.Differing(p.Case.Lines) > 0 }

// First reports whether an approval would be the first of two.
func (p CasePage) First() bool { return p.Case.Records.FourEyes && p.Case.First == "" }

// Elsewhere lists the areas that a case may be given to.
func (p CasePage) Elsewhere() []tenants.Area {
	return slices.DeleteFunc(slices.Clone(p.Case.Areas), func(a tenants.Area) bool { return a.ID == p.Case.Binding.Area })
}

// Placed reports whether the case is an area's.
func (p CasePage) Placed() bool { return p.Case.Binding.Area != "" }

// Reasons lists why a case may be sent back.
func (CasePage) Reasons() []binding.Reason { return binding.Reasons(binding.Pending) }

// CaseWho says who has a case.
func (d *data) CaseWho(w review.Waiting) string {
	switch {
	case w.Own:
		return d.T.ReviewOwn()
	case w.Mine:
		return d.T.ReviewMine()
	case w.Other:
		return d.T.ReviewOther()
	case w.First != "":
		return d.T.ReviewSecond()
	}
	return d.T.ReviewFree()
}

// CaseEntityState says that nobody acts for an entity; "" where it is as it should be.
func (d *data) CaseEntityState(c review.Company) string {
	switch c.Status {
	case "suspended":
		return d.T.EntitySuspended()
	case "closed":
		return d.T.EntityClosed()
	}
	return ""
}

// CaseDone says what has gone right; "" for nothing.
func (d *data) CaseDone(word string) string {
	switch word {
	case "bound":
		return d.T.DoneBound()
	case "once":
		return d.T.DoneOnce()
	case "back":
		return d.T.DoneBack()
	case "asked":
		return d.T.DoneAsked()
	case "released":
		return d.T.DoneReleased()
	case "moved":
		return d.T.DoneMoved()
	}
	return ""
}

// CaseWrong says why something did not work; "" for nothing wrong.
func (d *data) CaseWrong(k hub.Kind) string {
	switch k {
	case "":
		return ""
	case hub.Conflict:
		return d.T.WrongTaken()
	case hub.LevelUnmet:
		return d.T.WrongLevel()
	case hub.Invalid:
		return d.T.WrongNumber()
	case hub.Denied:
		return d.T.WrongDenied()
	default:
		return d.T.WrongLate()
	}
}

// CaseReason names why a case is sent back.
func (d *data) CaseReason(r binding.Reason) string {
	if r == binding.Mismatch {
		return d.T.WhyMismatch()
	}
	return d.T.WhyUnproven()
}

// BindingState names a state.
func (d *data) BindingState(s binding.State) string {
	switch s {
	case binding.Pending:
		return d.T.StatePending()
	case binding.Proposed:
		return d.T.StateProposed()
	case binding.Review:
		return d.T.StateReview()
	case binding.Bound:
		return d.T.StateBound()
	case binding.Suspended:
		return d.T.StateSuspended()
	case binding.Unbound:
		return d.T.StateUnbound()
	}
	return string(s)
}

// Like says how alike both sides of a line are.
func (d *data) Like(l spelling.Likeness) string {
	switch l {
	case spelling.Same:
		return d.T.LikeSame()
	case spelling.Similar:
		return d.T.LikeSimilar()
	case spelling.Different:
		return d.T.LikeDifferent()
	case spelling.Missing:
	}
	return d.T.LikeMissing()
}

// LineName names a field of a comparison.
func (d *data) LineName(l review.Line) worded {
	if l.Names != nil {
		return d.Text(l.Names)
	}
	return worded{Text: d.Attribute(hub.AttributeName(l.Name))}
}

// LineText gives one side of a line for reading: a whole day of birth as days are written here, a dash for nothing, anything else as it is.
func (d *data) LineText(l review.Line, text string) string {
	if text == "" {
		return "–"
	}
	if l.Name != string(hub.Birthdate) {
		return text
	}
	day, err := time.ParseInLocation(time.DateOnly, text, d.Site.Zone)
	if err != nil {
		return text
	}
	return d.Date(day)
}
