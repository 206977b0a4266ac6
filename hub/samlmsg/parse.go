package samlmsg

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	xrv "github.com/mattermost/xml-roundtrip-validator"
)

// Limits bound what is read. The zero value of a field takes its default.
type Limits struct {
	Bytes      int // of the XML, after decoding and inflating
	Depth      int // of nested elements
	Nodes      int // elements, attributes and texts together
	RelayState int // bytes; SAML Bindings section 3.4.3 says 80
}

// MessageLimits are the defaults for protocol messages.
func MessageLimits() Limits {
	return Limits{Bytes: 256 << 10, Depth: 40, Nodes: 10_000, RelayState: 80}
}

// MetadataLimits are the defaults for metadata, aggregates included.
func MetadataLimits() Limits {
	return Limits{Bytes: 16 << 20, Depth: 40, Nodes: 1_000_000, RelayState: 80}
}

func (l Limits) or(d Limits) Limits {
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Nodes <= 0 {
		l.Nodes = d.Nodes
	}
	if l.RelayState <= 0 {
		l.RelayState = d.RelayState
	}
	return l
}

// maxAttributes bounds the attributes of one element, namespace declarations included: looking for doubles is quadratic.
const maxAttributes = 64

// parser holds what is known while a document is read.
type parser struct {
	limits   Limits
	comments bool // skip comments instead of refusing them
	root     *element
	top      *element // innermost open element
	depth    int
	count    int
	ids      map[string]struct{}
}

// parse reads one XML document into a tree, or gives a Cause. It accepts less than XML: UTF-8 only; no DTD, no processing
// instruction but the XML declaration, no comment (unless they are to be skipped, as in metadata files); every prefix
// declared; no attribute twice, be it by name or by namespace; no value twice among the attributes that may be identifiers.
//
// Names outside of plain ASCII are put through the round-trip validator; for plain names the same is guaranteed by
// construction, as the tree resolves namespaces itself and is written by canonical alone (FuzzParse holds both to it).
func parse(raw []byte, limits Limits, comments bool) (*element, error) {
	if len(raw) > limits.Bytes {
		return nil, XMLTooBig
	}
	p := &parser{limits: limits, comments: comments, ids: make(map[string]struct{})}
	decoder := xml.NewDecoder(bytes.NewReader(raw))
	decoder.Strict = true
	for first := true; ; first = false {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, XMLMalformed
		}
		if err := p.take(token, first); err != nil {
			return nil, err
		}
	}
	if p.root == nil || p.top != nil {
		return nil, XMLMalformed
	}
	return p.root, nil
}

func (p *parser) take(token xml.Token, first bool) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.start(t)
	case xml.EndElement:
		if p.top == nil || t.Name.Space != p.top.prefix || t.Name.Local != p.top.local {
			return XMLMalformed
		}
		p.top.mergeTexts()
		p.top = p.top.parent
		p.depth--
		return nil
	case xml.CharData:
		return p.chars(string(t))
	case xml.Comment:
		if !p.comments {
			return XMLComment
		}
		return nil
	case xml.ProcInst:
		if !first || t.Target != "xml" {
			return XMLInstruction
		}
		return nil
	case xml.Directive:
		return XMLDoctype
	}
	return XMLMalformed
}

func (p *parser) node() error {
	p.count++
	if p.count > p.limits.Nodes {
		return XMLTooManyNodes
	}
	return nil
}

func (p *parser) chars(s string) error {
	if p.top == nil {
		if strings.Trim(s, xmlSpace) != "" {
			return XMLMalformed
		}
		return nil
	}
	if s == "" {
		return nil
	}
	p.top.nodes = append(p.top.nodes, node{text: s})
	return p.node()
}

