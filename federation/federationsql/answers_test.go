package federationsql_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/federation/federationsql"
	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

func TestAnAnswerIsTakenOnceAndTheSamePostTakesItsPlace(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, err := federationsql.NewAnswers(db)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		hash := func(s string) [32]byte { return sha256.Sum256([]byte(s)) }
		put := func(content, handle, sealed string) {
			t.Helper()
			if err := s.Put(t.Context(), hash(content), hash(handle), []byte(sealed), now.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		put("a", "one", "first")
		put("a", "two", "second") // posted again: the first handle is worth nothing
		if _, err := s.Take(t.Context(), hash("one"), now); !errors.Is(err, hub.NotFound) {
			t.Errorf("the old handle: %v", err)
		}
		var got atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				sealed, err := s.Take(t.Context(), hash("two"), now)
				switch {
				case err == nil && bytes.Equal(sealed, []byte("second")):
					got.Add(1)
				case !errors.Is(err, hub.NotFound):
					t.Errorf("%q, %v", sealed, err)
				}
			})
		}
		all.Wait()
		if got.Load() != 1 {
			t.Errorf("%d callers got it, want 1", got.Load())
		}
		put("b", "three", "x")
		if _, err := s.Take(t.Context(), hash("three"), now.Add(time.Minute)); !errors.Is(err, hub.Expired) {
			t.Errorf("too late: %v", err)
		}
		for _, c := range []string{"c", "d", "e"} {
			put(c, c, "x")
		}
		if n, err := s.Purge(t.Context(), now.Add(time.Minute), 10); n != 0 || err != nil {
			t.Errorf("purged what has not expired: %d, %v", n, err)
		}
		for _, want := range []int{2, 1, 0} {
			if n, err := s.Purge(t.Context(), now.Add(2*time.Minute), 2); n != want || err != nil {
				t.Errorf("purged %d, want %d, %v", n, want, err)
			}
		}
	})
	if _, err := federationsql.NewAnswers(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("without a database: %v", err)
	}
}
