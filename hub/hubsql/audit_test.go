package hubsql_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
)

const origin = "https://login.example"

// record is a log with its sealer and verifier over one database, with real keys.
type record struct {
	db       *sqldb.DB
	store    *hubsql.Audit
	ring     *keys.Ring
	log      *audit.Log
	sealer   *audit.Sealer
	verifier *audit.Verifier
}

func newRecord(t testing.TB, db *sqldb.DB) record {
	t.Helper()
	ring, err := keys.Open(t.Context(), keys.Options{Store: newKeys(t, db), Masters: master(t), Clock: time.Now, Random: hub.Randomness()})
	if err != nil {
		t.Fatal(err)
	}
	r := record{db: db, ring: ring}
	authenticate := func(b []byte) []byte { return ring.Index("audit", string(b)) }
	var errs [4]error
	r.store, errs[0] = hubsql.NewAudit(db)
	r.log, errs[1] = audit.New(audit.Options{Store: r.store, Authenticate: authenticate, Clock: time.Now, Random: hub.Randomness()})
	r.sealer, errs[2] = audit.NewSealer(audit.SealerOptions{
		Store: r.store, Authenticate: authenticate, Origin: origin, Clock: time.Now,
		Sign: func(b []byte) (string, error) { return ring.SignDetached(keys.ES256, audit.HeadType, b) },
	})
	r.verifier, errs[3] = audit.NewVerifier(audit.VerifierOptions{
		Store: r.store, Cuts: r.store, Authenticate: authenticate, Origin: origin,
		Check: func(b []byte, s string) error { return ring.CheckDetached(audit.HeadType, b, s) },
	})
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return r
}

func auditEvent(account hub.AccountID) audit.Event {
	return audit.Event{
		Kind: "token.issued", Outcome: audit.Success, Account: account, Session: hub.SessionID(hub.NewID(hub.Randomness())),
		System: "revenue-web", Provider: "thaid", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, Channel: "web",
		Detail: map[string]string{"grant": hub.NewID(hub.Randomness()), "acr": "urn:onedoor:ial:2.3:aal:2.2"},
	}
}

func newAccount() hub.AccountID { return hub.AccountID(hub.NewID(hub.Randomness())) }

