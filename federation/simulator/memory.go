package simulator

import (
	"sync"
	"time"

	"onedoor/hub"
)

// Memory keeps things for a while, and a bounded number of them: the oldest go first.
type Memory[T any] struct {
	clock hub.Clock
	life  time.Duration
	limit int

	mu    sync.Mutex
	items map[string]item[T]
	order []string // oldest first; may name items that are gone
}

type item[T any] struct {
	value T
	ends  time.Time
}

// NewMemory keeps up to limit things for their life.
func NewMemory[T any](clock hub.Clock, life time.Duration, limit int) *Memory[T] {
	return &Memory[T]{clock: clock, life: life, limit: max(1, limit), items: make(map[string]item[T])}
}

// Put keeps a thing under a new key.
func (m *Memory[T]) Put(key string, value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.order) >= m.limit {
		delete(m.items, m.order[0])
		m.order = m.order[1:]
	}
	m.items[key] = item[T]{value: value, ends: m.clock().Add(m.life)}
	m.order = append(m.order, key)
}

// Get gives the thing if it is there and its life is not over.
func (m *Memory[T]) Get(key string) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.items[key]
	if !ok || !m.clock().Before(i.ends) {
		var zero T
		return zero, false
	}
	return i.value, true
}

// Take gives the thing and forgets it: of several callers one gets it.
func (m *Memory[T]) Take(key string) (T, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := m.items[key]
	delete(m.items, key)
	if !ok || !m.clock().Before(i.ends) {
		var zero T
		return zero, false
	}
	return i.value, true
}

// Len counts the things whose life is not over.
func (m *Memory[T]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, now := 0, m.clock()
	for _, i := range m.items {
		if now.Before(i.ends) {
			n++
		}
	}
	return n
}

// Drop forgets what fn says, and tells how many of it had a life left.
func (m *Memory[T]) Drop(fn func(T) bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, now := 0, m.clock()
	for key, i := range m.items {
		if fn(i.value) {
			delete(m.items, key)
			if now.Before(i.ends) {
				n++
			}
		}
	}
	return n
}
