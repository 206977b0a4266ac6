package metadata

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"net/http"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// fetch reads the source, and puts what it says in force where it can be believed. The caller holds the document's turn.
func (c *Cache) fetch(ctx context.Context, d *document) error {
	d.tried = c.o.Clock()
	next, err := c.read(ctx, d.source, d.now.Load())
	if err != nil && ctx.Err() != nil {
		return err // it is the caller who had no time, not the source that failed
	}
	d.failure = err
	if err != nil {
		if d.now.Load().counts(d.tried) || !c.recall(ctx, d) {
			return err
		}
		return nil
	}
	if d.source.URL != "" && next.raw != nil && c.o.Copies != nil {
		if err := c.o.Copies.Keep(ctx, d.source.URL, next.raw, next.at); err != nil {
			c.o.Log.LogAttrs(ctx, slog.LevelWarn, "a copy of metadata could not be kept", slog.String("reason", Reason(err)))
		}
	}
	next.raw = nil
	d.now.Store(next)
	return nil
}

// recall puts the copy of an earlier process in force, where the address gives nothing that can be believed and nothing is known that
// counts. It is judged as what an address gives, and the address is asked again soon.
func (c *Cache) recall(ctx context.Context, d *document) bool {
	if d.source.URL == "" || c.o.Copies == nil {
		return false
	}
	raw, err := c.o.Copies.Copy(ctx, d.source.URL)
	if err != nil || len(raw) > samlmsg.MetadataLimits().Bytes {
		return false
	}
	old, err := c.judge(d.source, raw, known{at: d.tried})
	if err != nil {
		return false
	}
	old.due = d.tried.Add(least)
	d.now.Store(old)
	c.o.Log.LogAttrs(ctx, slog.LevelWarn, "metadata does not come; the copy that was kept is used",
		slog.String("reason", Reason(d.failure)), slog.Time("until", old.until))
	return true
}

// read gives what the source says now. Where it says that nothing has changed, the old one with a new date.
func (c *Cache) read(ctx context.Context, s Source, before *known) (*known, error) {
	const op = "metadata.read"
	now := c.o.Clock()
	var raw []byte
	fresh := known{at: now}
	switch {
	case s.URL != "":
		got, err := c.get(ctx, s.URL, before)
		if err != nil {
			return nil, err
		}
		if got.same {
			again := *before
			again.at, again.due = now, c.due(s, now, again.due.Sub(again.at), again.until)
			return &again, nil
		}
		raw, fresh.etag, fresh.stamp = got.body, got.etag, got.stamp
	case s.File != "":
		var err error
		if raw, err = c.o.ReadFile(s.File); err != nil {
			return nil, hub.E(op, hub.Unavailable, Unreachable) // the cause would tell the path
		}
	default:
		raw = s.Inline
	}
	return c.judge(s, raw, fresh)
}

// judge makes of a document what is known by it, where it can be believed.
func (c *Cache) judge(s Source, raw []byte, fresh known) (*known, error) {
	now := fresh.at
	fresh.raw, fresh.hash = raw, sha256.Sum256(raw)
	o := samlmsg.MetadataOptions{Now: now, Skew: skew}
	if len(s.Pins) > 0 {
		v, err := samlmsg.NewVerifier(samlmsg.VerifierOptions{Certificates: s.Pins, Limits: samlmsg.MetadataLimits()})
		if err != nil {
			return nil, err
		}
		o.Verifier = v
	}
	if s.URL != "" {
		o.RequireValidUntil, o.MaxValidity = true, c.o.MaxValidity
	}
	m, err := samlmsg.ParseMetadata(raw, o)
	if err != nil {
		return nil, err
	}
	fresh.byID = make(map[string]samlmsg.EntityDescriptor, len(m.Entities))
	for i := range m.Entities {
		fresh.byID[m.Entities[i].EntityID] = m.Entities[i]
	}
	fresh.until = m.ValidUntil
	fresh.due = c.due(s, now, m.CacheDuration, m.ValidUntil)
	return &fresh, nil
}

// due tells when to ask again: as the document wishes, within what is sensible, and well before it ceases to count.
func (c *Cache) due(s Source, now time.Time, wish time.Duration, until time.Time) time.Time {
	if s.File != "" {
		return now.Add(least)
	}
	if len(s.Inline) > 0 {
		return now.Add(c.o.MaxAge) // it can't change, but its end may come
	}
	if wish <= 0 || wish > c.o.MaxAge {
		wish = c.o.MaxAge
	}
	if !until.IsZero() {
		wish = min(wish, until.Sub(now)/4)
	}
	return now.Add(max(wish, least))
}

type got struct {
	body        []byte
	etag, stamp string
	same        bool
}

// get asks an address, with what is known of the last answer (RFC 9110 section 13.1). Bounded in size and time.
func (c *Cache) get(ctx context.Context, address string, before *known) (got, error) {
	const op = "metadata.get"
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return got{}, hub.E(op, hub.Invalid, SourceUnclear)
	}
	r.Header.Set("Accept", samlmsg.MetadataContentType+", application/xml;q=0.8, text/xml;q=0.7")
	if before.counts(c.o.Clock()) {
		if before.etag != "" {
			r.Header.Set("If-None-Match", before.etag)
		}
		if before.stamp != "" {
			r.Header.Set("If-Modified-Since", before.stamp)
		}
	}
	resp, err := c.client.Do(r)
	if err != nil {
		return got{}, hub.E(op, hub.Unavailable, Unreachable) // the cause would tell the address
	}
	defer resp.Body.Close() //nolint:errcheck // it was read
	switch {
	case resp.StatusCode == http.StatusNotModified && before.counts(c.o.Clock()):
		return got{same: true}, nil
	case resp.StatusCode != http.StatusOK:
		return got{}, hub.E(op, hub.Unavailable, StatusOdd)
	}
	limit := int64(samlmsg.MetadataLimits().Bytes)
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	switch {
	case err != nil:
		return got{}, hub.E(op, hub.Unavailable, Unreachable)
	case int64(len(body)) > limit:
		return got{}, hub.E(op, hub.TooMany, TooBig)
	}
	return got{body: body, etag: resp.Header.Get("ETag"), stamp: resp.Header.Get("Last-Modified")}, nil
}
