package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/jwks"
	"onedoor/hub/statuslist"
	"onedoor/hub/strictjson"
)

// VerifierOptions are what a Verifier is made of. All but Skew and Timeout are required.
type VerifierOptions struct {
	Issuer   string // of the hub
	Resource string // this API's own resource indicator: the aud of its tokens
	HTTP     *http.Client
	Clock    hub.Clock
	Skew     time.Duration // that this machine's clock may be off; 30 s where zero
	Timeout  time.Duration // for one fetch; 5 s where zero
}

// Verifier checks JWT access tokens (RFC 9068 section 4) for an API that must not ask the hub about each: with the hub's published keys and
// its status lists, which are fetched again when their ttl is over. What can't be checked is not valid: without a list that is young enough
// no token passes. A sign-out reaches it within the ttl, 3 seconds; who needs it at once asks the hub ([Client]). It is safe for concurrent
// use.
type Verifier struct {
	o     VerifierOptions
	keys  *jwks.Sets
	mu    sync.Mutex
	lists map[string]*list
}

// list is a status list as it was fetched. The turn is held by who fetches it.
type list struct {
	turn  chan struct{}
	bits  statuslist.Bits
	until time.Time
}

const (
	jwksPath   = "/oauth2/jwks"
	listPath   = "/oauth2/statuslist/"
	typeAccess = "at+jwt"
	mostLists  = 1000
	largestJWT = 256 << 10 // bytes of a status list
	mostActors = 16
)

// Access is what a JWT access token says (RFC 9068 section 2.2). Times are in seconds since 1970; there are none of a person where a system
// acts for itself, whose Subject is its Client.
type Access struct {
	ID       string   `json:"jti"`
	Subject  string   `json:"sub"` // this API's own name for the person
	Client   string   `json:"client_id"`
	Scope    string   `json:"scope"`
	Session  string   `json:"sid"`
	ACR      string   `json:"acr"`
	AMR      []string `json:"amr"`
	AuthTime int64    `json:"auth_time"`
	IssuedAt int64    `json:"iat"`
	Expires  int64    `json:"exp"`
	// Details are what the person has opened for the token (RFC 9396); nil for nothing. They count while the token does, and no longer.
	Details json.RawMessage `json:"authorization_details"`
	// Representee is the legal entity that the person acts for; nil where they act for themselves. Subject stays the person.
	Representee *Representee `json:"representee"`
	// Raw are all claims, as they were signed.
	Raw json.RawMessage `json:"-"`
	// Confirmation is what the token is bound to; Verify has compared it with what the sender held.
	Confirmation Confirmation `json:"-"`
	Actors       []string     `json:"-"` // who acts for the person, the latest first (RFC 8693 section 4.1)
}

// Representee is for whom a person acts: this API's own name for the entity.
type Representee struct {
	Subject string `json:"sub"`
	Type    string `json:"type"` // "LEGAL_PERSON"
}

// Held is what the sender of a request proved to hold, checked before: thumbprints as they stand in cnf (RFC 9449 section 6.1, RFC 8705
// section 3.1). The zero value is a bearer.
type Held struct{ Key, Certificate string }

// NewVerifier checks the options. Invalid.
func NewVerifier(o VerifierOptions) (*Verifier, error) {
	const op = "client.NewVerifier"
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && !local(u.Hostname()):
		return nil, hub.Errorf(op, hub.Invalid, "the issuer must be an https address")
	case o.Resource == "" || o.HTTP == nil || o.Clock == nil || o.Skew < 0 || o.Timeout < 0:
		return nil, hub.Errorf(op, hub.Invalid, "an option is missing")
	}
	if o.Skew == 0 {
		o.Skew = 30 * time.Second
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	keys, err := jwks.New(o.HTTP, o.Clock)
	if err != nil {
		return nil, err
	}
	return &Verifier{o: o, keys: keys, lists: map[string]*list{}}, nil
}

// Verify checks a token. Invalid: it is not a token of the hub for this API, or bound to a key that the sender does not hold. Expired: its
// time is over. Consumed: it, or what it stands on, has ended. Unavailable: the keys or the status can't be had now; treat the token as not
// valid.
func (v *Verifier) Verify(ctx context.Context, raw string, held Held) (Access, error) {
	const op = "client.Verify"
	bad := func(what string) (Access, error) { return Access{}, hub.Errorf(op, hub.Invalid, what) }
	if len(raw) > largestToken {
		return bad("not a JWT access token")
	}
	payload, err := v.signed(ctx, raw, typeAccess)
	if err != nil {
		return Access{}, err
	}
	claims, err := strictjson.Object(payload)
	if err != nil {
		return bad("the claims can't be read")
	}
	var a Access
	var more struct {
		Issuer string                `json:"iss"`
		Status *statuslist.Reference `json:"status"`
		Bound  map[string]string     `json:"cnf"`
	}
	if json.Unmarshal(payload, &a) != nil || json.Unmarshal(payload, &more) != nil {
		return bad("the claims can't be read")
	}
	now := v.o.Clock()
	switch {
	case more.Issuer != v.o.Issuer:
		return bad("of another issuer")
	case !audience(claims["aud"], v.o.Resource):
		return bad("for another API")
	case a.ID == "" || a.Subject == "" || a.Client == "" || a.Expires <= 0 || a.IssuedAt <= 0:
		return bad("a required claim is missing")
	case !now.Before(time.Unix(a.Expires, 0).Add(v.o.Skew)):
		return Access{}, hub.Errorf(op, hub.Expired, "the token has expired")
	case time.Unix(a.IssuedAt, 0).After(now.Add(v.o.Skew)):
		return bad("issued in the future")
	case !holds(more.Bound, held):
		return bad("bound to a key that was not proven")
	case more.Status == nil:
		return bad("without a status")
	}
	if a.Representee != nil && (a.Representee.Subject == "" || a.Representee.Type == "") {
		return bad("for an entity without a name")
	}
	var ok bool
	a.Raw = payload
	a.Confirmation = Confirmation{Key: more.Bound["jkt"], Certificate: more.Bound["x5t#S256"]}
	if a.Actors, ok = actors(claims["act"], 0); !ok {
		return bad("act can't be read")
	}
	bits, err := v.list(ctx, more.Status.List.URI)
	switch {
	case err != nil:
		return Access{}, err
	case !bits.Valid(more.Status.List.Index):
		return Access{}, hub.Errorf(op, hub.Consumed, "the token has ended")
	}
	return a, nil
}

