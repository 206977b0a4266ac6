package oidcop

import (
	"net/http"
	"slices"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/token"
)

// wireIntrospection is the answer for an active token (RFC 7662 section 2.2).
type wireIntrospection struct {
	Active    bool     `json:"active"`
	Scope     string   `json:"scope"`
	ClientID  string   `json:"client_id"`
	TokenType string   `json:"token_type"`
	Expires   int64    `json:"exp"`
	IssuedAt  int64    `json:"iat"`
	Subject   string   `json:"sub"`
	Audience  []string `json:"aud"`
	Issuer    string   `json:"iss"`
	ID        string   `json:"jti"`
	ACR       string   `json:"acr"`
	AuthTime  int64    `json:"auth_time"`
	IAL       string   `json:"ial"`
	AAL       string   `json:"aal"`
	Session   string   `json:"sid"`
}

// wireInactive is the whole answer for a token that is not active, whatever the reason.
type wireInactive struct {
	Active bool `json:"active"`
}

// Introspect is the introspection endpoint (RFC 7662). The caller authenticates as a client that has a secret. A token that was not
// issued for it is as unknown as one that never was. Where activity can't be known the answer is 503 and never "active".
func (p *Provider) Introspect(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	ctx := r.Context()
	form, bad := clientForm(w, r)
	var caller Client
	if bad == nil {
		caller, bad = p.authenticate(ctx, r, form)
	}
	switch {
	case bad != nil:
	case caller.AuthMethod == authNone:
		bad = refuse(codeInvalidClient, "client authentication failed").because("public_client")
	case form.get("token") == "":
		bad = refuse(codeInvalidRequest, "token is missing")
	}
	if bad != nil {
		p.note(ctx, "introspection.refused", bad, audit.Event{System: caller.ID})
		answer(w, bad)
		return
	}
	a, bad := p.validate(ctx, form.get("token"))
	if bad == nil && !concerns(a, caller.ID) {
		bad = notActive()
	}
	if bad == nil && a.System != caller.ID {
		_, bad = p.holder(ctx, a)
	}
	switch {
	case bad == nil:
		writeJSON(w, http.StatusOK, p.introspection(caller, a))
	case bad.broken():
		p.note(ctx, "introspection.refused", bad, audit.Event{System: caller.ID})
		answer(w, bad)
	default:
		writeJSON(w, http.StatusOK, wireInactive{})
	}
}

// concerns reports whether a system may ask about a token: the client it was issued to, and its audience.
func concerns(a token.Access, caller hub.SystemID) bool {
	return a.System == caller || slices.Contains(a.Audience, string(caller))
}

// introspection answers in the caller's own terms: its pairwise subject, not that of the client.
func (p *Provider) introspection(caller Client, a token.Access) wireIntrospection {
	return wireIntrospection{
		Active: true, Scope: strings.Join(a.Scopes, " "), ClientID: string(a.System), TokenType: "Bearer",
		Expires: a.ExpiresAt.Unix(), IssuedAt: a.IssuedAt.Unix(), Subject: p.subject(caller, a.Account),
		Audience: append([]string{string(a.System)}, a.Audience...), Issuer: p.issuer, ID: a.ID,
		ACR: a.Level.ACR(), AuthTime: a.AuthTime.Unix(), IAL: a.Level.IAL.String(), AAL: a.Level.AAL.String(), Session: string(a.Session),
	}
}
