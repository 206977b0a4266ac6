package samlmsg

import "time"

// RequestExpectation is what the identity provider knows when a request comes.
type RequestExpectation struct {
	Now         time.Time
	Skew        time.Duration
	MaxAge      time.Duration // since IssueInstant; zero for DefaultMaxAge
	Destination string        // our single sign-on service, as it stands in our metadata
	Issuer      string        // entity id of the service provider whose metadata this is
	SP          SPSSODescriptor
}

// Consumer is where and what an answer is to be.
type Consumer struct {
	Endpoint   IndexedEndpoint            // HTTP-POST, of the metadata
	Attributes *AttributeConsumingService // nil where the metadata names none
}

// CheckAuthnRequest judges a verified request (SAML Profiles section 4.1.4.1, Core section 3.4.1) and picks where the answer
// goes: never anywhere but to an endpoint of the metadata. Refused, Expired, Invalid.
//
// Whether it had to be signed, and whether its context can be met, was or is decided elsewhere (Message.AuthnRequest,
// Contexts.Evaluate).
func CheckAuthnRequest(q AuthnRequest, x RequestExpectation) (Consumer, error) {
	const op = "CheckAuthnRequest"
	var c Consumer
	err := envelope(q.Issuer, x.Issuer, q.Destination, x.Destination, q.Signed)
	if err == nil {
		err = issued(q.IssueInstant, x.Now, x.Skew, orDefault(x.MaxAge, DefaultMaxAge))
	}
	if err == nil {
		c.Endpoint, err = consumer(q, x.SP.AssertionConsumers)
	}
	if err == nil {
		c.Attributes, err = attributeService(q.AttributeIndex, x.SP.AttributeConsuming)
	}
	if err != nil {
		return Consumer{}, at(op, err)
	}
	return c, nil
}

// envelope compares sender and addressee. A signed message must name its Destination (SAML Bindings sections 3.4.5.2 and
// 3.5.5.2), else it could be carried elsewhere; an unsigned one proves nothing either way, but must not contradict.
func envelope(issuer, wantIssuer, destination, wantDestination string, signed bool) error {
	switch {
	case issuer == "" || issuer != wantIssuer:
		return IssuerMismatch
	case destination == "" && signed:
		return DestinationMissing
	case destination != "" && destination != wantDestination:
		return DestinationMismatch
	}
	return nil
}

func consumer(q AuthnRequest, all []IndexedEndpoint) (IndexedEndpoint, error) {
	if q.ProtocolBinding != "" && q.ProtocolBinding != BindingPOST {
		return IndexedEndpoint{}, BindingUnsupported
	}
	if q.ACSIndex != nil && (q.ACSURL != "" || q.ProtocolBinding != "") {
		return IndexedEndpoint{}, ACSAmbiguous
	}
	var first *IndexedEndpoint
	for i := range all {
		e := &all[i]
		switch {
		case q.ACSIndex != nil:
			if e.Index != *q.ACSIndex {
				continue
			}
			if e.Binding != BindingPOST {
				return IndexedEndpoint{}, BindingUnsupported
			}
			return *e, nil
		case e.Binding != BindingPOST:
			continue
		case q.ACSURL != "":
			if e.Location == q.ACSURL {
				return *e, nil
			}
		case e.IsDefault:
			return *e, nil
		case first == nil:
			first = e
		}
	}
	if first == nil || q.ACSURL != "" || q.ACSIndex != nil {
		return IndexedEndpoint{}, ACSUnknown
	}
	return *first, nil
}

func attributeService(index *int, all []AttributeConsumingService) (*AttributeConsumingService, error) {
	var first *AttributeConsumingService
	for i := range all {
		s := &all[i]
		switch {
		case index != nil:
			if s.Index == *index {
				return s, nil
			}
		case s.IsDefault:
			return s, nil
		case first == nil:
			first = s
		}
	}
	if index != nil {
		return nil, AttributeIndexUnknown
	}
	return first, nil
}

// LogoutExpectation is what is known when a logout message comes.
type LogoutExpectation struct {
	Now          time.Time
	Skew         time.Duration
	MaxAge       time.Duration // since IssueInstant; zero for DefaultMaxAge
	Issuer       string        // entity id whose keys verified it
	Destination  string        // our single logout service for this binding; "" for SOAP, where a Destination is not needed
	InResponseTo string        // for a response: id of our request
}

func (x LogoutExpectation) check(issuer, destination string, signed bool, at time.Time) error {
	if !signed {
		return SignatureMissing
	}
	if x.Destination == "" {
		destination = ""
		signed = false // for SOAP the channel says where it went
	}
	if err := envelope(issuer, x.Issuer, destination, x.Destination, signed); err != nil {
		return err
	}
	return issued(at, x.Now, x.Skew, orDefault(x.MaxAge, DefaultMaxAge))
}

// CheckLogoutRequest judges a verified request (SAML Profiles section 4.4.4.1). Refused, Expired.
func CheckLogoutRequest(q LogoutRequest, x LogoutExpectation) error {
	const op = "CheckLogoutRequest"
	if err := x.check(q.Issuer, q.Destination, q.Signed, q.IssueInstant); err != nil {
		return at(op, err)
	}
	if !q.NotOnOrAfter.IsZero() && !x.Now.Add(-x.Skew).Before(q.NotOnOrAfter) {
		return refuse(op, Expired)
	}
	if q.NameID.Value == "" {
		return refuse(op, SubjectMissing)
	}
	return nil
}

// CheckLogoutResponse judges a verified response (SAML Profiles section 4.4.4.2). It says whether the response can be believed;
// how the logout ended stands in its Status. Refused, Expired.
func CheckLogoutResponse(p LogoutResponse, x LogoutExpectation) error {
	const op = "CheckLogoutResponse"
	if err := x.check(p.Issuer, p.Destination, p.Signed, p.IssueInstant); err != nil {
		return at(op, err)
	}
	switch {
	case p.InResponseTo == "" || x.InResponseTo == "":
		return refuse(op, Unsolicited)
	case p.InResponseTo != x.InResponseTo:
		return refuse(op, InResponseToMismatch)
	}
	return nil
}
