package casbinrules_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/casbinrules"
	"onedoor/configs"
	"onedoor/hub"
)

func compiler(t testing.TB) *casbinrules.Items {
	t.Helper()
	x, err := casbinrules.NewItems(configs.ItemModel)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func compile(t testing.TB, items ...authz.Item) authz.Rules {
	t.Helper()
	rules, err := compiler(t).Compile(items, nil)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

var (
	monday   = time.Date(2026, 1, 5, 3, 0, 0, 0, time.UTC) // at ten in Bangkok
	strong   = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	office   = netip.MustParsePrefix("192.0.2.0/24")
	inside   = netip.MustParseAddr("192.0.2.7")
	weekdays = authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: 0b0111110, From: 8 * 60, To: 16 * 60}}}
)

// demand is one thing that an item can ask for, with what meets it and what fails it, and the reason that must be given then.
type demand struct {
	name string
	set  func(i *authz.Item)
	meet func(c *authz.Case)
	fail func(c *authz.Case)
	why  authz.Code
}

// demands are all of them. Where the party matters they are of one side: see sides.
var demands = []demand{
	{"ial", func(i *authz.Item) { i.Demands.Least.IAL = strong.IAL }, nil, func(c *authz.Case) { c.Question.Authentications[0].Level.IAL = hub.IAL22 }, authz.LevelTooLow},
	{"aal", func(i *authz.Item) { i.Demands.Least.AAL = strong.AAL }, nil, func(c *authz.Case) { c.Question.Authentications[0].Level.AAL = hub.AAL21 }, authz.LevelTooLow},
	{"age", func(i *authz.Item) { i.Demands.MaxAge = time.Minute }, nil, func(c *authz.Case) { c.Question.Authentications[0].At = c.Now.Add(-time.Minute) }, authz.TooOld},
	{"networks", func(i *authz.Item) { i.Demands.Places.Networks = []netip.Prefix{office} }, nil, func(c *authz.Case) { c.Question.Address = netip.MustParseAddr("192.0.3.7") }, authz.WrongPlace},
	{"device", func(i *authz.Item) { i.Demands.Places.Device = true }, func(c *authz.Case) { c.Shown = []string{"device"} }, func(c *authz.Case) { c.Shown = nil }, authz.NoDevice},
	{"hours", func(i *authz.Item) { i.Demands.Hours = weekdays }, nil, func(c *authz.Case) {
		by := 36 * time.Hour * 4 // Sunday morning of the week after
		c.Now, c.Question.Authentications[0].At = c.Now.Add(by), c.Question.Authentications[0].At.Add(by)
	}, authz.OutOfHours},
	{
		"binding", func(i *authz.Item) { i.Demands.Binding = authz.Binding{Demanded: true, Kind: "member"} }, func(c *authz.Case) { c.Facts.Bound = []authz.Bound{{Department: "social", Kind: "member"}} },
		func(c *authz.Case) {
			c.Facts.Bound = []authz.Bound{{Department: "social", Kind: "other"}, {Department: "revenue", Kind: "member"}}
		}, authz.NotBound,
	},
	{"binding level", func(i *authz.Item) { i.Demands.Binding.Demanded, i.Demands.Binding.IAL = true, hub.IAL22 }, func(c *authz.Case) {
		c.Facts.Bound = append(c.Facts.Bound, authz.Bound{Department: "social", Kind: "member", IAL: hub.IAL22})
	}, func(c *authz.Case) {
		c.Facts.Bound = []authz.Bound{{Department: "social", Kind: "member", IAL: hub.IAL21}}
	}, authz.BoundTooLow},
	{"status", nil, nil, func(c *authz.Case) { c.Question.Item = "withheld" }, authz.Suspended},
	{"systems", func(i *authz.Item) { i.Systems = []hub.SystemID{"desk"} }, nil, func(c *authz.Case) { c.Question.System = "shop" }, authz.WrongSystem},
	{"department", nil, nil, func(c *authz.Case) { c.Question.Department = "revenue" }, authz.WrongSystem},
	{"actions", nil, nil, func(c *authz.Case) { c.Question.Action = "sign" }, authz.UnknownAction},
}

