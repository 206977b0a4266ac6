package login

import (
	"context"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Serves tells whose business a system does: persons' own, legal entities', or both.
type Serves string

// Whom a system serves. Nobody is asked anything for the first.
const (
	Persons  Serves = ""
	Entities Serves = "entities"
	Both     Serves = "both"
)

// Party is for whom a person acts at a system (ENT-03): a legal entity, or themselves where it is zero.
type Party struct {
	Entity  hub.EntityID
	Mandate string   // under which they act: what is issued stands on it
	Names   hub.Text // of the entity
	Head    bool     // they are its master administrator
	Until   time.Time
}

// The wishes of a request about the party; else the id of an entity.
const (
	PartySelf   = "self"   // the person themselves
	PartyChoose = "choose" // let them choose again, whatever is remembered
)

// PartyNeeded is the finer word for a passive request that would have to ask for whom the person acts.
const PartyNeeded hub.Kind = "party_needed"

// Parties knows for whom persons may act.
type Parties interface {
	// Of lists the entities that a person may act for at a system now, by name, and for whom the session is used there already: an entity, or
	// the person themselves where it is "". known is false where nothing is remembered, as for no session. Unavailable.
	Of(ctx context.Context, account hub.AccountID, session hub.SessionID, system System) (all []Party, last hub.EntityID, known bool, err error)
	// Act notes for whom the session is used at the system, in the transaction of ctx, and keeps the mandate from ending before that is
	// over. Consumed where the mandate does not count there any more.
	Act(ctx context.Context, account hub.AccountID, session hub.SessionID, system System, p Party) error
}

// PartyView is what the page asks: for whom the person acts.
type PartyView struct {
	Self    bool // themselves is a choice
	Parties []Party
	Last    string // remembered: PartySelf or an entity's id; "" for nothing
}

// decideParty settles for whom a person acts, without SQL and without a page; false where they must be asked. What they have picked on the
// page counts first, then what the request wishes, then what the session remembers. A choice that is not there opens nothing.
func decideParty(serves Serves, picked, wish string, all []Party, last hub.EntityID, known bool) (Party, bool) {
	find := func(word string) (Party, bool) {
		if word == PartySelf {
			return Party{}, serves == Both
		}
		i := slices.IndexFunc(all, func(p Party) bool { return string(p.Entity) == word })
		if i < 0 || word == "" {
			return Party{}, false
		}
		return all[i], true
	}
	switch {
	case picked != "":
		return find(picked)
	case wish == PartyChoose && (len(all) > 0 || serves == Entities):
		return Party{}, false
	case wish != "" && wish != PartyChoose:
		return find(wish)
	case known && last == "":
		return find(PartySelf)
	case known:
		return find(string(last))
	case len(all) == 0:
		return find(PartySelf)
	}
	return Party{}, false
}

// Act takes the answer of the page that asks for whom the person acts: PartySelf or an entity's id. What is not a choice any more shows the
// page again.
func (s *Service) Act(ctx context.Context, id hub.TransactionID, party string, b Browser) (Next, error) {
	return s.perform(ctx, id, b, func(j *journey) {
		if j.tx.Step == StepParty {
			j.party = party
		}
	})
}

// acting settles for whom the person acts, or asks. Systems that serve persons only go on at once.
func (s *Service) acting(ctx context.Context, j *journey) (bool, error) {
	if j.system.For == Persons {
		j.tx.Party, j.tx.Step = "", StepItems
		return false, nil
	}
	acct, _, known := j.person()
	if !known {
		j.tell(hub.Expired, "", "")
		j.reset()
		return false, nil
	}
	all, last, remembered, err := s.parties(ctx, j, acct)
	if err != nil {
		return false, err
	}
	picked := j.party
	j.party = ""
	p, ok := decideParty(j.system.For, picked, j.tx.Request.Party, all, last, remembered)
	if ok {
		j.acts, j.tx.Party, j.tx.Step = &p, partyWord(p), StepItems
		return false, nil
	}
	if j.tx.Request.Passive {
		j.end(PartyNeeded, string(PartyNeeded))
		return false, nil
	}
	v := PartyView{Self: j.system.For == Both, Parties: all}
	if remembered {
		v.Last = partyWord(Party{Entity: last})
	}
	if picked != "" {
		j.problem = hub.Denied
	}
	j.show(View{Step: StepParty, Party: &v, Problem: j.problem})
	return true, nil
}

func partyWord(p Party) string {
	if p.Entity == "" {
		return PartySelf
	}
	return string(p.Entity)
}

func (s *Service) parties(ctx context.Context, j *journey, acct hub.AccountID) ([]Party, hub.EntityID, bool, error) {
	if s.o.Parties == nil {
		return nil, "", false, hub.Errorf("login.parties", hub.Internal, "nobody knows for whom a person may act")
	}
	return s.o.Parties.Of(ctx, acct, j.sessionOf(acct), j.system)
}

// sessionOf gives the session that will serve a person, as far as it is there already.
func (j *journey) sessionOf(acct hub.AccountID) hub.SessionID {
	if j.live != nil && j.live.session.Account == acct {
		return j.live.session.ID
	}
	return ""
}

// decided makes sure of the party that was settled, in an earlier call maybe. False where it does not stand any more: the person is asked
// again.
func (s *Service) decided(ctx context.Context, j *journey, acct hub.AccountID) (bool, error) {
	if j.system.For == Persons && j.tx.Party == "" || j.acts != nil {
		return true, nil
	}
	if j.system.For != Persons && j.tx.Party != "" {
		all, _, _, err := s.parties(ctx, j, acct)
		if err != nil {
			return false, err
		}
		if p, ok := decideParty(j.system.For, j.tx.Party, "", all, "", false); ok {
			j.acts = &p
			return true, nil
		}
	}
	j.tx.Party, j.tx.Step, j.tx.Private = "", StepParty, nil // also where the system serves others by now
	return false, nil
}

// act notes in the transaction of ctx for whom the session is used.
func (s *Service) act(ctx context.Context, j *journey, acct hub.AccountID, session hub.SessionID) error {
	if j.system.For == Persons || j.acts == nil {
		return nil
	}
	return s.o.Parties.Act(ctx, acct, session, j.system, *j.acts)
}

// named adds the entity to an event.
func (j *journey) named(e audit.Event) audit.Event {
	if j.acts != nil && j.acts.Entity != "" {
		e.Detail = map[string]string{"entity": string(j.acts.Entity), "mandate": j.acts.Mandate}
	}
	return e
}
