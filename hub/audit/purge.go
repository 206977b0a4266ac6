package audit

import (
	"context"
	"crypto/hmac"
	"errors"
	"io"
	"strconv"
	"time"

	"onedoor/hub"
)

// LeastKept is the shortest time that events are kept: the half year of a person's own history (AUD-01) and of what they have
// agreed to (CON-06) at its longest, 184 days, with a day for the page that shows it and one for time zones. It is longer than
// the 90 days of OPS-08. The database's own triggers hold it too, by the clock of the database.
const LeastKept = 186 * 24 * time.Hour

// PurgeKind is the kind of the event that tells of a cut.
const PurgeKind = "audit.purged"

// Cut says that the rows of the leaves From up to, not including, To are removed, because all of them are older than Before. It
// rests on an event of the record itself: the tree holds it and a signed head covers it. The hashes of the leaves stay, so that
// every root, head and proof of what remains is what it was.
type Cut struct {
	From, To int64
	Before   time.Time // the beginning of a day, UTC
	Event    string    // id of the event that tells of it
}

// KnownCut is a cut with the row of its event.
type KnownCut struct {
	Cut
	Row *Row // nil where the row is gone
}

// Cuts gives the cuts of a record.
type Cuts interface {
	// Cuts gives cuts, the latest first, at most limit, beginning below a To; 0 for the latest. Unavailable.
	Cuts(ctx context.Context, below int64, limit int) ([]KnownCut, error)
}

// detail gives what the event of the cut says of it.
func (c Cut) detail() map[string]string {
	return map[string]string{"from": thousands(c.From), "to": thousands(c.To), "before": c.Before.UTC().Format(time.DateOnly)}
}

// thousands writes a number in groups of three: a longer run of digits looks like a person's number (see revealing).
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// genuine reports whether the event that the cut rests on is the hub's own and says the same.
func (c KnownCut) genuine(authenticate Authenticate) bool {
	if c.Row == nil || c.Row.Event.ID != c.Event || c.Row.Event.Kind != PurgeKind || c.Row.Event.Outcome != Success {
		return false
	}
	for k, v := range c.detail() {
		if c.Row.Event.Detail[k] != v {
			return false
		}
	}
	return hmac.Equal(c.Row.MAC, authenticate(Canonical(c.Row.Event)))
}

// PurgeStore is what purging needs of the store.
type PurgeStore interface {
	Cuts
	// Size and Leaves are those of Inspector.
	Size(ctx context.Context) (int64, error)
	Leaves(ctx context.Context, from int64, limit int) ([]Placed, error)
	// Cut notes a cut in the transaction in ctx. Conflict where it does not begin at the end of the latest one, or the database's
	// own rules forbid it; Unavailable.
	Cut(ctx context.Context, c Cut) error
	// Remove removes the rows of the leaves from, up to and not including to, that are there still, and tells how many. Conflict
	// where a row is not behind a cut; Unavailable.
	Remove(ctx context.Context, from, to int64) (int, error)
}

// Transactor runs a function in one transaction.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// PurgerOptions configure a Purger. All are required.
type PurgerOptions struct {
	Store        PurgeStore
	Record       Recorder
	Authenticate Authenticate
	Tx           Transactor
	Clock        hub.Clock
	Random       io.Reader
	Keep         time.Duration // how long events are kept; at least LeastKept
	// Counted tells below which leaf everybody who counts events has counted them: nothing above it goes. Unavailable.
	Counted func(ctx context.Context) (int64, error)
	By      string // a word for who purges, in the event: "hub", "command"
}

// Purger removes events whose time is over (OPS-02). Several nodes may run one each. A Purger is for one goroutine.
type Purger struct {
	o    PurgerOptions
	done int64 // rows below are known to be removed
}

// cutAtOnce is how many leaves one cut covers at most. An unfinished one is gone through again after a restart.
const cutAtOnce = 50_000

// NewPurger gives a purger. Invalid where something is missing or events would be kept too short.
func NewPurger(o PurgerOptions) (*Purger, error) {
	const op = "audit.NewPurger"
	if o.Store == nil || o.Record == nil || o.Authenticate == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Counted == nil || o.By == "" {
		return nil, hub.Errorf(op, hub.Invalid, "store, record, authenticator, transactions, clock, randomness, what is counted and who are required")
	}
	if o.Keep < LeastKept {
		return nil, hub.Errorf(op, hub.Invalid, "the law wants events kept longer")
	}
	return &Purger{o: o}, nil
}

// Plan tells what could be removed now: nothing where From is To. It goes through all of it, and finds fault as Purge does.
// Refused, Unavailable.
func (p *Purger) Plan(ctx context.Context) (Cut, error) {
	const op = "audit.Plan"
	last, err := p.last(ctx)
	if err != nil {
		return Cut{}, hub.E(op, hub.KindOf(err), err)
	}
	c, err := p.next(ctx, last, 1<<62)
	if err != nil {
		return Cut{}, hub.E(op, hub.KindOf(err), err)
	}
	return c, nil
}

