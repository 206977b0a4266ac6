// Package jwks fetches the public keys that other parties publish (JWK Sets, RFC 7517) and keeps them: with limits on size, time and
// frequency, so that forged key ids make nobody hammer a party, and a party that is down for an hour shuts nobody out. It owns which keys
// are good enough. It does not own whom to ask or what a signature is worth.
package jwks

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// Bounds of what is fetched and kept.
const (
	Largest = 64 << 10         // bytes of a set
	most    = 32               // keys in one set
	sets    = 10_000           // kept in memory
	life    = 10 * time.Minute // until a set is fetched again
	pause   = time.Minute      // least time between two fetches of one set, whatever kids are asked for
	stale   = 24 * time.Hour   // how long an old set serves where no new one can be had
	timeout = 5 * time.Second
)

// Sets are the sets that were fetched, by address. It is safe for concurrent use.
type Sets struct {
	http  *http.Client
	clock hub.Clock

	mu    sync.Mutex
	known map[string]*remote
}

type remote struct {
	turn    chan struct{} // holds one: who fetches; the others wait for what it brings
	set     *jose.JSONWebKeySet
	fetched time.Time // of the set
	tried   time.Time
}

// New needs both: the client (hub/outbound) and the clock. Invalid.
func New(client *http.Client, clock hub.Clock) (*Sets, error) {
	if client == nil || clock == nil {
		return nil, hub.Errorf("jwks.New", hub.Invalid, "client and clock are required")
	}
	return &Sets{http: client, clock: clock, known: map[string]*remote{}}, nil
}

// Get gives the set at an address; again asks for a newer one. Fresh is true where it has been fetched just now, or could not be fetched
// again so soon. Unavailable where it can't be had, or not before ctx ends.
func (s *Sets) Get(ctx context.Context, address string, again bool) (set *jose.JSONWebKeySet, fresh bool, err error) {
	const op = "jwks.Get"
	r := s.at(address)
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, false, hub.E(op, hub.Unavailable, ctx.Err())
	}
	due := r.set == nil || again || s.clock().Sub(r.fetched) >= life
	if !due {
		defer func() { <-r.turn }()
		return r.set, false, nil
	}
	// The fetch does not end with the question that is in want of the keys: whoever sends a signature and hangs up would else use up the
	// one attempt in a minute, again and again, and shut the others out.
	type result struct {
		set *jose.JSONWebKeySet
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-r.turn }()
		set, err := s.renew(context.WithoutCancel(ctx), r, address)
		done <- result{set, err}
	}()
	select {
	case got := <-done:
		return got.set, true, got.err
	case <-ctx.Done():
		return nil, false, hub.E(op, hub.Unavailable, ctx.Err())
	}
}

func (s *Sets) at(address string) *remote {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.known[address]
	if r == nil {
		if len(s.known) >= sets {
			clear(s.known)
		}
		r = &remote{turn: make(chan struct{}, 1)}
		s.known[address] = r
	}
	return r
}

// renew fetches if it may, and gives the set to use. The caller has the turn.
func (s *Sets) renew(ctx context.Context, r *remote, address string) (*jose.JSONWebKeySet, error) {
	var err error
	now := s.clock()
	if soon := !r.tried.IsZero() && now.Sub(r.tried) < pause; !soon {
		r.tried = now
		var set *jose.JSONWebKeySet
		if set, err = s.fetch(ctx, address); err == nil {
			r.set, r.fetched = set, now
			return set, nil
		}
	}
	if r.set != nil && now.Sub(r.fetched) < stale {
		return r.set, nil
	}
	if err == nil {
		err = hub.Errorf("jwks.Get", hub.Unavailable, "the keys could not be fetched just before")
	}
	return nil, err
}

func (s *Sets) fetch(ctx context.Context, address string) (*jose.JSONWebKeySet, error) {
	const op = "jwks.Get"
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, hub.Errorf(op, hub.Internal, "not an address")
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, hub.Errorf(op, hub.Unavailable, "the keys can't be fetched")
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	if resp.StatusCode != http.StatusOK {
		return nil, hub.Errorf(op, hub.Unavailable, "the keys can't be fetched: not status 200")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, Largest+1))
	if err != nil || len(body) > Largest {
		return nil, hub.Errorf(op, hub.Unavailable, "the keys can't be fetched: cut off or too large")
	}
	set, err := Parse(body)
	if err != nil {
		return nil, hub.Errorf(op, hub.Unavailable, "the keys can't be read")
	}
	return set, nil
}

// Parse reads a JWK Set. Keys of kinds that we don't know are left out (RFC 7517 section 5); so are weak and private ones. Invalid.
func Parse(text []byte) (*jose.JSONWebKeySet, error) {
	const op = "jwks.Parse"
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &raw); err != nil || len(raw.Keys) > most {
		return nil, hub.Errorf(op, hub.Invalid, "not a JWK Set of moderate size")
	}
	set := &jose.JSONWebKeySet{}
	for _, r := range raw.Keys {
		var j jose.JSONWebKey
		if j.UnmarshalJSON(r) != nil || !j.Valid() || !j.IsPublic() {
			continue
		}
		switch key := j.Key.(type) {
		case *ecdsa.PublicKey:
			if key.Curve != elliptic.P256() {
				continue
			}
		case *rsa.PublicKey:
			if n := key.N.BitLen(); n < 2048 || n > 8192 {
				continue
			}
		default:
			continue
		}
		set.Keys = append(set.Keys, j)
	}
	return set, nil
}

// Signs reports whether a public key belongs to a signature algorithm: ES256, PS256, RS256.
func Signs(key any, alg string) bool {
	switch key.(type) {
	case *ecdsa.PublicKey:
		return alg == "ES256"
	case *rsa.PublicKey:
		return alg == "PS256" || alg == "RS256"
	}
	return false
}

// For lists the keys of a set that may have made a signature with this algorithm and kid ("" for none stated).
func For(set *jose.JSONWebKeySet, alg, kid string) (out []jose.JSONWebKey) {
	for _, j := range set.Keys {
		if (kid == "" || j.KeyID == kid) && j.Use != "enc" && (j.Algorithm == "" || j.Algorithm == alg) && Signs(j.Key, alg) {
			out = append(out, j)
		}
	}
	return out
}
