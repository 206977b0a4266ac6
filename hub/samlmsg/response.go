package samlmsg

import "time"

// Response answers an AuthnRequest (SAML Core section 3.3.3). It holds an assertion only where its status is success.
type Response struct {
	ID           string
	InResponseTo string // "" for an unsolicited one
	IssueInstant time.Time
	Issuer       string // may be "" where the response itself is not signed; the assertion names its own
	Destination  string
	Status       Status
	Assertion    *Assertion
	Signed       bool // the whole response was signed
}

// ResponseOptions say what a response has to prove.
type ResponseOptions struct {
	Verifier  *Verifier  // of the claimed issuer's keys
	Decrypter *Decrypter // nil refuses what is encrypted

	// An assertion is covered by its own signature, by that of the response, or by both; one is always needed. These two demand
	// a particular one.
	SignedResponse  bool
	SignedAssertion bool
	// Encrypted demands an encrypted assertion.
	Encrypted bool
	// UnsignedFailure takes a response without a signature if its status is no success. It opens nothing and tells only how
	// a request ended; many peers do not sign those.
	UnsignedFailure bool
}

// Response verifies the message and reads it. Exactly one assertion goes with success and none with anything else. What is
// not covered by a signature is not returned, but for the outer fields (Destination, InResponseTo, Status) of a response of
// which only the assertion is signed. CheckResponse has to follow.
func (m *Message) Response(o ResponseOptions) (Response, error) {
	const op = "Response"
	if m.binding == BindingRedirect {
		return Response{}, refuse(op, MessageUnexpected)
	}
	if err := assertionsInPlace(m.root); err != nil {
		return Response{}, at(op, err)
	}
	assertions := m.root.all(nsSAML, "Assertion")
	demand := SignatureOptional
	if o.SignedResponse {
		demand = SignatureRequired
	}
	e, signed, err := m.open(KindResponse, o.Verifier, demand, assertions...)
	if o.UnsignedFailure && o.SignedResponse && Reason(err) == string(SignatureMissing) {
		e, signed, err = m.open(KindResponse, o.Verifier, SignatureOptional, assertions...)
		if err == nil && looksSuccessful(e) {
			err = SignatureMissing
		}
	}
	if err != nil {
		return Response{}, at(op, err)
	}
	r, err := readResponse(e, signed)
	if err != nil {
		return Response{}, at(op, err)
	}
	r.Signed = signed
	plain, encrypted := e.all(nsSAML, "Assertion"), e.all(nsSAML, "EncryptedAssertion")
	if !r.Status.OK() {
		switch {
		case len(plain)+len(encrypted) != 0:
			return Response{}, refuse(op, AssertionCount)
		case !signed && !o.UnsignedFailure:
			return Response{}, refuse(op, SignatureMissing)
		}
		return r, nil
	}
	if len(plain)+len(encrypted) != 1 || len(assertions) != len(plain) {
		return Response{}, refuse(op, AssertionCount)
	}
	var a Assertion
	if len(encrypted) == 1 {
		a, err = o.encryptedAssertion(encrypted[0], signed)
	} else {
		// The original stands in the namespaces that its own signature may count on (InclusiveNamespaces); the signed one is
		// what to read where it has no signature of its own.
		a, err = o.assertion(assertions[0], plain[0], signed)
		if err == nil && o.Encrypted {
			err = EncryptionMissing
		}
	}
	if err != nil {
		return Response{}, at(op, err)
	}
	r.Assertion = &a
	return r, nil
}

// assertionsInPlace refuses an assertion anywhere but right below the response: in Extensions, in Advice, in a signature or in
// another assertion it could only serve to be taken for the one that counts.
func assertionsInPlace(root *element) error {
	return root.walk(func(e *element) error {
		if e.space == nsSAML && (e.local == "Assertion" || e.local == "EncryptedAssertion") && e.parent != root && e != root {
			return AssertionMisplaced
		}
		return nil
	})
}

func looksSuccessful(e *element) bool {
	s, err := readStatus(e.all(nsSAMLP, "Status"))
	return err != nil || s.OK()
}

func readResponse(e *element, signed bool) (r Response, err error) {
	h, err := readHeader(e)
	if err != nil {
		return r, err
	}
	var issuers, statuses []*element
	err = e.parts(part{nsSAML, "Issuer", 1, &issuers}, part{space: nsDS, local: "Signature"}, part{space: nsSAMLP, local: "Extensions"},
		part{nsSAMLP, "Status", 1, &statuses}, part{space: nsSAML, local: "Assertion"}, part{space: nsSAML, local: "EncryptedAssertion"})
	if err != nil {
		return r, err
	}
	r.ID, r.InResponseTo, r.IssueInstant, r.Destination = h.id, h.inResponseTo, h.issueInstant, h.destination
	if len(issuers) > 0 || signed {
		if r.Issuer, err = readIssuer(issuers); err != nil {
			return r, err
		}
	}
	r.Status, err = readStatus(statuses)
	return r, err
}

// assertion reads an assertion. own is the element that its signature, if it has one, is checked on; covered is the one to
// read where only the response is signed.
func (o ResponseOptions) assertion(own, covered *element, responseSigned bool) (Assertion, error) {
	hasOwn := own.signed()
	from := covered
	switch {
	case hasOwn:
		verified, err := o.Verifier.enveloped(own)
		if err != nil {
			return Assertion{}, err
		}
		from = verified
	case o.SignedAssertion || !responseSigned:
		return Assertion{}, SignatureMissing
	}
	a, err := readAssertion(from, o.Decrypter)
	a.Signed = hasOwn
	return a, err
}

func (o ResponseOptions) encryptedAssertion(e *element, responseSigned bool) (Assertion, error) {
	inner, authentic, err := o.Decrypter.open(e, nsSAML, "Assertion")
	if err != nil {
		return Assertion{}, err
	}
	err = signaturesInPlace(inner, func(parent *element) bool { return parent == inner })
	if err == nil {
		err = assertionsInPlace(inner)
	}
	var a Assertion
	if err == nil {
		a, err = o.assertion(inner, inner, responseSigned)
	}
	if err != nil {
		if !authentic && !responseSigned {
			// With CBC an attacker can bend the text and learn from how it fails: it always fails the same way.
			return Assertion{}, DecryptionFailed
		}
		return Assertion{}, err
	}
	a.Encrypted = true
	return a, nil
}
