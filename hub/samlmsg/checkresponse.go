package samlmsg

import (
	"slices"
	"time"
)

// DefaultMaxAge is how old a message may be where an expectation does not say.
const DefaultMaxAge = 5 * time.Minute

// ResponseExpectation is what the service provider knows when an answer comes.
type ResponseExpectation struct {
	Now          time.Time
	Skew         time.Duration // how far the peer's clock may be off, both ways
	MaxAge       time.Duration // since IssueInstant, of response and assertion; zero for DefaultMaxAge
	Issuer       string        // entity id of the provider that was asked, whose keys verified it
	Audience     string        // our own entity id
	Recipient    string        // our assertion consumer service, as it stands in our metadata
	InResponseTo string        // id of our request, bound to this browser; "" where none was sent
	// Unsolicited takes an answer to no request. It counts only where InResponseTo is empty.
	Unsolicited bool
	// MaxConfirmation bounds how far in the future a bearer confirmation may end; zero for an hour.
	MaxConfirmation time.Duration
	// MaxAuthnAge bounds how long ago the person may have authenticated; nil for no bound.
	MaxAuthnAge *time.Duration
}

// Accepted is an assertion that may be acted upon, once.
type Accepted struct {
	Assertion Assertion
	Authn     AuthnStatement
	// RememberUntil is how long its ID has to be remembered as used: later it would be refused for its age.
	RememberUntil time.Time
}

// String hides the assertion.
func (Accepted) String() string { return redacted }

// GoString hides the assertion.
func (Accepted) GoString() string { return redacted }

// CheckResponse judges a verified response (SAML Profiles section 4.1.4.3 and Core section 2.5.1). Refused, Expired.
func CheckResponse(r Response, x ResponseExpectation) (Accepted, error) {
	const op = "CheckResponse"
	a, err := x.response(r)
	if err == nil {
		err = x.assertion(a)
	}
	if err != nil {
		return Accepted{}, at(op, err)
	}
	return Accepted{Assertion: *a, Authn: a.Authn[0], RememberUntil: a.IssueInstant.Add(x.maxAge() + x.Skew)}, nil
}

func (x ResponseExpectation) maxAge() time.Duration { return orDefault(x.MaxAge, DefaultMaxAge) }

func orDefault(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

func (x ResponseExpectation) response(r Response) (*Assertion, error) {
	switch {
	case r.Destination == "":
		return nil, DestinationMissing
	case r.Destination != x.Recipient:
		return nil, DestinationMismatch
	case r.Issuer != x.Issuer && (r.Issuer != "" || r.Signed):
		return nil, IssuerMismatch
	}
	if err := x.answers(r.InResponseTo); err != nil {
		return nil, err
	}
	if err := issued(r.IssueInstant, x.Now, x.Skew, x.maxAge()); err != nil {
		return nil, err
	}
	if !r.Status.OK() {
		return nil, StatusNotSuccess
	}
	if r.Assertion == nil {
		return nil, AssertionCount
	}
	if !r.Signed && !r.Assertion.Signed {
		return nil, SignatureMissing
	}
	return r.Assertion, nil
}

// answers compares an InResponseTo.
func (x ResponseExpectation) answers(id string) error {
	switch {
	case x.InResponseTo == "" && !x.Unsolicited:
		return Unsolicited
	case id == "" && x.InResponseTo != "":
		return Unsolicited
	case id != x.InResponseTo:
		return InResponseToMismatch
	}
	return nil
}

// issued compares an IssueInstant.
func issued(t, now time.Time, skew, maxAge time.Duration) error {
	switch {
	case t.After(now.Add(skew)):
		return IssuedInFuture
	case t.Before(now.Add(-maxAge - skew)):
		return IssuedTooLongAgo
	}
	return nil
}

func (x ResponseExpectation) assertion(a *Assertion) error {
	if a.Issuer != x.Issuer {
		return IssuerMismatch
	}
	if err := issued(a.IssueInstant, x.Now, x.Skew, x.maxAge()); err != nil {
		return err
	}
	if err := x.conditions(a.Conditions); err != nil {
		return err
	}
	if a.Subject.NameID == nil {
		return SubjectMissing
	}
	if err := x.confirmations(a.Subject.Confirmations); err != nil {
		return err
	}
	switch len(a.Authn) {
	case 0:
		return AuthnMissing
	case 1:
		return x.authn(a.Authn[0])
	}
	return AuthnMultiple
}

func (x ResponseExpectation) conditions(c *Conditions) error {
	if c == nil {
		return ConditionsMissing
	}
	switch {
	case c.Unknown:
		return ConditionUnknown
	case x.Now.Add(x.Skew).Before(c.NotBefore):
		return NotYetValid
	case !c.NotOnOrAfter.IsZero() && !x.Now.Add(-x.Skew).Before(c.NotOnOrAfter):
		return Expired
	case len(c.Audiences) == 0:
		return AudienceMissing
	}
	for _, audiences := range c.Audiences {
		if !slices.Contains(audiences, x.Audience) {
			return AudienceMismatch
		}
	}
	return nil
}

// confirmations looks for one bearer confirmation that holds. Where none does, the reason is that of the last bearer one.
func (x ResponseExpectation) confirmations(all []Confirmation) error {
	var err error = ConfirmationMissing
	for _, c := range all {
		if c.Method != ConfirmationBearer {
			continue
		}
		if err = x.bearer(c); err == nil {
			return nil
		}
	}
	return err
}

func (x ResponseExpectation) bearer(c Confirmation) error {
	switch {
	case c.Recipient != x.Recipient:
		return RecipientMismatch
	case !c.NotBefore.IsZero():
		return ConfirmationNotBefore
	case c.NotOnOrAfter.IsZero(), !x.Now.Add(-x.Skew).Before(c.NotOnOrAfter):
		return ConfirmationExpired
	case c.NotOnOrAfter.After(x.Now.Add(orDefault(x.MaxConfirmation, time.Hour) + x.Skew)):
		return ConfirmationTooLong
	}
	return x.answers(c.InResponseTo)
}

func (x ResponseExpectation) authn(s AuthnStatement) error {
	switch {
	case s.AuthnInstant.After(x.Now.Add(x.Skew)):
		return AuthnInFuture
	case x.MaxAuthnAge != nil && s.AuthnInstant.Before(x.Now.Add(-*x.MaxAuthnAge-x.Skew)):
		return AuthnTooOld
	case !s.SessionNotOnOrAfter.IsZero() && !x.Now.Add(-x.Skew).Before(s.SessionNotOnOrAfter):
		return SessionExpired
	}
	return nil
}
