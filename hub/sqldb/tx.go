package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"onedoor/hub"
)

// Waiting between attempts: the first at most firstWait, each further one at most twice as long, never more than longestWait.
const (
	firstWait   = 4 * time.Millisecond
	longestWait = 250 * time.Millisecond
)

// txKey is the context key of the transaction in one DB: two databases in one program do not see each other's.
type txKey struct{ db *DB }

type transaction struct {
	gorm   *gorm.DB
	sql    *sql.Tx // nil until it has begun
	points int     // savepoints made so far: their names
	failed error   // an inner call failed where only the whole transaction can be undone

	lazy   bool     // it has not begun: changes wait in the queue
	queue  []Change // see Later
	broken error    // it could not begin, or not make the changes that waited
	after  []func() // see AfterCommit
}

func (db *DB) txFrom(ctx context.Context) *transaction {
	t, _ := ctx.Value(txKey{db}).(*transaction)
	return t
}

// InTx runs fn in a transaction, which fn finds in its context. A call inside another joins it: the outermost commits, and
// does not commit once any call inside has returned an error, even if fn swallowed it (use Savepoint to try something).
// The outermost runs fn again, a bounded number of times, where the database asks for it (serialization failure, deadlock,
// busy). Errors: fn's own as they are, if they carry a Kind; else as Translate says; Unavailable where all attempts failed.
func (db *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := db.txFrom(ctx); t != nil {
		err := fn(ctx)
		if err != nil && t.failed == nil {
			t.failed = err
		}
		return err
	}
	return db.retrying(ctx, func(ctx context.Context) error { return db.once(ctx, fn, false) })
}

// retrying calls a transaction again where the database asks for it.
func (db *DB) retrying(ctx context.Context, once func(ctx context.Context) error) error {
	const op = "sqldb.InTx"
	for attempt := 1; ; attempt++ {
		err := once(ctx)
		if err == nil {
			return nil
		}
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil { // database/sql rolls back by itself when ctx ends, and says this where it was first
			err = ctx.Err()
		}
		if !retryable(err) || ctx.Err() != nil {
			return Translate(op, err)
		}
		if attempt >= db.attempts {
			return hub.E(op, hub.Unavailable, safe(err))
		}
		db.log.LogAttrs(ctx, slog.LevelDebug, "transaction is tried again", slog.Int("attempt", attempt))
		if werr := db.wait(ctx, db.backoff(attempt)); werr != nil {
			return hub.E(op, hub.Unavailable, werr)
		}
	}
}

// backoff gives a random part, at least half, of the attempt's longest wait.
func (db *DB) backoff(attempt int) time.Duration {
	most := longestWait
	if shift := attempt - 1; shift < 16 {
		most = min(longestWait, firstWait<<shift)
	}
	return most/2 + time.Duration(db.jitter()*float64(most/2))
}

// begin begins a transaction on the writer.
func (db *DB) begin(ctx context.Context, t *transaction) (err error) {
	if t.sql, err = db.writeSQL.BeginTx(ctx, nil); err != nil {
		return err
	}
	t.gorm = db.write.Session(&gorm.Session{NewDB: true, Context: ctx})
	t.gorm.Statement.ConnPool = t.sql
	if db.prepared != nil {
		t.gorm.Statement.ConnPool = preparedPool{statements: db.prepared, tx: t.sql, conn: t.sql}
	}
	return nil
}

// once tries a transaction once. A lazy one begins when it must.
func (db *DB) once(ctx context.Context, fn func(ctx context.Context) error, lazy bool) (err error) {
	if db.prepared != nil {
		db.prepared.keepWanted(ctx)
	}
	t := &transaction{lazy: lazy}
	if !lazy {
		if err := db.begin(ctx, t); err != nil {
			return err
		}
	}
	done := false
	defer func() {
		if !done && t.sql != nil { // fn failed or panicked
			if rerr := t.sql.Rollback(); err == nil && rerr != nil && rerr != sql.ErrTxDone {
				err = rerr
			}
		}
	}()
	err = fn(context.WithValue(ctx, txKey{db}, t))
	switch {
	case t.broken != nil: // fn has seen but a consequence of it
		return t.broken
	case err != nil:
		return err
	case t.failed != nil:
		return t.failed
	}
	done = true
	if t.lazy {
		err = db.send(ctx, t.queue)
	} else {
		err = t.sql.Commit()
	}
	if err != nil {
		return err
	}
	for _, fn := range t.after {
		fn()
	}
	return nil
}

// AfterCommit keeps fn for when the transaction in ctx has committed: an effect outside the database, which must not happen where it is
// undone or tried again. Where there is no transaction it runs fn at once. A commit that got no answer runs nothing, even if it has
// happened: fn may make something faster, never right.
func (db *DB) AfterCommit(ctx context.Context, fn func()) {
	if t := db.txFrom(ctx); t != nil {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

// Savepoint runs fn so that its changes alone are undone when it fails, and the transaction around it stays good: for a store
// method of several statements that may find a Conflict. Without a transaction in ctx it is InTx.
func (db *DB) Savepoint(ctx context.Context, fn func(ctx context.Context) error) error {
	const op = "sqldb.Savepoint"
	t := db.txFrom(ctx)
	if t == nil {
		return db.InTx(ctx, fn)
	}
	if err := db.start(ctx, t); err != nil {
		return Translate(op, err)
	}
	t.points++
	name := fmt.Sprintf("p%d", t.points)
	exec := func(sql string) error { return t.gorm.WithContext(ctx).Exec(sql + name).Error }
	if err := exec("SAVEPOINT "); err != nil {
		return Translate(op, err)
	}
	before, kept := t.failed, len(t.after)
	if err := fn(ctx); err != nil {
		if rerr := exec("ROLLBACK TO SAVEPOINT "); rerr != nil {
			t.failed = rerr
			return Translate(op, err)
		}
		t.failed, t.after = before, t.after[:kept]
		if retryable(err) {
			t.failed = err // the whole transaction must be tried again
		}
		return err
	}
	return Translate(op, exec("RELEASE SAVEPOINT "))
}
