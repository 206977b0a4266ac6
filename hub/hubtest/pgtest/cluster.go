package pgtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// ErrMissing tells that no PostgreSQL is installed.
var ErrMissing = errors.New("pgtest: PostgreSQL is not installed (no initdb in PATH or /usr/lib/postgresql/*/bin): run make deps, or name a server in " + Env)

// forgetful are the settings of a cluster for tests: fast, and good for nothing after a crash.
var forgetful = []string{"fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "shared_buffers=64MB"}

// durable are those of one to measure on: PostgreSQL's own, under which what was committed is on the disk.
var durable = []string{"fsync=on", "full_page_writes=on", "synchronous_commit=on", "autovacuum=on", "shared_buffers=128MB"}

// startCluster makes a cluster in a temporary folder and starts it. It trusts whoever reaches its socket, and the folder is for
// its owner only.
func startCluster(settings []string) (admin url.URL, stop func() error, err error) {
	bin, err := binaries(exec.LookPath, debian)
	if err != nil {
		return url.URL{}, nil, err
	}
	dir, err := socketFolder()
	if err != nil {
		return url.URL{}, nil, err
	}
	remove := func() error { return os.RemoveAll(dir) }
	owner, err := unprivileged(dir)
	if err != nil {
		return url.URL{}, nil, errors.Join(err, remove())
	}
	data := filepath.Join(dir, "data")
	initdb := command(bin, dir, owner, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync",
		"--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return url.URL{}, nil, errors.Join(fmt.Errorf("pgtest: initdb: %w\n%s", err, out), remove())
	}
	args := []string{
		"-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "max_wal_size=1GB",
		"-c", "log_min_messages=error", "-c", "log_min_error_statement=panic",
	}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	server := command(bin, dir, owner, "postgres", args...)
	halt, err := run(server)
	if err != nil {
		return url.URL{}, nil, errors.Join(err, remove())
	}
	admin = url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	return admin, func() error { return errors.Join(halt(), remove()) }, nil
}

// socketFolder makes the folder of the cluster where its name is short enough for a Unix socket (107 bytes).
func socketFolder() (string, error) {
	parent := os.TempDir()
	if len(parent) > 60 {
		parent = "/tmp"
	}
	return os.MkdirTemp(parent, "onedoor-pg-")
}

// debian is where Debian's packages keep their binaries: by version, and not in PATH.
const debian = "/usr/lib/postgresql/*/bin/initdb"

// binaries finds the folder of initdb: that of PATH, else the one of the highest version that the pattern finds.
func binaries(look func(file string) (string, error), pattern string) (string, error) {
	if path, err := look("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path)))) // 0 for a name that is no number
		return n
	}
	return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
}

// unprivileged gives the folder to the user postgres where the tests run as root, which PostgreSQL refuses to.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("pgtest: running as root needs a user postgres: run make deps")
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2, os.Chown(dir, int(uid), int(gid))); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func command(bin, dir string, owner *syscall.Credential, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bin, name), args...)
	cmd.Dir = dir
	cmd.Env = []string{"LC_ALL=C", "PATH=" + bin + ":/usr/bin:/bin", "TZ=UTC", "HOME=" + dir}
	cmd.SysProcAttr = processAttributes(owner)
	return cmd
}

// run starts the server, waits for the line that says it is ready, and gives the function that ends it. The thread that starts
// it stays locked to its goroutine: the kernel ends the server with that thread should this process die (see processAttributes).
func run(server *exec.Cmd) (stop func() error, err error) {
	stderr, err := server.StderrPipe()
	if err != nil {
		return nil, err
	}
	started := make(chan error)
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := server.Start()
		started <- err
		if err == nil {
			rest, ready := waitReady(stderr)
			started <- ready
			_, _ = io.Copy(io.Discard, rest) // so that the server never waits for its reader
			ended <- server.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("pgtest: start: %w", err)
	}
	if err := <-started; err != nil {
		return nil, errors.Join(err, <-ended)
	}
	return func() error {
		if err := server.Process.Signal(syscall.SIGQUIT); err != nil { // immediate: the data is thrown away
			return fmt.Errorf("pgtest: stop: %w", err)
		}
		<-ended // its exit status tells only that it was told so
		return nil
	}, nil
}

// waitReady reads until the server says that it is ready, and gives the reader of what it says later.
func waitReady(stderr io.Reader) (io.Reader, error) {
	lines := bufio.NewReader(stderr)
	var seen strings.Builder
	for {
		line, err := lines.ReadString('\n')
		seen.WriteString(line)
		if strings.Contains(line, "ready to accept") {
			return lines, nil
		}
		if err != nil {
			return lines, fmt.Errorf("pgtest: the server ended before it was ready:\n%s", seen.String())
		}
	}
}
