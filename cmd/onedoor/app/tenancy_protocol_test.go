package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Invariant 10 at the endpoints for departments' systems: what beta asks about a token of X's that alpha has is answered as for a token that is not
// there (docs/introspection.md), decides nothing, gives no other token and ends nothing.
func TestInvariant10_AnotherDepartmentsToken(t *testing.T) {
	t.Parallel()
	w := newTenancy(t)
	alpha, beta, raw := w.actor("program-alpha"), w.actor("program-beta"), w.actor("citizen-x").bearer
	post := func(a *actor, path string, form url.Values) (int, string) {
		rec := w.send(a, wish{method: http.MethodPost, path: path, form: form.Encode(), basic: true})
		return rec.Code, strings.TrimSpace(rec.Body.String())
	}
	token := url.Values{"token": {raw}}
	active := func(when string) {
		t.Helper()
		if code, body := post(alpha, "/oauth2/introspect", token); code != http.StatusOK || !strings.HasPrefix(body, `{"active":true`) {
			t.Errorf("%s: alpha is told %d %s", when, code, body)
		}
	}
	active("at first")
	if code, body := post(beta, "/oauth2/introspect", token); code != http.StatusOK || body != `{"active":false}` {
		t.Errorf("introspection: %d %s", code, body)
	}
	if code, body := post(beta, "/oauth2/introspect/batch", token); code != http.StatusOK || body != `{"results":[{"active":false}]}` {
		t.Errorf("batch: %d %s", code, body)
	}
	for _, resource := range []string{"https://alpha.example/api", "https://beta.example/api"} {
		code, body := post(beta, "/oauth2/token", url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "subject_token": {raw}, "resource": {resource},
			"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
		})
		if code/100 != 4 || strings.Contains(body, "access_token") {
			t.Errorf("exchange for %s: %d %s", resource, code, body)
		}
	}
	ask := func(raw string) string {
		rec := w.send(beta, wish{
			method: http.MethodPost, path: "/access/v1/evaluation", basic: true,
			json: `{"subject":{"type":"access_token","id":"` + raw + `"},"resource":{"type":"service_item","id":"alpha-lockable"},"action":{"name":"query"}}`,
		})
		return reference.ReplaceAllString(rec.Body.String(), "#")
	}
	if got, want := ask(raw), ask("od1_x"); got != want || !strings.Contains(got, `"decision":false`) {
		t.Errorf("evaluation: %s, of no token %s", got, want)
	}
	if code, body := post(beta, "/oauth2/revoke", token); code >= 500 || strings.Contains(body, raw) {
		t.Errorf("revocation: %d %s", code, body)
	}
	active("after beta has revoked it")
	for _, gate := range []string{"check", "gate", "envoy/x"} {
		if rec := w.send(beta, wish{method: http.MethodGet, path: "/forward/alpha-filing/" + gate, basic: true}); rec.Code != http.StatusForbidden {
			t.Errorf("alpha's %s: %d", gate, rec.Code)
		}
	}
}
