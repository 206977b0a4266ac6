package department

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/federation/simulator"
	"onedoor/federation/simulator/bank"
	"onedoor/hub"
)

// world is a department, an OpenID provider in the hub's place, and a browser.
type world struct {
	t          *testing.T
	base       string // of the department
	issuer     string
	department *httptest.Server
	provider   *httptest.Server
	bank       *bank.Bank
	browser    *http.Client
	active     atomic.Bool
	down       atomic.Bool
	asked      atomic.Int32 // introspections
	log        *bytes.Buffer
}

const clientSecret = "0123456789abcdef"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, log: &bytes.Buffer{}}
	w.active.Store(true)
	quiet := slog.NewLogLogger(slog.DiscardHandler, 0)
	w.provider = httptest.NewUnstartedServer(http.HandlerFunc(w.hub))
	w.provider.Config.ErrorLog = quiet
	w.department = httptest.NewUnstartedServer(nil)
	w.department.Config.ErrorLog = quiet
	w.base, w.issuer = "https://"+w.department.Listener.Addr().String(), "https://"+w.provider.Listener.Addr().String()
	var err error
	if w.bank, err = bank.New(bank.Options{
		BaseURL: w.issuer, Clock: time.Now, Random: rand.Reader,
		Clients: simulator.Clients{{ID: "revenue", Secret: clientSecret, RedirectURIs: []string{w.base + CallbackPath}, Scopes: bank.Scopes()}},
	}); err != nil {
		t.Fatal(err)
	}
	w.provider.StartTLS()
	t.Cleanup(w.provider.Close)
	d, err := New(w.options())
	if err != nil {
		t.Fatal(err)
	}
	w.department.Config.Handler = d
	w.department.StartTLS()
	t.Cleanup(w.department.Close)
	w.browser = w.newBrowser()
	return w
}

