package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"onedoor/hub"
	"onedoor/hub/login"
	"onedoor/web/locale"
	"onedoor/web/visit"
	"onedoor/web/visit/visittest"
)

func TestThePagesFormsAreAccepted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.login.next["show "+tx] = choosing()
	page := w.do(get("/login/" + tx)).Body.String()
	if !strings.Contains(page, "Tax Filing") || !strings.Contains(page, "Revenue") {
		t.Error("the department and its system are not named")
	}
	w.login.next["choose thaid"], w.login.next["cancel"] = choosing(), choosing()
	choice := fields(t, page, "/login/"+tx+"/provider", false)
	choice.Set("provider", "thaid")
	for path, form := range map[string]url.Values{"/provider": choice, "/cancel": fields(t, page, "/login/"+tx+"/cancel", false)} {
		if rec := w.do(post("/login/"+tx+path, "ignored", form)); rec.Code != 303 || rec.Header().Get("Location") != "/login/"+tx {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	w.login.next["show "+tx], w.login.next["consent"] = consenting(), choosing()
	page = w.do(get("/login/" + tx + "?lang=vi")).Body.String()
	for decision, want := range map[string]login.ConsentAnswer{
		"allow":     {Accept: true, Given: []string{"name/tax"}, Language: "vi"},
		"allow all": {Accept: true, Given: []string{"name/tax", "address/post"}, Language: "vi"},
		"deny":      {Language: "vi"},
	} {
		decision, all := strings.CutSuffix(decision, " all")
		form := fields(t, page, "/login/"+tx+"/consent", all)
		form.Set("decision", decision)
		if rec := w.do(post("/login/"+tx+"/consent", "ignored", form)); rec.Code != 303 {
			t.Errorf("%s: %d", decision, rec.Code)
		}
		if got := w.login.answer; got.Accept != want.Accept || got.Language != want.Language || !slices.Equal(got.Given, want.Given) {
			t.Errorf("%s: %+v, want %+v", decision, got, want)
		}
	}
}

func TestForgedFormsAreRefused(t *testing.T) {
	t.Parallel()
	path := "/login/" + tx + "/provider"
	thaid := func() url.Values { return url.Values{"provider": {"thaid"}} }
	with := func(change func(*http.Request)) *http.Request {
		r := post(path, tx, thaid())
		change(r)
		return r
	}
	old := func(origin string) *http.Request { // a browser without Sec-Fetch-Site
		return with(func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", origin)
		})
	}
	for name, c := range map[string]struct {
		request *http.Request
		want    int
	}{
		"ours":                        {post(path, tx, thaid()), 303},
		"from another site":           {with(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }), 403},
		"from a neighbour":            {with(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") }), 403},
		"old browser, another origin": {old("https://evil.example"), 403},
		"old browser, no origin":      {old("null"), 403},
		"old browser, our origin":     {old("https://login.example"), 303},
		"no token":                    {post(path, tx, url.Values{"provider": {"thaid"}, visit.TokenField: {""}}), 403},
		"token of another login":      {post(path, strings.Repeat("c", 26), thaid()), 403},
		"token of another browser":    {post(path, tx, url.Values{"provider": {"thaid"}, visit.TokenField: {visit.Token(secret(4), tx)}}), 403},
		"token of the sign-out":       {post(path, aboutSignOut, thaid()), 403},
		"token twice":                 {post(path, tx, url.Values{"provider": {"thaid"}, visit.TokenField: {visit.Token(visittest.Binding(), tx), visit.Token(visittest.Binding(), tx)}}), 400},
		"provider twice":              {post(path, tx, url.Values{"provider": {"thaid", "bank"}}), 400},
		"no provider":                 {post(path, tx, nil), 400},
		"not a provider":              {post(path, tx, url.Values{"provider": {"../x"}}), 400},
		"not a transaction":           {post("/login/x/provider", "x", thaid()), 404},
		"too long":                    {post(path, tx, url.Values{"provider": {strings.Repeat("x", 9000)}}), 413},
		"token in the query":          {post(path+"?"+visit.TokenField+"="+visit.Token(visittest.Binding(), tx), tx, url.Values{"provider": {"thaid"}, visit.TokenField: {"x"}}), 403},
		"provider in the query":       {post(path+"?provider=thaid", tx, nil), 400},
		"malformed query":             {post(path+"?a=%zz", tx, thaid()), 400},
		"by GET":                      {get(path + "?provider=thaid"), 405},
		"no cookie":                   {with(func(r *http.Request) { r.Header.Del("Cookie") }), 400},
		"malformed cookie":            {with(func(r *http.Request) { r.Header.Set("Cookie", visit.BindingCookie+"=short") }), 400},
		"two cookies": {with(func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: visit.BindingCookie, Value: secret(4).Reveal()})
		}), 400},
		"another content type": {with(func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data; boundary=x") }), 400},
		"no content type":      {with(func(r *http.Request) { r.Header.Del("Content-Type") }), 400},
	} {
		w := newWorld(t)
		w.login.next["choose thaid"] = choosing()
		rec := w.do(c.request)
		if rec.Code != c.want {
			t.Errorf("%s: %d, want %d", name, rec.Code, c.want)
		}
		if called := len(w.login.calls) > 0; called != (c.want == 303) {
			t.Errorf("%s: calls %v", name, w.login.calls)
		}
		if strings.HasSuffix(name, "cookie") && !strings.Contains(rec.Body.String(), locale.For(locale.English).ErrCookie().Title) {
			t.Errorf("%s: the page does not speak of cookies", name)
		}
	}
}

