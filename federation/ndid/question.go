package ndid

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/login"
)

// The modes of the platform (API, "mode").
const (
	modeDirect    = 1 // the identity provider alone vouches
	modeOnboarded = 2 // the platform checks the signature of the person's accessor
)

// question is what the later steps must know of the earlier ones. The login keeps it, sealed under the browser's secret. Before the
// person has typed anything it has no more than Provider and Node. It prints as "[redacted]".
type question struct {
	Provider  hub.ProviderID `json:"provider"`
	Node      string         `json:"node"`
	Reference string         `json:"reference,omitempty"`
	Request   string         `json:"request,omitempty"`
	Salt      string         `json:"salt,omitempty"`
	Namespace string         `json:"namespace,omitempty"`
	Number    string         `json:"number,omitempty"`
	Message   string         `json:"message,omitempty"`
	Mode      int            `json:"mode,omitempty"`
	IDP       string         `json:"idp,omitempty"`
	IAL       string         `json:"ial,omitempty"` // asked
	AAL       string         `json:"aal,omitempty"`
	Started   int64          `json:"started,omitempty"` // microseconds since 1970 UTC
	Until     int64          `json:"until,omitempty"`
}

// String hides it.
func (question) String() string { return "[redacted]" }

// GoString hides it.
func (question) GoString() string { return "[redacted]" }

// LogValue hides it.
func (question) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func encode(q question) ([]byte, error) {
	b, err := json.Marshal(q)
	if err != nil {
		return nil, hub.Errorf("ndid.question", hub.Internal, "can't be written")
	}
	return b, nil
}

// parse reads what encode wrote for this provider at this node. Refused otherwise.
func parse(b []byte, p federation.Provider) (question, error) {
	const op = "ndid.question"
	var q question
	if json.Unmarshal(b, &q) != nil || q.Provider == "" {
		return question{}, hub.E(op, hub.Refused, federation.AnswerMalformed)
	}
	if p.NDID == nil || q.Provider != p.ID || q.Node != p.NDID.Node {
		return question{}, hub.E(op, hub.Refused, federation.AnswerForeign)
	}
	return q, nil
}

func (q question) started() time.Time { return time.UnixMicro(q.Started) }
func (q question) until() time.Time   { return time.UnixMicro(q.Until) }

// messageHash gives what the platform must keep as request_message_hash: proof that the person read our message, and that the request is
// about our number. All parts are joined as text; salts are the base64 text.
func messageHash(namespace, number, salt, message string) string {
	first := sha256.Sum256([]byte(namespace + number + salt))
	second := sha256.Sum256([]byte(message + base64.StdEncoding.EncodeToString(first[:])))
	return base64.StdEncoding.EncodeToString(second[:])
}

const (
	codeAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" // 32 signs that nobody takes for one another
	codeSize     = 4
	maxNames     = 120 // characters of a name in the message
)

// code draws the verification code: four signs that the person compares, so that nobody approves what somebody else began.
func (c *Connector) code() string {
	var b strings.Builder
	for _, x := range hub.NewSecret(c.random).Bytes()[:codeSize] {
		b.WriteByte(codeAlphabet[int(x)%len(codeAlphabet)])
	}
	return b.String()
}

// message writes what the person reads in the app, in their language.
func message(n federation.NDID, ask login.Ask, code string) string {
	lang := language(ask.Languages)
	name := func(t hub.Text) string {
		return strings.NewReplacer("{", "", "}", "").Replace(plain(t.In(lang), maxNames))
	}
	return strings.NewReplacer("{system}", name(ask.System), "{department}", name(ask.Department), "{code}", code).Replace(n.Message.In(lang))
}

// language gives the first of the wished ones that is the platform's.
func language(wished []string) string {
	for _, w := range wished {
		tag, _, _ := strings.Cut(strings.ToLower(w), "-")
		for _, l := range hub.Languages() {
			if l == tag {
				return l
			}
		}
	}
	return hub.Languages()[0]
}

func digits(n int) string { return strconv.Itoa(n) }
