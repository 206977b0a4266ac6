package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"onedoor/federation/simulator"
	"onedoor/hub"
)

// record keeps what is written to it, for many writers.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}

// startDemo runs the demo in this process until the test ends.
func startDemo(t *testing.T, secure bool, change ...func(*DemoOptions)) (*Demo, *record) {
	t.Helper()
	log := &record{}
	ready, done := make(chan *Demo, 1), make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	options := DemoOptions{
		TLS: secure, Spare: true, Data: t.TempDir(), LogLevel: slog.LevelDebug, Ready: func(d *Demo) { ready <- d },
		Process: Process{Env: func(string) (string, bool) { return "", false }, Out: discard{}, Err: log, Clock: time.Now, Random: hub.Randomness()},
	}
	if secure {
		var err error
		if options.authority, err = theAuthority(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range change {
		c(&options)
	}
	go func() { done <- RunDemo(ctx, options) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	select {
	case d := <-ready:
		return d, log
	case err := <-done:
		done <- nil
		t.Fatalf("the demo did not start: %v", err)
		return nil, nil
	}
}

// person gives one of the invented people.
func person(t *testing.T, key string) simulator.Person {
	t.Helper()
	p, ok := simulator.Find(simulator.People(), key)
	if !ok {
		t.Fatalf("nobody is called %q", key)
	}
	return p
}

// personal lists everything of a person that must not be found where it does not belong.
func personal(p simulator.Person) []string {
	all := []string{
		p.CitizenID, p.GivenName, p.FamilyName, p.MiddleName, p.GivenNameEN, p.FamilyNameEN, p.MiddleNameEN, p.Birthdate, p.Address,
		p.Evidence.Laser, p.Evidence.Chip, p.Evidence.CardRequest, p.Evidence.Smartcard,
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// loginThaID takes the browser from the chooser through ThaID, back to the hub.
func (b *browser) loginThaID(d *Demo, key, then string) {
	b.t.Helper()
	b.at(d.URL(hubHost))
	b.shoot("choose")
	b.press(`button[name=provider][value=thaid]`, `input[name=person]`)
	b.at(d.URL(thaidHost))
	b.pick(`input[name=person][value=` + key + `]`)
	b.press(`button[value=approve]`, then)
}

// SSO-01, SSO-02: log in once, at an identity provider, over TLS and with every party on a host of its own; the second department asks
// nothing. Then one sign-out at the hub, after which no token is active. And invariant 2, PRV-01: of the person nothing is found in the
// database, in a log line, an address or a metric.
func TestSSO02_OneLoginServesBothDepartmentsAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	d, log := startDemo(t, true)
	b := newBrowser(t)
	mali := person(t, "mali")

	b.open(d.URL(revenueHost))
	b.shoot("revenue-start")
	b.press(`a[href="/login"]`, `button[name=provider]`)
	b.loginThaID(d, "mali", `button[name=decision][value=allow]`)
	b.at(d.URL(hubHost))
	b.shoot("consent")
	checkCookies(t, b, d)
	b.press(`button[name=decision][value=allow]`, `form[action="/check"]`)
	b.at(d.URL(revenueHost))
	b.shoot("revenue")
	text := b.text()
	for _, want := range []string{mali.GivenName, mali.CitizenID, "urn:onedoor:ial:2.3:aal:2.1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the revenue department does not show %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, mali.Address) {
		t.Error("PRV-07, CON-02: the address was released though its box was not ticked")
	}
	for _, evidence := range []string{mali.Evidence.Laser, mali.Evidence.Chip, mali.Evidence.CardRequest, mali.Evidence.Smartcard} {
		if strings.Contains(text, evidence) {
			t.Errorf("PRV-04: the evidence number %s reached the department", evidence)
		}
	}
	b.noStorage()

	before := len(b.visited())
	b.open(d.URL(socialHost))
	b.press(`a[href="/login"]`, `form[action="/check"]`)
	b.at(d.URL(socialHost))
	b.shoot("social")
	for _, url := range b.visited()[before:] {
		if strings.Contains(url, thaidHost+".localhost") || strings.Contains(url, "/login/callback") {
			t.Errorf("SSO-02: the second login went through a provider: %s", url)
		}
	}
	b.press(`form[action="/check"] button`, `#answer.good`) // the hub says: active
	b.shoot("social-checked")
	b.open(d.URL(revenueHost))
	b.press(`form[action="/neighbour"] button`, `#told.good`) // social security answers revenue about the person
	b.shoot("revenue-asked-social")

	b.open(d.URL(hubHost) + "/consents")
	b.shoot("consents")
	b.open(d.URL(hubHost) + "/sessions") // SES-20
	b.shoot("sessions")
	if text := b.text(); !strings.Contains(text, "Where you are signed in") && !strings.Contains(text, "ท่านเข้าสู่ระบบอยู่ที่ใดบ้าง") {
		t.Errorf("SES-20: the person does not see where they are signed in:\n%s", text)
	}
	b.open(d.URL(hubHost) + "/logout")
	b.shoot("signout")
	b.press(`form[action="/logout"] button`, `main:not(:has(form))`)
	b.shoot("signed-out")
	run(b, "see that nobody is still being told", waitFor(`main:not(:has(.decision))`)) // the page asks again by itself
	b.shoot("signed-out-told")
	b.open(d.URL(socialHost))
	if b.there(`form[action="/check"]`) != 0 || b.there(`a[href="/login"]`) == 0 { // SSO-05: it was told, and has ended its own session
		t.Errorf("SSO-05: the department still has the person signed in:\n%s", b.text())
	}
	b.shoot("social-after")

	noTrace(t, d, log, b, mali)
}

// checkCookies: SES-14..17 on every cookie of the hub, in a real browser.
func checkCookies(t *testing.T, b *browser, d *Demo) {
	t.Helper()
	var found int
	for _, c := range b.cookies() {
		if c.Domain != hubHost+".localhost" {
			continue
		}
		found++
		if !c.Secure || !c.HTTPOnly || c.Path != "/" || !strings.HasPrefix(c.Name, "__Host-") || c.SameSite != "Lax" {
			t.Errorf("SES-14..16: cookie %s: secure %v, httponly %v, path %s, samesite %s", c.Name, c.Secure, c.HTTPOnly, c.Path, c.SameSite)
		}
		if c.Name == "__Host-onedoor" && !c.Session {
			t.Error("SES-12: the session cookie of AAL2 outlives the browser")
		}
	}
	if found == 0 {
		t.Errorf("the hub set no cookie at %s", d.URL(hubHost))
	}
}

// noStorage: SES-05, nothing in web storage.
func (b *browser) noStorage() {
	b.t.Helper()
	if stored := run(b, "count what is stored", chromedp.Evaluate[int](`localStorage.length + sessionStorage.length`)); stored != 0 {
		b.t.Errorf("SES-05: %d entries in web storage", stored)
	}
}

// noTrace looks for the person in everything that lasts or is looked at by others.
func noTrace(t *testing.T, d *Demo, log *record, b *browser, p simulator.Person) {
	t.Helper()
	places := map[string]string{"the log": log.String(), "the metrics": metrics(t, d)}
	for _, url := range b.visited() {
		if strings.Contains(url, hubHost+".localhost") {
			places["addresses at the hub"] += url + "\n"
		}
	}
	files, err := filepath.Glob(filepath.Join(d.Data, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil {
			places[filepath.Base(file)] = string(content)
		}
	}
	if len(places["onedoor.db"])+len(places["onedoor.db-wal"]) < 10_000 {
		t.Fatal("the database file was not read")
	}
	if !strings.Contains(places["the log"], "/login/{tx}") || !strings.Contains(places["the metrics"], "onedoor_") || len(places["addresses at the hub"]) < 100 {
		t.Fatalf("log, metrics or addresses were not kept: the search would show nothing")
	}
	for place, content := range places {
		for _, secret := range personal(p) {
			if strings.Contains(content, secret) {
				t.Errorf("invariant 2: %q stands in %s", secret, place)
			}
		}
	}
}

// metrics reads what a monitoring system would.
func metrics(t *testing.T, d *Demo) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+d.config.AdminListen+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("metrics: %d, %v", resp.StatusCode, err)
	}
	return string(text)
}
