package token

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"onedoor/hub"
	"onedoor/hub/statuslist"
)

// TypeJWT is the typ of a JWT access token (RFC 9068 section 2.1): nothing else of ours has it, so that none is taken for the other.
const TypeJWT = "at+jwt"

// JWTLife is the longest life of a JWT access token (SES-18): whoever only looks at the signature is wrong for so long at most.
const JWTLife = 5 * time.Minute

// JWTKeys sign and verify (hub/keys).
type JWTKeys interface {
	// SignJWT signs the claims (marshalled as JSON) with the key in use for the algorithm. NotFound where there is none.
	SignJWT(alg, typ string, claims any) (string, error)
	// VerifyJWT gives the payload of a JWT of that typ which SignJWT made, by its kid. Invalid, NotFound.
	VerifyJWT(typ, raw string) ([]byte, error)
}

// Statuses gives each JWT its place in a status list.
type Statuses interface {
	// Assign keeps what the token stands on, in the transaction of ctx where there is one. Unavailable.
	Assign(ctx context.Context, a Access, series hub.SystemID) (statuslist.Reference, error)
}

// JWTs makes JWT access tokens (RFC 9068) for APIs that must validate offline, and knows them again.
//
// A JWT has what its API may know, and in the claim "sealed" the whole token as only the hub can read it: so our own introspection answers
// for a JWT as it does for any token, with the same lease, without a row for it and without an id that two departments could compare. What
// is sealed there is sealed under another mark than a token: neither can be taken for the other.
type JWTs struct {
	issuer   string
	keys     JWTKeys
	sealer   *Sealer
	statuses Statuses
}

// JWTOptions configure JWTs. All are required.
type JWTOptions struct {
	Issuer   string
	Keys     JWTKeys
	Sealing  Keys
	Statuses Statuses
	Clock    hub.Clock
	Random   io.Reader
}

// NewJWTs checks the options. Invalid.
func NewJWTs(o JWTOptions) (*JWTs, error) {
	if o.Issuer == "" || o.Keys == nil || o.Statuses == nil {
		return nil, hub.Errorf("token.NewJWTs", hub.Invalid, "issuer, keys and statuses are required")
	}
	sealer, err := NewSealer(TypeJWT+" "+o.Issuer, o.Sealing, o.Clock, o.Random)
	if err != nil {
		return nil, err
	}
	return &JWTs{issuer: o.Issuer, keys: o.Keys, sealer: sealer, statuses: o.Statuses}, nil
}

// Claims are what a JWT says beside what the token itself does, in the words of its API.
type Claims struct {
	Alg      string
	API      hub.SystemID // whose status lists it is in
	Audience string       // the API's resource indicator (RFC 8707)
	Subject  string       // the API's own name for the person, or the client where a system acts for itself
	SID      string       // its own name for the session; "" for none
	Methods  []string     // amr
	Entity   string       // its own name for the entity that the person acts for; "" for none
}

// wireAccess is the payload (RFC 9068 section 2.2, RFC 8693 section 4, draft-ietf-oauth-status-list section 6.1). It has no attribute of the
// person.
type wireAccess struct {
	Issuer   string               `json:"iss"`
	Expires  int64                `json:"exp"`
	IssuedAt int64                `json:"iat"`
	ID       string               `json:"jti"`
	Audience string               `json:"aud"`
	Subject  string               `json:"sub"`
	Client   string               `json:"client_id"`
	Scope    string               `json:"scope,omitempty"`
	AuthTime int64                `json:"auth_time,omitempty"`
	ACR      string               `json:"acr,omitempty"`
	AMR      []string             `json:"amr,omitempty"`
	SID      string               `json:"sid,omitempty"`
	Actor    *wireActor           `json:"act,omitempty"`
	MayAct   *wireActor           `json:"may_act,omitempty"`
	For      *Representee         `json:"representee,omitempty"`
	Bound    map[string]string    `json:"cnf,omitempty"`                   // RFC 7800 section 3.1
	Details  json.RawMessage      `json:"authorization_details,omitempty"` // RFC 9396 section 9.1
	Status   statuslist.Reference `json:"status"`
	Sealed   string               `json:"sealed"`
}

// wireActor is act or may_act (RFC 8693 sections 4.1 and 4.4).
type wireActor struct {
	Subject string     `json:"sub"`
	Actor   *wireActor `json:"act,omitempty"`
}

