package forward

import (
	"container/list"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/envelope"
	"onedoor/hub/login"
	"onedoor/hub/token"
)

// identityType is the typ of the signed form (RFC 8725 section 3.11): it can't be taken for any other token.
const identityType = "onedoor-identity+jwt"

// identityLife is how long the signed form counts. It speaks of one request and is made anew while it is older than half of that.
const identityLife = time.Minute

// identify writes the headers for a system.
func (g *Gate) identify(w http.ResponseWriter, r *http.Request, s System, a token.Access) error {
	ctx := hub.WithInteraction(r.Context(), a.Interaction)
	released, err := g.released(ctx, s, a)
	if err != nil {
		return err
	}
	records, err := g.records(ctx, s, a)
	if err != nil {
		return err
	}
	signed, err := g.signed(s, a, released, records)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set(HeaderSubject, g.subject(s, a))
	h.Set(HeaderACR, a.Level.ACR())
	h.Set(HeaderIAL, a.Level.IAL.String())
	h.Set(HeaderAAL, a.Level.AAL.String())
	h.Set(HeaderAuthTime, strconv.FormatInt(a.AuthTime.Unix(), 10))
	h.Set(HeaderSession, g.sid(s, a))
	h.Set(HeaderIdentity, signed)
	// Each header is there, empty where there is nothing to say: some proxies leave the browser's own where the answer has none.
	representee := ""
	if s.For != login.Persons {
		representee = g.entities.Of(s.Sector, a.Entity)
	}
	h.Set(HeaderRepresentee, representee)
	for name, attribute := range s.Headers {
		h.Set(name, inHeader(released[attribute]))
	}
	recordHeaders(h, s, records)
	return nil
}

// subject is the person's pairwise identifier: the same as over OpenID Connect at the same sector.
func (g *Gate) subject(s System, a token.Access) string {
	return base64.RawURLEncoding.EncodeToString(g.o.Index.Index("pairwise", s.Sector, string(a.Account)))
}

// sid names the session at this department and at no other, so that two of them can't compare it (architecture, invariant 3).
func (g *Gate) sid(s System, a token.Access) string {
	return base64.RawURLEncoding.EncodeToString(g.o.Index.Index("sid", s.Sector, string(a.Session))[:16])
}

// inHeader gives a value as a header can carry it: what is not visible ASCII, and the percent sign, percent-encoded as UTF-8 (RFC 3986
// section 2.1).
func inHeader(value string) string {
	var b strings.Builder
	for _, c := range []byte(value) {
		if c > ' ' && c <= '~' && c != '%' {
			b.WriteByte(c)
		} else {
			b.WriteString(url.PathEscape(string([]byte{c})))
		}
	}
	return b.String()
}

// identity is the signed form. The names are those of ID tokens (OpenID Connect Core section 2).
type identity struct {
	Issuer     string            `json:"iss"`
	Audience   string            `json:"aud"`
	Subject    string            `json:"sub"`
	IssuedAt   int64             `json:"iat"`
	Expires    int64             `json:"exp"`
	AuthTime   int64             `json:"auth_time"`
	ACR        string            `json:"acr"`
	IAL        string            `json:"ial"`
	AAL        string            `json:"aal"`
	SID        string            `json:"sid"`
	Attributes map[string]string `json:"attributes,omitempty"`

	Representee *token.Representee `json:"representee,omitempty"`
	Records     []Record           `json:"records,omitempty"`
}

// signed gives the signed form, from memory while it is young.
func (g *Gate) signed(s System, a token.Access, released map[hub.AttributeName]string, records []Record) (string, error) {
	now := g.o.Clock()
	if text, ok := g.issued.jwt(a.ID, now); ok {
		return text, nil
	}
	claims := identity{
		Issuer: g.o.Issuer, Audience: string(s.ID), Subject: g.subject(s, a), IssuedAt: now.Unix(), Expires: now.Add(identityLife).Unix(),
		AuthTime: a.AuthTime.Unix(), ACR: a.Level.ACR(), IAL: a.Level.IAL.String(), AAL: a.Level.AAL.String(), SID: g.sid(s, a),
		Records: records,
	}
	claims.Representee = token.NewRepresentee(g.entities.Of(s.Sector, a.Entity), claims.Subject)
	for name, value := range released {
		if claims.Attributes == nil {
			claims.Attributes = make(map[string]string, len(released))
		}
		claims.Attributes[string(name)] = value
	}
	text, err := g.o.Keys.SignJWT("ES256", identityType, claims)
	if err != nil {
		return "", err
	}
	if len(released) == 0 && len(records) == 0 { // with attributes in it, it would be personal data in the clear in our memory
		g.issued.keepJWT(a, text, now.Add(identityLife/2))
	}
	return text, nil
}

