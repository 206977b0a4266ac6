package dpop_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
	"onedoor/hub/dpop"
)

// The proofs of RFC 9449, figures 1 and 12, and what is said about them in sections 6.1 and 7.1.
const (
	rfcToken = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19." +
		"eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ." +
		"2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
	rfcResource = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19." +
		"eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9." +
		"2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
	rfcAccess     = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
	rfcThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
)

func TestRFC9449_Examples(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw, id string
		about   dpop.Request
		at      int64
	}{
		"token":    {rfcToken, "-BwC3ESc6acc2lTc", dpop.Request{Method: "POST", URLs: []string{"https://server.example.com/token"}}, 1562262616},
		"resource": {rfcResource, "e1j3V_bKic8-LAEB", dpop.Request{Method: "GET", URLs: []string{"https://resource.example.org/protectedresource"}, Token: rfcAccess}, 1562262618},
	} {
		p, err := dpop.Parse(c.raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := base64.RawURLEncoding.EncodeToString(p.Key[:]); got != rfcThumbprint || p.ID != c.id || p.IssuedAt.Unix() != c.at || p.Nonce != "" {
			t.Errorf("%s: %s %s %v", name, got, p.ID, p.IssuedAt)
		}
		if err := p.Fits(c.about, time.Unix(c.at, 0)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if want := rfcThumbprint + " " + c.id; p.Once() != want || p.Until().Unix() != c.at+360 {
			t.Errorf("%s: %s until %v", name, p.Once(), p.Until())
		}
	}
}

// The key of RFC 7638 section 3.1, with the thumbprint that is written there. No proof is signed with it: its private part is not known.
func TestRFC7638_Thumbprint(t *testing.T) {
	t.Parallel()
	const n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
	got, err := dpop.KeyThumbprint(map[string]any{"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
	if err != nil || base64.RawURLEncoding.EncodeToString(got[:]) != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("%x, %v", got, err)
	}
}

var keys = sync.OnceValue(func() map[string]crypto.Signer {
	out := map[string]crypto.Signer{}
	var err error
	for name, curve := range map[string]elliptic.Curve{"ec": elliptic.P256(), "ec2": elliptic.P256(), "p384": elliptic.P384()} {
		if out[name], err = ecdsa.GenerateKey(curve, rand.Reader); err != nil {
			panic(err)
		}
	}
	for name, bits := range map[string]int{"rsa": 2048, "short": 1024} {
		if out[name], err = rsa.GenerateKey(rand.Reader, bits); err != nil {
			panic(err)
		}
	}
	return out
})

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

const endpoint = "https://login.example.go.th/oauth2/token"

type members map[string]any

func good() members {
	return members{"jti": "a", "htm": "POST", "htu": endpoint, "iat": now.Unix()}
}

func (m members) with(pairs ...any) members {
	for i := 0; i < len(pairs); i += 2 {
		if m[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(m, pairs[i].(string))
		}
	}
	return m
}

// sign makes a proof with go-jose, which knows nothing of this package.
func sign(t testing.TB, alg jose.SignatureAlgorithm, by string, head members, claims any) string {
	t.Helper()
	k := keys()[by]
	opts := &jose.SignerOptions{ExtraHeaders: map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: k.Public()}}}
	for name, v := range head {
		opts.ExtraHeaders[jose.HeaderKey(name)] = v
	}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: k}, opts)
	if err != nil {
		t.Fatal(err)
	}
	body, ok := claims.(string)
	if !ok {
		raw, err := json.Marshal(claims)
		if err != nil {
			t.Fatal(err)
		}
		body = string(raw)
	}
	jws, err := s.Sign([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	out, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// judge is what a server does with a proof.
func judge(raw string, r dpop.Request) error {
	p, err := dpop.Parse(raw)
	if err != nil {
		return err
	}
	return p.Fits(r, now)
}

func TestRFC9449_GoodProofs(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("od1_token"))
	ath := base64.RawURLEncoding.EncodeToString(sum[:])
	for name, c := range map[string]struct {
		raw   string
		token string
	}{
		"ES256":             {sign(t, jose.ES256, "ec", nil, good()), ""},
		"PS256":             {sign(t, jose.PS256, "rsa", nil, good()), ""},
		"kid beside":        {sign(t, jose.ES256, "ec", members{"kid": "x"}, good()), ""},
		"nonce":             {sign(t, jose.ES256, "ec", nil, good().with("nonce", "n")), ""},
		"ath":               {sign(t, jose.ES256, "ec", nil, good().with("ath", ath)), "od1_token"},
		"ath not asked for": {sign(t, jose.ES256, "ec", nil, good().with("ath", ath)), ""},
		"four minutes late": {sign(t, jose.ES256, "ec", nil, good().with("iat", now.Add(-4*time.Minute).Unix())), ""},
		"ten seconds early": {sign(t, jose.ES256, "ec", nil, good().with("iat", now.Add(10*time.Second).Unix())), ""},
		"a fraction":        {sign(t, jose.ES256, "ec", nil, `{"jti":"a","htm":"POST","htu":"`+endpoint+`","iat":1777896000.25}`), ""},
		"nbf and exp":       {sign(t, jose.ES256, "ec", nil, good().with("nbf", now.Unix(), "exp", now.Add(time.Minute).Unix())), ""},
		"query and port":    {sign(t, jose.ES256, "ec", nil, good().with("htu", "HTTPS://Login.Example.go.th:443/./oauth2/x/../%74oken?a=b#c")), ""},
	} {
		if err := judge(c.raw, dpop.Request{Method: "POST", URLs: []string{"https://mtls.example.go.th/oauth2/token", endpoint}, Token: c.token}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRFC9449_BadProofsAreRefusedEachForItsReason(t *testing.T) {
	t.Parallel()
	raw := sign(t, jose.ES256, "ec", nil, good())
	parts := strings.Split(raw, ".")
	b64 := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	private, err := json.Marshal(jose.JSONWebKey{Key: keys()["ec"]})
	if err != nil {
		t.Fatal(err)
	}
	var exposed map[string]any
	if err := json.Unmarshal(private, &exposed); err != nil {
		t.Fatal(err)
	}
	unsigned := func(head string) string { return b64(head) + "." + parts[1] + "." + parts[2] }
	other := jose.JSONWebKey{Key: keys()["ec2"].Public()}
	es := func(head, claims members) string { return sign(t, jose.ES256, "ec", head, claims) }
	for name, c := range map[string]struct {
		raw  string
		want *dpop.Flaw
	}{
		"empty":                {"", dpop.ErrForm},
		"two parts":            {parts[0] + "." + parts[1], dpop.ErrForm},
		"four parts":           {raw + ".", dpop.ErrForm},
		"a line break":         {parts[0] + "." + parts[1] + "\n." + parts[2], dpop.ErrForm},
		"padding":              {raw + "=", dpop.ErrForm},
		"too long":             {es(nil, good().with("x", strings.Repeat("x", 6000))), dpop.ErrForm},
		"typ JWT":              {es(members{"typ": "JWT"}, good()), dpop.ErrForm},
		"typ missing":          {unsigned(`{"alg":"ES256","jwk":{}}`), dpop.ErrForm},
		"crit":                 {unsigned(`{"typ":"dpop+jwt","alg":"ES256","crit":["b64"],"b64":false,"jwk":{}}`), dpop.ErrForm},
		"header twice":         {unsigned(`{"typ":"dpop+jwt","typ":"dpop+jwt","alg":"ES256","jwk":{}}`), dpop.ErrForm},
		"alg none":             {b64(`{"typ":"dpop+jwt","alg":"none","jwk":{}}`) + "." + parts[1] + ".", dpop.ErrAlgorithm},
		"alg HS256":            {unsigned(`{"typ":"dpop+jwt","alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}`), dpop.ErrAlgorithm},
		"alg RS256":            {sign(t, jose.RS256, "rsa", nil, good()), dpop.ErrAlgorithm},
		"alg ES384":            {sign(t, jose.ES384, "p384", nil, good()), dpop.ErrAlgorithm},
		"alg of another key":   {unsigned(strings.Replace(decode(t, parts[0]), "ES256", "PS256", 1)), dpop.ErrAlgorithm},
		"no jwk":               {unsigned(`{"typ":"dpop+jwt","alg":"ES256"}`), dpop.ErrKey},
		"symmetric jwk":        {unsigned(`{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"oct","k":"AAAA"}}`), dpop.ErrKey},
		"private jwk":          {es(members{"jwk": exposed}, good()), dpop.ErrKey},
		"short RSA key":        {sign(t, jose.PS256, "short", nil, good()), dpop.ErrKey},
		"off the curve":        {unsigned(`{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"` + b64(strings.Repeat("a", 32)) + `","y":"` + b64(strings.Repeat("b", 32)) + `"}}`), dpop.ErrKey},
		"another key":          {es(members{"jwk": other}, good()), dpop.ErrSignature},
		"signature cut":        {raw[:len(raw)-2], dpop.ErrSignature},
		"signature of zeros":   {parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86), dpop.ErrSignature},
		"claims of another":    {parts[0] + "." + b64(`{"jti":"b"}`) + "." + parts[2], dpop.ErrSignature},
		"claims twice":         {sign(t, jose.ES256, "ec", nil, `{"jti":"a","jti":"b","htm":"POST","htu":"`+endpoint+`","iat":1777896000}`), dpop.ErrForm},
		"no jti":               {es(nil, good().with("jti", nil)), dpop.ErrClaims},
		"empty jti":            {es(nil, good().with("jti", "")), dpop.ErrClaims},
		"long jti":             {es(nil, good().with("jti", strings.Repeat("j", 257))), dpop.ErrClaims},
		"jti a number":         {es(nil, good().with("jti", 7)), dpop.ErrClaims},
		"no iat":               {es(nil, good().with("iat", nil)), dpop.ErrClaims},
		"iat a text":           {es(nil, good().with("iat", "1777896000")), dpop.ErrClaims},
		"no htm":               {es(nil, good().with("htm", nil)), dpop.ErrClaims},
		"no htu":               {es(nil, good().with("htu", nil)), dpop.ErrClaims},
		"htm GET":              {es(nil, good().with("htm", "GET")), dpop.ErrMethod},
		"htm in small letters": {es(nil, good().with("htm", "post")), dpop.ErrMethod},
		"htu another path":     {es(nil, good().with("htu", endpoint+"/")), dpop.ErrURL},
		"htu http":             {es(nil, good().with("htu", "http"+endpoint[5:])), dpop.ErrURL},
		"htu another host":     {es(nil, good().with("htu", "https://login.example.go.th.evil.example/oauth2/token")), dpop.ErrURL},
		"htu with a user":      {es(nil, good().with("htu", "https://a@login.example.go.th/oauth2/token")), dpop.ErrURL},
		"htu an escaped slash": {es(nil, good().with("htu", "https://login.example.go.th/oauth2%2Ftoken")), dpop.ErrURL},
		"htu two slashes":      {es(nil, good().with("htu", "https://login.example.go.th//oauth2/token")), dpop.ErrURL},
		"htu no URL":           {es(nil, good().with("htu", "%zz")), dpop.ErrURL},
		"old":                  {es(nil, good().with("iat", now.Add(-6*time.Minute).Unix())), dpop.ErrTime},
		"of the future":        {es(nil, good().with("iat", now.Add(6*time.Minute).Unix())), dpop.ErrTime},
		"expired":              {es(nil, good().with("exp", now.Add(-2*time.Minute).Unix())), dpop.ErrTime},
		"not yet":              {es(nil, good().with("nbf", now.Add(2*time.Minute).Unix())), dpop.ErrTime},
		"no ath":               {es(nil, good()), dpop.ErrToken},
		"ath of another":       {es(nil, good().with("ath", b64(strings.Repeat("x", 32)))), dpop.ErrToken},
	} {
		r := dpop.Request{Method: "POST", URLs: []string{endpoint}}
		if strings.Contains(name, "ath") {
			r.Token = "od1_token"
		}
		err := judge(c.raw, r)
		if name == "signature of zeros" && errors.Is(err, dpop.ErrForm) {
			t.Errorf("%s: not even a signature", name)
		}
		if !errors.Is(err, c.want) || hub.KindOf(errors.Unwrap(err)) != hub.Invalid {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func decode(t testing.TB, s string) string {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestProofOfARequest(t *testing.T) {
	t.Parallel()
	if _, err := dpop.Of(http.Header{}); !errors.Is(err, dpop.ErrMissing) {
		t.Error(err)
	}
	if _, err := dpop.Of(http.Header{"Dpop": {"a", "b"}}); !errors.Is(err, dpop.ErrSeveral) {
		t.Error(err)
	}
	if raw, err := dpop.Of(http.Header{"Dpop": {"a"}}); raw != "a" || err != nil {
		t.Error(raw, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(rfcToken)
	f.Add(rfcResource)
	parts := strings.Split(rfcToken, ".")
	f.Add(parts[0] + "." + parts[1] + ".")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"dpop+jwt","alg":"PS256","jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}}`)) + "." + parts[1] + "." + parts[2])
	f.Add("..")
	f.Fuzz(func(t *testing.T, raw string) {
		p, err := dpop.Parse(raw)
		if err != nil {
			var flaw *dpop.Flaw
			if !errors.As(err, &flaw) || flaw.Word == "" || flaw.Text == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		// The library of the others must see the same.
		jws, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256, jose.PS256})
		if err != nil {
			t.Fatalf("accepted: %q: %v", raw, err)
		}
		jwk := jws.Signatures[0].Protected.JSONWebKey
		if _, err := jws.Verify(jwk); err != nil {
			t.Fatalf("accepted: %q: %v", raw, err)
		}
		if sum, err := jwk.Thumbprint(crypto.SHA256); err != nil || string(sum) != string(p.Key[:]) {
			t.Fatalf("thumbprint %x, want %x", p.Key, sum)
		}
	})
}

func FuzzFits(f *testing.F) {
	for _, seed := range []string{endpoint, "https://LOGIN.example.go.th:443/oauth2/token?x#y", "https://login.example.go.th/a/../oauth2/%74oken", "https://login.example.go.th/%2e%2e/", "//x", "https://login.example.go.th/oauth2/token/..", "https://a@b/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, htu string) {
		once, ok := dpop.Normal(htu)
		if !ok {
			return
		}
		if again, ok := dpop.Normal(once); !ok || again != once {
			t.Fatalf("%q becomes %q becomes %q", htu, once, again)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	sum := sha256.Sum256([]byte("od1_token"))
	claims := good().with("ath", base64.RawURLEncoding.EncodeToString(sum[:]), "nonce", "n")
	for _, c := range []struct {
		alg jose.SignatureAlgorithm
		by  string
	}{{jose.ES256, "ec"}, {jose.PS256, "rsa"}} {
		raw := sign(b, c.alg, c.by, nil, claims)
		r := dpop.Request{Method: "POST", URLs: []string{endpoint}, Token: "od1_token"}
		b.Run(string(c.alg), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := judge(raw, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
