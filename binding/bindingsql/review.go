package bindingsql

import (
	"context"
	"strings"
	"time"

	"onedoor/binding"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
)

// Reviews keeps what the review desk needs in SQL. It is safe for concurrent use.
type Reviews struct {
	db    *sqldb.DB
	store *Store
}

var (
	_ review.EvidenceStore = (*Reviews)(nil)
	_ review.Queue         = (*Reviews)(nil)
	_ review.Sittings      = (*Reviews)(nil)
)

// NewReviews gives the store over a database whose schema is up to date. Invalid without one.
func NewReviews(db *sqldb.DB) (*Reviews, error) {
	store, err := New(db)
	if err != nil {
		return nil, err
	}
	return &Reviews{db, store}, nil
}

// Put implements review.EvidenceStore. The row of the binding is held, so that nobody decides between the question and the answer.
func (t *Reviews) Put(ctx context.Context, k review.Kept) error {
	const op = "bindingsql.Reviews.Put"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		hold := ""
		if t.db.Dialect() == sqldb.Postgres {
			hold = " FOR UPDATE"
		}
		var n int
		err := sqldb.Each(t.db.Write(ctx), func(r scanner) error { return r.Scan(&n) },
			"SELECT 1 FROM bindings WHERE id = ? AND state IN ('pending', 'proposed', 'review')"+hold, k.Binding)
		if err == nil && n == 0 {
			return hub.Errorf(op, hub.Consumed, "decided")
		}
		if err != nil {
			return sqldb.Translate(op, err)
		}
		return sqldb.Translate(op, t.db.Write(ctx).Exec(`INSERT INTO review_evidence (binding, sealed, sealed_key, at, until) VALUES ( ?, ?, ?, ?, ?)
			ON CONFLICT (binding) DO UPDATE SET sealed = excluded.sealed, sealed_key = excluded.sealed_key, at = excluded.at, until = excluded.until`,
			k.Binding, k.Sealed, k.Key, sqldb.Micros(k.At), sqldb.Micros(k.Until)).Error)
	})
}

func (t *Reviews) evidence(ctx context.Context, op, where string, args ...any) (all []review.Kept, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var k review.Kept
		var at, until int64
		err := r.Scan(&k.Binding, &k.Sealed, &k.Key, &at, &until)
		k.At, k.Until = sqldb.Time(at), sqldb.Time(until)
		all = append(all, k)
		return err
	}, "SELECT binding, sealed, sealed_key, at, until FROM review_evidence WHERE "+where, args...)
	return all, sqldb.Translate(op, err)
}

// Of implements review.EvidenceStore.
func (t *Reviews) Of(ctx context.Context, id string, at time.Time) (review.Kept, error) {
	const op = "bindingsql.Reviews.Of"
	all, err := t.evidence(ctx, op, "binding = ? AND until > ?", id, sqldb.Micros(at))
	if err == nil && len(all) == 0 {
		return review.Kept{}, hub.Errorf(op, hub.NotFound, "no evidence")
	}
	if err != nil {
		return review.Kept{}, err
	}
	return all[0], nil
}

// Shred implements review.EvidenceStore.
func (t *Reviews) Shred(ctx context.Context, id string) (bool, error) {
	r := t.db.Write(ctx).Exec("DELETE FROM review_evidence WHERE binding = ?", id)
	return r.RowsAffected > 0, sqldb.Translate("bindingsql.Reviews.Shred", r.Error)
}

// Sweep implements review.EvidenceStore.
func (t *Reviews) Sweep(ctx context.Context, at time.Time, limit int) (int, error) {
	r := t.db.Write(ctx).Exec("DELETE FROM review_evidence WHERE binding IN (SELECT binding FROM review_evidence WHERE until <= ? ORDER BY until LIMIT ?)",
		sqldb.Micros(at), limit)
	return int(r.RowsAffected), sqldb.Translate("bindingsql.Reviews.Sweep", r.Error)
}

// After implements review.EvidenceStore.
func (t *Reviews) After(ctx context.Context, id string, limit int) ([]review.Kept, error) {
	return t.evidence(ctx, "bindingsql.Reviews.After", "binding > ? ORDER BY binding LIMIT ?", id, limit)
}

// Reseal implements review.EvidenceStore.
func (t *Reviews) Reseal(ctx context.Context, id string, old, sealed []byte) error {
	return sqldb.Translate("bindingsql.Reviews.Reseal",
		t.db.Write(ctx).Exec("UPDATE review_evidence SET sealed_key = ? WHERE binding = ? AND sealed_key = ?", sealed, id, old).Error)
}

// Waiting implements review.Queue. It goes by the index bindings_queue.
func (t *Reviews) Waiting(ctx context.Context, department hub.DepartmentID, areas []tenants.AreaID, behind review.Cursor, limit int) ([]binding.Binding, error) {
	return t.queue(ctx, "state IN ('proposed', 'review')", department, areas, behind, limit)
}

