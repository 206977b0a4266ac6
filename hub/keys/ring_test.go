package keys

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

func TestFirstStartMakesOneSetForAllNodes(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	rings := make([]*Ring, 8)
	var wg sync.WaitGroup
	for i := range rings {
		wg.Go(func() {
			r, err := Open(context.Background(), Options{Store: store, Masters: ms, Clock: c.Now, Random: rand.Reader})
			if err != nil {
				t.Error(err)
				return
			}
			rings[i] = r
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	if len(store.records) != 3 {
		t.Fatalf("%d keys, want an index, a sealing and an ES256 key", len(store.records))
	}
	for _, r := range rings {
		if !bytes.Equal(r.Index("person", "x"), rings[0].Index("person", "x")) || !bytes.Equal(r.JWKS(), rings[0].JWKS()) {
			t.Fatal("two nodes hold different keys")
		}
	}
}

func TestOpenRefusesFaultyOptions(t *testing.T) {
	t.Parallel()
	good := func() Options {
		return Options{Store: &memory{}, Masters: newMasters(t, 1), Clock: time.Now, Random: rand.Reader}
	}
	for name, spoil := range map[string]func(*Options){
		"no store":           func(o *Options) { o.Store = nil },
		"no master":          func(o *Options) { o.Masters = nil },
		"no clock":           func(o *Options) { o.Clock = nil },
		"no randomness":      func(o *Options) { o.Random = nil },
		"RSA of 1024":        func(o *Options) { o.RSABits = 1024 },
		"ahead above active": func(o *Options) { o.Sign = Schedule{Ahead: 2 * time.Hour, Active: time.Hour} },
		"negative keep":      func(o *Options) { o.Seal.Keep = -1 },
		"negative settle":    func(o *Options) { o.Settle = -1 },
	} {
		o := good()
		spoil(&o)
		if _, err := Open(t.Context(), o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestD3_LostIndexKeyIsNeverReplaced(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*memory){
		"row removed": func(m *memory) {
			m.records = slices.DeleteFunc(m.records, func(r Record) bool { return r.Use == Index })
			m.version++
		},
		"row emptied": func(m *memory) {
			m.change(func(r *Record) bool {
				if r.Use == Index {
					r.Sealed = nil
				}
				return true
			})
		},
	} {
		store, ms, c := &memory{}, newMasters(t, 1), newClock()
		running := openRing(t, store, ms, c)
		before := running.Index("person", "x")
		lose(store)
		if _, err := Open(t.Context(), Options{Store: store, Masters: ms, Clock: c.Now, Random: rand.Reader}); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: %v", name, err)
		}
		if err := running.Refresh(t.Context()); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: a running node: %v", name, err)
		}
		if !bytes.Equal(before, running.Index("person", "x")) {
			t.Errorf("%s: a running node hashes otherwise", name)
		}
	}
	// A date written into its row does not end it.
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	before := openRing(t, store, ms, c).Index("person", "x")
	store.change(func(r *Record) bool { r.ExpiresAt, r.RetireAt = c.Now(), c.Now(); return r.Use == Index })
	c.Add(time.Hour)
	if !bytes.Equal(before, openRing(t, store, ms, c).Index("person", "x")) {
		t.Error("the index key changed")
	}
}

func TestD3_RecordsDoNotOpenUnderAnotherMasterOrWhenTamperedWith(t *testing.T) {
	t.Parallel()
	ms, c := newMasters(t, 1), newClock()
	other := openRing(t, &memory{}, ms, c)
	for name, spoil := range map[string]func(m *memory){
		"bit changed": func(m *memory) {
			m.change(func(r *Record) bool { r.Sealed[20] ^= 1; return r.Use == Seal })
		},
		"sealed part of another row": func(m *memory) {
			i := slices.IndexFunc(m.records, func(r Record) bool { return r.Use == Index })
			sealed := m.records[i].Sealed
			m.change(func(r *Record) bool { r.Sealed = sealed; return r.Use == Seal })
		},
		"another use": func(m *memory) {
			m.change(func(r *Record) bool {
				if r.Use != Seal {
					return false
				}
				r.Use, r.Alg = Index, HS256
				return true
			})
		},
		"another algorithm": func(m *memory) {
			m.change(func(r *Record) bool { r.Alg = RS256; return r.Use == Sign })
		},
		"public part of an attacker": func(m *memory) {
			m.change(func(r *Record) bool {
				if r.Use != Sign {
					return false
				}
				var jwk map[string]string
				if err := json.Unmarshal(other.JWKS()[len(`{"keys":[`):len(other.JWKS())-2], &jwk); err != nil {
					t.Error(err)
				}
				jwk["kid"] = r.ID
				r.Public, _ = json.Marshal(jwk)
				return true
			})
		},
		"unknown algorithm": func(m *memory) {
			m.change(func(r *Record) bool { r.Alg = "none"; return r.Use == Sign })
		},
	} {
		store := &memory{}
		r := openRing(t, store, ms, c)
		jwks := slices.Clone(r.JWKS())
		store.mu.Lock() // the closures below take it again through change
		for i := range store.records {
			store.records[i].Sealed = slices.Clone(store.records[i].Sealed)
		}
		store.mu.Unlock()
		spoil(store)
		if _, err := Open(t.Context(), Options{Store: store, Masters: ms, Clock: c.Now, Random: rand.Reader}); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: a new node: %v", name, err)
		}
		if err := r.Refresh(t.Context()); !errors.Is(err, hub.Internal) {
			t.Errorf("%s: a running node: %v", name, err)
		}
		if !bytes.Equal(jwks, r.JWKS()) {
			t.Errorf("%s: the running node's keys changed", name)
		}
	}
	store := &memory{}
	openRing(t, store, ms, c)
	_, err := Open(t.Context(), Options{Store: store, Masters: newMasters(t, 1), Clock: c.Now, Random: rand.Reader})
	wantKind(t, err, hub.Internal)
	if len(store.records) != 3 {
		t.Error("a node with the wrong master key added keys")
	}
}

func TestRSAKeysAreMadeWhenFirstNeeded(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	a, b := openRing(t, store, ms, c), openRing(t, store, ms, c)
	_, err := a.Signer(RS256)
	wantKind(t, err, hub.NotFound)
	_, err = a.SignJWT(PS256, "JWT", struct{}{})
	wantKind(t, err, hub.NotFound)
	var wg sync.WaitGroup
	for _, r := range []*Ring{a, b, a, b} {
		wg.Go(func() {
			if err := r.Ensure(context.Background(), RS256); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	x, errA := a.Signer(RS256)
	y, errB := b.Signer(RS256)
	if errA != nil || errB != nil || x.KeyID != y.KeyID {
		t.Fatal(x.KeyID, y.KeyID, errA, errB)
	}
	lists := store.lists
	if err := a.Ensure(t.Context(), RS256); err != nil || store.lists != lists {
		t.Error("Ensure asked the database for a key that is there", err)
	}
	wantKind(t, a.Ensure(t.Context(), "HS256"), hub.Invalid)
	wantKind(t, a.Ensure(t.Context(), "none"), hub.Invalid)
}

func TestSignJWTIsWhatTheJWKSVerifies(t *testing.T) {
	t.Parallel()
	r := openRing(t, &memory{}, newMasters(t, 1), newClock())
	for _, alg := range []string{ES256, RS256, PS256} {
		if err := r.Ensure(t.Context(), alg); err != nil {
			t.Fatal(err)
		}
		text, err := r.SignJWT(alg, "at+jwt", map[string]any{"sub": "x"})
		if err != nil {
			t.Fatal(err)
		}
		var set jose.JSONWebKeySet
		if err := json.Unmarshal(r.JWKS(), &set); err != nil {
			t.Fatal(err)
		}
		jws, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
		if err != nil {
			t.Fatal(err)
		}
		head := jws.Signatures[0].Protected
		if head.ExtraHeaders[jose.HeaderType] != "at+jwt" || head.JSONWebKey != nil {
			t.Errorf("header %+v", head)
		}
		found := set.Key(head.KeyID)
		if len(found) != 1 || found[0].Algorithm != alg || found[0].Use != "sig" || !found[0].IsPublic() {
			t.Fatalf("kid %q in JWKS: %+v", head.KeyID, found)
		}
		payload, err := jws.Verify(found[0].Key)
		if err != nil || string(payload) != `{"sub":"x"}` {
			t.Errorf("%s: %s %v", alg, payload, err)
		}
	}
	s, err := r.Signer(ES256)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 { // R or S begins with a zero byte in one of 128
		text, err := r.SignJWT(ES256, "JWT", map[string]any{"sub": "x"})
		if err != nil {
			t.Fatal(err)
		}
		jws, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.ES256})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jws.Verify(s.Key.Public()); err != nil || strings.Count(text, ".") != 2 || len(text[strings.LastIndexByte(text, '.')+1:]) != 86 {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if bytes.Contains(r.JWKS(), []byte(`"d":`)) || bytes.Contains(r.JWKS(), []byte(`"p":`)) {
		t.Error("the JWKS holds private members")
	}
	for name, f := range map[string]func() (string, error){
		"unknown alg":   func() (string, error) { return r.SignJWT("HS256", "JWT", struct{}{}) },
		"alg none":      func() (string, error) { return r.SignJWT("none", "JWT", struct{}{}) },
		"not an object": func() (string, error) { return r.SignJWT(ES256, "JWT", []int{1}) },
		"not JSON":      func() (string, error) { return r.SignJWT(ES256, "JWT", func() {}) },
		"no type":       func() (string, error) { return r.SignJWT(ES256, "", struct{}{}) },
		"type injected": func() (string, error) { return r.SignJWT(ES256, `JWT","alg":"none`, struct{}{}) },
	} {
		if text, err := f(); err == nil {
			t.Errorf("%s: signed %s", name, text)
		}
	}
}

func TestSignDetached(t *testing.T) {
	t.Parallel()
	c := newClock()
	store, ms := &memory{}, newMasters(t, 1)
	r := openRing(t, store, ms, c)
	payload := []byte("tree head")
	sig, err := r.SignDetached(ES256, "head", payload)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.CheckDetached("head", payload, sig); err != nil {
		t.Fatal(err)
	}
	wantKind(t, r.CheckDetached("head", []byte("tree heaD"), sig), hub.Invalid)
	wantKind(t, r.CheckDetached("other", payload, sig), hub.Invalid)
	wantKind(t, r.CheckDetached("head", payload, sig[:len(sig)-4]+"AAAA"), hub.Invalid)
	wantKind(t, r.CheckDetached("head", payload, ""), hub.Invalid)
	wantKind(t, openRing(t, &memory{}, ms, c).CheckDetached("head", payload, sig), hub.NotFound)
}

func TestPRV01_IndexSeparatesPurposesAndParts(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	seen := map[string]string{}
	for name, v := range map[string][]byte{
		"person ab c":   r.Index("person", "ab", "c"),
		"person a bc":   r.Index("person", "a", "bc"),
		"person abc":    r.Index("person", "abc"),
		"person abc ''": r.Index("person", "abc", ""),
		"person":        r.Index("person"),
		"subject abc":   r.Index("subject", "abc"),
		"other hub":     openRing(t, &memory{}, ms, c).Index("person", "abc"),
	} {
		if len(v) != 32 {
			t.Errorf("%s: %d bytes", name, len(v))
		}
		if other, twice := seen[string(v)]; twice {
			t.Errorf("%s and %s are the same", name, other)
		}
		seen[string(v)] = name
	}
	if !bytes.Equal(r.Index("person", "1345951597671"), openRing(t, store, ms, c).Index("person", "1345951597671")) {
		t.Error("not the same on another node")
	}
}

func TestReadersNeverWaitForAChange(t *testing.T) {
	t.Parallel()
	store, c := &memory{}, newClock()
	r := openRing(t, store, newMasters(t, 1), c)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				s, err := r.Signer(ES256)
				if err != nil {
					t.Error(err)
					return
				}
				if _, ok := s.Key.(*ecdsa.PrivateKey); !ok || len(r.JWKS()) == 0 || len(r.Index("x")) != 32 {
					t.Error("half a snapshot")
					return
				}
				if _, _, err := r.SealingKey(); err != nil {
					t.Error(err)
					return
				}
				if now := r.current(); now.opening[now.sealing.rec.ID] == nil {
					t.Error("half a snapshot: seals with what does not open")
					return
				}
			}
		})
	}
	for range 200 {
		c.Add(24 * time.Hour)
		if err := r.Maintain(t.Context()); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
	// The lock of changes is not a lock of readers.
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, err := r.Signer(ES256); err != nil {
		t.Error(err)
	}
}

func TestRefreshLoadsOnlyWhatIsNewAndKeepsServingWithoutDatabase(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	a, b := openRing(t, store, ms, c), openRing(t, store, ms, c)
	lists := store.lists
	for range 10 {
		if err := b.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if store.lists != lists {
		t.Error("an unchanged list was read again")
	}
	if _, err := a.Rotate(t.Context(), Sign, ES256); err != nil {
		t.Fatal(err)
	}
	if err := b.Refresh(t.Context()); err != nil || len(b.VerificationKeys()) != 2 {
		t.Fatal(len(b.VerificationKeys()), err)
	}
	old, _ := b.Signer(ES256)
	store.down = true
	wantKind(t, b.Refresh(t.Context()), hub.Unavailable)
	c.Add(DefaultSignAhead)
	if s, err := b.Signer(ES256); err != nil || s.KeyID == old.KeyID {
		t.Error("a key's time came while the database was away, and it is not in use", err)
	}
}

func TestVerifyJWT_OnlyOursAndOnlyOfItsType(t *testing.T) {
	t.Parallel()
	c := newClock()
	store, ms := &memory{}, newMasters(t, 1)
	r := openRing(t, store, ms, c)
	raw, err := r.SignJWT(ES256, "at+jwt", map[string]any{"jti": "1"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.VerifyJWT("at+jwt", raw); err != nil || string(got) != `{"jti":"1"}` {
		t.Fatalf("%s, %v", got, err)
	}
	for name, text := range map[string]string{
		"another signature": raw[:len(raw)-4] + "AAAA", "cut": raw[:len(raw)-1], "nothing": "", "no JWS": "a.b.c", "too long": raw + strings.Repeat("a", 16<<10),
	} {
		_, err := r.VerifyJWT("at+jwt", text)
		if err == nil {
			t.Errorf("%s: taken", name)
		}
		wantKind(t, err, hub.Invalid)
	}
	_, err = r.VerifyJWT("JWT", raw)
	wantKind(t, err, hub.Invalid)
	_, err = r.VerifyJWT("", raw)
	wantKind(t, err, hub.Invalid)
	_, err = openRing(t, &memory{}, ms, c).VerifyJWT("at+jwt", raw)
	wantKind(t, err, hub.NotFound)
}
