package pages

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/locale"
	"onedoor/web/server"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

func TestBeginShowsTheLoginAtItsOwnAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login.next["begin"] = choosing()
	r := get("/oauth2/authorize?client_id=x")
	r.Header.Del("Cookie")
	rec := w.do(r)
	if rec.Code != 303 || rec.Header().Get("Location") != "/login/"+tx || rec.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	c := cookies(rec)[visit.BindingCookie]
	if c == nil || w.login.browser.Binding.Reveal() != c.Value {
		t.Fatalf("no binding: %v", rec.Header())
	}
	b := w.login.browser
	if b.Channel != "web" || b.Device != "Chrome on Android" || b.Network != "203.0.113.0/24" || !slices.Equal(b.Languages, []string{"en"}) || !b.Session.IsZero() {
		t.Errorf("browser %+v", b)
	}
	if again := w.do(get("/oauth2/authorize")); len(again.Result().Cookies()) > 0 || w.login.browser.Binding != visittest.Binding() {
		t.Error("a browser that has a binding gets another")
	}
}

func TestBeginThatEndsAtOnceGoesStraightBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login.next["begin"] = done()
	rec := w.do(get("/oauth2/authorize"))
	if rec.Code != 303 || rec.Header().Get("Location") != w.protocol.target || w.protocol.seen != interaction || w.protocol.result.Failure != hub.Denied {
		t.Errorf("%d %v %q", rec.Code, rec.Header(), w.protocol.seen)
	}
	w.login.next["begin"] = login.Next{Transaction: tx, Redirect: "https://bank.example/authorize?state=s"}
	rec = w.do(get("/oauth2/authorize"))
	if rec.Code != 303 || rec.Header().Get("Location") != "https://bank.example/authorize?state=s" || rec.Header().Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
}

func TestAFormNeverEndsInARedirectToAnotherSite(t *testing.T) {
	t.Parallel()
	away := login.Next{Transaction: tx, Redirect: "https://bank.example/authorize?state=s"}
	yes := url.Values{"decision": {"allow"}, "language": {"en"}}
	for name, c := range map[string]struct {
		request *http.Request
		method  string
		next    login.Next
		target  string
	}{
		"to the provider":             {post("/login/"+tx+"/provider", tx, url.Values{"provider": {"thaid"}}), "choose thaid", away, away.Redirect},
		"to the system after consent": {post("/login/"+tx+"/consent", tx, yes), "consent", done(), ""},
		"to the system after cancel":  {post("/login/"+tx+"/cancel", tx, nil), "cancel", done(), ""},
		"from the page after a form":  {get("/login/" + tx), "show " + tx, done(), ""},
	} {
		w := newWorld(t)
		w.login.next[c.method] = c.next
		if c.target == "" {
			c.target = w.protocol.target
		}
		rec := w.do(c.request)
		page := rec.Body.String()
		if rec.Code != 200 || rec.Header().Get("Location") != "" || rec.Header().Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %d %v", name, rec.Code, rec.Header())
		}
		if want := strings.ReplaceAll(c.target, "&", "&amp;"); !strings.Contains(page, `content="0; url=`+want+`"`) || !strings.Contains(page, `href="`+want+`"`) {
			t.Errorf("%s: the page does not lead to %s:\n%s", name, want, page)
		}
		if !strings.Contains(rec.Header().Get("Content-Security-Policy"), "form-action 'self';") {
			t.Errorf("%s: policy %s", name, rec.Header().Get("Content-Security-Policy"))
		}
	}
}

// A protocol that answers with a page of its own (a form that posts itself) goes through untouched.
func TestAProtocolsOwnPageGoesThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "form-action https://rp.example")
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("own page"))
	})
	if err := w.Bind("saml", finisher(own)); err != nil {
		t.Fatal(err)
	}
	next := done()
	next.Done.Request.Protocol = "saml"
	w.login.next["cancel"] = next
	rec := w.do(post("/login/"+tx+"/cancel", tx, nil))
	if rec.Code != 202 || rec.Body.String() != "own page" || rec.Header().Get("Content-Security-Policy") != "form-action https://rp.example" {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
}

