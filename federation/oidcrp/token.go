package oidcrp

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

const maxCredential = 64 << 10 // bytes of an access token

// tokens is a token response.
type tokens struct {
	access  string
	id      string         // raw ID token; empty where none came
	members map[string]any // what else came: flat claims
}

// String hides the tokens.
func (tokens) String() string { return "[redacted]" }

// GoString hides the tokens.
func (tokens) GoString() string { return "[redacted]" }

// redeem exchanges the code (RFC 6749 section 4.1.3).
func (c *Connector) redeem(ctx context.Context, p federation.Provider, known *metadata, asked question, code string) (tokens, error) {
	const op = "oidcrp.token"
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {asked.Callback}}
	if asked.Verifier != "" {
		form.Set("code_verifier", asked.Verifier)
	}
	got, err := c.post(ctx, op, p, known, known.token, form, maxToken)
	if err != nil {
		return tokens{}, err
	}
	if got.status != http.StatusOK {
		return tokens{}, tokenFailure(p.OIDC.Quirks, got)
	}
	m, err := c.object(op, p, got)
	if err != nil {
		return tokens{}, err
	}
	return parseTokens(m, p.OIDC.Quirks, c.clock())
}

// tokenFailure reads an error response (RFC 6749 section 5.2).
func tokenFailure(q federation.Quirks, got reply) error {
	const op = "oidcrp.token"
	m, _ := decodeObject(got.body)
	word := text(m, "error")
	switch {
	case word == "" && got.status == http.StatusUnauthorized:
		return hub.E(op, hub.Refused, federation.ClientRejected)
	case word == "" || got.status != http.StatusBadRequest && got.status != http.StatusUnauthorized && got.status != http.StatusForbidden:
		return statusFailure(op, got.status)
	case slices.Contains(q.ErrorIsDenied, word) || word == "access_denied":
		return hub.E(op, hub.Denied, federation.PersonDenied)
	case word == "invalid_grant" || word == "invalid_request":
		return hub.E(op, hub.Refused, federation.CodeRejected)
	case word == "invalid_client" || word == "unauthorized_client":
		return hub.E(op, hub.Refused, federation.ClientRejected)
	case word == "server_error" || word == "temporarily_unavailable":
		return hub.E(op, hub.Unavailable, federation.ProviderFailed)
	default:
		return hub.E(op, hub.Refused, federation.RequestRejected)
	}
}

// tokenMembers are the members of a token response that are no claims.
var tokenMembers = []string{
	"access_token", "token_type", "refresh_token", "id_token", "scope", "expires_in", "expire_in", "state", "session_state", "error",
}

// parseTokens reads a successful token response (RFC 6749 section 5.1). Forbidden evidence numbers are gone from its members.
func parseTokens(m map[string]any, q federation.Quirks, now time.Time) (tokens, error) {
	const op = "oidcrp.token"
	t := tokens{access: text(m, "access_token"), id: text(m, "id_token")}
	if !visible(t.access, maxCredential) || strings.Contains(t.access, " ") {
		return tokens{}, hub.E(op, hub.Refused, federation.TokenMissing)
	}
	if !strings.EqualFold(text(m, "token_type"), "Bearer") {
		return tokens{}, hub.E(op, hub.Refused, federation.TokenType)
	}
	ends, told, ok := expiry(m, q, now)
	switch {
	case !ok:
		return tokens{}, hub.E(op, hub.Refused, federation.ResponseMalformed)
	case told && !ends.Add(skew).After(now):
		return tokens{}, hub.E(op, hub.Refused, federation.TokenExpired)
	}
	federation.Scrub(m)
	t.members = without(m, tokenMembers...)
	return t, nil
}

// absoluteFrom: a greater life is a Unix time (ThaID).
const absoluteFrom = 1_000_000_000

// expiry reads expires_in and, of a provider with that quirk, the misspelt expire_in, whose value is an absolute time. It
// tells the end, whether one was told, and false where what was told is no number.
func expiry(m map[string]any, q federation.Quirks, now time.Time) (ends time.Time, told, ok bool) {
	v := m["expires_in"]
	if misspelt := m["expire_in"]; q.ExpireIn && misspelt != nil {
		v = misspelt
	}
	var digits string
	switch x := v.(type) {
	case nil:
		return time.Time{}, false, true
	case json.Number:
		digits = x.String()
	case string:
		digits = strings.TrimSpace(x)
	default:
		return time.Time{}, false, false
	}
	f, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil || !(f >= 0 && f < 1e11):
		return time.Time{}, false, false
	case q.ExpireIn && f > absoluteFrom:
		return time.Unix(int64(f), 0), true, true
	default:
		return now.Add(time.Duration(min(f, 1e9)) * time.Second), true, true
	}
}

// introspect asks for the subject of an access token (RFC 7662).
func (c *Connector) introspect(ctx context.Context, p federation.Provider, known *metadata, access string) (string, error) {
	const op = "oidcrp.introspect"
	got, err := c.post(ctx, op, p, known, known.introspection, url.Values{"token": {presented(p.OIDC.Quirks, access)}}, maxSmall)
	if err != nil {
		return "", err
	}
	if got.status != http.StatusOK {
		return "", statusFailure(op, got.status)
	}
	m, err := c.object(op, p, got)
	if err != nil {
		return "", err
	}
	if active, _ := m["active"].(bool); !active {
		return "", hub.E(op, hub.Refused, federation.TokenInactive)
	}
	return text(m, "sub"), nil
}

// revoke gives the access token back (RFC 7009; S2 19.2: nothing is kept). The login does not hang on it, nor on the person's
// staying: a failure is logged, and the token dies by itself soon after.
func (c *Connector) revoke(ctx context.Context, p federation.Provider, known *metadata, access string) {
	const op = "oidcrp.revoke"
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTimeout)
	defer cancel()
	got, err := c.post(bounded, op, p, known, known.revocation, url.Values{"token": {presented(p.OIDC.Quirks, access)}}, maxSmall)
	if err == nil && got.status != http.StatusOK {
		err = statusFailure(op, got.status)
	}
	if err != nil {
		c.log.WarnContext(ctx, "access token of a provider was not revoked",
			"provider", string(p.ID), "reason", federation.Reason(err), "interaction", string(hub.InteractionFrom(ctx)))
	}
}

// presented is the token as the provider wants to see it in a form.
func presented(q federation.Quirks, access string) string {
	if q.RevokeBearer {
		return "Bearer " + access
	}
	return access
}
