package ndid

import (
	"context"
	"sync"
	"time"
)

// The bounds of what a desk keeps. Past them it forgets the rest: requests are then read a little later, numbers asked a little
// more often.
const (
	maxNotes    = 100_000
	askedMost   = 5 // requests about one number, on one node of the hub and, by periods, on all nodes together (see Options.Counter),
	askedWithin = 10 * time.Minute
)

// desk is what a node of the hub remembers of requests under way: hints, which decide nothing. It is safe for concurrent use.
type desk struct {
	mu      sync.Mutex
	notes   map[string]*note         // by reference
	numbers map[[32]byte][]time.Time // by keyed hash of the number: when it was asked
	swept   time.Time
}

// note is what is known of one request.
type note struct {
	ends    time.Time
	chain   string // of the last block told of
	height  uint64
	news    bool      // a callback came since the request was read
	read    time.Time // last
	pending time.Time // when it was last read as still open
	told    int       // error code of a creation that failed
}

func newDesk() *desk {
	return &desk{notes: make(map[string]*note), numbers: make(map[[32]byte][]time.Time)}
}

// open begins a note.
func (d *desk) open(reference string, ends time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.note(reference, ends)
}

func (d *desk) note(reference string, ends time.Time) *note {
	n := d.notes[reference]
	if n == nil {
		n = &note{ends: ends}
		if len(d.notes) < maxNotes {
			d.notes[reference] = n
		}
	}
	return n
}

// callback keeps what a callback says; ends is for a request that another node of the hub began. A block before the last one is dropped:
// callbacks overtake each other. It reports whether it was kept.
func (d *desk) callback(reference, chain string, height uint64, told int, now, ends time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	n := d.note(reference, ends)
	if chain != "" {
		if n.chain == chain && height < n.height {
			return false
		}
		n.chain, n.height = chain, height
	}
	n.news = true
	if told != 0 {
		n.told = told
	}
	return true
}

// due reports whether the request should be read now, and notes that it is; and the code of a creation that failed.
func (d *desk) due(reference string, now time.Time, every time.Duration) (bool, int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	n := d.note(reference, now.Add(federationLife))
	if !n.news && !n.read.IsZero() && now.Sub(n.read) < every {
		return false, n.told
	}
	n.news, n.read = false, now
	return true, n.told
}

// federationLife bounds a note that was begun by somebody else: the longest request and then some.
const federationLife = 15 * time.Minute

// pending notes that the request was still open.
func (d *desk) pending(reference string, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := d.notes[reference]; n != nil {
		n.pending = now
	}
}

// close ends a note and gives when the request was last seen open; zero where that is not known.
func (d *desk) close(reference string) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.notes[reference]
	delete(d.notes, reference)
	if n == nil {
		return time.Time{}
	}
	return n.pending
}

// mayAsk reports whether the number may be asked about once more now, and counts it.
func (d *desk) mayAsk(hash []byte, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sweep(now)
	var key [32]byte
	copy(key[:], hash)
	recent := d.numbers[key][:0]
	for _, at := range d.numbers[key] {
		if now.Sub(at) < askedWithin {
			recent = append(recent, at)
		}
	}
	may := len(recent) < askedMost
	if may && (len(recent) > 0 || len(d.numbers) < maxNotes) {
		recent = append(recent, now)
	}
	if len(recent) > 0 {
		d.numbers[key] = recent
	}
	return may
}

// mayAsk reports whether the number may be asked about once more now: by this node's memory, which knows the very times, and by what all
// nodes have counted in the running period. Unavailable.
func (c *Connector) mayAsk(ctx context.Context, hash []byte, now time.Time) (bool, error) {
	if !c.desk.mayAsk(hash, now) {
		return false, nil
	}
	if c.counter == nil {
		return true, nil
	}
	n, err := c.counter.Count(ctx, "ndid-number", hash, askedWithin, now)
	return n <= askedMost, err
}

// sweep forgets what is over, once a minute.
func (d *desk) sweep(now time.Time) {
	if now.Sub(d.swept) < time.Minute && !now.Before(d.swept) {
		return
	}
	d.swept = now
	for reference, n := range d.notes {
		if now.After(n.ends) {
			delete(d.notes, reference)
		}
	}
	for key, asked := range d.numbers {
		if now.Sub(asked[len(asked)-1]) >= askedWithin {
			delete(d.numbers, key)
		}
	}
}
