package login_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
)

// A passive request never shows a page, whatever is missing.
func TestPassive_NeverShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	family := []hub.AttributeName{hub.FamilyName}
	wantFailure(t, "nobody signed in", b.begin(login.Request{System: health, Passive: true}), hub.Unauthenticated)
	wantFailure(t, "not even with a hint", b.begin(login.Request{System: health, Passive: true, ProviderHint: bank}), hub.Unauthenticated)
	r := b.signIn(health, w.somchai(thaid))
	for name, c := range map[string]struct {
		req  login.Request
		want hub.Kind
	}{
		"consent":       {login.Request{System: tax, Attributes: family}, login.ConsentNeeded},
		"higher":        {login.Request{System: library}, login.ConsentNeeded},
		"told first":    {login.Request{System: tax, Attributes: []hub.AttributeName{hub.CitizenID}}, login.ConsentNeeded},
		"choice":        {login.Request{System: health, SelectAccount: true}, login.SelectionNeeded},
		"force":         {login.Request{System: health, Force: true}, hub.Unauthenticated},
		"age 0":         {login.Request{System: health, MaxAge: minutes(0)}, hub.Unauthenticated},
		"level":         {login.Request{System: health, Want: hub.Level{AAL: hub.AAL22}}, hub.Unauthenticated},
		"other account": {login.Request{System: health, Account: "somebody"}, hub.Unauthenticated},
	} {
		c.req.Passive = true
		wantFailure(t, name, b.begin(c.req), c.want)
	}
	for name, req := range map[string]login.Request{
		"as it is": {System: health}, "right account": {System: health, Account: r.Session.Account}, "young enough": {System: health, MaxAge: minutes(1)},
		"nothing to consent to": {System: health, AskConsent: true},
	} {
		req.Passive = true
		if n := b.begin(req); n.Done.Failure != "" {
			t.Errorf("%s: %q", name, n.Done.Failure)
		}
	}
	if len(w.mem.Logins()) != 1 {
		t.Error("a passive request left a transaction")
	}
}

// max_age, prompt=login, prompt=select_account: when somebody must authenticate again, and what counts as again.
func TestFreshness_IsAskedForAndChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		req   login.Request
		fresh bool // asked of the provider
		told  time.Duration
		in    bool
	}{
		{"no wish, old there", login.Request{}, false, -11 * time.Hour, true},
		{"no wish, but older than AAL2 may get", login.Request{}, false, -12 * time.Hour, false},
		{"force, just now", login.Request{Force: true}, true, 0, true},
		{"force, old there", login.Request{Force: true}, true, -10 * time.Minute, false},
		{"select, old there", login.Request{SelectAccount: true}, true, -10 * time.Minute, false},
		{"age 0, just now", login.Request{MaxAge: minutes(0)}, true, 0, true},
		{"age 0, old there", login.Request{MaxAge: minutes(0)}, true, -10 * time.Minute, false},
		{"age 60, younger there", login.Request{MaxAge: minutes(60)}, false, -50 * time.Minute, true},
		{"age 60, older there", login.Request{MaxAge: minutes(60)}, false, -70 * time.Minute, false},
	} {
		w := newWorld(t)
		w.browser().signIn(health, w.somchai(bank)) // elsewhere: who was idle here is asked again in any case (SES-10)
		b := w.browser()
		w.clock.Add(2 * time.Hour)
		c.req.System = health
		n := b.choose(b.begin(c.req), bank)
		id := w.somchai(bank)
		id.AuthTime = id.AuthTime.Add(c.told)
		n = b.answered(n, id)
		asks := w.fed.Asks()
		if a := asks[len(asks)-1]; a.Fresh != c.fresh || a.MaxAge != c.req.MaxAge {
			t.Errorf("%s: asked %+v", c.name, a)
		}
		if in := n.Done != nil && n.Done.Failure == ""; in != c.in {
			t.Errorf("%s: in is %v: %+v", c.name, in, n.Show)
		}
		if !c.in {
			wantChooser(t, c.name, n, hub.Refused, bank)
		}
	}
	w := newWorld(t)
	b := w.browser()
	id := w.somchai(bank)
	id.AuthTime = time.Time{}
	wantChooser(t, "not told", b.answered(b.choose(b.begin(login.Request{System: health, Force: true}), bank), id), hub.Refused, bank)
}

func TestProviderHint_SkipsTheChooserWhereAble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	if n := b.begin(login.Request{System: health, ProviderHint: bank}); !strings.HasPrefix(n.Redirect, "https://bank.test/") {
		t.Errorf("%+v", n)
	} else if n = b.answered(n, w.somchai(bank)); n.Done == nil {
		t.Errorf("%+v", n)
	}
	for _, p := range []hub.ProviderID{app, "nobody"} { // below, unknown
		if n := w.browser().begin(login.Request{System: health, ProviderHint: p}); n.Show == nil || n.Show.Problem != "" {
			t.Errorf("%s: %+v", p, n)
		}
	}
}

