package account_test

import (
	"errors"
	"testing"

	"onedoor/hub"
	"onedoor/hub/account"
)

// Step-up: where one account only will do, nobody else's identity is created, linked or used; who it is may link a further provider.
func TestResolve_OnlyOneAccountWillDo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before  []hub.Identity
		last    hub.Identity
		outcome account.Outcome
		kind    hub.Kind
		found   int // index in before whose id is told; -1 for none
	}{
		"the same subject":               {nil, identity("bank", "s", somchai, hub.IAL21), account.Known, "", -1},
		"a further provider's, proven":   {nil, identity("thaid", "t", somchai, hub.IAL23), account.Linked, "", -1},
		"a further provider's, unproven": {nil, identity("thaid", "t", "", hub.IAL23), account.Unrecognised, hub.Conflict, -1},
		"only typed in":                  {nil, identity("app", "t", somchai, hub.IAL13), account.Unrecognised, hub.Conflict, -1},
		"a stranger":                     {nil, identity("thaid", "t", malee, hub.IAL23), account.Unrecognised, hub.Conflict, -1},
		"somebody known by subject":      {[]hub.Identity{identity("thaid", "m", malee, hub.IAL23)}, identity("thaid", "m", malee, hub.IAL23), account.OtherPerson, hub.Conflict, 0},
		"somebody known by number":       {[]hub.Identity{identity("thaid", "m", malee, hub.IAL23)}, identity("bank", "m2", malee, hub.IAL23), account.OtherPerson, hub.Conflict, 0},
		"a subject with another number":  {[]hub.Identity{identity("thaid", "m", malee, hub.IAL23)}, identity("thaid", "m", somchai, hub.IAL23), account.PersonDiffers, hub.Refused, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			mine, _, err := w.Resolve(w.ctx, identity("bank", "s", somchai, hub.IAL21), account.Visit{})
			if err != nil {
				t.Fatal(err)
			}
			var others []account.Account
			for _, id := range c.before {
				a, _, err := w.Resolve(w.ctx, id, account.Visit{})
				if err != nil {
					t.Fatal(err)
				}
				others = append(others, a)
			}
			accounts, links := w.mem.Accounts()
			got, outcome, err := w.Resolve(w.ctx, c.last, account.Visit{Only: mine.ID})
			if outcome != c.outcome || (c.kind == "") != (err == nil) || c.kind != "" && !errors.Is(err, c.kind) {
				t.Fatalf("%q, %v", outcome, err)
			}
			switch {
			case err == nil && got.ID != mine.ID:
				t.Error("another account")
			case err != nil && c.found < 0 && got != (account.Account{}):
				t.Errorf("told of %+v", got)
			case c.found >= 0 && got != (account.Account{ID: others[c.found].ID}):
				t.Errorf("told of %+v", got)
			}
			if a, l := w.mem.Accounts(); a != accounts || (l != links) != (outcome == account.Linked) {
				t.Errorf("%d accounts and %d links", a, l)
			}
			if outcome == account.OtherPerson {
				if e := w.mem.Events()[len(w.mem.Events())-1]; e.Kind != "account.refused" || e.Reason != "other_person" || e.Account != got.ID {
					t.Errorf("event %+v", e)
				}
			}
		})
	}
}

// AUD-09: each level that the account never had is noted once, in each component, with channel and provider; it stands or falls with
// the login.
func TestAUD09_EachRaiseOfAnAccountIsNotedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(provider string, ial hub.IAL, aal hub.AAL) hub.Identity {
		id := identity(provider, "s", somchai, ial)
		id.Level.AAL = aal
		return id
	}
	for i, c := range []struct {
		id   hub.Identity
		want hub.Level // noted; none where zero
	}{
		{at("bank", hub.IAL21, hub.AAL21), hub.Level{}}, // the first is no raise
		{at("bank", hub.IAL21, hub.AAL1), hub.Level{}},
		{at("bank", hub.IAL21, hub.AAL22), hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}},
		{at("bank", hub.IAL21, hub.AAL22), hub.Level{}},
		{at("thaid", hub.IAL23, hub.AAL21), hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}}, // by a further provider
		{at("thaid", hub.IAL22, hub.AAL22), hub.Level{}},                               // had both before
		{at("key", hub.IAL21, hub.AAL3), hub.Level{IAL: hub.IAL23, AAL: hub.AAL3}},
	} {
		before := len(w.mem.Raises())
		a, _, err := w.Resolve(w.ctx, c.id, account.Visit{Channel: "web"})
		if err != nil {
			t.Fatal(err)
		}
		noted := w.mem.Raises()[before:]
		if c.want == (hub.Level{}) {
			if len(noted) != 0 {
				t.Errorf("login %d: noted %+v", i, noted)
			}
			continue
		}
		if len(noted) != 1 || noted[0].Level != c.want || noted[0].Account != a.ID || noted[0].Channel != "web" || noted[0].Provider != c.id.Provider {
			t.Errorf("login %d: noted %+v", i, noted)
		}
		if got, _ := w.Get(w.ctx, a.ID); got.Highest != c.want {
			t.Errorf("login %d: kept %v", i, got.Highest)
		}
		if e := w.mem.Events()[len(w.mem.Events())-1]; e.Kind != "account.level_raised" || e.Level != c.want || e.Channel != "web" {
			t.Errorf("login %d: event %+v", i, e)
		}
	}
	w.mem.Fail = func(op string) error {
		if op == "notice.add" {
			return hub.Errorf("test", hub.Unavailable, "no notice")
		}
		return nil
	}
	if _, _, err := w.Resolve(w.ctx, at("key", hub.IAL3, hub.AAL3), account.Visit{}); err == nil {
		t.Error("a raise without its notice")
	}
	w.mem.Fail = nil
	a, _, _ := w.Resolve(w.ctx, at("bank", hub.IAL21, hub.AAL21), account.Visit{})
	if a.Highest.IAL == hub.IAL3 {
		t.Error("the raise stayed")
	}
}

