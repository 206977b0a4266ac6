package oidcop

import (
	"context"
	"slices"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop/fositestore"
)

// refresh turns a refresh token into tokens (RFC 6749 section 6). It is done here and not by fosite, which has no retry of a lost answer,
// always rotates, and looks everything up twice.
//
// A client gets a new refresh token each time, and the old one is used up: who presents it again ends the whole family (RFC 9700 section
// 4.14.2). Clients of the FAPI profile keep theirs (FAPI 2.0 Security Profile section 5.3.2.1 forbids rotation): it is of no use without
// the client's key.
func (p *Provider) refresh(ctx context.Context, client Client, form params, from sender) (*wireTokens, *fositestore.Session, *refusal) {
	sess := fositestore.NewSession(&fositeClient{client: client})
	again, bad := p.present(ctx, client, sess, form.get("refresh_token"))
	if bad != nil {
		return nil, sess, bad
	}
	ctx = hub.WithInteraction(ctx, sess.Grant.Interaction)
	for _, check := range []func() *refusal{
		func() *refusal { return p.alive(client, sess) },
		func() *refusal { return p.mandated(ctx, client, sess) },
		func() *refusal { return narrow(sess, form) },
		func() *refusal { return stillRegistered(client, sess) },
		func() *refusal { return aim(client, sess, form) },
		func() *refusal { return bind(client, sess, from, false) },
		func() (bad *refusal) {
			if sess.Details, bad = detailsNow(sess.State.Details, form); bad == nil {
				sess.Details, bad = p.lasting(sess.Details)
			}
			return bad
		},
		func() *refusal { return p.openNow(ctx, client, sess) },
		func() *refusal { return p.known(ctx, client, sess) },
	} {
		if bad := check(); bad != nil {
			return nil, sess, bad
		}
	}
	access, err := p.seal(ctx, client, sess)
	if err != nil {
		return nil, sess, fault(err)
	}
	refresh, err := p.renew(ctx, client, sess, from, again)
	if kind, _ := kindIn(err); kind == hub.Consumed && (again || p.used(ctx, p.grants.Refresh, sess.Presented.Hash)) {
		return nil, sess, p.reused(ctx, grant.RefreshReused, sess.Grant, err) // also where somebody was faster
	}
	if err != nil {
		return nil, sess, asRefusal(err)
	}
	tokens, bad := p.tokenResponse(ctx, client, sess, access, refresh, nil)
	return tokens, sess, bad
}

// stillRegistered refuses scopes that the register has taken back since they were granted (PRV-06).
func stillRegistered(client Client, sess *fositestore.Session) *refusal {
	for _, s := range effectiveScopes(sess) {
		if !slices.Contains(client.Scopes, s) {
			return refuse(codeInvalidScope, "a scope is not registered for this client")
		}
	}
	return nil
}

// present reads the refresh token once and takes up what it stands for. A token of another client is as unknown as one that never was.
// again is true for one that was used, where the client may have missed the answer.
func (p *Provider) present(ctx context.Context, client Client, sess *fositestore.Session, raw string) (again bool, bad *refusal) {
	const op = "oidcop.present"
	code, text := grantCodeOf(hub.NotFound)
	unknown := refuse(code, text)
	secret, err := hub.ParseSecret(raw)
	if err != nil {
		return false, unknown.because(string(hub.NotFound)).from(err)
	}
	cred, gr, err := p.grants.Refresh(ctx, secret.Hash())
	kind, _ := kindIn(err)
	switch {
	case err != nil && kind != hub.Consumed && kind != hub.Expired:
		return false, asRefusal(err)
	case gr.System != client.ID:
		return false, unknown.because(string(hub.Denied)).from(hub.Errorf(op, hub.Denied, "issued to another client"))
	case err != nil && (cred.UsedAt.IsZero() || !gr.RevokedAt.IsZero()): // expired, or revoked already: nothing is left to revoke
		sess.Grant = gr
		return false, asRefusal(err)
	}
	state, stateErr := fositestore.DecodeState(cred.State)
	if stateErr != nil {
		return false, fault(stateErr)
	}
	sess.Grant, sess.State, sess.Presented = gr, state, cred
	if err != nil {
		if !p.mayRetry(client, state, cred) {
			return false, p.reused(ctx, grant.RefreshReused, gr, err)
		}
		again = true
	}
	if err := unwrap(grant.RefreshToken, sess, raw); err != nil {
		return false, asRefusal(err)
	}
	return again, nil
}

// mayRetry reports whether a refresh token that was used may be presented once more: right after, and by a client that has proven
// itself or will have to, because the token is bound to its key. For any other public client, whose refresh token is all that a thief
// needs, a second use is always a reuse.
func (p *Provider) mayRetry(client Client, state fositestore.State, cred grant.Credential) bool {
	return (client.AuthMethod != authNone || !state.Bound.IsZero()) && !p.now().After(cred.UsedAt.Add(grant.RetryWithin))
}

// renew does the whole change of state in one transaction, with its event, and gives the refresh token to go on with.
func (p *Provider) renew(ctx context.Context, client Client, sess *fositestore.Session, from sender, again bool) (string, error) {
	event := issued(client, sess, grantRefresh, 0)
	if client.FAPI {
		return "", p.tx.InTx(ctx, func(ctx context.Context) error { // the client goes on with what it has (RFC 6749 section 6)
			if err := p.spend(ctx, from); err != nil {
				return err
			}
			return p.audit.Record(ctx, event)
		})
	}
	secret, next, err := p.grants.Mint(grant.RefreshToken, sess.Grant.ID, sess.Vault, sess.Grant.ExpiresAt)
	if err != nil {
		return "", err
	}
	next.State = sess.Presented.State // it was Renewable when it was kept first
	change := p.grants.Rotate
	if again {
		change = p.grants.Retry
		event.Reason = "answer_lost"
	}
	err = p.tx.Together(ctx, func(ctx context.Context) error {
		if err := change(ctx, sess.Presented.Hash, next); err != nil {
			return err
		}
		if err := p.spend(ctx, from); err != nil {
			return err
		}
		return p.audit.Record(ctx, event)
	})
	if err != nil {
		return "", err
	}
	return secret.Reveal(), nil
}
