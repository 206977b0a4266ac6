package routing_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/federation"
	"onedoor/federation/routing"
	"onedoor/hub"
	"onedoor/hub/token"
)

// SSO-03: a token is recognised by its issuer, validated there, and answered for in the terms of the system that asks.
func TestSSO03_AForeignTokenIsValidatedAtItsIssuer(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	for name, c := range map[string]struct {
		record federation.Provider
		raw    string
		signed bool
		asked  int
	}{
		"opaque":                       {record(), "hbr_abc", false, 1},
		"opaque, signed answer":        {record(signedAnswers), "hbr_abc", true, 1},
		"JWT by its keys alone":        {record(offline), s.jwt(s.good()), false, 0},
		"JWT with a look at liveness":  {record(), s.jwt(s.good()), false, 1},
		"JWT with a signed look at it": {record(signedAnswers), s.jwt(s.good()), true, 1},
	} {
		s.asked, s.signed = nil, c.signed
		w := newWorld(t, s, c.record)
		a := w.one(t.Context(), c.raw)
		if a.Err != nil {
			t.Errorf("%s: %v", name, a.Err)
			continue
		}
		if a.Issuer != foreignIssuer || a.Provider != "harbour" || a.Client != "ferry" || !reflect.DeepEqual(a.Scopes, []string{"port.read"}) ||
			a.Level != (hub.Level{IAL: hub.IAL21, AAL: hub.AAL1}) || a.ExpiresAt.IsZero() || a.AuthTime.IsZero() || a.Binding != nil {
			t.Errorf("%s: %+v", name, a)
		}
		if len(a.Attributes) != 1 || a.Attributes[hub.Name].Value != "สมชาย ใจดี" || a.Attributes[hub.Name].Source != "harbour" {
			t.Errorf("%s: attributes %v", name, a.Attributes)
		}
		for _, v := range []string{a.Subject, a.Session, a.ID} {
			if v == "" || strings.Contains(v, "somchai") || strings.Contains(v, "their") {
				t.Errorf("%s: a name of the issuer comes through: %+v", name, a)
			}
		}
		if len(s.questions()) != c.asked {
			t.Errorf("%s: asked %d times", name, len(s.questions()))
		}
	}
}

// The hub proves itself with its own key, once for each question, and says through which hubs the question came.
func TestSSO03_TheQuestionIsProvenByOurOwnKey(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	w := newWorld(t, s, record())
	asker := revenue()
	asker.Via = []string{"https://first.example"}
	if a := w.Ask(t.Context(), asker, [][]byte{[]byte("hbr_abc")})[0]; a.Err != nil {
		t.Fatal(a.Err)
	}
	if a := w.one(t.Context(), "hbr_abc"); a.Err != nil {
		t.Fatal(a.Err)
	}
	form := s.questions()[0]
	for name, want := range map[string]string{
		"token": "hbr_abc", "client_id": "onedoor", "client_assertion": "ES256.JWT.signed", "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
	} {
		if got := form[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	first, second := w.proofs[0], w.proofs[1]
	if first["iss"] != "onedoor" || first["sub"] != "onedoor" || first["aud"] != foreignIssuer || first["exp"].(float64)-first["iat"].(float64) > 60 {
		t.Errorf("the proof is %v", first)
	}
	if first["jti"] == second["jti"] {
		t.Error("a proof was used twice")
	}
	if got := fmt.Sprint(first["onedoor_via"]); got != "["+"https://first.example "+ourIssuer+"]" {
		t.Errorf("came through %s", got)
	}
	if got := fmt.Sprint(second["onedoor_via"]); got != "["+ourIssuer+"]" {
		t.Errorf("came through %s", got)
	}
}

// Invariant 3: two departments can't find out from what they are told that they serve the same person.
func TestInvariant3_EverySectorGetsItsOwnNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t, newIssuer(t), record())
	first := w.one(t.Context(), "hbr_abc")
	land := revenue()
	land.System, land.Sector = "land", "land.example"
	second := w.Ask(t.Context(), land, [][]byte{[]byte("hbr_abc")})[0]
	if first.Err != nil || second.Err != nil {
		t.Fatal(first.Err, second.Err)
	}
	if first.Subject == second.Subject || first.Session == second.Session || first.ID == second.ID {
		t.Errorf("%+v\n%+v", first, second)
	}
	if again := w.one(t.Context(), "hbr_def"); again.Subject != first.Subject {
		t.Error("a person has two names in one sector")
	}
	if len(second.Scopes) != 0 {
		t.Errorf("scopes that nobody lets through: %v", second.Scopes)
	}
}

