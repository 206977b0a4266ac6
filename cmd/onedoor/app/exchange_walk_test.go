package app

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/client"
	"onedoor/hub/oidcop"
)

// pensions is an API of the social security office that must validate offline.
const (
	pensionsAPI     = "https://pensions.example/api"
	pensionsObjects = `kind: System
id: pensions
department: social-security
names: {th: บำนาญ, en: Pensions, zh: 养老金, vi: Lương hưu}
status: live
group: 3
least: {ial: 2.1, aal: 2.1}
risk: For a test.
reviewBy: 2099-01-01
oidc:
  grantTypes: [client_credentials]
  sectorIdentifier: pensions.example
  resource: ` + pensionsAPI + `
  accessTokenAlg: ES256
  audienceOf: [revenue-efiling]
  exchangeFrom: [{from: revenue-efiling}]
  secrets: [{env: PENSIONS_SECRET}]
`
)

// apply declares objects at a running demo, with secrets by name, and brings all nodes up to date.
func (d *Demo) apply(t *testing.T, nodes []*Hub, objects string, secrets map[string]string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "objects.yaml"), []byte(objects), 0o600); err != nil {
		t.Fatal(err)
	}
	declared, err := configs.ReadObjects(folder)
	if err != nil {
		t.Fatal(err)
	}
	process := d.options.Process
	process.Out = discard{}
	process.Env = func(name string) (string, bool) {
		if s, ok := secrets[name]; ok {
			return s, true
		}
		return d.env(name)
	}
	if err := Apply(t.Context(), d.config, process, declared, false); err != nil {
		t.Fatal(err)
	}
	for _, h := range nodes {
		if err := h.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// bureau calls the nodes one by one, as a department's server does.
type bureau struct {
	t       *testing.T
	d       *Demo
	nodes   []*Hub
	secrets map[string]string // by client
}

// call asks one node and gives the status and the JSON answer.
func (b *bureau) call(node int, method, path, as string, form url.Values) (int, map[string]any) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, b.d.URL(hubHost)+path, strings.NewReader(form.Encode()))
	if as != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(url.QueryEscape(as), url.QueryEscape(b.secrets[as]))
	}
	w := httptest.NewRecorder()
	b.nodes[node%len(b.nodes)].public.Handler().ServeHTTP(w, r)
	m := map[string]any{}
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil && w.Code == http.StatusOK && w.Body.Len() > 0 && as != "" {
		b.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code, m
}

func (b *bureau) token(node int, as string, form url.Values) string {
	b.t.Helper()
	status, m := b.call(node, http.MethodPost, oidcop.TokenPath, as, form)
	raw, _ := m["access_token"].(string)
	if status != http.StatusOK || raw == "" {
		b.t.Fatalf("token for %s: %d %v", as, status, m)
	}
	return raw
}

func (b *bureau) exchange(node int, as, subject, resource string) string {
	b.t.Helper()
	return b.token(node, as, url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "resource": {resource}, "subject_token": {subject},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
	})
}

func (b *bureau) about(node int, as, raw string) map[string]any {
	b.t.Helper()
	status, m := b.call(node, http.MethodPost, oidcop.IntrospectionPath, as, url.Values{"token": {raw}})
	if status != http.StatusOK {
		b.t.Fatalf("introspection by %s: %d %v", as, status, m)
	}
	return m
}

