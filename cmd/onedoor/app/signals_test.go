package app

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/department"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/ssf"
	"onedoor/tenants"
)

// A department's second system hears of the end of a session as a security event (CAEP session-revoked), by poll and by push, under the
// names of its ID tokens, signed so that the published keys verify it; on SQLite with one node and on PostgreSQL with two.
func TestSSO05_SharedSignals(t *testing.T) {
	t.Parallel()
	onBoth(t, 2, func(t *testing.T, d *Demo, hubs []*Hub, _ *record) {
		x := &signals{t: t, d: d}
		for _, id := range []string{"revenue-efiling", "social-benefits"} {
			x.register(hubs, id)
		}
		pushed := make(chan string, 10)
		receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if r.Header.Get("Authorization") != "Bearer for-me" {
				t.Error("pushed without the receiver's credential")
			}
			w.WriteHeader(http.StatusAccepted)
			pushed <- string(body)
		}))
		t.Cleanup(receiver.Close)
		want := `{"events_requested":["` + ssf.SessionRevoked + `","` + ssf.BindingChanged + `"]`
		polled := x.api(http.MethodPost, ssf.StreamsPath, "revenue-efiling", want+`}`, http.StatusCreated)
		x.api(http.MethodPost, ssf.StreamsPath, "social-benefits", want+`,"delivery":{"method":"`+ssf.MethodPush+`","endpoint_url":"`+strings.Replace(receiver.URL, "127.0.0.1", "receiver.localhost", 1)+
			`","authorization_header":"Bearer for-me"}}`, http.StatusCreated)

		w := newWalker(t, d)
		p := w.login(revenueHost, "thaid", "mali")
		p = w.press(p, "decision", "allow")
		atRevenue, sid := subject(p), shown(p, "sid")
		atSocial := subject(w.must(w.b.Open(t.Context(), d.URL(socialHost)+"/login")))
		// BND-04: her record is bound, and the department's system that has subscribed hears of it, with the number; nobody else's does.
		ask := w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/me/records")).FormWith("department")
		if ask == nil {
			t.Fatal("no record to ask for")
		}
		w.must(ask.Press(t.Context(), "", ""))
		c := x.verified(<-pushed)
		if number := insuredNumber(t, "mali"); c["sub_id"].(map[string]any)["sub"] != atSocial || c["aud"] != "social-benefits" ||
			!strings.Contains(fmt.Sprint(c["events"]), "record:"+number) || !strings.Contains(fmt.Sprint(c["events"]), "state:bound") {
			t.Errorf("sub %s, number %s: %v", atSocial, number, c)
		}
		poll := strings.TrimPrefix(polled["delivery"].(map[string]any)["endpoint_url"].(string), d.URL(hubHost))
		if sets := x.api(http.MethodPost, poll, "revenue-efiling", `{"returnImmediately":true}`, http.StatusOK)["sets"].(map[string]any); len(sets) != 0 {
			t.Fatalf("before the sign-out: %v", sets)
		}
		w.send(w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/logout")), "csrf")

		sets := x.api(http.MethodPost, poll, "revenue-efiling", `{"returnImmediately":true}`, http.StatusOK)["sets"].(map[string]any)
		if len(sets) != 1 {
			t.Fatalf("after the sign-out: %v", sets)
		}
		for _, set := range sets {
			c := x.verified(set.(string))
			about := c["sub_id"].(map[string]any)
			if about["user"].(map[string]any)["sub"] != atRevenue || about["session"].(map[string]any)["id"] != sid || c["aud"] != "revenue-efiling" {
				t.Errorf("sub %s, sid %s: %v", atRevenue, sid, c)
			}
		}
		c = x.verified(<-pushed)
		if about := c["sub_id"].(map[string]any); about["user"].(map[string]any)["sub"] != atSocial || c["aud"] != "social-benefits" || atSocial == atRevenue {
			t.Errorf("sub %s: %v", atSocial, c)
		}

		// Nobody else's token opens the endpoints: none, a person's, one for an API, one without the scope.
		for what, header := range map[string]string{"none": "", "garbage": "Bearer od1_x", "without the scope": "Bearer " + x.token("revenue-efiling", "")} {
			r := x.send(http.MethodGet, ssf.StreamsPath, header, "")
			if r.StatusCode/100 != 4 || r.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: %d", what, r.StatusCode)
			}
		}
	})
}

