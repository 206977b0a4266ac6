// Package pairwise names legal entities to departments: each sector knows an entity by an id of its own, so that two of them can't find out
// from their identifiers that they serve the same one (architecture, invariant 3), though a company's number is public in law.
//
// An id is the entity's 128 bits, enciphered as one block under a key that is the sector's alone: 22 characters of base64url. The hub can open
// it, so that a department may name an entity in a request, and it proves nothing: it is believed only inside of what the hub has signed.
//
// It does not own the pairwise subjects of persons, which can't be opened by anybody (OpenID Connect Core section 8.1).
package pairwise

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"sync"

	"onedoor/hub"
)

// Size is the length of an id as text.
const Size = 22

// Index makes keyed hashes: the same for the same purpose and parts, and of no use without the index key.
type Index interface {
	Index(purpose string, parts ...string) []byte
}

// mostSectors bounds what is remembered: there are no more sectors than systems.
const mostSectors = 100_000

// Entities names entities. It is safe for concurrent use, and allocates nothing for a sector that it has met.
type Entities struct {
	index Index
	mu    sync.RWMutex
	known map[string]cipher.Block
}

// New gives it over an index. Invalid without one.
func New(index Index) (*Entities, error) {
	if index == nil {
		return nil, hub.Errorf("pairwise.New", hub.Invalid, "no index")
	}
	return &Entities{index: index, known: map[string]cipher.Block{}}, nil
}

func (e *Entities) block(sector string) cipher.Block {
	e.mu.RLock()
	block := e.known[sector]
	e.mu.RUnlock()
	if block != nil {
		return block
	}
	key := sha256.Sum256(e.index.Index("pairwise-entity", sector))
	block, _ = aes.NewCipher(key[:]) // fails for other lengths only
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.known) >= mostSectors {
		clear(e.known)
	}
	e.known[sector] = block
	return block
}

// Append appends the id of an entity at a sector; nothing for what is no entity's id.
func (e *Entities) Append(to []byte, sector string, id hub.EntityID) []byte {
	b, ok := hub.IDBytes(string(id))
	if !ok {
		return to
	}
	e.block(sector).Encrypt(b[:], b[:])
	return base64.RawURLEncoding.AppendEncode(to, b[:])
}

// Of gives the id of an entity at a sector.
func (e *Entities) Of(sector string, id hub.EntityID) string {
	return string(e.Append(nil, sector, id))
}

// Open gives the entity that an id means at a sector; false for what has not the form. An id of another sector means an entity that does not
// exist.
func (e *Entities) Open(sector, text string) (hub.EntityID, bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(text) != Size || len(raw) != aes.BlockSize {
		return "", false
	}
	var b [16]byte
	e.block(sector).Decrypt(b[:], raw)
	return hub.EntityID(hub.IDOf(b)), true
}
