package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"text/tabwriter"

	"onedoor/configs"
	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/logout"
)

// ProviderOrder is an order about an identity provider.
type ProviderOrder struct {
	Provider string
	Reason   string
	Sessions string // see federation.Fate
}

// SuspendProvider takes an identity provider out of service. Where the sessions that rest on it end, it answers once no node takes anything of
// them for active (architecture D2); the nodes that serve walk through them.
func SuspendProvider(ctx context.Context, cfg configs.Config, p Process, order ProviderOrder) error {
	return atBrake(ctx, cfg, p, func(ctx context.Context, brake *federation.Brake, _ *federationsql.Store) error {
		h := federation.Halt{Provider: hub.ProviderID(order.Provider), Reason: order.Reason, Sessions: federation.Fate(order.Sessions)}
		if err := brake.Suspend(ctx, h); err != nil {
			return err
		}
		if !h.Sessions.Ends(h.Reason) {
			say(p.Out, "%s is suspended; who is signed in through it stays so", order.Provider)
			return nil
		}
		settle(ctx, span(cfg.Revocation.Lease)*11/10)
		say(p.Out, "%s is suspended, and nothing of the sessions that rest on it is good any more; the nodes are ending them: `onedoor provider list`", order.Provider)
		return nil
	})
}

// ResumeProvider lets a provider take part again, as its trust record says.
func ResumeProvider(ctx context.Context, cfg configs.Config, p Process, order ProviderOrder) error {
	return atBrake(ctx, cfg, p, func(ctx context.Context, brake *federation.Brake, _ *federationsql.Store) error {
		if err := brake.Resume(ctx, "", hub.ProviderID(order.Provider), order.Reason); err != nil {
			return err
		}
		say(p.Out, "%s takes part again, as its trust record says", order.Provider)
		return nil
	})
}

// ListProviders tells how the identity providers stand, and how far the sessions of those that were cut off are ended.
func ListProviders(ctx context.Context, cfg configs.Config, p Process) error {
	return atBrake(ctx, cfg, p, func(ctx context.Context, brake *federation.Brake, store *federationsql.Store) error {
		all, err := store.Providers(ctx)
		if err != nil {
			return err
		}
		holds, err := store.Holds(ctx)
		if err != nil {
			return err
		}
		held := map[hub.ProviderID]federation.Hold{}
		for _, h := range holds {
			held[h.Provider] = h
		}
		t := tabwriter.NewWriter(p.Out, 0, 8, 2, ' ', 0)
		for _, x := range all {
			state, ends := string(x.Status), ""
			if h, ok := held[x.ID]; ok {
				state = "suspended by staff since " + when(h.At) + " (" + h.Reason + ")"
			}
			switch n, done, err := brake.Progress(ctx, x.ID); {
			case errors.Is(err, hub.NotFound):
			case err != nil:
				return err
			case done.IsZero():
				ends = fmt.Sprintf("its sessions are being ended: %d so far", n)
			default:
				ends = fmt.Sprintf("%d of its sessions were ended by %s", n, when(done))
			}
			say(t, "%s\t%s\t%s", x.ID, state, ends)
		}
		return t.Flush()
	})
}

// atBrake opens the office with what suspends providers.
func atBrake(ctx context.Context, cfg configs.Config, p Process, work func(context.Context, *federation.Brake, *federationsql.Store) error) error {
	return atStores(ctx, cfg, p, func(ctx context.Context, o *office, stores *hubsql.Stores, ends *logout.Service) error {
		store, err := federationsql.New(o.db)
		if err != nil {
			return err
		}
		cuts, err := newCuts(o.db, stores, ends, o.record, p.Clock, p.Random, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		brake, err := federation.NewBrake(federation.BrakeOptions{Store: store, Cutter: cuts, Audit: o.record, Tx: o.db, Clock: p.Clock})
		if err != nil {
			return err
		}
		return work(ctx, brake, store)
	})
}
