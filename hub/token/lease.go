package token

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"onedoor/hub"
)

// DefaultLease is L: how long a node may answer from memory after the start of its last complete read of the revocations.
const DefaultLease = 500 * time.Millisecond

// Revocation is one thing that ended. Kind is "session", "grant" or "token", which end for ever, or "account", "system" or "provider", of
// which the tokens issued up to At end; Ref is its id.
type Revocation struct {
	Kind      string
	Ref       string
	At        time.Time
	ExpiresAt time.Time // from then no token that stands on it can be alive
}

// Feed reads the table of revocations.
type Feed interface {
	// Read gives every revocation whose transaction committed before the call began and that no read up to the cursor gave,
	// and may give some again. The zero cursor gives all that are unexpired. It reads from the primary. Unavailable.
	Read(ctx context.Context, after Cursor) ([]Revocation, Cursor, error)
}

// Cursor is a place in the feed; only the Feed understands it. The zero value is the beginning.
type Cursor struct{ A, B int64 }

// Elapsed tells the time since a fixed instant by this node's own monotonic clock, which must keep counting while the
// machine sleeps (CLOCK_BOOTTIME) and never goes back. No two nodes need to agree.
type Elapsed func() time.Duration

// LeaseOptions configure a Lease. All but Limit, Patience and OnEnd are required.
type LeaseOptions struct {
	Feed     Feed
	Fallback Revocations // asks SQL about one token
	Elapsed  Elapsed
	Clock    hub.Clock
	Limit    time.Duration // L; default DefaultLease
	Patience time.Duration // for one question to SQL; default DefaultPatience
	// OnEnd, where set, is told of every end that a read brings, so that what was kept in memory for it can go. It may be told
	// more than once.
	OnEnd func(Revocation)
}

// DefaultPatience is how long a question that memory can't answer waits for SQL: a validation must never hang.
const DefaultPatience = 2 * time.Second

// Lease answers from memory whether something a token stands on has ended, and never wrongly (architecture D2).
//
// # The promise
//
// A question asked after a logout has answered is never answered "not ended", on any node.
//
// # The proof
//
// Let the logout commit at c. It answers no sooner than L after its commit returned, so at some a >= c + L. Let a question begin
// at q > a on a node, and let s be the start of the read that the node's answer rests on: the value of Lease.since that the
// question loads before it looks anything up.
//
//  1. If s >= c, the read began after the commit; Feed.Read then contains the row (its contract), and the row was put into the set
//     before since became s. The question looks up after loading since, so it finds the row. Rows leave the set only when every
//     token that could stand on them has expired.
//  2. If s < c, then q - s > c + L - c = L by real time. The clock of the node counts at least real time (it counts in sleep), the
//     question reads it after the look-up, so the age it computes is above L and it must ask SQL, which sees the committed row, or
//     fails: then the answer is Unavailable, never "not ended".
//
// The order "load since, look up, read the clock" matters: with the clock read first, a pause between the two would let an old
// look-up pass under a young lease. Pauses, slow reads, cut connections and restarts only move a question from case 1 to case 2.
// A clock that runs slow by a fraction d breaks the bound by d*L; whoever answers a logout therefore waits [AnswerDelay], which is longer.
type Lease struct {
	feed     Feed
	fallback Revocations
	elapsed  Elapsed
	clock    hub.Clock
	limit    time.Duration
	patience time.Duration
	onEnd    func(Revocation)

	since atomic.Int64 // start of the last complete read, as Elapsed; before the first one: never
	cuts  atomic.Bool  // an end of a provider was ever read: most times none was, and none is looked for
	seed  maphash.Seed
	set   [64]shard

	reading sync.Mutex // one read at a time
	cursor  Cursor
}

type shard struct {
	mu   sync.RWMutex
	ends map[string]end // kind + ref
}

type end struct{ at, expires time.Time }

const never = int64(-1 << 62)

// NewLease gives a lease that has read nothing yet: until the first Refresh every question goes to SQL.
func NewLease(o LeaseOptions) (*Lease, error) {
	if o.Feed == nil || o.Fallback == nil || o.Elapsed == nil || o.Clock == nil {
		return nil, hub.Errorf("token.NewLease", hub.Invalid, "a dependency is missing")
	}
	if o.Limit < 0 || o.Patience < 0 {
		return nil, hub.Errorf("token.NewLease", hub.Invalid, "a negative limit")
	}
	if o.Limit == 0 {
		o.Limit = DefaultLease
	}
	if o.Patience == 0 {
		o.Patience = DefaultPatience
	}
	l := &Lease{
		feed: o.Feed, fallback: o.Fallback, elapsed: o.Elapsed, clock: o.Clock, limit: o.Limit, patience: o.Patience, onEnd: o.OnEnd,
		seed: maphash.MakeSeed(),
	}
	for i := range l.set {
		l.set[i].ends = make(map[string]end)
	}
	l.since.Store(never)
	return l, nil
}

// AnswerDelay is how long a logout waits between its commit and its answer: the lease and a tenth, for clocks that run apart.
func (l *Lease) AnswerDelay() time.Duration { return l.limit + l.limit/10 }

