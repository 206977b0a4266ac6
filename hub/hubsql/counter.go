package hubsql

import (
	"context"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Counters counts what happens in a period, on all nodes together. Subjects are keyed hashes.
type Counters struct{ db *sqldb.DB }

// NewCounters gives the counters over a database whose schema is up to date. Invalid without one.
func NewCounters(db *sqldb.DB) (*Counters, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewCounters", hub.Invalid, "no database")
	}
	return &Counters{db: db}, nil
}

// Count adds one to the subject's count in the period that now lies in, and gives it, in one statement. Periods begin at multiples of their
// length since 1970 UTC. Unavailable.
func (t *Counters) Count(ctx context.Context, name string, subject []byte, period time.Duration, now time.Time) (int, error) {
	const op = "hubsql.Counters.Count"
	if period < time.Second || len(subject) != 32 {
		return 0, hub.Errorf(op, hub.Invalid, "a period of at least a second, and a hash")
	}
	begin := now.Truncate(period)
	var count int
	err := t.db.Write(ctx).Raw(`INSERT INTO counters (name, hash, period, count, expires_at) VALUES (?, ?, ?, 1, ?)
		ON CONFLICT (name, hash, period) DO UPDATE SET count = counters.count + 1 RETURNING count`,
		name, subject, sqldb.Micros(begin), sqldb.Micros(begin.Add(period))).Row().Scan(&count)
	return count, sqldb.Translate(op, err)
}

// Purge removes at most limit counts whose period ended before the time and tells how many.
func (t *Counters) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	const op = "hubsql.Counters.Purge"
	n, err := exec(t.db.Write(ctx), `DELETE FROM counters WHERE (name, hash, period) IN (SELECT name, hash, period FROM counters
		WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`, sqldb.Micros(before), limit)
	return n, sqldb.Translate(op, err)
}
