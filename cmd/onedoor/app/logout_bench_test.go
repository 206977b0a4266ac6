package app

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/cmd/onedoor/bench"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubtest/freeport"
	"onedoor/hub/hubtest/sqltest"
)

// BenchmarkLogoutTold signs people out of sessions with many participants at a process of `onedoor serve`, by `onedoor bench`: 50 of which 10
// hang, 1,000, and 5 with 200 sign-outs a second. In "here", for a profile, the hub is in this process. Run it with -benchtime 1x; each part
// takes a minute or two.
func BenchmarkLogoutTold(b *testing.B) {
	for _, at := range []string{"SQLite", "PostgreSQL", "here"} {
		b.Run(at, func(b *testing.B) {
			first := freeport.Row(b, 1000)
			o := bench.Options{
				Port: first, Participants: 1000, Scenarios: []string{"logout-told"}, Provider: "bank", Person: "mali", Concurrency: 4,
				Clock: time.Now, Random: hub.Randomness(),
			}
			o.Issuer, o.Server = logoutHub(b, at, o)
			for _, c := range []struct {
				name                           string
				participants, hanging, logouts int
				takes                          time.Duration
			}{
				{"50 of which 10 hang", 50, 10, 0, 60 * time.Second},
				{"1000", 1000, 0, 0, 60 * time.Second},
				{"200 a second with 5", 5, 0, 200, 5 * time.Second},
			} {
				b.Run(c.name, func(b *testing.B) {
					o := o
					o.Participants, o.Hanging, o.Logouts, o.Duration = c.participants, c.hanging, c.logouts, c.takes
					var r bench.Result
					for b.Loop() {
						report, err := bench.Run(b.Context(), o)
						if err != nil {
							b.Fatal(err)
						}
						r = report.Results[0]
					}
					if r.Failures > 0 || r.Calls == 0 {
						b.Fatalf("%+v", r)
					}
					b.ReportMetric(float64(r.Calls), "logouts")
					b.ReportMetric(r.P50, "p50-ms")
					b.ReportMetric(r.P99, "p99-ms")
					b.ReportMetric(r.Max, "max-ms")
					b.ReportMetric(r.Answer, "answer-p99-ms")
					if c.logouts > 0 {
						b.ReportMetric(r.PerSecond, "logouts/s")
						b.ReportMetric(r.ServerCPU, "server-us/logout")
					}
				})
			}
		})
	}
}

// logoutHub gives the issuer of a hub that knows the bank and the participants, and its process.
func logoutHub(b *testing.B, at string, o bench.Options) (string, int) {
	b.Helper()
	cfg := configs.Default()
	address := freeport.Address(b)
	_, port, _ := strings.Cut(address, ":")
	cfg.Issuer, cfg.DataDirectory = "http://hub.localhost:"+port, b.TempDir()
	cfg.Rates.Login = configs.Rate{PerMinute: 1_000_000, Burst: 1_000_000}
	key := filepath.Join(cfg.DataDirectory, "master.key")
	dsn, node := "sqlite:"+cfg.DatabaseFile(), ""
	if at == "PostgreSQL" {
		if err := writeMasterKey(key, hub.Randomness()); err != nil {
			b.Fatal(err)
		}
		dsn = sqltest.PostgresDSN(b)
		node, cfg.Database.Driver, cfg.Database.DSNEnv = dsn, configs.Postgres, "DSN"
	}
	h, err := buildSpeedHub(b.Context(), cfg, dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = h.Close() })
	if node != "" {
		h.options.Process.Env = func(name string) (string, bool) { return dsn, name == "DSN" }
	}
	if err := addBank(b, h); err != nil {
		b.Fatal(err)
	}
	declareParticipants(b, h.Hub, o)
	if at == "here" {
		return logoutHere(b, h, address, cfg.Issuer), 0
	}
	p := newProcess(b, cfg.Issuer, key, "")
	p.more = "outbound:\n  allowPrivate: [127.0.0.0/8]\nrates:\n  login: {perMinute: 1000000, burst: 1000000}\n"
	p.cfg.DataDirectory, p.cfg.Listen = cfg.DataDirectory, address
	p.write(key, node)
	p.start()
	return cfg.Issuer, p.cmd.Process.Pid
}

// logoutHere lets this process be the hub.
func logoutHere(b *testing.B, h *speedHub, address, issuer string) string {
	b.Helper()
	l, err := listen(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewUnstartedServer(h.public.Handler())
	_ = server.Listener.Close()
	server.Listener = l
	server.Start()
	b.Cleanup(server.Close)
	go h.attend(b.Context())
	return issuer
}
