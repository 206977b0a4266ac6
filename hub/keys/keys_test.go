package keys

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
)

// memory is a Store as the contract asks for it.
type memory struct {
	mu      sync.Mutex
	records []Record
	version int64
	lists   int
	down    bool
}

func (m *memory) List(context.Context) ([]Record, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lists++
	if m.down {
		return nil, 0, hub.Errorf("memory", hub.Unavailable, "down")
	}
	return slices.Clone(m.records), m.version, nil
}

func (m *memory) Version(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.down {
		return 0, hub.Errorf("memory", hub.Unavailable, "down")
	}
	return m.version, nil
}

func (m *memory) Add(_ context.Context, r Record, version int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if version != m.version {
		return hub.Errorf("memory", hub.Conflict, "another version")
	}
	m.records = append(m.records, r)
	m.version++
	return nil
}

func (m *memory) Update(_ context.Context, r Record, version int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if version != m.version {
		return hub.Errorf("memory", hub.Conflict, "another version")
	}
	i := slices.IndexFunc(m.records, func(o Record) bool { return o.ID == r.ID })
	if i < 0 {
		return hub.Errorf("memory", hub.NotFound, "no such key")
	}
	m.records[i] = r
	m.version++
	return nil
}

// change lets a test do what only somebody at the database can do.
func (m *memory) change(f func(r *Record) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.records {
		if f(&m.records[i]) {
			m.version++
		}
	}
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	c.t = c.t.Add(d)
	c.mu.Unlock()
}

func newMasters(t testing.TB, n int) Masters {
	t.Helper()
	var ms Masters
	for range n {
		m, err := ParseMaster(GenerateMaster(rand.Reader))
		if err != nil {
			t.Fatal(err)
		}
		ms = append(ms, m)
	}
	return ms
}

func openRing(t testing.TB, store Store, ms Masters, c *clock) *Ring {
	t.Helper()
	r, err := Open(t.Context(), Options{Store: store, Masters: ms, Clock: c.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wantKind(t *testing.T, err error, kind hub.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("error %v, want %s", err, kind)
	}
}

func active(t *testing.T, r *Ring, use Use, alg string) Info {
	t.Helper()
	list, err := r.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found []Info
	for _, i := range list {
		if i.Use == use && i.Alg == alg && i.State == Active {
			found = append(found, i)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d active keys of %s %s, want 1: %+v", len(found), use, alg, list)
	}
	return found[0]
}
