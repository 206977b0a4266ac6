package hubsql

import (
	"context"

	"onedoor/hub/audit"
	"onedoor/hub/sqldb"
)

var _ audit.PurgeStore = (*Audit)(nil)

// Cuts implements audit.Cuts.
func (t *Audit) Cuts(ctx context.Context, below int64, limit int) (all []audit.KnownCut, err error) {
	if below <= 0 {
		below = 1<<63 - 1
	}
	err = sqldb.Each(t.db.Read(ctx), func(s scanner) error {
		var r auditRow
		var c audit.KnownCut
		var before int64
		if err := s.Scan(r.columns(&c.From, &c.To, &before, &c.Event)...); err != nil {
			return err
		}
		c.Before = sqldb.Time(before)
		row, err := r.row()
		if err == nil {
			c.Row = row
			all = append(all, c)
		}
		return err
	}, "SELECT "+eventColumns+`, c.first, c.upto, c.before, c.event FROM audit_cuts c LEFT JOIN audit_events e ON e.id = c.event
		WHERE c.upto < ? ORDER BY c.upto DESC LIMIT ?`, below, limit)
	return all, sqldb.Translate("hubsql.Audit.Cuts", err)
}

// Cut implements audit.PurgeStore. Its event is there before it: both go to the database in this order.
func (t *Audit) Cut(ctx context.Context, c audit.Cut) error {
	const op = "hubsql.Audit.Cut"
	return sqldb.Translate(op, t.insert(ctx, op, "audit_cuts (upto, first, before, event)", 4, []any{c.To, c.From, sqldb.Micros(c.Before), c.Event}))
}

// Remove implements audit.PurgeStore. The triggers let nothing go that is not behind a cut and older than the law wants it kept.
func (t *Audit) Remove(ctx context.Context, from, to int64) (int, error) {
	n, err := exec(t.db.Write(ctx), "DELETE FROM audit_events WHERE seq IN (SELECT l.seq FROM audit_leaves l WHERE l.idx >= ? AND l.idx < ?)", from, to)
	return n, sqldb.Translate("hubsql.Audit.Remove", err)
}
