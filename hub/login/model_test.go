package login_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
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
	waits    map[hub.TransactionID]wait // what each transaction waits for, last
	asked    map[string]int             // how often a number went to a provider
	decided  map[string]decision        // by number
	began    map[hub.TransactionID]int  // whose transaction
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

// wait is a person asked to approve elsewhere: for which browser, by which number, at which level.
type wait struct {
	who    int
	number string
	want   hub.Level
}

type decision struct {
	identity hub.Identity
	good     bool
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
	row := m.w.mem.Logins()[tx]
	if n.Session != nil {
		sess, _, rerr := m.w.sessions.Resume(m.w.ctx, *n.Session)
		if rerr != nil {
			m.fail("the cookie opens nothing: %v", rerr)
		}
		spent := ""
		switch {
		case try == nil, row.Provider == ndid: // a stale answer at the page where a wait was over
			spent = m.lookWaited(who, tx)
		case !try.good || try.by != try.who || try.to != try.provider || m.spent[try.state]:
			m.fail("a session from an answer that is bad, of another browser, swapped or spent")
		case !try.identity.Level.Satisfies(try.want):
			m.fail("a session below what was asked: %v for %v", try.identity.Level, try.want)
		default:
			spent = try.state
		}
		m.spent[spent] = true
		if m.mine[1-who][sess.ID] {
			m.fail("a session of the other browser")
		}
		if same := row.Same; same != "" && sess.Account != same {
			m.fail("a session of another person than the one who was to come back")
		}
		m.mine[who][sess.ID] = true
		m.tabs[who].b.Session = *n.Session
	}
	if n.Show != nil && n.Show.Step == login.StepInput {
		stored := m.w.mem.Logins()[n.Transaction]
		if n.Show.Provider.ID != stored.Provider || !m.able(stored) {
			m.fail("the page of %q, which can't reach what is wanted", stored.Provider)
		}
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
	case row.Same != "" && row.Same != sess.Account:
		m.fail("done as somebody else than who was to come back")
	case n.Done.Request.Force && !n.Done.SignedIn:
		m.fail("forced, and nobody authenticated")
	case !sys.Live:
		m.fail("done for a system out of service")
	}
	if _, aerr := m.w.sessions.Attributes(m.w.ctx, sess.ID, n.Done.Key); aerr != nil {
		m.fail("the key opens nothing: %v", aerr)
	}
	current, _ := m.w.consents.Current(m.w.ctx, sess.Account, sys.ID)
	o := consent.Decide(sys.Rules, n.Done.Request.Attributes, current, consent.Facts{Want: want, Have: sess.Highest(m.w.clock.Now())})
	if o.Page() || fmt.Sprint(o.Release) != fmt.Sprint(n.Done.Release) {
		m.fail("released %v, allowed %v, page due %v", n.Done.Release, o.Release, o.Page())
	}
}

// lookWaited checks a session that came about while somebody waited, and gives what it has used up.
func (m *model) lookWaited(who int, tx hub.TransactionID) string {
	m.Helper()
	wt, waited := m.waits[tx]
	d, known := m.decided[wt.number]
	switch {
	case !waited || !known || !d.good:
		m.fail("a session without an answer")
	case wt.who != who || m.spent[wt.number]:
		m.fail("a session from an approval for another browser, or spent")
	case slices.Contains(m.w.fed.Abandoned(), wt.number):
		m.fail("a session from an approval that nobody waits for")
	case !d.identity.Level.Satisfies(wt.want):
		m.fail("a session below what was asked: %v for %v", d.identity.Level, wt.want)
	}
	return wt.number
}

func (m *model) able(stored login.Transaction) bool {
	sys, _ := m.w.dir.System(m.w.ctx, stored.Request.System)
	offers, _ := m.w.fed.Offer(m.w.ctx, stored.Request.Want.Join(sys.Least))
	return slices.ContainsFunc(offers, func(c login.Choice) bool { return c.ID == stored.Provider })
}

// submit types a number, sometimes a wrong one, or fields that no page had.
func (m *model) submit(who int, tx hub.TransactionID) {
	before := m.w.mem.Logins()[tx]
	number := fmt.Sprintf("n-%d", len(m.asked))
	fields := map[string]string{"number": number, "idp": pick(m.r, "a", "b")}
	switch m.r.IntN(8) {
	case 0:
		fields["number"] = "wrong"
	case 1:
		fields["idp"] = "c"
	case 2:
		fields["more"] = "x"
	}
	m.note("%d types %v", who, fields)
	n, err := m.w.Submit(m.w.ctx, tx, fields, *m.tabs[who].b)
	if stored := m.w.mem.Logins()[tx]; stored.Step == login.StepWait && before.Step != login.StepWait {
		sys, _ := m.w.dir.System(m.w.ctx, stored.Request.System)
		m.waits[tx] = wait{who, number, stored.Request.Want.Join(sys.Least)}
		if err != nil || n.Show == nil || n.Show.Wait == nil || n.Show.Wait.Code != logintest.Code {
			m.fail("waiting, and no code is shown")
		}
		if fields["idp"] == "c" || len(fields) != 2 || fields["number"] == "wrong" {
			m.fail("waiting for what no page offered")
		}
	}
	m.look(who, tx, n, err, nil)
}

// decide is what the person does elsewhere, whoever waits for it.
func (m *model) decide() {
	var open []string
	for n := range m.asked {
		if _, done := m.decided[n]; !done {
			open = append(open, n)
		}
	}
	if len(open) == 0 {
		return
	}
	slices.Sort(open)
	n := pick(m.r, open...)
	d := decision{good: m.r.IntN(4) != 0, identity: m.w.person(
		ndid, pick(m.r, somchai, malee), pick(m.r, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}))}
	var said error
	if !d.good {
		said = hub.E("model", pick(m.r, hub.Denied, hub.Refused, hub.LevelUnmet, hub.Unavailable, hub.Expired), nil)
	}
	m.note("%s is decided, good %v, level %v", n, d.good, d.identity.Level)
	m.decided[n] = d
	m.w.fed.Says(n, d.identity, said)
}

