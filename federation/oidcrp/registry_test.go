package oidcrp_test

import (
	"context"
	"net/url"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// oneProvider is a store with one trust record.
type oneProvider struct{ p federation.Provider }

func (s oneProvider) Providers(context.Context) ([]federation.Provider, error) {
	return []federation.Provider{s.p}, nil
}
func (s oneProvider) Version(context.Context) (int64, error)                 { return 1, nil }
func (s oneProvider) Put(context.Context, federation.Provider) (bool, error) { return false, nil }

// registry puts the connector behind a Registry, as in production.
func (r *rig) registry() *federation.Registry {
	r.t.Helper()
	registry, err := federation.New(federation.Options{
		Store: oneProvider{r.provider}, Clock: r.clock.now,
		Connectors: map[string]federation.Upstream{federation.OpenIDConnect: r.connector},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	if err := registry.Refresh(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	return registry
}

// login goes the whole way through the registry.
func (r *rig) login(registry *federation.Registry, form url.Values) (hub.Identity, error) {
	r.t.Helper()
	ask := r.ask()
	redirect, err := registry.Start(r.t.Context(), r.provider.ID, ask)
	if err != nil {
		return hub.Identity{}, err
	}
	params := r.visit(redirect.URL, form)
	return registry.Finish(r.t.Context(), r.provider.ID, ask, login.Answer{Params: params, Private: redirect.Private})
}

// providers is a store with several.
type providers []federation.Provider

func (s providers) Providers(context.Context) ([]federation.Provider, error) { return s, nil }
func (s providers) Version(context.Context) (int64, error)                   { return 1, nil }
func (s providers) Put(context.Context, federation.Provider) (bool, error)   { return false, nil }
