package app

import (
	"context"
	"net/http"
	"slices"

	"onedoor/hub"
	"onedoor/hub/forward"
	"onedoor/hub/grant"
	"onedoor/tenants"
	"onedoor/web/server"
)

// layForward: systems that a reverse proxy speaks for.
func (h *Hub) layForward(grants *grant.Grants, t tokens) (err error) {
	o := h.options
	h.forward, err = forward.New(forward.Options{
		Issuer: o.Config.Issuer, Systems: behindProxies{h.directory}, Journey: h.journey, Sessions: h.sessions, Grants: grants, Tokens: t,
		Ends: h.stores.Revocations, Keys: h.keys, Index: h.keys, Audit: h.audit, Tx: h.db, Client: server.ClientAddr,
		Clock: h.clock, Random: h.random,
	})
	if err != nil {
		return err
	}
	if err := h.logout.Bind(forward.Way{}); err != nil {
		return err
	}
	return h.journey.Bind(forward.Protocol, h.forward)
}

// forwardMounts lists what proxies ask and what they hand on.
func (h *Hub) forwardMounts(login server.Rate) []server.Mount {
	read := []string{http.MethodGet}
	// A proxy asks with the method of the request that it asks about, or with GET. Nothing of a body is read.
	every := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}
	return []server.Mount{
		{Methods: every, Path: forward.CheckPath, Handler: http.HandlerFunc(h.forward.Check), Machine: true},
		{Methods: every, Path: forward.GatePath, Handler: http.HandlerFunc(h.forward.Gate), Machine: true},
		{Methods: every, Path: forward.EnvoyPath, Handler: http.HandlerFunc(h.forward.Envoy), Machine: true},
		{Methods: read, Path: forward.StartPath, Handler: http.HandlerFunc(h.forward.Start), Rate: login},
		{Methods: read, Path: forward.LoginPath, Handler: http.HandlerFunc(h.forward.Login), Rate: login},
		{Methods: read, Path: forward.CallbackPath, Handler: http.HandlerFunc(h.forward.Callback), Rate: login},
		{Methods: read, Path: forward.SignOutPath, Handler: http.HandlerFunc(h.forward.SignOut), Rate: login},
		{Methods: read, Path: forward.ExitPath, Handler: http.HandlerFunc(h.forward.Exit), Rate: login},
	}
}

// behindProxies gives the register's systems in the words of forward authentication.
type behindProxies struct{ directory *tenants.Directory }

// Forward implements forward.Systems.
func (b behindProxies) Forward(ctx context.Context, id hub.SystemID) (forward.System, error) {
	s, err := b.directory.System(ctx, id)
	switch {
	case err != nil:
		return forward.System{}, err
	case s.Forward == nil:
		return forward.System{}, hub.Errorf("app.Forward", hub.NotFound, "the system is not connected by forward authentication")
	}
	sector, _ := s.Sector()
	out := forward.System{
		ID: s.ID, Live: s.Status == tenants.Live, Least: s.Least, Sector: sector, Origins: s.Forward.Origins, Proxies: s.Forward.Proxies,
		Headers: s.Forward.Headers, For: s.For,
	}
	for _, x := range s.Forward.Secrets {
		out.Secrets = append(out.Secrets, forward.Secret(x))
	}
	for _, rule := range s.Attributes {
		if !slices.Contains(out.Attributes, rule.Attribute) {
			out.Attributes = append(out.Attributes, rule.Attribute)
		}
	}
	return out, nil
}
