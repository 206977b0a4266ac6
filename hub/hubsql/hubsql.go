// Package hubsql keeps the hub's sessions, accounts, consents, grants, logins under way, single-use things and revocations in
// SQL, one file a store. The same statements run on SQLite and PostgreSQL; where the two differ, the difference is in this
// package or in sqldb and nowhere else.
//
// Statements are raw SQL through gorm: this is the login's hot path, and gorm's reflection over structs costs more than the
// statement. What is single use is consumed by one statement whose WHERE holds the condition (architecture D7).
//
// It does not own the tables (migrations) or the rules (the packages whose Store it implements).
package hubsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"gorm.io/gorm"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// Stores are all stores over one database. Each is safe for concurrent use.
type Stores struct {
	Sessions    *Sessions
	Accounts    *Accounts
	Consents    *Consents
	Grants      *Grants
	Once        *Once
	Pushed      *Pushed
	Logins      *Logins
	Revocations *Revocations
	SAMLNames   *SAMLNames
	Statuses    *Statuses
}

var (
	_ session.Store     = (*Sessions)(nil)
	_ account.Store     = (*Accounts)(nil)
	_ consent.Store     = (*Consents)(nil)
	_ grant.Store       = (*Grants)(nil)
	_ grant.Once        = (*Once)(nil)
	_ grant.PushedStore = (*Pushed)(nil)
	_ login.Store       = (*Logins)(nil)
	_ token.Revocations = (*Revocations)(nil)
	_ token.Feed        = (*Revocations)(nil)
)

// New gives the stores over a database whose schema is up to date. Invalid without one.
func New(db *sqldb.DB) (*Stores, error) {
	if db == nil {
		return nil, hub.Errorf("hubsql.New", hub.Invalid, "no database")
	}
	return &Stores{
		Sessions:    &Sessions{db: db},
		Accounts:    &Accounts{db: db},
		Consents:    &Consents{db: db},
		Grants:      &Grants{db: db},
		Once:        &Once{db: db},
		Pushed:      &Pushed{db: db},
		Logins:      &Logins{db: db},
		Revocations: &Revocations{db: db},
		SAMLNames:   &SAMLNames{db: db},
		Statuses:    &Statuses{db: db},
	}, nil
}

// exec runs one statement and tells how many rows it changed. A placeholder never stands directly behind "(": see sqldb.
func exec(db *gorm.DB, statement string, args ...any) (int, error) {
	r := db.Exec(statement, args...)
	return int(r.RowsAffected), r.Error
}

// scanner is a *sql.Row or *sql.Rows.
type scanner = sqldb.Row

// one asks for one row. sql.ErrNoRows where there is none.
func one(ctx context.Context, db *sqldb.DB, scan func(scanner) error, statement string, args ...any) error {
	found := false
	err := db.Ask(ctx, sqldb.Question{SQL: statement, Args: args, Scan: func(r sqldb.Row) error {
		found = true
		return scan(r)
	}})
	if err == nil && !found {
		return sql.ErrNoRows
	}
	return err
}

// held is added to a SELECT that holds its rows. SQLite has one writer.
func held(db *sqldb.DB, how string) string {
	if db.Dialect() == sqldb.Postgres {
		return how
	}
	return ""
}

// purge deletes at most limit rows of a table that expired before the time. On PostgreSQL it leaves rows that another node is
// at, so that two sweeps never wait for each other. The names are constants of this package.
func purge(ctx context.Context, db *sqldb.DB, op, table, key string, before int64, limit int) (int, error) {
	skip := held(db, " FOR UPDATE SKIP LOCKED")
	n, err := exec(db.Write(ctx), "DELETE FROM "+table+" WHERE "+key+" IN (SELECT "+key+" FROM "+table+
		" WHERE expires_at < ? ORDER BY expires_at LIMIT ?"+skip+")", before, limit)
	return n, sqldb.Translate(op, err)
}

// nullText gives NULL for "".
func nullText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }

// blob gives NULL for nothing.
func blob(b []byte) any {
	if len(b) == 0 {
		return nil
	}
	return b
}

// list gives a JSON list, "[]" for none.
func list[T ~string](words []T) string {
	if len(words) == 0 {
		return "[]"
	}
	b, err := json.Marshal(words)
	if err != nil { // strings always marshal
		panic("hubsql: " + err.Error())
	}
	return string(b)
}

// readList reads what list wrote; nil for none.
func readList[T ~string](text string) ([]T, error) {
	if text == "[]" {
		return nil, nil
	}
	var words []T
	err := json.Unmarshal([]byte(text), &words)
	return words, err
}

// hash32 takes a hash column into its array.
func hash32(to *[32]byte, from []byte) error {
	if len(from) != len(to) {
		return errors.New("hubsql: a hash of another length")
	}
	copy(to[:], from)
	return nil
}

// level gives the levels of two columns; the table's checks keep them in range.
func level(ial, aal int64) hub.Level { return hub.Level{IAL: hub.IAL(ial), AAL: hub.AAL(aal)} }
