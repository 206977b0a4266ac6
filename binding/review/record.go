package review

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"time"
	"unicode"

	"onedoor/binding"
	"onedoor/hub"
	"onedoor/hub/strictjson"
	"onedoor/tenants"
)

// RecordType is the type of the message that asks a department to show a record (RFC 7519 section 5.1).
const RecordType = "onedoor-record+jwt"

// Bounds of the question for a record.
const (
	recordAlg   = "ES256"
	recordTime  = 5 * time.Second
	recordLife  = time.Minute
	maxRecord   = 16 << 10 // bytes
	maxFields   = 32
	maxFieldLen = 500 // bytes
)

// recordQuestion are the claims of the question.
type recordQuestion struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"` // the address that it is sent to
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
	Subject  string `json:"sub"`      // the owner, as this department alone knows them
	Reviewer string `json:"reviewer"` // the same of the clerk who looks
	Kind     string `json:"record_kind"`
	Record   string `json:"record"`
	Binding  string `json:"binding"`
}

// record asks the department to show a record to a clerk. Refused for an answer that is none, Unavailable for none. Nothing of it is kept.
func (d *Desk) record(ctx context.Context, c binding.Clerk, b binding.Binding, k tenants.RecordKind, number string) (Fields, error) {
	const op = "review.record"
	now := d.o.Clock()
	signed, err := d.o.Sign.SignJWT(recordAlg, RecordType, recordQuestion{
		Issuer: d.o.Issuer, Audience: k.Show, ID: hub.NewID(d.o.Random), IssuedAt: now.Unix(), Expires: now.Add(recordLife).Unix(),
		Subject: d.o.Bindings.Subject(b.Place.Department, b.Owner), Reviewer: d.o.Bindings.Subject(b.Place.Department, binding.Owner{Account: c.Account}),
		Kind: string(k.ID), Record: number, Binding: b.ID,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, recordTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, k.Show, bytes.NewReader([]byte(signed)))
	if err != nil {
		return nil, hub.Errorf(op, hub.Internal, "not an address")
	}
	r.Header.Set("Content-Type", "application/"+RecordType)
	r.Header.Set("Accept", "application/json")
	resp, err := d.o.HTTP.Do(r)
	if err != nil {
		return nil, hub.Errorf(op, hub.Unavailable, "no answer")
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRecord+1))
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case err != nil || resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return nil, hub.Errorf(op, hub.Unavailable, "not able to answer")
	case resp.StatusCode == http.StatusNotFound:
		return nil, hub.Errorf(op, hub.NotFound, "the department has no such record")
	case resp.StatusCode != http.StatusOK || kind != "application/json" || len(body) > maxRecord:
		return nil, hub.Errorf(op, hub.Refused, "an answer of another kind")
	}
	return ParseRecord(k, body)
}

// ParseRecord reads what a department's record endpoint answers: a JSON object with the member fields, an object of texts, each under a name of the
// dictionary or the id of a further attribute of the kind. Refused for anything else.
func ParseRecord(k tenants.RecordKind, body []byte) (Fields, error) {
	bad := hub.Errorf("review.ParseRecord", hub.Refused, "not a record")
	o, err := strictjson.Object(body)
	fields, ok := o["fields"].(map[string]any)
	if err != nil || !ok || len(o) != 1 || len(fields) > maxFields {
		return nil, bad
	}
	out := make(Fields, len(fields))
	for name, v := range fields {
		text, ok := v.(string)
		if !ok || !knows(k, name) || len(text) > maxFieldLen || !shown(text) {
			return nil, bad
		}
		out[name] = text
	}
	return out, nil
}

// shown reports whether a text can be shown as it is: nothing that moves a cursor or turns a line around.
func shown(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
