package token

import (
	"bytes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"io"
	"sync"

	"onedoor/hub"
)

// Prefix begins every sealed access token of every hub: so that secret scanners and people know one when they see one, and so that a
// token of another form is told apart before anything is opened.
const Prefix = "od1_"

// PrefixOf gives what the tokens of one hub begin with, told by its issuer alone: Prefix and a mark of 48 bits. It is public, as the key id
// is, and authenticated with the rest. By it another hub knows, without opening anything or asking around, whom a token must be routed to
// (SSO-03).
func PrefixOf(issuer string) string {
	h := sha256.Sum256([]byte("onedoor/token-issuer/" + issuer))
	return Prefix + base64.RawURLEncoding.EncodeToString(h[:markSize])
}

// maxText bounds a sealed token as text: with room to spare for the other fields in a request head of 8 kB.
const maxText = 4096

const (
	markSize   = 6  // 8 characters exactly: what follows is encoded by itself
	keyIDSize  = 16 // the 26 characters of a key id as the bytes that they stand for
	nonceSize  = 12
	tagSize    = 16
	headSize   = keyIDSize + nonceSize
	prefixSize = len(Prefix) + markSize*4/3
)

// Keys are the sealing keys (hub/keys). Both are AES-256-GCM.
type Keys interface {
	// SealingKey gives the key in use and counts one seal with a random nonce of 96 bits. Unavailable.
	SealingKey() (id string, key cipher.AEAD, err error)
	// OpeningKey gives a key by its id. NotFound.
	OpeningKey(id string) (cipher.AEAD, error)
}

// Sealer makes sealed access tokens and opens them. It is safe for concurrent use if its Options are.
//
// The text is "od1_" and base64url, unpadded, of the issuer's mark (6 bytes, see [PrefixOf]), key id (16 bytes), nonce (12 bytes),
// ciphertext and tag. What stands before the nonce is authenticated as well. The random nonces are safe for 2^32 tokens under one key (NIST SP 800-38D section 8.3); hub/keys
// counts the seals of each key in each process and brings the next key into use long before.
type Sealer struct {
	prefix string
	keys   Keys
	clock  hub.Clock
	random io.Reader
}

// NewSealer needs all four: issuer, keys, clock and randomness. Invalid.
func NewSealer(issuer string, keys Keys, clock hub.Clock, random io.Reader) (*Sealer, error) {
	if issuer == "" || keys == nil || clock == nil || random == nil {
		return nil, hub.Errorf("token.NewSealer", hub.Invalid, "issuer, keys, clock and randomness are required")
	}
	return &Sealer{prefix: PrefixOf(issuer), keys: keys, clock: clock, random: random}, nil
}

// Seal gives the token as text of [A-Za-z0-9_-]. Times are kept to the microsecond. Invalid where a field has not the form or
// exceeds the bounds of encode.go, or
// the token would be longer than 4096 characters; Unavailable where there is no key.
func (s *Sealer) Seal(a Access) (string, error) {
	const op = "token.Seal"
	id, key, err := s.keys.SealingKey()
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	out := make([]byte, headSize, headSize+encodedSize(a)+tagSize)
	if err := packID(out[:keyIDSize], id); err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	if _, err := io.ReadFull(s.random, out[keyIDSize:headSize]); err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	out, err = appendAccess(out, a)
	if err != nil {
		return "", hub.E(op, hub.Invalid, err)
	}
	var aad [prefixSize + keyIDSize]byte
	sealed := key.Seal(out[headSize:headSize], out[keyIDSize:headSize], out[headSize:], s.additional(&aad, out))
	out = append(out[:headSize], sealed...) // in place, where the capacity was enough
	text := make([]byte, prefixSize+base64.RawURLEncoding.EncodedLen(len(out)))
	if len(text) > maxText {
		return "", hub.Errorf(op, hub.Invalid, "the access token would be too long")
	}
	copy(text, s.prefix)
	base64.RawURLEncoding.Encode(text[prefixSize:], out)
	return string(text), nil
}

