package oidcrp

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/hub"
)

// How often a key set is fetched.
const (
	keysFresh    = 15 * time.Minute // then fetched again: a key that was withdrawn is not trusted for longer
	keysStale    = time.Hour        // the longest without an answer
	keysInterval = 30 * time.Second // between two fetches, whatever key ids come: forged ones must not make us hammer the provider
	maxKeys      = 100
	minRSABits   = 2048
)

// keySet is a provider's JWK Set (RFC 7517) with bounded fetches.
type keySet struct {
	address string
	clock   hub.Clock
	now     atomic.Pointer[keys]
	turn    chan struct{} // holds one: who fetches
	tried   time.Time     // guarded by turn
	failure error         // of the last attempt; guarded by turn
}

type keys struct {
	list  []jose.JSONWebKey
	unfit []string // ids of published keys that nobody may rely on
	at    time.Time
}

func newKeySet(address string, clock hub.Clock) *keySet {
	return &keySet{address: address, clock: clock, turn: make(chan struct{}, 1)}
}

// verifier checks signatures of one call with a key set, and remembers why it could not: go-oidc keeps the text of an error only.
type verifier struct {
	c    *Connector
	p    federation.Provider
	set  *keySet
	algs []jose.SignatureAlgorithm
	err  error
}

// VerifySignature makes verifier an oidc.KeySet.
func (v *verifier) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	payload, err := v.verify(ctx, raw)
	v.err = err
	return payload, err
}

func (v *verifier) verify(ctx context.Context, raw string) ([]byte, error) {
	const op = "oidcrp.verify"
	jws, err := jose.ParseSignedCompact(raw, v.algs)
	if err != nil || len(jws.Signatures) != 1 {
		return nil, hub.E(op, hub.Refused, federation.IDTokenMalformed)
	}
	known, err := v.set.get(ctx, v.c, v.p, nil)
	if err != nil {
		return nil, err
	}
	if payload, ok := known.verify(jws); ok {
		return payload, nil
	}
	// An unknown key, or one that was replaced under the same id: ask once more, as often as the interval bears.
	again, err := v.set.get(ctx, v.c, v.p, known)
	if err != nil {
		return nil, err
	}
	if again != known {
		if payload, ok := again.verify(jws); ok {
			return payload, nil
		}
	}
	if id := jws.Signatures[0].Protected.KeyID; slices.Contains(again.unfit, id) {
		return nil, hub.E(op, hub.Refused, federation.KeysUnfit)
	}
	return nil, hub.E(op, hub.Refused, federation.IDTokenSignature)
}

// get gives the keys. not names a state that did not serve: then a newer one is fetched if the interval allows, and not is
// given again if it does not.
func (k *keySet) get(ctx context.Context, c *Connector, p federation.Provider, not *keys) (*keys, error) {
	const op = "oidcrp.keys"
	now := c.clock()
	known := k.now.Load()
	if known != nil && known != not && now.Sub(known.at) < keysFresh {
		return known, nil
	}
	select {
	case k.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, hub.E(op, hub.Unavailable, network(ctx, ctx.Err()))
	}
	defer func() { <-k.turn }()
	if newer := k.now.Load(); newer != known {
		return newer, nil // another caller fetched while this one waited
	}
	usable := known != nil && now.Sub(known.at) < keysStale
	if !k.tried.IsZero() && now.Sub(k.tried) < keysInterval {
		if usable {
			return known, nil
		}
		if k.failure != nil {
			return nil, k.failure
		}
		return nil, hub.E(op, hub.Unavailable, federation.KeysUnavailable)
	}
	fetched, err := k.fetch(ctx, c, p)
	if err != nil {
		if ctx.Err() == nil {
			k.tried, k.failure = now, err
		}
		if usable {
			return known, nil
		}
		return nil, err
	}
	k.tried, k.failure = now, nil
	k.now.Store(fetched)
	return fetched, nil
}

func (k *keySet) fetch(ctx context.Context, c *Connector, p federation.Provider) (*keys, error) {
	const op = "oidcrp.keys"
	got, err := c.get(ctx, op, p, k.address, maxKeySet, "")
	if err != nil {
		return nil, err
	}
	if got.status != http.StatusOK {
		return nil, statusFailure(op, got.status)
	}
	if _, err := c.object(op, p, got); err != nil {
		return nil, err
	}
	found, ok := parseKeys(got.body)
	if !ok {
		return nil, hub.E(op, hub.Refused, federation.ResponseMalformed)
	}
	found.at = k.clock()
	return found, nil
}

// parseKeys reads a JWK Set and keeps what can check a signature: public keys for signatures, RSA of 2048 bits or more (the library takes 4096 at most). A key
// of an unknown kind is passed over (RFC 7517 section 5).
func parseKeys(body []byte) (*keys, bool) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(body, &set) != nil || len(set.Keys) > maxKeys {
		return nil, false
	}
	found := &keys{}
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		switch {
		case key.UnmarshalJSON(raw) != nil || key.Use != "" && key.Use != "sig":
		case !key.Valid() || !key.IsPublic() || !strong(key.Key):
			found.unfit = append(found.unfit, key.KeyID)
		default:
			found.list = append(found.list, key)
		}
	}
	return found, true
}

func strong(key any) bool {
	r, isRSA := key.(*rsa.PublicKey)
	return !isRSA || r.N.BitLen() >= minRSABits && r.E >= 3 && r.E%2 == 1
}

// verify tries the keys with the token's key id, or all where it names none.
func (k *keys) verify(jws *jose.JSONWebSignature) ([]byte, bool) {
	header := jws.Signatures[0].Protected
	for i := range k.list {
		key := &k.list[i]
		if header.KeyID != "" && key.KeyID != header.KeyID || key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := jws.Verify(key); err == nil {
			return payload, true
		}
	}
	return nil, false
}
