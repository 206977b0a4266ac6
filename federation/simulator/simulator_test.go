package simulator

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub/identifier"
)

func TestPeopleAreInventedAndConsistent(t *testing.T) {
	t.Parallel()
	keys, numbers := make(map[string]bool), make(map[string]bool)
	for _, p := range People() {
		if n, err := identifier.ParseCitizen(p.CitizenID); err != nil || n != p.CitizenID {
			t.Errorf("%s: %v", p.Key, err)
		}
		if keys[p.Key] || numbers[p.CitizenID] {
			t.Errorf("%s is there twice", p.Key)
		}
		keys[p.Key], numbers[p.CitizenID] = true, true
		for name, v := range map[string]string{
			"title": p.Title, "given": p.GivenName, "family": p.FamilyName, "given en": p.GivenNameEN, "family en": p.FamilyNameEN,
			"birthdate": p.Birthdate, "address": p.Address, "ial": p.IAL, "laser": p.Evidence.Laser, "chip": p.Evidence.Chip,
			"request": p.Evidence.CardRequest, "smartcard": p.Evidence.Smartcard,
		} {
			if v == "" {
				t.Errorf("%s has no %s", p.Key, name)
			}
		}
		if !strings.HasPrefix(p.Name(), p.Title+" "+p.GivenName) || !strings.HasSuffix(p.NameEN(), " "+p.FamilyNameEN) || strings.Contains(p.Name(), "  ") {
			t.Errorf("%s: names %q, %q", p.Key, p.Name(), p.NameEN())
		}
		if got, ok := Find(People(), p.Key); !ok || got.CitizenID != p.CitizenID {
			t.Errorf("%s is not found", p.Key)
		}
	}
	if _, ok := Find(People(), "nobody"); ok {
		t.Error("nobody is found")
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	m := NewMemory[int](func() time.Time { return now }, time.Minute, 3)
	m.Put("a", 1)
	if v, ok := m.Get("a"); !ok || v != 1 {
		t.Error("not kept")
	}
	now = now.Add(time.Minute)
	if _, ok := m.Get("a"); ok || m.Len() != 0 {
		t.Error("kept beyond its life")
	}
	for i := range 10 {
		m.Put(strconv.Itoa(i), i)
	}
	if n := m.Len(); n != 3 {
		t.Errorf("%d things, want 3", n)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	winners := 0
	for range 16 {
		wg.Go(func() {
			if _, ok := m.Take("9"); ok {
				mu.Lock()
				winners++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if winners != 1 {
		t.Errorf("%d takers got it", winners)
	}
}

func TestClientsAuthenticate(t *testing.T) {
	t.Parallel()
	cs := Clients{{ID: "a:b", Secret: "s p%"}, {ID: "open"}}
	request := func(id, secret string, form url.Values) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if id != "" {
			r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		}
		_ = r.ParseForm()
		return r
	}
	cases := []struct {
		name string
		r    *http.Request
		post bool
		ok   bool
	}{
		{"basic", request("a:b", "s p%", nil), false, true},
		{"wrong secret", request("a:b", "s p", nil), false, false},
		{"unknown", request("x", "s p%", nil), false, false},
		{"no secret registered", request("open", "", nil), false, false},
		{"post", request("", "", url.Values{"client_id": {"a:b"}, "client_secret": {"s p%"}}), true, true},
		{"post not allowed", request("", "", url.Values{"client_id": {"a:b"}, "client_secret": {"s p%"}}), false, false},
		{"nothing", request("", "", nil), true, false},
	}
	for _, c := range cases {
		if _, ok := cs.Authenticate(c.r, c.post); ok != c.ok {
			t.Errorf("%s: %v", c.name, ok)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	f := NewFaults([]string{"a", "b"}, []string{"a", "unknown"})
	if !f.On("a") || f.On("b") || f.On("unknown") {
		t.Error("initial")
	}
	with := f.With([]string{"b", "evil"})
	if !with["a"] || !with["b"] || len(with) != 2 || f.On("b") {
		t.Errorf("%v", with)
	}
	f.Set(false, "a")
	if f.On("a") {
		t.Error("off")
	}
}

func TestPagesAreClosedAndEscaped(t *testing.T) {
	t.Parallel()
	page, err := NewPage(`{{define "content"}}<p>{{.Text}}</p>{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	WritePage(w, http.StatusTeapot, page, struct {
		Frame
		Text string
	}{Frame{Title: "T", Name: "N", Theme: "thaid"}, "<script>alert(1)</script>"})
	body := w.Body.String()
	if w.Code != http.StatusTeapot || strings.Contains(body, "<script") || !strings.Contains(body, "Stand-in.") {
		t.Errorf("page: %s", body)
	}
	for _, want := range []string{`<html lang="en">`, "<main", "<h1>", `name="viewport"`, "<title>T – N</title>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("CSP %q", csp)
	}
	if bytes.Contains([]byte(style), []byte("url(")) || bytes.Contains([]byte(style), []byte("@import")) {
		t.Error("the style sheet loads something")
	}
}