// insuredNumber is the number of an invented person's record at social security.
func insuredNumber(t *testing.T, key string) string {
	t.Helper()
	for _, r := range department.Insured(simulator.People(), tenants.CheckCharacter37) {
		if r.CitizenID == person(t, key).CitizenID {
			return r.Number
		}
	}
	t.Fatal("no record")
	return ""
}

// shown reads a fact that a department's page shows.
func shown(p *formbrowser.Page, name string) string {
	_, rest, _ := strings.Cut(p.Body, `data-name="`+name+`">`)
	value, _, _ := strings.Cut(rest, "<")
	return value
}

type signals struct {
	t *testing.T
	d *Demo
}

func (x *signals) register(hubs []*Hub, id string) {
	x.t.Helper()
	for _, s := range hubs[0].directory.Systems() {
		if string(s.ID) != id {
			continue
		}
		o := *s.OIDC
		o.GrantTypes = append([]string{"authorization_code", tenants.GrantMachine}, o.GrantTypes...)
		o.Scopes = append([]string{tenants.ScopeSignalsManage, tenants.ScopeSignalsRead}, o.Scopes...)
		s.OIDC = &o
		if _, err := hubs[0].tenants.PutSystem(x.t.Context(), s); err != nil {
			x.t.Fatal(err)
		}
	}
	for _, h := range hubs {
		if err := h.directory.Refresh(x.t.Context()); err != nil {
			x.t.Fatal(err)
		}
	}
}

// token gets an access token for a system itself.
func (x *signals) token(system, scope string) string {
	x.t.Helper()
	secret := map[string]string{"revenue-efiling": "DEMO_REVENUE_SECRET", "social-benefits": "DEMO_SOCIAL_SECRET"}[system]
	form := url.Values{"grant_type": {"client_credentials"}}
	if scope != "" {
		form.Set("scope", scope)
	}
	r, err := http.NewRequestWithContext(x.t.Context(), http.MethodPost, x.d.URL(hubHost)+"/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		x.t.Fatal(err)
	}
	r.SetBasicAuth(system, x.d.secrets[secret])
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := formbrowser.LocalNames().RoundTrip(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || out.AccessToken == "" {
		x.t.Fatalf("%d %v", answer.StatusCode, err)
	}
	return out.AccessToken
}

func (x *signals) send(method, path, authorization, body string) *http.Response {
	x.t.Helper()
	r, err := http.NewRequestWithContext(x.t.Context(), method, x.d.URL(hubHost)+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := formbrowser.LocalNames().RoundTrip(r)
	if err != nil {
		x.t.Fatal(err)
	}
	x.t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// api calls an endpoint of the transmitter as a system.
func (x *signals) api(method, path, system, body string, status int) map[string]any {
	x.t.Helper()
	scope := tenants.ScopeSignalsManage
	if strings.HasPrefix(path, "/ssf/poll") {
		scope = tenants.ScopeSignalsRead
	}
	r := x.send(method, path, "Bearer "+x.token(system, scope), body)
	var out map[string]any
	if err := json.NewDecoder(r.Body).Decode(&out); err != nil || r.StatusCode != status {
		x.t.Fatalf("%s %s: %d %v %v", method, path, r.StatusCode, out, err)
	}
	return out
}

// verified gives the claims of a security event token as a receiver reads it.
func (x *signals) verified(set string) map[string]any {
	x.t.Helper()
	sig, err := jose.ParseSignedCompact(set, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		x.t.Fatal(err)
	}
	head := sig.Signatures[0].Header
	var keys jose.JSONWebKeySet
	for len(keys.Key(head.KeyID)) == 0 { // another node may have made it a moment ago
		if err := json.NewDecoder(x.send(http.MethodGet, "/oauth2/jwks", "", "").Body).Decode(&keys); err != nil {
			x.t.Fatal(err)
		}
	}
	raw, err := sig.Verify(keys.Key(head.KeyID)[0])
	if err != nil || head.ExtraHeaders["typ"] != "secevent+jwt" {
		x.t.Fatalf("%v %v", err, head)
	}
	var claims map[string]any
	if err := json.Unmarshal(raw, &claims); err != nil {
		x.t.Fatal(err)
	}
	return claims
}
