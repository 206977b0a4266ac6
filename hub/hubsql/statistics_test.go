package hubsql_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/hub/statistics"
)

var kindsOfEvents = []string{"login.succeeded", "login.resumed", "login.refused", "login.provider_chosen", "item.permitted", "token.issued", "login.started"}

// noRegister knows one system.
type noRegister struct{}

func (noRegister) Owner(_ context.Context, s hub.SystemID) (hub.DepartmentID, error) {
	if s == "efiling" {
		return "revenue", nil
	}
	return "", nil
}

func (noRegister) Category(context.Context, string) (string, error) { return "", nil }

func newStatistics(t testing.TB, db *sqldb.DB) *statistics.Service {
	t.Helper()
	store, err := hubsql.NewStatistics(db)
	if err != nil {
		t.Fatal(err)
	}
	log, err := hubsql.NewAudit(db)
	if err != nil {
		t.Fatal(err)
	}
	s, err := statistics.New(statistics.Options{Store: store, Log: log, Register: noRegister{}, Clock: time.Now, Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mixed puts events of every kind into the record and seals them.
func (r record) mixed(t testing.TB, n int, from time.Time) {
	t.Helper()
	var all []audit.Event
	for i := range n {
		outcome := audit.Success
		if i%11 == 0 {
			outcome = audit.Refusal
		}
		all = append(all, audit.Event{
			At: from.Add(time.Duration(i) * 13 * time.Minute), Kind: kindsOfEvents[i%len(kindsOfEvents)], Outcome: outcome,
			System: []hub.SystemID{"efiling", "elsewhere", ""}[i%3], Provider: []hub.ProviderID{"thaid", "bank"}[i%2], Channel: []string{"web", "app", ""}[i%3],
		})
	}
	if err := r.log.Record(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// pivots compares every figure with the log itself, counted by another way.
func (r record) pivots(t testing.TB) {
	t.Helper()
	format := map[statistics.Grain]string{statistics.Hour: "2006-01-02T15", statistics.Day: "2006-01-02", statistics.Month: "2006-01"}
	want, got := map[string]int64{}, map[string]int64{}
	for from := int64(0); ; {
		leaves, err := r.store.Leaves(t.Context(), from, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(leaves) == 0 {
			break
		}
		for _, l := range leaves {
			e := l.Row.Event
			if !slices.Contains(kindsOfEvents[:5], e.Kind) {
				continue
			}
			department := ""
			if e.System == "efiling" {
				department = "revenue"
			}
			for g, f := range format {
				want[fmt.Sprint(g, e.At.UTC().Format(f), department, e.Kind, e.System, e.Provider, e.Channel, e.Outcome)]++
			}
		}
		from += int64(len(leaves))
	}
	store, err := hubsql.NewStatistics(r.db)
	if err != nil {
		t.Fatal(err)
	}
	for g, f := range format {
		all, err := store.Sums(t.Context(), statistics.Query{
			Grain: g, From: time.Unix(0, 0), Until: time.Now().AddDate(1, 0, 0),
			By: []statistics.Dimension{statistics.BySystem, statistics.ByProvider, statistics.ByChannel, statistics.ByOutcome},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range all {
			got[fmt.Sprint(g, x.Start.UTC().Format(f), x.Department, x.Kind, x.Values[0], x.Values[1], x.Values[2], x.Values[3])] += x.N
		}
	}
	if len(want) == 0 || !maps.Equal(want, got) {
		t.Errorf("STA-01: the figures (%d) are not what the log says (%d)", len(got), len(want))
	}
}

// STA-01: every figure is what the log says, whoever counts: many nodes at once count each event once.
func TestSTA01_FiguresAreWhatTheLogSays(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		from := time.Date(2025, 1, 31, 12, 0, 0, 0, time.UTC)
		var all sync.WaitGroup
		for round := range 3 {
			r.mixed(t, 600, from.AddDate(0, 0, round))
			for range 4 {
				all.Go(func() {
					if _, err := newStatistics(t, db).Advance(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
		if _, err := newStatistics(t, db).Advance(t.Context()); err != nil { // where all gave way to each other at the end
			t.Fatal(err)
		}
		r.pivots(t)
		store, err := hubsql.NewStatistics(db)
		if err != nil {
			t.Fatal(err)
		}
		counted, through, err := store.Progress(t.Context())
		if err != nil || counted != 1800 || time.Since(through) > 10*time.Minute {
			t.Errorf("%d counted, through %s: %v", counted, through, err)
		}
		if err := store.Add(t.Context(), 1799, 1801, nil); !errors.Is(err, hub.Conflict) {
			t.Errorf("a step from elsewhere: %v", err)
		}
		if err := store.Through(t.Context(), counted, through.Add(-time.Hour)); err != nil {
			t.Error(err)
		}
		if _, again, err := store.Progress(t.Context()); err != nil || !again.Equal(through) {
			t.Errorf("it went back to %s: %v", again, err)
		}
		own := hub.DepartmentID("revenue")
		sums, err := store.Sums(t.Context(), statistics.Query{Grain: statistics.Month, From: time.Unix(0, 0), Until: time.Now(), Department: &own})
		if err != nil || len(sums) == 0 || slices.ContainsFunc(sums, func(x statistics.Sum) bool { return x.Department != own }) {
			t.Errorf("STA-02: %v, %v", sums, err)
		}
		if _, err := store.Sums(t.Context(), statistics.Query{By: []statistics.Dimension{"account"}}); !errors.Is(err, hub.Invalid) {
			t.Errorf("a dimension that is none: %v", err)
		}
		if n, err := store.Purge(t.Context(), time.Now(), 1_000_000); err != nil || n == 0 {
			t.Errorf("purged %d: %v", n, err)
		}
		days, err := store.Sums(t.Context(), statistics.Query{Grain: statistics.Day, From: time.Unix(0, 0), Until: time.Now()})
		if err != nil || len(days) == 0 {
			t.Errorf("days went with the hours: %v", err)
		}
	})
	if _, err := hubsql.NewStatistics(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("no database: %v", err)
	}
}

// theDatabase tells the process that is killed which database to count in.
const theDatabase = "ONEDOOR_TEST_COUNT"

// TestTheProcessThatIsKilled counts again and again in the process that TestSTA01_KillsLoseAndDoubleNothing starts; elsewhere it has nothing to do.
func TestTheProcessThatIsKilled(t *testing.T) {
	dsn := os.Getenv(theDatabase)
	if dsn == "" {
		return
	}
	db, err := sqldb.Open(context.Background(), sqldb.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	s := newStatistics(t, db)
	if _, err := os.Stdout.WriteString("counting\n"); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := s.Advance(context.Background()); err != nil && !errors.Is(err, hub.Unavailable) {
			t.Fatal(err)
		}
	}
}

// STA-01: a process that counts is killed (SIGKILL) at ten places of its work, and what it left is counted to the end: nothing twice, nothing lost.
func TestSTA01_KillsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	var file string
	db := sqltest.SQLite(t, func(o *sqldb.Options) { file = o.DSN })
	r := newRecord(t, db)
	from := time.Date(2025, 1, 31, 12, 0, 0, 0, time.UTC)
	for kill := range 10 {
		r.mixed(t, 1500, from.AddDate(0, 0, kill))
		c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheProcessThatIsKilled$")
		c.Env = append(os.Environ(), theDatabase+"="+file)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		word := make([]byte, len("counting"))
		if _, err := io.ReadFull(out, word); err != nil || string(word) != "counting" {
			t.Fatalf("it does not count: %q, %v", word, err)
		}
		store, err := hubsql.NewStatistics(db)
		if err != nil {
			t.Fatal(err)
		}
		for before, deadline := int64(1500*kill), time.Now().Add(2*time.Minute); ; { // until it is in the middle of its work
			if time.Now().After(deadline) {
				t.Fatal("it does not count on")
			}
			at, _, err := store.Progress(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if at > before+int64(100*kill) || at >= int64(1500*(kill+1)) {
				break
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // killed
	}
	if _, err := newStatistics(t, db).Advance(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.pivots(t)
}

// BenchmarkCount counts 500 events, one step.
func BenchmarkCount(b *testing.B) {
	for name, db := range map[string]*sqldb.DB{"sqlite": sqltest.SQLite(b), "postgres": sqltest.Postgres(b)} {
		b.Run(name, func(b *testing.B) {
			r, s := newRecord(b, db), newStatistics(b, db)
			for b.Loop() {
				b.StopTimer()
				r.mixed(b, 500, time.Date(2025, 1, 31, 12, 0, 0, 0, time.UTC))
				b.StartTimer()
				if n, err := s.Advance(b.Context()); err != nil || n != 500 {
					b.Fatal(n, err)
				}
			}
		})
	}
}
