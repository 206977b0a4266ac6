// Package bench measures an OpenID provider from outside, whichever it is: it knows the issuer and a client, speaks the protocol, walks
// login pages that are plain forms, and tells how long answers took. It works in a closed loop: each worker waits for its answer before
// it asks again, so a slow provider is asked less and percentiles are those of the answers that were given.
//
// It is a load generator: it refuses every address that is not of this machine unless it is told that the provider is meant.
package bench

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
)

// Options are what to measure. Issuer, Client, Clock and Random are required.
type Options struct {
	Issuer    string
	Client    string
	Secret    string // client_secret_basic
	Redirect  string // registered redirect URI; nobody has to listen there
	Scope     string // "openid" where empty
	Token     string // an access token to ask about, instead of one from a login
	Provider  string // the identity provider to choose on the page; the first one where empty
	Person    string // the person to be at a stand-in; the first one where empty
	BatchPath string // endpoint for many tokens below the issuer; that of onedoor where empty
	Batch     int    // tokens in one call; 100 where zero
	Logins    int    // full logins to begin each second while introspection is measured; 0: none
	// Participants are clients that this process plays itself, each told of a sign-out at a listener of its own, 127.0.0.1:Port and following: see
	// Objects. Of them the last Hanging never answer. Logouts is how many sign-outs to begin each second, whatever becomes of those before; with 0
	// one follows the other.
	Participants, Port, Hanging, Logouts int
	Server                               int // process id of the provider on this machine, to tell its CPU time for each call; 0: not told

	Scenarios   []string // Scenarios() where empty
	Concurrency int      // workers; 32 where zero
	Duration    time.Duration
	Remote      bool           // addresses of other machines are meant
	Roots       *x509.CertPool // nil: those of the system

	Clock  hub.Clock
	Random interface{ Read([]byte) (int, error) }
}

// Result is what one scenario gave. Times are in milliseconds.
type Result struct {
	Scenario    string  `json:"scenario"`
	Calls       int64   `json:"calls"`
	Failures    int64   `json:"failures"`
	FirstError  string  `json:"first_error,omitempty"`
	Skipped     string  `json:"skipped,omitempty"` // why it was not measured
	Concurrency int     `json:"concurrency"`
	Seconds     float64 `json:"seconds"`
	PerSecond   float64 `json:"calls_per_second"`
	Mean        float64 `json:"mean_ms"`
	P50         float64 `json:"p50_ms"`
	P90         float64 `json:"p90_ms"`
	P99         float64 `json:"p99_ms"`
	Max         float64 `json:"max_ms"`
	// ServerCPU is the provider's CPU time for each call, in microseconds; 0 where it is not known.
	ServerCPU float64 `json:"server_cpu_us,omitempty"`
	Items     int     `json:"items_per_call,omitempty"` // tokens in one call
	// Of sign-outs with participants: times are until all that answer were told; Answer is when the person's browser had its page.
	Participants int     `json:"participants,omitempty"`
	Hanging      int     `json:"hanging,omitempty"`
	Answer       float64 `json:"answer_p99_ms,omitempty"`
	// Of the stream of logins beside. ServerCPU is without it: what a login costs was measured alone before.
	Logins       int64   `json:"stream_logins,omitempty"`
	LoginsFailed int64   `json:"stream_failed,omitempty"` // or not begun because too many were under way
	LoginCPU     float64 `json:"stream_login_cpu_us,omitempty"`
}

// Report is the whole measurement.
type Report struct {
	Issuer  string    `json:"issuer"`
	At      time.Time `json:"at"`
	Results []Result  `json:"results"`
}

// scenario is one thing to do again and again. prepare gives a step for each worker; a step tells how long the part that counts took. One
// that is no such loop measures itself: run.
type scenario struct {
	name    string
	prepare func(ctx context.Context, p *provider) (func(worker int) step, error)
	run     func(ctx context.Context, p *provider, out *Result) error
}

type step func(ctx context.Context) (time.Duration, error)

// errNotOffered ends a scenario that the provider has no endpoint for.
var errNotOffered = errors.New("the provider does not offer it")

// Scenarios names all, in the order in which they run.
func Scenarios() []string {
	var names []string
	for _, s := range scenarios() {
		names = append(names, s.name)
	}
	return names
}

// Run measures one scenario after the other. Invalid for faulty options, Denied for an address of another machine, Unavailable where
// the provider can't be reached. What fails within a scenario is counted in its result.
func Run(ctx context.Context, o Options) (Report, error) {
	const op = "bench.Run"
	if err := o.complete(); err != nil {
		return Report{}, err
	}
	p, err := discover(ctx, o)
	if err != nil {
		return Report{}, err
	}
	defer p.close()
	report := Report{Issuer: o.Issuer, At: o.Clock().UTC()}
	for _, s := range scenarios() {
		if !slices.Contains(o.Scenarios, s.name) {
			continue
		}
		r, err := p.measure(ctx, s)
		if err != nil {
			return report, hub.E(op, hub.Unavailable, errors.New(s.name+": "+err.Error()))
		}
		report.Results = append(report.Results, r)
		if ctx.Err() != nil {
			return report, hub.E(op, hub.Unavailable, ctx.Err())
		}
	}
	return report, nil
}

