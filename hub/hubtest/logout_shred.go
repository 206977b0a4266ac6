package hubtest

import (
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// logoutShred: D3, what a provider gave rests no longer than it takes to tell it, and for another try where that failed.
func logoutShred(t *testing.T, w *World) {
	ctx := t.Context()
	s, _ := w.Session(t)
	now := w.Clock.Now()
	join := func(p session.Participant) {
		t.Helper()
		p.Session, p.Ref, p.FirstAt, p.LastAt = s.ID, "sealed", now, now
		must(t, w.Sessions.Join(ctx, p))
	}
	join(session.Participant{Provider: "thaid", Protocol: "oidc-upstream"})
	join(session.Participant{System: "tax", Protocol: "saml"})
	c, all := w.campaign(4)
	c.Session = s.ID
	for i := range all {
		all[i].Session = s.ID
		if i < 3 {
			all[i].System, all[i].Provider = "", hub.ProviderID(all[i].System)
		}
	}
	must(t, w.Logouts.Open(ctx, c, all))
	kept, err := w.Sessions.Participants(ctx, s.ID)
	must(t, err)
	for _, p := range kept {
		if (p.Ref == "") != (p.Provider != "") {
			t.Errorf("%s%s still has %q", p.System, p.Provider, p.Ref)
		}
	}
	at := w.Clock.Advance(time.Second)
	_, _, err = w.Logouts.Settle(ctx, []logout.Change{
		done(all[0], logout.Confirmed, at), done(all[1], logout.Visited, at), done(all[2], logout.Failed, at), done(all[3], logout.Confirmed, at),
	}, at)
	must(t, err)
	for i, want := range []string{"", "", "r", "r"} {
		if n, err := w.Logouts.Notice(ctx, all[i].ID); err != nil || n.Ref != want {
			t.Errorf("notice %d, %s, still has %q, want %q (%v)", i, n.State, n.Ref, want, err)
		}
	}
}