func (w *world) options() Options {
	return Options{
		BaseURL: w.base, Issuer: w.issuer, ClientID: "revenue", ClientSecret: clientSecret,
		Scopes: []string{"openid", "profile", "address"}, ACRValues: []string{bank.ACRTwoFactor},
		Names: hub.Text{"en": "Revenue Department", "th": "กรมสรรพากร"}, Colour: "#173a6b",
		HTTP: w.provider.Client(), Clock: time.Now, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
}

func (w *world) newBrowser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &http.Client{
		Transport: w.department.Client().Transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// hub is the bank with introspection.
func (w *world) hub(rw http.ResponseWriter, r *http.Request) {
	switch {
	case w.down.Load():
		http.Error(rw, "down", http.StatusServiceUnavailable)
	case r.URL.Path == "/.well-known/openid-configuration":
		rec := httptest.NewRecorder()
		w.bank.ServeHTTP(rec, r)
		var m map[string]any
		_ = json.Unmarshal(rec.Body.Bytes(), &m)
		m["introspection_endpoint"] = w.issuer + "/introspect"
		simulator.WriteJSON(rw, http.StatusOK, m)
	case r.URL.Path == "/introspect":
		id, secret, _ := r.BasicAuth()
		if id != "revenue" || secret != clientSecret || r.PostFormValue("token") == "" {
			rw.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.asked.Add(1)
		if !w.active.Load() {
			simulator.WriteJSON(rw, http.StatusOK, map[string]any{"active": false})
			return
		}
		if r.PostFormValue("token") == "of-labour" {
			simulator.WriteJSON(rw, http.StatusOK, map[string]any{"active": true, "sub": "c-2", "act": map[string]any{"sub": "labour"}})
			return
		}
		simulator.WriteJSON(rw, http.StatusOK, map[string]any{"active": true, "sub": "c-1", "exp": 1795262400, "aud": []string{"revenue", "x"}})
	default:
		w.bank.ServeHTTP(rw, r)
	}
}

type response struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (w *world) do(method, address string, form url.Values) response {
	w.t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "en-GB,en;q=0.9")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	resp, err := w.browser.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return response{resp.StatusCode, resp.Header.Get("Location"), string(body), resp.Header}
}

func (w *world) get(address string) response { return w.do(http.MethodGet, address, nil) }

var hiddenID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// answer goes from the department to the provider and gives the address that the browser is sent back to.
func (w *world) answer(form url.Values) string {
	w.t.Helper()
	toHub := w.get(w.base + "/login")
	if toHub.status != http.StatusSeeOther {
		w.t.Fatalf("login answered %d", toHub.status)
	}
	page := w.get(toHub.location)
	id := hiddenID.FindStringSubmatch(page.body)
	if id == nil {
		w.t.Fatalf("no login page: %d %s", page.status, page.body)
	}
	form.Set("id", id[1])
	back := w.do(http.MethodPost, w.issuer+"/login", form)
	if back.status != http.StatusSeeOther {
		w.t.Fatalf("the provider answered %d", back.status)
	}
	return back.location
}

func approve() url.Values {
	return url.Values{"person": {"mali"}, "decision": {"approve"}, "acr": {bank.ACRTwoFactor}}
}

func TestSSO01_LoginShowCheckLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := w.get(w.base + "/")
	if start.status != http.StatusOK || strings.Contains(start.body, "password\"") || strings.Contains(start.body, "<input") {
		t.Errorf("start page: %d", start.status)
	}
	landed := w.get(w.answer(approve()))
	if landed.status != http.StatusSeeOther || landed.location != "/" {
		t.Fatalf("callback: %d %q %s", landed.status, landed.location, w.log)
	}
	for _, c := range landed.header.Values("Set-Cookie") {
		for _, want := range []string{"__Host-revenue", "Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age="} {
			if !strings.Contains(c, want) {
				t.Errorf("SES-14..17: cookie %q lacks %s", c, want)
			}
		}
	}
	home := w.get(w.base + "/")
	mali := simulator.People()[0]
	for _, want := range []string{"You are logged in", mali.Name(), mali.Address, bank.ACRTwoFactor, "pwd otp mfa", "auth_time", `data-name="sub"`} {
		if !strings.Contains(home.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	live := w.do(http.MethodPost, w.base+"/check", nil)
	if !strings.Contains(live.body, "token is active") || !strings.Contains(live.body, "1795262400") || !strings.Contains(live.body, "revenue, x") {
		t.Errorf("introspection is not shown: %s", live.body)
	}
	w.active.Store(false)
	if dead := w.do(http.MethodPost, w.base+"/check", nil); !strings.Contains(dead.body, "not active any more") {
		t.Error("a dead token is not shown as dead")
	}
	if n := w.asked.Load(); n != 2 {
		t.Errorf("%d introspections", n)
	}
	if out := w.do(http.MethodPost, w.base+"/logout", nil); out.status != http.StatusSeeOther {
		t.Errorf("logout: %d", out.status)
	}
	if again := w.get(w.base + "/"); strings.Contains(again.body, mali.Name()) || !strings.Contains(again.body, "Welcome") {
		t.Error("still logged in")
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if p := w.get(w.base + "/"); !strings.Contains(p.body, `<html lang="en">`) || !strings.Contains(p.body, "Revenue Department") {
		t.Error("English is not what the browser prefers")
	}
	w.get(w.base + "/language/th")
	if p := w.get(w.base + "/"); !strings.Contains(p.body, `<html lang="th">`) || !strings.Contains(p.body, "กรมสรรพากร") {
		t.Error("Thai was chosen")
	}
	w.get(w.base + "/language/xx")
	if p := w.get(w.base + "/"); !strings.Contains(p.body, `<html lang="th">`) {
		t.Error("an unknown language changed something")
	}
	for lang, m := range texts {
		for key := range texts["en"] {
			if m[key] == "" {
				t.Errorf("%s: %s is missing", lang, key)
			}
		}
		if len(m) != len(texts["en"]) {
			t.Errorf("%s has %d texts", lang, len(m))
		}
	}
}

func TestStrangeAnswersSignNobodyIn(t *testing.T) {
	t.Parallel()
	cases := map[string]func(w *world) string{
		"another state": func(w *world) string {
			return strings.Replace(w.answer(approve()), "state=", "state=x", 1)
		},
		"another browser": func(w *world) string {
			a := w.answer(approve())
			w.browser = w.newBrowser()
			return a
		},
		"the same answer twice": func(w *world) string {
			a := w.answer(approve())
			w.get(a)
			w.do(http.MethodPost, w.base+"/logout", nil)
			return a
		},
		"another issuer": func(w *world) string {
			f := approve()
			f["fault"] = []string{string(bank.WrongIssParam)}
			return w.answer(f)
		},
		"repeated code": func(w *world) string { return w.answer(approve()) + "&code=x" },
		"denied":        func(w *world) string { return w.answer(url.Values{"decision": {"deny"}}) },
	}
	for _, f := range []bank.Fault{
		bank.WrongNonce, bank.WrongAudience, bank.AlgNone, bank.ForgedSignature, bank.Expired, bank.WrongIssuer, bank.UserInfoSwap,
		bank.WrongAtHash, bank.WrongParty, bank.SecondAudience, bank.NoIDToken, bank.TokenError,
	} {
		cases[string(f)] = func(w *world) string {
			form := approve()
			form["fault"] = []string{string(f)}
			return w.answer(form)
		}
	}
	for name, prepare := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			got := w.get(prepare(w))
			if got.status < 400 || !strings.Contains(got.body, `role="alert"`) {
				t.Errorf("answered %d", got.status)
			}
			if home := w.get(w.base + "/"); strings.Contains(home.body, "You are logged in") {
				t.Error("somebody is logged in")
			}
			if strings.Contains(w.log.String(), "eyJ") {
				t.Error("a token is in the log")
			}
		})
	}
}

func TestFormsFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get(w.answer(approve()))
	for _, path := range []string{"/logout", "/check"} {
		req, _ := http.NewRequest(http.MethodPost, w.base+path, nil)
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		resp, err := w.browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	if home := w.get(w.base + "/"); !strings.Contains(home.body, "You are logged in") {
		t.Error("logged out by another site")
	}
}

func TestHubIsDiscoveredLazilyAndAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.down.Store(true)
	if p := w.get(w.base + "/"); p.status != http.StatusOK {
		t.Errorf("the start page needs the hub: %d", p.status)
	}
	if p := w.get(w.base + "/login"); p.status != http.StatusServiceUnavailable || !strings.Contains(p.body, "can&#39;t be reached") {
		t.Errorf("login without a hub: %d", p.status)
	}
	w.down.Store(false)
	if p := w.get(w.base + "/login"); p.status != http.StatusSeeOther {
		t.Errorf("login with the hub back: %d", p.status)
	}
}

func TestPageHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.get(w.base + "/").header
	if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("CSP %q", csp)
	}
	if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
		t.Error("headers")
	}
	if css := w.get(w.base + "/style.css"); !strings.Contains(css.body, "--main:#173a6b") {
		t.Error("the department's colour is missing")
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, change := range map[string]func(*Options){
		"base": func(o *Options) { o.BaseURL += "/" }, "issuer": func(o *Options) { o.Issuer = "" }, "client": func(o *Options) { o.ClientID = "" },
		"scope": func(o *Options) { o.Scopes = []string{"profile"} }, "name": func(o *Options) { o.Names = hub.Text{"en": "x"} },
		"bright": func(o *Options) { o.Colour = "#ffee00" }, "colour": func(o *Options) { o.Colour = "red;}" },
		"http": func(o *Options) { o.HTTP = nil }, "log": func(o *Options) { o.Log = nil },
	} {
		o := w.options()
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestRFC8693_TheAPIAnswersThoseWhoActForAPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(header string) response {
		req, err := http.NewRequest(http.MethodGet, w.base+APIPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		if header != "" {
			req.Header.Set("Authorization", header)
		}
		resp, err := w.browser.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return response{resp.StatusCode, "", string(body), resp.Header}
	}
	if r := ask("Bearer of-labour"); r.status != http.StatusOK || !strings.Contains(r.body, `"person":"c-2","acting":"labour"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	for _, header := range []string{"", "Bearer ", "Basic x", "Bearer the-persons-own"} {
		if r := ask(header); r.status != http.StatusUnauthorized || r.body != "" || r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: %d %s", header, r.status, r.body)
		}
	}
	w.active.Store(false)
	if r := ask("Bearer of-labour"); r.status != http.StatusUnauthorized {
		t.Errorf("not active: %d %s", r.status, r.body)
	}
	w.down.Store(true)
	if r := ask("Bearer of-labour"); r.status != http.StatusServiceUnavailable {
		t.Errorf("nobody knows: %d", r.status)
	}
	// A department without a neighbour has no such form.
	if r := w.do(http.MethodPost, w.base+"/neighbour", url.Values{}); r.status != http.StatusSeeOther || r.location != "/" {
		t.Errorf("no neighbour: %d %s", r.status, r.location)
	}
}
