package forward

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/hubtest"
	"onedoor/hub/login"
	"onedoor/hub/pairwise"
	"onedoor/hub/token"
)

// SSO-09: a system gets each header that the hub tells and that its register names, empty where there is nothing to say, so that no proxy leaves a
// browser's own in its place.
func TestSSO09_EveryHeaderIsThere(t *testing.T) {
	t.Parallel()
	d := &drawer{}
	names, err := pairwise.New(d)
	if err != nil {
		t.Fatal(err)
	}
	now := hubtest.NewClock().Now
	g := &Gate{o: Options{Issuer: "https://hub.example", Keys: onlySigns{drawer: d}, Index: d, Audit: d, Clock: now, Records: d}, issued: newAnswers(), entities: names}
	for _, serves := range []login.Serves{login.Persons, login.Entities} {
		s := System{
			ID: "archive", Sector: "archive.example", For: serves, Department: "revenue", Headers: map[string]hub.AttributeName{"X-Remote-Name": hub.Name},
			Records: map[string]string{"X-Remote-Taxpayer": "taxpayer"},
		}
		w := httptest.NewRecorder()
		a := token.Access{ID: "t" + string(serves), Account: "a", Session: "s", System: "archive", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, AuthTime: now()}
		if err := g.identify(w, httptest.NewRequest(http.MethodGet, "/", nil), s, a); err != nil {
			t.Fatal(err)
		}
		for _, name := range append(Told(), "X-Remote-Name", "X-Remote-Taxpayer") {
			if len(w.Header().Values(name)) != 1 {
				t.Errorf("%s: %s is there %d times", serves, name, len(w.Header().Values(name)))
			}
		}
	}
}

// SSO-09, RAZ-05: a question that can be read in two ways lets nobody in.
func TestSSO09_DoubtfulQuestions(t *testing.T) {
	t.Parallel()
	s := System{ID: "archive", Headers: map[string]hub.AttributeName{"X-Remote-Name": hub.Name}, Records: map[string]string{"X-Remote-Taxpayer": "taxpayer"}}
	for name, c := range map[string]struct {
		header string
		values []string
		want   bool
	}{
		"plain":                    {"X-Forwarded-Uri", []string{"/a"}, false},
		"two addresses":            {"X-Forwarded-Uri", []string{"/a", "/bills"}, true},
		"two hosts":                {"X-Forwarded-Host", []string{"a", "b"}, true},
		"two places":               {HeaderClient, []string{"192.0.2.1", "192.0.2.2"}, true},
		"a name with an underline": {"X_Onedoor_Subject", []string{"somebody"}, true},
		"half of one":              {"X-Onedoor_Subject", []string{"somebody"}, true},
		"in small letters":         {"x_remote-name", []string{"somebody"}, true},
		"a record":                 {"X_Remote_Taxpayer", []string{"1"}, true},
		"an address":               {"X_Forwarded_Uri", []string{"/"}, true},
		"something else":           {"My_Header", []string{"1"}, false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, v := range c.values {
			r.Header.Add(c.header, v)
		}
		if got := doubtful(r, s); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// What is written for proxies names every header that the hub tells: one that is forgotten there is one that a browser can send.
func TestSSO09_TheListsForProxiesAreWhole(t *testing.T) {
	t.Parallel()
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	block := func(text, begin string) string {
		_, rest, found := strings.Cut(text, begin)
		if !found {
			t.Fatalf("no %q", begin)
		}
		block, _, _ := strings.Cut(rest, "```")
		return block
	}
	docs, nginx := read("../../docs/forward-auth.md"), read("../../configs/deploy/forward-auth-nginx.conf")
	for _, proxy := range []string{"# Traefik\n", "# Caddy\n", "# Envoy\n"} {
		text := block(docs, proxy)
		for _, name := range append(Told(), "X-Remote-Name", "X-Remote-Taxpayer") {
			if !strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
				t.Errorf("docs/forward-auth.md, %s: %s is missing", strings.TrimSpace(proxy), name)
			}
		}
	}
	for _, name := range append(Told(), "X-Remote-Name") {
		variable := "$upstream_http_" + strings.ToLower(strings.ReplaceAll(name, "-", "_")) + ";"
		if !strings.Contains(nginx, variable) || !strings.Contains(nginx, "proxy_set_header "+name+" $") {
			t.Errorf("forward-auth-nginx.conf: %s is missing", name)
		}
	}
}
