package passkey_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"onedoor/hub"
	"onedoor/hub/passkey"
)

const issuer = "https://login.example"

// machine is an authenticator in software, with its faults.
type machine struct {
	key    *ecdsa.PrivateKey
	id     []byte
	count  uint32
	flags  byte // beside "user present" and "attested"
	origin string
	rpID   string
	typ    string // "" for what the ceremony asks for
	handle []byte
}

const backupEligible = 0x08

func newMachine(t testing.TB) *machine {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &machine{key: key, id: id, origin: issuer, rpID: "login.example"}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func challengeOf(t testing.TB, options []byte) string {
	t.Helper()
	var o struct {
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(options, &o); err != nil || len(o.Challenge) < 22 {
		t.Fatalf("challenge %q: %v", o.Challenge, err)
	}
	return o.Challenge
}

func (m *machine) clientData(kind, challenge string) []byte {
	if m.typ != "" {
		kind = m.typ
	}
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": m.origin, "crossOrigin": false})
	return b
}

func (m *machine) authData(flags byte, more []byte) []byte {
	h := sha256.Sum256([]byte(m.rpID))
	out := append(h[:], 0x01|flags|m.flags)
	return append(binary.BigEndian.AppendUint32(out, m.count), more...)
}

// make answers navigator.credentials.create().
func (m *machine) make(t testing.TB, options []byte) []byte {
	t.Helper()
	cose, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: m.key.X.FillBytes(make([]byte, 32)), -3: m.key.Y.FillBytes(make([]byte, 32))})
	if err != nil {
		t.Fatal(err)
	}
	attested := binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(m.id)))
	attested = append(append(attested, m.id...), cose...)
	object, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": m.authData(0x40, attested)})
	if err != nil {
		t.Fatal(err)
	}
	out, _ := json.Marshal(map[string]any{
		"id": b64(m.id), "rawId": b64(m.id), "type": "public-key", "authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{},
		"response": map[string]any{"clientDataJSON": b64(m.clientData("webauthn.create", challengeOf(t, options))), "attestationObject": b64(object), "transports": []string{"internal"}},
	})
	return out
}

