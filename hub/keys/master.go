package keys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"onedoor/hub"
)

const (
	masterSize = 32
	nonceSize  = 12
	redacted   = "[redacted]"
)

// Master is the key under which all other keys rest. It comes from a file or the environment and is never in the database.
// Nothing is sealed with its bytes directly: one key is derived for keys and one for secrets (HKDF-SHA-256, RFC 5869).
// It prints and logs as "[redacted]".
type Master struct {
	id      string
	records cipher.AEAD
	secrets cipher.AEAD
}

// ParseMaster reads 32 bytes written as 64 hexadecimal digits or as base64 (standard or URL alphabet, padded or not).
// White space around it is ignored. Invalid for anything else and for bytes that are all alike.
func ParseMaster(text string) (Master, error) {
	const op = "keys.ParseMaster"
	text = strings.TrimSpace(text)
	var raw []byte
	var err error
	switch len(text) {
	case 64:
		raw, err = hex.DecodeString(text)
	case 43, 44:
		plain := strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimSuffix(text, "="))
		raw, err = base64.RawURLEncoding.Strict().DecodeString(plain)
	default:
		return Master{}, hub.Errorf(op, hub.Invalid, "a master key is 32 bytes in base64 or hexadecimal")
	}
	// The decoder's own error would quote the offending byte of a secret.
	if err != nil || len(raw) != masterSize {
		return Master{}, hub.Errorf(op, hub.Invalid, "a master key is 32 bytes in base64 or hexadecimal")
	}
	if bytes.Count(raw, raw[:1]) == masterSize {
		return Master{}, hub.Errorf(op, hub.Invalid, "a master key of equal bytes is no key")
	}
	return newMaster(raw)
}

// GenerateMaster draws a master key from random and gives it as text that ParseMaster reads: 43 characters of base64url.
func GenerateMaster(random io.Reader) string { return hub.NewSecret(random).Reveal() }

func newMaster(raw []byte) (Master, error) {
	const op = "keys.newMaster"
	defer clear(raw)
	id, err := hkdf.Key(sha256.New, raw, nil, "onedoor/master/fingerprint", 8)
	if err != nil {
		return Master{}, hub.E(op, hub.Internal, err)
	}
	records, err := derive(raw, "onedoor/master/records")
	if err != nil {
		return Master{}, hub.E(op, hub.Internal, err)
	}
	secrets, err := derive(raw, "onedoor/master/secrets")
	if err != nil {
		return Master{}, hub.E(op, hub.Internal, err)
	}
	return Master{id: hex.EncodeToString(id), records: records, secrets: secrets}, nil
}

func derive(raw []byte, label string) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, raw, nil, label, 32)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	return newGCM(key)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// ID is the fingerprint: 16 hexadecimal digits from which nothing of the key can be computed.
func (m Master) ID() string { return m.id }

// Format hides the key from every verb of fmt.
func (m Master) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue shows the fingerprint only.
func (m Master) LogValue() slog.Value { return slog.StringValue(m.id) }

// Masters are the master keys at hand: the first seals, every one opens. To change the master key, put the new one first,
// call [Ring.Rewrap], then take the old one away.
type Masters []Master

// ParseMasters reads one or more master keys, separated by white space or commas, the one that seals first. Invalid where
// there is none, one is malformed or one is there twice.
func ParseMasters(text string) (Masters, error) {
	const op = "keys.ParseMasters"
	var ms Masters
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n' }) {
		m, err := ParseMaster(part)
		if err != nil {
			return nil, err
		}
		if _, err := ms.find(m.id); err == nil {
			return nil, hub.Errorf(op, hub.Invalid, "the same master key twice")
		}
		ms = append(ms, m)
	}
	if len(ms) == 0 {
		return nil, hub.Errorf(op, hub.Invalid, "no master key")
	}
	return ms, nil
}

// SealSecret encrypts a secret of ours that has to be told to somebody else later and so can't be kept as a hash (a client
// secret at an identity provider). The context text ties it to its place and must be given again. Internal.
func (ms Masters) SealSecret(random io.Reader, context string, plain []byte) ([]byte, error) {
	const op = "keys.SealSecret"
	if len(ms) == 0 {
		return nil, hub.Errorf(op, hub.Internal, "no master key")
	}
	id, err := hex.DecodeString(ms[0].id)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	sealed, err := sealWith(random, ms[0].secrets, []byte(context), plain)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	return append(append([]byte{secretVersion}, id...), sealed...), nil
}

// secretVersion is the first byte of a sealed secret; the fingerprint (8 bytes), the nonce and the ciphertext follow.
const secretVersion = 1

// OpenSecret decrypts what SealSecret made. NotFound where its master key is not at hand; Invalid where the context differs
// or a bit was changed.
func (ms Masters) OpenSecret(context string, sealed []byte) ([]byte, error) {
	const op = "keys.OpenSecret"
	if len(sealed) < 9 || sealed[0] != secretVersion {
		return nil, hub.Errorf(op, hub.Invalid, "not a sealed secret")
	}
	m, err := ms.find(hex.EncodeToString(sealed[1:9]))
	if err != nil {
		return nil, hub.E(op, hub.NotFound, err)
	}
	plain, err := openWith(m.secrets, []byte(context), sealed[9:])
	if err != nil {
		return nil, hub.E(op, hub.Invalid, err)
	}
	return plain, nil
}

func (ms Masters) find(id string) (Master, error) {
	for _, m := range ms {
		if m.id == id {
			return m, nil
		}
	}
	return Master{}, hub.Errorf("keys.Masters", hub.NotFound, "the master key with this fingerprint is not at hand")
}

// wrap seals the private part of a record under the first master and says so in the record.
func (ms Masters) wrap(random io.Reader, r *Record, private []byte) error {
	sealed, err := sealWith(random, ms[0].records, binding(*r), private)
	if err != nil {
		return err
	}
	r.Sealed, r.Master = sealed, ms[0].id
	return nil
}

// unwrap opens the private part of a record.
func (ms Masters) unwrap(r Record) ([]byte, error) {
	m, err := ms.find(r.Master)
	if err != nil {
		return nil, err
	}
	return openWith(m.records, binding(r), r.Sealed)
}

// binding is what the seal of a record also covers: a sealed part moved to another row, or a row given another use or
// algorithm, does not open. None of the three contains "|".
func binding(r Record) []byte { return []byte(r.ID + "|" + string(r.Use) + "|" + r.Alg) }

func sealWith(random io.Reader, aead cipher.AEAD, aad, plain []byte) ([]byte, error) {
	out := make([]byte, nonceSize, nonceSize+len(plain)+aead.Overhead())
	if _, err := io.ReadFull(random, out); err != nil {
		return nil, err
	}
	return aead.Seal(out, out, plain, aad), nil
}

func openWith(aead cipher.AEAD, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < nonceSize {
		return nil, hub.Errorf("keys.open", hub.Invalid, "too short")
	}
	plain, err := aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], aad)
	if err != nil {
		return nil, hub.Errorf("keys.open", hub.Invalid, "does not open")
	}
	return plain, nil
}
