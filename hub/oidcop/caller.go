package oidcop

import (
	"context"
	"net/http"
	"slices"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/dpop"
)

// The scopes that a system can have for itself, without a person (client_credentials): those of the CAEP interoperability profile.
const (
	scopeSignalsManage = "ssf.manage"
	scopeSignalsRead   = "ssf.read"
)

// ownScope reports whether a scope is for a system itself.
func ownScope(s string) bool {
	return s == scopeSignalsManage || s == scopeSignalsRead || s == scopeDecisions
}

// Caller tells which system calls an endpoint of the hub's own, by an access token that the system has for itself with the scope (RFC 6749
// section 4.4, RFC 6750, RFC 9449). It answers by itself where it reports false.
func (p *Provider) Caller(w http.ResponseWriter, r *http.Request, scope string) (hub.SystemID, bool) {
	ctx := r.Context()
	raw, scheme, bad := bearer(w, r)
	var about audit.Event
	if bad == nil {
		about.System, bad = p.calling(ctx, w, r, raw, scheme, scope)
	}
	if bad != nil {
		p.note(ctx, "caller.refused", bad, about)
		answerBearer(w, bad, scheme)
		return "", false
	}
	return about.System, true
}

func (p *Provider) calling(ctx context.Context, w http.ResponseWriter, r *http.Request, raw, scheme, scope string) (hub.SystemID, *refusal) {
	a, bad := p.validate(ctx, raw)
	if bad != nil {
		return "", bad
	}
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
		return a.System, bad
	}
	switch {
	case !a.Machine || isJWT(raw) || len(a.Audience) > 0: // it is for an API, or speaks for a person
		return a.System, notActive().because("not_for_callers")
	case !slices.Contains(a.Scopes, scope):
		return a.System, refuse(codeInsufficientScope, "the token has no scope "+scope)
	}
	if _, bad := p.holder(ctx, a); bad != nil {
		return a.System, bad
	}
	if from.proof != nil {
		if err := p.spend(ctx, from); err != nil {
			return a.System, refusalIn(err)
		}
	}
	return a.System, nil
}
