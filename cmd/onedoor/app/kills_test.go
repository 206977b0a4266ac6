package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/hubtest/pgtest"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/logout"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
	"onedoor/tenants"
	"onedoor/web/visit"
)

const (
	kills    = 100
	invited  = 50 // participants of each session
	sleeping = 10 // of them down for the first half
)

// campaigns is a hub's database with sessions that are used at many departments, and those departments' back channels. The test holds the
// database and the keys; who ends sessions and tells departments are processes of `onedoor serve`.
type campaigns struct {
	t      testing.TB
	office *speedHub
	key    string // file of the master key
	dsn    string // "": SQLite in the office's folder
	all    []used
	systems
}

// used is a session as its person's browser and its first department hold it.
type used struct {
	session.Session
	secret hub.Secret
	hint   string        // id_token_hint
	told   chan struct{} // closed once a system was told of the end
}

// systems are departments on listeners of their own. Some can be down.
type systems struct {
	ids  []hub.SystemID
	keys jose.JSONWebKeySet

	mu    sync.Mutex
	down  map[hub.SystemID]bool
	heard map[heardAt]map[string]int // jti
	told  map[heardAt]func()         // what there is to be told, and whom that is news to
	wrong []string
}

// heardAt is one session as one system knows it.
type heardAt struct {
	system   hub.SystemID
	sub, sid string
}

func newCampaigns(t *testing.T, dsn string, many int) *campaigns {
	t.Helper()
	x := &campaigns{t: t, dsn: dsn, systems: systems{down: map[hub.SystemID]bool{}, heard: map[heardAt]map[string]int{}, told: map[heardAt]func(){}}}
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = "http://hub.localhost:8080", t.TempDir()
	x.key = filepath.Join(cfg.DataDirectory, "master.key")
	at := "sqlite:" + cfg.DatabaseFile()
	if dsn != "" {
		at, cfg.Database.Driver, cfg.Database.DSNEnv = dsn, configs.Postgres, "DSN"
		if err := writeMasterKey(x.key, hub.Randomness()); err != nil {
			t.Fatal(err)
		}
	}
	var err error
	if x.office, err = buildSpeedHub(t.Context(), cfg, at); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.office.Close() })
	if err := json.Unmarshal(x.office.keys.JWKS(), &x.keys); err != nil {
		t.Fatal(err)
	}
	for i := range invited {
		x.system(i)
	}
	if err := x.office.refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range many {
		x.open()
	}
	return x
}

// sector is the host that a system's names of people come from.
func sector(id hub.SystemID) string { return string(id) + ".example" }

// system registers one with a back channel of its own.
func (x *campaigns) system(i int) {
	x.t.Helper()
	id := hub.SystemID(fmt.Sprintf("system-%d", i))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x.hear(w, r, id) }))
	x.t.Cleanup(server.Close)
	all := hub.Text{"th": "x", "en": "x", "zh": "x", "vi": "x"}
	_, err := x.office.tenants.PutSystem(x.t.Context(), tenants.System{
		ID: id, Department: "revenue", Names: all, Status: tenants.Live, Group: tenants.Interactive, Least: hub.Level{IAL: hub.IAL11, AAL: hub.AAL1},
		OIDC: &tenants.OIDC{RedirectURIs: []string{"https://" + sector(id) + "/cb"}, Scopes: []string{"openid"}, BackchannelLogoutURI: server.URL},
	})
	if err != nil {
		x.t.Fatal(err)
	}
	x.ids = append(x.ids, id)
	x.down[id] = i%(invited/sleeping) == 0
}

