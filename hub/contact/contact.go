// Package contact owns the addresses at which people are told of their account (AUD-09): e-mail, and phones behind an SMS gateway. It takes
// an address, proves by a one-time code that whoever asked reads there, and makes the notice.Notifiers of the addresses.
//
// It is the one exception to architecture D3 (personal data is readable only while its owner is present), with a reason: a notice must
// reach somebody who is absent, above all when somebody else is using their account. So an address is what the person typed in for exactly
// this purpose; it rests sealed under the master key, which is not in the database, and is opened only to send, or to show its own
// person a masked form. No page of staff shows it, no log line, event or error holds it, and it is erased when it is no longer told.
//
// Whoever takes an account over must not be able to silence its owner. So every contact is told of everything, the removal of a contact
// is told to all of them, the removed one first of all, and a removed one goes on being told for [Parting]: until then no new contact is
// the only one.
//
// It does not own what is told (hub/notice), the wire to a mail server or a gateway (hub/contact/mail, hub/contact/gateway), or who
// may change contacts (web/portal asks for a fresh sign-in).
package contact

import (
	"context"
	"time"

	"onedoor/hub"
)

// Kind is the kind of an address.
type Kind string

// The kinds.
const (
	Email Kind = "email"
	Phone Kind = "phone"
)

// Contact is one address of an account, without the address.
type Contact struct {
	ID         string
	Account    hub.AccountID
	Kind       Kind
	Language   string // in which its person is written to
	AddedAt    time.Time
	VerifiedAt time.Time // zero until the code was typed in
	RemovedAt  time.Time // zero while it is there
}

// Parting is how long a removed contact goes on being told of what happens to the account.
const Parting = 72 * time.Hour

// Told reports whether a contact must be told of what happened at a time.
func (c Contact) Told(at time.Time) bool {
	return !c.VerifiedAt.IsZero() && (c.RemovedAt.IsZero() || at.Before(c.RemovedAt.Add(Parting)))
}

// Row is a contact as it rests. Hash and Sealed are empty once the address was erased.
type Row struct {
	Contact
	Hash   []byte // keyed, of account and address
	Sealed []byte
}

// Code is a one-time code as it rests.
type Code struct {
	Contact   string
	ID        string // of this code: names the message that carries it, on every try
	Hash      []byte // keyed
	Sealed    []byte // the code, until it was sent
	Tries     int
	Sends     int
	ExpiresAt time.Time
}

// Store keeps contacts, one aggregate with their codes.
type Store interface {
	// Add keeps an unverified contact. Conflict where the account has the address, or most contacts that are not removed.
	Add(ctx context.Context, r Row, most int) error
	// ByID finds one. NotFound.
	ByID(ctx context.Context, id string) (Row, error)
	// Of lists an account's contacts whose address is not erased, oldest first.
	Of(ctx context.Context, account hub.AccountID) ([]Row, error)
	// Verify marks an unverified contact of the account as verified. Consumed where it is verified or removed.
	Verify(ctx context.Context, account hub.AccountID, id string, at time.Time) error
	// Remove marks one as removed; what was never verified is erased at once. False where it was removed before. NotFound, also for
	// another account's.
	Remove(ctx context.Context, account hub.AccountID, id string, at time.Time) (bool, error)
	// Erase takes away the addresses of contacts removed before, and removes those added before and never verified, at most limit of each.
	Erase(ctx context.Context, removedBefore, unverifiedBefore time.Time, limit int) (int, error)
	// Reseal replaces the sealed address, if it is still the old one.
	Reseal(ctx context.Context, id string, old, sealed []byte) error
	// After lists contacts with an address by id, for a walk over all of them.
	After(ctx context.Context, id string, limit int) ([]Row, error)
	Codes
}

// Codes keeps the one-time codes: at most one of a contact.
type Codes interface {
	// Put replaces the contact's code, due to be sent at once.
	Put(ctx context.Context, c Code, at time.Time) error
	// Try counts a try at an unexpired code with tries left and gives the code. Expired where there is none such; a try is counted whatever
	// comes of it.
	Try(ctx context.Context, contact string, most int, now time.Time) (Code, error)
	// Use takes the code away. Consumed where it is not that code any more.
	Use(ctx context.Context, contact, id string) error
	// Claim takes codes that are due to be sent, puts them off until then and counts the try. Each is taken by one caller only.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Code, error)
	// Sent forgets the sealed code, if it is still the one with the id.
	Sent(ctx context.Context, contact, id string) error
	// Later puts the sending of the code off until then.
	Later(ctx context.Context, contact, id string, until time.Time) error
	// PurgeCodes removes expired ones, at most limit.
	PurgeCodes(ctx context.Context, before time.Time, limit int) (int, error)
}

// Vault seals under the master key; keys.Masters does, with randomness.
type Vault interface {
	Seal(context string, plain []byte) ([]byte, error)
	Open(context string, sealed []byte) ([]byte, error)
}

// Index makes keyed hashes: the same for the same purpose and parts, and of no use without the index key.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// Counter counts what happens in a period, on all nodes together.
type Counter interface {
	// Count adds one to the subject's count in the running period and gives it.
	Count(ctx context.Context, name string, subject []byte, period time.Duration, now time.Time) (int, error)
}

// Message is what goes to an address.
type Message struct {
	ID       string // the same on every try of one message to one contact
	At       time.Time
	Language string
	Subject  string
	Text     string // lines ended by "\n"
}

// Carrier brings messages to addresses of one kind.
type Carrier interface {
	// Channel names the way: "email", "sms".
	Channel() string
	// Kind is the kind of its addresses.
	Kind() Kind
	// Carry hands a message over. Refused: this address takes nothing, ever. Any other error: try again later. No error holds the address or
	// words of the other side.
	Carry(ctx context.Context, to string, m Message) error
}
