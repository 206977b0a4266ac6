package server

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"onedoor/hub"
)

// Check is one thing that a node needs to be ready.
type Check struct {
	Name string
	// Check answers nil when the thing is there. Its error goes to the log, never to whoever asks.
	Check func(ctx context.Context) error
}

// AdminOptions are what the administrators' side is made of. All are required; Checks may be empty.
type AdminOptions struct {
	Checks  []Check
	Metrics http.Handler
	Log     *slog.Logger
}

// Admin is the listener for those who run the node: it must not be reachable from outside. It tells no more than health.
type Admin struct {
	o   AdminOptions
	mux *http.ServeMux
}

// checkTime bounds all checks of one question together.
const checkTime = 3 * time.Second

// NewAdmin checks the options. Invalid.
func NewAdmin(o AdminOptions) (*Admin, error) {
	if o.Metrics == nil || o.Log == nil {
		return nil, hub.Errorf("server.NewAdmin", hub.Invalid, "an option is missing")
	}
	for _, c := range o.Checks {
		if c.Name == "" || c.Check == nil {
			return nil, hub.Errorf("server.NewAdmin", hub.Invalid, "a check is incomplete")
		}
	}
	a := &Admin{o: o, mux: http.NewServeMux()}
	a.mux.HandleFunc("GET /healthz", a.health)
	a.mux.HandleFunc("GET /readyz", a.ready)
	a.mux.Handle("GET /metrics", o.Metrics)
	return a, nil
}

// Handler gives the mux.
func (a *Admin) Handler() http.Handler { return a.mux }

// Serve answers until ctx ends. As [Server.Serve], without TLS.
func (a *Admin) Serve(ctx context.Context, l net.Listener) error {
	h := newHTTP(a.mux, a.o.Log, defaultTimeout)
	return run(ctx, h, []net.Listener{l}, nil, stop{grace: checkTime, notice: func() {}})
}

// health says that the process answers.
func (a *Admin) health(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready asks every check at once and says which of them failed.
func (a *Admin) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTime)
	defer cancel()
	errs := make([]error, len(a.o.Checks))
	var wg sync.WaitGroup
	for i, c := range a.o.Checks {
		wg.Go(func() { errs[i] = c.Check(ctx) })
	}
	wg.Wait()
	status, out := http.StatusOK, map[string]string{"status": "ready"}
	for i, err := range errs {
		if err == nil {
			out[a.o.Checks[i].Name] = "ok"
			continue
		}
		status, out["status"], out[a.o.Checks[i].Name] = http.StatusServiceUnavailable, "not ready", "failed"
		a.o.Log.WarnContext(ctx, "not ready", "check", a.o.Checks[i].Name, "cause", causeText(err))
	}
	plain(w, status, out)
}

func plain(w http.ResponseWriter, status int, v map[string]string) {
	body, err := json.Marshal(v)
	if err != nil { // strings only: it can't
		status = http.StatusInternalServerError
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
