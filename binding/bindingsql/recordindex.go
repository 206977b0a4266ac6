package bindingsql

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math"
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
	_ recordindex.Sorting = (*Indexes)(nil)
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
	i.by_system, i.numbers, i.most_faults, i.smaller, i.why, i.at, i.until`

func scanImport(r scanner) (i recordindex.Import, err error) {
	var at int64
	var until sql.NullInt64
	err = r.Scan(&i.Seq, &i.ID, &i.Place.Department, &i.Place.Kind, &i.State, &i.Format, &i.Digest, &i.Offset, &i.Line, &i.Rows, &i.Faults, &i.Key,
		&i.By.Account, &i.By.System, &i.Terms.Numbers, &i.Terms.Faults, &i.Terms.Smaller, &i.Why, &at, &until)
	i.At, i.Until = sqldb.Time(at), sqldb.NullTime(until)
	return i, err
}

// Begin implements recordindex.Loads. Of two at once the second finds the index in its way, or the other's Seq.
func (t *Indexes) Begin(ctx context.Context, i recordindex.Import) (seq int64, err error) {
	const op = "bindingsql.Indexes.Begin"
	err = t.db.Write(ctx).Raw(`INSERT INTO record_imports (seq, id, department, kind, state, format, digest, file_bytes, line, taken, faults, sealed_key,
		by_account, by_system, numbers, most_faults, smaller, at) SELECT COALESCE(MAX(seq), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM record_imports
		WHERE 1 = 1 ON CONFLICT DO NOTHING RETURNING seq`, i.ID, string(i.Place.Department), string(i.Place.Kind), string(i.State), string(i.Format),
		i.Digest, i.Offset, i.Line, i.Rows, i.Faults, i.Key, string(i.By.Account), string(i.By.System), i.Terms.Numbers, i.Terms.Faults,
		i.Terms.Smaller, sqldb.Micros(i.At)).Row().Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, hub.Errorf(op, hub.Conflict, "an import is under way")
	}
	return seq, sqldb.Translate(op, err)
}

// rowsAtOnce is how many rows one statement of SQLite adds: its text stays prepared, the rest goes in one by one.
const rowsAtOnce = 250

// Append implements recordindex.Loads.
func (t *Indexes) Append(ctx context.Context, was, is recordindex.Import, b recordindex.Batch) error {
	const op = "bindingsql.Indexes.Append"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		// First who moves it: of two at once the second waits here, and then adds nothing.
		r := t.db.Write(ctx).Exec(`UPDATE record_imports SET file_bytes = ?, line = ?, digest = ?, taken = ?, faults = ? WHERE id = ? AND state = 'loading'
			AND file_bytes = ?`, is.Offset, is.Line, is.Digest, is.Rows, is.Faults, was.ID, was.Offset)
		switch {
		case r.Error != nil:
			return sqldb.Translate(op, r.Error)
		case r.RowsAffected == 0:
			return hub.Errorf(op, hub.Consumed, "it has moved on, or ended")
		}
		if err := t.add(ctx, is.Seq, b); err != nil {
			return err
		}
		return t.faults(ctx, is.Seq, b.Faults)
	})
}

func (t *Indexes) add(ctx context.Context, seq int64, b recordindex.Batch) error {
	if t.db.Dialect() == sqldb.Postgres {
		return t.addPostgres(ctx, seq, b)
	}
	return t.inserts(ctx, "INSERT INTO record_keys (import, line, record, number, facts, checks, area, sealed) VALUES ", 8, len(b.Entries), func(to []any, n int) []any {
		e := b.Entries[n]
		return append(to, seq, b.Lines[n], e.Record[:], hashOrNull(e.Number), hashOrNull(e.Facts), e.Checks, string(e.Area), e.Sealed)
	})
}

// inserts adds rows of so many columns, many in one statement.
func (t *Indexes) inserts(ctx context.Context, statement string, columns, rows int, row func(to []any, n int) []any) error {
	one := "( ?" + strings.Repeat(", ?", columns-1) + ")"
	for at := 0; at < rows; {
		n := 1
		if rows-at >= rowsAtOnce {
			n = rowsAtOnce
		}
		args := make([]any, 0, n*columns)
		for i := range n {
			args = row(args, at+i)
		}
		err := t.db.Later(ctx, sqldb.Change{Op: "bindingsql.Indexes.Append", Args: args, SQL: statement + one + strings.Repeat(", "+one, n-1)})
		if err != nil {
			return err
		}
		at += n
	}
	return nil
}

// addPostgres sends columns instead of rows: one value each, whatever the number of rows.
func (t *Indexes) addPostgres(ctx context.Context, seq int64, b recordindex.Batch) error {
	n := len(b.Entries)
	if n == 0 {
		return nil
	}
	records, numbers, facts, checks, sealed := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	lines, areas := make([]int64, n), make([]string, n)
	for i, e := range b.Entries {
		lines[i], records[i], checks[i], sealed[i], areas[i] = int64(b.Lines[i]), e.Record[:], e.Checks, e.Sealed, string(e.Area)
		if !e.Number.IsZero() {
			numbers[i] = e.Number[:]
		}
		if !e.Facts.IsZero() {
			facts[i] = e.Facts[:]
		}
	}
	return t.db.Later(ctx, sqldb.Change{
		Op: "bindingsql.Indexes.Append", Args: []any{seq, lines, records, numbers, facts, checks, areas, sealed},
		SQL: `INSERT INTO record_keys (import, line, record, number, facts, checks, area, sealed) SELECT CAST( ? AS BIGINT), n.* FROM
			unnest( CAST( ? AS BIGINT[]), CAST( ? AS BYTEA[]), CAST( ? AS BYTEA[]), CAST( ? AS BYTEA[]), CAST( ? AS BYTEA[]), CAST( ? AS TEXT[]), CAST( ? AS BYTEA[])) AS n`,
	})
}

// columnOf gives the column of record_keys and the number under which record_finds has it. Invalid for another.
func columnOf(by recordindex.Column) (name string, number int64, err error) {
	switch by {
	case recordindex.ByRecord:
		return "record", 0, nil
	case recordindex.ByNumber:
		return "number", 1, nil
	case recordindex.ByFacts:
		return "facts", 2, nil
	}
	return "", 0, hub.Errorf("bindingsql.columnOf", hub.Invalid, "no such column")
}

// Hashes implements recordindex.Sorting. It reads page by page: a reader that stays for minutes would hold back what PostgreSQL cleans up.
func (t *Indexes) Hashes(ctx context.Context, i recordindex.Import, by recordindex.Column, each func(recordindex.Find)) error {
	const op, page = "bindingsql.Indexes.Hashes", 20_000
	name, _, err := columnOf(by)
	if err != nil {
		return err
	}
	for behind := int64(0); ; {
		n := 0
		err := t.db.Ask(ctx, sqldb.Question{
			SQL:  "SELECT line, " + name + " FROM record_keys WHERE import = ? AND line > ? ORDER BY line LIMIT ?",
			Args: []any{i.Seq, behind, page},
			Scan: func(r sqldb.Row) error {
				var hash []byte
				err := r.Scan(&behind, &hash)
				if n++; err == nil && len(hash) == recordindex.HashSize {
					each(recordindex.Find{Hash: recordindex.Hash(hash), Line: int(behind)})
				}
				return err
			},
		})
		if err != nil || n < page {
			return sqldb.Translate(op, err)
		}
	}
}

// Found implements recordindex.Sorting.
func (t *Indexes) Found(ctx context.Context, i recordindex.Import, by recordindex.Column) (n int, err error) {
	_, number, err := columnOf(by)
	if err != nil {
		return 0, err
	}
	err = t.db.Read(ctx).Raw("SELECT count(*) FROM record_finds WHERE import = ? AND by_key = ?", i.Seq, number).Row().Scan(&n)
	return n, sqldb.Translate("bindingsql.Indexes.Found", err)
}

// AddFinds implements recordindex.Sorting.
func (t *Indexes) AddFinds(ctx context.Context, i recordindex.Import, by recordindex.Column, finds []recordindex.Find) error {
	_, number, err := columnOf(by)
	if err != nil {
		return err
	}
	return t.db.InTx(ctx, func(ctx context.Context) error {
		const insert = "INSERT INTO record_finds (import, by_key, hash, line) "
		if t.db.Dialect() == sqldb.SQLite {
			return t.inserts(ctx, insert+"VALUES ", 4, len(finds), func(to []any, n int) []any {
				return append(to, i.Seq, number, finds[n].Hash[:], int64(finds[n].Line))
			})
		}
		hashes, lines := make([][]byte, len(finds)), make([]int64, len(finds))
		for n, f := range finds {
			hashes[n], lines[n] = f.Hash[:], int64(f.Line)
		}
		return t.db.Later(ctx, sqldb.Change{
			Op: "bindingsql.Indexes.AddFinds", Args: []any{i.Seq, number, hashes, lines},
			SQL: insert + "SELECT CAST( ? AS BIGINT), CAST( ? AS BIGINT), n.* FROM unnest( CAST( ? AS BYTEA[]), CAST( ? AS BIGINT[])) AS n",
		})
	})
}

// Strike implements recordindex.Sorting.
func (t *Indexes) Strike(ctx context.Context, i recordindex.Import, lines []int) (recordindex.Import, error) {
	const op = "bindingsql.Indexes.Strike"
	is := i
	is.Rows, is.Faults = i.Rows-len(lines), i.Faults+len(lines)
	err := t.db.InTx(ctx, func(ctx context.Context) error {
		r := t.db.Write(ctx).Exec("UPDATE record_imports SET taken = ?, faults = ? WHERE id = ? AND state = 'loading' AND taken = ?", is.Rows, is.Faults, i.ID, i.Rows)
		switch {
		case r.Error != nil:
			return sqldb.Translate(op, r.Error)
		case r.RowsAffected == 0:
			return hub.Errorf(op, hub.Conflict, "somebody was faster")
		}
		faults := make([]recordindex.Fault, 0, len(lines))
		for _, line := range lines {
			faults = append(faults, recordindex.Fault{Line: line, Field: recordindex.Record, Why: recordindex.TwiceFile})
			err := t.db.Later(ctx, sqldb.Change{
				Op: op, SQL: "DELETE FROM record_keys WHERE import = ? AND line = ?", Args: []any{i.Seq, int64(line)},
				Missed: func(context.Context) error { return hub.Errorf(op, hub.Conflict, "somebody was faster") },
			})
			if err != nil {
				return err
			}
		}
		return t.faults(ctx, i.Seq, faults)
	})
	if err != nil {
		return i, err
	}
	return is, nil
}

func hashOrNull(h recordindex.Hash) any {
	if h.IsZero() {
		return nil
	}
	return h[:]
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
func (t *Indexes) Drop(ctx context.Context, id string, why recordindex.Why, at time.Time) error {
	const op = "bindingsql.Indexes.Drop"
	r := t.db.Write(ctx).Exec("UPDATE record_imports SET state = 'dropped', why = ?, until = ?, sealed_key = NULL WHERE id = ? AND state IN ('loading', 'active')",
		string(why), sqldb.Micros(at), id)
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Consumed, "it has ended")
	}
	return sqldb.Translate(op, r.Error)
}

// Sweep implements recordindex.Loads: rows of the oldest import first, in the order in which they lie.
func (t *Indexes) Sweep(ctx context.Context, limit int) (n int, err error) {
	const op = "bindingsql.Indexes.Sweep"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		n = 0
		w := t.db.Write(ctx)
		var seq int64
		err := w.Raw("SELECT seq FROM record_imports WHERE state IN ('replaced', 'dropped') AND swept = 0 ORDER BY seq LIMIT 1").Row().Scan(&seq)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		for _, s := range []string{
			`DELETE FROM record_finds WHERE import = ? AND by_key = 0 AND hash < COALESCE((SELECT hash FROM record_finds WHERE import = ? AND by_key = 0
				ORDER BY hash LIMIT 1 OFFSET ?), ?)`,
			`DELETE FROM record_finds WHERE import = ? AND by_key = 1 AND hash < COALESCE((SELECT hash FROM record_finds WHERE import = ? AND by_key = 1
				ORDER BY hash LIMIT 1 OFFSET ?), ?)`,
			`DELETE FROM record_finds WHERE import = ? AND by_key = 2 AND hash < COALESCE((SELECT hash FROM record_finds WHERE import = ? AND by_key = 2
				ORDER BY hash LIMIT 1 OFFSET ?), ?)`,
		} {
			r := w.Exec(s, seq, seq, limit, afterAll)
			if n += int(r.RowsAffected); r.Error != nil {
				return sqldb.Translate(op, r.Error)
			}
		}
		r := w.Exec(`DELETE FROM record_keys WHERE import = ? AND line < COALESCE((SELECT line FROM record_keys WHERE import = ? ORDER BY line
			LIMIT 1 OFFSET ?), ?)`, seq, seq, limit, int64(math.MaxInt64))
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		if n += int(r.RowsAffected); n == 0 {
			n = 1 // it was the last of that import; there may be another
			return sqldb.Translate(op, w.Exec("UPDATE record_imports SET swept = 1 WHERE seq = ?", seq).Error)
		}
		return nil
	})
	return n, err
}

// afterAll is behind every hash.
var afterAll = bytes.Repeat([]byte{0xFF}, recordindex.HashSize+1)

func (t *Indexes) one(ctx context.Context, op, where string, args ...any) (recordindex.Import, error) {
	i, err := scanImport(t.db.Read(ctx).Raw("SELECT "+importColumns+" FROM record_imports i WHERE "+where, args...).Row())
	if err != nil {
		return recordindex.Import{}, sqldb.Translate(op, err)
	}
	return i, nil
}

func (t *Indexes) all(ctx context.Context, op, where string, args ...any) (all []recordindex.Import, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
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
func (t *Indexes) Of(ctx context.Context, department hub.DepartmentID, before int64, limit int) ([]recordindex.Import, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return t.all(ctx, "bindingsql.Indexes.Of", "department = ? AND seq < ? ORDER BY seq DESC LIMIT ?", string(department), before, limit)
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
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var f recordindex.Fault
		err := r.Scan(&f.Line, &f.Field, &f.Why)
		all = append(all, f)
		return err
	}, `SELECT line, field, why FROM record_faults WHERE import = (SELECT seq FROM record_imports WHERE id = ?) AND line > ? ORDER BY line LIMIT ?`,
		id, behind, limit)
	return all, sqldb.Translate("bindingsql.Indexes.Faults", err)
}

// Lookup implements recordindex.Lookup. The import is asked for before and, where nothing was found, after: one that was replaced in between may
// have lost its rows.
func (t *Indexes) Lookup(ctx context.Context, p binding.Place, by recordindex.Column, hashes []recordindex.Hash, limit int) (recordindex.Import, []recordindex.Entry, error) {
	const op = "bindingsql.Indexes.Lookup"
	_, number, err := columnOf(by)
	if err != nil {
		return recordindex.Import{}, nil, err
	}
	before := recordindex.Import{}
	for {
		i, err := t.active(ctx, p)
		if err != nil || i.Seq == before.Seq {
			return i, nil, sqldb.Translate(op, err)
		}
		var entries []recordindex.Entry
		for _, h := range hashes {
			err := t.db.Ask(ctx, sqldb.Question{
				SQL: `SELECT k.record, k.number, k.facts, k.checks, k.area, k.sealed FROM record_finds f JOIN record_keys k ON k.import = f.import
					AND k.line = f.line WHERE f.import = ? AND f.by_key = ? AND f.hash = ? ORDER BY f.line LIMIT ?`,
				Args: []any{i.Seq, number, h[:], int64(limit - len(entries))},
				Scan: func(r sqldb.Row) error {
					var record, number, facts, checks, sealed []byte
					var area string
					err := r.Scan(&record, &number, &facts, &checks, &area, &sealed)
					entries = append(entries, entryOf(record, number, facts, checks, sealed, area))
					return err
				},
			})
			if err != nil {
				return recordindex.Import{}, nil, sqldb.Translate(op, err)
			}
		}
		if len(entries) > 0 || len(hashes) == 0 {
			return i, entries, nil
		}
		before = i
	}
}

// active finds the active import of a place. NotFound.
func (t *Indexes) active(ctx context.Context, p binding.Place) (i recordindex.Import, err error) {
	const op = "bindingsql.Indexes.active"
	found := false
	err = t.db.Ask(ctx, sqldb.Question{
		SQL:  "SELECT " + importColumns + " FROM record_imports i WHERE department = ? AND kind = ? AND state = 'active'",
		Args: []any{string(p.Department), string(p.Kind)},
		Scan: func(r sqldb.Row) (err error) {
			found = true
			i, err = scanImport(r)
			return err
		},
	})
	if err == nil && !found {
		return i, hub.Errorf(op, hub.NotFound, "nothing was imported")
	}
	return i, err
}

func entryOf(record, number, facts, checks, sealed []byte, area string) recordindex.Entry {
	e := recordindex.Entry{Checks: checks, Sealed: sealed, Area: tenants.AreaID(area)}
	copy(e.Record[:], record)
	copy(e.Number[:], number)
	copy(e.Facts[:], facts)
	return e
}
