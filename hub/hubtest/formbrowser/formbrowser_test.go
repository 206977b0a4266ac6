package formbrowser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"onedoor/hub/hubtest/formbrowser"
)

const login = `<html><head><style>p{}</style></head><body><form method="post" action="/in"><input type="hidden" name="csrf" value="c">
<input type="radio" name="person" value="a" checked><input type="radio" name="person" value="b"><input type="checkbox" name="given" value="x">
<input type="checkbox" name="given" value="y"><textarea name="note">n</textarea><select name="l"><option value="1"><option value="2" selected></select>
<input name="gone" value="1" disabled><button name="decision" value="yes">Yes</button><button name="decision" value="no">No</button></form></body></html>`

// site answers below one host: a login page, a form's target that sets a cookie and redirects, a refresh page, and addresses away.
func site(t *testing.T) (base string, sent *url.Values) {
	t.Helper()
	sent = &url.Values{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "__Host-a", Value: "1", Path: "/", Secure: true})
		w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'")
		fmt.Fprint(w, login)
	})
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		*sent = r.PostForm
		if c, err := r.Cookie("__Host-a"); err != nil || c.Value != "1" || r.Header.Get("Sec-Fetch-Site") != "same-origin" {
			t.Error("no cookie, or not from the same origin")
		}
		switch r.PostForm.Get("decision") {
		case "yes":
			http.Redirect(w, r, "/leave", http.StatusSeeOther)
		default:
			http.Redirect(w, r, "https://client.example/cb?error=no", http.StatusSeeOther)
		}
	})
	mux.HandleFunc("GET /leave", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<meta http-equiv="refresh" content="0; url=https://client.example/cb?code=1&amp;state=s"><p>Leaving</p>`)
	})
	mux.HandleFunc("GET /post", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "form-action https://client.example")
		fmt.Fprint(w, `<form method="post" action="https://client.example/cb"><input type="hidden" name="code" value="2"><button>Go</button></form>`)
	})
	mux.HandleFunc("GET /round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "hub.localhost", 1), sent
}

func browser(t *testing.T) *formbrowser.Browser {
	t.Helper()
	transport := formbrowser.LocalNames()
	t.Cleanup(transport.CloseIdleConnections)
	b, err := formbrowser.New(formbrowser.Options{
		Transport: transport, Away: func(u *url.URL) bool { return u.Host == "client.example" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFormsAreSentAsABrowserWould(t *testing.T) {
	t.Parallel()
	base, sent := site(t)
	b := browser(t)
	p, err := b.Open(t.Context(), base+"/login")
	if err != nil {
		t.Fatal(err)
	}
	f := p.FormWith("decision")
	if f == nil || !f.Has("person", "b") || f.Has("person", "c") {
		t.Fatal("the form was not read")
	}
	if err := f.Pick("person", "b"); err != nil {
		t.Fatal(err)
	}
	if err := f.Tick("given", "y"); err != nil {
		t.Fatal(err)
	}
	if f.Tick("given", "z") == nil {
		t.Error("a box that is not there was ticked")
	}
	if _, err := f.Press(t.Context(), "decision", "perhaps"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	p, err = f.Press(t.Context(), "decision", "yes")
	if err != nil {
		t.Fatal(err)
	}
	want := "csrf=c&decision=yes&given=y&l=2&note=n&person=b"
	if got := sent.Encode(); got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
	if !p.Away() || p.Params.Get("code") != "1" || p.Params.Get("state") != "s" || p.Posted {
		t.Errorf("came to %s with %v", p.URL, p.Params)
	}
	if v, ok := b.Cookie(base, "__Host-a"); !ok || v != "1" {
		t.Error("the cookie was not kept")
	}
	if err := b.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, ok := b.Cookie(base, "__Host-a"); ok {
		t.Error("the cookie was not forgotten")
	}
	if n := len(b.Visited()); n != 4 {
		t.Errorf("visited %d addresses: %v", n, b.Visited())
	}
}

func TestFormActionHoldsForRedirects(t *testing.T) {
	t.Parallel()
	base, _ := site(t)
	p, err := browser(t).Open(t.Context(), base+"/login")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.FormWith("decision").Press(t.Context(), "decision", "no"); err == nil {
		t.Error("a redirect that follows the form led where form-action forbids")
	}
}

func TestFormsThatPostThemselves(t *testing.T) {
	t.Parallel()
	base, _ := site(t)
	p, err := browser(t).Open(t.Context(), base+"/post")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.Forms()[0].Press(t.Context(), "", ""); err != nil {
		t.Fatal(err)
	}
	if !p.Away() || !p.Posted || p.Params.Get("code") != "2" {
		t.Errorf("came to %s with %v", p.URL, p.Params)
	}
}

func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	base, _ := site(t)
	if _, err := browser(t).Open(t.Context(), base+"/round"); err == nil {
		t.Error("an endless redirect came to an end")
	}
	if _, err := browser(t).Open(t.Context(), "https://elsewhere.example/"); err == nil {
		t.Error("the browser called somebody outside")
	}
}
