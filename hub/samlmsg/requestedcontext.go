package samlmsg

import (
	"slices"

	"github.com/crewjam/saml"

	"onedoor/hub"
)

// Comparison tells how the wished classes are meant (SAML Core section 3.3.2.2.1).
type Comparison string

// The comparisons.
const (
	Exact   Comparison = "exact"   // one of them
	Minimum Comparison = "minimum" // at least as strong as one of them
	Maximum Comparison = "maximum" // as strong as possible, but not stronger than one of them
	Better  Comparison = "better"  // stronger than every one of them
)

// RequestedAuthnContext is what an authentication has to be like.
type RequestedAuthnContext struct {
	Comparison Comparison
	ClassRefs  []string // in order of preference; all are kept
	DeclRefs   []string // declarations; the hub knows none
}

func readRequestedContext(e *element) (*RequestedAuthnContext, error) {
	var classes, declarations []*element
	err := e.parts(part{nsSAML, "AuthnContextClassRef", 0, &classes}, part{nsSAML, "AuthnContextDeclRef", 0, &declarations})
	if err != nil || (len(classes) == 0) == (len(declarations) == 0) || len(classes)+len(declarations) > maxAttributes {
		return nil, MessageMalformed
	}
	r := &RequestedAuthnContext{Comparison: Exact}
	if s, ok := e.attr("Comparison"); ok {
		r.Comparison = Comparison(s)
	}
	switch r.Comparison {
	case Exact, Minimum, Maximum, Better:
	default:
		return nil, MessageMalformed
	}
	if r.ClassRefs, err = words(classes); err != nil {
		return nil, err
	}
	r.DeclRefs, err = words(declarations)
	return r, err
}

// element writes all class references; crewjam/saml's struct holds one.
func (r *RequestedAuthnContext) element() *element {
	if r == nil || len(r.ClassRefs) == 0 {
		return nil
	}
	comparison := r.Comparison
	if comparison == "" {
		comparison = Exact
	}
	e := fromEtree((&saml.RequestedAuthnContext{Comparison: string(comparison), AuthnContextClassRef: r.ClassRefs[0]}).Element())
	for _, ref := range r.ClassRefs[1:] {
		e.add(build("saml:AuthnContextClassRef").say(ref))
	}
	return e
}

// Demand is a RequestedAuthnContext in the hub's terms.
type Demand struct {
	// Least is the level that the login has to reach for the demand to be met.
	Least hub.Level

	contexts   *Contexts
	comparison Comparison // "" for no demand
	known      []ContextClass
}

// Evaluate gives the least level that meets a request; nil asks for nothing. LevelUnmet with ContextUnknown: it names no class
// that the table knows (for better: one it does not know, which can't be compared). LevelUnmet with ContextUnmet: nothing can
// be better than what it names, or what it names is nothing the hub states.
//
// The levels are two numbers and so not all of them compare. Where several wished classes would do, the least is that of the
// first of them, in the request's order, which no other wished class undercuts.
func (c *Contexts) Evaluate(r *RequestedAuthnContext) (Demand, error) {
	const op = "Contexts.Evaluate"
	d := Demand{contexts: c}
	if r == nil {
		return d, nil
	}
	d.comparison = r.Comparison
	if d.comparison == "" {
		d.comparison = Exact
	}
	for _, ref := range r.ClassRefs {
		class, ok := c.byRef[ref]
		switch {
		case ok:
			d.known = append(d.known, class)
		case d.comparison == Better:
			return Demand{}, refuse(op, ContextUnknown)
		}
	}
	if len(d.known) == 0 {
		return Demand{}, refuse(op, ContextUnknown)
	}
	if d.comparison == Exact {
		d.known = slices.DeleteFunc(d.known, func(class ContextClass) bool { return !class.State })
		if len(d.known) == 0 {
			return Demand{}, refuse(op, ContextUnmet)
		}
	}
	switch d.comparison {
	case Exact, Minimum:
		// For minimum too what counts is what it takes to state the class, so that there is a class to answer with.
		d.Least = least(d.known)
	case Maximum:
		// As strong as possible: what there is will do, and less is said of it where it is more. It only has to be enough to
		// say anything.
		var below []ContextClass
		for _, wished := range d.known {
			for _, class := range c.order {
				if class.Family == wished.Family && class.State && wished.Means.Satisfies(class.Means) {
					below = append(below, class)
				}
			}
		}
		if len(below) == 0 {
			return Demand{}, refuse(op, ContextUnmet)
		}
		d.Least = least(below)
	case Better:
		var ok bool
		if d.Least, ok = d.aboveAll(); !ok {
			return Demand{}, refuse(op, ContextUnmet)
		}
	default:
		return Demand{}, refuse(op, MessageMalformed)
	}
	return d, nil
}

