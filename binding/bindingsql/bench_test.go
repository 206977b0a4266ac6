package bindingsql_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

// The i-th row of a filled table: its owner, and the hash of its record, as the statements below make them.
func ownerAt(i int) binding.Owner {
	return binding.Owner{Account: hub.AccountID(fmt.Sprintf("o%025d", i))}
}

func recordAt(db *sqldb.DB, i int) []byte {
	text := fmt.Sprintf("r%031d", i)
	if db.Dialect() == sqldb.Postgres {
		h := sha256.Sum256([]byte(text))
		return h[:]
	}
	return []byte(text)
}

// fill puts n bound bindings into an empty table, in the database's own language: as many as a country has insured people.
func fill(b *testing.B, db *sqldb.DB, n int) {
	b.Helper()
	const names = `INSERT INTO bindings (id, department, kind, holder, owner, state, record_hash, record_sealed, way, ial, aal, area, reason, conflict, asked,
		reviewer, approved_first, seed, version, created_at, updated_at, bound_at, confirmed_at) `
	const rest = `, 'match', 5, 2, '', 'found', '', '', '', '', `
	if db.Dialect() == sqldb.Postgres {
		exec(b, db, names+`SELECT 'b' || lpad(i::text, 25, '0'), 'social-security', 'insured', 'person', 'o' || lpad(i::text, 25, '0'), 'bound',
			sha256(('r' || lpad(i::text, 31, '0'))::bytea), '\x00112233445566778899aabbccddeeff'::bytea`+rest+`true, 0, 1, 1, 1, 1
			FROM generate_series(0, `+fmt.Sprint(n-1)+`) i`)
		exec(b, db, "ANALYZE bindings")
		return
	}
	for from := 0; from < n; from += 500_000 { // a write-ahead log of a bounded size
		to := min(n, from+500_000)
		exec(b, db, fmt.Sprintf(names+`WITH RECURSIVE c(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM c WHERE i + 1 < %d)
			SELECT printf('b%%025d', i), 'social-security', 'insured', 'person', printf('o%%025d', i), 'bound',
			CAST(printf('r%%031d', i) AS BLOB), x'00112233445566778899aabbccddeeff'`+rest+`1, 0, 1, 1, 1, 1 FROM c`, from, to))
	}
	exec(b, db, "ANALYZE")
}

func exec(b *testing.B, db *sqldb.DB, statement string) {
	b.Helper()
	if _, err := db.SQL().ExecContext(b.Context(), statement); err != nil {
		b.Fatal(err)
	}
}

// A look-up walks down one index, however many rows there are: the partial ones are used although the statement names no index.
func TestLookup_UsesTheIndexes(t *testing.T) {
	t.Parallel()
	w := lite(t)
	for statement, index := range map[string]string{
		"SELECT * FROM bindings WHERE record_hash = x'00' AND state IN ('bound', 'suspended')":                         "bindings_record",
		"SELECT * FROM bindings WHERE owner = 'o' AND state <> 'unbound' AND department = 'd' ORDER BY created_at, id": "bindings_owner",
		"SELECT * FROM bindings WHERE owner = 'o' AND state <> 'unbound' ORDER BY created_at, id":                      "bindings_owner",
		"SELECT 1 FROM binding_work WHERE binding = 'b' AND task = 'match' AND next_at IS NOT NULL":                    "binding_work_one",
		"UPDATE binding_work SET sealed = NULL WHERE session = 's' AND task = 'match' AND next_at IS NOT NULL":         "binding_work_session",
		"SELECT id FROM binding_work WHERE next_at <= 7 ORDER BY next_at LIMIT 9":                                      "binding_work_due",
	} {
		rows, err := w.db.SQL().QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+statement)
		if err != nil {
			t.Fatal(err)
		}
		plan := ""
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			plan += detail + "; "
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || !strings.Contains(plan, "INDEX "+index) || strings.Contains(plan, "SCAN bindings;") {
			t.Errorf("%s: %s %v", statement, plan, err)
		}
	}
}

// BenchmarkLookup finds bindings by their record and by their owner, in tables of ten thousand and of ten million. Run it with -benchtime 20000x: filling
// ten million takes minutes.
func BenchmarkLookup(b *testing.B) {
	for _, dialect := range []sqldb.Dialect{sqldb.SQLite, sqldb.Postgres} {
		for _, n := range []int{10_000, 10_000_000} {
			b.Run(fmt.Sprintf("%s/%d", dialect, n), func(b *testing.B) {
				patient := func(o *sqldb.Options) { o.StatementTimeout, o.IdleTimeout = time.Hour, time.Hour }
				open := sqltest.SQLite
				if dialect == sqldb.Postgres {
					open = sqltest.Postgres
				}
				db := open(b, patient)
				store, err := bindingsql.New(db)
				if err != nil {
					b.Fatal(err)
				}
				fill(b, db, n)
				took := make([]time.Duration, 0, 40_000)
				i := 0
				for b.Loop() {
					at := i * 7919 % min(n, 10_000) * (n / 10_000) // ten thousand people who come, of however many there are
					begin := time.Now()
					if _, err := store.HeldBy(b.Context(), recordAt(db, at)); err != nil {
						b.Fatal(err)
					}
					if all, err := store.Of(b.Context(), ownerAt(at), "social-security"); err != nil || len(all) != 1 {
						b.Fatalf("%d %v", len(all), err)
					}
					took = append(took, time.Since(begin))
					i++
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "µs-median")
				b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "µs-p99")
			})
		}
	}
}
