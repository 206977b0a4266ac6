package oidcop

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop/fositestore"
)

// wireTokens is the token response (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).
type wireTokens struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"`
	Scope        string `json:"scope,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`

	Details    json.RawMessage `json:"authorization_details,omitempty"` // RFC 9396 section 7
	IssuedType string          `json:"issued_token_type,omitempty"`     // RFC 8693 section 2.2.1
}

// Token is the token endpoint (RFC 6749 section 3.2): a code, a refresh token, another system's access token or nothing but the client itself
// against tokens.
func (p *Provider) Token(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	ctx := r.Context()
	var about audit.Event
	fail := func(ctx context.Context, bad *refusal) {
		p.note(ctx, "token.refused", bad, about)
		answer(w, bad)
	}
	form, bad := clientForm(w, r)
	if bad != nil {
		fail(ctx, bad)
		return
	}
	client, bad := p.authenticate(ctx, r, form)
	about.System = client.ID
	if bad == nil {
		bad = checkGrantType(client, form)
	}
	if bad != nil {
		fail(ctx, bad)
		return
	}
	from, bad := p.sent(w, r, client)
	if bad != nil {
		fail(ctx, bad)
		return
	}
	if other := p.other(form.get("grant_type")); other != nil {
		tokens, what, bad := other(ctx, client, form, from)
		about = what
		if bad != nil {
			fail(hub.WithInteraction(ctx, what.Interaction), bad)
			return
		}
		writeJSON(w, http.StatusOK, tokens)
		return
	}
	tokens, sess, bad := p.exchange(ctx, client, form, from)
	if sess != nil {
		about.Session, about.Account, about.Level = sess.Grant.Session, sess.Grant.Account, sess.State.Level
		if sess.Grant.Interaction != "" {
			ctx = hub.WithInteraction(ctx, sess.Grant.Interaction)
		}
	}
	if bad != nil {
		fail(ctx, bad)
		return
	}
	writeJSON(w, http.StatusOK, tokens)
}

// clientForm reads the form of an endpoint that clients call.
func clientForm(w http.ResponseWriter, r *http.Request) (params, *refusal) {
	form, err := readForm(w, r)
	switch {
	case err != nil:
		return params{}, refuse(codeInvalidRequest, "the request must be a form of moderate size").from(err)
	case form.doubled():
		return params{}, refuse(codeInvalidRequest, "a parameter was sent more than once")
	}
	return form, nil
}

func checkGrantType(c Client, form params) *refusal {
	required := ""
	switch form.get("grant_type") {
	case "":
		return refuse(codeInvalidRequest, "grant_type is missing")
	case grantCode:
		required = "code"
	case grantRefresh:
		required = "refresh_token"
	case grantExchange:
		required = "subject_token"
	case grantMachine:
		required = "grant_type"
	default:
		return refuse(codeUnsupportedGrant, "only authorization_code, refresh_token, client_credentials and token exchange are supported")
	}
	if !slices.Contains(c.GrantTypes, form.get("grant_type")) {
		return refuse(codeUnauthorizedClient, "the grant type is not registered for this client")
	}
	if form.get(required) == "" {
		return refuse(codeInvalidRequest, required+" is missing")
	}
	return nil
}

// other gives the grant types that need no code and no refresh token; nil for those that do.
func (p *Provider) other(grantType string) func(context.Context, Client, params, sender) (*wireTokens, audit.Event, *refusal) {
	switch grantType {
	case grantExchange:
		return p.actFor
	case grantMachine:
		return p.machine
	}
	return nil
}

// exchange turns a code or refresh token into tokens. The session is given as far as it is known, for the record.
func (p *Provider) exchange(ctx context.Context, client Client, form params, from sender) (*wireTokens, *fositestore.Session, *refusal) {
	if form.get("grant_type") == grantRefresh {
		return p.refresh(ctx, client, form, from)
	}
	return p.redeem(ctx, client, form, from)
}

