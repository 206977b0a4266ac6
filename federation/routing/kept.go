package routing

import (
	"container/list"
	"sync"
	"time"
)

// mostKept bounds the answers in memory. They are there for seconds.
const mostKept = 50_000

// kept are the last answers, as the issuers gave them: what a system may learn of one is worked out anew each time.
type kept struct {
	mu    sync.Mutex
	byKey map[[32]byte]*list.Element
	order *list.List // of *keptAnswer, the oldest first
}

type keptAnswer struct {
	key    [32]byte
	claims claims
	active bool
	until  time.Time
}

func newKept() *kept { return &kept{byKey: map[[32]byte]*list.Element{}, order: list.New()} }

func (k *kept) find(key [32]byte, now time.Time) (claims, bool, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.byKey[key]
	if !ok || !now.Before(e.Value.(*keptAnswer).until) {
		return claims{}, false, false
	}
	a := e.Value.(*keptAnswer)
	return a.claims, a.active, true
}

// keep takes an answer in and drops those whose time is over: attributes are not left lying about.
func (k *kept) keep(key [32]byte, c claims, active bool, until, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.byKey[key]; ok {
		k.drop(e)
	}
	for e := k.order.Front(); e != nil && (k.order.Len() >= mostKept || !now.Before(e.Value.(*keptAnswer).until)); e = k.order.Front() {
		k.drop(e)
	}
	if now.Before(until) {
		k.byKey[key] = k.order.PushBack(&keptAnswer{key, c, active, until})
	}
}

func (k *kept) drop(e *list.Element) {
	delete(k.byKey, e.Value.(*keptAnswer).key)
	k.order.Remove(e)
}
