package token

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"sync"
	"time"

	"onedoor/hub"
	"onedoor/hub/statuslist"
)

const (
	// StatusLife is how long a status list may be kept before it is fetched again: so late at most an API that validates offline learns of a
	// sign-out.
	StatusLife = 3 * time.Second
	// statusEnd is when a list that nobody could fetch again is worth nothing any more. It leaves room for clocks that differ.
	statusEnd = time.Minute

	statusSize   = 1 << 16 // tokens in a list
	mostLists    = 4096    // kept rendered on one node
	listPatience = 2 * time.Second
)

// StatusEntry is a token's place in a list, with what it stands on.
type StatusEntry struct {
	List      string
	Index     int
	Stands    []byte // opaque; ids only
	ExpiresAt time.Time
}

// StatusStore keeps the entries until their tokens have expired.
type StatusStore interface {
	// Add adds one, in the transaction of ctx where there is one, which may tell of it only at its end. Conflict where the place is taken; Unavailable.
	Add(ctx context.Context, e StatusEntry) error
	// Entries gives those of a list that have not expired by then, read from the primary after the call began. Unavailable.
	Entries(ctx context.Context, list string, now time.Time) ([]StatusEntry, error)
}

// Memory is the lease as the lists need it.
type Memory interface {
	// FromMemory sets Err of the verdicts, as EndedAll does, but never asks SQL. It gives the start of the read that the answers rest on, by
	// the node's clock, and false where that is so long ago that they are worth nothing.
	FromMemory(all []Verdict) (since time.Duration, ok bool)
	// Limit is how long an answer may be given after the start of the read that it rests on.
	Limit() time.Duration
}

// FromMemory implements Memory. See the proof of [Lease] for the order in which it looks.
func (l *Lease) FromMemory(all []Verdict) (time.Duration, bool) {
	since := l.since.Load()
	for i := range all {
		if all[i].Err == nil && l.known(&all[i].Access) {
			all[i].Err = ErrEnded
		}
	}
	return time.Duration(since), l.young(since)
}

// StatusOptions configure StatusLists. All are required.
type StatusOptions struct {
	Store   StatusStore
	Memory  Memory
	Sign    func(typ string, claims any) (string, error)
	URI     string // below which the lists are published
	Elapsed Elapsed
	Clock   hub.Clock
	Random  io.Reader
}

// StatusLists gives JWT access tokens their places and publishes what became of them (draft-ietf-oauth-status-list).
//
// # Places
//
// A list belongs to one API, so that no two departments can compare places, and to one node, which hands its places out by chance, each once
// and only half of them: that takes no statement and can't collide. Keeping an entry takes one INSERT. A list is used up after 32,768
// tokens; its name is 128 random bits. Entries leave when their token has expired, and with the last one the list is gone.
//
// # The promise
//
// A list that is given out after a logout has answered has the bits of all tokens that it ended. The proof is that of [Lease]: a list rests
// on one read of its entries and on the lease's read of the revocations; it is given out only while the earlier of the two starts lies less
// than L in the past, by the node's own clock. Let the logout commit at c and answer at a >= c + L, and a list be given out at q > a: then
// that start was after c, so the revocation was read; and every entry of a token that was issued before c was read with it. Where the node
// can't keep that, there is no list. (How long the API keeps it is the API's own lease: StatusLife.)
type StatusLists struct {
	o StatusOptions

	mu     sync.Mutex
	series map[hub.SystemID]*series
	lists  map[string]*published
}

// series is the list that an API's tokens get their places in now.
type series struct {
	list string
	used statuslist.Bits
	n    int
}

// published is a list as it is given out. Its lock is held while it is made.
type published struct {
	mu    sync.Mutex
	since time.Duration
	list  Published
}

// Published is a signed list.
type Published struct {
	Body string // Status List Token (JWT)
	Tag  string // names the body
}

// NewStatusLists checks the options. Invalid.
func NewStatusLists(o StatusOptions) (*StatusLists, error) {
	if o.Store == nil || o.Memory == nil || o.Sign == nil || o.URI == "" || o.Elapsed == nil || o.Clock == nil || o.Random == nil {
		return nil, hub.Errorf("token.NewStatusLists", hub.Invalid, "a dependency is missing")
	}
	return &StatusLists{o: o, series: map[hub.SystemID]*series{}, lists: map[string]*published{}}, nil
}

// Assign implements Statuses.
func (s *StatusLists) Assign(ctx context.Context, a Access, api hub.SystemID) (statuslist.Reference, error) {
	const op = "token.Assign"
	stands, err := appendAccess(nil, Access{
		ID: a.ID, Grant: a.Grant, Session: a.Session, Account: a.Account, System: a.System, IssuedAt: a.IssuedAt, ExpiresAt: a.ExpiresAt,
		Actors: a.Actors, Parents: a.Parents, Machine: a.Machine, Rests: a.Rests,
	})
	if err != nil {
		return statuslist.Reference{}, hub.E(op, hub.Invalid, err)
	}
	list, index, err := s.place(api)
	if err != nil {
		return statuslist.Reference{}, err
	}
	if err := s.o.Store.Add(ctx, StatusEntry{List: list, Index: index, Stands: stands, ExpiresAt: a.ExpiresAt}); err != nil {
		return statuslist.Reference{}, hub.E(op, hub.Unavailable, err)
	}
	return statuslist.Refer(s.o.URI+list, index), nil
}

