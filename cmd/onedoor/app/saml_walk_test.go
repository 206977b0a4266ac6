package app

import (
	"strings"
	"testing"
)

// SSO-02 across protocols: log in by OpenID at the revenue department, and the land office opens by SAML without a question, on both
// bindings; its title deed asks for more and gets it in place. In a real browser, over TLS, each party on a host of its own.
func TestSSO02_TheLandOfficeOpensBySAMLWithoutAPrompt(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	mali := person(t, "mali")

	b.open(d.URL(revenueHost))
	b.press(`a[href="/login"]`, `button[name=provider]`)
	b.loginThaID(d, "mali", `button[name=decision][value=allow]`)
	b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	b.at(d.URL(revenueHost))
	subject := fact(t, b.text(), "sub")

	before := len(b.visited())
	b.open(d.URL(landHost))
	b.shoot("land-start")
	b.press(`a[href="/login"]`, `#facts`)
	b.at(d.URL(landHost))
	b.shoot("land")
	text := b.text()
	for _, want := range []string{"urn:onedoor:ial:2.3:aal:2.1", "persistent", "signed and encrypted"} {
		if !strings.Contains(text, want) {
			t.Errorf("the land office does not show %q:\n%s", want, text)
		}
	}
	name := fact(t, text, "NameID")
	if name == "" || name == subject || strings.Contains(text, subject) {
		t.Errorf("invariant 3: the revenue department's name for the person is %q, the land office's %q", subject, name)
	}
	for _, secret := range personal(mali) {
		if strings.Contains(text, secret) {
			t.Errorf("PRV-06: the land office was told %q, which it has not registered", secret)
		}
	}

	// The same by a form, which comes from another site and so without the hub's cookies.
	b.press(`form[action="/logout"] button`, `#by-post`)
	b.press(`#by-post`, `#facts`)
	b.at(d.URL(landHost))
	if again := fact(t, b.text(), "NameID"); again != name {
		t.Errorf("the same person is %q and %q", name, again)
	}
	for _, url := range b.visited()[before:] {
		if strings.Contains(url, thaidHost+".localhost") || strings.Contains(url, bankHost+".localhost") || strings.Contains(url, "/login/") {
			t.Errorf("SSO-02: the second login asked something: %s", url)
		}
	}

	// LOA-05: the title deed needs AAL 2.2, which the session does not have: the person gets it at a provider that can.
	b.press(`#to-deed`, `button[name=provider][value=bank]`)
	b.at(d.URL(hubHost))
	b.shoot("land-step-up")
	b.press(`button[name=provider][value=bank]`, `input[name=person]`)
	b.pick(`input[name=person][value=mali]`)
	b.press(`button[value=approve]`, `#deed-text`)
	b.at(d.URL(landHost))
	b.shoot("land-deed")
	if text := b.text(); !strings.Contains(text, "aal:2.2") || fact(t, text, "NameID") != name {
		t.Errorf("the deed was opened with\n%s", text)
	}

	noTrace(t, d, log, b, mali)
}

// fact gives what stands behind a word on a page that lists facts.
func fact(t *testing.T, page, word string) string {
	t.Helper()
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		if strings.TrimSpace(line) == word {
			for _, value := range lines[i+1:] {
				if value = strings.TrimSpace(value); value != "" {
					return value
				}
			}
		}
	}
	t.Fatalf("the page does not tell %s:\n%s", word, page)
	return ""
}
