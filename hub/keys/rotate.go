package keys

import (
	"context"
	"errors"
	"time"

	"onedoor/hub"
)

// step is one change: exactly one of add and update is set.
type step struct {
	add    *Record // ID, Public and Sealed are still to be made
	update *Record
	rewrap bool // with update: seal the private part anew under the first master
}

// decide looks at the list and gives the next step towards where it wants to be, or nil when it is there.
type decide func(s *snapshot, now time.Time) (*step, error)

// maxSteps bounds a change. Every step of ours or of a faster node brings the list nearer to its end.
const maxSteps = 1000

// change loads the list and takes step after step, each only if the list is still as it was seen, until there is none left.
func (r *Ring) change(ctx context.Context, op string, next decide) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for range maxSteps {
		if err := ctx.Err(); err != nil {
			return hub.E(op, hub.Unavailable, err)
		}
		if err := r.load(ctx); err != nil {
			return err
		}
		s := r.snap.Load()
		st, err := next(s, r.now())
		if err != nil || st == nil {
			return err
		}
		if err := r.take(ctx, s, st); err != nil && !errors.Is(err, hub.Conflict) {
			return hub.E(op, hub.KindOf(err), err)
		}
	}
	return hub.Errorf(op, hub.Conflict, "the keys are being changed all the time")
}

func (r *Ring) take(ctx context.Context, s *snapshot, st *step) error {
	if st.add != nil {
		rec := *st.add
		rec.ID = hub.NewID(r.random)
		rec.CreatedAt = r.now()
		if err := generate(r.random, r.masters, &rec, r.rsaBits); err != nil {
			return hub.E("keys.generate", hub.Internal, err)
		}
		return r.store.Add(ctx, rec, s.version)
	}
	rec := *st.update
	if st.rewrap {
		private, err := r.masters.unwrap(rec)
		if err != nil {
			return hub.E("keys.rewrap", hub.Internal, err)
		}
		defer clear(private)
		if err := r.masters.wrap(r.random, &rec, private); err != nil {
			return hub.E("keys.rewrap", hub.Internal, err)
		}
	}
	return r.store.Update(ctx, rec, s.version)
}

// missing makes what every hub needs. The index key comes first: while it is not there, nothing else is.
func (r *Ring) missing(s *snapshot, now time.Time) (*step, error) {
	if s.prk == nil {
		if len(s.entries) > 0 {
			return nil, hub.Errorf("keys.Open", hub.Internal, "the index key is gone: restore it from a backup")
		}
		return &step{add: &Record{Use: Index, Alg: HS256, ActiveFrom: now}}, nil
	}
	if s.sealing == nil {
		return &step{add: &Record{Use: Seal, Alg: A256GCM, ActiveFrom: now}}, nil
	}
	return lacking(s, ES256, now), nil
}

func lacking(s *snapshot, alg string, now time.Time) *step {
	if s.active[alg] != nil {
		return nil
	}
	return &step{add: &Record{Use: Sign, Alg: alg, ActiveFrom: now}}
}

// Ensure makes the first signing key of an algorithm where there is none. It costs nothing where there is one, so call it
// whenever a system asks for an algorithm. The first key serves at once: no relying party can have kept an older set for this
// algorithm. Like every method that changes keys, do not call it within a transaction: the ring would keep a key that a
// rollback takes away. Invalid for an unknown algorithm; Unavailable.
func (r *Ring) Ensure(ctx context.Context, alg string) error {
	const op = "keys.Ensure"
	if !supported(Sign, alg) {
		return hub.Errorf(op, hub.Invalid, "unknown algorithm")
	}
	if r.current().active[alg] != nil {
		return nil
	}
	return r.change(ctx, op, func(s *snapshot, now time.Time) (*step, error) { return lacking(s, alg, now), nil })
}

// EnsureDecryption makes the first decryption key of an algorithm where there is none, as Ensure does for signing keys. Call it for
// every provider that is registered to encrypt. Invalid for an unknown algorithm; Unavailable.
func (r *Ring) EnsureDecryption(ctx context.Context, alg string) error {
	return r.ensure(ctx, "keys.EnsureDecryption", Decrypt, alg)
}

