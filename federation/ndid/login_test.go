package ndid_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"onedoor/federation"
	"onedoor/federation/federationsql"
	"onedoor/federation/ndid"
	simndid "onedoor/federation/simulator/ndid"
	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/consent"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/login"
	"onedoor/hub/notice"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
	"onedoor/web/names"
	"onedoor/web/pages"
	"onedoor/web/server"
	"onedoor/web/view"
	"onedoor/web/visit"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// house is a whole hub over a database, with the platform as its only provider, and a browser and a phone that use both.
type house struct {
	*rig
	db       *sqldb.DB
	sessions *session.Service
	results  chan login.Result
	browser  *formbrowser.Browser
	phone    *formbrowser.Browser
	hubURL   string
	apps     string
}

type systems struct{ all map[hub.SystemID]login.System }

func (s systems) System(_ context.Context, id hub.SystemID) (login.System, error) {
	if sys, ok := s.all[id]; ok {
		return sys, nil
	}
	return login.System{}, hub.Errorf("x", hub.NotFound, "none")
}

// department is a protocol that hands the result to the test.
type department struct{ results chan login.Result }

func (d department) FinishLogin(w http.ResponseWriter, r *http.Request, res login.Result) {
	d.results <- res
	http.Redirect(w, r, "http://department.localhost/done", http.StatusSeeOther)
}

type deaf struct{}

func (deaf) ObserveRequest(string, string, int, time.Duration, int64) {}

func text(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }

// listen serves at a name below .localhost.
func listen(t *testing.T, name string) (*httptest.Server, *late) {
	t.Helper()
	h := &late{}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://" + name + ".localhost:" + port
	return s, h
}

// late is a handler that is set later: addresses come before what serves there.
type late struct {
	url     string
	handler http.Handler
}

