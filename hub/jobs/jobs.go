// Package jobs does work that must not get lost (architecture D6): work that rests as a row until it is done, taken by one node at a time
// under a lease, tried again with ever longer waits, and kept apart by key, so that one party that never answers harms no other.
//
// It knows no domain and no database: a [Source] keeps the work, a function does it, and the source decides what an outcome means. The
// promise is "at least once": a node that dies after the deed and before its note leaves the work to be done again. Whatever is done must
// bear that.
package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"onedoor/hub"
)

// Work is one piece of work, claimed.
type Work interface {
	// Key names what it leans on, for instance the host that it calls: work of one key can't crowd out that of another.
	Key() string
	// Tries tells how often it was tried before.
	Tries() int
}

// Outcome is how one claimed piece of work fared.
type Outcome[W Work] struct {
	Work W
	Err  error     // nil: done
	At   time.Time // when
	// NextAt is when the next try may come, if the source wants one: by backoff with full jitter.
	NextAt time.Time
	// Untried tells that nobody has tried: the node stops, or the work's key has so much of it, or fails so often, that it must wait.
	Untried bool
}

// Source keeps work of one kind.
type Source[W Work] interface {
	// Claim takes work that is due at now, the longest due first, at most limit, and puts it off until then. Each piece is taken by one
	// caller only; one whose node has died is due again at until.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]W, error)
	// Settle notes outcomes, all or nothing. One that somebody else has settled meanwhile stays as it is, without error. It is called
	// by one goroutine at a time.
	Settle(ctx context.Context, outcomes []Outcome[W]) error
}

// Options are what a Runner is made of. Those without a default are required.
type Options[W Work] struct {
	Name   string // for the log
	Source Source[W]
	// Do does one try and ends with its context. Refused, NotFound and Invalid are answers; any other error counts against the key.
	Do     func(ctx context.Context, w W) error
	Clock  hub.Clock
	Jitter func() float64 // in [0, 1)
	Log    *slog.Logger

	Workers int           // tries at once; default 512: they wait for others, they don't compute
	PerKey  int           // of them for one key; default 16. A key that has failed several times in a row has one
	Backlog int           // claimed and not begun, at most; default 8192
	Batch   int           // claimed, and settled, at once; default 256
	Timeout time.Duration // of one try; default 5 s
	Lease   time.Duration // how long a claim holds; default 15 s, longer than Timeout
	Poll    time.Duration // between two looks for work that others left or that waits for its next try; default 1 s
	First   time.Duration // the longest wait after the first try; default 2 s; doubled with each further one
	Most    time.Duration // the longest wait at all; default 10 min

	// Alone tells that no other node can hold a claim: what is claimed when Run begins is what a dead one has left, and is taken at once.
	Alone bool
}

func (o *Options[W]) defaults() {
	number := func(to *int, d int) {
		if *to == 0 {
			*to = d
		}
	}
	span := func(to *time.Duration, d time.Duration) {
		if *to == 0 {
			*to = d
		}
	}
	number(&o.Workers, 512)
	number(&o.PerKey, 16)
	number(&o.Backlog, 8192)
	number(&o.Batch, 256)
	span(&o.Timeout, 5*time.Second)
	span(&o.Lease, 15*time.Second)
	span(&o.Poll, time.Second)
	span(&o.First, 2*time.Second)
	span(&o.Most, 10*time.Minute)
}

// Runner does the work of one source on one node.
type Runner[W Work] struct {
	o    Options[W]
	wake chan struct{} // look for work now
	made chan struct{} // outcomes wait to be settled

	mu       sync.Mutex
	begun    bool                 // Run was called
	runs     bool                 // between the begin and the end of Run
	queues   map[string]*queue[W] // those with work or trouble
	ready    []*queue[W]          // that may begin a try, each once, longest waiting first
	waiting  int                  // in all queues
	running  int
	outcomes []Outcome[W]  // to be settled
	idle     chan struct{} // closed when nothing runs any more, once stopping
}

// queue is the work of one key.
type queue[W Work] struct {
	key     string
	waiting []claimed[W]
	running int
	failing int  // failures in a row
	ready   bool // stands in Runner.ready
}

type claimed[W Work] struct {
	work  W
	until time.Time // of the claim
}

