package token_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/statuslist"
	"onedoor/hub/token"
)

// notary signs by writing typ and payload down, and remembers the payload as it went out.
type notary struct{ last []byte }

func (n *notary) SignJWT(alg, typ string, claims any) (string, error) {
	if alg == "none" {
		return "", hub.Errorf("notary", hub.NotFound, "no key")
	}
	b, err := json.Marshal(claims)
	n.last = b
	code := base64.RawURLEncoding.EncodeToString
	return code([]byte(`{"alg":"`+alg+`","typ":"`+typ+`"}`)) + "." + code(b) + ".signed", err
}

func (n *notary) VerifyJWT(typ, raw string) ([]byte, error) {
	parts := strings.Split(raw, ".")
	head, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || len(parts) != 3 || parts[2] != "signed" || !bytes.Contains(head, []byte(`"typ":"`+typ+`"`)) {
		return nil, hub.Errorf("notary", hub.Invalid, "not signed here")
	}
	return base64.RawURLEncoding.DecodeString(parts[1])
}

// place is the one place that a token can have.
type place struct {
	err error
	got token.Access
}

func (p *place) Assign(_ context.Context, a token.Access, series hub.SystemID) (statuslist.Reference, error) {
	p.got = a
	return statuslist.Refer("https://login.example/oauth2/statuslist/"+string(series), 412), p.err
}

type constant byte

func (c constant) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(c)
	}
	return len(b), nil
}

func newJWTs(t testing.TB, keys token.JWTKeys, statuses token.Statuses, sealing token.Keys, random io.Reader) *token.JWTs {
	t.Helper()
	j, err := token.NewJWTs(token.JWTOptions{
		Issuer: "https://login.example", Keys: keys, Sealing: sealing, Statuses: statuses, Clock: at(noon), Random: random,
	})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// full is a token with everything that a JWT can say, of fixed ids.
func full() token.Access {
	id := func(c string) string { return strings.Repeat(c, 25) + "a" }
	a := access()
	a.ID, a.Grant, a.Session, a.Account, a.Interaction = id("b"), hub.GrantID(id("c")), hub.SessionID(id("d")), hub.AccountID(id("e")), hub.InteractionID(id("f"))
	a.Actors, a.Parents, a.Audience = []hub.SystemID{"revenue-api", "exchange"}, []string{id("g"), id("h")}, []string{"social"}
	a.Bound.Key[0] = 1
	return a
}

var said = token.Claims{Alg: "ES256", API: "social", Audience: "https://social.example/api", Subject: "pairwise", SID: "sid-of-social", Methods: []string{"pin", "hwk"}}

// The bytes of the payload but for what is sealed (RFC 9068 section 2.2, RFC 8693 section 4.1, RFC 7800, draft-ietf-oauth-status-list-21
// section 6.2).
const golden = `{"iss":"https://login.example","exp":1777896300,"iat":1777896000,"jti":"bbbbbbbbbbbbbbbbbbbbbbbbba",` +
	`"aud":"https://social.example/api","sub":"pairwise","client_id":"revenue-api","scope":"openid profile","auth_time":1777895940,` +
	`"acr":"urn:onedoor:ial:2.3:aal:2.2","amr":["pin","hwk"],"sid":"sid-of-social",` +
	`"act":{"sub":"revenue-api","act":{"sub":"exchange"}},"cnf":{"jkt":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},` +
	`"status":{"status_list":{"idx":412,"uri":"https://login.example/oauth2/statuslist/social"}},"sealed":"`

const goldenMachine = `{"iss":"https://login.example","exp":1777896300,"iat":1777896000,"jti":"bbbbbbbbbbbbbbbbbbbbbbbbba",` +
	`"aud":"https://social.example/api","sub":"pairwise","client_id":"revenue-web",` +
	`"status":{"status_list":{"idx":412,"uri":"https://login.example/oauth2/statuslist/social"}},"sealed":"`

func TestRFC9068_GoldenPayload(t *testing.T) {
	t.Parallel()
	n := &notary{}
	j := newJWTs(t, n, &place{}, newRing(t, 1), constant(7))
	if _, err := j.Issue(t.Context(), full(), said); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(n.last, []byte(golden)) {
		t.Errorf("payload\n%s\nwant\n%s", n.last, golden)
	}
	machine := token.Access{ID: full().ID, System: "revenue-web", Machine: true, IssuedAt: noon, ExpiresAt: noon.Add(5 * time.Minute)}
	c := said
	c.SID, c.Methods = "", nil
	if _, err := j.Issue(t.Context(), machine, c); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(n.last, []byte(goldenMachine)) {
		t.Errorf("payload\n%s\nwant\n%s", n.last, goldenMachine)
	}
}

func TestRFC9068_OurOwnJWTsComeBackWhole(t *testing.T) {
	t.Parallel()
	n, p, r := &notary{}, &place{}, newRing(t, 1)
	j := newJWTs(t, n, p, r, constant(7))
	want := full()
	raw, err := j.Issue(t.Context(), want, said)
	if err != nil {
		t.Fatal(err)
	}
	want.ExpiresAt = want.ExpiresAt.Truncate(time.Second)
	if !reflect.DeepEqual(p.got, want) {
		t.Errorf("the list was told of %+v", p.got)
	}
	sealer := newSealer(t, r, at(noon))
	v, err := token.NewValidator(sealer, endings{}, at(noon))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Validate(t.Context(), raw); !errors.Is(err, hub.Invalid) {
		t.Errorf("who does not accept JWTs: %v", err)
	}
	both := v.Accepting(j)
	got, err := both.Validate(t.Context(), raw)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("back came %+v, %v", got, err)
	}
	// What is sealed in it is no token, and a token is not what is sealed in one.
	var w struct {
		Sealed string `json:"sealed"`
	}
	if err := json.Unmarshal(n.last, &w); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Validate(t.Context(), w.Sealed); !errors.Is(err, hub.Invalid) {
		t.Errorf("the inside by itself: %v", err)
	}
	swapped := bytes.Replace(n.last, []byte(w.Sealed), []byte(mustSeal(t, sealer, want)), 1)
	forged := strings.Join([]string{strings.Split(raw, ".")[0], base64.RawURLEncoding.EncodeToString(swapped), "signed"}, ".")
	if _, err := both.Validate(t.Context(), forged); !errors.Is(err, hub.Invalid) {
		t.Errorf("with a sealed token inside: %v", err)
	}
	if _, err := both.Validate(t.Context(), mustSeal(t, sealer, want)); err != nil {
		t.Errorf("a sealed token beside: %v", err)
	}
	late, err := token.NewValidator(sealer, endings{}, at(want.ExpiresAt))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := late.Accepting(j).Validate(t.Context(), raw); !errors.Is(err, hub.Expired) {
		t.Errorf("at its end: %v", err)
	}
}

