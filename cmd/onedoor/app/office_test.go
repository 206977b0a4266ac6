package app

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/tenants/staff"
)

// An administrator's journey in a real browser: the demo's own invitation, a sign-in over NDID, then every page of the console, in English
// on a desktop and in Thai on a phone; and an invitation made there.
func TestConsole_AnAdministratorsJourney(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, true)
	b := newBrowser(t)
	b.takePost(d, staff.PlatformAdministrator, "mali")
	for _, look := range []struct {
		lang, name string
		width      int64
	}{{"en", "desktop", 1280}, {"th", "phone", 390}} {
		lang, name := look.lang, look.name
		run(b, "resize", chromedp.EmulateViewport(look.width, 844))
		for _, page := range []string{"", "/statistics", "/record", "/notices", "/departments", "/departments/revenue", "/systems/revenue-efiling", "/staff", "/items", "/providers", "/providers/thaid", "/keys", "/policies"} {
			b.open(d.URL(hubHost) + "/console" + page + "?lang=" + lang)
			b.shoot("console" + strings.ReplaceAll(page, "/", "-") + "-" + lang + "-" + name)
			if run(b, "measure", chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`)) {
				t.Errorf("%s in %s on a %s is wider than the screen", page, lang, name)
			}
		}
	}
	run(b, "resize", chromedp.EmulateViewport(1280, 844))
	b.open(d.URL(hubHost) + "/console/staff?lang=en")
	b.press(`form[action="/console/staff/_/invite"] button`, `.panel code`)
	if text := b.text(); !strings.Contains(text, d.URL(hubHost)+"/join/") {
		t.Errorf("no invitation is shown:\n%s", text)
	}
	letterFromHandToHand(t, d, b)
	departmentsOwn(t, d, b.another())
	// Suspended with a reason: a provider is gone from the page of providers' own register, a system from its life; both are in the record.
	b.open(d.URL(hubHost) + "/console/providers/thaid?lang=en")
	b.set(`form[action$="/_/suspend"] select`, "incident")
	b.press(`form[action$="/_/suspend"] button`, `[role=status]`)
	if text := b.text(); !strings.Contains(text, "Suspended") || !strings.Contains(text, "An incident") || !strings.Contains(text, "somebody else opens it") {
		t.Errorf("the provider is not suspended:\n%s", text)
	}
	b.open(d.URL(hubHost) + "/console/systems/revenue-efiling?lang=en")
	b.set(`form[action$="/_/move"] select`, "maintenance")
	b.press(`form[action$="/_/move"] button`, `[role=status]`)
	if text := b.text(); !strings.Contains(text, "Suspended") || !strings.Contains(text, "Maintenance") {
		t.Errorf("the system is not suspended:\n%s", text)
	}
	b.open(d.URL(hubHost) + "/console/record?kind=provider.&lang=en")
	if text := b.text(); !strings.Contains(text, "provider.suspended") {
		t.Errorf("the record does not show the suspension:\n%s", text)
	}
	b.open(d.URL(hubHost) + "/console/record?kind=staff.&lang=en")
	if text := b.text(); !strings.Contains(text, "staff.invited") || !strings.Contains(text, "staff.joined") {
		t.Errorf("the record does not show what was done:\n%s", text)
	}
}

// takePost takes the demo's invitation to a post as one of its people, who sign in over NDID.
func (b *browser) takePost(d *Demo, role staff.Role, key string) {
	b.t.Helper()
	b.open(d.Invited[role])
	b.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	b.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	b.pick(`input[type=radio]`)
	b.fill(`input[inputmode=numeric]`, person(b.t, key).CitizenID)
	b.press(`form[action$="/input"] button`, `.verify .code`)
	acceptOnPhone(b.t, d, key, b.read(`.verify .code`))
	run(b, "wait for the offer", waitFor(`form[action="/staff/join"]`))
	b.press(`form[action="/staff/join"] button`, `.note`)
}

// BND-05: the administrator of one department, in Thai at a desk and in English on a phone, sees their department's pages, invites a colleague, and
// finds nothing of another department or of the platform.
func departmentsOwn(t *testing.T, d *Demo, b *browser) {
	t.Helper()
	site := d.URL(hubHost) + "/console"
	b.takePost(d, staff.DepartmentAdministrator, "tharn")
	for _, look := range []struct {
		lang, name, word string
		width            int64
	}{{"th", "desktop", "กรมสรรพากร", 1280}, {"en", "phone", "Revenue Department", 390}} {
		run(b, "resize", chromedp.EmulateViewport(look.width, 844))
		for _, page := range []string{"/departments/revenue", "/systems/revenue-efiling", "/staff/revenue", "/items", "/statistics/revenue"} {
			b.open(site + page + "?lang=" + look.lang)
			b.shoot("own" + strings.ReplaceAll(page, "/", "-") + "-" + look.lang + "-" + look.name)
			if text := b.text(); !strings.Contains(text, look.word) {
				t.Errorf("%s in %s does not speak of the department:\n%s", page, look.lang, text)
			}
			if run(b, "measure", chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`)) {
				t.Errorf("%s in %s on a %s is wider than the screen", page, look.lang, look.name)
			}
		}
	}
	b.open(site + "/staff/revenue?lang=th")
	b.press(`form[action$="/_/invite"] button`, `.panel code`)
	if text := b.text(); !strings.Contains(text, d.URL(hubHost)+"/join/") {
		t.Errorf("no invitation is shown:\n%s", text)
	}
	for _, page := range []string{"/departments/social-security", "/systems/social-benefits", "/staff/social-security", "/statistics/social-security", "/keys", "/policies"} {
		b.open(site + page + "?lang=en")
		if text := b.text(); strings.Contains(text, "Social Security") || !strings.Contains(text, "Reference number") {
			t.Errorf("%s is shown to another department:\n%s", page, text)
		}
	}
}

