package login_test

import (
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
)

// SES-10, SES-13: whom the idle limit of what is wanted has caught must show at the provider again that it is them. A sign-on of the
// provider's own that still stands does not do; in a browser where nobody is signed in it does.
func TestSES10_AfterIdlenessTheProviderAsksAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	earlier := w.somchai(bank)
	first := b.signIn(health, earlier)
	w.clock.Add(31 * time.Minute)

	n := b.choose(b.begin(login.Request{System: health}), bank)
	if asks := w.fed.Asks(); !asks[len(asks)-1].Fresh {
		t.Error("the provider is not told to ask again")
	}
	n = b.answered(n, earlier) // the provider answers from a session of its own
	wantChooser(t, "an earlier sign-on", n, hub.Refused, bank)
	if e := w.last(); e.Reason != "not_fresh" {
		t.Errorf("event %+v", e)
	}
	n = b.answered(b.choose(n, bank), w.somchai(bank))
	if n.Done == nil || n.Done.Failure != "" || n.Done.Session.ID == first.Session.ID {
		t.Fatalf("signed in anew: %+v", n)
	}

	other := w.browser()
	n = other.choose(other.begin(login.Request{System: health}), bank)
	if asks := w.fed.Asks(); asks[len(asks)-1].Fresh {
		t.Error("everybody is asked again")
	}
	if n = other.answered(n, earlier); n.Done == nil || n.Done.Failure != "" {
		t.Errorf("the provider's single sign-on is not taken: %+v", n)
	}
}
