package oidcop

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// The grant types beside the login's.
const (
	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange" // RFC 8693 section 2.1
	grantMachine  = "client_credentials"                              // RFC 6749 section 4.4
)

// Token types (RFC 8693 section 3).
const (
	typeAccessToken = "urn:ietf:params:oauth:token-type:access_token"
	typeJWT         = "urn:ietf:params:oauth:token-type:jwt"
)

// Target is an API that lets a client come with the token of a person.
type Target struct {
	Resource
	Rule token.ExchangeRule
}

// Agreement gives the attributes that a person has agreed that a system gets, of those wanted. level is what the person's identity has.
// Unavailable.
type Agreement func(ctx context.Context, account hub.AccountID, system hub.SystemID, wanted []hub.AttributeName, level hub.Level) ([]hub.AttributeName, error)

// refusals of an exchange, by the policy's own word (RFC 8693 section 2.2.2: a subject token that is no good, for whatever reason, is
// invalid_request).
func denied(d token.Denial) *refusal {
	var r *refusal
	switch d {
	case token.NoRule:
		r = refuse(codeInvalidTarget, "no token for this target")
	case token.ScopeTooWide:
		r = refuse(codeInvalidScope, "a scope that the subject token does not have, or that the target does not allow")
	case token.LevelTooLow:
		r = refuse(codeInvalidRequest, "the authentication behind the subject token does not reach what the target demands")
	case token.ChainTooLong:
		r = refuse(codeInvalidRequest, "too many systems act for each other")
	default:
		r = refuse(codeInvalidRequest, "the subject token can't be exchanged by this client")
	}
	return r.because(string(d))
}

// exchangeRequest is a token exchange request as it was sent.
type exchangeRequest struct {
	subject, actor string
	scopes         []string
	target         Target
	wantsJWT       bool
}

// readExchange reads and checks the form (RFC 8693 section 2.1).
func readExchange(client Client, form params) (q exchangeRequest, bad *refusal) {
	invalid := func(text string) (exchangeRequest, *refusal) { return q, refuse(codeInvalidRequest, text) }
	q.subject, q.actor, q.scopes = form.get("subject_token"), form.get("actor_token"), splitList(form.get("scope"))
	switch form.get("subject_token_type") {
	case typeAccessToken, typeJWT:
	case "":
		return invalid("subject_token_type is missing")
	default:
		return invalid("subject_token_type must be " + typeAccessToken)
	}
	switch kind := form.get("actor_token_type"); {
	case (q.actor == "") != (kind == ""):
		return invalid("actor_token and actor_token_type belong together")
	case kind != "" && kind != typeAccessToken && kind != typeJWT:
		return invalid("actor_token_type must be " + typeAccessToken)
	}
	switch form.get("requested_token_type") {
	case "", typeAccessToken:
	case typeJWT:
		q.wantsJWT = true
	default:
		return invalid("requested_token_type must be " + typeAccessToken)
	}
	audience := form.get("audience")
	switch {
	case len(form.resource) == 0 && audience == "":
		return invalid("resource or audience is missing: whom is the token for?")
	case len(form.resource) > 1:
		return q, refuse(codeInvalidTarget, "one token is for one target")
	}
	// Whether a target is unknown, or known and closed to this client, is the same answer.
	i := slices.IndexFunc(client.Targets, func(t Target) bool {
		return (len(form.resource) == 0 || t.URI != "" && t.URI == form.resource[0]) && (audience == "" || string(t.System) == audience)
	})
	if i < 0 {
		return q, denied(token.NoRule)
	}
	q.target = client.Targets[i]
	if q.wantsJWT && q.target.JWT == "" {
		return invalid("the target's tokens are no JWTs")
	}
	return q, nil
}

