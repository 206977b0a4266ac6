package server

import (
	"container/list"
	"sync"
	"time"

	"onedoor/hub"
)

// Rate is a limit for one client network (/24 or /48) at the mounts that share its name. The zero Rate is no limit.
type Rate struct {
	Name  string        // mounts with the same name draw from the same bucket
	Burst int           // so many at once
	Every time.Duration // then one each
}

// limiter is a token bucket for each client network. Memory is bounded: past its size the network that was quiet the longest is
// forgotten, which gives it a full bucket again; an attacker would need more networks than that to gain anything, and
// then a limit for each network is no hurdle anyhow.
type limiter struct {
	rate  Rate
	clock hub.Clock
	size  int

	mu      sync.Mutex
	recent  *list.List // of *bucket, the latest first
	buckets map[string]*list.Element
}

type bucket struct {
	network string
	full    time.Time // when it will be full again
}

func newLimiter(r Rate, clock hub.Clock, size int) *limiter {
	return &limiter{rate: r, clock: clock, size: size, recent: list.New(), buckets: map[string]*list.Element{}}
}

// take takes a token, or tells how long to wait for one. A bucket is kept as the one moment at which it will be full: each
// token taken moves that moment by Every, and it may lie at most Burst times Every ahead (generic cell rate algorithm).
func (l *limiter) take(network string) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	b := l.bucket(network, now)
	if b.full.Before(now) {
		b.full = now
	}
	next := b.full.Add(l.rate.Every)
	if ahead := next.Sub(now) - time.Duration(l.rate.Burst)*l.rate.Every; ahead > 0 {
		return ahead, false
	}
	b.full = next
	return 0, true
}

func (l *limiter) bucket(network string, now time.Time) *bucket {
	if e, ok := l.buckets[network]; ok {
		l.recent.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if l.recent.Len() >= l.size {
		oldest := l.recent.Back()
		delete(l.buckets, oldest.Value.(*bucket).network)
		l.recent.Remove(oldest)
	}
	b := &bucket{network: network, full: now}
	l.buckets[network] = l.recent.PushFront(b)
	return b
}
