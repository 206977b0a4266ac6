package app

import (
	"context"
	"strings"
	"testing"

	"onedoor/federation/simulator/landoffice"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/samlmsg"
)

// samlRound is a person who has logged in at the land office by way of the bank that speaks SAML: one SAML peer on each side of the hub.
type samlRound struct {
	t    *testing.T
	d    *Demo
	b    *formbrowser.Browser
	land *landoffice.LandOffice
}

func newSAMLRound(t *testing.T, d *Demo) *samlRound {
	t.Helper()
	land, ok := d.landing.ready().(*landoffice.LandOffice)
	if !ok {
		t.Fatal("the land office does not open")
	}
	x := &samlRound{t: t, d: d, b: forms(t), land: land}
	page := atTheBank(t, choose(t, x.open(d.URL(landHost)+"/login")), "mali")
	for range 4 {
		switch {
		case page.FormWith("SAMLResponse") != nil:
			page = x.press(page.FormWith("SAMLResponse"), "", "")
		case page.FormWith("decision") != nil:
			page = x.press(page.FormWith("decision"), "decision", "allow")
		}
	}
	if !strings.Contains(page.Text(), "NameID") || x.land.SignedIn() == 0 || d.SAMLBank.SignedIn() == 0 {
		t.Fatalf("at %s\n%s", page.URL, page.Text())
	}
	return x
}

func (x *samlRound) open(address string) *formbrowser.Page {
	x.t.Helper()
	page, err := x.b.Open(x.t.Context(), address)
	if err != nil {
		x.t.Fatal(err)
	}
	return page
}

func (x *samlRound) press(form *formbrowser.Form, name, value string) *formbrowser.Page {
	x.t.Helper()
	if form == nil {
		x.t.Fatal("no such form")
	}
	page, err := form.Press(x.t.Context(), name, value)
	if err != nil {
		x.t.Fatal(err)
	}
	return page
}

// onward presses what carries SAML messages and follows what leads on, until there is neither.
func (x *samlRound) onward(page *formbrowser.Page) *formbrowser.Page {
	x.t.Helper()
	for range 12 {
		var next *formbrowser.Page
		for _, name := range []string{"SAMLRequest", "SAMLResponse"} {
			if form := page.FormWith(name); form != nil && next == nil {
				next = x.press(form, "", "")
			}
		}
		if next == nil {
			for _, link := range page.Links() {
				if strings.Contains(link.Path, "/visit/") || strings.HasSuffix(link.Path, "/answer") {
					next = x.open(link.String())
					break
				}
			}
		}
		if next == nil {
			return page
		}
		page = next
	}
	x.t.Fatalf("it does not end: %s\n%s", page.URL, page.Text())
	return nil
}

// over holds that the session is gone everywhere.
func (x *samlRound) over(how string) {
	x.t.Helper()
	if n := x.land.SignedIn(); n != 0 {
		x.t.Errorf("%s: the land office has %d sessions", how, n)
	}
	if n := x.d.SAMLBank.SignedIn(); n != 0 {
		x.t.Errorf("%s: the bank has %d sessions", how, n)
	}
	page := x.open(x.d.URL(landHost) + "/login")
	if page.FormWith("provider") == nil {
		x.t.Errorf("%s: the hub asks nobody who they are: %s", how, page.URL)
	}
}