// New checks the options. Invalid where one is missing, negative, or the lease is not longer than a try.
func New[W Work](o Options[W]) (*Runner[W], error) {
	const op = "jobs.New"
	if o.Name == "" || o.Source == nil || o.Do == nil || o.Clock == nil || o.Jitter == nil || o.Log == nil {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	o.defaults()
	if min(o.Workers, o.PerKey, o.Backlog, o.Batch) < 1 || min(o.Timeout, o.Lease, o.Poll, o.First, o.Most) <= 0 || o.Lease <= o.Timeout {
		return nil, hub.Errorf(op, hub.Invalid, "counts and times must be positive, the lease longer than a try")
	}
	return &Runner[W]{o: o, wake: make(chan struct{}, 1), made: make(chan struct{}, 1), queues: map[string]*queue[W]{}}, nil
}

func (r *Runner[W]) now() time.Time { return r.o.Clock().UTC().Truncate(time.Microsecond) }

// Lease is how long a claim holds: for whoever writes work that is claimed from the start, to hand it to Push.
func (r *Runner[W]) Lease() time.Duration { return r.o.Lease }

// Runs tells whether this runner would take work now.
func (r *Runner[W]) Runs() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.runs && r.idle == nil
}

// Full tells whether half of the room for work that waits is taken: whoever makes work that can wait as well makes no more now.
func (r *Runner[W]) Full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting >= r.o.Backlog/2
}

// Wake makes the runner look for work now.
func (r *Runner[W]) Wake() { signal(r.wake) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // somebody has told it already
	}
}

// Push hands over work that is claimed until then, and begins with it at once. What the runner has no room for, or gets while it does not
// run, it leaves: it is due again when its claim ends.
func (r *Runner[W]) Push(until time.Time, works ...W) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.runs || r.idle != nil {
		return
	}
	now := r.now()
	for _, w := range works {
		r.put(claimed[W]{w, until}, now)
	}
	r.begin(now)
}

// failsOften is how many failures in a row make a key one that fails: then it gets one try at a time, and no backlog.
const failsOften = 3

// put queues one piece. The caller holds the lock.
func (r *Runner[W]) put(c claimed[W], now time.Time) {
	key := c.work.Key()
	q := r.queues[key]
	if q == nil {
		q = &queue[W]{key: key}
		r.queues[key] = q
	}
	switch {
	case r.waiting >= r.o.Backlog:
		// Its claim ends by itself; nothing is written while there is too much to write already.
	case q.failing >= failsOften && len(q.waiting)+q.running > 0:
		r.note(Outcome[W]{Work: c.work, At: now, NextAt: now.Add(r.backoff(q.failing)), Untried: true})
	default:
		q.waiting = append(q.waiting, c)
		r.waiting++
		r.line(q)
	}
}

// line puts a queue into the line of those that may begin a try. The caller holds the lock.
func (r *Runner[W]) line(q *queue[W]) {
	most := r.o.PerKey
	if q.failing >= failsOften {
		most = 1
	}
	if !q.ready && len(q.waiting) > 0 && q.running < most {
		q.ready = true
		r.ready = append(r.ready, q)
	}
}

// begin starts as many tries as there may be, in turns among the keys. The caller holds the lock.
func (r *Runner[W]) begin(now time.Time) {
	for r.idle == nil && r.running < r.o.Workers && len(r.ready) > 0 {
		q := r.ready[0]
		r.ready[0] = nil
		r.ready = r.ready[1:]
		q.ready = false
		c := q.waiting[0]
		q.waiting = q.waiting[1:]
		r.waiting--
		if now.Add(r.o.Timeout).After(c.until) { // another node may take it before we were done
			r.line(q)
			r.forget(q)
			continue
		}
		r.running++
		q.running++
		r.line(q)
		go r.try(q, c.work)
	}
}

// forget drops a queue that holds nothing worth knowing. The caller holds the lock.
func (r *Runner[W]) forget(q *queue[W]) {
	if q.running == 0 && len(q.waiting) == 0 && q.failing == 0 && !q.ready {
		delete(r.queues, q.key)
	}
}

// note keeps an outcome to be settled. The caller holds the lock.
func (r *Runner[W]) note(out Outcome[W]) {
	r.outcomes = append(r.outcomes, out)
	signal(r.made)
}

// backoff gives how long to wait after so many tries without success: a random part of a time that doubles, never less than a quarter of
// the first (full jitter, with a floor).
func (r *Runner[W]) backoff(tries int) time.Duration {
	most := r.o.Most
	if shift := tries - 1; shift < 20 {
		most = min(most, r.o.First<<max(0, shift))
	}
	least := min(r.o.First, most) / 4
	return least + time.Duration(r.o.Jitter()*float64(most-least))
}
