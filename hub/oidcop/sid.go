package oidcop

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"sync"

	"onedoor/hub"
)

// sids makes the sid of a session at a client: the session's 128 bits, enciphered as one block under a key that is the client's alone.
// So a client knows a session again in every token and in its logout token (OpenID Connect Back-Channel Logout 1.0 section 2.1), two
// clients can't find out from it that they serve the same person, and the hub finds the session without a table. It proves nothing: it is
// believed only inside of what the hub has signed.
type sids struct {
	mu    sync.RWMutex
	known map[hub.SystemID]cipher.Block
}

func (s *sids) block(index Index, client hub.SystemID) cipher.Block {
	s.mu.RLock()
	block := s.known[client]
	s.mu.RUnlock()
	if block != nil {
		return block
	}
	key := sha256.Sum256(index.Index("sid", string(client)))
	block, _ = aes.NewCipher(key[:]) // fails for other lengths only
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxSectors {
		clear(s.known)
	}
	s.known[client] = block
	return block
}

// appendSID writes the sid of a session at a client: 22 characters of base64url.
func (p *Provider) appendSID(to []byte, client hub.SystemID, id hub.SessionID) []byte {
	b, ok := hub.IDBytes(string(id))
	if !ok { // no session of ours has such an id
		b = [16]byte{}
	}
	p.sids.block(p.index, client).Encrypt(b[:], b[:])
	return base64.RawURLEncoding.AppendEncode(to, b[:])
}

func (p *Provider) sid(client hub.SystemID, id hub.SessionID) string {
	return string(p.appendSID(nil, client, id))
}

// sessionOf gives the session that a sid means at a client; "" for what is no sid. A sid of another client means a session that does
// not exist.
func (p *Provider) sessionOf(client hub.SystemID, sid string) hub.SessionID {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(sid)
	if err != nil || len(raw) != aes.BlockSize {
		return ""
	}
	var b [16]byte
	p.sids.block(p.index, client).Decrypt(b[:], raw)
	return hub.SessionID(hub.IDOf(b))
}
