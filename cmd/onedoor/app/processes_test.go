package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onedoor/configs"
	"onedoor/hub/hubtest/freeport"
)

// onedoorBinary builds the program once for all tests.
var onedoorBinary = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "onedoor-binary-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "onedoor")
	out, err := exec.Command("go", "build", "-o", file, "onedoor/cmd/onedoor").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return file, nil
})

// process is one `onedoor serve`, its way to the database in the test's hands.
type process struct {
	t      testing.TB
	binary string
	file   string // configuration
	cfg    configs.Config
	way    *way
	env    []string
	more   string // lines of the configuration
	cmd    *exec.Cmd
	client *http.Client
}

// newProcess writes a configuration for a node over the database behind the way; see start.
func newProcess(t testing.TB, issuer, masterKey, dsn string) *process {
	t.Helper()
	binary, err := onedoorBinary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, binary: binary, cfg: configs.Default(), env: os.Environ()}
	p.cfg.Issuer, p.cfg.Listen, p.cfg.AdminListen, p.cfg.DataDirectory = issuer, freeport.Address(t), freeport.Address(t), t.TempDir()
	p.write(masterKey, dsn)
	p.client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 8}}
	return p
}

// adopt makes the node serve what another has laid into the folder, at an address.
func (p *process) adopt(folder, address string) {
	p.t.Helper()
	p.cfg.DataDirectory, p.cfg.Listen = folder, address
	p.write(filepath.Join(folder, "master.key"), "")
}

// write writes the configuration.
func (p *process) write(masterKey, dsn string) {
	t := p.t
	t.Helper()
	if err := os.Chmod(p.cfg.DataDirectory, 0o700); err != nil {
		t.Fatal(err)
	}
	database := ""
	if dsn != "" {
		if several := strings.Contains(dsn, "%2C"); !several { // one server: the way there can be cut
			p.way = newWay(t, dsn)
			dsn = p.way.dsn
		}
		p.env = append(os.Environ(), "DSN="+dsn)
		database = "database:\n  driver: postgres\n  dsnEnv: DSN\n  migrate: false\n"
	}
	text := fmt.Sprintf("issuer: %s\noperator:\n  names: {th: ท, en: T, zh: 测, vi: T}\n  contact: https://help.example/\n"+
		"listen: %s\nadminListen: %s\ndataDirectory: %s\nmasterKey:\n  file: %s\n%s%s", p.cfg.Issuer, p.cfg.Listen, p.cfg.AdminListen, p.cfg.DataDirectory, masterKey, database, p.more)
	p.file = filepath.Join(p.cfg.DataDirectory, "onedoor.yaml")
	if err := os.WriteFile(p.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// start runs the node and waits until it is ready.
func (p *process) start() {
	p.t.Helper()
	log, err := os.OpenFile(filepath.Join(p.cfg.DataDirectory, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	p.cmd = exec.Command(p.binary, "serve", "--config", p.file)
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.env, log, log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	cmd := p.cmd
	p.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGCONT)
		_ = cmd.Process.Kill() // it may be gone already
	})
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = cmd.Process.Wait()
	}()
	await(p.t, "the node is ready", func() bool {
		select {
		case <-gone:
			text, _ := os.ReadFile(log.Name())
			p.t.Fatalf("the node ended before it was ready:\n%s", text)
		default:
		}
		return p.ready() == http.StatusOK
	})
}

// signal sends one to the node.
func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
	if s == syscall.SIGKILL {
		await(p.t, "the node is gone", func() bool { return p.ready() == 0 })
	}
}

// ready gives the status of /readyz, 0 where nobody answers.
func (p *process) ready() int {
	resp, err := p.client.Get("http://" + p.cfg.AdminListen + "/readyz")
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// post asks an endpoint of the node as the department does.
func (p *process) post(ctx context.Context, path, form string) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.cfg.Listen+path, strings.NewReader(form))
	if err != nil {
		return 0, "", err
	}
	u, err := url.Parse(p.cfg.Issuer)
	if err != nil {
		return 0, "", err
	}
	r.Host = u.Host
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", speedBasic())
	resp, err := p.client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// await waits until something holds, and fails the test where patience ends.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("after %v it is still not so that %s", patience, what)
		case <-again.C:
		}
	}
}

// way leads to a database and can be cut.
type way struct {
	dsn     string // through the way
	network string // of the database
	address string

	mu   sync.Mutex
	cut  bool
	open map[net.Conn]bool
}

func newWay(t testing.TB, dsn string) *way {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	w := &way{network: "tcp", address: u.Host, open: map[net.Conn]bool{}}
	q := u.Query()
	if folder := q.Get("host"); folder != "" {
		port := q.Get("port")
		if port == "" {
			port = "5432"
		}
		w.network, w.address = "unix", filepath.Join(folder, ".s.PGSQL."+port)
	} else if u.Port() == "" {
		w.address = net.JoinHostPort(u.Hostname(), "5432")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	q.Del("host")
	q.Del("port")
	u.Host, u.RawQuery = l.Addr().String(), q.Encode()
	w.dsn = u.String()
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.serve(l)
	}()
	t.Cleanup(func() {
		l.Close()
		w.set(true)
		<-done
	})
	return w
}

func (w *way) serve(l net.Listener) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		here, err := l.Accept()
		if err != nil {
			return
		}
		all.Go(func() {
			defer here.Close()
			there, err := net.Dial(w.network, w.address)
			if err != nil {
				return
			}
			defer there.Close()
			w.mu.Lock()
			refused := w.cut
			w.open[here], w.open[there] = true, true
			w.mu.Unlock()
			defer func() {
				w.mu.Lock()
				delete(w.open, here)
				delete(w.open, there)
				w.mu.Unlock()
			}()
			if refused {
				return
			}
			var both sync.WaitGroup
			both.Go(func() { _, _ = io.Copy(there, here); there.Close() })
			both.Go(func() { _, _ = io.Copy(here, there); here.Close() })
			both.Wait()
		})
	}
}

// set cuts the way, with all connections on it, or opens it again.
func (w *way) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.open {
			c.Close()
		}
	}
}
