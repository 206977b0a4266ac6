package oidcop

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/oidcop/fositestore"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// FinishLogin answers the authorization request whose login has ended: with a code, or with the error that the failure means. The
// request is checked again from the start, because the client may have changed in between; and the result is checked against it,
// because no room above is trusted to have kept what was asked.
func (p *Provider) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	const op = "oidcop.FinishLogin"
	ctx := hub.WithInteraction(r.Context(), res.Interaction)
	r = r.WithContext(ctx)
	about := audit.Event{System: res.Request.System, Session: res.Session.ID, Account: res.Session.Account}

	cont, form, err := resume(res)
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	client, redirect, err := p.target(ctx, form)
	if err == nil && client.ID != res.Request.System {
		err = hub.Errorf(op, hub.Internal, "the login was for another system")
	}
	if err != nil {
		p.page(w, r, about, err)
		return
	}
	a, bad := p.readAuthorization(client, redirect, form)
	if bad == nil {
		a.details, bad = p.askedDetails(ctx, client, form)
	}
	if bad == nil {
		a.wishes = cont.Wishes.wishes(client)
		a.attributes = union(a.attributes, a.wishes.attributes())
		if bad = p.raise(ctx, a); bad == nil {
			bad = p.judge(a, cont, res)
		}
	}
	if bad == nil {
		bad = p.particulars(ctx, a, res)
	}
	if bad == nil {
		a.details, bad = p.allowed(ctx, a, res)
	}
	if bad != nil {
		err := p.finishPushed(ctx, client, cont)
		if kind, _ := kindIn(err); kind == hub.Consumed || kind == hub.NotFound {
			p.page(w, r, about, hub.E(op, hub.Invalid, answeredBefore()))
			return
		}
		if err != nil {
			bad = fault(err)
		}
		p.refuseAt(w, r, a, bad, about)
		return
	}
	code, bad := p.issueCode(ctx, a, cont, res)
	if bad != nil && p.spent(ctx, client, cont) {
		p.page(w, r, about, hub.E(op, hub.Invalid, answeredBefore()))
		return
	}
	if bad != nil {
		p.refuseAt(w, r, a, bad, about)
		return
	}
	p.send(w, r, a, url.Values{"code": {code}})
}

func resume(res login.Result) (continuation, params, error) {
	const op = "oidcop.resume"
	var c continuation
	if res.Request.Protocol != Protocol {
		return c, params{}, hub.Errorf(op, hub.Internal, "a login of another protocol")
	}
	if (res.Failure == "") == (res.Session.ID == "") {
		return c, params{}, hub.Errorf(op, hub.Internal, "neither a failure nor a session, or both")
	}
	if err := json.Unmarshal(res.Request.Continue, &c); err != nil {
		return c, params{}, hub.E(op, hub.Internal, err)
	}
	form, err := parseParams(c.Query)
	if err != nil {
		return c, params{}, hub.E(op, hub.Internal, err)
	}
	return c, form, nil
}

// judge tells whether the result gives what was asked: the failure's answer, or a refusal where the session falls short.
func (p *Provider) judge(a *authorization, cont continuation, res login.Result) *refusal {
	if res.Failure != "" {
		code, text := failureCode(res.Failure)
		bad := refuse(code, text)
		if code != codeServerError { // what is not in the table is not a word for the record
			bad = bad.because(string(res.Failure))
		}
		return bad
	}
	if bad := represents(a.client, res.Party); bad != nil {
		return bad
	}
	s := res.Session
	fresh := a.force || a.maxAge != nil && *a.maxAge == 0
	switch {
	case !s.Level.Satisfies(a.required()):
		code, text := failureCode(hub.LevelUnmet)
		return refuse(code, text).because(string(hub.LevelUnmet))
	case !s.Serves(a.required(), p.now()):
		return notFresh("session_ended")
	case fresh && !res.SignedIn, a.passive && res.SignedIn, !a.recent(s.AuthTime, time.UnixMicro(cont.At)):
		return notFresh("not_fresh")
	case cont.Sub != "" && cont.Sub != p.subject(a.client, s.Account):
		return refuse(codeLoginRequired, "somebody else is signed in").because("other_account")
	}
	return nil
}

