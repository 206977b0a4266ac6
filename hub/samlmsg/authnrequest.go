package samlmsg

import (
	"strconv"
	"time"

	"github.com/beevik/etree"
	"github.com/crewjam/saml"
)

// AuthnRequest asks for an authentication (SAML Core section 3.4.1).
type AuthnRequest struct {
	ID           string
	IssueInstant time.Time
	Issuer       string // entity id of the service provider
	Destination  string
	Consent      string
	ProviderName string // foreign text

	ForceAuthn bool
	IsPassive  bool

	ACSURL          string // where the answer is to go; counts only if metadata says so too
	ACSIndex        *int
	ProtocolBinding string
	AttributeIndex  *int // AttributeConsumingServiceIndex

	NameIDPolicy *NameIDPolicy
	Context      *RequestedAuthnContext
	Subject      *NameID // the person it must be; nil for anyone
	Scoping      *Scoping

	Signed bool // the whole request was signed
}

// NameIDPolicy says what kind of name is wanted (SAML Core section 3.4.1.1).
type NameIDPolicy struct {
	Format          string
	SPNameQualifier string
	AllowCreate     bool
}

// Scoping limits who may answer (SAML Core section 3.4.1.2).
type Scoping struct {
	ProxyCount *int
	IDPs       []string // entity ids
	Requesters []string // entity ids
}

// AuthnRequest verifies the message and reads it. d may be nil; then an encrypted Subject is refused. It is refused too where the
// request is not signed: decrypting costs us more than asking costs anybody.
func (m *Message) AuthnRequest(v *Verifier, d *Decrypter, demand Signature) (AuthnRequest, error) {
	const op = "AuthnRequest"
	e, signed, err := m.open(KindAuthnRequest, v, demand)
	if err != nil {
		return AuthnRequest{}, at(op, err)
	}
	if !signed {
		d = nil
	}
	q, err := readAuthnRequest(e, d)
	if err != nil {
		return AuthnRequest{}, at(op, err)
	}
	q.Signed = signed
	return q, nil
}

func readAuthnRequest(e *element, d *Decrypter) (q AuthnRequest, err error) {
	h, err := readHeader(e)
	if err != nil {
		return q, err
	}
	var issuers, subjects, policies, conditions, contexts, scopings []*element
	err = e.parts(part{nsSAML, "Issuer", 1, &issuers}, part{space: nsDS, local: "Signature"}, part{space: nsSAMLP, local: "Extensions"},
		part{nsSAML, "Subject", 1, &subjects}, part{nsSAMLP, "NameIDPolicy", 1, &policies}, part{nsSAML, "Conditions", 1, &conditions},
		part{nsSAMLP, "RequestedAuthnContext", 1, &contexts}, part{nsSAMLP, "Scoping", 1, &scopings})
	if err != nil {
		return q, err
	}
	q.ID, q.IssueInstant, q.Destination, q.Consent = h.id, h.issueInstant, h.destination, h.consent
	q.ProviderName, q.ACSURL, q.ProtocolBinding = e.value("ProviderName"), e.value("AssertionConsumerServiceURL"), e.value("ProtocolBinding")
	if q.Issuer, err = readIssuer(issuers); err != nil {
		return q, err
	}
	if q.ForceAuthn, err = e.flag("ForceAuthn"); err != nil {
		return q, err
	}
	if q.IsPassive, err = e.flag("IsPassive"); err != nil {
		return q, err
	}
	if q.ACSIndex, err = e.index("AssertionConsumerServiceIndex"); err != nil {
		return q, err
	}
	if q.AttributeIndex, err = e.index("AttributeConsumingServiceIndex"); err != nil {
		return q, err
	}
	if len(subjects) == 1 {
		s, err := readSubject(subjects[0], d)
		if err != nil {
			return q, err
		}
		q.Subject = s.NameID
	}
	if len(policies) == 1 {
		p := NameIDPolicy{Format: policies[0].value("Format"), SPNameQualifier: policies[0].value("SPNameQualifier")}
		if p.AllowCreate, err = policies[0].flag("AllowCreate"); err != nil {
			return q, err
		}
		q.NameIDPolicy = &p
	}
	if len(contexts) == 1 {
		if q.Context, err = readRequestedContext(contexts[0]); err != nil {
			return q, err
		}
	}
	if len(scopings) == 1 {
		if q.Scoping, err = readScoping(scopings[0]); err != nil {
			return q, err
		}
	}
	return q, nil
}

