package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"onedoor/hub"
)

// Change is an INSERT, UPDATE or DELETE whose outcome nobody needs to know before the transaction ends. Its text has a ? for each value,
// and none anywhere else.
type Change struct {
	Op   string // for errors
	SQL  string // without RETURNING
	Args []any
	// Missed makes the change one that must fall on a row: where it falls on none, the transaction fails with what Missed says. It is
	// asked in the transaction, or after it was rolled back. Nil where it need not.
	Missed func(ctx context.Context) error
	// Question says that the text is a SELECT: a condition of the transaction, which holds where the SELECT gives a row.
	Question bool
}

// Later makes a change in the transaction of ctx. In one of Together on PostgreSQL it goes out together with the others, and what is wrong
// with it is told by Together; everywhere else at once.
func (db *DB) Later(ctx context.Context, c Change) error {
	if t := db.txFrom(ctx); t != nil && t.lazy {
		t.queue = append(t.queue, c)
		return nil
	}
	return db.change(ctx, c)
}

func (db *DB) change(ctx context.Context, c Change) error {
	var n int64
	var err error
	if c.Question {
		err = db.ask(ctx, Question{SQL: c.SQL, Args: c.Args, Scan: func(Row) error { n++; return nil }})
	} else {
		n, err = db.exec(ctx, c.SQL, c.Args)
	}
	switch {
	case err != nil:
		return Translate(c.Op, err)
	case n == 0 && c.Missed != nil:
		return c.missed(ctx)
	}
	return nil
}

func (c Change) missed(ctx context.Context) error {
	if err := c.Missed(ctx); err != nil {
		return err
	}
	return hub.Errorf(c.Op, hub.Conflict, "the row has changed meanwhile")
}

// form is that in which a change goes out with others.
func (c Change) form() form {
	switch {
	case c.Missed == nil:
		return plain
	case c.Question:
		return condition
	default:
		return must
	}
}

// Together is InTx for a function that makes its changes with Later and asks nothing in between: on PostgreSQL they go out in one message
// and come back in one, committed all or none. A function that does ask, or changes something in another way, gets an ordinary
// transaction from there on. Errors: as InTx; those of changes too.
func (db *DB) Together(ctx context.Context, fn func(ctx context.Context) error) error {
	if db.dialect != Postgres || db.txFrom(ctx) != nil {
		return db.InTx(ctx, fn)
	}
	return db.retrying(ctx, func(ctx context.Context) error { return db.once(ctx, fn, true) })
}

// start makes an ordinary transaction of a lazy one, with the changes that wait.
func (db *DB) start(ctx context.Context, t *transaction) error {
	if t.broken != nil || !t.lazy {
		return t.broken
	}
	t.lazy = false
	if t.broken = db.begin(ctx, t); t.broken != nil {
		return t.broken
	}
	queue := t.queue
	t.queue = nil
	for _, c := range queue {
		if t.broken = db.change(context.WithValue(ctx, txKey{db}, t), c); t.broken != nil {
			return t.broken
		}
	}
	return nil
}

// divisionByZero is what a change that must fall on a row, and falls on none, ends in on PostgreSQL (see form).
const divisionByZero = "22012"

// send makes changes in one message. PostgreSQL takes the statements of a message without BEGIN as one transaction (manual, "Pipelining"):
// the first that fails undoes all, and the answer to the message comes after the commit.
func (db *DB) send(ctx context.Context, queue []Change) error {
	if len(queue) == 0 {
		return nil
	}
	failed := 0
	err := db.onConn(ctx, func(ctx context.Context, c *pgx.Conn) error {
		batch := &pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, len(queue))}
		for _, ch := range queue {
			batch.Queue(db.texts.postgres(ch.SQL, ch.form()), ch.Args...)
		}
		results := c.SendBatch(ctx, batch)
		for failed = range queue {
			if _, err := results.Exec(); err != nil {
				return errors.Join(err, closed(results))
			}
		}
		return results.Close() // with the outcome of the commit
	})
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	if ch := queue[failed]; errors.As(err, &pg) {
		if pg.Code == divisionByZero && ch.Missed != nil {
			return ch.missed(ctx)
		}
		return Translate(ch.Op, pg)
	}
	return err
}

// closed ends a batch whose error is known already.
func closed(results pgx.BatchResults) error {
	_ = results.Close() // the same error again
	return nil
}

// Row is what a question is answered with.
type Row interface{ Scan(dest ...any) error }

// Question is a SELECT. Its text has a ? for each value, and none anywhere else.
type Question struct {
	SQL  string
	Args []any
	Scan func(Row) error // called for each row
}

