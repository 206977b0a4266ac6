package server

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"onedoor/hub"
)

// Mount is one entry of the list that the application hands in: a handler and where it hangs.
type Mount struct {
	Methods []string // HEAD only where it is named: a step of a login has effects even where it is a GET
	Path    string   // "/login/{tx}"; a last part "{name...}" takes the rest of the path
	Handler http.Handler
	Machine bool          // for programs: failures at the edge are JSON, not pages, and headers that only browsers read are left out
	Rate    Rate          // where guessing pays
	Body    int64         // longest body, bytes; 64 KiB where zero
	Timeout time.Duration // for the whole answer; Options.Timeout where zero; negative: the handler itself bounds what takes time
	Upload  Upload        // a body that may take longer, for programs only; Timeout does not bound such a request
}

// Observer is told of every answered request. Route is the mount's path or "unmatched", never what was asked for.
type Observer interface {
	ObserveRequest(method, route string, status int, took time.Duration, bytes int64)
}

// Answered is the record of one request that went well. It can hold nothing that was sent.
type Answered struct {
	Method      string
	Route       string // the mount's path
	Status      int
	Took        time.Duration
	Bytes       int64
	Interaction hub.InteractionID
}

// Options are what a Server is made of. Those after Random have defaults.
type Options struct {
	Issuer   string // scheme and host of the hub: "https://login.example.go.th"
	Screen   *Screen
	Mounts   []Mount
	Log      *slog.Logger
	Observer Observer
	Clock    hub.Clock
	Random   io.Reader

	// Journal, where set, takes the records of programs' requests that went well; all others go to Log.
	Journal func(Answered)

	Certified      *Certified     // the side for client certificates; nil for none
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and X-Forwarded-Proto count
	Timeout        time.Duration  // for an answer; 30 s
	Grace          time.Duration  // for the requests under way at a stop; 20 s
	Drain          time.Duration  // between "not ready" and the stop, for load balancers to notice; 0
	Networks       int            // client networks remembered by each rate limit; 100,000
}

// Server is the public side of a node.
type Server struct {
	o    Options
	host string // as browsers write it, in lower case
	// certified is the host for client certificates, "" where there is none.
	certified string
	secure    bool // the issuer is https
	engine    *gin.Engine
	limiters  map[string]*limiter
	draining  atomic.Bool
}

const (
	defaultBody     = 64 << 10
	defaultTimeout  = 30 * time.Second
	defaultGrace    = 20 * time.Second
	defaultNetworks = 100_000
	unmatched       = "unmatched"
)

// release silences gin's debug output, once: the setting is the process's.
var release = sync.OnceFunc(func() { gin.SetMode(gin.ReleaseMode) })

