package federation

import (
	"context"
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

// Transactor runs a change in one transaction.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// BrakeOptions are what a Brake is made of. All are required but FourEyes.
type BrakeOptions struct {
	Store    HoldStore
	Audit    audit.Recorder
	Tx       Transactor
	Clock    hub.Clock
	FourEyes bool // who suspended a provider does not resume it
}

// Brake suspends providers and resumes them. Whether somebody may is for whoever asks it to decide.
type Brake struct{ o BrakeOptions }

// NewBrake checks the options. Invalid where one is missing.
func NewBrake(o BrakeOptions) (*Brake, error) {
	if o.Store == nil || o.Audit == nil || o.Tx == nil || o.Clock == nil {
		return nil, hub.Errorf("federation.NewBrake", hub.Invalid, "an option is missing")
	}
	return &Brake{o}, nil
}

// Suspend takes a provider out of service: every node refuses it as soon as it has read the list again, within seconds, logins under way included
// (LIF-06). One person is enough: an emergency waits for nobody. Invalid for no such reason, NotFound, Conflict where it is suspended.
func (b *Brake) Suspend(ctx context.Context, by hub.AccountID, id hub.ProviderID, reason string) error {
	if !slices.Contains(HoldReasons(), reason) {
		return hub.Errorf("federation.Suspend", hub.Invalid, "not a reason")
	}
	return b.o.Tx.InTx(ctx, func(ctx context.Context) error {
		now := b.o.Clock().UTC().Truncate(time.Microsecond)
		if err := b.o.Store.Hold(ctx, Hold{Provider: id, Reason: reason, By: by, At: now}); err != nil {
			return err
		}
		return b.record(ctx, "provider.suspended", by, id, reason)
	})
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
