// Package sqltest opens migrated databases for tests: a SQLite file and a PostgreSQL database of the test's own, copied from a
// template that is migrated once per test binary.
//
// A package that uses it ends its PostgreSQL in TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }
package sqltest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"onedoor/hub/hubtest/pgtest"
	"onedoor/hub/sqldb"
	"onedoor/migrations"
)

// postgres starts the server at its first use; started remembers that, for Run.
var (
	postgres = sync.OnceValues(pgtest.Open)
	template = sync.OnceValues(func() (string, error) {
		server, err := postgres()
		if err != nil {
			return "", err
		}
		return server.Template(migrateTo)
	})
	sqliteTemplate = sync.OnceValues(migratedFile)
	started        sync.Once
)

// Run runs the tests, ends the server that they started, and gives the exit code.
func Run(m *testing.M) int {
	code := m.Run()
	used := true
	started.Do(func() { used = false })
	if used {
		server, err := postgres()
		if err == nil {
			err = server.Close()
		}
		if err != nil && code == 0 {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// Each runs a test once on each database, as subtests that run in parallel.
func Each(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// SQLite gives a migrated SQLite database in a temporary file, closed when the test ends.
func SQLite(t testing.TB, change ...func(*sqldb.Options)) *sqldb.DB {
	t.Helper()
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hub.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+path, change)
}

// Postgres gives a migrated PostgreSQL database, dropped when the test ends. The test fails where there is no PostgreSQL.
func Postgres(t testing.TB, change ...func(*sqldb.Options)) *sqldb.DB {
	t.Helper()
	return open(t, PostgresDSN(t), change)
}

// PostgresDSN makes a migrated PostgreSQL database and gives its DSN.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	name, err := useTemplate()
	if err != nil {
		t.Fatal(err)
	}
	server, err := postgres()
	if err != nil {
		t.Fatal(err)
	}
	return server.Database(t, name)
}

// EmptyPostgresDSN makes a PostgreSQL database without a table and gives its DSN.
func EmptyPostgresDSN(t testing.TB) string {
	t.Helper()
	started.Do(func() {})
	server, err := postgres()
	if err != nil {
		t.Fatal(err)
	}
	return server.Database(t, "")
}

func useTemplate() (string, error) {
	started.Do(func() {})
	return template()
}

func open(t testing.TB, dsn string, change []func(*sqldb.Options)) *sqldb.DB {
	t.Helper()
	o := sqldb.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), MaxConns: 8}
	for _, c := range change {
		c(&o)
	}
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func migrateTo(dsn string) (err error) {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, sqldb.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return migrations.Up(ctx, db.SQL(), db.Dialect())
}

// migratedFile gives the bytes of a migrated SQLite file. Closing the last connection folds the write-ahead log into the file.
func migratedFile() (content []byte, err error) {
	dir, err := os.MkdirTemp("", "onedoor-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "hub.db")
	if err := migrateTo("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}
