package app

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"onedoor/federation/simulator/registry"
	"onedoor/hub/hubtest/formbrowser"
)

// signInForEntities signs a person in at the page of entities, as strongly as it asks.
func (w *walker) signInForEntities(key string) *formbrowser.Page {
	w.t.Helper()
	p := w.must(w.b.Open(w.t.Context(), w.d.URL(hubHost)+"/entities"))
	for _, f := range p.Forms() {
		if f.Action.Path == "/entities/sign-in" {
			p = w.must(f.Press(w.t.Context(), "", ""))
		}
	}
	p = w.press(p, "provider", "thaid")
	f := p.FormWith("person")
	if f == nil {
		w.t.Fatal(p.Errorf("no people"))
	}
	if err := f.Pick("person", key); err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(f.Buttons, func(b formbrowser.Button) bool { return b.Value != "deny" })
	return w.must(f.Press(w.t.Context(), f.Buttons[i].Name, f.Buttons[i].Value))
}

// at sends the form whose action ends so.
func (w *walker) at(p *formbrowser.Page, action string, fill map[string]string) *formbrowser.Page {
	w.t.Helper()
	for _, f := range p.Forms() {
		if !strings.HasSuffix(f.Action.Path, action) {
			continue
		}
		for name, value := range fill {
			f.Fields.Set(name, value)
		}
		return w.must(f.Press(w.t.Context(), "", ""))
	}
	w.t.Fatal(p.Errorf("no form %s", action))
	return nil
}

var invitationLink = regexp.MustCompile(`https?://[^<\s]+/act/[A-Za-z0-9_-]+`)

// ENT-01 to ENT-06, RAZ-08, from end to end: a director registers her company through the registry and invites an operator, who acts for it at
// the revenue department. His mandate is withdrawn, and the department that had him signed in has lost him.
func TestENT06_ADirectorsOperatorActsUntilTheMandateIsWithdrawn(t *testing.T) {
	t.Parallel()
	d, hubs, log := startNodes(t, 1, "")
	company := registry.Companies()[0]
	w := newWalker(t, d)
	p := w.signInForEntities("mali")
	p = w.at(p, "/entities/register", map[string]string{"kind": "th.juristic", "number": "0123456789016"})
	if !strings.Contains(p.Text(), "not confirmed") {
		t.Fatal(p.Errorf("somebody else's company"))
	}
	p = w.at(p, "/entities/register", map[string]string{"kind": company.Type, "number": company.Number})
	if !strings.Contains(p.Text(), company.Names["en"]) || p.URL.Query().Get("done") != "registered" {
		t.Fatal(p.Errorf("not registered"))
	}
	number := person(t, "mali").CitizenID
	if strings.Contains(log.String(), number) || strings.Contains(log.String(), company.Number) {
		t.Error("a number is in the log")
	}
	mine, err := hubs[0].entities.List(t.Context(), "", "", 10)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%v %v", mine, err)
	}
	page := d.URL(hubHost) + "/entities/" + string(mine[0].ID)
	p = w.must(w.b.Open(t.Context(), page))
	p = w.at(p, "/invite", map[string]string{"label": "Accounts", "department": "revenue", "days": "90", "person": person(t, "tharn").CitizenID})
	link := invitationLink.FindString(p.Body)
	if link == "" {
		t.Fatal(p.Errorf("no address of an invitation"))
	}

	operator := newWalker(t, d)
	q := operator.must(operator.b.Open(t.Context(), link))
	if !strings.Contains(q.Text(), company.Names["en"]) || strings.Contains(q.URL.String(), "/act/") {
		t.Fatal(q.Errorf("no offer"))
	}
	q = operator.signInForEntities("tharn")
	q = operator.at(q, "/entities/join", nil)
	if q.URL.Query().Get("done") != "done" {
		t.Fatal(q.Errorf("not joined"))
	}
	if q := operator.must(operator.b.Open(t.Context(), page)); strings.Contains(q.Body, "/invite") {
		t.Error("invariant 10: an operator administers")
	}
	if other := newWalker(t, d); strings.Contains(other.signInForEntities("lin").Text(), company.Names["en"]) {
		t.Error("invariant 10: a stranger sees the company")
	} else if q := other.must(other.b.Open(t.Context(), page)); strings.Contains(q.Text(), company.Names["en"]) {
		t.Error("invariant 10: a stranger opens the company")
	}

	q = operator.must(operator.b.Open(t.Context(), d.URL(revenueHost)+"/login"))
	f := q.FormWith("party")
	if f == nil {
		t.Fatal(q.Errorf("ENT-03: nobody asks for whom"))
	}
	for _, b := range f.Buttons {
		if b.Value == string(mine[0].ID) {
			q = operator.must(f.Press(t.Context(), b.Name, b.Value))
		}
	}
	q = operator.press(q, "decision", "allow")
	if !strings.Contains(q.Text(), company.Names["en"]) || !strings.Contains(q.Text(), company.Number) || !operator.check(revenueHost) {
		t.Fatal(q.Errorf("he does not act for the company"))
	}
	// At social security, which serves persons, he is himself (ENT-02).
	q = operator.must(operator.b.Open(t.Context(), d.URL(socialHost)+"/login"))
	if strings.Contains(q.Text(), company.Names["en"]) || !operator.check(socialHost) {
		t.Error(q.Errorf("at social security"))
	}

	p = w.must(w.b.Open(t.Context(), page))
	p = w.at(p, "/withdraw", nil)
	if p.URL.Query().Get("done") != "done" || !strings.Contains(p.Text(), "Accounts: a mandate ended") {
		t.Fatal(p.Errorf("not withdrawn"))
	}
	if operator.check(revenueHost) {
		t.Error("RAZ-08: the token lives on after the mandate was withdrawn")
	}
	if !operator.check(socialHost) {
		t.Error("the session at another department has ended with it")
	}
	q = operator.must(operator.b.Open(t.Context(), d.URL(revenueHost)+"/login"))
	if strings.Contains(q.Text(), company.Names["en"]) {
		t.Error(q.Errorf("he acts on"))
	}
}
