package logout_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// SSO-05: one end tells everybody, by each one's own way, and the ledger and the record say so.
func TestSSO05_OneEndTellsEverybody(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		oidc, upstream := &way{protocol: "oidc"}, &way{protocol: "oidc-upstream"}
		browser := &way{protocol: "saml", means: func(session.Participant) logout.Means { return logout.Browser }}
		w := newWorld(t, db, nil, oidc, upstream, browser)
		w.run()
		id := w.person()
		s, secret := w.session(id, slices.Concat(systems("oidc", "tax", 3), systems("cas", "old", 1), systems("saml", "health", 1), []session.Participant{
			{Provider: "thaid", Protocol: "oidc-upstream", Ref: "sealed"}, {System: "asks", Protocol: "saml"}, {System: "asks", Protocol: "oidc"},
		})...)
		begin := time.Now()
		c, err := w.EndBy(t.Context(), secret, session.Cause{Reason: session.EndedBySystem, System: "asks", Protocol: "saml"})
		if err != nil || c.Session != s.ID || c.Account != id || c.Cause.System != "asks" {
			t.Fatalf("%+v, %v", c, err)
		}
		// Whom only the browser can tell nobody waits for: it comes when the answer is there.
		if told, err := w.Wait(t.Context(), time.Minute, c.ID); err != nil || !told || time.Since(begin) < delay || time.Since(begin) > 30*time.Second {
			t.Errorf("told %v after %v, %v", told, time.Since(begin), err)
		}
		got := w.states(c.ID)
		if got[logout.Confirmed] != 5 || got[logout.Unreachable] != 1 || got[logout.Visiting] != 1 || got[logout.Initiator] != 1 {
			t.Errorf("%v", got)
		}
		for _, who := range []string{"tax-0", "tax-1", "tax-2", "asks"} {
			all := oidc.heard(who)
			if len(all) != 1 || all[0].Session != s.ID || all[0].Account != id || all[0].Interaction == "" {
				t.Errorf("%s heard %+v", who, all)
			}
		}
		if all := upstream.heard("thaid"); len(all) != 1 || all[0].Ref != "sealed" {
			t.Errorf("the provider heard %+v", all)
		}
		// The end of what has ended is the same campaign, and nobody is told again.
		again, err := w.End(t.Context(), s.ID, person)
		if err != nil || again.ID != c.ID {
			t.Errorf("%+v, %v", again, err)
		}
		// The browser comes back from the one visit: everything is told.
		entries, _ := w.Ledger(t.Context(), c.ID)
		i := slices.IndexFunc(entries[0].Notices, func(n logout.Notice) bool { return n.State == logout.Visiting })
		if err := w.Visited(t.Context(), entries[0].Notices[i].ID, nil); err != nil {
			t.Fatal(err)
		}
		if closed, err := w.Wait(t.Context(), time.Minute, c.ID); err != nil || !closed {
			t.Errorf("%v, %v", closed, err)
		}
		kinds := w.kinds(id)
		for kind, want := range map[string]int{"session.ended": 1, "logout.opened": 1, "logout.confirmed": 6, "logout.unreachable": 1, "logout.closed": 1} {
			n := 0
			for _, k := range kinds {
				if k == kind {
					n++
				}
			}
			if n != want {
				t.Errorf("%d times %s in %v", n, kind, kinds)
			}
		}
	})
}

// Invariant 9, and the measure: ten that hang don't hold back forty that don't.
func TestI9_AHangingParticipantHarmsNoOther(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		released := make(chan struct{}) // until then the ten hang, whatever the clock says
		hang := &way{protocol: "slow", tell: func(ctx context.Context, _ logout.Notice) error {
			select {
			case <-released:
				return hub.Errorf("logout_test", hub.Unavailable, "let go")
			case <-ctx.Done():
				return ctx.Err()
			}
		}}
		w := newWorld(t, db, func(o *logout.Options) { o.Timeout = 5 * time.Minute }, &way{protocol: "oidc"}, hang)
		w.run()
		s, _ := w.session(w.person(), slices.Concat(systems("slow", "hangs", 10), systems("oidc", "well", 40))...)
		begin := time.Now()
		c, err := w.End(t.Context(), s.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		for w.states(c.ID)[logout.Confirmed] != 40 {
			if time.Since(begin) > 2*time.Minute {
				t.Fatalf("%v after %v", w.states(c.ID), time.Since(begin))
			}
			_, _ = w.Wait(t.Context(), delay, c.ID)
		}
		close(released)
		for w.states(c.ID)[logout.Retrying] != 10 {
			_, _ = w.Wait(t.Context(), delay, c.ID)
		}
		all, _ := w.Ledger(t.Context(), c.ID)
		if !all[0].ClosedAt.IsZero() {
			t.Error("closed while ten are being told")
		}
	})
}

