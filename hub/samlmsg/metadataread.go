package samlmsg

import (
	"bytes"
	"maps"
	"slices"
	"time"
)

// MetadataOptions say what metadata has to prove.
type MetadataOptions struct {
	// Verifier holds the pinned keys that the document must be signed with, as a whole. nil takes an unsigned document: only for
	// one that came by a way that vouches for it, such as a file the administrator has put there.
	Verifier *Verifier
	Now      time.Time     // required
	Skew     time.Duration // of clocks
	// RequireValidUntil refuses a document without an end, and MaxValidity (where not zero) one whose end is further away:
	// without them an old document could be played back for ever.
	RequireValidUntil bool
	MaxValidity       time.Duration
	Limits            Limits // zero fields take MetadataLimits
}

// Metadata is a document that has been verified and read.
type Metadata struct {
	Entities      []EntityDescriptor
	ValidUntil    time.Time     // of the document; zero for none
	CacheDuration time.Duration // of the document; zero for none
	Skipped       []Skipped     // entities of an aggregate that can't be used
}

// Skipped is an entity of an aggregate that was left out.
type Skipped struct {
	EntityID string // "" where not even that could be read
	Cause    Cause
}

// Entity finds an entity.
func (m Metadata) Entity(id string) (EntityDescriptor, bool) {
	for i := range m.Entities {
		if m.Entities[i].EntityID == id {
			return m.Entities[i], true
		}
	}
	return EntityDescriptor{}, false
}

// maxNesting bounds how deep EntitiesDescriptors may stand in one another.
const maxNesting = 8

// ParseMetadata verifies and reads an EntityDescriptor or an EntitiesDescriptor (SAML Metadata section 2.3). In an aggregate an
// entity that is malformed or expired is left out and told of; alone it is an error. Two entities of one name are an error:
// nobody could say which of them counts. Invalid, TooMany, Refused, Expired.
func ParseMetadata(raw []byte, o MetadataOptions) (Metadata, error) {
	const op = "ParseMetadata"
	limits := o.Limits.or(MetadataLimits())
	root, err := parse(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), limits, true)
	if err != nil {
		return Metadata{}, at(op, err)
	}
	if root.space != nsMD || (root.local != "EntityDescriptor" && root.local != "EntitiesDescriptor") {
		return Metadata{}, refuse(op, MetadataMalformed)
	}
	if o.Verifier != nil {
		v := *o.Verifier
		v.limits = limits
		if root, err = v.enveloped(root); err != nil {
			return Metadata{}, at(op, err)
		}
	}
	r := metadataReader{o: o, seen: make(map[string]bool)}
	life, err := r.lifetime(root, lifetime{})
	if err != nil {
		return Metadata{}, at(op, err)
	}
	if root.local == "EntityDescriptor" {
		entity, err := r.entity(root, lifetime{})
		if err != nil {
			return Metadata{}, at(op, err)
		}
		r.out.Entities = append(r.out.Entities, entity)
		life = lifetime{entity.ValidUntil, entity.CacheDuration}
	} else if err := r.aggregate(root, lifetime{}, 1); err != nil {
		return Metadata{}, at(op, err)
	}
	switch {
	case o.RequireValidUntil && life.until.IsZero():
		return Metadata{}, refuse(op, MetadataEndless)
	case o.MaxValidity > 0 && life.until.After(o.Now.Add(o.MaxValidity)):
		return Metadata{}, refuse(op, MetadataTooLong)
	}
	r.out.ValidUntil, r.out.CacheDuration = life.until, life.cache
	return r.out, nil
}

type metadataReader struct {
	o    MetadataOptions
	out  Metadata
	seen map[string]bool
}

type lifetime struct {
	until time.Time
	cache time.Duration
}

// lifetime reads validUntil and cacheDuration, within those of the element around.
func (r *metadataReader) lifetime(e *element, around lifetime) (lifetime, error) {
	until, err := e.instant("validUntil", false)
	if err != nil {
		return around, MetadataMalformed
	}
	if !until.IsZero() {
		if !r.o.Now.Before(until.Add(r.o.Skew)) {
			return around, MetadataExpired
		}
		if around.until.IsZero() || until.Before(around.until) {
			around.until = until
		}
	}
	if s, ok := e.attr("cacheDuration"); ok {
		d, ok := parseDuration(s)
		if !ok {
			return around, MetadataMalformed
		}
		if around.cache == 0 || d < around.cache {
			around.cache = d
		}
	}
	return around, nil
}

