package api_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"onedoor/authz"
	"onedoor/authz/authzsql"
	"onedoor/authz/casbinrules"
	"onedoor/authz/catalogue"
	"onedoor/authz/permit"
	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/binding/recordindex"
	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/keys"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/hub/token"
	"onedoor/tenants"
	"onedoor/tenants/complaint"
	"onedoor/tenants/register"
	"onedoor/tenants/staff"
	"onedoor/tenants/tenantsql"
	"onedoor/web/api"
	"onedoor/web/server"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// world is the API over real rooms of the register and of staff; sessions and logouts are played.
type world struct {
	heights   map[hub.AccountID]hub.AAL // what accounts have reached once
	t         *testing.T
	db        *sqldb.DB
	clock     *hubtest.Clock
	store     *tenantsql.Store
	posts     *tenantsql.Staff
	directory *tenants.Directory
	api       *api.API
	handler   http.Handler
	mu        sync.Mutex
	tokens    map[string]token.Access // by the word after Bearer
	events    []audit.Event
	closed    []hub.SystemID
	ended     []string
	retried   []string
	settled   int
	people    *hubtest.World
	permits   *permit.Permits
	staff     *staff.Service
	importer  *recordindex.Importer
	items     *authzsql.Store
	status    account.Status
	orders    []account.Order
	tries     int // of codes
	most      int
	head      hub.AccountID // administers the company
	hand      hub.AccountID // operates for it
	acted     []string      // by the administrator
}

func (w *world) Agent(rw http.ResponseWriter, r *http.Request, scope string) (token.Access, bool) {
	w.mu.Lock()
	a, ok := w.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	w.mu.Unlock()
	if !ok || !slices.Contains(a.Scopes, scope) {
		rw.WriteHeader(http.StatusUnauthorized)
		return token.Access{}, false
	}
	return a, true
}

func (w *world) Record(_ context.Context, events ...audit.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.events = append(w.events, events...)
	return nil
}

func (w *world) Closed(_ context.Context, systems []hub.SystemID, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = append(w.closed, systems...)
	return nil
}

// Search implements audit.Finder over what was recorded.
func (w *world) Search(_ context.Context, q audit.Search) (found audit.Found, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := len(w.events) - 1; i >= 0; i-- {
		e := w.events[i]
		if (q.System == "" || e.System == q.System) && (q.Account == "" || e.Account == q.Account) && (q.Kind == "" || e.Kind == q.Kind) && (q.Before == 0 || int64(i+1) < q.Before) {
			found.Events = append(found.Events, e)
			if len(found.Events) == q.Limit && i > 0 {
				found.Next = int64(i + 1)
				break
			}
		}
	}
	return found, q.Check()
}

type sessions struct{ w *world }

func (sessions) OfAccount(_ context.Context, account hub.AccountID, _ bool, _ int) ([]session.Session, error) {
	return []session.Session{{ID: sessionID, Account: account, Provider: "bank", Level: staff.Least(), Channel: "web"}}, nil
}

func (sessions) Get(_ context.Context, id hub.SessionID) (session.Session, error) {
	if id != sessionID {
		return session.Session{}, hub.Errorf("sessions", hub.NotFound, "no session")
	}
	return session.Session{ID: id, Account: personID}, nil
}

type logouts struct{ w *world }

const (
	personID   = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
	sessionID  = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	campaignID = "cccccccccccccccccccccccccc"
	noticeID   = "dddddddddddddddddddddddddd"
)

func (l logouts) End(_ context.Context, id hub.SessionID, c session.Cause) (logout.Campaign, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.w.ended = append(l.w.ended, string(id)+" "+string(c.Reason))
	return logout.Campaign{ID: campaignID}, nil
}

func (l logouts) EndAccount(ctx context.Context, account hub.AccountID, c session.Cause) ([]logout.Campaign, error) {
	x, err := l.End(ctx, hub.SessionID(account), c)
	return []logout.Campaign{x}, err
}

