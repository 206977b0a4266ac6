package app

import (
	"cmp"
	"context"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/hubsql"
	"onedoor/hub/oidcop"
)

// relyingParties gives the register's systems in the OpenID provider's words.
type relyingParties struct{ h *Hub }

// Client implements oidcop.Clients. A system that is not connected by OpenID is NotFound.
func (r relyingParties) Client(ctx context.Context, id hub.SystemID) (oidcop.Client, error) {
	s, err := r.h.system(ctx, id)
	if err != nil {
		return oidcop.Client{}, err
	}
	if s.OIDC == nil {
		return oidcop.Client{}, hub.Errorf("app.Client", hub.NotFound, "the system is not connected by OpenID")
	}
	c := oidcop.Client{
		ID:           s.ID,
		Live:         opened(s),
		RedirectURIs: s.OIDC.RedirectURIs,
		Native:       s.OIDC.Native,
		AuthMethod:   s.OIDC.AuthMethod,
		Scopes:       s.OIDC.Scopes,
		GrantTypes:   s.OIDC.GrantTypes,
		Sector:       s.OIDC.SectorIdentifier,
		IDTokenAlg:   s.OIDC.IDTokenAlg,
		Least:        s.Least,
		AccessLife:   s.OIDC.AccessTokenLifetime,
	}
	// What the register leaves out has the default of OpenID Connect Registration 1.0, section 2.
	c.AuthMethod = cmp.Or(c.AuthMethod, "client_secret_basic")
	if len(c.GrantTypes) == 0 {
		c.GrantTypes = []string{"authorization_code"}
	}
	for _, secret := range s.OIDC.Secrets {
		c.Secrets = append(c.Secrets, oidcop.Secret(secret))
	}
	for _, rule := range s.Attributes {
		c.Attributes = append(c.Attributes, rule.Attribute)
	}
	return c, nil
}

// decisions are a person's consents, whose withdrawal also ends what a system holds because of them.
type decisions struct {
	*consent.Service
	tx     grant.Transactor
	grants *hubsql.Grants
	clock  hub.Clock
}

// Withdraw implements pages.Consents: consents and grants end in one transaction.
func (d decisions) Withdraw(ctx context.Context, account hub.AccountID, system hub.SystemID) (n int, err error) {
	err = d.tx.InTx(ctx, func(ctx context.Context) error {
		if n, err = d.Service.Withdraw(ctx, account, system); err != nil || n == 0 {
			return err
		}
		_, err := d.grants.RevokeSystem(ctx, account, system, "consent_withdrawn", d.clock())
		return err
	})
	return n, err
}

// levels gives every level that a provider in service can reach now (LOA-03).
func (h *Hub) levels(ctx context.Context) ([]hub.Level, error) {
	var reachable []hub.Level
	for _, l := range hub.Levels() {
		offer, err := h.providers.Offer(ctx, l)
		if err != nil {
			return nil, err
		}
		if len(offer) > 0 {
			reachable = append(reachable, l)
		}
	}
	return reachable, nil
}
