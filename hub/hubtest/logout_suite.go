package hubtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// LogoutStore is the conformance suite of logout.Store.
func LogoutStore(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, *World){
		"RoundTrip": logoutRoundTrip, "OneCampaignForOneEnd": logoutOnce, "ClaimTakesEachOnce": logoutClaim, "SettleClosesAtTheLast": logoutSettle,
		"TheLastTwoAtOnceClose": logoutCloseRace, "DepartsOnce": logoutDepart, "Reopen": logoutReopen, "I10_FailedByPages": logoutFailed, "I10_OwnRowsOnly": logoutLists,
		"Views": logoutViews, "AThousandInOne": logoutMany, "EndAndJoinRace": logoutJoinRace, "LeaveAndJoinRace": logoutLeaveRace,
		"FormerSecretOnlyEnds": logoutFormer, "D3_ToldProvidersLeaveNothing": logoutShred,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t, NewWorld(t, open(t))) })
	}
}

// campaign gives one that is in no store yet, with n open notices to n systems.
func (w *World) campaign(n int) (logout.Campaign, []logout.Notice) {
	at := w.Clock.Now()
	c := logout.Campaign{
		ID: w.ID(), Session: hub.SessionID(w.ID()), Account: hub.AccountID(w.ID()), Interaction: hub.InteractionID(w.ID()), At: at,
		Cause: session.Cause{Reason: session.EndedBySystem, System: "tax", Protocol: "oidc"},
	}
	var all []logout.Notice
	for i := range n {
		all = append(all, logout.Notice{
			ID: w.ID(), Campaign: c.ID, Session: c.Session, Account: c.Account, System: hub.SystemID(fmt.Sprintf("system-%04d", i)), Protocol: "oidc",
			Ref: "r", Cause: c.Cause, Interaction: c.Interaction, At: at, Until: at.Add(time.Hour), State: logout.Open, NextAt: at,
		})
	}
	return c, all
}

func (w *World) opened(t *testing.T, n int) (logout.Campaign, []logout.Notice) {
	t.Helper()
	c, all := w.campaign(n)
	must(t, w.Logouts.Open(t.Context(), c, all))
	return c, all
}

func done(n logout.Notice, state logout.State, at time.Time) logout.Change {
	return logout.Change{ID: n.ID, State: state, Tried: true, NextAt: at, DoneAt: at}
}

func logoutRoundTrip(t *testing.T, w *World) {
	c, all := w.campaign(2)
	all[1].System, all[1].Provider, all[1].State, all[1].DoneAt, all[1].Reason = "", "thaid", logout.Unreachable, w.Clock.Now(), "no_way"
	must(t, w.Logouts.Open(t.Context(), c, all))
	got, err := w.Logouts.Of(t.Context(), c.Session)
	must(t, err)
	wantSame(t, "campaign", got, c)
	entries, err := w.Logouts.Entries(t.Context(), []string{c.ID, w.ID()})
	must(t, err)
	wantSame(t, "entry", entries, []logout.Entry{{Campaign: c, Notices: []logout.Notice{all[1], all[0]}}})
	n, err := w.Logouts.Notice(t.Context(), all[1].ID)
	must(t, err)
	wantSame(t, "notice", n, all[1])
	_, err = w.Logouts.Notice(t.Context(), w.ID())
	wantKind(t, "unknown notice", err, hub.NotFound)
	_, err = w.Logouts.Of(t.Context(), hub.SessionID(w.ID()))
	wantKind(t, "unknown session", err, hub.NotFound)
	none, err := w.Logouts.Entries(t.Context(), nil)
	if err != nil || none != nil {
		t.Errorf("nothing asked: %v, %v", none, err)
	}
}

