package ssf

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"onedoor/hub"
)

// wireStream is a stream's configuration (SSF section 8.1.1).
type wireStream struct {
	ID                 string       `json:"stream_id"`
	Issuer             string       `json:"iss"`
	Audience           string       `json:"aud"`
	Supported          []string     `json:"events_supported"`
	Requested          []string     `json:"events_requested"`
	Delivered          []string     `json:"events_delivered"`
	Delivery           wireDelivery `json:"delivery"`
	VerificationRest   int          `json:"min_verification_interval"`
	Description        string       `json:"description,omitempty"`
	InactivityDisabled int          `json:"inactivity_timeout,omitempty"`
}

type wireDelivery struct {
	Method   string `json:"method"`
	Endpoint string `json:"endpoint_url"`
	// Header is taken and never given back.
	Header *string `json:"authorization_header,omitempty"`
}

// wish is what a receiver sends to create or change a stream. A member that is not there is nil.
type wish struct {
	ID          string        `json:"stream_id"`
	Issuer      string        `json:"iss"`
	Audience    any           `json:"aud"`
	Requested   *[]string     `json:"events_requested"`
	Delivery    *wireDelivery `json:"delivery"`
	Description *string       `json:"description"`
}

const (
	largestRequest = 16 << 10
	maxRequested   = 32
	maxDescription = 256
	maxHeader      = 2 << 10
)

// Configuration is the transmitter's metadata (SSF section 7.1).
func (t *Transmitter) Configuration(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=300")
	write(w, http.StatusOK, map[string]any{
		"spec_version": "1_0", "issuer": t.o.Issuer, "jwks_uri": t.o.JWKSURI,
		"delivery_methods_supported": []string{MethodPush, MethodPoll},
		"configuration_endpoint":     t.o.Issuer + StreamsPath, "status_endpoint": t.o.Issuer + StatusPath,
		"add_subject_endpoint": t.o.Issuer + AddPath, "remove_subject_endpoint": t.o.Issuer + RemovePath,
		"verification_endpoint": t.o.Issuer + VerificationPath,
		"authorization_schemes": []map[string]string{{"spec_urn": "urn:ietf:rfc:6749"}},
		"default_subjects":      "ALL",
	})
}

// Streams creates, reads, changes and deletes the caller's stream (SSF section 8.1.1). A system has one.
func (t *Transmitter) Streams(w http.ResponseWriter, r *http.Request) {
	scope := ScopeManage
	if r.Method == http.MethodGet {
		scope = ScopeRead
	}
	system, ok := t.o.Callers.Caller(w, r, scope)
	if !ok {
		return
	}
	ctx := r.Context()
	switch r.Method {
	case http.MethodPost:
		var q wish
		if !read(w, r, &q) {
			return
		}
		s, err := t.create(ctx, system, q)
		t.reply(w, http.StatusCreated, s, err)
	case http.MethodPatch, http.MethodPut:
		var q wish
		if !read(w, r, &q) {
			return
		}
		s, err := t.change(ctx, system, q, r.Method == http.MethodPut)
		t.reply(w, http.StatusOK, s, err)
	case http.MethodGet:
		id := r.URL.Query().Get("stream_id")
		s, err := t.own(ctx, system, id)
		if id == "" { // all streams of the caller (SSF section 8.1.1.2)
			switch {
			case errors.Is(err, hub.NotFound):
				write(w, http.StatusOK, []wireStream{})
			case err != nil:
				fail(w, err)
			default:
				write(w, http.StatusOK, []wireStream{t.wire(s)})
			}
			return
		}
		t.reply(w, http.StatusOK, s, err)
	case http.MethodDelete:
		s, err := t.named(ctx, system, r.URL.Query().Get("stream_id"))
		if err == nil {
			err = t.o.Tx.InTx(ctx, func(ctx context.Context) error {
				if err := t.o.Store.Delete(ctx, system); err != nil {
					return err
				}
				return t.record(ctx, "ssf.stream_deleted", s, nil)
			})
		}
		if err != nil {
			fail(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (t *Transmitter) create(ctx context.Context, system hub.SystemID, q wish) (Stream, error) {
	s := Stream{ID: hub.NewID(t.o.Random), System: system, Status: Enabled, CreatedAt: t.now(), Version: 1}
	if q.ID != "" {
		return s, invalid("stream_id is the transmitter's to give")
	}
	if err := t.apply(&s, q, true); err != nil {
		return s, err
	}
	if err := t.o.Prepare(ctx); err != nil {
		return s, err
	}
	return s, t.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := t.o.Store.Create(ctx, s); err != nil {
			return err
		}
		return t.record(ctx, "ssf.stream_created", s, map[string]string{"delivery": t.wire(s).Delivery.Method})
	})
}

// change updates (PATCH) or replaces (PUT) what the receiver may say of its stream.
func (t *Transmitter) change(ctx context.Context, system hub.SystemID, q wish, replace bool) (Stream, error) {
	s, err := t.named(ctx, system, q.ID)
	if err != nil {
		return s, err
	}
	if replace {
		s.Requested, s.Description, s.Endpoint, s.Header = nil, "", "", nil
	}
	if err := t.apply(&s, q, replace); err != nil {
		return s, err
	}
	err = t.o.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := t.o.Store.Update(ctx, s); err != nil {
			return err
		}
		return t.record(ctx, "ssf.stream_changed", s, map[string]string{"delivery": t.wire(s).Delivery.Method})
	})
	s.Version++
	if err == nil {
		t.tell()
	}
	return s, err
}

