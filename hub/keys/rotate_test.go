package keys

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/hub"
)

type made struct {
	text    string
	sealKey string
	sealed  []byte
	nonce   []byte
	expires time.Time
}

// A year of two nodes and a relying party that keeps the JWKS for twelve hours: nothing made before a rotation fails before it
// expires, and the relying party always knows the key of a new token.
func TestRotationOverlap(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	maker, reader := openRing(t, store, ms, c), openRing(t, store, ms, c)
	var cached jose.JSONWebKeySet
	var alive []made
	signers, sealers := map[string]bool{}, map[string]bool{}
	const step = 6 * time.Hour
	for hour := time.Duration(0); hour < 365*24*time.Hour; hour += step {
		if err := maker.Maintain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := reader.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if hour%(12*time.Hour) == 0 {
			cached = jose.JSONWebKeySet{}
			if err := json.Unmarshal(reader.JWKS(), &cached); err != nil {
				t.Fatal(err)
			}
		}
		text, err := maker.SignJWT(ES256, "JWT", map[string]string{"at": c.Now().String()})
		if err != nil {
			t.Fatal(err)
		}
		id, aead, err := maker.SealingKey()
		if err != nil {
			t.Fatal(err)
		}
		nonce := make([]byte, 12)
		if _, err := rand.Read(nonce); err != nil {
			t.Fatal(err)
		}
		alive = append(alive, made{
			text: text, sealKey: id, nonce: nonce, sealed: aead.Seal(nil, nonce, []byte("x"), nil), expires: c.Now().Add(24 * time.Hour),
		})
		if !verifiesWith(t, cached, text) {
			t.Fatalf("after %v: a relying party with a JWKS of at most 12 h does not know the key of a new token", hour)
		}
		s, _ := maker.Signer(ES256)
		signers[s.KeyID], sealers[id] = true, true
		var now jose.JSONWebKeySet
		if err := json.Unmarshal(reader.JWKS(), &now); err != nil {
			t.Fatal(err)
		}
		kept := alive[:0]
		for _, m := range alive {
			if !c.Now().Before(m.expires) {
				continue
			}
			kept = append(kept, m)
			if !verifiesWith(t, now, m.text) {
				t.Fatalf("after %v: a live JWS does not verify any more", hour)
			}
			key, err := reader.OpeningKey(m.sealKey)
			if err != nil {
				t.Fatalf("after %v: a live token does not open any more: %v", hour, err)
			}
			if _, err := key.Open(nil, m.nonce, m.sealed, nil); err != nil {
				t.Fatal(err)
			}
		}
		alive = kept
		c.Add(step)
	}
	if len(signers) != 5 {
		t.Errorf("%d signing keys in a year of 90-day keys, want 5", len(signers))
	}
	if len(sealers) < 360 || len(sealers) > 366 {
		t.Errorf("%d sealing keys in a year of one-day keys", len(sealers))
	}
	shredded, whole := 0, 0
	for _, r := range store.records {
		if len(r.Sealed) == 0 {
			shredded++
		} else {
			whole++
		}
	}
	if whole > 8 || shredded < 350 {
		t.Errorf("%d keys whole, %d shredded: what is gone must be shredded", whole, shredded)
	}
}

func verifiesWith(t *testing.T, set jose.JSONWebKeySet, text string) bool {
	t.Helper()
	jws, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range set.Key(jws.Signatures[0].Protected.KeyID) {
		if _, err := jws.Verify(k.Key); err == nil {
			return true
		}
	}
	return false
}

func TestRotateAtTheEdges(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	old := active(t, r, Sign, ES256)
	next, err := r.Rotate(t.Context(), Sign, ES256)
	if err != nil || next.State != Pending || !next.ActiveFrom.Equal(c.Now().Add(DefaultSignAhead)) {
		t.Fatal(next, err)
	}
	again, err := r.Rotate(t.Context(), Sign, ES256)
	if err != nil || again.ID != next.ID {
		t.Fatal("a second successor was made", again, err)
	}
	if len(r.VerificationKeys()) != 2 {
		t.Error("the successor is not published before its time")
	}
	c.Add(DefaultSignAhead - time.Microsecond)
	if active(t, r, Sign, ES256).ID != old.ID {
		t.Error("the successor is in use before its time")
	}
	c.Add(time.Microsecond)
	if active(t, r, Sign, ES256).ID != next.ID {
		t.Error("the successor is not in use at its time")
	}
	if err := r.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Add(DefaultSignKeep - time.Microsecond)
	if len(r.VerificationKeys()) != 2 {
		t.Error("the predecessor is gone too early")
	}
	c.Add(time.Microsecond)
	if len(r.VerificationKeys()) != 1 {
		t.Error("the predecessor is not gone")
	}
	_, err = r.Rotate(t.Context(), Index, HS256)
	wantKind(t, err, hub.Conflict)
	_, err = r.Rotate(t.Context(), Sign, RS256)
	wantKind(t, err, hub.NotFound)
	_, err = r.Rotate(t.Context(), Sign, "none")
	wantKind(t, err, hub.Invalid)
}

