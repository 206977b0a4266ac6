package logout

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
)

// Cut is the order to end every session that rests on an identity provider which is no longer to be trusted, and how far it has been carried
// out.
//
// From its commit on nothing of them is good: tokens are inactive by one revocation of the provider, which the lease knows (architecture
// D2), and the stores give the sessions themselves as over (session.Session.Cut). Walking through them, which takes its time where there are
// many, is what shreds their vaults and tells their participants.
type Cut struct {
	ID          string
	Provider    hub.ProviderID
	By          hub.AccountID // "" for the command line
	Interaction hub.InteractionID
	At          time.Time
	Through     time.Time // sessions that began up to then end
	PassAt      time.Time // when the present walk began
	Seen        Mark      // where it is
	Faults      int       // sessions that it could not end
	Ended       int       // sessions that were ended, by all walks
	DoneAt      time.Time // zero while there may be more
}

// Mark is a live session's place in a walk.
type Mark struct {
	At time.Time // when it began
	ID hub.SessionID
}

// CutStore keeps cuts. Every method joins the transaction in ctx.
type CutStore interface {
	// Add adds one. Conflict where its id exists.
	Add(ctx context.Context, c Cut) error
	// Claim takes a cut that is not done for the walker, for until then. NotFound where there is none that nobody else has.
	Claim(ctx context.Context, walker string, now, until time.Time) (Cut, error)
	// Live gives what comes behind a mark among the live sessions that began up to the cut's Through, at most limit of them looked at: those
	// that rest on its provider, and the mark of the last that was looked at; the same mark where there is none behind it.
	Live(ctx context.Context, c Cut, behind Mark, limit int) ([]Mark, Mark, error)
	// Note keeps how far the walker has come, if the cut is still its own, and holds it until then. Consumed where it is not.
	Note(ctx context.Context, walker string, c Cut, until time.Time) error
	// Rest gives the walker's cut back: nobody goes on with it before then.
	Rest(ctx context.Context, walker string, c Cut, until time.Time) error
	// Latest gives the latest cut of a provider. NotFound where it never was cut off.
	Latest(ctx context.Context, provider hub.ProviderID) (Cut, error)
}

// Revoker ends tokens by what they rest on; hubsql.Revocations has it.
type Revoker interface {
	RevokeProvider(ctx context.Context, id hub.ProviderID, through, until time.Time) error
}

// CutOptions are what Cuts is made of. All are required.
type CutOptions struct {
	Store   CutStore
	Logout  *Service
	Revoker Revoker
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
	Log     *slog.Logger
	Margin  time.Duration // how long after the order a node may still act on what it knew of the provider
	Tokens  time.Duration // longer than any access token lives
}

// Cuts cuts providers off.
type Cuts struct {
	o      CutOptions
	walker string
}

// NewCuts checks the options. Invalid where one is missing.
func NewCuts(o CutOptions) (*Cuts, error) {
	if o.Store == nil || o.Logout == nil || o.Revoker == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.Log == nil ||
		o.Margin <= 0 || o.Tokens <= 0 {
		return nil, hub.Errorf("logout.NewCuts", hub.Invalid, "an option is missing")
	}
	return &Cuts{o: o, walker: hub.NewID(o.Random)}, nil
}

func (c *Cuts) now() time.Time { return c.o.Clock().UTC().Truncate(time.Microsecond) }

// Cut orders the end of every session that rests on a provider. It belongs into the transaction that takes the provider out of service, so
// that no further one begins. When that has committed, and the lease has run out, no node takes anything of them for active.
func (c *Cuts) Cut(ctx context.Context, provider hub.ProviderID, by hub.AccountID) error {
	return c.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := c.now()
		x := Cut{
			ID: hub.NewID(c.o.Random), Provider: provider, By: by, Interaction: hub.InteractionFrom(ctx), At: now, Through: now.Add(c.o.Margin), PassAt: now,
		}
		if err := c.o.Store.Add(ctx, x); err != nil {
			return err
		}
		if err := c.o.Revoker.RevokeProvider(ctx, provider, x.Through, x.Through.Add(c.o.Tokens)); err != nil {
			return err
		}
		return c.record(ctx, x, "provider.cut")
	})
}

// Progress tells how many sessions the latest cut of a provider has ended, and when it was done, zero while it is not. NotFound where the
// provider never was cut off.
func (c *Cuts) Progress(ctx context.Context, provider hub.ProviderID) (ended int, done time.Time, err error) {
	x, err := c.o.Store.Latest(ctx, provider)
	return x.Ended, x.DoneAt, err
}

const (
	cutLook  = 2000             // live sessions looked at by one statement
	cutBatch = 25               // sessions ended in one transaction
	cutHold  = 30 * time.Second // how long a walker that says nothing keeps a cut
	cutSpan  = 10 * time.Second // of one Walk
	cutRest  = time.Minute      // before the next walk, where this one could not end a session
	cutSoon  = time.Second      // before the next look for what may still come up
)

