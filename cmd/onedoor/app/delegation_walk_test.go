package app

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"onedoor/federation/simulator/department"
	"onedoor/federation/simulator/registry"
	"onedoor/tenants/staff"
)

// looks keeps pictures of the page on a phone and at a desk, light and dark; see shoot.
func (b *browser) looks(name string) {
	b.t.Helper()
	if os.Getenv("ONEDOOR_SCREENSHOTS") == "" {
		return
	}
	for _, scheme := range []string{"light", "dark"} {
		features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
		if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
			b.t.Fatal(err)
		}
		for size, width := range map[string]int64{"phone": 412, "desk": 1280} {
			run(b, "resize", chromedp.EmulateViewport(width, 915))
			run(b, "see it painted", chromedp.Evaluate[bool](`new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))`, chromedp.EvalAwaitPromise))
			b.shoot(name + "-" + size + "-" + scheme)
		}
	}
	run(b, "be a phone again", chromedp.EmulateViewport(412, 915))
}

// fits fails where the page is wider than the screen.
func (b *browser) fits(what string) {
	b.t.Helper()
	if run(b, "measure", chromedp.Evaluate[bool]("document.documentElement.scrollWidth > document.documentElement.clientWidth")) {
		b.t.Errorf("%s is wider than the screen", what)
	}
}

// refused fails unless the department's page shows nothing, and says why by this machine word.
func (b *browser) refused(page string, code string) {
	b.t.Helper()
	b.open(page)
	codes := strings.Split(run(b, "read why not", chromedp.Evaluate[string](`document.querySelector("#codes")?.textContent ?? ""`)), ", ")
	for _, c := range codes {
		if c == code {
			return
		}
	}
	b.t.Fatalf("%s is refused for %q and not for %q:\n%s", page, codes, code, b.text())
}

// shown fails unless the department's page is open.
func (b *browser) shown(page string) {
	b.t.Helper()
	if b.open(page); b.there(`#open`) != 1 {
		b.t.Fatalf("%s is not open:\n%s", page, b.text())
	}
}

// contact gives the hub an address of the person's, and proves it by the code that comes there.
func (b *browser) contact(d *Demo, address string) {
	b.t.Helper()
	b.open(d.URL(hubHost) + "/contacts")
	b.fill(`form[action="/contacts/add"] input[name=address]`, address)
	b.press(`form[action="/contacts/add"] button`, `form[action="/contacts/code"]`)
	b.fill(`form[action="/contacts/code"] input[name=code]`, sixDigits.FindString(mailTo(b.t, d, address, "").Text))
	b.press(`form[action="/contacts/code"] button`, `main:not(:has(form[action="/contacts/code"]))`)
}

// RAZ-02, RAZ-07, from end to end on a phone in Thai: nobody sees a person's hospital bills online until they open them. The department refuses with the
// reason, its link leads to the switch, the switch asks for a stronger sign-in; then the bills are there. Locked in another tab they are gone from
// the open sign-in within a second. Of each of it the person is told by mail (AUD-09).
func TestRAZ02_ACitizenOpensAndLocksTheirBills(t *testing.T) {
	t.Parallel()
	const address = "mali.bills@mailbox.example"
	d, log := startDemo(t, true)
	b := newBrowser(t)
	bills := d.URL(socialHost) + department.ServicePath + "inpatient-settlement"
	b.open(d.URL(socialHost) + "/language/th")
	b.open(d.URL(sheetHost))
	b.looks("sheet")
	b.fits("the sheet")
	b.press(`#citizen .steps a`, `button[name=provider]`)
	b.loginThaID(d, "mali", `#no-record`)
	b.looks("items-department")
	b.contact(d, address)
	b.refused(bills, "not_bound")
	b.looks("items-not-bound")
	b.press(`#next`, `form[action="/me/records/ask"], form[action="/me/services/open"]`)
	b.open(d.URL(hubHost) + "/me/records?lang=th")
	b.press(`form[action="/me/records/ask"] button`, `main`)
	b.until(d, `form[action="/me/records/unbind"]`)

	b.refused(bills, "not_opened")
	b.looks("items-refused")
	b.fits("the refusal")
	if text := b.text(); !strings.Contains(text, "ท่านยังไม่ได้เปิดรายการนี้") || strings.Contains(text, "48,250") {
		t.Fatalf("not refused in Thai:\n%s", text)
	}
	b.press(`#next`, `form[action="/me/services/open"]`)
	b.at(d.URL(hubHost))
	b.looks("items-switch-closed")
	b.press(`form[action="/me/services/open"] button`, `button[name=provider][value=bank]`)
	b.looks("items-step-up")
	b.press(`button[name=provider][value=bank]`, `input[name=person]`)
	b.pick(`input[name=person][value=mali]`)
	b.press(`button[value=approve]`, `form[action="/me/services/open"]`)
	b.press(`form[action="/me/services/open"] button`, `form[action="/me/services/lock"]`)
	b.looks("items-switch-open")
	b.fits("the switch")
	mailTo(t, d, address, "was opened")

	before := len(b.visited())
	b.shown(bills) // with another token, for which nobody is asked anything
	b.looks("items-shown")
	for _, url := range b.visited()[before:] {
		if strings.Contains(url, bankHost+".localhost") || strings.Contains(url, thaidHost+".localhost") {
			t.Errorf("the person is asked again: %s", url)
		}
	}

	other := b.tab()
	other.open(d.URL(hubHost) + "/me/services?lang=en")
	run(other, "sit down at a desk", chromedp.EmulateViewport(1280, 900))
	other.looks("items-services")
	other.press(`form[action="/me/services/lock"] button`, `.note`)
	locked := time.Now()
	b.refused(bills, "locked")
	if took := time.Since(locked); took > time.Second && !testing.Short() {
		t.Logf("the refusal took %v on a busy machine", took) // the page that was asked for after the answer refuses: see TestRAZ08
	}
	b.looks("items-locked")
	news := mailTo(t, d, address, "was locked")
	for _, secret := range append(personal(person(t, "mali")), "npatient", "48,250") {
		if strings.Contains(news.Raw+news.Text, secret) {
			t.Errorf("the mail holds %q", secret)
		}
	}
	b.press(`#next`, `form[action="/me/services/open"]`)
	b.press(`form[action="/me/services/open"] button`, `form[action="/me/services/lock"]`) // the sign-in of before still counts
	b.shown(bills)
	b.open(d.URL(hubHost) + "/me/history?lang=th")
	b.looks("items-history")
	noTrace(t, d, log, b, person(t, "mali"))
}

