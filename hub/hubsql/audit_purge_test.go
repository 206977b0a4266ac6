package hubsql_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

const day = 24 * time.Hour

// purger gives a purger over the record, that keeps events for the time.
func (r record) purger(t testing.TB, keep time.Duration, change ...func(*audit.PurgerOptions)) *audit.Purger {
	t.Helper()
	o := audit.PurgerOptions{
		Store: r.store, Record: r.log, Tx: r.db, Clock: time.Now, Random: hub.Randomness(), Keep: keep, By: "command",
		Authenticate: func(b []byte) []byte { return r.ring.Index("audit", string(b)) },
		Counted:      func(context.Context) (int64, error) { return math.MaxInt64, nil },
	}
	for _, c := range change {
		c(&o)
	}
	p, err := audit.NewPurger(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// aged records events of so many days ago, in this order, each of an account of its own, and seals them.
func (r record) aged(t testing.TB, days ...int) []audit.Event {
	t.Helper()
	var all []audit.Event
	for _, d := range days {
		e := auditEvent(newAccount())
		e.ID, e.At = hub.NewID(hub.Randomness()), time.Now().UTC().Add(-time.Duration(d)*day).Truncate(time.Microsecond)
		all = append(all, e)
	}
	if err := r.log.Record(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	if _, err := r.sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	return all
}

func (r record) count(t testing.TB, statement string) (n int) {
	t.Helper()
	if err := r.db.SQL().QueryRowContext(t.Context(), statement).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func many(n, days int) []int { return slices.Repeat([]int{days}, n) }

func TestOPS02_WhatIsTooOldGoesAndTheRecordStillVerifies(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		old := r.aged(t, many(700, 402)...) // more than one step removes at once
		before, err := r.sealer.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		late := r.aged(t, 401, 399, 405, 1) // the one of 405 days stands behind a younger one and so stays until that goes
		kept, err := r.sealer.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p := r.purger(t, 400*day)
		if c, err := p.Plan(t.Context()); err != nil || c.From != 0 || c.To != 701 || !strings.HasPrefix(c.String(), "701 events from before ") {
			t.Fatalf("%+v %v", c, err)
		}
		if r.count(t, "SELECT count(*) FROM audit_events") != 704 || r.count(t, "SELECT count(*) FROM audit_cuts") != 0 {
			t.Fatal("a plan has changed something")
		}
		if n, err := p.Purge(t.Context()); err != nil || n != 701 {
			t.Fatal(n, err)
		}
		if n, err := p.Purge(t.Context()); err != nil || n != 0 {
			t.Fatal("again", n, err)
		}
		if _, err := r.sealer.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		rep := r.verify(t, before, kept)
		if len(rep.Faults) != 0 || rep.Purged != 701 || rep.Cut.To != 701 || rep.Size != 705 {
			t.Fatalf("%+v", rep)
		}
		// The act is an event of the record.
		found, err := r.store.Cuts(t.Context(), 0, 10)
		if err != nil || len(found) != 1 || found[0].Row == nil || found[0].Row.Event.Detail["by"] != "command" || found[0].Row.Event.Detail["to"] != "701" {
			t.Fatalf("%+v %v", found, err)
		}
		// What remains can be proven, with the old heads too; what is gone can't be shown, but who has kept it proves it still.
		for _, e := range late[1:] {
			proof, err := r.sealer.Prove(t.Context(), e.ID)
			if err != nil || proof.Verify() != nil {
				t.Errorf("%s: %v", e.ID, err)
			}
		}
		if _, err := r.sealer.Prove(t.Context(), old[3].ID); !errors.Is(err, hub.NotFound) {
			t.Error("a purged event:", err)
		}
		leaves, err := r.store.Leaves(t.Context(), 3, 1)
		if err != nil || leaves[0].Row != nil || leaves[0].Hash != audit.LeafHash(audit.Canonical(old[3])) {
			t.Errorf("the leaf of a purged event: %+v %v", leaves, err)
		}
		c, err := r.sealer.ProveConsistency(t.Context(), before.Size)
		if err != nil || c.Verify(before.Root) != nil {
			t.Error(err)
		}
		if h, err := r.log.History(t.Context(), late[1].Account, time.Unix(1, 0), 10); err != nil || len(h) != 1 {
			t.Error("the history of whom it does not concern", h, err)
		}
		// Later, or with a shorter time, the next go; the cut before is covered by the new one.
		if n, err := r.purger(t, 300*day).Purge(t.Context()); err != nil || n != 2 {
			t.Error(n, err)
		}
		// A longer time after that takes nothing back and removes nothing.
		if n, err := r.purger(t, 500*day).Purge(t.Context()); err != nil || n != 0 {
			t.Error(n, err)
		}
		if rep := r.verify(t, before, kept); len(rep.Faults) != 0 || rep.Purged != 703 {
			t.Errorf("%+v", rep)
		}
	})
}

func TestAUD01_HalfAYearIsNeverPurged(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		mine := r.aged(t, 188, 185, 100, 0)
		if _, err := audit.NewPurger(audit.PurgerOptions{
			Store: r.store, Record: r.log, Tx: r.db, Clock: time.Now, Random: hub.Randomness(), Keep: audit.LeastKept - 1, By: "hub",
			Authenticate: func(b []byte) []byte { return b }, Counted: func(context.Context) (int64, error) { return 0, nil },
		}); !errors.Is(err, hub.Invalid) {
			t.Error("kept too short:", err)
		}
		// A node whose clock is a year ahead is held by the clock of the database: nothing goes.
		ahead := r.purger(t, audit.LeastKept, func(o *audit.PurgerOptions) { o.Clock = func() time.Time { return time.Now().Add(365 * day) } })
		if n, err := ahead.Purge(t.Context()); n != 0 || r.count(t, "SELECT count(*) FROM audit_cuts") != 0 {
			t.Error(n, err)
		}
		if n, err := r.purger(t, audit.LeastKept).Purge(t.Context()); err != nil || n != 1 {
			t.Error(n, err)
		}
		for i, e := range mine {
			h, err := r.log.History(t.Context(), e.Account, time.Unix(1, 0), 10)
			if want := min(i, 1); err != nil || len(h) != want {
				t.Errorf("event %d: %d in the history, want %d: %v", i, len(h), want, err)
			}
		}
		// Events that are not counted yet stay whatever their age.
		uncounted := r.purger(t, audit.LeastKept, func(o *audit.PurgerOptions) {
			o.Counted = func(context.Context) (int64, error) { return 0, nil }
		})
		if c, err := uncounted.Plan(t.Context()); err != nil || c.From != c.To {
			t.Errorf("%+v %v", c, err)
		}
	})
}

