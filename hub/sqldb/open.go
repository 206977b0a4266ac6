package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"onedoor/hub"
)

// statementCache is how many prepared statements pgx keeps per connection. The stores have fewer.
const statementCache = 256

// sqliteDriver is the name under which modernc.org/sqlite registers itself (see errors.go).
const sqliteDriver = "sqlite"

// connectTimeout bounds the way to PostgreSQL where the DSN says nothing.
const connectTimeout = 5 * time.Second

// openSQLite opens one connection that writes and some that read. The write-ahead log lets them work side by side; every
// transaction of the writer takes the write lock at its beginning, so that none fails half way for having read first.
func (db *DB) openSQLite(ctx context.Context, path string, o Options) error {
	const op = "sqldb.openSQLite"
	db.dialect = SQLite
	if path == "" || strings.ContainsAny(path, "?#%\x00") || strings.Contains(path, ":memory:") {
		return hub.Errorf(op, hub.Invalid, "sqlite: needs the path of a file, without ? # %")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return hub.E(op, hub.Invalid, err)
	}
	if err := ownFile(path); err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	busy := strconv.FormatInt(o.BusyTimeout.Milliseconds(), 10)
	write := sqliteDSN(path, "busy_timeout("+busy+")", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(1)", "temp_store(MEMORY)", "trusted_schema(0)")
	read := sqliteDSN(path, "busy_timeout("+busy+")", "foreign_keys(1)", "temp_store(MEMORY)", "trusted_schema(0)", "query_only(1)")

	if db.writeSQL, err = sql.Open(sqliteDriver, write); err != nil {
		return Translate(op, err)
	}
	db.writeSQL.SetMaxOpenConns(1)
	db.writeSQL.SetMaxIdleConns(1)
	// The writer's first connection turns the write-ahead log on; only then may a reader look.
	if err := db.writeSQL.PingContext(ctx); err != nil {
		return hub.E(op, hub.Unavailable, safe(err))
	}
	if db.readSQL, err = sql.Open(sqliteDriver, read); err != nil {
		return Translate(op, err)
	}
	db.readSQL.SetMaxOpenConns(o.Readers)
	db.readSQL.SetMaxIdleConns(o.Readers)

	db.prepared, db.asked = newStatements(db.writeSQL), newStatements(db.readSQL)
	writePool, readPool := preparedPool{statements: db.prepared, conn: db.writeSQL}, preparedPool{statements: db.asked, conn: db.readSQL}
	db.writePool, db.readPool = writePool, readPool
	if db.write, err = gorm.Open(sqliteDialector{writePool}, gormConfig()); err != nil {
		return Translate(op, err)
	}
	if db.read, err = gorm.Open(sqliteDialector{readPool}, gormConfig()); err != nil {
		return Translate(op, err)
	}
	return nil
}

// sqliteDSN adds the pragmas in their order: the driver runs them one by one on every new connection.
func sqliteDSN(path string, pragmas ...string) string {
	q := make([]string, 0, len(pragmas)+1)
	for _, p := range pragmas {
		q = append(q, "_pragma="+url.QueryEscape(p))
	}
	return path + "?" + strings.Join(append(q, "_txlock=immediate"), "&")
}

// ownFile makes the file with mode 0600, or takes everybody else's rights from the one that is there. SQLite gives its side
// files (-wal, -shm) the mode of the main file.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: path, Err: fs.ErrInvalid}
	}
	if info.Mode().Perm()&0o077 != 0 {
		return f.Chmod(0o600)
	}
	return nil
}

// openPostgres opens one pool to the server that takes writes: the lease (architecture D2) reads what was committed last, so a
// standby is no place to ask.
func (db *DB) openPostgres(o Options) error {
	const op = "sqldb.openPostgres"
	db.dialect = Postgres
	cfg, err := pgx.ParseConfig(o.DSN)
	if err != nil {
		// pgx quotes the DSN with the password struck out, but a malformed one can hide it from pgx.
		return hub.Errorf(op, hub.Invalid, "the PostgreSQL DSN can't be read")
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	cfg.StatementCacheCapacity = statementCache
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	if cfg.ValidateConnect == nil {
		cfg.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	param := func(name, value string) {
		if _, set := cfg.RuntimeParams[name]; !set {
			cfg.RuntimeParams[name] = value
		}
	}
	param("application_name", "onedoor")
	param("statement_timeout", millis(o.StatementTimeout))
	param("lock_timeout", millis(o.StatementTimeout))
	param("idle_in_transaction_session_timeout", millis(o.IdleTimeout))

	db.writeSQL = stdlib.OpenDB(*cfg)
	db.readSQL = db.writeSQL
	db.writePool, db.readPool = db.writeSQL, db.writeSQL
	db.writeSQL.SetMaxOpenConns(o.MaxConns)
	db.writeSQL.SetMaxIdleConns(o.MaxConns)
	db.writeSQL.SetConnMaxIdleTime(5 * time.Minute)
	db.writeSQL.SetConnMaxLifetime(time.Hour)
	if db.write, err = gorm.Open(postgres.New(postgres.Config{Conn: db.writeSQL}), gormConfig()); err != nil {
		return Translate(op, err)
	}
	db.read = db.write
	return nil
}

func millis(d time.Duration) string { return fmt.Sprintf("%d", max(1, d.Milliseconds())) }
