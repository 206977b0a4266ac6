package hub

import (
	"errors"
	"strings"
)

// Kind is the meaning of a failure, from a closed list. Three tables, and only they, turn a Kind into
// a page (web/server), an OAuth error (hub/oidcop) or a SAML status (hub/samlidp).
type Kind string

// The kinds of failure.
const (
	Invalid         Kind = "invalid"         // malformed or contradictory input
	NotFound        Kind = "not_found"       // no such thing, or not for this caller
	Conflict        Kind = "conflict"        // a unique rule or a state forbids it
	Unauthenticated Kind = "unauthenticated" // the caller has not proven who it is
	Denied          Kind = "denied"          // proven, but not allowed; or the person said no
	Expired         Kind = "expired"         // was good, its time is over
	Consumed        Kind = "consumed"        // a single-use thing was used before
	LevelUnmet      Kind = "level_unmet"     // the asked IAL or AAL can't be or was not reached
	Suspended       Kind = "suspended"       // the account, provider or system is not in service
	Refused         Kind = "refused"         // an outside party said no, or what it said can't be trusted
	TooMany         Kind = "too_many"        // a rate or size limit
	Unavailable     Kind = "unavailable"     // a component or an outside party did not answer
	Internal        Kind = "internal"        // our own fault
)

// Error makes a Kind usable as the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is a failure whose meaning is known.
type Error struct {
	Op   string // where, for instance "session.Resume"
	Kind Kind
	Err  error // the cause; may be nil; never shown to a browser
}

// E builds an *Error. A nil cause is allowed.
func E(op string, kind Kind, cause error) error { return &Error{Op: op, Kind: kind, Err: cause} }

// Errorf builds an *Error whose cause is a fixed text. The text must hold no personal data.
func Errorf(op string, kind Kind, text string) error {
	return &Error{Op: op, Kind: kind, Err: errors.New(text)}
}

// Error gives operation, kind and cause, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	b.WriteString(": ")
	b.WriteString(string(e.Kind))
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is this error's Kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// KindOf gives the Kind of the outermost *Error in the chain, Internal for any other error and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	return Internal
}
