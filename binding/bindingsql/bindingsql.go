// Package bindingsql keeps bindings in SQL, on SQLite and PostgreSQL.
package bindingsql

import (
	"context"
	"database/sql"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
)

// Store is the binding.Store in SQL. It is safe for concurrent use.
type Store struct{ db *sqldb.DB }

var (
	_ binding.Store   = (*Store)(nil)
	_ binding.History = (*Store)(nil)
	_ binding.Seals   = (*Store)(nil)
)

// New gives the store over a database whose schema is up to date. Invalid without one.
func New(db *sqldb.DB) (*Store, error) {
	if db == nil {
		return nil, hub.Errorf("bindingsql.New", hub.Invalid, "no database")
	}
	return &Store{db: db}, nil
}

const columns = `id, department, kind, holder, owner, state, record_hash, record_sealed, way, ial, aal, area, reason, conflict, asked, reviewer,
	reviewed_until, approved_first, wanted, wanted_why, seed, version, created_at, updated_at, bound_at, confirmed_at`

type scanner = sqldb.Row

func scan(r scanner) (b binding.Binding, err error) {
	var holder, owner string
	var ial, aal, created, updated int64
	var until, bound, confirmed sql.NullInt64
	err = r.Scan(&b.ID, &b.Place.Department, &b.Place.Kind, &holder, &owner, &b.State, &b.Record.Hash, &b.Record.Sealed, &b.Way, &ial, &aal, &b.Area,
		&b.Reason, &b.Conflict, &b.Asked, &b.Reviewer, &until, &b.First, &b.Wanted, &b.WantedWhy, &b.Seed, &b.Version, &created, &updated, &bound, &confirmed)
	b.Owner, b.Level = binding.OwnerOf(tenants.Holder(holder), owner), hub.Level{IAL: hub.IAL(ial), AAL: hub.AAL(aal)}
	b.ReviewedUntil, b.BoundAt, b.ConfirmedAt = sqldb.NullTime(until), sqldb.NullTime(bound), sqldb.NullTime(confirmed)
	b.CreatedAt, b.UpdatedAt = sqldb.Time(created), sqldb.Time(updated)
	return b, err
}

func values(b binding.Binding) []any {
	return []any{
		b.ID, string(b.Place.Department), string(b.Place.Kind), string(b.Owner.Holder()), b.Owner.ID(), string(b.State), blob(b.Record.Hash),
		blob(b.Record.Sealed), string(b.Way), int64(b.Level.IAL), int64(b.Level.AAL), string(b.Area), string(b.Reason), b.Conflict, b.Asked,
		string(b.Reviewer), sqldb.NullMicros(b.ReviewedUntil), string(b.First), string(b.Wanted), string(b.WantedWhy), b.Seed, b.Version, sqldb.Micros(b.CreatedAt), sqldb.Micros(b.UpdatedAt),
		sqldb.NullMicros(b.BoundAt), sqldb.NullMicros(b.ConfirmedAt),
	}
}

// blob gives NULL for nothing.
func blob(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

const insert = "INSERT INTO bindings (" + columns + `) VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
	ON CONFLICT DO NOTHING`

// add inserts a binding with its first change; false where a unique rule is in the way.
func (t *Store) add(ctx context.Context, op string, b binding.Binding, c binding.Change) (added bool, err error) {
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		added = false
		r := t.db.Write(ctx).Exec(insert, values(b)...)
		if r.Error != nil || r.RowsAffected == 0 {
			return sqldb.Translate(op, r.Error)
		}
		added = true
		return t.note(ctx, op, c, b.Version)
	})
	return added, err
}