func (r *metadataReader) aggregate(e *element, around lifetime, depth int) error {
	life, err := r.lifetime(e, around)
	if err != nil {
		return err
	}
	if depth > maxNesting {
		return MetadataMalformed
	}
	for _, child := range e.children() {
		switch {
		case child.is(nsMD, "EntitiesDescriptor"):
			if err := r.aggregate(child, life, depth+1); err != nil {
				return err
			}
		case child.is(nsMD, "EntityDescriptor"):
			entity, err := r.entity(child, life)
			if cause, ok := err.(Cause); ok && cause != MetadataDuplicate { //nolint:errorlint // helpers give bare causes
				id := child.value("entityID")
				if len(id) > maxURI {
					id = ""
				}
				r.out.Skipped = append(r.out.Skipped, Skipped{id, cause})
				continue
			}
			if err != nil {
				return err
			}
			r.out.Entities = append(r.out.Entities, entity)
		case child.is(nsDS, "Signature"), child.is(nsMD, "Extensions"):
		default:
			return MetadataMalformed
		}
	}
	return nil
}

func (r *metadataReader) entity(e *element, around lifetime) (d EntityDescriptor, err error) {
	d.EntityID, d.ID = e.value("entityID"), e.value("ID")
	if d.EntityID == "" || len(d.EntityID) > maxURI {
		return d, MetadataMalformed
	}
	if r.seen[d.EntityID] {
		return d, MetadataDuplicate
	}
	r.seen[d.EntityID] = true
	life, err := r.lifetime(e, around)
	if err != nil {
		return d, err
	}
	for _, child := range e.children() {
		switch {
		case child.is(nsMD, "IDPSSODescriptor") && speaksSAML2(child):
			if d.IDP != nil {
				return d, MetadataMalformed // which of two would count?
			}
			if life, err = r.lifetime(child, life); err != nil {
				return d, err
			}
			if d.IDP, err = readIDP(child); err != nil {
				return d, err
			}
		case child.is(nsMD, "SPSSODescriptor") && speaksSAML2(child):
			if d.SP != nil {
				return d, MetadataMalformed
			}
			if life, err = r.lifetime(child, life); err != nil {
				return d, err
			}
			if d.SP, err = readSP(child); err != nil {
				return d, err
			}
		case child.is(nsMD, "Organization"):
			d.Organization = Organization{
				Names: localized(child.all(nsMD, "OrganizationName")), DisplayNames: localized(child.all(nsMD, "OrganizationDisplayName")),
				URLs: localized(child.all(nsMD, "OrganizationURL")),
			}
			maps.DeleteFunc(d.Organization.URLs, func(_, u string) bool { _, ok := safeLocation(u); return !ok })
		case child.is(nsMD, "ContactPerson"):
			d.Contacts = append(d.Contacts, readContact(child))
		case child.is(nsMD, "Extensions"):
			for _, attributes := range child.all(nsMDAttr, "EntityAttributes") {
				if d.Attributes, err = entityAttributes(d.Attributes, attributes); err != nil {
					return d, err
				}
			}
		}
	}
	d.ValidUntil, d.CacheDuration = life.until, life.cache
	return d, nil
}

func speaksSAML2(e *element) bool {
	return slices.Contains(fields(e.value("protocolSupportEnumeration")), Protocol)
}

func readContact(e *element) Contact {
	c := Contact{Type: e.value("contactType")}
	if company := e.first(nsMD, "Company"); company != nil {
		c.Company, _ = company.text()
	}
	for _, x := range e.all(nsMD, "EmailAddress") {
		if email, ok := x.word(); ok {
			c.Emails = append(c.Emails, email)
		}
	}
	return c
}

func entityAttributes(into map[string][]string, e *element) (map[string][]string, error) {
	for _, x := range e.all(nsSAML, "Attribute") {
		name := x.value("Name")
		if name == "" {
			return nil, MetadataMalformed
		}
		if into == nil {
			into = make(map[string][]string)
		}
		for _, v := range x.all(nsSAML, "AttributeValue") {
			if text, ok := v.word(); ok {
				into[name] = append(into[name], text)
			}
		}
	}
	return into, nil
}

// localized gives texts by their xml:lang.
func localized(found []*element) map[string]string {
	var out map[string]string
	for _, e := range found {
		text, ok := e.word()
		if !ok || text == "" {
			continue
		}
		for _, a := range e.attrs {
			if a.space == nsXML && a.local == "lang" && a.value != "" {
				if out == nil {
					out = make(map[string]string)
				}
				out[a.value] = text
			}
		}
	}
	return out
}
