package app

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/authz/authzen"
)

// RAZ-02, RAZ-07: in a browser, the login of a system that asks for an item leads from the sign-in to the opening and back. What is kept closed
// comes back as a no; what the person opens, the system is given; and what was opened is to be seen and to be locked under /me/services.
func TestRAZ02_AnItemIsOpenedOnTheWay(t *testing.T) {
	t.Parallel()
	d, _ := startDemo(t, true)
	d.apply(t, nil, strings.NewReplacer("person: lockable", "person: opt_in").Replace(taxFiling), nil)
	b := newBrowser(t)
	authorize := d.authorization("authorization_details", `[{"type":"item","item":"tax-filing","actions":["file"]}]`, "ui_locales", "en")
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
	b.arrive(d.URL(revenueHost))
	if last := b.lastAt(d.URL(revenueHost) + "/callback"); last.Get("error") != "access_denied" {
		t.Errorf("kept closed: %v", last)
	}
	b.open(authorize) // the sign-in stands: only the opening is asked for
	b.press(`button[name=decision][value=open]`, `body`)
	b.arrive(d.URL(revenueHost))
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

// RAZ-07, RFC 9470: a system that enforces by itself asks the decision point about the token that it is shown, and answers 401 with what that
// named. Its client repeats the request with exactly this, the person authenticates better in the same session, and the new token opens the item.
func TestRAZ07_ASystemThatEnforcesByItself(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	d.apply(t, nil, strings.NewReplacer("aal: 2.1", "aal: 2.2", "person: lockable", "person: always", "sensitivity: sensitive", "sensitivity: ordinary").Replace(taxFiling), nil)
	b := &bureau{t, d, hubs, map[string]string{"revenue-efiling": d.secrets["DEMO_REVENUE_SECRET"]}}
	resource := func(raw string) (int, string) { // GET /returns at the system
		status, m := b.ask(0, authzen.EvaluationPath, "revenue-efiling",
			`{"subject":`+holder(raw)+`,"resource":{"type":"service_item","id":"tax-filing"},"action":{"name":"query"}}`)
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, m)
		}
		if m["decision"] == true {
			return http.StatusOK, ""
		}
		why := m["context"].(map[string]any)
		acr, _ := why["acr_values"].(string)
		challenge := `Bearer error="insufficient_user_authentication", acr_values="` + acr + `"`
		if age, ok := why["max_age"].(float64); ok {
			challenge += `, max_age="` + strconv.Itoa(int(age)) + `"`
		}
		return http.StatusUnauthorized, challenge
	}
	w := newWalker(t, d)
	w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
	status, challenge := resource(b.redeemed(0, w.must(w.b.Open(t.Context(), d.authorization()))))
	if status != http.StatusUnauthorized || challenge != `Bearer error="insufficient_user_authentication", acr_values="urn:onedoor:ial:2.1:aal:2.2"` {
		t.Fatalf("%d %s", status, challenge)
	}
	_, acr, _ := strings.Cut(challenge, `acr_values="`)
	p := w.must(w.b.Open(t.Context(), d.authorization("acr_values", strings.TrimSuffix(acr, `"`))))
	if p.FormWith("provider") == nil || strings.Contains(p.Body, `value="thaid"`) {
		t.Fatal(p.Errorf("LOA-01: not exactly those that reach it are offered"))
	}
	p = w.prove(p, "bank", "mali")
	if p.FormWith("decision") != nil {
		p = w.press(p, "decision", "allow")
	}
	raw := b.redeemed(0, p)
	if status, challenge := resource(raw); status != http.StatusOK {
		t.Fatalf("%d %s", status, challenge)
	}
	if about := b.about(0, "revenue-efiling", raw); about["acr"] == nil || about["auth_time"] == nil {
		t.Errorf("%v", about)
	}
}
