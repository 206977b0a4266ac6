package view

import (
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/web/locale"
)

// RecordsPage shows which of the departments' records are bound to the person's account (BND-06), and what they can do about it.
type RecordsPage struct {
	Token    string
	Entries  []RecordsEntry
	Done     bool
	Problem  hub.Kind
	Counters bool       // there are counters where the person can be served
	Typed    url.Values // with Problem: what was typed
	// Of are the names of the legal entity whose records they are, Path the page's own; both empty for the person's.
	Of   hub.Text
	Path string
}

// Base is the page's path.
func (p RecordsPage) Base() string {
	if p.Path != "" {
		return p.Path
	}
	return string(SectionRecords)
}

// Owner is the path of the legal entity's page.
func (p RecordsPage) Owner() string { return strings.TrimSuffix(p.Path, "/records") }

// Was gives what was typed into a field of one kind of records at one department, "" where nothing is wrong there.
func (p RecordsPage) Was(e RecordsEntry, field string) string {
	if p.Problem == "" || p.Typed.Get("department") != string(e.Department) || p.Typed.Get("kind") != e.Kind {
		return ""
	}
	return p.Typed.Get(field)
}

// Number gives what was typed as the number of a counter.
func (p RecordsPage) Number() string {
	if p.Typed.Has("department") {
		return ""
	}
	return p.Typed.Get("number")
}

// RecordsEntry is one kind of records at one department.
type RecordsEntry struct {
	ID         string // of the binding; "" where there is none yet
	ForEntity  bool   // of records of legal entities
	Department hub.DepartmentID
	Kind       string
	Owner      hub.Text // names of the department
	Names      hub.Text // of the kind
	State      string   // as binding.State; "" where there is none yet
	Reason     string   // as binding.Reason
	Asking     bool     // the department is being asked
	Number     string   // once bound
	At         time.Time
	Confirm    bool                // it must be confirmed again before services at this level can use it
	CanAsk     bool                //
	Sends      []hub.AttributeName // to the department, if they ask
	More       *RecordsQuestion    // that the department asks
	Claim      []RecordsQuestion   // proofs with which they may name the number themselves
	CanUnbind  bool
	CanKeep    bool      // what is sent can wait for who must look
	Kept       time.Time // until when it waits; zero where nothing does
}

// RecordsQuestion is something that only the department and the person know.
type RecordsQuestion struct {
	ID     string
	Names  hub.Text
	Length int
}

func (RecordsPage) file() string { return "records" }
func (p RecordsPage) title(d *data) string {
	if p.Of != nil {
		return d.T.RecordsOfTitle()
	}
	return d.T.RecordsTitle()
}

func (p RecordsPage) section() Section {
	if p.Of != nil {
		return SectionEntities
	}
	return SectionRecords
}

// RecordState says where a binding stands.
func (d *data) RecordState(e RecordsEntry) string {
	switch {
	case e.Asking:
		return d.T.RecordsAsking()
	case e.State == "bound":
		return d.T.RecordsBound(d.Date(e.At))
	case e.State == "suspended":
		return d.T.RecordsSuspended()
	case e.State == "proposed", e.State == "review":
		return d.T.RecordsReview()
	}
	if e.ForEntity {
		return d.T.RecordsOfPending()
	}
	return d.T.RecordsPending()
}

// RecordReason says what the person should know of why, "" for nothing.
func (d *data) RecordReason(e RecordsEntry) string {
	if e.Asking {
		return ""
	}
	switch e.Reason {
	case "no_match":
		return d.T.RecordsNoMatch()
	case "several":
		return d.T.RecordsSeveral()
	case "ask_more":
		return d.T.RecordsAskMore()
	case "unanswered":
		return d.T.RecordsUnanswered()
	case "unproven", "mismatch":
		return d.T.RecordsUnproven()
	case "taken":
		return d.T.RecordsTaken()
	}
	return ""
}

// RecordsOfSend says what a department is told of a legal entity.
func (d *data) RecordsOfSend() string { return d.Say(locale.RecordsOfSend) }

// RecordsProblem says what is wrong, "" where nothing is.
func (d *data) RecordsProblem(p RecordsPage) string {
	switch p.Problem {
	case "":
		return ""
	case hub.Conflict, hub.Consumed:
		return d.T.RecordsConflict()
	case hub.TooMany:
		return d.T.RecordsTooMany()
	case hub.Denied:
		return d.T.RecordsSuspended()
	case hub.NotFound:
		return d.Say(locale.CounterOver)
	default:
		return d.T.RecordsInvalid()
	}
}
