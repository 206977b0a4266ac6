package oidcop

import (
	"context"
	"net/http"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/envelope"
	"onedoor/hub/grant"
)

const (
	// pushedPrefix begins every request URI of ours (RFC 9126 section 2.2). 256 random bits follow.
	pushedPrefix = "urn:ietf:params:oauth:request_uri:"
	// pushedLife is how long a pushed request waits for its browser. FAPI 2.0 wants less than 600 seconds.
	pushedLife = time.Minute
	// pushedPurpose names the envelope of its parameters.
	pushedPurpose = "pushed-request"
)

// requestParams are the parameters that an authorization request is read from. Whatever else is sent, credentials first of all, goes
// no further than the endpoint. login_hint is not among them: it may name the person, and there is nothing to do with it.
func requestParams() []string {
	return []string{
		"client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
		"prompt", "max_age", "acr_values", "ui_locales", "claims_locales", "display", "id_token_hint", "claims", "resource", "registration", "dpop_jkt", detailsParameter,
	}
}

// wirePushed is the answer of the endpoint (RFC 9126 section 2.2).
type wirePushed struct {
	RequestURI string `json:"request_uri"`
	ExpiresIn  int64  `json:"expires_in"`
}

// Push is the pushed authorization request endpoint (RFC 9126): an authenticated client deposits its request, and gets a name for it that
// is answered once, and good to begin with for a minute.
func (p *Provider) Push(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	ctx := r.Context()
	var client Client
	fail := func(bad *refusal) {
		p.note(ctx, "authorization.push.refused", bad, audit.Event{System: client.ID})
		answer(w, bad)
	}
	form, bad := clientForm(w, r)
	if bad == nil {
		client, bad = p.authenticate(ctx, r, form)
	}
	if bad == nil {
		bad = p.mayPush(ctx, client)
	}
	if bad == nil {
		form, bad = p.pushable(ctx, client, form)
	}
	var from sender
	if bad == nil {
		from.proof, bad = p.proof(w, r, PushedPath, "")
	}
	if bad == nil {
		bad = bindRequest(form, from)
	}
	if bad != nil {
		fail(bad)
		return
	}
	secret := hub.NewSecret(p.random)
	sealed, err := envelope.Seal(p.random, secret.Bytes(), pushedPurpose, string(client.ID), []byte(form.encode()))
	if err == nil {
		err = p.tx.InTx(ctx, func(ctx context.Context) error {
			if err := p.spend(ctx, from); err != nil {
				return err
			}
			err := p.pushed.Push(ctx, grant.Pushed{Hash: secret.Hash(), System: client.ID, Sealed: sealed, ExpiresAt: p.now().Add(pushedLife)})
			if err != nil {
				return err
			}
			return p.audit.Record(ctx, audit.Event{Kind: "authorization.pushed", Outcome: audit.Success, System: client.ID})
		})
	}
	if err != nil {
		fail(refusalIn(err))
		return
	}
	writeJSON(w, http.StatusCreated, wirePushed{pushedPrefix + secret.Reveal(), int64(pushedLife / time.Second)})
}

// bindRequest binds the code of a pushed request to the key of its proof, as if it had named it (RFC 9449 section 10.1).
func bindRequest(form params, from sender) *refusal {
	asked, bad := askedKey(form)
	switch {
	case bad != nil || from.proof == nil:
		return bad
	case !asked.IsZero() && asked != from.key():
		return refuse(codeInvalidProof, "dpop_jkt is another key than that of the DPoP proof").because("other_key")
	}
	form.values["dpop_jkt"] = from.key().String()
	return nil
}

// mayPush holds a public client to a rate for each network: anybody can push in its name, and each request that is good rests in the
// database and in the record.
func (p *Provider) mayPush(ctx context.Context, c Client) *refusal {
	if c.AuthMethod != authNone {
		return nil
	}
	network := p.network(ctx)
	if wait, first := p.pushes.blockedItself(network, c.ID); wait > 0 {
		bad := tooMany(wait, first)
		bad.text = "too many requests were pushed; try again later"
		return bad
	}
	p.pushes.count(network, c.ID)
	return nil
}

