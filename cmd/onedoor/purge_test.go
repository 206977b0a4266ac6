package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"onedoor/cmd/onedoor/app"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
	"onedoor/hub/statistics"
)

// OPS-02: what happened 800 days ago goes at the command line, and the record verifies before and after.
func TestOPS02_AuditPurge(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "retention: {record: 365d}\n")
	d.good("migrate", "--config", "@onedoor.yaml")
	past := app.Process{
		Env: func(name string) (string, bool) { v, ok := d.env[name]; return v, ok },
		Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Clock: func() time.Time { return time.Now().Add(-800 * 24 * time.Hour) }, Random: hub.Randomness(),
	}
	if code := run(t.Context(), []string{"apply", "--config", d.path("onedoor.yaml"), "-f", d.path("objects")}, past); code != exitOK {
		t.Fatal(code, past.Err)
	}
	d.good("keys", "rotate", "--config", "@onedoor.yaml")
	if out := d.good("audit", "purge", "--dry-run", "--config", "@onedoor.yaml"); !strings.HasPrefix(out, "would remove 0 events") {
		t.Error("before it is sealed and counted:", out)
	}
	seal(t, d, past)
	plan := d.good("audit", "purge", "--dry-run", "--config", "@onedoor.yaml")
	if !strings.HasPrefix(plan, "would remove ") || strings.HasPrefix(plan, "would remove 0 ") {
		t.Fatal(plan)
	}
	if out := d.good("audit", "verify", "--config", "@onedoor.yaml"); strings.Contains(out, "removed by age") {
		t.Error(out)
	}
	n := strings.Fields(plan)[2]
	if out := d.good("audit", "purge", "--config", "@onedoor.yaml"); out != "removed "+n+" events\n" {
		t.Error(out, plan)
	}
	if out := d.good("audit", "verify", "--config", "@onedoor.yaml"); !strings.Contains(out, "removed by age up to place "+n+": "+n+" events") || !strings.Contains(out, " 0 faults") {
		t.Error(out)
	}
	if out := d.good("audit", "purge", "--config", "@onedoor.yaml"); out != "removed 0 events\n" {
		t.Error("again:", out)
	}
}

// seal does what a running hub does with events: it puts them into the tree and counts them.
func seal(t *testing.T, d *desk, p app.Process) {
	t.Helper()
	cfg, err := configs.Load(d.path("onedoor.yaml"), p.Env)
	must(t, err)
	masters, err := app.MasterKeys(cfg, p)
	must(t, err)
	dsn, err := cfg.DSN(p.Env)
	must(t, err)
	db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	rest, err := hubsql.NewKeys(db)
	must(t, err)
	options := app.Schedules(cfg.Keys)
	options.Store, options.Masters, options.Clock, options.Random = rest, masters, time.Now, hub.Randomness()
	ring, err := keys.Open(t.Context(), options)
	must(t, err)
	store, err := hubsql.NewAudit(db)
	must(t, err)
	sealer, err := audit.NewSealer(audit.SealerOptions{
		Store: store, Origin: cfg.Issuer, Clock: time.Now, Authenticate: func(b []byte) []byte { return ring.Index("audit", string(b)) },
		Sign: func(b []byte) (string, error) { return ring.SignDetached(keys.ES256, audit.HeadType, b) },
	})
	must(t, err)
	n, err := sealer.Seal(t.Context())
	must(t, err)
	figures, err := hubsql.NewStatistics(db)
	must(t, err)
	must(t, figures.Add(t.Context(), 0, int64(n), []statistics.Count{}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
