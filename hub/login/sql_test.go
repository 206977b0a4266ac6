package login_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// overSQL puts the services of a world onto a real database. What the world's memory knows is empty from then on.
func (w *world) overSQL(db *sqldb.DB) *hubsql.Stores {
	w.t.Helper()
	stores, err := hubsql.New(db)
	check := func() {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	check()
	rows, err := hubsql.NewAudit(db)
	check()
	record, err := audit.New(audit.Options{Store: rows, Clock: w.clock.Now, Random: rand.Reader, Authenticate: func(b []byte) []byte {
		return logintest.Index{}.Index("audit", string(b))
	}})
	check()
	w.sessions, err = session.New(session.Options{
		Store: stores.Sessions, Audit: record, Tx: db, Clock: w.clock.Now, Random: rand.Reader, Index: logintest.Index{}, Ended: w.mem,
	})
	check()
	kept, err := hubsql.NewNotices(db)
	check()
	notices, err := notice.New(notice.Options{Store: kept, Audit: record, Tx: db, Clock: w.clock.Now, Random: rand.Reader})
	check()
	w.accounts, err = account.New(account.Options{
		Store: stores.Accounts, Notices: notices, Audit: record, Tx: db, Clock: w.clock.Now, Random: rand.Reader, Index: logintest.Index{},
	})
	check()
	w.consents, err = consent.New(consent.Options{Store: stores.Consents, Audit: record, Tx: db, Clock: w.clock.Now, Random: rand.Reader})
	check()
	o := w.options()
	o.Store, o.Audit, o.Tx = stores.Logins, record, db
	w.Service, err = login.New(o)
	check()
	return stores
}

// The whole journey on both databases: first login with consent, resume, raise, somebody else, suspension, replay.
func TestJourneyOverSQL(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t)
		stores := w.overSQL(db)
		b := w.browser()
		n := b.begin(everythingOfTax())
		sent := b.choose(b.show(n), thaid)
		n = b.answered(sent, w.somchai(thaid))
		n = b.consent(b.show(n), "family_name/return")
		if n.Done == nil || names(n) != "[citizen_id family_name]" || !n.Done.SignedIn {
			t.Fatalf("first: %+v", n)
		}
		first := n.Done
		_, err := b.answer(sent, thaid, w.somchai(thaid), nil)
		wantKind(t, "replay", err, hub.Consumed)
		attributes, err := w.sessions.Attributes(w.ctx, first.Session.ID, first.Key)
		if err != nil || attributes[hub.FamilyName].Value != family {
			t.Fatalf("vault: %v", err)
		}

		w.clock.Add(*minutes(10))
		if n = b.begin(everythingOfTax()); n.Done == nil || n.Done.Session.ID != first.Session.ID || names(n) != "[citizen_id family_name]" {
			t.Fatalf("resumed: %+v", n)
		}
		n = b.answered(b.choose(b.begin(login.Request{System: health, Force: true}), bank), w.somchai(bank))
		if n.Done == nil || n.Done.Session.ID != first.Session.ID || n.Done.Session.Provider != bank || n.Done.Key != first.Key {
			t.Fatalf("raised, by another provider: %+v", n)
		}
		links, err := w.accounts.Links(w.ctx, first.Session.Account)
		if err != nil || len(links) != 2 {
			t.Errorf("LIF-15: %d links, %v", len(links), err)
		}
		n = b.answered(b.choose(b.begin(login.Request{System: health, SelectAccount: true}), bank), w.malee(bank))
		if n.Done == nil || n.Done.Session.Account == first.Session.Account {
			t.Fatalf("somebody else: %+v", n)
		}
		if s, err := w.sessions.Get(w.ctx, first.Session.ID); err != nil || s.EndReason != session.EndedByOther || s.Vault != nil {
			t.Errorf("replaced: %v, %v", s.EndReason, err)
		}
		ps, err := stores.Sessions.Participants(w.ctx, first.Session.ID)
		if err != nil || len(ps) != 2 {
			t.Errorf("participants: %d, %v", len(ps), err)
		}
		n = b.took(b.answer(b.choose(b.begin(login.Request{System: tax}), thaid), thaid, w.person(thaid, malee, hub.Level{IAL: hub.IAL13, AAL: hub.AAL21}), nil))
		wantChooser(t, "LOA-05", n, hub.LevelUnmet, thaid)
		wantFailure(t, "cancel", b.took(w.Cancel(w.ctx, n.Transaction, *b.b)), hub.Denied)
	})
}

// Invariant 6 and LIF-15 on both databases: one answer brought many times at once signs in once, and many browsers of one new
// person end in one account.
func TestRacesOverSQL(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := newWorld(t)
		w.overSQL(db)
		const many = 6
		var mu sync.Mutex
		accounts, in := map[hub.AccountID]bool{}, 0
		var wg sync.WaitGroup
		for i := range many {
			b := w.browser()
			n := b.choose(b.begin(login.Request{System: health}), bank)
			code := fmt.Sprintf("code-%d", i)
			id := w.somchai(bank)
			id.Subject = fmt.Sprintf("sub-%d", i%2)
			w.fed.Says(code, id, nil)
			for range 2 {
				wg.Go(func() {
					next, err := w.Answer(w.ctx, bank, map[string]string{"state": logintest.StateOf(n.Redirect), "code": code}, *b.b)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil && next.Done != nil && next.Done.Failure == "":
						in++
						accounts[next.Done.Session.Account] = true
					case err == nil && next.Show != nil && next.Show.Step == login.StepFinishing:
					case errors.Is(err, hub.Consumed):
					default:
						t.Errorf("%+v, %v", next.Show, err)
					}
				})
			}
		}
		wg.Wait()
		if in != many || len(accounts) != 1 {
			t.Errorf("%d signed in, %d accounts", in, len(accounts))
		}
	})
}
