package oidcop

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/ory/fosite"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/login"
)

// Error codes that a client can get: RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect Core section 3.1.2.6, OpenID Connect Unmet
// Authentication Requirements 1.0, RFC 6750 section 3.1.
const (
	codeInvalidRequest     = "invalid_request"
	codeInvalidClient      = "invalid_client"
	codeInvalidGrant       = "invalid_grant"
	codeUnauthorizedClient = "unauthorized_client"
	codeUnsupportedGrant   = "unsupported_grant_type"
	codeUnsupportedType    = "unsupported_response_type"
	codeInvalidScope       = "invalid_scope"
	codeAccessDenied       = "access_denied"
	codeServerError        = "server_error"
	codeUnavailable        = "temporarily_unavailable"
	codeLoginRequired      = "login_required"
	codeConsentRequired    = "consent_required"
	codeInteraction        = "interaction_required"
	codeSelectionRequired  = "account_selection_required"
	codeUnmetLevel         = "unmet_authentication_requirements"
	codeNoRequest          = "request_not_supported"
	codeNoRequestURI       = "request_uri_not_supported"
	codeNoRegistration     = "registration_not_supported"
	codeInvalidToken       = "invalid_token"
	codeInsufficientScope  = "insufficient_scope"
	codeInsufficientAuth   = "insufficient_user_authentication" // RFC 9470 section 3
	codeRequestObject      = "invalid_request_object"           // OpenID Connect Core section 3.1.2.6, RFC 9101 section 7
	codeRequestURI         = "invalid_request_uri"              // as above
	codeInvalidTarget      = "invalid_target"                   // RFC 8707 section 2
	codeInvalidProof       = "invalid_dpop_proof"               // RFC 9449 section 5
	codeBadDetails         = "invalid_authorization_details"    // RFC 9396 section 5
	codeUseNonce           = "use_dpop_nonce"                   // RFC 9449 sections 8 and 9
)

// refusal is an answer to a client. Code and text go out; reason goes into the record; the cause goes nowhere but the log.
type refusal struct {
	code   string
	text   string // fixed; never a value that was sent
	reason string // machine word; the code where empty
	cause  error
	wait   time.Duration // of a limit: until it may be tried again
	demand string        // of RFC 9470: acr_values and max_age of the challenge; "" for none
	silent bool          // a limit that was recorded before: no event for each one that runs into it
}

func refuse(code, text string) *refusal { return &refusal{code: code, text: text} }

// tooMany is the answer to a client, or to a network, whose authentication has failed too often.
func tooMany(wait time.Duration, first bool) *refusal {
	r := refuse(codeUnavailable, "client authentication has failed too often; try again later").because(string(hub.TooMany))
	r.wait, r.silent = wait, !first
	return r
}

func (r *refusal) because(reason string) *refusal {
	c := *r
	c.reason = reason
	return &c
}

func (r *refusal) from(cause error) *refusal {
	c := *r
	c.cause = cause
	return &c
}

func (r *refusal) Error() string { return "oidcop: " + r.code + ": " + r.text }
func (r *refusal) Unwrap() error { return r.cause }

func (r *refusal) word() string {
	if r.reason != "" {
		return r.reason
	}
	return r.code
}

// broken reports whether the refusal is our fault or that of a component, not the client's.
func (r *refusal) broken() bool {
	return r.wait == 0 && (r.code == codeServerError || r.code == codeUnavailable)
}

