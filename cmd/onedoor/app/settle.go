package app

import (
	"context"
	"net/http"
	"time"
)

// settle waits until no node can take for active what was ended by a transaction that has just committed (architecture D2), or until
// ctx ends.
func settle(ctx context.Context, delay time.Duration) {
	t := time.NewTimer(delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// settled holds the good answers of a handler back until what it has ended is ended on every node. It waits for every good answer, so
// that the time tells nobody whether there was anything to end.
func (h *Hub) settled(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		next(&settling{w, func() { settle(r.Context(), h.lease.AnswerDelay()) }}, r)
	}
}

type settling struct {
	http.ResponseWriter
	wait func()
}

// WriteHeader implements http.ResponseWriter.
func (s *settling) WriteHeader(status int) {
	if status < http.StatusMultipleChoices {
		s.wait()
	}
	s.ResponseWriter.WriteHeader(status)
}

// longestToken is longer than any access token lives (SES-18).
const longestToken = 24 * time.Hour
