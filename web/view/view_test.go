package view

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"onedoor/hub"
	"onedoor/hub/consent"
	"onedoor/hub/login"
	"onedoor/web/locale"
)

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'{{.T}}`

func TestTextFromOutsideIsEscaped(t *testing.T) {
	t.Parallel()
	v := newView(t)
	bad := words(hostile, hostile, hostile, hostile)
	system := login.System{Names: bad, Owner: bad, Complaint: "javascript:alert(1)" + hostile}
	for name, page := range map[string]Page{
		"choose": ChoosePage{
			System: system, Action: action, Token: hostile, Problem: hub.Refused, ProblemAt: bad,
			Choices: []login.Choice{{ID: hostile, Names: bad, Restricted: true}},
		},
		"wait": WaitPage{System: system, Path: action, Provider: bad, Seconds: 1},
		"consent": ConsentPage{System: system, Action: action, Token: hostile, Higher: true, Rules: []consent.Rule{
			{Attribute: hostile, Purpose: hostile, Text: bad, Effect: bad, Basis: consent.ByConsent},
			{Attribute: hostile, Purpose: hostile, Text: bad, Effect: bad, Basis: consent.ByConsent, Required: true},
			{Attribute: hostile, Purpose: hostile, Text: bad, Basis: consent.Basis(hostile)},
		}},
		"register": RegisterPage{Entries: []RegisterEntry{{Names: bad, Status: RegisterStatus(hostile)}}},
		"consents": ConsentsPage{Token: hostile, Systems: []ConsentsSystem{{
			System: login.System{ID: hostile, Names: bad, Owner: bad}, Given: true,
			Choices: []ConsentsChoice{{Attribute: hostile, Text: bad, Decision: consent.Decision(hostile)}},
		}}},
		"leave": LeavePage{URL: "https://rp.example/cb?x=%22%3E%3Cscript%3E&y=" + hostile},
	} {
		got := render(t, v, Frame{Lang: locale.English, Path: action + hostile, Interaction: hostile}, page)
		doc, err := html.Parse(strings.NewReader(got))
		if err != nil {
			t.Fatal(err)
		}
		if len(tags(doc, "script")) > 0 || len(tags(doc, "img")) != 1 {
			t.Errorf("%s lets markup through", name)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("%s: %s=%q", name, a.Key, a.Val)
				}
			}
		}
	}
}

func TestLeaveURL(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://bank.example/a?b=c%20d&e=f": "https://bank.example/a?b=c%20d&e=f",
		"http://revenue.localhost:8443/cb":   "http://revenue.localhost:8443/cb",
		"th.go.example.app:/cb?code=x":       "th.go.example.app:/cb?code=x",
		`https://h.example/?a="b' c`:         "https://h.example/?a=%22b%27%20c",
		"javascript:alert(1)":                "",
		"JaVaScRiPt:alert(1)":                "",
		"data:text/html,x":                   "",
		"blob:https://x":                     "",
		"//evil.example":                     "",
		"/relative":                          "",
		"https:///nohost":                    "",
		"https://user:pw@h.example/":         "",
		"https://h.example/\nx":              "",
		" javascript:alert(1)":               "",
		"":                                   "",
	} {
		got, err := LeaveURL(raw)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
}

func FuzzLeaveURL(f *testing.F) {
	for _, s := range []string{"https://bank.example/a?b=c", "app.x:/cb", "javascript:x", "https://h/?\"';,", "0;url=javascript:x"} {
		f.Add(s)
	}
	v := newView(f)
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := LeaveURL(raw)
		if err != nil {
			return
		}
		again, err := LeaveURL(u)
		if err != nil || again != u {
			t.Fatalf("%q reads as %q, and that as %q, %v", raw, u, again, err)
		}
		doc, err := html.Parse(strings.NewReader(render(t, v, Frame{Lang: locale.Thai}, LeavePage{URL: u})))
		if err != nil {
			t.Fatal(err)
		}
		for _, meta := range find(doc, func(n *html.Node) bool { return value(n, "http-equiv") == "refresh" }) {
			target, ok := strings.CutPrefix(value(meta, "content"), "0; url=")
			if !ok || strings.ContainsAny(target, "\"' \n\r\t<>") || strings.HasPrefix(strings.ToLower(target), "javascript:") {
				t.Fatalf("refresh %q", value(meta, "content"))
			}
		}
	})
}

