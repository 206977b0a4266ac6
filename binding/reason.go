package binding

import "slices"

// Reason is why a binding is where it is, from a closed list.
type Reason string

// The reasons.
const (
	FirstLogin   Reason = "first_login"
	Requested    Reason = "requested"     // the owner asked for it
	NoMatch      Reason = "no_match"      // the department knows no such record
	Several      Reason = "several"       // more than one record fits
	AskMore      Reason = "ask_more"      // one more attribute is asked of the person
	Created      Reason = "created"       // the department has made a record
	Found        Reason = "found"         // exactly one record fits
	Named        Reason = "named"         // a person or staff named the record
	TooLow       Reason = "too_low"       // the person had not proven enough for it to bind by itself
	Taken        Reason = "taken"         // the record is bound to somebody else
	Differs      Reason = "differs"       // what was confirmed again found another record
	Unanswered   Reason = "unanswered"    // the department did not answer in time
	Claimed      Reason = "claimed"       // a reviewer has taken it up
	Released     Reason = "released"      // the reviewer gave it back
	Moved        Reason = "moved"         // a reviewer gave it to another part of the department
	ApprovedOnce Reason = "approved_once" // the first of two pairs of eyes said yes
	Approved     Reason = "approved"      //
	Mismatch     Reason = "mismatch"      // rejected: what the person showed is not what the record says
	Unproven     Reason = "unproven"      // rejected: not enough to tell
	Confirmed    Reason = "confirmed"     // found again, at the level of today
	Withdrawn    Reason = "withdrawn"     // the owner wished it
	Wrong        Reason = "wrong"         // it was bound to the wrong one
	Closed       Reason = "closed"        // the department has closed the record
	Merged       Reason = "merged"        // the department has merged it with another
	Deceased     Reason = "deceased"      //
	Suspicious   Reason = "suspicious"    // somebody else may be using it
	Cleared      Reason = "cleared"       // what was suspicious is settled
	AccountEnded Reason = "account_ended" // the account was terminated
	Wished       Reason = "wished"        // staff want it ended, or back in service, and a second person must agree
	Declined     Reason = "declined"      // and has not
)

// reasons lists why a member of staff may send a binding to a state.
var reasons = map[State][]Reason{
	Pending:   {Mismatch, Unproven},
	Bound:     {Cleared},
	Suspended: {Suspicious, Wrong, Deceased, Merged},
	Unbound:   {Withdrawn, Wrong, Closed, Merged, Deceased},
}

// Reasons gives the reasons for which staff may send a binding to a state: rejected to Pending, resumed to Bound, Suspended, Unbound.
func Reasons(to State) []Reason { return slices.Clone(reasons[to]) }
