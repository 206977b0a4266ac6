package hubsql_test

import (
	"context"
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// waits tells when somebody waits for a lock in the database, or done is closed.
func waits(t *testing.T, db *sqldb.DB, done <-chan error) (err error, finished bool) {
	t.Helper()
	for {
		select {
		case err := <-done:
			return err, true
		default:
		}
		var waiting bool
		if err := db.Read(t.Context()).Raw(`SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
			AND datname = current_database())`).Row().Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting {
			return nil, false
		}
	}
}

// answer is what the OpenID provider writes for a login in an existing session.
func answer(w *hubtest.World, s *hubsql.Stores, sess session.Session, seen int64) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		now := w.Clock.Now()
		if err := s.Sessions.Join(ctx, session.Participant{Session: sess.ID, System: "tax", Protocol: "oidc", FirstAt: now, LastAt: now}); err != nil {
			return err
		}
		if err := s.Consents.Unchanged(ctx, sess.Account, "tax", seen); err != nil {
			return err
		}
		g := w.NewGrant(sess, "tax")
		return s.Grants.CreateWithCode(ctx, g, w.Credential(g.ID))
	}
}

// On PostgreSQL a withdrawal and an answer that rests on what is withdrawn meet at the session's row, whoever is first, and whether or not
// the session was used at the system before.
func TestCON03_AWithdrawalLeavesNoGrantBehind(t *testing.T) {
	t.Parallel()
	for _, used := range []bool{false, true} {
		db := sqltest.Postgres(t)
		w, s := world(t, db)
		ctx := t.Context()
		sess, _ := w.Session(t)
		ok(t, s.Consents.Add(ctx, w.Consent(sess.Account, hub.Name, "return", consent.Given)))
		current, err := s.Consents.Current(ctx, sess.Account, "tax")
		ok(t, err)
		seen := consent.Last(current)
		if used {
			ok(t, db.Together(ctx, answer(w, s, sess, seen)))
		}
		withdraw := func(ctx context.Context) error {
			if err := s.Consents.Add(ctx, w.Consent(sess.Account, hub.Name, "return", consent.Withdrawn)); err != nil {
				return err
			}
			_, err := s.Grants.RevokeSystem(ctx, sess.Account, "tax", "consent_withdrawn", w.Clock.Now())
			return err
		}
		living := func() (n int) {
			t.Helper()
			ok(t, db.Read(ctx).Raw("SELECT count(*) FROM grants WHERE account = ? AND revoked_at IS NULL", string(sess.Account)).Row().Scan(&n))
			return n
		}

		// The answer is first: the withdrawal waits for it and ends what it has made.
		done := make(chan error, 1)
		err = db.InTx(ctx, func(tx context.Context) error {
			if err := answer(w, s, sess, seen)(tx); err != nil {
				return err
			}
			go func() { done <- db.InTx(ctx, withdraw) }()
			if err, finished := waits(t, db, done); finished {
				t.Errorf("the withdrawal did not wait: %v", err)
				done <- err
			}
			return nil
		})
		ok(t, err)
		ok(t, <-done)
		if n := living(); n != 0 {
			t.Errorf("used before %t: %d grants outlive the withdrawal", used, n)
		}

		// The withdrawal is first: the answer waits for it and comes to nothing.
		ok(t, s.Consents.Add(ctx, w.Consent(sess.Account, hub.Name, "return", consent.Given)))
		current, err = s.Consents.Current(ctx, sess.Account, "tax")
		ok(t, err)
		err = db.InTx(ctx, func(tx context.Context) error {
			if err := withdraw(tx); err != nil {
				return err
			}
			go func() { done <- db.Together(ctx, answer(w, s, sess, consent.Last(current))) }()
			if err, finished := waits(t, db, done); finished {
				t.Errorf("the answer did not wait: %v", err)
				done <- err
			}
			return nil
		})
		ok(t, err)
		if err := <-done; hub.KindOf(err) != hub.Conflict || living() != 0 {
			t.Errorf("used before %t: %v, %d grants", used, err, living())
		}
	}
}
