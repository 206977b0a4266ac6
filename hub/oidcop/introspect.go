package oidcop

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/token"
)

// Introspect is the introspection endpoint (RFC 7662): one token, one answer, as JSON or, where the caller accepts it, as a signed JWT
// (RFC 9701). The caller authenticates as a client. A token that was not issued for it is as unknown as one that never was: the answer is
// exactly {"active":false}. Where activity can't be known the answer is 503 and never "active".
//
// It is the hub's hottest path (architecture D9): no SQL while the lease holds, no reflection, nothing rendered twice. What is out of the
// ordinary, an escape in the form or a client assertion, takes the general way, which is slower and means the same.
func (p *Provider) Introspect(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	q := questions.Get().(*question)
	defer q.release()
	caller, bad := p.asked(w, r, q, false)
	if bad == nil {
		q.verdicts = p.tokens.ValidateAll(r.Context(), q.tokens[:1], q.verdicts)
		p.askElsewhere(r.Context(), &caller, q)
		q.out, bad = p.appendOne(q.out, r.Context(), &caller, q, 0)
	}
	if bad == nil && wantsJWT(r) {
		bad = p.signAnswer(r.Context(), q, &caller)
	}
	if bad != nil {
		p.note(r.Context(), "introspection.refused", bad, audit.Event{System: caller.ID})
		answer(w, bad)
		return
	}
	kind := jsonType
	if wantsJWT(r) {
		kind = jwtType
	}
	writeAnswer(w, kind, q.out)
}

// asked reads the request and proves who is asking. The caller that it gives with a refusal is for the record only.
func (p *Provider) asked(w http.ResponseWriter, r *http.Request, q *question, batch bool) (Client, *refusal) {
	if batch && (r.ContentLength < 0 || r.ContentLength > largestForm) {
		return p.askedMuch(r, q)
	}
	if err := q.read(r, largestForm); err != nil {
		return Client{}, refuse(codeInvalidRequest, "the request must be a form of moderate size").from(err)
	}
	ctx := r.Context()
	f, simple := q.simple(batch)
	if simple && len(q.tokens) > 0 {
		if id, secret, method, ok := q.showed(r, f); ok {
			caller, err := p.client(ctx, string(id))
			if err == nil && caller.AuthMethod == method && caller.Live && matches(caller.Secrets, secret, p.clock()) {
				q.hint = f.hint
				return caller, nil
			}
		}
	}
	return p.askedPlainly(w, r, q, batch)
}

// askedPlainly is asked by the general parsers, for everything that is not simple and for every refusal.
func (p *Provider) askedPlainly(_ http.ResponseWriter, r *http.Request, q *question, batch bool) (Client, *refusal) {
	body := string(q.body)
	q.tokens = q.tokens[:0]
	if batch {
		var bad *refusal
		if body, bad = q.takeTokens(body); bad != nil {
			return Client{}, bad
		}
	}
	form, err := parseParams(body)
	switch {
	case err != nil:
		return Client{}, refuse(codeInvalidRequest, "the request must be a form of moderate size").from(err)
	case form.doubled():
		return Client{}, refuse(codeInvalidRequest, "a parameter was sent more than once")
	}
	caller, bad := p.authenticate(r.Context(), r, form)
	switch {
	case bad != nil:
		return caller, bad
	case caller.AuthMethod == authNone:
		return caller, refuse(codeInvalidClient, "client authentication failed").because("public_client")
	}
	if !batch && form.get("token") != "" {
		q.tokens = append(q.tokens, []byte(form.get("token")))
	}
	if len(q.tokens) == 0 {
		return caller, refuse(codeInvalidRequest, "token is missing")
	}
	q.hint = []byte(form.get(hintParameter))
	q.via, bad = cameThrough(form)
	return caller, bad
}

// appendAnswer appends the answer about one token in the caller's own terms. It refuses only where the answer can't be known.
func (p *Provider) appendAnswer(to []byte, ctx context.Context, caller *Client, v *token.Verdict) ([]byte, *refusal) {
	a := &v.Access
	switch {
	case v.Err != nil && inactive(v.Err):
		return append(to, inactiveAnswer...), nil
	case v.Err != nil:
		return to, fault(v.Err)
	case a.Entity != "" && caller.For == login.Persons, // it serves nobody who acts for another
		!concerns(a, caller.ID), receives(a, caller.ID) && !suffices(caller.Least, a, v.At):
		return append(to, inactiveAnswer...), nil
	}
	if a.System != caller.ID || len(a.Actors) > 0 {
		if bad := p.holders(ctx, a, caller.ID, v.At); bad != nil {
			if bad.broken() {
				return to, bad
			}
			return append(to, inactiveAnswer...), nil
		}
	}
	return p.appendActive(to, ctx, caller, a)
}

// inactiveAnswer is the whole answer for a token that is not active, whatever the reason (RFC 7662 section 2.2).
const inactiveAnswer = `{"active":false}`

// concerns reports whether a system may ask about a token: the client it was issued to, and its audience.
func concerns(a *token.Access, caller hub.SystemID) bool {
	return a.Holder() == caller || slices.Contains(a.Audience, string(caller))
}

// receives reports whether a system is the one that a token's attributes are for: the client that the person logged in at or, after an
// exchange, the one that it is addressed to.
func receives(a *token.Access, caller hub.SystemID) bool {
	if len(a.Actors) > 0 {
		return slices.Contains(a.Audience, string(caller))
	}
	return a.System == caller
}