// place draws a place that nobody had. At most half of a list is used, so it takes two draws on average at the very worst.
func (s *StatusLists) place(api hub.SystemID) (string, int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.series[api]
	if x == nil || x.n >= statusSize/2 {
		used, err := statuslist.New(statusSize)
		if err != nil {
			return "", 0, err
		}
		x = &series{list: hub.NewID(s.o.Random), used: used}
		s.series[api] = x
	}
	for {
		var b [4]byte
		if _, err := io.ReadFull(s.o.Random, b[:]); err != nil {
			return "", 0, hub.E("token.place", hub.Internal, err)
		}
		if i := int(binary.BigEndian.Uint32(b[:]) % statusSize); x.used.Valid(i) {
			x.used.Set(i)
			x.n++
			return x.list, i, nil
		}
	}
}

// Publish gives a list. NotFound where there is none of that name with a token that is alive; Unavailable where its state can't be known now.
func (s *StatusLists) Publish(ctx context.Context, id string) (Published, error) {
	const op = "token.Publish"
	if packID(make([]byte, keyIDSize), id) != nil {
		return Published{}, hub.Errorf(op, hub.NotFound, "no list has such a name")
	}
	p := s.published(id)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.list.Body != "" && s.o.Elapsed()-p.since < s.o.Memory.Limit() {
		return p.list, nil
	}
	p.list = Published{}
	list, since, err := s.render(ctx, id)
	if err != nil {
		s.forget(id, p) // nobody fills the memory with names that he makes up
		return Published{}, err
	}
	if s.o.Elapsed()-since >= s.o.Memory.Limit() { // making it took too long
		return Published{}, hub.Errorf(op, hub.Unavailable, "the state of the list can't be known now")
	}
	p.list, p.since = list, since
	return list, nil
}

// published gives the place of a list in memory. Where there is no room, what is worth nothing any more makes some; and where that is not
// enough, a place that is not remembered.
func (s *StatusLists) published(id string) *published {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.lists[id]; p != nil {
		return p
	}
	if len(s.lists) >= mostLists {
		now := s.o.Elapsed()
		for other, p := range s.lists {
			if p.mu.TryLock() {
				if p.list.Body == "" || now-p.since >= s.o.Memory.Limit() {
					delete(s.lists, other)
				}
				p.mu.Unlock()
			}
		}
	}
	p := &published{}
	if len(s.lists) < mostLists {
		s.lists[id] = p
	}
	return p
}

func (s *StatusLists) forget(id string, p *published) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lists[id] == p {
		delete(s.lists, id)
	}
}

// render reads the entries and makes the list. It gives the earlier start of the two reads that it rests on.
func (s *StatusLists) render(ctx context.Context, id string) (Published, time.Duration, error) {
	const op = "token.render"
	ctx, cancel := context.WithTimeout(ctx, listPatience)
	defer cancel()
	begin, now := s.o.Elapsed(), s.o.Clock()
	entries, err := s.o.Store.Entries(ctx, id, now)
	if err != nil {
		return Published{}, 0, hub.E(op, hub.Unavailable, err)
	}
	if len(entries) == 0 {
		return Published{}, 0, hub.Errorf(op, hub.NotFound, "no token of the list is alive")
	}
	all := make([]Verdict, len(entries))
	for i, e := range entries {
		if !decodeAccess(e.Stands, &all[i].Access) {
			all[i].Err = errNotOurs // what can't be read is not valid (invariant 8)
		}
	}
	since, held := s.o.Memory.FromMemory(all)
	if !held {
		return Published{}, 0, hub.Errorf(op, hub.Unavailable, "the state of the list can't be known now")
	}
	bits, err := statuslist.New(statusSize)
	if err != nil {
		return Published{}, 0, err
	}
	for i, e := range entries {
		if all[i].Err != nil {
			bits.Set(e.Index)
		}
	}
	packed, err := statuslist.Pack(bits)
	if err != nil {
		return Published{}, 0, err
	}
	body, err := s.o.Sign(statuslist.Type, statuslist.Claims{
		Subject: s.o.URI + id, IssuedAt: now.Unix(), Expires: now.Add(statusEnd).Unix(), Life: int64(StatusLife / time.Second), List: packed,
	})
	if err != nil {
		return Published{}, 0, hub.E(op, hub.Unavailable, err)
	}
	sum := sha256.Sum256([]byte(body))
	return Published{Body: body, Tag: base64.RawURLEncoding.EncodeToString(sum[:12])}, min(begin, since), nil
}