func TestRetireAndRevoke(t *testing.T) {
	t.Parallel()
	for name, revoke := range map[string]bool{"retire": false, "revoke": true} {
		store, ms, c := &memory{}, newMasters(t, 1), newClock()
		r, other := openRing(t, store, ms, c), openRing(t, store, ms, c)
		old := active(t, r, Sign, ES256)
		end := r.Retire
		if revoke {
			end = r.Revoke
		}
		if err := end(t.Context(), old.ID); err != nil {
			t.Fatal(err)
		}
		n := len(store.records)
		if err := end(t.Context(), old.ID); err != nil || len(store.records) != n {
			t.Errorf("%s: a second time: %v", name, err)
		}
		if s, _ := other.Signer(ES256); s.KeyID != old.ID {
			t.Errorf("%s: takes effect before every node knows the successor", name)
		}
		if err := other.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		c.Add(DefaultSettle)
		for _, node := range []*Ring{r, other} {
			s, err := node.Signer(ES256)
			if err != nil || s.KeyID == old.ID {
				t.Errorf("%s: still signs", name)
			}
			if still := len(node.VerificationKeys()) == 2; still == revoke {
				t.Errorf("%s: still verifies: %v", name, still)
			}
		}
		c.Add(DefaultSignKeep)
		if len(r.VerificationKeys()) != 1 {
			t.Errorf("%s: never goes", name)
		}
		wantKind(t, r.Retire(t.Context(), old.ID), hub.NotFound)
		wantKind(t, r.Retire(t.Context(), "nobody"), hub.NotFound)
		list, _ := r.List(t.Context())
		wantKind(t, r.Revoke(t.Context(), list[0].ID), hub.Conflict) // the index key
	}
}

func TestRevokedKeyStaysRevokedWhenAnotherNodeActsOnAnOldList(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r, slow := openRing(t, store, ms, c), openRing(t, store, ms, c)
	old := active(t, r, Seal, A256GCM)
	if _, err := r.Rotate(t.Context(), Seal, A256GCM); err != nil {
		t.Fatal(err)
	}
	if err := slow.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Add(DefaultSealAhead) // now Maintain has something to write about the old key
	if err := r.Revoke(t.Context(), old.ID); err != nil {
		t.Fatal(err)
	}
	if err := slow.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Add(DefaultSettle)
	if _, err := slow.OpeningKey(old.ID); err == nil {
		t.Error("the revoked key opens on the slow node")
	}
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.OpeningKey(old.ID); err == nil {
		t.Error("the slow node brought the revoked key back")
	}
}

func TestRetireBringsTheWaitingKeyForward(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	next, err := r.Rotate(t.Context(), Sign, ES256)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Retire(t.Context(), active(t, r, Sign, ES256).ID); err != nil {
		t.Fatal(err)
	}
	c.Add(DefaultSettle)
	if got := active(t, r, Sign, ES256).ID; got != next.ID || len(store.records) != 4 {
		t.Error("a third key was made instead", got, len(store.records))
	}
}

func TestRevokingTheWaitingKeyLeavesNoGap(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	old := active(t, r, Sign, ES256)
	next, err := r.Rotate(t.Context(), Sign, ES256)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Revoke(t.Context(), next.ID); err != nil {
		t.Fatal(err)
	}
	for range 48 {
		c.Add(time.Hour)
		if err := r.Maintain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s, err := r.Signer(ES256); err != nil || s.KeyID != old.ID {
			t.Fatal(s.KeyID, err)
		}
	}
}