// Unsettled implements review.Queue. It goes by the index bindings_unsettled.
func (t *Reviews) Unsettled(ctx context.Context, department hub.DepartmentID, areas []tenants.AreaID, behind review.Cursor, limit int) ([]binding.Binding, error) {
	return t.queue(ctx, "(state = 'suspended' OR wanted <> '')", department, areas, behind, limit)
}

func (t *Reviews) queue(ctx context.Context, states string, department hub.DepartmentID, areas []tenants.AreaID, behind review.Cursor, limit int) ([]binding.Binding, error) {
	where, args := "department = ? AND "+states, []any{string(department)}
	if len(areas) > 0 {
		where += " AND area IN ( ?" + strings.Repeat(", ?", len(areas)-1) + ")"
		for _, a := range areas {
			args = append(args, string(a))
		}
	}
	if behind.ID != "" {
		at := sqldb.Micros(behind.At)
		where, args = where+" AND (updated_at > ? OR updated_at = ? AND id > ?)", append(args, at, at, behind.ID)
	}
	return t.store.list(ctx, "bindingsql.Reviews.Waiting", where+" ORDER BY updated_at, id LIMIT ?", append(args, int64(limit))...)
}

// Sit implements review.Sittings.
func (t *Reviews) Sit(ctx context.Context, hash []byte, s review.Sitting) error {
	const op = "bindingsql.Reviews.Sit"
	return t.db.InTx(ctx, func(ctx context.Context) error {
		w := t.db.Write(ctx)
		if err := w.Exec("DELETE FROM counter_sittings WHERE clerk = ? AND used_at IS NULL", string(s.Clerk)).Error; err != nil {
			return sqldb.Translate(op, err)
		}
		return sqldb.Translate(op, w.Exec("INSERT INTO counter_sittings (hash, clerk, department, until) VALUES ( ?, ?, ?, ?)",
			hash, string(s.Clerk), string(s.Department), sqldb.Micros(s.Until)).Error)
	})
}

// Sitting implements review.Sittings.
func (t *Reviews) Sitting(ctx context.Context, hash []byte, at time.Time) (s review.Sitting, err error) {
	const op = "bindingsql.Reviews.Sitting"
	err = sqldb.Each(t.db.Read(ctx), func(r scanner) error {
		var until int64
		err := r.Scan(&s.Clerk, &s.Department, &until, &s.Binding)
		s.Until = sqldb.Time(until)
		return err
	}, "SELECT clerk, department, until, coalesce(binding, '') FROM counter_sittings WHERE hash = ? AND used_at IS NULL AND until > ?", hash, sqldb.Micros(at))
	if err == nil && s.Clerk == "" {
		return s, hub.Errorf(op, hub.NotFound, "no such sitting")
	}
	return s, sqldb.Translate(op, err)
}

// Confirm implements review.Sittings, in one statement that holds the condition.
func (t *Reviews) Confirm(ctx context.Context, hash []byte, id string, code []byte, at time.Time) error {
	const op = "bindingsql.Reviews.Confirm"
	r := t.db.Write(ctx).Exec("UPDATE counter_sittings SET binding = ?, code = ? WHERE hash = ? AND used_at IS NULL AND until > ? AND (binding IS NULL OR binding = ?)",
		id, code, hash, sqldb.Micros(at), id)
	if r.Error == nil && r.RowsAffected != 1 {
		return hub.Errorf(op, hub.Consumed, "somebody else has confirmed, or it is over")
	}
	return sqldb.Translate(op, r.Error)
}

// Use implements review.Sittings, in one statement that holds the condition.
func (t *Reviews) Use(ctx context.Context, hash, code []byte, by hub.AccountID, at time.Time) (id string, err error) {
	const op = "bindingsql.Reviews.Use"
	err = sqldb.Each(t.db.Write(ctx), func(r scanner) error { return r.Scan(&id) },
		"UPDATE counter_sittings SET used_at = ? WHERE hash = ? AND code = ? AND clerk = ? AND used_at IS NULL AND until > ? RETURNING binding",
		sqldb.Micros(at), hash, code, string(by), sqldb.Micros(at))
	if err == nil && id == "" {
		return "", hub.Errorf(op, hub.NotFound, "no such code")
	}
	return id, sqldb.Translate(op, err)
}

// Stood implements review.Sittings.
func (t *Reviews) Stood(ctx context.Context, id string, by hub.AccountID, since time.Time) (stood bool, err error) {
	err = sqldb.Each(t.db.Read(ctx), func(scanner) error { stood = true; return nil },
		"SELECT 1 FROM counter_sittings WHERE binding = ? AND clerk = ? AND used_at >= ?", id, string(by), sqldb.Micros(since))
	return stood, sqldb.Translate("bindingsql.Reviews.Stood", err)
}

// SweepSittings implements review.Sittings.
func (t *Reviews) SweepSittings(ctx context.Context, before time.Time, limit int) (int, error) {
	r := t.db.Write(ctx).Exec("DELETE FROM counter_sittings WHERE hash IN (SELECT hash FROM counter_sittings WHERE until < ? ORDER BY until LIMIT ?)",
		sqldb.Micros(before), limit)
	return int(r.RowsAffected), sqldb.Translate("bindingsql.Reviews.SweepSittings", r.Error)
}
