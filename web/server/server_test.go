package server

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/web/locale"
)

const someone = "1101700230708" // a citizen number with a good check digit: must be nowhere

func TestTheOneRecordHoldsThePatternAndNothingThatWasSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Mount{Methods: []string{"GET"}, Path: "/login/{tx}", Handler: say("hello")})
	r := request("GET", "/login/"+someone+"?name="+someone, "")
	r.Header.Set("User-Agent", someone)
	r.Header.Set("Cookie", "x="+someone)
	res := w.do(r)
	rec := w.log.last(t)
	if rec["msg"] != "request" || rec["method"] != "GET" || rec["route"] != "/login/{tx}" || rec["status"] != 200.0 || rec["bytes"] != 5.0 {
		t.Errorf("record %v", rec)
	}
	if rec["interaction"] != res.Header.Get(InteractionHeader) || !hub.ValidID(res.Header.Get(InteractionHeader)) {
		t.Errorf("interaction %v, header %q", rec["interaction"], res.Header.Get(InteractionHeader))
	}
	w.do(request("BREW", "/"+someone, ""))
	if log := w.log.text(); strings.Count(log, "\n") != 2 || strings.Contains(log, someone) || strings.Contains(log, "203.0.113") {
		t.Errorf("log:\n%s", log)
	}
	if got := strings.Join(w.meter.seen, ", "); got != "GET /login/{tx} OK, other unmatched Not Found" {
		t.Errorf("metrics: %s", got)
	}
}

func TestAUD05_TheInteractionOfTheLoginReplacesThatOfTheRequest(t *testing.T) {
	t.Parallel()
	const found = "abcdefghijklmnopqrstuvwxyz"
	var w world
	o, w := options(t)
	fail := func(wr http.ResponseWriter, r *http.Request) {
		_ = hub.WithInteraction(r.Context(), found)
		o.Screen.Fail(wr, r, hub.Errorf("x", hub.Unavailable, "gone"), "")
	}
	quiet := func(wr http.ResponseWriter, r *http.Request) {
		_ = hub.WithInteraction(r.Context(), found)
		wr.WriteHeader(http.StatusNoContent)
	}
	o.Mounts = []Mount{
		{Methods: []string{"GET"}, Path: "/fail", Handler: http.HandlerFunc(fail)},
		{Methods: []string{"GET"}, Path: "/quiet", Handler: http.HandlerFunc(quiet)},
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = s
	for _, path := range []string{"/fail", "/quiet"} {
		res := w.do(request("GET", path, ""))
		if res.Header.Get(InteractionHeader) != found || w.log.last(t)["interaction"] != found {
			t.Errorf("%s: header %q, record %v", path, res.Header.Get(InteractionHeader), w.log.last(t))
		}
		if path == "/fail" && !strings.Contains(body(t, res), found) {
			t.Error("the error page has another interaction id")
		}
	}
}

func TestSecurityHeadersAreOnEveryAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t,
		Mount{Methods: []string{"GET"}, Path: "/ok", Handler: say("ok")},
		Mount{Methods: []string{"GET"}, Path: "/panic", Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("x") })},
		Mount{Methods: []string{"GET"}, Path: "/own", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "max-age=60")
		})},
	)
	foreign := request("GET", "/ok", "")
	foreign.Host = "evil.example"
	for name, r := range map[string]*http.Request{
		"200": request("GET", "/ok", ""), "404": request("GET", "/no", ""), "405": request("POST", "/ok", ""), "500": request("GET", "/panic", ""), "421": foreign,
	} {
		res := w.do(r)
		if got := strconv.Itoa(res.StatusCode); got != name {
			t.Errorf("%s: status %s", name, got)
		}
		for header, want := range map[string]string{
			"Content-Security-Policy":    Policy,
			"Strict-Transport-Security":  "max-age=63072000",
			"X-Content-Type-Options":     "nosniff",
			"X-Frame-Options":            "DENY",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Cache-Control":              "no-store",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", name, header, got, want)
			}
		}
		if res.Header.Get("Permissions-Policy") == "" || !hub.ValidID(res.Header.Get(InteractionHeader)) {
			t.Errorf("%s: %v", name, res.Header)
		}
	}
	for _, loose := range []string{"unsafe", "http:", "https:", "*", "data:"} {
		if strings.Contains(Policy, loose) {
			t.Errorf("the policy allows %s", loose)
		}
	}
	if got := w.do(request("GET", "/own", "")).Header.Get("Cache-Control"); got != "max-age=60" {
		t.Errorf("a handler's own header is lost: %q", got)
	}
	o, plain := options(t, Mount{Methods: []string{"GET"}, Path: "/ok", Handler: say("ok")})
	o.Issuer = "http://hub.localhost:8080"
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	plain.Server = s
	r := httptest.NewRequest("GET", "http://hub.localhost:8080/ok", nil)
	if res := plain.do(r); res.StatusCode != 200 || res.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("the demo over http: %d %v", res.StatusCode, res.Header)
	}
}

