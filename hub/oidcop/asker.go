package oidcop

import (
	"context"
	"net/http"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/token"
)

// scopeDecisions lets a system ask for decisions about service items with a token of its own.
const scopeDecisions = "authz.decide"

// Asker tells which system asks at an endpoint of the hub's own whose body is no form: by its client secret (HTTP Basic), as for
// introspection, or by an access token that it has for itself with the scope authz.decide. It answers by itself where it reports false.
func (p *Provider) Asker(w http.ResponseWriter, r *http.Request) (hub.SystemID, bool) {
	scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Basic") {
		return p.Caller(w, r, scopeDecisions)
	}
	caller, bad := p.authenticate(r.Context(), r, params{})
	if bad == nil && caller.AuthMethod == authNone {
		bad = refuse(codeInvalidClient, "client authentication failed").because("public_client")
	}
	if bad != nil {
		p.note(r.Context(), "caller.refused", bad, audit.Event{System: caller.ID})
		answer(w, bad)
		return "", false
	}
	return caller.ID, true
}

// Person gives what an active access token says to a system that may ask about it, and the person's pairwise name there. Invalid for one that
// is not active, as introspection would answer it; Unavailable where that can't be known.
func (p *Provider) Person(ctx context.Context, caller hub.SystemID, raw string) (token.Access, string, error) {
	const op = "oidcop.Person"
	none := func(kind hub.Kind, err error) (token.Access, string, error) {
		return token.Access{}, "", hub.E(op, kind, err)
	}
	c, err := p.client(ctx, string(caller))
	if err != nil {
		return none(hub.Unavailable, err)
	}
	a, err := p.tokens.Validate(ctx, raw)
	switch {
	case err != nil && inactive(err):
		return none(hub.Invalid, err)
	case err != nil:
		return none(hub.Unavailable, err)
	case a.Machine || !concerns(&a, caller), receives(&a, caller) && !suffices(c.Least, &a, p.clock()):
		return none(hub.Invalid, nil)
	}
	if a.System != caller || len(a.Actors) > 0 {
		if bad := p.holders(ctx, &a, caller, p.clock()); bad != nil {
			if bad.broken() {
				return none(hub.Unavailable, bad.cause)
			}
			return none(hub.Invalid, nil)
		}
	}
	return a, p.subject(c, a.Account), nil
}

// SessionOf gives the session that a sid means at a system; "" for what is no sid. It proves nothing by itself: the session must have been
// used there.
func (p *Provider) SessionOf(caller hub.SystemID, sid string) hub.SessionID {
	return p.sessionOf(caller, sid)
}

// Name gives the pairwise name of an account at a system. NotFound, Unavailable.
func (p *Provider) Name(ctx context.Context, system hub.SystemID, account hub.AccountID) (string, error) {
	c, err := p.client(ctx, string(system))
	if err != nil {
		return "", err
	}
	return p.subject(c, account), nil
}
