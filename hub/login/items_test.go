package login_test

import (
	"slices"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/login/logintest"
)

// vault is a world with items: bills that the person opens, a desk that staff approves, a pension that is not theirs, and a leaflet for all.
func vault(t *testing.T) (*world, *logintest.Items) {
	t.Helper()
	w, items := newWorld(t), &logintest.Items{}
	o := w.options()
	o.Items = items
	var err error
	if w.Service, err = login.New(o); err != nil {
		t.Fatal(err)
	}
	strong := hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
	items.Put("bills", logintest.Item{Level: strong, MaxAge: 10 * time.Minute, Missing: []string{"locked"}, Opens: true})
	items.Put("desk", logintest.Item{Level: strong, Missing: []string{"not_opened"}, Opens: true, Approved: true})
	items.Put("pension", logintest.Item{Missing: []string{"not_delegated"}})
	items.Put("leaflet", logintest.Item{})
	return w, items
}

func wishing(passive bool, items ...string) login.Request {
	r := login.Request{System: library, Passive: passive}
	for _, i := range items {
		r.Items = append(r.Items, login.Wish{Item: i, Actions: []string{"query"}})
	}
	return r
}

func (b tab) items(n login.Next, a login.ItemsAnswer) login.Next {
	b.w.t.Helper()
	return b.took(b.w.Items(b.w.ctx, n.Transaction, a, *b.b))
}

func wantItems(t *testing.T, what string, n login.Next, opens, once bool, closed ...string) {
	t.Helper()
	if n.Show == nil || n.Show.Step != login.StepItems || n.Show.Items == nil {
		t.Fatalf("%s: not at the items: %+v", what, n)
	}
	v := n.Show.Items
	var got []string
	for _, x := range v.Closed {
		got = append(got, x.Item)
	}
	if v.Opens != opens || v.Once != once || !slices.Equal(got, closed) {
		t.Fatalf("%s: %+v", what, v)
	}
}

func wantDone(t *testing.T, what string, n login.Next) {
	t.Helper()
	if n.Done == nil || n.Done.Failure != "" || n.Done.Session.ID == "" {
		t.Fatalf("%s: %+v", what, n)
	}
}

// RAZ-02, RAZ-07: the login is led to what the item asks for, then to the page where the person opens it, and on.
func TestRAZ02_AnItemIsOpenedInTheLogin(t *testing.T) {
	t.Parallel()
	for _, once := range []bool{false, true} {
		w, items := vault(t)
		b := w.browser()
		b.signIn(health, w.somchai(bank)) // which does not reach what the bills ask for
		n := b.begin(wishing(false, "leaflet", "bills", "bills"))
		wantChooser(t, "step-up", n, "", "")
		if n.Show.StepUp != login.StepUpLevel || n.Show.Want.IAL != hub.IAL23 {
			t.Fatalf("%+v", n.Show)
		}
		n = b.answered(b.choose(n, thaid), w.somchai(thaid))
		if n.Show == nil || n.Show.Step != login.StepItems || n.Show.Items != nil || n.Session == nil {
			t.Fatalf("an item was looked at without a session: %+v", n)
		}
		wantItems(t, "the page", b.show(n), true, true, "bills")
		wantItems(t, "a reload", b.show(n), true, true, "bills")
		n = b.items(n, login.ItemsAnswer{Open: true, Once: once})
		wantDone(t, "opened", n)
		if want := []logintest.Opened{{Session: n.Done.Session.ID, Item: "bills", Once: once}}; !slices.Equal(items.Opened, want) {
			t.Errorf("%+v", items.Opened)
		}
		wantDone(t, "open now, and passive", b.begin(wishing(true, "bills")))
		w.clock.Add(11 * time.Minute)
		wantChooser(t, "too old by now", b.begin(wishing(false, "bills")), "", "")
	}
}

