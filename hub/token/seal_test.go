package token_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/token"
)

// ring is a fixed set of sealing keys.
type ring struct {
	active string
	keys   map[string]cipher.AEAD
	down   bool
}

func newRing(t testing.TB, n int) *ring {
	t.Helper()
	r := &ring{keys: map[string]cipher.AEAD{}}
	for range n {
		raw := make([]byte, 32)
		if _, err := rand.Read(raw); err != nil {
			t.Fatal(err)
		}
		block, err := aes.NewCipher(raw)
		if err != nil {
			t.Fatal(err)
		}
		r.active = hub.NewID(rand.Reader)
		if r.keys[r.active], err = cipher.NewGCM(block); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *ring) SealingKey() (string, cipher.AEAD, error) {
	if r.down {
		return "", nil, hub.Errorf("ring", hub.Unavailable, "no key")
	}
	return r.active, r.keys[r.active], nil
}

func (r *ring) OpeningKey(id string) (cipher.AEAD, error) {
	if k, ok := r.keys[id]; ok {
		return k, nil
	}
	return nil, hub.Errorf("ring", hub.NotFound, "no such key")
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 123456000, time.UTC)

func at(t time.Time) hub.Clock { return func() time.Time { return t } }

const ourIssuer = "https://hub.example"

func newSealer(t testing.TB, keys token.Keys, clock hub.Clock) *token.Sealer {
	t.Helper()
	s, err := token.NewSealer(ourIssuer, keys, clock, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func access() token.Access {
	id := func() string { return hub.NewID(rand.Reader) }
	return token.Access{
		ID: id(), Grant: hub.GrantID(id()), Session: hub.SessionID(id()), Account: hub.AccountID(id()),
		System: "revenue-web", Interaction: hub.InteractionID(id()),
		Audience: []string{"revenue-api", "exchange"}, Scopes: []string{"openid", "profile"},
		Release: []hub.AttributeName{hub.CitizenID, hub.GivenName, hub.FamilyName},
		Level:   hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, AuthTime: noon.Add(-time.Minute), IssuedAt: noon,
		ExpiresAt: noon.Add(5 * time.Minute), VaultKey: hub.NewSecret(rand.Reader),
	}
}

func mustSeal(t testing.TB, s *token.Sealer, a token.Access) string {
	t.Helper()
	raw, err := s.Seal(a)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestD2_SealedTokenRoundTrip(t *testing.T) {
	t.Parallel()
	s := newSealer(t, newRing(t, 1), at(noon))
	least := token.Access{ID: hub.NewID(rand.Reader), System: "a", ExpiresAt: noon.Add(time.Microsecond)}
	noKey := access()
	noKey.VaultKey = hub.Secret{}
	byKey, byCertificate, byBoth := access(), access(), access()
	byKey.Bound.Key = token.Thumbprint{1}
	byCertificate.Bound.Certificate = token.Thumbprint{31: 2}
	detailed := access()
	detailed.Details = `[{"type":"item","ที่":"ดิน"}]`
	byBoth.Bound = token.Confirmation{Key: token.Thumbprint{3}, Certificate: token.Thumbprint{4}}
	acting := access() // ENT-03: for whom, beside who
	acting.Entity = hub.EntityID(hub.NewID(rand.Reader))
	known := acting
	known.Records = []token.Records{{Department: "revenue", JSON: `[{"kind":"company"}]`}}
	full := access()
	full.Scopes = make([]string, 27)
	for i := range full.Scopes {
		full.Scopes[i] = strings.Repeat("s", 100)
	}
	form := regexp.MustCompile(`^od1_[A-Za-z0-9_-]+$`)
	for name, want := range map[string]token.Access{"usual": access(), "least": least, "no vault key": noKey, "long": full, "key": byKey, "certificate": byCertificate, "both": byBoth, "details": detailed, "acting": acting, "acting, known": known} {
		raw := mustSeal(t, s, want)
		if !form.MatchString(raw) || len(raw) > 4096 {
			t.Errorf("%s: form of %d characters", name, len(raw))
		}
		got, err := s.Open(raw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: changed on the way", name)
		}
		if raw == mustSeal(t, s, want) {
			t.Errorf("%s: sealed twice to the same text", name)
		}
	}
	if n := len(mustSeal(t, s, access())); n > 420 {
		t.Errorf("a usual token has %d characters", n)
	}
}

// SSO-03: whose token it is can be told from its first twelve characters, by whoever knows the issuer.
func TestSSO03_TheIssuerIsToldByTheBeginning(t *testing.T) {
	t.Parallel()
	ours := token.PrefixOf(ourIssuer)
	if raw := mustSeal(t, newSealer(t, newRing(t, 1), at(noon)), access()); !strings.HasPrefix(raw, ours) {
		t.Errorf("a token begins with %s, not %s", raw[:12], ours)
	}
	for _, other := range []string{"https://hub.example/", "https://Hub.example", "https://hub2.example", ""} {
		if token.PrefixOf(other) == ours {
			t.Errorf("%q has the same beginning", other)
		}
	}
	if ours != "od1_"+ours[4:] || len(ours) != 12 {
		t.Errorf("form %q", ours)
	}
}

func TestD3_SealedTokenShowsNothing(t *testing.T) {
	t.Parallel()
	a := access()
	raw := mustSeal(t, newSealer(t, newRing(t, 1), at(noon)), a)
	body, err := base64.RawURLEncoding.DecodeString(raw[4:])
	if err != nil {
		t.Fatal(err)
	}
	for _, inside := range [][]byte{[]byte(a.System), []byte("openid"), []byte("citizen_id"), a.VaultKey.Bytes()} {
		if bytes.Contains(body, inside) {
			t.Errorf("shows %q", inside)
		}
	}
}

func TestD2_NothingButTheExactTokenOpens(t *testing.T) {
	t.Parallel()
	keys := newRing(t, 2)
	s := newSealer(t, keys, at(noon))
	raw := mustSeal(t, s, access())
	body, err := base64.RawURLEncoding.DecodeString(raw[4:])
	if err != nil {
		t.Fatal(err)
	}
	text := func(b []byte) string { return "od1_" + base64.RawURLEncoding.EncodeToString(b) }
	otherKey := ""
	for id := range keys.keys {
		if id != keys.active {
			otherKey = id
		}
	}
	bad := map[string]string{
		"empty":            "",
		"prefix only":      "od1_",
		"no prefix":        raw[4:],
		"other prefix":     "od2_" + raw[4:],
		"upper prefix":     "OD1_" + raw[4:],
		"space in front":   " " + raw,
		"space behind":     raw + " ",
		"line break in it": raw[:50] + "\n" + raw[50:],
		"line break":       raw + "\r\n",
		"padding":          raw + "=",
		"other alphabet":   strings.ReplaceAll(strings.ReplaceAll(raw, "_", "/"), "-", "+"),
		"one byte more":    text(append(bytes.Clone(body), 0)),
		"twice":            raw + raw,
		"very long":        "od1_" + strings.Repeat("A", 1<<20),
		"a JWT":            "eyJhbGciOiJub25lIn0.e30.",
		"zeros":            text(make([]byte, 200)),
	}
	for i := range len(body) * 8 {
		b := bytes.Clone(body)
		b[i/8] ^= 1 << (i % 8)
		bad[fmt.Sprintf("bit %d flipped", i)] = text(b)
	}
	for i := range len(raw) {
		bad[fmt.Sprintf("cut at %d", i)] = raw[:i]
	}
	// The last character of a text that does not fill whole bytes has spare bits: other spellings of the same bytes.
	if len(body)%3 != 0 {
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
			if other := raw[:len(raw)-1] + string(c); other != raw {
				bad["last character "+string(c)] = other
			}
		}
	}
	swapped := bytes.Clone(body)
	other := mustSeal(t, newSealer(t, &ring{active: otherKey, keys: keys.keys}, at(noon)), access())
	otherBody, err := base64.RawURLEncoding.DecodeString(other[4:])
	if err != nil {
		t.Fatal(err)
	}
	copy(swapped, otherBody[:6+16]) // the issuer's mark, which is the same, and the key id
	bad["key id of another live key"] = text(swapped)
	foreign := mustSeal(t, newSealer(t, newRing(t, 1), at(noon)), access())
	bad["of another hub"] = foreign
	neighbour, err := token.NewSealer("https://neighbour.example", keys, at(noon), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	namesake := mustSeal(t, neighbour, access())
	bad["of another issuer with our keys"] = namesake
	bad["with our mark on another issuer's"] = token.PrefixOf(ourIssuer) + namesake[len(token.PrefixOf(ourIssuer)):]

	want := ""
	for name, b := range bad {
		_, err := s.Open(b)
		if !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want == "" {
			want = err.Error()
		}
		if err.Error() != want {
			t.Errorf("%s: the error tells what is wrong: %v", name, err)
		}
	}
	// The same secret under another key id: the key id is authenticated, not only used to find the key.
	twin := &ring{active: otherKey, keys: map[string]cipher.AEAD{otherKey: keys.keys[keys.active]}}
	if _, err := newSealer(t, twin, at(noon)).Open(text(swapped)); !errors.Is(err, hub.Invalid) {
		t.Error("the key id is not bound:", err)
	}
}

func TestSealRefusesWhatItCannotKeep(t *testing.T) {
	t.Parallel()
	s := newSealer(t, newRing(t, 1), at(noon))
	for name, spoil := range map[string]func(*token.Access){
		"no id":               func(a *token.Access) { a.ID = "" },
		"id of another form":  func(a *token.Access) { a.Session = "session-1" },
		"id of another case":  func(a *token.Access) { a.Account = hub.AccountID(strings.ToUpper(string(a.Account))) },
		"id with spare bits":  func(a *token.Access) { a.Grant = "aaaaaaaaaaaaaaaaaaaaaaaaab" },
		"no system":           func(a *token.Access) { a.System = "" },
		"long system":         func(a *token.Access) { a.System = hub.SystemID(strings.Repeat("a", 101)) },
		"no expiry":           func(a *token.Access) { a.ExpiresAt = time.Time{} },
		"expiry before 1970":  func(a *token.Access) { a.ExpiresAt = time.Unix(-1, 0) },
		"many scopes":         func(a *token.Access) { a.Scopes = make([]string, 33) },
		"a scope beyond text": func(a *token.Access) { a.Scopes = []string{"a\x00"} },
		"a person's name":     func(a *token.Access) { a.Audience = []string{"สมชาย"} },
		"no such level":       func(a *token.Access) { a.Level.IAL = 8 },
		"too long in all": func(a *token.Access) {
			for range 31 {
				a.Scopes = append(a.Scopes[:0:0], append(a.Scopes, strings.Repeat("x", 100))...)
			}
			a.Scopes = a.Scopes[:32]
		},
	} {
		a := access()
		spoil(&a)
		if _, err := s.Seal(a); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	down := newRing(t, 1)
	down.down = true
	if _, err := newSealer(t, down, at(noon)).Seal(access()); !errors.Is(err, hub.Unavailable) {
		t.Error(err)
	}
	for _, f := range []func() error{
		func() error { _, err := token.NewSealer("", down, at(noon), rand.Reader); return err },
		func() error { _, err := token.NewSealer(ourIssuer, nil, at(noon), rand.Reader); return err },
		func() error { _, err := token.NewSealer(ourIssuer, down, nil, rand.Reader); return err },
		func() error { _, err := token.NewSealer(ourIssuer, down, at(noon), nil); return err },
		func() error { _, err := token.NewValidator(nil, endings{}, at(noon)); return err },
		func() error { _, err := token.NewValidator(s, nil, at(noon)); return err },
		func() error { _, err := token.NewValidator(s, endings{}, nil); return err },
	} {
		if err := f(); !errors.Is(err, hub.Invalid) {
			t.Error(err)
		}
	}
}

type endings struct {
	ended bool
	err   error
	asked func()
}

func (e endings) Ended(context.Context, token.Access) (bool, error) {
	if e.asked != nil {
		e.asked()
	}
	return e.ended, e.err
}

func (e endings) EndedAll(ctx context.Context, all []token.Verdict) { token.EachEnded(ctx, e, all) }

func (e endings) RevokeToken(context.Context, token.Access, time.Time) error { return nil }

func TestD2_ValidateIsActiveOnlyWhenCertain(t *testing.T) {
	t.Parallel()
	keys := newRing(t, 1)
	a := access()
	raw := mustSeal(t, newSealer(t, keys, at(noon)), a)
	now := noon
	clock := func() time.Time { return now }
	for _, c := range []struct {
		name     string
		raw      string
		after    time.Duration // since issue
		during   time.Duration // that the question of revocation takes
		ends     endings
		want     hub.Kind // "" for active
		inactive bool
	}{
		{name: "active", raw: raw},
		{name: "last instant", raw: raw, after: 5*time.Minute - time.Microsecond},
		{name: "expired to the instant", raw: raw, after: 5 * time.Minute, want: hub.Expired, inactive: true},
		{name: "expires while being asked about", raw: raw, after: 4 * time.Minute, during: time.Minute, want: hub.Expired, inactive: true},
		{name: "ended", raw: raw, ends: endings{ended: true}, want: hub.Consumed, inactive: true},
		{name: "unknown", raw: raw, ends: endings{err: hub.Errorf("x", hub.Unavailable, "")}, want: hub.Unavailable},
		{name: "an error that says it is no token", raw: raw, ends: endings{err: hub.Errorf("x", hub.Invalid, "")}, want: hub.Unavailable},
		{name: "ended and unsure", raw: raw, ends: endings{ended: true, err: context.Canceled}, want: hub.Unavailable},
		{name: "an error without a kind", raw: raw, ends: endings{err: errors.New("x")}, want: hub.Unavailable},
		{name: "foreign", raw: raw + "A", want: hub.Invalid, inactive: true},
	} {
		now = noon.Add(c.after)
		c.ends.asked = func() { now = now.Add(c.during) }
		v, err := token.NewValidator(newSealer(t, keys, clock), c.ends, clock)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Validate(t.Context(), c.raw)
		if hub.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if (err == nil) != (got.ID == a.ID) || (err != nil && !reflect.DeepEqual(got, token.Access{})) {
			t.Errorf("%s: says something in spite of its error", c.name)
		}
		if err != nil && token.Inactive(err) != c.inactive {
			t.Errorf("%s: certainly inactive: %v", c.name, !c.inactive)
		}
	}
}

func FuzzOpen(f *testing.F) {
	keys := newRing(f, 1)
	s := newSealer(f, keys, at(noon))
	good := mustSeal(f, s, access())
	for _, seed := range []string{"", "od1_", good, good[:60], "od1_AAAA", strings.Repeat("od1_", 20), good + "\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		_, err := s.Open(raw)
		if raw != good && err == nil {
			t.Fatalf("opened %q", raw)
		}
		if err != nil && !errors.Is(err, hub.Invalid) && !errors.Is(err, hub.Expired) {
			t.Fatalf("error %v", err)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	s, a := newSealer(b, newRing(b, 1), at(noon)), access()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Seal(a); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	s := newSealer(b, newRing(b, 1), at(noon))
	raw := mustSeal(b, s, access())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Open(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	s := newSealer(b, newRing(b, 1), at(noon))
	v, err := token.NewValidator(s, endings{}, at(noon))
	if err != nil {
		b.Fatal(err)
	}
	raw := mustSeal(b, s, access())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Validate(b.Context(), raw); err != nil {
			b.Fatal(err)
		}
	}
}
