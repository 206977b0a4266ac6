package hubsql_test

import (
	"context"
	"testing"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// BenchmarkLogin writes and reads what one login of a known person costs, from the request to the tokens: the transaction begun,
// sent to the provider, answered (session, participant, grant with code), the code redeemed (refresh token), the token asked about.
func BenchmarkLogin(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...func(*sqldb.Options)) *sqldb.DB{"sqlite": sqltest.SQLite, "postgres": sqltest.Postgres} {
		b.Run(name, func(b *testing.B) {
			db := open(b)
			s, err := hubsql.New(db)
			if err != nil {
				b.Fatal(err)
			}
			w := &hubtest.World{Clock: hubtest.NewClock(), Random: hubtest.Random("bench")}
			a := w.NewAccount()
			link := w.Link(a.ID)
			if err := s.Accounts.Create(b.Context(), a, link, nil); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := oneLogin(b.Context(), db, s, w, a, link); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func oneLogin(ctx context.Context, db *sqldb.DB, s *hubsql.Stores, w *hubtest.World, a account.Account, link account.Link) error {
	now := w.Clock.Now()
	x := w.Login()
	if err := s.Logins.Create(ctx, x); err != nil {
		return err
	}
	if _, err := s.Logins.Get(ctx, x.ID, now); err != nil {
		return err
	}
	x.Step, x.State = login.StepUpstream, w.ID()
	if err := s.Logins.Advance(ctx, x, login.StepChoose); err != nil {
		return err
	}
	if _, err := s.Logins.Get(ctx, x.ID, now); err != nil {
		return err
	}
	if _, _, err := s.Accounts.ByLink(ctx, link.Provider, link.SubjectHash); err != nil {
		return err
	}
	sess, secret := w.NewSession(a.ID), hub.NewSecret(w.Random)
	g := w.NewGrant(sess, "tax")
	code := w.Credential(g.ID)
	if err := db.InTx(ctx, func(ctx context.Context) error {
		x.Step = login.StepDone
		if err := s.Sessions.Create(ctx, sess, secret.Hash()); err != nil {
			return err
		}
		if err := s.Sessions.Join(ctx, session.Participant{
			Session: sess.ID, System: "tax", Protocol: "oidc", FirstAt: now, LastAt: now,
		}); err != nil {
			return err
		}
		if err := s.Logins.Advance(ctx, x, login.StepUpstream); err != nil {
			return err
		}
		return s.Grants.CreateWithCode(ctx, g, code)
	}); err != nil {
		return err
	}
	if err := db.InTx(ctx, func(ctx context.Context) error {
		if _, _, err := s.Grants.Code(ctx, code.Hash); err != nil {
			return err
		}
		if err := s.Grants.UseCode(ctx, code.Hash, now); err != nil {
			return err
		}
		return s.Grants.AddRefresh(ctx, w.Credential(g.ID))
	}); err != nil {
		return err
	}
	_, err := s.Revocations.Ended(ctx, w.Access(g))
	return err
}