// SSO-03: whatever is wrong with the issuer, its answer or the token, it is not active, and the record has the reason.
func TestSSO03_AMisbehavingIssuerIsNeverBelieved(t *testing.T) {
	t.Parallel()
	says := func(change ...any) func(*issuer) {
		return func(s *issuer) { s.claims = func(string) object { return s.good().with(change...) } }
	}
	answers := func(status int, kind, body string) func(*issuer) {
		return func(s *issuer) {
			s.answer = func(context.Context, url.Values) (*http.Response, error) { return response(status, kind, body), nil }
		}
	}
	envelope := func(alg jose.SignatureAlgorithm, key func(s *issuer) any, typ string, change ...any) func(*issuer) {
		return func(s *issuer) {
			s.answer = func(context.Context, url.Values) (*http.Response, error) {
				o := object{"iss": s.name, "aud": "onedoor", "iat": s.clock().Unix(), "token_introspection": s.good().with("active", true)}.with(change...)
				return response(200, "application/token-introspection+jwt", s.sign(alg, key(s), typ, o)), nil
			}
		}
	}
	own := func(s *issuer) any { return s.key }
	other := func(s *issuer) any {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			s.t.Fatal(err)
		}
		return k
	}
	const typ = "token-introspection+jwt"
	now := time.Now().Unix()
	for name, c := range map[string]struct {
		spoil  func(*issuer)
		record federation.Provider
		want   federation.Cause
	}{
		"not there": {func(s *issuer) {
			s.answer = func(context.Context, url.Values) (*http.Response, error) { return nil, errors.New("refused") }
		}, record(), federation.Unreachable},
		"status 500":             {answers(500, "application/json", `{"active":true}`), record(), federation.StatusUnexpected},
		"status 404":             {answers(404, "application/json", `{"active":true}`), record(), federation.StatusUnexpected},
		"does not know us":       {answers(401, "application/json", `{"active":true}`), record(), federation.ClientRejected},
		"redirect":               {answers(302, "application/json", `{"active":true}`), record(), federation.Redirected},
		"huge":                   {answers(200, "application/json", `{"active":true,"x":"`+strings.Repeat("x", 1<<20)+`"}`), record(), federation.BodyTooBig},
		"HTML":                   {answers(200, "text/html", `{"active":true}`), record(), federation.ResponseMedia},
		"no media type":          {answers(200, "", `{"active":true}`), record(), federation.ResponseMedia},
		"no JSON":                {answers(200, "application/json", `active`), record(), federation.ResponseMalformed},
		"active twice":           {answers(200, "application/json", `{"active":false,"active":true}`), record(), federation.ResponseMalformed},
		"active as text":         {answers(200, "application/json", `{"active":"true"}`), record(), federation.ResponseMalformed},
		"sub as number":          {says("sub", 5), record(), federation.ResponseMalformed},
		"exp as text":            {says("exp", "soon"), record(), federation.ResponseMalformed},
		"another issuer":         {says("iss", "https://other.example"), record(), federation.AccessIssuer},
		"our own issuer":         {says("iss", ourIssuer), record(), federation.AccessIssuer},
		"for somebody else":      {says("aud", "ferry"), record(), federation.AccessAudience},
		"for nobody":             {says("aud", nil), record(), federation.AccessAudience},
		"active though expired":  {says("exp", now-1), record(), federation.AccessExpired},
		"without an end":         {says("exp", nil), record(), federation.AccessExpiry},
		"from the future":        {says("iat", now+600), record(), federation.AccessEarly},
		"not before tomorrow":    {says("nbf", now+86400), record(), federation.AccessEarly},
		"of nobody":              {says("sub", nil), record(), federation.AccessSubject},
		"of a machine":           {says("sub", "ferry"), record(), federation.AccessMachine},
		"of somebody for her":    {says("act", object{"sub": "x"}), record(), federation.AccessDelegated},
		"bound in another way":   {says("cnf", object{"jwk": object{}}), record(), federation.AccessBinding},
		"bound twice, once so":   {says("cnf", object{"jkt": strings.Repeat("a", 43), "kid": "1"}), record(), federation.AccessBinding},
		"unknown level":          {says("acr", "loa7"), record(), federation.LevelBelow},
		"no level":               {says("acr", nil), record(), federation.LevelBelow},
		"plain, not signed":      {says(), record(signedAnswers), federation.AnswerUnsigned},
		"signed by another key":  {envelope(jose.ES256, other, typ), record(signedAnswers), federation.AnswerSignature},
		"signed as another type": {envelope(jose.ES256, own, "at+jwt"), record(signedAnswers), federation.AnswerType},
		"signed by another":      {envelope(jose.ES256, own, typ, "iss", "https://other.example"), record(signedAnswers), federation.AnswerIssuer},
		"signed for another":     {envelope(jose.ES256, own, typ, "aud", "revenue"), record(signedAnswers), federation.AnswerAudience},
		"signed for two":         {envelope(jose.ES256, own, typ, "aud", []string{"onedoor", "x"}), record(signedAnswers), federation.AnswerAudience},
		"signed long ago":        {envelope(jose.ES256, own, typ, "iat", now-3600), record(signedAnswers), federation.AnswerTime},
		"signed without a date":  {envelope(jose.ES256, own, typ, "iat", nil), record(signedAnswers), federation.AnswerTime},
		"signed about nothing":   {envelope(jose.ES256, own, typ, "token_introspection", "x"), record(signedAnswers), federation.ResponseMalformed},
		"signed by a secret": {
			envelope(jose.HS256, func(s *issuer) any { return []byte(s.published()) }, typ), record(signedAnswers), federation.AnswerAlg,
		},
		"a bad signature though none is asked": {envelope(jose.ES256, other, typ), record(), federation.AnswerSignature},
		"keys can't be had": {
			func(s *issuer) { s.signed = true; s.keys = func() (int, string) { return 503, "" } }, record(signedAnswers), federation.KeysUnavailable,
		},
	} {
		s := newIssuer(t)
		c.spoil(s)
		w := newWorld(t, s, c.record)
		refused(t, name, w.one(t.Context(), "hbr_abc"), c.want)
	}
}

