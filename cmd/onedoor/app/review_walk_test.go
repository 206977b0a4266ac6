package app

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/department"
	"onedoor/tenants"
)

// BND-01 to BND-05 in real browsers: somebody comes to social security for the first time and asks for his record. It has two of him, so a clerk takes the
// case up, sees what he showed beside the record, and binds; on his return the department greets him by it. Nothing of it stays behind.
func TestBND02_AClerkComparesAndBinds(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, false)
	him, number := person(t, "tharn"), ""
	for _, r := range department.Insured(simulator.People(), tenants.CheckCharacter37) {
		if r.CitizenID == him.CitizenID && number == "" {
			number = r.Number
		}
	}
	b := newBrowser(t)
	b.open(d.URL(socialHost))
	b.press(`a[href="/login"]`, `button[name=provider]`)
	b.loginThaID(d, "tharn", `#no-record`)
	b.open(d.URL(hubHost) + "/me/records")
	b.pick(`input[name=keep]`)
	b.press(`form[action="/me/records/ask"] button`, `.note`)
	b.until(d, `form[action="/me/records/ask"]`) // the department is asked after the answer
	if b.there(`form[action="/me/records/take-back"]`) != 1 {
		t.Fatalf("what he showed does not wait:\n%s", b.text())
	}
	b.shoot("review-person-waits")

	c := newBrowser(t)
	c.open(d.clerk)
	c.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	c.press(`button[name=provider][value=ndid]`, `form[action$="/input"] button`)
	c.pick(`input[type=radio]`)
	c.fill(`input[inputmode=numeric]`, person(t, "mali").CitizenID)
	c.press(`form[action$="/input"] button`, `.verify .code`)
	acceptOnPhone(t, d, "mali", c.read(`.verify .code`))
	run(c, "wait for the offer", waitFor(`form[action="/staff/join"]`))
	c.open(d.URL(hubHost) + "/staff/cases")
	c.shoot("review-no-post")
	if text := c.text(); strings.Contains(text, "Insurance record") {
		t.Errorf("BND-05: the queue is shown to who holds no post:\n%s", text)
	}
	c.open(d.clerk)
	c.press(`form[action="/staff/join"] button`, `.note`)
	c.open(d.URL(hubHost) + "/staff/cases")
	c.shoot("review-queue")
	c.press(`.items a[href^="/staff/cases/"]`, `form[action$="/take"]`)
	c.shoot("review-case")
	if text := c.text(); strings.Contains(text, him.GivenName) {
		t.Errorf("the person is shown before the case is taken up:\n%s", text)
	}
	atTheCounter(t, d, b, c)
	if text := c.text(); !strings.Contains(text, him.GivenName) || strings.Contains(text, him.Address) {
		t.Errorf("not what he has agreed to:\n%s", text)
	}
	at := run(c, "tell the case's address", chromedp.Location())
	run(c, "sit down at a desk", chromedp.EmulateViewport(1280, 900))
	c.open(at + "?lang=th")
	c.shoot("review-case-desk")
	if text := c.text(); !strings.Contains(text, "ทะเบียนผู้ประกันตน") || !strings.Contains(text, him.GivenName) {
		t.Errorf("the case in Thai:\n%s", text)
	}
	run(c, "take the phone again", chromedp.EmulateViewport(412, 915))
	c.open(at + "?lang=en")
	old := ""
	for _, r := range department.Insured(simulator.People(), tenants.CheckCharacter37) {
		if r.CitizenID == him.CitizenID {
			old = r.Number
		}
	}
	c.fill(`input[name=number]`, old)
	c.press(`form[action$="/name"] button`, `form[action$="/approve"]`)
	c.shoot("review-other-name")
	if c.there(`tr.like-similar`) != 1 {
		t.Errorf("the misspelt name is not marked:\n%s", c.text())
	}
	c.fill(`input[name=number]`, number)
	c.press(`form[action$="/name"] button`, `tr.like-same:nth-child(2)`)
	c.shoot("review-compare")
	if text := c.text(); c.there(`tr.like-same`) != 4 || c.there(`tr.like-different`) != 0 || !strings.Contains(text, number) {
		t.Errorf("compared:\n%s", text)
	}
	c.press(`form[action$="/approve"] button`, `.note`)
	c.shoot("review-bound")
	if text := c.text(); strings.Contains(text, "Insurance record") {
		t.Errorf("it still waits:\n%s", text)
	}

	b.open(d.URL(socialHost) + "/login")
	b.at(d.URL(socialHost))
	b.shoot("review-greeted")
	if b.there(`#record.good`) != 1 || !strings.Contains(b.text(), number) {
		t.Errorf("the department does not greet the record:\n%s", b.text())
	}
	b.open(d.URL(hubHost) + "/me/records")
	if b.there(`form[action="/me/records/take-back"]`) != 0 {
		t.Errorf("what was shown outlives the case:\n%s", b.text())
	}
	noTrace(t, d, log, b, him)
	noTrace(t, d, log, c, him)
	noTrace(t, d, log, c, simulator.Person{Address: number})
}

// atTheCounter ties the clerk's browser and the person's phone: one shows a number, the other scans it, says who stands there and shows a code, which the clerk
// types in. A code that is wrong opens nothing, and leaves the clerk where they were. The person is told that it was done in their name.
func atTheCounter(t *testing.T, d *Demo, person, clerk *browser) {
	t.Helper()
	clerk.open(d.URL(hubHost) + "/staff/cases")
	clerk.press(`form[action$="/sit"] button`, `.scan`)
	clerk.shoot("counter-clerk")
	scanned := strings.TrimSpace(run(clerk, "scan", chromedp.Text(chromedp.CSS(`#scan-address`))))
	if !strings.HasPrefix(scanned, d.URL(hubHost)+"/me/counter/") {
		t.Fatalf("what is scanned leads to %s", scanned)
	}
	person.open(scanned)
	person.shoot("counter-person")
	if text := person.text(); !strings.Contains(text, "สำนักงานประกันสังคม") && !strings.Contains(text, "Social Security") {
		t.Errorf("it does not say whose counter it is:\n%s", text)
	}
	person.press(`form[action^="/me/counter/"] button`, `.verify .code`)
	person.shoot("counter-code")
	code := strings.TrimSpace(run(person, "read the code", chromedp.Text(chromedp.CSS(`.verify .code`))))
	wrong := "000 000"
	if code == wrong {
		wrong = "111 111"
	}
	clerk.fill(`input[name=code]`, wrong)
	clerk.press(`form[action$="/counter"] button`, `.alert`)
	clerk.fill(`input[name=code]`, code)
	clerk.press(`form[action$="/counter"] button`, `form[action$="/name"]`)
	person.open(d.URL(hubHost) + "/notices")
	if text := person.text(); !strings.Contains(text, "มีการรับเรื่องของท่านที่เคาน์เตอร์") && !strings.Contains(text, "A case of yours was taken up at a counter") {
		t.Errorf("AUD-09: the person is not told that it was done in their name:\n%s", text)
	}
}
