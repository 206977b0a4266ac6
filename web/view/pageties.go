package view

import (
	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/web/locale"
)

// TiesPage is where staff find bindings to end.
type TiesPage struct {
	Token   string
	Strong  bool           // signed in as staff must be
	Shelves []review.Shelf // where they may look; none for who holds no post for it
	Ties    []review.Waiting
	More    string   // address of the rest, "" at the end
	Done    bool     // something has just gone right
	Wrong   hub.Kind // why a search has found nothing
}

// TiePage is one binding.
type TiePage struct {
	Token  string
	Strong bool // signed in as staff must be, just now
	Tie    review.Tie
	Me     hub.AccountID // the clerk
	// Actors are what staff are called here, for the changes that they made, by account.
	Actors map[hub.AccountID]string
	Done   bool
	Wrong  hub.Kind // why what was just tried did not work
}

func (TiesPage) file() string         { return "ties" }
func (TiePage) file() string          { return "tie" }
func (TiesPage) title(d *data) string { return d.Say(locale.TiesTitle) }
func (TiePage) title(d *data) string  { return d.Say(locale.TieTitle) }

// Counts reports whether there is anything to end.
func (p TiePage) Counts() bool { return p.Tie.State.Counts() && !p.Tie.Own }

// Suspendable reports whether the binding can be suspended now, also while something else is wanted of it.
func (p TiePage) Suspendable() bool { return p.Counts() && p.Tie.State == binding.Bound }

// Resumable reports whether the binding can be brought back now: not while something is wanted of it.
func (p TiePage) Resumable() bool {
	return p.Counts() && p.Tie.State == binding.Suspended && p.Tie.Wanted == ""
}

// Endable reports whether the binding can be ended now: not while something is wanted of it.
func (p TiePage) Endable() bool { return p.Counts() && p.Tie.Wanted == "" }

// First reports whether it is this clerk who wants something.
func (p TiePage) First() bool { return p.Tie.First == p.Me }

// Whys lists the reasons of a move.
func (TiePage) Whys(to binding.State) []binding.Reason { return binding.Reasons(to) }

// TieSuspended and TieUnbound name states for templates.
func (*data) TieSuspended() binding.State { return binding.Suspended }

// TieUnbound: see TieSuspended.
func (*data) TieUnbound() binding.State { return binding.Unbound }

// Alias gives what staff are called who made a change; "" for none.
func (p TiePage) Alias(c binding.Change) string { return p.Actors[c.By.Account] }

// tieWords are the words of the two pages for their templates.
type tieWords struct {
	Lead, Find, Which, None, TooMany, Waiting, Empty, NoPost, Wanted                                 locale.Word
	Title, Back, Way, Bound, Checked, Own, Four, Suspend, Suspends, Resume, Resumes, Unbind, Unbinds locale.Word
	Agree, Decline, TakeBack, Mine, Theirs, Fresh, Over, By, Done, All                               locale.Word
}

// TieWords gives them.
func (*data) TieWords() tieWords {
	return tieWords{
		Lead: locale.TiesLead, Find: locale.TiesFind, Which: locale.TiesWhich, None: locale.TiesNone, TooMany: locale.TiesTooMany, Waiting: locale.TiesWaiting,
		Empty: locale.TiesEmpty, NoPost: locale.TiesNoPost, Wanted: locale.TiesWanted, All: locale.TiesTitle,
		Title: locale.TieTitle, Back: locale.TieBack, Way: locale.TieWay, Bound: locale.TieBound, Checked: locale.TieChecked, Own: locale.TieOwn,
		Four: locale.TieFour, Suspend: locale.TieSuspend, Suspends: locale.TieSuspends, Resume: locale.TieResume, Resumes: locale.TieResumes,
		Unbind: locale.TieUnbind, Unbinds: locale.TieUnbinds, Agree: locale.TieAgree, Decline: locale.TieDecline, TakeBack: locale.TieTakeBack,
		Mine: locale.TieMine, Theirs: locale.TieTheirs, Fresh: locale.TieFresh, Over: locale.TieOver, By: locale.TieBy, Done: locale.ConsoleDone,
	}
}

// TieWrong says why something did not work; the empty word for nothing wrong.
func (*data) TieWrong(k hub.Kind) (w locale.Word) {
	switch k {
	case "":
		return w
	case hub.NotFound:
		return locale.TiesNone
	case hub.TooMany:
		return locale.TiesTooMany
	case hub.Denied:
		return locale.WrongEyes
	case hub.Invalid:
		return locale.WrongForm
	default:
		return locale.WrongChanged
	}
}

// TieActor says who moved a binding.
func (*data) TieActor(c binding.Change) locale.Word {
	switch c.By.Kind {
	case binding.ByPerson:
		return locale.ByPersonWord
	case binding.ByStaff:
		return locale.ByStaffWord
	case binding.ByDepartment:
		return locale.ByDeptWord
	case binding.ByRule:
	}
	return locale.ByRuleWord
}

// TieWay names a way to a record; the empty word for none.
func (*data) TieWay(w binding.Way) locale.Word {
	return map[binding.Way]locale.Word{
		binding.ByMatch: locale.WayMatchWord, binding.ByImport: locale.WayImportWord, binding.ByClaim: locale.WayClaimWord, binding.ByCounter: locale.WayCounterWord,
	}[w]
}

// TieReason names a reason.
func (d *data) TieReason(r binding.Reason) string {
	switch r {
	case binding.Mismatch, binding.Unproven:
		return d.CaseReason(r)
	}
	return d.Say(tieReasons()[r])
}

func tieReasons() map[binding.Reason]locale.Word {
	return map[binding.Reason]locale.Word{
		binding.FirstLogin: locale.CauseFirstLogin, binding.Requested: locale.CauseRequested, binding.NoMatch: locale.CauseNoMatch, binding.Several: locale.CauseSeveral,
		binding.AskMore: locale.CauseAskMore, binding.Created: locale.CauseCreated, binding.Found: locale.CauseFound, binding.Named: locale.CauseNamed,
		binding.TooLow: locale.CauseTooLow, binding.Taken: locale.CauseTaken, binding.Differs: locale.CauseDiffers, binding.Unanswered: locale.CauseUnanswered,
		binding.Claimed: locale.CauseClaimed, binding.Released: locale.CauseReleased, binding.Moved: locale.CauseMoved, binding.ApprovedOnce: locale.CauseApprovedOnce,
		binding.Approved: locale.CauseApproved, binding.Confirmed: locale.CauseConfirmed, binding.Withdrawn: locale.CauseWithdrawn, binding.Wrong: locale.CauseWrong,
		binding.Closed: locale.CauseClosed, binding.Merged: locale.CauseMerged, binding.Deceased: locale.CauseDeceased, binding.Suspicious: locale.CauseSuspicious,
		binding.Cleared: locale.CauseCleared, binding.AccountEnded: locale.CauseAccountEnded, binding.Wished: locale.CauseWished, binding.Declined: locale.CauseDeclined,
	}
}
