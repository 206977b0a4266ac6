package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"onedoor/hub"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/tenants"
	"onedoor/tenants/staff"
)

const robotObjects = `kind: System
id: robot
department: social-security
names: {th: ก, en: Robot, zh: 甲, vi: á}
status: live
group: 2
least: {ial: 1.1, aal: 1}
risk: For a test.
reviewBy: 2099-01-01
oidc:
  grantTypes: [client_credentials]
  scopes: [admin.read, admin.write]
  sectorIdentifier: robot.example
  secrets: [{env: ROBOT_SECRET}]
`

// robot is a department's program at the administrators' API, over the wire.
type robot struct {
	t      *testing.T
	d      *Demo
	secret string
	hub    *Hub
}

func (x *robot) send(r *http.Request) (*http.Response, map[string]any) {
	x.t.Helper()
	answer, err := formbrowser.LocalNames().RoundTrip(r)
	if err != nil {
		x.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // nothing was written
	var out map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil && !(answer.StatusCode == http.StatusUnauthorized && errors.Is(err, io.EOF)) {
		x.t.Fatalf("%s: %d %v", r.URL, answer.StatusCode, err)
	}
	return answer, out
}

func (x *robot) token(scope string) string {
	x.t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}
	r := httptest.NewRequestWithContext(x.t.Context(), http.MethodPost, x.d.URL(hubHost)+"/oauth2/token", strings.NewReader(form.Encode()))
	r.RequestURI = ""
	r.SetBasicAuth("robot", x.secret)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, out := x.send(r)
	token, _ := out["access_token"].(string)
	if token == "" {
		x.t.Fatal(out)
	}
	return token
}

func (x *robot) api(token, method, path, body string, headers ...string) (int, map[string]any) {
	x.t.Helper()
	r := httptest.NewRequestWithContext(x.t.Context(), method, x.d.URL(hubHost)+"/api/admin/v1"+path, strings.NewReader(body))
	r.RequestURI = ""
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", hub.NewID(hub.Randomness()))
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, out := x.send(r)
	return answer.StatusCode, out
}

// The recipe of docs/admin-api.md, as it stands there: a program that files declare gets a right at the command line, a token for itself, and adds a
// system; what is not its department's is not there for it, and nobody comes in otherwise.
func TestAdminAPI_TheRecipe(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	x := &robot{t, d, strings.Repeat("r", 64), hubs[0]}
	d.apply(t, hubs, robotObjects, map[string]string{"ROBOT_SECRET": x.secret})
	reads, token := x.token("admin.read"), x.token("admin.read admin.write")
	if status, out := x.api(token, http.MethodGet, "/systems", ""); status != http.StatusOK || len(out["systems"].([]any)) != 0 {
		t.Errorf("without a right: %d %v", status, out)
	}
	out := &record{}
	p := d.options.Process
	p.Env, p.Out = d.env, out
	if err := GiveProgram(t.Context(), d.config, p, "robot", StaffOrder{Role: string(staff.DepartmentAdministrator), Department: "social-security"}); err != nil {
		t.Fatal(err)
	}
	right := strings.TrimSpace(out.String())
	status, list := x.api(reads, http.MethodGet, "/systems", "")
	if text, _ := json.Marshal(list); status != http.StatusOK || !strings.Contains(string(text), "social-benefits") || strings.Contains(string(text), `"id":"revenue-efiling"`) {
		t.Errorf("%d %s", status, text)
	}
	const made = `{"department":"social-security","names":{"th":"ก","en":"F","zh":"甲","vi":"á"},"group":3,"least":{"ial":"2.1","aal":"2.1"},"oidc":{"redirectURIs":["https://filing.example/cb"],"scopes":["openid"]}}`
	for _, c := range []struct {
		what, token, method, path, body string
		headers                         []string
		want                            int
	}{
		{"with the scope to read", reads, http.MethodPut, "/systems/filing", made, []string{"If-None-Match", "*"}, http.StatusForbidden},
		{"added", token, http.MethodPut, "/systems/filing", made, []string{"If-None-Match", "*"}, http.StatusOK},
		{"another department's", token, http.MethodGet, "/systems/revenue-efiling", "", nil, http.StatusNotFound},
		{"for another department", token, http.MethodPut, "/systems/other", strings.Replace(made, "social-security", "revenue", 1), []string{"If-None-Match", "*"}, http.StatusNotFound},
		{"a secret", token, http.MethodPost, "/systems/filing/secrets", `{"connection":"oidc"}`, nil, http.StatusCreated},
		{"in test", token, http.MethodPost, "/systems/filing/moves", `{"to":"testing","reason":"planned"}`, nil, http.StatusOK},
		{"live", token, http.MethodPost, "/systems/filing/moves", `{"to":"live","reason":"tested"}`, nil, http.StatusForbidden},
		{"what files keep", token, http.MethodPost, "/systems/social-benefits/secrets", `{"connection":"oidc"}`, nil, http.StatusConflict},
		{"a power of its own", token, http.MethodPut, "/systems/more", strings.Replace(made, `["openid"]`, `["openid","admin.write"]`, 1), []string{"If-None-Match", "*"}, http.StatusForbidden},
		{"staff", token, http.MethodPost, "/staff/invitations", `{"role":"reviewer","department":"social-security"}`, nil, http.StatusForbidden},
		{"the platform", token, http.MethodGet, "/machines/rights", "", nil, http.StatusNotFound},
		{"nobody", "", http.MethodGet, "/systems", "", nil, http.StatusUnauthorized},
		{"a foreign token", "od1_AAAA", http.MethodGet, "/systems", "", nil, http.StatusUnauthorized},
		{"the description", "", http.MethodGet, "/openapi.json", "", nil, http.StatusOK},
	} {
		if status, out := x.api(c.token, c.method, c.path, c.body, c.headers...); status != c.want {
			t.Errorf("%s: %d %v, want %d", c.what, status, out, c.want)
		}
	}
	x.sendsRecords(token)
	// A cookie is no key to it: somebody who is signed in in a browser is nobody here.
	w := newWalker(t, d)
	w.login(socialHost, "bank", "mali")
	if p, err := w.b.Open(t.Context(), d.URL(hubHost)+"/api/admin/v1/systems"); err == nil && p.Status != http.StatusUnauthorized {
		t.Errorf("a cookie opened it: %d", p.Status)
	}
	if err := EndProgram(t.Context(), d.config, p, right); err != nil {
		t.Fatal(err)
	}
	if status, _ := x.api(token, http.MethodGet, "/systems/filing", ""); status != http.StatusNotFound {
		t.Errorf("after its right has ended: %d", status)
	}
	// Who is no longer live has no token that is good.
	if _, err := hubs[0].changes.Move(t.Context(), staff.AtMachine(), "robot", tenants.Suspended, "misuse", 0); err != nil {
		t.Fatal(err)
	}
	if err := hubs[0].refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, _ := x.api(token, http.MethodGet, "/systems", ""); status != http.StatusUnauthorized {
		t.Errorf("suspended: %d", status)
	}
}

