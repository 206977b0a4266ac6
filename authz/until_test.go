package authz_test

import (
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/session"
)

// RAZ-08: what nobody will be asked about again ends with the first thing that closes by itself: the word for once, the age of the login, a
// delegation, the hours, also where they begin again before the end.
func TestRAZ08_UntilItClosesByItself(t *testing.T) {
	t.Parallel()
	noon := hubtest.Noon().UTC()
	minute := noon.Hour()*60 + noon.Minute()
	a := newAgency(
		t, item("bills", authz.OptIn, ""), item("always", authz.Always, ""), item("fresh", authz.Always, "", func(d *authz.Demands) { d.MaxAge = 2 * time.Minute }),
		item("letters", "", authz.ByDelegation), item("counter", authz.Always, "", func(d *authz.Demands) {
			d.Hours = authz.Hours{Zone: "UTC", Windows: []authz.Window{
				{Days: authz.EveryDay, From: 0, To: minute + 2}, {Days: authz.EveryDay, From: minute + 3, To: 24 * 60},
			}}
		}),
	)
	ctx, who := t.Context(), a.person()
	me, miller := authz.Party{Account: who}, authz.Party{Account: who, Entity: mill}
	a.mandates[who] = []authz.Mandate{{Department: "social"}}
	now := a.Clock.Now()
	until := func(what string, p authz.Party, id authz.ItemID, authenticated time.Time, want time.Duration) {
		t.Helper()
		got, unknown := a.decider.Until(ctx, authz.Question{
			Item: id, Action: "file", System: "desk", Department: "social", Party: p, Session: "session",
			Authentications: []authz.Authentication{{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, At: authenticated}},
		}, a.Clock.Now().Add(5*time.Minute))
		// never later than it closes, and at most a second earlier
		if early := a.Clock.Now().Add(want).Sub(got); len(unknown) > 0 || early < 0 || early > time.Second || want == 0 && early != 0 {
			t.Errorf("%s: %v after now, want %v; %v", what, got.Sub(a.Clock.Now()), want, unknown)
		}
	}
	until("to the end", me, "always", now, 5*time.Minute)
	until("closed already", me, "bills", now, 0)
	until("unknown item", me, "gold", now, 0)
	until("the login's age", me, "fresh", now.Add(-30*time.Second), 90*time.Second)
	until("the hours", me, "counter", now, 2*time.Minute)

	s := session.Session{ID: "session", Account: who, Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, AuthTime: now, StartedAt: now, LastActivity: now}
	opened, err := a.openings.OpenOnce(ctx, s, "bills")
	check(t, err)
	_, err = a.delegations.Delegate(ctx, a.boss, mill, authz.Order{Item: "letters", Operator: who, Until: now.Add(3*time.Minute + 10*time.Second)})
	check(t, err)
	until("the delegation", miller, "letters", now, 190*time.Second)
	until("the delegation, where the mandate is over", authz.Party{Account: a.person(), Entity: mill}, "letters", now, 0)
	a.Clock.Advance(opened.Until.Sub(now) - 70*time.Second)
	until("the word for once", me, "bills", a.Clock.Now(), 70*time.Second)
}
