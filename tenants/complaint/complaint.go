// Package complaint owns the entrance for whoever has something to complain of, or finds something wrong in what an authority holds about them
// (PRV-14, PRV-19): what they write, to whom, how far it has come, and the answer. Whoever filed it sees each step, and a term stands beside it.
//
// What is written is a person's own and may say anything. It rests sealed under the master key, which is not in the database; lists do not
// open it; it is opened for its person, and for a person with the post of whoever it was written to, and each such look is recorded. The
// platform's staff see how many wait at an authority and for how long (S1 4.5: effectiveness is measured), and never a text that is not
// theirs. The texts are erased [Keep] after the end.
//
// It does not own who may read or answer (permit decides, through staff.Actor), nor the ways around it: the telephone numbers and offices
// of authorities are the register's, and stand beside the form for whoever would rather speak to somebody.
//
// It is a room of tenants because a complaint is the business of an authority and its staff: nothing of a login rests on it.
package complaint

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/tenants/staff"
)

// Kind is what somebody wants.
type Kind string

// The kinds.
const (
	Complaint  Kind = "complaint"  // something was done badly, or not at all
	Correction Kind = "correction" // what is held about them is wrong
)

// State is how far it has come.
type State string

// The states. Whether somebody has looked at an open one is [Case.SeenAt].
const (
	Open      State = "open"
	Answered  State = "answered"
	Withdrawn State = "withdrawn" // by who filed it
)

// Outcome is what the answer comes to.
type Outcome string

// The outcomes.
const (
	Upheld    Outcome = "upheld"
	Partly    Outcome = "partly"
	Rejected  Outcome = "rejected"
	Elsewhere Outcome = "elsewhere" // another authority must decide: the answer says which
)

const (
	// Term is how long an answer may take (PDPA section 30).
	Term = 30 * 24 * time.Hour
	// Keep is how long the texts are kept after the end.
	Keep = 365 * 24 * time.Hour

	shortest = 10   // letters of a text
	longest  = 4000 // letters of a text
	mostOpen = 5    // of one account
	mostADay = 10   // that one account files
	mostSeen = 200  // in a list
)

// The acts that staff need a post for, in the words of authz/permit.
const (
	ActRead     = "complaint.read"   // how many wait where, and for how long
	ActAnswer   = "complaint.answer" // read and answer what was written to a department
	ActPlatform = "platform.answer"  // read and answer what was written to the platform
)

// Case is one complaint or request.
type Case struct {
	ID         string
	Reference  string // what people say on the telephone: see [ValidReference]
	Account    hub.AccountID
	Kind       Kind
	Department hub.DepartmentID // "" for the platform
	State      State
	Outcome    Outcome // "" until it is answered
	At         time.Time
	DueAt      time.Time
	SeenAt     time.Time // zero until somebody of the authority has opened it
	EndedAt    time.Time // zero while it is open
	AnsweredBy hub.AccountID
}

// place is where it is dealt with.
func (c Case) place() staff.Place { return staff.Place{Department: c.Department} }

// act is what it takes to read and answer it.
func (c Case) act() string {
	if c.Department == "" {
		return ActPlatform
	}
	return ActAnswer
}

// Overdue reports whether the answer is late.
func (c Case) Overdue(now time.Time) bool { return c.State == Open && now.After(c.DueAt) }

// Full is a case with what was written. A text is "" once it is erased.
type Full struct {
	Case
	Text   string
	Answer string
}

// Figures are how an authority deals with what it is sent. They are counts only.
type Figures struct {
	Department hub.DepartmentID
	Open       int
	Overdue    int
	Answered   int // since a time
	InTime     int // of them
}

// Store keeps cases, one aggregate; the texts rest sealed in it.
type Store interface {
	// Add keeps one. Conflict where the reference is taken; TooMany where the account has that many open.
	Add(ctx context.Context, c Case, text string, most int) error
	// Full finds one by its reference, with its texts. NotFound.
	Full(ctx context.Context, reference string) (Full, error)
	// Of lists an account's, newest first, with their texts, at most limit.
	Of(ctx context.Context, account hub.AccountID, limit int) ([]Full, error)
	// Waiting lists what is open at a department ("" for the platform), the oldest first, at most limit, behind a moment and id.
	Waiting(ctx context.Context, department hub.DepartmentID, after time.Time, id string, limit int) ([]Case, error)
	// See notes that somebody of the authority has opened it. False where that was noted before.
	See(ctx context.Context, id string, at time.Time) (bool, error)
	// End answers or withdraws what is open: State, Outcome, EndedAt and AnsweredBy count. Consumed where it is not open.
	End(ctx context.Context, c Case, answer string) error
}

// Keeping is what is done to the store as a whole.
type Keeping interface {
	// Erase takes the texts away of what ended before, at most limit, and tells how many that were.
	Erase(ctx context.Context, before time.Time, limit int) (int, error)
	// Figures counts what is open and overdue at now, and what was answered since, by department, in the order of their ids.
	Figures(ctx context.Context, since, now time.Time) ([]Figures, error)
}
