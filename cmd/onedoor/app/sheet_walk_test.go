package app

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/federation/simulator/cast"
	"onedoor/federation/simulator/registry"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/tenants/staff"
)

// unreached are the routes for browsers that nobody comes to by a link, with the reason. One that ends in a slash stands for all below it.
var unreached = map[string]string{
	"/static/":                               "style, script and pictures: no pages",
	"/oauth2/":                               "protocol: systems send browsers there",
	"/saml2/":                                "protocol",
	"/forward/":                              "protocol: of systems behind a proxy",
	"/login/":                                "the steps of a sign-in, and where identity providers lead back to: everybody comes through them",
	"/logout/upstream/":                      "protocol: of sign-outs that begin at an identity provider",
	"/signed-out/":                           "after a sign-out: TestSSO02 comes there",
	"/act/{invitation}":                      "the operator's invitation: it is walked, and leads on at once, so that its secret stands in no address",
	"/join/{invitation}":                     "invitations to posts: the same",
	"/console/edit-item/{department}/{item}": "of a service item that was made in the console: the demo's are kept by files",
	"/me/counter/{sitting}":                  "what a clerk shows at a counter is scanned or typed in: TestBND02_AClerkComparesAndBinds comes there",
	"/console/campaigns/{campaign}":          "of a sign-out that is under way, or could not be told: which one is, changes by the moment",
	"/staff/bindings/{binding}":              "of a record that is suspended, or found by its number: TestBND05_TiePages (web/console) and TestInvariant10 come there",
	"/console/record/_/{event}":              "a proof to keep, in a file",
}

// excused reports whether a route is one that nobody needs to come to.
func excused(route string) bool {
	for pattern := range unreached {
		if route == pattern || route+"/" == pattern || strings.HasSuffix(pattern, "/") && strings.HasPrefix(route, pattern) {
			return true
		}
	}
	return false
}

// stage is a walk of the sheet.
type stage struct {
	t       *testing.T
	d       *Demo
	routes  *http.ServeMux
	reached map[string]string // by route: who was there first
}

// player is one of the people of the sheet, at a browser of their own.
type player struct {
	*walker
	role cast.Role
}

func (s *stage) play(key string) *player {
	s.t.Helper()
	all := s.d.Sheet.Roles()
	i := slices.IndexFunc(all, func(r cast.Role) bool { return r.Key == key })
	if i < 0 {
		s.t.Fatalf("nobody plays %s", key)
	}
	return &player{newWalker(s.t, s.d), all[i]}
}

// route gives the route of an address at the hub; "" for another party's.
func (s *stage) route(u *url.URL) string {
	if u.Scheme+"://"+u.Host != s.d.URL(hubHost) {
		return ""
	}
	_, pattern := s.routes.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: u.Path}})
	return strings.TrimPrefix(pattern, "GET ")
}

// note marks where a player is.
func (s *stage) note(p *player, page *formbrowser.Page) {
	s.t.Helper()
	switch route := s.route(page.URL); {
	case page.Status != http.StatusOK:
		s.t.Errorf("%s: %s answers %d", p.role.Key, page.URL.Path, page.Status)
	case s.reached[route] == "" && !excused(route):
		s.reached[route] = p.role.Key
	}
}

// around opens every link of the role, and from there every page of the hub that is linked to: of each route one.
func (s *stage) around(p *player) {
	s.t.Helper()
	seen := map[string]bool{}
	var next []string
	for _, l := range p.role.Pages {
		next = append(next, l.URL)
	}
	for len(next) > 0 {
		page := p.must(p.b.Open(s.t.Context(), next[0]))
		next = next[1:]
		route := s.route(page.URL)
		if route == "" {
			continue
		}
		s.note(p, page)
		if page.FormWith("page") != nil || strings.Contains(page.Body, `action="/console/_/sign-in"`) {
			s.t.Errorf("%s: %s asks for a sign-in", p.role.Key, page.URL.Path)
		}
		for _, to := range page.Links() {
			if route := s.route(to); route != "" && !seen[route] && !excused(route) {
				seen[route] = true
				next = append(next, to.String())
			}
		}
	}
}

