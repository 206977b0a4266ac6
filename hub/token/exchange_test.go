package token_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// question is an exchange that is allowed: revenue-web's token, accepted at revenue-api, which comes to social with it.
func question() token.Exchange {
	return token.Exchange{
		Subject: access(), Actor: "revenue-api", Target: "social",
		Rule:  &token.ExchangeRule{From: "revenue-api", Scopes: []string{"profile", "address"}, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}},
		Level: hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, Now: noon.Add(time.Minute), Life: 5 * time.Minute,
	}
}

func TestRFC8693_TruthTable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*token.Exchange)
		want   token.Denial
	}{
		"allowed":               {func(*token.Exchange) {}, ""},
		"its own client":        {func(x *token.Exchange) { x.Actor, x.Rule.From = "revenue-web", "revenue-web" }, ""},
		"named as the one":      {func(x *token.Exchange) { x.Subject.MayAct = "revenue-api" }, ""},
		"exactly the level":     {func(x *token.Exchange) { x.Rule.Least = x.Subject.Level }, ""},
		"a scope by name":       {func(x *token.Exchange) { x.Scopes = []string{"profile"} }, ""},
		"a rule without scopes": {func(x *token.Exchange) { x.Rule.Scopes = nil }, ""},
		"last second":           {func(x *token.Exchange) { x.Now = x.Subject.ExpiresAt.Add(-time.Second) }, ""},
		"a machine's":           {func(x *token.Exchange) { x.Subject.Machine = true }, token.NoPerson},
		"without account":       {func(x *token.Exchange) { x.Subject.Account = "" }, token.NoPerson},
		"without session":       {func(x *token.Exchange) { x.Subject.Session = "" }, token.NoPerson},
		"without grant":         {func(x *token.Exchange) { x.Subject.Grant = "" }, token.NoPerson},
		"nobody acts":           {func(x *token.Exchange) { x.Actor = "" }, token.NotHeld},
		"another holds it":      {func(x *token.Exchange) { x.Actor, x.Rule.From = "land", "land" }, token.NotHeld},
		"the first client of a chain": {func(x *token.Exchange) {
			x.Subject.Actors, x.Subject.Audience, x.Actor, x.Rule.From = []hub.SystemID{"exchange"}, []string{"land"}, "revenue-web", "revenue-web"
		}, token.NotHeld},
		"another is named":        {func(x *token.Exchange) { x.Subject.MayAct = "land" }, token.NotTheOne},
		"too many actors":         {func(x *token.Exchange) { x.Subject.Actors = make([]hub.SystemID, token.MaxActors) }, token.ChainTooLong},
		"too many parents":        {func(x *token.Exchange) { x.Subject.Parents = make([]string, token.MaxActors) }, token.ChainTooLong},
		"one before the most":     {func(x *token.Exchange) { x.Subject.Actors = slices.Repeat([]hub.SystemID{"a"}, token.MaxActors-1) }, ""},
		"no rule":                 {func(x *token.Exchange) { x.Rule = nil }, token.NoRule},
		"a rule for another":      {func(x *token.Exchange) { x.Rule.From = "land" }, token.NoRule},
		"no target":               {func(x *token.Exchange) { x.Target = "" }, token.NoRule},
		"itself":                  {func(x *token.Exchange) { x.Target = "revenue-api" }, token.NoRule},
		"below the rule's IAL":    {func(x *token.Exchange) { x.Rule.Least.IAL = hub.IAL3 }, token.LevelTooLow},
		"below the rule's AAL":    {func(x *token.Exchange) { x.Rule.Least.AAL = hub.AAL3 }, token.LevelTooLow},
		"below the target's":      {func(x *token.Exchange) { x.Required = hub.Level{IAL: hub.IAL21, AAL: hub.AAL3} }, token.LevelTooLow},
		"the session fell below":  {func(x *token.Exchange) { x.Level = hub.Level{IAL: hub.IAL23, AAL: hub.AAL1} }, token.LevelTooLow},
		"nothing left":            {func(x *token.Exchange) { x.Now = x.Subject.ExpiresAt }, token.TooLate},
		"less than a second left": {func(x *token.Exchange) { x.Now = x.Subject.ExpiresAt.Add(-time.Millisecond) }, token.TooLate},
		"wider than the subject":  {func(x *token.Exchange) { x.Scopes = []string{"profile", "address"} }, token.ScopeTooWide},
		"wider than the rule":     {func(x *token.Exchange) { x.Scopes = []string{"openid"} }, token.ScopeTooWide},
	} {
		x := question()
		c.change(&x)
		child, got := x.Decide()
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got != "" && !reflect.DeepEqual(child, token.Access{}) {
			t.Errorf("%s: denied, and a token all the same", name)
		}
	}
}

