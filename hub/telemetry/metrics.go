package telemetry

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"onedoor/hub"
	"onedoor/hub/audit"
)

// maxValues bounds the values of one label: routes and kinds of events come from the program's own text and are far fewer.
const maxValues = 256

// Metrics are the numbers of one process, in a registry of their own. Every label value is from a closed set: methods, classes
// of status and outcomes by list; routes and kinds of events, which come from the program's own text, by form and number, so that
// a caller's mistake can bring neither a person's data nor ever more time series. What does not fit is counted as "other".
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	bytes    *prometheus.CounterVec
	events   *prometheus.CounterVec
	routes   closedSet
	kinds    closedSet

	signals   *prometheus.CounterVec
	providers closedSet
	words     closedSet

	mu     sync.RWMutex
	series map[requestKey]requestSeries
}

// NewMetrics gives metrics with those of the Go runtime and the process. Internal where a collector does not fit.
func NewMetrics() (*Metrics, error) {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "onedoor_http_request_duration_seconds", Help: "Time to answer a request, by route, method and class of status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "status"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "onedoor_http_response_bytes_total", Help: "Bytes of answers, by route.",
		}, []string{"route"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "onedoor_audit_events_total",
			Help: "Audit events, by kind and outcome. Those of a transaction that was undone are counted too.",
		}, []string{"kind", "outcome"}),
		routes: closedSet{form: routeForm},
		kinds:  closedSet{form: kindForm},
		signals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "onedoor_provider_signals_total", Help: "What an operator must see of an identity provider, by provider and signal.",
		}, []string{"provider", "signal"}),
		providers: closedSet{form: kindForm},
		words:     closedSet{form: kindForm},
		series:    map[requestKey]requestSeries{},
	}
	for _, c := range []prometheus.Collector{
		m.requests, m.bytes, m.events, m.signals, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := m.registry.Register(c); err != nil {
			return nil, hub.E("telemetry.NewMetrics", hub.Internal, err)
		}
	}
	return m, nil
}

// Register adds a collector of another room. Its label values must come from closed sets. Conflict where the name is taken.
func (m *Metrics) Register(c prometheus.Collector) error {
	if err := m.registry.Register(c); err != nil {
		return hub.E("telemetry.Register", hub.Conflict, err)
	}
	return nil
}

// Handler answers /metrics. It belongs on the admin listener.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}

// ObserveRequest counts an answered request. Route is the pattern of the mount ("/login/{tx}"), never the path that was asked for.
func (m *Metrics) ObserveRequest(method, route string, status int, took time.Duration, bytes int64) {
	key := requestKey{route, methodLabel(method), statusLabel(status)}
	m.mu.RLock()
	r, ok := m.series[key]
	m.mu.RUnlock()
	if !ok {
		key.route = m.routes.value(route)
		r = requestSeries{m.requests.WithLabelValues(key.route, key.method, key.status), m.bytes.WithLabelValues(key.route), new(atomic.Uint64)}
		if key.route == route { // what is none of ours is not remembered
			key.route = strings.Clone(route)
			m.mu.Lock()
			if first, ok := m.series[key]; ok {
				r = first
			}
			m.series[key] = r
			m.mu.Unlock()
		}
	}
	r.count.Add(1)
	r.took.Observe(took.Seconds())
	r.bytes.Add(float64(max(0, bytes)))
}

// Answered tells how many requests of a route this process has answered.
func (m *Metrics) Answered(route string) (n uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for key, r := range m.series {
		if key.route == route {
			n += r.count.Load()
		}
	}
	return n
}

// requestKey and requestSeries remember the series of a route: finding them by their labels costs more than counting.
type requestKey struct{ route, method, status string }

type requestSeries struct {
	took  prometheus.Observer
	bytes prometheus.Counter
	count *atomic.Uint64
}

// Signal counts something that an operator must see of an identity provider, by a word of a closed list.
func (m *Metrics) Signal(provider, word string) {
	m.signals.WithLabelValues(m.providers.value(provider), m.words.value(word)).Inc()
}

// Count gives a recorder that counts what the next one has taken.
func (m *Metrics) Count(next audit.Recorder) audit.Recorder { return counter{m, next} }

type counter struct {
	metrics *Metrics
	next    audit.Recorder
}

// Record implements audit.Recorder.
func (c counter) Record(ctx context.Context, events ...audit.Event) error {
	if err := c.next.Record(ctx, events...); err != nil {
		return err
	}
	for _, e := range events {
		c.metrics.events.WithLabelValues(c.metrics.kinds.value(e.Kind), outcomeLabel(e.Outcome)).Inc()
	}
	return nil
}

const other = "other"

func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return other
}

func statusLabel(status int) string {
	if status < 100 || status > 599 {
		return other
	}
	return [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}[status/100-1]
}

func outcomeLabel(o audit.Outcome) string {
	switch o {
	case audit.Success, audit.Refusal, audit.Failure:
		return string(o)
	}
	return other
}

// closedSet lets through values of the right form until it has seen maxValues of them; after that, those it has seen.
type closedSet struct {
	form func(string) bool
	seen sync.Map // string -> struct{}
	mu   sync.Mutex
	n    int
}

func (s *closedSet) value(v string) string {
	if _, ok := s.seen.Load(v); ok {
		return v
	}
	if !s.form(v) {
		return other
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n >= maxValues {
		return other
	}
	if _, before := s.seen.LoadOrStore(strings.Clone(v), struct{}{}); !before {
		s.n++
	}
	return v
}

// kindForm takes words of small letters, joined by ".", "_" or "-".
func kindForm(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz._-") == ""
}

// routeForm takes patterns as a router has them: words, "{name}", ":name", "*rest". A segment with more than two digits or of the
// length of an id is what somebody asked for, not a pattern.
func routeForm(s string) bool {
	if s == "unmatched" {
		return true
	}
	if len(s) == 0 || len(s) > 100 || s[0] != '/' || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789/._-{}:*") != "" {
		return false
	}
	for segment := range strings.SplitSeq(s, "/") {
		digits := 0
		for i := range len(segment) {
			if segment[i] >= '0' && segment[i] <= '9' {
				digits++
			}
		}
		if digits > 2 || hub.ValidID(segment) || len(segment) > 40 {
			return false
		}
	}
	return true
}
