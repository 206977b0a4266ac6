// Package sqldb opens the database behind gorm and owns what every SQL store shares: the two pools of SQLite and the pool of
// PostgreSQL, the transaction that travels in the context, the retry of transactions that the database asks to be tried again,
// the translation of database errors into the Kinds of package hub, and the form of times in columns.
//
// It does not own a table (see the *sql packages) or the schema (migrations). Nothing here logs a statement or a value:
// statements carry wrapped keys and hashes.
//
// # Laws for stores
//
//   - A store takes its handle from [DB.Write] or [DB.Read] in every method and never keeps it: both join the transaction in ctx.
//   - Inside [DB.InTx] only the context that was handed in may be used. With another one SQLite's only writer waits for itself.
//   - The function given to InTx may run more than once and so has no effect outside the database.
//   - What a login or a token request changes goes through [DB.Later] in [DB.Together], and what it asks through [DB.Ask]: on
//     PostgreSQL each is one message. Who needs to know at once what a change did uses Write, in InTx.
//   - Raw SQL never has a placeholder directly behind an opening parenthesis with a byte slice: gorm would spread it.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"onedoor/hub"
)

// Dialect names the database behind a DB.
type Dialect string

// The dialects. The words are also the folder names in migrations and the schemes of a DSN.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Defaults of Options.
const (
	DefaultReaders          = 4
	DefaultMaxConns         = 16
	DefaultStatementTimeout = 5 * time.Second
	DefaultIdleTimeout      = 10 * time.Second
	DefaultBusyTimeout      = 5 * time.Second
	DefaultAttempts         = 8
)

// Options say what to open. DSN and Logger are required, everything else has a default.
type Options struct {
	// DSN is "sqlite:PATH" (the folder must exist, the file is made with mode 0600) or "postgres://...". It can hold a password
	// and never appears in an error.
	DSN    string
	Logger *slog.Logger // told of transactions that had to be tried again: operation-free, value-free

	Readers          int           // SQLite: connections that only read; default 4
	BusyTimeout      time.Duration // SQLite: how long a statement waits for another process; default 5 s
	MaxConns         int           // PostgreSQL: greatest number of connections; default 16
	StatementTimeout time.Duration // PostgreSQL: default 5 s
	IdleTimeout      time.Duration // PostgreSQL: idle_in_transaction_session_timeout; default 10 s

	Attempts int                                              // how often a transaction is tried in all; default 8
	Jitter   func() float64                                   // in [0, 1); default math/rand/v2
	Wait     func(ctx context.Context, d time.Duration) error // between attempts; default a timer
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect   Dialect
	write     *gorm.DB
	read      *gorm.DB
	writeSQL  *sql.DB
	readSQL   *sql.DB       // the same as writeSQL on PostgreSQL
	prepared  *statements   // of the writer; nil on PostgreSQL, where pgx keeps them
	asked     *statements   // of the readers; nil on PostgreSQL
	readPool  statementPool // of questions outside a transaction
	writePool statementPool // of changes outside a transaction
	texts     texts         // of PostgreSQL
	patience  time.Duration // with PostgreSQL on a connection that nobody watches
	log       *slog.Logger
	attempts  int
	jitter    func() float64
	wait      func(ctx context.Context, d time.Duration) error
}

// Open opens the database and asks it one question. Invalid for a DSN that can't be meant, Unavailable where nobody answers.
func Open(ctx context.Context, o Options) (*DB, error) {
	const op = "sqldb.Open"
	if o.Logger == nil {
		return nil, hub.Errorf(op, hub.Invalid, "no logger")
	}
	o.defaults()
	if o.Readers < 1 || o.MaxConns < 1 || o.Attempts < 1 || o.BusyTimeout <= 0 || o.StatementTimeout <= 0 || o.IdleTimeout <= 0 {
		return nil, hub.Errorf(op, hub.Invalid, "counts and time limits must be positive")
	}
	db := &DB{log: o.Logger, attempts: o.Attempts, jitter: o.Jitter, wait: o.Wait, patience: 2 * o.StatementTimeout}
	var err error
	switch scheme, rest, _ := strings.Cut(o.DSN, ":"); scheme {
	case "sqlite":
		err = db.openSQLite(ctx, rest, o)
	case "postgres", "postgresql":
		err = db.openPostgres(o)
	default:
		return nil, hub.Errorf(op, hub.Invalid, "the DSN must begin with sqlite: or postgres://")
	}
	if err == nil {
		err = db.Ping(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (o *Options) defaults() {
	setDefault(&o.Readers, DefaultReaders)
	setDefault(&o.MaxConns, DefaultMaxConns)
	setDefault(&o.Attempts, DefaultAttempts)
	setDefault(&o.BusyTimeout, DefaultBusyTimeout)
	setDefault(&o.StatementTimeout, DefaultStatementTimeout)
	setDefault(&o.IdleTimeout, DefaultIdleTimeout)
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Wait == nil {
		o.Wait = waitTimer
	}
}

func setDefault[T int | time.Duration](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}

// gormConfig: no transaction around single statements (one statement is atomic by itself), no prepared statements in gorm
// (statements.go keeps those of SQLite, and pgx has its own, bounded cache), no log, no ping (Open pings with a context).
func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
	}
}

// Dialect tells which database this is.
func (db *DB) Dialect() Dialect { return db.dialect }

// SQL gives the pool that writes: for migrations.
func (db *DB) SQL() *sql.DB { return db.writeSQL }

// Write gives a handle for changes: the transaction in ctx, else the writer.
func (db *DB) Write(ctx context.Context) *gorm.DB {
	if t := db.txFrom(ctx); t != nil {
		return db.within(ctx, t)
	}
	return db.write.WithContext(ctx)
}

// Read gives a handle for questions: the transaction in ctx, else a reader. On SQLite a reader refuses changes.
func (db *DB) Read(ctx context.Context) *gorm.DB {
	if t := db.txFrom(ctx); t != nil {
		return db.within(ctx, t)
	}
	return db.read.WithContext(ctx)
}

// within gives the handle of a transaction. Where it can't begin, every statement on the handle fails, and so does the transaction.
func (db *DB) within(ctx context.Context, t *transaction) *gorm.DB {
	if err := db.start(ctx, t); err != nil {
		ended, end := context.WithCancel(ctx)
		end()
		return db.write.WithContext(ended)
	}
	return t.gorm.WithContext(ctx)
}

// Ping asks the database one question over each pool. Unavailable.
func (db *DB) Ping(ctx context.Context) error {
	const op = "sqldb.Ping"
	if err := db.writeSQL.PingContext(ctx); err != nil {
		return hub.E(op, hub.Unavailable, safe(err))
	}
	if db.readSQL != db.writeSQL {
		if err := db.readSQL.PingContext(ctx); err != nil {
			return hub.E(op, hub.Unavailable, safe(err))
		}
	}
	return nil
}

// Close closes every connection; it waits for statements under way.
func (db *DB) Close() error {
	var errs []error
	for _, s := range []*statements{db.asked, db.prepared} {
		if s != nil {
			errs = append(errs, s.close())
		}
	}
	if db.readSQL != nil && db.readSQL != db.writeSQL {
		errs = append(errs, db.readSQL.Close())
	}
	if db.writeSQL != nil {
		errs = append(errs, db.writeSQL.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return hub.E("sqldb.Close", hub.Unavailable, safe(err))
	}
	return nil
}

func waitTimer(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
