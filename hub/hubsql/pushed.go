package hubsql

import (
	"context"
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

// Look implements grant.PushedStore.
func (t *Pushed) Look(ctx context.Context, hash [32]byte, system hub.SystemID, at time.Time) ([]byte, error) {
	const op = "hubsql.Pushed.Look"
	var sealed []byte
	var expires int64
	var used bool
	err := one(ctx, t.db, func(r scanner) error { return r.Scan(&sealed, &expires, &used) },
		"SELECT sealed, expires_at, used_at IS NOT NULL FROM pushed_requests WHERE hash = ? AND system = ?", hash[:], string(system))
	switch {
	case err != nil:
		return nil, sqldb.Translate(op, err)
	case used:
		return nil, hub.Errorf(op, hub.Consumed, "answered before")
	case !at.Before(sqldb.Time(expires)):
		return nil, hub.Errorf(op, hub.Expired, "its time is over")
	}
	return sealed, nil
}

// Finish implements grant.PushedStore: one compare-and-set. Only the reason of a refusal is read afterwards.
func (t *Pushed) Finish(ctx context.Context, hash [32]byte, system hub.SystemID, at time.Time) error {
	const op = "hubsql.Pushed.Finish"
	return t.db.Later(ctx, sqldb.Change{
		Op: op, SQL: "UPDATE pushed_requests SET used_at = ? WHERE hash = ? AND system = ? AND used_at IS NULL",
		Args: []any{sqldb.Micros(at), hash[:], string(system)},
		Missed: func(ctx context.Context) error {
			known := false
			if err := one(ctx, t.db, func(r scanner) error { return r.Scan(&known) },
				"SELECT EXISTS (SELECT 1 FROM pushed_requests WHERE hash = ? AND system = ?)", hash[:], string(system)); err != nil {
				return sqldb.Translate(op, err)
			}
			if !known {
				return hub.Errorf(op, hub.NotFound, "no such request")
			}
			return hub.Errorf(op, hub.Consumed, "answered before")
		},
	})
}

// keptPushed is how long a request is kept after it expired: longer than the login that it began may take.
const keptPushed = time.Hour

// Purge removes at most limit requests that expired an hour before the time and tells how many.
func (t *Pushed) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Pushed.Purge", "pushed_requests", "hash", sqldb.Micros(before.Add(-keptPushed)), limit)
}
