package account_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/login/logintest"
)

type world struct {
	*account.Service
	mem   *logintest.Memory
	clock *logintest.Clock
	ctx   context.Context
}

func newWorld(t *testing.T) world {
	t.Helper()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	return world{service(t, mem.AccountStore(), mem, clock), mem, clock, hub.WithInteraction(context.Background(), "interactiononeaaaaaaaaaaaa")}
}

func service(t *testing.T, store account.Store, mem *logintest.Memory, clock *logintest.Clock) *account.Service {
	t.Helper()
	s, err := account.New(account.Options{
		Store: store, Notices: mem, Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader, Index: logintest.Index{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	somchai = "1101700230708"
	malee   = "3100600445635"
)

func identity(provider, subject, number string, ial hub.IAL) hub.Identity {
	id := hub.Identity{Provider: hub.ProviderID(provider), Subject: subject, Level: hub.Level{IAL: ial, AAL: hub.AAL21}}
	if number != "" {
		id.Person = hub.PersonNumber{Kind: "th.citizen", Value: number}
	}
	return id
}

func TestNew_EveryOptionIsRequired(t *testing.T) {
	t.Parallel()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	for i := range 7 {
		o := account.Options{Store: mem.AccountStore(), Notices: mem, Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader, Index: logintest.Index{}}
		switch i {
		case 0:
			o.Store = nil
		case 1:
			o.Audit = nil
		case 2:
			o.Tx = nil
		case 3:
			o.Clock = nil
		case 4:
			o.Random = nil
		case 5:
			o.Index = nil
		case 6:
			o.Notices = nil
		}
		if _, err := account.New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("option %d missing: %v", i, err)
		}
	}
}

// LIF-15, with the eyes of somebody who wants another's account: each case is a history and one more login.
func TestLIF15_WhoGetsWhichAccount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		before  []hub.Identity
		last    hub.Identity
		same    int // index in before whose account it must be; -1: none of them
		outcome account.Outcome
		kind    hub.Kind
		events  string // of the last login
	}{
		{"a stranger", nil, identity("thaid", "a", somchai, hub.IAL23), -1, account.Created, "", "account.created"},
		{"again", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("thaid", "a", somchai, hub.IAL23), 0, account.Known, "", ""},
		{"known, this time without number", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("thaid", "a", "", hub.IAL23), 0, account.Known, "", ""},
		{"same person over another provider", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("bank", "b", somchai, hub.IAL21), 0, account.Linked, "", "account.linked"},
		{"same person, new subject at the same provider", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("thaid", "b", somchai, hub.IAL23), 0, account.Linked, "", "account.linked"},
		{"another person", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("thaid", "b", malee, hub.IAL23), -1, account.Created, "", "account.created"},
		{"the same subject at another provider is somebody else", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("bank", "a", malee, hub.IAL23), -1, account.Created, "", "account.created"},
		{"another's number, only typed in (IAL 1.3)", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("weak", "b", somchai, hub.IAL13), -1, account.Created, "", "account.created"},
		{"another's number typed in first does not catch its owner", []hub.Identity{identity("weak", "b", somchai, hub.IAL13)}, identity("thaid", "a", somchai, hub.IAL23), -1, account.Created, "", "account.created"},
		{"no number, nothing to join", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, identity("bank", "b", "", hub.IAL23), -1, account.Created, "", "account.created"},
		{"subject given to another person", []hub.Identity{identity("bank", "b", somchai, hub.IAL23)}, identity("bank", "b", malee, hub.IAL23), -1, account.PersonDiffers, hub.Refused, "account.refused"},
		{"subject with another number, even untrusted", []hub.Identity{identity("bank", "b", somchai, hub.IAL23)}, identity("bank", "b", malee, hub.IAL13), -1, account.PersonDiffers, hub.Refused, "account.refused"},
		{"number comes later and is free", []hub.Identity{identity("bank", "b", "", hub.IAL21)}, identity("bank", "b", somchai, hub.IAL21), 0, account.Known, "", "account.person_added"},
		{"number comes later, untrusted: not added", []hub.Identity{identity("bank", "b", "", hub.IAL13)}, identity("bank", "b", somchai, hub.IAL13), 0, account.Known, "", ""},
		{"number comes later and is another's", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23), identity("bank", "b", "", hub.IAL21)}, identity("bank", "b", somchai, hub.IAL21), -1, account.PersonTaken, hub.Refused, "account.refused"},
		{"number that came later joins the next provider", []hub.Identity{identity("bank", "b", "", hub.IAL21), identity("bank", "b", somchai, hub.IAL21)}, identity("thaid", "a", somchai, hub.IAL23), 0, account.Linked, "", "account.linked account.level_raised"},
		{"a number of another kind is no match", []hub.Identity{identity("thaid", "a", somchai, hub.IAL23)}, hub.Identity{Provider: "x", Subject: "x", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Person: hub.PersonNumber{Kind: "vn.citizen", Value: somchai}}, -1, account.Created, "", "account.created"},
		{"no subject", nil, identity("thaid", "", somchai, hub.IAL23), -1, "", hub.Invalid, ""},
		{"no provider", nil, identity("", "a", somchai, hub.IAL23), -1, "", hub.Invalid, ""},
		{"number without kind", nil, hub.Identity{Provider: "x", Subject: "x", Person: hub.PersonNumber{Value: somchai}}, -1, "", hub.Invalid, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var ids []hub.AccountID
			for _, id := range c.before {
				a, _, err := w.Resolve(w.ctx, id, account.Visit{Network: "192.0.2.0/24"})
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, a.ID)
			}
			seen := len(w.mem.Events())
			got, outcome, err := w.Resolve(w.ctx, c.last, account.Visit{Network: "198.51.100.0/24"})
			if outcome != c.outcome || (c.kind == "" && err != nil) || (c.kind != "" && !errors.Is(err, c.kind)) {
				t.Fatalf("got %q, %v", outcome, err)
			}
			if c.kind != "" && got.ID != "" {
				t.Error("an account with a refusal")
			}
			for i, id := range ids {
				if should := c.same >= 0 && id == ids[c.same]; (got.ID == id) != should {
					t.Errorf("account %d of the past: same is %v", i, got.ID == id)
				}
			}
			var events []string
			for _, e := range w.mem.Events()[seen:] {
				events = append(events, e.Kind)
				if e.Kind == "account.refused" && (e.Outcome != audit.Refusal || e.Reason != string(c.outcome)) {
					t.Errorf("event %+v", e)
				}
			}
			if strings.Join(events, " ") != c.events {
				t.Errorf("events %v, want %q", events, c.events)
			}
		})
	}
}

