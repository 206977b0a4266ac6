package envelope

import (
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"

	"onedoor/hub"
)

// Keys are the hub's sealing keys (hub/keys). Both are AES-256-GCM.
type Keys interface {
	// SealingKey gives the key in use and counts one seal with a random nonce of 96 bits. Unavailable.
	SealingKey() (id string, key cipher.AEAD, err error)
	// OpeningKey gives a key by its id. NotFound.
	OpeningKey(id string) (cipher.AEAD, error)
}

// MaxCarried is how long a carried text may be, in characters: with room for the rest of a URL in a request head.
const MaxCarried = 12 << 10

// Carry seals a value, as JSON, for a way through a browser: text of [A-Za-z0-9_.-] that only the hub can read and make. The context
// binds it to its purpose: nothing else that is sealed under the same keys, an access token for one, is taken for it. Unavailable
// without a key, TooMany where the text would be too long.
func Carry(keys Keys, random io.Reader, context string, v any) (string, error) {
	const op = "envelope.Carry"
	id, key, err := keys.SealingKey()
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	nonce := make([]byte, nonceSize, nonceSize+len(plain)+key.Overhead())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	text := id + "." + base64.RawURLEncoding.EncodeToString(key.Seal(nonce, nonce, plain, []byte(context+id)))
	if len(text) > MaxCarried {
		return "", hub.Errorf(op, hub.TooMany, "too long to be carried")
	}
	return text, nil
}

// Carried reads what Carry made with the same context into v. Invalid for anything else. Whether it is too old is for the caller.
func Carried(keys Keys, context, text string, v any) error {
	bad := hub.Errorf("envelope.Carried", hub.Invalid, "not something of ours that is under way")
	id, rest, found := strings.Cut(text, ".")
	// The decoder skips line breaks: a text has one spelling only.
	if len(text) > MaxCarried || !found || !hub.ValidID(id) || strings.ContainsAny(rest, "\r\n") {
		return bad
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(raw) < nonceSize {
		return bad
	}
	key, err := keys.OpeningKey(id)
	if err != nil {
		return bad
	}
	plain, err := key.Open(nil, raw[:nonceSize], raw[nonceSize:], []byte(context+id))
	if err != nil || json.Unmarshal(plain, v) != nil {
		return bad
	}
	return nil
}
