package federation

import (
	"context"
	"errors"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Hold is a suspension by staff: the provider is out of service until staff resume it, whatever its trust record says. It is not part of the record,
// so that files which are applied every night don't undo an emergency.
type Hold struct {
	Provider hub.ProviderID
	Reason   string // one of HoldReasons
	By       hub.AccountID
	At       time.Time
}

// The reasons for which staff suspend a provider, and resume it.
const (
	HeldPlanned     = "planned"
	HeldIncident    = "incident"
	HeldMisuse      = "misuse"
	HeldMaintenance = "maintenance"
	ResumedSettled  = "settled" // what it was suspended for is over
	ResumedTested   = "tested"  // and has been tried
)

// HoldReasons lists what a provider is suspended for, ResumeReasons what it is resumed for.
func HoldReasons() []string { return []string{HeldIncident, HeldMisuse, HeldMaintenance, HeldPlanned} }

// ResumeReasons lists what a provider is resumed for.
func ResumeReasons() []string { return []string{ResumedSettled, ResumedTested} }

// HoldStore keeps the holds. Every change moves the version of the list of providers, in the transaction of ctx.
type HoldStore interface {
	// Holds lists all.
	Holds(ctx context.Context) ([]Hold, error)
	// Hold adds one. NotFound where there is no such provider; Conflict where it is held.
	Hold(ctx context.Context, h Hold) error
	// Release ends one and gives it. NotFound where the provider is not held; Denied where it is held by whom is not to release it ("" for anybody),
	// in one statement with the change.
	Release(ctx context.Context, id hub.ProviderID, except hub.AccountID) (Hold, error)
}

// Fate is what becomes of the sessions that rest on a provider which is suspended.
type Fate string

// The fates.
const (
	FateByReason Fate = "" // as the reason calls for: an incident or misuse ends them
	FateEnd      Fate = "end"
	FateKeep     Fate = "keep" // until they end by themselves
)

// Ends reports whether sessions end with a suspension for the reason.
func (f Fate) Ends(reason string) bool {
	return f == FateEnd || f == FateByReason && (reason == HeldIncident || reason == HeldMisuse)
}

// Halt is an order to suspend a provider.
type Halt struct {
	Provider hub.ProviderID
	Reason   string        // one of HoldReasons
	By       hub.AccountID // "" for the command line
	Sessions Fate
}

// Cutter ends the sessions that rest on a provider; logout.Cuts has it.
type Cutter interface {
	// Cut orders it, in the transaction of ctx: once that has committed nothing of them is good any more.
	Cut(ctx context.Context, id hub.ProviderID, by hub.AccountID) error
	// Progress tells how many were ended since it was ordered last, and when the last one was, zero while there may be more. NotFound where
	// it never was ordered.
	Progress(ctx context.Context, id hub.ProviderID) (ended int, done time.Time, err error)
}

// Transactor runs a change in one transaction.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// BrakeOptions are what a Brake is made of. All are required but FourEyes.
type BrakeOptions struct {
	Store    HoldStore
	Cutter   Cutter
	Audit    audit.Recorder
	Tx       Transactor
	Clock    hub.Clock
	FourEyes bool // who suspended a provider does not resume it
}

// Brake suspends providers and resumes them. Whether somebody may is for whoever asks it to decide.
type Brake struct{ o BrakeOptions }

// NewBrake checks the options. Invalid where one is missing.
func NewBrake(o BrakeOptions) (*Brake, error) {
	if o.Store == nil || o.Cutter == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil {
		return nil, hub.Errorf("federation.NewBrake", hub.Invalid, "an option is missing")
	}
	return &Brake{o}, nil
}

// Suspend takes a provider out of service: every node refuses it as soon as it has read the list again, within seconds, logins under way included
// (LIF-06). One person is enough: an emergency waits for nobody. What becomes of who is signed in through it the order says; whoever asks
// answers, where they end, once no node takes anything of them for active. Of a provider that is suspended already they can still be ended.
// Invalid for no such reason or fate, NotFound, Conflict where it is suspended and there is nothing more to do.
func (b *Brake) Suspend(ctx context.Context, h Halt) error {
	if !slices.Contains(HoldReasons(), h.Reason) || !slices.Contains([]Fate{FateByReason, FateEnd, FateKeep}, h.Sessions) {
		return hub.Errorf("federation.Suspend", hub.Invalid, "not a reason, or no fate of the sessions")
	}
	return b.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if h.Sessions == FateEnd {
			if before, err := b.held(ctx, h.Provider); err != nil || before {
				if err == nil {
					err = b.late(ctx, h)
				}
				return err
			}
		}
		now := b.o.Clock().UTC().Truncate(time.Microsecond)
		if err := b.o.Store.Hold(ctx, Hold{Provider: h.Provider, Reason: h.Reason, By: h.By, At: now}); err != nil {
			return err
		}
		if err := b.record(ctx, "provider.suspended", h.By, h.Provider, h.Reason); err != nil || !h.Sessions.Ends(h.Reason) {
			return err
		}
		return b.o.Cutter.Cut(ctx, h.Provider, h.By)
	})
}

// held tells whether a provider is suspended by staff.
func (b *Brake) held(ctx context.Context, id hub.ProviderID) (bool, error) {
	all, err := b.o.Store.Holds(ctx)
	return slices.ContainsFunc(all, func(h Hold) bool { return h.Provider == id }), err
}

// late ends the sessions that rest on a provider which is suspended already.
func (b *Brake) late(ctx context.Context, h Halt) error {
	switch _, done, err := b.o.Cutter.Progress(ctx, h.Provider); {
	case err == nil && done.IsZero():
		return hub.Errorf("federation.Suspend", hub.Conflict, "it is suspended, and its sessions are being ended")
	case err != nil && !errors.Is(err, hub.NotFound):
		return err
	}
	return b.o.Cutter.Cut(ctx, h.Provider, h.By)
}

// Progress tells how far the sessions that rest on a provider are ended; see Cutter.
func (b *Brake) Progress(ctx context.Context, id hub.ProviderID) (ended int, done time.Time, err error) {
	return b.o.Cutter.Progress(ctx, id)
}

// Resume lets a provider take part again, as its trust record says. Invalid for no such reason, NotFound where it is not suspended by staff, Denied
// with four eyes for who suspended it.
func (b *Brake) Resume(ctx context.Context, by hub.AccountID, id hub.ProviderID, reason string) error {
	if !slices.Contains(ResumeReasons(), reason) {
		return hub.Errorf("federation.Resume", hub.Invalid, "not a reason")
	}
	except := hub.AccountID("")
	if b.o.FourEyes {
		except = by
	}
	return b.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := b.o.Store.Release(ctx, id, except); err != nil {
			return err
		}
		return b.record(ctx, "provider.resumed", by, id, reason)
	})
}

func (b *Brake) record(ctx context.Context, kind string, by hub.AccountID, id hub.ProviderID, reason string) error {
	detail := map[string]string{"by": string(by)}
	if by == "" {
		detail["by"] = "operator"
	}
	return b.o.Audit.Record(ctx, audit.Event{At: b.o.Clock(), Kind: kind, Outcome: audit.Success, Provider: id, Reason: reason, Detail: detail})
}
