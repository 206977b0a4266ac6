package sqldb_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/sqldb"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func openFile(t *testing.T, change func(*sqldb.Options)) (*sqldb.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	o := sqldb.Options{DSN: "sqlite:" + path, Logger: quiet()}
	if change != nil {
		change(&o)
	}
	db, err := sqldb.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	exec(t, db, "CREATE TABLE things (id TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0)) STRICT")
	return db, path
}

func exec(t *testing.T, db *sqldb.DB, sql string, args ...any) {
	t.Helper()
	if err := db.Write(t.Context()).Exec(sql, args...).Error; err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sqldb.DB) int {
	t.Helper()
	var n int
	if err := db.Read(t.Context()).Raw("SELECT count(*) FROM things").Row().Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOpenRefusesWhatCantBeMeant(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{
		"", "sqlite:", "sqlite:a?mode=memory", "sqlite::memory:", "sqlite:a#b", "mysql://x", "postgres://u:top-secret@host:notaport/x",
		"sqlite:" + filepath.Join(t.TempDir(), "no", "such", "folder.db"), "sqlite:" + t.TempDir(),
	} {
		db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: dsn, Logger: quiet()})
		if err == nil {
			_ = db.Close()
			t.Errorf("%q was opened", dsn)
			continue
		}
		if k := hub.KindOf(err); k != hub.Invalid && k != hub.Unavailable {
			t.Errorf("%q: kind %q", dsn, k)
		}
		if strings.Contains(err.Error(), "top-secret") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
	if _, err := sqldb.Open(t.Context(), sqldb.Options{DSN: "sqlite:x"}); !errors.Is(err, hub.Invalid) {
		t.Errorf("without a logger: %v", err)
	}
}

func TestOpenTellsThatPostgresIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() // no socket in it
	_, err := sqldb.Open(t.Context(), sqldb.Options{DSN: "postgres://u:top-secret@/x?host=" + dir, Logger: quiet()})
	if !errors.Is(err, hub.Unavailable) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "top-secret") || strings.Contains(err.Error(), dir) {
		t.Errorf("the error shows the DSN: %v", err)
	}
}

func TestSQLiteFileIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "wide.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: "sqlite:" + path, Logger: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	exec(t, db, "CREATE TABLE x (y TEXT) STRICT")
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", filepath.Base(name), info.Mode().Perm())
		}
	}
}

func TestSQLitePragmas(t *testing.T) {
	t.Parallel()
	db, _ := openFile(t, nil)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "trusted_schema": "0"} {
		var got string
		if err := db.Write(t.Context()).Raw("PRAGMA " + pragma).Row().Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s = %s, want %s", pragma, got, want)
		}
	}
	if err := db.Read(t.Context()).Exec("INSERT INTO things VALUES ('a', 1)").Error; err == nil {
		t.Error("a reader wrote")
	}
}

func TestInTxRollsBackOnErrorAndPanic(t *testing.T) {
	t.Parallel()
	db, _ := openFile(t, nil)
	boom := hub.Errorf("test", hub.Denied, "no")
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		db.Write(ctx).Exec("INSERT INTO things VALUES ('a', 1)")
		return boom
	})
	if err != boom {
		t.Errorf("got %v, want the function's own error", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = db.InTx(t.Context(), func(ctx context.Context) error {
			db.Write(ctx).Exec("INSERT INTO things VALUES ('b', 1)")
			panic("boom")
		})
	}()
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows stayed", n)
	}
	if err := db.InTx(t.Context(), func(ctx context.Context) error { // the only writer is free again
		return db.Write(ctx).Exec("INSERT INTO things VALUES ('c', 1)").Error
	}); err != nil {
		t.Fatal(err)
	}
}

func TestInTxNestedJoinsAndFailsAsOne(t *testing.T) {
	t.Parallel()
	db, _ := openFile(t, nil)
	add := func(ctx context.Context, id string) error {
		return db.InTx(ctx, func(ctx context.Context) error {
			return db.Write(ctx).Exec("INSERT INTO things VALUES (?, 1)", id).Error
		})
	}
	if err := db.InTx(t.Context(), func(ctx context.Context) error {
		if err := add(ctx, "a"); err != nil {
			return err
		}
		var n int
		if err := db.Read(ctx).Raw("SELECT count(*) FROM things").Row().Scan(&n); err != nil || n != 1 {
			t.Errorf("the transaction does not read its own write: %d, %v", n, err)
		}
		return add(ctx, "b")
	}); err != nil {
		t.Fatal(err)
	}
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		_ = add(ctx, "c")
		_ = add(ctx, "a") // fails, and is swallowed
		return nil
	})
	if !errors.Is(err, hub.Conflict) {
		t.Errorf("a swallowed failure inside: got %v, want conflict", err)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.FixedZone("ICT", 7*3600))
	if got := sqldb.Time(sqldb.Micros(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("got %v", got)
	}
	if got := sqldb.NullTime(sqldb.NullMicros(at)); !got.Equal(at) {
		t.Errorf("got %v", got)
	}
	if sqldb.NullMicros(time.Time{}).Valid || !sqldb.NullTime(sqldb.NullMicros(time.Time{})).IsZero() {
		t.Error("the zero time is not NULL")
	}
}
