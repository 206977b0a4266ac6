package hubsql_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/sqldb"
)

func newKeys(t testing.TB, db *sqldb.DB) *hubsql.Keys {
	t.Helper()
	s, err := hubsql.NewKeys(db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func master(t testing.TB) keys.Masters {
	t.Helper()
	m, err := keys.ParseMaster(keys.GenerateMaster(hub.Randomness()))
	if err != nil {
		t.Fatal(err)
	}
	return keys.Masters{m}
}

func TestKeysStore(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, s := t.Context(), newKeys(t, db)
		when := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
		a := keys.Record{
			ID: "a", Use: keys.Decrypt, Alg: keys.ECDHES, Public: []byte(`{"kty":"EC"}`), Sealed: []byte{0, 1, 2}, Master: "m",
			CreatedAt: when, ActiveFrom: when.Add(time.Hour), RetireAt: when.Add(2 * time.Hour), ExpiresAt: when.Add(3 * time.Hour),
		}
		b := keys.Record{ID: "b", Use: keys.Index, Alg: keys.HS256, Sealed: []byte{9}, Master: "m", CreatedAt: when, ActiveFrom: when}
		if list, v, err := s.List(ctx); err != nil || len(list) != 0 || v != 0 {
			t.Fatal(list, v, err)
		}
		if err := s.Add(ctx, a, 0); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(ctx, b, 0); !errors.Is(err, hub.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		if err := s.Add(ctx, b, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.Add(ctx, b, 2); !errors.Is(err, hub.Conflict) {
			t.Errorf("the same id: %v", err)
		}
		if v, err := s.Version(ctx); err != nil || v != 2 {
			t.Errorf("a refused change counted: %d, %v", v, err)
		}
		list, v, err := s.List(ctx)
		if err != nil || v != 2 || len(list) != 2 || !equalKey(list[0], a) || !equalKey(list[1], b) {
			t.Fatalf("%+v %d %v", list, v, err)
		}
		a.Sealed, a.Master, a.RetireAt, a.ActiveFrom = nil, "n", time.Time{}, when
		if err := s.Update(ctx, a, 1); !errors.Is(err, hub.Conflict) {
			t.Errorf("an update on an old version: %v", err)
		}
		if err := s.Update(ctx, a, 2); err != nil {
			t.Fatal(err)
		}
		if err := s.Update(ctx, keys.Record{ID: "nobody"}, 3); !errors.Is(err, hub.NotFound) {
			t.Errorf("nobody: %v", err)
		}
		if list, v, _ := s.List(ctx); v != 3 || !equalKey(list[0], a) {
			t.Errorf("after the update: %+v, version %d", list[0], v)
		}
		bad := b
		bad.ID, bad.Use = "c", "other"
		if err := s.Add(ctx, bad, 3); !errors.Is(err, hub.Invalid) {
			t.Errorf("another use: %v", err)
		}
		gone, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Version(gone); !errors.Is(err, hub.Unavailable) {
			t.Errorf("cancelled: %v", err)
		}
	})
	if _, err := hubsql.NewKeys(nil); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}

func equalKey(a, b keys.Record) bool {
	return a.ID == b.ID && a.Use == b.Use && a.Alg == b.Alg && bytes.Equal(a.Public, b.Public) && bytes.Equal(a.Sealed, b.Sealed) &&
		a.Master == b.Master && a.CreatedAt.Equal(b.CreatedAt) && a.ActiveFrom.Equal(b.ActiveFrom) && a.RetireAt.Equal(b.RetireAt) &&
		a.ExpiresAt.Equal(b.ExpiresAt)
}

func TestKeysStoreTakesOneOfManyWriters(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := newKeys(t, db)
		var mu sync.Mutex
		won := 0
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				k := keys.Record{ID: string(rune('a' + i)), Use: keys.Seal, Alg: keys.A256GCM, Sealed: []byte{1}, CreatedAt: time.Unix(1, 0), ActiveFrom: time.Unix(1, 0)}
				err := s.Add(context.Background(), k, 0)
				if err != nil && !errors.Is(err, hub.Conflict) {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d writers on one version", won)
		}
	})
}

func TestD1_ConcurrentFirstStartMakesOneKeySet(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ms := master(t)
		rings := make([]*keys.Ring, 6)
		var wg sync.WaitGroup
		for i := range rings {
			wg.Go(func() {
				r, err := keys.Open(context.Background(), keys.Options{Store: newKeys(t, db), Masters: ms, Clock: time.Now, Random: hub.Randomness()})
				if err == nil {
					err = r.Ensure(context.Background(), keys.RS256)
				}
				if err != nil {
					t.Error(err)
				}
				rings[i] = r
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		list, err := rings[0].List(t.Context())
		if err != nil || len(list) != 4 {
			t.Fatalf("%d keys, want index, sealing, ES256, RS256: %v", len(list), err)
		}
		for _, r := range rings {
			if err := r.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(r.JWKS(), rings[0].JWKS()) || !bytes.Equal(r.Index("person", "x"), rings[0].Index("person", "x")) {
				t.Error("two nodes hold different keys")
			}
		}
	})
}

func TestOPS03_D3_WhoHoldsTheDatabaseHoldsNoKey(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := newKeys(t, db)
		r, err := keys.Open(t.Context(), keys.Options{Store: s, Masters: master(t), Clock: time.Now, Random: hub.Randomness()})
		if err != nil {
			t.Fatal(err)
		}
		sig, err := r.SignDetached(keys.ES256, "x", []byte("x"))
		if err != nil || sig == "" {
			t.Fatal(err)
		}
		_, err = keys.Open(t.Context(), keys.Options{Store: s, Masters: master(t), Clock: time.Now, Random: hub.Randomness()})
		if !errors.Is(err, hub.Internal) {
			t.Error("the database opens under another master key:", err)
		}
		list, _, err := s.List(t.Context())
		if err != nil || len(list) != 3 {
			t.Fatal(len(list), err)
		}
		for _, k := range list {
			if bytes.Contains(k.Sealed, []byte("\x06\x07\x2a\x86\x48\xce\x3d")) { // the OID of an EC key in PKCS #8
				t.Error("a private key rests in the clear")
			}
		}
	})
}