// AUD-07: a link keeps when, from where, and the highest level.
func TestAUD07_LinkKeepsTimeSourceAndLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	began := w.clock.Now()
	a, _, _ := w.Resolve(w.ctx, identity("thaid", "a", somchai, hub.IAL23), account.Visit{Network: "192.0.2.0/24"})
	w.clock.Add(time.Hour)
	for _, ial := range []hub.IAL{hub.IAL21, hub.IAL3} {
		if _, _, err := w.Resolve(w.ctx, identity("thaid", "a", somchai, ial), account.Visit{Network: "198.51.100.0/24"}); err != nil {
			t.Fatal(err)
		}
	}
	links, err := w.Links(w.ctx, a.ID)
	if err != nil || len(links) != 1 {
		t.Fatalf("%d, %v", len(links), err)
	}
	l := links[0]
	if !l.LinkedAt.Equal(began) || !l.LastUsedAt.Equal(began.Add(time.Hour)) || l.Source != "192.0.2.0/24" || l.Level.IAL != hub.IAL3 {
		t.Errorf("%+v", l)
	}
}

// PRV-01, D3: neither the number nor the provider's subject rests anywhere.
func TestPRV01_NumberAndSubjectRestAsHashesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _, _ := w.Resolve(w.ctx, identity("thaid", "subject-of-somchai", somchai, hub.IAL23), account.Visit{Network: "192.0.2.0/24"})
	links, _ := w.Links(w.ctx, a.ID)
	dump := fmt.Sprintf("%#v %#v %s %#v", a, links, links[0].SubjectHash, w.mem.Events())
	for _, hidden := range []string{somchai, "subject-of-somchai"} {
		if strings.Contains(dump, hidden) {
			t.Error("personal data at rest")
		}
	}
	if len(links[0].SubjectHash) != 32 || !hub.ValidID(string(a.ID)) {
		t.Error("no keyed hash, or no random id")
	}
}

// LIF-02, LIF-03: an account out of service opens nothing, takes no further link, and says why.
func TestLIF02_LIF03_AccountOutOfServiceOpensNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []account.Status{account.Suspended, account.Terminated} {
		w := newWorld(t)
		a, _, _ := w.Resolve(w.ctx, identity("thaid", "a", somchai, hub.IAL23), account.Visit{})
		w.mem.SetStatus(a.ID, status, "reported-lost")
		for _, id := range []hub.Identity{identity("thaid", "a", somchai, hub.IAL23), identity("bank", "b", somchai, hub.IAL23)} {
			got, outcome, err := w.Resolve(w.ctx, id, account.Visit{})
			if !errors.Is(err, hub.Suspended) || outcome != account.NotActive || got.Status != status || got.Reason != "reported-lost" {
				t.Errorf("%s: %+v, %q, %v", status, got, outcome, err)
			}
		}
		if accounts, links := w.mem.Accounts(); accounts != 1 || links != 1 {
			t.Errorf("%s: %d accounts, %d links", status, accounts, links)
		}
		events := w.mem.Events()
		if last := events[len(events)-1]; last.Kind != "account.refused" || last.Reason != string(status) || last.Account != a.ID {
			t.Errorf("event %+v", last)
		}
		got, err := w.Get(w.ctx, a.ID)
		if err != nil || got.Status != status {
			t.Errorf("get: %v", err)
		}
	}
}

