package oidcop

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// EndSessionPath is the end session endpoint, below the issuer.
const EndSessionPath = "/oauth2/logout"

// wireLogout is what the discovery document says of logout.
type wireLogout struct {
	EndSession     string `json:"end_session_endpoint"`
	BackLogout     bool   `json:"backchannel_logout_supported"`
	BackLogoutSID  bool   `json:"backchannel_logout_session_supported"`
	FrontLogout    bool   `json:"frontchannel_logout_supported"`
	FrontLogoutSID bool   `json:"frontchannel_logout_session_supported"`
}

// Exit is the person's way out: the pages of a logout.
type Exit interface {
	// Session gives the live session of the browser. NotFound where it has none; Unavailable.
	Session(r *http.Request) (hub.SessionID, error)
	// Forget drops the browser's session cookie, because its session has ended.
	Forget(w http.ResponseWriter)
	// Onward shows how the logout goes, and leads on to the address of the system in the end; "" leads nowhere. Without campaigns there is
	// nothing to show.
	Onward(w http.ResponseWriter, r *http.Request, campaigns []string, onward string, system hub.SystemID)
	// AskSignOut asks the person whether to sign out, does what they say, and leads on to the address; "" leads nowhere. system is who
	// asks, "" where that can't be told; languages are those that it wishes.
	AskSignOut(w http.ResponseWriter, r *http.Request, system hub.SystemID, onward string, languages []string)
}

// Logouts ends sessions; logout.Service has it.
type Logouts interface {
	// End ends a session and opens its campaign. NotFound, Unavailable.
	End(ctx context.Context, id hub.SessionID, cause session.Cause) (logout.Campaign, error)
	// Wait waits for the participants, and in any case until no node can take the session for active.
	Wait(ctx context.Context, most time.Duration, campaigns ...string) (bool, error)
}

// logoutPatience is how long the person waits for the departments before the page is shown.
const logoutPatience = 3 * time.Second

// farewell is a request to sign the person out (OpenID Connect RP-Initiated Logout 1.0 section 2).
type farewell struct {
	client    Client        // who asks; without ID where that can't be told
	session   hub.SessionID // that the hint means; "" without a hint that counts
	account   hub.AccountID // whose that session is; "" where it is forgotten
	onward    string
	languages []string
}

// EndSession is the end session endpoint: GET, or POST with a form (OpenID Connect RP-Initiated Logout 1.0 section 2). Only a hint that is
// an ID token of ours for the very session of this browser ends it without a question. One for another session ends nothing and says
// nothing: the person is led on as if there had been no session.
func (p *Provider) EndSession(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodGet, http.MethodPost) {
		return
	}
	ctx := r.Context()
	if hub.InteractionFrom(ctx) == "" {
		ctx = hub.WithInteraction(ctx, hub.InteractionID(hub.NewID(p.random)))
		r = r.WithContext(ctx)
	}
	form, err := authorizeParams(w, r)
	var f farewell
	if err == nil {
		f, err = p.readFarewell(ctx, form)
	}
	about := audit.Event{System: f.client.ID}
	if err != nil {
		p.refuseFarewell(w, r, about, err)
		return
	}
	here, err := p.exit.Session(r)
	switch {
	case errors.Is(err, hub.NotFound) && crossPost(r) && form.get(again) == "":
		p.postAgain(w, r, form)
	case errors.Is(err, hub.NotFound):
		p.exit.Onward(w, r, nil, f.onward, f.client.ID)
	case err != nil:
		p.refuseFarewell(w, r, about, err)
	case f.session != "" && f.session == here:
		p.partFrom(w, r, f)
	case f.session != "" && !p.sameOwner(ctx, f, here):
		about.Session = here
		p.note(ctx, "logout.ignored", refuse(codeInvalidRequest, "").because("other_session"), about)
		p.exit.Onward(w, r, nil, f.onward, f.client.ID)
	default:
		p.exit.AskSignOut(w, r, f.client.ID, f.onward, f.languages)
	}
}

// partFrom ends the session of this browser.
func (p *Provider) partFrom(w http.ResponseWriter, r *http.Request, f farewell) {
	ctx, about := r.Context(), audit.Event{System: f.client.ID, Session: f.session, Account: f.account}
	cause := session.Cause{Reason: session.EndedBySystem, System: f.client.ID}
	if f.client.BackchannelLogoutURI == "" && f.client.FrontchannelLogoutURI == "" {
		cause.Protocol = Protocol // it hears of it by the browser's coming back, and has no other way
	}
	c, err := p.logouts.End(ctx, f.session, cause)
	if err != nil {
		p.refuseFarewell(w, r, about, err)
		return
	}
	if _, err := p.logouts.Wait(ctx, logoutPatience, c.ID); err != nil {
		p.refuseFarewell(w, r, about, err)
		return
	}
	p.exit.Forget(w)
	p.exit.Onward(w, r, []string{c.ID}, f.onward, f.client.ID)
}

// sameOwner tells whether the session that the hint means and the one of this browser are of one person.
func (p *Provider) sameOwner(ctx context.Context, f farewell, here hub.SessionID) bool {
	s, err := p.sessions.Get(ctx, here)
	return err == nil && f.account != "" && s.Account == f.account
}

