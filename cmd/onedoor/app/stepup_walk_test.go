package app

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// there counts what a selector finds on the page.
func (b *browser) there(selector string) int {
	b.t.Helper()
	return run(b, "count "+selector, chromedp.Evaluate[int]("document.querySelectorAll(`"+selector+"`).length"))
}

// signedInTwice takes the browser into the revenue department by ThaID and on into the land office, and to the chooser of the title
// deed's step-up.
func signedInTwice(t *testing.T, d *Demo, b *browser) (sid string) {
	t.Helper()
	b.open(d.URL(revenueHost))
	b.press(`a[href="/login"]`, `button[name=provider]`)
	b.loginThaID(d, "mali", `button[name=decision][value=allow]`)
	b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	sid = fact(t, b.text(), "sid")
	b.open(d.URL(landHost))
	b.press(`a[href="/login"]`, `#facts`)
	b.press(`#to-deed`, `form[action$="/anew"]`)
	b.at(d.URL(hubHost))
	return sid
}

// Step-up in place: the title deed asks for AAL 2.2 of a session that ThaID made at AAL 2.1. Only providers that reach it are offered.
// Another person's answer is refused with a page that says so and changes nothing; the same person goes on in the same session, in
// which the other departments are still signed in, and the deed is told the level that was reached.
func TestStepUp_TheTitleDeedIsOpenedByTheSamePersonOnly(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	sid := signedInTwice(t, d, b)
	b.shoot("step-up")
	if b.there(`button[name=provider][value=thaid]`) != 0 || b.there(`button[name=provider][value=bank]`) != 1 {
		t.Fatalf("LOA-01: not exactly those that reach AAL 2.2 are offered:\n%s", b.text())
	}

	b.press(`button[name=provider][value=bank]`, `input[name=person]`)
	b.pick(`input[name=person][value=tharn]`)
	b.press(`button[value=approve]`, `[role=alert]`)
	b.at(d.URL(hubHost))
	b.shoot("step-up-other-person")
	if b.there(`form[action$="/anew"]`) != 1 || b.there(`button[name=provider][value=bank]`) != 1 {
		t.Fatalf("no way on:\n%s", b.text())
	}
	b.open(d.URL(revenueHost))
	b.press(`form[action="/check"] button`, `#answer.good`) // the first person is still signed in, everywhere
	b.open(d.URL(landHost))
	if b.there(`#deed-text`) != 0 {
		t.Fatal("the deed is open")
	}

	b.press(`#to-deed`, `button[name=provider][value=bank]`)
	b.press(`button[name=provider][value=bank]`, `input[name=person]`)
	b.pick(`input[name=person][value=mali]`)
	b.press(`button[value=approve]`, `#deed-text`)
	b.at(d.URL(landHost))
	if text := b.text(); !strings.Contains(text, "urn:onedoor:ial:2.2:aal:2.2") {
		t.Errorf("the deed was told\n%s", text)
	}

	b.open(d.URL(revenueHost))
	b.press(`form[action="/check"] button`, `#answer.good`) // its token of before is as good as it was
	before := len(b.visited())
	b.open(d.URL(socialHost))
	b.press(`a[href="/login"]`, `form[action="/check"]`) // and a further department asks nothing
	if got := fact(t, b.text(), "sid"); got == sid {
		t.Errorf("invariant 3: two departments were told the same sid %s", got)
	}
	b.open(d.URL(revenueHost) + "/login")
	if got := fact(t, b.text(), "sid"); got != sid {
		t.Errorf("the session was %s and is %s", sid, got)
	}
	for _, url := range b.visited()[before:] {
		if strings.Contains(url, "/login/") {
			t.Errorf("SSO-02: something was asked: %s", url)
		}
	}

	b.open(d.URL(hubHost) + "/notices") // AUD-09
	b.shoot("notices")
	if text := b.text(); !strings.Contains(text, "IAL 2.3 · AAL 2.2") {
		t.Errorf("the raise is not told:\n%s", text)
	}
	noTrace(t, d, log, b, person(t, "mali"))
}

// Who is somebody else signs the first person out and starts anew: everywhere, at once.
func TestStepUp_SomebodyElseStartsAnew(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, false)
	b := newBrowser(t)
	signedInTwice(t, d, b)
	b.press(`form[action$="/anew"] button`, `main:not(:has(form[action$="/anew"])) button[name=provider][value=bank]`)
	b.at(d.URL(hubHost))
	b.shoot("step-up-anew")
	b.press(`button[name=provider][value=bank]`, `input[name=person]`)
	b.pick(`input[name=person][value=tharn]`)
	b.press(`button[value=approve]`, `#deed-text`)
	b.open(d.URL(revenueHost))
	if b.there(`form[action="/check"] button`) > 0 { // it has not been told yet
		b.press(`form[action="/check"] button`, `#answer.bad, a[href="/login"]`)
	}
	if b.there(`#answer.good`) > 0 {
		t.Error("the first person is still signed in")
	}
	b.open(d.URL(socialHost))
	b.press(`a[href="/login"]`, `form[action="/check"]`)
	b.press(`form[action="/check"] button`, `#answer.good`) // the second person's session is another one
}
