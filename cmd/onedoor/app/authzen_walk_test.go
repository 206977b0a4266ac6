package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzen"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/oidcop"
)

// ask posts a question to the decision point of a node.
func (b *bureau) ask(node int, path, as, body string) (int, map[string]any) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, b.d.URL(hubHost)+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Request-ID", "of-the-test")
	if as != "" {
		r.SetBasicAuth(url.QueryEscape(as), url.QueryEscape(b.secrets[as]))
	}
	w := httptest.NewRecorder()
	b.nodes[node%len(b.nodes)].public.Handler().ServeHTTP(w, r)
	m := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil && w.Code == http.StatusOK {
		b.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if got := w.Header().Get("X-Request-ID"); as != "" && got != "of-the-test" {
		b.t.Errorf("X-Request-ID %q", got)
	}
	return w.Code, m
}

// may asks whether an item is open, and gives the reasons of a no.
func (b *bureau) may(node int, as, subject, item, action string) (bool, []string) {
	b.t.Helper()
	status, m := b.ask(node, authzen.EvaluationPath, as, fmt.Sprintf(`{"subject":%s,"resource":{"type":"service_item","id":%q},"action":{"name":%q}}`, subject, item, action))
	if status != http.StatusOK {
		b.t.Fatalf("%d %v", status, m)
	}
	var reasons []string
	if c, ok := m["context"].(map[string]any); ok {
		for _, r := range c["reasons"].([]any) {
			reasons = append(reasons, r.(string))
		}
		if user := c["reason_user"].(map[string]any); len(user) != 4 || user["th"] == "" {
			b.t.Errorf("for the person: %v", user)
		}
	}
	yes, _ := m["decision"].(bool)
	return yes, reasons
}

func holder(raw string) string { return `{"type":"access_token","id":"` + raw + `"}` }

// RAZ-01, RAZ-02, RAZ-05, RAZ-08: a department asks with the token that it holds; the person locks and opens; a change of the item counts; and
// once any of them has answered, no node decides by what was before. Both databases, three nodes on PostgreSQL.
func TestRAZ08_NoNodeDecidesByWhatWasBefore(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string]int{"SQLite": 1, "PostgreSQL": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := ""
			if nodes > 1 {
				dsn = sqltest.PostgresDSN(t)
			}
			d, hubs, _ := startNodes(t, nodes, dsn)
			b := &bureau{t, d, hubs, map[string]string{"revenue-efiling": d.secrets["DEMO_REVENUE_SECRET"], "social-benefits": d.secrets["DEMO_SOCIAL_SECRET"]}}
			w := newWalker(t, d)
			w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")
			raw := b.redeem(0, w, "")
			about := b.about(0, "revenue-efiling", raw)
			var account hub.AccountID
			var session hub.SessionID
			err := hubs[0].db.Read(t.Context()).Raw("SELECT id, account FROM sessions WHERE ended_at IS NULL").Row().Scan(&session, &account)
			if err != nil {
				t.Fatal(err)
			}
			everywhere := func(what string, want bool, reasons ...string) {
				t.Helper()
				for i := range 2 * nodes {
					for form, subject := range map[string]string{
						"token": holder(raw), "sid": `{"type":"session","id":"` + about["sid"].(string) + `"}`,
						"name": `{"type":"user","id":"` + about["sub"].(string) + `","properties":{"access_token":"` + raw + `"}}`,
					} {
						if yes, why := b.may(i, "revenue-efiling", subject, "tax-filing", "file"); yes != want || !slices.Equal(why, reasons) {
							t.Fatalf("%s, node %d by %s: %v %v", what, i, form, yes, why)
						}
					}
				}
			}
			everywhere("at first", true)
			openings := func(i int) *authz.Openings { return hubs[i%nodes].authz.openings }
			if err := openings(1).Lock(t.Context(), account, session, "tax-filing"); err != nil {
				t.Fatal(err)
			}
			everywhere("locked", false, "locked")
			sess, err := hubs[0].sessions.Active(t.Context(), session)
			if err != nil {
				t.Fatal(err)
			}
			if o, err := openings(2).Open(t.Context(), sess, "tax-filing"); err != nil || o.State != authz.Open {
				t.Fatal(o, err)
			}
			everywhere("opened", true)
			d.apply(t, nil, strings.Replace(taxFiling, "aal: 2.1", "aal: 2.2", 1), nil)
			everywhere("the item asks for more", false, "level")

			// What is not the caller's, nobody's, or nothing.
			for name, c := range map[string]struct{ as, subject, item, action, reason string }{
				"another department's item": {"social-benefits", holder(raw), "tax-filing", "file", "no_person"},
				"another's token":           {"social-benefits", holder(raw), "inpatient-settlement", "query", "no_person"},
				"a bare name":               {"revenue-efiling", `{"type":"user","id":"` + about["sub"].(string) + `"}`, "tax-filing", "file", "no_person"},
				"another name":              {"revenue-efiling", `{"type":"user","id":"x","properties":{"access_token":"` + raw + `"}}`, "tax-filing", "file", "no_person"},
				"an operator":               {"revenue-efiling", `{"type":"operator","id":"` + about["sub"].(string) + `","properties":{"access_token":"` + raw + `"}}`, "tax-filing", "file", "no_person"},
				"no token":                  {"revenue-efiling", holder("od1_x"), "tax-filing", "file", "no_person"},
				"no sid":                    {"revenue-efiling", `{"type":"session","id":"x"}`, "tax-filing", "file", "no_person"},
				"no item":                   {"revenue-efiling", holder(raw), "gold", "file", "unknown_item"},
				"another's item":            {"revenue-efiling", holder(raw), "inpatient-settlement", "query", "unknown_item"},
				"no type":                   {"revenue-efiling", `{"type":"robot","id":"x"}`, "tax-filing", "file", "no_person"},
			} {
				if yes, why := b.may(0, c.as, c.subject, c.item, c.action); yes || !slices.Equal(why, []string{c.reason}) {
					t.Errorf("%s: %v %v", name, yes, why)
				}
			}
			if status, _ := b.ask(0, authzen.EvaluationPath, "", `{}`); status != http.StatusUnauthorized {
				t.Errorf("without credentials: %d", status)
			}
			b.searches(holder(raw))

			// RFC 9396: the token carries the item; one that the person has locked is refused.
			d.apply(t, nil, taxFiling, nil)
			everywhere("as before", true)
			b.details(w, account, session)

			w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/"))
			p := w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/logout"))
			if p = w.send(p, "csrf"); !strings.HasPrefix(p.URL.Path, "/signed-out/") {
				t.Fatal(p.Errorf("not signed out"))
			}
			everywhere("signed out", false, "no_person")
			b.explained()
		})
	}
}

