package metadata_test

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"onedoor/federation/metadata"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
)

// shelf keeps copies in memory, as the database does for the next process.
type shelf struct {
	mu   sync.Mutex
	kept map[string][]byte
	err  error
	n    int
}

func (s *shelf) Keep(_ context.Context, location string, document []byte, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n++; s.err != nil {
		return s.err
	}
	s.kept = map[string][]byte{location: append([]byte(nil), document...)}
	return nil
}

func (s *shelf) Copy(_ context.Context, location string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.kept[location]; ok {
		return b, nil
	}
	return nil, hub.E("test", hub.NotFound, nil)
}

// next gives a cache as the next process has it: with the copies and nothing else.
func (r *rig) next(t *testing.T, s *shelf) {
	t.Helper()
	var err error
	r.Cache, err = metadata.New(metadata.Options{HTTP: oneshot.Client(), Clock: r.clock.now, Log: slog.New(slog.DiscardHandler), Copies: s})
	if err != nil {
		t.Fatal(err)
	}
}

// The last good document outlives a restart while its address is away; it is verified again, and counts until its own end only.
func TestTheLastGoodCopyOutlivesARestart(t *testing.T) {
	t.Parallel()
	r, s := newRig(t, describe(t, federationKey(), nil, oldKey())), &shelf{}
	r.next(t, s)
	r.keys(t)
	for name, gone := range map[string]func(){
		"away":          func() { r.site.set(nil, "", http.StatusBadGateway) },
		"nonsense":      func() { r.site.set([]byte("<html>"), "", 0) },
		"somebody else": func() { r.site.set(describe(t, rogue(), nil, newKey()), "", 0) },
	} {
		gone()
		r.next(t, s)
		e, err := r.Entity(t.Context(), r.source, peer)
		if err != nil || len(e.IDP.Keys) != 1 {
			t.Fatalf("%s: %v", name, err)
		}
		if s.n != 1 {
			t.Errorf("%s: kept %d times", name, s.n)
		}
	}
	hits := r.site.hits.Load()
	if _, err := r.Entity(t.Context(), r.source, peer); err != nil || r.site.hits.Load() != hits {
		t.Errorf("a copy that counts makes people wait: %v", err)
	}
	r.site.set(describe(t, federationKey(), nil, newKey(), oldKey()), "", 0) // back
	r.clock.add(time.Minute)
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e, err := r.Entity(t.Context(), r.source, peer); err != nil || len(e.IDP.Keys) != 2 || s.n != 2 {
		t.Errorf("%v, kept %d times", err, s.n)
	}

	r.site.set(nil, "", http.StatusBadGateway)
	kept := s.kept[r.source.URL]
	for name, c := range map[string]struct {
		change func()
		pins   []*x509.Certificate
	}{
		"changed on the shelf": {func() { s.kept[r.source.URL] = append([]byte(nil), describe(t, rogue(), nil, newKey())...) }, r.source.Pins},
		"another pin":          {func() {}, []*x509.Certificate{rogue().Certificate()}},
		"cut off":              {func() { s.kept[r.source.URL] = kept[:len(kept)/2] }, r.source.Pins},
	} {
		s.kept[r.source.URL] = kept
		c.change()
		r.next(t, s)
		if _, err := r.Entity(t.Context(), metadata.Source{URL: r.source.URL, Pins: c.pins}, peer); !errors.Is(err, hub.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.kept[r.source.URL] = kept
	r.clock.add(8 * 24 * time.Hour)
	r.next(t, s)
	if _, err := r.Entity(t.Context(), r.source, peer); !errors.Is(err, hub.Unavailable) {
		t.Errorf("past its end: %v", err)
	}
}

// A shelf that fails costs nothing but the copy.
func TestACopyThatCantBeKeptStopsNobody(t *testing.T) {
	t.Parallel()
	r, s := newRig(t, describe(t, federationKey(), nil, oldKey())), &shelf{err: hub.E("test", hub.Unavailable, nil)}
	r.next(t, s)
	r.keys(t)
}

// SES-22: whoever sends answers that fit no key makes the source be asked once a minute, not more.
func TestSES22_RenewalsAreOnceAMinute(t *testing.T) {
	t.Parallel()
	r := newRig(t, describe(t, federationKey(), nil, oldKey()))
	r.keys(t)
	for range 600 { // ten minutes
		r.clock.add(time.Second)
		if _, err := r.Renew(t.Context(), r.source); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.site.hits.Load(); n < 10 || n > 12 {
		t.Errorf("%d fetches in ten minutes", n)
	}
	r.clock.add(time.Minute)
	r.site.set(describe(t, federationKey(), nil, newKey()), "", 0)
	if changed, err := r.Renew(t.Context(), r.source); !changed || err != nil {
		t.Errorf("a new key is not learnt: %v, %v", changed, err)
	}
}