// fill records and seals.
func (r record) fill(t testing.TB, n int) {
	t.Helper()
	for range n {
		if err := r.log.Record(t.Context(), auditEvent(newAccount())); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (r record) verify(t testing.TB, known ...audit.Head) audit.Report {
	t.Helper()
	report, err := r.verifier.Verify(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// exec changes the database past the hub.
func (r record) exec(t testing.TB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := r.db.SQL().ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// unguard does what the owner of the database can do: it takes the triggers and foreign keys of the audit tables away.
func (r record) unguard(t testing.TB) {
	t.Helper()
	if r.db.Dialect() == sqldb.Postgres {
		for _, table := range []string{"audit_events", "audit_leaves", "audit_nodes", "audit_heads", "audit_tree", "audit_cuts"} {
			r.exec(t, "ALTER TABLE "+table+" DISABLE TRIGGER USER")
		}
		return
	}
	rows, err := r.db.SQL().QueryContext(t.Context(), "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		names = append(names, n)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	r.exec(t, "PRAGMA foreign_keys = 0")
	for _, n := range names {
		r.exec(t, "DROP TRIGGER "+n)
	}
}

func TestAUD05_AuditStoreKeepsEveryField(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		interaction := hub.InteractionID(hub.NewID(hub.Randomness()))
		ctx := hub.WithInteraction(t.Context(), interaction)
		me := newAccount()
		full := auditEvent(me)
		full.Reason, full.Outcome = "level_unmet", audit.Refusal
		bare := audit.Event{Kind: "key.rotated", Outcome: audit.Failure}
		events := []audit.Event{full, bare}
		for range 60 { // more than one statement takes
			events = append(events, auditEvent(me))
		}
		if err := r.log.Record(ctx, events...); err != nil {
			t.Fatal(err)
		}
		if err := r.log.Record(t.Context(), auditEvent(me)); err != nil {
			t.Fatal(err)
		}
		got, err := r.store.Interaction(t.Context(), interaction, 100)
		if err != nil || len(got) != len(events) {
			t.Fatal(len(got), err)
		}
		for i, e := range events {
			e.ID, e.At, e.Interaction = got[i].ID, got[i].At, interaction
			if !slices.Equal(audit.Canonical(e), audit.Canonical(got[i])) {
				t.Errorf("event %d: %+v, want %+v", i, got[i], e)
			}
		}
		history, err := r.log.History(t.Context(), me, time.Now().Add(-time.Hour), 1000)
		if err != nil || len(history) != 62 {
			t.Fatal(len(history), err)
		}
		if !slices.IsSortedFunc(history, func(a, b audit.Event) int { return b.At.Compare(a.At) }) {
			t.Error("not newest first")
		}
		if h, err := r.log.History(t.Context(), me, time.Now().Add(time.Hour), 10); err != nil || len(h) != 0 {
			t.Error("since", len(h), err)
		}
		areas := func(part audit.Part) (kinds []string) {
			t.Helper()
			part.Since, part.Limit = time.Unix(1, 0), max(part.Limit, 1)
			h, err := r.log.Past(t.Context(), me, part)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range h {
				kinds = append(kinds, e.ID)
			}
			return kinds
		}
		// Read on, ten by ten: everything comes once, in order, also where many events share a moment.
		var read []string
		for before := ""; ; before = read[len(read)-1] {
			next := areas(audit.Part{Before: before, Limit: 10})
			if read = append(read, next...); len(next) < 10 {
				break
			}
		}
		var all []string
		for _, e := range history {
			all = append(all, e.ID)
		}
		if !slices.Equal(read, all) {
			t.Errorf("read on: %d of %d, in another order or twice", len(read), len(all))
		}
		area, _, _ := strings.Cut(history[0].Kind, ".")
		if n := len(areas(audit.Part{Areas: []string{area, "nothing"}, Limit: 500})); n == 0 {
			t.Error("an area is not found")
		}
		if n := len(areas(audit.Part{Areas: []string{"nothing"}, Limit: 500})) + len(areas(audit.Part{Before: hub.NewID(hub.Randomness()), Limit: 500})); n != 0 {
			t.Errorf("%d events of no area, or before none of mine", n)
		}
		kinds := map[string]bool{}
		for _, e := range history {
			kinds[e.Kind] = true
		}
		if n := len(areas(audit.Part{Without: slices.Collect(maps.Keys(kinds)), Limit: 500})); n != 0 {
			t.Errorf("%d events of kinds that are left out", n)
		}
		other := newAccount()
		if err := r.log.Record(t.Context(), auditEvent(other)); err != nil {
			t.Fatal(err)
		}
		if h, err := r.log.Past(t.Context(), other, audit.Part{Since: time.Unix(1, 0), Before: history[0].ID, Limit: 10}); err != nil || len(h) != 0 {
			t.Errorf("before somebody else's event: %v %v", h, err)
		}
		for _, bad := range []audit.Part{{Limit: 1, Areas: []string{"a%"}}, {Limit: 1, Areas: []string{""}}, {Limit: 1, Without: []string{"'"}}, {Limit: 1, Before: "x"}, {}} {
			if _, err := r.log.Past(t.Context(), me, bad); !errors.Is(err, hub.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := r.store.Append(t.Context(), []audit.Row{{Event: got[0], MAC: make([]byte, 32)}}); !errors.Is(err, hub.Conflict) {
			t.Error("an id twice:", err)
		}
	})
}

func TestD5_EventsStandAndFallWithTheirChange(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		me := newAccount()
		undone := errors.New("undone")
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if err := r.log.Record(ctx, auditEvent(me)); err != nil {
				return err
			}
			return hub.E("test", hub.Conflict, undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if h, err := r.log.History(t.Context(), me, time.Unix(1, 0), 10); err != nil || len(h) != 0 {
			t.Error("an undone change left its event", h, err)
		}
		if n, err := r.sealer.Seal(t.Context()); n != 0 || err != nil {
			t.Error(n, err)
		}
	})
}

func TestAUD11_RowsRefuseEveryChange(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		r.fill(t, 4)
		statements := []string{
			"UPDATE audit_events SET reason = 'x' WHERE seq = 1",
			"DELETE FROM audit_events WHERE seq = 1",
			"UPDATE audit_leaves SET seq = 9 WHERE idx = 1",
			"DELETE FROM audit_leaves",
			"UPDATE audit_nodes SET idx = 7",
			"DELETE FROM audit_nodes",
			"UPDATE audit_heads SET size = 1",
			"DELETE FROM audit_heads",
			"UPDATE audit_tree SET size = 1",
			"DELETE FROM audit_tree",
		}
		if db.Dialect() == sqldb.Postgres {
			for _, table := range []string{"audit_events, audit_leaves", "audit_leaves", "audit_nodes", "audit_heads", "audit_tree"} {
				statements = append(statements, "TRUNCATE "+table)
			}
		} else {
			statements = append(statements, "REPLACE INTO audit_events SELECT * FROM audit_events WHERE seq = 1")
		}
		for _, s := range statements {
			if _, err := db.SQL().ExecContext(t.Context(), s); err == nil {
				t.Errorf("%s: done", s)
			} else if err := sqldb.Translate("test", err); !errors.Is(err, hub.Conflict) {
				t.Errorf("%s: %v", s, err)
			}
		}
		if rep := r.verify(t); len(rep.Faults) != 0 || rep.Size != 4 {
			t.Errorf("%+v", rep)
		}
	})
}

func TestAUD11_ProofsOverSQL(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		me := newAccount()
		if err := r.log.Record(t.Context(), auditEvent(me)); err != nil {
			t.Fatal(err)
		}
		mine, err := r.log.History(t.Context(), me, time.Unix(1, 0), 1)
		if err != nil || len(mine) != 1 {
			t.Fatal(err)
		}
		if _, err := r.sealer.Prove(t.Context(), mine[0].ID); !errors.Is(err, hub.Conflict) {
			t.Error("before the seal:", err)
		}
		r.fill(t, 6)
		first, err := r.sealer.Head(t.Context())
		if err != nil || first.Size != 7 {
			t.Fatal(first, err)
		}
		events := make([]audit.Event, 0, 700)
		for range cap(events) {
			events = append(events, auditEvent(newAccount()))
		}
		if err := r.log.Record(t.Context(), events...); err != nil {
			t.Fatal(err)
		}
		r.fill(t, 1)
		p, err := r.sealer.Prove(t.Context(), mine[0].ID)
		if err != nil || p.Head.Size != 708 || p.Event.Account != me {
			t.Fatal(p.Head.Size, err)
		}
		if err := p.Verify(); err != nil {
			t.Error(err)
		}
		if err := r.ring.CheckDetached(audit.HeadType, audit.HeadPayload(origin, p.Head), p.Head.Signature); err != nil {
			t.Error(err)
		}
		c, err := r.sealer.ProveConsistency(t.Context(), first.Size)
		if err != nil || c.Verify(first.Root) != nil {
			t.Error(err)
		}
		if rep := r.verify(t, first); len(rep.Faults) != 0 || rep.Size != 708 {
			t.Errorf("%+v", rep)
		}
		if _, err := r.sealer.Prove(t.Context(), hub.NewID(hub.Randomness())); !errors.Is(err, hub.NotFound) {
			t.Error(err)
		}
	})
}

func TestAUD11_VerifyFindsWhatTheOwnerOfTheDatabaseDid(t *testing.T) {
	t.Parallel()
	const zero = "0000000000000000000000000000000000000000000000000000000000000000"
	bytesOf := func(db *sqldb.DB) string {
		if db.Dialect() == sqldb.Postgres {
			return `'\x` + zero + `'::bytea`
		}
		return "x'" + zero + "'"
	}
	// An event of the attacker's own, with an authenticator he has to guess.
	insert := func(db *sqldb.DB) string {
		return fmt.Sprintf(`INSERT INTO audit_events (id, at, interaction, kind, outcome, reason, account, session, system, provider, ial, aal, channel, detail, mac)
			VALUES ('%s', 1, '', 'login.finished', 'success', '', '', '', '', '', 0, 0, '', '{}', %s)`, hub.NewID(hub.Randomness()), bytesOf(db))
	}
	for name, c := range map[string]struct {
		do   func(r record, t *testing.T)
		want audit.FaultKind
		at   int64 // leaf, or size of the head; -2: whichever
	}{
		"a reason changed": {func(r record, t *testing.T) { r.exec(t, "UPDATE audit_events SET reason = 'x' WHERE seq = 3") }, audit.RowChanged, 2},
		"an account changed": {func(r record, t *testing.T) {
			r.exec(t, "UPDATE audit_events SET account = '"+string(newAccount())+"' WHERE seq = 5")
		}, audit.RowChanged, 4},
		"a time changed":   {func(r record, t *testing.T) { r.exec(t, "UPDATE audit_events SET at = at + 1 WHERE seq = 1") }, audit.RowChanged, 0},
		"a detail changed": {func(r record, t *testing.T) { r.exec(t, "UPDATE audit_events SET detail = '{}' WHERE seq = 11") }, audit.RowChanged, 10},
		"a detail broken":  {func(r record, t *testing.T) { r.exec(t, "UPDATE audit_events SET detail = '{' WHERE seq = 2") }, audit.RowChanged, 1},
		"two rows swapped": {func(r record, t *testing.T) {
			r.exec(t, "UPDATE audit_leaves SET seq = 99 WHERE idx = 3", "UPDATE audit_leaves SET seq = 4 WHERE idx = 4",
				"UPDATE audit_leaves SET seq = 5 WHERE idx = 3")
		}, audit.RowChanged, 3},
		"a row removed": {func(r record, t *testing.T) { r.exec(t, "DELETE FROM audit_events WHERE seq = 6") }, audit.RowRemoved, 5},
		"a row removed with its leaf": {func(r record, t *testing.T) {
			r.exec(t, "DELETE FROM audit_leaves WHERE seq = 6", "DELETE FROM audit_events WHERE seq = 6")
		}, audit.LeafRemoved, 5},
		"a leaf removed": {func(r record, t *testing.T) { r.exec(t, "DELETE FROM audit_leaves WHERE seq = 6") }, audit.RowInserted, -1},
		"a row and its leaf hash changed": {func(r record, t *testing.T) {
			r.exec(t, "UPDATE audit_events SET reason = 'x' WHERE seq = 3")
			r.rehash(t, 3)
		}, audit.HeadMismatch, 6},
		"a row inserted past the tree": {func(r record, t *testing.T) { r.exec(t, insert(r.db)) }, audit.RowInserted, -1},
		"a row inserted to be sealed": {func(r record, t *testing.T) {
			r.exec(t, insert(r.db), "INSERT INTO audit_pending (seq) SELECT max(seq) FROM audit_events")
			if _, err := r.sealer.Seal(t.Context()); !errors.Is(err, hub.Refused) {
				t.Error("sealed:", err)
			}
		}, audit.RowInserted, -1},
		"a row inserted with a leaf": {func(r record, t *testing.T) {
			r.exec(t, insert(r.db), "INSERT INTO audit_leaves (idx, seq, hash) SELECT 12, max(seq), "+bytesOf(r.db)+" FROM audit_events",
				"UPDATE audit_tree SET size = 13")
		}, audit.RowChanged, 12},
		"a waiting row removed": {func(r record, t *testing.T) {
			if err := r.log.Record(t.Context(), auditEvent(newAccount())); err != nil {
				t.Fatal(err)
			}
			r.exec(t, "INSERT INTO audit_pending (seq) VALUES (13)") // the trigger is gone, do its work
			r.exec(t, "DELETE FROM audit_events WHERE seq = 13")
		}, audit.RowRemoved, -1},
		"a node changed": {func(r record, t *testing.T) {
			r.exec(t, "UPDATE audit_nodes SET hash = "+bytesOf(r.db)+" WHERE level = 2 AND idx = 1")
		}, audit.NodeChanged, 4},
		"a node removed": {func(r record, t *testing.T) { r.exec(t, "DELETE FROM audit_nodes WHERE level = 1 AND idx = 0") }, audit.NodeChanged, 0},
		"a head changed": {func(r record, t *testing.T) {
			r.exec(t, "UPDATE audit_heads SET root = "+bytesOf(r.db)+" WHERE size = 6")
		}, audit.HeadForged, 6},
		"the last head removed": {func(r record, t *testing.T) { r.exec(t, "DELETE FROM audit_heads WHERE size = 12") }, audit.HeadMissing, 12},
		"the size turned back":  {func(r record, t *testing.T) { r.exec(t, "UPDATE audit_tree SET size = 6") }, audit.TreeTruncated, 12},
		"everything turned back": {func(r record, t *testing.T) {
			r.exec(t, "DELETE FROM audit_leaves WHERE idx >= 6", "DELETE FROM audit_nodes WHERE (idx + 1) * (1 << level) > 6",
				"DELETE FROM audit_heads WHERE size > 6", "DELETE FROM audit_events WHERE seq > 6", "UPDATE audit_tree SET size = 6")
		}, audit.TreeTruncated, 12},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
				r := newRecord(t, db)
				r.fill(t, 6)
				r.fill(t, 6)
				kept, err := r.sealer.Head(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if rep := r.verify(t, kept); len(rep.Faults) != 0 || rep.Size != 12 || rep.Heads != 3 {
					t.Fatalf("before: %+v", rep)
				}
				r.unguard(t)
				c.do(r, t)
				rep := r.verify(t, kept)
				if !slices.ContainsFunc(rep.Faults, func(f audit.Fault) bool { return f.Kind == c.want && (c.at == -2 || f.Index == c.at) }) {
					t.Errorf("found %+v, want %s at %d", rep.Faults, c.want, c.at)
				}
			})
		})
	}
}

