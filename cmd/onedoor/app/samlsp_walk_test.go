package app

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"

	"onedoor/federation/simulator/samlbank"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/samlmsg"
)

// samlDemo runs the demo until the bank that speaks SAML has joined.
func samlDemo(t *testing.T, secure bool, change ...func(*DemoOptions)) (*Demo, *record) {
	t.Helper()
	d, log := startDemo(t, secure, append(change, func(o *DemoOptions) { o.Spare = false })...)
	select {
	case <-d.Joined:
	case <-t.Context().Done():
	}
	if d.SAMLBank == nil {
		t.Fatalf("the bank could not join:\n%s", log)
	}
	return d, log
}

// A department asks over OpenID, the person logs in at a bank that answers by SAML: the answer is a form from another site, which
// comes without the hub's cookies. In a real browser, over TLS, each party on a host of its own.
func TestSSO01_ABankThatSpeaksSAMLServesADepartmentThatSpeaksOpenID(t *testing.T) {
	t.Parallel()
	d, log := samlDemo(t, true)
	b := newBrowser(t)
	mali := person(t, "mali")

	b.open(d.URL(revenueHost))
	b.press(`a[href="/login"]`, `button[name=provider]`)
	b.press(`button[name=provider][value=samlbank]`, `input[name=person]`)
	b.at(d.URL(samlBankHost))
	b.shoot("samlbank")
	b.pick(`input[name=person][value=mali]`)
	b.press(`button[value=approve]`, `button[name=decision][value=allow]`) // by the bank's own script, over the assertion consumer service
	b.at(d.URL(hubHost))
	checkCookies(t, b, d)
	b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	b.at(d.URL(revenueHost))
	text := b.text()
	for _, want := range []string{mali.GivenName, mali.CitizenID, "urn:onedoor:ial:2.2:aal:2.1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the revenue department does not show %q:\n%s", want, text)
		}
	}
	for _, address := range b.visited() {
		if strings.Contains(address, hubHost+".localhost") && strings.Contains(address, "SAMLResponse") {
			t.Error("the answer stands in an address")
		}
	}
	noTrace(t, d, log, b, mali)
}

