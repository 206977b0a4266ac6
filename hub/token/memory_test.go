package token_test

import (
	"context"
	"crypto/rand"
	"runtime"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// Memory of ended sessions is bounded by the life of tokens: each end costs little, and goes when no token can stand on it any more.
func TestMemoryOfEndedSessionsIsBoundedByTheLifeOfTokens(t *testing.T) {
	// Not parallel: it reads the heap.
	const n = 100_000
	wall := time.Unix(1_000_000, 0)
	batch := func() []token.Revocation {
		rows := make([]token.Revocation, n)
		for i := range rows {
			rows[i] = token.Revocation{Kind: "session", Ref: hub.NewID(rand.Reader), At: wall, ExpiresAt: wall.Add(15 * time.Minute)}
		}
		return rows
	}
	feed := &stubFeed{}
	ended := 0
	lease, err := token.NewLease(token.LeaseOptions{
		Feed: feed, Fallback: &stubSQL{}, Elapsed: func() time.Duration { return 0 }, Clock: func() time.Time { return wall },
		OnEnd: func(token.Revocation) { ended++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	heap := func() int64 {
		feed.rows = nil
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	empty := heap()
	sizes := []int64{}
	for range 5 { // an hour and a quarter of a hundred thousand sign-outs each quarter
		feed.rows = batch()
		last := feed.rows[n-1]
		if err := lease.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		if over, err := lease.Ended(context.Background(), token.Access{ID: "t", Session: hub.SessionID(last.Ref)}); err != nil || !over {
			t.Fatalf("an end was not taken in: %v, %v", over, err)
		}
		sizes = append(sizes, heap()-empty)
		wall = wall.Add(15*time.Minute + time.Microsecond)
		if left := lease.Forget(); left != 0 {
			t.Fatalf("%d ends are kept although nothing can stand on them", left)
		}
	}
	each := sizes[0] / n
	t.Logf("%d bytes for each ended session; after each quarter of an hour %v bytes", each, sizes)
	if each < 50 || each > 400 {
		t.Errorf("%d bytes for each ended session", each)
	}
	if last := sizes[len(sizes)-1]; last > sizes[0]*3/2 {
		t.Errorf("it grows: %v", sizes)
	}
	if ended != 5*n {
		t.Errorf("told of %d ends, not %d", ended, 5*n)
	}
	runtime.KeepAlive(lease)
}

// A hundred questions are one look at the clock, and what is not known is asked of SQL for those only that have no answer yet.
func TestEndedAllAsksSQLOnlyWithoutALease(t *testing.T) {
	t.Parallel()
	now := time.Duration(0)
	feed, sql := &stubFeed{rows: []token.Revocation{{Kind: "grant", Ref: "g2", ExpiresAt: time.Unix(2000, 0)}}}, &stubSQL{}
	looks := 0
	lease, err := token.NewLease(token.LeaseOptions{
		Feed: feed, Fallback: sql, Elapsed: func() time.Duration { looks++; return now }, Clock: func() time.Time { return time.Unix(1000, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := lease.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	looks = 0
	all := func() []token.Verdict {
		return []token.Verdict{{Access: token.Access{ID: "1", Grant: "g1"}}, {Access: token.Access{ID: "2", Grant: "g2"}}, {Err: hub.Invalid}}
	}
	check := func(name string, got []token.Verdict, first error, asked int) {
		t.Helper()
		if hub.KindOf(got[0].Err) != hub.KindOf(first) || hub.KindOf(got[1].Err) != hub.Consumed || hub.KindOf(got[2].Err) != hub.Invalid || sql.asked != asked {
			t.Errorf("%s: %v, %v, %v, SQL asked %d times", name, got[0].Err, got[1].Err, got[2].Err, sql.asked)
		}
	}
	got := all()
	lease.EndedAll(t.Context(), got)
	check("with a lease", got, nil, 0)
	if looks != 1 {
		t.Errorf("%d looks at the clock", looks)
	}
	now = lease.Limit()
	got = all()
	lease.EndedAll(t.Context(), got)
	check("without", got, nil, 1)
	sql.ended = true
	got = all()
	lease.EndedAll(t.Context(), got)
	check("ended in SQL", got, hub.Consumed, 2)
	sql.err = hub.Errorf("x", hub.Invalid, "whatever the cause")
	got = all()
	lease.EndedAll(t.Context(), got)
	check("SQL fails", got, hub.Unavailable, 3)
}
