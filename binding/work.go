package binding

import (
	"context"
	"time"

	"onedoor/hub"
)

// Task is a kind of work.
type Task string

// The tasks.
const (
	Question Task = "match" // ask the department for the record
	Notice   Task = "tell"  // tell the department what became of a binding
)

// Work is a row that rests until it is done (architecture D6).
type Work struct {
	ID         string
	Binding    string
	Department hub.DepartmentID
	Task       Task
	// Of a question: the session that it is asked in, with which it ends, and what it carries of the person, sealed.
	Session hub.SessionID
	Sealed  []byte
	Way     Way
	// Of a notice: what it tells.
	State   State
	Reason  Reason
	Version int // of the binding then: a department that hears of several can tell which came last

	Level       hub.Level
	Interaction hub.InteractionID
	At          time.Time
	Until       time.Time // when it is given up
	Tried       int
}

// Key implements jobs.Work: a department that does not answer holds up its own work, and its notices no question.
func (w *Work) Key() string { return string(w.Task) + " " + string(w.Department) }

// Tries implements jobs.Work.
func (w *Work) Tries() int { return w.Tried }

// How work ended.
const (
	Answered   = "answered"
	Told       = "told"
	GivenUp    = "given_up"
	SessionEnd = "session_ended"
	Pointless  = "pointless" // what it was about is not there any more
)

// How long work is tried.
const (
	questionLife = 10 * time.Minute // the person waits
	noticeLife   = 5 * 24 * time.Hour
)

// WorkStore keeps work.
type WorkStore interface {
	// Put adds work that is due at once. Conflict where a question about the binding is open; the transaction in ctx stays good.
	Put(ctx context.Context, w Work) error
	// Claim takes work that is due at now, the longest due first, at most limit, and puts it off until then. Each is taken by one caller only.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]*Work, error)
	// Later puts off what is not done, and counts a try where tried.
	Later(ctx context.Context, id string, next time.Time, tried bool) error
	// Finish ends work and shreds what it carries. False where it was done before.
	Finish(ctx context.Context, id, outcome string) (bool, error)
	// Shred ends the open questions of a session.
	Shred(ctx context.Context, id hub.SessionID) error
	// Purge removes work that was done and began before the time, at most limit, and tells how many.
	Purge(ctx context.Context, before time.Time, limit int) (int, error)
}
