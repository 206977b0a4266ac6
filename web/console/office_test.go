package console

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/authz/casbinrules"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/configs"
	"onedoor/federation"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/logout"
	"onedoor/hub/statistics"
	"onedoor/tenants"
	"onedoor/tenants/staff"
	"onedoor/web/visit/visittest"
)

// ids of things in the world of these tests.
const (
	revenuePost = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	socialPost  = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	revenueSaid = "cccccccccccccccccccccccccc" // a notice to a system of the revenue department
	somebody    = hub.AccountID("dddddddddddddddddddddddddd")
	anEvent     = "eeeeeeeeeeeeeeeeeeeeeeeeee"
)

// world is everything around an Office. What is done is noted.
type world struct {
	posts  []staff.Post
	done   []string
	events []audit.Event
	asked  []audit.Search
	found  []audit.Event
	sums   []statistics.Query
	held   federation.Hold
	cut    time.Time // when the last session that rests on a provider was ended; zero for never
	live   bool
	behind logout.Cursor // where the last list of notices went on
	lost   int           // notices of the revenue department that failed, instead of one
	edge   http.Handler
	office *Office

	first    hub.AccountID // of two pairs of eyes on legal entities
	shredded bool          // what a claim rested on

	items   *authzsql.Store
	settled int
	four    bool // the revenue department wants four eyes
}

func text(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }

func (*world) Departments(context.Context) ([]tenants.Department, error) {
	return []tenants.Department{{ID: "revenue", Names: text("Revenue")}, {ID: "social", Names: text("Social")}}, nil
}

func (w *world) Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error) {
	all, _ := w.Departments(ctx)
	for _, d := range all {
		if d.ID == id {
			d.FourEyes = w.four
			return d, nil
		}
	}
	return tenants.Department{}, hub.Errorf("world", hub.NotFound, "none")
}

func (*world) Within(hub.DepartmentID, tenants.AreaID, tenants.AreaID) bool { return false }

func (*world) Systems() []tenants.System {
	return []tenants.System{
		{ID: "efiling", Department: "revenue", Names: text("E-Filing"), Status: tenants.Live, OIDC: &tenants.OIDC{RedirectURIs: []string{"https://efiling.example/cb"}, Secrets: []tenants.Secret{{SHA256: [32]byte{0xab, 0xcd}}}}},
		{ID: "benefits", Department: "social", Names: text("Benefits"), Status: tenants.Testing, SAML: &tenants.SAML{}},
	}
}

func (w *world) System(_ context.Context, id hub.SystemID) (tenants.System, error) {
	for _, s := range w.Systems() {
		if s.ID == id {
			return s, nil
		}
	}
	return tenants.System{}, hub.Errorf("world", hub.NotFound, "none")
}

func (w *world) Of(_ context.Context, account hub.AccountID) (held []staff.Post, _ error) {
	for _, p := range w.posts {
		if p.Account == account && p.State == staff.Active {
			held = append(held, p)
		}
	}
	return held, nil
}

func (w *world) At(_ context.Context, d hub.DepartmentID) (all []staff.Post, _ error) {
	for _, p := range w.posts {
		if p.Place.Department == d {
			all = append(all, p)
		}
	}
	return all, nil
}

func (*world) Open(context.Context) ([]staff.Invitation, error) {
	return []staff.Invitation{{ID: revenuePost, Role: staff.Reviewer, Place: staff.Place{Department: "revenue"}}}, nil
}

func (w *world) note(what string) error { w.done = append(w.done, what); return nil }

func (w *world) Invite(_ context.Context, by hub.AccountID, role staff.Role, place staff.Place) (staff.Invitation, hub.Secret, error) {
	return staff.Invitation{}, visittest.Secret(9), w.note("invite " + string(by) + " " + string(role) + " " + string(place.Department))
}

func (w *world) TakeBack(_ context.Context, _ hub.AccountID, id string) error {
	return w.note("take back " + id)
}

func (w *world) Confirm(_ context.Context, _ hub.AccountID, id string) error {
	return w.note("confirm " + id)
}

