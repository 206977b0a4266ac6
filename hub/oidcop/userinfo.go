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
	"onedoor/hub/login"
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
	raw, scheme, bad := bearer(w, r)
	fail := func(bad *refusal) {
		p.note(ctx, "userinfo.refused", bad, about)
		answerBearer(w, bad, scheme)
	}
	if bad != nil {
		fail(bad)
		return
	}
	a, bad := p.validate(ctx, raw)
	if bad != nil {
		fail(bad)
		return
	}
	from, bad := p.holds(w, r, raw, scheme, a)
	if bad != nil {
		fail(bad)
		return
	}
	if isJWT(raw) || a.Machine || len(a.Audience) > 0 { // it is for an API, and says nothing about a person to who else holds it
		fail(notActive().because("not_for_userinfo"))
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
	switch who, err := p.representee(ctx, client, a.Entity, a.Account, true); {
	case err != nil:
		fail(fault(err))
		return
	case who != nil && client.For == login.Persons:
		fail(notActive().because("not_for_entities"))
		return
	case who != nil:
		claims[representeeClaim] = who
	}
	switch list, bad := p.itemsFor(ctx, &client, &a); {
	case bad != nil:
		fail(bad)
		return
	case list != nil:
		claims[itemsClaim] = list
	}
	about.Kind, about.Outcome = "userinfo.released", audit.Success
	about.Detail = map[string]string{"token": a.ID, "attributes": strconv.Itoa(len(released))}
	if bad := p.recordRelease(ctx, about, from); bad != nil { // no release without its record (AUD-02)
		about = audit.Event{System: a.System, Session: a.Session, Account: a.Account, Level: a.Level}
		fail(bad)
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

// recordRelease writes what is released, and uses up the proof with it.
func (p *Provider) recordRelease(ctx context.Context, e audit.Event, from sender) *refusal {
	if from.proof == nil {
		if err := p.audit.Record(ctx, e); err != nil {
			return fault(err)
		}
		return nil
	}
	err := p.tx.InTx(ctx, func(ctx context.Context) error {
		if err := p.spend(ctx, from); err != nil {
			return err
		}
		return p.audit.Record(ctx, e)
	})
	if err != nil {
		return refusalIn(err)
	}
	return nil
}

// bearer finds the one token of the request (RFC 6750 section 2, RFC 9449 section 7.1) and the scheme by which it came.
func bearer(w http.ResponseWriter, r *http.Request) (raw, used string, bad *refusal) {
	none := refuse(codeInvalidToken, "").because("no_token")
	used = schemeBearer
	if r.URL.Query().Has("access_token") {
		return "", used, refuse(codeInvalidRequest, "a token has no business in a query")
	}
	headers := r.Header.Values("Authorization")
	if len(headers) > 1 {
		return "", used, refuse(codeInvalidRequest, "more than one Authorization header")
	}
	inHeader := ""
	if len(headers) == 1 {
		scheme, value, _ := strings.Cut(headers[0], " ")
		switch {
		case value == "":
			return "", used, none
		case strings.EqualFold(scheme, schemeDPoP):
			used = schemeDPoP
		case !strings.EqualFold(scheme, schemeBearer):
			return "", used, none
		}
		inHeader = value
	}
	inForm := ""
	if r.Method == http.MethodPost && isForm(r) {
		form, bad := clientForm(w, r)
		if bad != nil {
			return "", used, bad
		}
		inForm = form.get("access_token")
	}
	switch {
	case inHeader != "" && inForm != "":
		return "", used, refuse(codeInvalidRequest, "more than one way of sending the token")
	case inHeader != "":
		return inHeader, used, nil
	case inForm != "":
		return inForm, used, nil
	}
	return "", used, none
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
	tellRecords(out, a.RecordsAt(c.Department))
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

// answerBearer writes a refusal in the way of RFC 6750 section 3 and RFC 9449 section 7.1: a request without a token learns only that it
// needs one.
func answerBearer(w http.ResponseWriter, r *refusal, scheme string) {
	fault := ""
	if r.text != "" && !r.broken() {
		fault = `, error="` + r.code + `", error_description="` + r.text + `"` + r.demand
	}
	if r.broken() {
		answer(w, r)
		return
	}
	w.Header()["Www-Authenticate"] = challenges(scheme, fault)
	if r.text == "" {
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(r.status())
		return
	}
	status := r.status()
	if r.code == codeInvalidProof || r.code == codeUseNonce { // here they are about authorization (RFC 9449 sections 7.1 and 9)
		status = http.StatusUnauthorized
	}
	answerWith(w, r, status)
}