func TestRewrapChangesTheMaster(t *testing.T) {
	t.Parallel()
	store, c := &memory{}, newClock()
	ms := newMasters(t, 2)
	before := openRing(t, store, ms[1:], c)
	old, _ := before.Signer(ES256)
	index := before.Index("person", "x")
	both := openRing(t, store, ms, c)
	if n, err := both.Rewrap(t.Context()); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	if n, err := both.Rewrap(t.Context()); err != nil || n != 0 {
		t.Fatal("again:", n, err)
	}
	after := openRing(t, store, ms[:1], c)
	if s, _ := after.Signer(ES256); s.KeyID != old.KeyID || string(after.Index("person", "x")) != string(index) {
		t.Error("other keys than before")
	}
	_, err := Open(t.Context(), Options{Store: store, Masters: ms[1:], Clock: c.Now, Random: rand.Reader})
	wantKind(t, err, hub.Internal)
}

func TestMaintainBringsAWornSealingKeyToItsEnd(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	old := active(t, r, Seal, A256GCM)
	lists := store.lists
	if err := r.Maintain(t.Context()); err != nil || store.lists != lists {
		t.Fatal("Maintain asks the database when nothing is due", err)
	}
	r.current().sealing.seals.Store(sealsSoft)
	if _, err := r.Rewrap(t.Context()); err != nil { // a reload keeps the count
		t.Fatal(err)
	}
	if err := r.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.Add(DefaultSettle)
	if active(t, r, Seal, A256GCM).ID == old.ID {
		t.Error("the worn key is still in use")
	}
	r.current().sealing.seals.Store(sealsHard)
	_, _, err := r.SealingKey()
	wantKind(t, err, hub.Unavailable)
}

func TestNodeThatSleptFindsItsWay(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	old := active(t, r, Sign, ES256)
	c.Add(400 * 24 * time.Hour)
	r = openRing(t, store, ms, c)
	if err := r.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if active(t, r, Sign, ES256).ID != old.ID {
		t.Error("a key nobody has seen yet signs at once")
	}
	c.Add(DefaultSignAhead)
	if active(t, r, Sign, ES256).ID == old.ID {
		t.Error("the old key goes on for ever")
	}
}

func TestNodeWithASlowClockUsesTheKeyOfTheFastOne(t *testing.T) {
	t.Parallel()
	store, ms, fast := &memory{}, newMasters(t, 1), newClock()
	openRing(t, store, ms, fast)
	slow := newClock()
	slow.Add(-3 * time.Second)
	r := openRing(t, store, ms, slow)
	if _, err := r.Signer(ES256); err != nil {
		t.Error(err)
	}
	if _, _, err := r.SealingKey(); err != nil || len(store.records) != 3 {
		t.Error("the slow node made keys of its own", len(store.records), err)
	}
}

func BenchmarkIndex(b *testing.B) {
	r := openRing(b, &memory{}, newMasters(b, 1), newClock())
	for b.Loop() {
		r.Index("pairwise", "abcdefghijklmnopqrstuvwxyz", "revenue.example")
	}
}

func BenchmarkSignJWT(b *testing.B) {
	r := openRing(b, &memory{}, newMasters(b, 1), newClock())
	claims := map[string]any{"iss": "https://login.example", "sub": "x", "exp": 1}
	for b.Loop() {
		if _, err := r.SignJWT(ES256, "JWT", claims); err != nil {
			b.Fatal(err)
		}
	}
}

// Who lists, rotates and retires keys sees ids and times, and nothing that opens anything.
func TestOPS03_ListTellsNothingPrivate(t *testing.T) {
	t.Parallel()
	store, ms, c := &memory{}, newMasters(t, 1), newClock()
	r := openRing(t, store, ms, c)
	if _, err := r.Rotate(t.Context(), Sign, ES256); err != nil {
		t.Fatal(err)
	}
	list, err := r.List(t.Context())
	if err != nil || len(list) != 4 {
		t.Fatal(len(list), err)
	}
	told, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	for i, rec := range store.records {
		private, err := ms.unwrap(rec)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{private, rec.Sealed} {
			if bytes.Contains(told, b) || bytes.Contains(told, []byte(base64.StdEncoding.EncodeToString(b))) {
				t.Errorf("key %d: the list tells its private part", i)
			}
		}
	}
	want := []State{Active, Active, Active, Pending}
	for i, info := range list {
		if info.State != want[i] || info.Master != ms[0].ID() {
			t.Errorf("%+v, want %s", info, want[i])
		}
	}
}