func (w *world) Remove(_ context.Context, _ hub.AccountID, id, reason string) error {
	return w.note("remove " + id + " " + reason)
}

func (w *world) Register(context.Context) ([]federation.Entry, error) {
	return []federation.Entry{{ID: "thaid", Names: text("ThaID"), InService: true, Held: w.held}}, nil
}

func (*world) Record(hub.ProviderID) (federation.Provider, error) {
	return federation.Provider{ID: "thaid", OIDC: &federation.OIDC{Issuer: "https://thaid.example"}}, nil
}

func (*world) Health() []federation.Health {
	return []federation.Health{{Provider: "thaid", Trouble: true}}
}

func (w *world) FailedAt(ctx context.Context, systems []hub.SystemID, behind logout.Cursor, limit int) ([]logout.Notice, error) {
	all, err := w.Failed(ctx, behind, limit)
	return slices.DeleteFunc(all, func(n logout.Notice) bool { return !slices.Contains(systems, n.System) }), err
}

func (w *world) Failed(_ context.Context, behind logout.Cursor, limit int) ([]logout.Notice, error) {
	w.behind = behind
	if w.lost > 0 && behind == (logout.Cursor{}) {
		return slices.Repeat([]logout.Notice{{ID: revenueSaid, System: "efiling", Protocol: "oidc", State: logout.Failed, At: visittest.Now}}, min(limit, w.lost)), nil
	}
	return []logout.Notice{{ID: revenueSaid, System: "efiling", Protocol: "oidc", State: logout.Failed, Account: somebody}, {ID: socialPost, Provider: "thaid", State: logout.Failed}}, nil
}

func (w *world) Notice(ctx context.Context, id string) (logout.Notice, error) {
	all, _ := w.Failed(ctx, logout.Cursor{}, 1)
	for _, n := range all {
		if n.ID == id {
			return n, nil
		}
	}
	return logout.Notice{}, hub.Errorf("world", hub.NotFound, "none")
}

func (w *world) Retry(_ context.Context, id, by string) (int, error) {
	return 1, w.note("retry " + id + " " + by)
}
func (*world) Backlog(context.Context) (int, time.Time, error) { return 3, visittest.Now, nil }

func (*world) Items() []authz.Item {
	return []authz.Item{{ID: "tax-return", Department: "revenue", Names: text("Tax return"), Category: "taxes", Status: authz.Offered}, {ID: "pension", Department: "social", Names: text("Pension")}}
}

func (*world) LeaseHeld() bool                     { return true }
func (*world) Asked() uint64                       { return 12345 }
func (*world) Live(context.Context) (int64, error) { return 77, nil }

func (w *world) Search(_ context.Context, q audit.Search) (audit.Found, error) {
	w.asked = append(w.asked, q)
	return audit.Found{Events: w.found, Next: 40}, q.Check()
}

// ofItems, recorder, ring and figures keep apart what has methods of one name.
type ofItems struct{ *world }

func (w ofItems) Of(d hub.DepartmentID) (all []authz.Item) {
	for _, i := range w.Items() {
		if i.Department == d {
			all = append(all, i)
		}
	}
	return all
}

type recorder struct{ *world }

func (r recorder) Record(_ context.Context, events ...audit.Event) error {
	r.events = append(r.events, events...)
	return nil
}

type ring struct{ *world }

func (ring) List(context.Context) ([]keys.Info, error) {
	return []keys.Info{{ID: "k1", Use: keys.Sign, Alg: keys.ES256}, {ID: "k2", Use: keys.Index, Alg: keys.HS256}}, nil
}

func (r ring) Rotate(_ context.Context, by hub.AccountID, use keys.Use, alg string) error {
	return r.note("rotate " + string(by) + " " + string(use) + " " + alg)
}

type figures struct{ *world }

func (figures) Progress(context.Context) (int64, time.Time, error) { return 10, visittest.Now, nil }
func (figures) Add(context.Context, int64, int64, []statistics.Count) error {
	return errors.New("not here")
}
func (figures) Through(context.Context, int64, time.Time) error            { return nil }
func (figures) Purge(context.Context, time.Time, int) (int, error)         { return 0, nil }
func (figures) Leaves(context.Context, int64, int) ([]audit.Placed, error) { return nil, nil }
func (figures) Owner(context.Context, hub.SystemID) (hub.DepartmentID, error) {
	return "", nil
}
func (figures) Category(context.Context, string) (string, error) { return "", nil }

