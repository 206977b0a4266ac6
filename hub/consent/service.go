package consent

import (
	"context"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Transactor runs fn in one database transaction, which the stores find in its context. A call inside another joins it. fn may be
// run again where the database asks for it.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Options are what a Service is made of. All are required.
type Options struct {
	Store  Store
	Audit  audit.Recorder
	Tx     Transactor
	Clock  hub.Clock
	Random io.Reader
}

// Service keeps the person's decisions.
type Service struct {
	store  Store
	audit  audit.Recorder
	tx     Transactor
	clock  hub.Clock
	random io.Reader
}

// New checks the options. Invalid where one is missing.
func New(o Options) (*Service, error) {
	if o.Store == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("consent.New", hub.Invalid, "an option is missing")
	}
	return &Service{store: o.Store, audit: o.Audit, tx: o.Tx, clock: o.Clock, random: o.Random}, nil
}

// Current gives the latest record per choice of this account at this system.
func (s *Service) Current(ctx context.Context, account hub.AccountID, system hub.SystemID) ([]Record, error) {
	return s.store.Current(ctx, account, system)
}

// Unchanged is Conflict where anything was decided after the last record that the caller has seen (see Last). The caller must be in a
// transaction that holds the session in which it answers: whoever takes consent back waits for it, or is seen by it.
func (s *Service) Unchanged(ctx context.Context, account hub.AccountID, system hub.SystemID, last int64) error {
	return s.store.Unchanged(ctx, account, system, last)
}

// Decisions are the rulings of one answer.
type Decisions struct {
	Account  hub.AccountID
	Session  hub.SessionID // in which they were made
	System   hub.SystemID
	Language string // in which the page was shown
	Channel  string
	Rulings  []Ruling
}

// Record appends the rulings (CON-04: nothing is ever changed) with one audit event each, in one transaction. Invalid where an
// account, system, version or decision is missing or unknown.
func (s *Service) Record(ctx context.Context, d Decisions) error {
	const op = "consent.Record"
	if len(d.Rulings) == 0 {
		return nil
	}
	if d.Account == "" || d.System == "" {
		return hub.Errorf(op, hub.Invalid, "no account or system")
	}
	now := s.clock().UTC().Truncate(time.Microsecond)
	records := make([]Record, 0, len(d.Rulings))
	events := make([]audit.Event, 0, len(d.Rulings))
	for _, r := range d.Rulings {
		named := r.Attribute.Known() || (r.Attribute == "" && (r.Purpose == HigherIdentity || r.Purpose == OfflineAccess))
		if !named || r.Purpose == "" || r.Version == "" || !slices.Contains([]Decision{Given, Declined, Withdrawn, Told}, r.Decision) {
			return hub.Errorf(op, hub.Invalid, "incomplete ruling")
		}
		records = append(records, Record{
			ID: hub.NewID(s.random), Account: d.Account, System: d.System, Attribute: r.Attribute, Purpose: r.Purpose,
			Decision: r.Decision, Version: r.Version, Language: d.Language, At: now, Interaction: hub.InteractionFrom(ctx),
		})
		events = append(events, event(d, r, now))
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.Add(ctx, records...); err != nil {
			return err
		}
		return s.audit.Record(ctx, events...)
	})
}

func event(d Decisions, r Ruling, now time.Time) audit.Event {
	detail := map[string]string{"purpose": r.Purpose}
	if r.Attribute != "" {
		detail["attribute"] = string(r.Attribute)
	}
	return audit.Event{
		At: now, Kind: "consent." + string(r.Decision), Outcome: audit.Success, Account: d.Account, Session: d.Session,
		System: d.System, Channel: d.Channel, Detail: detail,
	}
}

// Withdraw takes back everything the account has given to the system, in one go (CON-03), and tells how many choices that
// were. The next login asks again. What was told on another legal basis is not a consent and stays.
func (s *Service) Withdraw(ctx context.Context, account hub.AccountID, system hub.SystemID) (int, error) {
	current, err := s.store.Current(ctx, account, system)
	if err != nil {
		return 0, err
	}
	var rulings []Ruling
	for _, r := range current {
		if r.Decision == Given {
			rulings = append(rulings, Ruling{Attribute: r.Attribute, Purpose: r.Purpose, Decision: Withdrawn, Version: r.Version})
		}
	}
	if err := s.Record(ctx, Decisions{Account: account, System: system, Rulings: rulings}); err != nil {
		return 0, err
	}
	return len(rulings), nil
}

// History gives the account's decisions, newest first, at most limit (CON-06).
func (s *Service) History(ctx context.Context, account hub.AccountID, limit int) ([]Record, error) {
	return s.store.History(ctx, account, limit)
}