func TestAnswersOfProvidersAreReadStrictly(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{
		"code=c&state=s": 303,
		"error=access_denied&state=s&error_description=a%20b": 303,
		"":                                  303,
		"code=c&code=d&state=s":             400,
		"code=c&state=s&state=s":            400,
		"x=1&x=2&state=s":                   400,
		"code=%zz":                          400,
		"code=c;state=s":                    400,
		"code=a%00b":                        400,
		"code=a%0d%0ab":                     400,
		"code=%ff":                          400,
		"state=" + strings.Repeat("s", 513): 400,
		"code=" + strings.Repeat("s", 5000): 400,
		"a=" + strings.Repeat("s", 9000):    400,
	} {
		w := newWorld(t)
		w.login.next["answer thaid"] = choosing()
		if rec := w.do(get("/login/callback/thaid?" + query)); rec.Code != want {
			t.Errorf("%.60q: %d, want %d", query, rec.Code, want)
		}
		if w.login.params["error_description"] != "" {
			t.Error("foreign text goes on")
		}
	}
	w := newWorld(t)
	if rec := w.do(get("/login/callback/No%20Name?state=s")); rec.Code != 404 {
		t.Errorf("not a provider: %d", rec.Code)
	}
	r := get("/login/callback/thaid?state=s")
	r.Header.Del("Cookie")
	if rec := w.do(r); rec.Code != 400 || len(w.login.calls) > 0 {
		t.Errorf("another browser: %d", rec.Code)
	}
}

func TestConsentIsAClearYesOrNo(t *testing.T) {
	t.Parallel()
	many := slices.Repeat([]string{"name/tax"}, maxGiven+1)
	for name, form := range map[string]url.Values{
		"nothing":       {"language": {"th"}},
		"something":     {"language": {"th"}, "decision": {"maybe"}},
		"no language":   {"decision": {"allow"}},
		"odd language":  {"decision": {"allow"}, "language": {"xx"}},
		"not a choice":  {"decision": {"allow"}, "language": {"th"}, "given": {"name"}},
		"long choice":   {"decision": {"allow"}, "language": {"th"}, "given": {"a/" + strings.Repeat("b", maxGivenLength)}},
		"many choices":  {"decision": {"allow"}, "language": {"th"}, "given": many},
		"empty choices": {"decision": {"allow"}, "language": {"th"}, "given": {""}},
	} {
		if a, err := readConsent(form); !errors.Is(err, hub.Invalid) || a.Accept {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
	if a, err := readConsent(url.Values{"decision": {"deny"}, "language": {"th"}, "given": {"name/tax"}}); err != nil || a.Accept || len(a.Given) > 0 {
		t.Errorf("a no with ticks: %+v %v", a, err)
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, s := range []string{"code=c&state=s", "a=1&a=2", "%zz", "code=%00", "state=a.b&iss=https%3A%2F%2Fx", "&&&=&=", "code=%ff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		params, err := readAnswer(query)
		if err != nil {
			if !errors.Is(err, hub.Invalid) {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatalf("%q was accepted", query)
		}
		for name, v := range params {
			if answerParams[name] == 0 || len(v) > answerParams[name] || len(values[name]) != 1 || values[name][0] != v || strings.ContainsAny(v, "\r\n\x00") {
				t.Fatalf("%q gives %q=%q", query, name, v)
			}
		}
	})
}

func FuzzReadConsent(f *testing.F) {
	for _, s := range []string{"decision=allow&given=name/tax&language=th", "decision=deny&language=zh", "decision=allow&decision=deny", "given=%00/x&decision=allow&language=en"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		a, err := readConsent(form)
		if err != nil {
			return
		}
		if a.Accept && form.Get("decision") != "allow" || !a.Accept && len(a.Given) > 0 || len(a.Given) > maxGiven {
			t.Fatalf("%q reads as %+v", body, a)
		}
		if _, ok := locale.Parse(a.Language); !ok {
			t.Fatalf("language %q", a.Language)
		}
	})
}
