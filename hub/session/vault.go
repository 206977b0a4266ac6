package session

import (
	"encoding/binary"
	"math"
	"time"

	"onedoor/hub"
	"onedoor/hub/envelope"
)

// The purposes of the two envelopes of a session. Both are bound to the session id.
const (
	vaultPurpose = "session-vault"
	keyPurpose   = "session-vault-key"
)

// The form of a vault before it is sealed: version, number of entries, then for each name, value, source (each with its
// length in front) and the time in microseconds since 1970; then zero bytes up to a multiple of vaultBlock, so that the size of
// a sealed vault says little about what is in it. Numbers are varints (encoding/binary).
const (
	vaultVersion = 1
	vaultBlock   = 512
	vaultLargest = 64 << 10 // bytes, before sealing
)

func sealVault(s *Service, id hub.SessionID, key hub.Secret, attributes hub.Attributes) ([]byte, error) {
	plain, err := encodeVault(attributes)
	if err != nil {
		return nil, err
	}
	return envelope.Seal(s.random, key.Bytes(), vaultPurpose, string(id), plain)
}

func openVault(id hub.SessionID, key hub.Secret, sealed []byte) (hub.Attributes, error) {
	plain, err := envelope.Open(key.Bytes(), vaultPurpose, string(id), sealed)
	if err != nil {
		return nil, err
	}
	return decodeVault(plain)
}

func wrapKey(s *Service, id hub.SessionID, secret, key hub.Secret) ([]byte, error) {
	return envelope.Seal(s.random, secret.Bytes(), keyPurpose, string(id), key.Bytes())
}

func unwrapKey(id hub.SessionID, secret hub.Secret, wrapped []byte) (hub.Secret, error) {
	b, err := envelope.Open(secret.Bytes(), keyPurpose, string(id), wrapped)
	if err != nil {
		return hub.Secret{}, err
	}
	return hub.SecretFromBytes(b)
}

// encodeVault writes the known attributes in the order of the dictionary. Invalid where they are too large.
func encodeVault(attributes hub.Attributes) ([]byte, error) {
	names := make([]hub.AttributeName, 0, len(attributes))
	size := 0
	for _, n := range hub.AttributeNames() {
		if a, ok := attributes[n]; ok {
			names = append(names, n)
			size += len(n) + len(a.Value) + len(a.Source) + 4*binary.MaxVarintLen64
		}
	}
	if size > vaultLargest-vaultBlock {
		return nil, hub.Errorf("session.encodeVault", hub.Invalid, "attributes too large")
	}
	b := make([]byte, 0, size+vaultBlock)
	b = append(b, vaultVersion)
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, n := range names {
		a := attributes[n]
		b = appendText(b, string(n))
		b = appendText(b, a.Value)
		b = appendText(b, string(a.Source))
		var micros int64 = math.MinInt64 // the zero time
		if !a.At.IsZero() {
			micros = a.At.UnixMicro()
		}
		b = binary.AppendVarint(b, micros)
	}
	if rest := len(b) % vaultBlock; rest != 0 {
		b = append(b, make([]byte, vaultBlock-rest)...)
	}
	return b, nil
}

// decodeVault reads what encodeVault writes. An attribute that is no longer in the dictionary is left out. Anything malformed
// is Invalid, and the error says nothing of the content.
func decodeVault(b []byte) (hub.Attributes, error) {
	bad := hub.Errorf("session.decodeVault", hub.Invalid, "malformed")
	if len(b) == 0 || len(b) > vaultLargest || b[0] != vaultVersion {
		return nil, bad
	}
	r := reader{b: b[1:]}
	count := r.uvarint()
	if count > uint64(len(b)) {
		return nil, bad
	}
	out := make(hub.Attributes, min(count, uint64(len(hub.AttributeNames()))))
	for range count {
		name := hub.AttributeName(r.text())
		a := hub.Attribute{Value: r.text(), Source: hub.ProviderID(r.text())}
		if micros := r.varint(); micros != math.MinInt64 {
			a.At = time.UnixMicro(micros).UTC()
		}
		if r.bad {
			return nil, bad
		}
		if _, twice := out[name]; twice {
			return nil, bad
		}
		if name.Known() {
			out[name] = a
		}
	}
	for _, rest := range r.b {
		if rest != 0 {
			return nil, bad
		}
	}
	if r.bad || len(r.b) >= vaultBlock {
		return nil, bad
	}
	return out, nil
}

func appendText(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// reader reads front to back; after a fault it gives zero values only.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) fail() { r.bad, r.b = true, nil }

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) text() string {
	n := r.uvarint()
	if r.bad || n > uint64(len(r.b)) {
		r.fail()
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}
