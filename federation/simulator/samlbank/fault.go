package samlbank

import "onedoor/federation/simulator"

// Fault is something that goes wrong, or is forged, on purpose.
type Fault string

// The faults of an honest provider on a bad day.
const (
	RequestDenied   Fault = "request-denied"
	NoAuthnContext  Fault = "no-authn-context"
	ResponderError  Fault = "responder-error"
	NoRelayState    Fault = "no-relay-state"
	WrongRelayState Fault = "wrong-relay-state"
	LowContext      Fault = "low-context"
	UnknownContext  Fault = "unknown-context"
	OldAuthn        Fault = "old-authn"
	FutureAuthn     Fault = "future-authn"
	OldIssue        Fault = "old-issue"
	FutureIssue     Fault = "future-issue"
	Expired         Fault = "expired"
	NotYetValid     Fault = "not-yet-valid"
	SessionOver     Fault = "session-over"
	Plain           Fault = "plain"           // the assertion is not encrypted
	OnlyResponse    Fault = "only-response"   // only the response is signed
	OnlyAssertion   Fault = "only-assertion"  // only the assertion is signed
	OtherRecipient  Fault = "other-recipient" // encrypted for somebody else
	Transient       Fault = "transient-name-id"
	ForeignName     Fault = "foreign-name-id"
	WrongPerson     Fault = "wrong-national-id"
	TwoPersons      Fault = "two-national-ids"
	EvidenceNumbers Fault = "evidence"
)

// The attacks: what an attacker could send in the place of an answer.
const (
	WrongAudience     Fault = "wrong-audience"
	NoAudience        Fault = "no-audience"
	WrongRecipient    Fault = "wrong-recipient"
	WrongDestination  Fault = "wrong-destination"
	WrongInResponseTo Fault = "wrong-in-response-to"
	NoInResponseTo    Fault = "no-in-response-to"
	WrongIssuer       Fault = "wrong-issuer"
	UsedAssertion     Fault = "used-assertion"
	Unsigned          Fault = "unsigned"
	SHA1              Fault = "sha1"
	SHA1Digest        Fault = "sha1-digest"
	HMAC              Fault = "hmac"
	RogueKey          Fault = "rogue-key"
	RogueKeyInfo      Fault = "rogue-key-info"
	TwoAssertions     Fault = "two-assertions"
	SubjectChanged    Fault = "subject-changed"
	CommentInName     Fault = "comment-in-name-id"
	Doctype           Fault = "doctype"
	EntityBomb        Fault = "entity-bomb"
	DuplicateIDs      Fault = "duplicate-ids"
	XSW1              Fault = "xsw1"
	XSW2              Fault = "xsw2"
	XSW3              Fault = "xsw3"
	XSW4              Fault = "xsw4"
	XSW5              Fault = "xsw5"
	XSW6              Fault = "xsw6"
	XSW7              Fault = "xsw7"
	XSW8              Fault = "xsw8"
	NotXML            Fault = "not-xml"
	OtherMessage      Fault = "other-message"
)

// texts tell each fault, in the order of the page.
var texts = []struct {
	fault Fault
	text  string
}{
	{RequestDenied, "Answer RequestDenied"},
	{NoAuthnContext, "Answer NoAuthnContext"},
	{ResponderError, "Answer Responder"},
	{NoRelayState, "Lose the RelayState"},
	{WrongRelayState, "Send another RelayState"},
	{LowContext, "A weaker context class than asked"},
	{UnknownContext, "A context class that nobody agreed on"},
	{OldAuthn, "The login was two days ago"},
	{FutureAuthn, "The login was in the future"},
	{OldIssue, "The answer was issued an hour ago"},
	{FutureIssue, "The answer was issued in the future"},
	{Expired, "The conditions have ended"},
	{NotYetValid, "The conditions have not begun"},
	{SessionOver, "The session there is over"},
	{Plain, "Not encrypted"},
	{OnlyResponse, "Only the response is signed"},
	{OnlyAssertion, "Only the assertion is signed"},
	{OtherRecipient, "Encrypted for somebody else"},
	{Transient, "A transient NameID"},
	{ForeignName, "A NameID made for another service"},
	{WrongPerson, "Citizen number with a wrong check digit"},
	{TwoPersons, "Two citizen numbers"},
	{EvidenceNumbers, "The card's evidence numbers among the attributes"},
	{WrongAudience, "For another audience"},
	{NoAudience, "For no audience in particular"},
	{WrongRecipient, "Confirmed for another recipient"},
	{WrongDestination, "Addressed elsewhere"},
	{WrongInResponseTo, "An answer to another request"},
	{NoInResponseTo, "An answer to no request"},
	{WrongIssuer, "Another issuer"},
	{UsedAssertion, "The assertion of the login before"},
	{Unsigned, "No signature"},
	{SHA1, "RSA-SHA1"},
	{SHA1Digest, "A SHA-1 digest"},
	{HMAC, "HMAC with the certificate as secret"},
	{RogueKey, "Signed with an unknown key"},
	{RogueKeyInfo, "Signed with an unknown key, under the bank's certificate"},
	{TwoAssertions, "Two assertions"},
	{SubjectChanged, "Another subject below the signature"},
	{CommentInName, "A comment in the NameID"},
	{Doctype, "A document type"},
	{EntityBomb, "An entity bomb"},
	{DuplicateIDs, "Two elements of one ID"},
	{XSW1, "Signature wrapping 1: response inside the signature"},
	{XSW2, "Signature wrapping 2: response beside the signature"},
	{XSW3, "Signature wrapping 3: forged assertion first"},
	{XSW4, "Signature wrapping 4: original inside the forged one"},
	{XSW5, "Signature wrapping 5: signature moved"},
	{XSW6, "Signature wrapping 6: original inside the moved signature"},
	{XSW7, "Signature wrapping 7: forged assertion in Extensions"},
	{XSW8, "Signature wrapping 8: original in an Object"},
	{NotXML, "Not XML"},
	{OtherMessage, "A message of another kind"},
}

// Faults gives all faults.
func Faults() []Fault {
	out := make([]Fault, len(texts))
	for i, t := range texts {
		out[i] = t.fault
	}
	return out
}

func (b *Bank) switches() []simulator.Switch {
	out := make([]simulator.Switch, len(texts))
	for i, x := range texts {
		out[i] = simulator.Switch{Name: string(x.fault), Text: x.text, On: b.faults.On(x.fault)}
	}
	return out
}
