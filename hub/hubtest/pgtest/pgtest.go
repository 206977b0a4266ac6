// Package pgtest gives tests a real PostgreSQL: the server of the admin DSN in ONEDOOR_TEST_POSTGRES (a postgres:// URL of a role
// that may create databases), or else a temporary one of its own, started from the installed binaries on a Unix socket in a
// temporary folder and ended with the test binary. A test without PostgreSQL fails; it is never skipped.
//
// It knows no schema: see sqltest for databases with one.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Env names the variable with the admin DSN.
const Env = "ONEDOOR_TEST_POSTGRES"

// Server is a running PostgreSQL. It is safe for concurrent use.
type Server struct {
	admin   url.URL
	db      *sql.DB
	stop    func() error
	made    sync.Mutex
	dropped []string // templates, dropped at Close
}

// Open connects to the server of Env or starts one that keeps nothing through a crash.
func Open() (*Server, error) { return open(forgetful) }

// OpenDurable is Open with a server that keeps through a crash what was committed: for measuring. The server of Env has the settings that
// it has.
func OpenDurable() (*Server, error) { return open(durable) }

func open(settings []string) (*Server, error) {
	if dsn := os.Getenv(Env); dsn != "" {
		admin, err := url.Parse(dsn)
		if err != nil || !strings.HasPrefix(dsn, "postgres") {
			return nil, errors.New("pgtest: " + Env + " must be a postgres:// URL")
		}
		return connect(*admin, func() error { return nil })
	}
	admin, stop, err := startCluster(settings)
	if err != nil {
		return nil, err
	}
	s, err := connect(admin, stop)
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	return s, nil
}

func connect(admin url.URL, stop func() error) (*Server, error) {
	cfg, err := pgx.ParseConfig(admin.String())
	if err != nil {
		return nil, errors.New("pgtest: the admin DSN can't be read")
	}
	s := &Server{admin: admin, db: stdlib.OpenDB(*cfg), stop: stop}
	s.db.SetMaxOpenConns(4)
	if err := s.db.PingContext(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("pgtest: the PostgreSQL of %s does not answer: %w", Env, err), s.db.Close())
	}
	return s, nil
}

// Close drops the templates and ends a server that Open started.
func (s *Server) Close() error {
	var errs []error
	for _, name := range s.dropped {
		errs = append(errs, s.drop(name))
	}
	errs = append(errs, s.db.Close(), s.stop())
	return errors.Join(errs...)
}

// Database makes a database for one test and gives its DSN. It is dropped when the test ends. template is the name that Template
// gave, or "" for an empty database.
func (s *Server) Database(t testing.TB, template string) string {
	t.Helper()
	name, err := s.create(template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.drop(name); err != nil {
			t.Error(err)
		}
	})
	return s.dsn(name)
}

// Template makes a database, lets fill work on it, and gives its name for Database. fill must leave no connection open.
func (s *Server) Template(fill func(dsn string) error) (string, error) {
	name, err := s.create("")
	if err != nil {
		return "", err
	}
	s.made.Lock()
	s.dropped = append(s.dropped, name)
	s.made.Unlock()
	return name, fill(s.dsn(name))
}

func (s *Server) create(template string) (string, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	name := "onedoor_test_" + hex.EncodeToString(b[:])
	if template == "" {
		template = "template0"
	}
	if _, err := s.db.ExecContext(context.Background(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", fmt.Errorf("pgtest: create database: %w", err)
	}
	return name, nil
}

func (s *Server) drop(name string) error {
	if _, err := s.db.ExecContext(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("pgtest: drop database: %w", err)
	}
	return nil
}

func (s *Server) dsn(database string) string {
	u := s.admin
	u.Path = "/" + database
	return u.String()
}
