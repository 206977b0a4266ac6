package ssf

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/session"
)

// wireSET is a Security Event Token (RFC 8417 section 2.2, SSF section 4). It has no sub and no exp: so it can't be taken for an ID token
// or an access token (RFC 8417 section 4.5 to 4.7).
type wireSET struct {
	Issuer   string                     `json:"iss"`
	Audience string                     `json:"aud"`
	IssuedAt int64                      `json:"iat"`
	ID       string                     `json:"jti"`
	Txn      string                     `json:"txn,omitempty"`
	Subject  any                        `json:"sub_id"`
	Events   map[string]json.RawMessage `json:"events"`
}

// wireSession is the subject of an event about a session (RFC 9493 section 3.2.3, SSF section 3.2).
type wireSession struct {
	Format  string      `json:"format"` // complex
	User    wireIssSub  `json:"user"`
	Session *wireOpaque `json:"session,omitempty"`
}

type wireIssSub struct {
	Format  string `json:"format"` // iss_sub
	Issuer  string `json:"iss"`
	Subject string `json:"sub"`
}

type wireOpaque struct {
	Format string `json:"format"` // opaque
	ID     string `json:"id"`
}

// wireRevoked is the event session-revoked (CAEP section 3.1). The texts say nothing of the person.
type wireRevoked struct {
	At     int64             `json:"event_timestamp"`
	By     string            `json:"initiating_entity"`
	Reason map[string]string `json:"reason_admin"`
}

// initiator gives CAEP's word for who has ended a session (CAEP section 2).
func initiator(c session.Cause) string {
	switch {
	case c.Reason == session.EndedBySuspension:
		return "admin"
	case c.System != "" || c.Provider != "":
		return "system"
	case c.Reason == session.EndedByAdmin || c.Reason == session.EndedByAccount:
		return "admin"
	case c.Reason == session.EndedByIdle || c.Reason == session.EndedByAge:
		return "policy"
	case c.Reason == session.EndedByPerson || c.Reason == session.EndedByOther:
		return "user"
	default:
		return "system"
	}
}

// Over is what is over: a session, or its use at some of its systems.
type Over struct {
	Session     hub.SessionID
	Account     hub.AccountID
	Interaction hub.InteractionID
	Cause       session.Cause
	At          time.Time
	Systems     []hub.SystemID // at which
}

// Over writes the events of an end for the streams of the systems, in the transaction in ctx. They leave once that has committed.
func (b *Outbox) Over(ctx context.Context, over Over) error {
	if len(over.Systems) == 0 {
		return nil
	}
	streams, err := b.o.Store.For(ctx, over.Systems)
	if err != nil || len(streams) == 0 {
		return err
	}
	subjects, claims := map[string][32]byte{}, map[string]wireSession{}
	for _, s := range streams {
		if !slices.Contains(s.delivers(), SessionRevoked) {
			continue
		}
		sub, sid, err := b.o.Names.Names(ctx, s.System, over.Account, over.Session)
		if hub.KindOf(err) == hub.NotFound {
			continue // the system is no longer one that has names for people
		}
		if err != nil {
			return err
		}
		user := wireIssSub{"iss_sub", b.o.Issuer, sub}
		subjects[s.ID] = subjectHash(user)
		claims[s.ID] = wireSession{Format: "complex", User: user, Session: &wireOpaque{"opaque", sid}}
	}
	muted, err := b.o.Store.Muted(ctx, subjects)
	if err != nil {
		return err
	}
	revoked := wireRevoked{
		At: over.At.Unix(), By: initiator(over.Cause), Reason: map[string]string{"en": "The session has ended (" + string(over.Cause.Reason) + ")."},
	}
	var events []Event
	for _, s := range streams {
		if subject, ok := claims[s.ID]; ok && !muted[s.ID] {
			e, err := b.event(s, SessionRevoked, subject, revoked, b.txn(s, over.Interaction))
			if err != nil {
				return err
			}
			events = append(events, e)
		}
	}
	return b.add(ctx, streams, events)
}

// txn names a cause for one receiver (RFC 8417 section 2.2).
func (b *Outbox) txn(s Stream, cause hub.InteractionID) string {
	if cause == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b.o.Index.Index("ssf-txn", string(s.System), string(cause))[:16])
}

func subjectHash(s wireIssSub) [32]byte { return sha256.Sum256([]byte(s.Issuer + "\x00" + s.Subject)) }

// event makes one of a stream.
func (b *Outbox) event(s Stream, kind string, subject, detail any, txn string) (Event, error) {
	const op = "ssf.event"
	now := b.now()
	body, err := json.Marshal(detail)
	if err != nil {
		return Event{}, hub.E(op, hub.Internal, err)
	}
	e := Event{ID: hub.NewID(b.o.Random), Stream: s.ID, Type: kind, CreatedAt: now, ExpiresAt: now.Add(eventLife), NextAt: now, System: s.System}
	e.Claims, err = json.Marshal(wireSET{
		Issuer: b.o.Issuer, Audience: string(s.System), IssuedAt: now.Unix(), ID: e.ID, Txn: txn, Subject: subject,
		Events: map[string]json.RawMessage{kind: body},
	})
	if err != nil {
		return Event{}, hub.E(op, hub.Internal, err)
	}
	return e, nil
}

// add keeps events. A receiver that has taken nothing for so long that its events are too many is paused, and told so by the last one.
func (b *Outbox) add(ctx context.Context, streams []Stream, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	waiting, err := b.o.Store.Add(ctx, events)
	if err != nil {
		return err
	}
	for _, s := range streams {
		if waiting[s.ID] <= heldMost || s.Status != Enabled {
			continue
		}
		if err := b.overflow(ctx, s); err != nil {
			return err
		}
		if err := b.record(ctx, "ssf.stream_disabled", s, map[string]string{"waiting": strconv.Itoa(waiting[s.ID])}); err != nil {
			return err
		}
	}
	b.o.Tx.AfterCommit(ctx, b.o.Wake)
	return nil
}

// overflow disables a stream: what waits is dropped, and the last event tells the receiver so (SSF section 8.1.5).
func (b *Outbox) overflow(ctx context.Context, s Stream) error {
	s.Status, s.Reason = Disabled, "too many events waited"
	if err := b.o.Store.Update(ctx, s); err != nil {
		if hub.KindOf(err) == hub.Conflict { // the receiver is changing it right now; the next event looks again
			return nil
		}
		return err
	}
	last, err := b.event(s, streamUpdated, wireOpaque{"opaque", s.ID}, map[string]string{"status": string(s.Status), "reason": s.Reason}, "")
	if err != nil {
		return err
	}
	last.About = true
	_, err = b.o.Store.Add(ctx, []Event{last})
	return err
}

func (b *Outbox) record(ctx context.Context, kind string, s Stream, detail map[string]string) error {
	return b.o.Audit.Record(ctx, audit.Event{At: b.now(), Kind: kind, Outcome: audit.Success, System: s.System, Detail: detail})
}