func logoutOnce(t *testing.T, w *World) {
	first, _ := w.opened(t, 1)
	again, notices := w.campaign(1)
	again.Session = first.Session
	wantKind(t, "a second campaign of one end", w.Logouts.Open(t.Context(), again, notices), hub.Conflict)
	for range 2 { // one may leave a system again and again
		left, notices := w.campaign(1)
		left.Session, left.Left = first.Session, "tax"
		notices[0].Left = true
		must(t, w.Logouts.Open(t.Context(), left, notices))
	}
	c, notices := w.campaign(2)
	notices[1].System = notices[0].System
	wantKind(t, "two notices to one participant", w.Logouts.Open(t.Context(), c, notices), hub.Conflict)
	_, err := w.Logouts.Of(t.Context(), c.Session)
	wantKind(t, "nothing of it stays", err, hub.NotFound)
}

func logoutClaim(t *testing.T, w *World) {
	const many = 60
	w.opened(t, many)
	now := w.Clock.Now()
	var mu sync.Mutex
	taken := map[string]int{}
	var wg sync.WaitGroup
	for range racers {
		wg.Go(func() {
			for {
				got, err := w.Logouts.Claim(t.Context(), now, now.Add(time.Minute), 7)
				if err != nil {
					t.Error(err)
					return
				}
				if len(got) == 0 {
					return
				}
				mu.Lock()
				for _, n := range got {
					taken[n.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(taken) != many {
		t.Errorf("%d were taken of %d", len(taken), many)
	}
	for id, n := range taken {
		if n != 1 {
			t.Errorf("%s was taken %d times", id, n)
		}
	}
	none, err := w.Logouts.Claim(t.Context(), now.Add(time.Minute-time.Microsecond), now.Add(time.Hour), many)
	if err != nil || len(none) != 0 {
		t.Errorf("under the lease: %d, %v", len(none), err)
	}
	again, err := w.Logouts.Claim(t.Context(), now.Add(time.Minute), now.Add(time.Hour), many+1)
	if err != nil || len(again) != many {
		t.Errorf("after the lease: %d, %v", len(again), err)
	}
}

func logoutSettle(t *testing.T, w *World) {
	ctx := t.Context()
	c, all := w.opened(t, 3)
	at := w.Clock.Advance(time.Second)
	next := at.Add(time.Minute)
	changed, closed, err := w.Logouts.Settle(ctx, []logout.Change{
		done(all[0], logout.Confirmed, at),
		{ID: all[1].ID, State: logout.Retrying, Tried: true, NextAt: next, Reason: "timeout"},
		{ID: all[2].ID, State: logout.Open, NextAt: next},
		done(logout.Notice{ID: w.ID()}, logout.Confirmed, at),
	}, at)
	must(t, err)
	if len(changed) != 3 || len(closed) != 0 {
		t.Errorf("%d changed, %d closed", len(changed), len(closed))
	}
	entries, err := w.Logouts.Entries(ctx, []string{c.ID})
	must(t, err)
	n := entries[0].Notices
	all[0].State, all[0].Tries, all[0].NextAt, all[0].DoneAt = logout.Confirmed, 1, at, at
	all[1].State, all[1].Tries, all[1].NextAt, all[1].Reason = logout.Retrying, 1, next, "timeout"
	all[2].NextAt = next
	wantSame(t, "notices", n, all)

	at = w.Clock.Advance(time.Second)
	changed, closed, err = w.Logouts.Settle(ctx, []logout.Change{
		done(all[0], logout.Failed, at), done(all[1], logout.Confirmed, at), done(all[2], logout.Failed, at),
	}, at)
	must(t, err)
	if len(changed) != 2 || len(closed) != 1 || closed[0].ID != c.ID || !closed[0].ClosedAt.Equal(at) {
		t.Errorf("%v changed, closed %v", changed, closed)
	}
	if got, _ := w.Logouts.Notice(ctx, all[0].ID); got.State != logout.Confirmed {
		t.Errorf("what was final became %s", got.State)
	}
	failed, err := w.Logouts.Failed(ctx, logout.Cursor{}, 10)
	if err != nil || len(failed) != 1 || failed[0].ID != all[2].ID {
		t.Errorf("failed: %v, %v", failed, err)
	}
}

// What failed comes by pages, the latest first: all of it for the platform, and for a department what went to its own systems, though another's
// systems fail more often and later. What ended at the same moment is neither shown twice nor left out.
func logoutFailed(t *testing.T, w *World) {
	ctx := t.Context()
	var want []logout.Notice
	for range 5 {
		at := w.Clock.Advance(time.Second)
		c, all := w.campaign(8)
		all[7].System, all[7].Provider = "", "thaid"
		for i, n := range all {
			all[i].DoneAt = at
			switch i % 4 {
			case 0, 3:
				all[i].State, all[i].Reason = logout.Failed, "timeout"
			case 1:
				all[i].State, all[i].Reason = logout.Unreachable, "no_way"
			default:
				all[i].State = logout.Confirmed
			}
			if n.ID != all[2].ID && n.ID != all[6].ID {
				want = append(want, all[i])
			}
		}
		must(t, w.Logouts.Open(ctx, c, all))
	}
	slices.SortFunc(want, func(a, b logout.Notice) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID)) })
	own := []hub.SystemID{"system-0000", "system-0002", "system-0005", "never-told"}
	for name, c := range map[string]struct {
		list func(logout.Cursor, int) ([]logout.Notice, error)
		in   func(logout.Notice) bool
	}{
		"all":  {func(b logout.Cursor, n int) ([]logout.Notice, error) { return w.Logouts.Failed(ctx, b, n) }, func(logout.Notice) bool { return true }},
		"own":  {func(b logout.Cursor, n int) ([]logout.Notice, error) { return w.Logouts.FailedAt(ctx, own, b, n) }, func(n logout.Notice) bool { return slices.Contains(own, n.System) }},
		"none": {func(b logout.Cursor, n int) ([]logout.Notice, error) { return w.Logouts.FailedAt(ctx, nil, b, n) }, func(logout.Notice) bool { return false }},
	} {
		var left []logout.Notice
		for _, n := range want {
			if c.in(n) {
				left = append(left, n)
			}
		}
		for from := (logout.Cursor{}); ; {
			got, err := c.list(from, 3)
			must(t, err)
			if len(got) == 0 {
				break
			}
			wantSame(t, name, got, left[:min(3, len(left))])
			left = left[len(got):]
			from = logout.Cursor{At: got[len(got)-1].At, ID: got[len(got)-1].ID}
		}
		if len(left) > 0 {
			t.Errorf("%s: %d were never listed", name, len(left))
		}
	}
}

func logoutCloseRace(t *testing.T, w *World) {
	const many = 12
	_, all := w.opened(t, many)
	at := w.Clock.Now()
	var mu sync.Mutex
	var closes int
	var wg sync.WaitGroup
	for _, n := range all {
		wg.Go(func() {
			_, closed, err := w.Logouts.Settle(t.Context(), []logout.Change{done(n, logout.Confirmed, at)}, at)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			closes += len(closed)
			mu.Unlock()
		})
	}
	wg.Wait()
	if closes != 1 {
		t.Errorf("closed %d times", closes)
	}
}

func logoutDepart(t *testing.T, w *World) {
	c, all := w.campaign(2)
	all[0].State = logout.Visiting
	must(t, w.Logouts.Open(t.Context(), c, all))
	race(t, hub.Consumed, func(int) error {
		first, err := w.Logouts.Depart(t.Context(), all[0].ID, w.Clock.Now().Add(time.Minute))
		if err == nil && !first {
			return hub.Consumed
		}
		return err
	})
	if n, err := w.Logouts.Outstanding(t.Context(), []string{c.ID}); n != 1 || err != nil {
		t.Errorf("one is open and one only for the browser, and %d outstanding, %v", n, err)
	}
	if first, err := w.Logouts.Depart(t.Context(), all[1].ID, w.Clock.Now()); first || err != nil {
		t.Errorf("a notice that is not visited: %v, %v", first, err)
	}
}

func logoutReopen(t *testing.T, w *World) {
	ctx := t.Context()
	c, all := w.opened(t, 3)
	at := w.Clock.Now()
	_, _, err := w.Logouts.Settle(ctx, []logout.Change{
		done(all[0], logout.Failed, at), done(all[1], logout.Unreachable, at), done(all[2], logout.Confirmed, at),
	}, at)
	must(t, err)
	if n, err := w.Logouts.Outstanding(ctx, []string{c.ID}); n != 0 || err != nil {
		t.Errorf("all are final, and %d outstanding, %v", n, err)
	}
	again, err := w.Logouts.Reopen(ctx, all[0].ID, at, at.Add(2*time.Hour))
	must(t, err)
	if n, err := w.Logouts.Outstanding(ctx, []string{c.ID, "unknown"}); n != 1 || err != nil {
		t.Errorf("one is open, and %d outstanding, %v", n, err)
	}
	if n, err := w.Logouts.Outstanding(ctx, nil); n != 0 || err != nil {
		t.Errorf("of none %d are outstanding, %v", n, err)
	}
	if len(again) != 1 || again[0].State != logout.Open || !again[0].Until.Equal(at.Add(2*time.Hour)) || again[0].Tries != 1 {
		t.Errorf("%+v", again)
	}
	if got, _ := w.Logouts.Of(ctx, c.Session); !got.ClosedAt.IsZero() {
		t.Error("the campaign stayed closed")
	}
	if again, err = w.Logouts.Reopen(ctx, c.ID, at, at); err != nil || len(again) != 1 || again[0].ID != all[1].ID {
		t.Errorf("of the campaign: %v, %v", again, err)
	}
	_, err = w.Logouts.Reopen(ctx, c.ID, at, at)
	wantKind(t, "nothing failed", err, hub.NotFound)
	live, err := w.Logouts.Underway(ctx, 10)
	if err != nil || len(live) == 0 {
		t.Errorf("under way: %+v, %v", live, err)
	}
	for i, e := range live {
		if e.ClosedAt.IsZero() != slices.ContainsFunc(e.Notices, func(n logout.Notice) bool { return !n.State.Final() }) || i > 0 && live[i-1].At.Before(e.At) {
			t.Errorf("under way, %d: %+v", i, e)
		}
	}
	if some, err := w.Logouts.Underway(ctx, 1); err != nil || len(some) != 1 || some[0].ID != live[0].ID {
		t.Errorf("one under way: %+v, %v", some, err)
	}
	if n, oldest, err := w.Logouts.Backlog(ctx); n != 2 || !oldest.Equal(at) || err != nil {
		t.Errorf("backlog %d since %v, %v", n, oldest, err)
	}
}

// logoutLists holds invariant 10: a department sees what concerns itself, a person what concerns their own sessions.
func logoutLists(t *testing.T, w *World) {
	ctx := t.Context()
	first, _ := w.opened(t, 2)
	w.Clock.Advance(time.Minute)
	second, _ := w.opened(t, 2)
	got, err := w.Logouts.OfSystem(ctx, "system-0001", w.Clock.Now().Add(time.Second), 10)
	must(t, err)
	if len(got) != 2 || got[0].Campaign != second.ID || got[1].Campaign != first.ID ||
		slices.ContainsFunc(got, func(n logout.Notice) bool { return n.System != "system-0001" }) {
		t.Errorf("own rows: %+v", got)
	}
	if got, _ = w.Logouts.OfSystem(ctx, "system-0001", w.Clock.Now(), 10); len(got) != 1 || got[0].Campaign != first.ID {
		t.Errorf("the page before: %+v", got)
	}
	if got, _ = w.Logouts.OfSystem(ctx, "", w.Clock.Now().Add(time.Hour), 10); len(got) != 0 {
		t.Errorf("of no system: %+v", got)
	}
	entries, err := w.Logouts.OfAccount(ctx, first.Account, 10)
	if err != nil || len(entries) != 1 || entries[0].ID != first.ID || len(entries[0].Notices) != 2 {
		t.Errorf("of the account: %+v, %v", entries, err)
	}
	at := w.Clock.Now()
	for _, e := range []logout.Campaign{first, second} {
		all, _ := w.Logouts.Entries(ctx, []string{e.ID})
		for _, n := range all[0].Notices {
			_, _, err := w.Logouts.Settle(ctx, []logout.Change{done(n, logout.Confirmed, at)}, at)
			must(t, err)
		}
	}
	if n, err := w.Logouts.Purge(ctx, at.Add(logout.Kept), 10); n != 0 || err != nil {
		t.Errorf("purged too early: %d, %v", n, err)
	}
	if n, err := w.Logouts.Purge(ctx, at.Add(logout.Kept+time.Microsecond), 10); n != 2 || err != nil {
		t.Errorf("purged %d, %v", n, err)
	}
}

func logoutViews(t *testing.T, w *World) {
	ctx, now := t.Context(), w.Clock.Now()
	secret := hub.NewSecret(w.Random)
	v := logout.View{Campaigns: []string{w.ID(), w.ID()}, Onward: "https://tax.example.go.th/out", System: "tax", ExpiresAt: now.Add(time.Minute)}
	must(t, w.Logouts.Show(ctx, secret.Hash(), v))
	wantKind(t, "the same secret", w.Logouts.Show(ctx, secret.Hash(), v), hub.Conflict)
	got, err := w.Logouts.Shown(ctx, secret.Hash(), now)
	must(t, err)
	wantSame(t, "view", got, v)
	_, err = w.Logouts.Shown(ctx, secret.Hash(), now.Add(time.Minute))
	wantKind(t, "expired", err, hub.NotFound)
	_, err = w.Logouts.Shown(ctx, hub.NewSecret(w.Random).Hash(), now)
	wantKind(t, "unknown", err, hub.NotFound)
	if n, err := w.Logouts.Purge(ctx, now.Add(time.Hour), 10); n != 1 || err != nil {
		t.Errorf("purged %d, %v", n, err)
	}
}

func logoutMany(t *testing.T, w *World) {
	c, all := w.opened(t, 1000)
	at := w.Clock.Now()
	changes := make([]logout.Change, len(all))
	for i, n := range all {
		changes[i] = done(n, logout.Confirmed, at)
	}
	changed, closed, err := w.Logouts.Settle(t.Context(), changes, at)
	if err != nil || len(changed) != 1000 || len(closed) != 1 || closed[0].ID != c.ID {
		t.Errorf("%d changed, %d closed, %v", len(changed), len(closed), err)
	}
}

// logoutJoinRace holds that no participant is forgotten: each Join of a session that is ending either fails, or is in the list that the end
// reads in its transaction.
func logoutJoinRace(t *testing.T, w *World) {
	ctx := t.Context()
	for range 8 {
		s, _ := w.Session(t)
		var mu sync.Mutex
		joined := map[hub.SystemID]bool{}
		var told []session.Participant
		var wg sync.WaitGroup
		gate := make(chan struct{})
		for i := range racers {
			wg.Go(func() {
				<-gate
				system := hub.SystemID(fmt.Sprintf("system-%d", i))
				err := w.InTx(ctx, func(ctx context.Context) error {
					return w.Sessions.Join(ctx, session.Participant{Session: s.ID, System: system, Protocol: "oidc", FirstAt: Noon(), LastAt: Noon()})
				})
				switch {
				case err == nil:
					mu.Lock()
					joined[system] = true
					mu.Unlock()
				case !errors.Is(err, hub.Expired):
					t.Errorf("join: %v", err)
				}
			})
		}
		wg.Go(func() {
			<-gate
			err := w.InTx(ctx, func(ctx context.Context) error {
				if _, err := w.Sessions.End(ctx, s.ID, session.EndedByPerson, w.Clock.Now()); err != nil {
					return err
				}
				var err error
				told, err = w.Sessions.Participants(ctx, s.ID)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		close(gate)
		wg.Wait()
		if len(told) != len(joined) {
			t.Fatalf("%d joined, %d are told", len(joined), len(told))
		}
		wantKind(t, "after the end", w.Sessions.Join(ctx, session.Participant{Session: s.ID, System: "late", Protocol: "oidc", FirstAt: Noon(), LastAt: Noon()}), hub.Expired)
		_, err := w.Sessions.Leave(ctx, s.ID, "system-0")
		wantKind(t, "leaving an ended session", err, hub.Expired)
	}
}

func logoutLeaveRace(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	for _, p := range []session.Participant{
		{System: "tax", Protocol: "oidc"}, {System: "tax", Protocol: "saml"}, {System: "health", Protocol: "oidc"}, {Provider: "thaid", Protocol: "oidc-upstream"},
	} {
		p.Session, p.FirstAt, p.LastAt = s.ID, Noon(), Noon()
		must(t, w.Sessions.Join(ctx, p))
	}
	var mu sync.Mutex
	total := 0
	var wg sync.WaitGroup
	for range racers {
		wg.Go(func() {
			gone, err := w.Sessions.Leave(ctx, s.ID, "tax")
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			total += len(gone)
			mu.Unlock()
		})
	}
	wg.Wait()
	left, err := w.Sessions.Participants(ctx, s.ID)
	if total != 2 || err != nil || len(left) != 2 || left[0].Provider != "thaid" || left[1].System != "health" {
		t.Errorf("%d gone, left %+v, %v", total, left, err)
	}
	_, err = w.Sessions.Leave(ctx, hub.SessionID(w.ID()), "tax")
	wantKind(t, "unknown session", err, hub.NotFound)
	wantKind(t, "neither system nor provider", w.Sessions.Join(ctx, session.Participant{Session: s.ID, Protocol: "oidc", FirstAt: Noon(), LastAt: Noon()}), hub.Invalid)
}

// logoutFormer: a sign-out in one tab while another tab's step-up has just brought a new secret ends the session that it means.
func logoutFormer(t *testing.T, w *World) {
	ctx := t.Context()
	s, old := w.Session(t)
	fresh, now := hub.NewSecret(w.Random), w.Clock.Now()
	must(t, w.Sessions.Raise(ctx, s, old.Hash(), fresh.Hash(), now.Add(time.Minute)))
	for _, c := range []struct {
		secret hub.Secret
		at     time.Time
		want   hub.Kind
	}{{fresh, now, ""}, {old, now, ""}, {old, now.Add(time.Minute), hub.NotFound}, {hub.NewSecret(w.Random), now, hub.NotFound}} {
		id, err := w.Sessions.ByRecentSecret(ctx, c.secret.Hash(), c.at)
		if hub.KindOf(err) != c.want || c.want == "" && id != s.ID {
			t.Errorf("%v: %s, %v", c, id, err)
		}
	}
	_, err := w.Sessions.BySecret(ctx, old.Hash())
	wantKind(t, "the old secret opens nothing", err, hub.NotFound)
	_, err = w.Sessions.End(ctx, s.ID, session.EndedByPerson, now)
	must(t, err)
	for _, secret := range []hub.Secret{old, fresh} {
		_, err = w.Sessions.ByRecentSecret(ctx, secret.Hash(), now)
		wantKind(t, "after the end", err, hub.NotFound)
	}
	list, err := w.Sessions.OfAccount(ctx, s.Account, true, 10)
	if err != nil || len(list) != 0 {
		t.Errorf("live: %v, %v", list, err)
	}
	list, err = w.Sessions.OfAccount(ctx, s.Account, false, 10)
	if err != nil || len(list) != 1 || list[0].ID != s.ID {
		t.Errorf("all: %v, %v", list, err)
	}
}