// pushable gives the parameters to keep, once the whole request has been found good: a client learns here what is wrong, not in the
// browser.
func (p *Provider) pushable(ctx context.Context, c Client, form params) (params, *refusal) {
	if form.get("request_uri") != "" {
		return params{}, refuse(codeInvalidRequest, "request_uri can't be pushed")
	}
	if id := form.get("client_id"); id != "" && id != string(c.ID) {
		return params{}, refuse(codeInvalidRequest, "client_id contradicts the client authentication")
	}
	switch raw := form.get("request"); {
	case raw != "":
		var bad *refusal
		if form, bad = p.fromObject(ctx, c, raw); bad != nil {
			return params{}, bad
		}
	case c.RequireSignedRequest:
		return params{}, refuse(codeInvalidRequest, "a signed request object is required")
	}
	form = form.only(requestParams()...)
	form.values["client_id"] = string(c.ID)
	if !MatchRedirectURI(c.RedirectURIs, c.Native, form.get("redirect_uri")) {
		return params{}, refuse(codeInvalidRequest, "redirect_uri is missing, repeated or not registered")
	}
	a, bad := p.readAuthorization(c, form.get("redirect_uri"), form)
	if bad == nil {
		a.details, bad = p.askedDetails(ctx, c, form)
	}
	if bad == nil && a.hint != "" {
		_, bad = p.hinted(ctx, a)
	}
	if bad != nil {
		return params{}, bad
	}
	return form, nil
}

// take gives the parameters of a pushed request, as often as the browser comes with it until the request is answered: a person may load
// a page again (FAPI 2.0 Security Profile section 5.3.2.2). NotFound, also for another client's; Consumed, Expired, Unavailable.
func (p *Provider) take(ctx context.Context, c Client, uri string) (params, error) {
	const op = "oidcop.take"
	secret, err := hub.ParseSecret(strings.TrimPrefix(uri, pushedPrefix))
	if err != nil {
		return params{}, hub.Errorf(op, hub.NotFound, "not a request URI of ours")
	}
	sealed, err := p.pushed.Look(ctx, secret.Hash(), c.ID, p.now())
	if err != nil {
		return params{}, err
	}
	plain, err := envelope.Open(secret.Bytes(), pushedPurpose, string(c.ID), sealed)
	if err != nil {
		return params{}, hub.E(op, hub.Internal, err)
	}
	form, err := parseParams(string(plain))
	if err != nil {
		return params{}, hub.E(op, hub.Internal, err)
	}
	hash := secret.Hash()
	form.pushed = hash[:]
	return form, nil
}

// finishPushed consumes the pushed request of a login that has ended, if it was one: of several that it began, one is answered
// (RFC 9126 section 7.3). It belongs into the transaction that answers. Consumed, NotFound, also told at the end of that.
func (p *Provider) finishPushed(ctx context.Context, c Client, cont continuation) error {
	if len(cont.Pushed) == 0 {
		return nil
	}
	var hash [32]byte
	if copy(hash[:], cont.Pushed) != len(hash) || len(cont.Pushed) != len(hash) {
		return hub.Errorf("oidcop.finishPushed", hub.Internal, "not the hash of a request URI")
	}
	return p.pushed.Finish(ctx, hash, c.ID, p.now())
}

// spent reports whether the pushed request of a login was answered before, and so gets no answer now.
func (p *Provider) spent(ctx context.Context, c Client, cont continuation) bool {
	if len(cont.Pushed) == 0 {
		return false
	}
	_, err := p.pushed.Look(ctx, [32]byte(cont.Pushed), c.ID, p.now())
	kind, _ := kindIn(err)
	return kind == hub.Consumed || kind == hub.NotFound
}

// answeredBefore is what the person hears who comes second: there is nothing to send anywhere.
func answeredBefore() *refusal {
	return refuse(codeRequestURI, "the request URI was used before").because("request_uri_consumed").from(hub.Errorf("oidcop.answeredBefore", hub.Invalid, "answered before"))
}
