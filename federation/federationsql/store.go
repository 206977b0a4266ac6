// Package federationsql keeps the trust records of the identity providers in SQL: one row each, the record as a JSON document
// whose form carries a version, and one version of the list that moves in the transaction of every change. Our secrets at a
// provider are in it as federation keeps them: sealed under the master key.
//
// It does not own the table (migrations) or what is a valid record (federation).
package federationsql

import (
	"context"
	"errors"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Store is the federation.Store in SQL. It is safe for concurrent use.
type Store struct{ db *sqldb.DB }

var _ federation.Store = (*Store)(nil)

// New gives the store over a database whose schema is up to date. Invalid without one.
func New(db *sqldb.DB) (*Store, error) {
	if db == nil {
		return nil, hub.Errorf("federationsql.New", hub.Invalid, "no database")
	}
	return &Store{db: db}, nil
}

// Providers implements federation.Store, by id.
func (t *Store) Providers(ctx context.Context) ([]federation.Provider, error) {
	const op = "federationsql.Providers"
	all, err := t.list(ctx)
	if err != nil {
		return nil, sqldb.Translate(op, err)
	}
	return all, nil
}

func (t *Store) list(ctx context.Context) (all []federation.Provider, err error) {
	rows, err := t.db.Read(ctx).Raw("SELECT id, spec FROM identity_providers ORDER BY id").Rows()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id, spec string
		if err := rows.Scan(&id, &spec); err != nil {
			return nil, err
		}
		p, err := readProvider(id, spec)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}

// Version implements federation.Store.
func (t *Store) Version(ctx context.Context) (int64, error) {
	var v int64
	err := t.db.Read(ctx).Raw("SELECT version FROM directory_versions WHERE list = 'providers'").Row().Scan(&v)
	return v, sqldb.Translate("federationsql.Version", err)
}

// Put implements federation.Store: an upsert that touches nothing where nothing differs. Invalid for a record without a name. A
// secret that was sealed anew differs: who applies the same secret again hands in the sealed one that is there.
func (t *Store) Put(ctx context.Context, p federation.Provider) (bool, error) {
	const op = "federationsql.Put"
	if p.ID == "" {
		return false, hub.Errorf(op, hub.Invalid, "no name")
	}
	spec, err := writeProvider(p)
	if err != nil {
		return false, hub.E(op, hub.Internal, err)
	}
	changed := false
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		r := w.Exec(`INSERT INTO identity_providers (id, spec, version) VALUES ( ?, ?, 1) ON CONFLICT (id) DO UPDATE
			SET spec = excluded.spec, version = identity_providers.version + 1 WHERE identity_providers.spec <> excluded.spec`,
			string(p.ID), spec)
		if changed = r.RowsAffected == 1; r.Error != nil || !changed {
			return sqldb.Translate(op, r.Error)
		}
		return sqldb.Translate(op, t.moved(ctx))
	})
	if err != nil {
		return false, err
	}
	return changed, nil
}