// signInForEntities signs the player in at the page of entities, as strongly as it asks.
func (p *player) signInForEntities() *formbrowser.Page {
	p.t.Helper()
	page := p.must(p.b.Open(p.t.Context(), p.d.URL(hubHost)+"/entities"))
	return p.prove(p.at(page, "/entities/sign-in", nil), "thaid", p.role.Person.Key)
}

// at sends the form whose action ends so, with what is typed into it.
func (p *player) at(page *formbrowser.Page, action string, fill map[string]string) *formbrowser.Page {
	p.t.Helper()
	for _, f := range page.Forms() {
		if !strings.HasSuffix(f.Action.Path, action) {
			continue
		}
		for name, value := range fill {
			f.Fields.Set(name, value)
		}
		return p.must(f.Press(p.t.Context(), "", ""))
	}
	p.t.Fatal(page.Errorf("no form %s", action))
	return nil
}

var (
	invitationLink = regexp.MustCompile(`https?://[^<\s]+/act/[A-Za-z0-9_-]+`)

	bankChoice = regexp.MustCompile(`type="radio" name="([^"]+)" value="([^"]+)"`)
	numberName = regexp.MustCompile(`name="([^"]+)" inputmode="numeric"`)
	phoneCode  = regexp.MustCompile(`class="code"><code>([^<]+)<`)
)

// until opens a page again until it is as it should be.
func (p *player) until(address string, is func(*formbrowser.Page) bool) *formbrowser.Page {
	p.t.Helper()
	patient, stop := context.WithTimeout(p.t.Context(), patience)
	defer stop()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		page := p.must(p.b.Open(p.t.Context(), address))
		if is(page) {
			return page
		}
		select {
		case <-again.C:
		case <-patient.Done():
			p.t.Fatal(page.Errorf("it stays so"))
		}
	}
}

// overNDID signs the player in on the page on which providers are chosen.
func (p *player) overNDID(page *formbrowser.Page) *formbrowser.Page {
	p.t.Helper()
	page = p.press(page, "provider", "ndid")
	bank, number := bankChoice.FindStringSubmatch(page.Body), numberName.FindStringSubmatch(page.Body)
	if bank == nil || number == nil {
		p.t.Fatal(page.Errorf("no banks or no number"))
	}
	page = p.at(page, "/input", map[string]string{bank[1]: bank[2], number[1]: p.role.Person.CitizenID})
	code := phoneCode.FindStringSubmatch(page.Body)
	if code == nil {
		p.t.Fatal(page.Errorf("no code"))
	}
	acceptOnPhone(p.t, p.d, p.role.Person.Key, strings.TrimSpace(code[1]))
	return p.until(page.URL.String(), func(page *formbrowser.Page) bool { return !phoneCode.MatchString(page.Body) })
}

// join takes a post by the address of its invitation.
func (p *player) join(address string) {
	p.t.Helper()
	page := p.must(p.b.Open(p.t.Context(), address))
	if strings.Contains(page.Body, `action="/staff/sign-in"`) {
		page = p.overNDID(p.at(page, "/staff/sign-in", nil))
	}
	if page = p.at(page, "/staff/join", nil); page.Status != http.StatusOK {
		p.t.Fatal(page.Errorf("not joined"))
	}
}

// ask asks social security which record is the player's, with what they showed kept where they wish.
func (p *player) ask(keep bool) {
	p.t.Helper()
	page := p.must(p.b.Open(p.t.Context(), p.d.URL(hubHost)+"/me/records"))
	for _, f := range page.Forms() {
		if f.Action.Path != "/me/records/ask" {
			continue
		}
		if keep {
			boxes := f.Boxes("keep")
			if len(boxes) == 0 {
				p.t.Fatal(page.Errorf("nothing to keep"))
			}
			if err := f.Tick("keep", boxes[0]); err != nil {
				p.t.Fatal(err)
			}
		}
		p.must(f.Press(p.t.Context(), "", ""))
		return
	}
	p.t.Fatal(page.Errorf("nothing to ask"))
}

// complain writes to a department, or to the platform.
func (p *player) complain(to string) {
	p.t.Helper()
	page := p.must(p.b.Open(p.t.Context(), p.d.URL(hubHost)+"/me/complaints"))
	page = p.at(page, "/me/complaints", map[string]string{"to": to, "kind": "complaint", "text": "The letter never came, and nobody answers."})
	if page.URL.Query().Get("filed") == "" {
		p.t.Fatal(page.Errorf("not filed"))
	}
}

