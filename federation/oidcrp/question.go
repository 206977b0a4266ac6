package oidcrp

import (
	"encoding/json"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

// question is what Finish must know of Start. The login keeps it, sealed under the browser's secret. It holds no personal data.
type question struct {
	Provider hub.ProviderID `json:"provider"`
	Issuer   string         `json:"issuer"`
	Callback string         `json:"callback"`
	Nonce    string         `json:"nonce,omitempty"`
	Verifier string         `json:"verifier,omitempty"`
	MaxAge   *int64         `json:"max_age,omitempty"` // seconds, as sent; nil where not sent
	ACR      []string       `json:"acr,omitempty"`     // one of them is essential
	Started  int64          `json:"started"`           // microseconds since 1970 UTC
}

func (p question) encode() ([]byte, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, hub.E("oidcrp.question", hub.Internal, err)
	}
	return b, nil
}

func decodeQuestion(b []byte) (question, error) {
	var p question
	if err := json.Unmarshal(b, &p); err != nil || p.Provider == "" || p.Started == 0 {
		return question{}, hub.E("oidcrp.question", hub.Refused, federation.AnswerMalformed)
	}
	return p, nil
}

func (p question) started() time.Time { return time.UnixMicro(p.Started) }
