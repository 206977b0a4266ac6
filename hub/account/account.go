// Package account owns the platform account: a random id that stands for one person across all identity providers
// (LIF-15), and the links from providers' subjects to it. It stores no personal data: the person's number and the
// provider's subject are kept as keyed hashes only (architecture D3).
//
// It does not own sessions (hub/session) or what a department knows of the person (binding).
package account

import (
	"context"
	"time"

	"onedoor/hub"
)

// Status is the state of an account in its life cycle.
type Status string

// The states.
const (
	Active     Status = "active"
	Suspended  Status = "suspended"
	Terminated Status = "terminated"
)

// Account is one person on the platform.
type Account struct {
	ID        hub.AccountID
	Status    Status
	Reason    string    // machine word for a state other than active
	Highest   hub.Level // ever reached, in each component (AUD-09); decides nothing
	CreatedAt time.Time
	ChangedAt time.Time
}

// Link ties a provider's subject to an account (AUD-07: date, time and source are kept).
type Link struct {
	ID          string
	Account     hub.AccountID
	Provider    hub.ProviderID
	SubjectHash []byte    // keyed hash of provider and subject
	Level       hub.Level // highest seen over this link
	LinkedAt    time.Time
	LastUsedAt  time.Time
	Source      string    // where the linking request came from: network prefix (/24 or /48), never a full address
	RemovedAt   time.Time // when the person removed it; zero while it counts. A provider with removed links only leads nobody in.
}

// PersonKey is the keyed hash of a person number, with its kind.
type PersonKey struct {
	Kind string
	Hash []byte
}

// Store keeps accounts. Uniqueness of person keys and of links is held by unique indexes.
type Store interface {
	// ByID finds an account. NotFound.
	ByID(ctx context.Context, id hub.AccountID) (Account, error)
	// ByLink finds the account behind a provider's subject, with its person keys. NotFound. Denied, with the account, where its person has
	// removed the link.
	ByLink(ctx context.Context, provider hub.ProviderID, subjectHash []byte) (Account, []PersonKey, error)
	// ByPerson finds the account of a person number. NotFound.
	ByPerson(ctx context.Context, key PersonKey) (Account, error)
	// Create adds an account with its first link and, unless nil, its person key. Conflict where either is taken.
	Create(ctx context.Context, a Account, link Link, person *PersonKey) error
	// AddLink links a further subject. Conflict where it is taken.
	AddLink(ctx context.Context, link Link) error
	// AddPerson gives the account a person key. Conflict where the key belongs to another, or the account has one of the kind.
	AddPerson(ctx context.Context, id hub.AccountID, key PersonKey, at time.Time) error
	// UseLink moves LastUsedAt forward and raises Level.
	UseLink(ctx context.Context, provider hub.ProviderID, subjectHash []byte, level hub.Level, at time.Time) error
	// Reach raises Highest to at least the level in each component. It gives the new one, and whether it was raised by this call:
	// of many calls with one level one is told so.
	Reach(ctx context.Context, id hub.AccountID, level hub.Level) (hub.Level, bool, error)
	// Links lists the account's links, oldest first, removed ones too.
	Links(ctx context.Context, id hub.AccountID) ([]Link, error)
	// RemoveLink removes a link of the account that counts and is not the last one that does, held also against another removal at the same
	// time. It gives the link. NotFound where it does not count, Conflict where it is the last.
	RemoveLink(ctx context.Context, id hub.AccountID, link string, at time.Time) (Link, error)
	// RestoreLink makes a removed link count again, and gives it. NotFound where it is not removed.
	RestoreLink(ctx context.Context, id hub.AccountID, link string) (Link, error)
}