// signed checks typ, algorithm and signature of a JWT by the hub's published keys and gives its payload. Where no key fits, it looks once
// whether there are new ones.
func (v *Verifier) signed(ctx context.Context, raw, typ string) ([]byte, error) {
	const op = "client.Verify"
	jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.PS256, jose.RS256})
	if err != nil || len(jws.Signatures) != 1 {
		return nil, hub.Errorf(op, hub.Invalid, "not a signed JWT")
	}
	head := jws.Signatures[0].Protected
	if got, _ := head.ExtraHeaders[jose.HeaderType].(string); strings.TrimPrefix(strings.ToLower(got), "application/") != typ || head.KeyID == "" {
		return nil, hub.Errorf(op, hub.Invalid, "a JWT of another type")
	}
	for again := false; ; again = true {
		set, fresh, err := v.keys.Get(ctx, v.o.Issuer+jwksPath, again)
		if err != nil {
			return nil, hub.E(op, hub.Unavailable, err)
		}
		for _, k := range jwks.For(set, head.Algorithm, head.KeyID) {
			if payload, err := jws.Verify(k); err == nil {
				return payload, nil
			}
		}
		if fresh {
			return nil, hub.Errorf(op, hub.Invalid, "signed by no key of the hub")
		}
	}
}

// list gives a status list, fetched no longer ago than its ttl says.
func (v *Verifier) list(ctx context.Context, uri string) (statuslist.Bits, error) {
	const op = "client.list"
	if name, ok := strings.CutPrefix(uri, v.o.Issuer+listPath); !ok || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return nil, hub.Errorf(op, hub.Invalid, "not a list of the hub")
	}
	l := v.known(uri)
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, hub.E(op, hub.Unavailable, ctx.Err())
	}
	defer func() { <-l.turn }()
	begin := v.o.Clock() // the list is as old as the beginning of its fetch
	if l.bits != nil && begin.Before(l.until) {
		return l.bits, nil
	}
	l.bits = nil
	c, bits, err := v.fetch(ctx, uri)
	now := v.o.Clock()
	switch {
	case err != nil:
		return nil, hub.E(op, hub.Unavailable, err)
	case c.Subject != uri, c.Expires > 0 && !now.Before(time.Unix(c.Expires, 0).Add(v.o.Skew)), time.Unix(c.IssuedAt, 0).After(now.Add(v.o.Skew)):
		return nil, hub.Errorf(op, hub.Unavailable, "another list, or an old one")
	}
	if until := begin.Add(time.Duration(min(c.Life, 3600)) * time.Second); now.Before(until) {
		l.bits, l.until = bits, until
	}
	return bits, nil
}

func (v *Verifier) known(uri string) *list {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := v.lists[uri]
	if l == nil {
		if len(v.lists) >= mostLists {
			clear(v.lists) // those in use are fetched again in a moment
		}
		l = &list{turn: make(chan struct{}, 1)}
		v.lists[uri] = l
	}
	return l
}

func (v *Verifier) fetch(ctx context.Context, uri string) (c statuslist.Claims, bits statuslist.Bits, err error) {
	const op = "client.list"
	ctx, cancel := context.WithTimeout(ctx, v.o.Timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, uri, nil)
	if err != nil {
		return c, nil, hub.Errorf(op, hub.Unavailable, "not an address")
	}
	r.Header.Set("Accept", statuslist.MediaType)
	resp, err := v.o.HTTP.Do(r)
	if err != nil {
		return c, nil, hub.Errorf(op, hub.Unavailable, "the hub does not answer")
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return c, nil, hub.Errorf(op, hub.Unavailable, "the hub answers "+strconv.Itoa(resp.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, largestJWT+1))
	if err != nil || len(body) > largestJWT {
		return c, nil, hub.Errorf(op, hub.Unavailable, "the list can't be read")
	}
	payload, err := v.signed(ctx, string(body), statuslist.Type)
	if err != nil {
		return c, nil, err
	}
	return statuslist.Read(payload)
}

func audience(aud any, want string) bool {
	switch aud := aud.(type) {
	case string:
		return aud == want
	case []any:
		return slices.Contains(aud, any(want))
	}
	return false
}

// holds reports whether everything that a token is bound to was proven, by ways that are known here.
func holds(bound map[string]string, held Held) bool {
	for by, thumbprint := range bound {
		switch by {
		case "jkt":
			if thumbprint == "" || thumbprint != held.Key {
				return false
			}
		case "x5t#S256":
			if thumbprint == "" || thumbprint != held.Certificate {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// actors reads the chain of those who act.
func actors(act any, depth int) ([]string, bool) {
	if act == nil {
		return nil, true
	}
	o, ok := act.(map[string]any)
	sub, named := o["sub"].(string)
	if !ok || !named || sub == "" || depth > mostActors {
		return nil, false
	}
	before, ok := actors(o["act"], depth+1)
	return append([]string{sub}, before...), ok
}

// local reports whether a host never leaves the machine.
func local(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "127.0.0.1"
}
