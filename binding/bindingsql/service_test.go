package bindingsql_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/binding"
	"onedoor/binding/bindingsql"
	"onedoor/binding/review"
	"onedoor/hub"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/keys"
	"onedoor/hub/session"
	"onedoor/tenants"
)

// bureau is a service over a database with a department that answers as the test says.
type bureau struct {
	*world
	service  *binding.Service
	evidence *review.Evidence
	desk     *binding.Desk
	numbers  *binding.Numbers
	masters  keys.Masters
	dept     tenants.Department
	server   *httptest.Server

	mu       sync.Mutex
	answer   func(claims map[string]any) (int, string)
	heard    []map[string]any
	told     []map[string]any
	events   []audit.Event
	sessions map[hub.SessionID]session.Session
	vault    hub.Attributes
	ended    int
	may      map[binding.Act]map[hub.AccountID]bool
	news     news
	firms    firms
}

// Record implements audit.Recorder.
func (b *bureau) Record(_ context.Context, events ...audit.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.events = append(b.events, events...)
	return nil
}

// Department implements binding.Departments.
func (b *bureau) Department(_ context.Context, id hub.DepartmentID) (tenants.Department, error) {
	if id != b.dept.ID {
		return tenants.Department{}, hub.Errorf("test", hub.NotFound, "none")
	}
	return b.dept, nil
}

// Attributes implements binding.Sessions.
func (b *bureau) Attributes(context.Context, hub.SessionID, hub.Secret) (hub.Attributes, error) {
	return b.vault, nil
}

// Get implements binding.Sessions.
func (b *bureau) Get(_ context.Context, id hub.SessionID) (session.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.sessions[id], nil
}

// EndAt implements binding.Grants.
func (b *bureau) EndAt(context.Context, binding.Owner, hub.DepartmentID, time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended++
	return nil
}

// May implements binding.Permits.
func (b *bureau) May(_ context.Context, c binding.Clerk, act binding.Act, _ hub.DepartmentID, _ tenants.AreaID) error {
	if !b.may[act][c.Account] {
		return hub.Errorf("test", hub.Denied, "not theirs")
	}
	return nil
}

// SignJWT implements binding.Signer, with what the test reads in the place of a signature.
func (b *bureau) SignJWT(alg, typ string, claims any) (string, error) {
	if alg != "ES256" {
		return "", errors.New("another algorithm")
	}
	body, err := json.Marshal(claims)
	return typ + "\n" + string(body), err
}

