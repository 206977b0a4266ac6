package login_test

import (
	"slices"
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
)

const (
	filing = hub.SystemID("filing") // serves both
	trade  = hub.SystemID("trade")  // serves entities only
	mill   = hub.EntityID("millaaaaaaaaaaaaaaaaaaaaaa")
	bakery = hub.EntityID("bakeryaaaaaaaaaaaaaaaaaaaa")
)

// mills is a world where somchai acts for two companies.
func mills(t *testing.T) (*world, *logintest.Parties, tab, hub.AccountID) {
	t.Helper()
	w := newWorld(t)
	parties := &logintest.Parties{}
	o := w.options()
	o.Parties = parties
	var err error
	if w.Service, err = login.New(o); err != nil {
		t.Fatal(err)
	}
	least := hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	w.dir.Put(login.System{ID: filing, Live: true, Least: least, For: login.Both})
	w.dir.Put(login.System{ID: trade, Live: true, Least: least, For: login.Entities})
	b := w.browser()
	account := b.signIn(health, w.somchai(thaid)).Session.Account
	parties.May(account, party(mill), party(bakery))
	return w, parties, b, account
}

func party(id hub.EntityID) login.Party {
	return login.Party{Entity: id, Mandate: "mandate" + string(id)[:19], Names: hub.Text{"en": string(id)}}
}

func (b tab) act(n login.Next, word string) login.Next {
	b.w.t.Helper()
	n = b.took(b.w.Act(b.w.ctx, n.Transaction, word, *b.b))
	if n.Show != nil && n.Show.Step == login.StepConsent {
		n = b.consent(n, consent.HigherKey)
	}
	return n
}

func wantParty(t *testing.T, what string, n login.Next, id hub.EntityID) {
	t.Helper()
	if n.Done == nil || n.Done.Failure != "" || n.Done.Party.Entity != id || (id != "") != (n.Done.Party.Mandate != "") {
		t.Fatalf("%s: %+v", what, n)
	}
}

func wantPartyPage(t *testing.T, what string, n login.Next, self bool, count int) {
	t.Helper()
	if n.Show == nil || n.Show.Step != login.StepParty || n.Show.Party == nil || n.Show.Party.Self != self || len(n.Show.Party.Parties) != count {
		t.Fatalf("%s: %+v", what, n.Show)
	}
}

func TestENT03_ThePersonSaysForWhomTheyAct(t *testing.T) {
	t.Parallel()
	w, parties, b, account := mills(t)
	n := b.begin(login.Request{System: filing})
	wantPartyPage(t, "first", n, true, 2)
	wantPartyPage(t, "a reload", b.show(n), true, 2)
	n = b.act(n, "somebodyaaaaaaaaaaaaaaaaaa")
	wantPartyPage(t, "not theirs", n, true, 2)
	if n.Show.Problem != hub.Denied {
		t.Errorf("not told: %+v", n.Show)
	}
	wantParty(t, "the mill", b.act(n, string(mill)), mill)
	if e := w.last(); e.Detail["entity"] != string(mill) {
		t.Errorf("not in the record: %+v", e)
	}
	wantParty(t, "remembered", b.begin(login.Request{System: filing}), mill)
	wantParty(t, "remembered, passive", b.begin(login.Request{System: filing, Passive: true}), mill)
	wantParty(t, "as the request wishes", b.begin(login.Request{System: filing, Party: string(bakery)}), bakery)
	wantParty(t, "as the request wishes", b.begin(login.Request{System: filing, Party: login.PartySelf}), "")
	wantParty(t, "oneself is remembered", b.begin(login.Request{System: filing}), "")
	n = b.begin(login.Request{System: filing, Party: login.PartyChoose})
	wantPartyPage(t, "choose again", n, true, 2)
	if n.Show.Party.Last != login.PartySelf {
		t.Errorf("last: %+v", n.Show.Party)
	}
	wantParty(t, "chosen again", b.act(n, string(bakery)), bakery)

	// What is remembered counts as long as it stands, and nothing slips in in its place.
	parties.May(account, party(mill))
	wantPartyPage(t, "the mandate has ended", b.begin(login.Request{System: filing}), true, 1)
	wantFailure(t, "the mandate has ended, passive", b.begin(login.Request{System: filing, Passive: true}), login.PartyNeeded)
	wantFailure(t, "a wish for it, passive", b.begin(login.Request{System: filing, Passive: true, Party: string(bakery)}), login.PartyNeeded)
	parties.May(account)
	wantPartyPage(t, "still not oneself without a word", b.begin(login.Request{System: filing}), true, 0)

	// Persons' systems ask nobody, whatever the request wishes.
	wantParty(t, "a person's system", b.begin(login.Request{System: health, Party: string(mill)}), "")
	if n := b.begin(login.Request{System: health}); n.Done == nil || n.Done.Party.Entity != "" {
		t.Errorf("%+v", n.Done)
	}
}

