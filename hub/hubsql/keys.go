package hubsql

import (
	"context"
	"database/sql"

	"onedoor/hub"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
)

// Keys is the keys.Store in SQL.
type Keys struct{ db *sqldb.DB }

var _ keys.Store = (*Keys)(nil)

// NewKeys gives the store over a database whose schema is up to date. Invalid without one.
func NewKeys(db *sqldb.DB) (*Keys, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.NewKeys", hub.Invalid, "no database")
	}
	return &Keys{db: db}, nil
}

// List implements keys.Store. The version is read first: with a list that is newer than its version the next writer only
// has to look again.
func (t *Keys) List(ctx context.Context) ([]keys.Record, int64, error) {
	const op = "hubsql.Keys.List"
	version, err := t.Version(ctx)
	if err != nil {
		return nil, 0, err
	}
	var all []keys.Record
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var k keys.Record
		var created, active int64
		var retire, expires sql.NullInt64
		if err := r.Scan(&k.ID, &k.Use, &k.Alg, &k.Public, &k.Sealed, &k.Master, &created, &active, &retire, &expires); err != nil {
			return err
		}
		k.CreatedAt, k.ActiveFrom = sqldb.Time(created), sqldb.Time(active)
		k.RetireAt, k.ExpiresAt = sqldb.NullTime(retire), sqldb.NullTime(expires)
		all = append(all, k)
		return nil
	}, "SELECT id, use, alg, public, sealed, master, created_at, active_from, retire_at, expires_at FROM keys ORDER BY seq")
	return all, version, sqldb.Translate(op, err)
}

// Version implements keys.Store.
func (t *Keys) Version(ctx context.Context) (int64, error) {
	var version int64
	err := t.db.Read(ctx).Raw("SELECT version FROM keys_version WHERE id = 1").Row().Scan(&version)
	return version, sqldb.Translate("hubsql.Keys.Version", err)
}

// Add implements keys.Store.
func (t *Keys) Add(ctx context.Context, k keys.Record, version int64) error {
	const op = "hubsql.Keys.Add"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.count(ctx, op, version); err != nil {
			return err
		}
		_, err := exec(t.db.Write(ctx), `INSERT INTO keys (id, use, alg, public, sealed, master, created_at, active_from, retire_at, expires_at)
			VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, k.ID, string(k.Use), k.Alg, blob(k.Public), blob(k.Sealed), k.Master,
			sqldb.Micros(k.CreatedAt), sqldb.Micros(k.ActiveFrom), sqldb.NullMicros(k.RetireAt), sqldb.NullMicros(k.ExpiresAt))
		return sqldb.Translate(op, err)
	})
}

// Update implements keys.Store.
func (t *Keys) Update(ctx context.Context, k keys.Record, version int64) error {
	const op = "hubsql.Keys.Update"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		if err := t.count(ctx, op, version); err != nil {
			return err
		}
		n, err := exec(t.db.Write(ctx), "UPDATE keys SET sealed = ?, master = ?, active_from = ?, retire_at = ?, expires_at = ? WHERE id = ?",
			blob(k.Sealed), k.Master, sqldb.Micros(k.ActiveFrom), sqldb.NullMicros(k.RetireAt), sqldb.NullMicros(k.ExpiresAt), k.ID)
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.NotFound, "no such key")
		}
		return sqldb.Translate(op, err)
	})
}

// count takes the version from the given number to the next: of several writers that saw the same list, one goes on.
func (t *Keys) count(ctx context.Context, op string, version int64) error {
	n, err := exec(t.db.Write(ctx), "UPDATE keys_version SET version = version + 1 WHERE id = 1 AND version = ?", version)
	if err == nil && n == 0 {
		return hub.Errorf(op, hub.Conflict, "the keys have changed")
	}
	return sqldb.Translate(op, err)
}
