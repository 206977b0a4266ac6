package samlsp

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/envelope"
)

// posted is what the assertion consumer service keeps for the browser that will come with its cookies: the message as it was
// posted, or the word for why it was refused.
type posted struct {
	State   string `json:"state"` // RelayState
	Message string `json:"message,omitempty"`
	Cause   string `json:"cause,omitempty"`
}

const answerPurpose = "saml-answer"

// keep seals what was posted under a fresh handle. The same thing posted again takes the first one's place, so that whoever has one
// good message can't fill the table with it.
func (c *Connector) keep(ctx context.Context, id hub.ProviderID, p posted) (hub.Secret, error) {
	const op = "samlsp.keep"
	plain, err := json.Marshal(p)
	if err != nil {
		return hub.Secret{}, hub.Errorf(op, hub.Internal, "an answer can't be written")
	}
	handle := hub.NewSecret(c.o.Random)
	sealed, err := envelope.Seal(c.o.Random, handle.Bytes(), answerPurpose, string(id), plain)
	if err != nil {
		return hub.Secret{}, err
	}
	content := p.Message // the state is not signed: it must not make two of one
	if content == "" {
		content = p.State + "\x00" + p.Cause
	}
	return handle, c.o.Answers.Put(ctx, sha256.Sum256([]byte(string(id)+"\x00"+content)), handle.Hash(), sealed, c.o.Clock().Add(answerLife))
}

// take gives what was kept, once.
func (c *Connector) take(ctx context.Context, id hub.ProviderID, code string) (posted, error) {
	const op = "samlsp.take"
	handle, err := hub.ParseSecret(code)
	if err != nil {
		return posted{}, hub.E(op, hub.Refused, federation.AnswerMalformed)
	}
	sealed, err := c.o.Answers.Take(ctx, handle.Hash(), c.o.Clock())
	switch {
	case errors.Is(err, hub.NotFound):
		return posted{}, hub.E(op, hub.Refused, federation.AnswerGone)
	case errors.Is(err, hub.Expired):
		return posted{}, hub.E(op, hub.Expired, federation.AnswerGone)
	case err != nil:
		return posted{}, err
	}
	plain, err := envelope.Open(handle.Bytes(), answerPurpose, string(id), sealed)
	var p posted
	if err != nil || json.Unmarshal(plain, &p) != nil {
		return posted{}, hub.E(op, hub.Refused, federation.AnswerForeign) // of another provider's door
	}
	return p, nil
}
