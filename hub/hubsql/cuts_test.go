package hubsql_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/sqldb"
)

func is(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// LIF-06: from the order on, and before its own end, a session that rests on a provider which is cut off is over, with its codes; a walk finds
// it in its turn, and nothing else; one node walks at a time.
func TestLIF06_ACutEndsWhatRestsOnAProvider(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := t.Context(), hubtest.NewWorld(t, stores(t, db))
		cuts, err := hubsql.NewCuts(db)
		ok(t, err)
		begin := func(provider hub.ProviderID, rests ...hub.ProviderID) logout.Mark {
			t.Helper()
			s := w.NewSession(w.Account(t).ID)
			s.Provider, s.Rests = provider, rests
			s.StartedAt = w.Clock.Now()
			ok(t, w.Sessions.Create(ctx, s, hub.NewSecret(w.Random).Hash()))
			got, err := w.Sessions.ByID(ctx, s.ID)
			ok(t, err)
			if !reflect.DeepEqual(got.Rests, s.Rests) || got.Cut != "" {
				t.Fatalf("%+v", got)
			}
			return logout.Mark{At: s.StartedAt, ID: s.ID}
		}
		other := begin("bank-a", "bank-a", "bank-ab")
		first := begin("bank", "thaid", "bank")
		w.Clock.Advance(time.Second)
		second := begin("bank")
		ended := begin("bank")
		_, err = w.Sessions.End(ctx, ended.ID, "person", w.Clock.Now())
		ok(t, err)
		raised := begin("thaid", "bank", "thaid")
		secondSession, err := w.Sessions.ByID(ctx, second.ID)
		ok(t, err)
		_, code := w.Grant(t, secondSession, "tax")
		through := w.Clock.Advance(time.Second)
		w.Clock.Advance(time.Microsecond)
		later := begin("bank")

		_, err = cuts.Latest(ctx, "bank")
		is(t, "no cut", err, hub.NotFound)
		now := w.Clock.Now()
		_, err = cuts.Claim(ctx, "a", now, now.Add(time.Second))
		is(t, "nothing to claim", err, hub.NotFound)
		x := logout.Cut{ID: w.ID(), Provider: "bank", By: "officer", Interaction: "i", At: through.Add(-time.Second), Through: through, PassAt: through.Add(-time.Second)}
		ok(t, cuts.Add(ctx, x))
		is(t, "added twice", cuts.Add(ctx, x), hub.Conflict)
		for m, want := range map[logout.Mark]hub.ProviderID{other: "", first: "bank", second: "bank", ended: "", raised: "bank", later: ""} {
			if s, err := w.Sessions.ByID(ctx, m.ID); err != nil || s.Cut != want {
				t.Errorf("a session of %s is cut by %q, want %q, %v", s.Provider, s.Cut, want, err)
			}
		}
		_, _, err = w.Grants.Code(ctx, code.Hash)
		is(t, "a code of a session that is over", err, hub.Consumed)

		got, err := cuts.Claim(ctx, "a", now, now.Add(time.Second))
		ok(t, err)
		if !reflect.DeepEqual(got, x) {
			t.Errorf("%+v\n%+v", got, x)
		}
		_, err = cuts.Claim(ctx, "b", now, now.Add(time.Second))
		is(t, "claimed by another", err, hub.NotFound)
		is(t, "noted by another", cuts.Note(ctx, "b", x, now), hub.Consumed)
		var all []logout.Mark
		for looks := 0; ; looks++ {
			part, last, err := cuts.Live(ctx, x, x.Seen, 2)
			ok(t, err)
			if last == x.Seen {
				if looks != 2 {
					t.Errorf("four sessions were looked at in %d looks of two", looks)
				}
				break
			}
			all, x.Seen = append(all, part...), last
		}
		found := map[hub.SessionID]bool{}
		for _, m := range all {
			found[m.ID] = true
		}
		if want := map[hub.SessionID]bool{first.ID: true, second.ID: true, raised.ID: true}; len(all) != 3 || !reflect.DeepEqual(found, want) {
			t.Errorf("found %v, want %v", found, want)
		}
		x.Ended, x.Faults, x.PassAt = 3, 1, now
		ok(t, cuts.Note(ctx, "a", x, now.Add(time.Second)))
		if got, err := cuts.Latest(ctx, "bank"); err != nil || !reflect.DeepEqual(got, x) {
			t.Errorf("%+v, %v\n%+v", got, err, x)
		}
		if got, err := cuts.Claim(ctx, "b", now.Add(time.Second), now.Add(time.Hour)); err != nil || got.Ended != 3 { // a has died
			t.Errorf("%+v, %v", got, err)
		}
		is(t, "a comes back", cuts.Note(ctx, "a", x, now), hub.Consumed)
		ok(t, cuts.Rest(ctx, "b", x, now.Add(time.Minute)))
		_, err = cuts.Claim(ctx, "b", now.Add(time.Second), now.Add(time.Hour))
		is(t, "it rests", err, hub.NotFound)
		_, err = cuts.Claim(ctx, "a", now.Add(time.Minute), now.Add(time.Hour))
		ok(t, err)
		x.DoneAt = now
		ok(t, cuts.Note(ctx, "a", x, now))
		if s, err := w.Sessions.ByID(ctx, first.ID); err != nil || s.Cut != "" {
			t.Errorf("a cut that is done cuts: %q %v", s.Cut, err)
		}
		_, err = cuts.Claim(ctx, "a", now.Add(time.Hour), now.Add(2*time.Hour))
		is(t, "done", err, hub.NotFound)
	})
	if _, err := hubsql.NewCuts(nil); !errors.Is(err, hub.Invalid) {
		t.Error(err)
	}
}

// LIF-06: whatever a node still believes of a provider that staff hold, no session begins through it, and none is raised there.
func TestLIF06_NoSessionBeginsThroughAHeldProvider(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := t.Context(), hubtest.NewWorld(t, stores(t, db))
		s, secret := w.Session(t)
		ok(t, db.InTx(ctx, func(ctx context.Context) error {
			if err := db.Write(ctx).Exec("INSERT INTO identity_providers (id, spec, version) VALUES ('bank', '{}', 1)").Error; err != nil {
				return err
			}
			return db.Write(ctx).Exec("INSERT INTO provider_holds (provider, reason, account, at) VALUES ('bank', 'incident', '', 1)").Error
		}))
		next := w.NewSession(s.Account)
		next.Provider = "bank"
		is(t, "begun", w.Sessions.Create(ctx, next, hub.NewSecret(w.Random).Hash()), hub.Suspended)
		next.Provider = "thaid"
		ok(t, w.Sessions.Create(ctx, next, hub.NewSecret(w.Random).Hash()))
		up := s
		up.Provider, up.Rests = "bank", []hub.ProviderID{"thaid", "bank"}
		is(t, "raised", w.Sessions.Raise(ctx, up, secret.Hash(), hub.NewSecret(w.Random).Hash(), w.Clock.Now()), hub.Consumed)
		up.Provider = "post"
		ok(t, w.Sessions.Raise(ctx, up, secret.Hash(), hub.NewSecret(w.Random).Hash(), w.Clock.Now()))
		if got, err := w.Sessions.ByID(ctx, s.ID); err != nil || !reflect.DeepEqual(got.Rests, up.Rests) {
			t.Errorf("%v %v", got.Rests, err)
		}
	})
}
