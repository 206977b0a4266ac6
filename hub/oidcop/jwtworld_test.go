package oidcop_test

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/oidcop"
	"onedoor/hub/token"
)

// keyring is what the tests need of keys.
type keyring interface {
	oidcop.Keys
	token.JWTKeys
}

// VerifyJWT is that of hub/keys, over the tests' own keys.
func (r *ring) VerifyJWT(typ, raw string) ([]byte, error) {
	bad := hub.Errorf("ring", hub.Invalid, "not a JWT of ours")
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{"ES256", "RS256", "PS256"})
	if err != nil {
		return nil, bad
	}
	head := jws.Signatures[0].Protected
	key := r.private[head.Algorithm]
	if head.KeyID != "k"+head.Algorithm || head.ExtraHeaders[jose.HeaderType] != typ || key == nil {
		return nil, bad
	}
	payload, err := jws.Verify(key.Public())
	if err != nil {
		return nil, bad
	}
	return payload, nil
}

// statuses is a token.StatusStore in memory.
type statuses struct {
	mu  sync.Mutex
	all []token.StatusEntry
}

func (s *statuses) Add(_ context.Context, e token.StatusEntry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, e)
	return nil
}

func (s *statuses) Entries(_ context.Context, list string, now time.Time) ([]token.StatusEntry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.all), func(e token.StatusEntry) bool { return e.List != list || !e.ExpiresAt.After(now) }), nil
}

// direct is a lease of next to no length: it asks each time.
type direct struct {
	token.Revocations
	now func() time.Duration
}

func (d direct) Limit() time.Duration { return time.Nanosecond }

func (d direct) FromMemory(all []token.Verdict) (time.Duration, bool) {
	d.EndedAll(context.Background(), all)
	return d.now(), !slices.ContainsFunc(all, func(v token.Verdict) bool { return hub.KindOf(v.Err) == hub.Unavailable })
}

func (w *world) jwts(b backing, keys keyring) (*token.StatusLists, *token.JWTs) {
	elapsed := func() time.Duration { return w.clock.now().Sub(time.Unix(0, 0)) }
	lists, err := token.NewStatusLists(token.StatusOptions{
		Store: b.statuses, Memory: direct{b.revocations, elapsed}, URI: w.issuer() + oidcop.StatusListPath, Elapsed: elapsed,
		Sign:  func(typ string, claims any) (string, error) { return keys.SignJWT("ES256", typ, claims) },
		Clock: w.clock.now, Random: rand.Reader,
	})
	must(err)
	jwts, err := token.NewJWTs(token.JWTOptions{
		Issuer: w.issuer(), Keys: keys, Sealing: theRing(), Statuses: lists, Clock: w.clock.now, Random: rand.Reader,
	})
	must(err)
	return lists, jwts
}

// agreed is the person's word: everything but what is refused.
func (x *rooms) agreed(_ context.Context, _ hub.AccountID, system hub.SystemID, wanted []hub.AttributeName, _ hub.Level) ([]hub.AttributeName, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.unheard != nil {
		return nil, x.unheard
	}
	return slices.DeleteFunc(slices.Clone(wanted), func(n hub.AttributeName) bool { return slices.Contains(x.refused[system], n) }), nil
}
