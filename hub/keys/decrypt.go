package keys

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

// contentEncryption are the ways in which the content may be encrypted (RFC 7518 section 5).
var contentEncryption = []jose.ContentEncryption{jose.A128GCM, jose.A256GCM, jose.A128CBC_HS256}

const maxEncrypted = 512 << 10 // bytes

// DecryptJWE opens a JWE in compact form (RFC 7516) that was encrypted to the hub with the key management algorithm, and gives what
// is in it: for a provider, a signed JWT that is still to be verified. The algorithm is the caller's, never the message's alone.
// Compressed content is refused (RFC 8725 section 3.6), and so is a nested message that calls itself something other than a JWT.
// Invalid where the message is not such a one; NotFound where none of our keys opens it.
func (r *Ring) DecryptJWE(alg, raw string) ([]byte, error) {
	const op = "keys.DecryptJWE"
	bad := hub.Errorf(op, hub.Invalid, "not a message of the agreed form")
	if !supported(Decrypt, alg) || len(raw) > maxEncrypted {
		return nil, bad
	}
	head, err := joseHeader(raw)
	if err != nil || head.Zip != nil || head.Crit != nil || head.ContentType != "" && !strings.EqualFold(head.ContentType, "JWT") {
		return nil, bad
	}
	message, err := jose.ParseEncryptedCompact(raw, []jose.KeyAlgorithm{jose.KeyAlgorithm(alg)}, contentEncryption)
	if err != nil {
		return nil, bad
	}
	for _, e := range r.current().decrypt {
		if e.rec.Alg != alg || head.KeyID != "" && head.KeyID != e.rec.ID {
			continue
		}
		if plain, err := message.Decrypt(e.signer); err == nil {
			return plain, nil
		}
	}
	return nil, hub.Errorf(op, hub.NotFound, "no key of ours opens it")
}

// encryptedHeader is what must be known of a protected header before it is worked with.
type encryptedHeader struct {
	KeyID       string          `json:"kid"`
	ContentType string          `json:"cty"`
	Zip         json.RawMessage `json:"zip"`
	Crit        json.RawMessage `json:"crit"`
}

func joseHeader(raw string) (encryptedHeader, error) {
	var h encryptedHeader
	head, _, _ := strings.Cut(raw, ".")
	b, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return h, err
	}
	return h, json.NewDecoder(bytes.NewReader(b)).Decode(&h)
}
