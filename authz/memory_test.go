package authz_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
)

// tables stand for the database: facts by party, with the news of their changes.
type tables struct {
	mu      sync.Mutex
	state   authz.OpeningState
	news    []string
	version int64
	looks   int
	fail    error
	during  func() // called while a look-up is under way, after it has read
}

func (x *tables) Facts(context.Context, authz.Party) (authz.Facts, error) {
	x.mu.Lock()
	x.looks++
	f := authz.Facts{Openings: []authz.Opening{{Item: "item", State: x.state}}}
	err, during := x.fail, x.during
	x.during = nil
	x.mu.Unlock()
	if during != nil {
		during()
	}
	return f, err
}

func (x *tables) News(_ context.Context, after authz.Cursor) (authz.News, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return authz.News{Refs: x.news[after.A:], Version: x.version, Next: authz.Cursor{A: int64(len(x.news))}}, x.fail
}

func (x *tables) Proofs(context.Context, hub.SessionID, time.Time) ([]authz.Proof, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.looks++
	return []authz.Proof{{Device: string(x.state)}}, x.fail
}

func (*tables) Prove(context.Context, authz.Proof, uint32) error { return nil }

func (*tables) Mandates(context.Context, authz.Party) ([]authz.Mandate, error) { return nil, nil }
func (*tables) Bound(context.Context, authz.Party) ([]authz.Bound, error)      { return nil, nil }

// change commits another state with its news.
func (x *tables) change(to authz.OpeningState, ref string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.state, x.news = to, append(x.news, ref)
}

type remembering struct {
	*authz.Memory
	*tables
	t   *testing.T
	now time.Duration
}

func newMemory(t *testing.T) *remembering {
	t.Helper()
	r := &remembering{tables: &tables{state: authz.Open}, t: t, now: time.Hour}
	m, err := authz.NewMemory(authz.MemoryOptions{
		Store: r.tables, Others: r.tables, Proofs: r.tables, Elapsed: func() time.Duration { return r.now }, Clock: time.Now, Limit: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Memory = m
	return r
}

func (r *remembering) wants(what string, state authz.OpeningState, looks int) {
	r.t.Helper()
	for _, p := range []authz.Party{{Account: "who"}, {Account: "who", Entity: "entity"}} {
		f, err := r.Memory.Facts(r.t.Context(), p)
		if err != nil || f.Openings[0].State != state {
			r.t.Errorf("%s: %+v %v", what, f, err)
		}
	}
	if r.looks != looks {
		r.t.Errorf("%s: %d look-ups, want %d", what, r.looks, looks)
	}
}

func (r *remembering) refresh() {
	r.t.Helper()
	if err := r.Refresh(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// RAZ-08: memory answers while it may, looks again where something has changed or where it can't know, and never keeps what a change has
// overtaken.
func TestRAZ08_MemoryIsNeverOutOfDate(t *testing.T) {
	t.Parallel()
	r := newMemory(t)
	r.wants("nothing was read yet", authz.Open, 2)
	r.wants("and so nothing is believed", authz.Open, 4)
	r.refresh()
	r.wants("kept from before the first read", authz.Open, 4)
	r.wants("from memory", authz.Open, 4)

	r.change(authz.Locked, "who")
	r.refresh()
	r.wants("changed", authz.Locked, 6)
	r.wants("from memory again", authz.Locked, 6)
	r.change(authz.Open, "entity")
	r.refresh()
	if f, err := r.Memory.Facts(t.Context(), authz.Party{Account: "who", Entity: "entity"}); err != nil || f.Openings[0].State != authz.Open || r.looks != 7 {
		t.Errorf("the entity's: %+v %v, %d", f, err, r.looks)
	}
	r.change(authz.Locked, "somebody else")
	r.refresh()
	if _, err := r.Memory.Facts(t.Context(), authz.Party{Account: "who"}); err != nil || r.looks != 7 {
		t.Errorf("somebody else's change costs a look-up: %v, %d", err, r.looks)
	}

	// The news were not read for a second: SQL is asked, although the change is not heard of.
	r.change(authz.Refused, "who")
	r.now += time.Second
	r.wants("past the lease", authz.Refused, 9)
	r.refresh()

	// A change commits, and is heard of, while a look-up is under way that has read before it.
	r.change(authz.Open, "who")
	r.refresh()
	r.during = func() { r.change(authz.Locked, "who"); r.refresh() }
	if f, err := r.Memory.Facts(t.Context(), authz.Party{Account: "who"}); err != nil || f.Openings[0].State != authz.Open {
		t.Fatalf("%+v %v", f, err) // it began before the change
	}
	if f, err := r.Memory.Facts(t.Context(), authz.Party{Account: "who"}); err != nil || f.Openings[0].State != authz.Locked {
		t.Errorf("what was overtaken was kept: %+v %v", f, err)
	}

	// Age: nothing is kept so long that its news could be gone.
	looks := r.looks
	for range 2 * authz.NewsKept / time.Minute {
		r.now += time.Minute
		r.refresh()
		r.Forget()
		if _, err := r.Memory.Facts(t.Context(), authz.Party{Account: "who"}); err != nil {
			t.Fatal(err)
		}
	}
	if r.looks-looks < 4 {
		t.Errorf("%d look-ups in half an hour", r.looks-looks)
	}

	// Invariant 8: no database, no answer, once the lease is over.
	r.fail = errors.New("gone")
	r.now += time.Second
	if _, err := r.Memory.Facts(t.Context(), authz.Party{Account: "who"}); !errors.Is(err, hub.Unavailable) {
		t.Errorf("%v", err)
	}
	if _, err := r.Memory.Version(t.Context()); !errors.Is(err, hub.Unavailable) {
		t.Errorf("%v", err)
	}
	if _, err := r.Memory.Proofs(t.Context(), "session"); !errors.Is(err, hub.Unavailable) {
		t.Errorf("%v", err)
	}
}

// The same for the devices that were shown in a session, and for the version of the catalogue.
func TestRAZ08_MemoryOfSessionsAndItems(t *testing.T) {
	t.Parallel()
	r := newMemory(t)
	r.refresh()
	shown := func(want authz.OpeningState, looks int) {
		t.Helper()
		all, err := r.Memory.Proofs(t.Context(), "session")
		if err != nil || len(all) != 1 || all[0].Device != string(want) || r.looks != looks {
			t.Errorf("%+v %v, %d look-ups", all, err, r.looks)
		}
	}
	shown(authz.Open, 1)
	shown(authz.Open, 1)
	r.change(authz.Locked, "session")
	r.refresh()
	shown(authz.Locked, 2)
	r.version = 7
	if v, err := r.Version(t.Context()); err != nil || v != 0 {
		t.Error(v, err)
	}
	r.now += time.Second
	if v, err := r.Version(t.Context()); err != nil || v != 7 {
		t.Error("past the lease:", v, err)
	}
	if _, err := authz.NewMemory(authz.MemoryOptions{}); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}