// rehash writes the leaf hash that fits the row as it is now: what an attacker who knows the form would do.
func (r record) rehash(t *testing.T, seq int64) {
	t.Helper()
	placed, err := r.store.Leaves(t.Context(), seq-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	h := audit.LeafHash(audit.Canonical(placed[0].Row.Event))
	form := "x'%x'"
	if r.db.Dialect() == sqldb.Postgres {
		form = `'\x%x'::bytea`
	}
	r.exec(t, fmt.Sprintf("UPDATE audit_leaves SET hash = "+form+" WHERE seq = %d", h, seq))
}

func TestAUD11_NodesSealOneTreeSideBySide(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 15 {
					if err := r.log.Record(context.Background(), auditEvent(newAccount()), auditEvent(newAccount())); err != nil {
						t.Error(err)
					}
					if _, err := r.sealer.Seal(context.Background()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if _, err := r.sealer.Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		if rep := r.verify(t); len(rep.Faults) != 0 || rep.Size != 120 {
			t.Errorf("%+v", rep)
		}
	})
}

func TestAuditStoreSaysUnavailable(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := newRecord(t, db)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		for name, err := range map[string]error{
			"record":  r.log.Record(gone, auditEvent(newAccount())),
			"history": second(r.log.History(gone, newAccount(), time.Unix(1, 0), 1)),
			"seal":    second(r.sealer.Seal(gone)),
			"prove":   second(r.sealer.Prove(gone, hub.NewID(hub.Randomness()))),
			"head":    second(r.sealer.Head(gone)),
			"verify":  second(r.verifier.Verify(gone)),
		} {
			if !errors.Is(err, hub.Unavailable) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	if _, err := hubsql.NewAudit(nil); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}

func second[T any](_ T, err error) error { return err }

func BenchmarkAuditRecord(b *testing.B) {
	r := newRecord(b, sqltest.SQLite(b))
	e := auditEvent(newAccount())
	for b.Loop() {
		if err := r.log.Record(b.Context(), e); err != nil {
			b.Fatal(err)
		}
	}
}
