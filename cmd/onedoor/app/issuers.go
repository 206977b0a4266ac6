package app

import (
	"context"
	"encoding/base64"
	"errors"

	"onedoor/federation"
	"onedoor/federation/routing"
	"onedoor/hub"
	"onedoor/hub/oidcop"
)

// elsewhere lets the OpenID provider ask other issuers, in its own words.
type elsewhere struct{ *routing.Router }

var _ oidcop.Elsewhere = elsewhere{}

// Ask implements oidcop.Elsewhere.
func (e elsewhere) Ask(ctx context.Context, who oidcop.Asking, tokens [][]byte) []oidcop.Foreign {
	answers := e.Router.Ask(ctx, routing.Asker(who), tokens)
	out := make([]oidcop.Foreign, len(answers))
	for i, a := range answers {
		f := oidcop.Foreign{Provider: a.Provider, Issuer: a.Issuer}
		switch {
		case a.Err == nil:
			f = oidcop.Foreign{
				Active: true, Provider: a.Provider, Issuer: a.Issuer, Client: a.Client, Scopes: a.Scopes, Subject: a.Subject, Session: a.Session, ID: a.ID,
				Level: a.Level, AuthTime: a.AuthTime, IssuedAt: a.IssuedAt, ExpiresAt: a.ExpiresAt, Binding: a.Binding, Attributes: a.Attributes,
			}
		case !a.Inactive() && !errors.Is(a.Err, hub.NotFound):
			f.Reason, f.Unavailable = federation.Reason(a.Err), hub.KindOf(a.Err) == hub.Unavailable
		}
		out[i] = f
	}
	return out
}

// issuers: those whose tokens are answered for beside our own.
func (h *Hub) issuers() (oidcop.Elsewhere, error) {
	r, err := routing.New(routing.Options{
		Issuer: h.options.Config.Issuer, Register: h.providers, HTTP: h.options.HTTP, Sign: h.keys.SignJWT, Clock: h.clock,
		NewID: func() string { return hub.NewID(h.random) },
		Pairwise: func(purpose, issuer, value, sector string) string {
			return base64.RawURLEncoding.EncodeToString(h.keys.Index(purpose, issuer, value, sector))
		},
	})
	if err != nil {
		return nil, err
	}
	return elsewhere{r}, nil
}
