// Package authzsql keeps service items and what people have decided about them in SQL. Every change writes whose facts are others now in
// its own transaction, so that the nodes' memories hear of it (authz.Memory).
//
// It does not own the tables (migrations) or what the words mean (authz).
package authzsql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Store is all stores of authz in SQL. It is safe for concurrent use.
type Store struct{ db *sqldb.DB }

var (
	_ authz.ItemStore       = (*Store)(nil)
	_ authz.OpeningStore    = (*Store)(nil)
	_ authz.DelegationStore = (*Store)(nil)
	_ authz.RegisterStore   = (*Store)(nil)
	_ authz.ProofStore      = (*Store)(nil)
	_ authz.FactStore       = (*Store)(nil)
	_ authz.DecisionStore   = (*Store)(nil)
)

// New gives the store over a database whose schema is up to date. Invalid without one.
func New(db *sqldb.DB) (*Store, error) {
	if db == nil {
		return nil, hub.Errorf("authzsql.New", hub.Invalid, "no database")
	}
	return &Store{db: db}, nil
}

type scanner = sqldb.Row

// all lists what a statement finds.
func all[T any](db *gorm.DB, op string, scan func(scanner) (T, error), statement string, args ...any) ([]T, error) {
	var out []T
	err := sqldb.Each(db, func(r scanner) error {
		x, err := scan(r)
		out = append(out, x)
		return err
	}, statement, args...)
	return out, sqldb.Translate(op, err)
}

// changed writes whose facts are others now, in the transaction in ctx.
func (t *Store) changed(ctx context.Context, at time.Time, refs ...string) error {
	for _, ref := range refs {
		if ref == "" {
			continue
		}
		err := t.db.Write(ctx).Exec("INSERT INTO authz_changes (ref, expires_at) VALUES ( ?, ?)", ref, sqldb.Micros(at.Add(authz.NewsKept))).Error
		if err != nil {
			return sqldb.Translate("authzsql.changed", err)
		}
	}
	return nil
}

// Changed tells the nodes that facts about an account, an entity or a session are others now, although they stand in the tables of
// another room. Call it in the transaction of the change.
func (t *Store) Changed(ctx context.Context, at time.Time, refs ...string) error {
	return t.changed(ctx, at, refs...)
}

const openingColumns = "id, account, item, department, state, at, decided_by, decided_at, session, until"

func scanOpening(r scanner) (o authz.Opening, err error) {
	var at int64
	var decided, until sql.NullInt64
	err = r.Scan(&o.ID, &o.Account, &o.Item, &o.Department, &o.State, &at, &o.DecidedBy, &decided, &o.Session, &until)
	o.At, o.DecidedAt, o.Until = sqldb.Time(at), sqldb.NullTime(decided), sqldb.NullTime(until)
	return o, err
}

// Say implements authz.OpeningStore. Where there is no row yet, the insert of whoever is second waits for the first and then does nothing.
func (t *Store) Say(ctx context.Context, o authz.Opening) (now authz.Opening, changed bool, err error) {
	const op = "authzsql.Say"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		r := w.Exec(`INSERT INTO authz_openings (`+openingColumns+`) VALUES ( ?, ?, ?, ?, ?, ?, '', NULL, ?, ?) ON CONFLICT (account, item) DO UPDATE
			SET id = excluded.id, department = excluded.department, state = excluded.state, at = excluded.at, decided_by = '', decided_at = NULL,
				session = excluded.session, until = excluded.until
			WHERE (authz_openings.state <> excluded.state OR authz_openings.session <> excluded.session OR
				COALESCE(authz_openings.until, 0) <> COALESCE(excluded.until, 0))
				AND NOT (authz_openings.state = 'open' AND authz_openings.session = '' AND (excluded.state = 'asked' OR excluded.session <> ''))`,
			o.ID, string(o.Account), string(o.Item), string(o.Department), string(o.State), sqldb.Micros(o.At),
			string(o.Session), sqldb.NullMicros(o.Until))
		if r.Error != nil {
			return sqldb.Translate(op, r.Error)
		}
		if changed, now = r.RowsAffected == 1, o; changed {
			return t.changed(ctx, o.At, string(o.Account))
		}
		now, err = scanOpening(w.Raw("SELECT "+openingColumns+" FROM authz_openings WHERE account = ? AND item = ?", string(o.Account), string(o.Item)).Row())
		return sqldb.Translate(op, err)
	})
	return now, changed && err == nil, err
}

// Decide implements authz.OpeningStore, as a compare-and-set.
func (t *Store) Decide(ctx context.Context, id string, to authz.OpeningState, by hub.AccountID, at time.Time) (o authz.Opening, err error) {
	const op = "authzsql.Decide"
	err = t.db.InTx(ctx, func(ctx context.Context) error {
		o, err = scanOpening(t.db.Write(ctx).Raw(`UPDATE authz_openings SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'asked'
			RETURNING `+openingColumns, string(to), string(by), sqldb.Micros(at), id).Row())
		if errors.Is(err, sql.ErrNoRows) {
			return hub.Errorf(op, hub.Consumed, "it does not wait any more")
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		return t.changed(ctx, at, string(o.Account))
	})
	return o, err
}

// Opening implements authz.OpeningStore.
func (t *Store) Opening(ctx context.Context, id string) (authz.Opening, error) {
	o, err := scanOpening(t.db.Read(ctx).Raw("SELECT "+openingColumns+" FROM authz_openings WHERE id = ?", id).Row())
	return o, sqldb.Translate("authzsql.Opening", err)
}

// OpeningsOf implements authz.OpeningStore.
func (t *Store) OpeningsOf(ctx context.Context, account hub.AccountID) ([]authz.Opening, error) {
	return all(t.db.Read(ctx), "authzsql.OpeningsOf", scanOpening, "SELECT "+openingColumns+" FROM authz_openings WHERE account = ? ORDER BY item", string(account))
}

// OpeningsAsked implements authz.OpeningStore.
func (t *Store) OpeningsAsked(ctx context.Context, department hub.DepartmentID, limit int) ([]authz.Opening, error) {
	return all(t.db.Read(ctx), "authzsql.OpeningsAsked", scanOpening,
		"SELECT "+openingColumns+" FROM authz_openings WHERE department = ? AND state = 'asked' ORDER BY at, id LIMIT ?", string(department), limit)
}

// readJSON reads a document that this package wrote; anything else is a fault of the database.
func readJSON(text string, into any) error {
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return hub.E("authzsql.readJSON", hub.Internal, err)
	}
	return nil
}
