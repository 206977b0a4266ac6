package oidcop

import (
	"context"
	"net/http"
	"slices"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/dpop"
	"onedoor/hub/token"
)

// The scopes that a system can have for itself, without a person (client_credentials): those of the CAEP interoperability profile.
const (
	scopeSignalsManage = "ssf.manage"
	scopeSignalsRead   = "ssf.read"

	scopeAdminRead  = "admin.read"
	scopeAdminWrite = "admin.write"
)

// ownScope reports whether a scope is for a system itself.
func ownScope(s string) bool {
	return slices.Contains([]string{scopeSignalsManage, scopeSignalsRead, scopeDecisions, scopeAdminRead, scopeAdminWrite}, s)
}

// Caller tells which system calls an endpoint of the hub's own, by an access token that the system has for itself with the scope (RFC 6749
// section 4.4, RFC 6750, RFC 9449). It answers by itself where it reports false.
func (p *Provider) Caller(w http.ResponseWriter, r *http.Request, scope string) (hub.SystemID, bool) {
	a, ok := p.called(w, r, scope, false)
	return a.System, ok
}

// Agent is Caller for an endpoint that serves persons too: it tells what the token says, which is a system's own or speaks for a person who has
// logged in at the system with the scope. A token that an API accepts is good for neither: the API could use it here.
func (p *Provider) Agent(w http.ResponseWriter, r *http.Request, scope string) (token.Access, bool) {
	return p.called(w, r, scope, true)
}

func (p *Provider) called(w http.ResponseWriter, r *http.Request, scope string, persons bool) (token.Access, bool) {
	ctx := r.Context()
	raw, scheme, bad := bearer(w, r)
	var a token.Access
	if bad == nil {
		a, bad = p.calling(ctx, w, r, presented{raw, scheme, scope, persons})
	}
	if bad != nil {
		p.note(ctx, "caller.refused", bad, audit.Event{System: a.System})
		answerBearer(w, bad, scheme)
		return token.Access{}, false
	}
	return a, true
}

// presented is a token with how it came and what it must be good for.
type presented struct {
	raw, scheme, scope string
	persons            bool
}

func (p *Provider) calling(ctx context.Context, w http.ResponseWriter, r *http.Request, x presented) (token.Access, *refusal) {
	a, bad := p.validate(ctx, x.raw)
	if bad != nil {
		return token.Access{}, bad
	}
	raw, scheme, scope := x.raw, x.scheme, x.scope
	person := x.persons && a.Account != "" && a.Session != "" && len(a.Actors) == 0
	var from sender
	if scheme == schemeDPoP && !a.Bound.Key.IsZero() {
		if from.proof, bad = p.proof(w, r, r.URL.Path, raw); bad == nil && from.proof == nil {
			bad = badProof(dpop.ErrMissing)
		}
	}
	if bad == nil {
		bad = entitled(a.Bound, scheme, from)
	}
	if bad != nil {
		return a, bad
	}
	switch {
	case !a.Machine && !person || isJWT(raw) || len(a.Audience) > 0: // it is for an API, or speaks for a person
		return a, notActive().because("not_for_callers")
	case !slices.Contains(a.Scopes, scope):
		return a, refuse(codeInsufficientScope, "the token has no scope "+scope)
	}
	client, bad := p.holder(ctx, a)
	if bad == nil && person {
		bad = p.sufficient(client, a)
	}
	if bad == nil && !slices.Contains(client.Scopes, scope) { // it was the client's, and is no more
		bad = refuse(codeInsufficientScope, "the scope is no longer registered for this client")
	}
	if bad != nil {
		return a, bad
	}
	if from.proof != nil {
		if err := p.spend(ctx, from); err != nil {
			return a, refusalIn(err)
		}
	}
	return a, nil
}
