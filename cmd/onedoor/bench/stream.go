package bench

import (
	"context"
	"sync"
	"time"
)

// mostStreamed bounds the logins of the stream that are under way: beyond, the provider is not keeping up, and the next one counts as late.
const mostStreamed = 256

// streamed is what a stream of logins gave.
type streamed struct {
	done, failed, late int64
	first              string // error
}

// stream begins Options.Logins full logins a second, each of somebody new, whether the ones before have ended or not, until stop is
// called; stop waits for those under way. It is beside what is measured and not in its percentiles.
func (p *provider) stream(ctx context.Context) (stop func() streamed) {
	ctx, cancel := context.WithCancel(ctx)
	var out streamed
	var mu sync.Mutex
	var all sync.WaitGroup
	places := make(chan struct{}, mostStreamed)
	one := func() {
		defer func() { <-places }()
		b, err := p.browser()
		if err == nil {
			_, err = p.code(context.WithoutCancel(ctx), b, p.o.Scope)
		}
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			out.done++
			return
		}
		out.failed++
		if out.first == "" {
			out.first = err.Error()
		}
	}
	all.Go(func() {
		ticker := time.NewTicker(time.Second / time.Duration(p.o.Logins))
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			select {
			case places <- struct{}{}:
				all.Go(one)
			default:
				mu.Lock()
				out.late++
				mu.Unlock()
			}
		}
	})
	return func() streamed {
		cancel()
		all.Wait()
		return out
	}
}

// loginCPU measures once what one login of the stream takes of the provider's CPU time, in microseconds, without anything beside it; 0
// where that is not known.
func (p *provider) loginCPU(ctx context.Context) float64 {
	p.alone.Do(func() {
		before, known := cpuOf(p.o.Server)
		if !known {
			return
		}
		stop := p.stream(ctx)
		rest := time.NewTimer(p.o.Duration)
		defer rest.Stop()
		select {
		case <-rest.C:
		case <-ctx.Done():
		}
		s := stop()
		if after, ok := cpuOf(p.o.Server); ok && s.done+s.failed > 0 {
			p.perLogin = float64((after - before).Microseconds()) / float64(s.done+s.failed)
		}
	})
	return p.perLogin
}
