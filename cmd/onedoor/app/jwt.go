package app

import (
	"context"
	"slices"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/keys"
	"onedoor/hub/oidcop"
	"onedoor/hub/token"
	"onedoor/tenants"
)

// layJWTs: access tokens for APIs that validate offline, and the lists by which those learn of a sign-out.
func (h *Hub) layJWTs() (err error) {
	issuer := h.options.Config.Issuer
	h.lists, err = token.NewStatusLists(token.StatusOptions{
		Store: h.stores.Statuses, Memory: h.lease, URI: issuer + oidcop.StatusListPath, Elapsed: h.elapsed,
		Sign:  func(typ string, claims any) (string, error) { return h.keys.SignJWT(keys.ES256, typ, claims) },
		Clock: h.clock, Random: h.random,
	})
	if err != nil {
		return err
	}
	h.jwts, err = token.NewJWTs(token.JWTOptions{
		Issuer: issuer, Keys: h.keys, Sealing: h.keys, Statuses: h.lists, Clock: h.clock, Random: h.random,
	})
	return err
}

// resource is an API in the OpenID provider's words.
func resource(api tenants.System) oidcop.Resource {
	return oidcop.Resource{System: api.ID, URI: api.OIDC.Resource, JWT: api.OIDC.AccessTokenAlg}
}

// targets gives the APIs that let a system come with the token of a person.
func (h *Hub) targets(from hub.SystemID) []oidcop.Target {
	var out []oidcop.Target
	for _, api := range h.directory.Exchanging(from) {
		i := slices.IndexFunc(api.OIDC.ExchangeFrom, func(x tenants.Exchange) bool { return x.From == from })
		if i >= 0 && opened(api) {
			x := api.OIDC.ExchangeFrom[i]
			out = append(out, oidcop.Target{Resource: resource(api), Rule: token.ExchangeRule{From: from, Scopes: x.Scopes, Least: x.Least}})
		}
	}
	return out
}

// agreed gives what the person has agreed that a system gets, of the attributes wanted, as the login would release it without a page. Where
// the person has never been at the system, nothing was agreed.
func (h *Hub) agreed(ctx context.Context, account hub.AccountID, id hub.SystemID, wanted []hub.AttributeName, level hub.Level) ([]hub.AttributeName, error) {
	s, err := h.directory.System(ctx, id)
	if err != nil {
		return nil, err
	}
	current, err := h.consents.Current(ctx, account, id)
	if err != nil {
		return nil, err
	}
	outcome := consent.Decide(s.Attributes, wanted, current, consent.Facts{Want: s.Least, Have: level})
	if outcome.Higher { // LOA-06: not even asked whether this identity may serve there
		return nil, nil
	}
	return outcome.Release, nil
}
