package ssf

import (
	"context"
	"net/http"
	"time"

	"onedoor/hub"
)

// wireStatus is the status of a stream (SSF section 8.1.2).
type wireStatus struct {
	Stream string `json:"stream_id"`
	Status Status `json:"status"`
	Reason string `json:"reason,omitempty"`
}

const maxReason = 256

// StreamStatus reads and sets the status of the caller's stream (SSF section 8.1.2).
func (t *Transmitter) StreamStatus(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		system, ok := t.o.Callers.Caller(w, r, ScopeRead)
		if !ok {
			return
		}
		s, err := t.named(r.Context(), system, r.URL.Query().Get("stream_id"))
		if err != nil {
			fail(w, err)
			return
		}
		write(w, http.StatusOK, wireStatus{s.ID, s.Status, s.Reason})
		return
	}
	system, ok := t.o.Callers.Caller(w, r, ScopeManage)
	if !ok {
		return
	}
	var q wireStatus
	if !read(w, r, &q) {
		return
	}
	s, err := t.setStatus(r.Context(), system, q)
	if err != nil {
		fail(w, err)
		return
	}
	write(w, http.StatusOK, wireStatus{s.ID, s.Status, s.Reason})
}

// setStatus changes the status as the receiver wishes. It has asked itself, so no stream-updated event tells it (SSF section 8.1.5).
func (t *Transmitter) setStatus(ctx context.Context, system hub.SystemID, q wireStatus) (Stream, error) {
	s, err := t.named(ctx, system, q.Stream)
	switch {
	case err != nil:
		return s, err
	case q.Status != Enabled && q.Status != Paused && q.Status != Disabled:
		return s, invalid("status must be enabled, paused or disabled")
	case len(q.Reason) > maxReason:
		return s, invalid("reason is too long")
	case s.Status == q.Status && s.Reason == q.Reason:
		return s, nil
	}
	s.Status, s.Reason = q.Status, q.Reason
	err = t.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := t.o.Store.Update(ctx, s); err != nil {
			return err
		}
		return t.record(ctx, "ssf.stream_"+string(s.Status), s, nil)
	})
	if err == nil {
		t.tell()
	}
	return s, err
}

// wireSubject is a request about a subject (SSF section 8.1.3).
type wireSubject struct {
	Stream  string `json:"stream_id"`
	Subject struct {
		Format  string `json:"format"`
		Issuer  string `json:"iss"`
		Subject string `json:"sub"`
	} `json:"subject"`
}

// AddSubject lets a person's events in again (SSF section 8.1.3.2). Streams begin with everybody who uses the system.
func (t *Transmitter) AddSubject(w http.ResponseWriter, r *http.Request) {
	if t.mute(w, r, false) {
		w.WriteHeader(http.StatusOK)
	}
}

// RemoveSubject keeps a person's events out of the stream (SSF section 8.1.3.3).
func (t *Transmitter) RemoveSubject(w http.ResponseWriter, r *http.Request) {
	if t.mute(w, r, true) {
		w.WriteHeader(http.StatusNoContent)
	}
}

// mute answers by itself where it reports false. Nothing is told about whether the subject is anybody.
func (t *Transmitter) mute(w http.ResponseWriter, r *http.Request, mute bool) bool {
	system, ok := t.o.Callers.Caller(w, r, ScopeManage)
	if !ok {
		return false
	}
	var q wireSubject
	if !read(w, r, &q) {
		return false
	}
	ctx := r.Context()
	s, err := t.named(ctx, system, q.Stream)
	switch {
	case err != nil:
	case q.Subject.Format != "iss_sub" || q.Subject.Issuer != t.o.Issuer:
		err = hub.Errorf("ssf.mute", hub.NotFound, "not a subject that this transmitter knows")
	case q.Subject.Subject == "" || len(q.Subject.Subject) > 255 || !ascii(q.Subject.Subject):
		err = invalid("sub is missing or malformed")
	default:
		subject := subjectHash(wireIssSub{Issuer: q.Subject.Issuer, Subject: q.Subject.Subject})
		err = t.o.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := t.o.Store.Mute(ctx, s.ID, subject, mute); err != nil {
				return err
			}
			kind := "ssf.subject_added"
			if mute {
				kind = "ssf.subject_removed"
			}
			return t.record(ctx, kind, s, nil)
		})
	}
	if err != nil {
		fail(w, err)
	}
	return err == nil
}

// Verify sends a verification event down the caller's stream (SSF section 8.1.4).
func (t *Transmitter) Verify(w http.ResponseWriter, r *http.Request) {
	system, ok := t.o.Callers.Caller(w, r, ScopeManage)
	if !ok {
		return
	}
	var q struct {
		Stream string  `json:"stream_id"`
		State  *string `json:"state"`
	}
	if !read(w, r, &q) {
		return
	}
	if err := t.verify(r.Context(), system, q.Stream, q.State); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (t *Transmitter) verify(ctx context.Context, system hub.SystemID, id string, state *string) error {
	const op = "ssf.verify"
	s, err := t.named(ctx, system, id)
	now := t.now()
	switch {
	case err != nil:
		return err
	case state != nil && len(*state) > 1024:
		return invalid("state is too long")
	case s.Status != Enabled:
		return hub.Errorf(op, hub.Conflict, "the stream is not enabled")
	case now.Sub(s.VerifiedAt) < verifyRest:
		return hub.Errorf(op, hub.TooMany, "verified a moment ago")
	}
	s.VerifiedAt = now
	detail := map[string]string{}
	if state != nil {
		detail["state"] = *state
	}
	e, err := t.event(s, verification, wireOpaque{"opaque", s.ID}, detail, "")
	if err != nil {
		return err
	}
	e.ExpiresAt = now.Add(time.Hour)
	err = t.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := t.o.Store.Update(ctx, s); err != nil { // of two at once one is too many
			return err
		}
		return t.add(ctx, nil, []Event{e})
	})
	if hub.KindOf(err) == hub.Conflict {
		return hub.Errorf(op, hub.TooMany, "verified a moment ago")
	}
	return err
}
