// Package notice keeps what a person must be told of their account, and brings it to them through a channel other than the one in
// which it happened (AUD-09): whoever has got hold of that one must not be able to keep the news from the owner.
//
// A notice is a row in the transaction that causes it (architecture D5, D6). It stays until every contact of the person was told or can't
// be; being shown in a browser does not count as delivered. Where nobody could be told after the last try, it is shown as failed. The
// package owns no addresses: hub/contact does, and makes the Notifiers.
package notice

import (
	"context"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Kind is what happened.
type Kind string

// The kinds.
const (
	LevelRaised       Kind = "level_raised"    // the account reached an identity or authenticator assurance level that it never had
	ContactAdded      Kind = "contact_added"   // a further address was verified: told there too
	ContactRemoved    Kind = "contact_removed" // an address was taken away: told there too
	AccountSuspended  Kind = "account_suspended"
	AccountResumed    Kind = "account_resumed"
	AccountTerminated Kind = "account_terminated"
	ProviderRemoved   Kind = "provider_removed" // an identity provider leads nobody into the account any more
	ProviderAllowed   Kind = "provider_allowed" // a removed one does again
	ItemLocked        Kind = "item_locked"      // a service item was closed, or opened: which, the person sees after signing in
	ItemOpened        Kind = "item_opened"
	RecordBound       Kind = "record_bound" // staff of a department bound its record of the person, or of an entity that they head; which, they see after signing in
	RecordSuspended   Kind = "record_suspended"
	RecordResumed     Kind = "record_resumed"
	RecordUnbound     Kind = "record_unbound"
	ComplaintAnswered Kind = "complaint_answered" // an authority has answered what the person wrote to it: what, they read after signing in
	CounterConfirmed  Kind = "counter_confirmed"  // staff took up the person's case at a counter, where somebody had confirmed it with their sign-in
)

// Notice is one thing to be told.
type Notice struct {
	ID          string
	Account     hub.AccountID
	Kind        Kind
	Reason      string         // of a change of the account: a word of hub/account
	Level       hub.Level      // LevelRaised: highest in each component, as raised
	Provider    hub.ProviderID // where, if at one
	Channel     string         // in which it happened: "web"
	Interaction hub.InteractionID
	At          time.Time
	Tries       int
	GiveUpAt    time.Time // zero until somebody was tried
	DeliveredAt time.Time // zero while it waits
	DeliveredBy string    // channels that took it
	FailedAt    time.Time // zero unless nobody could be told
	FailedWhy   string
}

// Contact is one address of a person, as the notices know it: by its id and the channel that leads there.
type Contact struct{ ID, Channel string }

// Outcome is what became of telling one contact.
type Outcome string

// The outcomes. Both are final.
const (
	Told    Outcome = "told"
	Refused Outcome = "refused" // there is no such address any more, or nobody can be told there
)

// Telling is that a contact was told of a notice, or can't be.
type Telling struct {
	Notice  string
	Contact Contact
	Outcome Outcome
	At      time.Time
}

// Store keeps notices, one aggregate: a notice and who was told of it.
type Store interface {
	// Add keeps one, due at once. False, and nothing is kept, where the account has one of the kind and level and the kind is LevelRaised.
	Add(ctx context.Context, n Notice) (bool, error)
	// Of lists an account's notices, newest first, at most limit.
	Of(ctx context.Context, account hub.AccountID, limit int) ([]Notice, error)
	// Claim takes notices that are due at now, the longest due first, at most limit, counts the try and puts them off until then.
	// Each is taken by one caller only.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Notice, error)
	// Later puts a waiting one off until then, and sets when to give up where that is not set.
	Later(ctx context.Context, id string, until, giveUp time.Time) error
	// Park puts one that was claimed off until Wake, unless a Wake has come since: claimed is the time that Claim put it off to.
	Park(ctx context.Context, id string, claimed time.Time) error
	// Wake makes due what waits and happened to the account since then.
	Wake(ctx context.Context, account hub.AccountID, since, now time.Time) error
	// Tell notes who was told. Consumed where that contact was before.
	Tell(ctx context.Context, t Telling) error
	// Tellings lists who was told of a notice.
	Tellings(ctx context.Context, id string) ([]Telling, error)
	// Delivered notes the end, and the channels that took it. Consumed where it had ended before.
	Delivered(ctx context.Context, id, channels string, at time.Time) error
	// Failed notes that nobody could be told. Consumed as Delivered.
	Failed(ctx context.Context, id, why string, at time.Time) error
	// Count tells how many notices wait to be tried, and how many have failed.
	Count(ctx context.Context) (Counts, error)
}

// Counts is how many notices there are.
type Counts struct{ Waiting, Failed int }

// Contacts knows where accounts can be told; contact.Book has it.
type Contacts interface {
	// Whom gives the contacts that must be told of what happened to an account at a time. None where it has none.
	Whom(ctx context.Context, account hub.AccountID, at time.Time) ([]Contact, error)
}

// Notifier brings notices to people through one channel.
type Notifier interface {
	// Channel names it: "email".
	Channel() string
	// Notify hands a notice over for one contact. A second time it must be recognisable as the same. NotFound, Refused: never. Any
	// other error: try again later; it holds no address.
	Notify(ctx context.Context, n Notice, contact string) error
}

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Service is made of. All are required but the last two, which belong together.
type Options struct {
	Store     Store
	Audit     audit.Recorder
	Tx        Transactor
	Clock     hub.Clock
	Random    io.Reader
	Contacts  Contacts
	Notifiers []Notifier
}

// Service keeps and delivers notices.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing, or two notifiers share a channel.
func New(o Options) (*Service, error) {
	const op = "notice.New"
	if o.Store == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || len(o.Notifiers) > 0 && o.Contacts == nil {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	var channels []string
	for _, n := range o.Notifiers {
		if n == nil || n.Channel() == "" || slices.Contains(channels, n.Channel()) {
			return nil, hub.Errorf(op, hub.Invalid, "a notifier without a channel of its own")
		}
		channels = append(channels, n.Channel())
	}
	return &Service{o}, nil
}

func (s *Service) now() time.Time { return s.o.Clock().UTC().Truncate(time.Microsecond) }

// Raised notes that an account has reached a level that it never had (account.Notices). It joins the transaction in ctx.
func (s *Service) Raised(ctx context.Context, account hub.AccountID, level hub.Level, provider hub.ProviderID, channel string) error {
	return s.add(ctx, Notice{Account: account, Kind: LevelRaised, Level: level, Provider: provider, Channel: channel})
}

// Provider notes that the person has removed an identity provider from the account, or allowed it again (account.Notices). It joins the
// transaction in ctx.
func (s *Service) Provider(ctx context.Context, account hub.AccountID, provider hub.ProviderID, allowed bool, channel string) error {
	kind := ProviderRemoved
	if allowed {
		kind = ProviderAllowed
	}
	return s.add(ctx, Notice{Account: account, Kind: kind, Provider: provider, Channel: channel})
}

// Changed notes that an account changed its state, and why, or that its contacts changed. It joins the transaction in ctx.
func (s *Service) Changed(ctx context.Context, account hub.AccountID, kind Kind, reason, channel string) error {
	return s.add(ctx, Notice{Account: account, Kind: kind, Reason: reason, Channel: channel})
}

func (s *Service) add(ctx context.Context, n Notice) error {
	n.ID, n.Interaction, n.At = hub.NewID(s.o.Random), hub.InteractionFrom(ctx), s.now()
	_, err := s.o.Store.Add(ctx, n)
	return err
}

// stale is how old a notice may be that a new contact is still told of.
const stale = 30 * 24 * time.Hour

// Reachable makes due what waits: the account has one more contact. It joins the transaction in ctx.
func (s *Service) Reachable(ctx context.Context, account hub.AccountID) error {
	now := s.now()
	return s.o.Store.Wake(ctx, account, now.Add(-stale), now)
}

// Of lists an account's notices, newest first, at most limit: for the person's own page.
func (s *Service) Of(ctx context.Context, account hub.AccountID, limit int) ([]Notice, error) {
	return s.o.Store.Of(ctx, account, limit)
}

// Count tells how many notices wait and have failed: for the operator.
func (s *Service) Count(ctx context.Context) (Counts, error) { return s.o.Store.Count(ctx) }
