package metadata_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/federation/metadata"
	"onedoor/hub"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/samlmsg"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func identity(name string) func() *samlmsg.Signer {
	return sync.OnceValue(func() *samlmsg.Signer {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0)}
		der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			panic(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		s, err := samlmsg.NewSigner(samlmsg.SignerOptions{Key: key, Certificate: cert, Random: rand.Reader})
		if err != nil {
			panic(err)
		}
		return s
	})
}

var federationKey, oldKey, newKey, rogue = identity("federation"), identity("old"), identity("new"), identity("rogue")

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

const peer = "https://idp.example/metadata"

// describe writes metadata of a provider with these keys.
func describe(t testing.TB, by *samlmsg.Signer, change func(*samlmsg.EntityDescriptor), keys ...*samlmsg.Signer) []byte {
	t.Helper()
	d := samlmsg.EntityDescriptor{
		EntityID: peer, ID: "_m", ValidUntil: noon.AddDate(0, 0, 7), CacheDuration: time.Hour,
		IDP: &samlmsg.IDPSSODescriptor{SingleSignOn: []samlmsg.Endpoint{{Binding: samlmsg.BindingRedirect, Location: "https://idp.example/sso"}}},
	}
	for _, k := range keys {
		d.IDP.Keys = append(d.IDP.Keys, samlmsg.KeyDescriptor{Use: samlmsg.UseSigning, Certificates: []*x509.Certificate{k.Certificate()}})
	}
	if change != nil {
		change(&d)
	}
	raw, err := d.XML(by)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// site serves one document, and counts.
type site struct {
	mu     sync.Mutex
	body   []byte
	etag   string
	status int
	hits   atomic.Int64
	same   atomic.Int64
}

func (s *site) set(body []byte, etag string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.body, s.etag, s.status = body, etag, status
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits.Add(1)
	switch {
	case s.status >= 300 && s.status < 400:
		http.Redirect(w, r, "/elsewhere", s.status)
	case s.status != 0:
		w.WriteHeader(s.status)
	case s.etag != "" && r.Header.Get("If-None-Match") == s.etag:
		s.same.Add(1)
		w.WriteHeader(http.StatusNotModified)
	default:
		if s.etag != "" {
			w.Header().Set("ETag", s.etag)
		}
		_, _ = w.Write(s.body)
	}
}

type rig struct {
	*metadata.Cache
	site   *site
	clock  *clock
	source metadata.Source
}

func newRig(t testing.TB, body []byte) *rig {
	t.Helper()
	r := &rig{site: &site{body: body}, clock: &clock{at: noon}}
	server := httptest.NewServer(r.site)
	t.Cleanup(server.Close)
	var err error
	r.Cache, err = metadata.New(metadata.Options{HTTP: server.Client(), Clock: r.clock.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r.source = metadata.Source{URL: server.URL + "/md", Pins: []*x509.Certificate{federationKey().Certificate()}}
	return r
}

func (r *rig) keys(t testing.TB) int {
	t.Helper()
	e, err := r.Entity(t.Context(), r.source, peer)
	if err != nil {
		t.Fatal(err)
	}
	return len(e.IDP.SigningCertificates())
}

func wantReason(t testing.TB, err error, kind hub.Kind, reason string) {
	t.Helper()
	if !errors.Is(err, kind) || metadata.Reason(err) != reason {
		t.Errorf("got %v, want %s %s", err, kind, reason)
	}
}

func TestLOA03_MetadataIsFetchedOnceAndBroughtUpToDateBehindTheScenes(t *testing.T) {
	t.Parallel()
	r := newRig(t, describe(t, federationKey(), nil, oldKey()))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := r.Entity(t.Context(), r.source, peer); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := r.site.hits.Load(); n != 1 {
		t.Fatalf("%d fetches for 20 callers, want 1", n)
	}
	refresh := func(want int64) {
		t.Helper()
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := r.site.hits.Load(); n != want {
			t.Fatalf("%d fetches, want %d", n, want)
		}
	}
	r.clock.add(59 * time.Minute)
	refresh(1) // cacheDuration is an hour
	r.clock.add(time.Minute)
	r.site.set(describe(t, federationKey(), nil, oldKey(), newKey()), `"2"`, 0)
	refresh(2)
	if n := r.keys(t); n != 2 {
		t.Errorf("%d keys during the rollover, want both", n)
	}
	r.clock.add(time.Hour)
	refresh(3)
	if r.site.same.Load() != 1 || r.keys(t) != 2 {
		t.Error("what has not changed was sent again, or lost")
	}
	// The source is away: what is known stays until its end, and not a second longer.
	r.site.set(nil, "", http.StatusInternalServerError)
	r.clock.add(time.Hour)
	refresh(4)
	refresh(4) // not asked more often than once a minute
	r.clock.add(time.Minute)
	refresh(5)
	if r.keys(t) != 2 {
		t.Error("what is known was lost")
	}
	r.clock.at = noon.AddDate(0, 0, 7)
	_, err := r.Entity(t.Context(), r.source, peer)
	wantReason(t, err, hub.Unavailable, string(metadata.StatusOdd))
	before := r.site.hits.Load()
	_, err = r.Entity(t.Context(), r.source, peer)
	wantReason(t, err, hub.Unavailable, string(metadata.StatusOdd))
	if r.site.hits.Load() != before {
		t.Error("a source that is away is asked at every login")
	}
}

func TestOnlyASignedDocumentTakesTheOldOnesPlace(t *testing.T) {
	t.Parallel()
	good := describe(t, federationKey(), nil, oldKey())
	for name, bad := range map[string]struct {
		body   []byte
		status int
		kind   hub.Kind
		reason string
	}{
		"unsigned":       {describe(t, nil, nil, rogue()), 0, hub.Refused, string(samlmsg.SignatureMissing)},
		"of another key": {describe(t, rogue(), nil, rogue()), 0, hub.Refused, string(samlmsg.SignatureMismatch)},
		"changed":        {[]byte(strings.Replace(string(good), "idp.example/sso", "evil.example/sso", 1)), 0, hub.Refused, string(samlmsg.DigestMismatch)},
		"without an end": {describe(t, federationKey(), func(d *samlmsg.EntityDescriptor) { d.ValidUntil = time.Time{} }, rogue()), 0, hub.Refused, string(samlmsg.MetadataEndless)},
		"for years":      {describe(t, federationKey(), func(d *samlmsg.EntityDescriptor) { d.ValidUntil = noon.AddDate(1, 0, 0) }, rogue()), 0, hub.Refused, string(samlmsg.MetadataTooLong)},
		"ended":          {describe(t, federationKey(), func(d *samlmsg.EntityDescriptor) { d.ValidUntil = noon.Add(-time.Hour) }, rogue()), 0, hub.Expired, string(samlmsg.MetadataExpired)},
		"no XML":         {[]byte("<html>"), 0, hub.Invalid, string(samlmsg.XMLMalformed)},
		"an entity":      {[]byte(`<!DOCTYPE x [<!ENTITY a "b">]>` + string(good)), 0, hub.Invalid, string(samlmsg.XMLDoctype)},
		"17 MiB":         {[]byte(strings.Repeat(" ", 17<<20)), 0, hub.TooMany, string(metadata.TooBig)},
		"a redirect":     {nil, http.StatusFound, hub.Unavailable, string(metadata.StatusOdd)},
		"not found":      {nil, http.StatusNotFound, hub.Unavailable, string(metadata.StatusOdd)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fresh := newRig(t, nil)
			fresh.site.set(bad.body, "", bad.status)
			_, err := fresh.Entity(t.Context(), fresh.source, peer)
			wantReason(t, err, bad.kind, bad.reason)

			r := newRig(t, good)
			if r.keys(t) != 1 {
				t.Fatal("the good one is refused")
			}
			r.site.set(bad.body, "", bad.status)
			r.clock.add(time.Hour)
			if err := r.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			e, err := r.Entity(t.Context(), r.source, peer)
			if err != nil || !e.IDP.SigningCertificates()[0].Equal(oldKey().Certificate()) {
				t.Errorf("the good one was lost: %v", err)
			}
		})
	}
}

func TestAKeyChangedWithoutWarningCostsOneFetch(t *testing.T) {
	t.Parallel()
	r := newRig(t, describe(t, federationKey(), nil, oldKey()))
	r.keys(t)
	r.site.set(describe(t, federationKey(), nil, newKey()), "", 0)
	if changed, err := r.Renew(t.Context(), r.source); changed || err != nil {
		t.Errorf("asked again within seconds: %v %v", changed, err)
	}
	r.clock.add(10 * time.Second)
	if changed, err := r.Renew(t.Context(), r.source); !changed || err != nil {
		t.Errorf("the new key was not learnt: %v %v", changed, err)
	}
	for range 5 { // somebody sends wrong signatures again and again
		if changed, err := r.Renew(t.Context(), r.source); changed || err != nil {
			t.Errorf("%v %v", changed, err)
		}
	}
	if n := r.site.hits.Load(); n != 2 {
		t.Errorf("%d fetches, want 2", n)
	}
}

func TestAnAggregateOfManyEntities(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.source = metadata.Source{Inline: aggregate(t, 2000)}
	for _, i := range []int{0, 1234, 1999} {
		id := fmt.Sprintf("https://idp-%d.example", i)
		e, err := r.Entity(t.Context(), r.source, id)
		if err != nil || e.EntityID != id || e.IDP == nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	_, err := r.Entity(t.Context(), r.source, "https://idp-2000.example")
	wantReason(t, err, hub.NotFound, string(metadata.EntityAbsent))
	r.clock.at = noon.AddDate(0, 0, 1).Add(-time.Second)
	if _, err := r.Entity(t.Context(), r.source, "https://idp-7.example"); err != nil {
		t.Error(err)
	}
	r.clock.add(2 * time.Hour)
	_, err = r.Entity(t.Context(), r.source, "https://idp-7.example")
	wantReason(t, err, hub.Expired, string(samlmsg.MetadataExpired))
}

// aggregate writes a federation's document of n providers, valid for a day.
func aggregate(t testing.TB, n int) []byte {
	t.Helper()
	one := string(describe(t, nil, func(d *samlmsg.EntityDescriptor) { d.ID, d.ValidUntil = "", time.Time{} }, oldKey()))
	var b strings.Builder
	b.WriteString(`<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2026-11-22T12:00:00Z">`)
	for i := range n {
		b.WriteString(strings.Replace(one, peer, fmt.Sprintf("https://idp-%d.example", i), 1))
	}
	b.WriteString("</EntitiesDescriptor>")
	return []byte(b.String())
}

func TestAFileIsReadAgain(t *testing.T) {
	t.Parallel()
	var content atomic.Value
	content.Store(describe(t, nil, nil, oldKey()))
	c := &clock{at: noon}
	cache, err := metadata.New(metadata.Options{
		HTTP: oneshot.Client(), Clock: c.now, Log: slog.New(slog.DiscardHandler),
		ReadFile: func(name string) ([]byte, error) {
			if name != "/etc/onedoor/bank.xml" {
				return nil, errors.New("no such file")
			}
			return content.Load().([]byte), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := metadata.Source{File: "/etc/onedoor/bank.xml"}
	r := &rig{Cache: cache, clock: c, source: s}
	if r.keys(t) != 1 {
		t.Error("not read")
	}
	content.Store(describe(t, nil, nil, oldKey(), newKey()))
	c.add(time.Minute)
	if err := cache.Refresh(t.Context()); err != nil || r.keys(t) != 2 {
		t.Errorf("not read again: %v", err)
	}
	_, err = cache.Entity(t.Context(), metadata.Source{File: "/etc/passwd"}, peer)
	wantReason(t, err, hub.Unavailable, string(metadata.Unreachable))
}

func TestSourcesMustBeClearAndPinned(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for name, c := range map[string]struct {
		s      metadata.Source
		reason metadata.Cause
	}{
		"none":     {metadata.Source{}, metadata.SourceUnclear},
		"two":      {metadata.Source{URL: "https://x", File: "y", Pins: r.source.Pins}, metadata.SourceUnclear},
		"unpinned": {metadata.Source{URL: r.source.URL}, metadata.Unpinned},
	} {
		_, err := r.Entity(t.Context(), c.s, peer)
		if t.Log(name); !errors.Is(err, hub.Invalid) || metadata.Reason(err) != string(c.reason) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := metadata.New(metadata.Options{}); !errors.Is(err, hub.Internal) {
		t.Errorf("without options: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Entity(gone, r.source, peer); !errors.Is(err, hub.Unavailable) {
		t.Errorf("somebody who went away: %v", err)
	}
	if r.site.set(describe(t, federationKey(), nil, oldKey()), "", 0); r.keys(t) != 1 {
		t.Error("somebody who went away spoilt it for the next one")
	}
}

func TestSourcesNobodyAsksForAreForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t, describe(t, federationKey(), nil, oldKey()))
	r.keys(t)
	r.clock.add(25 * time.Hour)
	for range 2 {
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := r.site.hits.Load(); n != 1 {
		t.Errorf("%d fetches of what nobody needs", n)
	}
}

func BenchmarkEntityOfAnAggregate(b *testing.B) {
	raw := aggregate(b, 2000)
	cache, err := metadata.New(metadata.Options{
		HTTP: oneshot.Client(), Clock: (&clock{at: noon}).now, Log: slog.New(slog.DiscardHandler),
		ReadFile: func(string) ([]byte, error) { return raw, nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	s := metadata.Source{File: "federation.xml"}
	if _, err := cache.Entity(b.Context(), s, "https://idp-7.example"); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cache.Entity(b.Context(), s, "https://idp-7.example"); err != nil {
			b.Fatal(err)
		}
	}
}