func notice() logout.Notice {
	return logout.Notice{ID: noticeID, Campaign: campaignID, Session: sessionID, System: "filing", Protocol: "oidc", State: logout.Failed, At: hubtest.Noon()}
}

func (logouts) Ledger(_ context.Context, ids ...string) ([]logout.Entry, error) {
	if ids[0] != campaignID {
		return nil, nil
	}
	return []logout.Entry{{Campaign: logout.Campaign{ID: campaignID, Account: personID}, Notices: []logout.Notice{notice()}}}, nil
}

func (logouts) OfSystem(_ context.Context, system hub.SystemID, before time.Time, _ int) ([]logout.Notice, error) {
	if n := notice(); system == n.System && n.At.Before(before) {
		return []logout.Notice{n}, nil
	}
	return nil, nil
}

func (logouts) Failed(context.Context, logout.Cursor, int) ([]logout.Notice, error) {
	return []logout.Notice{notice()}, nil
}

func (logouts) Notice(_ context.Context, id string) (logout.Notice, error) {
	if id != noticeID {
		return logout.Notice{}, hub.Errorf("logouts", hub.NotFound, "no notice")
	}
	return notice(), nil
}

func (l logouts) Retry(_ context.Context, id, by string) (int, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.w.retried = append(l.w.retried, id+" "+by)
	return 1, nil
}

// kept and index put the hub's own into the API's words, as app does.
type kept struct{ *hubsql.Answers }

func (k kept) Begin(ctx context.Context, x api.AnswerKey, expires time.Time) ([]byte, bool, error) {
	return k.Answers.Begin(ctx, x.Caller, x.Key, x.Request, x.Now, expires)
}

func (k kept) Finish(ctx context.Context, x api.AnswerKey, answer []byte) error {
	return k.Answers.Finish(ctx, x.Caller, x.Key, answer)
}

