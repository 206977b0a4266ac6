package samlsp

import (
	"context"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

var nameIDFormats = map[string]string{
	"": samlmsg.FormatPersistent, federation.SAMLPersistent: samlmsg.FormatPersistent,
	federation.SAMLTransient: samlmsg.FormatTransient, federation.SAMLUnspecified: samlmsg.FormatUnspecified,
}

// Start makes the signed AuthnRequest and the address that carries it: the provider's own by HTTP-Redirect, or a page of ours that
// posts it. Unavailable where the provider's metadata or our keys can't be had; Refused where the metadata can't be trusted or
// offers no such way.
func (c *Connector) Start(ctx context.Context, p federation.Provider, ask login.Ask) (login.Redirect, error) {
	const op = "samlsp.Start"
	if p.SAML == nil || ask.State == "" {
		return login.Redirect{}, hub.Errorf(op, hub.Internal, "no settings or no state")
	}
	location, err := c.singleSignOn(ctx, p)
	if err != nil {
		return login.Redirect{}, err
	}
	signer, err := c.signer(ctx)
	if err != nil {
		return login.Redirect{}, err
	}
	now := c.o.Clock()
	asked := question{
		Provider: p.ID, Entity: p.SAML.EntityID, Self: c.entityID(p), ACS: c.ACSURL(p.ID), Request: "_" + hub.NewID(c.o.Random),
		Started: now.UnixMicro(),
	}
	asked.wish(ask)
	request := samlmsg.AuthnRequest{
		ID: asked.Request, IssueInstant: now, Issuer: asked.Self, Destination: location, ForceAuthn: asked.Forced,
		ACSURL: asked.ACS, ProtocolBinding: samlmsg.BindingPOST,
		NameIDPolicy: &samlmsg.NameIDPolicy{Format: nameIDFormats[p.SAML.NameID], AllowCreate: true},
		Context:      wanted(p, ask.Want),
	}
	xml, err := request.XML(nil)
	if err != nil {
		return login.Redirect{}, err
	}
	carrier := location
	if p.SAML.RequestBinding == federation.SAMLPost {
		carrier = c.requestURL(p.ID)
	}
	address, err := samlmsg.RedirectURL(carrier, samlmsg.KindAuthnRequest, xml, ask.State, signer)
	if err != nil {
		return login.Redirect{}, err
	}
	private, err := asked.encode()
	if err != nil {
		return login.Redirect{}, err
	}
	return login.Redirect{URL: address, Private: private}, nil
}

// wish sets the greatest age of the login there. The session's age counts from the person's act, not from the redirect.
func (q *question) wish(ask login.Ask) {
	limit := oldestLogin
	if ask.MaxAge != nil {
		limit = max(0, min(limit, *ask.MaxAge))
	}
	q.MaxAge = int64(limit / time.Microsecond)
	q.Forced = ask.Fresh || limit == 0
	if q.Forced && limit == 0 {
		q.MaxAge = int64(oldestLogin / time.Microsecond) // bounded by the time of the request
	}
}

// wanted asks for the provider's own words for the level (LOA-04). Nil where the record has none: then the answer decides.
func wanted(p federation.Provider, want hub.Level) *samlmsg.RequestedAuthnContext {
	words := p.Assurance.ACRValues(want)
	if len(words) == 0 {
		return nil
	}
	if p.SAML.Comparison == federation.SAMLMinimum {
		return &samlmsg.RequestedAuthnContext{Comparison: samlmsg.Minimum, ClassRefs: words[:1]}
	}
	return &samlmsg.RequestedAuthnContext{Comparison: samlmsg.Exact, ClassRefs: words}
}

// singleSignOn gives the provider's address for requests.
func (c *Connector) singleSignOn(ctx context.Context, p federation.Provider) (string, error) {
	const op = "samlsp.singleSignOn"
	role, err := c.provider(ctx, p)
	if err != nil {
		return "", err
	}
	binding := samlmsg.BindingRedirect
	if p.SAML.RequestBinding == federation.SAMLPost {
		binding = samlmsg.BindingPOST
	}
	endpoint, ok := samlmsg.Find(role.SingleSignOn, binding)
	switch {
	case !ok:
		return "", hub.E(op, hub.Refused, federation.EndpointMissing)
	case !federation.SafeURL(endpoint.Location):
		return "", hub.E(op, hub.Refused, federation.EndpointUnsafe)
	}
	return endpoint.Location, nil
}
