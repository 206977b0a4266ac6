package hubsql

import (
	"context"
	"crypto/sha256"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Once is the grant.Once in SQL. It keeps the SHA-256 of kind and key: keys are foreign text of any length, and some would be
// worth stealing.
type Once struct{ db *sqldb.DB }

// Use implements grant.Once. An entry counts until it is purged, which is never before it expired.
func (t *Once) Use(ctx context.Context, kind, key string, expires time.Time) error {
	const op = "hubsql.Once.Use"
	h := sha256.New()
	h.Write([]byte(kind))
	h.Write([]byte{0})
	h.Write([]byte(key))
	n, err := exec(t.db.Write(ctx), "INSERT INTO single_use (kind, hash, expires_at) VALUES ( ?, ?, ?) ON CONFLICT DO NOTHING",
		kind, h.Sum(nil), sqldb.Micros(expires))
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Consumed, "used before")
	}
	return sqldb.Translate(op, err)
}

// Purge removes at most limit entries that expired before the time and tells how many.
func (t *Once) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	return purge(ctx, t.db, "hubsql.Once.Purge", "single_use", "hash", sqldb.Micros(before), limit)
}
