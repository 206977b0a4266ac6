package keys

import (
	"bytes"
	"context"
	"crypto"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"onedoor/hub"
)

// Schedule tells how the keys of one use follow each other. A successor is made Ahead before its time, is in use for Active,
// and its predecessor is kept for Keep after it was last used.
type Schedule struct {
	Ahead  time.Duration
	Active time.Duration
	Keep   time.Duration
}

// Defaults.
//
// Signing keys: relying parties keep the JWKS for hours, so a key is published a day before it signs; an ID token comes back as
// id_token_hint as long as a session can live (30 days, SES-07), so a key verifies a day longer than that.
//
// Sealing keys: only the nodes must know them, and they look every second; access tokens live for minutes, a day is the most a
// system may be given. Their active time also bounds the number of random nonces, see [Ring.SealingKey].
//
// Keys for SAML: many peers read metadata once, and a new key means a letter to each of their administrators. So a key is in use for
// three years, its successor stands in the metadata beside it for three months before, and it still opens what is encrypted for it half a
// year after.
const (
	DefaultSignAhead  = 24 * time.Hour
	DefaultSignActive = 90 * 24 * time.Hour
	DefaultSignKeep   = 31 * 24 * time.Hour
	DefaultSealAhead  = time.Hour
	DefaultSealActive = 24 * time.Hour
	DefaultSealKeep   = 25 * time.Hour
	DefaultSAMLAhead  = 90 * 24 * time.Hour
	DefaultSAMLActive = 3 * 365 * 24 * time.Hour
	DefaultSAMLKeep   = 180 * 24 * time.Hour
	DefaultSettle     = 5 * time.Second
	// DefaultRSABits is 2048: 112 bits of security, enough for signatures that matter for weeks (NIST SP 800-57 part 1, table 4, to
	// 2030). 3072 bits cost three times as much for every signature and to make; Options.RSABits chooses them.
	DefaultRSABits = 2048
)

// Options of a Ring. Store, Masters, Clock and Random are required; what is zero in the others takes its default.
type Options struct {
	Store   Store
	Masters Masters
	Clock   hub.Clock
	Random  io.Reader
	Sign    Schedule
	Seal    Schedule
	SAML    Schedule
	Settle  time.Duration // after which every node has seen a change of keys; longer than the interval of Refresh
	RSABits int           // 2048, 3072 or 4096
}

// Ring holds the keys of this node, opened. Reads take no lock and ask no database: they look at a snapshot that Refresh
// replaces. It is safe for concurrent use and prints as "[redacted]".
type Ring struct {
	store   Store
	masters Masters
	clock   hub.Clock
	random  io.Reader
	sign    Schedule
	seal    Schedule
	saml    Schedule
	settle  time.Duration
	rsaBits int

	snap atomic.Pointer[snapshot]
	mu   sync.Mutex // one load or change at a time in this process

	indexers     sync.Map // purpose -> *sync.Pool of *indexer
	certificates sync.Map // key id -> *x509.Certificate
}

// Open loads the keys and makes those that every hub needs and that are not there: an index key, a sealing key and an ES256 key.
// Nodes that start together agree: each key is added only while the list is as the node has seen it. Invalid for faulty
// options; Unavailable; Internal where a key does not open under the masters at hand, or where other keys are there but the
// index key is not: a new one would cut every account off from its person.
func Open(ctx context.Context, o Options) (*Ring, error) {
	const op = "keys.Open"
	if o.Store == nil || len(o.Masters) == 0 || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf(op, hub.Invalid, "store, masters, clock and randomness are required")
	}
	r := &Ring{
		store: o.Store, masters: o.Masters, clock: o.Clock, random: o.Random,
		sign:    o.Sign.orElse(Schedule{DefaultSignAhead, DefaultSignActive, DefaultSignKeep}),
		seal:    o.Seal.orElse(Schedule{DefaultSealAhead, DefaultSealActive, DefaultSealKeep}),
		saml:    o.SAML.orElse(Schedule{DefaultSAMLAhead, DefaultSAMLActive, DefaultSAMLKeep}),
		settle:  o.Settle,
		rsaBits: o.RSABits,
	}
	if r.settle == 0 {
		r.settle = DefaultSettle
	}
	if r.rsaBits == 0 {
		r.rsaBits = DefaultRSABits
	}
	if r.rsaBits != 2048 && r.rsaBits != 3072 && r.rsaBits != 4096 {
		return nil, hub.Errorf(op, hub.Invalid, "RSA keys have 2048, 3072 or 4096 bits")
	}
	if r.settle < 0 || !r.sign.valid() || !r.seal.valid() || !r.saml.valid() {
		return nil, hub.Errorf(op, hub.Invalid, "a schedule needs positive times, and less ahead than active")
	}
	if err := r.change(ctx, op, r.missing); err != nil {
		return nil, err
	}
	return r, nil
}

