package oidcop

import (
	"container/list"
	"sync"
	"time"

	"onedoor/hub"
)

// FailureRate bounds failed client authentications. Secrets and keys can't be guessed; the limit keeps a client that is set up wrongly,
// or somebody who tries, from filling the record and using up the node. What succeeds is never counted and never slowed down.
type FailureRate struct {
	Burst int           // so many failures at once of one client from one network; ten times as many of one network in all
	Every time.Duration // then one each
}

const (
	networkShare   = 10
	refusalShare   = 4       // times the burst of failures: refusals that are recorded although they concern nobody
	mostFailing    = 100_000 // buckets kept; past that the one that was quiet the longest is forgotten
	defaultBurst   = 30
	defaultFailure = 2 * time.Second
)

// failures counts failed client authentications by network, and by client within a network: so nobody shuts out a client from where it
// has not failed itself. A bucket is kept as the moment at which it will be full again (generic cell rate algorithm).
type failures struct {
	rate  FailureRate
	clock hub.Clock

	mu      sync.Mutex
	recent  *list.List // of *failing, the latest first
	buckets map[string]*list.Element
}

type failing struct {
	key  string
	full time.Time
	told bool // that the limit is reached was recorded
}

func newFailures(r FailureRate, clock hub.Clock) *failures {
	return &failures{rate: r.filled(), clock: clock, recent: list.New(), buckets: map[string]*list.Element{}}
}

// filled gives the rate with the defaults where it says nothing.
func (r FailureRate) filled() FailureRate {
	if r.Burst <= 0 {
		r.Burst = defaultBurst
	}
	if r.Every <= 0 {
		r.Every = defaultFailure
	}
	return r
}

// newRefusals counts refusals that concern no session, for their record: see [Provider.note].
func newRefusals(r FailureRate, clock hub.Clock) *failures {
	r = r.filled()
	r.Burst *= refusalShare
	return newFailures(r, clock)
}

// rates gives the buckets of one attempt with how fast each fills.
func (f *failures) rates(network string, client hub.SystemID) map[string]time.Duration {
	return map[string]time.Duration{"n/" + network: f.rate.Every / networkShare, "c/" + network + "/" + string(client): f.rate.Every}
}

// blocked tells how long an attempt must wait because too many have failed, zero for not at all, and whether this is the first that
// is told so.
func (f *failures) blocked(network string, client hub.SystemID) (wait time.Duration, first bool) {
	return f.waiting(f.rates(network, client))
}

// blockedItself is blocked for what the client itself has failed in this network: whoever fills the network's own bucket, behind a proxy that
// nobody has configured for instance, must not shut out those who fail nowhere.
func (f *failures) blockedItself(network string, client hub.SystemID) (wait time.Duration, first bool) {
	rates := f.rates(network, client)
	delete(rates, "n/"+network)
	return f.waiting(rates)
}

func (f *failures) waiting(rates map[string]time.Duration) (wait time.Duration, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.buckets) == 0 {
		return 0, false
	}
	now := f.clock()
	for key, every := range rates {
		e, ok := f.buckets[key]
		if !ok {
			continue
		}
		b := e.Value.(*failing)
		capacity := every * time.Duration(f.burst(key))
		if ahead := b.full.Sub(now) + every - capacity; ahead > 0 && ahead > wait {
			wait, first = ahead, !b.told
			b.told = true
		}
	}
	return wait, first
}

func (f *failures) burst(key string) int {
	if key[0] == 'n' {
		return f.rate.Burst * networkShare
	}
	return f.rate.Burst
}

// count notes a failure.
func (f *failures) count(network string, client hub.SystemID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.clock()
	for key, every := range f.rates(network, client) {
		b := f.bucket(key, now)
		if b.full.Before(now) {
			b.full, b.told = now, false
		}
		b.full = b.full.Add(every)
	}
}

func (f *failures) bucket(key string, now time.Time) *failing {
	if e, ok := f.buckets[key]; ok {
		f.recent.MoveToFront(e)
		return e.Value.(*failing)
	}
	if f.recent.Len() >= mostFailing {
		oldest := f.recent.Back()
		delete(f.buckets, oldest.Value.(*failing).key)
		f.recent.Remove(oldest)
	}
	b := &failing{key: key, full: now}
	f.buckets[key] = f.recent.PushFront(b)
	return b
}