func (s *late) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func newHouse(t *testing.T, db *sqldb.DB) *house {
	t.Helper()
	_, edge := listen(t, "hub")
	_, apps := listen(t, "phone")
	local := &http.Client{Transport: formbrowser.LocalNames()}
	r := newRig(t, func(o *simndid.Options) { o.HTTP = local }, func(p *federation.Provider) { p.NDID.Callback = edge.url })
	h := &house{rig: r, db: db, results: make(chan login.Result, 4), hubURL: edge.url, apps: apps.url}
	apps.handler = r.platform.Phone()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	trust, err := federationsql.New(db)
	check(err)
	_, err = trust.Put(t.Context(), r.provider)
	check(err)
	registry, err := federation.New(federation.Options{
		Store: trust, Clock: r.clock.now, Interactive: map[string]federation.Interactive{federation.NationalDigitalID: r.connector},
	})
	check(err)
	check(registry.Refresh(t.Context()))
	stores, err := hubsql.New(db)
	check(err)
	rows, err := hubsql.NewAudit(db)
	check(err)
	record, err := audit.New(audit.Options{Store: rows, Clock: r.clock.now, Random: rand.Reader, Authenticate: func(b []byte) []byte {
		return index{}.Index("audit", string(b))
	}})
	check(err)
	h.sessions, err = session.New(session.Options{Store: stores.Sessions, Audit: record, Tx: db, Clock: r.clock.now, Random: rand.Reader, Index: index{}, Ended: nobody{}})
	check(err)
	kept, err := hubsql.NewNotices(db)
	check(err)
	notices, err := notice.New(notice.Options{Store: kept, Audit: record, Tx: db, Clock: r.clock.now, Random: rand.Reader})
	check(err)
	accounts, err := account.New(account.Options{
		Store: stores.Accounts, Notices: notices, Audit: record, Tx: db, Clock: r.clock.now, Random: rand.Reader, Index: index{},
	})
	check(err)
	consents, err := consent.New(consent.Options{Store: stores.Consents, Audit: record, Tx: db, Clock: r.clock.now, Random: rand.Reader})
	check(err)
	directory := systems{map[hub.SystemID]login.System{"tax": {
		ID: "tax", Department: "revenue", Live: true, Names: text("Tax filing"), Owner: text("Revenue Department"), Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
		Rules: []consent.Rule{{Attribute: hub.CitizenID, Purpose: "return", Required: true, Basis: consent.ByConsent, Text: text("To find the return")}},
	}}}
	log := slog.New(slog.NewTextHandler(r.log, nil))
	service, err := login.New(login.Options{
		Directory: directory, Upstreams: registry, Sessions: h.sessions, Accounts: accounts, Consents: consents, Store: stores.Logins, Audit: record, Tx: db,
		Clock: r.clock.now, Random: rand.Reader, Log: log,
	})
	check(err)
	look, err := view.New(view.Options{
		Platform: text("One Door"), Operator: text("Office"), Address: edge.url, Help: view.Help{URL: "https://help.example"}, Zone: time.UTC,
	})
	check(err)
	screen, err := server.NewScreen(look)
	check(err)
	reception, err := visit.New(visit.Options{
		Sessions: h.sessions, Screen: screen, Clock: r.clock.now, Random: rand.Reader, Lease: time.Microsecond, System: "onedoor",
		Reach: func(context.Context, session.Session) (hub.Level, error) { return hub.Level{}, nil },
	})
	check(err)
	journey, err := pages.New(pages.Options{
		Login: service, Visit: reception, Sessions: h.sessions, Ends: nobodyEnds{}, Ledgers: noLedgers{}, Address: edge.url,
		Names: names.Book{Register: trust, Directory: directory}, Clock: r.clock.now,
	})
	check(err)
	check(journey.Bind("test", department{h.results}))
	begin := func(w http.ResponseWriter, r *http.Request) {
		journey.Begin(w, r, login.Request{Protocol: "test", System: "tax", Attributes: []hub.AttributeName{hub.CitizenID}, Languages: []string{"en"}})
	}
	public, err := server.New(server.Options{
		Issuer: edge.url, Screen: screen, Log: log, Observer: deaf{}, Clock: r.clock.now, Random: rand.Reader,
		Mounts: append(journey.Mounts(), server.Mount{Methods: []string{"GET"}, Path: "/begin", Handler: http.HandlerFunc(begin)},
			server.Mount{Methods: []string{"POST"}, Path: ndid.CallbackPath, Handler: r.connector.Callback(), Machine: true, Body: 256 << 10}),
	})
	check(err)
	edge.handler = public.Handler()
	for _, b := range []**formbrowser.Browser{&h.browser, &h.phone} {
		*b, err = formbrowser.New(formbrowser.Options{
			Transport: formbrowser.LocalNames(), Away: func(u *url.URL) bool { return u.Hostname() == "department.localhost" },
		})
		check(err)
	}
	return h
}

func (h *house) must(p *formbrowser.Page, err error) *formbrowser.Page {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	if p.Status >= 400 {
		h.t.Fatalf("%d: %s", p.Status, p.Text())
	}
	return p
}

// ask types a number and picks a bank on the hub's page.
func (h *house) ask(p *formbrowser.Page, number, bank string) *formbrowser.Page {
	h.t.Helper()
	f := p.FormWith("number")
	if f == nil {
		h.t.Fatalf("no page to type on: %s", p.Text())
	}
	f.Fields.Set("number", number)
	if err := f.Pick("idp", bank); err != nil {
		h.t.Fatal(err)
	}
	return h.must(f.Press(h.t.Context(), "", ""))
}

func (h *house) atNDID() *formbrowser.Page {
	h.t.Helper()
	p := h.must(h.browser.Open(h.t.Context(), h.hubURL+"/begin"))
	return h.must(p.FormWith("provider").Press(h.t.Context(), "provider", "ndid"))
}

// decide is the person's tap on the phone. It gives what the app showed.
func (h *house) decide(bank, person, decision string) string {
	h.t.Helper()
	p := h.must(h.phone.Open(h.t.Context(), h.apps+"/"+bank+"?person="+person))
	f := p.FormWith("request")
	if f == nil {
		h.t.Fatalf("nobody asks: %s", p.Text())
	}
	h.must(f.Press(h.t.Context(), "decision", decision))
	h.platform.Tick(h.t.Context())
	return p.Text()
}

