package hub

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is 256 random bits that only its holder knows: a session cookie, a browser binding, a vault key.
// The zero value means "none". It prints and logs as "[redacted]".
type Secret struct{ b [32]byte }

// NewSecret draws 256 bits from r (SES-02). It panics if r fails.
func NewSecret(r io.Reader) Secret {
	var s Secret
	if _, err := io.ReadFull(r, s.b[:]); err != nil {
		panic("hub: no randomness: " + err.Error())
	}
	return s
}

// ParseSecret reads the 43 characters that Reveal gives. Anything else is Invalid.
func ParseSecret(text string) (Secret, error) {
	var s Secret
	if len(text) != 43 {
		return Secret{}, Errorf("hub.ParseSecret", Invalid, "wrong length")
	}
	n, err := base64.RawURLEncoding.Strict().Decode(s.b[:], []byte(text))
	if err != nil || n != len(s.b) {
		return Secret{}, Errorf("hub.ParseSecret", Invalid, "not base64url")
	}
	return s, nil
}

// SecretFromBytes takes exactly 32 bytes.
func SecretFromBytes(b []byte) (Secret, error) {
	var s Secret
	if len(b) != len(s.b) {
		return Secret{}, Errorf("hub.SecretFromBytes", Invalid, "wrong length")
	}
	copy(s.b[:], b)
	return s, nil
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s == Secret{} }

// Reveal gives the secret as 43 characters of unpadded base64url: for the one cookie or token that carries it.
func (s Secret) Reveal() string { return base64.RawURLEncoding.EncodeToString(s.b[:]) }

// Bytes gives a copy of the 32 bytes, as key material.
func (s Secret) Bytes() []byte { return append([]byte(nil), s.b[:]...) }

// Hash gives SHA-256 of the secret: what the database keeps. A plain hash is enough for 256 random bits.
func (s Secret) Hash() [32]byte { return sha256.Sum256(s.b[:]) }

// String hides the secret.
func (s Secret) String() string { return redacted }

// GoString hides the secret.
func (s Secret) GoString() string { return redacted }

// LogValue hides the secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON refuses: a secret goes nowhere by accident.
func (s Secret) MarshalJSON() ([]byte, error) {
	return nil, Errorf("hub.Secret", Internal, "a secret is not for JSON")
}
