package logout_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/account"
	"onedoor/hub/audit"
	"onedoor/hub/hubsql"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

func TestMain(m *testing.M) { os.Exit(sqltest.Run(m)) }

const delay = 20 * time.Millisecond

type index struct{}

func (index) Index(purpose string, parts ...string) []byte {
	h := sha256.Sum256([]byte(purpose + "\x00" + strings.Join(parts, "\x00")))
	return h[:]
}

// way is a protocol whose participants are functions. It counts what each is told.
type way struct {
	protocol string
	means    func(p session.Participant) logout.Means
	tell     func(ctx context.Context, n logout.Notice) error
	visit    logout.Visit

	mu   sync.Mutex
	told map[string][]logout.Notice // by system or provider
}

func (w *way) Protocol() string { return w.protocol }

func (w *way) Means(p session.Participant) logout.Means {
	if w.means == nil {
		return logout.Direct
	}
	return w.means(p)
}

func (*way) Host(n logout.Notice) string { return string(n.System) + string(n.Provider) }

func (w *way) Tell(ctx context.Context, n logout.Notice) error {
	w.mu.Lock()
	if w.told == nil {
		w.told = map[string][]logout.Notice{}
	}
	w.told[string(n.System)+string(n.Provider)] = append(w.told[string(n.System)+string(n.Provider)], n)
	w.mu.Unlock()
	if w.tell == nil {
		return nil
	}
	return w.tell(ctx, n)
}

func (w *way) Visit(context.Context, logout.Notice, string) (logout.Visit, error) {
	if w.visit.URL == "" {
		return logout.Visit{}, hub.Errorf("way.Visit", hub.NotFound, "none")
	}
	return w.visit, nil
}

func (w *way) heard(who string) []logout.Notice {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.told[who])
}

// world is a hub's rooms around the logout, over one database.
type world struct {
	t        testing.TB
	db       *sqldb.DB
	stores   *hubsql.Stores
	logouts  *hubsql.Logouts
	record   audit.Recorder
	rows     *hubsql.Audit
	sessions *session.Service
	*logout.Service
}

type ends struct{ w *world }

func (e ends) End(ctx context.Context, id hub.SessionID, cause session.Cause) (bool, error) {
	return e.w.sessions.End(ctx, id, cause)
}

func (e ends) Recent(ctx context.Context, s hub.Secret) (hub.SessionID, error) {
	return e.w.sessions.Recent(ctx, s)
}

func (e ends) Get(ctx context.Context, id hub.SessionID) (session.Session, error) {
	return e.w.sessions.Get(ctx, id)
}

func (e ends) OfAccount(ctx context.Context, a hub.AccountID, live bool, limit int) ([]session.Session, error) {
	return e.w.sessions.OfAccount(ctx, a, live, limit)
}

// newWorld gives a node over the database; several can share one.
func newWorld(t testing.TB, db *sqldb.DB, change func(*logout.Options), ways ...logout.Way) *world {
	t.Helper()
	w := &world{t: t, db: db}
	var err error
	check := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.stores, err = hubsql.New(db)
	check()
	w.logouts, err = hubsql.NewLogouts(db)
	check()
	w.rows, err = hubsql.NewAudit(db)
	check()
	w.record, err = audit.New(audit.Options{Store: w.rows, Clock: time.Now, Random: rand.Reader, Authenticate: func(b []byte) []byte {
		h := sha256.Sum256(b)
		return h[:]
	}})
	check()
	o := logout.Options{
		Store: w.logouts, Participants: w.stores.Sessions, Grants: w.stores.Grants, Sessions: ends{w}, Ways: ways, Audit: w.record, Tx: db,
		Clock: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler), Delay: func() time.Duration { return delay },
		Keeps: func(session.Participant) time.Duration { return time.Hour },
	}
	if change != nil {
		change(&o)
	}
	w.Service, err = logout.New(o)
	check()
	w.sessions, err = session.New(session.Options{
		Store: w.stores.Sessions, Audit: w.record, Tx: db, Clock: time.Now, Random: rand.Reader, Index: index{}, Ended: w.Service,
	})
	check()
	return w
}

// run lets the node tell until the test ends or stop is called.
func (w *world) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx)
	}()
	for !w.Runs() {
	}
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	w.t.Cleanup(stop)
	return stop
}

func (w *world) person() hub.AccountID {
	w.t.Helper()
	id, now := hub.AccountID(hub.NewID(rand.Reader)), time.Now().UTC().Truncate(time.Microsecond)
	hash := hub.NewSecret(rand.Reader)
	err := w.stores.Accounts.Create(w.t.Context(), account.Account{ID: id, Status: account.Active, CreatedAt: now, ChangedAt: now}, account.Link{
		ID: hub.NewID(rand.Reader), Account: id, Provider: "thaid", SubjectHash: hash.Bytes(), Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21},
		LinkedAt: now, LastUsedAt: now, Source: "192.0.2.0/24",
	}, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// session starts one that is used at the participants.
func (w *world) session(id hub.AccountID, at ...session.Participant) (session.Session, hub.Secret) {
	w.t.Helper()
	ctx := hub.WithInteraction(w.t.Context(), hub.InteractionID(hub.NewID(rand.Reader)))
	s, secret, _, err := w.sessions.Start(ctx, session.Authentication{
		Account: id, Channel: "web",
		Identity: hub.Identity{Provider: "thaid", Subject: "s", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, AuthTime: time.Now()},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range at {
		p.Session = s.ID
		if err := w.sessions.Join(ctx, p); err != nil {
			w.t.Fatal(err)
		}
	}
	return s, secret
}

// systems gives participants of n systems.
func systems(protocol, name string, n int) (all []session.Participant) {
	for i := range n {
		all = append(all, session.Participant{System: hub.SystemID(fmt.Sprintf("%s-%d", name, i)), Protocol: protocol})
	}
	return all
}

// states counts the notices of a campaign by state.
func (w *world) states(campaign string) map[logout.State]int {
	w.t.Helper()
	all, err := w.Ledger(w.t.Context(), campaign)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("ledger: %v, %v", all, err)
	}
	out := map[logout.State]int{}
	for _, n := range all[0].Notices {
		out[n.State]++
	}
	return out
}

// kinds gives the kinds of the events of an account, oldest first.
func (w *world) kinds(id hub.AccountID) []string {
	w.t.Helper()
	rows, err := w.rows.History(w.t.Context(), id, audit.Part{Since: time.Time{}.AddDate(1970, 0, 0), Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, e := range slices.Backward(rows) {
		out = append(out, e.Kind)
	}
	return out
}

// both runs a test on both databases.
func both(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, sqltest.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, sqltest.Postgres(t)) })
}

var person = session.Cause{Reason: session.EndedByPerson}