// forgotten checks that nobody is asked for anything that nobody waits for.
func (m *model) forgotten(logins map[hub.TransactionID]login.Transaction) {
	m.Helper()
	abandoned := m.w.fed.Abandoned()
	for n, times := range m.asked {
		if times > 1 {
			m.fail("%s was asked %d times", n, times)
		}
	}
	for id, wt := range m.waits {
		_, done := m.decided[wt.number]
		if logins[id].Step != login.StepWait && !done && !slices.Contains(abandoned, wt.number) {
			m.fail("%s is not waited for, and nobody was told", wt.number)
		}
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
	logins := m.w.mem.Logins()
	m.forgotten(logins)
	for id, tx := range logins {
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

// at gives the transactions that stand at the step.
func (m *model) at(step login.Step) []hub.TransactionID {
	var out []hub.TransactionID
	logins := m.w.mem.Logins()
	for _, b := range m.begun {
		if logins[b.id].Step == step {
			out = append(out, b.id)
		}
	}
	return out
}

func (m *model) step() {
	r, w, who := m.r, m.w, m.r.IntN(2)
	b := m.tabs[who]
	switch r.IntN(24) {
	case 0, 1, 2:
		req := login.Request{Protocol: "oidc", System: pick(r, tax, health, library, "draft"), Force: r.IntN(6) == 0, Passive: r.IntN(8) == 0, SelectAccount: r.IntN(10) == 0, AskConsent: r.IntN(8) == 0}
		if req.System == tax {
			req.Attributes = pick(r, nil, []hub.AttributeName{hub.FamilyName}, []hub.AttributeName{hub.FamilyName, hub.Birthdate, hub.CitizenID})
		}
		if r.IntN(8) == 0 {
			req.MaxAge = minutes(r.IntN(30))
		}
		if r.IntN(8) == 0 {
			req.ProviderHint = pick(r, thaid, bank, app, ndid)
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
			p := pick(r, thaid, bank, app, ndid, ndid, "nobody")
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
	case 16, 17:
		tx, ok := m.someTx()
		if at := m.at(login.StepInput); len(at) > 0 && r.IntN(8) != 0 {
			tx, ok = pick(r, at...), true
		}
		if ok {
			if owner, mine := m.began[tx]; mine && r.IntN(4) != 0 {
				who = owner
			}
			m.submit(who, tx)
		}
	case 18:
		m.decide()
	case 20, 21, 22: // who waits looks most of the time, and sometimes somebody else
		at := m.at(login.StepWait)
		if len(at) == 0 {
			return
		}
		tx := pick(r, at...)
		if r.IntN(4) != 0 {
			who = m.waits[tx].who
		}
		m.note("%d looks", who)
		n, err := w.Show(w.ctx, tx, *m.tabs[who].b)
		m.look(who, tx, n, err, nil)
	case 23:
		if tx, ok := m.someTx(); ok && r.IntN(2) == 0 {
			ended := w.count("session.ended", string(session.EndedByPerson))
			m.note("%d begins anew", who)
			n, err := w.Anew(w.ctx, tx, *b.b)
			m.look(who, tx, n, err, nil)
			if gone := w.count("session.ended", string(session.EndedByPerson)) - ended; gone > 1 || (gone == 1) != (err == nil && n.SignedOut) {
				m.fail("%d sessions were ended, and the browser was told %v", gone, n.SignedOut)
			}
		}
	case 19:
		if tx, ok := m.someTx(); ok && r.IntN(2) == 0 {
			m.note("%d goes back", who)
			n, err := w.Back(w.ctx, tx, *b.b)
			m.look(who, tx, n, err, nil)
		}
	}
}

// event is what happens without a browser: an end from outside, a change of an account or a system.
func (m *model) event() {
	live := m.w.mem.LiveSessions()
	switch m.r.IntN(4) {
	case 0:
		if len(live) > 0 {
			m.note("an administrator ends a session")
			if _, err := m.w.sessions.End(m.w.ctx, pick(m.r, live...).ID, session.Cause{Reason: session.EndedByAdmin}); err != nil {
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
	signedIn, approved := 0, 0
	for seed := range uint64(runs) {
		w := newWorld(t)
		m := &model{
			T: t, w: w, r: rand.New(rand.NewPCG(seed, 7)), seed: seed, tabs: [2]tab{w.browser(), w.browser()}, spent: map[string]bool{},
			mine: [2]map[hub.SessionID]bool{{}, {}}, finished: map[hub.TransactionID]int{}, began: map[hub.TransactionID]int{},
			waits: map[hub.TransactionID]wait{}, asked: map[string]int{}, decided: map[string]decision{},
		}
		w.withNDID()
		w.fed.Submitting = func(fields map[string]string) error {
			if fields["number"] != "wrong" {
				m.asked[fields["number"]]++
			}
			return nil
		}
		w.fed.Polling = func() error {
			if m.r.IntN(6) == 0 {
				return hub.E("model", hub.Unavailable, nil)
			}
			return nil
		}
		for range 160 {
			m.step()
			m.between()
		}
		for n := range m.decided {
			if m.spent[n] {
				approved++
			}
		}
		signedIn += w.count("login.succeeded", "") + w.count("login.resumed", "")
	}
	if approved < runs/20 {
		t.Errorf("the model hardly ever waited with success: %d", approved)
	}
	if signedIn < runs {
		t.Errorf("the model hardly ever got anybody in: %d", signedIn)
	}
}
