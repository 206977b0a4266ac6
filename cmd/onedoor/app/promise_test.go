package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub"
	"onedoor/hub/grant"
	"onedoor/hub/hubtest/sqltest"
	"onedoor/hub/oidcop"
	"onedoor/hub/session"
	"onedoor/hub/token"
)

// living is a token with everything it stands on, and when its end was answered.
type living struct {
	raw      string
	access   token.Access
	answered atomic.Int64 // nanoseconds since the epoch of the test; 0: not ended
}

// birth makes a session with a grant and a token.
func (h *speedHub) birth(ctx context.Context, grants *grant.Grants) (*living, error) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	id := func() string { return hub.NewID(h.random) }
	interaction := hub.InteractionID(id())
	ctx = hub.WithInteraction(ctx, interaction)
	account, err := h.person(ctx)
	if err != nil {
		return nil, err
	}
	level := hub.Level{IAL: hub.IAL23, AAL: hub.AAL22}
	s, _, key, err := h.sessions.Start(ctx, session.Authentication{
		Account: account, Channel: "web", Identity: hub.Identity{Provider: "thaid", Subject: id(), Level: level, AuthTime: now},
	})
	if err != nil {
		return nil, err
	}
	g := grant.Grant{
		ID: hub.GrantID(id()), Session: s.ID, Account: account, System: speedSystem, Interaction: interaction, Scopes: []string{"openid"},
		CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	_, code, err := grants.Mint(grant.AuthorizationCode, g.ID, key, now.Add(time.Minute))
	if err != nil {
		return nil, err
	}
	code.State = []byte("{}")
	if err := grants.Start(ctx, g, code, level); err != nil {
		return nil, err
	}
	l := &living{access: token.Access{
		ID: id(), Grant: g.ID, Session: s.ID, Account: account, System: speedSystem, Interaction: interaction, Scopes: g.Scopes,
		Level: level, AuthTime: now, IssuedAt: now, ExpiresAt: now.Add(15 * time.Minute),
	}}
	l.raw, err = h.sealer.Seal(l.access)
	return l, err
}

// asker asks one node several hundred times a second and finds it out where it breaks the promise.
type asker struct {
	node    *process
	active  atomic.Int64
	dead    atomic.Int64
	unsure  atomic.Int64 // 503
	broken  atomic.Int64 // "active" to a question that was asked after the end had answered
	failed  atomic.Int64 // no answer
	strange atomic.Pointer[string]
}

func (a *asker) run(ctx context.Context, all []*living, epoch time.Time, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	pace := time.NewTicker(3 * time.Millisecond) // what is asked more often leaves no time for what is to be found out
	defer pace.Stop()
	for ; ctx.Err() == nil; <-pace.C {
		l := all[r.IntN(len(all))]
		asked := int64(time.Since(epoch))
		over := l.answered.Load() // before the question
		status, body, err := a.node.post(ctx, oidcop.IntrospectionPath, "token="+l.raw)
		switch {
		case err != nil:
			a.failed.Add(1)
		case status == http.StatusServiceUnavailable:
			a.unsure.Add(1)
		case status == http.StatusOK && body == `{"active":false}`:
			a.dead.Add(1)
		case status == http.StatusOK && strings.HasPrefix(body, `{"active":true,`):
			a.active.Add(1)
			if over != 0 && over <= asked {
				a.broken.Add(1)
			}
		default:
			text := fmt.Sprint(status, " ", body)
			a.strange.Store(&text)
		}
	}
}