// SSO-05 through the whole hub: a logout that starts at a SAML department, at a SAML provider or at the hub, over each binding, ends the session
// here and there, and whoever asked is told how it ended: with peers that are told from server to server, and with peers that only the
// person's browser can tell.
func TestSSO05_SAMLSingleLogoutThroughTheWholeHub(t *testing.T) {
	t.Parallel()
	for name, noSOAP := range map[string]bool{"told by SOAP": false, "told by browser": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, log := samlDemo(t, false, func(o *DemoOptions) { o.NoSOAP = noSOAP })
			x := newSAMLRound(t, d)
			for i, c := range []struct {
				who  string
				out  func() *formbrowser.Page
				want string
			}{
				{"the department, redirect", func() *formbrowser.Page { return x.ask(landHost, "/logout/all", "redirect") }, "The login service says: Success"},
				{"the department, post", func() *formbrowser.Page { return x.ask(landHost, "/logout/all", "post") }, "The login service says: Success"},
				{"the bank, redirect", func() *formbrowser.Page { return x.ask(samlBankHost, "/logout", "redirect") }, "The service says: Success"},
				{"the bank, post", func() *formbrowser.Page { return x.ask(samlBankHost, "/logout", "post") }, "The service says: Success"},
				{"the person", func() *formbrowser.Page {
					return x.press(x.open(d.URL(hubHost)+"/logout").FormWith("csrf"), "what", "all")
				}, ""},
			} {
				if i > 0 {
					x = newSAMLRound(t, d)
				}
				page := x.onward(c.out())
				if !strings.Contains(page.Text(), c.want) || c.want == "" && !strings.HasPrefix(page.URL.Path, "/signed-out") {
					t.Errorf("%s: %s\n%s", c.who, page.URL, page.Text())
				}
				x.over(c.who)
			}
			if noSOAP {
				return
			}
			for who, call := range map[string]func(context.Context) (samlmsg.Status, error){"the department": x.land.CallLogout, "the bank": d.SAMLBank.CallLogout} {
				x = newSAMLRound(t, d)
				if status, err := call(t.Context()); err != nil || status != samlmsg.Success() {
					t.Errorf("%s, by SOAP: %+v %v", who, status, err)
				}
				x.over(who + ", by SOAP")
			}
			// One that says no: who asked is told that not everybody is signed out.
			x = newSAMLRound(t, d)
			d.SAMLBank.Logout().Answer(&samlmsg.Status{Code: samlmsg.StatusRequester, Second: samlmsg.StatusRequestDenied})
			if page := x.onward(x.ask(landHost, "/logout/all", "redirect")); !strings.Contains(page.Text(), "The login service says: PartialLogout") {
				t.Errorf("one failed: %s\n%s", page.URL, page.Text())
			}
			if strings.Contains(log.String(), "panic") {
				t.Error("something panicked")
			}
		})
	}
}

// ask presses the button for a logout at a party, which sends its request by the binding.
func (x *samlRound) ask(host, path, binding string) *formbrowser.Page {
	x.t.Helper()
	for _, f := range x.open(x.d.URL(host)).Forms() {
		if f.Action.Path == path {
			f.Fields.Set("binding", binding)
			return x.press(f, "", "")
		}
	}
	x.t.Fatalf("%s has no form for %s", host, path)
	return nil
}

// SSO-05, the matrix across protocols: one session with a department that speaks OpenID, one that speaks SAML, and a provider that speaks SAML.
// Whoever begins, all three are signed out, and whoever asked is answered in its own protocol.
func TestSSO05_OneLogoutAcrossOpenIDAndSAML(t *testing.T) {
	t.Parallel()
	for name, noSOAP := range map[string]bool{"told by SOAP": false, "told by browser": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, log := samlDemo(t, false, func(o *DemoOptions) { o.NoSOAP = noSOAP })
			for _, c := range []struct {
				who   string
				begin func(x *samlRound) *formbrowser.Page
				want  string
			}{
				{"the OpenID department", func(x *samlRound) *formbrowser.Page { return x.ask(revenueHost, "/signout", "") }, ""},
				{"the SAML department", func(x *samlRound) *formbrowser.Page { return x.ask(landHost, "/logout/all", "redirect") }, "The login service says: Success"},
				{"the SAML provider", func(x *samlRound) *formbrowser.Page { return x.ask(samlBankHost, "/logout", "post") }, "The service says: Success"},
				{"the person", func(x *samlRound) *formbrowser.Page {
					return x.press(x.open(d.URL(hubHost)+"/logout").FormWith("csrf"), "what", "all")
				}, ""},
			} {
				x := newSAMLRound(t, d)
				page := x.open(d.URL(revenueHost) + "/login")
				for range 3 {
					if form := page.FormWith("decision"); form != nil {
						page = x.press(form, "decision", "allow")
					}
				}
				if !strings.Contains(page.Body, `action="/signout"`) {
					t.Fatalf("%s: not signed in at the OpenID department: %s\n%s", c.who, page.URL, page.Text())
				}
				page = x.onward(c.begin(x))
				if !strings.Contains(page.Text(), c.want) {
					t.Errorf("%s: %s\n%s", c.who, page.URL, page.Text())
				}
				if page := x.open(d.URL(revenueHost)); strings.Contains(page.Body, `action="/signout"`) {
					t.Errorf("%s: the OpenID department has a session still", c.who)
				}
				x.over(c.who)
			}
			if strings.Contains(log.String(), "panic") {
				t.Error("something panicked")
			}
		})
	}
}
