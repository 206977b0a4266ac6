package account_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login/logintest"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// lifeWorld is a Life over a real database, with what it ends and tells noted.
type lifeWorld struct {
	*account.Life
	clock  *logintest.Clock
	mem    *logintest.Memory // the record
	store  *hubsql.Accounts
	ended  []hub.AccountID
	told   []string
	broken error // of the notices
	ctx    context.Context
	id     hub.AccountID
}

func (w *lifeWorld) EndAccount(_ context.Context, id hub.AccountID, _ time.Time) error {
	w.ended = append(w.ended, id)
	return nil
}

func (w *lifeWorld) Changed(_ context.Context, _ hub.AccountID, became account.Status, reason account.Reason, channel string) error {
	w.told = append(w.told, fmt.Sprint(became, " ", reason, " ", channel))
	return w.broken
}

func newLifeWorld(t *testing.T) *lifeWorld {
	t.Helper()
	db := sqltest.SQLite(t)
	stores, err := hubsql.New(db)
	if err != nil {
		t.Fatal(err)
	}
	w := &lifeWorld{clock: logintest.NewClock(), store: stores.Accounts, ctx: t.Context()}
	w.mem = logintest.NewMemory(w.clock.Now)
	hw := hubtest.NewWorld(t, hubtest.Stores{Accounts: stores.Accounts})
	w.id = hw.Account(t).ID
	w.Life, err = account.NewLife(account.LifeOptions{
		Store: stores.Accounts, Ends: w, Notices: w, Audit: w.mem, Tx: db, Clock: w.clock.Now, Random: rand.Reader, ResumeWithin: 24 * time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

var desk = account.Actor{Kind: account.ByStaff, ID: "desk-3"}

// The way of an account through its life: each change is told, ends what must end, and is in the history and in the record.
func TestLIF02_TheWayThroughALife(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t)
	person := account.Actor{Kind: account.ByPerson, ID: string(w.id)}
	for _, c := range []struct {
		do     func(context.Context, account.Order) (account.Change, error)
		reason account.Reason
		by     account.Actor
		want   hub.Kind
		status account.Status
		kind   string
		ends   int
	}{
		{w.Resume, account.Requested, desk, hub.Conflict, account.Active, "", 0},
		{w.Suspend, account.Deceased, desk, hub.Invalid, account.Active, "", 0},
		{w.Suspend, "because", desk, hub.Invalid, account.Active, "", 0},
		{w.ReportLost, "", person, "", account.Suspended, "account.reported_lost", 1},
		{w.Suspend, account.Review, desk, hub.Conflict, account.Suspended, "", 1},
		{w.Resume, account.Requested, person, hub.Denied, account.Suspended, "", 1},
		{w.Resume, account.Cleared, desk, "", account.Active, "account.resumed", 1},
		{w.Suspend, account.Requested, person, "", account.Suspended, "account.suspended", 2},
		{w.Terminate, account.Deceased, desk, "", account.Terminated, "account.terminated", 3},
		{w.Terminate, account.Deceased, desk, hub.Conflict, account.Terminated, "", 3},
		{w.Resume, account.Cleared, desk, hub.Conflict, account.Terminated, "", 3},
	} {
		w.clock.Add(time.Hour)
		told := len(w.told)
		_, err := c.do(w.ctx, account.Order{Account: w.id, Reason: c.reason, By: c.by, Channel: "web"})
		if hub.KindOf(err) != c.want {
			t.Fatalf("%s: %v, want %q", c.reason, err, c.want)
		}
		a, changes, err := w.Show(w.ctx, w.id)
		if err != nil || a.Status != c.status || len(w.ended) != c.ends {
			t.Fatalf("%s: %v, %v, %d ends", c.reason, a.Status, err, len(w.ended))
		}
		events := w.mem.Events()
		if c.want != "" {
			if len(w.told) != told {
				t.Errorf("%s: told of what did not happen", c.reason)
			}
			if c.want == hub.Conflict && (len(events) == 0 || events[len(events)-1].Outcome != audit.Refusal) {
				t.Errorf("%s: the refusal is not recorded", c.reason)
			}
			continue
		}
		if e := events[len(events)-1]; e.Kind != c.kind || e.Account != w.id || e.Detail["by"] != string(c.by.Kind) || e.Reason != string(changes[0].Reason) {
			t.Errorf("%s: event %+v", c.reason, e)
		}
		if changes[0].Became != c.status || changes[0].By != c.by || !changes[0].At.Equal(w.clock.Now()) {
			t.Errorf("%s: history %+v", c.reason, changes[0])
		}
		if len(w.told) != told+1 {
			t.Errorf("%s: not told", c.reason)
		}
	}
}

// LIF-01: who orders is an id, and a person orders for nobody else.
func TestLIF01_WhoOrders(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t)
	for name, c := range map[string]struct {
		by   account.Actor
		want hub.Kind
	}{
		"another person":   {account.Actor{Kind: account.ByPerson, ID: hub.NewID(rand.Reader)}, hub.Denied},
		"nobody":           {account.Actor{Kind: account.ByPerson}, hub.Denied},
		"a name":           {account.Actor{Kind: account.ByStaff, ID: "Somchai Jaidee"}, hub.Invalid},
		"a citizen number": {account.Actor{Kind: account.ByStaff, ID: "n1101700230708"}, hub.Invalid},
		"no kind":          {account.Actor{ID: "desk-3"}, hub.Invalid},
	} {
		_, err := w.Suspend(w.ctx, account.Order{Account: w.id, Reason: account.Requested, By: c.by})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.Suspend(w.ctx, account.Order{Account: "nobody", Reason: account.Requested, By: desk}); !errors.Is(err, hub.NotFound) {
		t.Errorf("no account: %v", err)
	}
}

// LIF-08: past its time a suspension can't be undone.
func TestLIF08_AnExpiredSuspensionStays(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t)
	if _, err := w.Suspend(w.ctx, account.Order{Account: w.id, Reason: account.Review, By: desk}); err != nil {
		t.Fatal(err)
	}
	w.clock.Add(24*time.Hour + time.Microsecond)
	if _, err := w.Resume(w.ctx, account.Order{Account: w.id, Reason: account.Cleared, By: desk}); !errors.Is(err, hub.Expired) {
		t.Errorf("%v", err)
	}
}

// D5: without its notice or its event nothing has happened.
func TestD5_AChangeStandsOrFallsWithNoticeAndEvent(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*lifeWorld){
		"notice": func(w *lifeWorld) { w.broken = hub.E("test", hub.Unavailable, nil) },
		"event": func(w *lifeWorld) {
			w.mem.Fail = func(op string) error {
				if op == "audit" {
					return hub.E("test", hub.Unavailable, nil)
				}
				return nil
			}
		},
	} {
		w := newLifeWorld(t)
		fail(w)
		if _, err := w.Suspend(w.ctx, account.Order{Account: w.id, Reason: account.Review, By: desk}); !errors.Is(err, hub.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
		if a, changes, err := w.Show(w.ctx, w.id); err != nil || a.Status != account.Active || len(changes) != 0 {
			t.Errorf("%s: %+v, %v, %v", name, a, changes, err)
		}
	}
}

func TestNewLife_NeedsItsParts(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t)
	whole := func() account.LifeOptions {
		return account.LifeOptions{Store: w.store, Ends: w, Notices: w, Audit: w.mem, Tx: w.mem, Clock: w.clock.Now, Random: rand.Reader}
	}
	for name, drop := range map[string]func(*account.LifeOptions){
		"store": func(o *account.LifeOptions) { o.Store = nil }, "ends": func(o *account.LifeOptions) { o.Ends = nil },
		"notices": func(o *account.LifeOptions) { o.Notices = nil }, "audit": func(o *account.LifeOptions) { o.Audit = nil },
		"tx": func(o *account.LifeOptions) { o.Tx = nil }, "clock": func(o *account.LifeOptions) { o.Clock = nil },
		"random": func(o *account.LifeOptions) { o.Random = nil }, "time": func(o *account.LifeOptions) { o.ResumeWithin = -1 },
	} {
		o := whole()
		drop(&o)
		if _, err := account.NewLife(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := account.NewLife(whole()); err != nil {
		t.Error(err)
	}
}
