// Package gateway brings messages to phones: it posts them to an SMS gateway over HTTPS. It is a contact.Carrier.
//
// The request is JSON {"id", "to", "text", "language"}; Idempotency-Key carries the id, the same on every try of one message, and
// Onedoor-Signature is "t=SECONDS,v1=HEX", where HEX is the HMAC-SHA256, under the secret that both sides know, over SECONDS, "." and the
// body. The gateway refuses a time that is far from its own and what it has seen. 2xx: taken.
//
// It does not own the addresses, the words, or the guard of the HTTP client (hub/outbound).
package gateway

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"onedoor/hub"
	"onedoor/hub/contact"
)

// Options are what a Carrier is made of. All are required.
type Options struct {
	URL    string // https
	Secret string // at least 32 characters
	HTTP   *http.Client
	Clock  hub.Clock
}

// Carrier posts to one gateway.
type Carrier struct{ o Options }

// New checks the options. Invalid.
func New(o Options) (*Carrier, error) {
	const op = "gateway.New"
	u, err := url.Parse(o.URL)
	switch {
	case o.HTTP == nil || o.Clock == nil:
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "":
		return nil, hub.Errorf(op, hub.Invalid, "the gateway's address must be an https URL")
	case len(o.Secret) < 32:
		return nil, hub.Errorf(op, hub.Invalid, "the secret has less than 32 characters")
	}
	return &Carrier{o}, nil
}

// Channel implements contact.Carrier.
func (*Carrier) Channel() string { return "sms" }

// Kind implements contact.Carrier.
func (*Carrier) Kind() contact.Kind { return contact.Phone }

// wire is the request.
type wire struct {
	ID       string `json:"id"`
	To       string `json:"to"`
	Text     string `json:"text"`
	Language string `json:"language"`
}

// Carry implements contact.Carrier. Refused where the gateway says that this request is not to be repeated (400, 404, 410, 422).
func (c *Carrier) Carry(ctx context.Context, to string, m contact.Message) error {
	const op = "gateway.Carry"
	body, err := json.Marshal(wire{m.ID, to, m.Text, m.Language})
	if err != nil {
		return hub.E(op, hub.Internal, nil)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.o.URL, bytes.NewReader(body))
	if err != nil {
		return hub.E(op, hub.Internal, nil)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", m.ID)
	req.Header.Set("Onedoor-Signature", Sign(c.o.Secret, c.o.Clock().Unix(), body))
	resp, err := c.o.HTTP.Do(req)
	if err != nil {
		return hub.Errorf(op, hub.Unavailable, "the gateway did not answer") // the cause names the URL, which may hold a key
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	_ = resp.Body.Close()
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusBadRequest, code == http.StatusNotFound, code == http.StatusGone, code == http.StatusUnprocessableEntity:
		return hub.Errorf(op, hub.Refused, "the gateway answered "+strconv.Itoa(code))
	default:
		return hub.Errorf(op, hub.Unavailable, "the gateway answered "+strconv.Itoa(code))
	}
}

// Sign gives the signature of a body at a time, in seconds since 1970 UTC.
func Sign(secret string, at int64, body []byte) string {
	t := strconv.FormatInt(at, 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