// open starts a session of somebody new, used at every system.
func (x *campaigns) open() {
	x.t.Helper()
	ctx := hub.WithInteraction(x.t.Context(), hub.InteractionID(random()))
	account, err := x.office.person(ctx)
	if err != nil {
		x.t.Fatal(err)
	}
	s, secret, _, err := x.office.sessions.Start(ctx, session.Authentication{
		Account: account, Channel: "web",
		Identity: hub.Identity{Provider: "thaid", Subject: "s", Level: hub.Level{IAL: hub.IAL23, AAL: hub.AAL21}, AuthTime: time.Now()},
	})
	if err != nil {
		x.t.Fatal(err)
	}
	err = x.office.db.InTx(ctx, func(ctx context.Context) error {
		for _, id := range x.ids {
			if err := x.office.sessions.Join(ctx, session.Participant{Session: s.ID, System: id, Protocol: oidcop.Protocol}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		x.t.Fatal(err)
	}
	first := x.at(s, x.ids[0])
	hint, err := x.office.keys.SignJWT("ES256", "JWT", map[string]any{"iss": x.office.options.Config.Issuer, "aud": x.ids[0], "sub": first.sub, "sid": first.sid})
	if err != nil {
		x.t.Fatal(err)
	}
	told := make(chan struct{})
	news := sync.OnceFunc(func() { close(told) })
	for _, id := range x.ids {
		x.told[x.at(s, id)] = news
	}
	x.all = append(x.all, used{s, secret, hint, told})
}

// at gives how a system knows a session and its person.
func (x *campaigns) at(s session.Session, id hub.SystemID) heardAt {
	sub, sid := oidcop.Names(x.office.keys, sector(id), id, s.Account, s.ID)
	return heardAt{id, sub, sid}
}

// hear is a back channel: it believes what the hub has signed, and no more.
func (x *systems) hear(w http.ResponseWriter, r *http.Request, id hub.SystemID) {
	var c struct {
		Audience hub.SystemID `json:"aud"`
		Subject  string       `json:"sub"`
		SID      string       `json:"sid"`
		ID       string       `json:"jti"`
	}
	signed, err := jose.ParseSignedCompact(r.PostFormValue("logout_token"), []jose.SignatureAlgorithm{jose.ES256})
	var payload []byte
	if err == nil {
		for _, k := range x.keys.Key(signed.Signatures[0].Protected.KeyID) {
			if payload, err = signed.Verify(k); err == nil {
				break
			}
		}
	}
	if err == nil {
		err = json.Unmarshal(payload, &c)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.down[id]:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case err != nil || c.Audience != id || c.ID == "" || x.told[heardAt{id, c.Subject, c.SID}] == nil:
		x.wrong = append(x.wrong, fmt.Sprintf("%s was told %+v, %v", id, c, err))
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	key := heardAt{id, c.Subject, c.SID}
	if x.heard[key] == nil {
		x.heard[key] = map[string]int{}
	}
	x.heard[key][c.ID]++
	x.told[key]()
	w.WriteHeader(http.StatusNoContent)
}

// wake ends the outage.
func (x *systems) wake() {
	x.mu.Lock()
	defer x.mu.Unlock()
	clear(x.down)
}

// node prepares a process over the database.
func (x *campaigns) node() *process {
	x.t.Helper()
	cfg := x.office.options.Config
	p := newProcess(x.t, cfg.Issuer, x.key, "")
	p.more = "outbound:\n  allowPrivate: [127.0.0.0/8]\nlogout:\n  timeout: 2s\n  pause: 1s\n"
	if x.dsn == "" {
		p.cfg.DataDirectory = cfg.DataDirectory
	}
	p.write(x.key, x.dsn)
	return p
}

// end signs out at a node as a department and the person's browser do. Only nil says that the node has answered.
func (x *campaigns) end(p *process, o used) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.cfg.Listen+oidcop.EndSessionPath+"?"+url.Values{"id_token_hint": {o.hint}}.Encode(), nil)
	if err != nil {
		return err
	}
	r.Host, r.Close = strings.TrimPrefix(p.cfg.Issuer, "http://"), true
	r.AddCookie(&http.Cookie{Name: visit.SessionCookie, Value: o.secret.Reveal()})
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%d, %w", resp.StatusCode, err)
	}
	return nil
}

// over tells whether a session has ended, and fails where somebody has heard of an end that is none.
func (x *campaigns) over(t testing.TB, o used) bool {
	t.Helper()
	heard := false
	select {
	case <-o.told: // before the look: what is heard of has ended by then
		heard = true
	default:
	}
	now, err := x.office.sessions.Get(t.Context(), o.ID)
	if err != nil {
		t.Fatal(err)
	}
	if now.EndedAt.IsZero() && heard {
		t.Fatal("told of a session that has not ended")
	}
	return !now.EndedAt.IsZero()
}

// judge waits until everybody is told and checks it: every participant of every session has heard of it under its own names of session and
// person, under one id, and of no other session.
func (x *campaigns) judge(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		open, _, err := x.office.logout.Backlog(t.Context())
		if err != nil || time.Now().After(end) {
			t.Fatalf("%d are still to be told, %v", open, err)
		}
		if open == 0 {
			break
		}
		settle(t.Context(), 50*time.Millisecond)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.wrong) > 0 || len(x.heard) != len(x.all)*invited {
		t.Errorf("%v; heard of %d sessions, and %d ended", x.wrong, len(x.heard), len(x.all)*invited)
	}
	twice := 0
	for _, o := range x.all {
		c, err := x.office.logouts.Of(t.Context(), o.ID)
		if err != nil || c.ClosedAt.IsZero() {
			t.Fatalf("%s: %+v, %v", o.ID, c, err)
		}
		entries, err := x.office.logout.Ledger(t.Context(), c.ID)
		if err != nil || len(entries[0].Notices) != invited {
			t.Fatalf("%s: %v", o.ID, err)
		}
		for _, n := range entries[0].Notices {
			ids := x.heard[x.at(o.Session, n.System)]
			if n.State != logout.Confirmed || len(ids) != 1 || ids[n.ID] == 0 {
				t.Fatalf("%s at %s is %s and heard %v", n.ID, n.System, n.State, ids)
			}
			if ids[n.ID] > 1 {
				twice++
			}
		}
	}
	t.Logf("%d notices, %d came more than once", len(x.all)*invited, twice)
}

