package authzen

import (
	"onedoor/authz"
	"onedoor/hub/token"
)

// partyOf tells for whom the holder of a token acts.
func partyOf(a token.Access) authz.Party { return authz.Party{Account: a.Account, Entity: a.Entity} }