func (f figures) Sums(_ context.Context, q statistics.Query) (all []statistics.Sum, _ error) {
	f.sums = append(f.sums, q)
	for _, d := range []hub.DepartmentID{"revenue", "social"} {
		if q.Department != nil && *q.Department != d {
			continue
		}
		x := statistics.Sum{Start: q.From, Department: d, Kind: "login.succeeded", N: 4321}
		for _, by := range q.By {
			x.Values = append(x.Values, map[statistics.Dimension]string{statistics.ByOutcome: "success", statistics.BySystem: "efiling", statistics.ByCategory: "=cmd()"}[by])
		}
		all = append(all, x)
	}
	return all, nil
}

// newWorld has one person at the browser with these posts, signed in so long ago.
func newWorld(t *testing.T, age time.Duration, level hub.Level, posts ...staff.Post) *world {
	t.Helper()
	w := &world{posts: posts, found: []audit.Event{{
		ID: anEvent, At: visittest.Now, Kind: "login.succeeded", Outcome: audit.Success, Account: somebody, Session: hub.SessionID(revenuePost),
		Interaction: hub.InteractionID(socialPost), System: "efiling", Detail: map[string]string{"campaign": socialPost, "by": string(somebody), "protocol": "oidc"},
	}}}
	for i := range w.posts {
		if w.posts[i].Account == "" {
			w.posts[i].Account = visittest.Account
		}
		if w.posts[i].State == "" {
			w.posts[i].State = staff.Active
		}
	}
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: w})
	if err != nil {
		t.Fatal(err)
	}
	permits, err := permit.New(rules, w)
	if err != nil {
		t.Fatal(err)
	}
	counted, err := statistics.New(statistics.Options{Store: figures{w}, Log: figures{w}, Register: figures{w}, Clock: visittest.Clock, Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	db := sqltest.SQLite(t)
	if w.items, err = authzsql.New(db); err != nil {
		t.Fatal(err)
	}
	compiler, err := casbinrules.NewItems(configs.ItemModel)
	if err != nil {
		t.Fatal(err)
	}
	changes, err := catalogue.New(catalogue.Options{
		Entries: w.items, Drafts: w.items, Past: w.items, Register: w, Compiler: compiler, Audit: recorder{w}, Tx: db, Clock: visittest.Clock, Random: hub.Randomness(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"revenue", "social"} {
		if _, err := db.SQL().ExecContext(t.Context(), "INSERT INTO departments (id, spec, version) VALUES ( ?, '{}', 1)", id); err != nil {
			t.Fatal(err)
		}
	}
	w.keep(t, "refund", "revenue")
	w.keep(t, "pension", "social")
	v := visittest.NewReception(t, visittest.Options(t, &visittest.Sessions{Secret: visittest.Mine(), Age: age, Level: level}))
	w.office, err = NewOffice(OfficeOptions{
		Visit: v, Permits: permits, Team: w, Register: w, Lives: lives{w}, Providers: w, Brake: brake{w}, Keys: ring{w},
		Published: func(federation.Provider) federation.Published { return federation.Published{At: visittest.Now} }, FourEyes: true, Policies: Policies{Lease: time.Second / 2},
		Ledger: w, Items: ofItems{w}, Changes: changes, Settle: func(context.Context) { w.settled++ }, Entities: entityDesk{w}, Node: w, Finder: w, Audit: recorder{w},
		Statistics: counted, Complaints: letterBox{w}, Clock: visittest.Clock, Zone: time.UTC, Address: "https://login.example",
		Proof: func(context.Context, string) ([]byte, error) { return []byte(`{"proof":true}`), nil },
		Alias: func(d hub.DepartmentID, a hub.AccountID) string { return "alias-" + string(d) + "-" + string(a[:4]) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.edge = visittest.Edge(t, v, w.office.Mounts())
	return w
}

var strong = hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}

func post(role staff.Role, d hub.DepartmentID) staff.Post {
	return staff.Post{ID: revenuePost, Role: role, Place: staff.Place{Department: d}}
}

// reference finds what differs in every answer.
var reference = regexp.MustCompile(`<code( class="big")?>[a-z2-7]{26}</code>`)

func (w *world) get(path string) *httptest.ResponseRecorder {
	return visittest.Do(w.edge, visittest.SignedIn(visittest.Get(path)))
}

// Invariant 10: every page of the console, asked for as everybody: who may not see it gets the very answer of a page that is not there. Beside the
// table stands a check that no route is missing in it.
func TestInvariant10_EveryPageAsEverybody(t *testing.T) {
	t.Parallel()
	everybody := []struct {
		name  string
		posts []staff.Post
	}{
		{"citizen", nil},
		{"platform", []staff.Post{post(staff.PlatformAdministrator, "")}},
		{"auditor", []staff.Post{post(staff.PlatformAuditor, "")}},
		{"revenue", []staff.Post{post(staff.DepartmentAdministrator, "revenue")}},
		{"social", []staff.Post{post(staff.DepartmentAdministrator, "social")}},
		{"reviewer", []staff.Post{post(staff.Reviewer, "revenue")}},
		{"proposed", []staff.Post{{ID: socialPost, Role: staff.PlatformAdministrator, State: staff.Proposed}}},
	}
	// One letter for each of them, in that order: y sees it, n is told that there is no such page, > is led on to a department of theirs.
	pages := map[string]string{
		"/console":                                    "nyyyyyn",
		"/console/statistics":                         "nyy>>>n",
		"/console/statistics/{department}":            "nyyynyn",
		"/console/statistics/_/{form}":                "nyynnnn",
		"/console/statistics/{department}/_/{form}":   "nyyynyn",
		"/console/record":                             "nyy>>nn",
		"/console/record/{department}":                "nyyynnn",
		"/console/record/_/{event}":                   "nyynnnn",
		"/console/notices":                            "nyy>>nn",
		"/console/notices/{department}":               "nyyynnn",
		"/console/departments":                        "nyy>>>n",
		"/console/departments/{department}":           "nyyynyn",
		"/console/systems/{system}":                   "nyyynyn",
		"/console/staff":                              "nyy>>nn",
		"/console/staff/{department}":                 "nyyynnn",
		"/console/complaints":                         "nyy>>nn",
		"/console/complaints/{department}":            "nyyynnn",
		"/console/complaints/_/{letter}":              "nynnnnn",
		"/console/complaints/{department}/_/{letter}": "nnnynnn",
		"/console/items":                              "nyy>>>n",
		"/console/items/{department}":                 "nyyynyn",
		"/console/items/{department}/{item}":          "nyyynyn",
		"/console/new-item/{department}":              "nnnynnn",
		"/console/edit-item/{department}/{item}":      "nnnynnn",
		"/console/why":                                "nyy>>nn",
		"/console/why/{department}":                   "nyyynnn",
		"/console/decisions/{department}/{item}":      "nyyynnn",
		"/console/providers":                          "nyynnnn",
		"/console/providers/{provider}":               "nyynnnn",
		"/console/campaigns/{campaign}":               "nyynnnn",
		"/console/policies":                           "nyynnnn",
		"/console/keys":                               "nyynnnn",
		"/console/entities":                           "nyynnnn",
		"/console/entities/{entity}":                  "nyynnnn",
		"/console/entities/claims/{claim}":            "nynnnnn",
	}
	fill := strings.NewReplacer("{department}", "revenue", "{system}", "efiling", "{item}", "refund", "{event}", anEvent, "{form}", "csv", "{entity}", aCompany, "{claim}", aClaim, "{letter}", "letter", "{provider}", "thaid", "{campaign}", theCampaign)
	for i, who := range everybody {
		w := newWorld(t, time.Minute, strong, who.posts...)
		gone := reference.ReplaceAllString(w.get("/console/departments/moon").Body.String(), "")
		for _, m := range w.office.Mounts() {
			if m.Methods[0] != http.MethodGet {
				continue
			}
			want, ok := pages[m.Path]
			if !ok {
				t.Fatalf("%s is not in the table", m.Path)
			}
			rec := w.get(fill.Replace(m.Path))
			is := map[int]byte{200: 'y', 404: 'n', 303: '>'}[rec.Code]
			if is != want[i] {
				t.Errorf("%s as %s: %d, not %c", m.Path, who.name, rec.Code, want[i])
			}
			if is == 'n' && who.name != "citizen" && who.name != "proposed" && reference.ReplaceAllString(rec.Body.String(), "") != gone {
				t.Errorf("%s as %s: the answer differs from that of a page that is not there", m.Path, who.name)
			}
			if is == '>' && !strings.HasSuffix(rec.Header().Get("Location"), "/"+string(who.posts[0].Place.Department)) {
				t.Errorf("%s as %s leads to %s", m.Path, who.name, rec.Header().Get("Location"))
			}
			if is == 'y' && rec.Body.Len() > 60<<10 {
				t.Errorf("%s: %d bytes", m.Path, rec.Body.Len())
			}
			if m.Rate.Name == "" {
				t.Errorf("SES-22: %s is not paced", m.Path)
			}
		}
		for _, q := range w.asked {
			if len(who.posts) > 0 && who.posts[0].Place.Department != "" && (!q.Narrow || q.Department != who.posts[0].Place.Department) {
				t.Errorf("%s searched %+v", who.name, q)
			}
		}
	}
	// Nobody is signed in: every page asks for that and says nothing else.
	w := newWorld(t, time.Minute, strong)
	for path := range pages {
		if rec := visittest.Do(w.edge, visittest.Get(fill.Replace(path))); rec.Code != 200 || !strings.Contains(rec.Body.String(), `action="/sign-in"`) {
			t.Errorf("%s signed out: %d", path, rec.Code)
		}
	}
	// One factor is not enough to see anything.
	w = newWorld(t, time.Minute, hub.Level{IAL: hub.IAL23, AAL: hub.AAL1}, post(staff.PlatformAdministrator, ""))
	for path := range pages {
		if body := w.get(fill.Replace(path)).Body.String(); !strings.Contains(body, `action="/console/_/sign-in"`) || strings.Contains(body, "Revenue") {
			t.Errorf("%s with one factor", path)
		}
	}
}

// Invariants 3 and 10: a department's record tells no account, session, interaction or campaign that another department could know as well.
func TestInvariant03_ADepartmentsRecordHasNamesOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, time.Minute, strong, post(staff.DepartmentAdministrator, "revenue"))
	for _, path := range []string{"/console/record/revenue", "/console/record/revenue?kind=login.succeeded", "/console/notices/revenue"} {
		body := w.get(path).Body.String()
		for _, secret := range []string{string(somebody), socialPost} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %s", path, secret)
			}
		}
	}
	if body := w.get("/console/record/revenue").Body.String(); !strings.Contains(body, "alias-revenue-dddd") || !strings.Contains(body, "protocol: oidc") {
		t.Errorf("the event is not shown:\n%s", body)
	}
	if body := w.get("/console/notices/revenue").Body.String(); strings.Contains(body, "ThaID") || !strings.Contains(body, "E-Filing") {
		t.Errorf("notices of others:\n%s", body)
	}
	if len(w.events) != 1 || w.events[0].Kind != "audit.searched" || w.events[0].Detail["by"] != string(visittest.Account) || w.events[0].Detail["department"] != "revenue" {
		t.Errorf("D5: a search is recorded as %+v", w.events)
	}
	if body := w.get("/console/systems/efiling").Body.String(); strings.Contains(body, "abcd") || !strings.Contains(body, "https://efiling.example/cb") {
		t.Errorf("the page of a system:\n%s", body)
	}
}

// Every act needs a form of ours, a fresh sign-in with two factors, and the right; then it is done in the name of who did it.
func TestActs_NeedAFreshSignInAndTheRight(t *testing.T) {
	t.Parallel()
	me := string(visittest.Account)
	other := staff.Post{ID: socialPost, Account: somebody, Role: staff.Reviewer, Place: staff.Place{Department: "revenue"}, State: staff.Proposed}
	platform, revenue, social := post(staff.PlatformAdministrator, ""), post(staff.DepartmentAdministrator, "revenue"), post(staff.DepartmentAdministrator, "social")
	for name, c := range map[string]struct {
		who    staff.Post
		age    time.Duration
		path   string
		about  string
		fields url.Values
		status int
		to     string
		done   string
	}{
		"invite":                     {revenue, 0, "/console/staff/revenue/_/invite", aboutConsole, url.Values{"role": {"reviewer"}}, 200, "", "invite " + me + " reviewer revenue"},
		"invite above":               {revenue, 0, "/console/staff/revenue/_/invite", aboutConsole, url.Values{"role": {"platform_administrator"}}, 404, "", ""},
		"invite elsewhere":           {revenue, 0, "/console/staff/social/_/invite", aboutConsole, url.Values{"role": {"reviewer"}}, 404, "", ""},
		"invite to the platform":     {platform, 0, "/console/staff/_/invite", aboutConsole, url.Values{"role": {"platform_auditor"}}, 200, "", "invite " + me + " platform_auditor "},
		"not fresh":                  {revenue, time.Hour, "/console/staff/revenue/_/invite", aboutConsole, url.Values{"role": {"reviewer"}}, 303, "/console/staff/revenue?stale=1", ""},
		"a foreign form":             {revenue, 0, "/console/staff/revenue/_/invite", "contacts", url.Values{"role": {"reviewer"}}, 403, "", ""},
		"confirm":                    {revenue, 0, "/console/staff/revenue/_/confirm", aboutConsole, url.Values{"post": {socialPost}}, 303, "/console/staff/revenue?done=1", "confirm " + socialPost},
		"confirm of others":          {social, 0, "/console/staff/social/_/confirm", aboutConsole, url.Values{"post": {socialPost}}, 303, "/console/staff/social?wrong=not_found", ""},
		"remove":                     {revenue, 0, "/console/staff/revenue/_/remove", aboutConsole, url.Values{"post": {socialPost}, "reason": {"left"}}, 303, "/console/staff/revenue?done=1", "remove " + socialPost + " left"},
		"take back":                  {revenue, 0, "/console/staff/revenue/_/take-back", aboutConsole, url.Values{"invitation": {revenuePost}}, 303, "/console/staff/revenue?done=1", "take back " + revenuePost},
		"take back of others":        {social, 0, "/console/staff/social/_/take-back", aboutConsole, url.Values{"invitation": {revenuePost}}, 303, "/console/staff/social?wrong=not_found", ""},
		"retry":                      {revenue, 0, "/console/notices/revenue/_/retry", aboutConsole, url.Values{"notice": {revenueSaid}}, 303, "/console/notices/revenue?done=1", "retry " + revenueSaid + " " + me},
		"retry of others":            {social, 0, "/console/notices/social/_/retry", aboutConsole, url.Values{"notice": {revenueSaid}}, 303, "/console/notices/social?wrong=not_found", ""},
		"retry at the platform":      {revenue, 0, "/console/notices/_/retry", aboutConsole, url.Values{"notice": {revenueSaid}}, 404, "", ""},
		"retry of no notice":         {platform, 0, "/console/notices/_/retry", aboutConsole, url.Values{"notice": {"' OR 1=1"}}, 303, "/console/notices?wrong=not_found", ""},
		"rotate":                     {platform, 0, "/console/keys/_/rotate", aboutConsole, url.Values{"use": {"sign"}, "alg": {"ES256"}}, 303, "/console/keys?done=1", "rotate " + me + " sign ES256"},
		"rotate by who audits":       {post(staff.PlatformAuditor, ""), 0, "/console/keys/_/rotate", aboutConsole, url.Values{"use": {"sign"}, "alg": {"ES256"}}, 404, "", ""},
		"rotate by a department":     {revenue, 0, "/console/keys/_/rotate", aboutConsole, url.Values{"use": {"sign"}, "alg": {"ES256"}}, 404, "", ""},
		"retry by who audits":        {post(staff.PlatformAuditor, ""), 0, "/console/notices/_/retry", aboutConsole, url.Values{"notice": {revenueSaid}}, 404, "", ""},
		"remove by another office's": {social, 0, "/console/staff/revenue/_/remove", aboutConsole, url.Values{"post": {socialPost}, "reason": {"left"}}, 303, "/console/staff/revenue?wrong=not_found", ""},
	} {
		w := newWorld(t, c.age, strong, c.who, other)
		rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(c.path, c.about, c.fields)))
		if rec.Code != c.status || rec.Header().Get("Location") != c.to || strings.Join(w.done, ";") != c.done {
			t.Errorf("%s: %d to %q, done %q", name, rec.Code, rec.Header().Get("Location"), w.done)
		}
		if name == "invite" && !strings.Contains(rec.Body.String(), "https://login.example/join/"+visittest.Secret(9).Reveal()) {
			t.Error("the invitation is not shown")
		}
	}
	for _, m := range newWorld(t, 0, strong).office.Mounts() {
		if m.Methods[0] != http.MethodPost || strings.HasSuffix(m.Path, "/sign-in") {
			continue
		}
		w := newWorld(t, 0, strong)
		path := strings.NewReplacer("{department}", "revenue", "{item}", "refund", "{system}", "efiling", "{provider}", "thaid", "{campaign}", theCampaign).Replace(m.Path)
		if rec := visittest.Do(w.edge, visittest.SignedIn(visittest.Post(path, aboutConsole, url.Values{"post": {socialPost}}))); rec.Code != 404 || len(w.done) > 0 {
			t.Errorf("a citizen at %s: %d, %v", path, rec.Code, w.done)
		}
	}
}

