package samlidp

import (
	"context"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

// Items knows which service items are open to a person.
type Items interface {
	// Open lists the items of a system's department that are open to the person of a login now, as "item:action". Unavailable.
	Open(ctx context.Context, system hub.SystemID, res login.Result) ([]string, error)
}

// itemsAttribute has a value for each action on an item of the service provider's department that is open to the person.
const itemsAttribute = "urn:onedoor:items"

// collectItems finds what is open to the person, for a service provider that is told. It says what was so at the login: who must know it for the
// moment asks the decision point.
func (p *Provider) collectItems(ctx context.Context, sp ServiceProvider, f *finding, res login.Result) *refusal {
	if !sp.TellsItems || p.o.Items == nil {
		return nil
	}
	now := res
	now.Session = f.session
	list, err := p.o.Items.Open(ctx, sp.ID, now)
	if err != nil {
		return failed(hub.KindOf(err)).from(err)
	}
	if len(list) > 0 {
		f.items = []samlmsg.Attribute{{Name: itemsAttribute, NameFormat: samlmsg.AttributeURI, FriendlyName: "items", Values: list}}
	}
	return nil
}
