package app

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop"
	"onedoor/tenants"
	"onedoor/web/server"
)

// relyingParties gives the register's systems in the OpenID provider's words. A system is put into them once for each time that the
// register is read: no look-up costs more than a map's.
type relyingParties struct {
	h     *Hub
	known *sync.Map // hub.SystemID -> relyingParty
}

// relyingParty holds what was made of an entry, and the entry itself: the directory gives the same one until it has read again.
type relyingParty struct {
	entry  *tenants.OIDC
	client oidcop.Client
}

// Client implements oidcop.Clients. A system that is not connected by OpenID is NotFound.
func (r relyingParties) Client(ctx context.Context, id hub.SystemID) (oidcop.Client, error) {
	s, err := r.h.system(ctx, id)
	if err != nil {
		return oidcop.Client{}, err
	}
	if s.OIDC == nil {
		return oidcop.Client{}, hub.Errorf("app.Client", hub.NotFound, "the system is not connected by OpenID")
	}
	if known, ok := r.known.Load(id); ok && known.(relyingParty).entry == s.OIDC {
		return known.(relyingParty).client, nil
	}
	c := r.client(s)
	if _, err := r.h.directory.System(ctx, id); err == nil { // sandboxes come and go
		r.known.Store(id, relyingParty{s.OIDC, c})
	}
	return c, nil
}

func (r relyingParties) client(s tenants.System) oidcop.Client {
	o := s.OIDC
	c := oidcop.Client{
		ID: s.ID, Department: s.Department, Live: opened(s), RedirectURIs: o.RedirectURIs, Native: o.Native, AuthMethod: o.AuthMethod, AuthAlgs: o.AuthAlgs,
		Scopes: o.Scopes, GrantTypes: o.GrantTypes, Sector: o.SectorIdentifier, IDTokenAlg: o.IDTokenAlg, UserInfoAlg: o.UserInfoAlg,
		Encryption: oidcop.Encryption(o.IDTokenEncryption), Least: s.Least, AccessLife: o.AccessTokenLifetime, MaxAge: o.DefaultMaxAge,
		For: s.For, EntityFacts: s.EntityNumber, TellsItems: s.TellsItems,
		PostLogoutRedirectURIs: o.PostLogoutRedirectURIs, BackchannelLogoutURI: o.BackchannelLogoutURI, FrontchannelLogoutURI: o.FrontchannelLogoutURI,
		JWKS: o.JWKS, JWKSURI: o.JWKSURI, RequirePAR: o.RequirePAR, PKCEOptional: o.PKCEOptional, RequireSignedRequest: o.RequireSignedRequest, RequestAlgs: o.RequestAlgs,
		FAPI: o.Profile == tenants.ProfileFAPI2, DPoPBound: o.DPoPBound, DetailTypes: o.DetailTypes, CertificateBound: o.CertificateBound, Certificate: o.Certificate,
	}
	// What the register leaves out has the default of OpenID Connect Registration 1.0, section 2.
	c.AuthMethod = cmp.Or(c.AuthMethod, "client_secret_basic")
	if len(c.GrantTypes) == 0 {
		c.GrantTypes = []string{"authorization_code"}
	}
	for _, secret := range o.Secrets {
		c.Secrets = append(c.Secrets, oidcop.Secret(secret))
	}
	for _, rule := range s.Attributes {
		c.Attributes = append(c.Attributes, rule.Attribute)
	}
	for _, api := range r.h.directory.Accepting(s.ID) {
		if opened(api) {
			c.Audience = append(c.Audience, resource(api))
		}
	}
	c.MayAct, c.Targets = o.MayAct, r.h.targets(s.ID)
	return c
}

// layOIDC: the OpenID provider.
func (h *Hub) layOIDC(grants *grant.Grants, tokens oidcop.Tokens) (err error) {
	o := h.options
	certified, err := certifiedClients(o.Config)
	if err != nil {
		return err
	}
	issuers, err := h.issuers()
	if err != nil {
		return err
	}
	h.oidc, err = oidcop.New(oidcop.Options{
		Items:  h.authz.details,
		Issuer: o.Config.Issuer, PolicyURI: o.Config.Issuer + "/privacy", Registration: h.registrationEndpoint(),
		Clients: relyingParties{h, new(sync.Map)}, Journey: h.journey, Grants: grants, Sessions: h.sessions, Tokens: tokens, Keys: h.keys,
		Index: h.keys, Audit: h.audit, Tx: h.db, Levels: h.levels, JWTs: h.jwts, Lists: h.lists, Agreed: h.agreed, Clock: h.clock, Random: h.random, Log: o.Log,
		Pushed: h.stores.Pushed, Once: h.stores.Once, HTTP: o.HTTP, MTLS: certified,
		Network: func(ctx context.Context) string { return server.Network(server.ClientAddr(ctx)) },
		Exit:    oidcExit{exit{h}}, Logouts: h.logout,
		Failures: oidcop.FailureRate{Burst: o.Config.Rates.Client.Burst, Every: rateOf(o.Config.Rates.Client.PerMinute)}, Elsewhere: issuers, Records: tokenRecords{h.bindings}, Mandates: oidcMandates{h.entities},
		Settle: func(ctx context.Context) { settle(ctx, h.lease.AnswerDelay()) },
		Pushes: oidcop.FailureRate{Burst: o.Config.Rates.Login.Burst, Every: rateOf(o.Config.Rates.Login.PerMinute)},
	})
	if err != nil {
		return err
	}
	return h.journey.Bind(oidcop.Protocol, h.oidc)
}

// oidcMounts are the routes that the OpenID provider has beside the first ones.
func (h *Hub) oidcMounts() []server.Mount {
	return []server.Mount{
		{Methods: []string{http.MethodPost}, Path: oidcop.PushedPath, Handler: http.HandlerFunc(h.oidc.Push), Machine: true},
		{Methods: []string{http.MethodGet}, Path: oidcop.StatusListPath + "{list}", Handler: http.HandlerFunc(h.oidc.StatusList), Machine: true},
		{Methods: []string{http.MethodGet}, Path: oidcop.MetadataPath, Handler: http.HandlerFunc(h.oidc.Discovery), Machine: true},
	}
}

// ensureKeys makes the first signing key of every algorithm that a system is registered for. It is called whenever the register was
// read, outside of any transaction, and costs nothing where the keys are there.
func (h *Hub) ensureKeys(ctx context.Context) error {
	wanted := map[string]bool{}
	for _, s := range h.directory.Systems() {
		if s.OIDC != nil {
			wanted[s.OIDC.IDTokenAlg], wanted[s.OIDC.UserInfoAlg], wanted[s.OIDC.AccessTokenAlg] = true, true, true
		}
	}
	delete(wanted, "") // the default, ES256, is always there; and none
	var all error
	for alg := range wanted {
		all = errors.Join(all, h.keys.Ensure(ctx, alg))
	}
	return all
}
