package samlbank

import (
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"time"

	"onedoor/federation/simulator"
	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// answer is what the bank is about to say.
type answer struct {
	request
	person     simulator.Person
	context    string
	approved   bool
	faults     map[Fault]bool
	encryption samlmsg.Role // of the service provider
}

// answer makes the Response: signed, its assertion signed and encrypted, unless a fault says otherwise.
func (b *Bank) answer(a answer) ([]byte, error) {
	now := b.clock()
	if !a.approved || a.faults[RequestDenied] || a.faults[NoAuthnContext] || a.faults[ResponderError] {
		return b.refusal(a, now)
	}
	r := b.response(a, now)
	b.bend(a, &r, now)
	o, err := b.protection(a)
	if err != nil {
		return nil, err
	}
	xml, err := r.XML(o)
	if err != nil {
		return nil, err
	}
	b.remember(a.sp, *r.Assertion)
	b.mu.Lock()
	b.used = r.Assertion.ID
	b.mu.Unlock()
	return b.forge(a, xml)
}

func (b *Bank) refusal(a answer, now time.Time) ([]byte, error) {
	status := samlmsg.Status{Code: samlmsg.StatusResponder, Second: samlmsg.StatusAuthnFailed}
	switch {
	case a.faults[RequestDenied]:
		status.Second = samlmsg.StatusRequestDenied
	case a.faults[NoAuthnContext]:
		status.Second = samlmsg.StatusNoAuthnContext
	case a.faults[ResponderError]:
		status.Second = ""
	}
	r := samlmsg.Response{
		ID: "_" + hub.NewID(b.random), InResponseTo: a.id, IssueInstant: now, Issuer: b.EntityID(), Destination: a.acs, Status: status,
	}
	return r.XML(samlmsg.IssueOptions{Response: b.signer()})
}

func (b *Bank) response(a answer, now time.Time) samlmsg.Response {
	name := samlmsg.NameID{
		Value: subject(a.person, a.sp), Format: samlmsg.FormatPersistent, NameQualifier: b.EntityID(), SPNameQualifier: a.sp,
	}
	if a.format == samlmsg.FormatTransient || a.faults[Transient] {
		name = samlmsg.NameID{Value: "_" + hub.NewID(b.random), Format: samlmsg.FormatTransient}
	}
	return samlmsg.Response{
		ID: "_" + hub.NewID(b.random), InResponseTo: a.id, IssueInstant: now, Issuer: b.EntityID(), Destination: a.acs, Status: samlmsg.Success(),
		Assertion: &samlmsg.Assertion{
			ID: "_" + hub.NewID(b.random), IssueInstant: now, Issuer: b.EntityID(),
			Subject: samlmsg.Subject{NameID: &name, Confirmations: []samlmsg.Confirmation{{
				Method: samlmsg.ConfirmationBearer, Recipient: a.acs, InResponseTo: a.id, NotOnOrAfter: now.Add(5 * time.Minute),
			}}},
			Conditions: &samlmsg.Conditions{NotBefore: now.Add(-time.Minute), NotOnOrAfter: now.Add(5 * time.Minute), Audiences: [][]string{{a.sp}}},
			Authn:      []samlmsg.AuthnStatement{{AuthnInstant: now, SessionIndex: "_" + hub.NewID(b.random), ClassRef: a.context}},
			Attributes: attributes(a),
		},
	}
}

// The bank's names for attributes, as of Thai agencies' own namespaces; some with an OID as federations use them.
const (
	AttrNationalID = "urn:example:sabaidee:national-id"
	AttrName       = "urn:example:sabaidee:name-th"
	AttrNameEN     = "urn:oid:2.16.840.1.113730.3.1.241" // displayName
	AttrGiven      = "urn:example:sabaidee:given-name-th"
	AttrGivenEN    = "urn:oid:2.5.4.42" // givenName
	AttrFamily     = "urn:example:sabaidee:family-name-th"
	AttrFamilyEN   = "urn:oid:2.5.4.4" // sn
	AttrBirthdate  = "urn:example:sabaidee:birthdate"
	AttrGender     = "urn:example:sabaidee:gender"
	AttrAddress    = "urn:example:sabaidee:address"
)

func attributes(a answer) []samlmsg.Attribute {
	p := a.person
	var out []samlmsg.Attribute
	add := func(name, friendly string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			out = append(out, samlmsg.Attribute{Name: name, NameFormat: samlmsg.AttributeURI, FriendlyName: friendly, Values: values})
		}
	}
	number := []string{p.CitizenID}
	switch {
	case a.faults[WrongPerson]:
		number[0] = p.CitizenID[:12] + string((p.CitizenID[12]-'0'+1)%10+'0')
	case a.faults[TwoPersons]:
		number = append(number, "1234567890121")
	}
	add(AttrNationalID, "nationalID", number...)
	add(AttrName, "nameTH", p.Name())
	add(AttrNameEN, "displayName", p.NameEN())
	add(AttrGiven, "givenNameTH", p.GivenName)
	add(AttrGivenEN, "givenName", p.GivenNameEN)
	add(AttrFamily, "snTH", p.FamilyName)
	add(AttrFamilyEN, "sn", p.FamilyNameEN)
	add(AttrBirthdate, "birthdate", strings.ReplaceAll(p.Birthdate, "-00", ""))
	add(AttrGender, "gender", p.Gender)
	add(AttrAddress, "address", p.Address)
	if a.faults[EvidenceNumbers] {
		add("urn:example:sabaidee:laser-code", "laserCode", p.Evidence.Laser)
		add("urn:example:sabaidee:chip-no", "chipNo", p.Evidence.Chip)
		add("urn:example:sabaidee:bp1", "bp1", p.Evidence.CardRequest)
	}
	return out
}