// refuseFarewell shows the error page: nothing is said to an address that could be anybody's.
func (p *Provider) refuseFarewell(w http.ResponseWriter, r *http.Request, about audit.Event, err error) {
	kind, _ := kindIn(err)
	bad := refuse(codeInvalidRequest, "").because(string(kind)).from(err)
	if kind == hub.Internal || kind == hub.Unavailable {
		bad = fault(err)
	}
	p.note(r.Context(), "logout.refused", bad, about)
	p.journey.Refuse(w, r, err)
}

// readFarewell reads a request. Invalid where it contradicts itself, names a client that does not exist or is not live, or an address that
// is not registered for it. A hint that is no ID token of ours is as good as none, but nobody is led anywhere then who has said nothing else.
func (p *Provider) readFarewell(ctx context.Context, form params) (farewell, error) {
	const op = "oidcop.readFarewell"
	f := farewell{languages: locales(form.get("ui_locales"))}
	if form.doubled() {
		return f, hub.Errorf(op, hub.Invalid, "a parameter is there twice")
	}
	name := form.get("client_id")
	token, hinted, err := p.logoutHint(form.get("id_token_hint"))
	switch {
	case err != nil:
		return f, err
	case hinted && name != "" && name != token.Audience:
		return f, hub.Errorf(op, hub.Invalid, "client_id and id_token_hint name different clients")
	case hinted:
		name = token.Audience
	}
	redirect := form.get("post_logout_redirect_uri")
	if name == "" {
		if redirect != "" {
			return f, hub.Errorf(op, hub.Invalid, "post_logout_redirect_uri without a client")
		}
		return f, nil
	}
	c, err := p.client(ctx, name)
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound:
		return f, hub.Errorf(op, hub.Invalid, "an unknown client")
	case err != nil:
		return f, err
	}
	f.client = c
	switch {
	case redirect == "":
	case !c.Live:
		return f, hub.Errorf(op, hub.Suspended, "the client is not live")
	case !slices.Contains(c.PostLogoutRedirectURIs, redirect) || !secureRedirect(redirect):
		return f, hub.Errorf(op, hub.Invalid, "post_logout_redirect_uri is not registered")
	default:
		f.onward = redirect
	}
	if state := form.get("state"); state != "" && f.onward != "" {
		if len(state) > longestOpaque {
			return f, hub.Errorf(op, hub.Invalid, "state is too long")
		}
		f.onward = withQuery(f.onward, url.Values{"state": {state}})
	}
	if !hinted {
		return f, nil
	}
	f.session = p.sessionOf(c.ID, token.Session)
	s, err := p.sessions.Get(ctx, f.session)
	switch kind, _ := kindIn(err); {
	case err == nil && p.subject(c, s.Account) == token.Subject:
		f.account = s.Account
	case err == nil:
		return f, hub.Errorf(op, hub.Invalid, "the hint contradicts itself")
	case kind != hub.NotFound:
		return f, err
	}
	return f, nil
}

// logoutHint reads an id_token_hint, expired or not; false where it is none of ours. A client whose ID tokens come encrypted may encrypt
// what was in them for us (OpenID Connect Core section 3.1.2.1).
func (p *Provider) logoutHint(raw string) (wireIDToken, bool, error) {
	const encrypted = 4 // dots of a JWE
	if raw == "" {
		return wireIDToken{}, false, nil
	}
	if strings.Count(raw, ".") == encrypted {
		inner, err := p.opened(raw)
		if err != nil {
			return wireIDToken{}, false, err
		}
		raw = inner
	}
	c, err := p.ownIDToken(raw)
	switch kind, _ := kindIn(err); {
	case kind == hub.Invalid:
		return wireIDToken{}, false, nil
	case err != nil:
		return wireIDToken{}, false, err
	}
	return c, c.Audience != "" && c.Subject != "" && c.Session != "", nil
}

// opened gives the JWT inside of a JWE that was made for a key of ours; "" where it was not.
func (p *Provider) opened(raw string) (string, error) {
	algs := []jose.KeyAlgorithm{jose.RSA_OAEP_256, jose.ECDH_ES}
	jwe, err := jose.ParseEncryptedCompact(raw, algs, []jose.ContentEncryption{jose.A256GCM, jose.A128GCM, jose.A128CBC_HS256})
	if err != nil {
		return "", nil //nolint:nilerr // not of such a form: as good as none
	}
	inner, err := p.keys.DecryptJWE(jwe.Header.Algorithm, raw)
	switch kind, _ := kindIn(err); {
	case kind == hub.Invalid || kind == hub.NotFound:
		return "", nil
	case err != nil:
		return "", err
	}
	return string(inner), nil
}

// again marks a form that a page of ours has sent once more.
const again = "onedoor_again"

// crossPost tells whether a form comes from another site, without the browser's SameSite=Lax cookies.
func crossPost(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return r.Method == http.MethodPost && (site == "" || site == "cross-site")
}

// postAgain lets a page of ours send the form once more, now with the browser's cookies. Nothing of it goes into a URL.
func (p *Provider) postAgain(w http.ResponseWriter, r *http.Request, form params) {
	fields := url.Values{again: {"1"}}
	for name, value := range form.values {
		fields.Set(name, value)
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	p.journey.Post(w, r, p.issuer+EndSessionPath, fields)
}
