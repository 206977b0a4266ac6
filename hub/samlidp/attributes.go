package samlidp

import (
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// The names of what is not the person's: both levels, which an AuthnContext class of another vocabulary than the hub's would lose
// (LOA-04), and who said each attribute and when (PRV-09).
const (
	attributePrefix  = "urn:onedoor:attribute:"
	ialAttribute     = "urn:onedoor:ial"
	aalAttribute     = "urn:onedoor:aal"
	sourcesAttribute = "urn:onedoor:attribute-sources" // "name provider 2006-01-02T15:04:05Z", one value for each attribute
)

// wireName gives what the service provider calls an attribute.
func (sp ServiceProvider) wireName(n hub.AttributeName) string {
	if name := sp.AttributeNames[n]; name != "" {
		return name
	}
	return attributePrefix + string(n)
}

// wanted gives what a service provider asks for, within its register (PRV-06), in the order of the dictionary: the attributes of the
// service that the request chose in its metadata, and where the metadata names none all of its register. Names that the hub does not
// know, or that are not in the register, are left out: the assertion holds what it holds.
func wanted(sp ServiceProvider, service *samlmsg.AttributeConsumingService) []hub.AttributeName {
	var out []hub.AttributeName
	for _, n := range hub.AttributeNames() {
		asked := service == nil || slices.ContainsFunc(service.Requested, func(r samlmsg.RequestedAttribute) bool {
			return r.Name == sp.wireName(n) || r.Name == attributePrefix+string(n)
		})
		if asked && slices.Contains(sp.Attributes, n) {
			out = append(out, n)
		}
	}
	return out
}

// statement gives the attributes of the assertion.
func statement(sp ServiceProvider, level hub.Level, released hub.Attributes) []samlmsg.Attribute {
	out := []samlmsg.Attribute{
		{Name: ialAttribute, NameFormat: samlmsg.AttributeURI, FriendlyName: "ial", Values: []string{level.IAL.String()}},
		{Name: aalAttribute, NameFormat: samlmsg.AttributeURI, FriendlyName: "aal", Values: []string{level.AAL.String()}},
	}
	var sources []string
	for _, n := range hub.AttributeNames() {
		a, ok := released[n]
		if !ok || a.Value == "" {
			continue
		}
		out = append(out, named(sp.wireName(n), string(n), a.Value))
		source := sp.wireName(n) + " " + string(a.Source)
		if !a.At.IsZero() {
			source += " " + a.At.UTC().Format(time.RFC3339)
		}
		sources = append(sources, source)
	}
	if len(sources) > 0 {
		out = append(out, samlmsg.Attribute{
			Name: sourcesAttribute, NameFormat: samlmsg.AttributeURI, FriendlyName: "attribute_sources", Values: sources,
		})
	}
	return out
}

// named builds an attribute; a name that is a URI says so (SAML Core section 8.2).
func named(name, friendly, value string) samlmsg.Attribute {
	format := samlmsg.AttributeBasic
	if strings.Contains(name, ":") {
		format = samlmsg.AttributeURI
	}
	return samlmsg.Attribute{Name: name, NameFormat: format, FriendlyName: friendly, Values: []string{value}}
}
