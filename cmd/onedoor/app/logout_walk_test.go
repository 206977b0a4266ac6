package app

import (
	"strings"
	"testing"
)

// SSO-05, the demo's own words: log in at three departments, sign out at one, see the page list the others, and each of them signed out.
func TestSSO05_SignOutAtOneDepartmentAndBeSignedOutAtAll(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	signedInTwice(t, d, b) // revenue and, on the way to the title deed, the land office
	b.open(d.URL(socialHost))
	b.press(`a[href="/login"]`, `form[action="/check"]`)
	b.open(d.URL(revenueHost))
	if b.there(`form[action="/signout"]`) != 1 {
		t.Fatalf("not signed in at the revenue department:\n%s", b.text())
	}
	onward := `a[href^="` + d.URL(revenueHost) + `/?state="]`
	b.press(`form[action="/signout"] button`, onward)
	run(b, "wait until everybody has had their turn", waitFor(`main:not(:has(a[href*="?n="]))`))
	b.at(d.URL(hubHost))
	b.shoot("logout-ledger")
	text := b.text()
	for _, name := range []string{"Online tax filing", "Your benefits", "My title deeds"} {
		if !strings.Contains(text, name) {
			t.Errorf("the page does not name %s:\n%s", name, text)
		}
	}
	for _, host := range []string{revenueHost, socialHost} {
		b.open(d.URL(host))
		if b.there(`form[action="/check"]`) != 0 || b.there(`a[href="/login"]`) != 1 {
			t.Errorf("still signed in at %s:\n%s", host, b.text())
		}
	}
	b.shoot("logout-social")
	if b.there(`#ended`) != 1 {
		t.Errorf("the frame was not loaded:\n%s", b.text())
	}
	b.open(d.URL(socialHost) + "/login")
	b.at(d.URL(hubHost)) // and the hub asks who it is
	noTrace(t, d, log, b, person(t, "mali"))
}

// SSO-05: what a bank says of its own session ends ours, everywhere; and who signs out here is signed out there.
func TestSSO05_TheBanksSessionAndOursEndTogether(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, true)
	b := newBrowser(t)
	signIn := func() {
		t.Helper()
		b.open(d.URL(socialHost))
		b.press(`a[href="/login"]`, `button[name=provider][value=bank]`)
		b.press(`button[name=provider][value=bank]`, `input[name=person]`)
		b.pick(`input[name=person][value=mali]`)
		b.press(`button[value=approve]`, `form[action="/check"]`)
		if d.Bank.Sessions() != 1 {
			t.Fatalf("%d sessions at the bank", d.Bank.Sessions())
		}
	}
	signIn()
	b.open(d.URL(bankHost))
	b.press(`form[action="/signout"] button`, `main:not(:has(form))`)
	b.shoot("logout-bank")
	if !strings.Contains(b.text(), "have confirmed") {
		t.Errorf("the hub did not take the bank's logout token:\n%s", b.text())
	}
	b.open(d.URL(socialHost))
	b.press(`form[action="/check"] button`, `#answer.bad`)

	b.press(`form[action="/logout"] button`, `a[href="/login"]`)
	signIn()
	b.open(d.URL(hubHost) + "/logout")
	b.press(`button[name=what][value=all]`, `main:not(:has(form)):not(:has(a[href*="?n="]))`)
	b.at(d.URL(hubHost))
	b.shoot("logout-both")
	if d.Bank.Sessions() != 0 {
		t.Errorf("the session at the bank lives:\n%s", b.text())
	}
}
