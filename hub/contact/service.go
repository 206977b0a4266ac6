package contact

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	crand "crypto/rand"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/notice"
)

// The limits. A code has six digits and five tries: with eight codes an hour for an account, somebody who guesses from within a freshly
// signed-in session gets one right in 25,000 hours.
const (
	MostContacts  = 5
	codeDigits    = 6
	codeLife      = 15 * time.Minute
	mostTries     = 5
	codesAnHour   = 8                  // of one account
	codesToOneDay = 12                 // to one address, whoever asks: nobody's mailbox is flooded through the hub
	unverified    = 7 * 24 * time.Hour // how long an address waits for its code
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. fn may be
// run again where the database asks for it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Notices tells of changes; notice.Service has it. Both join the transaction in ctx.
type Notices interface {
	Changed(ctx context.Context, account hub.AccountID, kind notice.Kind, reason, channel string) error
	Reachable(ctx context.Context, account hub.AccountID) error
}

// Options are what a Service is made of. All are required but the last.
type Options struct {
	Site    string // the hub's address, as messages name it
	Store   Store
	Book    *Book
	Vault   Vault
	Index   Index
	Counter Counter
	Notices Notices
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
	Country string // calling code of phone numbers without one: "66"
}

// Service changes contacts. Whoever calls has made sure that the account's own person is there, freshly signed in.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Book == nil || o.Vault == nil || o.Index == nil || o.Counter == nil || o.Notices == nil || o.Audit == nil || o.Tx == nil ||
		o.Clock == nil || o.Random == nil || o.Site == "" {
		return nil, hub.Errorf("contact.New", hub.Invalid, "an option is missing")
	}
	return &Service{o}, nil
}

func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Kinds lists the kinds of addresses that can be added.
func (s *Service) Kinds() []Kind { return s.o.Book.Kinds() }

// Of lists an account's contacts for their own person.
func (s *Service) Of(ctx context.Context, account hub.AccountID) ([]Shown, error) {
	return s.o.Book.Of(ctx, account)
}

// Add takes an address, unverified, and has a code sent to it. Invalid for what is no address, Conflict where the account has it or has
// MostContacts, TooMany past a limit.
func (s *Service) Add(ctx context.Context, account hub.AccountID, kind Kind, text, language string) (Contact, error) {
	const op = "contact.Add"
	address, err := ParseAddress(kind, text, s.o.Country)
	if err != nil {
		return Contact{}, err
	}
	if s.o.Book.ways[kind] == nil {
		return Contact{}, hub.Errorf(op, hub.Invalid, "no way to addresses of this kind")
	}
	if err := s.admit(ctx, account, kind, address); err != nil {
		return Contact{}, err
	}
	c := Contact{ID: hub.NewID(s.o.Random), Account: account, Kind: kind, Language: known(language), AddedAt: s.now()}
	row := Row{Contact: c, Hash: s.o.Index.Index("contact", string(account), string(kind), strings.ToLower(address))}
	if row.Sealed, err = s.o.Vault.Seal(place("address", c.ID, account), []byte(address)); err != nil {
		return Contact{}, err
	}
	code, err := s.code(c)
	if err != nil {
		return Contact{}, err
	}
	err = s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.o.Store.Add(ctx, row, MostContacts); err != nil {
			return err
		}
		if err := s.o.Store.Put(ctx, code, c.AddedAt); err != nil {
			return err
		}
		return s.o.Audit.Record(ctx, event("contact.added", c, ""))
	})
	return c, err
}

// Resend has a new code sent to a contact that is not verified; the old one is worth nothing then. NotFound for no such contact of the
// account, Consumed where it is verified, TooMany.
func (s *Service) Resend(ctx context.Context, account hub.AccountID, id string) error {
	const op = "contact.Resend"
	row, err := s.mine(ctx, op, account, id)
	if err != nil {
		return err
	}
	address, err := s.o.Book.open(row)
	if err != nil {
		return err
	}
	if err := s.admit(ctx, account, row.Kind, address); err != nil {
		return err
	}
	code, err := s.code(row.Contact)
	if err != nil {
		return err
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.o.Store.Put(ctx, code, s.now()); err != nil {
			return err
		}
		return s.o.Audit.Record(ctx, event("contact.code_renewed", row.Contact, ""))
	})
}

