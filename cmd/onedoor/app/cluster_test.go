package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/formbrowser"
	"onedoor/hub/hubtest/sqltest"
)

func TestMain(m *testing.M) {
	code := sqltest.Run(m)
	theChromium.end()
	os.Exit(code)
}

// startNodes runs the demo's parties around several nodes of the hub over one database. Every request to the hub goes to another
// node than the one before: nothing may depend on who answered last (architecture D1).
func startNodes(t *testing.T, nodes int, dsn string, change ...func(*DemoOptions)) (*Demo, []*Hub, *record) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	log := &record{}
	options := DemoOptions{Spare: true, Data: t.TempDir(), LogLevel: slog.LevelDebug, Process: Process{
		Env: func(string) (string, bool) { return "", false }, Out: discard{}, Err: log, Clock: time.Now, Random: hub.Randomness(),
	}}
	for _, c := range change {
		c(&options)
	}
	d := newDemo(options)
	public, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	admin, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.Port = public.Addr().(*net.TCPAddr).Port
	if err := d.prepare(ctx, admin.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if dsn != "" {
		d.config.Database.Driver, d.config.Database.DSNEnv = configs.Postgres, "TEST_DSN"
		d.secrets["TEST_DSN"] = dsn
		key := filepath.Join(d.Data, "master.key")
		if err := writeMasterKey(key, hub.Randomness()); err != nil {
			t.Fatal(err)
		}
	}
	first, err := d.build(ctx)
	if err != nil {
		t.Fatal(err)
	}
	all := []*Hub{first}
	for range nodes - 1 {
		next, err := Build(ctx, first.options)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, next)
	}
	var duties sync.WaitGroup
	for _, h := range all[1:] { // the first one's are done by the demo
		if err := h.lease.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		duties.Go(func() { h.attend(ctx) })
	}
	var turn atomic.Int64
	d.hosts[hubHost] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all[int(turn.Add(1))%len(all)].public.Handler().ServeHTTP(w, r)
	})
	done := make(chan error, 1)
	go func() { done <- d.run(ctx, first, public, admin) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the nodes ended with %v", err)
		}
		duties.Wait()
		for _, h := range all {
			if err := h.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	return d, all, log
}

// onBoth runs a test on SQLite with one node and on PostgreSQL with several.
func onBoth(t *testing.T, nodes int, test func(t *testing.T, d *Demo, hubs []*Hub, log *record)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		d, hubs, log := startNodes(t, 1, "")
		test(t, d, hubs, log)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		d, hubs, log := startNodes(t, nodes, sqltest.PostgresDSN(t))
		test(t, d, hubs, log)
	})
}

// walker is a person with a browser, by forms.
type walker struct {
	t *testing.T
	d *Demo
	b *formbrowser.Browser
}

func newWalker(t *testing.T, d *Demo) *walker {
	t.Helper()
	b, err := formbrowser.New(formbrowser.Options{Transport: formbrowser.LocalNames()})
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t, d, b}
}

