package app

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/federation/simulator/mail"
)

// mailTo waits for a mail to an address whose subject has a word.
func mailTo(t *testing.T, d *Demo, to, subject string) mail.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	m, err := d.Mail.Await(ctx, func(m mail.Message) bool { return m.To == to && strings.Contains(m.Subject, subject) })
	if err != nil {
		t.Fatalf("no mail to %s about %q: %v; there are %d", to, subject, err, len(d.Mail.Messages()))
	}
	return m
}

// reach has whoever is signed in, freshly and in English, give an address at which they are told.
func (b *browser) reach(t *testing.T, d *Demo, address string) {
	t.Helper()
	b.open(d.URL(hubHost) + "/contacts")
	b.fill(`form[action="/contacts/add"] input[name=address]`, address)
	b.press(`form[action="/contacts/add"] button`, `form[action="/contacts/code"]`)
	b.fill(`form[action="/contacts/code"] input[name=code]`, sixDigits.FindString(mailTo(t, d, address, "Code").Text))
	b.press(`form[action="/contacts/code"] button`, `main:not(:has(form[action="/contacts/code"]))`)
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// AUD-09, from end to end in a browser: a person gives an address, proves it with the code that came there, and steps up; the news comes by
// mail, not through the browser. Then the address is removed, and is told so itself. Of the address nothing is found in the database, in a
// log line, an address or a metric.
func TestAUD09_TheRaiseIsToldByMail(t *testing.T) {
	t.Parallel()
	const address = "Mali.Private@mailbox.example"
	d, log := startDemo(t, true)
	b := newBrowser(t)
	b.open(d.URL(hubHost) + "/contacts")
	b.shoot("contacts-signed-out")
	b.press(`form[action="/sign-in"] button`, `button[name=provider]`)
	b.shoot("contacts-choose")
	b.loginThaID(d, "mali", `form[action="/contacts/add"]`) // no consent: nothing is released to anybody
	b.at(d.URL(hubHost))
	b.shoot("contacts-empty")
	b.fill(`form[action="/contacts/add"] input[name=address]`, "not an address")
	b.press(`form[action="/contacts/add"] button`, `.wrong`)
	b.shoot("contacts-invalid")
	run(b, "clear the field", chromedp.Evaluate[string]("document.querySelector(`form[action='/contacts/add'] input[name=address]`).value = ''"))
	b.fill(`form[action="/contacts/add"] input[name=address]`, address)
	b.press(`form[action="/contacts/add"] button`, `form[action="/contacts/code"]`)
	b.shoot("contacts-code")
	if text := b.text(); !strings.Contains(text, "M…@mailbox.example") || strings.Contains(text, "Private") {
		t.Errorf("not masked:\n%s", text)
	}
	code := sixDigits.FindString(mailTo(t, d, address, "Code").Text)
	b.fill(`form[action="/contacts/code"] input[name=code]`, wrongCode(code))
	b.press(`form[action="/contacts/code"] button`, `.wrong`)
	b.shoot("contacts-wrong")
	b.fill(`form[action="/contacts/code"] input[name=code]`, code[:3]+" "+code[3:])
	b.press(`form[action="/contacts/code"] button`, `main:not(:has(form[action="/contacts/code"]))`)
	b.shoot("contacts")
	mailTo(t, d, address, "contact was added")

	b.open(d.URL(landHost))
	b.press(`a[href="/login"]`, `button[name=decision][value=allow], #facts`)
	if b.there(`button[name=decision][value=allow]`) > 0 {
		b.press(`button[name=decision][value=allow]`, `#facts`)
	}
	b.press(`#to-deed`, `button[name=provider][value=bank]`)
	b.press(`button[name=provider][value=bank]`, `input[name=person]`)
	b.pick(`input[name=person][value=mali]`)
	b.press(`button[value=approve]`, `#deed-text`)
	news := mailTo(t, d, address, "higher level")
	if !strings.Contains(news.Text, "IAL 2.3, AAL 2.2") || news.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%s\n%s", news.Raw, news.Text)
	}
	for _, secret := range personal(person(t, "mali")) {
		if strings.Contains(news.Raw+news.Text, secret) {
			t.Errorf("the mail holds %q", secret)
		}
	}
	b.open(d.URL(hubHost) + "/notices")
	b.shoot("notices-told")

	b.open(d.URL(hubHost) + "/contacts")
	b.press(`form[action="/contacts/remove"] button`, `main:not(:has(form[action="/contacts/remove"]))`)
	b.shoot("contacts-removed")
	mailTo(t, d, address, "contact was removed")
	b.open(d.URL(mailHost))
	b.shoot("mailbox")

	mali := person(t, "mali")
	mali.Address = "Mali.Private@" // noTrace looks for everything of the person
	noTrace(t, d, log, b, mali)
}

// wrongCode gives another code.
func wrongCode(code string) string {
	last := byte('0')
	if code[5] == '0' {
		last = '1'
	}
	return code[:5] + string(last)
}
