package logout

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

// Change is what happened to a notice.
type Change struct {
	ID     string
	State  State
	Tried  bool // a try was made: it counts
	NextAt time.Time
	DoneAt time.Time // zero unless State is final
	Reason string
}

// Entry is one campaign of the ledger with its notices, in the order in which the participants joined.
type Entry struct {
	Campaign
	Notices []Notice
}

// View lets a browser look at ledgers: it has just signed out and carries nothing else.
type View struct {
	Campaigns []string
	Onward    string       // where the person goes on to when done; "" for nowhere. Whoever sets it has checked it
	System    hub.SystemID // whose address Onward is
	ExpiresAt time.Time
}

// Store keeps campaigns, notices and views. Every method joins the transaction in ctx.
type Store interface {
	// Open adds a campaign with its notices. Conflict where the session's end has one.
	Open(ctx context.Context, c Campaign, notices []Notice) error
	// Claim takes notices that are due at now and not final, the longest due first, at most limit, and puts them off until then. Each is
	// taken by one caller only.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Notice, error)
	// Settle changes notices that are not final, closes the campaigns that have no open notice any more, and gives both: what it changed, as
	// it is now, and what it closed. What is final stays as it is.
	Settle(ctx context.Context, changes []Change, at time.Time) ([]Notice, []Campaign, error)
	// Depart notes that the person's browser sets out to tell a visiting notice, to be back until then. False where it has before, or the
	// notice is not visiting.
	Depart(ctx context.Context, id string, until time.Time) (bool, error)
	// Reopen makes failed or unreachable notices open again, due at now, and their campaigns with them, and gives them. All of a campaign
	// where id is a campaign's, one where it is a notice's. NotFound where there is none.
	Reopen(ctx context.Context, id string, now, until time.Time) ([]Notice, error)

	// Notice finds one. NotFound.
	Notice(ctx context.Context, id string) (Notice, error)
	// Entries gives campaigns with their notices, in the order of at. Unknown ids are left out.
	Entries(ctx context.Context, campaigns []string) ([]Entry, error)
	// Outstanding counts the notices of the campaigns that are open or retried. Unknown ids are left out.
	Outstanding(ctx context.Context, campaigns []string) (int, error)
	// Of gives the campaign of a session's end. NotFound.
	Of(ctx context.Context, id hub.SessionID) (Campaign, error)
	// OfAccount lists an account's campaigns, latest first, at most limit.
	OfAccount(ctx context.Context, account hub.AccountID, limit int) ([]Entry, error)
	// OfSystem lists the notices to one system, latest first, at most limit, of ends before the time.
	OfSystem(ctx context.Context, system hub.SystemID, before time.Time, limit int) ([]Notice, error)
	// Failed lists notices that failed or could not be told, latest first, at most limit, of those behind the cursor.
	Failed(ctx context.Context, behind Cursor, limit int) ([]Notice, error)
	// FailedAt is Failed of the notices to these systems only. None for no systems.
	FailedAt(ctx context.Context, systems []hub.SystemID, behind Cursor, limit int) ([]Notice, error)
	// Underway gives campaigns that have a notice which is not final, latest first, at most limit.
	Underway(ctx context.Context, limit int) ([]Entry, error)
	// Backlog counts the notices that are not final, and gives the time of the oldest end among them, zero for none.
	Backlog(ctx context.Context) (int, time.Time, error)

	// Show keeps a view under the hash of its secret. Conflict where there is one.
	Show(ctx context.Context, secretHash [32]byte, v View) error
	// Shown finds a view that has not expired. NotFound.
	Shown(ctx context.Context, secretHash [32]byte, now time.Time) (View, error)
	// Purge removes views that have expired and campaigns that closed longer than Kept ago, at most limit of each, and tells how many.
	Purge(ctx context.Context, now time.Time, limit int) (int, error)
}

// Cursor is where a list of notices goes on: behind one of this id and time of the end. The zero one is the beginning.
type Cursor struct {
	At time.Time
	ID string
}

// Kept is how long the ledger of a campaign is kept after it closed; what happened stays in the record of events.
const Kept = 90 * 24 * time.Hour

// Sessions ends sessions; session.Service has it, and its comments name the errors.
type Sessions interface {
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (bool, error)
	Recent(ctx context.Context, secret hub.Secret) (hub.SessionID, error)
	Get(ctx context.Context, id hub.SessionID) (session.Session, error)
	OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]session.Session, error)
}

// Participants knows whom a session was used at; session.Store has it.
type Participants interface {
	Participants(ctx context.Context, id hub.SessionID) ([]session.Participant, error)
	Leave(ctx context.Context, id hub.SessionID, system hub.SystemID) ([]session.Participant, error)
}

// Grants ends what was issued to one system in a session, codes and refresh tokens with it.
type Grants interface {
	RevokeUse(ctx context.Context, id hub.SessionID, system hub.SystemID, reason string, at time.Time) error
}
