package token_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/bubble"
	"onedoor/hub/token"
)

// simulation is a world of nodes, one database and many logouts, in virtual time. Everything that can be slow is: the way to
// the database and back, the process itself (it pauses wherever it looks at its clock), the commit of a logout. Clocks of nodes
// run up to 5 % apart, nodes restart, the database is cut off.
type simulation struct {
	mu        sync.Mutex
	committed []token.Revocation // in the order of commit
	ended     map[string]bool    // committed
	cutUntil  time.Time

	answered sync.Map // session -> struct{}: its logout has answered

	delay     func(*token.Lease) time.Duration
	questions atomic.Int64
	memory    atomic.Int64 // answered "not ended" without SQL
	unsure    atomic.Int64
	wrong     atomic.Int64
}

var errCut = errors.New("cut off")

func pause(r *rand.Rand, often float64, most time.Duration) {
	if r.Float64() < often {
		bubble.Pass(time.Duration(r.Int64N(int64(most))))
	}
}

func (s *simulation) reach(r *rand.Rand) error {
	bubble.Pass(time.Duration(r.Int64N(int64(3 * time.Millisecond))))
	pause(r, 0.01, 2*time.Second) // a slow network
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.cutUntil) {
		return errCut
	}
	return nil
}

// node is one process: its own randomness, clock rate and connection.
type node struct {
	sim  *simulation
	mu   sync.Mutex
	r    *rand.Rand
	born time.Time
	rate float64
	sql  *atomic.Int64
}

func (n *node) rand() *rand.Rand {
	n.mu.Lock()
	defer n.mu.Unlock()
	return rand.New(rand.NewPCG(n.r.Uint64(), n.r.Uint64()))
}

func (n *node) elapsed() time.Duration {
	r := n.rand()
	pause(r, 0.01, 2*time.Second) // stopped before it looks at the clock
	d := time.Duration(float64(time.Since(n.born)) * n.rate)
	pause(r, 0.01, 2*time.Second) // and after
	return d
}

func (n *node) Read(_ context.Context, after token.Cursor) ([]token.Revocation, token.Cursor, error) {
	r := n.rand()
	if err := n.sim.reach(r); err != nil {
		return nil, after, err
	}
	n.sim.mu.Lock()
	rows := append([]token.Revocation(nil), n.sim.committed[after.A:]...)
	next := token.Cursor{A: int64(len(n.sim.committed))}
	n.sim.mu.Unlock()
	if err := n.sim.reach(r); err != nil {
		return nil, after, err
	}
	return rows, next, nil
}

func (n *node) Ended(_ context.Context, a token.Access) (bool, error) {
	n.sql.Add(1)
	if err := n.sim.reach(n.rand()); err != nil {
		return false, err
	}
	n.sim.mu.Lock()
	defer n.sim.mu.Unlock()
	return n.sim.ended[string(a.Session)], nil
}

func (n *node) EndedAll(ctx context.Context, all []token.Verdict) { token.EachEnded(ctx, n, all) }

func (n *node) RevokeToken(context.Context, token.Access, time.Time) error { return nil }

