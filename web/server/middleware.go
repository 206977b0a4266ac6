package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"onedoor/hub"
)

// InteractionHeader carries the interaction id in every answer.
const InteractionHeader = "X-Interaction-Id"

// watch is the outermost: it draws the interaction id, and when the request is answered it writes the one log record and tells
// the observer.
func (s *Server) watch(c *gin.Context) {
	begin := s.o.Clock()
	v := &visit{route: unmatched}
	if a, err := netip.ParseAddr(c.ClientIP()); err == nil {
		v.client = a.Unmap()
	}
	ctx := context.WithValue(c.Request.Context(), visitKey{}, v)
	ctx, v.last = hub.WatchInteraction(ctx)
	ctx = hub.WithInteraction(ctx, hub.InteractionID(hub.NewID(s.o.Random)))
	c.Request = c.Request.WithContext(ctx)
	w := &writer{ResponseWriter: c.Writer, v: v}
	c.Writer = w
	defer func() {
		if !w.Written() {
			w.sign() // gin sends the head after us
		}
		s.record(ctx, c, v, s.o.Clock().Sub(begin))
	}()
	c.Next()
}

func (s *Server) record(ctx context.Context, c *gin.Context, v *visit, took time.Duration) {
	method, status, size := knownMethod(c.Request.Method), c.Writer.Status(), max(0, int64(c.Writer.Size()))
	s.o.Observer.ObserveRequest(method, v.route, status, took, size)
	if s.o.Journal != nil && v.machine && v.kind == "" && v.stack == nil {
		s.o.Journal(Answered{method, v.route, status, took, size, v.last()})
		return
	}
	attrs := []slog.Attr{
		slog.String("method", method), slog.String("route", v.route), slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", size), slog.String("interaction", string(v.last())),
	}
	level := slog.LevelInfo
	if v.kind != "" {
		attrs = append(attrs, slog.String("kind", string(v.kind)))
	}
	switch v.kind {
	case hub.Internal:
		level = slog.LevelError
	case hub.Unavailable, NotSignedOut:
		level = slog.LevelWarn
	}
	if v.cause != nil && level > slog.LevelInfo {
		attrs = append(attrs, slog.String("cause", causeText(v.cause)))
	}
	if v.stack != nil {
		attrs = append(attrs, slog.String("stack", string(v.stack)))
	}
	s.o.Log.LogAttrs(ctx, level, "request", attrs...)
}

// causeText gives the text of errors of ours, whose law it is to hold no personal data, and of others only the type.
func causeText(err error) string {
	var e *hub.Error
	if errors.As(err, &e) {
		return e.Error()
	}
	return fmt.Sprintf("%T", err)
}

func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// writer puts the interaction id into the head of the answer at the last moment, when the rooms below have found the right one.
type writer struct {
	gin.ResponseWriter
	v      *visit
	signed bool
}

func (w *writer) sign() {
	if !w.signed {
		w.signed = true
		w.Header().Set(InteractionHeader, string(w.v.last()))
	}
}

// WriteHeaderNow, Write, WriteString and Flush sign the head before it goes.
func (w *writer) WriteHeaderNow() { w.sign(); w.ResponseWriter.WriteHeaderNow() }

func (w *writer) Write(b []byte) (int, error) { w.sign(); return w.ResponseWriter.Write(b) }

func (w *writer) WriteString(t string) (int, error) { w.sign(); return w.ResponseWriter.WriteString(t) }

func (w *writer) Flush() { w.sign(); w.ResponseWriter.Flush() }

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// rescue turns a panic into the page for a fault of ours; the stack goes to the log only. An answer that has begun is cut off.
func (s *Server) rescue(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		v := visitOf(c.Request.Context())
		err := caught(p, v)
		if c.Writer.Written() {
			v.kind, v.cause = hub.Internal, err
			panic(http.ErrAbortHandler)
		}
		clear(c.Writer.Header())
		s.setHeaders(c.Writer.Header())
		s.o.Screen.Fail(c.Writer, c.Request, err, "")
		c.Abort()
	}()
	c.Next()
}

