package hubtest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
)

// AccountStore is the conformance suite of account.Store.
func AccountStore(t *testing.T, open Open) {
	t.Run("RoundTrip", func(t *testing.T) { t.Parallel(); accountRoundTrip(t, NewWorld(t, open(t))) })
	t.Run("LIF15_PersonKeyIsUnique", func(t *testing.T) { t.Parallel(); accountPersonUnique(t, NewWorld(t, open(t))) })
	t.Run("LIF15_OneOfManyClaimsThePerson", func(t *testing.T) { t.Parallel(); accountPersonRace(t, NewWorld(t, open(t))) })
	t.Run("LIF15_OneOfManyCreatesTheAccount", func(t *testing.T) { t.Parallel(); accountCreateRace(t, NewWorld(t, open(t))) })
	t.Run("LIF15_AfterAConflictTheTransactionFindsTheOther", func(t *testing.T) { t.Parallel(); accountConflictInTx(t, NewWorld(t, open(t))) })
	t.Run("LinkIsUniquePerProvider", func(t *testing.T) { t.Parallel(); accountLinkUnique(t, NewWorld(t, open(t))) })
	t.Run("RemoveLink", func(t *testing.T) { t.Parallel(); accountRemoveLink(t, NewWorld(t, open(t))) })
	t.Run("AUD07_UseLink", func(t *testing.T) { t.Parallel(); accountUseLink(t, NewWorld(t, open(t))) })
	t.Run("AUD09_ReachRisesOnce", func(t *testing.T) { t.Parallel(); accountReach(t, NewWorld(t, open(t))) })
}

func accountRoundTrip(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.NewAccount()
	a.Status, a.Reason, a.ChangedAt = account.Suspended, "reported-lost", a.ChangedAt.Add(time.Second)
	a.Highest = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	first := w.Link(a.ID)
	citizen := account.PersonKey{Kind: "th.citizen", Hash: w.Hash()}
	must(t, w.Accounts.Create(ctx, a, first, &citizen))
	passport := account.PersonKey{Kind: "passport", Hash: w.Hash()}
	must(t, w.Accounts.AddPerson(ctx, a.ID, passport, w.Clock.Now()))
	w.Clock.Advance(time.Hour)
	second := w.Link(a.ID)
	second.Provider = "bank"
	must(t, w.Accounts.AddLink(ctx, second))

	got, err := w.Accounts.ByID(ctx, a.ID)
	must(t, err)
	wantSame(t, "by id", got, a)
	for _, l := range []account.Link{first, second} {
		got, keys, err := w.Accounts.ByLink(ctx, l.Provider, l.SubjectHash)
		must(t, err)
		wantSame(t, "by link", got, a)
		wantSame(t, "keys", keys, []account.PersonKey{passport, citizen})
	}
	got, err = w.Accounts.ByPerson(ctx, citizen)
	must(t, err)
	wantSame(t, "by person", got, a)
	links, err := w.Accounts.Links(ctx, a.ID)
	must(t, err)
	wantSame(t, "links, oldest first", links, []account.Link{first, second})

	lone := w.Account(t)
	_, keys, err := w.Accounts.ByLink(ctx, "thaid", must1(w.Accounts.Links(ctx, lone.ID))(t)[0].SubjectHash)
	must(t, err)
	if keys != nil {
		t.Errorf("keys of an account without: %v", keys)
	}
	_, err = w.Accounts.ByID(ctx, hub.AccountID(w.ID()))
	wantKind(t, "unknown id", err, hub.NotFound)
	_, _, err = w.Accounts.ByLink(ctx, "thaid", w.Hash())
	wantKind(t, "unknown subject", err, hub.NotFound)
	_, _, err = w.Accounts.ByLink(ctx, "bank", first.SubjectHash)
	wantKind(t, "subject at another provider", err, hub.NotFound)
	_, err = w.Accounts.ByPerson(ctx, account.PersonKey{Kind: "passport", Hash: citizen.Hash})
	wantKind(t, "number of another kind", err, hub.NotFound)
}

// must1 gives the value of a call that must not fail.
func must1[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		must(t, err)
		return v
	}
}