// searches lists what the person may do.
func (b *bureau) searches(subject string) {
	b.t.Helper()
	for path, c := range map[string]struct{ body, want string }{
		authzen.SearchActionPath:   {`{"subject":` + subject + `,"resource":{"type":"service_item","id":"tax-filing"}}`, `[]`},
		authzen.SearchResourcePath: {`{"subject":` + subject + `,"action":{"name":"file"},"resource":{"type":"service_item"}}`, `[]`},
	} {
		status, m := b.ask(1, path, "revenue-efiling", c.body)
		got, _ := json.Marshal(m["results"])
		if status != http.StatusOK || string(got) != c.want {
			b.t.Errorf("%s: %d %s", path, status, got)
		}
	}
	status, m := b.ask(0, authzen.SearchSubjectPath, "revenue-efiling", `{"subject":{"type":"operator"},"action":{"name":"file"},"resource":{"type":"service_item","id":"tax-filing"}}`)
	if status != http.StatusBadRequest {
		b.t.Errorf("everybody was searched: %d %v", status, m)
	}
}

// details walks an authorization request for the item.
func (b *bureau) details(w *walker, account hub.AccountID, session hub.SessionID) {
	b.t.Helper()
	const detail = `{"actions":["file"],"item":"tax-filing","type":"item"}`
	d := b.d
	begin := func(more ...string) *formbrowser.Page {
		b.t.Helper()
		return w.must(w.b.Open(b.t.Context(), d.authorization(append(more, "authorization_details", "["+detail+"]")...)))
	}
	redeem := func(p *formbrowser.Page) string {
		b.t.Helper()
		return b.redeemed(1, p)
	}
	carries := func(what, raw string) {
		b.t.Helper()
		got, err := json.Marshal(b.about(2, "revenue-efiling", raw)["authorization_details"])
		if err != nil || string(got) != "["+detail+"]" {
			b.t.Fatalf("%s: %s %v", what, got, err)
		}
	}
	first := redeem(begin())
	carries("open", first)
	if err := b.nodes[0].authz.openings.Lock(b.t.Context(), account, session, "tax-filing"); err != nil {
		b.t.Fatal(err)
	}
	for i := range b.nodes { // RAZ-08: the token of before says nothing of it any more, at any node
		if about := b.about(i, "revenue-efiling", first); about["authorization_details"] != nil || about["active"] != true {
			b.t.Errorf("locked, and node %d says %v", i, about)
		}
	}
	// RAZ-02: the login itself leads to the opening. Kept closed, the system hears that it is.
	if q := begin("prompt", "none").URL.Query(); q.Get("error") != "interaction_required" {
		b.t.Errorf("locked, and passive: %v", q)
	}
	page := begin()
	if !strings.Contains(page.Text(), "Tax filing") && !strings.Contains(page.Text(), "ก") || !strings.HasPrefix(page.URL.Path, "/login/") {
		b.t.Fatal(page.Errorf("not at the opening"))
	}
	if q := w.press(page, "decision", "keep").URL.Query(); q.Get("error") != "access_denied" || q.Get("error_description") != "the person keeps a service item closed" {
		b.t.Errorf("kept closed: %v", q)
	}
	carries("opened for once", redeem(w.press(begin(), "decision", "once")))
	if o, err := b.nodes[0].authz.openings.Choice(b.t.Context(), account, "tax-filing"); err != nil || !o.Open || o.Opening.Session != session {
		b.t.Errorf("%+v %v", o, err)
	}
	carries("open for now", redeem(begin()))
	carries("opened again", first)
	sess, err := b.nodes[0].sessions.Active(b.t.Context(), session)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.nodes[0].authz.openings.Open(b.t.Context(), sess, "tax-filing"); err != nil {
		b.t.Fatal(err)
	}
}

