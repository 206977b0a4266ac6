package migrations_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/migrations"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

func TestBothFoldersHoldTheSameNumbers(t *testing.T) {
	t.Parallel()
	names := func(folder string) []string {
		files, err := filepath.Glob(filepath.Join(folder, "*.sql"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		for i := range files {
			files[i] = filepath.Base(files[i])
		}
		return files
	}
	lite, pg := names("sqlite"), names("postgres")
	if !slices.Equal(lite, pg) {
		t.Fatalf("sqlite has %v, postgres has %v", lite, pg)
	}
	taken := map[string]bool{}
	for _, name := range lite {
		number, rest, ok := strings.Cut(name, "_")
		if !ok || rest == "" || len(number) != 5 || strings.Trim(number, "0123456789") != "" || taken[number] {
			t.Errorf("%s: want a name that begins with a number of five digits which no other has", name)
		}
		taken[number] = true
	}
}

// columns lists "table.column null|not null", without goose's own table and SQLite's.
func columns(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	query := `SELECT m.name, p.name, p."notnull" FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'
		AND m.name NOT LIKE 'sqlite_%'`
	if db.Dialect() == sqldb.Postgres {
		query = `SELECT table_name, column_name, is_nullable = 'NO' FROM information_schema.columns WHERE table_schema = 'public'`
	}
	rows, err := db.SQL().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var table, column string
		var required bool
		if err := rows.Scan(&table, &column, &required); err != nil {
			t.Fatal(err)
		}
		if table != "goose_db_version" {
			all = append(all, fmt.Sprintf("%s.%s required=%v", table, column, required))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func TestBothSchemasHaveTheSameTablesAndColumns(t *testing.T) {
	t.Parallel()
	lite, pg := columns(t, sqltest.SQLite(t)), columns(t, sqltest.Postgres(t))
	if len(lite) < 50 {
		t.Fatalf("only %d columns were found", len(lite))
	}
	for _, c := range lite {
		if !slices.Contains(pg, c) {
			t.Errorf("only in SQLite: %s", c)
		}
	}
	for _, c := range pg {
		if !slices.Contains(lite, c) {
			t.Errorf("only in PostgreSQL: %s", c)
		}
	}
}

func TestBothSchemasHaveAsManyUniqueRulesAndForeignKeys(t *testing.T) {
	t.Parallel()
	counts := func(db *sqldb.DB, query string) map[string]int {
		rows, err := db.SQL().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		out := map[string]int{}
		for rows.Next() {
			var table string
			var n int
			if err := rows.Scan(&table, &n); err != nil {
				t.Fatal(err)
			}
			out[table] = n
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		delete(out, "goose_db_version")
		return out
	}
	lite, pg := sqltest.SQLite(t), sqltest.Postgres(t)
	for what, q := range map[string][2]string{
		"foreign keys": {
			`SELECT m.name, count(DISTINCT f.id) FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' GROUP BY 1`,
			`SELECT conrelid::regclass::text, count(*) FROM pg_constraint WHERE contype = 'f' GROUP BY 1`,
		},
		// A single integer as primary key is SQLite's table itself and no index: PostgreSQL's is not counted either.
		"unique rules": {
			`SELECT m.name, count(*) FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i."unique" = 1 GROUP BY 1`,
			`SELECT i.indrelid::regclass::text, count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE i.indisunique
				AND c.relnamespace = 'public'::regnamespace AND NOT (i.indisprimary AND i.indnatts = 1 AND EXISTS (SELECT 1
				FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.atttypid = 'int8'::regtype))
				GROUP BY 1`,
		},
	} {
		a, b := counts(lite, q[0]), counts(pg, q[1])
		if len(a) == 0 {
			t.Fatalf("%s: none found", what)
		}
		for table := range b {
			if a[table] != b[table] {
				t.Errorf("%s of %s: SQLite %d, PostgreSQL %d", what, table, a[table], b[table])
			}
		}
		for table := range a {
			if _, ok := b[table]; !ok {
				t.Errorf("%s of %s: only in SQLite", what, table)
			}
		}
	}
}

func empty(t *testing.T, dialect sqldb.Dialect) *sqldb.DB {
	t.Helper()
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "empty.db")
	if dialect == sqldb.Postgres {
		dsn = sqltest.EmptyPostgresDSN(t)
	}
	db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestUpFromNothingTwiceAndRefusalOfANewerDatabase(t *testing.T) {
	t.Parallel()
	for _, dialect := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			db := empty(t, dialect)
			ctx, raw := t.Context(), db.SQL()
			have, newest, err := migrations.Version(ctx, raw, dialect)
			if err != nil || have != 0 || newest < 1 {
				t.Fatalf("empty: have %d, newest %d, %v", have, newest, err)
			}
			if err := migrations.Check(ctx, raw, dialect); !errors.Is(err, hub.Conflict) {
				t.Errorf("an empty database passed the check: %v", err)
			}
			for range 2 {
				if err := migrations.Up(ctx, raw, dialect); err != nil {
					t.Fatal(err)
				}
			}
			if err := migrations.Check(ctx, raw, dialect); err != nil {
				t.Error(err)
			}
			if have, _, err = migrations.Version(ctx, raw, dialect); err != nil || have != newest {
				t.Errorf("have %d, want %d, %v", have, newest, err)
			}
			applied := "true"
			if dialect == sqldb.SQLite {
				applied = "1"
			}
			if _, err := raw.ExecContext(ctx, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, "+applied+")"); err != nil {
				t.Fatal(err)
			}
			before := versions(t, raw)
			if err := migrations.Up(ctx, raw, dialect); !errors.Is(err, hub.Conflict) {
				t.Errorf("Up on a newer database: %v", err)
			}
			if err := migrations.Check(ctx, raw, dialect); !errors.Is(err, hub.Conflict) {
				t.Errorf("Check on a newer database: %v", err)
			}
			if after := versions(t, raw); after != before {
				t.Errorf("the refusal changed the database: %d rows, then %d", before, after)
			}
		})
	}
}

func versions(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM goose_db_version").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestUpOfSeveralNodesAtOnce(t *testing.T) {
	t.Parallel()
	db := empty(t, sqldb.Postgres)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := migrations.Up(t.Context(), db.SQL(), sqldb.Postgres); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := migrations.Check(t.Context(), db.SQL(), sqldb.Postgres); err != nil {
		t.Error(err)
	}
}

func TestUnknownDialect(t *testing.T) {
	t.Parallel()
	db := empty(t, sqldb.SQLite)
	if err := migrations.Up(t.Context(), db.SQL(), "oracle"); err == nil {
		t.Error("no error")
	}
}
