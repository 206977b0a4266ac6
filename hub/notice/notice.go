// Package notice keeps what a person must be told of their account, and brings it to them through a channel other than the one in
// which it happened (AUD-09): whoever has got hold of that one must not be able to keep the news from the owner.
//
// A notice is a row in the transaction that causes it (architecture D5, D6). It stays until a [Notifier] has taken it, and is shown to
// the person meanwhile; being shown in a browser does not count as delivered. The package owns no addresses: who has them makes the
// Notifier.
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

// LevelRaised tells that the account reached an identity or authenticator assurance level that it never had.
const LevelRaised Kind = "level_raised"

// Notice is one thing to be told.
type Notice struct {
	ID          string
	Account     hub.AccountID
	Kind        Kind
	Level       hub.Level      // highest in each component, as raised
	Provider    hub.ProviderID // where
	Channel     string         // in which it happened: "web"
	Interaction hub.InteractionID
	At          time.Time
	Tries       int
	DeliveredAt time.Time // zero while it waits
	DeliveredBy string    // channel that took it
}

// Store keeps notices.
type Store interface {
	// Add keeps one, due at once. False, and nothing is kept, where the account has one of the kind and level.
	Add(ctx context.Context, n Notice) (bool, error)
	// Of lists an account's notices, newest first, at most limit.
	Of(ctx context.Context, account hub.AccountID, limit int) ([]Notice, error)
	// Claim takes notices that are due at now, the longest due first, at most limit, counts the try and puts them off until then.
	// Each is taken by one caller only.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]Notice, error)
	// Later puts a waiting one off until then.
	Later(ctx context.Context, id string, until time.Time) error
	// Delivered notes who took it. Consumed where somebody has before.
	Delivered(ctx context.Context, id, channel string, at time.Time) error
}

// Notifier brings notices to people through one channel.
type Notifier interface {
	// Channel names it: "email".
	Channel() string
	// Notify hands one over. NotFound: the person has no address there. Any other error: try again later.
	Notify(ctx context.Context, n Notice) error
}

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Service is made of. All are required but the last.
type Options struct {
	Store     Store
	Audit     audit.Recorder
	Tx        Transactor
	Clock     hub.Clock
	Random    io.Reader
	Notifiers []Notifier // tried in this order
}

// Service keeps and delivers notices.
type Service struct{ o Options }

// New checks the options. Invalid where one is missing, or two notifiers share a channel.
func New(o Options) (*Service, error) {
	const op = "notice.New"
	if o.Store == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
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
	_, err := s.o.Store.Add(ctx, Notice{
		ID: hub.NewID(s.o.Random), Account: account, Kind: LevelRaised, Level: level, Provider: provider, Channel: channel,
		Interaction: hub.InteractionFrom(ctx), At: s.now(),
	})
	return err
}

// Of lists an account's notices, newest first, at most limit: for the person's own page.
func (s *Service) Of(ctx context.Context, account hub.AccountID, limit int) ([]Notice, error) {
	return s.o.Store.Of(ctx, account, limit)
}

const (
	claimBatch = 50
	claimLease = 5 * time.Minute // longer than a batch takes: a node that dies leaves its notices to others after that
	firstPause = time.Minute
	mostPause  = 6 * time.Hour
)

// pause gives how long after a try that nobody took the next one comes.
func pause(tries int) time.Duration {
	p := firstPause
	for range tries - 1 {
		if p *= 2; p >= mostPause {
			return mostPause
		}
	}
	return p
}

// Deliver brings what is due to its people and tells how many were told. A notice goes through the first channel that takes it,
// never through the one in which it happened (AUD-09); until one does it is tried again and again, ever more slowly. Without
// notifiers it does nothing: everything stays due.
func (s *Service) Deliver(ctx context.Context) (int, error) {
	count := 0
	if len(s.o.Notifiers) == 0 {
		return 0, nil
	}
	now := s.now()
	due, err := s.o.Store.Claim(ctx, now, now.Add(claimLease), claimBatch)
	if err != nil {
		return 0, err
	}
	for _, n := range due {
		told, err := s.deliver(ctx, n)
		if err != nil {
			return count, err
		}
		if told {
			count++
		}
	}
	return count, nil
}

func (s *Service) deliver(ctx context.Context, n Notice) (bool, error) {
	ctx = hub.WithInteraction(ctx, n.Interaction)
	for _, by := range s.o.Notifiers {
		if by.Channel() == n.Channel {
			continue
		}
		if err := by.Notify(ctx, n); err != nil {
			continue // the next channel, or the next time
		}
		at := s.now()
		err := s.o.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.o.Store.Delivered(ctx, n.ID, by.Channel(), at); err != nil {
				return err
			}
			return s.o.Audit.Record(ctx, audit.Event{
				At: at, Kind: "notice.delivered", Outcome: audit.Success, Reason: string(n.Kind), Account: n.Account, Level: n.Level,
				Provider: n.Provider, Channel: by.Channel(),
			})
		})
		return err == nil, err
	}
	return false, s.o.Store.Later(ctx, n.ID, s.now().Add(pause(n.Tries)))
}
