package token_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	mathrand "math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/statuslist"
	"onedoor/hub/token"
)

// rows is a StatusStore in memory. meanwhile, where set, is what happens while entries are read.
type rows struct {
	mu        sync.Mutex
	all       []token.StatusEntry
	reads     int
	down      bool
	meanwhile func()
}

func (s *rows) Add(_ context.Context, e token.StatusEntry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return hub.Errorf("rows", hub.Unavailable, "")
	}
	s.all = append(s.all, e)
	return nil
}

func (s *rows) Entries(_ context.Context, list string, now time.Time) ([]token.StatusEntry, error) {
	s.mu.Lock()
	s.reads++
	all, down, meanwhile := slices.Clone(s.all), s.down, s.meanwhile
	s.mu.Unlock()
	if meanwhile != nil {
		meanwhile()
	}
	if down {
		return nil, hub.Errorf("rows", hub.Unavailable, "")
	}
	return slices.DeleteFunc(all, func(e token.StatusEntry) bool { return e.List != list || !e.ExpiresAt.After(now) }), nil
}

// ends is a Memory: what it knew when it last read, and when that was.
type ends struct {
	mu    sync.Mutex
	known map[string]bool // by session or token
	since time.Duration
	now   func() time.Duration
	limit time.Duration
}

func (e *ends) Limit() time.Duration { return e.limit }

func (e *ends) FromMemory(all []token.Verdict) (time.Duration, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range all {
		a := &all[i].Access
		if all[i].Err == nil && (e.known[string(a.Session)] || e.known[a.ID]) {
			all[i].Err = token.ErrEnded
		}
	}
	return e.since, e.now()-e.since < e.limit
}

// listing is a node with its lists.
type listing struct {
	*token.StatusLists
	store *rows
	ends  *ends
	at    time.Duration
}

