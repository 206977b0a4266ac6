package oidcop

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// Bounds of the keys that clients publish.
const (
	largestJWKS   = 64 << 10         // bytes
	mostJWKs      = 32               // keys in one set
	mostKeySets   = 10_000           // sets kept in memory
	keySetLife    = 10 * time.Minute // until a set at a jwks_uri is fetched again
	keySetPause   = time.Minute      // least time between two fetches of one set, whatever kids are asked for
	keySetStale   = 24 * time.Hour   // how long an old set serves where no new one can be had
	keySetTimeout = 5 * time.Second
)

// clientKeys finds the public keys of clients: those in the register, parsed once, and those at a jwks_uri, fetched when needed with
// limits on size, time and frequency. A kid that nobody knows makes no more than one fetch a minute, however often it comes.
type clientKeys struct {
	http  *http.Client
	clock hub.Clock

	mu     sync.Mutex
	inline map[string]*jose.JSONWebKeySet // by text
	remote map[string]*remoteKeys         // by address
}

type remoteKeys struct {
	mu      sync.Mutex // held during a fetch, so that callers wait for one instead of doing their own
	set     *jose.JSONWebKeySet
	fetched time.Time // of the set
	tried   time.Time
}

func newClientKeys(c *http.Client, clock hub.Clock) *clientKeys {
	return &clientKeys{http: c, clock: clock, inline: map[string]*jose.JSONWebKeySet{}, remote: map[string]*remoteKeys{}}
}

// find gives the keys of a client that may have made a signature with this algorithm and kid ("" for none stated). NotFound where
// there is none; Unavailable where they can't be had now.
func (k *clientKeys) find(ctx context.Context, c Client, alg, kid string) ([]jose.JSONWebKey, error) {
	return k.choose(ctx, c, func(j jose.JSONWebKey) bool {
		return (kid == "" || j.KeyID == kid) && j.Use != "enc" && (j.Algorithm == "" || j.Algorithm == alg) && signs(j.Key, alg)
	})
}

// recipient gives the client's key that the key encryption algorithm fits: one meant for it before one that is not told.
func (k *clientKeys) recipient(ctx context.Context, c Client, alg string) (jose.JSONWebKey, error) {
	fit, err := k.choose(ctx, c, func(j jose.JSONWebKey) bool {
		return j.Use != "sig" && (j.Algorithm == "" || j.Algorithm == alg) && opens(j.Key, alg)
	})
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	slices.SortStableFunc(fit, func(a, b jose.JSONWebKey) int { return points(b) - points(a) })
	return fit[0], nil
}

func points(j jose.JSONWebKey) (n int) {
	if j.Use == "enc" {
		n += 2
	}
	if j.Algorithm != "" {
		n++
	}
	return n
}

func (k *clientKeys) choose(ctx context.Context, c Client, fits func(jose.JSONWebKey) bool) ([]jose.JSONWebKey, error) {
	const op = "oidcop.clientKeys"
	pick := func(set *jose.JSONWebKeySet) (out []jose.JSONWebKey) {
		for _, j := range set.Keys {
			if fits(j) {
				out = append(out, j)
			}
		}
		return out
	}
	var found []jose.JSONWebKey
	switch {
	case c.JWKS != "":
		set, err := k.registered(c.JWKS)
		if err != nil {
			return nil, err
		}
		found = pick(set)
	case c.JWKSURI != "":
		set, fresh, err := k.published(ctx, c.JWKSURI, false)
		if err != nil {
			return nil, err
		}
		if found = pick(set); len(found) == 0 && !fresh { // perhaps it has changed its keys
			if set, _, err = k.published(ctx, c.JWKSURI, true); err != nil {
				return nil, err
			}
			found = pick(set)
		}
	}
	if len(found) == 0 {
		return nil, hub.Errorf(op, hub.NotFound, "the client has no such key")
	}
	return found, nil
}

func (k *clientKeys) registered(text string) (*jose.JSONWebKeySet, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if set := k.inline[text]; set != nil {
		return set, nil
	}
	set, err := parseJWKS([]byte(text))
	if err != nil {
		return nil, err
	}
	if len(k.inline) >= mostKeySets {
		clear(k.inline)
	}
	k.inline[text] = set
	return set, nil
}

// published gives the set at an address; again asks for a newer one. Fresh is true where it has been fetched just now, or could not be
// fetched again so soon.
func (k *clientKeys) published(ctx context.Context, address string, again bool) (set *jose.JSONWebKeySet, fresh bool, err error) {
	k.mu.Lock()
	r := k.remote[address]
	if r == nil {
		if len(k.remote) >= mostKeySets {
			clear(k.remote)
		}
		r = &remoteKeys{}
		k.remote[address] = r
	}
	k.mu.Unlock()

	r.mu.Lock()
	defer r.mu.Unlock()
	now := k.clock()
	due := r.set == nil || again || now.Sub(r.fetched) >= keySetLife
	if !due {
		return r.set, false, nil
	}
	if soon := !r.tried.IsZero() && now.Sub(r.tried) < keySetPause; !soon {
		r.tried = now
		if set, err = k.fetch(ctx, address); err == nil {
			r.set, r.fetched = set, now
			return set, true, nil
		}
	}
	if r.set != nil && now.Sub(r.fetched) < keySetStale {
		return r.set, true, nil
	}
	if err == nil {
		err = hub.Errorf("oidcop.clientKeys", hub.Unavailable, "the client's keys could not be fetched just before")
	}
	return nil, false, err
}

// fetch does not end with the request that is in want of the keys: whoever sends a signature and hangs up would else use up the one
// attempt in a minute, again and again, and shut the client out.
func (k *clientKeys) fetch(ctx context.Context, address string) (*jose.JSONWebKeySet, error) {
	const op = "oidcop.clientKeys"
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keySetTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, hub.Errorf(op, hub.Internal, "not an address")
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	resp, err := k.http.Do(req)
	if err != nil {
		return nil, hub.Errorf(op, hub.Unavailable, "the client's keys can't be fetched")
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	if resp.StatusCode != http.StatusOK {
		return nil, hub.Errorf(op, hub.Unavailable, "the client's keys can't be fetched: not status 200")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestJWKS+1))
	if err != nil || len(body) > largestJWKS {
		return nil, hub.Errorf(op, hub.Unavailable, "the client's keys can't be fetched: cut off or too large")
	}
	set, err := parseJWKS(body)
	if err != nil {
		return nil, hub.Errorf(op, hub.Unavailable, "the client's keys can't be read")
	}
	return set, nil
}

// parseJWKS reads a JWK Set. Keys of kinds that we don't know are left out (RFC 7517 section 5); so are weak and private ones. Invalid.
func parseJWKS(text []byte) (*jose.JSONWebKeySet, error) {
	const op = "oidcop.parseJWKS"
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &raw); err != nil || len(raw.Keys) > mostJWKs {
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

// signs reports whether a public key belongs to a signature algorithm.
func signs(key any, alg string) bool {
	switch key.(type) {
	case *ecdsa.PublicKey:
		return alg == "ES256"
	case *rsa.PublicKey:
		return alg == "PS256" || alg == "RS256"
	}
	return false
}

// opens reports whether a public key belongs to a key encryption algorithm.
func opens(key any, alg string) bool {
	switch key.(type) {
	case *ecdsa.PublicKey:
		return alg == "ECDH-ES" || alg == "ECDH-ES+A256KW"
	case *rsa.PublicKey:
		return alg == "RSA-OAEP-256"
	}
	return false
}
