package audit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
)

// memory is a Store, a TreeStore and an Inspector as the contracts ask for them.
type memory struct {
	mu      sync.Mutex
	rows    []Row // seq is the index + 1
	pending map[int64]bool
	leaves  []Leaf
	nodes   map[NodeID]Hash
	list    []Head
	cuts    []Cut
	read    int // nodes asked for
	down    error
}

func newMemory() *memory { return &memory{pending: map[int64]bool{}, nodes: map[NodeID]Hash{}} }

func (m *memory) lock() func() { m.mu.Lock(); return m.mu.Unlock }

func (m *memory) Append(_ context.Context, rows []Row) error {
	defer m.lock()()
	if m.down != nil {
		return m.down
	}
	for _, r := range rows {
		m.rows = append(m.rows, r)
		m.pending[int64(len(m.rows))] = true
	}
	return nil
}

func (m *memory) History(_ context.Context, account hub.AccountID, part Part) ([]Event, error) {
	defer m.lock()()
	var out []Event
	reached := part.Before == ""
	for _, r := range slices.Backward(m.rows) {
		area, _, _ := strings.Cut(r.Event.Kind, ".")
		if reached && r.Event.Account == account && !r.Event.At.Before(part.Since) && len(out) < part.Limit && (len(part.Areas) == 0 || slices.Contains(part.Areas, area)) &&
			!slices.Contains(part.Without, r.Event.Kind) {
			out = append(out, r.Event)
		}
		reached = reached || r.Event.ID == part.Before && r.Event.Account == account
	}
	return out, m.down
}

func (m *memory) Size(context.Context) (int64, error) {
	defer m.lock()()
	return int64(len(m.leaves)), m.down
}

func (m *memory) Pending(_ context.Context, after int64, limit int) ([]Pending, error) {
	defer m.lock()()
	var out []Pending
	for seq := after + 1; seq <= int64(len(m.rows)) && len(out) < limit; seq++ {
		if m.pending[seq] {
			out = append(out, Pending{Seq: seq, Row: m.rows[seq-1]})
		}
	}
	return out, m.down
}

func (m *memory) Grow(_ context.Context, g Growth) error {
	defer m.lock()()
	if m.down != nil {
		return m.down
	}
	if g.From != int64(len(m.leaves)) {
		return hub.Errorf("memory", hub.Conflict, "grown")
	}
	for _, l := range g.Leaves {
		if !m.pending[l.Seq] {
			return hub.Errorf("memory", hub.Conflict, "not waiting")
		}
	}
	for _, l := range g.Leaves {
		delete(m.pending, l.Seq)
		m.nodes[NodeID{0, int64(len(m.leaves))}] = l.Hash
		m.leaves = append(m.leaves, l)
	}
	for _, n := range g.Nodes {
		m.nodes[n.ID] = n.Hash
	}
	m.list = append(m.list, g.Head)
	return nil
}

func (m *memory) Nodes(_ context.Context, ids []NodeID) (map[NodeID]Hash, error) {
	defer m.lock()()
	out := map[NodeID]Hash{}
	for _, id := range ids {
		m.read++
		if h, ok := m.nodes[id]; ok {
			out[id] = h
		}
	}
	return out, m.down
}

func (m *memory) Place(_ context.Context, id string) (Event, int64, error) {
	defer m.lock()()
	for i, r := range m.rows {
		if r.Event.ID != id {
			continue
		}
		for index, l := range m.leaves {
			if l.Seq == int64(i+1) {
				return r.Event, int64(index), nil
			}
		}
		return Event{}, 0, hub.Errorf("memory", hub.Conflict, "waiting")
	}
	return Event{}, 0, hub.Errorf("memory", hub.NotFound, "no such event")
}

func (m *memory) Newest(context.Context) (Head, error) {
	defer m.lock()()
	if m.down != nil {
		return Head{}, m.down
	}
	if len(m.list) == 0 {
		return Head{}, hub.Errorf("memory", hub.NotFound, "no head")
	}
	return m.list[len(m.list)-1], nil
}

func (m *memory) Leaves(_ context.Context, from int64, limit int) ([]Placed, error) {
	defer m.lock()()
	var out []Placed
	for i := from; i < int64(len(m.leaves)) && len(out) < limit; i++ {
		l := m.leaves[i]
		p := Placed{Index: i, Hash: l.Hash, Row: &m.rows[l.Seq-1]}
		if p.Row.MAC == nil {
			p.Row = nil
		}
		out = append(out, p)
	}
	return out, m.down
}

func (m *memory) Heads(_ context.Context, above, upTo int64, limit int) ([]Head, error) {
	defer m.lock()()
	var out []Head
	for _, h := range m.list {
		if h.Size > above && h.Size <= upTo && len(out) < limit {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b Head) int { return cmp.Compare(a.Size, b.Size) })
	return out, m.down
}

func (m *memory) Outside(_ context.Context, after int64, limit int) ([]Outsider, int64, error) {
	defer m.lock()()
	var out []Outsider
	last := min(after+int64(limit), int64(len(m.rows)))
	for seq := after + 1; seq <= last; seq++ {
		placed := slices.ContainsFunc(m.leaves, func(l Leaf) bool { return l.Seq == seq })
		if !placed {
			out = append(out, Outsider{Row: &m.rows[seq-1], Waiting: m.pending[seq]})
		}
	}
	return out, last, m.down
}

func (m *memory) Cuts(_ context.Context, below int64, limit int) (all []KnownCut, err error) {
	defer m.lock()()
	for _, c := range slices.Backward(m.cuts) {
		if len(all) == limit || below > 0 && c.To >= below {
			continue
		}
		i := slices.IndexFunc(m.rows, func(r Row) bool { return r.Event.ID == c.Event })
		k := KnownCut{Cut: c}
		if i >= 0 {
			k.Row = &m.rows[i]
		}
		all = append(all, k)
	}
	return all, m.down
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

func at(t time.Time) hub.Clock { return func() time.Time { return t } }

// authenticate and sign stand for hub/keys.
func authenticate(b []byte) []byte { h := NodeHash(LeafHash([]byte("key")), LeafHash(b)); return h[:] }

func sign(b []byte) (string, error) {
	h := LeafHash(append([]byte("sign"), b...))
	return string(h[:]), nil
}

func checkSign(b []byte, s string) error {
	if want, _ := sign(b); s != want {
		return hub.Errorf("test", hub.Invalid, "signature")
	}
	return nil
}

func newLog(t testing.TB, m *memory, clock hub.Clock) *Log {
	t.Helper()
	l, err := New(Options{Store: m, Authenticate: authenticate, Clock: clock, Random: hub.Randomness()})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newSealer(t testing.TB, m *memory, clock hub.Clock) *Sealer {
	t.Helper()
	s, err := NewSealer(SealerOptions{Store: m, Authenticate: authenticate, Sign: sign, Origin: "https://login.example", Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
