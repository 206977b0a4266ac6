package hubsql_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/grant"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// world gives a world and the SQL stores themselves.
func world(t *testing.T, db *sqldb.DB) (*hubtest.World, *hubsql.Stores) {
	t.Helper()
	s, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	return hubtest.NewWorld(t, stores(t, db)), s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCON04_ConsentsCantBeChangedByAnyStatement(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, s := world(t, db)
		a := w.Account(t)
		r := w.Consent(a.ID, hub.Birthdate, "return", consent.Given)
		ok(t, s.Consents.Add(t.Context(), r))
		statements := []string{
			"UPDATE consents SET decision = 'withdrawn'",
			"UPDATE consents SET at = at + 1 WHERE id = '" + r.ID + "'",
			"DELETE FROM consents",
			"DELETE FROM consents WHERE id = '" + r.ID + "'",
			"INSERT INTO consents SELECT * FROM consents",
		}
		if db.Dialect() == sqldb.Postgres {
			statements = append(statements, "TRUNCATE consents", "TRUNCATE accounts CASCADE")
		} else {
			statements = append(statements, "REPLACE INTO consents SELECT * FROM consents")
		}
		for _, statement := range statements {
			if err := db.Write(t.Context()).Exec(statement).Error; err == nil {
				t.Errorf("%s: no error", statement)
			}
		}
		err := sqldb.Translate("test", db.Write(t.Context()).Exec(statements[0]).Error)
		if !errors.Is(err, hub.Conflict) {
			t.Errorf("the trigger's error is %v, want conflict", err)
		}
		got, err := s.Consents.History(t.Context(), a.ID, 10)
		ok(t, err)
		if r.Seq = 1; len(got) != 1 || got[0] != r {
			t.Errorf("the record was changed: %+v", got)
		}
	})
}

func TestOPS02_ConsentsArePurgedOnlyWhereReplacedAndOld(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, s := world(t, db)
		a := w.Account(t)
		var records []consent.Record
		began := time.Now().UTC().Add(-300 * 24 * time.Hour).Truncate(time.Microsecond)
		for i := range 4 { // a day apart; the last one is in force
			r := w.Consent(a.ID, hub.Birthdate, "return", consent.Given)
			r.At = began.Add(time.Duration(i) * 24 * time.Hour)
			ok(t, s.Consents.Add(t.Context(), r))
			records = append(records, r)
		}
		lone := w.Consent(a.ID, hub.Name, "return", consent.Given)
		lone.At = began
		ok(t, s.Consents.Add(t.Context(), lone))

		purge := func(before time.Time, after int64, looked, want int, next int64) {
			t.Helper()
			n, last, err := s.Consents.Purge(t.Context(), before, after, looked)
			ok(t, err)
			if n != want || last != next {
				t.Errorf("purged %d and stands at %d, want %d and %d", n, last, want, next)
			}
		}
		all := began.Add(5 * 24 * time.Hour)
		purge(began, 0, 10, 0, 0)                       // at the edge nothing is older
		purge(began.Add(time.Microsecond), 0, 10, 1, 0) // one is; the lone one of the same time is in force
		purge(all, 0, 2, 1, 2)                          // a part at a time
		purge(all, 2, 2, 1, 0)
		purge(all, 4, 2, 0, 0)
		purge(all, 0, 10, 0, 0)
		got, err := s.Consents.History(t.Context(), a.ID, 10)
		ok(t, err)
		if lone.Seq, records[3].Seq = 5, 4; len(got) != 2 || got[0] != lone || got[1] != records[3] {
			t.Errorf("what is in force is gone: %+v", got)
		}
		if err := db.Write(t.Context()).Exec("DELETE FROM consents").Error; err == nil {
			t.Error("the way to purge stayed open")
		}
		// Half a year stays, whoever asks, and whatever row opens the way (CON-06).
		young := w.Consent(a.ID, hub.Birthdate, "return", consent.Withdrawn)
		young.At = time.Now().UTC().Add(-180 * 24 * time.Hour).Truncate(time.Microsecond)
		ok(t, s.Consents.Add(t.Context(), young))
		last := w.Consent(a.ID, hub.Birthdate, "return", consent.Given)
		last.At = time.Now().UTC().Truncate(time.Microsecond)
		ok(t, s.Consents.Add(t.Context(), last))
		if n, _, err := s.Consents.Purge(t.Context(), time.Now().Add(time.Hour), 0, 10); n != 0 || !errors.Is(err, hub.Conflict) {
			t.Errorf("purged %d of half a year: %v", n, err)
		}
	})
}

