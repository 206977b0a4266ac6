package samlidp

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"

	"onedoor/hub"
)

// carried is a question on its way through the redirect.
type carried struct {
	Question    question          `json:"q"`
	Interaction hub.InteractionID `json:"i"`
}

// carryContext binds what is sealed here to its purpose: no access token, which is sealed under the same keys, can be taken for it
// and the other way round.
const carryContext = "onedoor samlidp request 1\x00"

const (
	maxCarried = 12 << 10 // characters
	nonceSize  = 12
)

// seal gives a question as text of [A-Za-z0-9_.-] that only the hub can read and make. Unavailable.
func (p *Provider) seal(c carried) (string, error) {
	const op = "samlidp.seal"
	id, key, err := p.o.Keys.SealingKey()
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	plain, err := json.Marshal(c)
	if err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	nonce := make([]byte, nonceSize, nonceSize+len(plain)+key.Overhead())
	if _, err := io.ReadFull(p.o.Random, nonce); err != nil {
		return "", hub.E(op, hub.Internal, err)
	}
	text := id + "." + base64.RawURLEncoding.EncodeToString(key.Seal(nonce, nonce, plain, []byte(carryContext+id)))
	if len(text) > maxCarried {
		return "", hub.Errorf(op, hub.TooMany, "the request is too long to be carried")
	}
	return text, nil
}

// open reads what seal made. Invalid for anything else; Expired.
func (p *Provider) open(text string) (carried, error) {
	const op = "samlidp.open"
	bad := hub.Errorf(op, hub.Invalid, "not a request that is under way")
	id, rest, found := strings.Cut(text, ".")
	if len(text) > maxCarried || !found || !hub.ValidID(id) {
		return carried{}, bad
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(raw) < nonceSize {
		return carried{}, bad
	}
	key, err := p.o.Keys.OpeningKey(id)
	if err != nil {
		return carried{}, bad
	}
	plain, err := key.Open(nil, raw[:nonceSize], raw[nonceSize:], []byte(carryContext+id))
	if err != nil {
		return carried{}, bad
	}
	var c carried
	if err := json.Unmarshal(plain, &c); err != nil {
		return carried{}, bad
	}
	if age := p.now().Sub(c.Question.at()); age > carryLife {
		return carried{}, hub.Errorf(op, hub.Expired, "the request came too long ago")
	}
	return c, nil
}
