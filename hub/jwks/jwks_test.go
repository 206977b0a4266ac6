package jwks_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/hubtest/bubble"
	"onedoor/hub/jwks"
)

// publisher is the party whose keys are fetched; it answers what it is told, and waits where it is told.
type publisher struct {
	calls  int
	status int
	body   string
	wait   time.Duration
}

func (p *publisher) RoundTrip(r *http.Request) (*http.Response, error) {
	p.calls++
	select {
	case <-time.After(p.wait):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	w := &http.Response{StatusCode: p.status, Body: http.NoBody, Header: http.Header{}}
	w.Body = readCloser{strings.NewReader(p.body)}
	return w, nil
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func set(t *testing.T, kids ...string) string {
	t.Helper()
	var out jose.JSONWebKeySet
	for _, kid := range kids {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		out.Keys = append(out.Keys, jose.JSONWebKey{Key: key.Public(), KeyID: kid, Use: "sig", Algorithm: "ES256"})
	}
	text, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSetsAreFetchedSeldom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{status: 200, body: set(t, "a")}
		s, err := jwks.New(&http.Client{Transport: p}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		get := func(again bool) ([]jose.JSONWebKey, error) {
			set, _, err := s.Get(t.Context(), "https://party.example/jwks", again)
			if err != nil {
				return nil, err
			}
			return set.Keys, nil
		}
		for range 3 {
			if keys, err := get(false); err != nil || len(keys) != 1 || p.calls != 1 {
				t.Fatalf("%d keys, %v, %d calls", len(keys), err, p.calls)
			}
		}
		for range 5 { // forged kids
			if _, err := get(true); err != nil || p.calls != 1 {
				t.Fatalf("%v, %d calls", err, p.calls)
			}
		}
		bubble.Pass(time.Minute)
		p.body = set(t, "a", "b")
		if keys, _ := get(true); len(keys) != 2 || p.calls != 2 {
			t.Fatalf("a new key is not found: %d keys, %d calls", len(keys), p.calls)
		}
		p.status = 500
		bubble.Pass(23 * time.Hour)
		if keys, err := get(false); err != nil || len(keys) != 2 {
			t.Fatalf("a party that is down shuts itself out: %v", err)
		}
		bubble.Pass(2 * time.Hour)
		if _, err := get(false); !errors.Is(err, hub.Unavailable) {
			t.Fatalf("keys of yesterday are believed: %v", err)
		}
	})
}

// Whoever hangs up must not use up the one attempt in a minute.
func TestAFetchOutlivesWhoAskedForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{status: 200, body: set(t, "a"), wait: 2 * time.Second}
		s, err := jwks.New(&http.Client{Transport: p}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		if _, _, err := s.Get(hasty, "https://party.example/jwks", false); !errors.Is(err, hub.Unavailable) || time.Since(begin) != time.Second {
			t.Fatalf("%v after %s", err, time.Since(begin))
		}
		if set, _, err := s.Get(t.Context(), "https://party.example/jwks", false); err != nil || len(set.Keys) != 1 || p.calls != 1 {
			t.Fatalf("%v, %d calls", err, p.calls)
		}
		p.wait = time.Hour // a party that never ends
		if _, _, err := s.Get(t.Context(), "https://other.example/jwks", false); !errors.Is(err, hub.Unavailable) {
			t.Fatal(err)
		}
	})
}

func TestWhatIsNoGoodSet(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*publisher{
		"redirect": {status: 302}, "too large": {status: 200, body: set(t, "a") + strings.Repeat(" ", jwks.Largest)}, "no JSON": {status: 200, body: "<html>"},
	} {
		s, err := jwks.New(&http.Client{Transport: p}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Get(t.Context(), "https://party.example/jwks", false); !errors.Is(err, hub.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, f := range []func() error{
		func() error { _, err := jwks.New(nil, time.Now); return err },
		func() error { _, err := jwks.New(http.DefaultClient, nil); return err },
	} {
		if !errors.Is(f(), hub.Invalid) {
			t.Error("made without a dependency")
		}
	}
}

func FuzzJWKS(f *testing.F) {
	for _, seed := range []string{
		`{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}`,
		`{"keys":[{"kty":"oct","k":"AA"}]}`, `{"keys":[{}]}`, `{"keys":null}`, `[]`, `{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := jwks.Parse([]byte(text))
		if err != nil {
			return
		}
		for _, k := range set.Keys {
			if !k.IsPublic() || !jwks.Signs(k.Key, "ES256") && !jwks.Signs(k.Key, "PS256") {
				t.Fatalf("taken: %q", text)
			}
		}
	})
}

// A party that is slow keeps only those waiting who ask for its keys, not longer than a fetch may take; and they make one fetch together.
func TestASlowPartyStallsNobodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, quick := &publisher{status: 200, wait: time.Hour}, &publisher{status: 200, body: set(t, "a")}
		s, err := jwks.New(&http.Client{Transport: byHost{"slow.example": slow, "quick.example": quick}}, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		var waiting sync.WaitGroup
		for range 20 {
			waiting.Go(func() {
				if _, _, err := s.Get(t.Context(), "https://slow.example/jwks", false); !errors.Is(err, hub.Unavailable) {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if _, _, err := s.Get(t.Context(), "https://quick.example/jwks", false); err != nil || time.Since(begin) != 0 {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
		waiting.Wait()
		if took := time.Since(begin); took > 5*time.Second || slow.calls != 1 {
			t.Errorf("%s, %d calls", took, slow.calls)
		}
	})
}

type byHost map[string]*publisher

func (b byHost) RoundTrip(r *http.Request) (*http.Response, error) { return b[r.URL.Host].RoundTrip(r) }