// Invariant 1 against real processes: three of them on one PostgreSQL, one stopped and continued, one cut off from the database, one killed
// and started again, while sessions, grants, tokens and accounts end in every way. No question that was asked after an end had answered
// is answered "active".
func TestInvariant1_ThreeProcessesKeepThePromise(t *testing.T) {
	t.Parallel()
	dsn := sqltest.PostgresDSN(t)
	cfg := configs.Default()
	cfg.Issuer, cfg.DataDirectory = "http://hub.localhost:8080", t.TempDir()
	cfg.Database.Driver, cfg.Database.DSNEnv = configs.Postgres, "DSN"
	key := filepath.Join(cfg.DataDirectory, "master.key")
	if err := writeMasterKey(key, hub.Randomness()); err != nil {
		t.Fatal(err)
	}
	office, err := buildSpeedHub(t.Context(), cfg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer office.Close()
	grants, err := grant.New(grant.Options{Store: office.stores.Grants, Audit: office.audit, Tx: office.db, Clock: time.Now, Random: office.random})
	if err != nil {
		t.Fatal(err)
	}
	var all []*living
	for range 120 {
		l, err := office.birth(t.Context(), grants)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	epoch := time.Now().Add(-time.Second)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var asking sync.WaitGroup
	var askers []*asker
	for i := range 3 {
		a := &asker{node: newProcess(t, cfg.Issuer, key, dsn)}
		a.node.start()
		askers = append(askers, a)
		for j := range 2 {
			asking.Go(func() { a.run(ctx, all, epoch, uint64(10*i+j)) })
		}
	}
	ways := []func(l *living) error{
		func(l *living) error {
			_, err := office.sessions.End(ctx, l.access.Session, session.Cause{Reason: session.EndedByPerson})
			return err
		},
		func(l *living) error {
			_, err := grants.Revoke(ctx, grant.Grant{ID: l.access.Grant, Session: l.access.Session, Account: l.access.Account, System: speedSystem}, grant.RefreshReused)
			return err
		},
		func(l *living) error {
			return office.stores.Revocations.RevokeAccount(ctx, l.access.Account, time.Now(), time.Now().Add(time.Hour))
		},
		func(l *living) error { // consent withdrawn
			_, err := office.stores.Grants.RevokeSystem(ctx, l.access.Account, speedSystem, "consent_withdrawn", time.Now())
			return err
		},
	}
	// The first half of the tokens ends, one after the other, each in another way.
	half := all[:len(all)/2]
	end := func(n int) {
		t.Helper()
		var answered sync.WaitGroup
		for i, l := range half[:n] {
			if err := ways[i%len(ways)](l); err != nil {
				t.Fatalf("way %d: %v", i%len(ways), err)
			}
			answered.Go(func() {
				settle(ctx, office.lease.AnswerDelay())
				l.answered.Store(int64(time.Since(epoch)))
			})
			settle(ctx, 20*time.Millisecond)
		}
		half = half[n:]
		answered.Wait()
	}
	more := func(what string, n *atomic.Int64, by int64) {
		t.Helper()
		from := n.Load()
		await(t, what, func() bool { return n.Load() >= from+by })
	}
	for i, a := range askers {
		more(fmt.Sprintf("node %d has answered", i), &a.active, 20)
	}

	askers[0].node.signal(syscall.SIGSTOP)
	end(15)
	askers[0].node.signal(syscall.SIGCONT)
	more("the continued node answers again", &askers[0].active, 20)

	askers[1].node.way.set(true)
	await(t, "the node that is cut off is not ready", func() bool { return askers[1].node.ready() == http.StatusServiceUnavailable })
	end(15)
	more("the node that is cut off says that it does not know", &askers[1].unsure, 1)
	askers[1].node.way.set(false)
	await(t, "the node is ready again", func() bool { return askers[1].node.ready() == http.StatusOK })
	more("it answers again", &askers[1].active, 20)

	askers[2].node.signal(syscall.SIGKILL)
	end(15)
	askers[2].node.start()
	more("the new node answers", &askers[2].active, 20)
	end(len(half))

	// RFC 7009 at a node: it answers no sooner than the others know.
	victim := all[len(all)/2]
	begin := time.Now()
	if status, body, err := askers[1].node.post(ctx, oidcop.RevocationPath, "token="+victim.raw); err != nil || status != http.StatusOK {
		t.Fatalf("revocation: %d %s %v", status, body, err)
	}
	victim.answered.Store(int64(time.Since(epoch)))
	if took := time.Since(begin); took < office.lease.AnswerDelay() {
		t.Errorf("the revocation answered after %v, within the lease", took)
	}
	// A system closes: everything that it was given ends.
	if err := office.stores.Revocations.RevokeSystem(ctx, speedSystem, time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	settle(ctx, office.lease.AnswerDelay())
	for i, a := range askers {
		for j, l := range all {
			if status, body, err := a.node.post(ctx, oidcop.IntrospectionPath, "token="+l.raw); err != nil || status == http.StatusOK && body != `{"active":false}` {
				t.Fatalf("node %d, token %d: %d %s %v", i, j, status, body, err)
			}
		}
	}
	stop()
	asking.Wait()
	for i, a := range askers {
		t.Logf("node %d: %d active, %d inactive, %d times 503, %d without answer", i, a.active.Load(), a.dead.Load(), a.unsure.Load(), a.failed.Load())
		if a.broken.Load() != 0 {
			t.Errorf("node %d said \"active\" %d times after the end had answered", i, a.broken.Load())
		}
		if text := a.strange.Load(); text != nil {
			t.Errorf("node %d answered %s", i, *text)
		}
		if a.dead.Load() == 0 {
			t.Errorf("node %d saw no end: the run shows nothing", i)
		}
	}
}
