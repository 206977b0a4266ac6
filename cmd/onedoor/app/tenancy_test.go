package app

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"onedoor/hub"
)

var updateTenancy = flag.Bool("update", false, "rewrite the golden files")

const tenancyFile = "testdata/tenancy.txt"

// Invariant 10 over the whole running hub: every route of the engine is asked as everybody, for what is department alpha's, citizen X's and entity E's.
// testdata/tenancy.txt says who may; what no table may say otherwise is checked beside it:
//
//   - who is not its owner changes nothing, and nobody's own forms touch a row of X's or E's;
//   - no answer holds a mark that is not for whoever asked;
//   - who may not is told the same about what is somebody else's and about what is not there;
//   - what a stranger may at their own place they may not with somebody else's things in the form;
//   - a request that nobody may do at all would prove nothing: its owner can.
func TestInvariant10_EveryRouteAsEverybody(t *testing.T) {
	t.Parallel()
	w := newTenancy(t)
	l := newLedger(t, w.h)
	known := tries()
	var table strings.Builder
	fmt.Fprintf(&table, "# Who may what of department alpha's, citizen X's and entity E's: each route of the hub, what it did (changes, or a status), and for whom.\n# Written by `go test ./cmd/onedoor/app -run TestInvariant10_EveryRouteAsEverybody -update`, to be read by people: see tenancy_test.go.\n")
	for _, route := range w.routes() {
		list, listed := known[route]
		delete(known, route)
		if !listed {
			if method, path, _ := strings.Cut(route, " "); method != http.MethodGet && method != http.MethodHead || w.unfilled(path) != "" {
				t.Errorf("%s is not tried: say in tries (tenancy_routes_test.go) how to ask it well and whose what it changes is; then run this test with -update and read what it wrote into %s", route, tenancyFile)
				continue
			}
			list = []try{{}}
		}
		for n, x := range list {
			w.tryAll(l, &table, route, n, x.whoseOf(route))
		}
	}
	for route := range known {
		t.Errorf("%s is listed in tries (tenancy_routes_test.go), and there is no such route any more: take it out", route)
	}
	if *updateTenancy {
		if err := os.WriteFile(tenancyFile, []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(tenancyFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := differing(string(want), table.String()); diff != "" {
		t.Errorf("who may what is another than %s says. Where that is meant: run this test with -update, and have the change of the file read.\n%s", tenancyFile, diff)
	}
	t.Logf("%d requests", w.calls)
}

// routes lists what the engine has, in the words of server.Mount.
func (w *tenancy) routes() (all []string) {
	for _, r := range w.serve.(*gin.Engine).Routes() { //nolint:forcetypeassert // web/server gives its engine
		parts := strings.Split(r.Path, "/")
		for i, p := range parts {
			if name, ok := strings.CutPrefix(p, ":"); ok {
				parts[i] = "{" + name + "}"
			}
			if name, ok := strings.CutPrefix(p, "*"); ok {
				parts[i] = "{" + name + "...}"
			}
		}
		all = append(all, r.Method+" "+strings.Join(parts, "/"))
	}
	slices.SortFunc(all, func(a, b string) int {
		am, ap, _ := strings.Cut(a, " ")
		bm, bp, _ := strings.Cut(b, " ")
		return strings.Compare(ap+" "+am, bp+" "+bm)
	})
	return all
}

var braces = regexp.MustCompile(`\{[a-z.]+\}`)

// unfilled gives the first word in braces of which there is no thing.
func (w *tenancy) unfilled(path string) string {
	for _, name := range braces.FindAllString(path, -1) {
		if w.things[strings.Trim(name, "{}")] == "" {
			return name
		}
	}
	return ""
}

// fill puts things in the place of words in braces.
func fill(text string, things map[string]string) string {
	return braces.ReplaceAllStringFunc(text, func(name string) string {
		if is, ok := things[strings.Trim(name, "{}")]; ok {
			return is
		}
		return name
	})
}

// ask puts a try together with things.
func (x try) ask(route string, things map[string]string) wish {
	method, path, _ := strings.Cut(route, " ")
	if x.path != "" {
		path = x.path
	}
	if x.query != "" {
		path += "?" + x.query
	}
	a := wish{method: method, path: fill(path, things), form: fill(x.form, things), about: fill(x.about, things), cookie: fill(x.cookie, things), basic: x.basic, headers: map[string]string{}}
	if x.json != "" {
		a.json = jsonFill(x.json, things)
	}
	if x.text != "" {
		a.form, a.headers["Content-Type"] = x.text, "text/csv"
	}
	if strings.HasPrefix(path, "/api/") && method == http.MethodPost {
		a.headers["Idempotency-Key"] = hub.NewID(hub.Randomness())
	}
	if x.match != "" {
		a.headers["If-Match"] = `"` + fill(x.match, things) + `"`
	}
	return a
}

// jsonFill leaves the braces of objects alone.
func jsonFill(text string, things map[string]string) string {
	for name, is := range things {
		text = strings.ReplaceAll(text, `"{`+name+`}"`, `"`+is+`"`)
	}
	return text
}

// outcome is what became of a request.
type outcome struct {
	asked   wish
	word    string
	answer  *httptest.ResponseRecorder
	written []written
}

// ask sends and sees what was written, which is taken back.
func (w *tenancy) ask(l *ledger, a *actor, x wish) outcome {
	o := outcome{asked: x, answer: w.send(a, x), written: l.taken()}
	o.word = fmt.Sprint(o.answer.Code)
	changed := slices.ContainsFunc(o.written, func(x written) bool { return !x.passing() })
	switch body := o.answer.Body.String(); {
	case changed:
		o.word = "changes"
	case o.answer.Code == http.StatusOK && (a.secret.IsZero() || strings.HasSuffix(a.name, "-weak") && strings.HasPrefix(x.path, "/console")) && strings.Contains(body, `sign-in"`):
		o.word = "sign-in"
	}
	return o
}

// tryAll asks as everybody and writes the part of the table.
func (w *tenancy) tryAll(l *ledger, table *strings.Builder, route string, n int, x try) {
	t := w.t
	method, _, _ := strings.Cut(route, " ")
	words := map[string][]string{}
	done := false
	for _, a := range w.askers(route, x) {
		w.things["me"], w.unknown["me"] = a.name, a.name
		good := x.ask(route, w.things)
		o := w.ask(l, a, good)
		what := fmt.Sprintf("%s (%d) as %s", route, n+1, a.name)
		w.check(what, a, x, method, o)
		words[o.word] = append(words[o.word], a.name)
		done = done || o.word == "changes"
		if a.of(x.whose) || x.also != "" && a.of(x.also) || x.whose == nobodys || a.of("platform") && x.whose == "alpha" || slices.ContainsFunc(x.knows, a.of) {
			continue
		}
		if x.cookie != "" { // who holds the secret of an invitation may know that there is one
			continue
		}
		// What is somebody else's, and what is not there, are the same to a stranger: as it was asked, and among the stranger's own.
		nowhere := maps.Clone(w.unknown)
		mine := x.ask(route, with(w.things, a.own))
		if same(mine, good) {
			maps.Copy(nowhere, a.own) // it is their own place already
		}
		w.alike(l, what, a, o, x.ask(route, nowhere))
		if len(a.own) == 0 || x.whose == own || same(mine, good) {
			continue
		}
		o = w.ask(l, a, mine)
		theirs := x
		theirs.whose = own // what they may do there touches nothing of anybody else's
		w.check(what+" among their own", a, theirs, method, o)
		w.alike(l, what+" among their own", a, o, x.ask(route, with(w.unknown, a.own)))
	}
	if method != http.MethodGet && method != http.MethodHead && x.quiet == "" && !done {
		t.Errorf("%s (%d): nobody can do it, so that its refusals prove nothing", route, n+1)
	}
	title := route
	if n > 0 {
		title += fmt.Sprintf(" (%s)", strings.Trim(x.form+x.query+x.json, "&"))
	}
	fmt.Fprintf(table, "\n%s\n", title)
	most := slices.MaxFunc(slices.Sorted(maps.Keys(words)), func(a, b string) int { return len(words[a]) - len(words[b]) })
	for _, word := range slices.Sorted(maps.Keys(words)) {
		if word != most {
			fmt.Fprintf(table, "  %-8s %s\n", word, strings.Join(words[word], " "))
		}
	}
	everybody := "everybody else"
	if len(words) == 1 {
		everybody = "everybody"
	}
	fmt.Fprintf(table, "  %-8s %s\n", most, everybody)
}

// askers are those whose asking can tell anything: what is nobody's is the same for all staff and all citizens, programs bring no cookies to a page, and a client's secret is all that counts where one is asked for.
func (w *tenancy) askers(route string, x try) (all []*actor) {
	_, path, _ := strings.Cut(route, " ")
	programs := x.basic || slices.ContainsFunc([]string{"/api/", "/ssf/", "/oauth2/", "/access/"}, func(p string) bool { return strings.HasPrefix(path, p) })
	for _, a := range w.actors {
		switch {
		case x.whose == nobodys && !slices.Contains([]string{"nobody", "citizen-x", "department-administrator-beta", "program-alpha", "program-beta"}, a.name):
		case x.basic && a.client == "" && a.name != "nobody" && a.name != "citizen-x", !programs && a.client != "":
		default:
			all = append(all, a)
		}
	}
	return all
}

func with(things, more map[string]string) map[string]string {
	all := maps.Clone(things)
	maps.Copy(all, more)
	return all
}

// curious are those who are told the same of what is somebody else's and of what is not there, one for each way of having nothing to do with it.
var curious = []string{
	"nobody", "citizen-x", "citizen-y", "master-e", "operator-e", "master-f", "platform-administrator", "department-administrator-alpha", "help-desk-alpha",
	"department-administrator-beta", "reviewer-beta", "reviewer-south", "program-alpha", "program-beta",
}

// alike holds a refusal to what is answered where there is no such thing.
func (w *tenancy) alike(l *ledger, what string, a *actor, o outcome, nowhere wish) {
	if o.word == "changes" || o.answer.Code < 400 && o.asked.method == http.MethodGet || same(o.asked, nowhere) {
		return // they may, or nothing in it could be missing
	}
	if !slices.Contains(curious, a.name) {
		return // they are like others
	}
	p := w.ask(l, a, nowhere)
	if got, want := w.plain(o.answer), w.plain(p.answer); got != want {
		w.t.Errorf("%s: what is somebody else's is answered otherwise than what is not there\n%d %s\n%d %s", what,
			o.answer.Code, firstDifference(got, want), p.answer.Code, firstDifference(want, got))
	}
}

func same(a, b wish) bool {
	return a.path == b.path && a.form == b.form && a.json == b.json && a.cookie == b.cookie
}

// check holds an answer and what was written to what no table may say otherwise.
func (w *tenancy) check(what string, a *actor, x try, method string, o outcome) {
	t := w.t
	if o.answer.Code >= 500 && !strings.HasSuffix(o.asked.path, "/soap") { // a SOAP fault comes with 500 (SOAP 1.1, section 6.2)
		t.Errorf("%s: %d %s", what, o.answer.Code, o.answer.Body)
	}
	shown := o.answer.Body.String() + fmt.Sprint(o.answer.Result().Header)
	for _, m := range w.marks {
		said := strings.Contains(o.asked.path+o.asked.form+o.asked.json, m.text) // who asked knows it already
		if !said && strings.Contains(shown, m.text) && !slices.ContainsFunc(m.to, a.of) {
			t.Errorf("%s: %d shows %s: %q", what, o.answer.Code, m.what, m.text)
		}
	}
	for _, row := range o.written {
		switch {
		case a.of(x.whose), x.also != "" && a.of(x.also), x.whose == "alpha" && a.of("platform"):
		case !row.passing() && (x.whose != own || method == http.MethodGet):
			t.Errorf("%s: %d changes %s: %s", what, o.answer.Code, row.table, row.row)
		case w.foreign(row.row, a) != "":
			t.Errorf("%s: %d changes what is %s in %s: %s", what, o.answer.Code, w.foreign(row.row, a), row.table, row.row)
		}
	}
}

// foreign tells whose a row is that somebody has no business with; "" where it is nobody's in particular.
func (w *tenancy) foreign(row string, a *actor) string {
	for whose, id := range map[string]string{
		"citizen-x": string(w.actor("citizen-x").account), "entity-e": w.things["entity"], "master-e": string(w.actor("master-e").account), "operator-e": string(w.actor("operator-e").account),
		"alpha": w.things["post"], "platform": w.things["post.platform"],
	} {
		if strings.Contains(row, id) && !a.of(whose) && !(whose == "entity-e" && a.of("operator-e")) {
			return whose + "'s"
		}
	}
	return ""
}

var reference = regexp.MustCompile(`[a-z2-7]{26}|[A-Za-z0-9_-]{43}|"[0-9]+"`)

// plain is an answer without what differs each time: reference numbers, and the things that were asked about.
func (w *tenancy) plain(r *httptest.ResponseRecorder) string {
	h := r.Result().Header.Clone()
	h.Del("Set-Cookie")
	h.Del("Content-Length")
	text := fmt.Sprint(r.Code, h, r.Body)
	return strings.NewReplacer("gamma", "alpha", w.things["sitting"], w.unknown["sitting"]).Replace(reference.ReplaceAllString(text, "#"))
}

// firstDifference gives the surroundings of where two texts part.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("%q", a[max(0, i-80):min(len(a), i+160)])
}

// differing gives the lines that only one of two texts has.
func differing(want, got string) string {
	var out strings.Builder
	section := ""
	has := func(text string) map[string]bool {
		all := map[string]bool{}
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, " ") {
				section = line
			}
			all[section+line] = true
		}
		return all
	}
	before, after := has(want), has(got)
	for _, line := range slices.Sorted(maps.Keys(before)) {
		if !after[line] {
			fmt.Fprint(&out, "- "+strings.ReplaceAll(strings.TrimSpace(line), "\n", ": ")+"\n")
		}
	}
	for _, line := range slices.Sorted(maps.Keys(after)) {
		if !before[line] {
			fmt.Fprint(&out, "+ "+strings.ReplaceAll(strings.TrimSpace(line), "\n", ": ")+"\n")
		}
	}
	return out.String()
}
