package app

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/tenants/staff"
)

// RAZ-01 in a real browser: a department's administrator adds an item, is told of every fault at once and loses nothing of what was typed, tries a
// change on what was decided, saves it, and reads what changed.
func TestRAZ01_AClerkKeepsAnItemInTheConsole(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, true)
	b := newBrowser(t)
	b.open(d.Invited[staff.DepartmentAdministrator])
	b.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	b.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	b.pick(`input[type=radio]`)
	b.fill(`input[inputmode=numeric]`, person(t, "mali").CitizenID)
	b.press(`form[action$="/input"] button`, `.verify .code`)
	acceptOnPhone(t, d, "mali", b.read(`.verify .code`))
	run(b, "wait for the offer", waitFor(`form[action="/staff/join"]`))
	b.press(`form[action="/staff/join"] button`, `.note`)
	fill := func(all map[string]string) {
		for name, value := range all {
			b.set(`[name="`+name+`"]`, value)
		}
	}
	b.open(d.URL(hubHost) + "/console/new-item/revenue?lang=en")
	b.shoot("item-new-en-desktop")
	fill(map[string]string{"id": "fee-relief", "names.th": "ผ่อนผันค่าธรรมเนียม", "names.en": "Fee relief", "names.zh": "费用减免", "category": "relief", "actions": "query, file", "demands.hours": "weekdays"})
	b.press(`form[action="/console/new-item/revenue/_/save"] button`, `[data-wrong]`)
	b.shoot("item-faults-en-desktop")
	if n := run(b, "count the faults", chromedp.Evaluate[int](`document.querySelectorAll('[data-wrong]').length`)); n != 3 { // the name in Vietnamese, the hours, their zone
		t.Errorf("%d faults are shown", n)
	}
	fill(map[string]string{"names.vi": "Miễn giảm phí", "demands.hours": "mon,tue,wed,thu,fri 08:00-17:00", "demands.hours.zone": "Asia/Bangkok"})
	b.press(`form[action="/console/new-item/revenue/_/save"] button`, `#versions`)
	b.press(`a[href="/console/edit-item/revenue/fee-relief"]`, `form[action="/console/edit-item/revenue/fee-relief/_/save"]`)
	fill(map[string]string{"demands.maxAge": "10m"})
	b.press(`button[name=try]`, `#try`)
	b.shoot("item-try-en-desktop")
	b.press(`form[action="/console/edit-item/revenue/fee-relief/_/save"] button`, `#versions`)
	if text := b.text(); !strings.Contains(text, "10m0s") || !strings.Contains(text, "Oldest sign-in") {
		t.Errorf("the versions do not tell what changed:\n%s", text)
	}
	b.shoot("item-en-desktop")
	run(b, "resize", chromedp.EmulateViewport(390, 844))
	for _, page := range []string{"/items/revenue/fee-relief", "/edit-item/revenue/fee-relief", "/why/revenue"} {
		b.open(d.URL(hubHost) + "/console" + page + "?lang=th")
		b.shoot("console" + strings.ReplaceAll(page, "/", "-") + "-th-phone")
		if run(b, "measure", chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`)) {
			t.Errorf("%s is wider than a phone", page)
		}
	}
}
