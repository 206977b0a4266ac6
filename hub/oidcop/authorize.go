package oidcop

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
)

// continuation is what a login carries for us from Authorize to FinishLogin.
type continuation struct {
	Query string `json:"query"`
	At    int64  `json:"at"`            // when the request came, microseconds since 1970
	Sub   string `json:"sub,omitempty"` // pairwise subject that an id_token_hint named
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
	client, redirect, err := p.target(ctx, form)
	if err != nil {
		p.page(w, r, audit.Event{System: client.ID}, err)
		return
	}
	a, bad := readAuthorization(client, redirect, form)
	if bad == nil {
		_, bad = p.viaFosite(ctx, a)
	}
	var sub string
	if bad == nil && a.hint != "" {
		sub, bad = p.hintedSubject(a)
	}
	if bad != nil {
		p.refuseAt(w, r, a, bad, audit.Event{System: client.ID})
		return
	}
	state, err := json.Marshal(continuation{Query: a.query().Encode(), At: p.now().UnixMicro(), Sub: sub})
	if err != nil {
		p.refuseAt(w, r, a, fault(err), audit.Event{System: client.ID})
		return
	}
	p.journey.Begin(w, r, login.Request{
		Protocol: Protocol, Continue: state, System: client.ID, Want: a.want, MaxAge: a.maxAge, Force: a.force, Passive: a.passive,
		AskConsent: a.consent, SelectAccount: a.choose, Attributes: a.attributes, Languages: a.languages,
	})
}

func authorizeParams(w http.ResponseWriter, r *http.Request) (params, error) {
	if r.Method == http.MethodPost {
		return readForm(w, r)
	}
	return parseParams(r.URL.RawQuery)
}

// target finds out who asks and where the answer goes. Whatever fails here is shown to the person and sent nowhere. The client is
// given with the error where it is known.
func (p *Provider) target(ctx context.Context, form params) (Client, string, error) {
	const op = "oidcop.target"
	id, redirect := form.get("client_id"), form.get("redirect_uri")
	client, err := p.client(ctx, id)
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return Client{}, "", hub.Errorf(op, hub.Invalid, "client_id is missing, repeated or unknown")
	case err != nil:
		return Client{}, "", err
	case !client.Live:
		return client, "", hub.Errorf(op, hub.Suspended, "the client is not live")
	case !MatchRedirectURI(client.RedirectURIs, client.Native, redirect):
		return client, "", hub.Errorf(op, hub.Invalid, "redirect_uri is missing, repeated or not registered")
	}
	return client, redirect, nil
}

// hintedSubject reads an id_token_hint: an ID token of ours for this client, expired or not (OpenID Connect Core section 3.1.2.1).
func (p *Provider) hintedSubject(a *authorization) (string, *refusal) {
	c, err := p.ownIDToken(a.hint)
	if err != nil || c.Audience != string(a.client.ID) || c.Subject == "" {
		return "", refuse(codeInvalidRequest, "id_token_hint is not an ID token for this client")
	}
	return c.Subject, nil
}

// page shows the error page and records it.
func (p *Provider) page(w http.ResponseWriter, r *http.Request, about audit.Event, err error) {
	kind := hub.KindOf(err)
	bad := refuse(codeInvalidRequest, "").because(string(kind)).from(err)
	if kind == hub.Internal || kind == hub.Unavailable {
		bad = fault(err)
	}
	p.note(r.Context(), "authorization.refused", bad, about)
	p.journey.Refuse(w, r, err)
}

// refuseAt sends an error to the client and records it.
func (p *Provider) refuseAt(w http.ResponseWriter, r *http.Request, a *authorization, bad *refusal, about audit.Event) {
	p.note(r.Context(), "authorization.refused", bad, about)
	p.send(w, a, url.Values{"error": {bad.code}, "error_description": {bad.text}})
}

// send is the authorization response: to the redirect URI, with state and iss (RFC 9207), success or not. 303, so that a POST does
// not travel on (RFC 9700 section 4.12).
func (p *Provider) send(w http.ResponseWriter, a *authorization, v url.Values) {
	if a.state != "" {
		v.Set("state", a.state)
	}
	v.Set("iss", p.issuer)
	sep := "?"
	if strings.Contains(a.redirect, "?") {
		sep = "&"
	}
	h := w.Header()
	h.Set("Location", a.redirect+sep+v.Encode())
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(http.StatusSeeOther)
}

// recent tells whether an authentication is recent enough for the request.
func (a *authorization) recent(authTime, asked time.Time) bool {
	const skew = time.Minute // between the provider's clock and ours
	return a.maxAge == nil || !authTime.Add(*a.maxAge+skew).Before(asked)
}
