package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"onedoor/hub"
)

// try does one piece of work and notes how it went.
func (r *Runner[W]) try(q *queue[W], w W) {
	err := r.do(w)
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
	q.running--
	if answered(err) {
		q.failing = 0
	} else if q.failing++; q.failing == failsOften { // what waits behind it waits for later, so that it holds nothing here
		for _, c := range q.waiting {
			r.note(Outcome[W]{Work: c.work, At: now, NextAt: now.Add(r.backoff(q.failing)), Untried: true})
		}
		r.waiting -= len(q.waiting)
		q.waiting = nil
	}
	r.note(Outcome[W]{Work: w, Err: err, At: now, NextAt: now.Add(r.backoff(w.Tries() + 1))})
	r.line(q)
	r.forget(q)
	if r.idle != nil && r.running == 0 {
		close(r.idle)
		return
	}
	r.begin(now)
}

// answered tells whether whoever the work leans on is there: a refusal is an answer too.
func answered(err error) bool {
	return err == nil || errors.Is(err, hub.Refused) || errors.Is(err, hub.NotFound) || errors.Is(err, hub.Invalid)
}

// do calls the function with a context that ends at the latest after Timeout. A panic is an error of this piece alone.
func (r *Runner[W]) do(w W) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), r.o.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.LogAttrs(ctx, slog.LevelError, "work panicked", slog.String("work", r.o.Name), slog.String("panic", fmt.Sprintf("%T", p)))
			err = hub.Errorf("jobs.do", hub.Internal, "panic")
		}
	}()
	return r.o.Do(ctx, w)
}

// Run does the work until ctx ends, then lets the tries under way end, and returns when all that is known is settled or can't be. It runs once
// in a runner's life: a second call does nothing.
func (r *Runner[W]) Run(ctx context.Context) {
	r.mu.Lock()
	again := r.begun
	r.begun, r.runs = true, !again || r.runs
	r.mu.Unlock()
	if again {
		return
	}
	settled, claimed := make(chan struct{}), make(chan struct{})
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	go func() {
		defer close(settled)
		r.settling(beside)
	}()
	go func() {
		defer close(claimed)
		r.claiming(ctx)
	}()
	<-ctx.Done()
	<-claimed
	<-r.stop()
	stop()
	<-settled
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.o.Timeout)
	defer cancel()
	for r.settle(last) > 0 && last.Err() == nil {
	}
	r.mu.Lock()
	r.runs = false
	r.mu.Unlock()
}

// stop begins nothing more, gives back what waits, and tells when no try is under way.
func (r *Runner[W]) stop() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.idle = make(chan struct{})
	now := r.now()
	for _, q := range r.queues {
		for _, c := range q.waiting {
			r.note(Outcome[W]{Work: c.work, At: now, NextAt: now, Untried: true})
		}
		q.waiting = nil
	}
	r.waiting = 0
	if r.running == 0 {
		close(r.idle)
	}
	return r.idle
}

// claiming looks for work, again and again, until ctx ends.
func (r *Runner[W]) claiming(ctx context.Context) {
	failing := false
	ahead := time.Duration(0)
	if r.o.Alone {
		ahead = r.o.Lease
	}
	for ctx.Err() == nil {
		n, limit, err := r.claim(ctx, ahead)
		failing = r.tell(ctx, failing, err, "work can't be claimed")
		if err == nil && n == limit && limit > 0 {
			continue
		}
		if err == nil {
			ahead = 0
		}
		r.rest(ctx, r.o.Poll, r.wake)
	}
}

// claim takes one batch, as large as there is room for. ahead treats claims that end so soon as ended.
func (r *Runner[W]) claim(ctx context.Context, ahead time.Duration) (n, limit int, err error) {
	r.mu.Lock()
	limit = min(r.o.Batch, r.o.Backlog-r.waiting)
	r.mu.Unlock()
	if limit < 1 {
		return 0, 0, nil
	}
	now := r.now()
	until := now.Add(r.o.Lease)
	if ahead > 0 { // so that the next batch is another one
		until = until.Add(ahead)
	}
	works, err := r.o.Source.Claim(ctx, now.Add(ahead), until, limit)
	if err != nil {
		return 0, limit, err
	}
	r.Push(until, works...)
	return len(works), limit, nil
}

// settling notes outcomes as they come, as many at once as there are: while one batch is being written the next one grows.
func (r *Runner[W]) settling(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.made:
		}
		for ctx.Err() == nil && r.settle(ctx) > 0 {
		}
	}
}

// settle notes one batch and tells how many it took. Where the source does not take it, it is kept and tried again while the claims hold:
// after that, others do the work again.
func (r *Runner[W]) settle(ctx context.Context) int {
	r.mu.Lock()
	n := min(len(r.outcomes), 2*r.o.Batch)
	batch := r.outcomes[:n:n]
	r.outcomes = r.outcomes[n:]
	if len(r.outcomes) == 0 {
		r.outcomes = nil
	}
	r.mu.Unlock()
	if n == 0 {
		return 0
	}
	begun, failing := r.now(), false
	for tries := 1; ; tries++ {
		err := r.o.Source.Settle(ctx, batch)
		failing = r.tell(ctx, failing, err, "outcomes can't be noted")
		if err == nil || ctx.Err() != nil || r.now().Sub(begun) > r.o.Lease {
			return n
		}
		r.rest(ctx, min(time.Second, 10*time.Millisecond<<min(tries, 10)), nil)
	}
}

// tell logs what goes wrong once, and that it works again.
func (r *Runner[W]) tell(ctx context.Context, failing bool, err error, what string) bool {
	switch {
	case err != nil && ctx.Err() != nil:
	case err != nil && !failing:
		r.o.Log.LogAttrs(ctx, slog.LevelError, what, slog.String("work", r.o.Name), slog.String("kind", string(hub.KindOf(err))), slog.Any("cause", err))
	case err == nil && failing:
		r.o.Log.LogAttrs(ctx, slog.LevelInfo, "work goes on", slog.String("work", r.o.Name))
	}
	return err != nil
}

// rest waits: for the time, the end of ctx or the signal.
func (*Runner[W]) rest(ctx context.Context, d time.Duration, or <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	case <-or:
	}
}
