package token

import (
	"slices"
	"time"

	"onedoor/hub"
)

// MaxActors is how long a chain of systems that act for a person may be: each exchange adds one.
const MaxActors = 4

// ExchangeRule is what an API says about one system that may come with a token of a person and ask for another one, addressed to the API.
type ExchangeRule struct {
	From   hub.SystemID
	Scopes []string  // that such a token may carry at most
	Least  hub.Level // that the person must have reached
}

// Exchange is one question to the policy of token exchange (RFC 8693): may the actor, who holds the subject token, have one for the target?
type Exchange struct {
	Subject  Access // validated: active now
	Actor    hub.SystemID
	Target   hub.SystemID
	Rule     *ExchangeRule // of the target for the actor; nil where there is none
	Required hub.Level     // that the target demands of everybody
	Scopes   []string      // asked for; none for all that is possible
	Level    hub.Level     // that the session still stands for, by the authentication that the subject token speaks of
	Now      time.Time
	Life     time.Duration // at most
}

// Denial is why an exchange is refused: a machine word.
type Denial string

// The denials, in the order in which they are looked for.
const (
	NoPerson     Denial = "no_person"     // the subject token is of a system that acts for itself
	NotHeld      Denial = "not_held"      // the actor is neither the subject token's client nor in its audience
	NotTheOne    Denial = "may_act"       // the subject token names another system that may act
	ChainTooLong Denial = "chain"         // it would be the actor after MaxActors
	NoRule       Denial = "no_rule"       // the target has not said that it lets the actor come
	LevelTooLow  Denial = "level_unmet"   // of what the target demands
	ScopeTooWide Denial = "scope"         // a scope that the subject token, or the rule, does not have
	TooLate      Denial = "token_expired" // nothing of the subject token's life is left
)

// Decide is the policy as a pure function. Where nothing is denied, it gives the new token without its id and without a release of
// attributes, which takes the person's consent. The new token is never for more than the subject token was: its scopes are a subset, its
// level no higher, its authentication the same, its end no later, its audience the target alone; it ends with the subject token, its grant,
// its session, its account, and with every system of the chain.
func (x Exchange) Decide() (Access, Denial) {
	s := x.Subject
	life := min(x.Life, s.ExpiresAt.Sub(x.Now))
	level := hub.Level{IAL: min(x.Level.IAL, s.Level.IAL), AAL: min(x.Level.AAL, s.Level.AAL)}
	switch {
	case s.Machine || s.Account == "" || s.Session == "" || s.Grant == "":
		return Access{}, NoPerson
	case x.Actor == "" || s.Holder() != x.Actor && !slices.Contains(s.Audience, string(x.Actor)):
		return Access{}, NotHeld
	case s.MayAct != "" && s.MayAct != x.Actor:
		return Access{}, NotTheOne
	case len(s.Actors) >= MaxActors || len(s.Parents) >= maxParents:
		return Access{}, ChainTooLong
	case x.Rule == nil || x.Rule.From != x.Actor || x.Target == "" || x.Target == x.Actor:
		return Access{}, NoRule
	case !level.Satisfies(x.Rule.Least) || !level.Satisfies(x.Required):
		return Access{}, LevelTooLow
	case life < time.Second:
		return Access{}, TooLate
	}
	var scopes []string
	for _, scope := range s.Scopes {
		if slices.Contains(x.Rule.Scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	for _, scope := range x.Scopes {
		if !slices.Contains(scopes, scope) {
			return Access{}, ScopeTooWide
		}
	}
	if len(x.Scopes) > 0 {
		scopes = slices.Clone(x.Scopes)
	}
	child := s
	child.ID, child.Release, child.MayAct, child.Details, child.Records = "", nil, "", "", nil // what was granted in detail was granted to the client alone
	child.Audience, child.Scopes, child.Level = []string{string(x.Target)}, scopes, level
	child.IssuedAt, child.ExpiresAt = x.Now, x.Now.Add(life)
	child.Actors = append([]hub.SystemID{x.Actor}, s.Actors...)
	child.Parents = append([]string{s.ID}, s.Parents...)
	return child, ""
}
