package oidcop

import (
	"context"
	"net/http"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
)

// Revoke is the revocation endpoint (RFC 7009). A refresh token ends its whole grant, an access token itself. A token that is unknown,
// over or of another client gets the same 200, and nothing happens. The hint is not needed: the forms differ.
func (p *Provider) Revoke(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	ctx := r.Context()
	form, bad := clientForm(w, r)
	var client Client
	if bad == nil {
		client, bad = p.authenticate(ctx, r, form)
	}
	if bad == nil && form.get("token") == "" {
		bad = refuse(codeInvalidRequest, "token is missing")
	}
	if bad == nil {
		bad = p.revoke(ctx, client, form.get("token"))
	}
	if bad != nil {
		p.note(ctx, "revocation.refused", bad, audit.Event{System: client.ID})
		answer(w, bad)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	w.WriteHeader(http.StatusOK)
}

func (p *Provider) revoke(ctx context.Context, client Client, raw string) *refusal {
	if secret, err := hub.ParseSecret(raw); err == nil {
		return p.revokeRefresh(ctx, client, secret)
	}
	a, bad := p.validate(ctx, raw)
	switch {
	case bad != nil && bad.broken():
		return bad
	case bad != nil || a.Holder() != client.ID:
		return nil
	}
	ctx = hub.WithInteraction(ctx, a.Interaction)
	err := p.tx.InTx(ctx, func(ctx context.Context) error {
		if err := p.tokens.RevokeToken(ctx, a, p.now()); err != nil {
			return err
		}
		return p.audit.Record(ctx, audit.Event{
			Kind: "token.revoked", Outcome: audit.Success, Reason: grant.RevokedByClient,
			System: client.ID, Session: a.Session, Account: a.Account, Detail: map[string]string{"token": a.ID},
		})
	})
	if err != nil {
		return fault(err)
	}
	return nil
}

func (p *Provider) revokeRefresh(ctx context.Context, client Client, secret hub.Secret) *refusal {
	_, g, err := p.grants.Refresh(ctx, secret.Hash())
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound, kind == hub.Expired:
		return nil
	case err != nil && kind != hub.Consumed:
		return fault(err)
	case g.System != client.ID:
		return nil
	}
	if _, err := p.grants.Revoke(hub.WithInteraction(ctx, g.Interaction), g, grant.RevokedByClient); err != nil {
		return fault(err)
	}
	return nil
}
