package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/telemetry"
)

type recorder struct{ err error }

func (r recorder) Record(context.Context, ...audit.Event) error { return r.err }

func newMetrics(t testing.TB) *telemetry.Metrics {
	t.Helper()
	m, err := telemetry.NewMetrics()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func scrape(t testing.TB, m *telemetry.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	return w.Body.String()
}

func TestMetricsCount(t *testing.T) {
	t.Parallel()
	m := newMetrics(t)
	m.ObserveRequest("POST", "/oauth2/token", 200, 3*time.Millisecond, 100)
	m.ObserveRequest("POST", "/oauth2/token", 204, 30*time.Millisecond, -1)
	m.ObserveRequest("GET", "/login/{tx}", 500, time.Second, 1)
	m.ObserveRequest("GET", "unmatched", 404, time.Second, 1)
	count := m.Count(recorder{})
	if err := count.Record(t.Context(), audit.Event{Kind: "login.refused", Outcome: audit.Refusal}, audit.Event{Kind: "login.refused", Outcome: audit.Refusal}); err != nil {
		t.Fatal(err)
	}
	failing := m.Count(recorder{err: hub.Errorf("x", hub.Unavailable, "")})
	if err := failing.Record(t.Context(), audit.Event{Kind: "login.refused", Outcome: audit.Refusal}); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
	got := scrape(t, m)
	for _, want := range []string{
		`onedoor_http_request_duration_seconds_count{method="POST",route="/oauth2/token",status="2xx"} 2`,
		`onedoor_http_request_duration_seconds_bucket{method="POST",route="/oauth2/token",status="2xx",le="0.005"} 1`,
		`onedoor_http_request_duration_seconds_count{method="GET",route="/login/{tx}",status="5xx"} 1`,
		`onedoor_http_request_duration_seconds_count{method="GET",route="unmatched",status="4xx"} 1`,
		`onedoor_http_response_bytes_total{route="/oauth2/token"} 100`,
		`onedoor_audit_events_total{kind="login.refused",outcome="refusal"} 2`,
		"go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestPRV01_NoWayIntoALabel(t *testing.T) {
	t.Parallel()
	m := newMetrics(t)
	id := hub.NewID(hub.Randomness())
	count := m.Count(recorder{})
	for _, s := range []string{
		citizen, thaiName, "Somchai", "a@b.example", "/login/" + id, "/login/" + citizen, "/a?name=Somchai", "/" + thaiName, "", "/a b",
		"/x/" + secret43, "a.Somchai", "a." + citizen, strings.Repeat("a", 200), "/" + strings.Repeat("a", 200), "\xff",
	} {
		m.ObserveRequest(s, s, 200, time.Millisecond, 1)
		if err := count.Record(t.Context(), audit.Event{Kind: s, Outcome: audit.Outcome(s)}); err != nil {
			t.Fatal(err)
		}
	}
	m.ObserveRequest("GET", "/", 99, 1, 1)
	m.ObserveRequest("GET", "/", 600, 1, 1)
	got := scrape(t, m)
	for _, f := range append(forbidden(), id, "a@b", "?") {
		if strings.Contains(got, f) {
			t.Errorf("%q is in the metrics", f)
		}
	}
	for line := range strings.Lines(got) {
		if strings.HasPrefix(line, "onedoor_http_request_duration_seconds_count") && !strings.Contains(line, "other") {
			t.Errorf("not counted as other: %s", line)
		}
	}
}

func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	m := newMetrics(t)
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 400 {
				word := fmt.Sprintf("/%c%c%c", 'a'+i/26, 'a'+i%26, 'a'+g)
				m.ObserveRequest("GET", word, 200, time.Millisecond, 1)
				if err := m.Count(recorder{}).Record(context.Background(), audit.Event{Kind: "k." + word[1:], Outcome: audit.Success}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := scrape(t, m)
	for _, name := range []string{"onedoor_http_response_bytes_total{", "onedoor_audit_events_total{"} {
		if n := strings.Count(got, name); n < 200 || n > 257 {
			t.Errorf("%d series of %s", n, name)
		}
	}
}

func TestRegisterRefusesATakenName(t *testing.T) {
	t.Parallel()
	m := newMetrics(t)
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "onedoor_x", Help: "x"})
	if err := m.Register(g); err != nil {
		t.Fatal(err)
	}
	if err := m.Register(g); !errors.Is(err, hub.Conflict) {
		t.Error(err)
	}
	if !strings.Contains(scrape(t, m), "onedoor_x 0") {
		t.Error("not there")
	}
}