// sendsRecords sends the department's record keys over the wire, cut off at first.
func (x *robot) sendsRecords(token string) {
	x.t.Helper()
	var numbers []string // of the kind's form: the last character of twenty is for checking
	d, err := x.hub.directory.Department(x.t.Context(), "social-security")
	if err != nil {
		x.t.Fatal(err)
	}
	k, _ := d.Record("insured")
	for i := 0; len(numbers) < 20; i++ {
		if n, err := k.Normalise(fmt.Sprintf("%020d", i)); err == nil {
			numbers = append(numbers, n)
		}
	}
	file := "record,given_name,family_name,birthdate\n"
	for i, n := range numbers {
		file += fmt.Sprintf("%s,Given%d,Family,1990-01-02\n", n, i)
	}
	status, made := x.api(token, http.MethodPost, "/departments/social-security/imports", `{"kind":"insured","format":"csv"}`)
	id, _ := made["id"].(string)
	if status != http.StatusCreated {
		x.t.Fatal(status, made)
	}
	put := func(body io.Reader, length int64) (*http.Response, error) {
		r := httptest.NewRequestWithContext(x.t.Context(), http.MethodPut, x.d.URL(hubHost)+"/api/admin/v1/imports/"+id+"/file", body)
		r.RequestURI, r.ContentLength = "", length
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "text/csv")
		return formbrowser.LocalNames().RoundTrip(r)
	}
	if answer, err := put(io.MultiReader(strings.NewReader(file[:500]), iotest.ErrReader(io.ErrClosedPipe)), -1); err == nil {
		x.t.Errorf("cut off: %s", answer.Status)
		_ = answer.Body.Close()
	}
	if status, is := x.api(token, http.MethodGet, "/imports/"+id, ""); status != http.StatusOK || is["state"] != "loading" {
		x.t.Errorf("%d %v", status, is)
	}
	for _, length := range []int64{-1, int64(len(file))} { // in chunks, and the same again as a whole
		answer, err := put(strings.NewReader(file), length)
		if err != nil {
			x.t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusOK || !strings.Contains(string(body), `"state":"active"`) || !strings.Contains(string(body), `"records":20`) {
			x.t.Errorf("%s %s", answer.Status, body)
		}
	}
}
