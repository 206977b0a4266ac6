package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func put(id string, n int) sqldb.Change {
	return sqldb.Change{Op: "test.put", SQL: "INSERT INTO things (id, n) VALUES ( ?, ?)", Args: []any{id, n}}
}

// raise must fall on a row that is below.
func raise(id string, to int, missed error) sqldb.Change {
	return sqldb.Change{
		Op: "test.raise", SQL: "UPDATE things SET n = ? WHERE id = ? AND n < ?", Args: []any{to, id, to},
		Missed: func(context.Context) error { return missed },
	}
}

// value gives n of a row, -1 where there is none.
func value(t *testing.T, ctx context.Context, db *sqldb.DB, id string) int {
	t.Helper()
	n := -1
	err := db.Ask(ctx, sqldb.Question{SQL: "SELECT n FROM things WHERE id = ?", Args: []any{id}, Scan: func(r sqldb.Row) error { return r.Scan(&n) }})
	if err != nil {
		t.Error(err)
	}
	return n
}

func TestTogetherIsAllOrNothing(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		refused := hub.Errorf("test", hub.Consumed, "as high already")
		all := func(changes ...sqldb.Change) error {
			return db.Together(ctx, func(ctx context.Context) error {
				for _, c := range changes {
					if err := db.Later(ctx, c); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := all(put("a", 1), put("b", 1), raise("a", 5, refused)); err != nil {
			t.Fatal(err)
		}
		for name, tc := range map[string]struct {
			changes []sqldb.Change
			kind    hub.Kind
		}{
			"missed at the end":    {[]sqldb.Change{put("c", 1), raise("a", 5, refused)}, hub.Consumed},
			"missed first":         {[]sqldb.Change{raise("a", 5, refused), put("c", 1)}, hub.Consumed},
			"missed, nobody knows": {[]sqldb.Change{put("c", 1), raise("a", 5, nil)}, hub.Conflict},
			"a rule of the table":  {[]sqldb.Change{put("c", 1), put("d", -1)}, hub.Invalid},
			"there already":        {[]sqldb.Change{put("c", 1), put("b", 1)}, hub.Conflict},
			"not SQL":              {[]sqldb.Change{put("c", 1), {Op: "test", SQL: "INSERT INTO nowhere (id) VALUES ( ?)", Args: []any{"x"}}}, hub.Internal},
		} {
			if err := all(tc.changes...); hub.KindOf(err) != tc.kind {
				t.Errorf("%s: %v, want %s", name, err, tc.kind)
			}
			if n := value(t, ctx, db, "c"); n != -1 {
				t.Errorf("%s: a part of it stands", name)
			}
		}
		if err := all(); err != nil {
			t.Errorf("nothing to do: %v", err)
		}
		own := errors.New("the function's own")
		err := db.Together(ctx, func(ctx context.Context) error {
			return errors.Join(db.Later(ctx, put("c", 1)), own)
		})
		if !errors.Is(err, own) || value(t, ctx, db, "c") != -1 {
			t.Errorf("a function that fails: %v", err)
		}
	})
}

func TestTogetherSeesItsOwnChangesWhereItAsks(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		err := db.Together(ctx, func(ctx context.Context) error {
			if err := db.Later(ctx, put("a", 1)); err != nil {
				return err
			}
			if n := value(t, ctx, db, "a"); n != 1 {
				t.Errorf("asked for what was put: %d", n)
			}
			if n := value(t, t.Context(), db, "a"); n != -1 && db.Dialect() == sqldb.Postgres {
				t.Errorf("others see it before the commit: %d", n)
			}
			if err := db.Later(ctx, put("b", 1)); err != nil {
				return err
			}
			return db.Write(ctx).Exec("UPDATE things SET n = n + 1").Error
		})
		if err != nil || value(t, ctx, db, "a") != 2 || value(t, ctx, db, "b") != 2 {
			t.Errorf("%v", err)
		}
		// What waited could not be made: the function learns that something is wrong, the caller what.
		refused := hub.Errorf("test", hub.Consumed, "as high already")
		err = db.Together(ctx, func(ctx context.Context) error {
			if err := errors.Join(db.Later(ctx, put("c", 1)), db.Later(ctx, raise("a", 2, refused))); err != nil {
				return err
			}
			if err := db.Write(ctx).Exec("UPDATE things SET n = n + 1").Error; err == nil {
				t.Error("a statement after changes that could not be made")
			}
			return nil // swallowed
		})
		if !errors.Is(err, hub.Consumed) || value(t, ctx, db, "c") != -1 || value(t, ctx, db, "a") != 2 {
			t.Errorf("%v", err)
		}
	})
}

func TestTogetherJoins(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		err := db.Together(ctx, func(ctx context.Context) error {
			if err := db.InTx(ctx, func(ctx context.Context) error { return db.Later(ctx, put("a", 1)) }); err != nil {
				return err
			}
			_ = db.Together(ctx, func(context.Context) error { return errors.New("swallowed") })
			return nil
		})
		if err == nil || value(t, ctx, db, "a") != -1 {
			t.Errorf("a call inside has failed: %v", err)
		}
		err = db.Together(ctx, func(ctx context.Context) error {
			if err := db.Later(ctx, put("a", 1)); err != nil {
				return err
			}
			_ = db.Savepoint(ctx, func(ctx context.Context) error {
				return errors.Join(db.Later(ctx, put("b", 1)), errors.New("undone alone"))
			})
			return nil
		})
		if err != nil || value(t, ctx, db, "a") != 1 || value(t, ctx, db, "b") != -1 {
			t.Errorf("a savepoint: %v", err)
		}
	})
}