// Limit is L.
func (l *Lease) Limit() time.Duration { return l.limit }

// Refresh reads what is new. Call it several times within L; calls that overlap wait for each other. Unavailable.
func (l *Lease) Refresh(ctx context.Context) error {
	l.reading.Lock()
	defer l.reading.Unlock()
	start := l.elapsed()
	rows, next, err := l.feed.Read(ctx, l.cursor)
	if err != nil {
		return hub.E("token.Lease.Refresh", hub.Unavailable, err)
	}
	for _, r := range rows {
		l.add(r)
		if l.onEnd != nil {
			l.onEnd(r)
		}
	}
	l.cursor = next
	l.since.Store(int64(start)) // after the rows are in: see the proof
	return nil
}

func (l *Lease) add(r Revocation) {
	key := r.Kind + r.Ref
	s := l.shard(key)
	s.mu.Lock()
	old := s.ends[key]
	if old.at.Before(r.At) {
		old.at = r.At
	}
	if old.expires.Before(r.ExpiresAt) {
		old.expires = r.ExpiresAt
	}
	s.ends[key] = old
	s.mu.Unlock()
	if r.Kind == "provider" {
		l.cuts.Store(true) // as the row: before since
	}
}

func (l *Lease) shard(key string) *shard {
	return &l.set[maphash.String(l.seed, key)%uint64(len(l.set))]
}

func (l *Lease) ended(kind, ref string) bool {
	_, ok := l.find(kind, ref)
	return ok
}

// endedUpTo reports whether what was issued at that time ended with the account or system.
func (l *Lease) endedUpTo(kind, ref string, issued time.Time) bool {
	e, ok := l.find(kind, ref)
	return ok && !issued.After(e.at)
}

func (l *Lease) find(kind, ref string) (end, bool) {
	var buffer [64]byte
	key := append(append(buffer[:0], kind...), ref...)
	s := &l.set[maphash.Bytes(l.seed, key)%uint64(len(l.set))]
	s.mu.RLock()
	e, ok := s.ends[string(key)]
	s.mu.RUnlock()
	return e, ok
}

// Ended reports whether the token's session, grant, account or system, a provider that it rests on, or the token itself has ended. Unavailable where that can't be known.
func (l *Lease) Ended(ctx context.Context, a Access) (bool, error) {
	since := l.since.Load()
	if l.known(&a) {
		return true, nil // an end is for ever: no lease is needed to say so
	}
	if l.young(since) {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	return l.fallback.Ended(ctx, a)
}

// EndedAll is Ended for many: the proof holds for all of them with one look at the clock after the last look-up. Where the lease does not
// hold, all questions to SQL together take no longer than one.
func (l *Lease) EndedAll(ctx context.Context, all []Verdict) {
	since := l.since.Load()
	for i := range all {
		if all[i].Err == nil && l.known(&all[i].Access) {
			all[i].Err = ErrEnded
		}
	}
	if l.young(since) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	l.fallback.EndedAll(ctx, all)
}

// known reports whether the set has an end that concerns the token.
func (l *Lease) known(a *Access) bool {
	return l.ended("session", string(a.Session)) || l.ended("grant", string(a.Grant)) || l.ended("token", a.ID) ||
		l.endedUpTo("account", string(a.Account), a.IssuedAt) || l.endedUpTo("system", string(a.System), a.IssuedAt) ||
		len(a.Actors)+len(a.Parents) > 0 && l.knownChain(a) || l.cuts.Load() && l.knownCut(a)
}

// knownCut is known for the providers on which a token rests.
func (l *Lease) knownCut(a *Access) bool {
	for _, id := range a.Rests {
		if l.endedUpTo("provider", id, a.IssuedAt) {
			return true
		}
	}
	return false
}

// knownChain is known for what a token of an exchange stands on beside: those who act, and the tokens that it came from.
func (l *Lease) knownChain(a *Access) bool {
	for _, system := range a.Actors {
		if l.endedUpTo("system", string(system), a.IssuedAt) {
			return true
		}
	}
	for _, id := range a.Parents {
		if l.ended("token", id) {
			return true
		}
	}
	return false
}

// young reports whether a read that began then still lets memory answer. It looks at the clock: see the proof for when to ask.
func (l *Lease) young(since int64) bool {
	return since != never && int64(l.elapsed())-since < int64(l.limit)
}

// RevokeToken ends one token in SQL; it reaches the nodes through the feed.
func (l *Lease) RevokeToken(ctx context.Context, a Access, at time.Time) error {
	return l.fallback.RevokeToken(ctx, a, at)
}

// Held reports whether the node may answer from memory now. /readyz shows it.
func (l *Lease) Held() bool { return l.young(l.since.Load()) }

// Forget drops what no living token can stand on any more and tells how many entries are left.
func (l *Lease) Forget() int {
	now, left := l.clock(), 0
	for i := range l.set {
		s := &l.set[i]
		s.mu.Lock()
		for key, e := range s.ends {
			if e.expires.Before(now) {
				delete(s.ends, key)
			}
		}
		left += len(s.ends)
		s.mu.Unlock()
	}
	return left
}
