package federation

import (
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"onedoor/hub"
	"onedoor/hub/identifier"
)

// Limits of what a trust record may hold.
const (
	maxName  = 200 // characters of a name in one language
	maxWord  = 512 // bytes of a claim name, scope, acr or client id
	maxList  = 64  // entries of any list or table
	maxURL   = 2000
	maxOrder = 1_000_000
)

// signingAlgs are the ID token algorithms that a record may allow: signatures with a public key only.
var signingAlgs = []string{"ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "EdDSA"}

// DefaultSigningAlgs are those allowed where the record names none.
func DefaultSigningAlgs() []string { return []string{"ES256", "PS256", "RS256"} }

// Validate lists everything that is wrong with the trust record; nil where nothing is.
func (p Provider) Validate() []Fault {
	var fs faults
	if !hub.ValidName(string(p.ID)) {
		fs.add("id", "AUD-11", "must be 1 to %d of a-z, 0-9 and '-', beginning with a letter, at most %d of them digits", hub.MaxName, hub.MaxNameDigits)
	}
	for _, lang := range hub.Languages() {
		switch name := p.Names[lang]; {
		case strings.TrimSpace(name) == "":
			fs.add("names."+lang, "", "is missing")
		case clean(name, maxName) != name:
			fs.add("names."+lang, "", "must be one plain line of at most %d characters", maxName)
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(p.Names)) {
		if !slices.Contains(hub.Languages(), lang) {
			fs.add(key("names", lang), "", "is not a language of the platform")
		}
	}
	if p.Status != Active && p.Status != Suspended {
		fs.add("status", "LOA-02", "must be active or suspended")
	}
	if p.ValidFrom.IsZero() {
		fs.add("validFrom", "LOA-02", "is missing")
	}
	switch {
	case p.ValidUntil.IsZero():
		fs.add("validUntil", "LOA-02", "is missing: trust has an end")
	case !p.ValidUntil.After(p.ValidFrom):
		fs.add("validUntil", "LOA-02", "must be after validFrom")
	}
	fs.ceiling(p.Ceiling)
	if p.Order < 0 || p.Order > maxOrder {
		fs.add("order", "", "must lie between 0 and %d", maxOrder)
	}
	fs.assurance(p.Assurance)
	fs.attributes(p)
	if p.OIDC != nil && p.OIDC.EssentialACR && len(p.Assurance.Request) == 0 {
		fs.add("assurance.request", "OpenID Connect Core section 5.5.1.1", "is missing: which acr is essential?")
	}
	fs.protocol(p)
	return fs
}

// ValidateAll lists the identifiers that stand in the list more than once: two providers must never share a callback
// address (mix-up, RFC 9700 section 4.4), and the address is made of the identifier.
func ValidateAll(providers []Provider) []Fault {
	var fs faults
	seen := make(map[hub.ProviderID]bool, len(providers))
	for _, p := range providers {
		if seen[p.ID] {
			fs.add(key("providers", string(p.ID)), "RFC 9700 section 4.4", "is there twice")
		}
		seen[p.ID] = true
	}
	return fs
}

// protocol checks that the settings of exactly one protocol are there, and those.
func (fs *faults) protocol(p Provider) {
	settings := 0
	if p.OIDC != nil {
		settings++
		fs.oidc(*p.OIDC)
	}
	if p.NDID != nil {
		settings++
		fs.ndid(p)
	}
	if p.SAML != nil {
		settings++
		fs.saml(p)
	}
	if p.Tokens != nil {
		fs.tokens(p)
	}
	switch {
	case settings == 0 && p.Tokens == nil:
		fs.add("oidc", "", "is missing: a provider needs the settings of one protocol")
	case settings > 1:
		fs.add("", "", "has the settings of several protocols: a provider speaks one")
	}
}

func (fs *faults) ceiling(c hub.Level) {
	if c.IAL == hub.IALNone || c.IAL > hub.IAL3 {
		fs.add("ceiling.ial", "LOA-02", "must be one of 1.1, 1.2, 1.3, 2.1, 2.2, 2.3, 3")
	}
	if c.AAL == hub.AALNone || c.AAL > hub.AAL3 {
		fs.add("ceiling.aal", "LOA-02", "must be one of 1, 2.1, 2.2, 3")
	}
}

func (fs *faults) assurance(a Assurance) {
	const rule = "LOA-04"
	givesIAL, givesAAL := a.Fixed.IAL != hub.IALNone, a.Fixed.AAL != hub.AALNone
	for _, w := range slices.Sorted(maps.Keys(a.ACR)) {
		l := a.ACR[w]
		fs.word(key("assurance.acr", w), w)
		if l == (hub.Level{}) || l.IAL > hub.IAL3 || l.AAL > hub.AAL3 {
			fs.add(key("assurance.acr", w), rule, "must give an ial, an aal or both")
		}
		givesIAL, givesAAL = givesIAL || l.IAL != hub.IALNone, givesAAL || l.AAL != hub.AALNone
	}
	for _, w := range slices.Sorted(maps.Keys(a.IAL)) {
		fs.word(key("assurance.ial", w), w)
		if l := a.IAL[w]; l == hub.IALNone || l > hub.IAL3 {
			fs.add(key("assurance.ial", w), rule, "must be one of 1.1, 1.2, 1.3, 2.1, 2.2, 2.3, 3")
		}
		givesIAL = true
	}
	for _, w := range slices.Sorted(maps.Keys(a.AAL)) {
		fs.word(key("assurance.aal", w), w)
		if l := a.AAL[w]; l == hub.AALNone || l > hub.AAL3 {
			fs.add(key("assurance.aal", w), rule, "must be one of 1, 2.1, 2.2, 3")
		}
		givesAAL = true
	}
	switch {
	case a.AALName == "" && len(a.AAL) > 0:
		fs.add("assurance.aalName", rule, "is missing: which claim holds these values?")
	case a.AALName != "" && len(a.AAL) == 0:
		fs.add("assurance.aal", rule, "is missing: what do the values of the claim mean?")
	}
	if a.AALName != "" {
		fs.claim("assurance.aalName", a.AALName)
	}
	switch {
	case a.IALName == "" && len(a.IAL) > 0:
		fs.add("assurance.ialName", rule, "is missing: which claim holds these values?")
	case a.IALName != "" && len(a.IAL) == 0:
		fs.add("assurance.ial", rule, "is missing: what do the values of the claim mean?")
	}
	if a.IALName != "" {
		fs.claim("assurance.ialName", a.IALName)
	}
	for _, w := range slices.Sorted(maps.Keys(a.AMR)) {
		fs.word(key("assurance.amr", w), w)
		if l := a.AMR[w]; l == hub.AALNone || l > hub.AAL3 {
			fs.add(key("assurance.amr", w), "LOA-13", "must be one of 1, 2.1, 2.2, 3")
		}
		givesAAL = true
	}
	if a.Fixed.IAL > hub.IAL3 || a.Fixed.AAL > hub.AAL3 {
		fs.add("assurance.fixed", rule, "is no level")
	}
	if !givesIAL {
		fs.add("assurance", rule, "nothing gives an identity assurance level: acr, ial or fixed.ial")
	}
	if !givesAAL {
		fs.add("assurance", rule, "nothing gives an authenticator assurance level: acr, aal, amr or fixed.aal")
	}
	for _, l := range hub.Levels() {
		for i, w := range a.Request[l] {
			fs.word(index(key("assurance.request", l.String()), i), w)
		}
	}
	for l := range a.Request {
		if l.IAL == hub.IALNone || l.AAL == hub.AALNone || l.IAL > hub.IAL3 || l.AAL > hub.AAL3 {
			fs.add(key("assurance.request", l.String()), rule, "must state ial and aal")
		}
	}
}

func (fs *faults) attributes(p Provider) {
	for _, name := range slices.Sorted(maps.Keys(p.Attributes)) {
		at := "attributes." + string(name)
		if !name.Known() {
			fs.add(key("attributes", string(name)), "PRV-05", "is not in the dictionary")
			continue
		}
		if n := len(p.Attributes[name]); n == 0 || n > maxList {
			fs.add(at, "PRV-05", "must name 1 to %d claims", maxList)
			continue
		}
		for i, claim := range p.Attributes[name] {
			fs.claim(index(at, i), claim)
		}
	}
	switch {
	case p.Person == (PersonClaim{}):
		if len(p.Attributes[hub.CitizenID]) > 0 {
			fs.add("attributes.citizen_id", "LIF-15", "needs person: a citizen number is checked and belongs to one account")
		}
	case p.Person.Claim == "":
		fs.add("person.claim", "LIF-15", "is missing")
	case !slices.Contains(identifier.Kinds(), p.Person.Kind):
		fs.add("person.kind", "LIF-15", "must be one of %s", strings.Join(identifier.Kinds(), ", "))
	case p.Person.Kind != identifier.ThaiCitizen && len(p.Attributes[hub.CitizenID]) > 0:
		fs.add("attributes.citizen_id", "LIF-15", "needs person of kind %s", identifier.ThaiCitizen)
	}
	if p.Person.Claim != "" {
		fs.claim("person.claim", p.Person.Claim)
	}
}

func (fs *faults) oidc(o OIDC) {
	fs.url("oidc.issuer", o.Issuer, false, true)
	fs.url("oidc.discoveryURL", o.DiscoveryURL, true, false)
	fs.url("oidc.authorization", o.Authorization, true, false)
	fs.url("oidc.token", o.Token, true, false)
	fs.url("oidc.userInfo", o.UserInfo, true, false)
	fs.url("oidc.jwks", o.JWKS, true, false)
	fs.url("oidc.revocation", o.Revocation, true, false)
	fs.word("oidc.clientID", o.ClientID)
	fs.client(o)
	fs.protection(o)
	fs.logout(o)
	if len(o.Scopes) == 0 || len(o.Scopes) > maxList {
		fs.add("oidc.scopes", "", "must name 1 to %d scopes", maxList)
	}
	for i, s := range o.Scopes {
		fs.claim(index("oidc.scopes", i), s)
		if slices.Index(o.Scopes, s) < i {
			fs.add(index("oidc.scopes", i), "", "is there twice")
		}
	}
	if !slices.Contains(o.Scopes, "openid") && !o.Quirks.FlatClaims {
		fs.add("oidc.scopes", "OpenID Connect Core section 3.1.2.1", "must contain openid, unless claims arrive flat (quirks.flatClaims)")
	}
	if !slices.Contains(o.Scopes, "openid") && !o.Quirks.AlwaysFresh {
		fs.add("oidc.quirks.alwaysFresh", "SES-08", "must be true: without openid nothing tells the age of a login")
	}
	fs.quirks(o.Quirks)
}

func (fs *faults) quirks(q Quirks) {
	const at = "oidc.quirks"
	if len(q.SigningAlgs) > maxList || len(q.ErrorIsDenied) > maxList {
		fs.add(at, "", "a list has more than %d entries", maxList)
		return
	}
	for i, a := range q.SigningAlgs {
		if !slices.Contains(signingAlgs, a) {
			fs.add(index(at+".signingAlgs", i), "RFC 8725 section 3.1", "must be one of %s", strings.Join(signingAlgs, ", "))
		}
	}
	for i, e := range q.ErrorIsDenied {
		fs.word(index(at+".errorIsDenied", i), e)
	}
	switch {
	case q.APIKeyHeader == "" && len(q.APIKey) > 0:
		fs.add(at+".apiKeyHeader", "", "is missing")
	case q.APIKeyHeader != "" && len(q.APIKey) == 0:
		fs.add(at+".apiKey", "", "is missing")
	case q.APIKeyHeader != "" && !headerName(q.APIKeyHeader):
		fs.add(at+".apiKeyHeader", "RFC 9110 section 5.1", "must be a header of the provider's own, like x-api-key")
	}
	if q.RevokeBearer && !q.RevokeAfterUse {
		fs.add(at+".revokeBearer", "", "has no effect without revokeAfterUse")
	}
}

// claim checks a word that names what a provider sends.
func (fs *faults) claim(path, name string) {
	fs.word(path, name)
	if Forbidden(name) {
		fs.add(path, "PRV-04", "names an evidence number, which is never asked for, read or forwarded")
	}
}

// word checks a foreign word: not empty, no space, no control character (RFC 6749 appendix A).
func (fs *faults) word(path, w string) {
	switch {
	case w == "":
		fs.add(path, "", "is empty")
	case len(w) > maxWord:
		fs.add(path, "", "is longer than %d bytes", maxWord)
	case strings.ContainsAny(w, " \t\r\n\"\\") || clean(w, maxWord) != w:
		fs.add(path, "RFC 6749 appendix A", "must have no space, quote, backslash or control character")
	}
}

func (fs *faults) url(path, s string, optional, bare bool) {
	if s == "" {
		if !optional {
			fs.add(path, "", "is missing")
		}
		return
	}
	if !SafeURL(s) {
		fs.add(path, "RFC 9700 section 2.6", "must be an https URL without user and fragment; http is for localhost only")
		return
	}
	if bare && strings.Contains(s, "?") {
		fs.add(path, "OpenID Connect Discovery section 2", "must have no query")
	}
}

// SafeURL reports whether the hub may send a browser or its own calls there: https, or http to this machine itself
// (RFC 6761 section 6.3); no user, no fragment. Connectors ask it of every address that a provider's metadata gives.
func SafeURL(s string) bool {
	if len(s) > maxURL || strings.ContainsAny(s, "#\\ \"<>") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return false
	}
	switch u.Scheme {
	case "https":
		return true
	case "http":
		host := strings.ToLower(u.Hostname())
		ip := net.ParseIP(host)
		return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
	default:
		return false
	}
}

// reserved headers are made by the connector or the HTTP client itself.
var reserved = []string{
	"authorization", "accept", "content-type", "content-length", "content-encoding", "host", "cookie", "connection",
	"transfer-encoding", "te", "trailer", "upgrade", "user-agent", "proxy-authorization", "accept-encoding",
}

func headerName(s string) bool {
	const token = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"
	lower := strings.ToLower(s)
	return len(s) <= 64 && strings.Trim(lower, token) == "" && !slices.Contains(reserved, lower)
}
