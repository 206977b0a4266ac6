package oidcrp_test

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"onedoor/hub/keys"
)

// keyStore keeps keys for the time of the tests.
type keyStore struct {
	mu      sync.Mutex
	records []keys.Record
}

func (s *keyStore) List(context.Context) ([]keys.Record, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]keys.Record(nil), s.records...), int64(len(s.records)), nil
}

func (s *keyStore) Version(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.records)), nil
}

func (s *keyStore) Add(_ context.Context, r keys.Record, _ int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = append(s.records, r)
	return nil
}

func (s *keyStore) Update(context.Context, keys.Record, int64) error { panic("no key is changed here") }

// ownKeys are the hub's keys, the real ones, for all tests: RSA keys take long to make.
var ownKeys = sync.OnceValue(func() *keys.Ring {
	ctx := context.Background()
	master, err := keys.ParseMaster(keys.GenerateMaster(rand.Reader))
	must(err)
	ring, err := keys.Open(ctx, keys.Options{Store: &keyStore{}, Masters: keys.Masters{master}, Clock: time.Now, Random: rand.Reader})
	must(err)
	must(ring.EnsureDecryption(ctx, keys.RSAOAEP256))
	must(ring.EnsureDecryption(ctx, keys.ECDHES))
	must(ring.Ensure(ctx, keys.PS256))
	return ring
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func signOwn(alg string, claims any) (string, error) { return ownKeys().SignJWT(alg, "JWT", claims) }
