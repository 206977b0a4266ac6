package app

import (
	"context"
	"errors"
	"io"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
)

// purgeParts are what a purger of the record is put together from, in a hub and in a command.
type purgeParts struct {
	db     *sqldb.DB
	store  *hubsql.Audit
	record audit.Recorder
	ring   *keys.Ring
	clock  hub.Clock
	random io.Reader
}

// purger gives what removes events after the configured time, up to where the figures have counted them.
func (x purgeParts) purger(c configs.Retention, by string) (*audit.Purger, error) {
	figures, err := hubsql.NewStatistics(x.db)
	if err != nil {
		return nil, err
	}
	return audit.NewPurger(audit.PurgerOptions{
		Store: x.store, Record: x.record, Authenticate: authenticator(x.ring), Tx: x.db, Clock: x.clock, Random: x.random, Keep: span(c.Record), By: by,
		Counted: func(ctx context.Context) (int64, error) {
			counted, _, err := figures.Progress(ctx)
			return counted, err
		},
	})
}

// retention removes what only ever grows, once its time is over (OPS-02). It belongs to one goroutine.
type retention struct {
	record   *audit.Purger
	consents *hubsql.Consents
	keep     time.Duration
	clock    hub.Clock
	after    int64 // decisions of people up to here have been looked at in this round
}

func (h *Hub) layRetention() error {
	c := h.options.Config.Retention
	record, err := purgeParts{h.db, h.record, h.audit, h.keys, h.clock, h.random}.purger(c, "hub")
	h.retention = &retention{record: record, consents: h.stores.Consents, keep: span(c.Consents), clock: h.clock}
	return err
}

// events removes events of the record.
func (r *retention) events(ctx context.Context) error {
	_, err := r.record.Purge(ctx)
	return err
}

// decisions removes decisions that people have replaced since, a part each time.
func (r *retention) decisions(ctx context.Context) (err error) {
	_, r.after, err = r.consents.Purge(ctx, r.clock().Add(-r.keep), r.after, purgeBatch)
	return err
}

// AuditPurge removes what is too old of the record, now, or only tells what would go.
func AuditPurge(ctx context.Context, cfg configs.Config, p Process, dryRun bool) (err error) {
	o, err := openOffice(ctx, cfg, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Close()) }()
	purger, err := purgeParts{o.db, o.store, o.record, o.ring, p.Clock, p.Random}.purger(cfg.Retention, "command")
	if err != nil {
		return err
	}
	if dryRun {
		plan, err := purger.Plan(ctx)
		if err == nil {
			say(p.Out, "would remove %s; events are kept for %s", plan, cfg.Retention.Record)
		}
		return err
	}
	n, err := purger.Purge(ctx)
	say(p.Out, "removed %d events", n)
	return err
}
