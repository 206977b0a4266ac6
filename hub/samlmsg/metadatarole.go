package samlmsg

import (
	"crypto/x509"
	"strings"
)

func fields(s string) []string { return strings.Fields(s) }

func readIDP(e *element) (*IDPSSODescriptor, error) {
	d := &IDPSSODescriptor{}
	var err error
	if d.Role, err = readRole(e); err != nil {
		return nil, err
	}
	if d.WantAuthnRequestsSigned, err = e.flag("WantAuthnRequestsSigned"); err != nil {
		return nil, MetadataMalformed
	}
	if d.SingleSignOn, err = readEndpoints(e.all(nsMD, "SingleSignOnService")); err != nil {
		return nil, err
	}
	for _, x := range e.all(nsSAML, "Attribute") {
		d.Attributes = append(d.Attributes, Attribute{
			Name: x.value("Name"), NameFormat: x.value("NameFormat"), FriendlyName: x.value("FriendlyName"),
		})
	}
	return d, nil
}

func readSP(e *element) (*SPSSODescriptor, error) {
	d := &SPSSODescriptor{}
	var err error
	if d.Role, err = readRole(e); err != nil {
		return nil, err
	}
	if d.AuthnRequestsSigned, err = e.flag("AuthnRequestsSigned"); err != nil {
		return nil, MetadataMalformed
	}
	if d.WantAssertionsSigned, err = e.flag("WantAssertionsSigned"); err != nil {
		return nil, MetadataMalformed
	}
	taken := make(map[int]bool)
	for _, x := range e.all(nsMD, "AssertionConsumerService") {
		index, err := x.index("index")
		if err != nil || index == nil || taken[*index] {
			return nil, MetadataMalformed
		}
		taken[*index] = true
		one := IndexedEndpoint{Binding: x.value("Binding"), Index: *index}
		if one.IsDefault, err = x.flag("isDefault"); err != nil {
			return nil, MetadataMalformed
		}
		var known bool
		if one.Location, known, err = readLocation(one.Binding, x.value("Location")); err != nil {
			return nil, err
		}
		if known {
			d.AssertionConsumers = append(d.AssertionConsumers, one)
		}
	}
	for _, x := range e.all(nsMD, "AttributeConsumingService") {
		service, err := readAttributeConsuming(x)
		if err != nil {
			return nil, err
		}
		d.AttributeConsuming = append(d.AttributeConsuming, service)
	}
	return d, nil
}

func readAttributeConsuming(e *element) (s AttributeConsumingService, err error) {
	index, err := e.index("index")
	if err != nil || index == nil {
		return s, MetadataMalformed
	}
	s.Index, s.Names = *index, localized(e.all(nsMD, "ServiceName"))
	if s.IsDefault, err = e.flag("isDefault"); err != nil {
		return s, MetadataMalformed
	}
	for _, x := range e.all(nsMD, "RequestedAttribute") {
		one := RequestedAttribute{Name: x.value("Name"), NameFormat: x.value("NameFormat"), FriendlyName: x.value("FriendlyName")}
		if one.Required, err = x.flag("isRequired"); err != nil || one.Name == "" {
			return s, MetadataMalformed
		}
		s.Requested = append(s.Requested, one)
	}
	return s, nil
}

func readRole(e *element) (r Role, err error) {
	for _, x := range e.all(nsMD, "KeyDescriptor") {
		k, err := readKeyDescriptor(x)
		if err != nil {
			return r, err
		}
		r.Keys = append(r.Keys, k)
	}
	if r.SingleLogout, err = readEndpoints(e.all(nsMD, "SingleLogoutService")); err != nil {
		return r, err
	}
	for _, x := range e.all(nsMD, "NameIDFormat") {
		if format, ok := x.word(); ok && format != "" { // some software writes an empty one
			r.NameIDFormats = append(r.NameIDFormats, format)
		}
	}
	if u := e.value("errorURL"); u != "" {
		if _, ok := safeLocation(u); ok {
			r.ErrorURL = u // one that nobody should be sent to is as good as none
		}
	}
	for _, extensions := range e.all(nsMD, "Extensions") {
		for _, info := range extensions.all(nsMDUI, "UIInfo") {
			r.DisplayNames, r.Descriptions = localized(info.all(nsMDUI, "DisplayName")), localized(info.all(nsMDUI, "Description"))
		}
	}
	return r, nil
}

// readKeyDescriptor takes the certificates that can be read; one that can't is of no use to anybody, and no reason to lose the
// entity.
func readKeyDescriptor(e *element) (k KeyDescriptor, err error) {
	switch use, ok := e.attr("use"); {
	case !ok:
	case use == string(UseSigning) || use == string(UseEncryption):
		k.Use = KeyUse(use)
	default:
		return k, MetadataMalformed
	}
	for _, info := range e.all(nsDS, "KeyInfo") {
		for _, data := range info.all(nsDS, "X509Data") {
			for _, x := range data.all(nsDS, "X509Certificate") {
				text, ok := x.text()
				if !ok {
					return k, MetadataMalformed
				}
				if der, ok := unbase64(text); ok {
					if c, err := x509.ParseCertificate(der); err == nil {
						k.Certificates = append(k.Certificates, c)
					}
				}
			}
		}
	}
	for _, x := range e.all(nsMD, "EncryptionMethod") {
		m, _, err := readEncryptionMethod(x)
		if err != nil {
			return k, MetadataMalformed
		}
		k.Methods = append(k.Methods, m)
	}
	return k, nil
}

func readEndpoints(found []*element) ([]Endpoint, error) {
	var out []Endpoint
	for _, x := range found {
		one := Endpoint{Binding: x.value("Binding")}
		var known bool
		var err error
		if one.Location, known, err = readLocation(one.Binding, x.value("Location")); err != nil {
			return nil, err
		}
		if !known {
			continue
		}
		if response := x.value("ResponseLocation"); response != "" {
			if one.ResponseLocation, _, err = readLocation(one.Binding, response); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// readLocation checks a location. Endpoints of bindings that are not spoken here are left out (known is false): what form their
// locations have is not for us to judge.
func readLocation(binding, location string) (checked string, known bool, err error) {
	switch binding {
	case BindingRedirect, BindingPOST, BindingSOAP:
	default:
		return "", false, nil
	}
	if _, ok := safeLocation(location); !ok {
		return "", true, EndpointUnsafe
	}
	return location, true, nil
}
