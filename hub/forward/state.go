package forward

import (
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/envelope"
)

// state is where a browser was when it had to sign in.
type state struct {
	System  hub.SystemID `json:"s"`
	Origin  string       `json:"o"`
	To      string       `json:"t"`           // path and query at the origin
	For     string       `json:"f,omitempty"` // of a request that is not repeated, but whose items are asked for
	Browser []byte       `json:"b"`           // SHA-256 of the secret in its start cookie
	At      int64        `json:"a"`           // microseconds since 1970 UTC
}

// stateContext binds what is sealed here to its purpose: nothing else that is sealed under the same keys can be taken for it.
const stateContext = "onedoor forward state 1\x00"

const maxTo = 2 << 10

// seal gives a state as text that only the hub can read and make. Unavailable.
func (g *Gate) seal(s state) (string, error) {
	return envelope.Carry(g.o.Keys, g.o.Random, stateContext, s)
}

// open reads what seal made, for the system. Invalid for anything else; Expired.
func (g *Gate) open(text string, system hub.SystemID) (state, error) {
	const op = "forward.open"
	var s state
	if err := envelope.Carried(g.o.Keys, stateContext, text, &s); err != nil {
		return state{}, err
	}
	if s.System != system {
		return state{}, hub.Errorf(op, hub.Invalid, "the state of a login at another system")
	}
	if age := g.now().Sub(time.UnixMicro(s.At)); age > startLife || age < -startLife {
		return state{}, hub.Errorf(op, hub.Expired, "the login began too long ago")
	}
	return s, nil
}

// target gives a path that a browser may be sent back to at a system's origin, "/" for everything that isn't one: it can't lead to
// another host, whatever the browser takes for a slash.
func target(to string) string {
	if len(to) > maxTo || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, OwnPath) {
		return "/"
	}
	for _, r := range to {
		if r <= ' ' || r > '~' || r == '\\' {
			return "/"
		}
	}
	return to
}
