package app

import (
	"context"
	"net/http"
	"strings"

	"onedoor/federation/oidcrp"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/logout"
	"onedoor/hub/oidcop"
	"onedoor/web/server"
)

// upstreamOIDC makes the connector to OpenID providers.
func (h *Hub) upstreamOIDC() (err error) {
	o := h.options
	h.oidcrp, err = oidcrp.New(oidcrp.Options{
		HTTP: o.HTTP, Clock: h.clock, Random: h.random, Log: o.Log,
		Open:     func(sealed []byte) ([]byte, error) { return o.Masters.OpenSecret(secretContext, sealed) },
		Seal:     func(plain []byte) ([]byte, error) { return o.Masters.SealSecret(h.random, secretContext, plain) },
		Index:    h.keys.Index,
		Sign:     func(alg string, claims any) (string, error) { return h.keys.SignJWT(alg, "JWT", claims) },
		Decrypt:  h.keys.DecryptJWE,
		Callback: func(id hub.ProviderID) string { return o.Config.Issuer + "/login/callback/" + string(id) },
	})
	return err
}

// layOIDCLogout: how OpenID peers on both sides are told of a logout, and where providers tell us.
func (h *Hub) layOIDCLogout(context.Context) error {
	down, err := h.oidc.Way(h.options.HTTP)
	if err != nil {
		return err
	}
	up, err := h.oidcrp.Way(h.providers, func(id hub.ProviderID) string { return h.upstreamLogout(id) + "/done" })
	if err != nil {
		return err
	}
	for _, way := range []logout.Way{down, up} {
		if err := h.logout.Bind(way); err != nil {
			return err
		}
	}
	h.oidcEnds, err = oidcrp.NewEndpoints(oidcrp.EndpointOptions{
		Connector: h.oidcrp, Records: h.providers, Names: namedSessions{h.stores.SAMLNames}, Once: h.stores.Once, Tx: h.db, Logouts: h.logout,
		Audit: h.audit, Clock: h.clock, Random: h.random, Log: h.options.Log, Address: h.options.Config.Issuer,
		Fail: func(w http.ResponseWriter, r *http.Request, err error) { h.screen.Fail(w, r, err, "") },
	})
	return err
}

// upstreamLogout gives our backchannel_logout_uri at a provider.
func (h *Hub) upstreamLogout(id hub.ProviderID) string {
	return h.options.Config.Issuer + strings.Replace(oidcrp.LogoutPath, "{provider}", string(id), 1)
}

// logoutMounts lists where OpenID peers come to with a logout.
func (h *Hub) logoutMounts(login server.Rate) []server.Mount {
	read := []string{http.MethodGet}
	return []server.Mount{
		{Methods: []string{http.MethodGet, http.MethodPost}, Path: oidcop.EndSessionPath, Handler: http.HandlerFunc(h.oidc.EndSession), Rate: login, Body: 64 << 10},
		{Methods: []string{http.MethodPost}, Path: oidcrp.LogoutPath, Handler: http.HandlerFunc(h.oidcEnds.Receive), Rate: login, Body: 128 << 10, Machine: true},
		{Methods: read, Path: oidcrp.LogoutPath + "/frame", Handler: http.HandlerFunc(h.oidcEnds.Frame), Rate: login},
		{Methods: read, Path: oidcrp.LogoutPath + "/done", Handler: http.HandlerFunc(h.oidcEnds.Done), Rate: login},
	}
}

// oidcExit is the way out of the OpenID provider: who is not signed in is led on at once, because there is nothing to tell.
type oidcExit struct{ exit }

// Onward shows the ledger, and leads on to the address in the end.
func (e oidcExit) Onward(w http.ResponseWriter, r *http.Request, campaigns []string, onward string, system hub.SystemID) {
	if len(campaigns) == 0 && onward != "" {
		e.h.journey.Leave(w, r, onward)
		return
	}
	e.onward(w, r, campaigns, onward, system)
}

// AskSignOut asks the person.
func (e oidcExit) AskSignOut(w http.ResponseWriter, r *http.Request, system hub.SystemID, onward string, wishes []string) {
	e.h.journey.AskSignOut(w, r, system, onward, wishes)
}

// namedSessions gives sessions by the names of providers in the connector's words.
type namedSessions struct{ store *hubsql.SAMLNames }

// Find implements oidcrp.Names.
func (n namedSessions) Find(ctx context.Context, peer string, name [32]byte) ([]oidcrp.Named, error) {
	found, err := n.store.Find(ctx, peer, name)
	all := make([]oidcrp.Named, len(found))
	for i, s := range found {
		all[i] = oidcrp.Named{Session: s.Session, Index: s.Index, Live: s.Live}
	}
	return all, err
}