// The person keeps it closed, or what is missing is not theirs: the system hears which.
func TestRAZ02_AnItemStaysClosed(t *testing.T) {
	t.Parallel()
	w, items := vault(t)
	b := w.browser()
	b.signIn(health, w.somchai(thaid))
	wantFailure(t, "passive", b.begin(wishing(true, "bills")), login.ItemNeeded)
	n := b.begin(wishing(false, "bills"))
	wantItems(t, "bills", n, true, true, "bills")
	wantFailure(t, "kept closed", b.items(n, login.ItemsAnswer{}), login.ItemRefused)
	if e := w.last(); e.Kind != "login.refused" || e.Reason != "item_refused" || e.Detail["item"] != "bills" || e.Detail["closed"] != "1" || e.Detail["missing"] != "locked" || e.Account == "" {
		t.Errorf("%+v", e)
	}
	n = b.begin(wishing(false, "bills", "pension"))
	wantItems(t, "the person's word is not enough", n, false, false, "bills", "pension")
	wantItems(t, "and opens nothing", b.items(n, login.ItemsAnswer{Open: true}), false, false, "bills", "pension")
	wantFailure(t, "given up", b.items(n, login.ItemsAnswer{}), login.ItemClosed)
	if len(items.Opened) != 0 {
		t.Errorf("%+v", items.Opened)
	}
	n = b.begin(wishing(false, "desk"))
	wantItems(t, "with approval", n, true, false, "desk")
	wantItems(t, "not for once", b.items(n, login.ItemsAnswer{Open: true, Once: true}), true, false, "desk")
	n = b.items(n, login.ItemsAnswer{Open: true})
	wantItems(t, "asked for", n, false, false, "desk")
	items.Put("desk", logintest.Item{Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}})
	wantDone(t, "the staff has approved", b.show(n))
}

// What a person agrees to is what they saw: a page that has changed is shown again. What can't be known opens nothing.
func TestRAZ02_AnAnswerCountsForThePageThatWasShown(t *testing.T) {
	t.Parallel()
	w, items := vault(t)
	b := w.browser()
	b.signIn(health, w.somchai(thaid))
	n := b.begin(wishing(false, "bills"))
	items.Put("bills", logintest.Item{Missing: []string{"not_opened"}, Opens: true})
	wantItems(t, "another page", b.items(n, login.ItemsAnswer{Open: true}), true, true, "bills")
	items.Put("bills", logintest.Item{Missing: []string{"not_opened"}, Opens: true, Refuses: hub.LevelUnmet})
	wantFailure(t, "it asks for more by now", b.items(n, login.ItemsAnswer{Open: true}), hub.LevelUnmet)
	items.Put("bills", logintest.Item{Fails: hub.Unavailable})
	_, err := w.Begin(w.ctx, login.Request{Protocol: "oidc", System: library, Items: wishing(false, "bills").Items}, *b.b)
	wantKind(t, "nobody knows", err, hub.Unavailable)
	_, err = w.Begin(w.ctx, login.Request{Protocol: "oidc", System: library, Items: wishing(false, "gold").Items}, *b.b)
	wantKind(t, "no such item", err, hub.Invalid)
	_, err = newWorld(t).Begin(w.ctx, login.Request{Protocol: "oidc", System: library, Items: wishing(false, "bills").Items}, *b.b)
	wantKind(t, "where nobody knows about items", err, hub.Invalid)
	if len(items.Opened) != 0 {
		t.Errorf("%+v", items.Opened)
	}

	// Another tab ends the session, or somebody else signs in, before the answer: nothing is opened.
	items.Put("bills", logintest.Item{Missing: []string{"locked"}, Opens: true})
	n = b.begin(wishing(false, "bills"))
	wantItems(t, "before", n, true, true, "bills")
	other := w.browser()
	other.b.Binding = b.b.Binding
	other.signIn(health, w.malee(thaid))
	n = other.took(w.Items(w.ctx, n.Transaction, login.ItemsAnswer{Open: true}, *other.b))
	if n.Show == nil || n.Show.Step != login.StepChoose || len(items.Opened) != 0 {
		t.Errorf("%+v %+v", n, items.Opened)
	}
}
