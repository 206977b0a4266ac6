package tenantsql_test

import (
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/registration"
	"onedoor/tenants/tenantsql"
)

func registrations(t *testing.T, db *sqldb.DB) *tenantsql.Registrations {
	t.Helper()
	s, err := tenantsql.NewRegistrations(db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantKind(t *testing.T, what string, err error, kind hub.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: got %v, want %s", what, err, kind)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestInitialAccessTokensAreCounted(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, random, now := registrations(t, db), hubtest.Random(t.Name()), hubtest.Noon()
		x, _ := registration.NewToken(random, "revenue", 3, now, now.Add(time.Hour))
		must(t, s.PutToken(t.Context(), x))
		wantKind(t, "the same again", s.PutToken(t.Context(), x), hub.Conflict)
		if got, err := s.Token(t.Context(), x.Hash); err != nil || !reflect.DeepEqual(got, x) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, x)
		}
		_, err := s.Token(t.Context(), [32]byte{1})
		wantKind(t, "unknown", err, hub.NotFound)
		wantKind(t, "unknown", s.UseToken(t.Context(), [32]byte{1}, now), hub.Consumed)
		wantKind(t, "expired", s.UseToken(t.Context(), x.Hash, x.ExpiresAt), hub.Consumed)
		var wins atomic.Int32
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				switch err := s.UseToken(t.Context(), x.Hash, now); {
				case err == nil:
					wins.Add(1)
				case !errors.Is(err, hub.Consumed):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wins.Load() != 3 {
			t.Errorf("used %d times, want 3", wins.Load())
		}
		y, _ := registration.NewToken(random, "revenue", 1, now.Add(time.Minute), now.Add(time.Hour))
		must(t, s.PutToken(t.Context(), y))
		if done, err := s.RevokeToken(t.Context(), y.ID, now); err != nil || !done {
			t.Errorf("revoked: %v, %v", done, err)
		}
		if done, err := s.RevokeToken(t.Context(), y.ID, now); err != nil || done {
			t.Errorf("revoked again: %v, %v", done, err)
		}
		wantKind(t, "revoked", s.UseToken(t.Context(), y.Hash, now), hub.Consumed)
		x.Uses, y.RevokedAt = 3, now
		if all, err := s.Tokens(t.Context()); err != nil || !reflect.DeepEqual(all, []registration.Token{y, x}) {
			t.Errorf("%v\n got %+v\nwant %+v", err, all, []registration.Token{y, x})
		}
	})
}

func TestSandboxesLiveAndDie(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, random, now := registrations(t, db), hubtest.Random(t.Name()), hubtest.Noon()
		x := registration.Sandbox{
			System: hubtest.Fill[tenants.System](), Token: hub.NewID(random), Access: hub.NewSecret(random).Hash(),
			CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		}
		must(t, s.Create(t.Context(), x))
		wantKind(t, "the same again", s.Create(t.Context(), x), hub.Conflict)
		if got, err := s.Sandbox(t.Context(), x.System.ID); err != nil || !reflect.DeepEqual(got, x) {
			t.Errorf("%v\n got %+v\nwant %+v", err, got, x)
		}
		_, err := s.Sandbox(t.Context(), "nobody")
		wantKind(t, "unknown", err, hub.NotFound)

		next := x
		next.Access, next.Before = hub.NewSecret(random).Hash(), x.Access
		next.System.Names = hub.Text{"th": "a"}
		must(t, s.Replace(t.Context(), next, x.Access))
		wantKind(t, "by a token that was replaced", s.Replace(t.Context(), x, x.Access), hub.Conflict)
		if all, err := s.Sandboxes(t.Context()); err != nil || !reflect.DeepEqual(all, []registration.Sandbox{next}) {
			t.Errorf("%v\n got %+v\nwant %+v", err, all, next)
		}

		if there, err := s.Delete(t.Context(), x.System.ID, now, now.Add(time.Hour)); err != nil || !there {
			t.Errorf("deleted: %v, %v", there, err)
		}
		if there, err := s.Delete(t.Context(), x.System.ID, now, now.Add(time.Hour)); err != nil || there {
			t.Errorf("deleted again: %v, %v", there, err)
		}
		wantKind(t, "deleted", s.Replace(t.Context(), next, next.Access), hub.Conflict)
		var ended int
		err = db.Read(t.Context()).Raw("SELECT count(*) FROM revocations WHERE kind = 'system' AND ref = ?", string(x.System.ID)).Row().Scan(&ended)
		if err != nil || ended != 1 {
			t.Errorf("the end of its tokens stands %d times in the feed: %v", ended, err)
		}

		old, _ := registration.NewToken(random, "revenue", 1, now, now.Add(time.Minute))
		kept, _ := registration.NewToken(random, "revenue", 1, now, now.Add(time.Minute))
		must(t, s.PutToken(t.Context(), old))
		must(t, s.PutToken(t.Context(), kept))
		x.Token = kept.ID
		must(t, s.Create(t.Context(), x))
		if n, err := s.Purge(t.Context(), now.Add(time.Hour), 10); err != nil || n != 0 {
			t.Errorf("purged %d, %v", n, err)
		}
		_, err = s.Token(t.Context(), old.Hash)
		wantKind(t, "a token that nothing came by", err, hub.NotFound)
		_, err = s.Token(t.Context(), kept.Hash)
		must(t, err)
		if n, err := s.Purge(t.Context(), now.Add(time.Hour+time.Second), 10); err != nil || n != 1 {
			t.Errorf("purged %d, %v", n, err)
		}
	})
	if _, err := tenantsql.NewRegistrations(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("without a database: %v", err)
	}
}
