package oidcop

import (
	"context"
	"slices"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/pairwise"
	"onedoor/hub/token"
)

// Mandates knows the right by which persons act for entities.
type Mandates interface {
	// Reach gives those of some systems where a mandate counts now. Consumed where it counts nowhere any more.
	Reach(ctx context.Context, mandate string, systems []hub.SystemID) ([]hub.SystemID, error)
	// Entity gives what a department may be registered to be told of an entity. NotFound.
	Entity(ctx context.Context, id hub.EntityID) (Entity, error)
}

// Entity is what is told of a legal entity to a department that is registered so.
type Entity struct {
	Names      hub.Text
	NumberType string // a kind of hub/identifier
	Number     string
}

// The parameter by which a client says for whom the person shall act: partySelf, partyChoose, or the sub of a representee that it knows.
const (
	partyParameter = "act_for"
	partySelf      = "self"
	partyChoose    = "choose"
)

// readParty takes the wish. Which entities the person acts for is for the login to know; an id that is nobody's here has them asked.
func (a *authorization) readParty(p params) *refusal {
	switch v := p.get(partyParameter); {
	case a.client.For == login.Persons: // not understood there, so ignored
	case v == partySelf:
		a.party = login.PartySelf
	case v == partyChoose, v == "" && a.choose:
		a.party = login.PartyChoose
	case v != "" && len(v) != pairwise.Size:
		return refuse(codeInvalidRequest, "act_for must be self, choose or the sub of a representee")
	case v != "":
		a.actFor = v
	}
	return nil
}

// actsFor gives the wish in the login's words.
func (p *Provider) actsFor(a *authorization) string {
	if a.actFor == "" {
		return a.party
	}
	id, ok := p.entities.Open(p.sectors.of(&a.client), a.actFor)
	if !ok {
		return login.PartyChoose
	}
	return string(id)
}

// represents refuses what the room above must not have let through: an entity at a system for persons, a person at one for entities.
func represents(c Client, party login.Party) *refusal {
	if party.Entity != "" && (c.For == login.Persons || party.Mandate == "") || party.Entity == "" && c.For == login.Entities {
		return fault(hub.Errorf("oidcop.represents", hub.Internal, "the client does not serve such a party"))
	}
	return nil
}

// mandated finds out for whom tokens under a mandate may be: the client and those of its APIs where the mandate counts now (ENT-02). It
// refuses where it does not count at the client any more.
func (p *Provider) mandated(ctx context.Context, client Client, sess *fositestore.Session) *refusal {
	if sess.Grant.Entity == "" {
		return nil
	}
	code, text := grantCodeOf(hub.Consumed)
	if client.For == login.Persons || p.mandates == nil {
		return refuse(code, text).because("mandate_ended")
	}
	systems := []hub.SystemID{client.ID}
	for _, r := range client.Audience {
		systems = append(systems, r.System)
	}
	reach, err := p.mandates.Reach(ctx, sess.Grant.Mandate, systems)
	switch {
	case err != nil && inactive(err), err == nil && !slices.Contains(reach, client.ID):
		return refuse(code, text).because("mandate_ended").from(err)
	case err != nil:
		return fault(err)
	}
	for _, id := range reach {
		to, err := p.client(ctx, string(id))
		if err == nil && to.For != login.Persons {
			sess.Reach = append(sess.Reach, id)
		}
	}
	return nil
}

// reaches refuses an exchange for an API where the mandate does not count: an operator of one department is nobody at another (ENT-02).
func (p *Provider) reaches(ctx context.Context, a token.Access, to Client) *refusal {
	if a.Entity == "" {
		if to.For == login.Entities {
			return denied(token.NoRule)
		}
		return nil
	}
	if to.For == login.Persons || p.mandates == nil {
		return denied(token.NoRule)
	}
	g, err := p.grants.Get(ctx, a.Grant)
	if err == nil {
		var reach []hub.SystemID
		reach, err = p.mandates.Reach(ctx, g.Mandate, []hub.SystemID{to.ID})
		if err == nil && !slices.Contains(reach, to.ID) {
			return denied(token.NoRule)
		}
	}
	switch {
	case err != nil && inactive(err):
		return denied(token.NoRule).from(err)
	case err != nil:
		return fault(err)
	}
	return nil
}

// representee is for whom the person of a grant or token acts, in a client's own terms; nil for themselves. With facts, where the client is
// registered to be told them, there are the names and the number.
func (p *Provider) representee(ctx context.Context, c Client, entity hub.EntityID, account hub.AccountID, facts bool) (*token.Representee, error) {
	if entity == "" {
		return nil, nil //nolint:nilnil // nobody is a value
	}
	r := token.NewRepresentee(p.entities.Of(p.sectors.of(&c), entity), p.subject(c, account))
	if !facts || !c.EntityFacts || p.mandates == nil {
		return r, nil
	}
	e, err := p.mandates.Entity(ctx, entity)
	if err != nil {
		return nil, err
	}
	r.Name, r.NumberType, r.Number = e.Names, e.NumberType, e.Number
	return r, nil
}

// appendRepresentee is representee for the hot path: without SQL, so without facts.
func (p *Provider) appendRepresentee(to []byte, c *Client, a *token.Access) []byte {
	to = append(to, `,"representee":{"sub":"`...)
	to = p.entities.Append(to, p.sectors.of(c), a.Entity)
	to = append(to, `","type":"`+token.LegalPerson+`","act":{"sub":"`...)
	to = p.appendSubject(to, c, a.Account)
	return append(to, `"}}`...)
}