// stopped is a store that breaks off after so many removals.
type stopped struct {
	audit.PurgeStore
	left int
}

func (s *stopped) Remove(ctx context.Context, from, to int64) (int, error) {
	if s.left == 0 {
		return 0, hub.Errorf("stopped", hub.Unavailable, "killed")
	}
	s.left--
	return s.PurgeStore.Remove(ctx, from, to)
}

func TestOPS02_APurgeThatIsKilledLeavesARecordThatVerifies(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		r.aged(t, append(many(1200, 500), 1)...)
		for steps, want := range []int{0, 500, 1000} { // another process each time: it knows nothing of the one before
			p := r.purger(t, 400*day, func(o *audit.PurgerOptions) { o.Store = &stopped{r.store, steps} })
			if _, err := p.Purge(t.Context()); !errors.Is(err, hub.Unavailable) {
				t.Fatal(err)
			}
			if rep := r.verify(t); len(rep.Faults) != 0 || rep.Purged != int64(want) || rep.Cut.To != 1200 {
				t.Errorf("after %d steps: %+v", steps, rep)
			}
		}
		// Two nodes at once, and the verification beside them.
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if _, err := r.purger(t, 400*day).Purge(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		if rep := r.verify(t); len(rep.Faults) != 0 {
			t.Errorf("%+v", rep)
		}
		wg.Wait()
		if rep := r.verify(t); len(rep.Faults) != 0 || rep.Purged != 1200 || r.count(t, "SELECT count(*) FROM audit_cuts") != 1 {
			t.Errorf("%+v", rep)
		}
	})
}

