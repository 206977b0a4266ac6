package app

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/samlmsg"
	"onedoor/hub/session"
)

// round is one session: a person who has signed in everywhere.
type round struct {
	*matrix
	t       *testing.T
	b       *formbrowser.Browser
	session session.Session

	code, access, refresh string // that a department holds; "" where nobody signed in there
}

// issued gets a code that is not redeemed, and tokens for another one.
func (x *round) issued() {
	x.t.Helper()
	code := func() string {
		q := url.Values{
			"client_id": {byNothing}, "redirect_uri": {away + "/mute"}, "response_type": {"code"}, "scope": {"openid offline_access"}, "state": {random()},
			"code_challenge": {challenge()}, "code_challenge_method": {"S256"},
		}
		p := x.open(x.d.URL(hubHost) + "/oauth2/authorize?" + q.Encode())
		if f := p.FormWith("decision"); f != nil {
			if f.Has("given", consent.OfflineKey) {
				if err := f.Tick("given", consent.OfflineKey); err != nil {
					x.t.Fatal(err)
				}
			}
			p = x.press(f, "decision", "allow")
		}
		if !p.Away() || p.Params.Get("code") == "" {
			x.t.Fatal(p.Errorf("no code"))
		}
		return p.Params.Get("code")
	}
	status, got := x.redeem(code())
	x.access, _ = got["access_token"].(string)
	x.refresh, _ = got["refresh_token"].(string)
	x.code = code()
	if status != http.StatusOK || x.access == "" || x.refresh == "" {
		x.t.Fatalf("no tokens: %d %v", status, got)
	}
}

// redeem asks for the tokens of a code.
func (x *round) redeem(code string) (int, map[string]any) {
	x.t.Helper()
	return x.post("/oauth2/token", url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {away + "/mute"}, "code_verifier": {verifier}})
}

// post asks the hub as the department that can't be told.
func (x *round) post(path string, form url.Values) (int, map[string]any) {
	x.t.Helper()
	r, err := http.NewRequestWithContext(x.t.Context(), http.MethodPost, x.d.URL(hubHost)+path, strings.NewReader(form.Encode()))
	if err != nil {
		x.t.Fatal(err)
	}
	r.SetBasicAuth(byNothing, x.secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := x.transport.RoundTrip(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		x.t.Fatal(err)
	}
	return resp.StatusCode, out
}

// dead holds that nothing that was issued in the session is good any more, at whichever node asks (invariant 1).
func (x *round) dead() {
	x.t.Helper()
	if x.code == "" {
		return
	}
	for range len(x.hubs) {
		if status, body := x.post("/oauth2/introspect", url.Values{"token": {x.access}}); status != http.StatusOK || body["active"] != false {
			x.t.Errorf("the access token: %d %v", status, body)
		}
	}
	if status, body := x.redeem(x.code); status != http.StatusBadRequest || body["error"] != "invalid_grant" {
		x.t.Errorf("a code that was not redeemed: %d %v", status, body)
	}
	if status, body := x.post("/oauth2/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {x.refresh}}); status != http.StatusBadRequest || body["error"] != "invalid_grant" {
		x.t.Errorf("the refresh token: %d %v", status, body)
	}
}

// signIn signs in at the revenue department by way of the provider, and then, without a question, everywhere else: with everybody at those too
// that can't confirm.
func (m *matrix) signIn(t *testing.T, provider string, everybody bool) *round {
	t.Helper()
	b, err := formbrowser.New(formbrowser.Options{Transport: m.transport, Away: func(u *url.URL) bool { return u.Scheme+"://"+u.Host == away }})
	if err != nil {
		t.Fatal(err)
	}
	x := &round{matrix: m, t: t, b: b}
	w := &walker{t, m.d, b}
	x.through(w.login(revenueHost, provider, "mali"), `action="/signout"`)
	if provider == "thaid" && m.d.ThaID.LiveTokens() == 0 {
		t.Fatal("the hub keeps no token of ThaID: there is nothing to revoke")
	}
	x.through(x.open(m.d.URL(landHost)+"/login"), "NameID")
	x.through(x.open(m.archive.url+"/"), `"uri":"/"`)
	if everybody {
		x.through(x.open(m.d.URL(socialHost)+"/login"), `action="/signout"`)
		x.issued()
	}
	text, _ := b.Cookie(m.d.URL(hubHost)+"/", "__Host-onedoor")
	secret, err := hub.ParseSecret(text)
	if err != nil {
		t.Fatal(err)
	}
	id, err := m.hubs[0].sessions.Recent(t.Context(), secret)
	if err == nil {
		x.session, err = m.hubs[0].sessions.Get(t.Context(), id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// through answers what a login asks, until the page has what shows that somebody is signed in there.
func (x *round) through(page *formbrowser.Page, shows string) {
	x.t.Helper()
	for range 4 {
		switch {
		case page.FormWith("SAMLResponse") != nil:
			page = x.press(page.FormWith("SAMLResponse"), "", "")
		case page.FormWith("decision") != nil:
			page = x.press(page.FormWith("decision"), "decision", "allow")
		}
	}
	if !strings.Contains(page.Body, shows) {
		x.t.Fatal(page.Errorf("not signed in: no %s", shows))
	}
}

func (x *round) open(address string) *formbrowser.Page {
	x.t.Helper()
	page, err := x.b.Open(x.t.Context(), address)
	if err != nil {
		x.t.Fatal(err)
	}
	return page
}

func (x *round) press(form *formbrowser.Form, name, value string) *formbrowser.Page {
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

// settled waits until every node knows, as whoever answers for an end does (architecture D2).
func (x *round) settled() *formbrowser.Page {
	x.t.Helper()
	if _, err := x.hubs[0].logout.Wait(x.t.Context(), 0); err != nil {
		x.t.Fatal(err)
	}
	return nil
}

func (x *round) called(status samlmsg.Status, err error) samlmsg.Status {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
	return status
}

// asking presses the button for a logout at a party, which sends its request by the binding, where it has several.
func asking(host, path, binding string) func(x *round) *formbrowser.Page {
	return func(x *round) *formbrowser.Page {
		x.t.Helper()
		page := x.open(x.d.URL(host))
		for _, f := range page.Forms() {
			if f.Action.Path == path {
				if binding != "" {
					f.Fields.Set("binding", binding)
				}
				return x.press(f, "", "")
			}
		}
		x.t.Fatal(page.Errorf("no form for %s", path))
		return nil
	}
}

// onward presses what carries SAML messages and follows what leads on, until there is neither.
func (x *round) onward(page *formbrowser.Page) *formbrowser.Page {
	x.t.Helper()
	for range 16 {
		var next *formbrowser.Page
		for _, name := range []string{"SAMLRequest", "SAMLResponse"} {
			if form := page.FormWith(name); form != nil && next == nil {
				next = x.press(form, "", "")
			}
		}
		// Where the page sends its user, then the page itself again, because one with frames leads on only after their time, then the way back.
		for _, leads := range []func(u *url.URL) bool{
			func(u *url.URL) bool { return strings.Contains(u.Path, "/visit/") },
			func(u *url.URL) bool { return u.RawQuery == "n=1" && u.Fragment == "" },
			func(u *url.URL) bool { return strings.HasSuffix(u.Path, "/answer") },
		} {
			links := page.Links()
			if i := slices.IndexFunc(links, leads); next == nil && i >= 0 && links[i].String() != page.URL.String() {
				next = x.open(links[i].String())
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
