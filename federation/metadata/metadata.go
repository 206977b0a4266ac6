// Package metadata keeps what SAML peers publish about themselves: fetched over HTTPS, read from a file or handed in, believed only
// with the signature of a pinned key where it came from outside, refreshed in the background, and kept while its source is away.
// Identity providers (federation/samlsp) and departments' service providers (hub/samlidp, by way of the application) use it alike.
//
// It does not own the XML (hub/samlmsg) or who is to be trusted: that is in the trust record or the register.
//
// # Laws
//
//   - Nothing counts past its validUntil, whatever else is known.
//   - A document that does not verify, is malformed or lacks an end never takes the place of a good one.
//   - cacheDuration and validUntil say when to ask again; the source is never asked more often than once a minute, and while what is
//     known still counts nobody waits for it.
//   - The last good document of an address outlives the process (Options.Copies). It is verified anew, and nothing of it counts past its end.
//   - A peer that changes its key without telling in time costs one more fetch ([Cache.Renew]), not the login.
//
// Sources: SAML Metadata 2.0 (saml-metadata-2.0-os) sections 2.2 to 2.4 and 4; SAML V2.0 Metadata Interoperability Profile 1.0
// for keys without chains.
package metadata

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"onedoor/hub"
	"onedoor/hub/samlmsg"
)

// Cause is the fine reason of a failure, from a closed list; what is wrong with the document itself is a samlmsg.Cause.
type Cause string

// The causes.
const (
	SourceUnclear Cause = "metadata_source_unclear" // ours: not exactly one place, or one that may not be
	Unpinned      Cause = "metadata_unpinned"       // ours: an address without a pinned key
	Unreachable   Cause = "metadata_unreachable"
	TooBig        Cause = "metadata_too_big"
	StatusOdd     Cause = "metadata_status"
	EntityAbsent  Cause = "metadata_entity_absent"
)

// Error makes a Cause the innermost error of a chain.
func (c Cause) Error() string { return string(c) }

// Reason gives the machine word.
func (c Cause) Reason() string { return string(c) }

// Source is one document: where it is and who must have signed it. Exactly one of URL, File and Inline is set.
type Source struct {
	URL    string // https, or http to this machine itself; the caller has judged the address
	File   string // put there by an administrator
	Inline []byte // from the register
	// Pins carry the keys of which one must have signed the document: required for a URL. A file or an inline document without
	// them is believed because of who put it there.
	Pins []*x509.Certificate
}

