package authz

import "slices"

// Rehearsal is what a draft would have made of a decision.
type Rehearsal struct {
	// Known is false where the draft asks for something that was not looked at then, and nothing else would refuse it: an address is not kept,
	// and facts that no rule asked for were not read.
	Known   bool
	Permit  bool
	Reasons []Reason
}

// Rehearse takes a recorded decision again under rules that were made of a draft of its item. Before is the item as it was.
func Rehearse(r Record, before, draft Item, rules Rules) Rehearsal {
	reasons, ok := rules.Judge(r.CaseOf(draft.Department))
	blind := unseen(r, before, draft)
	// A no counts where one of its reasons rests on what was seen.
	sure := slices.ContainsFunc(reasons, func(x Reason) bool { return !slices.Contains(blind, x.Code) })
	if len(blind) > 0 && !sure {
		return Rehearsal{}
	}
	return Rehearsal{Known: true, Permit: ok, Reasons: reasons}
}

// unseen lists the reasons that a draft could have for what was not looked at.
func unseen(r Record, before, draft Item) (out []Code) {
	b, d := before.Demands, draft.Demands
	read := r.Party.Entity != "" || b.Person == Lockable || b.Person == OptIn || b.Binding.Demanded || b.Places.Device
	if len(d.Places.Networks) > 0 && markOf(d.Places.Networks) != r.Seen.Networks {
		out = append(out, WrongPlace)
	}
	if d.Places.Device && !b.Places.Device && len(r.Seen.Devices) == 0 {
		out = append(out, NoDevice)
	}
	if !read && d.Binding.Demanded {
		out = append(out, NotBound, BoundTooLow)
	}
	if !read && (d.Person == Lockable || d.Person == OptIn) {
		out = append(out, NotOpened, IsLocked, NotApproved)
	}
	return out
}
