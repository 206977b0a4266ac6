package oidcop

import (
	"crypto/cipher"

	"onedoor/hub"
)

// Names gives how a client knows a person (sub, OpenID Connect Core section 8.1) and a session (sid): for rooms that tell it of them in other
// ways than tokens. The sector is the client's.
func Names(index Index, sector string, client hub.SystemID, account hub.AccountID, session hub.SessionID) (sub, sid string) {
	named := &Provider{index: index, rendered: &rendered{sids: sids{known: map[hub.SystemID]cipher.Block{}}}}
	return encodeHash(index.Index("pairwise", sector, string(account))), named.sid(client, session)
}
