// Package samlmsg reads, checks and writes SAML 2.0 messages, once for both sides: the hub as identity provider
// (hub/samlidp) and the hub as service provider (federation/samlsp), and for single logout.
//
// It owns the XML (strict parsing, exclusive canonicalization, signatures, encryption), the three bindings HTTP-Redirect,
// HTTP-POST and SOAP, the messages and the metadata as typed structs, the checks of their content as pure functions, and the
// table between AuthnContext classes and hub levels. It does not own who is trusted, what was used before, sessions or HTTP
// endpoints: it knows neither IdP nor SP, keeps no state and asks nobody. [Names] is a contract that both sides share, no more.
//
// # Three rules
//
//   - Foreign bytes become a [Message] first, which shows nothing but what is needed to look up the sender. Its content comes
//     out only through methods that take the sender's keys.
//   - What such a method returns was read from the canonical bytes that the signature covers, parsed anew; never from the
//     document that came. So nothing that was wrapped around, or slipped beside, what was signed can be seen.
//   - Every refusal is a hub.Error whose innermost error is a [Cause] of a closed list. No text of the message, and no text of
//     a library, goes into it.
//
// # Libraries
//
// Messages are written through the structs of github.com/crewjam/saml as wire structs, with what those lack (several
// AuthnContextClassRefs, several SessionIndexes, encrypted identifiers) added to their elements. Its reading, signatures and
// encryption are not used: it believes what it did not verify, takes and by default makes SHA-1 signatures, has ECDSA in the
// wrong form, signs redirected logout messages in the wrong place and can't write AES-GCM. The tests use it, and
// github.com/russellhaering/goxmldsig, as peers where they are right.
//
// # Sources
//
// SAML 2.0 Core (saml-core-2.0-os), Bindings, Profiles and Metadata with their errata; XML Signature 1.1; Exclusive XML
// Canonicalization 1.0; XML Encryption 1.1; ETDA 1/2566 and DGS 1-2:2564 for the levels.
package samlmsg

// The namespaces.
const (
	nsSAML   = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsSAMLP  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsMD     = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsMDUI   = "urn:oasis:names:tc:SAML:metadata:ui"
	nsMDAttr = "urn:oasis:names:tc:SAML:metadata:attribute"
	nsDS     = "http://www.w3.org/2000/09/xmldsig#"
	nsEC     = "http://www.w3.org/2001/10/xml-exc-c14n#"
	nsXENC   = "http://www.w3.org/2001/04/xmlenc#"
	nsXENC11 = "http://www.w3.org/2009/xmlenc11#"
	nsSOAP   = "http://schemas.xmlsoap.org/soap/envelope/"
	nsXML    = "http://www.w3.org/XML/1998/namespace"
	nsXMLNS  = "http://www.w3.org/2000/xmlns/"
)

// The bindings (SAML Bindings section 3).
const (
	BindingRedirect = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	BindingPOST     = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	BindingSOAP     = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
)

// The NameID formats the hub knows (SAML Core section 8.3).
const (
	FormatPersistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	FormatTransient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	FormatEntity      = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
	FormatUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
)

// The attribute name formats (SAML Core section 8.2).
const (
	AttributeURI   = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
	AttributeBasic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
)

// ConfirmationBearer is the subject confirmation method of the web browser profile (SAML Profiles section 3.3).
const ConfirmationBearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer"

// Protocol is the value of protocolSupportEnumeration in metadata.
const Protocol = nsSAMLP

const version = "2.0"
