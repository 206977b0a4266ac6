package samlsp

import (
	"encoding/json"
	"time"

	"onedoor/federation"
	"onedoor/hub"
)

// question is what Finish must know of Start. The login keeps it, sealed under the browser's secret. It holds no personal data.
type question struct {
	Provider hub.ProviderID `json:"provider"`
	Entity   string         `json:"entity"` // of the provider
	Self     string         `json:"self"`   // our own entity id
	ACS      string         `json:"acs"`
	Request  string         `json:"request"`           // ID of the AuthnRequest
	MaxAge   int64          `json:"max_age"`           // of the authentication there, microseconds
	Forced   bool           `json:"forced,omitempty"`  // it must have happened since
	Started  int64          `json:"started,omitempty"` // microseconds since 1970 UTC
}

func (q question) encode() ([]byte, error) {
	b, err := json.Marshal(q)
	if err != nil {
		return nil, hub.E("samlsp.question", hub.Internal, err)
	}
	return b, nil
}

func decodeQuestion(b []byte) (question, error) {
	var q question
	if err := json.Unmarshal(b, &q); err != nil || q.Provider == "" || q.Request == "" || q.Started == 0 {
		return question{}, hub.E("samlsp.question", hub.Refused, federation.AnswerMalformed)
	}
	return q, nil
}

func (q question) started() time.Time { return time.UnixMicro(q.Started) }

// oldest is how long ago the person may have authenticated, seen from now.
func (q question) oldest(now time.Time) time.Duration {
	limit := time.Duration(q.MaxAge) * time.Microsecond
	if q.Forced {
		limit = min(limit, max(0, now.Sub(q.started())))
	}
	return limit
}
