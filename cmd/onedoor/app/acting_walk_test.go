package app

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/federation/simulator/registry"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/consent"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/login"
	"onedoor/hub/oidcop"
	"onedoor/tenants"
	"onedoor/tenants/entity"
	"onedoor/tenants/staff"
)

// actingAPI is an API that takes tokens under mandates.
const actingAPI = `kind: System
id: ID
department: DEPARTMENT
names: {th: ก, en: ID, zh: 甲, vi: á}
status: live
group: 3
least: {ial: 2.1, aal: 2.1}
risk: For a test.
reviewBy: 2099-01-01
for: both
oidc:
  grantTypes: [client_credentials]
  sectorIdentifier: ID.example
  resource: https://ID.example/api
  audienceOf: [revenue-efiling]
  exchangeFrom: [{from: revenue-efiling}]
  secrets: [{env: API_SECRET}]
`

// The APIs of the walk: one of the department where the mandate counts, which takes JWTs, and one of another department.
var actingObjects = strings.NewReplacer("ID", "ledger", "DEPARTMENT", "revenue").Replace(actingAPI) + "  accessTokenAlg: ES256\n---\n" +
	strings.NewReplacer("ID", "employers", "DEPARTMENT", "social-security").Replace(actingAPI)

// firm is a company of the demo with its people, as they are at the hub.
type firm struct {
	*bureau
	company          registry.Company
	id               hub.EntityID
	master, operator hub.AccountID
	mandate          string // the operator's
}

