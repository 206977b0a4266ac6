package envelope

import (
	"bytes"
	"crypto/rand"
	"testing"

	"onedoor/hub"
)

// D3: what is sealed opens with the same secret, purpose and context only, and not after any bit was changed.
func TestD3_OpensOnlyWithSecretPurposeAndContext(t *testing.T) {
	t.Parallel()
	secret := hub.NewSecret(rand.Reader).Bytes()
	sealed, err := Seal(rand.Reader, secret, "vault", "session-1", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Open(secret, "vault", "session-1", sealed); err != nil || string(got) != "plain" {
		t.Fatalf("got %q, %v", got, err)
	}
	other := hub.NewSecret(rand.Reader).Bytes()
	for name, open := range map[string]func() ([]byte, error){
		"secret":  func() ([]byte, error) { return Open(other, "vault", "session-1", sealed) },
		"purpose": func() ([]byte, error) { return Open(secret, "code", "session-1", sealed) },
		"context": func() ([]byte, error) { return Open(secret, "vault", "session-2", sealed) },
		"short":   func() ([]byte, error) { return Open(secret, "vault", "session-1", sealed[:5]) },
		"empty":   func() ([]byte, error) { return Open(secret, "vault", "session-1", nil) },
	} {
		if got, err := open(); hub.KindOf(err) != hub.Invalid || got != nil {
			t.Errorf("%s: opened, or the wrong kind: %v", name, err)
		}
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := Open(secret, "vault", "session-1", changed); err == nil {
			t.Errorf("byte %d changed and still opened", i)
		}
	}
	if _, err := Seal(rand.Reader, []byte("weak"), "vault", "", nil); err == nil {
		t.Error("a short secret was taken")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef"))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, err := Open(bytes.Repeat([]byte{7}, 32), "vault", "x", sealed); err == nil {
			t.Fatalf("forged %d bytes", len(plain))
		}
	})
}
