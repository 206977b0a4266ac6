package notice_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login/logintest"
	"onedoor/hub/notice"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// carrier is a channel that takes what it is told to.
type carrier struct {
	channel string
	err     error
	mu      sync.Mutex
	took    []notice.Notice
	whom    []string // contacts, as often as they were tried
}

func (c *carrier) Channel() string { return c.channel }

func (c *carrier) Notify(_ context.Context, n notice.Notice, contact string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whom = append(c.whom, contact)
	if c.err == nil {
		c.took = append(c.took, n)
	}
	return c.err
}

// people knows the contacts of the one account there is.
type people struct{ contacts []notice.Contact }

func (p *people) Whom(context.Context, hub.AccountID, time.Time) ([]notice.Contact, error) {
	return p.contacts, nil
}

type world struct {
	*notice.Service
	clock *logintest.Clock
	mem   *logintest.Memory // the record
	id    hub.AccountID
	ctx   context.Context
	who   *people
	// insert gives the account contacts.
	insert func(contacts ...notice.Contact)
}

func newWorld(t *testing.T, by ...notice.Notifier) world {
	t.Helper()
	db := sqltest.SQLite(t)
	w := world{who: &people{}, clock: logintest.NewClock(), id: hub.AccountID(hub.NewID(rand.Reader)), ctx: hub.WithInteraction(t.Context(), "interactiononeaaaaaaaaaaaa")}
	w.mem = logintest.NewMemory(w.clock.Now)
	stores, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	now := w.clock.Now()
	err = stores.Accounts.Create(w.ctx, account.Account{ID: w.id, Status: account.Active, CreatedAt: now, ChangedAt: now}, account.Link{
		ID: hub.NewID(rand.Reader), Account: w.id, Provider: "bank", SubjectHash: hub.NewSecret(rand.Reader).Bytes(), LinkedAt: now, LastUsedAt: now,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := hubsql.NewNotices(db)
	if err != nil {
		t.Fatal(err)
	}
	w.Service, err = notice.New(notice.Options{Store: kept, Audit: w.mem, Tx: db, Clock: w.clock.Now, Random: rand.Reader, Contacts: w.who, Notifiers: by})
	w.insert = func(contacts ...notice.Contact) {
		t.Helper()
		for _, c := range contacts {
			if err := db.Write(t.Context()).Exec(`INSERT INTO contacts (id, account, kind, language, added_at, removed_at) VALUES (?, ?, 'email', 'en', 1, 1)`, c.ID, string(w.id)).Error; err != nil {
				t.Fatal(err)
			}
		}
		w.who.contacts = append(w.who.contacts, contacts...)
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var level = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}

// AUD-09: a raise is told to every contact, each once, and through no channel in which it happened; who does not answer is tried
// again, ever more slowly.
func TestAUD09_EveryContactIsToldOnceAndNoneInTheChannelItself(t *testing.T) {
	t.Parallel()
	same, first, second := &carrier{channel: "web"}, &carrier{channel: "email"}, &carrier{channel: "sms", err: hub.E("test", hub.Unavailable, nil)}
	w := newWorld(t, same, first, second)
	w.insert(notice.Contact{ID: "here", Channel: "web"}, notice.Contact{ID: "old", Channel: "email"}, notice.Contact{ID: "new", Channel: "email"},
		notice.Contact{ID: "phone", Channel: "sms"}, notice.Contact{ID: "fax", Channel: "fax"})
	if err := w.Raised(w.ctx, w.id, level, "bank", "web"); err != nil {
		t.Fatal(err)
	}
	deliver := func(want int, kind hub.Kind) {
		t.Helper()
		if n, err := w.Deliver(t.Context()); n != want || hub.KindOf(err) != kind {
			t.Fatalf("told %d, %v, want %d, %q", n, err, want, kind)
		}
	}
	deliver(0, hub.Unavailable)
	deliver(0, "") // put off: not due
	for i, pause := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
		w.clock.Add(pause - time.Microsecond)
		deliver(0, "")
		if len(second.whom) != i+1 {
			t.Fatalf("tried before %v were over", pause)
		}
		w.clock.Add(time.Microsecond)
		deliver(0, hub.Unavailable)
	}
	if !slices.Equal(first.whom, []string{"old", "new"}) {
		t.Errorf("by e-mail: %v", first.whom)
	}
	all, err := w.Of(w.ctx, w.id, 10)
	if err != nil || len(all) != 1 || !all[0].DeliveredAt.IsZero() || all[0].Tries != 4 {
		t.Fatalf("waiting: %+v, %v", all, err)
	}
	second.err = nil
	w.clock.Add(time.Hour)
	deliver(1, "")
	w.clock.Add(24 * time.Hour)
	deliver(0, "")
	if len(same.whom) != 0 || len(second.took) != 1 || second.took[0].Level != level || second.took[0].Interaction != "interactiononeaaaaaaaaaaaa" {
		t.Errorf("%+v, %+v", same.whom, second.took)
	}
	if all, _ = w.Of(w.ctx, w.id, 10); all[0].DeliveredBy != "email,sms" {
		t.Errorf("%+v", all)
	}
	events := w.mem.Events()
	if len(events) != 3 {
		t.Fatalf("events %+v", events)
	}
	for i, want := range []string{"old", "new", "phone"} {
		if e := events[i]; e.Kind != "notice.delivered" || e.Account != w.id || e.Detail["contact"] != want || e.Interaction != "interactiononeaaaaaaaaaaaa" {
			t.Errorf("event %+v", e)
		}
	}
}

// A notice to nobody waits for a contact. One that nobody can be told of, for good or for five days, is failed, and shown so.
func TestAUD09_FailedAfterTheLastTryIsShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind hub.Kind
		why  string
	}{"no such address": {hub.Refused, "refused"}, "address gone": {hub.NotFound, "refused"}, "no answer": {hub.Unavailable, "unreachable"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			by := &carrier{channel: "email", err: hub.E("test", c.kind, nil)}
			w := newWorld(t, by)
			if err := w.Changed(w.ctx, w.id, notice.AccountSuspended, "lost", "desk"); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if n, err := w.Deliver(t.Context()); n != 0 || err != nil {
					t.Fatalf("nobody to tell: %d, %v", n, err)
				}
				w.clock.Add(7 * 24 * time.Hour)
			}
			w.insert(notice.Contact{ID: "mail", Channel: "email"})
			if err := w.Reachable(w.ctx, w.id); err != nil {
				t.Fatal(err)
			}
			began, failed := w.clock.Now(), time.Time{}
			for w.clock.Now().Sub(began) < 6*24*time.Hour {
				if n, err := w.Deliver(t.Context()); n != 0 || err != nil && !errors.Is(err, hub.Unavailable) {
					t.Fatalf("%d, %v", n, err)
				}
				all, err := w.Of(w.ctx, w.id, 1)
				if err != nil {
					t.Fatal(err)
				}
				if failed = all[0].FailedAt; !failed.IsZero() {
					if all[0].FailedWhy != c.why || all[0].Reason != "lost" {
						t.Errorf("%+v", all[0])
					}
					break
				}
				w.clock.Add(10 * time.Minute)
			}
			switch took := failed.Sub(began); {
			case failed.IsZero():
				t.Fatal("never given up")
			case c.kind == hub.Unavailable && took < 5*24*time.Hour:
				t.Errorf("given up after %v", took)
			case c.kind == hub.Unavailable && len(by.whom) > 40:
				t.Errorf("%d tries", len(by.whom))
			case c.kind != hub.Unavailable && len(by.whom) != 1:
				t.Errorf("tried %d times", len(by.whom))
			}
			events := w.mem.Events()
			if e := events[len(events)-1]; e.Kind != "notice.failed" || e.Detail["why"] != c.why || e.Outcome != audit.Failure {
				t.Errorf("%+v", e)
			}
			if counts, err := w.Count(t.Context()); err != nil || counts != (notice.Counts{Failed: 1}) {
				t.Errorf("%+v, %v", counts, err)
			}
		})
	}
}

