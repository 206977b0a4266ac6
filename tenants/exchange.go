package tenants

import (
	"slices"
	"strings"

	"onedoor/hub"
)

const (
	ruleExchange = "RFC 8693"
	ruleJWT      = "RFC 9068"
	maxExchanges = 32
)

// exchange checks what an API says about the form of its tokens and about those who call it for a person.
func (fs *faults) exchange(at string, o OIDC) {
	if o.AccessTokenAlg != "" && !slices.Contains(idTokenAlgs, o.AccessTokenAlg) {
		fs.add(at+".accessTokenAlg", ruleJWT, "must be one of %s", strings.Join(idTokenAlgs, ", "))
	}
	if o.Resource == "" && (o.AccessTokenAlg != "" || len(o.ExchangeFrom) > 0) {
		fs.add(at+".resource", ruleResource, "is missing: by what name is the API asked for?")
	}
	if o.MayAct != "" && !hub.ValidName(string(o.MayAct)) {
		fs.add(at+".mayAct", ruleExchange, "must name a system")
	}
	if len(o.ExchangeFrom) > maxExchanges {
		fs.add(at+".exchangeFrom", "", "has more than %d entries", maxExchanges)
		return
	}
	for i, x := range o.ExchangeFrom {
		at := index(at+".exchangeFrom", i)
		if !hub.ValidName(string(x.From)) {
			fs.add(at+".from", ruleExchange, "must name a system")
		}
		if slices.IndexFunc(o.ExchangeFrom, func(y Exchange) bool { return y.From == x.From }) < i {
			fs.add(at+".from", "", "is there twice")
		}
		for j, s := range x.Scopes {
			// openid would open the userinfo endpoint, offline_access a refresh: both are for the client that a person logs in at.
			if !personalScope(s) {
				fs.add(index(at+".scopes", j), ruleExchange, "%q can't be exchanged: profile or the name of an attribute", clip(s))
			}
			if slices.Index(x.Scopes, s) < j {
				fs.add(index(at+".scopes", j), "", "is there twice")
			}
		}
		if x.Least.IAL > hub.IAL3 || x.Least.AAL > hub.AAL3 {
			fs.add(at+".least", "LOA-09", "is no level")
		}
	}
}
