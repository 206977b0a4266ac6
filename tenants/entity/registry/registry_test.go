package registry

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	simulated "onedoor/federation/simulator/registry"
	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/identifier"
	"onedoor/hub/outbound"
	"onedoor/tenants/entity"
)

// signer is the hub's key.
type signer struct{ key *ecdsa.PrivateKey }

func (s signer) SignJWT(alg, typ string, claims any) (string, error) {
	j, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg), Key: jose.JSONWebKey{Key: s.key, KeyID: "hub"}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	jws, err := j.Sign(body)
	if err != nil {
		return "", err
	}
	return jws.CompactSerialize()
}

const issuer = "https://hub.example"

// office is a registry with its stand-in.
type office struct {
	*Registry
	sim   *simulated.Registry
	clock *hubtest.Clock
}

func newOffice(t *testing.T, change func(*Options)) *office {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{clock: hubtest.NewClock()}
	o.sim, err = simulated.New(simulated.Options{
		Companies: simulated.Companies(), Hub: issuer, Clock: o.clock.Now, Random: rand.Reader,
		Keys: func() []byte {
			set, _ := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "hub", Algorithm: "ES256"}}})
			return set
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(o.sim)
	t.Cleanup(server.Close)
	client, err := outbound.New(outbound.Options{Timeout: 5 * time.Second, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	options := Options{
		Issuer: issuer, URL: server.URL + simulated.AskPath, Name: simulated.Name, JWKSURI: server.URL + simulated.KeysPath,
		Kinds: []string{identifier.ThaiJuristic}, Signer: signer{key}, HTTP: client, Clock: o.clock.Now, Random: rand.Reader,
	}
	if change != nil {
		change(&options)
	}
	if o.Registry, err = New(options); err != nil {
		t.Fatal(err)
	}
	return o
}

func juristic(value string) entity.Number {
	return entity.Number{Kind: identifier.ThaiJuristic, Value: value}
}

func citizen(value string) hub.PersonNumber {
	return hub.PersonNumber{Kind: identifier.ThaiCitizen, Value: value}
}

const (
	mill, gone, unknown = "0105536000313", "0994000617721", "0105536000323"
	mali, tharn         = "3100500000011", "1999999999999"
)

func TestENT06_TheRegistrySaysWhoRepresentsAnEntity(t *testing.T) {
	t.Parallel()
	o := newOffice(t, nil)
	for name, tc := range map[string]struct {
		number entity.Number
		person string
		want   entity.Answer
		kind   hub.Kind
	}{
		"a director":    {juristic(mill), mali, entity.Answer{Live: true, Represents: true}, ""},
		"no director":   {juristic(mill), tharn, entity.Answer{Live: true}, ""},
		"dissolved":     {juristic(gone), mali, entity.Answer{}, ""},
		"unknown":       {juristic(unknown), mali, entity.Answer{}, hub.NotFound},
		"not kept here": {entity.Number{Kind: identifier.ChineseCredit, Value: "91350100M000100Y43"}, mali, entity.Answer{}, hub.Invalid},
	} {
		got, err := o.Ask(t.Context(), tc.number, citizen(tc.person))
		if hub.KindOf(err) != tc.kind || got.Live != tc.want.Live || got.Represents != tc.want.Represents || got.Live && got.Names["en"] == "" {
			t.Errorf("%s: %+v %v", name, got, err)
		}
		if err != nil && (strings.Contains(err.Error(), tc.number.Value) || strings.Contains(err.Error(), tc.person)) {
			t.Errorf("%s: the error tells a number", name)
		}
	}
	// Another registry is asked where the first keeps no such numbers.
	if _, err := (Several{o.Registry}).Ask(t.Context(), juristic(mill), citizen(mali)); err != nil {
		t.Error(err)
	}
	if _, err := (Several{}).Ask(t.Context(), juristic(mill), citizen(mali)); hub.KindOf(err) != hub.Invalid {
		t.Error(err)
	}
}

func TestENT06_AnAnswerThatCantBeTrustedProvesNothing(t *testing.T) {
	t.Parallel()
	for _, fault := range simulated.Faults() {
		o := newOffice(t, nil)
		o.sim.Set(true, fault)
		want := hub.Refused
		switch fault {
		case simulated.Down, simulated.Redirect:
			want = hub.Unavailable
		}
		if got, err := o.Ask(t.Context(), juristic(mill), citizen(mali)); hub.KindOf(err) != want || got.Live || got.Represents {
			t.Errorf("%s: %+v %v, want %s", fault, got, err, want)
		}
		o.sim.Set(false, fault)
		if got, err := o.Ask(t.Context(), juristic(mill), citizen(mali)); err != nil || !got.Represents {
			t.Errorf("after %s: %+v %v", fault, got, err)
		}
	}
}

// PRV-06: what goes out is the entity's number and a hash that is another one each time.
func TestPRV06_TheQuestionIsMinimal(t *testing.T) {
	t.Parallel()
	nonce := []byte("0123456789abcdef0123456789abcdef")
	if a, b := Hash(nonce, mali), Hash([]byte("another nonce"), mali); a == b || a == Hash(nonce, tharn) || strings.Contains(a, mali) {
		t.Error("the hash")
	}
	o := newOffice(t, nil)
	for range 2 {
		if _, err := o.Ask(t.Context(), juristic(mill), citizen(mali)); err != nil {
			t.Fatal(err)
		}
	}
	if o.sim.Questions() != 2 {
		t.Errorf("%d questions", o.sim.Questions())
	}
	text, err := json.Marshal(Question{Person: PersonHash{identifier.ThaiCitizen, "n", Hash(nonce, mali)}, Entity: EntityNumber{identifier.ThaiJuristic, mill}})
	if err != nil || strings.Contains(string(text), mali) {
		t.Errorf("%s %v", text, err)
	}
}

func TestOPS07_TheGuardIsBeforeTheRegistry(t *testing.T) {
	t.Parallel()
	o := newOffice(t, func(o *Options) {
		o.HTTP, _ = outbound.New(outbound.Options{Timeout: time.Second}) // nothing private is allowed
	})
	if _, err := o.Ask(t.Context(), juristic(mill), citizen(mali)); hub.KindOf(err) != hub.Unavailable || o.sim.Questions() != 0 {
		t.Error(err)
	}
	if _, err := New(Options{}); hub.KindOf(err) != hub.Invalid {
		t.Error(err)
	}
}

func FuzzRead(f *testing.F) {
	now := hubtest.Noon()
	good := `{"iss":"company-registry","aud":"https://hub.example","iat":1772452800,"exp":1772452860,"in_response_to":"q","entity":{"found":true,"status":"active","name":{"en":"X"}},"person":{"represents":true}}`
	f.Add([]byte(good))
	for _, s := range []string{"", "null", "[]", `{"iss":1}`, strings.Replace(good, `"represents":true`, "", 1), strings.Replace(good, `"found":true`, `"found":true,"found":false`, 1), strings.Replace(good, "1772452860", "1e99", 1)} {
		f.Add([]byte(s))
	}
	if a, err := read([]byte(good), "company-registry", issuer, "q", now); err != nil || !a.Represents {
		f.Fatalf("%+v %v", a, err)
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		a, err := read(payload, "company-registry", issuer, "q", now)
		if err != nil && (a.Live || a.Represents) {
			t.Error("something opens with an error")
		}
		if a.Represents && (!a.Live || len(a.Names) == 0) {
			t.Error("represents what is not there")
		}
		if _, err := read(payload, "company-registry", issuer, "another", now); err == nil {
			t.Error("answers every question")
		}
	})
}
