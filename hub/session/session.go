// Package session owns the single-sign-on session: how it starts, is resumed, is raised to a higher level and ends;
// its idle and absolute limits (SES-07..09, evaluated for the level that the asking service requires, from when that level was
// reached); and the vault,
// where the person's attributes live encrypted under a key that only the person's browser (and then only the code,
// refresh token and access token issued from it) carries (architecture D3).
//
// It does not own the account (hub/account), the way to a session (hub/login) or who is told of its end (hub/logout).
package session

import (
	"context"
	"time"

	"onedoor/hub"
)

// Session is one person signed in in one browser.
type Session struct {
	ID           hub.SessionID
	Account      hub.AccountID
	Provider     hub.ProviderID // that made the last authentication
	Level        hub.Level      // of the last authentication
	Methods      []string       // amr
	AuthTime     time.Time      // of the last authentication
	StartedAt    time.Time
	LastActivity time.Time
	Interaction  hub.InteractionID // that started it
	Channel      string            // "web", ...
	Device       string            // coarse kind for the person's own list: "Chrome on Android"; no version, no fingerprint
	UpstreamSID  string            // keyed hash of the provider's session id, for logout; may be empty
	// Earlier are the authentications before the last one that stand for something that it does not, the newest first. Together
	// they say which levels were reached, and when (see Reached).
	Earlier []Reached
	// IdleOver is the lowest AAL whose idle limit was passed since the last authentication, AALNone for none. Later activity does
	// not bring it back (SES-13).
	IdleOver   hub.AAL
	Vault      []byte    // attributes, sealed under the vault key; nil once ended
	WrappedKey []byte    // vault key, wrapped under a key derived from the session secret; nil once ended
	EndedAt    time.Time // zero while live
	EndReason  EndReason
}

// EndReason tells why a session ended.
type EndReason string

// The reasons.
const (
	EndedByPerson  EndReason = "person"
	EndedByIdle    EndReason = "idle"
	EndedByAge     EndReason = "age"
	EndedByAccount EndReason = "account" // suspended, terminated, reported lost
	EndedBySystem  EndReason = "system"  // a department asked
	EndedByAdmin   EndReason = "admin"
	EndedByIdP     EndReason = "provider" // the identity provider's own session ended
	EndedByOther   EndReason = "replaced" // another person logged in in the same browser
)

// Cause tells why a session ends and who asked for it. At most one of System and Provider is set: the participant that began the logout
// and is answered in its own protocol.
type Cause struct {
	Reason   EndReason
	System   hub.SystemID
	Provider hub.ProviderID
}

// Participant is one department's system that the session has been used at: whom a logout must tell.
type Participant struct {
	Session  hub.SessionID
	System   hub.SystemID
	Protocol string // "oidc"
	Ref      string // the protocol's own handle (SAML SessionIndex); may be empty
	FirstAt  time.Time
	LastAt   time.Time
}

// Store keeps sessions. Its nine methods are one aggregate: a session and its participants. It never sees the session secret, only its hash.
// An ended session keeps its row (for the person's history) without vault, key and secret hash.
type Store interface {
	// Create adds a live session. Conflict where the id or the hash exists.
	Create(ctx context.Context, s Session, secretHash [32]byte) error
	// BySecret finds the live session with this secret. NotFound, also for ended ones.
	BySecret(ctx context.Context, secretHash [32]byte) (Session, error)
	// ByID finds a session, ended or not. NotFound.
	ByID(ctx context.Context, id hub.SessionID) (Session, error)
	// Raise replaces secret hash, level, methods, provider, times, earlier authentications, passed limits, vault and wrapped key of
	// a live session, if oldHash is still its secret. Consumed otherwise.
	Raise(ctx context.Context, s Session, oldHash, newHash [32]byte) error
	// Touch moves the last activity forward, never back, and with it IdleOver down to idleOver unless that is AALNone, never up.
	Touch(ctx context.Context, id hub.SessionID, at time.Time, idleOver hub.AAL) error
	// End ends a live session: shreds vault, key and secret hash and writes the revocation of the session in one transaction.
	// It reports false, and changes nothing, where the session had ended before. NotFound for an unknown id.
	End(ctx context.Context, id hub.SessionID, reason EndReason, at time.Time) (bool, error)
	// Join notes a participant, or moves its LastAt forward.
	Join(ctx context.Context, p Participant) error
	// Participants lists whom the session was used at, oldest first.
	Participants(ctx context.Context, id hub.SessionID) ([]Participant, error)
	// Overdue gives up to limit live sessions started before startedBefore: for the sweep that ends what outlived every limit.
	Overdue(ctx context.Context, startedBefore time.Time, limit int) ([]hub.SessionID, error)
}
