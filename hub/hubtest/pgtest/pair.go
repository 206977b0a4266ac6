package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Pair is two PostgreSQL clusters of one test: a primary, and a standby that every commit waits for (synchronous replication).
type Pair struct {
	t       testing.TB
	bin     string
	owner   *syscall.Credential
	primary node
	standby node
}

type node struct {
	dir  string // also of the socket
	kill func()
}

// NewPair starts both and waits until the standby is the one that commits wait for. They end with the test.
func NewPair(t testing.TB) *Pair {
	t.Helper()
	bin, err := binaries(exec.LookPath, debian)
	if err != nil {
		t.Fatal(err)
	}
	// What makes a standby lies beside what initdb really is: where that is only linked to, the rest may not be.
	real, err := filepath.EvalSymlinks(filepath.Join(bin, "initdb"))
	if err != nil {
		t.Fatal(err)
	}
	p := &Pair{t: t, bin: filepath.Dir(real)}
	for _, n := range []*node{&p.primary, &p.standby} {
		if n.dir, err = socketFolder(); err != nil {
			t.Fatal(err)
		}
		dir := n.dir
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		if p.owner, err = unprivileged(n.dir); err != nil {
			t.Fatal(err)
		}
	}
	p.do(p.primary.dir, "initdb", "-D", p.primary.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
	p.start(&p.primary)
	p.do(p.standby.dir, "pg_basebackup", "-h", p.primary.dir, "-U", "postgres", "-D", p.standby.data(), "-R", "-X", "stream", "--no-sync", "-c", "fast")
	p.start(&p.standby)
	p.ask(p.primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
	p.ask(p.primary, "SELECT pg_reload_conf()")
	for end := time.Now().Add(30 * time.Second); p.ask(p.primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1"; {
		if time.Now().After(end) {
			t.Fatal("pgtest: the standby does not follow")
		}
	}
	return p
}

func (n node) data() string { return filepath.Join(n.dir, "data") }

// do runs one of PostgreSQL's programs.
func (p *Pair) do(dir, name string, args ...string) {
	p.t.Helper()
	if out, err := command(p.bin, dir, p.owner, name, args...).CombinedOutput(); err != nil {
		p.t.Fatalf("pgtest: %s: %v\n%s", name, err, out)
	}
}

func (p *Pair) start(n *node) {
	p.t.Helper()
	// A commit is not on the disk of either: what the test kills is the server, not the machine.
	args := []string{"-D", n.data(), "-k", n.dir, "-c", "listen_addresses=", "-c", "max_connections=100", "-c", "fsync=off", "-c", "autovacuum=off", "-c", "log_min_messages=error"}
	server := command(p.bin, n.dir, p.owner, "postgres", args...)
	stop, err := run(server)
	if err != nil {
		p.t.Fatal(err)
	}
	ended := false
	end := func(how func() error) {
		if !ended {
			ended = true
			_ = how()
		}
	}
	n.kill = func() { end(func() error { return server.Process.Kill() }) }
	p.t.Cleanup(func() { end(stop) })
}

func (n node) dsn(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database, RawQuery: url.Values{"host": {n.dir}}.Encode()}
	return u.String()
}

// ask asks a node one question, or tells it one thing, and gives the first column of the answer.
func (p *Pair) ask(n node, query string) string {
	p.t.Helper()
	cfg, err := pgx.ParseConfig(n.dsn("postgres"))
	if err != nil {
		p.t.Fatal(err)
	}
	db := stdlib.OpenDB(*cfg)
	defer db.Close() //nolint:errcheck // asked once
	var answer sql.NullString
	err = db.QueryRowContext(context.Background(), query).Scan(&answer)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		p.t.Fatal(fmt.Errorf("pgtest: %s: %w", query, err))
	}
	return answer.String
}

// Database makes an empty database and gives a DSN that names both hosts and wants the one that can be written to.
func (p *Pair) Database(name string) string {
	p.t.Helper()
	p.ask(p.primary, "CREATE DATABASE "+name)
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + name, RawQuery: url.Values{
		"host": {p.primary.dir + "," + p.standby.dir}, "target_session_attrs": {"read-write"}, "connect_timeout": {"2"},
	}.Encode()}
	return u.String()
}

// LosePrimary kills the primary's server at once, without any way to say goodbye.
func (p *Pair) LosePrimary() { p.primary.kill() }

// Promote makes the standby the primary, and waits until it takes changes.
func (p *Pair) Promote() {
	p.t.Helper()
	p.do(p.standby.dir, "pg_ctl", "promote", "-D", p.standby.data(), "-w", "-t", "30")
	p.ask(p.standby, "ALTER SYSTEM SET synchronous_standby_names = ''")
	p.ask(p.standby, "SELECT pg_reload_conf()")
}
