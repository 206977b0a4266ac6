package hubsql_test

import (
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// PRV-02: what a provider gave of its session rests in the notice alone once the session has ended, is gone once the provider has been told,
// and stays while it may still have to be.
func TestPRV02_WhatAProviderGaveGoesWhenItHasBeenTold(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		w, s := world(t, db)
		ctx := t.Context()
		logouts, err := hubsql.NewLogouts(db)
		ok(t, err)
		for state, want := range map[logout.State]string{logout.Confirmed: "", logout.Visited: "", logout.Failed: "sealed"} {
			sess, _ := w.Session(t)
			now := time.Now().UTC().Truncate(time.Microsecond)
			ok(t, s.Sessions.Join(ctx, session.Participant{Session: sess.ID, Provider: "bank", Protocol: "saml-upstream", Ref: "sealed", FirstAt: now, LastAt: now}))
			_, err := s.Sessions.End(ctx, sess.ID, session.EndedByPerson, now)
			ok(t, err)
			c := logout.Campaign{ID: hub.NewID(hub.Randomness()), Session: sess.ID, Account: sess.Account, Cause: session.Cause{Reason: session.EndedByPerson}, Interaction: sess.Interaction, At: now}
			n := logout.Notice{
				ID: hub.NewID(hub.Randomness()), Campaign: c.ID, Session: sess.ID, Account: sess.Account, Provider: "bank", Protocol: "saml-upstream", Ref: "sealed",
				Cause: c.Cause, Interaction: c.Interaction, At: now, Until: now.Add(time.Hour), State: logout.Open, NextAt: now,
			}
			ok(t, logouts.Open(ctx, c, []logout.Notice{n}))
			_, _, err = logouts.Settle(ctx, []logout.Change{{ID: n.ID, State: state, NextAt: now, DoneAt: now}}, now)
			ok(t, err)
			kept, err := logouts.Notice(ctx, n.ID)
			ok(t, err)
			parts, err := s.Sessions.Participants(ctx, sess.ID)
			ok(t, err)
			if len(parts) != 1 || parts[0].Ref != "" || kept.Ref != want {
				t.Errorf("%s: the participant has %+v, the notice %q, want none and %q", state, parts, kept.Ref, want)
			}
		}
	})
}