func (t *Store) note(ctx context.Context, op string, c binding.Change, version int) error {
	return sqldb.Translate(op, t.db.Write(ctx).Exec(`INSERT INTO binding_changes (id, binding, was, became, reason, way, ial, aal, actor_kind, actor,
		interaction, at, version) VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, c.ID, c.Binding, string(c.Was), string(c.Became), string(c.Reason),
		string(c.Way), int64(c.Level.IAL), int64(c.Level.AAL), string(c.By.Kind), string(c.By.Account), string(c.Interaction), sqldb.Micros(c.At),
		version).Error)
}

// First implements binding.Store. The question before saves the insert where the owner is known; the index decides where many come at once.
func (t *Store) First(ctx context.Context, b binding.Binding, c binding.Change) (bool, error) {
	const op = "bindingsql.First"
	known := false
	err := t.db.Ask(ctx, sqldb.Question{
		SQL:  "SELECT 1 FROM bindings WHERE owner = ? AND department = ? AND (seed OR state <> 'unbound') LIMIT 1",
		Args: []any{b.Owner.ID(), string(b.Place.Department)},
		Scan: func(sqldb.Row) error { known = true; return nil },
	})
	if err != nil || known {
		return false, sqldb.Translate(op, err)
	}
	return t.add(ctx, op, b, c)
}

// Add implements binding.Store.
func (t *Store) Add(ctx context.Context, b binding.Binding, c binding.Change) error {
	const op = "bindingsql.Add"
	added, err := t.add(ctx, op, b, c)
	if err == nil && !added {
		return hub.Errorf(op, hub.Conflict, "the owner has one, or somebody has the record")
	}
	return err
}

// ByID implements binding.Store.
func (t *Store) ByID(ctx context.Context, id string) (binding.Binding, error) {
	return t.one(ctx, "bindingsql.ByID", "id = ?", id)
}

// HeldBy implements binding.Store.
func (t *Store) HeldBy(ctx context.Context, hash []byte) (binding.Binding, error) {
	return t.one(ctx, "bindingsql.HeldBy", "record_hash = ? AND state IN ('bound', 'suspended')", hash)
}

func (t *Store) one(ctx context.Context, op, where string, args ...any) (b binding.Binding, err error) {
	found := false
	err = t.db.Ask(ctx, sqldb.Question{SQL: "SELECT " + columns + " FROM bindings WHERE " + where, Args: args, Scan: func(r sqldb.Row) (err error) {
		found = true
		b, err = scan(r)
		return err
	}})
	switch {
	case err != nil:
		return binding.Binding{}, sqldb.Translate(op, err)
	case !found:
		return binding.Binding{}, hub.Errorf(op, hub.NotFound, "no such binding")
	}
	return b, nil
}

// Of implements binding.Store.
func (t *Store) Of(ctx context.Context, o binding.Owner, department hub.DepartmentID) ([]binding.Binding, error) {
	where, args := "owner = ? AND state <> 'unbound'", []any{o.ID()}
	if department != "" {
		where, args = where+" AND department = ?", append(args, string(department))
	}
	return t.list(ctx, "bindingsql.Of", where+" ORDER BY created_at, id", args...)
}

func (t *Store) list(ctx context.Context, op, where string, args ...any) (all []binding.Binding, err error) {
	err = t.db.Ask(ctx, sqldb.Question{SQL: "SELECT " + columns + " FROM bindings WHERE " + where, Args: args, Scan: func(r sqldb.Row) error {
		b, err := scan(r)
		all = append(all, b)
		return err
	}})
	return all, sqldb.Translate(op, err)
}

// Move implements binding.Store, as a compare-and-set.
func (t *Store) Move(ctx context.Context, b binding.Binding, c binding.Change) error {
	const op = "bindingsql.Move"
	return t.db.Savepoint(ctx, func(ctx context.Context) error {
		r := t.db.Write(ctx).Exec(`UPDATE bindings SET state = ?, record_hash = ?, record_sealed = ?, way = ?, ial = ?, aal = ?, area = ?, reason = ?,
			conflict = ?, asked = ?, reviewer = ?, reviewed_until = ?, approved_first = ?, wanted = ?, wanted_why = ?, version = version + 1, updated_at = ?, bound_at = ?,
			confirmed_at = ? WHERE id = ? AND version = ?`, string(b.State), blob(b.Record.Hash), blob(b.Record.Sealed), string(b.Way),
			int64(b.Level.IAL), int64(b.Level.AAL), string(b.Area), string(b.Reason), b.Conflict, b.Asked, string(b.Reviewer),
			sqldb.NullMicros(b.ReviewedUntil), string(b.First), string(b.Wanted), string(b.WantedWhy), sqldb.Micros(b.UpdatedAt), sqldb.NullMicros(b.BoundAt),
			sqldb.NullMicros(b.ConfirmedAt), b.ID, b.Version)
		switch {
		case r.Error != nil:
			return sqldb.Translate(op, r.Error)
		case r.RowsAffected == 0:
			return hub.Errorf(op, hub.Consumed, "somebody was faster")
		}
		return t.note(ctx, op, c, b.Version+1)
	})
}

// Changes implements binding.History.
func (t *Store) Changes(ctx context.Context, id string, limit int) (all []binding.Change, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var c binding.Change
		var ial, aal, at int64
		err := r.Scan(&c.ID, &c.Binding, &c.Was, &c.Became, &c.Reason, &c.Way, &ial, &aal, &c.By.Kind, &c.By.Account, &c.Interaction, &at)
		c.Level, c.At = hub.Level{IAL: hub.IAL(ial), AAL: hub.AAL(aal)}, sqldb.Time(at)
		all = append(all, c)
		return err
	}, `SELECT id, binding, was, became, reason, way, ial, aal, actor_kind, actor, interaction, at FROM binding_changes WHERE binding = ?
		ORDER BY version DESC LIMIT ?`, id, limit)
	return all, sqldb.Translate("bindingsql.Changes", err)
}

// After implements binding.Seals.
func (t *Store) After(ctx context.Context, id string, limit int) ([]binding.Binding, error) {
	return t.list(ctx, "bindingsql.After", "id > ? AND record_sealed IS NOT NULL ORDER BY id LIMIT ?", id, limit)
}

// Reseal implements binding.Seals.
func (t *Store) Reseal(ctx context.Context, id string, old, sealed []byte) error {
	return sqldb.Translate("bindingsql.Reseal",
		t.db.Write(ctx).Exec("UPDATE bindings SET record_sealed = ? WHERE id = ? AND record_sealed = ?", sealed, id, old).Error)
}
