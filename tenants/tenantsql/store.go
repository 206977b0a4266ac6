// Package tenantsql keeps departments and their systems in SQL: one row each, the register's entry as a JSON document whose
// form carries a version, and one version of both lists together that moves in the transaction of every change.
//
// It does not own the tables (migrations) or what is a valid entry (tenants).
package tenantsql

import (
	"context"
	"errors"

	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
)

// Store is the tenants.Store in SQL. It is safe for concurrent use.
type Store struct{ db *sqldb.DB }

var _ tenants.Store = (*Store)(nil)

// New gives the store over a database whose schema is up to date. Invalid without one.
func New(db *sqldb.DB) (*Store, error) {
	if db == nil {
		return nil, hub.Errorf("tenantsql.New", hub.Invalid, "no database")
	}
	return &Store{db: db}, nil
}

// Departments implements tenants.Store, by id.
func (t *Store) Departments(ctx context.Context) ([]tenants.Department, error) {
	var all []tenants.Department
	err := t.each(ctx, "SELECT id, spec FROM departments ORDER BY id", func(id, spec string) error {
		d, err := readDepartment(id, spec)
		all = append(all, d)
		return err
	})
	return all, sqldb.Translate("tenantsql.Departments", err)
}

// Systems implements tenants.Store, by id.
func (t *Store) Systems(ctx context.Context) ([]tenants.System, error) {
	var all []tenants.System
	err := t.each(ctx, "SELECT id, spec FROM systems ORDER BY id", func(id, spec string) error {
		s, err := readSystem(id, spec)
		all = append(all, s)
		return err
	})
	return all, sqldb.Translate("tenantsql.Systems", err)
}

func (t *Store) each(ctx context.Context, statement string, read func(id, spec string) error) (err error) {
	rows, err := t.db.Read(ctx).Raw(statement).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var id, spec string
		if err := rows.Scan(&id, &spec); err != nil {
			return err
		}
		if err := read(id, spec); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Version implements tenants.Store.
func (t *Store) Version(ctx context.Context) (int64, error) {
	var v int64
	err := t.db.Read(ctx).Raw("SELECT version FROM directory_versions WHERE list = 'tenants'").Row().Scan(&v)
	return v, sqldb.Translate("tenantsql.Version", err)
}

// PutDepartment implements tenants.Store. Invalid for an entry without a name.
func (t *Store) PutDepartment(ctx context.Context, d tenants.Department) (bool, error) {
	const op = "tenantsql.PutDepartment"
	spec, err := writeDepartment(d)
	if err != nil {
		return false, hub.E(op, hub.Internal, err)
	}
	if d.ID == "" {
		return false, hub.Errorf(op, hub.Invalid, "no name")
	}
	return t.put(ctx, op, `INSERT INTO departments (id, spec, version) VALUES ( ?, ?, 1) ON CONFLICT (id) DO UPDATE
		SET spec = excluded.spec, version = departments.version + 1, origin = 'file' WHERE departments.spec <> excluded.spec OR departments.origin <> 'file'`, string(d.ID), spec)
}

// PutSystem implements tenants.Store. Conflict where its department is not there; Invalid for an entry without a name.
func (t *Store) PutSystem(ctx context.Context, s tenants.System) (bool, error) {
	const op = "tenantsql.PutSystem"
	spec, err := writeSystem(s)
	if err != nil {
		return false, hub.E(op, hub.Internal, err)
	}
	if s.ID == "" {
		return false, hub.Errorf(op, hub.Invalid, "no name")
	}
	return t.put(ctx, op, `INSERT INTO systems (id, department, spec, version) VALUES ( ?, ?, ?, 1) ON CONFLICT (id) DO UPDATE
		SET department = excluded.department, spec = excluded.spec, version = systems.version + 1, origin = 'file'
		WHERE systems.spec <> excluded.spec OR systems.origin <> 'file'`, string(s.ID), string(s.Department), spec)
}

// put runs an upsert that touches nothing where nothing differs, and moves the version of the lists where it touched something.
func (t *Store) put(ctx context.Context, op, upsert string, args ...any) (bool, error) {
	changed := false
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		r := w.Exec(upsert, args...)
		if changed = r.RowsAffected == 1; r.Error != nil || !changed {
			return sqldb.Translate(op, r.Error)
		}
		err := w.Exec("UPDATE directory_versions SET version = version + 1 WHERE list = 'tenants'").Error
		return sqldb.Translate(op, err)
	})
	if err != nil {
		return false, err
	}
	return changed, nil
}
