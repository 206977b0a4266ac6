package samlmsg

import (
	"io"
	"time"

	"onedoor/hub"
)

// Kind is what a message is, by the name of its root element.
type Kind string

// The kinds of message.
const (
	KindAuthnRequest   Kind = "AuthnRequest"
	KindResponse       Kind = "Response"
	KindLogoutRequest  Kind = "LogoutRequest"
	KindLogoutResponse Kind = "LogoutResponse"
)

// request reports whether it goes in a SAMLRequest parameter.
func (k Kind) request() bool { return k == KindAuthnRequest || k == KindLogoutRequest }

func (k Kind) parameter() string {
	if k.request() {
		return paramRequest
	}
	return paramResponse
}

// Message is a message as it came in: well-formed, of a known kind, and not believed. What it claims about its sender serves
// to look up that sender's keys; everything else comes out of its typed methods only, which take those keys.
type Message struct {
	kind     Kind
	binding  string
	relay    string
	root     *element
	detached *detached
	limits   Limits
}

// Kind tells what it is.
func (m *Message) Kind() Kind { return m.kind }

// Binding tells how it came.
func (m *Message) Binding() string { return m.binding }

// RelayState gives the opaque value that came along: at most 80 bytes by default, printable UTF-8; foreign all the same.
func (m *Message) RelayState() string { return m.relay }

// ClaimedIssuer gives the entity id that the message names as its sender, to look up that entity's metadata. Not verified.
func (m *Message) ClaimedIssuer() string {
	issuer := m.root.first(nsSAML, "Issuer")
	if issuer == nil {
		return ""
	}
	text, _ := issuer.word()
	return text
}

// ClaimedInResponseTo gives the id of the request that it says it answers, to look up that request. Not verified.
func (m *Message) ClaimedInResponseTo() string { return m.root.value("InResponseTo") }

// ClaimsSignature reports whether there is something that looks like a signature of the whole message.
func (m *Message) ClaimsSignature() bool { return m.detached != nil || m.root.signed() }

// Signature says whether a message has to be signed.
type Signature uint8

// The demands. A signature that is there must be good in any case.
const (
	SignatureRequired Signature = iota
	SignatureOptional
)

// newMessage parses the bytes of one message.
func newMessage(raw []byte, binding string, limits Limits) (*Message, error) {
	root, err := parse(raw, limits, false)
	if err != nil {
		return nil, err
	}
	return messageOf(root, binding, limits)
}

func messageOf(root *element, binding string, limits Limits) (*Message, error) {
	if root.space != nsSAMLP {
		return nil, MessageUnknown
	}
	m := &Message{kind: Kind(root.local), binding: binding, root: root, limits: limits}
	switch m.kind {
	case KindAuthnRequest, KindResponse, KindLogoutRequest, KindLogoutResponse:
	default:
		return nil, MessageUnknown
	}
	if root.value("Version") != version {
		return nil, MessageVersion
	}
	return m, nil
}

// open verifies the signature of the whole message and gives the element to read it from: what was signed, parsed anew. signed
// tells whether anything was.
func (m *Message) open(kind Kind, v *Verifier, demand Signature, nested ...*element) (e *element, signed bool, err error) {
	if m.kind != kind {
		return nil, false, MessageUnexpected
	}
	err = signaturesInPlace(m.root, func(parent *element) bool {
		if parent == m.root {
			return true
		}
		for _, n := range nested {
			if parent == n {
				return true
			}
		}
		return false
	})
	if err != nil {
		return nil, false, err
	}
	switch {
	case m.binding == BindingRedirect && m.root.signed():
		return nil, false, SignatureMisplaced // SAML Bindings section 3.4.4.1: there it is in the query, and only there
	case m.detached != nil:
		// The octets that were signed are those the tree was read from.
		if err := v.octets(m.detached.algorithm, m.detached.signed, m.detached.value); err != nil {
			return nil, false, err
		}
		return m.root, true, nil
	case m.root.signed():
		e, err := v.enveloped(m.root)
		return e, err == nil, err
	case demand == SignatureRequired:
		return nil, false, SignatureMissing
	}
	return m.root, false, nil
}

// header is what all messages have in common (SAML Core sections 3.2.1 and 3.2.2).
type header struct {
	id, destination, consent, inResponseTo string
	issueInstant                           time.Time
}

func readHeader(e *element) (h header, err error) {
	if e.value("Version") != version {
		return h, MessageVersion
	}
	if h.id, err = identifier(e, "ID", true); err != nil {
		return h, err
	}
	if h.issueInstant, err = e.instant("IssueInstant", true); err != nil {
		return h, err
	}
	if h.inResponseTo, err = identifier(e, "InResponseTo", false); err != nil {
		return h, err
	}
	h.destination, h.consent = e.value("Destination"), e.value("Consent")
	return h, nil
}

// readIssuer gives the entity id of an Issuer (SAML Core section 2.2.5): of the entity format, and with no qualifier.
func readIssuer(found []*element) (string, error) {
	if len(found) != 1 {
		return "", MessageMalformed
	}
	e := found[0]
	if f, ok := e.attr("Format"); ok && f != FormatEntity {
		return "", MessageMalformed
	}
	issuer, ok := e.word()
	if !ok || issuer == "" || len(issuer) > maxURI {
		return "", MessageMalformed
	}
	return issuer, nil
}

// The greatest lengths: entity ids by SAML Metadata section 2.2.1; identifiers and names by SAML Core section 8.3.7.
const (
	maxURI = 1024
	maxID  = 256
)

// identifier reads an xs:ID or xs:NCName attribute. Only plain ones: letters, digits, "_", "-" and ".".
func identifier(e *element, name string, required bool) (string, error) {
	id, ok := e.attr(name)
	if !ok && !required {
		return "", nil
	}
	if !plainPart(id) || len(id) > maxID {
		return "", MessageMalformed
	}
	return id, nil
}

// NewID draws an identifier for a message or assertion: 128 random bits, in a form that an xs:ID may have.
func NewID(random io.Reader) string { return "_" + hub.NewID(random) }
