package casbinrules_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/session"
)

// oracle answers in plain Go, straight from the requirements, without a line, a matcher or a reason: it is written to be compared with the
// rules and shares nothing with them. RAZ-01 to RAZ-08 say in their order what it asks.
func oracle(i authz.Item, c *authz.Case) bool {
	q, d := c.Question, i.Demands

	// The item is in service, knows the action, and the asker may ask.
	if i.Status != "offered" || q.Department != i.Department || q.System == "" {
		return false
	}
	may := len(i.Systems) == 0
	for _, s := range i.Systems {
		may = may || s == q.System
	}
	knows := false
	for _, a := range i.Actions {
		knows = knows || a == q.Action
	}
	if !may || !knows || q.Party.Account == "" || q.Session == "" {
		return false
	}

	// RAZ-07: the best of the logins.
	strongEnough := false
	for _, a := range q.Authentications {
		age := c.Now.Sub(a.At)
		young := age < session.LimitFor(d.Least.AAL).Age && (d.MaxAge == 0 || age < d.MaxAge)
		strongEnough = strongEnough || young && a.Level.IAL >= d.Least.IAL && a.Level.AAL >= d.Least.AAL
	}

	// A record of the department.
	tied := !d.Binding.Demanded
	for _, b := range c.Facts.Bound {
		tied = tied || b.Department == i.Department && (d.Binding.Kind == "" || b.Kind == d.Binding.Kind) && b.IAL >= d.Binding.IAL
	}

	// RAZ-04: where and with what; and when.
	near := len(d.Places.Networks) == 0
	for _, n := range d.Places.Networks {
		near = near || q.Address.IsValid() && n.Contains(q.Address.Unmap())
	}
	if d.Places.Device && len(c.Shown) == 0 || !near || !strongEnough || !tied || !openAt(d.Hours, c.Now) {
		return false
	}
	if q.Party.Entity == "" {
		return personally(i, c)
	}
	return officially(i, c)
}