func (w *walker) must(p *formbrowser.Page, err error) *formbrowser.Page {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// press sends the form that has the button.
func (w *walker) press(p *formbrowser.Page, name, value string) *formbrowser.Page {
	w.t.Helper()
	f := p.FormWith(name)
	if f == nil {
		w.t.Fatal(p.Errorf("no form with %s", name))
	}
	return w.must(f.Press(w.t.Context(), name, value))
}

// send sends the form that has the field, by its one button.
func (w *walker) send(p *formbrowser.Page, field string) *formbrowser.Page {
	w.t.Helper()
	f := p.FormWith(field)
	if f == nil {
		w.t.Fatal(p.Errorf("no form with %s", field))
	}
	return w.must(f.Press(w.t.Context(), "", ""))
}

// login begins at a department, chooses a provider, and says who is there. It gives the page after the provider.
func (w *walker) login(host, provider, key string) *formbrowser.Page {
	w.t.Helper()
	return w.prove(w.must(w.b.Open(w.t.Context(), w.d.URL(host)+"/login")), provider, key)
}

// prove chooses a provider, and says there who is there.
func (w *walker) prove(p *formbrowser.Page, provider, key string) *formbrowser.Page {
	w.t.Helper()
	p = w.press(p, "provider", provider)
	f := p.FormWith("person")
	if f == nil {
		w.t.Fatal(p.Errorf("no people at %s", provider))
	}
	if err := f.Pick("person", key); err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(f.Buttons, func(b formbrowser.Button) bool { return b.Value != "deny" })
	if i < 0 {
		w.t.Fatal(p.Errorf("no way to say yes"))
	}
	return w.must(f.Press(w.t.Context(), f.Buttons[i].Name, f.Buttons[i].Value))
}

// check asks the hub, through the department, about its token. A department that was told of a sign-out has thrown its token away.
func (w *walker) check(host string) bool {
	w.t.Helper()
	p := w.must(w.b.Open(w.t.Context(), w.d.URL(host)+"/"))
	for _, f := range p.Forms() {
		if f.Action.Path == "/check" {
			p = w.must(f.Press(w.t.Context(), "", ""))
			good, bad := strings.Contains(p.Body, `class="good"`), strings.Contains(p.Body, `class="bad"`)
			if good == bad {
				w.t.Fatal(p.Errorf("neither active nor not"))
			}
			return good
		}
	}
	if !strings.Contains(p.Text(), "the hub has told us that your login has ended") {
		w.t.Fatal(p.Errorf("nobody is logged in at %s", host))
	}
	return false
}

// subject reads the sub that the department shows.
func subject(p *formbrowser.Page) string {
	_, rest, _ := strings.Cut(p.Body, `data-name="sub">`)
	sub, _, _ := strings.Cut(rest, "<")
	return sub
}

// The whole walk by forms, on SQLite with one node and on PostgreSQL with three that take turns request by request.
func TestWalkOnBothDatabases(t *testing.T) {
	t.Parallel()
	onBoth(t, 3, func(t *testing.T, d *Demo, hubs []*Hub, log *record) {
		mali := person(t, "mali")
		w := newWalker(t, d)

		p := w.login(revenueHost, "thaid", "mali")
		p = w.press(p, "decision", "allow")
		if !strings.Contains(p.Text(), mali.GivenName) {
			t.Fatal(p.Errorf("not logged in at revenue"))
		}
		atRevenue := subject(p)
		auditOfOneLogin(t, hubs[0])

		p = w.must(w.b.Open(t.Context(), d.URL(socialHost)+"/login"))
		if sub := subject(p); sub == "" || sub == atRevenue {
			t.Fatal(p.Errorf("invariant 3: social security sees %q, revenue %q", sub, atRevenue))
		}
		if !w.check(revenueHost) || !w.check(socialHost) {
			t.Fatal("a token of a live session is not active")
		}

		// LIF-15: the same person through the bank, in another browser, is the same account.
		other := newWalker(t, d)
		q := other.login(revenueHost, "bank", "mali")
		if f := q.FormWith("decision"); f != nil {
			q = other.press(q, "decision", "allow")
		}
		if sub := subject(q); sub != atRevenue {
			t.Error(q.Errorf("LIF-15: the same person is %q through the bank and %q through ThaID", sub, atRevenue))
		}

		// CON-03: taking the consent back ends what rests on it, in every browser, and the next login asks again.
		p = w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/consents"))
		if p = w.send(p, "system"); p.URL.Query().Get("done") != "1" {
			t.Fatal(p.Errorf("not taken back"))
		}
		for range 2 * len(hubs) {
			if w.check(revenueHost) || other.check(revenueHost) {
				t.Fatal("CON-03: a token lives on after the consent it rests on was taken back")
			}
		}
		if !w.check(socialHost) {
			t.Error("CON-03: the other department's token ended too")
		}
		if p = w.must(w.b.Open(t.Context(), d.URL(revenueHost)+"/login")); p.FormWith("decision") == nil {
			t.Error(p.Errorf("CON-03: the next login does not ask again"))
		}

		// SES-18, invariant 1: after the sign-out has answered, no node says active.
		p = w.must(w.b.Open(t.Context(), d.URL(hubHost)+"/logout"))
		if p = w.send(p, "csrf"); !strings.HasPrefix(p.URL.Path, "/signed-out/") {
			t.Fatal(p.Errorf("not signed out"))
		}
		for range 4 * len(hubs) {
			if w.check(socialHost) {
				t.Fatal("invariant 1: active after the logout had answered")
			}
		}
		if p = w.must(w.b.Open(t.Context(), d.URL(socialHost)+"/login")); p.FormWith("provider") == nil {
			t.Error(p.Errorf("SES-13: an ended session still logs in"))
		}
		for _, secret := range personal(mali) {
			if strings.Contains(log.String(), secret) {
				t.Errorf("invariant 2: %q stands in the log", secret)
			}
		}
	})
}

// auditOfOneLogin: AUD-05, every event of a login, on every node and of every room, carries the same interaction id.
func auditOfOneLogin(t *testing.T, h *Hub) {
	t.Helper()
	var interactions []string
	rows, err := h.db.Read(t.Context()).Raw("SELECT DISTINCT interaction FROM audit_events WHERE kind = 'login.succeeded'").Rows()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		interactions = append(interactions, id)
	}
	if err := rows.Err(); err != nil || len(interactions) != 1 {
		t.Fatalf("interactions of the one login: %v, %v", interactions, err)
	}
	store, err := hubsql.NewAudit(h.db)
	if err != nil {
		t.Fatal(err)
	}
	events, err := store.Interaction(t.Context(), hub.InteractionID(interactions[0]), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"login.started", "login.provider_chosen", "account.created", "session.started", "consent.given", "login.succeeded",
		"grant.started", "token.issued", "userinfo.released",
	} {
		if !slices.ContainsFunc(events, func(e audit.Event) bool { return e.Kind == want }) {
			t.Errorf("AUD-05: no %s under the login's interaction id; there are %s", want, kinds(events))
		}
	}
}

func kinds(events []audit.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, e.Kind)
	}
	return fmt.Sprint(all)
}