// particulars drops the claims whose value is another than the request will do with (OpenID Connect Core section 5.5.1).
func (p *Provider) particulars(ctx context.Context, a *authorization, res login.Result) *refusal {
	if !a.wishes.particular() {
		return nil
	}
	all, err := p.sessions.Attributes(ctx, res.Session.ID, res.Key)
	switch {
	case err != nil && inactive(err):
		return notFresh("session_ended").from(err)
	case err != nil:
		return fault(err)
	}
	other := func(x wish) bool { return !p.granted(a.client, x, all) }
	a.wishes.userInfo = slices.DeleteFunc(a.wishes.userInfo, other)
	a.wishes.idToken = slices.DeleteFunc(a.wishes.idToken, other)
	a.attributes = union(releasable(a.scopes, a.client.Attributes), a.wishes.attributes())
	return nil
}

func notFresh(reason string) *refusal {
	return refuse(codeLoginRequired, "a new authentication is needed").because(reason)
}

// required is the level that the request asks for together with what the system's register demands.
func (a *authorization) required() hub.Level { return a.want.Join(a.client.Least) }

// issueCode starts the grant with its code, and writes what the login has left to write, in one transaction. The login has noted, or
// notes now, that the session is used here.
func (p *Provider) issueCode(ctx context.Context, a *authorization, cont continuation, res login.Result) (string, *refusal) {
	requester, bad := p.viaFosite(ctx, a)
	if bad != nil {
		return "", bad
	}
	scopes := slices.DeleteFunc(slices.Clone(a.scopes), func(s string) bool {
		return s == scopeOffline && !(res.Offline && a.offline())
	})
	for _, s := range scopes {
		requester.GrantScope(s)
	}
	now, s := p.now(), res.Session
	release := within(a.attributes, res.Release)
	fc := a.fositeClient()
	sess := fositestore.NewSession(fc)
	sess.NoChallenge = a.challenge == "" && a.client.PKCEOptional
	sess.Grant = grant.Grant{
		ID: hub.GrantID(hub.NewID(p.random)), Session: s.ID, Account: s.Account, System: a.client.ID, Interaction: res.Interaction,
		Scopes: scopes, Release: release, CreatedAt: now, ExpiresAt: now.Add(session.LimitFor(a.required().AAL).Age),
		Entity: res.Party.Entity, Mandate: res.Party.Mandate,
	}
	if until := res.Party.Until; !until.IsZero() && until.Before(sess.Grant.ExpiresAt) { // nothing outlives the mandate (ENT-04)
		sess.Grant.ExpiresAt = until
	}
	sess.State = fositestore.State{
		RedirectURI: a.redirect, Challenge: a.challenge, Nonce: a.nonce, Required: a.want,
		Level: s.Level, Methods: s.Methods, AuthTime: s.AuthTime, Resources: a.resources,
		Bound: token.Confirmation{Key: a.key}, Details: joinDetails(a.details),
	}
	for _, x := range a.wishes.userInfo {
		sess.State.UserInfo = append(sess.State.UserInfo, x.attribute)
	}
	for _, x := range a.wishes.idToken {
		sess.State.IDToken = append(sess.State.IDToken, x.name)
	}
	if a.wishes.acr != nil {
		sess.State.ACR = reported(s.Level, a.wishes.acr)
	}
	if len(release) > 0 {
		sess.Vault = res.Key
	}
	var code string
	err := p.tx.Together(ctx, func(ctx context.Context) error {
		if res.Settle != nil {
			var err error
			if sess.Also, err = res.Settle(ctx); err != nil {
				return err
			}
		}
		if err := p.finishPushed(ctx, a.client, cont); err != nil {
			return err
		}
		resp, err := p.fosite(fc).NewAuthorizeResponse(ctx, requester, sess)
		if err != nil {
			return err
		}
		code = resp.GetCode()
		return nil
	})
	if kind, _ := kindIn(err); kind == hub.NotFound || kind == hub.Consumed || kind == hub.Expired {
		return "", notFresh("session_ended").from(err) // while the person was on the way
	}
	if kind, _ := kindIn(err); kind == hub.Conflict { // nothing else can be in conflict: ids and codes are random
		code, text := failureCode(login.ConsentNeeded)
		return "", refuse(code, text).because("consent_changed").from(err)
	}
	if err != nil {
		return "", fault(err)
	}
	if code == "" {
		return "", refuse(codeServerError, "the request failed")
	}
	return code, nil
}