// Whatever comes in, what comes out is never for more than what came in (issue: never more rights).
func TestRFC8693_NoExchangeEverWidens(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	pick := func(all ...string) (out []string) {
		for _, s := range all {
			if rnd.IntN(2) == 0 {
				out = append(out, s)
			}
		}
		return out
	}
	systems := []hub.SystemID{"a", "b", "c", "d", "e", "f"}
	level := func() hub.Level { return hub.Level{IAL: hub.IAL(rnd.IntN(8)), AAL: hub.AAL(rnd.IntN(5))} }
	allowed, deepest := 0, 0
	for range 60_000 {
		s := access()
		s.System, s.Audience, s.Scopes, s.Level = "a", pick("b", "c", "d", "e", "f"), pick("openid", "profile", "address", "name"), level()
		s.Details = `[{"type":"item"}]`
		now := noon
		for depth := 1; ; depth++ {
			now = now.Add(time.Duration(rnd.IntN(90)) * time.Second)
			actor := systems[rnd.IntN(len(systems))]
			if depth > 1 || rnd.IntN(2) == 0 { // else most are denied at the door
				if len(s.Audience) > 0 {
					actor = hub.SystemID(s.Audience[0])
				}
			}
			x := token.Exchange{
				Subject: s, Actor: actor, Target: systems[rnd.IntN(len(systems))], Required: hub.Level{IAL: hub.IAL(rnd.IntN(2))}, Level: level(), Now: now,
				Scopes: pick("profile", "name")[:0], Life: time.Duration(rnd.IntN(600)) * time.Second,
				Rule: &token.ExchangeRule{From: actor, Scopes: pick("openid", "profile", "address", "name", "citizen_id")},
			}
			if rnd.IntN(3) == 0 {
				x.Scopes = pick("profile", "name")
			}
			child, denial := x.Decide()
			if denial != "" {
				break
			}
			allowed++
			deepest = max(deepest, depth)
			within := func(scopes []string) bool {
				return !slices.ContainsFunc(child.Scopes, func(c string) bool { return !slices.Contains(scopes, c) })
			}
			switch {
			case child.Details != "":
				t.Fatal("what was granted to the client in detail goes on to another")
			case !within(s.Scopes) || !within(x.Rule.Scopes):
				t.Fatalf("scopes %v from %v by %v", child.Scopes, s.Scopes, x.Rule.Scopes)
			case child.Level.IAL > s.Level.IAL || child.Level.AAL > s.Level.AAL || child.Level.IAL > x.Level.IAL || child.Level.AAL > x.Level.AAL:
				t.Fatalf("level %v from %v, %v", child.Level, s.Level, x.Level)
			case child.ExpiresAt.After(s.ExpiresAt) || child.ExpiresAt.Sub(now) > x.Life || !child.AuthTime.Equal(s.AuthTime):
				t.Fatalf("until %v from %v", child.ExpiresAt, s.ExpiresAt)
			case !slices.Equal(child.Audience, []string{string(x.Target)}) || child.Holder() != actor:
				t.Fatalf("for %v, to %s", child.Audience, child.Holder())
			case child.Session != s.Session || child.Account != s.Account || child.Grant != s.Grant || child.System != s.System || child.Bound != s.Bound:
				t.Fatal("it stands on something else")
			case len(child.Parents) != len(s.Parents)+1 || child.Parents[0] != s.ID || len(child.Actors) > token.MaxActors || child.Release != nil || child.ID != "":
				t.Fatalf("chain %v of %v", child.Parents, s.Parents)
			}
			child.ID = s.ID[1:] + "a"
			s = child
		}
	}
	if allowed < 10_000 || deepest != token.MaxActors {
		t.Errorf("only %d exchanges allowed, at most %d deep: the test tests nothing", allowed, deepest)
	}
}
