package bindingsql

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"onedoor/binding"
	"onedoor/binding/recordindex"
	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
)

// Indexes keeps the indexes of record keys in SQL. It is safe for concurrent use.
type Indexes struct{ db *sqldb.DB }

var (
	_ recordindex.Loads   = (*Indexes)(nil)
	_ recordindex.Imports = (*Indexes)(nil)
	_ recordindex.Lookup  = (*Indexes)(nil)
)

// NewIndexes gives the store over a database whose schema is up to date. Invalid without one.
func NewIndexes(db *sqldb.DB) (*Indexes, error) {
	if db == nil {
		return nil, hub.Errorf("bindingsql.NewIndexes", hub.Invalid, "no database")
	}
	return &Indexes{db: db}, nil
}

const importColumns = `i.seq, i.id, i.department, i.kind, i.state, i.format, i.digest, i.file_bytes, i.line, i.taken, i.faults, i.sealed_key, i.by_account,
	i.at, i.until`

func scanImport(r scanner, more ...any) (i recordindex.Import, err error) {
	var at int64
	var until sql.NullInt64
	err = r.Scan(append([]any{
		&i.Seq, &i.ID, &i.Place.Department, &i.Place.Kind, &i.State, &i.Format, &i.Digest, &i.Offset, &i.Line, &i.Rows, &i.Faults, &i.Key, &i.By, &at, &until,
	}, more...)...)
	i.At, i.Until = sqldb.Time(at), sqldb.NullTime(until)
	return i, err
}

// Begin implements recordindex.Loads. Of two at once the second finds the index in its way, or the other's Seq.
func (t *Indexes) Begin(ctx context.Context, i recordindex.Import) (seq int64, err error) {
	const op = "bindingsql.Indexes.Begin"
	err = t.db.Write(ctx).Raw(`INSERT INTO record_imports (seq, id, department, kind, state, format, digest, file_bytes, line, taken, faults, sealed_key,
		by_account, at) SELECT COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM record_imports
		WHERE 1 = 1 ON CONFLICT DO NOTHING RETURNING seq`, i.ID, string(i.Place.Department), string(i.Place.Kind), string(i.State), string(i.Format),
		i.Digest, i.Offset, i.Line, i.Rows, i.Faults, i.Key, string(i.By), sqldb.Micros(i.At)).Row().Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, hub.Errorf(op, hub.Conflict, "an import is under way")
	}
	return seq, sqldb.Translate(op, err)
}

// rowsAtOnce is how many rows one statement of SQLite adds: its text stays prepared, the rest goes in one by one.
const rowsAtOnce = 250

// Append implements recordindex.Loads. That a record is there already is rare, so it is asked only where rows were left out.
func (t *Indexes) Append(ctx context.Context, was, is recordindex.Import, b recordindex.Batch) (recordindex.Import, error) {
	const op = "bindingsql.Indexes.Append"
	out := is
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		out = is
		entries, faults := b.Entries, b.Faults
		err := t.db.Savepoint(ctx, func(ctx context.Context) error { return t.add(ctx, is.Seq, entries) })
		if errors.Is(err, hub.Conflict) {
			var there map[recordindex.Hash]bool
			if there, err = t.there(ctx, is.Seq, entries); err != nil {
				return err
			}
			entries, faults = nil, faults[:len(faults):len(faults)]
			for n, e := range b.Entries {
				if there[e.Record] {
					faults = append(faults, recordindex.Fault{Line: b.Lines[n], Field: recordindex.Record, Why: recordindex.TwiceFile})
					out.Rows, out.Faults = out.Rows-1, out.Faults+1
				} else {
					entries = append(entries, e)
				}
			}
			err = t.add(ctx, is.Seq, entries)
		}
		if err != nil {
			return err
		}
		if err := t.faults(ctx, is.Seq, faults); err != nil {
			return err
		}
		r := t.db.Write(ctx).Exec(`UPDATE record_imports SET file_bytes = ?, line = ?, digest = ?, taken = ?, faults = ? WHERE id = ? AND state = 'loading'
			AND file_bytes = ?`, out.Offset, out.Line, out.Digest, out.Rows, out.Faults, was.ID, was.Offset)
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Consumed, "it has moved on, or ended")
		}
		return sqldb.Translate(op, r.Error)
	})
	if err != nil {
		return was, err
	}
	return out, nil
}

