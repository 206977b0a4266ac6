package authz

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// Memory keeps facts between decisions, and never answers from facts that are out of date.
//
// # The promise
//
// A decision that is asked for after a withdrawal has answered does not rest on what was before it, on any node and in any session
// (RAZ-08).
//
// # The proof
//
// It is that of the lease of tokens (hub/token, Lease), with one step more because facts are looked up and kept, not only ends. Let the
// change commit at c. Who made it answers no sooner than L after that, so at a >= c + L. Let a decision begin at q > a, and let s be the
// start of the last complete read of the news, as it loads it before it looks anything up.
//
//  1. If s >= c, that read has the change (FactStore.News), and marked whose facts are others before it counted. What is kept of them
//     carries the mark of the time before its own look-up began. If that mark is still the last one, the look-up began after the news
//     were marked, so after s and after c, and has the change. Else the decision looks up now.
//  2. If s < c, then q - s > L, and the decision, which looks at the clock after it has found something, looks up now; or fails, and then
//     it is a no.
//
// Marks are forgotten after NewsKept, what is kept after a third of it: what could still carry a forgotten mark is gone by then, as it is
// where the node slept so long that the news themselves are gone.
type Memory struct {
	store   FactStore
	others  Others
	proofs  ProofStore
	elapsed token.Elapsed
	clock   hub.Clock
	limit   time.Duration

	since   atomic.Int64 // start of the last complete read of the news
	version atomic.Int64 // of the catalogue, as that read had it
	reading sync.Mutex
	cursor  Cursor
	marks   marks
	shards  [64]factShard
}

// Others answer for facts that are in the tables of other rooms. Both by key.
type Others interface {
	// Mandates lists what an operator may do for an entity.
	Mandates(ctx context.Context, p Party) ([]Mandate, error)
	// Bound lists the records that the party is bound to.
	Bound(ctx context.Context, p Party) ([]Bound, error)
}

// MemoryOptions configure a Memory. All but Limit are required.
type MemoryOptions struct {
	Store   FactStore
	Others  Others
	Proofs  ProofStore
	Elapsed token.Elapsed // one for the node: it counts while the machine sleeps
	Clock   hub.Clock
	Limit   time.Duration // L; default token.DefaultLease
}

const (
	factsKept = NewsKept / 3
	mostFacts = 200_000 / 64 // in each shard
	never     = int64(-1 << 62)
)

type factShard struct {
	mu   sync.RWMutex
	kept map[Party]*keptFacts
	seen map[hub.SessionID]*keptProofs
}

type keptFacts struct {
	facts           Facts
	account, entity uint64 // marks when the look-up began
	at              time.Duration
}

type keptProofs struct {
	proofs []Proof
	mark   uint64
	at     time.Duration
}

// marks count the changes of each party, as this node hears of them.
type marks struct {
	mu   sync.RWMutex
	next uint64
	of   map[string]mark
}

type mark struct {
	n  uint64
	at time.Duration
}

func (m *marks) get(ref string) uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.of[ref].n
}

// NewMemory gives a memory that has read nothing yet: until the first Refresh every look-up goes to SQL. Invalid.
func NewMemory(o MemoryOptions) (*Memory, error) {
	if o.Store == nil || o.Others == nil || o.Proofs == nil || o.Elapsed == nil || o.Clock == nil || o.Limit < 0 {
		return nil, hub.Errorf("authz.NewMemory", hub.Invalid, "a dependency is missing")
	}
	if o.Limit == 0 {
		o.Limit = token.DefaultLease
	}
	m := &Memory{store: o.Store, others: o.Others, proofs: o.Proofs, elapsed: o.Elapsed, clock: o.Clock, limit: o.Limit}
	m.marks.of = map[string]mark{}
	for i := range m.shards {
		m.shards[i].kept, m.shards[i].seen = map[Party]*keptFacts{}, map[hub.SessionID]*keptProofs{}
	}
	m.since.Store(never)
	return m, nil
}

// AnswerDelay is how long a change waits between its commit and its answer: the lease and a tenth, for clocks that run apart.
func (m *Memory) AnswerDelay() time.Duration { return m.limit + m.limit/10 }

// Refresh reads what is new. Call it several times within L. Unavailable.
func (m *Memory) Refresh(ctx context.Context) error {
	m.reading.Lock()
	defer m.reading.Unlock()
	return m.read(ctx)
}

// renew is Refresh, unless somebody has just done it: many wait here while a database is slow, and one question is enough for all.
func (m *Memory) renew(ctx context.Context) error {
	m.reading.Lock()
	defer m.reading.Unlock()
	if m.young(m.since.Load()) {
		return nil
	}
	return m.read(ctx)
}