// New builds the engine. Invalid where an option is missing, a mount is incomplete, or two mounts are at odds.
func New(o Options) (*Server, error) {
	const op = "server.New"
	u, err := url.Parse(o.Issuer)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || strings.Trim(u.Path, "/") != "" {
		return nil, hub.Errorf(op, hub.Invalid, "issuer: not a scheme and host")
	}
	if o.Screen == nil || o.Log == nil || o.Observer == nil || o.Clock == nil || o.Random == nil || len(o.Mounts) == 0 {
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	o.Timeout = orDefault(o.Timeout, defaultTimeout)
	o.Grace = orDefault(o.Grace, defaultGrace)
	o.Networks = orDefault(o.Networks, defaultNetworks)
	s := &Server{o: o, host: canonicalHost(u.Host, u.Scheme), secure: u.Scheme == "https", limiters: map[string]*limiter{}}
	if s.certified, err = certifiedHost(o.Certified); err != nil {
		return nil, err
	}
	if s.certified == s.host {
		return nil, hub.Errorf(op, hub.Invalid, "the host for certificates must be another than the issuer's")
	}
	if err := s.build(); err != nil {
		return nil, err
	}
	return s, nil
}

func orDefault[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

func (s *Server) build() error {
	const op = "server.New"
	release()
	e := gin.New()
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.RedirectFixedPath = false
	e.RemoteIPHeaders = []string{"X-Forwarded-For"}
	proxies := make([]string, len(s.o.TrustedProxies))
	for i, p := range s.o.TrustedProxies {
		proxies[i] = p.String()
	}
	if err := e.SetTrustedProxies(proxies); err != nil {
		return hub.E(op, hub.Invalid, err)
	}
	s.engine = e
	if err := s.mount(e, true); err != nil { // before Use: these need nothing of it
		return err
	}
	e.Use(s.watch, s.rescue, s.headers, s.door)
	if err := s.mount(e, false); err != nil {
		return err
	}
	e.NoRoute(s.refuse(hub.NotFound))
	e.NoMethod(s.refuse(NoMethod))
	return nil
}

// mount hangs up the handlers for programs, or those for browsers.
func (s *Server) mount(e *gin.Engine, machine bool) error {
	const op = "server.New"
	seen := map[string]bool{}
	for _, m := range s.o.Mounts {
		if m.Machine != machine {
			continue
		}
		if len(m.Methods) == 0 || !strings.HasPrefix(m.Path, "/") || m.Handler == nil {
			return hub.Errorf(op, hub.Invalid, "mount "+m.Path+": method, path or handler missing")
		}
		if u := m.Upload; u != (Upload{}) && (!machine || u.Least <= 0 || u.Grace <= 0 || u.Answer <= 0) {
			return hub.Errorf(op, hub.Invalid, "mount "+m.Path+": an upload needs bounds, and is for programs")
		}
		if err := s.limit(m.Rate); err != nil {
			return err
		}
		chain := []gin.HandlerFunc{s.enter(m), s.pace(m), s.bound(m), s.serve(m)}
		if machine {
			chain = []gin.HandlerFunc{s.machine(m)}
		}
		for _, method := range m.Methods {
			if seen[method+m.Path] {
				return hub.Errorf(op, hub.Invalid, "mount "+m.Path+": twice")
			}
			seen[method+m.Path] = true
			if err := handle(e, method, m.Path, chain); err != nil {
				return err
			}
		}
	}
	return nil
}

// limit makes the bucket of a rate. All mounts that name it must mean the same.
func (s *Server) limit(r Rate) error {
	if r == (Rate{}) {
		return nil
	}
	if r.Name == "" || r.Burst <= 0 || r.Every <= 0 {
		return hub.Errorf("server.New", hub.Invalid, "a rate is incomplete")
	}
	if l, ok := s.limiters[r.Name]; ok && l.rate != r {
		return hub.Errorf("server.New", hub.Invalid, "rate "+r.Name+": two meanings")
	}
	if s.limiters[r.Name] == nil {
		s.limiters[r.Name] = newLimiter(r, s.o.Clock, s.o.Networks)
	}
	return nil
}

// handle registers a route; gin panics where routes are at odds.
func handle(e *gin.Engine, method, path string, chain []gin.HandlerFunc) (err error) {
	defer func() {
		if recover() != nil {
			err = hub.Errorf("server.New", hub.Invalid, "mount "+path+": at odds with another")
		}
	}()
	e.Handle(method, ginPath(path), chain...)
	return nil
}

// ginPath writes "/login/{tx}" and "/static/{file...}" as gin does.
func ginPath(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			if rest, ok := strings.CutSuffix(name, "..."); ok {
				parts[i] = "*" + rest
			} else {
				parts[i] = ":" + name
			}
		}
	}
	return strings.Join(parts, "/")
}

// canonicalHost gives a host in lower case without the scheme's own port.
func canonicalHost(host, scheme string) string {
	host = strings.ToLower(host)
	own := map[string]string{"https": "443", "http": "80"}[scheme]
	if h, port, err := net.SplitHostPort(host); err == nil && port == own {
		if strings.Contains(h, ":") {
			h = "[" + h + "]"
		}
		return h
	}
	return host
}

// Handler gives the engine, for tests and for an embedding server.
func (s *Server) Handler() http.Handler { return s.engine }

// trusted reports whether the peer is one of the proxies.
func (s *Server) trusted(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	a := peer.Addr().Unmap()
	return slices.ContainsFunc(s.o.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(a) })
}
