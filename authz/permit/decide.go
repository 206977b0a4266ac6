package permit

import (
	"context"
	"fmt"
	"slices"

	"onedoor/hub"
	"onedoor/tenants/staff"
)

// Permits decides.
type Permits struct {
	rules  Rules
	places Places
	given  map[staff.Role]map[Act]string // who each line is for, to tell the reason of a no
}

// New checks the rules as a whole. Invalid where a line names what is not known or is there twice, where an act is given to nobody, where who
// audits could change something, or where a department's role has an act of the platform.
func New(rules Rules, places Places) (*Permits, error) {
	const op = "permit.New"
	if rules == nil || places == nil {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	p := &Permits{rules, places, map[staff.Role]map[Act]string{}}
	held := map[Act]bool{}
	for _, l := range rules.Lines() {
		fault := ""
		switch {
		case !l.Role.Known():
			fault = "names no role"
		case !l.Act.Known():
			fault = "names no act"
		case l.Who != Any && l.Who != Person:
			fault = "is for neither any nor person"
		case p.given[l.Role][l.Act] != "":
			fault = "is there twice"
		case (l.Role == staff.PlatformAuditor || l.Role == staff.Auditor) && !l.Act.Reads():
			fault = "lets who audits change something"
		case !l.Role.Platform() && sites[l.Act] == atPlatform:
			fault = "gives a department what is the platform's"
		}
		if fault != "" {
			return nil, hub.Errorf(op, hub.Invalid, fmt.Sprintf("the rule %q, %q %s", l.Role, l.Act, fault))
		}
		if p.given[l.Role] == nil {
			p.given[l.Role] = map[Act]string{}
		}
		p.given[l.Role][l.Act], held[l.Act] = l.Who, true
	}
	for _, a := range Acts() {
		if !held[a] {
			return nil, hub.Errorf(op, hub.Invalid, fmt.Sprintf("no rule gives %q to anybody", a))
		}
	}
	return p, nil
}

// SubjectOf gives somebody as a subject, with what they hold now and what their session has reached.
func SubjectOf(ctx context.Context, posts Posts, account hub.AccountID, level hub.Level) (Subject, error) {
	held, err := posts.Of(ctx, account)
	if err != nil {
		return Subject{}, err
	}
	return Subject{Account: account, Posts: held, Level: level}, nil
}

// held is one thing that counts: a post of a person or a right of a program.
type held struct {
	Holder
	id string
}

// counts lists what a subject holds that counts.
func (s Subject) counts() []held {
	var all []held
	if s.System != "" {
		for _, r := range s.Rights {
			if r.System != s.System || !r.EndedAt.IsZero() {
				continue
			}
			all = append(all, held{Holder{r.Role, r.Place, true}, r.ID})
		}
		return all
	}
	for _, p := range s.Posts {
		if p.State == staff.Active && p.Account == s.Account {
			all = append(all, held{Holder{p.Role, p.Place, false}, p.ID})
		}
	}
	return all
}

// unfit gives the reason for which a subject may nothing at all, "" where it may something.
func (s Subject) unfit() Reason {
	switch {
	case (s.Account == "") == (s.System == ""):
		return Nobody
	case s.System == "" && !s.Level.Satisfies(staff.Least()):
		return Level
	default:
		return ""
	}
}

// May decides whether the subject may do the act at the place: the zero place is the platform.
func (p *Permits) May(ctx context.Context, s Subject, act Act, place staff.Place) Decision {
	no := func(r Reason) Decision { return Decision{Reason: r} }
	switch {
	case !act.Known():
		return no(UnknownAct)
	case s.unfit() != "":
		return no(s.unfit())
	case !p.known(ctx, place):
		return no(UnknownPlace)
	case !act.there(place):
		return no(NotThere)
	}
	all := s.counts()
	if len(all) == 0 {
		return no(NoPost)
	}
	reason := NotOfRole
	for _, h := range all {
		switch ok, err := p.rules.Allowed(h.Holder, act, place); {
		case err != nil:
			reason = Broken
		case ok:
			return Decision{Allowed: true, Reason: Granted, By: h.id}
		default:
			reason = worse(reason, p.why(h.Holder, act))
		}
	}
	return no(reason)
}

// why tells the reason for which a held right did not do.
func (p *Permits) why(h Holder, act Act) Reason {
	switch who := p.given[h.Role][act]; {
	case who == "":
		return NotOfRole
	case h.Machine && who == Person:
		return PersonsOnly
	default:
		return Elsewhere
	}
}

// worse keeps the reason that tells the most: the later in this order.
func worse(a, b Reason) Reason {
	order := []Reason{NotOfRole, PersonsOnly, Elsewhere, Broken}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// known reports whether the register has the place.
func (p *Permits) known(ctx context.Context, place staff.Place) bool {
	switch {
	case place.Department == "":
		return place.Area == ""
	case place.Area != "":
		return p.places.Within(place.Department, place.Area, place.Area)
	default:
		_, err := p.places.Department(ctx, place.Department)
		return err == nil
	}
}

// Where lists the places at which the subject may do the act, with all that lies in them, for a list that shows nothing of other
// places: the zero place means everywhere.
func (p *Permits) Where(ctx context.Context, s Subject, act Act) []staff.Place {
	if !act.Known() || s.unfit() != "" {
		return nil
	}
	var all []staff.Place
	for _, h := range s.counts() {
		switch {
		case !p.known(ctx, h.Home):
			continue
		case h.Home == staff.Place{} && sites[act] == atDepartment:
			if ok, err := p.rules.Allowed(h.Holder, act, h.Home); err != nil || !ok {
				continue
			}
		case !p.allowed(h.Holder, act, h.Home):
			continue
		}
		if h.Home == (staff.Place{}) {
			return []staff.Place{{}}
		}
		if !slices.Contains(all, h.Home) {
			all = append(all, h.Home)
		}
	}
	return all
}

// allowed asks the rules about an act that can be done there. A rule that can't be evaluated allows nothing.
func (p *Permits) allowed(h Holder, act Act, place staff.Place) bool {
	ok, err := p.rules.Allowed(h, act, place)
	return err == nil && ok && act.there(place)
}

// As gives the subject as an actor for the rooms that ask with their own words.
func (p *Permits) As(s Subject) staff.Actor {
	return staff.Actor{Account: s.Account, System: s.System, Rights: bound{p, s}}
}

type bound struct {
	p *Permits
	s Subject
}

// Require implements the rights of a staff.Actor.
func (b bound) Require(ctx context.Context, act string, place staff.Place) error {
	return b.p.May(ctx, b.s, Act(act), place).Err("permit.Require")
}

// MayAppoint reports whether somebody with these posts may invite to the role at the place, confirm or end a post of it. What the session has
// reached is for whoever holds the session to check: this is asked again long after, when an invitation is taken.
func (p *Permits) MayAppoint(ctx context.Context, by hub.AccountID, posts []staff.Post, role staff.Role, place staff.Place) bool {
	return p.May(ctx, Subject{Account: by, Posts: posts, Level: staff.Least()}, Appointing(role), place).Allowed
}

// Lines lists the rules, for a page or a document.
func (p *Permits) Lines() []Line { return p.rules.Lines() }
