package audit

import (
	"context"
	"time"

	"onedoor/hub"
)

// Search asks for events, the latest first. Everything that is set must fit. Interaction, Account and System have an index.
type Search struct {
	Interaction hub.InteractionID
	Account     hub.AccountID
	System      hub.SystemID
	Kind        string    // exactly, or, where it ends in ".", its beginning
	Until       time.Time // before this time; zero: until now
	// Systems and Department narrow to what concerns a department: events at one of the systems, and those that name the department. Only where
	// Narrow is set, so that a department without systems sees its own and not everything.
	Narrow     bool
	Systems    []hub.SystemID
	Department hub.DepartmentID
	Before     int64 // goes on from a Found.Next; 0: from the latest
	Limit      int   // of events; at most MaxHistory
}

// Found is what a search came upon.
type Found struct {
	Events []Event
	Next   int64 // where to go on; 0: the search has come to the beginning
}

// Finder searches. One call looks at a bounded number of events, however rare what it looks for is: then it gives fewer than asked for and
// where to go on.
type Finder interface {
	// Search gives events. Unavailable.
	Search(ctx context.Context, q Search) (Found, error)
}

// Check refuses a search that has not the form of one. Invalid.
func (q Search) Check() error {
	const op = "audit.Search"
	switch {
	case q.Interaction != "" && !hub.ValidID(string(q.Interaction)):
		return hub.Errorf(op, hub.Invalid, "an interaction has 26 letters and digits")
	case q.Account != "" && !hub.ValidID(string(q.Account)):
		return hub.Errorf(op, hub.Invalid, "an account has 26 letters and digits")
	case q.System != "" && !hub.ValidName(string(q.System)):
		return hub.Errorf(op, hub.Invalid, "not a system")
	case q.Kind != "" && !word(q.Kind, kindAlphabet):
		return hub.Errorf(op, hub.Invalid, "not a kind of event")
	case q.Limit < 1 || q.Limit > MaxHistory || q.Before < 0:
		return hub.Errorf(op, hub.Invalid, "a limit is needed")
	case q.Narrow && !hub.ValidName(string(q.Department)):
		return hub.Errorf(op, hub.Invalid, "no department")
	}
	return nil
}
