package oidcrp

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// Finish checks the answer that the browser brought, redeems the code and reads the claims, in this order: is it an answer to
// our question (state, provider, issuer, time), did the provider say yes, is its token what it must be, is its UserInfo about
// the same person. Kinds as in federation.Upstream.
func (c *Connector) Finish(ctx context.Context, p federation.Provider, ask login.Ask, answer login.Answer) (federation.Claims, error) {
	const op = "oidcrp.Finish"
	if p.OIDC == nil {
		return federation.Claims{}, hub.Errorf(op, hub.Internal, "no settings")
	}
	asked, err := decodeQuestion(answer.Private)
	if err != nil {
		return federation.Claims{}, err
	}
	if asked.Provider != p.ID || asked.Issuer != p.OIDC.Issuer || asked.Callback != c.callback(p.ID) {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.AnswerForeign)
	}
	state := answer.Params["state"]
	if state == "" || ask.State == "" || subtle.ConstantTimeCompare([]byte(state), []byte(ask.State)) != 1 {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.StateMismatch)
	}
	now := c.clock()
	if age := now.Sub(asked.started()); age > c.patience || age < -skew {
		return federation.Claims{}, hub.E(op, hub.Expired, federation.TooLate)
	}
	known, err := c.metadata(ctx, p)
	if err != nil {
		return federation.Claims{}, err
	}
	if err := checkIssuer(*p.OIDC, known.announcesIss, answer.Params); err != nil {
		return federation.Claims{}, err
	}
	if word, failed := answer.Params["error"]; failed {
		return federation.Claims{}, frontFailure(p.OIDC.Quirks, word)
	}
	code := answer.Params["code"]
	if !visible(code, maxCode) {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.AnswerMalformed)
	}
	tokens, err := c.redeem(ctx, p, known, asked, code)
	if err != nil {
		return federation.Claims{}, err
	}
	if p.OIDC.Quirks.RevokeAfterUse && known.revocation != "" {
		defer c.revoke(ctx, p, known, tokens.access)
	}
	var claims federation.Claims
	if asksOpenID(*p.OIDC) {
		claims, err = c.openID(ctx, p, known, asked, code, tokens)
	} else {
		claims, err = c.flat(ctx, p, known, tokens)
	}
	if err != nil {
		return federation.Claims{}, err
	}
	if claims.AuthTime.IsZero() && !p.OIDC.Quirks.AlwaysFresh {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.AuthTimeMissing)
	}
	claims.Upstream, err = c.upstream(p, known, tokens, claims)
	return claims, err
}

// checkIssuer holds RFC 9207 section 2.4: the issuer of the answer, success or error, is the one that was asked.
func checkIssuer(o federation.OIDC, announced bool, params map[string]string) error {
	const op = "oidcrp.checkIssuer"
	iss, present := params["iss"]
	switch {
	case present && iss != o.Issuer:
		return hub.E(op, hub.Refused, federation.IssuerMismatch)
	case present && !announced && !o.Quirks.IssuerOptional:
		return hub.E(op, hub.Refused, federation.IssuerUnasked)
	case !present && announced:
		return hub.E(op, hub.Refused, federation.IssuerMissing)
	}
	return nil
}

// frontFailure reads the error of an authorization response (RFC 6749 section 4.1.2.1, Core section 3.1.2.6).
func frontFailure(q federation.Quirks, word string) error {
	const op = "oidcrp.answer"
	switch {
	case word == "access_denied" || slices.Contains(q.ErrorIsDenied, word):
		return hub.E(op, hub.Denied, federation.PersonDenied)
	case word == "server_error" || word == "temporarily_unavailable":
		return hub.E(op, hub.Unavailable, federation.ProviderFailed)
	case word == "unmet_authentication_requirements":
		return hub.E(op, hub.LevelUnmet, federation.LevelRejected)
	default:
		return hub.E(op, hub.Refused, federation.RequestRejected)
	}
}

// openID reads the verified ID token and, where the record wants claims that are not in it, UserInfo.
func (c *Connector) openID(ctx context.Context, p federation.Provider, known *metadata, asked question, code string, tokens tokens) (federation.Claims, error) {
	values, err := c.idToken(ctx, p, known, asked, code, tokens)
	if err != nil {
		return federation.Claims{}, err
	}
	claims := federation.Claims{
		Subject: text(values, "sub"), ACR: text(values, "acr"), AMR: texts(values["amr"]), Session: text(values, "sid"), Values: values,
	}
	claims.AuthTime, _ = numericDate(values["auth_time"])
	if !p.OIDC.Quirks.NoUserInfo && known.userInfo != "" && wantsMore(p, values) {
		more, err := c.userInfo(ctx, p, known, tokens.access, claims.Subject)
		if err != nil {
			return federation.Claims{}, err
		}
		for name, v := range more {
			if _, signed := values[name]; !signed && !protocolClaim(name) {
				values[name] = v
			}
		}
	}
	return claims, nil
}

// wantsMore reports whether the record maps a claim of which the ID token holds none.
func wantsMore(p federation.Provider, values map[string]any) bool {
	for _, names := range p.Attributes {
		if !slices.ContainsFunc(names, func(n string) bool { return values[n] != nil }) {
			return true
		}
	}
	for _, n := range []string{p.Person.Claim, p.Assurance.IALName} {
		if n != "" && values[n] == nil {
			return true
		}
	}
	return false
}

// flat reads the claims that came as members of the token response: acceptable only because they arrived on the back channel
// from the provider that took our secret. The subject is their sub, else what introspection says, else the person number.
func (c *Connector) flat(ctx context.Context, p federation.Provider, known *metadata, tokens tokens) (federation.Claims, error) {
	const op = "oidcrp.flat"
	if !p.OIDC.Quirks.FlatClaims {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.TokenMissing)
	}
	claims := federation.Claims{Values: tokens.members, Subject: text(tokens.members, "sub")}
	if claims.Subject == "" && known.introspection != "" {
		subject, err := c.introspect(ctx, p, known, tokens.access)
		if err != nil {
			return federation.Claims{}, err
		}
		claims.Subject = subject
	}
	if claims.Subject == "" {
		claims.Subject = text(tokens.members, p.Person.Claim)
	}
	if claims.Subject == "" {
		return federation.Claims{}, hub.E(op, hub.Refused, federation.SubjectMissing)
	}
	return claims, nil
}

// protocolClaim names what only a signed token may say.
func protocolClaim(name string) bool {
	switch name {
	case "iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "acr", "amr", "auth_time", "at_hash", "c_hash", "sid", "jti":
		return true
	}
	return false
}

const maxCode = 4096 // bytes

// visible reports whether s is a credential as OAuth writes it: VSCHAR (RFC 6749 appendix A).
func visible(s string, limit int) bool {
	if s == "" || len(s) > limit {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r > 0x7e }) < 0
}

// texts gives the strings of a list; a single string counts as a list of one.
func texts(v any) []string {
	switch x := v.(type) {
	case string:
		return []string{x}
	case []any:
		var out []string
		for _, e := range x {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// numericDate reads seconds since 1970 (RFC 7519 section 2), with or without a fraction.
func numericDate(v any) (time.Time, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return time.Time{}, false
	}
	f, err := strconv.ParseFloat(n.String(), 64)
	if err != nil || !(f >= 0 && f < 1e11) { // until the year 5138; false for NaN
		return time.Time{}, false
	}
	return time.Unix(int64(f), 0), true
}

// without gives a copy that lacks the names.
func without(m map[string]any, names ...string) map[string]any {
	out := maps.Clone(m)
	for _, n := range names {
		delete(out, n)
	}
	return out
}
