// Package registry asks a company registry whether a person may represent a legal entity (ENT-06). It owns the small protocol between the two
// (docs/entities.md): one POST, a signed question and a signed answer, both JWTs (RFC 7519) of types of their own.
//
// # What it holds to
//
//   - Asked is the minimum: the number of the entity, and of the person a keyed hash of their own number under a nonce of this question. The
//     registry, which knows its directors' numbers, compares; of somebody who is none it learns nothing that it could keep.
//   - An answer counts for the one question that it names, from the registry whose key signed it, for a minute.
//   - The call is bounded in time and size, and goes through the guard of hub/outbound, which follows no redirect.
//
// It does not own what an answer is worth (tenants/entity).
package registry

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/jwks"
	"onedoor/hub/strictjson"
	"onedoor/tenants/entity"
)

// The types of the two JWTs (RFC 8725 section 3.11), and the media type of both bodies.
const (
	QuestionType = "onedoor-registry-question+jwt"
	AnswerType   = "onedoor-registry-answer+jwt"
	MediaType    = "application/jwt"
)

const (
	life    = time.Minute      // of a question and of an answer
	skew    = 30 * time.Second // between the registry's clock and ours
	largest = 16 << 10         // bytes of an answer
)

// Signer signs questions with the hub's own key; keys.Ring has it.
type Signer interface {
	SignJWT(alg, typ string, claims any) (string, error)
}

// Options are what a Registry is made of. All are required.
type Options struct {
	Issuer  string   // of the hub: who asks
	URL     string   // where questions go
	Name    string   // who answers: iss of answers, aud of questions
	JWKSURI string   // where the registry publishes its keys
	Kinds   []string // of numbers that it keeps: of hub/identifier
	Signer  Signer
	HTTP    *http.Client // hub/outbound
	Clock   hub.Clock
	Random  io.Reader
}

// Registry asks one. It is safe for concurrent use.
type Registry struct {
	o    Options
	keys *jwks.Sets
}

var _ entity.Registry = (*Registry)(nil)

// New checks the options. Invalid where one is missing.
func New(o Options) (*Registry, error) {
	if o.Issuer == "" || o.URL == "" || o.Name == "" || o.JWKSURI == "" || len(o.Kinds) == 0 || o.Signer == nil || o.HTTP == nil || o.Clock == nil ||
		o.Random == nil {
		return nil, hub.Errorf("registry.New", hub.Invalid, "an option is missing")
	}
	keys, err := jwks.New(o.HTTP, o.Clock)
	if err != nil {
		return nil, err
	}
	return &Registry{o: o, keys: keys}, nil
}

// Question is what is asked.
type Question struct {
	Issuer   string       `json:"iss"`
	Audience string       `json:"aud"`
	IssuedAt int64        `json:"iat"`
	Expires  int64        `json:"exp"`
	ID       string       `json:"jti"`
	Entity   EntityNumber `json:"entity"`
	Person   PersonHash   `json:"person"`
}

// EntityNumber is the number of an entity.
type EntityNumber struct {
	Type   string `json:"type"`
	Number string `json:"number"`
}

// PersonHash is a person's number as HMAC-SHA-256 under the nonce, both in base64url.
type PersonHash struct {
	Type  string `json:"type"`
	Nonce string `json:"nonce"`
	Hash  string `json:"hash"`
}