// show answers navigator.credentials.get().
func (m *machine) show(t testing.TB, options []byte) []byte {
	t.Helper()
	m.count++
	client := m.clientData("webauthn.get", challengeOf(t, options))
	auth := m.authData(0, nil)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(auth), hash[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, m.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	response := map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(auth), "signature": b64(sig)}
	if m.handle != nil {
		response["userHandle"] = b64(m.handle)
	}
	out, _ := json.Marshal(map[string]any{
		"id": b64(m.id), "rawId": b64(m.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response,
	})
	return out
}

type world struct {
	*passkey.Ceremonies
	mu   sync.Mutex
	at   time.Time
	used map[string]bool
}

func (w *world) Use(_ context.Context, kind, key string, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.used[kind+key] {
		return hub.Errorf("once", hub.Consumed, "used")
	}
	w.used[kind+key] = true
	return nil
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) forward(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

type ring struct{ key cipher.AEAD }

func (r ring) SealingKey() (string, cipher.AEAD, error) {
	return "aaaaaaaaaaaaaaaaaaaaaaaaaa", r.key, nil
}
func (r ring) OpeningKey(id string) (cipher.AEAD, error) { return r.key, nil }

func newWorld(t testing.TB) *world {
	t.Helper()
	block, err := aes.NewCipher(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	key, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{at: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), used: map[string]bool{}}
	w.Ceremonies, err = passkey.New(passkey.Options{Issuer: issuer, Name: "onedoor", Keys: ring{key}, Once: w, Clock: w.now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var here = passkey.About{Session: "session-one", Party: "entity-one"}

func (w *world) made(t testing.TB, m *machine) passkey.Credential {
	t.Helper()
	c, err := w.Make(here, "Counter 3", nil)
	if err != nil {
		t.Fatal(err)
	}
	made, err := w.Made(t.Context(), here, c.Carried, m.make(t, c.Options))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestRAZ04_AMachineIsRegisteredAndKnownAgain(t *testing.T) {
	t.Parallel()
	w, m := newWorld(t), newMachine(t)
	made := w.made(t, m)
	if !bytes.Equal(made.ID, m.id) || made.SignCount != 0 {
		t.Errorf("%+v", made)
	}
	c, err := w.Show(here, []passkey.Credential{made})
	if err != nil {
		t.Fatal(err)
	}
	answer := m.show(t, c.Options)
	shown, err := w.Shown(t.Context(), here, []passkey.Credential{made}, c.Carried, answer)
	if err != nil || !bytes.Equal(shown.ID, m.id) || shown.SignCount != 1 {
		t.Fatalf("%+v, %v", shown, err)
	}
	// Invariant 6: it counts once.
	if _, err := w.Shown(t.Context(), here, []passkey.Credential{made}, c.Carried, answer); !errors.Is(err, hub.Consumed) {
		t.Errorf("a second time: %v", err)
	}
}

func TestTheOptionsAskForAKeyThatStaysAndForNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	taken := []passkey.Credential{{ID: []byte("0123456789abcdef")}}
	c, err := w.Make(here, "Counter 3", taken)
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		RP                     struct{ ID, Name string }
		User                   struct{ ID, Name, DisplayName string }
		PubKeyCredParams       []struct{ Alg int }
		Attestation            string
		AuthenticatorSelection struct{ AuthenticatorAttachment, ResidentKey, UserVerification string }
		ExcludeCredentials     []struct{ ID string }
	}
	if err := json.Unmarshal(c.Options, &o); err != nil {
		t.Fatal(err)
	}
	if o.RP.ID != "login.example" || o.User.Name != "Counter 3" || o.Attestation == "direct" || len(o.PubKeyCredParams) != 2 || o.PubKeyCredParams[0].Alg != -7 ||
		o.AuthenticatorSelection.AuthenticatorAttachment != "platform" || o.AuthenticatorSelection.ResidentKey != "discouraged" ||
		len(o.ExcludeCredentials) != 1 || o.ExcludeCredentials[0].ID != b64(taken[0].ID) {
		t.Errorf("%s", c.Options)
	}
	if bytes.Contains(c.Options, []byte("entity-one")) || bytes.Contains(c.Options, []byte("session-one")) || bytes.Contains(c.Options, []byte(b64([]byte("entity-one")))) {
		t.Error("the machine is told an id of ours")
	}
}

func TestWhatIsNoGoodMakesNoKey(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(w *world, m *machine, about *passkey.About, carried *string)
		want   hub.Kind
	}{
		"a key that can be copied": {func(_ *world, m *machine, _ *passkey.About, _ *string) { m.flags = backupEligible }, hub.Refused},
		"another origin":           {func(_ *world, m *machine, _ *passkey.About, _ *string) { m.origin = "https://login.example.evil" }, hub.Invalid},
		"a subdomain":              {func(_ *world, m *machine, _ *passkey.About, _ *string) { m.origin = "https://x.login.example" }, hub.Invalid},
		"plain http":               {func(_ *world, m *machine, _ *passkey.About, _ *string) { m.origin = "http://login.example" }, hub.Invalid},
		"another relying party":    {func(_ *world, m *machine, _ *passkey.About, _ *string) { m.rpID = "example" }, hub.Invalid},
		"the other ceremony":       {func(_ *world, m *machine, _ *passkey.About, _ *string) { m.typ = "webauthn.get" }, hub.Invalid},
		"another session":          {func(_ *world, _ *machine, a *passkey.About, _ *string) { a.Session = "session-two" }, hub.Invalid},
		"another party":            {func(_ *world, _ *machine, a *passkey.About, _ *string) { a.Party = "entity-two" }, hub.Invalid},
		"too late":                 {func(w *world, _ *machine, _ *passkey.About, _ *string) { w.forward(passkey.Life) }, hub.Expired},
		"carried by somebody else": {func(_ *world, _ *machine, _ *passkey.About, c *string) { *c += "A" }, hub.Invalid},
		"of another ceremony": {func(w *world, _ *machine, a *passkey.About, c *string) {
			s, err := w.Show(*a, []passkey.Credential{{ID: make([]byte, 16)}})
			if err != nil {
				panic(err)
			}
			*c = s.Carried
		}, hub.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, m, about := newWorld(t), newMachine(t), here
			begun, err := w.Make(about, "Counter 3", nil)
			if err != nil {
				t.Fatal(err)
			}
			carried := begun.Carried
			c.change(w, m, &about, &carried)
			if made, err := w.Made(t.Context(), about, carried, m.make(t, begun.Options)); !errors.Is(err, c.want) || made.ID != nil {
				t.Errorf("%+v, %v", made, err)
			}
		})
	}
}

func TestWhatIsNoGoodShowsNoMachine(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(w *world, m *machine, about *passkey.About, machines *[]passkey.Credential)
		want   hub.Kind
	}{
		"another machine": {func(_ *world, m *machine, _ *passkey.About, _ *[]passkey.Credential) {
			other := newMachine(t)
			m.key, m.id = other.key, other.id
		}, hub.Invalid},
		"another key under its name": {func(_ *world, m *machine, _ *passkey.About, _ *[]passkey.Credential) { m.key = newMachine(t).key }, hub.Invalid},
		"taken out meanwhile":        {func(_ *world, _ *machine, _ *passkey.About, all *[]passkey.Credential) { *all = nil }, hub.Invalid},
		"another origin": {func(_ *world, m *machine, _ *passkey.About, _ *[]passkey.Credential) {
			m.origin = "https://evil.example"
		}, hub.Invalid},
		"the other ceremony":      {func(_ *world, m *machine, _ *passkey.About, _ *[]passkey.Credential) { m.typ = "webauthn.create" }, hub.Invalid},
		"another user handle":     {func(_ *world, m *machine, _ *passkey.About, _ *[]passkey.Credential) { m.handle = []byte("x") }, hub.Invalid},
		"became one to be copied": {func(_ *world, m *machine, _ *passkey.About, _ *[]passkey.Credential) { m.flags = backupEligible }, hub.Invalid},
		"another session":         {func(_ *world, _ *machine, a *passkey.About, _ *[]passkey.Credential) { a.Session = "session-two" }, hub.Invalid},
		"too late":                {func(w *world, _ *machine, _ *passkey.About, _ *[]passkey.Credential) { w.forward(passkey.Life) }, hub.Expired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, m, about := newWorld(t), newMachine(t), here
			machines := []passkey.Credential{w.made(t, m)}
			begun, err := w.Show(about, machines)
			if err != nil {
				t.Fatal(err)
			}
			c.change(w, m, &about, &machines)
			if shown, err := w.Shown(t.Context(), about, machines, begun.Carried, m.show(t, begun.Options)); !errors.Is(err, c.want) || shown.ID != nil {
				t.Errorf("%+v, %v", shown, err)
			}
		})
	}
}

func TestNewRefusesAddressesThatBrowsersRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for address, good := range map[string]bool{
		"https://login.example": true, "https://login.example:8443": true, "http://localhost:8080": true, "http://hub.localhost:8080": true,
		"http://login.example": false, "login.example": false, "": false, "http://localhost.example": false,
	} {
		_, err := passkey.New(passkey.Options{Issuer: address, Name: "x", Keys: ring{}, Once: w, Clock: w.now, Random: rand.Reader})
		if (err == nil) != good || passkey.Possible(address) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// FuzzAnswer: whatever a browser brings, it makes no key and shows no machine, and nothing breaks.
func FuzzAnswer(f *testing.F) {
	w, m := newWorld(f), newMachine(f)
	begun, err := w.Make(here, "Counter 3", nil)
	if err != nil {
		f.Fatal(err)
	}
	made := w.made(f, m)
	f.Add(m.make(f, begun.Options))
	f.Add(m.show(f, begun.Options))
	f.Add([]byte(`{"id":"","rawId":"","type":"public-key","response":{}}`))
	f.Add([]byte(`{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"attestationObject":"o2NmbXRkbm9uZQ","clientDataJSON":"e30"}}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		one, err := w.Make(here, "x", nil)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := w.Made(t.Context(), here, one.Carried, answer); err == nil {
			t.Fatalf("made %x", c.ID)
		}
		two, err := w.Show(here, []passkey.Credential{made})
		if err != nil {
			t.Fatal(err)
		}
		if c, err := w.Shown(t.Context(), here, []passkey.Credential{made}, two.Carried, answer); err == nil {
			t.Fatalf("shown %x", c.ID)
		}
	})
}
