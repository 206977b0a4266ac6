package oidcop

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"net/http"
	"slices"
	"sync"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/jwks"
)

// mostKeySets bounds the registered sets that are kept parsed.
const mostKeySets = 10_000

// clientKeys finds the public keys of clients: those in the register, parsed once, and those at a jwks_uri, fetched when needed with
// limits on size, time and frequency. A kid that nobody knows makes no more than one fetch a minute, however often it comes.
type clientKeys struct {
	remote *jwks.Sets

	mu     sync.Mutex
	inline map[string]*jose.JSONWebKeySet // by text
}

func newClientKeys(c *http.Client, clock hub.Clock) (*clientKeys, error) {
	remote, err := jwks.New(c, clock)
	return &clientKeys{remote: remote, inline: map[string]*jose.JSONWebKeySet{}}, err
}

// find gives the keys of a client that may have made a signature with this algorithm and kid ("" for none stated). NotFound where
// there is none; Unavailable where they can't be had now.
func (k *clientKeys) find(ctx context.Context, c Client, alg, kid string) ([]jose.JSONWebKey, error) {
	return k.choose(ctx, c, func(j jose.JSONWebKey) bool {
		return (kid == "" || j.KeyID == kid) && j.Use != "enc" && (j.Algorithm == "" || j.Algorithm == alg) && jwks.Signs(j.Key, alg)
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
		set, fresh, err := k.remote.Get(ctx, c.JWKSURI, false)
		if err != nil {
			return nil, err
		}
		if found = pick(set); len(found) == 0 && !fresh { // perhaps it has changed its keys
			if set, _, err = k.remote.Get(ctx, c.JWKSURI, true); err != nil {
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
	set, err := jwks.Parse([]byte(text))
	if err != nil {
		return nil, err
	}
	if len(k.inline) >= mostKeySets {
		clear(k.inline)
	}
	k.inline[text] = set
	return set, nil
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
