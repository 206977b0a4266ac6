package forward

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/token"
)

// Headers about service items.
const (
	HeaderReason = "X-Onedoor-Reason" // of a no for an item: machine words of package authz
	// HeaderClient is where a proxy says the browser is: heard only of a system that is registered to state places, as nobody else may be
	// believed. Without it nobody knows, and an item that asks for a place is closed.
	HeaderClient = "X-Onedoor-Client"
)

// ItemRule has the paths that begin with a prefix ask for an item.
type ItemRule struct {
	Prefix       string
	Item, Action string
}

// Items decides about service items; package authz has it, over app.
type Items interface {
	// Open decides whether an item is open to whom a token speaks of, who is at an address, or nobody knows where. What can't be known is
	// Unknown.
	Open(ctx context.Context, a token.Access, at netip.Addr, item, action string) ItemAnswer
}

// ItemAnswer is what was decided.
type ItemAnswer struct {
	Open    bool
	Unknown bool
	Reasons []string      // of a no
	ACR     string        // of a no for which a better or newer sign-in would help: which (RFC 9470)
	MaxAge  time.Duration // and how old at most, 0 for any
}

// notHere is the reason of a no that no sign-in changes: where the browser is.
const notHere = "place"

// shut is an item that is closed, with why.
type shut struct {
	rule ItemRule
	ItemAnswer
}

// shut finds the first item that a request asks for and that is closed; nil for none. Unavailable.
func (g *Gate) shut(ctx context.Context, a token.Access, at netip.Addr, rules []ItemRule) (*shut, error) {
	ctx = hub.WithInteraction(ctx, a.Interaction)
	for _, rule := range rules {
		x := g.o.Items.Open(ctx, a, at, rule.Item, rule.Action)
		if x.Unknown {
			return nil, hub.Errorf("forward.shut", hub.Unavailable, "nobody knows whether the item is open")
		}
		if !x.Open {
			return &shut{rule, x}, nil
		}
	}
	return nil, nil //nolint:nilnil // all are open
}

// addressIn gives where the browser is, as the proxy of a system says that may; the zero one where nobody knows.
func addressIn(r *http.Request, s System) netip.Addr {
	said := r.Header.Values(HeaderClient)
	if !s.StatesPlace || len(said) != 1 {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(said[0])
	if err != nil {
		return netip.Addr{}
	}
	return a.Unmap().WithZone("")
}

// closed answers for an item that is closed: as for somebody who is not signed in, because the sign-in leads through what is missing; but 403
// where the browser is in the wrong place, which no sign-in changes.
func (g *Gate) closed(w http.ResponseWriter, s System, a asked, origin string, lead bool, x *shut) {
	w.Header().Set(HeaderReason, strings.Join(x.Reasons, ","))
	if slices.Contains(x.Reasons, notHere) {
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
		return
	}
	challenge := `, error="item_closed"`
	if x.ACR != "" {
		challenge = `, error="insufficient_user_authentication", acr_values="` + x.ACR + `"`
		if x.MaxAge > 0 {
			challenge += `, max_age="` + strconv.FormatInt(int64(x.MaxAge/time.Second), 10) + `"`
		}
	}
	g.lead(w, s, a, origin, lead, challenge+`, item="`+x.rule.Item+`"`)
}

// wishes gives what the login has to see opened for a browser that goes to, or comes from, these paths.
func wishes(s System, paths ...string) (out []login.Wish) {
	for _, p := range paths {
		if p == "" {
			continue
		}
		for _, rule := range demanded(s.Items, p) {
			w := login.Wish{Item: rule.Item, Actions: []string{rule.Action}}
			if !slices.ContainsFunc(out, func(x login.Wish) bool { return x.Item == w.Item && x.Actions[0] == rule.Action }) {
				out = append(out, w)
			}
		}
	}
	return out
}

// demanded gives the rules that a request's path and query fall under. The hub can't know how a system reads a path: so a rule counts wherever
// one of the common readings begins with its prefix, in any case of letters, and all count where the path has no clear reading.
func demanded(rules []ItemRule, uri string) []ItemRule {
	if len(rules) == 0 {
		return nil
	}
	readings, clear := readingsOf(uri)
	if !clear {
		return rules
	}
	var out []ItemRule
	for _, rule := range rules {
		prefix := strings.ToLower(rule.Prefix)
		if slices.ContainsFunc(readings, func(p string) bool { return strings.HasPrefix(p, prefix) }) {
			out = append(out, rule)
		}
	}
	return out
}

// mostCoded is how often a path may be percent-encoded over.
const mostCoded = 3

// readingsOf gives the paths that a system could read: as it stands, decoded again and again, with and without parameters behind semicolons,
// backslashes as slashes, and dots resolved; in small letters, with a slash behind. False for a path that has no clear reading.
func readingsOf(uri string) (out []string, clear bool) {
	p, _, _ := strings.Cut(uri, "?")
	if _, err := url.PathUnescape(p); err != nil {
		return nil, false
	}
	add := func(p string) {
		for _, form := range []string{p, path.Clean(p)} {
			form = strings.ToLower(form)
			if !strings.HasSuffix(form, "/") {
				form += "/"
			}
			if !slices.Contains(out, form) {
				out = append(out, form)
			}
		}
	}
	for range mostCoded {
		if !strings.HasPrefix(p, "/") || !utf8.ValidString(p) || strings.ContainsFunc(p, unclear) {
			return nil, false
		}
		slashed := strings.ReplaceAll(p, `\`, "/")
		add(p)
		add(slashed)
		add(withoutParameters(slashed))
		add(withoutEnds(slashed))
		decoded := decode(p)
		if decoded == p {
			return out, true
		}
		p = decoded
	}
	return nil, false
}

// decode is url.PathUnescape that leaves alone what is no percent-encoding.
func decode(p string) string {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if i+2 < len(p) && p[i] == '%' {
			if c, err := strconv.ParseUint(p[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(p[i])
	}
	return b.String()
}

// unclear reports whether systems differ about what a character in a path is: controls, what ends a path, and the wide forms of ASCII.
func unclear(r rune) bool {
	return r < ' ' || r == 0x7f || r == '#' || r == '\u2044' || r == '\u2215' || r >= '\uff00' && r <= '\uffef'
}

// withoutEnds drops dots and spaces at the end of each part of a path, as the file systems of Windows do.
func withoutEnds(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		if part = strings.TrimRight(part, " "); part != "." && part != ".." {
			part = strings.TrimRight(part, ". ")
		}
		parts[i] = part
	}
	return strings.Join(parts, "/")
}

// withoutParameters drops what stands behind a semicolon in each part of a path (RFC 3986 section 3.3).
func withoutParameters(p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts {
		parts[i], _, _ = strings.Cut(part, ";")
	}
	return strings.Join(parts, "/")
}
