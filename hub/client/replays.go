package client

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/dpop"
)

// replays remembers the proofs that were used, in two generations: each lives longer than a proof is good, so that throwing one away costs
// nothing and forgets nothing that still counts.
type replays struct {
	clock hub.Clock

	mu       sync.Mutex
	now, old map[[32]byte]struct{}
	began    time.Time
}

const (
	// generation is longer than the span between the earliest and the latest moment at which one proof is good.
	generation = 2*dpop.Window + time.Second
	// mostProofs is how many a generation remembers: some 60 MB. Past that nobody is let in, rather than somebody twice.
	mostProofs = 1 << 20
)

func newReplays(clock hub.Clock) *replays {
	return &replays{clock: clock, now: map[[32]byte]struct{}{}, began: clock()}
}

// once notes a proof. Unavailable where no more can be remembered.
func (x *replays) once(_ context.Context, key string, _ dpop.Proof) (bool, error) {
	sum := sha256.Sum256([]byte(key))
	x.mu.Lock()
	defer x.mu.Unlock()
	switch at := x.clock(); {
	case at.Sub(x.began) >= 2*generation:
		x.old, x.now, x.began = nil, map[[32]byte]struct{}{}, at
	case at.Sub(x.began) >= generation:
		x.old, x.now, x.began = x.now, map[[32]byte]struct{}{}, at
	}
	if _, used := x.now[sum]; used {
		return false, nil
	}
	if _, used := x.old[sum]; used {
		return false, nil
	}
	if len(x.now) >= mostProofs {
		return false, hub.Errorf("client.once", hub.Unavailable, "too many proofs at once")
	}
	x.now[sum] = struct{}{}
	return true, nil
}
