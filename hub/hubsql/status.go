package hubsql

import (
	"context"
	"time"

	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// Statuses is the token.StatusStore in SQL: a row for each JWT access token that is alive.
type Statuses struct{ db *sqldb.DB }

var _ token.StatusStore = (*Statuses)(nil)

// Add implements token.StatusStore.
func (t *Statuses) Add(ctx context.Context, e token.StatusEntry) error {
	return t.db.Later(ctx, sqldb.Change{
		Op:   "hubsql.Statuses.Add",
		SQL:  "INSERT INTO status_entries (list, idx, stands, expires_at) VALUES ( ?, ?, ?, ?)",
		Args: []any{e.List, e.Index, e.Stands, sqldb.Micros(e.ExpiresAt)},
	})
}

// Entries implements token.StatusStore, in one statement.
func (t *Statuses) Entries(ctx context.Context, list string, now time.Time) ([]token.StatusEntry, error) {
	var all []token.StatusEntry
	err := sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		e := token.StatusEntry{List: list}
		var expires int64
		if err := r.Scan(&e.Index, &e.Stands, &expires); err != nil {
			return err
		}
		e.ExpiresAt = sqldb.Time(expires)
		all = append(all, e)
		return nil
	}, "SELECT idx, stands, expires_at FROM status_entries WHERE list = ? AND expires_at > ? ORDER BY idx", list, sqldb.Micros(now))
	if err != nil {
		return nil, sqldb.Translate("hubsql.Statuses.Entries", err)
	}
	return all, nil
}

// Purge removes at most limit entries that expired before the time and tells how many.
func (t *Statuses) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	skip := ""
	if t.db.Dialect() == sqldb.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	n, err := exec(t.db.Write(ctx), `DELETE FROM status_entries WHERE (list, idx) IN (SELECT list, idx FROM status_entries
		WHERE expires_at < ? ORDER BY expires_at LIMIT ?`+skip+")", sqldb.Micros(before), limit)
	return n, sqldb.Translate("hubsql.Statuses.Purge", err)
}
