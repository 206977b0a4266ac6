package samlmsg

import (
	"github.com/crewjam/saml"
)

// IssueOptions say how a response is protected.
type IssueOptions struct {
	Response  *Signer    // signs the response; nil leaves it unsigned
	Assertion *Signer    // signs the assertion; nil leaves it unsigned
	Encrypt   *Recipient // encrypts the assertion, after signing; nil leaves it plain
}

// XML writes the response with its assertion: the assertion is signed, then encrypted, then the response is signed. Internal: a
// required field is empty, or there is an assertion that nobody signs. Unavailable: the key did not answer. Refused: the
// peer's encryption key or methods can't be used.
func (r Response) XML(o IssueOptions) ([]byte, error) {
	const op = "Response.XML"
	if !plainPart(r.ID) || r.Issuer == "" || r.IssueInstant.IsZero() || r.Status.Code == "" || r.Status.OK() != (r.Assertion != nil) {
		return nil, refuse(op, MessageIncomplete)
	}
	w := saml.Response{
		ID: r.ID, InResponseTo: r.InResponseTo, Version: version, IssueInstant: r.IssueInstant.UTC(), Destination: r.Destination,
		Issuer: &saml.Issuer{Value: r.Issuer}, Status: r.Status.wire(),
	}
	e := timed(w.Element(), "IssueInstant", r.IssueInstant)
	if r.Assertion != nil {
		if o.Response == nil && o.Assertion == nil {
			return nil, refuse(op, MessageIncomplete)
		}
		a, err := r.Assertion.element()
		if err != nil {
			return nil, at(op, err)
		}
		if o.Assertion != nil {
			if err := o.Assertion.enveloped(a, 1); err != nil {
				return nil, at(op, err)
			}
		}
		if o.Encrypt != nil {
			if a, err = o.Encrypt.encrypt("saml:EncryptedAssertion", canonical(a, nil, nil)); err != nil {
				return nil, at(op, err)
			}
		}
		e.add(a)
	}
	return finish(op, e, o.Response)
}

// element builds the assertion of crewjam/saml's parts, and adds what those lack.
func (a Assertion) element() (*element, error) {
	if !plainPart(a.ID) || a.Issuer == "" || a.IssueInstant.IsZero() || a.Subject.NameID == nil || len(a.Subject.Confirmations) == 0 ||
		a.Conditions == nil || len(a.Authn) == 0 {
		return nil, MessageIncomplete
	}
	e := build("saml:Assertion", "ID", a.ID, "IssueInstant", formatTime(a.IssueInstant), "Version", version)
	e.add(fromEtree((&saml.Issuer{Value: a.Issuer}).Element()), a.Subject.element(), a.Conditions.element())
	for _, s := range a.Authn {
		if s.AuthnInstant.IsZero() || s.ClassRef == "" {
			return nil, MessageIncomplete
		}
		e.add(s.element())
	}
	if len(a.Attributes) > 0 {
		statement := build("saml:AttributeStatement")
		for _, at := range a.Attributes {
			// Without xsi:type, which crewjam/saml always writes: its prefix would have to be declared in the signed form by an
			// InclusiveNamespaces list, which many peers get wrong. A value without a type is a string to all of them.
			one := build("saml:Attribute", "FriendlyName", at.FriendlyName, "Name", at.Name, "NameFormat", at.NameFormat)
			for _, v := range at.Values {
				one.add(build("saml:AttributeValue").say(v))
			}
			statement.add(one)
		}
		e.add(statement)
	}
	return e, nil
}

func (s Subject) element() *element {
	e := build("saml:Subject").add(s.NameID.element())
	for _, c := range s.Confirmations {
		one := fromEtree((&saml.SubjectConfirmation{
			Method:                  c.Method,
			SubjectConfirmationData: &saml.SubjectConfirmationData{Recipient: c.Recipient, InResponseTo: c.InResponseTo, Address: c.Address},
		}).Element())
		data := one.first(nsSAML, "SubjectConfirmationData")
		data.replace("NotBefore", formatTime(c.NotBefore))
		data.replace("NotOnOrAfter", formatTime(c.NotOnOrAfter))
		e.add(one)
	}
	return e
}

func (c Conditions) element() *element {
	w := saml.Conditions{}
	if c.ProxyCount != nil {
		w.ProxyRestriction = &saml.ProxyRestriction{Count: c.ProxyCount}
	}
	if c.OneTimeUse {
		w.OneTimeUse = &saml.OneTimeUse{}
	}
	e := fromEtree(w.Element())
	e.replace("NotBefore", formatTime(c.NotBefore))
	e.replace("NotOnOrAfter", formatTime(c.NotOnOrAfter))
	for i, list := range c.Audiences {
		restriction := build("saml:AudienceRestriction")
		for _, audience := range list {
			restriction.add(build("saml:Audience").say(audience))
		}
		e.insert(i, restriction)
	}
	return e
}

func (s AuthnStatement) element() *element {
	w := saml.AuthnStatement{
		AuthnInstant: s.AuthnInstant.UTC(), SessionIndex: s.SessionIndex,
		AuthnContext: saml.AuthnContext{AuthnContextClassRef: &saml.AuthnContextClassRef{Value: s.ClassRef}},
	}
	e := timed(w.Element(), "AuthnInstant", s.AuthnInstant)
	e.replace("SessionNotOnOrAfter", formatTime(s.SessionNotOnOrAfter))
	context := e.first(nsSAML, "AuthnContext")
	for _, authority := range s.Authorities {
		context.add(build("saml:AuthenticatingAuthority").say(authority))
	}
	return e
}
