package visit_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

// reception has two pages that a sign-in may lead back to.
func reception(t testing.TB, s *visittest.Sessions) (*visit.Reception, *visittest.Journey) {
	t.Helper()
	v, j := visittest.NewReception(t, visittest.Options(t, s)), &visittest.Journey{}
	if err := errors.Join(v.Bind(j), v.Returns("/contacts", "/console/cases/{case}")); err != nil {
		t.Fatal(err)
	}
	return v, j
}

func finish(v *visit.Reception, back string, failure hub.Kind) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	v.FinishLogin(rec, visittest.Get("/login/callback/bank"), login.Result{Failure: failure, Request: login.Request{Continue: []byte(back)}})
	return rec
}

// A sign-in leads back to a page that a room has named, and to nothing else in this world.
func TestFinishLogin_LeadsBackToOurPagesOnly(t *testing.T) {
	t.Parallel()
	v, _ := reception(t, &visittest.Sessions{})
	for back, want := range map[string]bool{
		"/contacts": true,
		"/console/cases/abcdefghijklmnopqrstuvwxyz": true,
		"/console/cases/tax-return":                 true,
		"":                                          false,
		"/":                                         false,
		"//evil.example":                            false,
		"/\\evil.example":                           false,
		"https://evil.example/":                     false,
		"https://login.example/contacts":            false,
		"/contacts?x":                               false,
		"/contacts#x":                               false,
		"/contacts/":                                false,
		"//contacts":                                false,
		"/Contacts":                                 false,
		"/contacts\r\nSet-Cookie: a=b":              false,
		"/logout":                                   false,
		"/console/cases/":                           false,
		"/console/cases/..":                         false,
		"/console/cases/%2e%2e":                     false,
		"/console/cases/a/b":                        false,
		"/console/cases/a?lang=th":                  false,
		"/console/cases/{case}":                     false,
		"/console/cases/" + strings.Repeat("a", 300): false,
	} {
		rec := finish(v, back, "")
		if want != (rec.Code == http.StatusSeeOther && rec.Header().Get("Location") == back) || !want && rec.Code != http.StatusInternalServerError {
			t.Errorf("%q: %d %q", back, rec.Code, rec.Header().Get("Location"))
		}
	}
	if rec := finish(v, "/contacts", hub.Denied); rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/contacts" {
		t.Errorf("who said no: %d", rec.Code)
	}
	if rec := finish(v, "/contacts", hub.TooMany); rec.Code != http.StatusTooManyRequests {
		t.Errorf("a failure: %d", rec.Code)
	}
}

// Whatever stands where a sign-in leads back to, the browser stays with us: its Location is a path of this host, made of plain signs.
func FuzzFinishLogin(f *testing.F) {
	for _, seed := range []string{"/contacts", "/console/cases/x", "//evil.example", "/\\evil", "/console/cases/..%2f", "/console/cases/\u2025", "/contacts\x00"} {
		f.Add(seed)
	}
	v, _ := reception(f, &visittest.Sessions{})
	f.Fuzz(func(t *testing.T, back string) {
		to := finish(v, back, "").Header().Get("Location")
		if to == "" {
			return
		}
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || u.Scheme != "" || u.RawQuery != "" || u.Fragment != "" || strings.Contains(to, "//") || strings.Contains(to, "..") ||
			strings.Trim(to, "/abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%q leads to %q", back, to)
		}
	})
}

