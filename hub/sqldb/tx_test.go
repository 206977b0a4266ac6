package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// things makes the table of these tests on both databases.
func things(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		exec(t, db, "CREATE TABLE things (id TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0))")
		test(t, db)
	})
}

// TestBusySQLiteIsTriedAgain: another process holds the write lock. The wait between the attempts is where it lets go.
func TestBusySQLiteIsTriedAgain(t *testing.T) {
	t.Parallel()
	other, path := openFile(t, nil)
	for _, c := range []struct {
		name      string
		letGoAt   int // at which wait; 0 for never
		wantWaits int
		wantKind  hub.Kind
	}{{"freed at the second wait", 2, 2, ""}, {"never freed", 0, 3, hub.Unavailable}} {
		holder, err := other.SQL().BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		waits := 0
		db, err := sqldb.Open(t.Context(), sqldb.Options{
			DSN: "sqlite:" + path, Logger: quiet(), BusyTimeout: time.Millisecond, Attempts: 4, Jitter: func() float64 { return 0 },
			Wait: func(_ context.Context, d time.Duration) error {
				if waits++; waits == c.letGoAt {
					if err := holder.Rollback(); err != nil {
						t.Error(err)
					}
				}
				if want := 2 * time.Millisecond << (waits - 1); d != want {
					t.Errorf("%s: wait %d of %v, want %v", c.name, waits, d, want)
				}
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		runs := 0
		err = db.InTx(t.Context(), func(ctx context.Context) error {
			runs++
			return db.Write(ctx).Exec("INSERT INTO things VALUES ('a', 1)").Error
		})
		if hub.KindOf(err) != c.wantKind || waits != c.wantWaits {
			t.Errorf("%s: %v after %d waits", c.name, err, waits)
		}
		if ran := runs == 1; ran != (c.wantKind == "") {
			t.Errorf("%s: the function ran %d times: it must not run without the lock", c.name, runs)
		}
		_ = holder.Rollback() // of the case that never let go
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSQLiteOfSeveralProcessesLosesNothing: read-then-write, from two handles on one file, many at once.
func TestSQLiteOfSeveralProcessesLosesNothing(t *testing.T) {
	t.Parallel()
	one, path := openFile(t, nil)
	exec(t, one, "INSERT INTO things VALUES ('counter', 0)")
	two, err := sqldb.Open(t.Context(), sqldb.Options{DSN: "sqlite:" + path, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	const each = 10
	var wg sync.WaitGroup
	for i := range 16 {
		db := []*sqldb.DB{one, two}[i%2]
		wg.Go(func() {
			for range each {
				err := db.InTx(t.Context(), func(ctx context.Context) error {
					var n int
					if err := db.Read(ctx).Raw("SELECT n FROM things WHERE id = 'counter'").Row().Scan(&n); err != nil {
						return err
					}
					return db.Write(ctx).Exec("UPDATE things SET n = ? WHERE id = 'counter'", n+1).Error
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var n int
	if err := two.Read(t.Context()).Raw("SELECT n FROM things WHERE id = 'counter'").Row().Scan(&n); err != nil || n != 16*each {
		t.Errorf("counted %d, want %d, %v", n, 16*each, err)
	}
}

// openPostgres opens a database of its own with a parameter added to the DSN.
func openPostgres(t *testing.T, param string, change ...func(*sqldb.Options)) *sqldb.DB {
	t.Helper()
	o := sqldb.Options{DSN: sqltest.EmptyPostgresDSN(t) + param, Logger: quiet()}
	for _, c := range change {
		c(&o)
	}
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	exec(t, db, "CREATE TABLE things (id TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0))")
	exec(t, db, "INSERT INTO things VALUES ('a', 0), ('b', 0)")
	return db
}

func add(ctx context.Context, db *sqldb.DB, id string, n int) error {
	return sqldb.Translate("test", db.Write(ctx).Exec("UPDATE things SET n = n + ? WHERE id = ?", n, id).Error)
}

// TestPostgresSerializationFailureIsTriedAgain: the classic write skew. The first attempt reads, somebody else writes what was
// read and commits, the first attempt writes and must fail; the second one succeeds. Stores translate errors before InTx sees
// them: the retry looks through the Kind.
func TestPostgresSerializationFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	var waits atomic.Int32
	db := openPostgres(t, "&default_transaction_isolation=serializable", func(o *sqldb.Options) {
		o.Wait = func(context.Context, time.Duration) error { waits.Add(1); return nil }
	})
	sum := func(ctx context.Context) (n int, err error) {
		err = db.Read(ctx).Raw("SELECT sum(n) FROM things").Row().Scan(&n)
		return n, err
	}
	outside := t.Context()
	attempts := 0
	err := db.InTx(outside, func(ctx context.Context) error {
		attempts++
		n, err := sum(ctx)
		if err != nil {
			return err
		}
		if attempts == 1 {
			if err := db.InTx(outside, func(ctx context.Context) error { // not nested: another transaction
				if _, err := sum(ctx); err != nil {
					return err
				}
				return add(ctx, db, "b", 5)
			}); err != nil {
				t.Errorf("the other transaction: %v", err)
			}
		}
		return add(ctx, db, "a", n+1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if attempts != 2 || waits.Load() != 1 {
		t.Errorf("%d attempts, %d waits; want 2 and 1", attempts, waits.Load())
	}
	var n int
	if err := db.Read(outside).Raw("SELECT n FROM things WHERE id = 'a'").Row().Scan(&n); err != nil || n != 6 {
		t.Errorf("a = %d, want 6 (it saw the other's 5): %v", n, err)
	}
}

// TestPostgresDeadlockIsTriedAgain: two transactions take two rows in opposite order.
func TestPostgresDeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, "")
	var both sync.WaitGroup // both hold their first row
	both.Add(2)
	var attempts atomic.Int32
	run := func(first, second string) error {
		mine := 0
		return db.InTx(t.Context(), func(ctx context.Context) error {
			attempts.Add(1)
			mine++
			if err := add(ctx, db, first, 1); err != nil {
				return err
			}
			if mine == 1 {
				both.Done()
				both.Wait()
			}
			return add(ctx, db, second, 1)
		})
	}
	var wg sync.WaitGroup
	for _, rows := range [][2]string{{"a", "b"}, {"b", "a"}} {
		wg.Go(func() {
			if err := run(rows[0], rows[1]); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var a, b int
	err := db.Read(t.Context()).Raw("SELECT (SELECT n FROM things WHERE id = 'a'), (SELECT n FROM things WHERE id = 'b')").Row().Scan(&a, &b)
	if err != nil || a != 2 || b != 2 || attempts.Load() != 3 {
		t.Errorf("a = %d, b = %d after %d attempts, want 2, 2 and 3: %v", a, b, attempts.Load(), err)
	}
}

func TestPostgresStatementTimeout(t *testing.T) {
	t.Parallel()
	db := openPostgres(t, "", func(o *sqldb.Options) { o.StatementTimeout = 50 * time.Millisecond })
	err := sqldb.Translate("test", db.Read(t.Context()).Exec("SELECT pg_sleep(60)").Error)
	if !errors.Is(err, hub.Unavailable) {
		t.Errorf("got %v", err)
	}
	var idle string
	if err := db.Read(t.Context()).Raw("SHOW idle_in_transaction_session_timeout").Row().Scan(&idle); err != nil || idle != "10s" {
		t.Errorf("idle_in_transaction_session_timeout = %q, %v", idle, err)
	}
}

func TestPostgresThatOnlyReadsIsRefused(t *testing.T) {
	t.Parallel()
	dsn := sqltest.EmptyPostgresDSN(t) + "&default_transaction_read_only=on" // as a standby would say
	db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: dsn, Logger: quiet()})
	if err == nil {
		_ = db.Close()
	}
	if !errors.Is(err, hub.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
}

func TestSavepointUndoesItsOwnOnly(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		put := func(ctx context.Context, id string) error {
			return sqldb.Translate("test", db.Write(ctx).Exec("INSERT INTO things VALUES (?, 1)", id).Error)
		}
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if err := put(ctx, "a"); err != nil {
				return err
			}
			err := db.Savepoint(ctx, func(ctx context.Context) error {
				if err := put(ctx, "b"); err != nil {
					return err
				}
				return db.InTx(ctx, func(ctx context.Context) error { return put(ctx, "a") }) // even from a nested InTx
			})
			if !errors.Is(err, hub.Conflict) {
				t.Errorf("got %v, want conflict", err)
			}
			return db.Savepoint(ctx, func(ctx context.Context) error { return put(ctx, "c") })
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, db); n != 2 {
			t.Errorf("%d rows, want a and c", n)
		}
		if err := db.Savepoint(t.Context(), func(ctx context.Context) error { return put(ctx, "d") }); err != nil {
			t.Errorf("without a transaction around it: %v", err)
		}
		if err := db.Savepoint(t.Context(), func(ctx context.Context) error {
			return errors.Join(put(ctx, "e"), put(ctx, "a"))
		}); !errors.Is(err, hub.Conflict) {
			t.Errorf("without a transaction around it: %v", err)
		}
		if n := count(t, db); n != 3 {
			t.Errorf("%d rows, want 3", n)
		}
	})
}

func TestContextEndsATransaction(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		for _, late := range []bool{false, true} { // late: the driver has rolled back before the commit
			ctx, cancel := context.WithCancel(t.Context())
			err := db.InTx(ctx, func(ctx context.Context) error {
				if err := db.Write(ctx).Exec("INSERT INTO things VALUES ('a', 1)").Error; err != nil {
					return err
				}
				cancel()
				for late && !errors.Is(db.Write(context.WithoutCancel(ctx)).Exec("SELECT 1").Error, sql.ErrTxDone) {
					runtime.Gosched()
				}
				return nil
			})
			if !errors.Is(err, context.Canceled) || hub.KindOf(err) != hub.Unavailable {
				t.Errorf("got %v, want unavailable with the context's error inside", err)
			}
			if n := count(t, db); n != 0 {
				t.Errorf("%d rows stayed", n)
			}
		}
	})
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	things(t, func(t *testing.T, db *sqldb.DB) {
		exec(t, db, "CREATE TABLE parts (thing TEXT NOT NULL REFERENCES things (id))")
		exec(t, db, "INSERT INTO things VALUES ('a', 1)")
		const secret = "1103700012345"
		run := func(sql string, args ...any) error { return db.Write(t.Context()).Exec(sql, args...).Error }
		row := func(to any, sql string, args ...any) error {
			return db.Read(t.Context()).Raw(sql, args...).Row().Scan(to)
		}
		var n int
		var s string
		var at time.Time
		for _, c := range []struct {
			name string
			err  error
			want hub.Kind
		}{
			{"primary key", run("INSERT INTO things VALUES ('a', 1)"), hub.Conflict},
			{"foreign key", run("INSERT INTO parts VALUES (?)", secret), hub.Conflict},
			{"check", run("INSERT INTO things VALUES (?, -1)", secret), hub.Invalid},
			{"not null", run("INSERT INTO things VALUES (?, NULL)", secret), hub.Invalid},
			{"no row", row(&n, "SELECT n FROM things WHERE id = ?", secret), hub.NotFound},
			{"scan of a value that does not fit", row(&n, "SELECT CAST(? AS TEXT)", secret+"x"), hub.Internal},
			{"scan into another type", row(&at, "SELECT CAST(? AS TEXT)", secret), hub.Internal},
			{"syntax", run("SELEKT 1"), hub.Internal},
			{"own kind", hub.Errorf("inner", hub.Denied, "no"), hub.Denied},
			{"none", nil, ""},
		} {
			err := sqldb.Translate("test.Op", c.err)
			if hub.KindOf(err) != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the text holds a value: %v", c.name, err)
			}
			if err != nil && !errors.Is(err, c.err) {
				t.Errorf("%s: the cause is lost", c.name)
			}
		}
		if db.Dialect() == sqldb.Postgres {
			for _, err := range []error{
				row(&s, "SELECT CAST(CAST(? AS TEXT) AS BIGINT)", secret+"x"), // SQLSTATE 22P02 quotes the value
				row(&s, "SELECT CAST(? AS BIGINT)", secret+"x"),               // pgx refuses it and quotes it
			} {
				if err == nil || strings.Contains(sqldb.Translate("test.Op", err).Error(), secret) {
					t.Errorf("the text holds a value: %v", sqldb.Translate("test.Op", err))
				}
			}
		}
	})
}
