package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onedoor/authz/catalogue"
	"onedoor/hub"
	"onedoor/hub/session"
	"onedoor/tenants/register"
	"onedoor/web/server"
)

// Kinds of failure that only this API knows.
const (
	broken       hub.Kind = "breaks_rules"      // the entry breaks rules of the register
	notMatching  hub.Kind = "not_matching"      // If-Match names another version
	needsMatch   hub.Kind = "needs_match"       // a change without If-Match
	needsKey     hub.Kind = "needs_key"         // a POST without Idempotency-Key
	keyReused    hub.Kind = "key_reused"        // another request under the same key
	noJSON       hub.Kind = "no_json"           // a body of another kind
	laterInstead hub.Kind = "already_under_way" // the same request is being answered
	noFile       hub.Kind = "no_file"           // a file of another kind
	notTaken     hub.Kind = "not_taken"         // a file was read, and replaces nothing
	tooLarge              = server.TooLarge     // the edge's words for it
	tooSlow               = server.TooSlow
	cutOff                = server.CutOff
	notFresh     hub.Kind = "not_fresh"            // a change by a person who has not just signed in
	problemType           = "urn:onedoor:problem:" // with the kind behind it
)

// answers is the table from a Kind to a status and a title, this API's only one.
var answers = map[hub.Kind]struct {
	status int
	title  string
}{
	hub.Invalid:         {http.StatusBadRequest, "The request is not as the description says."},
	hub.NotFound:        {http.StatusNotFound, "There is no such thing, or not for you."},
	hub.Conflict:        {http.StatusConflict, "The state of the thing forbids it, or somebody has changed it since."},
	hub.Unauthenticated: {http.StatusUnauthorized, "The token is not good for this."},
	hub.Denied:          {http.StatusForbidden, "You may not do this here."},
	hub.Expired:         {http.StatusConflict, "Its time is over."},
	hub.Consumed:        {http.StatusConflict, "It was used or decided before."},
	hub.LevelUnmet:      {http.StatusUnauthorized, "It takes a recent sign-in with a stronger proof."},
	hub.Suspended:       {http.StatusConflict, "It is not in service."},
	hub.Refused:         {http.StatusConflict, "What it takes first is not there."},
	hub.TooMany:         {http.StatusTooManyRequests, "Too many requests."},
	hub.Unavailable:     {http.StatusServiceUnavailable, "A part of the hub does not answer now."},
	hub.Internal:        {http.StatusInternalServerError, "A fault of the hub's own."},
	notFresh:            {http.StatusUnauthorized, "A change takes a sign-in of the last five minutes: sign in again, then ask again."},
	broken:              {http.StatusUnprocessableEntity, "The entry breaks rules of the register."},
	notMatching:         {http.StatusPreconditionFailed, "It is of another version than If-Match says."},
	needsMatch:          {http.StatusPreconditionRequired, "If-Match must name the version that is changed; If-None-Match: * adds a new one."},
	needsKey:            {http.StatusBadRequest, "Idempotency-Key must be 16 to 100 letters, digits, '-' or '_', drawn anew for each request."},
	keyReused:           {http.StatusUnprocessableEntity, "The Idempotency-Key was used for another request."},
	noJSON:              {http.StatusUnsupportedMediaType, "The body must be application/json."},
	noFile:              {http.StatusUnsupportedMediaType, "The body must be of the import's format, text/csv or application/x-ndjson, and not compressed."},
	notTaken:            {http.StatusUnprocessableEntity, "Nothing was replaced, and the import is dropped: begin another with a better file."},
	tooSlow:             {http.StatusRequestTimeout, "The file did not come fast enough: the same file again goes on."},
	cutOff:              {http.StatusBadRequest, "The file was cut off: the same file again goes on."},
	laterInstead:        {http.StatusConflict, "The same request is being answered; ask again."},
	tooLarge:            {http.StatusRequestEntityTooLarge, "The body is too long."},
}

// fault is one thing that is wrong with a body.
type fault struct {
	Path string `json:"path" doc:"of the member, as oidc.redirectURIs[1]; empty for the whole"`
	Rule string `json:"rule,omitempty" doc:"requirement id or section of a specification"`
	Text string `json:"text"`
}

// problem is a failure as it goes out (RFC 9457).
type problem struct {
	Type        string  `json:"type" doc:"urn:onedoor:problem: and the kind"`
	Title       string  `json:"title"`
	Status      int     `json:"status"`
	Reason      string  `json:"reason,omitempty" doc:"of a refusal: why the rules say no"`
	Interaction string  `json:"interaction,omitempty" doc:"under this id the hub's own record has more"`
	Faults      []fault `json:"faults,omitempty"`
}

// faulty is a failure with what is wrong with the body.
type faulty struct {
	kind   hub.Kind
	faults []fault
}

// Error implements error, with nothing of what was sent.
func (f *faulty) Error() string { return "api: the body is not as the description says" }

// Unwrap gives the kind.
func (f *faulty) Unwrap() error { return f.kind }

// problemOf gives the problem of a failure.
func problemOf(err error, interaction hub.InteractionID) problem {
	kind := server.KindOf(err)
	p := problem{Interaction: string(interaction)}
	var own *faulty
	var entry *register.Faulty
	var item *catalogue.Faulty
	switch {
	case errors.As(err, &own):
		kind, p.Faults = own.kind, own.faults
	case errors.As(err, &entry):
		kind = broken
		for _, f := range entry.Faults {
			p.Faults = append(p.Faults, fault{f.Path, f.Rule, f.Text})
		}
	case errors.As(err, &item):
		kind = broken
		for _, f := range item.Faults {
			p.Faults = append(p.Faults, fault{f.Path, f.Rule, f.Text})
		}
	}
	a, ok := answers[kind]
	if !ok {
		kind, a = hub.Internal, answers[hub.Internal]
	}
	p.Type, p.Title, p.Status = problemType+string(kind), a.title, a.status
	return p
}

// fail answers with a problem.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err, server.Interaction(r.Context()))
	h := w.Header()
	switch p.Status {
	case http.StatusTooManyRequests:
		h.Set("Retry-After", "60")
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "10")
	case http.StatusRequestEntityTooLarge:
		h.Set("Connection", "close") // the rest of the body is not read
	}
	server.Note(r.Context(), err)
	body, jsonErr := json.Marshal(p)
	if jsonErr != nil { // texts and numbers: it can't
		body = []byte(`{}`)
	}
	write(w, p.Status, "application/problem+json", body)
}

// fail answers with a problem, and where a sign-in is missing says which (RFC 9470 sections 3 and 4), in the scheme that the token came by.
func (c *call) fail(w http.ResponseWriter, err error) {
	stale := errors.Is(err, notFresh)
	if stale || errors.Is(err, hub.LevelUnmet) {
		scheme, text, age := "Bearer", "more must be proven", ""
		if by, _, _ := strings.Cut(c.r.Header.Get("Authorization"), " "); strings.EqualFold(by, "DPoP") {
			scheme = "DPoP"
		}
		if stale {
			text, age = "a change takes a recent sign-in", `, max_age="`+strconv.Itoa(int(session.FreshFor/time.Second))+`"`
		}
		w.Header().Set("WWW-Authenticate", scheme+` error="insufficient_user_authentication", error_description="`+text+`", acr_values="`+c.want.ACR()+`"`+age)
	}
	fail(w, c.r, err)
}

func write(w http.ResponseWriter, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}
