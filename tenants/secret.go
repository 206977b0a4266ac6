package tenants

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"onedoor/hub"
)

// leastSecret is the shortest client secret that is taken: 256 bits as base64url without padding. What is shorter was not
// made by a machine, and a plain hash would not protect it.
const leastSecret = 43

// NewClientSecret draws 256 bits from random and gives them as 64 hexadecimal characters: every client library sends them
// unchanged in HTTP Basic (RFC 6749 section 2.3.1). It panics if random fails.
func NewClientSecret(random io.Reader) string {
	return hex.EncodeToString(hub.NewSecret(random).Bytes())
}

// HashClientSecret gives what the hub keeps of a client secret: SHA-256 of its text, exactly as the client sends it.
// Invalid where it is too short to be random, or holds other than visible ASCII.
func HashClientSecret(text string) (Secret, error) {
	if len(text) < leastSecret || len(text) > 512 || !printable(text) {
		return Secret{}, hub.Errorf("tenants.HashClientSecret", hub.Invalid,
			"a client secret is 43 to 512 visible ASCII characters made by a machine")
	}
	return Secret{SHA256: sha256.Sum256([]byte(text))}, nil
}
