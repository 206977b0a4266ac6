package notice_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
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
	took    []notice.Notice
}

func (c *carrier) Channel() string { return c.channel }

func (c *carrier) Notify(_ context.Context, n notice.Notice) error {
	if c.err == nil {
		c.took = append(c.took, n)
	}
	return c.err
}

type world struct {
	*notice.Service
	clock *logintest.Clock
	mem   *logintest.Memory // the record
	id    hub.AccountID
	ctx   context.Context
}

func newWorld(t *testing.T, by ...notice.Notifier) world {
	t.Helper()
	db := sqltest.SQLite(t)
	w := world{clock: logintest.NewClock(), id: hub.AccountID(hub.NewID(rand.Reader)), ctx: hub.WithInteraction(t.Context(), "interactiononeaaaaaaaaaaaa")}
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
	w.Service, err = notice.New(notice.Options{Store: kept, Audit: w.mem, Tx: db, Clock: w.clock.Now, Random: rand.Reader, Notifiers: by})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var level = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}

// AUD-09: a raise is told through another channel than the one in which it happened, once; until one takes it, it stays.
func TestAUD09_ToldThroughAnotherChannelOnly(t *testing.T) {
	t.Parallel()
	same, first, second := &carrier{channel: "web"}, &carrier{channel: "email", err: hub.E("test", hub.NotFound, nil)}, &carrier{channel: "letter", err: hub.E("test", hub.Unavailable, nil)}
	w := newWorld(t, same, first, second)
	if err := w.Raised(w.ctx, w.id, level, "bank", "web"); err != nil {
		t.Fatal(err)
	}
	deliver := func(want int) {
		t.Helper()
		if n, err := w.Deliver(t.Context()); err != nil || n != want {
			t.Fatalf("told %d, %v, want %d", n, err, want)
		}
	}
	deliver(0)
	deliver(0) // put off: not due
	for _, pause := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		w.clock.Add(pause - time.Microsecond)
		second.err = nil
		deliver(0)
		if len(second.took) != 0 {
			t.Fatalf("tried before %v were over", pause)
		}
		second.err = hub.E("test", hub.Unavailable, nil)
		w.clock.Add(time.Microsecond)
		deliver(0)
	}
	all, err := w.Of(w.ctx, w.id, 10)
	if err != nil || len(all) != 1 || !all[0].DeliveredAt.IsZero() || all[0].Tries != 4 {
		t.Fatalf("waiting: %+v, %v", all, err)
	}
	second.err = nil
	w.clock.Add(time.Hour)
	deliver(1)
	deliver(0)
	if len(same.took) != 0 || len(second.took) != 1 || second.took[0].Level != level || second.took[0].Interaction != "interactiononeaaaaaaaaaaaa" {
		t.Errorf("%+v, %+v", same.took, second.took)
	}
	if all, _ = w.Of(w.ctx, w.id, 10); all[0].DeliveredBy != "letter" {
		t.Errorf("%+v", all)
	}
	if events := w.mem.Events(); len(events) != 1 || events[0].Kind != "notice.delivered" || events[0].Account != w.id || events[0].Channel != "letter" ||
		events[0].Interaction != "interactiononeaaaaaaaaaaaa" {
		t.Errorf("events %+v", events)
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
		return notice.Options{Store: &hubsql.Notices{}, Audit: mem, Tx: mem, Clock: clock.Now, Random: rand.Reader}
	}
	for name, drop := range map[string]func(*notice.Options){
		"store": func(o *notice.Options) { o.Store = nil }, "audit": func(o *notice.Options) { o.Audit = nil }, "tx": func(o *notice.Options) { o.Tx = nil },
		"clock": func(o *notice.Options) { o.Clock = nil }, "random": func(o *notice.Options) { o.Random = nil },
		"nil notifier": func(o *notice.Options) { o.Notifiers = []notice.Notifier{nil} },
		"no channel":   func(o *notice.Options) { o.Notifiers = []notice.Notifier{&carrier{}} },
		"one channel, twice": func(o *notice.Options) {
			o.Notifiers = []notice.Notifier{&carrier{channel: "email"}, &carrier{channel: "email"}}
		},
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
