package registration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubtest"
	"onedoor/hub/hubtest/oneshot"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/sqldb"
	"onedoor/tenants"
	"onedoor/tenants/registration"
	"onedoor/tenants/tenantsql"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

// ledger keeps audit events.
type ledger struct {
	mu     sync.Mutex
	events []audit.Event
}

func (l *ledger) Record(_ context.Context, events ...audit.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, events...)
	return nil
}

func (l *ledger) last() audit.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.events) == 0 {
		return audit.Event{}
	}
	return l.events[len(l.events)-1]
}

// departments are those that are there.
type departments map[hub.DepartmentID]bool

func (d departments) Department(_ context.Context, id hub.DepartmentID) (tenants.Department, error) {
	if !d[id] {
		return tenants.Department{}, hub.Errorf("departments", hub.NotFound, "no such department")
	}
	return tenants.Department{ID: id}, nil
}

// world is a registrar over SQLite, with real HTTP in front of it.
type world struct {
	t       *testing.T
	clock   *hubtest.Clock
	db      *sqldb.DB
	store   *tenantsql.Registrations
	ledger  *ledger
	log     *bytes.Buffer
	options registration.Options
	*registration.Registrar
	url string
}

const issuer = "https://login.example"

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: hubtest.NewClock(), db: sqltest.SQLite(t), ledger: &ledger{}, log: &bytes.Buffer{}}
	var err error
	if w.store, err = tenantsql.NewRegistrations(w.db); err != nil {
		t.Fatal(err)
	}
	w.options = registration.Options{
		Issuer: issuer, Lifetime: 30 * 24 * time.Hour, Store: w.store, Departments: departments{"revenue": true, "customs": true},
		Open: []registration.Department{
			{ID: "revenue", Attributes: []hub.AttributeName{hub.GivenName, hub.Birthdate}, Hosts: []string{"test.revenue.example", ".dev.example"}},
			{ID: "customs"},
			{ID: "gone"},
		},
		Audit: w.ledger, Tx: w.db, Clock: w.clock.Now, Random: hubtest.Random(t.Name()), Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	w.Registrar, w.url = w.serve(w.options)
	return w
}

// serve starts a registrar with other options over the same database.
func (w *world) serve(o registration.Options) (*registration.Registrar, string) {
	w.t.Helper()
	r, err := registration.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc(registration.Path, r.Register)
	mux.HandleFunc(registration.Path+"/{client}", r.Manage)
	server := httptest.NewServer(mux)
	w.t.Cleanup(server.Close)
	return r, server.URL
}

// token puts an initial access token into the database.
func (w *world) token(d hub.DepartmentID, most int) string {
	w.t.Helper()
	now := w.clock.Now()
	x, text := registration.NewToken(w.options.Random, d, most, now, now.Add(24*time.Hour))
	if err := w.store.PutToken(w.t.Context(), x); err != nil {
		w.t.Fatal(err)
	}
	return text
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

func (a answer) text(name string) string { s, _ := a.body[name].(string); return s }

// call sends a request; the body may be a string or anything that is JSON.
func (w *world) call(method, url, bearer string, body any) answer {
	w.t.Helper()
	var text string
	switch b := body.(type) {
	case nil:
	case string:
		text = b
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		text = string(raw)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, strings.NewReader(text))
	if err != nil {
		w.t.Fatal(err)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) answer {
	w.t.Helper()
	resp, err := oneshot.Client().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	if resp.StatusCode != http.StatusNoContent && strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		if err := json.NewDecoder(resp.Body).Decode(&a.body); err != nil {
			w.t.Fatal(err)
		}
	}
	if a.header.Get("Cache-Control") != "no-store" && a.status != http.StatusMethodNotAllowed {
		w.t.Errorf("%d may be kept", a.status)
	}
	return a
}

// object is JSON being made.
type object map[string]any

// good is a registration that nothing is wrong with.
func good(more ...object) object {
	o := object{"redirect_uris": []string{"http://localhost:3000/cb"}, "client_name": "E-filing 2"}
	for _, m := range more {
		for k, v := range m {
			if v == nil {
				delete(o, k)
				continue
			}
			o[k] = v
		}
	}
	return o
}

// register registers or ends the test.
func (w *world) register(body object) answer {
	w.t.Helper()
	a := w.call(http.MethodPost, w.url+registration.Path, w.token("revenue", 1), body)
	if a.status != http.StatusCreated {
		w.t.Fatalf("%d %v", a.status, a.body)
	}
	return a
}

// at gives the address of a registered client's configuration at the test server.
func (w *world) at(a answer) string {
	w.t.Helper()
	path, ok := strings.CutPrefix(a.text("registration_client_uri"), issuer)
	if !ok {
		w.t.Fatalf("registration_client_uri is %q", a.text("registration_client_uri"))
	}
	return w.url + path
}

// refused fails unless the answer is this error, and the record has it with the reason.
func (w *world) refused(what string, a answer, status int, code, reason string) {
	w.t.Helper()
	if a.status != status || a.text("error") != code {
		w.t.Errorf("%s: %d %v, want %d %s", what, a.status, a.body, status, code)
	}
	if e := w.ledger.last(); e.Kind != "registration.refused" || e.Outcome != audit.Refusal || e.Reason != reason {
		w.t.Errorf("%s: recorded %s %s %q, want the reason %q", what, e.Kind, e.Outcome, e.Reason, reason)
	}
	if strings.Contains(a.header.Get("WWW-Authenticate"), "Bearer") != (status == http.StatusUnauthorized) {
		w.t.Errorf("%s: WWW-Authenticate is %q", what, a.header.Get("WWW-Authenticate"))
	}
}
