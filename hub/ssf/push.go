package ssf

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/jobs"
)

// work is an event as the runner sees it.
type work struct{ Event }

// Key implements jobs.Work: the host that is called.
func (w work) Key() string {
	u, err := url.Parse(w.Endpoint)
	if err != nil {
		return ""
	}
	return u.Host
}

// Tries implements jobs.Work.
func (w work) Tries() int { return w.Event.Tries }

// longestAnswer of a receiver, bytes.
const longestAnswer = 4 << 10

// push delivers one event (RFC 8935 section 2): 202 and nothing else says that the receiver has it.
func (t *Transmitter) push(ctx context.Context, w work) error {
	const op = "ssf.push"
	text, err := t.sign(ctx, w.Event)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Endpoint, bytes.NewReader([]byte(text)))
	if err != nil {
		return hub.E(op, hub.Invalid, err)
	}
	r.Header.Set("Content-Type", "application/secevent+jwt")
	r.Header.Set("Accept", "application/json")
	if len(w.Header) > 0 {
		value, err := t.o.Seal.Open(w.Header)
		if err != nil {
			return hub.E(op, hub.Unavailable, err) // another master key: an operator can mend that
		}
		r.Header.Set("Authorization", string(value))
	}
	answer, err := t.o.HTTP.Do(r)
	if err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	body, err := io.ReadAll(io.LimitReader(answer.Body, longestAnswer))
	switch {
	case answer.StatusCode == http.StatusAccepted:
		return nil
	case err != nil || answer.StatusCode != http.StatusBadRequest:
		return hub.Errorf(op, hub.Unavailable, "the receiver did not take the event")
	}
	return refusal(answer.Header.Get("Content-Type"), body)
}

// refusal tells what a receiver's error means (RFC 8935 section 2.4): one about this very event is final, one about keys or rights can be
// over tomorrow.
func refusal(kind string, body []byte) error {
	const op = "ssf.push"
	var e struct {
		Err string `json:"err"`
	}
	if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" || json.Unmarshal(body, &e) != nil {
		return hub.Errorf(op, hub.Unavailable, "the receiver did not take the event")
	}
	switch e.Err {
	case "invalid_request", "invalid_issuer", "invalid_audience", "invalid_state":
		return hub.Errorf(op, hub.Refused, "the receiver refused the event")
	}
	return hub.Errorf(op, hub.Unavailable, "the receiver did not take the event")
}

// tell wakes whoever waits for something new.
func (t *Transmitter) tell() {
	t.runner.Wake()
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.news)
	t.news = make(chan struct{})
}

// source is the Store as the runner sees it.
type source struct{ t *Transmitter }

// Claim implements jobs.Source.
func (f source) Claim(ctx context.Context, now, until time.Time, limit int) ([]work, error) {
	due, err := f.t.o.Store.Claim(ctx, now, until, limit)
	works := make([]work, len(due))
	for i, e := range due {
		works[i] = work{e}
	}
	return works, err
}

// Settle implements jobs.Source.
func (f source) Settle(ctx context.Context, outcomes []jobs.Outcome[work]) error {
	changes := make([]Change, len(outcomes))
	for i, out := range outcomes {
		changes[i] = judge(out)
	}
	return f.t.settle(ctx, changes)
}

// judge tells what an outcome means for its event.
func judge(out jobs.Outcome[work]) Change {
	e := out.Work.Event
	c := Change{ID: e.ID, Tried: !out.Untried, NextAt: out.NextAt, At: out.At}
	switch {
	case out.Untried:
	case out.Err == nil:
		c.Done = true
	case errors.Is(out.Err, hub.Refused), errors.Is(out.Err, hub.Invalid):
		c.Done, c.Reason = true, "refused"
	case !out.At.Before(e.ExpiresAt):
		c.Done, c.Reason = true, "expired"
	case errors.Is(out.Err, context.DeadlineExceeded):
		c.Reason = "timeout"
	default:
		c.Reason = "unavailable"
	}
	return c
}

// settle writes what became of events, with the record of those that are lost or delivered.
func (t *Transmitter) settle(ctx context.Context, changes []Change) error {
	why := map[string]Change{}
	for _, c := range changes {
		why[c.ID] = c
	}
	return t.o.Tx.InTx(ctx, func(ctx context.Context) error {
		changed, err := t.o.Store.Settle(ctx, changes)
		if err != nil {
			return err
		}
		var records []audit.Event
		for _, e := range changed {
			c := why[e.ID]
			if !c.Done {
				continue
			}
			r := audit.Event{At: c.At, Kind: "ssf.delivered", Outcome: audit.Success, System: e.System, Detail: map[string]string{"event": e.ID}}
			if c.Reason != "" {
				r.Kind, r.Outcome, r.Reason = "ssf.failed", audit.Failure, c.Reason
			}
			records = append(records, r)
		}
		if len(records) == 0 {
			return nil
		}
		return t.o.Audit.Record(ctx, records...)
	})
}
