package samlsp

import (
	"context"
	"crypto/subtle"
	"errors"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// Finish takes the answer that was posted for this transaction and checks it, in this order: is it an answer to our question (provider,
// state, time), is it really the provider's (signature), is it for us, now, about this request, and for the first time. Kinds as in
// federation.Upstream.
func (c *Connector) Finish(ctx context.Context, p federation.Provider, ask login.Ask, answer login.Answer) (federation.Claims, error) {
	const op = "samlsp.Finish"
	if p.SAML == nil {
		return federation.Claims{}, hub.Errorf(op, hub.Internal, "no settings")
	}
	asked, err := decodeQuestion(answer.Private)
	if err != nil {
		return federation.Claims{}, err
	}
	if asked.Provider != p.ID || asked.Entity != p.SAML.EntityID || asked.Self != c.entityID(p) || asked.ACS != c.ACSURL(p.ID) {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.AnswerForeign)
	}
	if ask.State == "" || !same(answer.Params["state"], ask.State) {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.StateMismatch)
	}
	now := c.o.Clock()
	if age := now.Sub(asked.started()); age > c.o.Patience || age < -p.SAML.Skew() {
		return federation.Claims{}, hub.E(op, hub.Expired, federation.TooLate)
	}
	posted, err := c.take(ctx, p.ID, answer.Params["code"])
	if err != nil {
		return federation.Claims{}, err
	}
	if !same(posted.State, ask.State) {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.StateMismatch)
	}
	if posted.Cause != "" {
		return federation.Claims{}, causeOf(op, posted.Cause)
	}
	m, err := parse(posted.Message)
	if err != nil {
		return federation.Claims{}, untrusted(op, err)
	}
	r, err := c.verify(ctx, p, m)
	if err != nil {
		return federation.Claims{}, untrusted(op, err)
	}
	accepted, err := c.accept(ctx, p, asked, r)
	if err != nil {
		return federation.Claims{}, untrusted(op, err)
	}
	said, err := claims(p, asked.Self, accepted)
	if err != nil {
		return federation.Claims{}, err
	}
	said.Upstream, err = c.upstream(p.ID, *accepted.Assertion.Subject.NameID, accepted.Authn.SessionIndex)
	return said, err
}

// untrusted turns what is malformed or ours into what the login knows: an answer that can't be trusted.
func untrusted(op string, err error) error {
	if errors.Is(err, hub.Invalid) || errors.Is(err, hub.TooMany) || errors.Is(err, hub.NotFound) {
		return hub.E(op, hub.Refused, err)
	}
	return err
}

// same compares in constant time.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