// Open gives what a live token says. Invalid for everything that is not exactly a token of ours, with one and the same error
// whatever is wrong with it; Expired from the instant ExpiresAt on (RFC 7519 section 4.1.4).
func (s *Sealer) Open(raw string) (a Access, err error) {
	switch {
	case !s.open([]byte(raw), &a):
		return Access{}, errNotOurs
	case !s.clock().Before(a.ExpiresAt):
		return Access{}, errExpired
	}
	return a, nil
}

// OpenLate gives what a token of ours says, also when it has expired. It says nothing about whether the token is active: it is for who
// gives the next one of a session that goes on, and asks SQL about everything. Invalid.
func (s *Sealer) OpenLate(raw string) (a Access, err error) {
	if !s.open([]byte(raw), &a) {
		return Access{}, errNotOurs
	}
	return a, nil
}

// One value each: bots send much that is no token.
var (
	errNotOurs = hub.Errorf("token.Open", hub.Invalid, "not an access token of ours")
	errExpired = hub.Errorf("token.Open", hub.Expired, "the access token has expired")
)

// workshop is the room that opening tokens takes, one after the other. What was opened in it is wiped.
type workshop struct {
	sealed [maxText]byte
	aad    [prefixSize + keyIDSize]byte
	texts  arena

	keyID [keyIDSize]byte // of key: tokens of one question have few keys
	key   cipher.AEAD     // nil: none yet
}

var workshops = sync.Pool{New: func() any { return new(workshop) }}

// newWorkshop gives one for so many tokens. It must be left.
func newWorkshop(tokens int) *workshop {
	w := workshops.Get().(*workshop)
	w.texts.chunk = min(tokens-1, 32) * usualTexts
	return w
}

// leave gives the room back. A key is looked up anew for the next question: it may be gone by then.
func (w *workshop) leave() {
	w.texts, w.key = arena{}, nil
	workshops.Put(w)
}

// open opens a token, expired or not, and keeps nothing of the text.
func (s *Sealer) open(raw []byte, to *Access) bool {
	w := newWorkshop(1)
	defer w.leave()
	return s.openIn(w, raw, to)
}

func (s *Sealer) openIn(w *workshop, raw []byte, to *Access) bool {
	// The decoder skips line breaks: a token has one spelling only.
	if len(raw) > maxText || len(raw) < prefixSize || string(raw[:prefixSize]) != s.prefix ||
		bytes.IndexByte(raw, '\n') >= 0 || bytes.IndexByte(raw, '\r') >= 0 {
		return false
	}
	n, err := strictEncoding.Decode(w.sealed[:], raw[prefixSize:])
	if err != nil || n < headSize+tagSize {
		return false
	}
	buf := w.sealed[:n]
	if w.key == nil || !bytes.Equal(w.keyID[:], buf[:keyIDSize]) {
		var id [idSize]byte
		key, err := s.keys.OpeningKey(string(appendID(id[:0], buf[:keyIDSize])))
		if err != nil {
			return false
		}
		w.key = key
		copy(w.keyID[:], buf)
	}
	plain, err := w.key.Open(buf[headSize:headSize], buf[keyIDSize:headSize], buf[headSize:], s.additional(&w.aad, buf))
	if err != nil {
		return false
	}
	defer clear(plain) // the vault key
	return decodeIn(&w.texts, plain, to)
}

func (s *Sealer) additional(to *[prefixSize + keyIDSize]byte, head []byte) []byte {
	copy(to[copy(to[:], s.prefix):], head[:keyIDSize])
	return to[:]
}

var (
	strictEncoding = base64.RawURLEncoding.Strict()
	idEncoding     = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

// packID turns the 26 characters of an id into the 16 bytes they stand for. Invalid for anything that is not the one spelling
// of 16 bytes.
func packID(to []byte, id string) error {
	var b [17]byte
	n, err := idEncoding.Decode(b[:], []byte(id))
	if err != nil || n != keyIDSize || idEncoding.EncodeToString(b[:n]) != id {
		return hub.Errorf("token.packID", hub.Invalid, "not an id of 128 bits")
	}
	copy(to, b[:n])
	return nil
}
