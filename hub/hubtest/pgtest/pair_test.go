package pgtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"onedoor/hub/hubtest/pgtest"
)

func TestPair_ACommitOutlivesThePrimary(t *testing.T) {
	t.Parallel()
	p := pgtest.NewPair(t)
	dsn := p.Database("kept")
	ctx := t.Context()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{"CREATE TABLE kept (n INTEGER)", "INSERT INTO kept VALUES (7)"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	p.LosePrimary()
	p.Promote()
	short, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	again, err := pgx.Connect(short, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close(ctx) //nolint:errcheck // the test ends
	var n int
	if err := again.QueryRow(ctx, "SELECT n FROM kept").Scan(&n); err != nil || n != 7 {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := again.Exec(ctx, "INSERT INTO kept VALUES (8)"); err != nil {
		t.Error(err)
	}
}
