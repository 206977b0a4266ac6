package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/outbound"
	"onedoor/hub/telemetry"
	"onedoor/web/server"
)

// Serve runs the hub until ctx ends.
func Serve(ctx context.Context, cfg configs.Config, p Process) (err error) {
	if err := CheckFiles(cfg, p); err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Log.Level)); err != nil {
		return hub.E("app.Serve", hub.Invalid, err)
	}
	lines, err := telemetry.NewBuffer(p.Err, func(d time.Duration, f func()) { time.AfterFunc(d, f) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lines.Flush()) }()
	log, err := telemetry.NewLogger(lines, level, cfg.Log.Format)
	if err != nil {
		return err
	}
	// The addresses come first: one that is taken is told before anything else is touched.
	public, err := listen(ctx, cfg.Listen)
	if err != nil {
		return err
	}
	defer public.Close() //nolint:errcheck // closed by the server; here for the ways out before it
	admin, err := listen(ctx, cfg.AdminListen)
	if err != nil {
		return err
	}
	defer admin.Close() //nolint:errcheck // as above
	certified, ends, err := listenCertified(ctx, cfg, log)
	if err != nil {
		return err
	}
	if certified != nil {
		defer certified.Close() //nolint:errcheck // as above
		certified = server.Secured(certified, ends)
	}
	masters, err := MasterKeys(cfg, p)
	if err != nil {
		return err
	}
	dsn, err := cfg.DSN(p.Env)
	if err != nil {
		return hub.E("app.Serve", hub.Invalid, err)
	}
	client, err := outbound.New(outbound.Options{Allow: prefixes(cfg.Outbound.AllowPrivate), Timeout: span(cfg.Outbound.Timeout)})
	if err != nil {
		return err
	}
	h, err := Build(ctx, Options{Config: cfg, Process: p, DSN: dsn, Masters: masters, HTTP: client, Log: log, Lines: lines})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close()) }()
	conf, err := certificates(ctx, cfg.TLS, log)
	if err != nil {
		return err
	}
	log.LogAttrs(ctx, slog.LevelInfo, "ready", slog.String("issuer", cfg.Issuer), slog.String("listen", public.Addr().String()), slog.String("admin", admin.Addr().String()))
	if err := lines.Flush(); err != nil {
		return hub.E("app.Serve", hub.Unavailable, err)
	}
	if _, told := p.Env("GOGC"); !told {
		debug.SetGCPercent(garbage)
	}
	publics := []net.Listener{public}
	if certified != nil {
		publics = append(publics, certified)
	}
	return h.Run(ctx, publics, admin, conf)
}

// garbage is how much garbage may gather before it is collected, in per cent of what lives. What lives in the hub is small and what a login
// leaves behind is much: collecting half as often spares a tenth of its CPU time for some 30 MB under load. GOGC has the last word.
const garbage = 300

// Run answers on the listeners, of which those that end TLS by themselves are left to it, and does the node's duties until ctx ends, then stops in order: no new requests, those under way
// finish, then the duties. The listeners are closed in any case.
func (h *Hub) Run(ctx context.Context, public []net.Listener, admin net.Listener, conf *tls.Config) error {
	if err := h.lease.Refresh(ctx); err != nil {
		for _, l := range public {
			err = errors.Join(err, l.Close())
		}
		return errors.Join(err, admin.Close())
	}
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	var adminErr error
	all.Go(func() { h.attend(beside) })
	all.Go(func() { adminErr = h.admin.Serve(beside, admin) })
	err := h.public.Serve(ctx, public, conf)
	stop()
	all.Wait()
	return errors.Join(err, adminErr)
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, hub.Errorf("app.listen", hub.Unavailable, "the address "+address+" is taken: another program listens there")
	case err != nil:
		return nil, hub.E("app.listen", hub.Unavailable, err)
	}
	return l, nil
}

// trusted gives the proxies whose headers are believed.
func trusted(b *configs.BehindProxy) []netip.Prefix {
	if b == nil {
		return nil
	}
	return prefixes(b.Trusted)
}

func prefixes(list []configs.Prefix) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, p := range list {
		out[i] = p.Prefix
	}
	return out
}

// certificates gives the TLS configuration of the public side, nil where a proxy ends TLS. SIGHUP reads certificate and key again; a
// pair that can't be read is logged, and the one in use stays.
func certificates(ctx context.Context, t *configs.TLS, log *slog.Logger) (*tls.Config, error) {
	if t == nil {
		return nil, nil //nolint:nilnil // no TLS here is a meaning of its own
	}
	pair, err := tls.LoadX509KeyPair(t.CertificateFile, t.KeyFile)
	if err != nil {
		return nil, hub.E("app.certificates", hub.Invalid, err)
	}
	var now atomic.Pointer[tls.Certificate]
	now.Store(&pair)
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	go func() {
		defer signal.Stop(again)
		for {
			select {
			case <-ctx.Done():
				return
			case <-again:
			}
			fresh, err := tls.LoadX509KeyPair(t.CertificateFile, t.KeyFile)
			if err != nil {
				log.LogAttrs(ctx, slog.LevelError, "the new certificate can't be used; the old one stays", slog.Any("cause", err))
				continue
			}
			now.Store(&fresh)
			log.LogAttrs(ctx, slog.LevelInfo, "took the new certificate", slog.Time("until", fresh.Leaf.NotAfter))
		}
	}()
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return now.Load(), nil },
	}, nil
}

// rateOf turns "so many a minute" into a bucket's interval.
func rateOf(perMinute int) time.Duration { return time.Minute / time.Duration(max(1, perMinute)) }