// Hash gives the hash of a person's number under a nonce.
func Hash(nonce []byte, number string) string {
	h := hmac.New(sha256.New, nonce)
	h.Write([]byte(number))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Ask implements entity.Registry.
func (r *Registry) Ask(ctx context.Context, n entity.Number, person hub.PersonNumber) (entity.Answer, error) {
	const op = "registry.Ask"
	if !slices.Contains(r.o.Kinds, n.Kind) {
		return entity.Answer{}, hub.Errorf(op, hub.Invalid, "the registry keeps no such numbers")
	}
	now, nonce := r.o.Clock(), hub.NewSecret(r.o.Random).Bytes()
	q := Question{
		Issuer: r.o.Issuer, Audience: r.o.Name, IssuedAt: now.Unix(), Expires: now.Add(life).Unix(), ID: hub.NewID(r.o.Random),
		Entity: EntityNumber{n.Kind, n.Value},
		Person: PersonHash{person.Kind, base64.RawURLEncoding.EncodeToString(nonce), Hash(nonce, person.Value)},
	}
	signed, err := r.o.Signer.SignJWT("ES256", QuestionType, q)
	if err != nil {
		return entity.Answer{}, hub.E(op, hub.Unavailable, err)
	}
	raw, err := r.post(ctx, signed)
	if err != nil {
		return entity.Answer{}, err
	}
	payload, err := r.verify(ctx, raw)
	if err != nil {
		return entity.Answer{}, err
	}
	return read(payload, r.o.Name, r.o.Issuer, q.ID, r.o.Clock())
}

// post sends the question. Unavailable where there is no answer, Refused for one of another form. The cause tells no number.
func (r *Registry) post(ctx context.Context, signed string) (string, error) {
	const op = "registry.post"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.o.URL, bytes.NewReader([]byte(signed)))
	if err != nil {
		return "", hub.Errorf(op, hub.Internal, "the address of the registry is none")
	}
	req.Header.Set("Content-Type", MediaType)
	req.Header.Set("Accept", MediaType)
	resp, err := r.o.HTTP.Do(req)
	if err != nil {
		return "", hub.E(op, hub.Unavailable, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read as far as it counts
	if resp.StatusCode != http.StatusOK {
		return "", hub.Errorf(op, hub.Unavailable, "another status than 200")
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || kind != MediaType {
		return "", hub.Errorf(op, hub.Refused, "another media type")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largest+1))
	switch {
	case err != nil:
		return "", hub.E(op, hub.Unavailable, err)
	case len(body) > largest:
		return "", hub.Errorf(op, hub.Refused, "too long")
	}
	return string(body), nil
}

// verify gives the payload of an answer that the registry signed. Refused; Unavailable where its keys can't be had.
func (r *Registry) verify(ctx context.Context, raw string) ([]byte, error) {
	const op = "registry.verify"
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.RS256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, hub.Errorf(op, hub.Refused, "not a signed answer")
	}
	head := jws.Signatures[0].Protected
	if typ, _ := head.ExtraHeaders[jose.HeaderType].(string); typ != AnswerType {
		return nil, hub.Errorf(op, hub.Refused, "a JWT of another type")
	}
	for _, again := range []bool{false, true} { // its keys may just have changed
		set, fresh, err := r.keys.Get(ctx, r.o.JWKSURI, again)
		if err != nil {
			return nil, hub.E(op, hub.Unavailable, err)
		}
		for _, key := range jwks.For(set, head.Algorithm, head.KeyID) {
			if payload, err := jws.Verify(key); err == nil {
				return payload, nil
			}
		}
		if fresh {
			break
		}
	}
	return nil, hub.Errorf(op, hub.Refused, "nobody's signature that is known")
}

// wireAnswer is an answer.
type wireAnswer struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
	Question string `json:"in_response_to"`
	Entity   struct {
		Found  bool              `json:"found"`
		Status string            `json:"status"`
		Name   map[string]string `json:"name"`
	} `json:"entity"`
	Person struct {
		Represents *bool `json:"represents"`
	} `json:"person"`
}

// read judges the payload of an answer, whose signature is good. Refused where it is not for this question, or does not say what it must: what it
// leaves out means nothing.
func read(payload []byte, from, to, question string, now time.Time) (entity.Answer, error) {
	const op = "registry.read"
	refused := func(text string) (entity.Answer, error) { return entity.Answer{}, hub.Errorf(op, hub.Refused, text) }
	if _, err := strictjson.Object(payload); err != nil { // no member twice
		return refused("not a JSON object")
	}
	var a wireAnswer
	if err := json.Unmarshal(payload, &a); err != nil {
		return refused("members of other forms")
	}
	switch {
	case a.Issuer != from || a.Audience != to || a.Question == "" || a.Question != question:
		return refused("for another question, or from somebody else")
	case a.Expires == 0 || a.IssuedAt == 0 || now.After(time.Unix(a.Expires, 0).Add(skew)) || now.Before(time.Unix(a.IssuedAt, 0).Add(-skew)) ||
		time.Unix(a.Expires, 0).Sub(time.Unix(a.IssuedAt, 0)) > life+skew:
		return refused("not of this minute")
	case !a.Entity.Found:
		return entity.Answer{}, hub.Errorf(op, hub.NotFound, "the registry does not know the entity")
	}
	switch a.Entity.Status {
	case "active":
	case "dissolved":
		return entity.Answer{}, nil
	default:
		return refused("a status that is not known")
	}
	if a.Person.Represents == nil {
		return refused("nothing said of the person")
	}
	names := hub.Text{}
	for _, lang := range hub.Languages() {
		if a.Entity.Name[lang] != "" {
			names[lang] = a.Entity.Name[lang]
		}
	}
	if len(names) == 0 {
		return refused("no name")
	}
	return entity.Answer{Live: true, Names: names, Represents: *a.Person.Represents}, nil
}

// Several asks the first of several registries that keeps such numbers.
type Several []*Registry

// Ask implements entity.Registry.
func (s Several) Ask(ctx context.Context, n entity.Number, person hub.PersonNumber) (entity.Answer, error) {
	err := hub.Errorf("registry.Several", hub.Invalid, "no registry keeps such numbers")
	for _, r := range s {
		a, e := r.Ask(ctx, n, person)
		if !errors.Is(e, hub.Invalid) {
			return a, e
		}
	}
	return entity.Answer{}, err
}
