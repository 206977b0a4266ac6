package samlmsg

import (
	"github.com/crewjam/saml"
)

// The status codes (SAML Core section 3.2.2.2): four at the top, the others below one of them.
const (
	StatusSuccess         = "urn:oasis:names:tc:SAML:2.0:status:Success"
	StatusRequester       = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	StatusResponder       = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	StatusVersionMismatch = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch"

	StatusAuthnFailed              = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	StatusInvalidAttrNameOrValue   = "urn:oasis:names:tc:SAML:2.0:status:InvalidAttrNameOrValue"
	StatusInvalidNameIDPolicy      = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
	StatusNoAuthnContext           = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	StatusNoAvailableIDP           = "urn:oasis:names:tc:SAML:2.0:status:NoAvailableIDP"
	StatusNoPassive                = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	StatusNoSupportedIDP           = "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP"
	StatusPartialLogout            = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
	StatusProxyCountExceeded       = "urn:oasis:names:tc:SAML:2.0:status:ProxyCountExceeded"
	StatusRequestDenied            = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
	StatusRequestUnsupported       = "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported"
	StatusRequestVersionDeprecated = "urn:oasis:names:tc:SAML:2.0:status:RequestVersionDeprecated"
	StatusRequestVersionTooHigh    = "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooHigh"
	StatusRequestVersionTooLow     = "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooLow"
	StatusResourceNotRecognized    = "urn:oasis:names:tc:SAML:2.0:status:ResourceNotRecognized"
	StatusTooManyResponses         = "urn:oasis:names:tc:SAML:2.0:status:TooManyResponses"
	StatusUnknownAttrProfile       = "urn:oasis:names:tc:SAML:2.0:status:UnknownAttrProfile"
	StatusUnknownPrincipal         = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal"
	StatusUnsupportedBinding       = "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding"
)

// Status is how a request ended.
type Status struct {
	Code   string // one of the four
	Second string // "" for none; a peer may send codes of its own
	// Message is the peer's text for its own people: foreign, possibly personal. Not for pages, logs or the audit record.
	Message string
}

// Success is the status of a request that was fulfilled.
func Success() Status { return Status{Code: StatusSuccess} }

// OK reports success. A Success with a second code, such as PartialLogout, is success still.
func (s Status) OK() bool { return s.Code == StatusSuccess }

func readStatus(found []*element) (s Status, err error) {
	if len(found) != 1 {
		return s, MessageMalformed
	}
	var codes, messages []*element
	err = found[0].parts(part{nsSAMLP, "StatusCode", 1, &codes}, part{nsSAMLP, "StatusMessage", 1, &messages},
		part{space: nsSAMLP, local: "StatusDetail"})
	if err != nil || len(codes) != 1 {
		return s, MessageMalformed
	}
	s.Code = codes[0].value("Value")
	switch s.Code {
	case StatusSuccess, StatusRequester, StatusResponder, StatusVersionMismatch:
	default:
		return s, MessageMalformed
	}
	// Codes may nest without end; the second is the last with a meaning.
	var seconds []*element
	if codes[0].parts(part{nsSAMLP, "StatusCode", 1, &seconds}) != nil {
		return s, MessageMalformed
	}
	if len(seconds) == 1 {
		if s.Second = seconds[0].value("Value"); s.Second == "" || len(s.Second) > maxURI {
			return s, MessageMalformed
		}
	}
	if len(messages) == 1 {
		text, ok := messages[0].text()
		if !ok {
			return s, MessageMalformed
		}
		s.Message = text
	}
	return s, nil
}

// wire gives crewjam/saml's form.
func (s Status) wire() saml.Status {
	w := saml.Status{StatusCode: saml.StatusCode{Value: s.Code}}
	if s.Second != "" {
		w.StatusCode.StatusCode = &saml.StatusCode{Value: s.Second}
	}
	if s.Message != "" {
		w.StatusMessage = &saml.StatusMessage{Value: s.Message}
	}
	return w
}