// actFor exchanges the token of a person that the client holds for one that is addressed to another department's API (RFC 8693). Who may is
// decided by [token.Exchange]; what the person's attributes are is decided by the person. The event is for the record of a refusal.
func (p *Provider) actFor(ctx context.Context, client Client, form params, from sender) (*wireTokens, audit.Event, *refusal) {
	about := audit.Event{System: client.ID}
	if client.AuthMethod == authNone {
		return nil, about, refuse(codeUnauthorizedClient, "token exchange is for clients that authenticate")
	}
	q, bad := readExchange(client, form)
	if bad != nil {
		return nil, about, bad
	}
	subject, bad := p.presented(ctx, q.subject, "subject")
	if bad != nil {
		return nil, about, bad
	}
	about.Session, about.Account, about.Level, about.Interaction = subject.Session, subject.Account, subject.Level, subject.Interaction
	if subject.Interaction != "" {
		ctx = hub.WithInteraction(ctx, subject.Interaction)
	}
	if bad := p.isActor(ctx, client, q.actor, from); bad != nil {
		return nil, about, bad
	}
	if !from.proves(subject.Bound) {
		return nil, about, refuse(codeInvalidRequest, "the subject token is bound to a key that was not proven").because("not_proven")
	}
	child, methods, bad := p.decide(ctx, client, q, subject)
	if bad != nil {
		return nil, about, bad
	}
	child.Bound = narrower(child.Bound, from.confirmation(client))
	out, bad := p.exchanged(ctx, client, q, child, methods, from)
	return out, about, bad
}

// presented validates a token that came in the form. Where it is not active, the request is no good.
func (p *Provider) presented(ctx context.Context, raw, what string) (token.Access, *refusal) {
	if raw == "" {
		return token.Access{}, refuse(codeInvalidRequest, what+"_token is missing")
	}
	a, bad := p.validate(ctx, raw)
	if bad == nil {
		bad = p.holders(ctx, &a, "", p.clock())
	}
	switch {
	case bad != nil && bad.broken():
		return token.Access{}, bad
	case bad != nil:
		return token.Access{}, refuse(codeInvalidRequest, "the "+what+" token is unknown, expired or revoked").because(what + "_token").from(bad.cause)
	}
	return a, nil
}

// proves reports whether the sender holds everything that a token is bound to: such a token is of no use without it, here as everywhere.
func (s sender) proves(bound token.Confirmation) bool {
	return (bound.Key.IsZero() || bound.Key == s.key()) && (bound.Certificate.IsZero() || bound.Certificate == s.certificate)
}

// confirmation is what a token of the sender's own is bound to.
func (s sender) confirmation(c Client) token.Confirmation {
	out := token.Confirmation{Key: s.key()}
	if c.CertificateBound {
		out.Certificate = s.certificate
	}
	return out
}

// narrower is what a token stays bound to, and what it is bound to beside.
func narrower(was, also token.Confirmation) token.Confirmation {
	if was.Key.IsZero() {
		was.Key = also.Key
	}
	if was.Certificate.IsZero() {
		was.Certificate = also.Certificate
	}
	return was
}

// isActor checks the actor token, where there is one: the client acts for itself and for nobody else, so it must be its own token without a
// person (client_credentials).
func (p *Provider) isActor(ctx context.Context, client Client, raw string, from sender) *refusal {
	if raw == "" {
		return nil
	}
	actor, bad := p.presented(ctx, raw, "actor")
	switch {
	case bad != nil:
		return bad
	case !actor.Machine || actor.Holder() != client.ID || !from.proves(actor.Bound):
		return refuse(codeInvalidRequest, "the actor token must be the client's own, by client_credentials").because("actor_token")
	}
	return nil
}

