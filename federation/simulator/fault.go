package simulator

import (
	"slices"
	"sync"
)

// Faults are the switches of one stand-in: what of the named list goes wrong now.
type Faults[F ~string] struct {
	all []F
	mu  sync.Mutex
	on  map[F]bool
}

// NewFaults gives the switches, with some on. A name that is not in the list is passed over.
func NewFaults[F ~string](all []F, on []F) *Faults[F] {
	f := &Faults[F]{all: all, on: make(map[F]bool)}
	f.Set(true, on...)
	return f
}

// Set turns switches on or off.
func (f *Faults[F]) Set(on bool, names ...F) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, n := range names {
		if slices.Contains(f.all, n) {
			f.on[n] = on
		}
	}
}

// On reports whether a switch is on.
func (f *Faults[F]) On(name F) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.on[name]
}

// With gives what is on now together with what one login chose on its page.
func (f *Faults[F]) With(chosen []string) map[F]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make(map[F]bool)
	for _, n := range f.all {
		if f.on[n] || slices.Contains(chosen, string(n)) {
			out[n] = true
		}
	}
	return out
}