// Two people at one browser: the later one gets a session of their own and the earlier one's is over; but where the system asked for
// somebody, nobody else will do.
func TestAnotherAccountInTheSameBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	first := b.signIn(health, w.somchai(bank))
	n := b.choose(b.begin(login.Request{System: health, Force: true, Account: first.Session.Account}), bank)
	n = b.answered(n, w.malee(bank))
	wantChooser(t, "somebody else", n, hub.Conflict, bank)
	if s := w.mem.LiveSessions(); len(s) != 1 || s[0].ID != first.Session.ID || n.Session != nil {
		t.Fatal("the session was touched")
	}
	n = b.answered(b.choose(n, bank), w.somchai(bank))
	if n.Done == nil || n.Done.Session.ID != first.Session.ID {
		t.Fatalf("the right one: %+v", n.Done)
	}
	n = b.answered(b.choose(b.begin(login.Request{System: health, SelectAccount: true}), bank), w.malee(bank))
	if n.Done == nil || n.Done.Session.Account == first.Session.Account || n.Done.Session.ID == first.Session.ID {
		t.Fatalf("the other one: %+v", n.Done)
	}
	if s, _ := w.sessions.Get(w.ctx, first.Session.ID); s.EndReason != session.EndedByOther || s.Vault != nil {
		t.Errorf("the first one's session: %q", s.EndReason)
	}
	if live := w.mem.LiveSessions(); len(live) != 1 || live[0].Account != n.Done.Session.Account {
		t.Error("not one session")
	}
}

func TestCancel_IsDeniedAndFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	for _, at := range []login.Step{login.StepChoose, login.StepUpstream, login.StepConsent} {
		n := b.begin(login.Request{System: tax, Force: true, Attributes: []hub.AttributeName{hub.FamilyName}, AskConsent: true})
		var sent login.Next
		if at != login.StepChoose {
			sent = b.choose(n, thaid)
		}
		if at == login.StepConsent {
			b.answered(sent, w.somchai(thaid))
		}
		wantFailure(t, string(at), b.took(w.Cancel(w.ctx, n.Transaction, *b.b)), hub.Denied)
		if e := w.last(); e.Reason != "cancelled" {
			t.Errorf("event %+v", e)
		}
		_, err := w.Cancel(w.ctx, n.Transaction, *b.b)
		wantKind(t, "again", err, hub.Consumed)
		if at == login.StepUpstream {
			_, err = b.answer(sent, thaid, w.somchai(thaid), nil)
			wantKind(t, "a late answer", err, hub.Consumed)
			if len(w.mem.LiveSessions()) != 0 {
				t.Error("signed in after cancelling")
			}
		}
	}
}

func TestTransaction_LivesFifteenMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.begin(login.Request{System: health})
	w.clock.Add(15*time.Minute - time.Microsecond)
	b.show(n)
	w.clock.Add(time.Microsecond)
	_, err := w.Show(w.ctx, n.Transaction, *b.b)
	wantKind(t, "after 15 minutes", err, hub.Expired)
	if k, err := w.Purge(w.ctx); err != nil || k != 0 {
		t.Errorf("at the minute: %d, %v", k, err)
	}
	w.clock.Add(time.Microsecond)
	if k, err := w.Purge(w.ctx); err != nil || k != 1 || len(w.mem.Logins()) != 0 {
		t.Errorf("purge: %d, %v", k, err)
	}
}

// Invariant 2: the log of failures, the events and the rows of a whole login hold nothing of the person.
func TestInvariant2_LogEventsAndRowsHoldNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	n := b.begin(login.Request{System: tax, Attributes: []hub.AttributeName{hub.FamilyName}})
	n = b.took(b.answer(b.choose(n, thaid), thaid, w.somchai(thaid), hub.E("test", hub.Refused, nil)))
	n = b.answered(b.choose(n, thaid), w.somchai(thaid))
	b.consent(n, "family_name/return")
	dump := w.log.String() + fmt.Sprintf("%#v", w.mem.Events())
	for _, tx := range slices.Collect(maps.Values(w.mem.Logins())) {
		dump += fmt.Sprintf("%#v %s", tx, tx.Private)
	}
	for _, hidden := range []string{somchai, family, "sub-", "sid-", "nonce of", b.b.Session.Reveal(), b.b.Binding.Reveal()} {
		if strings.Contains(dump, hidden) {
			t.Errorf("found what must not rest")
		}
	}
}