func TestSES06_OnlyThisHostAndOnlyOverASafeChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Mount{Methods: []string{"GET"}, Path: "/ok", Handler: say("ok")})
	for name, c := range map[string]struct {
		change func(*http.Request)
		want   int
	}{
		"through the proxy":               {func(*http.Request) {}, 200},
		"host in capitals, with the port": {func(r *http.Request) { r.Host = "LOGIN.example:443" }, 200},
		"another host":                    {func(r *http.Request) { r.Host = "login.example.evil.example" }, 421},
		"another port":                    {func(r *http.Request) { r.Host = "login.example:8443" }, 421},
		"no host":                         {func(r *http.Request) { r.Host = "" }, 421},
		"proxy was asked over http":       {func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "http") }, 421},
		"proxy does not say":              {func(r *http.Request) { r.Header.Del("X-Forwarded-Proto") }, 421},
		"proxy says nothing":              {func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "") }, 421},
		"proxy says both":                 {func(r *http.Request) { r.Header.Add("X-Forwarded-Proto", "http") }, 421},
		"proxy lets a list through":       {func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https, http") }, 421},
		"plain http from anywhere":        {func(r *http.Request) { r.RemoteAddr = "203.0.113.9:1" }, 421},
		"no address":                      {func(r *http.Request) { r.RemoteAddr = "@" }, 421},
	} {
		r := request("GET", "/ok", "")
		c.change(r)
		if res := w.do(r); res.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, res.StatusCode, c.want)
		}
	}
	direct := httptest.NewRequest("GET", "https://login.example/ok", nil) // with TLS
	direct.RemoteAddr = "203.0.113.9:1"
	if res := w.do(direct); res.StatusCode != 200 {
		t.Errorf("direct TLS: %d", res.StatusCode)
	}
}

func TestClientAddressIsWhatTheTrustedProxyVouchesFor(t *testing.T) {
	t.Parallel()
	var got netip.Addr
	w := newWorld(t, Mount{Methods: []string{"GET"}, Path: "/ok", Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = ClientAddr(r.Context())
	})})
	w.do(request("GET", "/ok", ""))
	if got.String() != "203.0.113.9" {
		t.Errorf("behind the proxy: %s", got)
	}
	liar := httptest.NewRequest("GET", "https://login.example/ok", nil)
	liar.RemoteAddr = "192.0.2.7:1"
	liar.Header.Set("X-Forwarded-For", "203.0.113.1")
	liar.Header.Set("X-Real-IP", "203.0.113.2")
	w.do(liar)
	if got.String() != "192.0.2.7" {
		t.Errorf("a liar passes as %s", got)
	}
	for addr, want := range map[string]string{
		"203.0.113.9": "203.0.113.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "::ffff:203.0.113.9": "203.0.113.0/24", "fe80::1%eth0": "fe80::/48",
	} {
		if got := Network(netip.MustParseAddr(addr)); got != want {
			t.Errorf("AUD04: %s is in %s, want %s", addr, got, want)
		}
	}
	if Network(netip.Addr{}) != "" {
		t.Error("no address has a network")
	}
}

