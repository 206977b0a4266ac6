package keys

import (
	"encoding/json"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// encryptionKeys gives what a provider finds in the JWKS to encrypt with.
func encryptionKeys(t testing.TB, r *Ring) []jose.JSONWebKey {
	t.Helper()
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(r.JWKS(), &set); err != nil {
		t.Fatal(err)
	}
	var out []jose.JSONWebKey
	for _, k := range set.Keys {
		if !k.IsPublic() {
			t.Fatal("a private key in the JWKS")
		}
		if k.Use == "enc" {
			out = append(out, k)
		}
	}
	return out
}

func encrypt(t testing.TB, key jose.JSONWebKey, enc jose.ContentEncryption, change func(*jose.EncrypterOptions)) string {
	t.Helper()
	o := (&jose.EncrypterOptions{}).WithContentType("JWT")
	if change != nil {
		change(o)
	}
	e, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: jose.KeyAlgorithm(key.Algorithm), Key: key.Key, KeyID: key.KeyID}, o)
	if err != nil {
		t.Fatal(err)
	}
	message, err := e.Encrypt([]byte("a.b.c"))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := message.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestDecryptionKeysComeIntoBeingArePublishedAndRotate(t *testing.T) {
	t.Parallel()
	store, c := &memory{}, newClock()
	r := openRing(t, store, newMasters(t, 1), c)
	if n := len(encryptionKeys(t, r)); n != 0 {
		t.Fatalf("%d encryption keys that nobody asked for", n)
	}
	for _, alg := range []string{RSAOAEP256, ECDHES} {
		for range 2 {
			if err := r.EnsureDecryption(t.Context(), alg); err != nil {
				t.Fatal(err)
			}
		}
	}
	wantKind(t, r.EnsureDecryption(t.Context(), "RSA1_5"), hub.Invalid)
	first := encryptionKeys(t, r)
	if len(first) != 2 {
		t.Fatalf("%d encryption keys published, want one of each algorithm", len(first))
	}
	for _, key := range first {
		for _, enc := range contentEncryption {
			raw := encrypt(t, key, enc, nil)
			if got, err := r.DecryptJWE(key.Algorithm, raw); err != nil || string(got) != "a.b.c" {
				t.Fatalf("%s %s: %q, %v", key.Algorithm, enc, got, err)
			}
		}
	}
	for _, k := range r.VerificationKeys() {
		if k.KeyID == first[0].KeyID || k.KeyID == first[1].KeyID {
			t.Error("a decryption key counts as a signing key")
		}
	}
	next, err := r.Rotate(t.Context(), Decrypt, ECDHES)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(encryptionKeys(t, r)); n != 2 {
		t.Errorf("%d keys published while the next one waits", n)
	}
	c.Add(DefaultSignAhead)
	if err := r.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, k := range encryptionKeys(t, r) {
		found = found || k.KeyID == next.ID
		for _, old := range first {
			if k.Algorithm == ECDHES && k.KeyID == old.KeyID {
				t.Error("a retired key is still published")
			}
		}
	}
	if !found {
		t.Error("the successor is not published")
	}
	for _, old := range first { // what was encrypted with a kept set still opens, also in a process that starts anew
		raw := encrypt(t, old, jose.A256GCM, nil)
		for _, ring := range []*Ring{r, openRing(t, store, r.masters, c)} {
			if _, err := ring.DecryptJWE(old.Algorithm, raw); err != nil {
				t.Errorf("%s after rotation: %v", old.Algorithm, err)
			}
		}
	}
	c.Add(DefaultSignKeep + time.Hour)
	if err := r.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, old := range first {
		if old.Algorithm == ECDHES {
			_, err := r.DecryptJWE(old.Algorithm, encrypt(t, old, jose.A256GCM, nil))
			wantKind(t, err, hub.NotFound)
		}
	}
}

func TestDecryptRefusesWhatWasNotAgreed(t *testing.T) {
	t.Parallel()
	r, other := openRing(t, &memory{}, newMasters(t, 1), newClock()), openRing(t, &memory{}, newMasters(t, 1), newClock())
	for _, ring := range []*Ring{r, other} {
		for _, alg := range []string{RSAOAEP256, ECDHES} {
			if err := ring.EnsureDecryption(t.Context(), alg); err != nil {
				t.Fatal(err)
			}
		}
	}
	ours, theirs := map[string]jose.JSONWebKey{}, map[string]jose.JSONWebKey{}
	for _, k := range encryptionKeys(t, r) {
		ours[k.Algorithm] = k
	}
	for _, k := range encryptionKeys(t, other) {
		theirs[k.Algorithm] = k
	}
	oaep1 := ours[RSAOAEP256]
	oaep1.Algorithm = string(jose.RSA_OAEP)
	disguised := theirs[ECDHES]
	disguised.KeyID = ours[ECDHES].KeyID
	good := encrypt(t, ours[ECDHES], jose.A256GCM, nil)
	changed := []byte(good)
	changed[len(changed)-1] ^= 'A' ^ 'Q'
	for name, c := range map[string]struct {
		alg, raw string
		kind     hub.Kind
	}{
		"another key":             {ECDHES, encrypt(t, theirs[ECDHES], jose.A256GCM, nil), hub.NotFound},
		"another key, our id":     {ECDHES, encrypt(t, disguised, jose.A256GCM, nil), hub.NotFound},
		"another algorithm":       {RSAOAEP256, good, hub.Invalid},
		"weaker key encryption":   {RSAOAEP256, encrypt(t, oaep1, jose.A256GCM, nil), hub.Invalid},
		"content not listed":      {ECDHES, encrypt(t, ours[ECDHES], jose.A256CBC_HS512, nil), hub.Invalid},
		"compressed":              {ECDHES, encrypt(t, ours[ECDHES], jose.A256GCM, func(o *jose.EncrypterOptions) { o.Compression = jose.DEFLATE }), hub.Invalid},
		"calls itself an image":   {ECDHES, encrypt(t, ours[ECDHES], jose.A256GCM, func(o *jose.EncrypterOptions) { o.WithContentType("image/png") }), hub.Invalid},
		"unknown critical header": {ECDHES, encrypt(t, ours[ECDHES], jose.A256GCM, func(o *jose.EncrypterOptions) { o.WithHeader("crit", []string{"x"}) }), hub.Invalid},
		"a changed bit":           {ECDHES, string(changed), hub.NotFound},
		"a signing algorithm":     {ES256, good, hub.Invalid},
		"a JWS":                   {ECDHES, "e30.e30.e30", hub.Invalid},
		"nothing":                 {ECDHES, "", hub.Invalid},
	} {
		got, err := r.DecryptJWE(c.alg, c.raw)
		if hub.KindOf(err) != c.kind || got != nil {
			t.Errorf("%s: %q, %v, want %s", name, got, err, c.kind)
		}
	}
}

func FuzzDecryptJWE(f *testing.F) {
	r := openRing(f, &memory{}, newMasters(f, 1), newClock())
	if err := r.EnsureDecryption(f.Context(), ECDHES); err != nil {
		f.Fatal(err)
	}
	key := encryptionKeys(f, r)[0]
	f.Add(encrypt(f, key, jose.A256GCM, nil))
	f.Add("e30.e30.e30.e30.e30")
	f.Add("eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsInppcCI6IkRFRiJ9....")
	f.Add("")
	f.Fuzz(func(t *testing.T, raw string) {
		if got, err := r.DecryptJWE(ECDHES, raw); err == nil && string(got) != "a.b.c" {
			t.Fatalf("opened %q", got)
		}
	})
}
