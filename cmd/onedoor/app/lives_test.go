package app

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
)

// accountOf gives the account behind the one session there is, or the latest.
func accountOf(t *testing.T, h *Hub) string {
	t.Helper()
	var id string
	if err := h.db.Read(t.Context()).Raw("SELECT account FROM sessions ORDER BY started_at DESC LIMIT 1").Row().Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// LIF-02, LIF-03, LIF-07: an order at the command line, a process of its own beside the nodes, ends every session of the account in every
// browser; when it has answered, no node takes a token of it for active, nobody is signed in, and who tries is told why. After a
// resume the person signs in again, and what was ended stays so.
func TestLIF02_ASuspensionReachesEveryNode(t *testing.T) {
	t.Parallel()
	onBoth(t, 3, func(t *testing.T, d *Demo, hubs []*Hub, log *record) {
		p := hubs[0].options.Process
		w, other := newWalker(t, d), newWalker(t, d)
		w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
		w.must(w.b.Open(t.Context(), d.URL(socialHost)+"/login"))
		if q := other.login(revenueHost, "bank", "mali"); q.FormWith("decision") != nil {
			other.press(q, "decision", "allow")
		}
		id := accountOf(t, hubs[0])
		var found bytes.Buffer
		p.Out = &found
		if err := FindAccount(t.Context(), d.config, p, "th.citizen", "desk-3", strings.NewReader(person(t, "mali").CitizenID+"\n")); err != nil || !strings.HasPrefix(found.String(), id) {
			t.Fatalf("found %q, %v", found.String(), err)
		}
		if !w.check(revenueHost) || !w.check(socialHost) || !other.check(revenueHost) {
			t.Fatal("a token of a live session is not active")
		}
		tokens := []token.Access{held(t, hubs[0], "revenue-efiling"), held(t, hubs[0], "social-benefits")}
		dead := func(when string) {
			t.Helper()
			for i, h := range hubs {
				for _, a := range tokens {
					if ended, err := h.lease.Ended(t.Context(), a); err != nil || !ended {
						t.Errorf("LIF-02: %s node %d takes a token of %s for active: %v", when, i, a.System, err)
					}
				}
			}
		}
		order := AccountOrder{Account: id, Staff: "desk-3"}
		if err := ChangeAccount(t.Context(), d.config, p, AccountLost, order); err != nil {
			t.Fatal(err)
		}
		dead("after the suspension had answered,")
		for _, person := range []*walker{w, other} {
			if q := person.must(person.b.Open(t.Context(), d.URL(revenueHost)+"/login")); q.FormWith("provider") == nil {
				t.Error(q.Errorf("LIF-02: somebody is signed in"))
			}
		}
		q := w.login(socialHost, "thaid", "mali")
		if q.FormWith("provider") == nil || !strings.Contains(q.Text(), "lost or stolen") {
			t.Error(q.Errorf("LIF-03: the person is not told why"))
		}
		w.shows(hubs[0], id, "account_suspended", "lost")

		if err := ChangeAccount(t.Context(), d.config, p, AccountResume, AccountOrder{Account: id, Reason: "cleared", Staff: "desk-3"}); err != nil {
			t.Fatal(err)
		}
		dead("after the resume")
		if q := newWalker(t, d).login(socialHost, "thaid", "mali"); subject(q) == "" {
			t.Error(q.Errorf("LIF-04: nobody signs in after the resume"))
		}
		for _, secret := range personal(person(t, "mali")) {
			if strings.Contains(log.String()+found.String(), secret) {
				t.Errorf("invariant 2: %q stands in the log", secret)
			}
		}
	})
}

// shows holds that a notice of the kind is there (LIF-03).
func (w *walker) shows(h *Hub, id, kind, reason string) {
	w.t.Helper()
	var n int
	err := h.db.Read(w.t.Context()).Raw("SELECT COUNT(*) FROM notices WHERE account = ? AND kind = ? AND reason = ?", id, kind, reason).Row().Scan(&n)
	if err != nil || n != 1 {
		w.t.Errorf("LIF-03: %d notices of %s, %v", n, kind, err)
	}
}

// EXC-07: a system that `onedoor apply` takes out of service has no active token on any node once the command has answered; the other
// systems' tokens are as good as before.
func TestEXC07_ApplyEndsTheTokensOfASystemOnEveryNode(t *testing.T) {
	t.Parallel()
	onBoth(t, 3, func(t *testing.T, d *Demo, hubs []*Hub, _ *record) {
		w := newWalker(t, d)
		w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
		w.must(w.b.Open(t.Context(), d.URL(socialHost)+"/login"))
		if !w.check(revenueHost) || !w.check(socialHost) {
			t.Fatal("a token of a live session is not active")
		}
		folder := filepath.Join(d.Data, "objects")
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if before, after, ok := strings.Cut(string(text), "id: social-benefits"); ok {
				text = []byte(before + "id: social-benefits" + strings.Replace(after, "status: live", "status: suspended", 1))
			}
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		objects, err := configs.ReadObjects(folder)
		if err != nil {
			t.Fatal(err)
		}
		p := hubs[0].options.Process
		var told bytes.Buffer
		p.Out = &told
		if err := Apply(t.Context(), d.config, p, objects, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told.String(), "status: live") && !strings.Contains(told.String(), "suspended") {
			t.Fatalf("nothing was suspended:\n%s", told.String())
		}
		for _, h := range hubs { // the suspended system may not ask any more: so the question goes to every node's own judge
			for system, want := range map[hub.SystemID]bool{"social-benefits": true, "revenue-efiling": false} {
				if ended, err := h.lease.Ended(t.Context(), held(t, h, system)); err != nil || ended != want {
					t.Errorf("EXC-07: a token of %s has ended: %v, %v", system, ended, err)
				}
			}
		}
		if !w.check(revenueHost) {
			t.Error("another system's token ended too")
		}
		for _, h := range hubs { // as each does every second
			if err := h.refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if q := w.must(newWalker(t, d).b.Open(t.Context(), d.URL(socialHost)+"/login")); q.FormWith("provider") != nil {
			t.Error(q.Errorf("EXC-07: a login at a system that is out of service"))
		}
	})
}

// held gives an access token as the system holds it.
func held(t *testing.T, h *Hub, system hub.SystemID) token.Access {
	t.Helper()
	a := token.Access{ID: hub.NewID(hub.Randomness()), System: system, ExpiresAt: time.Now().Add(time.Minute)}
	var at int64
	err := h.db.Read(t.Context()).Raw("SELECT id, session, account, created_at FROM grants WHERE system = ?", string(system)).Row().Scan(&a.Grant, &a.Session, &a.Account, &at)
	if err != nil {
		t.Fatal(err)
	}
	a.IssuedAt = time.UnixMicro(at)
	return a
}

// tokensOf gives access tokens as systems hold them, of the sessions that began through a provider.
func tokensOf(t *testing.T, h *Hub, provider string) (all []token.Access) {
	t.Helper()
	err := sqldb.Each(h.db.Read(t.Context()), func(r sqldb.Row) error {
		a := token.Access{ID: hub.NewID(hub.Randomness()), ExpiresAt: time.Now().Add(time.Minute), Rests: []string{provider}}
		var at int64
		err := r.Scan(&a.Grant, &a.Session, &a.Account, &a.System, &at)
		a.IssuedAt = time.UnixMicro(at)
		all = append(all, a)
		return err
	}, "SELECT g.id, g.session, g.account, g.system, g.created_at FROM grants g JOIN sessions s ON s.id = g.session WHERE s.provider = ?", provider)
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	return all
}
