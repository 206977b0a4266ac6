package samlmsg

import (
	"context"
	"slices"
	"time"

	"onedoor/hub"
)

// NamedSession is a session that was found by its name.
type NamedSession struct {
	Session hub.SessionID
	Index   [32]byte
	Live    bool // it has not ended
}

// Names remembers under which names peers know sessions, so that a LogoutRequest finds them; hubsql.SAMLNames has it.
type Names interface {
	// Note remembers a name of a session until it expires, when the session can't live any more. Unavailable.
	Note(ctx context.Context, n hub.PeerName, session hub.SessionID, expires time.Time) error
	// Find gives all sessions of a NameID at a peer, ended ones too; none where there are none. Unavailable.
	Find(ctx context.Context, peer string, name [32]byte) ([]NamedSession, error)
}

// Indexer makes keyed hashes.
type Indexer interface {
	Index(purpose string, parts ...string) []byte
}

// Named gives the name of a session at a peer. What qualifies a NameID is for the caller to judge before, as it may be left out where the
// message says it anyway (SAML Core section 8.3.7); here only its value and format count.
func Named(x Indexer, peer string, id NameID, index string) hub.PeerName {
	n := hub.PeerName{Peer: peer}
	copy(n.Name[:], x.Index("saml-name", peer, id.Format, id.Value))
	copy(n.Index[:], x.Index("saml-index", peer, id.Format, id.Value, index))
	return n
}

// Hashes gives under which name, and with which SessionIndexes, a LogoutRequest of a peer means sessions.
func (q LogoutRequest) Hashes(x Indexer, peer string) (name [32]byte, indexes [][32]byte) {
	for _, index := range q.SessionIndexes {
		indexes = append(indexes, Named(x, peer, q.NameID, index).Index)
	}
	return Named(x, peer, q.NameID, "").Name, indexes
}

// Meant gives those of a name's sessions that a LogoutRequest means (SAML Core section 3.7.1): with one of its SessionIndexes, or all where
// it has none. Each once, live ones only; over tells whether it means one that has ended.
func Meant(found []NamedSession, indexes [][32]byte) (live []hub.SessionID, over bool) {
	for _, s := range found {
		switch {
		case len(indexes) > 0 && !slices.Contains(indexes, s.Index):
		case !s.Live:
			over = true
		case !slices.Contains(live, s.Session):
			live = append(live, s.Session)
		}
	}
	return live, over
}