// SSO-03: a JWT is worth what its signature is, and nothing that stands in it is believed before.
func TestSSO03_AForgedJWTIsRefused(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	now := time.Now().Unix()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sound := s.jwt(s.good())
	parts := strings.Split(sound, ".")
	embedded := func() string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: stranger}, (&jose.SignerOptions{EmbedJWK: true}).WithType("at+jwt"))
		if err != nil {
			t.Fatal(err)
		}
		jws, err := signer.Sign([]byte(`{"iss":"` + foreignIssuer + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		text, err := jws.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, c := range map[string]struct {
		raw  string
		want federation.Cause
	}{
		"alg none":                 {"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0." + parts[1] + ".", federation.AccessAlg},
		"the public key as secret": {s.sign(jose.HS256, []byte(s.published()), "at+jwt", s.good()), federation.AccessAlg},
		"RSA under the EC kid":     {s.sign(jose.RS256, weak, "at+jwt", s.good()), federation.AccessSignature},
		"another key":              {s.sign(jose.ES256, stranger, "at+jwt", s.good()), federation.AccessSignature},
		"the key comes along":      {embedded(), federation.AccessSignature},
		"another payload":          {parts[0] + "." + strings.Split(s.jwt(s.good().with("sub", "x")), ".")[1] + "." + parts[2], federation.AccessSignature},
		"an ID token":              {s.sign(jose.ES256, s.key, "JWT", s.good()), federation.AccessType},
		"expired":                  {s.jwt(s.good().with("exp", now-1)), federation.AccessExpired},
		"for ever":                 {s.jwt(s.good().with("exp", now+90000)), federation.AccessExpiry},
		"without iat":              {s.jwt(s.good().with("iat", nil)), federation.AccessExpiry},
		"for another":              {s.jwt(s.good().with("aud", "https://other.example")), federation.AccessAudience},
	} {
		refused(t, name, newWorld(t, s, record(offline)).one(t.Context(), c.raw), c.want)
	}
	if n := s.fetched; n > 2*11 {
		t.Errorf("forged signatures made %d fetches", n)
	}
}

// SSO-03: the endpoint's answer about a JWT must be about this JWT.
func TestSSO03_AnAnswerAboutAnotherTokenIsRefused(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	for name, c := range map[string]struct {
		change []any
		want   federation.Cause
	}{
		"another person":         {[]any{"sub", "malee-2"}, federation.AccessSubject},
		"another token":          {[]any{"jti", "other"}, federation.AccessDiffers},
		"another client":         {[]any{"client_id", "other"}, federation.AccessDiffers},
		"a longer life":          {[]any{"exp", time.Now().Unix() + 3600}, federation.AccessDiffers},
		"another issuer":         {[]any{"iss", "https://other.example"}, federation.AccessIssuer},
		"expired there":          {[]any{"exp", time.Now().Unix() - 5}, federation.AccessExpired},
		"somebody acts, it says": {[]any{"act", object{"sub": "x"}}, federation.AccessDelegated},
	} {
		s.claims = func(string) object { return s.good().with(c.change...) }
		refused(t, name, newWorld(t, s, record()).one(t.Context(), s.jwt(s.good())), c.want)
	}
	s.claims = func(string) object { return nil }
	if a := newWorld(t, s, record()).one(t.Context(), s.jwt(s.good())); a.Err == nil || !a.Inactive() {
		t.Errorf("revoked there: %+v", a)
	}
	s.claims = func(string) object { return s.good().with("cnf", object{"jkt": strings.Repeat("a", 43)}) }
	if a := newWorld(t, s, record()).one(t.Context(), s.jwt(s.good())); a.Err != nil || a.Binding["jkt"] == "" {
		t.Errorf("the binding that only the endpoint tells is lost: %+v", a)
	}
}

// SSO-03: an issuer that swaps the answers of a batch must not make one person another.
func TestSSO03_SwappedAnswersOfABatchAreRefused(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	people := []string{"somchai-1", "malee-2", "anong-3"}
	var tokens [][]byte
	by := map[string]object{}
	for i, p := range people {
		c := s.good().with("sub", p, "jti", fmt.Sprint("t", i))
		raw := s.jwt(c)
		tokens, by[raw] = append(tokens, []byte(raw)), s.good().with("sub", people[(i+1)%3], "jti", fmt.Sprint("t", (i+1)%3))
	}
	s.claims = func(raw string) object { return by[raw] }
	for i, a := range newWorld(t, s, record()).Ask(t.Context(), revenue(), tokens) {
		refused(t, people[i], a, federation.AccessDiffers)
	}
}

func TestSSO03_ABatchKeepsItsOrderAndAsksOnceForEachToken(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	s.claims = func(raw string) object {
		if raw == "hbr_dead" {
			return nil
		}
		return s.good().with("sub", raw)
	}
	w := newWorld(t, s, record())
	var tokens [][]byte
	for i := range 60 {
		tokens = append(tokens, []byte(fmt.Sprintf("hbr_%d", i%20)), []byte("hbr_dead"), []byte("nobody's"))
	}
	answers := w.Ask(t.Context(), revenue(), tokens)
	names := map[string]string{}
	for i, a := range answers {
		raw := string(tokens[i])
		switch {
		case raw == "hbr_dead" && !a.Inactive(), raw == "nobody's" && !errors.Is(a.Err, hub.NotFound):
			t.Fatalf("%s: %+v", raw, a)
		case raw != "hbr_dead" && raw != "nobody's":
			if known, ok := names[raw]; a.Err != nil || ok && known != a.Subject {
				t.Fatalf("%s: %+v", raw, a)
			}
			names[raw] = a.Subject
		}
	}
	if n := len(s.questions()); n != 21 || len(names) != 20 {
		t.Errorf("%d questions, %d people", n, len(names))
	}
}

// Who asks decides: the trust record lists the systems, its ceiling bounds the levels, the register the attributes.
func TestSSO03_TheTrustRecordDecides(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	s.claims = func(string) object { return s.good().with("acr", "loa9", "gender", "male") }
	w := newWorld(t, s, record())
	if a := w.one(t.Context(), "hbr_abc"); a.Err != nil || a.Level != (hub.Level{IAL: hub.IAL21, AAL: hub.AAL1}) || len(a.Attributes) != 1 {
		t.Errorf("the ceiling does not hold: %+v", a)
	}
	before := len(s.questions())
	stranger, strict := revenue(), revenue()
	stranger.System = "tourism"
	strict.Least = hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}
	ask := func(w *world, who routing.Asker) routing.Answer {
		return w.Ask(t.Context(), who, [][]byte{[]byte("hbr_abc")})[0]
	}
	refused(t, "a system that is not listed", ask(w, stranger), federation.RouteUnentitled)
	if len(s.questions()) != before {
		t.Error("the token of a system that may not ask was sent")
	}
	refused(t, "below what the system demands", ask(w, strict), federation.LevelBelow)
	w.register.set(record(func(p *federation.Provider) { p.Status = federation.Suspended }))
	refused(t, "suspended", ask(w, revenue()), federation.NotInService)
	w.register.set(record(func(p *federation.Provider) { p.ValidUntil = time.Now().Add(-time.Second) }))
	refused(t, "out of its dates", ask(w, revenue()), federation.NotInService)
	w.register.set(record(func(p *federation.Provider) { p.Tokens.Systems[0].Audiences = []string{"revenue"} }))
	refused(t, "for the hub, not for this system", ask(w, revenue()), federation.AccessAudience)
	w.register.set()
	if a := ask(w, revenue()); !errors.Is(a.Err, hub.NotFound) {
		t.Errorf("no issuer is registered: %+v", a)
	}
}

