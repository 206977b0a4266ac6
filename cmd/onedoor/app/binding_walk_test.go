package app

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/authz/authzen"
	"onedoor/federation/simulator"
	"onedoor/federation/simulator/department"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/tenants"
)

// BND-01, BND-03, BND-04, BND-06: somebody comes to social security for the first time, asks for their record, answers its question, and from then on the
// department greets them by it; nobody else knows the number. When they unbind it, what rested on it is dead. Nothing of it is found in the database,
// in a log line or an address.
func TestBND03_ThePersonAsksAndTheDepartmentGreetsTheRecord(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, false)
	social := d.hosts[socialHost].(*department.Department)
	b, mali := newBrowser(t), person(t, "mali")
	number := ""
	for _, r := range department.Insured(simulator.People(), tenants.CheckCharacter37) {
		if r.CitizenID == mali.CitizenID {
			number = r.Number
		}
	}
	social.RecordFaults().Set(true, department.RecordsAskMore)

	b.open(d.URL(socialHost))
	b.press(`a[href="/login"]`, `button[name=provider]`)
	b.loginThaID(d, "mali", `#no-record`)
	b.open(d.URL(hubHost) + "/me/records")
	b.shoot("records-pending")
	b.press(`form[action="/me/records/ask"] button`, `main`)
	b.until(d, `input[name=answer]`)
	b.shoot("records-ask-more")
	b.fill(`input[name=answer]`, "2015")
	b.press(`form[action="/me/records/ask"] button`, `main`)
	b.until(d, `form[action="/me/records/unbind"]`)
	b.shoot("records-bound")
	if text := b.text(); !strings.Contains(text, number) {
		t.Errorf("the person does not see their number:\n%s", text)
	}

	b.open(d.URL(socialHost) + "/login")
	b.at(d.URL(socialHost))
	b.shoot("social-greets")
	if b.there(`#record.good`) != 1 || !strings.Contains(b.text(), number) {
		t.Errorf("the department does not greet the record:\n%s", b.text())
	}
	b.press(`form[action="/check"] button`, `#answer.good`)
	if text := b.text(); strings.Count(text, number) < 2 {
		t.Errorf("introspection does not tell the record:\n%s", text)
	}
	// RAZ-05: a system that may name persons asks by the number, while they are signed in there; nobody else learns anything by it.
	for name, c := range map[string]struct{ as, secret, kind, number, reason string }{
		"the department's own": {"social-benefits", "DEMO_SOCIAL_SECRET", "insured", number, "level not_opened"},
		"nobody's":             {"social-benefits", "DEMO_SOCIAL_SECRET", "insured", "0", "no_person"},
		"another kind":         {"social-benefits", "DEMO_SOCIAL_SECRET", "pets", number, "no_person"},
		"another department's": {"revenue-efiling", "DEMO_REVENUE_SECRET", "insured", number, "no_person"},
	} {
		if got := d.namedReasons(t, c.as, c.secret, c.kind, c.number); strings.Join(got, " ") != c.reason {
			t.Errorf("%s: %v", name, got)
		}
	}
	b.open(d.URL(revenueHost))
	b.press(`a[href="/login"]`, `button[name=decision][value=allow]`)
	b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	b.press(`form[action="/check"] button`, `#answer.good`)
	if text := b.text(); strings.Contains(text, number) {
		t.Errorf("another department knows the number:\n%s", text)
	}

	b.open(d.URL(hubHost) + "/me/records")
	b.press(`form[action="/me/records/unbind"] button`, `.note`)
	b.shoot("records-unbound")
	b.open(d.URL(socialHost))
	b.press(`form[action="/check"] button`, `#answer.bad`) // its tokens have ended with the binding
	b.open(d.URL(socialHost) + "/login")
	if b.there(`#no-record`) != 1 {
		t.Errorf("still known by the record:\n%s", b.text())
	}
	patient, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	news := social.RecordNews(patient, 2) // the notices go after the answer
	b.open(d.URL(hubHost) + "/me/records")
	slices.SortFunc(news, func(a, b department.RecordNews) int { return a.Sequence - b.Sequence })
	if len(news) != 2 || news[0].Event != "bound" || news[1].Event != "unbound" || news[0].Record != number || news[0].Subject != news[1].Subject {
		t.Errorf("the department was told %+v", news)
	}
	if text := b.text(); strings.Contains(text, "/me/records/ask") {
		t.Error("BND-04: a second login has made another binding")
	}
	noTrace(t, d, log, b, mali)
	noTrace(t, d, log, b, simulator.Person{Address: number})
}

// until opens the page of records again until something is there.
func (b *browser) until(d *Demo, selector string) {
	b.t.Helper()
	for begun := time.Now(); b.there(selector) == 0; b.open(d.URL(hubHost) + "/me/records") {
		if time.Since(begun) > patience {
			b.t.Fatalf("never there: %s\n%s", selector, b.text())
		}
	}
}

// namedReasons asks the decision point about the person of a record, and gives the reasons of the no.
func (d *Demo) namedReasons(t *testing.T, as, secret, kind, number string) []string {
	t.Helper()
	body := `{"subject":{"type":"record","id":"` + number + `","properties":{"kind":"` + kind + `"}},` +
		`"resource":{"type":"service_item","id":"inpatient-settlement"},"action":{"name":"query"}}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL(hubHost)+authzen.EvaluationPath, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(as, url.QueryEscape(d.secrets[secret]))
	resp, err := formbrowser.LocalNames().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		Context struct{ Reasons []string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(resp.StatusCode, err)
	}
	return got.Context.Reasons
}