// status is the HTTP status where the answer goes to the client directly.
func (r *refusal) status() int {
	if r.wait > 0 {
		return http.StatusTooManyRequests
	}
	switch r.code {
	case codeInvalidClient, codeInvalidToken, codeInsufficientAuth:
		return http.StatusUnauthorized
	case codeInsufficientScope:
		return http.StatusForbidden
	case codeServerError:
		return http.StatusInternalServerError
	case codeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// failureCode is the table from the way a login failed to the answer at the authorization endpoint.
func failureCode(k hub.Kind) (code, text string) {
	switch k {
	case hub.Unauthenticated:
		return codeLoginRequired, "nobody is signed in"
	case hub.Expired:
		return codeLoginRequired, "the login took too long"
	case login.ConsentNeeded:
		return codeConsentRequired, "the person must be asked"
	case login.SelectionNeeded:
		return codeSelectionRequired, "the person must choose"
	case login.PartyNeeded:
		return codeInteraction, "the person must say for whom they act"
	case login.ItemNeeded:
		return codeInteraction, "a service item is closed, and the person must be asked"
	case login.ItemRefused:
		return codeAccessDenied, "the person keeps a service item closed"
	case login.ItemClosed:
		return codeAccessDenied, "a service item is not open to the person"
	case hub.Denied:
		return codeAccessDenied, "the person or the provider said no"
	case hub.Suspended:
		return codeAccessDenied, "the account can't be used"
	case hub.Refused:
		return codeAccessDenied, "the identity provider's answer was refused"
	case hub.LevelUnmet:
		return codeUnmetLevel, "the asked level can't be reached"
	case hub.Unavailable, hub.TooMany:
		return codeUnavailable, "try again later"
	default:
		return codeServerError, "the login failed"
	}
}

// grantCodeOf is the table from a Kind to the answer at the token endpoint, where what was presented is no good.
func grantCodeOf(k hub.Kind) (code, text string) {
	switch k {
	case hub.Unavailable, hub.TooMany:
		return codeUnavailable, "try again later"
	case hub.Internal:
		return codeServerError, "the request failed"
	default:
		return codeInvalidGrant, "the code or refresh token is unknown, expired, used, revoked, or not for this request"
	}
}

// kindIn finds the outermost Kind in the chain.
func kindIn(err error) (hub.Kind, bool) {
	var e *hub.Error
	if errors.As(err, &e) {
		return e.Kind, true
	}
	return "", false
}

// asRefusal turns what fosite and the rooms below say into an answer of the token endpoint. The rooms come first: fosite calls
// everything that a store says a server error.
func asRefusal(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	if k, ok := kindIn(err); ok {
		code, text := grantCodeOf(k)
		return refuse(code, text).because(string(k)).from(err)
	}
	var f *fosite.RFC6749Error
	if errors.As(err, &f) {
		switch f.ErrorField {
		case codeInvalidGrant:
			_, text := grantCodeOf(hub.Denied)
			return refuse(codeInvalidGrant, text).from(err)
		case codeInvalidScope:
			return refuse(codeInvalidScope, "a scope is not registered for this client").from(err)
		case codeInvalidRequest:
			return refuse(codeInvalidRequest, "the request is malformed").from(err)
		case codeUnauthorizedClient:
			return refuse(codeUnauthorizedClient, "the grant type is not registered for this client").from(err)
		case codeUnsupportedType:
			return refuse(codeUnsupportedType, "only code is supported").from(err)
		}
	}
	return refuse(codeServerError, "the request failed").from(err)
}

// refusalIn gives the refusal that lies in an error; any other error is a fault.
func refusalIn(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	return fault(err)
}

// fault is asRefusal for what can't be the client's fault: a component did not answer, or we are wrong.
func fault(err error) *refusal {
	if k, ok := kindIn(err); ok && (k == hub.Unavailable || k == hub.TooMany) {
		return refuse(codeUnavailable, "try again later").because(string(k)).from(err)
	}
	return refuse(codeServerError, "the request failed").from(err)
}

// wireError is an error on the wire (RFC 6749 section 5.2).
type wireError struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// answer writes a refusal to the client.
func answer(w http.ResponseWriter, r *refusal) { answerWith(w, r, r.status()) }

func answerWith(w http.ResponseWriter, r *refusal, status int) {
	if r.code == codeInvalidClient {
		w.Header().Set("WWW-Authenticate", `Basic realm="onedoor"`)
	}
	switch {
	case r.wait > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int((r.wait+time.Second-1)/time.Second)))
	case r.code == codeUnavailable:
		w.Header().Set("Retry-After", "5")
	}
	writeJSON(w, status, wireError{r.code, r.text})
}

// writeJSON writes an answer that nobody may keep.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // strings, numbers and lists of them: it can't
		http.Error(w, `{"error":"server_error"}`, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}

// authorizationRefused is the event of the one endpoint whose rate the edge holds for each network.
const authorizationRefused = "authorization.refused"

// note records a refusal: one log record and one audit event. Of refusals that concern no session only so many are in the audit record:
// nothing is ever removed from that, and anybody can send what is refused, as fast as they like. The last event before the silence has the
// reason too_many.
func (p *Provider) note(ctx context.Context, kind string, r *refusal, about audit.Event) {
	about.Kind, about.Outcome, about.Reason = kind, audit.Refusal, r.word()
	level := slog.LevelInfo
	if r.broken() {
		about.Outcome, level = audit.Failure, slog.LevelError
	}
	attrs := []slog.Attr{
		slog.String("event", kind), slog.String("reason", r.word()), slog.String("system", string(about.System)),
		slog.String("interaction", string(hub.InteractionFrom(ctx))),
	}
	if cause := causeText(r.cause); cause != "" {
		attrs = append(attrs, slog.String("cause", cause))
	}
	p.log.LogAttrs(ctx, level, "request refused", attrs...)
	if r.silent {
		return
	}
	if about.Session == "" && r.wait == 0 && kind != authorizationRefused {
		network := p.network(ctx)
		switch wait, first := p.refusals.blocked(network, about.System); {
		case wait == 0:
			p.refusals.count(network, about.System)
		case first:
			about.Reason = string(hub.TooMany)
		default:
			return
		}
	}
	if err := p.audit.Record(ctx, about); err != nil {
		p.log.ErrorContext(ctx, "audit event not recorded", "event", kind, "reason", r.word(), "cause", causeText(err))
	}
}

// causeText gives a cause for the log: of our own errors only, because fosite's may quote what was sent.
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