// ensure makes the first key of a use and algorithm where there is none.
func (r *Ring) ensure(ctx context.Context, op string, use Use, alg string) error {
	if !supported(use, alg) {
		return hub.Errorf(op, hub.Invalid, "unknown algorithm")
	}
	absent := func(s *snapshot, now time.Time) (*step, error) {
		if choose(s.entries, use, alg, now) != nil {
			return nil, nil
		}
		return &step{add: &Record{Use: use, Alg: alg, ActiveFrom: now}}, nil
	}
	if st, err := absent(r.current(), r.now()); err != nil || st == nil {
		return err
	}
	return r.change(ctx, op, absent)
}

// EnsureSAML makes the first key of an algorithm for SAML messages where there is none, as Ensure does for signing keys. Invalid for an
// unknown algorithm; Unavailable.
func (r *Ring) EnsureSAML(ctx context.Context, alg string) error {
	return r.ensure(ctx, "keys.EnsureSAML", SAML, alg)
}

// Rotate makes the next key of a use and algorithm now instead of by schedule. It is published at once and is in use when the
// schedule's Ahead has passed. Where a next key is waiting already, that one is told. Conflict for index keys: every keyed hash
// hangs on them. Invalid; NotFound where there is no key to follow; Unavailable.
func (r *Ring) Rotate(ctx context.Context, use Use, alg string) (Info, error) {
	const op = "keys.Rotate"
	if use == Index {
		return Info{}, hub.Errorf(op, hub.Conflict, "index keys are never rotated")
	}
	if !supported(use, alg) {
		return Info{}, hub.Errorf(op, hub.Invalid, "unknown use or algorithm")
	}
	var info Info
	err := r.change(ctx, op, func(s *snapshot, now time.Time) (*step, error) {
		if choose(s.entries, use, alg, now) == nil {
			return nil, hub.Errorf(op, hub.NotFound, "no key of this use and algorithm")
		}
		if w := waiting(s, use, alg, now); w != nil {
			info = describe(s, w, now)
			return nil, nil
		}
		return &step{add: &Record{Use: use, Alg: alg, ActiveFrom: now.Add(r.schedule(use).Ahead)}}, nil
	})
	return info, err
}

// Retire takes a key out of use before its time: after Settle it only verifies or opens, until nothing made with it can still
// be shown. If it was the last one, its successor is in use from then. Conflict for index keys; NotFound; Unavailable.
func (r *Ring) Retire(ctx context.Context, id string) error {
	return r.end(ctx, "keys.Retire", id, false)
}

// Revoke ends a key that may have leaked: after Settle nothing made with it is accepted by us any more and it is not in the JWKS.
// Relying parties that keep the JWKS accept it until they fetch it again. Conflict for index keys; NotFound; Unavailable.
func (r *Ring) Revoke(ctx context.Context, id string) error {
	return r.end(ctx, "keys.Revoke", id, true)
}

func (r *Ring) end(ctx context.Context, op, id string, atOnce bool) error {
	at := r.now().Add(r.settle)
	return r.change(ctx, op, func(s *snapshot, now time.Time) (*step, error) {
		e := find(s, id)
		if e == nil || e.gone(now) {
			return nil, hub.Errorf(op, hub.NotFound, "no such key")
		}
		if e.rec.Use == Index {
			return nil, hub.Errorf(op, hub.Conflict, "index keys are never retired")
		}
		rec := e.rec
		if rec.RetireAt.IsZero() || rec.RetireAt.After(at) {
			rec.RetireAt = at
		}
		expires := rec.RetireAt.Add(r.schedule(rec.Use).Keep)
		if atOnce {
			expires = at
		}
		if rec.ExpiresAt.IsZero() || rec.ExpiresAt.After(expires) {
			rec.ExpiresAt = expires
		}
		if rec.RetireAt.Equal(e.rec.RetireAt) && rec.ExpiresAt.Equal(e.rec.ExpiresAt) {
			return nil, nil
		}
		// First the successor, then the end: no crash in between leaves a moment without a key.
		if st := successor(s, e, at); st != nil {
			return st, nil
		}
		return &step{update: &rec}, nil
	})
}

// successor sees to it that another key than e is in use at the time.
func successor(s *snapshot, e *entry, at time.Time) *step {
	var next *entry
	for _, o := range s.entries {
		if o == e || o.rec.Use != e.rec.Use || o.rec.Alg != e.rec.Alg || o.gone(at) || retired(o.rec, at) {
			continue
		}
		if !o.rec.ActiveFrom.After(at) {
			return nil
		}
		if next == nil || o.rec.ActiveFrom.Before(next.rec.ActiveFrom) {
			next = o
		}
	}
	if next == nil {
		return &step{add: &Record{Use: e.rec.Use, Alg: e.rec.Alg, ActiveFrom: at}}
	}
	rec := next.rec
	rec.ActiveFrom = at
	return &step{update: &rec}
}