// What PostgreSQL finds wrong at the commit comes after all statements have been answered.
func TestTogetherHearsOfTheCommit(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, "")
	for _, s := range []string{
		"CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'OD009'; END $$",
		"CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no()",
	} {
		exec(t, db, s)
	}
	err := db.Together(t.Context(), func(ctx context.Context) error {
		return errors.Join(db.Later(ctx, put("c", 1)), db.Later(ctx, put("d", 1)))
	})
	if hub.KindOf(err) != hub.Conflict || value(t, t.Context(), db, "c") != -1 {
		t.Errorf("%v", err)
	}
}

func TestTogetherIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, "&default_transaction_isolation=serializable", func(o *sqldb.Options) {
		o.Wait = func(context.Context, time.Duration) error { return nil }
	})
	runs := 0
	err := db.Together(t.Context(), func(ctx context.Context) error {
		if runs++; runs == 1 {
			return hub.E("test", hub.Unavailable, serializationFailure(t, db))
		}
		return db.Later(ctx, put("c", 1))
	})
	if err != nil || runs != 2 || value(t, t.Context(), db, "c") != 1 {
		t.Errorf("%d runs, %v", runs, err)
	}
}

// serializationFailure gives the error of a database that asks for another try.
func serializationFailure(t *testing.T, db *sqldb.DB) error {
	t.Helper()
	err := db.Write(t.Context()).Exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$").Error
	if err == nil {
		t.Error("no error")
	}
	return err
}

func TestAskIsOneMessageWithItsAnswersInOrder(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		ctx := t.Context()
		exec(t, db, "INSERT INTO things (id, n) VALUES ('a', 1), ('b', 2), ('c', 3)")
		var got []string
		ask := func(statement string, args ...any) sqldb.Question {
			return sqldb.Question{SQL: statement, Args: args, Scan: func(r sqldb.Row) error {
				var id string
				var n int
				err := r.Scan(&id, &n)
				got = append(got, fmt.Sprint(id, n))
				return err
			}}
		}
		err := db.Ask(ctx, ask("SELECT id, n FROM things WHERE n < ? AND n > ? ORDER BY n", 3, 0), ask("SELECT id, n FROM things WHERE id = ?", "nobody"),
			ask("SELECT id, n FROM things WHERE id = ?", "c"))
		if err != nil || fmt.Sprint(got) != "[a1 b2 c3]" {
			t.Errorf("%v, %v", got, err)
		}
		own := errors.New("the function's own")
		stop := sqldb.Question{SQL: "SELECT id, n FROM things", Scan: func(sqldb.Row) error { return own }}
		for _, all := range [][]sqldb.Question{{stop}, {stop, ask("SELECT id, n FROM things")}} {
			if err := db.Ask(ctx, all...); !errors.Is(err, own) {
				t.Errorf("%v", err)
			}
		}
		for _, all := range [][]sqldb.Question{{ask("SELECT x")}, {ask("SELECT id, n FROM things"), ask("SELECT x")}} {
			if err := db.Ask(ctx, all...); err == nil {
				t.Error("no such column")
			}
		}
		if n := value(t, ctx, db, "a"); n != 1 {
			t.Errorf("the connection after errors: %d", n)
		}
		over, end := context.WithCancel(ctx)
		end()
		if err := sqldb.Translate("test", db.Ask(over, ask("SELECT id, n FROM things"))); hub.KindOf(err) != hub.Unavailable {
			t.Errorf("a context that has ended: %v", err)
		}
	})
}

// A server that does not answer any more holds nobody for ever, though nobody watches the context.
func TestAskEndsWithItsDeadline(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := db.Ask(ctx, sqldb.Question{SQL: "SELECT pg_sleep( ?)", Args: []any{20}, Scan: func(sqldb.Row) error { return nil }})
	if hub.KindOf(sqldb.Translate("test", err)) != hub.Unavailable {
		t.Errorf("%v", err)
	}
	if n := value(t, t.Context(), db, "a"); n != 0 {
		t.Errorf("the next one gets another connection: %d", n)
	}
}

// A connection that died in the pool is no reason to fail: nothing was sent on it.
func TestAskFindsDeadConnections(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, "", func(o *sqldb.Options) { o.MaxConns = 1 })
	other, err := sqldb.Open(t.Context(), sqldb.Options{DSN: sqltest.EmptyPostgresDSN(t), Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var pid int
	if err := db.Ask(t.Context(), sqldb.Question{SQL: "SELECT pg_backend_pid()", Scan: func(r sqldb.Row) error { return r.Scan(&pid) }}); err != nil {
		t.Fatal(err)
	}
	exec(t, other, fmt.Sprintf("SELECT pg_terminate_backend(%d)", pid))
	for gone := false; !gone; {
		if err := other.Read(t.Context()).Raw("SELECT NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = ?)", pid).Row().Scan(&gone); err != nil {
			t.Fatal(err)
		}
	}
	_ = db.Together(t.Context(), func(ctx context.Context) error { return db.Later(ctx, put("c", 1)) }) // may hear of it
	if n := value(t, t.Context(), db, "a"); n != 0 {
		t.Errorf("%d", n)
	}
}
