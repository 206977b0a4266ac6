package samlsp

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// parse reads what was posted. A message of another kind than a Response is refused.
func parse(encoded string) (*samlmsg.Message, error) {
	m, err := samlmsg.FromPOST(url.Values{"SAMLResponse": {encoded}}, samlmsg.Limits{})
	if err == nil && m.Kind() != samlmsg.KindResponse {
		err = hub.E("samlsp.parse", hub.Invalid, samlmsg.MessageUnexpected)
	}
	return m, err
}

// verify reads a response of the provider, with the keys of its metadata. Where the signature fits none of them the metadata is
// asked for once more: the provider may have changed its key.
func (c *Connector) verify(ctx context.Context, p federation.Provider, m *samlmsg.Message) (samlmsg.Response, error) {
	const op = "samlsp.verify"
	if issuer := m.ClaimedIssuer(); issuer != "" && issuer != p.SAML.EntityID {
		return samlmsg.Response{}, hub.E(op, hub.Refused, samlmsg.IssuerMismatch)
	}
	r, err := c.open(ctx, p, m)
	if !errors.Is(err, samlmsg.SignatureMismatch) && !errors.Is(err, samlmsg.SignatureKey) && !errors.Is(err, samlmsg.KeyUnusable) {
		return r, err
	}
	from, sourceErr := source(*p.SAML)
	if sourceErr != nil {
		return samlmsg.Response{}, sourceErr
	}
	changed, renewErr := c.o.Metadata.Renew(ctx, from)
	if renewErr != nil || !changed {
		return samlmsg.Response{}, err // what is wrong is the signature
	}
	return c.open(ctx, p, m)
}

func (c *Connector) open(ctx context.Context, p federation.Provider, m *samlmsg.Message) (samlmsg.Response, error) {
	role, err := c.provider(ctx, p)
	if err != nil {
		return samlmsg.Response{}, err
	}
	v, err := verifier(role)
	if err != nil {
		return samlmsg.Response{}, err
	}
	pairs, err := c.o.Keys.Decrypting(ctx)
	if err != nil {
		return samlmsg.Response{}, err
	}
	d, err := c.decrypter(pairs, p.SAML.AllowCBC)
	if err != nil {
		return samlmsg.Response{}, err
	}
	return m.Response(samlmsg.ResponseOptions{
		Verifier: v, Decrypter: d, SignedResponse: p.SAML.SignedResponse, Encrypted: p.SAML.Encrypted, UnsignedFailure: true,
	})
}

// expect is what an answer to the question must say; the zero question stands for none.
func (c *Connector) expect(p federation.Provider, q question) samlmsg.ResponseExpectation {
	now := c.o.Clock()
	x := samlmsg.ResponseExpectation{
		Now: now, Skew: p.SAML.Skew(), Issuer: p.SAML.EntityID, Audience: c.entityID(p), Recipient: c.ACSURL(p.ID),
		InResponseTo: q.Request, Unsolicited: q.Request == "" && p.SAML.Unsolicited,
	}
	oldest := oldestLogin
	if q.Request != "" {
		oldest = q.oldest(now)
	}
	x.MaxAuthnAge = &oldest
	return x
}

// accept judges a verified response, and consumes its assertion.
func (c *Connector) accept(ctx context.Context, p federation.Provider, q question, r samlmsg.Response) (samlmsg.Accepted, error) {
	const op = "samlsp.accept"
	a, err := samlmsg.CheckResponse(r, c.expect(p, q))
	if errors.Is(err, samlmsg.StatusNotSuccess) {
		return samlmsg.Accepted{}, status(r)
	}
	if err != nil {
		return samlmsg.Accepted{}, err
	}
	// Last, so that nothing but an assertion that would have opened something is used up.
	err = c.o.Once.Use(ctx, "saml.assertion", string(p.ID)+"\x00"+a.Assertion.ID, a.RememberUntil.Add(usedMargin))
	if errors.Is(err, hub.Consumed) {
		return samlmsg.Accepted{}, hub.E(op, hub.Refused, federation.AssertionUsed)
	}
	return a, err
}

// status says what a refusal by the provider means (SAML Core section 3.2.2.2). Only a signed one can show that the provider itself
// is out of order: a browser can send any other.
func status(r samlmsg.Response) error {
	const op = "samlsp.status"
	switch r.Status.Second {
	case samlmsg.StatusAuthnFailed, samlmsg.StatusRequestDenied:
		return hub.E(op, hub.Denied, federation.PersonDenied)
	case samlmsg.StatusNoAuthnContext:
		return hub.E(op, hub.LevelUnmet, federation.LevelRejected)
	}
	switch {
	case r.Status.Code == samlmsg.StatusResponder && r.Signed:
		return hub.E(op, hub.Unavailable, federation.ProviderFailed)
	case r.Status.Code == samlmsg.StatusResponder:
		return hub.E(op, hub.Refused, federation.ProviderFailed)
	}
	return hub.E(op, hub.Refused, federation.RequestRejected)
}

// causeOf makes an error of a word that the assertion consumer service has kept.
func causeOf(op, word string) error {
	if c := samlmsg.Cause(word); slices.Contains(samlmsg.Causes(), c) {
		kind := c.Kind()
		if kind == hub.Invalid || kind == hub.TooMany || kind == hub.Internal {
			kind = hub.Refused // to the login it is an answer that can't be trusted
		}
		return hub.E(op, kind, c)
	}
	if c := federation.Cause(word); slices.Contains(federation.Causes(), c) {
		return hub.E(op, hub.Refused, c)
	}
	return hub.E(op, hub.Unavailable, federation.KeysUnavailable)
}
