package samlidp

import (
	"context"
	"errors"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
	"onedoor/hub/samlmsg"
)

// refusal is an answer to a service provider that is no assertion. The status goes out; reason goes into the record; the cause
// goes nowhere but the log.
type refusal struct {
	status samlmsg.Status
	reason string // machine word
	cause  error
}

func (r *refusal) from(cause error) *refusal {
	c := *r
	c.cause = cause
	return &c
}

// broken reports whether the refusal is our fault or that of a component.
func (r *refusal) broken() bool {
	return r.status.Code == samlmsg.StatusResponder && (r.status.Second == "" || r.status.Second == samlmsg.StatusNoAvailableIDP)
}

// requester is a refusal of what the service provider asked.
func requester(second, reason string) *refusal {
	return &refusal{status: samlmsg.Status{Code: samlmsg.StatusRequester, Second: second}, reason: reason}
}

// responder is a refusal because of us, the person or a provider.
func responder(second, reason string) *refusal {
	return &refusal{status: samlmsg.Status{Code: samlmsg.StatusResponder, Second: second}, reason: reason}
}

// failed gives the answer for a Kind, with the Kind as the reason.
func failed(k hub.Kind) *refusal {
	status := statusOf(k)
	reason := string(k)
	if status.Second == "" {
		reason = string(hub.Internal) // what is not in the table is not a word for the record
	}
	return &refusal{status: status, reason: reason}
}

// statusOf is the table from a Kind to a status (SAML Core section 3.2.2.2): how a login ended, or what failed on our side.
func statusOf(k hub.Kind) samlmsg.Status {
	second := ""
	switch k {
	case hub.Unauthenticated, login.ConsentNeeded, login.SelectionNeeded, login.PartyNeeded, login.ItemNeeded:
		second = samlmsg.StatusNoPassive
	case hub.LevelUnmet:
		second = samlmsg.StatusNoAuthnContext
	case hub.Denied, hub.Suspended, login.ItemRefused, login.ItemClosed:
		second = samlmsg.StatusRequestDenied
	case hub.Refused, hub.Expired, hub.NotFound, hub.Consumed, hub.Conflict:
		second = samlmsg.StatusAuthnFailed
	case hub.Unavailable, hub.TooMany:
		second = samlmsg.StatusNoAvailableIDP
	}
	return samlmsg.Status{Code: samlmsg.StatusResponder, Second: second}
}

// refusedEvent is the audit event of a request that opened nothing, whichever way it is told.
const refusedEvent = "authentication.refused"

// note records a refusal: one audit event, and a log line where a component failed.
func (p *Provider) note(ctx context.Context, about audit.Event, reason string, broken bool, cause error) {
	about.Kind, about.Outcome, about.Reason = refusedEvent, audit.Refusal, reason
	about.Detail = map[string]string{"protocol": Protocol}
	if broken {
		about.Outcome = audit.Failure
		p.o.Log.ErrorContext(ctx, "request failed", "event", refusedEvent, "reason", reason, "cause", causeText(cause))
	}
	if err := p.o.Audit.Record(ctx, about); err != nil {
		p.o.Log.ErrorContext(ctx, "audit event not recorded", "event", refusedEvent, "reason", reason, "cause", causeText(err))
	}
}

// causeText gives a cause for the log: of our own errors only.
func causeText(err error) string {
	var e *hub.Error
	if errors.As(err, &e) {
		return e.Error()
	}
	if err != nil {
		return "not an error of ours"
	}
	return ""
}