func TestAPanicIsAPageAndItsStackIsInTheLogOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t,
		Mount{Methods: []string{"GET"}, Path: "/boom", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Set-Cookie", "half=done")
			m := []int(nil)
			m[len(someone)] = 1
		})},
		Mount{Methods: []string{"GET"}, Path: "/text", Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(someone) })},
		Mount{Methods: []string{"GET"}, Path: "/api", Machine: true, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(errors.New(someone)) })},
	)
	for _, path := range []string{"/boom", "/text", "/api"} {
		res := w.do(request("GET", path, ""))
		page := body(t, res)
		rec := w.log.last(t)
		if res.StatusCode != 500 || strings.Contains(page, "goroutine") || strings.Contains(page, someone) || res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v\n%s", path, res.StatusCode, res.Header, page)
		}
		if stack, _ := rec["stack"].(string); !strings.Contains(stack, "server_test.go") || rec["level"] != "ERROR" || strings.Contains(w.log.text(), someone) {
			t.Errorf("%s: record %v", path, rec)
		}
		if path == "/api" && page != `{"error":"internal","interaction":"`+res.Header.Get(InteractionHeader)+`"}` {
			t.Errorf("a program gets %s", page)
		}
	}
}

func TestAPanicAfterTheFirstByteCutsTheAnswerOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Mount{Methods: []string{"GET"}, Path: "/half", Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("x")
	})})
	defer func() {
		if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // this very value
			t.Errorf("recovered %v", p)
		}
		if rec := w.log.last(t); rec["kind"] != "internal" || rec["stack"] == nil {
			t.Errorf("record %v", rec)
		}
	}()
	w.do(request("GET", "/half", ""))
}

func TestAnOversizeBodyIsRefused(t *testing.T) {
	t.Parallel()
	o, w := options(t)
	read := http.HandlerFunc(func(wr http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			o.Screen.Fail(wr, r, err, "")
		}
	})
	o.Mounts = []Mount{{Methods: []string{"POST"}, Path: "/form", Handler: read, Body: 100}}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = s
	for size, want := range map[int]int{90: 200, 200: 413} {
		for _, announced := range []bool{true, false} {
			r := request("POST", "/form", "a="+strings.Repeat("x", size))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if !announced {
				r.ContentLength = -1
			}
			if res := w.do(r); res.StatusCode != want {
				t.Errorf("%d bytes, announced %v: %d, want %d", size, announced, res.StatusCode, want)
			}
		}
	}
}

func TestSES22_GuessingIsPacedForEachNetwork(t *testing.T) {
	t.Parallel()
	rate := Rate{Name: "guess", Burst: 3, Every: 10 * time.Second}
	w := newWorld(t,
		Mount{Methods: []string{"GET"}, Path: "/a", Handler: say("a"), Rate: rate},
		Mount{Methods: []string{"GET"}, Path: "/b", Handler: say("b"), Rate: rate, Machine: true},
		Mount{Methods: []string{"GET"}, Path: "/free", Handler: say("c")},
	)
	from := func(ip, path string) *http.Response {
		r := request("GET", path, "")
		r.Header.Set("X-Forwarded-For", ip)
		return w.do(r)
	}
	for i, ip := range []string{"203.0.113.1", "203.0.113.2", "203.0.113.3"} {
		if res := from(ip, "/a"); res.StatusCode != 200 {
			t.Fatalf("request %d: %d", i, res.StatusCode)
		}
	}
	page := from("203.0.113.4", "/a")
	if page.StatusCode != 429 || page.Header.Get("Retry-After") != "10" || !strings.Contains(body(t, page), locale.For(locale.English).ErrTooMany().Title) {
		t.Errorf("the fourth of the network: %d, Retry-After %q", page.StatusCode, page.Header.Get("Retry-After"))
	}
	if res := from("203.0.113.5", "/b"); res.StatusCode != 429 || !strings.HasPrefix(body(t, res), `{"error":"too_many"`) {
		t.Errorf("the other mount of the rate: %d", res.StatusCode)
	}
	if from("203.0.114.1", "/a").StatusCode != 200 || from("203.0.113.1", "/free").StatusCode != 200 {
		t.Error("others have to wait too")
	}
	w.clock.move(10 * time.Second)
	if from("203.0.113.1", "/a").StatusCode != 200 || from("203.0.113.1", "/a").StatusCode != 429 {
		t.Error("not exactly one more after ten seconds")
	}
	w.clock.move(time.Hour)
	for i := range 4 {
		if got, want := from("203.0.113.1", "/a").StatusCode, map[bool]int{true: 200, false: 429}[i < 3]; got != want {
			t.Errorf("after an hour, request %d: %d, want %d", i, got, want)
		}
	}
}