// holders refuses where the client of a token, or one of the systems that act with it, is no longer live, or the client demands more by now
// than the token stands for. The caller has been looked at.
func (p *Provider) holders(ctx context.Context, a *token.Access, caller hub.SystemID, now time.Time) *refusal {
	if a.System != caller {
		c, bad := p.holder(ctx, *a)
		if bad == nil && !suffices(c.Least, a, now) {
			bad = notActive().because("not_sufficient")
		}
		if bad != nil {
			return bad
		}
	}
	for _, id := range a.Actors {
		if id == caller {
			continue
		}
		if _, bad := p.holder(ctx, token.Access{System: id}); bad != nil {
			return bad
		}
	}
	return nil
}

// appendActors appends the member act (RFC 8693 section 4.1), and the name of who may act.
func appendActors(to []byte, a *token.Access) []byte {
	if len(a.Actors) > 0 {
		for _, id := range a.Actors {
			to = append(to, `,"act":{"sub":"`...)
			to = append(appendEscaped(to, string(id)), '"')
		}
		for range a.Actors {
			to = append(to, '}')
		}
	}
	if a.MayAct != "" {
		to = append(to, `,"may_act":{"sub":"`...)
		to = append(appendEscaped(to, string(a.MayAct)), '"', '}')
	}
	return to
}

// appendActive writes the answer for an active token (RFC 7662 section 2.2), with the caller's own pairwise subject. The person has agreed
// to what the client may know: another system of the audience gets no attributes with it.
func (p *Provider) appendActive(to []byte, ctx context.Context, caller *Client, a *token.Access) ([]byte, *refusal) {
	begin := len(to)
	to = append(to, `{"active":true,"scope":"`...)
	for i, s := range a.Scopes {
		if i > 0 {
			to = append(to, ' ')
		}
		to = appendEscaped(to, s)
	}
	to = append(to, `","client_id":"`...)
	to = appendEscaped(to, string(a.Holder()))
	to = append(to, `","token_type":"`...)
	to = append(to, a.Bound.Type()...)
	to = append(to, `","exp":`...)
	to = strconv.AppendInt(to, a.ExpiresAt.Unix(), 10)
	to = append(to, `,"iat":`...)
	to = strconv.AppendInt(to, a.IssuedAt.Unix(), 10)
	to = append(to, `,"sub":"`...)
	if a.Machine {
		to = appendEscaped(to, string(a.System))
	} else {
		to = p.appendSubject(to, caller, a.Account)
	}
	to = append(to, `","aud":["`...)
	if len(a.Actors) == 0 {
		to = appendEscaped(to, string(a.System))
	}
	for i, s := range a.Audience {
		if i > 0 || len(a.Actors) == 0 {
			to = append(to, `","`...)
		}
		to = appendEscaped(to, s)
	}
	to = append(to, `"],"iss":`...)
	to = append(to, p.quotedIssuer...)
	to = append(to, `,"jti":"`...)
	to = append(to, a.ID...)
	if a.Machine { // no person, so nothing about one
		return append(appendConfirmation(append(to, '"'), a.Bound), '}'), nil
	}
	to = append(to, `",`...)
	to = append(to, p.levelMembers(a.Level)...)
	to = append(to, `,"auth_time":`...)
	to = strconv.AppendInt(to, a.AuthTime.Unix(), 10)
	to = append(to, `,"sid":"`...)
	to = p.appendSID(to, caller.ID, a.Session)
	to = append(to, '"')
	to = appendConfirmation(to, a.Bound)
	if a.Details != "" {
		details, bad := p.open(ctx, a)
		if bad != nil {
			return to[:begin], bad
		}
		if details != "" {
			to = append(append(to, `,"authorization_details":`...), details...)
		}
	}
	if list := a.RecordsAt(caller.Department); list != "" {
		to = append(append(to, `,"records":`...), list...)
	}
	if caller.TellsItems {
		list, bad := p.itemsFor(ctx, caller, a)
		if bad != nil {
			return to[:begin], bad
		}
		if list != nil {
			to = append(append(to, `,"items":`...), list...)
		}
	}
	to = appendActors(to, a)
	if a.Entity != "" {
		to = p.appendRepresentee(to, caller, a)
	}
	if receives(a, caller.ID) && len(a.Release) > 0 && !a.VaultKey.IsZero() {
		var bad *refusal
		if to, bad = p.appendReleased(to, ctx, caller, a); bad != nil {
			if bad.broken() {
				return to[:begin], bad
			}
			return append(to[:begin], inactiveAnswer...), nil // the session ended between the two questions
		}
	}
	return append(to, '}'), nil
}

// Answers come with headers that are the same every time: net/http reads them and changes nothing.
var (
	jsonType = []string{"application/json"}
	jwtType  = []string{"application/token-introspection+jwt"}
	noStore  = []string{"no-store"}
	noSniff  = []string{"nosniff"}
)

// bufferedAnswer is how long an answer can be for net/http to find its length by itself.
const bufferedAnswer = 2048

func writeAnswer(w http.ResponseWriter, kind []string, body []byte) {
	h := w.Header()
	h["Content-Type"], h["Cache-Control"], h["X-Content-Type-Options"] = kind, noStore, noSniff
	if len(body) >= bufferedAnswer {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // the connection is gone where it fails
}