// Policy is the content security policy of every page. form-action is 'self' although forms end at providers and departments:
// Chromium (measured: 156) applies form-action to all redirects after a form, on foreign sites too, so the list would have to
// hold every host that any of them ever redirects to. Instead a form's answer that leads away is a page of its own that leads
// on (view.LeavePage).
const Policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// headers are the defaults; a handler may set what it knows better (Cache-Control of keys, the policy of a form that posts itself).
func (s *Server) headers(c *gin.Context) {
	s.setHeaders(c.Writer.Header())
	c.Next()
}

func (s *Server) setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// same-origin and not no-referrer: under no-referrer browsers send "Origin: null" with our own forms, which the check
	// against forged forms could then not tell from a foreign one. Foreign sites learn nothing either way.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "+
		"hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.secure {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// door lets in only what was meant for this host and came over a safe channel (SES-06): by TLS, or by a trusted proxy that says
// https.
func (s *Server) door(c *gin.Context) {
	if !s.lets(c.Request) {
		s.refuse(WrongHost)(c)
		return
	}
	c.Next()
}

// lets reports whether a request was meant for this host and came over a safe channel.
func (s *Server) lets(r *http.Request) bool {
	if s.secure && r.TLS == nil && !s.safeByProxy(r) {
		return false
	}
	if r.Host == s.host {
		return true
	}
	scheme := "http"
	if s.secure {
		scheme = "https"
	}
	return canonicalHost(r.Host, scheme) == s.host
}

// safeByProxy reports whether a trusted proxy says that a request came to it over a safe channel. One that does not say so may have been
// asked over plain http.
func (s *Server) safeByProxy(r *http.Request) bool {
	proto := r.Header["X-Forwarded-Proto"]
	return len(proto) == 1 && strings.EqualFold(proto[0], "https") && s.trusted(r)
}

// refuse ends the chain with the page of a Kind.
func (s *Server) refuse(k hub.Kind) gin.HandlerFunc {
	return func(c *gin.Context) {
		s.o.Screen.Fail(c.Writer, c.Request, hub.E("server", k, nil), "")
		c.Abort()
	}
}

// enter notes which mount the request has reached.
func (s *Server) enter(m Mount) gin.HandlerFunc {
	return func(c *gin.Context) {
		v := visitOf(c.Request.Context())
		v.route, v.machine = m.Path, m.Machine
	}
}

// pace holds the mount's rate.
func (s *Server) pace(m Mount) gin.HandlerFunc {
	l := s.limiters[m.Rate.Name]
	refuse := s.refuse(hub.TooMany)
	return func(c *gin.Context) {
		if l == nil {
			return
		}
		if wait, ok := l.take(Network(visitOf(c.Request.Context()).client)); !ok {
			c.Header("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
			refuse(c)
		}
	}
}

// bound holds the mount's size and time.
func (s *Server) bound(m Mount) gin.HandlerFunc {
	limit, timeout := m.Body, orDefault(m.Timeout, s.o.Timeout)
	if limit == 0 {
		limit = defaultBody
	}
	refuse := s.refuse(TooLarge)
	return func(c *gin.Context) {
		if c.Request.ContentLength > limit {
			refuse(c)
			return
		}
		ctx, cancel := context.WithTimeout(c.Request.Context(), timeout)
		defer cancel()
		c.Request = c.Request.WithContext(ctx)
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
		c.Next()
	}
}

// serve hands the request to the mount's handler, with the path parameters in net/http's own place.
func (s *Server) serve(m Mount) gin.HandlerFunc {
	return func(c *gin.Context) {
		r := c.Request
		for _, p := range c.Params {
			r.SetPathValue(p.Key, strings.TrimPrefix(p.Value, "/"))
		}
		m.Handler.ServeHTTP(c.Writer, r)
	}
}
