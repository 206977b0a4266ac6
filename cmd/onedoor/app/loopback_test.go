package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/cmd/onedoor/bench"
	"onedoor/configs"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/hubtest/freeport"
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
				for _, side := range []string{"bare", "hub", "batch", streamedSide} {
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
			streamed := median(cpu[streamedSide])
			b.ReportMetric(streamed, "hub-streamed-us")
			b.ReportMetric(streamed/bare, "ratio-streamed")
			b.ReportMetric(median(p99[streamedSide]), "hub-streamed-p99-ms")
			b.Logf("bare %.1f, hub %.1f, batch of 100 %.1f, under %d logins a second %.1f", cpu["bare"], cpu["hub"], cpu["batch"], streamLogins, cpu[streamedSide])
		})
	}
}

func median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	return s[len(s)/2]
}

// streamedSide is the hub while people sign in at a bank, whose stand-in is in this process.
const (
	streamedSide = "hub under logins"
	streamLogins = 5 // a second
)

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
	address := freeport.Address(b)
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
	if err := addBank(b, h); err != nil {
		b.Fatal(err)
	}
	l := &loopback{token: one.raw, urls: map[string]string{}}
	answer := filepath.Join(folder, "answer")
	if err := os.WriteFile(answer, ask(b, onHost(h.public.Handler(), "hub.localhost:"+port), oidcop.IntrospectionPath, "token="+one.raw), 0o600); err != nil {
		b.Fatal(err)
	}
	l.hub = newProcess(b, cfg.Issuer, filepath.Join(folder, "master.key"), "")
	l.hub.more = "outbound:\n  allowPrivate: [127.0.0.0/8]\n"
	l.hub.adopt(folder, address)
	l.hub.start()
	l.urls["hub"], l.urls["batch"], l.urls[streamedSide] = cfg.Issuer, cfg.Issuer, cfg.Issuer
	file := filepath.Join(folder, "bare")
	if out, err := exec.Command("go", "build", "-o", file, "onedoor/cmd/onedoor/app/testdata/bare").CombinedOutput(); err != nil {
		b.Fatal(string(out))
	}
	other := freeport.Address(b)
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

// addBank lets people sign in at a bank.
func addBank(b *testing.B, h *speedHub) error {
	var site atomic.Pointer[http.Handler]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*site.Load()).ServeHTTP(w, r) }))
	b.Cleanup(server.Close)
	secret := hub.NewSecret(h.random).Reveal()
	sealed, err := h.options.Masters.SealSecret(h.random, secretContext, []byte(secret))
	if err != nil {
		return err
	}
	stand, err := bank.New(bank.Options{BaseURL: server.URL, Clock: time.Now, Random: h.random, Clients: simulator.Clients{{
		ID: "onedoor", Secret: secret, RedirectURIs: []string{h.options.Config.Issuer + "/login/callback/bank"}, Scopes: bank.Scopes(),
	}}})
	if err != nil {
		return err
	}
	var handler http.Handler = stand
	site.Store(&handler)
	now := time.Now()
	_, err = h.trust.Put(b.Context(), bank.Trust(server.URL, "onedoor", sealed, now.Add(-time.Hour), now.Add(24*time.Hour)))
	return err
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
	case streamedSide:
		o.Logins, o.Redirect, o.Provider, o.Person = streamLogins, "https://revenue.example/cb", "bank", "mali"
	}
	report, err := bench.Run(context.Background(), o)
	if err != nil {
		b.Fatal(err)
	}
	r := report.Results[0]
	if r.Failures > 0 || r.FirstError != "" || (r.Logins > 0) != (side == streamedSide) || r.Calls == 0 {
		b.Fatalf("%s: %+v", side, r)
	}
	return r
}