// cut is the store of a node that can open campaigns and then does nothing any more.
type cut struct{ logout.Store }

func (cut) Claim(context.Context, time.Time, time.Time, int) ([]logout.Notice, error) {
	return nil, nil
}

func (cut) Settle(context.Context, []logout.Change, time.Time) ([]logout.Notice, []logout.Campaign, error) {
	return nil, nil, hub.Errorf("cut", hub.Unavailable, "dead")
}

// A node that dies leaves its notices to another, which tells them under the same ids.
func TestI9_AnotherNodeTakesOver(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		begun := make(chan string, 8)
		dead := &way{protocol: "oidc", tell: func(ctx context.Context, n logout.Notice) error {
			begun <- n.ID
			<-ctx.Done() // the node dies in the middle of it
			return ctx.Err()
		}}
		quick := func(o *logout.Options) { o.Timeout, o.Lease = time.Second, 1200*time.Millisecond }
		a := newWorld(t, db, func(o *logout.Options) { quick(o); o.Store = cut{o.Store} }, dead)
		a.run()
		s, _ := a.session(a.person(), systems("oidc", "tax", 1)...)
		c, err := a.End(t.Context(), s.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		first := <-begun
		alive := &way{protocol: "oidc"}
		b := newWorld(t, db, quick, alive)
		b.run()
		if closed, err := b.Wait(t.Context(), 20*time.Second, c.ID); err != nil || !closed {
			t.Fatalf("%v, %v", closed, err)
		}
		if got := alive.heard("tax-0"); len(got) == 0 || got[0].ID != first {
			t.Errorf("heard %+v, the first try was %s", got, first)
		}
	})
}

// What is rolled back tells nobody, and a process without ways leaves its notices to the nodes that serve.
func TestD6_RolledBackTellsNobodyAndAnOfficeLeavesItToTheNodes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		oidc, none := &way{protocol: "oidc"}, &way{protocol: "plain", means: func(session.Participant) logout.Means { return logout.Nothing }}
		node := newWorld(t, db, nil, oidc, none)
		node.run()
		id := node.person()
		s, _ := node.session(id, systems("oidc", "tax", 1)...)
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := node.sessions.End(ctx, s.ID, person); err != nil {
				return err
			}
			return hub.Errorf("test", hub.Conflict, "undone")
		})
		if !errors.Is(err, hub.Conflict) || len(oidc.heard("tax-0")) != 0 {
			t.Fatalf("%v, heard %v", err, oidc.heard("tax-0"))
		}
		office := newWorld(t, db, func(o *logout.Options) { o.Quiet = true })
		node.session(id, slices.Concat(systems("plain", "poor", 1), systems("nobody", "lost", 1))...)
		var all []logout.Campaign
		err = db.InTx(t.Context(), func(ctx context.Context) error {
			all, err = office.EndAccount(ctx, id, session.Cause{Reason: session.EndedByAccount})
			return err
		})
		if err != nil || len(all) != 2 {
			t.Fatalf("%v, %v", all, err)
		}
		if closed, err := node.Wait(t.Context(), 20*time.Second, all[0].ID, all[1].ID); err != nil || !closed {
			t.Fatalf("%v, %v", closed, err)
		}
		if heard := oidc.heard("tax-0"); len(heard) != 1 || heard[0].Cause.Reason != session.EndedByAccount {
			t.Errorf("heard %+v", heard)
		}
		failed, err := node.Failed(t.Context(), logout.Cursor{}, 10)
		if err != nil || len(failed) != 2 || failed[0].State != logout.Unreachable || failed[0].Reason != "no_way" {
			t.Errorf("%+v, %v", failed, err)
		}
	})
}

