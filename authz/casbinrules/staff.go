// Package casbinrules is the home of casbin: the models and policies of configs/authz become decisions here, and no other room knows the library.
//
// casbin looks through all lines of an enforcer one by one, with an interpreted expression. So each enforcer holds few of them: staff's rules are
// parted by the area of the act, the word before the dot. Nothing here uses g(), whose results casbin keeps for ever, or eval(), which
// runs what a line says. An enforcer is never changed after it is built: concurrent questions are safe then, and a change of rules is a new one.
package casbinrules

import (
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"
	stringadapter "github.com/casbin/casbin/v2/persist/string-adapter"

	"onedoor/authz/permit"
	"onedoor/hub"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

// Staff are the rules about staff. It implements permit.Rules.
type Staff struct {
	parts map[string]*casbin.Enforcer // by the area of the act
	lines []permit.Line
}

// StaffOptions are what the rules are made of. All are required.
type StaffOptions struct {
	Model  string // casbin's model: configs/authz/staff.conf
	Policy string // lines `p, role, act, who`: configs/authz/staff.csv
	Areas  staff.Areas
}

// NewStaff reads model and policy. Invalid for what can't be read, and for a model that does not stand the trial: it must refuse what no line gives.
func NewStaff(o StaffOptions) (*Staff, error) {
	const op = "casbinrules.NewStaff"
	if o.Areas == nil {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	s := &Staff{parts: map[string]*casbin.Enforcer{}}
	byArea := map[string][]string{}
	for text := range strings.Lines(o.Policy) {
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		fields := strings.Split(text, ",")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		if len(fields) != 4 || fields[0] != "p" {
			return nil, hub.Errorf(op, hub.Invalid, "a line of the policy is not `p, role, act, who`")
		}
		l := permit.Line{Role: staff.Role(fields[1]), Act: permit.Act(fields[2]), Who: fields[3]}
		s.lines = append(s.lines, l)
		byArea[part(l.Act)] = append(byArea[part(l.Act)], strings.Join(fields, ", "))
	}
	for area, lines := range byArea {
		e, err := staffEnforcer(o, strings.Join(lines, "\n"))
		if err != nil {
			return nil, hub.E(op, hub.Invalid, err)
		}
		s.parts[area] = e
	}
	return s, s.trial(op)
}

// staffEnforcer builds one enforcer. Its lines are all that it will ever hold.
func staffEnforcer(o StaffOptions, lines string) (*casbin.Enforcer, error) {
	m, err := model.NewModelFromString(o.Model)
	if err != nil {
		return nil, err
	}
	e, err := casbin.NewEnforcer(m, stringadapter.NewAdapter(lines))
	if err != nil {
		return nil, err
	}
	e.AddFunction("covers", covers(o.Areas))
	return e, nil
}

// covers is the place rule for the matcher: covers(home department, home area, department, area). It is never true for what is not text.
func covers(areas staff.Areas) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		if len(args) != 4 {
			return false, hub.Errorf("casbinrules.covers", hub.Internal, "covers takes four texts")
		}
		var text [4]string
		for i, a := range args {
			t, ok := a.(string)
			if !ok {
				return false, hub.Errorf("casbinrules.covers", hub.Internal, "covers takes four texts")
			}
			text[i] = t
		}
		home := staff.Place{Department: hub.DepartmentID(text[0]), Area: tenants.AreaID(text[1])}
		return home.Covers(staff.Place{Department: hub.DepartmentID(text[2]), Area: tenants.AreaID(text[3])}, areas), nil
	}
}

// part gives the area of an act.
func part(a permit.Act) string {
	area, _, _ := strings.Cut(string(a), ".")
	return area
}

// who gives the word by which the policy knows the kind of a subject.
func who(machine bool) string {
	if machine {
		return "machine"
	}
	return permit.Person
}

// Allowed implements permit.Rules.
func (s *Staff) Allowed(h permit.Holder, act permit.Act, place staff.Place) (bool, error) {
	e := s.parts[part(act)]
	// A department's role that is held at no department is no right of the platform's, whatever the place rule would say of it.
	if e == nil || h.Role.Platform() != (h.Home == staff.Place{}) {
		return false, nil
	}
	ok, err := e.Enforce(
		string(h.Role), string(h.Home.Department), string(h.Home.Area), who(h.Machine), string(act), string(place.Department), string(place.Area))
	if err != nil {
		return false, hub.E("casbinrules.Allowed", hub.Internal, err)
	}
	return ok, nil
}

// Lines implements permit.Rules.
func (s *Staff) Lines() []permit.Line { return s.lines }

// trial asks every part what it must refuse whatever the policy says: a model that lets one of these through, or can't be evaluated, is refused
// at the start and not found out later.
func (s *Staff) trial(op string) error {
	if len(s.lines) == 0 {
		return hub.Errorf(op, hub.Invalid, "the policy is empty")
	}
	for _, l := range s.lines {
		home := staff.Place{Department: "trial"}
		if l.Role.Platform() {
			home = staff.Place{}
		}
		right := permit.Holder{Role: l.Role, Home: home}
		for name, c := range map[string]struct {
			h     permit.Holder
			act   permit.Act
			place staff.Place
			want  bool
		}{
			"its own":      {right, l.Act, home, true},
			"another act":  {right, l.Act + "x", home, false},
			"another role": {permit.Holder{Role: l.Role + "x", Home: staff.Place{Department: "trial"}}, l.Act, staff.Place{Department: "trial"}, false},
			"a program":    {permit.Holder{Role: l.Role, Home: home, Machine: true}, l.Act, home, l.Who == permit.Any},
			"elsewhere":    {right, l.Act, staff.Place{Department: "other"}, l.Role.Platform()},
		} {
			if got, err := s.Allowed(c.h, c.act, c.place); err != nil || got != c.want {
				return hub.Errorf(op, hub.Invalid, "the model does not stand the trial: "+name+" with "+string(l.Role)+", "+string(l.Act))
			}
		}
	}
	return nil
}