func (o *Options) complete() error {
	const op = "bench.Run"
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return hub.Errorf(op, hub.Invalid, "the issuer is not an http or https address")
	case o.Client == "" && !slices.Equal(o.Scenarios, []string{toldByAll}) || o.Clock == nil || o.Random == nil:
		return hub.Errorf(op, hub.Invalid, "client, clock and randomness are required")
	case o.Concurrency < 0 || o.Concurrency > 10_000 || o.Duration < 0 || o.Batch < 0 || o.Batch > 500 || o.Logins < 0 || o.Logins > 1000 ||
		!o.room() || o.Hanging < 0 || o.Hanging > 0 && o.Hanging >= o.Participants || o.Logouts < 0 || o.Logouts > 10_000:
		return hub.Errorf(op, hub.Invalid, "a number is out of bounds")
	case !o.Remote && !local(u.Hostname()):
		return hub.Errorf(op, hub.Denied, "the issuer is on another machine; say so if it is yours to load")
	}
	if o.Concurrency == 0 {
		o.Concurrency = 32
	}
	if o.Duration == 0 {
		o.Duration = 10 * time.Second
	}
	if o.Batch == 0 {
		o.Batch = 100
	}
	if o.Scope == "" {
		o.Scope = "openid"
	}
	if o.BatchPath == "" {
		o.BatchPath = "/oauth2/introspect/batch"
	}
	if len(o.Scenarios) == 0 {
		o.Scenarios = Scenarios()
	}
	for _, name := range o.Scenarios {
		if !slices.Contains(Scenarios(), name) {
			return hub.Errorf(op, hub.Invalid, "no such scenario: "+name)
		}
	}
	return nil
}

// sum fills in what the times say.
func (r *Result) sum(total *histogram) {
	r.Calls = total.count
	if r.Seconds > 0 {
		r.PerSecond = float64(r.Calls) / r.Seconds
	}
	r.Mean, r.Max = ms(total.mean()), ms(total.max)
	r.P50, r.P90, r.P99 = ms(total.at(0.50)), ms(total.at(0.90)), ms(total.at(0.99))
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// measure runs the workers of a scenario until its time is over.
func (p *provider) measure(ctx context.Context, s scenario) (Result, error) {
	out := Result{Scenario: s.name, Concurrency: p.o.Concurrency}
	if s.name == introspectBatch {
		out.Items = p.o.Batch
	}
	if s.run != nil {
		err := s.run(ctx, p, &out)
		if errors.Is(err, errNotOffered) {
			out.Skipped, err = err.Error(), nil
		}
		return out, err
	}
	make, err := s.prepare(ctx, p)
	if errors.Is(err, errNotOffered) {
		out.Skipped = err.Error()
		return out, nil
	}
	if err != nil {
		return out, err
	}
	stop := func() streamed { return streamed{} }
	if p.o.Logins > 0 && strings.HasPrefix(s.name, introspectOne) {
		out.LoginCPU = p.loginCPU(ctx)
		stop = p.stream(ctx)
	}
	var total histogram
	var mu sync.Mutex
	var all sync.WaitGroup
	before, known := cpuOf(p.o.Server)
	begin := p.o.Clock()
	end := begin.Add(p.o.Duration)
	for worker := range p.o.Concurrency {
		all.Go(func() {
			do := make(worker)
			var own histogram
			failures, first := int64(0), ""
			for ctx.Err() == nil && p.o.Clock().Before(end) {
				took, err := do(ctx)
				switch {
				case err != nil && ctx.Err() != nil:
				case err != nil:
					failures++
					if first == "" {
						first = err.Error()
					}
				default:
					own.add(took)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(&own)
			out.Failures += failures
			if out.FirstError == "" {
				out.FirstError = first
			}
		})
	}
	all.Wait()
	out.Seconds = p.o.Clock().Sub(begin).Seconds()
	beside := stop()
	out.Logins, out.LoginsFailed = beside.done, beside.failed+beside.late
	if out.FirstError == "" && beside.first != "" {
		out.FirstError = "a login beside: " + beside.first
	}
	out.sum(&total)
	if after, ok := cpuOf(p.o.Server); ok && known && out.Calls+out.Failures > 0 {
		used := float64((after-before).Nanoseconds())/1e3 - out.LoginCPU*float64(beside.done+beside.failed)
		out.ServerCPU = used / float64(out.Calls+out.Failures)
	}
	return out, nil
}
