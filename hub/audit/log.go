package audit

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
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
	// History gives a part of the events of an account, newest first. Unavailable.
	History(ctx context.Context, account hub.AccountID, part Part) ([]Event, error)
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

// Part says which part of an account's history is wanted.
type Part struct {
	Since   time.Time
	Before  string   // id of an event of the account: only what lies before it, so that one can go on reading; "" for the latest
	Areas   []string // first words of kinds, "login" for "login.started"; none for all
	Without []string // kinds that are left out
	Limit   int      // never more than MaxHistory are given
}

// History gives what happened with an account since the time, newest first: the person's own history (AUD-01 to AUD-04). It
// holds ids and words only. At most limit events, and never more than MaxHistory. Invalid for an id without form; Unavailable.
func (l *Log) History(ctx context.Context, account hub.AccountID, since time.Time, limit int) ([]Event, error) {
	return l.Past(ctx, account, Part{Since: since, Limit: limit})
}

// Past is History for a part that is chosen more finely. Nothing comes where Before is no event of the account.
func (l *Log) Past(ctx context.Context, account hub.AccountID, part Part) ([]Event, error) {
	const op, most = "audit.Past", 40 // words of each list
	letters := func(words []string, more string) bool {
		return len(words) <= most && !slices.ContainsFunc(words, func(w string) bool { return w == "" || strings.Trim(w, lower+more) != "" })
	}
	if !hub.ValidID(string(account)) || part.Limit < 1 || part.Before != "" && !hub.ValidID(part.Before) || !letters(part.Areas, "") || !letters(part.Without, "._") {
		return nil, hub.Errorf(op, hub.Invalid, "an account, a limit and words are needed")
	}
	part.Limit = min(part.Limit, MaxHistory)
	events, err := l.o.Store.History(ctx, account, part)
	if err != nil {
		return nil, hub.E(op, hub.KindOf(err), err)
	}
	return events, nil
}
