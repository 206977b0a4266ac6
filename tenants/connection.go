package tenants

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
)

// The scopes that the hub knows beside the attribute names themselves, each of which is a scope too: what it is for.
const (
	ScopeOpenID  = "openid"         // OpenID Connect Core section 3.1.2.1; always there
	ScopeProfile = "profile"        // names, birth date, gender: OpenID Connect Core section 5.4
	ScopeAddress = "address"        // also an attribute name
	ScopeOffline = "offline_access" // OpenID Connect Core section 11

	// A system's own, for its stream of shared signals (CAEP interoperability profile).
	ScopeSignalsManage = "ssf.manage"
	ScopeSignalsRead   = "ssf.read"

	// A system's own, to ask for decisions about service items (package authz/authzen).
	ScopeDecisions = "authz.decide"

	// The administrators' API, for programs and for persons; what either may do there is decided by rights and posts.
	ScopeAdminRead  = "admin.read"
	ScopeAdminWrite = "admin.write"

	// The same API for who administers a legal entity: what they may do there a seat at it decides.
	ScopeEntityRead  = "entity.read"
	ScopeEntityWrite = "entity.write"
)

// administers reports whether whoever holds a token with the scope acts with the power of who signed in.
func administers(scope string) bool {
	switch scope {
	case ScopeAdminRead, ScopeAdminWrite, ScopeEntityRead, ScopeEntityWrite:
		return true
	default:
		return false
	}
}

// Administrates reports whether the system may get tokens for what administrators of departments and the platform do by API.
func (s System) Administrates() bool {
	return slices.ContainsFunc(s.Powers(), func(scope string) bool { return scope == ScopeAdminRead || scope == ScopeAdminWrite })
}

// Powers lists those scopes of the system by which it acts with the power of who signed in there.
func (s System) Powers() []string {
	if s.OIDC == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.OIDC.Scopes), func(scope string) bool { return !administers(scope) })
}

// KnownScope reports whether the hub knows the scope.
func KnownScope(scope string) bool {
	switch scope {
	case ScopeOpenID, ScopeOffline, ScopeSignalsManage, ScopeSignalsRead, ScopeDecisions, ScopeAdminRead, ScopeAdminWrite, ScopeEntityRead, ScopeEntityWrite:
		return true
	default:
		return personalScope(scope)
	}
}

// personalScope reports whether a scope releases personal data.
func personalScope(scope string) bool {
	return scope == ScopeProfile || hub.AttributeName(scope).Known()
}

// grantTypes are those the hub gives (OpenID Connect Registration 1.0 section 2).
var grantTypes = []string{grantCode, "refresh_token", GrantMachine, GrantExchange}

const grantCode = "authorization_code"

// machine reports whether a system never has a person in front of it: it has registered grant types, and a login is not among them.
func (o OIDC) machine() bool {
	return slices.Contains(o.GrantTypes, GrantMachine) && !slices.Contains(o.GrantTypes, grantCode)
}

var authMethods = []string{"client_secret_basic", "client_secret_post", methodKey, methodTLS, methodSelfSigned, "none"}

// The methods of RFC 8705 section 2: the connection proves the client.
const (
	methodTLS        = "tls_client_auth"
	methodSelfSigned = "self_signed_tls_client_auth"
)

// methodKey is private_key_jwt: the client signs (OpenID Connect Core section 9).
const methodKey = "private_key_jwt"

var idTokenAlgs = []string{"ES256", "PS256", "RS256"}

// oidc checks the connection of an OpenID relying party.
func (fs *faults) oidc(o OIDC, status SystemStatus) {
	const at = "oidc"
	if len(o.RedirectURIs) == 0 && !o.machine() {
		fs.add(at+".redirectURIs", "OpenID Connect Registration 1.0 section 2", "is missing")
	}
	fs.uris(at+".redirectURIs", o.RedirectURIs, o.Native)
	fs.uris(at+".postLogoutRedirectURIs", o.PostLogoutRedirectURIs, o.Native)
	fs.scopes(at+".scopes", o)
	fs.grantTypes(at+".grantTypes", o)
	fs.secrets(at, o, status)
	fs.sector(at+".sectorIdentifier", o)
	if o.IDTokenAlg != "" && !slices.Contains(idTokenAlgs, o.IDTokenAlg) {
		fs.add(at+".idTokenAlg", "", "must be one of %s", strings.Join(idTokenAlgs, ", "))
	}
	if o.InitiateLoginURI != "" {
		fs.uri(at+".initiateLoginURI", o.InitiateLoginURI, false)
	}
	if o.BackchannelLogoutURI != "" {
		fs.uri(at+".backchannelLogoutURI", o.BackchannelLogoutURI, false)
	}
	fs.frontchannel(at, o)
	fs.keys(at, o, status)
	fs.fapi(at, o)
	fs.api(at, o)
	fs.exchange(at, o)
	if l := o.AccessTokenLifetime; l != 0 && (l < 30*time.Second || l > accessTokenLimit) {
		fs.add(at+".accessTokenLifetime", "SES-18", "must lie between 30s and 15m")
	}
}

