package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/keys"
	"onedoor/hub/telemetry"
)

// purgeBatch bounds one purge statement; the rest goes with the next round.
const purgeBatch = 5000

// duty is something that a node does again and again beside the requests. Every node does all of them; each is safe to do twice.
type duty struct {
	name  string
	every time.Duration
	do    func(ctx context.Context) error
}

func (h *Hub) duties() []duty {
	lease := h.lease.Limit()
	return []duty{
		{"revocations", lease / 5, h.lease.Refresh},
		{"items", h.authz.memory.AnswerDelay() / 6, h.refreshAuthz},
		{"registers", time.Second, h.refresh},
		{"keys", time.Second, h.keys.Refresh},
		{"metadata", 10 * time.Second, h.metadata.Refresh},
		{"SAML peers", 10 * time.Second, h.warmSAML},
		{"key rotation", time.Minute, h.keys.Maintain},
		{"audit sealing", time.Second, h.seal},
		{"statistics", 5 * time.Second, h.count},
		{"session sweep", time.Minute, h.sweep},
		{"notices", time.Second, h.tellPeople},
		{"closed systems", time.Second, h.tellClosed},
		{"cut providers", time.Second, h.cuts.Walk},
		{"mandates", time.Minute, h.expireMandates},
		{"purge", time.Minute, h.purge},
		{"retention of the record", 10 * time.Minute, h.retention.events},
		{"retention of consents", time.Minute, h.retention.decisions},
	}
}

// refresh brings the registers in memory up to date; without a change it costs two small statements.
func (h *Hub) refresh(ctx context.Context) error {
	return errors.Join(h.directory.Refresh(ctx), h.providers.Refresh(ctx), h.ownKeys(ctx), h.ensureKeys(ctx))
}

// ownKeys sees to the keys that identity providers are registered to rely on; where they are there, it costs nothing.
func (h *Hub) ownKeys(ctx context.Context) error {
	own := h.providers.OwnKeys()
	var all error
	for _, alg := range own.Sign {
		all = errors.Join(all, h.keys.Ensure(ctx, alg))
	}
	for _, alg := range own.Decrypt {
		all = errors.Join(all, h.keys.EnsureDecryption(ctx, alg))
	}
	if own.SAML {
		all = errors.Join(all, h.keys.EnsureSAML(ctx, keys.RS256), h.keys.EnsureSAML(ctx, keys.RSAOAEP256))
	}
	return all
}

// providerHealth is what the metrics say of the identity providers.
func (h *Hub) providerHealth() []telemetry.ProviderHealth {
	var out []telemetry.ProviderHealth
	for _, p := range h.providers.Health() {
		out = append(out, telemetry.ProviderHealth{Provider: string(p.Provider), Trouble: p.Trouble, UnderWay: p.UnderWay, FailedInRow: p.FailedInRow})
	}
	return out
}

func (h *Hub) seal(ctx context.Context) error {
	_, err := h.sealer.Seal(ctx)
	return err
}

func (h *Hub) sweep(ctx context.Context) error {
	_, err := h.sessions.Sweep(ctx)
	return err
}

// purge removes what has expired.
func (h *Hub) purge(ctx context.Context) error {
	now := h.clock()
	var all error
	for _, purge := range []func(context.Context, time.Time, int) (int, error){
		h.stores.Logins.Purge, h.stores.Grants.PurgeCodes, h.stores.Grants.PurgeRefresh, h.stores.Grants.PurgeGrants, h.stores.Once.Purge,
		h.stores.Pushed.Purge, h.stores.Statuses.Purge,
		h.stores.Revocations.Purge, h.registrations.Purge, h.answers.Purge, h.transmitter.Purge, h.stores.SAMLNames.Purge, h.logouts.Purge,
		h.contacts.Purge, h.counters.Purge, h.bindings.Purge, h.review.Purge, h.purgeImports, h.purgeAuthz,
		h.purgeFigures, h.keptAnswers.Purge, h.complaints.Purge,
	} {
		if _, err := purge(ctx, now, purgeBatch); err != nil {
			all = errors.Join(all, err)
		}
	}
	h.lease.Forget()
	return all
}

// attend does every duty, and tells participants of ends, until ctx ends, each in its own goroutine, and returns when all have stopped. What goes wrong is logged once
// per change: a database that is away for an hour writes two lines.
func (h *Hub) attend(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { h.logout.Run(ctx) })
	all.Go(func() { h.transmitter.Run(ctx) })
	all.Go(func() { h.bindingDesk.Run(ctx) })
	for _, d := range h.duties() {
		all.Go(func() {
			ticker := time.NewTicker(d.every)
			defer ticker.Stop()
			failing := false
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				bounded, cancel := context.WithTimeout(ctx, max(30*time.Second, d.every))
				err := d.do(bounded)
				cancel()
				if ctx.Err() != nil {
					return
				}
				switch {
				case err != nil && !failing:
					h.options.Log.LogAttrs(ctx, slog.LevelError, "a duty fails", slog.String("duty", d.name), slog.String("kind", string(hub.KindOf(err))), slog.Any("cause", err))
				case err == nil && failing:
					h.options.Log.LogAttrs(ctx, slog.LevelInfo, "a duty works again", slog.String("duty", d.name))
				}
				failing = err != nil
			}
		})
	}
	all.Wait()
}