func TestPurge(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, s := world(t, db)
		ctx := t.Context()
		sess, _ := w.Session(t)
		var grants []grant.Grant
		for i := range 5 { // each expires a minute after the one before
			end := hubtest.Noon().Add(time.Duration(i+1) * time.Minute)
			g := w.NewGrant(sess, "tax")
			g.ExpiresAt = end
			code, refresh := w.Credential(g.ID), w.Credential(g.ID)
			code.ExpiresAt, refresh.ExpiresAt = end, end
			ok(t, s.Grants.CreateWithCode(ctx, g, code))
			ok(t, s.Grants.AddRefresh(ctx, refresh))
			ok(t, s.Once.Use(ctx, "jti", w.ID(), end))
			a := w.Access(g)
			a.ExpiresAt = end
			ok(t, s.Revocations.RevokeToken(ctx, a, w.Clock.Now()))
			grants = append(grants, g)
		}
		edge := grants[3].ExpiresAt // three are older, two are not
		for _, p := range []struct {
			name, table string
			purge       func(context.Context, time.Time, int) (int, error)
		}{
			{"codes", "codes", s.Grants.PurgeCodes},
			{"refresh tokens", "refresh_tokens", s.Grants.PurgeRefresh},
			{"single use", "single_use", s.Once.Purge},
			{"revocations", "revocations", s.Revocations.Purge},
			{"grants", "grants", s.Grants.PurgeGrants},
		} {
			for _, want := range []int{2, 1, 0} {
				n, err := p.purge(ctx, edge, 2)
				ok(t, err)
				if n != want {
					t.Errorf("%s: purged %d, want %d", p.name, n, want)
				}
			}
			var left int
			ok(t, db.Read(ctx).Raw("SELECT count(*) FROM "+p.table).Row().Scan(&left))
			if left != 2 {
				t.Errorf("%s: %d rows are left, want 2", p.name, left)
			}
		}
		// A grant takes what hangs on it along.
		n, err := s.Grants.PurgeGrants(ctx, grants[4].ExpiresAt.Add(time.Microsecond), 10)
		ok(t, err)
		var left int
		ok(t, db.Read(ctx).Raw("SELECT (SELECT count(*) FROM codes) + (SELECT count(*) FROM refresh_tokens)").Row().Scan(&left))
		if n != 2 || left != 0 {
			t.Errorf("purged %d grants, %d credentials are left", n, left)
		}
	})
}