// frontchannel checks the address that a hidden frame loads. It must be of an origin that the client has proven to be its own by a
// redirect URI (OpenID Connect Front-Channel Logout 1.0 section 2).
func (fs *faults) frontchannel(at string, o OIDC) {
	if o.FrontchannelLogoutURI == "" || len(o.RedirectURIs) == 0 {
		return
	}
	fs.uri(at+".frontchannelLogoutURI", o.FrontchannelLogoutURI, false)
	if !slices.ContainsFunc(o.RedirectURIs, func(r string) bool { return origin(r) == origin(o.FrontchannelLogoutURI) }) {
		fs.add(at+".frontchannelLogoutURI", "OpenID Connect Front-Channel Logout 1.0 section 2", "must have scheme, host and port of a redirect URI")
	}
}

func origin(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (fs *faults) uris(path string, uris []string, native bool) {
	if len(uris) > maxURIs {
		fs.add(path, "", "has more than %d entries", maxURIs)
		return
	}
	for i, u := range uris {
		fs.uri(index(path, i), u, native)
		if first := slices.Index(uris, u); first < i {
			fs.add(index(path, i), "", "is there twice")
		}
	}
}

// uri checks one address that a browser or the hub is sent to. It is compared byte by byte later (RFC 9700 section 4.1.3),
// so it must stand here exactly as it will be used.
func (fs *faults) uri(path, s string, native bool) {
	const exact = "RFC 9700 section 4.1.3"
	u, err := url.Parse(s)
	switch {
	case err != nil || len(s) > maxURI || !printable(s) || strings.ContainsAny(s, `\"<>^`+"`{|}"):
		fs.add(path, exact, "is not a URI")
		return
	case u.Scheme == "" || u.Host == "" || u.Hostname() == "":
		fs.add(path, exact, "must be absolute: https://host/path")
		return
	case strings.Contains(s, "#"):
		fs.add(path, "RFC 6749 section 3.1.2", "must have no fragment")
	case u.User != nil:
		fs.add(path, exact, "must have no user name")
	case strings.Contains(s, "*"):
		fs.add(path, exact, "must be exact: no wildcard")
	case u.Hostname() != strings.ToLower(u.Hostname()) || !strings.HasPrefix(s, u.Scheme+":"):
		fs.add(path, exact, "must have scheme and host in lower case")
	case !hostname(u.Hostname()) || u.Port() == "" && strings.HasSuffix(u.Host, ":") || !port(u.Port()):
		fs.add(path, exact, "has no valid host")
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && native && loopback(u.Hostname()):
	case u.Scheme == "http" && !native && (loopback(u.Hostname()) || localhost(u.Hostname())):
	case u.Scheme == "http" && native:
		fs.add(path, "RFC 8252 section 8.3", "http is for 127.0.0.1 and [::1] only in a native app")
	case u.Scheme == "http":
		fs.add(path, "RFC 9700 section 2.6", "must be https; http is for localhost only")
	default:
		fs.add(path, "RFC 9700 section 2.6", "must be https")
	}
}

func (fs *faults) scopes(path string, o OIDC) {
	scopes, machine := o.Scopes, o.machine()
	if !machine && !slices.Contains(scopes, ScopeOpenID) {
		fs.add(path, "OpenID Connect Core section 3.1.2.1", "must contain openid")
	}
	for i, s := range scopes {
		if !KnownScope(s) {
			fs.add(index(path, i), "PRV-06", "%q is unknown: openid, offline_access, profile or the name of an attribute", clip(s))
		}
		if (s == ScopeSignalsManage || s == ScopeSignalsRead || s == ScopeDecisions) && !slices.Contains(o.GrantTypes, GrantMachine) {
			fs.add(index(path, i), "RFC 6749 section 4.4", "is a system's own and needs the grant type %s", GrantMachine)
		}
		if administers(s) && o.AuthMethod == "none" {
			fs.add(index(path, i), "RFC 6749 section 2.1", "is for clients that authenticate")
		}
		if slices.Index(scopes, s) < i {
			fs.add(index(path, i), "", "is there twice")
		}
	}
}

func (fs *faults) grantTypes(path string, o OIDC) {
	types := o.GrantTypes
	for i, g := range types {
		if !slices.Contains(grantTypes, g) {
			fs.add(index(path, i), "", "%q is unknown: %s", clip(g), strings.Join(grantTypes, ", "))
		}
		if slices.Index(types, g) < i {
			fs.add(index(path, i), "", "is there twice")
		}
	}
	switch {
	case o.machine() && slices.Contains(types, "refresh_token"):
		fs.add(path, "RFC 6749 section 4.4.3", "refresh_token is for systems that persons log in at")
	case len(types) > 0 && !slices.Contains(types, grantCode) && !o.machine():
		fs.add(path, "", "must contain authorization_code, or client_credentials for a system without persons")
	}
	for _, g := range []string{GrantMachine, GrantExchange} {
		if (o.AuthMethod == "none" || o.Native) && slices.Contains(types, g) {
			fs.add(path, "RFC 6749 section 4.4", "%s is for systems that can keep a secret", g)
		}
	}
}

// keyed are the methods by which a client proves itself with a key of its own.
var keyed = []string{methodKey, methodTLS, methodSelfSigned}

// ShowsSecret reports whether the client proves itself by a secret that the hub gave it.
func (o OIDC) ShowsSecret() bool {
	return o.AuthMethod == "" || slices.Contains([]string{authMethods[0], "client_secret_post"}, o.AuthMethod)
}

func (fs *faults) secrets(at string, o OIDC, status SystemStatus) {
	method := o.AuthMethod
	if method == "" {
		method = authMethods[0]
	}
	switch {
	case !slices.Contains(authMethods, method):
		fs.add(at+".authMethod", "", "must be one of %s", strings.Join(authMethods, ", "))
		return
	case method == "none" && len(o.Secrets) > 0:
		fs.add(at+".secrets", "", "must be empty: a client of method none has no secret")
	case method != "none" && o.Native:
		fs.add(at+".authMethod", "RFC 8252 section 8.4", "must be none: a native app can't keep a secret")
	case slices.Contains(keyed, method) && len(o.Secrets) > 0:
		fs.add(at+".secrets", "", "must be empty: a client of method %s has keys", method)
	case method != "none" && !slices.Contains(keyed, method) && len(o.Secrets) == 0 && status != Draft:
		fs.add(at+".secrets", "RFC 6749 section 2.3", "is missing")
	}
	fs.hashes(at, o.Secrets)
}

// hashes checks a list of secrets.
func (fs *faults) hashes(at string, secrets []Secret) {
	if len(secrets) > maxSecrets {
		fs.add(at+".secrets", "", "has more than %d entries", maxSecrets)
		return
	}
	for i, s := range secrets {
		at := index(at+".secrets", i)
		if s.SHA256 == ([32]byte{}) {
			fs.add(at, "", "has no hash")
		}
		if slices.IndexFunc(secrets, func(x Secret) bool { return x.SHA256 == s.SHA256 }) < i {
			fs.add(at, "", "is the same secret as an earlier one")
		}
	}
}

// sector holds OpenID Connect Core section 8.1: pairwise subjects hang on the sector, which must be stated where the
// redirect URIs name several hosts.
func (fs *faults) sector(path string, o OIDC) {
	const rule = "OpenID Connect Core section 8.1"
	if s := o.SectorIdentifier; s != "" {
		if !hostname(s) || s != strings.ToLower(s) {
			fs.add(path, rule, "must be a host name in lower case, without scheme and port")
		}
		return
	}
	var hosts []string
	for _, r := range o.RedirectURIs {
		if u, err := url.Parse(r); err == nil && !slices.Contains(hosts, u.Hostname()) {
			hosts = append(hosts, u.Hostname())
		}
	}
	if len(hosts) == 0 && o.machine() {
		fs.add(path, rule, "is missing: there is no redirect URI to take it from")
	}
	if len(hosts) > 1 {
		fs.add(path, rule, "is missing: the redirect URIs name %d hosts", len(hosts))
	}
}

// Sector gives the sector identifier that pairwise subjects hang on: the stated one, else the host of the first redirect
// URI; "" where there is neither.
func (o OIDC) Sector() string {
	if o.SectorIdentifier != "" {
		return o.SectorIdentifier
	}
	if len(o.RedirectURIs) == 0 {
		return ""
	}
	u, err := url.Parse(o.RedirectURIs[0])
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// EntryFault is a Fault of one entry among many.
type EntryFault struct {
	Kind string // "Department" or "System"
	ID   string
	Fault
}

// ValidateAll lists what is wrong with the register as a whole: entries that are there twice, systems whose department is
// unknown, and two departments that would see the same pairwise subjects because their systems share a sector (invariant 3).
func ValidateAll(departments []Department, systems []System) []EntryFault {
	var out []EntryFault
	add := func(kind, id, path, rule, text string) {
		out = append(out, EntryFault{Kind: kind, ID: id, Fault: Fault{Path: path, Rule: rule, Text: text}})
	}
	known := make(map[hub.DepartmentID]bool, len(departments))
	areas := make(map[hub.DepartmentID]Department, len(departments))
	for _, d := range departments {
		if known[d.ID] {
			add("Department", string(d.ID), "id", "", "is there twice")
		}
		known[d.ID], areas[d.ID] = true, d
	}
	seen := make(map[hub.SystemID]bool, len(systems))
	ids := make(map[hub.SystemID]bool, len(systems))
	for _, s := range systems {
		ids[s.ID] = true
	}
	resources := make(map[string]hub.SystemID)
	entities := make(map[string]hub.SystemID)
	origins := make(map[string]hub.SystemID)
	owner := make(map[string]hub.DepartmentID)
	for _, s := range systems {
		if seen[s.ID] {
			add("System", string(s.ID), "id", "", "is there twice")
		}
		seen[s.ID] = true
		if s.Department != "" && !known[s.Department] {
			add("System", string(s.ID), "department", "", "there is no department "+strconv.Quote(clip(string(s.Department))))
		}
		if _, ok := areas[s.Department].above(s.Area); s.Area != "" && known[s.Department] && !ok {
			add("System", string(s.ID), "area", "BND-05", "is no area of the department")
		}
		if s.SAML != nil && s.SAML.EntityID != "" {
			if other, taken := entities[s.SAML.EntityID]; taken {
				add("System", string(s.ID), "saml.entityID", "SAML Metadata section 2.3.2", "is in use by system "+strconv.Quote(string(other)))
			}
			entities[s.SAML.EntityID] = s.ID
		}
		if s.Forward != nil {
			for i, o := range s.Forward.Origins {
				if first, taken := origins[o]; taken {
					add("System", string(s.ID), index("forward.origins", i), "", "is an origin of system "+strconv.Quote(string(first)))
				}
				origins[o] = s.ID
			}
		}
		if s.OIDC != nil {
			if r := s.OIDC.Resource; r != "" {
				if first, taken := resources[r]; taken {
					add("System", string(s.ID), "oidc.resource", ruleResource, "is the resource of system "+strconv.Quote(string(first)))
				}
				resources[r] = s.ID
			}
			for i, c := range s.OIDC.AudienceOf {
				if !ids[c] {
					add("System", string(s.ID), index("oidc.audienceOf", i), ruleResource, "there is no system "+strconv.Quote(clip(string(c))))
				}
			}
			for i, x := range s.OIDC.ExchangeFrom {
				if x.From != "" && !ids[x.From] {
					add("System", string(s.ID), index("oidc.exchangeFrom", i)+".from", ruleExchange, "there is no system "+strconv.Quote(clip(string(x.From))))
				}
				if x.From == s.ID {
					add("System", string(s.ID), index("oidc.exchangeFrom", i)+".from", ruleExchange, "is the system itself")
				}
			}
			if m := s.OIDC.MayAct; m != "" && !ids[m] {
				add("System", string(s.ID), "oidc.mayAct", ruleExchange, "there is no system "+strconv.Quote(clip(string(m))))
			}
		}
		sector, path := s.Sector()
		if sector == "" {
			continue
		}
		if d, taken := owner[sector]; taken && d != s.Department {
			add("System", string(s.ID), path, "OpenID Connect Core section 8.1",
				"sector "+strconv.Quote(clip(sector))+" is in use by department "+strconv.Quote(string(d))+": state another one, or both departments see the same subjects")
			continue
		}
		owner[sector] = s.Department
	}
	return out
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Zone() == "" && (a == netip.AddrFrom4([4]byte{127, 0, 0, 1}) || a == netip.IPv6Loopback())
}

// localhost names never leave the machine (RFC 6761 section 6.3).
func localhost(host string) bool { return host == "localhost" || strings.HasSuffix(host, ".localhost") }

// hostname reports whether s is an IP address or a DNS name in ASCII form.
func hostname(s string) bool {
	if net.ParseIP(s) != nil {
		return true
	}
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

func port(s string) bool {
	if s == "" {
		return true
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0 && strconv.FormatUint(n, 10) == s
}

// printable reports whether s is ASCII without spaces and control characters.
func printable(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
