// Package visittest is the browser's side of pages, for their tests: requests as a browser sends them, forms as our pages send them,
// a person who is signed in, and the edge in front. Nothing but tests imports it.
package visittest

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/hub/session"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

// Account and Session are those of the person who is signed in.
const (
	Account hub.AccountID = "the-account"
	Session hub.SessionID = "the-session"
	address               = "https://login.example"
)

// Now is the time of the tests.
var Now = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

// Clock tells it.
func Clock() time.Time { return Now }

// Secret gives a secret that is known.
func Secret(n byte) hub.Secret {
	b := make([]byte, 32)
	b[0] = n
	s, err := hub.SecretFromBytes(b)
	if err != nil {
		panic(err)
	}
	return s
}

// Sessions knows the session of one person. Set it between requests only.
type Sessions struct {
	Secret hub.Secret
	Err    error         // of Resume
	Age    time.Duration // since the sign-in
	Level  hub.Level     // of it
	Other  hub.AccountID // somebody else's session instead
}

// Mine is the session secret that SignedIn brings.
func Mine() hub.Secret { return Secret(7) }

// Resume implements visit.Sessions.
func (f *Sessions) Resume(_ context.Context, s hub.Secret) (session.Session, hub.Secret, error) {
	switch {
	case f.Err != nil:
		return session.Session{}, hub.Secret{}, f.Err
	case s != f.Secret:
		return session.Session{}, hub.Secret{}, hub.Errorf("visittest", hub.NotFound, "none")
	}
	found := session.Session{
		ID: Session, Account: Account, Provider: "bank", Level: f.Level, AuthTime: Now.Add(-f.Age), StartedAt: Now.Add(-f.Age), LastActivity: Now,
	}
	if f.Other != "" {
		found.Account = f.Other
	}
	return found, Secret(9), nil
}

// Journey notes the logins that begin, and answers with a redirect to a bank.
type Journey struct{ Requests []login.Request }

// Begin implements visit.Beginner.
func (j *Journey) Begin(w http.ResponseWriter, r *http.Request, req login.Request) {
	j.Requests = append(j.Requests, req)
	http.Redirect(w, r, "https://bank.example/authorize", http.StatusSeeOther)
}

// Height is what a Reception of NewReception asks of everybody who changes what protects an account.
var Height = hub.Level{IAL: hub.IAL11, AAL: hub.AAL22}

// NewScreen makes a screen of the platform "One Door".
func NewScreen(tb testing.TB) *server.Screen {
	tb.Helper()
	all := func(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }
	v, err := view.New(view.Options{
		Platform: all("One Door"), Operator: all("Office"), Address: address, Help: view.Help{URL: "https://help.example"}, Zone: time.UTC,
	})
	if err != nil {
		tb.Fatal(err)
	}
	screen, err := server.NewScreen(v)
	if err != nil {
		tb.Fatal(err)
	}
	return screen
}

// Options are those of a Reception over the sessions, complete.
func Options(tb testing.TB, s visit.Sessions) visit.Options {
	tb.Helper()
	return visit.Options{
		Sessions: s, Screen: NewScreen(tb), Clock: Clock, Random: rand.Reader, Lease: time.Microsecond, System: "onedoor",
		Reach: func(context.Context, session.Session) (hub.Level, error) { return Height, nil },
	}
}

// NewReception makes a Reception of them.
func NewReception(tb testing.TB, o visit.Options) *visit.Reception {
	tb.Helper()
	v, err := visit.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

type deaf struct{}

func (deaf) ObserveRequest(string, string, int, time.Duration, int64) {}

// Edge is the server in front of the routes.
func Edge(tb testing.TB, v *visit.Reception, mounts []server.Mount) http.Handler {
	tb.Helper()
	edge, err := server.New(server.Options{
		Issuer: address, Screen: v.Screen(), Log: slog.New(slog.DiscardHandler), Observer: deaf{}, Clock: time.Now, Random: rand.Reader, Mounts: mounts,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return edge.Handler()
}

// Do sends a request.
func Do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// Binding is what ties forms to the browser of these requests.
func Binding() hub.Secret { return Secret(3) }

// Get is a request of an English browser on a phone that has a binding.
func Get(path string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, address+path, nil)
	r.RemoteAddr = "203.0.113.9:4711"
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36")
	r.AddCookie(&http.Cookie{Name: visit.BindingCookie, Value: Binding().Reveal()})
	return r
}

// Post is a form that our own page has sent; with a token of its own where the fields have one.
func Post(path, about string, fields url.Values) *http.Request {
	if fields == nil {
		fields = url.Values{}
	}
	if !fields.Has(visit.TokenField) {
		fields.Set(visit.TokenField, visit.Token(Binding(), about))
	}
	r := httptest.NewRequest(http.MethodPost, address+path, strings.NewReader(fields.Encode()))
	like := Get("/")
	r.Header, r.RemoteAddr = like.Header, like.RemoteAddr
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// SignedIn lets the browser bring the session of Mine.
func SignedIn(r *http.Request) *http.Request { return Bringing(r, Mine()) }

// Bringing lets the browser bring a session secret.
func Bringing(r *http.Request, s hub.Secret) *http.Request {
	r.AddCookie(&http.Cookie{Name: visit.SessionCookie, Value: s.Reveal()})
	return r
}

// Cookies gives the cookies that an answer sets.
func Cookies(rec *httptest.ResponseRecorder) map[string]*http.Cookie {
	out := map[string]*http.Cookie{}
	for _, c := range rec.Result().Cookies() {
		out[c.Name] = c
	}
	return out
}

// Fields reads the hidden and, where tick is set, all other fields of the form with this action from a page.
func Fields(tb testing.TB, page, action string, tick bool) url.Values {
	tb.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		tb.Fatal(err)
	}
	at := func(n *html.Node, name string) string {
		for _, a := range n.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	for f := range doc.Descendants() {
		if f.Data != "form" || at(f, "action") != action {
			continue
		}
		out := url.Values{}
		for in := range f.Descendants() {
			if in.Data == "input" && (at(in, "type") == "hidden" || tick) {
				out.Add(at(in, "name"), at(in, "value"))
			}
		}
		return out
	}
	tb.Fatalf("no form to %s", action)
	return nil
}