// newFirm registers a company for mali, by the registry, with tharn as its operator at the revenue department. Both have signed in there.
func newFirm(t *testing.T, b *bureau, mali, tharn *walker) *firm {
	t.Helper()
	f := &firm{bureau: b, company: registry.Companies()[0]}
	f.change("revenue-efiling", func(s *tenants.System) {
		o := *s.OIDC
		o.Scopes, o.GrantTypes = append(slices.Clone(o.Scopes), "offline_access"), append(slices.Clone(o.GrantTypes), "refresh_token")
		s.OIDC = &o
	})
	for key, w := range map[string]*walker{"mali": mali, "tharn": tharn} {
		w.press(w.login(revenueHost, "thaid", key), "decision", "allow")
	}
	f.master, f.operator = accountAt(t, b.nodes[0], "mali"), accountAt(t, b.nodes[0], "tharn")
	ctx, all := t.Context(), b.nodes[0].entities
	out, err := all.Register(ctx, entity.Applicant{
		Account: f.master, Level: entity.Least(), Person: hub.PersonNumber{Kind: "th.citizen", Value: person(t, "mali").CitizenID},
	}, entity.Application{Kind: f.company.Type, Number: f.company.Number})
	if err != nil || out.Entity == "" {
		t.Fatalf("%+v %v", out, err)
	}
	f.id = out.Entity
	now := time.Now().UTC()
	_, secret, err := all.Invite(ctx, f.master, f.id, entity.Order{Role: entity.Operator, Label: "Accounts", Terms: []entity.Term{{
		Department: "revenue", From: now.Add(-time.Minute), Until: now.Add(24 * time.Hour),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := all.Join(ctx, secret, f.operator, entity.Least()); err != nil {
		t.Fatal(err)
	}
	mine, err := all.Mine(ctx, f.operator)
	if err != nil || len(mine) != 1 || len(mine[0].Mandates) != 1 {
		t.Fatalf("%+v %v", mine, err)
	}
	f.mandate = mine[0].Mandates[0].ID
	return f
}

// change changes a system in the register, for every node.
func (b *bureau) change(id hub.SystemID, change func(*tenants.System)) {
	b.t.Helper()
	s, err := b.nodes[0].directory.System(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	change(&s)
	if faults := s.Validate(); len(faults) > 0 {
		b.t.Fatal(faults)
	}
	if _, err := b.nodes[0].tenants.PutSystem(b.t.Context(), s); err != nil {
		b.t.Fatal(err)
	}
	for _, h := range b.nodes {
		if err := h.refresh(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
	}
}

// accountAt gives the account of one of the invented people.
func accountAt(t *testing.T, h *Hub, key string) hub.AccountID {
	t.Helper()
	a, err := h.stores.Accounts.ByPerson(t.Context(), account.PersonKey{Kind: "th.citizen", Hash: h.keys.Index("person", "th.citizen", person(t, key).CitizenID)})
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// ask sends the browser to the authorization endpoint.
func (f *firm) ask(w *walker, actFor string) *formbrowser.Page {
	f.t.Helper()
	q := url.Values{
		"response_type": {"code"}, "client_id": {"revenue-efiling"}, "redirect_uri": {f.d.URL(revenueHost) + "/callback"}, "scope": {"openid offline_access"},
		"state": {"of-the-test"}, "code_challenge": {flowChallenge}, "code_challenge_method": {"S256"},
	}
	if actFor != "" {
		q.Set("act_for", actFor)
	}
	return w.must(w.b.Open(f.t.Context(), f.d.URL(hubHost)+oidcop.AuthorizePath+"?"+q.Encode()))
}

// choose answers the question for whom, and what there is to agree to.
func (f *firm) choose(w *walker, p *formbrowser.Page, party string) *formbrowser.Page {
	f.t.Helper()
	if party != "" {
		p = w.press(p, "party", party)
	}
	if form := p.FormWith("decision"); form != nil {
		if slices.Contains(form.Boxes("given"), consent.OfflineKey) {
			if err := form.Tick("given", consent.OfflineKey); err != nil {
				f.t.Fatal(err)
			}
		}
		p = w.must(form.Press(f.t.Context(), "decision", "allow"))
	}
	return p
}

// redeemed gets the tokens for the code that the browser ended up with.
func (f *firm) redeemed(node int, p *formbrowser.Page) map[string]any {
	f.t.Helper()
	status, m := f.call(node, http.MethodPost, oidcop.TokenPath, "revenue-efiling", url.Values{
		"grant_type": {"authorization_code"}, "code": {p.URL.Query().Get("code")}, "redirect_uri": {f.d.URL(revenueHost) + "/callback"}, "code_verifier": {flowVerifier},
	})
	if status != http.StatusOK {
		f.t.Fatal(p.Errorf("no tokens: %d %v", status, m))
	}
	return m
}

func (f *firm) refresh(node int, tokens map[string]any) (int, map[string]any) {
	f.t.Helper()
	return f.call(node, http.MethodPost, oidcop.TokenPath, "revenue-efiling", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens["refresh_token"].(string)}})
}

// exchangeFor asks for a token for another API.
func (f *firm) exchangeFor(node int, subject any, resource string) (int, map[string]any) {
	f.t.Helper()
	return f.call(node, http.MethodPost, oidcop.TokenPath, "revenue-efiling", url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "resource": {resource}, "subject_token": {subject.(string)},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	})
}

// userinfo asks with a token of the department.
func (f *firm) userinfo(raw any) (int, map[string]any) {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.d.URL(hubHost)+oidcop.UserInfoPath, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+raw.(string))
	resp, err := f.d.client.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer resp.Body.Close()
	m := map[string]any{}
	if err := json.NewDecoder(resp.Body).Decode(&m); err != nil && resp.StatusCode == http.StatusOK {
		f.t.Fatal(err)
	}
	return resp.StatusCode, m
}

// payload gives the claims of a JWT whose signature others check.
func payload(t *testing.T, jwt any) map[string]any {
	t.Helper()
	parts := strings.Split(jwt.(string), ".")
	if len(parts) != 3 {
		t.Fatalf("not a JWT of three parts: %d", len(parts))
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	m := map[string]any{}
	if err != nil || json.Unmarshal(raw, &m) != nil {
		t.Fatal("not a JWT")
	}
	return m
}

// represented checks for whom claims say that the person acts, and gives the department's own name for it. With facts they tell who that is.
func (f *firm) represented(what string, claims map[string]any, facts bool) string {
	f.t.Helper()
	r, _ := claims["representee"].(map[string]any)
	act, _ := r["act"].(map[string]any)
	sub, _ := r["sub"].(string)
	if sub == "" || sub == string(f.id) || sub == claims["sub"] || r["type"] != "LEGAL_PERSON" || act["sub"] != claims["sub"] || claims["sub"] == nil {
		f.t.Errorf("ENT-03: %s: %v for %v", what, claims["sub"], r)
	}
	names, _ := r["name"].(map[string]any)
	if told := names["en"] == f.company.Names["en"] && r["number"] == f.company.Number && r["number_type"] == f.company.Type; told != facts {
		f.t.Errorf("%s: tells who it is: %v", what, r)
	}
	return sub
}

func newBureau(t *testing.T, d *Demo, hubs []*Hub) *bureau {
	return &bureau{t, d, hubs, map[string]string{
		"revenue-efiling": d.secrets["DEMO_REVENUE_SECRET"], "social-benefits": d.secrets["DEMO_SOCIAL_SECRET"], "ledger": flowSecret, "employers": flowSecret,
	}}
}

// ENT-02, ENT-03, RAZ-08 on the wire: what a system of the revenue department is told while somebody acts for a company, in every token and answer,
// for whom he is asked and when not, where his token goes and where not; and that all of it is dead on every node once the mandate was withdrawn.
func TestENT03_ActingForACompanyOnTheWire(t *testing.T) {
	t.Parallel()
	d, hubs, log := startNodes(t, 2, "")
	b, mali, tharn := newBureau(t, d, hubs), newWalker(t, d), newWalker(t, d)
	d.apply(t, hubs, actingObjects, map[string]string{"API_SECRET": flowSecret})
	f := newFirm(t, b, mali, tharn)

	// He is asked for whom, and then no more in this session; another value is a wish, or refused.
	p := f.ask(tharn, login.PartyChoose)
	if p.FormWith("party") == nil {
		t.Fatal(p.Errorf("ENT-03: nobody asks for whom"))
	}
	tokens := f.redeemed(0, f.choose(tharn, p, string(f.id)))
	company := f.represented("ID token", payload(t, tokens["id_token"]), true)
	if got := f.represented("introspection", b.about(1, "revenue-efiling", tokens["access_token"].(string)), false); got != company {
		t.Errorf("the company is %s and %s", company, got)
	}
	status, told := f.userinfo(tokens["access_token"])
	if got := f.represented("userinfo", told, true); status != http.StatusOK || got != company {
		t.Errorf("userinfo: %d %s", status, got)
	}
	if again := f.redeemed(1, f.choose(tharn, f.ask(tharn, company), "")); f.represented("act_for", payload(t, again["id_token"]), true) != company {
		t.Error("act_for with the company is not heard")
	}
	if claims := payload(t, f.redeemed(0, f.choose(tharn, f.ask(tharn, login.PartySelf), ""))["id_token"]); claims["representee"] != nil || claims["sub"] != payload(t, tokens["id_token"])["sub"] {
		t.Errorf("for himself: %v", claims)
	}
	if p := f.ask(tharn, strings.Repeat("A", len(company))); p.FormWith("party") == nil {
		t.Error(p.Errorf("a company of nobody's is taken"))
	}
	if p := f.ask(tharn, "everybody"); p.URL.Query().Get("error") != "invalid_request" {
		t.Error(p.Errorf("act_for of any form is taken"))
	}
	if p := f.ask(mali, login.PartyChoose); p.FormWith("party") == nil {
		t.Error(p.Errorf("the administrator is not asked"))
	}

	// His token goes to an API of the same department, under a name of its own for the company, and to none where his mandate does not count (ENT-02).
	status, m := f.exchangeFor(1, tokens["access_token"], "https://ledger.example/api")
	if status != http.StatusOK {
		t.Fatalf("exchange: %d %v", status, m)
	}
	exchanged := m["access_token"].(string)
	if at := f.represented("JWT of an exchange", payload(t, exchanged), false); at == company {
		t.Error("invariant 3: two sectors know the company by one name")
	}
	f.represented("introspection of an exchange", b.about(0, "ledger", exchanged), false)
	for _, resource := range []string{"https://employers.example/api", d.URL(socialHost) + "/api"} {
		if status, m := f.exchangeFor(0, tokens["access_token"], resource); status == http.StatusOK {
			t.Errorf("ENT-02: exchanged for %s: %v", resource, m)
		}
	}
	asMaster := f.redeemed(0, f.choose(mali, f.ask(mali, company), ""))
	if status, m := f.exchangeFor(0, asMaster["access_token"], "https://employers.example/api"); status != http.StatusOK {
		t.Errorf("the administrator's, which counts everywhere: %d %v", status, m)
	} else {
		f.represented("at another department", b.about(1, "employers", m["access_token"].(string)), false)
	}

	status, renewed := f.refresh(1, tokens)
	if status != http.StatusOK || f.represented("ID token of a refresh", payload(t, renewed["id_token"]), true) != company {
		t.Fatalf("refresh: %d", status)
	}
	before := f.redeemed(0, f.choose(tharn, f.ask(tharn, company), ""))
	pending := f.choose(tharn, f.ask(tharn, company), "") // a code that is not redeemed yet

	if err := hubs[0].entities.Withdraw(t.Context(), f.master, f.mandate, entity.Removed); err != nil {
		t.Fatal(err)
	}
	for i := range 2 * len(hubs) { // at once: it has answered
		for name, raw := range map[string]any{"access token": tokens["access_token"], "renewed": renewed["access_token"], "another": before["access_token"]} {
			if b.about(i, "revenue-efiling", raw.(string))["active"] != false {
				t.Errorf("RAZ-08: node %d: the %s is active", i, name)
			}
		}
		if b.about(i, "ledger", exchanged)["active"] != false {
			t.Errorf("RAZ-08: node %d: what was exchanged is active", i)
		}
		if b.about(i, "revenue-efiling", asMaster["access_token"].(string))["active"] != true {
			t.Errorf("node %d: the administrator's token has ended with it", i)
		}
	}
	for name, tokens := range map[string]map[string]any{"renewed": renewed, "another": before} {
		if status, m := f.refresh(0, tokens); status != http.StatusBadRequest || m["error"] != "invalid_grant" {
			t.Errorf("RAZ-08: %s is refreshed: %d %v", name, status, m)
		}
	}
	if status, _ := f.userinfo(before["access_token"]); status != http.StatusUnauthorized {
		t.Errorf("RAZ-08: userinfo answers %d", status)
	}
	if status, m := f.exchangeFor(0, before["access_token"], "https://ledger.example/api"); status == http.StatusOK {
		t.Errorf("RAZ-08: exchanged: %v", m)
	}
	if status, m := f.call(1, http.MethodPost, oidcop.TokenPath, "revenue-efiling", url.Values{
		"grant_type": {"authorization_code"}, "code": {pending.URL.Query().Get("code")}, "redirect_uri": {d.URL(revenueHost) + "/callback"}, "code_verifier": {flowVerifier},
	}); status != http.StatusBadRequest || m["error"] != "invalid_grant" {
		t.Errorf("RAZ-08: a code of before is redeemed: %d %v", status, m)
	}
	p = f.ask(tharn, company) // which is not what he gets without a word: he is asked, and can be himself
	if form := p.FormWith("party"); form == nil || strings.Contains(p.Body, string(f.id)) {
		t.Fatal(p.Errorf("RAZ-08: he may still choose it"))
	}
	if claims := payload(t, f.redeemed(0, f.choose(tharn, p, login.PartySelf))["id_token"]); claims["representee"] != nil {
		t.Errorf("RAZ-08: he acts on: %v", claims)
	}
	for _, secret := range []string{f.company.Number, person(t, "tharn").CitizenID} {
		if strings.Contains(log.String(), secret) {
			t.Error("invariant 2: a number is in the log")
		}
	}
}

// ENT-03 over the two protocols without tokens: a SAML assertion and the headers behind a proxy say for whom somebody acts, and no longer than the
// mandate stands.
func TestENT03_ActingForACompanyBySAMLAndBehindAProxy(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 2, "")
	mali, tharn := newWalker(t, d), newWalker(t, d)
	f := newFirm(t, newBureau(t, d, hubs), mali, tharn)
	mali.must(mali.b.Open(t.Context(), d.URL(landHost)+"/")) // it opens with its own address in the register
	f.change(landSystem, func(s *tenants.System) { s.For, s.EntityNumber = login.Both, true })
	a := newArchive(t, d, hubs)
	a.put(func(s *tenants.System) { s.For = login.Both })
	p := mali.must(mali.b.Open(t.Context(), d.URL(landHost)+"/login"))
	p = mali.send(f.choose(mali, p, string(f.id)), "SAMLResponse")
	for _, want := range []string{"representee", "LEGAL_PERSON", f.company.Number, f.company.Names["th"]} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("SAML does not tell %q:\n%s", want, p.Text())
		}
	}
	// The operator's mandate is for the revenue department: at the land office nobody asks him (ENT-02).
	if p := tharn.must(tharn.b.Open(t.Context(), d.URL(landHost)+"/login")); p.FormWith("party") != nil || strings.Contains(p.Text(), f.company.Number) {
		t.Error(p.Errorf("ENT-02: he may act at the land office"))
	}

	p = tharn.must(tharn.b.Open(t.Context(), a.url+"/files"))
	p = f.choose(tharn, p, string(f.id))
	headers := map[string]string{}
	if err := json.Unmarshal([]byte(p.Body), &headers); err != nil {
		t.Fatal(p.Errorf("not the archive"))
	}
	if r := headers["X-Onedoor-Representee"]; len(r) < 20 || r == headers["X-Onedoor-Subject"] || f.represented("signed identity", payload(t, headers["X-Onedoor-Identity"]), false) != r {
		t.Errorf("behind the proxy: %v", slices.Sorted(maps.Keys(headers)))
	}
	if err := hubs[1].entities.Withdraw(t.Context(), f.master, f.mandate, entity.Removed); err != nil {
		t.Fatal(err)
	}
	p = f.choose(tharn, tharn.must(tharn.b.Open(t.Context(), a.url+"/files")), "")
	if strings.Contains(p.Body, `"X-Onedoor-Representee"`) && !strings.Contains(p.Body, `"X-Onedoor-Representee":""`) {
		t.Error(p.Errorf("RAZ-08: he acts on behind the proxy"))
	}
}

// ENT-03, BND-04: who acts for a company is known by the company's record, never by their own beside it; and by their own when they act for
// themselves.
func TestBND04_TokensSpeakOfTheCompanysRecord(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	mali, tharn := newWalker(t, d), newWalker(t, d)
	f := newFirm(t, newBureau(t, d, hubs), mali, tharn)
	h, ctx := hubs[0], t.Context()
	revenue, err := h.directory.Department(ctx, "revenue")
	if err != nil {
		t.Fatal(err)
	}
	four := hub.Text{"th": "ก", "en": "a", "zh": "甲", "vi": "á"}
	kind := func(id tenants.RecordKindID, holder tenants.Holder) tenants.RecordKind {
		return tenants.RecordKind{
			ID: id, Names: four, For: holder, Length: 8, Digits: true, Least: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, Claim: []string{"year"},
			Extra: []tenants.ExtraAttribute{{ID: "year", Names: four, Length: 4}},
		}
	}
	revenue.Records = []tenants.RecordKind{kind("taxpayer", tenants.Person), kind("company", tenants.Entity)}
	if faults := revenue.Validate(); len(faults) > 0 {
		t.Fatal(faults)
	}
	if _, err := h.tenants.PutDepartment(ctx, revenue); err != nil {
		t.Fatal(err)
	}
	if err := h.refresh(ctx); err != nil {
		t.Fatal(err)
	}
	_, secret, err := h.staff.Invite(ctx, staff.Operator, staff.Reviewer, staff.Place{Department: "revenue"})
	if err != nil {
		t.Fatal(err)
	}
	lin := newWalker(t, d)
	lin.login(revenueHost, "thaid", "lin")
	clerk := binding.Clerk{Account: accountAt(t, h, "lin"), Level: staff.Least()}
	if _, err := h.staff.Join(ctx, secret, clerk.Account, staff.Least()); err != nil {
		t.Fatal(err)
	}
	approve := func(id string) {
		t.Helper()
		if _, err := h.bindings.Take(ctx, clerk, id); err != nil {
			t.Fatal(err)
		}
		if b, err := h.bindings.Approve(ctx, clerk, id); err != nil || b.State != binding.Bound {
			t.Fatalf("%s %v", b.State, err)
		}
	}
	bind := func(v binding.Visitor, kind tenants.RecordKindID, number string) {
		t.Helper()
		row := h.db.Read(ctx).Raw("SELECT id FROM sessions WHERE account = ? AND ended_at IS NULL", string(v.Account)).Row()
		if err := row.Scan(&v.Session); err != nil {
			t.Fatal(err)
		}
		v.Level = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}
		b, err := h.bindings.Claim(ctx, v, binding.Place{Department: "revenue", Kind: kind}, number, map[string]string{"year": "1993"})
		if err != nil {
			t.Fatal(err)
		}
		approve(b.ID)
	}
	const ofTharn, ofMali, ofCompany = "11111111", "22222222", "33333333"
	bind(binding.Visitor{Account: f.operator}, "taxpayer", ofTharn)
	bind(binding.Visitor{Account: f.master}, "taxpayer", ofMali)

	// The company's own is named by its administrator, on the company's page, once somebody has acted for it there. Nobody else sees the page.
	f.redeemed(0, f.choose(mali, f.ask(mali, login.PartyChoose), string(f.id)))
	ofFirm := d.URL(hubHost) + "/entities/" + string(f.id)
	if page := tharn.must(tharn.b.Open(ctx, ofFirm+"/records")); page.Status != http.StatusNotFound {
		t.Fatal(page.Errorf("an operator sees the company's records"))
	}
	form := mali.must(mali.must(mali.b.Open(ctx, ofFirm)).Follow(ctx, ofFirm+"/records")).FormWith("number")
	if form == nil || form.Has("kind", "taxpayer") {
		t.Fatal("no form for the company's record")
	}
	form.Fields.Set("number", ofCompany)
	form.Fields.Set("proof-year", "1993")
	mali.must(form.Press(ctx, "", ""))
	var waiting string
	if err := h.db.Read(ctx).Raw("SELECT id FROM bindings WHERE owner = ? AND state = 'proposed'", string(f.id)).Row().Scan(&waiting); err != nil {
		t.Fatal(err)
	}
	approve(waiting)
	if page := mali.must(mali.b.Open(ctx, ofFirm+"/records")); !strings.Contains(page.Text(), ofCompany) || strings.Contains(page.Text(), ofMali) {
		t.Error(page.Errorf("the company's records"))
	}

	records := func(what string, w *walker, party, want string) {
		t.Helper()
		tokens := f.redeemed(0, f.choose(w, f.ask(w, login.PartyChoose), party))
		_, told := f.userinfo(tokens["access_token"])
		status, renewed := f.refresh(0, tokens)
		if status != http.StatusOK {
			t.Fatalf("%s: refresh: %d", what, status)
		}
		for where, claims := range map[string]map[string]any{
			"ID token": payload(t, tokens["id_token"]), "userinfo": told, "introspection": f.about(0, "revenue-efiling", renewed["access_token"].(string)),
			"ID token of a refresh": payload(t, renewed["id_token"]),
		} {
			text, err := json.Marshal(claims["records"])
			if err != nil {
				t.Fatal(err)
			}
			for _, number := range []string{ofTharn, ofMali, ofCompany} {
				if strings.Contains(string(text), number) != (number == want) {
					t.Errorf("%s: %s speaks of %s", what, where, text)
				}
			}
		}
	}
	records("the operator for the company", tharn, string(f.id), ofCompany)
	records("the administrator for the company", mali, string(f.id), ofCompany)
	records("the operator for himself", tharn, login.PartySelf, ofTharn)
}
