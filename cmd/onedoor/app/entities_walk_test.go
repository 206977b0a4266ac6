package app

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/department"
	"onedoor/federation/simulator/registry"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// forEntities signs a person in by ThaID at the page of legal entities, as strongly as it asks, and waits for what they then see.
func (b *browser) forEntities(d *Demo, key, then string) {
	b.t.Helper()
	b.open(d.URL(hubHost) + "/entities")
	b.press(`form[action="/entities/sign-in"] button`, `button[name=provider]`)
	b.loginThaID(d, key, then)
}

// invitation reads the address of an invitation that was just made.
func (b *browser) invitation(d *Demo) string {
	b.t.Helper()
	link := b.read(`code.address`)
	if !strings.HasPrefix(link, d.URL(hubHost)+"/act/") {
		b.t.Fatalf("no address of an invitation: %s", link)
	}
	return link
}

// ENT-01 to ENT-06, RAZ-08, in real browsers of a phone's width: a director claims her company, which the registry confirms, and invites an operator,
// who accepts in his own browser and acts for it at the revenue department. His mandate is withdrawn, and the department has lost him at once.
// She can't leave the company alone; she hands it over, and her successor has it.
func TestENT06_ADirectorsOperatorActsUntilTheMandateIsWithdrawn(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, false)
	company, mali, tharn := registry.Companies()[0], person(t, "mali"), person(t, "tharn")
	b := newBrowser(t)
	b.forEntities(d, "mali", `form[action="/entities/register"]`)
	b.looks("entities-none")
	b.fits("the page of entities")
	b.fill(`input[name=number]`, registry.Companies()[1].Number)
	b.fill(`textarea[name=statement]`, "Minutes of 3 March, page 2")
	b.press(`form[action="/entities/register"] .button`, `.alert`)
	b.looks("entities-not-confirmed")
	if kept := run(b, "read the field", chromedp.Evaluate[string](`document.querySelector("textarea[name=statement]").value + document.querySelector("input[name=number]").value`)); kept != "Minutes of 3 March, page 2"+registry.Companies()[1].Number {
		t.Errorf("what was typed is lost: %q", kept)
	}
	b.set(`input[name=number]`, company.Number)
	b.press(`form[action="/entities/register"] .button`, `.note`)
	if text := b.text(); !strings.Contains(text, company.Names["en"]) && !strings.Contains(text, company.Names["th"]) {
		t.Fatalf("not registered:\n%s", text)
	}
	if b.there(`form[action="/entities/leave"]`) != 0 {
		t.Error("ENT-01: the only administrator may leave")
	}
	b.looks("entities-registered")
	b.press(`a.button[href^="/entities/"]`, `form[action$="/invite"]`)
	page := run(b, "tell where it is", chromedp.Location())
	b.fill(`input[name=label]`, "Accounts")
	b.set(`form[action$="/invite"] select[name=department]`, "revenue")
	b.set(`form[action$="/invite"] select[name=days]`, "90")
	b.fill(`input[name=person]`, "1-2345")
	b.press(`form[action$="/invite"]:not(:has([value=master])) .button`, `.alert`)
	if kept := run(b, "read the field", chromedp.Evaluate[string](`document.querySelector("input[name=label]").value + document.querySelector("form[action$='/invite'] select[name=days]").value`)); kept != "Accounts90" {
		t.Errorf("what was typed is lost: %q", kept)
	}
	b.set(`input[name=person]`, tharn.CitizenID)
	b.press(`form[action$="/invite"]:not(:has([value=master])) .button`, `code.address`)
	b.looks("entity-invited")
	b.fits("the page of an entity")

	c := b.another()
	c.open(b.invitation(d))
	c.at(d.URL(hubHost))
	c.looks("entities-offer")
	c.press(`form[action="/entities/sign-in"] button`, `button[name=provider]`)
	c.loginThaID(d, "tharn", `form[action="/entities/join"]`)
	c.press(`form[action="/entities/join"] button`, `.note`)
	c.looks("entities-joined")
	c.open(page)
	if c.there(`form[action$="/invite"]`) != 0 || strings.Contains(c.text(), company.Number) {
		t.Error("invariant 10: an operator administers")
	}
	c.open(d.URL(revenueHost) + "/login")
	c.at(d.URL(hubHost))
	c.looks("party")
	id := page[strings.LastIndex(page, "/")+1:]
	c.press(`button[name=party][value="`+id+`"]`, `button[name=decision][value=allow]`)
	c.press(`button[name=decision][value=allow]`, `#representee.good`)
	c.at(d.URL(revenueHost))
	c.shoot("revenue-representee")
	c.press(`form[action="/check"] button`, `#answer.good`)

	// BND-04: his coming for the company has begun its record there. She asks for it on the company's page, the department finds it by the company's number,
	// and knows him by it from now on whenever he acts for the company.
	revenue := d.hosts[revenueHost].(*department.Department)
	record := department.Taxpayers(company.Number)[0].Number
	b.open(page + "/records")
	b.press(`form[action$="/records/ask"] button`, `.note`)
	patient, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	if news := revenue.RecordNews(patient, 1); len(news) != 1 || news[0].Event != "bound" || news[0].Record != record {
		t.Fatalf("the department was told %+v", news)
	}
	b.open(page + "/records")
	b.looks("entity-record")
	if text := b.text(); !strings.Contains(text, record) {
		t.Errorf("she does not see the company's record:\n%s", text)
	}
	c.open(d.URL(revenueHost) + "/login")
	if ask := `button[name=party][value="` + id + `"]`; c.there(ask) != 0 {
		c.press(ask, `#representee.good`)
	}
	c.at(d.URL(revenueHost))
	c.shoot("revenue-company-record")
	if c.there(`#record.good`) != 1 || !strings.Contains(c.text(), record) {
		t.Errorf("BND-04: the department does not know the company by its record:\n%s", c.text())
	}
	c.open(d.URL(socialHost) + "/login") // which serves persons: there he is himself (ENT-02)
	if c.there(`#representee`) != 0 {
		t.Errorf("ENT-02: at social security:\n%s", c.text())
	}

	b.open(page)
	b.press(`form[action$="/withdraw"] button`, `.note`)
	b.looks("entity-withdrawn")
	c.open(d.URL(revenueHost))
	if c.there(`#representee`) != 0 {
		c.press(`form[action="/check"] button`, `#answer.bad`)
	}
	c.open(d.URL(revenueHost) + "/login")
	if c.there(`#representee`) != 0 || c.there(`button[name=party][value="`+id+`"]`) != 0 {
		t.Errorf("RAZ-08: he acts on:\n%s", c.text())
	}

	// Closing her account would leave the company without an administrator; handing over does not.
	b.open(d.URL(hubHost) + "/me/account")
	b.pick(`input[name=understood]`)
	b.press(`form[action="/me/account/close"] button`, `a[href="/entities"]`)
	b.looks("account-heads")
	b.open(page)
	b.press(`form[action$="/invite"]:has([value=master]) .button`, `code.address`)
	c.open(b.invitation(d))
	c.press(`form[action="/entities/join"] button`, `.note`)
	c.press(`a.button[href^="/entities/"]`, `form[action$="/invite"]`)
	b.open(d.URL(hubHost) + "/entities")
	if b.there(`a[href^="/entities/"]`) != 0 {
		t.Errorf("ENT-01: who handed over keeps it:\n%s", b.text())
	}
	for _, x := range []*browser{b, c} {
		noTrace(t, d, log, x, mali)
		noTrace(t, d, log, x, tharn)
		noTrace(t, d, log, x, simulator.Person{Address: company.Number})
		noTrace(t, d, log, x, simulator.Person{Address: record})
	}
}