// decide asks the policy, with what the session still stands for, and gives the token with its release.
func (p *Provider) decide(ctx context.Context, client Client, q exchangeRequest, subject token.Access) (token.Access, []string, *refusal) {
	none := func(bad *refusal) (token.Access, []string, *refusal) { return token.Access{}, nil, bad }
	to, err := p.client(ctx, string(q.target.System))
	switch kind, _ := kindIn(err); {
	case kind == hub.NotFound, err == nil && !to.Live:
		return none(denied(token.NoRule).from(err))
	case err != nil:
		return none(fault(err))
	}
	x := token.Exchange{
		Subject: subject, Actor: client.ID, Target: to.ID, Rule: &q.target.Rule, Required: to.Least, Scopes: q.scopes,
		Level: subject.Level, Now: p.now(),
	}
	// It does not outlive the limit of the level that is demanded either (SES-07 to SES-09).
	required := x.Rule.Least.Join(to.Least)
	x.Life = min(client.accessLife(), to.accessLife(), subject.AuthTime.Add(session.LimitFor(required.AAL).Age).Sub(x.Now))
	if _, d := x.Decide(); d != "" { // before anything is read
		return none(denied(d))
	}
	if bad := p.reaches(ctx, subject, to); bad != nil {
		return none(bad)
	}
	s, err := p.sessions.Get(ctx, subject.Session)
	if kind, _ := kindIn(err); err != nil && kind != hub.NotFound {
		return none(fault(err))
	}
	level, ok := s.Still(subject.Level, subject.AuthTime, p.now())
	if err != nil || !ok || !s.Serves(required, p.now()) {
		return none(refuse(codeInvalidRequest, "the session behind the subject token no longer serves the target").because("session_ended").from(err))
	}
	x.Level = level
	child, d := x.Decide()
	if d != "" {
		return none(denied(d))
	}
	child.ID, child.Rests = hub.NewID(p.random), token.Rests(s.RestsOn())
	if wanted := releasable(child.Scopes, to.Attributes); len(wanted) > 0 && !child.VaultKey.IsZero() {
		if child.Release, err = p.agreed(ctx, child.Account, to.ID, wanted, level); err != nil {
			return none(fault(err))
		}
		child.Release = within(child.Release, wanted)
	}
	if child.Records, err = p.recordsFor(ctx, to, nil, Party{Account: child.Account, Entity: child.Entity}, level); err != nil {
		return none(fault(err))
	}
	if len(child.Release) == 0 {
		child.VaultKey = hub.Secret{} // what can't be released need not be opened
	}
	return child, methodsAt(s.Methods, s.AuthTime, subject.AuthTime), nil
}

// methodsAt gives the methods of an authentication, where they are known: those of the last one.
func methodsAt(methods []string, last, authTime time.Time) []string {
	if !last.Equal(authTime) {
		return nil
	}
	return methods
}

// exchanged makes the token, with its event and its place in a status list in one transaction.
func (p *Provider) exchanged(ctx context.Context, client Client, q exchangeRequest, child token.Access, methods []string, from sender) (*wireTokens, *refusal) {
	var raw string
	err := p.tx.Together(ctx, func(ctx context.Context) (err error) {
		if err = p.spend(ctx, from); err != nil {
			return err
		}
		if raw, err = p.issue(ctx, &child, &q.target.Resource, methods); err != nil {
			return err
		}
		return p.audit.Record(ctx, audit.Event{
			Kind: "token.exchanged", Outcome: audit.Success, System: client.ID, Session: child.Session, Account: child.Account, Level: child.Level,
			Detail: map[string]string{
				"grant": string(child.Grant), "token": child.ID, "parent": child.Parents[0], "target": string(q.target.System),
				"actors": strconv.Itoa(len(child.Actors)), "attributes": strconv.Itoa(len(child.Release)),
			},
		})
	})
	if err != nil {
		return nil, refusalIn(err)
	}
	out := &wireTokens{
		AccessToken: raw, TokenType: child.Bound.Type(), ExpiresIn: int64(child.ExpiresAt.Sub(p.now()) / time.Second),
		Scope: strings.Join(child.Scopes, " "), IssuedType: typeAccessToken,
	}
	if q.wantsJWT {
		out.IssuedType = typeJWT
	}
	return out, nil
}

// stillAgreed gives a token of an exchange with no more attributes than the person agrees to now: such a token is not of a grant that ends
// when the person takes back what its target was allowed.
func (p *Provider) stillAgreed(ctx context.Context, caller *Client, a *token.Access) (*token.Access, *refusal) {
	agreed, err := p.agreed(ctx, a.Account, caller.ID, a.Release, a.Level)
	if err != nil {
		return nil, fault(err)
	}
	narrowed := *a
	narrowed.Release = within(a.Release, agreed)
	return &narrowed, nil
}
