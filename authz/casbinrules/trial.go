package casbinrules

import (
	"maps"
	"net/netip"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/tenants"
)

// trial puts the model to the test with one item of a person and one of an entity, each with every demand: the case that meets them all must
// pass, and each of those that fail one alone must be refused. A model that forgets a demand is found at the start and not later.
func (x *Items) trial(op string) error {
	items := []authz.Item{trialItem("of-person", authz.OptIn, authz.NotOffice), trialItem("of-entity", authz.NotOwn, authz.ByDelegation)}
	rules, err := x.Compile(items, nil)
	if err != nil {
		return err
	}
	withheld := items[0]
	withheld.Status = authz.Withheld
	other, err := x.Compile([]authz.Item{withheld}, nil)
	if err != nil {
		return err
	}
	if _, ok := other.Judge(trialCase(withheld)); ok {
		return hub.Errorf(op, hub.Invalid, "the model does not stand the trial: it opens an item that is suspended")
	}
	for _, i := range items {
		if why, ok := rules.Judge(trialCase(i)); !ok || len(why) > 0 {
			return hub.Errorf(op, hub.Invalid, "the model does not stand the trial: it refuses what meets every demand")
		}
		all := maps.Clone(spoilers)
		if i.Demands.Entity != authz.NotOffice {
			maps.Copy(all, spoilersOfEntities)
		}
		for name, spoil := range all {
			c := trialCase(i)
			spoil(c)
			if why, ok := rules.Judge(c); ok || len(why) == 0 {
				return hub.Errorf(op, hub.Invalid, "the model does not stand the trial: it opens with "+name)
			}
		}
	}
	return nil
}

func trialItem(id authz.ItemID, own authz.Own, office authz.Office) authz.Item {
	return authz.Item{
		ID: id, Department: "trial", Group: tenants.Transaction, Sensitivity: authz.Sensitive, Status: authz.Offered,
		Systems: []hub.SystemID{"asker"}, Actions: []authz.Action{"query"},
		Demands: authz.Demands{
			Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, MaxAge: time.Hour, Person: own, Entity: office, Exclusive: office == authz.ByDelegation,
			Places: authz.Places{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Device: true}, Approval: true,
			Hours:   authz.Hours{Zone: "Asia/Bangkok", Windows: []authz.Window{{Days: authz.EveryDay, From: 8 * 60, To: 16 * 60}}},
			Binding: authz.Binding{Demanded: true, Kind: "member", IAL: hub.IAL21},
		},
	}
}

// trialCase meets every demand of a trial's item.
func trialCase(i authz.Item) *authz.Case {
	now := time.Date(2026, 1, 5, 3, 0, 0, 0, time.UTC) // a Monday, at ten in Bangkok
	c := &authz.Case{
		Question: authz.Question{
			Item: i.ID, Action: "query", System: "asker", Department: "trial", Party: authz.Party{Account: "who"}, Session: "here",
			Authentications: []authz.Authentication{{Level: i.Demands.Least, At: now.Add(-time.Minute)}}, Address: netip.MustParseAddr("192.0.2.7"),
		},
		Facts: &authz.Facts{Bound: []authz.Bound{{Department: "trial", Kind: "member", IAL: hub.IAL21}}}, Shown: []string{"device"}, Now: now,
	}
	if i.Demands.Entity == authz.NotOffice {
		c.Facts.Openings = []authz.Opening{{Account: "who", Item: i.ID, State: authz.Open, DecidedAt: now}}
		return c
	}
	c.Question.Party.Entity = "entity"
	c.Facts.Mandates = []authz.Mandate{{Department: "trial"}}
	c.Facts.Delegations = []authz.Delegation{{
		Item: i.ID, Entity: "entity", Operator: "who", Exclusive: true, State: authz.Active, From: now.Add(-time.Hour), Until: now.Add(time.Hour), DecidedAt: now,
	}}
	return c
}

// spoilers each take one thing away.
var spoilers = map[string]func(c *authz.Case){
	"another item":       func(c *authz.Case) { c.Question.Item = "another" },
	"another action":     func(c *authz.Case) { c.Question.Action = "file" },
	"another asker":      func(c *authz.Case) { c.Question.System = "another" },
	"another department": func(c *authz.Case) { c.Question.Department = "another" },
	"nobody":             func(c *authz.Case) { c.Question.Party.Account = "" },
	"no session":         func(c *authz.Case) { c.Question.Session = "" },
	"no authentication":  func(c *authz.Case) { c.Question.Authentications = nil },
	"a lower IAL":        func(c *authz.Case) { c.Question.Authentications[0].Level.IAL-- },
	"a lower AAL":        func(c *authz.Case) { c.Question.Authentications[0].Level.AAL-- },
	"an old one":         func(c *authz.Case) { c.Question.Authentications[0].At = c.Now.Add(-time.Hour) },
	"no record":          func(c *authz.Case) { c.Facts.Bound = nil },
	"a weak record":      func(c *authz.Case) { c.Facts.Bound[0].IAL-- },
	"another place":      func(c *authz.Case) { c.Question.Address = netip.MustParseAddr("198.51.100.1") },
	"no place":           func(c *authz.Case) { c.Question.Address = netip.Addr{} },
	"no device":          func(c *authz.Case) { c.Shown = nil },
	"another hour":       func(c *authz.Case) { c.Now = c.Now.Add(12 * time.Hour); c.Question.Authentications[0].At = c.Now },
	"nothing opened":     func(c *authz.Case) { c.Facts.Openings, c.Facts.Delegations = nil, nil },
	"no approval":        func(c *authz.Case) { unapprove(c.Facts) },
	"the other side":     func(c *authz.Case) { turn(&c.Question.Party) },
	"a lock, or a share": func(c *authz.Case) { shut(c.Facts) },
}

// spoilersOfEntities are those that take away what only an operator has.
var spoilersOfEntities = map[string]func(c *authz.Case){
	"no mandate":            func(c *authz.Case) { c.Facts.Mandates = nil },
	"a mandate elsewhere":   func(c *authz.Case) { c.Facts.Mandates[0].Department = "another" },
	"another's delegation":  func(c *authz.Case) { c.Facts.Delegations[0].Operator = "another" },
	"a delegation too late": func(c *authz.Case) { c.Facts.Delegations[0].Until = c.Now },
}

func unapprove(f *authz.Facts) {
	for i := range f.Openings {
		f.Openings[i].DecidedAt = time.Time{}
	}
	for i := range f.Delegations {
		f.Delegations[i].DecidedAt = time.Time{}
	}
}

func turn(p *authz.Party) {
	if p.Entity = "entity" + p.Entity; p.Entity != "entity" {
		p.Entity = ""
	}
}

// shut locks, and makes the delegation a shared one.
func shut(f *authz.Facts) {
	for i := range f.Openings {
		f.Openings[i].State = authz.Locked
	}
	for i := range f.Delegations {
		f.Delegations[i].Exclusive = false
	}
}