func TestCON02_NothingIsTickedAndRefusalIsAsEasyAsConsent(t *testing.T) {
	t.Parallel()
	v := newView(t)
	doc, err := html.Parse(strings.NewReader(render(t, v, frame("consent", locale.English), fixtures()["consent"])))
	if err != nil {
		t.Fatal(err)
	}
	var boxes, hidden []string
	for _, in := range tags(doc, "input") {
		if value(in, "name") != "given" {
			continue
		}
		if value(in, "type") == "checkbox" {
			boxes = append(boxes, value(in, "value"))
		} else {
			hidden = append(hidden, value(in, "value"))
		}
	}
	if got := strings.Join(boxes, " "); got != "address/prefill address/letters" {
		t.Errorf("CON-07: choices %q", got)
	}
	if got := strings.Join(hidden, " "); got != "citizen_id/tax-return" {
		t.Errorf("needed by consent %q: what is told must not be given", got)
	}
	var decisions []string
	for _, b := range tags(doc, "button") {
		decisions = append(decisions, value(b, "value")+" "+strings.Fields(value(b, "class"))[0])
	}
	if got := strings.Join(decisions, ", "); got != "allow button, deny button" {
		t.Errorf("buttons %q", got)
	}
}

func TestLIF03_ASuspendedAccountIsToldWhy(t *testing.T) {
	t.Parallel()
	v := newView(t)
	p := ChoosePage{System: revenue(), Action: action, Choices: choices(), Problem: hub.Suspended, ProblemAt: choices()[0].Names}
	for reason, want := range map[string]string{
		"suspended": locale.For(locale.English).AccountSuspended(), "terminated": locale.For(locale.English).AccountTerminated(),
		"": locale.For(locale.English).ProblemSuspended("ThaID app"),
	} {
		p.Reason = reason
		if got := render(t, v, frame("choose", locale.English), p); !strings.Contains(got, want) {
			t.Errorf("%q: does not say %q", reason, want)
		}
	}
}