// Purge removes what is too old and tells how many events that were. It goes on until nothing is left or ctx ends; each step
// stands by itself, so that whatever ends it in the middle leaves a record that holds together, and the next call goes on.
//
// What is removed must be whole before: where a row that is to go is gone or changed already, nothing goes, so that a cut never
// covers up what somebody has done. Refused then: run the verification. Unavailable.
func (p *Purger) Purge(ctx context.Context) (removed int, err error) {
	const op = "audit.Purge"
	for {
		last, err := p.last(ctx)
		if err != nil {
			return removed, hub.E(op, hub.KindOf(err), err)
		}
		n, err := p.finish(ctx, last)
		removed += n
		if err != nil {
			return removed, hub.E(op, hub.KindOf(err), err)
		}
		c, err := p.next(ctx, last, cutAtOnce)
		if err == nil && c.To == c.From {
			return removed, nil
		}
		if err == nil {
			err = p.note(ctx, c)
		}
		if errors.Is(err, hub.Conflict) { // another node has made this cut, and removes its rows
			return removed, nil
		}
		if err != nil {
			return removed, hub.E(op, hub.KindOf(err), err)
		}
	}
}

// last gives the latest cut. Refused where the hub has not made it.
func (p *Purger) last(ctx context.Context) (Cut, error) {
	all, err := p.o.Store.Cuts(ctx, 0, 1)
	if err != nil || len(all) == 0 {
		return Cut{}, err
	}
	if !all[0].genuine(p.o.Authenticate) {
		return Cut{}, hub.Errorf("audit.last", hub.Refused, "a cut that this hub has not made: run the verification of the audit log")
	}
	return all[0].Cut, nil
}

// finish removes the rows of the latest cut that are still there; those of earlier ones are gone, as each is finished first.
func (p *Purger) finish(ctx context.Context, c Cut) (removed int, err error) {
	for from := max(c.From, p.done); from < c.To; from += page {
		n, err := p.o.Store.Remove(ctx, from, min(from+page, c.To))
		if err != nil {
			return removed, err
		}
		removed += n
		p.done = min(from+page, c.To)
	}
	return removed, nil
}

// next gives the cut that can be made behind another one, of at most so many leaves: up to the first event that is too young.
func (p *Purger) next(ctx context.Context, last Cut, most int64) (Cut, error) {
	const op = "audit.next"
	c := Cut{From: last.To, To: last.To, Before: p.o.Clock().UTC().Add(-p.o.Keep).Truncate(24 * time.Hour)}
	size, err := p.o.Store.Size(ctx)
	if err != nil {
		return Cut{}, err
	}
	counted, err := p.o.Counted(ctx)
	if err != nil {
		return Cut{}, err
	}
	end := min(size, counted)
	if most < end-c.From {
		end = c.From + most
	}
	if c.Before.Before(last.Before) { // events are kept longer than they were: nothing new can be old enough
		return c, nil
	}
	for c.To < end {
		placed, err := p.o.Store.Leaves(ctx, c.To, int(min(page, end-c.To)))
		if err != nil {
			return Cut{}, err
		}
		if len(placed) == 0 {
			return Cut{}, hub.Errorf(op, hub.Refused, "a leaf is gone: run the verification of the audit log")
		}
		for _, l := range placed {
			if l.Index != c.To || l.Row == nil {
				if again, err := p.last(ctx); err != nil || again.To > last.To {
					return Cut{From: c.From, To: c.From}, err // another node is ahead
				}
				return Cut{}, hub.Errorf(op, hub.Refused, "a row is gone: run the verification of the audit log")
			}
			if !l.whole(p.o.Authenticate) {
				return Cut{}, hub.Errorf(op, hub.Refused, "a row was changed: run the verification of the audit log")
			}
			if !l.Row.Event.At.Before(c.Before) {
				return c, nil
			}
			c.To++
		}
	}
	return c, nil
}

// whole reports whether the row is what was put into the tree, and the hub's own.
func (l Placed) whole(authenticate Authenticate) bool {
	canonical := Canonical(l.Row.Event)
	return LeafHash(canonical) == l.Hash && hmac.Equal(l.Row.MAC, authenticate(canonical))
}

// note writes down that a cut is made, before the first row goes.
func (p *Purger) note(ctx context.Context, c Cut) error {
	c.Event = hub.NewID(p.o.Random)
	detail := c.detail()
	detail["by"] = p.o.By
	return p.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := p.o.Record.Record(ctx, Event{ID: c.Event, Kind: PurgeKind, Outcome: Success, Detail: detail}); err != nil {
			return err
		}
		return p.o.Store.Cut(ctx, c)
	})
}

// trusted goes through cuts from the latest on and gives the first that the hub has made; forged is called for the others.
func trusted(ctx context.Context, cuts Cuts, authenticate Authenticate, forged func(KnownCut)) (Cut, error) {
	for below := int64(0); ; {
		all, err := cuts.Cuts(ctx, below, 100)
		if err != nil {
			return Cut{}, err
		}
		for _, c := range all {
			if c.genuine(authenticate) {
				return c.Cut, nil
			}
			forged(c)
			below = c.To
		}
		if len(all) == 0 {
			return Cut{}, nil
		}
	}
}

// String gives in words what a cut removes: "1,234 events from before 2026-03-01".
func (c Cut) String() string {
	return thousands(c.To-c.From) + " events from before " + c.Before.UTC().Format(time.DateOnly)
}
