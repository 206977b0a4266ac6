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
	b := newBrowser(t, d)
	b.open(d.Invited[staff.PlatformAdministrator])
	b.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	b.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	b.pick(`input[type=radio]`)
	b.fill(`input[inputmode=numeric]`, person(t, "mali").CitizenID)
	b.press(`form[action$="/input"] button`, `.verify .code`)
	acceptOnPhone(t, d, "mali", strings.TrimSpace(run(b, "read the code", chromedp.Text(chromedp.CSS(`.verify .code`)))))
	run(b, "wait for the offer", waitFor(`form[action="/staff/join"]`))
	b.press(`form[action="/staff/join"] button`, `.note`)
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
	b.open(d.URL(hubHost) + "/console/record?kind=staff.&lang=en")
	if text := b.text(); !strings.Contains(text, "staff.invited") || !strings.Contains(text, "staff.joined") {
		t.Errorf("the record does not show what was done:\n%s", text)
	}
}