func accountPersonUnique(t *testing.T, w *World) {
	ctx := t.Context()
	key := account.PersonKey{Kind: "th.citizen", Hash: w.Hash()}
	a, b := w.Account(t), w.Account(t)
	must(t, w.Accounts.AddPerson(ctx, a.ID, key, w.Clock.Now()))
	wantKind(t, "of another", w.Accounts.AddPerson(ctx, b.ID, key, w.Clock.Now()), hub.Conflict)
	wantKind(t, "a second of the kind", w.Accounts.AddPerson(ctx, a.ID, account.PersonKey{Kind: key.Kind, Hash: w.Hash()}, w.Clock.Now()), hub.Conflict)
	must(t, w.Accounts.AddPerson(ctx, b.ID, account.PersonKey{Kind: "passport", Hash: key.Hash}, w.Clock.Now()))

	c := w.NewAccount()
	wantKind(t, "a new account with it", w.Accounts.Create(ctx, c, w.Link(c.ID), &key), hub.Conflict)
	_, err := w.Accounts.ByID(ctx, c.ID)
	wantKind(t, "nothing of the refused account stays", err, hub.NotFound)
	got, err := w.Accounts.ByPerson(ctx, key)
	must(t, err)
	wantSame(t, "the first has it", got, a)
}

func accountPersonRace(t *testing.T, w *World) {
	key := account.PersonKey{Kind: "th.citizen", Hash: w.Hash()}
	accounts := make([]account.Account, racers)
	for i := range accounts {
		accounts[i] = w.Account(t)
	}
	race(t, hub.Conflict, func(i int) error {
		return w.Accounts.AddPerson(t.Context(), accounts[i].ID, key, w.Clock.Now())
	})
}

func accountCreateRace(t *testing.T, w *World) {
	key := account.PersonKey{Kind: "th.citizen", Hash: w.Hash()}
	race(t, hub.Conflict, func(int) error {
		a := w.NewAccount()
		return w.Accounts.Create(t.Context(), a, w.Link(a.ID), &key)
	})
}

// accountConflictInTx: many providers bring the same person at once; each login runs in a transaction, and each ends at the same
// account.
func accountConflictInTx(t *testing.T, w *World) {
	key := account.PersonKey{Kind: "th.citizen", Hash: w.Hash()}
	var wg sync.WaitGroup
	ids := make([]hub.AccountID, racers)
	for i := range racers {
		wg.Go(func() {
			err := w.InTx(t.Context(), func(ctx context.Context) error {
				a := w.NewAccount()
				link := w.Link(a.ID)
				err := w.Accounts.Create(ctx, a, link, &key)
				if errors.Is(err, hub.Conflict) {
					if a, err = w.Accounts.ByPerson(ctx, key); err == nil {
						link.Account = a.ID
						err = w.Accounts.AddLink(ctx, link)
					}
				}
				ids[i] = a.ID
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	links, err := w.Accounts.Links(t.Context(), ids[0])
	must(t, err)
	if len(links) != racers {
		t.Errorf("%d links at the account, want %d", len(links), racers)
	}
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("two accounts for one person: %s and %s", id, ids[0])
		}
	}
}

func accountLinkUnique(t *testing.T, w *World) {
	ctx := t.Context()
	a, b := w.Account(t), w.Account(t)
	l := w.Link(a.ID)
	must(t, w.Accounts.AddLink(ctx, l))
	taken := w.Link(b.ID)
	taken.SubjectHash = l.SubjectHash
	wantKind(t, "the subject is another's", w.Accounts.AddLink(ctx, taken), hub.Conflict)
	c := w.NewAccount()
	wantKind(t, "a new account with it", w.Accounts.Create(ctx, c, taken, nil), hub.Conflict)
	_, err := w.Accounts.ByID(ctx, c.ID)
	wantKind(t, "nothing of the refused account stays", err, hub.NotFound)
	taken.Provider = "bank"
	must(t, w.Accounts.AddLink(ctx, taken))
	fresh := w.Hash()
	race(t, hub.Conflict, func(int) error {
		l := w.Link(a.ID)
		l.SubjectHash = fresh
		return w.Accounts.AddLink(t.Context(), l)
	})
}

func accountUseLink(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.NewAccount()
	l := w.Link(a.ID)
	must(t, w.Accounts.Create(ctx, a, l, nil))
	for _, c := range []struct {
		level, want hub.Level
		at, used    time.Duration
	}{
		{hub.Level{IAL: hub.IAL11, AAL: hub.AAL3}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}, time.Hour, time.Hour},
		{hub.Level{IAL: hub.IAL3, AAL: hub.AAL1}, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3}, time.Minute, time.Hour},
	} {
		must(t, w.Accounts.UseLink(ctx, l.Provider, l.SubjectHash, c.level, Noon().Add(c.at)))
		l.Level, l.LastUsedAt = c.want, Noon().Add(c.used)
		links, err := w.Accounts.Links(ctx, a.ID)
		must(t, err)
		wantSame(t, "used", links, []account.Link{l})
	}
	wantKind(t, "unknown link", w.Accounts.UseLink(ctx, "bank", l.SubjectHash, l.Level, Noon()), hub.NotFound)
}

func accountReach(t *testing.T, w *World) {
	ctx := t.Context()
	a := w.Account(t)
	for _, c := range []struct {
		level, highest hub.Level
		raised         bool
	}{
		{hub.Level{}, hub.Level{}, false},
		{hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, true},
		{hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, false},
		{hub.Level{IAL: hub.IAL13, AAL: hub.AAL22}, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, true},
		{hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, true},
		{hub.Level{IAL: hub.IAL11, AAL: hub.AAL1}, hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}, false},
	} {
		highest, raised, err := w.Accounts.Reach(ctx, a.ID, c.level)
		must(t, err)
		got, err := w.Accounts.ByID(ctx, a.ID)
		must(t, err)
		if highest != c.highest || raised != c.raised || got.Highest != c.highest {
			t.Errorf("after %v: %v, raised %v, kept %v", c.level, highest, raised, got.Highest)
		}
	}
	_, _, err := w.Accounts.Reach(ctx, hub.AccountID(w.ID()), hub.Level{IAL: hub.IAL3, AAL: hub.AAL3})
	wantKind(t, "unknown account", err, hub.NotFound)
	race(t, hub.Conflict, func(int) error {
		_, raised, err := w.Accounts.Reach(ctx, a.ID, hub.Level{IAL: hub.IAL3, AAL: hub.AAL3})
		if err == nil && !raised {
			return hub.Conflict // somebody else raised it
		}
		return err
	})
}

