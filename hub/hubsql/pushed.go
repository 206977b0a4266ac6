package hubsql

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/sqldb"
)

// Pushed is the grant.PushedStore in SQL.
type Pushed struct{ db *sqldb.DB }

// Push implements grant.PushedStore.
func (t *Pushed) Push(ctx context.Context, p grant.Pushed) error {
	const op = "hubsql.Pushed.Push"
	n, err := exec(t.db.Write(ctx), "INSERT INTO pushed_requests (hash, system, sealed, expires_at) VALUES ( ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		p.Hash[:], string(p.System), nonNil(p.Sealed), sqldb.Micros(p.ExpiresAt))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the request exists")
	}
	return sqldb.Translate(op, err)
}

// Take implements grant.PushedStore: one compare-and-set. Only the reason of a refusal is read afterwards.
func (t *Pushed) Take(ctx context.Context, hash [32]byte, system hub.SystemID, at time.Time) ([]byte, error) {
	const op = "hubsql.Pushed.Take"
	w, micros := t.db.Write(ctx), sqldb.Micros(at)
	var sealed []byte
	err := w.Raw(`UPDATE pushed_requests SET used_at = ? WHERE hash = ? AND system = ? AND used_at IS NULL AND expires_at > ?
		RETURNING sealed`, micros, hash[:], string(system), micros).Row().Scan(&sealed)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return sealed, sqldb.Translate(op, err)
	}
	var used bool
	err = w.Raw("SELECT used_at IS NOT NULL FROM pushed_requests WHERE hash = ? AND system = ?", hash[:], string(system)).Row().Scan(&used)
	switch {
	case err != nil:
		return nil, sqldb.Translate(op, err)
	case used:
		return nil, hub.Errorf(op, hub.Consumed, "taken before")
	default:
		return nil, hub.Errorf(op, hub.Expired, "its time is over")
	}
}

// Purge removes at most limit requests that expired before the time and tells how many.
func (t *Pushed) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Pushed.Purge", "pushed_requests", "hash", sqldb.Micros(before), limit)
}