// redeem gets revenue's access token in the walker's session, for a resource or none. The code is taken from the address that the browser ends
// up at: revenue's own system did not ask for it and does nothing with it.
func (b *bureau) redeem(node int, w *walker, resource string) string {
	b.t.Helper()
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	q := url.Values{
		"response_type": {"code"}, "client_id": {"revenue-efiling"}, "redirect_uri": {b.d.URL(revenueHost) + "/callback"}, "scope": {"openid"},
		"state": {"of-the-test"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	if resource != "" {
		q.Set("resource", resource)
	}
	p := w.must(w.b.Open(b.t.Context(), b.d.URL(hubHost)+oidcop.AuthorizePath+"?"+q.Encode()))
	return b.token(node, "revenue-efiling", url.Values{
		"grant_type": {"authorization_code"}, "code": {p.URL.Query().Get("code")}, "redirect_uri": q["redirect_uri"], "code_verifier": {verifier},
	})
}

// The whole of it on both databases, with three nodes on PostgreSQL: another department is asked for the person; parents end their children;
// and once a sign-out has answered, no node says "active" for what was exchanged, and no status list calls a JWT valid.
func TestInvariant1_ActingForAPersonAtAnotherDepartment(t *testing.T) {
	t.Parallel()
	onBoth(t, 3, func(t *testing.T, d *Demo, hubs []*Hub, log *record) {
		b := &bureau{t, d, hubs, map[string]string{
			"revenue-efiling": d.secrets["DEMO_REVENUE_SECRET"], "social-benefits": d.secrets["DEMO_SOCIAL_SECRET"], "pensions": hub.NewSecret(hub.Randomness()).Reveal(),
		}}
		d.apply(t, hubs, pensionsObjects, map[string]string{"PENSIONS_SECRET": b.secrets["pensions"]})
		w := newWalker(t, d)
		w.press(w.login(revenueHost, "thaid", "mali"), "decision", "allow")

		// The demo's page: revenue asks social security for the person.
		p := w.must(w.b.Open(t.Context(), d.URL(revenueHost)+"/"))
		atRevenue := subject(p)
		for _, f := range p.Forms() {
			if f.Action.Path == "/neighbour" {
				p = w.must(f.Press(t.Context(), "", ""))
			}
		}
		if !strings.Contains(p.Body, `data-name="acting">revenue-efiling<`) || !strings.Contains(p.Body, `data-name="months_of_contributions">84<`) ||
			strings.Contains(p.Body, `data-name="person">`+atRevenue+"<") {
			t.Fatal(p.Errorf("social security was not asked"))
		}

		parent, direct := b.redeem(0, w, ""), b.redeem(1, w, pensionsAPI)
		sealed, jwt := b.exchange(1, "revenue-efiling", parent, d.URL(socialHost)+"/api"), b.exchange(2, "revenue-efiling", parent, pensionsAPI)
		for i := range hubs {
			at := b.about(i, "social-benefits", sealed)
			if at["active"] != true || at["client_id"] != "revenue-efiling" || at["sub"] == atRevenue || at["name"] != nil {
				t.Fatalf("node %d tells social security %v", i, at)
			}
			if act, _ := at["act"].(map[string]any); act["sub"] != "revenue-efiling" {
				t.Errorf("node %d: act %v", i, at["act"])
			}
			for _, raw := range []string{jwt, direct} {
				if b.about(i, "pensions", raw)["active"] != true {
					t.Errorf("node %d does not know a JWT of another node", i)
				}
			}
		}
		shift := time.Duration(0)
		api, err := client.NewVerifier(client.VerifierOptions{
			Issuer: d.config.Issuer, Resource: pensionsAPI, HTTP: d.client, Clock: func() time.Time { return time.Now().Add(shift) },
		})
		if err != nil {
			t.Fatal(err)
		}
		verify := func(raw string) error { _, err := api.Verify(t.Context(), raw, client.Held{}); return err }
		if a, err := api.Verify(t.Context(), jwt, client.Held{}); err != nil || !slices.Equal(a.Actors, []string{"revenue-efiling"}) || a.Subject == atRevenue {
			t.Fatalf("the API says %+v, %v", a, err)
		}
		if err := verify(direct); err != nil {
			t.Fatal(err)
		}

		// The parent is revoked at one node: its children end on all, and nothing else does.
		second := b.redeem(2, w, "")
		child, offline := b.exchange(0, "revenue-efiling", second, d.URL(socialHost)+"/api"), b.exchange(0, "revenue-efiling", second, pensionsAPI)
		if status, m := b.call(0, http.MethodPost, oidcop.RevocationPath, "revenue-efiling", url.Values{"token": {second}}); status != http.StatusOK {
			t.Fatalf("not revoked: %d %v", status, m)
		}
		shift += 4 * time.Second
		for i := range 2 * len(hubs) {
			if b.about(i, "social-benefits", child)["active"] != false || b.about(i, "pensions", offline)["active"] != false {
				t.Fatalf("node %d: a child outlives its parent", i)
			}
			if b.about(i, "social-benefits", sealed)["active"] != true {
				t.Fatalf("node %d: another token of the session ended too", i)
			}
		}
		if err := verify(offline); !errors.Is(err, hub.Consumed) {
			t.Errorf("the API of a JWT whose parent was revoked: %v", err)
		}
		if err := verify(jwt); err != nil {
			t.Errorf("the API of another JWT: %v", err)
		}

		p = w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/logout"))
		if p = w.send(p, "csrf"); !strings.HasPrefix(p.URL.Path, "/signed-out/") {
			t.Fatal(p.Errorf("not signed out"))
		}
		for i := range 3 * len(hubs) { // at once: it has answered
			if b.about(i, "social-benefits", sealed)["active"] != false || b.about(i, "pensions", jwt)["active"] != false || b.about(i, "pensions", direct)["active"] != false {
				t.Fatalf("invariant 1: node %d says active after the sign-out had answered", i)
			}
		}
		shift += 4 * time.Second
		for range 2 * len(hubs) { // each time from another node
			for _, raw := range []string{jwt, direct} {
				if err := verify(raw); !errors.Is(err, hub.Consumed) {
					t.Fatalf("invariant 1: a list calls a JWT valid after the sign-out had answered: %v", err)
				}
			}
			shift += 4 * time.Second
		}
		b.recorded(log)
	})
}

// recorded looks for the exchange in the record, under the interaction of its login (AUD-05).
func (b *bureau) recorded(log *record) {
	b.t.Helper()
	kinds := map[string]bool{}
	rows, err := b.nodes[0].db.Read(b.t.Context()).Raw(`SELECT DISTINCT e.kind FROM audit_events e WHERE e.interaction IN
		(SELECT x.interaction FROM audit_events x WHERE x.kind = 'token.exchanged')`).Rows()
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var k string
		if err := rows.Scan(&k); err != nil {
			b.t.Fatal(err)
		}
		kinds[k] = true
	}
	if err := rows.Err(); err != nil || !kinds["token.exchanged"] || !kinds["grant.started"] {
		b.t.Errorf("AUD-05: under the interactions of exchanges stand only %v, %v", slices.Sorted(maps.Keys(kinds)), err)
	}
	for _, secret := range b.secrets {
		if strings.Contains(log.String(), secret) {
			b.t.Error("a secret stands in the log")
		}
	}
}