func (m *Memory) read(ctx context.Context) error {
	start := m.elapsed()
	news, err := m.store.News(ctx, m.cursor)
	if err != nil {
		return hub.E("authz.Memory.Refresh", hub.Unavailable, err)
	}
	if len(news.Refs) > 0 {
		m.marks.mu.Lock()
		for _, ref := range news.Refs {
			m.marks.next++
			m.marks.of[ref] = mark{m.marks.next, start}
		}
		m.marks.mu.Unlock()
	}
	m.version.Store(news.Version)
	m.cursor = news.Next
	m.since.Store(int64(start)) // after the marks: see the proof
	return nil
}

// young reports whether a read that began then still lets memory answer.
func (m *Memory) young(since int64) bool {
	return since != never && int64(m.elapsed())-since < int64(m.limit)
}

// Version tells the version of the catalogue, from memory while the lease holds, else from a read of now. Unavailable.
func (m *Memory) Version(ctx context.Context) (int64, error) {
	since := m.since.Load()
	if v := m.version.Load(); m.young(since) {
		return v, nil
	}
	ctx, cancel := context.WithTimeout(ctx, token.DefaultPatience)
	defer cancel()
	if err := m.renew(ctx); err != nil {
		return 0, err
	}
	return m.version.Load(), nil
}

// Facts gives what is known of a party, from memory where that is right. Unavailable.
func (m *Memory) Facts(ctx context.Context, p Party) (*Facts, error) {
	since := m.since.Load()
	s := &m.shards[shardOf(string(p.Account))]
	s.mu.RLock()
	k := s.kept[p]
	s.mu.RUnlock()
	account, entity := m.marks.get(string(p.Account)), uint64(0)
	if p.Entity != "" {
		entity = m.marks.get(string(p.Entity))
	}
	if k != nil && k.account == account && k.entity == entity && m.elapsed()-k.at < factsKept && m.young(since) {
		return &k.facts, nil
	}
	fresh := &keptFacts{account: account, entity: entity, at: m.elapsed()}
	if err := m.look(ctx, p, &fresh.facts); err != nil {
		return nil, hub.E("authz.Memory.Facts", hub.Unavailable, err)
	}
	s.mu.Lock()
	if len(s.kept) >= mostFacts {
		drop(s.kept)
	}
	s.kept[p] = fresh
	s.mu.Unlock()
	return &fresh.facts, nil
}

func (m *Memory) look(ctx context.Context, p Party, to *Facts) (err error) {
	ctx, cancel := context.WithTimeout(ctx, token.DefaultPatience)
	defer cancel()
	if *to, err = m.store.Facts(ctx, p); err != nil {
		return err
	}
	to.ready()
	if p.Entity != "" {
		if to.Mandates, err = m.others.Mandates(ctx, p); err != nil {
			return err
		}
	}
	to.Bound, err = m.others.Bound(ctx, p)
	return err
}

// Proofs gives the devices that were shown in a session and count now, from memory where that is right. Unavailable.
func (m *Memory) Proofs(ctx context.Context, id hub.SessionID) ([]Proof, error) {
	since := m.since.Load()
	s := &m.shards[shardOf(string(id))]
	s.mu.RLock()
	k := s.seen[id]
	s.mu.RUnlock()
	n := m.marks.get(string(id))
	if k != nil && k.mark == n && m.elapsed()-k.at < factsKept && m.young(since) {
		return k.proofs, nil
	}
	fresh := &keptProofs{mark: n, at: m.elapsed()}
	ctx, cancel := context.WithTimeout(ctx, token.DefaultPatience)
	defer cancel()
	var err error
	if fresh.proofs, err = m.proofs.Proofs(ctx, id, m.clock()); err != nil {
		return nil, hub.E("authz.Memory.Proofs", hub.Unavailable, err)
	}
	s.mu.Lock()
	if len(s.seen) >= mostFacts {
		drop(s.seen)
	}
	s.seen[id] = fresh
	s.mu.Unlock()
	return fresh.proofs, nil
}

// drop makes room: a quarter goes, as the map happens to give it.
func drop[K comparable, V any](kept map[K]V) {
	n := len(kept)/4 + 1
	for key := range kept {
		if n--; n < 0 {
			return
		}
		delete(kept, key)
	}
}

// Forget drops what is too old to be used. Call it now and then.
func (m *Memory) Forget() {
	now := m.elapsed()
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		for p, k := range s.kept {
			if now-k.at >= factsKept {
				delete(s.kept, p)
			}
		}
		for id, k := range s.seen {
			if now-k.at >= factsKept {
				delete(s.seen, id)
			}
		}
		s.mu.Unlock()
	}
	m.marks.mu.Lock()
	for ref, k := range m.marks.of {
		if now-k.at >= NewsKept {
			delete(m.marks.of, ref)
		}
	}
	m.marks.mu.Unlock()
}

// shardOf spreads random ids.
func shardOf(id string) int {
	h := uint32(2166136261)
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return int(h % 64)
}