// id tells sources apart by everything that matters.
func (s Source) id() [32]byte {
	h := sha256.New()
	part := func(b []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	part([]byte(s.URL))
	part([]byte(s.File))
	part(s.Inline)
	for _, c := range s.Pins {
		part(c.Raw)
	}
	var id [32]byte
	h.Sum(id[:0])
	return id
}

// Options of a Cache. The first three are required.
type Options struct {
	HTTP  *http.Client // its transport decides about proxies, TLS roots and forbidden addresses; nobody is followed
	Clock hub.Clock
	Log   *slog.Logger
	// ReadFile reads a file; default os.ReadFile.
	ReadFile func(name string) ([]byte, error)
	// Timeout bounds one fetch; default 20 s: aggregates are big.
	Timeout time.Duration
	// MaxValidity is how far in the future the end of a fetched document may lie; default 60 days.
	MaxValidity time.Duration
	// Copies outlive the process: what was last fetched from an address is there when the next one starts and the address does not
	// answer. Nil: there are none.
	Copies Copies
	// MaxAge is how long a document without cacheDuration goes without being asked for again; default 6 hours. Files are looked at
	// once a minute.
	MaxAge time.Duration
}

// Copies keeps the last good document of an address. What it gives is believed no more than what an address gives: it is verified again,
// and must not be past its end.
type Copies interface {
	// Keep replaces the copy.
	Keep(ctx context.Context, location string, document []byte, at time.Time) error
	// Copy gives it. NotFound.
	Copy(ctx context.Context, location string) ([]byte, error)
}

// The times that are not options.
const (
	skew        = time.Minute     // of clocks
	least       = time.Minute     // between two fetches of a document that is known
	retry       = 3 * time.Second // between two attempts while nothing is known
	renewAfter  = 5 * time.Second // between a fetch and one because a signature did not fit
	renewEvery  = time.Minute     // between two fetches because a signature did not fit: anybody can send such a one
	forgetAfter = 24 * time.Hour  // since somebody last asked
)

// Cache keeps documents. It is safe for concurrent use.
type Cache struct {
	o      Options
	client *http.Client

	mu   sync.Mutex
	docs map[[32]byte]*document
}

// New gives an empty cache. Internal where an option is missing.
func New(o Options) (*Cache, error) {
	if o.HTTP == nil || o.Clock == nil || o.Log == nil || o.Timeout < 0 || o.MaxValidity < 0 || o.MaxAge < 0 {
		return nil, hub.Errorf("metadata.New", hub.Internal, "an option is missing")
	}
	if o.ReadFile == nil {
		o.ReadFile = os.ReadFile
	}
	o.Timeout = cmp.Or(o.Timeout, 20*time.Second)
	o.MaxValidity = cmp.Or(o.MaxValidity, 60*24*time.Hour)
	o.MaxAge = cmp.Or(o.MaxAge, 6*time.Hour)
	client := *o.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Jar = nil
	return &Cache{o: o, client: &client, docs: make(map[[32]byte]*document)}, nil
}

// document is what is known of one source.
type document struct {
	source Source
	now    atomic.Pointer[known]
	asked  atomic.Int64  // when somebody last asked, microseconds since 1970 UTC
	turn   chan struct{} // holds one: who fetches

	// Guarded by turn.
	tried   time.Time
	renewed time.Time // when it was last fetched because of a signature
	failure error
}

// known is a document that was believed.
type known struct {
	byID  map[string]samlmsg.EntityDescriptor
	until time.Time // when it ceases to count; zero for never
	due   time.Time // when to ask again
	at    time.Time
	etag  string
	stamp string   // Last-Modified
	hash  [32]byte // of the bytes
	raw   []byte   // just fetched, until a copy is kept
}

func (k *known) counts(now time.Time) bool {
	return k != nil && (k.until.IsZero() || now.Before(k.until))
}

// Entity gives what the source says about an entity, fetched at the first need. While what is known counts, it is given at once;
// bringing it up to date is Refresh's work. Unavailable where nothing that counts is known and the source does not answer; NotFound
// where the document does not name the entity; Refused, Expired, Invalid, TooMany for a document that can't be believed.
func (c *Cache) Entity(ctx context.Context, s Source, id string) (samlmsg.EntityDescriptor, error) {
	const op = "metadata.Entity"
	d, err := c.document(s)
	if err != nil {
		return samlmsg.EntityDescriptor{}, err
	}
	k := d.now.Load()
	if !k.counts(c.o.Clock()) {
		if k, err = c.wait(ctx, d); err != nil {
			return samlmsg.EntityDescriptor{}, err
		}
	}
	return k.entity(op, id, c.o.Clock())
}

// Have gives what is known of an entity and counts, from memory: it asks nobody. False where that is nothing.
func (c *Cache) Have(s Source, id string) (samlmsg.EntityDescriptor, bool) {
	key := s.id()
	c.mu.Lock()
	d := c.docs[key]
	c.mu.Unlock()
	if d == nil {
		return samlmsg.EntityDescriptor{}, false
	}
	now := c.o.Clock()
	k := d.now.Load()
	if !k.counts(now) {
		return samlmsg.EntityDescriptor{}, false
	}
	e, err := k.entity("metadata.Have", id, now)
	return e, err == nil
}

// Age tells when what is known of a source was read, and until when it counts (zero: no end), from memory: it asks nobody. False where nothing is known.
func (c *Cache) Age(s Source) (read, until time.Time, known bool) {
	key := s.id()
	c.mu.Lock()
	d := c.docs[key]
	c.mu.Unlock()
	if d == nil {
		return time.Time{}, time.Time{}, false
	}
	k := d.now.Load()
	if k == nil {
		return time.Time{}, time.Time{}, false
	}
	return k.at, k.until, true
}

// Renew asks the source again, because a signature fitted no key that is known: the peer may have changed its key before its time.
// It reports whether the document has changed. A source is asked this way once a minute at most, whoever wants it: answers that nobody
// asked for, or that are made up, cost it no more than that.
func (c *Cache) Renew(ctx context.Context, s Source) (bool, error) {
	const op = "metadata.Renew"
	d, err := c.document(s)
	if err != nil || len(s.Inline) > 0 {
		return false, err
	}
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		return false, hub.E(op, hub.Unavailable, Unreachable)
	}
	defer func() { <-d.turn }()
	before := d.now.Load()
	now := c.o.Clock()
	if now.Sub(d.tried) < renewAfter || now.Sub(d.renewed) < renewEvery {
		return false, nil
	}
	d.renewed = now
	err = c.fetch(ctx, d)
	after := d.now.Load()
	return after != nil && (before == nil || before.hash != after.hash), err
}