// Walk goes on with cuts that are not done for some seconds: what a node that died has left, another does. A session that another node ends
// meanwhile has its one campaign. It pauses while this node has much to tell.
func (c *Cuts) Walk(ctx context.Context) error {
	begin := c.now()
	for {
		now := c.now()
		if now.Sub(begin) >= cutSpan || c.o.Logout.Full() {
			return nil
		}
		x, err := c.o.Store.Claim(ctx, c.walker, now, now.Add(cutHold))
		if errors.Is(err, hub.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		more, err := c.step(hub.WithInteraction(ctx, x.Interaction), x)
		if errors.Is(err, hub.Consumed) { // another node has it: this one was slow
			return nil
		}
		if err != nil || !more {
			return err
		}
	}
}

// step looks at some sessions and ends those that are meant. False where this node has enough to do.
func (c *Cuts) step(ctx context.Context, x Cut) (more bool, err error) {
	all, last, err := c.o.Store.Live(ctx, x, x.Seen, cutLook)
	if err != nil {
		return false, err
	}
	if last == x.Seen {
		return true, c.turn(ctx, x)
	}
	for begin := 0; begin < len(all); begin += cutBatch {
		if c.o.Logout.Full() {
			return false, nil
		}
		part := all[begin:min(begin+cutBatch, len(all))]
		if x, err = c.end(ctx, x, part); err != nil {
			return false, err
		}
	}
	x.Seen = last
	return true, c.note(ctx, x)
}

func (c *Cuts) note(ctx context.Context, x Cut) error {
	return c.o.Store.Note(ctx, c.walker, x, c.now().Add(cutHold))
}

// end ends some sessions and notes it in one transaction; one by one where that fails, so that one which can't be ended holds up no other.
func (c *Cuts) end(ctx context.Context, x Cut, part []Mark) (Cut, error) {
	after, err := c.together(ctx, x, part)
	if err == nil || errors.Is(err, hub.Consumed) || ctx.Err() != nil {
		return after, err
	}
	for _, m := range part {
		after, err := c.together(ctx, x, []Mark{m})
		switch {
		case err == nil:
			x = after
			continue
		case errors.Is(err, hub.Consumed) || errors.Is(err, hub.Unavailable) || ctx.Err() != nil:
			return x, err
		}
		c.o.Log.LogAttrs(ctx, slog.LevelError, "a session can't be ended", slog.String("session", string(m.ID)), slog.String("kind", string(hub.KindOf(err))), slog.Any("cause", err))
		x.Faults, x.Seen = x.Faults+1, m
		if err := c.note(ctx, x); err != nil {
			return x, err
		}
	}
	return x, nil
}

func (c *Cuts) together(ctx context.Context, x Cut, part []Mark) (after Cut, err error) {
	err = c.o.Tx.InTx(ctx, func(ctx context.Context) error {
		after = x
		for _, m := range part {
			ended, err := c.o.Logout.o.Sessions.End(ctx, m.ID, session.Cause{Reason: session.EndedBySuspension, Provider: x.Provider})
			if err != nil && !errors.Is(err, hub.NotFound) {
				return err
			}
			if ended {
				after.Ended++
			}
			after.Seen = m
		}
		return c.note(ctx, after)
	})
	if err != nil {
		return x, err
	}
	return after, nil
}

// turn is for the end of a walk. What began before the order but was written after the walk had passed its place can still be there: a walk
// that begins when nothing like that can come any more, and ends all it finds, is the last.
func (c *Cuts) turn(ctx context.Context, x Cut) error {
	now := c.now()
	switch {
	case x.PassAt.After(x.Through) && x.Faults == 0:
		return c.o.Tx.InTx(ctx, func(ctx context.Context) error {
			x.DoneAt = now
			if err := c.note(ctx, x); err != nil {
				return err
			}
			return c.record(ctx, x, "provider.cut_done")
		})
	case !now.After(x.Through):
		return c.o.Store.Rest(ctx, c.walker, x, now.Add(cutSoon))
	case x.Faults > 0 && now.Sub(x.PassAt) < cutRest:
		return c.o.Store.Rest(ctx, c.walker, x, x.PassAt.Add(cutRest))
	default:
		x.PassAt, x.Seen, x.Faults = now, Mark{}, 0
		return c.note(ctx, x)
	}
}

func (c *Cuts) record(ctx context.Context, x Cut, kind string) error {
	by := string(x.By)
	if by == "" {
		by = "operator"
	}
	return c.o.Audit.Record(ctx, audit.Event{
		Interaction: x.Interaction, Kind: kind, Outcome: audit.Success, Reason: string(session.EndedBySuspension), Provider: x.Provider,
		Detail: map[string]string{"cut": x.ID, "by": by, "sessions": strconv.Itoa(x.Ended)},
	})
}
