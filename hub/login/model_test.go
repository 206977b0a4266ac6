package login_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
	"onedoor/hub/session"
)

// model knows, independently of the dispatcher, what may happen. It is told of every call and looks at what came of it.
type model struct {
	*testing.T
	w        *world
	r        *rand.Rand
	seed     uint64
	tabs     [2]tab
	begun    []begun
	sent     []sent
	spent    map[string]bool           // states whose answer has signed somebody in
	mine     [2]map[hub.SessionID]bool // sessions that this browser's own authentications made or raised
	finished map[hub.TransactionID]int // how often Done
	trace    []string
	began    map[hub.TransactionID]int // whose transaction
}

type begun struct {
	id  hub.TransactionID
	who int
}

// sent is a redirect: whose, to which provider, with which state, for which level.
type sent struct {
	tx       hub.TransactionID
	who      int
	provider hub.ProviderID
	state    string
	want     hub.Level
}

// attempt is one call of Answer as the model sees it.
type attempt struct {
	sent
	by       int            // who brings it
	to       hub.ProviderID // to whose callback
	identity hub.Identity
	good     bool // the provider says so
}

func (m *model) fail(format string, args ...any) {
	m.Helper()
	for _, line := range m.trace {
		m.Log(line)
	}
	m.Fatalf("seed %d: %s", m.seed, fmt.Sprintf(format, args...))
}

// look checks what a call gave against the laws. try is nil unless the call was an Answer.
func (m *model) look(who int, tx hub.TransactionID, n login.Next, err error, try *attempt) {
	m.Helper()
	m.trace = append(m.trace, fmt.Sprintf("   -> show %v, redirect %v, done %+v, cookie %v, err %v", n.Show != nil, n.Redirect != "", outcome(n), n.Session != nil, err))
	if err != nil {
		if n.Show != nil || n.Redirect != "" || n.Done != nil || n.Session != nil {
			m.fail("something with an error")
		}
		return
	}
	if owner, ok := m.began[tx]; ok && owner != who {
		m.fail("a transaction of browser %d answered to browser %d", owner, who)
	}
	if n.Session != nil {
		switch {
		case try == nil:
			m.fail("a session without an answer")
		case !try.good || try.by != try.who || try.to != try.provider || m.spent[try.state]:
			m.fail("a session from an answer that is bad, of another browser, swapped or spent")
		case !try.identity.Level.Satisfies(try.want):
			m.fail("a session below what was asked: %v for %v", try.identity.Level, try.want)
		}
		m.spent[try.state] = true
		sess, _, rerr := m.w.sessions.Resume(m.w.ctx, *n.Session)
		if rerr != nil {
			m.fail("the cookie opens nothing: %v", rerr)
		}
		if m.mine[1-who][sess.ID] {
			m.fail("a session of the other browser")
		}
		m.mine[who][sess.ID] = true
		m.tabs[who].b.Session = *n.Session
	}
	if n.Redirect != "" {
		state := logintest.StateOf(n.Redirect)
		var p hub.ProviderID
		for _, q := range []hub.ProviderID{thaid, bank, app} {
			if n.Redirect == "https://"+string(q)+".test/?state="+state {
				p = q
			}
		}
		stored := m.w.mem.Logins()[n.Transaction]
		sys, _ := m.w.dir.System(m.w.ctx, stored.Request.System)
		want := stored.Request.Want.Join(sys.Least)
		offers, _ := m.w.fed.Offer(m.w.ctx, want)
		able := false
		for _, c := range offers {
			able = able || c.ID == p
		}
		if !able {
			m.fail("sent to %q, which can't reach %v", p, want)
		}
		m.sent = append(m.sent, sent{n.Transaction, who, p, state, want})
	}
	if n.Done == nil {
		return
	}
	m.finished[n.Transaction]++
	if m.finished[n.Transaction] > 1 {
		m.fail("done twice")
	}
	if n.Done.Failure != "" {
		return
	}
	sess := n.Done.Session
	sys, _ := m.w.dir.System(m.w.ctx, n.Done.Request.System)
	want := n.Done.Request.Want.Join(sys.Least)
	acct, _ := m.w.accounts.Get(m.w.ctx, sess.Account)
	switch {
	case !m.mine[who][sess.ID]:
		m.fail("done with a session that this browser did not make")
	case !sess.Serves(want, m.w.clock.Now()):
		m.fail("done with a session that does not serve %v", want)
	case acct.Status != account.Active:
		m.fail("done for an account that is %s", acct.Status)
	case n.Done.Request.Account != "" && n.Done.Request.Account != sess.Account:
		m.fail("done as somebody else")
	case n.Done.Request.Force && !n.Done.SignedIn:
		m.fail("forced, and nobody authenticated")
	case !sys.Live:
		m.fail("done for a system out of service")
	}
	if _, aerr := m.w.sessions.Attributes(m.w.ctx, sess.ID, n.Done.Key); aerr != nil {
		m.fail("the key opens nothing: %v", aerr)
	}
	current, _ := m.w.consents.Current(m.w.ctx, sess.Account, sys.ID)
	o := consent.Decide(sys.Rules, n.Done.Request.Attributes, current, consent.Facts{Want: want, Have: sess.Level})
	if o.Page() || fmt.Sprint(o.Release) != fmt.Sprint(n.Done.Release) {
		m.fail("released %v, allowed %v, page due %v", n.Done.Release, o.Release, o.Page())
	}
}