// from lets the browser be at another place: behind a proxy that the hub and the departments believe.
func (b *browser) from(address string) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"X-Forwarded-For": address}}); err != nil {
		b.t.Fatal(err)
	}
}

// viaNDID signs somebody in over NDID, and waits for what comes then.
func (b *browser) viaNDID(d *Demo, key, then string) {
	b.t.Helper()
	b.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	b.pick(`input[type=radio]`)
	b.fill(`input[inputmode=numeric]`, person(b.t, key).CitizenID)
	b.press(`form[action$="/input"] button`, `.verify .code`)
	acceptOnPhone(b.t, d, key, b.read(`.verify .code`))
	run(b, "wait for "+then, waitFor(then))
}

// elsewhen gives hours in which now is not, in Thailand.
func elsewhen() (from, to string) {
	if time.Now().In(zone).Hour() < 12 {
		return "14:00", "23:00"
	}
	return "01:00", "10:00"
}

// company is an entity with its administrator at a browser.
type company struct {
	d    *Demo
	head *browser
	page string
}

// founded registers the company of a director.
func founded(d *Demo, head *browser, key string) company {
	head.t.Helper()
	one := registry.Companies()[0]
	head.open(d.URL(hubHost) + "/entities?lang=en")
	head.press(`form[action="/entities/sign-in"] button`, `button[name=provider]`)
	head.loginThaID(d, key, `form[action="/entities/register"]`)
	head.set(`form[action="/entities/register"] select[name=kind]`, one.Type)
	head.fill(`form[action="/entities/register"] input[name=number]`, one.Number)
	head.press(`form[action="/entities/register"] button`, `a[href^="/entities/"].button`)
	page := run(head, "read where the company is", chromedp.Evaluate[string](`document.querySelector("a[href^='/entities/'].button").href`))
	return company{d, head, page}
}

// operator lets somebody join by an invitation for the revenue department.
func (c company) operator(b *browser, key, label string) {
	b.t.Helper()
	c.head.open(c.page)
	c.head.fill(`form[aria-labelledby=invite] input[name=label]`, label)
	c.head.set(`form[aria-labelledby=invite] select[name=department]`, "revenue")
	c.head.press(`form[aria-labelledby=invite] button`, `code.address`)
	b.open(c.head.read(`code.address`))
	b.press(`form[action="/entities/sign-in"] button`, `button[name=provider]`)
	b.loginThaID(c.d, key, `form[action="/entities/join"]`)
	b.press(`form[action="/entities/join"] button`, `.note`)
	b.open(c.d.URL(revenueHost) + "/language/th")
	b.open(c.d.URL(revenueHost) + "/login")
	b.press(fmt.Sprintf(`button[name=party][value=%q]`, c.id()), `button[name=decision][value=allow]`)
	b.press(`button[name=decision][value=allow]`, `#representee`)
}