// least gives the demand of the first class that no other undercuts.
func least(known []ContextClass) hub.Level {
	for _, a := range known {
		undercut := slices.ContainsFunc(known, func(b ContextClass) bool { return a.Needs != b.Needs && a.Needs.Satisfies(b.Needs) })
		if !undercut {
			return a.Needs
		}
	}
	return known[0].Needs
}

// aboveAll gives the least level for which the hub can state a class, in the family of the first wished one, that is stronger
// than every wished one. A rise of AAL is preferred to one of IAL: an AuthnContext is about the authentication first.
func (d Demand) aboveAll() (hub.Level, bool) {
	var top hub.Level
	for _, class := range d.known {
		top = top.Join(class.Needs)
	}
	for i := top.IAL; i <= hub.IAL3; i++ {
		for a := top.AAL; a <= hub.AAL3; a++ {
			if l := (hub.Level{IAL: i, AAL: a}); d.better(l) {
				return l, true
			}
		}
	}
	return hub.Level{}, false
}

func (d Demand) better(reached hub.Level) bool {
	_, ok := d.contexts.strongest(d.known[0].Family, reached, d.beats)
	return ok
}

// beats reports whether a class is stronger than every wished one.
func (d Demand) beats(class ContextClass) bool {
	for _, wished := range d.known {
		if class.Means == wished.Means || !class.Means.Satisfies(wished.Means) {
			return false
		}
	}
	return true
}

// State gives the class to write into the assertion of a person who has reached a level: never one that says more than that, and
// with no demand the hub's own, which says exactly that. LevelUnmet with ContextUnmet where no class of the demand fits.
func (d Demand) State(reached hub.Level) (string, error) {
	var class ContextClass
	ok := false
	switch d.comparison {
	case "":
		if class, ok = d.contexts.byRef[reached.ACR()]; ok {
			break
		}
		// One of the two is not known: only classes that speak of the other remain.
		class, ok = d.contexts.strongest(FamilySAML, reached, func(ContextClass) bool { return true })
	case Exact:
		for _, wished := range d.known {
			if reached.Satisfies(wished.Needs) {
				class, ok = wished, true
				break
			}
		}
	case Minimum:
		for _, wished := range d.known {
			if !reached.Satisfies(wished.Needs) {
				continue
			}
			class, ok = d.contexts.strongest(wished.Family, reached, func(c ContextClass) bool { return c.Means.Satisfies(wished.Means) })
			if ok {
				break
			}
		}
	case Maximum:
		for _, wished := range d.known {
			c, found := d.contexts.strongest(wished.Family, reached, func(c ContextClass) bool { return wished.Means.Satisfies(c.Means) })
			if found && (!ok || (c.Means != class.Means && c.Means.Satisfies(class.Means))) {
				class, ok = c, true
			}
		}
	case Better:
		class, ok = d.contexts.strongest(d.known[0].Family, reached, d.beats)
	}
	if !ok {
		return "", refuse("Demand.State", ContextUnmet)
	}
	return class.Ref, nil
}
