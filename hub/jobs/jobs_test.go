package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/bubble"
	"onedoor/hub/jobs"
)

// piece is work of the tests.
type piece struct {
	id    int
	key   string
	tries int
}

func (p piece) Key() string { return p.key }
func (p piece) Tries() int  { return p.tries }

// memory is a Source: what is done is final, the rest comes again.
type memory struct {
	mu     sync.Mutex
	due    map[int]time.Time
	pieces map[int]piece
	done   []int
	put    []jobs.Outcome[piece] // all outcomes
	fail   error                 // of Settle
}

func newMemory(pieces ...piece) *memory {
	m := &memory{due: map[int]time.Time{}, pieces: map[int]piece{}}
	for _, p := range pieces {
		m.due[p.id], m.pieces[p.id] = time.Now(), p
	}
	return m
}

func (m *memory) Claim(_ context.Context, now, until time.Time, limit int) (out []piece, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []int
	for id, at := range m.due {
		if !at.After(now) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids[:min(limit, len(ids))] {
		m.due[id] = until
		out = append(out, m.pieces[id])
	}
	return out, nil
}

func (m *memory) Settle(_ context.Context, outcomes []jobs.Outcome[piece]) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.put = append(m.put, outcomes...)
	for _, out := range outcomes {
		p := out.Work
		if out.Err == nil && !out.Untried {
			delete(m.due, p.id)
			m.done = append(m.done, p.id)
			continue
		}
		if !out.Untried {
			p.tries++
		}
		m.pieces[p.id], m.due[p.id] = p, out.NextAt
	}
	return nil
}

func (m *memory) finished() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.done)
}

var errDown = hub.Errorf("test", hub.Unavailable, "down")

func options(m *memory, do func(context.Context, piece) error) jobs.Options[piece] {
	return jobs.Options[piece]{
		Name: "test", Source: m, Do: do, Clock: time.Now, Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.DiscardHandler),
	}
}

// running starts a runner and gives the way to stop it, which returns when it has.
func running(t *testing.T, o jobs.Options[piece]) (*jobs.Runner[piece], func()) {
	t.Helper()
	r, err := jobs.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx)
	}()
	synctest.Wait()
	return r, func() { stop(); <-ended }
}

func batch(from, n int, key func(int) string) (out []piece) {
	for i := from; i < from+n; i++ {
		out = append(out, piece{id: i, key: key(i)})
	}
	return out
}

func TestNew_WhatIsMissingOrImpossible(t *testing.T) {
	t.Parallel()
	good := func() jobs.Options[piece] {
		return options(newMemory(), func(context.Context, piece) error { return nil })
	}
	for name, spoil := range map[string]func(*jobs.Options[piece]){
		"name": func(o *jobs.Options[piece]) { o.Name = "" }, "source": func(o *jobs.Options[piece]) { o.Source = nil },
		"do": func(o *jobs.Options[piece]) { o.Do = nil }, "clock": func(o *jobs.Options[piece]) { o.Clock = nil },
		"jitter": func(o *jobs.Options[piece]) { o.Jitter = nil }, "log": func(o *jobs.Options[piece]) { o.Log = nil },
		"workers": func(o *jobs.Options[piece]) { o.Workers = -1 }, "poll": func(o *jobs.Options[piece]) { o.Poll = -1 },
		"a lease shorter than a try": func(o *jobs.Options[piece]) { o.Lease, o.Timeout = time.Second, time.Second },
	} {
		o := good()
		spoil(&o)
		if _, err := jobs.New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := jobs.New(good()); err != nil {
		t.Error(err)
	}
}

// A party that never answers holds its own places and no others: everybody else is served at once.
func TestBulkhead_HangingKeysHarmNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hanging := func(i int) string { return fmt.Sprintf("hang-%d", i%10) }
		all := append(batch(0, 300, hanging), batch(300, 200, func(i int) string { return fmt.Sprint(i % 40) })...)
		m := newMemory(all...)
		var mu sync.Mutex
		at, most := map[string]int{}, 0
		_, stop := running(t, options(m, func(ctx context.Context, p piece) error {
			if p.id >= 300 {
				return nil
			}
			mu.Lock()
			at[p.key]++
			most = max(most, at[p.key])
			mu.Unlock()
			<-ctx.Done()
			mu.Lock()
			at[p.key]--
			mu.Unlock()
			return ctx.Err()
		}))
		defer stop()
		begin := time.Now()
		bubble.Pass(time.Millisecond)
		synctest.Wait()
		bubble.Pass(2 * time.Second) // claims come in batches of 256, the second as soon as the first is in
		synctest.Wait()
		if n := m.finished(); n != 200 {
			t.Errorf("%d of 200 done after %v", n, time.Since(begin))
		}
		if most != 16 {
			t.Errorf("%d tries at once at one key", most)
		}
	})
}

// What is pushed begins without any wait, and what is over the limit of a failing key waits for later, unclaimed by nobody.
func TestPush_BeginsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		r, stop := running(t, options(m, func(context.Context, piece) error { return nil }))
		defer stop()
		begin := time.Now()
		all := batch(0, 1000, func(int) string { return "one" })
		m.mu.Lock()
		for _, p := range all {
			m.pieces[p.id], m.due[p.id] = p, begin.Add(r.Lease())
		}
		m.mu.Unlock()
		r.Push(begin.Add(r.Lease()), all...)
		synctest.Wait()
		if n := m.finished(); n != 1000 || time.Since(begin) != 0 {
			t.Errorf("%d done after %v", n, time.Since(begin))
		}
	})
}

func TestFailing_WaitsLongerAndLongerAndComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(batch(0, 50, func(int) string { return "down" })...)
		var mu sync.Mutex
		tries, up := 0, false
		_, stop := running(t, options(m, func(context.Context, piece) error {
			mu.Lock()
			defer mu.Unlock()
			tries++
			if up {
				return nil
			}
			return errDown
		}))
		defer stop()
		bubble.Pass(10 * time.Minute)
		mu.Lock()
		if tries < 20 || tries > 400 {
			t.Errorf("%d tries in ten minutes of fifty pieces", tries)
		}
		up = true
		mu.Unlock()
		bubble.Pass(30 * time.Minute)
		if n := m.finished(); n != 50 {
			t.Errorf("%d done after it came back", n)
		}
	})
}

// A refusal is an answer: it does not make a key one that fails.
func TestRefusals_AreAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(batch(0, 40, func(int) string { return "one" })...)
		_, stop := running(t, options(m, func(_ context.Context, p piece) error {
			if p.tries == 0 {
				return hub.Errorf("test", hub.Refused, "no")
			}
			return nil
		}))
		defer stop()
		bubble.Pass(time.Millisecond)
		synctest.Wait()
		m.mu.Lock()
		defer m.mu.Unlock()
		untried := slices.ContainsFunc(m.put, func(o jobs.Outcome[piece]) bool { return o.Untried })
		if len(m.put) != 40 || untried {
			t.Errorf("%d outcomes, some untried: %v", len(m.put), untried)
		}
	})
}

// A stop lets tries end, notes them, and gives back what waits.
func TestStop_GivesBackWhatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(batch(0, 40, func(int) string { return "one" })...)
		gate := make(chan struct{})
		r, stop := running(t, options(m, func(context.Context, piece) error { <-gate; return nil }))
		r.Run(t.Context()) // a second time does nothing, and returns
		go func() { bubble.Pass(time.Second); close(gate) }()
		begin := time.Now()
		stop()
		if n := m.finished(); n != 16 || time.Since(begin) != time.Second {
			t.Errorf("%d done after %v", n, time.Since(begin))
		}
		late := 0
		for _, at := range m.due {
			if at.After(begin) {
				late++
			}
		}
		if late != 0 || len(m.due) != 24 || r.Runs() {
			t.Errorf("%d of %d still held", late, len(m.due))
		}
		r.Push(time.Now().Add(time.Hour), piece{id: 99, key: "late"}) // nobody is there: it stays for others
		synctest.Wait()
		if m.finished() != 16 {
			t.Error("a stopped runner worked")
		}
	})
}

// Outcomes are kept while the database is away, and a claim that is nearly over is not begun with.
func TestOutcomes_SurviveADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(batch(0, 5, func(int) string { return "one" })...)
		m.fail = errDown
		_, stop := running(t, options(m, func(context.Context, piece) error { return nil }))
		defer stop()
		bubble.Pass(5 * time.Second)
		m.mu.Lock()
		m.fail = nil
		m.mu.Unlock()
		bubble.Pass(2 * time.Second)
		synctest.Wait()
		if n := m.finished(); n != 5 {
			t.Errorf("%d noted", n)
		}
	})
}

func TestClaims_ThatAreNearlyOverAreLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		ran := false
		r, stop := running(t, options(m, func(context.Context, piece) error { ran = true; return nil }))
		defer stop()
		r.Push(time.Now().Add(5*time.Second-time.Microsecond), piece{id: 1, key: "one"})
		synctest.Wait()
		if ran {
			t.Error("begun although another node may take it before it ends")
		}
	})
}

func TestPanic_IsOneOutcome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(batch(0, 2, func(i int) string { return fmt.Sprint(i) })...)
		_, stop := running(t, options(m, func(_ context.Context, p piece) error {
			if p.id == 0 {
				panic("secret")
			}
			return nil
		}))
		defer stop()
		bubble.Pass(time.Millisecond)
		synctest.Wait()
		if n := m.finished(); n != 1 {
			t.Errorf("%d done", n)
		}
	})
}

// A node that is alone takes what its dead predecessor held, at once.
func TestAlone_TakesWhatADeadOneHeld(t *testing.T) {
	t.Parallel()
	for _, alone := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory(batch(0, 600, func(i int) string { return fmt.Sprint(i) })...)
			for id := range m.due {
				m.due[id] = time.Now().Add(14 * time.Second)
			}
			o := options(m, func(context.Context, piece) error { return nil })
			o.Alone = alone
			_, stop := running(t, o)
			defer stop()
			want := 0
			if alone {
				want = 600
			}
			if n := m.finished(); n != want {
				t.Errorf("alone %v: %d done", alone, n)
			}
			bubble.Pass(16 * time.Second)
			if n := m.finished(); n != 600 {
				t.Errorf("alone %v: %d done after the lease", alone, n)
			}
		})
	}
}