// add adds rows. Conflict where one is there already.
func (t *Indexes) add(ctx context.Context, seq int64, entries []recordindex.Entry) error {
	if t.db.Dialect() == sqldb.Postgres {
		return t.addPostgres(ctx, seq, entries)
	}
	for len(entries) > 0 {
		n := 1
		if len(entries) >= rowsAtOnce {
			n = rowsAtOnce
		}
		args := make([]any, 0, n*7)
		for _, e := range entries[:n] {
			args = append(args, seq, e.Record[:], hashOrNull(e.Number), hashOrNull(e.Facts), e.Checks, string(e.Area), e.Sealed)
		}
		err := t.db.Later(ctx, sqldb.Change{
			Op: "bindingsql.Indexes.Append", Args: args,
			SQL: "INSERT INTO record_keys (import, record, number, facts, checks, area, sealed) VALUES ( ?, ?, ?, ?, ?, ?, ?)" +
				strings.Repeat(", ( ?, ?, ?, ?, ?, ?, ?)", n-1),
		})
		if err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

// addPostgres sends columns instead of rows: one value each, whatever the number of rows.
func (t *Indexes) addPostgres(ctx context.Context, seq int64, entries []recordindex.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	records, numbers, facts, checks, sealed := make([][]byte, len(entries)), make([][]byte, len(entries)), make([][]byte, len(entries)), make([][]byte, len(entries)), make([][]byte, len(entries))
	areas := make([]string, len(entries))
	for n, e := range entries {
		records[n], checks[n], sealed[n], areas[n] = e.Record[:], e.Checks, e.Sealed, string(e.Area)
		if !e.Number.IsZero() {
			numbers[n] = e.Number[:]
		}
		if !e.Facts.IsZero() {
			facts[n] = e.Facts[:]
		}
	}
	return t.db.Later(ctx, sqldb.Change{
		Op: "bindingsql.Indexes.Append", Args: []any{seq, records, numbers, facts, checks, areas, sealed},
		SQL: `INSERT INTO record_keys (import, record, number, facts, checks, area, sealed) SELECT CAST( ? AS BIGINT), n.* FROM
			unnest( CAST( ? AS BYTEA[]), CAST( ? AS BYTEA[]), CAST( ? AS BYTEA[]), CAST( ? AS BYTEA[]), CAST( ? AS TEXT[]), CAST( ? AS BYTEA[])) AS n`,
	})
}

func hashOrNull(h recordindex.Hash) any {
	if h.IsZero() {
		return nil
	}
	return h[:]
}

// there gives those of the entries whose record is in the import.
func (t *Indexes) there(ctx context.Context, seq int64, entries []recordindex.Entry) (map[recordindex.Hash]bool, error) {
	found := make(map[recordindex.Hash]bool)
	for _, e := range entries {
		err := t.db.Ask(ctx, sqldb.Question{
			SQL: "SELECT 1 FROM record_keys WHERE import = ? AND record = ?", Args: []any{seq, e.Record[:]},
			Scan: func(sqldb.Row) error { found[e.Record] = true; return nil },
		})
		if err != nil {
			return nil, sqldb.Translate("bindingsql.Indexes.Append", err)
		}
	}
	return found, nil
}

func (t *Indexes) faults(ctx context.Context, seq int64, faults []recordindex.Fault) error {
	for _, f := range faults {
		err := t.db.Later(ctx, sqldb.Change{
			Op: "bindingsql.Indexes.Append", SQL: "INSERT INTO record_faults (import, line, field, why) VALUES ( ?, ?, ?, ?)",
			Args: []any{seq, int64(f.Line), string(f.Field), string(f.Why)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Activate implements recordindex.Loads.
func (t *Indexes) Activate(ctx context.Context, i recordindex.Import, at time.Time) error {
	const op = "bindingsql.Indexes.Activate"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		err := w.Exec(`UPDATE record_imports SET state = 'replaced', until = ?, sealed_key = NULL WHERE department = ? AND kind = ? AND state = 'active'`,
			sqldb.Micros(at), string(i.Place.Department), string(i.Place.Kind)).Error
		if err != nil {
			return sqldb.Translate(op, err)
		}
		r := w.Exec("UPDATE record_imports SET state = 'active', until = ? WHERE id = ? AND state = 'loading' AND file_bytes = ?", sqldb.Micros(at), i.ID, i.Offset)
		if r.Error == nil && r.RowsAffected == 0 {
			return hub.Errorf(op, hub.Consumed, "it has moved on, or ended")
		}
		return sqldb.Translate(op, r.Error)
	})
}

// Drop implements recordindex.Loads.
func (t *Indexes) Drop(ctx context.Context, id string, at time.Time) error {
	const op = "bindingsql.Indexes.Drop"
	r := t.db.Write(ctx).Exec("UPDATE record_imports SET state = 'dropped', until = ?, sealed_key = NULL WHERE id = ? AND state IN ('loading', 'active')",
		sqldb.Micros(at), id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it has ended")
	}
	return sqldb.Translate(op, r.Error)
}

// Sweep implements recordindex.Loads: rows of the oldest import first.
func (t *Indexes) Sweep(ctx context.Context, limit int) (n int, err error) {
	const op = "bindingsql.Indexes.Sweep"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		n = 0
		w := t.db.Write(ctx)
		for n < limit {
			var seq int64
			err := w.Raw("SELECT seq FROM record_imports WHERE state IN ('replaced', 'dropped') AND swept = 0 ORDER BY seq LIMIT 1").Row().Scan(&seq)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			}
			if err != nil {
				return sqldb.Translate(op, err)
			}
			r := w.Exec("DELETE FROM record_keys WHERE import = ? AND record IN (SELECT record FROM record_keys WHERE import = ? ORDER BY record LIMIT ?)",
				seq, seq, limit-n)
			if r.Error != nil {
				return sqldb.Translate(op, r.Error)
			}
			if n += int(r.RowsAffected); n < limit {
				if err := w.Exec("UPDATE record_imports SET swept = 1 WHERE seq = ?", seq).Error; err != nil {
					return sqldb.Translate(op, err)
				}
			}
		}
		return nil
	})
	return n, err
}

func (t *Indexes) one(ctx context.Context, op, where string, args ...any) (recordindex.Import, error) {
	i, err := scanImport(t.db.Read(ctx).Raw("SELECT "+importColumns+" FROM record_imports i WHERE "+where, args...).Row())
	if err != nil {
		return recordindex.Import{}, sqldb.Translate(op, err)
	}
	return i, nil
}

func (t *Indexes) all(ctx context.Context, op, where string, args ...any) (all []recordindex.Import, err error) {
	err = rowsOf(t.db.Read(ctx), func(r scanner) error {
		i, err := scanImport(r)
		all = append(all, i)
		return err
	}, "SELECT "+importColumns+" FROM record_imports i WHERE "+where, args...)
	return all, sqldb.Translate(op, err)
}

// Open implements recordindex.Imports.
func (t *Indexes) Open(ctx context.Context, p binding.Place) (recordindex.Import, error) {
	return t.one(ctx, "bindingsql.Indexes.Open", "department = ? AND kind = ? AND state = 'loading'", string(p.Department), string(p.Kind))
}

// ByID implements recordindex.Imports.
func (t *Indexes) ByID(ctx context.Context, id string) (recordindex.Import, error) {
	return t.one(ctx, "bindingsql.Indexes.ByID", "id = ?", id)
}

// Of implements recordindex.Imports.
func (t *Indexes) Of(ctx context.Context, department hub.DepartmentID, limit int) ([]recordindex.Import, error) {
	return t.all(ctx, "bindingsql.Indexes.Of", "department = ? ORDER BY seq DESC LIMIT ?", string(department), limit)
}

// Keys implements recordindex.Imports.
func (t *Indexes) Keys(ctx context.Context) ([]recordindex.Import, error) {
	return t.all(ctx, "bindingsql.Indexes.Keys", "sealed_key IS NOT NULL ORDER BY seq")
}

// Reseal implements recordindex.Imports.
func (t *Indexes) Reseal(ctx context.Context, id string, old, sealed []byte) error {
	return sqldb.Translate("bindingsql.Indexes.Reseal",
		t.db.Write(ctx).Exec("UPDATE record_imports SET sealed_key = ? WHERE id = ? AND sealed_key = ?", sealed, id, old).Error)
}

// Faults implements recordindex.Imports.
func (t *Indexes) Faults(ctx context.Context, id string, behind, limit int) (all []recordindex.Fault, err error) {
	err = rowsOf(t.db.Read(ctx), func(r scanner) error {
		var f recordindex.Fault
		err := r.Scan(&f.Line, &f.Field, &f.Why)
		all = append(all, f)
		return err
	}, `SELECT line, field, why FROM record_faults WHERE import = (SELECT seq FROM record_imports WHERE id = ?) AND line > ? ORDER BY line LIMIT ?`,
		id, behind, limit)
	return all, sqldb.Translate("bindingsql.Indexes.Faults", err)
}

// Lookup implements recordindex.Lookup. It is one statement, or two in one transaction's view: an import that is replaced in between takes its key
// with it, and nothing of it opens any more.
func (t *Indexes) Lookup(ctx context.Context, p binding.Place, by recordindex.Column, hashes []recordindex.Hash, limit int) (i recordindex.Import, entries []recordindex.Entry, err error) {
	const op = "bindingsql.Indexes.Lookup"
	column := map[recordindex.Column]string{recordindex.ByRecord: "record", recordindex.ByNumber: "number", recordindex.ByFacts: "facts"}[by]
	if column == "" {
		return i, nil, hub.Errorf(op, hub.Invalid, "no such column")
	}
	// A row without an entry says that an import is active.
	in := "1 = 0"
	args := []any{}
	if len(hashes) > 0 {
		in = "k." + column + " IN ( ?" + strings.Repeat(", ?", len(hashes)-1) + ")"
		for _, h := range hashes {
			args = append(args, h[:])
		}
	}
	args = append(args, string(p.Department), string(p.Kind), limit)
	found := false
	err = t.db.Ask(ctx, sqldb.Question{
		SQL: "SELECT " + importColumns + ", k.record, k.number, k.facts, k.checks, k.area, k.sealed FROM record_imports i LEFT JOIN record_keys k ON k.import = i.seq AND " + in +
			" WHERE i.department = ? AND i.kind = ? AND i.state = 'active' ORDER BY k.record LIMIT ?",
		Args: args,
		Scan: func(r sqldb.Row) error {
			var record, number, facts, checks, sealed []byte
			var area sql.NullString
			active, err := scanImport(r, &record, &number, &facts, &checks, &area, &sealed)
			i, found = active, true
			if err == nil && record != nil {
				entries = append(entries, entryOf(record, number, facts, checks, sealed, area.String))
			}
			return err
		},
	})
	switch {
	case err != nil:
		return recordindex.Import{}, nil, sqldb.Translate(op, err)
	case !found:
		return recordindex.Import{}, nil, hub.Errorf(op, hub.NotFound, "nothing was imported")
	}
	return i, entries, nil
}

func entryOf(record, number, facts, checks, sealed []byte, area string) recordindex.Entry {
	e := recordindex.Entry{Checks: checks, Sealed: sealed, Area: tenants.AreaID(area)}
	copy(e.Record[:], record)
	copy(e.Number[:], number)
	copy(e.Facts[:], facts)
	return e
}