func (b *bureau) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	typ, text, _ := strings.Cut(string(body), "\n")
	claims := map[string]any{}
	if err := json.Unmarshal([]byte(text), &claims); err != nil || r.Header.Get("Content-Type") != "application/"+typ {
		b.t.Errorf("%v %s", err, r.Header.Get("Content-Type"))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.URL.Path == "/notify" {
		b.told = append(b.told, claims)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	b.heard = append(b.heard, claims)
	status, answer := b.answer(claims)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

type hashes struct{}

// Index implements binding.Index.
func (hashes) Index(purpose string, parts ...string) []byte {
	h := sha256.Sum256([]byte(purpose + "\x00" + strings.Join(parts, "\x00")))
	return h[:]
}

func text(s string) hub.Text { return hub.Text{"th": s, "en": s, "zh": s, "vi": s} }

var enough = hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}

// number gives the i-th number of social security.
func number(i int) string {
	body := fmt.Sprintf("SSO%016d", i)
	return body + string(tenants.CheckCharacter37(body))
}

func newBureau(t *testing.T, w *world) *bureau {
	t.Helper()
	b := &bureau{world: w, sessions: map[hub.SessionID]session.Session{}, may: map[binding.Act]map[hub.AccountID]bool{}}
	b.answer = func(map[string]any) (int, string) { return 200, `{"result":"no-match"}` }
	b.server = httptest.NewServer(b)
	t.Cleanup(b.server.Close)
	b.vault = hub.Attributes{hub.CitizenID: {Value: "1234567890121"}, hub.Birthdate: {Value: "1990-01-31"}, hub.Address: {Value: "a street"}}
	b.dept = tenants.Department{ID: numbers.Department, Areas: []tenants.Area{{ID: "north"}}, Records: []tenants.RecordKind{{
		ID: numbers.Kind, Names: text("insured"), For: tenants.Person, Length: 20, Check: tenants.Check37_36, Least: hub.Level{IAL: hub.IAL21, AAL: hub.AAL21},
		Automatic: true, Attributes: []hub.AttributeName{hub.CitizenID, hub.Birthdate}, Match: b.server.URL + "/match", Notify: b.server.URL + "/notify",
		Extra: []tenants.ExtraAttribute{{ID: "first-year", Names: text("y"), Length: 4}, {ID: "old-card", Names: text("c"), Length: 12}}, Claim: []string{"old-card"},
	}}}
	master, err := keys.ParseMasters(keys.GenerateMaster(w.random))
	if err != nil {
		t.Fatal(err)
	}
	b.masters = master
	if b.numbers, err = binding.NewNumbers(hashes{}, master, w.random); err != nil {
		t.Fatal(err)
	}
	work, err := bindingsql.NewWork(w.db)
	if err != nil {
		t.Fatal(err)
	}
	counters, err := hubsql.NewCounters(w.db)
	if err != nil {
		t.Fatal(err)
	}
	reviews, err := bindingsql.NewReviews(w.db)
	if err != nil {
		t.Fatal(err)
	}
	b.evidence, err = review.NewEvidence(review.EvidenceOptions{Store: reviews, Masters: master, Audit: b, Tx: w.db, Clock: w.clock.Now, Random: w.random})
	if err != nil {
		t.Fatal(err)
	}
	b.service, err = binding.New(binding.Options{
		Store: w.store, History: w.store, Work: work, Departments: b, Sessions: b, Grants: b, Counters: counters, Permits: b, Numbers: b.numbers,
		Masters: master, Index: hashes{}, Audit: b, Tx: w.db, Clock: w.clock.Now, Random: w.random, Log: slog.New(slog.DiscardHandler), Wake: func() {},
		Entities: &b.firms, Cases: b.evidence, People: &b.news, Signals: &b.news,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.desk, err = binding.NewDesk(binding.DeskOptions{
		Service: b.service, Sign: b, HTTP: b.server.Client(), Issuer: "https://hub.example", Jitter: func() float64 { return 0.5 },
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func bureaus(t *testing.T, test func(t *testing.T, b *bureau)) {
	t.Helper()
	each(t, func(t *testing.T, w *world) { test(t, newBureau(t, w)) })
}

// visitor gives somebody with a live session.
func (b *bureau) visitor(level hub.Level) binding.Visitor {
	v := binding.Visitor{Session: hub.SessionID(b.id()), Account: hub.AccountID(b.id()), Level: level, Key: hub.NewSecret(b.random)}
	b.mu.Lock()
	b.sessions[v.Session] = session.Session{ID: v.Session, Account: v.Account}
	b.mu.Unlock()
	return v
}

// clerk gives somebody who may do the acts.
func (b *bureau) clerk(acts ...binding.Act) binding.Clerk {
	c := binding.Clerk{Account: hub.AccountID(b.id()), Level: enough}
	for _, a := range acts {
		if b.may[a] == nil {
			b.may[a] = map[hub.AccountID]bool{}
		}
		b.may[a][c.Account] = true
	}
	return c
}

// work has the desk do what is due, and gives the number of pieces.
func (b *bureau) work() int {
	b.t.Helper()
	n, err := b.desk.Once(b.t.Context())
	if err != nil {
		b.t.Error(err)
	}
	return n
}

func (b *bureau) ask(v binding.Visitor, extra map[string]string) binding.Binding {
	b.t.Helper()
	got, err := b.service.Ask(b.t.Context(), v, numbers, extra)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

// is checks what became of a binding.
func (b *bureau) is(id string, state binding.State, reason binding.Reason) binding.Binding {
	b.t.Helper()
	got, err := b.service.ByID(b.t.Context(), id)
	if err != nil || got.State != state || got.Reason != reason {
		b.t.Errorf("%s (%s), %v, want %s (%s)", got.State, got.Reason, err, state, reason)
	}
	return got
}

func (b *bureau) match(number string) {
	b.answer = func(map[string]any) (int, string) {
		return 200, `{"result":"match","record":"` + number + `","area":"north"}`
	}
}
