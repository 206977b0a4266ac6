package samlmsg

import (
	"strings"

	"github.com/beevik/etree"
)

// element is an element of a parsed or built document, its names resolved. Comments and processing instructions have no place
// in it. It is not changed once parsed; a built one is changed only until it is written.
type element struct {
	prefix, local, space string
	decls                []declaration // namespace declarations, as written here
	attrs                []attribute   // all others, as written
	nodes                []node
	parent               *element
}

type declaration struct{ prefix, uri string }

type attribute struct{ prefix, local, space, value string }

// node is a child: an element, or text where el is nil. Two texts never stand side by side.
type node struct {
	el   *element
	text string
}

// is reports whether the element has this name.
func (e *element) is(space, local string) bool { return e.local == local && e.space == space }

// attr gives the attribute without a namespace, and whether it is there.
func (e *element) attr(local string) (string, bool) {
	for i := range e.attrs {
		if a := &e.attrs[i]; a.space == "" && a.local == local {
			return a.value, true
		}
	}
	return "", false
}

// value gives the attribute without a namespace, or "".
func (e *element) value(local string) string {
	v, _ := e.attr(local)
	return v
}

// children gives the child elements.
func (e *element) children() []*element {
	var out []*element
	for i := range e.nodes {
		if c := e.nodes[i].el; c != nil {
			out = append(out, c)
		}
	}
	return out
}

// all gives the child elements of this name.
func (e *element) all(space, local string) []*element {
	var out []*element
	for i := range e.nodes {
		if c := e.nodes[i].el; c != nil && c.is(space, local) {
			out = append(out, c)
		}
	}
	return out
}

// first gives the first child element of this name, or nil.
func (e *element) first(space, local string) *element {
	for i := range e.nodes {
		if c := e.nodes[i].el; c != nil && c.is(space, local) {
			return c
		}
	}
	return nil
}

// text gives the whole text of an element that has no child elements, and whether that is so.
func (e *element) text() (string, bool) {
	switch len(e.nodes) {
	case 0:
		return "", true
	case 1:
		return e.nodes[0].text, e.nodes[0].el == nil
	}
	return "", false
}

// word gives the text without surrounding white space: for URIs and numbers, where white space never carries meaning.
func (e *element) word() (string, bool) {
	s, ok := e.text()
	return strings.Trim(s, xmlSpace), ok
}

const xmlSpace = " \t\r\n"

// part says what children of a name an element may have, and where they go.
type part struct {
	space, local string
	most         int // 0 for any number
	into         *[]*element
}

// parts sorts the child elements. A child that no part names, too many of one, or text between them is an error.
func (e *element) parts(parts ...part) error {
	for i := range e.nodes {
		c := e.nodes[i].el
		if c == nil {
			if strings.Trim(e.nodes[i].text, xmlSpace) != "" {
				return MessageMalformed
			}
			continue
		}
		known := false
		for _, p := range parts {
			if !c.is(p.space, p.local) {
				continue
			}
			known = true
			if p.into == nil {
				break
			}
			*p.into = append(*p.into, c)
			if p.most > 0 && len(*p.into) > p.most {
				return MessageMalformed
			}
			break
		}
		if !known {
			return MessageMalformed
		}
	}
	return nil
}

// walk calls visit for the element and everything below, in document order, until visit gives an error.
func (e *element) walk(visit func(*element) error) error {
	if err := visit(e); err != nil {
		return err
	}
	for i := range e.nodes {
		if c := e.nodes[i].el; c != nil {
			if err := c.walk(visit); err != nil {
				return err
			}
		}
	}
	return nil
}

// inScope gives the namespace that a prefix stands for at this element.
func (e *element) inScope(prefix string) (string, bool) {
	if prefix == "xml" {
		return nsXML, true
	}
	for at := e; at != nil; at = at.parent {
		for i := range at.decls {
			if at.decls[i].prefix == prefix {
				return at.decls[i].uri, true
			}
		}
	}
	return "", prefix == ""
}

// prefixes are those that built documents use.
var prefixes = map[string]string{
	"saml": nsSAML, "samlp": nsSAMLP, "md": nsMD, "mdui": nsMDUI, "mdattr": nsMDAttr, "ds": nsDS, "xenc": nsXENC,
	"xenc11": nsXENC11, "soap11": nsSOAP, "xml": nsXML,
}

// build makes an element. The name is "prefix:local", with a prefix of the table; pairs are attribute names and values, of
// which those with an empty value are left out.
func build(name string, pairs ...string) *element {
	prefix, local, _ := strings.Cut(name, ":")
	e := &element{prefix: prefix, local: local, space: prefixes[prefix]}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.set(pairs[i], pairs[i+1])
	}
	return e
}

// set adds an attribute unless the value is empty.
func (e *element) set(name, value string) *element {
	if value == "" {
		return e
	}
	a := attribute{local: name, value: value}
	if prefix, local, ok := strings.Cut(name, ":"); ok {
		a.prefix, a.local, a.space = prefix, local, prefixes[prefix]
	}
	e.attrs = append(e.attrs, a)
	return e
}

// add appends child elements, leaving out nil ones.
func (e *element) add(children ...*element) *element {
	for _, c := range children {
		if c != nil {
			c.parent = e
			e.nodes = append(e.nodes, node{el: c})
		}
	}
	return e
}

// say sets the text.
func (e *element) say(text string) *element {
	e.nodes = []node{{text: text}}
	return e
}

// insert puts a child element at a place among the nodes.
func (e *element) insert(at int, c *element) {
	c.parent = e
	e.nodes = append(e.nodes, node{})
	copy(e.nodes[at+1:], e.nodes[at:])
	e.nodes[at] = node{el: c}
}

// fromEtree takes over an element that crewjam/saml built. Its prefixes are those of the table.
func fromEtree(from *etree.Element) *element {
	e := &element{prefix: from.Space, local: from.Tag, space: prefixes[from.Space]}
	for _, a := range from.Attr {
		if a.Space == "xmlns" || (a.Space == "" && a.Key == "xmlns") {
			continue
		}
		e.attrs = append(e.attrs, attribute{prefix: a.Space, local: a.Key, space: prefixes[a.Space], value: a.Value})
	}
	for _, token := range from.Child {
		switch t := token.(type) {
		case *etree.Element:
			e.add(fromEtree(t))
		case *etree.CharData:
			if n := len(e.nodes); n > 0 && e.nodes[n-1].el == nil {
				e.nodes[n-1].text += t.Data
			} else if t.Data != "" {
				e.nodes = append(e.nodes, node{text: t.Data})
			}
		}
	}
	return e
}
