package logout_test

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// cutter gives what cuts providers off on a node, by a clock that is moved.
func (w *world) cutter(ahead *atomic.Int64) *logout.Cuts {
	w.t.Helper()
	kept, err := hubsql.NewCuts(w.db)
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := logout.NewCuts(logout.CutOptions{
		Store: kept, Logout: w.Service, Revoker: w.stores.Revocations, Audit: w.record, Tx: w.db, Random: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Clock: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }, Margin: 10 * time.Second, Tokens: time.Hour,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// at starts a session at a provider that is used at a system.
func (w *world) at(provider hub.ProviderID) session.Session {
	w.t.Helper()
	s, _, _, err := w.sessions.Start(w.t.Context(), session.Authentication{Account: w.person(), Channel: "web", Identity: proof(provider, hub.AAL21)})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.sessions.Join(w.t.Context(), session.Participant{Session: s.ID, System: "tax", Protocol: "p"}); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func proof(provider hub.ProviderID, aal hub.AAL) hub.Identity {
	return hub.Identity{Provider: provider, Subject: "s", Level: hub.Level{IAL: hub.IAL23, AAL: aal}, AuthTime: time.Now()}
}

// LIF-06, invariant 9: two nodes end every session that rests on a provider, and no other; one dies in the middle and the other goes on; each session
// has one campaign, with the reason, and each participant is told under one id. What came up behind the walk is found by the last one.
func TestLIF06_TwoNodesEndWhatRestsOnAProvider(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		ctx, ahead := t.Context(), &atomic.Int64{}
		protocol := &way{protocol: "p"}
		one, two := newWorld(t, db, nil, protocol), newWorld(t, db, nil, protocol)
		var theirs, others []session.Session
		for i := range 60 {
			theirs = append(theirs, one.at("bank"))
			if i%6 == 0 {
				others = append(others, one.at("thaid"))
			}
		}
		raised := one.person()
		s, secret, _, err := one.sessions.Start(ctx, session.Authentication{Account: raised, Channel: "web", Identity: proof("thaid", hub.AAL21)})
		if err != nil {
			t.Fatal(err)
		}
		for _, provider := range []hub.ProviderID{"bank", "post"} { // the bank's own is superseded by a later, higher one, and still counts
			if s, secret, _, err = one.sessions.Raise(ctx, secret, session.Authentication{Account: raised, Channel: "web", Identity: proof(provider, hub.AAL22)}); err != nil {
				t.Fatal(err)
			}
		}
		if rests := s.RestsOn(); !slices.Equal(rests, []hub.ProviderID{"thaid", "bank", "post"}) || s.Provider != "post" || len(s.Earlier) > 1 {
			t.Fatalf("rests on %v, %+v", rests, s)
		}
		theirs = append(theirs, s)
		stop := one.run()
		two.run()
		a, b := one.cutter(ahead), two.cutter(ahead)
		interaction := hub.InteractionID(hub.NewID(rand.Reader))
		if err := a.Cut(hub.WithInteraction(ctx, interaction), "bank", "officer"); err != nil {
			t.Fatal(err)
		}
		if _, _, err := one.sessions.Resume(ctx, secret); hub.KindOf(err) != hub.Expired { // before the walk: its turn comes at once
			t.Errorf("a session that is over is used: %v", err)
		}
		killed, kill := context.WithCancel(ctx)
		var walking sync.WaitGroup
		for node, cuts := range []*logout.Cuts{a, b} {
			walking.Go(func() {
				if err := cuts.Walk(map[bool]context.Context{true: killed, false: ctx}[node == 0]); err != nil && node == 1 {
					t.Error(err)
				}
			})
		}
		kill()
		stop()
		walking.Wait()
		theirs = append(theirs, one.at("bank")) // of a login that was under way: the walk may have passed its place
		for range 4 {                           // the dead node's claim ends, the margin passes, the last walk is made
			ahead.Add(int64(31 * time.Second))
			if err := b.Walk(ctx); err != nil {
				t.Fatal(err)
			}
		}
		ended, done, err := b.Progress(ctx, "bank")
		if err != nil || done.IsZero() || ended != len(theirs)-1 { // the one that was resumed has ended by itself
			t.Errorf("%d of %d ended, done %v, %v", ended, len(theirs)-1, done, err)
		}
		ids := map[string]bool{}
		for _, s := range theirs {
			got, err := two.sessions.Get(ctx, s.ID)
			if err != nil || got.EndedAt.IsZero() || got.EndReason != session.EndedBySuspension || got.Vault != nil {
				t.Fatalf("%s of %s: %v %s %v", s.ID, s.Provider, got.EndedAt, got.EndReason, err)
			}
			c, err := two.logouts.Of(ctx, s.ID)
			if err != nil || c.Cause != (session.Cause{Reason: session.EndedBySuspension, Provider: "bank"}) {
				t.Fatalf("%+v, %v", c, err)
			}
			if _, err := two.Wait(ctx, 30*time.Second, c.ID); err != nil {
				t.Fatal(err)
			}
			all, err := two.Ledger(ctx, c.ID)
			if err != nil || len(all) != 1 {
				t.Fatal(all, err)
			}
			for _, n := range all[0].Notices {
				if ids[n.ID] = true; n.State != logout.Confirmed {
					t.Errorf("invariant 9: %+v", n)
				}
			}
		}
		for _, n := range protocol.heard("tax") {
			if !ids[n.ID] {
				t.Errorf("told under an id that is in no ledger, or of another's session: %+v", n)
			}
		}
		for _, s := range others {
			if got, err := two.sessions.Get(ctx, s.ID); err != nil || !got.EndedAt.IsZero() {
				t.Errorf("somebody else's session ended: %+v %v", got, err)
			}
		}
		events := one.events(interaction, "provider.cut", "provider.cut_done")
		if len(events) != 2 || events[0].Kind != "provider.cut" || events[0].Detail["by"] != "officer" || events[1].Detail["sessions"] == "0" {
			t.Errorf("D5: %+v", events)
		}
	})
}

// One session that can't be ended holds up no other, and the cut is not done while it is there.
func TestLIF06_OneFaultHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		ctx, ahead, broken := t.Context(), &atomic.Int64{}, &atomic.Pointer[hub.SessionID]{}
		w := newWorld(t, db, func(o *logout.Options) {
			o.Over = func(_ context.Context, c logout.Campaign, _ []session.Participant) error {
				if x := broken.Load(); x != nil && *x == c.Session {
					return hub.Errorf("test", hub.Internal, "broken")
				}
				return nil
			}
		}, &way{protocol: "p"})
		var all []session.Session
		for range 5 {
			all = append(all, w.at("bank"))
		}
		broken.Store(&all[2].ID)
		cuts := w.cutter(ahead)
		if err := cuts.Cut(ctx, "bank", ""); err != nil {
			t.Fatal(err)
		}
		for i := range 2 {
			if err := cuts.Walk(ctx); err != nil {
				t.Fatal(err)
			}
			if ended, done, err := cuts.Progress(ctx, "bank"); err != nil || ended != 4 || !done.IsZero() {
				t.Errorf("walk %d: %d ended, done %v, %v", i, ended, done, err)
			}
			ahead.Add(int64(11 * time.Second))
		}
		broken.Store(nil)
		for range 2 {
			ahead.Add(int64(2 * time.Minute))
			if err := cuts.Walk(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if ended, done, err := cuts.Progress(ctx, "bank"); err != nil || ended != 5 || done.IsZero() {
			t.Errorf("%d ended, done %v, %v", ended, done, err)
		}
	})
	if _, err := logout.NewCuts(logout.CutOptions{}); hub.KindOf(err) != hub.Invalid {
		t.Error(err)
	}
}

