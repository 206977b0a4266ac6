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
	// Rests are all providers that an authentication of the session, or a fact in its vault, ever came from, where that is more than Provider;
	// see RestsOn.
	Rests []hub.ProviderID
	// Cut is one of them that is being cut off: the session is over, and ends as such as soon as its turn has come. "" for none. The Store sets it.
	Cut hub.ProviderID
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
	EndedByIDP     EndReason = "provider" // the identity provider's own session ended
	EndedByOther   EndReason = "replaced" // another person logged in in the same browser
	EndedByMandate EndReason = "mandate"  // at one system: the right to act for an entity has ended
	// EndedBySuspension says that a provider on which the session rests is not trusted any more: it was taken out of service.
	EndedBySuspension EndReason = "suspended"
)

// Cause tells why a session ends and who asked for it. At most one of System and Provider is set.
type Cause struct {
	Reason   EndReason
	System   hub.SystemID
	Provider hub.ProviderID
	// Protocol is the one in which System or Provider asked and is answered: that participant is not told again. Where it is empty, who
	// asked gets no answer that would tell it, and so is told like everybody else.
	Protocol string
}

// Participant is whom a logout must tell: a department's system that the session has been used at, or the identity provider where
// the person signed in, which keeps a session of its own. Exactly one of System and Provider is set.
type Participant struct {
	Session  hub.SessionID
	System   hub.SystemID
	Provider hub.ProviderID
	Protocol string // "oidc", "saml", "forward"; "oidc-upstream", "saml-upstream"
	// Ref is the protocol's own handle (SAML SessionIndex); may be empty. What a provider gave is in it only sealed, under a key that
	// rests on the master key.
	Ref     string
	FirstAt time.Time
	LastAt  time.Time
}

// Ended is told of every end of a session, whoever ended it, in the transaction that ends it: nothing of the end stands without what it
// writes. It may be called again for the same end where the database asks for the transaction to be run again.
type Ended interface {
	Ended(ctx context.Context, s Session, cause Cause, at time.Time) error
}

// Store keeps sessions. Its methods are one aggregate: a session and its participants. It never sees the session secret, only its hash.
// An ended session keeps its row (for the person's history) without vault, key and secret hash.
type Store interface {
	// Create adds a live session. Conflict where the id or the hash exists; Suspended where its account is not active or staff have taken its
	// provider out of service, whatever this node knows of that.
	Create(ctx context.Context, s Session, secretHash [32]byte) error
	// BySecret finds the live session with this secret. NotFound, also for ended ones.
	BySecret(ctx context.Context, secretHash [32]byte) (Session, error)
	// ByID finds a session, ended or not. NotFound.
	ByID(ctx context.Context, id hub.SessionID) (Session, error)
	// ByRecentSecret finds the live session with this secret, or that had it until it was raised and may still be ended with it at now.
	// NotFound, also for ended ones.
	ByRecentSecret(ctx context.Context, secretHash [32]byte, now time.Time) (hub.SessionID, error)
	// Raise replaces secret hash, level, methods, provider, times, earlier authentications, passed limits, vault and wrapped key of
	// a live session, if oldHash is still its secret, and keeps oldHash for ByRecentSecret until then. Consumed otherwise, and where staff have
	// taken the provider out of service.
	Raise(ctx context.Context, s Session, oldHash, newHash [32]byte, until time.Time) error
	// Touch moves the last activity forward, never back, and with it IdleOver down to idleOver unless that is AALNone, never up.
	Touch(ctx context.Context, id hub.SessionID, at time.Time, idleOver hub.AAL) error
	// End ends a live session: shreds vault, key and secret hash and writes the revocation of the session in one transaction.
	// It reports false, and changes nothing, where the session had ended before. NotFound for an unknown id.
	End(ctx context.Context, id hub.SessionID, reason EndReason, at time.Time) (bool, error)
	// Join notes a participant of a live session, or moves its LastAt forward. Expired where the session has ended, in one statement with
	// the look at it: an end that lists the participants sees this one, or this call sees the end. Conflict for an unknown session.
	Join(ctx context.Context, p Participant) error
	// Participants lists whom the session was used at, oldest first.
	Participants(ctx context.Context, id hub.SessionID) ([]Participant, error)
	// Leave forgets the participants of one system in a live session and gives them. None where it is not used there. Expired where the
	// session has ended, NotFound for an unknown one. It locks the session: no Join comes in between.
	Leave(ctx context.Context, id hub.SessionID, system hub.SystemID) ([]Participant, error)
	// OfAccount lists an account's sessions, the latest start first, at most limit: only live ones, or ended ones as well.
	OfAccount(ctx context.Context, account hub.AccountID, live bool, limit int) ([]Session, error)
	// Overdue gives up to limit live sessions started before startedBefore: for the sweep that ends what outlived every limit.
	Overdue(ctx context.Context, startedBefore time.Time, limit int) ([]hub.SessionID, error)
}
