package samlmsg

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// XML writes the descriptor, signed where s is not nil. Several signing keys in a role tell of a rollover: peers verify with
// either. Internal: a required field is empty. Unavailable: the key did not answer.
//
// It is not written through crewjam/saml's structs: they know neither mdui nor EntityAttributes, and order the elements of a
// role against the schema.
func (d EntityDescriptor) XML(s *Signer) ([]byte, error) {
	const op = "EntityDescriptor.XML"
	if d.EntityID == "" || (d.IDP == nil && d.SP == nil) || (s != nil && !plainPart(d.ID)) {
		return nil, refuse(op, MessageIncomplete)
	}
	e := build("md:EntityDescriptor", "ID", d.ID, "entityID", d.EntityID, "validUntil", formatTime(d.ValidUntil),
		"cacheDuration", formatDuration(d.CacheDuration))
	if len(d.Attributes) > 0 {
		attributes := build("mdattr:EntityAttributes")
		for _, name := range slices.Sorted(maps.Keys(d.Attributes)) {
			one := build("saml:Attribute", "Name", name, "NameFormat", AttributeURI)
			for _, v := range d.Attributes[name] {
				one.add(build("saml:AttributeValue").say(v))
			}
			attributes.add(one)
		}
		e.add(build("md:Extensions").add(attributes))
	}
	if d.IDP != nil {
		role, err := d.IDP.element()
		if err != nil {
			return nil, at(op, err)
		}
		e.add(role)
	}
	if d.SP != nil {
		role, err := d.SP.element()
		if err != nil {
			return nil, at(op, err)
		}
		e.add(role)
	}
	e.add(d.Organization.element())
	for _, c := range d.Contacts {
		e.add(c.element())
	}
	if s != nil {
		if err := s.enveloped(e, 0); err != nil {
			return nil, at(op, err)
		}
	}
	return written(op, e)
}

func (d IDPSSODescriptor) element() (*element, error) {
	e := build("md:IDPSSODescriptor", "protocolSupportEnumeration", Protocol, "errorURL", d.ErrorURL)
	e.set("WantAuthnRequestsSigned", strconv.FormatBool(d.WantAuthnRequestsSigned))
	if err := d.Role.addTo(e); err != nil {
		return nil, err
	}
	if len(d.SingleSignOn) == 0 {
		return nil, MessageIncomplete
	}
	for _, x := range d.SingleSignOn {
		e.add(x.element("md:SingleSignOnService"))
	}
	for _, x := range d.Attributes {
		e.add(build("saml:Attribute", "Name", x.Name, "NameFormat", x.NameFormat, "FriendlyName", x.FriendlyName))
	}
	return e, nil
}

func (d SPSSODescriptor) element() (*element, error) {
	e := build("md:SPSSODescriptor", "protocolSupportEnumeration", Protocol, "errorURL", d.ErrorURL)
	e.set("AuthnRequestsSigned", strconv.FormatBool(d.AuthnRequestsSigned))
	e.set("WantAssertionsSigned", strconv.FormatBool(d.WantAssertionsSigned))
	if err := d.Role.addTo(e); err != nil {
		return nil, err
	}
	if len(d.AssertionConsumers) == 0 {
		return nil, MessageIncomplete
	}
	for _, x := range d.AssertionConsumers {
		one := build("md:AssertionConsumerService", "Binding", x.Binding, "Location", x.Location, "index", strconv.Itoa(x.Index))
		if x.IsDefault {
			one.set("isDefault", "true")
		}
		e.add(one)
	}
	for _, x := range d.AttributeConsuming {
		service := build("md:AttributeConsumingService", "index", strconv.Itoa(x.Index))
		if x.IsDefault {
			service.set("isDefault", "true")
		}
		service.add(localizedElements("md:ServiceName", x.Names)...)
		for _, a := range x.Requested {
			one := build("md:RequestedAttribute", "Name", a.Name, "NameFormat", a.NameFormat, "FriendlyName", a.FriendlyName)
			if a.Required {
				one.set("isRequired", "true")
			}
			service.add(one)
		}
		e.add(service)
	}
	return e, nil
}

// addTo writes what both roles have, in the order of the schema.
func (r Role) addTo(e *element) error {
	if len(r.DisplayNames)+len(r.Descriptions) > 0 {
		info := build("mdui:UIInfo")
		info.add(localizedElements("mdui:DisplayName", r.DisplayNames)...)
		info.add(localizedElements("mdui:Description", r.Descriptions)...)
		e.add(build("md:Extensions").add(info))
	}
	for _, k := range r.Keys {
		if len(k.Certificates) == 0 {
			return MessageIncomplete
		}
		one := build("md:KeyDescriptor", "use", string(k.Use))
		for _, c := range k.Certificates {
			one.add(keyInfo(c))
		}
		for _, m := range k.Methods {
			method := build("md:EncryptionMethod", "Algorithm", m.Algorithm)
			if m.Digest != "" {
				method.add(build("ds:DigestMethod", "Algorithm", m.Digest))
			}
			if m.MGF != "" {
				method.add(build("xenc11:MGF", "Algorithm", m.MGF))
			}
			one.add(method)
		}
		e.add(one)
	}
	for _, x := range r.SingleLogout {
		e.add(x.element("md:SingleLogoutService"))
	}
	for _, f := range r.NameIDFormats {
		e.add(build("md:NameIDFormat").say(f))
	}
	return nil
}

// OwnEncryptionMethods is what a Decrypter opens, to publish with our encryption key, the best first.
func OwnEncryptionMethods() []EncryptionMethod {
	return []EncryptionMethod{
		{Algorithm: encAES256GCM},
		{Algorithm: encAES192GCM},
		{Algorithm: encAES128GCM},
		{Algorithm: encOAEPMGF1, Digest: digestSHA1},
		{Algorithm: encOAEP, Digest: digestSHA256, MGF: mgfSHA256},
	}
}

func (x Endpoint) element(name string) *element {
	return build(name, "Binding", x.Binding, "Location", x.Location, "ResponseLocation", x.ResponseLocation)
}

func (o Organization) element() *element {
	if len(o.Names) == 0 || len(o.DisplayNames) == 0 || len(o.URLs) == 0 {
		return nil // the schema wants all three or none
	}
	e := build("md:Organization")
	e.add(localizedElements("md:OrganizationName", o.Names)...)
	e.add(localizedElements("md:OrganizationDisplayName", o.DisplayNames)...)
	return e.add(localizedElements("md:OrganizationURL", o.URLs)...)
}

func (c Contact) element() *element {
	e := build("md:ContactPerson", "contactType", c.Type)
	if c.Company != "" {
		e.add(build("md:Company").say(c.Company))
	}
	for _, email := range c.Emails {
		if !strings.HasPrefix(email, "mailto:") {
			email = "mailto:" + email
		}
		e.add(build("md:EmailAddress").say(email))
	}
	return e
}

// localizedElements writes texts by language, sorted, so that the same metadata gives the same bytes.
func localizedElements(name string, texts map[string]string) []*element {
	var out []*element
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		out = append(out, build(name, "xml:lang", lang).say(texts[lang]))
	}
	return out
}
