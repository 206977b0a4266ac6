package samlmsg

import (
	"time"

	"github.com/crewjam/saml"
)

// The reasons of a logout (SAML Core section 3.7.3).
const (
	LogoutByUser    = "urn:oasis:names:tc:SAML:2.0:logout:user"
	LogoutByAdmin   = "urn:oasis:names:tc:SAML:2.0:logout:admin"
	LogoutByTimeout = "urn:oasis:names:tc:SAML:2.0:logout:global-timeout"
)

// LogoutRequest asks to end sessions (SAML Core section 3.7.1).
type LogoutRequest struct {
	ID             string
	IssueInstant   time.Time
	Issuer         string
	Destination    string
	NotOnOrAfter   time.Time // zero for none
	Reason         string    // "" for none
	NameID         NameID    // exactly as it was issued, qualifiers included
	SessionIndexes []string  // none: every session of this name
	Signed         bool
}

// LogoutResponse tells how a logout ended (SAML Core section 3.7.2).
type LogoutResponse struct {
	ID           string
	InResponseTo string
	IssueInstant time.Time
	Issuer       string
	Destination  string
	Status       Status
	Signed       bool
}

// LogoutRequest verifies the message, whose signature is required, and reads it. d may be nil; then an EncryptedID is refused.
func (m *Message) LogoutRequest(v *Verifier, d *Decrypter) (LogoutRequest, error) {
	const op = "LogoutRequest"
	e, signed, err := m.open(KindLogoutRequest, v, SignatureRequired)
	if err != nil {
		return LogoutRequest{}, at(op, err)
	}
	q, err := readLogoutRequest(e, d)
	if err != nil {
		return LogoutRequest{}, at(op, err)
	}
	q.Signed = signed
	return q, nil
}

func readLogoutRequest(e *element, d *Decrypter) (q LogoutRequest, err error) {
	h, err := readHeader(e)
	if err != nil {
		return q, err
	}
	var issuers, names, encrypted, sessions []*element
	err = e.parts(part{nsSAML, "Issuer", 1, &issuers}, part{space: nsDS, local: "Signature"}, part{space: nsSAMLP, local: "Extensions"},
		part{nsSAML, "NameID", 1, &names}, part{nsSAML, "EncryptedID", 1, &encrypted}, part{nsSAMLP, "SessionIndex", 0, &sessions})
	if err != nil {
		return q, err
	}
	q.ID, q.IssueInstant, q.Destination, q.Reason = h.id, h.issueInstant, h.destination, e.value("Reason")
	if q.Issuer, err = readIssuer(issuers); err != nil {
		return q, err
	}
	if q.NotOnOrAfter, err = e.instant("NotOnOrAfter", false); err != nil {
		return q, err
	}
	if q.SessionIndexes, err = words(sessions); err != nil {
		return q, err
	}
	name, err := oneNameID(names, encrypted, d)
	if err != nil {
		return q, err
	}
	if name == nil {
		return q, SubjectMissing
	}
	q.NameID = *name
	return q, nil
}

// LogoutResponse verifies the message, whose signature is required, and reads it.
func (m *Message) LogoutResponse(v *Verifier) (LogoutResponse, error) {
	const op = "LogoutResponse"
	e, signed, err := m.open(KindLogoutResponse, v, SignatureRequired)
	if err != nil {
		return LogoutResponse{}, at(op, err)
	}
	p, err := readLogoutResponse(e)
	if err != nil {
		return LogoutResponse{}, at(op, err)
	}
	p.Signed = signed
	return p, nil
}

func readLogoutResponse(e *element) (p LogoutResponse, err error) {
	h, err := readHeader(e)
	if err != nil {
		return p, err
	}
	var issuers, statuses []*element
	err = e.parts(part{nsSAML, "Issuer", 1, &issuers}, part{space: nsDS, local: "Signature"}, part{space: nsSAMLP, local: "Extensions"},
		part{nsSAMLP, "Status", 1, &statuses})
	if err != nil {
		return p, err
	}
	p.ID, p.InResponseTo, p.IssueInstant, p.Destination = h.id, h.inResponseTo, h.issueInstant, h.destination
	if p.Issuer, err = readIssuer(issuers); err != nil {
		return p, err
	}
	p.Status, err = readStatus(statuses)
	return p, err
}

// XML writes the request, signed within where s is not nil (HTTP-POST, SOAP). Where to is not nil the name is encrypted for it.
// Internal, Unavailable, Refused (the peer's key or methods can't be used).
func (q LogoutRequest) XML(s *Signer, to *Recipient) ([]byte, error) {
	const op = "LogoutRequest.XML"
	if !plainPart(q.ID) || q.Issuer == "" || q.IssueInstant.IsZero() || q.NameID.Value == "" {
		return nil, refuse(op, MessageIncomplete)
	}
	w := saml.LogoutRequest{
		ID: q.ID, Version: version, IssueInstant: q.IssueInstant.UTC(), Destination: q.Destination, Issuer: &saml.Issuer{Value: q.Issuer},
	}
	e := timed(w.Element(), "IssueInstant", q.IssueInstant)
	e.set("NotOnOrAfter", formatTime(q.NotOnOrAfter)).set("Reason", q.Reason)
	name := q.NameID.element()
	if to != nil {
		var err error
		if name, err = to.encrypt("saml:EncryptedID", canonical(name, nil, nil)); err != nil {
			return nil, at(op, err)
		}
	}
	e.add(name)
	for _, index := range q.SessionIndexes {
		e.add(build("samlp:SessionIndex").say(index))
	}
	return finish(op, e, s)
}

// XML writes the response, signed within where s is not nil. Internal, Unavailable.
func (p LogoutResponse) XML(s *Signer) ([]byte, error) {
	const op = "LogoutResponse.XML"
	if !plainPart(p.ID) || p.Issuer == "" || p.IssueInstant.IsZero() || p.Status.Code == "" {
		return nil, refuse(op, MessageIncomplete)
	}
	w := saml.LogoutResponse{
		ID: p.ID, InResponseTo: p.InResponseTo, Version: version, IssueInstant: p.IssueInstant.UTC(), Destination: p.Destination,
		Issuer: &saml.Issuer{Value: p.Issuer}, Status: p.Status.wire(),
	}
	return finish(op, timed(w.Element(), "IssueInstant", p.IssueInstant), s)
}