func TestReturns_TakesPathsOnly(t *testing.T) {
	t.Parallel()
	v, _ := reception(t, &visittest.Sessions{})
	for _, path := range []string{"", "/", "x", "//x", "/x/", "/{x", "/x}", "/x?y", "https://x", "/X", "/x/{}", "/" + strings.Repeat("x/", 200)} {
		if err := v.Returns(path); !errors.Is(err, hub.Invalid) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// The sign-in for a page asks for the same person, freshly, at the account's own height and at the page's, whichever is more.
func TestSignIn_AsksForTheSamePersonAtTheAccountsHeight(t *testing.T) {
	t.Parallel()
	s := &visittest.Sessions{Secret: visittest.Mine()}
	v, j := reception(t, s)
	least := hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}
	begin := func(r *http.Request, page string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		v.SignInAt(rec, r, page, least)
		return rec
	}
	begin(visittest.SignedIn(visittest.Get("/x")), "/contacts")
	begin(visittest.Get("/x"), "/contacts")
	if len(j.Requests) != 2 {
		t.Fatalf("%d sign-ins", len(j.Requests))
	}
	if req := j.Requests[0]; req.Protocol != visit.Protocol || req.System != "onedoor" || req.Account != visittest.Account || req.MaxAge == nil || *req.MaxAge != 5*time.Minute ||
		req.Want != (hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}) || string(req.Continue) != "/contacts" {
		t.Errorf("%+v", req)
	}
	if req := j.Requests[1]; req.Account != "" || req.MaxAge != nil || req.Want != least {
		t.Errorf("%+v", req)
	}
	if rec := begin(visittest.Get("/x"), "/elsewhere"); rec.Code != http.StatusInternalServerError || len(j.Requests) != 2 {
		t.Errorf("a page that nobody named: %d", rec.Code)
	}
	s.Err = hub.Errorf("x", hub.Unavailable, "down")
	if rec := begin(visittest.SignedIn(visittest.Get("/x")), "/contacts"); rec.Code != http.StatusServiceUnavailable || len(j.Requests) != 2 {
		t.Errorf("who is there can't be known: %d", rec.Code)
	}
}

func TestFresh_IsRecentAndHighEnough(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		age       time.Duration
		level     hub.Level
		fresh, at bool
	}{
		"just now":                       {time.Second, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, true, true},
		"at the very limit":              {5 * time.Minute, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, true, true},
		"too long ago":                   {5*time.Minute + time.Second, hub.Level{IAL: hub.IAL21, AAL: hub.AAL22}, false, false},
		"below the account's own height": {time.Second, hub.Level{IAL: hub.IAL3, AAL: hub.AAL21}, false, false},
		"below what the page asks":       {time.Second, hub.Level{IAL: hub.IAL11, AAL: hub.AAL22}, true, false},
	} {
		s := &visittest.Sessions{Secret: visittest.Mine(), Age: c.age, Level: c.level}
		v, _ := reception(t, s)
		mine, in, err := v.SignedIn(visittest.SignedIn(visittest.Get("/")))
		if err != nil || !in {
			t.Fatal(in, err)
		}
		fresh, err := v.Fresh(t.Context(), mine)
		level, at, err2 := v.FreshAt(t.Context(), mine, hub.Level{IAL: hub.IAL21, AAL: hub.AAL21})
		if fresh != c.fresh || at != c.at || err != nil || err2 != nil || at && level != c.level {
			t.Errorf("%s: fresh %v, for the page %v at %v: %v %v", name, fresh, at, level, err, err2)
		}
	}
}

func TestNewAndBind_RefuseWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*visit.Options){
		"sessions": func(o *visit.Options) { o.Sessions = nil }, "screen": func(o *visit.Options) { o.Screen = nil }, "clock": func(o *visit.Options) { o.Clock = nil },
		"random": func(o *visit.Options) { o.Random = nil }, "lease": func(o *visit.Options) { o.Lease = 0 }, "system": func(o *visit.Options) { o.System = "" },
		"reach": func(o *visit.Options) { o.Reach = nil },
	} {
		o := visittest.Options(t, &visittest.Sessions{})
		spoil(&o)
		if _, err := visit.New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("no %s: %v", name, err)
		}
	}
	v, j := reception(t, &visittest.Sessions{})
	if v.Bind(j) == nil || visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{})).Bind(nil) == nil {
		t.Error("Bind takes anything")
	}
}