func TestTheLimiterForgetsTheQuietestAndStaysSmall(t *testing.T) {
	t.Parallel()
	clock := &ticker{now: time.Unix(0, 0)}
	l := newLimiter(Rate{Name: "x", Burst: 1, Every: time.Hour}, clock.time, 3)
	for _, n := range []string{"a", "b", "c", "a"} {
		l.take(n)
	}
	l.take("d") // b was quiet the longest
	if l.recent.Len() != 3 || len(l.buckets) != 3 {
		t.Errorf("%d networks kept", l.recent.Len())
	}
	if _, ok := l.take("a"); ok {
		t.Error("a is forgotten")
	}
	if _, ok := l.take("b"); !ok {
		t.Error("b is remembered")
	}
	for i := range 10_000 {
		l.take(strconv.Itoa(i))
	}
	if l.recent.Len() != 3 || len(l.buckets) != 3 {
		t.Errorf("%d networks kept", l.recent.Len())
	}
}

func TestADeadlineReachesTheHandlerAndIsAPage(t *testing.T) {
	t.Parallel()
	o, w := options(t)
	o.Mounts = []Mount{{Methods: []string{"GET"}, Path: "/slow", Timeout: time.Millisecond, Handler: http.HandlerFunc(func(wr http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		o.Screen.Fail(wr, r, r.Context().Err(), "/slow")
	})}}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = s
	res := w.do(request("GET", "/slow", ""))
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "10" || !strings.Contains(body(t, res), `href="/slow"`) {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

func TestPathParametersAndHeadAndUnknownRoutes(t *testing.T) {
	t.Parallel()
	show := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.PathValue("a")+"|"+r.PathValue("rest"))
	})
	w := newWorld(t,
		Mount{Methods: []string{"GET", "HEAD"}, Path: "/x/{a}/y", Handler: show},
		Mount{Methods: []string{"GET"}, Path: "/static/{rest...}", Handler: show},
		Mount{Methods: []string{"GET"}, Path: "/x/callback/{a}", Handler: show},
	)
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/x/1/y", 200, "1|"},
		{"HEAD", "/x/1/y", 200, "1|"},
		{"GET", "/static/a/b.css", 200, "|a/b.css"},
		{"HEAD", "/static/a", 405, ""},
		{"GET", "/x/callback/z", 200, "z|"},
		{"GET", "/x/1/y/", 404, ""},
		{"GET", "/X/1/y", 404, ""},
		{"GET", "//x/1/y", 404, ""},
		{"DELETE", "/x/1/y", 405, ""},
	} {
		res := w.do(request(c.method, c.path, ""))
		if res.StatusCode != c.status || (c.body != "" && body(t, res) != c.body) {
			t.Errorf("%s %s: %d", c.method, c.path, res.StatusCode)
		}
		if c.status >= 400 && !strings.Contains(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s %s: no page", c.method, c.path)
		}
	}
}

func TestEveryKindHasAPage(t *testing.T) {
	t.Parallel()
	for file, least := range map[string]int{"../../hub/errors.go": 13, "../../hub/login/login.go": 2, "kinds.go": 6} {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			name := ""
			switch typ := spec.Type.(type) {
			case *ast.Ident:
				name = typ.Name
			case *ast.SelectorExpr:
				name = typ.Sel.Name
			}
			if name != "Kind" || len(spec.Values) != 1 {
				return true
			}
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found++
			a, ok := answers[hub.Kind(text)]
			if !ok || a.says == nil || a.status < 400 || http.StatusText(a.status) == "" {
				t.Errorf("%s: the kind %s has no page", file, text)
			}
			return true
		})
		if found < least {
			t.Errorf("%s: only %d kinds found", file, found)
		}
	}
	for k, a := range answers {
		if a.status == http.StatusBadGateway || a.status == http.StatusGatewayTimeout || a.status == http.StatusUnauthorized {
			t.Errorf("%s: status %d", k, a.status)
		}
	}
	if answerFor("unheard-of").status != 500 {
		t.Error("an unknown kind is not our fault")
	}
}

