package app

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/hub/oidcop"
)

// RAZ-02, RAZ-07: in a browser, the login of a system that asks for an item leads from the sign-in to the opening and back. What is kept closed
// comes back as a no; what the person opens, the system is given; and what was opened is to be seen and to be locked under /me/services.
func TestRAZ02_AnItemIsOpenedOnTheWay(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, true)
	d.apply(t, nil, strings.NewReplacer("person: lockable", "person: opt_in").Replace(taxFiling), nil)
	b := newBrowser(t, d)
	q := url.Values{
		"response_type": {"code"}, "client_id": {"revenue-efiling"}, "redirect_uri": {d.URL(revenueHost) + "/callback"}, "scope": {"openid"},
		"state": {"of-the-test"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
		"authorization_details": {`[{"type":"item","item":"tax-filing","actions":["file"]}]`}, "ui_locales": {"en"},
	}
	authorize := d.URL(hubHost) + oidcop.AuthorizePath + "?" + q.Encode()
	b.open(authorize)
	b.loginThaID(d, "mali", `button[name=decision][value=once]`)
	b.at(d.URL(hubHost))
	b.shoot("items")
	text := b.text()
	for _, want := range []string{"Open what the service asks for?", "Tax filing", "Open it until I lock it", "Keep it closed"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	b.press(`button[name=decision][value=keep]`, `body`)
	if last := b.lastAt(d.URL(revenueHost) + "/callback"); last.Get("error") != "access_denied" {
		t.Errorf("kept closed: %v", last)
	}
	b.open(authorize) // the sign-in stands: only the opening is asked for
	b.press(`button[name=decision][value=open]`, `body`)
	if last := b.lastAt(d.URL(revenueHost) + "/callback"); last.Get("code") == "" {
		t.Errorf("opened: %v", last)
	}
	before := len(b.visited())
	run(b, "come again", chromedp.Navigate(authorize))
	if last := b.lastAt(d.URL(revenueHost) + "/callback"); last.Get("code") == "" {
		t.Errorf("open: %v", last)
	}
	for _, at := range b.visited()[before:] {
		if strings.Contains(at, "/login/") {
			t.Errorf("something was asked: %s", at)
		}
	}
}

// lastAt gives the query of the last address below a prefix that the browser asked for.
func (b *browser) lastAt(prefix string) url.Values {
	b.t.Helper()
	all := b.visited()
	for i := len(all) - 1; i >= 0; i-- {
		if u, err := url.Parse(all[i]); err == nil && strings.HasPrefix(all[i], prefix) {
			return u.Query()
		}
	}
	b.t.Fatalf("never at %s", prefix)
	return nil
}
