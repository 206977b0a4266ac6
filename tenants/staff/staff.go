// Package staff owns who works for a department and for the platform, in which role and where: posts, and the invitations by which people come
// to them.
//
// A member of staff is a person with a platform account, who logs in as everybody does. There is no other kind of account, no password of
// ours, and no account that two people share: a post is held by one person and ends without them.
//
// # What it holds to
//
//   - A post is for a role in one department, there for all of it or for one area with what lies below (BND-05), or for the platform.
//   - Nobody appoints themselves, and nobody appoints above their own place or to a role that is not theirs to give; see [Rights].
//   - An invitation is a secret that works once, for three days, for somebody whose identity and authenticator reach [Least]. The post is bound to that
//     person from then on, not to who had the link.
//   - Where four eyes are asked for, a post counts only when somebody other than who invited, and other than who holds it, has confirmed it.
//   - The last administrator of the platform can't be removed.
//
// It does not own accounts (hub/account), departments and areas (tenants), or what a role may do (authz).
package staff

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/tenants"
)

// Role is what somebody does.
type Role string

// The roles. The first two are the platform's, the others a department's.
const (
	PlatformAdministrator   Role = "platform_administrator"
	PlatformAuditor         Role = "platform_auditor" // reads, and changes nothing
	DepartmentAdministrator Role = "department_administrator"
	Reviewer                Role = "reviewer" // compares, binds, approves
	Auditor                 Role = "auditor"  // reads the department's record, and changes nothing
	HelpDesk                Role = "help_desk"
)

// Roles lists all.
func Roles() []Role {
	return []Role{PlatformAdministrator, PlatformAuditor, DepartmentAdministrator, Reviewer, Auditor, HelpDesk}
}

// Platform reports whether the role is the platform's.
func (r Role) Platform() bool { return r == PlatformAdministrator || r == PlatformAuditor }

// Known reports whether there is such a role.
func (r Role) Known() bool {
	for _, k := range Roles() {
		if r == k {
			return true
		}
	}
	return false
}

// least is what a member of staff must have proven: who decides about other people's records is known as well as they are, and has two
// factors of their own.
var least = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}

// Least gives the level that staff must reach, at joining and at every log-in to work.
func Least() hub.Level { return least }

// Place is where a role counts: the platform (zero), a department, or an area of it with all that lies below.
type Place struct {
	Department hub.DepartmentID
	Area       tenants.AreaID
}

// State of a post.
type State string

// The states.
const (
	Proposed State = "proposed" // waits for the second pair of eyes
	Active   State = "active"
	Ended    State = "ended"
)

// Post is one role of one person at one place.
type Post struct {
	ID          string
	Account     hub.AccountID
	Role        Role
	Place       Place
	State       State
	InvitedBy   hub.AccountID // "" for the command line
	ConfirmedBy hub.AccountID // "" where no second pair of eyes was asked for
	At          time.Time     // of joining
	ConfirmedAt time.Time     // zero while proposed
	EndedAt     time.Time     // zero while it counts
	EndedBy     hub.AccountID // "" for the command line
	EndReason   string        // a word of a closed list: see Reasons
}

// The reasons for which a post ends.
const (
	Left     = "left"     // no longer works there
	Changed  = "changed"  // has another task
	Misuse   = "misuse"   //
	Rejected = "rejected" // the second pair of eyes said no
)

// Reasons lists them.
func Reasons() []string { return []string{Left, Changed, Misuse, Rejected} }

// Invitation is an offer of a post.
type Invitation struct {
	ID        string
	Role      Role
	Place     Place
	InvitedBy hub.AccountID // "" for the command line
	At        time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero while open; also when it was taken back
}

// InvitationLife is how long an invitation is open.
const InvitationLife = 72 * time.Hour

// Store keeps posts and invitations. It never sees the secret of an invitation, only its hash.
type Store interface {
	// Invite adds an invitation. Conflict where the hash exists.
	Invite(ctx context.Context, i Invitation, hash [32]byte) error
	// Invitation finds an open one. NotFound; Consumed where it was used or taken back; Expired by then.
	Invitation(ctx context.Context, hash [32]byte, at time.Time) (Invitation, error)
	// Use consumes an invitation in one statement. Consumed, Expired, NotFound as Invitation.
	Use(ctx context.Context, hash [32]byte, at time.Time) (Invitation, error)
	// TakeBack closes an open invitation by its id. NotFound where there is none.
	TakeBack(ctx context.Context, id string, at time.Time) error
	// Invitations lists the open ones, the newest first.
	Invitations(ctx context.Context, at time.Time) ([]Invitation, error)

	// Add adds a post. Conflict where the person has the same role at the same place.
	Add(ctx context.Context, p Post) error
	// Post finds one. NotFound.
	Post(ctx context.Context, id string) (Post, error)
	// Confirm makes a proposed post count. Consumed where it is not proposed.
	Confirm(ctx context.Context, id string, by hub.AccountID, at time.Time) error
	// End ends a post that has not ended. Consumed where it has; Refused where it is the last active administrator's of the platform:
	// held under concurrency.
	End(ctx context.Context, id string, by hub.AccountID, reason string, at time.Time) error
	// Of lists what somebody holds, ended or not, the newest first.
	Of(ctx context.Context, account hub.AccountID) ([]Post, error)
	// At lists the posts of a department that have not ended, or of the platform where it is "".
	At(ctx context.Context, department hub.DepartmentID) ([]Post, error)
}
