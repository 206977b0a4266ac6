package permit_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"onedoor/authz/casbinrules"
	"onedoor/authz/permit"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/tenants/staff"
)

var update = flag.Bool("update", false, "rewrite the table of docs/permissions.md")

// Everybody who is told no is told why, and nothing that does not count makes it a yes.
func TestBND05_EveryNoHasItsReason(t *testing.T) {
	t.Parallel()
	p, ctx := newPermits(t), t.Context()
	north := at("revenue", "north")
	reviewer := person(staff.Reviewer, north)
	with := func(change func(*permit.Subject)) permit.Subject {
		s := person(staff.Reviewer, north)
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		s     permit.Subject
		act   permit.Act
		place staff.Place
		want  permit.Reason
	}{
		"granted":              {reviewer, permit.BindingReview, at("revenue", "chiang-mai"), permit.Granted},
		"an unknown act":       {reviewer, "binding.delete", north, permit.UnknownAct},
		"no act":               {reviewer, "", north, permit.UnknownAct},
		"an unknown place":     {reviewer, permit.BindingReview, at("revenue", "gone"), permit.UnknownPlace},
		"an area of nobody":    {reviewer, permit.BindingReview, at("", "north"), permit.UnknownPlace},
		"the whole department": {reviewer, permit.BindingReview, at("revenue", ""), permit.Elsewhere},
		"beside":               {reviewer, permit.BindingReview, at("revenue", "south"), permit.Elsewhere},
		"at the platform":      {reviewer, permit.BindingReview, at("", ""), permit.NotThere},
		"of another role":      {reviewer, permit.SystemPut, north, permit.NotOfRole},
		"nobody":               {permit.Subject{Level: staff.Least()}, permit.BindingReview, north, permit.Nobody},
		"two at once":          {with(func(s *permit.Subject) { s.System = "robot" }), permit.BindingReview, north, permit.Nobody},
		"below the level":      {with(func(s *permit.Subject) { s.Level.AAL = hub.AAL21 }), permit.BindingReview, north, permit.Level},
		"a proposed post":      {with(func(s *permit.Subject) { s.Posts[0].State = staff.Proposed }), permit.BindingReview, north, permit.NoPost},
		"an ended post":        {with(func(s *permit.Subject) { s.Posts[0].State = staff.Ended }), permit.BindingReview, north, permit.NoPost},
		"another one's post":   {with(func(s *permit.Subject) { s.Account = "b" }), permit.BindingReview, north, permit.NoPost},
		"a right of a person":  {permit.Subject{Account: "a", Level: staff.Least(), Rights: []staff.Right{{ID: "r", Role: staff.Reviewer, Place: north}}}, permit.BindingRead, north, permit.NoPost},
		"a program reviews":    {program(staff.Reviewer, north), permit.BindingReview, north, permit.PersonsOnly},
		"another's right":      {permit.Subject{System: "other", Rights: program(staff.Reviewer, north).Rights}, permit.BindingRead, north, permit.NoPost},
		"a program reads":      {program(staff.Reviewer, north), permit.BindingRead, north, permit.Granted},
		"role and home differ": {person(staff.Reviewer, at("", "")), permit.BindingReview, north, permit.Elsewhere},
		"an unknown role":      {person("king", north), permit.BindingReview, north, permit.NotOfRole},
	} {
		d := p.May(ctx, c.s, c.act, c.place)
		if d.Reason != c.want {
			t.Errorf("%s: %+v, want %s", name, d, c.want)
		}
		want := hub.Denied
		if c.want == permit.Level {
			want = hub.LevelUnmet
		}
		if err := d.Err("test"); (err == nil) != d.Allowed || err != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// broken are rules that can't be evaluated; generous are rules that say yes to everything.
type broken struct{ permit.Rules }

func (broken) Allowed(permit.Holder, permit.Act, staff.Place) (bool, error) {
	return true, hub.Errorf("broken", hub.Internal, "no")
}

// Invariant 8: what can't be evaluated is a no.
func TestBND05_BrokenRulesRefuse(t *testing.T) {
	t.Parallel()
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: register{}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := permit.New(broken{rules}, register{})
	if err != nil {
		t.Fatal(err)
	}
	d := p.May(t.Context(), person(staff.PlatformAdministrator, staff.Place{}), permit.SystemLaunch, at("revenue", ""))
	if d.Allowed || d.Reason != permit.Broken || !errors.Is(d.Err("test"), hub.Internal) {
		t.Errorf("%+v", d)
	}
	if w := p.Where(t.Context(), person(staff.PlatformAdministrator, staff.Place{}), permit.SystemLaunch); len(w) > 0 {
		t.Errorf("%v", w)
	}
}

// A node does not start with rules that are unsound.
func TestBND05_UnsoundRulesStopTheStart(t *testing.T) {
	t.Parallel()
	line := "p, auditor, audit.read, any\n"
	for name, c := range map[string]struct{ model, policy string }{
		"an act of nobody":        {configs.StaffModel, strings.ReplaceAll(configs.StaffPolicy, "p, department_administrator, item.put, any", "")},
		"an unknown role":         {configs.StaffModel, configs.StaffPolicy + "p, king, audit.read, any\n"},
		"an unknown act":          {configs.StaffModel, configs.StaffPolicy + "p, reviewer, binding.delete, any\n"},
		"for whom":                {configs.StaffModel, configs.StaffPolicy + "p, help_desk, audit.read, machine\n"},
		"twice":                   {configs.StaffModel, configs.StaffPolicy + line},
		"who audits changes":      {configs.StaffModel, configs.StaffPolicy + "p, auditor, campaign.retry, any\n"},
		"the platform's":          {configs.StaffModel, configs.StaffPolicy + "p, reviewer, session.end, any\n"},
		"too few words":           {configs.StaffModel, configs.StaffPolicy + "p, auditor, audit.read\n"},
		"roles of roles":          {configs.StaffModel, configs.StaffPolicy + "g, a, auditor, any\n"},
		"no line":                 {configs.StaffModel, "# nothing\n"},
		"no model":                {"", configs.StaffPolicy},
		"a model without places":  {strings.ReplaceAll(configs.StaffModel, "&& covers(r.home, r.homeArea, r.department, r.area)", ""), configs.StaffPolicy},
		"a model without roles":   {strings.ReplaceAll(configs.StaffModel, "r.role == p.role && ", ""), configs.StaffPolicy},
		"a model without acts":    {strings.ReplaceAll(configs.StaffModel, "r.act == p.act && ", ""), configs.StaffPolicy},
		"a model without who":     {strings.ReplaceAll(configs.StaffModel, `(p.who == "any" || p.who == r.who) && `, ""), configs.StaffPolicy},
		"a model that can't be":   {strings.ReplaceAll(configs.StaffModel, "covers(", "uncovers("), configs.StaffPolicy},
		"a model that is all yes": {strings.ReplaceAll(configs.StaffModel, "m = ", "m = true || "), configs.StaffPolicy},
		"an effect of denials":    {strings.ReplaceAll(configs.StaffModel, "some(where (p.eft == allow))", "!some(where (p.eft == deny))"), configs.StaffPolicy},
	} {
		rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: c.model, Policy: c.policy, Areas: register{}})
		if err == nil {
			_, err = permit.New(rules, register{})
		}
		if !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := permit.New(nil, register{}); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
	if _, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy}); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}

// The table of docs/permissions.md is what the policy says, and nothing else.
func TestDocsShowThePolicy(t *testing.T) {
	t.Parallel()
	const file = "../../docs/permissions.md"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: written by `go test ./authz/permit -update` -->\n", "<!-- end of table -->\n"
	before, rest, ok := strings.Cut(string(text), begin)
	shown, after, too := strings.Cut(rest, end)
	if !ok || !too {
		t.Fatal("the document has no place for the table")
	}
	want := tableOf(newPermits(t).Lines())
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if shown != want {
		t.Errorf("docs/permissions.md shows another table than the policy:\n%s", want)
	}
}

func tableOf(lines []permit.Line) string {
	var b strings.Builder
	b.WriteString("| act |")
	for _, r := range staff.Roles() {
		fmt.Fprintf(&b, " %s |", strings.ReplaceAll(string(r), "_", " "))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(staff.Roles())) + "\n")
	for _, a := range permit.Acts() {
		fmt.Fprintf(&b, "| `%s` |", a)
		for _, r := range staff.Roles() {
			cell := ""
			for _, l := range lines {
				if l.Role == r && l.Act == a {
					cell = map[string]string{permit.Any: "yes", permit.Person: "persons"}[l.Who]
				}
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}
