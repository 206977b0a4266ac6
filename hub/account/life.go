package account

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Reason is why an account changed its state, from a closed list for each change (LIF-03, LIF-10). The person is told it.
type Reason string

// The reasons.
const (
	Requested  Reason = "requested"  // the person wished it
	Lost       Reason = "lost"       // an authenticator was reported lost or stolen (LIF-07)
	Suspicious Reason = "suspicious" // abnormal use: is it still controlled by its owner? (LIF-05)
	Review     Reason = "review"     // the identity is being examined
	Cleared    Reason = "cleared"    // what was examined or reported has been settled
	Deceased   Reason = "deceased"
	Fraud      Reason = "fraud"
	Revoked    Reason = "revoked"    // the identity itself was revoked
	Ineligible Reason = "ineligible" // no longer entitled to an account
)

// reasons lists what may lead into each state.
var reasons = map[Status][]Reason{
	Suspended:  {Requested, Lost, Suspicious, Review},
	Active:     {Requested, Cleared},
	Terminated: {Requested, Deceased, Fraud, Revoked, Ineligible},
}

// Reasons gives the reasons that may lead into a state.
func Reasons(to Status) []Reason { return slices.Clone(reasons[to]) }

// ActorKind is the kind of whoever ordered a change.
type ActorKind string

// The kinds. A Person may close their own account's door but not open it again: that needs somebody who has made sure of who asks (LIF-04).
const (
	ByPerson ActorKind = "person"
	ByStaff  ActorKind = "staff"
	ByRule   ActorKind = "rule"
)

// Actor is who ordered a change: an account's own id for ByPerson, that of a member of staff or a name of hub.ValidName's form else. Never a person's name.
type Actor struct {
	Kind ActorKind
	ID   string
}

// Order asks for a change of an account.
type Order struct {
	Account hub.AccountID
	Reason  Reason
	By      Actor
	Channel string // in which it was ordered: "web", "desk"; a notice goes through another one
}

// Change is what became of an account, once.
type Change struct {
	ID          string
	Account     hub.AccountID
	Was, Became Status
	Reason      Reason
	By          Actor
	Interaction hub.InteractionID
	At          time.Time
}

// LifeStore keeps the life cycle of accounts.
type LifeStore interface {
	// ByID finds an account. NotFound.
	ByID(ctx context.Context, id hub.AccountID) (Account, error)
	// Change moves an account from c.Was to c.Became and adds c to its history. It holds the account against logins that are under way until
	// the transaction in ctx ends. Conflict where the account is in another state, NotFound.
	Change(ctx context.Context, c Change) error
	// Changes lists an account's history, newest first, at most limit.
	Changes(ctx context.Context, id hub.AccountID, limit int) ([]Change, error)
}

// Ends ends everything that an account holds, in the transaction of ctx: its live sessions with all that was issued from them, and every
// token that any node may still issue from what it knew a moment ago (LIF-02).
type Ends interface {
	EndAccount(ctx context.Context, id hub.AccountID, at time.Time) error
}

// LifeNotices tells the person of a change through another channel than the one it was ordered in (LIF-03). It joins the transaction in ctx.
type LifeNotices interface {
	Changed(ctx context.Context, account hub.AccountID, became Status, reason Reason, channel string) error
}

// LifeOptions are what a Life is made of. All are required but the last.
type LifeOptions struct {
	Store   LifeStore
	Ends    Ends
	Notices LifeNotices
	Audit   audit.Recorder
	Tx      Transactor
	Clock   hub.Clock
	Random  io.Reader
	// ResumeWithin is how long after its suspension an account can be opened again without the person being proofed anew (LIF-08); a year
	// where zero.
	ResumeWithin time.Duration
}

// Life leads accounts through their life cycle (LIF-01 to LIF-10). Every change is one transaction: the state, the row of the history, the
// end of all sessions, the notice and the event stand or fall together. Whoever calls has made sure that the order is genuine (LIF-01,
// LIF-04), and answers no sooner than the lease of all nodes has run out (architecture D2).
type Life struct{ o LifeOptions }

// NewLife checks the options. Invalid where one is missing.
func NewLife(o LifeOptions) (*Life, error) {
	if o.Store == nil || o.Ends == nil || o.Notices == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil || o.Random == nil || o.ResumeWithin < 0 {
		return nil, hub.Errorf("account.NewLife", hub.Invalid, "an option is missing")
	}
	if o.ResumeWithin == 0 {
		o.ResumeWithin = 365 * 24 * time.Hour
	}
	return &Life{o}, nil
}

// Suspend closes an account until it is resumed. Conflict where it is not active; Invalid for a reason that is not one of Reasons(Suspended);
// NotFound, Unavailable. These errors can come from every change.
func (l *Life) Suspend(ctx context.Context, o Order) (Change, error) {
	return l.change(ctx, "account.suspended", o, Suspended, Active)
}