// Leaving one department ends what it holds and tells it alone; the session lives, and its end later does not tell it again.
func TestLeave_OneDepartmentOnly(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		oidc := &way{protocol: "oidc"}
		w := newWorld(t, db, nil, oidc)
		w.run()
		id := w.person()
		s, secret := w.session(id, systems("oidc", "tax", 2)...)
		now := time.Now().UTC().Truncate(time.Microsecond)
		var codes []grant.Credential
		for _, system := range []hub.SystemID{"tax-0", "tax-1"} {
			g := grant.Grant{
				ID: hub.GrantID(hub.NewID(rand.Reader)), Session: s.ID, Account: id, System: system, Interaction: s.Interaction,
				Scopes: []string{"openid"}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
			}
			code := grant.Credential{Hash: hub.NewSecret(rand.Reader).Hash(), Grant: g.ID, State: []byte("{}"), IssuedAt: now, ExpiresAt: now.Add(time.Minute)}
			if err := w.stores.Grants.CreateWithCode(t.Context(), g, code); err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		c, err := w.Leave(t.Context(), s.ID, "tax-0", person)
		if err != nil || c.Left != "tax-0" {
			t.Fatalf("%+v, %v", c, err)
		}
		if closed, err := w.Wait(t.Context(), 20*time.Second, c.ID); err != nil || !closed {
			t.Fatalf("%v, %v", closed, err)
		}
		if heard := oidc.heard("tax-0"); len(heard) != 1 || !heard[0].Left || len(oidc.heard("tax-1")) != 0 {
			t.Errorf("heard %+v", heard)
		}
		if _, _, err := w.stores.Grants.Code(t.Context(), codes[0].Hash); !errors.Is(err, hub.Consumed) {
			t.Errorf("the code of the department that was left: %v", err)
		}
		if _, _, err := w.stores.Grants.Code(t.Context(), codes[1].Hash); err != nil {
			t.Errorf("the code of the other one: %v", err)
		}
		if _, _, err := w.sessions.Resume(t.Context(), secret); err != nil {
			t.Errorf("the session: %v", err)
		}
		if _, err := w.Leave(t.Context(), s.ID, "tax-0", person); !errors.Is(err, hub.NotFound) {
			t.Errorf("leaving twice: %v", err)
		}
		end, err := w.End(t.Context(), s.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		if closed, err := w.Wait(t.Context(), 20*time.Second, end.ID); err != nil || !closed {
			t.Fatalf("%v, %v", closed, err)
		}
		if len(oidc.heard("tax-0")) != 1 || len(oidc.heard("tax-1")) != 1 {
			t.Error("the one that was left was told again, or the other one not")
		}
		// Outstanding codes end with the session.
		if _, _, err := w.stores.Grants.Code(t.Context(), codes[1].Hash); !errors.Is(err, hub.Consumed) {
			t.Errorf("the code after the end: %v", err)
		}
	})
}

// D2: whoever waits is answered no sooner than the lease's delay, also where somebody else has ended the session, and not at all once gone.
func TestD2_WaitNeverAnswersTooSoon(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t, db, func(o *logout.Options) { o.Delay = func() time.Duration { return 150 * time.Millisecond } })
		begin := time.Now()
		if closed, err := w.Wait(t.Context(), 0); err != nil || !closed || time.Since(begin) < 150*time.Millisecond {
			t.Errorf("%v after %v, %v", closed, time.Since(begin), err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.Wait(gone, time.Minute); !errors.Is(err, hub.Unavailable) {
			t.Errorf("gone: %v", err)
		}
	})
}

// The page's view is for its bearer alone, and visits set out once.
func TestView_AndVisits(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *sqldb.DB) {
		front := &way{protocol: "saml", means: func(session.Participant) logout.Means { return logout.Browser }, visit: logout.Visit{URL: "https://health.example/slo"}}
		odd := &way{protocol: "odd", means: func(session.Participant) logout.Means { return logout.Browser }}
		w := newWorld(t, db, nil, front, odd)
		w.run()
		s, _ := w.session(w.person(), slices.Concat(systems("saml", "health", 2), systems("odd", "odd", 1))...)
		c, err := w.End(t.Context(), s.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := w.View(t.Context(), []string{c.ID}, "https://tax.example/bye", "tax")
		if err != nil {
			t.Fatal(err)
		}
		v, all, err := w.Viewed(t.Context(), secret)
		if err != nil || v.Onward != "https://tax.example/bye" || len(all) != 1 || len(all[0].Notices) != 3 {
			t.Fatalf("%+v, %+v, %v", v, all, err)
		}
		if _, _, err := w.Viewed(t.Context(), hub.NewSecret(rand.Reader)); !errors.Is(err, hub.NotFound) {
			t.Errorf("another secret: %v", err)
		}
		for _, n := range all[0].Notices {
			got, err := w.Visit(t.Context(), n, "https://onedoor.example/signed-out/x")
			if n.Protocol == "odd" {
				if !errors.Is(err, hub.NotFound) {
					t.Errorf("no way to visit: %v", err)
				}
				continue
			}
			if err != nil || got.URL != "https://health.example/slo" {
				t.Errorf("%+v, %v", got, err)
			}
			for _, want := range []bool{true, false} {
				if first, err := w.Depart(t.Context(), n, 100*time.Millisecond); err != nil || first != want {
					t.Errorf("departs: %v, %v", first, err)
				}
			}
		}
		ids := all[0].Notices
		if err := w.Visited(t.Context(), ids[0].ID, hub.Errorf("test", hub.Refused, "no")); err != nil {
			t.Fatal(err)
		}
		// The other one does not come back in time: nobody knows.
		for w.states(c.ID)[logout.Visiting] > 0 {
			if _, err := w.Wait(t.Context(), 0, c.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.states(c.ID); got[logout.Failed] != 2 || got[logout.Visited] != 1 {
			t.Errorf("%v", got)
		}
		if n, err := w.Retry(t.Context(), c.ID, "desk-3"); err != nil || n != 2 {
			t.Errorf("retried %d, %v", n, err)
		}
	})
}
