// Package migrations owns the schema of the database: numbered SQL files, one folder a dialect, embedded in the program, and the
// way to bring a database up to them. Both folders hold the same numbers, and both schemas the same tables and columns.
//
// Files are only added, never changed once released; there is no way down: a backup is. A file of PostgreSQL that may take
// longer than the pool's statement_timeout begins with SET LOCAL statement_timeout = 0.
//
// It does not own the connection (hub/sqldb) or the queries (the *sql packages).
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// Up brings the database to the newest version that this program knows. On PostgreSQL a session lock makes other nodes wait for
// it. Conflict where the database is newer than the program: then nothing is touched. Unavailable, Internal.
func Up(ctx context.Context, db *sql.DB, dialect sqldb.Dialect) error {
	const op = "migrations.Up"
	p, err := provider(db, dialect)
	if err != nil {
		return hub.E(op, hub.Internal, err)
	}
	have, err := current(ctx, db, dialect)
	if err != nil {
		return sqldb.Translate(op, err)
	}
	if have > newestOf(p) {
		return newer(op)
	}
	if _, err := p.Up(ctx); err != nil {
		return sqldb.Translate(op, err)
	}
	return nil
}

// Version tells the version of the database, 0 for an empty one, and the newest one that this program knows.
func Version(ctx context.Context, db *sql.DB, dialect sqldb.Dialect) (have, newest int64, err error) {
	const op = "migrations.Version"
	p, err := provider(db, dialect)
	if err != nil {
		return 0, 0, hub.E(op, hub.Internal, err)
	}
	have, err = current(ctx, db, dialect)
	if err != nil {
		return 0, 0, sqldb.Translate(op, err)
	}
	return have, newestOf(p), nil
}

// Check tells whether this program can work with the database as it is. Conflict where the database is newer or older.
func Check(ctx context.Context, db *sql.DB, dialect sqldb.Dialect) error {
	const op = "migrations.Check"
	have, newest, err := Version(ctx, db, dialect)
	switch {
	case err != nil:
		return err
	case have > newest:
		return newer(op)
	case have < newest:
		return hub.Errorf(op, hub.Conflict, "the database is older than this program: run onedoor migrate")
	}
	return nil
}

func newer(op string) error {
	return hub.Errorf(op, hub.Conflict, "the database is newer than this program: run the newer program")
}

// current reads goose's own table, which goose makes at the first Up, under its lock. Asking goose would make it here, without.
func current(ctx context.Context, db *sql.DB, dialect sqldb.Dialect) (int64, error) {
	exists := "SELECT to_regclass('goose_db_version') IS NOT NULL"
	if dialect == sqldb.SQLite {
		exists = "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version'"
	}
	var there bool
	if err := db.QueryRowContext(ctx, exists).Scan(&there); err != nil || !there {
		return 0, err
	}
	var version int64
	err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&version)
	return version, err
}

func newestOf(p *goose.Provider) int64 {
	var newest int64
	for _, s := range p.ListSources() {
		newest = max(newest, s.Version)
	}
	return newest
}

func provider(db *sql.DB, dialect sqldb.Dialect) (*goose.Provider, error) {
	folder, err := fs.Sub(files, string(dialect))
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithVerbose(false)}
	switch dialect {
	case sqldb.SQLite:
		return goose.NewProvider(goose.DialectSQLite3, db, folder, options...)
	case sqldb.Postgres:
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectPostgres, db, folder, append(options, goose.WithSessionLocker(locker))...)
	default:
		return nil, hub.Errorf("migrations.provider", hub.Invalid, "unknown dialect")
	}
}