// events gives those of an interaction that are of some kinds, oldest first.
func (w *world) events(id hub.InteractionID, kinds ...string) []audit.Event {
	w.t.Helper()
	all, err := w.rows.Interaction(w.t.Context(), id, 2000)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(e audit.Event) bool { return !slices.Contains(kinds, e.Kind) })
}

// How many sessions a node ends in a second, each with one participant that answers at once. Run it with -benchtime 2000x.
func BenchmarkCut(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqldb.DB{
		"SQLite": func(t testing.TB) *sqldb.DB { t.Helper(); return sqltest.SQLite(t) }, "PostgreSQL": func(t testing.TB) *sqldb.DB { t.Helper(); return sqltest.Postgres(t) },
	} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, open(b), nil, &way{protocol: "p"})
			for range b.N {
				w.at("bank")
			}
			w.run()
			cuts := w.cutter(&atomic.Int64{})
			if err := cuts.Cut(b.Context(), "bank", ""); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for ended := 0; ended < b.N; {
				if err := cuts.Walk(b.Context()); err != nil {
					b.Fatal(err)
				}
				var err error
				if ended, _, err = cuts.Progress(b.Context(), "bank"); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sessions/s")
		})
	}
}

// What ending a session with five participants takes until it is committed, one after the other; they are told beside it. Run it with -benchtime 500x.
func BenchmarkEnd(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *sqldb.DB{
		"SQLite": func(t testing.TB) *sqldb.DB { t.Helper(); return sqltest.SQLite(t) }, "PostgreSQL": func(t testing.TB) *sqldb.DB { t.Helper(); return sqltest.Postgres(t) },
	} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, open(b), nil, &way{protocol: "p"})
			w.run()
			account := w.person()
			all := make([]session.Session, b.N)
			for i := range all {
				all[i], _ = w.session(account, systems("p", "s", 5)...)
			}
			b.ResetTimer()
			for i := range all {
				if _, err := w.End(b.Context(), all[i].ID, person); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
