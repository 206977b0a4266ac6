package app

import (
	"bytes"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// SES-20, SSO-05: a person signed in in two browsers sees both and ends all; every node knows it when the answer is there; what could not be
// told is shown to them and to the operator, who has it told again.
func TestSES20_SignOutEverywhereAndItsLedger(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, d *Demo, hubs []*Hub, log *record) {
		w, other := newWalker(t, d), newWalker(t, d)
		w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
		if q := other.login(revenueHost, "bank", "mali"); q.FormWith("decision") != nil {
			other.press(q, "decision", "allow")
		}
		id := accountOf(t, hubs[0])
		live, err := hubs[0].sessions.OfAccount(t.Context(), hub.AccountID(id), true, 10)
		if err != nil || len(live) != 2 {
			t.Fatalf("%d sessions, %v", len(live), err)
		}
		// A system that speaks what no node speaks.
		if err := hubs[0].sessions.Join(t.Context(), session.Participant{Session: live[0].ID, System: "old-office", Protocol: "cas"}); err != nil {
			t.Fatal(err)
		}
		p := w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/sessions"))
		if strings.Count(p.Text(), "End this sign-in") != 2 || !strings.Contains(p.Text(), "This browser") {
			t.Fatal(p.Errorf("not both sign-ins"))
		}
		for _, f := range p.Forms() {
			if !f.Fields.Has("session") && strings.HasSuffix(f.Action.Path, "/sessions") {
				p = w.must(f.Press(t.Context(), "", ""))
				break
			}
		}
		if !strings.HasPrefix(p.URL.Path, "/signed-out/") || strings.Contains(p.Text(), "every service that you had opened has confirmed") {
			t.Fatal(p.Errorf("not the ledger, or not the truth"))
		}
		for range 2 * len(hubs) {
			if w.check(revenueHost) || other.check(revenueHost) {
				t.Fatal("invariant 1: active after the sign-out had answered")
			}
		}
		if q := other.must(other.b.Open(t.Context(), d.URL(hubHost)+"/sessions")); strings.Contains(q.Text(), "This browser") {
			t.Error(q.Errorf("the other browser is signed in"))
		}
		proc := hubs[0].options.Process
		var out bytes.Buffer
		proc.Out, proc.Err = &out, &bytes.Buffer{}
		if err := FailedLogouts(t.Context(), d.config, proc); err != nil || !strings.Contains(out.String(), "old-office") || strings.Contains(out.String(), id) {
			t.Fatalf("%q, %v", out.String(), err)
		}
		var failed string
		for _, line := range strings.Split(out.String(), "\n") {
			if strings.Contains(line, "old-office") {
				failed, _, _ = strings.Cut(line, " ")
			}
		}
		out.Reset()
		if err := ShowLogouts(t.Context(), d.config, proc, id, "desk-3"); err != nil || strings.Count(out.String(), "person") != 2 || !strings.Contains(out.String(), "old-office") {
			t.Errorf("%q, %v", out.String(), err)
		}
		if err := RetryLogouts(t.Context(), d.config, proc, failed, "desk-3"); err != nil {
			t.Fatal(err)
		}
		if err := RetryLogouts(t.Context(), d.config, proc, failed, "not a name"); hub.KindOf(err) != hub.Invalid {
			t.Errorf("without a name: %v", err)
		}
		await(t, "a node has looked again", func() bool {
			n, err := hubs[0].logouts.Notice(t.Context(), failed)
			return err == nil && n.State == logout.Unreachable
		})
		for _, secret := range personal(person(t, "mali")) {
			if strings.Contains(log.String()+out.String(), secret) {
				t.Errorf("invariant 2: %q stands in the log", secret)
			}
		}
	})
}