// Confirm takes the code that was sent to a contact: from then on it is told, of what waits for a contact too, and every contact of the
// account is told that there is a new one. Refused for a wrong code, Expired where there is no code with tries left, Consumed where it is
// verified, NotFound.
func (s *Service) Confirm(ctx context.Context, account hub.AccountID, id, typed, channel string) error {
	const op = "contact.Confirm"
	row, err := s.mine(ctx, op, account, id)
	if err != nil {
		return err
	}
	now := s.now()
	code, err := s.o.Store.Try(ctx, id, mostTries, now) // counted whatever comes: in a transaction of its own
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(s.hash(id, code.ID, digits(typed)), code.Hash) != 1 {
		if err := s.o.Audit.Record(ctx, refusal(event("contact.code_refused", row.Contact, "wrong_code"))); err != nil {
			return err
		}
		return hub.Errorf(op, hub.Refused, "another code")
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.o.Store.Use(ctx, id, code.ID); errors.Is(err, hub.Consumed) {
			return hub.E(op, hub.Expired, err) // a new code took its place meanwhile
		} else if err != nil {
			return err
		}
		if err := s.o.Store.Verify(ctx, account, id, now); err != nil {
			return err
		}
		if err := s.o.Notices.Changed(ctx, account, notice.ContactAdded, "", channel); err != nil {
			return err
		}
		if err := s.o.Notices.Reachable(ctx, account); err != nil {
			return err
		}
		return s.o.Audit.Record(ctx, event("contact.verified", row.Contact, ""))
	})
}

// Remove takes a contact away. A verified one, and every other of the account, is told so, and it goes on being told for Parting. NotFound.
func (s *Service) Remove(ctx context.Context, account hub.AccountID, id, channel string) error {
	const op = "contact.Remove"
	row, err := s.o.Store.ByID(ctx, id)
	if err != nil {
		return err
	}
	if row.Account != account {
		return hub.Errorf(op, hub.NotFound, "another account's")
	}
	return s.o.Tx.InTx(ctx, func(ctx context.Context) error {
		removed, err := s.o.Store.Remove(ctx, account, id, s.now())
		if err != nil || !removed {
			return err
		}
		if !row.VerifiedAt.IsZero() {
			if err := s.o.Notices.Changed(ctx, account, notice.ContactRemoved, "", channel); err != nil {
				return err
			}
		}
		return s.o.Audit.Record(ctx, event("contact.removed", row.Contact, ""))
	})
}

// mine finds a contact of the account that is not verified and not removed.
func (s *Service) mine(ctx context.Context, op string, account hub.AccountID, id string) (Row, error) {
	row, err := s.o.Store.ByID(ctx, id)
	switch {
	case err != nil:
		return Row{}, err
	case row.Account != account || !row.RemovedAt.IsZero():
		return Row{}, hub.Errorf(op, hub.NotFound, "no such contact of the account")
	case !row.VerifiedAt.IsZero():
		return Row{}, hub.Errorf(op, hub.Consumed, "verified already")
	}
	return row, nil
}

// admit counts a code against the account and the address.
func (s *Service) admit(ctx context.Context, account hub.AccountID, kind Kind, address string) error {
	now := s.now()
	for _, limit := range []struct {
		name    string
		subject []byte
		period  time.Duration
		most    int
	}{
		{"contact-codes", s.o.Index.Index("contact-codes", string(account)), time.Hour, codesAnHour},
		{"contact-address", s.o.Index.Index("contact-address", string(kind), strings.ToLower(address)), 24 * time.Hour, codesToOneDay},
	} {
		n, err := s.o.Counter.Count(ctx, limit.name, limit.subject, limit.period, now)
		if err != nil {
			return err
		}
		if n > limit.most {
			return hub.Errorf("contact.admit", hub.TooMany, "too many codes")
		}
	}
	return nil
}