func TestSES18_JWTsAreRefusedAtIssue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*token.Access, *token.Claims, *place)
		kind   hub.Kind
	}{
		"six minutes":             {func(a *token.Access, _ *token.Claims, _ *place) { a.ExpiresAt = noon.Add(6 * time.Minute) }, hub.Invalid},
		"no subject":              {func(_ *token.Access, c *token.Claims, _ *place) { c.Subject = "" }, hub.Invalid},
		"no audience":             {func(_ *token.Access, c *token.Claims, _ *place) { c.Audience = "" }, hub.Invalid},
		"no API":                  {func(_ *token.Access, c *token.Claims, _ *place) { c.API = "" }, hub.Invalid},
		"no key":                  {func(_ *token.Access, c *token.Claims, _ *place) { c.Alg = "none" }, hub.NotFound},
		"no place":                {func(_ *token.Access, _ *token.Claims, p *place) { p.err = hub.Errorf("place", hub.Unavailable, "") }, hub.Unavailable},
		"too long":                {func(_ *token.Access, c *token.Claims, _ *place) { c.Audience = strings.Repeat("a", 4000) }, hub.Invalid},
		"a machine with a person": {func(a *token.Access, _ *token.Claims, _ *place) { a.Machine = true }, hub.Invalid},
	} {
		a, claims, p := full(), said, &place{}
		c.change(&a, &claims, p)
		raw, err := newJWTs(t, &notary{}, p, newRing(t, 1), constant(1)).Issue(t.Context(), a, claims)
		if raw != "" || hub.KindOf(err) != c.kind {
			t.Errorf("%s: %q, %v", name, raw, err)
		}
	}
	if _, err := token.NewJWTs(token.JWTOptions{}); !errors.Is(err, hub.Invalid) {
		t.Errorf("without anything: %v", err)
	}
}

func FuzzJWTRecogniser(f *testing.F) {
	n, r := &notary{}, newRing(f, 1)
	j := newJWTs(f, n, &place{}, r, constant(7))
	raw, err := j.Issue(context.Background(), full(), said)
	if err != nil {
		f.Fatal(err)
	}
	v, err := token.NewValidator(newSealer(f, r, at(noon)), endings{}, at(noon))
	if err != nil {
		f.Fatal(err)
	}
	both := v.Accepting(j)
	f.Add(raw)
	f.Add(raw[:40])
	f.Add("eyJ..")
	f.Add("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.signed")
	f.Add("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUiLCJzZWFsZWQiOiJvZDFfIn0.signed")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := both.Validate(t.Context(), text)
		if err == nil && (a.ID != full().ID || a.Account != full().Account) {
			t.Errorf("somebody else's token: %+v", a)
		}
		if err != nil && !token.Inactive(err) {
			t.Errorf("nobody knows: %v", err)
		}
	})
}