// Refresh asks every source that is due again, and forgets those that nobody has asked for in a day. The caller decides how often to
// call it; failures are logged once, and what is known stays.
func (c *Cache) Refresh(ctx context.Context) error {
	now := c.o.Clock()
	var due []*document
	c.mu.Lock()
	for id, d := range c.docs {
		k := d.now.Load()
		switch {
		case now.Sub(time.UnixMicro(d.asked.Load())) > forgetAfter:
			delete(c.docs, id)
		case k != nil && !now.Before(k.due):
			due = append(due, d)
		}
	}
	c.mu.Unlock()
	for _, d := range due {
		select {
		case d.turn <- struct{}{}:
		default:
			continue // somebody is at it
		}
		if d.failure == nil || now.Sub(d.tried) >= least {
			failing := d.failure != nil
			if err := c.fetch(ctx, d); err != nil && !failing {
				c.o.Log.LogAttrs(ctx, slog.LevelWarn, "metadata could not be brought up to date; what is known stays",
					slog.String("reason", Reason(err)), slog.Time("until", d.now.Load().until))
			}
		}
		<-d.turn
		if ctx.Err() != nil {
			return hub.E("metadata.Refresh", hub.Unavailable, ctx.Err())
		}
	}
	return nil
}

// document finds or begins the memory of a source.
func (c *Cache) document(s Source) (*document, error) {
	const op = "metadata.Source"
	places := 0
	for _, there := range []bool{s.URL != "", s.File != "", len(s.Inline) > 0} {
		if there {
			places++
		}
	}
	switch {
	case places != 1:
		return nil, hub.E(op, hub.Invalid, SourceUnclear)
	case s.URL != "" && len(s.Pins) == 0:
		return nil, hub.E(op, hub.Invalid, Unpinned)
	}
	id := s.id()
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.docs[id]
	if d == nil {
		d = &document{source: s, turn: make(chan struct{}, 1)}
		c.docs[id] = d
	}
	d.asked.Store(c.o.Clock().UnixMicro())
	return d, nil
}

// wait fetches, or waits for whoever does.
func (c *Cache) wait(ctx context.Context, d *document) (*known, error) {
	const op = "metadata.Entity"
	select {
	case d.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, hub.E(op, hub.Unavailable, Unreachable)
	}
	defer func() { <-d.turn }()
	now := c.o.Clock()
	if k := d.now.Load(); k.counts(now) {
		return k, nil
	}
	if d.failure != nil && now.Sub(d.tried) < retry {
		return nil, d.failure
	}
	if err := c.fetch(ctx, d); err != nil {
		return nil, err
	}
	return d.now.Load(), nil
}

func (k *known) entity(op, id string, now time.Time) (samlmsg.EntityDescriptor, error) {
	e, ok := k.byID[id]
	switch {
	case !ok:
		return samlmsg.EntityDescriptor{}, hub.E(op, hub.NotFound, EntityAbsent)
	case !e.ValidUntil.IsZero() && !now.Before(e.ValidUntil):
		return samlmsg.EntityDescriptor{}, hub.E(op, hub.Expired, samlmsg.MetadataExpired)
	}
	return e, nil
}

// Reason gives the machine word of an error of this package.
func Reason(err error) string {
	var fine interface{ Reason() string }
	if errors.As(err, &fine) {
		return fine.Reason()
	}
	return string(hub.KindOf(err))
}
