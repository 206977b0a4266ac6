package ssf

import (
	"context"
	"net/http"
	"time"

	"onedoor/hub"
)

// wirePoll is a poll (RFC 8936 section 2.4).
type wirePoll struct {
	Max    *int     `json:"maxEvents"`
	AtOnce bool     `json:"returnImmediately"`
	Ack    []string `json:"ack"`
	Errors map[string]struct {
		Err string `json:"err"`
	} `json:"setErrs"`
}

// wireSets is the answer to a poll (RFC 8936 section 2.5).
type wireSets struct {
	Sets map[string]string `json:"sets"`
	More bool              `json:"moreAvailable,omitempty"`
}

const (
	pollMost = 100              // events in one answer
	pollAck  = 1000             // in one request
	pollWait = 20 * time.Second // of a long poll
	pollLook = time.Second      // in a long poll, for what another node has written
	pollers  = 256              // long polls at once on one node
)

// Poll gives the caller what waits in its stream, and takes what it acknowledges (RFC 8936). Events that are not acknowledged come again.
func (t *Transmitter) Poll(w http.ResponseWriter, r *http.Request) {
	system, ok := t.o.Callers.Caller(w, r, ScopeRead)
	if !ok {
		return
	}
	var q wirePoll
	if !read(w, r, &q) {
		return
	}
	ctx := r.Context()
	s, err := t.named(ctx, system, r.PathValue("stream"))
	switch {
	case err != nil:
	case s.Endpoint != "":
		err = hub.Errorf("ssf.Poll", hub.NotFound, "the stream is pushed")
	case len(q.Ack)+len(q.Errors) > pollAck || q.Max != nil && *q.Max < 0:
		err = invalid("too many acknowledgements, or maxEvents below 0")
	default:
		err = t.acknowledge(ctx, s, q)
	}
	if err != nil {
		fail(w, err)
		return
	}
	limit := pollMost
	if q.Max != nil {
		limit = min(limit, *q.Max)
	}
	answer, err := t.wait(ctx, s, limit, !q.AtOnce && limit > 0)
	if err != nil {
		fail(w, err)
		return
	}
	write(w, http.StatusOK, answer)
}

// acknowledge notes what the receiver has, and what it could not make anything of. Ids that are not in its stream mean nothing.
func (t *Transmitter) acknowledge(ctx context.Context, s Stream, q wirePoll) error {
	var changes []Change
	now := t.now()
	note := func(id, reason string) {
		if hub.ValidID(id) {
			changes = append(changes, Change{ID: id, Stream: s.ID, Done: true, Reason: reason, Tried: true, NextAt: now, At: now})
		}
	}
	for _, id := range q.Ack {
		note(id, "")
	}
	for id := range q.Errors {
		note(id, "refused")
	}
	if len(changes) == 0 {
		return nil
	}
	return t.settle(ctx, changes)
}

// wait gives what waits; where nothing does and the receiver has time, it looks again for a while.
func (t *Transmitter) wait(ctx context.Context, s Stream, limit int, long bool) (wireSets, error) {
	out := wireSets{Sets: map[string]string{}}
	if limit == 0 {
		return out, nil
	}
	if long && !t.enter(s.ID) {
		long = false
	} else if long {
		defer t.leave(s.ID)
	}
	end := time.NewTimer(pollWait)
	defer end.Stop()
	look := time.NewTicker(pollLook)
	defer look.Stop()
	for {
		t.mu.Lock()
		news := t.news
		t.mu.Unlock()
		events, more, err := t.o.Store.Waiting(ctx, s.ID, t.now(), limit)
		if err != nil {
			return out, err
		}
		if len(events) > 0 || !long {
			out.More = more
			for _, e := range events {
				if out.Sets[e.ID], err = t.sign(ctx, e); err != nil {
					return out, err
				}
			}
			return out, nil
		}
		select {
		case <-ctx.Done():
			return out, hub.E("ssf.wait", hub.Unavailable, ctx.Err())
		case <-end.C:
			long = false
		case <-news:
		case <-look.C:
		}
	}
}

// enter lets one long poll of a stream wait on this node, and not more than there is room for.
func (t *Transmitter) enter(stream string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.polls[stream] || len(t.polls) >= pollers {
		return false
	}
	t.polls[stream] = true
	return true
}

func (t *Transmitter) leave(stream string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.polls, stream)
}
