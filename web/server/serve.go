package server

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"onedoor/hub"
)

// The limits of a connection. A request's own time is a mount's; these bound what lies around it.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	idleTimeout   = 2 * time.Minute
	spare         = 5 * time.Second // writing an answer after its handler's time is up
	headerBytes   = 32 << 10
)

// Serve answers on the listeners until ctx ends, then stops gracefully: not ready, drain, let the requests under way finish for
// Options.Grace, cut the rest. With a TLS configuration every listener speaks TLS 1.2 or later (PRV-10). A nil error is a
// stop that was asked for. The listeners are closed in any case. Invalid, Unavailable.
func (s *Server) Serve(ctx context.Context, listeners []net.Listener, conf *tls.Config) error {
	longest := s.o.Timeout
	for _, m := range s.o.Mounts {
		longest = max(longest, m.Timeout)
	}
	h := newHTTP(s.engine, s.o.Log, longest)
	return run(ctx, h, listeners, conf, stop{grace: s.o.Grace, drain: s.o.Drain, notice: func() { s.draining.Store(true) }})
}

// Ready fails from the moment a stop has been asked for. It is a check for the administrators' listener.
func (s *Server) Ready(context.Context) error {
	if s.draining.Load() {
		return hub.Errorf("server.Ready", hub.Unavailable, "stopping")
	}
	return nil
}

func newHTTP(h http.Handler, l *slog.Logger, longest time.Duration) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + longest + spare,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          log.New(complaints{l}, "", 0),
	}
}

type stop struct {
	grace, drain time.Duration
	notice       func()
}

func run(ctx context.Context, h *http.Server, listeners []net.Listener, conf *tls.Config, how stop) error {
	const op = "server.Serve"
	if len(listeners) == 0 {
		return hub.Errorf(op, hub.Invalid, "no listener")
	}
	if conf != nil {
		conf = conf.Clone()
		conf.MinVersion = max(conf.MinVersion, tls.VersionTLS12)
		h.TLSConfig = conf
	}
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() {
			if conf != nil && !ends(l) {
				ended <- h.ServeTLS(l, "", "")
			} else {
				ended <- h.Serve(l)
			}
		}()
	}
	var first error
	waiting := len(listeners)
	select {
	case <-ctx.Done():
		how.notice()
		pause(how.drain, ended, &waiting, &first)
	case first = <-ended:
		waiting--
		how.notice()
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), how.grace)
	defer cancel()
	if err := h.Shutdown(limit); err != nil {
		_ = h.Close() // what is still under way has had its time
	}
	for ; waiting > 0; waiting-- {
		if err := <-ended; first == nil || errors.Is(first, http.ErrServerClosed) {
			first = err
		}
	}
	if first == nil || errors.Is(first, http.ErrServerClosed) {
		return nil
	}
	return hub.E(op, hub.Unavailable, first)
}

// pause waits, unless a listener fails meanwhile.
func pause(d time.Duration, ended <-chan error, waiting *int, first *error) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case *first = <-ended:
		*waiting--
	}
}

// complaints turns what net/http complains about into records without addresses: those are personal data.
type complaints struct{ log *slog.Logger }

func (c complaints) Write(p []byte) (int, error) {
	known := [][]byte{[]byte("TLS handshake error"), []byte("panic serving"), []byte("Accept error"), []byte("superfluous response.WriteHeader")}
	what := "other"
	if i := slices.IndexFunc(known, func(k []byte) bool { return bytes.Contains(p, k) }); i >= 0 {
		what = string(known[i])
	}
	c.log.Warn("http server", "what", what)
	return len(p), nil
}