// Ask asks questions in the transaction of ctx, else a reader: on PostgreSQL all in one message. Each sees what is committed when it is
// answered; they need not see the same. Errors are those of the database and of Scan, as they are.
func (db *DB) Ask(ctx context.Context, all ...Question) error {
	if db.dialect == Postgres && db.txFrom(ctx) == nil {
		return db.onConn(ctx, func(ctx context.Context, c *pgx.Conn) error { return db.askPostgres(ctx, c, all) })
	}
	for _, q := range all {
		if err := db.ask(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) askPostgres(ctx context.Context, c *pgx.Conn, all []Question) error {
	if len(all) == 1 {
		rows, err := c.Query(ctx, db.texts.postgres(all[0].SQL, plain), all[0].Args...)
		if err != nil {
			return err
		}
		return scanAll(rows, all[0].Scan)
	}
	batch := &pgx.Batch{QueuedQueries: make([]*pgx.QueuedQuery, 0, len(all))}
	for _, q := range all {
		batch.Queue(db.texts.postgres(q.SQL, plain), q.Args...)
	}
	results := c.SendBatch(ctx, batch)
	for _, q := range all {
		rows, err := results.Query()
		if err == nil {
			err = scanAll(rows, q.Scan)
		}
		if err != nil {
			return errors.Join(err, closed(results))
		}
	}
	return results.Close()
}

func scanAll(rows pgx.Rows, scan func(Row) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (db *DB) ask(ctx context.Context, q Question) (err error) {
	pool, err := db.pool(ctx, db.readPool)
	if err != nil {
		return err
	}
	rows, err := pool.QueryContext(ctx, db.text(q.SQL), q.Args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := q.Scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// exec makes a change at once and tells how many rows it fell on.
func (db *DB) exec(ctx context.Context, statement string, args []any) (int64, error) {
	pool, err := db.pool(ctx, db.writePool)
	if err != nil {
		return 0, err
	}
	r, err := pool.ExecContext(ctx, db.text(statement), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// pool gives the transaction in ctx, else the pool.
func (db *DB) pool(ctx context.Context, outside statementPool) (statementPool, error) {
	t := db.txFrom(ctx)
	if t == nil {
		return outside, nil
	}
	if err := db.start(ctx, t); err != nil {
		return nil, err
	}
	return t.gorm.Statement.ConnPool, nil
}

// statementPool is a pool, or a transaction on one.
type statementPool interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (db *DB) text(statement string) string {
	if db.dialect == Postgres {
		return db.texts.postgres(statement, plain)
	}
	return statement
}

// onConn runs fn on a connection to PostgreSQL, without what database/sql and gorm do around a statement. Nobody watches the context
// meanwhile, which would cost more than a look-up by key: PostgreSQL ends a statement that takes too long, and the deadline of the
// connection ends the wait for a server that does not answer any more. fn runs again where the connection was found dead before anything was sent.
func (db *DB) onConn(ctx context.Context, fn func(ctx context.Context, c *pgx.Conn) error) error {
	const tries = 3
	for try := 1; ; try++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		pooled, err := db.writeSQL.Conn(ctx)
		if err != nil {
			return err
		}
		err = pooled.Raw(func(dc any) error {
			c, ok := dc.(*stdlib.Conn)
			if !ok {
				return errors.New("sqldb: not a connection of pgx")
			}
			wire := c.Conn().PgConn().Conn()
			until := time.Now().Add(db.patience)
			if d, ok := ctx.Deadline(); ok && d.Before(until) {
				until = d
			}
			if err := wire.SetDeadline(until); err != nil {
				return err
			}
			defer func() { _ = wire.SetDeadline(time.Time{}) }() // of a closed one: it does not come back
			return fn(context.WithoutCancel(ctx), c.Conn())
		})
		if cerr := pooled.Close(); err == nil && cerr != nil {
			err = cerr
		}
		if err == nil || try == tries || !pgconn.SafeToRetry(err) {
			return err
		}
	}
}

// texts are statements in the words of PostgreSQL.
type texts struct {
	made  sync.Map // textKey -> string
	count atomic.Int64
}

type textKey struct {
	text string
	form form
}

// form is what is made of a statement. One that falls on no row, or gives none, divides by zero where it must not: so it fails on the
// server, with all that came before it, before anything that comes after.
type form int

const (
	plain     form = iota
	must           // of a change
	condition      // of a question
)

// mostTexts bounds them: texts of varying length are many.
const mostTexts = 1024

// postgres puts $1, $2, ... for each ?.
func (t *texts) postgres(text string, f form) string {
	key := textKey{text, f}
	if made, ok := t.made.Load(key); ok {
		return made.(string)
	}
	made := numbered(text)
	switch f {
	case must:
		made = "WITH changed AS (" + made + " RETURNING 1) SELECT 1 / count(*) FROM changed"
	case condition:
		made = "SELECT 1 / count(*) FROM (" + made + ") AS held"
	}
	if t.count.Add(1) <= mostTexts {
		t.made.Store(key, made)
	}
	return made
}

func numbered(text string) string {
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(text, "?") {
		if n > 0 {
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	return b.String()
}
