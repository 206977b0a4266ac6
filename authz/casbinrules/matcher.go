package casbinrules

import (
	"slices"

	"onedoor/authz"
	"onedoor/hub"
)

// function is what casbin calls.
type function = func(args ...any) (any, error)

// functions are the words of the matcher: few, because casbin gathers them anew for every question. Each holds the case, its first argument,
// against a column of the line, and notes why not.
func (w *words) functions() map[string]function {
	return map[string]function{
		"met":    met,
		"asked":  held(w.asked, asked),
		"level":  held(w.levels, level),
		"grants": held(w.grants, grants),
		"place":  held(w.places, place),
		"hours":  held(w.hours, hours),
	}
}

var errArgument = hub.Errorf("casbinrules.Judge", hub.Internal, "a function of the matcher was called with something else than its column")

// met is true where every argument is. All have been evaluated by then.
func met(args ...any) (any, error) {
	if len(args) != 5 { // a model that forgets a demand must not open anything
		return false, errArgument
	}
	all := true
	for _, a := range args {
		ok, is := a.(bool)
		all = all && ok && is
	}
	return all, nil
}

// held makes a function for casbin. What is not a case and a column of this kind is an error, and an error is a no.
func held[D any](ready map[string]D, f func(t *hearing, d *D) bool) function {
	demands := make(map[string]*D, len(ready))
	for column, d := range ready {
		demands[column] = &d
	}
	return func(args ...any) (any, error) {
		if len(args) != 2 {
			return false, errArgument
		}
		t, isCase := args[0].(*hearing)
		column, isText := args[1].(string)
		d := demands[column]
		if !isCase || !isText || d == nil {
			return false, errArgument
		}
		return f(t, d), nil
	}
}

// asked: the item is in service; who asks is of the department, and one of the systems that may, where they are named; and the item knows the
// action.
func asked(t *hearing, d *askedDemand) bool {
	q, ok := &t.c.Question, true
	if !d.offered {
		ok = t.because(authz.Suspended)
	}
	if q.System == "" || q.Department != d.department || len(d.systems) > 0 && !slices.Contains(d.systems, string(q.System)) {
		ok = t.because(authz.WrongSystem)
	}
	if q.Action == "" || !slices.Contains(d.actions, string(q.Action)) {
		ok = t.because(authz.UnknownAction)
	}
	t.department = d.department
	return ok
}

// level: one authentication reaches both levels, and is young enough.
func level(t *hearing, d *levelDemand) bool {
	reached := false
	for _, a := range t.c.Question.Authentications {
		if !a.Level.Satisfies(d.least) {
			continue
		}
		if t.c.Now.Sub(a.At) < d.age {
			return true
		}
		reached = true
	}
	if reached {
		return t.no(authz.Reason{Code: authz.TooOld, Level: d.least, MaxAge: d.age})
	}
	return t.no(authz.Reason{Code: authz.LevelTooLow, Level: d.least, MaxAge: d.stated})
}

// grants: the item is for the party, and the party has what it asks for. It comes after asked, which knows the department.
func grants(t *hearing, d *grantDemand) bool {
	p := t.c.Question.Party
	switch {
	case p.Account == "" || t.c.Question.Session == "":
		return t.because(authz.NoPerson)
	case p.Entity == "" && d.person == authz.NotOwn:
		return t.because(authz.NotForPersons)
	case p.Entity != "" && d.entity == authz.NotOffice:
		return t.because(authz.NotForEntities)
	}
	ok := bound(t, &d.binding)
	if p.Entity == "" {
		return own(t, d) && ok
	}
	ok = mandate(t) && ok
	if d.entity == authz.ByDelegation {
		ok = delegated(t, d) && ok
	}
	return ok
}

// bound: the party is tied to a record of the department, and well enough.
func bound(t *hearing, d *authz.Binding) bool {
	if !d.Demanded {
		return true
	}
	why := authz.NotBound
	for _, b := range t.c.Facts.Bound {
		if b.Department != t.department || d.Kind != "" && b.Kind != d.Kind {
			continue
		}
		if b.IAL >= d.IAL {
			return true
		}
		why = authz.BoundTooLow
	}
	return t.because(why)
}

// own: the person has opened the item, or not locked it (RAZ-02).
func own(t *hearing, d *grantDemand) bool {
	if d.person == authz.Always {
		return true
	}
	said := t.c.Facts.Opening(t.c.Question.Item)
	switch {
	case said == nil && d.person == authz.Lockable:
		return true
	case said == nil:
		return t.because(authz.NotOpened)
	case said.State == authz.Asked, said.State == authz.Open && d.person == authz.OptIn && d.approval && said.DecidedAt.IsZero():
		return t.because(authz.NotApproved)
	case said.Counts(t.c.Question.Session, t.c.Now):
		return true
	case said.State == authz.Locked, said.State == authz.Open, d.person == authz.Lockable: // open in another session alone is as good as locked
		return t.because(authz.IsLocked)
	default:
		return t.because(authz.NotOpened)
	}
}

// mandate: the operator may act for the entity at the department (ENT-02), whatever was delegated.
func mandate(t *hearing) bool {
	for i := range t.c.Facts.Mandates {
		if t.c.Facts.Mandates[i].Covers(t.department, t.c.Question.System, t.c.Now) {
			return true
		}
	}
	return t.because(authz.NoMandate)
}

// delegated: the entity has put the item into the operator's hands, and its own terms are met (RAZ-03, RAZ-04).
func delegated(t *hearing, demand *grantDemand) bool {
	q := &t.c.Question
	d, now := t.c.Facts.Delegation(q.Item), t.c.Now
	held := d != nil && d.State == authz.Active && d.Entity == q.Party.Entity && d.Operator == q.Party.Account
	over := held && !d.Until.IsZero() && !now.Before(d.Until)
	switch {
	case (!held || over) && t.c.Facts.Awaits(q.Party, q.Item):
		return t.because(authz.AwaitsApproval)
	case !held:
		return t.because(authz.NotDelegated)
	case over:
		return t.because(authz.Over)
	}
	ok := true
	if now.Before(d.From) {
		ok = t.no(authz.Reason{Code: authz.NotYet, From: d.From})
	}
	if demand.exclusive && !d.Exclusive {
		ok = t.because(authz.NotExclusive)
	}
	if demand.approval && d.DecidedAt.IsZero() {
		ok = t.because(authz.NotApproved)
	}
	if len(d.Places) > 0 && !t.c.At(d.Places) {
		ok = t.because(authz.WrongPlace)
	}
	if len(d.Devices) > 0 && !slices.ContainsFunc(t.c.Shown, func(id string) bool { return slices.Contains(d.Devices, id) }) {
		ok = t.because(authz.NoDevice)
	}
	if open, next := d.Open(now); !open {
		ok = t.no(authz.Reason{Code: authz.OutOfHours, From: next})
	}
	return ok
}

// place: the person is in one of the item's networks, and a registered device of the party was shown (RAZ-04).
func place(t *hearing, d *authz.Places) bool {
	ok := true
	if len(d.Networks) > 0 {
		if in, known := t.c.In(d.Networks); !in || !known {
			ok = t.because(authz.WrongPlace)
		}
	}
	if d.Device && len(t.c.Shown) == 0 {
		ok = t.because(authz.NoDevice)
	}
	return ok
}

// hours: the item's.
func hours(t *hearing, d *authz.Timetable) bool {
	open, next := d.Open(t.c.Now)
	return open || t.no(authz.Reason{Code: authz.OutOfHours, From: next})
}
