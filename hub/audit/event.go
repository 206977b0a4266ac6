// Package audit keeps the record of what happened: one event per decision, written in the same transaction as
// the change it tells of (architecture D5), with ids only and never personal data (AUD-11).
//
// It owns the event, the classes of its fields and the Merkle log over all events (RFC 6962 section 2 hashing).
// It does not own log lines (hub/telemetry) or what a page shows of the history.
package audit

import (
	"context"
	"time"

	"onedoor/hub"
)

// Outcome tells how the thing ended.
type Outcome string

// The outcomes.
const (
	Success Outcome = "success"
	Refusal Outcome = "refusal" // somebody asked and was told no
	Failure Outcome = "failure" // a component or outside party failed
)

// Event is one line of the record. Every field is public in the sense of the record: an id, a name from a closed list,
// a level or a time. Nothing in it names or describes a person.
type Event struct {
	ID          string // given by the recorder where empty
	At          time.Time
	Interaction hub.InteractionID
	Kind        string // for instance "login.started", "login.refused", "token.issued", "consent.given": area.verb
	Outcome     Outcome
	Reason      string // machine word: a hub.Kind or a finer word of the area; never foreign text
	Account     hub.AccountID
	Session     hub.SessionID
	System      hub.SystemID
	Provider    hub.ProviderID
	Level       hub.Level
	Channel     string            // "web", "app", ... (SSO-07)
	Detail      map[string]string // short public words and ids only; keys and values are checked against a closed alphabet
}

// Recorder writes events. The write joins the transaction in ctx, so that an event and its change stand or fall together.
// Where At or Interaction is zero it is taken from the clock and from ctx. Errors: Unavailable, Invalid.
type Recorder interface {
	Record(ctx context.Context, events ...Event) error
}