// STA-02, STA-03: exports hold one department's figures, and what opens them can't take them for a formula.
func TestSTA02_Exports(t *testing.T) {
	t.Parallel()
	w := newWorld(t, time.Minute, strong, post(staff.DepartmentAdministrator, "revenue"))
	rec := w.get("/console/statistics/revenue/_/csv?period=2025-04")
	body := rec.Body.String()
	if rec.Code != 200 || rec.Header().Get("Content-Disposition") != `attachment; filename="onedoor-revenue-2025-04.csv"` ||
		!strings.Contains(body, "2025-04,category,'=cmd(),visits,4321,0\r\n") || strings.Contains(body, "8642") {
		t.Errorf("%d %v\n%s", rec.Code, rec.Header(), body)
	}
	for _, q := range w.sums {
		if q.Department == nil || *q.Department != "revenue" {
			t.Errorf("asked for %+v", q)
		}
	}
	if body := w.get("/console/statistics/revenue/_/json?period=2025-06").Body.String(); body != `{"period":"2025-06","open":true,"figures":[]}` {
		t.Errorf("a month that has not ended is published: %s", body)
	}
	if body := w.get("/console/statistics/revenue?period=2025-06").Body.String(); !strings.Contains(body, "4,321") || !strings.Contains(body, "not ended") {
		t.Errorf("what there is so far is not shown to who may read the events:\n%s", body)
	}
	for _, bad := range []string{"x", "2025-13", "1999", "2025-02-30", "2025-1", "%00"} {
		if rec := w.get("/console/statistics/revenue?period=" + bad); rec.Code != 400 {
			t.Errorf("%s: %d", bad, rec.Code)
		}
	}
	if rec := w.get("/console/statistics/revenue/_/xml"); rec.Code != 404 {
		t.Errorf("another form: %d", rec.Code)
	}
	for _, in := range []string{"", "a", "=1+1", "+1", "-1", "@x", "\tx", "|x"} {
		if got := plain(in); got != in && got != "'"+in || strings.ContainsAny(in[:min(1, len(in))], "=+-@\t|") && got == in {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}

func TestNewOffice_RefusesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := NewOffice(OfficeOptions{}); !errors.Is(err, hub.Invalid) {
		t.Errorf("%v", err)
	}
}
