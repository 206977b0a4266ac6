package tenants

import (
	"maps"
	"net/netip"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"onedoor/hub"
)

// Forward is how a system is connected that speaks no protocol itself: the reverse proxy in front of it asks the hub about every request
// (nginx auth_request, forward authentication of Traefik and Caddy, Envoy ext_authz over HTTP), and hands the answer on in headers.
type Forward struct {
	// Origins are where browsers see the system: scheme, host and port as in the Origin header, the main one first.
	Origins []string
	// Secrets are what the proxy shows (HTTP Basic, with the system's id as user), more than one during a change.
	Secrets []Secret
	// Proxies are networks from which a proxy may ask without a secret, for one that can't send any.
	Proxies []netip.Prefix
	// Headers says which attribute goes to the system in which header, percent-encoded where it isn't visible ASCII.
	Headers map[string]hub.AttributeName
	// Records says which kind of the department's own records goes to the system in which header: the number that it knows the person by.
	Records map[string]RecordKindID
	// Items are what paths ask for beside a sign-in: each whose prefix fits must be open to the person, at each request.
	Items []ForwardItem
}

// ForwardItem has the paths that begin with a prefix ask for an action on a service item of the department.
type ForwardItem struct {
	Prefix       string
	Item, Action string
}

// Sector gives the host under which a system's pairwise subjects are made (OpenID Connect Core section 8.1), whether it is connected by
// OpenID Connect, by forward authentication or by both, and the path of the field that says so. "" for a system that has none.
func (s System) Sector() (sector, path string) {
	if s.OIDC != nil {
		if sector = s.OIDC.Sector(); sector != "" {
			return sector, "oidc.sectorIdentifier"
		}
	}
	if s.Forward == nil || len(s.Forward.Origins) == 0 {
		return "", ""
	}
	u, err := url.Parse(s.Forward.Origins[0])
	if err != nil {
		return "", ""
	}
	return u.Hostname(), "forward.origins[0]"
}

// Bounds of a forward connection.
const (
	maxOrigins       = 16
	maxProxies       = 32
	maxForwardHeader = 64 // characters of a name
	maxForwardItems  = 64
	maxForwardPrefix = 256 // characters
)

// forward checks a connection by forward authentication.
func (fs *faults) forward(o Forward, s System) {
	const at = "forward"
	if len(o.Origins) == 0 || len(o.Origins) > maxOrigins {
		fs.add(at+".origins", "", "must name one to %d origins: where do browsers see the system?", maxOrigins)
	}
	for i, text := range o.Origins {
		path := at + ".origins[" + strconv.Itoa(i) + "]"
		switch {
		case !isOrigin(text):
			fs.add(path, "RFC 6454 section 6.2", "must be https and a host in small letters, with a port only where it isn't 443, and nothing after it; http is for localhost only")
		case slices.Index(o.Origins, text) < i:
			fs.add(path, "", "is there twice")
		}
	}
	fs.hashes(at, o.Secrets)
	if len(o.Secrets) == 0 && len(o.Proxies) == 0 && s.Status != Draft {
		fs.add(at+".secrets", "SSO-09", "is missing, and so is proxies: who may ask?")
	}
	if len(o.Proxies) > maxProxies {
		fs.add(at+".proxies", "", "must be at most %d networks", maxProxies)
	}
	for i, p := range o.Proxies {
		if !p.IsValid() || p != p.Masked() || p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32 {
			fs.add(at+".proxies["+strconv.Itoa(i)+"]", "", "must be a network without host bits, not larger than /8 or, of IPv6, /32")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Records)) {
		path := at + ".records." + name
		if !forwardHeader(name) {
			fs.add(path, "RFC 9110 section 5.1", "must be a header that begins with X-, in letters, digits and hyphens with the usual capitals, and none of X-Forwarded- or X-Onedoor-")
		}
		if _, twice := o.Headers[name]; twice {
			fs.add(path, "", "carries an attribute already")
		}
		if !hub.ValidName(string(o.Records[name])) {
			fs.add(path, "BND-06", "must name a kind of the department's records")
		}
	}
	registered := map[hub.AttributeName]bool{}
	for _, r := range s.Attributes {
		registered[r.Attribute] = true
	}
	for _, name := range slices.Sorted(maps.Keys(o.Headers)) {
		path := at + ".headers." + name
		if !forwardHeader(name) {
			fs.add(path, "RFC 9110 section 5.1", "must be a header that begins with X-, in letters, digits and hyphens with the usual capitals, and none of X-Forwarded- or X-Onedoor-")
		}
		if !registered[o.Headers[name]] {
			fs.add(path, "PRV-05", "names an attribute that is not in the system's register")
		}
	}
	fs.forwardItems(o.Items)
}

// forwardItems checks what paths ask for. Whether the catalogue has the items is seen at each request: one that it does not have is closed.
func (fs *faults) forwardItems(all []ForwardItem) {
	const at = "forward.items"
	if len(all) > maxForwardItems {
		fs.add(at, "RAZ-05", "must be at most %d", maxForwardItems)
	}
	for i, x := range all {
		path := at + "[" + strconv.Itoa(i) + "]"
		if !forwardPrefix(x.Prefix) {
			fs.add(path+".prefix", "RAZ-05", "must be how a path begins: a slash, then letters, digits and -._~/ without . or .. or an empty part, of at most %d characters", maxForwardPrefix)
		}
		if !hub.ValidName(x.Item) {
			fs.add(path+".item", "RAZ-05", "is not the id of an item")
		}
		if !hub.ValidName(x.Action) {
			fs.add(path+".action", "RAZ-05", "is not an action")
		}
		if slices.Index(all, x) < i {
			fs.add(path, "", "is there twice")
		}
	}
}

// forwardPrefix reports whether text is how a path begins, in the one spelling to which the paths of requests are brought.
func forwardPrefix(text string) bool {
	if !strings.HasPrefix(text, "/") || len(text) > maxForwardPrefix || strings.Contains(text, "//") {
		return false
	}
	for _, part := range strings.Split(text, "/") {
		if part == "." || part == ".." {
			return false
		}
	}
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/") == ""
}

// isOrigin reports whether text is an origin in its one spelling: by https, or on this machine by http.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || text != u.Scheme+"://"+u.Host || u.User != nil || u.Host != strings.ToLower(u.Host) || len(text) > maxURI {
		return false
	}
	if u.Scheme == "http" {
		return (loopback(u.Hostname()) || localhost(u.Hostname())) && u.Port() != "80"
	}
	return u.Scheme == "https" && u.Port() != "443" && !strings.HasSuffix(u.Host, ":")
}

// forwardHeader reports whether a proxy may be told to hand a header of this name on. Names that proxies use among themselves are
// not for attributes, and one name has one spelling, so that none is there twice.
func forwardHeader(name string) bool {
	if len(name) > maxForwardHeader || textproto.CanonicalMIMEHeaderKey(name) != name || strings.Trim(name, "-") != name {
		return false
	}
	for _, r := range name {
		if r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return strings.HasPrefix(name, "X-") && !strings.HasPrefix(name, "X-Forwarded-") && !strings.HasPrefix(name, "X-Onedoor-")
}
