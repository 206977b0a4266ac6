package forward

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"time"

	"onedoor/hub"
)

// state is where a browser was when it had to sign in.
type state struct {
	System  hub.SystemID `json:"s"`
	Origin  string       `json:"o"`
	To      string       `json:"t"` // path and query at the origin
	Browser []byte       `json:"b"` // SHA-256 of the secret in its start cookie
	At      int64        `json:"a"` // microseconds since 1970 UTC
}

// stateContext binds what is sealed here to its purpose: nothing else that is sealed under the same keys can be taken for it.
const stateContext = "onedoor forward state 1\x00"

const (
	maxState  = 6 << 10 // characters
	maxTo     = 2 << 10
	nonceSize = 12
)

// seal gives a state as text of [A-Za-z0-9_.-] that only the hub can read and make. Unavailable.
func (g *Gate) seal(s state) (string, error) {
	const op = "forward.seal"
	id, key, err := g.o.Keys.SealingKey()
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	nonce := make([]byte, nonceSize, nonceSize+len(plain)+key.Overhead())
	if _, err := io.ReadFull(g.o.Random, nonce); err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	return id + "." + base64.RawURLEncoding.EncodeToString(key.Seal(nonce, nonce, plain, []byte(stateContext+id))), nil
}

// open reads what seal made, for the system. Invalid for anything else; Expired.
func (g *Gate) open(text string, system hub.SystemID) (state, error) {
	const op = "forward.open"
	bad := hub.Errorf(op, hub.Invalid, "not the state of a login at this system")
	id, rest, found := strings.Cut(text, ".")
	if len(text) > maxState || !found || !hub.ValidID(id) {
		return state{}, bad
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(raw) < nonceSize {
		return state{}, bad
	}
	key, err := g.o.Keys.OpeningKey(id)
	if err != nil {
		return state{}, bad
	}
	plain, err := key.Open(nil, raw[:nonceSize], raw[nonceSize:], []byte(stateContext+id))
	if err != nil {
		return state{}, bad
	}
	var s state
	if err := json.Unmarshal(plain, &s); err != nil || s.System != system {
		return state{}, bad
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