// sides adds what is asked of who acts for themselves, and of who acts for an entity.
var sides = map[string][]demand{
	"person": {
		{"opt-in", func(i *authz.Item) { i.Demands.Person = authz.OptIn }, said(authz.Open), func(c *authz.Case) { c.Facts.Openings = nil }, authz.NotOpened},
		{"lock", func(i *authz.Item) { i.Demands.Person = authz.Lockable }, nil, said(authz.Locked), authz.IsLocked},
		{"not for persons", nil, nil, func(c *authz.Case) { c.Question.Item = "of-entities" }, authz.NotForPersons},
		{"approval", func(i *authz.Item) { i.Demands.Person, i.Demands.Approval = authz.OptIn, true }, func(c *authz.Case) { said(authz.Open)(c); c.Facts.Openings[0].DecidedAt = c.Now }, said(authz.Asked), authz.NotApproved},
	},
	"entity": {
		{"mandate", nil, nil, func(c *authz.Case) {
			c.Facts.Mandates = []authz.Mandate{{Department: "revenue"}, {Department: "social", Systems: []hub.SystemID{"shop"}}}
		}, authz.NoMandate},
		{"delegation", func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation }, delegated, func(c *authz.Case) { c.Facts.Delegations = nil }, authz.NotDelegated},
		{"exclusive", func(i *authz.Item) { i.Demands.Entity, i.Demands.Exclusive = authz.ByDelegation, true }, func(c *authz.Case) { delegated(c); c.Facts.Delegations[0].Exclusive = true }, func(c *authz.Case) { edit(c, func(d *authz.Delegation) { d.Exclusive = false }) }, authz.NotExclusive},
		{"approval", func(i *authz.Item) { i.Demands.Entity, i.Demands.Approval = authz.ByDelegation, true }, func(c *authz.Case) { delegated(c); c.Facts.Delegations[0].DecidedAt = c.Now }, func(c *authz.Case) { edit(c, func(d *authz.Delegation) { d.DecidedAt = time.Time{} }) }, authz.NotApproved},
		{"not for entities", nil, nil, func(c *authz.Case) { c.Question.Item = "of-persons" }, authz.NotForEntities},
		{"begins", func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation }, delegated, func(c *authz.Case) { edit(c, func(d *authz.Delegation) { d.From = c.Now.Add(time.Hour) }) }, authz.NotYet},
		{"until", func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation }, delegated, func(c *authz.Case) { edit(c, func(d *authz.Delegation) { d.Until = c.Now }) }, authz.Over},
		{"registered place", func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation }, func(c *authz.Case) { delegated(c); c.Facts.Delegations[0].Places = []string{"office"} }, func(c *authz.Case) { edit(c, func(d *authz.Delegation) { d.Places = []string{"elsewhere"} }) }, authz.WrongPlace},
		{"registered device", func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation }, func(c *authz.Case) {
			delegated(c)
			c.Facts.Delegations[0].Devices, c.Shown = []string{"device"}, []string{"device"}
		}, func(c *authz.Case) { edit(c, func(d *authz.Delegation) { d.Devices = []string{"another"} }) }, authz.NoDevice},
		{"own hours", func(i *authz.Item) { i.Demands.Entity = authz.ByDelegation }, delegated, func(c *authz.Case) {
			edit(c, func(d *authz.Delegation) {
				d.Hours = authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: authz.EveryDay, From: 0, To: 60}}}
			})
		}, authz.OutOfHours},
	},
}

func said(state authz.OpeningState) func(c *authz.Case) {
	return func(c *authz.Case) {
		c.Facts.Openings = []authz.Opening{{Account: "who", Item: c.Question.Item, State: state}}
	}
}

// delegated gives the operator the item, unless they have it already.
func delegated(c *authz.Case) {
	if len(c.Facts.Delegations) == 0 {
		c.Facts.Delegations = []authz.Delegation{{Item: c.Question.Item, Entity: "entity", Operator: "who", State: authz.Active, From: c.Now.Add(-time.Hour)}}
	}
}

func edit(c *authz.Case, f func(d *authz.Delegation)) {
	for i := range c.Facts.Delegations {
		f(&c.Facts.Delegations[i])
	}
}

// plain is an item that asks for next to nothing, with its like that are withheld or of the other side.
func plain(side string) []authz.Item {
	i := authz.Item{
		ID: "item", Department: "social", Status: authz.Offered, Actions: []authz.Action{"query", "file"},
		Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, Person: authz.Always},
	}
	if side == "entity" {
		i.Demands.Person, i.Demands.Entity = authz.NotOwn, authz.ByMandate
	}
	withheld, persons, entities := i, i, i
	withheld.ID, withheld.Status = "withheld", authz.Withheld
	persons.ID, persons.Demands.Person, persons.Demands.Entity = "of-persons", authz.Always, authz.NotOffice
	entities.ID, entities.Demands.Person, entities.Demands.Entity = "of-entities", authz.NotOwn, authz.ByMandate
	return []authz.Item{i, withheld, persons, entities}
}

func someone(side string) *authz.Case {
	c := &authz.Case{
		Question: authz.Question{
			Item: "item", Action: "query", System: "desk", Department: "social", Party: authz.Party{Account: "who"}, Session: "here", Address: inside,
			Authentications: []authz.Authentication{{Level: strong, At: monday.Add(-time.Second)}},
		},
		Facts: &authz.Facts{Places: []authz.Place{{ID: "office", Entity: "entity", Networks: []netip.Prefix{office}}}}, Now: monday,
	}
	if side == "entity" {
		c.Question.Party.Entity = "entity"
		c.Facts.Mandates = []authz.Mandate{{Department: "social"}}
	}
	return c
}