func newWorld(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: hubtest.NewClock(), tokens: map[string]token.Access{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.store, err = tenantsql.New(db)
	must(err)
	w.posts, err = tenantsql.NewStaff(db)
	must(err)
	w.directory, err = tenants.NewDirectory(w.store)
	must(err)
	rules, err := casbinrules.NewStaff(casbinrules.StaffOptions{Model: configs.StaffModel, Policy: configs.StaffPolicy, Areas: w.directory})
	must(err)
	permits, err := permit.New(rules, w.directory)
	must(err)
	w.permits = permits
	people, err := staff.New(staff.Options{Store: w.posts, Areas: w.directory, Rights: permits, Audit: w, Tx: db, Clock: w.clock.Now, Random: hub.Randomness(), FourEyes: true})
	must(err)
	w.staff = people
	machines, err := staff.NewMachines(staff.MachineOptions{Store: w.posts, Systems: w.store, Areas: w.directory, Audit: w, Tx: db, Clock: w.clock.Now, Random: hub.Randomness()})
	must(err)
	changes, err := register.New(register.Options{Entries: w.store, Lives: w.store, Ends: w, Audit: w, Tx: db, Clock: w.clock.Now, Random: hub.Randomness(), FourEyes: true})
	must(err)
	all, err := hubsql.New(db)
	must(err)
	w.people = hubtest.NewWorld(t, hubtest.Stores{Accounts: all.Accounts, Sessions: all.Sessions, Consents: all.Consents, Grants: all.Grants})
	answers, err := hubsql.NewAnswers(db)
	must(err)
	w.importer = newImporter(t, db, w)
	w.items, err = authzsql.New(db)
	must(err)
	compiler, err := casbinrules.NewItems(configs.ItemModel)
	must(err)
	items, err := catalogue.New(catalogue.Options{
		Entries: w.items, Drafts: w.items, Past: w.items, Register: keptRegister{w.store}, Compiler: compiler, Audit: w, Tx: db, Clock: w.clock.Now, Random: hub.Randomness(),
	})
	must(err)
	w.api, err = api.New(api.Options{
		Issuer: "https://hub.example", Agents: w, Permits: permits, Places: w.directory, Staff: people, Machines: machines, Register: changes, Items: items, Openings: opened{w}, Delegations: handed{w},
		Party: func(context.Context, hub.EntityID) (hub.Text, map[string]string, error) {
			return four("Mill"), map[string]string{"p": "Office"}, nil
		},
		Subject: func(d hub.DepartmentID, o binding.Owner) string { return string(d) + "-" + o.ID()[:4] },
		Alias:   alias,
		Height: func(_ context.Context, account hub.AccountID, have hub.Level) (hub.Level, error) {
			return hub.Level{IAL: hub.IAL11, AAL: max(have.AAL, w.heights[account])}, nil
		},
		Sessions: sessions{w}, Logouts: logouts{w}, Counter: desk{w}, Reviews: desk{w}, Decisions: desk{w}, Queues: desk{w}, Bindings: ties{w}, Entities: claims{w}, Complaints: letterBox{}, Record: w, Answers: kept{answers}, Audit: w, Tx: db, Index: index{}, Clock: w.clock.Now,
		Own:         own{w}.rooms(),
		EntityStops: companies{}, Successions: companies{}, Lives: lives{w}, Providers: estate{}, Brake: brakes{}, Keys: estate{},
		Imports: w.importer, Longest: 1 << 20, Least: 1,
		Random: hub.Randomness(), Settle: func(context.Context) { w.settled++ }, Rate: server.Rate{Name: "api", Burst: 10, Every: time.Second},
	})
	must(err)
	w.handler = mounted(w.api.Mounts())
	for _, d := range []tenants.Department{revenue(), {ID: "social", Names: four("Social"), Complaint: "tel:+6612345"}} {
		_, err = changes.PutDepartment(t.Context(), staff.AtMachine(), d, 0)
		must(err)
	}
	w.refresh()
	return w
}

// newImporter takes record keys in, as app lays it.
func newImporter(t *testing.T, db *sqldb.DB, w *world) *recordindex.Importer {
	t.Helper()
	store, err := bindingsql.NewIndexes(db)
	if err != nil {
		t.Fatal(err)
	}
	masters, err := keys.ParseMasters(keys.GenerateMaster(hub.Randomness()))
	if err != nil {
		t.Fatal(err)
	}
	m, err := recordindex.NewImporter(recordindex.Options{
		Loads: store, Sorting: store, Imports: store, Departments: w.directory, Index: index{}, Masters: masters, Audit: w, Tx: db, Clock: w.clock.Now, Random: hub.Randomness(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// mounted hangs mounts into an engine, as web/server does.
func mounted(all []server.Mount) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	for _, m := range all {
		for _, method := range m.Methods {
			e.Handle(method, strings.NewReplacer("{", ":", "}", "").Replace(m.Path), func(c *gin.Context) {
				for _, p := range c.Params {
					c.Request.SetPathValue(p.Key, p.Value)
				}
				m.Handler.ServeHTTP(c.Writer, c.Request)
			})
		}
	}
	return e
}

func (w *world) refresh() {
	w.t.Helper()
	if err := w.directory.Refresh(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func four(s string) hub.Text {
	t := hub.Text{}
	for _, l := range hub.Languages() {
		t[l] = s
	}
	return t
}

func revenue() tenants.Department {
	return tenants.Department{
		ID: "revenue", Names: four("Revenue"), Complaint: "https://revenue.example/c", Areas: []tenants.Area{{ID: "north", Names: four("North")}, {ID: "south", Names: four("South")}},
		Records: []tenants.RecordKind{{ID: "taxpayer", Names: four("Taxpayer"), For: tenants.Person, Length: 10, Digits: true, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}}},
	}
}

// system is one of the revenue department's north.
func system(id hub.SystemID, status tenants.SystemStatus) tenants.System {
	return tenants.System{
		ID: id, Department: "revenue", Area: "north", Names: four("Filing"), Status: status, Group: tenants.Transaction, Risk: "moderate",
		ReviewBy: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
		OIDC: &tenants.OIDC{RedirectURIs: []string{"https://filing.example/cb"}, Scopes: []string{"openid", "admin.read"}, Secrets: []tenants.Secret{{SHA256: [32]byte{1}}}},
	}
}

// keep puts a system that is kept through the API, whatever there was, and gives its version.
func (w *world) keep(id hub.SystemID, status tenants.SystemStatus) int64 {
	w.t.Helper()
	x := register.System{System: system(id, status), Origin: register.ByAPI}
	if old, err := w.store.System(w.t.Context(), id); err == nil {
		x.Version = old.Version
	}
	v, err := w.store.ReplaceSystem(w.t.Context(), x)
	if err != nil {
		w.t.Fatal(err)
	}
	w.refresh()
	return v
}

// hire gives somebody a post and a token under the name.
func (w *world) hire(name string, role staff.Role, place staff.Place) hub.AccountID {
	w.t.Helper()
	id := w.account()
	err := w.posts.Add(w.t.Context(), staff.Post{
		ID: hub.NewID(hub.Randomness()), Account: id, Role: role, Place: place, State: staff.Active, At: w.clock.Now().UTC(), ConfirmedAt: w.clock.Now().UTC(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.token(name, token.Access{Account: id, Session: "s", System: "console", Level: staff.Least(), AuthTime: w.clock.Now()})
	return id
}

func (w *world) account() hub.AccountID { return w.people.Account(w.t).ID }

func (w *world) token(name string, a token.Access) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a.Scopes == nil {
		a.Scopes = []string{"admin.read", "admin.write", "entity.read", "entity.write"}
	}
	w.tokens[name] = a
}

// employ gives a program a right and a token under its own name.
func (w *world) employ(id hub.SystemID, role staff.Role, place staff.Place) {
	w.t.Helper()
	w.keep(id, tenants.Live)
	if err := w.posts.Give(w.t.Context(), staff.Right{ID: hub.NewID(hub.Randomness()), System: id, Role: role, Place: place, At: w.clock.Now().UTC()}); err != nil {
		w.t.Fatal(err)
	}
	w.token(string(id), token.Access{System: id, Machine: true})
}

// ask is one request.
type ask struct {
	as, method, path, body string
	headers                map[string]string
	file                   io.Reader // in place of body
}

// got is its answer.
type got struct {
	status int
	etag   string
	body   string
	values map[string]any
	header http.Header
}

func (g got) text(path ...string) string {
	var v any = g.values
	for _, p := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			i, err := strconv.Atoi(p)
			if err != nil || i >= len(x) {
				return ""
			}
			v = x[i]
		}
	}
	s, _ := v.(string)
	return s
}

// do asks, and holds the answer to the description.
func (w *world) do(a ask) got {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), a.method, api.Path+a.path, strings.NewReader(a.body))
	r.Header.Set("Authorization", "Bearer "+a.as)
	if a.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if a.file != nil {
		r.Body = io.NopCloser(a.file)
	}
	if strings.HasSuffix(a.path, "/file") {
		r.Header.Set("Content-Type", "text/csv")
	}
	if a.method == http.MethodPost {
		r.Header.Set("Idempotency-Key", hub.NewID(hub.Randomness()))
	}
	for k, v := range a.headers {
		r.Header.Set(k, v)
		if v == "" {
			r.Header.Del(k)
		}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	body, err := io.ReadAll(rec.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	g := got{status: rec.Code, etag: rec.Header().Get("ETag"), body: string(body), header: rec.Header()}
	if rec.Code == http.StatusUnauthorized && len(body) == 0 {
		return g
	}
	if err := json.Unmarshal(body, &g.values); err != nil {
		w.t.Fatalf("%s %s: %d %s", a.method, a.path, rec.Code, body)
	}
	if id := w.operation(a); id == "" {
		w.t.Errorf("%s %s is no operation", a.method, a.path)
	} else if wrong := w.api.Mistaken(id, rec.Code, rec.Header().Get("Content-Type"), body); len(wrong) > 0 {
		w.t.Errorf("%s %s: %d %s is not as described: %v", a.method, a.path, rec.Code, body, wrong)
	}
	return g
}

// operation finds the one that a request is.
func (w *world) operation(a ask) string {
	path, _, _ := strings.Cut(a.path, "?")
	parts := strings.Split(path, "/")
	for _, o := range w.api.Operations() {
		theirs := strings.Split(o.Path, "/")
		same := o.Method == a.method && len(parts) == len(theirs)
		for i := range theirs {
			same = same && i < len(parts) && (theirs[i] == parts[i] || strings.HasPrefix(theirs[i], "{"))
		}
		if same {
			return o.ID
		}
	}
	return ""
}

// good asks and fails the test where the answer is not that status.
func (w *world) good(status int, a ask) got {
	w.t.Helper()
	g := w.do(a)
	if g.status != status {
		w.t.Fatalf("%s %s by %s: %d, want %d: %s", a.method, a.path, a.as, g.status, status, g.body)
	}
	return g
}

// keptRegister gives the register as the catalogue asks for it.
type keptRegister struct{ store *tenantsql.Store }

func (r keptRegister) Department(ctx context.Context, id hub.DepartmentID) (tenants.Department, error) {
	d, err := r.store.Department(ctx, id)
	return d.Department, err
}

func (r keptRegister) System(ctx context.Context, id hub.SystemID) (tenants.System, error) {
	s, err := r.store.System(ctx, id)
	return s.System, err
}

// item puts a service item of the revenue department that is kept through the API, whatever there was, and gives its entry.
func (w *world) item(id authz.ItemID) catalogue.Entry {
	w.t.Helper()
	e := catalogue.Entry{Origin: catalogue.ByAPI, Item: authz.Item{
		ID: id, Department: "revenue", Names: four("Refund"), Category: "refunds", Group: tenants.Transaction, Sensitivity: authz.Sensitive, Status: authz.Offered,
		Actions: []authz.Action{"query"}, Demands: authz.Demands{Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21}, Person: authz.Lockable},
	}}
	if old, err := w.items.Entry(w.t.Context(), id); err == nil {
		return old
	}
	if _, err := w.items.ReplaceItem(w.t.Context(), e, catalogue.Authors{}, w.clock.Now()); err != nil {
		w.t.Fatal(err)
	}
	return w.item(id)
}

// draft puts a change of a new item that waits.
func (w *world) draft(id authz.ItemID) catalogue.Draft {
	w.t.Helper()
	d := catalogue.Draft{ID: hub.NewID(hub.Randomness()), Item: w.item(id).Item, Base: w.item(id).Version, By: catalogue.Authors{Account: w.account()}, At: w.clock.Now().UTC()}
	d.Item.Category = "other"
	if err := w.items.KeepDraft(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
	return d
}

// index is a keyed hash.
type index struct{}

func (index) Index(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, []byte(purpose))
	for _, p := range parts {
		m.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return m.Sum(nil)
}

// letterBox has what waits at the revenue department and at the platform.
type letterBox struct{}

func (letterBox) Waiting(ctx context.Context, by staff.Actor, department hub.DepartmentID, after time.Time, _ string, limit int) (out []complaint.Case, err error) {
	if err := by.Require(ctx, complaint.ActRead, staff.Place{Department: department}); err != nil {
		return nil, err
	}
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 3 {
		c := complaint.Case{ID: caseID, Reference: "2222-222" + string(rune('2'+i)), Kind: complaint.Complaint, Department: department, State: complaint.Open, At: start.AddDate(0, 0, i), DueAt: start.AddDate(0, 1, i), SeenAt: start.AddDate(0, 0, i)}
		if department != "social" && c.At.After(after) && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

// alias names an account as a department knows it.
func alias(d hub.DepartmentID, a hub.AccountID) string { return string(d) + "-" + string(a)[:4] }
