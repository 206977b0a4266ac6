package samlidp

import (
	"context"
	"slices"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
	"onedoor/hub/token"
)

// The attributes of whom the person acts for (docs/entities.md): the entity as this service provider knows it, its type, and, where the service
// provider is registered to be told, its number and names. The person stays the subject: who acts is the NameID.
const (
	representeeAttribute   = "urn:onedoor:representee"
	representeeType        = "urn:onedoor:representee-type"
	representeeNumber      = "urn:onedoor:representee-number"
	representeeNumberType  = "urn:onedoor:representee-number-type"
	representeeNamesPrefix = "urn:onedoor:representee-name:" // and the language
)

// represent finds what the assertion will say of whom the person acts for. It refuses what the room above must not have let through.
func (p *Provider) represent(ctx context.Context, sp ServiceProvider, f *finding, party login.Party) *refusal {
	const op = "samlidp.represent"
	if party.Entity != "" && (sp.For == login.Persons || party.Mandate == "" || p.o.Mandates == nil) || party.Entity == "" && sp.For == login.Entities {
		return failed(hub.Internal).from(hub.Errorf(op, hub.Internal, "the system does not serve such a party"))
	}
	if party.Entity == "" {
		return nil
	}
	f.mandate = party.Mandate
	if until := party.Until; !until.IsZero() && until.Before(f.ends) {
		f.ends = until
	}
	f.representee = []samlmsg.Attribute{
		uri(representeeAttribute, "representee", p.entities.Of("saml "+sp.EntityID, party.Entity)),
		uri(representeeType, "representee_type", token.LegalPerson),
	}
	if !sp.EntityFacts {
		return nil
	}
	e, err := p.o.Mandates.Entity(ctx, party.Entity)
	if err != nil {
		return failed(hub.KindOf(err)).from(err)
	}
	f.representee = append(f.representee, uri(representeeNumber, "representee_number", e.Number), uri(representeeNumberType, "representee_number_type", e.NumberType))
	for _, lang := range hub.Languages() {
		if e.Names[lang] != "" {
			f.representee = append(f.representee, uri(representeeNamesPrefix+lang, "representee_name_"+lang, e.Names[lang]))
		}
	}
	return nil
}

func uri(name, friendly, value string) samlmsg.Attribute {
	return samlmsg.Attribute{Name: name, NameFormat: samlmsg.AttributeURI, FriendlyName: friendly, Values: []string{value}}
}

// hold keeps the mandate while the answer is written. Expired where it has ended: it is as a session that has.
func (p *Provider) hold(ctx context.Context, mandate string) error {
	if mandate == "" {
		return nil
	}
	err := p.o.Mandates.Hold(ctx, mandate)
	if slices.Contains([]hub.Kind{hub.Consumed, hub.NotFound}, hub.KindOf(err)) {
		return hub.E("samlidp.hold", hub.Expired, err)
	}
	return err
}
