package federation

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
)

// Tokens are the settings of a provider whose access tokens our departments' systems may ask about (SSO-03): another hub, or a department's
// own authority. It may be a provider of logins beside, or nothing else: then it is offered to nobody.
type Tokens struct {
	Issuer string // exactly as its tokens and answers say
	// Onedoor says that it is a hub as this one: what its tokens begin with and where its endpoints are follows from Issuer.
	Onedoor  bool
	Prefixes []string // what else its opaque tokens begin with
	JWKS     string   // its public keys: for tokens that are JWTs, and for signed answers
	Types    []string // typ of its JWT access tokens; at+jwt where empty (RFC 9068 section 2.1)
	Algs     []string // of its signatures; DefaultSigningAlgs where empty
	// Introspection is the endpoint where it is asked (RFC 7662). Without one a JWT is believed by its signature until it expires.
	Introspection string
	ClientID      string // our name there; the hub proves itself with its own key (private_key_jwt)
	Assertion     Assertion
	Signed        bool          // answers must be signed (RFC 9701)
	Audiences     []string      // a token must be for one of them; ClientID where empty
	MaxLife       time.Duration // the longest from iat to exp of a JWT; default 1 h
	Peer          hub.SystemID  // as which the other hub asks here, so that nothing is sent back to it
	Systems       []TokenSystem // who may ask
	Timeout       time.Duration // for one question with everything that it takes; default 2 s
	KeepFor       time.Duration // how long an answer serves again; 0: never
}

// TokenSystem is a system that may ask about the tokens of a provider, and what it may learn.
type TokenSystem struct {
	System    hub.SystemID
	Scopes    []string // those that are believed; the others are left out of the answer
	Audiences []string // in place of those of the record
}

// The bounds of a question to another issuer.
const (
	DefaultTokenTimeout = 2 * time.Second
	maxTokenTimeout     = 5 * time.Second
	maxKeepFor          = 5 * time.Second
	DefaultMaxLife      = time.Hour
	maxMaxLife          = 24 * time.Hour
	maxTokenSystems     = 1000
)

// Of a hub as this one: paths below the issuer.
const (
	onedoorJWKS          = "/oauth2/jwks"
	onedoorIntrospection = "/oauth2/introspect"
)

// Complete gives the settings with their defaults filled in.
func (t Tokens) Complete() Tokens {
	if t.Onedoor {
		t.JWKS = cmp.Or(t.JWKS, t.Issuer+onedoorJWKS)
		t.Introspection = cmp.Or(t.Introspection, t.Issuer+onedoorIntrospection)
	}
	if len(t.Types) == 0 {
		t.Types = []string{"at+jwt"}
	}
	if len(t.Algs) == 0 {
		t.Algs = DefaultSigningAlgs()
	}
	if len(t.Audiences) == 0 && t.ClientID != "" {
		t.Audiences = []string{t.ClientID}
	}
	t.MaxLife, t.Timeout = cmp.Or(t.MaxLife, DefaultMaxLife), cmp.Or(t.Timeout, DefaultTokenTimeout)
	return t
}

// For finds what a system may learn.
func (t Tokens) For(id hub.SystemID) (TokenSystem, bool) {
	i := slices.IndexFunc(t.Systems, func(s TokenSystem) bool { return s.System == id })
	if i < 0 {
		return TokenSystem{}, false
	}
	return t.Systems[i], true
}

// tokenAlgs are the signatures that a provider's tokens and answers may have: those of the keys that hub/jwks takes.
var tokenAlgs = []string{"ES256", "PS256", "RS256"}

