// Package grant owns what a system holds from one authorization: the grant itself, its authorization code, its refresh
// tokens. Codes and refresh tokens are single use by a compare-and-set in the store (invariant 6); a refresh token used
// twice ends its whole family (RFC 9700 section 4.14.2).
//
// It does not own the form of tokens (hub/token) or the wire (hub/oidcop).
package grant

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/session"
)

// Grant is one authorization of one system within one session.
type Grant struct {
	ID          hub.GrantID
	Session     hub.SessionID
	Account     hub.AccountID
	System      hub.SystemID
	Interaction hub.InteractionID
	Scopes      []string
	Release     []hub.AttributeName // consented
	CreatedAt   time.Time
	ExpiresAt   time.Time // no token of it outlives this
	RevokedAt   time.Time // zero while live
	// Entity is for whom the person acts, and Mandate under which: the grant ends with it. Empty where they act for themselves.
	Entity  hub.EntityID
	Mandate string
}

// Credential is a code or a refresh token as the store knows it: by hash, with the protocol's own state and the vault key
// wrapped under a key derived from the credential itself.
type Credential struct {
	Hash       [32]byte
	Grant      hub.GrantID
	State      []byte // the protocol's state; opaque here; holds no secret and no personal data
	WrappedKey []byte
	IssuedAt   time.Time
	ExpiresAt  time.Time
	UsedAt     time.Time // zero while unused
	// Holder is the session that the grant stands on, without vault and key; with a credential that was found.
	Holder session.Session
}

// Store keeps grants and their credentials. Where a method takes `at`, a credential expired by then is Expired.
type Store interface {
	// CreateWithCode adds a grant and its code.
	CreateWithCode(ctx context.Context, g Grant, code Credential) error
	// Grant finds a grant. NotFound.
	Grant(ctx context.Context, id hub.GrantID) (Grant, error)
	// Code finds a code and its grant. NotFound; with Consumed the credential and grant are given all the same.
	Code(ctx context.Context, hash [32]byte) (Credential, Grant, error)
	// UseCode consumes a code in one statement. Consumed where it was used before or the grant is revoked.
	UseCode(ctx context.Context, hash [32]byte, at time.Time) error
	// AddRefresh adds a refresh token to a live grant. Consumed where the grant is revoked.
	AddRefresh(ctx context.Context, refresh Credential) error
	// Refresh finds a refresh token and its grant. NotFound; with Consumed both are given all the same.
	Refresh(ctx context.Context, hash [32]byte) (Credential, Grant, error)
	// Rotate consumes a refresh token in one statement and adds the next one in its place. Consumed where it was used before or
	// the grant is revoked; then nothing is added.
	Rotate(ctx context.Context, hash [32]byte, next Credential, at time.Time) error
	// Retry adds another successor to a refresh token that was rotated at or after since, once, and consumes the one that it had,
	// if that is still unused. Consumed in all other cases; then nothing is added.
	Retry(ctx context.Context, hash [32]byte, next Credential, at, since time.Time) error
	// Revoke ends a grant with all it gave and writes its revocation. It reports false where it was revoked before.
	Revoke(ctx context.Context, id hub.GrantID, reason string, at time.Time) (bool, error)
	// RevokeSession ends all grants of a session.
	RevokeSession(ctx context.Context, id hub.SessionID, reason string, at time.Time) error
}

// Pushed is an authorization request that a client has pushed ahead of the browser (RFC 9126). The secret of its request URI
// seals the parameters: the store knows its hash only and can't read them.
type Pushed struct {
	Hash      [32]byte
	System    hub.SystemID
	Sealed    []byte
	ExpiresAt time.Time
}

// PushedStore keeps pushed requests.
type PushedStore interface {
	// Push adds one. Conflict where the hash exists.
	Push(ctx context.Context, p Pushed) error
	// Look gives the sealed parameters of one of the system, as often as it is asked until the request is answered. Consumed from then
	// on, Expired by then, NotFound where it is unknown or of another system.
	Look(ctx context.Context, hash [32]byte, system hub.SystemID, at time.Time) ([]byte, error)
	// Finish consumes one in one statement, however long ago it expired: the login that it began may have taken its time. Consumed where it
	// was answered before, NotFound. In a transaction that defers its changes it is the transaction that says so.
	Finish(ctx context.Context, hash [32]byte, system hub.SystemID, at time.Time) error
}

// Once remembers single-use things: jti of client assertions, assertion ids, states. Held by a unique index.
type Once interface {
	// Use notes (kind, key) until expires. Consumed where it was noted before.
	Use(ctx context.Context, kind, key string, expires time.Time) error
}
