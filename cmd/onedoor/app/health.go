package app

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"onedoor/configs"
	"onedoor/hub"
)

// Health asks the hub that runs with this configuration on this machine whether it is ready: for health checks in images that
// hold nothing but the program. Unavailable where it is not.
func Health(ctx context.Context, cfg configs.Config, p Process) error {
	const op = "app.Health"
	host, port, err := net.SplitHostPort(cfg.AdminListen)
	if err != nil {
		return hub.E(op, hub.Invalid, err)
	}
	if a, err := netip.ParseAddr(host); host == "" || err == nil && a.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return hub.E(op, hub.Invalid, err)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	if err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	if answer.StatusCode != http.StatusOK {
		return hub.Errorf(op, hub.Unavailable, "not ready: "+answer.Status)
	}
	say(p.Out, "ready")
	return nil
}