// Nobody is asked about a token that does not tell whose it is.
func TestSSO03_NobodyIsAskedOnAGuess(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	second := record(func(p *federation.Provider) {
		p.ID, p.Tokens.Issuer, p.Tokens.Prefixes = "other", "https://other.example", []string{"oth_"}
	})
	twin := record(func(p *federation.Provider) {
		p.ID = "lanna"
		p.Tokens.Issuer, p.Tokens.Onedoor = "https://hub.lanna.example", true
	})
	w := newWorld(t, s, record(), second, twin)
	alike := s.jwt(s.good().with("iss", foreignIssuer+"/"))
	for _, hint := range []string{"", foreignIssuer} {
		asker := revenue()
		asker.Hint = hint
		for _, raw := range []string{
			token.PrefixOf(ourIssuer) + "AAAA", token.Prefix + "AAAAAAAAAAAA", alike, strings.Repeat("x", 9000),
		} {
			if a := w.Ask(t.Context(), asker, [][]byte{[]byte(raw)})[0]; !errors.Is(a.Err, hub.NotFound) {
				t.Errorf("%.20s, hint %q: %+v", raw, hint, a)
			}
		}
	}
	if a := w.one(t.Context(), "abc"); !errors.Is(a.Err, hub.NotFound) || len(s.questions()) != 0 {
		t.Errorf("%+v, %d questions", a, len(s.questions()))
	}
	asker := revenue()
	asker.Hint = foreignIssuer
	if a := w.Ask(t.Context(), asker, [][]byte{[]byte("abc")})[0]; a.Err != nil {
		t.Errorf("the system names the issuer: %v", a.Err)
	}
	asker.Hint = "https://other.example"
	refused(t, "the hint says other than the token", w.Ask(t.Context(), asker, [][]byte{[]byte("hbr_abc")})[0], federation.RouteHint)
	asker.Hint = "https://nobody.example"
	if a := w.Ask(t.Context(), asker, [][]byte{[]byte("abc")})[0]; !errors.Is(a.Err, hub.NotFound) {
		t.Errorf("%+v", a)
	}
	refused(t, "opaque, and nobody to ask", newWorld(t, s, record(offline)).Ask(t.Context(), routing.Asker{System: "revenue", Hint: foreignIssuer}, [][]byte{[]byte("abc")})[0], federation.RouteOpaque)
}

