package federationsql_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
)

type events struct {
	mu  sync.Mutex
	all []audit.Event
	err error
}

func (e *events) Record(_ context.Context, all ...audit.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, all...)
	return e.err
}

// cutter notes whom it cuts off.
type cutter struct{ cut []string }

func (c *cutter) Cut(_ context.Context, id hub.ProviderID, by hub.AccountID) error {
	c.cut = append(c.cut, string(id)+" "+string(by))
	return nil
}

func (c *cutter) Progress(context.Context, hub.ProviderID) (int, time.Time, error) {
	if len(c.cut) == 0 {
		return 0, time.Time{}, hub.Errorf("cutter", hub.NotFound, "never")
	}
	return len(c.cut), time.Time{}, nil
}

// LIF-06: what becomes of who is signed in is asked, and where it is not said, an emergency ends them.
func TestFate_AnEmergencyEnds(t *testing.T) {
	t.Parallel()
	for _, reason := range federation.HoldReasons() {
		if emergency := reason == "incident" || reason == "misuse"; federation.FateByReason.Ends(reason) != emergency || !federation.FateEnd.Ends(reason) || federation.FateKeep.Ends(reason) {
			t.Errorf("%s: %v", reason, federation.FateByReason.Ends(reason))
		}
	}
}

// LOA-02, LIF-06: staff suspend a provider at once and by themselves, and resume it, with four eyes by somebody else; files that are applied again
// change nothing of it, every node reads the list again, and what is not recorded does not happen.
func TestLOA02_StaffSuspendAProvider(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, noted, ctx, cutter := open(t, db), &events{}, t.Context(), &cutter{}
		now := time.Date(2026, 11, 21, 12, 0, 0, 1500, time.UTC)
		brake, err := federation.NewBrake(federation.BrakeOptions{Store: s, Audit: noted, Tx: db, Clock: func() time.Time { return now }, FourEyes: true, Cutter: cutter})
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, "a bank", true, federation.Provider{ID: "bank", Status: federation.Active})
		const one, two = hub.AccountID("one"), hub.AccountID("two")
		for _, c := range []struct {
			name  string
			do    func() error
			want  error
			moves bool
		}{
			{"no such reason", func() error { return brake.Suspend(ctx, federation.Halt{By: one, Provider: "bank", Reason: "settled"}) }, hub.Invalid, false},
			{"no such provider", func() error {
				return brake.Suspend(ctx, federation.Halt{By: one, Provider: "moon", Reason: "incident"})
			}, hub.NotFound, false},
			{"nothing to resume", func() error { return brake.Resume(ctx, two, "bank", "settled") }, hub.NotFound, false},
			{"no such fate", func() error {
				return brake.Suspend(ctx, federation.Halt{By: one, Provider: "bank", Reason: "incident", Sessions: "maybe"})
			}, hub.Invalid, false},
			{"suspend", func() error {
				return brake.Suspend(ctx, federation.Halt{By: one, Provider: "bank", Reason: "incident", Sessions: federation.FateKeep})
			}, nil, true},
			{"suspend twice", func() error { return brake.Suspend(ctx, federation.Halt{By: two, Provider: "bank", Reason: "misuse"}) }, hub.Conflict, false},
			{"and end its sessions", func() error {
				return brake.Suspend(ctx, federation.Halt{By: two, Provider: "bank", Reason: "misuse", Sessions: federation.FateEnd})
			}, nil, false},
			{"while they are ended", func() error {
				return brake.Suspend(ctx, federation.Halt{By: two, Provider: "bank", Reason: "misuse", Sessions: federation.FateEnd})
			}, hub.Conflict, false},
			{"resume by who suspended it", func() error { return brake.Resume(ctx, one, "bank", "settled") }, hub.Denied, false},
			{"resume without a reason", func() error { return brake.Resume(ctx, two, "bank", "") }, hub.Invalid, false},
		} {
			before := version(t, s)
			if err := c.do(); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
			if moved := version(t, s) != before; moved != c.moves {
				t.Errorf("%s: the version moved: %v", c.name, moved)
			}
		}
		if len(cutter.cut) != 1 || cutter.cut[0] != "bank two" {
			t.Errorf("cut off: %v", cutter.cut)
		}
		put(t, s, "files again", false, federation.Provider{ID: "bank", Status: federation.Active})
		held, err := s.Holds(ctx)
		if err != nil || len(held) != 1 || held[0] != (federation.Hold{Provider: "bank", Reason: "incident", By: one, At: now.Truncate(time.Microsecond)}) {
			t.Errorf("%+v, %v", held, err)
		}
		noted.err = hub.Errorf("x", hub.Unavailable, "the record can't be written")
		if err := brake.Resume(ctx, two, "bank", "settled"); !errors.Is(err, hub.Unavailable) {
			t.Errorf("unrecorded: %v", err)
		}
		if held, _ := s.Holds(ctx); len(held) != 1 {
			t.Error("D5: what was not recorded has happened")
		}
		noted.err, noted.all = nil, nil
		var wg sync.WaitGroup
		var resumed atomic.Int64
		for range 8 {
			wg.Go(func() {
				switch err := brake.Resume(ctx, two, "bank", "settled"); {
				case err == nil:
					resumed.Add(1)
				case !errors.Is(err, hub.NotFound):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if resumed.Load() != 1 || len(noted.all) != 1 || noted.all[0].Kind != "provider.resumed" || noted.all[0].Provider != "bank" || noted.all[0].Detail["by"] != "two" {
			t.Errorf("resumed %d times, recorded %+v", resumed.Load(), noted.all)
		}
	})
	if _, err := federation.NewBrake(federation.BrakeOptions{}); !errors.Is(err, hub.Invalid) {
		t.Errorf("without options: %v", err)
	}
}