func readScoping(e *element) (*Scoping, error) {
	var lists, requesters []*element
	if err := e.parts(part{nsSAMLP, "IDPList", 1, &lists}, part{nsSAMLP, "RequesterID", 0, &requesters}); err != nil {
		return nil, err
	}
	var s Scoping
	var err error
	if s.ProxyCount, err = e.index("ProxyCount"); err != nil {
		return nil, err
	}
	if s.Requesters, err = words(requesters); err != nil {
		return nil, err
	}
	for _, list := range lists {
		var entries []*element
		if err := list.parts(part{nsSAMLP, "IDPEntry", 0, &entries}, part{space: nsSAMLP, local: "GetComplete"}); err != nil {
			return nil, err
		}
		for _, entry := range entries {
			id := entry.value("ProviderID")
			if id == "" || len(id) > maxURI {
				return nil, MessageMalformed
			}
			s.IDPs = append(s.IDPs, id)
		}
	}
	return &s, nil
}

// XML writes the request, signed within where s is not nil: for HTTP-POST and SOAP. For HTTP-Redirect s is nil here and goes to
// RedirectURL. Internal: a required field is empty. Unavailable: the key did not answer.
func (q AuthnRequest) XML(s *Signer) ([]byte, error) {
	const op = "AuthnRequest.XML"
	if !plainPart(q.ID) || q.Issuer == "" || q.IssueInstant.IsZero() {
		return nil, refuse(op, MessageIncomplete)
	}
	w := saml.AuthnRequest{
		ID: q.ID, Version: version, IssueInstant: q.IssueInstant.UTC(), Destination: q.Destination, Consent: q.Consent,
		Issuer:                      &saml.Issuer{Value: q.Issuer},
		AssertionConsumerServiceURL: q.ACSURL, ProtocolBinding: q.ProtocolBinding, ProviderName: q.ProviderName,
		AssertionConsumerServiceIndex: indexText(q.ACSIndex), AttributeConsumingServiceIndex: indexText(q.AttributeIndex),
	}
	if q.ForceAuthn {
		w.ForceAuthn = &q.ForceAuthn
	}
	if q.IsPassive {
		w.IsPassive = &q.IsPassive
	}
	if n := q.Subject; n != nil {
		w.Subject = &saml.Subject{NameID: &saml.NameID{
			Value: n.Value, Format: n.Format, NameQualifier: n.NameQualifier, SPNameQualifier: n.SPNameQualifier, SPProvidedID: n.SPProvidedID,
		}}
	}
	if p := q.NameIDPolicy; p != nil {
		w.NameIDPolicy = &saml.NameIDPolicy{AllowCreate: &p.AllowCreate, Format: &p.Format}
		if p.SPNameQualifier != "" {
			w.NameIDPolicy.SPNameQualifier = &p.SPNameQualifier
		}
	}
	e := timed(w.Element(), "IssueInstant", q.IssueInstant)
	e.add(q.Context.element(), q.Scoping.element())
	return finish(op, e, s)
}

func (s *Scoping) element() *element {
	if s == nil {
		return nil
	}
	e := build("samlp:Scoping", "ProxyCount", indexText(s.ProxyCount))
	if len(s.IDPs) > 0 {
		list := build("samlp:IDPList")
		for _, id := range s.IDPs {
			list.add(build("samlp:IDPEntry", "ProviderID", id))
		}
		e.add(list)
	}
	for _, id := range s.Requesters {
		e.add(build("samlp:RequesterID").say(id))
	}
	return e
}

func indexText(i *int) string {
	if i == nil {
		return ""
	}
	return strconv.Itoa(*i)
}

// timed takes over an element of crewjam/saml and writes its time with the milliseconds always there.
func timed(from *etree.Element, attribute string, t time.Time) *element {
	e := fromEtree(from)
	e.replace(attribute, formatTime(t))
	return e
}

// replace gives an attribute another value; "" takes it away.
func (e *element) replace(name, value string) {
	for i := range e.attrs {
		if e.attrs[i].local == name && e.attrs[i].space == "" {
			if value == "" {
				e.attrs = append(e.attrs[:i], e.attrs[i+1:]...)
				return
			}
			e.attrs[i].value = value
			return
		}
	}
	e.set(name, value)
}

// finish signs a message, its signature following the Issuer, and writes it.
func finish(op string, e *element, s *Signer) ([]byte, error) {
	if s != nil {
		if err := s.enveloped(e, 1); err != nil {
			return nil, at(op, err)
		}
	}
	return written(op, e)
}

// written gives the bytes of a built element, after reading them back: text that XML can't carry (a control character in a
// name, say) is found here and not at the peer.
func written(op string, e *element) ([]byte, error) {
	raw := canonical(e, nil, nil)
	if _, err := parse(raw, Limits{Bytes: len(raw), Depth: maxAttributes, Nodes: len(raw)}, false); err != nil {
		return nil, refuse(op, MessageIncomplete)
	}
	return raw, nil
}
