package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// local is a Server for http on a listener's own address.
func local(t *testing.T, l net.Listener, mounts ...Mount) *Server {
	t.Helper()
	o, _ := options(t, mounts...)
	o.Issuer, o.Clock = "http://"+l.Addr().String(), time.Now
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheRequestsUnderWayAreFinishedAtAStop(t *testing.T) {
	t.Parallel()
	l := listen(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	s := local(t, l, Mount{Methods: []string{"GET"}, Path: "/slow", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		_, _ = io.WriteString(w, "done")
	})})
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, []net.Listener{l}, nil) }()
	answered := make(chan string, 1)
	go func() {
		res, err := oneshot.Client().Get("http://" + l.Addr().String() + "/slow")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answered <- string(b)
	}()
	<-entered
	if err := s.Ready(ctx); err != nil {
		t.Errorf("not ready while serving: %v", err)
	}
	stop()
	for s.Ready(ctx) == nil { // the stop is noticed by another goroutine
		runtime.Gosched()
	}
	close(leave)
	if got := <-answered; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-served; err != nil {
		t.Errorf("a stop that was asked for is an error: %v", err)
	}
	if _, err := net.DialTimeout("tcp", l.Addr().String(), time.Second); err == nil {
		t.Error("the listener is still open")
	}
}

func TestPRV10_TLSIsAtLeast12(t *testing.T) {
	t.Parallel()
	pair := httptest.NewUnstartedServer(nil)
	pair.StartTLS()
	defer pair.Close()
	l := listen(t)
	o, _ := options(t, Mount{Methods: []string{"GET"}, Path: "/ok", Handler: say("ok")})
	o.Issuer, o.Clock = "https://"+l.Addr().String(), time.Now
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- s.Serve(ctx, []net.Listener{l}, &tls.Config{Certificates: pair.TLS.Certificates, MinVersion: tls.VersionTLS10}) //nolint:gosec // that is the test
	}()
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10} //nolint:gosec // that is the test
	if c, err := tls.Dial("tcp", l.Addr().String(), old); err == nil {
		_ = c.Close()
		t.Error("TLS 1.1 is good enough")
	}
	client := pair.Client()
	res, err := client.Get("https://" + l.Addr().String() + "/ok")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 || res.TLS.Version < tls.VersionTLS12 {
		t.Errorf("%d, version %x", res.StatusCode, res.TLS.Version)
	}
	client.CloseIdleConnections()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestAListenerThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	l := listen(t)
	s := local(t, l, Mount{Methods: []string{"GET"}, Path: "/", Handler: say("")})
	_ = l.Close()
	other := listen(t)
	if err := s.Serve(t.Context(), []net.Listener{l, other}, nil); !errors.Is(err, hub.Unavailable) {
		t.Errorf("error %v", err)
	}
	if _, err := net.DialTimeout("tcp", other.Addr().String(), time.Second); err == nil {
		t.Error("the other listener is still open")
	}
	if err := s.Serve(t.Context(), nil, nil); !errors.Is(err, hub.Invalid) {
		t.Errorf("no listener: %v", err)
	}
}

func TestConnectionLimits(t *testing.T) {
	t.Parallel()
	h := newHTTP(http.NotFoundHandler(), slog.New(slog.DiscardHandler), time.Minute)
	if h.ReadHeaderTimeout <= 0 || h.ReadTimeout <= 0 || h.IdleTimeout <= 0 || h.WriteTimeout <= time.Minute || h.MaxHeaderBytes <= 0 {
		t.Errorf("a limit is missing: %+v", h)
	}
}

func TestComplaintsOfTheLibraryHoldNoAddress(t *testing.T) {
	t.Parallel()
	log := &book{}
	c := complaints{slog.New(slog.NewJSONHandler(log, nil))}
	for _, line := range []string{"http: TLS handshake error from 203.0.113.9:1: EOF", "http: panic serving 203.0.113.9:1: x", "?203.0.113.9"} {
		if n, err := c.Write([]byte(line)); n != len(line) || err != nil {
			t.Error(n, err)
		}
	}
	if text := log.text(); strings.Contains(text, "203.0.113") || !strings.Contains(text, "TLS handshake error") || strings.Count(text, "\n") != 3 {
		t.Errorf("log:\n%s", text)
	}
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	log := &book{}
	bad := hub.Errorf("sqldb.Ping", hub.Unavailable, "no connection")
	var broken error
	a, err := NewAdmin(AdminOptions{
		Metrics: say("metric 1"), Log: slog.New(slog.NewJSONHandler(log, nil)),
		Checks: []Check{
			{"database", func(context.Context) error { return broken }},
			{"keys", func(ctx context.Context) error {
				if _, ok := ctx.Deadline(); !ok {
					return hub.Errorf("x", hub.Internal, "no deadline")
				}
				return nil
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string) (int, string) {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	for _, c := range []struct {
		broken       error
		method, path string
		status       int
		body         string
	}{
		{nil, "GET", "/healthz", 200, `{"status":"ok"}`},
		{bad, "GET", "/healthz", 200, `{"status":"ok"}`},
		{nil, "GET", "/readyz", 200, `{"database":"ok","keys":"ok","status":"ready"}`},
		{bad, "GET", "/readyz", 503, `{"database":"failed","keys":"ok","status":"not ready"}`},
		{nil, "GET", "/metrics", 200, "metric 1"},
		{nil, "POST", "/metrics", 405, "Method Not Allowed"},
		{nil, "GET", "/debug/pprof/", 404, "404 page not found"},
	} {
		broken = c.broken
		if status, body := ask(c.method, c.path); status != c.status || body != c.body {
			t.Errorf("%s %s: %d %s", c.method, c.path, status, body)
		}
	}
	if !strings.Contains(log.text(), "no connection") {
		t.Error("the cause is not in the log")
	}
	for name, o := range map[string]AdminOptions{
		"no metrics": {Log: slog.New(slog.DiscardHandler)}, "no log": {Metrics: say("")},
		"half a check": {Metrics: say(""), Log: slog.New(slog.DiscardHandler), Checks: []Check{{Name: "x"}}},
	} {
		if _, err := NewAdmin(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := listen(t)
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, l) }()
	res, err := oneshot.Client().Get("http://" + l.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func BenchmarkEdge(b *testing.B) {
	o, _ := options(b, Mount{Methods: []string{"GET"}, Path: "/ok/{x}", Handler: say("ok"), Rate: Rate{"x", 1 << 40, 1}})
	o.Log, o.Clock = slog.New(slog.DiscardHandler), time.Now
	s, err := New(o)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Handler().ServeHTTP(httptest.NewRecorder(), request("GET", "/ok/1", ""))
	}
}
