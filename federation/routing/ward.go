package routing

import (
	"errors"
	"sync"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

const (
	underWay    = 32               // questions to one issuer at once: what is beyond is refused, and holds nothing up
	pauseAfter  = 5                // failures in a row
	firstPause  = 2 * time.Second  // then it is left alone for so long; one question tries again
	longestRest = 30 * time.Second // each failed try doubles the pause up to this
)

// ward watches one issuer on this node: questions under way, and whether it answers at all. It outlives changes of the trust record.
type ward struct {
	mu     sync.Mutex
	inside int
	inARow int
	pause  time.Duration
	until  time.Time // of the pause
	trying bool      // the one question after a pause is under way
}

func (r *Router) ward(id hub.ProviderID) *ward {
	if w, ok := r.wards.Load(id); ok {
		return w.(*ward)
	}
	w, _ := r.wards.LoadOrStore(id, &ward{})
	return w.(*ward)
}

// enter takes a place, or refuses at once. Unavailable.
func (w *ward) enter(now time.Time) error {
	const op = "routing.enter"
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inside >= underWay {
		return hub.E(op, hub.Unavailable, federation.Busy)
	}
	if w.inARow >= pauseAfter {
		if now.Before(w.until) || w.trying {
			return hub.E(op, hub.Unavailable, federation.RoutePaused)
		}
		w.trying = true
	}
	w.inside++
	return nil
}

// leave gives the place back and notes how it went. What the asking side broke off says nothing of the issuer; and an issuer that answers,
// however wrongly, is there: or else a system could shut the others out with tokens that it can't answer for.
func (w *ward) leave(now time.Time, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inside--
	w.trying = false
	switch {
	case errors.Is(err, federation.Canceled):
	case hub.KindOf(err) != hub.Unavailable: // none among them
		w.inARow, w.pause = 0, 0
	default:
		w.inARow++
		if w.inARow >= pauseAfter {
			w.pause = min(max(2*w.pause, firstPause), longestRest)
			w.until = now.Add(w.pause)
		}
	}
}
