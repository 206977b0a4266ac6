package server

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"onedoor/hub"
)

// machinePolicy is the content security policy of answers to programs: should a browser ever show one, it does nothing.
const machinePolicy = "default-src 'none'; frame-ancestors 'none'"

// The headers of an answer to a program that are the same every time. They are shared between requests: nobody changes them in place.
var (
	machinePolicies = []string{machinePolicy}
	noSniff         = []string{"nosniff"}
	noStore         = []string{"no-store"}
	strictTransport = []string{"max-age=63072000"}
)

// machine is the whole chain of a mount for programs in one step: interaction id, headers, door, rate, bounds, rescue, one record and one
// count. It does what the chain for browsers does and leaves out what only browsers need; validation goes through it a thousand times a
// second (architecture D9).
func (s *Server) machine(m Mount) gin.HandlerFunc {
	limiter := s.limiters[m.Rate.Name]
	limit, timeout := m.Body, orDefault(m.Timeout, s.o.Timeout)
	if limit == 0 {
		limit = defaultBody
	}
	upload := m.Upload != (Upload{})
	if upload {
		timeout = 0
	}
	return func(c *gin.Context) {
		begin := s.o.Clock()
		call := &struct {
			writer
			visit
		}{}
		v := &call.visit
		v.route, v.machine, v.edge, v.server = m.Path, true, c, s
		ctx, last := hub.BeginInteraction(c.Request.Context(), hub.InteractionID(hub.NewID(s.o.Random)))
		v.last = last
		ctx = context.WithValue(ctx, visitKey{}, v)
		if timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, timeout)
			defer cancel()
		}
		r := c.Request.WithContext(ctx)
		c.Request = r
		call.writer = writer{ResponseWriter: c.Writer, v: v}
		w := &call.writer
		c.Writer = w
		defer func() { // after the rescue
			if !w.Written() {
				w.sign()
			}
			s.record(ctx, c, v, s.o.Clock().Sub(begin))
		}()
		defer s.rescueMachine(c, v)
		s.setMachineHeaders(w.Header())
		switch {
		case !s.lets(r) && !s.atCertified(r):
			s.refuse(WrongHost)(c)
			return
		case r.ContentLength > limit:
			s.refuse(TooLarge)(c)
			return
		}
		if limiter != nil {
			if wait, ok := limiter.take(Network(v.address())); !ok {
				c.Header("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
				s.refuse(hub.TooMany)(c)
				return
			}
		}
		if upload {
			r.Body = newSteady(w, r.Body, s.o.Clock, m.Upload)
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		for _, p := range c.Params {
			r.SetPathValue(p.Key, strings.TrimPrefix(p.Value, "/"))
		}
		m.Handler.ServeHTTP(w, r)
	}
}

func (s *Server) setMachineHeaders(h http.Header) {
	h["Content-Security-Policy"], h["X-Content-Type-Options"], h["Cache-Control"] = machinePolicies, noSniff, noStore
	if s.secure {
		h["Strict-Transport-Security"] = strictTransport
	}
}

// rescueMachine is rescue for a program: the answer is a few words of JSON. It must be deferred itself.
func (s *Server) rescueMachine(c *gin.Context, v *visit) {
	p := recover()
	if p == nil {
		return
	}
	err := caught(p, v)
	if c.Writer.Written() {
		v.kind, v.cause = hub.Internal, err
		panic(http.ErrAbortHandler)
	}
	clear(c.Writer.Header())
	s.setMachineHeaders(c.Writer.Header())
	s.o.Screen.Fail(c.Writer, c.Request, err, "")
}

// caught gives a panic as a fault of ours and keeps the stack for the log. What net/http itself panics with goes on.
func caught(p any, v *visit) error {
	if p == http.ErrAbortHandler { //nolint:errorlint // net/http panics with this very value
		panic(p)
	}
	v.stack = debug.Stack()
	text := fmt.Sprintf("panic: %T", p)
	if e, ok := p.(runtime.Error); ok {
		text = "panic: " + e.Error()
	}
	return hub.Errorf("server.rescue", hub.Internal, text)
}
