// Package envelope encrypts small things under a key derived from a secret that somebody else carries: the browser's
// cookie, an authorization code, a refresh token (architecture D3). HKDF-SHA-256 (RFC 5869) derives the key, AES-256-GCM
// (NIST SP 800-38D) seals. What a browser only carries past the hub and back is sealed under the hub's own keys ([Carry]). It owns no keys and
// keeps nothing.
package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"io"

	"onedoor/hub"
)

const nonceSize = 12

// Seal encrypts plain under a key derived from secret (at least 32 random bytes) for the purpose, bound to the context text,
// which Open must be given again. The nonce comes from random and stands in front.
func Seal(random io.Reader, secret []byte, purpose, context string, plain []byte) ([]byte, error) {
	aead, err := derive(secret, purpose)
	if err != nil {
		return nil, hub.E("envelope.Seal", hub.Internal, err)
	}
	out := make([]byte, nonceSize, nonceSize+len(plain)+aead.Overhead())
	if _, err := io.ReadFull(random, out); err != nil {
		return nil, hub.E("envelope.Seal", hub.Internal, err)
	}
	return aead.Seal(out, out, plain, []byte(context)), nil
}

// Open decrypts what Seal made. Invalid where secret, purpose or context differ, or a bit was changed.
func Open(secret []byte, purpose, context string, sealed []byte) ([]byte, error) {
	if len(sealed) < nonceSize {
		return nil, hub.Errorf("envelope.Open", hub.Invalid, "too short")
	}
	aead, err := derive(secret, purpose)
	if err != nil {
		return nil, hub.E("envelope.Open", hub.Internal, err)
	}
	plain, err := aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], []byte(context))
	if err != nil {
		return nil, hub.Errorf("envelope.Open", hub.Invalid, "does not open")
	}
	return plain, nil
}

func derive(secret []byte, purpose string) (cipher.AEAD, error) {
	if len(secret) < 32 {
		return nil, hub.Errorf("envelope.derive", hub.Internal, "secret shorter than 256 bits")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "onedoor/"+purpose, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
