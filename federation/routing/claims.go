package routing

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

const (
	clockSkew  = time.Minute // between an issuer's clock and ours, for what lies in the future; never for the end of a token
	maxSubject = 255         // bytes; OpenID Connect Core section 2
	maxMember  = 512         // bytes of any other text
	maxScopes  = 100
)

// claims are what an issuer says of a token, by its signature or at its endpoint. Values are all of it, by the issuer's names.
type claims struct {
	issuer, subject, client, session, id, acr string
	audience                                  []string
	scopes                                    []string
	expires, issued, before, authTime         time.Time // zero where not told
	values                                    map[string]any
}

// readClaims reads the members that a decision rests on; of another type than they must have, they are refused.
func readClaims(members map[string]any) (c claims, ok bool) {
	c.values = members
	for name, to := range map[string]*string{
		"iss": &c.issuer, "sub": &c.subject, "client_id": &c.client, "sid": &c.session, "jti": &c.id, "acr": &c.acr,
	} {
		if v, has := members[name]; has && v != nil {
			s, isText := v.(string)
			if !isText || len(s) > maxMember || name == "sub" && len(s) > maxSubject {
				return claims{}, false
			}
			*to = s
		}
	}
	if c.client == "" {
		c.client, _ = members["azp"].(string)
		if len(c.client) > maxMember {
			return claims{}, false
		}
	}
	for name, to := range map[string]*time.Time{"exp": &c.expires, "iat": &c.issued, "nbf": &c.before, "auth_time": &c.authTime} {
		if v, has := members[name]; has && v != nil {
			if *to, ok = seconds(v); !ok {
				return claims{}, false
			}
		}
	}
	if c.audience, ok = texts(members["aud"]); !ok {
		return claims{}, false
	}
	switch scope := members["scope"].(type) {
	case nil:
	case string:
		c.scopes = strings.Fields(scope)
	default:
		if c.scopes, ok = texts(scope); !ok { // some write a list
			return claims{}, false
		}
	}
	return c, len(c.scopes) <= maxScopes
}

// texts reads a text or a list of texts.
func texts(v any) ([]string, bool) {
	switch x := v.(type) {
	case nil:
		return nil, true
	case string:
		return []string{x}, len(x) <= maxMember
	case []any:
		out := make([]string, 0, len(x))
		for _, e := range x {
			s, ok := e.(string)
			if !ok || len(s) > maxMember || len(out) == maxScopes {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}

// seconds reads a NumericDate (RFC 7519 section 2), perhaps with a fraction, which is left out: a token ends early rather than late.
func seconds(v any) (time.Time, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, false
	}
	f, err := n.Float64()
	if err != nil || f < 1 || f > 1<<40 {
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0).UTC(), true
}

// check holds the claims against what the token must be, whoever vouches for them.
func (c claims) check(t target, audiences []string, now time.Time) error {
	const op = "routing.check"
	refuse := func(why federation.Cause) error { return hub.E(op, hub.Refused, why) }
	switch {
	case c.issuer != "" && c.issuer != t.settings.Issuer, t.jwt && c.issuer == "":
		return refuse(federation.AccessIssuer)
	case c.expires.IsZero():
		return refuse(federation.AccessExpiry)
	case !now.Before(c.expires):
		return refuse(federation.AccessExpired)
	case c.issued.After(now.Add(clockSkew)), c.before.After(now.Add(clockSkew)):
		return refuse(federation.AccessEarly)
	case !slices.ContainsFunc(c.audience, func(a string) bool { return slices.Contains(audiences, a) }):
		return refuse(federation.AccessAudience)
	case c.subject == "":
		return refuse(federation.AccessSubject)
	case c.subject == c.client:
		return refuse(federation.AccessMachine)
	case c.values["act"] != nil:
		return refuse(federation.AccessDelegated)
	}
	return nil
}

// life holds the length of a JWT's life against the record: nobody takes it back before its end, or may have to believe a copy that long.
func (c claims) life(most time.Duration) error {
	begin := c.issued
	if begin.IsZero() {
		begin = c.before
	}
	if c.expires.IsZero() || begin.IsZero() || c.expires.Sub(begin) > most {
		return hub.E("routing.life", hub.Refused, federation.AccessExpiry)
	}
	return nil
}

// translate puts the claims into the words of the system that asks.
func (r *Router) translate(a *Answer, asker Asker, limits federation.TokenSystem, t target, c claims) error {
	const op = "routing.translate"
	p := t.provider
	identity, err := federation.Map(p, federation.Claims{Subject: c.subject, AuthTime: c.authTime, ACR: c.acr, AMR: methods(c.values["amr"]), Values: maps.Clone(c.values)}, r.o.Clock())
	if err != nil {
		return err
	}
	if l := identity.Level; l.IAL == hub.IALNone || l.AAL == hub.AALNone || !l.Satisfies(asker.Least) {
		return hub.E(op, hub.LevelUnmet, federation.LevelBelow)
	}
	if a.Binding, err = binding(c.values["cnf"]); err != nil {
		return err
	}
	name := func(purpose, value string) string {
		if value == "" {
			return ""
		}
		return r.o.Pairwise(purpose, t.settings.Issuer, value, asker.Sector)
	}
	a.Subject, a.Session, a.ID = name("foreign-subject", c.subject), name("foreign-session", c.session), name("foreign-token", c.id)
	a.Client, a.Level, a.AuthTime, a.IssuedAt, a.ExpiresAt = c.client, identity.Level, c.authTime, c.issued, c.expires
	for _, s := range c.scopes {
		if slices.Contains(limits.Scopes, s) && !slices.Contains(a.Scopes, s) {
			a.Scopes = append(a.Scopes, s)
		}
	}
	for n, v := range identity.Attributes {
		if slices.Contains(asker.Attributes, n) {
			if a.Attributes == nil {
				a.Attributes = hub.Attributes{}
			}
			a.Attributes[n] = v
		}
	}
	return nil
}

func methods(v any) []string {
	list, _ := texts(v)
	return list
}

// binding reads the key that a token is bound to (RFC 7800): the thumbprint of a key (RFC 9449) or of a certificate (RFC 8705). Whoever
// asks must check it, so a binding of another kind can't be left out: the token is refused.
func binding(v any) (map[string]string, error) {
	if v == nil {
		return nil, nil
	}
	members, ok := v.(map[string]any)
	out := map[string]string{}
	for name, value := range members {
		s, isText := value.(string)
		if name != "jkt" && name != "x5t#S256" || !isText || len(s) != 43 || strings.Trim(s, base64URL) != "" {
			ok = false
			break
		}
		out[name] = s
	}
	if !ok || len(out) == 0 {
		return nil, hub.E("routing.binding", hub.Refused, federation.AccessBinding)
	}
	return out, nil
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