// authorization gives the address of an authorization request of revenue's, with more parameters.
func (d *Demo) authorization(more ...string) string {
	q := url.Values{
		"response_type": {"code"}, "client_id": {"revenue-efiling"}, "redirect_uri": {d.URL(revenueHost) + "/callback"}, "scope": {"openid"},
		"state": {"of-the-test"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	for i := 0; i < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return d.URL(hubHost) + oidcop.AuthorizePath + "?" + q.Encode()
}

// redeemed gets the access token of the code that such a request ended with.
func (b *bureau) redeemed(node int, p *formbrowser.Page) string {
	b.t.Helper()
	return b.token(node, "revenue-efiling", url.Values{
		"grant_type": {"authorization_code"}, "code": {p.URL.Query().Get("code")}, "redirect_uri": {b.d.URL(revenueHost) + "/callback"},
		"code_verifier": {"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
	})
}

// explained looks for what was decided under the interaction of the login, in the list and in the audit record.
func (b *bureau) explained() {
	b.t.Helper()
	var id hub.InteractionID
	err := b.nodes[0].db.Read(b.t.Context()).Raw("SELECT interaction FROM authz_decisions WHERE item = 'tax-filing' ORDER BY at LIMIT 1").Row().Scan(&id)
	if err != nil {
		b.t.Fatal(err)
	}
	all, err := b.nodes[0].authz.store.Decisions(b.t.Context(), id)
	if err != nil || len(all) < 3 {
		b.t.Fatalf("%d decisions, %v", len(all), err)
	}
	var codes []string
	for _, r := range all {
		codes = append(codes, fmt.Sprint(r.Permit, r.Reasons))
	}
	for _, want := range []string{"true []", "false [locked]", "false [level]"} {
		if !slices.Contains(codes, want) {
			b.t.Errorf("%s is not among %v", want, codes)
		}
	}
	var out strings.Builder
	p := b.d.options.Process
	p.Env, p.Out = b.d.env, &out
	if err := ExplainDecisions(b.t.Context(), b.d.config, p, string(id)); err != nil {
		b.t.Fatal(err)
	}
	for _, want := range []string{"file tax-filing of version 1, asked by revenue-efiling: permit\n", ": deny: locked\n", "login: ial 2.3", "said locked"} {
		if !strings.Contains(out.String(), want) {
			b.t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	draft := filepath.Join(b.t.TempDir(), "draft.yaml")
	text := strings.ReplaceAll(taxFiling, "{least: {ial: 2.1, aal: 2.1}, person: lockable}", "{least: {ial: 2.1, aal: 2.1}, person: lockable, places: {networks: [192.0.2.0/24]}}")
	if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	for name, want := range map[string]string{
		draft: "0 permitted that were denied, 0 denied that were permitted",
		b.write("closed", strings.ReplaceAll(taxFiling, "[query, file]", "[query]")):                                                                     "would be denied for unknown_action: ",
		b.write("open", strings.NewReplacer("person: lockable", "person: always", "sensitivity: sensitive", "sensitivity: ordinary").Replace(taxFiling)): "0 denied that were permitted, 0 that can't be known",
	} {
		out.Reset()
		declared, err := configs.ReadObjects(name)
		if err == nil {
			err = RehearseItems(b.t.Context(), b.d.config, p, declared, time.Hour)
		}
		if err != nil || !strings.Contains(out.String(), want) {
			b.t.Errorf("%v, %q is not in\n%s", err, want, out.String())
		}
	}
}

func (b *bureau) write(name, text string) string {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name+".yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// taxFiling is the demo's item, with other names.
const taxFiling = `kind: Item
id: tax-filing
department: revenue
names: {th: ก, en: Tax filing, zh: 税, vi: T}
category: returns
group: 3
sensitivity: sensitive
status: offered
actions: [query, file]
demands: {least: {ial: 2.1, aal: 2.1}, person: lockable}
`