func TestEveryProblemAttributeBasisAndLevelHasWords(t *testing.T) {
	t.Parallel()
	for _, l := range locale.All() {
		d := &data{Frame: Frame{Lang: l}, T: locale.For(l)}
		for _, n := range hub.AttributeNames() {
			if d.Attribute(n) == string(n) {
				t.Errorf("%s: attribute %s has no name", l, n)
			}
		}
		for _, b := range []consent.Basis{
			consent.ByLegalDuty, consent.ByPublicTask, consent.ByContract, consent.ByVitalInterest, consent.ByLegitimate, consent.ByArchiveStatistic,
		} {
			if d.Basis(b) == "" {
				t.Errorf("%s: basis %s has no words", l, b)
			}
		}
		for _, k := range []hub.Kind{
			hub.Denied, hub.Unavailable, hub.LevelUnmet, hub.Refused, hub.Expired, hub.Suspended, hub.TooMany, hub.Internal, "something-new",
		} {
			if got := d.Problem(ChoosePage{Problem: k, ProblemAt: hub.Text{"th": "X"}}); len(got) != 2 || !strings.Contains(got[0], "X") {
				t.Errorf("%s: problem %s: %q", l, k, got)
			}
		}
		for _, k := range []hub.Kind{hub.Conflict, hub.LevelUnmet, hub.Refused, hub.Expired, hub.Suspended, hub.Unavailable, hub.TooMany, hub.Internal} {
			if got := d.Problem(ChoosePage{Problem: k}); len(got) != 2 || got[0] == "" || got[0] == d.T.ProblemOther("") {
				t.Errorf("%s: problem %s at nobody: %q", l, k, got)
			}
		}
		if d.Problem(ChoosePage{}) != nil {
			t.Errorf("%s: a problem out of nothing", l)
		}
	}
	d := &data{T: locale.For(locale.English)}
	for _, c := range []struct{ got, want string }{
		{d.Identity(hub.IALNone), d.T.IdentityAny()},
		{d.Identity(hub.IAL13), d.T.IdentityBasic()},
		{d.Identity(hub.IAL21), d.T.IdentityChecked()},
		{d.Identity(hub.IAL23), d.T.IdentityChecked()},
		{d.Identity(hub.IAL3), d.T.IdentityHigh()},
		{d.SignIn(hub.AALNone), d.T.SignInAny()},
		{d.SignIn(hub.AAL1), d.T.SignInOne()},
		{d.SignIn(hub.AAL22), d.T.SignInTwo()},
		{d.SignIn(hub.AAL3), d.T.SignInKey()},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestATextInAnotherLanguageSaysSo(t *testing.T) {
	t.Parallel()
	system := revenue()
	system.Names = hub.Text{"th": "ชื่อไทย"}
	got := render(t, newView(t), frame("choose", locale.Vietnamese), ChoosePage{System: system, Action: action})
	if !strings.Contains(got, `<p class="service-name"><span lang="th">ชื่อไทย</span></p>`) {
		t.Error("WCAG 3.1.2: the foreign name has no lang")
	}
}

func TestRenderWritesHeadersAndNothingOnAFault(t *testing.T) {
	t.Parallel()
	v, w := newView(t), httptest.NewRecorder()
	if err := v.Render(w, http.StatusTeapot, Frame{Lang: locale.Chinese}, StartPage{}); err != nil {
		t.Fatal(err)
	}
	h := w.Result().Header
	if w.Code != http.StatusTeapot || h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Content-Language") != "zh-Hans" ||
		h.Get("Cache-Control") != "no-store" || h.Get("Content-Length") == "" {
		t.Errorf("%d %v", w.Code, h)
	}
	w = httptest.NewRecorder()
	w.Code = 0
	if err := v.Render(w, 200, Frame{Lang: locale.Thai}, LeavePage{URL: "javascript:alert(1)"}); hub.KindOf(err) != hub.Internal {
		t.Errorf("error %v", err)
	}
	if w.Code != 0 || w.Body.Len() > 0 || len(w.Result().Header) > 0 {
		t.Error("half a page was written")
	}
}

func TestStaticFilesAreImmutableAndOnlyTheKnownOnes(t *testing.T) {
	t.Parallel()
	v := newView(t)
	for path, want := range map[string]int{
		v.site.CSS: 200, v.site.Mark: 200, "/static/": 404, "/static/app.css": 404, "/static/../view.go": 404, v.site.CSS + "/": 404,
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/static/", nil)
		r.URL.Path = path
		v.Static().ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if want == 200 && (w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || w.Body.Len() == 0) {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
}

func TestNewRefusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Options){
		"platform in one language only": func(o *Options) { o.Platform = hub.Text{"th": "x"} },
		"no operator":                   func(o *Options) { o.Operator = nil },
		"no address":                    func(o *Options) { o.Address = "" },
		"address without scheme":        func(o *Options) { o.Address = "login.example" },
		"no zone":                       func(o *Options) { o.Zone = nil },
		"no help":                       func(o *Options) { o.Help = Help{} },
		"help over http":                func(o *Options) { o.Help.URL = "http://help.example" },
		"phone with letters":            func(o *Options) { o.Help.Phone = "call me" },
	} {
		o := testOptions()
		spoil(&o)
		if _, err := New(o); hub.KindOf(err) != hub.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkRenderChoose(b *testing.B) {
	v, p := newView(b), fixtures()["choose"]
	f := frame("choose", locale.Thai)
	b.ReportAllocs()
	for b.Loop() {
		if err := v.Render(httptest.NewRecorder(), 200, f, p); err != nil {
			b.Fatal(err)
		}
	}
}

// Every page in every language is under 60 KB, without its style sheet, which a browser keeps; that one is too.
func TestPagesAreSmall(t *testing.T) {
	t.Parallel()
	const most = 60 << 10 // bytes
	v := newView(t)
	for name, page := range fixtures() {
		for _, l := range locale.All() {
			if n := len(render(t, v, frame(name, l), page)); n > most {
				t.Errorf("%s in %s has %d bytes", name, l, n)
			}
		}
	}
	for name, a := range v.static.byURL {
		if len(a.body) > most {
			t.Errorf("%s has %d bytes", name, len(a.body))
		}
	}
}

// A person's longest page: a screen of their history.
func BenchmarkRenderHistory(b *testing.B) {
	v, page := newView(b), HistoryPage{}
	for range 40 {
		page.Entries = append(page.Entries, portalFixtures()["history"].(HistoryPage).Entries[1])
	}
	f := frame("history", locale.Thai)
	for b.Loop() {
		render(b, v, f, page)
	}
}

// Every page that there is, in Thai, whose letters take the most bytes: under 5 ms each on an idle machine.
func BenchmarkRenderEveryPage(b *testing.B) {
	v := newView(b)
	all := fixtures()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			f := frame(name, locale.Thai)
			b.ReportAllocs()
			for b.Loop() {
				render(b, v, f, all[name])
			}
		})
	}
}
