package samlmsg

import (
	"context"
	"slices"
	"time"

	"onedoor/hub"
)

// SessionName is the name under which a SAML peer knows a session, as keyed hashes.
type SessionName struct {
	Peer  string // "system:ID" or "provider:ID"
	Name  [32]byte
	Index [32]byte // of the SessionIndex; of the empty one where the peer has none
}

// NamedSession is a session that was found by its name.
type NamedSession struct {
	Session hub.SessionID
	Index   [32]byte
	Live    bool // it has not ended
}

// Names remembers under which names peers know sessions, so that a LogoutRequest finds them; hubsql.SAMLNames has it.
type Names interface {
	// Note remembers a name of a session until it expires, when the session can't live any more. Unavailable.
	Note(ctx context.Context, n SessionName, session hub.SessionID, expires time.Time) error
	// Find gives all sessions of a NameID at a peer, ended ones too; none where there are none. Unavailable.
	Find(ctx context.Context, peer string, name [32]byte) ([]NamedSession, error)
}

// Indexer makes keyed hashes.
type Indexer interface {
	Index(purpose string, parts ...string) []byte
}

// Named gives the name of a session at a peer. What qualifies a NameID is for the caller to judge before, as it may be left out where the
// message says it anyway (SAML Core section 8.3.7); here only its value and format count.
func Named(x Indexer, peer string, id NameID, index string) SessionName {
	n := SessionName{Peer: peer}
	copy(n.Name[:], x.Index("saml-name", peer, id.Format, id.Value))
	copy(n.Index[:], x.Index("saml-index", peer, id.Format, id.Value, index))
	return n
}

// Meant gives those of the sessions that a LogoutRequest means (SAML Core section 3.7.1): with one of its SessionIndexes, or all of the
// name where it has none. Each once, live ones only; over tells whether it means one that has ended.
func (q LogoutRequest) Meant(x Indexer, peer string, found []NamedSession) (live []hub.SessionID, over bool) {
	var wanted [][32]byte
	for _, index := range q.SessionIndexes {
		wanted = append(wanted, Named(x, peer, q.NameID, index).Index)
	}
	for _, s := range found {
		switch {
		case len(wanted) > 0 && !slices.Contains(wanted, s.Index):
		case !s.Live:
			over = true
		case !slices.Contains(live, s.Session):
			live = append(live, s.Session)
		}
	}
	return live, over
}
