package logout_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/hub"
	"onedoor/hub/logout"
	"onedoor/hub/session"
	"onedoor/hub/sqldb"
)

// nodeDSN names the variable that makes this test binary a node over that database.
const nodeDSN = "ONEDOOR_LOGOUT_NODE"

// overHTTP tells participants whose address is their handle.
type overHTTP struct{ client *http.Client }

func (overHTTP) Protocol() string                       { return "http" }
func (overHTTP) Means(session.Participant) logout.Means { return logout.Direct }
func (overHTTP) Host(n logout.Notice) string            { return n.Ref } // each a host of its own
func (overHTTP) Visit(context.Context, logout.Notice, string) (logout.Visit, error) {
	return logout.Visit{}, hub.Errorf("overHTTP", hub.NotFound, "none")
}

func (o overHTTP) Tell(ctx context.Context, n logout.Notice) error {
	form := url.Values{"id": {n.ID}, "session": {string(n.Session)}, "account": {string(n.Account)}, "system": {string(n.System)}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.Ref, strings.NewReader(form.Encode()))
	if err != nil {
		return hub.E("overHTTP", hub.Invalid, err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := o.client.Do(r)
	if err != nil {
		return hub.E("overHTTP", hub.Unavailable, err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		return hub.Errorf("overHTTP", hub.Unavailable, "not confirmed")
	}
	return nil
}

// bare is what newWorld needs of a test where there is none.
type bare struct{ testing.TB }

func (bare) Helper()           {}
func (bare) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// nodeMain is a node: it tells participants, and ends the sessions that it is asked to.
func nodeMain() error {
	db, err := sqldb.Open(context.Background(), sqldb.Options{DSN: os.Getenv(nodeDSN), Logger: slog.New(slog.DiscardHandler), MaxConns: 6})
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	w := newWorld(bare{}, db, func(o *logout.Options) {
		o.Timeout, o.Lease, o.Longest, o.Alone = time.Second, 1500*time.Millisecond, 500*time.Millisecond, db.Dialect() == sqldb.SQLite
	}, overHTTP{client})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go w.Run(context.Background())
	for !w.Runs() {
	}
	fmt.Println(l.Addr())
	return http.Serve(l, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if _, err := w.End(r.Context(), hub.SessionID(r.URL.Query().Get("session")), person); err != nil {
			http.Error(rw, string(hub.KindOf(err)), http.StatusServiceUnavailable)
			return
		}
		rw.WriteHeader(http.StatusNoContent)
	}))
}

// node is a process of ours that can be killed.
type node struct {
	t       *testing.T
	dsn     string
	cmd     *exec.Cmd
	address string
}

func startNode(t *testing.T, dsn string) *node {
	t.Helper()
	n := &node{t: t, dsn: dsn}
	n.start()
	t.Cleanup(n.kill)
	return n
}

func (n *node) start() {
	n.t.Helper()
	n.cmd = exec.Command(os.Args[0], "-test.run=^$")
	n.cmd.Env = append(os.Environ(), nodeDSN+"="+n.dsn)
	n.cmd.Stderr = os.Stderr
	out, err := n.cmd.StdoutPipe()
	if err != nil {
		n.t.Fatal(err)
	}
	if err := n.cmd.Start(); err != nil {
		n.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		n.t.Fatalf("the node did not begin: %v", err)
	}
	n.address = strings.TrimSpace(line)
}

// kill is kill -9.
func (n *node) kill() {
	_ = n.cmd.Process.Kill()
	_ = n.cmd.Wait()
}

// end asks the node to end a session. Only nil says that it has.
func (n *node) end(id hub.SessionID) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+n.address+"/end?session="+string(id), nil)
	if err != nil {
		return err
	}
	r.Close = true
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusNoContent {
		return errors.New(resp.Status)
	}
	return nil
}

// departments are participants on a real listener. Some can be down.
type departments struct {
	server *httptest.Server
	mu     sync.Mutex
	down   map[string]bool
	heard  map[string]map[string]map[string]int // session, system, notice id
	wrong  []string
}

func newDepartments(t *testing.T) *departments {
	t.Helper()
	d := &departments{down: map[string]bool{}, heard: map[string]map[string]map[string]int{}}
	d.server = httptest.NewServer(d)
	t.Cleanup(d.server.Close)
	return d
}

func (d *departments) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	system, id, sess, account := strings.TrimPrefix(r.URL.Path, "/"), r.PostFormValue("id"), r.PostFormValue("session"), r.PostFormValue("account")
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.down[system] {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if r.PostFormValue("system") != system || id == "" {
		d.wrong = append(d.wrong, system+" was called in the name of another")
	}
	if d.heard[sess] == nil {
		d.heard[sess] = map[string]map[string]int{}
	}
	if d.heard[sess][system] == nil {
		d.heard[sess][system] = map[string]int{}
	}
	d.heard[sess][system][id+" "+account]++
	w.WriteHeader(http.StatusNoContent)
}

func (d *departments) set(down bool, systems ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range systems {
		d.down[s] = down
	}
}