// SSO-08: loops between hubs are cut before anything is sent.
func TestSSO08_LoopsAreCut(t *testing.T) {
	t.Parallel()
	s := newIssuer(t)
	peer := record(func(p *federation.Provider) {
		p.ID, p.Tokens.Issuer, p.Tokens.Prefixes, p.Tokens.Introspection = "peer", "https://peer.example", []string{"peer_"}, "https://peer.example/introspect"
		p.Tokens.Peer = "land"
	})
	w := newWorld(t, s, record(), peer)
	for name, c := range map[string]struct {
		via  []string
		want federation.Cause
	}{
		"it was here":            {[]string{"https://a.example", ourIssuer}, federation.RouteLoop},
		"it came from there":     {[]string{foreignIssuer}, federation.RouteBack},
		"it came through there":  {[]string{foreignIssuer, "https://a.example"}, federation.RouteBack},
		"it came through enough": {[]string{"https://a.example", "https://b.example", "https://c.example"}, federation.RouteTooFar},
	} {
		asker := revenue()
		asker.Via = c.via
		refused(t, name, w.Ask(t.Context(), asker, [][]byte{[]byte("hbr_abc")})[0], c.want)
	}
	// The endpoint lies at a hub that the question came through, though the issuer is another.
	w.register.set(record(func(p *federation.Provider) { p.Tokens.Introspection = "https://peer.example/oauth2/introspect" }), peer)
	asker := revenue()
	asker.Via = []string{"https://peer.example"}
	refused(t, "asked at the hub that asks", w.Ask(t.Context(), asker, [][]byte{[]byte("hbr_abc")})[0], federation.RouteBack)
	// The peer does not say that it is one.
	asker = revenue()
	asker.System = "land"
	refused(t, "a peer that hides", w.Ask(t.Context(), asker, [][]byte{[]byte("hbr_abc")})[0], federation.RouteBack)
	if n := len(s.questions()); n != 0 {
		t.Errorf("%d questions were sent", n)
	}
}
