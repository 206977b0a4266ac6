package binding

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"onedoor/hub"
	"onedoor/hub/strictjson"
	"onedoor/tenants"
)

// The types of the two messages (RFC 7519 section 5.1): neither is taken for the other, or for anything else that the hub signs.
const (
	MatchType  = "onedoor-match+jwt"
	NoticeType = "onedoor-binding+jwt"
)

// Bounds of a call.
const (
	callTime    = 8 * time.Second
	messageLife = time.Minute // exp of a message
	maxAnswer   = 16 << 10    // bytes
	maxNumber   = 256         // bytes, in whatever spelling
)

// Signer signs messages; keys.Ring has it.
type Signer interface {
	SignJWT(alg, typ string, claims any) (string, error)
}

// message are the claims that both messages have.
type message struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"` // the address that it is sent to
	ID       string `json:"jti"` // the same on every try
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
	Subject  string `json:"sub"` // the owner, as this department alone knows them
	Holder   string `json:"holder"`
	Kind     string `json:"record_kind"`
	IAL      string `json:"ial"`
	AAL      string `json:"aal"`
}

// question is a matching request (domain standards, section 5.13).
type question struct {
	message
	Attributes map[string]string `json:"attributes,omitempty"`
	Entity     *Facts            `json:"entity,omitempty"` // of an entity's record
	Extra      map[string]string `json:"extra,omitempty"`
	Record     string            `json:"record,omitempty"`   // the number that the person named
	Confirms   bool              `json:"confirms,omitempty"` // it is bound already, at a lower level or long ago
	AskedAt    int64             `json:"asked_at"`           // when the person agreed
}

// news tells what became of a binding.
type news struct {
	message
	Event   string `json:"event"`  // bound, suspended, unbound
	Reason  string `json:"reason"` // as Reason
	Record  string `json:"record"`
	Way     string `json:"way"`
	Binding string `json:"binding"`
	At      int64  `json:"at"` // of the event
	// Sequence grows with every move of the binding: what comes late says so.
	Sequence int `json:"sequence"`
}

// post sends a signed message and gives what came back: at most maxAnswer bytes of a 2xx. Refused for any other answer, Unavailable for none. What the
// other side says in words goes nowhere.
func (d *Desk) post(ctx context.Context, address, typ string, claims any) ([]byte, string, error) {
	const op = "binding.post"
	signed, err := d.o.Sign.SignJWT(signAlg, typ, claims)
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader([]byte(signed)))
	if err != nil {
		return nil, "", hub.Errorf(op, hub.Internal, "not an address")
	}
	r.Header.Set("Content-Type", "application/"+typ)
	r.Header.Set("Accept", "application/json")
	resp, err := d.o.HTTP.Do(r)
	if err != nil {
		return nil, "", hub.Errorf(op, hub.Unavailable, "no answer")
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, "", hub.Errorf(op, hub.Unavailable, "the answer broke off")
	case len(body) > maxAnswer:
		return nil, "", hub.Errorf(op, hub.Refused, "a longer answer than any can be")
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return nil, "", hub.Errorf(op, hub.Unavailable, "not able to answer")
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil, "", hub.Errorf(op, hub.Refused, "an answer of another kind")
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return body, kind, nil
}

// ParseAnswer reads what a match endpoint answers: a JSON object with the members result, record (of match and create), area and ask (of
// ask-more), each once, and no others. A department never sends back what it knows of a person, so anything more is Refused whole.
func ParseAnswer(body []byte) (Answer, error) {
	const op = "binding.ParseAnswer"
	bad := hub.Errorf(op, hub.Refused, "not an answer to a matching request")
	o, err := strictjson.Object(body)
	if err != nil || len(body) > maxAnswer {
		return Answer{}, bad
	}
	var a Answer
	for name, v := range o {
		text, ok := v.(string)
		if !ok || text == "" || len(text) > maxNumber {
			return Answer{}, bad
		}
		switch name {
		case "result":
			a.Result = Result(text)
		case "record":
			a.Number = text
		case "area":
			a.Area = tenants.AreaID(text)
		case "ask":
			a.Ask = text
		default:
			return Answer{}, bad
		}
	}
	found := a.Result == Match || a.Result == Create
	switch {
	case found != (a.Number != ""), (a.Result == More) != (a.Ask != ""), a.Area != "" && (!found || !hub.ValidName(string(a.Area))),
		a.Ask != "" && !hub.ValidName(a.Ask):
		return Answer{}, bad
	case !found && a.Result != None && a.Result != Multiple && a.Result != More:
		return Answer{}, bad
	}
	return a, nil
}

// ask asks a department's match endpoint.
func (d *Desk) ask(ctx context.Context, address string, q question) (Answer, error) {
	body, kind, err := d.post(ctx, address, MatchType, q)
	if err != nil {
		return Answer{}, err
	}
	if kind != "application/json" {
		return Answer{}, hub.Errorf("binding.ask", hub.Refused, "the answer is not JSON")
	}
	return ParseAnswer(body)
}

// LogValue hides the question.
func (question) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// gone reports whether an error says that what work was about is not there any more.
func gone(err error) bool { return errors.Is(err, hub.NotFound) }
