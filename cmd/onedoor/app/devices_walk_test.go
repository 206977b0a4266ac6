package app

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// authenticator gives the browser's machine a chip that makes keys. Where copied is set, its keys may be copied to other machines.
func (b *browser) authenticator(copied bool) webauthn.AuthenticatorID {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.t.Fatalf("enable keys: %v", err)
	}
	made, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasUserVerification: true, IsUserVerified: true,
		AutomaticPresenceSimulation: true, DefaultBackupEligibility: copied, HasResidentKey: copied,
	}})
	if err != nil {
		b.t.Fatalf("a chip for the machine: %v", err)
	}
	return made.AuthenticatorID
}

// RAZ-04, the machine: it is registered by a key that Chromium makes, recognised in the session by the same, not known any more once it is
// removed; and a machine whose keys can be copied is refused.
func TestRAZ04_AMachineIsRegisteredInTheBrowser(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	page := d.URL(hubHost) + "/devices"
	b.open(page)
	b.press(`form[action="/devices/sign-in"] button`, `button[name=provider]`)
	b.loginThaID(d, "mali", `form[action="/devices/begin"]`)
	b.shoot("devices-empty")

	synced := b.authenticator(true)
	begin := func() {
		b.fill(`input[name=label]`, "Counter 3")
		b.press(`form[action="/devices/begin"] button`, `#passkey`)
	}
	begin()
	b.shoot("devices-ceremony")
	b.press(`#passkey button`, `main:has(form[action="/devices/begin"]) .alert-title`)
	b.shoot("devices-refused")
	if text := b.text(); strings.Contains(text, "12345") || b.there(`form[action="/devices/remove"]`) != 0 {
		t.Errorf("a key that can be copied was registered:\n%s", text)
	}
	if _, err := chromedp.Call(b.ctx, webauthn.RemoveVirtualAuthenticator, webauthn.RemoveVirtualAuthenticatorParams{AuthenticatorID: synced}); err != nil {
		t.Fatal(err)
	}

	b.authenticator(false)
	run(b, "clear the field", chromedp.Evaluate[string](`document.querySelector("input[name=label]").value = ""`))
	begin()
	b.press(`#passkey button`, `form[action="/devices/remove"]`)
	b.shoot("devices")
	b.press(`form[action="/devices/show"] button`, `#passkey`)
	b.press(`#passkey button`, `section strong`)
	b.shoot("devices-recognised")
	b.press(`form[action="/devices/remove"] button`, `main:not(:has(form[action="/devices/remove"]))`)
	noTrace(t, d, log, b, person(t, "mali"))
}