// A channel that is down does not hold up a round for every notice that is due; what is behind another channel goes.
func TestAUD09_ADeadChannelEndsTheRoundForItself(t *testing.T) {
	t.Parallel()
	down, up := &carrier{channel: "email", err: hub.E("test", hub.Unavailable, nil)}, &carrier{channel: "sms"}
	w := newWorld(t, down, up)
	w.insert(notice.Contact{ID: "mail", Channel: "email"}, notice.Contact{ID: "phone", Channel: "sms"})
	for range 20 {
		if err := w.Changed(w.ctx, w.id, notice.ContactAdded, "", "web"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Deliver(t.Context()); !errors.Is(err, hub.Unavailable) {
		t.Fatal(err)
	}
	if len(down.whom) > 3+4 || len(up.took) != 20 {
		t.Errorf("%d and %d tries", len(down.whom), len(up.took))
	}
}

// Without a channel nothing is lost and nothing is tried.
func TestAUD09_WithoutChannelsEverythingStaysDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		if err := w.Raised(w.ctx, w.id, level, "bank", "web"); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := w.Deliver(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if all, err := w.Of(w.ctx, w.id, 10); err != nil || len(all) != 1 || all[0].Tries != 0 || all[0].Channel != "web" || all[0].Provider != "bank" {
		t.Errorf("%+v, %v", all, err)
	}
}

func TestNew_NeedsItsPartsAndChannelsOfTheirOwn(t *testing.T) {
	t.Parallel()
	clock := logintest.NewClock()
	mem := logintest.NewMemory(clock.Now)
	whole := func() notice.Options {
		return notice.Options{Store: &hubsql.Notices{}, Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader, Contacts: &people{}}
	}
	for name, drop := range map[string]func(*notice.Options){
		"store": func(o *notice.Options) { o.Store = nil }, "audit": func(o *notice.Options) { o.Audit = nil }, "tx": func(o *notice.Options) { o.Tx = nil },
		"clock": func(o *notice.Options) { o.Clock = nil }, "random": func(o *notice.Options) { o.Random = nil },
		"nil notifier": func(o *notice.Options) { o.Notifiers = []notice.Notifier{nil} },
		"no channel":   func(o *notice.Options) { o.Notifiers = []notice.Notifier{&carrier{}} },
		"one channel, twice": func(o *notice.Options) {
			o.Notifiers = []notice.Notifier{&carrier{channel: "email"}, &carrier{channel: "email"}}
		},
		"no contacts": func(o *notice.Options) { o.Contacts, o.Notifiers = nil, []notice.Notifier{&carrier{channel: "email"}} },
	} {
		o := whole()
		drop(&o)
		if _, err := notice.New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := notice.New(whole()); err != nil {
		t.Error(err)
	}
}