// redeem turns a code into tokens, driven by fosite.
func (p *Provider) redeem(ctx context.Context, client Client, form params, from sender) (*wireTokens, *fositestore.Session, *refusal) {
	fc := &fositeClient{client: client}
	f := p.fosite(fc)
	sess := fositestore.NewSession(fc)
	requester, err := f.NewAccessRequest(ctx, accessRequest(form), sess)
	if err != nil {
		if !sess.Presented.UsedAt.IsZero() {
			return nil, sess, p.reused(ctx, grant.CodeReused, sess.Grant, err)
		}
		return nil, sess, asRefusal(err)
	}
	ctx = hub.WithInteraction(ctx, sess.Grant.Interaction)
	if bad := p.alive(client, sess); bad != nil {
		return nil, sess, bad
	}
	if bad := aim(client, sess, form); bad != nil {
		return nil, sess, bad
	}
	if bad := bind(client, sess, from, true); bad != nil {
		return nil, sess, bad
	}
	if bad := p.mandated(ctx, client, sess); bad != nil {
		return nil, sess, bad
	}
	var bad *refusal
	if sess.Details, bad = detailsNow(sess.State.Details, form); bad == nil {
		bad = p.openNow(ctx, client, sess)
	}
	if bad != nil {
		return nil, sess, bad
	}
	attributes, bad := p.idTokenClaims(ctx, client, sess)
	if bad == nil {
		bad = p.known(ctx, client, sess)
	}
	if bad != nil {
		return nil, sess, bad
	}

	var resp fosite.AccessResponder
	err = p.tx.Together(ctx, func(ctx context.Context) error {
		var err error
		if resp, err = f.NewAccessResponse(ctx, requester); err != nil {
			return err
		}
		if err := p.spend(ctx, from); err != nil {
			return err
		}
		return p.audit.Record(ctx, issued(client, sess, grantCode, len(attributes)))
	})
	if kind, _ := kindIn(err); kind == hub.Consumed && p.used(ctx, p.grants.Code, sess.Presented.Hash) {
		return nil, sess, p.reused(ctx, grant.CodeReused, sess.Grant, err) // somebody was faster
	}
	if err != nil {
		return nil, sess, asRefusal(err)
	}
	refresh, _ := resp.GetExtra("refresh_token").(string)
	// The ID token is signed after the commit: an RSA signature takes a millisecond in which no lock should be held.
	tokens, bad := p.tokenResponse(ctx, client, sess, resp.GetAccessToken(), refresh, attributes)
	return tokens, sess, bad
}

// issued is the record of an access token. Attributes counts those that the ID token releases (AUD-02).
func issued(client Client, sess *fositestore.Session, grantType string, attributes int) audit.Event {
	e := audit.Event{
		Kind: "token.issued", Outcome: audit.Success, System: client.ID, Session: sess.Grant.Session, Account: sess.Grant.Account,
		Level:  sess.State.Level,
		Detail: map[string]string{"grant": string(sess.Grant.ID), "token": sess.AccessID, "type": grantType},
	}
	if attributes > 0 {
		e.Detail["attributes"] = strconv.Itoa(attributes)
	}
	switch {
	case !sess.Bound.Key.IsZero():
		e.Detail["bound"] = "dpop"
	case !sess.Bound.Certificate.IsZero():
		e.Detail["bound"] = "mtls"
	}
	return e
}

// aim takes the resources that a token request names: never others than were granted (RFC 8707 section 2.2).
func aim(client Client, sess *fositestore.Session, form params) (bad *refusal) {
	if sess.Resources, bad = targets(client, form.resource); bad != nil {
		return bad
	}
	for _, id := range sess.Resources {
		if sess.State.Resources != nil && !slices.Contains(sess.State.Resources, id) {
			return refuse(codeInvalidTarget, "a resource was not granted")
		}
	}
	return nil
}

