package logout_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/pgtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/migrations"
)

const (
	kills    = 100
	invited  = 50 // participants of each session
	sleeping = 10 // of them down for the first half
)

// prepare brings a database up to date and starts sessions in it, each used at all departments.
func prepare(t *testing.T, dsn string, d *departments, many int) (*world, []session.Session) {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := migrations.Up(t.Context(), db.SQL(), db.Dialect()); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, db, nil)
	id := w.person()
	var all []session.Session
	for range many {
		s, _ := w.session(id)
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			for i := range invited {
				name := fmt.Sprintf("system-%d", i)
				p := session.Participant{Session: s.ID, System: hub.SystemID(name), Protocol: "http", Ref: d.server.URL + "/" + name}
				if err := w.sessions.Join(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return w, all
}

// judge waits until everybody is told and checks it: every participant of every session has heard of it, under one id, in the name of the
// right account, and of no session that has not ended.
func (w *world) judge(t *testing.T, d *departments, all []session.Session) {
	t.Helper()
	end := time.Now().Add(90 * time.Second)
	for open := 1; open > 0; {
		var err error
		if open, _, err = w.Backlog(t.Context()); err != nil || time.Now().After(end) {
			t.Fatalf("%d are still to be told, %v", open, err)
		}
		_, _ = w.Wait(t.Context(), 100*time.Millisecond, "none")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.wrong) > 0 || len(d.heard) != len(all) {
		t.Errorf("%v; heard of %d sessions, %d ended", d.wrong, len(d.heard), len(all))
	}
	twice := 0
	for _, s := range all {
		c, err := w.logouts.Of(t.Context(), s.ID)
		if err != nil || c.ClosedAt.IsZero() {
			t.Fatalf("%s: %+v, %v", s.ID, c, err)
		}
		entries, err := w.Ledger(t.Context(), c.ID)
		if err != nil || len(entries[0].Notices) != invited {
			t.Fatalf("%s: %v", s.ID, err)
		}
		for _, n := range entries[0].Notices {
			ids := d.heard[string(s.ID)][string(n.System)]
			if n.State != logout.Confirmed || len(ids) != 1 || ids[n.ID+" "+string(s.Account)] == 0 {
				t.Fatalf("%s at %s is %s and heard %v", n.ID, n.System, n.State, ids)
			}
			if ids[n.ID+" "+string(s.Account)] > 1 {
				twice++
			}
		}
	}
	t.Logf("%d notices, %d came more than once", len(all)*invited, twice)
}

// live fails where anybody heard of a session that has not ended.
func (w *world) live(t *testing.T, d *departments, s session.Session) bool {
	t.Helper()
	d.mu.Lock()
	heard := len(d.heard[string(s.ID)]) > 0 // before the look: what is heard of has ended by then
	d.mu.Unlock()
	now, err := w.sessions.Get(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if now.EndedAt.IsZero() && heard {
		t.Fatal("told of a session that has not ended")
	}
	return now.EndedAt.IsZero()
}

// Invariant 9: a hundred nodes are killed at random moments of campaigns with 50 participants, 10 of which are down for a while. Nobody is
// left out, and nobody hears one end under two ids.
func TestI9_NoKillLosesANotice(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string]int{"sqlite": 1, "postgres": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := "sqlite:" + filepath.Join(t.TempDir(), "hub.db")
			if name == "postgres" {
				dsn = sqltest.PostgresDSN(t)
			}
			d := newDepartments(t)
			for i := range sleeping {
				d.set(true, fmt.Sprintf("system-%d", i*invited/sleeping))
			}
			w, all := prepare(t, dsn, d, kills)
			var running []*node
			for range nodes {
				running = append(running, startNode(t, dsn))
			}
			answered := 0
			for i, s := range all {
				if i == kills/2 {
					for i := range invited {
						d.set(false, fmt.Sprintf("system-%d", i))
					}
				}
				n := running[rand.IntN(nodes)]
				ended := make(chan error, 1)
				go func() { ended <- n.end(s.ID) }()
				// Every second kill falls into the transaction or beside it, the others into the telling.
				var err error
				early := i%2 == 0
				if !early {
					err = <-ended
				}
				moment := time.NewTimer(time.Duration(rand.Int64N(int64(40 * time.Millisecond))))
				<-moment.C
				n.kill()
				if early {
					err = <-ended
				}
				if err == nil {
					answered++
					if w.live(t, d, s) {
						t.Fatal("an end that was answered is not there")
					}
				}
				n.start()
			}
			over := 0
			for i, s := range all {
				if !w.live(t, d, s) {
					over++
					continue
				}
				if err := running[i%nodes].end(s.ID); err != nil {
					t.Fatal(err)
				}
			}
			t.Logf("%d kills: %d ends were answered before, %d committed", kills, answered, over)
			w.judge(t, d, all)
		})
	}
}

// Invariant 9: PostgreSQL's primary is lost in the middle of campaigns, and a synchronous standby takes its place.
func TestI9_NoFailOverLosesANotice(t *testing.T) {
	t.Parallel()
	const sessions, nodes = 30, 3
	pair := pgtest.NewPair(t)
	dsn := pair.Database("hub")
	d := newDepartments(t)
	for i := range sleeping {
		d.set(true, fmt.Sprintf("system-%d", i*invited/sleeping))
	}
	w, all := prepare(t, dsn, d, sessions)
	var running []*node
	for range nodes {
		running = append(running, startNode(t, dsn))
	}
	answered := make([]bool, sessions)
	lost, promoted := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(promoted)
		<-lost
		pair.LosePrimary()
		pair.Promote()
	}()
	for i, s := range all {
		if i == sessions/2 {
			close(lost) // while this and the next ones are under way
		}
		answered[i] = running[i%nodes].end(s.ID) == nil
	}
	<-promoted
	for i := range invited {
		d.set(false, fmt.Sprintf("system-%d", i))
	}
	n := 0
	for i, s := range all {
		if answered[i] {
			n++
			if w.live(t, d, s) {
				t.Errorf("end %d was answered, and is lost", i)
			}
		}
		for end := time.Now().Add(30 * time.Second); running[i%nodes].end(s.ID) != nil; {
			if time.Now().After(end) {
				t.Fatal("the nodes don't find the new primary")
			}
		}
	}
	if n < sessions/2 {
		t.Errorf("only %d ends were answered", n)
	}
	t.Logf("%d of %d ends were answered at the first try", n, sessions)
	w.judge(t, d, all)
}
