package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func TestBinaries(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, version := range []string{"9", "15", "100", "lost+found"} {
		bin := filepath.Join(dir, version, "bin")
		if err := os.MkdirAll(bin, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(bin, "initdb"), nil, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	missing := func(string) (string, error) { return "", exec.ErrNotFound }
	there := func(string) (string, error) { return "/opt/pg/bin/initdb", nil }
	for _, c := range []struct {
		name    string
		look    func(string) (string, error)
		pattern string
		want    string
		err     error
	}{
		{"in PATH", there, filepath.Join(dir, "*/bin/initdb"), "/opt/pg/bin", nil},
		{"the highest version, not the last name", missing, filepath.Join(dir, "*/bin/initdb"), filepath.Join(dir, "100", "bin"), nil},
		{"nowhere", missing, filepath.Join(dir, "*/sbin/initdb"), "", ErrMissing},
	} {
		if got, err := binaries(c.look, c.pattern); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func TestServerOfItsOwn(t *testing.T) {
	t.Parallel()
	server, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	exec := func(dsn, statement string) error {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, statement)
		return errors.Join(err, db.Close())
	}
	name, err := server.Template(func(dsn string) error { return exec(dsn, "CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1)") })
	if err != nil {
		t.Fatal(err)
	}
	t.Run("databases", func(t *testing.T) {
		one, two, empty := server.Database(t, name), server.Database(t, name), server.Database(t, "")
		for what, err := range map[string]error{
			"a copy has the template's table": exec(one, "ALTER TABLE t RENAME TO u"),
			"another copy is not touched":     exec(two, "INSERT INTO t VALUES (2)"),
		} {
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := exec(empty, "SELECT * FROM t"); err == nil {
			t.Error("an empty database has a table")
		}
	})
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if os.Getenv(Env) != "" {
		return // a server that is not ours stays
	}
	u, err := url.Parse(server.dsn("x"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(u.Query().Get("host")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the cluster stayed: %v", err)
	}
}
