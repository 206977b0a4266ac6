package oidcop

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// BatchPath is the endpoint for many tokens at once, below the issuer.
const BatchPath = "/oauth2/introspect/batch"

const (
	maxBatch     = 500
	largestBatch = maxBatch*1024 + largestForm // bytes: a sealed token has some 400
)

// unknownAnswer is the member for a token about which nothing can be known now. It has no "active": who reads that member finds nothing,
// which is not true.
const unknownAnswer = `{"error":"temporarily_unavailable"}`

// IntrospectBatch answers for up to 500 tokens in one call. It is an endpoint of ours, in the manner of RFC 7662: the same form and the
// same authentication, with the parameter token repeated, and as the answer
//
//	{"results":[{"active":true,...},{"active":false},...]}
//
// Whoever sends more than 32 KiB, or does not say how much, says who they are in the header or within the first 32 KiB: nothing beyond is
// read or kept for strangers. There is one member for each token, in the order of the question: exactly the answer that the token alone would have got, or
// {"error":"temporarily_unavailable"} where nothing can be known about it now. It is 400 invalid_request for none or more than 500.
func (p *Provider) IntrospectBatch(w http.ResponseWriter, r *http.Request) {
	if !allow(w, r, http.MethodPost) {
		return
	}
	q := questions.Get().(*question)
	defer q.release()
	caller, bad := p.asked(w, r, q, true)
	if bad != nil {
		p.note(r.Context(), "introspection.refused", bad, audit.Event{System: caller.ID})
		answer(w, bad)
		return
	}
	ctx := r.Context()
	q.out = append(q.out, `{"results":[`...)
	var failed *refusal
	q.verdicts = p.tokens.ValidateAll(ctx, q.tokens, q.verdicts)
	p.askElsewhere(ctx, &caller, q)
	for i := range q.verdicts {
		if i > 0 {
			q.out = append(q.out, ',')
		}
		if failed != nil && ctx.Err() != nil {
			q.out = append(q.out, unknownAnswer...) // no time left to ask for the others
			continue
		}
		if q.out, bad = p.appendOne(q.out, ctx, &caller, q, i); bad != nil {
			failed = bad
			q.out = append(q.out, unknownAnswer...)
		}
	}
	q.out = append(q.out, `]}`...)
	if failed != nil {
		p.note(ctx, "introspection.refused", failed, audit.Event{System: caller.ID})
	}
	writeAnswer(w, jsonType, q.out)
}

// takeTokens takes the tokens out of a form and gives the rest.
func (q *question) takeTokens(body string) (string, *refusal) {
	var rest []string
	for pair := range strings.SplitSeq(body, "&") {
		value, ok := strings.CutPrefix(pair, "token=")
		if !ok {
			rest = append(rest, pair)
			continue
		}
		raw, err := url.QueryUnescape(value)
		switch {
		case err != nil || len(raw) > largestValue || !clean(raw):
			return "", refuse(codeInvalidRequest, "the request must be a form of moderate size")
		case len(q.tokens) == maxBatch:
			return "", refuse(codeInvalidRequest, "more than 500 tokens")
		}
		q.tokens = append(q.tokens, []byte(raw))
	}
	return strings.Join(rest, "&"), nil
}

// askedMuch is asked for a body that a stranger must not make us hold: the beginning proves who is asking, then the rest is read.
func (p *Provider) askedMuch(r *http.Request, q *question) (Client, *refusal) {
	const text = "the request must be a form of moderate size"
	if r.URL.RawQuery != "" || !isForm(r) || r.ContentLength > largestBatch {
		return Client{}, refuse(codeInvalidRequest, text)
	}
	whole, err := q.upTo(r.Body, largestForm)
	if err != nil {
		return Client{}, refuse(codeInvalidRequest, text).from(err)
	}
	head := q.body
	if !whole {
		head = head[:bytes.LastIndexByte(head, '&')+1] // a parameter that is cut off proves nothing
	}
	form, bad := q.without(string(head))
	if bad != nil {
		return Client{}, bad
	}
	caller, bad := p.authenticate(r.Context(), r, form)
	switch {
	case bad != nil:
		return caller, bad
	case caller.AuthMethod == authNone:
		return caller, refuse(codeInvalidClient, "client authentication failed").because("public_client")
	}
	if !whole {
		if err := q.read(r, largestBatch); err != nil {
			return caller, refuse(codeInvalidRequest, text).from(err)
		}
	}
	all, bad := q.without(string(q.body))
	if bad != nil {
		return caller, bad
	}
	for _, name := range []string{"client_id", "client_secret", "client_assertion", "client_assertion_type"} {
		if all.get(name) != form.get(name) {
			return caller, refuse(codeInvalidRequest, "the client must say who it is at the beginning")
		}
	}
	if len(q.tokens) == 0 {
		return caller, refuse(codeInvalidRequest, "token is missing")
	}
	q.hint = []byte(all.get(hintParameter))
	q.via, bad = cameThrough(all)
	return caller, bad
}

// without reads a form; the tokens go to q.tokens.
func (q *question) without(body string) (params, *refusal) {
	q.tokens = q.tokens[:0]
	rest, bad := q.takeTokens(body)
	if bad != nil {
		return params{}, bad
	}
	form, err := parseParams(strings.Trim(rest, "&"))
	switch {
	case err != nil:
		return params{}, refuse(codeInvalidRequest, "the request must be a form of moderate size").from(hub.E("oidcop.without", hub.Invalid, err))
	case form.doubled():
		return params{}, refuse(codeInvalidRequest, "a parameter was sent more than once")
	}
	return form, nil
}
