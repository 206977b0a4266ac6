package app

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A citizen's way through their own pages, on a phone in Thai and at a desk in English: sign in, look around, keep the history, add a second
// way to sign in, and in the end report a loss. After the receipt nobody gets in, and they are told why (LIF-02, LIF-03, LIF-07).
func TestPortal_ACitizensWay(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	site := d.URL(hubHost)
	b.open(site + "/me?lang=th")
	b.shoot("portal-gate-th")
	b.press(`form[action="/sign-in"] button`, `button[name=provider]`)
	b.loginThaID(d, "mali", `.cards`)
	b.at(site)
	b.shoot("portal-me-th")
	b.open(d.URL(revenueHost))
	b.press(`a[href="/login"]`, `button[name=decision][value=allow], form[action="/check"]`)
	if b.there(`button[name=decision][value=allow]`) > 0 {
		b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	}
	pages := []string{"/me", "/sessions", "/me/departments", "/consents", "/me/providers", "/me/history", "/notices", "/contacts", "/me/account"}
	for _, lang := range []string{"th", "en"} {
		for _, path := range pages {
			b.open(site + path + "?lang=" + lang)
			name := strings.Trim(strings.ReplaceAll(path, "/", "-"), "-")
			b.shoot("portal-" + name + "-" + lang)
			if wide := run(b, "measure", chromedp.Evaluate[bool]("document.documentElement.scrollWidth > document.documentElement.clientWidth")); wide {
				t.Errorf("%s in %s is wider than a phone", path, lang)
			}
			if text := b.text(); strings.Contains(text, person(t, "mali").CitizenID) {
				t.Errorf("AUD-04: %s holds the person's number", path)
			}
		}
	}
	if text := b.text(); !strings.Contains(text, "Suspend or close") {
		t.Errorf("not in English:\n%s", text)
	}
	run(b, "sit down at a desk", chromedp.EmulateViewport(1280, 900))
	for _, path := range pages {
		b.open(site + path)
		b.shoot("portal-" + strings.Trim(strings.ReplaceAll(path, "/", "-"), "-") + "-desk")
	}

	b.open(site + "/me/history")
	for _, want := range []string{"You signed in.", "You opened a service.", "You agreed to send something."} {
		if text := b.text(); !strings.Contains(text, want) {
			t.Errorf("AUD-02: the history lacks %q:\n%s", want, text)
		}
	}
	if b.there(`a[download][href="/me/history/export?format=csv"]`) != 1 {
		t.Error("the history can't be kept")
	}

	b.open(site + "/me/account")
	b.press(`form[action="/me/account/lost"] button`, `.receipt`)
	b.shoot("portal-receipt")
	if text := b.text(); !strings.Contains(text, "Your account was suspended.") {
		t.Errorf("the receipt:\n%s", text)
	}
	b.press(`main a.button`, `.told, main`)
	b.open(site + "/me")
	b.press(`form[action="/sign-in"] button`, `button[name=provider]`)
	b.loginThaID(d, "mali", `.alert`)
	b.shoot("portal-suspended")
	if text := b.text(); !strings.Contains(text, "suspended") {
		t.Errorf("LIF-03: the person is not told why:\n%s", text)
	}
	if strings.Contains(log.String(), person(t, "mali").CitizenID) {
		t.Error("invariant 2: the log holds the person's number")
	}
}