// Representee is for whom the person acts, as every token and answer says it (docs/entities.md): the party in the words of GovSSO, and in it
// who acts for that, in the words of RFC 8693 section 4.1.
type Representee struct {
	Subject string `json:"sub"`
	Type    string `json:"type"`
	Actor   struct {
		Subject string `json:"sub"`
	} `json:"act"`
	Name       map[string]string `json:"name,omitempty"` // by language
	NumberType string            `json:"number_type,omitempty"`
	Number     string            `json:"number,omitempty"`
}

// LegalPerson is the type of a representee that is a legal entity.
const LegalPerson = "LEGAL_PERSON"

// NewRepresentee gives the entity and the person as one department knows them; nil for no entity.
func NewRepresentee(entity, person string) *Representee {
	if entity == "" {
		return nil
	}
	r := &Representee{Subject: entity, Type: LegalPerson}
	r.Actor.Subject = person
	return r
}

func actors(chain []hub.SystemID) *wireActor {
	if len(chain) == 0 {
		return nil
	}
	return &wireActor{Subject: string(chain[0]), Actor: actors(chain[1:])}
}

// Issue makes the JWT of a token, for one API. Times are kept to the second. Invalid where it would live longer than JWTLife, or grow longer
// than tokens may; NotFound where there is no key for the algorithm; Unavailable.
func (j *JWTs) Issue(ctx context.Context, a Access, c Claims) (string, error) {
	const op = "token.Issue"
	a.ExpiresAt = a.ExpiresAt.Truncate(time.Second)
	if a.ExpiresAt.Sub(a.IssuedAt) > JWTLife {
		return "", hub.Errorf(op, hub.Invalid, "a JWT lives for five minutes at most")
	}
	if c.API == "" || c.Audience == "" || c.Subject == "" {
		return "", hub.Errorf(op, hub.Invalid, "API, audience and subject are required")
	}
	sealed, err := j.sealer.Seal(a)
	if err != nil {
		return "", err
	}
	status, err := j.statuses.Assign(ctx, a, c.API)
	if err != nil {
		return "", err
	}
	w := wireAccess{
		Issuer: j.issuer, Expires: a.ExpiresAt.Unix(), IssuedAt: a.IssuedAt.Unix(), ID: a.ID, Audience: c.Audience, Subject: c.Subject,
		Client: string(a.Holder()), Scope: strings.Join(a.Scopes, " "), AMR: c.Methods, SID: c.SID, Actor: actors(a.Actors),
		Bound: a.Bound.Members(), Details: json.RawMessage(a.Details), Status: status, Sealed: sealed,
	}
	if a.MayAct != "" {
		w.MayAct = &wireActor{Subject: string(a.MayAct)}
	}
	if (a.Entity == "") != (c.Entity == "") {
		return "", hub.Errorf(op, hub.Invalid, "the entity is not named")
	}
	w.For = NewRepresentee(c.Entity, c.Subject)
	if !a.Machine {
		w.AuthTime, w.ACR = a.AuthTime.Unix(), a.Level.ACR()
	}
	raw, err := j.keys.SignJWT(c.Alg, TypeJWT, w)
	if err != nil {
		return "", err
	}
	if len(raw) > maxText {
		return "", hub.Errorf(op, hub.Invalid, "the access token would be too long")
	}
	return raw, nil
}

// jwtStart is how every JWS in compact form with a JSON header begins.
var jwtStart = []byte("eyJ")

// open knows a JWT of ours by its typ, its kid and its issuer, checks its signature and gives what is sealed in it. It reports false for
// everything else. It says nothing about time or status.
func (j *JWTs) open(raw []byte, to *Access) bool {
	if len(raw) > maxText || !bytes.HasPrefix(raw, jwtStart) || bytes.Count(raw, []byte{'.'}) != 2 {
		return false
	}
	payload, err := j.keys.VerifyJWT(TypeJWT, string(raw))
	if err != nil {
		return false
	}
	var w struct {
		Issuer  string `json:"iss"`
		Expires int64  `json:"exp"`
		ID      string `json:"jti"`
		Sealed  string `json:"sealed"`
	}
	if err := json.Unmarshal(payload, &w); err != nil || w.Issuer != j.issuer || !j.sealer.open([]byte(w.Sealed), to) {
		return false
	}
	return to.ID == w.ID && to.ExpiresAt.Unix() == w.Expires
}