func TestNothingOfAFailureReachesTheBrowser(t *testing.T) {
	t.Parallel()
	o, w := options(t)
	o.Mounts = []Mount{{Methods: []string{"GET"}, Path: "/{kind}", Handler: http.HandlerFunc(func(wr http.ResponseWriter, r *http.Request) {
		o.Screen.Fail(wr, r, hub.E("secret.Op", hub.Kind(r.PathValue("kind")), errors.New("inner "+someone)), "/again")
	})}}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	w.Server = s
	for kind, a := range answers {
		for _, l := range locale.All() {
			res := w.do(request("GET", "/"+string(kind)+"?lang="+string(l), ""))
			page := body(t, res)
			if res.StatusCode != a.status || strings.Contains(page, "secret.Op") || strings.Contains(page, someone) {
				t.Errorf("%s: %d", kind, res.StatusCode)
			}
			said := a.says(locale.For(l))
			for _, text := range []string{said.Title, said.What, said.Next, res.Header.Get(InteractionHeader)} {
				if !strings.Contains(page, text) {
					t.Errorf("%s %s does not say %q", kind, l, text)
				}
			}
		}
	}
}

func TestNewRefusesWhatIsIncomplete(t *testing.T) {
	t.Parallel()
	ok := Mount{Methods: []string{"GET"}, Path: "/a/{x}", Handler: say("")}
	for name, spoil := range map[string]func(*Options){
		"no issuer":          func(o *Options) { o.Issuer = "" },
		"issuer with a path": func(o *Options) { o.Issuer = "https://login.example/hub" },
		"no screen":          func(o *Options) { o.Screen = nil },
		"no log":             func(o *Options) { o.Log = nil },
		"no observer":        func(o *Options) { o.Observer = nil },
		"no clock":           func(o *Options) { o.Clock = nil },
		"no randomness":      func(o *Options) { o.Random = nil },
		"no mounts":          func(o *Options) { o.Mounts = nil },
		"no method":          func(o *Options) { o.Mounts = []Mount{{Path: "/a", Handler: say("")}} },
		"no handler":         func(o *Options) { o.Mounts = []Mount{{Methods: []string{"GET"}, Path: "/a"}} },
		"path without slash": func(o *Options) { o.Mounts = []Mount{{Methods: []string{"GET"}, Path: "a", Handler: say("")}} },
		"twice":              func(o *Options) { o.Mounts = []Mount{ok, ok} },
		"at odds": func(o *Options) {
			o.Mounts = []Mount{ok, {Methods: []string{"GET"}, Path: "/a/{y}", Handler: say("")}}
		},
		"rate without burst": func(o *Options) { o.Mounts[0].Rate = Rate{Name: "x", Every: time.Second} },
		"rate of two meanings": func(o *Options) {
			o.Mounts = []Mount{ok, ok}
			o.Mounts[0].Rate, o.Mounts[1].Rate, o.Mounts[1].Path = Rate{"x", 1, time.Second}, Rate{"x", 2, time.Second}, "/b"
		},
	} {
		o, _ := options(t, ok)
		spoil(&o)
		if _, err := New(o); !errors.Is(err, hub.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want hub.Kind
	}{
		{hub.E("x", hub.Expired, context.DeadlineExceeded), hub.Expired},
		{context.DeadlineExceeded, hub.Unavailable},
		{context.Canceled, hub.Unavailable},
		{hub.E("x", hub.Invalid, &http.MaxBytesError{Limit: 1}), TooLarge},
		{errors.New("x"), hub.Internal},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}

func TestLanguageOfARequest(t *testing.T) {
	t.Parallel()
	r := request("GET", "/x?ui_locales=fr+vi+en", "")
	if got := Language(r); got != locale.Vietnamese {
		t.Errorf("ui_locales: %s", got)
	}
	if got := Language(r, "zh-CN"); got != locale.Chinese {
		t.Errorf("the login's wishes: %s", got)
	}
	r.AddCookie(&http.Cookie{Name: locale.CookieName, Value: "th"})
	if got := Language(r, "zh-CN"); got != locale.Thai {
		t.Errorf("cookie: %s", got)
	}
	r.URL.RawQuery += "&lang=en"
	if got := Language(r, "zh-CN"); got != locale.English {
		t.Errorf("chosen now: %s", got)
	}
}