// A provider that its person has removed leads nobody in: not by the subject that was linked, not by the number, not in a step-up. Allowed again,
// it does. The last one can't be removed.
func TestUnlink_ARemovedProviderLeadsNobodyIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, _, err := w.Resolve(w.ctx, identity("bank", "s", somchai, hub.IAL21), account.Visit{})
	if err != nil {
		t.Fatal(err)
	}
	only, _ := w.Links(w.ctx, mine.ID)
	if _, err := w.Unlink(w.ctx, mine.ID, only[0].ID, "web"); !errors.Is(err, hub.Conflict) {
		t.Errorf("the last one: %v", err)
	}
	if _, outcome, err := w.Resolve(w.ctx, identity("thaid", "t", somchai, hub.IAL23), account.Visit{}); outcome != account.Linked {
		t.Fatal(outcome, err)
	}
	if gone, err := w.Unlink(w.ctx, mine.ID, only[0].ID, "web"); err != nil || gone.Provider != "bank" {
		t.Fatal(gone, err)
	}
	if e := w.mem.Events()[len(w.mem.Events())-1]; e.Kind != "account.unlinked" || e.Account != mine.ID || e.Provider != "bank" || e.Channel != "web" {
		t.Errorf("event %+v", e)
	}
	for name, c := range map[string]struct {
		subject, number string
		visit           account.Visit
	}{
		"by its subject":        {"s", somchai, account.Visit{}},
		"without the number":    {"s", "", account.Visit{}},
		"by another subject":    {"another", somchai, account.Visit{}},
		"to raise the session":  {"s", somchai, account.Visit{Only: mine.ID}},
		"to link a further one": {"another", somchai, account.Visit{Only: mine.ID}},
	} {
		accounts, links := w.mem.Accounts()
		got, outcome, err := w.Resolve(w.ctx, identity("bank", c.subject, c.number, hub.IAL23), c.visit)
		if outcome != account.Barred || !errors.Is(err, hub.Refused) || got != (account.Account{}) {
			t.Errorf("%s: %+v %q %v", name, got, outcome, err)
		}
		if a, l := w.mem.Accounts(); a != accounts || l != links {
			t.Errorf("%s: %d accounts, %d links", name, a, l)
		}
	}
	if _, err := w.Relink(w.ctx, mine.ID, only[0].ID, "web"); err != nil {
		t.Fatal(err)
	}
	if got, outcome, err := w.Resolve(w.ctx, identity("bank", "s", somchai, hub.IAL21), account.Visit{}); err != nil || outcome != account.Known || got.ID != mine.ID {
		t.Errorf("allowed again: %+v %q %v", got, outcome, err)
	}
	if _, err := w.Relink(w.ctx, mine.ID, only[0].ID, "web"); !errors.Is(err, hub.NotFound) {
		t.Errorf("allowed twice: %v", err)
	}
}

// What a removal causes stands or falls with it.
func TestUnlink_NoRemovalWithoutItsNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, _, err := w.Resolve(w.ctx, identity("bank", "s", somchai, hub.IAL21), account.Visit{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Resolve(w.ctx, identity("thaid", "t", somchai, hub.IAL23), account.Visit{}); err != nil {
		t.Fatal(err)
	}
	links, _ := w.Links(w.ctx, mine.ID)
	w.mem.Fail = func(op string) error {
		if op == "notice.provider" {
			return hub.Errorf("test", hub.Unavailable, "no notice")
		}
		return nil
	}
	if _, err := w.Unlink(w.ctx, mine.ID, links[0].ID, "web"); !errors.Is(err, hub.Unavailable) {
		t.Errorf("%v", err)
	}
	w.mem.Fail = nil
	if links, _ := w.Links(w.ctx, mine.ID); !links[0].RemovedAt.IsZero() {
		t.Error("the removal stayed")
	}
}