// openAt goes by the wall clock of the zone, a minute of the week at a time.
func openAt(h authz.Hours, at time.Time) bool {
	if len(h.Windows) == 0 {
		return true
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil {
		return false
	}
	clock := at.In(zone).Format("15:04")
	for _, w := range h.Windows {
		from, to := fmt.Sprintf("%02d:%02d", w.From/60, w.From%60), fmt.Sprintf("%02d:%02d", w.To/60, w.To%60)
		if w.Days>>int(at.In(zone).Weekday())&1 == 1 && from <= clock && clock < to {
			return true
		}
	}
	return false
}

// RAZ-02, RAZ-06.
func personally(i authz.Item, c *authz.Case) bool {
	var said *authz.Opening
	for n, o := range c.Facts.Openings {
		if o.Item == i.ID {
			said = &c.Facts.Openings[n]
			break
		}
	}
	open := said != nil && said.State == "open"
	if open && said.Session != "" { // for one sign-in alone
		open = said.Session == c.Question.Session && c.Now.Before(said.Until)
	}
	switch i.Demands.Person {
	case "always":
		return true
	case "lockable":
		return said == nil || open
	case "opt_in":
		return said != nil && open && (!i.Demands.Approval || !said.DecidedAt.IsZero())
	}
	return false
}

// ENT-02, RAZ-03, RAZ-04, RAZ-06, RAZ-08.
func officially(i authz.Item, c *authz.Case) bool {
	d := i.Demands
	mandated := false
	for _, m := range c.Facts.Mandates {
		begun, over := !c.Now.Before(m.From), !m.Until.IsZero() && !c.Now.Before(m.Until)
		mandated = mandated || (m.Department == "" || m.Department == i.Department && (len(m.Systems) == 0 || m.Systems[0] == c.Question.System)) && begun && !over
	}
	if !mandated || d.Entity == "" {
		return false
	}
	if d.Entity == "mandate" {
		return true
	}
	for _, x := range c.Facts.Delegations {
		if x.Item != i.ID {
			continue
		}
		mine := x.Entity == c.Question.Party.Entity && x.Operator == c.Question.Party.Account && x.State == "active"
		during := !x.From.After(c.Now) && (x.Until.IsZero() || x.Until.After(c.Now)) && openAt(x.Hours, c.Now)
		sole := x.Exclusive || !d.Exclusive
		approved := !d.Approval || !x.DecidedAt.IsZero()
		there := len(x.Places) == 0
		for _, id := range x.Places {
			for _, p := range c.Facts.Places {
				for _, n := range p.Networks {
					there = there || p.ID == id && c.Question.Address.IsValid() && n.Contains(c.Question.Address.Unmap())
				}
			}
		}
		with := len(x.Devices) == 0
		for _, id := range x.Devices {
			for _, shown := range c.Shown {
				with = with || id == shown
			}
		}
		return mine && during && sole && approved && there && with
	}
	return false
}

// awaits tells whether the operator is to hear that the department's staff has yet to say yes: the item is one that is delegated, it is not in their
// hands, and somebody has proposed that it be.
func awaits(i authz.Item, c *authz.Case) bool {
	q := c.Question
	if q.Item != i.ID || q.Party.Account == "" || q.Session == "" || q.Party.Entity == "" || i.Demands.Entity != "delegation" {
		return false
	}
	proposed := false
	for _, x := range c.Facts.Waiting {
		proposed = proposed || x.State == "proposed" && x.Item == i.ID && x.Entity == q.Party.Entity && x.Operator == q.Party.Account
	}
	for _, x := range c.Facts.Delegations {
		if x.Item != i.ID {
			continue
		}
		mine := x.State == "active" && x.Entity == q.Party.Entity && x.Operator == q.Party.Account
		return proposed && (!mine || !x.Until.IsZero() && !x.Until.After(c.Now))
	}
	return proposed
}

// dice draw items and cases in which every demand is about as likely met as not, and few fail at once: else all would be refused for many
// reasons, and nothing would be compared.
type dice struct{ *rand.Rand }

func (r dice) rarely() bool { return r.IntN(24) == 0 }
func (r dice) often() bool  { return r.IntN(3) > 0 }

func pick[T any](r dice, all ...T) T { return all[r.IntN(len(all))] }

func (r dice) hours() authz.Hours {
	h := authz.Hours{Zone: pick(r, "Asia/Bangkok", "UTC", "America/St_Johns", "Asia/Kathmandu")}
	for range 1 + r.IntN(3) {
		from := r.IntN(20 * 60)
		h.Windows = append(h.Windows, authz.Window{Days: authz.Days(1 + r.IntN(127)), From: from, To: from + 1 + r.IntN(24*60-from)})
	}
	return h
}

func (r dice) item(n int) authz.Item {
	i := authz.Item{
		ID: authz.ItemID(fmt.Sprintf("item-%d", n)), Department: pick[hub.DepartmentID](r, "social", "social", "social", "revenue"), Status: authz.Offered,
		Actions: pick(r, []authz.Action{"query"}, []authz.Action{"query", "file"}, []authz.Action{"query", "file", "sign"}),
		Demands: authz.Demands{
			Least:  hub.Level{IAL: pick(r, hub.IAL11, hub.IAL21, hub.IAL23), AAL: pick(r, hub.AAL1, hub.AAL21, hub.AAL22)},
			MaxAge: pick(r, 0, 0, time.Minute, time.Hour), Person: pick(r, authz.NotOwn, authz.Always, authz.Lockable, authz.OptIn),
			Entity: pick(r, authz.NotOffice, authz.ByMandate, authz.ByDelegation, authz.ByDelegation), Exclusive: r.rarely() || r.IntN(4) == 0,
			Approval: r.IntN(4) == 0,
		},
	}
	if r.rarely() {
		i.Status = authz.Withheld
	}
	if r.IntN(4) == 0 {
		i.Systems = pick(r, []hub.SystemID{"desk"}, []hub.SystemID{"desk", "shop"})
	}
	if r.IntN(4) == 0 {
		i.Demands.Places.Networks = pick(r, []netip.Prefix{office}, []netip.Prefix{office, netip.MustParsePrefix("2001:db8::/32")})
	}
	i.Demands.Places.Device = r.IntN(5) == 0
	if r.IntN(4) == 0 {
		i.Demands.Hours = r.hours()
	}
	if r.IntN(3) == 0 {
		i.Demands.Binding = authz.Binding{Demanded: true, Kind: pick(r, "", "member"), IAL: pick(r, hub.IALNone, hub.IAL21)}
	}
	return i
}

func (r dice) moment(near time.Time) time.Time {
	return near.Add(time.Duration(r.IntN(4*3600)-2*3600) * time.Second)
}

func (r dice) chance(i authz.Item) *authz.Case {
	now := monday.Add(time.Duration(r.IntN(7*24*60)) * time.Minute)
	c := &authz.Case{
		Question: authz.Question{
			Item: i.ID, Action: pick(r, i.Actions...), System: pick[hub.SystemID](r, "desk", "desk", "desk", "shop"), Department: i.Department,
			Party: authz.Party{Account: "who"}, Session: "here",
			Address: pick(r, inside, inside, netip.MustParseAddr("::ffff:192.0.2.9"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("198.51.100.1"), netip.Addr{}),
		},
		Facts: &authz.Facts{
			Places: []authz.Place{{ID: "office", Networks: []netip.Prefix{office}}, {ID: "annex", Networks: []netip.Prefix{netip.MustParsePrefix("2001:db8::/48")}}},
		},
		Now: now,
	}
	if r.rarely() {
		do(&c.Question, pick(r,
			func(q *authz.Question) { q.Action = "" }, func(q *authz.Question) { q.Action = "sign" }, func(q *authz.Question) { q.System = "" },
			func(q *authz.Question) { q.Department = "land" }, func(q *authz.Question) { q.Session = "" }, func(q *authz.Question) { q.Party.Account = "" },
			func(q *authz.Question) { q.Item = "item-x" },
		))
	}
	for range r.IntN(3) + 1 {
		l := hub.Level{IAL: pick(r, hub.IAL11, hub.IAL21, hub.IAL23, hub.IAL3), AAL: pick(r, hub.AAL1, hub.AAL21, hub.AAL22, hub.AAL3)}
		if r.often() {
			l = i.Demands.Least
		}
		age := pick(r, time.Second, time.Second, 30*time.Second, time.Minute, time.Hour-time.Nanosecond, time.Hour, 11*time.Hour, 12*time.Hour, 40*24*time.Hour)
		c.Question.Authentications = append(c.Question.Authentications, authz.Authentication{Level: l, At: now.Add(-age)})
	}
	if r.often() {
		c.Shown = pick(r, []string{"device"}, []string{"another"}, []string{"another", "device"})
	}
	for range r.IntN(3) {
		c.Facts.Bound = append(c.Facts.Bound, authz.Bound{Department: pick(r, i.Department, "land"), Kind: pick(r, "member", "other"), IAL: pick(r, hub.IAL11, hub.IAL21, hub.IAL3)})
	}
	if (i.Demands.Person != authz.NotOwn && (i.Demands.Entity == authz.NotOffice || r.IntN(2) == 0)) != r.rarely() {
		if r.often() {
			o := authz.Opening{Item: pick(r, i.ID, i.ID, i.ID, "other"), State: pick(r, authz.Open, authz.Open, authz.Locked, authz.Asked, authz.Refused)}
			if r.IntN(2) == 0 {
				o.DecidedAt = now
			}
			if r.IntN(3) == 0 {
				o.Session, o.Until = pick(r, c.Question.Session, c.Question.Session, "another"), pick(r, now, now.Add(time.Minute), now.Add(-time.Minute))
			}
			c.Facts.Openings = append(c.Facts.Openings, o)
		}
		return c
	}
	c.Question.Party.Entity = "entity"
	if !r.rarely() {
		m := authz.Mandate{Department: pick(r, i.Department, i.Department, i.Department, i.Department, i.Department, "land", ""), Systems: pick(r, nil, nil, []hub.SystemID{"desk"})}
		if r.IntN(4) == 0 {
			m.From, m.Until = r.moment(now), r.moment(now.Add(time.Hour))
		}
		c.Facts.Mandates = []authz.Mandate{m}
	}
	if !r.rarely() {
		d := authz.Delegation{
			Item: i.ID, Entity: "entity", Operator: "who", Exclusive: r.often(), State: authz.Active, From: now.Add(-time.Hour),
			Places: pick(r, nil, nil, []string{"office"}, []string{"annex", "office"}, []string{"gone"}), Devices: pick(r, nil, nil, nil, []string{"device"}),
		}
		if r.IntN(4) == 0 {
			d.From, d.Until = r.moment(now), r.moment(now.Add(time.Hour))
		}
		if r.often() {
			d.DecidedAt = now
		}
		if r.IntN(5) == 0 {
			d.Hours = r.hours()
		}
		if r.rarely() {
			do(&d, pick(r, func(d *authz.Delegation) { d.State = authz.Withdrawn }, func(d *authz.Delegation) { d.Operator = "another" }, func(d *authz.Delegation) { d.Entity = "another" },
				func(d *authz.Delegation) { d.Item = "other" }, func(d *authz.Delegation) {
					d.Hours = authz.Hours{Zone: "Nowhere/At-All", Windows: []authz.Window{{Days: 127, To: 1440}}}
				}))
		}
		c.Facts.Delegations = []authz.Delegation{d}
	}
	if r.IntN(4) == 0 { // one that waits for the staff
		w := authz.Delegation{Item: i.ID, Entity: "entity", Operator: "who", State: authz.Proposed}
		if r.rarely() {
			do(&w, pick(r, func(d *authz.Delegation) { d.State = authz.Declined }, func(d *authz.Delegation) { d.Operator = "another" },
				func(d *authz.Delegation) { d.Entity = "another" }, func(d *authz.Delegation) { d.Item = "other" }))
		}
		c.Facts.Waiting = []authz.Delegation{w}
		if r.often() {
			c.Facts.Delegations = nil
		}
	}
	return c
}

// 100,000 random cases on random items: the rules and the oracle never differ, and a no always has a reason.
func TestRulesAgreeWithAnOracle(t *testing.T) {
	t.Parallel()
	cases := 100_000
	if testing.Short() {
		cases = 10_000
	}
	seed := [2]uint64{2026, 8}
	r := dice{rand.New(rand.NewPCG(seed[0], seed[1]))}
	const each = 100
	items := make([]authz.Item, cases/each)
	for n := range items {
		items[n] = r.item(n)
	}
	rules := compile(t, items...)
	yes, different := 0, 0
	reasons := map[authz.Code]int{}
	for _, i := range items {
		for range each {
			c := r.chance(i)
			want := oracle(i, c) && c.Question.Item == i.ID
			why, got := rules.Judge(c)
			if got {
				yes++
			}
			told := false
			for _, x := range why {
				reasons[x.Code]++
				told = told || x.Code == authz.AwaitsApproval
			}
			if got != want || got != (len(why) == 0) || told != awaits(i, c) {
				if different++; different < 5 {
					t.Errorf("the oracle says %v, the rules %v %v: %+v\n%+v\n%+v", want, got, why, i, c.Question, c.Facts)
				}
			}
		}
	}
	if different > 0 {
		t.Errorf("%d of %d differ", different, cases)
	}
	if yes < cases/12 || yes > cases*11/12 {
		t.Errorf("%d of %d are a yes: too few of one answer to compare anything", yes, cases)
	}
	for _, code := range []authz.Code{
		authz.Suspended, authz.UnknownAction, authz.WrongSystem, authz.NoPerson, authz.LevelTooLow, authz.TooOld, authz.NotForPersons, authz.NotForEntities,
		authz.NotOpened, authz.IsLocked, authz.NotApproved, authz.NoMandate, authz.NotDelegated, authz.AwaitsApproval, authz.NotYet, authz.Over, authz.NotExclusive,
		authz.WrongPlace, authz.NoDevice, authz.OutOfHours, authz.NotBound, authz.BoundTooLow, authz.NoRule,
	} {
		if reasons[code] == 0 {
			t.Errorf("%s was never a reason", code)
		}
	}
	t.Logf("%d cases, %d yes", cases, yes)
}