// code draws a code for a contact.
func (s *Service) code(c Contact) (Code, error) {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)
	n, err := crand.Int(s.o.Random, most)
	if err != nil {
		return Code{}, hub.E("contact.code", hub.Internal, err)
	}
	text := fmt.Sprintf("%0*d", codeDigits, n)
	code := Code{Contact: c.ID, ID: hub.NewID(s.o.Random), ExpiresAt: s.now().Add(codeLife)}
	code.Hash = s.hash(c.ID, code.ID, text)
	code.Sealed, err = s.o.Vault.Seal(place("code", code.ID, c.Account), []byte(text))
	return code, err
}

func (s *Service) hash(contact, id, text string) []byte {
	return s.o.Index.Index("contact-code", contact, id, text)
}

// digits keeps the digits of what was typed: people put spaces between them.
func digits(typed string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, typed)
}

const (
	sendBatch = 20
	sendLease = time.Minute
	sendPause = 5 * time.Second
)

// Send sends the codes that are due and tells how many went. A code whose address takes nothing is not tried again; one that could not
// be handed over is, until it expires. The error is the last one of a carrier that did not answer.
func (s *Service) Send(ctx context.Context) (int, error) {
	now := s.now()
	due, err := s.o.Store.Claim(ctx, now, now.Add(sendLease), sendBatch)
	if err != nil {
		return 0, err
	}
	count := 0
	var cause error
	for _, c := range due {
		switch err := s.send(ctx, c); {
		case err == nil:
			count++
		case errors.Is(err, hub.Refused), errors.Is(err, hub.NotFound):
			cause = errors.Join(cause, s.o.Store.Sent(ctx, c.Contact, c.ID)) // never
		default:
			cause = errors.Join(err, s.o.Store.Later(ctx, c.Contact, c.ID, s.now().Add(sendPause*time.Duration(max(1, c.Sends)))))
		}
	}
	return count, cause
}

func (s *Service) send(ctx context.Context, c Code) error {
	const op = "contact.send"
	if !c.ExpiresAt.After(s.now()) {
		return hub.Errorf(op, hub.NotFound, "the code has expired")
	}
	row, err := s.o.Store.ByID(ctx, c.Contact)
	if err != nil {
		return err
	}
	way := s.o.Book.ways[row.Kind]
	if way == nil || !row.RemovedAt.IsZero() {
		return hub.Errorf(op, hub.NotFound, "no way there")
	}
	address, err := s.o.Book.open(row)
	if err != nil {
		return err
	}
	code, err := s.o.Vault.Open(place("code", c.ID, row.Account), c.Sealed)
	if err != nil {
		return err
	}
	if err := way.Carry(ctx, address, codeWords(c, row.Contact, string(code), s.o.Site)); err != nil {
		return err
	}
	return s.o.Store.Sent(ctx, c.Contact, c.ID)
}

// Purge erases what is no longer told, what was never verified, and old codes.
func (s *Service) Purge(ctx context.Context, now time.Time, limit int) (int, error) {
	// The address outlives its time by what a notice may still be tried for.
	n, err := s.o.Store.Erase(ctx, now.Add(-Parting-6*24*time.Hour), now.Add(-unverified), limit)
	if err != nil {
		return n, err
	}
	_, err = s.o.Store.PurgeCodes(ctx, now, limit)
	return n, err
}

func event(kind string, c Contact, reason string) audit.Event {
	return audit.Event{
		Kind: kind, Outcome: audit.Success, Reason: reason, Account: c.Account, Detail: map[string]string{"contact": c.ID, "kind": string(c.Kind)},
	}
}

func refusal(e audit.Event) audit.Event {
	e.Outcome = audit.Refusal
	return e
}