type finisher http.HandlerFunc

func (f finisher) FinishLogin(w http.ResponseWriter, r *http.Request, _ login.Result) { f(w, r) }

func TestTheWayBackFromAProviderIsARedirect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fresh := secret(9)
	next := done()
	next.Session, next.SessionAAL = &fresh, hub.AAL22
	w.login.next["answer thaid"] = next
	rec := w.do(get("/login/callback/thaid?code=c&state=" + tx + ".s&scope=openid"))
	if rec.Code != 303 || rec.Header().Get("Location") != w.protocol.target || cookies(rec)[visit.SessionCookie].Value != fresh.Reveal() {
		t.Errorf("%d %v", rec.Code, rec.Header())
	}
	if !maps.Equal(w.login.params, map[string]string{"code": "c", "state": tx + ".s"}) {
		t.Errorf("params %v", w.login.params)
	}
	w.login.next["answer thaid"] = consenting()
	if rec := w.do(get("/login/callback/thaid?code=c&state=s")); rec.Code != 303 || rec.Header().Get("Location") != "/login/"+tx {
		t.Errorf("to consent: %d %v", rec.Code, rec.Header())
	}
}

func TestOPS06_AProblemIsShownAtOnceWithTheOtherProviders(t *testing.T) {
	t.Parallel()
	next := choosing()
	next.Show.Problem, next.Show.ProblemAt = hub.Unavailable, "thaid"
	for method, r := range map[string]*http.Request{
		"answer thaid": get("/login/callback/thaid?state=s&error=server_error"),
		"choose thaid": post("/login/"+tx+"/provider", tx, url.Values{"provider": {"thaid"}}),
	} {
		w := newWorld(t)
		w.login.next[method] = next
		rec := w.do(r)
		page := rec.Body.String()
		if rec.Code != 200 || !strings.Contains(page, locale.For(locale.English).ProblemUnavailable("ThaID")) ||
			!strings.Contains(page, `action="/login/`+tx+`/provider"`) || !strings.Contains(page, interaction) {
			t.Errorf("%s: %d\n%s", method, rec.Code, page)
		}
	}
}

