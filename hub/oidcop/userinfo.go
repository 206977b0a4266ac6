package oidcop

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/token"
)

// UserInfo is the userinfo endpoint (OpenID Connect Core section 5.3): GET or POST, the token in the header or in a form, never in the
// query (RFC 6750 section 2.3). It releases what was granted, from the vault of the live session, and nothing else: as JSON, or as a
// signed JWT for clients that are registered so.
func (p *Provider) UserInfo(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	ctx := r.Context()
	var about audit.Event
	fail := func(bad *refusal) {
		p.note(ctx, "userinfo.refused", bad, about)
		answerBearer(w, bad)
	}
	raw, bad := bearer(w, r)
	if bad != nil {
		fail(bad)
		return
	}
	a, bad := p.validate(ctx, raw)
	if bad != nil {
		fail(bad)
		return
	}
	ctx = hub.WithInteraction(ctx, a.Interaction)
	about = audit.Event{System: a.System, Session: a.Session, Account: a.Account, Level: a.Level}
	if !slices.Contains(a.Scopes, scopeOpenID) {
		fail(refuse(codeInsufficientScope, "the token has no scope openid"))
		return
	}
	client, bad := p.holder(ctx, a)
	if bad != nil {
		fail(bad)
		return
	}
	if bad := p.sufficient(client, a); bad != nil {
		fail(bad)
		return
	}
	claims, released, bad := p.claims(ctx, client, a)
	if bad != nil {
		fail(bad)
		return
	}
	about.Kind, about.Outcome = "userinfo.released", audit.Success
	about.Detail = map[string]string{"token": a.ID, "attributes": strconv.Itoa(len(released))}
	if err := p.audit.Record(ctx, about); err != nil { // no release without its record (AUD-02)
		answerBearer(w, fault(err))
		return
	}
	if client.UserInfoAlg == "" {
		writeJSON(w, http.StatusOK, claims)
		return
	}
	claims["iss"], claims["aud"] = p.issuer, string(client.ID)
	signed, err := p.keys.SignJWT(client.UserInfoAlg, "JWT", claims)
	if err != nil {
		fail(fault(err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/jwt")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, signed) // the connection is gone where it fails
}

// bearer finds the one token of the request (RFC 6750 section 2).
func bearer(w http.ResponseWriter, r *http.Request) (string, *refusal) {
	none := refuse(codeInvalidToken, "").because("no_token")
	if r.URL.Query().Has("access_token") {
		return "", refuse(codeInvalidRequest, "a token has no business in a query")
	}
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", refuse(codeInvalidRequest, "more than one Authorization header")
	}
	inHeader := ""
	if len(headers) == 1 {
		scheme, value, _ := strings.Cut(headers[0], " ")
		if !strings.EqualFold(scheme, "Bearer") || value == "" {
			return "", none
		}
		inHeader = value
	}
	inForm := ""
	if r.Method == http.MethodPost && isForm(r) {
		form, bad := clientForm(w, r)
		if bad != nil {
			return "", bad
		}
		inForm = form.get("access_token")
	}
	switch {
	case inHeader != "" && inForm != "":
		return "", refuse(codeInvalidRequest, "more than one way of sending the token")
	case inHeader != "":
		return inHeader, nil
	case inForm != "":
		return inForm, nil
	}
	return "", none
}

// inactive reports whether an error of Tokens says that a token is not active, as opposed to: that can't be known.
func inactive(err error) bool {
	k, ok := kindIn(err)
	if !ok {
		return false
	}
	switch k {
	case hub.Invalid, hub.NotFound, hub.Expired, hub.Consumed, hub.Denied, hub.Suspended, hub.Refused, hub.Unauthenticated:
		return true
	default:
		return false
	}
}

func (p *Provider) validate(ctx context.Context, raw string) (token.Access, *refusal) {
	a, err := p.tokens.Validate(ctx, raw)
	if err == nil {
		return a, nil
	}
	if inactive(err) {
		return token.Access{}, notActive().from(err)
	}
	return token.Access{}, fault(err)
}

func notActive() *refusal {
	return refuse(codeInvalidToken, "the token is unknown, expired or revoked")
}

// holder finds the client that a token was issued to. Tokens of a system that is no longer live are dead.
func (p *Provider) holder(ctx context.Context, a token.Access) (Client, *refusal) {
	c, err := p.client(ctx, string(a.System))
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return Client{}, notActive().because("client_gone").from(err)
	case err != nil:
		return Client{}, fault(err)
	case !c.Live:
		return Client{}, notActive().because(string(hub.Suspended))
	}
	return c, nil
}

// claims opens the vault and names what may be released.
func (p *Provider) claims(ctx context.Context, c Client, a token.Access) (map[string]any, []hub.AttributeName, *refusal) {
	out := map[string]any{"sub": p.subject(c, a.Account)}
	names := within(a.Release, c.Attributes)
	if len(names) == 0 || a.VaultKey.IsZero() {
		return out, nil, nil
	}
	attributes, err := p.sessions.Attributes(ctx, a.Session, a.VaultKey)
	switch {
	case err != nil && inactive(err):
		return nil, nil, notActive().because("session_ended").from(err)
	case err != nil:
		return nil, nil, fault(err)
	}
	addClaims(out, attributes.Only(names))
	return out, names, nil
}

// answerBearer writes a refusal in the way of RFC 6750 section 3: a request without a token learns only that it needs one.
func answerBearer(w http.ResponseWriter, r *refusal) {
	challenge := `Bearer realm="onedoor"`
	if r.text != "" && !r.broken() {
		challenge += `, error="` + r.code + `", error_description="` + r.text + `"` + r.demand
	}
	if r.broken() {
		answer(w, r)
		return
	}
	w.Header().Set("WWW-Authenticate", challenge)
	if r.text == "" {
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(r.status())
		return
	}
	answer(w, r)
}
