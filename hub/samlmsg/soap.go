package samlmsg

import (
	"strings"
)

// SOAPContentType is the media type of the SOAP binding.
const SOAPContentType = "text/xml; charset=utf-8"

// SOAPAction is the header of a SAML request over SOAP (SAML Bindings section 3.2.3.1); a responder may not depend on it.
const SOAPAction = `"http://www.oasis-open.org/committees/security"`

// FromSOAP reads the message in a SOAP 1.1 envelope (SAML Bindings section 3.2). Header blocks are ignored unless they must be
// understood; then, and where the body holds a Fault or anything else than one message, it is refused. Invalid, TooMany.
func FromSOAP(body []byte, limits Limits) (*Message, error) {
	const op = "FromSOAP"
	limits = limits.or(MessageLimits())
	root, err := parse(body, limits, false)
	if err != nil {
		return nil, at(op, err)
	}
	if !root.is(nsSOAP, "Envelope") {
		return nil, refuse(op, BindingSOAPFault)
	}
	var headers, bodies []*element
	if root.parts(part{nsSOAP, "Header", 1, &headers}, part{nsSOAP, "Body", 1, &bodies}) != nil || len(bodies) != 1 {
		return nil, refuse(op, BindingSOAPFault)
	}
	for _, h := range headers {
		for _, block := range h.children() {
			for _, a := range block.attrs {
				if a.space == nsSOAP && a.local == "mustUnderstand" && strings.Trim(a.value, xmlSpace) != "0" {
					return nil, refuse(op, BindingSOAPFault)
				}
			}
		}
	}
	inside := bodies[0].children()
	if len(inside) != 1 || inside[0].is(nsSOAP, "Fault") || !onlySpace(bodies[0]) {
		return nil, refuse(op, BindingSOAPFault)
	}
	// A signature outside of the message would be one over something else.
	if err := signaturesInPlace(root, func(parent *element) bool { return parent.within(inside[0]) }); err != nil {
		return nil, at(op, err)
	}
	m, err := messageOf(inside[0], BindingSOAP, limits)
	if err != nil {
		return nil, at(op, err)
	}
	return m, nil
}

// within reports whether e is ancestor or stands below it.
func (e *element) within(ancestor *element) bool {
	for at := e; at != nil; at = at.parent {
		if at == ancestor {
			return true
		}
	}
	return false
}

// onlySpace reports whether there is no text but white space between the child elements.
func onlySpace(e *element) bool {
	for i := range e.nodes {
		if e.nodes[i].el == nil && strings.Trim(e.nodes[i].text, xmlSpace) != "" {
			return false
		}
	}
	return true
}

// SOAP puts a message that this package wrote into an envelope.
func SOAP(xml []byte) []byte {
	const head = `<soap11:Envelope xmlns:soap11="` + nsSOAP + `"><soap11:Body>`
	const tail = `</soap11:Body></soap11:Envelope>`
	out := make([]byte, 0, len(head)+len(xml)+len(tail))
	out = append(out, head...)
	out = append(out, xml...)
	return append(out, tail...)
}

// SOAPFault gives the envelope of a SOAP 1.1 fault (section 4.4), which tells whose it is and nothing else: "Client" or "Server".
func SOAPFault(who string) []byte {
	return SOAP([]byte(`<soap11:Fault><faultcode>soap11:` + who + `</faultcode><faultstring>the request was not accepted</faultstring></soap11:Fault>`))
}