func TestOPS02_OnlyThePurgeRemoves(t *testing.T) {
	t.Parallel()
	forge := func(seq int) string { // an event of a cut, with an authenticator that is guessed
		zero := "x'" + strings.Repeat("00", 32) + "'"
		return fmt.Sprintf(`INSERT INTO audit_events (id, at, interaction, kind, outcome, reason, account, session, system, provider, ial, aal, channel, detail, mac)
			VALUES ('forged%d', 1, '', 'audit.purged', 'success', '', '', '', '', '', 0, 0, '', '{"from":"0","to":"3","before":"2001-01-01"}', %s)`, seq, zero)
	}
	cut := func(first, upto int, ago time.Duration, event string) string {
		return fmt.Sprintf("INSERT INTO audit_cuts (upto, first, before, event) VALUES (%d, %d, %d, '%s')", upto, first, time.Now().Add(-ago).UnixMicro(), event)
	}
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		mine := r.aged(t, 400, 400, 400, 300, 1)
		dialect := func(s string) string {
			if db.Dialect() == sqldb.Postgres {
				return strings.ReplaceAll(s, "x'"+strings.Repeat("00", 32)+"'", `'\x`+strings.Repeat("00", 32)+`'::bytea`)
			}
			return s
		}
		refused := func(when string, statements ...string) {
			t.Helper()
			for _, s := range statements {
				if _, err := db.SQL().ExecContext(t.Context(), s); err == nil {
					t.Errorf("%s: %s: done", when, s)
				} else if err := sqldb.Translate("test", err); !errors.Is(err, hub.Conflict) && !errors.Is(err, hub.Invalid) {
					t.Errorf("%s: %s: %v", when, s, err)
				}
			}
		}
		refused("without a cut", "DELETE FROM audit_events WHERE seq = 1", "DELETE FROM audit_events",
			cut(0, 3, 300*day, mine[0].ID), cut(0, 3, 300*day, "nothing"))
		r.exec(t, dialect(forge(1)))
		refused("a cut that the law forbids", cut(0, 3, 180*day, "forged1"), cut(0, 9, 300*day, "forged1"), cut(1, 3, 300*day, "forged1"),
			cut(3, 3, 300*day, "forged1"))
		// With all rights but those of the owner one can make a cut that the triggers believe; it reaches what is old enough and no further.
		r.exec(t, cut(0, 4, 350*day, "forged1"))
		refused("behind a forged cut", "DELETE FROM audit_events WHERE seq = 4", "DELETE FROM audit_events WHERE seq = 5", "DELETE FROM audit_events",
			"UPDATE audit_cuts SET before = before + 1", "DELETE FROM audit_cuts", cut(0, 5, 300*day, "forged1"))
		if db.Dialect() == sqldb.Postgres {
			refused("by other ways", "TRUNCATE audit_cuts")
			// Tables and functions of one's own in front of the real ones change nothing.
			refused("beside the real tables", `DO $$ BEGIN
				CREATE TEMP TABLE audit_cuts (upto BIGINT, first BIGINT, before BIGINT, event TEXT);
				INSERT INTO pg_temp.audit_cuts VALUES (100, 0, 9000000000000000, 'x');
				DELETE FROM audit_events WHERE seq = 4; END $$`)
		} else {
			refused("by other ways", "REPLACE INTO audit_cuts SELECT upto, first, before, event FROM audit_cuts",
				"REPLACE INTO audit_leaves SELECT idx, seq, hash FROM audit_leaves WHERE idx = 1")
		}
		if rep := r.verify(t); !slices.ContainsFunc(rep.Faults, func(f audit.Fault) bool { return f.Kind == audit.CutForged }) {
			t.Errorf("a forged cut is not found: %+v", rep)
		}
		r.exec(t, "DELETE FROM audit_events WHERE seq = 2")
		rep := r.verify(t)
		if !slices.Contains(rep.Faults, audit.Fault{Kind: audit.RowRemoved, Index: 1}) || rep.Purged != 0 || rep.Cut.To != 0 {
			t.Errorf("what went behind a forged cut is not found: %+v", rep)
		}
		if n, err := r.purger(t, 300*day).Purge(t.Context()); n != 0 || !errors.Is(err, hub.Refused) {
			t.Error("purged behind a forged cut:", n, err)
		}
	})
}

func TestOPS02_ACutCoversNothingUp(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]string{
		"a row gone":    "DELETE FROM audit_events WHERE seq = 2",
		"a row changed": "UPDATE audit_events SET reason = 'x' WHERE seq = 2",
		"a leaf gone":   "DELETE FROM audit_leaves WHERE idx = 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecord(t, sqltest.SQLite(t))
			r.aged(t, many(5, 400)...)
			r.unguard(t)
			r.exec(t, change)
			if n, err := r.purger(t, 300*day).Purge(t.Context()); n != 0 || !errors.Is(err, hub.Refused) {
				t.Error(n, err)
			}
			if rep := r.verify(t); len(rep.Faults) == 0 || rep.Cut.To != 0 {
				t.Errorf("%+v", rep)
			}
		})
	}
	t.Run("a purged row put back", func(t *testing.T) {
		t.Parallel()
		r := newRecord(t, sqltest.SQLite(t))
		r.aged(t, 400, 400, 1)
		r.exec(t, "CREATE TABLE copied AS SELECT * FROM audit_events")
		if n, err := r.purger(t, 300*day).Purge(t.Context()); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		r.exec(t, "INSERT INTO audit_events SELECT * FROM copied WHERE seq = 1") // it is what it was, and holds nobody up
		r.fill(t, 1)
		if rep := r.verify(t); len(rep.Faults) != 0 || rep.Purged != 1 || rep.Size != 5 {
			t.Errorf("%+v", rep)
		}
		r.unguard(t)
		r.exec(t, "INSERT INTO audit_events SELECT * FROM copied WHERE seq = 2", "UPDATE audit_events SET reason = 'x' WHERE seq = 2")
		if rep := r.verify(t); !slices.ContainsFunc(rep.Faults, func(f audit.Fault) bool { return f.Kind == audit.RowChanged && f.Index == 1 }) {
			t.Errorf("%+v", rep)
		}
	})
}