// person chooses on the bank's page, and gives the page that posts the answer.
func atTheBank(t *testing.T, page *formbrowser.Page, who string, faults ...samlbank.Fault) *formbrowser.Page {
	t.Helper()
	form := page.FormWith("person")
	if form == nil {
		t.Fatalf("not the bank's page: %s\n%s", page.URL, page.Text())
	}
	for _, f := range faults {
		if err := form.Tick("fault", string(f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Pick("person", who); err != nil {
		t.Fatal(err)
	}
	next, err := form.Press(t.Context(), "decision", "approve")
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// toTheBank takes a browser from the revenue department to the bank.
func toTheBank(t *testing.T, d *Demo, b *formbrowser.Browser) *formbrowser.Page {
	t.Helper()
	page, err := b.Open(t.Context(), d.URL(revenueHost)+"/login")
	if err != nil {
		t.Fatal(err)
	}
	return choose(t, page)
}

func choose(t *testing.T, page *formbrowser.Page) *formbrowser.Page {
	t.Helper()
	form := page.FormWith("provider")
	if form == nil {
		t.Fatalf("no chooser: %s\n%s", page.URL, page.Text())
	}
	next, err := form.Press(t.Context(), "provider", "samlbank")
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func forms(t *testing.T) *formbrowser.Browser {
	t.Helper()
	transport := formbrowser.LocalNames()
	t.Cleanup(transport.CloseIdleConnections)
	b, err := formbrowser.New(formbrowser.Options{Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// reasons counts what the record says of refusals at the bank.
func reasons(t *testing.T, d *Demo) map[string]int {
	t.Helper()
	db, err := sql.Open("sqlite", d.config.DatabaseFile())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT reason, count(*) FROM audit_events WHERE kind = 'login.refused' AND provider = 'samlbank' GROUP BY reason")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var reason string
		var n int
		if err := rows.Scan(&reason, &n); err != nil {
			t.Fatal(err)
		}
		out[reason] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Every attack of the corpus through the whole hub, in a browser each: it opens nothing, leads back to the chooser, is recorded with its
// own reason, and the same browser can log in afterwards.
func TestEXC01_SAMLAttacksThroughTheWholeHubOpenNothing(t *testing.T) {
	t.Parallel()
	d, log := samlDemo(t, false)
	for fault, reason := range map[samlbank.Fault]samlmsg.Cause{
		samlbank.Unsigned: samlmsg.SignatureMissing, samlbank.SHA1: samlmsg.SignatureAlgorithm, samlbank.RogueKey: samlmsg.SignatureMismatch,
		samlbank.SubjectChanged: samlmsg.DigestMismatch, samlbank.CommentInName: samlmsg.XMLComment, samlbank.EntityBomb: samlmsg.XMLDoctype,
		samlbank.TwoAssertions: samlmsg.AssertionCount, samlbank.XSW1: samlmsg.AssertionMisplaced, samlbank.DuplicateIDs: samlmsg.XMLDuplicateID,
		samlbank.WrongAudience: samlmsg.AudienceMismatch, samlbank.WrongRecipient: samlmsg.RecipientMismatch,
		samlbank.WrongDestination: samlmsg.DestinationMismatch, samlbank.WrongInResponseTo: samlmsg.InResponseToMismatch,
		samlbank.Expired: samlmsg.Expired, samlbank.OtherRecipient: samlmsg.DecryptionFailed,
	} {
		before := reasons(t, d)[string(reason)]
		b := forms(t)
		posting := atTheBank(t, toTheBank(t, d, b), "mali", fault)
		back, err := posting.FormWith("SAMLResponse").Press(t.Context(), "", "")
		if err != nil {
			t.Fatalf("%s: %v", fault, err)
		}
		if back.URL.Host != strings.TrimPrefix(d.URL(hubHost), "http://") || back.FormWith("provider") == nil {
			t.Fatalf("%s: led to %s\n%s", fault, back.URL, back.Text())
		}
		if n := reasons(t, d)[string(reason)]; n != before+1 {
			t.Errorf("%s: %d refusals for %s are recorded, want %d", fault, n, reason, before+1)
		}
		if fault == samlbank.XSW1 {
			posting = atTheBank(t, choose(t, back), "mali")
			after, err := posting.FormWith("SAMLResponse").Press(t.Context(), "", "")
			if err != nil || after.FormWith("decision") == nil {
				t.Errorf("after the attack: %v, %s", err, after.Text())
			}
		}
	}
	if strings.Contains(log.String(), "panic") {
		t.Error("something panicked")
	}
}

// Invariant 6 and login injection: an answer works in the browser that asked, and nowhere else.
func TestEXC01_AnAnswerWorksInTheBrowserThatAskedOnly(t *testing.T) {
	t.Parallel()
	d, _ := samlDemo(t, false)
	attacker, victim := forms(t), forms(t)
	his := atTheBank(t, toTheBank(t, d, attacker), "tharn")
	answer := his.FormWith("SAMLResponse")
	fields := url.Values{"SAMLResponse": answer.Fields["SAMLResponse"], "RelayState": answer.Fields["RelayState"]}
	acs := d.URL(hubHost) + "/login/saml/samlbank/acs"

	// Posted into a browser that never came to the hub, and into one that is at a login of its own.
	for name, b := range map[string]*formbrowser.Browser{"a fresh browser": forms(t), "the victim's browser": victim} {
		mine := toTheBankIf(t, d, b, b == victim)
		page, err := b.Post(t.Context(), acs, fields)
		if err != nil {
			t.Fatal(err)
		}
		if page.Status < 400 || page.FormWith("decision") != nil {
			t.Errorf("%s: %d %s\n%s", name, page.Status, page.URL, page.Text())
		}
		if _, signedIn := b.Cookie(d.URL(hubHost), "__Host-onedoor"); signedIn {
			t.Errorf("%s is signed in as the attacker", name)
		}
		if mine != nil { // the victim's own login goes on
			after, err := atTheBank(t, mine, "mali").FormWith("SAMLResponse").Press(t.Context(), "", "")
			if err != nil || after.FormWith("decision") == nil {
				t.Errorf("the victim's own login: %v\n%s", err, after.Text())
			}
		}
	}
	// And in the attacker's own it still serves, once.
	page, err := attacker.Post(t.Context(), acs, fields)
	if err != nil || page.FormWith("decision") == nil {
		t.Fatalf("%v %s\n%s", err, page.URL, page.Text())
	}
	if page, err = attacker.Post(t.Context(), acs, fields); err != nil || page.FormWith("decision") == nil {
		t.Fatalf("a reload leads away from the login: %v\n%s", err, page.Text()) // the login is past that step: it is just shown
	}
}

func toTheBankIf(t *testing.T, d *Demo, b *formbrowser.Browser, yes bool) *formbrowser.Page {
	t.Helper()
	if !yes {
		return nil
	}
	return toTheBank(t, d, b)
}
