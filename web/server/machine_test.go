package server

import (
	"net/http"
	"testing"
	"time"

	"onedoor/hub"
)

// A mount for programs has the same door, bounds, rescue and record as one for browsers.
func TestMachineMountsAreGuardedAndRecordedAsAllOthers(t *testing.T) {
	t.Parallel()
	const found = "abcdefghijklmnopqrstuvwxyz"
	post := []string{"POST"}
	w := newWorld(t,
		Mount{Methods: post, Path: "/ok", Machine: true, Timeout: -1, Handler: http.HandlerFunc(func(wr http.ResponseWriter, r *http.Request) {
			if _, bounded := r.Context().Deadline(); bounded {
				t.Error("the handler was to bound itself")
			}
			if a := ClientAddr(r.Context()); !a.IsValid() {
				t.Error("no address")
			}
			_ = hub.WithInteraction(r.Context(), found)
			_, _ = wr.Write([]byte("ok"))
		})},
		Mount{Methods: post, Path: "/timed/{id}", Machine: true, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if _, bounded := r.Context().Deadline(); !bounded || r.PathValue("id") != "7" {
				t.Errorf("bounded %v, id %q", bounded, r.PathValue("id"))
			}
		})},
		Mount{Methods: post, Path: "/panic", Machine: true, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") })},
		Mount{Methods: post, Path: "/small", Machine: true, Body: 2, Handler: say("")},
		Mount{Methods: post, Path: "/slow", Machine: true, Rate: Rate{Name: "x", Burst: 1, Every: time.Hour}, Handler: say("")},
	)
	foreign := request("POST", "/ok", "")
	foreign.Host = "evil.example"
	plain := request("POST", "/ok", "")
	plain.TLS, plain.RemoteAddr = nil, "198.51.100.9:1"
	for _, c := range []struct {
		name   string
		r      *http.Request
		status int
	}{
		{"ok", request("POST", "/ok", ""), 200},
		{"path value", request("POST", "/timed/7", ""), 200},
		{"panic", request("POST", "/panic", ""), 500},
		{"too large", request("POST", "/small", "abc"), 413},
		{"first", request("POST", "/slow", ""), 200},
		{"second", request("POST", "/slow", ""), 429},
		{"another host", foreign, 421},
		{"not safe", plain, 421},
	} {
		res := w.do(c.r)
		if res.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d", c.name, res.StatusCode, c.status)
		}
		for header, want := range map[string]string{
			"Content-Security-Policy": machinePolicy, "Strict-Transport-Security": "max-age=63072000", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "no-store",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, header, got, want)
			}
		}
		id := res.Header.Get(InteractionHeader)
		if rec := w.log.last(t); rec["interaction"] != id || rec["status"] != float64(c.status) || (id == found) != (c.name == "ok") {
			t.Errorf("%s: header %q, record %v", c.name, id, rec)
		}
	}
	if len(w.meter.seen) != 8 {
		t.Errorf("counted %v", w.meter.seen)
	}
}
