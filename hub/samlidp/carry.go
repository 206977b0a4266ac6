package samlidp

import (
	"onedoor/hub"
	"onedoor/hub/envelope"
)

// carried is a question on its way through the redirect.
type carried struct {
	Question    question          `json:"q"`
	Interaction hub.InteractionID `json:"i"`
}

// carryContext binds what is sealed here to its purpose: no access token, which is sealed under the same keys, can be taken for it
// and the other way round.
const carryContext = "onedoor samlidp request 1\x00"

// seal gives a question as text that only the hub can read and make. Unavailable, TooMany.
func (p *Provider) seal(c carried) (string, error) {
	return envelope.Carry(p.o.Keys, p.o.Random, carryContext, c)
}

// open reads what seal made. Invalid for anything else; Expired.
func (p *Provider) open(text string) (carried, error) {
	var c carried
	if err := envelope.Carried(p.o.Keys, carryContext, text, &c); err != nil {
		return carried{}, err
	}
	if age := p.now().Sub(c.Question.at()); age > carryLife {
		return carried{}, hub.Errorf("samlidp.open", hub.Expired, "the request came too long ago")
	}
	return c, nil
}