func (s *simulation) run(t *testing.T, seed uint64, nodes, sessions int, length time.Duration) {
	t.Helper()
	s.ended = make(map[string]bool)
	stop := time.Now().Add(length)
	root := rand.New(rand.NewPCG(seed, 1))
	var all sync.WaitGroup
	spawn := func(f func(r *rand.Rand)) {
		r := rand.New(rand.NewPCG(root.Uint64(), root.Uint64()))
		all.Go(func() { f(r) })
	}
	id := func(i int) string { return fmt.Sprintf("s%d", i) }
	var longest atomic.Int64
	for range nodes {
		var current atomic.Pointer[token.Lease]
		var sql atomic.Int64
		start := func(r *rand.Rand) {
			n := &node{sim: s, r: r, born: time.Now(), rate: 0.95 + 0.1*r.Float64(), sql: &sql}
			lease, err := token.NewLease(token.LeaseOptions{Feed: n, Fallback: n, Elapsed: n.elapsed, Clock: time.Now})
			if err != nil {
				t.Error(err)
				return
			}
			longest.Store(int64(s.delay(lease)))
			current.Store(lease)
		}
		start(rand.New(rand.NewPCG(root.Uint64(), root.Uint64())))
		spawn(func(r *rand.Rand) { // the reader
			for time.Now().Before(stop) {
				_ = current.Load().Refresh(context.Background())
				bubble.Pass(100 * time.Millisecond)
				pause(r, 0.005, 5*time.Second)
			}
		})
		spawn(func(r *rand.Rand) { // restarts
			for time.Now().Before(stop) {
				bubble.Pass(time.Duration(r.Int64N(int64(2 * time.Minute))))
				start(rand.New(rand.NewPCG(r.Uint64(), r.Uint64())))
			}
		})
		for range 4 {
			spawn(func(r *rand.Rand) { // departments asking
				for time.Now().Before(stop) {
					bubble.Pass(time.Duration(r.Int64N(int64(20 * time.Millisecond))))
					session := id(r.IntN(sessions))
					_, over := s.answered.Load(session)
					before := sql.Load()
					ended, err := current.Load().Ended(context.Background(), token.Access{ID: "t", Grant: "g", Session: hub.SessionID(session)})
					s.questions.Add(1)
					switch {
					case err != nil:
						s.unsure.Add(1)
					case !ended && over:
						s.wrong.Add(1)
					case !ended && sql.Load() == before:
						s.memory.Add(1)
					}
				}
			})
		}
	}
	spawn(func(r *rand.Rand) { // the database is cut off now and then
		for time.Now().Before(stop) {
			bubble.Pass(time.Duration(r.Int64N(int64(time.Minute))))
			s.mu.Lock()
			s.cutUntil = time.Now().Add(time.Duration(r.Int64N(int64(3 * time.Second))))
			s.mu.Unlock()
		}
	})
	for i := range sessions {
		spawn(func(r *rand.Rand) { // a logout at some time
			bubble.Pass(time.Duration(r.Int64N(int64(length))))
			pause(r, 0.3, 4*time.Second) // a late commit
			s.mu.Lock()
			s.ended[id(i)] = true
			s.committed = append(s.committed, token.Revocation{Kind: "session", Ref: id(i), ExpiresAt: time.Now().Add(24 * time.Hour)})
			s.mu.Unlock()
			bubble.Pass(time.Duration(longest.Load()))
			s.answered.Store(id(i), struct{}{})
		})
	}
	all.Wait()
}

// Invariant 1, SES-18: no node answers "not ended" to a question that was asked after the logout answered.
func TestInvariant1_NoAnswerFromMemoryAfterALogoutAnswered(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		synctest.Test(t, func(t *testing.T) {
			s := &simulation{delay: (*token.Lease).AnswerDelay}
			s.run(t, seed, 5, 300, 4*time.Minute)
			t.Logf("seed %d: %d questions, %d from memory, %d unsure, %d wrong", seed, s.questions.Load(), s.memory.Load(), s.unsure.Load(), s.wrong.Load())
			if s.wrong.Load() != 0 {
				t.Errorf("%d answers said a session lives whose logout had answered", s.wrong.Load())
			}
			if s.memory.Load() < s.questions.Load()/4 {
				t.Error("the lease hardly ever held: the run shows nothing")
			}
		})
	}
}

// The simulation has teeth: where a logout answers at once, it finds wrong answers.
func TestInvariant1_SimulationFindsALogoutThatAnswersTooSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &simulation{delay: func(*token.Lease) time.Duration { return 0 }}
		s.run(t, 7, 5, 300, 4*time.Minute)
		if s.wrong.Load() == 0 {
			t.Error("no wrong answer found although no logout waited")
		}
	})
}

type stubFeed struct {
	rows []token.Revocation
	err  error
}

func (f *stubFeed) Read(context.Context, token.Cursor) ([]token.Revocation, token.Cursor, error) {
	return f.rows, token.Cursor{A: 1}, f.err
}

type stubSQL struct {
	asked int
	ended bool
	err   error
}

func (f *stubSQL) Ended(context.Context, token.Access) (bool, error) {
	f.asked++
	return f.ended, f.err
}

func (f *stubSQL) EndedAll(ctx context.Context, all []token.Verdict) { token.EachEnded(ctx, f, all) }

func (f *stubSQL) RevokeToken(context.Context, token.Access, time.Time) error { return nil }