// A subject that was given to another person learns nothing of the account it once had, not even that it is suspended.
func TestResolve_ADifferingNumberHidesTheStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, _, _ := w.Resolve(w.ctx, identity("bank", "b", somchai, hub.IAL23), account.Visit{})
	w.mem.SetStatus(a.ID, account.Suspended, "fraud")
	got, _, err := w.Resolve(w.ctx, identity("bank", "b", malee, hub.IAL23), account.Visit{})
	if !errors.Is(err, hub.Refused) || got != (account.Account{}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// LIF-15 under concurrency: one new person through several doors at once is one account.
func TestLIF15_RaceEndsInOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const doors, each = 3, 8
	ids := make(chan hub.AccountID, doors*each)
	var wg sync.WaitGroup
	for i := range doors * each {
		wg.Go(func() {
			provider := fmt.Sprintf("idp-%d", i%doors)
			a, _, err := w.Resolve(w.ctx, identity(provider, "s", somchai, hub.IAL23), account.Visit{})
			if err != nil {
				t.Error(err)
			}
			ids <- a.ID
		})
	}
	wg.Wait()
	close(ids)
	first := <-ids
	for id := range ids {
		if id != first {
			t.Error("two accounts of one person")
		}
	}
	if accounts, links := w.mem.Accounts(); accounts != 1 || links != doors {
		t.Errorf("%d accounts, %d links", accounts, links)
	}
}

// rival lets another login win between reading and writing.
type rival struct {
	account.Store
	before func()
}

func (r rival) Create(ctx context.Context, a account.Account, l account.Link, p *account.PersonKey) error {
	r.before()
	return r.Store.Create(ctx, a, l, p)
}

func (r rival) AddLink(ctx context.Context, l account.Link) error {
	r.before()
	return r.Store.AddLink(ctx, l)
}

func (r rival) AddPerson(ctx context.Context, id hub.AccountID, k account.PersonKey, at time.Time) error {
	r.before()
	return r.Store.AddPerson(ctx, id, k, at)
}

func TestResolve_ReadsAgainWhereAnotherWasFaster(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	calls := 0
	slow := service(t, rival{w.mem.AccountStore(), func() { calls++ }}, w.mem, w.clock)
	conflicts := 2
	w.mem.Fail = func(op string) error {
		if strings.HasPrefix(op, "account.create") && conflicts > 0 {
			conflicts--
			return hub.Errorf("test", hub.Conflict, "faster")
		}
		return nil
	}
	if _, outcome, err := slow.Resolve(w.ctx, identity("thaid", "a", somchai, hub.IAL23), account.Visit{}); err != nil || outcome != account.Created || calls != 3 {
		t.Errorf("%q, %v, %d calls", outcome, err, calls)
	}
	w.mem.Fail = func(op string) error {
		if op == "account.link" {
			return hub.Errorf("test", hub.Conflict, "faster")
		}
		return nil
	}
	calls = 0
	if _, _, err := slow.Resolve(w.ctx, identity("bank", "b", somchai, hub.IAL23), account.Visit{}); !errors.Is(err, hub.Unavailable) || calls > 10 {
		t.Errorf("for ever: %v, %d calls", err, calls)
	}
}

// The number of a link may be claimed by somebody else between reading and writing: then it is theirs.
func TestResolve_NumberClaimedInBetweenIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, _, err := w.Resolve(w.ctx, identity("bank", "b", "", hub.IAL21), account.Visit{}); err != nil {
		t.Fatal(err)
	}
	store := w.mem.AccountStore()
	once := sync.OnceFunc(func() {
		key := account.PersonKey{Kind: "th.citizen", Hash: logintest.Index{}.Index("person", "th.citizen", somchai)}
		a := account.Account{ID: "other", Status: account.Active}
		l := account.Link{ID: "l", Account: "other", Provider: "thaid", SubjectHash: []byte("x")}
		if err := store.Create(context.Background(), a, l, &key); err != nil {
			t.Error(err)
		}
	})
	slow := service(t, lateRead{store, once}, w.mem, w.clock)
	_, outcome, err := slow.Resolve(w.ctx, identity("bank", "b", somchai, hub.IAL21), account.Visit{})
	if !errors.Is(err, hub.Refused) || outcome != account.PersonTaken {
		t.Errorf("%q, %v", outcome, err)
	}
}

// lateRead lets the number be claimed right after it was found free.
type lateRead struct {
	account.Store
	after func()
}

func (l lateRead) ByPerson(ctx context.Context, k account.PersonKey) (account.Account, error) {
	a, err := l.Store.ByPerson(ctx, k)
	l.after()
	return a, err
}

// D5: no event, no account.
func TestD5_WithoutItsEventNoAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mem.Fail = func(op string) error {
		if op == "audit" {
			return hub.Errorf("test", hub.Unavailable, "no record")
		}
		return nil
	}
	_, _, err := w.Resolve(w.ctx, identity("thaid", "a", somchai, hub.IAL23), account.Visit{})
	if accounts, links := w.mem.Accounts(); !errors.Is(err, hub.Unavailable) || accounts+links != 0 {
		t.Errorf("%v, %d, %d", err, accounts, links)
	}
}
