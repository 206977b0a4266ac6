package casbinrules

import (
	"slices"
	"strings"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"onedoor/authz"
	"onedoor/hub"
)

// Items compiles what service items demand. It implements authz.Compiler.
type Items struct{ model string }

var _ authz.Compiler = (*Items)(nil)

// NewItems reads the model: configs/authz/items.conf. Invalid for one that can't be read, and for one that does not stand the trial: each
// demand alone must be able to refuse.
func NewItems(text string) (*Items, error) {
	const op = "casbinrules.NewItems"
	if _, err := model.NewModelFromString(text); err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	x := &Items{text}
	return x, x.trial(op)
}

// ItemRules are the rules of one edition of the catalogue: immutable, and safe for concurrent use. It implements authz.Rules.
type ItemRules struct {
	groups []*group // as many as a power of two
}

// group is a few items with an enforcer of their own: casbin looks at every line of one, so its cost must not grow with the catalogue.
type group struct {
	lines    string
	enforcer *casbin.Enforcer
}

// linesEach is how many lines an enforcer holds on average, at most.
const linesEach = 2

// Compile implements authz.Compiler. Groups whose lines are as they were are taken over. An item that can't be put into a line fails all:
// the catalogue of before stays in force.
func (x *Items) Compile(items []authz.Item, before authz.Rules) (authz.Rules, error) {
	n := 1
	for n*linesEach < len(items) {
		n *= 2
	}
	parted := make([][][]string, n)
	for _, i := range items {
		l := line(i)
		if slices.ContainsFunc(l, func(s string) bool { return strings.ContainsAny(s, "\n\x00") }) {
			return nil, hub.Errorf("casbinrules.Compile", hub.Invalid, "an item that can't be put into a line")
		}
		g := bucket(string(i.ID), n)
		parted[g] = append(parted[g], l)
	}
	old, _ := before.(*ItemRules)
	out := &ItemRules{groups: make([]*group, n)}
	for g, lines := range parted {
		slices.SortFunc(lines, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
		text := joined(lines)
		if old != nil && len(old.groups) == n && old.groups[g] != nil && old.groups[g].lines == text {
			out.groups[g] = old.groups[g]
			continue
		}
		if len(lines) == 0 {
			continue
		}
		e, err := x.enforcer(lines)
		if err != nil {
			return nil, err
		}
		out.groups[g] = &group{text, e}
	}
	return out, nil
}

func joined(lines [][]string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.Join(l, "\x00"))
		b.WriteByte('\n')
	}
	return b.String()
}

func bucket(id string, n int) int {
	h := uint32(2166136261)
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return int(h % uint32(n))
}

// enforcer builds one enforcer. Its lines, with the words of each made ready, are all that it will ever hold.
func (x *Items) enforcer(lines [][]string) (*casbin.Enforcer, error) {
	const op = "casbinrules.Compile"
	m, err := model.NewModelFromString(x.model)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	for _, l := range lines {
		if err := m.AddPolicy("p", "p", l); err != nil {
			return nil, hub.E(op, hub.Invalid, err)
		}
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	w, err := wordsOf(m, lines)
	if err != nil {
		return nil, err
	}
	for name, f := range w.functions() {
		e.AddFunction(name, f)
	}
	return e, nil
}

// Judge implements authz.Rules.
func (r *ItemRules) Judge(c *authz.Case) ([]authz.Reason, bool) {
	if c == nil || c.Facts == nil || len(r.groups) == 0 {
		return []authz.Reason{{Code: authz.NoRule}}, false
	}
	g := r.groups[bucket(string(c.Question.Item), len(r.groups))]
	if g == nil {
		return []authz.Reason{{Code: authz.NoRule}}, false
	}
	t := &hearing{c: c}
	ok, err := g.enforcer.Enforce(string(c.Question.Item), t)
	if err != nil || !ok && len(t.reasons) == 0 {
		return append(t.reasons, authz.Reason{Code: authz.NoRule}), false
	}
	return t.reasons, ok && len(t.reasons) == 0
}

// hearing is a case that is being judged, with what was found against it.
type hearing struct {
	c          *authz.Case
	department hub.DepartmentID // of the item, as asked has read it
	reasons    []authz.Reason
}

// no notes a reason, once: of two times the later counts.
func (t *hearing) no(r authz.Reason) bool {
	for i := range t.reasons {
		if have := &t.reasons[i]; have.Code == r.Code {
			if r.From.After(have.From) {
				have.From = r.From
			}
			return false
		}
	}
	t.reasons = append(t.reasons, r)
	return false
}

func (t *hearing) because(c authz.Code) bool { return t.no(authz.Reason{Code: c}) }
