package oidcop

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
)

// continuation is what a login carries for us from Authorize to FinishLogin.
type continuation struct {
	Query  string      `json:"query"`
	At     int64       `json:"at"`            // when the request came, microseconds since 1970
	Sub    string      `json:"sub,omitempty"` // the one pairwise subject that will do
	Wishes *keptWishes `json:"claims,omitempty"`
	Pushed []byte      `json:"pushed,omitempty"` // SHA-256 of the secret in the request URI
}

// Authorize is the authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2): GET, or POST with a form. A request
// with a bad client or redirect URI gets a page and never a redirect; every other fault goes back to the client.
func (p *Provider) Authorize(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	ctx := r.Context()
	if hub.InteractionFrom(ctx) == "" {
		ctx = hub.WithInteraction(ctx, hub.InteractionID(hub.NewID(p.random)))
		r = r.WithContext(ctx)
	}
	form, err := authorizeParams(w, r)
	if err != nil {
		p.page(w, r, audit.Event{}, err)
		return
	}
	client, err := p.caller(ctx, form)
	if err != nil {
		p.page(w, r, audit.Event{System: client.ID}, err)
		return
	}
	about := audit.Event{System: client.ID}
	outer := form
	form, bad, err := p.effective(ctx, client, outer)
	if bad != nil { // there is no request to go by; what stands beside it names at most the place for the error
		a := &authorization{client: client, redirect: outer.get("redirect_uri"), state: outer.get("state"), post: outer.get("response_mode") == modePost}
		if len(a.state) > longestOpaque {
			a.state = ""
		}
		if MatchRedirectURI(client.RedirectURIs, client.Native, a.redirect) {
			p.refuseAt(w, r, a, bad, about)
			return
		}
		err = hub.E("oidcop.Authorize", hub.Invalid, bad)
	}
	if err == nil {
		err = matchRedirect(client, form)
	}
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	a, bad := p.readAuthorization(client, form.get("redirect_uri"), form)
	if bad == nil {
		a.details, bad = p.askedDetails(ctx, client, form)
	}
	var who hint
	if bad == nil {
		who, bad = p.hinted(ctx, a)
	}
	if bad != nil {
		p.refuseAt(w, r, a, bad, about)
		return
	}
	state, err := json.Marshal(continuation{Query: a.query().Encode(), At: p.now().UnixMicro(), Sub: who.sub, Wishes: a.wishes.keep(), Pushed: form.pushed})
	if err != nil {
		p.refuseAt(w, r, a, fault(err), about)
		return
	}
	if bad := p.raise(ctx, a); bad != nil {
		p.refuseAt(w, r, a, bad, about)
		return
	}
	wishes, bad := p.wished(ctx, a)
	if bad != nil {
		p.refuseAt(w, r, a, bad, about)
		return
	}
	p.journey.Begin(w, r, login.Request{
		Protocol: Protocol, Continue: state, System: client.ID, Want: a.want, MaxAge: a.maxAge, Force: a.force, Passive: a.passive,
		AskConsent: a.consent, SelectAccount: a.choose, Attributes: a.attributes, Languages: a.languages, Account: who.account,
		Offline: a.offline(), Party: p.actsFor(a), Items: wishes, Settles: true,
	})
}

func authorizeParams(w http.ResponseWriter, r *http.Request) (params, error) {
	if r.Method == http.MethodPost {
		return readForm(w, r)
	}
	return parseParams(r.URL.RawQuery)
}

// caller finds out who asks. The client is given with the error where it is known.
func (p *Provider) caller(ctx context.Context, form params) (Client, error) {
	const op = "oidcop.caller"
	client, err := p.client(ctx, form.get("client_id"))
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return Client{}, hub.Errorf(op, hub.Invalid, "client_id is missing, repeated or unknown")
	case err != nil:
		return Client{}, err
	case !client.Live:
		return client, hub.Errorf(op, hub.Suspended, "the client is not live")
	}
	return client, nil
}

