package authzsql_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

// BenchmarkLookup measures what memory does not know: the facts of one operator by key, among so many delegations in PostgreSQL.
func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("grants=%d", n), func(b *testing.B) {
			db := sqltest.Postgres(b)
			store, err := authzsql.New(db)
			if err != nil {
				b.Fatal(err)
			}
			const operators = 10_000
			conn, err := db.SQL().Conn(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			for _, statement := range []string{
				"SET statement_timeout = 0",
				"ALTER TABLE authz_delegations DROP CONSTRAINT authz_delegations_operator_fkey",
				fmt.Sprintf(`INSERT INTO authz_delegations (id, entity, item, department, operator, exclusive, begins_at, terms, state, proposed_by, proposed_at,
					decided_by, ended_by, end_reason)
					SELECT 'd' || i, 'e' || i / 4, 'item-' || i %% 4, 'social', 'o' || (i / 4) %% %d, 1, 1, '{}', 'active', '', 1, '', '', '' FROM generate_series(0, %d) i`, operators, n-1),
				"ANALYZE authz_delegations",
			} {
				if _, err := conn.ExecContext(b.Context(), statement); err != nil {
					b.Fatal(sqldb.Translate("bench", err))
				}
			}
			if err := conn.Close(); err != nil {
				b.Fatal(err)
			}
			r := rand.New(rand.NewPCG(1, 2))
			for b.Loop() {
				i := r.IntN(n / 4)
				p := authz.Party{Account: hub.AccountID(fmt.Sprintf("o%d", i%operators)), Entity: hub.EntityID(fmt.Sprintf("e%d", i))}
				f, err := store.Facts(b.Context(), p)
				if err != nil || len(f.Delegations) != 4 {
					b.Fatal(f, err)
				}
			}
		})
	}
}
