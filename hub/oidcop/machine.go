package oidcop

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/token"
)

// machine gives a system a token for itself (RFC 6749 section 4.4): no person, no session, nothing of anybody's. It is for the APIs that
// accept the client's tokens, or those of them that the request names (RFC 8707).
func (p *Provider) machine(ctx context.Context, client Client, form params, from sender) (*wireTokens, audit.Event, *refusal) {
	about := audit.Event{System: client.ID}
	if client.AuthMethod == authNone {
		return nil, about, refuse(codeUnauthorizedClient, "this grant type is for clients that authenticate")
	}
	named, bad := targets(client, form.resource)
	if bad != nil {
		return nil, about, bad
	}
	scopes, bad := own(client, form, named != nil)
	if bad != nil {
		return nil, about, bad
	}
	now := p.now()
	a := token.Access{ID: hub.NewID(p.random), System: client.ID, Machine: true, IssuedAt: now, ExpiresAt: now.Add(client.accessLife()), Bound: from.confirmation(client)}
	a.Scopes = scopes
	for _, r := range client.Audience {
		if len(scopes) > 0 { // it is for the hub's own endpoints: an API that is shown it must not be able to use it there
			break
		}
		if named == nil || slices.Contains(named, r.System) {
			a.Audience = append(a.Audience, string(r.System))
		}
	}
	var raw string
	err := p.tx.Together(ctx, func(ctx context.Context) (err error) {
		if err = p.spend(ctx, from); err != nil {
			return err
		}
		if raw, err = p.issue(ctx, &a, alone(client.Audience, a.Audience, named != nil), nil); err != nil {
			return err
		}
		return p.audit.Record(ctx, audit.Event{
			Kind: "token.issued", Outcome: audit.Success, System: client.ID,
			Detail: map[string]string{"token": a.ID, "type": grantMachine, "audience": strconv.Itoa(len(a.Audience))},
		})
	})
	if err != nil {
		return nil, about, refusalIn(err)
	}
	return &wireTokens{AccessToken: raw, TokenType: a.Bound.Type(), Scope: strings.Join(scopes, " "), ExpiresIn: int64(a.ExpiresAt.Sub(now) / time.Second)}, about, nil
}

// own gives the scopes that a system asks for itself. All others stand for something of a person.
func own(client Client, form params, resource bool) ([]string, *refusal) {
	scopes := splitList(form.get("scope"))
	for _, s := range scopes {
		switch {
		case !ownScope(s) || !slices.Contains(client.Scopes, s):
			return nil, refuse(codeInvalidScope, "there is no person whom the scope could be about, or it is not registered for this client")
		case resource:
			return nil, refuse(codeInvalidTarget, "these scopes are for the hub itself, which is no resource of others")
		}
	}
	return scopes, nil
}