// Rewrap seals every key under the first master that rests under another one. Unavailable, Internal.
func (r *Ring) Rewrap(ctx context.Context) (rewrapped int, err error) {
	first := r.masters[0].id
	seen := map[string]bool{} // a step may be taken again after a Conflict
	err = r.change(ctx, "keys.Rewrap", func(s *snapshot, now time.Time) (*step, error) {
		for _, e := range s.entries {
			if e.rec.Master != first && !e.gone(now) {
				rec := e.rec
				seen[rec.ID] = true
				return &step{update: &rec, rewrap: true}, nil
			}
		}
		return nil, nil
	})
	if err != nil {
		return 0, err
	}
	return len(seen), nil
}

// Maintain does what the schedule asks for: makes successors, marks the keys they have followed, shreds those that are gone. It
// asks the database only when there is something to do. Call it on every node about every minute. Unavailable, Internal.
func (r *Ring) Maintain(ctx context.Context) error {
	if st, err := r.due(r.current(), r.now()); err != nil || st == nil {
		return err
	}
	return r.change(ctx, "keys.Maintain", r.due)
}

// due gives the next step of the schedule.
func (r *Ring) due(s *snapshot, now time.Time) (*step, error) {
	for _, e := range s.entries {
		rec := e.rec
		if rec.Use == Index {
			continue
		}
		if e.gone(now) {
			if len(rec.Sealed) > 0 && gone(rec, now) {
				rec.Sealed = nil
				return &step{update: &rec}, nil
			}
			continue
		}
		inUse := choose(s.entries, rec.Use, rec.Alg, now)
		if inUse == nil {
			// Retired without a successor: a store that was changed by hand.
			return &step{add: &Record{Use: rec.Use, Alg: rec.Alg, ActiveFrom: now}}, nil
		}
		if e != inUse {
			if st := r.followed(rec, inUse.rec, now); st != nil {
				return st, nil
			}
			continue
		}
		if at, ok := r.follow(e, now); ok && waiting(s, rec.Use, rec.Alg, now) == nil {
			return &step{add: &Record{Use: rec.Use, Alg: rec.Alg, ActiveFrom: at}}, nil
		}
	}
	return nil, nil
}

// followed writes down when a key went out of use, once its successor is in use.
func (r *Ring) followed(rec, by Record, now time.Time) *step {
	switch {
	case rec.ActiveFrom.After(by.ActiveFrom): // waiting
	case !rec.RetireAt.IsZero():
	case rec.ActiveFrom.Before(by.ActiveFrom):
		rec.RetireAt = by.ActiveFrom
	default:
		rec.RetireAt = now // two keys of the same time; the one not chosen goes
	}
	if rec.RetireAt.IsZero() || !rec.ExpiresAt.IsZero() {
		return nil
	}
	rec.ExpiresAt = rec.RetireAt.Add(r.schedule(rec.Use).Keep)
	return &step{update: &rec}
}

// follow tells whether it is time to make the successor of a key in use, and from when that one is in use.
func (r *Ring) follow(e *entry, now time.Time) (time.Time, bool) {
	plan := r.schedule(e.rec.Use)
	if e.seals != nil && e.seals.Load() >= sealsSoft {
		return now.Add(r.settle), true
	}
	end := e.rec.ActiveFrom.Add(plan.Active)
	if now.Before(end.Add(-plan.Ahead)) {
		return time.Time{}, false
	}
	if ahead := now.Add(plan.Ahead); ahead.After(end) {
		end = ahead // late: the relying parties still get their time
	}
	return end, true
}

func (r *Ring) schedule(use Use) Schedule {
	switch use {
	case Seal:
		return r.seal
	case SAML:
		return r.saml
	}
	return r.sign
}

func find(s *snapshot, id string) *entry {
	for _, e := range s.entries {
		if e.rec.ID == id {
			return e
		}
	}
	return nil
}

// waiting gives the key that is to follow the one in use, if it is made.
func waiting(s *snapshot, use Use, alg string, now time.Time) *entry {
	inUse := choose(s.entries, use, alg, now)
	for _, e := range s.entries {
		if e != inUse && e.rec.Use == use && e.rec.Alg == alg && !e.gone(now) && e.rec.ActiveFrom.After(now) && !retired(e.rec, e.rec.ActiveFrom) {
			return e
		}
	}
	return nil
}