// ENT-06 in a real browser: what no registry confirms waits for staff, who see what the person agreed to show beside the registry's answer. Nobody who
// holds no post sees it.
func TestENT06_StaffDecideWhatTheRegistryDoesNotConfirm(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, false)
	out := &record{}
	p := d.options.Process
	p.Env, p.Out = d.env, out
	if err := InviteStaff(t.Context(), d.config, p, StaffOrder{Role: string(staff.PlatformAdministrator)}); err != nil {
		t.Fatal(err)
	}
	company, tharn := registry.Companies()[0], person(t, "tharn")
	b := newBrowser(t)
	b.forEntities(d, "tharn", `form[action="/entities/register"]`)
	b.fill(`input[name=number]`, company.Number)
	b.fill(`input[name=name]`, "The Rice Mill of Siam")
	b.fill(`textarea[name=statement]`, "Minutes of 3 March,\npage 2")
	b.pick(`input[name=review]`)
	b.press(`form[action="/entities/register"] .button`, `.note`)
	if b.there(`form[action="/entities/unclaim"]`) != 1 {
		t.Fatalf("no request waits:\n%s", b.text())
	}
	b.looks("entities-claimed")
	b.open(d.URL(hubHost) + "/console/entities")
	if text := b.text(); strings.Contains(text, "Rice Mill") {
		t.Errorf("who holds no post sees what waits:\n%s", text)
	}

	c := b.another()
	c.open(strings.TrimSpace(out.String()))
	c.press(`form[action="/staff/sign-in"] button`, `button[name=provider]`)
	c.viaNDID(d, "mali", `form[action="/staff/join"]`)
	c.press(`form[action="/staff/join"] button`, `.note`)
	c.open(d.URL(hubHost) + "/console/entities")
	c.looks("console-entities")
	c.fits("the list of claims")
	c.press(`a[href^="/console/entities/claims/"]`, `form[action$="/_/approve"]`)
	c.looks("console-claim")
	c.fits("a claim")
	text := c.text()
	for _, want := range []string{"The Rice Mill of Siam", company.Names["en"], tharn.GivenName, tharn.FamilyName, "Minutes of 3 March,\npage 2"} {
		if !strings.Contains(text, want) && !strings.Contains(text, company.Names["th"]) {
			t.Errorf("the claim does not show %q:\n%s", want, text)
		}
	}
	for _, hidden := range []string{tharn.CitizenID, tharn.Birthdate, tharn.Address} {
		if strings.Contains(text, hidden) {
			t.Errorf("more than what they agreed to is shown: %q", hidden)
		}
	}
	claim := run(c, "tell where it is", chromedp.Location())
	c.press(`form[action$="/_/approve"] button`, `.note`)
	if text := c.text(); !strings.Contains(text, "second person") {
		t.Errorf("one pair of eyes is enough:\n%s", text)
	}
	c.open(claim)
	c.looks("console-claim-approved-once")
	if c.there(`form[action$="/_/approve"]`) != 0 {
		t.Error("the same person may be the second")
	}
	// Who holds the machine is the second.
	if err := DecideEntity(t.Context(), d.config, p, EntityApprove, EntityOrder{ID: claim[strings.LastIndex(claim, "/")+1:]}); err != nil {
		t.Fatal(err)
	}
	b.open(d.URL(hubHost) + "/entities")
	if b.there(`a.button[href^="/entities/"]`) != 1 || b.there(`form[action="/entities/unclaim"]`) != 0 {
		t.Fatalf("not registered:\n%s", b.text())
	}
	c.open(d.URL(hubHost) + "/console/entities")
	c.fill(`input[name=number]`, company.Number)
	c.press(`form[action$="/_/find"] button`, `form[action$="/_/succeed"]`)
	c.looks("console-entity")
	c.fits("an entity")
	c.set(`form[action$="/_/succeed"] select[name=reason]`, entity.Removed)
	c.press(`form[action$="/_/succeed"] button`, `form[action$="/_/drop"]`)
	c.looks("console-entity-wish")
	page := run(c, "tell where it is", chromedp.Location())
	id, _, _ := strings.Cut(page[strings.LastIndex(page, "/")+1:], "?")
	if err := DecideEntity(t.Context(), d.config, p, EntitySucceed, EntityOrder{ID: id, Reason: entity.Removed}); err != nil {
		t.Fatal(err)
	}
	b.open(d.URL(hubHost) + "/entities")
	if b.there(`a.button[href^="/entities/"]`) != 0 {
		t.Errorf("the administrator stays:\n%s", b.text())
	}
	noTrace(t, d, log, b, tharn)
	noTrace(t, d, log, c, tharn)
	noTrace(t, d, log, c, simulator.Person{Address: company.Number, Birthdate: "Minutes of 3 March"})
}
