package samlmsg

import (
	"log/slog"
	"time"
)

// Assertion is what a provider vouches for (SAML Core section 2.3.3). It prints and logs as "[redacted]".
type Assertion struct {
	ID           string // counts once: whoever accepts it remembers it
	IssueInstant time.Time
	Issuer       string
	Subject      Subject
	Conditions   *Conditions
	Authn        []AuthnStatement
	Attributes   []Attribute

	Signed    bool // by a signature of its own
	Encrypted bool // it came encrypted
}

// String hides the assertion.
func (Assertion) String() string { return redacted }

// GoString hides the assertion.
func (Assertion) GoString() string { return redacted }

// LogValue hides the assertion.
func (Assertion) LogValue() slog.Value { return slog.StringValue(redacted) }

// Subject is whom it is about (SAML Core section 2.4.1).
type Subject struct {
	NameID        *NameID
	Confirmations []Confirmation
}

// Confirmation is a way to be recognised as the subject (SAML Core section 2.4.1.1).
type Confirmation struct {
	Method       string
	NameID       *NameID // nil for the subject itself
	Recipient    string
	InResponseTo string
	Address      string
	NotBefore    time.Time // zero for none
	NotOnOrAfter time.Time // zero for none
}

// Conditions limit an assertion (SAML Core section 2.5).
type Conditions struct {
	NotBefore    time.Time  // zero for none
	NotOnOrAfter time.Time  // zero for none
	Audiences    [][]string // one list for each AudienceRestriction; all must be met, each by one of its audiences
	OneTimeUse   bool
	ProxyCount   *int
	Unknown      bool // there is a condition that this package can't judge
}

// AuthnStatement tells of an authentication (SAML Core section 2.7.2).
type AuthnStatement struct {
	AuthnInstant        time.Time
	SessionIndex        string
	SessionNotOnOrAfter time.Time // zero for none
	Address             string
	ClassRef            string   // AuthnContextClassRef
	DeclRef             string   // AuthnContextDeclRef
	Authorities         []string // AuthenticatingAuthority: who else took part
}

// Attribute is a named value (SAML Core section 2.7.3.1). It prints as "[redacted]".
type Attribute struct {
	Name         string
	NameFormat   string
	FriendlyName string
	Values       []string
}

// String hides the values.
func (Attribute) String() string { return redacted }

// GoString hides the values.
func (Attribute) GoString() string { return redacted }

// LogValue hides the values.
func (Attribute) LogValue() slog.Value { return slog.StringValue(redacted) }

func readAssertion(e *element, d *Decrypter) (a Assertion, err error) {
	if !e.is(nsSAML, "Assertion") {
		return a, MessageMalformed
	}
	h, err := readHeader(e)
	if err != nil {
		return a, err
	}
	var issuers, subjects, conditions, authn, attributes []*element
	err = e.parts(part{nsSAML, "Issuer", 1, &issuers}, part{space: nsDS, local: "Signature"}, part{nsSAML, "Subject", 1, &subjects},
		part{nsSAML, "Conditions", 1, &conditions}, part{space: nsSAML, local: "Advice"}, part{nsSAML, "AuthnStatement", 0, &authn},
		part{space: nsSAML, local: "AuthzDecisionStatement"}, part{nsSAML, "AttributeStatement", 0, &attributes})
	if err != nil {
		return a, err
	}
	a.ID, a.IssueInstant = h.id, h.issueInstant
	if a.Issuer, err = readIssuer(issuers); err != nil {
		return a, err
	}
	if len(subjects) == 1 {
		if a.Subject, err = readSubject(subjects[0], d); err != nil {
			return a, err
		}
	}
	if len(conditions) == 1 {
		if a.Conditions, err = readConditions(conditions[0]); err != nil {
			return a, err
		}
	}
	for _, s := range authn {
		statement, err := readAuthnStatement(s)
		if err != nil {
			return a, err
		}
		a.Authn = append(a.Authn, statement)
	}
	for _, s := range attributes {
		if a.Attributes, err = readAttributes(a.Attributes, s, d); err != nil {
			return a, err
		}
	}
	return a, nil
}

// maxConfirmations bounds the confirmations of a subject; nobody needs more than one or two.
const maxConfirmations = 8

func readSubject(e *element, d *Decrypter) (s Subject, err error) {
	var names, encrypted, confirmations []*element
	err = e.parts(part{nsSAML, "NameID", 1, &names}, part{nsSAML, "EncryptedID", 1, &encrypted},
		part{nsSAML, "SubjectConfirmation", maxConfirmations, &confirmations})
	if err != nil {
		return s, err
	}
	if s.NameID, err = oneNameID(names, encrypted, d); err != nil {
		return s, err
	}
	for _, c := range confirmations {
		one := Confirmation{Method: c.value("Method")}
		var names, encrypted, data []*element
		err = c.parts(part{nsSAML, "NameID", 1, &names}, part{nsSAML, "EncryptedID", 1, &encrypted},
			part{nsSAML, "SubjectConfirmationData", 1, &data})
		if err != nil {
			return s, err
		}
		if one.NameID, err = oneNameID(names, encrypted, d); err != nil {
			return s, err
		}
		if len(data) == 1 {
			if err := one.readData(data[0]); err != nil {
				return s, err
			}
		}
		s.Confirmations = append(s.Confirmations, one)
	}
	return s, nil
}

