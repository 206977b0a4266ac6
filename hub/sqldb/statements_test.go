package sqldb

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
)

func openKept(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "hub.db"), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Write(t.Context()).Exec("CREATE TABLE x (a INTEGER NOT NULL PRIMARY KEY, b TEXT) STRICT").Error; err != nil {
		t.Fatal(err)
	}
	return db
}

func (s *statements) count() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.kept)
}

func TestStatementsOfDataAreKeptAndOthersAreNot(t *testing.T) {
	t.Parallel()
	db := openKept(t)
	if n := db.prepared.count(); n != 0 {
		t.Fatalf("%d kept: a statement of the schema", n)
	}
	for i := range 3 {
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if err := db.Write(ctx).Exec("INSERT INTO x (a, b) VALUES ( ?, ?)", i, "b").Error; err != nil {
				return err
			}
			return db.Savepoint(ctx, func(ctx context.Context) error { // SAVEPOINT is not kept
				return db.Write(ctx).Exec("UPDATE x SET b = ? WHERE a = ?", "c", i).Error
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := min(2*i, 2); db.prepared.count() != want { // wanted by the first transaction, kept before the second
			t.Errorf("after %d transactions: %d kept, want %d", i+1, db.prepared.count(), want)
		}
	}
	var all int
	for range 3 {
		if err := db.Read(t.Context()).Raw("SELECT count(*) FROM x WHERE b = ?", "c").Row().Scan(&all); err != nil || all != 3 {
			t.Fatalf("%d rows, %v", all, err)
		}
	}
	if db.asked.count() != 1 {
		t.Errorf("%d questions kept", db.asked.count())
	}
}

func TestStatementsSeeAChangedSchema(t *testing.T) {
	t.Parallel()
	db := openKept(t)
	insert := func() error {
		return db.Write(t.Context()).Exec("INSERT INTO x (a, b) SELECT coalesce(max(a), 0) + 1, ? FROM x", "b").Error
	}
	for range 2 {
		if err := insert(); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Write(t.Context()).Exec("ALTER TABLE x ADD COLUMN c INTEGER").Error; err != nil {
		t.Fatal(err)
	}
	if err := insert(); err != nil {
		t.Errorf("a kept statement after a change of the schema: %v", err)
	}
}

func TestStatementsKeptAreBounded(t *testing.T) {
	t.Parallel()
	db := openKept(t)
	for i := range mostStatements + 50 {
		var n int
		if err := db.Read(t.Context()).Raw(fmt.Sprintf("SELECT count(*) + %d FROM x", i)).Row().Scan(&n); err != nil || n != i {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if db.asked.count() > mostStatements {
		t.Errorf("%d kept", db.asked.count())
	}
}

func TestStatementsAreSharedByManyAtOnce(t *testing.T) {
	t.Parallel()
	db := openKept(t)
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 20 {
				err := db.InTx(t.Context(), func(ctx context.Context) error {
					return db.Write(ctx).Exec("INSERT INTO x (a, b) VALUES ( ?, ?)", g*100+i, "b").Error
				})
				var n int
				if err == nil {
					err = db.Read(t.Context()).Raw("SELECT a FROM x WHERE a = ?", g*100+i).Row().Scan(&n)
				}
				if err != nil || n != g*100+i {
					t.Errorf("%d, %v", n, err)
				}
			}
		})
	}
	all.Wait()
}

func TestARefusedStatementIsToldEachTime(t *testing.T) {
	t.Parallel()
	db := openKept(t)
	for range 3 {
		if err := db.Write(t.Context()).Exec("INSERT INTO x (a) VALUES ( ?)", 1).Error; err != nil && db.prepared.count() != 1 {
			t.Fatal(err)
		}
		if err := db.Write(t.Context()).Exec("INSERT INTO nowhere (a) VALUES ( ?)", 1).Error; err == nil {
			t.Error("no such table, and nobody says so")
		}
	}
}