func (c company) id() string { return c.page[strings.LastIndexByte(c.page, '/')+1:] }

// delegate puts a service into an operator's hands, at the office and at hours.
func (c company) delegate(item, label, from, to string) {
	c.head.t.Helper()
	c.head.open(c.page + "/items")
	c.head.pick(`input[name=item][value=` + item + `]`)
	run(c.head, "choose "+label, chromedp.Evaluate[string](fmt.Sprintf(
		`(s => s.value = [...s.options].find(o => o.text.trim() == %q).value)(document.querySelector("select[name=operator]"))`, label)))
	c.head.pick(`input[name=place]`)
	c.head.set(`input[name=open]`, from)
	c.head.set(`input[name=close]`, to)
	c.head.press(`form[action$="/items/give"] button`, `.note`)
}

// RAZ-03, RAZ-04, RAZ-06, RAZ-08, ENT-04, from end to end: an administrator delegates the company's tax return to one operator, at the office; the
// department's staff approves; he uses it there and nowhere else. It is handed to another operator, who has it in the moment of the approval in
// which he has lost it; and it is withdrawn in the middle of her sign-in. The operators on phones in Thai, the others at desks in English.
func TestRAZ03_ADelegatedServiceFromHandToHand(t *testing.T) {
	t.Parallel()
	const office, elsewhere = "192.0.2.10", "198.51.100.7"
	d, log := startDemo(t, true, func(o *DemoOptions) { o.Behind = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	head := newBrowser(t)
	first, second, clerk := head.another(), head.another(), head.another()
	page := d.URL(revenueHost) + department.ServicePath + "company-return"
	for _, b := range []*browser{first, second} {
		b.from(office)
	}
	run(head, "sit down at a desk", chromedp.EmulateViewport(1280, 900))
	c := founded(d, head, "mali")
	head.looks("entity")
	c.operator(first, "tharn", "Accounts")
	c.operator(second, "lin", "Payroll")
	first.looks("items-operator")
	first.refused(page, "not_delegated")
	first.looks("items-not-delegated")

	head.open(c.page + "/places")
	head.fill(`form[action$="/places/add"] input[name=label]`, "Head office")
	head.fill(`form[action$="/places/add"] input[name=networks]`, "192.0.2.0/24")
	head.press(`form[action$="/places/add"] button`, `.note`)
	head.looks("entity-places")
	c.delegate("company-return", "Accounts", "00:00", "")
	head.looks("entity-items")
	first.refused(page, "delegation_awaits_approval") // what is only proposed is nobody's
	first.looks("items-awaits")

	clerk.open(d.Invited[staff.Reviewer] + "?lang=en")
	clerk.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	clerk.viaNDID(d, "wipa", `form[action="/staff/join"]`)
	clerk.press(`form[action="/staff/join"] button`, `.note`)
	approve := func() {
		t.Helper()
		clerk.open(d.URL(hubHost) + "/staff/applications")
		clerk.looks("items-applications")
		clerk.press(`button[name=decision][value=approve]`, `.note`)
	}
	approve()
	first.shown(page)
	first.looks("items-company-return")
	first.fits("the return")
	first.from(elsewhere)
	first.refused(page, "place")
	first.looks("items-other-place")
	first.from(office)
	first.shown(page)
	second.refused(page, "not_delegated")

	// From hand to hand: until the staff has approved he has it, and from then on she does.
	c.delegate("company-return", "Payroll", "00:00", "")
	first.shown(page)
	second.refused(page, "delegation_awaits_approval")
	approve()
	first.refused(page, "not_delegated")
	second.shown(page)

	// Another service, at other hours and on a registered machine.
	from, to := elsewhen()
	c.delegate("company-refunds", "Payroll", from, to)
	refunds := d.URL(revenueHost) + department.ServicePath + "company-refunds"
	second.refused(refunds, "hours")
	second.refused(refunds, "device")
	second.looks("items-hours")
	second.press(`#next`, `a[href$="/devices"]`)
	second.at(d.URL(hubHost))

	head.open(c.page + "/items")
	head.looks("entity-items-two")
	head.press(`form[action$="/items/withdraw"]:has(input[name=delegation]) button`, `.note`)
	head.press(`form[action$="/items/withdraw"]:has(input[name=delegation]) button`, `main:not(:has(form[action$="/items/withdraw"]))`)
	second.refused(page, "not_delegated")
	first.refused(page, "not_delegated")
	for _, key := range []string{"mali", "tharn", "lin", "wipa"} {
		noTrace(t, d, log, head, person(t, key))
	}
	if strings.Contains(log.String(), registry.Companies()[0].Number) {
		t.Error("invariant 2: the company's number is in the log")
	}
}