func (c *Confirmation) readData(e *element) (err error) {
	c.Recipient, c.Address = e.value("Recipient"), e.value("Address")
	if c.InResponseTo, err = identifier(e, "InResponseTo", false); err != nil {
		return err
	}
	if c.NotBefore, err = e.instant("NotBefore", false); err != nil {
		return err
	}
	c.NotOnOrAfter, err = e.instant("NotOnOrAfter", false)
	return err
}

func readConditions(e *element) (*Conditions, error) {
	var restrictions, once, proxies []*element
	c := &Conditions{}
	for _, child := range e.children() {
		switch {
		case child.is(nsSAML, "AudienceRestriction"):
			restrictions = append(restrictions, child)
		case child.is(nsSAML, "OneTimeUse"):
			once = append(once, child)
		case child.is(nsSAML, "ProxyRestriction"):
			proxies = append(proxies, child)
		default:
			c.Unknown = true // SAML Core section 2.5.1: what can't be judged makes the assertion indeterminate
		}
	}
	if len(once) > 1 || len(proxies) > 1 || !onlySpace(e) {
		return nil, MessageMalformed
	}
	var err error
	if c.NotBefore, err = e.instant("NotBefore", false); err != nil {
		return nil, err
	}
	if c.NotOnOrAfter, err = e.instant("NotOnOrAfter", false); err != nil {
		return nil, err
	}
	c.OneTimeUse = len(once) == 1
	for _, p := range proxies {
		if c.ProxyCount, err = p.index("Count"); err != nil {
			return nil, err
		}
	}
	for _, r := range restrictions {
		var audiences []*element
		if err := r.parts(part{nsSAML, "Audience", 0, &audiences}); err != nil {
			return nil, err
		}
		list, err := words(audiences)
		if err != nil || len(list) == 0 {
			return nil, MessageMalformed
		}
		c.Audiences = append(c.Audiences, list)
	}
	return c, nil
}

func readAuthnStatement(e *element) (s AuthnStatement, err error) {
	var localities, contexts []*element
	if err := e.parts(part{nsSAML, "SubjectLocality", 1, &localities}, part{nsSAML, "AuthnContext", 1, &contexts}); err != nil {
		return s, err
	}
	if len(contexts) != 1 {
		return s, MessageMalformed
	}
	if s.AuthnInstant, err = e.instant("AuthnInstant", true); err != nil {
		return s, err
	}
	if s.SessionNotOnOrAfter, err = e.instant("SessionNotOnOrAfter", false); err != nil {
		return s, err
	}
	if s.SessionIndex = e.value("SessionIndex"); len(s.SessionIndex) > maxURI {
		return s, MessageMalformed
	}
	for _, l := range localities {
		s.Address = l.value("Address")
	}
	var classes, declarations, authorities []*element
	err = contexts[0].parts(part{nsSAML, "AuthnContextClassRef", 1, &classes}, part{nsSAML, "AuthnContextDeclRef", 1, &declarations},
		part{space: nsSAML, local: "AuthnContextDecl"}, part{nsSAML, "AuthenticatingAuthority", 0, &authorities})
	if err != nil {
		return s, err
	}
	for _, list := range []struct {
		from []*element
		into *string
	}{{classes, &s.ClassRef}, {declarations, &s.DeclRef}} {
		refs, err := words(list.from)
		if err != nil {
			return s, err
		}
		if len(refs) == 1 {
			*list.into = refs[0]
		}
	}
	s.Authorities, err = words(authorities)
	return s, err
}

func readAttributes(to []Attribute, e *element, d *Decrypter) ([]Attribute, error) {
	var plain, encrypted []*element
	if err := e.parts(part{nsSAML, "Attribute", 0, &plain}, part{nsSAML, "EncryptedAttribute", 0, &encrypted}); err != nil {
		return nil, err
	}
	for _, x := range encrypted {
		inner, err := d.decrypt(x, nsSAML, "Attribute")
		if err != nil {
			return nil, err
		}
		plain = append(plain, inner)
	}
	for _, p := range plain {
		a := Attribute{Name: p.value("Name"), NameFormat: p.value("NameFormat"), FriendlyName: p.value("FriendlyName")}
		var values []*element
		if p.parts(part{nsSAML, "AttributeValue", 0, &values}) != nil || a.Name == "" {
			return nil, MessageMalformed
		}
		for _, v := range values {
			text, ok := attributeValue(v)
			if !ok {
				continue // a structure this package has no use for; a value is given whole or not at all
			}
			a.Values = append(a.Values, text)
		}
		to = append(to, a)
	}
	return to, nil
}

// attributeValue gives the text of a value; where it holds one NameID (as eduPersonTargetedID does), that of the NameID.
func attributeValue(e *element) (string, bool) {
	if text, ok := e.text(); ok {
		return text, true
	}
	inner := e.children()
	if len(inner) != 1 || !inner[0].is(nsSAML, "NameID") || !onlySpace(e) {
		return "", false
	}
	return inner[0].text()
}