// ReportLost suspends an account at once because an authenticator of it was lost or stolen (LIF-07). One that is suspended already stays
// so and gives Conflict.
func (l *Life) ReportLost(ctx context.Context, o Order) (Change, error) {
	o.Reason = Lost
	return l.change(ctx, "account.reported_lost", o, Suspended, Active)
}

// Resume opens a suspended account again. It needs authority: Denied where the person orders it alone. Expired where the time for it is
// over (LIF-08).
func (l *Life) Resume(ctx context.Context, o Order) (Change, error) {
	return l.change(ctx, "account.resumed", o, Active, Suspended)
}

// Terminate closes an account for good. Nothing leads back.
func (l *Life) Terminate(ctx context.Context, o Order) (Change, error) {
	return l.change(ctx, "account.terminated", o, Terminated, Active, Suspended)
}

// Show gives an account and its history, newest first. NotFound.
func (l *Life) Show(ctx context.Context, id hub.AccountID) (Account, []Change, error) {
	const most = 100
	a, err := l.o.Store.ByID(ctx, id)
	if err != nil {
		return Account{}, nil, err
	}
	changes, err := l.o.Store.Changes(ctx, id, most)
	return a, changes, err
}

func (l *Life) change(ctx context.Context, kind string, o Order, to Status, from ...Status) (Change, error) {
	const op = "account.Life"
	if !slices.Contains(reasons[to], o.Reason) {
		return Change{}, hub.Errorf(op, hub.Invalid, "a reason that does not lead there")
	}
	if err := o.By.check(o.Account); err != nil {
		return Change{}, err
	}
	if to == Active && o.By.Kind == ByPerson {
		return Change{}, hub.Errorf(op, hub.Denied, "an account is not opened again by its own person alone")
	}
	if hub.InteractionFrom(ctx) == "" {
		ctx = hub.WithInteraction(ctx, hub.InteractionID(hub.NewID(l.o.Random)))
	}
	var done Change
	err := l.o.Tx.InTx(ctx, func(ctx context.Context) error {
		a, err := l.o.Store.ByID(ctx, o.Account)
		if err != nil {
			return err
		}
		now := l.o.Clock().UTC().Truncate(time.Microsecond)
		switch {
		case !slices.Contains(from, a.Status):
			return hub.Errorf(op, hub.Conflict, "the account is "+string(a.Status))
		case to == Active && now.Sub(a.ChangedAt) > l.o.ResumeWithin:
			return hub.Errorf(op, hub.Expired, "the time for opening the account again is over")
		}
		done = Change{
			ID: hub.NewID(l.o.Random), Account: a.ID, Was: a.Status, Became: to, Reason: o.Reason, By: o.By,
			Interaction: hub.InteractionFrom(ctx), At: now,
		}
		if err := l.o.Store.Change(ctx, done); err != nil {
			return err
		}
		if to != Active {
			if err := l.o.Ends.EndAccount(ctx, a.ID, now); err != nil {
				return err
			}
		}
		if err := l.o.Notices.Changed(ctx, a.ID, to, o.Reason, o.Channel); err != nil {
			return err
		}
		return l.o.Audit.Record(ctx, audit.Event{
			At: now, Kind: kind, Outcome: audit.Success, Reason: string(o.Reason), Account: a.ID, Channel: o.Channel,
			Detail: map[string]string{"was": string(a.Status), "by": string(o.By.Kind), "actor": o.By.ID},
		})
	})
	if err != nil {
		return Change{}, l.refused(ctx, kind, o, err)
	}
	return done, nil
}

// refused records an order that was not carried out, and gives why.
func (l *Life) refused(ctx context.Context, kind string, o Order, cause error) error {
	if !errors.Is(cause, hub.Conflict) && !errors.Is(cause, hub.Expired) {
		return cause
	}
	err := l.o.Audit.Record(ctx, audit.Event{
		Kind: kind, Outcome: audit.Refusal, Reason: string(hub.KindOf(cause)), Account: o.Account, Channel: o.Channel,
		Detail: map[string]string{"by": string(o.By.Kind), "actor": o.By.ID},
	})
	if err != nil {
		return err
	}
	return cause
}

// check holds that an actor is an id and nothing else, and that a person orders for their own account only.
func (a Actor) check(account hub.AccountID) error {
	const op = "account.Actor"
	switch a.Kind {
	case ByPerson:
		if a.ID == "" || a.ID != string(account) {
			return hub.Errorf(op, hub.Denied, "a person orders for their own account only")
		}
	case ByStaff, ByRule:
		if !hub.ValidName(a.ID) && !hub.ValidID(a.ID) {
			return hub.Errorf(op, hub.Invalid, "an actor is named by an id such as desk-3")
		}
	default:
		return hub.Errorf(op, hub.Invalid, "no such kind of actor")
	}
	return nil
}
