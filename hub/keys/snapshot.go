package keys

import (
	"encoding/json"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// snapshot is everything a reader needs, worked out for one version of the list and one stretch of time. It is never changed.
type snapshot struct {
	version int64
	entries []*entry // all, oldest first; those that are gone have no key
	until   time.Time

	active  map[string]*entry // signing key in use, by algorithm
	verify  []VerificationKey
	jwks    []byte
	sealing *entry
	opening map[string]*entry
	decrypt []*entry // that open, the one in use first
	prk     []byte
}

// farAway stands for "no change ahead".
var farAway = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// build works out a snapshot for the time now.
func build(entries []*entry, version int64, now time.Time) (*snapshot, error) {
	s := &snapshot{
		version: version, entries: entries, until: farAway,
		active: map[string]*entry{}, opening: map[string]*entry{},
	}
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, e := range entries {
		for _, t := range []time.Time{e.rec.ActiveFrom, e.rec.RetireAt, e.rec.ExpiresAt} {
			if t.After(now) && t.Before(s.until) {
				s.until = t
			}
		}
		if e.gone(now) {
			continue
		}
		switch e.rec.Use {
		case Sign:
			// Published from the day it is made, so that every relying party knows it before it signs, until nothing
			// it has signed can still be shown.
			set.Keys = append(set.Keys, e.jwk)
			s.verify = append(s.verify, VerificationKey{KeyID: e.rec.ID, Alg: e.rec.Alg, Key: e.jwk.Key})
			if _, done := s.active[e.rec.Alg]; !done {
				if a := choose(entries, Sign, e.rec.Alg, now); a != nil {
					s.active[e.rec.Alg] = a
				}
			}
		case Decrypt:
			// Only the one in use is published: a provider takes any key that it finds, and one that is retired must
			// come to rest. All of them open what providers made with a set they had kept.
			if choose(entries, Decrypt, e.rec.Alg, now) == e {
				set.Keys = append(set.Keys, e.jwk)
				s.decrypt = append([]*entry{e}, s.decrypt...)
				break
			}
			s.decrypt = append(s.decrypt, e)
		case Seal:
			s.opening[e.rec.ID] = e
		case Index:
			if s.prk == nil {
				s.prk = e.prk
			}
		}
	}
	s.sealing = choose(entries, Seal, A256GCM, now)
	var err error
	if s.jwks, err = json.Marshal(set); err != nil {
		return nil, hub.E("keys.build", hub.Internal, err)
	}
	return s, nil
}

// choose gives the key in use: of those whose time has come and that are not retired, the one whose time came last. Where
// there is none but one is waiting, that one serves: its maker's clock is ahead of ours, and it is published already.
func choose(entries []*entry, use Use, alg string, now time.Time) *entry {
	var best, waiting *entry
	for _, e := range entries {
		if e.rec.Use != use || e.rec.Alg != alg || e.gone(now) || retired(e.rec, now) {
			continue
		}
		if e.rec.ActiveFrom.After(now) {
			if waiting == nil || e.rec.ActiveFrom.Before(waiting.rec.ActiveFrom) {
				waiting = e
			}
			continue
		}
		if best == nil || !e.rec.ActiveFrom.Before(best.rec.ActiveFrom) {
			best = e
		}
	}
	if best == nil {
		return waiting
	}
	return best
}

// gone reports whether a key's time is over or its private part is shredded. Time does not end an index key.
func gone(r Record, now time.Time) bool {
	return len(r.Sealed) == 0 || (r.Use != Index && !r.ExpiresAt.IsZero() && !now.Before(r.ExpiresAt))
}

// gone also holds for a key that was gone when it was loaded, should the clock be set back.
func (e *entry) gone(now time.Time) bool {
	return gone(e.rec, now) || (e.signer == nil && e.aead == nil && e.prk == nil)
}

func retired(r Record, now time.Time) bool { return !r.RetireAt.IsZero() && !now.Before(r.RetireAt) }

// State tells where a key stands in its life.
type State string

// The states.
const (
	Pending State = "pending" // published, not yet in use
	Active  State = "active"  // signs or seals
	Retired State = "retired" // only verifies or opens
	Gone    State = "gone"    // expired; its private part is shredded
)

// Info is what may be told of a key.
type Info struct {
	ID         string
	Use        Use
	Alg        string
	State      State
	Master     string // fingerprint of the master key it rests under
	CreatedAt  time.Time
	ActiveFrom time.Time
	RetireAt   time.Time // zero: none set
	ExpiresAt  time.Time // zero: none set
}

func describe(s *snapshot, e *entry, now time.Time) Info {
	r := e.rec
	info := Info{
		ID: r.ID, Use: r.Use, Alg: r.Alg, Master: r.Master, State: Retired,
		CreatedAt: r.CreatedAt, ActiveFrom: r.ActiveFrom, RetireAt: r.RetireAt, ExpiresAt: r.ExpiresAt,
	}
	switch {
	case e.gone(now):
		info.State = Gone
	case r.Use == Index || choose(s.entries, r.Use, r.Alg, now) == e:
		info.State = Active
	case !retired(r, now) && r.ActiveFrom.After(now):
		info.State = Pending
	}
	return info
}
