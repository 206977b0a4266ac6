package app

import (
	"context"
	"net/http"
	"net/netip"
	"slices"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/forward"
	"onedoor/hub/grant"
	"onedoor/hub/token"
	"onedoor/tenants"
	"onedoor/web/server"
)

// layForward: systems that a reverse proxy speaks for.
func (h *Hub) layForward(grants *grant.Grants, t tokens) (err error) {
	o := h.options
	h.forward, err = forward.New(forward.Options{
		Issuer: o.Config.Issuer, Systems: behindProxies{h.directory}, Journey: h.journey, Sessions: h.sessions, Grants: grants, Tokens: t,
		Ends: h.stores.Revocations, Items: itemsBehindProxies{h}, Keys: h.keys, Index: h.keys, Audit: h.audit, Tx: h.db, Client: server.ClientAddr,
		Clock: h.clock, Random: h.random, Records: forwardRecords{h.bindings},
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
		Headers: s.Forward.Headers, For: s.For, StatesPlace: s.StatesPlace, Department: s.Department,
	}
	for name, kind := range s.Forward.Records {
		if out.Records == nil {
			out.Records = make(map[string]string, len(s.Forward.Records))
		}
		out.Records[name] = string(kind)
	}
	for _, x := range s.Forward.Secrets {
		out.Secrets = append(out.Secrets, forward.Secret(x))
	}
	for _, x := range s.Forward.Items {
		out.Items = append(out.Items, forward.ItemRule(x))
	}
	for _, rule := range s.Attributes {
		if !slices.Contains(out.Attributes, rule.Attribute) {
			out.Attributes = append(out.Attributes, rule.Attribute)
		}
	}
	return out, nil
}

// itemsBehindProxies decides about the items that paths of systems ask for.
type itemsBehindProxies struct{ h *Hub }

// Open implements forward.Items.
func (x itemsBehindProxies) Open(ctx context.Context, a token.Access, at netip.Addr, item, action string) forward.ItemAnswer {
	s, err := x.h.directory.System(ctx, a.System)
	if err != nil {
		return forward.ItemAnswer{Unknown: true}
	}
	d := x.h.authz.decider.Decide(ctx, authz.Question{
		Item: authz.ItemID(item), Action: authz.Action(action), System: s.ID, Department: s.Department, Session: a.Session, Address: at,
		Party: authz.Party{Account: a.Account, Entity: a.Entity}, Authentications: []authz.Authentication{{Level: a.Level, At: a.AuthTime}},
	})
	out := forward.ItemAnswer{Open: d.Permit}
	for _, r := range d.Reasons {
		out.Unknown = out.Unknown || r.Code.Unknown()
		out.Reasons = append(out.Reasons, string(r.Code))
	}
	for _, r := range d.Remedies() {
		if r.Kind == authz.StepUp {
			out.ACR, out.MaxAge = r.Level.ACR(), r.MaxAge
		}
	}
	return out
}
