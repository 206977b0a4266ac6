package grant

import (
	"context"
	"io"
	"slices"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// Transactor runs a function in one database transaction, or joins the one in ctx.
type Transactor interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// Mandates keeps the right to act for an entity from ending.
type Mandates interface {
	// Hold keeps a mandate from ending until the transaction of ctx is over. Consumed where it has ended.
	Hold(ctx context.Context, mandate string) error
}

// Options are what Grants needs. All are required but Mandates.
type Options struct {
	Store  Store
	Audit  audit.Recorder
	Tx     Transactor
	Clock  hub.Clock
	Random io.Reader
	// Mandates is asked before anything is issued for an entity; nil where nobody acts for one.
	Mandates Mandates
}

// Grants starts grants, hands out and consumes their credentials, and ends them. Every change of state writes its audit event in
// the same transaction (D5).
type Grants struct {
	store  Store
	audit  audit.Recorder
	tx     Transactor
	clock  hub.Clock
	random io.Reader

	mandates Mandates
}

// Reasons why a grant ended: machine words for the record.
const (
	CodeReused      = "code_reused"       // RFC 6749 section 4.1.2
	RefreshReused   = "refresh_reused"    // RFC 9700 section 4.14.2
	RevokedByClient = "revoked_by_client" // RFC 7009
	MandateEnded    = "mandate_ended"     // RAZ-08
)

// New checks the options.
func New(o Options) (*Grants, error) {
	switch {
	case o.Store == nil:
		return nil, hub.Errorf("grant.New", hub.Internal, "no Store")
	case o.Audit == nil:
		return nil, hub.Errorf("grant.New", hub.Internal, "no Audit")
	case o.Tx == nil:
		return nil, hub.Errorf("grant.New", hub.Internal, "no Tx")
	case o.Clock == nil:
		return nil, hub.Errorf("grant.New", hub.Internal, "no Clock")
	case o.Random == nil:
		return nil, hub.Errorf("grant.New", hub.Internal, "no Random")
	}
	return &Grants{store: o.Store, audit: o.Audit, tx: o.Tx, clock: o.Clock, random: o.Random, mandates: o.Mandates}, nil
}

// Start adds a grant with its first code. The level is that of the session, for the record; the events told also are recorded with its own.
// Errors: Conflict, Unavailable; Consumed where the mandate that it stands on has ended.
func (g *Grants) Start(ctx context.Context, gr Grant, code Credential, level hub.Level, also ...audit.Event) error {
	if gr.ID == "" || code.Grant != gr.ID {
		return hub.Errorf("grant.Start", hub.Internal, "the code is of another grant")
	}
	if (gr.Entity == "") != (gr.Mandate == "") {
		return hub.Errorf("grant.Start", hub.Internal, "an entity without a mandate, or a mandate without an entity")
	}
	return g.tx.InTx(ctx, func(ctx context.Context) error {
		if err := g.stands(ctx, gr.Mandate); err != nil {
			return err
		}
		if err := g.store.CreateWithCode(ctx, gr, code); err != nil {
			return err
		}
		e := audit.Event{
			At: gr.CreatedAt, Interaction: gr.Interaction, Kind: "grant.started", Outcome: audit.Success,
			Account: gr.Account, Session: gr.Session, System: gr.System, Level: level, Detail: map[string]string{"grant": string(gr.ID)},
		}
		if gr.Entity != "" {
			e.Detail["entity"], e.Detail["mandate"] = string(gr.Entity), gr.Mandate
		}
		return g.audit.Record(ctx, append(slices.Clone(also), e)...)
	})
}

// stands holds the mandate that something stands on, before the session that it is of: in the order in which whoever ends a mandate takes both.
// Where nobody knows about mandates, none counts.
func (g *Grants) stands(ctx context.Context, mandate string) error {
	switch {
	case mandate == "":
		return nil
	case g.mandates == nil:
		return hub.Errorf("grant.stands", hub.Consumed, "nobody acts for entities here")
	}
	return g.mandates.Hold(ctx, mandate)
}

// Get finds a grant. NotFound.
func (g *Grants) Get(ctx context.Context, id hub.GrantID) (Grant, error) {
	return g.store.Grant(ctx, id)
}

// Code finds a code and its grant. NotFound, Unavailable; with Consumed both are given all the same.
func (g *Grants) Code(ctx context.Context, hash [32]byte) (Credential, Grant, error) {
	c, gr, err := g.store.Code(ctx, hash)
	return c, gr, g.usable(c, gr, err)
}

// UseCode consumes a code: exactly one caller succeeds. Consumed, Expired, NotFound, Unavailable.
func (g *Grants) UseCode(ctx context.Context, hash [32]byte) error {
	return g.store.UseCode(ctx, hash, g.clock())
}

// Refresh finds a refresh token and its grant. NotFound, Unavailable; with Consumed both are given all the same.
func (g *Grants) Refresh(ctx context.Context, hash [32]byte) (Credential, Grant, error) {
	c, gr, err := g.store.Refresh(ctx, hash)
	return c, gr, g.usable(c, gr, err)
}

// Rotate consumes a refresh token and adds the next one in its place: exactly one caller succeeds. Consumed where it was used before
// or the grant is revoked; Expired, NotFound, Unavailable.
func (g *Grants) Rotate(ctx context.Context, hash [32]byte, next Credential) error {
	return g.tx.InTx(ctx, func(ctx context.Context) error { return g.store.Rotate(ctx, hash, next, g.clock()) })
}

// RetryWithin is how long after its rotation a refresh token may come again, once, because the answer got lost on the way.
const RetryWithin = 10 * time.Second

// Retry gives a client that did not get the answer of a rotation another one. It opens no hole for who replays a stolen token: the
// successor must be unused, and is dead from then on. So of thief and owner, who now hold one successor each, the one with the dead one
// shows up as a reuse, and the family ends. Consumed where the rotation is longer ago, the successor was used, or this was done before.
func (g *Grants) Retry(ctx context.Context, hash [32]byte, next Credential) error {
	return g.tx.InTx(ctx, func(ctx context.Context) error {
		now := g.clock()
		return g.store.Retry(ctx, hash, next, now, now.Add(-RetryWithin))
	})
}

// AddRefresh adds a refresh token to a live grant. Consumed where the grant is revoked.
func (g *Grants) AddRefresh(ctx context.Context, refresh Credential) error {
	return g.store.AddRefresh(ctx, refresh)
}

// Revoke ends a grant with all it gave, once: it reports false where that had happened before. NotFound, Unavailable.
func (g *Grants) Revoke(ctx context.Context, gr Grant, reason string) (bool, error) {
	var ended bool
	err := g.tx.InTx(ctx, func(ctx context.Context) error {
		now := g.clock()
		var err error
		if ended, err = g.store.Revoke(ctx, gr.ID, reason, now); err != nil || !ended {
			return err
		}
		return g.audit.Record(ctx, audit.Event{
			At: now, Interaction: gr.Interaction, Kind: "grant.revoked", Outcome: audit.Success, Reason: reason,
			Account: gr.Account, Session: gr.Session, System: gr.System, Detail: map[string]string{"grant": string(gr.ID)},
		})
	})
	if err != nil {
		return false, err
	}
	return ended, nil
}

// usable refuses what the store found but time or a revocation has ended. A used credential stays Consumed even then, so that
// its reuse is seen.
func (g *Grants) usable(c Credential, gr Grant, err error) error {
	now := g.clock()
	switch {
	case err != nil:
		return err
	case !c.UsedAt.IsZero():
		return hub.Errorf("grant.usable", hub.Consumed, "used before")
	case !gr.RevokedAt.IsZero():
		return hub.Errorf("grant.usable", hub.Consumed, "grant revoked")
	case !now.Before(c.ExpiresAt), !now.Before(gr.ExpiresAt):
		return hub.Errorf("grant.usable", hub.Expired, "its time is over")
	}
	return nil
}