func (fs *faults) tokens(p Provider) {
	const rule = "SSO-03"
	t := p.Tokens.Complete()
	fs.url("tokens.issuer", t.Issuer, false, true)
	if p.OIDC != nil && p.OIDC.Issuer != t.Issuer {
		fs.add("tokens.issuer", "RFC 9700 section 4.4", "must be that of oidc: one record is one party")
	}
	if t.Onedoor && strings.HasSuffix(t.Issuer, "/") {
		fs.add("tokens.issuer", rule, "must not end in a slash")
	}
	fs.url("tokens.jwks", t.JWKS, true, false)
	fs.url("tokens.introspection", t.Introspection, true, false)
	for i, prefix := range t.Prefixes {
		switch at := index("tokens.prefixes", i); {
		case len(prefix) < 4 || len(prefix) > 64 || strings.Trim(prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/") != "":
			fs.add(at, "RFC 6750 section 2.1", "must be 4 to 64 characters of a bearer token")
		case strings.HasPrefix(prefix, "od1_") || strings.HasPrefix(prefix, "ey"):
			fs.add(at, rule, "is how tokens of a hub as this one (onedoor) or JWTs begin")
		}
	}
	for i, typ := range t.Types {
		if fs.word(index("tokens.types", i), typ); strings.EqualFold(typ, "id_token") || strings.HasPrefix(typ, "application/") {
			fs.add(index("tokens.types", i), "RFC 9068 section 2.1", "must be a media type without application/")
		}
	}
	for i, alg := range t.Algs {
		fs.oneOf(index("tokens.algs", i), "RFC 9068 section 2.1", alg, tokenAlgs)
	}
	switch {
	case t.Introspection == "" && t.JWKS == "":
		fs.add("tokens.introspection", rule, "is missing: introspection, jwks or both, or onedoor")
	case t.Introspection == "" && len(t.Prefixes) > 0:
		fs.add("tokens.prefixes", rule, "has no effect without introspection: nobody could be asked about opaque tokens")
	case t.Signed && t.JWKS == "":
		fs.add("tokens.jwks", "RFC 9701 section 5", "is missing: with which keys are answers signed?")
	case t.Signed && t.Introspection == "":
		fs.add("tokens.signed", "RFC 9701", "has no effect without introspection")
	}
	if t.Introspection != "" && t.ClientID == "" {
		fs.add("tokens.clientID", "RFC 7662 section 2.1", "is missing: as whom does the hub ask?")
	}
	if t.ClientID != "" {
		fs.word("tokens.clientID", t.ClientID)
	}
	fs.oneOf("tokens.assertion.alg", "RFC 7523 section 3", t.Assertion.Alg, assertionAlgs)
	fs.oneOf("tokens.assertion.audience", "RFC 7523 section 3", t.Assertion.Audience, []string{AudienceIssuer, AudienceToken})
	fs.audiences("tokens.audiences", t.Audiences)
	if t.Peer != "" && !hub.ValidName(string(t.Peer)) {
		fs.add("tokens.peer", "", "must be the id of a system")
	}
	fs.between("tokens.timeout", t.Timeout, maxTokenTimeout)
	fs.between("tokens.keepFor", t.KeepFor, maxKeepFor)
	fs.between("tokens.maxLife", t.MaxLife, maxMaxLife)
	fs.askers(t)
}

func (fs *faults) audiences(path string, all []string) {
	for i, a := range all {
		fs.word(index(path, i), a)
	}
}

func (fs *faults) between(path string, d, most time.Duration) {
	if d < 0 || d > most {
		fs.add(path, "SSO-03", "must lie between 0 and %v", most)
	}
}

func (fs *faults) askers(t Tokens) {
	switch n := len(t.Systems); {
	case n == 0:
		fs.add("tokens.systems", "SSO-03", "is missing: who may ask?")
	case n > maxTokenSystems:
		fs.add("tokens.systems", "", "must be at most %d", maxTokenSystems)
	}
	seen := map[hub.SystemID]bool{}
	for i, s := range t.Systems {
		at := index("tokens.systems", i)
		switch {
		case !hub.ValidName(string(s.System)):
			fs.add(at+".system", "", "must be the id of a system")
		case seen[s.System]:
			fs.add(at+".system", "", "is there twice")
		case s.System == t.Peer:
			fs.add(at+".system", "SSO-03", "is the other hub itself, which knows its own tokens")
		}
		seen[s.System] = true
		for j, scope := range s.Scopes {
			fs.word(index(at+".scopes", j), scope)
		}
		fs.audiences(at+".audiences", s.Audiences)
		if len(s.Audiences) == 0 && len(t.Audiences) == 0 {
			fs.add(at+".audiences", "RFC 9068 section 4", "is missing: for whom must a token be that this system asks about?")
		}
	}
}

// TokenIssuers lists the providers whose tokens may be asked about, in service or not, and the version of the list: the same version, the
// same list. It gives 0 before the first Refresh.
func (r *Registry) TokenIssuers() ([]Provider, int64) {
	s := r.now.Load()
	if s == nil {
		return nil, 0
	}
	return s.tokens, s.version + 1
}