func (p *parser) start(t xml.StartElement) error {
	if p.root != nil && p.top == nil {
		return XMLMalformed // a second root
	}
	if err := p.node(); err != nil {
		return err
	}
	if p.depth++; p.depth > p.limits.Depth {
		return XMLTooDeep
	}
	if len(t.Attr) > maxAttributes {
		return XMLTooManyNodes
	}
	if err := roundTrips(t); err != nil {
		return err
	}
	e := &element{prefix: t.Name.Space, local: t.Name.Local, parent: p.top}
	for _, a := range t.Attr {
		if err := p.node(); err != nil {
			return err
		}
		switch {
		case a.Name.Space == "xmlns":
			if err := e.declare(a.Name.Local, a.Value); err != nil {
				return err
			}
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			if err := e.declare("", a.Value); err != nil {
				return err
			}
		default:
			e.attrs = append(e.attrs, attribute{prefix: a.Name.Space, local: a.Name.Local, value: a.Value})
		}
	}
	if err := p.resolve(e); err != nil {
		return err
	}
	if p.top == nil {
		p.root = e
	} else {
		p.top.nodes = append(p.top.nodes, node{el: e})
	}
	p.top = e
	return nil
}

// mergeTexts joins texts that a CDATA section or a skipped comment had split, so that no value is ever seen in part.
func (e *element) mergeTexts() {
	split := false
	for i := 1; i < len(e.nodes) && !split; i++ {
		split = e.nodes[i].el == nil && e.nodes[i-1].el == nil
	}
	if !split {
		return
	}
	merged := make([]node, 0, len(e.nodes))
	for i := 0; i < len(e.nodes); {
		if e.nodes[i].el != nil {
			merged = append(merged, e.nodes[i])
			i++
			continue
		}
		var text strings.Builder
		for ; i < len(e.nodes) && e.nodes[i].el == nil; i++ {
			text.WriteString(e.nodes[i].text)
		}
		merged = append(merged, node{text: text.String()})
	}
	e.nodes = merged
}

// declare takes a namespace declaration (Namespaces in XML 1.0 sections 3 and 5).
func (e *element) declare(prefix, uri string) error {
	if prefix == "xmlns" || uri == nsXMLNS || (prefix == "xml") != (uri == nsXML) || (uri == "" && prefix != "") {
		return XMLNamespace
	}
	for i := range e.decls {
		if e.decls[i].prefix == prefix {
			return XMLDuplicateAttribute
		}
	}
	e.decls = append(e.decls, declaration{prefix, uri})
	return nil
}

// resolve finds the namespaces of an element and its attributes and looks for doubles.
func (p *parser) resolve(e *element) error {
	var ok bool
	if e.space, ok = e.inScope(e.prefix); !ok || e.prefix == "xmlns" {
		return XMLNamespace
	}
	for i := range e.attrs {
		a := &e.attrs[i]
		if a.prefix != "" {
			if a.space, ok = e.inScope(a.prefix); !ok {
				return XMLNamespace
			}
		}
		for j := range i {
			if e.attrs[j].local == a.local && e.attrs[j].space == a.space {
				return XMLDuplicateAttribute
			}
		}
		// Whatever some other software may take for an identifier: ID, Id, id, xml:id, wsu:Id.
		if strings.EqualFold(a.local, "id") {
			if a.value == "" {
				return XMLDuplicateID
			}
			if _, twice := p.ids[a.value]; twice {
				return XMLDuplicateID
			}
			p.ids[a.value] = struct{}{}
		}
	}
	return nil
}

// roundTrips refuses names that encoding/xml does not give back as they came.
func roundTrips(t xml.StartElement) error {
	plain := plainName(t.Name)
	for i := 0; plain && i < len(t.Attr); i++ {
		plain = plainName(t.Attr[i].Name)
	}
	if plain {
		return nil
	}
	if strings.Contains(t.Name.Local, ":") || strings.Contains(t.Name.Space, ":") {
		return XMLRoundTrip
	}
	for _, a := range t.Attr {
		if strings.Contains(a.Name.Local, ":") || strings.Contains(a.Name.Space, ":") {
			return XMLRoundTrip
		}
	}
	if xrv.CheckToken(t.Copy()) != nil {
		return XMLRoundTrip
	}
	return nil
}

// plainName reports whether a name is [prefix:]local, both of A-Z a-z 0-9 _ . - and not beginning with a digit, dot or hyphen.
func plainName(n xml.Name) bool { return (n.Space == "" || plainPart(n.Space)) && plainPart(n.Local) }

func plainPart(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case '0' <= c && c <= '9', c == '-', c == '.':
			if i == 0 {
				return false
			}
		default:
			return false
		}
	}
	return s != ""
}
