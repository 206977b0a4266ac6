package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/cmd/onedoor/bench"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/oidcop"
)

// BenchmarkLoopback holds `onedoor serve` against the bare handler over the network of this machine, each a process of its own, in turns:
// server CPU time for each call by /proc, as the median of the rounds. Run it with -benchtime 1x; it takes a minute or two.
func BenchmarkLoopback(b *testing.B) {
	for _, big := range []bool{false, true} {
		name := "empty"
		if big {
			name = "1000000 live, 100000 ended"
		}
		b.Run(name, func(b *testing.B) {
			const rounds, each = 5, 2 * time.Second
			l := newLoopback(b, big)
			cpu := map[string][]float64{}
			p99 := map[string][]float64{}
			for range rounds {
				for _, side := range []string{"bare", "hub", "batch"} {
					r := l.round(b, side, each)
					cpu[side] = append(cpu[side], r.ServerCPU)
					p99[side] = append(p99[side], r.P99)
				}
			}
			for b.Loop() { //nolint:revive // the rounds are the measurement
			}
			bare, ours, batch := median(cpu["bare"]), median(cpu["hub"]), median(cpu["batch"])
			b.ReportMetric(bare, "bare-us")
			b.ReportMetric(ours, "hub-us")
			b.ReportMetric(ours/bare, "ratio")
			b.ReportMetric(median(p99["hub"]), "hub-p99-ms")
			b.ReportMetric(median(p99["bare"]), "bare-p99-ms")
			b.ReportMetric(batch/100, "batch-us/token")
			b.Logf("bare %.1f, hub %.1f, batch of 100 %.1f", cpu["bare"], cpu["hub"], cpu["batch"])
		})
	}
}

func median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	return s[len(s)/2]
}

type loopback struct {
	hub   *process
	bare  *exec.Cmd
	urls  map[string]string
	token string
}

func newLoopback(b *testing.B, big bool) *loopback {
	b.Helper()
	folder := b.TempDir()
	cfg := configs.Default()
	address := freeAddress(b)
	_, port, _ := strings.Cut(address, ":")
	cfg.Issuer, cfg.DataDirectory = "http://hub.localhost:"+port, folder
	h, err := buildSpeedHub(b.Context(), cfg, "sqlite:"+cfg.DatabaseFile())
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	grants, err := grant.New(grant.Options{Store: h.stores.Grants, Audit: h.audit, Tx: h.db, Clock: time.Now, Random: h.random})
	if err != nil {
		b.Fatal(err)
	}
	one, err := h.birth(b.Context(), grants)
	if err != nil {
		b.Fatal(err)
	}
	if big {
		crowd(b, h, one)
	}
	l := &loopback{token: one.raw, urls: map[string]string{}}
	answer := filepath.Join(folder, "answer")
	if err := os.WriteFile(answer, ask(b, onHost(h.public.Handler(), "hub.localhost:"+port), oidcop.IntrospectionPath, "token="+one.raw), 0o600); err != nil {
		b.Fatal(err)
	}
	l.hub = newProcess(b, cfg.Issuer, filepath.Join(folder, "master.key"), "")
	l.hub.adopt(folder, address)
	l.hub.start()
	l.urls["hub"], l.urls["batch"] = cfg.Issuer, cfg.Issuer
	file := filepath.Join(folder, "bare")
	if out, err := exec.Command("go", "build", "-o", file, "onedoor/cmd/onedoor/app/testdata/bare").CombinedOutput(); err != nil {
		b.Fatal(string(out))
	}
	other := freeAddress(b)
	l.urls["bare"] = "http://" + other
	l.bare = exec.Command(file, "-listen", other, "-issuer", l.urls["bare"], "-answer", answer)
	if err := l.bare.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = l.bare.Process.Kill() // it ends no other way
		_ = l.bare.Wait()
	})
	await(b, "the bare handler answers", func() bool {
		resp, err := http.Get(l.urls["bare"] + "/.well-known/openid-configuration")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil
	})
	return l
}

// onHost gives a handler what the name of the issuer's host would be.
func onHost(h http.Handler, host string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = host
		h.ServeHTTP(w, r)
	})
}

// crowd fills the database: a million live sessions of one account, and a hundred thousand that have ended.
func crowd(b *testing.B, h *speedHub, one *living) {
	b.Helper()
	now := time.Now().UnixMicro()
	for _, s := range []string{
		`INSERT INTO sessions (id, account, provider, ial, aal, methods, auth_time, started_at, last_activity, interaction, channel, device, secret_hash)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
			SELECT 'live' || i, '` + string(one.access.Account) + `', 'thaid', 4, 3, '[]', ` + fmt.Sprint(now, ", ", now, ", ", now) + `, '', 'web', '', randomblob(32) FROM n`,
		`INSERT INTO revocations (kind, ref, at, expires_at)
			WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
			SELECT 'session', lower(hex(randomblob(13))), ` + fmt.Sprint(now, ", ", now+int64(time.Hour/time.Microsecond)) + ` FROM n`,
	} {
		if err := h.db.Write(b.Context()).Exec(s).Error; err != nil {
			b.Fatal(err)
		}
	}
}

// round drives one side for a while.
func (l *loopback) round(b *testing.B, side string, each time.Duration) bench.Result {
	b.Helper()
	o := bench.Options{
		Issuer: l.urls[side], Client: speedSystem, Secret: speedSecret, Token: l.token, Scenarios: []string{"introspect"}, Concurrency: 32,
		Duration: each, Server: l.hub.cmd.Process.Pid, Clock: time.Now, Random: hub.Randomness(),
	}
	switch side {
	case "bare":
		o.Server = l.bare.Process.Pid
	case "batch":
		o.Scenarios, o.Concurrency = []string{"introspect-batch"}, 4
	}
	report, err := bench.Run(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	r := report.Results[0]
	if r.Failures > 0 || r.Calls == 0 {
		b.Fatalf("%s: %+v", side, r)
	}
	return r
}