// nobodyEnds and noLedgers stand for the logout: nobody signs out here.
type (
	nobodyEnds struct{ pages.Ends }
	noLedgers  struct{ pages.Ledgers }
)

var shownCode = regexp.MustCompile(`<p class="code"><code>([2-9A-Z]{4})</code>`)

// The whole way, in real HTML over real HTTP with real stores: choose, type, wait, approve in the bank's app, agree, and be in.
func TestLoginOverNDIDEndToEnd(t *testing.T) {
	t.Parallel()
	sqltest.Each(t, func(t *testing.T, db *sqldb.DB) {
		h := newHouse(t, db)
		p := h.atNDID()
		if !strings.Contains(p.Text(), "Dee Samer Bank") || !strings.Contains(p.Text(), "Tax filing") {
			t.Errorf("the page: %s", p.Text())
		}
		p = h.ask(p, "1234567890123", dee)
		if !strings.Contains(p.Text(), "This is not a citizen number") || strings.Contains(p.Body, "1234567890123") {
			t.Errorf("a wrong number: %s", p.Text())
		}
		p = h.ask(p, number("mali"), dee)
		code := shownCode.FindStringSubmatch(p.Body)
		if code == nil || !strings.Contains(p.Body, `http-equiv="refresh"`) || strings.Contains(p.Body, number("mali")) {
			t.Fatalf("the waiting page: %s", p.Body)
		}
		h.platform.Tick(t.Context())
		p = h.must(h.browser.Open(t.Context(), p.URL.String()))
		if again := shownCode.FindStringSubmatch(p.Body); again == nil || again[1] != code[1] {
			t.Fatalf("not waiting any more: %s", p.Text())
		}
		message := h.decide("dee", "mali", "accept")
		if !strings.Contains(message, "Sign in to Tax filing of Revenue Department. Code "+code[1]+".") {
			t.Errorf("the app shows %q", message)
		}
		p = h.must(h.browser.Open(t.Context(), p.URL.String()))
		f := p.FormWith("decision")
		if f == nil {
			t.Fatalf("no consent page: %s", p.Text())
		}
		if p = h.must(f.Press(t.Context(), "decision", "allow")); !p.Away() {
			t.Fatalf("not at the department: %s", p.Text())
		}
		res := <-h.results
		if res.Failure != "" || !res.SignedIn || res.Session.Level != (hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}) || len(res.Release) != 1 {
			t.Fatalf("%+v", res)
		}
		attributes, err := h.sessions.Attributes(t.Context(), res.Session.ID, res.Key)
		if err != nil || attributes[hub.CitizenID].Value != number("mali") {
			t.Errorf("the vault: %v", err)
		}
		if h.platform.Removals() != 1 {
			t.Errorf("data was removed %d times", h.platform.Removals())
		}
		h.nowhere(t, number("mali"))
		h.oneInteraction(t, res.Interaction)
	})
}

// nowhere checks invariant 2 over everything that is left: every cell of the database, the log, the addresses.
func (h *house) nowhere(t *testing.T, number string) {
	t.Helper()
	for _, address := range append(h.browser.Visited(), h.phone.Visited()...) {
		if strings.Contains(address, number) {
			t.Errorf("an address has the number")
		}
	}
	if strings.Contains(h.log.String(), number) {
		t.Error("the log has the number")
	}
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if h.db.Dialect() != "sqlite" {
		list = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
	}
	var tables []string
	if err := h.db.Read(t.Context()).Raw(list).Scan(&tables).Error; err != nil || len(tables) < 10 {
		t.Fatalf("tables %v, %v", tables, err)
	}
	cells := 0
	for _, table := range tables {
		rows, err := h.db.Read(t.Context()).Raw("SELECT * FROM " + table).Rows()
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				cells++
				x := *v.(*any)
				if b, ok := x.([]byte); ok {
					x = string(b)
				}
				if strings.Contains(fmt.Sprint(x), number) {
					t.Errorf("%s.%s has the number", table, columns[i])
				}
			}
		}
		_ = rows.Close()
	}
	if cells < 100 {
		t.Errorf("only %d cells were looked at", cells)
	}
}

