package samlmsg

import (
	"bytes"
	"cmp"
	"slices"
)

// canonical writes an element in the form of Exclusive XML Canonicalization 1.0 without comments, as the apex of a document
// subset. skip, where not nil, is left out with everything below it (the enveloped-signature transform). inclusive is the
// InclusiveNamespaces PrefixList; "#default" stands for the default namespace.
func canonical(e, skip *element, inclusive []string) []byte {
	w := &c14n{skip: skip, inclusive: inclusive}
	w.out.Grow(4096)
	w.element(e)
	return w.out.Bytes()
}

type c14n struct {
	out       bytes.Buffer
	skip      *element
	inclusive []string
	rendered  []declaration // in force in the output, innermost last
	use       []declaration // scratch: those of the current element
}

// namespace gives what the output already says about a prefix.
func (w *c14n) namespace(prefix string) (string, bool) {
	for i := len(w.rendered) - 1; i >= 0; i-- {
		if w.rendered[i].prefix == prefix {
			return w.rendered[i].uri, true
		}
	}
	return "", false
}

// utilize notes a prefix that the output needs here, unless it says so already.
func (w *c14n) utilize(prefix, uri string) {
	if prefix == "xml" {
		return
	}
	was, said := w.namespace(prefix)
	if said && was == uri || !said && prefix == "" && uri == "" {
		return
	}
	for i := range w.use {
		if w.use[i].prefix == prefix {
			return
		}
	}
	w.use = append(w.use, declaration{prefix, uri})
}

func (w *c14n) element(e *element) {
	mark := len(w.rendered)
	w.use = w.use[:0]
	w.utilize(e.prefix, e.space)
	for i := range e.attrs {
		if a := &e.attrs[i]; a.prefix != "" {
			w.utilize(a.prefix, a.space)
		}
	}
	for _, prefix := range w.inclusive {
		if prefix == "#default" {
			prefix = ""
		}
		if uri, ok := e.inScope(prefix); ok {
			w.utilize(prefix, uri)
		}
	}
	slices.SortFunc(w.use, func(a, b declaration) int { return cmp.Compare(a.prefix, b.prefix) })

	w.out.WriteByte('<')
	w.name(e.prefix, e.local)
	for _, d := range w.use {
		w.out.WriteString(" xmlns")
		if d.prefix != "" {
			w.out.WriteByte(':')
			w.out.WriteString(d.prefix)
		}
		w.out.WriteString(`="`)
		w.escape(d.uri, true)
		w.out.WriteByte('"')
	}
	w.rendered = append(w.rendered, w.use...)
	w.attributes(e.attrs)
	w.out.WriteByte('>')
	for i := range e.nodes {
		switch c := e.nodes[i].el; {
		case c == nil:
			w.escape(e.nodes[i].text, false)
		case c != w.skip:
			w.element(c)
		}
	}
	w.out.WriteString("</")
	w.name(e.prefix, e.local)
	w.out.WriteByte('>')
	w.rendered = w.rendered[:mark]
}

func (w *c14n) name(prefix, local string) {
	if prefix != "" {
		w.out.WriteString(prefix)
		w.out.WriteByte(':')
	}
	w.out.WriteString(local)
}

// attributes writes in the order of namespace URI, then local name; those without a namespace come first.
func (w *c14n) attributes(attrs []attribute) {
	less := func(a, b attribute) int {
		return cmp.Or(cmp.Compare(a.space, b.space), cmp.Compare(a.local, b.local))
	}
	if !slices.IsSortedFunc(attrs, less) {
		attrs = slices.Clone(attrs)
		slices.SortFunc(attrs, less)
	}
	for i := range attrs {
		w.out.WriteByte(' ')
		w.name(attrs[i].prefix, attrs[i].local)
		w.out.WriteString(`="`)
		w.escape(attrs[i].value, true)
		w.out.WriteByte('"')
	}
}

func (w *c14n) escape(s string, inAttribute bool) {
	last := 0
	for i := range len(s) {
		var with string
		switch c := s[i]; {
		case c == '&':
			with = "&amp;"
		case c == '<':
			with = "&lt;"
		case c == '\r':
			with = "&#xD;"
		case c == '>' && !inAttribute:
			with = "&gt;"
		case c == '"' && inAttribute:
			with = "&quot;"
		case c == '\t' && inAttribute:
			with = "&#x9;"
		case c == '\n' && inAttribute:
			with = "&#xA;"
		default:
			continue
		}
		w.out.WriteString(s[last:i])
		w.out.WriteString(with)
		last = i + 1
	}
	w.out.WriteString(s[last:])
}
