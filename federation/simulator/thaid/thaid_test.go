package thaid

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/federation/simulator"
)

const (
	redirect = "https://hub.example/login/callback/thaid"
	secret   = "client-secret"
)

func newThaID(t *testing.T) *ThaID {
	t.Helper()
	s, err := New(Options{
		BaseURL: "https://thaid.example", Clock: time.Now, Random: rand.Reader, APIKey: "k",
		Clients: simulator.Clients{{ID: "hub", Secret: secret, RedirectURIs: []string{redirect}, Scopes: []string{"openid", "pid", "name", "ial"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func serve(s *ThaID, method, target string, form url.Values, client string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if client != "" {
		r.SetBasicAuth(client, secret)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func authorize(changes map[string]string) string {
	q := url.Values{"response_type": {"code"}, "client_id": {"hub"}, "redirect_uri": {redirect}, "scope": {"pid name"}, "state": {"s"}}
	for k, v := range changes {
		if v == "" {
			q.Del(k)
		} else {
			q.Set(k, v)
		}
	}
	return root + "/auth/?" + q.Encode()
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)

func answer(t *testing.T, s *ThaID, form url.Values) url.Values {
	t.Helper()
	page := serve(s, http.MethodGet, authorize(nil), nil, "")
	id := hiddenID.FindStringSubmatch(page.Body.String())
	if id == nil {
		t.Fatalf("no QR page: %d", page.Code)
	}
	form.Set("id", id[1])
	back := serve(s, http.MethodPost, root+"/auth/answer/", form, "")
	u, err := url.Parse(back.Header().Get("Location"))
	if err != nil || back.Code != http.StatusSeeOther {
		t.Fatalf("answered %d, %v", back.Code, err)
	}
	if again := serve(s, http.MethodPost, root+"/auth/answer/", form, ""); again.Code != http.StatusGone {
		t.Errorf("a second tap: %d", again.Code)
	}
	return u.Query()
}

func TestSlashesMatter(t *testing.T) {
	t.Parallel()
	s := newThaID(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", root + "/auth", 404},
		{"POST", root + "/token", 404},
		{"POST", root + "/introspect", 404},
		{"POST", root + "/revoke", 404},
		{"GET", root + "/userinfo", 404},
		{"GET", "/api/v2/.well-known/openid-configuration", 404},
		{"GET", "/.well-known/openid-configuration", 200},
		{"GET", root + "/token/", 404},
		{"POST", root + "/token/", 401},
	} {
		if w := serve(s, c.method, c.path, nil, ""); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.status)
		}
	}
}

func TestAuthorizeErrors(t *testing.T) {
	t.Parallel()
	s := newThaID(t)
	for name, c := range map[string]struct {
		changes map[string]string
		status  int
		word    string
	}{
		"good":           {nil, 200, ""},
		"other redirect": {map[string]string{"redirect_uri": redirect + "x"}, 400, ""},
		"no state":       {map[string]string{"state": ""}, 400, ""},
		"no scope":       {map[string]string{"scope": ""}, 400, ""},
		"unapproved":     {map[string]string{"scope": "pid smartcard_code"}, 303, "invalid_scope"},
		"implicit":       {map[string]string{"response_type": "token"}, 303, "unsupported_response_type"},
	} {
		w := serve(s, http.MethodGet, authorize(c.changes), nil, "")
		u, _ := url.Parse(w.Header().Get("Location"))
		if w.Code != c.status || u.Query().Get("error") != c.word || c.word != "" && u.Query().Get("state") != "s" {
			t.Errorf("%s: %d %s", name, w.Code, u)
		}
	}
}

func TestDeny(t *testing.T) {
	t.Parallel()
	q := answer(t, newThaID(t), url.Values{"person": {"mali"}, "decision": {"deny"}})
	if q.Get("error") != "user_denied" || q.Get("state") != "s" || q.Has("code") {
		t.Errorf("%v", q)
	}
}

func TestFlatTokenIntrospectRevoke(t *testing.T) {
	t.Parallel()
	s := newThaID(t)
	q := answer(t, s, url.Values{"person": {"mali"}, "decision": {"approve"}})
	form := url.Values{"grant_type": {"authorization_code"}, "code": {q.Get("code")}, "redirect_uri": {redirect}}
	w := serve(s, http.MethodPost, root+"/token/", form, "hub")
	var m map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil || w.Code != 200 {
		t.Fatalf("%d, %v", w.Code, err)
	}
	mali := simulator.People()[0]
	if m["pid"] != mali.CitizenID || m["name"] != mali.Name() || m["ial"] != nil || m["id_token"] != nil || m["laser_id"] != mali.Evidence.Laser {
		t.Errorf("claims %v", m)
	}
	if at, _ := m["expire_in"].(float64); at < 1e9 {
		t.Errorf("expire_in %v", m["expire_in"])
	}
	if again := serve(s, http.MethodPost, root+"/token/", form, "hub"); again.Code != 400 || !strings.Contains(again.Body.String(), "invalid_request") {
		t.Errorf("replay: %d", again.Code)
	}
	access, _ := m["access_token"].(string)
	ask := func(path, token string) string {
		return serve(s, http.MethodPost, root+path, url.Values{"token": {token}}, "hub").Body.String()
	}
	if got := ask("/introspect/", "Bearer "+access); !strings.Contains(got, `"active":true`) || !strings.Contains(got, mali.CitizenID) {
		t.Errorf("introspect: %s", got)
	}
	if got := ask("/introspect/", access); !strings.Contains(got, `"active":false`) {
		t.Errorf("introspect without the word Bearer: %s", got)
	}
	if s.LiveTokens() != 1 {
		t.Errorf("%d live tokens", s.LiveTokens())
	}
	if got := ask("/revoke/", "Bearer "+access); !strings.Contains(got, "revoked") || s.LiveTokens() != 0 {
		t.Errorf("revoke: %s", got)
	}
	if got := ask("/introspect/", "Bearer "+access); !strings.Contains(got, `"active":false`) {
		t.Errorf("introspect after revocation: %s", got)
	}
}

func TestEveryFaultIsOnThePage(t *testing.T) {
	t.Parallel()
	page := serve(newThaID(t), http.MethodGet, authorize(nil), nil, "").Body.String()
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
	for _, bad := range []string{"<script", "http://", "style="} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	clients := simulator.Clients{{ID: "x"}}
	for name, o := range map[string]Options{
		"slash":      {BaseURL: "https://x/", Clock: time.Now, Random: rand.Reader, Clients: clients},
		"no clock":   {BaseURL: "https://x", Random: rand.Reader, Clients: clients},
		"no clients": {BaseURL: "https://x", Clock: time.Now, Random: rand.Reader},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
