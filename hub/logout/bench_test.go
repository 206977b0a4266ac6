package logout_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// benchHub is a node whose participants are on loopback: healthy ones answer at once, hanging ones never.
func benchHub(b *testing.B, db *sqldb.DB) (*world, string, string) {
	b.Helper()
	well := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	over := make(chan struct{})
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}))
	w := newWorld(b, db, func(o *logout.Options) { o.Alone = true }, overHTTP{&http.Client{Transport: &http.Transport{MaxIdleConns: 2048, MaxIdleConnsPerHost: 512}}})
	stop := w.run()
	b.Cleanup(func() {
		close(over)
		stop()
		well.Close()
		hang.Close()
	})
	return w, well.URL, hang.URL
}

// at gives participants at a server.
func at(server, name string, from, n int) (all []session.Participant) {
	for i := range n {
		system := fmt.Sprintf("%s-%d", name, from+i)
		all = append(all, session.Participant{System: hub.SystemID(system), Protocol: "http", Ref: server + "/" + system})
	}
	return all
}

// used starts a session and notes whom it is used at, in one transaction.
func (w *world) used(id hub.AccountID, all []session.Participant) session.Session {
	w.t.Helper()
	s, _ := w.session(id)
	err := w.db.InTx(w.t.Context(), func(ctx context.Context) error {
		for _, p := range all {
			p.Session = s.ID
			if err := w.sessions.Join(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// confirmed waits until so many have confirmed.
func (w *world) confirmed(campaign string, want int) {
	w.t.Helper()
	for w.states(campaign)[logout.Confirmed] < want {
		if _, err := w.Wait(w.t.Context(), 10*time.Millisecond, campaign); err != nil {
			w.t.Fatal(err)
		}
	}
}

func onBoth(b *testing.B, bench func(b *testing.B, db *sqldb.DB)) {
	b.Helper()
	b.Run("sqlite", func(b *testing.B) { bench(b, sqltest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { bench(b, sqltest.Postgres(b)) })
}

func quantile(all []time.Duration, q float64) float64 {
	slices.Sort(all)
	return float64(all[min(len(all)-1, int(q*float64(len(all))))].Microseconds()) / 1000
}

// BenchmarkLogoutFifty ends a session with 50 participants of which 10 hang, and waits for the 40: the goal is a p99 under 1 s.
func BenchmarkLogoutFifty(b *testing.B) {
	onBoth(b, func(b *testing.B, db *sqldb.DB) {
		w, well, hang := benchHub(b, db)
		id := w.person()
		var took []time.Duration
		for b.Loop() {
			b.StopTimer()
			s := w.used(id, slices.Concat(at(well, "well", 0, 40), at(hang, "hang", 0, 10)))
			b.StartTimer()
			begin := time.Now()
			c, err := w.End(b.Context(), s.ID, person)
			if err != nil {
				b.Fatal(err)
			}
			w.confirmed(c.ID, 40)
			took = append(took, time.Since(begin))
		}
		b.ReportMetric(quantile(took, 0.5), "p50-ms")
		b.ReportMetric(quantile(took, 0.99), "p99-ms")
	})
}

// BenchmarkLogoutThousand ends a session with 1,000 participants: the goal is 3 s.
func BenchmarkLogoutThousand(b *testing.B) {
	onBoth(b, func(b *testing.B, db *sqldb.DB) {
		w, well, _ := benchHub(b, db)
		id := w.person()
		var took []time.Duration
		for b.Loop() {
			b.StopTimer()
			s := w.used(id, at(well, "well", 0, 1000))
			b.StartTimer()
			begin := time.Now()
			c, err := w.End(b.Context(), s.ID, person)
			if err != nil {
				b.Fatal(err)
			}
			w.confirmed(c.ID, 1000)
			took = append(took, time.Since(begin))
		}
		b.ReportMetric(quantile(took, 1), "max-ms")
	})
}

// BenchmarkLogoutSustained ends sessions with 5 participants each, as fast as it goes, until all are told: the goal is 200 a second.
func BenchmarkLogoutSustained(b *testing.B) {
	onBoth(b, func(b *testing.B, db *sqldb.DB) {
		w, well, _ := benchHub(b, db)
		id := w.person()
		sessions := make(chan hub.SessionID, b.N)
		for i := range b.N {
			sessions <- w.used(id, at(well, "well", 5*(i%8), 5)).ID
		}
		close(sessions)
		b.ResetTimer()
		begin := time.Now()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for s := range sessions {
					if _, err := w.sessions.End(context.Background(), s, person); err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		for open := 1; open > 0; {
			_, _ = w.Wait(b.Context(), 20*time.Millisecond, "none")
			var err error
			if open, _, err = w.Backlog(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "logouts/s")
	})
}

// overHTTP tells participants whose address is their handle.
type overHTTP struct{ client *http.Client }

func (overHTTP) Protocol() string                       { return "http" }
func (overHTTP) Means(session.Participant) logout.Means { return logout.Direct }
func (overHTTP) Host(n logout.Notice) string            { return n.Ref } // each a host of its own
func (overHTTP) Visit(context.Context, logout.Notice, string) (logout.Visit, error) {
	return logout.Visit{}, hub.Errorf("overHTTP", hub.NotFound, "none")
}

func (o overHTTP) Tell(ctx context.Context, n logout.Notice) error {
	form := url.Values{"id": {n.ID}, "session": {string(n.Session)}, "account": {string(n.Account)}, "system": {string(n.System)}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.Ref, strings.NewReader(form.Encode()))
	if err != nil {
		return hub.E("overHTTP", hub.Invalid, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := o.client.Do(r)
	if err != nil {
		return hub.E("overHTTP", hub.Unavailable, err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		return hub.Errorf("overHTTP", hub.Unavailable, "not confirmed")
	}
	return nil
}
