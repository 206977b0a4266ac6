package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	gosqlite "modernc.org/sqlite"

	"onedoor/hub"
)

// SQLite result codes (sqlite.org/rescode.html); the low byte is the primary code.
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteReadonly   = 8
	sqliteInterrupt  = 9
	sqliteIOErr      = 10
	sqliteFull       = 13
	sqliteCantOpen   = 14
	sqliteConstraint = 19

	sqliteCheck      = 275
	sqliteForeignKey = 787
	sqliteNotNull    = 1299
	sqlitePrimaryKey = 1555
	sqliteTrigger    = 1811
	sqliteUnique     = 2067
)

// Translate gives a database error its Kind: Conflict where a unique rule, a foreign key or a trigger forbids the change,
// Invalid where a check or a NOT NULL does, NotFound for no row, Unavailable where the database did not or could not answer in
// time, Internal for the rest. An error that has a Kind already is given back as it is; a context error stays in the chain.
// The text of the result never holds a value of a column.
func Translate(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *hub.Error
	if errors.As(err, &known) {
		return err
	}
	return hub.E(op, kindOf(err), safe(err))
}

func kindOf(err error) hub.Kind {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return hub.Unavailable
	case errors.Is(err, sql.ErrNoRows), errors.Is(err, gorm.ErrRecordNotFound):
		return hub.NotFound
	case errors.Is(err, gorm.ErrDuplicatedKey), errors.Is(err, gorm.ErrForeignKeyViolated):
		return hub.Conflict
	case errors.Is(err, gorm.ErrCheckConstraintViolated):
		return hub.Invalid
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresKind(pg.Code)
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		return sqliteKind(lite.Code())
	}
	if unreachable(err) {
		return hub.Unavailable
	}
	return hub.Internal
}

// postgresKind reads SQLSTATE (PostgreSQL manual, appendix A).
func postgresKind(code string) hub.Kind {
	switch code {
	case "23505", "23503", "23P01", "23001":
		return hub.Conflict
	case "23514", "23502":
		return hub.Invalid
	case "40001", "40P01", "55P03", "57014", "25006", "25P02", "25P03", "25P04":
		return hub.Unavailable
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58":
		return hub.Unavailable
	case "OD": // raised by our own triggers
		return hub.Conflict
	}
	return hub.Internal
}

func sqliteKind(code int) hub.Kind {
	switch code {
	case sqliteUnique, sqlitePrimaryKey, sqliteForeignKey, sqliteTrigger:
		return hub.Conflict
	case sqliteCheck, sqliteNotNull:
		return hub.Invalid
	}
	switch code & 0xff {
	case sqliteBusy, sqliteLocked, sqliteReadonly, sqliteInterrupt, sqliteIOErr, sqliteFull, sqliteCantOpen:
		return hub.Unavailable
	}
	return hub.Internal
}

func unreachable(err error) bool {
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, pgx.ErrTxCommitRollback)
}

// retryable reports whether the database rolled the transaction back, or never began it, and asks for another try. It looks
// through Kinds: stores translate before the transaction ends. A lost connection is not among them: whether a commit that got
// no answer has happened is not known.
func retryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *gosqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqliteBusy || lite.Code()&0xff == sqliteLocked
	}
	return false
}

// withheld keeps an error in the chain, for errors.Is and errors.As, and its text out of logs: texts of drivers about values
// that do not fit quote the value.
type withheld struct{ err error }

func (w withheld) Error() string { return fmt.Sprintf("text of %T withheld", w.err) }
func (w withheld) Unwrap() error { return w.err }

// safe gives an error whose text can be logged. Texts of SQLite name tables, columns and rules; PostgreSQL's do too, except for
// class 22 (data exceptions), which quote data.
func safe(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if len(pg.Code) >= 2 && pg.Code[:2] == "22" {
			return coded{code: pg.Code, err: err}
		}
		return err
	}
	var lite *gosqlite.Error
	var connect *pgconn.ConnectError
	var network net.Error
	var path *fs.PathError
	switch {
	case errors.As(err, &connect):
		return withheld{err} // names user, host and database
	case errors.As(err, &lite), errors.As(err, &network), errors.As(err, &path):
		return err
	}
	for _, fixed := range []error{
		context.Canceled, context.DeadlineExceeded, sql.ErrNoRows, sql.ErrTxDone, sql.ErrConnDone, driver.ErrBadConn,
		gorm.ErrRecordNotFound, gorm.ErrDuplicatedKey, gorm.ErrForeignKeyViolated, gorm.ErrCheckConstraintViolated,
		pgx.ErrTxCommitRollback, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
	} {
		if err == fixed {
			return err
		}
	}
	return withheld{err}
}

type coded struct {
	code string
	err  error
}

func (c coded) Error() string { return "SQLSTATE " + c.code }
func (c coded) Unwrap() error { return c.err }