// apply puts a wish into a stream.
func (t *Transmitter) apply(s *Stream, q wish, all bool) error {
	if q.Issuer != "" && q.Issuer != t.o.Issuer {
		return invalid("iss is another transmitter's")
	}
	if aud, isText := q.Audience.(string); q.Audience != nil && (!isText || aud != string(s.System)) {
		return invalid("aud is the transmitter's to give")
	}
	if q.Requested != nil {
		if len(*q.Requested) > maxRequested {
			return invalid("too many events_requested")
		}
		s.Requested = nil
		for _, e := range *q.Requested {
			if len(e) > 256 || !ascii(e) {
				return invalid("an event type is no URI")
			}
			if !slices.Contains(s.Requested, e) {
				s.Requested = append(s.Requested, e)
			}
		}
	}
	if q.Description != nil {
		if len(*q.Description) > maxDescription {
			return invalid("description is too long")
		}
		s.Description = *q.Description
	}
	if q.Delivery == nil {
		return nil // a new stream is polled (SSF section 8.1.1.1)
	}
	switch q.Delivery.Method {
	case MethodPoll:
		if q.Delivery.Header != nil {
			return invalid("a poll has no authorization_header")
		}
		s.Endpoint, s.Header = "", nil
	case MethodPush:
		if err := t.o.Allowed(q.Delivery.Endpoint); err != nil {
			return hub.E("ssf.apply", hub.Invalid, err)
		}
		if q.Delivery.Endpoint != s.Endpoint {
			s.Header = nil // a credential goes to whom it was given for, and to nobody else
		}
		s.Endpoint = q.Delivery.Endpoint
		if h := q.Delivery.Header; h != nil {
			if len(*h) > maxHeader || !ascii(*h) {
				return invalid("authorization_header is no value of a header")
			}
			sealed, err := t.o.Seal.Seal([]byte(*h))
			if err != nil {
				return err
			}
			s.Header = sealed
		}
	default:
		return invalid("delivery.method must be " + MethodPush + " or " + MethodPoll)
	}
	return nil
}

// ascii reports whether text is visible ASCII and spaces: what a header can carry.
func ascii(text string) bool {
	return text == strings.TrimSpace(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// own finds the caller's stream; where it names one, it must be this.
func (t *Transmitter) own(ctx context.Context, system hub.SystemID, id string) (Stream, error) {
	s, err := t.o.Store.Of(ctx, system)
	if err == nil && id != "" && id != s.ID {
		return Stream{}, hub.Errorf("ssf.own", hub.NotFound, "no such stream")
	}
	return s, err
}

// named is own for requests that must name the stream.
func (t *Transmitter) named(ctx context.Context, system hub.SystemID, id string) (Stream, error) {
	if id == "" {
		return Stream{}, invalid("stream_id is missing")
	}
	return t.own(ctx, system, id)
}

func (t *Transmitter) wire(s Stream) wireStream {
	v := wireStream{
		ID: s.ID, Issuer: t.o.Issuer, Audience: string(s.System), Supported: supported, Requested: s.Requested, Delivered: s.delivers(),
		Delivery: wireDelivery{Method: MethodPush, Endpoint: s.Endpoint}, VerificationRest: int(verifyRest.Seconds()), Description: s.Description,
	}
	if s.Endpoint == "" {
		v.Delivery = wireDelivery{Method: MethodPoll, Endpoint: t.o.Issuer + strings.Replace(PollPath, "{stream}", s.ID, 1)}
	}
	if v.Requested == nil {
		v.Requested = []string{}
	}
	if v.Delivered == nil {
		v.Delivered = []string{}
	}
	return v
}

func (t *Transmitter) reply(w http.ResponseWriter, status int, s Stream, err error) {
	if err != nil {
		fail(w, err)
		return
	}
	write(w, status, t.wire(s))
}

// read reads one JSON object and nothing behind it, or answers.
func read(w http.ResponseWriter, r *http.Request, to any) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		fail(w, invalid("the request must be application/json"))
		return false
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestRequest))
	if err := d.Decode(to); err != nil {
		fail(w, invalid("the request must be one JSON object of moderate size"))
		return false
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		fail(w, invalid("the request must be one JSON object of moderate size"))
		return false
	}
	return true
}

// fault is an error whose text the caller may read.
type fault struct{ text string }

func (f fault) Error() string { return f.text }

func invalid(text string) error { return hub.E("ssf", hub.Invalid, fault{text}) }

// fail answers with what went wrong, and nothing of the inside.
func fail(w http.ResponseWriter, err error) {
	status, code := http.StatusInternalServerError, "server_error"
	switch hub.KindOf(err) {
	case hub.Invalid:
		status, code = http.StatusBadRequest, "invalid_request"
	case hub.Unauthenticated:
		status, code = http.StatusUnauthorized, "authentication_failed"
	case hub.Denied:
		status, code = http.StatusForbidden, "access_denied"
	case hub.NotFound:
		status, code = http.StatusNotFound, "not_found"
	case hub.Conflict:
		status, code = http.StatusConflict, "conflict"
	case hub.TooMany:
		status, code = http.StatusTooManyRequests, "too_many"
	case hub.Unavailable:
		status, code = http.StatusServiceUnavailable, "unavailable"
	}
	answer := map[string]string{"err": code}
	var f fault
	if errors.As(err, &f) && status == http.StatusBadRequest {
		answer["description"] = f.text
	}
	write(w, status, answer)
}

func write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // maps and structs of ours always marshal
		status, body = http.StatusInternalServerError, []byte(`{"err":"server_error"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the connection is gone where it fails
}
