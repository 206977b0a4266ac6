// Package permit is the one place that answers: may this member of staff, or this program, do this act at this place now?
//
// It owns the closed list of acts, who a subject is, the decision with its reason, and what must be true of the rules before a node starts. The
// rules themselves are lines of configs/authz/staff.csv, a role and an act each, which casbin decides by (authz/casbinrules); which place lies
// in which other is staff's and the register's to say.
//
// # What it holds to
//
//   - What no line gives is refused: an act, a role, a place that is not known, a rule that can't be evaluated (invariant 8).
//   - A post counts only while it is active, only for who holds it, and only in a session that reached staff.Least.
//   - Who audits changes nothing, and no program acts where a person has to answer for it: a table that says otherwise stops the start.
//   - Every decision has a reason, and where it is a yes, the post or the right that it rests on.
//
// It does not own posts (tenants/staff), the decision about a citizen's item (authz), or four eyes, which are states of the thing that is
// decided about: that the second person is another one is checked where the first one is kept.
package permit

import (
	"context"

	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// Subject is who wants to act: a person with posts, or a program with rights.
type Subject struct {
	Account hub.AccountID // of a person; or
	System  hub.SystemID  // of a program, which is a system of the register
	Posts   []staff.Post  // of the person
	Rights  []staff.Right // of the program
	Level   hub.Level     // that the person has reached in this session, by now
}

// Reason is why a decision is as it is.
type Reason string

// The reasons.
const (
	Granted      Reason = "granted"
	UnknownAct   Reason = "unknown_act"
	UnknownPlace Reason = "unknown_place"
	NotThere     Reason = "not_there"    // the act is none of a place of that kind
	Nobody       Reason = "nobody"       // neither a person nor a program, or both
	Level        Reason = "level"        // the session has not reached what staff must
	NoPost       Reason = "no_post"      // nothing held that counts
	NotOfRole    Reason = "not_of_role"  // what is held does not give the act
	PersonsOnly  Reason = "persons_only" // it would, to a person
	Elsewhere    Reason = "elsewhere"    // it does, at another place
	Broken       Reason = "broken"       // the rules could not be evaluated
)

// Decision is the answer.
type Decision struct {
	Allowed bool
	Reason  Reason
	By      string // id of the post or the right that a yes rests on
}

// Err gives nil for a yes; else Denied, LevelUnmet where signing in again with more would help, Internal for broken rules.
func (d Decision) Err(op string) error {
	switch {
	case d.Allowed:
		return nil
	case d.Reason == Level:
		return hub.Errorf(op, hub.LevelUnmet, "staff must have proven more")
	case d.Reason == Broken:
		return hub.Errorf(op, hub.Internal, "the rules can't be evaluated")
	default:
		return hub.Errorf(op, hub.Denied, "not permitted: "+string(d.Reason))
	}
}

// Holder is what one held right is asked with.
type Holder struct {
	Role    staff.Role
	Home    staff.Place // where it is held
	Machine bool
}

// Line is one rule: a role has an act. Who is [Any] or [Person].
type Line struct {
	Role staff.Role
	Act  Act
	Who  string
}

// The two words for whom a line is.
const (
	Any    = "any"    // persons and programs
	Person = "person" // persons only
)

// Rules decides about one held right at a time. authz/casbinrules has it.
type Rules interface {
	// Allowed reports whether what is held gives the act at the place. Internal where the rules can't be evaluated.
	Allowed(h Holder, act Act, place staff.Place) (bool, error)
	// Lines lists the rules.
	Lines() []Line
}

// Places knows departments and how their areas lie in each other: tenants.Directory.
type Places interface {
	// Department finds a department. NotFound, Unavailable.
	Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error)
	staff.Areas
}

// Posts knows who holds what now: staff.Service.
type Posts interface {
	Of(ctx context.Context, account hub.AccountID) ([]staff.Post, error)
}