// PRV-14: somebody else writes to the platform on their phone, the administrator reads and answers it at a desk, and they find the answer, is told by
// mail that it is there, and sees in their history that it was read.
func letterFromHandToHand(t *testing.T, d *Demo, b *browser) {
	t.Helper()
	site, wipa := d.URL(hubHost), b.another()
	run(wipa, "take a phone", chromedp.EmulateViewport(390, 844))
	wipa.open(site + "/me/complaints?lang=en")
	wipa.press(`form[action="/sign-in"] button`, `button[name=provider]`)
	wipa.loginThaID(d, "wipa", `textarea`)
	run(wipa, "choose the platform", chromedp.Evaluate[bool](`(document.querySelector('select[name=to]').value = 'platform') !== ''`))
	wipa.pick(`input[name=kind][value=correction]`)
	wipa.fill(`textarea`, "My name is spelt wrong on the first page.")
	wipa.press(`form[action="/me/complaints"] button`, `article`)
	wipa.shoot("complaints-filed")
	reference := wipa.read(`article code`)
	if text := wipa.text(); !strings.Contains(text, "Your reference is "+reference) || !strings.Contains(text, "It waits to be read") {
		t.Errorf("not filed:\n%s", text)
	}
	const address = "wipa@mailbox.example"
	wipa.reach(t, d, address)
	b.open(site + "/console/complaints?lang=en")
	b.shoot("console-complaints")
	b.press(`a[href="/console/complaints/_/`+reference+`"]`, `textarea`)
	b.shoot("console-letter")
	if text := b.text(); !strings.Contains(text, "My name is spelt wrong on the first page.") || strings.Contains(text, person(t, "wipa").CitizenID) {
		t.Errorf("the letter:\n%s", text)
	}
	wipa.open(site + "/me/complaints")
	if text := wipa.text(); !strings.Contains(text, "It has been read") {
		t.Errorf("not seen that it was read:\n%s", text)
	}
	b.fill(`textarea`, "It has been put right.")
	b.press(`form[action="/console/complaints/_/answer"] button`, `.note`)
	wipa.open(site + "/me/complaints")
	wipa.shoot("complaints-answered")
	news := mailTo(t, d, address, "What you wrote has been answered")
	if !strings.Contains(news.Text, "Complaints and corrections") || strings.Contains(news.Raw+news.Text, reference) || strings.Contains(news.Text, "put right") {
		t.Errorf("AUD-09: the mail says where to read, and nothing of it:\n%s", news.Text)
	}
	if text := wipa.text(); !strings.Contains(text, "It has been put right.") || !strings.Contains(text, "They agree with you.") {
		t.Errorf("no answer:\n%s", text)
	}
	wipa.open(site + "/me/history?area=account")
	if text := wipa.text(); !strings.Contains(text, "The authority read what you wrote.") || strings.Contains(text, reference) {
		t.Errorf("the history:\n%s", text)
	}
}