func TestPurgeOfSeveralNodesAtOnceTakesEachRowOnce(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := world(t, db)
		const rows = 60
		for i := range rows {
			ok(t, s.Once.Use(t.Context(), "jti", fmt.Sprint(i), hubtest.Noon()))
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		total := 0
		for range 8 {
			wg.Go(func() {
				for range rows / 5 {
					n, err := s.Once.Purge(t.Context(), hubtest.Noon().Add(time.Hour), 5)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					total += n
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if total != rows {
			t.Errorf("purged %d, want %d", total, rows)
		}
	})
}

// TestLeaseFeedMissesNoLateCommit: a revocation is written, another one is written and committed and read, then the first one
// commits. The next read must have it, although it is the older row.
func TestLeaseFeedMissesNoLateCommit(t *testing.T) {
	t.Parallel()
	db := sqltest.Postgres(t) // on SQLite the second writer waits for the first: rows can't pass each other
	w, s := world(t, db)
	sess, _ := w.Session(t)
	g, _ := w.Grant(t, sess, "tax")
	late, early := w.Access(g), w.Access(g)
	outside := t.Context()
	has := func(rows []token.Revocation, a token.Access) bool {
		for _, r := range rows {
			if r.Kind == "token" && r.Ref == a.ID {
				return true
			}
		}
		return false
	}
	var cursor token.Cursor
	ok(t, db.InTx(outside, func(ctx context.Context) error {
		if err := s.Revocations.RevokeToken(ctx, late, w.Clock.Now()); err != nil {
			return err
		}
		if err := s.Revocations.RevokeToken(outside, early, w.Clock.Now()); err != nil {
			return err
		}
		rows, next, err := s.Revocations.Read(outside, cursor)
		if err != nil {
			return err
		}
		if !has(rows, early) || has(rows, late) {
			t.Errorf("first read: %v", rows)
		}
		cursor = next
		return nil
	}))
	rows, _, err := s.Revocations.Read(outside, cursor)
	ok(t, err)
	if !has(rows, late) {
		t.Errorf("the late commit is missing: %v", rows)
	}
}

// TestRevocationOfAnAccountOrASystemEndsWhatWasIssuedBefore: a token that is issued after it lives.
func TestRevocationOfAnAccountOrASystemEndsWhatWasIssuedBefore(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, s := world(t, db)
		for _, kind := range []string{"account", "system"} {
			sess, _ := w.Session(t)
			g, _ := w.Grant(t, sess, "tax")
			before := w.Access(g)
			ref := map[string]string{"account": string(g.Account), "system": string(g.System)}[kind]
			ok(t, db.Write(t.Context()).Exec("INSERT INTO revocations (kind, ref, at, expires_at) VALUES (?, ?, ?, ?)",
				kind, ref, sqldb.Micros(before.IssuedAt), sqldb.Micros(before.ExpiresAt)).Error)
			w.Clock.Advance(time.Microsecond)
			for _, c := range []struct {
				a    token.Access
				want bool
			}{{before, true}, {w.Access(g), false}} {
				ended, err := s.Revocations.Ended(t.Context(), c.a)
				ok(t, err)
				if ended != c.want {
					t.Errorf("%s: ended = %v, want %v", kind, ended, c.want)
				}
			}
		}
	})
}

// TestTheSchemaItselfRefusesWhatMustNotBe: by whichever statement.
func TestTheSchemaItselfRefusesWhatMustNotBe(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, _ := world(t, db)
		sess, _ := w.Session(t)
		w.Grant(t, sess, "tax")
		for name, statement := range map[string]string{
			"SES-04: an ended session with its secrets":   "UPDATE sessions SET ended_at = 1, end_reason = 'person'",
			"SES-04: an ended session with its vault":     "UPDATE sessions SET ended_at = 1, end_reason = 'person', secret_hash = NULL",
			"an end without a reason":                     "UPDATE sessions SET ended_at = 1, secret_hash = NULL, vault = NULL, wrapped_key = NULL",
			"an end for an unknown reason":                "UPDATE sessions SET ended_at = 1, end_reason = 'whim', secret_hash = NULL, vault = NULL, wrapped_key = NULL",
			"a live session without a secret":             "UPDATE sessions SET secret_hash = NULL",
			"a session without an account":                "DELETE FROM accounts",
			"a grant without a session":                   "DELETE FROM sessions",
			"a level that is none":                        "UPDATE sessions SET ial = 8",
			"an unknown status":                           "UPDATE accounts SET status = 'sleeping'",
			"a short hash":                                "UPDATE account_links SET subject_hash = NULL",
			"a second code of a grant":                    "INSERT INTO codes (hash, grant_id, state, issued_at, expires_at) SELECT hash, grant_id, state, issued_at, expires_at FROM codes",
			"an unknown kind of revocation":               "INSERT INTO revocations (kind, ref, at, expires_at) VALUES ('person', 'x', 1, 1)",
			"a revoked grant without a time":              "UPDATE grants SET revoke_reason = 'x'",
			"a version of the register that goes under 0": "UPDATE directory_versions SET version = -1",
		} {
			if err := db.Write(t.Context()).Exec(statement).Error; err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	})
}
