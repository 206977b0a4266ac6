package hubsql_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

// SES-22: what happens on all nodes at once is counted once each, by subject and period.
func TestSES22_CountersAreShared(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		c, err := hubsql.NewCounters(db)
		if err != nil {
			t.Fatal(err)
		}
		now, one, other := hubtest.Noon(), bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
		var all sync.WaitGroup
		var mu sync.Mutex
		seen := map[int]int{}
		for range 20 {
			all.Go(func() {
				n, err := c.Count(t.Context(), "test", one, time.Hour, now)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				seen[n]++
			})
		}
		all.Wait()
		for i := 1; i <= 20; i++ {
			if seen[i] != 1 {
				t.Errorf("%d was given %d times", i, seen[i])
			}
		}
		for what, step := range map[string]struct {
			name    string
			subject []byte
			at      time.Time
			want    int
		}{
			"another subject":   {"test", other, now, 1},
			"another name":      {"else", one, now, 1},
			"the end of it":     {"test", one, now.Add(time.Hour - time.Microsecond), 21},
			"the next period":   {"test", one, now.Add(time.Hour), 1},
			"the one before it": {"test", one, now.Add(-time.Microsecond), 1},
		} {
			if n, err := c.Count(t.Context(), step.name, step.subject, time.Hour, step.at); err != nil || n != step.want {
				t.Errorf("%s: %d, %v", what, n, err)
			}
		}
		if _, err := c.Count(t.Context(), "test", []byte("number"), time.Hour, now); !errors.Is(err, hub.Invalid) {
			t.Errorf("no hash: %v", err)
		}
		if n, err := c.Purge(t.Context(), now.Add(time.Hour+time.Microsecond), 100); err != nil || n != 4 {
			t.Errorf("purged %d, %v", n, err)
		}
		if n, err := c.Count(t.Context(), "test", one, time.Hour, now.Add(time.Hour)); err != nil || n != 2 {
			t.Errorf("the running period is gone: %d, %v", n, err)
		}
	})
	if _, err := hubsql.NewCounters(nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("no database: %v", err)
	}
}
