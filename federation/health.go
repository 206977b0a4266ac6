package federation

import (
	"context"
	"sync"
	"time"

	"onedoor/hub"
)

const (
	troubleAfter = 3               // failures in a row, without an answer between them
	troubleFor   = 2 * time.Minute // since the last of them; then the provider is taken for well until it fails again
)

// ward watches one provider: calls under way, and how the last ones ended. It outlives changes of the trust record.
type ward struct {
	places chan struct{}

	mu          sync.Mutex
	inARow      int
	lastFailure time.Time
	lastAnswer  time.Time
}

// ward gives the provider's ward. It is asked for known providers only, so there are never more wards than providers.
func (r *Registry) ward(id hub.ProviderID) *ward {
	if w, ok := r.health.Load(id); ok {
		return w.(*ward)
	}
	w, _ := r.health.LoadOrStore(id, &ward{places: make(chan struct{}, r.concurrency)})
	return w.(*ward)
}

// enter takes a place, and reports false at once where all are taken: a person who waits behind a hanging provider is
// better told so.
func (w *ward) enter() bool {
	select {
	case w.places <- struct{}{}:
		return true
	default:
		return false
	}
}

func (w *ward) leave() { <-w.places }

func (w *ward) failed(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inARow++
	w.lastFailure = at
}

func (w *ward) answered(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inARow = 0
	w.lastAnswer = at
}

func (w *ward) trouble(now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inARow >= troubleAfter && now.Sub(w.lastFailure) < troubleFor
}

// Entry is a provider as the public register shows it (LOA-02, LOA-03). It holds nothing secret.
type Entry struct {
	ID         hub.ProviderID
	Names      hub.Text
	Status     Status
	ValidFrom  time.Time
	ValidUntil time.Time
	InService  bool // active and within its dates, now
	Ceiling    hub.Level
	Restricted bool
	Trouble    bool // did not answer lately
	Held       Hold // by staff; zero where it is not
}

// Register lists all providers, in order of display, for the public page. Unavailable before the first Refresh.
func (r *Registry) Register(context.Context) ([]Entry, error) {
	s := r.now.Load()
	if s == nil {
		return nil, hub.E("federation.Register", hub.Unavailable, NotLoaded)
	}
	now := r.clock()
	out := make([]Entry, 0, len(s.sorted))
	for _, p := range s.sorted {
		out = append(out, Entry{
			ID: p.ID, Names: p.Names, Status: p.Status, ValidFrom: p.ValidFrom, ValidUntil: p.ValidUntil,
			InService: p.InService(now), Ceiling: p.Ceiling, Restricted: p.Restricted, Trouble: r.ward(p.ID).trouble(now),
			Held: s.held[p.ID],
		})
	}
	return out, nil
}

// Health is how a provider has been answering this node: for metrics and operators.
type Health struct {
	Provider    hub.ProviderID
	UnderWay    int
	FailedInRow int
	LastFailure time.Time // zero: none
	LastAnswer  time.Time // zero: none
	Trouble     bool
}

// Health tells how every known provider has been answering, in order of display; nil before the first Refresh.
func (r *Registry) Health() []Health {
	s := r.now.Load()
	if s == nil {
		return nil
	}
	now := r.clock()
	out := make([]Health, 0, len(s.sorted))
	for _, p := range s.sorted {
		w := r.ward(p.ID)
		trouble := w.trouble(now)
		w.mu.Lock()
		out = append(out, Health{
			Provider: p.ID, UnderWay: len(w.places), FailedInRow: w.inARow,
			LastFailure: w.lastFailure, LastAnswer: w.lastAnswer, Trouble: trouble,
		})
		w.mu.Unlock()
	}
	return out
}

// Published is what a provider says of itself, as this node knows it: for operators. Zero where nothing is known yet.
type Published struct {
	At           time.Time // when it was read
	Until        time.Time // it does not count after this; zero for no end
	Certificates []Lifetime
}

// Lifetime is how long a certificate counts.
type Lifetime struct{ From, Until time.Time }
