package app

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// LIF-06, invariants 1 and 9: a provider is suspended for an incident at the command line, beside nodes that serve. When that has answered, no node
// takes a token that rests on it for active, no browser that came through it is signed in, and nobody comes in through it, though no session has
// been walked to; then each is ended with the reason, its departments are told, and the person reads why. Who came another way notices nothing.
func TestLIF06_AnIncidentAtAProviderEndsWhatRestsOnIt(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, d *Demo, hubs []*Hub, _ *record) {
		ctx, p := t.Context(), hubs[0].options.Process
		w, other := newWalker(t, d), newWalker(t, d)
		w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
		w.must(w.b.Open(ctx, d.URL(socialHost)+"/login"))
		id := hub.AccountID(accountOf(t, hubs[0]))
		if q := other.login(revenueHost, "bank", "mali"); q.FormWith("decision") != nil {
			other.press(q, "decision", "allow")
		}
		if !w.check(revenueHost) || !w.check(socialHost) || !other.check(revenueHost) {
			t.Fatal("a token of a live session is not active")
		}
		tokens := tokensOf(t, hubs[0], "thaid")
		var out bytes.Buffer
		p.Out = &out
		if err := SuspendProvider(ctx, d.config, p, ProviderOrder{Provider: "thaid", Reason: "incident"}); err != nil {
			t.Fatal(err)
		}
		for i, h := range hubs {
			for _, a := range tokens {
				if ended, err := h.lease.Ended(ctx, a); err != nil || !ended {
					t.Errorf("invariant 1: node %d takes a token of %s for active: %v", i, a.System, err)
				}
				if ended, err := h.stores.Revocations.Ended(ctx, a); err != nil || !ended {
					t.Errorf("invariant 1: node %d finds a token of %s alive in SQL: %v", i, a.System, err)
				}
			}
		}
		for range 2 * len(hubs) {
			if w.check(revenueHost) || w.check(socialHost) {
				t.Fatal("invariant 1: active after the suspension had answered")
			}
		}
		q := w.must(w.b.Open(ctx, d.URL(revenueHost)+"/login"))
		if q.FormWith("provider") == nil {
			t.Fatal(q.Errorf("somebody is signed in"))
		}
		if !other.check(revenueHost) {
			t.Error("who came another way is signed out")
		}
		for _, h := range hubs {
			if err := h.cuts.Walk(ctx); err != nil {
				t.Fatal(err)
			}
		}
		all, err := hubs[0].logout.OfAccount(ctx, id, 10)
		if err != nil || len(all) != 1 || all[0].Cause != (session.Cause{Reason: session.EndedBySuspension, Provider: "thaid"}) {
			t.Fatalf("%+v %v", all, err)
		}
		if _, err := hubs[0].logout.Wait(ctx, 20*time.Second, all[0].ID); err != nil {
			t.Fatal(err)
		}
		all, err = hubs[0].logout.Ledger(ctx, all[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		stands := map[hub.SystemID]logout.State{}
		for _, n := range all[0].Notices {
			if n.System != "" {
				stands[n.System] = n.State
			}
		}
		// The one has a back channel; the other could be told by a browser only, and the ledger says so until nobody has come.
		if want := map[hub.SystemID]logout.State{"revenue-efiling": logout.Confirmed, "social-benefits": logout.Visiting}; !maps.Equal(stands, want) {
			t.Errorf("invariant 9: %v, want %v", stands, want)
		}
		for lang, words := range map[string]string{"en": "was taken out of service", "th": "ถูกระงับการให้บริการ", "zh": "已停止服务", "vi": "bị ngừng phục vụ"} {
			if q := other.must(other.b.Open(ctx, d.URL(hubHost)+"/sessions?lang="+lang)); !strings.Contains(q.Text(), words) {
				t.Error(q.Errorf("the person does not read why in %s", lang))
			}
		}
		out.Reset() // how many the walk ended is open: one that is used meanwhile ends by itself
		if err := ListProviders(ctx, d.config, p); err != nil || !strings.Contains(out.String(), "suspended by staff") || !strings.Contains(out.String(), "its sessions are being ended") {
			t.Errorf("%s %v", out.String(), err)
		}
		if err := ResumeProvider(ctx, d.config, p, ProviderOrder{Provider: "thaid", Reason: "settled"}); err != nil {
			t.Fatal(err)
		}
		for _, a := range tokens {
			if ended, err := hubs[len(hubs)-1].lease.Ended(ctx, a); err != nil || !ended {
				t.Errorf("a token from before is active again: %v", err)
			}
		}
	})
}
