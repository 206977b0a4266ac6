package app

import (
	"maps"
	"net/url"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/logout"
	"onedoor/hub/session"
)

// SSO-05: every origin of a logout, over real HTTP, against every kind of OpenID participant on both sides: one that is told from server to
// server, one that only a frame can tell, one that can't be told, and the identity provider. Whoever asked in a way of its own is not told
// again; everybody else is, and no token is active afterwards. A further protocol adds participants to join and origins to the table.
func TestSSO05_EveryOriginReachesEveryParticipant(t *testing.T) {
	t.Parallel()
	s, e := newLogoutSuite(t)
	const none, back, frame, bank = "conformance-logout", "conformance-heard", "conformance-framed", "bank"
	usual := map[string]logout.State{none: logout.Unreachable, back: logout.Confirmed, frame: logout.Visiting, bank: logout.Visiting}
	but := func(name string, state logout.State) map[string]logout.State {
		all := maps.Clone(usual)
		all[name] = state
		return all
	}
	endAt := func(name string) func(x *caller, hints map[string]string, id hub.SessionID) {
		return func(x *caller, hints map[string]string, _ hub.SessionID) { x.leave("id_token_hint", hints[name]) }
	}
	for _, origin := range []struct {
		name   string
		end    func(x *caller, hints map[string]string, id hub.SessionID)
		reason session.EndReason
		want   map[string]logout.State
	}{
		{"the person, on a page of the hub", func(x *caller, _ map[string]string, _ hub.SessionID) {
			x.pressed(x.issuer+"/logout", "what", "all")
		}, session.EndedByPerson, usual},
		{"a department that is told of nothing", endAt("logout"), session.EndedBySystem, but(none, logout.Initiator)},
		{"a department that is told by its back channel", endAt("heard"), session.EndedBySystem, usual},
		{"a department that is told by a frame", endAt("framed"), session.EndedBySystem, usual},
		{"the identity provider, by a logout token", func(x *caller, _ map[string]string, _ hub.SessionID) {
			x.pressed(x.demo.URL(bankHost)+"/", "", "")
		}, session.EndedByIDP, but(bank, logout.Initiator)},
		{"an administrator", func(x *caller, _ map[string]string, id hub.SessionID) {
			if _, err := x.hub.logout.End(x.t.Context(), id, session.Cause{Reason: session.EndedByAdmin}); err != nil {
				x.t.Fatal(err)
			}
		}, session.EndedByAdmin, usual},
		{"the life cycle of the account", func(x *caller, _ map[string]string, id hub.SessionID) {
			live, err := x.hub.sessions.Get(x.t.Context(), id)
			if err == nil {
				_, err = x.hub.logout.EndAccount(x.t.Context(), live.Account, session.Cause{Reason: session.EndedByAccount})
			}
			if err != nil {
				x.t.Fatal(err)
			}
		}, session.EndedByAccount, usual},
	} {
		t.Run(origin.name, func(t *testing.T) {
			x := s.newVisit(t, "")
			hints, tokens := map[string]string{}, map[string]string{}
			for i, name := range []string{"logout", "heard", "framed"} {
				p := x.parties[name]
				v := x.request(p)
				if i == 0 {
					x.atBank(v)
				}
				got := x.redeem(p, v, x.code(v))
				hints[name], tokens[name] = got.rawID, got.access
			}
			id := x.session()
			e.forget()
			origin.end(x, hints, id)
			e.wait(t)
			got, reason := x.ledger(id, back)
			for name, state := range origin.want {
				// The page of the ledger, where the browser has seen it, has loaded its frames.
				if got[name] != state && !(state == logout.Visiting && got[name] == logout.Visited) {
					t.Errorf("%s is %q, want %q", name, got[name], state)
				}
			}
			if len(got) != len(origin.want) || reason != origin.reason {
				t.Errorf("%v because of %q, want %v because of %q", got, reason, origin.want, origin.reason)
			}
			x.told()
			for name, raw := range tokens { // invariant 1
				if _, body := x.post(x.parties[name], "introspection_endpoint", url.Values{"token": {raw}}); body["active"] != false {
					t.Errorf("the token of %s: %v", name, body)
				}
			}
		})
	}
}

// atBank logs the person in by the bank, which keeps a session of its own.
func (x *caller) atBank(v url.Values) {
	x.t.Helper()
	p, err := x.b.Open(x.t.Context(), x.endpoint(x.t, "authorization_endpoint")+"?"+v.Encode())
	press := func(f *formbrowser.Form, name, value string) {
		x.t.Helper()
		if f == nil {
			x.t.Fatal(p.Errorf("no form with %s", name))
		}
		if p, err = f.Press(x.t.Context(), name, value); err != nil {
			x.t.Fatal(err)
		}
	}
	if err != nil {
		x.t.Fatal(err)
	}
	press(p.FormWith("provider"), "provider", "bank")
	f := p.FormWith("person")
	if f == nil {
		x.t.Fatal(p.Errorf("not at the bank"))
	}
	if err := f.Pick("person", "mali"); err != nil {
		x.t.Fatal(err)
	}
	press(f, "decision", "approve")
	x.walk(p)
}

// pressed opens a page and presses a button of its form.
func (x *caller) pressed(address, name, value string) {
	x.t.Helper()
	p, err := x.b.Open(x.t.Context(), address)
	if err != nil {
		x.t.Fatal(err)
	}
	forms := p.Forms()
	if len(forms) == 0 {
		x.t.Fatal(p.Errorf("no form"))
	}
	if _, err := forms[len(forms)-1].Press(x.t.Context(), name, value); err != nil {
		x.t.Fatal(err)
	}
}

// session gives the live session of the browser.
func (x *caller) session() hub.SessionID {
	x.t.Helper()
	text, _ := x.b.Cookie(x.issuer, "__Host-onedoor")
	secret, err := hub.ParseSecret(text)
	if err != nil {
		x.t.Fatal(err)
	}
	id, err := x.hub.sessions.Recent(x.t.Context(), secret)
	if err != nil {
		x.t.Fatal(err)
	}
	return id
}

// ledger gives what is known of the participants of a session that has ended, once one of them has been told.
func (x *caller) ledger(id hub.SessionID, once string) (map[string]logout.State, session.EndReason) {
	x.t.Helper()
	c, err := x.hub.logouts.Of(x.t.Context(), id)
	if err != nil {
		x.t.Fatal(err)
	}
	states := map[string]logout.State{}
	for range 100 {
		all, err := x.hub.logout.Ledger(x.t.Context(), c.ID)
		if err != nil || len(all) != 1 {
			x.t.Fatal(all, err)
		}
		for _, n := range all[0].Notices {
			states[string(n.System)+string(n.Provider)] = n.State
		}
		if states[once].Final() {
			break
		}
		if _, err := x.hub.logout.Wait(x.t.Context(), 50*time.Millisecond, c.ID); err != nil {
			x.t.Fatal(err)
		}
	}
	return states, c.Cause.Reason
}
