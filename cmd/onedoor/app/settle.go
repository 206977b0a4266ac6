package app

import (
	"context"
	"net/http"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/tenants"
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

// closed gives the systems that were live and no longer are.
func closed(before, after []tenants.System) (ids []hub.SystemID) {
	live := map[hub.SystemID]bool{}
	for _, s := range before {
		live[s.ID] = s.Status == tenants.Live
	}
	for _, s := range after {
		if live[s.ID] && s.Status != tenants.Live {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// revoke ends the tokens of systems, in the transaction of ctx.
func (o *office) revoke(ctx context.Context, systems []hub.SystemID) error {
	stores, err := hubsql.New(o.db)
	if err != nil {
		return err
	}
	now := o.Clock()
	for _, id := range systems {
		if err := stores.Revocations.RevokeSystem(ctx, id, now, now.Add(longestToken)); err != nil {
			return err
		}
	}
	return nil
}
