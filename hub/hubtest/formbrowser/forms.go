package formbrowser

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Form is a form of a page, with the values it would send as it stands.
type Form struct {
	Action *url.URL
	Method string
	Fields url.Values
	// Buttons are the names and values of its submit buttons, in order.
	Buttons []Button

	boxes  []Button // checkboxes and radio buttons, ticked or not
	page   *Page
	policy *formAction
}

// Button is a submit button, a checkbox or a radio button.
type Button struct{ Name, Value string }

// Forms lists the forms of the page.
func (p *Page) Forms() []*Form {
	if p.root == nil {
		return nil
	}
	var out []*Form
	policy := readPolicy(p)
	each(p.root, func(n *html.Node) {
		if n.Data != "form" {
			return
		}
		f := &Form{Method: http.MethodGet, Fields: url.Values{}, page: p, Action: p.URL, policy: policy}
		if m, _ := attr(n, "method"); strings.EqualFold(m, "post") {
			f.Method = http.MethodPost
		}
		if a, ok := attr(n, "action"); ok && a != "" {
			if u, err := p.URL.Parse(a); err == nil {
				f.Action = u
			}
		}
		each(n, f.control)
		out = append(out, f)
	})
	return out
}

// control adds a control of the form.
func (f *Form) control(n *html.Node) {
	name, _ := attr(n, "name")
	value, hasValue := attr(n, "value")
	kind, _ := attr(n, "type")
	if _, off := attr(n, "disabled"); off {
		return
	}
	switch {
	case n.Data == "button" && (kind == "" || kind == "submit"), n.Data == "input" && kind == "submit":
		f.Buttons = append(f.Buttons, Button{name, value})
	case n.Data == "input" && (kind == "checkbox" || kind == "radio"):
		if !hasValue {
			value = "on"
		}
		f.boxes = append(f.boxes, Button{name, value})
		if _, on := attr(n, "checked"); on {
			f.Fields.Add(name, value)
		}
	case n.Data == "input" && kind != "button" && kind != "reset" && kind != "file" && name != "":
		f.Fields.Add(name, value)
	case n.Data == "textarea" && name != "":
		f.Fields.Add(name, raw(n))
	case n.Data == "select" && name != "":
		if o := find(n, func(o *html.Node) bool { _, on := attr(o, "selected"); return o.Data == "option" && on }); o != nil {
			v, _ := attr(o, "value")
			f.Fields.Add(name, v)
		}
	}
}

// FormWith gives the first form that has a button, box or field of the name, nil where there is none.
func (p *Page) FormWith(name string) *Form {
	for _, f := range p.Forms() {
		named := func(b Button) bool { return b.Name == name }
		if slices.ContainsFunc(f.Buttons, named) || slices.ContainsFunc(f.boxes, named) || f.Fields.Has(name) {
			return f
		}
	}
	return nil
}

// Has reports whether a control of the form offers the value under the name.
func (f *Form) Has(name, value string) bool {
	b := Button{name, value}
	return slices.Contains(f.Buttons, b) || slices.Contains(f.boxes, b)
}

// Boxes lists the values that the checkboxes or radio buttons of a name offer.
func (f *Form) Boxes(name string) []string {
	var values []string
	for _, b := range f.boxes {
		if b.Name == name {
			values = append(values, b.Value)
		}
	}
	return values
}

// Tick chooses a box; a radio button takes the place of the others of its name. An error where there is no such box.
func (f *Form) Tick(name, value string) error {
	if !slices.Contains(f.boxes, Button{name, value}) {
		return f.page.Errorf("formbrowser: no box %s=%s", name, value)
	}
	if !slices.Contains(f.Fields[name], value) {
		f.Fields.Add(name, value)
	}
	return nil
}

// Pick chooses a radio button alone. An error where there is none.
func (f *Form) Pick(name, value string) error {
	f.Fields.Del(name)
	return f.Tick(name, value)
}

// Press sends the form with a button, or with none where the name is "". An error where there is no such button.
func (f *Form) Press(ctx context.Context, name, value string) (*Page, error) {
	fields := url.Values{}
	for k, v := range f.Fields {
		fields[k] = slices.Clone(v)
	}
	if name != "" {
		if !slices.Contains(f.Buttons, Button{name, value}) {
			return nil, f.page.Errorf("formbrowser: no button %s=%s", name, value)
		}
		fields.Add(name, value)
	}
	s := step{method: f.Method, to: f.Action, form: fields, from: f.page.URL, policy: f.policy}
	if f.Method == http.MethodGet {
		to := *f.Action
		to.RawQuery = fields.Encode()
		s.to, s.form = &to, nil
	}
	return f.page.browser.load(ctx, s)
}

// Follow goes where the first link leads whose address begins with the prefix.
func (p *Page) Follow(ctx context.Context, prefix string) (*Page, error) {
	for _, l := range p.Links() {
		if strings.HasPrefix(l.String(), prefix) {
			return p.browser.load(ctx, step{method: http.MethodGet, to: l, from: p.URL})
		}
	}
	return nil, p.Errorf("formbrowser: no link that begins with %s", prefix)
}

// Links lists where the links of the page lead.
func (p *Page) Links() []*url.URL {
	var out []*url.URL
	each(p.root, func(n *html.Node) {
		if href, ok := attr(n, "href"); ok && n.Data == "a" {
			if u, err := p.URL.Parse(href); err == nil {
				out = append(out, u)
			}
		}
	})
	return out
}

// Text gives the words that the page shows.
func (p *Page) Text() string {
	if p.root == nil {
		return ""
	}
	return strings.Join(strings.Fields(text(p.root)), " ")
}

// formAction is the form-action of a policy.
type formAction struct {
	sources []string
	self    *url.URL
}

var errFormAction = errors.New("formbrowser: the page's own form-action forbids where the form leads")

// readPolicy finds form-action in the page's policy; nil where it names none.
func readPolicy(p *Page) *formAction {
	for directive := range strings.SplitSeq(p.Header.Get("Content-Security-Policy"), ";") {
		words := strings.Fields(directive)
		if len(words) > 0 && strings.EqualFold(words[0], "form-action") {
			return &formAction{sources: words[1:], self: p.URL}
		}
	}
	return nil
}

// allows reports whether the form may lead to the address.
func (f *formAction) allows(to *url.URL) error {
	if f == nil {
		return nil
	}
	origin := to.Scheme + "://" + to.Host
	for _, s := range f.sources {
		switch {
		case s == "'self'" && origin == f.self.Scheme+"://"+f.self.Host, s == to.Scheme+":", s == "*", s == origin:
			return nil
		case strings.HasPrefix(s, origin+"/") && strings.HasPrefix(to.String(), s):
			return nil
		}
	}
	return errFormAction
}

// each calls f for the node and all below it that are elements.
func each(n *html.Node, f func(*html.Node)) {
	if n == nil {
		return
	}
	if n.Type == html.ElementNode {
		f(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		each(c, f)
	}
}

// find gives the first element that fits.
func find(n *html.Node, fits func(*html.Node) bool) *html.Node {
	var found *html.Node
	each(n, func(c *html.Node) {
		if found == nil && fits(c) {
			found = c
		}
	})
	return found
}

func attr(n *html.Node, name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// raw gives the text below a node as it stands.
func raw(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	s := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s += raw(c)
	}
	return s
}

// text gives the words below a node, without those of scripts and styles.
func text(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if n.Data == "script" || n.Data == "style" {
		return ""
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(text(c))
		b.WriteByte(' ')
	}
	return b.String()
}