// A removed link leads nobody in, but keeps its subject; one link that counts always stays, also where several are removed at once.
func accountRemoveLink(t *testing.T, w *World) {
	ctx := t.Context()
	a, b := w.Account(t), w.Account(t)
	first := must1(w.Accounts.Links(ctx, a.ID))(t)[0]
	second, third := w.Link(a.ID), w.Link(a.ID)
	must(t, w.Accounts.AddLink(ctx, second))
	must(t, w.Accounts.AddLink(ctx, third))
	_, err := w.Accounts.RemoveLink(ctx, b.ID, second.ID, Noon())
	wantKind(t, "somebody else's", err, hub.NotFound)
	gone, err := w.Accounts.RemoveLink(ctx, a.ID, second.ID, Noon())
	must(t, err)
	second.RemovedAt = Noon()
	wantSame(t, "the removed link", gone, second)
	_, err = w.Accounts.RemoveLink(ctx, a.ID, second.ID, Noon())
	wantKind(t, "again", err, hub.NotFound)
	found, _, err := w.Accounts.ByLink(ctx, second.Provider, second.SubjectHash)
	wantKind(t, "by a removed link", err, hub.Denied)
	if found.ID != a.ID {
		t.Errorf("by a removed link: %q", found.ID)
	}
	wantKind(t, "its subject is taken", w.Accounts.AddLink(ctx, account.Link{
		ID: w.ID(), Account: b.ID, Provider: second.Provider, SubjectHash: second.SubjectHash, LinkedAt: Noon(), LastUsedAt: Noon(),
	}), hub.Conflict)
	back, err := w.Accounts.RestoreLink(ctx, a.ID, second.ID)
	must(t, err)
	second.RemovedAt = time.Time{}
	wantSame(t, "restored", back, second)
	_, err = w.Accounts.RestoreLink(ctx, a.ID, second.ID)
	wantKind(t, "restored again", err, hub.NotFound)
	_, _, err = w.Accounts.ByLink(ctx, second.Provider, second.SubjectHash)
	must(t, err)

	var wg sync.WaitGroup
	kinds := make([]error, 3)
	for i, l := range []string{first.ID, second.ID, third.ID} {
		wg.Go(func() { _, kinds[i] = w.Accounts.RemoveLink(ctx, a.ID, l, Noon()) })
	}
	wg.Wait()
	removed := 0
	for _, err := range kinds {
		if err == nil {
			removed++
		} else {
			wantKind(t, "the last", err, hub.Conflict)
		}
	}
	if removed != 2 {
		t.Errorf("%d of three were removed at once: %v", removed, kinds)
	}
	_, err = w.Accounts.RemoveLink(ctx, b.ID, must1(w.Accounts.Links(ctx, b.ID))(t)[0].ID, Noon())
	wantKind(t, "the only one", err, hub.Conflict)
}
