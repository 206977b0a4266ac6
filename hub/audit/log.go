package audit

import (
	"context"
	"io"
	"maps"
	"time"

	"onedoor/hub"
)

// Row is an event as it is kept: with an authenticator under a key that is not in the database, so that a row that somebody
// wrote past the hub is known, in the tree or not.
type Row struct {
	Event Event
	MAC   []byte // 32 bytes over Canonical(Event)
}

// Store keeps events. Rows are added, never changed and never removed.
type Store interface {
	// Append adds rows in the transaction in ctx, if there is one. Conflict where an id exists, Unavailable.
	Append(ctx context.Context, rows []Row) error
	// History gives the events of an account since the time, newest first, at most limit. Unavailable.
	History(ctx context.Context, account hub.AccountID, since time.Time, limit int) ([]Event, error)
}

// Authenticate gives 32 bytes over a canonical event under a key that is not in the database: Index of hub/keys with the purpose
// "audit".
type Authenticate func(canonical []byte) []byte

// Options of a Log. All are required.
type Options struct {
	Store        Store
	Authenticate Authenticate
	Clock        hub.Clock
	Random       io.Reader
}

// Log is the Recorder over a Store.
type Log struct{ o Options }

var _ Recorder = (*Log)(nil)

// MaxHistory is the most that one call of History gives.
const MaxHistory = 500

// New gives a log. Invalid where something is missing.
func New(o Options) (*Log, error) {
	if o.Store == nil || o.Authenticate == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("audit.New", hub.Invalid, "store, authenticator, clock and randomness are required")
	}
	return &Log{o}, nil
}

// Record implements Recorder. Every event must have the closed form (see check.go), else none is written: Invalid. The time is
// kept to the microsecond. Unavailable, Conflict.
func (l *Log) Record(ctx context.Context, events ...Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]Row, 0, len(events))
	now := l.o.Clock()
	for _, e := range events {
		if e.ID == "" {
			e.ID = hub.NewID(l.o.Random)
		}
		if e.At.IsZero() {
			e.At = now
		}
		e.At = e.At.UTC().Truncate(time.Microsecond)
		if e.Interaction == "" {
			e.Interaction = hub.InteractionFrom(ctx)
		}
		if err := check(e); err != nil {
			return err
		}
		e.Detail = maps.Clone(e.Detail)
		rows = append(rows, Row{Event: e, MAC: l.o.Authenticate(Canonical(e))})
	}
	if err := l.o.Store.Append(ctx, rows); err != nil {
		return hub.E("audit.Record", hub.KindOf(err), err)
	}
	return nil
}

// History gives what happened with an account since the time, newest first: the person's own history (AUD-01 to AUD-04). It
// holds ids and words only. At most limit events, and never more than MaxHistory. Invalid for an id without form; Unavailable.
func (l *Log) History(ctx context.Context, account hub.AccountID, since time.Time, limit int) ([]Event, error) {
	const op = "audit.History"
	if !hub.ValidID(string(account)) || limit < 1 {
		return nil, hub.Errorf(op, hub.Invalid, "an account and a limit are needed")
	}
	events, err := l.o.Store.History(ctx, account, since, min(limit, MaxHistory))
	if err != nil {
		return nil, hub.E(op, hub.KindOf(err), err)
	}
	return events, nil
}
