package bindingsql

import (
	"context"
	"time"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/sqldb"
)

// Work is the binding.WorkStore in SQL. It is safe for concurrent use.
type Work struct{ db *sqldb.DB }

var _ binding.WorkStore = (*Work)(nil)

// NewWork gives the store over a database whose schema is up to date. Invalid without one.
func NewWork(db *sqldb.DB) (*Work, error) {
	if db == nil {
		return nil, hub.Errorf("bindingsql.NewWork", hub.Invalid, "no database")
	}
	return &Work{db: db}, nil
}

const workColumns = "id, binding, department, task, session, sealed, way, reason, state, version, ial, aal, interaction, at, until, tries"

// Put implements binding.WorkStore.
func (t *Work) Put(ctx context.Context, w binding.Work) error {
	const op = "bindingsql.Work.Put"
	r := t.db.Write(ctx).Exec("INSERT INTO binding_work ("+workColumns+`, next_at) VALUES ( ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)
		ON CONFLICT DO NOTHING`, w.ID, w.Binding, string(w.Department), string(w.Task), string(w.Session), blob(w.Sealed), string(w.Way),
		string(w.Reason), string(w.State), w.Version, int64(w.Level.IAL), int64(w.Level.AAL), string(w.Interaction), sqldb.Micros(w.At), sqldb.Micros(w.Until),
		sqldb.Micros(w.At))
	if r.Error == nil && r.RowsAffected == 0 {
		return hub.Errorf(op, hub.Conflict, "a question is open")
	}
	return sqldb.Translate(op, r.Error)
}

// Claim implements binding.WorkStore, in one statement.
func (t *Work) Claim(ctx context.Context, now, until time.Time, limit int) (all []*binding.Work, err error) {
	skip := ""
	if t.db.Dialect() == sqldb.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	err = sqldb.Each(t.db.Write(ctx), func(r scanner) error {
		var w binding.Work
		var ial, aal, at, last int64
		err := r.Scan(&w.ID, &w.Binding, &w.Department, &w.Task, &w.Session, &w.Sealed, &w.Way, &w.Reason, &w.State, &w.Version, &ial, &aal, &w.Interaction, &at, &last,
			&w.Tried)
		w.Level, w.At, w.Until = hub.Level{IAL: hub.IAL(ial), AAL: hub.AAL(aal)}, sqldb.Time(at), sqldb.Time(last)
		all = append(all, &w)
		return err
	}, `UPDATE binding_work SET next_at = ? WHERE id IN (SELECT id FROM binding_work WHERE next_at <= ? ORDER BY next_at LIMIT ?`+skip+`)
		RETURNING `+workColumns, sqldb.Micros(until), sqldb.Micros(now), limit)
	return all, sqldb.Translate("bindingsql.Work.Claim", err)
}

// Later implements binding.WorkStore.
func (t *Work) Later(ctx context.Context, id string, next time.Time, tried bool) error {
	more := 0
	if tried {
		more = 1
	}
	return sqldb.Translate("bindingsql.Work.Later", t.db.Write(ctx).Exec(
		"UPDATE binding_work SET next_at = ?, tries = tries + ? WHERE id = ? AND next_at IS NOT NULL", sqldb.Micros(next), more, id).Error)
}

// Finish implements binding.WorkStore.
func (t *Work) Finish(ctx context.Context, id, outcome string) (bool, error) {
	r := t.db.Write(ctx).Exec("UPDATE binding_work SET next_at = NULL, sealed = NULL, outcome = ? WHERE id = ? AND next_at IS NOT NULL", outcome, id)
	return r.RowsAffected > 0, sqldb.Translate("bindingsql.Work.Finish", r.Error)
}

// Shred implements binding.WorkStore.
func (t *Work) Shred(ctx context.Context, id hub.SessionID) error {
	return sqldb.Translate("bindingsql.Work.Shred", t.db.Write(ctx).Exec(`UPDATE binding_work SET next_at = NULL, sealed = NULL, outcome = ?
		WHERE session = ? AND task = 'match' AND next_at IS NOT NULL`, binding.SessionEnd, string(id)).Error)
}

// Open implements binding.History.
func (t *Store) Open(ctx context.Context, id string) (open bool, err error) {
	err = t.db.Ask(ctx, sqldb.Question{
		SQL: "SELECT 1 FROM binding_work WHERE binding = ? AND task = 'match' AND next_at IS NOT NULL", Args: []any{id},
		Scan: func(sqldb.Row) error { open = true; return nil },
	})
	return open, sqldb.Translate("bindingsql.Open", err)
}

// Purge implements binding.WorkStore.
func (t *Work) Purge(ctx context.Context, before time.Time, limit int) (int, error) {
	r := t.db.Write(ctx).Exec(`DELETE FROM binding_work WHERE id IN (SELECT id FROM binding_work WHERE next_at IS NULL AND at < ? ORDER BY at LIMIT ?)`,
		sqldb.Micros(before), limit)
	return int(r.RowsAffected), sqldb.Translate("bindingsql.Work.Purge", r.Error)
}
