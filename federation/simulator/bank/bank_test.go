package bank

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/federation/simulator"
)

const (
	redirect = "https://hub.example/login/callback/bank"
	verifier = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
	secret   = "client-secret"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func newBank(t *testing.T) (*Bank, *clock) {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	b, err := New(Options{
		BaseURL: "https://bank.example", Clock: c.now, Random: rand.Reader,
		Clients: simulator.Clients{
			{ID: "hub", Secret: secret, RedirectURIs: []string{redirect}, Scopes: Scopes()},
			{ID: "small", Secret: secret, RedirectURIs: []string{redirect}, Scopes: []string{"openid"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, c
}

func asking(changes map[string]string) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {"hub"}, "redirect_uri": {redirect}, "scope": {"openid profile"}, "state": {"s"}, "nonce": {"n"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for k, v := range changes {
		if v == "" {
			q.Del(k)
		} else {
			q.Set(k, v)
		}
	}
	return "/authorize?" + q.Encode()
}

func serve(b *Bank, method, target string, form url.Values, basic bool) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if basic {
		r.SetBasicAuth("hub", secret)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// code logs somebody in and gives the code.
func code(t *testing.T, b *Bank) string {
	t.Helper()
	page := serve(b, http.MethodGet, asking(nil), nil, false)
	id := hiddenID.FindStringSubmatch(page.Body.String())
	if id == nil {
		t.Fatalf("no login page: %d", page.Code)
	}
	back := serve(b, http.MethodPost, "/login", url.Values{"id": {id[1]}, "person": {"mali"}, "acr": {ACRPassword}, "decision": {"approve"}}, false)
	u, err := url.Parse(back.Header().Get("Location"))
	if err != nil || u.Query().Get("iss") != "https://bank.example" || u.Query().Get("state") != "s" {
		t.Fatalf("sent back to %v, %v", u, err)
	}
	return u.Query().Get("code")
}

func tokenForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
}

func TestAuthorizeRefusesBadRequests(t *testing.T) {
	t.Parallel()
	b, _ := newBank(t)
	for name, c := range map[string]struct {
		changes map[string]string
		status  int
		word    string
	}{
		"good":              {nil, http.StatusOK, ""},
		"unknown client":    {map[string]string{"client_id": "x"}, http.StatusBadRequest, ""},
		"other redirect":    {map[string]string{"redirect_uri": redirect + "/"}, http.StatusBadRequest, ""},
		"implicit":          {map[string]string{"response_type": "token"}, http.StatusSeeOther, "unsupported_response_type"},
		"no openid":         {map[string]string{"scope": "profile"}, http.StatusSeeOther, "invalid_scope"},
		"scope not allowed": {map[string]string{"client_id": "small"}, http.StatusSeeOther, "invalid_scope"},
		"no PKCE":           {map[string]string{"code_challenge": ""}, http.StatusSeeOther, "invalid_request"},
		"plain PKCE":        {map[string]string{"code_challenge_method": "plain"}, http.StatusSeeOther, "invalid_request"},
		"prompt none":       {map[string]string{"prompt": "none"}, http.StatusSeeOther, "login_required"},
		"request object":    {map[string]string{"request": "x.y.z"}, http.StatusSeeOther, "request_not_supported"},
	} {
		w := serve(b, http.MethodGet, asking(c.changes), nil, false)
		u, _ := url.Parse(w.Header().Get("Location"))
		if w.Code != c.status || u.Query().Get("error") != c.word {
			t.Errorf("%s: %d %s", name, w.Code, u)
		}
	}
	if w := serve(b, http.MethodGet, asking(nil)+"&state=twice", nil, false); w.Code != http.StatusBadRequest {
		t.Errorf("repeated parameter: %d", w.Code)
	}
}

func TestCodeCountsOnceForItsClientOnly(t *testing.T) {
	t.Parallel()
	b, c := newBank(t)
	for name, change := range map[string]func(url.Values){
		"no verifier":    func(f url.Values) { f.Del("code_verifier") },
		"other verifier": func(f url.Values) { f.Set("code_verifier", strings.ToLower(verifier)) },
		"other redirect": func(f url.Values) { f.Set("redirect_uri", "https://x.example") },
		"other grant":    func(f url.Values) { f.Set("grant_type", "password") },
		"unknown code":   func(f url.Values) { f.Set("code", "x") },
	} {
		f := tokenForm(code(t, b))
		change(f)
		if w := serve(b, http.MethodPost, "/token", f, true); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	f := tokenForm(code(t, b))
	if w := serve(b, http.MethodPost, "/token", f, false); w.Code != http.StatusUnauthorized {
		t.Errorf("no client: %d", w.Code)
	}
	if w := serve(b, http.MethodPost, "/token", f, true); w.Code != http.StatusOK {
		t.Errorf("good: %d %s", w.Code, w.Body)
	}
	if w := serve(b, http.MethodPost, "/token", f, true); w.Code != http.StatusBadRequest {
		t.Errorf("once more: %d", w.Code)
	}
	f = tokenForm(code(t, b))
	c.mu.Lock()
	c.at = c.at.Add(codeLife)
	c.mu.Unlock()
	if w := serve(b, http.MethodPost, "/token", f, true); w.Code != http.StatusBadRequest {
		t.Errorf("expired: %d", w.Code)
	}
}

func TestUserInfoGivesTheGrantedScopesOnly(t *testing.T) {
	t.Parallel()
	b, _ := newBank(t)
	w := serve(b, http.MethodPost, "/token", tokenForm(code(t, b)), true)
	var tokens struct {
		Access string `json:"access_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &tokens); err != nil || tokens.Access == "" {
		t.Fatal(err)
	}
	ask := func() (int, map[string]any) {
		r := httptest.NewRequest(http.MethodGet, "/userinfo", nil)
		r.Header.Set("Authorization", "Bearer "+tokens.Access)
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		var m map[string]any
		_ = json.Unmarshal(w.Body.Bytes(), &m)
		return w.Code, m
	}
	status, m := ask()
	if status != http.StatusOK || m["name"] == nil || m["national_id"] != nil || m["address"] != nil {
		t.Errorf("%d %v", status, m)
	}
	if w := serve(b, http.MethodPost, "/revoke", url.Values{"token": {tokens.Access}}, true); w.Code != http.StatusOK {
		t.Errorf("revoke: %d", w.Code)
	}
	if status, _ := ask(); status != http.StatusUnauthorized {
		t.Errorf("after revocation: %d", status)
	}
}

func TestSubjectHoldsNothingPersonal(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, p := range simulator.People() {
		s := subject(p)
		if seen[s] || strings.Contains(s, p.CitizenID) || strings.Contains(s, p.Key) {
			t.Errorf("subject %s", s)
		}
		seen[s] = true
	}
}

func TestEveryFaultIsOnThePage(t *testing.T) {
	t.Parallel()
	b, _ := newBank(t)
	page := serve(b, http.MethodGet, asking(nil), nil, false).Body.String()
	for _, f := range Faults() {
		if !strings.Contains(page, `value="`+string(f)+`"`) {
			t.Errorf("%s is not offered", f)
		}
	}
	for _, p := range simulator.People() {
		if !strings.Contains(page, p.Name()) || strings.Contains(page, p.CitizenID) {
			t.Errorf("%s: name missing or number shown", p.Key)
		}
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	clients := simulator.Clients{{ID: "x"}}
	for name, o := range map[string]Options{
		"slash":      {BaseURL: "https://x/", Clock: time.Now, Random: rand.Reader, Clients: clients},
		"no base":    {Clock: time.Now, Random: rand.Reader, Clients: clients},
		"no clock":   {BaseURL: "https://x", Random: rand.Reader, Clients: clients},
		"no random":  {BaseURL: "https://x", Clock: time.Now, Clients: clients},
		"no clients": {BaseURL: "https://x", Clock: time.Now, Random: rand.Reader},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