// oneInteraction checks AUD-05: everything that this login has caused has one id.
func (h *house) oneInteraction(t *testing.T, id hub.InteractionID) {
	t.Helper()
	rows, err := h.db.Read(t.Context()).Raw("SELECT kind, interaction FROM audit_events").Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // read only
	kinds := map[string]bool{}
	for rows.Next() {
		var kind, interaction string
		if err := rows.Scan(&kind, &interaction); err != nil {
			t.Fatal(err)
		}
		if interaction != string(id) {
			t.Errorf("%s has another interaction", kind)
		}
		kinds[kind] = true
	}
	for _, kind := range []string{"login.started", "login.provider_chosen", "login.provider_asked", "login.succeeded"} {
		if !kinds[kind] {
			t.Errorf("no event %s, but %v", kind, kinds)
		}
	}
}

// The ways that end at the chooser, with the reason; and who leaves is not let in by an approval afterwards.
func TestLoginOverNDIDThatDoesNotCome(t *testing.T) {
	t.Parallel()
	h := newHouse(t, sqltest.SQLite(t))
	for decision, said := range map[string]string{
		"reject": "You stopped at NDID", "10101": "We could not accept the answer from NDID", "30001": "You stopped at NDID",
	} {
		p := h.ask(h.atNDID(), number("tharn"), dee)
		h.platform.Tick(t.Context())
		h.decide("dee", "tharn", decision)
		h.clock.advance(5 * time.Second)
		p = h.must(h.browser.Open(t.Context(), p.URL.String()))
		if p.FormWith("provider") == nil || !strings.Contains(p.Text(), said) {
			t.Errorf("%s: %s", decision, p.Text())
		}
		h.clock.advance(11 * time.Minute) // so that the number may be asked about again
	}
	p := h.ask(h.atNDID(), number("lin"), dee)
	waiting := p.URL.String()
	p = h.must(p.Forms()[0].Press(t.Context(), "", "")) // the first form is the way back
	if p.FormWith("provider") == nil {
		t.Fatalf("not back at the chooser: %s", p.Text())
	}
	if len(h.platform.Pending(dee, "lin")) != 0 {
		t.Error("the phone still asks")
	}
	p = h.must(h.browser.Open(t.Context(), waiting))
	if p.FormWith("provider") == nil {
		t.Errorf("still waiting: %s", p.Text())
	}
	h.clock.advance(11 * time.Minute)

	p = h.ask(h.atNDID(), number("lin"), dee)
	h.clock.advance(301 * time.Second)
	h.platform.Tick(t.Context())
	if p = h.must(h.browser.Open(t.Context(), p.URL.String())); !strings.Contains(p.Text(), "took too long") {
		t.Errorf("time-out: %s", p.Text())
	}
	h.clock.advance(11 * time.Minute)

	p = h.ask(h.atNDID(), number("mali"), dee)
	h.node.handle(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	h.clock.advance(5 * time.Second)
	if p = h.must(h.browser.Open(t.Context(), p.URL.String())); !strings.Contains(p.Text(), "is not answering at the moment. We keep asking") {
		t.Errorf("a node in trouble: %s", p.Text())
	}
	h.node.handle(h.platform)
	h.decide("dee", "mali", "accept")
	h.clock.advance(5 * time.Second)
	if p = h.must(h.browser.Open(t.Context(), p.URL.String())); p.FormWith("decision") == nil {
		t.Errorf("not in after all: %s", p.Text())
	}
	if len(h.results) != 0 {
		t.Error("somebody came to the department")
	}
}

// nobody is told of ends.
type nobody struct{}

func (nobody) Ended(context.Context, session.Session, session.Cause, time.Time) error { return nil }