func TestFailuresOfTheLoginGetTheirPageAndAWayOn(t *testing.T) {
	t.Parallel()
	for kind, c := range map[hub.Kind]struct {
		status int
		retry  bool
	}{
		hub.Expired: {410, false}, hub.Consumed: {410, false}, hub.NotFound: {404, false}, hub.Unavailable: {503, true}, hub.Internal: {500, true},
		hub.Conflict: {409, true},
	} {
		w := newWorld(t)
		w.login.err["show "+tx] = hub.Errorf("x", kind, "inner")
		rec := w.do(get("/login/" + tx))
		page := rec.Body.String()
		if rec.Code != c.status || strings.Contains(page, `class="button" href="/login/`+tx+`"`) != c.retry || strings.Contains(page, "inner") {
			t.Errorf("%s: %d", kind, rec.Code)
		}
		if !strings.Contains(page, interaction) || rec.Header().Get(server.InteractionHeader) != interaction {
			t.Errorf("AUD05 %s: the page has another interaction than the login", kind)
		}
	}
	w := newWorld(t)
	gone := hub.Errorf("x", hub.Expired, "too old")
	w.login.err["begin"], w.login.err["answer thaid"], w.login.err["cancel"] = gone, gone, gone
	for _, r := range []*http.Request{get("/oauth2/authorize"), get("/login/callback/thaid?state=s"), post("/login/"+tx+"/cancel", tx, nil)} {
		if rec := w.do(r); rec.Code != 410 {
			t.Errorf("%s: %d", r.URL.Path, rec.Code)
		}
	}
	for name, next := range map[string]login.Next{
		"nothing":             {Transaction: tx},
		"no transaction":      {Show: &login.View{Step: login.StepChoose}},
		"unknown step":        {Transaction: tx, Show: &login.View{Step: login.StepDone}},
		"consent without":     {Transaction: tx, Show: &login.View{Step: login.StepConsent}},
		"a script to go to":   {Transaction: tx, Redirect: "javascript:alert(1)"},
		"an unbound protocol": {Transaction: tx, Done: &login.Result{Request: login.Request{Protocol: "unheard"}}},
	} {
		w := newWorld(t)
		w.login.next["show "+tx] = next
		if rec := w.do(get("/login/" + tx)); rec.Code != 500 || rec.Header().Get("Location") != "" {
			t.Errorf("%s: %d %v", name, rec.Code, rec.Header())
		}
	}
	for _, path := range []string{"/login/short", "/login/" + strings.ToUpper(tx)} {
		if rec := newWorld(t).do(get(path)); rec.Code != 404 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

func TestAWaitingLoginAsksAgainByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login.next["show "+tx] = login.Next{Transaction: tx, Show: &login.View{Step: login.StepFinishing, Provider: &login.Choice{ID: "thaid"}}}
	if page := w.do(get("/login/" + tx)).Body.String(); !strings.Contains(page, `<meta http-equiv="refresh" content="3; url=/login/`+tx+`">`) || !strings.Contains(page, "thaid") {
		t.Errorf("page:\n%s", page)
	}
}

func TestTheChosenLanguageIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login.next["show "+tx] = choosing()
	rec := w.do(get("/login/" + tx + "?lang=zh"))
	c := cookies(rec)[locale.CookieName]
	if c == nil || c.Value != "zh" || !strings.Contains(rec.Body.String(), `<html lang="zh-Hans">`) || !slices.Equal(w.login.browser.Languages, []string{"zh", "en"}) {
		t.Errorf("%v %v", c, w.login.browser.Languages)
	}
	r := get("/login/" + tx)
	r.AddCookie(&http.Cookie{Name: locale.CookieName, Value: "zh"})
	if rec := w.do(r); !strings.Contains(rec.Body.String(), `<html lang="zh-Hans">`) || len(rec.Result().Cookies()) > 0 {
		t.Error("the choice is not kept")
	}
	next := choosing()
	next.Show.Languages = []string{"vi"}
	w.login.next["show "+tx] = next
	if page := w.do(get("/login/" + tx)).Body.String(); !strings.Contains(page, `<html lang="vi">`) {
		t.Error("what the department asked for counts more than the browser")
	}
	if rec := w.do(get("/login/" + tx + "?lang=%3Cscript%3E")); len(rec.Result().Cookies()) > 0 {
		t.Error("anything is kept")
	}
}

func TestNewAndBindRefuseWhatIsMissing(t *testing.T) {
	t.Parallel()
	good := newWorld(t).o
	for name, spoil := range map[string]func(*Options){
		"login": func(o *Options) { o.Login = nil }, "visit": func(o *Options) { o.Visit = nil }, "sessions": func(o *Options) { o.Sessions = nil },
		"ends": func(o *Options) { o.Ends = nil }, "ledgers": func(o *Options) { o.Ledgers = nil }, "address": func(o *Options) { o.Address = "" },
		"register": func(o *Options) { o.Names.Register = nil }, "directory": func(o *Options) { o.Names.Directory = nil }, "clock": func(o *Options) { o.Clock = nil },
		"a second journey for one reception": func(*Options) {},
	} {
		o := good
		spoil(&o)
		if _, err := New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("no %s: %v", name, err)
		}
	}
	good.Visit = visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{}))
	j, err := New(good)
	if err != nil {
		t.Fatal(err)
	}
	if j.Bind("", &fakeProtocol{}) == nil || j.Bind("oidc", nil) == nil || j.Bind("oidc", &fakeProtocol{}) != nil || j.Bind("oidc", &fakeProtocol{}) == nil {
		t.Error("Bind takes anything")
	}
}

func TestRefuseShowsAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.Refuse(rec, get("/oauth2/authorize"), hub.Errorf("x", hub.Invalid, "redirect_uri"))
	if rec.Code != 400 || strings.Contains(rec.Body.String(), "redirect_uri") || !strings.Contains(rec.Body.String(), locale.For(locale.English).ErrInvalid().Title) {
		t.Errorf("%d\n%s", rec.Code, rec.Body)
	}
}
