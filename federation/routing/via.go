package routing

import (
	"strings"

	"onedoor/federation"
	"onedoor/hub"
)

// A question that a hub passes on lists, in the client assertion that proves who it is (member onedoor_via), the issuers of the hubs that
// it came through, the first one first: as the Via header of HTTP does (RFC 9110 section 7.6.3), but signed by the hub that asks, so that
// no system can make one up for another. A system that makes one up for itself only shortens its own way.

// maxHops is how many hubs a question may come through, ours not counted.
const maxHops = 3

// loops refuses a question that has been here, that would go back to a hub it came through, or that came through too many.
func (r *Router) loops(via []string, t federation.Tokens) error {
	const op = "routing.loops"
	for _, hop := range via {
		switch {
		case hop == r.o.Issuer:
			return hub.E(op, hub.Conflict, federation.RouteLoop)
		case hop == t.Issuer, strings.HasPrefix(t.Introspection, strings.TrimSuffix(hop, "/")+"/"):
			return hub.E(op, hub.Conflict, federation.RouteBack)
		}
	}
	if len(via) >= maxHops {
		return hub.E(op, hub.Conflict, federation.RouteTooFar)
	}
	return nil
}
