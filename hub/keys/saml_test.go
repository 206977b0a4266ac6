package keys

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"testing"
	"time"

	"onedoor/hub"
)

// A peer that reads our metadata once in two months, and another that never reads it again after the first time and is told of the one
// new certificate in time: over seven years both verify everything that is signed, and what they encrypt opens.
func TestSAMLKeysOutliveWhatRelyingPartiesLearnDaily(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	for _, alg := range []string{RS256, RSAOAEP256} {
		_, err := r.Certified(SAML, alg)
		wantKind(t, err, hub.NotFound)
		if err := r.EnsureSAML(t.Context(), alg); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, r.EnsureSAML(t.Context(), ES256), hub.Invalid)
	daily := r.JWKS()
	if bytes.Contains(daily, []byte(`"RS256"`)) || bytes.Contains(daily, []byte("RSA-OAEP")) {
		t.Error("keys for SAML are in the JWKS")
	}
	read := func() (certs []*x509.Certificate) {
		all, err := r.Certified(SAML, RS256)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range all {
			if k.State != Retired {
				certs = append(certs, k.Certificate)
			}
		}
		return certs
	}
	slow, used, both := read(), map[string]bool{}, 0
	const step = 10 * 24 * time.Hour
	for day := range 7 * 365 / 10 {
		c.Add(step)
		if err := r.Maintain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if day%6 == 0 {
			slow = read()
		}
		if len(read()) == 2 {
			both++
		}
		k, err := r.Certified(SAML, RS256)
		if err != nil {
			t.Fatal(err)
		}
		used[k[0].KeyID] = true
		known := false
		for _, cert := range slow {
			known = known || cert.Equal(k[0].Certificate)
		}
		if !known {
			t.Fatalf("after %d days the key that signs was not in metadata of two months ago", 10*(day+1))
		}
		sum := sha256.Sum256([]byte("message"))
		if signed, err := k[0].Key.Sign(nil, sum[:], crypto.SHA256); err != nil || k[0].Certificate.CheckSignature(x509.SHA256WithRSA, []byte("message"), signed) != nil {
			t.Fatalf("the certificate does not fit its key: %v", err)
		}
		if c.Now().After(k[0].Certificate.NotAfter) {
			t.Fatal("a certificate has ended")
		}
	}
	if len(used) != 3 || both < 16 || both > 20 {
		t.Errorf("%d keys in seven years, and two of them published at once for %d days", len(used), 10*both)
	}
}

// The schedule is the configuration's.
func TestSAMLScheduleIsAnOption(t *testing.T) {
	t.Parallel()
	o := Options{Store: &memory{}, Masters: newMasters(t, 1), Clock: newClock().Now, Random: hub.Randomness()}
	o.SAML = Schedule{Ahead: 400 * 24 * time.Hour, Active: 365 * 24 * time.Hour}
	_, err := Open(t.Context(), o)
	wantKind(t, err, hub.Invalid)
	o.SAML.Ahead = 30 * 24 * time.Hour
	r, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.EnsureSAML(t.Context(), RS256); err != nil {
		t.Fatal(err)
	}
	next, err := r.Rotate(t.Context(), SAML, RS256)
	if err != nil || !next.ActiveFrom.Equal(next.CreatedAt.Add(o.SAML.Ahead)) {
		t.Errorf("the next one is in use from %v (%v)", next.ActiveFrom, err)
	}
}