// effective gives the parameters that count: those that were pushed, those of a signed request object, or those that were sent, whichever
// the client is allowed. An error is for the person, a refusal for the client.
func (p *Provider) effective(ctx context.Context, c Client, form params) (params, *refusal, error) {
	object, uri := form.get("request"), form.get("request_uri")
	switch {
	case form.repeated["request"] || form.repeated["request_uri"] || object != "" && uri != "":
		return params{}, refuse(codeInvalidRequest, "more than one request"), nil
	case strings.HasPrefix(uri, pushedPrefix):
		form, err := p.take(ctx, c, uri)
		switch kind, _ := kindIn(err); kind {
		case hub.NotFound, hub.Consumed, hub.Expired:
			return params{}, refuse(codeRequestURI, "the request URI is unknown, used or expired").because("request_uri_" + string(kind)).from(err), nil
		}
		return form, nil, err
	case uri != "": // nothing is fetched from anywhere
		return params{}, refuse(codeNoRequestURI, "only request URIs of pushed requests are supported"), nil
	case c.mustPush():
		return params{}, refuse(codeInvalidRequest, "this client must push its requests").because("not_pushed"), nil
	case object != "":
		form, bad := p.fromObject(ctx, c, object)
		if bad != nil && bad.broken() {
			return params{}, nil, bad.cause
		}
		return form, bad, nil
	case c.RequireSignedRequest:
		return params{}, refuse(codeInvalidRequest, "a signed request object is required").because("not_signed"), nil
	}
	return form, nil, nil
}

func matchRedirect(c Client, form params) error {
	if !MatchRedirectURI(c.RedirectURIs, c.Native, form.get("redirect_uri")) {
		return hub.Errorf("oidcop.matchRedirect", hub.Invalid, "redirect_uri is missing, repeated or not registered")
	}
	return nil
}

// target is caller and the place where the answer goes. Whatever fails here is shown to the person and sent nowhere.
func (p *Provider) target(ctx context.Context, form params) (Client, string, error) {
	client, err := p.caller(ctx, form)
	if err == nil {
		err = matchRedirect(client, form)
	}
	return client, form.get("redirect_uri"), err
}

// hint is the person that the request is about: by the client's own name for them, and where that can be told as account.
type hint struct {
	sub     string
	account hub.AccountID
}

// hinted finds out whom an id_token_hint or a sub in the claims parameter means. The hint is an ID token of ours for this client,
// expired or not (OpenID Connect Core section 3.1.2.1). Its session leads to the account; where it is forgotten, the subject alone is
// compared in the end.
func (p *Provider) hinted(ctx context.Context, a *authorization) (hint, *refusal) {
	h := hint{sub: a.wishes.sub}
	if a.hint == "" {
		return h, nil
	}
	c, err := p.ownIDToken(a.hint)
	if err != nil || c.Audience != string(a.client.ID) || c.Subject == "" {
		return h, refuse(codeInvalidRequest, "id_token_hint is not an ID token for this client")
	}
	if h.sub != "" && h.sub != c.Subject {
		return h, refuse(codeInvalidRequest, "id_token_hint and claims name different persons")
	}
	h.sub = c.Subject
	s, err := p.sessions.Get(ctx, p.sessionOf(a.client.ID, c.Session))
	switch kind, _ := kindIn(err); {
	case err == nil && p.subject(a.client, s.Account) == c.Subject:
		h.account = s.Account
	case err != nil && kind != hub.NotFound:
		return h, fault(err)
	}
	return h, nil
}

// page shows the error page and records it.
func (p *Provider) page(w http.ResponseWriter, r *http.Request, about audit.Event, err error) {
	kind := hub.KindOf(err)
	bad := refuse(codeInvalidRequest, "").because(string(kind)).from(err)
	var said *refusal
	if errors.As(err, &said) {
		bad = said
	}
	if kind == hub.Internal || kind == hub.Unavailable {
		bad = fault(err)
	}
	p.note(r.Context(), authorizationRefused, bad, about)
	p.journey.Refuse(w, r, err)
}

// recent tells whether an authentication is recent enough for the request.
func (a *authorization) recent(authTime, asked time.Time) bool {
	const skew = time.Minute // between the provider's clock and ours
	return a.maxAge == nil || !authTime.Add(*a.maxAge+skew).Before(asked)
}

// offline reports whether the request asks for refresh tokens and the client may have them.
func (a *authorization) offline() bool {
	return slices.Contains(a.scopes, scopeOffline) && slices.Contains(a.client.GrantTypes, grantRefresh)
}