func TestENT03_SystemsForEntitiesOnly(t *testing.T) {
	t.Parallel()
	w, _, b, _ := mills(t)
	n := b.begin(login.Request{System: trade})
	wantPartyPage(t, "first", n, false, 2)
	wantPartyPage(t, "not for oneself", b.act(n, login.PartySelf), false, 2)
	wantParty(t, "the mill", b.act(n, string(mill)), mill)
	other := w.browser()
	n = other.answered(other.choose(other.begin(login.Request{System: trade}), thaid), w.malee(thaid))
	wantPartyPage(t, "somebody without a mandate", n, false, 0)
	wantFailure(t, "they give up", other.took(w.Cancel(w.ctx, n.Transaction, *other.b)), hub.Denied)
	wantFailure(t, "passive", other.begin(login.Request{System: trade, Passive: true}), login.PartyNeeded)
}

// Nobody without a mandate is asked at a system for both: they act for themselves.
func TestENT03_WhoActsForNobodyIsNotAsked(t *testing.T) {
	t.Parallel()
	w, _, _, _ := mills(t)
	b := w.browser()
	n := b.answered(b.choose(b.begin(login.Request{System: filing, Party: login.PartyChoose}), thaid), w.malee(thaid))
	if n.Show != nil && n.Show.Step == login.StepConsent {
		n = b.consent(n, consent.HigherKey)
	}
	wantParty(t, "malee", n, "")
	wantParty(t, "malee, passive", b.begin(login.Request{System: filing, Passive: true}), "")
}

// RAZ-08: a mandate that ends between the choice and the answer opens nothing, wherever the login stands.
func TestRAZ08_AMandateThatEndsOnTheWay(t *testing.T) {
	t.Parallel()
	for name, settles := range map[string]bool{"written by the login": false, "written by the protocol": true} {
		w, parties, b, account := mills(t)
		wantParty(t, name, b.act(b.begin(login.Request{System: filing}), string(mill)), mill)
		if settles {
			n := b.begin(login.Request{System: filing, Settles: true})
			wantParty(t, name, n, mill)
			parties.May(account)
			if _, err := n.Done.Settle(w.ctx); hub.KindOf(err) != hub.Consumed {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		once := true
		parties.Ending = func() {
			if once {
				once = false
				parties.May(account, party(bakery))
			}
		}
		wantPartyPage(t, name, b.begin(login.Request{System: filing}), true, 1)
	}
	// With the consent page in between.
	w, parties, b, account := mills(t)
	w.dir.Put(login.System{ID: tax, Live: true, Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Rules: taxSystem().Rules, For: login.Both})
	n := b.begin(everythingOfTax())
	wantPartyPage(t, "tax", n, true, 2)
	n = b.took(w.Act(w.ctx, n.Transaction, string(mill), *b.b))
	if n.Show == nil || n.Show.Step != login.StepConsent {
		t.Fatalf("%+v", n.Show)
	}
	parties.May(account, party(bakery))
	n = b.took(w.Consent(w.ctx, n.Transaction, login.ConsentAnswer{Accept: true, Given: []string{"family_name/return"}, Language: "th"}, *b.b))
	wantPartyPage(t, "asked again", n, true, 1)
	n = b.took(w.Act(w.ctx, n.Transaction, string(bakery), *b.b))
	if n.Show == nil || n.Show.Step != login.StepConsent {
		t.Fatalf("consent was given for another party's page: %+v", n)
	}
	n = b.consent(n, "family_name/return")
	wantParty(t, "tax", n, bakery)
	if !slices.Contains(n.Done.Release, hub.FamilyName) {
		t.Errorf("%v", n.Done.Release)
	}
}