// released gives the attributes that were granted and that the register allows now (PRV-06), from memory where they were asked for with
// this token before. In memory they rest sealed under the vault key, which the browser's cookie carries (D3).
func (g *Gate) released(ctx context.Context, s System, a token.Access) (map[hub.AttributeName]string, error) {
	const op = "forward.released"
	var names []hub.AttributeName
	for _, n := range a.Release {
		if slices.Contains(s.Attributes, n) {
			names = append(names, n)
		}
	}
	if len(names) == 0 || a.VaultKey.IsZero() {
		return nil, nil //nolint:nilnil // nothing is a value
	}
	out := map[hub.AttributeName]string{}
	if sealed, ok := g.issued.attributes(a.ID); ok {
		if plain, err := envelope.Open(a.VaultKey.Bytes(), "forward-release", a.ID, sealed); err == nil && json.Unmarshal(plain, &out) == nil {
			return only(out, names), nil
		}
	}
	all, err := g.o.Sessions.Attributes(ctx, a.Session, a.VaultKey)
	if err != nil {
		return nil, err
	}
	for _, n := range a.Release {
		if v, ok := all[n]; ok {
			out[n] = v.Value
		}
	}
	// No release without its record (AUD-02): once for each token.
	err = g.o.Audit.Record(ctx, audit.Event{
		Kind: "forward.released", Outcome: audit.Success, System: s.ID, Session: a.Session, Account: a.Account, Level: a.Level,
		Detail: map[string]string{"token": a.ID, "attributes": strconv.Itoa(len(only(out, names)))},
	})
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(out)
	if err != nil {
		return nil, hub.E(op, hub.Internal, err)
	}
	sealed, err := envelope.Seal(g.o.Random, a.VaultKey.Bytes(), "forward-release", a.ID, plain)
	if err != nil {
		return nil, err
	}
	g.issued.keepAttributes(a, sealed)
	return only(out, names), nil
}

func only(all map[hub.AttributeName]string, names []hub.AttributeName) map[hub.AttributeName]string {
	out := make(map[hub.AttributeName]string, len(names))
	for _, n := range names {
		if v, ok := all[n]; ok {
			out[n] = v
		}
	}
	return out
}

// answers keeps what was made for a token, while the token lasts, for at most answersRoom tokens: the one that was not asked for longest
// goes first.
type answers struct {
	mu    sync.Mutex
	kept  map[string]*list.Element
	order *list.List // front: asked for last
}

type answerOf struct {
	token  string
	signed string
	until  time.Time // of signed
	sealed []byte

	records []byte // sealed too
}

const answersRoom = 50_000

func newAnswers() *answers { return &answers{kept: map[string]*list.Element{}, order: list.New()} }

func (c *answers) find(id string) *answerOf {
	e, ok := c.kept[id]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*answerOf)
}

func (c *answers) jwt(id string, now time.Time) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.find(id)
	if a == nil || a.signed == "" || !now.Before(a.until) {
		return "", false
	}
	return a.signed, true
}

func (c *answers) attributes(id string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.find(id)
	if a == nil || a.sealed == nil {
		return nil, false
	}
	return a.sealed, true
}

func (c *answers) keepJWT(a token.Access, signed string, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.room(a.ID)
	e.signed, e.until = signed, until
}

func (c *answers) keepAttributes(a token.Access, sealed []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.room(a.ID).sealed = sealed
}

func (c *answers) room(id string) *answerOf {
	if a := c.find(id); a != nil {
		return a
	}
	if len(c.kept) >= answersRoom {
		last := c.order.Back()
		delete(c.kept, c.order.Remove(last).(*answerOf).token)
	}
	a := &answerOf{token: id}
	c.kept[id] = c.order.PushFront(a)
	return a
}