// Invariant 9: processes of `onedoor serve` are killed a hundred times at random moments of campaigns with 50 participants, 10 of which are
// down for a while. Nobody is left out or told in the name of somebody else, and nobody hears one end under two ids.
func TestI9_NoKillLosesANotice(t *testing.T) {
	t.Parallel()
	for name, nodes := range map[string]int{"SQLite": 1, "PostgreSQL": 3} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := ""
			if nodes > 1 {
				dsn = sqltest.PostgresDSN(t)
			}
			x := newCampaigns(t, dsn, kills/2)
			var running []*process
			for range nodes {
				running = append(running, x.node())
			}
			var next, answered atomic.Int64
			var killing sync.WaitGroup
			for _, p := range running { // each node has a killer of its own
				killing.Go(func() {
					for p.start(); ; p.start() {
						i := int(next.Add(1)) - 1
						if i >= len(x.all) {
							return
						}
						if i == len(x.all)/2 {
							x.wake()
						}
						if x.kill(t, p, i) {
							answered.Add(1)
						}
						p.start() // it takes up what it left
						settle(t.Context(), atMost(60*time.Millisecond))
						p.signal(syscall.SIGKILL)
					}
				})
			}
			killing.Wait()
			over := 0
			for _, o := range x.all {
				if x.over(t, o) {
					over++
				}
			}
			t.Logf("%d kills: %d of %d ends were answered before, %d committed", kills, answered.Load(), len(x.all), over)
			if over < len(x.all)/4 || answered.Load() == 0 {
				t.Error("hardly a campaign was under way: the run shows nothing")
			}
			var rest sync.WaitGroup
			const lanes = 6
			for i := range lanes {
				rest.Go(func() {
					for j := i; j < len(x.all); j += lanes {
						if err := x.end(running[i%nodes], x.all[j]); err != nil {
							t.Error(err)
						}
					}
				})
			}
			rest.Wait()
			x.judge(t)
		})
	}
}

// atMost gives a random time.
func atMost(d time.Duration) time.Duration { return time.Duration(rand.Int64N(int64(d))) }

// kill ends a session at a node and kills the node at a random moment of that, and tells whether the end was answered before: every second
// kill falls into the transaction or beside it, the others into the telling, and some behind the answer.
func (x *campaigns) kill(t *testing.T, p *process, i int) bool {
	t.Helper()
	o, ended := x.all[i], make(chan error, 1)
	go func() { ended <- x.end(p, o) }()
	late, moment := time.NewTimer(patience), 40*time.Millisecond
	defer late.Stop()
	switch {
	case i%2 == 0:
		moment = 120 * time.Millisecond
	case i%10 == 9:
		select {
		case err := <-ended:
			ended <- err
		case <-late.C:
			t.Fatal("the sign-out is not answered")
		}
	default:
		select {
		case <-o.told:
		case <-late.C:
			t.Fatal("nobody is told")
		}
	}
	settle(t.Context(), atMost(moment))
	p.signal(syscall.SIGKILL)
	if <-ended != nil {
		return false
	}
	if !x.over(t, o) {
		t.Fatal("an end that was answered is not there")
	}
	return true
}

// Invariant 9: PostgreSQL's primary is lost in the middle of campaigns, and a synchronous standby takes its place.
func TestI9_NoFailOverLosesANotice(t *testing.T) {
	t.Parallel()
	const sessions, nodes = 30, 3
	pair := pgtest.NewPair(t)
	x := newCampaigns(t, pair.Database("hub"), sessions)
	var running []*process
	for range nodes {
		p := x.node()
		p.start()
		running = append(running, p)
	}
	answered, first := make([]bool, sessions), make(chan struct{}, sessions)
	var ends, failing sync.WaitGroup
	for i, o := range x.all {
		switch i {
		case sessions / 2:
			<-first // while departments are still told of the others
		case sessions * 2 / 3:
			failing.Go(func() {
				pair.LosePrimary()
				pair.Promote()
			})
		}
		ends.Go(func() {
			answered[i] = x.end(running[i%nodes], o) == nil
			first <- struct{}{}
		})
		settle(t.Context(), 20*time.Millisecond)
	}
	failing.Wait()
	ends.Wait()
	x.wake()
	n := 0
	for i, o := range x.all {
		if answered[i] {
			n++
			if !x.over(t, o) {
				t.Errorf("end %d was answered, and is lost", i)
			}
			continue
		}
		await(t, "the nodes find the new primary", func() bool { return x.end(running[i%nodes], o) == nil })
	}
	if n == 0 {
		t.Error("no end was answered: the run shows nothing")
	}
	t.Logf("%d of %d ends were answered at the first try", n, sessions)
	x.judge(t)
}