// bend changes what the answer says, before it is signed.
func (b *Bank) bend(a answer, r *samlmsg.Response, now time.Time) {
	x := r.Assertion
	bearer, authn := &x.Subject.Confirmations[0], &x.Authn[0]
	for fault, change := range map[Fault]func(){
		LowContext:        func() { authn.ClassRef = ContextPassword },
		UnknownContext:    func() { authn.ClassRef = "urn:example:sabaidee:palm-reading" },
		OldAuthn:          func() { authn.AuthnInstant = now.Add(-48 * time.Hour) },
		FutureAuthn:       func() { authn.AuthnInstant = now.Add(time.Hour) },
		SessionOver:       func() { authn.SessionNotOnOrAfter = now.Add(-time.Hour) },
		OldIssue:          func() { r.IssueInstant, x.IssueInstant = now.Add(-time.Hour), now.Add(-time.Hour) },
		FutureIssue:       func() { r.IssueInstant, x.IssueInstant = now.Add(time.Hour), now.Add(time.Hour) },
		Expired:           func() { x.Conditions.NotOnOrAfter = now.Add(-30 * time.Minute) },
		NotYetValid:       func() { x.Conditions.NotBefore = now.Add(30 * time.Minute) },
		ForeignName:       func() { x.Subject.NameID.SPNameQualifier = "https://other-hub.example" },
		WrongAudience:     func() { x.Conditions.Audiences = [][]string{{"https://other-hub.example"}} },
		NoAudience:        func() { x.Conditions.Audiences = nil },
		WrongRecipient:    func() { bearer.Recipient = "https://other-hub.example/acs" },
		WrongDestination:  func() { r.Destination = "https://other-hub.example/acs" },
		WrongInResponseTo: func() { r.InResponseTo, bearer.InResponseTo = "_of-somebody-else", "_of-somebody-else" },
		NoInResponseTo:    func() { r.InResponseTo, bearer.InResponseTo = "", "" },
		WrongIssuer:       func() { r.Issuer, x.Issuer = "https://other-bank.example", "https://other-bank.example" },
		UsedAssertion: func() {
			b.mu.Lock()
			if b.used != "" {
				x.ID = b.used
			}
			b.mu.Unlock()
		},
	} {
		if a.faults[fault] {
			change()
		}
	}
}

// protection says how the answer is signed and encrypted.
func (b *Bank) protection(a answer) (samlmsg.IssueOptions, error) {
	signer := b.signer()
	if a.faults[RogueKey] || a.faults[RogueKeyInfo] {
		var err error
		if signer, err = b.stranger(); err != nil {
			return samlmsg.IssueOptions{}, err
		}
	}
	o := samlmsg.IssueOptions{Response: signer, Assertion: signer}
	switch {
	case a.faults[OnlyResponse], a.faults[XSW1], a.faults[XSW2]:
		o.Assertion = nil
	case a.faults[OnlyAssertion], a.touched():
		o.Response = nil
	}
	key, ok := a.encryption.EncryptionKey()
	if !ok || a.faults[Plain] || a.touched() {
		return o, nil
	}
	cert := key.Certificates[0]
	if a.faults[OtherRecipient] {
		other, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return o, hub.E("samlbank.protection", hub.Internal, err)
		}
		if cert, err = certify(b.random, other, "somebody else", b.clock()); err != nil {
			return o, hub.E("samlbank.protection", hub.Internal, err)
		}
	}
	recipient, err := samlmsg.NewRecipient(samlmsg.RecipientOptions{Certificate: cert, Methods: key.Methods, Random: b.random})
	o.Encrypt = recipient
	return o, err
}

// stranger is a key that the bank's metadata does not name.
func (b *Bank) stranger() (*samlmsg.Signer, error) {
	b.mu.Lock()
	known := b.rogue
	b.mu.Unlock()
	if known != nil {
		return known, nil
	}
	fresh, err := b.newSigner()
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rogue == nil {
		b.rogue = fresh
	}
	return b.rogue, nil
}

// Unasked makes an answer to no request for a service provider, as an attacker's page or the bank's own portal would post it.
func (b *Bank) Unasked(sp samlmsg.EntityDescriptor, person string) ([]byte, error) {
	p, ok := simulator.Find(b.people, person)
	if !ok || sp.SP == nil || len(sp.SP.AssertionConsumers) == 0 {
		return nil, hub.Errorf("samlbank.Unasked", hub.NotFound, "no such person or service")
	}
	return b.answer(answer{
		request: request{sp: sp.EntityID, acs: sp.SP.AssertionConsumers[0].Location, format: samlmsg.FormatPersistent},
		person:  p, context: ContextTwoFactor, approved: true, faults: b.faults.With(nil), encryption: sp.SP.Role,
	})
}