func TestLeaseEdges(t *testing.T) {
	t.Parallel()
	var now time.Duration
	wall := time.Unix(1000, 0)
	feed, sql := &stubFeed{}, &stubSQL{}
	lease, err := token.NewLease(token.LeaseOptions{Feed: feed, Fallback: sql, Elapsed: func() time.Duration { return now }, Clock: func() time.Time { return wall }})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	access := token.Access{ID: "t1", Grant: "g1", Session: "s1"}
	ask := func(name string, want bool, wantSQL int) {
		t.Helper()
		ended, err := lease.Ended(ctx, access)
		if err != nil || ended != want || sql.asked != wantSQL {
			t.Errorf("%s: ended %v, asked SQL %d times, %v", name, ended, sql.asked, err)
		}
	}
	if lease.Held() {
		t.Error("held before the first read")
	}
	ask("before the first read SQL is asked", false, 1)
	if err := lease.Refresh(ctx); err != nil || !lease.Held() {
		t.Fatal("refresh")
	}
	now = token.DefaultLease - 1
	ask("within the lease memory answers", false, 1)
	now = token.DefaultLease
	ask("at the end of the lease SQL is asked", false, 2)
	sql.err = errCut
	if ended, err := lease.Ended(ctx, access); err == nil || ended {
		t.Error("invariant 8: without lease and SQL the answer must be an error")
	}
	feed.err = errCut
	if err := lease.Refresh(ctx); !errors.Is(err, hub.Unavailable) || lease.Held() {
		t.Error("a failed read must not renew the lease")
	}
	feed.err = nil
	for _, kind := range []string{"session:s1", "grant:g1", "token:t1"} {
		fresh, _ := token.NewLease(token.LeaseOptions{Feed: feed, Fallback: sql, Elapsed: func() time.Duration { return now }, Clock: func() time.Time { return wall }})
		var k, ref string
		for i := range kind {
			if kind[i] == ':' {
				k, ref = kind[:i], kind[i+1:]
			}
		}
		feed.rows = []token.Revocation{{Kind: k, Ref: ref, ExpiresAt: wall.Add(time.Minute)}}
		if err := fresh.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		now += time.Hour // the lease is long over, and the end is still known
		if ended, err := fresh.Ended(ctx, access); err != nil || !ended {
			t.Errorf("%s: ended %v, %v", kind, ended, err)
		}
		if left := fresh.Forget(); left != 1 {
			t.Errorf("forgot an entry that can still matter: %d left", left)
		}
		wall = wall.Add(2 * time.Minute)
		if left := fresh.Forget(); left != 0 {
			t.Errorf("%d entries left after their time", left)
		}
		wall = wall.Add(-2 * time.Minute)
	}
}

// An account or system that was stopped ends what was issued until then, and not what is issued after it is back.
func TestLIF02_AccountAndSystemEndWhatWasIssuedUntilThen(t *testing.T) {
	t.Parallel()
	at := time.Unix(5000, 0)
	for _, kind := range []string{"account", "system", "provider"} {
		feed := &stubFeed{rows: []token.Revocation{
			{Kind: kind, Ref: "x", At: at, ExpiresAt: at.Add(time.Hour)},
			{Kind: kind, Ref: "x", At: at.Add(-time.Minute), ExpiresAt: at.Add(2 * time.Hour)},
		}}
		lease, err := token.NewLease(token.LeaseOptions{Feed: feed, Fallback: &stubSQL{}, Elapsed: func() time.Duration { return 0 }, Clock: func() time.Time { return at }})
		if err != nil {
			t.Fatal(err)
		}
		if err := lease.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		for offset, want := range map[time.Duration]bool{-time.Hour: true, 0: true, time.Second: false} {
			ended, err := lease.Ended(t.Context(), token.Access{ID: "t", Grant: "g", Session: "s", Account: "x", System: "x", Rests: []string{"w", "x"}, IssuedAt: at.Add(offset)})
			if err != nil || ended != want {
				t.Errorf("%s, issued %v after: ended %v, %v", kind, offset, ended, err)
			}
		}
		if ended, _ := lease.Ended(t.Context(), token.Access{ID: "t", Grant: "g", Session: "s", Account: "y", System: "y", Rests: []string{"y", "xx"}, IssuedAt: at.Add(-time.Hour)}); ended {
			t.Errorf("%s: another one ended too", kind)
		}
	}
}

func BenchmarkLeaseEnded(b *testing.B) {
	for _, ended := range []int{0, 100_000} {
		b.Run(fmt.Sprintf("ended=%d", ended), func(b *testing.B) {
			feed := &stubFeed{}
			for i := range ended {
				feed.rows = append(feed.rows, token.Revocation{Kind: "session", Ref: fmt.Sprintf("%026d", i), ExpiresAt: time.Now().Add(time.Hour)})
			}
			start := time.Now()
			lease, err := token.NewLease(token.LeaseOptions{Feed: feed, Fallback: &stubSQL{}, Elapsed: func() time.Duration { return time.Since(start) }, Clock: time.Now, Limit: time.Hour})
			if err != nil {
				b.Fatal(err)
			}
			if err := lease.Refresh(b.Context()); err != nil {
				b.Fatal(err)
			}
			a := token.Access{ID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Grant: "bbbbbbbbbbbbbbbbbbbbbbbbbb", Session: "cccccccccccccccccccccccccc"}
			b.ReportAllocs()
			for b.Loop() {
				if is, err := lease.Ended(b.Context(), a); is || err != nil {
					b.Fatal(is, err)
				}
			}
		})
	}
}