// Six prepared people reach every page that the hub has for browsers, by the sheet's links and by what the pages link to; each goes the sheet's own
// steps first. Nothing but forms is used.
func TestSheet_EveryPageIsReachedByOneOfSix(t *testing.T) {
	t.Parallel()
	d, hubs, _ := startNodes(t, 1, "")
	office, err := hubs[0].officeMounts()
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t, d, http.NewServeMux(), map[string]string{}}
	var routes []string
	for _, m := range append(hubs[0].mounts(), office...) {
		if !slices.Contains(m.Methods, http.MethodGet) || m.Machine {
			continue
		}
		pattern := m.Path
		if pattern == "/" {
			pattern += "{$}"
		}
		s.routes.Handle("GET "+pattern, http.NotFoundHandler())
		routes = append(routes, pattern)
	}
	if n := len(d.Sheet.Roles()); n != 6 {
		t.Fatalf("%d people", n)
	}
	visitor := newWalker(t, d)
	first := visitor.must(visitor.b.Open(t.Context(), d.URL(sheetHost)))
	for _, r := range d.Sheet.Roles() {
		for _, l := range slices.Concat(r.Steps, r.Pages) {
			if !slices.ContainsFunc(first.Links(), func(u *url.URL) bool { return strings.TrimSuffix(u.String(), "/") == strings.TrimSuffix(l.URL, "/") }) {
				t.Errorf("%s: the sheet has no link to %s", r.Key, l.URL)
			}
		}
	}

	citizen := s.play("citizen")
	citizen.login(socialHost, "thaid", "mali")
	citizen.ask(false)
	citizen.complain("revenue")
	citizen.complain("platform")
	s.around(citizen)

	newcomer := s.play("newcomer")
	newcomer.press(newcomer.login(revenueHost, "bank", "bua"), "decision", "allow")
	s.around(newcomer)

	company := s.play("company")
	one, another := registry.Companies()[0], registry.Companies()[1]
	page := company.at(company.signInForEntities(), "/entities/register", map[string]string{"kind": one.Type, "number": one.Number})
	company.at(page, "/entities/register", map[string]string{"kind": another.Type, "number": another.Number, "name": "Bread", "review": "yes"})
	mine, err := hubs[0].entities.List(t.Context(), "", "", 10)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%v %v", mine, err)
	}
	page = company.must(company.b.Open(t.Context(), d.URL(hubHost)+"/entities/"+string(mine[0].ID)))
	page = company.at(page, "/invite", map[string]string{"label": "Accounts", "department": "revenue", "days": "90"})
	s.around(company)

	operator := s.play("operator")
	operator.must(operator.b.Open(t.Context(), invitationLink.FindString(page.Body)))
	operator.at(operator.signInForEntities(), "/entities/join", nil)
	for _, at := range []string{d.URL(revenueHost) + "/login?for=choose", d.URL(socialHost) + "/login"} {
		operator.must(operator.b.Open(t.Context(), at))
	}
	operator.ask(true)
	operator.until(d.URL(hubHost)+"/me/records", func(p *formbrowser.Page) bool { return strings.Contains(p.Body, "/me/records/take-back") })
	s.around(operator)

	clerk := s.play("clerk")
	clerk.join(d.clerk)
	clerk.join(d.Invited[staff.Reviewer])
	clerk.join(d.Invited[staff.HelpDesk])
	s.around(clerk)

	administrator := s.play("administrator")
	administrator.join(d.Invited[staff.PlatformAdministrator])
	administrator.join(d.Invited[staff.DepartmentAdministrator])
	s.around(administrator)
	page = administrator.must(administrator.b.Open(t.Context(), d.URL(hubHost)+"/console/entities"))
	s.note(administrator, administrator.at(page, "/console/entities/_/find", map[string]string{"kind": one.Type, "number": one.Number}))

	for _, route := range routes {
		if s.reached[route] == "" && !excused(route) {
			t.Errorf("nobody reaches %s: link to it from a page or from the sheet (demosheet.go), or list it as unreached with the reason", route)
		}
	}
}