func do[T any](x T, fs ...func(T)) {
	for _, f := range fs {
		if f != nil {
			f(x)
		}
	}
}

// RAZ-01 to RAZ-05, RAZ-07: every demand alone, and every two together: met, the one failed, the other failed, both failed. A no names the
// reasons of what failed.
func TestRAZ05_EveryDemandAloneAndInPairs(t *testing.T) {
	t.Parallel()
	x := compiler(t)
	tried := 0
	for side, more := range sides {
		all := slices.Concat(demands, more)
		for a, one := range all {
			for _, two := range all[a:] {
				if one.name == two.name && one.name != all[a].name || one.name == "lock" && (two.name == "approval" || two.name == "opt-in") || two.name == "lock" && one.name == "opt-in" {
					continue // a person's item is of one of these ways
				}
				items := plain(side)
				do(&items[0], one.set, two.set)
				rules, err := x.Compile(items, nil)
				if err != nil {
					t.Fatal(err)
				}
				for fails := range 4 {
					c := someone(side)
					do(c, one.meet, two.meet)
					var want []authz.Code
					if fails&1 != 0 {
						one.fail(c)
						want = append(want, one.why)
					}
					if fails&2 != 0 {
						two.fail(c)
						want = append(want, two.why)
					}
					why, ok := rules.Judge(c)
					tried++
					name := fmt.Sprintf("%s: %s and %s, failed %02b", side, one.name, two.name, fails)
					if ok != (len(want) == 0) || ok != (len(why) == 0) {
						t.Errorf("%s: %v %v", name, ok, why)
					}
					// What the second does can hide the reason of the first; one of them is always named.
					if len(want) > 0 && !slices.ContainsFunc(why, func(r authz.Reason) bool { return slices.Contains(want, r.Code) }) {
						t.Errorf("%s: %v, want one of %v", name, why, want)
					}
					if one.name == two.name && fails == 1 && (len(why) != 1 || why[0].Code != one.why) {
						t.Errorf("%s alone: %v, want %s", name, why, one.why)
					}
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d cases", tried)
	}
}

// RAZ-07: a no that a better or a newer login would turn into a yes says which; one that waits for its hours says when.
func TestRAZ07_ReasonsSayWhatWouldHelp(t *testing.T) {
	t.Parallel()
	items := plain("person")
	items[0].Demands.Least, items[0].Demands.MaxAge, items[0].Demands.Hours = strong, 5*time.Minute, weekdays
	rules := compile(t, items...)
	c := someone("person")
	c.Question.Authentications = []authz.Authentication{{Level: strong, At: c.Now.Add(-time.Hour)}, {Level: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, At: c.Now}}
	c.Now = c.Now.Add(10 * time.Hour)
	c.Question.Authentications[1].At = c.Now
	why, _ := rules.Judge(c)
	want := []authz.Reason{
		{Code: authz.TooOld, Level: strong, MaxAge: 5 * time.Minute},
		{Code: authz.OutOfHours, From: time.Date(2026, 1, 6, 1, 0, 0, 0, time.UTC)},
	}
	if len(why) != 2 || why[0] != want[0] || why[1].Code != want[1].Code || !why[1].From.Equal(want[1].From) {
		t.Errorf("%+v", why)
	}
	got := authz.Decision{Reasons: why}.Remedies()
	if len(got) != 2 || got[0].Kind != authz.StepUp || got[0].Level != strong || got[1].Kind != authz.OtherHours {
		t.Errorf("%+v", got)
	}
	if got := (authz.Decision{Reasons: []authz.Reason{{Code: authz.LevelTooLow}, {Code: authz.Suspended}}}).Remedies(); got != nil {
		t.Errorf("a step-up would not help: %+v", got)
	}
}

// Invariant 8: what is not known is a no: an item without rule, a case without facts, rules of nothing.
func TestInvariant8_NothingIsOpenByDefault(t *testing.T) {
	t.Parallel()
	rules := compile(t, plain("person")...)
	c := someone("person")
	c.Question.Item = "nowhere"
	for name, judged := range map[string]struct {
		rules authz.Rules
		c     *authz.Case
	}{
		"unknown item": {rules, c},
		"no case":      {rules, nil},
		"no facts":     {rules, &authz.Case{Question: someone("person").Question, Now: monday}},
		"empty case":   {rules, &authz.Case{Facts: &authz.Facts{}}},
		"no rules":     {compile(t), someone("person")},
	} {
		if why, ok := judged.rules.Judge(judged.c); ok || len(why) == 0 {
			t.Errorf("%s: %v %v", name, ok, why)
		}
	}
}

// A model that forgets a demand, or can't be read, is refused at the start.
func TestModelsStandATrial(t *testing.T) {
	t.Parallel()
	for _, forgotten := range []string{
		"asked(r.case, p.asked)", "level(r.case, p.level)", "grants(r.case, p.grants)", "place(r.case, p.place)", "hours(r.case, p.hours)",
		"p.asked", "p.level", "p.grants", "p.place", "p.hours",
	} {
		for _, put := range []string{"true", "r.item == p.item", `"no"`, `"-"`} {
			matchers := strings.Index(configs.ItemModel, "[matchers]")
			text := configs.ItemModel[:matchers] + strings.ReplaceAll(configs.ItemModel[matchers:], forgotten, put)
			if text == configs.ItemModel {
				t.Fatalf("the model has no %s", forgotten)
			}
			if _, err := casbinrules.NewItems(text); err == nil {
				t.Errorf("without %s it passes", forgotten)
			}
		}
	}
	for name, text := range map[string]string{
		"empty":         "",
		"no item":       strings.Replace(configs.ItemModel, "r.item == p.item", "true", 1),
		"another order": strings.Replace(configs.ItemModel, "p = item, asked", "p = asked, item", 1),
		"a deny effect": strings.Replace(configs.ItemModel, "some(where (p.eft == allow))", "!some(where (p.eft == deny))", 1),
	} {
		if _, err := casbinrules.NewItems(text); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// A change of one item leaves the rules of the others as they are, and questions go on meanwhile.
func TestRulesChangeWhileTheyAreAsked(t *testing.T) {
	t.Parallel()
	x := compiler(t)
	items := plain("person")
	for n := range 200 {
		i := items[0]
		i.ID = authz.ItemID(fmt.Sprintf("item-%d", n))
		items = append(items, i)
	}
	rules, err := x.Compile(items, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 100 {
				if _, ok := rules.Judge(someone("person")); !ok {
					t.Error("refused")
				}
			}
		})
	}
	changed := slices.Clone(items)
	changed[0].Demands.Person = authz.OptIn
	next, err := x.Compile(changed, rules)
	if err != nil {
		t.Fatal(err)
	}
	all.Wait()
	if why, ok := next.Judge(someone("person")); ok || why[0].Code != authz.NotOpened {
		t.Errorf("%v %v", why, ok)
	}
	if _, ok := rules.Judge(someone("person")); !ok {
		t.Error("the rules of before have changed")
	}
	same, err := x.Compile(items, rules)
	if err != nil || !reflect.DeepEqual(same, rules) {
		t.Error("the same items make other rules", err)
	}
}

// D4: what a decision costs with a catalogue of 10,000 items and an operator who has a hundred delegations.
func BenchmarkJudge(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("items=%d", n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 2))
			var items []authz.Item
			for i := range n {
				x := fullest("entity")
				x.ID = authz.ItemID(fmt.Sprintf("item-%d", i))
				items = append(items, x)
			}
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			began := time.Now()
			rules := compile(b, items...)
			took := time.Since(began)
			runtime.GC()
			runtime.ReadMemStats(&after)
			cases := make([]*authz.Case, 64)
			for k := range cases {
				c := someone("entity")
				c.Question.Item = items[r.IntN(n)].ID
				do(c, delegated, func(c *authz.Case) {
					c.Facts.Delegations[0].Exclusive, c.Facts.Delegations[0].DecidedAt, c.Shown = true, c.Now, []string{"device"}
					c.Facts.Bound = []authz.Bound{{Department: "social", Kind: "member", IAL: hub.IAL22}}
				})
				cases[k] = c
			}
			b.ReportAllocs()
			k := 0
			for b.Loop() {
				if why, ok := rules.Judge(cases[k%len(cases)]); !ok {
					b.Fatal(why)
				}
				k++
			}
			b.ReportMetric(float64(took.Milliseconds()), "compile-ms")
			b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, "MB")
		})
	}
}

// fullest asks for everything.
func fullest(side string) authz.Item {
	i := plain(side)[0]
	i.Systems = []hub.SystemID{"desk"}
	i.Demands.Least, i.Demands.MaxAge, i.Demands.Hours = strong, time.Minute, weekdays
	i.Demands.Places = authz.Places{Networks: []netip.Prefix{office, netip.MustParsePrefix("2001:db8::/32")}, Device: true}
	i.Demands.Binding = authz.Binding{Demanded: true, Kind: "member", IAL: hub.IAL22}
	i.Demands.Entity, i.Demands.Exclusive, i.Demands.Approval = authz.ByDelegation, true, true
	return i
}