func (s Schedule) orElse(d Schedule) Schedule {
	if s.Ahead == 0 {
		s.Ahead = d.Ahead
	}
	if s.Active == 0 {
		s.Active = d.Active
	}
	if s.Keep == 0 {
		s.Keep = d.Keep
	}
	return s
}

func (s Schedule) valid() bool { return s.Ahead > 0 && s.Keep > 0 && s.Ahead < s.Active }

// now gives the time as the store keeps it: whole microseconds.
func (r *Ring) now() time.Time { return r.clock().UTC().Truncate(time.Microsecond) }

// current gives the snapshot for now. Where a key's time has come since it was made, it is worked out anew, without SQL.
func (r *Ring) current() *snapshot {
	s := r.snap.Load()
	now := r.now()
	if now.Before(s.until) {
		return s
	}
	next, err := build(s.entries, s.version, now)
	if err != nil {
		return s // the JWKS could not be rendered: impossible for keys that were rendered before
	}
	r.snap.CompareAndSwap(s, next) // who was faster has made the same, or loaded a newer list
	return next
}

// Refresh takes over what other nodes have changed. It asks for the version only, and loads where that is new. Call it about
// every second. Unavailable, Internal: then the keys known so far stay.
func (r *Ring) Refresh(ctx context.Context) error {
	version, err := r.store.Version(ctx)
	if err != nil {
		return hub.E("keys.Refresh", hub.Unavailable, err)
	}
	if version == r.snap.Load().version {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.load(ctx)
}

// load reads all keys and swaps the snapshot. The lock is held.
func (r *Ring) load(ctx context.Context) error {
	const op = "keys.load"
	records, version, err := r.store.List(ctx)
	if err != nil {
		return hub.E(op, hub.Unavailable, err)
	}
	known := map[string]*entry{}
	old := r.snap.Load()
	if old != nil {
		for _, e := range old.entries {
			known[e.rec.ID] = e
		}
	}
	now := r.now()
	entries := make([]*entry, 0, len(records))
	for _, rec := range records {
		if gone(rec, now) {
			entries = append(entries, &entry{rec: rec})
			continue
		}
		e, err := r.reuse(known[rec.ID], rec)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	next, err := build(entries, version, now)
	if err != nil {
		return err
	}
	if old != nil && old.prk != nil && !bytes.Equal(old.prk, next.prk) {
		return hub.Errorf(op, hub.Internal, "the index key is gone or another one: restore it from a backup")
	}
	r.snap.Store(next)
	return nil
}

// reuse opens the record, or takes the opened key over where only the times differ. The count of seals goes on in any case.
func (r *Ring) reuse(old *entry, rec Record) (*entry, error) {
	if old != nil && bytes.Equal(old.rec.Sealed, rec.Sealed) && bytes.Equal(old.rec.Public, rec.Public) &&
		old.rec.Use == rec.Use && old.rec.Alg == rec.Alg {
		e := *old
		e.rec = rec
		return &e, nil
	}
	e, err := open(r.masters, rec)
	if err != nil {
		return nil, err
	}
	if old != nil && old.seals != nil && e.seals != nil {
		e.seals = old.seals
	}
	return e, nil
}

// Signer is a key that signs. It prints and logs as its id.
type Signer struct {
	KeyID string
	Alg   string
	Key   crypto.Signer // *ecdsa.PrivateKey or *rsa.PrivateKey
}

// Format shows the id only, whatever the verb.
func (s Signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "signer "+s.KeyID) }

// LogValue shows the id only.
func (s Signer) LogValue() slog.Value { return slog.StringValue(s.KeyID) }

// MarshalJSON refuses: a private key goes nowhere by accident.
func (s Signer) MarshalJSON() ([]byte, error) {
	return nil, hub.Errorf("keys.Signer", hub.Internal, "a private key is not for JSON")
}

// VerificationKey is the public part of a signing key of ours.
type VerificationKey struct {
	KeyID string
	Alg   string
	Key   crypto.PublicKey
}

// Signer gives the key in use for the algorithm. NotFound where there is none: [Ring.Ensure] makes it.
func (r *Ring) Signer(alg string) (Signer, error) {
	e := r.current().active[alg]
	if e == nil {
		return Signer{}, hub.Errorf("keys.Signer", hub.NotFound, "no key for this algorithm")
	}
	return Signer{KeyID: e.rec.ID, Alg: alg, Key: e.signer}, nil
}

// VerificationKeys gives the public parts of all signing keys that are not gone, those to come included. Do not change the slice.
func (r *Ring) VerificationKeys() []VerificationKey { return r.current().verify }

// JWKS gives the same keys as a JWK Set (RFC 7517 section 5). It is rendered once per change; do not change the bytes.
func (r *Ring) JWKS() []byte { return r.current().jwks }

const (
	// sealsSoft makes Maintain bring the next sealing key forward. Random nonces of 96 bits are safe for 2^32 seals under one key
	// over all nodes (NIST SP 800-38D section 8.3: collision below 2^-32); each node sees only its own, so 2^27 leaves room for
	// 32 nodes at full load. At the mean load of scale.md (4 million logins a day) a key of one day sees some 2^24.
	sealsSoft = 1 << 27
	// sealsHard stops a node whose Maintain does not run: no token is better than a nonce used twice.
	sealsHard = 1 << 31
)

// SealingKey gives the AES-256-GCM key in use, and counts one seal with a random nonce. Unavailable where there is none, or
// where this node has sealed 2^31 times with it and nobody has called Maintain.
func (r *Ring) SealingKey() (id string, key cipher.AEAD, err error) {
	e := r.current().sealing
	if e == nil {
		return "", nil, hub.Errorf("keys.SealingKey", hub.Unavailable, "no sealing key")
	}
	if e.seals.Add(1) > sealsHard {
		return "", nil, hub.Errorf("keys.SealingKey", hub.Unavailable, "the sealing key is worn out")
	}
	return e.rec.ID, e.aead, nil
}

// OpeningKey gives a sealing key by its id: one in use, to come, or retired but not gone. NotFound.
func (r *Ring) OpeningKey(id string) (cipher.AEAD, error) {
	e := r.current().opening[id]
	if e == nil {
		return nil, hub.Errorf("keys.OpeningKey", hub.NotFound, "no such sealing key")
	}
	return e.aead, nil
}

// Index gives the keyed hash of the parts for the purpose: 32 bytes, HMAC-SHA-256 under a key derived for the purpose
// (HKDF-Expand, RFC 5869), each part with its length in front, so that ("ab","c") and ("a","bc") differ.
//
// It is on the hot path of validation: the key for a purpose is derived once, for it never changes while the process runs.
func (r *Ring) Index(purpose string, parts ...string) []byte {
	pool := r.indexer(purpose)
	x := pool.Get().(*indexer)
	defer pool.Put(x)
	x.mac.Reset()
	for _, p := range parts {
		x.write(p)
	}
	return x.sum(nil)
}

// AppendPair appends Index(purpose, first, second), and allocates nothing where there is room.
func (r *Ring) AppendPair(to []byte, purpose, first, second string) []byte {
	pool := r.indexer(purpose)
	x := pool.Get().(*indexer)
	defer pool.Put(x)
	x.mac.Reset()
	x.write(first)
	x.write(second)
	return x.sum(to)
}

func (r *Ring) indexer(purpose string) *sync.Pool {
	known, ok := r.indexers.Load(purpose)
	if !ok {
		known, _ = r.indexers.LoadOrStore(purpose, newIndexer(r.current().prk, purpose))
	}
	return known.(*sync.Pool)
}

// indexer makes keyed hashes for one purpose.
type indexer struct {
	mac  hash.Hash
	text []byte
}

func (x *indexer) write(part string) {
	x.text = append(binary.BigEndian.AppendUint64(x.text[:0], uint64(len(part))), part...)
	x.mac.Write(x.text)
}

func (x *indexer) sum(to []byte) []byte {
	clear(x.text[:cap(x.text)]) // what is hashed may be a person's number
	return x.mac.Sum(to)
}

func newIndexer(prk []byte, purpose string) *sync.Pool {
	key, err := hkdf.Expand(sha256.New, prk, "onedoor/index/"+purpose, sha256.Size)
	if err != nil {
		panic("keys: HKDF of 32 bytes failed: " + err.Error()) // it fails above 8160 bytes only
	}
	return &sync.Pool{New: func() any { return &indexer{mac: hmac.New(sha256.New, key)} }}
}

// List tells of all keys, oldest first.
func (r *Ring) List(ctx context.Context) ([]Info, error) {
	if err := r.Refresh(ctx); err != nil {
		return nil, err
	}
	s, now := r.current(), r.now()
	list := make([]Info, 0, len(s.entries))
	for _, e := range s.entries {
		list = append(list, describe(s, e, now))
	}
	return list, nil
}

// Format hides the ring from every verb of fmt.
func (r *Ring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides the ring.
func (r *Ring) LogValue() slog.Value { return slog.StringValue(redacted) }