func newListing(t testing.TB, store *rows) *listing {
	t.Helper()
	l := &listing{store: store}
	elapsed := func() time.Duration { return l.at }
	l.ends = &ends{known: map[string]bool{}, now: elapsed, limit: 500 * time.Millisecond}
	var err error
	l.StatusLists, err = token.NewStatusLists(token.StatusOptions{
		Store: store, Memory: l.ends, Sign: func(typ string, claims any) (string, error) { return (&notary{}).SignJWT("ES256", typ, claims) },
		URI: "https://login.example/oauth2/statuslist/", Elapsed: elapsed, Clock: func() time.Time { return noon.Add(l.at) }, Random: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (l *listing) assign(t testing.TB, a token.Access, api hub.SystemID) (list string, index int) {
	t.Helper()
	ref, err := l.Assign(t.Context(), a, api)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(ref.List.URI, "https://login.example/oauth2/statuslist/"), ref.List.Index
}

// valid asks a node for a list and gives the bit; false with ok where there is no list.
func (l *listing) valid(t testing.TB, list string, index int) (valid, ok bool) {
	t.Helper()
	p, err := l.Publish(t.Context(), list)
	if err != nil {
		return false, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(p.Body, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	_, bits, err := statuslist.Read(payload)
	if err != nil {
		t.Fatal(err)
	}
	return bits.Valid(index), true
}

func (l *listing) read(known ...string) {
	l.ends.mu.Lock()
	defer l.ends.mu.Unlock()
	for _, k := range known {
		l.ends.known[k] = true
	}
	l.ends.since = l.at
}

func TestStatusListTellsWhatEnded(t *testing.T) {
	t.Parallel()
	l := newListing(t, &rows{})
	a, b := access(), access()
	list, i := l.assign(t, a, "land")
	other, j := l.assign(t, b, "land")
	foreign, _ := l.assign(t, access(), "labour")
	if list != other || i == j || foreign == list {
		t.Fatalf("lists %s, %s and %s, places %d and %d", list, other, foreign, i, j)
	}
	l.read()
	for _, at := range []int{i, j} {
		if valid, ok := l.valid(t, list, at); !valid || !ok {
			t.Fatal("a fresh token is not valid")
		}
	}
	l.at += 500 * time.Millisecond
	l.read(string(a.Session))
	if valid, _ := l.valid(t, list, i); valid {
		t.Error("the session has ended")
	}
	if valid, _ := l.valid(t, list, j); !valid {
		t.Error("the other one has not")
	}
	// Entries leave, and the list with the last one.
	l.at += 5 * time.Minute
	l.read()
	if _, err := l.Publish(t.Context(), list); !errors.Is(err, hub.NotFound) {
		t.Errorf("after the last token: %v", err)
	}
}

func TestStatusListPayloadIsGolden(t *testing.T) {
	t.Parallel()
	var got []byte
	l := newListing(t, &rows{})
	signed, err := token.NewStatusLists(token.StatusOptions{
		Store: l.store, Memory: l.ends, URI: "https://login.example/oauth2/statuslist/", Elapsed: l.ends.now, Clock: at(noon), Random: constant(0),
		Sign: func(typ string, claims any) (string, error) {
			if typ != "statuslist+jwt" {
				t.Errorf("typ %s", typ)
			}
			got, _ = json.Marshal(claims)
			return "x.y.z", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	a := access()
	if _, err := signed.Assign(t.Context(), a, "land"); err != nil { // randomness of zeros: list "aaa...", place 0
		t.Fatal(err)
	}
	l.read(a.ID)
	if _, err := signed.Publish(t.Context(), strings.Repeat("a", 26)); err != nil {
		t.Fatal(err)
	}
	var claims statuslist.Claims
	if err := json.Unmarshal(got, &claims); err != nil {
		t.Fatal(err)
	}
	const head = `{"sub":"https://login.example/oauth2/statuslist/aaaaaaaaaaaaaaaaaaaaaaaaaa","iat":1777896000,"exp":1777896060,"ttl":3,"status_list":{"bits":1,"lst":"`
	if !strings.HasPrefix(string(got), head) {
		t.Errorf("payload %s\nwant    %s", got, head)
	}
	bits, err := claims.List.Unpack()
	if err != nil || bits.Len() != 1<<16 || bits.Valid(0) || !bits.Valid(1) || len(claims.List.List) > 64 {
		t.Errorf("list of %d in %d characters, %v", bits.Len(), len(claims.List.List), err)
	}
}

func TestStatusListPlacesAreDrawnOnceAndByChance(t *testing.T) {
	t.Parallel()
	l := newListing(t, &rows{})
	seen := map[string]map[int]bool{}
	last, rising := -1, 0
	const n = 1<<15 + 100
	for range n {
		list, i := l.assign(t, access(), "land")
		if seen[list] == nil {
			seen[list] = map[int]bool{}
		}
		if seen[list][i] || i < 0 || i >= 1<<16 {
			t.Fatalf("place %d of %s is given twice, or is none", i, list)
		}
		seen[list][i] = true
		if i > last {
			rising++
		}
		last = i
	}
	if len(seen) != 2 {
		t.Errorf("%d lists for %d tokens, want 2: half of each is used", len(seen), n)
	}
	if rising < n*45/100 || rising > n*55/100 {
		t.Errorf("%d of %d places are above the one before: not by chance", rising, n)
	}
}

func TestStatusListFailsClosed(t *testing.T) {
	t.Parallel()
	l := newListing(t, &rows{})
	list, i := l.assign(t, access(), "land")
	l.read()
	if _, ok := l.valid(t, list, i); !ok {
		t.Fatal("no list")
	}
	reads := l.store.reads
	l.at += 499 * time.Millisecond
	if _, ok := l.valid(t, list, i); !ok || l.store.reads != reads {
		t.Error("made anew within the lease")
	}
	l.at += time.Millisecond // the lease is over, and nobody has read
	if _, err := l.Publish(t.Context(), list); !errors.Is(err, hub.Unavailable) {
		t.Errorf("without a lease: %v", err)
	}
	l.read()
	l.store.down = true
	if _, err := l.Publish(t.Context(), list); !errors.Is(err, hub.Unavailable) {
		t.Errorf("without a database: %v", err)
	}
	if _, err := l.Assign(t.Context(), access(), "land"); !errors.Is(err, hub.Unavailable) {
		t.Errorf("a place without a database: %v", err)
	}
	l.store.down = false
	l.store.meanwhile = func() { l.at += 600 * time.Millisecond; l.read() } // a read that takes longer than the lease
	if _, err := l.Publish(t.Context(), list); !errors.Is(err, hub.Unavailable) {
		t.Errorf("after a slow read: %v", err)
	}
	l.store.meanwhile = nil
	l.store.all = append(l.store.all, token.StatusEntry{List: list, Index: i ^ 1, Stands: []byte("?"), ExpiresAt: noon.Add(time.Hour)})
	if valid, ok := l.valid(t, list, i^1); valid || !ok {
		t.Error("what can't be read is valid (invariant 8)")
	}
	for _, name := range []string{"", "x", strings.Repeat("a", 25) + "b", strings.Repeat("A", 26), "../../" + list} {
		if _, err := l.Publish(t.Context(), name); !errors.Is(err, hub.NotFound) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := token.NewStatusLists(token.StatusOptions{}); !errors.Is(err, hub.Invalid) {
		t.Errorf("without anything: %v", err)
	}
}

// Nodes that are slow, pause and read the revocations when they like; sessions that end; and one who asks any node for the list after a
// sign-out has answered: it is never told that a token of that session is valid.
func TestInvariant1_NoListOutlivesALogoutsAnswer(t *testing.T) {
	t.Parallel()
	rnd := mathrand.New(mathrand.NewPCG(3, 4))
	store := &rows{}
	nodes := []*listing{newListing(t, store), newListing(t, store), newListing(t, store)}
	type held struct {
		a      token.Access
		list   string
		index  int
		ended  time.Duration // when its logout committed; -1 before
		answer time.Duration
	}
	var all []*held
	var committed []string
	now, asked, cached := time.Duration(0), 0, 0
	move := func(d time.Duration) {
		now += d
		for _, n := range nodes {
			n.at = now
		}
	}
	for step := range 3_000 {
		move(time.Duration(rnd.IntN(40)) * time.Millisecond)
		n := nodes[rnd.IntN(len(nodes))]
		switch k := rnd.IntN(10); {
		case k == 0 && len(all) < 40:
			h := &held{a: access(), ended: -1}
			h.a.IssuedAt, h.a.ExpiresAt = noon.Add(now), noon.Add(now+5*time.Minute)
			h.list, h.index = n.assign(t, h.a, "land")
			all = append(all, h)
		case k == 1 && len(all) > 0:
			if h := all[rnd.IntN(len(all))]; h.ended < 0 {
				h.ended, h.answer = now, now+550*time.Millisecond
				committed = append(committed, string(h.a.Session))
			}
		case k <= 4: // the node reads the revocations; the read may take its time, and rests on its start
			begin := now
			known := slices.Clone(committed)
			move(time.Duration(rnd.IntN(200)) * time.Millisecond)
			n.read(known...)
			n.ends.mu.Lock()
			n.ends.since = begin
			n.ends.mu.Unlock()
		case len(all) > 0:
			h := all[rnd.IntN(len(all))]
			if rnd.IntN(20) == 0 {
				store.mu.Lock()
				store.meanwhile = func() { move(time.Duration(rnd.IntN(700)) * time.Millisecond) }
				store.mu.Unlock()
			}
			begin, reads := now, store.reads
			valid, ok := n.valid(t, h.list, h.index)
			store.meanwhile = nil
			if !ok {
				continue
			}
			asked++
			if store.reads == reads {
				cached++
			}
			if h.ended >= 0 && begin > h.answer && valid {
				t.Fatalf("step %d: valid %v after the sign-out had answered", step, begin-h.answer)
			}
			if h.ended < 0 && !valid {
				t.Fatalf("step %d: a live token is not valid", step)
			}
		}
		all = slices.DeleteFunc(all, func(h *held) bool { return noon.Add(now).After(h.a.ExpiresAt) })
	}
	if asked < 500 || cached < 30 {
		t.Errorf("only %d lists, %d of them given out again: the test tests nothing", asked, cached)
	}
}

func TestStatusListsKeepBoundedMemory(t *testing.T) {
	t.Parallel()
	l := newListing(t, &rows{})
	l.read()
	for i := range 20_000 { // names that somebody makes up
		_, _ = l.Publish(t.Context(), hub.NewID(strings.NewReader(strings.Repeat("x", 8)+strconv.FormatInt(int64(i)+1e8, 16)+"yyyyyyyyyyyyyyyy")))
	}
	if n := l.Kept(); n != 0 {
		t.Errorf("%d names are remembered that are no list", n)
	}
}

func BenchmarkStatusListRender(b *testing.B) {
	for _, n := range []int{100, 1 << 15} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l := newListing(b, &rows{})
			var list string
			for range n {
				list, _ = l.assign(b, access(), "land")
			}
			for b.Loop() {
				l.at += time.Millisecond
				l.read()
				l.ends.limit = time.Millisecond
				if _, err := l.Publish(b.Context(), list); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkStatusListAssign(b *testing.B) {
	l := newListing(b, &rows{})
	a := access()
	for b.Loop() {
		l.assign(b, a, "land")
	}
}

func TestStatusListsServeManyAtOnce(t *testing.T) {
	t.Parallel()
	l := newListing(t, &rows{})
	l.read()
	first, _ := l.assign(t, access(), "land")
	var all sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for i := range 16 {
		api := []hub.SystemID{"land", "labour"}[i%2]
		all.Go(func() {
			for range 200 {
				ref, err := l.Assign(t.Context(), access(), api)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				place := ref.List.URI + " " + strconv.Itoa(ref.List.Index)
				if seen[place] {
					t.Errorf("%s is given twice", place)
				}
				seen[place] = true
				mu.Unlock()
				if _, err := l.Publish(t.Context(), first); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if l.store.reads != 1 {
		t.Errorf("%d reads for one list within the lease", l.store.reads)
	}
}