// alive refuses where the session has ended, or no longer serves what was asked of it: tokens die with the session (SES-18).
func (p *Provider) alive(client Client, sess *fositestore.Session) *refusal {
	code, text := grantCodeOf(hub.Expired)
	s := sess.Presented.Holder // as it was when the credential was looked up; the change of state looks again whether it lives
	if s.ID != sess.Grant.Session {
		return fault(hub.Errorf("oidcop.alive", hub.Internal, "the grant of another session"))
	}
	required := sess.State.Required.Join(client.Least)
	if !s.Serves(required, p.now()) {
		return refuse(code, text).because("session_ended")
	}
	// What is issued now stands on the authentication that the grant was answered with, and says no more than what that still stands
	// for (SES-08, SES-09; OpenID Connect Core section 12.2 keeps its time).
	level, ok := s.Still(sess.State.Level, sess.State.AuthTime, p.now())
	if !ok || !level.Satisfies(required) {
		return refuse(code, text).because("session_ended")
	}
	sess.State.Level = level
	return nil
}

// narrow takes the scopes that a refresh asks for, if any: never more than was granted (RFC 6749 section 6).
func narrow(sess *fositestore.Session, form params) *refusal {
	scopes := splitList(form.get("scope"))
	for _, s := range scopes {
		if !slices.Contains(sess.Grant.Scopes, s) {
			return refuse(codeInvalidScope, "a scope was not granted")
		}
	}
	if len(scopes) > 0 {
		sess.Scopes = scopes
	}
	return nil
}

// used tells whether a credential that could not be consumed was used, as opposed to revoked together with its grant or session.
// Where that can't be known it counts as used: then the grant ends.
func (p *Provider) used(ctx context.Context, find lookUp, hash [32]byte) bool {
	c, _, err := find(ctx, hash)
	if kind, _ := kindIn(err); err != nil && kind != hub.Consumed && kind != hub.Expired {
		return true
	}
	return !c.UsedAt.IsZero()
}

type lookUp func(ctx context.Context, hash [32]byte) (grant.Credential, grant.Grant, error)

// reused ends the grant of a code or refresh token that came twice, with all that it gave (RFC 6749 section 4.1.2, RFC 9700
// section 4.14.2). It has its own transaction: the one of the request was rolled back.
func (p *Provider) reused(ctx context.Context, reason string, g grant.Grant, cause error) *refusal {
	ctx = hub.WithInteraction(ctx, g.Interaction)
	if _, err := p.grants.Revoke(ctx, g, reason); err != nil {
		return fault(err)
	}
	// The answer says that it is over. It waits also where somebody else has ended the grant, which may have been just now.
	p.settle(ctx)
	code, text := grantCodeOf(hub.Consumed)
	return refuse(code, text).because(reason).from(cause)
}

// accessRequest is what fosite may see of a token request: no credentials, nothing that it would read in its own way.
func accessRequest(form params) *http.Request {
	v := url.Values{}
	for _, name := range []string{"grant_type", "code", "redirect_uri", "code_verifier"} {
		if s := form.get(name); s != "" {
			v.Set(name, s)
		}
	}
	return &http.Request{Method: http.MethodPost, URL: &url.URL{}, Header: http.Header{}, Form: v, PostForm: v}
}

func (p *Provider) tokenResponse(ctx context.Context, client Client, sess *fositestore.Session, access, refresh string, attributes map[string]any) (*wireTokens, *refusal) {
	scopes := effectiveScopes(sess)
	out := &wireTokens{
		AccessToken: access, TokenType: sess.Bound.Type(), Scope: strings.Join(scopes, " "), RefreshToken: refresh,
		ExpiresIn: int64(sess.AccessExpires.Sub(p.now()) / time.Second), Details: json.RawMessage(sess.Details),
	}
	if !slices.Contains(scopes, scopeOpenID) {
		return out, nil
	}
	var err error
	if out.IDToken, err = p.idToken(ctx, client, sess, out.AccessToken, attributes); err != nil {
		return nil, fault(err)
	}
	return out, nil
}