func outcome(n login.Next) string {
	switch {
	case n.Done == nil:
		return "no"
	case n.Done.Failure != "":
		return string(n.Done.Failure)
	default:
		return "in as " + string(n.Done.Session.Account)
	}
}

// world checks what must hold between calls.
func (m *model) between() {
	m.Helper()
	live := [2]int{}
	for _, s := range m.w.mem.LiveSessions() {
		owned := false
		for who := range m.mine {
			if m.mine[who][s.ID] {
				live[who]++
				owned = true
			}
		}
		if !owned {
			m.fail("a session that no browser made")
		}
	}
	if live[0] > 1 || live[1] > 1 {
		m.fail("a browser with two live sessions: %v", live)
	}
	for id, tx := range m.w.mem.Logins() {
		if (tx.Step == login.StepDone) != (m.finished[id] > 0) {
			m.fail("transaction is %s, finished %d times", tx.Step, m.finished[id])
		}
		if tx.Step == login.StepFinishing {
			m.fail("stuck at finishing")
		}
	}
}

func (m *model) note(format string, args ...any) {
	m.trace = append(m.trace, fmt.Sprintf(format, args...))
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (m *model) someTx() (hub.TransactionID, bool) {
	if len(m.begun) == 0 {
		return "", false
	}
	from := max(0, len(m.begun)-6) // mostly fresh ones
	return m.begun[from+m.r.IntN(len(m.begun)-from)].id, true
}

func (m *model) step() {
	r, w, who := m.r, m.w, m.r.IntN(2)
	b := m.tabs[who]
	switch r.IntN(16) {
	case 0, 1, 2:
		req := login.Request{Protocol: "oidc", System: pick(r, tax, health, library, "draft"), Force: r.IntN(6) == 0, Passive: r.IntN(8) == 0, SelectAccount: r.IntN(10) == 0, AskConsent: r.IntN(8) == 0}
		if req.System == tax {
			req.Attributes = pick(r, nil, []hub.AttributeName{hub.FamilyName}, []hub.AttributeName{hub.FamilyName, hub.Birthdate, hub.CitizenID})
		}
		if r.IntN(8) == 0 {
			req.MaxAge = minutes(r.IntN(30))
		}
		if r.IntN(8) == 0 {
			req.ProviderHint = pick(r, thaid, bank, app)
		}
		if live := w.mem.LiveSessions(); r.IntN(8) == 0 && len(live) > 0 {
			req.Account = pick(r, live...).Account
		}
		m.note("%d begins %s force %v passive %v select %v ask %v", who, req.System, req.Force, req.Passive, req.SelectAccount, req.AskConsent)
		n, err := w.Begin(w.ctx, req, *b.b)
		if err == nil {
			m.began[n.Transaction] = who
			if n.Done == nil {
				m.begun = append(m.begun, begun{n.Transaction, who})
			}
			if req.Passive && n.Done == nil {
				m.fail("passive, and something is shown")
			}
		}
		m.look(who, n.Transaction, n, err, nil)
	case 3:
		if tx, ok := m.someTx(); ok {
			m.note("%d looks", who)
			n, err := w.Show(w.ctx, tx, *b.b)
			m.look(who, tx, n, err, nil)
		}
	case 4, 5, 6:
		if tx, ok := m.someTx(); ok {
			p := pick(r, thaid, bank, app, "nobody")
			m.note("%d chooses %s", who, p)
			n, err := w.Choose(w.ctx, tx, p, *b.b)
			m.look(who, tx, n, err, nil)
		}
	case 7, 8, 9, 10:
		if len(m.sent) == 0 {
			return
		}
		from := max(0, len(m.sent)-6)
		try := attempt{sent: m.sent[from+r.IntN(len(m.sent)-from)], by: who, good: r.IntN(5) != 0}
		if r.IntN(3) != 0 {
			try.by = try.who
		}
		try.to = try.provider
		if r.IntN(8) == 0 {
			try.to = pick(r, thaid, bank, app)
		}
		try.identity = w.person(try.provider, pick(r, somchai, malee), pick(r, w.somchai(try.provider).Level, w.somchai(try.provider).Level, hub.Level{IAL: hub.IAL13, AAL: hub.AAL1}))
		var said error
		if !try.good {
			said = hub.E("model", pick(r, hub.Denied, hub.Refused, hub.LevelUnmet, hub.Unavailable, hub.Expired), nil)
		}
		m.note("%d answers for %d at %s, good %v, level %v", try.by, try.who, try.to, try.good, try.identity.Level)
		n, err := m.tabs[try.by].answer(login.Next{Redirect: "https://x/?state=" + try.state}, try.to, try.identity, said)
		m.look(try.by, try.tx, n, err, &try)
	case 11, 12:
		if tx, ok := m.someTx(); ok {
			a := login.ConsentAnswer{Accept: r.IntN(6) != 0, Language: "en"}
			for _, k := range []string{"family_name/return", "birthdate/return", consent.HigherKey} {
				if r.IntN(5) != 0 {
					a.Given = append(a.Given, k)
				}
			}
			m.note("%d consents %v %v", who, a.Accept, a.Given)
			n, err := w.Consent(w.ctx, tx, a, *b.b)
			m.look(who, tx, n, err, nil)
		}
	case 13:
		if tx, ok := m.someTx(); ok && r.IntN(3) == 0 {
			m.note("%d cancels", who)
			n, err := w.Cancel(w.ctx, tx, *b.b)
			m.look(who, tx, n, err, nil)
		}
	case 14:
		d := pick(r, time.Second, time.Minute, 10*time.Minute, 31*time.Minute, 13*time.Hour)
		m.note("%v pass", d)
		w.clock.Add(d)
	case 15:
		m.event()
	}
}

// event is what happens without a browser: an end from outside, a change of an account or a system.
func (m *model) event() {
	live := m.w.mem.LiveSessions()
	switch m.r.IntN(4) {
	case 0:
		if len(live) > 0 {
			m.note("an administrator ends a session")
			if _, err := m.w.sessions.End(m.w.ctx, pick(m.r, live...).ID, session.EndedByAdmin); err != nil {
				m.fail("%v", err)
			}
		}
	case 1:
		if len(live) > 0 {
			status := pick(m.r, account.Active, account.Suspended)
			m.note("an account becomes %s", status)
			m.w.mem.SetStatus(pick(m.r, live...).Account, status, "")
		}
	case 2:
		for _, s := range live {
			m.w.mem.SetStatus(s.Account, account.Active, "")
		}
	case 3:
		sys := taxSystem()
		sys.Live, sys.Rules[1].Required = m.r.IntN(4) != 0, m.r.IntN(3) == 0
		m.note("the tax system changes, live %v", sys.Live)
		m.w.dir.Put(sys)
	}
}

// Two browsers do whatever they like, also with each other's transactions and answers, replayed and swapped, while time passes and
// accounts and systems change: no session and no success ever comes about without an authentication of its own in that very browser,
// at the level that was asked, and each transaction finishes at most once.
func TestModel_NoSessionWithoutItsAuthentication(t *testing.T) {
	t.Parallel()
	runs := 400
	if testing.Short() {
		runs = 60
	}
	signedIn := 0
	for seed := range uint64(runs) {
		w := newWorld(t)
		m := &model{
			T: t, w: w, r: rand.New(rand.NewPCG(seed, 7)), seed: seed, tabs: [2]tab{w.browser(), w.browser()}, spent: map[string]bool{},
			mine: [2]map[hub.SessionID]bool{{}, {}}, finished: map[hub.TransactionID]int{}, began: map[hub.TransactionID]int{},
		}
		for range 120 {
			m.step()
			m.between()
		}
		signedIn += w.count("login.succeeded", "") + w.count("login.resumed", "")
	}
	if signedIn < runs {
		t.Errorf("the model hardly ever got anybody in: %d", signedIn)
	}
}
